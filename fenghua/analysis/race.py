"""The race of towns at one period (赛马), by the rules in the register of parameters.

Answers: rank, tier, level and change of each town. Refuses: to rank a zone unless the run says so.
"""

from typing import Any

import numpy as np
import pandas as pd

from fenghua.analysis import contributions, rhythm, towns
from fenghua.analysis.shared import once


@once
def standing(ds: Any, as_of: str, *, include_zones: bool = False) -> pd.DataFrame:
    """Return rank, interval, tier, level and change of each unit at a period (赛马).

    Zones that are not ranked stand beside the towns with a score and no rank. The parameters give
    cap, coverage, draws and the ends of the interval.

    By ``town_code``: `towns.rank_intervals` and ``kind``, ``known_share``, ``missing``,
    ``score_change``, ``places_gained`` against the issue before. Zones left out of the ranking have
    the reason ``zone_apart``.
    """
    every, posts = contributions.town_values(ds, as_of, include_zones=True)
    kinds = ds.towns.drop_duplicates("town_code").set_index("town_code")["kind"]
    is_ranked = (kinds.reindex(every.index) != "zone").to_numpy() | include_zones
    values = every[is_ranked].dropna(axis="columns", how="all")
    found = towns.rank_intervals(values, posts.loc[values.columns], **_draws(ds))
    apart = every[~every.index.isin(values.index)]
    if len(apart):
        levels = towns.composite(apart, posts, **_rules(ds))
        found = pd.concat([found, pd.DataFrame({"score": levels, "reason": "zone_apart"})])
    known = towns.coverage(every, posts, minimum=ds.parameters["coverage_min"])
    found = found.join(known[["known_share", "missing"]]).assign(kind=kinds.reindex(found.index))
    changes = pd.DataFrame(np.nan, index=found.index, columns=["score_change", "places_gained"])
    last = scores(ds, as_of, issues=2, include_zones=include_zones)
    if len(last) > 1:
        moved = towns.rank_history(last).tail(last.shape[1]).set_index("unit")
        changes.update(moved[list(changes)])
    return found.join(changes).rename_axis("town_code")


@once
def inputs(
    ds: Any, as_of: str, *, include_zones: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """Return what `towns.rank_intervals` takes: values, goalposts, and the register's rules."""
    values, goalposts = contributions.town_values(ds, as_of, include_zones=include_zones)
    return values, goalposts, _draws(ds)


@once
def scores(ds: Any, as_of: str, *, issues: int, include_zones: bool = False) -> pd.DataFrame:
    """Return the scores of the last issues: periods of one grain (rows, oldest first), units."""
    order = rhythm.earlier(as_of, issues, base_year=int(ds.plan["base_year"]))
    rows = {}
    for period in order:
        values, goalposts = contributions.town_values(ds, period, include_zones=include_zones)
        rows[period] = towns.composite(values, goalposts, **_rules(ds))
    return pd.DataFrame(rows).T


def _draws(ds: Any) -> dict[str, Any]:
    p = ds.parameters
    ends = {"low": p["tier_low_quantile"], "high": p["tier_high_quantile"]}
    return {"draws": int(p["rank_draws"]), **ends, **_rules(ds)}


def _rules(ds: Any) -> dict[str, Any]:
    p = ds.parameters
    return {"cap": (p["index_cap_low"], p["index_cap_high"]), "coverage": p["coverage_min"]}


def history(scores: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    """Return `towns.rank_history` of the issues, marked with ``is_first_tier`` of this one."""
    first = standing.index[standing["tier"] == 1]
    rows = towns.rank_history(scores)
    return rows.assign(is_first_tier=rows["unit"].isin(first))


def traced(standing: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Return units with ``trace``: their `scores` of the last issues as points of 100, in order."""
    known = (100 * scores.astype(float)).reindex(columns=standing.index)
    return standing.assign(trace=known.T.to_numpy().tolist())


def by_unit(parts: pd.DataFrame) -> pd.DataFrame:
    """Return `contributions.contributions` as shares: units (towns, zones, rest) by indicator."""
    shares = parts.pivot(index="unit_code", columns="indicator_id", values="share").astype(float)
    kinds = parts.drop_duplicates("unit_code").set_index("unit_code")["kind"]
    last = kinds.reindex(shares.index).map({"zone": 1, "unallocated": 2}).fillna(0)
    return shares.loc[last.sort_values(kind="stable").index].rename_axis("town_code")


def largest_share(parts: pd.DataFrame) -> float:
    """Return the largest share of one unit in the district, 1 where there is none."""
    shares = parts.loc[parts["unit_code"] != "", "share"].astype(float)
    return float(shares.max()) if shares.max() > 0 else 1.0


def around(standing: pd.DataFrame, town: str) -> pd.DataFrame:
    """Return a unit with its neighbours in rank: those one rank above and below it."""
    ranks = standing["nominal_rank"]
    own = ranks.get(town, np.nan)
    nearest = [ranks[ranks < own].max(), own, ranks[ranks > own].min()]
    near = ranks.isin([rank for rank in nearest if rank == rank])
    return standing[near | (standing.index == town)]
