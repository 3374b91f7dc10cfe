"""Headings that say nothing, or something else, where what stands beneath them is plain.

Answers: which column they are of. Refuses: a guess from values that several columns have.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tidysheets import quantities
from tidysheets.header import times
from tidysheets.header.headings import Fixed, Grid, Heading
from tidysheets.schema import Schema
from tidysheets.units import key

_LABELLED: Final = 2  # names of rows to know where the column of names has no heading
_CORNERS: Final = 2  # columns in which the corner of a table may stand


def relabelled(
    grid: Grid, row: int, found: list[Heading], table: str, schema: Schema
) -> list[Heading]:
    """Return the headings, with those that what stands beneath them contradicts or explains.

    In the corner of a table 指标 may stand above years, or 镇街 above indicators; 企业规模 above
    规上 and 规下 asks whether a firm is above scale, unlike above 中型.
    """
    read = list(found)
    own, asked = schema.tables[table], schema.meanings[table]
    answers = {c: words for c, words in asked.items() if own[c].type == "bool" and words}
    taken = {schema.headings[table].get(heading.name) for heading in found}
    untold = [h for h in found if h.name and h.name not in schema.headings[table]]
    for heading in untold if answers else ():
        at = heading.place
        beneath = {key(str(line[at])) for line in grid[row + 1 :] if at < len(line)} - {""}
        for column, words in answers.items():
            if column not in taken and beneath and beneath <= {*words}:
                read[at] = replace(heading, name=called(table, column, schema), unit="")
    for place, heading in enumerate(found[: _CORNERS if any(h.name for h in found[1:]) else 0]):
        column = schema.headings[table].get(heading.name, "")
        if column not in schema.keys(table):
            continue
        columns = {*_meant(grid, row, place, table, schema)}
        if len(columns) == 1 and not columns & {"", column}:
            read[place] = replace(heading, name=called(table, columns.pop(), schema), unit="")
    return read


def called(table: str, column: str, schema: Schema) -> str:
    """Return a comparable heading that means a column of a table that people fill in."""
    return next(name for name, meant in schema.headings[table].items() if meant == column)


def _meant(grid: Grid, row: int, place: int, table: str, schema: Schema) -> list[str]:
    """Return the key column of which each text beneath a heading is a value, or a blank."""
    named, time = schema.named[table], times.time_of(table, schema)
    beneath = (times.as_text(line[place]) for line in grid[row + 1 :] if place < len(line))
    return [
        time.name if time and times.is_time(text, time, schema) else named.get(key(text), ("",))[0]
        for text in dict.fromkeys(beneath)
        if text and (key(text) in named or not quantities.is_sum(key(text), schema.wholes))
    ]


def labelled(
    grid: Grid, row: int, found: list[Heading], table: str, schema: Schema, taken: set[int]
) -> Heading | None:
    """Return the column that names the rows, where its heading is blank or says nothing."""
    names = schema.headings[table]
    first = range(min(3, len(grid[row])))  # 单位 may head units, or the towns that report
    for place in (p for p in first if names.get(found[p].name, "unit") == "unit"):
        if place in taken or key(found[place].written) in schema.named[table]:
            continue  # a row of data is no header of those beneath it
        meant = _meant(grid, row, place, table, schema)
        columns = [*filter(None, meant)]
        few = _LABELLED if not found[place].name else 1
        if len(columns) >= few and len(columns) * 2 >= len(meant):
            column = max(columns, key=columns.count)
            name = called(table, column, schema)
            return Heading(place, name, "", found[place].written or column)
    return None


def is_datum(
    grid: Grid,
    row: int,
    part: tuple[Fixed, str, Heading],
    named: Mapping[str, tuple[str, str]],
) -> bool:
    """Tell a name of a row from a heading: the cell beneath it is another name of its column."""
    fixed, _, heading = part
    line = grid[row + 1] if row + 1 < len(grid) else []
    beneath = times.as_text(line[heading.place]) if heading.place < len(line) else ""
    return beneath != "" and named.get(key(beneath), ("",))[0] in fixed
