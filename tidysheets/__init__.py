"""Office files as people have them, read into typed tables by a schema that is handed in.

Answers: which tables a file holds, and what is wrong with them in a clerk's words. Refuses: to
know any table by itself.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidysheets.problems import InputError, Problem
    from tidysheets.reading import read
    from tidysheets.schema import Column, Schema, SchemaError, Word
    from tidysheets.units import Units

_HOMES = {
    "Column": "schema",
    "InputError": "problems",
    "Problem": "problems",
    "Schema": "schema",
    "SchemaError": "schema",
    "Units": "units",
    "Word": "schema",
    "read": "reading",
}
__all__ = [
    "Column",
    "InputError",
    "Problem",
    "Schema",
    "SchemaError",
    "Units",
    "Word",
    "read",
]


def __getattr__(name: str) -> object:
    """Import a name on first use: whoever needs the problems alone waits for no pandas."""
    if name in _HOMES:
        return getattr(import_module(f"tidysheets.{_HOMES[name]}"), name)
    raise AttributeError(f"tidysheets has no {name!r}; it has {', '.join(_HOMES)}")
