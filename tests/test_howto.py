"""Every how-to is tried as written: its blocks run in order in a copy of the repository."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "howto").glob("*.md"))
COMMAND = "from fenghua.cli import main; main(prog_name='fenghua')"
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```", re.S | re.M)


@pytest.fixture
def copy(tmp_path):
    place = tmp_path / "repository"
    registers = ("data/raw/plan", "data/raw/reference", "data/raw/demo", "data/templates")
    registers += ("data/editions/demo",)
    for part in ("fenghua", "notebooks", *registers):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, place / part, ignore=ignored)
    return place


def run(arguments: list[str], copy: Path) -> None:
    paths = {"PYTHONPATH": str(copy), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=os.environ | paths, capture_output=True,
        text=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_page_works_as_written(page, copy):
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert blocks, "a how-to shows what to run"
    for kind, text in blocks:
        if kind == "python":
            run(["-W", "error::SyntaxWarning", "-c", text], copy)
            continue
        for line in text.splitlines():
            name, *arguments = shlex.split(line)
            program = ["-c", COMMAND] if name == "fenghua" else ["-m", name]
            run([*program, *arguments], copy)


def test_every_howto_is_listed_with_the_architecture():
    listed = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert all(f"howto/{page.name}" in listed for page in PAGES)
