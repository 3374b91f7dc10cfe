"""The register of display columns (``columns.csv``): how a column of a frame prints.

Answers: a column's heading, kind, unit, decimals, and what its figures are verified by.
Refuses: a column that the frame lacks; one that the register lacks prints under its own key.
"""

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any, Final

import pandas as pd

from fenghua.display.numbers import NONE, figure, short, telling
from fenghua.display.wording import Words, read_lines, traditional

Row = Mapping[str, Any]  # a row of a frame: cells of every type
Spec = Mapping[str, str]

NUMERIC: Final = (
    "figure",
    "planned",
    "goal",
    "bounded",
    "share",
    "points",
    "count",
    "range",
    "places",
    "heat",
    "reading",
)
_FIELD: Final = re.compile(r"\{\w+\}")


@cache
def register() -> Mapping[str, Spec]:
    """Return the register: key to its row."""
    return read_lines("key", "columns.csv")


@dataclass(frozen=True)
class Column:
    """One column of the register in a language.

    Attributes
    ----------
    key : str
        Its key in the register; the name of the frame's column where ``source`` says no other.
    spec : mapping
        Its row of the register.
    words : Words
        The language.
    facts : mapping
        What fills its heading, such as ``next_year``.
    none : str
        What prints where there is no figure: a dash, or the sign of a withheld one.
    """

    key: str
    spec: Spec
    words: Words
    facts: Mapping[str, object] = field(default_factory=dict)
    none: str = NONE

    @property
    def kind(self) -> str:
        """How it prints, one of ``kinds.KINDS``."""
        return self.spec["kind"]

    @property
    def source(self) -> str:
        """The frame's column that it prints."""
        return self.spec.get("source") or self.key

    @property
    def also(self) -> list[str]:
        """The further columns of the frame that it reads."""
        return [name for name in self.spec.get("also", "").split(";") if name]

    @property
    def reads(self) -> list[str]:
        """Every column of the frame that it needs."""
        codes = self.spec.get("decimals", "")
        return [self.source, *self.also, *([codes] if codes and not codes.isdigit() else [])]

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in NUMERIC

    @property
    def place(self) -> str:
        """Where it stands on a phone: ``value``, ``gap``, ``status``, or in the name's fold."""
        return self.spec.get("place", "")

    @property
    def head(self) -> str:
        """Its heading, with its unit."""
        if "head" in self.spec:
            return self.spec["head"]
        text = self.spec.get("en" if self.words.lang == "en" else "zh") or self.key
        if text.startswith("@"):
            return self.words(text[1:], **self.facts)
        text = self.words.local(text)
        if _FIELD.search(text):
            text = self.words.start(text.format(**self.facts))
        text = traditional(text) if self.words.lang == "zh-Hant" else text
        unit = self.words.term(self.spec.get("unit", ""))
        return f"{text}{self.words('page.in_unit', unit=unit)}" if unit else text

    def head_or(self, name: str) -> str:
        """Return its heading, or a name where the facts do not fill it."""
        try:
            return self.head
        except KeyError:
            return name

    def digits(self, row: Row) -> int:
        """Return the digits after the point: a number, or what a column of the row says."""
        given = self.spec.get("decimals") or "1"
        return int(given if given.isdigit() else row[given])

    def number(self, row: Row, value: float, key: str = "", *, apart_from: float = math.nan) -> str:
        """Return a figure in the column's form, marked for ``fenghua verify``.

        It takes as many digits as keep its size apart in print from a figure that it is held
        against.
        """
        if value != value:
            return self.none
        form, digits = self.spec.get("form", ""), self.digits(row)
        digits = telling(abs(value), apart_from, digits)
        printed = (
            short(float(value), decimals=digits, signed="signed" in form)
            if "trim" in form
            else figure(float(value), digits, signed="signed" in form)
        )
        return self.claimed(printed.replace(",", "") if "plain" in form else printed, row, key)

    def mark(self, row: Row, key: str = "", *, how: str = "") -> str:
        """Return the attribute that says of which result a cell is, empty where of none."""
        name, _, by = self.spec.get("claim", "").partition("|")
        if not name:
            return ""
        by, _, column = by.partition(":")
        if by not in row:
            return ""
        told = "|".join(filter(None, (name, str(row[by]), key or column or self.source, how)))
        return f' data-claim="{escape(told)}"'

    def claimed(self, printed: str, row: Row, key: str = "", *, how: str = "") -> str:
        """Return a printed figure marked as a result's: of which, in which row and column.

        ``how`` is ``size`` where the sign is said in words.
        """
        mark = "" if printed == NONE else self.mark(row, key, how=how)
        return f"<span{mark}>{printed}</span>" if mark else printed


def of(
    keys: Iterable[str | tuple[str, Spec]],
    frame: pd.DataFrame,
    words: Words,
    *,
    facts: Mapping[str, object],
    none: str = NONE,
) -> list[Column]:
    """Return the columns that ``keys`` name.

    Raises
    ------
    KeyError
        When the frame lacks what a column reads; it says which, with the nearest names.
    """
    named = [keys] if isinstance(keys, str) else list(keys)  # not its letters
    pairs = [
        key if _is_spec(key) else (key, register().get(key) or _guess(frame, key)) for key in named
    ]
    made = [Column(key, spec, words, facts, none) for key, spec in pairs]
    missing = {name: column.key for column in made for name in column.reads if name not in frame}
    if missing:
        raise KeyError(_refusal(missing, [str(name) for name in frame.columns]))
    return made


def spec(key: str) -> Spec:
    """Return what the register says of a column.

    Raises
    ------
    KeyError
        When it says nothing of it; with the nearest keys.
    """
    if key not in register():
        near = ", ".join(difflib.get_close_matches(str(key), register()))
        nearest = f" (nearest: {near})" if near else ""
        raise KeyError(f"the register of columns has no {key!r}{nearest}; add its row there")
    return register()[key]


def check(frame: pd.DataFrame, name: str) -> None:
    """Refuse the name of a column that a frame lacks, with the nearest ones; none is empty."""
    if name and name not in frame:
        raise KeyError(_refusal({name: name}, [str(column) for column in frame.columns]))


def rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame, what its index is named among the columns.

    Raises
    ------
    TypeError
        When it is no frame.
    """
    if not isinstance(frame, pd.DataFrame):
        kind = type(frame).__name__
        raise TypeError(f"the rows are a {kind}; allowed: a table (pandas DataFrame)")
    named = [name for name in frame.index.names if name is not None and name not in frame]
    return frame.reset_index(named) if named else frame


def _is_spec(key: object) -> bool:
    return isinstance(key, tuple) and len(key) == 2 and isinstance(key[1], Mapping)


def _guess(frame: pd.DataFrame, key: str) -> Spec:
    """Return how a column that is not in the register prints: a researcher's own."""
    is_figure = key in frame and pd.api.types.is_numeric_dtype(frame[key])
    return {"kind": "figure" if is_figure else "text", "head": str(key)}


def _refusal(missing: Mapping[str, str], names: Sequence[str]) -> str:
    """Say what is missing, for which column of the register it is read, and what is near."""
    near = (difflib.get_close_matches(str(name), names, n=3) for name in missing)
    told = (
        f"{name!r}"
        + (f", which {key!r} of the register reads" if key != name else "")
        + (f" (nearest: {', '.join(close)})" if close else "")
        for (name, key), close in zip(missing.items(), near, strict=True)
    )
    return f"the frame has no column {'; '.join(told)}; it has {', '.join(names)}"
