"""Short names for contents: the same on every machine, whatever the folders are called.

Answers: whether two runs stood on the same files, code and parameters. Refuses: to read what
they mean.
"""

import hashlib
import json
import re
import sys
from collections.abc import Mapping
from functools import cache
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


@cache
def _installed() -> dict[str, str]:
    """Return the folder that says an installed distribution's version, by the name in it.

    ``importlib.metadata`` reads the same names; to load it is a fifth of a run with nothing to do.
    """
    found = {}
    for place in reversed([Path(place) for place in sys.path]):  # the first of a name counts
        for path in sorted(place.glob("*.*-info")):
            found[_named(path.name.partition("-")[0])] = path.name
    return found


def _named(name: str) -> str:
    """Return the name of a distribution as any spelling of it has it."""
    return re.sub(r"[-_.]+", "_", name).lower()


def _version(library: str) -> str:
    return _installed().get(_named(library), "")
