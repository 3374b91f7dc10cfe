"""What is new since the last issue (与上期相比), and the strip of earlier verdicts.

Answers: what changed in the data and in the verdict, each apart, all by the present method.
Refuses: to credit a town or a unit with a change that only the calendar made.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import gap
from fenghua.analysis.shared import once
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import PlanData

_CHANGES: Final = (
    *("data", "value_before", "value_after"),
    *("status_before", "status_after", "cause"),
)


def status_strip(issues: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the status codes of earlier issues: indicators by period, oldest first (历史状态).

    In the order of the newest issue; empty where an issue does not hold the indicator.
    """
    order = sorted(issues, key=periods.end)
    columns = {period: issues[period].set_index("indicator_id")["status"] for period in order}
    known = [name for period in reversed(order) for name in columns[period].index]
    index = pd.Index(list(dict.fromkeys(known)), name="indicator_id", dtype=object)
    strip = {period: column.astype(object).reindex(index) for period, column in columns.items()}
    return pd.DataFrame(strip, index=index, dtype=object).fillna("")


def earlier(as_of: str, n: int, *, base_year: int) -> list[str]:
    """Return the last ``n`` periods of the same grain that end after the base year, oldest first.

    Examples
    --------
    >>> earlier("2022", 4, base_year=2020), earlier("2023-Q2", 2, base_year=2020)
    (['2021', '2022'], ['2023-Q1', '2023-Q2'])
    """
    order = [periods.asked(as_of)]
    while len(order) < n and periods.end(periods.previous(order[0])) > base_year:
        order.insert(0, periods.previous(order[0]))
    return order


@once
def history(ds: PlanData, as_of: str, n: int) -> pd.DataFrame:
    """Return `since_last` of all indicators over ``n`` issues of the grain of ``as_of`` (历期).

    A page takes the rows of its own indicators: `held`.
    """
    order = earlier(as_of, n, base_year=ds.plan["base_year"])
    return since_last({period: gap.assessed(ds, period) for period in order})


def held(rows: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the indicators that this issue holds, in its order, with its targets."""
    return current[["indicator_id", "next_target_value"]].merge(rows, on="indicator_id")


@once
def restated(ds: PlanData, as_of: str) -> pd.DataFrame:
    """Return the last issue's figures that were revised since their first publication (修订).

    The last issue's figure of an indicator is the newest up to the period before ``as_of``; its
    first publication is compared with its latest, and the verdict that each of them gives.

    Columns: ``indicator_id``, ``period``, ``value_before``, ``value_after``, ``status_before``,
    ``status_after``; of all indicators, as `history`.
    """
    last = earlier(as_of, 2, base_year=ds.plan["base_year"])[0]
    first = latest = gap.assessed(ds, last)
    if last != as_of:
        as_first = replace(ds, observations=_as_first_published(ds.observations, last))
        first = gap.assess(as_first, as_of=last)
    names = ["indicator_id", "period", "value", "status"]
    pairs = first[names].merge(latest[names], on=names[:2], suffixes=("_before", "_after"))
    is_new = pairs["value_before"].notna() & (pairs["value_before"] != pairs["value_after"])
    return pairs[is_new].reset_index(drop=True)


def _as_first_published(observations: pd.DataFrame, last: str) -> pd.DataFrame:
    """Return the figures without later publications of each indicator's newest up to a period."""
    ends = periods.ends(observations["period"])
    rows = observations.assign(t=ends)[(ends <= periods.end(last)) & observations["value"].notna()]
    key = ["indicator_id", "area_code", "basis", "period"]
    days = pd.to_datetime(rows["published_on"].replace("", None), errors="coerce")
    rows = rows.assign(day=days).sort_values("day", kind="stable", na_position="first")
    is_newest = rows["t"] == rows.groupby(["indicator_id", "area_code"])["t"].transform("max")
    return observations.drop(rows.index[is_newest & rows.duplicated(key)])


def since_last(issues: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row an indicator: its change in data, in verdict, and its earlier statuses.

    All issues, oldest first, are made by the present method, so that no change is due to it. They
    have ``indicator_id``, ``period``, ``value`` and ``status``, as in ``gap.assess``.

    Columns: ``indicator_id``, one column ``issue:<period>`` of status codes for each issue,
    ``data`` (``new_observation``, ``restated``, ``withdrawn``, ``new_indicator``,
    ``dropped_indicator`` or empty) with ``value_before`` and ``value_after``, ``status_before``,
    ``status_after`` and ``cause`` (``data``, or ``time`` when only the path moved on; empty: same
    verdict). No rows when there is no earlier issue.

    Examples
    --------
    >>> issue = pd.DataFrame({"indicator_id": ["a"], "period": ["2023"], "value": [5.0]})
    >>> issues = {"2023": issue.assign(status="met"), "2024": issue.assign(status="missed")}
    >>> since_last(issues)[["status_before", "status_after", "cause"]].values.tolist()
    [['met', 'missed', 'time']]
    """
    strip = status_strip(issues)
    rows = strip.rename(columns={period: f"issue:{period}" for period in strip}).reset_index()
    if len(issues) < 2:
        return rows.iloc[:0].reindex(columns=["indicator_id", *_CHANGES, *rows.columns[1:]])
    ids = rows["indicator_id"]
    issued = [frame.set_index("indicator_id") for frame in list(issues.values())[-2:]]
    is_new, is_gone = (~ids.isin(frame.index) for frame in issued)
    was, now = (frame.reindex(ids).reset_index(drop=True) for frame in issued)
    had, has = was["value"].notna(), now["value"].notna()
    rules = {
        "new_indicator": is_new,
        "dropped_indicator": is_gone,
        "": ~had & ~has,
        "withdrawn": ~has,
        "new_observation": ~had | (was["period"] != now["period"]),
        "restated": was["value"] != now["value"],
    }
    data = pd.Series(np.select(list(rules.values()), list(rules), default=""), dtype="str")
    changes = {"data": data}
    status = [part["status"].fillna("") for part in (was, now)]
    is_other = status[0] != status[1]
    for name, part, word in zip(("before", "after"), (was, now), status, strict=True):
        changes[f"value_{name}"] = part["value"].where(data != "")
        changes[f"status_{name}"] = word.where(is_other, "")
    cause = pd.Series(np.where(data != "", "data", "time"), dtype="str")
    changes["cause"] = cause.where(is_other, "")
    return rows.join(pd.DataFrame(changes)[list(_CHANGES)])
