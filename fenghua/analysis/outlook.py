"""What the points allow to be said of the end of the plan, and how earlier outlooks did.

Answers: readings, interval and word of each indicator, and the record of earlier ones. Refuses: a
word where this plan's own earlier words failed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, scale
from fenghua.analysis.course import Course, courses
from fenghua.analysis.observed import NOISE
from fenghua.analysis.shared import once
from fenghua.inputs.vocabulary import PlanData

TABLE: Final = (
    "indicator_id",
    "n_points",
    "basis",
    "pace",
    "shape",
    "low",
    "high",
    "word",
    "reason",
    "target",
    "course",
    "required_pace",
    "best_pace",
    "required_of_best",
    "mean",
    "p_meet",
)
SCORECARD: Final = (
    "indicator_id",
    "made_at",
    "t",
    "n_points",
    "basis",
    "pace",
    "shape",
    "low",
    "high",
    "target",
    "word",
    "outcome",
    "is_held",
    "is_between",
    "is_met",
    "is_word_right",
)
_WORDS: Final = ("very_likely", "very_unlikely")
_READINGS: Final = ("pace", "shape")


def table(known: Mapping[str, Course]) -> pd.DataFrame:
    """Return one row an indicator: what the points allow to be said about the end of the plan.

    Columns: ``indicator_id``, ``n_points`` (whole years in one run), ``basis``, the readings
    ``pace`` and ``shape``, the interval ``low`` to ``high``, ``target``, all at the end of the
    plan (printed unit; growth: average percent a year since the base year); ``word`` (met,
    very_likely, very_unlikely, open), ``reason`` why there is no interval or word; ``course``
    (``reaches`` where both readings meet the target, ``falls_short`` where neither does, ``open``
    where they differ, else empty); ``required_pace`` a year from the last whole year on,
    ``best_pace`` of the years so far, ``required_of_best``, their ratio. Not for printing:
    ``mean``, ``p_meet``.
    """
    rows = [{"indicator_id": key} | _end(course) for key, course in known.items()]
    frame = pd.DataFrame(rows, columns=list(TABLE))
    texts = frame[["basis", "word", "reason", "course"]].astype(object).fillna("")
    return frame.assign(**texts.to_dict("series"))


@asked.as_declared
@once
def at_end(ds: PlanData, indicator_ids: Iterable[str], *, as_of: str | int | date) -> pd.DataFrame:
    """Return the `table` of the `courses` of some indicators up to a period.

    Where their own earlier words were wrong too often, none is given (`is_trusted`).
    """
    known = courses(ds, indicator_ids, as_of=as_of)
    frame = table(known)
    has_word = frame["word"].isin(_WORDS)
    if not has_word.any():
        return frame
    earlier = scorecard(ds, as_of=as_of, indicator_ids=[*known])
    if is_trusted(earlier, ds.parameters):
        return frame
    return frame.assign(
        word=frame["word"].mask(has_word, "open"),
        reason=frame["reason"].mask(has_word, "words_failed_backtest"),
    )


def _end(course: Course) -> dict[str, Any]:
    ahead = course.ahead
    if ahead.empty:
        reason = "plan_ended" if len(course.points) > 1 else "too_few_points"
        reason = reason if course.has_path else "no_plan"
        reason = "each_year" if course.path.kind == "annual" and course.path.years else reason
        return {"n_points": len(course.points), "reason": reason}
    last = ahead.iloc[-1].to_dict() | {"target": course.goal}
    return _printed(course, last | {"course": _course(course, last)})


def _course(course: Course, row: Mapping[str, Any]) -> str:
    """Return whether both readings meet the last target, neither does, or they differ."""
    readings = [float(scale.of_points(row[name], kind=course.path.kind)) for name in _READINGS]
    if np.isnan(readings).any():
        return ""
    met = {course.path.is_met(reading, len(course.path.years) - 1) for reading in readings}
    return "open" if len(met) > 1 else "reaches" if True in met else "falls_short"


def _printed(course: Course, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of figures as drawn in the printed unit."""
    named = ("pace", "shape", "low", "high", "target", "mean", "outcome")
    known = {name: float(course.printed(row[name], row["t"])) for name in named if name in row}
    return row | known


@asked.as_declared
@once
def scorecard(
    ds: PlanData, *, as_of: str | int | date, indicator_ids: Iterable[str] | None = None
) -> pd.DataFrame:
    """Return earlier outlooks beside what came (展望回看): one row an indicator, issue and target.

    An outlook is made by the present method at the end of every year since the base for every
    target that has fallen due since, from the figures of today up to that year.

    Returns
    -------
    DataFrame
        ``indicator_id``, ``made_at`` and ``t`` (the target's date) in years, ``n_points``,
        ``basis``, ``pace``, ``shape``, ``low``, ``high``, ``target``, ``word`` as in `table`;
        ``outcome``, what was observed at ``t``, in the same unit; ``is_held`` (it lies in the
        interval), ``is_between`` (between the two readings), ``is_met``, ``is_word_right``: True,
        False, or missing where there was no interval, reading or word. No rows until a target has
        fallen due.
    """
    ids = ds.indicators["indicator_id"] if indicator_ids is None else indicator_ids
    rows: list[dict[str, Any]] = []
    for key, course in courses(ds, ids, as_of=as_of).items():
        if course.has_path and course.path.kind not in ("annual", "assigned"):
            rows += [{"indicator_id": key} | row for row in _scores(course)]
    return pd.DataFrame(rows, columns=list(SCORECARD))


def _scores(course: Course) -> list[dict[str, Any]]:
    points, path = course.points, course.path
    is_whole = (points["t"] - points["t"].round()).abs() < NOISE
    whole = points[is_whole].set_index("t")["value"]
    issues = [year for year in whole.index if year > path.base_year]
    rows = []
    for node, due in enumerate(path.years):
        for made_at in [year for year in issues if year < due and due in whole.index]:
            known = replace(course, points=points[points["t"] <= made_at + NOISE])
            outlook = known.projected(due, every_year=False).iloc[-1].to_dict()
            outlook["target"] = float(course.drawn(np.array(path.scaled[node])))
            outcome = float(whole[due])
            is_met = path.is_met(float(scale.of_points(outcome, kind=path.kind)), node)
            outlook |= {"made_at": made_at} | _score(outlook, outcome, is_met=is_met)
            rows.append(_printed(course, outlook))
    return rows


def _score(outlook: Mapping[str, Any], outcome: float, *, is_met: bool) -> dict[str, Any]:
    """Return whether an outlook held what came; None where it said nothing of the kind."""
    is_inside = outlook["low"] - NOISE <= outcome <= outlook["high"] + NOISE
    readings = sorted(outlook[name] for name in _READINGS)
    has_readings = not np.isnan(readings).any()
    word = outlook["word"]
    return {
        "outcome": outcome,
        "is_met": is_met,
        "is_held": None if np.isnan(outlook["low"]) else bool(is_inside),
        "is_between": readings[0] <= outcome <= readings[1] if has_readings else None,
        "is_word_right": (word == "very_likely") == is_met if word in _WORDS else None,
    }


def is_trusted(scores: pd.DataFrame, parameters: Mapping[str, float]) -> bool:
    """Tell whether words may be given: unless enough were, and too many came out wrong (回测).

    Examples
    --------
    >>> rules = {"words_backtest_min": 10, "words_backtest_wrong_max": 0.1}
    >>> is_trusted(pd.DataFrame({"is_word_right": [True] * 8 + [False] * 2}), rules)
    False
    """
    given = scores["is_word_right"].dropna().astype(bool)
    is_many = len(given) >= parameters["words_backtest_min"]
    return not (is_many and (~given).mean() > parameters["words_backtest_wrong_max"])
