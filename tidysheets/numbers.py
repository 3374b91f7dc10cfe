"""One number, from what people type to a figure in the unit wanted.

Answers: which number a cell holds. Refuses: what could be two numbers, units that do not convert.
"""

import math
import re
from datetime import date, time, timedelta
from fractions import Fraction
from typing import Any, Final

from tidysheets import problems
from tidysheets.cells import CellError, tidy
from tidysheets.timewords import BY
from tidysheets.units import Units

MAGNITUDES: Final = {"万": 10**4, "亿": 10**8}
_IN_WORDS: Final = "一二三四五六七八九十"
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(.*)", re.IGNORECASE)
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:([, ])\d{3})(?:\1\d{3})*(?![\d,])")
_NO_UNIT: Final = "-~/:+*?!"  # 35-40, 2023/13
_BRACKETED = re.compile(r"\((.*)\)(.*)")


def number(
    value: Any, units: Units, *, unit: str = "", wanted: str = ""
) -> tuple[float, str, CellError | None]:
    """Return a cell's number in the unit wanted, its own unit if none is wanted, and a warning.

    Parameters
    ----------
    value : object
        A cell: a number, or text such as ``"１，２３４.5"``, ``"(3)"``, ``"12%"``, ``"1.2万"``.
    units : Units
        What converts into what.
    unit, wanted : str
        The unit the column's heading gives, and the one the figure is wanted in. A bare 万 or
        亿 counts the basic unit (元 where the column is in 万元), and then a warning says so.

    Raises
    ------
    CellError
        When it is not one number, or its unit does not convert.

    Examples
    --------
    >>> units = Units.common()
    >>> number("（1,234.5）", units)[0], number("35元", units, wanted="万元")[0]
    (-1234.5, 0.0035)
    """
    if type(value) in (int, float) and math.isfinite(value):
        return scaled(float(value), _factor(units, unit or wanted, wanted)), "", None
    if isinstance(value, bool | date | time | timedelta):
        raise CellError("not_number")
    written = tidy(value)
    if not written:
        return math.nan, "", None
    if written[0] in _IN_WORDS and units.name(written[1:]):  # 四星, 三家
        written = f"{_IN_WORDS.index(written[0]) + 1}{written[1:]}"
    if wanted and units.name(wanted) == units.name("year"):
        written = BY.sub("", written)
    amount, suffix = _split(written)
    if not suffix:
        return scaled(amount, _factor(units, unit or wanted, wanted)), "", None
    return convert(amount, suffix, units, unit=unit, wanted=wanted)


def _split(text: str) -> tuple[float, str]:
    text = text.replace("\u2212", "-")  # the sign for minus itself, unlike the longer dashes
    bracketed = _BRACKETED.fullmatch(text)
    body = bracketed[1] + bracketed[2] if bracketed else text
    grouped = _GROUPED.match(body)
    if grouped:
        body = grouped[0].replace(grouped[1], "") + body[grouped.end() :]
    match = _NUMBER.fullmatch(body.strip())
    if not match or not math.isfinite(float(match[1])) or re.match(r"[\s]*[\d,.]", match[2]):
        raise CellError("not_number")
    sign = -1 if bracketed else 1
    if bracketed and match[1].startswith(("-", "+")):
        raise CellError("not_number")
    return sign * float(match[1]), re.sub(r"\s", "", match[2])


def convert(
    amount: float, suffix: str, units: Units, *, unit: str = "", wanted: str = ""
) -> tuple[float, str, CellError | None]:
    """Return a number written with a unit or with 万 or 亿 in the unit wanted."""
    held, suffix = unit or wanted, problems.simplified(suffix)
    if units.name(suffix) and suffix not in MAGNITUDES:
        if not wanted:
            return amount, suffix, None
        return scaled(amount, _factor(units, suffix, wanted)), "", None
    if suffix[0] not in MAGNITUDES:
        is_unit = wanted and suffix[0] not in _NO_UNIT
        raise CellError("cell_unit", unit=wanted) if is_unit else CellError("not_number")
    if not wanted:
        return amount, suffix, None
    basic = units.name(suffix[1:] or held.lstrip("万亿")) or suffix[1:] or held
    read = scaled(amount * MAGNITUDES[suffix[0]], _factor(units, basic, wanted))
    unclear = basic != held and not suffix[1:]
    return read, "", CellError("magnitude", unit=wanted, read=f"{read:.15g}") if unclear else None


def _factor(units: Units, found: str, wanted: str) -> Fraction:
    factor = units.factor(found, wanted)
    if factor is None:
        raise CellError("cell_unit", unit=wanted)
    return factor


def scaled(amount: Any, factor: Fraction) -> Any:
    """Return a number or an array in another unit, rounded once."""
    return amount * factor.numerator / factor.denominator
