"""Columns of figures that were not read: told, never left out in silence."""

from datetime import date

import pytest
from test_natural_tables import CLOSED, FIRMS, RATE, RAW, TAX, book, codes, read

from fenghua.inputs import dataset

FIRM = ["年份", "统一社会信用代码", "用地面积", "实缴税金"]


def errors(folder):
    found = [p for p in dataset.check(RAW, folder) if p.severity == "error"]
    return [(problem.code, problem.address) for problem in found]


def refused(folder):
    return {code for code, _ in errors(folder)}


@pytest.mark.parametrize("blank", [None, "——", "%", "*", 44926, 2023.1, 12])
@pytest.mark.parametrize("at", [2, 3])
def test_figures_under_no_heading_are_refused(tmp_path, blank, at):
    heads, row = ["指标", "2022年", "2023年"], [CLOSED, 10, 30]
    heads.insert(at, blank)
    row.insert(at, 20)
    book(tmp_path, {"S": [heads, row]})
    assert errors(tmp_path) == [("column_unnamed", f"{'ABCD'[at]}1")]


@pytest.mark.parametrize("figure", ["20", "20家", "(20)", "1,200"])
def test_a_figure_in_other_writing_is_one_under_no_heading_too(tmp_path, figure):
    book(tmp_path, {"S": [["指标", "期间", None, "完成数"], [CLOSED, 2022, figure, 10]]})
    assert errors(tmp_path) == [("column_unnamed", "C1")]


def test_a_title_over_all_columns_is_no_heading_of_one(tmp_path):
    lines = [["2023年主要指标"], ["指标", "2022年", None, "2023年"], [CLOSED, 1, 2, 3]]
    book(tmp_path, {"S": lines}, merges=["A1:D1"])
    assert errors(tmp_path) == [("column_unnamed", "C2")]


@pytest.mark.parametrize(
    "month", [202306, 202306.0, 2023.06, "202306", date(2023, 6, 1), "2023年6月(1)"]
)
def test_a_month_as_a_number_or_date_is_read(tmp_path, month):
    book(tmp_path, {"S": [["指标", "2022年", month, "2023年"], [CLOSED, 10, 20, 30]]})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "period", "value") == [
        ("2022", 10.0),
        ("2023", 30.0),
        ("2023-06", 20.0),
    ]


def test_what_numbers_the_rows_or_holds_no_figure_needs_no_heading(tmp_path):
    heads = [None, "指标", "2022年", None, "2023年", None, None]
    rows = [[1, CLOSED, 10, None, 30, None, "核实"], [2, TAX, 30, "—", 31, None, 7]]
    book(tmp_path, {"S": [heads, *rows]})
    assert codes(tmp_path) == {"cells_beyond"}


@pytest.mark.parametrize(
    ("mark", "status"),
    [
        ("(1)", ""), ("（注2）", ""), ("*", ""), ("①", ""),
        ("(快报)", "preliminary"), ("初步数", "preliminary"), ("（最终数）", "final"),
    ],
)  # fmt: skip
def test_marks_of_notes_and_the_status_of_data_beside_a_year(tmp_path, mark, status):
    book(tmp_path, {"S": [["指标", "2022年", f"2023年{mark}"], [CLOSED, 10, 20]]})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "period", "value", "status") == [
        ("2022", 10.0, ""),
        ("2023", 20.0, status),
    ]


@pytest.mark.parametrize("rest", ["预计", "（预测数）", "（调整前）", "全省平均"])
def test_a_year_that_only_a_column_with_other_words_has_is_refused(tmp_path, rest):
    book(tmp_path, {"S": [["指标", "2022年", f"2023年{rest}"], [CLOSED, 10, 20]]})
    assert errors(tmp_path) == [("column_unclear", "C1")]
    years, beneath = ["2022年", None, "2023年", None], ["目标", "完成", "目标", rest.strip("（）")]
    lines = [["指标", *years], [None, *beneath], [CLOSED, 10, 20, 30, 40]]
    book(tmp_path, {"S": lines}, merges=["A1:A2", "B1:C1", "D1:E1"])
    assert errors(tmp_path) == [("column_unclear", "E2")]


@pytest.mark.parametrize("rest", ["目标", "增长（%）", "完成率", "排名"])
def test_other_quantities_of_a_year_are_left_out_with_a_remark(tmp_path, rest):
    book(tmp_path, {"S": [["指标", "2022年", f"2023年{rest}"], [RATE, 21, 22]]})
    assert codes(tmp_path) == {"columns_ignored"}


def test_a_year_that_is_read_may_have_other_columns(tmp_path):
    heads = ["指标", "2022年", "2023年", "2023年全省平均", "2024年核实人"]
    book(tmp_path, {"S": [heads, [TAX, 30, 31, 25, "张"]]})
    assert codes(tmp_path) == {"columns_ignored"}


@pytest.mark.parametrize("at", [0, 1, 2])
def test_text_under_no_heading_is_told(tmp_path, at):
    heads, row = ["指标", "期间", "完成数"], [CLOSED, 2022, 10]
    heads.insert(at, None)
    row.insert(at, "市局口径")
    book(tmp_path, {"S": [heads, row]})
    (found,) = [p for p in dataset.check(RAW, tmp_path) if p.code == "text_unnamed"]
    assert (found.address, found.found) == (f"{'ABC'[at]}1", "市局口径")
    assert "第 2 行" in found.text()


@pytest.mark.parametrize("years", [["2022年", "2023年"], [2022, 2023]])
def test_the_year_before_that_of_the_title_is_read_too(tmp_path, years):
    book(tmp_path, {"S": [["2023年主要指标完成情况"], ["指标", *years], [CLOSED, 10, 20]]})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "period", "value") == [("2022", 10.0), ("2023", 20.0)]


@pytest.mark.parametrize(
    ("heads", "row", "at"),
    [
        (["指标", "类型", "期间", "数值"], [CLOSED, "计划", "2023", 20], "B2"),
        (["指标", "类别", "2022年", "2023年"], [CLOSED, "目标值", 20, 30], "B2"),
        (["指标", "数据类型", "2023年3月"], [CLOSED, "当月数", 2], "B2"),
        (["指标", "期间", "数值", "性质"], [CLOSED, "2023", 20, "预测"], "D2"),
        (["指标", "期间", "数值", "数据单位"], [CLOSED, "2023", 20, "千元"], "D2"),
        (["指标", "期间", "数值", "备注"], [CLOSED, "2023", 20, "预计数"], "D2"),
        (["指标", "2023年", "说明"], [CLOSED, 20, "目标值"], "C2"),
        (["指标", "2023年", "备注"], [CLOSED, 20, "含预计关停3家"], ""),
        (["指标", "2023年", "备注"], [CLOSED, 20, "家"], ""),
        ([*FIRM, "单位"], [2023, FIRMS[0], 1, 2, "元"], "E2"),
        ([*FIRM, "单位"], [2023, FIRMS[0], 1, 2, "万元"], ""),
        ([*FIRM, "产品"], [2023, FIRMS[0], 1, 2, "件"], ""),
        (["指标", "部门", "期间", "数值"], [CLOSED, "计划科", "2023", 20], ""),
        (["指标", "报送频率", "期间", "数值"], [CLOSED, "年度", "2023", 20], ""),
        (["指标", "单位", "2023年溪口镇", "2023年尚田街道"], [CLOSED, "家", 3, 5], ""),
    ],
)  # fmt: skip
def test_a_column_that_says_what_the_figure_is_may_not_be_left_out(tmp_path, heads, row, at):
    book(tmp_path, {"S": [heads, row]})
    found = [p for p in dataset.check(RAW, tmp_path) if p.code == "row_qualified"]
    assert [(p.severity, p.address) for p in found] == ([("error", at)] if at else [])


@pytest.mark.parametrize("heading", ["备注", "增减"])
def test_a_remark_that_a_figure_fell_is_no_other_figure(tmp_path, heading):
    lines = [["指标", "2023年", heading], [TAX, 30, "下降"], [CLOSED, 20, "增长"]]
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) <= {"columns_ignored"}
    assert read(tmp_path, "observations", "value") == [(20.0,), (30.0,)]


def test_a_base_of_another_year_is_left_out_with_a_remark(tmp_path):
    lines = [["指标", "单位", "基期值（2020年）", "2023年完成数"], [CLOSED, "家", 1, 20]]
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == {"columns_ignored"}
    assert read(tmp_path, "observations", "period", "value") == [("2023", 20.0)]


@pytest.mark.parametrize(
    "heads",
    [
        ["2023年（修订）", "2023年"],
        ["2023年", "2023年修正数"],
        ["2023年快报数", "2023年终报数"],
        ["2023年快报", "2023年决算"],
        ["2023年初步数", "2023年核定数"],
        ["2023年", "2023年调整后"],
    ],
)
def test_a_corrected_figure_is_not_left_out_for_the_one_it_replaces(tmp_path, heads):
    book(tmp_path, {"S": [["指标", *heads], [CLOSED, 70, 71]]})
    assert refused(tmp_path) <= {"column_revised", "duplicate"} and refused(tmp_path)


@pytest.mark.parametrize("other", ["修订数", "调整后完成数", "核定数", "更正后"])
def test_a_corrected_figure_beside_that_of_the_title_is_refused(tmp_path, other):
    book(tmp_path, {"S": [["2023年"], ["指标", "完成数", other], [CLOSED, 70, 71]]})
    assert refused(tmp_path) == {"column_revised"}


@pytest.mark.parametrize(
    "heads",
    [
        ["2023年一季度", "二季度", "三季度"],
        ["2023年1月", "2月", "3月"],
        ["2023年", "上半年"],
        ["2023.10", "2023.1"],
    ],
)
def test_a_time_without_its_year_is_not_left_out_in_passing(tmp_path, heads):
    book(tmp_path, {"S": [["指标", *heads], [CLOSED, *range(10, 10 + len(heads))]]})
    assert refused(tmp_path) == {"year_untold"}


def test_months_up_to_one_behind_a_dot_are_read(tmp_path):
    book(tmp_path, {"S": [["指标", "2024.1-3", "2024.1-6"], [CLOSED, 10, 12]]})
    assert read(tmp_path, "observations", "period", "value") == [("2024-03", 10), ("2024-06", 12)]


@pytest.mark.parametrize("day", [date(2023, 6, 15), "2023-06-15", "2023年6月15日", "20230615"])
def test_a_day_within_a_month_is_no_end_of_it(tmp_path, day):
    book(tmp_path, {"S": [["指标", "期间", "数值"], [TAX, day, 163]]})
    assert refused(tmp_path) == {"not_period"}
