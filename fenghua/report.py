"""All briefs of a period, of one plan or of many (``fenghua report``).

Answers: which pages to make from which data, and how it went. Refuses: faulty inputs, before it
touches anything.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from briefpress import build, index, manifest, worker
from briefpress.build import TIME_LIMIT_SECONDS, Done, How
from briefpress.notebooks import Job, Notebook
from fenghua import house, issue, needs
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import LANGUAGES, Audience
from fenghua.issue import Facts

ENGINES: Final = ("fenghua", "kernel")
ROOTS: Final = {Audience.PUBLIC: "reports", Audience.INTERNAL: "reports-internal"}
_WRITTEN, _FAILED, _REFUSED = 0, 1, 2


@dataclass(frozen=True)
class Asked:
    """What a run was asked for, the same for every plan; see `report`."""

    as_of: str
    briefs: tuple[str, ...]
    town: str | None
    lead_unit: str | None
    langs: tuple[str, ...]
    audience: Audience
    notebooks: str | Path | None
    today: date


def report(
    *,
    as_of: str = "auto",
    briefs: Sequence[str] = (),
    town: str | None = None,
    lead_unit: str | None = None,
    langs: Sequence[str] = ("zh-Hans",),
    audience: str = "public",
    data: str | Path | Sequence[str | Path] = "data/raw",
    actuals: str | Path | None = None,
    out: str | Path | None = None,
    jobs: int | None = None,
    dask: str | None = None,
    force: bool = False,
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
    town, lead_unit : str, optional
        Only the brief of this town or lead unit.
    langs, audience
        Closed lists: ``vocabulary.LANGUAGES`` and ``vocabulary.Audience``.
    data : path or sequence of paths
        Folders of registers; several, or a folder of plans, make pages in a folder for each plan.
    actuals, notebooks : path
        As for ``fenghua.load``; ``actuals`` belongs to one plan.
    out : path, optional
        The folder of pages; ``reports``, or ``reports-internal`` for internal ones.
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
    today : date, optional
        The day on which periods are said to have ended, by default this one.

    Returns
    -------
    int
        0 all written; 1 some brief, or one of several plans, failed; 2 nothing written.
    """
    try:
        _check_words(langs=langs, engine=engine, jobs=jobs)
        reader = Audience(audience)
        plans = issue.plans(data)
        if len(plans) > 1 and actuals is not None:
            raise ValueError("actuals belong to one plan; put each plan's beside its registers")
        root = _root(out, reader)
    except (ValueError, OSError) as error:
        echo(str(error))
        return _REFUSED
    day = today or date.today()
    asked = Asked(as_of, tuple(briefs), town, lead_unit, tuple(langs), reader, notebooks, day)
    count = build.cores() if jobs is None else jobs
    how = How(count, engine, dask, force, time_limit, echo, progress)
    try:
        if len(plans) == 1:
            return _of_plan(next(iter(plans.values())), actuals, root, root, asked, how)
        return _of_plans(plans, root, asked, how)
    finally:
        worker.close()


def _root(out: str | Path | None, audience: Audience) -> Path:
    """Return the folder of pages; public and internal ones never lie in one root."""
    root = Path(ROOTS[audience] if out is None else out)
    (other,) = set(Audience) - {audience}
    if any(root.glob(f"*/*/{other}")) or any(root.glob(f"*/*/*/{other}")):
        raise ValueError(
            f"{root} holds {other} pages; {audience} pages need a folder of their own:"
            f" leave out --out, or name another"
        )
    return root


def _of_plans(plans: dict[str, Path], root: Path, asked: Asked, how: How) -> int:
    """Report on each plan into a folder of its own; then one index of plans."""
    codes = []
    for number, (name, data) in enumerate(plans.items(), start=1):
        how.echo(f"plan {number} of {len(plans)}: {name}")
        codes.append(_of_plan(data, None, root / name, root, asked, how))
    if set(codes) == {_REFUSED}:
        return _REFUSED
    rows = {name: row for name in plans for row in _spoken_for(root / name)}
    try:
        from fenghua.index import of_plans  # a run of one plan needs no words for it

        text = index.filled(of_plans(rows, asked.langs[0]), house.PRESS)
        with manifest.workplace(root) as place:
            manifest.write_whole(root / "index.html", text, place)
    except OSError as error:
        how.echo(f"fenghua report: {error}; the index of plans is not written")
        return _FAILED
    how.echo(f"fenghua report: {len(rows)} of {len(plans)} plans; open {root / 'index.html'}")
    return _FAILED if any(codes) else _WRITTEN


def _spoken_for(out: Path) -> list[dict[str, Any]]:
    """Return the row of the page that speaks for a plan, if it has pages: its newest gap brief."""
    known = manifest.read(out, house.PRESS)
    rows = sorted(known["pages"].items(), key=lambda item: item[0], reverse=True)
    first = next((row for _, row in rows if row.get("summary") and not row.get("code")), None)
    first = first or next((row for _, row in rows), None)
    return [] if first is None else [{**first, "titles": known["facts"].get("titles", {})}]


def _of_plan(
    data: Path, actuals: str | Path | None, out: Path, root: Path, asked: Asked, how: How
) -> int:
    """Report on one plan, and say how it went."""
    from tidysheets.problems import InputError

    started = time.monotonic()
    try:
        chosen = issue.chosen(
            asked.notebooks, asked.briefs, town=asked.town, lead_unit=asked.lead_unit
        )
        data, place = issue.folders(data, actuals)
        facts = _facts(data, place, manifest.read(out, house.PRESS)["facts"], how.jobs)
        chosen = _allowed(chosen, facts, is_asked=bool(asked.briefs), echo=how.echo)
        period = _period(asked, facts)
        pages = _pages(chosen, asked, facts, as_of=period, data=str(data), actuals=str(place))
    except (InputError, ValueError, OSError) as error:
        how.echo(str(error))
        return _REFUSED
    for doubt in _doubts(period, facts, asked.today):
        how.echo(doubt)
    internal = root if not asked.audience.is_public else root.with_name(f"{root.name}-internal")
    given = {"lang": asked.langs[0], "facts": asdict(facts), "failed": internal / ".failed"}
    try:
        done = build.run(pages, how, press=house.NAME, out=out, **given)
    except OSError as error:
        how.echo(f"fenghua report: {error}; nothing was written")
        return _REFUSED
    how.echo(_ends(done, period, facts, out, seconds=time.monotonic() - started))
    if done.trouble and not done.written:
        return _REFUSED
    return _FAILED if done.failed or done.trouble else _WRITTEN


def _pages(chosen: list[Any], asked: Asked, facts: Facts, **common: str) -> list[Job]:
    only = {"town": asked.town, "lead_unit": asked.lead_unit}
    common |= {"audience": str(asked.audience)}
    return issue.pages(chosen, common, dict.fromkeys(asked.langs), facts, only)


def _period(asked: Asked, facts: Facts) -> str:
    """Return the period as given, or the newest that has ended."""
    if asked.as_of != "auto":
        return periods.canonical(asked.as_of)
    return issue.newest_period(facts.periods, today=asked.today, base_year=facts.first_year)


def _doubts(period: str, facts: Facts, today: date) -> list[str]:
    """Question a period that may be a slip: it is taken all the same."""
    year, doubts = periods.parse(period).year, []
    if not issue.has_ended(period, today):
        doubts.append(f"{period} has not ended on {today}: is it the period you mean?")
    if not facts.first_year <= year <= facts.last_year:
        span = f"{facts.first_year} to {facts.last_year}"
        doubts.append(f"{period} is outside the plan, {span}: is it the period you mean?")
    if later := [p for p in facts.periods if not issue.has_ended(p, today)]:
        doubts.append(f"figures of periods that have not ended: {', '.join(later)}; please check")
    return doubts


def _ends(done: Done, period: str, facts: Facts, out: Path, *, seconds: float) -> str:
    """Return the last line: what was done, on which data, and what to open."""
    basis = "SYNTHETIC DEMO DATA" if facts.is_synthetic else "real data"
    basis = basis if facts.has else "no data"
    counts = f"{done.written} written, {done.unchanged} unchanged, {done.failed} failed"
    said = f"fenghua report: {counts} in {seconds:.1f} s; as of {period}; {basis} in {facts.source}"
    if not done.trouble:
        return f"{said}; open {out / 'index.html'}"
    what = f"{done.written} pages were replaced" if done.written else "no page was replaced"
    index_ = "" if done.has_index else ", manifest and index were not"
    return f"{said}; {done.trouble}: {what}{index_}; the others stand as before"


def _allowed(
    chosen: list[Notebook], facts: Facts, *, is_asked: bool, echo: Callable[[str], Any]
) -> list[Notebook]:
    """Return the notebooks that the data allow; say of each other what it lacks, or refuse it."""
    lacking = needs.lacking(chosen, facts.has)
    said = [
        f"{name} left out: the data have no {' and no '.join(tables)}"
        for name, tables in lacking.items()
    ]
    if said and is_asked:
        raise ValueError("; ".join(said))
    for line in said:
        echo(f"fenghua report: {line}")
    return [notebook for notebook in chosen if notebook.name not in lacking]


def _check_words(*, langs: Sequence[str], engine: str, jobs: int | None) -> None:
    closed = [("lang", lang, LANGUAGES) for lang in langs or [""]]
    for name, found, allowed in [*closed, ("engine", engine, ENGINES)]:
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
