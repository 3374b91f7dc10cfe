"""From a position on the path to a status word.

Answers: which band, met or missed, and at which values that changes. Refuses: a band at a deadline.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from fenghua.analysis.line import Line
from fenghua.analysis.observed import NOISE, Rows

Cuts = tuple[float, float, float]


@dataclass(frozen=True)
class Ruling:
    """How one indicator is judged: the rule from scale value to status, or why there is none."""

    status: str
    reason: str = ""
    flag: str = ""
    judge: Callable[[float], str] | None = None
    edges: tuple[float, ...] = ()


def cuts(parameters: Mapping[str, float]) -> Cuts:
    """Return the lower ends of the bands from the register of parameters."""
    names = ("on_track", "needs_acceleration", "insufficient")
    on_track, faster, little = (float(parameters[f"status_{name}_min"]) for name in names)
    return on_track, faster, little


def band(index: float, at_least: Cuts) -> str:
    """Return the band of a schedule index (状态).

    Examples
    --------
    >>> [band(index, (0.95, 0.6, 0.0)) for index in (0.95, 0.6, 0.0, -0.01)]
    ['on_track', 'needs_acceleration', 'insufficient', 'moving_away']
    """
    on_track, faster, little = at_least
    if index >= on_track - NOISE:
        return "on_track"
    if index >= faster - NOISE:
        return "needs_acceleration"
    # No slack here: the band's name and the index's sign must agree.
    return "insufficient" if index >= little else "moving_away"


def verdict(path: Line, rows: Rows, node: int) -> Ruling:
    """Return met or missed (达成/未达成) at a target's own date, from the value of that date.

    A cumulative count that met the target earlier has met it: it cannot fall.
    """

    def judge(s: float) -> str:
        return "met" if path.is_met(s, node) else "missed"

    edges = (path.scaled[node],)
    at = [row["s"] for row in rows if abs(row["t"] - path.years[node]) < NOISE]
    if at and not np.isnan(at).any():
        return Ruling(judge(at[-1]), judge=judge, edges=edges)
    if path.kind == "cumulative" and path.ahead > 0:
        before = [row["s"] for row in rows if row["t"] <= path.years[node] + NOISE]
        if any(path.is_met(s, node) for s in before if not np.isnan(s)):
            return Ruling("met", judge=judge, edges=edges)
    return Ruling("not_assessable", "broken_chain" if at else "no_value_at_milestone")


def ruling(path: Line, rows: Rows, *, now: float, at_least: Cuts) -> Ruling:
    """Return how an indicator is judged at a moment: a verdict at its date, a band between dates.

    The path has at least one target; the rows are chained observations up to ``now`` (decimal
    year).
    """
    passed = [k for k, year in enumerate(path.years) if year <= now + NOISE]
    last = len(path.years) - 1
    if now <= path.base_year + NOISE:
        return Ruling("not_assessable", "before_start")
    if passed and (passed[-1] == last or abs(path.years[passed[-1]] - now) < NOISE):
        return verdict(path, rows, passed[-1])
    if not rows:
        is_waiting = path.kind == "milestone" and np.isnan(path.base_scaled)
        reason = "not_due_yet" if is_waiting else "no_observation_since_base"
        return Ruling("not_assessable", reason)
    s, t = rows[-1]["s"], rows[-1]["t"]
    if np.isnan(s):
        return Ruling("not_assessable", "broken_chain")
    return _between(path, s, t, following=len(passed), at_least=at_least)


def _between(path: Line, s: float, t: float, *, following: int, at_least: Cuts) -> Ruling:
    """Judge between two dates: guards first, then the band of the schedule index."""
    start, planned = path.base_scaled, path.at(t)
    is_limit = path.comparators[following] == "<="
    if not np.isnan(start) and path.is_met(start, len(path.years) - 1):
        return _maintained(s, path.scaled[following], path.ahead, is_limit=is_limit)
    if path.is_met(s, len(path.years) - 1):
        rule = verdict(path, [{"t": path.years[-1], "s": s}], len(path.years) - 1)
        return Ruling("achieved", judge=rule.judge, edges=rule.edges)
    if np.isnan(start):
        reason = "not_due_yet" if path.kind == "milestone" else "no_baseline"
        return Ruling("not_assessable", reason)
    if path.ahead * (planned - start) <= NOISE / 100:
        return _maintained(s, planned, path.ahead, is_limit=is_limit)

    def judge(value: float) -> str:
        return band((value - start) / (planned - start), at_least)

    edges = tuple(start + cut * (planned - start) for cut in at_least)
    return Ruling(judge(s), judge=judge, edges=edges)


def _maintained(s: float, floor: float, ahead: int, *, is_limit: bool) -> Ruling:
    """Judge a target the base already meets: it holds, or it has moved away; never achieved."""

    def judge(value: float) -> str:
        return "on_track" if ahead * (value - floor) >= -NOISE else "moving_away"

    flag = "limit_mode" if is_limit else "maintain_mode"
    return Ruling(judge(s), flag=flag, judge=judge, edges=(floor,))
