"""Towns' tasks judged by the bands of the plan's own indicators, and by the year's two yardsticks.

Answers: which task of which town is behind. Refuses: to judge a task that asks for nothing.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import contributions, rhythm, verdict
from fenghua.analysis.observed import NOISE
from fenghua.analysis.shared import once
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import BEHIND, KEEPING_UP

DEBTS: Final = ("no_report", "stale", "no_town_base", "no_value_at_milestone")
QUARTER: Final = 0.25


@once
def judged(ds: Any, as_of: str) -> pd.DataFrame:
    """Return each town's tasks with a status by the bands of the plan's own indicators (任务状态).

    Columns: `contributions.tasks` and ``schedule_index`` (share done of what the path asks for by
    now), ``age_months`` of the report, ``is_stale``, ``next_planned`` (path at the end of
    ``next_quarter``), ``to_catch_up`` (what is missing to it, 0 or more), ``status``. A task that
    its base already meets asks for nothing: `not_assessable`, ``base_meets_task``.
    """
    when = periods.end(as_of)
    found = contributions.tasks_of(ds, as_of)
    sign = found["indicator_id"].map(ds.indicators.set_index("indicator_id")["direction"])
    gained, asked = (found[name] - found["base_value"] for name in ("value", "planned_value"))
    found["schedule_index"] = (gained / asked.where(asked != 0)).where(found["reason"] == "")
    ends = pd.Series([periods.end(p) if p else np.nan for p in found["period"]], found.index)
    found["age_months"] = ((when - ends) * contributions.MONTHS).round()
    found["is_stale"] = found["age_months"] > ds.parameters["stale_months"]
    is_met = sign * (found["value"] - found["task"]) >= 0
    is_due = found["task_year"] <= when + NOISE
    # A count that met its task early has met it; one that did not needs a figure of the due date.
    is_open = is_due & ~is_met & (ends < found["task_year"] - NOISE)
    is_open &= found["reason"].eq("")
    found["reason"] = found["reason"].mask(is_open, "no_value_at_milestone")
    rows = zip(found["reason"], is_due, is_met, found["schedule_index"], strict=True)
    at_least = verdict.cuts(ds.parameters)
    found["status"] = [_status(*row, at_least=at_least) for row in rows]
    base_year = str(int(ds.plan["base_year"]))
    base = contributions.newest(ds.town_reports, at=base_year)  # all that a path rests on
    ahead = contributions.tasks_of(ds, _quarter_after(as_of), reports=base)
    planned = ahead["planned_value"].where(found["task_year"] > when + NOISE)
    is_count = found["indicator_id"].map(ds.indicators.set_index("indicator_id")["is_count"])
    whole = np.where(sign > 0, np.ceil(planned - NOISE), np.floor(planned))
    found["next_planned"] = planned.where(~is_count.astype(bool), whole)
    found["next_quarter"] = _quarter_after(as_of)
    found["to_catch_up"] = (sign * (found["next_planned"] - found["value"])).clip(lower=0.0)
    return found


def evidence(ds: Any, as_of: str, town: str) -> dict[str, Any]:
    """Return what one town's `judged` rests on: the parts of the dataset, as few rows as do."""
    own = ds.town_reports[ds.town_reports["town_code"] == town]
    tasks = ds.town_tasks[ds.town_tasks["town_code"] == town]
    base_year = str(int(ds.plan["base_year"]))
    newest = [contributions.newest(own, at=at) for at in (base_year, as_of)]
    about = ds.indicators[["indicator_id", "kind", "direction", "is_count"]]
    return {
        "town_reports": pd.concat(newest, ignore_index=True).drop_duplicates(),
        "town_tasks": tasks,
        "indicators": about[about["indicator_id"].isin(tasks["indicator_id"])],
        "parameters": ds.parameters,
        "plan": ds.plan,
    }


def _status(reason: str, is_due: bool, is_met: bool, index: float, *, at_least: Any) -> str:
    if reason or (index != index and not is_due and not is_met):
        return "not_assessable"
    if is_due:
        return "met" if is_met else "missed"
    return "on_track" if is_met else verdict.band(index, at_least)


def issues(ds: Any, current: pd.DataFrame, *, as_of: str, n: int) -> dict[str, pd.DataFrame]:
    """Return `judged` for this issue and the ones before it, for `rhythm.since_last`.

    ``current`` are the rows of one town at ``as_of``; earlier issues hold this town only.
    """
    order = rhythm.earlier(as_of, n, base_year=int(ds.plan["base_year"]))
    every = {period: judged(ds, period) for period in order[:-1]}
    kept = {p: rows[rows["town_code"].isin(current["town_code"])] for p, rows in every.items()}
    return kept | {as_of: current}


def _quarter_after(as_of: str) -> str:
    """The quarter to plan for: the one that ends next after the quarter of ``as_of``."""
    quarters = round(np.floor(periods.end(as_of) / QUARTER + NOISE)) + 1
    year, part = divmod(quarters - 1, round(1 / QUARTER))
    return f"{year + 1}-Q{part + 1}"


def overview(tasks: pd.DataFrame) -> pd.DataFrame:
    """Return one row a town: its tasks, how many are behind, done or owed, and the worst."""
    worst = tasks[tasks["status"].isin(BEHIND)].sort_values("schedule_index", kind="stable")
    worst = worst.drop_duplicates("town_code").set_index("town_code")
    rows = tasks.assign(
        n=tasks["reason"] != "base_meets_task",
        behind=tasks["status"].isin(BEHIND),
        good=tasks["status"].isin(KEEPING_UP),
        owed=tasks["reason"].isin(DEBTS) | tasks["is_stale"],
    )
    counts = rows.groupby("town_code")[["n", "good", "behind", "owed"]].sum()
    return counts.join(worst[["indicator_id", "schedule_index"]].add_prefix("worst_"))


@once
def yardsticks(ds: Any, year: int) -> pd.DataFrame:
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
    path = contributions.tasks_of(ds, str(year), town_tasks=own)
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
        rows[f"is_{name}_met"] = _is_met(rows[f"{name}_share"])
    names = ["asked", "done", "annual_share", "planned_value", "path_share"]
    return rows[[*keys, "value", *names, "is_annual_met", "is_path_met"]]


def _is_met(share: pd.Series) -> pd.Series:
    """Return whether a share is whole; missing where the share is."""
    return (share >= 1 - NOISE).astype(object).where(share.notna())


def yardsticks_of(ds: Any, as_of: str, town: str) -> pd.DataFrame:
    """Return `yardsticks` of one town; no rows unless a whole year is reported."""
    period = periods.parse(as_of)
    rows = yardsticks(ds, period.year) if period.grain == "year" else ds.town_tasks.iloc[:0]
    return rows[rows["town_code"] == town]


def summary(tasks: pd.DataFrame) -> dict[str, int]:
    """Return the number of tasks by status, for the index of pages."""
    return tasks["status"].value_counts().to_dict()


def appraisal(ds: Any, as_of: str) -> pd.DataFrame:
    """Return how many of each town's tasks pass either yardstick; empty unless a year is reported.

    By town: ``annual_met`` of ``annual_asked`` tasks, ``path_met`` of ``path_asked``.
    """
    period = periods.parse(as_of)
    if period.grain != "year":
        return pd.DataFrame()
    rows = yardsticks(ds, period.year)
    counts = {
        f"{name}_{word}": (f"is_{name}_met", how)
        for name in ("annual", "path")
        for word, how in (("met", "sum"), ("asked", "count"))
    }
    return rows.groupby("town_code").agg(**counts).astype(float)


def alerts(ds: Any, current: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return the tasks that fell behind since the period before (预警)."""
    before = judged(ds, periods.previous(as_of))[[*contributions.KEYS, "status"]]
    rows = current.merge(before, on=contributions.KEYS, how="left", suffixes=("", "_before"))
    is_new = rows["status"].isin(BEHIND) & rows["status_before"].isin(KEEPING_UP)
    return rows[is_new].sort_values("town_code", kind="stable")
