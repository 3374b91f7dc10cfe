"""Questions about figures that stand together: each names its cell and nothing else."""

from datetime import date
from pathlib import Path

import pytest

import fenghua
from fenghua.inputs import dataset
from fenghua.inputs.actuals import questions
from tidysheets import InputError

DATA = Path(__file__).parents[1] / "data" / "raw"
HEAD = "指标编号,地区,期间,数值,口径,数据状态,公布日期\n"
FIRMS, TAX, GROWTH = "outdated_capacity_closed", "tax_per_mu", "labour_productivity_growth"


def asked(folder, *rows):
    """Codes, rows and columns of the problems of an observations file."""
    (folder / "observations.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    found = dataset.check(DATA, folder)
    return [(p.code, p.row, p.column) for p in found]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([f"{FIRMS},330213,2022,-3,cumulative,final,"], [("count_negative", 2, "数值")]),
        ([f"{FIRMS},330213,2022,30.5,cumulative,final,"], [("count_broken", 2, "数值")]),
        (
            [f"{FIRMS},330213,2021,30,cumulative,final,", f"{FIRMS},330213,2022,29,cumulative,,"],
            [("total_falls", 3, "数值")],
        ),
        (
            [f"{TAX},330213,2021,161,annual,final,", f"{TAX},330213,2022,1632,annual,final,"],
            [("tenfold_jump", 3, "数值")],
        ),
        ([f"{GROWTH},330213,2022,6.1,,final,"], [("basis_default", 2, "口径")]),
        ([f"{GROWTH},330213,2022,6.1,annual,final,"], []),
        (
            ["value_added_rate,330213,2022,0.418,annual,final,"],
            [("out_of_sense", 2, "数值"), ("ratio_for_percent", 2, "数值")],
        ),
        ([f"{GROWTH},330213,2022,0.6,annual,final,"], []),
        (["rd_coverage,330213,2022,-2,annual,final,"], [("share_negative", 2, "数值")]),
        ([f"{TAX},330213,2001,163,annual,final,"], [("far_from_plan", 2, "期间")]),
        (
            [f"{TAX},330213,2022,163,annual,final,2022-12-20"],
            [("published_before_end", 2, "公布日期")],
        ),
        ([f"{TAX},330213,2022,163,annual,final,2022-12-31"], []),
        (
            [f"{TAX},330213,2022,163,annual,final,2099-01-20"],
            [("published_after_today", 2, "公布日期")],
        ),
        (
            [
                f"{TAX},330213,2022,163,annual,final,2023-04-20",
                f"{TAX},330213,2022,165,annual,preliminary,2023-06-20",
            ],
            [("preliminary_after_final", 3, "数据状态")],
        ),
        (
            [f"{TAX},330213,2022,163,annual,final,", f"{TAX},330213,2022-12,165,annual,final,"],
            [("moment_twice", 3, "数值")],
        ),
        ([f"{TAX},330213,2022,163,annual,final,", f"{TAX},330213,2022Q4,163,annual,final,"], []),
        (
            [
                f"{TAX},330213,2022,163,annual,final,2023-04-20",
                f"{TAX},330213,2022-12,165,annual,final,2023-06-20",
            ],
            [],
        ),
        (["listed_companies,330213,2020,18,annual,final,"], [("base_contradicts", 2, "数值")]),
        (["equity_market_firms,330213,2020,180,annual,final,"], []),
    ],
)
def test_a_question_names_its_cell_and_nothing_else(tmp_path, rows, expected):
    assert asked(tmp_path, *rows) == expected


def test_one_moment_with_two_figures_is_refused_for_towns_too(tmp_path):
    (tmp_path / "town_reports.csv").write_text(
        f"指标编号,镇街代码,期间,数值\n{FIRMS},330213100,2023-06,9\n{FIRMS},330213100,2023年上半年,4\n",
        encoding="utf-8",
    )
    problems = dataset.check(DATA, tmp_path)
    assert [(p.code, p.severity, p.row) for p in problems] == [("moment_twice", "error", 3)]
    with pytest.raises(InputError):
        fenghua.load(DATA, tmp_path)


def test_the_demo_raises_no_question():
    codes = {p.code for p in dataset.check(DATA, DATA / "demo")}
    assert codes == {"value_added_negative"}  # the panel's own loss makers


def test_an_empty_table_has_no_question():
    assert questions.check([], {}, date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("comparator", "codes"), [("=", ["direction_contradicts"]), (">=", []), ("<=", [])]
)
def test_a_floor_met_at_the_printed_base_may_be_entered(tmp_path, comparator, codes):
    import shutil

    shutil.copytree(DATA / "plan", tmp_path / "plan")
    shutil.copytree(DATA / "reference", tmp_path / "reference")
    path = tmp_path / "plan" / "targets.csv"
    text = path.read_text(encoding="utf-8")
    old = "value_added_rate,target,2025,43,,=,"
    assert old in text
    text = text.replace(old, f"value_added_rate,target,2025,40,,{comparator},")
    path.write_text(text, encoding="utf-8")
    found = [p.code for p in dataset.check(tmp_path, DATA / "demo") if p.severity == "error"]
    assert found == codes
