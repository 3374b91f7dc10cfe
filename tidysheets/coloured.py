"""The user's own table with its faulty cells coloured and explained.

Answers: where to look and what to do, in the file itself. Refuses: to correct a value.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from tidysheets import files, whole
from tidysheets.problems import InputError, Problem, words
from tidysheets.workbooks.marks import AUTHOR

_FILLS: Final = {"error": "F4B6B6", "warning": "FCE8B2"}
_NAME: Final = 31  # the longest name a sheet may have
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))


def write(
    path: str | Path, problems: Iterable[Problem], read: Iterable[Path], *, lang: str = "zh-Hans"
) -> Path:
    """Write a workbook (改错表) that shows every problem in its cell and return its path.

    Parameters
    ----------
    path : path
        The .xlsx file to write.
    problems : iterable of Problem
        What was found.
    read : iterable of Path
        The files in which it was found; they stay as they are.
    lang : str
        Language of the comments.
    """
    found = list(problems)
    book = Workbook()
    summary = book.active
    summary.title = words(lang)["problems"]
    for problem in found:
        summary.append([_plain(problem.text(lang))])
        summary.cell(summary.max_row, 1).fill = _fill(problem)
    summary.column_dimensions["A"].width = 120
    for file in read:
        own = [problem for problem in found if problem.file == file.name and problem.row]
        try:
            sheets = files.read(file) if own else []
        except InputError:
            continue
        for sheet in sheets:
            here = [problem for problem in own if problem.sheet == sheet.name]
            if here:
                _copy(book, f"{file.stem} {sheet.name}".strip(), sheet.rows, here, lang)
    return whole.save(book, path)


def _copy(book: Workbook, name: str, rows: list[list[Any]], here: list[Problem], lang: str) -> None:
    title = name.translate(_NOT_IN_NAMES)
    if title[:_NAME].casefold() in map(str.casefold, book.sheetnames):
        title = f"{title[: _NAME - 5]} {len(book.sheetnames)}"
    sheet = book.create_sheet(title[:_NAME])
    for row in rows:
        sheet.append([_plain(cell) for cell in row])
    for problem in sorted(here, key=lambda problem: problem.severity, reverse=True):  # errors last
        _mark(sheet, problem, lang)


def _mark(sheet: Worksheet, problem: Problem, lang: str) -> None:
    cell = sheet[problem.address] if problem.address else sheet.cell(problem.row or 1, 1)
    cell.fill = _fill(problem)
    for first, last in problem.runs:
        for row in range(first, last + 1):
            sheet.cell(row, cell.column).fill = _fill(problem)
    before = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(before + problem.text(lang), AUTHOR)
    if problem.address:
        letter = problem.address.rstrip("0123456789")
        sheet.column_dimensions[letter or get_column_letter(1)].width = 18


def _fill(problem: Problem) -> PatternFill:
    return PatternFill("solid", fgColor=_FILLS[problem.severity])


def _plain(value: Any) -> Any:
    """Keep text text: nothing that a spreadsheet would run, no signs that it refuses."""
    if not isinstance(value, str):
        return value
    text = "".join(sign for sign in value if sign >= " " or sign in "\t\n")
    return f"'{text}" if text.startswith("=") else text
