"""All pages asked for, each written whole or not at all, and only if something changed.

Answers: what a run wrote, kept and failed to make. Refuses: to leave a half page or half a run.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from briefpress import frame, manifest
from briefpress.notebooks import Job
from briefpress.press import Laid, named

TIME_LIMIT_SECONDS = 600.0
Results = Iterator[tuple[Job, dict[str, Any]]]
Echo = Callable[[str], Any]


@dataclass(frozen=True)
class How:
    """How a run works, whatever it makes.

    Attributes
    ----------
    jobs : int
        Worker processes; 0 runs all in this process, for a debugger.
    dask : str or None
        Address of a Dask scheduler whose workers see the same folders.
    engine : str
        The papermill engine, or ``kernel`` for a Jupyter kernel a page.
    force : bool
        Whether to rebuild what has not changed, too.
    time_limit : float
        Seconds after which a page is given up.
    echo, progress
        Where lines go, and whether to draw a bar (by default on a terminal).
    """

    jobs: int
    engine: str
    dask: str | None = None
    force: bool = False
    time_limit: float = TIME_LIMIT_SECONDS
    echo: Echo = print
    progress: bool | None = None


@dataclass(frozen=True)
class Done:
    """How many pages a run wrote, found unchanged, and failed to make.

    Attributes
    ----------
    trouble : OSError or None
        What the disk refused, if anything; ``has_index`` whether manifest and index are new.
    """

    written: int
    unchanged: int
    failed: int
    trouble: OSError | None = None
    has_index: bool = True


def run(
    listed: Sequence[Job],
    how: How,
    *,
    press: str,
    out: Path,
    beside: Mapping[str, Laid] | None = None,
    facts: Mapping[str, Any] | None = None,
    failed: Path | None = None,
) -> Done:
    """Make the pages that are listed and not there yet, then manifest and index.

    Parameters
    ----------
    listed : sequence of Job
        All pages of the run.
    press : str
        Importable name of the house's `Press`.
    out : Path
        The folder of pages.
    beside : mapping, optional
        Pages that are put beside the briefs once, by their names in ``out``.
    facts : mapping, optional
        What the house wants to find in the manifest next time.
    failed : Path, optional
        Where the executed notebooks of failed pages are left; ``.failed`` in ``out`` by default.

    Raises
    ------
    OSError
        When the folder cannot be written; nothing is touched then.
    """
    house, left = named(press), failed or out / ".failed"
    old = manifest.read(out, house)
    if old["told"]:
        how.echo(old["told"])
    todo = [
        job
        for job in listed
        if how.force or not manifest.is_current(out, job.name, job.fingerprint, old["pages"])
    ]
    kept = {job.name: old["pages"][job.name] for job in listed if job not in todo}
    with manifest.workplace(out) as place:
        for name in kept:
            _executed(left, name).unlink(missing_ok=True)
        pages: dict[str, Any] = {}
        texts = beside or {}

        def strip(name: str, row: Mapping[str, Any]) -> str:  # of what is there already
            return frame.strip(name, old["pages"] | {name: row}, texts, house)

        with _begun(todo, how, press) as results:
            _lay(texts, out, place)  # while the first briefs are made
            shown = _shown(results, len(todo), how)
            trouble = _write(shown, out, left, place, pages, how.echo, strip)
        written = sum((out / name).is_file() for name in pages)
        done = Done(written, len(kept), len(todo) - written, trouble)
        try:
            whole = {"facts": facts or {}, "pages": kept | pages, "beside": texts, "press": house}
            manifest.finish(out, place, **whole)
        except OSError as error:
            return replace(done, trouble=trouble or error, has_index=False)
    return done


@contextmanager
def _begun(todo: list[Job], how: How, press: str) -> Iterator[Results]:
    """Begin all jobs; give each with its result, as they end."""
    if not todo:  # a run with nothing to do loads no threads
        yield iter(())
        return
    from briefpress import executors

    own = {"engine": how.engine, "jobs": how.jobs, "dask": how.dask, "limit": how.time_limit}
    with executors.begun(todo, press, **own) as results:
        yield results


def _shown(results: Results, total: int, how: How) -> Results:
    """Pass results on, with a bar on a terminal and plain lines in a log."""
    if total and (sys.stderr.isatty() if how.progress is None else how.progress):
        from tqdm import tqdm

        yield from tqdm(results, total=total, unit="brief", file=sys.stderr, leave=False)
        return
    for number, (job, result) in enumerate(results, start=1):
        yield job, result
        how.echo(f"[{number}/{total}] {job.name}")


def _lay(texts: Mapping[str, Laid], out: Path, place: Path) -> None:
    """Write the pages beside the briefs, where they are not there as they should be.

    All are on the disk before the first takes its place: a full disk leaves all as they were.
    """
    new = []
    for name, text in texts.items():
        path, mark = out / name, f"<!-- {text.key} --></html>\n"
        if not path.is_file() or not path.read_bytes().endswith(mark.encode()):
            page = text.make().rstrip().removesuffix("</html>")
            manifest.write_whole(place / name, page + mark, place)
            new.append(name)
    for name in new:
        (place / name).replace(out / name)


def _write(
    results: Results,
    out: Path,
    left: Path,
    place: Path,
    pages: dict[str, Any],
    echo: Echo,
    strip: Callable[[str, Mapping[str, Any]], str],
) -> OSError | None:
    """Write each page as it comes and list it; return what the disk refused, if anything.

    A failed page leaves its predecessor in place, and its executed notebook for diagnosis.
    """
    trouble = None
    for job, result in results:
        executed, error = _executed(left, job.name), result["error"]
        if error is None:
            row = manifest.entry(result["page"], job.fingerprint, result["about"])
            links = strip(job.name, row)
            page, row = manifest.framed(result["page"], row, links)
            try:
                manifest.write_whole(out / job.name, page, place)
            except OSError as problem:
                error, trouble = str(problem), problem
            else:
                pages[job.name] = row
                executed.unlink(missing_ok=True)
        if error is not None:
            echo(f"failed: {job.name}: {error}")
            if result["executed"]:
                with suppress(OSError):
                    manifest.write_whole(executed, result["executed"], place)
    return trouble


def _executed(left: Path, name: str) -> Path:
    """Return where the executed notebook of a failed page is left for diagnosis."""
    return left / (name.removesuffix(".html").replace("/", "-") + ".ipynb")
