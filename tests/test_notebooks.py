"""Notebooks are thin: they ask, the package answers."""

import ast
import json
from pathlib import Path

import pytest

from briefpress import parameters

FOLDER = Path(__file__).parents[1] / "notebooks"
BRIEFS = sorted(FOLDER.glob("0*.ipynb"))
STANDARD = {"as_of", "lang", "audience", "data", "actuals"}
BANNED_CALLS = {"groupby", "merge", "read_csv", "read_excel", "to_csv", "apply", "open"}


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
    assert len(code) <= 15
    for cell in code:
        if "parameters" not in cell["metadata"].get("tags", ()):  # one line a parameter there
            assert len(source(cell).splitlines()) <= 8, source(cell)


@pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
def test_no_rule_of_its_own(path) -> None:
    for cell in cells(path, "code"):
        for node in ast.walk(ast.parse(source(cell))):
            assert not isinstance(node, ast.FunctionDef | ast.For | ast.While | ast.Lambda)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in BANNED_CALLS, source(cell)


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
