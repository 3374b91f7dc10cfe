"""Which table a sheet holds, where its header stands and what each heading means.

Answers: the place of every column. Refuses: a heading that only nearly fits.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

from tidysheets import problems
from tidysheets.files import Sheet
from tidysheets.problems import Problem
from tidysheets.schema import Column, Schema
from tidysheets.units import Units, key
from tidysheets.units import plain as plain_text

SEARCHED_ROWS: Final = 40
_BRACKETS = re.compile(r"[(\[【<〔]([^()\[\]【】<>〔〕]*)[)\]】>〕]")
_STATED = re.compile(r"(?:单位|單位|units?)\s*[:：]", re.IGNORECASE)
_LISTED = re.compile(r"[、,，;；和()（）\[\]【】]")
_TAIL = re.compile(r"^(.+?)[,/:;、]([^,/:;、]+)$")


@dataclass(frozen=True)
class Header:
    """A recognised header: its table, its row and the place and unit of each column."""

    table: str
    row: int
    places: dict[str, tuple[int, str]]
    units: dict[str, str]
    problems: tuple[Problem, ...] = ()


@lru_cache(maxsize=2**12)
def split(text: str, units: Units) -> tuple[str, str]:
    """Return a heading's comparable name and its unit, if it gives one.

    Examples
    --------
    >>> units = Units.common()
    >>> split("實繳稅金（萬元）", units), split("用电量/万千瓦时", units)
    (('实缴税金', '万元'), ('用电量', '万千瓦时'))
    """
    plain = plain_text(problems.simplified(text))
    for match in _BRACKETS.finditer(plain):
        unit = units.name(match[1].removeprefix("单位:").removeprefix("unit:"))
        if unit:
            return key(plain[: match.start()] + plain[match.end() :]), unit
    tail = _TAIL.match(plain)
    unit = units.name(tail[2].removeprefix("单位")) if tail else ""
    return (key(tail[1]), unit) if tail and unit else (key(plain), "")


def recognise(sheet: Sheet, schema: Schema, *, hint: str = "") -> Header | None:
    """Return the header that fits best, or None.

    Parameters
    ----------
    sheet : Sheet
        Raw cells; title rows, merged cells and a second header row are allowed for.
    schema : Schema
        The tables to look for.
    hint : str
        The table that the file's name suggests; it decides between equals.
    """
    grid = _unmerged(sheet)
    best, top = None, (0.0, 0.0, False)
    for row in range(len(grid)):
        labels = _labels(grid, row, schema.units)
        if sum(1 for name, _, _ in labels if name) < 2:
            continue
        for table, names in schema.headings.items():
            matched = {names[name] for name, _, _ in labels if name in names}
            needed = {c.name for c in schema.tables[table].values() if c.required == "yes"}
            covered = len(needed & matched) / len(needed)
            rank = (len(matched) + covered, covered, table == hint)
            if len(matched) >= 2 and (covered >= 0.5 or table == hint) and rank > top:
                best, top = (table, row, labels), rank
    return _header(sheet, grid, *best, schema) if best else None


def _unmerged(sheet: Sheet) -> list[list[Any]]:
    grid = [list(row) for row in sheet.rows[:SEARCHED_ROWS]]
    for (top, left), (bottom, right) in sheet.merged:
        if top <= bottom < len(grid) and left < len(grid[top]):
            for row in range(top, bottom + 1):
                cells = range(left, min(right + 1, len(grid[row])))
                for column in cells:
                    grid[row][column] = grid[top][left]
    return grid


def _labels(grid: list[list[Any]], row: int, units: Units) -> list[tuple[str, str, str]]:
    """Return (comparable name, unit, as written) for each cell; a blank takes what stands above."""
    above = grid[row - 1] if row else []
    labels = []
    for i, cell in enumerate(grid[row]):
        parent = above[i] if i < len(above) and isinstance(above[i], str) else ""
        written = cell if isinstance(cell, str) and cell.strip() else parent if cell == "" else ""
        labels.append((*split(written.strip(), units), " ".join(written.split())))
    return labels


def _units_above(
    grid: list[list[Any]], row: int, places: dict[str, tuple[int, str]], table: str, schema: Schema
) -> Iterator[tuple[str, set[str]]]:
    """Yield the columns that the rows above the header give a unit, with those that fit."""
    stated = _stated_units(grid[:row], schema.units)
    for column, (place, _) in places.items():
        own = schema.tables[table][column]
        wanted = own.unit
        group = _group_unit(grid, row, place, schema.units)
        if own.keeps_units:  # its unit follows the indicator: a list of units says nothing
            alone = stated if len(stated) == 1 and "unit" not in places else set()
            yield column, {group} if group else alone
        elif group and schema.units.factor(group, wanted):
            yield column, {group}
        else:
            yield column, {unit for unit in stated if schema.units.factor(unit, wanted)}


def _group_unit(grid: list[list[Any]], row: int, place: int, units: Units) -> str:
    """Return the unit of the group of columns that a heading is in (分组表头), if it gives one.

    A group's name stands above its first heading and reaches to the next name, merged or not.
    """
    above = [*(grid[row - 1] if row else ()), *[""] * len(grid[row])]
    named = (i for i in range(place, -1, -1) if isinstance(above[i], str) and above[i].strip())
    first = next(named, None)
    if first is None or (first != place and grid[row][first] == ""):
        return ""
    return split(above[first], units)[1] if len(_stated_units([[above[first]]], units)) < 2 else ""


def _stated_units(rows: list[list[Any]], units: Units) -> set[str]:
    """Return the units that the lines above a header state for the whole table (单位：千元)."""
    titles = {cell for row in rows for cell in row if isinstance(cell, str)}
    parts = (part for title in titles for part in _STATED.split(title)[1:])
    words = (word.strip() for part in parts for word in _LISTED.split(part) if word.strip())
    return {units.name(word) or units.name(word.split()[0]) for word in words} - {""}


def _header(
    sheet: Sheet,
    grid: list[list[Any]],
    table: str,
    row: int,
    labels: list[tuple[str, str, str]],
    schema: Schema,
) -> Header:
    own, names = schema.tables[table], schema.headings[table]
    places: dict[str, tuple[int, str]] = {}
    units: dict[str, str] = {}
    found: list[Problem] = []
    unread: list[tuple[int, str, str]] = []

    def note(code: str, place: int, heading: str, **facts: object) -> None:
        address = f"{letter(place)}{row + 1}"
        found.append(
            problems.make(
                code, sheet.file, sheet=sheet.name, row=row + 1, column=heading, found=heading,
                address=address, said=schema.sentences, **facts,
            )
        )  # fmt: skip

    for place, (name, unit, written) in enumerate(labels):
        column = names.get(name)
        if column is None:
            unread += [(place, name, written)] if name else []
        elif column in places:
            note("column_twice", place, written)
        else:
            places[column] = (place, written)
            if unit:
                units[column] = unit
                wanted = own[column].unit
                if not own[column].keeps_units and schema.units.factor(unit, wanted) is None:
                    note("column_unit", place, written, unit=wanted)
    for column, fitting in _units_above(grid, row, places, table, schema):
        if column not in units and len(fitting) > 1:
            note("column_unit", *places[column], unit=own[column].unit)
        elif column not in units and fitting:
            units[column] = fitting.pop()
    _report_unread(unread, names, places, own, note)
    return Header(table, row, places, units, tuple(found))


def _report_unread(
    unread: Iterable[tuple[int, str, str]],
    names: Mapping[str, str],
    places: dict[str, Any],
    own: Mapping[str, Column],
    note: Any,
) -> None:
    others = []
    open_names = [name for name, column in names.items() if column not in places]
    for place, name, written in unread:
        near = get_close_matches(name, open_names, n=1, cutoff=0.72)
        if near:
            unit = own[names[near[0]]].unit
            note("column_near", place, written, suggestion=near[0] + (f"({unit})" if unit else ""))
        else:
            others.append((place, written))
    if others:
        note("columns_ignored", others[0][0], ", ".join(written for _, written in others))


def letter(index: int) -> str:
    """Return the letters of a spreadsheet column, counted from 0.

    Examples
    --------
    >>> letter(0), letter(26)
    ('A', 'AA')
    """
    head, tail = divmod(index, 26)
    return (letter(head - 1) if head else "") + chr(65 + tail)
