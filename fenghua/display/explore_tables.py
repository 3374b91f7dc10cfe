"""The tables of the notebook ``explore``: as it is beside as it would be.

Answers: which columns a what-if shows. Refuses: to calculate what they hold.
"""

from collections.abc import Mapping

import pandas as pd

from fenghua.display import tables
from fenghua.display.numbers import NONE, figure, short
from fenghua.display.tables import Column, Row
from fenghua.display.wording import Words


def plan(rows: pd.DataFrame, words: Words) -> str:
    """Return value, end target, index and status of indicators, before and after.

    Parameters
    ----------
    rows : DataFrame
        Named rows of ``gap.assess`` with the figures before under ``*_before``.
    words : Words
        The page's language.
    """
    columns = [Column(words("head.indicator"), tables.text("name", under="unit_name"))]
    for key, digits in (("value", "decimals"), ("end_target_value", "decimals"),
                        ("schedule_index", 3)):  # fmt: skip
        for when in ("_before", ""):
            head = words(f"explore.{when.strip('_') or 'after'}", of=words(f"explore.{key}"))
            finer = tables.number(key + when, decimals=2 if key == "value" else digits, trim=True)
            columns.append(Column(head, finer, is_number=True))
    columns += [
        Column(words("explore.before", of=words("head.status")),
               tables.status(words, key="status_before")),
        Column(words("explore.after", of=words("head.status")), tables.status(words)),
    ]  # fmt: skip
    return tables.table(rows, columns, caption=words("explore.plan_caption"), css="cards")


def grades(counts: pd.DataFrame, words: Words) -> str:
    """Return the number of enterprises of each grade, before and after."""

    def grade(row: Row) -> str:
        return tables.grade_word(row["grade"]) if row["grade"] else words("explore.no_grade")

    columns = [Column(words("explore.grade"), grade)]
    columns += [
        Column(words(f"explore.{key}", of=words("explore.enterprises")),
               tables.number(key, decimals=0), is_number=True)
        for key in ("before", "after", "moved_here")
    ]  # fmt: skip
    return tables.table(counts, columns, caption=words("explore.grades_caption"), css="fit")


def sums(rows: pd.DataFrame, words: Words) -> str:
    """Return named amounts, before and after: what closures release and what goes with them."""

    def amount(key: str) -> tables.Cell:
        return lambda row: figure(float(row[key]), int(row["decimals"]))

    columns = [Column(words("explore.amount"), lambda row: words(f"explore.{row['key']}"))]
    columns += [
        Column(words(f"explore.{key}_column"), amount(key), is_number=True)
        for key in ("value", "of_target")
    ]
    return tables.table(rows, columns, caption=words("explore.sums_caption"), css="fit")


def closed(rows: pd.DataFrame, words: Words, *, names: Mapping[str, str]) -> str:
    """Return the enterprises of a closure list: internal pages only."""
    named = rows.assign(town=[names.get(code, code) for code in rows["town_code"]])
    columns = [
        Column(words("explore.enterprise"), tables.text("name", under="enterprise_id")),
        Column(words("head.town"), tables.text("town")),
        Column(words("explore.land_mu"), tables.number("land_mu"), is_number=True),
        Column(words("explore.tax_per_mu"), tables.number("tax_per_mu_wan"), is_number=True),
        Column(words("explore.grade"), lambda row: tables.grade_word(row["adjusted_grade"])),
    ]
    return tables.table(named, columns, caption=words("explore.closed_caption", n=len(rows)))


def ranks(rows: pd.DataFrame, words: Words) -> str:
    """Return score and rank of each town, before and after."""

    def moved(row: Row) -> str:
        places = float(row["rank_before"]) - float(row["rank"])
        if places != places or places == 0:
            return NONE if places != places else "0"
        return f"{'▲' if places > 0 else '▼'} {short(abs(places))}"

    columns = [Column(words("head.town"), tables.text("name"))]
    for key, digits in (("score", 1), ("rank", 0)):
        for when in ("_before", ""):
            head = words(f"explore.{when.strip('_') or 'after'}", of=words(f"head.{key}"))
            columns.append(Column(head, tables.number(key + when, decimals=digits), is_number=True))
    columns.append(Column(words("head.places"), moved, is_number=True))
    return tables.table(rows, columns, caption=words("explore.ranks_caption"), css="fit")
