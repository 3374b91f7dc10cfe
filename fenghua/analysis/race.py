"""What the horse race of towns is run on (赛马): shares of tasks, goalposts, counts, ages.

Answers: how much of each task each unit has done, and by which rules units are ranked.
Refuses: a zone among the towns unless the run says so, a share of what was not asked.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from fenghua.analysis import contributions
from fenghua.analysis.efficiency import flag
from fenghua.analysis.shared import once
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import GOALS, PlanData


class Race(NamedTuple):
    """What `rank_intervals` takes, by the names that it takes it by.

    Attributes
    ----------
    values : DataFrame
        Attainment, units by indicators (uncapped, 1 is the town's own task).
    goalposts : DataFrame
        From 0 to 1, with the ``block`` of each indicator.
    counts : DataFrame
        Where the task is a number of things, how many.
    stale : DataFrame of bool
        Where a report is older than ``stale_months``: scored, and not counted as reported.
    """

    values: pd.DataFrame
    goalposts: pd.DataFrame
    counts: pd.DataFrame
    stale: pd.DataFrame


@once
def race(ds: PlanData, as_of: str, *, include_zones: bool = False) -> Race:
    """Return values, goalposts and counts of the race at a period, for `rank_intervals` (赛马).

    Zones are units of the race only if the run says so. For a level that has no task of the
    town's own, the district's baseline and next target are the goalposts; an amount of which the
    towns report parts has none there.
    """
    units = ds.towns if include_zones else ds.towns[ds.towns["kind"] != "zone"]
    codes, tasks = pd.Index(units["town_code"].unique()), contributions.tasks_of(ds, as_of)
    known = reported(ds, as_of)
    values = tasks.pivot(index="town_code", columns="indicator_id", values="attainment")
    values = values.astype(float).reindex(codes)
    levels = ds.indicators.loc[ds.indicators["kind"] == "level", "indicator_id"]
    of_levels, year = known[known["indicator_id"].isin(levels)], periods.parse(as_of).year
    parts = _parts(ds, of_levels, year)
    for name, group in of_levels.groupby("indicator_id"):
        low, high = _district_goalposts(ds.targets, name, year)
        whole = np.nan if name in parts else high - low
        share = (group.set_index("town_code")["value"] - low) / whole
        own = values.get(name, pd.Series(np.nan, codes))
        tasked = tasks.loc[tasks["indicator_id"] == name, "town_code"]
        values[name] = own.where(codes.isin(tasked), share.reindex(codes))
    stale = known.pivot(index="town_code", columns="indicator_id", values="is_stale")
    values = values[sorted(values.dropna(axis="columns", how="all"))].rename_axis(index="town_code")
    stale = stale.reindex_like(values).eq(True)
    goalposts = pd.DataFrame({"low": 0.0, "high": 1.0, "direction": 1}, index=values.columns)
    about = ds.indicators.set_index("indicator_id")
    goalposts["block"] = about["block"].reindex(values.columns)
    is_count = tasks["indicator_id"].isin(about.index[flag(about, "is_count")])
    counted = tasks[is_count & tasks["attainment"].notna()]
    things = counted.assign(things=(counted["task"] - counted["base_value"]).abs())
    things = things.pivot(index="town_code", columns="indicator_id", values="things")
    return Race(values, goalposts, things.astype(float).reindex_like(values), stale)


def attained(ds: PlanData, as_of: str, *, include_zones: bool = False) -> pd.DataFrame:
    """Return the values of `race`: how much of each task each unit has done (完成度), uncapped."""
    return race(ds, as_of, include_zones=include_zones).values


def rules(parameters: Mapping[str, float]) -> dict[str, Any]:
    """Return the options of `rank_intervals` that the register of parameters gives."""
    return {
        **scoring(parameters),
        "draws": int(parameters["rank_draws"]),
        "low": parameters["tier_low_quantile"],
        "high": parameters["tier_high_quantile"],
        "concentration": parameters["weight_concentration"],
        "pair_share": parameters["rank_pair_share"],
    }


def drawing(parameters: Mapping[str, float]) -> dict[str, Any]:
    """Return those of `rules` that draw the rankings: the options of `acceptability`."""
    every = rules(parameters)
    return {name: every[name] for name in ("cap", "coverage", "draws", "concentration")}


def scoring(parameters: Mapping[str, float]) -> dict[str, Any]:
    """Return the options of `composites.composite` that the register of parameters gives."""
    cap = (parameters["index_cap_low"], parameters["index_cap_high"])
    return {"cap": cap, "coverage": parameters["coverage_min"]}


def reported(ds: PlanData, as_of: str) -> pd.DataFrame:
    """Return the report of each indicator and town that counts at a period, with its age.

    Columns of ``contributions.counted`` and ``age_months``, ``is_stale`` (older than
    ``stale_months``).
    """
    known = contributions.counted_of(ds, as_of)
    age = ((known["by"] - known["t"]) * periods.MONTHS_IN_YEAR).round()
    return known.assign(age_months=age, is_stale=age > ds.parameters["stale_months"])


def _parts(ds: PlanData, reports: pd.DataFrame, year: int) -> set[str]:
    """Return the levels of which towns report parts of the district's amount, such as its output.

    Counts of things are parts. Of other amounts nothing says so: parts add up to about what the
    district has, and a town's own level lies around the district's. Zones do not count.
    """
    if "unit" not in ds.indicators:
        return set()
    is_divided = ds.indicators["unit"].str.contains("[/%‰]", na=False)
    amounts = ds.indicators.loc[~is_divided, "indicator_id"]
    zones = ds.towns.loc[ds.towns["kind"] == "zone", "town_code"]
    own = reports[reports["indicator_id"].isin(amounts) & ~reports["town_code"].isin(zones)]
    counted = ds.indicators.loc[contributions.adds_up(ds.indicators), "indicator_id"]
    found = {*counted} & {*own["indicator_id"]}
    for name, values in own.groupby("indicator_id")["value"]:
        middle = np.sqrt(np.clip(_district_goalposts(ds.targets, name, year), 0, None).prod())
        if middle > 0 and values.min() >= 0 < values.sum():
            off = np.abs(np.log([values.sum() / middle, values.mean() / middle]))
            found |= {name} if off[0] < off[1] else set()
    return found


def _district_goalposts(targets: pd.DataFrame, name: str, year: int) -> tuple[float, float]:
    rows = targets[(targets["indicator_id"] == name) & targets["value"].notna()]
    base = rows.loc[rows["role"] == "baseline", "value"]
    goal = rows[rows["role"].isin(GOALS)].sort_values("year")
    ahead = goal.loc[goal["year"] >= year, "value"]
    if not len(base) or not len(goal):
        return np.nan, np.nan
    low, high = base.iloc[0], (ahead if len(ahead) else goal["value"].tail(1)).iloc[0]
    return (low, high) if high != low else (np.nan, np.nan)
