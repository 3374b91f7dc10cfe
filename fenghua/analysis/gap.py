"""Where each indicator of the plan stands: one row an indicator, every component beside its reason.

Answers: value, path, gap, effort, status, and how firm each is. Refuses: to fill what is missing.
"""

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import effort, observed, scale, verdict
from fenghua.analysis.observed import NOISE, Rows
from fenghua.analysis.path import Path, with_bases
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import STATUSES

IDENTITY: Final = (
    *("indicator_id", "scope", "block", "kind", "direction", "unit", "lead_unit_ids", "clause"),
)
TARGETS: Final = (
    *("next_target_year", "next_target_value", "end_target_year", "end_target_value"),
    *("time_share", "milestone_year"),
)
OBSERVED: Final = ("observed_at", "reported_value", "previous_value", "age_months")
MEASURES: Final = (
    *("value", "path_value", "gap_to_path", "gap_to_next", "gap_to_end", "attainment_next"),
    *("attainment_end", "equivalent_years", "schedule_index", "effort_factor", "required_rate"),
    *("achieved_rate", "effort_target_year", "remaining_to_next", "remaining_to_end"),
    *("flip_on_track", "flip_needs_acceleration", "flip_moving_away", "flip_margin"),
)
METHODS: Final = ("method_linear_status", "method_cagr_status")
NUMBERS: Final = ("base_year", "base_value", *TARGETS, *OBSERVED, *MEASURES)
TEXTS: Final = (
    *("area_code", "as_of", "base_printed", "period", "observation_status", "required_rate_unit"),
    *("status", "reason", "milestone_verdict", "milestone_reason", "flags", "evidence_grade"),
)
COLUMNS: Final = (*IDENTITY, *TEXTS, *NUMBERS, *METHODS, "n_observations", "missing_reasons")


def assess(
    ds: Any, *, as_of: Any = "auto", area: str | None = None, known_on: Any = None
) -> pd.DataFrame:
    """Assess every indicator against the plan (差距评估).

    Parameters
    ----------
    ds : Dataset
        Anything with ``indicators``, ``targets``, ``observations``, ``parameters``, ``plan``.
    as_of : str
        A period, or ``auto``: the newest one observed in the area.
    area : str, optional
        Area code; the plan's own area where not given.
    known_on : date or str, optional
        Assess as it could be known on that day; a blank ``published_on`` was always known.

    Returns
    -------
    DataFrame
        One row an indicator, in the register's order, with ``COLUMNS``. Gaps are value minus
        target times direction (negative: short of it), in the printed unit; for growth that unit
        is average percent a year since the base year. ``status`` is one of
        ``vocabulary.STATUSES``; ``flags`` and ``missing_reasons`` are ``;``-separated codes, the
        latter ``column=code`` for each number that is missing.

    Notes
    -----
    The path and the index are read at the end of the observation's own period, milestones at
    ``as_of``. Maintain and limit mode (the base already meets the target): on track while it
    holds, moving away once it does not, never achieved. Evidence grade (证据等级): A, less one
    step for fewer yearly points than allow an interval, one for a figure not final, one for one
    older than ``stale_months``; D without an observation.

    Examples
    --------
    >>> import fenghua
    >>> row = assess(fenghua.load(), as_of="2020").iloc[0]
    >>> row["indicator_id"], row["status"], row["reason"]
    ('value_added_rate', 'not_assessable', 'before_start')
    """
    area = str(area or ds.plan["area_code"])
    seen = observed.read(ds.observations, area=area, until=np.inf, known_on=known_on)
    if isinstance(as_of, str) and as_of == "auto":
        as_of = seen["period"].iloc[-1] if len(seen) else int(ds.plan["base_year"]) + 1
    as_of = periods.canonical(as_of)
    now = periods.end(as_of)
    seen = seen[seen["t"] <= now + NOISE]
    known = observed.by_indicator(seen)
    own = {name: known.get(name, []) for name in ds.indicators["indicator_id"]}
    paths = with_bases(ds, own)
    rows = [
        {"area_code": area, "as_of": as_of}
        | _row(ds, about, paths[about["indicator_id"]], own[about["indicator_id"]], now)
        for about in ds.indicators.to_dict("records")
    ]
    return pd.DataFrame([_explained(row) for row in rows], columns=list(COLUMNS))


def _row(ds: Any, about: dict[str, Any], path: Path, seen: Rows, now: float) -> dict[str, Any]:
    end = min([now, *path.years[-1:]])
    seen = [row for row in seen if row["t"] <= end + NOISE]
    rows = path.chained(seen)
    row = {name: about.get(name, "") for name in IDENTITY}
    row |= {"base_year": path.base_year, "base_printed": path.base_printed}
    row["base_value"] = _base_value(path)
    row |= _observation(seen, rows, now)
    if path.years:
        row |= _assessed(ds, about, path, seen, rows, end) | {"plan_ended": now > end + NOISE}
    else:
        is_assigned = about["kind"] == "assigned"
        reason = "target_not_assigned" if is_assigned else "target_not_quantified"
        row |= dict.fromkeys((*TARGETS, *MEASURES, *METHODS), reason)
        row |= {"status": "not_assessable", "reason": reason, "mode": ""}
    row["evidence_grade"] = verdict.grade(row, rows, stale_months=ds.parameters["stale_months"])
    row["flags"] = ";".join(
        verdict.flags(
            row,
            path,
            rows,
            stale_months=ds.parameters["stale_months"],
            decimals=_decimals(about),
            is_synthetic=bool(getattr(ds, "is_synthetic", False)),
        )
    )
    return row


def _assessed(
    ds: Any,
    about: dict[str, Any],
    path: Path,
    seen: Rows,
    rows: Rows,
    end: float,
) -> dict[str, Any]:
    """Return targets, measures, status and robustness of an indicator that has a target."""
    row = _milestone(path, rows, end, unit=str(about["unit"]))
    if path.kind == "annual" and end > path.base_year + NOISE:
        is_year_end = abs(end - round(end)) < NOISE
        year = end if is_year_end or not rows else rows[-1]["t"]
        path = _year_path(path, year, unit=str(about["unit"]))
        rows = [row for row in rows if row["t"] > path.base_year + NOISE]
    at_least = verdict.cuts(ds.parameters)
    rule = verdict.ruling(path, rows, now=end, at_least=at_least)
    if about["kind"] == "annual" and rule.status == "achieved":
        rule = replace(rule, status="on_track")  # a part of a year has a band, not a verdict
    unit = effort.rate_unit(about["kind"], str(about["unit"]), is_count=_is_count(about))
    t = rows[-1]["t"] if rows else end
    row |= _targets(path, end, t) | {"required_rate_unit": unit}
    row |= {"status": rule.status, "reason": rule.reason, "mode": rule.flag}
    gone = _why_gone(path, seen, rows)
    if gone:
        if rule.reason in ("broken_chain", "no_observation_since_base"):
            row["reason"] = gone
        return row | dict.fromkeys((*MEASURES, *METHODS), gone)
    latest = rows[-1]
    row["value"] = float(path.printed(latest["s"], t))
    row |= effort.components(path, latest["s"], t, now=end, unit=unit)
    row |= effort.method_bands(path, latest["s"], t, at_least=at_least)
    return row | verdict.flips(
        path, latest, rule, decimals=_decimals(about), is_count=_is_count(about)
    )


def _is_count(about: dict[str, Any]) -> bool:
    return str(about.get("is_count", "")).lower() in ("true", "1", "1.0")


def _decimals(about: dict[str, Any]) -> float:
    return float(pd.to_numeric(about.get("decimals", np.nan), errors="coerce"))


def _base_value(path: Path) -> float | str:
    if path.kind == "annual":
        return "each_year_alone"
    return "no_baseline" if np.isnan(path.base_value) else path.base_value


def _why_gone(path: Path, seen: Rows, rows: Rows) -> str:
    """Return why there is no latest value on the scale, or an empty code."""
    if not seen:
        return "no_observation"
    if not rows:
        is_annual = seen[-1]["t"] > path.base_year - 1 + NOISE
        return "no_observation_since_base" if is_annual else "no_observation_this_year"
    latest = rows[-1]
    if not np.isnan(latest["s"]):
        return ""
    if not scale.is_on_scale(latest["value"], kind=path.kind):
        return "value_out_of_range"
    return "no_baseline" if np.isnan(path.base_scaled) else "broken_chain"


def _year_path(path: Path, year: float, *, unit: str) -> Path:
    """Return the path of one year alone: from 0 to its floor, or level where it is a share."""
    year = float(np.ceil(year - NOISE))
    node = path.coming(year)
    return replace(
        path,
        kind="cumulative",
        base_year=year - 1,
        base_value=path.values[node] if unit.strip() == "%" else 0.0,
        years=(year,),
        values=(path.values[node],),
        comparators=(path.comparators[node],),
    )


def _milestone(path: Path, rows: Rows, end: float, *, unit: str) -> dict[str, Any]:
    """Return the verdict on the last target date that has passed (annual: the last full year)."""
    node = sum(year <= end + NOISE for year in path.years) - 1
    if path.kind == "annual" and np.floor(end + NOISE) > path.base_year + NOISE:
        path, node = _year_path(path, np.floor(end + NOISE), unit=unit), 0
        rows = [row for row in rows if row["t"] > path.base_year + NOISE]
    if node < 0:
        passed: dict[str, Any] = {"milestone_year": "no_milestone_passed"}
        return passed | {"milestone_verdict": "", "milestone_reason": ""}
    rule = verdict.at_milestone(path, rows, node)
    return {
        "milestone_year": path.years[node],
        "milestone_verdict": "" if rule.reason else rule.status,
        "milestone_reason": rule.reason,
    }


def _targets(path: Path, end: float, t: float) -> dict[str, float]:
    coming = path.coming(end)
    return {
        "next_target_year": path.years[coming],
        "next_target_value": path.values[coming],
        "end_target_year": path.years[-1],
        "end_target_value": path.values[-1],
        "time_share": (t - path.base_year) / (path.years[-1] - path.base_year),
    }


def _observation(seen: Rows, rows: Rows, now: float) -> dict[str, Any]:
    """Return the latest figure as reported, from after the base year where there is one."""
    found = {"n_observations": len(rows)}
    if not seen:
        return found | dict.fromkeys(OBSERVED, "no_observation")
    latest = (rows or seen)[-1]
    previous = latest["previous_value"]
    return found | {
        "observed_at": latest["t"],
        "reported_value": latest["value"],
        "previous_value": "not_revised" if np.isnan(previous) else previous,
        "age_months": float(round((now - latest["t"]) * periods.MONTHS_IN_YEAR)),
        "period": periods.canonical(latest["period"]),
        "observation_status": latest["status"],
        "source_id": latest["source_id"],
    }


def _explained(row: dict[str, Any]) -> dict[str, Any]:
    """Turn the reason that stands in place of a figure into a missing one with its code."""
    texts = dict.fromkeys(TEXTS, "")
    codes = {name: row[name] for name in NUMBERS if isinstance(row[name], str)}
    codes |= {name: row[name] for name in METHODS if row[name] not in STATUSES}
    gaps = {name: "" if name in METHODS else np.nan for name in codes}
    reasons = ";".join(f"{name}={code}" for name, code in codes.items())
    return texts | row | gaps | {"missing_reasons": reasons}
