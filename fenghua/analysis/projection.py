"""What a handful of yearly points allows to be said about the years ahead.

Answers: two readings, an interval and a word, by the number of points. Refuses: more than that.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, scale
from fenghua.analysis.observed import NOISE
from fenghua.analysis.readings import (
    POINTS_FOR_READINGS,
    YEARS_FOR_WORD,
    Change,
    Known,
    changes,
    yearly,
)
from fenghua.inputs.vocabulary import KINDS, direction_sign

COLUMNS: Final = (
    "t",
    "pace",
    "shape",
    "lo80",
    "hi80",
    "word",
    "basis",
    "reason",
    "mean",
    "p_meet",
    "p_pace",
    "p_shape",
    "n_points",
    "years_ahead",
    "required_pace",
    "best_pace",
    "required_of_best",
)
TEXTS: Final = ("word", "basis", "reason")
_TOTALS: Final = ("cumulative", "assigned")


@asked.as_declared
def project(
    points: Any,
    *,
    kind: str,
    until: float,
    plan: Mapping[float, float] | None = None,
    direction: int | str = 1,
    decimals: float | None = None,
    is_count: bool = False,
    cap: float | None = None,
    least: float | None = None,
    level: float = 80,
    word_level: float = 90,
    every_year: bool = True,
) -> pd.DataFrame:
    """Project a few yearly points (推算), saying no more than their number allows.

    Parameters
    ----------
    points : DataFrame with ``t`` and ``value``, Series indexed by ``t``, or pairs
        Base included, one a year. Growth: the chained index (as ``trajectory.points`` gives it).
        A part of a year enters no increment: it only lifts the floor of a cumulative total.
    kind : str
        One of ``vocabulary.KINDS``; increments are taken on its scale and turned back.
    until : float
        Last decimal year.
    plan : mapping
        Planned values by year, in the unit of ``points``; starts from the first point where it has
        no earlier year. Its value at ``until`` is the target.
    direction : int or str
        1 where higher is better, -1 where lower is (a reduction in percent counts upwards).
    decimals : float, optional
        Printed digits of the figures: no spread is less than their rounding.
    is_count : bool
        Whole things.
    cap, least : float, optional
        Largest and least value possible, such as 100 for a share and 1 for a rank. A milestone's
        coverage ends at 100, a cumulative total does not fall.
    level, word_level : float
        Percent, above 0 and below 100 (parameters ``interval_level_pct``, ``word_level_pct``);
        ``level`` names the two columns of the interval.
    every_year : bool
        Whether to look at every year up to ``until``, or at ``until`` alone.

    Returns
    -------
    DataFrame
        One row a year ahead (``every_year``), the last at ``until``: ``pace`` (last year's pace
        kept), ``shape`` (the plan's own shape kept; NaN where the plan moves nothing), ``lo80``,
        ``hi80`` in the unit of ``points``; ``word`` (met, very_likely, very_unlikely, open; last
        row only); ``basis`` (required_pace, readings, interval); ``reason`` why there is no
        interval or word; ``n_points`` whole years in a run; ``years_ahead``; ``required_pace`` a
        year to reach the plan (percent for growth and reduction); ``required_of_best``, the same
        over the best year so far. Not for printing: ``mean`` (middle of the readings), ``p_meet``
        (of the mixture), ``p_pace``, ``p_shape`` (0 to 1, last row only).

    Notes
    -----
    Formulas: `readings.changes`. The interval is that of a half-and-half mixture of two t
    distributions with ``k - 1`` degrees of freedom; counts are rounded outwards.

    Examples
    --------
    >>> seen = [(2020, 17), (2021, 49), (2022, 82), (2023, 119)]
    >>> plan = {2020: 17, 2023: 100, 2025: 200}
    >>> last = project(seen, kind="cumulative", until=2025, plan=plan, is_count=True).iloc[-1]
    >>> [float(last[name]) for name in ("pace", "lo80", "hi80")], last["word"]
    ([193.0, 175.0, 262.0], 'open')
    >>> round(float(last["shape"]), 4)
    241.8916
    """
    if kind not in KINDS:
        raise asked.unknown("kind", kind, KINDS)
    if not np.isfinite(until):
        raise ValueError(f"until is {until!r}; allowed: a decimal year")
    for name, given in (("level", level), ("word_level", word_level)):
        if not 0 < given < 100:
            raise ValueError(f"{name} is {given!r}; allowed: per cent, above 0 and below 100")
    series = yearly(points)
    if series.empty:
        return _framed([], kind=kind, level=level)
    t, sign = series.index.to_numpy("float64"), direction_sign(direction)
    s = scale.of_points(series.to_numpy("float64"), kind=kind)
    whole = np.flatnonzero(np.abs(t - np.round(t)) < NOISE)
    run = _last_run(t, whole)
    cap = 100.0 if cap is None and kind == "milestone" else cap
    digits = np.inf if decimals is None or pd.isna(decimals) else float(decimals)
    digits += 2 if kind in scale.RATIO_KINDS else 0  # a per cent is a hundredth of the scale
    known = Known(
        t=t[run],
        s=s[run],
        n_all=max(len(whole), 1),
        nodes=_nodes(plan, t[0], s[0], kind=kind),
        ahead=-1 if kind == "reduction" else sign,
        floor=max(s[run[-1]], s[-1]) if kind in _TOTALS else _end(least, -np.inf, kind=kind),
        cap=_end(cap, np.inf, kind=kind),
        is_count=bool(is_count),
        rounding=10.0 ** (-2 * digits) / 6,
    )
    ahead = _years_ahead(known.t[-1], until)
    rows = [_row(known, when, level=level) for when in ahead[0 if every_year else -1 :]]
    if rows:
        rows[-1] |= _word(known, until, word_level=word_level)
    return _framed(rows, kind=kind, level=level)


def _last_run(t: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return the positions of the last unbroken run of whole years: no other counts."""
    breaks = np.flatnonzero(np.abs(np.diff(t[whole]) - 1) > NOISE)
    run = whole[breaks[-1] + 1 :] if len(breaks) else whole
    # Without a whole year nothing but the latest figure is known.
    return run if len(run) else np.array([len(t) - 1])


def _end(figure: float | None, none: float, *, kind: str) -> float:
    """Return an end of what is possible on the scale, ``none`` where there is none."""
    return none if figure is None else float(scale.of_points(figure, kind=kind))


def _nodes(
    plan: Mapping[float, float] | None, start: float, s: float, *, kind: str
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the plan's years and values on the scale; it starts from the first point known."""
    pairs = sorted((year, value) for year, value in (plan or {}).items() if not pd.isna(value))
    if not pairs:
        return None
    try:
        years, printed = np.array(pairs, dtype="float64").T
    except (TypeError, ValueError):
        raise ValueError(f"plan is {plan!r}; allowed: a figure for each year") from None
    values = np.asarray(scale.of_points(printed, kind=kind), dtype="float64")
    if years[0] > start + NOISE:
        years, values = np.append(start, years), np.append(s, values)
    return years, values


def _years_ahead(last: float, until: float) -> np.ndarray:
    """Return every year's end after the last point, and ``until`` itself."""
    ends = np.arange(np.floor(last + NOISE) + 1, np.floor(until + NOISE) + 1)
    return np.unique([*ends[ends < until - NOISE], until]) if until > last + NOISE else np.array([])


def _row(known: Known, when: float, *, level: float) -> dict[str, Any]:
    """Return the readings at a time ahead, and the interval where the points carry one."""
    row: dict[str, Any] = {"t": when, "n_points": len(known.t), "basis": "required_pace"}
    row |= {"years_ahead": when - known.t[-1], "reason": known.why_no_interval(when)}
    row |= _required(known, when)
    if len(known.t) < POINTS_FOR_READINGS:
        return row
    change = _change(known, when)
    now = known.s[-1]
    pace, shape = (float(known.bounded(now + each)) for each in (change.pace, change.shape))
    row |= {"pace": pace, "shape": shape, "mean": np.nanmean([pace, shape]), "basis": "readings"}
    if row["reason"]:
        return row
    tail = 0.5 - level / 200
    low, high = (now + float(change.quantile(share)) for share in (tail, 1 - tail))
    if known.is_count:
        low, high = np.floor(low + NOISE), np.ceil(high - NOISE)
    return row | {"lo80": known.bounded(low), "hi80": known.bounded(high), "basis": "interval"}


def _change(known: Known, when: float) -> Change:
    last = known.t[-1]
    times = [last, *_years_ahead(last, when)]
    return changes(
        np.diff(known.s),
        np.diff(known.planned(known.t)),
        np.diff(known.planned(times)),
        years=when - last,
        rounding=known.rounding,
        is_count=known.is_count,
    )


def _required(known: Known, when: float) -> dict[str, float]:
    """Return the yearly change of scale that is needed, the best year so far, and their ratio."""
    best = max(known.ahead * np.diff(known.s), default=np.nan)
    row = {"required_pace": np.nan, "best_pace": known.ahead * best, "required_of_best": np.nan}
    if not known.has_plan(when):
        return row
    left = float(known.planned(when)) - known.s[-1]
    if known.ahead * left <= 0:
        return row | {"required_pace": 0.0, "required_of_best": 0.0}
    pace = left / (when - known.t[-1])
    is_finite = best > abs(pace) / np.finfo(float).max  # a best year of next to nothing is none
    return row | {
        "required_pace": pace,
        "required_of_best": abs(pace) / best if is_finite else np.nan,
    }


def _word(known: Known, until: float, *, word_level: float) -> dict[str, Any]:
    """Return the word for the target at ``until``: only where both readings alone agree."""
    if not known.has_plan(until):
        return {}
    target = float(known.planned(until))
    if np.isfinite(known.floor) and known.ahead > 0 and known.floor >= target - NOISE:
        return {"word": "met"}
    reason = known.why_no_interval(until)
    if reason:
        return {"word": "open"}
    half = 0.5 if known.is_count else 0.0
    needed = target - known.s[-1]
    chances = [
        float(p) for p in _change(known, until).chances(needed, ahead=known.ahead, half=half)
    ]
    found = {"p_meet": np.mean(chances), "p_pace": chances[0]}
    found |= {"p_shape": chances[1]} if len(chances) > 1 else {}
    if until - known.t[-1] > YEARS_FOR_WORD + NOISE:
        return found | {"word": "open", "reason": "no_word_beyond_one_year"}
    if min(chances) >= word_level / 100:
        return found | {"word": "very_likely"}
    is_low = max(chances) <= 1 - word_level / 100
    return found | {"word": "very_unlikely" if is_low else "open"}


def _framed(rows: list[dict[str, Any]], *, kind: str, level: float) -> pd.DataFrame:
    """Return the rows in the unit of the points."""
    found: dict[str, Any] = {
        name: [row.get(name, "") for row in rows]
        if name in TEXTS
        else np.array([row.get(name, np.nan) for row in rows], dtype="float64")
        for name in COLUMNS
    }
    for name in ("required_pace", "best_pace"):
        found[name] = scale.yearly_rate(found[name], kind=kind, years=1.0)
    found |= {name: scale.as_points(found[name], kind=kind) for name in ("pace", "shape", "mean")}
    # A reduction runs against its scale, so the ends change places.
    ends = np.sort([scale.as_points(found[name], kind=kind) for name in ("lo80", "hi80")], axis=0)
    found |= {"lo80": ends[0], "hi80": ends[1]}
    names = {"lo80": f"lo{level:g}", "hi80": f"hi{level:g}"}
    return pd.DataFrame({names.get(name, name): values for name, values in found.items()})
