"""Where the data of a table begin beneath its header, and where another table begins beneath it.

Answers: whether a row is data, or a header that only stands again. Refuses: two tables as one.
"""

import itertools
import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from tidysheets import cells
from tidysheets.files import Sheet
from tidysheets.header import headings, times, titles
from tidysheets.header.headings import Header, Heading
from tidysheets.problems import Problem
from tidysheets.schema import Schema
from tidysheets.units import key, plain, stated_units

_CONTINUED: Final = re.compile(r"\(?(?:续表?|接上[页表])[一二三四五六七八九十\d]*\)?|[第共]\d+页")
NOTE: Final = re.compile(
    r"(附?注|说明|备注|资料来源|数据来源|来源|填报|填表|制表|审核|负责人|联系|单位负责人|(?:计量)?单位(?=:)|本表|以上|上述|note|source|※|\*)"
    r"(人|人员|单位|时间|日期|电话|.{0,6}:.*)?"
)
_OF_TIME: Final = re.compile(r"\d|[年月季]")


def is_data(row: list[Any], base: Iterable[Heading], table: str, schema: Schema) -> bool:
    """Tell whether a row beneath a header is data, and no second row of headings.

    A second row of headings is blank under the columns that name the rows, or says there again
    what they are called; data fill them in.
    """
    own, names = schema.tables[table], schema.headings[table]
    for heading in base:
        cell = [*row[heading.place : heading.place + 1], ""][0]
        text = times.as_text(cell) or ("" if cell is None else str(cell).strip())
        is_key = own[names[heading.name]].key != ""
        if is_key and text and headings.split(text, schema.units)[0] not in names:
            return True
    return False


def is_read(base: Iterable[Heading], is_across: bool, table: str, schema: Schema) -> bool:
    """Tell whether a header has a column that names its rows and, if its table does, of figures."""
    own, names = schema.tables[table], schema.headings[table]
    columns = [own[names[heading.name]] for heading in base]
    has_figures = is_across or any(column.is_figure for column in columns)
    has_none = not any(column.is_figure for column in own.values())
    return (has_figures or has_none) and any(column.key for column in columns)


def stands_again(row: list[Any], opening: list[tuple[int, str]]) -> bool:
    """Tell whether a row begins as the header does, whose first places and headings are given."""
    return all(at < len(row) and row[at] == heading for at, heading in opening)


def standing_again(sheet: Sheet, header: Header) -> set[int]:
    """Return the lines where a header stands again, with those of one text right above: titles."""
    found, start = set[int](), opening(header)
    for line in range(header.row + 1, len(sheet.rows)):
        if stands_again(sheet.rows[line], start):
            found.add(line)
            while (line := line - 1) > header.row and _is_title(sheet.rows[line]):
                found.add(line)
    return found


def _is_title(row: list[Any]) -> bool:
    filled = [*cells.filled(row).values()]
    return not filled or (len(filled) == 1 and isinstance(filled[0], str))


def opening(header: Header) -> list[tuple[int, str]]:
    """Return the first two places of a header with their headings."""
    return sorted(place for _, place in header.read())[:2]


def side_by_side(sheet: Sheet, header: Header) -> list[Sheet]:
    """Return the tables that stand beside each other, where the first heading of a row recurs.

    Each has its own columns, where they stand; a line that is one title or note is of all. Where a
    column that is read stands before it, its heading is merged from above: that is one table.
    """
    row = header.row
    texts = [times.as_text(cell) for cell in sheet.rows[row]]
    first = next(filter(None, texts), "")
    starts = [i for i, text in enumerate(texts) if text == first]
    if starts[:1] > [opening(header)[0][0]]:
        return []
    ends = [*starts[1:], max(map(len, sheet.rows))]
    parts = []
    for start, end in zip(starts, ends, strict=True):
        rows = [_within(line, start, end, is_above=n < row) for n, line in enumerate(sheet.rows)]
        merged = tuple(both for both in sheet.merged if start <= both[0][1] < end)
        parts.append(replace(sheet, rows=rows, merged=merged, problems=[]))
    parts[0].problems.extend(sheet.problems)
    return parts


def apart(sheet: Sheet, header: Header, schema: Schema) -> int | None:
    """Return the blank column between two tables, where the rows take their names from both.

    A row of one table says nothing of the row of the other that happens to stand beside it.
    """
    own, row = schema.tables[header.table], header.row
    named = [at for name, (at, _) in header.places.items() if own[name].key]
    for gap in range(min(named, default=0) + 1, max(named, default=0)):
        if all(sheet.cell(line, gap) in ("", None) for line in range(row, len(sheet.rows))):
            return gap
    return None


def _within(line: list[Any], start: int, end: int, *, is_above: bool) -> list[Any]:
    """Return a line with the cells of some columns alone, and with its text if it has only one."""
    texts = {*_texts(line)}
    if len(texts) == 1 and (is_above or NOTE.match(plain(next(iter(texts))))):
        return [*[""] * start, *texts]
    return [cell if start <= i < end else "" for i, cell in enumerate(line)]


def another(
    sheet: Sheet, header: Header, passed: list[int], kept: list[int], schema: Schema
) -> Iterator[Problem]:
    """Yield a problem where a table begins beneath another: all would be read by the first's title.

    A header that stands again on a new page is no other table, with the title or without.

    Parameters
    ----------
    passed : list of int
        The lines among the data that were not taken for data, without notes.
    kept : list of int
        The lines of data.
    """
    first = [cell for row in sheet.rows[: header.row + 1] for cell in _texts(row)]
    fixed = _fixed(header)
    waiting: list[int] = []
    if (line := _headed(sheet, header, kept, schema)) is not None:
        yield _problem(sheet, line)
        return
    (place, heading), names = opening(header)[0], schema.headings[header.table]
    for line in kept if headings.split(heading, schema.units)[0] in names else ():
        if sheet.cell(line, place) == heading:
            yield _problem(sheet, line)  # 指标 is the heading of another table, no datum
            return
    for line in passed:
        if waiting and bisect(kept, waiting[-1]) != bisect(kept, line):
            waiting = []  # data stand between
        row = sheet.rows[line]
        if stands_again(row, opening(header)):
            new = [
                i for i in waiting if _differs(sheet.rows[i], first, fixed, header.table, schema)
            ]
            if new or not _is_same(sheet, row, header):
                yield _problem(sheet, new[0] if new else line)
                return
        elif _contradicts(_texts(row), first, fixed, header.table, schema):
            yield _problem(sheet, line)
            return
        else:
            waiting.append(line)


def _headed(sheet: Sheet, header: Header, kept: list[int], schema: Schema) -> int | None:
    """Return the first line of data behind a gap that is a row of other headings, if one is."""
    own = {written for _, (_, written) in header.read()}
    for before, line in itertools.pairwise([header.row, *kept]):
        if line == before + 1:
            continue
        texts = [*cells.filled(sheet.rows[line]).values()]
        if len(texts) < 2 or not all(type(cell) is str for cell in texts) or texts[0] in own:
            continue
        names = [headings.split(cell, schema.units)[0] for cell in texts]
        for table in schema.filled:
            known = (schema.headings[table], schema.named[table])
            if names[0] in known[0] and all(any(n in words for words in known) for n in names[:2]):
                return line
    return None


def _problem(sheet: Sheet, line: int) -> Problem:
    return sheet.problem("another_table", line, found=" ".join(_texts(sheet.rows[line])))


def _texts(row: list[Any]) -> list[str]:
    return [text for cell in row if (text := times.as_text(cell))]


def _fixed(header: Header) -> headings.Fixed:
    """Return what is the same for every figure of a table, and has no column."""
    first = header.series[0].fixed
    alike = {c for c in first if all(own.fixed.get(c) == first[c] for own in header.series)}
    return {column: first[column] for column in alike - set(header.places)}


def _is_same(sheet: Sheet, row: list[Any], header: Header) -> bool:
    """Tell whether a header stands again in all its cells; it may have two lines."""
    lines = [row, *sheet.rows[max(header.row - 1, 0) : header.row + 1]]
    for _, (place, written) in header.read():
        here = [line[place] if place < len(line) else "" for line in lines]
        cell, *own = (" ".join(times.as_text(cell).split()) for cell in here)
        if cell not in ("", written, *own):
            return False
    return True


def _contradicts(
    texts: list[str], first: list[str], fixed: headings.Fixed, table: str, schema: Schema
) -> bool:
    """Tell whether a line names another year, town, indicator or unit than the title."""
    given = titles.named(texts, table, schema)
    if any(column in given and value not in given[column] for column, value in fixed.items()):
        return True
    stated = stated_units([texts], schema.units)
    return bool(stated - stated_units([first], schema.units))


def _differs(
    row: list[Any], first: list[str], fixed: headings.Fixed, table: str, schema: Schema
) -> bool:
    """Tell whether a title above a header that stands again is of another table.

    What it names may not be on record: where the first title says which indicator or town it is,
    any other title counts; where it says only when, any other with a time.
    """
    time, known = times.time_of(table, schema), {_bare(text) for text in first}
    new = [text for text in _texts(row) if _bare(text) and _bare(text) not in known]
    given = titles.named(new, table, schema)
    if {column for column in fixed if not time or column != time.name}:
        return bool(new)
    is_timed = any(_OF_TIME.search(text) for text in new)
    return bool(fixed) and is_timed and not (time and fixed[time.name] in given.get(time.name, ()))


def _bare(text: str) -> str:
    """Return a title without the words that it is continued."""
    return key(_CONTINUED.sub("", plain(text).replace(" ", "")))
