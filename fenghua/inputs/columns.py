"""The register of this plan's columns, and the schema by which office files are read.

Answers: which tables and columns there are, in which words. Refuses: to read any figure.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from fenghua.inputs import periods, records, vocabulary
from tidysheets import cells, problems
from tidysheets.header import times
from tidysheets.schema import DTYPES, Column, Schema, Word

USER_TABLES: Final = (
    "observations",
    "enterprises",
    "parks",
    "town_reports",
    "town_tasks",
    "adjustments",
)
# What messages in Chinese call them: the sheets of the form, and one that it has not.
CALLED: Final = MappingProxyType(
    {
        "observations": problems.Term("指标数据", "observations"),
        "enterprises": problems.Term("企业", "enterprises"),
        "parks": problems.Term("园区", "parks"),
        "town_reports": problems.Term("镇街完成情况", "town_reports"),
        "town_tasks": problems.Term("镇街任务", "town_tasks"),
        "adjustments": problems.Term("等级调整", "adjustments"),
    }
)
SUMMED: Final = ("enterprises", "parks")


def schema(words: Iterable[Word] = ()) -> Schema:
    """Return the tables of the plan, of its reference data and of what users fill in.

    Parameters
    ----------
    words : iterable of Word
        Further ways of writing headings and values, from the register ``column_names``.

    Examples
    --------
    >>> schema().tables["enterprises"]["land_mu"].label("en")
    'Land(亩)'
    """
    own = (files("fenghua.inputs") / "problems.csv").read_text(encoding="utf-8")
    return Schema(
        columns=tuple(_columns()),
        filled=USER_TABLES,
        called=CALLED,
        words=(*_plan_words(), *words),
        readers={"period": period},
        summed=SUMMED,
        restated={"observations": "published_on"},
        times=("period", "year"),
        parts=("town_code",),
        beside={"observations": ("status", ("final", "preliminary"))},
        begun={"observations": ("indicator_id", "unit")},
        titles={
            "town_reports": ("完成", "进展", "进度", "完成情况", "进展情况"),
            "town_tasks": ("任务", "目标", "任务分解", "目标分解"),
        },
        sentences=problems.sentences(own),
    )


def _columns() -> Iterator[Column]:
    for line in records.beside("fenghua.inputs", "columns.csv"):
        facts: dict[str, Any] = {**line, "name": line["column"]}
        facts |= {"low": _limit(facts.pop("min")), "high": _limit(facts.pop("max"))}
        if facts["allowed"].isupper():  # a closed list of the vocabulary
            facts["allowed"] = ";".join(getattr(vocabulary, facts["allowed"]))
        del facts["column"]
        yield Column(**facts)


def _plan_words() -> Iterator[Word]:
    """Yield the Chinese words for the closed lists of a plan's registers, the usual one first."""
    for line in records.beside("fenghua.inputs", "plan_words.csv"):
        for written in filter(None, [line["term"], *line["also"].split(";")]):
            yield Word(line["table"], line["column"], line["value"], written)


def _limit(text: str) -> float | str | None:
    return (text if text.count("-") == 2 else float(text)) if text else None


def words(register: pd.DataFrame) -> list[Word]:
    """Return the ways of writing on record in ``column_names``, the usual one of a value first."""
    lists = records.beside("fenghua.inputs", "choices.csv")
    usual = {(line["column"], line["value"], line["zh_hans"]) for line in lists}
    own = register[["table", "column", "value", "written"]]
    found = [Word(*parts) for parts in own.itertuples(index=False, name=None)]
    return sorted(found, key=lambda word: (word.column, word.value, word.written) not in usual)


def period(value: Any) -> str:
    """Return the canonical period of a cell.

    Raises
    ------
    CellError
        When it names no period, or could name two.
    """
    if not isinstance(value, date):
        value = cells.tidy(value)  # 2023.06 is a number to a spreadsheet, and still means June
        if value == "":
            return ""
    if periods.is_within_month(value):  # when a list was drawn up, or 2024-01-06 for half a year
        raise cells.CellError("not_period")
    try:
        return periods.canonical(value)
    except ValueError:
        code = "second_half" if times.is_second_half(str(value)) else "not_period"
        raise cells.CellError(code) from None


def empty(table: str, known: Schema) -> pd.DataFrame:
    """Return a frame without rows but with the table's columns and dtypes."""
    own = known.tables[table].values()
    return pd.DataFrame({c.name: pd.Series([], dtype=DTYPES.get(c.type, "object")) for c in own})
