"""Times in headings and titles: years, their parts, and what only the writer knows (上年).

Answers: which time a text names, and what is left of it. Refuses: spans of plans, days of forms.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Final

from tidysheets import cells, signs, timewords
from tidysheets.problems import simplified
from tidysheets.schema import Column, Schema

_PART: Final = r"(?:[第前]?[一二三四1-4]季度|上半年|(?:0?1[-~至])?\d{1,2}月份?|全年|年底|年末)"
_TIME: Final = re.compile(
    r"(?<![\d.])(?:19|20|21)\d{2}(?:[-./]?(?:Q[1-4]|0[1-9]|1[0-2])(?![\d])"
    rf"|年?{_PART}|年度?|(?![\d.]))",
    re.IGNORECASE,
)
# Years that only the writer knows: 22年, 上年, 去年同期, and what a spreadsheet makes of 2023-03.
_UNTOLD: Final = re.compile(
    r"(?<![\d.])\d{2}年(?:度|同期)?(?!\d)|[上本去今当前]年(?:度|同期|累计|实际|以来)?|[上本同]期"
    r"|(?<![A-Za-z])[A-Z][a-z]{2}-\d{2}(?!\d)|(?<!\d)\d{1,2}-[A-Z][a-z]{2}(?![a-z])"
)
_MONTHS: Final = re.compile(_PART)
# Spans of plans, days on which a form was filled in, numbers of documents: no period of figures.
_NOT_TIME: Final = re.compile(
    r"\d{4}年?[-~至到]\d{4}年?|\d{4}([-./])\d{1,2}\1\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日?"
    r"|[〔\[]\d{4}[〕\]]|[(【]\d{4}[)】](?=第?\d+号)|(?:与|比|较)\d{4}年?"
    r"|\d{4}年?(?:\d{1,2}月)?(?=(?:为|作为)?(?:基期|基数|相比|编印|印发))"
)
# Words for a part of a year: where a title has them, its bare year is not the whole of the time.
_PARTLY: Final = re.compile(
    r"(?<!每)月|季|半年|以来|至今|截[至止](?!\d{4}年?[底末])|Q[1-4]|H[12]", re.IGNORECASE
)
# A report of each month or quarter (月报) does not say which.
_REPORT: Final = re.compile(r"(?<!\d)月[报度]|(?<![一二三四1-4])季[报度]")
# Parts of a year that are read beside its year, wherever in the title they stand.
_PLAIN_PART: Final = re.compile(
    r"(?<![\d比较与至-])(?:(?:0?1[-~至到])?(?:0?[1-9]|1[0-2])月(?!\d)|(?:第|前)?[一二三四1-4]季度"
    r"|上半年|Q[1-4](?!\d))",
    re.IGNORECASE,
)
# To the end of December is the whole year.
_YEARS_END: Final = re.compile(r"(?:截[至止])?(?:\d{4}年)?(?:1月?[-~至到])?12月(?:底|末|份|31日)?")
# A part of a year without its year, and what may be January or October: 二季度, 2023.1.
_UNTOLD_PART: Final = re.compile(rf"(?:{_PART}|(?:19|20|21)\d{{2}}\.\d)$")
_SO_FAR: Final = re.compile(r"(?<!\d)0?1[-~至到]\d{1,2}月|上半年|前[一二三1-3]季")
_SECOND_HALF: Final = re.compile(r"下半年|\d年?-?H2(?!\w)", re.IGNORECASE)
_ASIDE: Final = re.compile(r"(填报|填表|制表|打印|报送|报表|审核|联系|日期|注|说明|数据来源|来源)")
# A year or a month as a number; 2023.1 may be January or October.
_NUMBERED_TIME: Final = re.compile(r"(?:19|20|21)\d{2}(?:\.?(?:0[1-9]|1[0-2]))?")
# The mark of a note is no part of a heading; behind a digit it could be a month.
_NOTE_MARK: Final = re.compile(r"(?<=[^\d\s(\[])(?:[(\[]注?\d{1,2}[)\]]|[(\[]注[)\]]|[*※†]+)+$")
_ORDINAL: Final = re.compile(
    r"^(?:\((?:\d{1,2}|[一二三四五六七八九十]{1,3})\)|(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、])"
    r"(?![\d一二三四五六七八九十.])"
)
_DASHES: Final = signs.DASHES | str.maketrans(dict.fromkeys("~\u301c", "-"))


def as_text(cell: Any) -> str:
    """Return a cell of a header row as text: a year or a month is often a number or a date."""
    if isinstance(cell, bool):
        return ""
    if isinstance(cell, int | float):
        written = f"{cell:.15g}"
        return written if _NUMBERED_TIME.fullmatch(written) else ""
    if isinstance(cell, date):
        return f"{cell.year}-{cell.month:02d}"
    return cell.strip() if isinstance(cell, str) else ""


def unmarked(text: str) -> str:
    """Return a heading in half-width signs without its number and the mark of a note at its end.

    Examples
    --------
    >>> unmarked("2023年(1)"), unmarked("完成数[注2]"), unmarked("2023(1)"), unmarked("1.完成数")
    ('2023年', '完成数', '2023(1)', '完成数')
    """
    return _NOTE_MARK.sub("", _ORDINAL.sub("", text))


def time_of(table: str, schema: Schema) -> Column | None:
    """Return the column that says when, if the table has one."""
    own = schema.tables[table]
    return next((own[name] for name in schema.times if name in own and own[name].key), None)


def figure_of(table: str, schema: Schema) -> str:
    """Return the column of figures whose unit their cells or headings give, if there is one."""
    own = schema.tables[table].values()
    return next((column.name for column in own if column.keeps_units), "")


def read_time(text: str, column: Column, schema: Schema) -> Any:
    """Return a text as a value of the column that says when, or nothing when it is none."""
    try:
        if column.type == "int":
            match = re.fullmatch(r"((?:19|20|21)\d{2})(?:年度?|全年|年底|年末)?", text)
            return int(match[1]) if match else None
        return schema.readers[column.type](text) or None
    except cells.CellError:
        return None


def is_time(text: str, column: Column, schema: Schema) -> bool:
    """Tell whether a text is nothing but a time."""
    value, rest = split_time(text, column, schema)
    return value is not None and not rest


def split_time(text: str, column: Column, schema: Schema, year: str = "") -> tuple[Any, str]:
    """Return the time that a heading names, and the heading without it.

    ``year`` completes months and quarters that stand alone (1月, 上半年).
    """
    plain = unmarked(_plain(text))
    whole = read_time(plain, column, schema) if plain[:1].isdigit() else None
    if whole is not None:
        return whole, ""
    matches = [*_TIME.finditer(plain)]
    if len(matches) == 1 and not _NOT_TIME.search(plain):
        value = read_time(matches[0][0], column, schema)
        return value, _without(plain, matches[0]) if value is not None else plain
    part = _MONTHS.match(plain) if year and not matches else None
    value = read_time(f"{year}年{part[0]}", column, schema) if part else None
    return (value, _without(plain, part)) if part and value is not None else (None, plain)


def without_untold(text: str) -> str | None:
    """Return a heading without a year that it does not tell in full; nothing where it has none.

    Examples
    --------
    >>> without_untold("上年实缴税金"), without_untold("22年"), without_untold("2022年")
    ('实缴税金', '', None)
    """
    plain = _plain(text)
    match = _UNTOLD.search(plain)
    return _without(plain, match) if match else None


@lru_cache(maxsize=2**14)  # the headings of a row are looked at for every table
def _plain(text: str) -> str:
    """Return a heading or title as times are looked for in it."""
    plain = re.sub(r"\s+", "", signs.half_width(simplified(text)).translate(_DASHES))
    return timewords.in_digits(timewords.BY.sub("", plain))


def _without(text: str, match: re.Match[str]) -> str:
    rest = text[: match.start()] + text[match.end() :]
    return re.sub(r"\(\)|\[\]|【】", "", rest).strip("-_:,、")


def is_so_far(text: str) -> bool:
    """Tell whether a heading counts from the beginning of its year (1-6月, 上半年)."""
    return bool(_SO_FAR.search(_plain(text)))


def is_untold_part(text: str) -> bool:
    """Tell whether a heading is a part of a year and does not tell of which, or which one."""
    return bool(_UNTOLD_PART.match(unmarked(_plain(text))))


def is_second_half(text: str) -> bool:
    """Tell whether a heading or title is of half a year that does not begin with it (下半年)."""
    return bool(_SECOND_HALF.search(_plain(text)))


def years_in(texts: Iterable[str]) -> set[str]:
    """Return the years that titles name."""
    return {written[:4] for text in texts for written in named_in(text)}


@lru_cache(maxsize=2**12)  # the same titles stand above every row that may be the header
def named_in(text: str) -> tuple[str, ...]:
    """Return the times that a title names, as they are written."""
    plain = _plain(text)
    return (
        ()
        if _ASIDE.match(plain)
        else tuple(match[0] for match in _TIME.finditer(_NOT_TIME.sub("#", plain)))
    )


def with_parts(values: set[Any], texts: Iterable[str], column: Column, schema: Schema) -> set[Any]:
    """Return what titles name, and beside a bare year what they say of a part of it.

    A year alone is not the time of figures where a title, a sheet or a file says 1-9月 as well:
    what is plain completes the year, and any other words are returned beside it.
    """
    if not any(re.fullmatch(r"(?:19|20|21)\d\d", str(value)) for value in values):
        return values
    own = {text: _NOT_TIME.sub("", _YEARS_END.sub("", _plain(text))) for text in texts}
    partly = {t: left for t, left in own.items() if _PARTLY.search(left) and not _ASIDE.match(t)}
    exact = (_REPORT.sub("", left) for left in partly.values())
    parts = {_one_part(left) for left in exact if _PARTLY.search(left)}
    if len(values) == len(parts) == 1 and (part := parts.pop().upper()):
        joint = "" if part.startswith("Q") else "年"
        whole = read_time(f"{next(iter(values))}{joint}{part}", column, schema)
        if whole is not None:
            return {whole}
    return values | set(partly)


def _one_part(text: str) -> str:
    """Return the one part of a year that a title names plainly, if it says nothing else of one."""
    found = [match[0] for match in _PLAIN_PART.finditer(text)]
    rest = _PLAIN_PART.sub("", text)
    return found[0] if len(set(found)) == 1 and not _PARTLY.search(rest) else ""
