"""What a page of the race of towns (赛马) puts beside its standing.

Answers: earlier scores, neighbours, parts of the district. Refuses: to rank.
"""

import numpy as np
import pandas as pd

from fenghua.analysis import towns


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
