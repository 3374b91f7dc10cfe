"""A table of a page as a CSV inside the page: a link that saves it, offline.

Answers: the rows as figures without form, codes beside names. Refuses: to hold a formula, or a
row that the page may not show.
"""

import base64
import csv
import io
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import Any, Final

import pandas as pd

from fenghua.display import kinds
from fenghua.display.columns import Column, Row, register
from fenghua.display.numbers import NONE
from fenghua.display.wording import Words
from fenghua.inputs.records import rows_of

_KEYS: Final = ("indicator_id", "town_code", "unit_id", "enterprise_id", "park_id")
_WORDED: Final = ("status", "code", "grade", "period")  # a word on the page, a code in the frame
_TAG: Final = re.compile("<[^>]*>")
_FORMULA: Final = tuple("=+-@\t\r")
_BYTES_IN_KB: Final = 1024


def link(frame: pd.DataFrame, columns: Sequence[Column], name: str, words: Words) -> str:
    """Return a link that saves the rows as a CSV file which Excel opens rightly.

    Parameters
    ----------
    frame : DataFrame
        The rows of the page's table, all of them, as they may be published.
    columns : sequence of Column
        What the page prints of them, folded columns included.
    name : str
        The file's name.
    """
    data = ("\ufeff" + text(frame, columns)).encode()
    size = max(1, round(len(data) / _BYTES_IN_KB))
    href = f"data:text/csv;charset=utf-8;base64,{base64.b64encode(data).decode()}"
    said = escape(words("page.download", size=size))
    return f'<a class="dl" download="{escape(name)}" href="{href}">{said}</a>'


def text(frame: pd.DataFrame, columns: Sequence[Column]) -> str:
    """Return the CSV: UTF-8 text with CRLF, heads in words, codes under their own name."""
    rows = rows_of(frame)
    parts: dict[str, list[object]] = {}
    for head, name, cells in _parts(frame, columns, rows):
        # Two columns may be headed alike (a task's name, its figure): the later by its own name.
        parts[name if parts.get(head, cells) != cells else head] = cells
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(parts)
    writer.writerows(zip(*parts.values(), strict=True))
    return buffer.getvalue()


def _parts(
    frame: pd.DataFrame, columns: Sequence[Column], rows: Sequence[Row]
) -> Iterator[tuple[str, str, list[object]]]:
    """Yield each column's head in words, its own name and its cells."""
    told = set()
    for name in (key for key in _KEYS if key in frame):
        yield name, name, [_plain(row[name]) for row in rows]
    for column in columns:
        if column.kind in _WORDED:
            yield column.head, column.key, [_word(column, row) for row in rows]
            yield column.source, column.source, [_plain(row[column.source]) for row in rows]
        elif column.kind != "bar":
            none = "" if column.none == NONE else column.words("page.suppressed")
            cells = [_plain(row[column.source], none=none) for row in rows]
            yield column.head, column.key, cells
        told |= {column.source}
        for name in (key for key in column.also if key not in told and key not in _KEYS):
            told |= {name}
            yield _head_of(name, column), name, [_plain(row[name]) for row in rows]


def _head_of(name: str, column: Column) -> str:
    """Return the heading of a column that another one prints along: its own, if it is a figure."""
    own = Column(name, register().get(name, {"kind": "code"}), column.words, column.facts)
    return name if own.kind in _WORDED or own.source != name else own.head_or(name)


def _word(column: Column, row: Row) -> object:
    if column.kind == "status":
        code = row[column.source]
        return column.words(f"status.{code}") if code else ""
    return _plain(unescape(_TAG.sub("", kinds.cell(column, row))))


def _plain(value: Any, *, none: str = "") -> object:
    """Return a cell as a CSV holds it; text that a spreadsheet would compute is quoted."""
    if isinstance(value, list | tuple):
        return ";".join(str(_plain(item)) for item in value)
    if value is None or value != value:
        return none
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) and value != NONE else value
    return f"{value:.12g}" if isinstance(value, float) else value
