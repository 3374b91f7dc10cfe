"""Tables as officials keep them: rows and columns that are no figures, and units beside them."""

import pytest
from test_natural_tables import CLOSED, FIRMS, RATE, RAW, TAX, book, codes, read

from fenghua.inputs import dataset

LAND, TRADE = "累计腾出低效工业用地", "累计实现技术交易额"


def told(folder, severity="error"):
    found = (p for p in dataset.check(RAW, folder) if p.severity == severity)
    return [(p.code, p.row, p.found) for p in found]


@pytest.mark.parametrize(
    ("name", "unit", "written", "value"),
    [
        (TRADE, "万元", 280000, 28.0),
        (LAND, "亩", 1500, 1.0),
        (LAND, "公顷", 150, 1.5),
        (TAX, "元/亩", 300000, 30.0),
        (RATE, "比", 0.22, 22.0),
    ],
)
def test_a_column_of_units_converts(tmp_path, name, unit, written, value):
    book(tmp_path, {"S": [["指标", "单位", "2023年"], [name, unit, written]]})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "value", "unit")[0][0] == value


@pytest.mark.parametrize(
    ("unit", "head", "written"),
    [("亩", "2023年", 28), ("万元", "2023年", "28亿元"), ("万元", "2023年(亿元)", 28)],
)
def test_a_unit_that_does_not_fit_or_contradicts_is_refused(tmp_path, unit, head, written):
    book(tmp_path, {"S": [["指标", "单位", head], [TRADE, unit, written]]})
    assert told(tmp_path) == [("unit_differs", 2, unit)]


@pytest.mark.parametrize(
    ("note", "is_refused"),
    [
        ("注：数据截至2023年9月底", True),
        ("数据截止2023年9月30日。", True),
        ("注：截至2023年三季度末累计数", True),
        ("注：截至2023年12月底", False),
        ("注：数据截至2023年底", False),
        ("注：统计时间截至2024年1月", False),
        ("注：企业名单截至2023年6月", False),
    ],
)
def test_a_note_to_when_figures_count_is_compared_with_their_time(tmp_path, note, is_refused):
    book(tmp_path, {"S": [["指标", "2022年", "2023年"], [CLOSED, 50, 60], [note]]})
    assert codes(tmp_path) == ({"note_differs"} if is_refused else set())


def test_a_note_that_agrees_with_a_part_of_the_year(tmp_path):
    lines = [["2023年1-9月指标"], ["指标", "完成数"], [CLOSED, 60], ["注：截至2023年9月底"]]
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == {"taken_from_title"}


@pytest.mark.parametrize("name", ["同比", "同比增长（%）", "年均增长", "2025年目标", "比上年增减"])
def test_a_row_that_compares_years_is_left_out_with_a_remark(tmp_path, name):
    lines = [["年份", TAX, CLOSED], [2021, 30, 21], [2022, 31, 22], [name, 3.3, 1]]
    book(tmp_path, {"S": lines})
    assert ("row_compares", 4, name) in told(tmp_path, "warning")
    assert read(tmp_path, "observations", "period", "value") == [
        ("2021", 21.0),
        ("2021", 30.0),
        ("2022", 22.0),
        ("2022", 31.0),
    ]


def test_a_growth_beneath_its_indicator_hides_no_row_of_a_part(tmp_path):
    rows = [[TAX, 31], ["同比增长（%）", 3.3], ["其中：区属", 21], [RATE, 22]]
    book(tmp_path, {"S": [["指标", "2023年"], *rows]})
    assert codes(tmp_path) == {"row_compares"}
    assert read(tmp_path, "observations", "indicator_id", "area_code", "value") == [
        ("tax_per_mu", "330213", 31.0),
        ("tax_per_mu", "330213-qs", 21.0),
        ("value_added_rate", "330213", 22.0),
    ]


@pytest.mark.parametrize("name", ["工业投资增速", "完成"])
def test_a_row_of_something_else_is_still_refused(tmp_path, name):
    book(tmp_path, {"S": [["指标", "2023年"], [TAX, 31], [name, 3]]})
    assert told(tmp_path) == [("unknown_reference", 3, name)]


def test_a_firm_may_be_called_as_a_target_is(tmp_path):
    lines = [["企业名称", "统一社会信用代码", "镇街", "用地面积(亩)", "税收(万元)"]]
    book(tmp_path, {"2023": [*lines, ["目标", FIRMS[0], "溪口镇", 60, 100]]})
    assert read(tmp_path, "enterprises", "name") == [("目标",)]


def test_groups_of_towns_above_them_are_no_towns(tmp_path):
    rows = [
        ["全区合计", 13],
        ["街道", 7],
        ["锦屏街道", 3],
        ["岳林街道", 4],
        ["镇", 5],
        ["溪口镇", 5],
    ]
    book(tmp_path, {"S": [["2023年各镇街完成情况"], ["镇街", CLOSED], *rows]})
    assert told(tmp_path) == []
    found = told(tmp_path, "warning")
    assert [row for code, row, _ in found if code == "total_row"] == [3, 4, 7]
    assert [row for code, row, _ in found if code == "total_differs"] == [3]
    assert [v for (v,) in read(tmp_path, "town_reports", "value")] == [3, 4, 5]


def test_a_mean_of_towns_is_no_part_of_their_total(tmp_path):
    rows = [["溪口镇", 3], ["尚田街道", 4], ["平均", 3.5], ["全区", 7]]
    book(tmp_path, {"S": [["2023年各镇街完成情况"], ["镇街", CLOSED], *rows]})
    assert codes(tmp_path) == {"taken_from_title", "row_compares", "total_row"}


def test_an_unknown_town_is_refused_across_the_top_as_in_the_rows(tmp_path):
    title = ["2023年各镇街完成情况"]
    heads = ["序号", "指标", "溪口镇", "尚田街道", "大桥街道", "合计", "排名"]
    book(tmp_path, {"S": [title, heads, [1, CLOSED, 3, 4, 5, 12, 2]]})
    assert told(tmp_path) == [("unknown_part", 2, "大桥街道")]
    book(tmp_path, {"S": [title, ["镇街", CLOSED], ["溪口镇", 3], ["大桥街道", 5]]})
    assert told(tmp_path) == [("unknown_part", 4, "大桥街道")]


@pytest.mark.parametrize("group", ["大桥街道", "合计"])
def test_a_figure_beneath_an_unknown_group_is_not_dropped_in_silence(tmp_path, group):
    heads = ["指标", "溪口镇", None, "尚田街道", None, group, None]
    second = [None, *["完成数", "完成率"] * 3]
    lines = [["2023年各镇街完成情况"], heads, second, [CLOSED, 3, "50%", 4, "60%", 5, "70%"]]
    book(tmp_path, {"S": lines}, merges=["A2:A3", "B2:C2", "D2:E2", "F2:G2"])
    if group == "合计":
        assert told(tmp_path) == []
        assert "合计 完成数" in told(tmp_path, "warning")[0][2]
    else:
        assert told(tmp_path) == [("unknown_part", 3, group)]


def test_towns_beside_the_whole_district_and_a_remark_are_a_table_of_towns(tmp_path):
    heads = ["指标", "单位", "全区", "溪口镇", "尚田街道", "备注"]
    book(tmp_path, {"S": [["2023年完成情况"], heads, [CLOSED, "家", 7, 3, 4, "无"]]})
    assert told(tmp_path) == []
    assert [v for (v,) in read(tmp_path, "town_reports", "value")] == [3, 4]


FIRM = ["企业名称", "统一社会信用代码", "镇街"]


def test_years_beneath_the_name_of_each_figure_of_firms(tmp_path):
    heads = [*FIRM, "用地面积(亩)", None, "实缴税金（千元）", None]
    years = [None, None, None, *["2022年", "2023年"] * 2]
    rows = [heads, years, ["甲", FIRMS[0], "溪口镇", 60, 61, 1000, 1200]]
    merges = ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"]
    book(tmp_path, {"S": rows}, merges=merges)
    assert told(tmp_path) == []
    found = read(tmp_path, "enterprises", "year", "land_mu", "tax_wan")
    assert found == [(2022, 60.0, 100.0), (2023, 61.0, 120.0)]
    heads[3:5], years[3:5] = ["用地面积(亩)"], [None]
    rows[2].pop(3)
    book(tmp_path, {"S": rows}, merges=[*merges[:3], "D1:D2", "E1:F1"])
    assert told(tmp_path) == [("column_time", 2, "用地面积(亩)")]


@pytest.mark.parametrize("names", [("溪口镇", "莼湖街道"), ("一、溪口镇", "二、莼湖街道")])
def test_towns_that_head_their_firms_are_read_and_told(tmp_path, names):
    first, second = [["甲", FIRMS[0], 60, 120]], [["乙", FIRMS[1], 30, 60]]
    heads = ["企业名称", "统一社会信用代码", "用地面积（亩）", "实缴税金（万元）"]
    book(tmp_path, {"2023": [heads, [names[0]], *first, [names[1]], *second]})
    assert read(tmp_path, "enterprises", "town_code") == [("330213008",), ("330213100",)]
    book(tmp_path, {"2023": [heads, *first, [names[1]], *second]})
    assert told(tmp_path) == [("row_heads", 3, names[1])]


def test_towns_as_offices_write_them(tmp_path):
    heads = ["企业名称", "统一社会信用代码", "用地面积(亩)", "税收(万元)", "所在乡镇（街道）"]
    for i, town in enumerate(["奉化区溪口镇", "溪口镇人民政府", "Xikou"]):
        (tmp_path / str(i)).mkdir()
        book(tmp_path / str(i), {"2023": [heads, ["甲", FIRMS[0], 60, 100, town]]})
        assert read(tmp_path / str(i), "enterprises", "town_code") == [("330213100",)]


def test_towns_across_as_offices_write_them(tmp_path):
    towns = ["奉化区溪口镇", "尚田街道办事处", "宁波市奉化区开发区"]
    book(
        tmp_path, {"S": [["2023年各镇街完成情况"], ["指标", *towns, "合计"], [CLOSED, 3, 4, 2, 9]]}
    )
    assert told(tmp_path) == []
    assert [v for (v,) in read(tmp_path, "town_reports", "value")] == [2, 3, 4]


def test_a_heading_of_streets_is_no_total(tmp_path):
    rows = [["街道"], ["尚田街道", 3], ["镇"], ["溪口镇", 4], ["镇", 4], ["合计", 7]]
    book(tmp_path, {"S": [["2023年各镇街完成情况"], ["镇街", CLOSED], *rows]})
    assert [row for code, row, _ in told(tmp_path, "warning") if code == "total_row"] == [7, 8]
    assert [v for (v,) in read(tmp_path, "town_reports", "value")] == [3, 4]


@pytest.mark.parametrize("kind", ["目标", "计划"])
def test_years_of_tasks_are_not_left_out(tmp_path, kind):
    rows = [["溪口镇", f"2023年{kind}", CLOSED, 3], ["溪口镇", f"2024年{kind}", CLOSED, 4]]
    book(tmp_path, {"S": [["各镇街任务分解表"], ["镇街", "年度", "指标", "任务数"], *rows]})
    assert [row for _, row, _ in told(tmp_path)] == [3, 4]


def test_a_period_of_progress_is_no_comparison_and_a_goal_is_one(tmp_path):
    rows = [["2022年", 30], ["2025年目标", 32]]
    book(tmp_path, {"S": [["期间", TAX], *rows]})
    assert ("row_compares", 3, "2025年目标") in told(tmp_path, "warning")
    book(tmp_path, {"S": [["期间", TAX], *rows, ["2023年进度", 31]]})
    assert told(tmp_path) == [("not_period", 4, "2023年进度")]


def test_small_counts_of_a_sheet_not_known_are_figures(tmp_path):
    known = [["指标", "2023年"], [TAX, 31]]
    book(tmp_path, {"指标": known, "附": [["镇街", "排查企业"], ["溪口镇", 1], ["尚田街道", 2]]})
    assert told(tmp_path) == [("sheet_unread", None, "")]
    (unread,) = [p for p in dataset.check(RAW, tmp_path) if p.code == "sheet_unread"]
    assert "：指标数据, 企业, 园区, 镇街完成情况, 镇街任务, 等级调整。" in unread.text()
    assert "指標數據, 企業" in unread.text("zh-Hant")
    assert "tables: observations, enterprises," in unread.text("en")


@pytest.mark.parametrize("name", ["单位", "镇（街道）"])
def test_towns_may_stand_beneath_a_heading_for_units(tmp_path, name):
    rows = [["溪口镇", 3], ["尚田街道办事处", 4], ["开发区", 2]]
    book(tmp_path, {"S": [["2023年各镇街完成情况"], [name, CLOSED], *rows]})
    assert told(tmp_path) == []
    assert [v for (v,) in read(tmp_path, "town_reports", "value")] == [2, 3, 4]


def test_a_list_of_sheets_and_a_cover_hold_no_figures(tmp_path):
    cover = [["统计报表"], ["联系电话", 88888888], ["共", 3, "页"]]
    contents = [["序号", "表名"], [1, "指标"], [2, "镇街"]]
    book(tmp_path, {"封面": cover, "附": contents, "指标": [["指标", "2023年"], [TAX, 31]]})
    assert codes(tmp_path) == {"sheet_ignored"}
    book(tmp_path, {"附": [*contents, [7, "企业"]], "指标": [["指标", "2023年"], [TAX, 31]]})
    assert codes(tmp_path) == {"sheet_unread"}


@pytest.mark.parametrize("name", [TAX, LAND, f"9.{LAND}（平方公里）"])
def test_a_blank_figure_is_told_however_long_the_name_of_its_row(tmp_path, name):
    book(
        tmp_path, {"2023年": [["指标", "完成数"], [RATE, 21], [name, None], ["口径见附件说明一览"]]}
    )
    assert told(tmp_path) == [("value_missing", 3, "")]
    book(tmp_path, {"S": [["指标", "2022年", "2023年"], [RATE, 21, 22], [name, None, None]]})
    assert codes(tmp_path) == set()


def test_targets_in_a_column_without_a_heading_are_named(tmp_path):
    rows = [[TAX, "目标", 30, 31], [None, "实际", 29, 32]]
    book(tmp_path, {"S": [["指标", None, "2022年", "2023年"], *rows]}, merges=["A2:A3"])
    assert told(tmp_path)[0] == ("row_qualified", 2, "目标")


@pytest.mark.parametrize("title", [[], ["二、2023年各镇街完成情况"]])
def test_a_table_of_another_kind_beneath_is_another_table(tmp_path, title):
    first = [["2023年主要指标"], ["指标", "完成数"], [TAX, 30], [], title]
    book(tmp_path, {"S": [*first, ["镇街", CLOSED], ["溪口镇", 3]]})
    assert told(tmp_path) == [("another_table", 6, f"镇街 {CLOSED}")]


def test_units_and_statuses_as_they_are_written(tmp_path):
    heads = ["Indicator", "Unit", "2022"]
    name = "Tax per mu of above-scale industry"
    book(tmp_path, {"S": [heads, [name, "10,000 yuan/mu", 30]]})
    assert read(tmp_path, "observations", "value") == [(30.0,)]
    rows = [[TAX, "2022年12月", 30, "年报数"], [TAX, "2023年6月", 16, "快报值"]]
    book(tmp_path, {"S": [["指标", "统计时间", "数值", "数据状态"], *rows]})
    assert read(tmp_path, "observations", "status") == [("final",), ("preliminary",)]


def test_a_title_is_no_group_of_the_column_beneath_it(tmp_path):
    lines = [[f"2023年{CLOSED}"], ["月份", CLOSED], ["1-3月", 4], ["1-6月", 9]]
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == {"year_from_title"}
    found = read(tmp_path, "observations", "period", "value")
    assert found == [("2023-03", 4.0), ("2023-06", 9.0)]


def test_the_areas_own_name_among_its_towns_is_their_total(tmp_path):
    rows = [["奉化区", 13], ["锦屏街道", 3], ["岳林街道", 9]]
    book(tmp_path, {"S": [["2023年各镇街完成情况"], ["镇街", CLOSED], *rows]})
    assert codes(tmp_path) == {"taken_from_title", "total_row", "total_differs"}
    heads = ["指标", "奉化区", "锦屏街道", "岳林街道", "区属", "全市"]
    book(tmp_path, {"S": [["2023年各镇街完成情况"], heads, [CLOSED, 12, 3, 9, 4, 3]]})
    assert codes(tmp_path) == {"taken_from_title", "columns_ignored"}
    assert [v for (v,) in read(tmp_path, "town_reports", "value")] == [3, 9]


def test_a_mean_beside_the_number_of_the_row_and_towns_beneath_a_heading_for_units(tmp_path):
    rows = [[1, "溪口镇", 5, 3], [2, "尚田街道", 6, 4], ["平均", None, 5.5, 3.5]]
    title = [f"2023年各镇街{CLOSED}完成情况"]
    book(tmp_path, {"S": [title, ["序号", "单位", "目标任务", "完成数"], *rows]})
    assert told(tmp_path) == []
    assert ("row_compares", 5, "平均") in told(tmp_path, "warning")
    assert [v for (v,) in read(tmp_path, "town_reports", "value")] == [3, 4]


def test_a_note_of_one_year_is_of_no_other(tmp_path):
    lines = [["指标", "2022年", "2023年"], [CLOSED, 50, 60], ["注1：2023年数据截至9月底"]]
    book(tmp_path, {"S": lines})
    assert len(told(tmp_path)) == 1
    lines[0][2] = "2023年9月"
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == set()


@pytest.mark.parametrize("title", ["奉化区溪口镇2023年完成情况", "宁波市奉化区尚田街道指标2023年"])
def test_figures_of_a_town_behind_the_areas_name_are_not_the_areas(tmp_path, title):
    book(tmp_path, {"S": [[title], ["指标", "完成数", "口径"], [CLOSED, 3, "cumulative"]]})
    assert told(tmp_path) == []
    assert read(tmp_path, "town_reports", "period", "value") == [("2023", 3.0)]
    assert read(tmp_path, "observations", "value") == []
    book(tmp_path, {"S": [["奉化区2023年各镇街情况"], ["指标", "完成数", "口径"], [CLOSED, 3, ""]]})
    assert told(tmp_path) == []


def test_levels_beside_their_growth_beneath_each_year(tmp_path):
    years, kinds = ["指标", "2022年", None, "2023年", None], [None, *["绝对值", "增速%"] * 2]
    merges = ["A1:A2", "B1:C1", "D1:E1"]
    book(tmp_path, {"S": [years, kinds, [TAX, 30, 5, 31, 3]]}, merges=merges)
    assert codes(tmp_path) == {"columns_ignored"}
    assert read(tmp_path, "observations", "period", "value") == [("2022", 30.0), ("2023", 31.0)]


@pytest.mark.parametrize(
    ("title", "table"),
    [("目标任务完成情况", "town_reports"), ("任务分解", "town_tasks"), ("指标", "")],
)
def test_a_title_of_completed_tasks_is_of_reports(tmp_path, title, table):
    book(tmp_path, {"S": [[f"2023年各镇街{title}表"], ["镇街", CLOSED], ["溪口镇", 3]]})
    if table:
        assert read(tmp_path, table, "value") == [(3.0,)]
    else:
        (problem,) = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
        assert problem.code == "table_unclear"
        assert "镇街任务 (任务、目标、任务分解)" in problem.text()
        assert "town_tasks (任务、目标、任务分解)" in problem.text("en")
