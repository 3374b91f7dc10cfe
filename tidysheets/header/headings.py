"""Which table a sheet holds, where its header stands and what each heading means.

Answers: the place of every column. Refuses: a heading that only nearly fits.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

from tidysheets import cells, problems, quantities, timewords
from tidysheets.addresses import letter
from tidysheets.files import Sheet
from tidysheets.header import times
from tidysheets.problems import Problem
from tidysheets.schema import Column, Schema
from tidysheets.units import BRACKETS, Units, key, plain

SEARCHED_ROWS: Final = 40
_SEARCHED_CELLS: Final = 2**14  # wide sheets are searched less far down
_RATIO: Final = frozenset("均率比")
_LONGEST: Final = 80  # a longer text is no heading
_IN_ROWS = re.compile(r"[(\[](?:计量)?单位[)\]]")  # the unit stands in the rows: 指标名称（单位）
_TAIL = re.compile(r"^(.+?)[,/:;、]([^,/:;、]+)$")

Place = tuple[int, str]
Grid = list[list[Any]]
Fixed = dict[str, Any]


@dataclass(frozen=True)
class Heading:
    """One cell of a header row: its comparable name, its unit, how it and its group are written."""

    place: int
    name: str
    unit: str
    written: str
    group: str = ""


@dataclass(frozen=True)
class Series:
    """Columns whose figures share what their headings, or the sheet's title, fix.

    ``fixed`` gives the value of each fixed column, ``places`` where the other columns stand.
    """

    fixed: Fixed = field(default_factory=dict)
    places: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Doubt:
    """A column that was not read: the problem if it holds figures, the remark if it does not."""

    place: int
    problem: Problem
    remark: Problem | None = None


@dataclass(frozen=True)
class Header:
    """A recognised header: its table, its row and the place and unit of each column.

    ``series`` are the columns that differ by what their headings fix (years across the top);
    a plain table has one without any. ``width`` counts the columns up to the last heading;
    ``doubts`` are the columns that must not hold figures, as their headings were not read;
    ``alone`` is the word by which the figures are of a month alone, or of years beside a total;
    ``above`` are the titles, the sheet's name among them; ``beside`` is the place of a second
    column that says when (月份 beside 年份), if there is one; ``totals`` are sums of ``series``.
    """

    table: str
    row: int
    places: dict[str, Place]
    units: dict[str, str]
    problems: tuple[Problem, ...] = ()
    series: tuple[Series, ...] = (Series(),)
    width: int = 0
    doubts: tuple[Doubt, ...] = ()
    alone: str = ""
    above: tuple[str, ...] = ()
    beside: int | None = None
    totals: tuple[Series, ...] = ()

    def read(self) -> list[tuple[str, Place]]:
        """Return the columns that are read with their places, those of each series too."""
        parts = (self.places, *(part.places for part in self.series))
        return [place for places in parts for place in places.items()]


@lru_cache(maxsize=2**12)
def split(text: str, units: Units) -> tuple[str, str]:
    """Return a heading's comparable name and its unit, if it gives one.

    Examples
    --------
    >>> units = Units.common()
    >>> split("實繳稅金（萬元）", units), split("用电量/万千瓦时", units)
    (('实缴税金', '万元'), ('用电量', '万千瓦时'))
    """
    written = _IN_ROWS.sub("", times.unmarked(plain(problems.simplified(text[:_LONGEST]))))
    for match in BRACKETS.finditer(written):
        unit = units.name(match[1].removeprefix("单位:").removeprefix("unit:"))
        if unit:
            return key(written[: match.start()] + written[match.end() :]), unit
    tail = _TAIL.match(written)
    unit = units.name(tail[2].removeprefix("单位")) if tail else ""
    return (key(tail[1]), unit) if tail and unit else (key(written), "")


def labels(grid: Grid, row: int, units: Units) -> list[Heading]:
    """Return the headings of a row; a blank cell, or a unit in brackets, takes what is above."""
    above = grid[row - 1] if row else []
    found, group = [], ""
    texts = timewords.same_parts([times.as_text(cell) for cell in grid[row]])
    for i, cell in enumerate(grid[row]):
        parent = times.as_text(above[i]) if i < len(above) else ""
        group = parent or group
        is_unit = BRACKETS.fullmatch(texts[i]) and units.name(texts[i]) and "单位" not in parent
        written = parent + texts[i] if is_unit or cell == "" else texts[i]
        shown = " ".join(written.split())
        found.append(Heading(i, *split(written, units), shown, "" if cell == "" else group))
    return found


def unmerged(sheet: Sheet) -> Grid:
    """Return the first rows of a sheet, merged cells filled with what they show."""
    grid, count = list[list[Any]](), 0
    for row in sheet.rows[:SEARCHED_ROWS]:
        if count > _SEARCHED_CELLS:
            break
        grid.append(list(row))
        count += len(cells.filled(row))
    for (top, left), (bottom, right) in sheet.merged:
        if top <= bottom and top < len(grid) and left < len(grid[top]):
            for row in grid[top : bottom + 1]:
                for column in range(left, min(right + 1, len(row))):
                    row[column] = grid[top][left]
    return grid


def names_rows(column: Column) -> bool:
    """Tell a column of names: a unit in its heading is of the table's figures (指标（万元）)."""
    return column.key != "" and column.type == "code"


class Noter:
    """One row read as the header of one table; collects its problems in the words of the file."""

    def __init__(self, sheet: Sheet, grid: Grid, row: int, table: str, schema: Schema) -> None:
        self.sheet, self.grid, self.row, self.table, self.schema = sheet, grid, row, table, schema
        self.own, self.names = schema.tables[table], schema.headings[table]
        self.time, self.value = times.time_of(table, schema), times.figure_of(table, schema)
        self.found: list[Problem] = []

    def note(self, code: str, place: int | None, heading: str, **facts: object) -> None:
        """Add a problem of the heading at a place, or of a column without one."""
        self.found.append(self.made(code, place, heading, **facts))

    def twice(self, heading: Heading, place: int, other: str) -> None:
        """Add that a heading means the same column as another one."""
        facts = {"other": other, "beside": f"{letter(place)}{self.row + 1}"}
        self.note("column_twice", heading.place, heading.written, **facts)

    def unit(self, heading: Heading, column: Column) -> None:
        """Add that the unit of a heading does not convert into that of its column."""
        fits = column.keeps_units or self.schema.units.factor(heading.unit, column.unit)
        if heading.unit and not fits:
            self.note("column_unit", heading.place, heading.written, unit=column.unit)

    def made(self, code: str, place: int | None, heading: str, **facts: object) -> Problem:
        """Return a problem of the heading at a place, or of a column without one."""
        found = heading if place is not None else ""
        return self.sheet.problem(code, self.row, place, column=heading, found=found, **facts)


def placed(
    headings: Iterable[Heading], noter: Noter
) -> tuple[dict[str, Place], dict[str, str], int | None]:
    """Return where the columns of a table stand by their headings, and the units these give.

    Last comes the place of a second column that says when: a year and its months, in two columns.
    """
    own, time, beside = noter.own, noter.time, None
    places: dict[str, Place] = {}
    units: dict[str, str] = {}
    for heading in headings:
        column = noter.names[heading.name]
        is_beside = column in places and time and column == time.name and time.type != "int"
        if is_beside and beside is None:
            beside = heading.place
            continue
        if column in places and _says_the_same(noter, own[column], places[column][0], heading):
            noter.note("columns_ignored", heading.place, heading.written)
            continue
        if column in places:
            noter.twice(heading, *places[column])
            continue
        places[column] = (heading.place, heading.written)
        if heading.unit and not (noter.value and names_rows(own[column])):
            units[column] = heading.unit
            noter.unit(heading, own[column])
    return places, units, beside


def _says_the_same(noter: Noter, column: Column, place: int, heading: Heading) -> bool:
    """Tell whether a second column of codes only names what the first says: 镇街代码 and 镇街."""
    words = noter.schema.meanings[column.table].get(column.name, {})
    known = {*words.values()}
    for line in range(noter.row + 1, len(noter.sheet.rows) if column.type == "code" else 0):
        pair = [noter.sheet.cell(line, at) for at in (place, heading.place)]
        texts = [f"{cell:.15g}" if isinstance(cell, float) else str(cell or "") for cell in pair]
        first, second = (words.get(key(text), text) for text in texts)
        if second in known and first != second:
            return False
    return column.type == "code" and bool(known)


def untold_years(found: Iterable[Heading], noter: Noter) -> Iterator[tuple[Heading, str]]:
    """Yield the headings of figures whose year cannot be told, with the columns they are."""
    for heading in found if noter.time else ():
        if heading.name and heading.name not in noter.names:
            rest = times.without_untold(heading.written)
            name = split(rest, noter.schema.units)[0] if rest else ""
            value = noter.value if rest is not None else ""
            column = noter.names.get(name, "") if name else value
            if column:
                yield heading, column


def report_unread(unread: Iterable[Heading], taken: Collection[str], noter: Noter) -> None:
    """Name the headings that were not read, those that nearly fit with what they nearly are."""
    names, others = noter.names, []
    open_names = [name for name, column in names.items() if column not in taken]
    untold = {heading for heading, column in untold_years(unread, noter) if column not in taken}
    for heading in unread:
        if heading in untold:
            noter.note("year_untold", heading.place, heading.written)
            continue
        near = get_close_matches(heading.name, open_names, n=1, cutoff=0.72)
        if near and not _is_ratio(heading, near[0]):
            unit = noter.own[names[near[0]]].unit
            suggestion = near[0] + (f"({unit})" if unit else "")
            noter.note("column_near", heading.place, heading.written, suggestion=suggestion)
        else:
            others.append(heading)
    if others:
        written = ", ".join(_shown(heading, names) for heading in others)
        noter.note("columns_ignored", others[0].place, written)


def _is_ratio(heading: Heading, near: str) -> bool:
    """Tell a heading of another quantity than the name it looks like: 亩均增加值, 增加值增速."""
    return quantities.is_other(heading.written) or bool(_RATIO & {*heading.name} - {*near})


def _shown(heading: Heading, names: Mapping[str, str]) -> str:
    """Return a heading as it is written, one of figures with the name of its group."""
    is_grouped = heading.name in names and heading.group not in ("", heading.written)
    return f"{heading.group} {heading.written}" if is_grouped else heading.written
