"""How a sheet is laid out: one row a record, or years, towns or indicators across the top.

Answers: which table it is, what each column and each title fixes. Refuses: what fits two tables.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tidysheets.files import Sheet
from tidysheets.header import (
    across,
    blocks,
    column_units,
    headings,
    implied,
    spans,
    times,
    titles,
    unread,
)
from tidysheets.header.headings import Fixed, Grid, Header, Heading, Noter, Series
from tidysheets.header.spans import Spans
from tidysheets.problems import Problem, Term, simplified
from tidysheets.schema import Schema


@dataclass(frozen=True)
class _Above:
    """What stands above a row: its titles, and the one year in them that completes 1月."""

    titles: list[str]
    year: str


@dataclass(frozen=True)
class _Layout:
    """One reading of one row as the header of one table."""

    table: str
    row: int
    base: list[Heading]
    series: list[tuple[Fixed, str, Heading]] = field(default_factory=list)
    spans: Spans = field(default_factory=lambda: Spans([]))
    rank: tuple[float, ...] = ()


def recognise(
    sheet: Sheet, schema: Schema, *, hint: str = "", stem: str = "", only: str = ""
) -> tuple[Header | None, list[Problem]]:
    """Return the header that fits best, if any, and why none was taken where two fit.

    Parameters
    ----------
    sheet : Sheet
        Raw cells; title rows, merged cells and a second header row are allowed for.
    schema : Schema
        The tables to look for.
    hint : str
        The table that the file's or sheet's name suggests; it decides between equals.
    stem : str
        The file's name, where a period may stand if neither sheet nor title give one.
    only : str
        The one table to look for, if others are not.
    """
    grid = headings.unmerged(sheet)
    best: list[_Layout] = []
    years = times.years_in([sheet.name])
    for row in range(len(grid)):
        found = headings.labels(grid, row, schema.units)
        years |= times.years_in(titles.texts(grid[row - 1 : row]))
        if sum(1 for heading in found if heading.name) < 2:
            continue
        above = _Above(titles.above(sheet, grid, row), *(years if len(years) == 1 else ("",)))
        tables = [only] if only else _may_be(found, schema)
        of_row = [_layout(grid, row, found, table, schema, above, hint) for table in tables]
        for layout in of_row:
            if layout and (not best or layout.rank > best[0].rank):
                best = [layout]
            elif layout and layout.rank == best[0].rank and layout.row == best[0].row:
                best.append(layout)
        is_here = best and best[0] in of_row
        if is_here and not best[0].rank[-1] and _is_untold(best[0], schema):  # no title names it
            fit = best[0].rank[1:3]
            alike = [layout for layout in of_row if layout and layout.rank[1:3] == fit]
            best = [layout for layout in alike if layout.rank[-1]] or alike
        if best and _is_whole(best[0], grid[row + 1] if row + 1 < len(grid) else [], schema):
            break
    if not best:
        return None, across.beyond(sheet, grid, schema)
    rivals = [*dict.fromkeys(layout.table for layout in best)]
    if not best[0].rank[-1] and not only:  # its title does not say it
        fixing = [fixed for fixed, _, _ in best[0].series]
        rivals += dict.fromkeys(unread.rivals(grid, best[0].row, fixing, best[0].table, schema))
    if len(rivals) > 1 and _is_untold(best[0], schema):
        called = Term.joined(_called(dict.fromkeys(rivals), schema))
        return None, [sheet.problem("table_unclear", best[0].row, tables=called)]
    return _header(sheet, grid, best[0], schema, stem), []


def _may_be(found: list[Heading], schema: Schema) -> Sequence[str]:
    """Return the tables whose columns all headings are, with all they must have; else every one."""
    said = {heading.name for heading in found} - {""}
    whole = []
    for table in schema.filled:
        names, own = schema.headings[table], schema.tables[table].values()
        needed = {column.name for column in own if column.required == "yes"}
        if said <= names.keys() and needed <= {names[name] for name in said}:
            whole.append(table)
    return whole or schema.filled


def _is_untold(layout: _Layout, schema: Schema) -> bool:
    """Tell whether a table has columns of figures whose headings are no words of its own."""
    names = schema.headings[layout.table]
    return any(heading.name not in names for _, _, heading in layout.series)


def _called(tables: Iterable[str], schema: Schema) -> Iterator[str]:
    """Yield tables with the words by which a title tells them."""
    for name in tables:
        words = "、".join(schema.titles.get(name, ())[:3])
        told, own = f" ({words})" if words else "", schema.called.get(name, Term(name))
        yield Term(f"{own}{told}", f"{own.en}{told}")


def _is_whole(layout: _Layout, row: list[Any], schema: Schema) -> bool:
    """Tell whether a row is a header beyond doubt: the row that comes next is data.

    A row of data is no rival of the header above it: with a blank cell, or a year among its cells,
    it could pass for a row of headings.
    """
    base, table = layout.base, layout.table
    is_read = blocks.is_read(base, bool(layout.series), table, schema)
    return is_read and blocks.is_data(row, base, table, schema)


def _layout(
    grid: Grid,
    row: int,
    found: list[Heading],
    table: str,
    schema: Schema,
    above: _Above,
    hint: str,
) -> _Layout | None:
    names, own = schema.headings[table], schema.tables[table]
    if _is_of_parts(found, table, schema):
        return None
    found = implied.relabelled(grid, row, found, table, schema)
    found = [*spans.figures(found, table, schema, above.year)]
    base = [heading for heading in found if heading.name in names]
    matched = {names[heading.name] for heading in base}
    series = [*_series(found, table, schema, above.year, matched)]
    if any(implied.is_datum(grid, row, part, schema.named[table]) for part in series):
        return None
    fixing = {heading.place for _, _, heading in series}
    alone = {names[heading.name] for heading in base if heading.place not in fixing}
    span = spans.settle(found, series, alone, table, schema, above.titles, above.year)
    spanned = {heading.place for heading in (*span.own, *span.aside)}
    series, base = span.series, [*(h for h in base if h.place not in spanned), *span.own]
    matched = {names[heading.name] for heading in base}
    twice = len(base) - len(matched)  # 合计 and 增值税 beneath 税金 tell its columns apart
    labelled = implied.labelled(grid, row, found, table, schema, {h.place for _, _, h in series})
    has_figures = any(own[names[heading.name]].keeps_units for heading in base)
    is_unknown = labelled is not None and _is_unknown(found[labelled.place].name, schema)
    is_open = (
        series
        or (is_unknown and has_figures)
        or (labelled and labelled.place in {h.place for h in base})
    )
    if is_open and labelled and names[labelled.name] not in matched:
        base = [*(heading for heading in base if heading.place != labelled.place), labelled]
    layout = _Layout(table, row, base, series if base else [], span)
    rank = _rank(layout, schema, above, is_hinted=table == hint)
    return replace(layout, rank=(*rank[:4], rank[4] - twice, *rank[5:])) if rank else None


def _rank(layout: _Layout, schema: Schema, above: _Above, *, is_hinted: bool) -> tuple[float, ...]:
    """Return how well a row fits a table, the first part first; nothing where it is too little."""
    table, series = layout.table, layout.series
    names, own = schema.headings[table], schema.tables[table]
    given = titles.named(above.titles, table, schema) if layout.base else {}
    matched = {names[heading.name] for heading in layout.base}
    fixed = {column for fixed, _, _ in series for column in fixed}
    needed = {column.name for column in own.values() if column.required == "yes"}
    whole = matched | {column for _, column, _ in series} | fixed | (needed & set(given))
    covered = len(needed & whole) / len(needed)
    if len(matched) + bool(series) < 2 or not (covered >= 0.5 or is_hinted):
        return ()
    said = simplified(" ".join(above.titles))
    words = [word for word in schema.titles.get(table, ()) if word in said]
    distinct = {(column, *sorted(fixed.items())) for fixed, column, _ in series}
    apart = 2 * len(distinct) - len(series)  # a row beneath may tell more of them apart
    told = float(max(map(len, words), default=0)) if series else 0.0  # 任务完成情况 is completion
    keys = sum(own[column].key != "" for column in whole)
    says = any(h.name in names for _, _, h in series)  # 实际 beneath a year, not the year
    return (len(whole) + covered, covered, keys, says, apart, float(is_hinted), told)


def _is_of_parts(found: list[Heading], table: str, schema: Schema) -> bool:
    """Tell whether headings are parts of a whole (towns) that a table has no column for."""
    others = [t for t in schema.filled if not set(schema.parts) & set(schema.tables[table])]
    words = [schema.named[other] for other in others if set(schema.parts) & {*schema.keys(other)}]
    names = {schema.longer.get(heading.name, heading.name) for heading in found}
    return any(known.get(n, ("",))[0] in schema.parts for known in words for n in names)


def _series(
    found: list[Heading], table: str, schema: Schema, year: str, matched: set[str]
) -> Iterator[tuple[Fixed, str, Heading]]:
    """Yield the headings that fix a value: what they fix, the column they are, the heading."""
    names, own = schema.headings[table], schema.tables[table]
    value, time = times.figure_of(table, schema), times.time_of(table, schema)
    for heading in found:
        if heading.name in names or not heading.name:
            group = across.fixed_by(heading.group, table, schema, year)
            column = own.get(names.get(heading.name, ""))
            if column and column.is_figure and group and not set(group) & matched:
                yield group, column.name, heading
            continue
        above = headings.split(heading.group, schema.units)[0]  # 任务数 above the indicators
        if heading.name and any(unread.of_others(above, table, schema)):
            continue
        told = replace(heading, name=above) if names.get(above) == value else heading
        group = across.fixed_by(heading.group, table, schema, year) or {}
        group = {name: said for name, said in group.items() if name not in matched}
        of_group = str(group[time.name])[:4] if time and time.name in group else ""
        bare = heading.name if heading.unit else heading.written  # 2023年(万元)
        fixed = across.fixed_by(bare, table, schema, of_group or year)
        if fixed and time and not str(fixed.get(time.name, of_group)).startswith(of_group):
            continue  # a figure that looks like a year, beneath the heading of another year
        if fixed and value and value not in matched:
            yield group | fixed, value, told
        elif time and (fixed is None or not value):  # 2023年实缴税金, or 实缴税金 above 2023年
            written = heading.written if fixed is None else f"{heading.group} {heading.written}"
            when, rest = times.split_time(written, time, schema, year)
            name, unit = headings.split(rest, schema.units)
            if when is not None and name in names:
                figure = Heading(heading.place, name, heading.unit or unit, written)
                yield group | {time.name: when}, names[name], figure


def _is_unknown(name: str, schema: Schema) -> bool:
    """Tell a heading that is there and means no column of any table (主要指标)."""
    return name != "" and not any(name in schema.headings[table] for table in schema.filled)


def _strays(base: list[Heading], layout: _Layout, schema: Schema) -> list[Heading]:
    """Return the figures whose group says nothing on record, beside those of groups that do."""
    names, time = schema.headings[layout.table], times.time_of(layout.table, schema)
    if any(time and time.name in fixed for fixed, _, _ in layout.series):
        return []  # a figure without a year beside figures of years is refused
    columns = {column for _, column, _ in layout.series}
    return [h for h in base if names[h.name] in columns and h.group not in ("", h.written)]


def _header(sheet: Sheet, grid: Grid, layout: _Layout, schema: Schema, stem: str) -> Header:
    noter = Noter(sheet, grid, layout.row, layout.table, schema)
    found = headings.labels(grid, layout.row, schema.units)
    across_places = {heading.place for _, _, heading in layout.series}
    base = [heading for heading in layout.base if heading.place not in across_places]
    base = [h for h in base if h not in _strays(base, layout, schema)]
    base.sort(key=lambda heading: heading.place)
    places, units, beside = headings.placed(base, noter)
    column_units.add_above(places, units, noter)
    width = unread.width(found, grid[layout.row])
    titles.report_struck(noter)
    if aside := layout.spans.aside:
        noter.note("alone_aside", aside[0].place, ", ".join(heading.written for heading in aside))
    read = across_places | {at for at, _ in places.values()} | {h.place for h in layout.spans.aside}
    left = [h for h in found[:width] if h.place not in read | {b.place for b in base}]
    doubts = unread.doubts(left, [fixed for fixed, _, _ in layout.series], noter)
    doubted = {doubt.place for doubt in doubts}
    taken = {*places, *(column for _, column, _ in layout.series)}
    others = [h for h in left if h.name and h.place not in doubted]
    others = unread.without_others(others, noter)
    headings.report_unread(others, taken, noter)
    read_across = across.gathered(layout.series, places, noter)
    across.refuse_unlike(read_across, places, noter)
    known = {*places, *(column for own in read_across for column in own.fixed)}
    above_all = titles.above(sheet, grid, layout.row)
    fixed = titles.constants(above_all, stem, known, noter)
    read_across = [Series(fixed | p.fixed, p.places, p.units) for p in read_across or [Series()]]
    return Header(
        layout.table,
        layout.row,
        places,
        units,
        tuple(noter.found),
        tuple(read_across),
        width,
        tuple(doubts),
        layout.spans.alone or ("" if layout.spans.aside else spans.stated(" ".join(above_all))),
        titles.alone(sheet, grid, layout.row),
        beside,
        tuple(across.totals(left, read_across, fixed, noter)),
    )
