"""A town's tasks, standing and enterprises: judged fairly, listed whole, withheld as due."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fenghua
from fenghua.analysis import edition, lead_unit, rhythm, town_profile, town_tasks, towns
from fenghua.display.wording import Words
from fenghua.inputs import rowless
from fenghua.pages import tasks as tasks_of_pages

PARAMETERS = {
    "status_on_track_min": 0.95,
    "status_needs_acceleration_min": 0.60,
    "status_insufficient_min": 0.0,
    "stale_months": 12.0,
    "index_cap_low": 0.0,
    "index_cap_high": 1.2,
    "coverage_min": 0.7,
    "tier_low_quantile": 0.05,
    "tier_high_quantile": 0.95,
    "rank_draws": 200.0,
    "rank_pair_share": 0.9,
    "weight_concentration": 1.0,
}
NO_FIGURES = pd.DataFrame(columns=["indicator_id", "area_code", "period"], dtype=object)


def dataset(reports, tasks, *, kinds=("town", "town", "zone")):
    indicators = pd.DataFrame(
        {
            "indicator_id": ["closed", "upgraded"],
            "kind": "cumulative",
            "direction": 1,
            "is_count": True,
            "block": ["phase_out", "quality"],
        }
    )
    targets = pd.DataFrame(
        {"indicator_id": ["closed"], "role": "target", "year": [2023], "value": [60.0]}
    )
    return SimpleNamespace(
        indicators=indicators,
        targets=targets,
        town_reports=pd.DataFrame(
            reports, columns=["indicator_id", "town_code", "period", "value"]
        ),
        town_tasks=pd.DataFrame(tasks, columns=["indicator_id", "town_code", "year", "value"]),
        towns=pd.DataFrame({"town_code": list("abz"), "kind": kinds}),
        plan={"base_year": 2020},
        parameters=PARAMETERS,
    )


def tasks(name="closed", **ends):
    return [(name, town, 2020 + n, n * end / 3) for town, end in ends.items() for n in (1, 2, 3)]


def judged(value, *, as_of="2022", period="2022", task=30.0):
    ds = dataset([("closed", "a", period, value)], tasks(a=task))
    return town_tasks.judged(ds, as_of).iloc[0]


def test_a_town_on_its_path_is_on_track_and_behind_it_is_banded():
    # at end-2022 the task of 2022 itself has fallen due
    assert judged(20.0)["status"] == "met"
    assert judged(19.0)["status"] == "missed"
    assert judged(25.0, as_of="2023-06", period="2023-06")["status"] == "on_track"
    assert judged(20.0, as_of="2023-06", period="2023-06")["status"] == "needs_acceleration"
    assert judged(10.0, as_of="2023-06", period="2023-06")["status"] == "insufficient"
    assert judged(-1.0, as_of="2023-06", period="2023-06")["status"] == "moving_away"


def test_what_is_to_be_caught_up_is_whole_and_counted_to_the_next_quarter():
    row = judged(20.0, as_of="2023-06", period="2023-06")
    # the path asks for 27.5 by the third quarter: whole firms, so 28
    assert row["next_quarter"] == "2023-Q3"
    assert (row["next_planned"], row["to_catch_up"]) == (28.0, 8.0)


def test_a_task_that_asks_for_nothing_is_not_judged():
    row = judged(0.0, task=0.0)
    assert (row["status"], row["reason"]) == ("not_assessable", "base_meets_task")


def test_no_verdict_without_a_figure_of_the_due_date_unless_met_early():
    open_task = judged(19.0, period="2022-06")
    assert (open_task["status"], open_task["reason"]) == ("not_assessable", "no_value_at_milestone")
    assert judged(20.0, period="2022-06")["status"] == "met"


def test_a_later_figure_makes_no_missed_task_good():
    reports = [("closed", "a", "2023", 28.0), ("closed", "a", "2024", 33.0)]
    ds = dataset(reports, tasks(a=30))
    for as_of in ("2023", "2024", "2025-06"):
        row = town_tasks.judged(ds, as_of).iloc[0]
        assert (row["status"], row["value"], row["age_months"]) == ("missed", 28.0, 0)
    assert towns.standing(ds, "2024").loc["a", "score"] == pytest.approx(28 / 30)
    parts = SimpleNamespace(**town_tasks.evidence(ds, "2025-06", ["a"]))
    assert town_tasks.judged(parts, "2025-06")["status"].tolist() == ["missed"]


def test_a_figure_is_judged_by_the_path_of_its_own_date():
    assert judged(20.0, as_of="2023-06", period="2022")["status"] == "on_track"
    assert judged(13.0, as_of="2023-06", period="2022")["status"] == "needs_acceleration"
    early = judged(0.0, as_of="2023-06", period="2020")
    assert (early["status"], early["reason"]) == ("not_assessable", "nothing_due_yet")


def test_an_old_report_is_flagged():
    row = judged(20.0, as_of="2023-06", period="2022-01")
    assert row["is_stale"] and row["age_months"] == 17


def test_keeping_pace_with_a_debt_passes_one_yardstick_only():
    # 5 a year behind since 2021: what 2022 asked was done, the path was not reached
    ds = dataset(
        [("closed", "a", "2021", 5.0), ("closed", "a", "2022", 15.0)],
        [
            ("closed", "a", year, value)
            for year, value in ((2021, 10.0), (2022, 20.0), (2023, 30.0))
        ],
    )
    row = town_tasks.yardsticks(ds, 2022).iloc[0]
    assert (row["asked"], row["done"], row["annual_share"]) == (10.0, 10.0, 1.0)
    assert row["path_share"] == pytest.approx(0.75)
    assert row["is_annual_met"] and not row["is_path_met"]
    assert len(tasks_of_pages.appraised(ds, "2022")) == 1
    assert tasks_of_pages.appraised(ds, "2022-Q2").empty


def standing(include_zones=False):
    reports = [
        (name, town, "2023", value)
        for name in ("closed", "upgraded")
        for town, value in (("a", 30.0), ("b", 15.0), ("z", 24.0))
    ]
    ds = dataset(reports, [*tasks(a=30, b=30, z=30), *tasks("upgraded", a=30, b=30, z=30)])
    return towns.standing(ds, "2023", include_zones=include_zones)


def test_a_zone_stands_beside_the_towns_unless_the_run_ranks_it():
    apart = standing().loc["z"]
    assert (apart["reason"], apart["score"]) == ("zone_apart", pytest.approx(0.8))
    assert np.isnan(apart["nominal_rank"])
    assert standing(include_zones=True).loc["z", "nominal_rank"] == 2
    assert standing().loc["b", "nominal_rank"] == 2


def late_dataset(period, *, at="2023"):
    """Towns a and b, whose second indicator is reported for an earlier period by b."""
    reports = [
        ("closed", "a", at, 30.0),
        ("closed", "b", at, 15.0),
        ("upgraded", "a", at, 30.0),
        ("upgraded", "b", period, 15.0),
    ]
    return dataset(reports, [*tasks(a=30, b=30), *tasks("upgraded", a=30, b=30)])


def test_a_town_ranked_on_an_older_report_shows_its_period():
    found = towns.standing(late_dataset("2023-09"), "2023")
    assert found["is_older_report"].to_dict() == {"a": False, "b": True, "z": False}
    assert found["period"].fillna("").to_dict() == {"a": "2023", "b": "2023-09", "z": ""}
    assert found.loc["b", "nominal_rank"] == 2


def test_a_yearly_figure_is_no_older_report_where_all_report_it_yearly():
    reports = [
        (name, town, period, 10.0)
        for name, period in (("closed", "2023-06"), ("upgraded", "2022"))
        for town in "ab"
    ]
    ds = dataset(reports, [*tasks(a=30, b=30), *tasks("upgraded", a=30, b=30)])
    assert not towns.standing(ds, "2023-06")["is_older_report"].any()


def test_a_stale_report_is_scored_and_does_not_count_as_reported():
    found = towns.standing(late_dataset("2022-11"), "2023").loc["b"]
    assert (found["known_share"], found["missing"]) == (0.5, "")
    assert found["reason"] == "below_coverage" and np.isnan(found["score"])
    entered = towns.race(late_dataset("2022-11"), "2023")
    assert entered.values.loc["b", "upgraded"] == 0.5 and entered.stale.loc["b", "upgraded"]
    lenient = {"cap": (0.0, 1.2), "coverage": 0.5}
    assert towns.composite(*entered[:2], stale=entered.stale, **lenient)["b"] == 0.5
    on_the_edge = towns.standing(late_dataset("2022"), "2023").loc["b"]
    assert on_the_edge["known_share"] == 1.0 and on_the_edge["is_older_report"]


def test_a_stale_report_is_flagged_where_all_have_one():
    reports = [
        (name, town, period, 10.0)
        for name, period in (("closed", "2023-06"), ("upgraded", "2022-03"))
        for town in "ab"
    ]
    ds = dataset(reports, [*tasks(a=30, b=30), *tasks("upgraded", a=30, b=30)])
    found = towns.standing(ds, "2023-06").loc["a"]
    assert found["is_older_report"] and found["period"] == "2022-03"


def test_the_next_step_lies_on_the_path_of_the_next_task_and_ends_with_the_last():
    ds = dataset(
        [("closed", "a", "2022", 15.0)],
        [
            ("closed", "a", year, value)
            for year, value in ((2021, 10.0), (2022, 20.0), (2023, 29.0))
        ],
    )
    step = town_tasks.next_steps(ds, "2022").iloc[0]
    assert (step["by"], step["goal"], step["more"]) == ("2023-Q1", 23.0, 8.0)  # 20 + 9 / 4, whole
    assert np.isnan(town_tasks.next_steps(ds, "2023")["goal"]).all()


def test_what_is_counted_goes_into_the_race_as_things_to_do():
    values, _, counts, _ = towns.race(late_dataset("2023"), "2023")
    assert counts.loc["a"].to_dict() == {"closed": 30.0, "upgraded": 30.0}
    assert values.loc["b", "closed"] == 0.5


def plants(*sizes, town="a", owned=True):
    return [(town, 10.0, size, owned) for size in sizes]


def frame(rows):
    table = pd.DataFrame(rows, columns=["town_code", "land_mu", "tax_wan", "is_district_owned"])
    table = table.assign(is_above_scale=True, enterprise_id=[f"E{i}" for i in range(len(table))])
    return table.assign(**dict.fromkeys(["value_added_wan", "employees", "energy_tce"], 1.0))


def per_mu(rows, audience="public"):
    towns = pd.DataFrame({"town_code": list("abcd"), "kind": "town"})
    ds = SimpleNamespace(
        enterprises=frame(rows).assign(year=2022), towns=towns, parameters=PARAMETERS
    )
    return town_profile.profile(ds, 2022, audience=audience)


ROWS = [
    *plants(10, 20, 30),
    *plants(40, 50, 60, town="b"),
    *plants(9, 9, town="c"),
    *plants(5000, town="a", owned=False),
]


def test_per_mu_figures_leave_the_dominant_plant_out_and_pool_the_rest():
    found = per_mu(ROWS, audience="internal")
    assert found.loc["a", "tax_per_mu_wan"] == 2.0
    assert found.loc["a", "whole_tax_per_mu_wan"] == pytest.approx(5060 / 40)
    assert found.loc["d", "reason"] == "no_enterprises"


def test_no_enterprises_at_all_is_said():
    assert (per_mu([], audience="internal")["reason"] == "no_enterprises").all()
    nothing = frame([]).assign(adjusted_grade="")
    assert town_profile.land_shares(nothing, pd.Index(["a"])).isna().all(axis=None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("ABCD")), max_size=60))
def test_shares_of_land_add_up(pairs):
    firms = pd.DataFrame(pairs, columns=["town_code", "adjusted_grade"]).assign(land_mu=10.0)
    found = town_profile.land_shares(firms, pd.Index(list("abcd")))
    assert found.dropna(subset="withheld").sum(axis=1).round(9).eq(1.0).all()


def test_movement_counts_each_town():
    def year(number, firms):
        return pd.DataFrame(firms, columns=["town_code", "enterprise_id"]).assign(year=number)

    stay = [(town, f"{town}{i}") for town in "ab" for i in range(5)]
    rows = [
        year(2021, [*stay, ("a", "gone")]),
        year(2022, [*stay, *[("b", f"n{i}") for i in range(4)]]),
    ]
    ds = SimpleNamespace(enterprises=pd.concat(rows), parameters=PARAMETERS)
    whole = town_profile.movements(ds, 2022, audience="internal")
    assert whole.loc["total"].to_dict() == {"entered": 4.0, "left": 1.0, "stayed": 10.0}
    assert town_profile.movements(ds, 2021, audience="internal").empty


def test_the_public_has_what_the_edition_prints_and_cannot_ask_for_more():
    ds = rowless.public(fenghua.load())
    year = town_profile.enterprise_year(ds, "2024-Q2", audience="public")
    assert year == 2023
    figures = edition.read(ds, year)
    profile = town_profile.profile(ds, year, audience="public")
    tax = edition.ratio(figures, "town", "tax_per_mu_wan")["value"]
    assert profile.loc["330213001", "tax_per_mu_wan"] == tax["330213001"]
    assert (profile["tax_per_mu_wan_error"].dropna() > 0).all()
    units = ds.towns.loc[ds.towns["kind"] != "zone", "town_code"]
    land = town_profile.class_land(ds, year, "", units, audience="public")
    shares = land[[*"ABCD", "ungraded"]]
    assert ((shares * 100 - (shares * 100).round()).abs().fillna(0) < 1e-9).all(axis=None)
    moves = town_profile.movements(ds, year, audience="public")
    assert (moves.dropna() % 5 == 0).all(axis=None)
    assert town_profile.low_efficiency(ds, year, "", "330213001", audience="public").empty
    with pytest.raises(ValueError, match="has the classes of"):
        town_profile.class_land(ds, year, "huangyan_2022", units, audience="public")
    nothing = town_profile.profile(ds, 0, audience="public")
    assert (nothing["reason"] == "no_enterprises").all()


def test_since_last_keeps_data_and_verdict_apart():
    def issue(value, status, period):
        row = {"indicator_id": ["x"], "period": period, "value": value, "status": status}
        return pd.DataFrame(row)

    issues = {"2021": issue(1.0, "on_track", "2021"), "2022": issue(1.0, "insufficient", "2021")}
    row = rhythm.since_last(issues).iloc[0]
    assert (row["data"], row["status_before"], row["cause"]) == ("", "on_track", "time")
    assert row["issue:2021"] == "on_track"
    assert rhythm.since_last({"2022": issues["2022"]}).empty


def test_debts_list_missing_figures_before_stale_ones():
    rows = pd.DataFrame(
        {
            "reason": ["", "no_observation", "target_not_assigned", ""],
            "flags": ["stale;revised", "", "", ""],
            "age_months": [20.0, np.nan, np.nan, 1.0],
            "period": ["2022", "", "", "2024"],
            "as_of": "2024-06",
            "milestone_year": np.nan,
            "base_year": 2020,
            "kind": "level",
        }
    )
    found = lead_unit.debts(rows, NO_FIGURES, stale_months=12)
    assert found["owed"].tolist() == ["missing", "stale"]
    # A missing figure is due with the period, an old one a year after it.
    assert found["due_period"].tolist() == ["2024-06", "2023-12"]


def owed(as_of, kind="level", reason="no_observation", years=(), at=np.nan):
    row = {"indicator_id": ["i"], "area_code": "a", "reason": reason, "flags": "", "kind": kind}
    row |= {"age_months": np.nan, "period": "", "as_of": as_of, "milestone_year": np.nan}
    seen = {"indicator_id": "i", "area_code": "a", "period": [str(year) for year in years]}
    row |= {"base_year": 2020.0, "observed_at": at}
    rows, seen = pd.DataFrame(row), pd.DataFrame(seen, columns=list(NO_FIGURES))
    return lead_unit.debts(rows, seen, stale_months=12)["due_period"].tolist()


def test_no_figure_is_missing_before_it_is_due():
    # Half a year after the base year its figure is not old, and none of a later one is due.
    assert owed("2021-06") == owed("2021-06", "annual") == []
    assert owed("2021") == ["2021-12"] and owed("2022-06") == ["2022-06"]
    # A yearly task is reported on when its year is over.
    assert owed("2022-06", "annual") == ["2021-12"] and owed("2022", "annual") == ["2022-12"]


def test_a_broken_chain_lacks_the_year_that_breaks_it():
    chain = {"kind": "growth", "reason": "broken_chain"}
    assert owed("2025", **chain, years=(2021, 2022, 2023, 2025), at=2025.0) == ["2024-12"]
    assert owed("2026-06", **chain, years=(2021, 2023, 2025), at=2025.0) == ["2022-12"]


def test_a_start_that_is_to_be_observed_lacks_the_figure_of_the_base_year():
    """The newest figure is there: what is owed is the first one, not that of the period."""
    start = {"reason": "no_baseline", "years": (2022, 2023), "at": 2023.0}
    assert owed("2023", **start) == owed("2023", "annual", **start) == ["2020-12"]


def test_clauses_stand_in_the_order_of_the_plan():
    names = ["四(一)", "三(二)7", "三(一)10", "三(一)2", "表1"]
    units = pd.DataFrame({"clause": names, "unit_id": "u", "role": "responsible"})
    register = pd.DataFrame(
        {"indicator_id": ["i"], "lead_unit_ids": ["u"], "scope": ["text"], "clause": ["三(一)2"]}
    )
    found = lead_unit.clauses(units, register, "u")
    assert found["clause"].tolist() == ["表1", "三(一)2", "三(一)10", "三(二)7", "四(一)"]
    assert found["indicator_ids"].tolist() == ["", "i", "", "", ""]


def test_a_published_sum_of_a_part_of_a_year_says_since_when() -> None:
    ds = fenghua.load(Path(__file__).parent / "plans" / "lanxi")
    words = Words("zh-Hans")
    told = [
        tasks_of_pages.summed(town_profile.published(ds, at), words) for at in ("2017-Q2", "2018")
    ]
    assert [table["published_period"].tolist() for table in told] == [
        ["2017年第二季度（年初以来累计）"],
        ["2018年"],
    ]
