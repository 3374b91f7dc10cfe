"""The one register of columns and the units that convert into each other.

Answers: which columns a table has, what may stand in them. Refuses: to read any file.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pandas as pd

from fenghua.inputs import vocabulary

USER_TABLES: Final = (
    "observations",
    "enterprises",
    "parks",
    "town_reports",
    "town_tasks",
    "adjustments",
)
DTYPES: Final = {"int": "float64", "float": "float64", "bool": "bool"}


@dataclass(frozen=True)
class Column:
    """One column of one table (列): type, unit, range, allowed values and names.

    ``required`` is ``yes`` (every cell filled), ``column`` (the column is there, cells may be
    blank), ``note`` (a missing column is reported) or blank; ``key`` is its place in the key.
    """

    table: str
    name: str
    type: str
    unit: str
    required: str
    key: str
    low: float | str | None
    high: float | None
    allowed: str
    name_zh_hans: str
    name_en: str
    note_zh_hans: str
    note_en: str
    example: str

    def label(self, lang: str = "zh-Hans") -> str:
        """Return the heading, with its unit in brackets."""
        unit = f"({self.unit})" if self.unit and self.type == "float" else ""
        return (self.name_en if lang == "en" else self.name_zh_hans) + unit

    @property
    def choices(self) -> tuple[str, ...]:
        """The closed list of allowed values, if there is one."""
        if self.allowed.isupper() and hasattr(vocabulary, self.allowed):
            return getattr(vocabulary, self.allowed)
        return tuple(self.allowed.split(";")) if ";" in self.allowed else ()

    @property
    def reference(self) -> tuple[str, str] | None:
        """The table and column whose entries are allowed, if there is one."""
        match = re.fullmatch(r"@(\w+)\.(\w+)\*?", self.allowed)
        return (match[1], match[2]) if match else None


def _package_rows(name: str) -> Iterator[dict[str, str]]:
    package = "tidysheets" if name == "units.csv" else "fenghua.inputs"
    text = (files(package) / name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def _limit(text: str) -> float | str | None:
    return (text if text.count("-") == 2 else float(text)) if text else None


@cache
def tables() -> dict[str, dict[str, Column]]:
    """Return the columns of every table, by name and in order.

    Examples
    --------
    >>> tables()["enterprises"]["land_mu"].label("en")
    'Land(亩)'
    """
    found: dict[str, dict[str, Column]] = {}
    for row in _package_rows("columns.csv"):
        limits = {"low": _limit(row.pop("min")), "high": _limit(row.pop("max"))}
        facts: dict[str, Any] = {**row, **limits}
        column = Column(name=facts.pop("column"), **facts)
        found.setdefault(column.table, {})[column.name] = column
    return found


def free(table: str, name: str) -> Column:
    """Return a column that the register does not know: text, unless its name says otherwise."""
    kind = "bool" if name.startswith(("is_", "has_")) else "int" if name == "order" else "str"
    return Column(table, name, kind, "", "", "", None, None, "", name, name, "", "", "")


def keys(table: str) -> tuple[str, ...]:
    """Return the names of the key columns of a table, in order."""
    keyed = [column for column in tables()[table].values() if column.key]
    return tuple(column.name for column in sorted(keyed, key=lambda column: column.key))


def empty(table: str) -> pd.DataFrame:
    """Return a frame without rows but with the table's columns and dtypes."""
    columns = tables()[table].values()
    return pd.DataFrame(
        {c.name: pd.Series([], dtype=DTYPES.get(c.type, "object")) for c in columns}
    )


def plain(text: object) -> str:
    """Return a heading or unit without case, spaces, width or bracket differences."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text))).casefold()


@cache
def _units() -> dict[str, tuple[str, str, Fraction]]:
    found = {}
    for row in _package_rows("units.csv"):
        entry = (
            row["unit"],
            row["dimension"],
            Fraction(int(row["numerator"]), int(row["denominator"])),
        )
        for name in (row["unit"], *row["aliases"].split(";")):
            found[plain(name)] = entry
    found.pop("", None)
    return found


def unit(text: str) -> str:
    """Return the register's name of a unit, or nothing when it is not one.

    Examples
    --------
    >>> unit("吨标煤"), unit("KWh"), unit("所属镇")
    ('吨标准煤', '千瓦时', '')
    """
    return _units().get(plain(text), ("", "", Fraction(1)))[0]


@cache
def factor(found: str, wanted: str) -> Fraction | None:
    """Return what a figure in one unit is multiplied by to stand in another.

    Examples
    --------
    >>> factor("公顷", "亩"), factor("元", "万元"), factor("亩", "万元")
    (Fraction(15, 1), Fraction(1, 10000), None)
    """
    if plain(found) == plain(wanted):
        return Fraction(1)
    first, second = _units().get(plain(found)), _units().get(plain(wanted))
    if not first or not second or first[1] != second[1]:
        return None
    return first[2] / second[2]
