"""The commands: ``fenghua report``, ``check``, ``build``, ``template``, ``demo``, ``verify``.

Answers: what a person or a scheduler types. Refuses: to hold any rule of its own.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from fenghua.inputs.vocabulary import AUDIENCES, LANGUAGES

_DATA = click.option(
    "--data", default="data/raw", show_default=True, help="Folder of the registers."
)
_ACTUALS = click.option(
    "--actuals", default=None, help="Folder of the actual figures.  [default: DATA/actuals or demo]"
)
_WORDS = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="zh-Hans", help="Language of the messages."
)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn bad input, and a place that cannot be written, into a message and exit code 2."""
    from tidysheets.problems import InputError

    try:
        yield
    except (InputError, ValueError, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fenghua")
def main() -> None:
    """Is the plan being met, where, and why not?

    Exit codes: 0 done; 1 a brief failed or a page differs; 2 bad input or usage.
    """
    # Reports print Chinese; a Windows console or a cron log may default to something else.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command()
@click.option(
    "--as-of",
    default="auto",
    show_default=True,
    help="Period: 2025, 2024-Q2 or 2024-06; auto takes the newest complete one.",
)
@click.option("--brief", "briefs", multiple=True, help="Only this brief (repeatable).")
@click.option("--town", default=None, help="Only this town's brief, by its 9-digit code.")
@click.option("--lead-unit", default=None, help="Only this lead unit's brief, by its id.")
@click.option(
    "--lang",
    "langs",
    type=click.Choice(LANGUAGES),
    multiple=True,
    default=("zh-Hans",),
    show_default=True,
    help="Language of the pages (repeatable).",
)
@click.option("--audience", type=click.Choice(AUDIENCES), default="public", show_default=True)
@_DATA
@_ACTUALS
@click.option("--out", default="reports", show_default=True, help="Folder of the pages.")
@click.option("--jobs", type=int, default=None, help="Worker processes.  [default: the cores]")
@click.option("--dask", default=None, metavar="ADDRESS", help="Send the work to a Dask cluster.")
@click.option("--engine", type=click.Choice(["fenghua", "kernel"]), default="fenghua")
@click.option("--force", is_flag=True, help="Rebuild pages that have not changed, too.")
def report(**options: Any) -> None:
    """Write the briefs as HTML pages."""
    from fenghua import report as issue

    sys.exit(issue.report(**options))


@main.command()
@_DATA
@_ACTUALS
@_WORDS
@click.option("--json", "as_json", is_flag=True, help="One JSON document for machines.")
@click.option("--fix-report", type=click.Path(), help="Workbook with the faulty cells coloured.")
def check(
    data: str, actuals: str | None, lang: str, *, as_json: bool, fix_report: str | None
) -> None:
    """Check the input files, naming every problem and its remedy."""
    from fenghua.inputs import dataset, places
    from tidysheets import problems

    found = dataset.check(data, actuals)
    place = Path(actuals or data)
    with suppress(OSError):  # a folder that cannot be looked into is among the problems found
        place = places.actuals(places.located(Path(data)), actuals)
    if as_json:
        click.echo(json.dumps([problem.as_dict() for problem in found], ensure_ascii=False))
    else:
        click.echo(problems.report(found, lang))
        click.echo(f"fenghua check: {problems.counts(found, place, lang)}")
    if fix_report and found:
        from tidysheets import coloured as workbook

        with _refusing():
            workbook.write(fix_report, found, places.files(place), lang=lang)
    sys.exit(2 if any(problem.severity == "error" for problem in found) else 0)


@main.command()
@_DATA
@_ACTUALS
@click.option("--out", default="data/processed", show_default=True)
def build(data: str, actuals: str | None, out: str) -> None:
    """Write the validated tables as CSV and Parquet with a datapackage.json."""
    from fenghua import processed

    sys.exit(processed.build(data, actuals, out=out))


@main.command()
@click.argument("out", type=click.Path(dir_okay=False))
@_DATA
@_WORDS
def template(out: str, data: str, lang: str) -> None:
    """Write an input workbook with drop-downs, units and examples to OUT."""
    from fenghua.inputs import template as workbook

    with _refusing():
        click.echo(workbook.write(out, data, lang=lang))


@main.command()
@click.argument("directory", type=click.Path(file_okay=False))
@click.option("--enterprises", type=click.IntRange(min=1), default=2300, show_default=True)
@click.option("--seed", type=int, default=2022, show_default=True)
@_DATA
def demo(directory: str, enterprises: int, seed: int, data: str) -> None:
    """Write synthetic actual figures to DIRECTORY, marked as such."""
    from fenghua_demo import indicators as generator

    with _refusing():
        for path in generator.write(directory, enterprises=enterprises, seed=seed, data=data):
            click.echo(path)


@main.command()
@click.argument("page", type=click.Path())
def verify(page: str) -> None:
    """Recompute the figures of a brief from the data inside it."""
    from fenghua import verify as verifier

    lines, code = verifier.verify(page)
    click.echo("\n".join(lines))
    sys.exit(code)


@main.command("export")
@click.argument("page", type=click.Path())
@click.argument("out", type=click.Path(dir_okay=False))
def export_(page: str, out: str) -> None:
    """Write the tables of a brief to a workbook, formulas neutralised."""
    from fenghua import export as workbook

    with _refusing():
        click.echo(f"{out}: {workbook.export(page, out)} tables")


@main.command("new-plan")
@click.argument("directory", type=click.Path(file_okay=False))
@_DATA
def new_plan(directory: str, data: str) -> None:
    """Write annotated empty registers for another plan to DIRECTORY."""
    from fenghua.inputs import new_plan as registers

    with _refusing():
        for path in registers.write(directory, data=data):
            click.echo(path)
