"""What a set of verdicts amounts to, and that every code it can carry has its word."""

import pytest

import fenghua
from fenghua.analysis import course, gap, outlook
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
    ahead = outlook.table(course.courses(ds, ids, as_of=as_of))
    used |= {f"basis.{code}" for code in ahead["basis"] if code}
    used |= {f"why.{code}" for code in ahead["reason"] if code}
    used |= {f"word.{code}" for code in ahead["word"] if code}
    assert used - set(catalogue()) == set()


def test_series_of_a_chart_starts_at_the_base_and_passes_its_milestones(ds) -> None:
    key = "outdated_capacity_closed"
    frame = course.series(course.courses(ds, [key], as_of="2023-06")[key])
    path = frame[frame["series"] == "path"].set_index("t")["value"]
    assert path[2020.0] == 17 and path[2023.0] == pytest.approx(100) and path[2025.0] == 200
    seen = frame[frame["series"] == "observation"]
    assert seen["t"].max() == 2022.5 and seen["value"].iloc[0] == 17


@pytest.mark.parametrize("as_of", PERIODS)
def test_every_indicator_with_a_path_can_be_drawn_at_any_time(ds, as_of) -> None:
    ids = ds.indicators["indicator_id"]
    for known in course.courses(ds, ids, as_of=as_of).values():
        frame = course.series(known)
        assert frame.empty or {"path", "milestone"} <= set(frame["series"])
