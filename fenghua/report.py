"""All briefs of a period, of one plan or of many (``fenghua report``).

Answers: which pages to make from which data, and how it went. Refuses: faulty inputs, before it
touches anything.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from briefpress import build, cluster, fingerprint, manifest, worker
from briefpress.build import TIME_LIMIT_SECONDS, Done, How
from briefpress.notebooks import Notebook
from fenghua import annexes, ending, house, issue, needs, plans
from fenghua.inputs import places, rowless
from fenghua.inputs.vocabulary import LANGUAGES, Audience
from fenghua.issue import Facts

EDITION_SECONDS: Final = 3600.0  # years are audited one after another
ENGINES: Final = ("fenghua", "kernel")
_WRITTEN, _FAILED, _REFUSED = 0, 1, 2


@dataclass(frozen=True)
class Asked:
    """What a run was asked for, the same for every plan; see `report`."""

    as_of: str
    briefs: tuple[str, ...]
    values: dict[str, str | None]
    langs: tuple[str, ...]
    audience: Audience
    notebooks: str | Path | None
    revise: bool
    today: date


def report(
    *,
    as_of: str = "auto",
    briefs: Sequence[str] = (),
    town: str | None = None,
    lead_unit: str | None = None,
    industry: str | None = None,
    parameters: Iterable[tuple[str, str]] = (),
    langs: Sequence[str] = ("zh-Hans",),
    audience: str = "public",
    data: str | Path | Sequence[str | Path] = "data/raw",
    actuals: str | Path | None = None,
    out: str | Path | None = None,
    jobs: int | None = None,
    dask: str | None = None,
    force: bool = False,
    revise: bool = False,
    engine: str = "fenghua",
    notebooks: str | Path | None = None,
    echo: Callable[[str], Any] = print,
    progress: bool | None = None,
    time_limit: float = TIME_LIMIT_SECONDS,
    today: date | None = None,
) -> int:
    """Write the briefs of one period as pages.

    Parameters
    ----------
    as_of : str
        A period, or ``auto`` for the newest one with figures of the district that has ended.
    briefs : sequence of str
        Names such as ``gaps`` or ``02_gaps``; by default all, or those of the given town or
        lead unit.
    town, lead_unit, industry : str, optional
        Only the brief of this town or lead unit; only this industry, where a brief can do so.
    parameters : pairs of str
        Further parameters of notebooks and their values, as typed.
    langs, audience
        Closed lists: ``vocabulary.LANGUAGES`` and ``vocabulary.Audience``.
    data : path or sequence of paths
        Folders of registers; several, or a folder of plans, make pages in a folder for each plan.
    actuals, notebooks : path
        As for ``fenghua.load``; ``actuals`` belongs to one plan.
    out : path, optional
        The folder of pages; ``reports``, or ``reports-internal`` for internal ones.
    jobs : int, optional
        Pages made at once, by default cores + 1; 0 makes all in this process, for a debugger.
    dask : str, optional
        Address of a Dask scheduler whose workers see the same folders; ``jobs`` is not looked at.
    force : bool
        Rebuild what has not changed, too.
    revise : bool
        Replace the newest public edition of the enterprises because of an error in them.
    engine : str
        ``fenghua`` (warm processes) or ``kernel`` (a Jupyter kernel per brief).
    echo, progress
        Where lines go, and whether to draw a bar (by default on a terminal).
    time_limit : float
        Seconds after which a brief is given up.
    today : date, optional
        The day on which periods are said to have ended, by default this one.

    Returns
    -------
    int
        0 all written; 1 some brief, or one of several plans, failed; 2 nothing written.
    """
    try:
        _check_words(langs=langs, engine=engine, jobs=jobs)
        values = {"town": town, "lead_unit": lead_unit, "industry": industry}
        values |= issue.by_name(parameters)
        reader = Audience(audience)
        found = plans.folders(data)
        if len(found) > 1 and actuals is not None:
            raise ValueError("actuals belong to one plan; put each plan's beside its registers")
        if revise and not reader.is_public:
            raise ValueError("--revise makes a public edition; use it with --audience public")
        root = places.pages(out, reader)
    except (ValueError, OSError, RuntimeError) as error:  # a link that leads to itself is the last
        echo(ending.refusal(error))
        return _REFUSED
    if dask and jobs is not None:
        echo("fenghua report: --jobs is not looked at: workers of a cluster have their threads")
    day = today or date.today()
    asked = Asked(as_of, tuple(briefs), values, tuple(langs), reader, notebooks, revise, day)
    count = worker.at_once() if jobs is None else jobs
    how = How(count, engine, dask, force, time_limit, echo, progress)
    try:
        with _audience(reader):
            if len(found) == 1:
                return _of_plan(next(iter(found.values())), actuals, root, root, asked, how)
            return _of_plans(found, root, asked, how)
    finally:
        worker.close()
        cluster.close()


@contextmanager
def _audience(audience: Audience) -> Iterator[None]:
    """Let the run's processes know their audience and where they started; undo that afterwards."""
    before = {name: os.environ.get(name) for name in (rowless.VARIABLE, places.STARTED_IN)}
    rowless.set_audience(audience)
    os.environ[places.STARTED_IN] = str(Path.cwd())
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            os.environ |= {} if value is None else {name: value}


def _of_plans(found: dict[str, Path], root: Path, asked: Asked, how: How) -> int:
    """Report on each plan into a folder of its own; then one index of plans."""
    codes = {}
    for number, (name, data) in enumerate(found.items(), start=1):
        how.echo(f"plan {number} of {len(found)}: {name}")
        codes[name] = _of_plan(data, None, root / name, root, asked, how)
    if {*codes.values()} == {_REFUSED}:
        return _REFUSED
    try:
        shown = plans.write_index(root, found, asked.langs[0])
    except OSError as error:
        how.echo(f"fenghua report: {ending.refusal(error)}; the index of plans is not written")
        return _FAILED
    failed = [name for name, code in codes.items() if code]
    named = f"; see above what failed: {', '.join(failed)}" if failed else ""
    how.echo(f"fenghua report: {shown} of {len(found)} plans{named}; open {root / 'index.html'}")
    return _FAILED if failed else _WRITTEN


def _of_plan(
    data: Path, actuals: str | Path | None, out: Path, root: Path, asked: Asked, how: How
) -> int:
    """Report on one plan, and say how it went."""
    from tidysheets.problems import InputError

    started = time.monotonic()
    try:
        chosen = issue.chosen(asked.notebooks, asked.briefs, asked.values)
        data, place = issue.folders(data, actuals, out)
        known = manifest.read(out, house.PRESS)["facts"]
        facts = _facts(data, place, known, how, asked.audience)
        chosen = needs.allowed(chosen, facts.has, is_asked=bool(asked.briefs), echo=how.echo)
        seen = {"today": asked.today, "base_year": facts.first_year}
        period = issue.period(asked.as_of, facts.periods, **seen)
        if asked.audience.is_public:
            facts = _with_editions(data, place, facts, period, asked, how)
        given = {"as_of": period, "audience": str(asked.audience)}
        given |= {"data": str(data), "actuals": str(place)}
        pages = issue.pages(chosen, given, dict.fromkeys(asked.langs), facts, asked.values)
        if asked.audience.is_public:
            needs.refuse_unprinted(data, place, chosen, asked.values, period)
        if how.dask:
            _compare_workers(data, place, chosen, how)
    except (InputError, ValueError, OSError) as error:
        how.echo(ending.refusal(error))
        return _REFUSED
    for doubt in issue.doubts(period, facts, asked.today):
        how.echo(doubt)
    left = places.failed(root, asked.audience)
    kept = {"facts": asdict(facts), "failed": left, "beside": annexes.texts(data)}
    try:
        done = build.run(pages, how, press=house.NAME, out=out, **kept)
    except OSError as error:
        how.echo(f"fenghua report: {ending.refusal(error)}; nothing was written")
        return _REFUSED
    if done.failed and any(kept["failed"].glob("*.ipynb")):
        how.echo(f"executed notebooks with the error: {kept['failed']}")
    how.echo(_ends(done, period, facts, out, seconds=time.monotonic() - started))
    if done.trouble and not done.written:
        return _REFUSED
    return _FAILED if done.failed or done.trouble else _WRITTEN


def _compare_workers(data: Path, actuals: Path, chosen: list[Notebook], how: How) -> None:
    """Refuse a cluster that has other files; say so where it has no worker, as before it grows."""
    read = [data / "plan", data / "reference", actuals, places.editions(data, actuals)]
    read += [notebook.path for notebook in chosen]
    if not cluster.refuse_others(how.dask, house.NAME, read):
        start = f"dask worker {how.dask}"
        how.echo(f"fenghua report: the cluster has no worker, pages wait for one: {start}")


def _ends(done: Done, period: str, facts: Facts, out: Path, *, seconds: float) -> str:
    """Return the last line: what was done, on which data, and what to open."""
    basis = "SYNTHETIC DEMO DATA" if facts.is_synthetic else "real data"
    basis = basis if facts.periods else "no figures"
    counts = f"{done.written} written, {done.unchanged} unchanged, {done.failed} failed"
    said = f"fenghua report: {counts} in {seconds:.1f} s; as of {period}; {basis} in {facts.source}"
    if not done.trouble:
        return f"{said}; open {out / 'index.html'}"
    what = {0: "no brief was written", 1: "1 brief was written"}
    index_ = "" if done.has_index else ", manifest and index were not"
    told = what.get(done.written, f"{done.written} briefs were written")
    return f"{said}; {ending.refusal(done.trouble)}; {told}{index_}; no other was touched"


def _check_words(*, langs: Sequence[str], engine: str, jobs: int | None) -> None:
    closed = [("lang", lang, LANGUAGES) for lang in langs or [""]]
    for name, found, allowed in [*closed, ("engine", engine, ENGINES)]:
        if found not in allowed:
            raise ValueError(f"{name} is {found!r}; allowed: {', '.join(allowed)}")
    if jobs is not None and jobs < 0:
        raise ValueError(f"jobs is {jobs}; allowed: 0 (in this process) or more")


def _facts(data: Path, actuals: Path, known: dict[str, Any], how: How, audience: Audience) -> Facts:
    """Return the facts of the data, from the manifest if these very files passed before."""
    state = places.state(data, actuals)
    key = fingerprint.of_text(rowless.is_public_run(), state, fingerprint.of_code(house.PRESS))
    with suppress(TypeError):
        if known.get("key") == key:
            return Facts(**known)
    given = {"data": str(data), "actuals": str(actuals), "audience": str(audience)}
    if how.dask:  # libraries load there while the data are read here
        cluster.prestart(how.dask, house.NAME)
    elif how.jobs:
        worker.prestart(house.NAME, how.jobs)
    from fenghua import fingerprints, load

    ds = load(data, actuals)
    fingerprints.of_data(ds)  # every page prints it, and is held by it to be current
    if places.state(data, actuals) != state:
        raise ValueError(f"{actuals} or {data} changed while they were read; run again")
    lend = partial(cluster.lend, how.dask) if how.dask else worker.lend
    lend(house.NAME, given | {"packed": house.packed(ds)})
    return issue.facts(ds, key)


def _with_editions(
    data: Path, actuals: Path, facts: Facts, as_of: str, asked: Asked, how: How
) -> Facts:
    """Make the public editions that are missing up to the period, or revise the newest one.

    Raises
    ------
    ValueError
        An edition is one of other data, rules or scope, or cannot be made safe.
    """
    if facts.edition_refused:
        raise ValueError(facts.edition_refused)
    home = places.editions(data, actuals)
    known = places.edition_years(home)
    missing = issue.years_without_edition(facts.enterprise_years, known, as_of)
    if not missing and not asked.revise:
        return facts
    years = ", ".join(map(str, missing)) or f"{max(known, default='none')}, revised"
    how.echo(f"fenghua report: making the public edition of {years}, kept in {home}")
    arguments = [str(data), str(actuals), as_of, asked.revise]
    if how.jobs == 0:
        from fenghua import editions

        editions.make(*arguments)
    else:
        worker.call(house.NAME, "fenghua.editions:make", arguments, EDITION_SECONDS)
    return _facts(data, actuals, {}, how, asked.audience)
