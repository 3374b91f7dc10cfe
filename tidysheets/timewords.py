"""Times as offices write them in words: 二〇二三年, 十一月, 前三季度, 截至6月底.

Answers: the same time in the digits by which it is read. Refuses: to end a period within a month.
"""

import re
from calendar import monthrange
from typing import Final

from tidysheets import signs

_YEAR_IN_WORDS: Final = re.compile(
    "[一二][〇○零一二三四五六七八九]{3}(?=年)|FY(?=(?:19|20|21)\\d{2})", re.I
)
_SIGNS: Final = str.maketrans("〇○零一二三四五六七八九", "000123456789", "FYfy")
MONTHS: Final = 12
_ONE_TO_TWELVE: Final = "十[一二]?|[一二三四五六七八九]"
_NUMBERS: Final = {word: i + 1 for i, word in enumerate("一二三四五六七八九十")} | {
    "十一": 11,
    "十二": 12,
}
_MONTH: Final = re.compile(rf"(?<![一二三四五六七八九十\d每个])({_ONE_TO_TWELVE})(?=月)")
_TO: Final = "[-~至到]"
# From the first month or quarter on: 一至十月, 前十个月, 1-3季度.
_FIRST: Final = re.compile(
    rf"(?<![一二三四五六七八九十])一月?(?={_TO}(?:\d{{1,2}}|{_ONE_TO_TWELVE})月)"
)
_MONTHS_BEFORE: Final = re.compile(rf"前(\d{{1,2}}|{_ONE_TO_TWELVE})个月")
_QUARTERS: Final = re.compile(rf"(?:(?<![\d.])1|一){_TO}第?([1-4一二三四])季度?")
# A form that is due at the end of a month says nothing of its figures.
_UP_TO: Final = re.compile(
    rf"(?<![报送填交])截[至止-]到?(?:(\d{{4}})年)?(?:0?1{_TO})?(0?[1-9]|1[0-2])月(?!\d+日?前|[底末份]?前)"
    r"(?:[底末份]|(\d{1,2})日?(?!\d))?"
)
# To when figures count is a statement of its own above a table: 统计时间：2023年11月30日.
_AS_OF: Final = re.compile(
    r"(?:统计|数据|资料)(?:截[至止]?)?(?:时间|日期|时点)[::为]?(?=(?:19|20|21)\d{2}年)"
)
_UP_TO_YEAR: Final = re.compile(r"(?<![报送填交])截[至止-]到?(?=\d{4}年?[底末])")
BY: Final = re.compile(r"^[到至](?=(?:19|20|21)\d{2}年)")  # a task is due by the end of 到2025年
_END: Final = re.compile(r"(?<=\d月|月份|季度)[底末](?!前)")
_SAME: Final = re.compile(r"((?:19|20|21)\d{2}年)同期")
_PART_OF_YEAR: Final = re.compile(
    r"(?:19|20|21)\d{2}年((?:1-)?\d{1,2}月|上半年|[前第]?[一二三四1-4]季度)"
)


def in_digits(text: str) -> str:
    """Return a text without spaces in half-width signs, its times in the usual digits.

    Examples
    --------
    >>> in_digits("二〇二三年十月"), in_digits("FY2023"), in_digits("2023年一至十月")
    ('2023年10月', '2023', '2023年1-10月')
    >>> in_digits("截至2023年6月30日"), in_digits("截至2023年6月15日"), in_digits("6月底前报送")
    ('2023年1-6月', '截至2023年6月15日', '6月底前报送')
    >>> in_digits("截至6月底"), in_digits("截至2023年12月31日"), in_digits("截至2023年底")
    ('1-6月', '2023年', '2023年底')
    >>> in_digits("2023年1-3季度"), in_digits("前十个月"), in_digits("三个月")
    ('2023年前3季度', '1-10月', '三个月')
    """
    text = _YEAR_IN_WORDS.sub(lambda match: match[0].translate(_SIGNS), text)
    if not re.search("[月季]|截[至止-]", text):
        return text
    text = _AS_OF.sub("截至", text)
    text = _FIRST.sub("1", text)
    text = _MONTHS_BEFORE.sub(lambda match: f"1-{_number(match[1])}月", text)
    text = _MONTH.sub(lambda match: str(_number(match[1])), text)
    text = re.sub(rf"(?<=\d){_TO}(?=\d{{1,2}}月)", "-", text)
    text = _QUARTERS.sub(lambda match: f"前{match[1]}季度", text)
    return _END.sub("", _UP_TO_YEAR.sub("", _UP_TO.sub(_up_to, text)))


def _number(word: str) -> int:
    return _NUMBERS[word] if word in _NUMBERS else int(word)


def _up_to(match: re.Match[str]) -> str:
    """Return all months up to one; what ends on another day than its last is left as it is."""
    year, month, day = match.groups()
    last = monthrange(int(year or 2000), int(month))[1]
    is_end = not day or int(day) == last or (not year and (month.lstrip("0"), day) == ("2", "28"))
    stated = f"{year}年" if year else ""
    whole = stated if int(month) == MONTHS else ""
    return (whole or f"{stated}1-{int(month)}月") if is_end else match[0]


def same_parts(headings: list[str]) -> list[str]:
    """Return headings of a row with 2022年同期 as the part of its year that the others are of.

    Where they are of several parts, of whole years or of more than a time (6月当月), it stays so.

    Examples
    --------
    >>> same_parts(["指标", "2023年6月", "2022年同期"]), same_parts(["2023年", "2022年同期"])
    (['指标', '2023年6月', '2022年6月'], ['2023年', '2022年同期'])
    """
    if not any("同期" in text for text in headings):
        return headings
    plain = (re.sub(r"\s+", "", signs.half_width(t).translate(signs.DASHES)) for t in headings)
    parts = {part[1] for text in plain if (part := _PART_OF_YEAR.fullmatch(in_digits(text)))}
    if len(parts) != 1:
        return headings
    (part,) = parts
    return [_SAME.sub(rf"\g<1>{part}", text) for text in headings]
