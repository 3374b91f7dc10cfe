"""A working copy of the notebooks, which git ignores (笔记本工作副本).

Answers: where notebooks run in JupyterLab, so that no enterprise gets into a file that git tracks.
Refuses: to replace a copy that someone has changed, or to take figures back with the source.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from fenghua import ending

COPIES: Final = Path("lab")
KEPT: Final = ".as_copied"
TRACKED: Final = Path("notebooks")


def copy(tracked: Path = TRACKED, copies: Path = COPIES) -> list[str]:
    """Copy the notebooks that are new or unchanged since; return one line for each other.

    A copy counts as unchanged while its cells' source is that of a tracked notebook of the time,
    which stands beside it as ``.ipynb_checkpoints`` of Jupyter do: hidden, and ignored.
    """
    kept = copies / KEPT
    kept.mkdir(parents=True, exist_ok=True)
    said = []
    for path in sorted(tracked.glob("*.ipynb")):
        mine, before = copies / path.name, kept / path.name
        if not _is_ours(mine) or not _is_ours(before):
            said.append(f"{mine} is no ordinary file and is left alone")
            continue
        if mine.exists() and not (before.exists() and sources(mine) == sources(before)):
            if sources(mine) != sources(path):
                how = f"make take NOTEBOOK={path.stem}, or python -m fenghua.lab {path.stem}"
                said.append(f"{mine} has changes of yours and is kept; to take them back: {how}")
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
    ValueError
        When the tracked notebook is not the one that was copied: somebody else changed it.
    """
    mine = copies / f"{Path(name).name.removesuffix('.ipynb')}.ipynb"
    known, before = tracked / mine.name, copies / KEPT / mine.name
    if not _is_ours(known):
        raise ValueError(f"{known} is no ordinary file and is left alone")
    is_known = [sources(path) for path in (mine, before) if path.is_file()]
    if known.exists() and sources(known) not in is_known:
        raise ValueError(
            f"{known} has changed since it was copied and is left alone; bring its changes into"
            f" {mine} by hand, then copy it to {before}, and take {mine.stem} back again"
        )
    book = json.loads(mine.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        tags = cell["metadata"].get("tags")
        cell["metadata"] = {"tags": tags} if tags else {}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    if known.exists():  # what belongs to the page, and not to whoever ran it
        book["metadata"] = json.loads(known.read_text(encoding="utf-8"))["metadata"]
    book["metadata"].pop("widgets", None)
    text = json.dumps(book, ensure_ascii=False, indent=1) + "\n"
    _write_whole(known, text)
    before.parent.mkdir(exist_ok=True)
    shutil.copyfile(known, before)
    return known


def _write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and then put it there: a full disk leaves the old one."""
    mode = path.stat().st_mode if path.exists() else 0o644
    handle, name = tempfile.mkstemp(prefix=".taken-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(mode)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _is_ours(path: Path) -> bool:
    """Tell whether a path is free or an ordinary file: nothing is written through a link."""
    return not os.path.lexists(path) or (path.is_file() and not path.is_symlink())


def sources(notebook: Path) -> list[tuple[str, str]]:
    """Return kind and source of each cell: what a person writes, and no result."""
    book = json.loads(notebook.read_text(encoding="utf-8"))
    return [(cell["cell_type"], "".join(cell["source"])) for cell in book["cells"]]


def main(names: list[str]) -> int:
    """Take the named notebooks back, or copy all; return the exit code."""
    if any(name.startswith("-") for name in names):
        print(
            f"usage: python -m fenghua.lab [NAME ...]: copy {TRACKED}/ to {COPIES}/, or take back"
        )
        return 0 if {*names} <= {"-h", "--help"} else 2
    try:
        for name in names:
            print(f"{take_back(name)} has the source of {COPIES / name}, without its outputs")
        for line in [] if names else copy():
            print(line)
    except FileNotFoundError as error:
        print(f"{error.filename} does not exist; name a notebook of {COPIES}/", file=sys.stderr)
        return 2
    except (OSError, ValueError) as error:
        print(ending.refusal(error), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
