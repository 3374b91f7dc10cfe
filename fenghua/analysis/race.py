"""The race of towns at one period (赛马), by the rules in the register of parameters.

Answers: rank, tier, level and change of each town. Refuses: to rank a zone unless the run says so.
"""

from typing import Any

import numpy as np
import pandas as pd

from fenghua.analysis import contributions, rhythm, towns


def standing(
    ds: Any, as_of: str, *, history: pd.DataFrame | None = None, include_zones: bool = False
) -> pd.DataFrame:
    """Return rank, interval, tier, level and change of each unit at a period (赛马).

    Parameters
    ----------
    ds : Dataset
        Its ``parameters`` give cap, coverage, draws and the ends of the interval.
    as_of : str
        Period.
    history : DataFrame, optional
        What `scores` returned: level and rank are compared with its row before the last.
    include_zones : bool
        Whether zones are ranked; else they stand beside the towns with a score and no rank.

    Returns
    -------
    DataFrame indexed by ``town_code``
        `towns.rank_intervals` and ``kind``, ``known_share``, ``missing``, ``score_change``,
        ``places_gained``. Zones left out of the ranking have the reason ``zone_apart``.
    """
    values, goalposts = contributions.town_values(ds, as_of, include_zones=True)
    kind = ds.towns.drop_duplicates("town_code").set_index("town_code")["kind"]
    is_ranked = (kind.reindex(values.index) != "zone").to_numpy() | include_zones
    rules, p = _rules(ds), ds.parameters
    ends = {"low": p["tier_low_quantile"], "high": p["tier_high_quantile"]}
    draws = int(p["rank_draws"])
    found = towns.rank_intervals(values[is_ranked], goalposts, draws=draws, **ends, **rules)
    apart = pd.DataFrame({"score": towns.composite(values[~is_ranked], goalposts, **rules)})
    found = pd.concat([found, apart.assign(reason="zone_apart")]) if len(apart) else found
    known = towns.coverage(values, goalposts, minimum=rules["coverage"])
    found = found.join(known[["known_share", "missing"]]).assign(kind=kind.reindex(found.index))
    changes = pd.DataFrame(np.nan, index=found.index, columns=["score_change", "places_gained"])
    if history is not None and len(history) > 1:
        moved = towns.rank_history(history.tail(2)).tail(history.shape[1]).set_index("unit")
        changes.update(moved[list(changes)])
    return found.join(changes).rename_axis("town_code")


def scores(ds: Any, as_of: str, *, issues: int, include_zones: bool = False) -> pd.DataFrame:
    """Return the scores of the last issues: periods of one grain (rows, oldest first), units."""
    order = rhythm.earlier(as_of, issues, base_year=int(ds.plan["base_year"]))
    rows = {}
    for period in order:
        values, goalposts = contributions.town_values(ds, period, include_zones=include_zones)
        rows[period] = towns.composite(values, goalposts, **_rules(ds))
    return pd.DataFrame(rows).T


def _rules(ds: Any) -> dict[str, Any]:
    p = ds.parameters
    return {"cap": (p["index_cap_low"], p["index_cap_high"]), "coverage": p["coverage_min"]}
