"""What the raw parts of a workbook say beyond the values of its cells.

Answers: hidden rows, failed and unsaved formulas, percentages, the area a sheet spans. Refuses:
to load a sheet into memory.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final
from xml.etree import ElementTree

from tidysheets.cells import UNSAVED_FORMULA

_BLOCK: Final = 2**17  # small enough to stay in a processor's cache while it is searched

_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"')
_HIDDEN = re.compile(rb'<row (?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_WIDE = re.compile(rb' r="([B-Z][A-Z]|[A-Z]{3})\d')  # beyond AZ
_AZ: Final = 52
_LONGEST_TAG: Final = 256
_FAILED = re.compile(
    rb'<c (?=[^>]*\bt="e")[^>]*?\br="([A-Z]+\d+)"[^>]*>(?:(?!</c>).)*?<v>([^<]+)', re.S
)
_UNSAVED = re.compile(
    rb'<c (?![^>]*\bt="str")[^>]*?\br="([A-Z]+\d+)"[^>]*>'
    rb"<f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>"
)
_STYLED = re.compile(rb'<c [^>]*?\br="([A-Z]+\d+)"[^>]*?\bs="(\d+)"')
_ODS = re.compile(
    rb"<table:table(?:-row|-cell)? [^>]*>|<table:table(?:-row|-cell)?/?>"
    rb"|<table:covered-table-cell[^>]*>"
)
_BIFF_SHEET = re.compile(rb"\x09\x08\x10\x00\x00\x06\x10\x00")
_BIFF_ERROR = re.compile(
    rb"(?:\x05\x02\x08\x00(..)(..)..([\x00\x07\x0f\x17\x1d\x24\x2a])\x01"
    rb"|\x06\x00..(..)(..)..\x02.([\x00\x07\x0f\x17\x1d\x24\x2a])...\xff\xff)",
    re.S,
)
_BIFF_ROW = re.compile(rb"\x08\x02\x10\x00(..).{10}(.)", re.S)
_BIFF_STYLE = re.compile(rb"\xe0\x00\x14\x00..(..)(.)", re.S)
_BIFF_FORMAT = re.compile(rb"\x1e\x04..(..)(..)([\x00\x01])", re.S)
_BIFF_WIDTH: Final = 256
_BIFF_HEIGHT: Final = 65_536
_BIFF_NAMES: Final = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
}


@dataclass
class Marks:
    """What the raw file says about a sheet beyond its values."""

    hidden: list[int] = field(default_factory=list)
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    percent: set[tuple[int, int]] = field(default_factory=set)
    height: int = 0
    width: int = _AZ


def read(path: Path) -> dict[str, Marks]:
    """Return the marks of each sheet by its name, those of .xls by its place (``#0``)."""
    if path.suffix.lower() == ".xls":
        parts = _BIFF_SHEET.split(path.read_bytes())[1:]
        return {f"#{i}": _biff(part) for i, part in enumerate(parts)}
    with zipfile.ZipFile(path) as book:
        if path.suffix.lower() == ".ods":
            return _ods(book.read("content.xml"))
        percent = _percent_styles(book)
        found = {}
        for name, part in _sheet_parts(book).items():
            with book.open(part) as stream:
                found[name] = _xlsx(stream, percent)
        return found


def largest_area(path: Path) -> int:
    """Return how many cells the largest sheet spans: a stray cell far out costs all between."""
    if path.suffix.lower() == ".xls":
        return _BIFF_WIDTH * _BIFF_HEIGHT
    if path.suffix.lower() == ".ods":
        return max((mark.height * mark.width for mark in read(path).values()), default=0)
    areas = [0]
    with zipfile.ZipFile(path) as book:
        for part in _sheet_parts(book).values():
            with book.open(part) as stream:
                areas.append(_area(stream))
    return max(areas)


def _area(stream: IO[bytes]) -> int:
    height, width, block = 0, _AZ, b""
    while piece := stream.read(_BLOCK):
        block = block[-_LONGEST_TAG:] + piece
        last = _ROW.search(block, max(block.rfind(b"<row "), 0))
        height = max(height, int(last[1]) if last else 0)
        if _WIDE.search(block):
            letters = max(_WIDE.findall(block), key=lambda name: (len(name), name))
            width = max(width, _address(letters + b"1")[1] + 1)
    return height * width


def _xlsx(stream: IO[bytes], percent: frozenset[bytes]) -> Marks:
    mark = Marks()
    for block in _blocks(stream):
        if b'hidden="' in block:
            mark.hidden += map(int, _HIDDEN.findall(block))
        if b't="e"' in block:
            mark.cells |= {_address(a): v.decode() for a, v in _FAILED.findall(block)}
        if b"<f" in block:
            mark.cells |= dict.fromkeys(map(_address, _UNSAVED.findall(block)), UNSAVED_FORMULA)
        if percent:
            mark.percent |= {_address(a) for a, s in _STYLED.findall(block) if s in percent}
    return mark


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the sheet in pieces of whole rows, so that memory stays bounded."""
    parts: list[bytes] = []
    while block := stream.read(_BLOCK):
        end = block.rfind(b"</row>")
        if end >= 0:
            yield b"".join([*parts, block[:end]])
            parts = [block[end:]]
        else:
            parts.append(block)
    yield b"".join(parts)


def _address(text: bytes) -> tuple[int, int]:
    letters = text.rstrip(b"0123456789")
    column = 0
    for sign in letters:
        column = column * 26 + sign - 64
    return int(text[len(letters) :]) - 1, column - 1


def _sheet_parts(book: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive that holds each sheet, by the sheet's name."""
    relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    targets = {part.get("Id"): part.get("Target", "") for part in relations}
    parts = {}
    for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter():
        target = targets.get(next((v for k, v in sheet.items() if k.endswith("}id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if sheet.tag.endswith("}sheet") and part in book.NameToInfo:
            parts[sheet.get("name", "")] = part
    return parts


def _percent_styles(book: zipfile.ZipFile) -> frozenset[bytes]:
    """Return the numbers of the cell styles that show a ratio as a percentage."""
    if "xl/styles.xml" not in book.NameToInfo:
        return frozenset()
    root = ElementTree.fromstring(book.read("xl/styles.xml"))
    space = root.tag.partition("}")[0] + "}" if root.tag.startswith("{") else ""
    codes = {f.get("numFmtId"): f.get("formatCode", "") for f in root.iter(f"{space}numFmt")}
    shown = {"9", "10", *(key for key, code in codes.items() if "%" in code)}
    styles = root.find(f"{space}cellXfs")
    return frozenset(
        str(i).encode() for i, style in enumerate(styles if styles is not None else ())
        if style.get("numFmtId") in shown
    )  # fmt: skip


def _ods(data: bytes) -> dict[str, Marks]:
    marks: dict[str, Marks] = {}
    mark, row, column, repeat = Marks(), -1, 0, 1
    for match in _ODS.finditer(data):
        tag = match[0]
        if tag.startswith((b"<table:table ", b"<table:table>")):
            name = re.search(rb'table:name="([^"]*)"', tag)
            mark, row, repeat = Marks(width=1), -1, 1
            marks[ElementTree.fromstring(b"<a>%s</a>" % (name[1] if name else b"")).text or ""] = (
                mark
            )
        elif tag.startswith(b"<table:table-row"):
            row, column, repeat = row + repeat, 0, _repeated(tag, b"rows")
            if b'visibility="collapse"' in tag or b'visibility="filter"' in tag:
                mark.hidden.append(row + 1)
        else:
            count = _repeated(tag, b"columns")
            if b"value-type" in tag or b"table:formula" in tag:
                _ods_cell(mark, tag, row, column)
                mark.height = max(mark.height, row + repeat)
                mark.width = max(mark.width, column + count)
            column += count
    return marks


def _ods_cell(mark: Marks, tag: bytes, row: int, column: int) -> None:
    if b'calcext:value-type="error"' in tag:
        mark.cells[row, column] = "#VALUE!"
    elif b"value-type" not in tag:
        mark.cells[row, column] = UNSAVED_FORMULA
    elif b'office:value-type="percentage"' in tag:
        mark.percent.add((row, column))


def _repeated(tag: bytes, what: bytes) -> int:
    match = re.search(rb'number-%s-repeated="(\d+)"' % what, tag)
    return int(match[1]) if match else 1


def has_percentages(data: bytes) -> bool:
    """Tell whether an .xls file shows numbers as percentages: which ones the library drops."""
    shown = {9, 10}  # 0% and 0.00%, the formats without a record of their own
    for match in _BIFF_FORMAT.finditer(data):
        length = _little(match[2]) * (1 + match[3][0])
        if b"%" in data[match.end() : match.end() + length]:
            shown.add(_little(match[1]))
    styles = _BIFF_STYLE.findall(data)
    return any(_little(number) in shown and not kind[0] & 4 for number, kind in styles)


def _biff(part: bytes) -> Marks:
    """Find failed formulas and hidden rows among the records of an .xls sheet."""
    mark = Marks(hidden=[_little(m[1]) + 1 for m in _BIFF_ROW.finditer(part) if m[2][0] & 0x20])
    for match in _BIFF_ERROR.finditer(part):
        row, column, sign = match.groups()[:3] if match[3] else match.groups()[3:]
        if _little(column) < _BIFF_WIDTH:
            mark.cells[_little(row), _little(column)] = _BIFF_NAMES[sign[0]]
    return mark


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
