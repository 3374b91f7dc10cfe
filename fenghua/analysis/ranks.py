"""The rank of each unit under other fair choices, and what chance does to small counts (名次抽样).

Answers: how often a unit holds each rank. Refuses: to move a measured figure, to fill in a missing.
"""

from collections.abc import Iterator
from itertools import product
from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked
from fenghua.analysis.composites import (
    AGGREGATIONS,
    CELLS,
    TIE,
    Cap,
    Weights,
    aggregate,
    competition_ranks,
    composite,
    nominal_weights,
    numbers,
    rank,
    shares,
)

NORMALISATIONS: Final = ("goalposts", "z", "rank")
FEW: Final = 200  # units up to here are compared one by one, and counts drawn anew each time
MEDIAN_SHIFT: Final = 1 / 3  # the median of Gamma(c + 1/3, 1) is the count c within a tenth
DRAWS_A_NOISE: Final = 50  # draws that share one chance in counts, where units are many


def draw(
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
    floor: float = 0.01,
    concentration: float = 1.0,
) -> pd.DataFrame:
    """Return the ranks of the units in many rankings, each as fair as the house's own.

    Parameters
    ----------
    values, goalposts, weights, cap, coverage, stale
        As in `composites.composite`.
    counts : DataFrame, units by indicators, optional
        How many things make up the way between the goalposts of a counted indicator; NaN where a
        figure is measured. What is counted then carries the chance of a count.
    draws, seed : int
        Number of draws (2,000 in the methods, §11) and the seed that repeats them.
    floor : float
        Least share in geometric draws, so that one zero does not tie half of the units;
        0.01 as COINr advises (normalise to 1-100).
    concentration : float
        How closely drawn weights keep to the nominal ones, above 0; see the notes.

    Returns
    -------
    DataFrame, draws by units
        Rank of each unit that has a score, 1 the best, equal scores sharing the better rank;
        units sorted by code, so that the order of the rows given changes nothing.

    Raises
    ------
    ValueError
        As `composites.shares`; things that are 0 or fewer; a concentration that is not above 0
        or so near 0 that a unit is left without weight.

    Notes
    -----
    Each draw takes, all independently: weights from a Dirichlet distribution with
    ``alpha_k = concentration * n * w_k`` (n indicators with nominal weights w; with equal weights
    and 1 the uniform over all weights), one of three normalisations, one of three aggregations,
    one indicator out or none, and chance in counts: a count c of things since the base becomes
    Gamma(c + 1/3, 1). A count below its base is no number of things and stays as it is.

    Examples
    --------
    >>> posts = pd.DataFrame({"low": 0, "high": 10, "direction": 1}, ["a", "b"])
    >>> draw(pd.DataFrame({"a": [9, 2], "b": [8, 1]}, ["y", "x"]), posts, draws=2).to_numpy()
    array([[2, 1],
           [2, 1]], dtype=uint8)
    """
    scores = composite(values, goalposts, weights, cap=cap, coverage=coverage, stale=stale)
    table, nominal = _ranked(scores, values, goalposts, weights)
    raw, things = table.to_numpy(), None if counts is None else _things(counts, table)
    draws, rng = _seeded(draws, seed, floor)
    drawn = weight_draws(rng, nominal, draws, concentration)
    if table.empty:
        return pd.DataFrame(index=range(draws))
    left_out = rng.choice(np.append(spare(raw), -1), size=draws)
    drawn = drawn * (left_out[:, None] != np.arange(len(nominal)))
    norms, hows = (rng.integers(len(kind), size=draws) for kind in (NORMALISATIONS, AGGREGATIONS))
    ranks = np.empty((draws, len(raw)), dtype=np.min_scalar_type(len(raw)))
    for block, moved in _blocks(raw, things, draws, rng):
        points = normalised(moved, cap)
        for (i, norm), (j, how) in product(enumerate(NORMALISATIONS), enumerate(AGGREGATIONS)):
            chosen = (norms[block] == i) & (hows[block] == j)
            if not chosen.any():
                continue
            base = points[norm] if moved.ndim == 2 else points[norm][chosen]
            base = base.clip(min=floor) if how == "geometric" else base
            found = competition_ranks(aggregate(base, drawn[block][chosen], how))
            if np.isnan(found).any():
                raise ValueError(f"concentration {concentration} leaves a unit without weight")
            ranks[block][chosen] = found
    return pd.DataFrame(ranks, columns=table.index)


def acceptability(ranks: pd.DataFrame) -> pd.DataFrame:
    """Return the share of draws in which each unit holds each rank (名次可接受度).

    Returns
    -------
    DataFrame, units by ranks 1 to n
        Shares (0-1); each row adds up to 1. Rank acceptability as in SMAA (R ``smaa``).

    Examples
    --------
    >>> acceptability(pd.DataFrame({"a": [1, 1, 2], "b": [2, 2, 1]})).round(2).loc["a"].tolist()
    [0.67, 0.33]
    """
    held = {unit: places.value_counts(normalize=True) for unit, places in ranks.items()}
    places = range(1, ranks.shape[1] + 1)
    found = pd.DataFrame(held, index=places, columns=ranks.columns, dtype=float).fillna(0.0)
    return found.T.rename_axis(columns="rank")


def choice_effects(
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
    floor: float = 0.01,
    concentration: float = 1.0,
) -> pd.DataFrame:
    """Return how far each choice alone moves the ranks, the largest effect first.

    Parameters are those of `draw`. By choice (weights, normalisation, aggregation, indicator_set,
    and chance_in_counts where there are ``counts``): ``mean_rank_shift`` and ``max_rank_shift``
    against the nominal rank, over units and options of that choice; NaN with fewer than two ranked
    units.
    """
    scores = composite(values, goalposts, weights, cap=cap, coverage=coverage, stale=stale)
    table, nominal = _ranked(scores, values, goalposts, weights)
    raw = table.to_numpy()
    (draws, rng), own = _seeded(draws, seed, floor), nominal[None, :]
    drawn = weight_draws(rng, nominal, draws, concentration)
    names = ["weights", "normalisation", "aggregation", "indicator_set"]
    names += [] if counts is None else ["chance_in_counts"]
    shifts = {name: np.array([[np.nan]]) for name in names}
    if len(raw) > 1 and draws:
        points = normalised(raw, cap)
        plain = points["goalposts"]
        dropped = [own * (np.arange(own.size) != k) for k in spare(raw)] or [own]
        options = {
            "weights": [(plain, drawn, "arithmetic")],
            "normalisation": [(points[name], own, "arithmetic") for name in ("z", "rank")],
            "aggregation": [(plain.clip(min=floor), own, "geometric"), (plain, own, "copeland")],
            "indicator_set": [(plain, np.vstack(dropped), "arithmetic")],
        }
        if counts is not None:
            options["chance_in_counts"] = [
                (normalised(moved, cap)["goalposts"], own, "arithmetic")
                for _, moved in _blocks(raw, _things(counts, table), draws, rng)
            ]
        nominal_ranks = rank(scores[table.index]).to_numpy()
        for name, runs in options.items():
            found = np.vstack([competition_ranks(aggregate(*run)) for run in runs])
            shifts[name] = np.abs(found - nominal_ranks)
    rows = {name: (shift.mean(), shift.max()) for name, shift in shifts.items()}
    columns = ["mean_rank_shift", "max_rank_shift"]
    result = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return result.rename_axis("choice").sort_values(columns, ascending=False, kind="stable")


def _ranked(
    scores: pd.Series, values: pd.DataFrame, goalposts: pd.DataFrame, weights: Weights
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return uncapped shares of the units with a score, and weights: both sorted by code."""
    nominal = pd.Series(nominal_weights(goalposts, weights), index=goalposts.index)
    names = sorted(nominal.index[nominal > 0], key=str)
    units = sorted(scores.dropna().index, key=str)
    return shares(values, goalposts).loc[units, names], nominal[names].to_numpy()


def _seeded(draws: int, seed: int, floor: float) -> tuple[int, np.random.Generator]:
    """Return the number of draws and what they are drawn by; a floor is a share."""
    asked.check_share("floor", floor)
    if seed < 0 or draws < 0:
        raise ValueError(f"draws is {draws}, seed is {seed}; allowed: 0 or more")
    return int(draws), np.random.default_rng(int(seed))


def normalised(raw: np.ndarray, cap: Cap) -> dict[str, np.ndarray]:
    """Return points by normalisation of shares, units by indicators (or draws of such)."""
    plain = raw if cap is None else np.clip(raw, *cap)
    is_known = ~np.isnan(raw)
    known = is_known.sum(axis=-2, keepdims=True)
    n = np.maximum(known, 1)
    apart = raw - np.where(is_known, raw, 0.0).sum(axis=-2, keepdims=True) / n
    spread = np.sqrt(np.where(is_known, apart**2, 0.0).sum(axis=-2, keepdims=True) / n)
    # T scores over 100: the arithmetic mean ranks as z does, and the geometric one stays defined
    z = 0.5 + 0.1 * np.where(spread > TIE, apart / np.where(spread > TIE, spread, 1.0), 0.0 * apart)
    flat = np.moveaxis(raw, -2, 0).reshape(raw.shape[-2], -1)
    places = pd.DataFrame(flat.round(9)).rank().to_numpy() - 0.5
    places = np.moveaxis(places.reshape(np.moveaxis(raw, -2, 0).shape), 0, -2)
    return {"goalposts": plain, "z": z, "rank": places / n}


def weight_draws(
    rng: np.random.Generator, nominal: np.ndarray, draws: int, concentration: float
) -> np.ndarray:
    """Return Dirichlet draws with the nominal mean, draws by indicators; see `draw`."""
    if not concentration > 0:
        raise ValueError(f"concentration is {concentration}; it must be above 0")
    return rng.dirichlet(concentration * len(nominal) * nominal, size=draws)


def spare(raw: np.ndarray) -> np.ndarray:
    """Positions of indicators that can be left out without leaving a unit with nothing."""
    known = ~np.isnan(raw)
    return np.flatnonzero((known.sum(axis=1, keepdims=True) > known).all(axis=0))


def _blocks(
    raw: np.ndarray, things: np.ndarray | None, draws: int, rng: np.random.Generator
) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield draws in turn with their shares: as given, or with chance in what is counted."""
    units, indicators = raw.shape
    step = max(1, CELLS // max(1, units))
    if things is not None:
        many = units > FEW
        step = min(step, DRAWS_A_NOISE) if many else max(1, CELLS // max(1, raw.size))
        count = raw * things
        is_count = count >= 0
        shape = np.where(is_count, count, 0.0) + MEDIAN_SHIFT
    for start in range(0, draws, step):
        block = slice(start, min(start + step, draws))
        if things is None:
            yield block, raw
            continue
        size = shape.shape if many else (block.stop - start, units, indicators)
        yield block, np.where(is_count, rng.gamma(shape, size=size) / things, raw)


def _things(counts: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """Return the things between the goalposts, units by indicators, as far as they are counted."""
    near = counts.reindex(index=table.index, columns=table.columns)
    things = numbers(near, "counts of ")
    if (things <= 0).any():
        row, column = np.argwhere(things <= 0)[0]
        at = f"{table.index[row]}, {table.columns[column]}"
        raise ValueError(f"counts: {at}: the things between the goalposts must be more than 0")
    return things
