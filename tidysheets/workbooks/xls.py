"""What the records of an .xls workbook say beyond the values of its cells.

Answers: the same marks as of an .xlsx workbook, and whether digits are raised. Refuses: records
that lead outside the file.
"""

import struct
from collections.abc import Iterator
from typing import Final

from tidysheets.workbooks import formats
from tidysheets.workbooks.marks import Marks

SECTOR: Final = 64  # of the small streams
_END: Final = 0xFFFFFFFA  # sector numbers from here on are no sectors
_HEAD: Final = 512
_ENTRY: Final = 128
_STREAMS: Final = ("Workbook", "Book")
_BOF, _SHEET, _FORMAT, _STYLE, _FONT, _ROW = 0x0809, 0x0085, 0x041E, 0x00E0, 0x0031, 0x0208
_COLUMNS: Final = 0x007D
_COMMENT: Final = 0x001C
_FORMULA, _ERROR, _MANY = 0x0006, 0x0205, 0x00BD
_VALUES: Final = (_FORMULA, _ERROR, 0x0203, 0x027E, 0x0204, 0x00FD, 0x00D6)
_HIDDEN_ROW: Final = 0x20
_STRIKE: Final = 0x08
_NO_FONT: Final = 4  # no font has this number
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def read(data: bytes) -> tuple[dict[str, Marks], bool]:
    """Return the marks of each sheet by its name, and whether a font may raise or strike a part.

    Raises
    ------
    ValueError
        When the file is no workbook, or leads outside itself.
    """
    stream = _workbook(data)
    names, kinds, styles, is_raised = {}, dict(formats.BUILT_IN), list[str](), False
    fonts, used = list[bool](), set[int]()
    marks: dict[str, Marks] = {}
    sheet: Marks | None = None
    for at, number, body in _records(stream):
        if number == _BOF:
            name = names.get(at)
            sheet = None if name is None else marks.setdefault(name, Marks())
        elif number == _SHEET and len(body) > 7:
            names[int.from_bytes(body[:4], "little")] = _text(body[6:], 1)
        elif number == _FORMAT:
            kinds[str(_word(body, 0))] = formats.shown(_text(body[2:], 2))
        elif number == _STYLE:
            font = _word(body, 0) - (_word(body, 0) > _NO_FONT)
            is_struck = any(fonts[font : font + 1])
            used.add(font)
            styles.append(formats.STRUCK if is_struck else kinds.get(str(_word(body, 2)), ""))
        elif number == _FONT:
            is_raised |= _word(body, 8) != 0
            fonts.append(bool(_word(body, 2) & _STRIKE))
        elif sheet is not None:
            _mark(sheet, number, body, styles)
    # A font that strikes out and is of no whole cell is of a part of a text.
    return marks, is_raised or any(own and at not in used for at, own in enumerate(fonts))


def _workbook(data: bytes) -> bytes:
    """Return the stream of records from the compound file (OLE) around it."""
    size = 1 << _word(data, 30)
    if not _HEAD <= size <= 4096:
        raise ValueError("sector size")
    blocks = struct.unpack_from("<109I", data, 76)
    table = b"".join(_sector(data, block, size) for block in blocks if block < _END)
    nexts = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
    start, cutoff, small = (_long(data, at) for at in (48, 56, 60))
    entries = _chain(data, start, nexts, size)
    root = b""
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        entry = entries[at : at + _ENTRY]
        name = entry[: max(_word(entry, 64) - 2, 0)].decode("utf-16-le", "replace")
        first, length = _long(entry, 116), _long(entry, 120)
        if entry[66] == 5:
            root = _chain(data, first, nexts, size)
        elif name in _STREAMS and length >= cutoff:
            return _chain(data, first, nexts, size)[:length]
        elif name in _STREAMS:
            table = _chain(data, small, nexts, size)
            own = struct.unpack(f"<{len(table) // 4}I", table)
            return _chain(root, first, own, SECTOR, offset=0)[:length]
    raise ValueError("no workbook")


def _chain(
    data: bytes, start: int, nexts: tuple[int, ...], size: int, *, offset: int | None = None
) -> bytes:
    parts, sector, skipped = [], start, size if offset is None else offset
    for _ in range(len(nexts) + 1):
        if sector >= _END:
            return b"".join(parts)
        if sector >= len(nexts):
            break
        parts.append(data[skipped + sector * size : skipped + (sector + 1) * size])
        sector = nexts[sector]
    raise ValueError("sectors in a circle")


def _sector(data: bytes, number: int, size: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, at)
        yield at, number, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _mark(sheet: Marks, number: int, body: bytes, styles: list[str]) -> None:
    if number == _ROW and len(body) >= 14:
        if body[12] & _HIDDEN_ROW:
            sheet.hidden.append(_word(body, 0) + 1)
    elif number == _COLUMNS and len(body) >= 10 and body[8] & 1:
        sheet.hidden_columns += range(_word(body, 0), _word(body, 2) + 1)
    elif number == _COMMENT and len(body) >= 4:
        sheet.comments[_word(body, 0), _word(body, 2)] = ""
    elif number == _MANY:
        for i in range((len(body) - 6) // 6):
            _style(sheet, (_word(body, 0), _word(body, 2) + i), _word(body, 4 + 6 * i), styles)
    elif number in _VALUES and len(body) >= 6:
        place = (_word(body, 0), _word(body, 2))
        _style(sheet, place, _word(body, 4), styles)
        if number == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
            sheet.cells[place] = _ERRORS.get(body[8], "#N/A")
        elif number == _ERROR and len(body) >= 8 and body[7]:
            sheet.cells[place] = _ERRORS.get(body[6], "#N/A")


def _style(sheet: Marks, place: tuple[int, int], style: int, styles: list[str]) -> None:
    sheet.height = max(sheet.height, place[0] + 1)
    sheet.width = max(sheet.width, place[1] + 1)
    shown = styles[style] if style < len(styles) else ""
    if shown not in ("", formats.DATE):
        sheet.formats[place] = shown


def _text(body: bytes, counted: int) -> str:
    """Return a counted text of one or two bytes a sign."""
    count, flags = int.from_bytes(body[:counted], "little"), body[counted : counted + 1]
    wide = bool(flags) and flags[0] & 1
    kept = body[counted + 1 : counted + 1 + count * (1 + wide)]
    return kept.decode("utf-16-le" if wide else "latin-1", "replace")


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


def _long(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")
