"""The plan's own questions, on the real register and on small ones."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fenghua
from fenghua.analysis import audit


@pytest.fixture(scope="module")
def ds():
    return fenghua.load()


def small(kind, start, values, *, base=np.nan, comparators=("=", "=")):
    """Return a register of one indicator with targets for 2023 and 2025."""
    indicators = pd.DataFrame(
        {"indicator_id": ["x"], "scope": "headline", "block": "quality", "kind": kind}
    ).assign(start=start, unit="u", clause="表1", lead_unit_ids="bureau", name_zh_hans="甲")
    targets = pd.DataFrame(
        {
            "indicator_id": "x",
            "role": ["baseline", "target", "target"],
            "year": [2020, 2023, 2025],
            "value": [base, *values],
            "comparator": ["=", *comparators],
            "base_year": np.nan,
            "printed": ["-", *map(str, values)],
            "clause": "表1",
        }
    )
    rules = pd.DataFrame({"subject": []})
    plan = {"base_year": 2020}
    return SimpleNamespace(indicators=indicators, targets=targets, policy_rules=rules, plan=plan)


def test_thirteen_rows_have_a_shape_and_ten_leave_more_for_the_end(ds):
    shape = audit.schedule_shape(ds)
    assert len(shape) == 13
    assert shape["is_back_loaded"].sum() == 10
    assert shape["share_pct"].min() == pytest.approx(23.0769, abs=1e-4)
    assert shape["share_pct"].max() == pytest.approx(67.5705, abs=1e-4)
    assert (shape["linear_share_pct"] == 60).all()


def test_a_row_with_at_least_fixes_no_point(ds):
    assert "rd_intensity" not in set(audit.schedule_shape(ds)["indicator_id"])


def test_sixty_percent_by_2023_is_not_back_loaded(ds):
    shape = audit.schedule_shape(ds).set_index("indicator_id")
    assert not shape.loc["major_projects_500m", "is_back_loaded"]


@pytest.mark.parametrize(
    ("indicator", "first", "second"),
    [
        ("outdated_capacity_closed", 83 / 3, 50),
        ("scattered_polluting_firms_rectified", 235 / 3, 250),
        ("value_added_rate", 0.1, 0.5),
        ("labour_productivity_growth", 6, 6),
        ("energy_intensity_reduction", 3.594309, 2.600785),
    ],
)
def test_implied_pace_in_natural_units(ds, indicator, first, second):
    row = audit.implied_rates(ds).set_index("indicator_id").loc[indicator]
    assert row["pace_first"] == pytest.approx(first, abs=1e-6)
    assert row["pace_second"] == pytest.approx(second, abs=1e-6)
    assert row["times_faster"] == pytest.approx(second / first, abs=1e-6)


def test_reduction_paces_compound_back_to_the_printed_target(ds):
    row = audit.implied_rates(ds).set_index("indicator_id").loc["energy_intensity_reduction"]
    left = (1 - row["pace_first"] / 100) ** 3 * (1 - row["pace_second"] / 100) ** 2
    assert left == pytest.approx(0.85, abs=1e-12)


def test_duplicates_agree_in_the_plan(ds):
    found = audit.findings(ds).query("theme == 'duplicate'")
    assert sorted(found["value_a"]) == [5, 10, 20, 200, 500, 600]
    assert (found["value_a"] == found["value_b"]).all()
    assert set(found["status"]) == {"agrees"}


def test_a_duplicate_that_differs_is_to_confirm(ds):
    targets = ds.targets.copy()
    targets.loc[targets["indicator_id"] == "high_tech_firms_text", "value"] = 450
    changed = SimpleNamespace(
        indicators=ds.indicators, targets=targets, policy_rules=ds.policy_rules, plan=ds.plan
    )
    found = audit.findings(changed).set_index("finding_id")
    row = found.loc["duplicate_differs.high_tech_firms_text"]
    assert (row["value_a"], row["value_b"], row["status"]) == (500, 450, "to_confirm")


def test_a_target_of_a_finding_keeps_its_comparator_and_both_ends_of_its_range(ds):
    found = audit.findings(ds).set_index("finding_id")
    row = found.loc["operator_changes.rd_intensity"]
    assert (row["comparator_a"], row["comparator_b"]) == ("=", ">=")
    row = found.loc["operator_differs.outdated_capacity_closed_text"]
    assert (row["value_a"], row["comparator_a"], row["comparator_b"]) == (200, "=", ">=")
    register = small("level", "printed", [25, 30], base=20, comparators=("=", "range"))
    ranged = register.targets.assign(value_high=[np.nan, np.nan, 35])
    changed = SimpleNamespace(**{**vars(register), "targets": ranged})
    row = audit.findings(changed).set_index("finding_id").loc["operator_changes.x"]
    assert (row["value_b"], row["value_high_b"], row["comparator_b"]) == (30, 35, "range")


def test_wider_scope_of_the_text_is_named_with_both_clauses(ds):
    found = audit.findings(ds).query("theme == 'text_vs_table'")
    rows = found[["clause_a", "value_a", "clause_b", "value_b"]].values.tolist()
    assert rows == [["表1", 900, "三(一)2", 900], ["表1", 20, "三(四)14", 25]]


@pytest.mark.parametrize(
    ("theme", "subjects"),
    [
        (
            "operator",
            {
                "outdated_capacity_closed",
                "inefficient_firms_upgraded",
                "scattered_polluting_firms_rectified",
                "rd_intensity",
                "major_projects_500m",
                "zhejiang_made_standards",
            },
        ),
        ("base_year_break", {"energy_intensity_reduction", "industrial_investment_growth"}),
        (
            "not_quantified",
            {
                "carbon_reduction",
                "rd_coverage",
                "project_tracking_coverage",
                "digital_upgrade_coverage",
            },
        ),
        ("no_lead_unit", set()),
    ],
)
def test_theme_names_its_indicators(ds, theme, subjects):
    found = audit.findings(ds)
    assert set(found.loc[found["theme"] == theme, "indicator_id"]) == subjects


def test_missing_unit_of_the_projects_row_is_found(ds):
    found = audit.findings(ds).query("theme == 'unit' and clause_a == '表1'")
    assert found["indicator_id"].tolist() == ["major_projects_500m"]


def test_findings_are_questions_with_unique_ids_and_known_themes(ds):
    found = audit.findings(ds)
    assert found["finding_id"].is_unique
    assert set(found["status"]) == {"to_confirm", "agrees"}
    assert [audit.THEMES.index(theme) for theme in found["theme"]] == sorted(
        audit.THEMES.index(theme) for theme in found["theme"]
    )


def test_counts_add_up(ds):
    found = audit.counts(ds)
    for name, rows in found.groupby("table"):
        total = rows.loc[rows["dimension"] == "all", "rows"].item()
        parts = rows[rows["dimension"] != "all"].groupby("dimension")["rows"].sum()
        assert (parts == total).all(), name


def test_an_indicator_that_nobody_leads_is_found():
    register = small("cumulative", "zero", [1, 2])
    led = register.indicators.assign(indicator_id="led")
    register.indicators["lead_unit_ids"] = ""
    # A register that names no unit at all says nothing of units: nothing is found.
    assert "no_lead_unit" not in set(audit.findings(register)["theme"])
    register.indicators = pd.concat([register.indicators, led], ignore_index=True)
    found = audit.findings(register).query("theme == 'no_lead_unit'")
    assert found["indicator_id"].tolist() == ["x"]


def test_a_path_without_change_has_a_reason_and_no_share():
    row = audit.schedule_shape(small("level", "printed", [5, 5], base=5)).iloc[0]
    assert np.isnan(row["share_pct"]) and row["reason"] == "no_change"
    pace = audit.implied_rates(small("level", "printed", [5, 6], base=5)).iloc[0]
    assert np.isnan(pace["times_faster"]) and pace["reason"] == "no_first_pace"


def test_a_floor_that_the_base_already_meets_asks_for_no_pace():
    register = small("level", "printed", [3.1, 3.0], base=3.2, comparators=(">=", ">="))
    assert audit.implied_rates(register).empty
    assert "implied_rate" not in set(audit.findings(register)["theme"])


def test_a_falling_indicator_that_falls_faster_later_is_found():
    register = small("level", "printed", [90, 70], base=100)
    register.indicators["direction"] = -1
    found = audit.findings(register)
    assert {"schedule_shape", "implied_rate"} <= set(found["theme"])


def test_empty_register_gives_empty_tables_with_their_columns():
    full = small("level", "printed", [1, 2], base=0)
    empty = SimpleNamespace(
        indicators=full.indicators.iloc[:0],
        targets=full.targets.iloc[:0],
        policy_rules=full.policy_rules,
        plan=full.plan,
    )
    assert audit.findings(empty).columns.tolist() == list(audit.FINDING_COLUMNS)
    assert len(audit.schedule_shape(empty)) == len(audit.implied_rates(empty)) == 0


def test_inputs_are_left_as_they_were(ds):
    before = ds.indicators.copy(), ds.targets.copy()
    audit.findings(ds)
    pd.testing.assert_frame_equal(ds.indicators, before[0])
    pd.testing.assert_frame_equal(ds.targets, before[1])


@settings(max_examples=60, deadline=None)
@given(
    base=st.integers(-1000, 1000),
    steps=st.tuples(st.integers(1, 500), st.integers(1, 500)),
    factor=st.floats(0.01, 100),
)
def test_shape_and_speed_do_not_depend_on_the_unit(base, steps, factor):
    values = [base + steps[0], base + steps[0] + steps[1]]
    plain = small("level", "printed", values, base=base)
    other = small("level", "printed", [v * factor for v in values], base=base * factor)
    shares = [audit.schedule_shape(r)["share_pct"].item() for r in (plain, other)]
    speeds = [audit.implied_rates(r)["times_faster"].item() for r in (plain, other)]
    assert shares[0] == pytest.approx(shares[1], rel=1e-6)
    assert speeds[0] == pytest.approx(speeds[1], rel=1e-6)
    assert shares[0] == pytest.approx(100 * steps[0] / sum(steps), rel=1e-6)


def test_each_row_is_measured_from_its_own_base_year():
    register = small("level", "printed", [15.0, 20.0], base=10.0)
    register.targets["year"] = [2021, 2023, 2025]
    shape = audit.schedule_shape(register).iloc[0]
    assert (shape["base_year"], shape["share_pct"], shape["linear_share_pct"]) == (2021, 50, 50)
    rates = audit.implied_rates(register).iloc[0]
    assert (rates["pace_first"], rates["pace_second"]) == (2.5, 2.5)


def test_a_yearly_task_has_no_pace_as_each_year_stands_alone():
    register = small("annual", "zero", [5.0, 6.0])
    assert audit.implied_rates(register).empty and audit.schedule_shape(register).empty
