"""The briefs of towns and lead units: each says what it can, none gives a firm away."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from fenghua import report, verify
from fenghua_demo import indicators as demo

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
DAYAN = "330213107"


@pytest.fixture(scope="module")
def actuals(tmp_path_factory):
    """Small synthetic actuals, without the long tail of enterprises."""
    folder = tmp_path_factory.mktemp("small") / "actuals"
    demo.write(folder, enterprises=120)
    return folder


@pytest.fixture
def altered(actuals, tmp_path):
    """A copy of the actuals that a test may change."""
    return Path(shutil.copytree(actuals, tmp_path / "altered"))


def made(out, *briefs, lang="en", as_of="2023-06", data=RAW, **options):
    said = []
    code = report.report(
        as_of=as_of,
        briefs=briefs,
        langs=[lang],
        data=data,
        out=out,
        jobs=0,
        notebooks=ROOT / "notebooks",
        echo=said.append,
        progress=False,
        **options,
    )
    assert code == 0, said
    audience = options.get("audience", "public")
    folder = out / as_of / lang / audience
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}


def heading(page):
    return re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)[1]


def change(folder, table, how):
    path = folder / f"{table}.csv"
    frame = pd.read_csv(path, dtype={"town_code": str, "period": str})
    how(frame).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def test_the_comparison_states_tiers_trust_and_what_does_not_add_up(actuals, tmp_path):
    page = made(tmp_path, "town_comparison", actuals=actuals)["town_comparison"]
    assert "that can be judged are on schedule" in heading(page)
    assert "−20" in page  # tasks short of the plan are shown
    assert "between tiers only the pairs in this table do" in page
    assert "overlaps the towns, stands apart" in page
    assert "too few comparable indicators" in page
    path = tmp_path / "2023-06/en/public/town_comparison.html"
    assert verify.verify(path)[1] == 0


def test_no_public_page_holds_an_enterprise(actuals, tmp_path):
    pages = made(tmp_path, "town_comparison", "town_brief", actuals=actuals, town=DAYAN)
    for page in pages.values():
        assert not re.search(r"DEMO\d|演示企业|PARCEL|PARK\d", page)


def test_an_internal_town_brief_lists_its_low_efficiency_enterprises(actuals, tmp_path):
    page = made(tmp_path, "town_brief", actuals=actuals, town="330213001", audience="internal")
    assert re.search(r"DEMO\d", page["town_brief-330213001"])


def test_a_town_without_reports_is_not_ranked(altered, tmp_path):
    change(altered, "town_reports", lambda rows: rows[rows["town_code"] != DAYAN])
    page = made(tmp_path, "town_brief", actuals=altered, town=DAYAN)[f"town_brief-{DAYAN}"]
    assert "no task can be judged" in heading(page)
    assert "not reported by the town" in page


def test_one_reporting_town_is_not_ranked_against_nobody(altered, tmp_path):
    change(altered, "town_reports", lambda rows: rows[rows["town_code"] == "330213002"])
    page = made(tmp_path, "town_comparison", actuals=altered)["town_comparison"]
    assert "town tasks can be judged" in heading(page)
    assert "there is nothing to rank" in page


def test_equal_towns_share_one_place(altered, tmp_path):
    tasks = pd.read_csv(altered / "town_tasks.csv", dtype={"town_code": str})
    first = tasks["indicator_id"].unique()[:3]
    equal = tasks[tasks["indicator_id"].isin(first) & ~tasks["town_code"].str.endswith("kfq")]
    equal = equal.assign(value=10.0 * (equal["year"] - 2020))
    reports = equal[equal["year"] == 2023].assign(period="2023-06", value=15.0)
    reports = reports[["indicator_id", "town_code", "period", "value", "source_id"]]
    change(altered, "town_tasks", lambda rows: equal)
    change(altered, "town_reports", lambda rows: reports)
    page = made(tmp_path, "town_comparison", actuals=altered)["town_comparison"]
    assert "score the same" in page


def test_no_page_of_towns_is_made_of_nothing(altered, tmp_path):
    (altered / "town_reports.csv").unlink()
    (altered / "town_tasks.csv").unlink()
    for path in altered.glob("enterprises_*.csv"):
        path.unlink()
    (altered / "grade_adjustments.csv").unlink(missing_ok=True)
    with pytest.raises(AssertionError, match="the data have no figures of towns"):
        made(tmp_path, "town_comparison", "town_brief", actuals=altered, town="330213001")


def test_a_town_without_enterprises_says_so(altered, tmp_path):
    for path in altered.glob("enterprises_*.csv"):
        change(altered, path.stem, lambda rows: rows[rows["town_code"] != "330213001"])
    page = made(tmp_path, "town_brief", actuals=altered, town="330213001")
    assert "no enterprise data" in page["town_brief-330213001"]


@pytest.mark.parametrize(("as_of", "is_year"), [("2023-05", False), ("2023", True)])
def test_only_a_year_is_judged_by_two_yardsticks(actuals, tmp_path, as_of, is_year):
    page = made(tmp_path, "town_comparison", actuals=actuals, as_of=as_of)["town_comparison"]
    assert ("two yardsticks" in page) == is_year


@pytest.mark.parametrize(("as_of", "is_scored"), [("2021-03", False), ("2023-05", True)])
def test_a_page_without_scores_explains_none(actuals, tmp_path, as_of, is_scored):
    page = made(tmp_path, "town_comparison", actuals=actuals, as_of=as_of)["town_comparison"]
    assert ("Score: share of each task" in page) == is_scored


def test_a_lead_unit_sees_its_indicators_debts_and_clauses(altered, tmp_path):
    def without(rows):
        return rows[rows["indicator_id"] != "rd_intensity"]

    change(altered, "observations", without)
    page = made(tmp_path, "lead_unit_brief", actuals=altered, lead_unit="keji")
    page = page["lead_unit_brief-keji"]
    assert "leads 2 indicators, 1 can be judged: on schedule" in heading(page)
    assert "R&amp;D" in page and "no figure" in page
    assert "三(二)6" in page or "三（二）6" in page


@pytest.mark.parametrize(
    ("place", "as_of", "stated"),
    [
        ("lishui", "2019", "11 of 45 pairs of counties"),
        ("lucheng", "2020", "29 of 55 pairs of towns"),
    ],
)
def test_the_comparison_runs_on_real_towns(tmp_path, place, as_of, stated):
    data = ROOT / "data" / "examples" / place
    page = made(tmp_path, "town_comparison", data=data, as_of=as_of)["town_comparison"]
    assert "SYNTHETIC" not in page
    assert f"An order can be stated for {stated}" in heading(page)
    assert "not from a statistical release" in page or "the year is not stated" in page


def test_the_examples_hold_the_published_figures():
    published = pd.read_csv(RAW / "reference/county_permu_lishui_2019.csv").set_index("region")
    place = ROOT / "data/examples/lishui"
    names = pd.read_csv(place / "reference/towns.csv").set_index("town_code")["name_zh_hans"]
    shown = pd.read_csv(place / "actuals/town_reports.csv")
    wide = shown.assign(region=shown["town_code"].map(names))
    wide = wide.pivot(index="region", columns="indicator_id", values="value")
    both = published.loc[wide.index, wide.columns]
    pd.testing.assert_frame_equal(both, wide, check_names=False)


def test_town_pages_carry_their_code_for_the_index(actuals, tmp_path):
    made(tmp_path, "town_brief", actuals=actuals, town=DAYAN)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    (page,) = manifest["pages"].values()
    assert page["code"] == DAYAN and "Dayan" in page["name"]


def test_the_verdicts_of_a_town_are_recomputed_from_its_page(actuals, tmp_path):
    (page,) = made(tmp_path, "town_brief", town="330213001", actuals=actuals).values()
    told, code = verify.verify(write(tmp_path / "page.html", page))
    assert code == 0 and "tasks: recomputed with town_tasks.judged@2: agrees" in told
    data = json.loads(re.search(r'id="fenghua-data">(.*?)</script>', page, re.S)[1])
    tasks = next(claim for claim in data["claims"] if claim["figure"] == "tasks")
    rows = tasks["inputs"]["town_reports"]
    at = rows["columns"].index("value")
    rows["data"][-1][at] += 1.0
    bent = page.split('id="fenghua-data">')[0] + 'id="fenghua-data">' + json.dumps(data)
    told, code = verify.verify(write(tmp_path / "bent.html", bent + "</script></body></html>"))
    assert code == 1 and any(line.startswith("tasks,") for line in told)


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path
