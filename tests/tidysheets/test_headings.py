from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.inputs import columns, registers
from tidysheets import files as sheets
from tidysheets.body import rows as rows_of
from tidysheets.files import Sheet
from tidysheets.header import headings, layout

ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"
WRITTEN = registers.register(RAW, "column_names", columns.schema(), []).frame
SCHEMA = columns.schema(columns.words(WRITTEN))
KNOWN = SCHEMA.headings

REQUIRED = {
    "enterprises": {
        "year": "年份 年度", "name": "企业名称 单位名称", "enterprise_id": "统一社会信用代码",
        "town_code": "镇街 所属镇(街道) 属地", "industry_code": "行业代码", "parcel_id": "宗地编号",
        "is_above_scale": "是否规上", "is_district_owned": "是否区属",
        "land_mu": "用地面积 实际用地面积(亩)", "tax_wan": "实缴税金 入库税收(万元)",
        "value_added_wan": "工业增加值(万元)", "revenue_wan": "营业收入 主营业务收入(万元)",
        "rd_wan": "研发费用 R&D经费支出(万元)", "employees": "年平均职工人数 从业人员平均人数",
        "energy_tce": "综合能耗(吨标准煤)", "electricity_mwh": "用电量(万千瓦时)",
        "co2_t": "碳排放量(吨)", "emission_t": "污染物排放量(吨)",
    },
    "observations": {
        "indicator_id": "指标 指标名称", "period": "期间 月份 季度", "value": "数值 完成数 累计完成",  # noqa: E501
        "unit": "单位", "status": "数据状态", "source_id": "来源",
    },
}  # fmt: skip
CASES = [
    (table, column, written)
    for table, own in REQUIRED.items()
    for column, words in own.items()
    for written in words.split()
]


@pytest.mark.parametrize(("table", "column", "written"), CASES)
def test_usual_headings_are_known(table, column, written):
    assert KNOWN[table][headings.split(written, SCHEMA.units)[0]] == column


@pytest.mark.parametrize(
    "written",
    [
        "實繳稅金（萬元）",
        "实缴税金 (万元)",
        "実缴税金"[:0] + "实缴税金/万元",
        "Tax paid(元)",
        "Tax paid (10,000 yuan)",
    ],
)
def test_script_width_spaces_and_unit_do_not_matter(written):
    name, unit = headings.split(written, SCHEMA.units)
    assert KNOWN["enterprises"][name] == "tax_wan"
    assert unit in ("万元", "元")


def table_of(rows, merged=()):
    sheet = Sheet("f.xlsx", "s", rows, merged)
    (read,) = rows_of.from_sheet(sheet, layout.recognise(sheet, SCHEMA)[0], SCHEMA)
    return read


HEAD = ["年份", "统一社会信用代码", "企业名称", "用地面积(亩)", "实缴税金(元)"]
ROWS = [[2023, "A1", "甲", 10.0, 20000.0], [2023, "A2", "乙", 5.0, 10000.0]]


def test_titles_units_blanks_totals_and_notes_are_left_out():
    read = table_of(
        [
            ["某表", "", "", "", ""],
            [""] * 5,
            [*HEAD[:3], "用地面积", HEAD[4]],
            ["", "", "", "公顷", ""],
            ["1", "2", "3", "4", "5"],
            ROWS[0],
            [""] * 5,
            ROWS[1],
            ["合 计", "", "", 15.0, 30000.0],
            ["注：不含在建企业。", "", "", "", ""],
        ]
    )
    assert read.frame["land_mu"].tolist() == [150, 75]
    assert read.frame["tax_wan"].tolist() == [2, 1]
    assert read.rows.tolist() == [6, 8]
    assert [problem.code for problem in read.problems] == ["row_numbered"]


def test_a_total_that_differs_is_named_in_the_users_unit():
    read = table_of([HEAD, *ROWS, ["", "", "总计", 15.0, 99000.0]])
    (found,) = read.problems
    assert (found.code, found.address) == ("total_differs", "E4")
    assert "30,000" in found.text("en")


def test_subtotals_count_from_the_one_before():
    read = table_of(
        [HEAD, ROWS[0], ["小计", "", "", 10.0, 20000.0], ROWS[1], ["小计", "", "", 5.0, 10000.0],
         ["总计", "", "", 15.0, 30000.0]]
    )  # fmt: skip
    assert len(read.frame) == 2
    assert read.problems == []


@pytest.mark.parametrize("second", [5.0, 9.0])
def test_subtotals_above_their_rows_count_to_the_next_one(second):
    read = table_of(
        [HEAD, ["总计", "", "", 15.0, 30000.0], ["小计", "", "", 10.0, 20000.0], ROWS[0],
         ["小计", "", "", second, 10000.0], ROWS[1]]
    )  # fmt: skip
    assert len(read.frame) == 2
    told = [(problem.code, problem.address) for problem in read.problems]
    assert told == ([("total_differs", "D5")] if second != 5 else [])


def test_merged_header_cells_give_name_and_unit():
    rows = [
        ["年份", "统一社会信用代码", "经济指标(亿元)", "", "用地面积(亩)"],
        ["", "", "实缴税金", "营业收入(元)", ""],
        [2023, "A1", 0.5, 90000.0, 3.0],
    ]
    merged = (((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((0, 4), (1, 4)))
    read = table_of(rows, merged)
    assert read.frame[["tax_wan", "revenue_wan", "land_mu"]].iloc[0].tolist() == [5000, 9, 3]


def test_a_near_miss_is_suggested_and_not_taken():
    read = table_of([[*HEAD[:4], "实缴税全"], ROWS[0]])
    assert read.frame["tax_wan"].isna().all()
    assert [problem.code for problem in read.problems] == ["column_near"]
    assert "实缴税金" in read.problems[0].text()


@pytest.mark.parametrize(
    "above",
    [
        [["2023年企业表（单位：千元）", "", "", "", ""]],
        [["2023年企业表"], ["", "", "", "", "单位：千元"], [""] * 5],
        [["计量单位：千元、亩"]],
        [["", "", "", "经济指标(千元)", ""]],
    ],
)
def test_a_unit_above_the_header_counts_where_it_fits(above):
    head = ["年份", "统一社会信用代码", "用地面积(亩)", "实缴税金", "营业收入"]
    read = table_of([*above, head, [2023, "A1", 10.0, 200.0, 900.0]])
    assert read.frame.loc[0, ["land_mu", "tax_wan", "revenue_wan"]].tolist() == [10, 20, 90]
    assert read.problems == []


def test_a_title_merged_over_the_header_gives_no_column_a_unit_it_cannot_have():
    rows = [["企业表（单位：千元）", "", "", "", ""], [*HEAD[:4], "实缴税金"], ROWS[0]]
    read = table_of(rows, (((0, 0), (0, 4)),))
    assert read.frame.loc[0, ["land_mu", "tax_wan"]].tolist() == [10, 2000]
    assert read.problems == []


def test_two_units_above_the_header_that_both_fit_are_refused():
    read = table_of([["单位：元、千元"], [*HEAD[:4], "实缴税金"], ROWS[0]])
    assert [(p.code, p.address) for p in read.problems] == [("column_unit", "E2")]


def test_columns_without_a_unit_are_named_with_the_one_they_are_read_in():
    heads = ["年份", "统一社会信用代码", "用地面积", "实缴税金(亿元)", "用电量", "年平均职工人数"]
    read = table_of([heads, [2023, "A1", 10.0, 1.0, 300.0, 25]])
    (found,) = read.problems
    assert (found.code, found.address, found.found) == ("unit_assumed", "C1", "用地面积、用电量")
    assert "亩、兆瓦时" in found.text("zh-Hans")
    codes = ["year", "enterprise_id", "land_mu", "tax_wan", "electricity_mwh", "employees"]
    assert table_of([codes, [2023, "A1", 10.0, 1.0, 300.0, 25]]).problems == []


def test_a_unit_row_that_does_not_fit_is_named():
    read = table_of([HEAD, ["", "", "", "吨", ""], ROWS[0]])
    assert [(p.code, p.address, p.found) for p in read.problems] == [("column_unit", "D2", "吨")]


def test_a_unit_row_that_contradicts_its_heading_is_named():
    head = [*HEAD[:4], "实缴税金(万元)"]
    read = table_of([head, ["", "", "", "亩", "元"], ROWS[0]])
    assert [(p.code, p.address, p.found) for p in read.problems] == [("column_unit", "E2", "元")]


def test_a_word_in_a_row_of_data_does_not_make_it_a_total_or_a_note():
    read = table_of([["指标", "期间", "数值", "口径"], ["累计腾出用能量", "2023", "1", "累计"]])
    assert read.frame["basis"].tolist() == ["累计"]
    more = [column.label() for column in SCHEMA.tables["enterprises"].values()][7:19]
    wide = ["企业名称", "统一社会信用代码", "年份", *more]
    firms = [["联系科技公司", "A1", "2023", "1", "2"], ["注塑机械厂", "A2", "2023", "1", "2"]]
    notes = [["填表人：张三", "审核人：李四", "2024-1-1"], ["注：不含在建"]]
    assert table_of([wide, *firms, ["", "913302130000000010"], *notes]).rows.tolist() == [2, 3, 4]


def test_users_can_add_synonyms():
    more = pd.concat(
        [
            WRITTEN,
            pd.DataFrame(
                [["enterprises", "tax_wan", "", "交了多少税"]], columns=WRITTEN.columns[:4]
            ),
        ]
    ).fillna("")
    assert columns.schema(columns.words(more)).headings["enterprises"]["交了多少税"] == "tax_wan"


def test_a_sheet_of_something_else_is_not_recognised():
    assert layout.recognise(Sheet("f", "s", [["甲", "乙"], [1, 2]]), SCHEMA)[0] is None
    assert layout.recognise(Sheet("f", "s", []), SCHEMA)[0] is None


def test_an_example_row_is_skipped_and_reported():
    read = table_of([["", *HEAD], ["示例", *ROWS[0]], ["", *ROWS[1]]])
    assert read.frame["enterprise_id"].tolist() == ["A2"]
    assert [problem.code for problem in read.problems] == ["example_row"]


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(5)), blanks=st.integers(0, 5))
def test_order_of_columns_and_blank_rows_do_not_matter(order, blanks):
    shuffled = [[row[i] for i in order] for row in [HEAD, *ROWS]]
    read = table_of([[""] * 5] * blanks + shuffled)
    plain = table_of([HEAD, *ROWS])
    pd.testing.assert_frame_equal(read.frame, plain.frame)


def test_a_workbook_from_disk_is_recognised_with_cell_addresses(tmp_path):
    work = openpyxl.Workbook()
    page = work.active
    for row in [["2023年企业表"], HEAD, [2023, "A1", "甲", "很多", 1]]:
        page.append(row)
    page.merge_cells("A1:E1")
    work.save(tmp_path / "a.xlsx")
    (sheet,) = sheets.read(tmp_path / "a.xlsx")
    (read,) = rows_of.from_sheet(sheet, layout.recognise(sheet, SCHEMA)[0], SCHEMA)
    assert [(p.code, p.address, p.column) for p in read.problems] == [
        ("not_number", "D3", "用地面积(亩)")
    ]
