"""Tables as offices report them: monthly forms, corrections, towns with their tasks."""

import shutil
from types import SimpleNamespace

import pytest
from test_natural_tables import CLOSED, FIRMS, RAW, TAX, book, codes, read

from fenghua.inputs import dataset
from fenghua.inputs.actuals import consistency

DEALS, LAND, SAVED = "累计实现技术交易额", "累计腾出低效工业用地", "规上工业万元增加值能耗降低率"
FIRM = ["统一社会信用代码", "企业名称", "镇街", "用地面积", "实缴税金"]


def errors(folder):
    found = dataset.check(RAW, folder)
    return [(p.code, p.address) for p in found if p.severity == "error"]


@pytest.mark.parametrize(
    ("written", "periods"),
    [
        (("2023-1", "2023-2"), ["2023-Q1", "2023-Q2"]),
        (("202301", "202304"), ["2023-Q1", "2023-Q4"]),
        (("2023-03", "2023-06"), ["2023-03", "2023-06"]),
    ],
)
def test_beneath_quarters_a_number_is_that_of_a_quarter(tmp_path, written, periods):
    book(tmp_path, {"S": [["季度", TAX], *([when, 160] for when in written)]})
    assert [row[0] for row in read(tmp_path, "observations", "period")] == periods


def test_the_third_month_alone_beneath_quarters_is_refused(tmp_path):
    book(tmp_path, {"S": [["季度", TAX], ["2023-3", 160]]})
    assert errors(tmp_path) == [("not_period", "A2")]


def test_of_several_units_above_a_figure_takes_the_one_that_fits(tmp_path):
    lines = [["2023年（单位：万元、亩、%）"], ["指标", "完成数"], [DEALS, 16200], [LAND, 930]]
    book(tmp_path, {"S": lines})
    rows = read(tmp_path, "observations", "value", "unit")
    assert rows == [(pytest.approx(0.62), "平方公里"), (1.62, "亿元")]
    heads = ["指标", "完成数", "补助（万元）"]  # the unit of one column is not that of another
    book(tmp_path, {"S": [["2023年"], heads, [DEALS, 1.62, 5]]})
    assert read(tmp_path, "observations", "value") == [(1.62,)]
    book(tmp_path, {"S": [["2023年"], ["单位：万元、亿元"], *lines[1:3]]})
    assert errors(tmp_path) == [("cell_unit", "B4")]


def test_a_month_and_its_year_so_far_above_figures_and_growth(tmp_path):
    heads = ["指标", "本月", "", "1-本月累计", ""]
    beneath = ["", "绝对值", "增速", "绝对值", "增速"]
    lines = [["2023年1-6月"], heads, beneath, [DEALS, 0.31, 5.5, 1.62, 12.1]]
    book(tmp_path, {"S": lines}, merges=("A2:A3", "B2:C2", "D2:E2"))
    assert read(tmp_path, "observations", "period", "value") == [("2023-06", 1.62)]


def test_a_part_of_the_area_across_the_top(tmp_path):
    book(tmp_path, {"S": [["2023年"], ["指标", "全区", "其中：区属"], [TAX, 165, 170]]})
    rows = [("330213", 165.0), ("330213-qs", 170.0)]
    assert read(tmp_path, "observations", "area_code", "value") == rows


@pytest.mark.parametrize("part", ["其中：区属", "其中：区属企业"])
def test_a_part_of_the_area_beneath_its_indicator(tmp_path, part):
    book(tmp_path, {"S": [["2023年"], ["指标", "完成数"], [TAX, 165], [part, 170]]})
    rows = [("330213", 165.0), ("330213-qs", 170.0)]
    assert read(tmp_path, "observations", "area_code", "value") == rows


@pytest.mark.parametrize("place", ["title", "note"])
def test_firms_that_are_left_out_are_named(tmp_path, place):
    said = "剔除龙头企业" if place == "title" else "注：不含龙头企业。"
    lines = [["2023年指标"], ["指标", "完成数"], [TAX, 43]]
    lines = [[f"2023年指标（{said}）"], *lines[1:]] if place == "title" else [*lines, [said]]
    book(tmp_path, {"S": lines})
    assert "note_unheeded" in codes(tmp_path)


def test_firms_that_a_title_leaves_out_are_not_its_area(tmp_path):
    book(tmp_path, {"S": [["2023年指标（不含区属企业）"], ["指标", "完成数"], [TAX, 165]]})
    assert [row[0] for row in read(tmp_path, "observations", "area_code")] == ["330213"]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("奉化區製造業2023年目標", "title_goal"),
        ("2023年以來主要指標", "title_unclear"),
        ("2023年主要指標預計數", "title_estimate"),
    ],
)
def test_titles_in_traditional_script_say_the_same(tmp_path, title, code):
    book(tmp_path, {"S": [[title], ["指標", "數值"], ["規上工業畝均稅收", 168]]})
    assert code in codes(tmp_path)


def test_a_form_of_towns_in_traditional_script(tmp_path):
    lines = [["2023年各鎮街進展情況"], ["鎮街", "累計淘汰落後產能企業"], ["溪口鎮", 5]]
    signed = ["填報人：王芳", "審核人：李強"]
    book(tmp_path, {"S": [*lines, signed]})
    assert read(tmp_path, "town_reports", "town_code", "value") == [("330213100", 5.0)]
    text = "\r\n".join(",".join(map(str, line)) for line in lines)
    (tmp_path / "in.xlsx").unlink()
    (tmp_path / "in.csv").write_bytes(f"{text}\r\n".encode("big5hkscs"))
    assert read(tmp_path, "town_reports", "town_code", "value") == [("330213100", 5.0)]


def test_a_note_beneath_that_lists_units_is_not_passed_over(tmp_path):
    lines = [["指标", "完成数"], [DEALS, 16200], ["注：金额单位为万元，面积单位为亩"]]
    book(tmp_path, {"2023年": lines})
    assert errors(tmp_path) == [("unit_below", "A3")]


def test_a_note_between_lines_that_head_rows_is_none_of_them(tmp_path):
    lines = [["溪口镇"], [FIRMS[0], "甲", 10, 110], ["注：不含在建"], ["岳林街道"]]
    book(tmp_path, {"2023年": [[*FIRM[:2], *FIRM[3:]], *lines, [FIRMS[1], "乙", 5, 30]]})
    assert read(tmp_path, "enterprises", "town_code") == [("330213002",), ("330213100",)]


def test_a_total_is_no_reason_to_doubt_that_a_column_names_towns(tmp_path):
    rows = [["溪口镇", 5], ["经济开发区", 3], ["合计", 8]]
    book(tmp_path, {"S": [["2023年各镇街进展"], ["单位", CLOSED], *rows]})
    assert errors(tmp_path) == [("unknown_part", "A4")]


def test_a_total_that_was_corrected_may_fall_if_its_row_says_so(tmp_path):
    rows = [[CLOSED, "2023-03", 20, ""], [CLOSED, "2023-06", 41, ""], [CLOSED, "2023-09", 18, ""]]
    book(tmp_path, {"S": [["指标", "期间", "完成数", "备注"], *rows]})
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.severity == "error")
    assert (found.code, found.address) == ("falls_within_year", "C4")
    assert "核减" in found.text() and "corrected" in found.text("en")
    rows[2][3] = "核减23家"
    book(tmp_path, {"S": [["指标", "期间", "完成数", "备注"], *rows]})
    assert "total_falls" in codes(tmp_path)
    assert ("2023-09", 18.0) in read(tmp_path, "observations", "period", "value")


def test_an_indicator_that_is_called_a_revision_is_no_corrected_figure():
    places = {"indicator_id": (0, "指标"), "value": (1, "完成数"), "note": (2, "备注")}
    for remark, is_so in (("", False), ("更正", True)):
        lines = [["累计主导制修订国家标准", 18, remark]]
        table = SimpleNamespace(headings=places, lines=lines, rows=[1])
        assert consistency._is_corrected(table, 0) is is_so


@pytest.mark.parametrize(
    ("heading", "answers", "above"),
    [
        ("是否规上", ("规上", "规下"), [False, True]),
        ("企业规模", ("规上", "规模以下"), [False, True]),
        ("企业规模", ("中型", "微型"), [False, False]),
    ],
)
def test_firms_above_and_below_scale_in_words(tmp_path, heading, answers, above):
    firms = [[code, "甲", "溪口镇", 10, 110] for code in FIRMS]
    lines = [[*firm, answer] for firm, answer in zip(firms, answers, strict=True)]
    book(tmp_path, {"2023年": [[*FIRM, heading], *lines]})
    assert [row[0] for row in read(tmp_path, "enterprises", "is_above_scale")] == above
    assert ("columns_ignored" in codes(tmp_path)) == ("中型" in answers)


def test_tasks_of_the_year_beside_what_was_done(tmp_path):
    lines = [["镇街", "年度目标数", "已完成数"], ["溪口镇", 10, 9]]
    book(tmp_path, {"S": [[f"2023年{CLOSED}完成情况"], *lines]})
    assert read(tmp_path, "town_reports", "town_code", "value") == [("330213100", 9.0)]
    assert read(tmp_path, "town_tasks", "year", "value") == [(2023, 10.0)]


@pytest.mark.parametrize(
    ("heads", "first", "second", "column", "values"),
    [
        ([*FIRM[:2], *FIRM[3:]], "一、溪口镇", "二、岳林街道", "town_code", ["002", "100"]),
        (["指标", "完成数"], "2022年", "2023年", "period", ["2022", "2023"]),
        (["镇街", "完成数"], CLOSED, "累计整治“散乱污”企业", "indicator_id", ["sed", "ied"]),
    ],
)
def test_lines_that_head_all_rows_are_a_column(tmp_path, heads, first, second, column, values):
    rows = {
        "town_code": ([FIRMS[0], "甲", 10, 110], [FIRMS[1], "乙", 5, 30]),
        "period": ([TAX, 160], [TAX, 165]),
        "indicator_id": (["溪口镇", 5], ["溪口镇", 7]),
    }[column]
    title = {"town_code": "2023年企业", "indicator_id": "2023年各镇街进度"}.get(column, "主要指标")
    lines = [[title], heads, [first], rows[0], [second], rows[1]]
    book(tmp_path, {"S": lines})
    table = {"town_code": "enterprises", "indicator_id": "town_reports"}.get(column, "observations")
    assert [row[0][-len(values[0]) :] for row in read(tmp_path, table, column)] == values
    assert [p.address for p in dataset.check(RAW, tmp_path) if p.code == "heads_read"] == ["A3"]
    book(tmp_path, {"S": [*lines, ["宁波南部滨海经济开发区"], rows[1]]})
    assert errors(tmp_path)  # what another line heads is not that of the one before


@pytest.mark.parametrize("names", [("溪口镇", "岳林街道"), ("岳林街道", "岳林街道")])
def test_codes_with_their_names_beside_are_one_column(tmp_path, names):
    towns = zip(("330213100", "330213002"), names, strict=True)
    rows = [[*town, "2023", CLOSED, 5] for town in towns]
    total = ["", "合计", "", "", 10]
    book(tmp_path, {"S": [["镇街代码", "镇街", "期间", "指标", "完成数"], *rows, total]})
    wrong = [] if names[0] == "溪口镇" else [("column_twice", "B1")]
    assert errors(tmp_path) == wrong


def test_a_task_beside_what_each_town_has_done_makes_no_doubt(tmp_path):
    book(tmp_path, {"S": [["2023年各镇街情况"], ["镇街", CLOSED, "任务数"], ["溪口镇", 9, 10]]})
    assert read(tmp_path, "town_reports", "period", "value") == [("2023", 9.0)]
    assert "figure_aside" in codes(tmp_path)


def test_a_missing_indicator_is_refused_with_those_of_which_the_title_speaks(tmp_path):
    book(tmp_path, {"S": [["各镇街“散乱污”整治进度"], ["镇街", "2023年6月"], ["溪口镇", 3]]})
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.severity == "error")
    assert found.code == "column_missing" and "累计整治“散乱污”企业" in found.text()


def test_a_row_of_data_is_no_row_of_headings(tmp_path):
    heads = ["序号", "指标", "2023年目标", "责任单位", "6月底进展"]
    rows = [[1, CLOSED, 80, "经信局", 41], [2, TAX, 168, "税务局", 82]]
    book(tmp_path, {"S": [["2023年重点工作"], heads, *rows]})
    assert errors(tmp_path) == [("column_beyond", "C2")]


def test_of_headings_that_say_more_than_their_year_that_of_no_target_is_named(tmp_path):
    book(tmp_path, {"S": [["指标", "2025年目标", "2023年办结数"], [CLOSED, 80, 41]]})
    assert errors(tmp_path) == [("column_beyond", "C1")]


def test_a_reduction_below_zero_is_asked_about(tmp_path):
    book(tmp_path, {"2023年": [["指标", "完成数"], [SAVED, -4.5]]})
    (found,) = (p for p in dataset.check(RAW, tmp_path) if p.code == "reduction_negative")
    assert found.address == "B2" and "4.5 %" in found.text()


@pytest.mark.parametrize("office", ["溪口镇政府", "西坞街办"])
def test_a_town_by_its_office(tmp_path, office):
    book(tmp_path, {"2023年": [["镇街", "指标", "完成数"], [office, CLOSED, 9]]})
    assert errors(tmp_path) == []


def test_two_towns_with_one_code_of_twelve_digits_are_named(tmp_path):
    shutil.copytree(RAW, tmp_path / "raw")
    towns = tmp_path / "raw" / "reference" / "towns.csv"
    text = towns.read_text(encoding="utf-8").replace("330213002000", "330213001000")
    towns.write_text(text, encoding="utf-8")
    (found,) = (p for p in dataset.check(tmp_path / "raw") if p.severity == "error")
    assert (found.code, found.column, found.found) == ("duplicate_row", "code_12", "330213001000")
