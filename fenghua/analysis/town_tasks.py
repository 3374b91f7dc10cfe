"""Towns' tasks judged by the bands of the plan's own indicators, and by the year's two yardsticks.

Answers: which task of which town is behind. Refuses: to judge a task that asks for nothing.
"""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import contributions, verdict
from fenghua.analysis.efficiency import flag
from fenghua.analysis.observed import NOISE
from fenghua.analysis.shared import once
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import PlanData

QUARTER: Final = 0.25


@once
def judged(ds: PlanData, as_of: str) -> pd.DataFrame:
    """Return each town's tasks with a status by the bands of the plan's own indicators (任务状态).

    Columns: `contributions.tasks` and ``schedule_index`` (share done of what the path asks for by
    the date of the figure, as for the district), ``age_months`` of the report at the date that it
    counts by, ``is_stale``, ``next_planned`` (path at the end of ``next_quarter``),
    ``to_catch_up`` (what is missing to it, 0 or more), ``status``. A task that its base already
    meets asks for nothing: `not_assessable`, ``base_meets_task``; where the path asks for nothing
    by the date of the figure: ``nothing_due_yet``.
    """
    when, year = periods.end(as_of), periods.parse(as_of).year
    found = contributions.tasks_of(ds, as_of)
    sign = found["indicator_id"].map(ds.indicators.set_index("indicator_id")["direction"])
    gained, asked = (found[name] - found["base_value"] for name in ("value", "path_value"))
    found["schedule_index"] = (gained / asked.where(asked != 0)).where(found["reason"] == "")
    ends = pd.Series([periods.end(p) if p else np.nan for p in found["period"]], found.index)
    by = found["task_year"].where(found["task_year"] < year, when)
    found["age_months"] = ((by - ends) * periods.MONTHS_IN_YEAR).round()
    found["is_stale"] = found["age_months"] > ds.parameters["stale_months"]
    is_met = sign * (found["value"] - found["task"]) >= 0
    is_due = found["task_year"] <= when + NOISE
    # A count that met its task early has met it; one that did not needs a figure of the due date.
    is_open = is_due & ~is_met & (ends < found["task_year"] - NOISE)
    is_early = ~is_due & ~is_met & (asked == 0)
    for code, rows in (("no_value_at_milestone", is_open), ("nothing_due_yet", is_early)):
        found["reason"] = found["reason"].mask(rows & found["reason"].eq(""), code)
    rows = zip(found["reason"], is_due, is_met, found["schedule_index"], strict=True)
    at_least = verdict.cuts(ds.parameters)
    found["status"] = [_status(*row, at_least=at_least) for row in rows]
    ahead = next_steps(ds, as_of)
    found["next_planned"] = ahead["goal"].where(found["task_year"] > when + NOISE)
    found["next_quarter"] = ahead["by"]
    found["to_catch_up"] = (sign * (found["next_planned"] - found["value"])).clip(lower=0.0)
    return found


@once
def yearly(ds: PlanData, as_of: str) -> pd.DataFrame:
    """Return `judged` at the end of each year of the plan up to a period, oldest first (逐年任务).

    Columns of `judged` and ``year``; no rows before the end of the plan's first year.
    """
    last = min(int(periods.end(as_of)), int(ds.plan["end_year"]))
    years = [str(year) for year in range(int(ds.plan["base_year"]) + 1, last + 1)]
    parts = [judged(ds, year).assign(year=year) for year in years]
    none = judged(ds, as_of).head(0).assign(year="")
    return pd.concat(parts, ignore_index=True) if parts else none


@once
def next_steps(ds: PlanData, as_of: str) -> pd.DataFrame:
    """Return where the path of each task stands at the end of the next quarter (下一季应达).

    In the order of `judged`: its keys, ``by`` (the quarter), ``goal`` (whole things for a count;
    missing once the task's last year is over) and ``more`` (what the latest report lacks, 0 or
    more).
    """
    by, when = _quarter_after(as_of), periods.end(as_of)
    base = contributions.newest_of(ds, str(int(ds.plan["base_year"])))
    found = contributions.tasks_by(ds, by, reports=base)  # all that a path rests on
    about = ds.indicators.set_index("indicator_id")
    sign = found["indicator_id"].map(about["direction"])
    goal = found["planned_value"].where(found["task_year"] > when + NOISE)
    is_count = found["indicator_id"].isin(about.index[flag(about, "is_count")])
    found["goal"] = goal.where(~is_count, whole(goal, sign))
    value = contributions.tasks_of(ds, as_of)["value"]
    found["more"] = (sign * (found["goal"] - value)).clip(lower=0.0)
    return found.assign(by=by)[[*contributions.KEYS, "by", "goal", "more"]]


def whole(due: Any, sign: Any) -> Any:
    """Return what is due of whole things: the next one up, or down where fewer are better.

    Examples
    --------
    >>> float(whole(3.3, 1)), float(whole(3.3, -1)), float(whole(4.0, 1))
    (4.0, 3.0, 4.0)
    """
    return np.where(np.greater(sign, 0), np.ceil(np.subtract(due, NOISE)), np.floor(due))


def evidence(ds: PlanData, as_of: str, codes: Iterable[str]) -> dict[str, Any]:
    """Return what `judged` of some towns rests on: the parts of the dataset, as few rows as do."""
    chosen = list(codes)
    tasks = ds.town_tasks[ds.town_tasks["town_code"].isin(chosen)]
    base_year = str(int(ds.plan["base_year"]))
    newest = [contributions.newest_of(ds, base_year), contributions.counted_of(ds, as_of)]
    columns = ["indicator_id", "kind", "direction", "is_count", "block", "unit"]
    about = ds.indicators.filter(items=columns)
    own = [rows[rows["town_code"].isin(chosen)] for rows in newest]
    reported = pd.concat(own, ignore_index=True).drop_duplicates()
    used = {*tasks["indicator_id"], *reported["indicator_id"]}
    goals = ["indicator_id", "role", "year", "value"]
    parts = {
        "town_reports": reported.drop(columns=["t", "by", "note"], errors="ignore"),
        "town_tasks": tasks[["indicator_id", "town_code", "year", "value"]],
        "indicators": about[about["indicator_id"].isin(used)],
        "targets": ds.targets.loc[ds.targets["indicator_id"].isin(used), goals],
        "towns": ds.towns.loc[ds.towns["town_code"].isin(chosen), ["town_code", "kind"]],
    }
    kept = {name: part.reset_index(drop=True) for name, part in parts.items()}
    return {**kept, "parameters": ds.parameters, "plan": ds.plan}


def _status(
    reason: str, is_due: bool, is_met: bool, index: float, *, at_least: verdict.Cuts
) -> str:
    if reason or (index != index and not is_due and not is_met):
        return "not_assessable"
    if is_due:
        return "met" if is_met else "missed"
    return "on_track" if is_met else verdict.band(index, at_least)


def _quarter_after(as_of: str) -> str:
    """The quarter to plan for: the one that ends next after the quarter of ``as_of``."""
    quarters = round(np.floor(periods.end(as_of) / QUARTER + NOISE)) + 1
    year, part = divmod(quarters - 1, round(1 / QUARTER))
    return f"{year + 1}-Q{part + 1}"


@once
def yardsticks(ds: PlanData, year: int) -> pd.DataFrame:
    """Return each town's year by two yardsticks: the year's own task, the plan's path (年考核).

    One row an indicator and town: ``asked`` and ``done`` in the year, ``annual_share``,
    ``planned_value`` on the line through the town's tasks for the plan's own target years,
    ``path_share``, ``is_annual_met`` and ``is_path_met`` (missing where not known).

    Notes
    -----
    ``asked = task(year) - task(year before)``; a town that only keeps pace passes the first
    yardstick and, if it was behind, fails the second.
    """
    this, last = (contributions.tasks_of(ds, str(y)) for y in (year, year - 1))
    keys = contributions.KEYS
    goals = ds.targets[ds.targets["role"] == "target"]
    marks = goals[["indicator_id", "year"]].drop_duplicates()
    own = ds.town_tasks.merge(marks, on=["indicator_id", "year"])
    path = contributions.tasks_by(ds, str(year), town_tasks=own)
    rows = this.merge(path[[*keys, "planned_value"]], on=keys, how="left", suffixes=("_own", ""))
    rows = rows.merge(last[[*keys, "value", "task", "task_year"]], on=keys, suffixes=("", "_last"))
    about = ds.indicators.set_index("indicator_id")
    sign = rows["indicator_id"].map(about["direction"])
    is_annual = rows["indicator_id"].map(about["kind"]) == "annual"
    start = rows["task_last"].where(rows["task_year_last"] == year - 1)
    before = rows["value_last"]
    if year - 1 <= int(ds.plan["base_year"]):
        start = before = rows["base_value"]
    ends = pd.Series([periods.end(p) if p else np.nan for p in rows["period"]], rows.index)
    is_known = (rows["task_year"] == year) & rows["reason"].isin(["", "base_meets_task"])
    is_known &= ends >= year - NOISE  # a verdict on the year needs the year's figure
    rows["asked"] = (rows["task"] - start.mask(is_annual, 0.0)).where(is_known)
    rows["done"] = (rows["value"] - before.mask(is_annual, 0.0)).where(is_known)
    is_asked = sign * rows["asked"] > 0
    rows["annual_share"] = (rows["done"] / rows["asked"]).where(is_asked)
    planned = rows["planned_value"] - rows["base_value"]
    rows["path_share"] = ((rows["value"] - rows["base_value"]) / planned).where(
        is_known & (sign * planned > 0)
    )
    for name in ("annual", "path"):
        share = rows[f"{name}_share"]
        rows[f"is_{name}_met"] = (share >= 1 - NOISE).astype(object).where(share.notna())
    names = ["asked", "done", "annual_share", "planned_value", "path_share"]
    return rows[[*keys, "value", *names, "is_annual_met", "is_path_met"]]
