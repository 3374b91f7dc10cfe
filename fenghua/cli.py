"""The commands: ``fenghua report``, ``check``, ``build``, ``template``, ``init`` and the rest.

Answers: what a person or a scheduler types. Refuses: to hold any rule of its own.
"""

import atexit
import gc
import json
import locale
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fenghua import ending, shipped
from fenghua.inputs import places
from fenghua.inputs.vocabulary import AUDIENCES, LANGUAGES
from tidysheets import signs

if TYPE_CHECKING:
    from fenghua.inputs.dataset import Dataset
    from tidysheets.problems import Problem


class _Place(click.Path):
    """A path or address: an empty one is a script's variable that was never set."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path as it was typed."""
        if value == "":
            self.fail("it is empty; leave it out, or say what is meant", param, ctx)
        return super().convert(value, param, ctx)


_GARBAGE = 100_000  # objects more than before, until somebody looks which are needed no longer
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def _folder(name: str, about: str, **how: Any) -> Callable[[Any], Any]:
    """Return an option that is a path."""
    return click.option(name, type=_Place(), help=about, **how)


_DATA = _folder("--data", "Folder of the registers.", default="data/raw", show_default=True)
_ACTUALS = _folder("--actuals", "Folder of the actual figures.  [default: DATA/actuals or demo]")
_EXAMPLE = _folder(
    "--data",
    "Folder of the registers.  [default: data/raw, else those that come with the package]",
)
_WORDS = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=lambda: _language(),
    help="Language of the messages.  [default: the system's]",
)


def _language() -> str:
    """Return the language of the system; Chinese where it says none."""
    named = next((os.environ[key] for key in _LOCALES if os.environ.get(key)), "")
    named = named or locale.setlocale(locale.LC_CTYPE)  # getlocale calls a silent one en_US
    if named.startswith(("zh_TW", "zh_HK", "zh_MO", "Chinese (Traditional)")):
        return "zh-Hant"
    silent = named.split(".")[0] in ("", "C", "POSIX")
    return "zh-Hans" if silent or named.startswith(("zh", "Chinese")) else "en"


def _say(text: object, *, err: bool = False) -> None:
    """Print lines as a terminal may show them: control and direction signs spelled out."""
    click.echo("\n".join(map(signs.harmless, str(text).split("\n"))), err=err)


def _log(line: str) -> None:
    """Print a line of a run, which goes on without its log; the end of the command tells of it."""
    with suppress(OSError):
        _say(line)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn bad input, and a place that cannot be written, into a message and exit code 2."""
    from tidysheets.problems import InputError

    try:
        yield
    except (InputError, ValueError, FileExistsError, FileNotFoundError) as error:
        _say(error, err=True)
        sys.exit(2)
    except OSError as error:  # all that is written here is written whole or not at all
        _say(f"{ending.refusal(error)}; nothing was written", err=True)
        sys.exit(2)


@click.group(cls=ending.Ending, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fenghua")
def main() -> None:
    """Is the plan being met, where, and why not?

    Exit codes: 0 done; 1 a brief or a plan failed, or a page differs; 2 bad input or usage.
    """
    atexit.register(gc.freeze)  # looking for garbage in what ends anyway takes a fifth of a second
    gc.set_threshold(_GARBAGE)  # a short life: looking seldom takes a twentieth less
    ending.keep_interrupts()
    # Reports print Chinese; a Windows console or a cron log may default to something else.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command()
@click.argument("notebooks", nargs=-1, type=_Place())
@click.option(
    "--as-of",
    default="auto",
    show_default=True,
    help="Period: 2025, 2024-Q2 or 2024-06; auto takes the newest complete one.",
)
@click.option("--brief", "briefs", multiple=True, help="Only this brief (repeatable).")
@click.option("--town", default=None, help="Only this town's brief, by its 9-digit code.")
@click.option("--lead-unit", default=None, help="Only this lead unit's brief, by its id.")
@click.option("--industry", default=None, help="Only this industry, by its digits of GB/T 4754.")
@click.option(
    "-p", "parameters", nargs=2, multiple=True, metavar="NAME VALUE",
    help="Any other parameter of a notebook, such as: -p compare_year 2022 (repeatable).",
)  # fmt: skip
@click.option(
    "--lang", "langs", type=click.Choice(LANGUAGES), multiple=True, default=("zh-Hans",),
    show_default=True, help="Language of the pages (repeatable).",
)  # fmt: skip
@click.option(
    "--audience", type=click.Choice(AUDIENCES), default="public", show_default=True,
    help="Readers: internal pages may show single enterprises.",
)  # fmt: skip
@_folder(
    "--data",
    "Folder of the registers, or of several plans (repeatable).",
    multiple=True,
    default=("data/raw",),
    show_default=True,
)
@_ACTUALS
@_folder("--out", "Folder of the pages.  [default: reports or reports-internal]")
@click.option(
    "--jobs", type=int, default=None,
    help="Pages made at once here; 0: in this very process.  [default: cores + 1]",
)  # fmt: skip
@_folder("--dask", "Send the work to the workers of a Dask cluster.", metavar="ADDRESS")
@click.option(
    "--engine", type=click.Choice(["fenghua", "kernel"]), default="fenghua", show_default=True,
    help="What runs the cells: warm processes, or a Jupyter kernel a page (slower).",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Rebuild pages that have not changed, too.")
@click.option("--revise", is_flag=True, help="Replace the newest public edition: it had an error.")
def report(notebooks: tuple[str, ...], briefs: tuple[str, ...], **options: Any) -> None:
    """Write the briefs as HTML pages, or the NOTEBOOKS named: any notebook becomes a page."""
    from fenghua import report as run

    sys.exit(run.report(briefs=(*briefs, *notebooks), echo=_log, **options))


@main.command()
@_DATA
@_ACTUALS
@_WORDS
@click.option("--json", "as_json", is_flag=True, help="One JSON document for machines.")
@_folder("--fix-report", "New workbook with the faulty cells coloured.")
def check(
    data: str, actuals: str | None, lang: str, *, as_json: bool, fix_report: str | None
) -> None:
    """Check the input files, naming every problem and its remedy."""
    from fenghua.inputs import dataset

    with _refusing():
        places.own(data)
        if fix_report:  # a slip would paint over the user's own file
            shipped.refuse_unfit(fix_report)
    read, found = dataset.examined(data, actuals)
    place = Path(actuals or data)
    with suppress(OSError):  # a folder that cannot be looked into is among the problems found
        place = places.actuals(places.located(Path(data)), actuals)
    if as_json:
        _say(json.dumps([problem.as_dict() for problem in found], ensure_ascii=False))
    else:
        _tell(read, found, place, lang)
    if fix_report and found:
        from tidysheets import coloured as workbook

        with _refusing():
            workbook.write(fix_report, found, places.files(place), lang=lang)
    sys.exit(2 if any(problem.severity == "error" for problem in found) else 0)


def _tell(read: "Dataset | None", found: "list[Problem]", place: Path, lang: str) -> None:
    """Print the problems, how many there are, what was read and what that is enough for."""
    from fenghua import summary
    from fenghua.display.wording import Words
    from tidysheets import problems

    words = Words(lang)
    if found:
        _say(problems.report(found, lang))
    _say(f"fenghua check: {problems.counts(found, place, lang)}")
    _say("\n".join(summary.lines(read, lang)) if read else words("check.not_read"))


@main.command()
@_DATA
@_ACTUALS
@_folder("--out", "Folder of the tables.", default="data/processed", show_default=True)
def build(data: str, actuals: str | None, out: str) -> None:
    """Write the validated tables as CSV and Parquet with a datapackage.json."""
    from fenghua import processed

    with _refusing():
        places.own(data)
    sys.exit(processed.build(data, actuals, out=out, echo=_say))


@main.command()
@click.argument("out", type=_Place())
@_EXAMPLE
@click.option(
    "--lang", type=click.Choice(LANGUAGES), default=lambda: _language(),
    help="Language of the workbook; zh-Hant is written as zh-Hans.  [default: the system's]",
)  # fmt: skip
def template(out: str, data: str | None, lang: str) -> None:
    """Write an input workbook with drop-downs, units and examples to OUT, a new file."""
    from fenghua.inputs import template as workbook

    with _refusing():
        shipped.refuse_unfit(out)
        _say(workbook.write(out, shipped.registers(data), lang=lang))


@main.command()
@click.argument("directory", type=_Place())
def init(directory: str) -> None:
    """Write a working folder with notebooks, registers and demo data: a new DIRECTORY."""
    with _refusing():
        written = shipped.write_folder(directory)
        place = f'"{directory}"' if " " in directory else directory
        _say(f"{len(written)} files in {directory}; next: cd {place}, fenghua report")


@main.command()
@click.argument("directory", type=_Place())
@click.option("--enterprises", type=click.IntRange(min=1), default=2300, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=2022, show_default=True)
@_EXAMPLE
def demo(directory: str, enterprises: int, seed: int, data: str | None) -> None:
    """Write synthetic actual figures to DIRECTORY, marked as such; it may hold nothing else."""
    from fenghua_demo import indicators as generator

    with _refusing():
        given = {"enterprises": enterprises, "seed": seed, "data": shipped.registers(data)}
        for path in generator.write(directory, **given):
            _say(path)


@main.command()
@click.argument("page", type=_Place())
def verify(page: str) -> None:
    """Recompute the figures of a brief from the data inside it."""
    from fenghua import verify as verifier

    lines, code = verifier.verify(page)
    _say("\n".join(lines))
    sys.exit(code)


@main.command("export")
@click.argument("page", type=_Place())
@click.argument("out", type=_Place())
def export_(page: str, out: str) -> None:
    """Write the tables of a brief to a workbook, a new file, formulas neutralised."""
    from fenghua import export

    with _refusing():
        shipped.refuse_unfit(out)
        _say(f"{out}: {export.export(page, out)} tables")


@main.command("new-plan")
@click.argument("directory", type=_Place())
@_EXAMPLE
def new_plan(directory: str, data: str | None) -> None:
    """Write empty registers for another plan, with a guide to its first page: a new DIRECTORY."""
    from fenghua import new_plan as folder

    with _refusing():
        for path in folder.write(directory, registers=shipped.registers(data)):
            _say(path)
        _say(f"next: open {Path(directory) / 'README.md'} (README.zh.md 为中文)")
