"""Headings across the top that fix something, put together: the tax and the land of one year.

Answers: where the columns of one year, town or indicator stand, and in which units. Refuses: one
column twice, two units.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from tidysheets import across, checks, headings, quantities, summed
from tidysheets.across import Fixed, Series
from tidysheets.files import Sheet
from tidysheets.headings import Grid, Heading, Noter, Place, labels
from tidysheets.problems import Problem
from tidysheets.schema import Column, Schema
from tidysheets.spans import Fixing
from tidysheets.units import stated_units


def add_units_above(
    grid: Grid,
    row: int,
    table: str,
    places: Mapping[str, Place],
    units: dict[str, str],
    noter: Noter,
) -> None:
    """Add the units that stand above the headings, where a heading gives none itself."""
    schema = noter.schema
    above = [*headings.units_above(grid, row, places, table, schema)]
    headings.report_contradiction(places, units, above, noter)
    for column, fitting in above:
        if column not in units and len(fitting) > 1:
            wanted = schema.tables[table][column].unit
            noter.note("column_unit", *places[column], unit=wanted)
        elif column not in units and fitting:
            units[column] = fitting.pop()
    stated = stated_units(grid[:row], schema.units)
    if "unit" in places and stated:
        noter.note("units_beside", *places["unit"], above="、".join(sorted(stated)))


def gathered(
    grid: Grid,
    row: int,
    table: str,
    fixing: Iterable[Fixing],
    base: Mapping[str, Place],
    noter: Noter,
) -> list[Series]:
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
        schema, beside = noter.schema, {**base, **places}
        above = headings.units_above(grid, row, beside, table, schema)
        stated = {column: fitting for column, fitting in above if column in places}
        units = {column: heading.unit for column, heading in own.items() if heading.unit}
        headings.report_contradiction(places, units, stated.items(), noter)
        units = {
            c: next(iter(fitting)) for c, fitting in stated.items() if len(fitting) == 1
        } | units
        _check_units(own, schema.tables[table], noter)
        series.append(Series(dict(fixed_items), places, units))
    return series


def _check_units(own: Mapping[str, Heading], known: Mapping[str, Column], noter: Noter) -> None:
    for column, heading in own.items():
        wanted = known[column]
        fits = wanted.keeps_units or noter.schema.units.factor(heading.unit, wanted.unit)
        if heading.unit and not fits:
            noter.note("column_unit", heading.place, heading.written, unit=wanted.unit)


def refuse_unlike(
    series: list[Series], places: Mapping[str, Place], table: str, noter: Noter
) -> None:
    """Refuse a figure without a year beside figures of several years."""
    time = across.time_of(table, noter.schema)
    when = {own.fixed[time.name] for own in series if time and time.name in own.fixed}
    if len(when) < 2:
        return
    for column, (place, written) in places.items():
        if time and noter.schema.tables[table][column].is_figure:
            noter.note("column_time", place, written, name=written)


def totals(
    left: Iterable[Heading], read: list[Series], given: Fixed, table: str, noter: Noter
) -> Iterator[Series]:
    """Yield the columns beside towns or areas that call themselves their total (合计, 全区).

    ``given`` is what titles fix for the whole table.
    """
    value = across.figure_of(table, noter.schema)
    units = [unit for part in read for column, unit in part.units.items() if column == value]
    for heading in left if any(value in part.places for part in read) else ():
        if summed.is_whole(heading.name, noter.schema.wholes):
            fixed = given | (across.fixed_by(heading.group, table, noter.schema) or {})
            places = {value: (heading.place, heading.written)}
            unit = heading.unit or next(iter(units), "")
            yield Series(fixed, places, {value: unit} if unit else {})


def beyond(sheet: Sheet, grid: Grid, schema: Schema) -> Iterator[Problem]:
    """Name headings of untold years, the first that says more (2022年增长), or short names."""
    for row, table in product(range(len(grid)), schema.filled):
        found, names = labels(grid, row, schema.units), schema.headings[table]
        time = across.time_of(table, schema)
        if time and any(heading.name in names for heading in found):
            noter = Noter(sheet, row, schema)
            for heading, _ in headings.untold_years(found, table, schema):
                noter.note("year_untold", heading.place, heading.written)
            for heading in filter(lambda h: across.is_second_half(h.written), found):
                noter.note("second_half", heading.place, heading.written)
            if noter.found:
                yield from noter.found
                return
            for heading in sorted(found, key=lambda h: quantities.is_other(h.written)):
                when, rest = across.split_time(heading.written, time, schema)
                if when is not None and rest and heading.name not in names:
                    noter.note("column_beyond", heading.place, heading.written, rest=rest)
                    yield from noter.found
                    return
            if [*_short(found, table, noter)]:
                yield from noter.found
                return


def _short(found: list[Heading], table: str, noter: Noter) -> Iterator[str]:
    """Yield what headings beside one that names rows nearly are: 散乱污企业, beside 镇街."""
    schema, names = noter.schema, noter.schema.headings[table]
    keys = [schema.tables[table][name] for name in schema.keys(table)]
    referring = [column for column in keys if column.reference and column.type == "code"]
    here = {names[heading.name] for heading in found if heading.name in names}
    absent = [column for column in referring if column.name not in here]
    for heading in found if len(absent) < len(referring) else ():
        is_known = any(heading.name in schema.headings[other] for other in schema.filled)
        for column in absent if not is_known else ():
            if heading.name and (likely := checks.near(heading.written, column, schema)):
                facts = {"table": f"{(column.reference or ('',))[0]}.csv", "hint": likely}
                noter.note("unknown_reference", heading.place, heading.written, **facts)
                yield likely
