"""One file, from its sheets to typed tables.

Answers: which tables a file holds, and which of its sheets were not read. Refuses: to guess.
"""

import gc
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tidysheets import cells, files, problems, tables
from tidysheets.addresses import letter
from tidysheets.body import rows
from tidysheets.header import blocks, layout
from tidysheets.header.headings import Header
from tidysheets.problems import InputError, Problem, Term
from tidysheets.schema import Schema
from tidysheets.tables import Table

SKIPPED: Final = ("_", "#")  # how the name of a sheet begins that is not to be read
COVERS: Final = ("封面", "封底", "扉页", "目录", "目次", "cover", "contents")  # of any workbook
OWN_SHEETS: Final = ("填表说明", "Notes", "_lists")  # those of a form that hold no figures


def read(path: Path, schema: Schema, *, hint: str = "") -> tuple[list[Table], list[Problem]]:
    """Return the tables of one file, and the problems of its sheets that were not read.

    Parameters
    ----------
    path : Path
        A .xlsx, .xlsm, .xls, .ods, .csv, .tsv or .txt file.
    schema : Schema
        The tables to look for.
    hint : str
        The table that the file is taken to hold, where its headings fit several.

    Raises
    ------
    InputError
        When the file cannot be read, or holds none of the tables.
    """
    said = schema.sentences
    with collection_paused():
        sheets = [sheet for sheet in files.read(path) if not _is_skipped(sheet.name)]
        recognised, ignored = _recognised(sheets, path, schema, hint)
        if not recognised and path.suffix.lower() in files.TEXT and (again := _in_big5(path)):
            found, why = _recognised(again, path, schema, hint)
            if found or _unclear(why):
                recognised, ignored = found, why
    if recognised:
        if not any(len(table.rows) for table in recognised):
            ignored.append(problems.make("no_rows", path.name, said=said))
        return recognised, ignored
    if unclear := _unclear(ignored):
        raise InputError(unclear)
    code = "nothing_recognised" if ignored else "file_empty"
    first = next((cells.filled(row) for sheet in sheets for row in sheet.rows if any(row)), {})
    found = " ".join(map(str, first.values()))  # most likely the headings meant
    raise problems.refused(code, path.name, found=found, tables=_names(schema), said=said)


def _names(schema: Schema) -> Term:
    """Return what messages call the tables that people fill in."""
    return Term.joined(schema.called.get(table, table) for table in schema.filled)


def _unclear(ignored: list[Problem]) -> list[Problem]:
    """Return the problems that say why a sheet that fits was not read."""
    return [p for p in ignored if p.code not in ("sheet_ignored", "sheet_unread")]


def _recognised(
    sheets: list[files.Sheet], path: Path, schema: Schema, hint: str
) -> tuple[list[Table], list[Problem]]:
    recognised, ignored = list[Table](), list[Problem]()
    for own in filter(_is_filled, sheets):
        sheet = replace(own, said=schema.sentences)
        named = next((n for n in schema.filled if n in f"{path.stem} {sheet.name}"), "")
        for part, header, why in _headers(sheet, schema, hint or named, path.stem):
            ignored += why
            if header:
                is_long = part.is_text and len(part.rows) > tables.FEW_LINES
                kept, told = tables.Packed(part.rows) if is_long else None, list[Problem]()
                for own in _with_other(part, header, schema, path.stem):
                    for table in rows.from_sheet(part, own, schema):
                        once = [problem for problem in table.problems if problem not in told]
                        told += once
                        kept_lines = kept or table.lines
                        recognised.append(replace(table, problems=once, lines=kept_lines))
            elif not why:
                code = "sheet_unread" if _has_figures(part) else "sheet_ignored"
                facts: dict[str, Any] = {"tables": _names(schema)}
                facts["said"] = schema.sentences
                ignored.append(problems.make(code, path.name, sheet=part.name, **facts))
    return recognised, ignored


def _headers(
    sheet: files.Sheet, schema: Schema, hint: str, stem: str
) -> Iterator[tuple[files.Sheet, Header | None, list[Problem]]]:
    """Yield the parts of a sheet with their headers: one, or tables that stand side by side."""
    header, why = layout.recognise(sheet, schema, hint=hint, stem=stem)
    is_twice = header and any(problem.code == "column_twice" for problem in header.problems)
    parts = blocks.side_by_side(sheet, header) if header and is_twice else []
    gap = blocks.apart(sheet, header, schema) if header else None
    if header and gap is not None and _stand_apart(sheet, header.row, gap):
        yield sheet, None, [_beside(sheet, header.row, gap)]
    elif len(parts) < 2:
        yield sheet, header, why
    for part in parts if len(parts) > 1 else ():
        yield part, *layout.recognise(part, schema, hint=hint, stem=stem)


def _with_other(sheet: files.Sheet, header: Header, schema: Schema, stem: str) -> Iterator[Header]:
    """Yield the header, and that of a table of the same rows whose figures stand beside its own.

    What towns have done and their tasks (完成数, 任务数) are two tables: the other is read too
    where it lacks nothing, a year of the tasks for one.
    """
    doubted = [doubt.problem for doubt in header.doubts]
    aside = {p.address: p for p in (*header.problems, *doubted) if p.code == "figure_aside"}
    own, read, others = _figures(header), set[Problem](), list[Header]()
    for table in dict.fromkeys(dict(problem.facts)["table"] for problem in aside.values()):
        other, _ = layout.recognise(sheet, schema, stem=stem, only=table)
        if other is None or other.row != header.row or not _is_whole(other, schema):
            continue
        series = tuple(s for s in other.series if own.isdisjoint(at for at, _ in s.places.values()))
        told = tuple(p for p in other.problems if p.code == "taken_from_title")
        others += [replace(other, series=series, problems=told, doubts=())] if series else []
        cells = {f"{letter(at)}{other.row + 1}" for at in _figures(other) - own}
        read |= {aside[cell] for cell in cells & set(aside)}
    left = tuple(problem for problem in header.problems if problem not in read)
    doubts = tuple(doubt for doubt in header.doubts if doubt.problem not in read)
    yield replace(header, problems=left, doubts=doubts)
    yield from others


def _figures(header: Header) -> set[int]:
    """Return where the columns of a header stand that are not the same for all its series."""
    places = {at for part in header.series for at, _ in part.places.values()}
    return places or {at for at, _ in header.places.values()}


def _is_whole(header: Header, schema: Schema) -> bool:
    """Tell whether a table has all columns that it needs, and a header without errors."""
    needed = {c.name for c in schema.tables[header.table].values() if c.required == "yes"}
    given = [{*header.places, *part.fixed, *part.places} for part in header.series]
    is_sound = all(problem.severity != "error" for problem in header.problems)
    return is_sound and all(needed <= own for own in given)


def _stand_apart(sheet: files.Sheet, row: int, gap: int) -> bool:
    """Tell whether each side of a blank column has figures of its own."""
    rows = sheet.rows[row + 1 :]
    sides = ([line[:gap] for line in rows], [line[gap + 1 :] for line in rows])
    return all(_has_figures(replace(sheet, rows=side)) for side in sides)


def _beside(sheet: files.Sheet, row: int, gap: int) -> Problem:
    heading = next(iter(cells.filled(sheet.rows[row][gap + 1 :]).values()), "")
    return sheet.problem("table_beside", row, gap + 1, found=heading)


def _in_big5(path: Path) -> list[files.Sheet]:
    """Return a text as one of Taiwan or Hong Kong; only headings can tell, so it is tried last."""
    try:
        return files.read(path, encodings=("big5hkscs",))
    except InputError:
        return []


def _is_skipped(name: str) -> bool:
    return name in OWN_SHEETS or name.startswith(SKIPPED)


def _has_figures(sheet: files.Sheet) -> bool:
    """Tell whether a sheet holds figures: dates of a cover and numbers before rows are none."""
    if sheet.name.strip().casefold() in COVERS:
        return False
    is_first = True
    for column in itertools.zip_longest(*sheet.rows):
        figures = [f"{cell}".removesuffix(".0") for cell in column if cells.is_figure(cell)]
        counted = [f"{i + 1}" for i in range(len(figures))]
        if figures and not (is_first and figures == counted):
            return True
        is_first = is_first and not cells.filled(column)
    return False


def _is_filled(sheet: files.Sheet) -> bool:
    return any(any(cell != "" for cell in row) for row in sheet.rows)


@contextmanager
def collection_paused() -> Iterator[None]:
    """Cells form no cycles: searching millions of them for some would double the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
