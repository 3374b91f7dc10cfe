"""What the parts of an .xlsx workbook say beyond the values of its cells.

Answers: hidden rows, failed and unsaved formulas, number formats, raised and struck digits, the
area a sheet spans. Refuses: to load a sheet into memory, to read a document type.
"""

import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Final

from tidysheets.workbooks import formats, shared
from tidysheets.workbooks.elements import PLAIN_COLUMNS, Elements
from tidysheets.workbooks.limits import MAX_SHEETS, within
from tidysheets.workbooks.marks import Marks
from tidysheets.workbooks.shared import local, tree

_DENSE: Final = 500  # bytes of XML that a row of a usual sheet has, at the least
_FEW_ROWS: Final = 10_000
_PREFIXED = re.compile(rb":(?:c|f|row|is)[\s/>]")
_FORMULA = re.compile(rb"<f[\s/>]")


def read(book: zipfile.ZipFile, limit: int) -> tuple[dict[str, Marks], Mapping[str, str]]:
    """Return the marks of each sheet by its name, and the texts with raised digits.

    Parameters
    ----------
    book : ZipFile
        An .xlsx or .xlsm workbook.
    limit : int
        How many cells its sheets may span together.

    Returns
    -------
    marks, raised
        ``raised``: as the reader library joins a text, and as the user sees it.

    Raises
    ------
    AreaError
        When they span more cells.
    """
    shown, (raised, alike) = styles(book), shared.raised_texts(book)
    found, spanned, parts = {}, 0, sheet_parts(book)
    within(len(parts), MAX_SHEETS, "sheets")
    for name, part in parts.items():
        is_plain = _plain(book.getinfo(part).file_size, shown)
        with book.open(part) as stream:
            read = Elements(shown).read(stream, is_plain)
        if read.has_passed and read.width() > PLAIN_COLUMNS:  # how far down do they reach?
            with book.open(part) as stream:
                read = Elements(shown).read(stream, lambda _: False)
        mark = read.marks
        mark.width = read.width()
        mark.comments = shared.comments(book, part)
        if alike:
            with book.open(part) as stream:
                mark.texts |= shared.marked_cells(stream, alike)
        spanned = within(spanned + mark.height * mark.width, limit, "cells")
        found[name] = mark
    shared.refuse_spread(book, parts.values(), spanned, limit)
    return found, raised


def sheet_parts(book: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive that holds each sheet, by the sheet's name."""
    relations = tree(book.read("xl/_rels/workbook.xml.rels"))
    targets = {part.get("Id"): part.get("Target", "") for part in relations}
    parts = {}
    for sheet in tree(book.read("xl/workbook.xml")).iter():
        target = targets.get(next((v for k, v in sheet.items() if k.endswith("}id")), ""), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if local(sheet.tag) == "sheet" and part in book.NameToInfo:
            parts[sheet.get("name", "")] = part
    return parts


def styles(book: zipfile.ZipFile) -> dict[str, str]:
    """Return the cell styles that show something else than is stored, by their number."""
    if "xl/styles.xml" not in book.NameToInfo:
        return {}
    root = tree(book.read("xl/styles.xml"))
    own = [element for element in root.iter() if local(element.tag) == "numFmt"]
    codes = {element.get("numFmtId"): element.get("formatCode", "") for element in own}
    shows = formats.BUILT_IN | {key: formats.shown(code) for key, code in codes.items()}
    listed = next((part for part in root if local(part.tag) == "cellXfs"), ())
    found = {str(i): shows.get(style.get("numFmtId"), "") for i, style in enumerate(listed)}
    fonts = next((part for part in root if local(part.tag) == "fonts"), ())
    struck = {str(i) for i, font in enumerate(fonts) if any(map(shared.is_strike, font))}
    found |= {str(i): formats.STRUCK for i, s in enumerate(listed) if s.get("fontId") in struck}
    return {number: kind for number, kind in found.items() if kind not in ("", formats.DATE)}


def _plain(size: int, shown: Mapping[str, str]) -> Callable[[bytes], bool]:
    """Return what tells whole rows of a sheet that can hold no mark, and need no parsing.

    Nothing is read from the bytes. Whatever is marked is spelled with one of the strings looked
    for here, in any spelling; and rows pass only if all their cells have addresses of the usual
    form within the area of a densely filled sheet of its size.
    """
    cells, rows = _unusual(size)
    # The numbers of styles that matter, as attributes of any spelling.
    styled = re.compile(rf"""\ss\s*=\s*["']\s*0*(?:{"|".join(shown)})\s*["']""".encode())

    def is_plain(block: bytes) -> bool:
        # One sign is found ten times faster than two: texts with such signs are parsed, too.
        if b"#" in block or b"!" in block or b"?" in block:
            return False
        if (
            b"hidden" in block
            or b"vertAlign" in block
            or b"strike" in block
            or (b":" in block and _PREFIXED.search(block))
        ):
            return False
        if (b"<f" in block and _FORMULA.search(block)) or (shown and styled.search(block)):
            return False
        return not (cells.search(block) or rows.search(block))

    return is_plain


def _unusual(size: int) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return what finds a cell, or a row, without address or outside a dense sheet of some size."""
    limit = str(max(_FEW_ROWS, size // _DENSE))
    first, rest = int(limit[0]), len(limit) - 1
    rows = rf"\d{{1,{rest}}}" + (rf"|[1-{first - 1}]\d{{{rest}}}" if first > 1 else "")
    cell, row = rf'<c(?! r="A?[A-Z](?:{rows})")', rf'<row(?! r="(?:{rows})")'
    return re.compile(cell.encode()), re.compile(row.encode())
