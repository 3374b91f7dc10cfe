"""The tables of a rendered page as a workbook (``fenghua export``): one sheet a table.

Answers: the figures as printed, as numbers where they are numbers. Refuses: to hold a formula.
"""

import base64
import csv
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from fenghua.display.numbers import NONE
from fenghua.reading import VOID
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


@dataclass
class _Table:
    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)
    heads: int = 0
    saved: list[list[str]] = field(default_factory=list)  # as the page lets it be saved


class _Reader(HTMLParser):
    """Collect title, marks, footer and tables; what is drawn or silent is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.about: list[str] = []
        self.marks: list[str] = []
        self.is_page = False
        self.tables: list[_Table] = []
        self._open: list[tuple[str, bool]] = []
        self._text: list[str] | None = None
        self._is_mark = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.is_page |= given.get("id") == "fenghua-data"
        if tag in VOID:
            return
        inside = bool(self._open) and self._open[-1][1]
        silent = tag in ("script", "style", "svg", "dl") or given.get("aria-hidden") == "true"
        self._open.append((tag, inside or silent))
        if tag == "a" and (given.get("href") or "").startswith(_SAVED) and self.tables:
            self.tables[-1].saved = _rows(str(given["href"]).removeprefix(_SAVED))
        if tag == "table":
            self.tables.append(_Table())
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag == "thead" and self.tables:
            self.tables[-1].heads = 1
        if tag in ("caption", "td", "th", "h1") or (tag == "p" and not self._within("main")):
            self._text, self._is_mark = [], given.get("class") in ("demo", "internal")
        elif tag in ("small", "bdi") and self._text is not None:
            self._text.append(_BENEATH if tag == "small" else " ")

    def handle_endtag(self, tag: str) -> None:
        if self._text is not None and tag in ("caption", "td", "th", "h1", "p"):
            parts = "".join(self._text).split(_BENEATH)
            tidied = (re.sub(r"\s+", " ", part).strip() for part in parts)
            self._keep(tag, _BENEATH.join(tidied))
        while any(name == tag for name, _ in self._open) and self._open.pop()[0] != tag:
            continue

    def handle_data(self, data: str) -> None:
        if self._text is not None and not (self._open and self._open[-1][1]):
            self._text.append(_UNPRINTABLE.sub("", data))

    def _within(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._open)

    def _keep(self, tag: str, text: str) -> None:
        if tag == "caption":
            self.tables[-1].caption = text
        elif tag in ("td", "th") and self.tables and self.tables[-1].rows:
            self.tables[-1].rows[-1].append(text)
        elif text and tag in ("h1", "p"):
            self.about.append(text)
            self.marks += [text] if self._is_mark else []
        self._text = None


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
    reader = _Reader()
    reader.feed(Path(page).read_text(encoding="utf-8", errors="replace"))
    if not reader.is_page:
        raise ValueError(f"{page} is not a brief; give a page that fenghua report wrote")
    book = Workbook()
    sheet = book.active
    sheet.title = "0"
    for number, line in enumerate(reader.about, start=1):
        _put(sheet.cell(number, 1), line)
    sheet.column_dimensions["A"].width = 2 * _WIDTHS[1]
    for table in reader.tables:
        _add(book, table, " · ".join(reader.marks))
    whole.save(book, out)
    return len(reader.tables)


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
