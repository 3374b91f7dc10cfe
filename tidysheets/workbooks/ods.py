"""What the content of an .ods workbook says beyond the values of its cells.

Answers: the same marks as of an .xlsx workbook. Refuses: document types, endless repetition.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import IO, Final
from xml.parsers import expat

from tidysheets.addresses import MAX_COLUMN
from tidysheets.cells import UNSAVED_FORMULA, Odd
from tidysheets.workbooks import formats
from tidysheets.workbooks.limits import MAX_SHEETS, SIGNS_A_CELL, SIGNS_A_MARK, SIGNS_A_TEXT, within
from tidysheets.workbooks.marks import BLOCK, RAISED, Attributes, Marks, refuse_doctype

_OPEN: Final = "urn:oasis:names:tc:opendocument:xmlns"
_TABLE, _OFFICE, _TEXT = (f"{_OPEN}:{name}:1.0 " for name in ("table", "office", "text"))
_STYLE, _NUMBER = f"{_OPEN}:style:1.0 ", f"{_OPEN}:datastyle:1.0 "
_CALC: Final = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_HIDDEN: Final = ("collapse", "filter")
_LINES: Final = ("style", "type")
_LIFTS: Final = {"super": "superscript", "sub": "subscript"}
_SEEN: Final = "seen"  # only the text of the cell tells what its format shows
_DIGITS: Final = re.compile(r"[^\d]*[\d.,]+\s*")
_TOLD: Final = {"year": "%Y", "month": "%m", "quarter": "%Q"}
_MOST_REPEATED: Final = 2**20


def read(streams: Iterable[IO[bytes]], limit: int) -> dict[str, Marks]:
    """Return the marks of each sheet by its name.

    Parameters
    ----------
    streams : iterable of binary files
        The parts that hold styles (styles.xml), then that of the tables (content.xml).
    limit : int
        How many cells the sheets may span together.

    Raises
    ------
    AreaError
        When the sheets span more than ``limit`` cells together.
    """
    content = _Content(limit)
    for stream in streams:
        content.read(stream)
    return content.sheets


class _Content:
    """Reads one part after another, element by element; styles come before the tables."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.sheets: dict[str, Marks] = {}
        self.sheet = Marks()
        self.parts: dict[str, list[str]] = {}  # of each number or date style, what it shows
        self.style = self.shape = self.row_style = ""
        self.shows: dict[str, str] = {}  # of each cell style
        self.columns_styled: list[tuple[int, str]] = []  # up to which column, by default
        self.lifts: dict[str, str] = {}
        self.row = self.column = self.spanned = self.held = 0
        self.rows = self.columns = 1  # how often the present row and cell are repeated
        self.joined = self.seen = self.lift = ""
        self.value = ""  # of a cell whose text tells how it is shown
        self.has_struck = False
        self.parser = expat.ParserCreate(namespace_separator=" ")

    def read(self, stream: IO[bytes]) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = refuse_doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.buffer_text = True
        while piece := stream.read(BLOCK):
            self.parser.Parse(piece)
        self.parser.Parse(b"", True)

    def _start(self, name: str, attributes: Attributes) -> None:
        if name in _CELLS:
            self._cell(attributes)
        elif name == f"{_TABLE}table-row":
            self.rows = _repeated(attributes, "rows")
            self.column = 0
            self.row_style = attributes.get(f"{_TABLE}default-cell-style-name", "")
            if attributes.get(f"{_TABLE}visibility") in _HIDDEN:
                self.sheet.hidden.append(self.row + 1)
        elif name == f"{_TABLE}table":
            self.spanned += self.sheet.height * self.sheet.width
            self.sheet, self.row, self.columns_styled = Marks(), 0, []
            self.sheets[attributes.get(f"{_TABLE}name", "")] = self.sheet
            within(len(self.sheets), MAX_SHEETS, "sheets")
        elif name == f"{_TABLE}table-column":
            before = self.columns_styled[-1][0] if self.columns_styled else 0
            end = before + _repeated(attributes, "columns")
            style = attributes.get(f"{_TABLE}default-cell-style-name", "")
            self.columns_styled.append((end, style))
            if attributes.get(f"{_TABLE}visibility") in _HIDDEN:
                self.sheet.hidden_columns += range(before, min(end, MAX_COLUMN))
        elif name == f"{_OFFICE}annotation":
            self.sheet.comments[self.row, self.column] = ""
        elif name == f"{_TEXT}p":
            self._filled()
        elif name == f"{_TEXT}s":
            self._hold(_count(attributes, f"{_TEXT}c", SIGNS_A_TEXT))
        elif name == f"{_TEXT}span":
            self.lift = self.lifts.get(attributes.get(f"{_TEXT}style-name", ""), "")
        else:
            self._of_style(name, attributes)

    def _of_style(self, name: str, attributes: Attributes) -> None:
        if name.startswith(_NUMBER) and name.endswith("-style"):
            self.shape = attributes.get(f"{_STYLE}name", "")
        elif name == f"{_NUMBER}text":
            self.parser.CharacterDataHandler = self._hear
        elif name == f"{_STYLE}map" and self.shape:
            self.parts.setdefault(self.shape, []).append(_SEEN)
        elif name.startswith(_NUMBER):
            own = self.parts.setdefault(self.shape, [])
            own.append(name.removeprefix(_NUMBER))
            if attributes.get(f"{_NUMBER}display-factor", "1") not in ("1", "1.0"):
                own.append(formats.SCALED)
        elif name == f"{_STYLE}style":
            self.style = attributes.get(f"{_STYLE}name", "")
            parent = attributes.get(f"{_STYLE}parent-style-name", "")
            data = attributes.get(f"{_STYLE}data-style-name", "")
            shown = self.shows[self.style] = self.shows.get(parent, "")
            if data and shown != formats.STRUCK:
                self.shows[self.style] = _shown(self.parts.get(data, []))
            if parent in self.lifts:
                self.lifts[self.style] = self.lifts[parent]
        elif name == f"{_STYLE}text-properties":
            place = attributes.get(f"{_STYLE}text-position", "").partition(" ")[0]
            if place in _LIFTS or re.fullmatch(r"-?[1-9][\d.]*%", place):  # or 33%
                self.lifts[self.style] = _LIFTS.get(
                    place, _LIFTS["sub" if "-" in place else "super"]
                )
            lines = [attributes.get(f"{_STYLE}text-line-through-{what}") for what in _LINES]
            if {*lines} - {None} and "none" not in lines:
                self.lifts[self.style] = self.shows[self.style] = formats.STRUCK

    def _end(self, name: str) -> None:
        if name in _CELLS:
            if self.value and (kind := _judged(float(self.value), self.joined.strip())):
                self._show(kind)
            if self.has_struck:
                text = Odd(self.joined.strip(), f"format_{formats.STRUCK}")
                self.sheet.texts[self.row, self.column] = text
            elif self.joined != self.seen:
                self.sheet.texts[self.row, self.column] = self.seen
            self._hold(len(self.joined))
            self.column += self.columns
            self.parser.CharacterDataHandler = None
            self.joined, self.seen, self.has_struck, self.value = "", "", False, ""
        elif name == f"{_TABLE}table-row":
            self.row += self.rows
        elif name == f"{_TEXT}span":
            self.lift = ""
        elif name == f"{_OFFICE}annotation":  # what was heard is no text of the cell
            self.joined, self.seen, self.has_struck = "", "", False
        elif name.startswith(_NUMBER) and name.endswith("-style"):
            self.shape = ""
        elif name == f"{_NUMBER}text":
            self.parts.setdefault(self.shape, []).append(formats.SAID + self.joined.strip())
            self.parser.CharacterDataHandler = None
            self.joined = self.seen = ""

    def _cell(self, attributes: Attributes) -> None:
        self.columns = _repeated(attributes, "columns")
        kind = attributes.get(f"{_OFFICE}value-type", "")
        if kind or f"{_TABLE}formula" in attributes:
            self._filled()
            self._mark(kind, attributes)
        spans = [
            _count(attributes, f"{_TABLE}number-{what}-spanned") for what in ("rows", "columns")
        ]
        if max(spans) > 1:
            start = (self.row, self.column)
            end = (self.row + spans[0] - 1, self.column + spans[1] - 1)
            self.sheet.merged.append((start, end))
        self._hold(len(attributes.get(f"{_OFFICE}string-value", "")))
        if self.lifts or self.value or self.rows * self.columns > 1:
            self.parser.CharacterDataHandler = self._hear

    def _hold(self, signs: int) -> None:
        """Count the signs of a text once for each cell that repeats it."""
        held = self.held + signs * self.rows * self.columns
        self.held = within(held, SIGNS_A_CELL * self.limit, "signs")

    def _filled(self) -> None:
        sheet = self.sheet
        sheet.height = max(sheet.height, self.row + self.rows)
        sheet.width = max(sheet.width, self.column + self.columns)
        within(self.spanned + sheet.height * sheet.width, self.limit, "cells")

    def _mark(self, kind: str, attributes: Attributes) -> None:
        shown = formats.PERCENT if kind == "percentage" else ""
        own = self.shows.get(self._style(attributes), "")
        if kind in ("date", "float", "currency") or (kind and own == formats.STRUCK):
            shown = own
        if shown == _SEEN:
            shown, self.value = "", attributes.get(f"{_OFFICE}value", "")
        text = "" if kind else UNSAVED_FORMULA
        if attributes.get(f"{_CALC}value-type") == "error":
            text = "#VALUE!"
        if text:
            self._hold(SIGNS_A_MARK)
        if shown:
            self._show(shown)
        for row, column in self._places() if text else ():
            self.sheet.cells[row, column] = text

    def _places(self) -> Iterator[tuple[int, int]]:
        rows = range(self.row, self.row + self.rows)
        return itertools.product(rows, range(self.column, self.column + self.columns))

    def _show(self, kind: str) -> None:
        self._hold(SIGNS_A_MARK)
        self.sheet.formats.update(dict.fromkeys(self._places(), kind))

    def _style(self, attributes: Attributes) -> str:
        """Return the style of a cell: its own, or that of its row or its column."""
        own = attributes.get(f"{_TABLE}style-name", "") or self.row_style
        styles = (style for end, style in self.columns_styled if self.column < end)
        return own or next(styles, "")

    def _hear(self, text: str) -> None:
        within(len(self.joined), SIGNS_A_TEXT, "signs")
        self.joined += text
        self.has_struck |= self.lift == formats.STRUCK and bool(text.strip())
        self.seen += text.translate(RAISED.get(self.lift, {}))


def _shown(parts: list[str]) -> str:
    """Return what a number or date style shows beyond the value (`formats.shown`)."""
    if "year" in parts and "day" not in parts:
        told = (_TOLD.get(part, part.removeprefix(formats.SAID)) for part in parts)
        return formats.of_date("".join(told))
    if _SEEN in parts or "-" in "".join(part for part in parts if part.startswith(formats.SAID)):
        return _SEEN
    if "number" not in parts:
        return ""
    if formats.SCALED in parts:
        return formats.SCALED
    words = (part.removeprefix(formats.SAID) for part in parts if part.startswith(formats.SAID))
    return next((formats.SAID + word for word in words if formats.has_meaning(word)), "")


def _judged(value: float, text: str) -> str:
    """Return how a number is shown by the text of its cell, as far as that changes what it says."""
    if not re.search(r"\d", text):
        return formats.HIDDEN
    is_less = bool(re.match(r"[-−(（▲△\[]", text))
    if is_less != (value < 0):
        return formats.UNSIGNED if value < 0 else formats.SIGNED
    word = _DIGITS.sub("", text, count=1)
    return formats.SAID + word if formats.has_meaning(word) else ""


def _repeated(attributes: Attributes, what: str) -> int:
    return _count(attributes, f"{_TABLE}number-{what}-repeated")


def _count(attributes: Attributes, name: str, most: int = _MOST_REPEATED) -> int:
    stated = attributes.get(name, "1")
    count = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 9 else 0
    if not 1 <= count <= most:
        raise ValueError(f"{name.rpartition(' ')[2]} {stated[:20]!r}")
    return count
