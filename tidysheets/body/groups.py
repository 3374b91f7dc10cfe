"""Rows between the rows of a table that head those beneath them: a town, a year, a target.

Answers: which rows say of others what no column says. Refuses: to pass over them.
"""

import re
from bisect import bisect
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tidysheets import cells
from tidysheets.files import Sheet
from tidysheets.header import across, blocks, headings, times, titles, unread
from tidysheets.header.headings import Fixed, Header
from tidysheets.problems import Problem
from tidysheets.schema import Schema
from tidysheets.tables import Table
from tidysheets.units import plain, stated_units

_NUMBER: Final = re.compile(
    r"^\s*(?:其中[:：]|[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.、．]|\*)\s*"
)

_BENEATH: Final = re.compile(r"[(（]?(?:以下(?!空白)|下列|下述)")  # （以下为预计数）
_PART: Final = re.compile(r"\s*[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")


def unnumbered(text: str) -> str:
    """Return the name of a row without its number, or the words that it is a part.

    Examples
    --------
    >>> unnumbered("（一）溪口镇"), unnumbered("其中：区属"), unnumbered("2. 亩均税收")
    ('溪口镇', '区属', '亩均税收')
    """
    return _NUMBER.sub("", text)


def bare(text: str, schema: Schema) -> str:
    """Return the comparable name of a row without its number and its unit: 2. 亩均税收(万元/亩)."""
    return headings.split(unnumbered(text.strip()), schema.units)[0]


def names(header: Header, schema: Schema) -> set[str]:
    """Return the comparable names of the data that the rows of a table may be called by."""
    own, meanings = schema.tables[header.table], schema.meanings[header.table]
    keys = [name for name in header.places if own[name].key]
    return {word for name in keys for word in meanings.get(name, {})}


def is_head(row: Sequence[Any], header: Header, schema: Schema) -> bool:
    """Tell a row that only names a part of the table, which is no datum: 一、效益, or a town.

    What a column of the table names is one all the same: a row whose figures are not filled in.
    """
    if len(row) - row.count("") - row.count(None) != 1:  # most rows: this is cheap
        return False
    ((place, text),) = cells.filled(row).items()
    if type(text) is not str:
        return False
    name = bare(text, schema)
    meanings = schema.meanings[header.table]
    here = [column for column, (at, _) in header.read() if at == place]
    if any(name in meanings.get(column, {}) for column in here):
        return False
    kinds = {schema.tables[header.table][column].type for column in here}
    if (not here and place != header.beside) or (kinds == {"identifier"} and not text.isascii()):
        return True  # A类企业（3家）, where codes stand or what is not read
    is_part = any(name in meanings.get(column, {}) for column in schema.parts)
    return is_part or bool(_PART.match(text))


def headed(
    sheet: Sheet,
    header: Header,
    lines: Collection[int],
    passed: Collection[int],
    schema: Schema,
) -> tuple[str, dict[int, Any]]:
    """Return the column that rows between those of data name, and its value by such a row.

    Every row of data stands beneath one of them (一、溪口镇), the table says it nowhere else, and
    no other line stands between them: what that says of the rows beneath is not known.
    """
    absent, found = _absent(header, schema), dict[int, tuple[str, Any]]()
    for line in between(header.row, max(lines, default=0), [*lines, *passed]):
        filled = [*cells.filled(sheet.rows[line]).values()]
        is_note = len(filled) == 1 and blocks.NOTE.match(plain(filled[0]))
        if not filled or is_note:
            continue
        said = _said(str(filled[0]), header.table, schema) if len(filled) == 1 else {}
        if len(said) != 1 or not said.keys() <= absent:
            return "", {}
        found[line] = next(iter(said.items()))
    columns = {column for column, _ in found.values()}
    if len(columns) != 1 or min(found) > min(lines):
        return "", {}
    return columns.pop(), {line: value for line, (_, value) in found.items()}


def between(first: int, last: int, known: Collection[int]) -> Iterator[int]:
    """Yield the lines between two that are not among those known."""
    return iter(sorted(set(range(first + 1, last)).difference(known)))


def _said(written: str, table: str, schema: Schema) -> Fixed:
    """Return what the name of a group of rows says: 一、溪口镇, 规上企业, 2023年."""
    text = unnumbered(written.strip())
    said, name = across.fixed_by(text, table, schema) or {}, bare(text, schema)
    for column in schema.tables[table].values():
        if column.required == "note" and column.type == "bool":
            stated = titles.stated([text], column, schema)
            said |= {column.name: stated.pop()} if len(stated) == 1 else {}
        elif column.required == "note" and name in (words := schema.meanings[table][column.name]):
            said[column.name] = words[name]
    return said


def _absent(header: Header, schema: Schema) -> set[str]:
    """Return the columns that tell rows apart, or should be there, and that no title gives."""
    known = {*header.places, *(name for part in header.series for name in part.fixed)}
    own = schema.tables[header.table].values()
    return {c.name for c in own if c.key or c.required == "note"} - known


def told(table: Table, column: str, values: Mapping[int, Any]) -> Table:
    """Return a table with a column by the rows that head its own, as `headed` found them."""
    heads = sorted(values)
    own = [values[heads[bisect(heads, row - 1) - 1]] for row in table.rows.tolist()]
    frame = table.frame.assign(**{column: own})
    return replace(table, frame=frame, fixed={**table.fixed, column: ""})


def heads(
    sheet: Sheet, header: Header, read: Collection[int], passed: Collection[int], schema: Schema
) -> Iterator[Problem]:
    """Yield a problem of each row without figures whose words would change those beneath it.

    Parameters
    ----------
    read : collection of int
        The lines that were read.
    passed : collection of int
        The lines that were understood without being read: totals and units beneath headings.
    """
    known = {**header.series[0].fixed} if len(header.series) == 1 else {}
    first = min(read, default=0)
    for line in between(header.row, max(read, default=0), [*read, *passed]):
        filled = cells.filled(sheet.rows[line])
        place, written = next(iter(filled.items()), (0, None))
        if len(filled) != 1 or not isinstance(written, str):
            continue
        text = unnumbered(written.strip())
        is_unit = line > first and stated_units([[text]], schema.units)
        if (
            is_unit
            or _BENEATH.match(text)
            or unread.says(text, header, schema)
            or _names(text, header, known, schema)
        ):
            yield sheet.problem("row_heads", line, place)


def _names(text: str, header: Header, known: Fixed, schema: Schema) -> bool:
    """Tell whether a text names a value of a key, or a time, that the table says nowhere else."""
    for table in schema.filled:
        fixed = across.fixed_by(text, table, schema) or {}
        time = times.time_of(table, schema)
        if table != header.table and time:
            fixed.pop(time.name, None)
        if any(name not in header.places and known.get(name) != fixed[name] for name in fixed):
            return True
    absent = (c for n, c in schema.tables[header.table].items() if n not in header.places)
    noted = (column for column in absent if column.required == "note")
    return any(titles.stated([text], c, schema) - {known.get(c.name)} for c in noted)
