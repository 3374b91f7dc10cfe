"""The examples that ship: real plans and areas, which load and say what they are."""

from pathlib import Path

import pandas as pd
import pytest

import fenghua
from fenghua import needs, report
from fenghua.analysis import audit, gap
from fenghua.inputs import dataset

EXAMPLES = Path(__file__).parents[1] / "data/examples"
PLACES = ["lishui", "lucheng", "ningbo", "zhejiang"]
PLANS = ["ningbo", "zhejiang"]


def test_no_example_is_left_out():
    assert sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()) == PLACES


@pytest.mark.parametrize("place", PLACES)
def test_an_example_has_no_problem_and_is_not_synthetic(place):
    assert dataset.check(EXAMPLES / place) == []
    assert not fenghua.load(EXAMPLES / place).is_synthetic


@pytest.mark.parametrize("place", ["lishui", "lucheng"])
def test_what_is_a_yardstick_is_never_said_to_be_met(place, tmp_path):
    """The source sets no target: areas are compared, and no page judges them."""
    ds = fenghua.load(EXAMPLES / place)
    assert set(ds.targets["role"]) == {"baseline", "yardstick"} and "targets" not in needs.held(ds)
    assert set(gap.assess(ds, as_of=ds.plan["end_year"])["status"]) == {"not_assessable"}
    said: list[str] = []
    wanted = {"data": EXAMPLES / place, "briefs": ["gaps"], "out": tmp_path, "echo": said.append}
    assert report.report(**wanted) == 2
    assert said == ["gaps left out: the data have no targets"]


@pytest.mark.parametrize("place", PLANS)
def test_every_figure_of_a_reported_plan_has_its_source_and_says_how_sure_it_is(place):
    ds = fenghua.load(EXAMPLES / place)
    assert set(ds.targets["confidence"]) <= {"high", "medium", "low"}
    assert (ds.targets["printed"] != "").all()
    assert set(ds.targets["source_id"]) <= set(ds.sources["source_id"])
    # None is the plan's own text: all come from reports and reprints, and each says so.
    used = ds.sources[ds.sources["source_id"].isin(ds.targets["source_id"])]
    assert (used["kind"] == "published").all() and (used["note"] != "").all()


@pytest.mark.parametrize("place", PLANS)
def test_a_reported_plan_has_no_baseline_and_none_is_put_in_its_place(place):
    ds = fenghua.load(EXAMPLES / place)
    assert (ds.targets["role"] == "target").all()
    found = audit.findings(ds)
    levels = ds.indicators.loc[ds.indicators["start"] == "observed", "indicator_id"]
    without = found.loc[found["message_key"] == "baseline_not_printed", "indicator_id"]
    assert set(without) == set(levels)
    assert not found["message_key"].eq("lead_unit_not_named").any()  # none is reported
    assert audit.schedule_shape(ds).empty and audit.implied_rates(ds).empty


def test_the_city_is_judged_only_by_what_is_published():
    assessed = gap.assess(fenghua.load(EXAMPLES / "ningbo"), as_of="2022-Q3")
    assessed = assessed.set_index("indicator_id")
    # 612 of 2,000 in 1.75 of 5 years: the path is at 700.
    closed = assessed.loc["outdated_capacity_closed"]
    assert closed["schedule_index"] == pytest.approx(612 / 700)
    assert assessed.loc["tax_per_mu", "reason"] == "no_baseline"
    others = assessed.drop(["outdated_capacity_closed", "tax_per_mu"])
    assert set(others["reason"]) == {"no_observation"}


def test_the_province_has_figures_of_its_base_year_alone():
    ds = fenghua.load(EXAMPLES / "zhejiang")
    assert set(ds.observations["period"]) == {"2020"}
    published = pd.read_csv(EXAMPLES.parent / "raw/reference/published_observations.csv", dtype=str)
    for row in ds.observations.itertuples():
        same = published[published["source_id"] == row.source_id]
        assert row.value in same["value"].str.replace(",", "").pipe(pd.to_numeric).tolist()


def test_a_score_without_tasks_is_not_said_to_count_tasks(tmp_path):
    said = []
    code = report.report(
        data=EXAMPLES / "lucheng", out=tmp_path, jobs=0, langs=("en",), briefs=("town_brief",),
        town="330302-03", echo=said.append, progress=False,
    )  # fmt: skip
    assert code == 0, said
    (page,) = (path for path in tmp_path.rglob("town_brief-*.html"))
    text = page.read_text(encoding="utf-8")
    assert "100: all done" not in text and "100 = all done" not in text
    assert "Score 100: the plan’s figure for the district" in text
