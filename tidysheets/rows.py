"""Which rows beneath a header are data.

Answers: the tables of one sheet. Refuses: to count totals, notes and examples as data.
"""

import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from tidysheets import (
    across,
    below,
    blocks,
    cells,
    groups,
    merges,
    parts,
    signs,
    summed,
    tables,
    unread,
)
from tidysheets.across import Series
from tidysheets.addresses import letter
from tidysheets.files import Sheet
from tidysheets.headings import Header
from tidysheets.problems import Problem, simplified
from tidysheets.schema import Schema
from tidysheets.tables import Table
from tidysheets.units import key, plain

_SIGNED = re.compile(
    r"(?:(?:填报|填表|制表|审核|复核|联系|(?:单位|部门|统计)?负责)(?:人|人员)|联系电话"
    r"|(?:填报|填表|制表|报出|报送)(?:日期|时间|单位))(?::.*)?|(?:填报|填表|制表|审核|复核):.*"
)
_SIGNERS: Final = frozenset("填制審审製复複联聯单單部统統负負报報")
_CODE = re.compile("[!-~]+")
_EXAMPLE = re.compile(r"(示例|样例|example)([\s:：/].*)?", re.IGNORECASE)
_UNIT_WORDS: Final = ("单位", "计量单位", "unit")
_LETTERED: Final = frozenset("甲乙丙丁戊")
_UNDER_HEADINGS: Final = 4  # so many rows of units and numbers at most


def from_sheet(sheet: Sheet, header: Header, schema: Schema) -> list[Table]:
    """Return the data beneath a header, one table for each series; totals are left out and checked.

    A plain sheet gives one table; one with years, towns or indicators across the top gives one
    for each of them, of the rows that have a figure there.
    """
    sheet, merged = merges.filled(sheet, header, schema)
    sheet = parts.quarters(parts.joined(sheet, header, schema), header, schema)
    sheet, dated = parts.completed(sheet, header, schema)
    lines, totals, notes = _sorted_lines(sheet, header, schema)
    lines = _without_begun(sheet, header, lines, schema)
    beneath, numbered = _unit_rows(sheet, schema, lines)
    units, unfit = _units_beneath(sheet, header.table, header, beneath, schema)
    asides = _asides(sheet, header, lines, {*totals, *beneath}, notes)
    told, odd_units = below.units(sheet, header, asides, schema)
    notes += numbered + unfit + odd_units
    notes += _without_unit(sheet, header, {**told, **units}, lines, schema)
    width, odd = unread.beneath(sheet, header, lines, schema)
    notes += odd + merged + dated + _beyond(sheet, width, lines)
    notes += _missing(sheet, header, lines, schema)
    figures = _with_figures(sheet, lines, header)
    column, values = groups.headed(sheet, header, lines, {*totals, *beneath}, schema)
    notes += groups.heads(sheet, header, figures, {*totals, *beneath, *values}, schema)
    if values:
        label = schema.tables[header.table][column].label()
        place = min(cells.filled(sheet.rows[min(values)]))
        notes.append(sheet.problem("heads_read", min(values), place, label=label))
    alone = header.alone or parts.summed_by(header, totals.values(), schema)
    found = []
    for series in header.series:
        places = {**header.places, **series.places}
        kept = [line for line in lines if not series.places or _has_figure(sheet, line, series)]
        of_series, unfit = _units_beneath(sheet, header.table, series, beneath, schema)
        notes += unfit
        own_units = {**told, **units, **of_series}
        table = tables.typed(
            header.table, sheet, places, kept, schema, units=own_units, fixed=series.fixed
        )
        table = groups.told(table, column, values) if values else table
        if totals:
            table = summed.checked(table, sheet, places, totals, own_units)
        found.append(replace(table, alone=alone, above=header.above))
    beside = summed.beside(sheet, header, lines, {**told, **units}, schema)
    found[0] = replace(found[0], totals=(*found[0].totals, *beside))
    found[0].problems[:0] = [*sheet.problems, *header.problems, *notes]
    return found


def _missing(sheet: Sheet, header: Header, lines: list[int], schema: Schema) -> list[Problem]:
    """Leave out the rows of a list that say themselves that there is no figure (—)."""
    value = across.figure_of(header.table, schema)
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


def _between(first: int, lines: list[int], end: int) -> Iterator[int]:
    """Yield the lines behind a header that are not among some, up to an end."""
    before = first
    for line in itertools.chain(lines, [end]):
        yield from range(before + 1, line)
        before = line


def _asides(
    sheet: Sheet, header: Header, lines: list[int], other: Collection[int], notes: list[Problem]
) -> Iterator[int]:
    """Yield the lines beneath a header that are no data, up to a second table."""
    second = next((problem.row for problem in notes if problem.code == "another_table"), None)
    end = (second or len(sheet.rows) + 1) - 1
    return (i for i in _between(header.row, lines, end) if i not in other)


def _passed(sheet: Sheet, kept: list[int], totals: Collection[int]) -> list[int]:
    """Return the lines among the data that are neither data nor totals, notes or blank."""
    found = []
    for before, after in itertools.pairwise(kept):
        for i in range(before + 1, after):
            first = next(iter(cells.filled(sheet.rows[i]).values()), "")
            if first != "" and i not in totals and not blocks.NOTE.match(plain(first)):
                found.append(i)
    return found


def _example(row: list[Any]) -> str:
    first = str(next(iter(cells.filled(row).values()), "")).strip()
    return first if _EXAMPLE.fullmatch(first) else ""


def _unit_rows(sheet: Sheet, schema: Schema, lines: list[int]) -> tuple[list[int], list[Problem]]:
    """Take the rows of units, and one that numbers the columns, out of the lines of data."""
    found, numbered = list[int](), list[Problem]()
    for line in lines[:_UNDER_HEADINGS]:
        texts = [str(cell).strip() for cell in cells.filled(sheet.rows[line]).values()]
        own = [cell for cell in texts if schema.units.name(cell)]
        if own and all(schema.units.name(t) or key(t) in ("", *_UNIT_WORDS) for t in texts):
            found.append(line)
        elif not numbered and _is_count(texts):
            said = " ".join(text.removesuffix(".0") for text in texts)
            numbered.append(sheet.problem("row_numbered", line, found=said))
        else:
            break
    del lines[: len(found) + len(numbered)]
    return found, numbered


def _units_beneath(
    sheet: Sheet, table: str, part: Header | Series, lines: list[int], schema: Schema
) -> tuple[dict[str, str], list[Problem]]:
    """Return the units of some headings and of the rows beneath them; two are refused."""
    units, notes = dict(part.units), []
    for line in lines:
        for column, (place, heading) in part.places.items():
            unit = schema.units.name(str(sheet.cell(line, place)))
            if not unit:
                continue
            units[column] = unit
            stated = part.units.get(column, "")
            wanted = stated or schema.tables[table][column].unit
            fits = schema.units.factor(unit, wanted) if wanted else 1
            if fits is None or (stated and fits != 1):
                told = {"column": heading, "found": unit, "unit": wanted}
                notes.append(sheet.problem("column_unit", line, place, **told))
    return units, notes


def _without_unit(
    sheet: Sheet, header: Header, units: Mapping[str, str], lines: list[int], schema: Schema
) -> list[Problem]:
    """Name the columns that may be in another unit than the usual one, since none is written."""
    own, told = schema.tables[header.table], {problem.address for problem in header.problems}
    read = {
        place: (heading, own[name].unit)
        for name, (place, heading) in sorted(header.places.items(), key=lambda one: one[1])
        if name not in (*units, heading)  # our own names, such as land_mu, tell theirs
        and f"{letter(place)}{header.row + 1}" not in told  # two may stand above
        and schema.units.has_sizes(own[name].unit)
        and any(cells.is_figure(sheet.cell(i, place)) for i in lines)
    }
    if not read:
        return []
    headings, usual = ("、".join(words) for words in zip(*read.values(), strict=True))
    facts = {"found": headings, "units": usual}
    return [sheet.problem("unit_assumed", header.row, min(read), **facts)]


def _is_count(texts: list[str]) -> bool:
    """Tell a row that only numbers the columns: 甲 乙 1 2 3."""
    plain = [text.removesuffix(".0").strip("()") for text in texts]
    digits = list(itertools.dropwhile(_LETTERED.__contains__, plain))
    return len(plain) >= 3 and bool(digits) and digits == [f"{i + 1}" for i in range(len(digits))]
