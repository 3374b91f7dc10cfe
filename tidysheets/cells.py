"""One cell or one column of cells, from what people type to typed values.

Answers: which number, code, period or date a cell holds. Refuses: anything that could be two.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, Final

from tidysheets import signs

MISSING: Final = frozenset(
    {
        *("", "/", "\\", "n/a", "n.a.", "na", "null", "none", "nil"),
        *("无", "無", "空", "缺", "缺失", "暂无", "暂缺", "无数据", "未统计", "不适用"),
    }
)
YES: Final = frozenset({"是", "yes", "y", "true", "t", "1", "1.0", "√", "✓", "✔", "有"})
NO: Final = frozenset({"否", "no", "n", "false", "f", "0", "0.0", "×", "✗", "x", "不是"})
EXACT_DIGITS: Final = 15  # a spreadsheet number keeps no more; longer codes have lost their end
_ERROR = re.compile(r"#[A-Z/0!?_]+|Err:\d+")
UNSAVED_FORMULA = "=?"  # stands for a formula that the file keeps without its result
_FORMULA = re.compile(r'="(.*)"')
_FIGURE = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?%?")
_DAY = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]\d.*)?|(\d{4})年(\d{1,2})月(\d{1,2})日?"
    r"|(\d{4})(\d{2})(\d{2})"
)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+?\d{2,}", re.IGNORECASE)


class CellError(Exception):
    """A cell that is refused: the code of the problem and the facts of its sentence."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


class Odd(str):
    """A cell that is seen as something else than is stored; ``code`` names the problem."""

    code: str

    def __new__(cls, text: str, code: str) -> "Odd":
        """Keep what is stored as the text, for messages."""
        odd = super().__new__(cls, text)
        odd.code = code
        return odd

    def __getnewargs__(self) -> tuple[str, str]:
        """Tell `pickle` what it is made of."""
        return str(self), self.code


def tidy(value: Any) -> str:
    """Return the text of a cell in half-width signs, or nothing for the marks of a gap."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, Odd):
        raise CellError(value.code)
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**EXACT_DIGITS:
        value = int(value)
    written = str(value)
    if not written.isascii():
        if signs.TURNED in written:
            raise CellError("turned")
        if signs.touches_digits(written):
            raise CellError("footnote")
    text = signs.half_width(written).strip().lstrip("'").strip()
    if _ERROR.fullmatch(text):
        raise CellError("excel_error")
    if text.startswith("=") and text != "=":
        kept = _FORMULA.fullmatch(text)
        if not kept:
            raise CellError("formula_uncached")
        text = kept[1]
    return "" if is_missing(text) else text


def is_figure(value: Any) -> bool:
    """Tell whether a cell holds a number, or a text that is one."""
    if isinstance(value, str):
        return bool(_FIGURE.fullmatch(value.strip()))
    return isinstance(value, int | float) and not isinstance(value, bool)


def filled(row: Sequence[Any]) -> dict[int, Any]:
    """Return the cells of a row that are not blank, by their places."""
    return {place: cell for place, cell in enumerate(row) if cell not in ("", None)}


def is_missing(text: str) -> bool:
    """Tell whether a text only says that there is no figure."""
    if signs.has_note(text):  # a mark of a note alone, or ½, is no mark of a gap
        return False
    plain = signs.half_width(text).translate(signs.DASHES)
    return plain.casefold() in MISSING or not plain.strip("-─ ")


def text(value: Any) -> str:
    """Return free text as it is written, without the spaces around it."""
    if isinstance(value, Odd):  # a name that is crossed out
        raise CellError(value.code)
    written = "" if value is None else signs.INVISIBLE.sub("", str(value)).strip()
    if written[:1] not in ("#", "=", "E") and not isinstance(value, float):
        return written
    # A text may begin with "="; only a formula whose result was not saved is refused.
    if _ERROR.fullmatch(written) or written == UNSAVED_FORMULA:
        return tidy(written)
    return str(tidy(value)) if isinstance(value, float) else written


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
    if isinstance(value, str) and not value.isascii() and signs.marks_code(value):
        raise CellError("footnote")
    text = re.sub(r"\s+", "", tidy(value))
    if _SCIENTIFIC.fullmatch(text):
        raise CellError("code_scientific")
    return text


def identifier(value: Any) -> str:
    """Return a code that is compared without case and kinds of dashes, in capitals.

    Examples
    --------
    >>> identifier("\u200b91330283ma2f00010w"), identifier("A–7")
    ('91330283MA2F00010W', 'A-7')
    """
    return code(value).translate(signs.DASHES).upper()


def boolean(value: Any, words: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Return True or False for 是 / 否 and their usual forms; a blank is False.

    ``words`` are further ones, such as 规下, with what they mean.
    """
    text = tidy(value).casefold()
    text = words.get(text, text)
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
    if not text:
        return ""
    match = _DAY.fullmatch(text)
    if not match:
        raise CellError("not_date")
    try:
        parts = [part for part in match.groups() if part and part.isdigit()]
        return date(*map(int, parts)).isoformat()
    except ValueError:
        raise CellError("not_date") from None
