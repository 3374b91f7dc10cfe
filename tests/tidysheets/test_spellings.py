"""Workbooks as other programs spell them, and what formats show."""

import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tidysheets import cells, files, numbers
from tidysheets.problems import InputError
from tidysheets.units import Units
from tidysheets.workbooks import formats

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
UNITS = Units.common()


def workbook(path, sheet, *, book="", strings="", styles=""):
    """Write an .xlsx whose parts are spelled by hand."""
    book = book or (
        f'<workbook {MAIN} {LINKS}><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    )
    relations = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(
            [
                ("worksheet", "worksheets/sheet1.xml"),
                ("sharedStrings", "sharedStrings.xml"),
                ("styles", "styles.xml"),
            ],
            start=1,
        )
    )
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        parts.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        )
        parts.writestr("xl/workbook.xml", book)
        parts.writestr("xl/worksheets/sheet1.xml", sheet)
        parts.writestr("xl/sharedStrings.xml", strings or f"<sst {MAIN}/>")
        parts.writestr("xl/styles.xml", styles or f"<styleSheet {MAIN}/>")
    return path


def rows(path):
    return files.read(path)[0].rows


STYLES = (
    f'<styleSheet {MAIN}><numFmts count="1"><numFmt formatCode="0.0%" numFmtId="170"/></numFmts>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
)


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        # A prefix before every name.
        (
            f'<x:worksheet xmlns:x="{MAIN[7:-1]}"><x:sheetData><x:row r="1" hidden="1">'
            '<x:c r="A1" t="e"><x:v>#N/A</x:v></x:c><x:c r="B1" s="1"><x:v>0.5</x:v></x:c>'
            "</x:row></x:sheetData></x:worksheet>",
            ["#N/A", "50%"],
        ),
        # Single quotes, line breaks, another order, blanks around the equals sign.
        (
            f"<worksheet {MAIN}><sheetData><row\n hidden = 'true' r='1'><c\n t='e'\tr='A1'>"
            "<v>#N/A</v></c><c s='1'\n r='B1' ><v\n>0.5</v></c></row></sheetData></worksheet>",
            ["#N/A", "50%"],
        ),
        # No addresses at all.
        (
            f'<worksheet {MAIN}><sheetData><row hidden="1"><c t="e"><v>#N/A</v></c>'
            '<c s="1"><v>0.5</v></c></row></sheetData></worksheet>',
            ["#N/A", "50%"],
        ),
        # Inline strings, one with a raised digit, and a formula without result.
        (
            f'<worksheet {MAIN}><sheetData><row r="1" hidden="1"><c r="A1" t="inlineStr"><is>'
            '<r><t>163</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r></is></c>'
            '<c r="B1"><f>SUM(C1)</f></c></row></sheetData></worksheet>',
            ["163²", "=?"],
        ),
    ],
)
def test_one_sheet_in_other_spellings(tmp_path, sheet, expected):
    path = workbook(tmp_path / "a.xlsx", sheet, styles=STYLES)
    read = files.read(path)[0]
    assert read.rows[0] == expected
    assert [problem.code for problem in read.problems] == ["hidden_rows"]


def test_raised_digits_of_shared_texts_are_seen(tmp_path):
    strings = (
        f'<sst {MAIN}><si><r><t>163</t></r><r><rPr><vertAlign val="superscript"/></rPr>'
        "<t>2</t></r></si><si><t>163</t></si></sst>"
    )
    sheet = (
        f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
        '<c r="B1" t="s"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert rows(workbook(tmp_path / "a.xlsx", sheet, strings=strings)) == [["163²", "163"]]


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([datetime(2023, 6, 30)])
    book.active["A1"].number_format = "yyyy/mm"
    book.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx") == [["2023-06"]]


@pytest.mark.parametrize(
    ("code", "value", "wanted", "number"),
    [
        ("0.0%", 0.418, "%", 41.8),
        ('0.0"%"', 41.8, "%", 41.8),
        (r"0.0\%", 41.8, "%", 41.8),
        ('0.0"‰"', 5, "‰", 5),
        ('0.0"万"', 1.2, "人", 12000),
        ('0"人"', 12, "人", 12),
        ('0"元"', 30, "万元", 0.003),
        ("0;-0;;@", 5, "万元", 5),
        ('0.00"亿元"', 1.5, "万元", 15000),
        ("#,##0_);(#,##0)", -1234, "万元", -1234),
        ("#,##0;[Red]#,##0", -1234, "万元", -1234),
        ('"约"0', 5, "万元", 5),
        ("0;0", 5, "万元", 5),
        ("[DBNum1]0", 12, "万元", 12),
        ("0.00E+00", 1234, "万元", 1234),
        ('"合计 "0', 7, "万元", 7),
    ],
)
def test_a_number_is_what_its_format_shows(tmp_path, code, value, wanted, number):
    assert _number(tmp_path, code, value, wanted) == pytest.approx(number, rel=1e-12)


@pytest.mark.parametrize(
    ("code", "value", "fault"),
    [
        ("#,##0,", 163000, "format_scaled"),
        ("0!.0,", 16300, "format_scaled"),
        ('0"."00', 16300, "format_scaled"),
        ('0"000"', 163, "format_scaled"),
        ('"1"00', 63, "format_scaled"),
        ("-0", 163, "format_signed"),
        ("0;0", -163, "format_unsigned"),
        ("0;;", -163, "format_unsigned"),
        (";;;", 163, "format_hidden"),
        ('"-"', 163, "format_hidden"),
        ('0.0"%"', 41.8, "cell_unit"),
        ('0"亩"', 30, "cell_unit"),
        ("0;-0;", 0, "format_hidden"),
        ("0;-0;;@", 0, "format_hidden"),
        ('0"千"', 163, "cell_unit"),
    ],
)
def test_a_number_that_is_seen_as_another_is_refused(tmp_path, code, value, fault):
    with pytest.raises(cells.CellError) as error:
        _number(tmp_path, code, value, "万元")
    assert error.value.code == fault


def _number(folder, code, value, wanted):
    book = openpyxl.Workbook()
    book.active.append([value])
    book.active["A1"].number_format = code
    book.save(folder / "a.xlsx")
    return numbers.number(rows(folder / "a.xlsx")[0][0], UNITS, wanted=wanted)[0]


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("yyyy", "2023"),
        ('yyyy"年"', "2023"),
        ('yyyy"年"m"月"', "2023-06"),
        ("mmm-yy", "2023-06"),
        ("e/mm", "2023-06"),
        ("[$-804]yyyy/m", "2023-06"),
        ("yyyy-mm-dd", datetime(2023, 6, 30)),
        ("h:mm", datetime(2023, 6, 30)),
        ('yyyy"年上半年"', "2023年上半年"),
        ('[$-804]yyyy"年第一季度";@', "2023年第一季度"),
        ('yyyy"年1-"m"月"', "2023年1-06月"),
        ("yyyy-q", "2023-Q2"),
        (r"yyyy\年\度", "2023"),
    ],
)
def test_a_date_is_what_its_format_shows(tmp_path, code, seen):
    book = openpyxl.Workbook()
    book.active.append([datetime(2023, 6, 30)])
    book.active["A1"].number_format = code
    book.save(tmp_path / "a.xlsx")
    read = rows(tmp_path / "a.xlsx")[0][0]
    is_day = isinstance(read, date) and not isinstance(read, datetime)
    assert (datetime(read.year, read.month, read.day) if is_day else read) == seen


@pytest.mark.parametrize("code", ["General", "0", "#,##0.00", "@", '0"左右"', "# ?/?"])
def test_usual_formats_show_the_number(code):
    assert formats.shown(code) == ""


def document(path, body, styles="", named=""):
    """Write an .ods whose content is spelled by hand."""
    names = "".join(
        f' xmlns:{short}="{OPEN}:{name}:1.0"'
        for short, name in [
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
            ("number", "datastyle"),
        ]
    )
    content = (
        f"<office:document-content{names}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="表">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{OPEN}:manifest:1.0"><m:file-entry m:full-path="/" '
            'm:media-type="application/vnd.oasis.opendocument.spreadsheet"/></m:manifest>',
        )
        parts.writestr("content.xml", content)
        if named:
            whole = f"<office:document-styles{names}><office:styles>{named}</office:styles>"
            parts.writestr("styles.xml", f"{whole}</office:document-styles>")
    return path


def _float(value, style=""):
    style = f' table:style-name="{style}"' if style else ""
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}"{style}>'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def test_a_date_of_an_ods_is_what_its_format_shows(tmp_path):
    styles = (
        '<number:date-style style:name="N1"><number:year number:style="long"/>'
        "<number:text>年上半年</number:text></number:date-style>"
        '<style:style style:name="half" style:data-style-name="N1"/>'
    )
    body = (
        '<table:table-row><table:table-cell table:style-name="half" office:value-type="date" '
        'office:date-value="2023-06-30"><text:p>2023年上半年</text:p></table:table-cell>'
        "</table:table-row>"
    )
    assert rows(document(tmp_path / "a.ods", body, styles)) == [["2023年上半年"]]


def test_formats_of_an_ods_by_cell_row_and_column(tmp_path):
    styles = (
        '<number:number-style style:name="N1"><number:number number:display-factor="1000"/>'
        '</number:number-style><number:number-style style:name="N2"><number:number/>'
        "<number:text>万</number:text></number:number-style>"
        '<style:style style:name="in_thousands" style:data-style-name="N1"/>'
        '<style:style style:name="wan" style:data-style-name="N2"/>'
        '<style:style style:name="plain"/>'
    )
    body = (
        '<table:table-column table:number-columns-repeated="2" '
        'table:default-cell-style-name="plain"/>'
        '<table:table-column table:default-cell-style-name="wan"/>'
        f"<table:table-row>{_float(5)}{_float(5000, 'in_thousands')}{_float(1.2)}</table:table-row>"
        '<table:table-row table:default-cell-style-name="wan">'
        f"{_float(5)}{_float(7, 'plain')}</table:table-row>"
    )
    read = rows(document(tmp_path / "a.ods", body, styles))
    assert read[0] == [5, "5000", "1.2万"]
    assert read[0][1].code == "format_scaled"
    assert read[1][:2] == ["5万", 7]


def test_formats_of_an_ods_that_stand_with_its_named_styles(tmp_path):
    named = (
        '<number:number-style style:name="N1"><number:number number:display-factor="1000"/>'
        '</number:number-style><style:style style:name="big" style:data-style-name="N1"/>'
    )
    styles = (
        '<style:style style:name="own" style:data-style-name="N1"/>'
        '<style:style style:name="child" style:parent-style-name="big"/>'
    )
    cells = "".join(_float(5, name) for name in ("own", "child", "big"))
    body = f"<table:table-row>{cells}</table:table-row>"
    read = rows(document(tmp_path / "a.ods", body, styles, named))[0]
    assert [cell.code for cell in read] == ["format_scaled"] * 3


@pytest.mark.parametrize(
    ("value", "text", "seen"),
    [
        (30, "-30.0", "format_signed"),
        (30, "(30)", "format_signed"),
        (-30, "30.0", "format_unsigned"),
        (30, "", "format_hidden"),
        (-30, "(30.0)", -30.0),
        (30, "30.0", 30.0),
        (30, "30.0万", "30万"),
    ],
)
def test_a_number_of_an_ods_is_what_its_text_shows(tmp_path, value, text, seen):
    styles = (
        '<number:number-style style:name="N1"><number:number/>'
        '<style:map style:condition="value()&gt;=0" style:apply-style-name="N1P0"/>'
        '</number:number-style><style:style style:name="own" style:data-style-name="N1"/>'
    )
    cell = _float(value, "own").replace(f"<text:p>{value}<", f"<text:p>{text}<")
    read = rows(document(tmp_path / "a.ods", f"<table:table-row>{cell}</table:table-row>", styles))
    assert getattr(read[0][0], "code", read[0][0]) == seen


def test_a_truth_value_is_no_number_in_any_workbook(tmp_path):
    cell = (
        '<table:table-cell office:value-type="boolean" office:boolean-value="true">'
        "<text:p>TRUE</text:p></table:table-cell>"
    )
    read = rows(document(tmp_path / "a.ods", f"<table:table-row>{cell}</table:table-row>"))
    book = openpyxl.Workbook()
    book.active.append([True])
    book.save(tmp_path / "a.xlsx")
    for value in (read[0][0], rows(tmp_path / "a.xlsx")[0][0]):
        with pytest.raises(cells.CellError) as error:
            numbers.number(value, UNITS)
        assert error.value.code == "not_number"


def test_two_spellings_in_one_sheet_are_refused(tmp_path):
    sheet = (
        f'<worksheet {MAIN} xmlns:x="{MAIN[7:-1]}"><sheetData><row r="1"><x:c r="A1"><x:v>1</x:v>'
        "</x:c></row></sheetData></worksheet>"
    )
    with pytest.raises(InputError) as error:
        files.read(workbook(tmp_path / "a.xlsx", sheet))
    assert error.value.problems[0].code == "file_broken"


@pytest.mark.parametrize("comment", [("<!--", "-->"), ("<?of a program ", "?>")])
def test_a_hidden_row_behind_a_long_comment_is_seen(tmp_path, comment):
    within = '<row r="2"><c r="A2"><v>1</v></c></row>' * 12_000
    rows_ = f'<row r="1"><c r="A1"><v>1</v></c></row>{comment[0]}{within}{comment[1]}'
    rows_ += '<row r="3" hidden="1"><c r="A3"><v>3</v></c></row>'
    path = tmp_path / "a.xlsx"
    workbook(path, f"<worksheet {MAIN}><sheetData>{rows_}</sheetData></worksheet>")
    (sheet,) = files.read(path)
    assert [problem.row for problem in sheet.problems] == [3]
