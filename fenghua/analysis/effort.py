"""How far along the path an indicator stands, and what is left to do in natural units.

Answers: attainment, schedule index, effort, pace, room above a floor. Refuses: two horizons in one
figure.
"""

from types import MappingProxyType
from typing import Any, Final

import numpy as np

from fenghua.analysis import scale
from fenghua.analysis.measured import Measured, figure, none
from fenghua.analysis.observed import NOISE, Rows
from fenghua.analysis.parity import cagr_progress
from fenghua.analysis.path import Path
from fenghua.analysis.verdict import Cuts, Ruling, band
from fenghua.inputs.vocabulary import RANKS

PER_YEAR: Final = MappingProxyType({"per_month": 12, "per_quarter": 4})
ROOM: Final = ("room", "room_share", "years_to_floor", "floor_crossed_at")
METHODS: Final = ("method_linear_status", "method_cagr_status")
_LEAST_SPAN: Final = NOISE / 100
_PARITY_BANDS: Final = MappingProxyType(
    {
        "target_achieved": "achieved",
        "substantial_progress": "on_track",
        "moderate_progress": "needs_acceleration",
        "limited_progress": "insufficient",
        "deterioration": "moving_away",
    }
)


def rate_unit(kind: str, unit: str, *, is_count: bool) -> str:
    """Return the code of the natural unit of a pace: companies a month, points a year and so on.

    Examples
    --------
    >>> rate_unit("level", "家", is_count=True), rate_unit("level", "位", is_count=True)
    ('per_month', 'per_year')
    """
    if unit.strip() in RANKS:  # a place in an order is a whole number, but no count of things
        return "per_year"
    if kind in scale.RATIO_KINDS:
        return "pct_per_year"
    if is_count:
        return "per_month"
    if unit.strip() == "%":
        return "points_per_year"
    return "per_quarter" if kind in ("cumulative", "annual", "assigned") else "per_year"


def components(path: Path, latest: dict[str, Any], *, now: float, unit: str) -> Measured:
    """Return every figure of one indicator at its latest observation.

    ``latest`` is a chained observation (`observed.chained`), ``unit`` a code of ``rate_unit``;
    ``now`` decides which target comes next.

    Notes
    -----
    ``a = (s-s0)/(s(m)-s0)``, ``R = (s-s0)/(s(p)-s0)``,
    ``A = [(s(m1)-s)/(t1-t)] / [(s-s0)/(t-t0)]``.
    """
    s, t = latest["s"], latest["path_t"]
    start, planned = path.base_scaled, float(path.at(t))
    value, due = float(path.printed(s, t)), float(path.printed(planned, t))
    found = figure("value", value)
    found |= figure("path_value", due, "no_baseline")
    found |= _share("schedule_index", s - start, planned - start, path)
    found |= figure("gap_to_path", path.direction * (value - due), "no_baseline")
    for name, node in (("next", path.coming(now)), ("end", len(path.years) - 1)):
        span = path.scaled[node] - start
        found |= _share(f"attainment_{name}", s - start, span, path)
        found |= figure(f"gap_to_{name}", path.direction * (value - path.values[node]))
        found |= figure(f"remaining_to_{name}", _left(path, s, node))
        other = f"attainment_{name}_other"
        if np.isnan(path.others[node]):
            found |= none([other], "no_range")
        else:
            found |= _share(other, s - start, path.others_scaled[node] - start, path)
    years = found["attainment_end"] * (path.years[-1] - path.base_year)
    found |= figure("equivalent_years", years, found.reasons.get("attainment_end", ""))
    return found | _paces(path, latest, now=now, unit=unit)


def _share(name: str, gained: float, span: float, path: Path) -> Measured:
    if np.isnan(span):
        return none([name], "no_baseline")
    if path.is_kept or path.ahead * span <= _LEAST_SPAN:
        return none([name], "no_movement_planned")
    return figure(name, gained / span + 0.0)


def _left(path: Path, s: float, node: int) -> float:
    """Return what is still to do, never below 0: natural units, or percent for growth."""
    left = path.scaled[node] - s
    if path.safe_side(node) * left <= 0:
        return 0.0
    if path.kind == "reduction":
        return path.values[node] - float(scale.inverse(s, kind=path.kind))
    return float(100 * np.expm1(left)) if path.kind == "growth" else abs(left)


def _paces(path: Path, latest: dict[str, Any], *, now: float, unit: str) -> Measured:
    """Return pace so far, and pace and effort needed to the next target and to the last.

    Pace and effort of one target run to one date. A yearly rate is discrete: what compounds, not
    the rate on the scale.
    """
    ahead = sum(year <= now + NOISE for year in path.years)
    last = len(path.years) - 1
    found = none(["effort_target_year"], "plan_ended")
    if ahead <= last:
        found = figure("effort_target_year", path.years[ahead])
    names = (("effort_factor", "required_rate"), ("effort_end", "required_end"))
    if latest["is_implied"]:
        # An implied year is no year: pace and effort wait for the whole one.
        return found | none(["achieved_rate", *names[0], *names[1]], "partial_year")
    gained, since = latest["s"] - path.base_scaled, latest["t"] - path.base_year
    achieved = _rate(path, gained, since, unit=unit)
    found |= figure("achieved_rate", achieved, "no_baseline")
    for pair, node in zip(names, (ahead, last), strict=True):
        if ahead > last:
            found |= none(pair, "plan_ended")
            continue
        left, years = path.scaled[node] - latest["s"], path.years[node] - latest["t"]
        is_done = path.safe_side(node) * left <= 0
        needed = 0.0 if is_done else _rate(path, left, years, unit=unit)
        found |= figure(pair[1], needed)
        found |= _effort(pair[0], 0.0 if is_done else left / years, gained / since, path.ahead)
    return found


def _rate(path: Path, change: float, years: float, *, unit: str) -> float:
    return float(scale.yearly_rate(change, kind=path.kind, years=years)) / PER_YEAR.get(unit, 1)


def _effort(name: str, needed: float, achieved: float, ahead: int) -> Measured:
    if needed == 0:
        return figure(name, 0.0)
    if np.isnan(achieved):
        return none([name], "no_baseline")
    if ahead * achieved <= 0:
        return none([name], "moved_away" if achieved else "no_progress_yet")
    return figure(name, needed / achieved)


def room(path: Path, rows: Rows, node: int) -> Measured:
    """Return the room left above a floor, or below a cap, that the base already met (余量).

    ``rows`` are chained observations, the latest last. ``room`` in the printed unit, negative once
    crossed; ``room_share`` of the room at the base; ``years_to_floor`` from the latest figure if
    last year's whole-year change is repeated, and when that is, ``floor_crossed_at``.

    Notes
    -----
    ``room = d (x - floor)``; whole years only, the base being one.
    """
    latest, side = rows[-1], path.safe_side(node) * path.orientation
    value = float(path.printed(latest["s"], latest["path_t"]))
    left = side * (value - path.values[node])
    at_base = side * (path.base_value - path.values[node])
    share = left / at_base if at_base else np.nan
    found = figure("room", left) | figure("room_share", share, "no_room_at_base")
    whole = {round(path.base_year): path.base_value}
    for row in rows:
        if abs(row["t"] - round(row["t"])) < NOISE:
            whole[round(row["t"])] = float(path.printed(row["s"], row["t"]))
    year = max(whole)
    change = side * (whole[year] - whole.get(year - 1, np.nan))
    reasons = {
        "floor_crossed": left < -NOISE,
        "missing_year": np.isnan(change),
        "not_approaching": change >= 0,
    }
    reason = next((code for code, is_so in reasons.items() if is_so), "")
    if reason:
        return found | none(ROOM[2:], reason)
    years = left / -change
    return found | figure("years_to_floor", years) | figure("floor_crossed_at", latest["t"] + years)


def method_bands(path: Path, latest: dict[str, Any], *, at_least: Cuts) -> dict[str, Ruling]:
    """Return the band by one straight line to the end, and by compound growth (方法一致性).

    By method; the status is empty where there is none, and the reason says why. A zero or missing
    base has no compound growth: the linear reading alone is given.
    """
    end, start = path.scaled[-1], path.base_scaled
    s, t = latest["s"], latest["path_t"]
    if np.isnan(start):
        return dict.fromkeys(METHODS, Ruling("", "no_baseline"))
    elapsed = (t - path.base_year) / (path.years[-1] - path.base_year)
    base, value, goal = start, s, end
    if path.kind in scale.RATIO_KINDS:
        base, value, goal = 1.0, float(np.exp(s)), float(np.exp(end))
    # Growth is a rate, not an amount: its straight line is the log's.
    gained, asked = (s, end) if path.kind == "growth" else (value - base, goal - base)
    index = _share("index", gained, asked * elapsed, path)
    progress = cagr_progress(
        base,
        path.base_year,
        value,
        t,
        target=goal,
        target_year=path.years[-1],
        direction=path.ahead,
    )
    linear = "" if index.reasons else band(index["index"], at_least)
    grown = "" if base == 0 else _PARITY_BANDS.get(progress.status, "")
    why = "linear_scale_only" if base == 0 else "growth_not_available"
    rules = Ruling(linear, index.reasons.get("index", "")), Ruling(grown, "" if grown else why)
    return dict(zip(METHODS, rules, strict=True))
