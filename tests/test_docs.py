"""The documents are current, their links lead somewhere, and their words are the code's."""

import csv
import re
import sys
from pathlib import Path

import pytest

from fenghua.inputs import vocabulary

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "CONTRIBUTING.md"])


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_method_handbook_is_what_the_code_computes_today():
    import build_methods

    written = (DOCS / "methods.md").read_text(encoding="utf-8")
    assert written == build_methods.built(), "run: python docs/build_methods.py"


def test_a_worked_example_that_does_not_exist_is_an_error():
    import build_methods

    with pytest.raises(KeyError, match="0 worked examples"):
        build_methods.case("no such case")


def test_dictionary_of_columns_is_what_the_functions_return_today():
    import build_columns

    written = (DOCS / "columns.md").read_text(encoding="utf-8")
    assert written == build_columns.built(), "run: python docs/build_columns.py"


def test_every_returned_column_has_one_meaning_and_every_meaning_a_column():
    import build_columns

    rows = read(DOCS / "columns.csv")
    names = [row["column"] for row in rows]
    assert names == sorted(set(names))
    told = build_columns.returned().values()
    assert {name for each in told for name in each.columns} == set(names)
    for row in rows:
        assert row["meaning_en"] and row["meaning_zh"] and None not in row, row["column"]


def test_a_heading_of_another_column_is_an_error():
    import build_columns

    assert build_columns.heading("pace", "reading_pace") == (
        "保持上年步子",
        "Last year’s pace kept",
    )
    with pytest.raises(KeyError, match="'reading_pace' shows 'pace', not 'shape'"):
        build_columns.heading("shape", "reading_pace")


def test_picture_of_the_rooms_is_drawn_from_the_imports_of_today():
    import draw_rooms

    drawn = (DOCS / "architecture.svg").read_text(encoding="utf-8")
    assert drawn == draw_rooms.svg(), "run: python docs/draw_rooms.py"


def test_picture_shows_every_module_and_no_stair_that_goes_up():
    import draw_rooms

    house, floors = draw_rooms.graph(), draw_rooms.FLOORS
    drawn = draw_rooms.svg()
    for name, targets in house.items():
        assert f">{name.partition('.')[2] or name}<" in drawn or name in floors
        for target in targets:
            above, below = (floors.index(n.split(".")[0]) for n in (name, target))
            assert above <= below, f"{name} imports {target}"


@pytest.mark.parametrize("page", PAGES, ids=[p.relative_to(ROOT).as_posix() for p in PAGES])
def test_links_to_files_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", link):
            assert (page.parent / link).exists(), link


def test_assumptions_say_why_how_sure_and_how_much_it_matters():
    sources = {row["source_id"] for row in read(ROOT / "data/raw/plan/sources.csv")}
    rows = read(DOCS / "assumptions.csv")
    assert len({row["assumption_id"] for row in rows}) == len(rows) >= 15
    for row in rows:
        assert all(row.values()) and None not in row, row["assumption_id"]
        assert row["quality"] in ("high", "medium", "low") and row["impact"] in (
            "high",
            "medium",
            "low",
        )
        assert row["source_id"] in sources, row["assumption_id"]
        place = row["where"].split(" ")[0]
        assert (ROOT / place).exists() or (DOCS / place).exists(), place


def glossary() -> list[list[str]]:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_glossary_speaks_three_languages_and_each_term_once():
    from opencc import OpenCC

    rows = glossary()
    assert all(len(row) == 5 and all(row) for row in rows)
    assert len({row[0] for row in rows}) == len(rows)
    for _, hans, hant, *_ in rows:
        assert OpenCC("t2s").convert(hant) == hans, hant


def test_glossary_names_what_exists():
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "fenghua").rglob("*.py"))
    code += "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "fenghua").rglob("*.csv"))
    for row in glossary():
        for name in re.findall(r"`([a-z_0-9]+)\*?`", row[3]):
            assert name.rstrip("_") in code, name


def test_statuses_and_kinds_are_explained():
    handbook = (DOCS / "methods.md").read_text(encoding="utf-8")
    for kind in vocabulary.KINDS:
        assert f"\n| {kind} " in handbook, kind
    for status in ("achieved", "met", "missed", "not_assessable"):
        assert f"`{status}`" in handbook


def test_documents_name_no_place_of_a_machine():
    for page in [*PAGES, *DOCS.glob("*.csv"), *DOCS.glob("*.py"), *DOCS.glob("*.svg")]:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.])/(home|work|tmp|root|Users)/", text), page.name


def test_the_tour_runs_as_written_and_every_place_it_names_is_there(tmp_path, monkeypatch):
    text = (DOCS / "tour.md").read_text(encoding="utf-8")
    for name in ("data", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    told: dict[str, object] = {}
    for block in re.findall(r"^```python\n(.*?)^```", text, re.S | re.M):
        exec(compile(block, "tour.md", "exec"), told)
    prose = re.sub(r"^```python\n.*?^```", "", text, flags=re.S | re.M)
    for place in re.findall(r"`([\w/]+\.(?:py|csv|ipynb|css))`", prose):
        assert (ROOT / place).is_file(), place
    pairs = re.findall(r"`([\w/]+\.py)`\s`(\w+)`", prose)
    pairs += [(path, name) for name, path in re.findall(r"`(\w+)` in `([\w/]+\.py)`", prose)]
    assert len(pairs) > 15
    for path, name in pairs:
        code = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^(?:def|class) {name}\b", code, re.M), f"{path} {name}"
