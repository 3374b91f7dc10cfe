"""Seconds a brief, four ways, in one run: our build, the command line, kernels, a plain script.

    python benchmarks/briefs.py [NOTEBOOK] [--count 12] [--jobs N]

Then where the time goes, for each kind of brief.

The command line is what people do today: papermill and then nbconvert, once a brief. It is
measured on a few briefs only and scaled, since it is slow.
"""

import argparse
import json
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

ROOT = Path(__file__).parents[1]
NAMES = ("fenghua report", "plain script, same cores")
ROUNDS = 3
SHELL_SAMPLE = 2
PLACES = {"data": str(ROOT / "data/raw"), "actuals": str(ROOT / "data/raw/demo")}


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("notebook", nargs="?", default=str(ROOT / "notebooks/06_town_brief.ipynb"))
    words.add_argument("--count", type=int, default=12)
    words.add_argument("--jobs", type=int, default=os.cpu_count())
    words.add_argument("--as-of", default="2025")
    given = words.parse_args()
    notebook = Path(given.notebook).resolve()
    jobs = [parameters(notebook, code, given.as_of) for code in towns(given.count)]
    measured = {}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        rounds = [
            (
                ours(notebook, jobs, given.jobs, out / str(n)),
                script(notebook, jobs, given.jobs, out / str(n)),
            )
            for n in range(ROUNDS)
        ]
        for name, seconds in zip(NAMES, zip(*rounds, strict=True), strict=True):
            measured[name] = statistics.median(seconds)
        measured["one process with kernels"] = kernels(notebook, jobs[:4]) / 4 * len(jobs)
        sample = jobs[:SHELL_SAMPLE]
        measured["papermill + nbconvert loop"] = (
            shell(notebook, sample, out) / len(sample) * len(jobs)
        )
    show(measured, len(jobs), given.jobs)
    show_stages()


def towns(count):
    import fenghua

    ds = fenghua.load(ROOT / "data/raw")
    codes = [row.town_code for row in ds.towns.itertuples() if row.kind != "zone"]
    return (codes * count)[:count]


def parameters(notebook, code, as_of):
    from briefpress import parameters as own

    given = {"as_of": as_of, "town": code, "data": str(ROOT / "data/raw")}
    declared = own.declared(json.loads(notebook.read_bytes()))
    return {name: value for name, value in given.items() if name in declared}


def timed(work, *arguments):
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def ours(notebook, jobs, cores, out):
    """The command itself, start and imports included, with nothing to reuse."""
    (out / "notebooks").mkdir(parents=True)
    (out / "notebooks" / notebook.name).write_bytes(notebook.read_bytes())
    code = (
        "import sys; from fenghua import report; sys.exit(report.report("
        f"notebooks={str(out / 'notebooks')!r}, data={str(ROOT / 'data/raw')!r}, "
        f"out={str(out / 'ours')!r}, as_of={jobs[0].get('as_of', 'auto')!r}, jobs={cores}))"
    )
    command = [sys.executable, "-c", code]
    seconds = timed(lambda: subprocess.run(command, check=True, capture_output=True))
    return seconds / len(list((out / "ours").glob("*/*/*/*.html"))) * len(jobs)


def shell(notebook, jobs, out):
    def loop():
        for number, job in enumerate(jobs):
            executed = out / f"{number}.ipynb"
            options = [part for pair in job.items() for part in ("-r", *pair)]
            papermill = ["papermill", "--no-progress-bar", str(notebook), str(executed), *options]
            for command in (papermill, ["nbconvert", "--to", "html", "--no-input", str(executed)]):
                subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)

    return timed(loop)


def kernels(notebook, jobs):
    from briefpress import worker
    from fenghua import house

    def loop():
        for job in jobs:
            asked = {"press": house.NAME, "notebook": str(notebook), "parameters": job}
            asked |= {"engine": "kernel"}
            assert worker.execute(asked)["error"] is None

    return timed(loop)


def script(notebook, jobs, cores, out):
    """The same pages by a plain script, as a command too."""
    command = [sys.executable, str(ROOT / "benchmarks/yardsticks/plain_script.py"), str(notebook)]
    command += [str(out / "script"), str(cores)]
    text = json.dumps([job | PLACES for job in jobs]).encode()
    seconds = timed(lambda: subprocess.run(command, input=text, check=True, capture_output=True))
    from briefpress import frame

    mine, theirs = (
        {frame.stamped(page.read_text(encoding="utf-8"), "") for page in (out / name).rglob(pages)}
        for name, pages in (("ours", "town_brief*.html"), ("script", "*.html"))
    )
    assert mine == theirs, "the plain script does not do the same work"
    return seconds


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
    "briefpress": "press",
}
COLUMNS = ("first", "later", *dict.fromkeys(ROOMS.values()), "rest", "fork")


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
            if f"/{part}" in name and (str(ROOT) in name or found == "cells"):
                return found
        frame = frame.f_back
    return "rest"


def stages(given):
    """Seconds of what is done once a run, and of the first and a later brief of each notebook."""
    started = time.perf_counter()
    from briefpress import warm, worker
    from fenghua import house

    sys.modules.setdefault("rfc3987_syntax", None)
    warm._import(house.PRESS)
    once = {"imports": time.perf_counter() - started, "data": timed(house.lend, PLACES)}
    rows = {}
    for notebook in map(Path, given):
        asked = {"press": house.NAME, "engine": "fenghua", "notebook": str(notebook)}
        asked["parameters"] = PLACES | {"as_of": "2025", "audience": "public"}
        first = timed(worker.execute, asked)
        sampler = Sampler()
        later = timed(worker.execute, asked)
        sampler.on = False
        worker.run(asked, 600)
        rows[notebook.stem] = {"first": first, "later": later, **{
            name: later * n / sampler.seen.total() for name, n in sampler.seen.items()
        }, "fork": timed(worker.run, asked, 600) - later}  # fmt: skip
    worker.close()
    return once, rows


def show_stages():
    start = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    notebooks = sorted(str(path) for path in (ROOT / "notebooks").glob("0*.ipynb"))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        once, rows = process.submit(stages, notebooks).result()
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in once.items())
    print(f"once a run, seconds: start {start:.2f}, {parts}")
    print("a brief, seconds: first (with what all share), later, and where a later one spends it")
    print(f"{'':22}" + "".join(f"{name:>9}" for name in COLUMNS))
    for name, row in rows.items():
        print(f"{name:22}" + "".join(f"{row.get(column, 0):9.2f}" for column in COLUMNS))


def show(measured, count, jobs):
    best = measured["fenghua report"]
    print(f"{count} briefs, {jobs} processes, start and imports included")
    for name, seconds in measured.items():
        print(f"{name:28} {seconds / count:6.2f} s a brief  {seconds / best:6.2f} times ours")


if __name__ == "__main__":
    main()
