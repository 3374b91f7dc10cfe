"""Months and quarters down the rows of a table whose year only its title names.

Answers: the whole time of each row. Refuses: to choose between two years.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tidysheets import across, problems
from tidysheets.addresses import letter
from tidysheets.files import Sheet
from tidysheets.headings import Header
from tidysheets.problems import Problem
from tidysheets.schema import Schema


def completed(sheet: Sheet, header: Header, schema: Schema) -> tuple[Sheet, list[Problem]]:
    """Return the sheet with the year of its title beside months that stand alone (1月, 一季度)."""
    time, years = across.time_of(header.table, schema), across.years_in(header.above)
    if not time or time.name not in header.places or len(years) != 1:
        return sheet, []
    place, heading = header.places[time.name]
    (year,) = years
    rows, found = list(sheet.rows), list[Problem]()
    for line in range(header.row + 1, len(rows)):
        cell = rows[line][place] if place < len(rows[line]) else ""
        if type(cell) is not str or across.split_time(cell, time, schema)[0] is not None:
            continue
        when, rest = across.split_time(cell, time, schema, year)
        if when is not None and not rest:
            rows[line] = [*rows[line][:place], when, *rows[line][place + 1 :]]
            where: dict[str, Any] = {"row": line + 1, "address": f"{letter(place)}{line + 1}"}
            where |= {"column": heading, "value": when, "said": schema.sentences}
            found = found or [
                problems.make("year_from_title", sheet.file, sheet=sheet.name, **where)
            ]
    return (replace(sheet, rows=rows) if found else sheet), found


def summed_by(header: Header, totals: Iterable[str], schema: Schema) -> str:
    """Return the word of a total beneath rows that only differ by their time: each is alone."""
    own, time = schema.tables[header.table], across.time_of(header.table, schema)
    keys = [name for name in header.places if own[name].key]
    return next(iter(totals), "") if time and keys == [time.name] else ""
