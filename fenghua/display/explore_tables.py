"""The tables of the notebook ``explore``: as it is beside as it would be.

Answers: which columns a what-if shows. Refuses: to calculate what they hold.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from fenghua.display import tables
from fenghua.display.tables import Column, Row
from fenghua.display.wording import Words


def _both(words: Words, head: str, key: str, decimals: int | str, **how: Any) -> Sequence[Column]:
    """Return a figure's two columns, before and after."""
    return [
        tables.figures(words("explore.before", of=words(head)), f"{key}_before", decimals, **how),
        tables.figures(words("explore.after", of=words(head)), key, decimals, **how),
    ]


def plan(rows: pd.DataFrame, words: Words) -> str:
    """Return value, end target, index and status of indicators, before and after.

    ``rows`` are named rows of ``gap.assess`` with the figures before under ``*_before``.
    """
    state = words("head.status")
    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        *_both(words, "explore.value", "value", 2, trim=True),
        *_both(words, "explore.end_target_value", "end_target_value", "decimals", trim=True),
        *_both(words, "explore.schedule_index", "schedule_index", 3, trim=True),
        Column(words("explore.before", of=state), tables.status(words, key="status_before")),
        Column(words("explore.after", of=state), tables.status(words)),
    ]
    return tables.table(rows, columns, caption=words("explore.plan_caption"), css="cards")


def grades(counts: pd.DataFrame, words: Words) -> str:
    """Return the number of enterprises of each grade, before and after."""

    def grade(row: Row) -> str:
        return tables.grade_word(row["grade"]) if row["grade"] else words("explore.no_grade")

    firms = words("explore.enterprises")
    columns = [
        Column(words("explore.grade"), grade),
        *(
            tables.figures(words(f"explore.{key}", of=firms), key, 0)
            for key in ("before", "after", "moved_here")
        ),
    ]
    return tables.table(counts, columns, caption=words("explore.grades_caption"), css="fit")


def sums(rows: pd.DataFrame, words: Words) -> str:
    """Return named amounts, before and after: what closures release and what goes with them."""
    columns = [
        Column(words("explore.amount"), lambda row: words(f"explore.{row['key']}")),
        tables.figures(words("explore.value_column"), "value", "decimals"),
        tables.figures(words("explore.of_target_column"), "of_target", "decimals"),
    ]
    return tables.table(rows, columns, caption=words("explore.sums_caption"), css="fit")


def closed(rows: pd.DataFrame, words: Words, *, names: Mapping[str, str]) -> str:
    """Return the enterprises of a closure list: internal pages only."""
    named = rows.assign(town=[names.get(code, code) for code in rows["town_code"]])
    columns = [
        Column(words("explore.enterprise"), tables.text("name", under="enterprise_id")),
        Column(words("head.town"), tables.text("town")),
        tables.figures(words("explore.land_mu"), "land_mu"),
        tables.figures(words("explore.tax_per_mu"), "tax_per_mu_wan"),
        Column(words("explore.grade"), tables.grade("adjusted_grade")),
    ]
    return tables.table(named, columns, caption=words("explore.closed_caption", n=len(rows)))


def ranks(rows: pd.DataFrame, words: Words) -> str:
    """Return score and rank of each town, before and after."""

    def moved(row: Row) -> str:
        return tables.places(float(row["rank_before"]) - float(row["rank"]))

    columns = [
        Column(words("head.town"), tables.text("name")),
        *_both(words, "head.score", "score", 1),
        *_both(words, "head.rank", "rank", 0),
        Column(words("head.places"), moved, is_number=True),
    ]
    return tables.table(rows, columns, caption=words("explore.ranks_caption"), css="fit")
