"""Lists that offices join by hand: rows, years and remarks that are no figures of one firm."""

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from test_natural_tables import CLOSED, FIRMS, RAW, TAX, book, codes, read

from fenghua.inputs import dataset

HEADS = [
    "统一社会信用代码",
    "企业名称",
    "镇街",
    "是否规上",
    "是否区属",
    "用地面积(亩)",
    "税收(万元)",
]
FIRM = [FIRMS[0], "甲", "溪口镇", "是", "否", 20, 300]
OTHER = [FIRMS[1], "乙", "尚田街道", "是", "否", 10, 100]


def told(folder, severity="error"):
    found = (p for p in dataset.check(RAW, folder) if p.severity == severity)
    return [(p.code, p.row, p.found) for p in found]


@pytest.mark.parametrize("code", ["其他", "宁波甲公司", f"{FIRMS[1]}\n{FIRMS[0]}"])
def test_what_is_no_code_of_one_firm_is_refused(tmp_path, code):
    book(tmp_path, {"2023": [HEADS, FIRM, [code, *OTHER[1:]]]})
    assert told(tmp_path) == [("not_one_firm", 3, code.replace("\n", " "))]


def test_a_code_of_ones_own_may_begin_with_words(tmp_path):
    book(tmp_path, {"2023": [HEADS, FIRM, ["奉企-001", *OTHER[1:]]]})
    assert told(tmp_path) == []


@pytest.mark.parametrize("first", [[], ["序号"]])
def test_a_class_that_heads_its_firms_is_no_firm(tmp_path, first):
    firms = [[1 for _ in first] + own for own in (FIRM, OTHER)]
    rows = [[*first, *HEADS], ["A类企业（1家）"], firms[0], ["B类企业"], firms[1]]
    book(tmp_path, {"2023": rows})
    assert read(tmp_path, "enterprises", "name", "tax_wan") == [("乙", 100.0), ("甲", 300.0)]


def test_a_name_that_is_crossed_out_is_refused(tmp_path):
    book(tmp_path, {"2023": [HEADS, FIRM, OTHER]})
    (path,) = tmp_path.iterdir()
    changed = load_workbook(path)
    changed["2023"]["B3"].font = Font(strike=True)
    changed.save(path)
    assert told(tmp_path) == [("format_struck", 3, "乙")]


def test_subtotals_as_a_spreadsheet_writes_them(tmp_path):
    sums = [[None, None, f"{word}计" if word == "总" else f"{word} 汇总"] for word in "甲乙总"]
    figures = [[None, None, 20, 300], [None, None, 10, 100], [None, None, 30, 450]]
    one, two, all_ = (first + last for first, last in zip(sums, figures, strict=True))
    book(tmp_path, {"2023": [HEADS, FIRM, one, OTHER, two, all_]})
    assert told(tmp_path) == []
    assert [row for code, row, _ in told(tmp_path, "warning") if code == "total_differs"] == [6]
    assert len(read(tmp_path, "enterprises", "name")) == 2


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2023年规上及用地3亩以上企业", {"taken_from_title", "title_unclear"}),
        ("2023年规上企业用地和税收", {"taken_from_title"}),
    ],
)
def test_a_title_of_firms_above_scale_and_others_does_not_say_which(tmp_path, title, expected):
    rows = [[title], [*HEADS[:3], *HEADS[4:]], [*FIRM[:3], *FIRM[4:]]]
    book(tmp_path, {"S": rows})
    assert codes(tmp_path) == expected


def test_ticks_beneath_firms_above_scale_are_read(tmp_path):
    heads = [*HEADS[:3], "规上企业", "区属企业", *HEADS[5:]]
    rows = [[*FIRM[:3], "√", None, 20, 300], [*OTHER[:3], None, "√", 10, 100]]
    book(tmp_path, {"2023": [heads, *rows]})
    found = read(tmp_path, "enterprises", "is_above_scale", "is_district_owned")
    assert found == [(False, True), (True, False)]


@pytest.mark.parametrize(("title", "head"), [("", "评价年度"), ("2024年度亩均效益评价结果", "")])
def test_a_year_of_evaluation_is_asked_about(tmp_path, title, head):
    extra = [[head, 2024]] if head else [["序号", 1]]
    rows = [[*HEADS, extra[0][0]], [*FIRM, extra[0][1]]]
    book(tmp_path, {"S": [[title], *rows] if title else rows})
    assert "year_evaluated" in codes(tmp_path)
    assert read(tmp_path, "enterprises", "year") == [(2024,)]


@pytest.mark.parametrize(
    ("title", "is_other"),
    [
        ("2023年指标完成情况（全市口径）", True),
        ("全省2023年主要指标", True),
        ("2023年全区指标完成情况", False),
        ("2023年指标完成情况及全市排名", False),
    ],
)
@pytest.mark.parametrize("is_note", [False, True])
def test_figures_of_the_whole_city_are_none_of_the_district(tmp_path, title, is_other, is_note):
    if is_note:
        title = f"注：本表为{title[-5:-1]}" if "口径" in title else "注：本表为全区口径"
        is_other = "全市" in title
    lines = [["指标", "2023年"], [TAX, 165]]
    book(tmp_path, {"S": [*lines, [title]] if is_note else [[title], *lines]})
    assert ("area_other" in codes(tmp_path)) == is_other


@pytest.mark.parametrize(("total", "is_alone"), [(16, True), (8, False), ("", False)])
def test_a_total_beneath_months_that_repeats_the_last_doubts_nothing(tmp_path, total, is_alone):
    rows = [["1月", 3], ["2月", 5], ["3月", 8], ["合计", total]]
    book(tmp_path, {"S": [["2023年完成情况"], ["月份", CLOSED], *rows]})
    assert ("figure_alone" in codes(tmp_path)) == is_alone


@pytest.mark.parametrize(("figures", "is_refused"), [((20, 15, 25), True), ((80, 78, 90), False)])
def test_a_total_that_falls_far_within_its_year_is_refused(tmp_path, figures, is_refused):
    book(tmp_path, {"2023": [["指标", "一季度", "二季度", "三季度"], [CLOSED, *figures]]})
    assert ("falls_within_year" in codes(tmp_path)) == is_refused


@pytest.mark.parametrize(
    ("remark", "code"),
    [
        ("不含龙头企业", "remark_unheeded"),
        ("仅规上", "remark_unheeded"),
        ("按新口径", "remark_unheeded"),
        ("为2022年数", "remark_differs"),
        ("截至10月底", "remark_differs"),
        ("全年预计数", "remark_differs"),
        ("全市口径", "remark_differs"),
        ("截至年底", ""),
        ("比上年多3家", ""),
        ("区属口径", ""),
    ],
)
def test_a_remark_that_changes_what_a_figure_is_is_told(tmp_path, remark, code):
    rows = [["指标", "期间", "完成数", "备注"], [TAX, "2023年", 165, remark]]
    book(tmp_path, {"S": rows})
    found = [p for p in dataset.check(RAW, tmp_path) if p.code.startswith("remark")]
    assert [(p.code, p.address) for p in found] == ([(code, "D2")] if code else [])


def test_a_remark_says_how_final_a_figure_is(tmp_path):
    rows = [
        ["指标", "期间", "完成数", "备注"],
        [TAX, "2023年", 165, "为快报数"],
        [TAX, "2022", 160, ""],
    ]
    book(tmp_path, {"S": [["指标", "期间", "完成数", "备注"], *rows]})
    found = read(tmp_path, "observations", "period", "status")
    assert found == [("2022", ""), ("2023", "preliminary")]


@pytest.mark.parametrize(("author", "is_told"), [("张三", True), ("tidysheets", False)])
def test_comments_on_cells_are_told_but_those_of_our_form(tmp_path, author, is_told):
    book(tmp_path, {"S": [["指标", "2023年"], [TAX, 165]]})
    (path,) = tmp_path.iterdir()
    changed = load_workbook(path)
    changed["S"]["B2"].comment = Comment("不含龙头企业", author)
    changed.save(path)
    found = [(p.address, p.found) for p in dataset.check(RAW, tmp_path) if p.code == "comments"]
    assert found == ([("B2", "不含龙头企业")] if is_told else [])


@pytest.mark.parametrize("head", ["亩均增加值", "增加值增速", "增加值率", "亩均增加值（万元/亩）"])
def test_a_ratio_is_not_taken_for_a_misspelt_amount(tmp_path, head):
    book(tmp_path, {"2023": [[*HEADS, head], [*FIRM, 45]]})
    assert codes(tmp_path) == {"taken_from_title", "columns_ignored"}


def test_a_title_of_another_year_is_not_where_the_year_was_read(tmp_path):
    book(tmp_path, {"2023年度数据": [["2024年评价企业"], HEADS, FIRM]})
    assert "year_evaluated" not in codes(tmp_path)


def test_a_credit_code_with_dashes_is_asked_about(tmp_path):
    code = f"{FIRMS[0][:8]}-{FIRMS[0][8:17]}-{FIRMS[0][17:]}"
    book(tmp_path, {"2023": [HEADS, [code, *FIRM[1:]]]})
    assert "credit_code_length" in codes(tmp_path)
