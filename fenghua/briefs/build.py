"""All briefs of a period, each written whole or not at all, and only if something changed.

Answers: ``fenghua report``. Refuses: faulty inputs, before it touches anything.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fenghua.briefs import fingerprint, listing, manifest, worker
from fenghua.briefs.listing import Facts, Job
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import AUDIENCES, LANGUAGES

TIME_LIMIT_SECONDS = 600.0


def report(
    *,
    as_of: str = "auto",
    briefs: Sequence[str] = (),
    town: str | None = None,
    lead_unit: str | None = None,
    langs: Sequence[str] = ("zh-Hans",),
    audience: str = "public",
    data: str | Path = "data/raw",
    actuals: str | Path | None = None,
    out: str | Path = "reports",
    jobs: int | None = None,
    dask: str | None = None,
    force: bool = False,
    engine: str = "fenghua",
    notebooks: str | Path | None = None,
    echo: Callable[[str], Any] = print,
    progress: bool | None = None,
    time_limit: float = TIME_LIMIT_SECONDS,
) -> int:
    """Write the briefs of one period as pages.

    Parameters
    ----------
    as_of : str
        A period, or ``auto`` for the newest complete one of the district.
    briefs : sequence of str
        Names such as ``gaps`` or ``02_gaps``; by default all, or those of the given town or
        lead unit.
    town, lead_unit : str, optional
        Only the brief of this town or lead unit.
    langs, audience
        Closed lists: ``vocabulary.LANGUAGES`` and ``vocabulary.AUDIENCES``.
    data, actuals, out, notebooks : path
        Folders; as for ``fenghua.load``.
    jobs : int, optional
        Worker processes, by default the cores; 0 runs all in this process, for a debugger.
    dask : str, optional
        Address of a Dask scheduler whose workers see the same folders.
    force : bool
        Rebuild what has not changed, too.
    engine : str
        ``fenghua`` (warm processes) or ``kernel`` (a Jupyter kernel per brief).
    echo, progress
        Where lines go, and whether to draw a bar (by default on a terminal).
    time_limit : float
        Seconds after which a brief is given up.

    Returns
    -------
    int
        0 all written; 1 some brief failed, the others are written; 2 bad input, nothing touched.
    """
    from tidysheets.problems import InputError

    started, out = time.monotonic(), Path(out)
    old = manifest.read(out)
    count = _cores() if jobs is None else jobs
    with ExitStack() as stack:
        stack.callback(worker.close)
        try:
            _check_words(langs=langs, audience=audience, engine=engine, jobs=jobs)
            chosen = listing.chosen(
                listing.notebooks(notebooks), briefs, town=town, lead_unit=lead_unit
            )
            data, actuals = listing.folders(data, actuals)
            facts = _facts(data, actuals, old["facts"], count)
            only = {"town": town, "lead_unit": lead_unit}
            common = {"as_of": facts.newest if as_of == "auto" else periods.canonical(as_of)}
            common |= {"audience": audience, "data": str(data), "actuals": str(actuals)}
            listed = listing.listed(chosen, common, dict.fromkeys(langs), facts, only)
        except (InputError, ValueError, OSError) as error:
            echo(str(error))
            return 2
        todo = [job for job in listed if force or not _is_current(job, out, old)]
        kept = {job.name: old["pages"][job.name] for job in listed if job not in todo}
        try:
            with manifest.workplace(out) as place:
                results = _results(todo, engine, count, dask, time_limit, facts.key)
                for name in kept:
                    _executed(out, name).unlink(missing_ok=True)
                pages = _write(_shown(results, len(todo), echo, progress), out, place, echo)
                manifest.finish(out, place, facts=asdict(facts), pages=kept | pages, lang=langs[0])
        except OSError as error:
            echo(f"fenghua report: {error}; what stood before is untouched")
            return 1
    failures = len(todo) - len(pages)
    counts = f"{len(pages)} written, {len(kept)} unchanged, {failures} failed"
    seconds = time.monotonic() - started
    ends = f"as of {common['as_of']}; {_basis(facts)}; pages in {out}"
    echo(f"fenghua report: {counts} in {seconds:.1f} s; {ends}")
    return 1 if failures else 0


def _basis(facts: Facts) -> str:
    """Return which data the pages stand on, for the log."""
    return f"{'SYNTHETIC DEMO DATA' if facts.is_synthetic else 'real data'} in {facts.source}"


def _check_words(*, langs: Sequence[str], audience: str, engine: str, jobs: int | None) -> None:
    closed = [("lang", lang, LANGUAGES) for lang in langs or [""]]
    closed += [("audience", audience, AUDIENCES), ("engine", engine, ("fenghua", "kernel"))]
    for name, found, allowed in closed:
        if found not in allowed:
            raise ValueError(f"{name} is {found!r}; allowed: {', '.join(allowed)}")
    if jobs is not None and jobs < 0:
        raise ValueError(f"jobs is {jobs}; allowed: 0 (in this process) or more")


def _facts(data: Path, actuals: Path, known: dict[str, Any], count: int) -> Facts:
    """Return the facts of the data, from the manifest if these very files passed before.

    A warm process reads the data, and keeps them for the briefs it will run.
    """
    key = fingerprint.of_text(fingerprint.of_data(data, actuals), fingerprint.of_code())
    with suppress(TypeError):
        if known.get("key") == key:
            return Facts(**known)
    if count == 0:
        return listing.facts(data, actuals, key)
    asked = {"facts": key, "inputs": key}
    asked["parameters"] = {"data": str(data), "actuals": str(actuals)}
    worker.prestart(count, asked)
    answer = worker.run(asked, TIME_LIMIT_SECONDS)
    if answer["error"] is not None:
        raise ValueError(answer["error"])
    return Facts(**answer["facts"])


def _is_current(job: Job, out: Path, old: dict[str, Any]) -> bool:
    return manifest.is_current(out, job.name, job.fingerprint, old["pages"])


def _results(
    todo: list[Job],
    engine: str,
    count: int,
    dask: str | None,
    limit: float,
    inputs: str,
) -> Iterator[tuple[Job, dict[str, Any]]]:
    """Give each job with its result, as they end; a broken executor fails its jobs only."""
    if not todo:
        return
    task = worker.execute if count == 0 and not dask else worker.run
    with _executor(min(count, len(todo)), dask) as executor:
        futures = {}
        for job in todo:
            sent = {"notebook": str(job.notebook), "parameters": job.parameters}
            sent |= {"engine": engine, "inputs": inputs}
            futures[executor.submit(task, sent, limit)] = job
        for future in as_completed(futures):
            yield futures[future], _result(future)


def _result(future: "Future[dict[str, Any]]") -> dict[str, Any]:
    try:
        return future.result()
    except Exception as error:
        return worker.failed(repr(error))


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@contextmanager
def _executor(count: int, dask: str | None) -> Iterator[Executor]:
    """Give the executor: threads that each speak to a warm process, a cluster, or this thread."""
    if dask is not None:
        from distributed import Client

        with Client(dask) as client:
            yield client.get_executor()
    elif count == 0:
        yield worker.Inline()
    else:
        worker.prestart(count)
        executor = ThreadPoolExecutor(count)
        try:
            yield executor
        finally:  # on an interrupt, too: waiting threads wake when their processes end
            executor.shutdown(wait=False, cancel_futures=True)
            worker.close()


def _shown(
    results: Iterator[tuple[Job, dict[str, Any]]],
    total: int,
    echo: Callable[[str], Any],
    progress: bool | None,
) -> Iterator[tuple[Job, dict[str, Any]]]:
    """Pass results on, with a bar on a terminal and plain lines in a log."""
    if total and (sys.stderr.isatty() if progress is None else progress):
        from tqdm import tqdm

        yield from tqdm(results, total=total, unit="brief", file=sys.stderr, leave=False)
        return
    for number, (job, result) in enumerate(results, start=1):
        yield job, result
        echo(f"[{number}/{total}] {job.name}")


def _write(
    results: Iterator[tuple[Job, dict[str, Any]]],
    out: Path,
    place: Path,
    echo: Callable[[str], Any],
) -> dict[str, Any]:
    """Write each page as it comes; a failed one leaves its predecessor and its notebook."""
    pages = {}
    for job, result in results:
        executed = _executed(out, job.name)
        error = result["error"]
        if error is None:
            try:
                manifest.write_whole(out / job.name, result["page"], place)
            except OSError as problem:
                error = str(problem)
            else:
                pages[job.name] = manifest.entry(result["page"], job.fingerprint, result["about"])
                executed.unlink(missing_ok=True)
        if error is not None:
            echo(f"failed: {job.name}: {error}")
            with suppress(OSError):
                manifest.write_whole(executed, result["executed"] or "", place)
    return pages


def _executed(out: Path, name: str) -> Path:
    """Return where the executed notebook of a failed brief is left for diagnosis."""
    return out / ".failed" / (name.removesuffix(".html").replace("/", "-") + ".ipynb")
