"""The workbook that users fill in, made from the register of columns.

Answers: which columns to fill, in which unit, with which values. Refuses: to hold figures.
"""

import tempfile
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from fenghua.inputs.dataset import Dataset, load
from tidysheets import schema as columns

SHEETS: Final = ("observations", "enterprises", "town_reports", "town_tasks", "adjustments")
LISTS: Final = "_lists"
_ROWS: Final = 5000  # drop-downs reach this far; rows beneath are read all the same
_WORDS: Final = {
    "zh-Hans": {
        "notes": "填表说明",
        "mark": "示例",
        "lines": (
            "每张工作表填一类数据，不需要的工作表留空即可。",
            "第 2 行是示例，以“示例”开头，不会读取；请从第 3 行起填写。",
            "列的顺序可以改变，可以增加自己的列；表头请勿改动。",
            "没有数据的单元格留空，不要填 0。",
        ),
        "names": ("指标数据", "企业", "镇街完成情况", "镇街任务", "等级调整"),
    },
    "en": {
        "notes": "Notes",
        "mark": "EXAMPLE",
        "lines": (
            "One sheet for each kind of figures; leave those you do not need empty.",
            "Row 2 is an example, marked EXAMPLE and never read; fill in from row 3.",
            "Columns may be moved or added; keep the headings as they are.",
            "Leave a cell blank where there is no figure; do not enter 0.",
        ),
        "names": ("Observations", "Enterprises", "Town reports", "Town tasks", "Adjustments"),
    },
}


def write(
    path: str | Path, data: Dataset | str | Path = "data/raw", *, lang: str = "zh-Hans"
) -> Path:
    """Write the input workbook (填报模板) and return its path.

    Parameters
    ----------
    path : path
        The .xlsx file to write.
    data : Dataset or path
        Where the drop-downs take indicators, towns and sources from.
    lang : str
        ``en`` gives English headings, anything else Chinese.
    """
    with tempfile.TemporaryDirectory() as none:  # faulty figures must not keep the form away
        ds = data if isinstance(data, Dataset) else load(data, none)
    lang = lang if lang == "en" else "zh-Hans"
    words: dict[str, Any] = _WORDS[lang]
    book = Workbook()
    notes = book.active
    notes.title = words["notes"]
    for line in words["lines"]:
        notes.append([line])
    notes.column_dimensions["A"].width = 80
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for table, name in zip(SHEETS, words["names"], strict=True):
        sheet = book.create_sheet(name)
        _head(sheet, table, words["mark"], lang)
        for place, column in enumerate(columns.tables()[table].values(), start=2):
            _drop_down(sheet, lists, place, _choices(column, ds))
    book.move_sheet(lists, offset=len(SHEETS))
    book.save(path)
    return Path(path)


def _head(sheet: Worksheet, table: str, mark: str, lang: str) -> None:
    sheet.cell(2, 1, mark)
    for place, column in enumerate(columns.tables()[table].values(), start=2):
        cell = sheet.cell(1, place, column.label(lang))
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F4E79" if column.required else "5B7083")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        note = column.note_en if lang == "en" else column.note_zh_hans
        if note:
            cell.comment = Comment(note, "fenghua")
        example = _example(column, lang)
        sheet.cell(2, place, example).font = Font(italic=True, color="808080")
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 16
        if column.type in ("code", "period", "str", "date"):
            sheet.column_dimensions[letter].number_format = "@"
            for row in range(2, 203):
                sheet.cell(row, place).number_format = "@"
    sheet.freeze_panes = "C2"


def _example(column: columns.Column, lang: str) -> Any:
    if column.type == "bool" and lang == "en":
        return {"是": "yes", "否": "no"}.get(column.example, column.example)
    return (
        float(column.example)
        if column.type in ("int", "float") and column.example
        else column.example
    )


def _choices(column: columns.Column, ds: Dataset) -> list[str]:
    if column.type == "bool":
        return ["是", "否", "yes", "no"]
    if column.reference and column.reference[0] in ("indicators", "towns", "sources"):
        return list(getattr(ds, column.reference[0])[column.reference[1]])
    return list(column.choices)


def _drop_down(sheet: Worksheet, lists: Worksheet, place: int, choices: list[str]) -> None:
    if not choices:
        return
    at = lists.max_column + 1
    for row, choice in enumerate(choices, start=1):
        lists.cell(row, at, choice).number_format = "@"
    letter = get_column_letter(at)
    source = f"{LISTS}!${letter}$1:${letter}${len(choices)}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    target = get_column_letter(place)
    rule.add(f"{target}3:{target}{_ROWS}")
    sheet.add_data_validation(rule)
