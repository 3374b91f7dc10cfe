"""Where the time of each kind of brief goes, and what a run of that kind takes beside an older one.

    python benchmarks/stages.py [--rounds 3] [--against COMMIT]

The stages are those of one brief in one warm process: what others share with it and only the first
computes, then the later one's own rooms, and what a copy of the process adds. The runs are whole
commands with all briefs of a kind, start and imports included; rounds alternate between this
commit and the older one, so that a machine that slows down slows both.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import runs

ROOT = Path(__file__).parents[1]
PLACES = {"data": str(ROOT / "data/raw"), "actuals": str(ROOT / "data/raw/demo")}
AS_OF = "2025"
ROUNDS = 3
LATER = 5  # runs of one brief, whose median counts

# The room in which the time of a brief is spent, by the innermost file of ours.
ROOMS = {
    "analysis": "analysis",
    "inputs": "data",
    "display/draw": "charts",
    "display/labels": "charts",
    "display/figures": "charts",
    "display/wording": "words",
    "display/sentences": "words",
    "display/naming": "words",
    "pages": "words",
    "display": "tables",
    "executed": "export",
    "rendering": "export",
    "ipykernel": "cells",
    "briefpress": "cells",  # a cell of the notebook itself, and what runs it
}
COLUMNS = ("shared", *dict.fromkeys(ROOMS.values()), "rest", "fork")


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--rounds", type=int, default=ROUNDS)
    words.add_argument("--against", metavar="COMMIT", help="an older commit to compare with")
    given = words.parse_args()
    notebooks = sorted((ROOT / "notebooks").glob("0*.ipynb"))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        once, rows = process.submit(stages, notebooks).result()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        runs.keep_bytecode(ROOT)
        old = runs.unpacked(given.against, place / "old") if given.against else None
        taken = {path.stem: compared(path.stem, given.rounds, place, old) for path in notebooks}
    show(once, rows, taken)


class Sampler:
    """Looks every two milliseconds which room the main thread is in."""

    def __init__(self):
        self.seen, self.main, self.on = Counter(), threading.get_ident(), True
        threading.Thread(target=self.look, daemon=True).start()

    def look(self):
        while self.on:
            frame = sys._current_frames()[self.main]
            self.seen[room(frame)] += 1
            time.sleep(0.002)


def room(frame):
    while frame is not None:
        name = frame.f_code.co_filename.replace(os.sep, "/")
        for part, found in ROOMS.items():
            if f"/{part}" in name and (str(ROOT) in name or part == "ipykernel"):
                return found
        frame = frame.f_back
    return "rest"


def timed(work, *arguments):
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def stages(notebooks):
    """Return seconds of what is done once a run, and of each stage of each notebook's brief."""
    started = time.perf_counter()
    from briefpress import warm, worker
    from fenghua import house

    sys.modules.setdefault("rfc3987_syntax", None)
    warm._import(house.PRESS)
    once = {"imports": time.perf_counter() - started, "data": timed(house.lend, PLACES)}
    once["start"] = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    rows = {}
    for notebook in notebooks:
        asked = {"press": house.NAME, "engine": "fenghua", "notebook": str(notebook)}
        asked["parameters"] = PLACES | {"as_of": AS_OF, "audience": "public"}
        first = timed(worker.execute, asked)
        sampler = Sampler()
        later = statistics.median(timed(worker.execute, asked) for _ in range(LATER))
        sampler.on = False
        worker.run(asked, 600)
        own = {name: later * n / sampler.seen.total() for name, n in sampler.seen.items()}
        fork = statistics.median(timed(worker.run, asked, 600) for _ in range(LATER)) - later
        rows[notebook.stem] = own | {"shared": first - later, "fork": fork}
    worker.close()
    return once, rows


def compared(brief, rounds, place, old):
    """Return the seconds of runs of one kind of brief, here and in an older commit, by round."""
    words = ["report", "--brief", brief, "--as-of", AS_OF, "--lang", "zh-Hans"]
    seen = {"here": [], "older": []}
    for number in range(rounds):
        for name, tree in (("older", old), ("here", ROOT)):
            if tree:
                out = place / f"{brief}-{name}-{number}"
                (clock, _), _ = runs.timed(tree, [*words, "--out", str(out)])
                seen[name].append(clock)
    return seen


def show(once, rows, taken):
    print("once a run, seconds: " + ", ".join(f"{name} {once[name]:.2f}" for name in sorted(once)))
    print("then a brief of each kind, and a run of all of its kind: median, and ratios by round")
    columns = "".join(f"{name:>9}" for name in COLUMNS)
    print(f"{'':22}{columns}{'run':>8}{'older':>8}{'ratio':>7}")
    for name, row in rows.items():
        own = "".join(f"{row.get(column, 0):9.2f}" for column in COLUMNS)
        here, older = taken[name]["here"], taken[name]["older"]
        told = f"{statistics.median(here):8.2f}"
        if older:
            ratios = sorted(new / old for new, old in zip(here, older, strict=True))
            told += f"{statistics.median(older):8.2f}{statistics.median(ratios):7.2f}"
            told += f" ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        print(f"{name:22}{own}{told}")


if __name__ == "__main__":
    main()
