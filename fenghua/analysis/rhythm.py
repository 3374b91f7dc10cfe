"""What is new since the last issue (与上期相比), and the strip of earlier verdicts.

Answers: what changed in the data, in the method and in the verdict, each apart.
Refuses: to credit a town or a unit with a change that only the method or the calendar made.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from fenghua.analysis import gap
from fenghua.inputs import periods

CHANGE_COLUMNS: Final = ("aspect", "indicator_id", "change", "before", "after", "cause")


def changes(
    previous: pd.DataFrame,
    current: pd.DataFrame,
    *,
    previous_method: Mapping[str, Any] | None = None,
    current_method: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Return what changed between two issues, in data, in method and in verdict.

    Parameters
    ----------
    previous, current : DataFrame
        Frames of ``gap.assess``: ``indicator_id``, ``period``, ``value``, ``status``.
    previous_method, current_method : mapping, optional
        What the verdicts rest on: cut-offs, scheme and version by name.

    Returns
    -------
    DataFrame
        ``aspect`` (data, method, verdict), ``indicator_id`` (empty for a method), ``change``
        (``new_observation``, ``restated``, ``withdrawn``, ``new_indicator``, ``dropped_indicator``,
        the name of a method, ``status``), ``before``, ``after``, and for a verdict its ``cause``:
        ``data``, ``method``, ``data_and_method``, or ``time`` when neither changed and only the
        path moved on.

    Examples
    --------
    >>> issue = pd.DataFrame({"indicator_id": ["a"], "period": ["2023"], "value": [5.0],
    ...                       "status": ["on_track"]})
    >>> later = issue.assign(status="insufficient")
    >>> changes(issue, later)[["aspect", "before", "after", "cause"]].values.tolist()
    [['verdict', 'on_track', 'insufficient', 'time']]
    """
    before, after = (frame.set_index("indicator_id") for frame in (previous, current))
    old, new = dict(previous_method or {}), dict(current_method or {})
    method = [
        ("method", "", str(name), old.get(name), new.get(name), "")
        for name in dict.fromkeys([*old, *new])
        if name not in old or name not in new or old[name] != new[name]
    ]
    data, verdicts = [], []
    for name in dict.fromkeys([*before.index, *after.index]):
        was = before.loc[name] if name in before.index else None
        now = after.loc[name] if name in after.index else None
        change, values = _change(was, now)
        if change:
            data.append(("data", name, change, *values, ""))
        states = [None if row is None else row["status"] for row in (was, now)]
        if states[0] != states[1]:
            causes = [word for word, is_so in (("data", change), ("method", method)) if is_so]
            verdicts.append(("verdict", name, "status", *states, "_and_".join(causes) or "time"))
    return pd.DataFrame([*data, *method, *verdicts], columns=list(CHANGE_COLUMNS), dtype=object)


def status_strip(issues: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the status codes of earlier issues: indicators by period, oldest first (历史状态).

    Returns
    -------
    DataFrame indexed by ``indicator_id``
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
    order = [as_of]
    while len(order) < n and periods.end(periods.previous(order[0])) > base_year:
        order.insert(0, periods.previous(order[0]))
    return order


def issues(ds: Any, current: pd.DataFrame, *, as_of: str, n: int) -> dict[str, pd.DataFrame]:
    """Return this issue and the ones before it, all by the present method, oldest first (历期).

    Earlier issues hold the same indicators and have the grain of ``as_of``; ``n`` counts this one
    too.
    """
    held = ds.indicators[ds.indicators["indicator_id"].isin(current["indicator_id"])]
    kept = replace(ds, indicators=held)
    order = earlier(as_of, n, base_year=int(ds.plan["base_year"]))
    return {period: gap.assess(kept, as_of=period) for period in order[:-1]} | {as_of: current}


def since_last(issues: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return one row an indicator: its change in data, in verdict, and its earlier statuses.

    All issues are made by the present method, so that no change is due to the method.

    Returns
    -------
    DataFrame
        ``indicator_id``, ``data`` (code or empty), ``value_before``, ``value_after``,
        ``status_before``, ``status_after``, ``cause`` (empty: same verdict), and one column
        ``issue:<period>`` of status codes for each issue. Empty when there is no earlier issue.
    """
    strip = status_strip(issues)
    columns = {period: f"issue:{period}" for period in strip}
    names = ["data", "value_before", "value_after", "status_before", "status_after", "cause"]
    rows = strip.rename(columns=columns).reset_index()
    if len(issues) < 2:
        return rows.iloc[:0].reindex(columns=["indicator_id", *names, *columns.values()])
    previous, current = list(issues.values())[-2:]
    found = changes(previous, current)
    for name, aspect, column, default in (
        ("data", "data", "change", ""),
        ("value_before", "data", "before", float("nan")),
        ("value_after", "data", "after", float("nan")),
        ("status_before", "verdict", "before", ""),
        ("status_after", "verdict", "after", ""),
        ("cause", "verdict", "cause", ""),
    ):
        part = found[found["aspect"] == aspect]
        known = {
            k: v for k, v in zip(part["indicator_id"], part[column], strict=True) if v is not None
        }
        rows[name] = [known.get(code, default) for code in rows["indicator_id"]]
    return rows


def _change(was: pd.Series | None, now: pd.Series | None) -> tuple[str, tuple[Any, Any]]:
    values = tuple(None if row is None else row["value"] for row in (was, now))
    if was is None or now is None:
        return ("new_indicator" if was is None else "dropped_indicator"), values
    had, has = pd.notna(was["value"]), pd.notna(now["value"])
    if not had and not has:
        return "", values
    if had and not has:
        return "withdrawn", values
    if not had or was["period"] != now["period"]:
        return "new_observation", values
    return ("restated" if was["value"] != now["value"] else ""), values
