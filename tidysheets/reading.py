"""One file, from its sheets to typed tables.

Answers: which tables a file holds, and which of its sheets were not read. Refuses: to guess.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tidysheets import cells, files, layout, lines, problems, rows
from tidysheets.problems import InputError, Problem
from tidysheets.schema import Schema
from tidysheets.tables import Table

SKIPPED: Final = ("_", "#")  # how the name of a sheet begins that is not to be read
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
    recognised: list[Table] = []
    ignored: list[Problem] = []
    names, said = ", ".join(schema.filled), schema.sentences
    with collection_paused():
        for sheet in files.read(path):
            if _is_skipped(sheet.name) or not _is_filled(sheet):
                continue
            named = next((n for n in schema.filled if n in f"{path.stem} {sheet.name}"), "")
            header, why = layout.recognise(sheet, schema, hint=hint or named, stem=path.stem)
            ignored += why
            if header:
                is_long = sheet.is_text and len(sheet.rows) > lines.FEW
                kept = lines.Packed(sheet.rows) if is_long else None
                for table in rows.from_sheet(sheet, header, schema):
                    recognised.append(replace(table, lines=kept) if kept else table)
            elif not why:
                code = "sheet_unread" if _has_figures(sheet) else "sheet_ignored"
                facts: dict[str, Any] = {"tables": names, "said": said}
                ignored.append(problems.make(code, path.name, sheet=sheet.name, **facts))
    if recognised:
        if not any(len(table.rows) for table in recognised):
            ignored.append(problems.make("no_rows", path.name, said=said))
        return recognised, ignored
    unclear = [p for p in ignored if p.code not in ("sheet_ignored", "sheet_unread")]
    if unclear:
        raise InputError(unclear)
    code = "nothing_recognised" if ignored else "file_empty"
    raise InputError([problems.make(code, path.name, tables=names, said=said)])


def _is_skipped(name: str) -> bool:
    return name in OWN_SHEETS or name.startswith(SKIPPED)


def _has_figures(sheet: files.Sheet) -> bool:
    return any(cells.is_figure(cell) for row in sheet.rows for cell in row)


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
