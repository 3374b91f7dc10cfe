"""Cells that leave to others what they say: merged words, months whose year stands elsewhere.

Answers: what each row holds, in its own cells. Refuses: to share out a figure, to choose between
two years.
"""

import re
from typing import Any, Final

from tidysheets import cells
from tidysheets.addresses import Place
from tidysheets.files import Sheet
from tidysheets.header import times
from tidysheets.header.headings import Header
from tidysheets.problems import Problem
from tidysheets.schema import Column, Schema

_YEAR: Final = re.compile(r"((?:19|20|21)\d{2})(?:年度?)?")
_NUMBER: Final = re.compile(r"0?([1-9]|1[0-2])")
_QUARTER: Final = re.compile(r"((?:19|20|21)\d{2})[-/.]?0?([1-9]|1[0-2])")


def filled(sheet: Sheet, header: Header, schema: Schema) -> tuple[Sheet, list[Problem]]:
    """Return the sheet with such cells filled in, and what is to be said of them."""
    sheet, merged = _merged(sheet, header, schema)
    sheet = _quarters(_joined(sheet, header, schema), header, schema)
    sheet, dated = _completed(sheet, header, schema)
    return sheet, merged + dated


def _merged(sheet: Sheet, header: Header, schema: Schema) -> tuple[Sheet, list[Problem]]:
    """Return the sheet with merged words and codes in each of their rows, and what was merged.

    A figure merged over several rows, or over several columns, is refused: whether it is their
    sum or counts for each cannot be told.
    """
    own = schema.tables[header.table]
    known = {place: own[name] for name, (place, _) in header.read()}
    written = {place: heading for _, (place, heading) in header.read()}
    time = times.time_of(header.table, schema)
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


def _joined(sheet: Sheet, header: Header, schema: Schema) -> Sheet:
    """Return the sheet with a year and its month or quarter, in two columns, as one time.

    Two cells that make no time together stand beside each other in one, where it is refused.
    """
    time = times.time_of(header.table, schema)
    if not time or header.beside is None:
        return sheet
    place, whole = header.places[time.name][0], dict[Place, Any]()
    for line in range(header.row + 1, len(sheet.rows)):
        written = {at: _text(sheet.cell(line, at)) for at in (place, header.beside)}
        dated = [at for at, text in written.items() if _YEAR.fullmatch(text)]
        if len(dated) != 1:
            when = " ".join(filter(None, written.values()))
        else:
            (at,) = dated
            other = header.beside if at == place else place
            heading = times.as_text(sheet.cell(header.row, other))
            when = _whole(written[at], written[other], heading)
        whole[line, place] = when
    return sheet.changed(whole)


def _whole(year: str, part: str, heading: str) -> str:
    """Return a year with its part: 6 is a month beneath 月份, and a quarter beneath 季度."""
    if part == "" or cells.is_missing(part):
        return year
    number, year = _NUMBER.fullmatch(part), year.rstrip("年度")
    kind = next((kind for kind in ("月", "季度") if kind[0] in heading), "")
    return f"{year}年{number[1]}{kind}" if number and kind else f"{year}年{part}"


def _quarters(sheet: Sheet, header: Header, schema: Schema) -> Sheet:
    """Return the sheet with quarters that look like months: 2023-2 beneath 季度.

    2023-3 without another one may be its third quarter or March: it is left to be refused.
    """
    time = times.time_of(header.table, schema)
    place, heading = header.places.get(time.name if time else "", (0, ""))
    if "季" not in heading or "月" in heading:
        return sheet
    lines = range(header.row + 1, len(sheet.rows))
    texts = {line: _QUARTER.fullmatch(_text(sheet.cell(line, place))) for line in lines}
    found = {line: match for line, match in texts.items() if match}
    numbers = {match[2] for match in found.values()}
    if not numbers <= {*"1234"}:
        return sheet
    mark = "Q" if numbers != {"3"} else "?"
    return sheet.changed({(line, place): f"{m[1]}-{mark}{m[2]}" for line, m in found.items()})


def _completed(sheet: Sheet, header: Header, schema: Schema) -> tuple[Sheet, list[Problem]]:
    """Return the sheet with the year of its title beside months that stand alone (1月, 一季度)."""
    time, years = times.time_of(header.table, schema), times.years_in(header.above)
    if not time or time.name not in header.places or len(years) != 1:
        return sheet, []
    place, heading = header.places[time.name]
    (year,) = years
    whole, found = dict[Place, Any](), list[Problem]()
    for line in range(header.row + 1, len(sheet.rows)):
        cell = sheet.cell(line, place)
        if type(cell) is not str or times.split_time(cell, time, schema)[0] is not None:
            continue
        when, rest = times.split_time(cell, time, schema, year)
        if when is not None and not rest:
            whole[line, place] = when
            told = {"column": heading, "found": "", "value": when}
            found = found or [sheet.problem("year_from_title", line, place, **told)]
    return sheet.changed(whole), found


def _text(cell: Any) -> str:
    """Return a cell of a column of years or months as text."""
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return f"{cell:.15g}" if is_number else times.as_text(cell)
