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
    show_stages(notebook, jobs)


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
    command = [sys.executable, str(ROOT / "benchmarks/plain_script.py"), str(notebook)]
    command += [str(out / "script"), str(cores)]
    text = json.dumps([job | PLACES for job in jobs]).encode()
    seconds = timed(lambda: subprocess.run(command, input=text, check=True, capture_output=True))
    mine, theirs = (
        {page.read_bytes() for page in (out / name).rglob("*.html") if page.name != "index.html"}
        for name in ("ours", "script")
    )
    assert mine == theirs, "the plain script does not do the same work"
    return seconds


def stages(notebook, jobs):
    """Seconds of each stage in one warm process, the stages that happen once apart."""
    started = time.perf_counter()
    from importlib import import_module

    from briefpress import warm, worker
    from fenghua import house

    sys.modules.setdefault("rfc3987_syntax", None)
    for name in (*warm.MODULES, *house.PRESS.modules):
        import_module(name)
    found = {"import": time.perf_counter() - started}
    given = {"press": house.NAME, "engine": "fenghua", "notebook": str(notebook)}
    found["data"] = timed(house.lend, jobs[0] | PLACES)
    from briefpress import executed

    render, exported = executed.render, []

    def clocked(nb, press):
        start = time.perf_counter()
        page = render(nb, press)
        exported.append(time.perf_counter() - start)
        return page

    executed.render = clocked
    briefs = [timed(worker.execute, given | {"parameters": job | PLACES}) for job in jobs]
    found["first brief, with what all share"] = briefs[0]
    found["cells of a later brief"] = statistics.median(briefs[1:]) - statistics.median(
        exported[1:]
    )
    found["export of a later brief"] = statistics.median(exported[1:])
    return found


def show_stages(notebook, jobs):
    start = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        found = process.submit(stages, notebook, jobs).result()
    print("where it goes, seconds in one process:")
    for name, seconds in {"start": start, **found}.items():
        print(f"  {name:34} {seconds:6.2f}")


def show(measured, count, jobs):
    best = measured["fenghua report"]
    print(f"{count} briefs, {jobs} processes, start and imports included")
    for name, seconds in measured.items():
        print(f"{name:28} {seconds / count:6.2f} s a brief  {seconds / best:6.2f} times ours")


if __name__ == "__main__":
    main()
