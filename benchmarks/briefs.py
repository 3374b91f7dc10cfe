"""Seconds a brief, four ways, in one run: our build, the command line, kernels, a plain script.

    python benchmarks/briefs.py [NOTEBOOK] [--count 12] [--jobs N]

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
import time
from contextlib import contextmanager
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

    with silent():
        return timed(loop)


@contextmanager
def silent():
    """Keep what processes started meanwhile have to say out of the rows of figures."""
    spoken = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(spoken, 2)
        os.close(spoken)


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


def show(measured, count, jobs):
    best = measured["fenghua report"]
    print(f"{count} briefs, {jobs} processes, start and imports included")
    for name, seconds in measured.items():
        print(f"{name:28} {seconds / count:6.2f} s a brief  {seconds / best:6.2f} times ours")


if __name__ == "__main__":
    main()
