"""Pages of a plan with falling, ranged and capped targets say what their own tables hold."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from told import read
from truths import CHECKS

from fenghua import report

ROOT = Path(__file__).parents[1]
LANGUAGES = ("zh-Hans", "en")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return what each page says, by its place: period, language, name."""
    out, pages = tmp_path_factory.mktemp("lanxi"), {}
    for period in ("2017-Q2", "2018", "2021"):
        said = []
        code = report.report(
            data=ROOT / "tests/plans/lanxi", as_of=period, out=out, jobs=0, langs=LANGUAGES,
            notebooks=ROOT / "notebooks", echo=said.append, progress=False,
        )  # fmt: skip
        assert code == 0, said
    for path in sorted(out.glob("*/*/public/*.html")):
        page = read(path, out)
        pages[page.name] = page
    return pages


def test_every_sentence_follows_from_the_tables_of_its_page(told) -> None:
    checked = [page for page in told.values() if page.brief in CHECKS]
    faults = [f"{page.name}: {x}" for page in checked for x in CHECKS[page.brief](page)]
    assert len(checked) >= 40 and not faults, "\n".join(faults)


def test_towns_are_parts_of_a_total_and_their_rates_are_not_added(told) -> None:
    page = told["2018/en/public/town_comparison.html"]
    (at,) = [at for at, title in page.titles.items() if title.startswith("Each town’s share")]
    shares = page.tables[at]["New above-scale firms, cumulative"].tolist()
    (sums,) = [t for t in page.tables.values() if page.found("sum_of_tasks", t)]
    assert not sums["indicator_id"].eq("dust").any()
    assert shares == pytest.approx(
        [9 / 22, 4 / 22, 9 / 22]
    )  # of 22 since 2015, not of the year's 9


def test_the_points_of_the_plans_text_print_both_ends_of_a_range(told) -> None:
    points = told["2018/en/public/plan_audit.html"].tables["t2"].set_index("indicator_id")
    assert points.loc["pm", ["Figure in the other", "value_high_b"]].tolist() == [30, 35]
    assert points.loc["firms", ["Figure in one", "value_high_a"]].tolist() == [20, 25]
    assert points.loc["share", "Unit"].fillna("").tolist() == ["%", ""]  # of no figure, no unit


def test_a_range_is_noted_where_it_decides_and_a_limit_is_held(told) -> None:
    rows = told["2018/en/public/gaps.html"].tables["t1"].set_index("indicator_id")
    notes = rows["flags"].fillna("")
    assert "range_target" not in notes["pm"] and "range_target" in notes["firms"]
    rows = told["2017-Q2/en/public/gaps.html"].tables["t1"].set_index("indicator_id")
    path = rows.loc["water", rows.columns.str.startswith("Planned path")].tolist()
    assert path == [83.8] and "_mode" in rows.loc["water", "flags"]  # data; the page prints none
    assert "partial_year" not in str(rows.loc["firms", "flags"])


def test_a_plan_of_one_target_year_begins_with_the_pace_it_asks_for(tmp_path) -> None:
    plan = shutil.copytree(ROOT / "tests/plans/lanxi", tmp_path / "one")
    path = plan / "plan/targets.csv"
    goals = pd.read_csv(path, dtype=str, keep_default_na=False)
    goals["year"] = goals["year"].replace({"2017": "2020"})
    goals[goals["year"].isin(["2015", "2020"])].to_csv(path, index=False)
    options = {"briefs": ["trajectories"], "notebooks": ROOT / "notebooks", "jobs": 0}
    options |= {"out": tmp_path / "out", "echo": lambda _: None, "progress": False}
    assert report.report(data=plan, as_of="2016", **options) == 0
    page = read(tmp_path / "out/2016/zh-Hans/public/trajectories.html", tmp_path / "out")
    assert page.headline.startswith("起步：可比较的 ")
    assert "；降尘量尚须每年" in page.headline
    assert [*CHECKS[page.brief](page)] == []
