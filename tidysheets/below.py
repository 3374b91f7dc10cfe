"""Units that a note beneath a table states.

Answers: which columns they are of. Refuses: to drop them, or to choose between two.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from tidysheets.files import Sheet
from tidysheets.headings import Header, Place
from tidysheets.problems import Problem
from tidysheets.schema import Column, Schema
from tidysheets.units import plain, stated_units

# Of the whole table: 单位：万元, 注：单位为万元; of some column: 注：税金单位为千元.
_WHOLE: Final = re.compile(
    r"(?:(?:注|说明|备注|note)\d*:?)?\(?(?:计量)?(?:单位|units?)(?::|均?为|是)"
)
_STATED: Final = re.compile(r"(?:单位|units?)(?:均?为|是|:)")


def units(
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
