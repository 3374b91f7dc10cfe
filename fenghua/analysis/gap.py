"""Where each indicator of the plan stands: one row an indicator, every component beside its reason.

Answers: value, path, gap, effort, status, and how firm each is. Refuses: to fill what is missing.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, observed, scale
from fenghua.analysis.effort import METHODS
from fenghua.analysis.measured import figure, none
from fenghua.analysis.observed import NOISE
from fenghua.analysis.path import with_bases
from fenghua.analysis.shared import once
from fenghua.analysis.standing import MEASURES, OBSERVED, TARGETS, Standing
from fenghua.analysis.verdict import BANDS
from fenghua.inputs import periods
from fenghua.inputs.records import rows_of
from fenghua.inputs.vocabulary import GRADES, PlanData

__all__ = ["COLUMNS", "METHODS", "NUMBERS", "assess", "assessed", "reasons"]

_POINTS_FOR_GRADE: Final = 3  # yearly points, the base included, below which a course is thin
_LINEAR_KINDS: Final = ("level", "cumulative", "milestone")
_VERDICTS: Final = ("met", "missed")
IDENTITY: Final = (
    "indicator_id",
    "scope",
    "block",
    "kind",
    "direction",
    "unit",
    "lead_unit_ids",
    "clause",
)
NUMBERS: Final = ("base_year", "base_value", *TARGETS, *OBSERVED, *MEASURES)
TEXTS: Final = (
    "area_code",
    "as_of",
    "base_printed",
    "period",
    "observation_status",
    "required_rate_unit",
    "status",
    "reason",
    "milestone_verdict",
    "milestone_reason",
    "flags",
    "evidence_grade",
)

COLUMNS: Final = (
    *IDENTITY,
    *TEXTS,
    *NUMBERS,
    *METHODS,
    "n_observations",
    "is_indicative",
    "missing_reasons",
)


@asked.as_declared
def assess(
    ds: PlanData, *, as_of: Any = "auto", area: str | int | None = None, known_on: Any = None
) -> pd.DataFrame:
    """Assess every indicator against the plan (差距评估).

    Parameters
    ----------
    ds : Dataset
        Anything with ``indicators``, ``targets``, ``observations``, ``parameters``, ``plan``.
    as_of : str
        A period, or ``auto``: the newest one observed in the area.
    area : str, optional
        Code of an area with figures; the plan's own area where not given.
    known_on : date or str, optional
        Assess as it could be known on that day; a blank ``published_on`` was always known.

    Returns
    -------
    DataFrame
        One row an indicator, in the register's order, with ``COLUMNS``. Gaps are value minus
        target times direction (negative: short of it), in the printed unit; for growth that unit
        is average percent a year since the base year. ``required_rate`` and ``effort_factor`` run
        to ``effort_target_year``, the next target still ahead; ``required_end`` and ``effort_end``
        to ``end_target_year``. Of a range the weakest end is the target, ``…_other`` the other.
        ``status`` is one of ``vocabulary.STATUSES``, ``is_indicative`` where little hangs on it;
        ``flags`` are ``;``-separated codes. A missing number is NaN, and ``missing_reasons`` says
        why: ``column=code`` for each, by column in ``reasons``.

    Raises
    ------
    ValueError
        When the area is neither the plan's own nor that of any figure.

    Notes
    -----
    The path and the index are read at the end of the observation's own period, milestones at
    ``as_of``. Maintain and limit mode (the base already meets the target): on track while it
    holds, moving away once it does not, never achieved. Evidence grade (证据等级): A, less one
    step for fewer than three yearly points, one for a figure not final, one for one older than
    ``stale_months``; D without an observation.

    Examples
    --------
    >>> import fenghua
    >>> row = assess(fenghua.load(), as_of="2020").iloc[0]
    >>> row["indicator_id"], row["status"], row["reason"]
    ('value_added_rate', 'not_assessable', 'before_start')
    """
    area = asked.area(ds, area)
    seen = observed.known(ds, area, known_on)
    if isinstance(as_of, str) and as_of == "auto":
        as_of = seen["period"].iloc[-1] if len(seen) else int(ds.plan["base_year"]) + 1
    as_of = periods.asked(as_of)
    now = periods.end(as_of)
    seen = seen[seen["t"] <= now + NOISE]
    known = observed.by_indicator(seen)
    own = {name: known.get(name, []) for name in ds.indicators["indicator_id"]}
    paths = with_bases(ds, own)
    rows = []
    for about in rows_of(ds.indicators):
        name = about["indicator_id"]
        standing = Standing(ds, about, paths[name], own[name], now)
        rows.append(_row(standing) | {"area_code": area, "as_of": as_of})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(it: Standing) -> dict[str, Any]:
    """Return the row of an indicator, with the reason of every number it lacks."""
    path, (milestone, texts) = it.whole_path, it.milestone
    texts = dict.fromkeys(TEXTS, "") | {key: it.about.get(key, "") for key in IDENTITY} | texts
    if it.latest:
        texts["period"] = periods.canonical(it.latest["period"])
        texts["observation_status"] = it.latest["status"]
    base_value = figure("base_value", path.base_value, "no_baseline")
    if path.kind == "annual":
        base_value = none(["base_value"], "each_year_alone")
    numbers = figure("base_year", path.base_year) | base_value
    numbers |= it.targets | milestone | it.observation | it.measures
    codes = {name: numbers.reasons[name] for name in NUMBERS if name in numbers.reasons}
    codes |= {name: rule.reason for name, rule in it.methods.items() if rule.reason}
    return {
        **texts,
        **numbers.values,
        **{name: rule.status for name, rule in it.methods.items()},
        "base_printed": path.base_printed,
        "status": it.ruling.status,
        "reason": it.ruling.reason,
        "flags": ";".join(_flags(it)),
        "evidence_grade": _grade(it),
        "required_rate_unit": it.rate_unit if it.path.years else "",
        "n_observations": len(it.chained),
        "is_indicative": _is_small(it) or it.is_implied,
        "missing_reasons": ";".join(f"{name}={code}" for name, code in codes.items()),
    }


def _flags(it: Standing) -> list[str]:
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
        "small_movement": _is_small(it),
        "broken_chain": it.measures.reasons.get("value") == "broken_chain",
        "stale": _is_stale(it),
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


def _grade(it: Standing) -> str:
    """Return the evidence grade (证据等级), A to D; the rule is in ``gap.assess``."""
    if not it.chained:
        return GRADES[-1]
    years = {np.ceil(row["t"] - NOISE) for row in it.chained}
    is_thin = 1 + len(years) < _POINTS_FOR_GRADE
    return GRADES[is_thin + (it.latest["status"] != "final") + _is_stale(it)]


def _is_stale(it: Standing) -> bool:
    """Tell whether the latest figure is too old; that of a verdict's own day never is."""
    age = it.observation["age_months"]
    return it.ruling.status not in _VERDICTS and age > it.ds.parameters["stale_months"]


def _is_small(it: Standing) -> bool:
    """Tell whether the movement planned so far is below the printed precision."""
    if "schedule_index" in it.measures.reasons:
        return False
    planned = it.measures["path_value"] - it.whole_path.base_value
    return bool(abs(planned) < 10.0**-it.decimals - NOISE)


def _other_bands(it: Standing) -> set[str]:
    """Return the bands by other methods that differ from the status."""
    return {rule.status for rule in it.methods.values()} - {"", it.ruling.status}


@once
def assessed(ds: PlanData, as_of: str) -> pd.DataFrame:
    """Return `assess` of every indicator at a period: one page's verdicts are another's history."""
    return assess(ds, as_of=as_of)


def reasons(assessed: pd.DataFrame) -> pd.DataFrame:
    """Return why figures are missing: indicators by column, empty where one is there.

    Examples
    --------
    >>> rows = pd.DataFrame({"indicator_id": ["a"], "missing_reasons": ["value=no_observation"]})
    >>> reasons(rows).loc["a", "value"]
    'no_observation'
    """
    texts = assessed.set_index("indicator_id")["missing_reasons"]
    pairs = [dict(pair.split("=") for pair in filter(None, text.split(";"))) for text in texts]
    columns = [*NUMBERS, *METHODS]
    return pd.DataFrame(pairs, index=texts.index, columns=columns, dtype=object).fillna("")
