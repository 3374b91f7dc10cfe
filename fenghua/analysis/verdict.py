"""From a position on the path to a status word, and how firm that word is.

Answers: which band, met or missed, what would flip it, evidence grade, flags. Refuses: a band at a
deadline.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fenghua.analysis import scale
from fenghua.analysis.observed import NOISE, Rows
from fenghua.analysis.path import Path
from fenghua.analysis.projection import POINTS_FOR_INTERVAL
from fenghua.inputs.vocabulary import GRADES

Cuts = tuple[float, float, float]

_FLIPS = ("flip_on_track", "flip_needs_acceleration", "flip_moving_away")
_VERDICTS = ("met", "missed")
_BANDS = ("on_track", "needs_acceleration", "insufficient", "moving_away")


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


def at_milestone(path: Path, rows: Rows, node: int) -> Ruling:
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


def ruling(path: Path, rows: Rows, *, now: float, at_least: Cuts) -> Ruling:
    """Return how an indicator is judged at a moment: a verdict at its date, a band between dates.

    The path has at least one target; the rows are chained observations up to ``now`` (decimal
    year).
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
    s, t = rows[-1]["s"], rows[-1]["t"]
    if np.isnan(s):
        return Ruling("not_assessable", "broken_chain")
    return _between(path, s, t, following=len(passed), at_least=at_least)


def _between(path: Path, s: float, t: float, *, following: int, at_least: Cuts) -> Ruling:
    """Judge between two dates: guards first, then the band of the schedule index."""
    start, planned = path.base_scaled, path.at(t)
    is_limit = path.comparators[following] == "<="
    if not np.isnan(start) and path.is_met(start, len(path.years) - 1):
        return _maintained(s, path.scaled[following], path.ahead, is_limit=is_limit)
    if path.is_met(s, len(path.years) - 1):
        rule = at_milestone(path, [{"t": path.years[-1], "s": s}], len(path.years) - 1)
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


def flips(
    path: Path, latest: Mapping[str, Any], rule: Ruling, *, decimals: float, is_count: bool
) -> dict[str, Any]:
    """Return the values at which the status changes, and how near the latest value is (翻转点).

    ``latest`` is the chained observation (``t``, ``s``, ``s_before``). Half a printed digit is the
    reach of rounding (``decimals`` NaN: not known). Whole things are not rounded: one that just
    meets its target is not in doubt.

    Returns
    -------
    dict
        Three band edges and ``flip_margin`` (distance to the nearest edge) in the printed unit,
        or a reason code; ``is_near_threshold``.
    """
    if rule.judge is None:
        return dict.fromkeys((*_FLIPS, "flip_margin"), rule.reason) | {"is_near_threshold": False}
    t, s = latest["t"], latest["s"]
    value = float(path.printed(s, t))
    edges = [float(path.printed(edge, t)) for edge in rule.edges]
    found: dict[str, Any] = dict.fromkeys(_FLIPS, rule.flag or "judged_by_target")
    if len(edges) == len(_FLIPS):
        found = dict(zip(_FLIPS, edges, strict=True))
    is_exact = np.isnan(decimals) or (is_count and len(edges) < len(_FLIPS))
    reach = 0.0 if is_exact else 0.5 * 10.0**-decimals
    span = t - path.base_year
    near = [scale.forward(value + move, kind=path.kind, years=span) for move in (-reach, reach)]
    places = [place for place in (s, *near, latest["s_before"]) if not np.isnan(place)]
    return found | {
        "flip_margin": min(abs(value - edge) for edge in edges),
        "is_near_threshold": len({rule.judge(float(place)) for place in places}) > 1,
    }


def grade(row: dict[str, Any], rows: Rows, *, stale_months: float) -> str:
    """Return the evidence grade (证据等级), A to D; the rule is in ``gap.assess``."""
    if isinstance(row["observed_at"], str) or not rows:
        return GRADES[-1]
    yearly_points = 1 + len({np.ceil(row["t"] - NOISE) for row in rows})
    weaknesses = (
        yearly_points < POINTS_FOR_INTERVAL,
        row["observation_status"] != "final",
        is_stale(row, stale_months=stale_months),
    )
    return GRADES[sum(weaknesses)]


def is_stale(row: dict[str, Any], *, stale_months: float) -> bool:
    """Tell whether the latest figure is too old; the figure of a verdict's own day never is."""
    is_seen = not isinstance(row["age_months"], str)
    return is_seen and row["status"] not in _VERDICTS and row["age_months"] > stale_months


def flags(
    row: dict[str, Any],
    path: Path,
    rows: Rows,
    *,
    stale_months: float,
    decimals: float,
    is_synthetic: bool,
) -> list[str]:
    """Return the codes of everything a reader must know beside the status (提示)."""
    start = row["base_value"]
    has_index = not isinstance(row["schedule_index"], str)
    methods = {row["method_linear_status"], row["method_cagr_status"]} & {*_BANDS, "achieved"}
    previous, reported = row["previous_value"], row["reported_value"]
    source = row.get("source_id", "")
    is_seen = bool(row.get("period"))
    is_banded = row["status"] in _BANDS and not row["mode"]
    raised = {
        row["mode"]: bool(row["mode"]),
        "linear_scale_only": bool(path.years)
        and path.kind in ("level", "cumulative", "milestone")
        and not (isinstance(start, float) and start),
        "small_movement": has_index
        and isinstance(start, float)
        and not np.isnan(decimals)
        and abs(row["path_value"] - start) < 10.0**-decimals - NOISE,
        "broken_chain": row["value"] == "broken_chain",
        "stale": is_stale(row, stale_months=stale_months),
        "preliminary": row.get("observation_status") == "preliminary",
        "estimate": row.get("observation_status") == "estimate",
        "synthetic": is_seen and (is_synthetic or source.startswith("synthetic")),
        "revised": not isinstance(previous, str) and previous != reported,
        "near_threshold": row.get("is_near_threshold", False),
        "method_dependent": is_banded and bool(methods - {row["status"]}),
        "base_year_break": path.is_base_broken,
        "partial_year": bool(rows) and _is_part_year(path, rows[-1]),
        "range_target": "range" in path.comparators,
        "plan_ended": row.get("plan_ended", False),
    }
    return [name for name, is_raised in raised.items() if is_raised]


def _is_part_year(path: Path, latest: Mapping[str, Any]) -> bool:
    is_whole = abs(latest["t"] - round(latest["t"])) < NOISE
    return bool(latest["is_part_year"]) or (path.kind == "annual" and not is_whole)
