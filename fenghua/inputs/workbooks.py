"""Workbooks (.xlsx, .xlsm, .xls, .ods): their cells, and what the reader library leaves out.

Answers: saved values, failed and unsaved formulas, percentages, hidden rows. Refuses: to unpack
a bomb, to run a macro, to follow a link.
"""

import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final
from xml.etree import ElementTree

import python_calamine

from fenghua.inputs import problems
from fenghua.inputs.problems import InputError, Problem
from fenghua.inputs.sheets import Sheet

MAX_UNPACKED: Final = 2**30
MAX_RATIO: Final = 200  # real sheets pack 5 to 30 times; below a megabyte the ratio says nothing
MAX_CELLS: Final = 50_000_000
_SMALL: Final = 2**20
_BLOCK: Final = 2**20
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_UNCACHED: Final = "=?"

_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"')
_HIDDEN = re.compile(rb'<row (?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_WIDE = re.compile(rb'<c r="([A-Z]{2,3})\d')
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
_BIFF_WIDTH: Final = 256
_BIFF_NAMES: Final = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
}
_BROKEN: Final = (
    *(python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, ElementTree.ParseError),
    *(EOFError, KeyError, NotImplementedError, OverflowError, RuntimeError, ValueError),
)


@dataclass
class Marks:
    """What the raw file says about a sheet beyond its values."""

    hidden: list[int] = field(default_factory=list)
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    percent: set[tuple[int, int]] = field(default_factory=set)
    height: int = 0
    width: int = 0


def read(path: Path, shown: str) -> list[Sheet]:
    """Return the sheets of a workbook; see `sheets.read`."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(8)
    expected = _OLE if suffix == ".xls" else _ZIP
    if not head.startswith(expected):
        locked = suffix != ".xls" and head == _OLE
        code = "file_broken" if locked else "file_disguised"
        raise InputError([problems.make(code, shown, found=suffix, suffix=suffix)])
    try:
        warnings = _guard(path, suffix, shown)
        with ThreadPoolExecutor(1) as beside:  # the library parses without holding the interpreter
            marks = beside.submit(_marks, path, suffix)
            found = _without_panics(path, shown) if suffix == ".xls" else _cells(path, shown)
            return _completed(found, marks.result(), warnings, shown)
    except _BROKEN as error:
        raise InputError([problems.make("file_broken", shown, found=suffix)]) from error


def _guard(path: Path, suffix: str, shown: str) -> list[Problem]:
    """Refuse what would not fit into memory; report macros and links, which are never run."""
    if suffix == ".xls":
        has_macros = "_VBA_PROJECT".encode("utf-16-le") in path.read_bytes()
        return [problems.make("macros", shown)] if has_macros else []
    with zipfile.ZipFile(path) as book:
        _refuse_bomb(book, path.stat().st_size, shown)
        names = book.namelist()
        main = "content.xml" if suffix == ".ods" else "xl/workbook.xml"
        if main not in names:
            raise InputError([problems.make("file_disguised", shown, found=suffix, suffix=suffix)])
        if suffix == ".ods":
            areas = [mark.height * mark.width for mark in _ods_marks(book.read(main)).values()]
        else:
            areas = [_area(book, part) for part in _sheet_parts(book).values()]
    if max(areas, default=0) > MAX_CELLS:
        raise InputError([problems.make("file_bomb", shown, limit=f"{MAX_CELLS:,} cells")])
    has_macros = any(n.endswith("vbaProject.bin") or n.startswith("Basic/") for n in names)
    has_links = any(name.startswith("xl/externalLinks/") for name in names)
    codes = ["macros"] * has_macros + ["outside_links"] * has_links
    return [problems.make(code, shown) for code in codes]


def _marks(path: Path, suffix: str) -> dict[str, Marks]:
    if suffix == ".xls":
        parts = _BIFF_SHEET.split(path.read_bytes())[1:]
        return {f"#{i}": _biff_marks(part) for i, part in enumerate(parts)}
    with zipfile.ZipFile(path) as book:
        return _ods_marks(book.read("content.xml")) if suffix == ".ods" else _xlsx_marks(book)


def _refuse_bomb(book: zipfile.ZipFile, size: int, shown: str) -> None:
    unpacked = sum(info.file_size for info in book.infolist())
    if unpacked > MAX_UNPACKED or (unpacked > _SMALL and unpacked > MAX_RATIO * size):
        found = f"{unpacked // 2**20} MB"
        limit = f"{min(MAX_UNPACKED, max(_SMALL, MAX_RATIO * size)) // 2**20} MB"
        raise InputError([problems.make("file_bomb", shown, found=found, limit=limit)])


def _without_panics(path: Path, shown: str) -> list[tuple[int, Any, Sheet]]:
    """Read .xls: on damaged ones the library's core panics and writes its own trace to stderr."""
    kept = os.dup(2)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        return _cells(path, shown)
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ValueError("panic") from None
        raise
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _cells(path: Path, shown: str) -> list[tuple[int, Any, Sheet]]:
    found = []
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        for position, about in enumerate(book.sheets_metadata):
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            rows = sheet.to_python(skip_empty_area=False)
            merged = () if path.suffix.lower() == ".ods" else sheet.merged_cell_ranges or ()
            found.append((position, about, Sheet(shown, about.name, rows, tuple(merged))))
    return found


def _completed(
    found: list[tuple[int, Any, Sheet]],
    marks: dict[str, Marks],
    warnings: list[Problem],
    shown: str,
) -> list[Sheet]:
    for position, about, sheet in found:
        mark = marks.get(about.name) or marks.get(f"#{position}") or Marks()
        _patch(sheet.rows, mark)
        sheet.problems.extend(_hidden(about, mark, shown))
    if found:
        found[0][2].problems[:0] = warnings
    return [sheet for _, _, sheet in found]


def _hidden(about: Any, mark: Marks, shown: str) -> list[Problem]:
    notes = []
    if about.visible != python_calamine.SheetVisibleEnum.Visible:
        notes.append(problems.make("hidden_sheet", shown, sheet=about.name, found=about.name))
    if mark.hidden:
        rows = ", ".join(map(str, mark.hidden[:10])) + (" …" if len(mark.hidden) > 10 else "")
        row = mark.hidden[0]
        notes.append(problems.make("hidden_rows", shown, sheet=about.name, row=row, found=rows))
    return notes


def _patch(rows: list[list[Any]], mark: Marks) -> None:
    """Put back what the library reads as blank: failed formulas, unsaved ones, percent signs."""
    for (row, column), text in mark.cells.items():
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        if rows[row][column] == "":
            rows[row][column] = text
    for row, column in mark.percent:
        if row < len(rows) and column < len(rows[row]) and isinstance(rows[row][column], float):
            rows[row][column] = f"{rows[row][column] * 100:.12g}%"


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


def _area(book: zipfile.ZipFile, part: str) -> int:
    """Return how many cells a sheet spans: one stray cell far out costs memory for all between."""
    wide: set[bytes] = set()
    height = 0
    with book.open(part) as stream:
        for block in _blocks(stream):
            wide.update(_WIDE.findall(block))
            last = _ROW.search(block, block.rfind(b"<row ") if b"<row " in block else len(block))
            height = max(height, int(last[1]) if last else 0)
    return height * max([_address(name + b"1")[1] + 1 for name in wide], default=26)


def _xlsx_marks(book: zipfile.ZipFile) -> dict[str, Marks]:
    percent = _percent_styles(book)
    marks = {}
    for name, part in _sheet_parts(book).items():
        with book.open(part) as stream:
            marks[name] = _sheet_marks(stream, percent)
    return marks


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


def _sheet_marks(stream: IO[bytes], percent: frozenset[bytes]) -> Marks:
    mark = Marks()
    for block in _blocks(stream):
        if b"hidden" in block:
            mark.hidden += map(int, _HIDDEN.findall(block))
        if b'="e' in block:
            mark.cells |= {_address(a): v.decode() for a, v in _FAILED.findall(block)}
        if b"<f" in block:
            mark.cells |= dict.fromkeys(map(_address, _UNSAVED.findall(block)), _UNCACHED)
        if percent:
            mark.percent |= {_address(a) for a, s in _STYLED.findall(block) if s in percent}
    return mark


def _ods_marks(data: bytes) -> dict[str, Marks]:
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
        mark.cells[row, column] = _UNCACHED
    elif b'office:value-type="percentage"' in tag:
        mark.percent.add((row, column))


def _repeated(tag: bytes, what: bytes) -> int:
    match = re.search(rb'number-%s-repeated="(\d+)"' % what, tag)
    return int(match[1]) if match else 1


def _biff_marks(part: bytes) -> Marks:
    """Find failed formulas and hidden rows among the records of an .xls sheet."""
    mark = Marks(hidden=[_little(m[1]) + 1 for m in _BIFF_ROW.finditer(part) if m[2][0] & 0x20])
    for match in _BIFF_ERROR.finditer(part):
        row, column, sign = match.groups()[:3] if match[3] else match.groups()[3:]
        if _little(column) < _BIFF_WIDTH:
            mark.cells[_little(row), _little(column)] = _BIFF_NAMES[sign[0]]
    return mark


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
