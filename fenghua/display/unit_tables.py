"""The tables of a lead unit's brief: its finding, the data it owes, the clauses it answers for.

Answers: what one unit of the plan must do and report. Refuses: to calculate what they hold.
"""

from html import escape

import pandas as pd

from fenghua.display import gap_tables, sentences, tables
from fenghua.display.numbers import NONE
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words

_GOOD = ("achieved", "met", "on_track")


def finding(unit: str, rows: pd.DataFrame, owed: pd.DataFrame, words: Words) -> str:
    """Return the one sentence: how many of its indicators keep up, and what data it owes."""
    judged = rows[rows["status"] != "not_assessable"]
    facts = {"unit": unit, "n": len(rows), "judged": len(judged), "owed": len(owed)}
    if rows.empty:
        return words("lead_unit_brief.finding_none", unit=unit)
    if judged.empty:
        return words("lead_unit_brief.finding_nothing", **facts)
    good = int(judged["status"].isin(_GOOD).sum())
    return words(
        "lead_unit_brief.finding" if len(owed) else "lead_unit_brief.finding_clear",
        good=good,
        **facts,
    )


def indicators(rows: pd.DataFrame, words: Words) -> str:
    """Return the indicators of Table 1 the unit leads, with path, milestone, status, effort."""
    shown = rows[rows["scope"] == "headline"]
    if shown.empty:
        return sentences.note(words("lead_unit_brief.no_headline"))
    return gap_tables.gap(shown, words)


def text_tasks(rows: pd.DataFrame, words: Words) -> str:
    """Return the figures of the text the unit answers for, with next milestone and status."""
    shown = rows[rows["scope"] == "text"]
    if shown.empty:
        return sentences.note(words("lead_unit_brief.no_text"))
    return gap_tables.text_tasks(shown, words)


def debts(rows: pd.DataFrame, words: Words) -> str:
    """Return the figures the unit owes: missing ones and stale ones."""
    if rows.empty:
        return sentences.note(words("lead_unit_brief.no_debts"))

    def owed(row: Row) -> str:
        why = words(f"reason.{row['reason']}") if row["reason"] else ""
        return words(f"lead_unit_brief.{row['owed']}") + (f"<small>{why}</small>" if why else "")

    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.owed"), owed, css="w2"),
        Column(words("head.last_period"), tables.text("period"), css="nw"),
        Column(words("head.age"), tables.number("age_months", decimals=0), is_number=True),
        Column(words("head.clause"), tables.text("clause"), css="nw"),
    ]
    return tables.table(rows, columns, caption=words("lead_unit_brief.debts_caption"), css="cards")


def clauses(rows: pd.DataFrame, words: Words) -> str:
    """Return the clauses with the unit's role, its indicators there, and the other units.

    Parameters
    ----------
    rows : DataFrame
        ``lead_unit.clauses`` with ``names`` (of indicators) and ``others`` (units) as lists.
    """
    if rows.empty:
        return sentences.note(words("page.no_rows"))

    def joined(key: str) -> Cell:
        return lambda row: escape(words.join(row[key])) if row[key] else NONE

    columns = [
        Column(words("head.clause"), tables.text("clause"), css="nw"),
        Column(words("head.role"), lambda row: words(f"lead_unit_brief.role_{row['role']}")),
        Column(words("head.own_indicators"), joined("names"), css="w4"),
        Column(words("head.with_units"), joined("others"), css="w4"),
    ]
    return tables.table(
        rows, columns, caption=words("lead_unit_brief.clauses_caption"), css="cards"
    )


def named_clauses(
    rows: pd.DataFrame, register: pd.DataFrame, units: pd.DataFrame, words: Words
) -> pd.DataFrame:
    """Add ``names`` and ``others`` as lists in the page's language to rows of clauses."""
    names = {row["indicator_id"]: words.name(row) for row in register.to_dict("records")}
    called = {row["unit_id"]: words.name(row) for row in units.to_dict("records")}
    return rows.assign(
        names=[
            [names[code] for code in codes.split(";") if code] for codes in rows["indicator_ids"]
        ],
        others=[[called[code] for code in codes.split(";") if code] for codes in rows["with_ids"]],
    )
