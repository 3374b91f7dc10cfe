"""From a position on the path to a status word, and where that word would change.

Answers: which band, met or missed, what would flip it. Refuses: a band at a deadline.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from fenghua.analysis import scale
from fenghua.analysis.measured import Measured, figure, none
from fenghua.analysis.observed import NOISE, Rows
from fenghua.analysis.path import Path

FLIPS: Final = ("flip_on_track", "flip_needs_acceleration", "flip_moving_away")
BANDS: Final = ("on_track", "needs_acceleration", "insufficient", "moving_away")


class Cuts(NamedTuple):
    """The lower ends of the three bands of the schedule index."""

    on_track: float
    needs_acceleration: float
    insufficient: float


@dataclass(frozen=True)
class Ruling:
    """How one indicator is judged: the rule from scale value to status, or why there is none.

    ``edges`` are the three lower ends of the bands, or the one value that decides; ``goal`` is a
    further value at which the status turns. ``is_due``: judged at a target's own date.
    """

    status: str
    reason: str = ""
    mode: str = ""
    judge: Callable[[float], str] | None = None
    edges: tuple[float, ...] = ()
    goal: float = float("nan")
    is_due: bool = False


def cuts(parameters: Mapping[str, float]) -> Cuts:
    """Return the lower ends of the bands from the register of parameters."""
    return Cuts(*(float(parameters[f"status_{name}_min"]) for name in Cuts._fields))


def band(index: float, at_least: Cuts) -> str:
    """Return the band of a schedule index (状态).

    Examples
    --------
    >>> [band(index, Cuts(0.95, 0.6, 0.0)) for index in (0.95, 0.6, 0.0, -0.01)]
    ['on_track', 'needs_acceleration', 'insufficient', 'moving_away']
    """
    if index >= at_least.on_track - NOISE:
        return "on_track"
    if index >= at_least.needs_acceleration - NOISE:
        return "needs_acceleration"
    # No slack here: the band's name and the index's sign must agree.
    return "insufficient" if index >= at_least.insufficient else "moving_away"


def at_milestone(path: Path, rows: Rows, node: int) -> Ruling:
    """Return met or missed (达成/未达成) at a target's own date, from the value of that date.

    A cumulative count that met the target earlier has met it: it cannot fall.
    """

    def judge(s: float) -> str:
        return "met" if path.is_met(s, node) else "missed"

    due = {"judge": judge, "edges": (path.scaled[node],), "is_due": True}
    whole = [row for row in rows if not row["is_implied"]]
    at = [row["s"] for row in whole if abs(row["t"] - path.years[node]) < NOISE]
    if at and not np.isnan(at).any():
        return Ruling(judge(at[-1]), **due)
    if path.kind == "cumulative" and path.ahead > 0:
        before = [row["s"] for row in whole if row["t"] <= path.years[node] + NOISE]
        if any(path.is_met(s, node) for s in before if not np.isnan(s)):
            return Ruling("met", **due)
    return Ruling("not_assessable", "broken_chain" if at else "no_value_at_milestone")


def ruling(
    path: Path, rows: Rows, *, now: float, at_least: Cuts, can_achieve: bool = True
) -> Ruling:
    """Return how an indicator is judged at a moment: a verdict at its date, a band between dates.

    The path has at least one target; the rows are chained observations up to ``now`` (decimal
    year). Without ``can_achieve`` (a year that is not over) a met target is a band like others.
    """
    passed = [k for k, year in enumerate(path.years) if year <= now + NOISE]
    last = len(path.years) - 1
    if now <= path.base_year + NOISE:
        return Ruling("not_assessable", "before_start")
    if passed and (passed[-1] == last or abs(path.years[passed[-1]] - now) < NOISE):
        return at_milestone(path, rows, passed[-1])
    if not rows:
        is_waiting = path.kind == "milestone" and np.isnan(path.base_scaled)
        reason = "not_due_yet" if is_waiting else "no_observation_since_base"
        return Ruling("not_assessable", reason)
    latest = rows[-1]
    if np.isnan(latest["s"]):
        return Ruling("not_assessable", "partial_year" if latest["is_implied"] else "broken_chain")
    return _between(
        path,
        latest["s"],
        latest["path_t"],
        following=len(passed),
        at_least=at_least,
        can_achieve=can_achieve and not latest["is_implied"],
    )


def _between(
    path: Path, s: float, t: float, *, following: int, at_least: Cuts, can_achieve: bool
) -> Ruling:
    """Judge between two dates: guards first, then the band of the schedule index."""
    start, planned, last = path.base_scaled, float(path.at(t)), len(path.years) - 1
    mode = "limit_mode" if path.comparators[following] == "<=" else "maintain_mode"
    if path.is_kept:
        # An average is held against the average that is allowed by now, not by the target's date.
        floor = planned if path.kind == "growth" else path.scaled[following]
        return _kept(s, floor, path.safe_side(following), mode=mode)
    if can_achieve and path.is_met(s, last):
        return _achieved(path)
    if np.isnan(start):
        reason = "not_due_yet" if path.kind == "milestone" else "no_baseline"
        return Ruling("not_assessable", reason)
    if path.ahead * (planned - start) <= NOISE / 100:
        return _kept(s, planned, path.ahead, mode=mode)

    def judge(value: float) -> str:
        if can_achieve and path.is_met(value, last):
            return "achieved"
        return band((value - start) / (planned - start), at_least)

    edges = tuple(start + cut * (planned - start) for cut in at_least)
    goal = path.scaled[-1] if can_achieve else float("nan")
    return Ruling(judge(s), judge=judge, edges=edges, goal=goal)


def _achieved(path: Path) -> Ruling:
    def judge(value: float) -> str:
        return "achieved" if path.is_met(value, len(path.years) - 1) else "short_of_it"

    return Ruling("achieved", judge=judge, edges=(path.scaled[-1],))


def _kept(s: float, floor: float, side: int, *, mode: str) -> Ruling:
    """Judge a target the base already meets: it holds, or it has moved away; never achieved."""

    def judge(value: float) -> str:
        return "on_track" if side * (value - floor) >= -NOISE else "moving_away"

    return Ruling(judge(s), mode=mode, judge=judge, edges=(floor,))


def flips(
    path: Path, latest: Mapping[str, Any], rule: Ruling, *, decimals: float, is_count: bool
) -> tuple[Measured, bool]:
    """Return the values at which the status changes, and whether the latest one is near (翻转点).

    ``latest`` is the chained observation (``path_t``, ``s``, ``s_before``). The reach of a measured
    figure is half a printed digit (``decimals`` NaN: not known). The reach of a count is one whole
    thing between dates, and none at a target's own date, where a count is exact. The last
    publication before counts for both.

    Returns
    -------
    Measured, bool
        Three band edges and ``flip_margin`` (distance to the nearest value at which the status
        turns) in the printed unit; whether the status would turn within reach.
    """
    if rule.judge is None:
        return none([*FLIPS, "flip_margin"], rule.reason), False
    t, s = latest["path_t"], latest["s"]
    value = float(path.printed(s, t))
    edges = [float(path.printed(edge, t)) for edge in (*rule.edges, rule.goal)]
    found = none(FLIPS, rule.mode or "judged_by_target")
    if len(rule.edges) == len(FLIPS):
        for name, edge in zip(FLIPS, edges, strict=False):
            found |= figure(name, edge)
    found |= figure("flip_margin", np.nanmin([abs(value - edge) for edge in edges]))
    reach = 0.0 if np.isnan(decimals) else 0.5 * 10.0**-decimals
    if is_count:
        reach = 0.0 if rule.is_due else 1.0
    span = t - path.base_year
    moved = [m for m in (value - reach, value + reach) if scale.is_on_scale(m, kind=path.kind)]
    near = [scale.forward(m, kind=path.kind, years=span) for m in moved]
    places = [place for place in (s, *near, latest["s_before"]) if not np.isnan(place)]
    return found, len({rule.judge(float(place)) for place in places}) > 1
