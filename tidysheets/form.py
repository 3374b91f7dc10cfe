"""The workbook that people fill in, made from a schema.

Answers: which columns to fill, in which unit, with which values. Refuses: to hold figures.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tidysheets import whole
from tidysheets.schema import Column, Schema
from tidysheets.workbooks.marks import AUTHOR

LISTS: Final = "_lists"
_ROWS: Final = 5000  # drop-downs reach this far; rows beneath are read all the same
_SHAPED: Final = 203  # and cells are shaped as text this far
_WORDS: Final[dict[str, dict[str, Any]]] = {
    "zh-Hans": {
        "notes": "填表说明",
        "mark": "示例",
        "lines": (
            "每张工作表填一类数据，不需要的工作表留空即可。",
            "第 2 行是示例，以“示例”开头，不会读取；请从第 3 行起填写。",
            "列的顺序可以改变，可以增加自己的列；表头请勿改动。",
            "没有数据的单元格留空或填“—”，不要填 0；填了期间而没有数值的，数值填“—”。",
        ),
        "bool": ("是", "否"),
    },
    "en": {
        "notes": "Notes",
        "mark": "EXAMPLE",
        "lines": (
            "One sheet for each kind of figures; leave those you do not need empty.",
            "Row 2 is an example, marked EXAMPLE and never read; fill in from row 3.",
            "Columns may be moved or added; keep the headings as they are.",
            "Leave a cell without a figure blank or enter —, not 0; beside a period enter —.",
        ),
        "bool": ("yes", "no"),
    },
}


def write(
    path: str | Path,
    schema: Schema,
    sheets: Mapping[str, str],
    choices: Mapping[str, Sequence[str]],
    *,
    begun: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
    lang: str = "zh-Hans",
) -> Path:
    """Write the input workbook (填报模板) and return its path.

    Parameters
    ----------
    path : path
        The .xlsx file to write.
    schema : Schema
        Where headings, units, notes, examples and closed lists stand.
    sheets : mapping
        The tables to fill in, in order, with the name of the sheet of each.
    choices : mapping
        What the drop-downs offer, by ``table.column`` of the table that a column refers to, or by
        the column's name.
    begun : mapping, optional
        Rows to begin with, by table: one is read as data once another column is filled in too.
    lang : str
        ``en`` gives English headings, anything else Chinese.
    """
    lang = lang if lang == "en" else "zh-Hans"
    words = _WORDS[lang]
    book = Workbook()
    notes = book.active
    notes.title = words["notes"]
    for line in words["lines"]:
        notes.append([line])
    notes.column_dimensions["A"].width = 80
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for table, name in sheets.items():
        sheet = book.create_sheet(name)
        _head(sheet, schema.tables[table], lang)
        _begin(sheet, schema.tables[table], (begun or {}).get(table, ()))
        for place, column in enumerate(schema.tables[table].values(), start=2):
            _drop_down(sheet, lists, place, _choices(column, choices, lang))
    book.move_sheet(lists, offset=len(sheets))
    return whole.save(book, path)


def _head(sheet: Worksheet, columns: Mapping[str, Column], lang: str) -> None:
    sheet.cell(2, 1, _WORDS[lang]["mark"])
    for place, column in enumerate(columns.values(), start=2):
        cell = sheet.cell(1, place, column.label(lang))
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4E79" if column.required else "5B7083")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        note = column.note_en if lang == "en" else column.note_zh_hans
        if note:
            cell.comment = Comment(note, AUTHOR)
        sheet.cell(2, place, _example(column, lang)).font = Font(italic=True, color="808080")
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 16
        if column.type not in ("int", "float", "bool"):
            sheet.column_dimensions[letter].number_format = "@"
            for row in range(2, _SHAPED):
                sheet.cell(row, place).number_format = "@"
    sheet.freeze_panes = "C2"


def _begin(
    sheet: Worksheet, columns: Mapping[str, Column], begun: Sequence[Mapping[str, str]]
) -> None:
    places = {name: place for place, name in enumerate(columns, start=2)}
    for line, cells in enumerate(begun, start=3):
        for name, text in cells.items():
            _put(sheet, line, places[name], text)


def _put(sheet: Worksheet, row: int, place: int, text: str) -> None:
    """Write a text that stays one, whatever the name of an indicator begins with."""
    cell = sheet.cell(row, place, text)
    cell.number_format, cell.data_type = "@", "s"


def _example(column: Column, lang: str) -> Any:
    if column.type == "bool" and lang == "en":
        return {"是": "yes", "否": "no"}.get(column.example, column.example)
    is_number = column.type in ("int", "float") and column.example
    return float(column.example) if is_number else column.example


def _choices(column: Column, given: Mapping[str, Sequence[str]], lang: str) -> Sequence[str]:
    if column.type == "bool":
        return _WORDS[lang]["bool"]
    return given.get(".".join(column.reference or ()), given.get(column.name, column.choices))


def _drop_down(sheet: Worksheet, lists: Worksheet, place: int, choices: Sequence[str]) -> None:
    if not choices:
        return
    at = lists.max_column + 1
    for row, choice in enumerate(choices, start=1):
        _put(lists, row, at, choice)
    letter = get_column_letter(at)
    source = f"{LISTS}!${letter}$1:${letter}${len(choices)}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    target = get_column_letter(place)
    rule.add(f"{target}3:{target}{_ROWS}")
    sheet.add_data_validation(rule)
