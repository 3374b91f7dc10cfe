"""Ranks of 12 towns on 17 indicators, 2,000 draws, against a plain Python loop; and of many units.

Prints seconds, their ratio after checking that both give the same ranks, and the peak of memory
of a race of 5,000 units (``--many`` takes another number; 0 leaves it out).
"""

import argparse
import resource
import sys
import time

import numpy as np
import pandas as pd

from fenghua.analysis import ranks, towns
from fenghua.analysis.composites import AGGREGATIONS
from fenghua.analysis.ranks import NORMALISATIONS

UNITS, INDICATORS, DRAWS, ROUNDS, MANY = 12, 17, 2000, 5, 5000
COUNTED_PART = 5
THINGS = 20  # things to do, where what is compared is counted
FLOOR = 0.01
CAP = (0.0, 1.0)


def race(units):
    rng = np.random.default_rng(0)
    names = [f"i{k:02d}" for k in range(INDICATORS)]
    index = [f"t{n:04d}" for n in range(units)]
    values = pd.DataFrame(rng.random((units, INDICATORS)), index, names)
    goalposts = pd.DataFrame({"low": 0.0, "high": 1.0, "direction": 1}, index=names)
    return values, goalposts, pd.DataFrame(float(THINGS), index, names)


def plain_score(points, weights, how):
    """One draw, one number at a time."""
    total, scores = sum(weights), []
    for mine in points:
        if how == "arithmetic":
            scores.append(sum(w * x for w, x in zip(weights, mine, strict=True)) / total)
        elif how == "geometric":
            product = 1.0
            for w, x in zip(weights, mine, strict=True):
                product *= max(x, FLOOR) ** (w / total)
            scores.append(product)
        else:
            duels = 0
            for other in points:
                margin = sum(
                    w * ((x > y) - (x < y)) for w, x, y in zip(weights, mine, other, strict=True)
                )
                duels += (margin > 1e-9) - (margin < -1e-9)
            scores.append(duels)
    return scores


def plain_ranks(points, weights, normalisation, aggregation):
    found = []
    for draw in range(len(weights)):
        table = points[NORMALISATIONS[normalisation[draw]]]
        scores = plain_score(table, weights[draw], AGGREGATIONS[aggregation[draw]])
        found.append([1 + sum(other > own + 1e-9 for other in scores) for own in scores])
    return np.array(found)


def few():
    values, goalposts, counts = race(UNITS)
    took = {"measured": [], "counted": []}
    for _ in range(ROUNDS):
        for name, things in (("measured", None), ("counted", counts)):
            start = time.perf_counter()
            towns.rank_intervals(values, goalposts, counts=things, draws=DRAWS)
            took[name].append(time.perf_counter() - start)
    draw = np.random.default_rng(0)
    weights = draw.dirichlet(np.ones(INDICATORS), size=DRAWS)
    left_out = draw.choice(np.append(np.arange(INDICATORS), -1), size=DRAWS)
    weights = weights * (left_out[:, None] != np.arange(INDICATORS))
    choices = [draw.integers(len(kind), size=DRAWS) for kind in (NORMALISATIONS, AGGREGATIONS)]
    points = ranks.normalised(values.to_numpy(), CAP)
    lists = {name: table.tolist() for name, table in points.items()}
    start = time.perf_counter()
    plain = plain_ranks(lists, weights.tolist(), *choices)
    loop = time.perf_counter() - start
    same = np.array_equal(plain, ranks.draw(values, goalposts, draws=DRAWS).to_numpy())
    fast = min(took["measured"])
    print(f"{UNITS} units: {fast:.3f} s, with chance in counts {min(took['counted']):.3f} s")
    print(f"plain loop {loop:.3f} s, ratio {loop / fast:.1f}, same ranks: {same}")


def many(units, *, is_counted):
    values, goalposts, counts = race(units)
    start = time.perf_counter()
    towns.rank_intervals(values, goalposts, counts=counts if is_counted else None, draws=DRAWS)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak /= 1024**2 if sys.platform == "darwin" else 1024
    kind = "counted" if is_counted else "measured"
    print(f"{units} units, {kind}: {time.perf_counter() - start:.0f} s, peak {peak:.0f} MiB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=MANY)
    few()
    if chosen := parser.parse_args().many:
        many(chosen, is_counted=False)
        many(chosen // COUNTED_PART, is_counted=True)  # each chance in counts is a race of its own
