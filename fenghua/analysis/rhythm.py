"""What is new since the last issue (与上期相比), and the strip of earlier verdicts.

Answers: what changed in the data, in the method and in the verdict, each apart.
Refuses: to credit a town or a unit with a change that only the method or the calendar made.
"""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

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

    Parameters
    ----------
    issues : mapping of period to a frame of ``gap.assess``

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
