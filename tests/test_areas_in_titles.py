"""Of which area figures are, and how final, where only a title or a sheet's name says so."""

import pytest
from test_columns_left_out import errors
from test_natural_tables import CLOSED, TAX, book, codes, read

from fenghua.inputs.actuals import areas
from tidysheets.units import key

HEAD = ["指标", "2022年"]


@pytest.mark.parametrize(
    ("sheet", "title"),
    [
        ("S", "鄞州区2022年规上工业主要指标完成情况"),
        ("S", "宁波市鄞州区主要指标"),
        ("鄞州区", "主要指标"),
        ("S", "宁波市2022年主要指标"),
        ("S", "2022年余姚市工业指标"),
        ("S", "鄞州区指标完成情况"),
        ("S", "奉化经济开发区2022年主要指标"),
        ("S", "宁波经济技术开发区主要指标"),
        ("S", "2022年慈溪高新区规上工业"),
        ("S", "宁波市奉化区方桥工业园区主要指标"),
        ("前湾新区", "主要指标"),
    ],
)
def test_a_table_of_another_area_is_refused(tmp_path, sheet, title):
    book(tmp_path, {sheet: [[title], HEAD, [TAX, 30]]})
    assert errors(tmp_path) == [("area_other", "")]


@pytest.mark.parametrize(
    ("sheet", "title"),
    [
        ("S", "宁波市奉化区2022年主要指标"),
        ("宁波市", "奉化区主要指标"),
        ("S", "全区制造业主要指标"),
        ("S", "各区县市主要指标任务分解落实"),
        ("开发园区", "主要指标"),
        ("S", "填报单位：鄞州区统计局"),
        ("S", "全区（含溪口镇）主要指标"),
        ("S", "奉化2022年主要指标"),
        ("S", "奉化区各开发区主要指标"),
        ("S", "奉化区（含开发区）2022年主要指标"),
        ("S", "全区工业园区整治提升指标"),
        ("市区", "主要指标"),
        ("城区", "主要指标"),
        ("S", "示范区创建主要指标"),
    ],
)
def test_titles_of_the_district_are_read(tmp_path, sheet, title):
    book(tmp_path, {sheet: [[title], HEAD, [TAX, 30]]})
    assert codes(tmp_path) == set()
    assert read(tmp_path, "observations", "area_code") == [("330213",)]


@pytest.mark.parametrize(
    ("sheet", "title"),
    [("区属", "主要指标"), ("S", "奉化区属工业主要指标"), ("S", "2022年区属工业指标")],
)
def test_a_part_of_the_district_in_a_title_counts_for_its_rows(tmp_path, sheet, title):
    book(tmp_path, {"全区": [HEAD, [TAX, 31]], sheet: [[title], HEAD, [TAX, 30]]})
    assert codes(tmp_path) == {"taken_from_title"}
    found = read(tmp_path, "observations", "area_code", "value")
    assert found == [("330213", 31.0), ("330213-qs", 30.0)]


def test_a_column_of_areas_comes_before_the_title(tmp_path):
    lines = [["鄞州区与奉化区属指标"], ["指标", "地区", "期间", "完成数"], [TAX, "全区", 2022, 30]]
    book(tmp_path, {"S": lines})
    assert read(tmp_path, "observations", "area_code") == [("330213",)]


def test_the_status_in_a_title_counts_for_its_rows(tmp_path):
    book(tmp_path, {"S": [["2022年主要指标（快报数）"], HEAD, [TAX, 30]]})
    assert codes(tmp_path) == {"taken_from_title"}
    assert read(tmp_path, "observations", "status") == [("preliminary",)]
    lines = [["指标", "数据状态", "2022年"], [TAX, "年报", 30]]
    book(tmp_path, {"S": [["2022年主要指标（快报数）"], *lines]})
    assert read(tmp_path, "observations", "status") == [("final",)]


@pytest.mark.parametrize("heads", [["快报数", "终报数"], ["快报", "决算"], ["初步数", "核定数"]])
def test_a_final_figure_is_not_left_out_for_a_preliminary_one(tmp_path, heads):
    lines = [["指标", *(f"2022年{head}" for head in heads)], [TAX, 30, 31]]
    book(tmp_path, {"S": lines})
    assert [code for code, _ in errors(tmp_path)] == ["duplicate"]


def test_a_status_above_some_columns_is_of_these_alone(tmp_path):
    lines = [["指标", "2022年", None, "2023年快报", None], [None, *["目标", "完成"] * 2]]
    book(tmp_path, {"S": [*lines, [CLOSED, 9, 10, 19, 20]]}, merges=["A1:A2", "B1:C1", "D1:E1"])
    assert errors(tmp_path) == []
    found = read(tmp_path, "observations", "period", "value", "status")
    assert found == [("2022", 10.0, ""), ("2023", 20.0, "preliminary")]


@pytest.mark.parametrize(
    "title",
    ["2022年主要指标预计完成情况", "2022年指标（推算数）", "2022年指标测算", "2022年预期值"],
)
def test_expected_figures_are_refused(tmp_path, title):
    book(tmp_path, {"S": [[title], HEAD, [TAX, 30]]})
    assert errors(tmp_path) == [("title_estimate", "")]


@pytest.mark.parametrize(
    ("note", "is_refused"),
    [
        ("注：2022年数据为预计数。", True),
        ("说明：本表均为推算数", True),
        ("注：2025年为预计数", False),
        ("注：预计2025年完成。", False),
    ],
)
def test_a_note_that_figures_are_expected_counts_as_a_title(tmp_path, note, is_refused):
    book(tmp_path, {"S": [HEAD, [TAX, 30], [note]]})
    assert errors(tmp_path) == ([("title_estimate", "")] if is_refused else [])


@pytest.mark.parametrize(
    "title",
    [
        "奉化区2022年目标任务分解表",
        "“十四五”主要目标",
        "2022年主要指标计划",
        "2022年工作计划安排表",
    ],
)
def test_targets_are_no_figures_of_what_was_achieved(tmp_path, title):
    book(tmp_path, {"S": [[title], HEAD, [TAX, 30]]})
    assert errors(tmp_path) == [("title_goal", "")]


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("2022年目标任务完成情况", "2022年"),
        ("规划目标监测表", "2022年"),
        ("“十四五”主要目标", "2022年实际"),
    ],
)
def test_what_was_achieved_of_targets_is_read(tmp_path, title, heading):
    book(tmp_path, {"S": [[title], ["指标", heading], [TAX, 30]]})
    assert codes(tmp_path) == set()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("溪口镇2022年", "area_other"),
        ("宁波市2022年", "area_other"),
        ("2022年预计数", "title_estimate"),
        ("2022年任务", "title_goal"),
        ("宁波市奉化区2022年", ""),
    ],
)
def test_the_name_of_a_file_is_a_title_too(tmp_path, name, code):
    book(tmp_path, {"S": [HEAD, [TAX, 30]]})
    (tmp_path / "in.xlsx").rename(tmp_path / f"{name}.xlsx")
    assert errors(tmp_path) == ([(code, "")] if code else [])


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ([["填报单位：溪口镇人民政府"]], []),
        ([["填报单位：溪口镇经发办", "单位：万元/亩"]], []),
        ([], [["填报单位：溪口镇"]]),
    ],
)
def test_figures_that_a_town_reports_are_of_the_town(tmp_path, above, below):
    book(tmp_path, {"S": [*above, HEAD, [TAX, 30], *below]})
    assert errors(tmp_path) == [("area_other", "")]


def test_a_zone_with_a_plan_of_its_own_is_no_other_area():
    own = {key(name) for name in ("宁波经济技术开发区", "宁波经开区")}
    assert not areas._is_zone("宁波经济技术开发区2022年主要指标", own)
    assert not areas._is_zone("宁波经开区主要指标", own)
    assert areas._is_zone("宁波保税区主要指标", own)


@pytest.mark.parametrize(
    ("note", "area", "status"),
    [
        ("注：2022年为快报数。", "330213", "preliminary"),
        ("以上数据为初步核算数", "330213", "preliminary"),
        ("注：1.不含在建。2.本表數據為快報數。", "330213", "preliminary"),
        ("备注：数据为区属口径。", "330213-qs", ""),
        ("注：区属数", "330213-qs", ""),
        ("注：2021年为快报数", "330213", ""),
        ("注：增速为与2021年相比", "330213", ""),
    ],
)
def test_what_a_note_says_of_all_figures_counts_as_in_a_title(tmp_path, note, area, status):
    book(tmp_path, {"S": [HEAD, [TAX, 30], [note]]})
    assert codes(tmp_path) == ({"taken_from_title"} if area != "330213" or status else set())
    assert read(tmp_path, "observations", "area_code", "status") == [(area, status)]


def test_a_note_on_one_year_counts_for_that_year(tmp_path):
    lines = [["指标", "2022年", "2023年"], [TAX, 30, 31], ["注：2023年为快报数。"]]
    book(tmp_path, {"S": lines})
    assert read(tmp_path, "observations", "period", "status") == [
        ("2022", ""),
        ("2023", "preliminary"),
    ]


@pytest.mark.parametrize(
    ("note", "code"),
    [
        ("注：数据为2021年数。", "note_differs"),
        ("注：为上年同期数", "note_differs"),
        ("注：表中数据为溪口镇数据", "area_other"),
        ("注：表中为目标值", "title_goal"),
        ("注：亩均税收为快报数", "note_unheeded"),
        ("注：税收为2021年数据", "note_unheeded"),
        ("注：数据不含奉化区属企业", "note_unheeded"),
    ],
)
def test_a_note_that_contradicts_or_is_of_some_figures_is_told(tmp_path, note, code):
    book(tmp_path, {"S": [["2022年指标完成情况"], ["指标", "完成数"], [TAX, 30], [note]]})
    assert codes(tmp_path) == {"taken_from_title", code}


def test_a_remark_of_a_row_that_is_a_status_or_an_area_counts_for_it(tmp_path):
    rows = [[TAX, 30, "快报数"], [TAX, 20, "区属"], [CLOSED, 5, "不含在建"]]
    book(tmp_path, {"S": [[*HEAD, "备注"], *rows]})
    assert read(tmp_path, "observations", "value", "area_code", "status") == [
        (5.0, "330213", ""),
        (20.0, "330213-qs", ""),
        (30.0, "330213", "preliminary"),
    ]


def test_a_part_of_the_district_in_one_of_several_years(tmp_path):
    note = ["注：2023年为区属口径"]
    book(tmp_path, {"S": [["指标", "2022年", "2023年"], [TAX, 30, 31], note]})
    found = read(tmp_path, "observations", "period", "area_code")
    assert found == [("2022", "330213"), ("2023", "330213-qs")]
    down = [["指标", "期间", "数值"], [TAX, "2022", 30], [TAX, "2023", 31], note]
    book(tmp_path, {"S": down})
    assert codes(tmp_path) == {"note_unheeded"}
