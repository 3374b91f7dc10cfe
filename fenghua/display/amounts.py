"""A quantity in words: the figure with its unit, a difference, a target with its comparator.

Answers: how a value, a target and the gap between them are said. Refuses: to round a verdict away.
"""

import math
from collections.abc import Callable
from typing import Final

from fenghua.display.columns import Row
from fenghua.display.numbers import NONE, pace, short, telling
from fenghua.display.wording import Words
from fenghua.inputs.vocabulary import BEHIND, RANKS

_SAME: Final = 1e-9  # paces that differ by less are one
SIGNS: Final = {">=": "≥\u00a0", "<=": "≤\u00a0"}  # no line ends in a sign
_PART: Final = "≈\u00a0"  # of a part of a year, and of nothing else


def with_unit(printed: str, unit: str, words: Words) -> str:
    """Return a printed figure with its unit; a percent sign touches it, a rank is a place.

    Examples
    --------
    >>> with_unit("42.2", "%", Words("zh-Hans")), with_unit("624", "家", Words("zh-Hans"))
    ('42.2%', '624 家')
    """
    if printed == NONE or not unit:
        return printed
    if unit == "%":
        return f"{printed}%"
    if unit in RANKS:
        return words("gap.place", value=printed)
    return f"{printed} {after(printed, unit, words)}"


def after(printed: str, unit: str, words: Words) -> str:
    """Return a unit as it stands after a figure: a multiple of 10,000 yuan says so.

    Examples
    --------
    >>> after("7.7", "万元/亩", Words("en")), after("1", "家", Words("en"))
    ('× 10,000 yuan per mu', 'firm')
    """
    term = words.term(unit, count=printed)
    return f"× {term}" if term[:1].isdigit() else term


def apart(printed: str, unit: str, words: Words) -> str:
    """Return a printed difference with its unit: that of percentages is percentage points.

    Examples
    --------
    >>> apart("0.78", "%", Words("zh-Hans"))
    '0.78 个百分点'
    """
    said = words.term("个百分点", count=printed) if unit == "%" else after(printed, unit, words)
    return f"{printed} {said}"


def compared(printed: str, comparator: str, words: Words) -> str:
    """Return a printed target with its comparator: a sign that keeps to its figure, or a word."""
    if comparator == "about":
        return words("gap.about", target=printed)
    return SIGNS.get(comparator, "") + printed


def target(value: float, high: float, comparator: str, words: Words, *, decimals: int) -> str:
    r"""Return a target as the plan means it: ``≥ 3``, ``2–3``, ``约 3``, ``43``.

    Examples
    --------
    >>> words = Words("en")
    >>> target(3.0, math.nan, "about", words, decimals=1), target(2, 3, "range", words, decimals=0)
    ('about\xa03', '2–3')
    """
    printed = short(value, decimals=decimals)
    if comparator == "range" and high == high:
        low, high = sorted((value, high))  # the end that decides may be either
        return f"{short(low, decimals=decimals)}–{short(high, decimals=decimals)}"
    return compared(printed, comparator, words)


def about(row: Row) -> str:
    """Return the sign before a figure for which a part of a year stands for more than itself.

    What a yearly task has so far is exact, however much of the year is over; a missing figure has
    no sign.

    Examples
    --------
    >>> [about({"flags": "partial_year", "value": v}).strip() for v in (248.0, float("nan"))]
    ['≈', '']
    """
    is_part = "partial_year" in str(row.get("flags", "")).split(";")
    is_held = row.get("value") == row.get("value")
    return _PART * (is_part and is_held and row.get("kind") != "annual")


def value_of(row: Row, words: Words) -> str:
    """Return a row's value with its unit, with the digits that keep it apart from its target."""
    digits = telling(row["value"], row["next_target_value"], int(row["value_decimals"]))
    return about(row) + with_unit(short(row["value"], decimals=digits), row["unit"], words)


def target_of(row: Row, words: Words) -> str:
    """Return a row's next target with its comparator and unit."""
    ends = (row["next_target_value"], row["next_target_high"], row["next_target_comparator"])
    return with_unit(target(*ends, words, decimals=int(row["decimals"])), row["unit"], words)


def gap_of(row: Row, words: Words) -> str:
    """Return how far a row's value is from its next target: ``还差 0.4 个百分点``, ``超 54 家``."""
    gap = row["gap_to_next"]
    if gap == 0:
        return words("gap.exact")
    digits = telling(gap, 0.0, int(row["value_decimals"]))
    printed = apart(short(abs(gap), decimals=digits), row["unit"], words)
    key = gap_key(row["status"], gap, row["direction"], unit=row["unit"])
    return from_end(words(key, amount=printed), row, "next_target", words)


def from_end(said: str, row: Row, name: str, words: Words) -> str:
    """Return a gap with the end of the target ``name`` that it is counted from, of a range."""
    high = row.get(f"{name}_high")
    if row.get(f"{name}_comparator") != "range" or high is None or high != high:
        return said
    return words(
        "gap.range", gap=said, end=short(row[f"{name}_value"], decimals=int(row["decimals"]))
    )


def pace_of(row: Row, key: str) -> str:
    """Return a printed pace, ``required_rate`` or ``achieved_rate``, apart from the other one.

    Growth so far is the row's value itself, and has its digits; so has what is left for one year
    those of the gap, which it then is.
    """
    gap = row.get("gap_to_next", math.nan)
    if key == "required_rate" and gap < 0 and abs(abs(row[key]) + gap) < _SAME:
        digits = telling(gap, 0.0, int(row["value_decimals"]))
        digits = telling(row[key], row["achieved_rate"], digits)
        return short(row[key], decimals=digits, signed=row.get("direction", 1) < 0)
    if key == "achieved_rate" and row.get("kind") == "growth":
        return short(row[key], decimals=int(row["value_decimals"]))
    other = {"required_rate": "achieved_rate", "achieved_rate": "required_rate"}[key]
    return moving(row, key, other)


def moving(row: Row, key: str, other: str) -> str:
    """Return a printed pace; of what is to fall a rise has its sign, too.

    Examples
    --------
    >>> falling = {"direction": -1, "achieved_rate": 0.02, "required_rate": -0.085}
    >>> moving(falling, "achieved_rate", "required_rate")
    '+0.02'
    """
    return pace(row[key], beside=row[other], signed=row.get("direction", 1) < 0)


def rate(
    code: str, row: Row, key: str, printed: str, words: Words, *, claimed: Callable | None = None
) -> str:
    """Return a printed pace in words: ``每月 17.9 家``; that of a rank says which way it moves.

    ``claimed`` marks the figure as a result's, as `columns.Column.claimed` does.
    """
    unit, way = row["unit"], ""
    if unit in RANKS and code in ("per_year", "in_year") and row[key]:  # a lower place is better
        way, printed = "_ahead" if row[key] < 0 else "_back", printed.lstrip("\u2212+")
    told = claimed(printed, row, key, how="size" if way else "") if claimed else printed
    sign = about(row) if key in ("required_rate", "achieved_rate") else ""
    return words(f"rate.{code}{way}", value=sign + told, unit=after(printed, unit, words))


def would_do(row: Row) -> bool:
    """Return whether the pace so far would do although the row lies behind its path.

    The path is then steeper in its earlier years than from the base to the next target.
    """
    is_next = row["effort_target_year"] == row["next_target_year"]
    if not is_next or row["status"] not in BEHIND or row["status"] == "missed":
        return False
    return row["direction"] * (row["required_rate"] - row["achieved_rate"]) <= _SAME


def is_kept(row: Row) -> bool:
    """Return whether a target asks to hold what the base has already, and not to reach it.

    At a target's own date no mode is flagged; the room above a floor tells it.
    """
    room = row.get("room")
    has_room = room is not None and room == room
    modes = {"maintain_mode", "limit_mode"} & {*str(row.get("flags", "")).split(";")}
    return has_room or bool(modes)


def gap_key(status: str, gap: float, direction: float, *, unit: str = "") -> str:
    """Return the catalogue's key for a gap: short of the target or over it, due or not yet.

    Examples
    --------
    >>> gap_key("met", 3, -1), gap_key("met", 3, -1, unit="位")
    ('gap.below', 'gap.ahead_rank')
    """
    is_short = gap < 0 and status not in ("met", "missed")
    if unit in RANKS and not is_short:  # a lower place is a larger number
        return "gap.ahead_rank" if gap > 0 else "gap.behind_rank"
    if gap > 0 and direction < 0:
        return "gap.below"
    if status in ("met", "missed"):
        return "gap.over" if gap > 0 else "gap.missed" if direction >= 0 else "gap.above"
    return "gap.ahead" if gap > 0 else "gap.short"
