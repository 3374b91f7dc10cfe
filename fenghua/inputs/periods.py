"""Years, quarters and months, and the moment each of them ends.

Answers: which period a text or a date names, when it ends. Refuses: to guess an ambiguous one.
"""

import re
import unicodedata
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Final

from tidysheets import timewords

if TYPE_CHECKING:  # the commands read periods without the weight of pandas
    import pandas as pd

ALLOWED: Final = "2023, 2023-Q2, 2023-06 (also 2023年, 2023年二季度, 2023年上半年, 202306)"
MONTHS_IN_YEAR: Final = 12
PARTS_OF: Final = {"year": 1, "quarter": 4, "month": MONTHS_IN_YEAR}
MISSING: Final = ("None", "nan", "NaT", "<NA>")

_CHINESE_DIGITS: Final = {"一": "1", "二": "2", "三": "3", "四": "4"}
_MONTH_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DASHES: Final = str.maketrans(dict.fromkeys("~\u2010\u2011\u2012\u2013\u2014\u2212\u301c至", "-"))
_YEAR: Final = r"(?P<year>(?:19|20|21)\d{2})"

# One kind of sign parts a day's figures: 2023年1-6 is half a year that lacks its 月, no day.
_DAY: Final = re.compile(
    _YEAR + r"(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)(?:[ T]\d.*)?"
)
_DAY_TOGETHER: Final = re.compile(_YEAR + r"(\d{2})(\d{2})")

# (what follows the year, grain, part); a dot needs two digits or 2-9: 2023.1 may be October.
_FORMS: Final = (
    (r"年?(?:全年|度|底|末|年底|年末)?", "year", lambda m: None),
    (r"[-/]?Q(?P<part>[1-4])", "quarter", lambda m: int(m["part"])),
    (
        r"年?(?:第|前|1-)?(?P<part>[1-4一二三四])季度?",
        "quarter",
        lambda m: int(_CHINESE_DIGITS.get(m["part"], m["part"])),
    ),
    (r"(?:年?上半年|-?H1)", "quarter", lambda m: PARTS_OF["quarter"] // 2),
    (
        r"(?:年(?:0?1-)?(?P<a>\d{1,2})月份?|[-/](?P<b>\d{1,2})|\.(?P<c>\d{2}|[2-9])|(?P<d>\d{2})"
        r"|\.0?1-(?P<e>\d{1,2})月?)",
        "month",
        lambda m: int(m["a"] or m["b"] or m["c"] or m["d"] or m["e"]),
    ),
)


@dataclass(frozen=True)
class Period:
    """A year, a quarter or a month (时期); ``str`` gives the canonical text."""

    year: int
    part: int | None
    grain: str

    def __str__(self) -> str:
        if self.part is None:
            return str(self.year)
        mark = "Q" if self.grain == "quarter" else ""
        return f"{self.year}-{mark}{self.part:0{1 if mark else 2}d}"


def parse(text: Any) -> Period:
    """Return the period a cell names (时期).

    Parameters
    ----------
    text : str, int, float, date or pandas.Timestamp
        Canonical text, the usual Chinese forms, a whole number or a date (read as its month).
        "上半年" is the second quarter, "1-6月" is June: figures are counted at a period's end.

    Raises
    ------
    ValueError
        When the cell names no period, or could name two; the message lists what is allowed.

    Examples
    --------
    >>> parse("2023年上半年")
    Period(year=2023, part=2, grain='quarter')
    >>> str(parse("2023年1至6月")), str(parse(202306)), str(parse("2023年"))
    ('2023-06', '2023-06', '2023')
    """
    if isinstance(text, Period):
        return text
    if isinstance(text, bool) or str(text) in MISSING:
        raise _refusal(text)
    if isinstance(text, date):
        return Period(text.year, text.month, "month")
    if isinstance(text, Real) and not isinstance(text, Integral):
        if not float(text).is_integer():
            raise _refusal(text)
        text = int(float(text))
    return _parse_text(str(text))


@cache
def _parse_text(text: str) -> Period:
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    compact = timewords.in_digits(re.sub(r"\s+", "", plain).upper())
    for pattern, grain, part_of in _FORMS:
        match = re.fullmatch(_YEAR + pattern, compact)
        if match:
            part = part_of(match)
            if part is not None and not 1 <= part <= PARTS_OF[grain]:
                raise _refusal(text)
            return Period(int(match["year"]), part, grain)
    named = day(text)
    if named is None:
        raise _refusal(text)
    return Period(named.year, named.month, "month")


def day(text: Any) -> date | None:
    """Return the day that a text or a date names, nothing where it names none.

    Examples
    --------
    >>> day("2023-06-01"), day("2023-06")
    (datetime.date(2023, 6, 1), None)
    """
    if isinstance(text, date):
        return text
    plain = unicodedata.normalize("NFKC", str(text)).translate(_DASHES).strip()
    found = _DAY.fullmatch(plain) or _DAY_TOGETHER.fullmatch(plain)
    parts = [int(part) for part in found.groups() if part and part.isdigit()] if found else []
    with suppress(ValueError):  # the 31st of June
        return date(*parts) if parts else None
    return None


def is_within_month(text: Any) -> bool:
    """Tell whether a day neither begins nor ends its month, so that no period ends with it.

    Examples
    --------
    >>> [is_within_month(text) for text in ("2023-06-15", "2023-06-01", date(2023, 6, 30), "2023")]
    [True, False, False, False]
    """
    named = day(text)
    return named is not None and named.day not in (1, monthrange(named.year, named.month)[1])


def _refusal(text: Any) -> ValueError:
    return ValueError(f"period is {text!r}; allowed: {ALLOWED}")


def canonical(text: Any) -> str:
    """Return the canonical text of a period.

    Examples
    --------
    >>> canonical("2023年第二季度"), canonical("2023.06"), canonical(2023)
    ('2023-Q2', '2023-06', '2023')
    """
    return str(parse(text))


def asked(text: Any) -> str:
    """Return the canonical text of a period that is asked about; a day is none.

    Figures count to a period's end, and to some 2024-01-06 is half a year. A date that is no text,
    as a cell may hold, stands for its month.

    Examples
    --------
    >>> asked("2024年6月"), asked(date(2024, 6, 30))
    ('2024-06', '2024-06')
    """
    with suppress(ValueError):
        return canonical("" if isinstance(text, str) and day(text) else text)
    raise ValueError(f"as_of is {text!r}; allowed: {ALLOWED}; no day")


def months(text: Any) -> int:
    """Return how many months of its year have passed when a period ends (1 to 12).

    Examples
    --------
    >>> months("2023"), months("2023-Q2"), months("2023-05")
    (12, 6, 5)
    """
    period = parse(text)
    return (period.part or 1) * MONTHS_IN_YEAR // PARTS_OF[period.grain]


def end(text: Any) -> float:
    """Return the decimal year at the end of a period: 2023 is 2023.0, 2023-06 is 2022.5.

    Examples
    --------
    >>> end("2023"), end("2023-Q2"), end("2023-06")
    (2023.0, 2022.5, 2022.5)
    """
    return parse(text).year - 1 + months(text) / MONTHS_IN_YEAR


def ends(texts: "pd.Series") -> "pd.Series":
    """Return the decimal year at the end of each period of a column, on the same index.

    Examples
    --------
    >>> import pandas as pd
    >>> ends(pd.Series(["2020", "2021-Q1"])).tolist()
    [2020.0, 2020.25]
    """
    return texts.map({text: end(text) for text in texts.unique()}).astype("float64")


def previous(text: Any) -> str:
    """Return the period of the same grain just before.

    Examples
    --------
    >>> previous("2023"), previous("2023-Q1"), previous("2023-06")
    ('2022', '2022-Q4', '2023-05')
    """
    period = parse(text)
    if period.part is None:
        return str(Period(period.year - 1, None, "year"))
    if period.part == 1:
        return str(Period(period.year - 1, PARTS_OF[period.grain], period.grain))
    return str(Period(period.year, period.part - 1, period.grain))


def label(text: Any, lang: str = "zh-Hans") -> str:
    """Return a period as readers write it, in Chinese (both scripts alike) or English.

    Examples
    --------
    >>> label("2023-Q2"), label("2023-06"), label("2023-Q2", "en"), label("2023-06", "en")
    ('2023年第二季度', '2023年6月', 'Q2 2023', 'June 2023')
    """
    period = parse(text)
    if period.part is None:
        return str(period.year) if lang == "en" else f"{period.year}年"
    if period.grain == "quarter":
        numeral = "一二三四"[period.part - 1]
        return (
            f"Q{period.part} {period.year}" if lang == "en" else f"{period.year}年第{numeral}季度"
        )
    if lang == "en":
        return f"{_MONTH_NAMES[period.part - 1]} {period.year}"
    return f"{period.year}年{period.part}月"
