"""A working copy of the notebooks, which git ignores (笔记本工作副本).

Answers: where notebooks run in JupyterLab, so that no enterprise gets into a file that git tracks.
Refuses: to replace a copy that someone has changed, or to take figures back with the source.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Final

COPIES: Final = Path("lab")
TRACKED: Final = Path("notebooks")


def copy(tracked: Path = TRACKED, copies: Path = COPIES) -> list[str]:
    """Copy the notebooks that are new or unchanged since; return one line for each other.

    A copy counts as unchanged while its cells' source is that of a tracked notebook of the time,
    which stands beside it as ``.ipynb_checkpoints`` of Jupyter do: hidden, and ignored.
    """
    kept = copies / ".as_copied"
    kept.mkdir(parents=True, exist_ok=True)
    said = []
    for path in sorted(tracked.glob("*.ipynb")):
        mine, before = copies / path.name, kept / path.name
        if mine.exists() and not (before.exists() and sources(mine) == sources(before)):
            if sources(mine) != sources(path):
                said.append(
                    f"{mine} has changes of yours and is kept; to take them back: {_how(path)}"
                )
            continue
        if mine.exists() and sources(mine) == sources(path):
            continue  # its outputs stay
        shutil.copyfile(path, mine)
        shutil.copyfile(path, before)
    return said


def take_back(name: str, tracked: Path = TRACKED, copies: Path = COPIES) -> Path:
    """Put the source of a working copy, without any output, in place of the tracked notebook.

    Raises
    ------
    FileNotFoundError
        When there is no such copy.
    """
    mine = copies / f"{name.removesuffix('.ipynb')}.ipynb"
    book = json.loads(mine.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        tags = cell["metadata"].get("tags")
        cell["metadata"] = {"tags": tags} if tags else {}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    known = tracked / mine.name
    if known.exists():  # what belongs to the page, and not to whoever ran it
        book["metadata"] = json.loads(known.read_text(encoding="utf-8"))["metadata"]
    book["metadata"].pop("widgets", None)
    fresh = known.with_suffix(".ipynb.new")
    text = json.dumps(book, ensure_ascii=False, indent=1) + "\n"
    fresh.write_text(text, encoding="utf-8", newline="\n")
    fresh.replace(known)
    shutil.copyfile(known, copies / ".as_copied" / mine.name)
    return known


def sources(notebook: Path) -> list[tuple[str, str]]:
    """Return kind and source of each cell: what a person writes, and no result."""
    book = json.loads(notebook.read_text(encoding="utf-8"))
    return [(cell["cell_type"], "".join(cell["source"])) for cell in book["cells"]]


def _how(path: Path) -> str:
    return f"make take NOTEBOOK={path.stem}"


def main(names: list[str]) -> int:
    """Take the named notebooks back, or copy all; return the exit code."""
    try:
        for name in names:
            print(f"{take_back(name)} has the source of {COPIES / name}, without its outputs")
    except FileNotFoundError as error:
        print(f"{error.filename} does not exist; name a notebook of {COPIES}/", file=sys.stderr)
        return 2
    for line in [] if names else copy():
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
