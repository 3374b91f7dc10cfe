"""Workbooks (.xlsx, .xlsm, .xls, .ods): their cells, and what the reader library leaves out.

Answers: saved values, failed and unsaved formulas, percentages, hidden rows. Refuses: to unpack
a bomb, to run a macro, to follow a link.
"""

import os
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import python_calamine

from tidysheets import marks, problems
from tidysheets.marks import Marks
from tidysheets.problems import InputError, Problem

Rows = list[list[Any]]
Merged = tuple[tuple[tuple[int, int], tuple[int, int]], ...]
Part = tuple[str, Rows, Merged, list[Problem]]

MAX_UNPACKED: Final = 2**30
MAX_RATIO: Final = 200  # real sheets pack 5 to 30 times; below a megabyte the ratio says nothing
MAX_CELLS: Final = 2**20 * 52  # every row of a sheet from A to AZ
_SMALL: Final = 2**20
ZIP, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_BROKEN: Final = (
    *(python_calamine.CalamineError, zipfile.BadZipFile, zlib.error, ElementTree.ParseError),
    *(EOFError, KeyError, NotImplementedError, OverflowError, RuntimeError, ValueError),
)


def read(path: Path, shown: str) -> list[Part]:
    """Return each sheet's name, rows, merged ranges and problems; see `sheets.read`."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(8)
    expected = OLE if suffix == ".xls" else ZIP
    if not head.startswith(expected):
        locked = head == OLE and _LOCKED in path.read_bytes()
        code = "file_broken" if locked else "file_disguised"
        raise InputError([problems.make(code, shown, found=suffix, suffix=suffix)])
    try:
        warnings = _guard(path, suffix, shown)
        if marks.largest_area(path) > MAX_CELLS:
            raise InputError([problems.make("file_bomb", shown, limit=f"{MAX_CELLS:,} cells")])
        with ThreadPoolExecutor(1) as beside:  # the library lets it run while it parses
            known = beside.submit(marks.read, path)
            parts = (_without_panics if suffix == ".xls" else _cells)(path, known, shown)
    except _BROKEN as error:
        raise InputError([problems.make("file_broken", shown, found=suffix)]) from error
    if parts:
        parts[0][3][:0] = warnings
    return parts


def _guard(path: Path, suffix: str, shown: str) -> list[Problem]:
    """Refuse what would not fit into memory; report macros and links, which are never run."""
    if suffix == ".xls":
        data = path.read_bytes()
        has_macros = "_VBA_PROJECT".encode("utf-16-le") in data
        codes = ["macros"] * has_macros + ["percent_unseen"] * marks.has_percentages(data)
        return [problems.make(code, shown) for code in codes]
    with zipfile.ZipFile(path) as book:
        _refuse_bomb(book, path.stat().st_size, shown)
        names = book.namelist()
    if ("content.xml" if suffix == ".ods" else "xl/workbook.xml") not in names:
        raise InputError([problems.make("file_disguised", shown, found=suffix, suffix=suffix)])
    has_macros = any(n.endswith("vbaProject.bin") or n.startswith("Basic/") for n in names)
    has_links = any(name.startswith("xl/externalLinks/") for name in names)
    codes = ["macros"] * has_macros + ["outside_links"] * has_links
    return [problems.make(code, shown) for code in codes]


def _refuse_bomb(book: zipfile.ZipFile, size: int, shown: str) -> None:
    unpacked = sum(info.file_size for info in book.infolist())
    if unpacked > MAX_UNPACKED or (unpacked > _SMALL and unpacked > MAX_RATIO * size):
        found = f"{unpacked // 2**20} MB"
        limit = f"{min(MAX_UNPACKED, max(_SMALL, MAX_RATIO * size)) // 2**20} MB"
        raise InputError([problems.make("file_bomb", shown, found=found, limit=limit)])


def _without_panics(path: Path, known: "Future[dict[str, Marks]]", shown: str) -> list[Part]:
    """Read .xls: on damaged ones the library's core panics and writes its own trace to stderr."""
    kept = os.dup(2)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        return _cells(path, known, shown)
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ValueError("panic") from None
        raise
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _cells(path: Path, known: "Future[dict[str, Marks]]", shown: str) -> list[Part]:
    parts = []
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        for position, about in enumerate(book.sheets_metadata):
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            of_sheets = known.result()
            mark = of_sheets.get(about.name) or of_sheets.get(f"#{position}") or Marks()
            rows = sheet.to_python(skip_empty_area=False)
            _patch(rows, mark)
            merged = () if path.suffix.lower() == ".ods" else sheet.merged_cell_ranges or ()
            parts.append((about.name, rows, tuple(merged), [*_hidden(about, mark, shown)]))
    return parts


def _hidden(about: Any, mark: Marks, shown: str) -> Iterator[Problem]:
    if about.visible != python_calamine.SheetVisibleEnum.Visible:
        yield problems.make("hidden_sheet", shown, sheet=about.name, found=about.name)
    if mark.hidden:
        rows = ", ".join(map(str, mark.hidden[:10])) + (" …" if len(mark.hidden) > 10 else "")
        row = mark.hidden[0]
        yield problems.make("hidden_rows", shown, sheet=about.name, row=row, found=rows)


def _patch(rows: Rows, mark: Marks) -> None:
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
