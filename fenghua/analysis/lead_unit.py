"""What one unit of the plan answers for (责任清单): indicators, data it owes, clauses.

Answers: the unit's part of the plan. Refuses: to call a figure owed that another level must give.
"""

from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis.observed import NOISE
from fenghua.inputs import periods

OWED: Final = (
    *("no_observation", "no_observation_since_base", "no_observation_this_year"),
    *("no_value_at_milestone", "broken_chain", "no_baseline"),
)


def roles(register: pd.DataFrame, unit_id: str) -> pd.DataFrame:
    """Return the register's rows of a unit with ``role``: lead, sole or shared (责任).

    It leads those of the plan's table; of the tasks in the text it answers for ``sole`` ones
    alone, for ``shared`` ones with others. A task that repeats a row it leads counts there.

    Examples
    --------
    >>> rows = pd.DataFrame({"indicator_id": ["i", "j"], "lead_unit_ids": ["a;b", "b"],
    ...     "scope": ["headline", "text"], "same_as": ""})
    >>> roles(rows, "b")["role"].tolist(), len(roles(rows, "a"))
    (['lead', 'sole'], 1)
    """
    units = register["lead_unit_ids"].str.split(";")
    is_own = units.map(lambda ids: unit_id in ids)
    is_led = is_own & (register["scope"] == "headline")
    is_double = register["same_as"].isin(register.loc[is_led, "indicator_id"])
    role = units.str.len().eq(1).map({True: "sole", False: "shared"}).mask(is_led, "lead")
    return register.assign(role=role)[is_own & ~is_double]


def debts(
    assessed: pd.DataFrame, observations: pd.DataFrame, *, stale_months: float
) -> pd.DataFrame:
    """Return the figures a unit owes: missing ones first, then stale ones, the oldest first.

    A target that the level above has not assigned is not owed here, nor a figure before it is due:
    the first one ``stale_months`` after the base year, that of a yearly task at the year's end.

    Columns added: ``owed`` (missing or stale) and ``due_period``: the month at whose end the figure
    was due: of a missing one the verdict's own date, the end of the year that ``observations``
    lack, the base year's where the path starts from an observation, of a yearly task
    the last year's end, else the end of the period reported on; of a stale one ``stale_months``
    after it.
    """
    now = periods.ends(assessed["as_of"])
    is_due = now >= assessed["base_year"] + stale_months / periods.MONTHS_IN_YEAR - NOISE
    is_missing = assessed["reason"].isin(OWED) & is_due
    stale = ["stale" in str(flags).split(";") for flags in assessed["flags"]]
    is_stale = pd.Series(stale, assessed.index, dtype=bool)
    rows = assessed.assign(owed=is_missing.map({True: "missing", False: "stale"}))
    rows = rows[is_missing | is_stale].copy()
    # A missing figure is due with the period reported on; an old one since it grew old.
    is_old = rows["owed"] == "stale"
    ends = periods.ends(rows["period"].where(is_old, rows["as_of"])) * periods.MONTHS_IN_YEAR
    months = ends.round() + stale_months * is_old
    years = rows["milestone_year"].where(rows["reason"] == "no_value_at_milestone")
    years = years.fillna(rows["base_year"].where(rows["reason"] == "no_baseline"))
    years = years.fillna(_years_lacking(rows, observations))
    is_yearly = (rows["kind"] == "annual") & ~is_old
    years = years.fillna(np.floor(now[rows.index] + NOISE).where(is_yearly))
    months = (years * periods.MONTHS_IN_YEAR).fillna(months)
    rows["due_period"] = [_month(each) for each in months]
    return rows.sort_values(["owed", "age_months"], ascending=[True, False], kind="stable")


def _years_lacking(rows: pd.DataFrame, observations: pd.DataFrame) -> pd.Series:
    """Return the first year since the base year that breaks a row's chain of yearly figures."""
    found = pd.Series(np.nan, rows.index)
    for place, row in rows[rows["reason"] == "broken_chain"].iterrows():
        is_own = observations["indicator_id"] == row["indicator_id"]
        own = observations[is_own & (observations["area_code"] == row["area_code"])]
        known = {*periods.ends(own["period"])}
        years = range(int(row["base_year"]) + 1, int(np.ceil(row["observed_at"])))
        found[place] = next((year for year in years if year not in known), np.nan)
    return found


def _month(count: float) -> str:
    """Return the month that ends so many months after the end of the year 0."""
    years, month = divmod(round(count) - 1, periods.MONTHS_IN_YEAR)
    return f"{years + 1}-{month + 1:02d}"


def clauses(clause_units: pd.DataFrame, register: pd.DataFrame, unit_id: str) -> pd.DataFrame:
    """Return the clauses a unit answers for, with their other units and its indicators in each.

    Columns: ``clause``, ``role`` (lead, responsible), ``with_ids`` (other units, ``;``-joined),
    ``indicator_ids`` (of the unit, ``;``-joined), in the order of the plan.
    """
    is_own = register["lead_unit_ids"].str.split(";").map(lambda ids: unit_id in ids)
    own = register[is_own].groupby("clause")["indicator_id"].agg(";".join)
    rest = clause_units[clause_units["unit_id"] != unit_id]
    others = rest.groupby("clause")["unit_id"].agg(";".join)
    rows = clause_units[clause_units["unit_id"] == unit_id][["clause", "role"]]
    rows = rows.assign(
        with_ids=[others.get(clause, "") for clause in rows["clause"]],
        indicator_ids=[own.get(clause, "") for clause in rows["clause"]],
    )
    return rows.sort_values("clause", key=_in_order, kind="stable").reset_index(drop=True)


def _in_order(clauses: pd.Series) -> pd.Series:
    """Rank clauses as the plan has them: Table 1, then 三(一)1 to 四(六)."""
    numerals = {ord(char): f"{i:02d}" for i, char in enumerate("表一二三四五六七八九十")}
    halves = [text.partition(")") for text in clauses]
    keys = [head.translate(numerals) + tail.zfill(3) for head, _, tail in halves]
    return pd.Series(keys, clauses.index, dtype=object)
