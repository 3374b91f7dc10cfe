"""What the number format of a cell shows: a share, a scaled number, a year, a month.

Answers: how the figure that is stored differs from the figure that is seen. Refuses: to format.
"""

import re
from typing import Final

PERCENT: Final = "percent"  # the stored ratio is shown a hundred times larger
SCALED: Final = "scaled"  # the stored number is shown in thousands, or with a point pushed in
SIGNED: Final = "signed"  # a minus is shown that is not stored
YEAR: Final = "year"  # of a date only the year is shown
MONTH: Final = "month"  # of a date the year and the month are shown
DATE: Final = "date"
BUILT_IN: Final = {
    "9": PERCENT,
    "10": PERCENT,
    "17": MONTH,
    **dict.fromkeys(("27", "36", "50", "52", "57"), MONTH),
    **dict.fromkeys(("28", "29", "30", "31", "51", "53", "54", "58"), DATE),
}
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)|[_*](?s:.)|\[[^\]]*\]')
_SPLIT = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)')
_SCALING = re.compile(r"[0#?],+(?![0#?,])")
_EXPONENT = re.compile(r"[0#?]e[+-]")
_MINUTES = re.compile(r"h[^a-z]*m{1,2}|m{1,2}[^a-z]*s")


def shown(code: str) -> str:
    """Return what a format code shows beyond the stored number; nothing where it is the number.

    Examples
    --------
    >>> shown("0.0%"), shown('0.0"%"'), shown("0!.0,"), shown('yyyy"年"m"月"'), shown("#,##0.00")
    ('percent', '', 'scaled', 'month', '')
    """
    first = _SPLIT.match(code)
    sections = [_LITERAL.sub("", part).lower() for part in _SPLIT.findall(code)]
    plain = sections[0] if sections else ""
    if "general" in plain or "@" in plain:
        return ""
    if any("%" in section for section in sections):
        return PERCENT
    is_number = bool(re.search("[0#?]", plain)) and not re.search("[ymdhs]", plain)
    if is_number or _EXPONENT.search(plain):
        if any(map(_SCALING.search, sections)) or "!." in code:
            return SCALED
        return SIGNED if first and _has_minus(first[1]) else ""
    return _date(plain)


def _has_minus(section: str) -> bool:
    """Tell whether a minus stands before the digits of what is stored without one."""
    written = _LITERAL.sub(lambda match: match[1] or match[2] or "", section)
    return bool(re.match(r"[^0#?]*[-−]", written))


def _date(plain: str) -> str:
    spelled = _MINUTES.sub("", plain)
    has_year, has_month = "y" in spelled or "e" in spelled, "m" in spelled
    if not has_year:
        return DATE if has_month or "d" in spelled else ""
    if "d" in spelled:
        return DATE
    return MONTH if has_month else YEAR
