"""All briefs of a period (``fenghua report``).

Answers: which pages to make from which data, and how it went. Refuses: faulty inputs, before it
touches anything.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from briefpress import build, manifest, worker
from briefpress.build import TIME_LIMIT_SECONDS, How
from briefpress.notebooks import Notebook
from fenghua import house, issue
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import AUDIENCES, LANGUAGES
from fenghua.issue import Facts


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
    count = build.cores() if jobs is None else jobs
    how = How(count, engine, dask, force, time_limit, echo, progress)
    with ExitStack() as stack:
        stack.callback(worker.close)
        try:
            _check_words(langs=langs, audience=audience, engine=engine, jobs=jobs)
            chosen = issue.chosen(notebooks, briefs, town=town, lead_unit=lead_unit)
            data, actuals = issue.folders(data, actuals)
            facts = _facts(data, actuals, manifest.read(out)["facts"], count)
            only = {"town": town, "lead_unit": lead_unit}
            chosen = _allowed(chosen, facts, is_asked=bool(briefs), echo=echo)
            common = {"as_of": facts.newest if as_of == "auto" else periods.canonical(as_of)}
            common |= {"audience": audience, "data": str(data), "actuals": str(actuals)}
            pages = issue.pages(chosen, common, dict.fromkeys(langs), facts, only)
        except (InputError, ValueError, OSError) as error:
            echo(str(error))
            return 2
        try:
            given = {"press": house.NAME, "out": out, "lang": langs[0], "facts": asdict(facts)}
            done = build.run(pages, how, **given)
        except OSError as error:
            echo(f"fenghua report: {error}; what stood before is untouched")
            return 1
    counts = f"{done.written} written, {done.unchanged} unchanged, {done.failed} failed"
    seconds = time.monotonic() - started
    ends = f"as of {common['as_of']}; {_basis(facts)}; pages in {out}"
    echo(f"fenghua report: {counts} in {seconds:.1f} s; {ends}")
    return 1 if done.failed else 0


def _allowed(
    chosen: list[Notebook], facts: Facts, *, is_asked: bool, echo: Callable[[str], Any]
) -> list[Notebook]:
    """Return the notebooks that the data allow; say of each other what it lacks, or refuse it."""
    lacking = issue.left_out(chosen, facts)
    said = [
        f"{name} left out: the data have no {' and no '.join(needs)}"
        for name, needs in lacking.items()
    ]
    if said and is_asked:
        raise ValueError("; ".join(said))
    for line in said:
        echo(f"fenghua report: {line}")
    return [notebook for notebook in chosen if notebook.name not in lacking]


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
    key = issue.key_of(data, actuals)
    with suppress(TypeError):
        if known.get("key") == key:
            return Facts(**known)
    if count == 0:
        return issue.facts(data, actuals, key)
    given = {"data": str(data), "actuals": str(actuals)}
    worker.prestart(house.NAME, count, given)
    asked = [*given.values(), key]
    name = "fenghua.issue:facts_in_warm_process"
    return Facts(**worker.call(house.NAME, name, asked, TIME_LIMIT_SECONDS))
