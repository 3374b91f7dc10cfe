"""Coverage of the outlook's 80 % interval on a simulated truth of this plan's own shape.

The thirteen point-valued rows of the plan's table; true increments of the plan's shape, even,
rising 25 % or falling 20 % a year; level of the whole 0.7 to 1.3 of the plan; yearly spread 10, 30,
60 % of the mean; independent years or half of a year's deviation carried on; counts Poisson on top.
Prints the table of coverage and of words, and fails where a cell holds less than 75 %.
"""

import sys
from itertools import product

import numpy as np
import pandas as pd

import fenghua
from fenghua.analysis import path as paths
from fenghua.analysis import readings

RUNS, SEED, LEAST = 400, 11, 75.0
SHAPES = {"plan": None, "even": 1.0, "rising": 1.25, "falling": 0.8}
SPREADS, CARRIED = (0.1, 0.3, 0.6), (0.0, 0.5)
CASES = ((4, 1), (4, 2), (5, 1))  # points, years ahead: all that are inside a plan of five years
LEVEL, WORD = 0.80, 0.90
SMALL = 5  # planned things a year below which a count is small
NOISE = 1e-9


def rows_of_the_plan():
    """Return name, kind, whether it counts, and planned increments by year, of each row."""
    ds = fenghua.load()
    shown = ds.indicators[ds.indicators["scope"] == "headline"]
    shown = shown[shown["kind"].isin(["level", "cumulative"])]
    found = []
    for row in shown.itertuples():
        path = paths.read(ds.targets, row.indicator_id, start=row.start)
        years = np.arange(path.base_year, path.years[-1] + 1)
        found.append((row.indicator_id, row.kind, bool(row.is_count), np.diff(path.at(years))))
    return found


def true_increments(draw, planned, shape, spread, carried, *, kind, is_count):
    """Return increments of `RUNS` plans that came true in their own way."""
    years = len(planned)
    mean = planned
    if SHAPES[shape] is not None:
        weights = SHAPES[shape] ** np.arange(years)
        mean = planned.sum() * weights / weights.sum()
    z = draw.standard_normal((RUNS, years))
    for year in range(1, years):
        z[:, year] = carried * z[:, year - 1] + np.sqrt(1 - carried**2) * z[:, year]
    mean = draw.uniform(0.7, 1.3, (RUNS, 1)) * mean
    if kind == "level":
        return mean * (1 + spread * z)
    sigma = np.sqrt(np.log1p(spread**2))
    amount = mean * np.exp(sigma * z - sigma**2 / 2)
    return draw.poisson(amount).astype(float) if is_count else amount


def tried(d, planned, points, ahead, *, kind, is_count):
    """Return how often the interval held what came, how wide it was, and how the words did."""
    k = points - 1
    came = d[:, k : k + ahead].sum(axis=1)
    change = readings.changes(
        d[:, :k], planned[:k], planned[k : k + ahead], years=ahead, rounding=0.0, is_count=is_count
    )
    low, high = (change.quantile(share) for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    if is_count:
        low, high = np.floor(low + NOISE), np.ceil(high - NOISE)
    needed = planned[: k + ahead].sum() - d[:, :k].sum(axis=1)
    is_open = np.ones(len(d), dtype=bool)
    if kind == "cumulative":
        low, high, is_open = np.maximum(low, 0), np.maximum(high, 0), needed > NOISE
    chances = change.chances(needed, ahead=1, half=0.5 if is_count else 0.0)
    least, most = np.minimum.reduce(chances), np.maximum.reduce(chances)
    likely, unlikely = is_open & (least >= WORD), is_open & (most <= 1 - WORD)
    is_met = came >= needed - NOISE
    return {
        "held": 100 * ((came >= low - NOISE) & (came <= high + NOISE)).mean(),
        "width": np.median((high - low) / abs(planned.mean()) / ahead),
        "likely": likely.sum(),
        "likely_wrong": (likely & ~is_met).sum(),
        "unlikely": unlikely.sum(),
        "unlikely_wrong": (unlikely & is_met).sum(),
    }


def simulated():
    """Return one row a plan row, truth and case."""
    found = []
    for number, (name, kind, is_count, planned) in enumerate(rows_of_the_plan()):
        about = {"kind": kind, "is_count": is_count}
        for shape, spread, carried in product(SHAPES, SPREADS, CARRIED):
            seed = [SEED, number, round(100 * spread), round(10 * carried), len(shape)]
            draw = np.random.default_rng(seed)
            d = true_increments(draw, planned, shape, spread, carried, **about)
            is_small = is_count and planned.mean() < SMALL
            truth = {"row": name, "shape": shape, "spread": spread, "carried": carried}
            truth |= {"is_small": is_small}
            for points, ahead in CASES:
                case = {"points": points, "ahead": ahead}
                found.append(truth | case | tried(d, planned, points, ahead, **about))
    return pd.DataFrame(found)


def told(part):
    """Return the words given and the wrong ones among them, in per cent, and the worst truth."""
    words = part["likely"] + part["unlikely"]
    wrong = part["likely_wrong"] + part["unlikely_wrong"]
    truths = part.assign(words=words, wrong=wrong).groupby(["shape", "spread"])
    sums = truths[["words", "wrong"]].sum()
    enough = sums[sums["words"] > 0.02 * RUNS * part["row"].nunique() * len(CARRIED)]
    return {
        "words": 100 * words.sum() / (RUNS * len(part)),
        "wrong": 100 * wrong.sum() / max(words.sum(), 1),
        "worst truth": 100 * (enough["wrong"] / enough["words"]).max(),
    }


def main():
    runs = simulated()
    cells = runs.groupby(["points", "ahead", "shape", "spread", "carried"])["held"].mean()
    large = runs[~runs["is_small"]].groupby(["points", "ahead", "shape", "spread", "carried"])
    by_case, table = cells.groupby(["points", "ahead"]), {}
    for case, part in runs.groupby(["points", "ahead"]):
        shapes = large["held"].mean()[case].groupby("shape").mean()
        table[f"{case[0]} points, {case[1]} ahead"] = {
            "mean": by_case.mean()[case],
            "least": by_case.min()[case],
            "most": by_case.max()[case],
            **shapes[list(SHAPES)],
            "width": part["width"].median(),
            **told(part),
        }
    print(f"Per cent of outcomes that the {LEVEL:.0%} interval held; by shape without small counts")
    print(pd.DataFrame(table).T.round(1).to_string())
    print(f"Words are given {readings.YEARS_FOR_WORD} year ahead only: the others would be so.")
    print(
        f"{len(cells)} cells of {RUNS} runs a row: mean {cells.mean():.1f}, least "
        f"{cells.min():.1f}, most {cells.max():.1f}; without small counts "
        f"{large['held'].mean().min():.1f} to {large['held'].mean().max():.1f}"
    )
    low = cells[cells < LEAST]
    if len(low):
        print(f"below {LEAST:g}:\n{low.round(1).to_string()}")
    return 1 if len(low) else 0


if __name__ == "__main__":
    sys.exit(main())
