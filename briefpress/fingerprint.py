"""Short names for contents: the same on every machine, whatever the folders are called.

Answers: whether two runs stood on the same files, code and parameters. Refuses: to read what
they mean.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from briefpress.press import Press


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


@cache
def of_code(press: Press) -> str:
    """Return the fingerprint of a house's packages, the press, and the libraries that draw."""
    own = {
        f"{name}/{path.relative_to(folder).as_posix()}": path
        for name in press.packages
        for folder in [_folder(name)]
        for path in files(folder)
    }
    return of_text(of_files(own), sys.version_info[:2], [_version(n) for n in press.libraries])


def files(folder: Path) -> list[Path]:
    """Return the files of a folder that count: no notes, no hidden, lock or compiled ones."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.name.startswith((".", "~$"))
        and path.suffix not in (".md", ".pyc")
    ]


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"no package {package!r}")
    return Path(next(iter(spec.submodule_search_locations)))


def _version(name: str) -> str:
    try:
        about = distribution(name).read_text("METADATA") or ""
    except PackageNotFoundError:
        return ""
    # The whole of it is an e-mail that takes milliseconds to parse; the version is one line.
    return next((line for line in about.splitlines() if line.startswith("Version:")), "")
