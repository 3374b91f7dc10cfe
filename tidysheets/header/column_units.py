"""Where the unit of a column stands when its heading gives none: above, beneath, in a note.

Answers: which unit each column is in. Refuses: two units, one that fits no column.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tidysheets import cells
from tidysheets.addresses import letter
from tidysheets.files import Sheet
from tidysheets.header.headings import Grid, Header, Noter, Place, Series, names_rows, split
from tidysheets.problems import Problem
from tidysheets.schema import Column, Schema
from tidysheets.units import Units, key, plain, stated_units

_UNIT_WORDS: Final = ("单位", "计量单位", "unit")
_LETTERED: Final = frozenset("甲乙丙丁戊")
_UNDER_HEADINGS: Final = 4  # so many rows of units and numbers at most
# Of the whole table: 单位：万元, 注：单位为万元; of some column: 注：税金单位为千元.
_WHOLE: Final = re.compile(
    r"(?:(?:注|说明|备注|note)\d*:?)?\(?(?:计量)?(?:单位|units?)(?::|均?为|是)"
)
_STATED: Final = re.compile(r"(?:单位|units?)(?:均?为|是|:)")


def add_above(places: Mapping[str, Place], units: dict[str, str], noter: Noter) -> None:
    """Add the units that stand above the headings, where a heading gives none itself."""
    above = [*stated_above(places, noter)]
    report_contradiction(places, units, above, noter)
    for column, fitting in above:
        if column not in units and len(fitting) > 1:
            noter.note("column_unit", *places[column], unit=noter.own[column].unit)
        elif column not in units and fitting:
            units[column] = fitting.pop()
    stated = stated_units(noter.grid[: noter.row], noter.schema.units)
    if "unit" in places and stated:
        noter.note("units_beside", *places["unit"], above="、".join(sorted(stated)))


def stated_above(places: Mapping[str, Place], noter: Noter) -> Iterator[tuple[str, set[str]]]:
    """Yield the columns that the rows above the header give a unit, with those that fit."""
    known, units = noter.own, noter.schema.units
    naming = [[written] for column, (_, written) in places.items() if names_rows(known[column])]
    stated = stated_units([*noter.grid[: noter.row], *naming], units)
    for column, (place, _) in places.items():
        own = known[column]
        group = _group_unit(noter.grid, noter.row, place, units)
        if own.keeps_units:  # its unit follows the indicator: a list of units says nothing
            alone = stated if len(stated) == 1 and "unit" not in places else set()
            yield column, {group} if group and stated != {group} else alone
        elif group and units.factor(group, own.unit):
            yield column, {group}
        else:
            yield column, {unit for unit in stated if units.factor(unit, own.unit)}


def _group_unit(grid: Grid, row: int, place: int, units: Units) -> str:
    """Return the unit of the group of columns that a heading is in (分组表头), if it gives one.

    A group's name stands above its first heading and reaches to the next name, merged or not.
    """
    above = [*(grid[row - 1] if row else ()), *[""] * len(grid[row])]
    named = (i for i in range(place, -1, -1) if isinstance(above[i], str) and above[i].strip())
    first = next(named, None)
    if first is None or (first != place and grid[row][first] == ""):
        return ""
    stated = stated_units([[above[first]]], units)
    return "".join(stated) if len(stated) == 1 else "" if stated else split(above[first], units)[1]


def report_contradiction(
    places: Mapping[str, Place],
    units: Mapping[str, str],
    above: Iterable[tuple[str, set[str]]],
    noter: Noter,
) -> None:
    """Refuse a heading with another unit than the one stated above it for the whole table."""
    for column, fitting in above:
        unit = units.get(column, "")
        alike = {other for other in fitting if noter.schema.units.factor(other, unit) == 1}
        if unit and fitting and not alike:
            noter.note(
                "units_contradict", *places[column], unit=unit, above="、".join(sorted(fitting))
            )


def rows_beneath(sheet: Sheet, schema: Schema, lines: list[int]) -> tuple[list[int], list[Problem]]:
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


def _is_count(texts: list[str]) -> bool:
    """Tell a row that only numbers the columns: 甲 乙 1 2 3."""
    plain = [text.removesuffix(".0").strip("()") for text in texts]
    digits = list(itertools.dropwhile(_LETTERED.__contains__, plain))
    return len(plain) >= 3 and bool(digits) and digits == [f"{i + 1}" for i in range(len(digits))]


def beneath(
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


def assumed(
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


def in_notes(
    sheet: Sheet, header: Header, asides: Iterable[int], schema: Schema
) -> tuple[dict[str, str], list[Problem]]:
    """Return the units of the columns that a note states, and the notes that fit no column.

    A note of the whole table counts as the line above it would; one of a part of it, or one that
    contradicts a heading, is refused, unless it says what is read anyway.

    Parameters
    ----------
    asides : iterable of int
        The lines beneath the header that are no data, totals or units.
    """
    found: dict[str, str] = {}
    wrong: list[Problem] = []
    places = {**header.places}
    held = {**header.units}
    for part in header.series:
        places, held = {**places, **part.places}, {**held, **part.units}
    for line, place, text in _texts(sheet, asides):
        stated = stated_units([[_STATED.sub("单位:", text)]], schema.units)
        own = _of_columns(stated, places, schema.tables[header.table], schema)
        for column, unit in own.items():
            before = held.get(column) or schema.tables[header.table][column].unit
            if before and schema.units.factor(unit, before) == 1:
                continue
            is_clear = _WHOLE.match(text) and "、" not in unit
            if held.get(column) or not is_clear or found.get(column, unit) != unit:
                wrong.append(sheet.problem("unit_below", line, place, found=text, unit=unit))
                break
            found[column] = unit
    return found, wrong


def _texts(sheet: Sheet, lines: Iterable[int]) -> Iterator[tuple[int, int, str]]:
    for line in lines:
        for place, cell in enumerate(sheet.rows[line]):
            if isinstance(cell, str) and _STATED.search(plain(cell)):
                yield line, place, plain(cell).rstrip("。.;")


def _of_columns(
    stated: set[str], places: Mapping[str, Place], known: Mapping[str, Column], schema: Schema
) -> dict[str, str]:
    """Return the unit of each column that one of the units fits, as above the table."""
    found = {}
    for column in places:
        own = known[column]
        if own.keeps_units:
            fitting = {"、".join(sorted(stated))} - {""} if "unit" not in places else set()
        else:
            fitting = {unit for unit in stated if schema.units.factor(unit, own.unit)}
        if own.type == "float" and len(fitting) == 1:
            found[column] = next(iter(fitting))
    return found
