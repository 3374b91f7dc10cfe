import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.analysis import composites, ranks


def posts(names, **others):
    columns = {"low": 0.0, "high": 1.0, "direction": 1} | others
    return pd.DataFrame(columns, index=list(names))


def race(seed=1, units=12, indicators=9):
    rng = np.random.default_rng(seed)
    names = [f"i{k:02d}" for k in range(indicators)]
    return pd.DataFrame(rng.random((units, indicators)), [f"t{k:03d}" for k in range(units)], names)


def counted(*numbers, of=120):
    """One counted indicator: values are numbers of things out of a task of ``of``."""
    values = pd.DataFrame(
        {"closed": np.array(numbers) / of}, [f"t{k}" for k in range(len(numbers))]
    )
    return values, pd.DataFrame(of, values.index, values.columns)


def kept_order(few, many):
    """Share of draws in which the town with more counted things ranks better."""
    values, counts = counted(few, many)
    drawn = ranks.draw(values, posts(["closed"]), counts=counts, draws=40_000, cap=None, floor=1e-9)
    return (drawn["t1"] < drawn["t0"]).mean()


@pytest.mark.parametrize(
    ("few", "many", "share"), [(0, 1, 0.8566), (5, 6, 0.6193), (100, 120, 0.9115)]
)
def test_two_counts_keep_their_order_as_often_as_the_methods_say(few, many, share):
    assert kept_order(few, many) == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize(("count", "median"), [(0, 0.0955), (1, 1.0188), (5, 5.0040)])
def test_the_median_of_a_drawn_count_is_the_count_within_a_tenth(count, median):
    drawn = np.random.default_rng(0).gamma(count + ranks.MEDIAN_SHIFT, size=200_000)
    assert np.median(drawn) == pytest.approx(median, abs=0.02)
    assert abs(median - count) < 0.1


def test_measured_figures_are_not_moved():
    values = pd.DataFrame({"land": [0.50, 0.51]}, ["a", "b"])
    nothing = pd.DataFrame(np.nan, values.index, values.columns)
    drawn = ranks.draw(values, posts(["land"]), counts=nothing, draws=200)
    assert (drawn["b"] == 1).all() and (drawn["a"] == 2).all()


def test_a_count_below_its_base_is_no_number_of_things_and_stays():
    values = pd.DataFrame({"firms": [-0.5, -0.4]}, ["a", "b"])
    counts = pd.DataFrame(2.0, values.index, values.columns)
    drawn = ranks.draw(values, posts(["firms"]), counts=counts, draws=200, cap=None)
    assert drawn[["b", "a"]].drop_duplicates().to_numpy().tolist() == [[1, 2], [1, 1]]


@pytest.mark.parametrize("bad", [0, -3])
def test_a_way_of_no_things_is_refused_and_named(bad):
    values, counts = counted(1, 2)
    with pytest.raises(ValueError, match="t1, closed"):
        ranks.draw(values, posts(["closed"]), counts=counts.assign(closed=[5, bad]))


@pytest.mark.parametrize("concentration", [0.0, -1.0, np.nan])
def test_a_concentration_not_above_zero_is_refused(concentration):
    with pytest.raises(ValueError, match="above 0"):
        ranks.draw(race(), posts(race()), concentration=concentration)


def test_a_concentration_that_leaves_a_unit_without_weight_is_refused():
    values = race(indicators=3)
    values.iloc[0, 2] = np.nan
    with pytest.raises(ValueError, match="without weight"):
        ranks.draw(values, posts(values), coverage=0.5, concentration=1e-6)


def weights(nominal, concentration=1.0):
    return ranks.weight_draws(np.random.default_rng(0), np.array(nominal), 40_000, concentration)


def test_equal_weights_are_drawn_uniformly_over_all_weights():
    ends = np.quantile(weights([1 / 9] * 9)[:, 0], [0.05, 0.95])
    np.testing.assert_allclose(100 * ends, [0.64, 31.23], atol=0.4)


def test_drawn_weights_have_the_nominal_mean_and_keep_closer_to_it_with_more_concentration():
    nominal = [0.7, 0.2, 0.05, 0.05]
    np.testing.assert_allclose(weights(nominal).mean(axis=0), nominal, atol=0.01)
    spreads = [weights(nominal, c).std(axis=0) for c in (1, 4, 10)]
    assert (spreads[0] > spreads[1]).all() and (spreads[1] > spreads[2]).all()
    # the variance of a Dirichlet weight: w (1 - w) / (c n + 1)
    np.testing.assert_allclose(spreads[0][0] ** 2, 0.7 * 0.3 / 5, rtol=0.05)


def test_draws_do_not_depend_on_the_order_of_rows_and_columns():
    values, counts = race(), pd.DataFrame(7.0, race().index, race().columns)
    first = ranks.draw(values, posts(values), counts=counts, draws=50, seed=3)
    mixed = values.sample(frac=1, random_state=1).iloc[:, ::-1]
    again = ranks.draw(mixed, posts(values)[::-1], counts=counts[::-1], draws=50, seed=3)
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(ranks.draw(values, posts(values), counts=counts, draws=50, seed=4))


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    units=st.integers(2, 40),
    how=st.sampled_from(composites.AGGREGATIONS),
)
def test_points_of_one_draw_each_score_as_points_shared_by_all(seed, units, how):
    points = race(seed, units, 5).to_numpy(copy=True)
    points[np.random.default_rng(seed).random(points.shape) < 0.2] = np.nan
    weights = np.random.default_rng(seed).dirichlet(np.ones(5), size=7)
    shared = composites.aggregate(points, weights, how)
    apart = composites.aggregate(np.repeat(points[None], 7, axis=0), weights, how)
    np.testing.assert_allclose(shared, apart)


@pytest.mark.parametrize("cells", [1, 300, 4_000_000])
def test_the_size_of_a_block_changes_no_rank(monkeypatch, cells):
    values = race(units=30)
    values.iloc[3, :2] = np.nan
    whole = ranks.draw(values, posts(values), draws=60)
    monkeypatch.setattr(composites, "CELLS", cells)
    monkeypatch.setattr(ranks, "CELLS", cells)
    pd.testing.assert_frame_equal(whole, ranks.draw(values, posts(values), draws=60))


def test_copeland_by_blocks_counts_every_duel_once():
    values = race(units=25).to_numpy()
    weights = np.random.default_rng(0).dirichlet(np.ones(9), size=4)
    found = composites.aggregate(values, weights, "copeland")
    for draw, weight in enumerate(weights):
        won = [sum(np.sign(weight @ np.sign(a - b)) for b in values) for a in values]
        np.testing.assert_array_equal(found[draw], won)


def test_ranks_of_thousands_of_units_are_held_in_sixteen_bits():
    values = race(units=300, indicators=3)
    drawn = ranks.draw(values, posts(values), draws=20)
    assert set(drawn.dtypes) == {np.dtype("uint16")}
    assert drawn.min().min() == 1 and drawn.max().max() <= 300


def test_many_units_share_one_chance_in_counts_for_fifty_draws():
    values = pd.DataFrame({"closed": np.linspace(0.1, 0.9, 250)}, [f"t{k:03d}" for k in range(250)])
    counts = pd.DataFrame(10.0, values.index, values.columns)
    drawn = ranks.draw(values, posts(["closed"]), counts=counts, draws=100, cap=None)
    # one indicator: neither weights nor method move a rank, so what changes is the chance
    assert drawn.iloc[:50].drop_duplicates().shape[0] < 50
    assert not drawn.iloc[0].equals(drawn.iloc[50])


def test_effects_of_choices_on_many_units_hold_no_more_than_their_draws():
    values = race(units=600)
    counts = pd.DataFrame(10.0, values.index, values.columns)
    tracemalloc.start()
    effects = ranks.choice_effects(values, posts(values), counts=counts, draws=2000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert effects.loc["chance_in_counts", "max_rank_shift"] > 0
    assert peak < 100e6  # 2,000 draws of 600 units are 10 MB; a row per unit and noise was 115


def test_shares_of_ranks_add_up_and_those_never_held_are_zero():
    drawn = pd.DataFrame({"a": [1, 1, 2, 1], "b": [2, 2, 1, 3], "c": [3, 3, 3, 2]})
    found = ranks.acceptability(drawn)
    assert found.loc["a"].tolist() == [0.75, 0.25, 0.0]
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
