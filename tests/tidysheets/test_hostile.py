"""Hostile files: what they cost is bounded by their size, whatever they declare.

Each is read in a process of its own with little memory and little processor time: limits of the
system, not of a clock, so that no test depends on a quiet machine.
"""

import subprocess
import sys
import zipfile

import pytest
from test_spellings import LINKS, MAIN, document, workbook

resource = pytest.importorskip("resource")

MEGABYTE = 2**20
MEMORY = 700 * MEGABYTE  # beyond what the libraries themselves take
SECONDS = 20  # of processor time
READ = """
import resource, sys
from pathlib import Path
import pandas, openpyxl, python_calamine
from tidysheets import files
from tidysheets.problems import InputError
before = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (before + {memory}, before + {memory}))
used = int(resource.getrusage(resource.RUSAGE_SELF).ru_utime)
resource.setrlimit(resource.RLIMIT_CPU, (used + {seconds}, used + {seconds}))
try:
    print(sum(len(sheet.rows) for sheet in files.read(Path(sys.argv[1]))))
except InputError as error:
    print(error.problems[0].code)
"""


def outcome(path):
    code = READ.format(memory=MEMORY, seconds=SECONDS)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-300:])
    return done.stdout.strip()


def sheet(body):
    return f"<worksheet {MAIN}><sheetData>{body}</sheetData></worksheet>"


XLSX = {
    "an address far out": sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "two corners": sheet('<row r="1"><c r="A1"/></row><row r="9"><c r="XFD1048576"/></row>'),
    "an address of no sheet": sheet('<row r="1"><c r="ZZZZZZ99999999999"><v>1</v></c></row>'),
    "an address of row 0": sheet('<row r="0"><c r="A0"><v>1</v></c></row>'),
    "unclosed quotation marks": sheet("<c r='" * 100_000),
    "endless attributes": sheet(f'<row r="1"><c {" a" * 100_000}="1"/></row>'),
    "endless blanks": sheet(f'<row{" " * 5_000_000}r="1"><c r="A1"><v>1</v></c></row>'),
    "deep elements": sheet("<c>" * 200_000),
    "entities": f'<!DOCTYPE x [<!ENTITY a "{"1" * 1000}">]>'
    + sheet("<row><c><v>&a;</v></c></row>"),
    "merges of everything": sheet("").removesuffix("</worksheet>")
    + "<mergeCells>"
    + '<mergeCell ref="A1:XFD1048576"/>' * 20_000
    + "</mergeCells></worksheet>",
}


@pytest.mark.parametrize("kind", XLSX)
def test_hostile_xlsx_costs_no_more_than_its_size(tmp_path, kind):
    path = tmp_path / "a.xlsx"
    workbook(path, XLSX[kind])
    with zipfile.ZipFile(path) as parts:
        packed = {name: parts.read(name) for name in parts.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, data in packed.items():
            parts.writestr(name, data)
    assert outcome(path) in ("file_bomb", "file_broken", "0", "1", "9")


REPEATED = '<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
CELL = (
    '<table:table-cell table:number-columns-repeated="{columns}" office:value-type="float" '
    'office:value="1"><text:p>1</text:p></table:table-cell>'
)


@pytest.mark.parametrize(
    ("rows", "columns"), [(1_048_576, 16_384), (1_048_576, 1), (999_999_999_999, 1), (1, -5)]
)
def test_hostile_ods_costs_no_more_than_its_size(tmp_path, rows, columns):
    cell = CELL.format(columns=columns)
    path = document(tmp_path / "a.ods", REPEATED.format(rows=rows, cell=cell))
    assert outcome(path) in ("file_bomb", "file_broken", "1048576")


def test_many_sheets_cost_no_more_than_their_size(tmp_path):
    tall = sheet('<row r="1"><c r="A1"/></row><row r="1048576"><c r="D1048576"/></row>')
    names = "".join(f'<sheet name="{i}" sheetId="{i}" r:id="rId1"/>' for i in range(1, 61))
    book = f"<workbook {MAIN} {LINKS}><sheets>{names}</sheets></workbook>"
    assert outcome(workbook(tmp_path / "a.xlsx", tall, book=book)) == "file_bomb"
    row = REPEATED.format(rows=1_000_000, cell=CELL.format(columns=4))
    between = '</table:table><table:table table:name="{}">'
    body = row + "".join(between.format(i) + row for i in range(60))
    assert outcome(document(tmp_path / "a.ods", body)) == "file_bomb"


def test_texts_of_an_ods_cost_no_more_than_its_size(tmp_path):
    spaces = '<text:s text:c="2000000000"/>'
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    once, often = cell.format("", "{}"), cell.format(' table:number-columns-repeated="999"', "{}")
    for rows, filled, expected in [
        (1, once.format(spaces), "file_broken"),
        (1, once.format('<text:s text:c="30000"/>' * 5000), "file_bomb"),
        (999, often.format("9" * 300_000), "file_bomb"),
        (999_999, CELL.format(columns=4).replace("float", "percentage"), "file_bomb"),
    ]:
        path = document(tmp_path / "a.ods", REPEATED.format(rows=rows, cell=filled))
        assert outcome(path) == expected


def test_a_long_text_that_many_cells_share_costs_no_more_than_the_file(tmp_path):
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>0</v></c></row>' for r in range(1, 9999))
    strings = f"<sst {MAIN}><si><t>{{}}</t></si></sst>"
    path = workbook(tmp_path / "a.xlsx", sheet(cells), strings=strings.format("9" * 3_000_000))
    assert outcome(path) == "file_bomb"
    few = sheet('<row r="9999"><c r="A9999" t="s"><v>0</v></c></row>')
    path = workbook(tmp_path / "b.xlsx", few, strings=strings.format("9" * 30_000))
    assert outcome(path) == "9999"


def test_sheets_without_end_are_refused(tmp_path):
    names = "".join(f'<sheet name="{i}" sheetId="{i}" r:id="rId1"/>' for i in range(1, 1002))
    book = f"<workbook {MAIN} {LINKS}><sheets>{names}</sheets></workbook>"
    assert outcome(workbook(tmp_path / "a.xlsx", sheet(""), book=book)) == "file_bomb"


@pytest.mark.parametrize(
    "data",
    [
        b'"' * 3_000_000,
        b"," * 3_000_000,
        b"1,\n" * 2_000_000,
        b'"a\n' * 1_000_000,
        b"\xff\xfe" + b"\x00\xd8" * 1_000_000,
        b";,\t" * 1_000_000,
    ],
)
def test_hostile_texts_cost_no_more_than_their_size(tmp_path, data):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert outcome(path) in ("row_width", "file_too_large", "encoding", "file_disguised", "1")
