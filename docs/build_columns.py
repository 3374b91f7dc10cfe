"""Write docs/columns.md: the columns that the public functions return, and what each means.

Answers: heading, unit and meaning of every column, from docs/columns.csv and the registers of
headings. Refuses: a column without a meaning, a meaning without a column.
Run: ``python docs/build_columns.py``. A test compares the page with what this would write.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import pandas as pd
import yaml

import fenghua
from fenghua.analysis import (
    audit,
    course,
    decomposition,
    efficiency,
    evaluation,
    gap,
    outlook,
    towns,
    trajectory,
)
from fenghua.inputs.dataset import Dataset

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
INPUTS: Final = "enterprises"
YEAR, BEFORE, AS_OF = 2024, 2023, "2024-Q2"
UNITS: Final = MappingProxyType(
    {
        "": "",
        "as its parts": "同其各部分",
        "as the indicator": "同指标",
        "as the indicator, a year": "同指标，每年",
        "as `pace` and `shape`": "同 `pace`、`shape`",
        "as the points": "同所给的点",
        "as the value per mu": "同每亩产出",
        "code": "代码",
        "codes": "代码",
        "count": "个数",
        "decimal year": "小数年",
        "months": "月",
        "period": "期间",
        "points": "分",
        "rank": "位",
        "ratio": "倍",
        "required_rate_unit": "",
        "share": "份额，1 = 100%",
        "text": "文字",
        "year": "年份",
        "years": "年",
        "yes/no": "是 / 否",
    }
)
INTRO: Final = """# The columns that the functions return

Written by `docs/build_columns.py` from `docs/columns.csv`, the registers of headings and what each
function returns today on the demonstration. One meaning a name, in the whole house. How a figure
comes about: [methods.md](methods.md); words: [glossary.md](glossary.md); the columns of the
registers themselves, and the words of codes: `codebook.html`, which `fenghua build` writes.

各函数返回的列：标题、单位和含义；一个列名只有一个含义。数字怎么来的见
[methods.zh.md](methods.zh.md)，用词见[术语表](glossary.md)；登记表各列和代码的含义见
`fenghua build` 写出的 `codebook.html`。

A heading is that of pages and forms (… stands for a year). *As the indicator*: in its printed unit,
of growth the average percent a year since the base year. 亩 is 1/15 ha, 万元 10,000 yuan, 吨标准煤
tonnes of coal equivalent, 兆瓦时 MWh, 家 enterprises, 人 persons. A missing number is NaN.
"""
OUTRO: Final = "The columns of `ds.enterprises`, with the words of the form that offices fill in."


class Told(NamedTuple):
    """What a public function returns: its columns, and what one row of it is."""

    columns: list[str]
    en: str
    zh: str


@cache
def dataset() -> Dataset:
    """Return the plan with the synthetic figures, whatever else lies in the folder."""
    return fenghua.load(ROOT / "data" / "raw", ROOT / "data" / "raw" / "demo")


def returned() -> dict[str, Told]:
    """Return the columns of each public function, on the demonstration or a worked case."""
    return _of_indicators() | _of_enterprises() | _of_towns() | _of_the_plan()


def _of_indicators() -> dict[str, Told]:
    ds = dataset()
    headline = ds.indicators.loc[ds.indicators["scope"] == "headline", "indicator_id"].head(2)
    known = course.courses(ds, headline, as_of=AS_OF)
    drawn = course.series(known[headline.iloc[0]])
    growth = "growth: chained index, base year = 100", "增速：定基指数，基年 = 100"
    (case, *_) = yaml.safe_load((ROOT / "tests/cases/outlook.yaml").read_text(encoding="utf-8"))
    ahead = trajectory.project(
        case["points"].items(), kind=case["kind"], until=case["until"], plan=case["plan"]
    )
    return {
        "gap.assess": Told([*gap.assess(ds, as_of=AS_OF)], "an indicator", "一项指标"),
        "trajectory.project": Told(
            [*ahead], f"a year ahead, in the unit of the points ({growth[0]})",
            f"今后一年，单位同所给的点（{growth[1]}）",
        ),
        "outlook.at_end": Told(
            [*outlook.at_end(ds, headline, as_of=AS_OF)],
            "an indicator, at the end of the plan", "一项指标，规划期末",
        ),
        "outlook.scorecard": Told(
            [*outlook.scorecard(ds, as_of=AS_OF, indicator_ids=headline)],
            "an earlier outlook for a target that is now due", "以前对一个已到期目标的推算",
        ),
        "course.series": Told(
            [*drawn], f"a point of a trajectory chart ({growth[0]})",
            f"轨迹图上的一个点（{growth[1]}）",
        ),
        "course.year_by_year": Told(
            [*course.year_by_year(known)], "an indicator and year", "一项指标一年",
        ),
    }  # fmt: skip


def _of_enterprises() -> dict[str, Told]:
    ds = dataset()
    own, (rows, before) = ds.enterprises, (_year(year) for year in (YEAR, BEFORE))
    scheme = ds.schemes["fenghua_default"]
    scored = evaluation.score(rows, scheme)
    graded = evaluation.grade(scored, scheme)
    register = evaluation.low_efficiency_register(graded, scheme)
    curve = evaluation.release_curve(graded)
    split = decomposition.melitz_polanec(before, rows)
    pooled = efficiency.pooled(rows, by="town_code")
    one = ("an enterprise and year; beside the columns given", "一家企业一年；在所给的列之外")
    return {
        "evaluation.score": Told(_added(scored, own), *one),
        "evaluation.grade": Told(_added(graded, scored), *one),
        "evaluation.low_efficiency_register": Told(
            _added(register, graded),
            "an enterprise of the register; beside the columns given",
            "信息库中的一家企业；在所给的列之外",
        ),
        "evaluation.release_curve": Told(
            _added(curve, graded),
            "an enterprise, lowest tax per mu first; beside the columns given",
            "一家企业，亩均税收由低到高；在所给的列之外",
        ),
        "decomposition.melitz_polanec": Told(
            [*split.index], "two years compared (a Series; with `by` a row a group)",
            "两年相比（一个 Series；给 `by` 时每组一行）",
        ),
        "efficiency.pooled": Told([*pooled], "a group of enterprises", "一组企业"),
    }  # fmt: skip


def _of_towns() -> dict[str, Told]:
    posts = pd.DataFrame({"low": 0, "high": 10, "direction": 1}, ["a", "b"])
    values = pd.DataFrame({"a": [9, 2], "b": [8, 1]}, ["x", "y"])
    ranked = towns.rank_intervals(values, posts)
    standing = towns.standing(dataset(), AS_OF)
    more = [name for name in standing.reset_index() if name not in ranked]
    return {
        "towns.rank_intervals": Told([*ranked], "a unit of `values`", "`values` 中的一个单位"),
        "towns.standing": Told(
            more, "a town; beside the columns of `towns.rank_intervals`",
            "一个镇街；在 `towns.rank_intervals` 的列之外",
        ),
    }  # fmt: skip


def _of_the_plan() -> dict[str, Told]:
    ds = dataset()
    return {
        "audit.findings": Told([*audit.findings(ds)], "a finding", "一个核实事项"),
        "audit.counts": Told(
            [*audit.counts(ds)], "a value of a column of the register", "登记表中一列的一个取值"
        ),
        "audit.schedule_shape": Told(
            [*audit.schedule_shape(ds)], "an indicator with two or more point targets",
            "有两个以上定值目标的一项指标",
        ),
        "audit.implied_rates": Told(
            [*audit.implied_rates(ds)], "an indicator with two or more figures to reach",
            "有两个以上目标数的一项指标",
        ),
    }  # fmt: skip


def _year(year: int) -> pd.DataFrame:
    rows = dataset().enterprises
    return rows[rows["year"] == year]


def _added(frame: pd.DataFrame, given: pd.DataFrame) -> list[str]:
    """Return the columns that a function adds to a frame, or writes anew."""
    return [
        name
        for name in frame
        if name not in given or not frame[name].equals(given[name].reindex(frame.index))
    ]


def meanings() -> dict[str, dict[str, str]]:
    """Return the register of columns: heading, unit and meanings by column."""
    return {row["column"]: row for row in _read(HERE / "columns.csv")}


def heading(column: str, key: str) -> tuple[str, str]:
    """Return the Chinese and English heading that a key of the registers gives a column.

    ``key`` is a row of the display columns that shows the column, or ``table.column`` of the
    input columns; without one there is no heading.
    """
    if not key:
        return "", ""
    if "." in key:
        words = _inputs()[key]["name_zh_hans"], _inputs()[key]["name_en"]
        shown = key.partition(".")[2]
    else:
        row = _displayed()[key]
        words, shown = (row["zh"], row["en"]), row["source"] or key
    if shown != column:
        raise KeyError(f"the heading {key!r} shows {shown!r}, not {column!r}")
    zh, en = (re.sub(r"\{\w+\}", "…", text) for text in words)
    return zh, en


def built() -> str:
    """Return the page: a table a function, then the columns of the enterprises."""
    known, parts = meanings(), [INTRO]
    for name, told in returned().items():
        rows = [_row(column, known[column]) for column in told.columns]
        parts.append(f"## `{name}`\n\nOne row: {told.en}. 每行：{told.zh}。\n\n{_table(rows)}\n")
    rows = []
    for key, row in _inputs().items():
        table, _, column = key.partition(".")
        if table == INPUTS:
            notes = (row["note_en"], row["note_zh_hans"])
            rows.append([f"`{column}`", row["name_zh_hans"], row["name_en"], row["unit"], *notes])
    parts.append(f"## `{INPUTS}`\n\n{OUTRO}\n\n{_table(rows)}\n")
    return "\n".join(parts)


def _row(column: str, row: Mapping[str, str]) -> list[str]:
    unit = row["unit"]
    unit = f"{UNITS[unit]} {unit}".strip() if unit in UNITS else unit
    names = heading(column, row["heading"])
    return [f"`{column}`", *names, unit, row["meaning_en"], row["meaning_zh"]]


def _table(rows: Iterable[list[str]]) -> str:
    head = ["column", "标题", "heading", "单位 unit", "meaning", "含义"]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


@cache
def _displayed() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in _read(ROOT / "fenghua/display/columns.csv")}


@cache
def _inputs() -> dict[str, dict[str, str]]:
    rows = _read(ROOT / "fenghua/inputs/columns.csv")
    return {f"{row['table']}.{row['column']}": row for row in rows}


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


if __name__ == "__main__":
    (HERE / "columns.md").write_text(built(), encoding="utf-8", newline="\n")
