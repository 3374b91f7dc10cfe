"""A page's tables in a workbook: figures as numbers, texts as texts, never a formula."""

import base64
import zipfile
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua import export, report
from fenghua.display import columns, markup
from fenghua.display.wording import Words

ROOT = Path(__file__).parents[1]
DANGEROUS = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "＝1"]


def page(inner: str, *, demo: bool = True) -> str:
    mark = '<p class="demo" role="note">SYNTHETIC</p>' if demo else ""
    return (
        f"<!DOCTYPE html><html><body><a class=skip>skip</a>{mark}<header><h1>One finding</h1>"
        f"</header><main>{inner}</main><footer><p>as_of=2023</p></footer>"
        '<script type="application/json" id="fenghua-data">{}</script></body></html>'
    )


def exported(folder: Path, inner: str, **options) -> openpyxl.Workbook:
    source = folder / "page.html"
    source.write_text(page(inner, **options), encoding="utf-8")
    export.export(source, folder / "out.xlsx")
    return openpyxl.load_workbook(folder / "out.xlsx")


def table(rows: pd.DataFrame, caption: str = "Caption", *, also: str = "") -> str:
    """Return texts as a page has them; ``also`` stands beneath those of the first column."""
    specs = [(name, {"kind": "text", "head": name}) for name in rows if name != also]
    specs[0] = (specs[0][0], {**specs[0][1], "also": also})
    told = columns.of(specs, rows, Words("en"), facts={})
    how = {"caption": escape(caption), "name": caption, "look": "plain"}
    return markup.table([("", rows)], told, **how)


def body(sheet) -> list[tuple]:
    return list(sheet.iter_rows(min_row=4, values_only=True))


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text, tmp_path):
    book = exported(tmp_path, table(pd.DataFrame({"name": [text], text: ["x"]}), caption=text))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.value is None or cell.data_type != "s" or cell.quotePrefix
    with zipfile.ZipFile(tmp_path / "out.xlsx") as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name) and b"<f " not in parts.read(name)


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_survives_as_text(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("any")
    book = exported(folder, table(pd.DataFrame({"name": [f"x{text}y"]})))
    cell = book.worksheets[1]["A4"]
    assert cell.data_type == "s" and cell.value.startswith("x") and cell.value.endswith("y")


@pytest.mark.parametrize(
    ("printed", "value", "form"),
    [
        ("1,234.5", 1234.5, "#,##0.0"),
        ("\u22123.20", -3.2, "0.00"),
        ("+2.5", 2.5, "0.0"),
        ("12%", 0.12, "0%"),
        ("2025", 2025, "0"),
        ("0", 0, "0"),
        ("330213001", "330213001", None),
        ("0012", "0012", None),
        ("2023-Q2", "2023-Q2", None),
        ("—", None, None),
        ("17 firms", "17 firms", None),
    ],
)
def test_figures_are_numbers_and_codes_stay_text(printed, value, form, tmp_path):
    book = exported(tmp_path, table(pd.DataFrame({"name": ["row"], "value": [printed]})))
    cell = book.worksheets[1]["B4"]
    assert cell.value == pytest.approx(value) if isinstance(value, float) else cell.value == value
    assert form is None or cell.number_format == form


def test_the_smaller_line_of_a_cell_gets_its_own_column(tmp_path):
    names = ["Tax per mu", "R&D"]
    rows = pd.DataFrame({"Indicator": names, "Name": names, "unit": ["万元/亩", ""]})
    book = exported(tmp_path, table(rows, "Units", also="unit"))
    assert body(book["Units"]) == [("Tax per mu", "万元/亩", "Tax per mu"), ("R&D", None, "R&D")]


def test_what_is_drawn_or_hidden_from_readers_is_left_out(tmp_path):
    inner = (
        "<table><caption>C</caption><thead><tr><th>a</th><th>b</th></tr></thead><tbody>"
        '<tr><th><i aria-hidden="true">▲</i>On track</th>'
        "<td><svg><text>9</text></svg>4</td></tr></tbody></table>"
    )
    assert body(exported(tmp_path, inner)["C"]) == [("On track", 4)]


def test_every_sheet_carries_the_synthetic_mark(tmp_path):
    book = exported(tmp_path, table(pd.DataFrame({"a": ["x"]})) * 2)
    assert book.sheetnames == ["0", "Caption", "Caption 2"]
    assert all(sheet["A2"].value == "SYNTHETIC" for sheet in book.worksheets[1:])
    assert [row[0] for row in book["0"].iter_rows(values_only=True)][:2] == [
        "SYNTHETIC",
        "One finding",
    ]
    plain = exported(tmp_path, table(pd.DataFrame({"a": ["x"]})), demo=False)
    assert plain.worksheets[1]["A2"].value is None


def test_sheet_names_are_allowed_and_unique(tmp_path):
    captions = ["a/b:c?*[d]", "x" * 60, "x" * 60, "'quoted'", ""]
    inner = "".join(table(pd.DataFrame({"a": ["1"]}), caption=text) for text in captions)
    names = exported(tmp_path, inner).sheetnames
    assert len({name.casefold() for name in names}) == 6
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_another_file_is_refused_and_nothing_is_written(tmp_path):
    other = tmp_path / "other.html"
    other.write_bytes("<html><table>宁</table></html>".encode("gb18030"))
    with pytest.raises(ValueError, match="not a brief"):
        export.export(other, tmp_path / "out.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["other.html"]


class Count(HTMLParser):
    rows = 0

    def handle_starttag(self, tag, attrs):
        self.rows += tag == "tr" and ("class", "blk") not in attrs


def test_a_real_brief_loses_no_table_and_no_row(tmp_path):
    code = report.report(
        briefs=["gaps"], as_of="2023-06", data=ROOT / "data/raw", actuals=ROOT / "data/raw/demo",
        notebooks=ROOT / "notebooks", out=tmp_path, jobs=0, echo=str, progress=False,
    )  # fmt: skip
    assert code == 0
    source = tmp_path / "2023-06/zh-Hans/public/gaps.html"
    count = Count()
    count.feed(source.read_text(encoding="utf-8"))
    assert export.export(source, tmp_path / "gaps.xlsx") == len(
        openpyxl.load_workbook(tmp_path / "gaps.xlsx").sheetnames[1:]
    )
    book = openpyxl.load_workbook(tmp_path / "gaps.xlsx")
    assert sum(sheet.max_row - 2 for sheet in book.worksheets[1:]) == count.rows
    values = [cell.value for row in book.worksheets[1].iter_rows() for cell in row]
    assert {"规上工业增加值率", "value_added_rate", 41.6, 42.0, -0.4} <= set(values)


def test_a_saved_table_gives_figures_in_full_and_keeps_codes_as_text(tmp_path):
    saved = (
        "\ufeffindicator_id,指标,实际值,town_code\r\nland,腾出用地,1.2499,330213001\r\nx,'=a,,1\r\n"
    )
    data = base64.b64encode(saved.encode()).decode()
    link = (
        f'<a class="dl" download="t.csv" href="data:text/csv;charset=utf-8;base64,{data}">CSV</a>'
    )
    book = exported(tmp_path, table(pd.DataFrame({"value": ["1.2 / 2"]})) + link)
    rows = list(book.worksheets[1].iter_rows(min_row=3, values_only=True))
    assert rows[1] == ("land", "腾出用地", 1.2499, "330213001")
    assert rows[2] == ("x", "=a", None, "1")
