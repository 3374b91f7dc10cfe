"""Columns that were not read, and the figures in them.

Answers: which figures stand under no heading, or beside a time that no column has. Refuses: to
leave them out in silence.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from tidysheets import cells, checks, numbers, quantities
from tidysheets.files import Sheet
from tidysheets.header import spans, times
from tidysheets.header.headings import Doubt, Fixed, Grid, Header, Heading, Noter, labels
from tidysheets.problems import Problem
from tidysheets.schema import Column, Schema
from tidysheets.units import key, unit_said


def width(found: Iterable[Heading], row: list[Any]) -> int:
    """Return how many columns there are up to the last heading, one that says nothing included."""
    filled = (h.place for h in found if h.name or row[h.place] not in ("", None))
    return max(filled, default=-1) + 1


def rivals(grid: Grid, row: int, read: list[Fixed], table: str, schema: Schema) -> Iterator[str]:
    """Yield the tables of the same places whose figure a heading beside towns names (完成数)."""
    time = times.time_of(table, schema)
    if not read or any(time and time.name in fixed for fixed in read):
        return
    is_across = any(name in schema.parts for fixed in read for name in fixed)
    for heading in labels(grid, row, schema.units):
        if not is_across and quantities.is_other(heading.name):
            continue  # beside what each town has done, not beside towns, 任务数 is a task
        yield from of_others(heading.name, table, schema)


def of_others(name: str, table: str, schema: Schema) -> Iterator[str]:
    """Yield the tables of the same places whose figure a heading is that means nothing here."""
    for other in schema.filled if name not in schema.headings[table] else ():
        column = schema.tables[other].get(schema.headings[other].get(name, ""))
        is_figure = column is not None and column.keeps_units
        if other != table and is_figure and _places(other, schema) == _places(table, schema):
            yield other


def without_others(left: list[Heading], noter: Noter) -> list[Heading]:
    """Name the headings that are figures of another table, and return those that are none."""
    aside = {heading: _other(heading, noter) for heading in left}
    for heading, other in aside.items():
        if other:
            noter.note("figure_aside", heading.place, heading.written, **_aside(other, noter))
    return [heading for heading, other in aside.items() if not other]


def _other(heading: Heading, noter: Noter) -> str:
    """Return the table of the same places whose figure a heading is, beside a time too, if one."""
    time, schema = noter.time, noter.schema
    rest = times.split_time(heading.written, time, schema)[1] if time else ""
    said = (heading.name, key(rest), key(heading.group))
    return next((t for name in said for t in of_others(name, noter.table, schema)), "")


def _aside(other: str, noter: Noter) -> dict[str, str]:
    """Return what is said of a table that figures belong to: its name, and what it is called."""
    return {"table": other, "called": noter.schema.called.get(other, other)}


def _places(table: str, schema: Schema) -> set[str]:
    """Return the columns of a table's key but its time."""
    time = times.time_of(table, schema)
    keys = {column.name for column in schema.tables[table].values() if column.key}
    return keys - {time.name if time else ""}


def doubts(left: Iterable[Heading], read: Collection[Fixed], noter: Noter) -> list[Doubt]:
    """Return the columns whose heading is blank, or is of a time that no column read has.

    Parameters
    ----------
    left : iterable of Heading
        The headings that were not read.
    read : collection of dict
        What the headings that were read fix.
    """
    time, above = noter.time, noter.grid[noter.row - 1] if noter.row else []
    title = times.as_text(above[0]) if above else ""
    read_times = {fixed[time.name] for fixed in read if time and time.name in fixed}
    found = []
    for heading in left:
        code, shown, facts = "", heading.written, dict[str, Any]()
        if _is_blank(heading, noter.grid, noter.row):
            cell = noter.grid[noter.row][heading.place]
            shown = f"{cell:.15g}" if isinstance(cell, float) else str(cell or "")
            code = "column_unnamed"
        elif time and times.is_second_half(shown) and not quantities.is_other(shown):
            code = "second_half"
        elif time and times.is_untold_part(shown):
            code = "year_untold"
        elif noter.value and quantities.is_revised(shown):
            code = "column_revised"
        elif time and (rest := _rest(heading, title, time, noter.schema, read_times)):
            facts = {"rest": rest, **_aside(_other(heading, noter), noter)}
            code = "figure_aside" if facts["table"] else "column_unclear"
        elif (name := _part(read, noter.schema)) and not _is_beside(heading, noter):
            of = noter.own[name]
            shown = heading.group if heading.name in noter.names else shown
            likely = checks.near(shown, of, noter.schema)
            facts = {"table": f"{(of.reference or ('',))[0]}.csv", "hint": likely}
            code = "unknown_part"
        if code:
            is_told = code != "column_unnamed"
            ignored = noter.made("columns_ignored", heading.place, heading.written)
            problem = noter.made(code, heading.place, shown, **facts)
            found.append(Doubt(heading.place, problem, ignored if is_told else None))
    return found


def _part(read: Iterable[Fixed], schema: Schema) -> str:
    """Return the column of parts of a whole (towns) whose values stand across the top, if one."""
    return next((name for name in schema.parts if any(name in fixed for fixed in read)), "")


def _is_beside(heading: Heading, noter: Noter) -> bool:
    """Tell whether a heading beside towns is none: a total, a rank, an area of another table."""
    for text in (heading.written, heading.group):
        schema = noter.schema
        known = (schema.named[other].get(key(text)) for other in schema.filled)
        if any(named and named[0] not in noter.own for named in known):
            return True
        is_other = quantities.is_other(text) or quantities.compares(text)
        if is_other or quantities.is_sum(key(text), schema.wholes):
            return True
    return False


def _is_blank(heading: Heading, grid: Grid, row: int) -> bool:
    """Tell whether a column has no heading of its own: a title merged over all of them is none."""
    if not heading.name:
        return True
    if not row or grid[row][heading.place] != "":
        return False
    above = dict(enumerate(grid[row - 1]))
    own = above.get(heading.place)
    return own in (above.get(heading.place - 1), above.get(heading.place + 1))


def _rest(heading: Heading, title: str, time: Column, schema: Schema, read_times: set[Any]) -> str:
    """Return what stands beside the time of a heading, where nothing else was read for this time.

    Not a growth or a target. What stands above the first column, too, is the table's title.
    """
    when, rest = times.split_time(heading.written, time, schema)
    if when is None and heading.group not in (heading.written, title):
        when, beside = times.split_time(heading.group, time, schema)
        rest = heading.written if when is not None and not key(beside) else ""
    return "" if when is None or when in read_times or quantities.is_other(rest) else rest


def beneath(
    sheet: Sheet, header: Header, lines: list[int], schema: Schema
) -> tuple[int, list[Problem]]:
    """Return how many columns are told of, and the problems of figures that were not read.

    Figures that go on to the right of the last heading are refused.
    """
    found = []
    first = min(place for _, (place, _) in header.read())
    for doubt in header.doubts:
        figures = [*_figures(sheet, doubt.place, lines, schema)]
        is_count = doubt.place < first and _is_count(figures, len(sheet.rows))
        if figures and not is_count:
            found.append(doubt.problem)
        elif doubt.remark:
            found.append(doubt.remark)
        elif not figures:
            said = [*_qualified(sheet, header, doubt.place, lines, schema)]
            found += said or _first_text(sheet, header.row, doubt.place, lines)
    width, own = header.width, schema.tables[header.table]
    most = 0 if sheet.is_text else max((len(sheet.rows[line]) for line in lines), default=0)
    told = {place for name, (place, _) in header.read() if not _is_remark(name, own)}
    told |= {doubt.place for doubt in header.doubts}
    for place in sorted({*range(max(width, most))} - told):
        found += _qualified(sheet, header, place, lines, schema)
    while width < most and any(_figures(sheet, width, lines, schema)):
        found.append(sheet.problem("column_unnamed", header.row, width, found=""))
        width += 1
    return width, found


def _is_remark(name: str, own: Mapping[str, Column]) -> bool:
    """Tell whether a column is free text beside figures that need more than their heading."""
    is_text = name in own and own[name].type == "str" and not own[name].key
    return is_text and name != "unit" and any(column.keeps_units for column in own.values())


def _qualified(
    sheet: Sheet, header: Header, place: int, lines: list[int], schema: Schema
) -> Iterator[Problem]:
    """Yield the first cell of a column that says what the figure beside it is.

    A target (目标), a month alone (当月) or a figure in thousands (千元) is not what the headings
    that were read make of it.
    """
    said: dict[str, bool] = {}
    is_read = any(place == at for _, (at, _) in header.read())
    heading = times.as_text(sheet.cell(header.row, place))
    is_remark = is_read or quantities.is_other(heading)
    for line in lines:
        cell = sheet.cell(line, place)
        if not isinstance(cell, str) or (is_remark and quantities.words().get(key(cell))):
            continue
        if cell not in said:
            said[cell] = says(cell, header, schema, is_read=is_read)
        if said[cell]:
            yield sheet.problem("row_qualified", line, place)
            return


def says(text: str, header: Header, schema: Schema, *, is_read: bool = False) -> bool:
    """Tell whether a text is a word for another quantity, or a unit that no figure is read in.

    A unit that fits counts for nothing in a column that is not read, unlike one of remarks.
    """
    word = key(text).removesuffix("数").removesuffix("值")
    status, allowed = schema.beside.get(header.table, ("", ()))
    meant = schema.meanings[header.table].get(status, {}).get(word)
    if word in quantities.words() or spans.is_alone(word) or (meant and meant not in allowed):
        return True
    unit = unit_said(text, schema.units)
    if not unit:
        return False
    own = schema.tables[header.table]
    wanted = [header.units.get(name) or own[name].unit for name, _ in header.read() if name in own]
    factors = {schema.units.factor(unit, other) for other in wanted if other} - {None}
    is_misnamed = "unit" in own and "unit" not in header.places  # it would be read as 单位
    return bool(factors and 1 not in factors) or (is_misnamed and not is_read)


def _first_text(sheet: Sheet, row: int, place: int, lines: list[int]) -> Iterator[Problem]:
    """Yield a remark on the first text of a column without a heading, if it has any."""
    for line in lines:
        cell = sheet.cell(line, place)
        if isinstance(cell, str) and not cells.is_missing(cell.strip()):
            yield sheet.problem("text_unnamed", row, place, found=cell, line=line + 1)
            return


def _figures(sheet: Sheet, place: int, lines: list[int], schema: Schema) -> Iterator[Any]:
    """Yield the figures of a column, also those with a unit or in brackets."""
    for line in lines:
        cell = sheet.cell(line, place)
        if cell in ("", None) or isinstance(cell, bool):
            continue
        if isinstance(cell, cells.Odd):
            yield cell
            continue
        try:
            amount, _, _ = numbers.number(cell, schema.units)
        except cells.CellError:
            continue
        if amount == amount:
            yield cell


def _is_count(figures: list[Any], most: int) -> bool:
    """Tell figures that only number the rows: 1, 2, 3."""
    texts = [f"{cell:.15g}" if isinstance(cell, float) else str(cell).strip() for cell in figures]
    return all(text.isdecimal() and 1 <= int(text) <= most for text in texts)
