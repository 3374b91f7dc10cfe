"""Merged cells of data: a word or a code that stands once for several rows.

Answers: what each row of a merged range holds. Refuses: to share out a figure.
"""

from typing import Any

from tidysheets import across, cells
from tidysheets.addresses import Place
from tidysheets.files import Sheet
from tidysheets.headings import Header
from tidysheets.problems import Problem
from tidysheets.schema import Column, Schema


def filled(sheet: Sheet, header: Header, schema: Schema) -> tuple[Sheet, list[Problem]]:
    """Return the sheet with merged words and codes in each of their rows, and what was merged.

    A figure merged over several rows, or over several columns, is refused: whether it is their
    sum or counts for each cannot be told.
    """
    own = schema.tables[header.table]
    known = {place: own[name] for name, (place, _) in header.read()}
    written = {place: heading for _, (place, heading) in header.read()}
    time = across.time_of(header.table, schema)
    known |= {header.beside: time} if time and header.beside is not None else {}
    within, found = dict[Place, Any](), list[Problem]()
    for (top, left), (bottom, right) in sheet.merged:
        places = [place for place in range(left, right + 1) if place in known]
        columns = [known[place] for place in places]
        if top <= header.row or top >= len(sheet.rows) or not columns:
            continue
        value = sheet.cell(top, left)
        if value in ("", None):
            continue
        bottom = min(bottom, len(sheet.rows) - 1)
        code = _judged(columns, value, is_tall=bottom > top)
        if code == "merged_filled":
            blank = (i for i in range(top + 1, bottom + 1) if sheet.cell(i, left) in ("", None))
            within |= {(line, left): value for line in blank}
        if code:
            heading = written.get(places[0]) or columns[0].label()
            found.append(sheet.problem(code, top, left, column=heading))
    return sheet.changed(within), found


def _judged(columns: list[Column], value: Any, *, is_tall: bool) -> str:
    is_figure = any(column.is_figure for column in columns)
    if is_figure and cells.is_figure(value) and (is_tall or len(columns) > 1):
        return "merged_figure"
    return "merged_filled" if is_tall and not is_figure else ""
