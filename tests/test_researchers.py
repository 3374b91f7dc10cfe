"""The recipes for researchers run as written, and what they show is what they say."""

import re
import shutil
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_notebook

from fenghua.cli import main
from fenghua.display import theme
from fenghua.display import type as chart_type

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.S | re.M)


def blocks(page: str) -> list[str]:
    return BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))


@pytest.fixture
def own_style():
    """Give matplotlib back as it was; the test suite draws on no screen."""
    with mpl.rc_context():
        yield
    plt.close("all")


@pytest.fixture
def with_font(monkeypatch):
    """Let a font stand for the Chinese one that a system may or may not have."""
    chart_type.use_widths()
    monkeypatch.setattr(chart_type, "OF_SYSTEMS", (chart_type.FAMILY,))


def test_both_languages_give_the_same_recipes():
    assert blocks("researchers.zh.md") == blocks("researchers.md")


def test_every_recipe_runs_as_written(tmp_path, monkeypatch, own_style, with_font):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FENGHUA_STARTED_IN", str(ROOT))
    found: dict = {}
    for block in blocks("researchers.md"):
        exec(compile(block, "researchers.md", "exec"), found)
    assert len(found["lines"]["indicator"].unique()) == 3
    assert set(found["lines"]["series"]) == {"path", "observation", "reading"}
    assert {path.name for path in tmp_path.iterdir()} == {"misses.png", "towns.png"}
    year, land = found["year"], found["land"]
    shown = (land["share_pct"] * land["all"]).sum() / 100
    assert shown == pytest.approx(year.loc[found["is_top"], "land_mu"].sum())
    assert land["industry"].notna().all()
    plain, harder = found["both"]["plan"], found["both"]["harder"]
    assert harder["end_target_value"] == pytest.approx(175 + 1.1 * (500 - 175))
    assert plain["end_target_value"] == 500
    assert harder["schedule_index"] < plain["schedule_index"]
    classes = found["classes"].values()
    assert len({len(each) for each in classes}) == 1


@pytest.mark.parametrize("page", ["researchers.md", "researchers.zh.md"])
def test_the_recipes_are_sent_as_a_brief_by_the_command_that_is_named(page, tmp_path, monkeypatch):
    (command,) = re.findall(r"`fenghua (report [^`]+)`", (ROOT / "docs" / page).read_text("utf-8"))
    shutil.copytree(ROOT / "data/raw", tmp_path / "data/raw")
    cells = [new_code_cell(block) for block in blocks(page)]
    nbformat.write(new_notebook(cells=cells), tmp_path / "my_look.ipynb")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, command.split())
    assert done.exit_code == 0, done.output


def test_chinese_is_drawn_by_a_font_of_the_system(tmp_path, own_style, with_font):
    theme.use()
    plt.figure().gca().set_title("亩均税收")
    plt.savefig(tmp_path / "x.png")  # a missing glyph would be a warning, and so an error
    assert mpl.rcParams["font.family"][-1] == chart_type.FAMILY


def test_a_system_without_a_chinese_font_is_told_what_to_install(monkeypatch, own_style):
    monkeypatch.setattr(chart_type, "OF_SYSTEMS", ())
    with pytest.warns(UserWarning, match="install one, such as Noto Sans CJK"):
        theme.use()
