"""Public runs from end to end: editions made, kept, found changed, revised, refused."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from fenghua import report

ROOT = Path(__file__).parents[1]
PAGE = "2023/en/public/per_mu_efficiency.html"


@pytest.fixture
def place(tmp_path):
    """A folder with the registers and two years of two hundred enterprises, without an edition."""
    data = tmp_path / "data/raw"
    shutil.copytree(ROOT / "data/raw", data)
    ids = None
    for path in sorted((data / "demo").glob("enterprises_*.csv")):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        ids = rows["enterprise_id"].iloc[2:202] if ids is None else ids
        rows = rows[rows["enterprise_id"].isin(ids)]
        path.unlink()
        if path.stem[-4:] in ("2022", "2023"):
            rows.to_csv(path, index=False, lineterminator="\n")
    return tmp_path


def run(place, **options):
    said = []
    given = {"data": place / "data/raw", "out": place / "reports", "as_of": "2023", "jobs": 0}
    given |= {"briefs": ["per_mu_efficiency"], "langs": ["en"], "progress": False}
    return report.report(echo=said.append, **(given | options)), "\n".join(said)


def tree(folder):
    return {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_change_is_told_waits_and_is_taken_by_a_revision(place):
    code, said = run(place)
    assert code == 0 and "making the public edition of 2022, 2023" in said
    first = (place / "reports" / PAGE).read_text(encoding="utf-8")
    assert "have changed since" not in first
    kept = tree(place / "data/editions")
    path = place / "data/raw/demo/enterprises_2023.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows.loc[5, "tax_wan"] = f"{float(rows.loc[5, 'tax_wan']) * 1.5:.2f}"
    rows.to_csv(path, index=False, lineterminator="\n")
    assert run(place)[0] == 0
    second = (place / "reports" / PAGE).read_text(encoding="utf-8")
    assert "have changed since: this edition stands as published" in second
    assert tree(place / "data/editions") == kept
    code, said = run(place, revise=True)
    assert code == 0 and "making the public edition of 2023, revised" in said
    assert "have changed since" not in (place / "reports" / PAGE).read_text(encoding="utf-8")
    record = json.loads((place / "data/editions/demo/2023/edition.json").read_text("utf-8"))
    assert record["revision"] == 1
    aside = place / "data/editions/demo/2023/superseded-1/figures.csv"
    assert aside.read_bytes() == kept[place / "data/editions/demo/2023/figures.csv"]
    code, said = run(place, revise=True)
    assert code == 2 and "nothing to revise" in said


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("reference/parameters.csv", "edition_q,0.10,", "edition_q,0.20,", "rules is "),
        ("reference/parameters.csv", "edition_q,0.10,", "edition_q,0.05,", "allowed 0.1 to 0.5"),
        ("reference/edition.csv", "DEMO000002", "DEMO000003", "scope is "),
        ("plan/plan.csv", "fenghua_2022_14,", "elsewhere,", "plan_id is "),
    ],
)
def test_an_edition_of_other_rules_scope_or_plan_is_refused_and_nothing_written(
    tmp_path, file, old, new, said
):
    shutil.copytree(ROOT / "data/raw", tmp_path / "data/raw")
    shutil.copytree(ROOT / "data/editions/demo", tmp_path / "data/editions/demo")
    path = tmp_path / "data/raw" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    before = tree(tmp_path)
    code, told = run(tmp_path)
    assert code == 2 and said in told
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"audience": "press"}, "audience is 'press'; allowed: public, internal"),
        ({"audience": "internal", "revise": True}, "use it with --audience public"),
    ],
)
def test_a_wrong_audience_is_refused_and_nothing_written(place, options, said):
    before = tree(place)
    code, told = run(place, **options)
    assert code == 2 and said in told
    assert tree(place) == before


def test_an_internal_run_into_the_public_folder_is_refused(place):
    assert run(place)[0] == 0
    before = tree(place)
    code, told = run(place, audience="internal")
    assert code == 2 and "holds public pages; internal pages need a folder of their own" in told
    assert tree(place) == before


def test_a_town_of_too_few_has_no_per_mu_page_and_its_brief_says_why(tmp_path):
    shutil.copytree(ROOT / "data/raw", tmp_path / "data/raw")
    shutil.copytree(ROOT / "data/editions/demo", tmp_path / "data/editions/demo")
    path = tmp_path / "data/editions/demo/2023/figures.csv"
    figures = pd.read_csv(path, dtype=str, keep_default_na=False)
    own = figures["table"].str.startswith("town") & figures["key"].str.startswith("330213107")
    figures.loc[own, ["n", "printed", "half"]] = ""
    figures.loc[own, "reason"] = "few"
    figures.to_csv(path, index=False, lineterminator="\n")
    code, said = run(tmp_path, town="330213107")
    assert code == 2 and "town is '330213107': the public edition does not print it" in said
    assert not (tmp_path / "reports").exists()
    assert run(tmp_path, town="330213107", briefs=[])[0] == 0
    page = (tmp_path / "reports/2023/en/public/town_brief-330213107.html").read_text("utf-8")
    assert "fewer than three enterprises, withheld" in page
