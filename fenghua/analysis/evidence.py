"""How firm a status is: what would flip it, how good its figures are, what to say beside it.

Answers: flip values, evidence grade, flags. Refuses: to change the status itself.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fenghua.analysis import scale
from fenghua.analysis.line import Line
from fenghua.analysis.observed import NOISE, Rows
from fenghua.analysis.projection import POINTS_FOR_INTERVAL
from fenghua.analysis.status import Ruling
from fenghua.inputs.vocabulary import GRADES

_FLIPS = ("flip_on_track", "flip_needs_acceleration", "flip_moving_away")
_VERDICTS = ("met", "missed")
_BANDS = ("on_track", "needs_acceleration", "insufficient", "moving_away")


def flips(
    path: Line, latest: Mapping[str, Any], rule: Ruling, *, decimals: float, is_count: bool
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
    path: Line,
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


def _is_part_year(path: Line, latest: Mapping[str, Any]) -> bool:
    is_whole = abs(latest["t"] - round(latest["t"])) < NOISE
    return bool(latest["is_part_year"]) or (path.kind == "annual" and not is_whole)
