"""Tables as offices lay them out: years, months, towns across; a sheet a year."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

import fenghua
from fenghua.inputs import dataset

RAW = Path(__file__).parents[1] / "data" / "raw"
TAX, RATE = "规上工业亩均税收", "规上工业增加值率"
CLOSED, CLEANED = "累计淘汰落后产能企业", "累计整治“散乱污”企业"
FIRMS = ("91330283MA2F00010W", "91330283MA2F00020X")


def book(folder, sheets, *, merges=(), formats=()):
    work = openpyxl.Workbook()
    work.remove(work.active)
    for name, lines in sheets.items():
        page = work.create_sheet(name)
        for line in lines:
            page.append(line)
        for cells in merges:
            page.merge_cells(cells)
        for address, code in formats:
            page[address].number_format = code
    work.save(folder / "in.xlsx")
    return folder


def codes(folder):
    return {problem.code for problem in dataset.check(RAW, folder)} - {
        "area_default",
        "column_absent",
    }


def read(folder, table, *columns):
    frame = getattr(fenghua.load(RAW, folder), table)
    return sorted(frame[list(columns)].itertuples(index=False, name=None))


def test_years_across_the_top(tmp_path):
    lines = [
        ["奉化区制造业主要指标"],
        ["指标名称", "单位", "2021年", "2022年", 2023],
        [TAX, "万元/亩", 30.1, 31.2, "—"],
        [f"2.{RATE}（%）", "%", 21, 22, 23],
        ["一、创新", None, None, None, None],
        ["注：不含在建。"],
    ]
    book(tmp_path, {"完成情况": lines})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "indicator_id", "period", "value") == [
        ("tax_per_mu", "2021", 30.1),
        ("tax_per_mu", "2022", 31.2),
        ("value_added_rate", "2021", 21.0),
        ("value_added_rate", "2022", 22.0),
        ("value_added_rate", "2023", 23.0),
    ]


@pytest.mark.parametrize(
    ("heads", "formats", "title"),
    [
        (["1月", "1-2月"], (), "2023年"),
        ([date(2023, 1, 1), date(2023, 2, 1)], [("B2", 'm"月"'), ("C2", 'm"月"')], "各月"),
        (["2023年1月", "2023年2月"], (), "各月"),
        (["2023-01", "202302"], (), "各月"),
    ],
)
def test_months_across_the_top(tmp_path, heads, formats, title):
    lines = [[f"{title}完成情况"], ["指标", *heads], [TAX, 30, 31]]
    book(tmp_path, {"Sheet1": lines}, formats=formats)
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "period", "value") == [
        ("2023-01", 30.0),
        ("2023-02", 31.0),
    ]


def test_indicators_across_the_top(tmp_path):
    lines = [["年份", f"{TAX}(元/亩)", RATE], [2022, 300000, 21], [2023, 310000, 22]]
    book(tmp_path, {"Sheet1": lines})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "indicator_id", "period", "value") == [
        ("tax_per_mu", "2022", 30.0),
        ("tax_per_mu", "2023", 31.0),
        ("value_added_rate", "2022", 21.0),
        ("value_added_rate", "2023", 22.0),
    ]


@pytest.mark.parametrize(
    "sheets",
    [
        {"2022年": [["指标", "完成数"], [TAX, 30]], "2023年": [["指标", "完成数"], [TAX, 31]]},
        {
            "甲": [["2022年指标完成情况"], ["指标", "完成数"], [TAX, 30]],
            "乙": [["2023年指标（2022-2025年方案）"], ["填报：2024年1月5日"],
                  ["指标", "完成数"], [TAX, 31]],
        },
    ],
)  # fmt: skip
def test_a_sheet_a_year(tmp_path, sheets):
    book(tmp_path, sheets)
    assert codes(tmp_path) == {"taken_from_title"}
    assert read(tmp_path, "observations", "period", "value") == [("2022", 30.0), ("2023", 31.0)]


def test_two_years_in_title_and_name_are_refused(tmp_path):
    book(tmp_path, {"2022": [["2023年指标完成情况"], ["指标", "完成数"], [TAX, 30]]})
    assert "title_unclear" in codes(tmp_path)


def test_towns_down_and_indicators_across(tmp_path):
    lines = [
        ["2023年6月各镇街完成情况"],
        ["镇街", CLOSED, CLEANED],
        ["溪口镇", 3, 4],
        ["尚田街道", 5, None],
        ["合计", 8, 4],
    ]
    book(tmp_path, {"Sheet1": lines})
    assert codes(tmp_path) == {"taken_from_title", "total_row"}
    assert read(tmp_path, "town_reports", "indicator_id", "town_code", "period", "value") == [
        ("outdated_capacity_closed", "330213007", "2023-06", 5.0),
        ("outdated_capacity_closed", "330213100", "2023-06", 3.0),
        ("scattered_polluting_firms_rectified", "330213100", "2023-06", 4.0),
    ]


def test_towns_across_and_months_of_one_indicator(tmp_path):
    book(tmp_path, {"2025年任务": [["", "溪口镇", "尚田街道"], [CLOSED, 3, 4], [CLEANED, 5, 6]]})
    assert read(tmp_path, "town_tasks", "town_code", "year", "value") == [
        ("330213007", 2025, 4.0),
        ("330213007", 2025, 6.0),
        ("330213100", 2025, 3.0),
        ("330213100", 2025, 5.0),
    ]
    book(tmp_path, {CLOSED: [["2023年各镇街进展"], ["镇街", "3月", "6月"], ["溪口镇", 3, 4]]})
    assert read(tmp_path, "town_reports", "indicator_id", "period", "value") == [
        ("outdated_capacity_closed", "2023-03", 3.0),
        ("outdated_capacity_closed", "2023-06", 4.0),
    ]


def test_a_matrix_that_fits_two_tables_is_refused(tmp_path):
    book(tmp_path, {"Sheet1": [["2023年"], ["镇街", CLOSED, CLEANED], ["溪口镇", 3, 4]]})
    assert codes(tmp_path) == {"table_unclear"}


def test_a_heading_beside_towns_that_speaks_of_another_table_is_no_reason_to_guess(tmp_path):
    book(tmp_path, {"S": [["2023年指标"], ["指标", "完成数", "溪口镇"], [CLOSED, 9, 4]]})
    assert codes(tmp_path) == {"table_unclear"}
    book(tmp_path, {"S": [["2023年任务分解"], ["指标", "完成数", "溪口镇"], [CLOSED, 9, 4]]})
    row = ("outdated_capacity_closed", "330213100", 2023, 4.0)
    assert read(tmp_path, "town_tasks", "indicator_id", "town_code", "year", "value") == [row]


def test_the_area_across_the_top(tmp_path):
    book(tmp_path, {"2023年": [["指标", "全区", "区属"], [TAX, 30, 31]]})
    assert read(tmp_path, "observations", "area_code", "value") == [
        ("330213", 30.0),
        ("330213-qs", 31.0),
    ]


def test_the_year_in_the_headings_of_enterprises(tmp_path):
    heads = ["统一社会信用代码", "企业名称"]
    years = [
        f"{year}年{name}" for year in (2022, 2023) for name in ("用地面积（亩）", "实缴税金(元)")
    ]
    lines = [[*heads, *years], [FIRMS[0], "甲", 10, 1e6, 11, 2e6], [FIRMS[1], "乙", "", "", 5, 3e6]]
    book(tmp_path, {"Sheet1": lines})
    assert codes(tmp_path) == set()
    columns = ("year", "enterprise_id", "land_mu", "tax_wan")
    assert read(tmp_path, "enterprises", *columns) == [
        (2022, FIRMS[0], 10.0, 100.0),
        (2023, FIRMS[0], 11.0, 200.0),
        (2023, FIRMS[1], 5.0, 300.0),
    ]


def test_the_year_above_a_group_of_headings(tmp_path):
    lines = [
        ["统一社会信用代码", "企业名称", "2022年", None, "2023年", None],
        [None, None, "用地面积", "实缴税金", "用地面积", "实缴税金"],
        [FIRMS[0], "甲", 10, 110, 11, 130],
    ]
    merges = ["A1:A2", "B1:B2", "C1:D1", "E1:F1"]
    book(tmp_path, {"Sheet1": lines}, merges=merges)
    assert read(tmp_path, "enterprises", "year", "land_mu", "tax_wan") == [
        (2022, 10.0, 110.0),
        (2023, 11.0, 130.0),
    ]


def test_only_a_row_that_numbers_the_columns_is_left_out_and_named(tmp_path):
    heads = ["指标", "2022年", "2023年"]
    for numbers in (["甲", 1, 2], [1, 2, 3]):
        book(tmp_path, {"S": [heads, numbers, [CLOSED, 5, 6]]})
        assert codes(tmp_path) == {"row_numbered"}
        assert [row[0] for row in read(tmp_path, "observations", "value")] == [5, 6]
    book(tmp_path, {"S": [heads, [CLOSED, 5, 6], [3, 1, 2]]})
    listed = codes(tmp_path)
    book(tmp_path, {"S": [heads, [3, 1, 2], [CLOSED, 5, 6]]})
    assert codes(tmp_path) == listed != {"row_numbered"}


def test_a_growth_of_a_year_is_no_figure_of_it(tmp_path):
    book(tmp_path, {"S": [["指标", "2022年增长", "2023年增长"], [TAX, 3.1, 4.2]]})
    found = [problem for problem in dataset.check(RAW, tmp_path) if problem.severity == "error"]
    assert [(problem.code, problem.address) for problem in found] == [("column_beyond", "B1")]
    assert "“增长”" in found[0].text()


@pytest.mark.parametrize("years", [("22年", "23年"), ("上年", "本年"), ("去年同期", "本期")])
def test_a_heading_of_an_untold_year_is_named(tmp_path, years):
    firm = ["统一社会信用代码", "企业名称", *(f"{year}实缴税金（万元）" for year in years)]
    heads = ["指标", "单位", *years]
    for lines in ([heads, [TAX, "万元/亩", 3.1, 4.2]], [firm, [FIRMS[0], "甲", 10, 11]]):
        book(tmp_path, {"S": lines})
        found = [p for p in dataset.check(RAW, tmp_path) if p.code == "year_untold"]
        assert [(p.severity, p.address) for p in found] == [("error", "C1"), ("error", "D1")]


def test_a_period_of_last_year_beside_the_figure_is_left_out(tmp_path):
    heads = ["指标", "期间", "完成数", "上年同期", "同比增长"]
    book(tmp_path, {"S": [heads, [TAX, "2023", 30, 29, 3]]})
    assert codes(tmp_path) == {"columns_ignored"}


def test_a_heading_and_a_title_with_two_units_are_refused(tmp_path):
    heads = [
        "年份",
        "统一社会信用代码",
        "企业名称",
        "所属镇街",
        "实缴税金（万元）",
        "用地面积（亩）",
    ]
    lines = [["单位：亿元"], heads, [2023, FIRMS[0], "甲", "330213001", 10, 3]]
    book(tmp_path, {"S": lines})
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.severity == "error")
    assert (found.code, found.address) == ("units_contradict", "E2")
    assert "万元" in found.text() and "亿元" in found.text()
    lines[0] = ["单位：亩、万元"]
    book(tmp_path, {"S": lines})
    assert "units_contradict" not in codes(tmp_path)


@pytest.mark.parametrize(
    "above",
    [
        [["2023年企业（亿元、公顷）"]],
        [["2023年企业"], ["单位：", "亿元、公顷"]],
        [["2023年企业"], ["", "", "單位：億元、公頃"]],
    ],
)
def test_units_in_brackets_of_a_title_or_in_the_cell_behind(tmp_path, above):
    heads = ["统一社会信用代码", "企业名称", "用地面积", "实缴税金"]
    book(tmp_path, {"S": [*above, heads, [FIRMS[0], "甲", 2, 0.5]]})
    assert codes(tmp_path) == {"taken_from_title"}
    assert read(tmp_path, "enterprises", "land_mu", "tax_wan") == [(30.0, 5000.0)]


def test_brackets_of_a_group_of_headings_say_nothing_of_other_columns(tmp_path):
    heads = ["统一社会信用代码", "年份", "用地面积", "营业收入(元)", "实缴税金", "增值税"]
    lines = [["", "", "", "", "税收（万元）", "税收（万元）"], heads]
    book(tmp_path, {"S": [*lines, [FIRMS[0], 2023, 2, 10000, 5, 3]]})
    assert read(tmp_path, "enterprises", "revenue_wan", "tax_wan") == [(1.0, 5.0)]


def test_a_column_of_units_comes_before_the_unit_of_the_title(tmp_path):
    lines = [["单位：元/亩"], ["指标", "单位", "2022年", "2023年"], [TAX, "万元/亩", 30, 31]]
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == {"units_beside"}
    assert [row[0] for row in read(tmp_path, "observations", "value")] == [30, 31]


def test_a_figure_without_year_beside_several_years_is_refused(tmp_path):
    heads = ["统一社会信用代码", "企业名称", "用地面积(亩)", "2022年实缴税金", "2023年实缴税金"]
    book(tmp_path, {"Sheet1": [heads, [FIRMS[0], "甲", 10, 110, 300]]})
    assert codes(tmp_path) == {"column_time"}


def test_a_sheet_with_figures_that_was_not_read_is_an_error(tmp_path):
    good = [["指标", "期间", "完成数"], [TAX, "2023", 30]]
    other = [["甲", "乙"], [1, 2]]
    book(tmp_path, {"A": good, "B": other, "_C": other, "说明": [["只有文字"]]})
    found = [p for p in dataset.check(RAW, tmp_path) if p.code.startswith("sheet_")]
    assert [(p.code, p.severity, p.sheet) for p in found] == [
        ("sheet_unread", "error", "B"),
        ("sheet_ignored", "warning", "说明"),
    ]


@pytest.mark.parametrize(
    ("code", "period"), [("yyyy", "2023"), ('yyyy"年"m"月"', "2023-06"), ("yyyy-mm-dd", "2023-06")]
)
def test_a_date_is_the_period_that_its_cell_shows(tmp_path, code, period):
    lines = [["指标", "期间", "完成数"], [TAX, date(2023, 6, 30), 30]]
    book(tmp_path, {"S": lines}, formats=[("B2", code)])
    assert read(tmp_path, "observations", "period") == [(period,)]


@pytest.mark.parametrize("code", ['m"月"d"日"', "d-mmm"])
def test_months_that_became_a_day_of_a_month_are_refused(tmp_path, code):
    lines = [["指标", "期间", "完成数"], [TAX, date(2023, 1, 6), 30]]
    book(tmp_path, {"S": lines}, formats=[("B2", code)])
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.severity == "error")
    assert (found.code, found.address, found.found) == ("not_period", "B2", "1月6日")
    lines[1][1] = date(2023, 6, 30)
    book(tmp_path, {"S": lines}, formats=[("B2", code)])
    assert read(tmp_path, "observations", "period") == [("2023-06",)]


def test_a_dash_in_a_list_of_figures_is_no_figure(tmp_path):
    lines = [["指标", "期间", "完成数"], [TAX, "2023", 30], [RATE, "2023", "—"]]
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == {"marked_missing"}
    assert read(tmp_path, "observations", "indicator_id") == [("tax_per_mu",)]


@pytest.mark.parametrize(
    ("heads", "periods"),
    [
        (("FY2022", "FY2023"), ("2022", "2023")),
        (("二〇二二年", "二〇二三年"), ("2022", "2023")),
        (("2022年实际", "2023 Actual"), ("2022", "2023")),
        (("2023年1-3月", "2023年1—6月"), ("2023-03", "2023-06")),
        (("2023/3", "2023.6"), ("2023-03", "2023-06")),
        (("2023-03-31", "2023-06-30"), ("2023-03", "2023-06")),
    ],
)
def test_times_across_in_other_writings(tmp_path, heads, periods):
    book(tmp_path, {"Sheet1": [["指标", *heads], [TAX, 30, 31]]})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "period", "value") == [(periods[0], 30), (periods[1], 31)]


@pytest.mark.parametrize(
    ("years", "beneath", "periods"),
    [
        (["2022年", None, "2023年"], ["一季度", "上半年", "一季度"],
         ["2022-Q1", "2022-Q2", "2023-Q1"]),
        (["2023年", None, None], ["1月", "1-2月", "1-3月"], ["2023-01", "2023-02", "2023-03"]),
    ],
)  # fmt: skip
def test_a_year_over_its_parts(tmp_path, years, beneath, periods):
    lines = [["指标", *years], [None, *beneath], [TAX, 30, 31, 32]]
    book(tmp_path, {"Sheet1": lines}, merges=["A1:A2", *(["B1:D1"] if years[2] is None else [])])
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "period", "value") == [
        *zip(periods, (30, 31, 32), strict=True)
    ]


def test_a_year_over_targets_and_results(tmp_path):
    lines = [["指标", "2022年", None, "2023年", None], [None, *["目标", "完成"] * 2]]
    merges = ["A1:A2", "B1:C1", "D1:E1"]
    book(tmp_path, {"Sheet1": [*lines, [TAX, 30, 31, 32, 33]]}, merges=merges)
    assert codes(tmp_path) == {"columns_ignored"}
    assert read(tmp_path, "observations", "period", "value") == [("2022", 31), ("2023", 33)]


@pytest.mark.parametrize("beneath", [["实际", "目标"], ["实际数", "目标数", "目标数"]])
def test_a_word_beneath_each_year_says_what_its_figures_are(tmp_path, beneath):
    years = ["2022年", "2023年", "2024年"][: len(beneath)]
    lines = [["指标", *years], [None, *beneath], [CLOSED, 10, 20, 30][: len(years) + 1]]
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == {"columns_ignored"}
    assert read(tmp_path, "observations", "period", "value") == [("2022", 10.0)]


def test_units_in_a_row_beneath_headings_that_are_values(tmp_path):
    for lines in (
        [["年份", TAX, RATE], ["", "元/亩", "%"], [2022, 300000, 21]],
        [["指标", "2022年"], ["", "（元/亩）"], [TAX, 300000]],
        [["指标", "单位：元/亩"], ["指标", "2022年"], [TAX, 300000]],
    ):
        book(tmp_path, {"Sheet1": lines})
        assert ("2022", 30.0) in read(tmp_path, "observations", "period", "value")
    lines = [["指标", "2022年(万元/亩)"], ["", "元/亩"], [TAX, 300000]]
    book(tmp_path, {"Sheet1": lines})
    assert "column_unit" in codes(tmp_path)


def test_years_down_without_a_heading(tmp_path):
    book(tmp_path, {"Sheet1": [["", TAX, RATE], [2022, 30, 21], [2023, 31, 22]]})
    found = [row[0] for row in read(tmp_path, "observations", "period")]
    assert found == ["2022", "2022", "2023", "2023"]


def test_months_up_to_one_in_the_title(tmp_path):
    book(tmp_path, {"Sheet1": [["2023年1-6月主要指标"], ["指标", "数值"], [TAX, 30]]})
    assert read(tmp_path, "observations", "period", "value") == [("2023-06", 30.0)]


def test_figures_that_look_like_years_are_no_headings(tmp_path):
    lines = [
        ["指标", "2022年", "2023年", "增长"],
        [CLOSED, 2010, 2020, 2000],
        [CLEANED, 2011, 1, 2],
    ]
    book(tmp_path, {"Sheet1": lines})
    assert read(tmp_path, "observations", "period", "value") == [
        ("2022", 2010.0),
        ("2022", 2011.0),
        ("2023", 1.0),
        ("2023", 2020.0),
    ]


@pytest.mark.parametrize("period", [2022, "2022"])
@pytest.mark.parametrize("first", ["亩均税收", "其中：规上工业", "莼湖镇"])
@pytest.mark.parametrize("at", [0, 1])
def test_a_row_of_an_unknown_name_is_no_header(tmp_path, period, first, at):
    rows = [[CLOSED, period, 70], [CLEANED, period, 300], ["累计高新技术企业数量", period, 250]]
    rows.insert(at, [first, period, 163])
    book(tmp_path, {"Sheet1": [["指标", "期间", "完成数"], *rows]})
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [(p.code, p.address) for p in found] == [("unknown_reference", f"A{at + 2}")]


@pytest.mark.parametrize(
    "lines",
    [
        [["2022年主要指标完成情况"], ["指标", "完成数", "备注"], [CLOSED, 70, None]],
        [["2022年主要指标完成情况"], ["指标", "完成数", "备注"], [CLOSED, 2021, None]],
        [["指标", "期间", "完成数", "备注"], [CLOSED, 2022, 70, None]],
        [["指标", "期间", "完成数", "来源"], [], [CLOSED, "2022年", 2023, None]],
        [["指标", "期间", "数值", "单位", "口径"], ["", "", "家"], [CLOSED, 2022, 70, None, None]],
    ],
)
def test_blank_cells_of_the_first_row_are_no_headings(tmp_path, lines):
    lines.append([*lines[-1]])
    lines[-1][0] = "累计高新技术企业数量"
    book(tmp_path, {"Sheet1": lines})
    assert codes(tmp_path) <= {"taken_from_title"}
    value = next(cell for cell in lines[-1][1:] if isinstance(cell, int) and cell != 2022)
    assert read(tmp_path, "observations", "period", "value") == [("2022", float(value))] * 2


def test_a_town_table_with_a_blank_note_is_one_of_towns(tmp_path):
    lines = [[f"2022年各镇街{CLOSED}"], ["镇街", "完成数", "备注"], ["溪口镇", 3], ["尚田街道", 4]]
    book(tmp_path, {"Sheet1": lines})
    assert codes(tmp_path) == {"columns_ignored", "taken_from_title"}
    assert [value for (value,) in read(tmp_path, "town_reports", "value")] == [3, 4]


def test_rows_whose_whole_key_stands_in_the_title_are_refused(tmp_path):
    lines = [[f"2022年{CLOSED}"], ["完成数", "备注"], [70, "快报"], [71, "年报"]]
    book(tmp_path, {"observations": lines})
    (found,) = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert found.code == "duplicate"


HIGH = "累计高新技术企业数量"
TOWNS = [["溪口镇", 3], ["尚田街道", 4], ["合计", 7]]
FIRM_HEAD = [
    "统一社会信用代码",
    "是否规上",
    "所属镇街",
    "是否区属",
    "用地面积（亩）",
    "实缴税金（万元）",
]


@pytest.mark.parametrize(
    ("lines", "row", "said"),
    [
        # the same columns of another year, of another indicator, of one that is not on record
        ([["2022年完成情况"], ["指标", "完成数"], [CLOSED, 70], [],
          ["2023年完成情况"], ["指标", "完成数"], [CLOSED, 90]], 5, "2023年"),
        ([[f"2023年6月各镇街{CLOSED}情况"], ["镇街", "完成数"], *TOWNS, [],
          [f"2023年6月各镇街{CLEANED}情况"], ["镇街", "完成数"], *TOWNS], 7, CLEANED),
        ([[f"2023年6月各镇街{CLOSED}情况"], ["镇街", "完成数"], *TOWNS, [],
          ["2023年6月各镇街标准地情况"], ["镇街", "完成数"], *TOWNS], 7, "标准地"),
        ([["2023年企业名单"], FIRM_HEAD, [FIRMS[0], "是", "溪口镇", "是", 25, 520],
          ["2022年企业名单（补报）"], FIRM_HEAD, [FIRMS[1], "否", "溪口镇", "是", 10, 110]],
         4, "补报"),
        # another year without its own header; other years or another unit in it
        ([["2022年完成情况"], ["指标", "完成数"], [CLOSED, 70],
          ["2023年主要指标完成情况"], [HIGH, 700]], 4, "2023年"),
        ([["指标", "单位", "2021年", "2022年"], [CLOSED, "家", 60, 70], [],
          ["指标", "单位", "2023年", "2024年"], [CLOSED, "家", 80, 90]], 4, "2024年"),
        ([["单位：万元"], ["年份", *FIRM_HEAD], [2023, FIRMS[0], "是", "溪口镇", "是", 25, 520],
          ["其中金额单位：千元"], ["年份", *FIRM_HEAD],
          [2023, FIRMS[1], "否", "溪口镇", "是", 1, 9]],
         4, "千元"),
    ],
)  # fmt: skip
def test_a_second_table_in_a_sheet_is_refused(tmp_path, lines, row, said):
    book(tmp_path, {"Sheet1": lines})
    (found,) = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert (found.code, found.row, said in found.found) == ("another_table", row, True)


@pytest.mark.parametrize("title", ["2022年完成情况", "2022年完成情况（续表 第 2 页）", ""])
@pytest.mark.parametrize("end", [[], ["注：不含在建。"]])
def test_a_table_goes_on_beneath_a_header_that_stands_again(tmp_path, title, end):
    again = [[title], ["指标", "完成数"]] if title else [["指标", "完成数"]]
    lines = [["2022年完成情况"], ["指标", "完成数"], [CLOSED, 70], end, *again, [HIGH, 700]]
    book(tmp_path, {"Sheet1": lines})
    assert codes(tmp_path) == {"taken_from_title"}
    assert [v for (v,) in read(tmp_path, "observations", "value")] == [70, 700]


def test_titles_say_nothing_where_every_row_says_when(tmp_path):
    head = ["指标", "期间", "完成数"]
    lines = [["2022年"], head, [CLOSED, 2022, 70], [], ["2023年"], head, [CLOSED, 2023, 90]]
    lines[4] = ["2023年完成情况"]
    book(tmp_path, {"Sheet1": lines})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "period", "value") == [("2022", 70.0), ("2023", 90.0)]


def test_a_total_in_a_note_is_no_total(tmp_path):
    head, rest = ["指标", "期间", "完成数", "备注"], [HIGH, "2022", 210, "年报"]
    total = ["合计", "2022", 280]
    lines = [head, [CLOSED, "2022", 70, "各镇街合计"], rest, total]
    book(tmp_path, {"Sheet1": lines})
    assert codes(tmp_path) == {"total_row"}
    assert [v for (v,) in read(tmp_path, "observations", "value")] == [70, 210]


@pytest.mark.parametrize(
    ("sheet", "titles"),
    [
        ("Sheet1", ["2023年下半年主要指标完成情况"]),
        ("Sheet1", ["2023年今年以来主要指标"]),
        ("Sheet1", ["2023年主要指标（1-6月，9月上报）"]),
        ("1月", ["2023年主要指标", "（1-2月）"]),
        ("Sheet1", ["2023年主要指标（比1-6月）"]),
        ("Sheet1", ["2023年主要指标（截至2023年6月15日）"]),
    ],
)
def test_part_of_a_year_in_a_title_is_not_read_as_the_year(tmp_path, sheet, titles):
    book(tmp_path, {sheet: [*([title] for title in titles), ["指标", "完成数"], [CLOSED, 70]]})
    found = codes(tmp_path)
    assert found & {"title_unclear", "second_half"}
    assert "taken_from_title" not in found


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2023年十月", "2023-10"),
        ("2023年十一月份", "2023-11"),
        ("2023年1—十月", "2023-10"),
        ("2023年一至十月", "2023-10"),
        ("2023年前10个月", "2023-10"),
        ("2023年1-3季度", "2023-Q3"),
        ("截至2023年6月30日", "2023-06"),
        ("截至2023年6月底", "2023-06"),
        ("2023年三季度末", "2023-Q3"),
        ("截至2023年底", "2023"),
    ],
)
def test_times_in_words_are_read_in_titles_headings_and_cells(tmp_path, written, period):
    head = ["指标", "完成数"]
    for lines in (
        [[f"{written}主要指标"], head, [CLOSED, 70]],
        [["2023年主要指标"], [f"（{written}）"], head, [CLOSED, 70]],
        [["指标", written], [CLOSED, 70]],
        [["指标", "期间", "完成数"], [CLOSED, written, 70]],
    ):
        book(tmp_path, {"S": lines})
        assert read(tmp_path, "observations", "period") == [(period,)]


def test_a_part_of_a_year_in_a_title_takes_its_year_from_the_name_of_the_file(tmp_path):
    lines = [["截至6月底主要指标"], ["指标", "完成数"], [CLOSED, 70]]
    book(tmp_path, {"S": lines})
    (tmp_path / "in.xlsx").rename(tmp_path / "2023年指标.xlsx")
    assert read(tmp_path, "observations", "period") == [("2023-06",)]


@pytest.mark.parametrize("title", ["截至2023年6月15日", "2023年指标（报送截止6月30日）"])
def test_a_day_within_a_month_or_of_a_form_ends_no_period(tmp_path, title):
    book(tmp_path, {"S": [[title], ["指标", "完成数"], [CLOSED, 70]]})
    assert "column_missing" in codes(tmp_path)


@pytest.mark.parametrize(
    ("line", "period"),
    [
        ("统计时间：2023年11月30日", "2023-11"),
        ("数据截止日期：2023年11月30日", "2023-11"),
        ("统计时间：2023年12月31日", "2023"),
        ("填报日期：2024年1月15日", "2023"),
    ],
)
def test_a_line_says_up_to_when_figures_count(tmp_path, line, period):
    lines = [["2023年主要指标完成情况"], [line], ["指标", "完成数"], [CLOSED, 70]]
    book(tmp_path, {"S": lines})
    assert read(tmp_path, "observations", "period") == [(period,)]


@pytest.mark.parametrize(
    "title", ["奉政发（2022）14号主要指标", "主要指标（以2020年为基期）", "2024年1月编印"]
)
def test_years_of_documents_and_bases_are_no_period(tmp_path, title):
    book(tmp_path, {"Sheet1": [[title], ["指标", "完成数"], [CLOSED, 70]]})
    assert "taken_from_title" not in codes(tmp_path)


@pytest.mark.parametrize(
    "title",
    ["2023年（截至12月底）", "2023年（截至2023年12月31日）", "2023年主要指标（每月5日前报送）"],
)
def test_the_end_of_december_in_a_title_is_the_whole_year(tmp_path, title):
    book(tmp_path, {"Sheet1": [[title], ["指标", "完成数"], [CLOSED, 70]]})
    assert "taken_from_title" in codes(tmp_path)
    assert "title_unclear" not in codes(tmp_path)


@pytest.mark.parametrize(
    ("indicator", "figures", "code"),
    [
        (CLOSED, ["(3)", 4], "count_negative"),
        (CLOSED, [3.5, 4], "count_broken"),
        (RATE, [0.42, 43], "ratio_for_percent"),
        (RATE, [142, 43], "out_of_sense"),
    ],
)
def test_figures_of_towns_are_asked_about_as_those_of_the_district(
    tmp_path, indicator, figures, code
):
    rows = [[town, figure] for town, figure in zip(("溪口镇", "尚田街道"), figures, strict=True)]
    book(tmp_path, {"S": [["2022年各镇街完成情况"], ["镇街", indicator], *rows]})
    found = [p for p in dataset.check(RAW, tmp_path) if p.code == code]
    assert [problem.address for problem in found] == ["B3"]


def test_a_total_of_a_town_that_falls_is_asked_about(tmp_path):
    lines = [[f"2023年各镇街{CLOSED}进展"], ["镇街", "3月", "6月"], ["溪口镇", 4, 3]]
    book(tmp_path, {"S": lines})
    assert "total_falls" in codes(tmp_path)
    lines[-1] = ["溪口镇", 0, 0]
    book(tmp_path, {"S": lines})
    assert "total_falls" not in codes(tmp_path)


@pytest.mark.parametrize(
    ("sheet", "titles", "period"),
    [
        ("Sheet1", ["2023年前三季度主要指标完成情况"], "2023-Q3"),
        ("Sheet1", ["2023年主要指标完成情况", "（1-6月）"], "2023-06"),
        ("Sheet1", ["2023年主要指标完成情况（1—9月）"], "2023-09"),
        ("1-6月", ["奉化区2023年主要指标"], "2023-06"),
        ("一季度", ["奉化区2023年主要指标"], "2023-Q1"),
        ("Sheet1", ["2023年Q3主要指标"], "2023-Q3"),
        ("6月", ["2023年主要指标（1-6月）"], ""),
    ],
)
def test_a_plain_part_of_a_year_in_a_title_completes_its_year(tmp_path, sheet, titles, period):
    book(tmp_path, {sheet: [*([title] for title in titles), ["指标", "完成数"], [CLOSED, 70]]})
    if not period:  # two words for a part are not compared
        assert "title_unclear" in codes(tmp_path)
        return
    assert codes(tmp_path) == {"taken_from_title"}
    assert read(tmp_path, "observations", "period", "value") == [(period, 70.0)]


@pytest.mark.parametrize(
    ("name", "is_clear"), [("2022年", False), ("2023年", True), ("汇总", True)]
)
def test_a_file_of_another_year_than_its_title_is_refused(tmp_path, name, is_clear):
    book(tmp_path, {"S": [["2023年主要指标"], ["指标", "完成数"], [CLOSED, 70]]})
    (tmp_path / "in.xlsx").rename(tmp_path / f"{name}.xlsx")
    assert ("title_unclear" in codes(tmp_path)) == (not is_clear)
    book(tmp_path, {"S": [["指标", "2023年"], [CLOSED, 70]]})
    (tmp_path / "in.xlsx").rename(tmp_path / f"{name}.xlsx")
    assert codes(tmp_path) == set()


@pytest.mark.parametrize(
    ("head", "rows", "periods"),
    [
        ("月份", ["1月", "1-2月"], ["2023-01", "2023-02"]),
        ("季度", ["一季度", "二季度"], ["2023-Q1", "2023-Q2"]),
        ("期间", ["上半年", "全年"], ["2023-Q2", "2023"]),
    ],
)
def test_months_down_the_rows_take_the_year_of_the_title(tmp_path, head, rows, periods):
    lines = [["2023年主要指标"], [head, TAX, CLOSED], *([row, 30, 4] for row in rows)]
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == {"year_from_title"}
    assert {p for (p,) in read(tmp_path, "observations", "period")} == set(periods)


def test_months_down_the_rows_above_their_total_are_of_a_month_alone(tmp_path):
    lines = [["2023年"], ["月份", CLOSED], ["1月", 1], ["2月", 2], ["合计", 3]]
    book(tmp_path, {"S": lines})
    assert "figure_alone" in codes(tmp_path)


@pytest.mark.parametrize("signed", [["填表人：张三", "审核人：李四"], ["填表人", "张三"]])
def test_who_signed_a_form_is_no_row_of_data(tmp_path, signed):
    book(tmp_path, {"S": [["指标", "2022年"], [TAX, 30], signed]})
    assert codes(tmp_path) == set()


def test_a_header_beneath_with_another_year_is_named_as_another_table(tmp_path):
    lines = [["指标", "2022年"], [TAX, 30], [], ["指标", "2023年"], [TAX, 31]]
    book(tmp_path, {"S": lines})
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [(p.code, p.row, p.found) for p in found] == [("another_table", 4, "指标 2023年")]


@pytest.mark.parametrize(
    ("heads", "rows", "periods"),
    [
        (
            ("年份", "月份"),
            [(2023, 6), (2023, 11), ("2024", "03")],
            {"2023-06", "2023-11", "2024-03"},
        ),
        (("年度", "季度"), [("2023年", 2), ("2023年度", "三季度")], {"2023-Q2", "2023-Q3"}),
        (
            ("月份", "年份"),
            [("1-6月", 2023), ("全年", 2023), ("", 2024)],
            {"2023-06", "2023", "2024"},
        ),
    ],
)
def test_a_year_and_its_months_in_two_columns_are_one_period(tmp_path, heads, rows, periods):
    lines = [["指标", *heads, "完成数"], *([CLOSED, *row, 40 + i] for i, row in enumerate(rows))]
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == set()
    found = read(tmp_path, "observations", "value", "period")
    assert {period for _, period in found} == periods
    assert len(found) == len(rows)


def test_a_merged_year_beside_its_months_counts_for_each(tmp_path):
    lines = [["指标", "年份", "月份", "完成数"], [CLOSED, 2023, 3, 40], [CLOSED, None, 6, 50]]
    book(tmp_path, {"S": lines}, merges=["B2:B3"])
    assert codes(tmp_path) == {"merged_filled"}
    assert read(tmp_path, "observations", "period") == [("2023-03",), ("2023-06",)]


@pytest.mark.parametrize("row", [(2023, 2022), (2023, 13), (6, 7), (2023, "下半年")])
def test_two_columns_that_make_no_period_are_refused(tmp_path, row):
    book(tmp_path, {"S": [["指标", "年份", "月份", "完成数"], [CLOSED, *row, 40]]})
    assert codes(tmp_path) & {"not_period", "second_half"}


@pytest.mark.parametrize("word", ["全区", "全 区"])
def test_the_whole_district_in_a_list_of_towns_is_their_total(tmp_path, word):
    lines = [["镇街", "指标", "期间", "完成数"], ["莼湖街道", CLOSED, "2023年", 4]]
    book(tmp_path, {"S": [*lines, ["溪口镇", CLOSED, "2023年", 5], [word, CLOSED, "2023年", 9]]})
    assert codes(tmp_path) == {"total_row"}
    assert [v for (v,) in read(tmp_path, "town_reports", "value")] == [4, 5]


def test_the_whole_district_in_a_column_of_areas_is_a_datum(tmp_path):
    book(tmp_path, {"S": [["地区", "指标", "期间", "完成数"], ["全区", CLOSED, "2023年", 70]]})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "value") == [(70.0,)]


@pytest.mark.parametrize(
    ("unit", "is_read"), [("个", True), ("家", True), ("项", False), ("万元", False)]
)
def test_a_count_of_things_may_stand_for_one_of_firms(tmp_path, unit, is_read):
    book(tmp_path, {"S": [["指标", "单位", "2022年", "2023年"], [CLOSED, unit, 60, 70]]})
    assert (codes(tmp_path) == set()) == is_read


@pytest.mark.parametrize(
    ("heads", "periods"),
    [
        (["2023年6月", "2022年同期"], ["2022-06", "2023-06"]),
        (["2023年上半年", "2022年同期"], ["2022-Q2", "2023-Q2"]),
        (["2022年同期", "2023年前三季度"], ["2022-Q3", "2023-Q3"]),
        (["2023年 1—6月", "2022年同期"], ["2022-06", "2023-06"]),
        (["2023年3月", "2023年6月", "2022年同期"], []),
        (["2023年6月当月", "2022年同期"], []),
    ],
)
def test_the_same_part_of_an_earlier_year_is_read_beside_one_part_alone(tmp_path, heads, periods):
    book(tmp_path, {"S": [["指标", "单位", *heads], [CLOSED, "家", *[60] * len(heads)]]})
    assert (codes(tmp_path) == set()) == bool(periods)
    if periods:
        assert [p for (p,) in read(tmp_path, "observations", "period")] == periods


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ([["指标", "2022年", "2023年"], ["溪口镇"], [CLOSED, 3, 5]], {2}),
        ([["指标", "2023年"], [CLOSED, 30], ["（一）区属"], [TAX, 30]], {3}),
        ([["指标", "2023年"], ["目标值"], [CLOSED, 30]], {2}),
        ([["指标", "2023年"], [TAX, 30], ["单位：元/亩"], [TAX, 300000]], {3}),
        ([["2023年完成情况"], ["镇街", "数值"], ["溪口镇", 5], [CLEANED], ["溪口镇", 7]], {4}),
        (
            [
                ["2023年"],
                ["企业名称", "统一社会信用代码", "用地面积（亩）"],
                ["甲", FIRMS[0], 60],
                ["莼湖街道"],
                ["乙", FIRMS[1], 30],
            ],
            {4},
        ),
        ([["指标", "2023年"], ["一、质量效益"], [TAX, 30], ["二、淘汰"], [CLOSED, 30]], set()),
        ([["2023年主要指标"], ["指标", "完成数"], [TAX, 30], ["注：区属不在内"]], set()),
    ],
)
def test_a_row_that_heads_others_by_what_no_column_says_is_refused(tmp_path, lines, at):
    book(tmp_path, {"S": lines})
    found = {p.row for p in dataset.check(RAW, tmp_path) if p.code == "row_heads"}
    assert found == at


@pytest.mark.parametrize(
    "lines",
    [
        [["指标（单位：元/亩）", "2022年"], [TAX, 300000]],
        [["指标（元/亩）", "2022年"], [TAX, 300000]],
        [["指标名称（单位）", "2022年"], [f"{TAX}（元/亩）", 300000]],
        [["指标", "计量单位", "2022年"], [TAX, "（萬元/畝）", 30]],
        [["指标", "时期", "数值"], [None, None, "（元/亩）"], [TAX, "2022", 300000]],
    ],
)
def test_the_unit_beside_the_names_of_rows_is_of_their_figures(tmp_path, lines):
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "period", "value") == [("2022", 30.0)]


def test_a_unit_beneath_a_heading_belongs_to_it_in_a_second_row_of_headings(tmp_path):
    lines = [
        ["企业名称", "统一社会信用代码", "所属镇街", "用地面积", "税收情况", None],
        [None, None, None, "（公顷）", "实缴税金（万元）", "增速（%）"],
        ["甲", FIRMS[0], "溪口镇", 4, 120, 5],
    ]
    book(tmp_path, {"2023年": lines}, merges=["A1:A2", "B1:B2", "C1:C2", "E1:F1"])
    assert read(tmp_path, "enterprises", "land_mu", "tax_wan") == [(60.0, 120.0)]


@pytest.mark.parametrize(
    "signed",
    [
        ["制表：张三", "审核：李四", "单位（盖章）"],
        ["统计负责人：张三", "填表人：李四", "报出日期：2024年1月5日"],
    ],
)
def test_who_signed_a_form_without_saying_person_is_no_row_of_data(tmp_path, signed):
    book(tmp_path, {"S": [["指标", "期间", "完成数"], [TAX, 2022, 30], signed]})
    assert codes(tmp_path) == set()


def test_a_monthly_report_takes_its_months_from_the_sheets(tmp_path):
    lines = [["指标", "完成数"], [CLOSED, 3]]
    book(tmp_path, {"1月": lines, "1-3月": lines})
    (tmp_path / "in.xlsx").rename(tmp_path / "2023年月报.xlsx")
    assert codes(tmp_path) == {"taken_from_title"}
    found = read(tmp_path, "observations", "period", "value")
    assert found == [("2023-01", 3.0), ("2023-03", 3.0)]


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ([["指标", "溪口镇", "尚田街道", "合计"], [CLOSED, 3, 4, 8], [TAX, 30, 31, 9]], "D3"),
        ([["指标", "全区", "溪口镇", "尚田街道"], [CLOSED, 8, 3, 4]], "B3"),
        ([["指标", "溪口镇", "尚田街道", "排名", "合计"], [CLOSED, 3, 4, 1, 7]], ""),
        ([["镇街", CLOSED, TAX], ["溪口镇", 3, 30], ["尚田街道", 4, 31], ["合计", 8, 9]], "B5"),
        ([["镇街", CLOSED], ["合计", 7], ["街道小计", 4], ["尚田街道", 4], ["溪口镇", 3]], ""),
        ([["指标", "镇街", "完成数"], [CLOSED, "溪口镇", 3], [CLOSED, "合计", 4]], "C4"),
    ],
)
def test_what_towns_add_up_to_is_compared_wherever_it_stands(tmp_path, lines, at):
    book(tmp_path, {"Sheet1": [["2023年各镇街完成情况"], *lines]})
    told = [p.address for p in dataset.check(RAW, tmp_path) if p.code == "total_differs"]
    assert told == [at] * bool(at)


@pytest.mark.parametrize(
    "lines",
    [
        [["指标", "2022年", None, "指标", "2022年"], [TAX, 30, None, RATE, 21]],
        [["2022年"], ["指标", "完成数", "指标", "完成数"], [TAX, 30, RATE, 21]],
        [["2022年"], ["序号", "指标", "完成数"] * 2, [1, TAX, 30, 2, RATE, 21]],
    ],
)
def test_tables_side_by_side_are_read_one_after_another(tmp_path, lines):
    book(tmp_path, {"Sheet1": lines})
    assert codes(tmp_path) <= {"taken_from_title", "columns_ignored"}
    assert read(tmp_path, "observations", "indicator_id", "period", "value") == [
        ("tax_per_mu", "2022", 30.0),
        ("value_added_rate", "2022", 21.0),
    ]


def test_titles_and_notes_of_tables_side_by_side(tmp_path):
    heads = [["2022年", None, None, "2023年"], ["指标", "完成数", None, "指标", "完成数"]]
    book(tmp_path, {"Sheet1": [*heads, [TAX, 30, None, TAX, 21], ["注：以上为区属数"]]})
    assert read(tmp_path, "observations", "period", "area_code", "value") == [
        ("2022", "330213-qs", 30.0),
        ("2023", "330213-qs", 21.0),
    ]


@pytest.mark.parametrize("heads", [("2022年", "2023年"), ("2023年", "2022年")])
def test_a_row_of_a_part_of_the_district_is_of_the_indicator_above_it(tmp_path, heads):
    rows = [[TAX, 30, 31], ["其中：区属", 20, 21], [CLOSED, None, 5], ["其中：区属", 3, 4]]
    book(tmp_path, {"Sheet1": [["指标", *heads], *rows]})
    found = read(tmp_path, "observations", "period", "indicator_id", "area_code", "value")
    assert [row[1:] for row in found if row[0] == heads[0][:4]] == [
        ("outdated_capacity_closed", "330213-qs", 3.0),
        ("tax_per_mu", "330213", 30.0),
        ("tax_per_mu", "330213-qs", 20.0),
    ]


@pytest.mark.parametrize(
    ("title", "heads", "period"),
    [
        ("2023年指标", ("本年实际", "上年实际"), "2023"),
        ("2023年指标", ("本期数", "上年同期"), "2023"),
        ("2023年上半年指标", ("本期", "上年同期"), "2023-Q2"),
        ("2023年6月指标", ("本期", "上年同期"), ""),
        ("2022-2023年指标", ("本期", "上年同期"), ""),
    ],
)
def test_this_year_is_that_of_a_title_with_one_time(tmp_path, title, heads, period):
    book(tmp_path, {"Sheet1": [[title], ["指标", *heads], [RATE, 30, 29]]})
    if period:
        assert read(tmp_path, "observations", "period", "value") == [(period, 30.0)]
        book(tmp_path, {"Sheet1": [[title], ["指标", *heads], [CLOSED, 30, 29]]})
        assert "figure_alone" in codes(tmp_path)  # of the year, or of all years so far?
    else:
        assert "year_untold" in codes(tmp_path)


def test_what_a_spreadsheet_made_of_a_month_is_named(tmp_path):
    book(tmp_path, {"Sheet1": [["指标", "Mar-23", "23-Jun"], [TAX, 30, 31]]})
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [(p.code, p.found) for p in found] == [
        ("year_untold", "Mar-23"),
        ("year_untold", "23-Jun"),
    ]


@pytest.mark.parametrize(
    ("words", "encoding", "mark"),
    [
        ("指標,期間,完成數\n規上工業畝均稅收,2022年,163\n", "big5", ","),
        (f"指标,期间,完成数\n{TAX},2022,163\n", "utf-8", "，"),
        (f"指标,期间,完成数\n{TAX},2022,163\n", "gb18030", "、"),
    ],
)
def test_a_text_of_another_office(tmp_path, words, encoding, mark):
    (tmp_path / "in.csv").write_bytes(words.replace(",", mark).encode(encoding))
    assert read(tmp_path, "observations", "indicator_id", "value") == [("tax_per_mu", 163.0)]


def test_stars_and_grades_in_words(tmp_path):
    park = ["园区编号", "园区名称", "所属镇街", "星级"]
    rows = [["P1", "甲园", "溪口镇", "四星级"], ["P2", "乙园", "溪口镇", "3星"]]
    decision = ["年份", "信用代码", "调整等级", "调整方式", "原因"]
    book(tmp_path, {"a": [park, *rows], "b": [decision, [2023, FIRMS[0], "A类", "提档", "甲"]]})
    assert read(tmp_path, "parks", "park_id", "stars") == [("P1", 4.0), ("P2", 3.0)]
    assert read(tmp_path, "adjustments", "grade") == [("A",)]


def test_a_year_without_figures_beside_a_total_of_years(tmp_path):
    heads = ["指标", "2022", "2023", "2024", "“十四五”累计"]
    book(tmp_path, {"Sheet1": [heads, [TAX, 30, 31, None, 61]]})
    assert "unexpected" not in codes(tmp_path)
    book(tmp_path, {"Sheet1": [heads, [CLOSED, 10, 20, None, 30]]})
    assert codes(tmp_path) == {"figure_alone", "columns_ignored"}


def test_a_short_title_above_a_header_that_stands_again_is_no_row(tmp_path):
    lines = [["2022年"], ["指标", "数值"], [TAX, 30], [], ["2023年"], ["指标", "数值"], [TAX, 31]]
    book(tmp_path, {"Sheet1": lines})
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [(p.code, p.row) for p in found] == [("another_table", 5)]


def test_marks_of_notes_behind_names_are_no_part_of_them(tmp_path):
    rows = [[f"{TAX}①", 30], [f"{RATE}*", 21], ["①不含在建项目"], ["*为快报数"]]
    book(tmp_path, {"Sheet1": [["指标", "2023年"], *rows]})
    assert codes(tmp_path) == {"note_unheeded"}
    assert read(tmp_path, "observations", "value", "status") == [(21.0, ""), (30.0, "")]


def test_a_column_of_targets_beside_what_was_achieved(tmp_path):
    heads = ["指标", "单位", "目标值", "实际完成值", "完成率(%)"]
    book(tmp_path, {"2023年": [heads, [TAX, "万元/亩", 168, 165, 98.2]]})
    assert read(tmp_path, "observations", "period", "value") == [("2023", 165.0)]


def test_a_numbered_name_of_a_part_of_a_list_is_no_row(tmp_path):
    rows = [["一、效益"], [f"（一）{TAX}", 30], ["（二）创新", None], [f"1.{RATE}", 21]]
    book(tmp_path, {"2023年": [["指标", "完成数"], *rows]})
    assert codes(tmp_path) == {"taken_from_title"}
    assert read(tmp_path, "observations", "value") == [(21.0,), (30.0,)]
