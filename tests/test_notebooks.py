"""Notebooks do the analysis in plain pandas that a policy researcher reads and changes."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

from briefpress import engine, parameters

FOLDER = Path(__file__).parents[1] / "notebooks"
BRIEFS = sorted(FOLDER.glob("0*.ipynb"))
STANDARD = {"as_of", "lang", "audience", "data", "actuals"}
CONVERTED = {path.stem for path in BRIEFS}
READING = {"read_csv", "read_excel", "read_parquet", "to_csv", "open", "read_text", "eval", "exec"}
SMALL = {0, 1}  # ends, steps and switches; a threshold stands in a register


def cells(path: Path, kind: str) -> list[dict]:
    every = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in every if cell["cell_type"] == kind]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def test_the_seven_briefs_are_there() -> None:
    assert [path.stem for path in BRIEFS] == [
        "01_plan_audit",
        "02_gaps",
        "03_trajectories",
        "04_per_mu_efficiency",
        "05_town_comparison",
        "06_town_brief",
        "07_lead_unit_brief",
    ]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_stored_without_outputs(path) -> None:
    for cell in cells(path, "code"):
        assert cell["outputs"] == [] and cell["execution_count"] is None


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_code_cells_are_few_and_short(path) -> None:
    code = cells(path, "code")
    assert len(code) <= 20
    for cell in code:
        assert len(source(cell).splitlines()) <= 12, source(cell)


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_a_line_is_changed_and_its_cell_run_again(path, monkeypatch) -> None:
    monkeypatch.chdir(FOLDER)
    with engine.clean_shell() as shell:
        for cell in nbformat.read(path, 4).cells:
            for _ in range(2 * (cell.cell_type == "code")):
                assert shell.run(cell), f"{cell.source}\n{cell.outputs[-1].evalue}"


def faults(code: str) -> list[str]:
    """Return what a cell does that belongs into the package: rules, files, figures, markup."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While | ast.Lambda):
            found.append(type(node).__name__)
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            found += [name] if name in READING else []
        if isinstance(node, ast.Constant):
            is_figure = isinstance(node.value, int | float) and node.value not in SMALL
            is_markup = isinstance(node.value, str) and re.search(r"</?[a-z]+[ >/]", node.value)
            found += [repr(node.value)] if is_figure or is_markup else []
    return found


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_no_rule_file_figure_or_markup_of_its_own(path) -> None:
    for cell in cells(path, "code"):
        if path.stem in CONVERTED and "parameters" not in cell["metadata"].get("tags", ()):
            assert faults(source(cell)) == [], source(cell)


@pytest.mark.parametrize(
    "code",
    [
        "def f(): pass",
        "class A: pass",
        "for x in y: pass",
        "f = lambda x: x",
        "pd.read_csv('a')",
        "open('a')",
        "rows[rows.x > 0.95]",
        "kit.show('<p>x</p>')",
    ],
)
def test_what_belongs_into_the_package_is_found(code) -> None:
    assert faults(code)


def test_counting_grouping_and_merging_are_the_notebooks_own() -> None:
    assert faults("rows.groupby('a').agg(n=('b', 'size')).merge(other).head(1)") == []


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_parameters_are_typed_explained_and_standard(path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert set(parameters.declared(notebook)) >= STANDARD
    (cell,) = [c for c in cells(path, "code") if "parameters" in c["metadata"].get("tags", ())]
    for line in source(cell).splitlines():
        name, _, rest = line.partition(":")
        assert name.isidentifier() and "=" in rest and "  # " in rest, line


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_prose_stands_in_both_languages(path) -> None:
    tags = [tuple(c["metadata"].get("tags", ())) for c in cells(path, "markdown")]
    assert tags[0] == ("notebook",)
    sections = {
        lang: [tag[1] for tag in tags[1:] if tag[0] == lang] for lang in ("lang-zh", "lang-en")
    }
    assert sections["lang-zh"] == sections["lang-en"]
    assert len(sections["lang-zh"]) > 2
    assert all(name.startswith("section-") for name in sections["lang-zh"])
    assert len(tags) == 1 + 2 * len(sections["lang-zh"])
