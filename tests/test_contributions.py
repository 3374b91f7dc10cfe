from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from fenghua.analysis import contributions, towns

UNITS = pd.DataFrame(
    {"town_code": ["a", "b", "z"], "kind": ["street", "town", "zone"]}, dtype=object
)
INDICATORS = pd.DataFrame(
    {
        "indicator_id": ["closed", "started", "per_mu", "growth"],
        "kind": ["cumulative", "annual", "level", "growth"],
        "direction": 1,
        "block": ["phase_out", "investment", "efficiency", "efficiency"],
        "is_count": [True, True, False, False],
    }
)
TARGETS = pd.DataFrame(
    [
        ("closed", "baseline", 2020, 0.0),
        ("closed", "target", 2023, 40.0),
        ("per_mu", "baseline", 2020, 100.0),
        ("per_mu", "target", 2023, 120.0),
        ("per_mu", "target", 2025, 150.0),
    ],
    columns=["indicator_id", "role", "year", "value"],
)


def reports(*rows):
    return pd.DataFrame(rows, columns=["indicator_id", "town_code", "period", "value"])


def town_tasks(*rows):
    return pd.DataFrame(rows, columns=["indicator_id", "town_code", "year", "value"])


def observations(*rows):
    return pd.DataFrame(rows, columns=["indicator_id", "area_code", "period", "value"])


def split(told, seen, at="2023-06"):
    found = contributions.contributions(told, seen, UNITS, INDICATORS, at=at, area="d")
    return found.set_index("unit_code")


def test_counted_parts_and_the_unallocated_rest_add_up_to_the_district():
    told = reports(
        ("closed", "a", "2023-06", 12),
        ("closed", "b", "2023-03", 5),
        ("closed", "z", "2023-06", 9),
        ("closed", "old", "2023-06", 2),
        ("per_mu", "a", "2023", 90),
    )
    found = split(
        told, observations(("closed", "d", "2023-06", 20), ("closed", "e", "2023-06", 99))
    )
    assert found.loc[found["is_counted"], "value"].sum() == 20
    assert found.loc["", "value"] == 3
    assert found["reason"].to_dict() == {
        "a": "",
        "b": "different_period",
        "z": "zone_overlaps_towns",
        "old": "unknown_town",
        "": "different_period",
    }
    assert found.loc["a", "share"] == pytest.approx(0.6)
    assert found.loc[["b", ""], "share"].isna().all()  # of another date, and what that leaves


def test_a_figure_of_another_date_is_no_share_of_the_districts():
    told = reports(("closed", "a", "2022", 12), ("closed", "z", "2023-06", 5))
    found = split(told, observations(("closed", "d", "2023-06", 20)))
    assert found["is_other_date"].to_dict() == {"a": True, "z": False, "": True}
    assert found["share"].isna().to_dict() == {"a": True, "z": False, "": True}


def test_towns_may_report_more_than_the_district_and_a_missing_district_is_said():
    told = reports(("closed", "a", "2023-06", 25))
    assert split(told, observations(("closed", "d", "2023-06", 20))).loc["", "value"] == -5
    lone = split(told, observations())
    assert np.isnan(lone.loc["", "value"]) and lone.loc["", "reason"] == "no_district_value"
    assert split(reports(), observations()).empty


def test_last_years_count_is_no_part_of_this_years():
    told = reports(("started", "a", "2022", 4), ("started", "b", "2023-06", 2))
    found = split(told, observations(("started", "d", "2023-06", 3)))
    assert found.loc["a", "reason"] == "stale"
    assert found.loc["", "value"] == 1


def owed(told, asked, at="2022"):
    return contributions.tasks(told, asked, INDICATORS, at=at, base_year=2020).iloc[0]


def test_a_task_has_a_path_and_a_remaining_effort_a_month():
    asked = town_tasks(("closed", "a", 2023, 30), ("closed", "a", 2025, 60))
    row = owed(reports(("closed", "a", "2022", 12), ("closed", "a", "2023", 99)), asked, "2023-06")
    assert row["value"] == 12 and row["task"] == 30 and row["reason"] == ""
    assert row["attainment"] == pytest.approx(0.4)
    assert row["planned_value"] == pytest.approx(25)
    assert row["remaining"] == 18
    assert row["remaining_per_month"] == pytest.approx(3)


def test_the_newest_reports_stand_in_the_order_of_their_rows():
    told = reports(
        ("closed", "b", "2022", 9), ("closed", "a", "2022", 5), ("closed", "a", "2021", 7)
    )
    assert contributions.newest(told, at="2022")["value"].tolist() == [9, 5]


def test_a_task_that_is_over_counts_by_the_figure_of_its_own_date():
    told = reports(("closed", "a", "2023", 28), ("closed", "a", "2024", 33))
    asked = town_tasks(("closed", "a", 2022, 20), ("closed", "a", 2023, 30))
    late = owed(told, asked, "2024")
    assert (late["period"], late["value"], late["task"]) == ("2023", 28, 30)
    assert owed(told, asked, "2023")["value"] == 28
    longer = town_tasks(("closed", "a", 2023, 30), ("closed", "a", 2024, 40))
    assert owed(told, longer, "2024")["value"] == 33


def test_the_path_is_told_at_the_date_of_the_figure_too():
    row = owed(
        reports(("closed", "a", "2022", 20)), town_tasks(("closed", "a", 2023, 30)), "2023-06"
    )
    assert row["planned_value"] == pytest.approx(25)
    assert row["path_value"] == pytest.approx(20)


def test_the_towns_own_base_year_report_is_its_base():
    asked = town_tasks(("closed", "a", 2023, 30))
    row = owed(reports(("closed", "a", "2020", 10), ("closed", "a", "2022", 15)), asked)
    assert row["attainment"] == pytest.approx(0.25)
    assert row["planned_value"] == pytest.approx(10 + 20 * 2 / 3)


def test_an_annual_task_starts_anew_each_year():
    asked = town_tasks(("started", "a", 2023, 4), ("started", "a", 2022, 4))
    row = owed(
        reports(("started", "a", "2022", 4), ("started", "a", "2023-06", 1)), asked, "2023-06"
    )
    assert (row["attainment"], row["planned_value"]) == (0.25, 2.0)
    assert owed(reports(("started", "a", "2022", 4)), asked, "2023-06")["reason"] == "stale"


@pytest.mark.parametrize(
    ("told", "asked", "reason"),
    [
        (reports(), ("closed", "a", 2023, 30), "no_report"),
        (reports(("closed", "a", "2022", 0)), ("closed", "a", 2023, 0), "base_meets_task"),
        (reports(("per_mu", "a", "2022", 50)), ("per_mu", "a", 2023, 60), "no_town_base"),
        (reports(("growth", "a", "2022", 5)), ("growth", "a", 2023, 6), "kind_not_split"),
    ],
)
def test_a_missing_attainment_has_a_reason(told, asked, reason):
    row = owed(told, town_tasks(asked))
    assert row["reason"] == reason
    assert np.isnan(row["attainment"])


def test_of_two_reports_of_one_moment_the_longer_period_counts_in_any_order():
    told = reports(("closed", "a", "2022", 12), ("closed", "a", "2022-12", 99))
    asked = town_tasks(("closed", "a", 2023, 30))
    assert owed(told, asked)["value"] == owed(told.iloc[::-1], asked)["value"] == 12
    as_text = told.assign(value=told["value"].astype(str))
    assert owed(as_text, asked.assign(value="30"))["attainment"] == pytest.approx(0.4)


def test_a_town_with_two_tasks_of_one_year_is_refused():
    asked = town_tasks(("closed", "a", 2023, 30), ("closed", "a", 2023, 40))
    with pytest.raises(ValueError, match="town_code stands twice in one year: a"):
        owed(reports(("closed", "a", "2022", 12)), asked)


def test_nothing_is_left_and_no_pace_is_asked_after_the_last_task():
    row = owed(reports(("closed", "a", "2022", 35)), town_tasks(("closed", "a", 2022, 30)))
    assert row["remaining"] == 0
    assert np.isnan(row["remaining_per_month"])


def test_tasks_that_do_not_add_up_are_shown_and_zones_left_out():
    asked = town_tasks(
        ("closed", "a", 2023, 20),
        ("closed", "b", 2023, 15),
        ("closed", "z", 2023, 9),
        ("closed", "a", 2024, 25),
    )
    found = contributions.task_sums(asked, TARGETS, UNITS, INDICATORS).set_index("year")
    assert found.loc[2023, ["towns", "sum_of_tasks", "target", "difference"]].tolist() == [
        2,
        35,
        40,
        -5,
    ]
    assert np.isnan(found.loc[2024, "difference"])


def test_only_what_adds_up_is_added_up():
    asked = town_tasks(("per_mu", "a", 2023, 110), ("started", "a", 2023, 2))
    found = contributions.task_sums(asked, TARGETS, UNITS, INDICATORS)
    assert found["indicator_id"].tolist() == ["started"]
    shares = INDICATORS.assign(unit=["家", "%", "万元/亩", "%"])
    assert contributions.task_sums(asked, TARGETS, UNITS, shares).empty
    told = reports(("started", "a", "2023-06", 40))
    seen = observations(("started", "d", "2023-06", 38))
    found = contributions.contributions(told, seen, UNITS, shares, at="2023-06", area="d")
    assert found.empty


def test_what_is_new_each_year_is_added_up_before_it_is_the_whole_of_totals():
    rows = [("closed", "d", "2021", 5), ("closed", "d", "2022", 8), ("closed", "d", "2023-06", 4)]
    seen = observations(*rows).assign(basis="annual")
    ds = race(reports(("closed", "a", "2023-06", 9)), None)
    ds.observations, ds.plan = seen, {"base_year": 2020, "area_code": "d"}
    whole = contributions.as_totals(ds)
    assert whole.loc[whole["indicator_id"] == "closed", "value"].tolist() == [5, 13, 17]
    found = split(ds.town_reports, whole)
    assert found["share"].tolist() == pytest.approx([9 / 17, 8 / 17])
    ds.observations = seen.drop(1)  # the year before is missing: nothing to compare with
    gone = contributions.as_totals(ds).set_index("period")["value"]
    assert gone.loc["2021"] == 5 and np.isnan(gone.loc["2023-06"])


def race(told, asked, unit="万元/亩"):
    return SimpleNamespace(
        town_reports=told,
        town_tasks=asked,
        targets=TARGETS,
        towns=UNITS,
        indicators=INDICATORS.assign(unit=["家", "项", unit, "%"]),
        parameters={"stale_months": 12},
        plan={"base_year": 2020},
    )


def test_the_race_runs_on_own_tasks_and_on_district_goalposts_for_levels():
    told = reports(
        ("closed", "a", "2022", 15),
        ("closed", "b", "2022", 10),
        ("closed", "z", "2022", 9),
        ("per_mu", "a", "2022", 110),
        ("per_mu", "b", "2022", 95),
    )
    asked = town_tasks(("closed", "a", 2023, 30), ("closed", "b", 2023, 10))
    values, goalposts, *_ = towns.race(race(told, asked), "2022")
    np.testing.assert_allclose(values.loc[["a", "b"], "closed"], [0.5, 1.0])
    np.testing.assert_allclose(values.loc[["a", "b"], "per_mu"], [0.5, -0.25])
    assert goalposts["block"].to_dict() == {"closed": "phase_out", "per_mu": "efficiency"}
    assert towns.composite(values, goalposts).to_dict() == {"a": 0.5, "b": 0.5}
    with_zone, *_ = towns.race(race(told, asked), "2022", include_zones=True)
    assert with_zone.index.tolist() == ["a", "b", "z"]


@pytest.mark.parametrize(
    ("unit", "told", "is_scored"),
    [
        ("亿元", (40, 70), False),  # parts of the district's 100: no part reaches the whole
        ("亿元", (4, 3), False),  # parts still, whatever else is not reported
        ("元", (90, 115), True),  # an income a head, around the district's
        ("万元/亩", (40, 70), True),  # what is divided is no part, however low
        ("%", (40, 70), True),
    ],
)
def test_a_part_of_the_districts_amount_is_not_held_against_the_whole(unit, told, is_scored):
    rows = reports(("per_mu", "a", "2022", told[0]), ("per_mu", "b", "2022", told[1]))
    values, *_ = towns.race(race(rows, town_tasks(), unit), "2022")
    assert ("per_mu" in values) == is_scored


def test_a_count_of_things_is_a_part_of_the_districts_even_where_one_town_alone_reports():
    ds = race(reports(("per_mu", "a", "2022", 115)), town_tasks(), "家")
    assert "per_mu" in towns.race(ds, "2022").values
    ds.indicators = ds.indicators.assign(is_count=True)
    assert "per_mu" not in towns.race(ds, "2022").values


def test_a_part_of_the_districts_amount_is_scored_by_the_towns_own_task():
    then, now = ("per_mu", "a", "2020", 30), ("per_mu", "a", "2022", 40)
    rows = reports(then, now, ("per_mu", "b", "2022", 70))
    values, *_ = towns.race(race(rows, town_tasks(("per_mu", "a", 2023, 50)), "亿元"), "2022")
    assert values.loc["a", "per_mu"] == 0.5 and np.isnan(values.loc["b", "per_mu"])


def test_a_race_without_reports_is_empty_not_an_error():
    values, goalposts, *_ = towns.race(race(reports(), town_tasks()), "2022")
    assert values.shape == (2, 0)
    assert towns.rank_intervals(values, goalposts)["reason"].tolist() == ["no_values"] * 2
