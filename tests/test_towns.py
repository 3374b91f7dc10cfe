from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import fenghua
from fenghua.analysis import town_tasks, towns

CASES = yaml.safe_load(
    (Path(__file__).parent / "cases" / "towns_composite.yaml").read_text(encoding="utf-8")
)

# Lishui 2019, ten areas, from a public dashboard: tax and value added per mu (10,000 yuan),
# value added per unit of energy and of emission, R&D share, labour productivity.
LISHUI = pd.DataFrame(
    {
        "莲都区": [46.38, 98.96, 2.27, 1119.07, 2.36, 19.6],
        "缙云县": [36.91, 101.58, 0.51, None, 1.28, 19.28],
        "龙泉市": [22.97, 106.35, 1.14, 365.47, 2.95, 13.8],
        "青田县": [21.41, 87.08, 2.03, None, 2.95, 16.14],
        "云和县": [21.36, 74.68, 0.86, 409.73, 1.04, 23.79],
        "遂昌县": [16.75, 54.45, 3.05, 392.11, 3.54, 9.54],
        "松阳县": [12.15, 52.66, 2.05, None, 2.6, 15.47],
        "庆元县": [11.78, 66.22, 0.92, 173.53, 2.25, 19.07],
        "景宁县": [10.06, 47.45, 1.54, 786.86, 4.87, 12.48],
        "丽水开发区": [9.81, 55.73, 1.11, 1445.33, 2.92, 16.19],
    },
    index=["tax", "value_added", "energy", "emission", "rd", "productivity"],
    dtype=float,
).T
# Lucheng, eleven towns, year not stated: tax per mu and the share of grades A and B.
LUCHENG = pd.DataFrame(
    {
        "滨江街道": [53.31, 1, 2, 9, 0],
        "南郊街道": [48.24, 19, 26, 73, 10],
        "丰门街道": [47.64, 48, 243, 263, 12],
        "山福镇": [38.24, 2, 9, 11, 0],
        "蒲鞋市街道": [36.77, 1, 3, 3, 0],
        "双屿街道": [33.16, 31, 46, 102, 9],
        "松台街道": [29.93, 0, 1, 5, 2],
        "仰义街道": [28.44, 12, 54, 281, 27],
        "藤桥镇": [26.38, 22, 72, 208, 15],
        "广化街道": [16.06, 0, 0, 3, 1],
        "七都街道": [9.44, 0, 1, 0, 0],
    },
    index=["tax", "A", "B", "C", "D"],
).T


def posts(names, low=0.0, high=1.0, direction=1):
    return pd.DataFrame({"low": low, "high": high, "direction": direction}, index=list(names))


def race(seed=1, units=12, indicators=17):
    rng = np.random.default_rng(seed)
    names = [f"i{k:02d}" for k in range(indicators)]
    return pd.DataFrame(rng.random((units, indicators)), [f"t{k}" for k in range(units)], names)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_composite_agrees_with_the_worked_case(case):
    columns = ["low", "high", "direction", "block"][: len(case["goalposts"][0])]
    goalposts = pd.DataFrame(case["goalposts"], columns=columns)
    values = pd.DataFrame(case["values"]).T
    weights = case.get("weights") and pd.Series(case["weights"])
    found = towns.composite(values, goalposts, weights, aggregation=case["aggregation"])
    wanted = pd.Series(case["scores"], dtype=float)
    np.testing.assert_allclose(found[wanted.index], wanted, atol=0.5 * 10.0 ** -case["decimals"])


def test_cap_is_in_shares_and_bounds_the_index_not_the_shares():
    values, goalposts = pd.DataFrame({"a": [150.0], "b": [50.0]}), posts("ab", 0, 100)
    assert towns.composite(values, goalposts)[0] == pytest.approx(0.75)
    assert towns.composite(values, goalposts, cap=(0.0, 1.2))[0] == pytest.approx(0.85)
    assert towns.composite(values, goalposts, cap=None)[0] == pytest.approx(1.0)
    assert towns.shares(values, goalposts)["a"][0] == 1.5


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"low": 5.0, "high": 5.0}, "must differ"),
        ({"low": 9.0, "high": 5.0}, "follow the direction"),
        ({"low": np.nan}, "must differ"),
        ({"direction": "sideways"}, "allowed"),
        ({"low": "many"}, "low is 'many'; allowed: a number"),
    ],
)
def test_goalposts_without_sense_are_refused(change, said):
    with pytest.raises(ValueError, match=said):
        towns.composite(pd.DataFrame({"a": [1.0]}), posts("a").assign(**change))


def test_refusals_say_what_is_allowed():
    values, goalposts = pd.DataFrame({"a": [1.0], "b": [0.5]}), posts("ab")
    with pytest.raises(ValueError, match="allowed: arithmetic"):
        towns.composite(values, goalposts, aggregation="median")
    with pytest.raises(ValueError, match="swapped"):
        towns.composite(values.T, goalposts)
    with pytest.raises(ValueError, match="column is 'direction'"):
        towns.composite(values, goalposts[["low", "high"]])
    with pytest.raises(ValueError, match="not all 0"):
        towns.composite(values, goalposts, {"a": 1})
    with pytest.raises(ValueError, match="not all 0"):
        towns.composite(values, goalposts, {"a": 0, "b": 0})
    with pytest.raises(ValueError, match="infinite"):
        towns.composite(values.assign(a=np.inf), goalposts)
    with pytest.raises(ValueError, match="a is 'many'; allowed: a number"):
        towns.composite(values.astype(object).assign(a="many"), goalposts)
    with pytest.raises(ValueError, match="twice"):
        towns.composite(pd.concat([values, values]), goalposts)
    with pytest.raises(ValueError, match="0 or more"):
        towns.composite(values - 2, goalposts, aggregation="geometric", cap=None)


def test_object_and_nullable_values_and_extra_columns_are_accepted_and_left_alone():
    values = pd.DataFrame(
        {"a": [1, None], "b": pd.array([1, 2], dtype="Int64"), "note": ["x", "y"]}
    )
    values["a"] = values["a"].astype(object)
    before = values.copy()
    found = towns.composite(values, posts("ab", 0, 2), coverage=0.5)
    assert found.tolist() == [0.5, 1.0]
    pd.testing.assert_frame_equal(values, before)


def test_figures_without_a_goalpost_are_refused_and_not_dropped():
    values = race(units=3, indicators=3)
    for method in (towns.composite, towns.coverage, towns.rank_intervals, towns.choice_effects):
        with pytest.raises(ValueError, match="values without a goalpost: i02; add"):
            method(values, posts(["i00", "i01"]))


def test_what_is_stale_may_be_written_in_words():
    values, stale = (
        race(units=2, indicators=2),
        pd.DataFrame({"i00": ["True", "False"]}, ["t0", "t1"]),
    )
    found = towns.composite(values, posts(values), stale=stale)
    assert found.notna().tolist() == [False, True]


def test_coverage_counts_weighted_indicators_and_names_what_is_missing():
    values = pd.DataFrame({"a": [1.0, 1.0, None], "b": [1.0, None, None], "c": [None] * 3})
    found = towns.coverage(values, posts("abc"), {"a": 1, "b": 1, "c": 0})
    assert found["known_share"].tolist() == [1.0, 0.5, 0.0]
    assert found["missing"].tolist() == ["", "b", "a;b"]
    assert found["reason"].tolist() == ["", "below_coverage", "no_values"]


def test_exactly_seventy_percent_is_enough():
    values = race(units=2, indicators=10)
    values.iloc[0, :3] = np.nan
    values.iloc[1, :4] = np.nan
    assert towns.composite(values, posts(values)).notna().tolist() == [True, False]


def test_equal_scores_share_a_rank_and_the_next_place_stays_empty():
    scores = pd.Series([0.1 + 0.2, 0.3, 0.2, np.nan, 0.5], list("abcde"))
    assert towns.rank(scores).dropna().to_dict() == {"a": 2, "b": 2, "c": 4, "e": 1}
    assert towns.rank(scores * 1e6).dropna().to_dict() == {"a": 2, "b": 2, "c": 4, "e": 1}


def test_intervals_repeat_and_do_not_depend_on_the_order_given():
    values = race()
    values.iloc[0, :3] = np.nan
    first = towns.rank_intervals(values, posts(values), seed=3, draws=300)
    again = towns.rank_intervals(
        values.iloc[::-1, ::-1], posts(values).sample(frac=1, random_state=1), seed=3, draws=300
    )
    pd.testing.assert_frame_equal(first, again.loc[first.index])
    other = towns.rank_intervals(values, posts(values), seed=4, draws=300)
    assert not first.equals(other)


def test_a_unit_best_in_everything_is_first_in_every_draw():
    values = race() * 0.9
    values.loc["t5"] = 0.95
    found = towns.rank_intervals(values, posts(values)).loc["t5"]
    assert found[["nominal_rank", "rank_low", "rank_high", "tier"]].tolist() == [1] * 4
    assert found["share_top3"] == 1
    assert np.isnan(found["distance_to_above"])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), units=st.integers(1, 9), indicators=st.integers(1, 6))
def test_a_unit_without_a_rank_has_a_reason_and_no_tier(seed, units, indicators):
    values = race(seed, units, indicators)
    values = values.mask(np.random.default_rng(seed).random(values.shape) < 0.2)
    found = towns.rank_intervals(values, posts(values), draws=60, seed=seed)
    is_ranked = found["score"].notna()
    assert (found.loc[is_ranked, "rank_low"] <= found.loc[is_ranked, "rank_high"]).all()
    assert found.loc[is_ranked, "tier"].notna().all()
    assert found.loc[~is_ranked, ["tier", "better_than", "worse_than"]].isna().all(axis=None)
    assert (found.loc[~is_ranked, "reason"] != "").all()


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), how=st.sampled_from(["arithmetic", "geometric", "copeland"]))
def test_a_better_value_never_lowers_a_score(seed, how):
    values = race(seed, 5, 4)
    better = values.copy()
    better.iloc[0, 1] = min(1.0, better.iloc[0, 1] + 0.3)
    before, after = (
        towns.composite(v, posts(v), aggregation=how).iloc[0] for v in (values, better)
    )
    assert after >= before - 1e-12


def test_distance_is_to_the_next_better_score():
    values = pd.DataFrame({"a": [0.9, 0.5, 0.5, 0.2]})
    found = towns.rank_intervals(values, posts("a"), draws=20)
    np.testing.assert_allclose(found["distance_to_above"], [np.nan, 0.4, 0.4, 0.3])


@pytest.mark.parametrize(
    ("values", "reasons", "ranks"),
    [
        (pd.DataFrame({"a": [0.5]}), ["single_unit"], [1]),
        (pd.DataFrame({"a": [0.5, 0.6]}), ["fewer_than_three"] * 2, [2, 1]),
        (pd.DataFrame({"a": [0.5] * 3}), ["all_equal"] * 3, [1, 1, 1]),
        (pd.DataFrame({"a": [np.nan] * 2}), ["no_values"] * 2, [np.nan] * 2),
        (pd.DataFrame({"a": []}, dtype=float), [], []),
    ],
    ids=["single", "two", "all equal", "all missing", "empty"],
)
def test_a_race_that_is_none_says_why(values, reasons, ranks):
    found = towns.rank_intervals(values, posts("a"), draws=20)
    assert found["reason"].tolist() == reasons
    np.testing.assert_array_equal(found["nominal_rank"], ranks)
    assert found["tier"].nunique() <= 2
    effects = towns.choice_effects(values, posts("a"), draws=20)
    assert effects["mean_rank_shift"].isna().all() == (len(values.dropna()) < 2)


def test_the_choice_that_moves_ranks_most_comes_first():
    values = race(indicators=4)
    found = towns.choice_effects(values, posts(values), draws=200)
    assert set(found.index) == {"weights", "normalisation", "aggregation", "indicator_set"}
    assert found["mean_rank_shift"].is_monotonic_decreasing
    same = pd.DataFrame({name: [0.9, 0.5, 0.1] for name in "abc"})
    assert (towns.choice_effects(same, posts("abc"), draws=50) == 0).all(axis=None)


def test_an_issue_tells_what_it_changed_against_the_one_before():
    scores = pd.DataFrame({"a": [0.1, 0.6], "b": [0.2, 0.3]}, index=["2023", "2024"])
    found = towns.changes(scores)
    assert found.loc["a"].round(9).to_dict() == {"score_change": 0.5, "places_gained": 1}
    assert towns.changes(scores.head(1)).isna().all(axis=None)


def test_lishui_2019_has_no_clear_order_beyond_its_leader():
    goalposts = posts(LISHUI, LISHUI.min(), LISHUI.max())
    found = towns.rank_intervals(LISHUI, goalposts)
    assert found["nominal_rank"].idxmin() == "莲都区"
    assert found["reason"].eq("").all()
    unmeasured = towns.coverage(LISHUI, goalposts)["missing"]
    assert unmeasured[unmeasured == "emission"].index.tolist() == ["缙云县", "青田县", "松阳县"]
    assert (found["rank_high"] - found["rank_low"]).median() > 2


def test_lucheng_ranks_by_tax_per_mu_as_published_and_tiers_are_wider():
    tax = LUCHENG[["tax"]]
    scores = towns.composite(tax, posts(["tax"], 0, tax["tax"].max()))
    assert towns.rank(scores).tolist() == list(range(1, 12))
    two = tax.assign(good=(LUCHENG["A"] + LUCHENG["B"]) / LUCHENG.drop(columns="tax").sum(axis=1))
    found = towns.rank_intervals(two, posts(two, 0, two.max()))
    assert found["tier"].nunique() < len(found)


@pytest.fixture(scope="module")
def demo():
    raw = Path(__file__).parents[1] / "data" / "raw"
    return fenghua.load(raw, raw / "demo")


def tiers_of(found):
    """Last digits of the towns by tier, in order of code, and the number of stated pairs."""
    pairs = found["better_than"].dropna().str.split(";").explode()
    groups = found.dropna(subset="tier").sort_index().groupby("tier")
    return {tier: " ".join(group.index.str[-3:]) for tier, group in groups}, (pairs != "").sum()


def test_the_demonstration_of_2025_has_the_tiers_of_the_methods(demo):
    # a brand count last reported in March 2023 is scored, and is no figure that covers
    tiers, pairs = tiers_of(towns.standing(demo, "2025"))
    assert tiers == {1: "006", 2: "001 002 003 004 005 008 100", 3: "007 106 108"}
    assert pairs == 23


def test_chance_in_counts_takes_sixteen_of_thirty_nine_pairs(demo):
    entered = towns.race(demo, "2025")._replace(counts=None)
    found = towns.rank_intervals(**entered._asdict(), **towns.rules(demo.parameters))
    tiers, pairs = tiers_of(found)
    assert tiers == {1: "006", 2: "001 002 003 100", 3: "004 005 008", 4: "007 106", 5: "108"}
    assert pairs == 39


def test_a_stale_count_of_the_demonstration_is_flagged_and_does_not_cover(demo):
    entered = towns.race(demo, "2025")
    assert entered.values["pinzi_brand_firms"].notna().sum() == 11
    assert entered.stale["pinzi_brand_firms"].sum() >= 11
    found = towns.standing(demo, "2025")
    assert found.loc["330213107", "reason"] == "below_coverage"
    assert found.loc["330213106", ["period", "is_older_report"]].tolist() == ["2023-03", True]


def test_the_claims_of_a_page_are_what_the_page_is_made_of(demo):
    entered, drawing = towns.race(demo, "2025"), towns.drawing(demo.parameters)
    shares = towns.acceptability(**entered._asdict(), **drawing)
    assert shares.loc["330213006", "1"] == pytest.approx(0.8905, abs=0.02)
    assert np.allclose(shares.sum(axis=1), 1.0)
    parts = town_tasks.evidence(demo, "2025", entered.values.index)
    again = towns.attained(SimpleNamespace(**parts), "2025")
    pd.testing.assert_frame_equal(again, entered.values)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"a": float("inf"), "b": 1.0}, "weights are .* no such number: a"),
        ({"a": 1.0, "b": 1.0, "c": 1.0}, "no goalpost: c"),
        (pd.Series([1.0, 1.0], ["a", "a"]), "an indicator twice"),
    ],
)
def test_a_weight_that_cannot_be_used_is_refused(weights, said):
    values = pd.DataFrame({"a": [1.0, 5], "b": [2.0, 10]}, index=["x", "y"])
    posts = pd.DataFrame({"low": 0.0, "high": 10.0, "direction": 1}, index=["a", "b"])
    with pytest.raises(ValueError, match=said):
        towns.composite(values, posts, weights)
