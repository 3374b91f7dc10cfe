"""The sentences and tables of the plan audit.

Answers: how the plan's own inconsistencies read. Refuses: to call them errors.
"""

from html import escape

import pandas as pd

from fenghua.display import sentences, tables
from fenghua.display.numbers import NONE, figure, short
from fenghua.display.tables import Column, Row
from fenghua.display.wording import Words


def _rows(counts: pd.DataFrame, table: str, dimension: str) -> dict[str, int]:
    part = counts[(counts["table"] == table) & (counts["dimension"] == dimension)]
    return {str(code): int(n) for code, n in zip(part["code"], part["rows"], strict=True)}


def finding(counts: pd.DataFrame, found: pd.DataFrame, words: Words) -> str:
    """Return the audit's one sentence: what is registered, and how much is to be confirmed."""
    scope = _rows(counts, "indicators", "scope")
    return words(
        "plan_audit.finding",
        headline=scope.get("headline", 0),
        text=scope.get("text", 0),
        rules=_rows(counts, "policy_rules", "all")[""],
        open=int((found["status"] == "to_confirm").sum()),
    )


def strip(counts: pd.DataFrame, words: Words) -> str:
    """Return the register's size as a strip of cards."""
    scope = _rows(counts, "indicators", "scope")
    cards = [(words(f"plan_audit.card_{code}"), n) for code, n in scope.items()]
    cards.append((words("plan_audit.card_targets"), _rows(counts, "targets", "role")["target"]))
    cards.append((words("plan_audit.card_rules"), _rows(counts, "policy_rules", "all")[""]))
    inner = "".join(f"<li><b>{n}</b><span>{escape(text)}</span></li>" for text, n in cards)
    return f'<ul class="strip">{inner}</ul>'


def counts(rows: pd.DataFrame, words: Words) -> str:
    """Return the register's rows by block and by kind, folded away."""
    shown = rows[rows["dimension"].isin(["block", "kind"])]
    columns = [
        Column(words("head.group"), lambda row: escape(words(f"{row['dimension']}.{row['code']}"))),
        Column(words("head.count"), tables.number("rows", decimals=0), is_number=True),
    ]
    inner = tables.table(
        shown,
        columns,
        caption=words("plan_audit.counts_caption"),
        group="dimension",
        group_label=lambda code, _: words(f"head.{code}"),
        css="fit",
    )
    return tables.details(words("plan_audit.counts_caption"), inner)


def shape_text(shape: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return title, alternative text, note and table twin of the schedule-shape chart."""
    shown = shape.dropna(subset="share_pct")
    year = int(shown["first_year"].iloc[0])
    low, high = (
        figure(value, 0) + "%" for value in (shown["share_pct"].min(), shown["share_pct"].max())
    )
    late = int(shown["is_back_loaded"].astype(bool).sum())
    share = short(float(shown["linear_share_pct"].iloc[0])) + "%"
    about = {"year": year, "n": len(shown), "late": late, "low": low, "high": high, "share": share}
    return {
        "title": words("plan_audit.shape_title", **about),
        "alt": words("plan_audit.shape_alt", **about),
        "note": words("plan_audit.shape_note", **about),
    }


def rates(rows: pd.DataFrame, words: Words) -> str:
    """Return the yearly pace that the targets imply, before and after the first milestone."""

    def pace(key: str) -> tables.Cell:
        def cell(row: Row) -> str:
            code = "points_per_year" if row["unit"] == "%" else "per_year"
            code = row["pace_unit"] if row["pace_unit"] == "pct_per_year" else code
            value = short(float(row[key]), decimals=2)
            return words(f"rate.{code}", value=value, unit=row["unit_name"])

        return cell

    first, last = int(rows["first_year"].iloc[0]), int(rows["last_year"].iloc[0])
    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(words("head.until", year=first), pace("pace_first")),
        Column(words("head.leg", first=first, last=last), pace("pace_second")),
        Column(words("head.faster"), tables.number("times_faster", decimals=2), is_number=True),
    ]
    return tables.table(rows, columns, caption=words("plan_audit.rates_caption"))


def findings(rows: pd.DataFrame, words: Words) -> str:
    """Return what should be confirmed, by theme, with both clauses and both figures."""

    def clauses(row: Row) -> str:
        both = dict.fromkeys(text for text in (row["clause_a"], row["clause_b"]) if text)
        return escape(" / ".join(both))

    def figures(row: Row) -> str:
        pair = [_plain(float(row[key]), row["theme"]) for key in ("value_a", "value_b")]
        return escape(" / ".join(text for text in pair if text != NONE) or NONE)

    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(words("head.finding"), lambda row: escape(words(f"audit.{row['message_key']}"))),
        Column(words("head.clause"), clauses, css="nw"),
        Column(words("head.figures"), figures, is_number=True),
    ]
    shown = rows[rows["status"] == "to_confirm"]
    table = tables.table(
        shown,
        columns,
        caption=words("plan_audit.findings_caption"),
        group="theme",
        group_label=lambda code, n: words("gaps.block_label", block=words(f"theme.{code}"), n=n),
    )
    agreeing = rows.loc[rows["status"] == "agrees", "name"].tolist()
    names = (
        words("plan_audit.agrees", n=len(agreeing), names=words.join(agreeing)) if agreeing else ""
    )
    return table + (sentences.note(names) if names else "")


def _plain(value: float, theme: str) -> str:
    return (
        f"{value:.0f}" if theme == "base_year_break" and value > 1000 else short(value, decimals=2)
    )


def targets(rows: pd.DataFrame, words: Words) -> str:
    """Return every baseline and target as printed, with its clause."""
    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(words("head.role"), lambda row: words(f"role.{row['role']}")),
        Column(words("head.year"), lambda row: f"{row['year']:.0f}", is_number=True),
        Column(words("head.printed"), lambda row: escape(words.printed(str(row["printed"])))),
        Column(words("head.unit"), tables.text("unit_name")),
        Column(words("head.clause"), tables.text("clause"), css="nw"),
        Column(words("head.lead"), tables.text("leads")),
    ]
    return tables.table(rows, columns, caption=words("plan_audit.text_caption"))


def rules(rows: pd.DataFrame, words: Words) -> str:
    """Return the rules and thresholds of the text as printed, with their clauses."""
    name = "name_en" if words.lang == "en" else "name_zh_hans"
    columns = [
        Column(words("head.rule"), lambda row: escape(words.printed(str(row[name])))),
        Column(words("head.printed"), lambda row: escape(words.printed(str(row["printed"])))),
        Column(words("head.clause"), tables.text("clause"), css="nw"),
    ]
    return tables.table(rows, columns, caption=words("plan_audit.rules_caption"))
