"""Short names for contents: the same on every machine, whatever the folders are called.

Answers: whether two runs stood on the same data, code and parameters. Refuses: to load data.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fenghua.inputs.dataset import Dataset

SHOWN_DIGITS = 12
DRAWN_WITH = ("matplotlib", "mistune", "nbconvert", "numpy", "opencc", "pandas", "scipy", "seaborn")


def of_files(paths: Mapping[str, Path]) -> str:
    """Return the fingerprint of named files: their names as given, and their bytes."""
    whole = hashlib.sha256()
    for name in sorted(paths):
        whole.update(f"{name}\0{hashlib.sha256(paths[name].read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def of_text(*parts: Any) -> str:
    """Return the fingerprint of anything that JSON can hold.

    Examples
    --------
    >>> of_text({"b": 1, "a": 2}) == of_text({"a": 2, "b": 1})
    True
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def of_data(data: Path, actuals: Path) -> str:
    """Return the fingerprint of the registers in ``data`` and the figures in ``actuals``."""
    named = {
        f"data/{path.relative_to(data).as_posix()}": path
        for folder in ("plan", "reference")
        for path in _files(data / folder)
    }
    for path in _files(actuals) if actuals.is_dir() else [actuals]:
        inside = path.relative_to(actuals).as_posix() if actuals.is_dir() else path.name
        named[f"actuals/{inside}"] = path
    return of_files(named)


def of_dataset(ds: "Dataset") -> str:
    """Return the short fingerprint of loaded data that a page prints (数据指纹)."""
    return of_data(Path(ds.data_dir), Path(ds.actuals_dir))[:SHOWN_DIGITS]


@cache
def of_code() -> str:
    """Return the fingerprint of this package, its templates and the libraries that draw."""
    package = Path(__file__).parents[1]
    own = {path.relative_to(package).as_posix(): path for path in _files(package)}
    return of_text(of_files(own), sys.version_info[:2], [_version(name) for name in DRAWN_WITH])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _files(folder: Path) -> list[Path]:
    """Return the files that count: no notes, no hidden, lock or compiled ones."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.name.startswith((".", "~$"))
        and path.suffix not in (".md", ".pyc")
    ]
