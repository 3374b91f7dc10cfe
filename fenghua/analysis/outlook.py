"""Where each indicator came from and where it may go: path, observations, and what may follow.

Answers: what a trajectory chart and the outlook table show. Refuses: to store a projection with
observations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from fenghua.analysis import observed, scale, trajectory
from fenghua.analysis.observed import Rows
from fenghua.analysis.path import Path, with_bases
from fenghua.inputs import periods

COLUMNS = ["series", "t", "value", "low", "high", "label"]
_CENTRAL = ("least_squares", "gamma_poisson")


@dataclass(frozen=True)
class Course:
    """One indicator's path, its chained observations, one point a year, and the projection."""

    path: Path
    chained: Rows
    points: pd.DataFrame
    ahead: pd.DataFrame

    @property
    def has_path(self) -> bool:
        """Whether the plan gives figures from which a path can be drawn."""
        return bool(self.path.years) and not np.isnan(self.path.base_scaled)

    def drawn(self, scaled: Any) -> Any:
        """Return scale values in the unit drawn: an index for growth, else the printed unit."""
        return scale.as_points(scaled, kind=self.path.kind)

    @property
    def goal(self) -> float:
        """The last target in the unit drawn."""
        return float(self.drawn(np.array(self.path.scaled[-1])))


def courses(
    ds: Any, indicator_ids: Iterable[str], *, as_of: str, area: str | None = None
) -> dict[str, Course]:
    """Return the course of each indicator up to a period, and its projection."""
    until, area = periods.end(as_of), area or ds.plan["area_code"]
    seen = observed.read(ds.observations, area=area, until=until)
    own = observed.by_indicator(seen)
    rows = {key: own.get(key, []) for key in indicator_ids}
    paths = with_bases(ds, rows)
    return {key: _course(ds, key, paths[key], part) for key, part in rows.items()}


def _course(ds: Any, indicator_id: str, path: Path, rows: Rows) -> Course:
    chained = [row for row in path.chained(rows) if not np.isnan(row["s"])]
    course = Course(path, chained, trajectory.yearly(path, chained), pd.DataFrame())
    if not course.has_path or len(course.points) < 2:
        return course
    is_count = bool(ds.indicators.set_index("indicator_id").at[indicator_id, "is_count"])
    pace = (course.goal - path.base_value) / (path.years[-1] - path.base_year)
    ahead = trajectory.project(
        course.points,
        kind=path.kind,
        until=path.years[-1],
        target=course.goal,
        direction=path.direction,
        planned_pace=pace if is_count else None,
        is_count=is_count,
        prior_weight_years=ds.parameters["count_prior_weight_years"],
        level=ds.parameters["interval_level_pct"],
    )
    return replace(course, ahead=ahead)


def series(course: Course) -> pd.DataFrame:
    """Return all that a trajectory chart draws of one indicator.

    Columns: ``series`` (path, milestone, observation, required, projection, scenario), ``t`` in
    decimal years, ``value`` with ``low`` and ``high`` in the printed unit (growth: chained index,
    base year = 100), ``label`` (the target's figure, or the scenario). Empty without a path.
    """
    path = course.path
    if not course.has_path:
        return pd.DataFrame(columns=COLUMNS)
    times = np.unique(np.append(np.arange(path.base_year, path.years[-1], 0.25), path.years))
    sign = "%" if path.kind in scale.RATIO_KINDS else ""
    scaled = [row["s"] for row in course.chained]
    parts = [
        {"series": "path", "t": times, "value": course.drawn(path.at(times))},
        {
            "series": "milestone",
            "t": path.years,
            "value": course.drawn(np.array(path.scaled)),
            "label": [f"{value:g}{sign}" for value in path.values],
        },
        {
            "series": "observation",
            "t": [*course.points["t"].iloc[:1], *(row["t"] for row in course.chained)],
            "value": [*course.points["value"].iloc[:1], *course.drawn(np.array(scaled))],
        },
        *_ahead(course),
    ]
    frame = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
    return frame.reindex(columns=COLUMNS)


def traced(rows: pd.DataFrame, drawn: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return rows by indicator with ``trace``: the observed values of its `series`, in order."""
    traces = [
        drawn[code].query("series == 'observation'")["value"] for code in rows["indicator_id"]
    ]
    return rows.assign(trace=[values.tolist() for values in traces])


def _ahead(course: Course) -> list[dict[str, Any]]:
    """Return the required line, and an interval or scenarios, starting at the last point."""
    ahead, last = course.ahead, course.points.iloc[-1:]
    if ahead.empty:
        return []
    t, value = last["t"].tolist(), last["value"].tolist()
    end = course.path.years[-1]
    parts = [{"series": "required", "t": [*t, end], "value": [*value, course.goal]}]
    for name, rows in ahead.groupby("scenario", sort=False):
        part = {"t": [*t, *rows["t"]], "value": [*value, *rows["mean"]], "label": name}
        if name in _CENTRAL:
            low, high = [*value, *rows["lo80"]], [*value, *rows["hi80"]]
            parts.append(part | {"series": "projection", "low": low, "high": high})
        elif rows["basis"].iloc[0] == "scenarios" and name != "required":
            parts.append(part | {"series": "scenario"})
    return parts


def table(known: Mapping[str, Course]) -> pd.DataFrame:
    """Return one row an indicator: what the points allow to be said about the end of the plan.

    Columns: ``indicator_id``, ``n_points``, ``basis``, ``mean``, ``low``, ``high`` at the end of
    the plan (printed unit; growth: chained index), ``target`` alike, ``p_meet`` (NaN below five
    points), ``reason`` why a figure is missing.
    """
    columns = ["indicator_id", "n_points", "basis", "mean", "low", "high", "target", "p_meet"]
    rows = [{"indicator_id": key} | _end(course) for key, course in known.items()]
    return pd.DataFrame(rows, columns=[*columns, "reason"])


def at_end(ds: Any, indicator_ids: Iterable[str], *, as_of: str) -> pd.DataFrame:
    """Return the `table` of the `courses` of some indicators up to a period."""
    return table(courses(ds, indicator_ids, as_of=as_of))


def _end(course: Course) -> dict[str, Any]:
    ahead = course.ahead
    if ahead.empty:
        reason = "plan_ended" if course.has_path and len(course.points) > 1 else "too_few_points"
        return {"n_points": len(course.points), "basis": "", "reason": reason}
    end = ahead[ahead["t"] == ahead["t"].max()]
    wanted = end[end["scenario"].isin([*_CENTRAL, "mean_pace"])]
    central = (wanted if len(wanted) else end).iloc[0]
    spread = end.loc[end["scenario"] != "required", "mean"]
    is_scenario = central["basis"] == "scenarios"
    return {
        "n_points": len(course.points),
        "basis": central["basis"],
        "mean": central["mean"],
        "low": spread.min() if is_scenario else central["lo80"],
        "high": spread.max() if is_scenario else central["hi80"],
        "target": course.goal,
        "p_meet": central["p_meet"],
        "reason": central["reason"],
    }
