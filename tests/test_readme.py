"""The lines that the README tells a newcomer to type work as they stand, in both languages."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "README.zh.md")


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", text_of(page), re.S | re.M)


@pytest.fixture
def checkout(tmp_path):
    """A checkout after `make`: data, notebooks, pages of before, an environment."""
    place = tmp_path / "checkout"
    for part in ("data/raw", "data/editions", "notebooks"):
        shutil.copytree(ROOT / part, place / part)
    (place / ".venv").mkdir()
    (place / ".venv/bin").symlink_to(Path(sys.prefix) / "bin")
    return place


def typed(script, place):
    done = subprocess.run(
        ["bash", "-eu", "-c", script],
        cwd=place,
        env=os.environ | {"PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("number", range(3))
def test_the_lines_work_as_they_stand(checkout, number):
    english, chinese = (blocks(page, "console") for page in PAGES)
    assert len(english) == len(chinese) == 3
    typed(english[number], checkout)
    home = checkout / "work" if "init work" in english[number] else checkout
    assert (home / "reports/index.html").is_file()


def test_both_languages_tell_the_same_commands():
    def commands(page):
        lines = "\n".join(blocks(page, "(?:console|bat)?"))
        bare = [line.split("#")[0].strip() for line in lines.splitlines()]
        return [re.sub("--lang .*", "", line) for line in bare if line]

    english, chinese = map(commands, PAGES)
    assert english == chinese
    assert all("reports/index.html" in text_of(page) for page in PAGES)


def test_lines_for_windows_work_with_the_names_of_this_system(checkout):
    for page in PAGES:
        (block,) = blocks(page, "bat")
        assert [line.split()[0].lower() for line in block.splitlines()] == [
            "py",
            r".venv\scripts\pip",
            r".venv\scripts\fenghua",
        ]
    lines = block.replace("\\", "/").replace("Scripts", "bin").replace("py -m", "python -m")
    make, install, report = lines.splitlines()
    typed(f"{make.replace('.venv', 'fresh')}; fresh/bin/python -m pip --version", checkout)
    typed(f"{install} --dry-run --no-deps --no-build-isolation -q", ROOT)
    typed(f"{report} --brief plan_audit --jobs 1", checkout)  # all briefs: `make reports`


def test_make_and_conda_know_what_the_readme_asks_of_them():
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    for page in PAGES:
        assert set(re.findall(r"`?make (\w+)", text_of(page))) <= set(targets)
        named = re.search(r"conda activate (\w+)", text_of(page))[1]
        assert f"\nname: {named}\n" in (ROOT / "environment.yml").read_text(encoding="utf-8")
