"""Composite scores on fixed goalposts (综合得分), and ranks that let equal scores share a place.

Answers: the share, score and rank of each unit, and what the score rests on.
Refuses: to fill in a missing value, to score a unit below the minimum coverage.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked
from fenghua.analysis.efficiency import flag
from fenghua.inputs.vocabulary import direction_sign

AGGREGATIONS: Final = ("arithmetic", "geometric", "copeland")
TIE: Final = 1e-9  # scores closer than this are the same number written by two roundings
CELLS: Final = 4_000_000  # numbers that one step holds at once, whatever the size of the race
_NEAR: Final = 500_000  # numbers kept near the processor: duels take a quarter of the time
Cap = tuple[float, float] | None
Weights = pd.Series | Mapping | None


def shares(values: pd.DataFrame, goalposts: pd.DataFrame, *, cap: Cap = None) -> pd.DataFrame:
    """Return the attained share of the way between the goalposts (达成度), uncapped by default.

    Parameters
    ----------
    values : DataFrame, units by indicators
        In the indicators' own units; NaN is missing. A column of text, such as a note, is none.
    goalposts : DataFrame indexed by indicator
        Columns ``low``, ``high`` and ``direction`` (1, -1 or a word).
    cap : (float, float), optional
        Shares are cut to this range.

    Returns
    -------
    DataFrame, units by indicators
        0 at the worse goalpost, 1 at the better one: ``(x-low)/(high-low)`` where higher is
        better, ``(high-x)/(high-low)`` where lower is better (``low`` and ``high`` may then be
        given in either order, as base and target).

    Raises
    ------
    ValueError
        Goalposts that coincide, are missing or contradict the direction; figures without one; text
        or infinite values.

    Examples
    --------
    >>> posts = pd.DataFrame({"low": [20, 0], "high": [85, 10], "direction": [1, -1]}, ["a", "b"])
    >>> shares(pd.DataFrame({"a": [52.5], "b": [2.0]}, ["x"]), posts).loc["x"].tolist()
    [0.5, 0.8]
    """
    asked.check_columns(goalposts, "low", "high", "direction")
    if not (goalposts.index.is_unique and values.index.is_unique and values.columns.is_unique):
        raise ValueError("units and indicators must be unique; found the same name twice")
    if len(values.columns) and not values.columns.isin(goalposts.index).any():
        raise ValueError("no column of values has a goalpost; are units and indicators swapped?")
    _refuse_dropped(values, goalposts)
    sign = np.array([direction_sign(word) for word in goalposts["direction"]], dtype=float)
    low, high = numbers(goalposts[["low", "high"]]).T
    bad = ~np.isfinite(low) | ~np.isfinite(high) | (low == high) | ((sign > 0) & (low > high))
    if bad.any():
        names = list(goalposts.index[bad])
        raise ValueError(f"goalposts of {names}: low and high must differ and follow the direction")
    worse, better = np.where(sign > 0, [low, high], [np.maximum(low, high), np.minimum(low, high)])
    figures = numbers(values.reindex(columns=goalposts.index))
    result = (figures - worse) / (better - worse)
    if cap is not None:
        result = np.clip(result, *asked.span("cap", cap))
    return pd.DataFrame(result, index=values.index, columns=goalposts.index)


@asked.as_declared
def composite(
    values: pd.DataFrame,
    goalposts: pd.DataFrame,
    weights: Weights = None,
    *,
    aggregation: str = "arithmetic",
    cap: Cap = (0.0, 1.0),
    coverage: float = 0.70,
    stale: pd.DataFrame | None = None,
) -> pd.Series:
    """Return one score a unit from its shares between the goalposts (综合得分).

    Parameters
    ----------
    values, goalposts : DataFrame
        As in `shares`. Goalposts may carry ``block``: then blocks weigh the same, and indicators
        the same inside a block.
    weights : Series or mapping by indicator, optional
        On any positive scale, one for each goalpost. Equal by default.
    aggregation : {"arithmetic", "geometric", "copeland"}
    cap : (float, float)
        Range of a share before aggregation; the house index uses (0, 1.2), ``index_cap_*``.
    coverage : float
        Least share of the weighted indicators that a ranked unit has; 0.70 in the methods (§11).
    stale : DataFrame of bool, units by indicators, optional
        Where a figure is too old to count as reported: it is scored, and does not cover.

    Returns
    -------
    Series
        On the scale of the cap: 1 when every goalpost is reached (times 100 is display's work).
        Copeland: pairwise wins less losses. NaN for a unit below the coverage, see `coverage`.

    Notes
    -----
    Nothing is imputed: an indicator that a ranked unit lacks is left out of its mean, and the
    others keep their proportions. A share of 0 makes the geometric mean 0.
    Copeland: unit i beats j when the weights of the indicators where its capped share is higher
    exceed those where it is lower, over the indicators both have (Copeland 1951, as in COINr).

    Examples
    --------
    >>> posts = pd.DataFrame({"low": 0.0, "high": 10.0, "direction": 1}, ["a", "b"])
    >>> composite(pd.DataFrame({"a": [4, 9], "b": [9, 4.0]}, ["x", "y"]), posts).tolist()
    [0.65, 0.65]
    >>> found = composite(pd.DataFrame({"a": [4.0], "b": [9.0]}), posts, aggregation="geometric")
    >>> round(float(found[0]), 9)
    0.6
    """
    asked.check_share("coverage", coverage)
    if aggregation not in AGGREGATIONS:
        raise ValueError(f"aggregation is {aggregation!r}; allowed: {', '.join(AGGREGATIONS)}")
    table = shares(values, goalposts, cap=cap)
    if aggregation == "geometric" and (table < 0).any(axis=None):
        raise ValueError("the geometric mean needs shares of 0 or more; raise the cap's lower end")
    nominal = nominal_weights(goalposts, weights)
    scores = pd.Series(np.nan, index=values.index, name="score")
    ranked = _known(table, nominal, stale) >= coverage - TIE
    if ranked.any():
        points = table[ranked].to_numpy()
        scores[ranked] = aggregate(points, nominal[None, :], aggregation)[0]
    return scores


def coverage(
    values: pd.DataFrame,
    goalposts: pd.DataFrame,
    weights: Weights = None,
    *,
    minimum: float = 0.70,
    stale: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what each unit's score rests on: share of indicators known, and why it is unranked.

    Returns
    -------
    DataFrame indexed by unit
        ``known_share`` (0-1, without the figures that are `stale`), ``missing`` (indicators,
        ``;``-separated), ``reason`` (``no_values``, ``below_coverage`` or empty).
    """
    asked.check_share("minimum", minimum)
    table, nominal = shares(values, goalposts), nominal_weights(goalposts, weights)
    share = pd.Series(_known(table, nominal, stale), index=table.index)
    used = table.loc[:, nominal > 0]
    missing = [";".join(map(str, used.columns[row])) for row in used.isna().to_numpy(dtype=bool)]
    is_empty = used.isna().all(axis=1)
    reason = np.select([is_empty, share < minimum - TIE], ["no_values", "below_coverage"], "")
    return pd.DataFrame({"known_share": share, "missing": missing, "reason": reason}, table.index)


def rank(scores: pd.Series) -> pd.Series:
    """Return competition ranks: 1 is the highest, equal scores share a rank, NaN is unranked.

    Examples
    --------
    >>> rank(pd.Series([0.3, 0.1 + 0.2, 0.9, None])).tolist()
    [2.0, 2.0, 1.0, nan]
    """
    points = pd.to_numeric(scores).to_numpy(dtype=float, na_value=np.nan)
    return pd.Series(competition_ranks(points[None, :])[0], index=scores.index, name="rank")


def nominal_weights(goalposts: pd.DataFrame, weights: Weights) -> np.ndarray:
    """Weights of the goalposts that sum to 1; without any given, equal blocks of equal parts."""
    if weights is not None:
        given = pd.to_numeric(pd.Series(weights, dtype=object), errors="coerce")
        if not given.index.is_unique:
            raise ValueError("weights name an indicator twice; give one number for each goalpost")
        if unknown := ", ".join(map(str, given.index.difference(goalposts.index))):
            raise ValueError(f"weights name what has no goalpost: {unknown}; correct the name")
        given = given.reindex(goalposts.index)
    elif "block" in goalposts:
        given = 1.0 / goalposts.groupby("block", dropna=False)["block"].transform("size")
    else:
        given = pd.Series(1.0, index=goalposts.index)
    odd = ~np.isfinite(given.astype(float)) | (given < 0)
    if odd.any() or (len(given) and given.sum() <= 0):
        bad = ", ".join(map(str, given.index[odd])) or "all 0"
        allowed = "one number of 0 or more for each goalpost, not all 0"
        raise ValueError(f"weights are missing or no such number: {bad}; allowed: {allowed}")
    return (given / given.sum()).to_numpy(dtype=float)


def aggregate(points: np.ndarray, weights: np.ndarray, aggregation: str) -> np.ndarray:
    """Return scores, draws by units, of points under weights (draws by indicators).

    ``points`` are units by indicators, the same in each draw, or draws by units by indicators.
    """
    known = ~np.isnan(points)
    mass = _weighted(known, weights)
    mass = np.where(mass > 0, mass, np.nan)
    if aggregation == "copeland":
        return _duels(points, weights) + 0 * mass
    if aggregation == "arithmetic":
        return _weighted(np.where(known, points, 0.0), weights) / mass
    positive = known & (points > 0)
    means = np.exp(_weighted(np.log(np.where(positive, points, 1.0)), weights) / mass)
    return np.where(_weighted(known & ~positive, weights) > 0, 0.0, means)


def _duels(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return duels won less duels lost, draws by units.

    Each pair meets once: what one unit wins the other loses. The first units of a block meet all
    that come after them, so that no table of all pairs and draws is ever held.
    """
    *draws, units, indicators = points.shape
    scores = np.zeros((len(weights), units))
    held = indicators * len(weights) if draws else max(indicators, len(weights))
    step = max(1, _NEAR // max(1, units * held))
    for start in range(0, units, step):
        rows = points[..., start : start + step, :]
        contest = _sign(rows[..., :, None, :] - points[..., None, start:, :]).astype(float)
        won = _sign(_weighted(contest.reshape(*draws, -1, indicators), weights))
        won = won.reshape(len(weights), rows.shape[-2], units - start)
        scores[:, start : start + step] += won.sum(axis=2, dtype=np.int32)
        scores[:, start + step :] -= won[:, :, step:].sum(axis=1, dtype=np.int32)
    return scores


def _sign(gap: np.ndarray) -> np.ndarray:
    """Return who is ahead: 1, -1, and 0 where they tie or where one of them has no figure."""
    return (gap > TIE).view(np.int8) - (gap < -TIE).view(np.int8)


def _weighted(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return sums of points by weight, draws by units (or by whatever the points are of)."""
    if points.ndim == 2:
        return weights @ points.T
    return np.matmul(points, weights[:, :, None])[:, :, 0]


def competition_ranks(scores: np.ndarray) -> np.ndarray:
    """Ranks along each row, 1 the highest; ties share the better rank, NaN stays NaN."""
    order = np.argsort(-scores, axis=1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=1)
    width = np.maximum(1.0, np.nan_to_num(np.abs(scores)).max(axis=1, initial=0.0, keepdims=True))
    lower = np.diff(ordered, axis=1) < -TIE * width
    place = np.where(np.pad(lower, ((0, 0), (1, 0))), np.arange(1, scores.shape[1] + 1), 1)
    ranks = np.empty(scores.shape)
    np.put_along_axis(ranks, order, np.maximum.accumulate(place, axis=1).astype(float), axis=1)
    return np.where(np.isnan(scores), np.nan, ranks)


def _refuse_dropped(values: pd.DataFrame, goalposts: pd.DataFrame) -> None:
    """Refuse figures that no goalpost is there for: they would enter no score, in silence."""
    others = values.columns.difference(goalposts.index, sort=False)
    held = [n for n in others if pd.to_numeric(values[n], errors="coerce").notna().any()]
    if held:
        said = f"values without a goalpost: {', '.join(map(str, held))}"
        raise ValueError(f"{said}; add their low, high and direction, or leave the columns out")


def _known(table: pd.DataFrame, nominal: np.ndarray, stale: pd.DataFrame | None) -> np.ndarray:
    """Return the share of the weighted indicators with a figure that counts as reported."""
    is_known = table.notna()
    if stale is not None:
        too_old = {name: flag(stale, name) for name in stale}
        marks = pd.DataFrame(too_old, index=stale.index).reindex_like(table)
        is_known &= ~marks.eq(True)
    used = is_known.to_numpy()[:, nominal > 0]
    return used.mean(axis=1) if used.shape[1] else np.zeros(len(table))


def numbers(frame: pd.DataFrame, what: str = "") -> np.ndarray:
    """Return the figures of a table, rows by columns; ``what`` begins the name of each column."""
    columns = [
        asked.numbers(frame[name], f"{what}{name}").to_numpy(float, na_value=np.nan)
        for name in frame
    ]
    return np.column_stack(columns) if columns else np.empty((len(frame), 0))
