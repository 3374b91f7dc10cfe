import zipfile

import openpyxl
import pytest

from tidysheets import files as sheets
from tidysheets.problems import InputError

HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.xlsx"
    work = openpyxl.Workbook()
    work.active.append(["甲", 1])
    work.save(path)
    return path


def repacked(book, name, **parts):
    path = book.with_name(name)
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part not in parts:
                new.writestr(part, old.read(part))
        for part, data in parts.items():
            new.writestr(part, data)
    return path


def refusal(path, **options):
    with pytest.raises(InputError) as error:
        sheets.read(path, **options)
    return error.value.problems[0].code


def test_saved_values_errors_percentages_and_hidden_rows(tmp_path):
    work = openpyxl.Workbook()
    page = work.active
    page.append(["a", "=1+1", "#DIV/0!", 0.125, True])
    page["D1"].number_format = "0.0%"
    page.row_dimensions[2].hidden = True
    page["A3"] = "0012"
    work.save(tmp_path / "a.xlsx")
    read = sheets.read(tmp_path / "a.xlsx")[0]
    assert read.rows[0] == ["a", "=?", "#DIV/0!", "12.5%", True]
    assert read.rows[2][0] == "0012"
    assert [problem.code for problem in read.problems] == ["hidden_rows"]


def test_a_bomb_is_refused_unopened(book):
    path = repacked(book, "bomb.xlsx", **{SHEET: HEAD + b'<row r="1"></row>' * 3_000_000 + TAIL})
    assert refusal(path) == "file_bomb"


def test_one_stray_cell_far_out_is_refused(book):
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'  # noqa: E501
    assert refusal(repacked(book, "far.xlsx", **{SHEET: HEAD + cells + TAIL})) == "file_bomb"


OPEN = "urn:oasis:names:tc:opendocument:xmlns"
ODS = (
    f'<office:document-content xmlns:office="{OPEN}:office:1.0" xmlns:table="{OPEN}:table:1.0" '
    f'xmlns:text="{OPEN}:text:1.0" xmlns:style="{OPEN}:style:1.0" '
    f'xmlns:number="{OPEN}:datastyle:1.0">'
)


def ods(path, tables, styles=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
        new.writestr("content.xml", ODS + automatic + body + "</office:document-content>")
    return path


REPEATED = [
    ('table:number-rows-repeated="1048576"', 'table:number-columns-repeated="16384"'),
    ("table:number-rows-repeated='1000000'", "table:number-columns-repeated='9'"),
    ("", 'table:number-columns-repeated="99999999"'),
    ('table:number-rows-repeated="-1"', ""),
]


@pytest.mark.parametrize(("rows", "columns"), REPEATED)
def test_repeated_cells_of_an_ods_are_refused(tmp_path, rows, columns):
    cell = f'<table:table-cell office:value-type="float" office:value="1" {columns}/>'
    table = f'<table:table table:name="a"><table:table-row {rows}>{cell}</table:table-row></table:table>'  # noqa: E501
    assert refusal(ods(tmp_path / "wide.ods", table)) in ("file_bomb", "file_broken")


def test_macros_and_links_are_reported_and_values_read(book):
    macros = sheets.read(repacked(book, "m.xlsm", **{"xl/vbaProject.bin": b"x"}))[0]
    links = sheets.read(
        repacked(book, "l.xlsx", **{"xl/externalLinks/externalLink1.xml": b"<x/>"})
    )[0]
    assert [problem.code for problem in macros.problems] == ["macros"]
    assert [problem.code for problem in links.problems] == ["outside_links"]
    assert macros.rows == links.rows == [["甲", 1]]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"", "file_empty"),
        ("a.xlsx", b"%PDF-1.4", "file_disguised"),
        ("a.xls", b"<html></html>", "file_web_page"),
        ("a.csv", b"\xef\xbb\xbf\n<!DOCTYPE html><table>", "file_web_page"),
        ("a.csv", b"a,b\n1,2\x000\n", "nul"),
        ("a.csv", "指标,数值\n税收,2\n".encode("gbk") + b"\0" * 9, "nul"),
        ("a.xls", OLE + b"\0" * 90, "file_broken"),
        ("a.xlsx", OLE + b"\0" * 90, "file_disguised"),
        ("a.xlsx", OLE + b"\0" * 90 + "EncryptedPackage".encode("utf-16-le"), "file_broken"),
        ("a.csv", OLE + b"\0" * 90, "file_disguised"),
        ("a.csv", b"PK\x03\x04\x14\x00\xff\xfe", "file_disguised"),
        ("a.docx", b"PK", "file_type"),
        ("a.csv", "指标".encode()[:-1], "encoding"),
        ("a.csv", b"\0\1\2\3" * 99, "file_disguised"),
    ],
)
def test_unfit_files_are_refused_with_a_reason(tmp_path, name, data, code):
    (tmp_path / name).write_bytes(data)
    assert refusal(tmp_path / name) == code


def test_a_file_cut_off_in_the_middle_is_refused(book):
    book.write_bytes(book.read_bytes()[:3000])
    assert refusal(book) == "file_broken"


def test_a_directory_a_missing_and_a_large_file(tmp_path, book):
    (tmp_path / "d.xlsx").mkdir()
    assert refusal(tmp_path / "d.xlsx") == "file_type"
    assert refusal(tmp_path / "none.xlsx") == "file_missing"
    assert refusal(book, max_bytes=100) == "file_too_large"
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(200 * 2**20)
    assert refusal(tmp_path / "big.csv") == "file_too_large"


def test_an_entity_bomb_is_refused(book):
    inner = b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 9))
    xml = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ha">' + inner + b"]><w>&a8;</w>"
    assert refusal(repacked(book, "e.xlsx", **{"xl/workbook.xml": xml})) == "file_broken"


def test_quoted_fields_and_blank_lines_keep_the_rows_of_the_file(tmp_path):
    (tmp_path / "a.csv").write_text('a,"b\nc"\n\nd,e\n', encoding="utf-8")
    assert sheets.read(tmp_path / "a.csv")[0].rows == [["a", "b\nc"], [], ["d", "e"]]


def test_only_line_ends_end_a_row(tmp_path):
    (tmp_path / "a.csv").write_bytes("a,b\x0bc\u2028d\r\ne,f\r\n".encode())
    assert sheets.read(tmp_path / "a.csv")[0].rows == [["a", "b\x0bc\u2028d"], ["e", "f"]]


def test_bars_part_fields(tmp_path):
    (tmp_path / "a.csv").write_text("a|b\n1,5|2\n", encoding="utf-8")
    assert sheets.read(tmp_path / "a.csv")[0].rows == [["a", "b"], ["1,5", "2"]]


def test_a_text_in_utf_16_need_not_say_so(tmp_path):
    (tmp_path / "a.csv").write_bytes("一,b\n上,2\n".encode("utf-16-le"))
    assert sheets.read(tmp_path / "a.csv")[0].rows == [["一", "b"], ["上", "2"]]


def test_a_text_of_endless_lines_is_refused(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"\n" * (sheets.MAX_ROWS + 1))
    assert refusal(tmp_path / "a.csv") == "file_too_large"
