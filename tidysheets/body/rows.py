"""Which rows beneath a header are data.

Answers: the tables of one sheet. Refuses: to count totals, notes and examples as data.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from tidysheets import cells, signs, tables
from tidysheets.body import fills, groups, summed
from tidysheets.files import Sheet
from tidysheets.header import blocks, column_units, times, unread
from tidysheets.header.headings import Header, Series
from tidysheets.problems import Problem, simplified
from tidysheets.schema import Schema
from tidysheets.tables import Table
from tidysheets.units import plain

_SIGNED = re.compile(
    r"(?:(?:填报|填表|制表|审核|复核|联系|(?:单位|部门|统计)?负责)(?:人|人员)|联系电话"
    r"|(?:填报|填表|制表|报出|报送)(?:日期|时间|单位))(?::.*)?|(?:填报|填表|制表|审核|复核):.*"
)
_SIGNERS: Final = frozenset("填制審审製复複联聯单單部统統负負报報")
_CODE = re.compile("[!-~]+")
_EXAMPLE = re.compile(r"(示例|样例|example)([\s:：/].*)?", re.IGNORECASE)


def from_sheet(sheet: Sheet, header: Header, schema: Schema) -> list[Table]:
    """Return the data beneath a header, one table for each series; totals are left out and checked.

    A plain sheet gives one table; one with years, towns or indicators across the top gives one
    for each of them, of the rows that have a figure there.
    """
    sheet, of_fills = fills.filled(sheet, header, schema)
    lines, totals, notes = _sorted_lines(sheet, header, schema)
    lines = _without_begun(sheet, header, lines, schema)
    beneath, numbered = column_units.rows_beneath(sheet, schema, lines)
    passed = {*totals, *beneath}
    units, unfit = column_units.beneath(sheet, header.table, header, beneath, schema)
    asides = _asides(sheet, header, [*lines, *passed], notes)
    units_in_notes, odd_units = column_units.in_notes(sheet, header, asides, schema)
    units = units_in_notes | units
    notes += numbered + unfit + odd_units
    notes += column_units.assumed(sheet, header, units, lines, schema)
    width, odd = unread.beneath(sheet, header, lines, schema)
    notes += odd + of_fills + _beyond(sheet, width, lines)
    notes += _missing(sheet, header, lines, schema)
    figures = _with_figures(sheet, lines, header)
    column, values = groups.headed(sheet, header, lines, passed, schema)
    notes += groups.heads(sheet, header, figures, passed | {*values}, schema)
    if values:
        label = schema.tables[header.table][column].label()
        place = min(cells.filled(sheet.rows[min(values)]))
        notes.append(sheet.problem("heads_read", min(values), place, label=label))
    found = []
    for series in header.series:
        places = {**header.places, **series.places}
        kept = [line for line in lines if not series.places or _has_figure(sheet, line, series)]
        of_series, unfit = column_units.beneath(sheet, header.table, series, beneath, schema)
        notes += unfit
        own_units = units | of_series
        table = tables.typed(
            header.table, sheet, places, kept, schema, units=own_units, fixed=series.fixed
        )
        table = groups.told(table, column, values) if values else table
        if totals:
            table = summed.checked(table, sheet, places, totals, own_units)
        alone = header.alone or summed.total_of_times(header, table, totals, schema)
        found.append(replace(table, alone=alone, above=header.above))
    beside = summed.beside(sheet, header, lines, units, schema)
    found[0] = replace(found[0], totals=(*found[0].totals, *beside))
    found[0].problems[:0] = [*sheet.problems, *header.problems, *notes]
    return found


def _missing(sheet: Sheet, header: Header, lines: list[int], schema: Schema) -> list[Problem]:
    """Leave out the rows of a list that say themselves that there is no figure (—)."""
    value = times.figure_of(header.table, schema)
    if value not in header.places:
        return []
    place = header.places[value][0]
    marks = {cell for cell in {sheet.cell(i, place) for i in lines} if _is_mark(cell)}
    if not marks:
        return []
    marked = [i for i in lines if sheet.cell(i, place) in marks]
    lines[:] = sorted(set(lines) - set(marked))
    told = {"column": header.places[value][1], "count": len(marked)}
    return [sheet.problem("marked_missing", marked[0], place, **told)]


def _is_mark(cell: Any) -> bool:
    return isinstance(cell, str) and bool(cell.strip()) and cells.is_missing(cell.strip())


def _without_begun(sheet: Sheet, header: Header, lines: list[int], schema: Schema) -> list[int]:
    """Leave out the rows of a form in which nothing was filled in."""
    begun = schema.begun.get(header.table, ())
    if not begun or header.series != (Series(),):
        return lines
    places = {name: place for name, (place, _) in header.places.items()}
    return [i for i in lines if not _is_begun(sheet.rows[i], places, begun)]


def _is_begun(row: list[Any], places: Mapping[str, int], begun: Collection[str]) -> bool:
    filled = {n for n, at in places.items() if at < len(row) and row[at] not in ("", None)}
    return bool(filled) and filled <= set(begun)


def _has_figure(sheet: Sheet, line: int, series: Series) -> bool:
    own = [sheet.cell(line, place) for place, _ in series.places.values()]
    return any(not cells.is_missing(str(cell).strip()) for cell in own if cell is not None)


def _with_figures(sheet: Sheet, lines: list[int], header: Header) -> set[int]:
    if not all(own.places for own in header.series):
        return set(lines)
    return {i for i in lines if any(_has_figure(sheet, i, own) for own in header.series)}


def _beyond(sheet: Sheet, width: int, lines: list[int]) -> list[Problem]:
    """Refuse rows of a text with more fields than headings; name such cells of a workbook."""
    longer = [i for i in lines if len(sheet.rows[i]) > width]
    wide = [i for i in longer if cells.filled(sheet.rows[i][width:])]
    if sheet.is_text:
        found = [(i, len(sheet.rows[i])) for i in wide]
        return [sheet.problem("row_width", i, found=n, expected=width) for i, n in found]
    if not wide:
        return []
    place = width + min(cells.filled(sheet.rows[wide[0]][width:]))
    return [sheet.problem("cells_beyond", wide[0], place, count=len(wide))]


def _sorted_lines(
    sheet: Sheet, header: Header, schema: Schema
) -> tuple[list[int], dict[int, str], list[Problem]]:
    """Return the lines of data, those of totals with their words, and what was left out."""
    placed = [place for series in header.series for place in series.places.values()]
    named = groups.names(header, schema)
    few = max(1, (len(header.places) + len(placed)) // 3)
    notes: list[Problem] = []
    totals = summed.words(sheet, header, schema)
    again = blocks.standing_again(sheet, header)
    kept = [
        i
        for i in range(header.row + 1, len(sheet.rows))
        if (len(row := sheet.rows[i]) - row.count("") > few or not _is_aside(row, named, schema))
        and not _is_signed(row)
        and i not in totals
        and i not in again
        and not groups.is_head(row, header, schema)
    ]
    notes += blocks.another(sheet, header, _passed(sheet, kept, totals), kept, schema)
    if notes:  # nothing beneath belongs to this table, nor repeats it
        end = (notes[0].row or 1) - 1
        kept, totals = [i for i in kept if i < end], {i: w for i, w in totals.items() if i < end}
    if kept and (label := _example(sheet.rows[kept[0]])):
        notes.append(sheet.problem("example_row", kept.pop(0), found=label))
    return kept, totals, notes


def _is_signed(row: list[Any]) -> bool:
    """Tell a line that says who filled in the form, however many cells it has."""
    first = row[0] if row and row[0] else next(iter(cells.filled(row).values()), 0)
    if type(first) is not str or first.lstrip()[:1] not in _SIGNERS:  # most rows: this is cheap
        return False
    return bool(_SIGNED.fullmatch(plain(simplified(first.strip()))))


def _is_aside(row: list[Any], named: Collection[str], schema: Schema) -> bool:
    """Tell a blank line, a note or a title; the name of a datum is none, however long."""
    texts = [*cells.filled(row).values()]
    words = [str(cell).strip() for cell in texts]
    if not any(words):
        return True
    if not all(isinstance(cell, str) and not isinstance(cell, cells.Odd) for cell in texts):
        return False
    first = plain(simplified(words[0]))
    if len(words) == 1 and signs.has_note(words[0][:1]):  # ①不含在建项目
        return True
    if len(words) > 1:  # a firm may be called 联系科技: beside other cells a note shows its colon
        return bool(blocks.NOTE.fullmatch(first))
    is_long = len(words[0]) > 8 and not _CODE.fullmatch(words[0])
    return bool(blocks.NOTE.match(first)) or (is_long and groups.bare(first, schema) not in named)


def _asides(
    sheet: Sheet, header: Header, known: Collection[int], notes: list[Problem]
) -> Iterator[int]:
    """Yield the lines beneath a header that are no data, up to a second table."""
    second = next((problem.row for problem in notes if problem.code == "another_table"), None)
    end = (second or len(sheet.rows) + 1) - 1
    return groups.between(header.row, end, known)


def _passed(sheet: Sheet, kept: list[int], totals: Collection[int]) -> list[int]:
    """Return the lines among the data that are neither data nor totals, notes or blank."""
    between = groups.between(kept[0], kept[-1], [*kept, *totals]) if kept else ()
    firsts = {line: next(iter(cells.filled(sheet.rows[line]).values()), "") for line in between}
    return [
        line for line, cell in firsts.items() if cell != "" and not blocks.NOTE.match(plain(cell))
    ]


def _example(row: list[Any]) -> str:
    first = str(next(iter(cells.filled(row).values()), "")).strip()
    return first if _EXAMPLE.fullmatch(first) else ""
