"""The sentences and tables of the plan audit.

Answers: how the plan's own inconsistencies read. Refuses: to call them errors.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from fenghua.display import charts, sentences, tables
from fenghua.display import figures as figures_
from fenghua.display.numbers import NONE, figure, short
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words

_RATES = "rates|indicator_id"


def finding(sizes: Mapping[str, int], words: Words) -> str:
    """Return the audit's one sentence: what is registered, and how much is to be confirmed."""
    return words("plan_audit.finding", **sizes)


def strip(sizes: Mapping[str, int], words: Words) -> str:
    """Return the register's size (``tally.registered``) as a strip of cards."""
    cards = [
        f"<li><b>{sizes[name]}</b><span>{escape(words(f'plan_audit.card_{name}'))}</span></li>"
        for name in ("headline", "text", "targets", "rules")
    ]
    return f'<ul class="strip">{"".join(cards)}</ul>'


def counts(rows: pd.DataFrame, words: Words) -> str:
    """Return the register's rows by block and by kind, folded away."""
    caption = words("plan_audit.counts_caption")
    columns = [
        Column(words("head.group"), lambda row: escape(words(f"{row['dimension']}.{row['code']}"))),
        tables.figures(words("head.count"), "rows", 0),
    ]
    inner = tables.table(
        rows[rows["dimension"].isin(["block", "kind"])],
        columns,
        caption=caption,
        group="dimension",
        group_label=lambda code, _: words(f"head.{code}"),
        css="fit",
    )
    return tables.details(caption, inner)


def shape_text(shape: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Return title, alternative text and note of the schedule-shape chart (``tally.shape``)."""
    low, high, share = (
        printed + "%"
        for printed in (figure(shape["low"], 0), figure(shape["high"], 0), short(shape["line"]))
    )
    about = {**shape, "low": low, "high": high, "share": share}
    own = "" if shape["year"] else "_own"
    parts = ("title", "alt", "note")
    return {part: words(f"plan_audit.shape_{part}{own}", **about) for part in parts}


def shape(rows: pd.DataFrame, facts: Mapping[str, Any], words: Words) -> str:
    """Return the chart of the schedule's shape, or why there is none; ``facts``: ``tally.shape``.

    ``rows`` are named ones of ``audit.schedule_shape``.
    """
    if not facts["n"]:
        return sentences.note(words("plan_audit.shape_none"))
    chart = charts.schedule_shape(rows, words=words)
    return figures_.figure(chart.figure, words, key="shape", **shape_text(facts, words))


def rates(rows: pd.DataFrame, words: Words) -> str:
    """Return the yearly pace that the targets imply, before and after the first milestone."""

    def pace(key: str) -> Cell:
        def cell(row: Row) -> str:
            code = "points_per_year" if row["unit"] == "%" else "per_year"
            code = row["pace_unit"] if row["pace_unit"] == "pct_per_year" else code
            value = tables.claimed(short(float(row[key]), decimals=2), row, key, _RATES)
            return words(f"rate.{code}", value=value, unit=row["unit_name"])

        return cell

    if rows.empty:
        return ""
    legs = rows[["first_year", "last_year"]].drop_duplicates()
    if len(legs) == 1:
        first, last = (int(year) for year in legs.iloc[0])
        heads = [words("head.until", year=first), words("head.leg", first=first, last=last)]
    else:
        heads = [words("head.first_leg"), words("head.second_leg")]
    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(heads[0], pace("pace_first")),
        Column(heads[1], pace("pace_second")),
        tables.figures(words("head.faster"), "times_faster", 2, claim=_RATES),
    ]
    if len(legs) > 1:
        years = ("base_year", "first_year", "last_year")
        columns.insert(
            1, Column(words("head.legs"), lambda row: "–".join(f"{row[y]:.0f}" for y in years))
        )
    return tables.table(rows, columns, caption=words("plan_audit.rates_caption"))


def findings(rows: pd.DataFrame, words: Words) -> str:
    """Return what should be confirmed, by theme, with both clauses and both figures."""

    def clauses(row: Row) -> str:
        both = dict.fromkeys(text for text in (row["clause_a"], row["clause_b"]) if text)
        return escape(" / ".join(both))

    def printed(value: float, theme: str) -> str:
        is_year = theme == "base_year_break" and value > 1000
        return f"{value:.0f}" if is_year else short(value, decimals=2)

    def figures(row: Row) -> str:
        pair = [
            tables.claimed(printed(float(row[key]), row["theme"]), row, key, "audit|finding_id")
            for key in ("value_a", "value_b")
        ]
        return " / ".join(text for text in pair if text != NONE) or NONE

    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(words("head.finding"), lambda row: escape(words(f"audit.{row['message_key']}"))),
        Column(words("head.clause"), clauses, css="nw"),
        Column(words("head.figures"), figures, is_number=True),
    ]
    open_ = rows[rows["status"] == "to_confirm"]
    if open_.empty:
        return sentences.note(words("plan_audit.nothing_open"))
    table = tables.table(
        open_,
        columns,
        caption=words("plan_audit.findings_caption"),
        group="theme",
        group_label=lambda code, n: words("gaps.block_label", block=words(f"theme.{code}"), n=n),
    )
    agreeing = rows.loc[rows["status"] == "agrees", "name"].tolist()
    if not agreeing:
        return table
    agreed = words("plan_audit.agrees", n=len(agreeing), names=words.join(agreeing))
    return table + sentences.note(agreed)


def _as_printed(key: str, words: Words) -> Cell:
    return lambda row: escape(words.printed(str(row[key])))


def targets(rows: pd.DataFrame, words: Words) -> str:
    """Return every baseline and target as printed, with its clause."""
    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(words("head.role"), lambda row: words(f"role.{row['role']}")),
        Column(words("head.year"), lambda row: f"{row['year']:.0f}", is_number=True),
        Column(words("head.printed"), _as_printed("printed", words)),
        Column(words("head.unit"), tables.text("unit_name")),
        Column(words("head.clause"), tables.text("clause"), css="nw"),
    ]
    for name in ("nature", "confidence"):
        if name in rows and (rows[name] != "").any():
            columns.append(Column(words(f"head.{name}"), _coded(name, words)))
    if (rows["leads"] != "").any():
        columns.append(Column(words("head.lead"), tables.text("leads")))
    return tables.table(rows, columns, caption=words("plan_audit.text_caption"))


def _coded(name: str, words: Words) -> Cell:
    return lambda row: words(f"{name}.{row[name]}") if row[name] else NONE


def reported(targets: pd.DataFrame, sources: pd.DataFrame, words: Words) -> str:
    """Return a caution where targets stand on reports of the plan and not on its own text."""
    used = sources[sources["source_id"].isin(targets["source_id"])]
    reports = used[used["kind"] != "plan"]
    if reports.empty:
        return ""
    each = [
        words("plan_audit.report", title=row["title"], note=row["note"])
        for row in reports.to_dict("records")
    ]
    return sentences.call(words("plan_audit.reported"), *each)


def parents(
    rows: pd.DataFrame,
    counts: Mapping[str, int],
    register: pd.DataFrame,
    sources: pd.DataFrame,
    words: Words,
) -> str:
    """Return the plan's indicators beside the targets of the plans above it.

    ``rows`` are named ones of ``parents.compare``, ``counts`` those of ``parents.counts``,
    ``register`` the parents' targets.
    """
    if rows.empty:
        return sentences.note(words("parents.none"))
    areas = {
        row["parent_id"]: words.name(row, prefix="area_name") for row in register.to_dict("records")
    }

    def said(row: Row) -> str:
        reason = words(f"parents.reason_{row['reason']}") if row["reason"] else ""
        return escape(words(f"parents.{row['verdict']}")) + tables.small(reason)

    def parent(row: Row) -> str:
        return escape(areas[row["parent_id"]]) + tables.small(row["document_number"])

    claim = "parents|comparison_id"
    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(words("head.parent"), parent),
        Column(words("head.year"), lambda row: f"{row['year']:.0f}", is_number=True),
        tables.figures(words("head.own_target"), "value", "decimals", claim=claim),
        Column(words("head.parent_target"), _as_printed("parent_printed", words)),
        Column(words("head.comparison"), said),
        tables.figures(words("head.share_of_parent"), "share_pct", 1, claim=claim),
        Column(words("head.confidence"), _coded("confidence", words)),
    ]
    used = sources[sources["source_id"].isin(rows["source_id"])]
    is_reported = bool((used["kind"] != "plan").any())
    caption = words("parents.caption" if is_reported else "parents.caption_texts")
    return sentences.call(words("parents.finding", **counts)) + tables.table(
        rows, columns, caption=caption
    )


def rules(rows: pd.DataFrame, words: Words) -> str:
    """Return the rules and thresholds of the text as printed, with their clauses."""
    if rows.empty:
        return sentences.note(words("plan_audit.no_rules"))
    name = "name_en" if words.lang == "en" else "name_zh_hans"
    columns = [
        Column(words("head.rule"), _as_printed(name, words)),
        Column(words("head.printed"), _as_printed("printed", words)),
        Column(words("head.clause"), tables.text("clause"), css="nw"),
    ]
    return tables.table(rows, columns, caption=words("plan_audit.rules_caption"))
