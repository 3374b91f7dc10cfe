"""Inputs of every kind that could be read wrongly in silence: each is read rightly or refused."""

from pathlib import Path

import openpyxl
import pytest

import fenghua
from fenghua.inputs import dataset

RAW = Path(__file__).parents[1] / "data" / "raw"
TAX = "规上工业亩均税收"
FIRMS = ("91330283MA2F00010W", "91330283MA2F00020X", "91330283MA2F00031C")
USUAL = {"area_default", "column_absent", "basis_default", "merged_filled", "total_row"}
FIRM_HEADINGS = ["年份", "统一社会信用代码", "镇街", "用地面积(亩)", "实缴税金(万元)"]


def book(folder, lines, *, name="表", merges=(), hidden=(), columns=()):
    work = openpyxl.Workbook()
    page = work.active
    page.title = name
    for line in lines:
        page.append(line)
    for cells in merges:
        page.merge_cells(cells)
    for row in hidden:
        page.row_dimensions[row].hidden = True
    for letter in columns:
        page.column_dimensions[letter].hidden = True
    work.save(folder / "in.xlsx")
    return folder


def codes(folder):
    return {problem.code for problem in dataset.check(RAW, folder)} - USUAL


def figures(folder):
    frame = fenghua.load(RAW, folder).observations
    return sorted(zip(frame["period"], frame["value"], strict=True))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234.5", 1234.5),
        ("１６３．５", 163.5),
        ("163\xa0", 163),
        ("\u22125", -5),
        ("（5）", -5),
        ("1 234", 1234),
    ],
)
def test_a_text_that_is_one_number(tmp_path, written, value):
    book(tmp_path, [["指标", "期间", "数值", "口径"], [TAX, 2023, written, "annual"]])
    assert figures(tmp_path) == [("2023", value)]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1.234,56", "not_number"),
        ("12,34", "not_number"),
        ("1,23,456", "not_number"),
        ("1.234.567", "not_number"),
        ("163¹", "footnote"),
        ("163②", "footnote"),
        ("163㈠", "footnote"),
        ("163[1]", "not_number"),
        ("163(1)", "not_number"),
        ("163*", "not_number"),
        ("½", "footnote"),
        ("\u202e12", "turned"),
        ("①", "footnote"),
        ("…", "not_number"),
        ("约163", "not_number"),
        (True, "not_number"),
    ],
)
def test_a_text_that_could_be_another_number_is_refused(tmp_path, written, code):
    book(tmp_path, [["指标", "期间", "数值", "口径"], [TAX, 2023, written, "annual"]])
    assert code in codes(tmp_path)


@pytest.mark.parametrize("mark", ["—", "/", "无", "N/A", "－", "——", "n.a.", "不适用", "未统计"])
def test_a_mark_for_no_figure_is_left_out_and_said(tmp_path, mark):
    lines = [
        ["指标", "期间", "数值", "口径"],
        [TAX, 2022, mark, "annual"],
        [TAX, 2023, 31, "annual"],
    ]
    book(tmp_path, lines)
    assert codes(tmp_path) == {"marked_missing"}
    assert figures(tmp_path) == [("2023", 31.0)]


def test_semicolons_and_decimal_commas(tmp_path):
    path = tmp_path / "observations.csv"
    path.write_text(f"指标;期间;数值;口径\n{TAX};2022;1,234;annual\n", encoding="utf-8")
    assert "decimal_comma" in codes(tmp_path)
    path.write_text(f"指标;期间;数值;口径\n{TAX};2022;12,5;annual\n", encoding="utf-8")
    assert "not_number" in codes(tmp_path)


def test_a_text_cut_in_its_last_line(tmp_path):
    path = tmp_path / "observations.csv"
    whole = f"指标,期间,数值,口径\n{TAX},2022,163,annual\n{TAX},2023,165,annual\n"
    for cut, code in ((8, "row_width"), (3, "not_allowed"), (0, "")):
        path.write_text(whole[: len(whole) - cut], encoding="utf-8")
        assert codes(tmp_path) == ({code} if code else set())
    path.write_text(
        "指标,期间,口径,数值\n" + f"{TAX},2022,annual,163\n{TAX},2023,annual,1", "utf-8"
    )
    assert "row_open" in codes(tmp_path)


def test_merged_titles_are_titles_and_merged_data_are_filled_or_refused(tmp_path):
    lines = [
        ["各企业2023年情况", None, None, None, None],
        FIRM_HEADINGS,
        [2023, FIRMS[0], "溪口镇", 10, 100],
        [None, FIRMS[1], None, 20, 200],
    ]
    book(tmp_path, lines, merges=["A1:E1", "A3:A4", "C3:C4"])
    assert codes(tmp_path) == set()
    read = fenghua.load(RAW, tmp_path).enterprises
    assert read["year"].tolist() == [2023, 2023]
    assert read["town_code"].tolist() == ["330213100"] * 2
    lines[3][0], lines[3][2], lines[3][3] = 2023, "溪口镇", None
    book(tmp_path, lines, merges=["D3:D4"])
    assert "merged_figure" in codes(tmp_path)


def test_codes_in_other_writings_are_one_code(tmp_path):
    written = [FIRMS[0].lower(), "\u200b" + FIRMS[1], "９１" + FIRMS[2][2:]]
    lines = [FIRM_HEADINGS, *([2023, code, "溪口镇", 10, 100] for code in written)]
    book(tmp_path, lines)
    assert fenghua.load(RAW, tmp_path).enterprises["enterprise_id"].tolist() == list(FIRMS)
    book(tmp_path, [*lines, [2023, FIRMS[0], "溪口镇", 10, 100]])
    assert "duplicate_row" in codes(tmp_path)
    book(tmp_path, [FIRM_HEADINGS, [2023, FIRMS[0] + "①", "溪口镇", 10, 100]])
    assert "footnote" in codes(tmp_path)


def test_a_decision_that_meets_no_enterprise_is_named(tmp_path):
    book(tmp_path, [FIRM_HEADINGS, [2023, FIRMS[0], "溪口镇", 10, 100]])
    path = tmp_path / "adjustments.csv"
    for code, expected in ((FIRMS[0].lower(), set()), (FIRMS[1], {"decision_unmet"})):
        path.write_text(
            f"year,enterprise_id,grade,action,reason\n2023,{code},D,veto,一票否决\n",
            encoding="utf-8",
        )
        assert codes(tmp_path) == expected


def test_an_area_that_looks_like_a_slip_is_named(tmp_path):
    path = tmp_path / "observations.csv"
    for area, expected in (("330231", {"area_near"}), ("331121", set())):
        path.write_text(
            f"指标,地区代码,期间,数值,口径\n{TAX},{area},2022,163,annual\n", encoding="utf-8"
        )
        assert codes(tmp_path) == expected


def test_hidden_rows_and_columns_are_read_and_named(tmp_path):
    lines = [["指标", "期间", "数值", "口径"], [TAX, 2022, 30, "annual"], [TAX, 2023, 31, "annual"]]
    book(tmp_path, lines, hidden=[2], columns=["C", "H"])
    found = dataset.check(RAW, tmp_path)
    assert {p.code for p in found} - USUAL == {"hidden_rows", "hidden_columns"}
    assert [p.found for p in found if p.code == "hidden_columns"] == ["C"]
    assert figures(tmp_path) == [("2022", 30.0), ("2023", 31.0)]


def test_two_tables_on_one_sheet_are_refused(tmp_path):
    first = [["指标", "期间", "数值", "口径"], [TAX, 2022, 30, "annual"]]
    second = [["年份", "统一社会信用代码", "镇街", "用地面积(亩)"], [2023, FIRMS[0], "溪口镇", 10]]
    book(tmp_path, [*first, [], *second])
    assert any(p.severity == "error" for p in dataset.check(RAW, tmp_path))
    book(tmp_path, [[*a, None, *b] for a, b in zip(first, first, strict=True)])
    assert "duplicate" in codes(tmp_path)  # both are read, and say the same


def test_a_serial_number_is_no_period(tmp_path):
    book(tmp_path, [["指标", "期间", "数值", "口径"], [TAX, 44927, 30, "annual"]])
    assert "not_period" in codes(tmp_path)


@pytest.mark.parametrize("written", ["2023年1-6", "2023-1.6", "2023年6月-12月", "2023.1"])
def test_a_period_that_could_be_two_is_refused(tmp_path, written):
    book(tmp_path, [["指标", "期间", "数值", "口径"], [TAX, written, 30, "annual"]])
    assert "not_period" in codes(tmp_path)


def test_a_credit_code_with_a_letter_of_another_script_is_named(tmp_path):
    greek = FIRMS[0].replace("M", "\u039c")
    book(tmp_path, [FIRM_HEADINGS, [2023, greek, "溪口镇", 10, 100]])
    assert "credit_code_check" in codes(tmp_path)


@pytest.mark.parametrize(
    ("code", "is_odd"), [(FIRMS[0][:-1], True), (f"{FIRMS[0]}W", True), ("330283000012345", False)]
)
def test_a_credit_code_of_another_length_is_named(tmp_path, code, is_odd):
    book(tmp_path, [FIRM_HEADINGS, [2023, code, "溪口镇", 10, 100]])
    assert ("credit_code_length" in codes(tmp_path)) == is_odd


@pytest.mark.parametrize(
    "lines",
    [
        [["指标", "期间", "数值"], ["规上工业增加值率", 2023, "0.3个百分点"]],
        [["指标", "单位", "2023年"], ["规上工业增加值率", "百分点", 0.3]],
        [["指标", "2023年（个百分点）"], ["规上工业增加值率", 0.3]],
        [["单位：百分点"], ["指标", "2023年"], ["规上工业增加值率", 0.3]],
    ],
)
def test_percentage_points_are_no_level(tmp_path, lines):
    book(tmp_path, lines)
    assert "change_for_level" in codes(tmp_path)


@pytest.mark.parametrize("note", ["注：单位：元/亩", "单位：元/亩", "说明：单位均为元/亩。"])
def test_a_unit_beneath_the_table_counts_as_one_above_it(tmp_path, note):
    book(tmp_path, [["指标", "期间", "数值"], [TAX, 2023, 310000], [note]])
    assert figures(tmp_path) == [("2023", 31.0)]


@pytest.mark.parametrize(
    ("heading", "note", "expected"),
    [
        ("实缴税金", "注：税金单位为千元", {"unit_below", "unit_assumed"}),
        ("实缴税金(万元)", "单位：千元", {"unit_below"}),
        ("实缴税金", "注：税金单位为万元", {"unit_assumed"}),
        ("实缴税金(千元)", "注：税金单位为千元", set()),
        ("实缴税金", "填报单位：某某街道  联系人：王某", {"unit_assumed"}),
    ],
)
def test_a_unit_of_one_column_beneath_the_table_is_refused(tmp_path, heading, note, expected):
    heads = [*FIRM_HEADINGS[:-1], heading]
    book(tmp_path, [heads, [2023, FIRMS[0], "溪口镇", 25, 520], [note]])
    assert codes(tmp_path) == expected
