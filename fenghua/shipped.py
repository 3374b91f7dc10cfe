"""What comes with the package: notebooks, registers, the demonstration; and a folder to work in.

Answers: where they lie, in a checkout or in an installed package. Refuses: to write into a folder
that holds anything.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final

from fenghua.inputs import places

PARTS: Final = (
    "notebooks",
    "data/raw/plan",
    "data/raw/reference",
    "data/raw/demo",
    "data/raw/actuals/README.md",
    "data/editions/demo",
    "data/processed/README.md",
)
# What a working folder holds besides, and where it lies here.
BESIDE: Final = MappingProxyType(
    {
        "README.md": "data/templates/folder/README.md",
        ".gitignore": "data/templates/folder/gitignore",
    }
)


def registers(given: str | None) -> Path:
    """Return the registers meant: as given, else those of this folder, else those shipped."""
    here = places.located(Path(given or "data/raw"))
    return here if given or here.is_dir() else places.shipped("data/raw")


def refuse_unfit(out: str | Path) -> None:
    """Refuse a workbook's name that is taken, in no folder, or not one that a spreadsheet opens."""
    if os.path.lexists(out):
        raise FileExistsError(f"{out} is there already; name another file, or remove it first")
    if Path(out).suffix.lower() != ".xlsx":
        raise ValueError(f"{out}: a workbook is written; let its name end in .xlsx")
    if not Path(out).parent.is_dir():
        raise FileNotFoundError(f"{out}: there is no folder {Path(out).parent}")


@contextmanager
def new_folder(directory: str | Path) -> Iterator[Path]:
    """Give a place for what a new folder will hold, and put it there whole or not at all.

    Raises
    ------
    FileExistsError
        When there is anything in the folder, or it is a file.
    """
    target = Path(directory)
    if os.path.lexists(target) and not (target.is_dir() and not any(target.iterdir())):
        raise FileExistsError(f"{target} is not an empty folder; name one that is not there yet")
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".fenghua-", dir=target.parent))
    try:
        yield made
        made.chmod(0o755)
        if target.is_dir():
            target.rmdir()
        made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def listed(directory: str | Path) -> list[Path]:
    """Return the files of a folder in order."""
    return sorted(path for path in Path(directory).rglob("*") if path.is_file())


def write_folder(directory: str | Path) -> list[Path]:
    """Write a working folder as a `new_folder`, and return its files in order."""
    with new_folder(directory) as place:
        for part in PARTS:
            copy(places.shipped(part), place / part)
        for name, part in BESIDE.items():
            copy(places.shipped(part), place / name)
    return listed(directory)


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder, if it is there; what is hidden stays behind."""
    if source.is_dir():  # `shutil.copytree` tells of a full disk without its number
        for part in sorted(source.iterdir()):
            if not part.name.startswith((".", "__pycache__")):
                copy(part, target / part.name)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
