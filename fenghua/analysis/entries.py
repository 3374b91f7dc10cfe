"""What the entries of a table say (填写): a number, a yes or no, a code that stands there once.

Answers: how an entry is read that a file held as text. Refuses: to take a word for a no, to count a
unit twice, to look up numbers among text.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis.asked import shown

_MARKS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(("true", "1", "1.0", "yes", "是"), True),
    **dict.fromkeys(("false", "0", "0.0", "no", "否"), False),
    "": None,
}


def number(name: str, given: Any) -> float:
    """Return a number, NaN where it is missing or a blank; what is no number is refused.

    Examples
    --------
    >>> number("year", "2023"), number("year", " ")
    (2023.0, nan)
    >>> number("year", "soon")
    Traceback (most recent call last):
    ValueError: year is 'soon'; allowed: a number, or None if missing
    """
    if given is None or given is pd.NA or given is pd.NaT or not str(given).strip():
        return float("nan")
    try:
        return float(given)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {given!r}; allowed: a number, or None if missing") from None


def mark(given: object, name: str) -> bool | None:
    """Return a yes or no as tables hold it, None for a blank; other words are refused.

    Examples
    --------
    >>> mark("True", "is_count"), mark(0.0, "is_count"), mark(" ", "is_count")
    (True, False, None)
    >>> mark("maybe", "is_count")
    Traceback (most recent call last):
    ValueError: is_count is 'maybe'; allowed: True or False, 1 or 0, or nothing
    """
    word = "" if given is None or given is pd.NA or given != given else str(given)
    if word.strip().lower() not in _MARKS:
        raise ValueError(f"{name} is {shown(given)}; allowed: True or False, 1 or 0, or nothing")
    return _MARKS[word.strip().lower()]


def marks(column: pd.Series, name: str) -> Any:
    """Return a yes-or-no column as pandas' own kind: missing where it is blank.

    Examples
    --------
    >>> marks(pd.Series(["True", "0", None]), "is_tenant").tolist()
    [True, False, <NA>]
    """
    codes, given = pd.factorize(column)  # a blank has the code -1, and so the last place
    return pd.array([*(mark(one, name) for one in given), None], dtype="boolean")[codes]


def check_single(frame: pd.DataFrame, unit: str, *, by: Iterable[str] = ("year",)) -> None:
    """Refuse a unit that stands twice in one year (or other group): it would count twice."""
    keys = [key for key in (*by, unit) if key in frame]
    twice = frame.duplicated(keys, keep=False) if unit in frame else np.array(False)
    if twice.any():
        codes = frame.loc[twice, unit].astype(object)
        found = sorted({str(code) for code in codes[codes.notna() & (codes != "")]})
        if found:
            said = f"{unit} stands twice in one year: {', '.join(found[:5])}"
            raise ValueError(f"{said}; keep one row a unit and year")


def check_comparable(first: pd.Series, second: pd.Series) -> None:
    """Refuse codes that are numbers in one table and text in the other: none would be found."""
    seen = [codes.dropna().infer_objects() for codes in (first, second)]
    kinds = {pd.api.types.is_numeric_dtype(codes) for codes in seen if len(codes)}
    if len(kinds) > 1:
        found = " here and ".join(repr(codes.tolist()[0]) for codes in seen)
        raise ValueError(f"{first.name} is {found} there; allowed: all text, or all numbers")
