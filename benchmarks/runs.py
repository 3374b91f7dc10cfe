"""Seconds of whole runs, as people wait for them: all pages, nothing to do, the first page.

    python benchmarks/runs.py [--rounds 3] [--against COMMIT] [--pages-only] [--brief town_brief]

What it does not know it passes on to ``fenghua report``, such as ``--brief``.

Rounds alternate between the commands that are compared, so that a machine that slows down slows
all of them; medians, and the least and the most. Seconds of processors are those of the whole
machine, which should do nothing else.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
ASKED = ("report", "--as-of", "2025", "--lang", "zh-Hans")
MORE = ("--lang", "zh-Hant", "--lang", "en")
NOW = ("all pages of one language", "its first page")
THEN = tuple(f"{name}, older commit" for name in NOW)
THREE = "all pages of three languages"
CLUSTER = ("on a cluster just started", "on the same cluster again")
SHORT = 10  # rounds of what takes less than a second, for each of the others


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--against", metavar="COMMIT", help="an older commit to compare with")
    words.add_argument("--pages-only", action="store_true", help="neither cluster nor edition")
    given, more = words.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        keep_bytecode(ROOT)
        old = unpacked(given.against, place / "old") if given.against else None
        seen = {}
        for number in range(given.rounds):
            whole_runs(seen, [*ASKED, *more], place / str(number), old)
            if not given.pages_only:
                clustered(seen, [*ASKED, *more], place / str(number))
        if not given.pages_only:
            seen["a public edition of one year"] = [edition(place / "plan")]
    show(seen)


def unpacked(commit, place):
    place.mkdir()
    command = ["git", "archive", commit]
    packed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "x", "-C", place], input=packed.stdout, check=True)
    keep_bytecode(place)
    return place


def keep_bytecode(place):
    """Compile a tree's code, as on any machine where Python is not told to keep none."""
    for package in place.glob("[a-z]*/__init__.py"):
        command = [sys.executable, "-m", "compileall", "-q", package.parent]
        subprocess.run(command, check=True, capture_output=True)


def whole_runs(seen, words, place, old):
    """Add one round of each run to what has been seen: seconds by the clock, of processors."""

    def add(name, *taken):
        seen.setdefault(name, []).extend(taken)

    add("--help", *(timed(ROOT, ["--help"])[0] for _ in range(SHORT)))
    if old:
        for name, taken in zip(
            THEN, timed(old, [*words, "--out", str(place / "old")]), strict=True
        ):
            add(name, taken)
    once = [*words, "--out", str(place / "one")]
    for name, taken in zip(NOW, timed(ROOT, once), strict=True):
        add(name, taken)
    add("nothing to do", *(timed(ROOT, once)[0] for _ in range(SHORT)))
    add(THREE, timed(ROOT, [*words, *MORE, "--out", str(place / "three")])[0])


def clustered(seen, words, place):
    """Add one round on a cluster of two single-core workers; their processors are not counted.

    The first run finds workers that have loaded nothing, the second one those of a cluster that
    stands, as it does where it is used.
    """
    from distributed import LocalCluster

    with LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster:
        for name in CLUSTER:
            dask = ["--dask", cluster.scheduler_address, "--out", str(place / name)]
            (clock, _), _ = timed(ROOT, [*words, *dask])
            seen.setdefault(name, []).append((clock, None))


def timed(place, words):
    """Return seconds of a command, by the clock and of processors, and those of its first page."""
    before, started, first = busy(), time.perf_counter(), None
    command = [sys.executable, "-c", "from fenghua.cli import main; main()", *words]
    paths = os.environ | {"PYTHONPATH": str(place)}
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=place, env=paths, encoding="utf-8", **how) as process:
        for line in process.stdout:
            if first is None and line.startswith("[1/"):
                first = time.perf_counter() - started
    assert process.returncode == 0, f"{words} ended with {process.returncode}"
    return (time.perf_counter() - started, busy() - before), (first, None)


def busy():
    """Return the seconds in which this machine's processors have worked, for whomever."""
    spent = psutil.cpu_times()
    return spent.user + spent.system + getattr(spent, "nice", 0.0)


def edition(place):
    """Return the seconds of one year's public edition, from a copy of the demonstration."""
    for name in ("plan", "reference", "demo"):
        shutil.copytree(ROOT / "data/raw" / name, place / "data/raw" / name)
    code = "import sys; from fenghua import editions; editions.make(*sys.argv[1:], False)"
    words = [str(place / "data/raw"), str(place / "data/raw/demo"), "2020"]
    before, started = busy(), time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started, busy() - before


def show(seen):
    """Print a table of the rounds, then what is asked to be compared, round by round."""
    print(f"{'seconds':32}{'median':>8}{'least':>8}{'most':>8}{'of processors':>15}")
    for name, rounds in seen.items():
        clock, work = zip(*rounds, strict=True)
        figures = f"{statistics.median(clock):8.2f}{min(clock):8.2f}{max(clock):8.2f}"
        print(f"{name:32}{figures}" + (f"{statistics.median(work):15.2f}" if work[0] else ""))
    to_one = [(above, NOW[0]) for above in (THREE, *CLUSTER)]
    for above, below in [*zip(NOW, THEN, strict=True), *to_one]:
        if above in seen and below in seen:
            pairs = zip(seen[above], seen[below], strict=True)
            ratios = sorted(one[0] / other[0] for one, other in pairs)
            spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
            print(f"{above} / {below}: {statistics.median(ratios):.2f} ({spread})")


if __name__ == "__main__":
    main()
