"""What one unit of the plan answers for (责任清单): indicators, data it owes, clauses.

Answers: the unit's part of the plan. Refuses: to call a figure owed that another level must give.
"""

from typing import Final

import pandas as pd

OWED: Final = (
    *("no_observation", "no_observation_since_base", "no_observation_this_year"),
    *("no_value_at_milestone", "broken_chain", "no_baseline"),
)


def indicators(register: pd.DataFrame, unit_id: str) -> pd.DataFrame:
    """Return the indicators of a unit: it leads those of Table 1, answers for those of the text.

    The register's rows with ``role``: lead or responsible.

    Examples
    --------
    >>> rows = pd.DataFrame({"lead_unit_ids": ["a;b", "b"], "scope": ["headline", "text"]})
    >>> indicators(rows, "b")["role"].tolist(), len(indicators(rows, "a"))
    (['lead', 'responsible'], 1)
    """
    is_own = [unit_id in str(ids).split(";") for ids in register["lead_unit_ids"]]
    own = register[is_own]
    role = own["scope"].map({"headline": "lead"}).fillna("responsible")
    return own.assign(role=role)


def debts(assessed: pd.DataFrame) -> pd.DataFrame:
    """Return the figures a unit owes: missing ones first, then stale ones, the oldest first.

    A target that the level above has not assigned is not owed here.

    The column ``owed`` says missing or stale.
    """
    is_missing = assessed["reason"].isin(OWED)
    is_stale = assessed["flags"].str.split(";").map(lambda flags: "stale" in flags)
    rows = assessed.assign(owed=is_missing.map({True: "missing", False: "stale"}))
    rows = rows[is_missing | is_stale]
    return rows.sort_values(["owed", "age_months"], ascending=[True, False], kind="stable")


def clauses(clause_units: pd.DataFrame, register: pd.DataFrame, unit_id: str) -> pd.DataFrame:
    """Return the clauses a unit answers for, with their other units and its indicators in each.

    Columns: ``clause``, ``role`` (lead, responsible), ``with_ids`` (other units, ``;``-joined),
    ``indicator_ids`` (of the unit, ``;``-joined), in the order of the plan.
    """
    own = indicators(register, unit_id).groupby("clause")["indicator_id"].agg(";".join)
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
    numerals = {char: f"{i:02d}" for i, char in enumerate("表一二三四五六七八九十")}
    return clauses.map(
        lambda text: (
            "".join(numerals.get(char, char) for char in text.partition(")")[0])
            + text.partition(")")[2].zfill(3)
        )
    )
