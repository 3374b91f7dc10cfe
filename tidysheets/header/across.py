"""Headings across the top that fix something, put together: the tax and the land of one year.

Answers: where the columns of one year, town or indicator stand, and in which units. Refuses: one
column twice, two units.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from tidysheets import checks, quantities
from tidysheets.files import Sheet
from tidysheets.header import column_units, headings, times
from tidysheets.header.headings import Fixed, Grid, Heading, Noter, Place, Series, labels
from tidysheets.header.spans import Fixing
from tidysheets.problems import Problem, simplified
from tidysheets.schema import Column, Schema
from tidysheets.units import key


def fixed_by(text: str, table: str, schema: Schema, year: str = "") -> Fixed | None:
    """Return what a heading alone fixes, or nothing when it is more than a value of a key."""
    if not text:
        return {}
    column = times.time_of(table, schema)
    found: Fixed = {}
    if column:
        value, text = times.split_time(text, column, schema, year)
        found |= {} if value is None else {column.name: value}
    if not key(text):
        return found
    word = key(simplified(text).removeprefix("其中"))
    word = schema.longer.get(word, word)
    named = schema.named[table].get(word) or schema.beside_times(table).get(word)
    return None if named is None else found | {named[0]: named[1]}


def gathered(fixing: Iterable[Fixing], base: Mapping[str, Place], noter: Noter) -> list[Series]:
    """Put together the headings that fix the same: the tax and the land of one year."""
    groups: dict[tuple[tuple[str, Any], ...], dict[str, Heading]] = {}
    for fixed, column, heading in fixing:
        own = groups.setdefault(tuple(sorted(fixed.items())), {})
        if column in own:
            noter.twice(heading, own[column].place, own[column].written)
        else:
            own[column] = heading
    series = []
    for fixed_items, own in groups.items():
        places: dict[str, Place] = {c: (h.place, h.written) for c, h in own.items()}
        above = column_units.stated_above({**base, **places}, noter)
        stated = {column: fitting for column, fitting in above if column in places}
        units = {column: heading.unit for column, heading in own.items() if heading.unit}
        column_units.report_contradiction(places, units, stated.items(), noter)
        units = {
            c: next(iter(fitting)) for c, fitting in stated.items() if len(fitting) == 1
        } | units
        for column, heading in own.items():
            noter.unit(heading, noter.own[column])
        series.append(Series(dict(fixed_items), places, units))
    return series


def refuse_unlike(series: list[Series], places: Mapping[str, Place], noter: Noter) -> None:
    """Refuse a figure without a year beside figures of several years."""
    time = noter.time
    when = {own.fixed[time.name] for own in series if time and time.name in own.fixed}
    if len(when) < 2:
        return
    for column, (place, written) in places.items():
        if noter.own[column].is_figure:
            noter.note("column_time", place, written, name=written)


def totals(
    left: Iterable[Heading], read: list[Series], given: Fixed, noter: Noter
) -> Iterator[Series]:
    """Yield the columns beside towns or areas that call themselves their total (合计, 全区).

    ``given`` is what titles fix for the whole table.
    """
    value = noter.value
    units = [unit for part in read for column, unit in part.units.items() if column == value]
    for heading in left if any(value in part.places for part in read) else ():
        if quantities.is_whole(heading.name, noter.schema.wholes):
            fixed = given | (fixed_by(heading.group, noter.table, noter.schema) or {})
            places = {value: (heading.place, heading.written)}
            unit = heading.unit or next(iter(units), "")
            yield Series(fixed, places, {value: unit} if unit else {})


def beyond(sheet: Sheet, grid: Grid, schema: Schema) -> list[Problem]:
    """Name headings of untold years, the first that says more (2022年增长), or short names."""
    for row, table in product(range(len(grid)), schema.filled):
        found = labels(grid, row, schema.units)
        noter = Noter(sheet, grid, row, table, schema)
        if noter.time and any(heading.name in noter.names for heading in found):
            for heading, _ in headings.untold_years(found, noter):
                noter.note("year_untold", heading.place, heading.written)
            for heading in filter(lambda h: times.is_second_half(h.written), found):
                noter.note("second_half", heading.place, heading.written)
            if not noter.found:
                _note_more(found, noter.time, noter)
            if not noter.found:
                _note_short(found, noter)
            if noter.found:
                return noter.found
    return []


def _note_more(found: list[Heading], time: Column, noter: Noter) -> None:
    """Name the first heading that says more than a time, other quantities last."""
    for heading in sorted(found, key=lambda h: quantities.is_other(h.written)):
        when, rest = times.split_time(heading.written, time, noter.schema)
        if when is not None and rest and heading.name not in noter.names:
            noter.note("column_beyond", heading.place, heading.written, rest=rest)
            return


def _note_short(found: list[Heading], noter: Noter) -> None:
    """Name what headings beside one that names rows nearly are: 散乱污企业, beside 镇街."""
    schema = noter.schema
    keys = [noter.own[name] for name in schema.keys(noter.table)]
    referring = [column for column in keys if column.reference and column.type == "code"]
    here = {noter.names.get(heading.name) for heading in found}
    absent = [column for column in referring if column.name not in here]
    for heading in found if len(absent) < len(referring) else ():
        is_known = any(heading.name in schema.headings[other] for other in schema.filled)
        for column in absent if not is_known else ():
            if heading.name and (likely := checks.near(heading.written, column, schema)):
                facts = {"table": f"{(column.reference or ('',))[0]}.csv", "hint": likely}
                noter.note("unknown_reference", heading.place, heading.written, **facts)
