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
    """Return the one sentence of the page.

    Parameters
    ----------
    facts : mapping
        ``year``, ``period``, ``half`` and ``basis`` (share of tax from the poorest half of the
        land), ``median``, ``enterprises``, ``n`` and ``amount`` (the mark of the land target).
    words : Words
        The page's language.
    """
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
    words = sheet.words

    if not sheet.year:
        return ""
    cards = []
    for code in (*GRADES, "not_graded"):
        name = tables.grade_word(code) if code in GRADES else words(f"per_mu.{code}")
        cards.append(f"<li><b>{sheet.number(code)(classes)}</b>{name}</li>")
    return f'<ul class="strip">{"".join(cards)}</ul>'


def meta(chosen: Any, words: Words, *, town: str, industry: str) -> tuple[str, ...]:
    """Return what the page covers: its years, and the town or industry it is about."""
    if not chosen.year:
        return ()
    years = {"year": chosen.year, "compare": chosen.compare_year}
    key = "per_mu.meta_year" if chosen.compare_year else "per_mu.meta_year_only"
    parts = [("per_mu.meta_town", town), ("per_mu.meta_industry", industry)]
    return words(key, **years), *(words(key, name=name) for key, name in parts if name)


def lead(
    counts: Mapping[str, pd.DataFrame], parks: pd.DataFrame, words: Words, *, rule: Row
) -> str:
    """Return the sentence that says where to look first, as far as its figures may be shown."""
    moved = counts["change"].set_index("code")["enterprises"]
    values = {
        "entered": moved.get("entered", 0.0),
        "listed": moved.drop("left", errors="ignore").sum(skipna=False),
        "below": float(parks["below"].sum()),
        "open": counts["protection"].attrs["open"],
    }
    if any(value != value for value in values.values()) or not values["listed"]:
        return ""
    printed = {key: figure(value, 0) for key, value in values.items()}
    return sentences.lead(words("per_mu.lead", threshold=short(rule["threshold"]), **printed))


def distribution(bins: pd.DataFrame, sheet: Sheet, *, median: float, year: int) -> str:
    """Return the distribution of tax per mu as a figure."""
    words = sheet.words
    if bins.empty:
        return sheet.no_curve
    chart = charts.distribution(bins, words=words, median=median)
    known = median == median
    title = words(
        "per_mu.distribution_title" if known else "per_mu.distribution_title_plain",
        median=figure(median),
    )

    def span(row: Row) -> str:
        low, high = (short(row[key], decimals=2) for key in ("low", "high"))
        if row["low"] <= 0:
            return f"< {high}"
        return f"≥ {low}" if row["high"] == float("inf") else f"{low} – {high}"

    columns = [
        Column(words("per_mu.head_bin"), span),
        sheet.column("head.enterprises", "enterprises"),
    ]
    twin = tables.table(bins, columns, caption=words("per_mu.distribution_caption", year=year))
    note = words("per_mu.distribution_note", year=year)
    return figures.figure(
        chart.figure, words, key="dist", title=title, alt=title, note=note, twin=twin
    )


def concentration(
    lines: pd.DataFrame, half: Mapping[str, float], sheet: Sheet, *, year: int
) -> str:
    """Return the land-tax curve as a figure, its title the share of the poorest half."""
    words = sheet.words
    if lines.empty:
        return sheet.no_curve
    chart = charts.concentration(lines, words=words)
    basis = list(half.keys())[-1]
    title = words(
        "per_mu.concentration_title", share=percent(half[basis]), basis=words(f"per_mu.in_{basis}")
    )
    ginis = lines.groupby("basis", sort=False)["gini"].first().items()
    gini = words("page.item_separator").join(
        words("per_mu.gini_item", basis=words(f"per_mu.{code}"), value=figure(value, 2))
        for code, value in ginis
    )

    def share(key: str) -> Column:
        head = words(f"per_mu.head_{key}")
        name = "land_share" if key == "land_share" else "amount_share"
        return Column(head, lambda row: percent(row[name], 1), is_number=True)

    columns = [
        Column(words("per_mu.head_basis"), lambda row: words(f"per_mu.{row['basis']}")),
        share("land_share"),
        share("tax_share"),
    ]
    twin = tables.table(lines, columns, caption=words("per_mu.concentration_caption", year=year))
    note = words("per_mu.concentration_note", year=year, gini=gini)
    return figures.figure(
        chart.figure, words, key="conc", title=title, alt=title, note=note, twin=twin
    )


def scatter(
    marks: pd.DataFrame, cells: pd.DataFrame, classes: pd.DataFrame, sheet: Sheet, *, year: int
) -> str:
    """Return tax against value added per mu as a figure; its table holds cells only."""
    words = sheet.words
    if marks.empty:
        return sheet.no_curve
    chart = charts.scatter(marks, words=words)
    left = marks.attrs["left_out"]
    note = words("per_mu.scatter_points", year=year, left=left)
    if sheet.is_public:
        note = words("per_mu.scatter_cells", year=year, left=left, minimum=sheet.limits["minimum"])
    median = classes.set_index("code")["median"]
    best, worst = (float(median.get(code, float("nan"))) for code in (GRADES[0], GRADES[-1]))
    title = words("per_mu.scatter_title_plain")
    if best == best and worst == worst:
        title = words("per_mu.scatter_title", best=figure(best), worst=figure(worst))
    columns = [
        Column(
            words("per_mu.tax_per_mu_wan"), lambda row: short(row["x"], decimals=2), is_number=True
        ),
        Column(words("per_mu.value_added_per_mu_wan"), tables.number("y"), is_number=True),
        sheet.column("head.enterprises", "enterprises"),
        Column(words("head.grade"), lambda row: tables.grade_word(str(row["grade"]))),
    ]
    twin = tables.table(cells, columns, caption=words("per_mu.scatter_caption"))
    return figures.figure(
        chart.figure, words, key="scatter", title=title, alt=f"{title} {note}", note=note, twin=twin
    )


def waterfalls(frame: pd.DataFrame, words: Words, *, first: int, second: int) -> str:
    """Return one decomposition chart for each change that may be shown."""
    made = []
    for row in frame.to_dict("records"):
        if row["total"] != row["total"]:
            continue
        row |= {"first_year": first, "second_year": second}
        chart = charts.waterfall(pd.Series(row), words=words)
        part = max(PARTS, key=lambda name: abs(row[name]))
        title = words(
            "per_mu.parts_title",
            name=words(f"per_mu.{row['figure']}"),
            basis=words(f"per_mu.{row['basis']}"),
            first=figure(row["first"], 2),
            second=figure(row["second"], 2),
            part=words(f"per_mu.part_{part}"),
            value=figure(row[part], 2, signed=True),
        )
        items = [
            f"{words(f'per_mu.part_{name}')} {figure(row[name], 2, signed=True)}" for name in PARTS
        ]
        alt = words("page.item_separator").join([title, *items])
        note = words("per_mu.parts_note", first=first, second=second)
        key = f"wf-{len(made)}"
        made.append(figures.figure(chart.figure, words, key=key, title=title, alt=alt, note=note))
    return figures.grid(made, columns=2) if made else ""


def release(curve: pd.DataFrame, marks: pd.DataFrame, sheet: Sheet, *, year: int) -> str:
    """Return the curves of land and energy against the number of enterprises."""
    words = sheet.words
    if curve.empty:
        return sheet.no_curve
    sums = {"land": ("cum_land_km2", 2), "energy": ("cum_energy_tce", 0)}
    made = []
    for mark in marks.to_dict("records"):
        target = mark["target"]
        column, digits = sums[target]
        named = {"value": short(mark["amount"]), "unit": words(f"per_mu.unit_{target}")}
        mark["label"] = words("per_mu.mark_target", **named)
        line = curve.assign(value=curve[column])
        chart = charts.release(line, pd.Series(mark), words=words)
        kind = "release_title" if mark["is_reached"] else "release_unreached"
        title = words(f"per_mu.{kind}", n=figure(mark["n"], 0), **named)
        columns = [
            sheet.column("head.enterprises", "n"),
            Column(words(f"per_mu.target_{target}"), sheet.number(column, digits), is_number=True),
        ]
        caption = words("per_mu.release_curve_caption", year=year)
        twin = tables.table(curve, columns, caption=caption)
        note = words("per_mu.release_note", year=year)
        key = f"release-{target}"
        made.append(
            figures.figure(
                chart.figure, words, key=key, title=title, alt=title, note=note, twin=twin
            )
        )
    return figures.grid(made, columns=2) if made else ""
