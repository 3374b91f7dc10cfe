"""What the number format of a cell shows: a share, a scaled number, a word, a year, a month.

Answers: how the figure that is stored differs from the figure that is seen. Refuses: to format.
"""

import re
from datetime import date, timedelta
from functools import cache
from typing import Final

from tidysheets.units import Units

PERCENT: Final = "percent"  # the stored ratio is shown a hundred times larger
SCALED: Final = "scaled"  # the stored number is shown in thousands, or with a point pushed in
SIGNED: Final = "signed"  # a minus is shown that is not stored
UNSIGNED: Final = "unsigned"  # the minus of a negative number is not shown
HIDDEN: Final = "hidden"  # the number is not shown at all
ZEROLESS: Final = "zeroless"  # a nought is not shown
STRUCK: Final = "struck"  # the cell, or a part of its text, is crossed out
SAID: Final = "said "  # before a word that is shown behind the number and changes it: 1.2万
YEAR: Final = "year"  # of a date only the year is shown
MONTH: Final = "month"  # of a date the year and the month are shown
DAY: Final = "day"  # of a date only the month and the day are shown
TOLD: Final = "told "  # before what is shown of a date with words of its own: %Y年上半年
DATE: Final = "date"
BUILT_IN: Final = {
    "9": PERCENT,
    "10": PERCENT,
    "16": DAY,
    "17": MONTH,
    **dict.fromkeys(("27", "36", "50", "52", "57"), MONTH),
    **dict.fromkeys(("28", "29", "30", "31", "51", "53", "54"), DATE),
    "58": DAY,
}
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)|[_*](?s:.)|\[[^\]]*\]')
_SPLIT = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)')
_SCALING = re.compile(r"[0#?],+(?![0#?,])")
_ADDED = re.compile(  # digits, or a point, that are shown and not stored
    r'[0#?]\s*(?:"\s*\d|\\\d)|(?:"[^"]*\d[.,]?\s*"|\\\d)\s*[0#?]|[0#?](?:"\."|[\\!]\.)[0#?]'
)
_BEHIND = re.compile(
    r'(?:[0#?]|general|通用格式)((?:"[^"]*"|[\\!].|[_*].|\[[^\]]*\]|[^0#?"\\])*)$', re.IGNORECASE
)
_MEANING = re.compile(r"[百千万亿兆%‰]|[km](?![a-z])", re.IGNORECASE)
_LESS = re.compile(r"[-−(（▲△\[]")
_EXPONENT = re.compile(r"[0#?]e[+-]")
_DATED = re.compile(rf"(?P<Y>[ye]+)|(?P<m>m+)|(?P<Q>q+)|{_LITERAL.pattern}", re.IGNORECASE)
_UNTOLD = re.compile(r"%[Ym]|[年月度\s./,-]")  # what leaves a date the year or month that it is
_MINUTES = re.compile(r"h[^a-z]*m{1,2}|m{1,2}[^a-z]*s")


def shown(code: str) -> str:
    """Return what a format code shows beyond the stored number; nothing where it is the number.

    Examples
    --------
    >>> shown("0.0%"), shown('0.0"%"'), shown("0!.0,"), shown('yyyy"年"m"月"'), shown("#,##0.00")
    ('percent', 'said %', 'scaled', 'month', '')
    """
    written = _SPLIT.findall(code)
    sections = [_LITERAL.sub("", part).lower() for part in written]
    first = sections[0] if sections else ""
    if "@" in first:
        return ""
    if any("%" in section for section in sections):
        return PERCENT
    is_general = "general" in first or "通用格式" in first
    is_number = bool(re.search("[0#?]", first)) and not re.search("[ymdhs]", first)
    if is_general or is_number or _EXPONENT.search(first):
        return _of_number(code, written, sections)
    is_bare = bool(code) and not re.search(r"[a-z]", first) and "[" not in code
    return HIDDEN if is_bare else _date(written[0], first)


def _of_number(code: str, written: list[str], sections: list[str]) -> str:
    if any(map(_SCALING.search, sections)) or _ADDED.search(code):
        return SCALED
    if re.match(r"[^0#?]*[-−(（]", _spelled(written[0])):
        return SIGNED
    behind = next((found for part in written if (found := _word_behind(part))), "")
    if behind:
        return SAID + behind
    is_bare = len(written) > 2 and not _LESS.search(written[1]) and "[" not in written[0]
    if is_bare and not _LESS.search(_spelled(written[1])):
        return UNSIGNED
    has_third = len(written) > 3 or (len(written) == 3 and code.endswith(";"))
    return ZEROLESS if has_third and not _spelled(written[2]).strip() else ""


def _spelled(section: str) -> str:
    return _LITERAL.sub(lambda match: match[1] or match[2] or "", section)


def _word_behind(section: str) -> str:
    """Return the word behind a number where it says how much it is: 0.0"万元"."""
    match = _BEHIND.search(section)
    word = _spelled(match[1]).strip() if match else ""
    return word if has_meaning(word) else ""


def has_meaning(word: str) -> bool:
    """Tell whether a word behind a number says how much it is."""
    return bool(_MEANING.match(word) or _units().name(word))


@cache
def _units() -> Units:
    return Units.common()


def _date(written: str, plain: str) -> str:
    spelled = _MINUTES.sub("", plain)
    has_year, has_month = "y" in spelled or "e" in spelled, "m" in spelled
    if not has_year:
        is_day = has_month and "d" in spelled
        return DAY if is_day else DATE if has_month or "d" in spelled else ""
    if "d" in spelled:
        return DATE
    return of_date(_DATED.sub(_dated, written))


def _dated(match: re.Match[str]) -> str:
    return f"%{match.lastgroup}" if match.lastgroup else match[4] or match[5] or ""


def of_date(told: str) -> str:
    """Return what a date without a day shows, its year, month and quarter as %Y, %m and %Q.

    Examples
    --------
    >>> of_date("%Y年"), of_date("%Y年%m月"), of_date("%Y年上半年")
    ('year', 'month', 'told %Y年上半年')
    """
    if _UNTOLD.sub("", told):
        return TOLD + told
    return MONTH if "%m" in told else YEAR


def dated(value: date, kind: str) -> str | date:
    """Return what a cell shows of a date by what its format shows (`of_date`).

    A spreadsheet makes 1月6日 of a typed 1-6, months or not: only a day that begins or ends a
    month may stand for it.

    Examples
    --------
    >>> dated(date(2023, 6, 1), YEAR), dated(date(2023, 6, 1), "told %Y-%Q")
    ('2023', '2023-Q2')
    >>> dated(date(2023, 1, 6), DAY), dated(date(2023, 6, 30), DAY)
    ('1月6日', datetime.date(2023, 6, 30))
    """
    if kind == DAY:
        is_edge = 1 in (value.day, (value + timedelta(days=1)).day)
        return value if is_edge else f"{value.month}月{value.day}日"
    told = {YEAR: "%Y", MONTH: "%Y-%m"}.get(kind, kind.removeprefix(TOLD))
    quarter = f"Q{(value.month + 2) // 3}"
    told = told.replace("%Y", f"{value.year}").replace("%m", f"{value.month:02d}")
    return told.replace("%Q", quarter)
