"""The horse race of towns (赛马), with the uncertainty of the ranking itself.

Answers: rank, rank interval and tier of each unit, and which choice of method moves ranks most.
Refuses: to part units whose order is a matter of method or noise.
"""

from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, composites, contributions, ranks, rhythm, tiers
from fenghua.analysis.composites import TIE, Cap, Weights, composite, coverage, rank, shares
from fenghua.analysis.observed import NOISE
from fenghua.analysis.race import Race, attained, drawing, race, reported, rules, scoring
from fenghua.analysis.ranks import choice_effects
from fenghua.analysis.shared import once
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import PlanData

__all__ = [
    "Race",
    "acceptability",
    "attained",
    "changes",
    "choice_effects",
    "composite",
    "coverage",
    "drawing",
    "race",
    "rank",
    "rank_intervals",
    "reported",
    "rules",
    "scores",
    "shares",
    "standing",
]

_PAIRS: Final = ("better_than", "worse_than")


@asked.as_declared
def rank_intervals(
    values: pd.DataFrame,
    goalposts: pd.DataFrame,
    weights: Weights = None,
    *,
    counts: pd.DataFrame | None = None,
    stale: pd.DataFrame | None = None,
    draws: int = 2000,
    seed: int = 0,
    cap: Cap = (0.0, 1.0),
    coverage: float = 0.70,
    low: float = 0.05,
    high: float = 0.95,
    floor: float = 0.01,
    concentration: float = 1.0,
    pair_share: float = 0.90,
) -> pd.DataFrame:
    """Return each unit's rank, the interval that other fair choices give it, and its tier (档次).

    Parameters
    ----------
    values, goalposts, weights, cap, coverage, stale
        As in `composite`.
    counts, draws, seed, floor, concentration
        As in `ranks.draw`.
    low, high : float
        Quantiles of the interval; 0.05 and 0.95 in the methods (§11).
    pair_share : float
        As ``share`` in `tiers.stated`.

    Returns
    -------
    DataFrame indexed by unit
        ``score``, ``nominal_rank``, ``median_rank``, ``rank_low`` (best), ``rank_high`` (worst),
        ``share_top3`` (0-1), ``tier`` (1 is best), ``better_than`` and ``worse_than`` (units that
        a stated order puts below and above, ``;``-separated), ``distance_to_above`` (score of the
        next better rank less own), ``reason`` (``no_values``, ``below_coverage``,
        ``single_unit``, ``fewer_than_three``, ``all_equal`` or empty).

    Notes
    -----
    Inside a tier no order holds in ``pair_share`` of the draws; between tiers only the stated
    pairs do. With more than 200 ranked units pairs are not listed (missing), and in each tier
    there is one rank that all its intervals hold (`tiers.common_rank`).

    Examples
    --------
    >>> posts = pd.DataFrame({"low": 0, "high": 10, "direction": 1}, ["a", "b"])
    >>> found = rank_intervals(pd.DataFrame({"a": [9, 2], "b": [8, 1]}, ["x", "y"]), posts)
    >>> found[["nominal_rank", "rank_high", "tier", "better_than"]].to_numpy().tolist()
    [[1.0, 1.0, 1.0, 'y'], [2.0, 2.0, 2.0, '']]
    """
    rules = {"cap": cap, "coverage": coverage, "stale": stale}
    scores = composite(values, goalposts, weights, **rules)
    chance = {"floor": floor, "concentration": concentration, "draws": draws, "seed": seed}
    drawn = ranks.draw(values, goalposts, weights, counts=counts, **rules, **chance)
    order = _order(drawn, low=low, high=high, pair_share=pair_share)
    result = pd.DataFrame({"score": scores, "nominal_rank": rank(scores)}).join(order)
    better = [scores[scores > own + TIE].min() for own in scores]
    result["distance_to_above"] = np.array(better, dtype=float) - scores
    known = composites.coverage(values, goalposts, weights, minimum=coverage, stale=stale)
    result["reason"] = _reasons(known, scores)
    return result


def _order(drawn: pd.DataFrame, *, low: float, high: float, pair_share: float) -> pd.DataFrame:
    """Return interval, tier and stated pairs by unit."""
    if drawn.empty:
        columns = ["median_rank", "rank_low", "rank_high", "share_top3", "tier", *_PAIRS]
        return pd.DataFrame(np.nan, drawn.columns, columns).astype(dict.fromkeys(_PAIRS, object))
    ends = asked.span("low, high", (low, high), within=(0.0, 1.0))
    spread = np.quantile(drawn.to_numpy(), [0.5, *ends], axis=0, method="inverted_cdf")
    names = ["median_rank", "rank_low", "rank_high"]
    found = pd.DataFrame(spread.T.astype(float), drawn.columns, names)
    found["share_top3"] = (drawn <= 3).mean()
    if drawn.shape[1] > ranks.FEW:
        found["tier"] = tiers.common_rank(found["rank_low"], found["rank_high"])
        return found.assign(better_than=None, worse_than=None)
    stated = tiers.stated(drawn, share=pair_share)
    found["tier"] = tiers.layers(stated)
    for name, table in zip(_PAIRS, (stated, stated.T), strict=True):
        units = [";".join(map(str, table.columns[row])) for row in table.to_numpy()]
        found[name] = pd.Series(units, found.index, dtype=object)
    return found


def acceptability(
    values: pd.DataFrame,
    goalposts: pd.DataFrame,
    weights: Weights = None,
    **rules: Any,
) -> pd.DataFrame:
    """Return `ranks.acceptability` of the rankings that `rank_intervals` draws (名次可接受度).

    Parameters
    ----------
    values, goalposts, weights, **rules
        As in `ranks.draw`.
    """
    found = ranks.acceptability(ranks.draw(values, goalposts, weights, **rules))
    return found.rename(columns=str).rename_axis("town_code")


def changes(scores: pd.DataFrame) -> pd.DataFrame:
    """Return by unit what the last issue changed, from scores by period (rows) and unit (columns).

    Columns: ``score_change`` and ``places_gained`` (positive is upwards) against the row before;
    missing where there is none.
    """
    last = {"score_change": scores, "places_gained": -scores.apply(rank, axis=1)}
    return pd.DataFrame({name: part.diff().iloc[-1] for name, part in last.items()}, dtype=float)


def _reasons(known: pd.DataFrame, scores: pd.Series) -> pd.Series:
    reasons = known["reason"].astype(object)
    ranked = scores.dropna()
    if len(ranked) == 1:
        reasons[ranked.index] = "single_unit"
    elif len(ranked) and ranked.max() - ranked.min() <= TIE:
        reasons[ranked.index] = "all_equal"
    elif len(ranked) == 2:
        reasons[ranked.index] = "fewer_than_three"
    return reasons


@asked.as_declared
@once
def standing(ds: PlanData, as_of: str | int | date, *, include_zones: bool = False) -> pd.DataFrame:
    """Return rank, interval, tier, level and change of each unit at a period (赛马).

    Zones that are not ranked stand beside the towns with a score and no rank.

    By ``town_code``: `rank_intervals` and ``kind``, ``known_share``, ``missing``, ``period`` of
    its reports, ``is_older_report`` (some report is stale, or older than the most common one of
    its indicator; ``period`` is then the oldest such), ``score_change`` and ``places_gained``
    against the issue before. Zones left out of the ranking have the reason ``zone_apart``.
    """
    as_of = periods.asked(as_of)
    every, posts, _, stale = race(ds, as_of, include_zones=True)
    kinds = ds.towns.drop_duplicates("town_code").set_index("town_code")["kind"]
    entered = race(ds, as_of, include_zones=include_zones)
    found = rank_intervals(**entered._asdict(), **rules(ds.parameters))
    apart = every[~every.index.isin(entered.values.index)]
    if len(apart):
        levels = composite(apart, posts, stale=stale, **scoring(ds.parameters))
        found = pd.concat([found, pd.DataFrame({"score": levels, "reason": "zone_apart"})])
    known = coverage(every, posts, minimum=ds.parameters["coverage_min"], stale=stale)
    found = found.join(known[["known_share", "missing"]]).assign(kind=kinds.reindex(found.index))
    found = found.join(_report_periods(reported(ds, as_of), every))
    last = scores(ds, as_of, issues=2, include_zones=include_zones)
    return found.join(changes(last)).rename_axis("town_code")


def _report_periods(known: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return the period of each unit's reports, and whether one is older than is usual."""
    rests_on = values.stack().dropna().index.swaplevel()
    rows = known.set_index(contributions.KEYS).reindex(rests_on).reset_index()
    usual = rows.groupby("indicator_id")["t"].transform(lambda ends: ends.mode().max())
    older = rows[(rows["t"] < usual - NOISE) | rows["is_stale"].eq(True)]
    older = older.sort_values("t", kind="stable")
    oldest = older.groupby("town_code")["period"].first()
    common = rows.groupby("town_code")["period"].agg(lambda period: period.mode().iloc[-1])
    period = oldest.combine_first(common).reindex(values.index)
    return pd.DataFrame({"period": period, "is_older_report": values.index.isin(oldest.index)})


@asked.as_declared
@once
def scores(
    ds: PlanData, as_of: str | int | date, *, issues: int, include_zones: bool = False
) -> pd.DataFrame:
    """Return the scores of the last issues: periods of one grain (rows, oldest first), units."""
    order = rhythm.earlier(as_of, issues, base_year=ds.plan["base_year"])
    rows = {}
    for period in order:
        values, goalposts, _, stale = race(ds, period, include_zones=include_zones)
        rows[period] = composite(values, goalposts, stale=stale, **scoring(ds.parameters))
    return pd.DataFrame(rows).T
