"""What hangs on the points of a plan that should be confirmed (待核实事项的分量).

Answers: by matter, which verdicts rest on a doubtful point at a moment. Refuses: to look at any
figure but the plan's own, and to count one row of a matter twice.
"""

from types import MappingProxyType
from typing import Final

import pandas as pd

from fenghua.analysis.observed import NOISE
from fenghua.inputs import periods

NO_VERDICT: Final = "no_verdict"
COLUMNS: Final = ("matter", "judged_id", "indicator_id", "clause_a", "clause_b", "bearing")
_LATER: Final = "later_is_steeper"
# Two findings that say one thing of a row: its second leg asks for more.
_MATTERS: Final = MappingProxyType({"back_loaded": _LATER, "second_leg_faster": _LATER})
# What a point decides. A comparator, a name or a unit decides nothing: a figure and “or more” are
# judged alike, and the register's unit is taken.
_BEARING: Final = MappingProxyType(
    {
        "no_figure": NO_VERDICT,
        "figure_read_from_words": "target",
        "scope_differs": "target",
        "duplicate_differs": "target",
        "baseline_not_printed": "progress",
        "baseline_not_start": "progress",
        "base_year_changes": "progress",
        _LATER: "progress",
    }
)


def weighed(found: pd.DataFrame, targets: pd.DataFrame, *, as_of: str) -> pd.DataFrame:
    """Return the points to confirm by matter, with what hangs on each at a moment.

    Parameters
    ----------
    found : DataFrame
        Rows of ``audit.findings``; those that agree are left out.
    targets : DataFrame
        The plan's register of targets.
    as_of : str
        A period.

    Returns
    -------
    DataFrame
        One row a matter and judged indicator, in the order of ``found``: ``matter``,
        ``judged_id`` (of a pair the text's row), ``indicator_id``, ``clause_a``, ``clause_b`` and
        ``bearing``: ``no_verdict`` (the row cannot be judged), ``target`` (the figure that decides
        met or not), ``progress`` (the verdict between two dates), or empty. A row without a figure
        has no other bearing; where two figures agree, nothing hangs on them.
    """
    rows = found[found["status"] == "to_confirm"].copy()
    rows["matter"] = rows["message_key"].replace(dict(_MATTERS))
    rows["judged_id"] = rows["other_id"].where(rows["other_id"] != "", rows["indicator_id"])
    bearing = rows["matter"].map(_BEARING).fillna("")
    same = (bearing == "target") & rows["value_b"].notna() & (rows["value_a"] == rows["value_b"])
    is_past = (bearing == "progress") & ~rows["judged_id"].isin(_between(targets, as_of=as_of))
    bare = rows.loc[bearing == NO_VERDICT, "judged_id"]
    is_bare = rows["judged_id"].isin(bare) & (bearing != NO_VERDICT)
    rows["bearing"] = bearing.mask(same | is_past | is_bare, "")
    once = rows.drop_duplicates(["matter", "judged_id"])
    return once[list(COLUMNS)].reset_index(drop=True)


def _between(targets: pd.DataFrame, *, as_of: str) -> set[str]:
    """Return the indicators that are judged between two dates, not at one."""
    due = targets[targets["role"] == "target"]
    ahead = due["year"].astype(float) - periods.end(periods.asked(as_of))
    is_due = ahead.abs() < NOISE
    return {*due.loc[ahead > 0, "indicator_id"]} - {*due.loc[is_due, "indicator_id"]}
