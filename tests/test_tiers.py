from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.analysis import ranks, tiers, towns

CASES = yaml.safe_load(
    (Path(__file__).parent / "cases" / "towns_tiers.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_pairs_and_tiers_agree_with_the_worked_case(case):
    drawn = pd.DataFrame([list(map(int, str(row))) for row in case["draws"]], columns=case["units"])
    better = tiers.stated(drawn, share=case["share"])
    pairs = [f"{a}{b}" for a in better for b in better if better.loc[a, b]]
    assert pairs == case["stated"]
    assert tiers.layers(better).to_dict() == case["tiers"]
    shares = tiers.pair_shares(drawn)
    for pair, share in case["shares"].items():
        assert shares.loc[pair[0], pair[1]] == pytest.approx(share)
    for unit, held in case["acceptability"].items():
        assert ranks.acceptability(drawn).loc[unit].tolist() == pytest.approx(held)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    units=st.integers(2, 200),
    indicators=st.integers(1, 9),
    draws=st.sampled_from([20, 60, 100]),
    is_counted=st.booleans(),
    ties=st.integers(0, 8),
)
def test_tiers_are_layers_of_the_stated_order(seed, units, indicators, draws, is_counted, ties):
    rng = np.random.default_rng(seed)
    values = pd.DataFrame(
        rng.random((units, indicators)) + np.linspace(0, rng.random() * 3, units)[:, None],
        [f"t{k:03d}" for k in rng.permutation(units)],
        [f"i{k}" for k in range(indicators)],
    )
    values = (values * ties).round() / ties if ties else values
    values = values.mask(rng.random(values.shape) < 0.1)
    counts = pd.DataFrame(6.0, values.index, values.columns) if is_counted else None
    posts = pd.DataFrame({"low": 0.0, "high": 1.0, "direction": 1}, values.columns)
    given_ = {"goalposts": posts, "counts": counts, "draws": draws, "seed": seed, "cap": (0, 1.2)}
    better = tiers.stated(ranks.draw(values, **given_))
    found = towns.rank_intervals(values, **given_)
    ranked = found.loc[better.index]
    tier, table = ranked["tier"].to_numpy(), better.to_numpy(bool)
    # T1: no two units of one tier have a stated order
    assert not (table & (tier[:, None] == tier)).any()
    # T2: every unit of a lower tier has one in the tier above that is stated better
    above = table & (tier[:, None] == tier - 1)
    assert (above.any(axis=0) == (tier > 1)).all()
    # T3: no ring: pairs lead from a lower tier number to a higher one, always
    rows, columns = np.nonzero(table)
    assert (tier[rows] < tier[columns]).all()
    # T4: units with disjoint intervals never share a tier
    low, high = ranked["rank_low"].to_numpy(), ranked["rank_high"].to_numpy()
    is_apart = high[:, None] < low
    assert (table >= is_apart).all()
    assert (tier[:, None] < tier)[is_apart].all()
    # T5: the order of rows changes nothing
    again = towns.rank_intervals(values.sample(frac=1, random_state=seed), **given_)
    pd.testing.assert_frame_equal(found, again.loc[found.index])


@settings(max_examples=100, deadline=None)
@given(ends=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 30)), min_size=1, max_size=300))
def test_tiers_of_many_units_hold_one_rank_common_to_all(ends):
    low = pd.Series([start for start, _ in ends])
    high = low + [width for _, width in ends]
    found = pd.DataFrame({"tier": tiers.common_rank(low, high), "low": low, "high": high})
    by_tier = found.groupby("tier")
    assert (by_tier["low"].max() <= by_tier["high"].min()).all()
    assert sorted(found["tier"].unique()) == list(range(1, found["tier"].nunique() + 1))


def test_no_overlap_with_the_first_of_a_tier_would_put_disjoint_intervals_together():
    found = tiers.common_rank(pd.Series([1, 1, 3, 5, 6]), pd.Series([4, 2, 4, 6, 6]))
    assert found.tolist() == [1, 1, 2, 3, 3]


def test_a_unit_without_an_interval_has_no_tier():
    found = tiers.common_rank(pd.Series([1, np.nan]), pd.Series([1, np.nan]))
    assert found.iloc[0] == 1 and np.isnan(found.iloc[1])


def test_more_than_two_hundred_units_have_tiers_but_no_list_of_pairs():
    rng = np.random.default_rng(0)
    values = pd.DataFrame({"a": np.linspace(0, 1, 201), "b": rng.random(201)})
    posts = pd.DataFrame({"low": 0.0, "high": 1.0, "direction": 1}, ["a", "b"])
    found = towns.rank_intervals(values, posts, draws=50)
    assert found[["better_than", "worse_than"]].isna().all(axis=None)
    by_tier = found.groupby("tier")
    assert (by_tier["rank_low"].max() <= by_tier["rank_high"].min()).all()


def test_listed_pairs_are_the_same_read_from_either_end():
    values = pd.DataFrame({"a": [0.9, 0.5, 0.1], "b": [0.8, 0.4, 0.2]}, ["x", "y", "z"])
    posts = pd.DataFrame({"low": 0.0, "high": 1.0, "direction": 1}, ["a", "b"])
    found = towns.rank_intervals(values, posts, draws=50)
    assert found["better_than"].tolist() == ["y;z", "z", ""]
    assert found["worse_than"].tolist() == ["", "x", "x;y"]
