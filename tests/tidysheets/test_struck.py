"""What is crossed out is told, in every kind of workbook; it is read by none."""

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from test_spellings import MAIN, _float, document, rows, workbook

from tidysheets import Column, Schema, reading
from tidysheets.cells import Odd

SCHEMA = Schema(
    columns=(
        Column("deliveries", "good_id", "code", required="yes", key="1"),
        Column("deliveries", "weight_t", "float", "吨", low=0.0),
    ),
    filled=("deliveries",),
)
STYLES = (
    f'<styleSheet {MAIN}><fonts count="3"><font/><font><strike/></font><font><strike val="0"/>'
    '</font></fonts><cellXfs count="3"><xf fontId="0"/><xf fontId="1"/><xf fontId="2"/></cellXfs>'
    "</styleSheet>"
)


def is_struck(cell):
    return isinstance(cell, Odd) and cell.code == "format_struck"


@pytest.mark.parametrize("value", [163, 163.5, "163", "规上工业亩均税收"])
def test_a_cell_crossed_out_as_a_whole(tmp_path, value):
    book = openpyxl.Workbook()
    book.active.append([value, value])
    book.active["A1"].font = Font(strike=True)
    book.active["C1"].font = Font(strike=True)  # a blank cell says nothing
    book.save(tmp_path / "a.xlsx")
    struck, plain = rows(tmp_path / "a.xlsx")[0][:2]
    assert is_struck(struck)
    assert (str(struck), plain) == (str(value), value)


@pytest.mark.parametrize(("runs", "expected"), [("<strike/>", True), ('<strike val="0"/>', False)])
def test_a_part_of_a_text_crossed_out(tmp_path, runs, expected):
    text = f"<r><t>16</t></r><r><rPr>{runs}</rPr><t>3</t></r><r><rPr><b/></rPr><t>5</t></r>"
    cells = '<c r="A1" t="s"><v>0</v></c>', f'<c r="A1" t="inlineStr"><is>{text}</is></c>'
    for cell in cells:
        sheet = f'<worksheet {MAIN}><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
        workbook(tmp_path / "a.xlsx", sheet, strings=f"<sst {MAIN}><si>{text}</si></sst>")
        (read,) = rows(tmp_path / "a.xlsx")[0]
        assert (read, is_struck(read)) == ("1635", expected)


def test_a_plain_text_beside_the_same_crossed_out_in_part_is_read(tmp_path):
    struck = "<si><r><t>溪口</t></r><r><rPr><strike/></rPr><t>镇</t></r></si>"
    strings = f"<sst {MAIN}>{struck}<si><t>溪口镇</t></si></sst>"
    for a, b in (('r="A1" ', 'r="B1" '), ("", "")):
        cells = f'<c {a}t="s"><v>0</v></c><c {b}t="s"><v>1</v></c>'
        sheet = f'<worksheet {MAIN}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
        read = rows(workbook(tmp_path / "a.xlsx", sheet, strings=strings))[0]
        assert read == ["溪口镇", "溪口镇"]
        assert [is_struck(cell) for cell in read] == [True, False]


def test_a_style_without_the_line_says_nothing(tmp_path):
    cells = "".join(f'<c r="{c}1" s="{i}"><v>7</v></c>' for i, c in enumerate("ABC"))
    sheet = f'<worksheet {MAIN}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    read = rows(workbook(tmp_path / "a.xlsx", sheet, styles=STYLES))[0]
    assert [is_struck(cell) for cell in read] == [False, True, False]


def test_cells_and_parts_of_an_ods(tmp_path):
    styles = (
        '<style:style style:name="out"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="in"><style:text-properties '
        'style:text-line-through-style="none"/></style:style>'
    )
    text = (
        '<table:table-cell office:value-type="string"><text:p>16<text:span '
        'text:style-name="out">3</text:span>5</text:p></table:table-cell>'
    )
    body = f"<table:table-row>{_float(7, 'out')}{_float(7, 'in')}{text}</table:table-row>"
    read = rows(document(tmp_path / "a.ods", body, styles))[0]
    assert [is_struck(cell) for cell in read] == [True, False, True]
    assert read == ["7", 7, "1635"]


def test_an_ods_may_spell_lines_and_raised_signs_otherwise(tmp_path):
    styles = (
        '<style:style style:name="out"><style:text-properties '
        'style:text-line-through-type="single" style:text-position="0% 100%"/></style:style>'
        '<style:style style:name="up"><style:text-properties '
        'style:text-line-through-type="none" style:text-position="33% 58%"/></style:style>'
    )
    cells = "".join(
        '<table:table-cell office:value-type="string"><text:p>16<text:span '
        f'text:style-name="{name}">3</text:span></text:p></table:table-cell>'
        for name in ("out", "up")
    )
    body = f"<table:table-row>{cells}</table:table-row>"
    read = rows(document(tmp_path / "a.ods", body, styles))[0]
    assert [is_struck(read[0]), read[1]] == [True, "16³"]


def test_a_table_says_which_cells_are_crossed_out(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    for line in (["good_id", "weight_t"], ["G1", 1], ["G2", 2], ["G3", 3]):
        page.append(line)
    for address in ("B1", "A2", "B2", "B4"):
        page[address].font = Font(strike=True)
    page["A4"] = CellRichText("G", TextBlock(InlineFont(strike=True), "3"))
    book.save(tmp_path / "a.xlsx")
    (table,), _ = reading.read(tmp_path / "a.xlsx", SCHEMA)
    found = sorted(p.address for p in table.problems if p.code == "format_struck")
    assert found == ["A2", "A4", "B1", "B2", "B4"]
