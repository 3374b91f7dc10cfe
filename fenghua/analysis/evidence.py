"""What one verdict stands on: the flags beside it (提示) and its evidence grade (证据等级).

Answers: all that a reader must know beside the status. Refuses: to change the status.
"""

from typing import Final

import numpy as np

from fenghua.analysis import scale
from fenghua.analysis.observed import NOISE
from fenghua.analysis.standing import Standing
from fenghua.analysis.verdict import BANDS
from fenghua.inputs.vocabulary import GRADES

_POINTS_FOR_GRADE: Final = 3  # yearly points, the base included, below which a course is thin
_LINEAR_KINDS: Final = ("level", "cumulative", "milestone")
_VERDICTS: Final = ("met", "missed")


def flags(it: Standing) -> list[str]:
    """Return the codes of everything a reader must know beside the status (提示)."""
    whole, path, rows, latest = it.whole_path, it.path, it.rows, it.latest
    status, mode = it.ruling.status, it.ruling.mode
    coming = path.coming(it.end) if path.years else -1
    comparator = path.comparators[coming] if path.years else ""
    has_no_base = not whole.base_value or bool(np.isnan(whole.base_value))
    is_source_made = str(latest.get("source_id", "")).startswith("synthetic")
    is_synthetic = is_source_made or bool(getattr(it.ds, "is_synthetic", False))
    revision = it.observation["previous_value"] - it.observation["reported_value"]
    is_taken = whole.kind in scale.RATIO_KINDS and it.chained and not it.chained[-1]["basis"]
    raised = {
        "maintain_mode": mode == "maintain_mode",
        "limit_mode": mode == "limit_mode",
        "floor_in_sight": coming >= 0 and it.measures["floor_crossed_at"] < path.years[coming],
        "linear_scale_only": whole.years and whole.kind in _LINEAR_KINDS and has_no_base,
        "small_movement": is_small(it),
        "broken_chain": it.measures.reasons.get("value") == "broken_chain",
        "stale": is_stale(it),
        "preliminary": latest.get("status") == "preliminary",
        "estimate": latest.get("status") == "estimate",
        "synthetic": latest and is_synthetic,
        "revised": abs(revision) > 0,
        "near_threshold": it.flips[1],
        "method_dependent": status in BANDS and not mode and _other_bands(it),
        "base_year_break": whole.is_base_broken,
        "partial_year": it.is_part_year,
        "basis_taken": is_taken,
        "range_target": comparator == "range",
        "about_target": comparator == "about",
        "beyond_range": coming >= 0 and rows and path.is_beyond(rows[-1]["s"], coming),
        "plan_ended": whole.years and it.now > it.end + NOISE,
    }
    return [code for code, is_so in raised.items() if is_so]


def grade(it: Standing) -> str:
    """Return the evidence grade (证据等级), A to D; the rule is in ``gap.assess``."""
    if not it.chained:
        return GRADES[-1]
    years = {np.ceil(row["t"] - NOISE) for row in it.chained}
    is_thin = 1 + len(years) < _POINTS_FOR_GRADE
    return GRADES[is_thin + (it.latest["status"] != "final") + is_stale(it)]


def is_stale(it: Standing) -> bool:
    """Tell whether the latest figure is too old; that of a verdict's own day never is."""
    age = it.observation["age_months"]
    return it.ruling.status not in _VERDICTS and age > it.ds.parameters["stale_months"]


def is_small(it: Standing) -> bool:
    """Tell whether the movement planned so far is below the printed precision."""
    if "schedule_index" in it.measures.reasons:
        return False
    planned = it.measures["path_value"] - it.whole_path.base_value
    return bool(abs(planned) < 10.0**-it.decimals - NOISE)


def _other_bands(it: Standing) -> set[str]:
    """Return the bands by other methods that differ from the status."""
    return {*filter(None, it.methods[0].values())} - {it.ruling.status}
