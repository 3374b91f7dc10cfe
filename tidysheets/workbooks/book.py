"""Workbooks (.xlsx, .xlsm, .xls, .ods): their cells, and what the reader library leaves out.

Answers: saved values, failed and unsaved formulas, what formats show, hidden rows. Refuses: to
unpack a bomb, to run a macro, to follow a link.
"""

import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree
from xml.parsers import expat

import python_calamine

from tidysheets import problems
from tidysheets.addresses import letter
from tidysheets.cells import Odd, is_figure
from tidysheets.problems import InputError, Problem
from tidysheets.workbooks import formats, ods, xls, xlsx
from tidysheets.workbooks.limits import AreaError, within
from tidysheets.workbooks.marks import Marks

Rows = list[list[Any]]
Merged = tuple[tuple[tuple[int, int], tuple[int, int]], ...]
Part = tuple[str, Rows, Merged, list[Problem]]

MAX_UNPACKED: Final = 2**30
MAX_RATIO: Final = 200  # real sheets pack 5 to 30 times; below a megabyte the ratio says nothing
MAX_CELLS: Final = 2**20 * 52  # every row of a sheet from A to AZ
FEW_CELLS: Final = 2**22  # what the smallest file may span
CELLS_A_BYTE: Final = 16  # what a larger file may span for each of its bytes
_SMALL: Final = 2**20
ZIP, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_NONE: Final[tuple[list[Any], ...]] = ([], [""], [None])
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_BROKEN: Final = (
    python_calamine.CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    expat.ExpatError,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def read(path: Path, shown: str) -> list[Part]:
    """Return each sheet's name, rows, merged ranges and problems; see `files.read`."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(8)
    expected = OLE if suffix == ".xls" else ZIP
    if not head.startswith(expected):
        locked = head == OLE and _LOCKED in path.read_bytes()
        code = "file_broken" if locked else "file_disguised"
        raise problems.refused(code, shown, found=suffix, suffix=suffix)
    limit = min(MAX_CELLS, max(FEW_CELLS, CELLS_A_BYTE * path.stat().st_size))
    try:
        of_sheets, raised, warnings = _outside(path, suffix, shown, limit)
        parts = _cells(path, of_sheets, raised, shown)
    except AreaError as error:
        bomb = problems.make("file_bomb", shown, found=error, limit=error.limit)
        raise InputError([bomb]) from None
    except _BROKEN as error:
        raise problems.refused("file_broken", shown, found=suffix) from error
    if parts:
        parts[0][3][:0] = warnings
    return parts


def _outside(
    path: Path, suffix: str, shown: str, limit: int
) -> tuple[dict[str, Marks], Mapping[str, str], list[Problem]]:
    """Return what stands outside the cells, after refusing what would not fit into memory."""
    if suffix == ".xls":
        data = path.read_bytes()
        of_sheets, is_raised = xls.read(data)
        spanned = 0
        for mark in of_sheets.values():
            spanned = within(spanned + mark.height * mark.width, limit, "cells")
        has_macros = "_VBA_PROJECT".encode("utf-16-le") in data
        codes = ["macros"] * has_macros + ["raised_unseen"] * is_raised
        return of_sheets, {}, [problems.make(code, shown) for code in codes]
    with zipfile.ZipFile(path) as book:
        _refuse_bomb(book, path.stat().st_size, shown)
        names = book.namelist()
        content = "content.xml" if suffix == ".ods" else "xl/workbook.xml"
        if content not in names:
            raise problems.refused("file_disguised", shown, found=suffix, suffix=suffix)
        raised: Mapping[str, str] = {}
        if suffix == ".ods":
            with ExitStack() as opened:
                own = [name for name in ("styles.xml", content) if name in names]
                parts = [opened.enter_context(book.open(name)) for name in own]
                of_sheets = ods.read(parts, limit)
        else:
            of_sheets, raised = xlsx.read(book, limit)
    has_macros = any(n.endswith("vbaProject.bin") or n.startswith("Basic/") for n in names)
    has_links = any(name.startswith("xl/externalLinks/") for name in names)
    codes = ["macros"] * has_macros + ["outside_links"] * has_links
    return of_sheets, raised, [problems.make(code, shown) for code in codes]


def _refuse_bomb(book: zipfile.ZipFile, size: int, shown: str) -> None:
    unpacked = sum(info.file_size for info in book.infolist())
    if unpacked > MAX_UNPACKED or (unpacked > _SMALL and unpacked > MAX_RATIO * size):
        found = f"{unpacked // 2**20} MB"
        limit = f"{min(MAX_UNPACKED, max(_SMALL, MAX_RATIO * size)) // 2**20} MB"
        raise problems.refused("file_bomb", shown, found=found, limit=limit)


@contextmanager
def _panics_caught(*, silent: bool) -> Iterator[None]:
    """Make a panic of the library's core an error; on .xls it also writes a trace to stderr."""
    kept = os.dup(2) if silent else -1
    if silent:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), 2)
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ValueError("panic") from None
        raise
    finally:
        if silent:
            os.dup2(kept, 2)
            os.close(kept)


def _cells(
    path: Path, of_sheets: Mapping[str, Marks], raised: Mapping[str, str], shown: str
) -> list[Part]:
    parts = []
    is_old = path.suffix.lower() == ".xls"
    with (
        _panics_caught(silent=is_old),
        python_calamine.CalamineWorkbook.from_path(path) as book,
    ):
        for about in book.sheets_metadata:
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            mark = of_sheets.get(about.name)
            if mark is None:  # a sheet whose marks were not found must not pass as unmarked
                raise ValueError(f"sheet {about.name!r}")
            sheet = book.get_sheet_by_name(about.name)
            rows = sheet.to_python(skip_empty_area=False)
            _patch(rows, mark, raised)
            merged = (*mark.merged, *(sheet.merged_cell_ranges or ()))
            parts.append((about.name, rows, merged, [*_hidden(about, rows, mark, shown)]))
    return parts


def _hidden(about: Any, rows: Rows, mark: Marks, shown: str) -> Iterator[Problem]:
    if about.visible != python_calamine.SheetVisibleEnum.Visible:
        yield problems.make("hidden_sheet", shown, sheet=about.name, found=about.name)
    if mark.hidden:
        listed = ", ".join(map(str, mark.hidden[:10])) + (" …" if len(mark.hidden) > 10 else "")
        row = mark.hidden[0]
        yield problems.make("hidden_rows", shown, sheet=about.name, row=row, found=listed)
    # Those of headings are a form's own words, whoever saved it last; figures stand beneath.
    pinned = [at for at in sorted(mark.comments) if any(map(is_figure, _row(rows, at[0])))]
    if pinned:
        cells = [f"{letter(column)}{row + 1}" for row, column in pinned]
        facts = {"row": pinned[0][0] + 1, "address": cells[0], "found": mark.comments[pinned[0]]}
        listed = ", ".join(cells[:10]) + (" …" if len(cells) > 10 else "")
        yield problems.make("comments", shown, sheet=about.name, cells=listed, **facts)
    filled = {
        i for i in set(mark.hidden_columns) if any(row[i : i + 1] not in _NONE for row in rows)
    }
    if filled:
        letters = ", ".join(letter(i) for i in sorted(filled))
        yield problems.make("hidden_columns", shown, sheet=about.name, found=letters)


def _row(rows: Rows, line: int) -> list[Any]:
    return rows[line] if line < len(rows) else []


def _patch(rows: Rows, mark: Marks, raised: Mapping[str, str]) -> None:
    """Put back what the library reads as blank, and what is seen where it is not what is stored."""
    for (row, column), text in mark.cells.items():
        while len(rows) <= row:
            rows.append([])
        rows[row] += [""] * (column + 1 - len(rows[row]))
        if rows[row][column] == "":
            rows[row][column] = text
    for (row, column), text in mark.texts.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    for (row, column), kind in mark.formats.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = _seen(rows[row][column], kind)
    if raised:
        for row_ in rows:
            row_[:] = [raised.get(c, c) if type(c) is str else c for c in row_]


def _seen(value: Any, kind: str) -> Any:
    """Return a cell as its format shows it, as far as that changes what it says."""
    if kind == formats.STRUCK:
        written = f"{value:.15g}" if isinstance(value, float) else str(value)
        return Odd(written, f"format_{kind}") if written.strip() else value
    if isinstance(value, date):
        is_told = kind in (formats.YEAR, formats.MONTH, formats.DAY) or kind.startswith(
            formats.TOLD
        )
        return formats.dated(value, kind) if is_told else value
    if not isinstance(value, int | float) or isinstance(value, bool):
        return value
    if kind == formats.PERCENT:
        return f"{value * 100:.12g}%"
    if kind.startswith(formats.SAID):
        return f"{value:.15g}{kind.removeprefix(formats.SAID)}"
    if kind == formats.ZEROLESS:
        return Odd("0", f"format_{formats.HIDDEN}") if value == 0 else value
    if kind in (formats.SCALED, formats.SIGNED, formats.HIDDEN) or (
        kind == formats.UNSIGNED and value < 0
    ):
        return Odd(f"{value:.15g}", f"format_{kind}")
    return value
