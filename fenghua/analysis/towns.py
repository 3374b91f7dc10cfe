"""The horse race of towns (赛马), with the uncertainty of the ranking itself.

Answers: rank, rank interval and tier of each unit, and which choice of method moves ranks most.
Refuses: to part units whose order is a matter of method or noise.
"""

from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import composites, ranks, tiers
from fenghua.analysis.composites import (
    TIE,
    Cap,
    Weights,
    aggregate,
    competition_ranks,
    composite,
    coverage,
    nominal_weights,
    rank,
    shares,
)

__all__ = [
    "choice_effects",
    "composite",
    "coverage",
    "rank",
    "rank_history",
    "rank_intervals",
    "shares",
]

_PAIRS: Final = ("better_than", "worse_than")


def rank_intervals(
    values: pd.DataFrame,
    goalposts: pd.DataFrame,
    weights: Weights = None,
    *,
    counts: pd.DataFrame | None = None,
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
    values, goalposts, weights, cap, coverage
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
    scores = composite(values, goalposts, weights, cap=cap, coverage=coverage)
    rules = {"cap": cap, "coverage": coverage, "floor": floor, "concentration": concentration}
    drawn = ranks.draw(values, goalposts, weights, counts=counts, draws=draws, seed=seed, **rules)
    order = _order(drawn, low=low, high=high, pair_share=pair_share)
    result = pd.DataFrame({"score": scores, "nominal_rank": rank(scores)}).join(order)
    better = [scores[scores > own + TIE].min() for own in scores]
    result["distance_to_above"] = np.array(better, dtype=float) - scores
    known = composites.coverage(values, goalposts, weights, minimum=coverage)
    result["reason"] = _reasons(known, scores)
    return result


def _order(drawn: pd.DataFrame, *, low: float, high: float, pair_share: float) -> pd.DataFrame:
    """Return interval, tier and stated pairs by unit."""
    if drawn.empty:
        columns = ["median_rank", "rank_low", "rank_high", "share_top3", "tier", *_PAIRS]
        return pd.DataFrame(np.nan, drawn.columns, columns).astype(dict.fromkeys(_PAIRS, object))
    spread = np.quantile(drawn.to_numpy(), [0.5, low, high], axis=0, method="inverted_cdf")
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


def choice_effects(
    values: pd.DataFrame,
    goalposts: pd.DataFrame,
    weights: Weights = None,
    *,
    draws: int = 2000,
    seed: int = 0,
    cap: Cap = (0.0, 1.0),
    coverage: float = 0.70,
    floor: float = 0.01,
    concentration: float = 1.0,
) -> pd.DataFrame:
    """Return how far each choice alone moves the ranks, the largest effect first.

    By choice (weights, normalisation, aggregation, indicator_set): ``mean_rank_shift`` and
    ``max_rank_shift`` against the nominal rank, over units and options of that choice; NaN with
    fewer than two ranked units.
    """
    names = ["weights", "normalisation", "aggregation", "indicator_set"]
    scores = composite(values, goalposts, weights, cap=cap, coverage=coverage).dropna()
    shifts = {name: np.array([[np.nan]]) for name in names}
    if len(scores) > 1:
        nominal = pd.Series(nominal_weights(goalposts, weights), index=goalposts.index)
        nominal = nominal[nominal > 0].sort_index(key=lambda names: names.map(str))
        raw = shares(values.loc[scores.index], goalposts.loc[nominal.index]).to_numpy()
        points, own = ranks.normalised(raw, cap), nominal.to_numpy()[None, :]
        alpha = concentration * own.size * own[0]
        plain = points["goalposts"]
        dropped = [own * (np.arange(own.size) != k) for k in ranks.spare(raw)] or [own]
        options = {
            "weights": [(plain, np.random.default_rng(seed).dirichlet(alpha, draws), "arithmetic")],
            "normalisation": [(points[name], own, "arithmetic") for name in ("z", "rank")],
            "aggregation": [
                (plain.clip(min=floor), own, "geometric"),
                (plain, own, "copeland"),
            ],
            "indicator_set": [(plain, np.vstack(dropped), "arithmetic")],
        }
        nominal_ranks = rank(scores).to_numpy()
        for name, runs in options.items():
            found = np.vstack([competition_ranks(aggregate(*run)) for run in runs])
            shifts[name] = np.abs(found - nominal_ranks)
    rows = {name: (shift.mean(), shift.max()) for name, shift in shifts.items()}
    columns = ["mean_rank_shift", "max_rank_shift"]
    result = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return result.rename_axis("choice").sort_values(columns, ascending=False, kind="stable")


def rank_history(scores: pd.DataFrame) -> pd.DataFrame:
    """Return level and change side by side, from scores by period (rows) and unit (columns).

    Columns: ``period``, ``unit``, ``score``, ``rank``, ``score_change`` and ``places_gained``
    (positive is upwards) against the row before, one row a period and unit, in the order given.
    """
    places = scores.apply(rank, axis=1) if len(scores) else scores
    parts = {
        "score": scores,
        "rank": places,
        "score_change": scores.diff(),
        "places_gained": -places.diff(),
    }
    periods, units = (axis.to_numpy() for axis in (scores.index, scores.columns))
    keys = {"period": np.repeat(periods, len(units)), "unit": np.tile(units, len(periods))}
    return pd.DataFrame(keys | {name: part.to_numpy().ravel() for name, part in parts.items()})


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
