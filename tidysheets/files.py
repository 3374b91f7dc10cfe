"""Files as people have them, opened safely into raw cells.

Answers: which sheets a file holds, cell by cell. Refuses: to run or to follow anything in it.
"""

import codecs
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tidysheets import problems
from tidysheets.addresses import MAX_COLUMN, Place, letter
from tidysheets.cells import Odd, is_figure
from tidysheets.problems import InputError, Problem, Sentence
from tidysheets.workbooks import book

TEXT: Final = (".csv", ".tsv", ".txt")
BOOKS: Final = (".xlsx", ".xlsm", ".xls", ".ods")
MAX_BYTES: Final = 100 * 2**20
MAX_ROWS: Final = 2**20  # as many as a spreadsheet has
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII: Final = bytes(range(128))
_WEB_PAGE = re.compile(
    rb"\s*<(?:!--|(?:!doctype|\?xml|html|head|meta|body|table)\b)", re.IGNORECASE
)
_CONTROL: Final = [*map(chr, (*range(0x09), *range(0x0E, 0x20)))]
_ONE_COMMA = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
_SAMPLE: Final = 50
_BEGINNING: Final = 1024
_MARKS: Final = (",", ";", "\t", "|", "，", "、")


@dataclass(frozen=True)
class Sheet:
    """Raw cells of one sheet; row 0 of ``rows`` is row 1 of the file.

    ``said`` are the sentences in which its problems are told.
    """

    file: str
    name: str
    rows: book.Rows
    merged: book.Merged = ()
    problems: list[Problem] = field(default_factory=list)
    is_text: bool = False
    said: Mapping[str, Sentence] | None = None

    def cell(self, line: int, place: int) -> Any:
        """Return the cell at a place of a line, a blank where the line is shorter."""
        row = self.rows[line]
        return row[place] if place < len(row) else ""

    def changed(self, cells: Mapping[Place, Any]) -> "Sheet":
        """Return the sheet with other cells at some places, by line and column."""
        rows = list(self.rows) if cells else self.rows
        for (line, place), cell in cells.items():
            rows[line] = [*rows[line], *[""] * (place + 1 - len(rows[line]))]
            rows[line][place] = cell
        return replace(self, rows=rows)

    def problem(
        self, code: str, line: int, place: int | None = None, /, *, found: Any = None, **facts: Any
    ) -> Problem:
        """Return a problem of a line, or of one of its cells, in which it is found."""
        address = "" if place is None else f"{letter(place)}{line + 1}"
        if found is None:
            found = "" if place is None else self.cell(line, place)
        where: dict[str, Any] = {"sheet": self.name, "row": line + 1, "address": address}
        return problems.make(code, self.file, **where, found=found, said=self.said, **facts)


def read(
    path: Path,
    *,
    shown: str = "",
    max_bytes: int = MAX_BYTES,
    encodings: tuple[str, ...] = ("utf-8", "gb18030"),
) -> list[Sheet]:
    """Return the sheets of a file.

    Parameters
    ----------
    path : Path
        A .xlsx, .xlsm, .xls, .ods, .csv, .tsv or .txt file.
    shown : str
        The name used in messages; the file's own by default.
    encodings : tuple of str
        Those tried, in order, for a text that does not say its own.
    max_bytes : int
        Larger files are refused unread (a district's enterprises of ten years need a tenth).

    Raises
    ------
    InputError
        When the file cannot be read, saying why and what to do.
    """
    shown = shown or path.name
    try:
        _refuse_unfit(path, shown, max_bytes)
        if path.suffix.lower() in TEXT:
            return [_read_text(path, shown, encodings)]
        return [Sheet(shown, *part) for part in book.read(path, shown)]
    except OSError:
        raise problems.refused("file_unreadable", shown) from None


def _refuse_unfit(path: Path, shown: str, max_bytes: int) -> None:
    suffix = path.suffix.lower()
    code = ""
    if not path.exists():
        code = "file_missing"
    elif path.is_dir() or suffix not in (*TEXT, *BOOKS):
        code = "file_type"
    elif path.stat().st_size == 0:
        code = "file_empty"
    elif path.stat().st_size > max_bytes:
        code = "file_too_large"
    elif _is_web_page(path):
        code = "file_web_page"
    if code:
        limit = f"{max_bytes // 2**20} MB"
        found = suffix or path.name if code == "file_type" else ""
        raise problems.refused(code, shown, found=found, limit=limit)


def _is_web_page(path: Path) -> bool:
    """Tell whether a file is what programs export under the name of a table: HTML or XML."""
    with path.open("rb") as file:
        return bool(_WEB_PAGE.match(file.read(_BEGINNING).removeprefix(codecs.BOM_UTF8)))


def _read_text(path: Path, shown: str, encodings: tuple[str, ...]) -> Sheet:
    data, suffix = path.read_bytes(), path.suffix.lower()
    if data.startswith((book.ZIP, book.OLE)):
        raise problems.refused("file_disguised", shown, found=suffix, suffix=suffix)
    text = _decoded(data, suffix, shown, encodings)
    if max(text.count("\n"), text.count("\r")) > MAX_ROWS:
        limit = f"{MAX_ROWS:,} 行 / rows"
        raise problems.refused("file_too_large", shown, found=suffix, limit=limit)
    first = [*itertools.islice(io.StringIO(text, newline=""), _SAMPLE)]
    is_open = not text.endswith(("\n", "\r"))
    lines = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", newline="")
    del text, data  # a StringIO, and each cell as a text of its own, would be most of the memory
    once = {}.setdefault
    reader = csv.reader(lines, delimiter=_delimiter(first), strict=True)
    rows: book.Rows = []
    try:
        for row in reader:
            rows.append([*map(once, row, row)])
    except csv.Error as error:
        width = len(rows[0]) if rows else 1
        wrong = problems.make("row_width", shown, row=len(rows) + 1, found=error, expected=width)
        raise InputError([wrong]) from None
    _refuse_width(max(map(len, rows), default=0), shown)
    if reader.dialect.delimiter == ";":
        rows = [[_comma(cell) for cell in row] for row in rows]
    return Sheet(shown, "", rows, problems=[*_cut(rows, shown)] if is_open else [], is_text=True)


def _refuse_width(width: int, shown: str) -> None:
    if width > MAX_COLUMN:
        limit = f"{MAX_COLUMN:,} 列 / columns"
        raise problems.refused("file_too_large", shown, found=width, limit=limit)


def _comma(cell: str) -> str:
    """Mark a number whose comma may part thousands or decimals: 1,234."""
    return Odd(cell, "decimal_comma") if _ONE_COMMA.fullmatch(cell.strip()) else cell


def _cut(rows: book.Rows, shown: str) -> Iterator[Problem]:
    """Look at the last line of a text that ends without a line break: it may be cut off."""
    if len(rows) < 2:
        return
    widths = Counter(map(len, rows[:-1]))
    usual, last = max(widths, key=lambda width: widths[width]), rows[-1]
    if len(last) < usual:
        facts = {"found": len(last), "expected": usual}
        yield problems.make("row_width", shown, row=len(rows), **facts)
    elif last and is_figure(last[-1]):
        yield problems.make("row_open", shown, row=len(rows), found=last[-1])


def _decoded(data: bytes, suffix: str, shown: str, encodings: tuple[str, ...]) -> str:
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "") or _wide(data)
    for name in [encoding] if encoding else encodings:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            if name == "utf-8" and _nearly_utf8(data):
                break
            continue
        strange = {sign for sign in _CONTROL if sign in text}
        if strange == {"\0"}:
            row = text[: text.index("\0")].count("\n") + 1
            raise problems.refused("nul", shown, row=row)
        if strange:
            raise problems.refused("file_disguised", shown, found=suffix, suffix=suffix)
        return text
    raise problems.refused("encoding", shown, found=suffix)


def _wide(data: bytes) -> str:
    """Return the name of UTF-16 for a text that is in it without saying so; else nothing.

    Its separators and digits have one zero byte; a stray one in another text parts no line.
    """
    if b"\0" not in data:
        return ""
    name = "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
    lines = data.decode(name, errors="replace").splitlines()
    return name if len(lines) > 1 and any(mark in lines[0] for mark in _MARKS) else ""


def _nearly_utf8(data: bytes) -> bool:
    """A cut or damaged UTF-8 file must not pass as the wrong characters of another encoding."""
    kept = data.decode("utf-8", errors="ignore")
    foreign = len(data.translate(None, _ASCII))
    held = len(kept.encode("utf-8").translate(None, _ASCII))
    return foreign > 0 and held > 0.9 * foreign


def _delimiter(lines: list[str]) -> str:
    """Return the separator that cuts most rows into the same number of fields."""

    def agreement(mark: str) -> int:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark))
        except csv.Error:
            return 0
        return max((width * count for width, count in widths.items() if width > 1), default=0)

    return max(_MARKS, key=agreement)
