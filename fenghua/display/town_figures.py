"""The findings and figures of the race of towns, in words and charts.

Answers: how a ranking and its doubts read. Refuses: to state an order that noise decides.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fenghua.display import charts, figures, naming, sentences, tables
from fenghua.display.charts.towns import CLASSES
from fenghua.display.numbers import figure, percent, short
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words
from fenghua.inputs import periods


def _ranked(ranking: pd.DataFrame) -> pd.DataFrame:
    rows = ranking[ranking["tier"].notna()]
    return rows.sort_values(["tier", "nominal_rank"], kind="stable")


def finding(ranking: pd.DataFrame, counts: Mapping[str, Any], words: Words, *, period: str) -> str:
    """Return the one sentence: who leads in which tier, and whether that order can be trusted.

    ``ranking`` are named rows of ``race.standing``, ``counts`` those of ``tally.tiers``.
    """
    ranked, key = _ranked(ranking), "town_comparison.finding"
    if ranked.empty:
        return words(f"{key}_nothing", period=period)
    first = ranked.loc[ranked["tier"] == ranked["tier"].iloc[0], "name"].tolist()
    facts = {"name": first[0], "names": words.join(first), "period": period, **counts}
    if counts["n"] == 1:
        return words(f"{key}_single", **facts)
    if counts["is_equal"]:
        return words(f"{key}_equal", **facts)
    if counts["tiers"] == 1:
        return words(f"{key}_one_tier", **facts)
    return words(key if counts["wide"] > 1 else f"{key}_sure", **facts)


def ranks(ranking: pd.DataFrame, counts: Mapping[str, Any], words: Words, *, held: float) -> str:
    """Return the rank intervals as a figure, or why there is none."""
    rows = _ranked(ranking)
    if len(rows) < 2:
        return sentences.note(words("town_comparison.no_ranking"))
    items = {
        row["town_code"]: {
            "name": row["name"],
            "rank": short(row["nominal_rank"]),
            "low": short(row["rank_low"]),
            "high": short(row["rank_high"]),
        }
        for row in rows.to_dict("records")
    }
    title = words("town_comparison.ranks_sure", share=percent(held))
    if counts["widest"]:
        title = words("town_comparison.ranks_title", **items[counts["widest"]])
    told = [words("town_comparison.ranks_alt", **item) for item in items.values()]
    return figures.figure(
        charts.rank_intervals(rows, words=words).figure,
        words,
        key="ranks",
        title=title,
        alt=words("page.item_separator").join(told),
        note=words("town_comparison.ranks_note", share=percent(held)),
    )


def effects(found: pd.DataFrame, words: Words) -> str:
    """Return what the ranking depends on: one sentence as the title of one chart."""
    rows = found.reset_index().dropna(subset="mean_rank_shift")
    if rows.empty:
        return ""
    rows["name"] = [words(f"town.choice_{code}") for code in rows["choice"]]
    top = rows.iloc[0]
    title = words("town_comparison.effects_none")
    if top["max_rank_shift"]:
        mean, most = figure(top["mean_rank_shift"], 1), short(top["max_rank_shift"])
        title = words("town_comparison.effects_title", name=top["name"], mean=mean, most=most)
    columns = [
        Column(words("head.choice"), tables.text("name")),
        tables.figures(words("head.mean_shift"), "mean_rank_shift", 2),
        tables.figures(words("head.max_shift"), "max_rank_shift", 0),
    ]
    note = words("town_comparison.effects_note")
    twin = tables.table(rows, columns, caption=note)
    chart = charts.choice_effects(rows, words=words)
    return figures.figure(
        chart.figure, words, key="effects", title=title, alt=title, note=note, twin=twin
    )


def history(rows: pd.DataFrame, register: pd.DataFrame, words: Words) -> str:
    """Return the ranks of ``race.history`` as a figure with its table."""
    names = naming.names(register, "town_code", words)
    rows = rows.assign(
        name=[names.get(code, code) for code in rows["unit"]],
        label=[periods.label(period, words.lang) for period in rows["period"]],
    )
    labels = list(dict.fromkeys(rows["label"]))
    if len(labels) < 2 or rows.dropna(subset="rank")["unit"].is_unique:
        return sentences.note(words("rhythm.first_issue"))
    last = rows[rows["label"] == labels[-1]]
    movers = last[last["places_gained"].abs() > 0].sort_values("places_gained", key=abs)
    title = words("town_comparison.history_still", before=labels[-2])
    if len(movers):
        names = words.join(movers["name"].tolist()[::-1])
        title = words("town_comparison.history_title", names=names, before=labels[-2])
    wide = rows.pivot(index="unit", columns="label", values="rank")[labels]
    wide = wide.assign(name=last.set_index("unit")["name"]).sort_values(labels[-1], kind="stable")
    columns = [Column(words("head.town"), tables.text("name"))]
    columns += [tables.figures(label, label, 0) for label in labels]
    note = words("town_comparison.history_note")
    twin = tables.table(wide, columns, caption=note)
    chart = charts.rank_history(rows, words=words)
    return figures.figure(
        chart.figure, words, key="history", title=title, alt=title, note=note, twin=twin
    )


def grade_land(rows: pd.DataFrame, lowest: tuple[str, float], words: Words, *, year: int) -> str:
    """Return the classes by land as a figure with its table; withheld shares say so.

    ``rows`` are named rows of ``town_profile.grade_land``, ``lowest`` is the town and share of
    ``tally.lowest_classes``.
    """
    shown = rows.dropna(subset="withheld")
    if shown.empty:
        return sentences.note(words("town.no_enterprises"))
    title = words("town_comparison.grades_plain", year=year)
    most = shown.loc[shown["town_code"] == lowest[0], "name"]
    if len(most):
        share = percent(lowest[1])
        title = words("town_comparison.grades_title", name=most.iloc[0], share=share)

    def share_of(code: str) -> Cell:
        def cell(row: Row) -> str:
            value = float(row[code])
            return words("town.withheld") if value != value else percent(value)

        return cell

    columns = [Column(words("head.town"), tables.text("name"))]
    for code in CLASSES:
        head = code if len(code) == 1 else words(f"town.{code}")
        columns.append(Column(head, share_of(code), is_number=True))
    note = words("town_comparison.grades_note", year=year)
    twin = tables.table(shown, columns, caption=note)
    chart = charts.grade_land(shown, words=words)
    return figures.figure(
        chart.figure, words, key="grades", title=title, alt=title, note=note, twin=twin
    )


def attainment(rows: pd.DataFrame, words: Words, *, town: str) -> str:
    """Return where one town's tasks lie among those of the others.

    ``rows`` hold ``name``, ``attainment``, ``is_own`` and ``status`` of every town's tasks.
    """
    own = rows[rows["is_own"]].dropna(subset="attainment").sort_values("attainment")
    if own.empty:
        return sentences.note(words("town_brief.no_attainment"))
    shares = [percent(share) for share in own["attainment"]]
    items = [f"{name} {share}" for name, share in zip(own["name"], shares, strict=True)]
    title = items[0]
    if len(own) > 1:
        ends = {"worst": own["name"].iloc[0], "best": own["name"].iloc[-1]}
        title = words("town_brief.attainment_title", low=shares[0], high=shares[-1], **ends)
    place = {name: -i for i, name in enumerate(own["name"])}
    shown = rows[rows["name"].isin(place)]
    shown = shown.assign(order=shown["name"].map(place)).sort_values("order", kind="stable")
    chart = charts.attainment(shown, words=words)
    note = words("town_brief.attainment_note", town=town)
    alt = words("page.item_separator").join(items)
    return figures.figure(chart.figure, words, key="attainment", title=title, alt=alt, note=note)


def standing(row: Mapping, counts: Mapping, words: Words, *, indicators: pd.DataFrame) -> str:
    """Return one town's finding: tier, rank with interval, tasks kept, the furthest behind."""
    facts = {"town": row["name"]}
    if row["tier"] == row["tier"]:
        keys = {"tier": "tier", "rank": "nominal_rank", "low": "rank_low", "high": "rank_high"}
        facts |= {name: short(row[key]) for name, key in keys.items()}
        kind = "ranked" if facts["low"] != facts["high"] else "ranked_sure"
    else:
        kind, facts["reason"] = "unranked", words(f"town.{row['reason'] or 'no_values'}")
    parts = [words(f"town_brief.{kind}", **facts)]
    if counts["n"] > 0:
        parts.append(words("town_brief.kept", n=int(counts["n"]), good=int(counts["good"])))
        worst = indicators[indicators["indicator_id"] == counts["worst_indicator_id"]]
        parts += [words("town_brief.worst", name=words.name(row)) for _, row in worst.iterrows()]
    else:
        parts.append(words("town_brief.no_tasks"))
    return words("page.item_separator").join(parts)
