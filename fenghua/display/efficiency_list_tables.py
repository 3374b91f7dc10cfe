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


def register(counts: Mapping[str, pd.DataFrame], sheet: Sheet) -> str:
    """Return the register by reason, and by change, protection and route."""
    words = sheet.words
    changes = [sheet.column(f"lowreg.{code}", code) for code in ("entered", "stayed")]
    columns = [
        Column(words("head.reason"), lambda row: words(f"lowreg.{row['code']}")),
        sheet.column("lowreg.listed", "total"),
        *(changes if sheet.compare else []),
        sheet.column("per_mu.head_protected", "protected"),
    ]
    caption = words("lowreg.caption", **sheet.years)
    html = sheet.table(counts["reasons"], columns, caption)
    if not sheet.year:
        return html
    prefix = {"change": "lowreg", "protection": "protect", "route": "route"}
    rows = pd.concat([counts[name].assign(group=name) for name in prefix], ignore_index=True)

    def listed(row: Row) -> str:
        return words(f"{prefix[row['group']]}.{row['code']}")

    return html + tables.table(
        rows,
        [
            Column(words("per_mu.head_list"), listed),
            sheet.column("head.enterprises", "enterprises"),
        ],
        caption=words("lowreg.others_caption"),
        group="group",
        group_label=lambda code, _: words(f"lowreg.{code}"),
        css="fit",
    )


def _town(towns: Mapping[str, str]) -> Cell:
    return lambda row: escape(towns.get(row["town_code"], row["town_code"]))


def register_rows(listed: pd.DataFrame, towns: Mapping[str, str], sheet: Sheet) -> str:
    """Return every row of the register with all its reasons: on internal pages only."""
    if sheet.is_public or listed.empty:
        return ""
    words = sheet.words
    columns = [
        Column(words("head.enterprise"), tables.text("name", under="enterprise_id")),
        Column(words("head.town"), _town(towns)),
        Column(words("head.grade"), tables.grade("adjusted_grade")),
        tables.figures(words("head.land_mu"), "land_mu"),
        tables.figures(words("head.tax_per_mu_wan"), "tax_per_mu_wan"),
        Column(words("head.reason"), tables.coded("reasons", "lowreg", words)),
        Column(words("head.protection"), tables.coded("protection", "protect", words)),
        Column(words("head.route"), tables.coded("route", "route", words)),
        Column(words("per_mu.head_state"), tables.coded("change", "lowreg", words)),
    ]
    html = tables.table(listed, columns, caption=words("lowreg.rows_caption"), css="cards")
    return tables.details(words("lowreg.rows", n=len(listed)), html)


def marks(frame: pd.DataFrame, curve: pd.DataFrame, sheet: Sheet) -> str:
    """Return what is released, and lost, where the plan's targets are reached."""
    words = sheet.words

    def target(row: Row) -> str:
        value, unit = short(row["amount"]), words(f"per_mu.unit_{row['target']}")
        text = words("per_mu.mark_target", value=value, unit=unit)
        why = "" if row["is_reached"] else words("per_mu.not_reachable")
        name = words(f"per_mu.target_{row['target']}")
        return name + tables.small(text) + tables.small(why)

    basis = words(f"per_mu.in_{curve['what_if_basis'].iloc[0]}") if len(curve) else ""
    columns = [
        Column(words("per_mu.head_target"), target),
        sheet.column("head.enterprises", "n"),
        sheet.column("per_mu.head_land_km2", "cum_land_km2", 2),
        sheet.column("per_mu.head_energy", "cum_energy_tce"),
        sheet.column("per_mu.head_tax_lost", "cum_tax_wan"),
        sheet.column("per_mu.head_jobs", "cum_employees"),
        sheet.column("per_mu.head_what_if", "what_if_tax_wan"),
    ]
    return sheet.table(frame, columns, words("per_mu.release_caption", basis=basis), css="cards")


def carbon(counts: pd.DataFrame, sheet: Sheet, *, parameters: Mapping[str, float]) -> str:
    """Return the enterprises by carbon class and level."""
    words = sheet.words

    def level(code: str) -> str:
        special = {"none": "carbon.none", "total": "per_mu.total"}
        return words(special.get(code, "per_mu.head_level"), level=code)

    def name(row: Row) -> str:
        return words("per_mu.total" if row["code"] == "total" else f"carbon.{row['code']}")

    order = [code for code in ("low", "medium", "high", "none", "total") if code in counts.index]
    rows = counts.loc[order].rename_axis("code").reset_index()
    columns = [Column(words("per_mu.head_carbon"), name)]
    columns += [Column(level(str(code)), sheet.number(code), is_number=True) for code in counts]
    low, medium = (short(parameters[f"carbon_{edge}_max"]) for edge in ("low", "medium"))
    caption = words("carbon.caption", low=low, medium=medium, **sheet.years)
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
        tables.figures(words("per_mu.head_parks"), "parks", 0),
        tables.figures(words("per_mu.head_below", threshold=threshold), "below", 0),
        tables.figures(words("per_mu.head_unknown"), "unknown", 0),
    ]
    caption = words("per_mu.parks_caption", threshold=threshold, clause=rule["clause"])
    html = tables.table(counts, columns, caption=caption, css="fit")
    if sheet.is_public or below.empty:
        return html
    columns = [
        Column(words("per_mu.park"), tables.text("name", under="park_id")),
        Column(words("head.town"), _town(towns)),
        Column(words("per_mu.head_kind"), lambda row: words(f"per_mu.{row['kind']}")),
        tables.figures(words("head.land_mu"), "land_mu"),
        tables.figures(words("head.tax_per_mu_wan"), "tax_per_mu_wan", 2),
    ]
    return html + tables.table(below, columns, caption=words("per_mu.parks_list"), css="cards")


def consequences(frame: pd.DataFrame, sheet: Sheet) -> str:
    """Return what the plan attaches to classes, with its clauses; prices without amounts."""
    words = sheet.words

    def text(row: Row) -> str:
        keys = ("plot", "before", "after", "floor", "years")
        values = {key: short(float(row[key])) for key in keys}
        return escape(words(f"per_mu.rule_{row['rule']}", **values))

    columns = [
        Column(words("per_mu.head_class"), lambda row: words(f"per_mu.class_{row['rule']}")),
        Column(words("per_mu.head_consequence"), text),
        Column(words("head.clause"), tables.text("clause")),
        sheet.column("head.enterprises", "enterprises"),
    ]
    html = sheet.table(frame, columns, words("per_mu.consequences_caption", **sheet.years))
    return html + (sentences.note(words("per_mu.prices_note")) if len(frame) else "")


def ungraded(frame: pd.DataFrame, sheet: Sheet) -> str:
    """Return why enterprises have no class."""
    words = sheet.words
    columns = [
        Column(words("head.reason"), lambda row: words(f"evalreason.{row['code']}")),
        sheet.column("head.enterprises", "enterprises"),
    ]
    return sheet.table(frame, columns, words("evalreason.caption", **sheet.years), css="fit")
