"""One cell or one column of cells, from what people type to typed values.

Answers: which number, code, period or date a cell holds. Refuses: anything that could be two.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any, Final

import numpy as np

from tidysheets import problems
from tidysheets.schema import Column, Schema
from tidysheets.units import Units

MISSING: Final = frozenset(
    {"", "-", "--", "—", "——", "–", "−", "/", "\\", "无", "空", "無", "n/a", "na", "null", "none"}
)
YES: Final = frozenset({"是", "yes", "y", "true", "t", "1", "1.0", "√", "✓", "✔", "有"})
NO: Final = frozenset({"否", "no", "n", "false", "f", "0", "0.0", "×", "✗", "x", "不是"})
MAGNITUDES: Final = {"万": 10**4, "亿": 10**8}
EXACT_DIGITS: Final = 15  # a spreadsheet number keeps no more; longer codes have lost their end
WHOLE: Final = 2**53  # whole numbers of a spreadsheet are exact up to here
_ERROR = re.compile(r"#[A-Z/0!?_]+|Err:\d+")
UNSAVED_FORMULA = "=?"  # stands for a formula that the file keeps without its result
_FORMULA = re.compile(r'="(.*)"')
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(.*)", re.IGNORECASE)
_PLAIN = re.compile(r"(?:-?[0-9]{1,15}(?:\.[0-9]{1,15})?)?")
# Whole columns, a cell a line, that the readers of cells would leave as they are.
_CLEAN: Final = {
    "number": re.compile(rf"(?:{_PLAIN.pattern}\n)*"),
    "code": re.compile(r"(?:(?:(?!\d[eE]\d)[A-Za-z0-9]{5,})?\n)*"),
    "str": re.compile(r"(?:(?:[^\s#=E](?:[^\n]*\S)?)?\n)*"),
}
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:([, ])\d{3})(?:\1\d{3})*(?![\d,])")
_BRACKETED = re.compile(r"\((.*)\)(.*)")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+?\d{2,}", re.IGNORECASE)


class CellError(Exception):
    """A cell that is refused: the code of the problem and the facts of its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def tidy(value: Any) -> str:
    """Return the text of a cell in half-width signs, or nothing for the marks of a gap."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**EXACT_DIGITS:
        value = int(value)
    text = unicodedata.normalize("NFKC", str(value)).strip().lstrip("'").strip()
    if _ERROR.fullmatch(text):
        raise CellError("excel_error")
    if text.startswith("=") and text != "=":
        kept = _FORMULA.fullmatch(text)
        if not kept:
            raise CellError("formula_uncached")
        text = kept[1]
    return "" if text.casefold() in MISSING else text


def text(value: Any) -> str:
    """Return free text as it is written, without the spaces around it."""
    written = "" if value is None else str(value).strip()
    if written[:1] not in ("#", "=", "E") and not isinstance(value, float):
        return written
    # A text may begin with "="; only a formula whose result was not saved is refused.
    if _ERROR.fullmatch(written) or written == UNSAVED_FORMULA:
        return tidy(written)
    return str(tidy(value)) if isinstance(value, float) else written


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
        return _scaled(float(value), _factor(units, unit or wanted, wanted)), "", None
    if isinstance(value, bool | date | time | timedelta):
        raise CellError("not_number")
    written = tidy(value)
    if not written:
        return math.nan, "", None
    amount, suffix = _split(written)
    if not suffix:
        return _scaled(amount, _factor(units, unit or wanted, wanted)), "", None
    return convert(amount, suffix, units, unit=unit, wanted=wanted)


def _is_plain(value: Any) -> bool:
    if type(value) is str:
        return _PLAIN.fullmatch(value) is not None
    return type(value) is float or type(value) is int


def _split(text: str) -> tuple[float, str]:
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
        return _scaled(amount, _factor(units, suffix, wanted)), "", None
    if suffix[0] not in MAGNITUDES:
        raise CellError("cell_unit", unit=wanted) if wanted else CellError("not_number")
    if not wanted:
        return amount, suffix, None
    basic = units.name(suffix[1:] or held.lstrip("万亿")) or suffix[1:] or held
    read = _scaled(amount * MAGNITUDES[suffix[0]], _factor(units, basic, wanted))
    unclear = basic != held and not suffix[1:]
    return read, "", CellError("magnitude", unit=wanted, read=f"{read:.15g}") if unclear else None


def _factor(units: Units, found: str, wanted: str) -> Fraction:
    factor = units.factor(found, wanted)
    if factor is None:
        raise CellError("cell_unit", unit=wanted)
    return factor


def _scaled(amount: Any, factor: Fraction) -> Any:
    return amount * factor.numerator / factor.denominator


def code(value: Any) -> str:
    """Return a code as text, its zeros kept; one that a spreadsheet made a number is refused.

    Examples
    --------
    >>> code(330213001.0), code(" 0012 "), code("－")
    ('330213001', '0012', '')
    """
    if isinstance(value, bool | date | time | timedelta):
        raise CellError("not_code")
    if isinstance(value, float) and not math.isnan(value):
        if abs(value) >= 10**EXACT_DIGITS:
            raise CellError("code_scientific")
        if not value.is_integer():
            raise CellError("not_code")
    if isinstance(value, int) and abs(value) >= 10**EXACT_DIGITS:
        raise CellError("code_scientific")
    text = re.sub(r"\s+", "", tidy(value))
    if _SCIENTIFIC.fullmatch(text):
        raise CellError("code_scientific")
    return text


def boolean(value: Any) -> bool:
    """Return True or False for 是 / 否 and their usual forms; a blank is False."""
    text = tidy(value).casefold()
    if text in YES:
        return True
    if text in NO or not text:
        return False
    raise CellError("not_bool")


def day(value: Any) -> str:
    """Return a date as ISO text."""
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    text = tidy(value)
    match = re.fullmatch(r"(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?(?:[ T].*)?", text)
    if not text:
        return ""
    if not match:
        raise CellError("not_date")
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        raise CellError("not_date") from None


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "str": text,
    "code": code,
    "bool": boolean,
    "date": day,
}


def read_column(
    values: Sequence[Any], column: Column, schema: Schema, *, unit: str = ""
) -> tuple[Sequence[Any] | np.ndarray, dict[int, CellError], dict[int, str]]:
    """Return a column's values, the faults of its cells and the units found in cells.

    A clean column is taken as it stands; else each distinct cell is read once. Faulty cells
    become missing; a magnitude is a warning beside its value.
    """
    kinds = set(map(type, values))
    if column.type in ("int", "float"):
        return _read_numbers(values, column, kinds, schema.units, unit)
    is_mixed = bool in kinds and len(kinds) > 1  # True and 1 are one key, but not one cell
    keys = list(zip(map(type, values), values, strict=True)) if is_mixed else values
    distinct = set(keys)
    if kinds == {str} and _is_clean(distinct, column.type):
        return values, {}, {}
    reader = _READERS.get(column.type) or schema.readers[column.type]
    read: dict[Any, Any] = {}
    odd: dict[Any, CellError] = {}
    for key in distinct:
        try:
            read[key] = reader(key[1] if is_mixed else key)
        except CellError as fault:
            read[key], odd[key] = reader(None), fault
    faults = {i: odd[key] for i, key in enumerate(keys) if key in odd} if odd else {}
    return list(map(read.__getitem__, keys)), faults, {}


def _is_clean(values: Collection[str], kind: str) -> bool:
    """Tell whether texts need no reading, in one look for all of them."""
    if kind not in _CLEAN:
        return False
    joined = "\n".join(values) + "\n"
    return bool(_CLEAN[kind].fullmatch(joined)) and joined.count("\n") == len(values)


def _read_numbers(
    values: Sequence[Any], column: Column, kinds: set[type], units: Units, unit: str
) -> tuple[np.ndarray, dict[int, CellError], dict[int, str]]:
    """Take plain numbers and blanks as they stand, and look at the other cells one by one."""
    wanted = column.unit
    factor = units.factor(unit or wanted, wanted)
    if factor is None:  # the heading's own problem says so
        unit, factor = "", Fraction(1)
    plain, odd = list(values), list[int]()
    if not kinds <= {int, float}:
        if not (kinds == {str} and _is_clean(values, "number")):
            odd = [i for i, value in enumerate(values) if not _is_plain(value)]
        for i in odd:
            plain[i] = ""
        plain = [math.nan if value == "" else float(value) for value in plain]
    array = _scaled(np.asarray(plain, dtype="float64"), factor)
    is_whole = column.type == "int"
    unfit = np.isinf(array) | (is_whole & (np.floor(array) != array) & ~np.isnan(array))
    faults: dict[int, CellError] = {}
    stated: dict[int, str] = {}
    for i in sorted({*odd, *np.flatnonzero(unfit).tolist()}):
        try:
            array[i], own, warning = number(values[i], units, unit=unit, wanted=wanted)
            if is_whole and not array[i].is_integer() and not math.isnan(array[i]):
                raise CellError("not_whole")
        except CellError as fault:
            array[i], own, warning = math.nan, "", fault
        if own:
            stated[i] = own
        if warning:
            faults[i] = warning
    return array, faults, stated
