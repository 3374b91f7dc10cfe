"""The finding and the figures of the per-mu brief, in words and charts.

Answers: how land use, its change and a release read. Refuses: to draw what may not be shown.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fenghua.display import charts, figures, sentences, tables
from fenghua.display.efficiency_tables import PARTS, Sheet
from fenghua.display.numbers import figure, percent, short
from fenghua.display.tables import Column, Row
from fenghua.display.wording import Words
from fenghua.inputs.vocabulary import GRADES


def finding(facts: Mapping[str, Any], words: Words) -> str:
    """Return the one sentence of the page from the facts of ``efficiency_change.facts``."""
    if not facts["year"]:
        return words("per_mu.no_data", period=facts["period"])
    values = {"year": facts["year"], "median": figure(facts["median"])}
    if not facts["median"] > 0:
        return words("per_mu.finding_few", n=facts["enterprises"], **values)
    if not facts["basis"]:
        return words("per_mu.finding_median", **values)
    values |= {"share": percent(facts["half"]), "basis": words(f"per_mu.in_{facts['basis']}")}
    if facts["n"] == facts["n"]:
        values |= {"n": figure(facts["n"], 0), "amount": short(facts["amount"])}
        return words("per_mu.finding_release", **values)
    return words("per_mu.finding_half", **values)


def grade_strip(classes: pd.Series, sheet: Sheet) -> str:
    """Return the number of enterprises by class as a strip of cards."""
    if not sheet.year:
        return ""
    cards = []
    for code in (*GRADES, "not_graded"):
        name = tables.grade_word(code) if code in GRADES else sheet.words(f"per_mu.{code}")
        cards.append(f"<li><b>{sheet.number(code)(classes)}</b>{name}</li>")
    return f'<ul class="strip">{"".join(cards)}</ul>'


def meta(sheet: Sheet, *, town: str, industry: str) -> tuple[str, ...]:
    """Return what the page covers: its years, and the town or industry it is about."""
    if not sheet.year:
        return ()
    years = sheet.words(f"per_mu.meta_year{'' if sheet.compare else '_only'}", **sheet.years)
    about = {"town": town, "industry": industry}
    return years, *(sheet.words(f"per_mu.meta_{k}", name=n) for k, n in about.items() if n)


def lead(counts: Mapping[str, float], words: Words, *, rule: Row) -> str:
    """Return the sentence that says where to look first (``tally.listed``), if it may be shown."""
    if any(value != value for value in counts.values()) or not counts["listed"]:
        return ""
    printed = {key: figure(value, 0) for key, value in counts.items()}
    return sentences.lead(words("per_mu.lead", threshold=short(rule["threshold"]), **printed))


def distribution(bins: pd.DataFrame, sheet: Sheet, *, median: float) -> str:
    """Return the distribution of tax per mu as a figure."""
    words = sheet.words
    if bins.empty:
        return sheet.no_curve
    chart = charts.distribution(bins, words=words, median=median)
    kind = "distribution_title" if median == median else "distribution_title_plain"
    title = words(f"per_mu.{kind}", median=figure(median))

    def span(row: Row) -> str:
        low, high = (short(row[key], decimals=2) for key in ("low", "high"))
        if row["low"] <= 0:
            return f"< {high}"
        return f"≥ {low}" if row["high"] == float("inf") else f"{low} – {high}"

    firms = sheet.column("head.enterprises", "enterprises")
    columns = [Column(words("per_mu.head_bin"), span), firms]
    twin = tables.table(bins, columns, caption=words("per_mu.distribution_caption", **sheet.years))
    note = words("per_mu.distribution_note", **sheet.years)
    return figures.figure(
        chart.figure, words, key="dist", title=title, alt=title, note=note, twin=twin
    )


def concentration(lines: pd.DataFrame, half: Mapping[str, float], sheet: Sheet) -> str:
    """Return the land-tax curve as a figure, its title the share of the poorest half."""
    words = sheet.words
    if lines.empty:
        return sheet.no_curve
    chart = charts.concentration(lines, half, words=words)
    basis = list(half.keys())[-1]
    share, named = percent(half[basis]), words(f"per_mu.in_{basis}")
    title = words("per_mu.concentration_title", share=share, basis=named)
    gini = words("page.item_separator").join(
        words("per_mu.gini_item", basis=words(f"per_mu.{code}"), value=figure(value, 2))
        for code, value in lines.groupby("basis", sort=False)["gini"].first().items()
    )
    columns = [
        Column(words("per_mu.head_basis"), lambda row: words(f"per_mu.{row['basis']}")),
        Column(words("per_mu.head_land_share"), tables.share("land_share", 1), is_number=True),
        Column(words("per_mu.head_tax_share"), tables.share("amount_share", 1), is_number=True),
    ]
    twin = tables.table(
        lines, columns, caption=words("per_mu.concentration_caption", **sheet.years)
    )
    note = words("per_mu.concentration_note", gini=gini, **sheet.years)
    return figures.figure(
        chart.figure, words, key="conc", title=title, alt=title, note=note, twin=twin
    )


def scatter(marks: pd.DataFrame, cells: pd.DataFrame, classes: pd.DataFrame, sheet: Sheet) -> str:
    """Return tax against value added per mu as a figure; its table holds cells only."""
    words = sheet.words
    if marks.empty:
        return sheet.no_curve
    chart = charts.scatter(marks, words=words)
    kind, minimum = "cells" if sheet.is_public else "points", sheet.limits["minimum"]
    left = marks.attrs["left_out"]
    note = words(f"per_mu.scatter_{kind}", left=left, minimum=minimum, **sheet.years)
    median = classes.set_index("code")["median"]
    best, worst = (float(median.get(code, float("nan"))) for code in (GRADES[0], GRADES[-1]))
    title = words("per_mu.scatter_title_plain")
    if best == best and worst == worst:
        title = words("per_mu.scatter_title", best=figure(best), worst=figure(worst))
    columns = [
        tables.figures(words("per_mu.tax_per_mu_wan"), "x", 2, trim=True),
        tables.figures(words("per_mu.value_added_per_mu_wan"), "y"),
        sheet.column("head.enterprises", "enterprises"),
        Column(words("head.grade"), tables.grade("grade")),
    ]
    twin = tables.table(cells, columns, caption=words("per_mu.scatter_caption"))
    return figures.figure(
        chart.figure, words, key="scatter", title=title, alt=f"{title} {note}", note=note, twin=twin
    )


def waterfalls(frame: pd.DataFrame, sheet: Sheet) -> str:
    """Return one decomposition chart for each change that may be shown."""
    words, made = sheet.words, []
    if frame.empty:
        return ""
    for row in frame.dropna(subset="total").to_dict("records"):
        row |= {"first_year": sheet.compare, "second_year": sheet.year}
        chart = charts.waterfall(pd.Series(row), words=words)
        moved = {name: figure(row[name], 2, signed=True) for name in PARTS}
        largest = max(PARTS, key=lambda name: abs(row[name]))
        title = words(
            "per_mu.parts_title",
            name=words(f"per_mu.{row['figure']}"),
            basis=words(f"per_mu.{row['basis']}"),
            first=figure(row["first"], 2),
            second=figure(row["second"], 2),
            part=words(f"per_mu.part_{largest}"),
            value=moved[largest],
        )
        items = [f"{words(f'per_mu.part_{name}')} {value}" for name, value in moved.items()]
        alt = words("page.item_separator").join([title, *items])
        note = words("per_mu.parts_note", **sheet.years)
        key = f"wf-{len(made)}"
        made.append(figures.figure(chart.figure, words, key=key, title=title, alt=alt, note=note))
    return figures.grid(made, columns=2) if made else ""


def release(curve: pd.DataFrame, marks: pd.DataFrame, sheet: Sheet) -> str:
    """Return the curves of land and energy against the number of enterprises."""
    if curve.empty:
        return sheet.no_curve
    made = [_released(curve, mark, sheet) for mark in marks.to_dict("records")]
    return figures.grid(made, columns=2) if made else ""


def _released(curve: pd.DataFrame, mark: dict[str, Any], sheet: Sheet) -> str:
    words, target = sheet.words, mark["target"]
    column, digits = {"land": ("cum_land_km2", 2), "energy": ("cum_energy_tce", 0)}[target]
    named = {"value": short(mark["amount"]), "unit": words(f"per_mu.unit_{target}")}
    mark = {**mark, "label": words("per_mu.mark_target", **named)}
    chart = charts.release(curve.assign(value=curve[column]), pd.Series(mark), words=words)
    kind = "release_title" if mark["is_reached"] else "release_unreached"
    title = words(f"per_mu.{kind}", n=figure(mark["n"], 0), **named)
    columns = [
        sheet.column("head.enterprises", "n"),
        sheet.column(f"per_mu.target_{target}", column, digits),
    ]
    twin = tables.table(
        curve, columns, caption=words("per_mu.release_curve_caption", **sheet.years)
    )
    note, key = words("per_mu.release_note", **sheet.years), f"release-{target}"
    return figures.figure(
        chart.figure, words, key=key, title=title, alt=title, note=note, twin=twin
    )
