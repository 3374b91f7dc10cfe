"""What a set of verdicts amounts to: counts, the furthest behind, who leads what.

Answers: the figures a headline states. Refuses: to weigh indicators against each other.
"""

from collections.abc import Mapping

import pandas as pd

from fenghua.analysis import verdict
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import BEHIND, STATUSES


def cutoffs(parameters: Mapping[str, float]) -> dict[str, float]:
    """Return the lower ends of the status bands as the register holds them."""
    names = ("on_track", "needs_acceleration", "insufficient")
    return dict(zip(names, verdict.cuts(parameters), strict=True))


def status_counts(assessed: pd.DataFrame) -> pd.Series:
    """Return the number of indicators by status, in the order of ``vocabulary.STATUSES``.

    Examples
    --------
    >>> int(status_counts(pd.DataFrame({"status": ["met", "met", "missed"]}))["met"])
    2
    """
    return assessed["status"].value_counts().reindex(STATUSES, fill_value=0)


def by_block(assessed: pd.DataFrame) -> pd.DataFrame:
    """Return indicators by block of the plan (rows) and status (columns); empty ones left out."""
    counts = pd.crosstab(assessed["block"], assessed["status"])
    rows = list(dict.fromkeys(assessed["block"]))  # in the register's order
    return counts.reindex(index=rows, columns=[code for code in STATUSES if code in counts])


def text_tasks(assessed: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the tasks of the plan's text that do not repeat a row of its table."""
    own = indicators.loc[indicators["same_as"] == "", "indicator_id"]
    return assessed[(assessed["scope"] == "text") & assessed["indicator_id"].isin(own)]


def furthest_behind(assessed: pd.DataFrame, *, n: int) -> pd.DataFrame:
    """Return the ``n`` indicators furthest behind, the worst first.

    Before a deadline the schedule index decides, at a verdict the attainment of the target.
    """
    rows = assessed[assessed["status"].isin(BEHIND)]
    key = rows["schedule_index"].where(rows["status"] != "missed", rows["attainment_next"])
    return rows.loc[key.sort_values(kind="stable").index].head(n)


def by_lead_unit(assessed: pd.DataFrame) -> pd.DataFrame:
    """Return one row a lead unit: its number of indicators, how many are behind, and which.

    Columns: ``unit_id``, ``n``, ``behind``, ``indicator_ids`` and ``statuses`` (lists), the unit
    with the most behind first. An indicator with two lead units counts for each.
    """
    rows = assessed.assign(unit_id=assessed["lead_unit_ids"].str.split(";")).explode("unit_id")
    rows = rows[rows["unit_id"] != ""].assign(is_behind=rows["status"].isin(BEHIND))
    units = rows.groupby("unit_id").agg(
        n=("indicator_id", "size"),
        behind=("is_behind", "sum"),
        indicator_ids=("indicator_id", list),
        statuses=("status", list),
    )
    return units.reset_index().sort_values(
        ["behind", "n", "unit_id"], ascending=[False, False, True]
    )


def reach(assessed: pd.DataFrame, ahead: pd.DataFrame) -> pd.DataFrame:
    """Return one row an indicator: would it reach its final target as things go (走势)?

    ``reaches`` where both readings of the years ahead do, ``falls_short`` where neither does,
    ``open`` where they differ; a verdict already given stands, and where nothing can be projected
    the answer is ``unknown``. A plan that asks for more in its second half makes most rows fall
    short by last year's pace even if they keep to its path: say so beside it.

    Columns: ``indicator_id`` and ``course`` (reached, reaches, falls_short, open, unknown).
    """
    rows = assessed.merge(ahead, on="indicator_id", how="left", suffixes=("", "_ahead"))
    sign = rows["direction"].astype(float)
    readings = rows[["pace", "shape"]].sub(rows["target"], axis=0).mul(sign, axis=0)
    course = pd.Series("open", rows.index)
    course = course.mask(readings.min(axis=1) >= 0, "reaches")
    course = course.mask(readings.max(axis=1) < 0, "falls_short")
    course = course.where(rows["pace"].notna(), "unknown")
    is_final = periods.ends(rows["as_of"]) >= rows["end_target_year"]
    is_final &= rows["kind"] != "annual"  # the year judged is not the last
    course = course.mask(
        rows["status"].eq("achieved") | (is_final & rows["status"].eq("met")), "reached"
    )
    course = course.mask(is_final & rows["status"].eq("missed"), "falls_short")
    course = course.mask(is_final & rows["status"].eq("not_assessable"), "unknown")
    return pd.DataFrame({"indicator_id": rows["indicator_id"], "course": course})


def faster(assessed: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators that must move faster than so far, the steepest first."""
    rows = assessed[assessed["effort_factor"] > 1]
    return rows.sort_values("effort_factor", ascending=False, kind="stable")
