"""The register: every reason, protection, route and change, and what could not be told."""

import numpy as np
import pandas as pd
import pytest

from fenghua.analysis import efficiency, evaluation, register

BLOCK = {"weights": {"tax_per_mu_wan": 100}, "benchmarks": {"tax_per_mu_wan": 10}}
LIMITS = {"energy_per_value_added_tce_per_wan": 0.5, "tax_per_mu_wan": 5}
SCHEME = {"above_scale": BLOCK, "register": LIMITS}


def graded(n=4, **columns):
    base = {"year": 2022, "enterprise_id": [f"e{i}" for i in range(n)], "adjusted_grade": "B"}
    base |= {"land_mu": 10.0, "tax_wan": 100.0, "value_added_wan": 500.0, "energy_tce": 100.0}
    return pd.DataFrame({**base, "industry_code": "3411", **columns}, index=range(n))


@pytest.mark.parametrize(
    ("columns", "reason", "route"),
    [
        ({"adjusted_grade": "D"}, "class_d", "merger;exit;relocate_to_park;upgrade"),
        ({"adjusted_grade": "D", "park_id": "p1"}, "class_d", "merger;exit;upgrade"),
        (
            {"energy_tce": 300.0, "tax_wan": 40.0},
            "energy_and_tax",
            "merger;exit;relocate_to_park;upgrade",
        ),
        ({"has_energy_finding": True}, "finding_energy", register.VIOLATION_ROUTE),
        ({"has_environment_finding": True}, "finding_environment", register.VIOLATION_ROUTE),
        ({"has_quality_finding": 1}, "finding_quality", register.VIOLATION_ROUTE),
        ({"has_safety_finding": True}, "finding_safety", register.VIOLATION_ROUTE),
        (
            {"adjusted_grade": "D", "has_safety_finding": True},
            "class_d;finding_safety",
            register.VIOLATION_ROUTE,
        ),
    ],
)
def test_each_reason_and_its_routes(columns, reason, route):
    row = evaluation.low_efficiency_register(graded(1, **columns), SCHEME).iloc[0]
    assert (row["reasons"], row["route"], row["change"]) == (reason, route, "")


def test_high_energy_alone_or_low_tax_alone_is_not_enough():
    frame = graded(2, energy_tce=[300.0, 100.0], tax_wan=[100.0, 40.0])
    assert evaluation.low_efficiency_register(frame, SCHEME).empty


def test_the_protected_stay_listed_with_their_marks():
    marks = {f"is_{mark}": True for mark in register.PROTECTIONS}
    rows = evaluation.low_efficiency_register(graded(1, adjusted_grade="D", **marks), SCHEME)
    assert rows["is_protected"].tolist() == [True]
    assert rows["protection"].tolist() == ["chain_key;high_tech;key_cultivation;grain_processor"]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"energy_tce": np.nan}, "energy_missing"),
        ({"value_added_wan": np.nan}, "value_added_missing"),
        ({"value_added_wan": -1.0}, "value_added_not_positive"),
        ({"land_mu": 0.0}, "tax_per_mu_missing"),
        ({"adjusted_grade": ""}, "not_graded"),
    ],
)
def test_a_criterion_that_cannot_be_applied_is_named(columns, code):
    assert code in register.screen(graded(1, **columns), SCHEME)["not_assessed"].iloc[0]


def test_missing_thresholds_and_industries_are_named():
    bare = {"above_scale": BLOCK}
    assert register.screen(graded(1), bare)["not_assessed"].tolist() == ["no_register_threshold"]
    pooled = LIMITS | {"energy_per_value_added_tce_per_wan": "industry_ratio_of_sums"}
    frame = graded(3, energy_tce=[300.0, 100, 900], industry_code=["34", "C3411", ""], tax_wan=1.0)
    out = register.screen(frame, SCHEME | {"register": pooled})
    assert out["reasons"].tolist() == ["energy_and_tax", "", ""]
    assert out["not_assessed"].tolist() == ["", "", "no_industry_figure"]


def test_who_entered_left_and_stayed():
    before = graded(3, adjusted_grade=["D", "D", "B"], year=2021)
    now = graded(3, adjusted_grade=["D", "B", "D"])
    first = evaluation.low_efficiency_register(before, SCHEME)
    for previous in (before, first):
        rows = evaluation.low_efficiency_register(now, SCHEME, previous)
        found = dict(zip(rows["enterprise_id"], rows["change"], strict=True))
        assert found == {"e0": "stayed", "e2": "entered", "e1": "left"}
    again = evaluation.low_efficiency_register(now, SCHEME, rows)
    assert set(again["change"]) == {"stayed"}


def test_the_input_is_not_changed_and_its_reasons_are_kept():
    frame = graded(1, adjusted_grade="D", reasons="veto")
    rows = evaluation.low_efficiency_register(frame, SCHEME)
    assert rows["grade_reasons"].tolist() == ["veto"] and frame["reasons"].tolist() == ["veto"]


def test_carbon_levels_at_their_cut_offs():
    co2 = [0.6, 0.8, 1.2, 2.0, 2.01]
    k = efficiency.carbon_levels(
        pd.DataFrame(
            {"co2_t": [*co2, 100 - sum(co2)], "value_added_wan": [1.0] * 5 + [95.0]}
        ).assign(industry_code="34")
    )
    assert k["carbon_level"].tolist()[:5] == [1, 2, 3, 4, 5]
    assert k["carbon_class"].tolist()[:5] == ["low", "medium", "medium", "medium", "high"]


def test_a_carbon_level_that_cannot_be_told_says_why():
    frame = pd.DataFrame({"co2_t": [np.nan, 1, 1, 1, 0], "value_added_wan": [1, np.nan, 0, 1, 1]})
    frame["industry_code"] = ["34", "34", "34", "", "17"]
    assert efficiency.carbon_levels(frame)["carbon_reason"].tolist() == [
        "co2_missing",
        "value_added_missing",
        "value_added_not_positive",
        "no_industry_figure",
        "industry_without_emissions",
    ]
    assert efficiency.carbon_levels(frame)["carbon_level"].isna().all()
