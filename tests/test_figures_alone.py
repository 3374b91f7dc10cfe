"""Figures of a month or year alone beside figures that count to the end of a period."""

import pytest
from test_columns_left_out import errors, refused
from test_natural_tables import CLOSED, RAW, TAX, book, codes, read

from fenghua.inputs import dataset

RATE_HELD = "规上工业增加值率"
JUNE = ["2023年6月完成情况"]


@pytest.mark.parametrize(
    "lines",
    [
        [["指标", "2023年6月", "2023年累计"], [CLOSED, 20, 70]],
        [["指标", "2023年6月", "2023年累计完成"], [CLOSED, 20, 70]],
        [["指标", "2023年6月", "2023年1-6月"], [CLOSED, 20, 70]],
        [["指标", "2023年6月当月", "2023年6月累计"], [CLOSED, 20, 70]],
        [["2023年"], ["指标", "5月", "6月", "累计"], [CLOSED, 10, 20, 70]],
        [["2023年"], ["指标", "6月", "1-6月累计"], [CLOSED, 20, 70]],
        [JUNE, ["指标", "6月", "累计"], [CLOSED, 20, 70]],
        [JUNE, ["指标", "当月", "累计"], [CLOSED, 20, 70]],
        [JUNE, ["指标", "当月", "今年以来"], [CLOSED, 20, 70]],
        [JUNE, ["指标", "单位", "本月", "本年累计", "上年同期"], [CLOSED, "家", 20, 70, 60]],
        [["指标", "期间", "当月数", "累计数"], [CLOSED, "2023-06", 20, 70]],
        [["指标", "2023年6月", None], [None, "当月", "累计"], [CLOSED, 20, 70]],
        [JUNE, ["指标", "本月", "1-本月累计", "同比（%）"], [CLOSED, 20, 70, 1]],
    ],
)
def test_the_figure_that_counts_to_the_end_is_read(tmp_path, lines):
    merges = ["A1:A2", "B1:C1"] if lines[0][-1] is None else []
    book(tmp_path, {"S": lines}, merges=merges)
    assert errors(tmp_path) == []
    assert "alone_aside" in codes(tmp_path)
    assert read(tmp_path, "observations", "period", "value") == [("2023-06", 70.0)]


def test_january_counts_from_the_beginning_too(tmp_path):
    book(tmp_path, {"S": [["2023年"], ["指标", "1月", "2月", "累计"], [CLOSED, 10, 20, 30]]})
    assert read(tmp_path, "observations", "period", "value") == [("2023-01", 10), ("2023-02", 30)]


@pytest.mark.parametrize(
    "lines",
    [
        [["2023年各月当月数"], ["指标", "1月", "2月"], [CLOSED, 3, 4], [TAX, 3, 4]],
        [JUNE, ["指标", "当月"], [CLOSED, 20]],
        [["指标", "期间", "本月数"], [CLOSED, "2023-06", 20]],
        [["指标", "2021年", "2022年", "累计"], [CLOSED, 20, 25, 45]],
        [["指标", "2021年", "2022年", "合计"], [CLOSED, 20, 25, 45]],
        [["指标", "2021年", "2022年", "2021-2022年累计"], [CLOSED, 20, 25, 45]],
        [["指标", "2021年", "2022年", "“十四五”累计"], [CLOSED, 20, 25, 45]],
        [["指标", "2022年", "2023年", "2023年累计"], [CLOSED, 20, 25, 45]],
        [["指标", "期间", "完成数", "累计"], [CLOSED, "2023", 20, 45]],
    ],
)
def test_figures_alone_are_refused_where_the_indicator_counts(tmp_path, lines):
    book(tmp_path, {"S": lines})
    assert {code for code, _ in errors(tmp_path)} == {"figure_alone"}


@pytest.mark.parametrize(
    "lines",
    [
        [["2023年6月当月数"], ["指标", "完成数"], [RATE_HELD, 21]],
        [["2023年6月（请于本月底前报送，本月5日截止）"], ["指标", "完成数"], [CLOSED, 20]],
        [
            ["指标", "2021年", "2022年", "累计"],
            ["新出让工业用地按“标准地+承诺制”实施的比例", 20, 25, 45],
        ],
        [["指标", "期间", "完成数", "累计增长"], [CLOSED, "2023", 20, 45]],
    ],
)
def test_other_figures_are_read(tmp_path, lines):
    book(tmp_path, {"S": lines})
    assert errors(tmp_path) == []


def test_a_total_of_another_year_than_the_title_says_is_refused(tmp_path):
    lines = [JUNE, ["指标", "2022年累计", "2023年累计"], [CLOSED, 20, 70]]
    book(tmp_path, {"S": lines})
    assert errors(tmp_path) == [("column_unclear", "B2")]


@pytest.mark.parametrize("heading", ["今年以来", "2023年今年以来"])
def test_a_year_that_is_not_over_has_no_end_without_a_month(tmp_path, heading):
    book(tmp_path, {"S": [["2023年"], ["指标", heading], [CLOSED, 20]]})
    assert {code for code, _ in errors(tmp_path)} <= {"year_untold", "column_beyond"}
    assert errors(tmp_path)


@pytest.mark.parametrize("total", ["累计", "合计"])
def test_all_months_beside_their_total_are_named_in_one_notice(tmp_path, total):
    heads = ["指标", "1月", "2月", "3月", "4月", "5月", total]
    book(tmp_path, {"S": [["2023年"], heads, [CLOSED, 1, 2, 3, 4, 5, 15]]})
    (found,) = [p for p in dataset.check(RAW, tmp_path) if p.code == "alone_aside"]
    assert found.found == "2月, 3月, 4月, 5月"
    assert read(tmp_path, "observations", "period", "value") == [("2023-01", 1), ("2023-05", 15)]


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ([["指标", "2023年下半年"], [CLOSED, 20]], "B1"),
        ([["2023年"], ["指标", "上半年", "下半年"], [CLOSED, 10, 20]], "C2"),
        ([["指标", "2023年", None], [None, "上半年", "下半年"], [CLOSED, 10, 20]], "C2"),
        ([["指标", "期间", "完成数"], [CLOSED, "2023年下半年", 20]], "B2"),
    ],
)
def test_the_second_half_of_a_year_is_refused_by_name(tmp_path, lines, at):
    merges = ["A1:A2", "B1:C1"] if lines[0][-1] is None else []
    book(tmp_path, {"S": lines}, merges=merges)
    assert errors(tmp_path) == [("second_half", at)]


@pytest.mark.parametrize("heads", [("本月数", "本年累计完成"), ("当月实际完成", "本年累计完成")])
def test_a_total_that_ends_without_its_noun_is_read(tmp_path, heads):
    lines = [[f"2023年6月各镇街{CLOSED}"], ["镇街", *heads], ["溪口镇", 1, 3]]
    book(tmp_path, {"S": lines})
    assert read(tmp_path, "town_reports", "period", "value") == [("2023-06", 3.0)]


@pytest.mark.parametrize(
    "said",
    ["当年新增", "各年新增", "每年新增", "历年新增", "年度新增", "逐年新增", "本年新增", "当年数"],
)
@pytest.mark.parametrize("place", ["title", "sheet", "note"])
def test_figures_of_each_year_alone_are_no_totals(tmp_path, said, place):
    lines = [["指标", "2021年", "2022年", "2023年"], [CLOSED, 50, 60, 70]]
    above = [[f"{said}淘汰落后产能企业"]] if place == "title" else []
    below = [[f"注：{said}。"]] if place == "note" else []
    book(tmp_path, {said if place == "sheet" else "S": [*above, *lines, *below]})
    assert "figure_alone" in refused(tmp_path)


def test_figures_of_a_year_alone_of_towns_are_no_totals(tmp_path):
    lines = [["2023年各镇街当年新增完成情况"], ["镇街", CLOSED], ["溪口镇", 3]]
    book(tmp_path, {"S": lines})
    assert refused(tmp_path) == {"figure_alone"}


def test_a_remark_says_that_a_figure_is_of_a_year_alone(tmp_path):
    lines = [["指标", "2022年", "2023年", "备注"], [CLOSED, 50, 60, "均为当年新增"]]
    book(tmp_path, {"S": lines})
    assert "row_qualified" in refused(tmp_path)
