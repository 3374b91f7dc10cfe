"""What the tables of actual figures say about each other, and codes that look like slips.

Answers: which decisions and tasks meet nobody, which totals cannot be. Refuses: to guess what is
meant.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from fenghua.inputs import periods
from fenghua.inputs.sense import limits
from tidysheets.checks import rows
from tidysheets.header import times
from tidysheets.problems import Problem
from tidysheets.tables import Table
from tidysheets.units import key

_THIS_YEAR: Final = re.compile("本年|今年|当年|合计")
_EVALUATED: Final = re.compile("评价|评估|考核|评定")
# Said in the row of a total that falls.
_CORRECTED: Final = re.compile("核减|调减|修订|订正|更正|勘误")
_FALLING: Final = ("area_code", "town_code", "basis")  # what tells figures of a moment apart


def check(tables: dict[str, list[Table]]) -> list[Problem]:
    """Return the decisions and tasks that meet no enterprise and no report."""
    firms, reports = tables.get("enterprises", []), tables.get("town_reports", [])
    return [
        *_unmet(tables.get("adjustments", []), firms, "year", "enterprise_id", "decision_unmet"),
        *_unmet(tables.get("town_tasks", []), reports, "indicator_id", "town_code", "task_unmet"),
    ]


def _unmet(
    reads: list[Table], others: list[Table], first: str, second: str, code: str
) -> Iterator[Problem]:
    """Yield the rows whose two codes no row of the other table has, if that has rows at all."""
    full = [other.frame for other in others if len(other.frame)]
    key = [first, second]
    for read in reads if full else ():
        asked = read.frame[key]
        met = (other.loc[other[second].isin(asked[second]), key] for other in full)
        known = pd.concat(met).drop_duplicates()  # few of a million
        found = asked.merge(known, on=key, how="left", indicator=True)["_merge"]
        yield from read.told(code, rows(found != "both"), second)


def refuse_falling(own: list[Table], indicators: pd.DataFrame) -> None:
    """Refuse what is counted to the end of a period and falls within a year: of quarters alone.

    A total may be corrected downwards a little, as by the one project that did not come; where it
    falls twice in a year, or further, it is none unless its row says so.
    """
    timed = [table for table in own if "period" in table.frame]
    if not timed:
        return
    whole = pd.concat(read.frame.assign(of=n, at=read.frame.index) for n, read in enumerate(timed))
    seen = whole.reindex(columns=[*_FALLING, "indicator_id", "period", "value", "of", "at"])
    seen = seen.astype({"period": str, "value": float})
    counted = indicators.loc[indicators["kind"] == "cumulative", "indicator_id"]
    is_part = seen["period"].str.len() > len("2023")
    is_total = seen["indicator_id"].isin(counted) & (seen["basis"] != "annual")
    seen = seen[is_part & is_total & seen["value"].notna()]
    ends = {period: periods.end(period) for period in seen["period"].unique()}
    end = seen["period"].map(ends).astype(float)
    seen = seen.assign(year=seen["period"].str[:4], end=end)
    seen = seen.sort_values("end", kind="stable")
    of_a_year = seen.groupby(["indicator_id", "year", *_FALLING], dropna=False)
    before = of_a_year["value"].shift().where(of_a_year["end"].diff() > 0)  # one moment is no fall
    falls = (seen["value"] < before).to_numpy(copy=True)
    if not falls.any():
        return
    falls[falls] = [not _is_corrected(timed[row.of], row.at) for row in seen[falls].itertuples()]
    counts = indicators.loc[indicators["is_count"], "indicator_id"]
    most = before * limits("fall_within_year", timed[0].schema)[1] / 100
    most = most.where(~seen["indicator_id"].isin(counts), most.clip(lower=1))
    is_far = falls & (before - seen["value"] > most)
    seen = seen.assign(before=before, falls=falls, is_far=is_far)
    of_year = seen.groupby(of_a_year.ngroup())[["falls", "is_far"]].transform("sum")
    for row in seen[falls & ((of_year["falls"] > 1) | (of_year["is_far"] > 0))].itertuples():
        facts = {"before": f"{row.before:g}", "period": row.period}
        told = timed[row.of].told("falls_within_year", [row.at], "value", **facts)
        timed[row.of].problems.extend(told)


def _is_corrected(read: Table, at: int) -> bool:
    """Tell whether a row says, beside its name (制修订标准) and figure, that it was corrected."""
    taken = {place for name, (place, _) in read.headings.items() if name != "note"}
    beside = (c for place, c in enumerate(read.lines[read.rows[at] - 1]) if place not in taken)
    return any(isinstance(cell, str) and _CORRECTED.search(cell) for cell in beside)


def doubt_this_year(table: Table, indicators: pd.DataFrame) -> None:
    """Ask whether a column of this year (本年累计) counts from January or from the plan's start."""
    word = table.headings["value"][1]
    if not _THIS_YEAR.search(key(word)):
        return
    counted = indicators.loc[indicators["kind"] == "cumulative", "indicator_id"]
    at = rows(table.frame["indicator_id"].isin(counted) & table.frame["value"].notna())
    table.problems.extend(table.told("since_january", at, "value", word=word))


def doubt_evaluated_year(table: Table) -> list[Problem]:
    """Ask whether a year of evaluation (评价年度) is that of the figures, or the one after it."""
    texts = [table.heading("year")]
    if "year" in table.fixed:  # a title of another year is not where it was read
        known = {str(table.fixed["year"])}
        titles = (*table.above, Path(table.file).stem)
        texts = [text for text in titles if times.years_in([text]) <= known]
    word = next(filter(_EVALUATED.search, texts), "")
    return table.told("year_evaluated", [0], "year", word=word) if word and len(table.rows) else []


def is_slip(text: str, known: str) -> bool:
    """Tell whether a code is one sign, or two signs in the wrong order, away from another.

    Examples
    --------
    >>> is_slip("330231", "330213"), is_slip("330212", "330213"), is_slip("331121", "330213")
    (True, True, False)
    """
    if len(text) == len(known):
        wrong = [i for i, (a, b) in enumerate(zip(text, known, strict=True)) if a != b]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return text[wrong[0]] == known[wrong[1]] and text[wrong[1]] == known[wrong[0]]
        return len(wrong) == 1
    longer, shorter = sorted((text, known), key=len, reverse=True)
    cut = (longer[:i] + longer[i + 1 :] for i in range(len(longer)))
    return len(longer) == len(shorter) + 1 and shorter in cut
