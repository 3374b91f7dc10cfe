"""The lists of the per-mu brief: register, release, carbon, parks, what a class brings.

Answers: how these frames read in a language. Refuses: to name an enterprise on a public page.
"""

from collections.abc import Mapping
from html import escape

import pandas as pd

from fenghua.display import sentences, tables
from fenghua.display.efficiency_tables import Sheet
from fenghua.display.numbers import short
from fenghua.display.tables import Cell, Column, Row


def register(counts: Mapping[str, pd.DataFrame], sheet: Sheet, *, year: int, compare: int) -> str:
    """Return the register by reason, and by change, protection and route."""
    words = sheet.words
    columns = [
        Column(words("head.reason"), lambda row: words(f"lowreg.{row['code']}")),
        sheet.column("lowreg.listed", "total"),
        sheet.column("lowreg.entered", "entered"),
        sheet.column("lowreg.stayed", "stayed"),
        sheet.column("per_mu.head_protected", "protected"),
    ]
    if not compare:
        columns = [columns[0], columns[1], columns[4]]
    caption = words("lowreg.caption", year=year, compare=compare)
    html = sheet.table(counts["reasons"], columns, caption)
    if not sheet.year:
        return html
    prefix = {"change": "lowreg", "protection": "protect", "route": "route"}
    rows = pd.concat([counts[name].assign(group=name) for name in prefix], ignore_index=True)
    columns = [
        Column(
            words("per_mu.head_list"), lambda row: words(f"{prefix[row['group']]}.{row['code']}")
        ),
        sheet.column("head.enterprises", "enterprises"),
    ]
    return html + tables.table(
        rows,
        columns,
        caption=words("lowreg.others_caption"),
        group="group",
        group_label=lambda code, _: words(f"lowreg.{code}"),
        css="fit",
    )


def register_rows(listed: pd.DataFrame, towns: Mapping[str, str], sheet: Sheet) -> str:
    """Return every row of the register with all its reasons: on internal pages only."""
    if sheet.is_public or listed.empty:
        return ""
    words = sheet.words

    def coded(key: str, prefix: str) -> Cell:
        return lambda row: tables.coded(key, prefix, words)(row)

    columns = [
        Column(words("head.enterprise"), tables.text("name", under="enterprise_id")),
        Column(
            words("head.town"), lambda row: escape(towns.get(row["town_code"], row["town_code"]))
        ),
        Column(words("head.grade"), lambda row: tables.grade_word(str(row["adjusted_grade"]))),
        Column(words("head.land_mu"), tables.number("land_mu"), is_number=True),
        Column(words("head.tax_per_mu_wan"), tables.number("tax_per_mu_wan"), is_number=True),
        Column(words("head.reason"), coded("reasons", "lowreg")),
        Column(words("head.protection"), coded("protection", "protect")),
        Column(words("head.route"), coded("route", "route")),
        Column(words("per_mu.head_state"), coded("change", "lowreg")),
    ]
    html = tables.table(listed, columns, caption=words("lowreg.rows_caption"), css="cards")
    return tables.details(words("lowreg.rows", n=len(listed)), html)


def marks(frame: pd.DataFrame, curve: pd.DataFrame, sheet: Sheet) -> str:
    """Return what is released, and lost, where the plan's targets are reached."""
    words = sheet.words

    def target(row: Row) -> str:
        value, unit = short(row["amount"]), words(f"per_mu.unit_{row['target']}")
        text = words("per_mu.mark_target", value=value, unit=unit)
        small = "" if row["is_reached"] else f"<small>{words('per_mu.not_reachable')}</small>"
        return f"{words('per_mu.target_' + row['target'])}<small>{escape(text)}</small>{small}"

    basis = words(f"per_mu.in_{curve['what_if_basis'].iloc[0]}") if len(curve) else ""
    columns = [
        Column(words("per_mu.head_target"), target),
        sheet.column("head.enterprises", "n"),
        sheet.column("per_mu.head_land_km2", "cum_land_km2", 2),
        sheet.column("per_mu.head_energy", "cum_energy_tce"),
        sheet.column("per_mu.head_tax_lost", "cum_tax_wan"),
        sheet.column("per_mu.head_jobs", "cum_employees"),
        Column(
            words("per_mu.head_what_if"),
            sheet.number("what_if_tax_wan"),
            is_number=True,
        ),
    ]
    return sheet.table(frame, columns, words("per_mu.release_caption", basis=basis), css="cards")


def carbon(
    counts: pd.DataFrame, sheet: Sheet, *, year: int, parameters: Mapping[str, float]
) -> str:
    """Return the enterprises by carbon class and level."""
    words = sheet.words

    def level(code: str) -> str:
        if code in ("none", "total"):
            return words("carbon.none" if code == "none" else "per_mu.total")
        return words("per_mu.head_level", level=code)

    def name(row: Row) -> str:
        return words("per_mu.total" if row["code"] == "total" else f"carbon.{row['code']}")

    order = [code for code in ("low", "medium", "high", "none", "total") if code in counts.index]
    rows = counts.loc[order].rename_axis("code").reset_index()
    columns = [Column(words("per_mu.head_carbon"), name)]
    columns += [Column(level(str(code)), sheet.number(code), is_number=True) for code in counts]
    low, medium = (short(parameters[f"carbon_{edge}_max"]) for edge in ("low", "medium"))
    caption = words("carbon.caption", year=year, low=low, medium=medium)
    return sheet.table(rows if len(counts) > 1 else rows.iloc[:0], columns, caption)


def parks(
    counts: pd.DataFrame, below: pd.DataFrame, towns: Mapping[str, str], sheet: Sheet, *, rule: Row
) -> str:
    """Return how many parks and clusters lie below the plan's line; internal pages name them."""
    words = sheet.words
    if counts.empty:
        return sentences.note(words("per_mu.parks_none"))
    threshold = short(rule["threshold"])
    columns = [
        Column(words("per_mu.head_kind"), lambda row: words(f"per_mu.{row['code']}")),
        Column(words("per_mu.head_parks"), tables.number("parks", decimals=0), is_number=True),
        Column(
            words("per_mu.head_below", threshold=threshold),
            tables.number("below", decimals=0),
            is_number=True,
        ),
        Column(words("per_mu.head_unknown"), tables.number("unknown", decimals=0), is_number=True),
    ]
    caption = words("per_mu.parks_caption", threshold=threshold, clause=rule["clause"])
    html = tables.table(counts, columns, caption=caption, css="fit")
    if sheet.is_public or below.empty:
        return html
    columns = [
        Column(words("per_mu.park"), tables.text("name", under="park_id")),
        Column(
            words("head.town"), lambda row: escape(towns.get(row["town_code"], row["town_code"]))
        ),
        Column(words("per_mu.head_kind"), lambda row: words(f"per_mu.{row['kind']}")),
        Column(words("head.land_mu"), tables.number("land_mu"), is_number=True),
        Column(
            words("head.tax_per_mu_wan"),
            tables.number("tax_per_mu_wan", decimals=2),
            is_number=True,
        ),
    ]
    return html + tables.table(below, columns, caption=words("per_mu.parks_list"), css="cards")


def consequences(frame: pd.DataFrame, sheet: Sheet, *, year: int) -> str:
    """Return what the plan attaches to classes, with its clauses; prices without amounts."""
    words = sheet.words
    keys = ("plot", "before", "after", "floor", "years")

    def text(row: Row) -> str:
        values = {key: short(float(row[key])) for key in keys}
        return escape(words(f"per_mu.rule_{row['rule']}", **values))

    columns = [
        Column(words("per_mu.head_class"), lambda row: words(f"per_mu.class_{row['rule']}")),
        Column(words("per_mu.head_consequence"), text),
        Column(words("head.clause"), tables.text("clause")),
        sheet.column("head.enterprises", "enterprises"),
    ]
    html = sheet.table(frame, columns, words("per_mu.consequences_caption", year=year))
    return html + (sentences.note(words("per_mu.prices_note")) if len(frame) else "")


def ungraded(frame: pd.DataFrame, sheet: Sheet, *, year: int) -> str:
    """Return why enterprises have no class."""
    words = sheet.words
    columns = [
        Column(words("head.reason"), lambda row: words(f"evalreason.{row['code']}")),
        sheet.column("head.enterprises", "enterprises"),
    ]
    return sheet.table(frame, columns, words("evalreason.caption", year=year), css="fit")
