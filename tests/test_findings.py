"""What a set of verdicts amounts to, and that every code it can carry has its word."""

import pandas as pd
import pytest

import fenghua
from fenghua.analysis import findings, gap, outlook
from fenghua.display.wording import catalogue

PERIODS = ("2020", "2021-03", "2022", "2023-06", "2023", "2024-Q2", "2025", "2026")


@pytest.fixture(scope="module")
def ds():
    return fenghua.load()


@pytest.mark.parametrize("as_of", PERIODS)
def test_every_code_on_a_page_has_its_words(ds, as_of) -> None:
    rows = gap.assess(ds, as_of=as_of)
    used = {f"status.{code}" for code in rows["status"]}
    used |= {f"reason.{code}" for code in rows["reason"] if code}
    used |= {f"flag.{code}" for text in rows["flags"] for code in text.split(";") if code}
    used |= {f"rate.{code}" for code in rows["required_rate_unit"] if code}
    ids = rows.loc[rows["scope"] == "headline", "indicator_id"]
    ahead = outlook.table(outlook.courses(ds, ids, as_of=as_of))
    used |= {f"basis.{code}" for code in ahead["basis"] if code}
    used |= {f"why.{code}" for code in ahead["reason"] if code}
    used |= {f"word.{code}" for code in ahead["word"] if code}
    assert used - set(catalogue()) == set()


def test_counts_by_status_cover_every_indicator(ds) -> None:
    rows = gap.assess(ds, as_of="2023-06")
    assert findings.status_counts(rows).sum() == len(rows) == findings.by_block(rows).sum().sum()


def test_furthest_behind_is_the_lowest_index_before_a_deadline() -> None:
    rows = pd.DataFrame(
        {
            "indicator_id": list("abcd"),
            "status": ["on_track", "insufficient", "moving_away", "needs_acceleration"],
            "schedule_index": [1.1, 0.4, -0.2, 0.7],
            "attainment_next": [1.0, 0.3, -0.1, 0.6],
        }
    )
    assert findings.furthest_behind(rows, n=2)["indicator_id"].tolist() == ["c", "b"]


def test_an_indicator_with_two_lead_units_counts_for_each() -> None:
    rows = pd.DataFrame(
        {
            "indicator_id": ["a", "b"],
            "lead_unit_ids": ["x;y", "x"],
            "status": ["missed", "met"],
        }
    )
    units = findings.by_lead_unit(rows).set_index("unit_id")
    assert units["n"].to_dict() == {"x": 2, "y": 1}
    assert units["behind"].to_dict() == {"x": 1, "y": 1}


@pytest.mark.parametrize("as_of", ["2025", "2026"])
def test_after_the_end_only_verdicts_say_reached_or_short(ds, as_of) -> None:
    rows = gap.assess(ds, as_of=as_of).query("scope == 'headline'")
    ahead = outlook.table(outlook.courses(ds, rows["indicator_id"], as_of=as_of))
    course = findings.reach(rows, ahead).set_index("indicator_id")["course"]
    status = rows.set_index("indicator_id")["status"]
    assert (course[status == "met"] == "reached").all()
    assert (course[status == "missed"] == "falls_short").all()
    assert (course[status == "not_assessable"] == "unknown").all()


def test_text_tasks_leave_out_what_repeats_the_table(ds) -> None:
    rows = gap.assess(ds, as_of="2023")
    tasks = findings.text_tasks(rows, ds.indicators)
    assert "high_tech_firms_text" not in set(tasks["indicator_id"])
    assert "listed_companies" in set(tasks["indicator_id"])


def test_series_of_a_chart_starts_at_the_base_and_passes_its_milestones(ds) -> None:
    key = "outdated_capacity_closed"
    frame = outlook.series(outlook.courses(ds, [key], as_of="2023-06")[key])
    path = frame[frame["series"] == "path"].set_index("t")["value"]
    assert path[2020.0] == 17 and path[2023.0] == pytest.approx(100) and path[2025.0] == 200
    seen = frame[frame["series"] == "observation"]
    assert seen["t"].max() == 2022.5 and seen["value"].iloc[0] == 17


@pytest.mark.parametrize("as_of", PERIODS)
def test_every_indicator_with_a_path_can_be_drawn_at_any_time(ds, as_of) -> None:
    ids = ds.indicators["indicator_id"]
    for course in outlook.courses(ds, ids, as_of=as_of).values():
        frame = outlook.series(course)
        assert frame.empty or {"path", "milestone"} <= set(frame["series"])
