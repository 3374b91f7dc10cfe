"""The tables of a rendered page as a workbook (``fenghua export``): one sheet a table.

Answers: the figures as printed, as numbers where they are numbers. Refuses: to hold a formula.
"""

import base64
import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from fenghua import reading
from fenghua.display.numbers import NONE
from tidysheets import whole

# Figures are printed with separators, so five bare digits are a code, and so is 0012.
_NUMBER = re.compile(r"[+\u2212-]?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,3})(\.\d+)?(%?)")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME_LENGTH: Final = 31  # the longest name of a sheet
_WIDTHS: Final = (8, 46)
_PLAIN: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?")
_CODES: Final = ("_id", "_code", "period", "clause")  # heads of columns whose digits are no number
_SAVED: Final = "data:text/csv;charset=utf-8;base64,"
_BENEATH: Final = "\x1f"  # parts a cell from the smaller line beneath it
_PARTED: Final = {"small": _BENEATH, "bdi": " "}
_SILENT: Final = ("script", "style", "svg", "dl")


@dataclass
class _Table:
    caption: str
    rows: list[list[str]]
    heads: int
    saved: list[list[str]] = field(default_factory=list)  # as the page lets it be saved


def _said(element: Element | None) -> str:
    """Return what an element says, each of its lines without the form of the file."""
    lines = "".join(() if element is None else element.itertext()).split(_BENEATH)
    return _BENEATH.join(re.sub(r"\s+", " ", line).strip() for line in lines)


def _about(page: Element) -> tuple[list[str], list[str]]:
    """Return what a page says around its text, the finding too, and its marks."""
    inside = {*page.iterfind(".//main//p")}
    about, marks = [], []
    for element in page.iter():
        if element.tag == "h1" or (element.tag == "p" and element not in inside):
            text = _said(element)
            about += [text] if text else []
            marks += [text] if text and element.get("class") in ("demo", "internal") else []
    return about, marks


def _tables(page: Element) -> list[_Table]:
    """Return the tables of a page, each as printed and, where it can be, as saved."""
    tables: list[_Table] = []
    for element in page.iter():
        if element.tag == "table":
            rows = [[_said(cell) for cell in row] for row in element.iter("tr")]
            heads = int(element.find("thead") is not None)
            tables.append(_Table(_said(element.find("caption")), rows, heads))
        elif element.get("href", "").startswith(_SAVED) and tables:
            tables[-1].saved = _rows(element.get("href", "").removeprefix(_SAVED))
    return tables


def _rows(data: str) -> list[list[str]]:
    """Return the rows of a table that the page carries: figures without form, and codes."""
    text = base64.b64decode(data).decode("utf-8-sig")
    return [[_UNPRINTABLE.sub("", cell) for cell in row] for row in csv.reader(io.StringIO(text))]


def export(page: str | Path, out: str | Path) -> int:
    """Write the tables of a page to a workbook and return how many there are.

    Parameters
    ----------
    page : path
        A brief as ``fenghua report`` wrote it.
    out : path
        The workbook; written whole or not at all.

    Raises
    ------
    ValueError
        When the file is not such a page.

    Notes
    -----
    Every text is stored as text and marked so (quote prefix): one that begins with ``=``, ``+``,
    ``-`` or ``@`` stays what it is when the cell is edited. The first sheet carries the finding
    and the marks of the page, and each table's sheet carries the marks. A table that the page lets
    be saved is taken from there: figures in full, codes beside names; others are taken as printed.
    """
    if not Path(page).is_file():
        raise ValueError(f"there is no page {page}; give one that fenghua report wrote")
    text = Path(page).read_text(encoding="utf-8", errors="replace")
    read, _ = reading.tree(_UNPRINTABLE.sub("", text))
    if reading.embedded(read) is None:
        raise ValueError(f"{page} is not a brief; give a page that fenghua report wrote")
    reading.empty(read, lambda one: one.tag in _SILENT or one.get("aria-hidden") == "true")
    for element in read.iter():
        element.text = _PARTED.get(element.tag, "") + (element.text or "")
    book = Workbook()
    sheet = book.active
    sheet.title = "0"
    about, marks = _about(read)
    for number, line in enumerate(about, start=1):
        _put(sheet.cell(number, 1), line)
    sheet.column_dimensions["A"].width = 2 * _WIDTHS[1]
    tables = _tables(read)
    for table in tables:
        _add(book, table, " · ".join(marks))
    whole.save(book, out)
    return len(tables)


def _add(book: Any, table: _Table, marks: str) -> None:
    sheet = book.create_sheet(_name(table.caption, {s.title.casefold() for s in book}))
    _put(sheet.cell(1, 1), table.caption).font = Font(bold=True)
    _put(sheet.cell(2, 1), marks)
    heads = table.heads or bool(table.saved)
    for number, row in enumerate(table.saved or _parted(table), start=3):
        for place, text in enumerate(row, start=1):
            is_saved = bool(table.saved) and number > 3
            head = table.saved[0][place - 1] if is_saved else ""
            cell = sheet.cell(number, place)
            _put_saved(cell, text, head) if is_saved else _put(cell, text)
            letter = get_column_letter(place)
            width = max(sheet.column_dimensions[letter].width, 2 * len(text))
            sheet.column_dimensions[letter].width = min(max(width, _WIDTHS[0]), _WIDTHS[1])
            if number < 3 + heads or len(row) == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = sheet.cell(3 + heads, 2)


def _parted(table: _Table) -> list[list[str]]:
    """Give the smaller lines beneath the cells of a column a column of their own."""
    wide = [row for row in table.rows if len(row) > 1]
    two = {i for row in wide for i, text in enumerate(row) if _BENEATH in text}

    def cells(place: int, text: str) -> list[str]:
        first, *beneath = text.split(_BENEATH)
        return [first, " · ".join(beneath)] if place in two else [first]

    return [
        [part for i, text in enumerate(row) for part in cells(i, text)] if len(row) > 1 else row
        for row in table.rows
    ]


def _name(caption: str, taken: set[str]) -> str:
    """Return a name for a sheet: no forbidden sign, not too long, not used twice."""
    base = _FORBIDDEN.sub(" ", caption).strip()[:_NAME_LENGTH] or "table"
    name, number = base, 2
    while name.casefold() in taken:
        end = f" {number}"
        name, number = base[: _NAME_LENGTH - len(end)] + end, number + 1
    return name


def _put(cell: Cell, text: str) -> Cell:
    """Write a number as a number, a dash as nothing, and all else as text that stays text."""
    match = _NUMBER.fullmatch(text)
    if match:
        digits = text.rstrip("%").replace(",", "").replace("\u2212", "-")
        places = len(match[1] or ".") - 1
        cell.value = float(digits) / (100 if match[2] else 1)
        shown = ("#,##0" if "," in text else "0") + ("." + "0" * places if places else "")
        cell.number_format = shown + match[2]
        return cell
    return _put_text(cell, text)


def _put_text(cell: Cell, text: str) -> Cell:
    """Write a text that stays text, a dash as nothing."""
    if text and text != NONE:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = True
        cell.alignment = Alignment(wrap_text=cell.row > 2, vertical="top")
    return cell


def _put_saved(cell: Cell, text: str, head: str) -> Cell:
    """Write a cell of a saved table: a figure as a number, unless its column holds codes."""
    if _PLAIN.fullmatch(text) and not head.endswith(_CODES):
        cell.value = float(text)
        return cell
    return _put_text(cell, text.removeprefix("'"))
