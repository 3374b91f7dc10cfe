"""What each town reports and owes (任务分解), beside the district's own figures.

Answers: parts of the district's count, tasks with path and remaining pace, values for the race.
Refuses: to force parts to add up, to count a zone beside its towns, to guess a town's base.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, entries, observed
from fenghua.analysis.efficiency import flag
from fenghua.analysis.observed import NOISE
from fenghua.analysis.path import with_bases
from fenghua.analysis.shared import once
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import PlanData

ADDITIVE: Final = ("cumulative", "annual")
KEYS: Final = ["indicator_id", "town_code"]
TASK_COLUMNS: Final = (
    *(*KEYS, "period", "value", "base_year", "base_value", "task_year", "task"),
    *("attainment", "planned_value", "path_value", "remaining", "remaining_per_month", "reason"),
)


def newest(reports: pd.DataFrame, *, at: str) -> pd.DataFrame:
    """Return the newest row of each indicator and place whose period has ended by ``at``.

    A blank ``published_on`` counts as the oldest, as in ``observed.read``.
    """
    return _last(_until(reports, at))


def _until(reports: pd.DataFrame, at: str) -> pd.DataFrame:
    """Return the rows that have a value and a period ended by ``at``, with its end ``t``."""
    value = asked.numbers(reports["value"], "value")
    seen = reports.assign(t=periods.ends(reports["period"]), value=value)
    until = periods.end(periods.asked(at))
    return seen[(seen["t"] <= until + NOISE) & seen["value"].notna()]


def _told(town_tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the tasks that have a figure, one a year."""
    numbers = {name: asked.numbers(town_tasks[name], name) for name in ("year", "value")}
    told = town_tasks.assign(**numbers).dropna(subset=["value"])
    entries.check_single(told, "town_code", by=("indicator_id", "year"))
    return told


def _last(seen: pd.DataFrame) -> pd.DataFrame:
    place = "area_code" if "area_code" in seen else "town_code"
    # Where nothing tells two apart, the longer period's counts, then the larger, as in `observed`.
    length = [-periods.PARTS_OF[periods.parse(text).grain] for text in seen["period"]]
    days = ["t", "published_on"] if "published_on" in seen else ["t"]
    seen = seen.assign(length=length, row=range(len(seen)))
    kept = seen.sort_values([*days, "length", "value"], kind="stable", na_position="first")
    kept = kept.drop_duplicates(["indicator_id", place], keep="last")
    return kept.sort_values([*days, "row"], na_position="first").drop(columns=["length", "row"])


def counted(reports: pd.DataFrame, town_tasks: pd.DataFrame, *, at: str) -> pd.DataFrame:
    """Return the `newest` reports that a verdict at ``at`` rests on, and by which date (``by``).

    What a task that is over was missed by is not made good by a later figure: it is judged by
    the newest report up to the end of the last task's own year, as the district's targets are.
    """
    last = _told(town_tasks).groupby(KEYS)["year"].max().rename("by")
    rows = _until(reports, at).merge(last.astype(float).reset_index(), how="left", on=KEYS)
    is_over = rows["by"] < periods.parse(at).year
    rows["by"] = rows["by"].where(is_over, periods.end(at)).astype(float)
    return _last(rows[rows["t"] <= rows["by"] + NOISE])


@once
def as_totals(ds: PlanData) -> pd.DataFrame:
    """Return the observations, of the plan's area as totals where each year's own was reported.

    Towns report totals (累计), a district may report what was new in the year (当年新增); one is no
    part of the other. A missing year leaves the later totals NaN.
    """
    area = str(ds.plan["area_code"])
    known = observed.known(ds, area)
    counts = ds.indicators.loc[ds.indicators["kind"] == "cumulative", "indicator_id"]
    names = {*counts} & {*known.loc[known["basis"] == "annual", "indicator_id"]}
    own = observed.by_indicator(known[known["indicator_id"].isin(names)])
    totals = [
        row | {"value": row["s"]}
        for name, path in with_bases(ds, own).items()
        for row in path.chained(own[name])
    ]
    rest = ds.observations
    is_own = (rest["area_code"].astype(str) == area) & rest["indicator_id"].isin(names)
    found = pd.DataFrame(totals).reindex(columns=rest.columns)
    return pd.concat([rest[~is_own], found], ignore_index=True) if totals else rest


def contributions(
    reports: pd.DataFrame,
    observations: pd.DataFrame,
    towns: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    at: str,
    area: str,
) -> pd.DataFrame:
    """Return what each town adds to the district's count, and what no town reports (贡献).

    The newest figures up to the end of the period ``at`` are compared; ``area`` is the district,
    and its ``observations`` are totals: `as_totals`.

    One row an indicator (cumulative and annual ones, no shares) and unit: ``unit_code``, ``kind``
    (street, town, zone, unknown, unallocated), ``period``, ``value``, ``share`` of the district
    (0-1), ``is_counted``, ``reason``, ``is_other_date`` (its figure, or one that the rest is left
    of, is of another date than the district's: no ``share``). Counted rows and ``unallocated``
    (negative where towns report more) add up to the district. Reasons: ``zone_overlaps_towns``,
    ``unknown_town``, ``different_period``, ``stale``, ``no_district_value``.
    """
    kind_of = indicators[adds_up(indicators)].set_index("indicator_id")["kind"]
    kinds = towns.drop_duplicates("town_code").set_index("town_code")["kind"]
    mine = newest(observations[observations["area_code"] == area], at=at)
    mine = mine.set_index("indicator_id")
    rows = []
    for name, group in newest(reports, at=at).groupby("indicator_id", sort=False):
        if kind_of.get(name) not in ADDITIVE:
            continue
        whole = mine.loc[name] if name in mine.index else {"period": "", "value": np.nan, "t": None}
        part = group.rename(columns={"town_code": "unit_code"})[["unit_code", "period", "value"]]
        part["kind"] = part["unit_code"].map(kinds).fillna("unknown")
        this_year = [periods.parse(p).year == periods.parse(at).year for p in part["period"]]
        is_stale = (kind_of[name] == "annual") & ~np.array(this_year)
        part["is_counted"] = ~part["kind"].isin(["zone", "unknown"]) & ~is_stale
        part["is_other_date"] = np.abs(group["t"].to_numpy() - (whole["t"] or np.inf)) > NOISE
        reasons = {
            "zone_overlaps_towns": part["kind"] == "zone",
            "unknown_town": part["kind"] == "unknown",
            "stale": is_stale,
            "different_period": part["is_other_date"],
        }
        part["reason"] = np.select(list(reasons.values()), list(reasons), "")
        part = pd.concat([part, pd.DataFrame([_rest(part, whole)])], ignore_index=True)
        share = part["value"] / (whole["value"] or np.nan)
        part["share"] = share.mask(part["is_other_date"].astype(bool))
        rows.append(part.assign(indicator_id=name))
    columns = ["indicator_id", "unit_code", "kind", "period", "value", "share"]
    columns += ["is_counted", "reason", "is_other_date"]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def adds_up(indicators: pd.DataFrame) -> pd.Series:
    """Tell of which indicators towns' figures add up: totals and counts, no rates and shares."""
    units = indicators.get("unit", pd.Series("", indicators.index)).astype(str)
    is_whole = indicators["kind"].isin(ADDITIVE) | flag(indicators, "is_count")
    return is_whole & (units.str.strip() != "%")


def _rest(part: pd.DataFrame, whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the counted parts leave of the district's figure; of mixed dates no share."""
    is_mixed = (part["is_counted"] & part["is_other_date"]).any()
    reason = "different_period" if is_mixed else ""
    return {
        "unit_code": "",
        "kind": "unallocated",
        "period": whole["period"],
        "value": whole["value"] - part.loc[part["is_counted"], "value"].sum(),
        "is_counted": True,
        "is_other_date": is_mixed,
        "reason": reason if pd.notna(whole["value"]) else "no_district_value",
    }


def tasks(
    reports: pd.DataFrame,
    town_tasks: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    at: str,
    base_year: int,
) -> pd.DataFrame:
    """Return each town's task with its path and what is left to do a month (任务进度).

    The task of the year of ``at`` counts, else the next one, else the last one, and that by its
    own date: `counted`.

    One row an indicator and town with a task: period and value reported, base, task, ``attainment``
    (0-1, uncapped), ``planned_value`` on the line through the town's tasks at ``at`` and
    ``path_value`` at the date of the figure, ``remaining`` and
    ``remaining_per_month`` (0 when done), ``reason`` when something is missing: ``no_report``,
    ``stale`` (annual task, last year's report), ``no_town_base``, ``base_meets_task``,
    ``kind_not_split`` (rates are not split by town).

    Notes
    -----
    ``attainment = (value - base) / (task - base)``. The base is the town's own report for the base
    year; without one 0 for counts, and nothing for a level. An annual task starts at 0 each year.
    """
    seen = counted(reports, town_tasks, at=at)
    known = seen.set_index(KEYS)[["period", "value"]].to_dict("index")
    base = newest(reports, at=str(base_year))
    base = base[np.isclose(base["t"], base_year)].set_index(KEYS)["value"].to_dict()
    about = indicators.set_index("indicator_id")
    rows, marks_of = [], dict[tuple[str, str], dict[int, float]]()
    given = _told(town_tasks).sort_values([*KEYS, "year"], kind="stable")
    for name, town, year, value in given[[*KEYS, "year", "value"]].itertuples(index=False):
        marks_of.setdefault((name, town), {})[year] = value
    kinds, signs = about["kind"].to_dict(), about["direction"].to_dict()
    for key, marks in marks_of.items():
        kind, sign, report = kinds.get(key[0], ""), int(signs.get(key[0], 1)), known.get(key)
        start = base.get(key, 0.0 if kind in ADDITIVE else np.nan)
        row = dict(zip(KEYS, key, strict=True))
        rows.append(row | _task(kind, sign, marks, report, start, at, base_year))
    return pd.DataFrame(rows, columns=list(TASK_COLUMNS))


@once
def newest_of(ds: PlanData, at: str) -> pd.DataFrame:
    """Return the `newest` reports of a dataset's towns."""
    return newest(ds.town_reports, at=at)


@once
def counted_of(ds: PlanData, at: str) -> pd.DataFrame:
    """Return the `counted` reports of a dataset's towns."""
    return counted(ds.town_reports, ds.town_tasks, at=at)


@once
def tasks_of(ds: PlanData, at: str) -> pd.DataFrame:
    """Return the `tasks` of a dataset's towns."""
    return tasks_by(ds, at)


def tasks_by(ds: PlanData, at: str, **others: pd.DataFrame) -> pd.DataFrame:
    """Return `tasks` of a dataset, other ``reports`` or ``town_tasks`` standing in for its own."""
    tables = {"reports": ds.town_reports, "town_tasks": ds.town_tasks} | others
    base_year = int(ds.plan["base_year"])
    return tasks(**tables, indicators=ds.indicators, at=at, base_year=base_year)


def _task(
    kind: str,
    sign: int,
    marks: dict[int, float],
    report: dict[str, Any] | None,
    base: float,
    at: str,
    base_year: int,
) -> dict[str, Any]:
    when, year = periods.end(at), periods.parse(at).year
    due = next((y for y in marks if y >= year), max(marks))
    if kind == "annual":
        base_year, base, marks = due - 1, 0.0, {due: marks[due]}
    task, value = marks[due], np.nan if report is None else report["value"]
    period = "" if report is None else report["period"]
    row = {"period": period, "value": value, "base_year": base_year, "base_value": base}
    row |= {"task_year": int(due), "task": task, "reason": ""}
    if kind not in (*ADDITIVE, "level", "milestone"):
        return row | {"reason": "kind_not_split"}
    if kind == "annual" and period and periods.parse(period).year != due:
        return row | {"reason": "stale"}
    seen = periods.end(period) if period else when
    line = [base_year, *marks], [base, *marks.values()]
    row["planned_value"], row["path_value"] = np.interp([when, seen], *line)
    row["reason"] = "no_report" if np.isnan(value) else "no_town_base" if np.isnan(base) else ""
    row["remaining"] = max(0.0, sign * (task - value)) if pd.notna(value) else np.nan
    months = (due - when) * periods.MONTHS_IN_YEAR
    row["remaining_per_month"] = row["remaining"] / months if months > NOISE else np.nan
    if not row["reason"] and sign * (task - base) <= 0:
        row["reason"] = "base_meets_task"
    if not row["reason"]:
        row["attainment"] = (value - base) / (task - base)
    return row


def task_sums(
    town_tasks: pd.DataFrame,
    targets: pd.DataFrame,
    towns: pd.DataFrame,
    indicators: pd.DataFrame,
) -> pd.DataFrame:
    """Return the towns' tasks added up beside the district's target (任务合计); zones left out.

    Only of what adds up: totals and counts. Shares, concentrations and yields per mu do not.

    Columns: ``indicator_id``, ``year``, ``towns`` (number), ``sum_of_tasks``, ``target`` (NaN where
    the plan has none for that year), ``difference`` (sum less target: shown, never forced).
    """
    units = towns.loc[towns["kind"] != "zone", "town_code"]
    summed = indicators.loc[adds_up(indicators), "indicator_id"]
    own = town_tasks[town_tasks["town_code"].isin(units)].dropna(subset=["value"])
    own = own[own["indicator_id"].isin(summed)]
    sums = own.groupby(["indicator_id", "year"], as_index=False).agg(
        towns=("town_code", "nunique"), sum_of_tasks=("value", "sum")
    )
    goal = targets.loc[targets["role"] == "target", ["indicator_id", "year", "value"]]
    goal = goal.drop_duplicates(["indicator_id", "year"]).rename(columns={"value": "target"})
    result = sums.merge(goal, how="left", on=["indicator_id", "year"])
    return result.assign(difference=result["sum_of_tasks"] - result["target"])
