"""The horse race of towns (赛马), with the uncertainty of the ranking itself.

Answers: rank, rank interval and tier of each unit, and which choice of method moves ranks most.
Refuses: to part units whose order is a matter of method or noise.
"""

from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import composites
from fenghua.analysis.composites import (
    AGGREGATIONS,
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
    "tiers",
]

NORMALISATIONS: Final = ("goalposts", "z", "rank")


def rank_intervals(
    values: pd.DataFrame,
    goalposts: pd.DataFrame,
    weights: Weights = None,
    *,
    draws: int = 2000,
    seed: int = 0,
    cap: Cap = (0.0, 1.0),
    coverage: float = 0.70,
    low: float = 0.05,
    high: float = 0.95,
    floor: float = 0.01,
) -> pd.DataFrame:
    """Return each unit's rank, the interval that other fair choices give it, and its tier (档次).

    Parameters
    ----------
    values, goalposts, weights, cap, coverage
        As in `composite`.
    draws, seed : int
        Number of draws (2,000 in the methods, §11) and the seed that repeats them.
    low, high : float
        Quantiles of the interval; 0.05 and 0.95 in the methods.
    floor : float
        Least share in geometric draws, so that one zero does not tie half of the units;
        0.01 as COINr advises (normalise to 1-100).

    Returns
    -------
    DataFrame indexed by unit
        ``score``, ``nominal_rank``, ``median_rank``, ``rank_low`` (best), ``rank_high`` (worst),
        ``share_top3`` (0-1), ``tier`` (1 is best), ``distance_to_above`` (score of the next better
        rank less own), ``reason`` (``no_values``, ``below_coverage``, ``single_unit``,
        ``fewer_than_three``, ``all_equal`` or empty).

    Notes
    -----
    Each draw takes weights, one of three normalisations, one of three aggregations, and leaves
    out one indicator or none, all independently. Draws do not depend on the order of units or
    of indicators.

    Examples
    --------
    >>> posts = pd.DataFrame({"low": 0, "high": 10, "direction": 1}, ["a", "b"])
    >>> found = rank_intervals(pd.DataFrame({"a": [9, 2], "b": [8, 1]}, ["x", "y"]), posts)
    >>> found[["nominal_rank", "rank_high", "tier"]].to_numpy().tolist()
    [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]
    """
    scores = composite(values, goalposts, weights, cap=cap, coverage=coverage)
    result = pd.DataFrame({"score": scores, "nominal_rank": rank(scores)})
    names = ["median_rank", "rank_low", "rank_high", "share_top3"]
    result[names] = np.nan
    ranked = scores.notna().to_numpy()
    if ranked.any() and draws:
        points, nominal = _normalised(values[ranked], goalposts, weights, cap=cap)
        found = _drawn_ranks(points, nominal, draws, seed, floor)
        spread = np.quantile(found, [0.5, low, high], axis=0, method="inverted_cdf")
        result.loc[ranked, names] = np.column_stack([*spread, (found <= 3).mean(axis=0)])
    result["tier"] = tiers(result["rank_low"], result["rank_high"])
    better = [scores[scores > own + TIE].min() for own in scores]
    result["distance_to_above"] = np.array(better, dtype=float) - scores
    known = composites.coverage(values, goalposts, weights, minimum=coverage)
    result["reason"] = _reasons(known, scores)
    return result


def tiers(rank_low: pd.Series, rank_high: pd.Series) -> pd.Series:
    """Return tiers: units whose rank intervals overlap, directly or in a chain, share one.

    A chain counts because a line drawn inside it would part two units that noise could swap.

    Examples
    --------
    >>> tiers(pd.Series([1, 2, 4]), pd.Series([2, 3, 5])).tolist()
    [1.0, 1.0, 2.0]
    """
    ends = pd.DataFrame({"low": rank_low, "high": rank_high}).dropna().sort_values(["low", "high"])
    starts = ends["low"] > ends["high"].cummax().shift()
    return (starts.cumsum() + 1.0).reindex(rank_low.index).rename("tier")


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
        points, nominal = _normalised(values.loc[scores.index], goalposts, weights, cap=cap)
        plain, own = points["goalposts"], nominal[None, :]
        drawn = _weight_draws(np.random.default_rng(seed), nominal, draws)
        dropped = [own * (np.arange(len(nominal)) != k) for k in _spare(plain)] or [own]
        options = {
            "weights": [(plain, drawn, "arithmetic")],
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
    ranks = scores.apply(rank, axis=1) if len(scores) else scores
    parts = {
        "score": scores,
        "rank": ranks,
        "score_change": scores.diff(),
        "places_gained": -ranks.diff(),
    }
    periods, units = (axis.to_numpy() for axis in (scores.index, scores.columns))
    keys = {"period": np.repeat(periods, len(units)), "unit": np.tile(units, len(periods))}
    return pd.DataFrame(keys | {name: part.to_numpy().ravel() for name, part in parts.items()})


def _normalised(
    values: pd.DataFrame, goalposts: pd.DataFrame, weights: Weights, *, cap: Cap
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Points under each normalisation, and the weights, of the weighted indicators by name."""
    nominal = pd.Series(nominal_weights(goalposts, weights), index=goalposts.index)
    names = sorted(nominal.index[nominal > 0], key=str)
    raw = shares(values, goalposts.loc[names])
    plain = raw if cap is None else raw.clip(*cap)
    spread = raw.std(ddof=0).where(lambda sd: sd > TIE)
    # T scores over 100: the arithmetic mean ranks as z does, and the geometric one stays defined
    z = (0.5 + 0.1 * (raw - raw.mean()) / spread).where(raw.isna() | spread.notna(), 0.5)
    places = raw.round(9).rank() - 0.5
    points = {"goalposts": plain, "z": z, "rank": places / raw.notna().sum().to_numpy()}
    arrays = {name: np.asarray(part, dtype=float) for name, part in points.items()}
    return arrays, nominal[names].to_numpy()


def _weight_draws(rng: np.random.Generator, nominal: np.ndarray, draws: int) -> np.ndarray:
    """Dirichlet draws with the nominal mean; equal weights give the uniform over all weights."""
    return rng.dirichlet(len(nominal) * nominal, size=draws)


def _spare(points: np.ndarray) -> np.ndarray:
    """Positions of indicators that can be left out without leaving a unit with nothing."""
    known = ~np.isnan(points)
    return np.flatnonzero((known.sum(axis=1, keepdims=True) > known).all(axis=0))


def _drawn_ranks(
    points: dict[str, np.ndarray], nominal: np.ndarray, draws: int, seed: int, floor: float
) -> np.ndarray:
    rng = np.random.default_rng(seed)
    weights = _weight_draws(rng, nominal, draws)
    left_out = rng.choice(np.append(_spare(points["goalposts"]), -1), size=draws)
    weights = weights * (left_out[:, None] != np.arange(len(nominal)))
    normalisation = rng.integers(len(NORMALISATIONS), size=draws)
    aggregation = rng.integers(len(AGGREGATIONS), size=draws)
    ranks = np.empty((draws, len(points["goalposts"])))
    for i, norm in enumerate(NORMALISATIONS):
        for j, how in enumerate(AGGREGATIONS):
            chosen = (normalisation == i) & (aggregation == j)
            base = points[norm].clip(min=floor) if how == "geometric" else points[norm]
            ranks[chosen] = competition_ranks(aggregate(base, weights[chosen], how))
    return ranks


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
