"""Tables as clerks send them: headings in words of their own, short names, groups of rows."""

import pytest
from test_natural_tables import CLEANED, CLOSED, FIRMS, RAW, TAX, book, codes, read

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
def test_tasks_beside_what_was_done_are_said_to_be_unread(tmp_path, tasks):
    heads = ["镇街", "指标", "年份", tasks, "完成数"]
    book(tmp_path, {"完成情况": [heads, ["溪口镇", CLOSED, 2023, 5, 3]]})
    found = dataset.check(RAW, tmp_path)
    assert [(p.code, p.address, p.severity) for p in found] == [("figure_aside", "D1", "warning")]
    assert "town_tasks" in found[0].text()
    assert read(tmp_path, "town_reports", "value") == [(3.0,)]
