"""The kinds of a column: how a value of a row prints in a cell.

Answers: what a cell holds: figure, status, share, bar, small line. Refuses: to calculate.
"""

from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType
from typing import Final

from fenghua.display import amounts, drawn
from fenghua.display.columns import Column, Row
from fenghua.display.drawn import status_word
from fenghua.display.numbers import NONE, figure, pace, percent, short, telling
from fenghua.inputs import periods


def cell(column: Column, row: Row) -> str:
    """Return a column's cell of a row, as HTML."""
    return KINDS[column.kind](column, row)


def small(text: object) -> str:
    """Return a smaller line beneath a cell's own text, or nothing."""
    return f"<small>{escape(str(text))}</small>" if text and text == text else ""


def _text(col: Column, row: Row) -> str:
    value = row[col.source]
    printed = f"<bdi>{escape(str(value))}</bdi>" if value == value and str(value) else NONE
    return printed + "".join(small(row[key]) for key in col.also)


def _figure(col: Column, row: Row) -> str:
    return col.number(row, row[col.source]) + "".join(_own_year(col, row, key) for key in col.also)


def _planned(col: Column, row: Row) -> str:
    """Print the path, but none to a limit that is held already: no way down to it is asked for."""
    return NONE if amounts.is_kept(row) else _figure(col, row)


def _goal(col: Column, row: Row) -> str:
    """Print a target as the plan means it, with its own year where the heading names another."""
    value, high, comparator = (row[key] for key in (col.source, *col.also[:2]))
    told = col.number(row, value)
    told = amounts.compared(told, comparator, col.words) if value == value else told
    if comparator == "range" and high == high:
        told = amounts.target(value, high, comparator, col.words, decimals=col.digits(row))
    return told + "".join(_own_year(col, row, key) for key in col.also[2:])


def _own_year(col: Column, row: Row, key: str) -> str:
    """Return the year of a row's figure where the heading does not name it."""
    year = row[key]
    is_known = year != year or year == col.facts.get(key.replace("_target", ""))
    if is_known or row[col.source] != row[col.source]:
        return ""
    is_every = key == "end_target_year" and row.get("kind") == "annual"  # no year is the last
    return small(col.words("page.every_year") if is_every else f"{year:.0f}")


def _bounded(col: Column, row: Row) -> str:
    """Print a figure and, beneath it, by how much it may be off."""
    error = row[col.also[0]]
    printed = col.number(row, row[col.source], apart_from=error)
    if not error > 0:
        return printed
    off = figure(error, telling(abs(row[col.source]), error, col.digits(row)))
    return printed + small(f"± {off if off.strip('0.') else pace(error)}")


def _reading(col: Column, row: Row) -> str:
    """Print a figure with the digits that keep it apart from its target, or from the next limit."""
    value, cuts = row[col.source], col.facts.get("cuts") or [float("nan")]
    limits = [row[key] for key in col.also] or cuts
    return col.number(row, value, apart_from=min(limits, key=lambda limit: abs(limit - value)))


def _share(col: Column, row: Row) -> str:
    value = row[col.source]
    if value != value:
        return col.none
    return col.claimed(percent(value, int(col.spec.get("decimals") or 0)), row)


def _points(col: Column, row: Row) -> str:
    """Print a share (0-1) as points of 100, with its change beneath."""
    moved = [figure(100 * row[key], 1, signed=True) for key in col.also]
    printed = col.claimed(figure(100 * row[col.source], 1), row, how="points")
    return printed + "".join(small(x) for x in moved if x != NONE)


def _count(col: Column, row: Row) -> str:
    value = row[col.source]
    return f"{value:,.0f}" if value == value and value else NONE


def _places(col: Column, row: Row) -> str:
    """Print how many places a rank moved."""
    value = row[col.source]
    if value != value or value == 0:
        return NONE if value != value else "0"
    return f"{'▲' if value > 0 else '▼'} {short(abs(value))}"


def _range(col: Column, row: Row) -> str:
    low, high = row[col.source], row[col.also[0]]
    if low != low or low == high:
        return col.number(row, low)
    return f"{col.number(row, low)}–{col.number(row, high, col.also[0])}"


def _printed(col: Column, row: Row) -> str:
    """Print a figure of the plan as the plan prints it."""
    told = str(row[col.source]).strip()
    if told in ("", "-"):
        return NONE
    said = told if told.replace(".", "", 1).isdigit() else escape(col.words.printed(told))
    return said + "".join(_own_year(col, row, key) for key in col.also)


def _period(col: Column, row: Row) -> str:
    value = str(row[col.source])
    return escape(periods.label(value, col.words.lang)) if value else NONE


def _code(col: Column, row: Row) -> str:
    """Print ``;``-joined codes in words."""
    codes = [code for code in str(row[col.source]).split(";") if code not in ("", "nan", "-1")]
    between = "、" if col.words.is_chinese else ", "
    return escape(between.join(col.words(f"{col.spec['words']}.{code}") for code in codes)) or NONE


def _status(col: Column, row: Row) -> str:
    if row[col.source] == "":
        return NONE
    word = status_word(row[col.source], col.words, mark=col.mark(row))
    return word + "".join(small(row[key]) for key in col.also)


def _grade(col: Column, row: Row) -> str:
    value = str(row[col.source])
    if len(value) > 1:
        return escape(col.words(f"{col.spec['words']}.{value}"))
    return f'<b class="grade g-{escape(value)}">{escape(value)}</b>' if value else NONE


def _marks(col: Column, row: Row) -> str:
    """Print a list of names, each with the shape of its status."""
    pairs = zip(row[col.also[0]], row[col.source], strict=True)
    return " ".join(
        f"{status_word(code, col.words, bare=True)}<bdi>{escape(name)}</bdi>"
        for code, name in pairs
    )


def _strip(col: Column, row: Row) -> str:
    """Print the statuses of several issues as shapes, oldest first."""
    signs = [status_word(code, col.words, bare=True) if code else NONE for code in row[col.source]]
    return f'<span class="signs">{"".join(signs)}</span>'


def _change(col: Column, row: Row) -> str:
    """Print a figure before and after, each apart from the target, and why it changed."""
    before, why, target = (row[key] for key in col.also)
    if not why:
        return NONE
    values = (before, row[col.source])
    ends = (short(x, decimals=telling(x, target, col.digits(row))) for x in values)
    return " → ".join(ends) + small(col.words(f"{col.spec['words']}.{why}"))


def _turn(col: Column, row: Row) -> str:
    """Print a status before and after, and what turned it."""
    before, why = (row[key] for key in col.also)
    if before == row[col.source]:
        return NONE
    ends = (status_word(end, col.words) if end else NONE for end in (before, row[col.source]))
    return " → ".join(ends) + (small(col.words(f"{col.spec['words']}_{why}")) if why else "")


def rate(col: Column, row: Row, key: str) -> str:
    """Return a pace of the row in natural units: ``每月 17.9 家``."""
    value, unit = row[key], row["required_rate_unit"]
    if not unit or value != value:
        return NONE
    if key == "required_rate" and value == 0:
        return col.words("rate.kept" if amounts.is_kept(row) else "rate.done")
    printed = amounts.pace_of(row, key)
    return amounts.rate(unit, row, key, printed, col.words, claimed=col.claimed)


def _rate(col: Column, row: Row) -> str:
    return rate(col, row, col.source)


def _pace(col: Column, row: Row) -> str:
    """Print the pace needed with its year, and the pace so far beneath."""
    needed, so_far = rate(col, row, col.source), rate(col, row, col.also[0])
    year = row["effort_target_year"]
    if needed != NONE and year == year and year != row["next_target_year"]:
        needed = col.words("rate.by_year", rate=needed, year=f"{year:.0f}")
    if needed == NONE or so_far == NONE:
        return needed
    beneath = f"<small>{col.words('rate.so_far', rate=so_far)}</small>"
    return needed + beneath + small(col.words("gaps.pace_enough").strip() * amounts.would_do(row))


def _yearly(col: Column, row: Row) -> str:
    """Print a yearly pace in natural units, and a further one beneath, such as the best year's."""
    code, unit, *others = col.also
    rate = row[code] if row[code] == "pct_per_year" else "per_year"
    rate = "points_per_year" if rate == "per_year" and row[unit] == "%" else rate

    def told(key: str, other: str = col.source) -> str:
        printed = amounts.moving(row, key, other)
        said = rate.replace("per_year", "in_year") if key == "best_pace" else rate  # of one year
        return amounts.rate(said, row, key, printed, col.words, claimed=col.claimed)

    if row[col.source] != row[col.source]:
        return NONE
    known = [key for key in others if row[key] == row[key]]
    beneath = (col.words(f"{col.spec['words']}.{key}", rate=told(key)) for key in known)
    is_done = col.source == "required_pace" and not row[col.source]  # another pace of 0 is 0
    done = "rate.kept" if amounts.is_kept(row) else "word.met"
    first = col.words(done) if is_done else told(col.source, *known[:1])
    return first + "".join(f"<small>{text}</small>" for text in beneath)


def _against(col: Column, row: Row) -> str:
    """Print the value against its target, with the unit said once."""
    value, goal = row[col.source], row[col.also[0]]
    high, comparator, unit = (row[key] for key in col.also[1:4])
    digits = telling(value, goal, int(row["value_decimals"]))
    told = NONE if value != value else col.claimed(short(value, decimals=digits), row)
    if goal != goal:
        aim = escape(col.words("page.no_target"))
    else:
        printed = amounts.target(goal, high, comparator, col.words, decimals=int(row["decimals"]))
        plain = comparator not in ("range", ">=", "<=", "about")
        printed = col.claimed(printed, row, col.also[0]) if plain else escape(printed)
        aim = amounts.with_unit(printed, unit, col.words)
        year = row[col.also[4]]
        if year != col.facts.get(col.also[4].removesuffix("_target_year") + "_year", year):
            said = "page.in_year_of_every" if row.get("kind") == "annual" else "page.in_year"
            aim += escape(col.words(said, year=f"{year:.0f}"))
    return f"<b>{amounts.about(row)}{told}</b> <span>/ {aim}</span>"


def _shortfall(col: Column, row: Row) -> str:
    """Print how far a value is from its target, in words and natural units, or why nobody knows."""
    gap, words = row[col.source], col.words
    if row["status"] == "not_assessable" or gap != gap:
        group = col.spec.get("words") or "reason"
        told = words(f"{group}.{row['reason']}") if row["reason"] else NONE
        return f'<span class="why">{escape(told)}</span>'
    if gap == 0:
        return words("gap.exact")
    digits = telling(gap, 0.0, int(row["value_decimals"]))
    printed = col.claimed(short(abs(gap), decimals=digits), row, how="size")
    key = amounts.gap_key(row["status"], gap, row["direction"], unit=row["unit"])
    told = words(key, amount=amounts.apart(printed, row["unit"], words))
    told = amounts.from_end(told, row, f"{col.source.removeprefix('gap_to_')}_target", words)
    return told if gap < 0 else f'<span class="ok">{told}</span>'


KINDS: Final[Mapping[str, Callable[[Column, Row], str]]] = MappingProxyType(
    {
        "text": _text,
        "figure": _figure,
        "planned": _planned,
        "goal": _goal,
        "bounded": _bounded,
        "share": _share,
        "points": _points,
        "count": _count,
        "places": _places,
        "range": _range,
        "printed": _printed,
        "period": _period,
        "code": _code,
        "status": _status,
        "grade": _grade,
        "marks": _marks,
        "strip": _strip,
        "change": _change,
        "turn": _turn,
        "rate": _rate,
        "reading": _reading,
        "pace": _pace,
        "yearly": _yearly,
        "against": _against,
        "shortfall": _shortfall,
        "bar": drawn.bar,
        "heat": drawn.heat,
    }
)
