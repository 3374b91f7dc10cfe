"""Rows that sum up those above them, or compare them: 合计, 同比增长, 2025年目标.

Answers: which rows are totals or comparisons, and whether totals are the sums of their rows.
Refuses: others.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from tidysheets import cells, quantities, tables
from tidysheets.files import Sheet
from tidysheets.header import times
from tidysheets.header.headings import Header
from tidysheets.problems import Problem
from tidysheets.quantities import GROUP, SUBTOTAL, TOTAL, is_sum, is_whole
from tidysheets.schema import Schema
from tidysheets.tables import Table
from tidysheets.units import key

_LEADING: Final = 6
_ENDS: Final = frozenset("计計和总總lLmM \t\n\xa0\u3000")
_SO_FAR = "进度"


def words(sheet: Sheet, header: Header, schema: Schema) -> dict[int, str]:
    """Return the lines whose first cells call themselves a total, with the word they use.

    A word to the right of the figures, in a note or a source, says nothing of the row.
    """
    found: dict[int, str] = {}
    start, aside, named = header.row + 1, _asides(header, schema), _named(header, schema)
    keys, known, when = *_comparing(header, schema), _time(header, schema)
    lines = range(start, len(sheet.rows))
    for first, pieces in tables.pieces(sheet, lines, width=_LEADING):
        for place, column in enumerate(pieces):
            if place in aside:
                continue
            likely = {c for c in set(column) if type(c) is str and c[-1:] in _ENDS}
            totals = {cell for cell in likely if len(cell) < 24 and TOTAL.fullmatch(key(cell))}
            if place in named:
                texts = {cell for cell in set(column) if type(cell) is str and len(cell) < _LEADING}
                whole = {c for c in texts if is_sum(key(c), schema.wholes)}
                totals |= {cell for cell in whole if key(cell) not in named[place]}
            texts = {c for c in set(column) if type(c) is str and len(c) < 24} if keys else set()
            if place == when:
                texts = {cell for cell in texts if not _may_be_own(cell, header, schema)}
            if words := {
                cell for cell in texts if quantities.compares(cell) and key(cell) not in known
            }:
                rows = (start + first + i for i, cell in enumerate(column) if cell in words)
                found |= {
                    i: sheet.rows[i][place] for i in rows if _is_own(sheet.rows[i], place, keys)
                }
            if totals:
                rows = (start + first + i for i, cell in enumerate(column) if cell in totals)
                found |= {
                    i: c for i in rows if not _heads(c := sheet.rows[i][place], sheet.rows[i])
                }
    return found


def _time(header: Header, schema: Schema) -> int | None:
    column = times.time_of(header.table, schema)
    return header.places[column.name][0] if column and column.name in header.places else None


def _may_be_own(text: str, header: Header, schema: Schema) -> bool:
    """Tell a time with a word that may mean the very figures: 2023年进度, 2023年目标 of tasks."""
    return header.table in schema.titles or _SO_FAR in text


def _heads(word: str, row: Sequence[Any]) -> bool:
    """Tell a heading of parts (街道), which sums nothing, from a total without figures (合计)."""
    return bool(GROUP.fullmatch(key(word))) and _is_alone(row)


def _named(header: Header, schema: Schema) -> dict[int, set[str]]:
    """Return the places of codes that tell rows apart, with the words that stand for a code."""
    own, meanings = schema.tables[header.table], schema.meanings[header.table]
    return {
        place: {*meanings.get(name, {}), key(heading)}
        for name, (place, heading) in header.places.items()
        if own[name].key and own[name].type == "code"
    }


def _comparing(header: Header, schema: Schema) -> tuple[set[int], set[str]]:
    """Return the places of the keys of rows that may compare figures, and the names of data.

    Only figures whose rows say what they are have such rows: firms are called what they like.
    """
    own, meanings = schema.tables[header.table], schema.meanings[header.table]
    if not times.figure_of(header.table, schema):
        return set(), set()
    keys = {name: place for name, (place, _) in header.places.items() if own[name].key}
    known = {word for name in keys for pair in meanings.get(name, {}).items() for word in pair}
    return {*keys.values()}, {*map(key, known), *schema.headings[header.table]}


def _is_own(row: Sequence[Any], place: int, keys: set[int]) -> bool:
    """Tell whether a word is of a whole row: it stands in a key, or where no key is filled in.

    One of a name alone heads the rows beneath it.
    """
    return not _is_alone(row) and (place in keys or not cells.filled(row).keys() & keys)


def _is_alone(row: Sequence[Any]) -> bool:
    return len(cells.filled(row)) < 2


def _asides(header: Header, schema: Schema) -> set[int]:
    """Return the first places to the right of a figure that are no part of the key."""
    own = schema.tables[header.table]
    keys = {place for name, (place, _) in header.read() if own[name].key}
    figures = [at for name, (at, _) in header.read() if own[name].is_figure]
    return {*range(min(figures, default=_LEADING), _LEADING)} - keys


def total_of_times(header: Header, table: Table, totals: Mapping[int, str], schema: Schema) -> str:
    """Return the word of a total beneath rows that only differ by their time: each is alone.

    Not where it states nothing, or only the last of the figures again, as one does that go on.
    """
    own, time = schema.tables[header.table], times.time_of(header.table, schema)
    figure = times.figure_of(header.table, schema)
    keys = [name for name in header.places if own[name].key]
    if not time or not figure or keys != [time.name]:
        return ""
    figures = table.frame[figure].dropna().tolist()
    again = figures[-1:] if len(figures) > 1 else []
    stated = [value for part in table.totals for value in part.frame[figure].dropna()]
    sums = (word for word in totals.values() if not quantities.compares(word))
    return next(sums, "") if any([value] != again for value in stated) else ""


def beside(
    sheet: Sheet, header: Header, lines: list[int], units: dict[str, str], schema: Schema
) -> Iterator[Table]:
    """Yield the columns of totals beside the columns that they sum up, row by row."""
    for part in header.totals:
        places, own = {**header.places, **part.places}, {**units, **part.units}
        kept: dict[str, Any] = {"units": own, "fixed": part.fixed}
        yield tables.typed(header.table, sheet, places, lines, schema, **kept)


def checked(
    table: Table,
    sheet: Sheet,
    places: dict[str, tuple[int, str]],
    totals: dict[int, str],
    units: dict[str, str],
) -> Table:
    """Return the table with its totals compared with the rows they sum, or kept beside it.

    A subtotal counts from the one before it, or to the next one where the first stands above all
    rows. Where rows do not add up of themselves, the totals of all are kept for whoever knows
    which do.
    """
    kept: dict[str, Any] = {"units": units, "fixed": table.fixed}
    if table.name not in table.schema.summed:
        for i, word in totals.items():
            code = "row_compares" if quantities.compares(word) else "total_row"
            table.problems.append(sheet.problem(code, i, found=word))
        wholes = [i for i, word in totals.items() if is_whole(key(word), table.schema.wholes)]
        return replace(
            table, totals=(tables.typed(table.name, sheet, places, wholes, table.schema, **kept),)
        )
    stated = tables.typed(table.name, sheet, places, list(totals), table.schema, **kept)
    faulty = {problem.column for problem in table.problems if problem.severity == "error"}
    summed = [
        name
        for name, column in table.schema.tables[table.name].items()
        if name in places and column.type == "float" and places[name][1] not in faulty
    ]
    subtotals = sorted(line for line, word in totals.items() if SUBTOTAL.fullmatch(key(word)))
    is_above = bool(subtotals) and subtotals[0] < min(table.rows, default=0)
    bounds = [*subtotals, len(sheet.rows)] if is_above else [0, *subtotals]
    parts = dict(zip(subtotals, itertools.pairwise(bounds), strict=False))
    for at, line in enumerate(totals):
        first, last = parts.get(line, (0, len(sheet.rows)))
        own = (table.rows > first) & (table.rows <= last)
        for name in summed:
            rows, unit = table.frame[name][own], units.get(name, "")
            table.problems.extend(differs(stated, at, name, rows, unit))
    return table


def differs(
    stated: Table, at: int, name: str, parts: pd.Series, unit: str = "", *, is_exact: bool = False
) -> list[Problem]:
    """Compare a total with its parts, allowing each part half a unit of the total's last digit.

    What is counted, and so ``is_exact``, is not rounded.
    """
    wanted = stated.schema.tables[stated.name][name].unit
    factor = float(stated.schema.units.factor(unit or wanted, wanted) or 1)
    total, expected = stated.frame[name].iloc[at] / factor, parts.sum() / factor
    written = f"{total:.10g}"
    digits = len(written.partition(".")[2])
    slack = 0.0 if is_exact else 0.5 * 10.0**-digits * (parts.count() + 1)
    if np.isnan(total) or abs(total - expected) <= max(slack, 1e-9 * abs(expected)):
        return []
    return [stated.problem("total_differs", at, name, expected=f"{expected:,.6g}")]
