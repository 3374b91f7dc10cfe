"""Of which area figures are, and how final, where only a title or a sheet's name says so."""

import pytest
from test_columns_left_out import errors
from test_natural_tables import CLOSED, TAX, book, codes, read

from fenghua.inputs import areas
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
        ("溪口镇", "主要指标"),
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
        ("S", "各区县市主要指标任务分解"),
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


def test_a_status_above_some_columns_is_of_these_alone(tmp_path):
    lines = [["指标", "2022年", None, "2023年快报", None], [None, *["目标", "完成"] * 2]]
    book(tmp_path, {"S": [*lines, [CLOSED, 9, 10, 19, 20]]}, merges=["A1:A2", "B1:C1", "D1:E1"])
    assert errors(tmp_path) == []
    found = read(tmp_path, "observations", "period", "value", "status")
    assert found == [("2022", 10.0, ""), ("2023", 20.0, "preliminary")]


@pytest.mark.parametrize("title", ["2022年主要指标预计完成情况", "2022年指标（推算数）"])
def test_expected_figures_are_refused(tmp_path, title):
    book(tmp_path, {"S": [[title], HEAD, [TAX, 30]]})
    assert errors(tmp_path) == [("title_estimate", "")]


def test_a_zone_with_a_plan_of_its_own_is_no_other_area():
    own = {key(name) for name in ("宁波经济技术开发区", "宁波经开区")}
    assert not areas._is_zone("宁波经济技术开发区2022年主要指标", own)
    assert not areas._is_zone("宁波经开区主要指标", own)
    assert areas._is_zone("宁波保税区主要指标", own)
