"""The plan beside the plans above it: what is comparable, which way, and what is only a share."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fenghua
from fenghua.analysis import parents


def one(own, above, *, kind="level", unit="%", direction=1, base=None, parent=None):
    """Return a plan of one indicator with a target of 2023, and one target of a parent plan."""
    about = {"kind": kind, "unit": unit, "direction": direction, "start": "printed"}
    indicators = pd.DataFrame([{"indicator_id": "x", **about}])
    rows = [("baseline", 2020, base), ("target", 2023, own)]
    targets = pd.DataFrame(
        [
            {"indicator_id": "x", "role": role, "year": year, "value": value}
            for role, year, value in rows
        ]
    )
    targets = targets.assign(value_high=np.nan, comparator="=", base_year=np.nan)
    targets["value"] = targets["value"].astype("float64")
    row = {
        "indicator_id": "x",
        "parent_id": "province",
        "document_number": "某政发〔2021〕1号",
        "year": 2023,
        "value": above,
        "value_high": np.nan,
        "comparator": "=",
        "kind": kind,
        "unit": unit,
        "base_year": np.nan,
        "obstacle": "",
        "printed": str(above),
        "clause": "二",
        "source_id": "s",
        "confidence": "high",
    }
    register = pd.DataFrame([row | (parent or {})]).astype({"value": "float64"})
    return SimpleNamespace(indicators=indicators, targets=targets, parent_targets=register)


def verdict(*args, **kwargs):
    row = parents.compare(one(*args, **kwargs)).iloc[0]
    return row["verdict"], row["reason"]


def test_more_is_stricter_where_higher_is_better_and_looser_where_lower_is():
    assert verdict(43.0, 42.0) == ("stricter", "")
    assert verdict(43.0, 42.0, direction=-1) == ("looser", "")
    assert verdict(43.0, 43.0) == ("same", "")


def test_of_a_range_the_weakest_end_is_compared():
    assert verdict(25.0, 20.0, parent={"value_high": 30.0}) == ("stricter", "")
    assert verdict(25.0, 20.0, parent={"value_high": 30.0}, direction=-1) == ("stricter", "")


@pytest.mark.parametrize(
    ("own", "parent", "reason"),
    [
        (43.0, {"kind": "growth"}, "other_kind"),
        (43.0, {"unit": "万元"}, "other_unit"),
        (43.0, {"obstacle": "dominant_plant"}, "dominant_plant"),
        (43.0, {"obstacle": "other_scope"}, "other_scope"),
        (43.0, {"year": 2025}, "another_year"),
        (np.nan, {}, "no_figure"),
    ],
)
def test_what_differs_is_not_compared_and_the_reason_is_given(own, parent, reason):
    assert verdict(own, 42.0, parent=parent) == ("not_comparable", reason)


def test_reductions_against_other_base_years_are_not_compared():
    plan = one(15.0, 10.0, kind="reduction", parent={"base_year": 2015.0})
    plan.targets["base_year"] = 2020.0
    assert parents.compare(plan)["reason"].tolist() == ["other_base_year"]
    plan.parent_targets["base_year"] = 2020.0
    assert parents.compare(plan)["verdict"].tolist() == ["stricter"]


def test_a_total_of_a_larger_area_is_a_share_of_what_is_new_and_never_a_verdict():
    row = parents.compare(one(100, 5000, kind="cumulative", unit="家", base=17)).iloc[0]
    assert (row["verdict"], row["reason"]) == ("not_comparable", "total_of_larger_area")
    assert row["share_pct"] == pytest.approx(1.66)


figures = st.floats(0.1, 1e4).map(lambda x: round(x, 1))


@settings(max_examples=60, deadline=None)
@given(own=figures, above=figures, sign=st.sampled_from([1, -1]))
def test_exchanging_the_two_plans_turns_the_verdict_around(own, above, sign):
    turned = {"same": "same", "stricter": "looser", "looser": "stricter"}
    here, _ = verdict(own, above, direction=sign)
    there, _ = verdict(above, own, direction=sign)
    assert there == turned[here]


@pytest.fixture(scope="module")
def real():
    return parents.compare(fenghua.load("data/raw"))


def test_of_the_real_plan_only_the_energy_target_can_be_compared_and_is_the_same(real):
    rows = real[real["verdict"] != "not_comparable"]
    assert rows[["indicator_id", "parent_id", "verdict"]].values.tolist() == [
        ["energy_intensity_reduction", "zhejiang_2021_31", "same"]
    ]


def test_the_levels_that_one_plant_may_make_are_held_against_nothing(real):
    levels = real[real["indicator_id"].isin(["tax_per_mu", "value_added_per_mu"])]
    assert set(levels["reason"]) == {"dominant_plant"}
    assert levels["share_pct"].isna().all()


def test_every_row_has_a_source_a_figure_as_printed_and_how_sure_it_is(real):
    known = set(fenghua.load("data/raw").sources["source_id"])
    assert set(real["source_id"]) <= known
    assert (real["parent_printed"] != "").all()
    assert set(real["confidence"]) <= {"high", "medium", "low"}


def test_the_register_holds_the_figures_of_the_parents_own_registers():
    """The parents' targets stand in two places: beside the plan, and as plans of their own."""
    ours = fenghua.load("data/raw").parent_targets
    for place, parent in (("zhejiang", "zhejiang_2021_31"), ("ningbo", "ningbo_2021_59")):
        theirs = fenghua.load(f"data/examples/{place}").targets
        mine = ours[ours["parent_id"] == parent]
        assert set(zip(mine["printed"], mine["value"], mine["year"], strict=True)) <= {
            (NAMED.get(row.printed, row.printed), row.value, row.year)
            for row in theirs.itertuples()
        }


# Beside the district's count the province's is quoted with the size of project it counts.
NAMED = {"300个以上": "招引落地10亿元以上重大制造业项目300个以上"}
