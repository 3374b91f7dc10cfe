"""How far along the path an indicator stands, and what is left to do in natural units.

Answers: attainment, schedule index, effort, pace. Refuses: a number where a reason is due.
"""

from typing import Any

import numpy as np

from fenghua.analysis import scale
from fenghua.analysis.observed import NOISE
from fenghua.analysis.parity import cagr_progress
from fenghua.analysis.path import Path
from fenghua.analysis.verdict import Cuts, band

# A component is a number or, in its place, the code of the reason why there is none.
Component = float | str
PER_YEAR = {"per_month": 12, "per_quarter": 4}
_PARITY_BANDS = {
    "target_achieved": "achieved",
    "substantial_progress": "on_track",
    "moderate_progress": "needs_acceleration",
    "limited_progress": "insufficient",
    "deterioration": "moving_away",
}


def rate_unit(kind: str, unit: str, *, is_count: bool) -> str:
    """Return the code of the natural unit of a pace: companies a month, points a year and so on."""
    if kind in scale.RATIO_KINDS:
        return "pct_per_year"
    if is_count:
        return "per_month"
    if unit.strip() == "%":
        return "points_per_year"
    return "per_quarter" if kind in ("cumulative", "annual", "assigned") else "per_year"


def components(path: Path, s: float, t: float, *, now: float, unit: str) -> dict[str, Component]:
    """Return every figure of one indicator at its latest observation.

    ``s`` and ``t`` are the latest observation on the scale and its time, ``unit`` a code of
    ``rate_unit``; ``now`` decides which target comes next.

    Notes
    -----
    ``a = (s-s0)/(s(m)-s0)``, ``R = (s-s0)/(s(p)-s0)``,
    ``A = [(s(m1)-s)/(t1-t)] / [(s-s0)/(t-t0)]``. The required pace runs to the first target still
    ahead; for growth, an average over the plan, to the last.
    """
    ahead = sum(year <= now + NOISE for year in path.years)
    start, planned = path.base_scaled, float(path.at(t))
    found: dict[str, Component] = {
        "path_value": _or(float(path.printed(planned, t)), "no_baseline"),
        "schedule_index": _share(s - start, planned - start, path.ahead),
        "gap_to_path": _or(_gap(path, s, planned, t), "no_baseline"),
    }
    for name, node in (("next", path.coming(now)), ("end", -1)):
        goal = path.scaled[node]
        found[f"gap_to_{name}"] = path.direction * (float(path.printed(s, t)) - path.values[node])
        found[f"attainment_{name}"] = _share(s - start, goal - start, path.ahead)
        found[f"remaining_to_{name}"] = _left(path, s, node)
    share = found["attainment_end"]
    found["equivalent_years"] = (
        share if isinstance(share, str) else share * (path.years[-1] - path.base_year)
    )
    return found | _pace(path, s, t, ahead=ahead, unit=unit)


def _or(value: float, reason: str) -> Component:
    return reason if np.isnan(value) else value


def _gap(path: Path, s: float, planned: float, t: float) -> float:
    return path.direction * float(path.printed(s, t) - path.printed(planned, t))


def _share(gained: float, span: float, ahead: int) -> Component:
    if np.isnan(span):
        return "no_baseline"
    if ahead * span <= NOISE / 100:
        return "no_movement_planned"
    return gained / span + 0.0


def _left(path: Path, s: float, node: int) -> float:
    """Return what is still to do, never below 0: natural units, or percent for growth."""
    left = path.scaled[node] - s
    if path.ahead * left <= 0:
        return 0.0
    if path.kind == "reduction":
        return path.values[node] - float(scale.inverse(s, kind=path.kind))
    return float(100 * np.expm1(left)) if path.kind == "growth" else abs(left)


def _pace(path: Path, s: float, t: float, *, ahead: int, unit: str) -> dict[str, Component]:
    gained = s - path.base_scaled
    parts = PER_YEAR.get(unit, 1)
    achieved: Component = "no_baseline"
    if not np.isnan(gained):
        pace = scale.yearly_rate(gained, kind=path.kind, years=t - path.base_year)
        achieved = float(pace) / parts
    if ahead == len(path.years):
        ended = dict.fromkeys(("effort_factor", "required_rate"), "plan_ended")
        return {"achieved_rate": achieved, "effort_target_year": "plan_ended"} | ended
    node = len(path.years) - 1 if path.kind == "growth" else ahead
    years, left = path.years[node] - t, path.scaled[node] - s
    is_done = path.ahead * left <= 0
    required = 0.0 if is_done else float(scale.yearly_rate(left, kind=path.kind, years=years))
    return {
        "achieved_rate": achieved,
        "required_rate": required / parts,
        "effort_target_year": path.years[node],
        "effort_factor": _effort(path, s, t, ahead),
    }


def _effort(path: Path, s: float, t: float, node: int) -> Component:
    gained, left = s - path.base_scaled, path.scaled[node] - s
    if path.ahead * left <= 0:
        return 0.0
    if np.isnan(gained):
        return "no_baseline"
    if path.ahead * gained <= 0:
        return "moved_away" if gained else "no_progress_yet"
    return (left / (path.years[node] - t)) / (gained / (t - path.base_year))


def method_bands(path: Path, s: float, t: float, *, at_least: Cuts) -> dict[str, Any]:
    """Return the band by one straight line to the end, and by compound growth (方法一致性).

    A zero or missing base has no compound growth: the linear reading alone is given, and the
    reason stands in place of the other.
    """
    end, start = path.scaled[-1], path.base_scaled
    if np.isnan(start):
        return dict.fromkeys(("method_linear_status", "method_cagr_status"), "no_baseline")
    elapsed = (t - path.base_year) / (path.years[-1] - path.base_year)
    base, value, goal = start, s, end
    if path.kind in scale.RATIO_KINDS:
        base, value, goal = 1.0, float(np.exp(s)), float(np.exp(end))
    if path.kind == "growth":  # a rate, not an amount: its straight line is the log's
        index = _share(s, end * elapsed, path.ahead)
    else:
        index = _share(value - base, (goal - base) * elapsed, path.ahead)
    linear = index if isinstance(index, str) else band(index, at_least)
    progress = cagr_progress(
        base,
        path.base_year,
        value,
        t,
        target=goal,
        target_year=path.years[-1],
        direction=path.ahead,
    )
    word = _PARITY_BANDS.get(progress.status, "growth_not_available")
    return {
        "method_linear_status": linear,
        "method_cagr_status": "linear_scale_only" if base == 0 else word,
    }
