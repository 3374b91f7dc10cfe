"""Tables as clerks send them: headings in words of their own, short names, groups of rows."""

import pytest
from test_natural_tables import CLEANED, CLOSED, FIRMS, RAW, TAX, book, codes, read

import fenghua
from fenghua import report, summary
from fenghua.inputs import dataset


@pytest.mark.parametrize("heading", ["指标名", "主要指标", "考核指标", "项目"])
@pytest.mark.parametrize("rows", [[(TAX, 163)], [(TAX, 163), (CLOSED, 70)]])
def test_a_column_of_known_indicators_is_read_whatever_its_heading(tmp_path, heading, rows):
    book(tmp_path, {"S": [["2023年主要指标"], [heading, "完成数"], *rows]})
    assert codes(tmp_path) == {"taken_from_title"}
    assert sorted(v for (v,) in read(tmp_path, "observations", "value")) == sorted(
        value for _, value in rows
    )


@pytest.mark.parametrize(
    ("written", "likely"),
    [("亩均税收", TAX), ("规上亩均税收", TAX), ("淘汰落后产能", CLOSED), ("散乱污企业", CLEANED)],
)
def test_a_short_name_is_refused_with_the_likely_one(tmp_path, written, likely):
    book(tmp_path, {"S": [["指标", "2023年"], [written, 163]]})
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.severity == "error")
    assert (found.code, found.address) == ("unknown_reference", "A2")
    assert likely in found.text()


def test_a_town_across_the_top_is_refused_with_the_likely_one(tmp_path):
    heads = ["指标", "溪口镇", "尚田街", "其他", "平均"]
    book(tmp_path, {"S": [["2023年各镇街完成情况"], heads, [CLOSED, 3, 4, 1, 2]]})
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [(p.code, p.address) for p in found] == [
        ("unknown_part", "C2"),
        ("unknown_part", "D2"),
    ]
    assert "尚田街道" in found[0].text() and "请删去" in found[1].text()


def test_a_town_that_heads_its_firms_is_no_firm(tmp_path):
    heads = ["统一社会信用代码", "企业名称", "所属镇街", "用地面积", "实缴税金"]
    rows = [["溪口镇"], [FIRMS[0], "甲", "溪口镇", 10, 110]]
    book(tmp_path, {"2023年": [heads, *rows]})
    assert read(tmp_path, "enterprises", "enterprise_id", "land_mu") == [(FIRMS[0], 10.0)]


@pytest.mark.parametrize("figure", ["企业数", CLOSED])
def test_two_tables_beside_each_other_are_not_read_as_one(tmp_path, figure):
    heads = ["指标", "完成数", None, "镇街", figure]
    rows = [[TAX, 163, None, "溪口镇", 3], [CLOSED, 70, None, "尚田街道", 4]]
    book(tmp_path, {"S": [["2023年"], heads, *rows]})
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [(p.code, p.address, p.found) for p in found] == [("table_beside", "D2", "镇街")]


def test_a_blank_column_within_a_table_does_not_part_it(tmp_path):
    heads = ["序号", "镇街", None, "指标", "完成数"]
    rows = [[1, "溪口镇", None, CLOSED, 3], [2, "尚田街道", None, CLOSED, 4]]
    book(tmp_path, {"S": [["2023年各镇街完成情况"], heads, *rows]})
    assert [v for (v,) in read(tmp_path, "town_reports", "value")] == [3, 4]


@pytest.mark.parametrize("remark", ["单位为万元", "单位：元/亩", "元/亩", "快报，单位为元/亩"])
def test_a_remark_that_gives_another_unit_is_refused(tmp_path, remark):
    lines = [["指标", "期间", "完成数", "备注"], [CLOSED, 2023, 70, ""], [TAX, 2023, 163, remark]]
    book(tmp_path, {"S": lines})
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [(p.code, p.address) for p in found] == [("row_qualified", "D3")]


def test_a_remark_of_another_unit_beside_a_firm_is_refused(tmp_path):
    heads = ["统一社会信用代码", "企业名称", "所属镇街", "用地面积", "实缴税金", "备注"]
    book(tmp_path, {"2023年": [heads, [FIRMS[0], "甲", "溪口镇", 10, 110, "单位为亿元"]]})
    assert "row_qualified" in codes(tmp_path)


@pytest.mark.parametrize("remark", ["单位为万元/亩", "牵头单位为经信局", "已核实", "单位已核实"])
def test_a_remark_that_changes_no_unit_is_read_over(tmp_path, remark):
    book(tmp_path, {"S": [["指标", "期间", "完成数", "备注"], [TAX, 2023, 163, remark]]})
    assert codes(tmp_path) == set()


@pytest.mark.parametrize("tasks", ["任务", "任务数", "目标任务数"])
def test_tasks_beside_what_was_done_are_a_table_of_their_own(tmp_path, tasks):
    heads = ["镇街", "指标", "年份", tasks, "完成数"]
    book(tmp_path, {"完成情况": [heads, ["溪口镇", CLOSED, 2023, 5, 3]]})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "town_reports", "period", "value") == [("2023", 3.0)]
    assert read(tmp_path, "town_tasks", "year", "value") == [(2023, 5.0)]


def test_tasks_of_no_known_year_beside_what_was_done_are_said_to_be_unread(tmp_path):
    heads = ["镇街", "指标", "期间", "任务数", "完成数"]
    book(tmp_path, {"完成情况": [heads, ["溪口镇", CLOSED, "2023年6月", 5, 3]]})
    found = dataset.check(RAW, tmp_path)
    assert [(p.code, p.address, p.severity) for p in found] == [("figure_aside", "D1", "warning")]
    assert "（镇街任务）" in found[0].text()
    assert "(town_tasks)" in found[0].text("en")


TASKS, DONE = ("town_tasks", "year"), ("town_reports", "period")


@pytest.mark.parametrize(
    ("lines", "merges"),
    [
        ([["指标", "溪口镇", None, "尚田街道", None], ["", *["任务", "完成"] * 2],
          [CLOSED, 5, 3, 6, 4]], ["A1:A2", "B1:C1", "D1:E1"]),
        ([["镇街", "目标任务", "完成数"], ["", CLOSED, CLOSED],
          ["溪口镇", 5, 3], ["尚田街道", 6, 4]], ["A1:A2"]),
        ([["镇街", CLOSED, None], ["", "任务数", "完成数"],
          ["溪口镇", 5, 3], ["尚田街道", 6, 4]], ["A1:A2", "B1:C1"]),
    ],
)  # fmt: skip
def test_tasks_and_what_was_done_in_two_rows_of_headings_are_told_apart(tmp_path, lines, merges):
    book(tmp_path, {"2023年": lines}, merges=merges)
    assert codes(tmp_path) == {"taken_from_title"}
    for (table, time), figures, when in ((TASKS, (5, 6), 2023), (DONE, (3, 4), "2023")):
        found = read(tmp_path, table, "town_code", time, "value")
        towns = ("330213100", "330213007")
        assert found == sorted((town, when, own) for town, own in zip(towns, figures, strict=True))


def test_a_sheet_of_one_town_is_of_that_town(tmp_path):
    lines = [["2023年完成情况"], ["指标", "完成数"], [CLOSED, 3]]
    book(tmp_path, {"溪口镇": lines, "尚田街道": lines})
    assert read(tmp_path, "town_reports", "town_code", "value") == [
        ("330213007", 3.0),
        ("330213100", 3.0),
    ]


@pytest.mark.parametrize("heads", [["2023年完成数", "2025年任务数"], ["2023年实际完成", "2025年"]])
def test_what_was_done_beside_tasks_of_another_year_is_read_too(tmp_path, heads):
    book(tmp_path, {"任务分解": [["镇街", "指标", *heads], ["溪口镇", CLOSED, 3, 8]]})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "town_tasks", "year", "value") == [(2025, 8.0)]
    assert read(tmp_path, "town_reports", "period", "value") == [("2023", 3.0)]


def test_a_bare_year_beside_the_task_of_another_is_what_the_title_says(tmp_path):
    lines = [["镇街", "指标", "2023年", "2025年任务数"], ["溪口镇", CLOSED, 3, 8]]
    book(tmp_path, {"S": [["各镇街完成情况"], *lines]})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "town_reports", "period", "value") == [("2023", 3.0)]
    assert read(tmp_path, "town_tasks", "year", "value") == [(2025, 8.0)]
    book(tmp_path, {"S": [["各镇街"], *lines]})
    assert codes(tmp_path) == {"table_unclear"}


def test_a_goal_beside_the_districts_figures_makes_no_table_of_towns(tmp_path):
    heads = ["指标", "2023年", "2025年目标"]
    book(tmp_path, {"S": [["主要指标完成情况"], heads, [TAX, 163, 174]]})
    assert read(tmp_path, "observations", "period", "value") == [("2023", 163.0)]


@pytest.mark.parametrize("written", ["110⁽²⁾", "110²", "110②", "110 ①"])
def test_a_raised_mark_of_a_note_beside_a_figure_is_named(tmp_path, written):
    book(tmp_path, {"S": [["2023年"], HEADS, [TAX, written]]})
    assert "footnote" in codes(tmp_path)


HEADS = ["指标", "完成数"]


@pytest.mark.parametrize(
    ("sheets", "where"),
    [
        ({"2022": [HEADS, [TAX, 160]], "2022年1-12月": [HEADS, [TAX, 162]]}, "2 (in.xlsx 2022)"),
        ({"S": [["指标", "2022年", "2022年12月"], [TAX, 160, 162]]}, "2 (B2)"),
    ],
)  # fmt: skip
def test_the_other_figure_of_a_moment_is_named_with_its_sheet_or_cell(tmp_path, sheets, where):
    book(tmp_path, sheets)
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.code == "moment_twice")
    assert f"row {where} which says 160" in found.text("en")


@pytest.mark.parametrize("year", ["2025年底", "到2025年", "至2025年末", "2025年度", 2025])
def test_the_end_of_a_year_is_the_year_of_a_task(tmp_path, year):
    lines = [["镇街", "指标", "任务年份", "任务数"], ["溪口镇", CLOSED, year, 3]]
    book(tmp_path, {"任务": lines})
    assert read(tmp_path, "town_tasks", "year", "value") == [(2025, 3.0)]


@pytest.mark.parametrize(
    ("sheet", "lines", "found"),
    [
        ("规上", [], {(True, "")}),
        ("S", [["2023年奉化区规模以下工业企业"]], {(False, "")}),
        ("溪口镇", [["2023年规上工业企业"]], {(True, "330213100")}),
        ("S", [["2023年奉化区溪口镇企业（不含规下）"]], {(False, "330213100")}),
    ],
)
def test_titles_say_which_firms_a_register_holds(tmp_path, sheet, lines, found):
    heads = ["年份", "统一社会信用代码", "用地面积", "实缴税金"]
    book(tmp_path, {sheet: [*lines, heads, [2023, FIRMS[0], 10, 110]]})
    assert {*read(tmp_path, "enterprises", "is_above_scale", "town_code")} == found


@pytest.mark.parametrize(
    "title", ["2023年主要指标（不含萧王庙街道）", "主要指标（萧王庙街道已核）"]
)
def test_a_town_within_a_title_makes_no_table_of_its_own(tmp_path, title):
    book(tmp_path, {"2023年": [[title], ["指标", "完成数"], [TAX, 160]]})
    assert read(tmp_path, "observations", "area_code", "value") == [("330213", 160.0)]


def test_firms_above_and_below_scale_in_one_register_need_a_column_or_lines_of_their_own(tmp_path):
    heads = ["统一社会信用代码", "企业名称", "用地面积", "实缴税金"]
    rows = [["一、规上企业"], [FIRMS[0], "甲", 10, 110], ["二、规下企业"], [FIRMS[1], "乙", 5, 30]]
    book(tmp_path, {"2023年": [heads, *rows]})
    assert read(tmp_path, "enterprises", "name", "is_above_scale") == [("乙", False), ("甲", True)]
    book(tmp_path, {"2023年": [["规上和规下企业"], heads, *rows[1::2]]})
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.severity == "error")
    assert (found.code, "有 否, 是：" in found.text()) == ("title_unclear", True)


@pytest.mark.parametrize(
    ("head", "row", "at"),
    [
        (["指标", "2023年"], [TAX, 160, "元/亩"], "C2"),
        (["指标", "期间", "完成数"], [TAX, 2023, 160, 170], "D1"),
    ],
)
def test_what_stands_right_of_the_headings_is_no_remark_where_it_counts(tmp_path, head, row, at):
    book(tmp_path, {"S": [head, row]})
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [p.address for p in found] == [at]


def test_a_month_alone_beside_all_months_so_far_is_left_out(tmp_path):
    heads = [["指标", "5月", None, "1-6月", None], ["", *["绝对值", "增幅"] * 2]]
    lines = [["2023年6月"], *heads, [CLOSED, 2, 3, 65, 10]]
    book(tmp_path, {"S": lines}, merges=["A2:A3", "B2:C2", "D2:E2"])
    assert codes(tmp_path) == {"alone_aside", "columns_ignored"}
    assert read(tmp_path, "observations", "period", "value") == [("2023-06", 65.0)]
    lines[1][1] = "6月"
    book(tmp_path, {"S": lines}, merges=["A2:A3", "B2:C2", "D2:E2"])
    assert read(tmp_path, "observations", "period", "value") == [("2023-06", 65.0)]


def test_two_headings_of_one_column_and_two_rows_of_one_key_are_named_as_written(tmp_path):
    book(tmp_path, {"S": [["指标", "期间", "完成数", "实际值"], [TAX, 2022, 163, 164]]})
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.severity == "error")
    assert "“完成数”（C1）" in found.text()
    book(tmp_path, {"S": [["指标", "期间", "完成数"], [TAX, 2022, 163], [TAX, 2022, 164]]})
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.severity == "error")
    assert found.found == f"{TAX} 330213 2022"


@pytest.mark.parametrize("heads", [("现等级", "类型", "理由"), ("最终等级", "调整方式", "依据")])
@pytest.mark.parametrize("grade", ["D", "d", "Ｄ", "D类"])
def test_decisions_in_other_words(tmp_path, heads, grade):
    lines = [["统一社会信用代码", "企业名称", *heads], [FIRMS[0], "甲", grade, "一票否决", "事故"]]
    book(tmp_path, {"2023年度": lines})
    assert read(tmp_path, "adjustments", "year", "grade", "action") == [(2023, "D", "veto")]


FIRM = ["统一社会信用代码", "企业名称", "所属镇街", "用地面积", "实缴税金"]


def test_a_year_of_enterprises_that_has_not_ended_is_told(tmp_path):
    rows = [FIRM, [FIRMS[0], "甲", "溪口镇", 10, 110]]
    book(tmp_path, {"2093年": rows, "2023年": rows})
    found = [p for p in dataset.check(RAW, tmp_path) if p.code == "period_future"]
    assert [(p.sheet, p.found) for p in found] == [("2093年", "2093")]


def test_enterprises_without_value_added_have_no_pages_and_check_says_so(tmp_path):
    book(tmp_path, {"2023年": [FIRM, [FIRMS[0], "甲", "溪口镇", 10, 110]]})
    ds = fenghua.load(RAW, tmp_path)
    assert (len(ds.enterprises), ds.enterprise_years) == (1, ())
    assert "none has land, tax and value added" in summary.lines(ds, "en")[1]


def test_an_enterprise_register_of_the_amounts_needed_makes_its_pages(tmp_path):
    rows = [[f"X{i}", f"甲{i}", "溪口镇", 10 + i, 110, 300] for i in range(2)]
    book(tmp_path, {"2023年": [[*FIRM, "工业增加值"], *rows]})
    briefs = ("per_mu_efficiency", "town_comparison")
    out = tmp_path.parent / "out"
    assert report.report(data=RAW, actuals=tmp_path, out=out, briefs=briefs, jobs=0) == 0


@pytest.mark.parametrize(
    ("heads", "row"),
    [
        ([["上年实缴税金", "本年实缴税金(万元)"]], [100, 110]),
        ([["实缴税金(万元)", None], ["上年", "本年"]], [100, 110]),
        ([["实缴税金（万元）", None, None], ["合计", "增值税", "所得税"]], [110, 60, 50]),
    ],
)
def test_the_part_of_a_figure_that_counts_is_told_by_its_heading(tmp_path, heads, row):
    names = ["统一社会信用代码", "企业名称", "用地面积(亩)"]
    lines = [[*(names if not i else [None] * 3), *line] for i, line in enumerate(heads)]
    merges = ["A2:A3", "B2:B3", "C2:C3", f"D2:{'DEF'[len(row) - 1]}2"] if len(heads) > 1 else []
    book(tmp_path, {"S": [["2023年企业"], *lines, [FIRMS[0], "甲", 10, *row]]}, merges=merges)
    assert codes(tmp_path) == {"taken_from_title", "columns_ignored"}
    assert read(tmp_path, "enterprises", "year", "tax_wan") == [(2023, 110.0)]


@pytest.mark.parametrize(
    "lines",
    [
        [["指标", CLOSED, TAX], ["2021年", 60, 150], ["2022年", 65, 155]],
        [["年份", f"1.{CLOSED}", f"（二）{TAX}（元/亩）"], [2021, 60, 1.5e6], [2022, 65, 1.55e6]],
    ],
)
def test_indicators_across_in_the_corner_or_numbered(tmp_path, lines):
    book(tmp_path, {"S": lines})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "indicator_id", "period", "value") == [
        ("outdated_capacity_closed", "2021", 60.0),
        ("outdated_capacity_closed", "2022", 65.0),
        ("tax_per_mu", "2021", 150.0),
        ("tax_per_mu", "2022", 155.0),
    ]


def test_a_short_name_across_the_top_is_refused_with_the_likely_one(tmp_path):
    lines = [["2023年各镇街完成情况"], ["镇街", "淘汰落后产能", "备注"], ["溪口镇", 3, ""]]
    book(tmp_path, {"S": lines})
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [(p.code, p.address) for p in found] == [("unknown_reference", "B2")]
    assert CLOSED in found[0].text()


@pytest.mark.parametrize(
    ("figures", "at"),
    [
        ((5, 3, 4, 2), ["C2", "E2"]),
        ((8, 3, 4, 5), ["C2"]),
        ((60, 59, 61, 62), []),
        ((1, 0, 0, 1), []),  # the one project did not come after all
    ],
)
@pytest.mark.parametrize("name", [CLOSED, TAX])
def test_a_total_that_falls_as_figures_of_quarters_do_is_refused(tmp_path, name, figures, at):
    quarters = [f"2023年{word}季度" for word in "一二三四"]
    book(tmp_path, {"S": [["指标", *quarters], [name, *figures]]})
    found = [p.address for p in dataset.check(RAW, tmp_path) if p.code == "falls_within_year"]
    assert found == (at if name == CLOSED else [])


@pytest.mark.parametrize("name", [CLOSED, "规上工业增加值率"])
@pytest.mark.parametrize(("word", "asked"), [("本年累计", 1), ("累计完成", 0)])
def test_a_total_of_this_year_is_asked_about_where_a_count_goes_on(tmp_path, name, word, asked):
    book(tmp_path, {"S": [["2023年6月"], ["指标", "本月", word], [name, 20, 70]]})
    found = [p.address for p in dataset.check(RAW, tmp_path) if p.code == "since_january"]
    assert found == ["C3"] * (asked if name == CLOSED else 0)


def test_a_code_in_the_column_of_names_is_refused(tmp_path):
    book(
        tmp_path,
        {"2023年": [FIRM, [FIRMS[0], "甲", "溪口镇", 10, 110], ["乙", FIRMS[1], "", 5, 9]]},
    )
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [(p.code, p.address) for p in found] == [("not_code", "A3")]


def test_a_line_that_speaks_of_the_rows_beneath_it_is_refused(tmp_path):
    book(tmp_path, {"S": [["指标", "2023年"], [TAX, 160], ["（以下为上报数）"], [CLOSED, 70]]})
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert [(p.code, p.address) for p in found] == [("row_heads", "A3")]


@pytest.mark.parametrize("title", ["2023年", "2023年完成情况"])
def test_what_is_called_cumulative_itself_is_read(tmp_path, title):
    lines = [["镇街", "指标", "本年完成", "累计完成"], ["溪口镇", CLOSED, 1, 7]]
    book(tmp_path, {"S": [[title], *lines]})
    assert read(tmp_path, "town_reports", "period", "value") == [("2023", 7.0)]


def test_an_enterprise_in_several_rows_is_not_to_lose_one_of_them(tmp_path):
    heads = ["统一社会信用代码", "企业名称", "所属镇街", "用地面积", "实缴税金"]
    rows = [[FIRMS[0], "甲", "溪口镇", 10, 110], [FIRMS[0], "甲", "尚田街道", 5, 20]]
    book(tmp_path, {"2023年": [heads, *rows]})
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.severity == "error")
    assert (found.code, found.address) == ("duplicate_row", "A3")
    assert "请合为一行并把各数相加" in found.text()
