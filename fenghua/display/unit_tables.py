"""The tables of a lead unit's brief: its finding, the data it owes, the clauses it answers for.

Answers: what one unit of the plan must do and report. Refuses: to calculate what they hold.
"""

from collections.abc import Mapping
from html import escape

import pandas as pd

from fenghua.display import gap_tables, naming, sentences, tables
from fenghua.display.numbers import NONE
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words


def finding(unit: str, counts: Mapping[str, int], words: Words, *, owed: int) -> str:
    """Return the one sentence: how many of its indicators keep up, and what data it owes."""
    kind = "finding" if owed else "finding_clear"
    if not counts["judged"]:
        kind = "finding_nothing" if counts["total"] else "finding_none"
    return words(f"lead_unit_brief.{kind}", unit=unit, n=counts["total"], owed=owed, **counts)


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
        return words(f"lead_unit_brief.{row['owed']}") + tables.small(why)

    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.owed"), owed, css="w2"),
        Column(words("head.last_period"), tables.text("period"), css="nw"),
        tables.figures(words("head.age"), "age_months", 0),
        Column(words("head.clause"), tables.text("clause"), css="nw"),
    ]
    return tables.table(rows, columns, caption=words("lead_unit_brief.debts_caption"), css="cards")


def clauses(rows: pd.DataFrame, register: pd.DataFrame, units: pd.DataFrame, words: Words) -> str:
    """Return the clauses with the unit's role, its indicators there, and the other units."""
    if rows.empty:
        return sentences.note(words("page.no_rows"))

    def joined(key: str, names: Mapping[str, str]) -> Cell:
        def cell(row: Row) -> str:
            codes = [code for code in row[key].split(";") if code]
            return escape(words.join([names[code] for code in codes])) if codes else NONE

        return cell

    names = naming.names(register, "indicator_id", words)
    called = naming.names(units, "unit_id", words)
    columns = [
        Column(words("head.clause"), tables.text("clause"), css="nw"),
        Column(words("head.role"), lambda row: words(f"lead_unit_brief.role_{row['role']}")),
        Column(words("head.own_indicators"), joined("indicator_ids", names), css="w4"),
        Column(words("head.with_units"), joined("with_ids", called), css="w4"),
    ]
    caption = words("lead_unit_brief.clauses_caption")
    return tables.table(rows, columns, caption=caption, css="cards")
