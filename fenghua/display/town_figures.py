"""The findings and figures of the race of towns, in words and charts.

Answers: how a ranking and its doubts read. Refuses: to state an order that noise decides.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fenghua.display import charts, figures, sentences, tables
from fenghua.display.charts.towns import CLASSES
from fenghua.display.numbers import figure, percent, short
from fenghua.display.tables import Column, Row
from fenghua.display.wording import Words


def finding(ranking: pd.DataFrame, words: Words, *, period: str) -> str:
    """Return the one sentence: who leads in which tier, and whether that order can be trusted."""
    ranked = ranking[ranking["tier"].notna()]
    key = "town_comparison.finding"
    if ranked.empty:
        return words(f"{key}_nothing", period=period)
    if len(ranked) == 1:
        return words(f"{key}_single", name=ranked["name"].iloc[0], period=period)
    if (ranked["reason"] == "all_equal").all():
        return words(f"{key}_equal", n=len(ranked), period=period)
    n_tiers = ranked["tier"].nunique()
    if n_tiers == 1:
        return words(f"{key}_one_tier", n=len(ranked), period=period)
    first = ranked[ranked["tier"] == ranked["tier"].min()].sort_values("nominal_rank")["name"]
    wide = ranked.groupby("tier").size().max()
    facts = {"names": words.join(list(first)), "n": len(ranked), "tiers": n_tiers, "wide": wide}
    return words(key if wide > 1 else f"{key}_sure", **facts)


def ranks(ranking: pd.DataFrame, words: Words, *, rules: Mapping[str, Any]) -> str:
    """Return the rank intervals as a figure, or why there is none."""
    rows = ranking[ranking["tier"].notna()].sort_values(["tier", "nominal_rank"], kind="stable")
    if len(rows) < 2:
        return sentences.note(words("town_comparison.no_ranking"))
    spread = (rows["rank_high"] - rows["rank_low"]).max()
    widest = rows.loc[(rows["rank_high"] - rows["rank_low"]).idxmax()]
    title = words("town_comparison.ranks_sure")
    if spread > 0:
        ends = (short(widest[name]) for name in ("rank_low", "rank_high"))
        title = words(
            "town_comparison.ranks_title",
            name=widest["name"],
            **dict(zip(("low", "high"), ends, strict=True)),
        )
    items = [
        words(
            "town_comparison.ranks_alt",
            name=row["name"],
            rank=short(row["nominal_rank"]),
            low=short(row["rank_low"]),
            high=short(row["rank_high"]),
        )
        for row in rows.to_dict("records")
    ]
    chart = charts.rank_intervals(rows, words=words)
    return figures.figure(
        chart.figure, words, key="ranks", title=title, alt=words("page.item_separator").join(items),
        note=words("town_comparison.ranks_note", share=percent(rules["high"] - rules["low"])),
    )  # fmt: skip


def effects(found: pd.DataFrame, words: Words) -> str:
    """Return what the ranking depends on: one sentence as the title of one chart."""
    rows = found.reset_index().dropna(subset="mean_rank_shift")
    if rows.empty:
        return ""
    rows["name"] = [words(f"town.choice_{code}") for code in rows["choice"]]
    top = rows.iloc[0]
    facts = {"name": top["name"], "mean": figure(top["mean_rank_shift"], 1)}
    title = words("town_comparison.effects_title", most=short(top["max_rank_shift"]), **facts)
    if not top["max_rank_shift"]:
        title = words("town_comparison.effects_none")
    columns = [
        Column(words("head.choice"), tables.text("name")),
        Column(
            words("head.mean_shift"), tables.number("mean_rank_shift", decimals=2), is_number=True
        ),
        Column(
            words("head.max_shift"), tables.number("max_rank_shift", decimals=0), is_number=True
        ),
    ]
    note = words("town_comparison.effects_note")
    twin = tables.table(rows, columns, caption=note)
    chart = charts.choice_effects(rows, words=words)
    return figures.figure(
        chart.figure, words, key="effects", title=title, alt=title, note=note, twin=twin
    )


def history(rows: pd.DataFrame, words: Words) -> str:
    """Return the rank history as a figure with its table.

    Parameters
    ----------
    rows : DataFrame
        Named rows of ``towns.rank_history`` with ``label`` (period in words) and ``is_first_tier``.
    """
    labels = list(dict.fromkeys(rows["label"]))
    if len(labels) < 2 or rows["rank"].notna().groupby(rows["unit"]).sum().max() < 2:
        return sentences.note(words("rhythm.first_issue"))
    last = rows[rows["label"] == labels[-1]]
    movers = last[last["places_gained"].abs() > 0].sort_values("places_gained", key=abs)["name"]
    title = words("town_comparison.history_still", before=labels[-2])
    if len(movers):
        title = words(
            "town_comparison.history_title", names=words.join(list(movers[::-1])), before=labels[-2]
        )
    wide = rows.pivot(index="unit", columns="label", values="rank")[labels]
    wide = wide.assign(name=last.set_index("unit")["name"]).sort_values(labels[-1], kind="stable")
    columns = [Column(words("head.town"), tables.text("name"))]
    columns += [Column(label, tables.number(label, decimals=0), is_number=True) for label in labels]
    twin = tables.table(wide, columns, caption=words("town_comparison.history_note"))
    chart = charts.rank_history(rows, words=words)
    note = words("town_comparison.history_note")
    return figures.figure(
        chart.figure, words, key="history", title=title, alt=title, note=note, twin=twin
    )


def grade_land(rows: pd.DataFrame, words: Words, *, year: int) -> str:
    """Return the classes by land as a figure with its table; withheld shares say so.

    Parameters
    ----------
    rows : DataFrame
        Named rows of ``town_profile.grade_land``.
    """
    shown = rows.dropna(subset="withheld")
    if shown.empty:
        return sentences.note(words("town.no_enterprises"))
    towns = shown[shown["town_code"] != "total"].dropna(subset="D")
    title, note = (
        words("town_comparison.grades_plain", year=year),
        words("town_comparison.grades_note", year=year),
    )
    if len(towns):
        most = towns.loc[(towns["C"].fillna(0) + towns["D"]).idxmax()]
        share = percent(float(most["D"]) + float(most["C"] if most["C"] == most["C"] else 0))
        title = words("town_comparison.grades_title", name=most["name"], share=share)

    def share_of(code: str) -> tables.Cell:
        def cell(row: Row) -> str:
            value = float(row[code])
            return words("town.withheld") if value != value else percent(value)

        return cell

    columns = [Column(words("head.town"), tables.text("name"))]
    columns += [
        Column(code if len(code) == 1 else words(f"town.{code}"), share_of(code), is_number=True)
        for code in CLASSES
    ]
    twin = tables.table(shown, columns, caption=note)
    chart = charts.grade_land(shown, words=words)
    return figures.figure(
        chart.figure, words, key="grades", title=title, alt=title, note=note, twin=twin
    )


def attainment(rows: pd.DataFrame, words: Words, *, town: str) -> str:
    """Return where one town's tasks lie among those of the others.

    Parameters
    ----------
    rows : DataFrame
        ``name``, ``attainment``, ``is_own``, ``status`` of every town's tasks.
    town : str
        The town's name.
    """
    own = rows[rows["is_own"]].dropna(subset="attainment").sort_values("attainment")
    if own.empty:
        return sentences.note(words("town_brief.no_attainment"))
    shown = rows[rows["name"].isin(own["name"])]
    shown = shown.assign(order=shown["name"].map({n: -i for i, n in enumerate(own["name"])}))
    items = [f"{row['name']} {percent(row['attainment'])}" for row in own.to_dict("records")]
    best, worst = own.iloc[-1], own.iloc[0]
    title = words(
        "town_brief.attainment_title", best=best["name"], high=percent(best["attainment"]),
        worst=worst["name"], low=percent(worst["attainment"]),
    )  # fmt: skip
    if len(own) == 1:
        title = items[0]
    chart = charts.attainment(shown.sort_values("order", kind="stable"), words=words)
    note = words("town_brief.attainment_note", town=town)
    alt = words("page.item_separator").join(items)
    return figures.figure(chart.figure, words, key="attainment", title=title, alt=alt, note=note)


def standing(row: Mapping, counts: Mapping, words: Words, *, indicators: pd.DataFrame) -> str:
    """Return one town's finding: tier, rank with interval, tasks kept, the furthest behind."""
    parts = []
    if row["tier"] == row["tier"]:
        low, high = short(row["rank_low"]), short(row["rank_high"])
        facts = {
            "town": row["name"],
            "tier": short(row["tier"]),
            "rank": short(row["nominal_rank"]),
        }
        key = "town_brief.ranked" if low != high else "town_brief.ranked_sure"
        parts.append(words(key, low=low, high=high, **facts))
    else:
        parts.append(
            words(
                "town_brief.unranked",
                town=row["name"],
                reason=words(f"town.{row['reason'] or 'no_values'}"),
            )
        )
    if not counts["n"] > 0:
        return words("page.item_separator").join([*parts, words("town_brief.no_tasks")])
    parts.append(words("town_brief.kept", n=int(counts["n"]), good=int(counts["good"])))
    worst = indicators[indicators["indicator_id"] == counts["worst_indicator_id"]]
    parts += [words("town_brief.worst", name=words.name(row)) for _, row in worst.iterrows()]
    return words("page.item_separator").join(parts)
