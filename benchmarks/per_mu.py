"""Cost of scoring and grading against bare array arithmetic, in one run.

Answers: how many times slower, how much memory, and does cost grow linearly. Refuses: seconds
without a ratio: both sides are timed in turn on the same machine and data.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from fenghua.analysis import evaluation

SCHEMES = Path(__file__).parents[1] / "data/raw/reference/schemes"
SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 5
ABOVE = (
    ("tax_wan", "land_mu", 24.097, 30),
    ("value_added_wan", "land_mu", 136.16, 20),
    ("value_added_wan", "energy_tce", 2.694, 20),
    ("value_added_wan", "emission_t", 4929.81, 10),
    ("value_added_wan", "employees", 18.14, 10),
    ("rd_wan", "revenue_wan", 0.0302, 10),
)
BELOW = (("tax_wan", "land_mu", 11.5932, 50), ("tax_wan", "electricity_mwh", 0.2352, 50))
CUTS = ((0.20, 0.80, 0.95), (0.05, 0.75, 0.95))


def enterprises(n, seed=0):
    """Return a table as wide as the real one: text keys, amounts, marks."""
    rng = np.random.default_rng(seed)
    ids = np.char.add("91330283", np.char.zfill(np.arange(n).astype(str), 10))
    amounts = ("land_mu", "tax_wan", "value_added_wan", "revenue_wan", "rd_wan", "energy_tce")
    amounts += ("electricity_mwh", "co2_t", "emission_t")
    frame = {"year": np.full(n, 2023), "enterprise_id": ids, "name": ids, "parcel_id": ids}
    frame["town_code"] = rng.choice(["330213001", "330213002", "330213100"], n)
    frame["industry_code"] = rng.choice(["1711", "3311", "3484", "3812"], n)
    frame |= {name: rng.lognormal(3, 1, n) for name in amounts}
    frame["emission_t"][rng.random(n) < 0.2] = np.nan
    frame["employees"] = rng.integers(5, 500, n)
    frame["is_above_scale"] = rng.random(n) < 0.4
    marks = ("district_owned", "high_tech", "chain_key", "key_cultivation", "tenant")
    frame |= {f"is_{mark}": np.zeros(n, dtype=bool) for mark in marks}
    return pd.DataFrame(frame)


def bare(arrays, is_above):
    """The same formula on arrays: ratios, group mean, score, shared ranks, classes."""
    letters = np.empty(len(is_above), dtype="U1")
    for rules, cuts, mask in ((ABOVE, CUTS[0], is_above), (BELOW, CUTS[1], ~is_above)):
        total = np.zeros(mask.sum())
        for above, below, benchmark, weight in rules:
            item = weight * (arrays[above][mask] / arrays[below][mask]) / benchmark
            gap = np.isnan(item)
            item[gap] = item[~gap].mean()
            total += item
        order = np.argsort(-total)
        is_new = np.diff(total[order], prepend=np.nan) != 0
        rank = np.empty(len(total))
        rank[order] = np.maximum.accumulate(np.where(is_new, np.arange(1, len(total) + 1), 1))
        letters[mask] = np.array(list("ABCD"))[np.searchsorted(cuts, rank / len(total))]
    return letters


def whole(frame, scheme):
    """What the package does: the same, with reasons, checks and both verdicts."""
    return evaluation.grade(evaluation.score(frame, scheme), scheme)


def seconds(call):
    """Return the time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def peak_share(n):
    """Return peak resident memory over the input's size, in a process that only reads it.

    A process inherits the peak of its parent, so this comes before the parent grows.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "enterprises.pickle")
        for call in (f"enterprises({n}).to_pickle({path!r})", f"report_peak({path!r})"):
            start = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import per_mu"
            command = [sys.executable, "-c", f"{start}; per_mu.{call}"]
            out = subprocess.run(command, capture_output=True, check=True)
    return float(out.stdout)


def report_peak(path):
    """Print the peak of resident memory, the input and all results included, over the input."""
    whole(enterprises(1000), _scheme("fenghua_default"))
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    frame = pd.read_pickle(path)
    _result = whole(frame, _scheme("fenghua_default"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start
    print(peak * 1024 / frame.memory_usage(deep=True).sum())


def _scheme(name):
    return yaml.safe_load((SCHEMES / f"{name}.yaml").read_text(encoding="utf-8"))


def main():
    """Print the ratios."""
    print(f"peak memory over the input, {SIZES[-1]:,} enterprises: {peak_share(SIZES[-1]):.2f}")
    schemes = {name: _scheme(name) for name in ("huangyan_2022", "fenghua_default")}
    cost = {}
    for n in SIZES:
        frame = enterprises(n)
        above = frame["is_above_scale"].to_numpy()
        arrays = {name: frame[name].to_numpy(float) for name in frame.select_dtypes("number")}
        result = whole(frame, schemes["huangyan_2022"])
        if (result["initial_grade"].to_numpy() != bare(arrays, above)).any():
            raise SystemExit("the two sides disagree")
        times = {name: [] for name in ("bare", *schemes)}
        for _ in range(ROUNDS):
            times["bare"].append(seconds(lambda a=arrays, m=above: bare(a, m)))
            for name, scheme in schemes.items():
                times[name].append(seconds(lambda f=frame, s=scheme: whole(f, s)))
        cost[n] = {name: min(values) for name, values in times.items()}
        shares = "  ".join(f"{k}: {cost[n][k] / cost[n]['bare']:.2f} x bare" for k in schemes)
        print(f"{n:>9,} enterprises  bare {cost[n]['bare'] * 1e3:8.1f} ms  {shares}")
    low, high = SIZES[1], SIZES[-1]
    growth = cost[high]["huangyan_2022"] / cost[low]["huangyan_2022"] / (high / low)
    print(f"cost an enterprise, {high:,} over {low:,}: {growth:.2f}")


if __name__ == "__main__":
    main()
