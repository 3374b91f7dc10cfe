"""One indicator's trajectory as a frame: path, milestones, observations, and what may follow.

Answers: what a trajectory chart and the outlook table show. Refuses: to store a projection with
observations.
"""

from typing import Any

import numpy as np
import pandas as pd

from fenghua.analysis import observed, scale, trajectory
from fenghua.inputs import periods

COLUMNS = ["series", "t", "value", "low", "high", "label"]


def series(ds: Any, indicator_id: str, *, as_of: str, area: str | None = None) -> pd.DataFrame:
    """Return all that a trajectory chart draws of one indicator.

    Parameters
    ----------
    ds : Dataset
        Anything with ``indicators``, ``targets``, ``observations``, ``plan``, ``parameters``.
    indicator_id : str
        An indicator whose plan states figures.
    as_of : str
        Period; later observations are left out.
    area : str, optional
        Area code; the plan's own area without it.

    Returns
    -------
    DataFrame
        ``series`` (path, milestone, observation, required, projection, scenario), ``t`` in decimal
        years, ``value`` with ``low`` and ``high`` in the printed unit (growth: chained index, base
        year = 100), ``label`` (the target's figure, or the scenario). Empty where the plan
        gives no path.
    """
    known = trajectory.points(ds, indicator_id, as_of=as_of, area=area)
    path = _path(ds, indicator_id, known)
    if not path.years or np.isnan(path.base_scaled):
        return pd.DataFrame(columns=COLUMNS)
    times = np.unique(np.append(np.arange(path.base_year, path.years[-1], 0.25), path.years))
    parts = [pd.DataFrame({"series": "path", "t": times, "value": _value(path, path.at(times))})]
    sign = "%" if path.kind in scale.RATIO_KINDS else ""
    parts.append(
        pd.DataFrame(
            {
                "series": "milestone",
                "t": path.years,
                "value": _value(path, np.array(path.scaled)),
                "label": [f"{value:g}{sign}" for value in path.values],
            }
        )
    )
    parts.append(_observations(ds, path, known, as_of=as_of, area=area))
    parts.append(_ahead(ds, path, known))
    return pd.concat(parts, ignore_index=True).reindex(columns=COLUMNS)


def table(ds: Any, assessed: pd.DataFrame, *, as_of: str, area: str | None = None) -> pd.DataFrame:
    """Return one row an indicator: what the points allow to be said about the end of the plan.

    Parameters
    ----------
    ds, as_of, area
        As in ``series``.
    assessed : DataFrame
        Rows of ``gap.assess`` to look ahead from.

    Returns
    -------
    DataFrame
        ``indicator_id``, ``n_points``, ``basis``, ``mean``, ``low``, ``high`` at the end of the plan
        (printed unit; growth: chained index), ``target`` alike, ``p_meet`` (NaN below five points),
        ``reason`` why a figure is missing.
    """
    rows = []
    for indicator_id in assessed["indicator_id"]:
        known = trajectory.points(ds, indicator_id, as_of=as_of, area=area)
        path = _path(ds, indicator_id, known)
        ahead = _project(ds, path, known)
        if ahead.empty:
            rows.append({"indicator_id": indicator_id, "n_points": len(known), "basis": ""})
            continue
        end = ahead[ahead["t"] == ahead["t"].max()]
        shown = end[end["scenario"].isin(["least_squares", "gamma_poisson", "mean_pace"])]
        chosen = (shown if len(shown) else end).iloc[0]
        spread = end[~end["scenario"].isin(["required"])]
        is_scenario = chosen["basis"] == "scenarios"
        rows.append(
            {
                "indicator_id": indicator_id,
                "n_points": len(known),
                "basis": chosen["basis"],
                "mean": chosen["mean"],
                "low": spread["mean"].min() if is_scenario else chosen["lo80"],
                "high": spread["mean"].max() if is_scenario else chosen["hi80"],
                "target": _value(path, np.array(path.scaled[-1])),
                "p_meet": chosen["p_meet"],
                "reason": chosen["reason"],
            }
        )
    columns = ["indicator_id", "n_points", "basis", "mean", "low", "high", "target", "p_meet"]
    return pd.DataFrame(rows).reindex(columns=[*columns, "reason"])


def _path(ds: Any, indicator_id: str, known: pd.DataFrame) -> trajectory.Line:
    rows = ds.observations[ds.observations["indicator_id"] == indicator_id]
    read = observed.read(rows, area=ds.plan["area_code"], until=np.inf)
    return trajectory.with_base(ds, indicator_id, read)


def _value(path: trajectory.Line, scaled: Any) -> Any:
    """Return scale values in the unit drawn: an index for growth, else the printed unit."""
    if path.kind == "growth":
        return 100 * np.exp(scaled)
    return scale.inverse(scaled, kind=path.kind)


def _observations(
    ds: Any, path: trajectory.Line, known: pd.DataFrame, *, as_of: str, area: str | None
) -> pd.DataFrame:
    rows = observed.read(
        ds.observations, area=area or ds.plan["area_code"], until=periods.end(as_of)
    )
    rows = rows[rows["indicator_id"] == path.indicator_id]
    chained = observed.chain(
        rows, kind=path.kind, base_year=path.base_year, base=path.base_scaled
    ).dropna(subset="s")
    base = known.iloc[:1][["t", "value"]]
    seen = pd.DataFrame({"t": chained["t"], "value": _value(path, chained["s"].to_numpy())})
    return pd.concat([base, seen], ignore_index=True).assign(series="observation")


def _project(ds: Any, path: trajectory.Line, known: pd.DataFrame) -> pd.DataFrame:
    if not path.years or np.isnan(path.base_scaled) or len(known) < 2:
        return pd.DataFrame()
    about = ds.indicators.set_index("indicator_id").loc[path.indicator_id]
    goal = float(_value(path, np.array(path.scaled[-1])))
    pace = (goal - path.base_value) / (path.years[-1] - path.base_year)
    return trajectory.project(
        known,
        kind=path.kind,
        until=path.years[-1],
        target=goal,
        direction=path.direction,
        planned_pace=pace if bool(about["is_count"]) else None,
        is_count=bool(about["is_count"]),
        prior_weight_years=ds.parameters["count_prior_weight_years"],
        level=ds.parameters["interval_level_pct"],
    )


def _ahead(ds: Any, path: trajectory.Line, known: pd.DataFrame) -> pd.DataFrame:
    """Return the required line, and an interval or scenarios, starting at the last point."""
    ahead = _project(ds, path, known)
    if ahead.empty:
        return pd.DataFrame(columns=COLUMNS)
    last, end = known.iloc[-1], path.years[-1]
    goal = float(_value(path, np.array(path.scaled[-1])))
    parts = [
        pd.DataFrame(
            {"series": "required", "t": [last["t"], end], "value": [last["value"], goal]}
        )
    ]
    start = {"t": last["t"], "value": last["value"], "low": last["value"], "high": last["value"]}
    for name, rows in ahead.groupby("scenario", sort=False):
        line = rows.rename(columns={"mean": "value", "lo80": "low", "hi80": "high"})
        line = pd.concat([pd.DataFrame([start]), line[["t", "value", "low", "high"]]])
        if name in ("least_squares", "gamma_poisson"):
            parts.append(line.assign(series="projection", label=name))
        elif rows["basis"].iloc[0] == "scenarios" and name != "required":
            parts.append(line.assign(series="scenario", label=name))
    return pd.concat(parts, ignore_index=True)
