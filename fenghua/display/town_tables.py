"""The tables of the race of towns: tiers, heat map, tiles, profile, contributions, task sums.

Answers: which columns a reader sees, in which order. Refuses: to calculate what they hold.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from fenghua.display import sentences, tables
from fenghua.display.numbers import NONE, figure, percent, short
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words
from fenghua.inputs import periods

TOTAL = "total"
DEEPEST = 55  # per cent of colour in the darkest cell: dark ink stays readable on it


def named(
    rows: pd.DataFrame,
    register: pd.DataFrame,
    words: Words,
    *,
    column: str = "name",
    total: str = "town.district",
) -> pd.DataFrame:
    """Return rows by town (index or column ``town_code``) with the names of the register.

    ``total`` is the wording key of the row that adds up the towns.
    """
    names = {row["town_code"]: words.name(row) for row in register.to_dict("records")}
    names |= {
        TOTAL: words(total),
        "best": words("town_brief.best_tier"),
        "": words("town.unallocated"),
    }
    frame = rows.reset_index() if "town_code" not in rows else rows.copy()
    frame[column] = [names.get(code, code) for code in frame["town_code"]]
    return frame


def points(key: str, *, signed: bool = False) -> Cell:
    """Return a cell with a share as points of 100."""
    return lambda row: figure(100 * float(row[key]), 1, signed=signed)


def _share(key: str, decimals: int = 0) -> Cell:
    return lambda row: percent(float(row[key]), decimals)


def _interval(row: Row) -> str:
    low, high = short(float(row["rank_low"])), short(float(row["rank_high"]))
    return low if low == high else f"{low}–{high}"


def _places(row: Row) -> str:
    moved = float(row["places_gained"])
    if moved != moved or moved == 0:
        return NONE if moved != moved else "0"
    return f"{'▲' if moved > 0 else '▼'} {short(abs(moved))}"


def _grouped(ranking: pd.DataFrame) -> pd.DataFrame:
    """Return units in order with ``group``: their tier, else unranked, else apart."""
    rows = ranking.sort_values(["tier", "nominal_rank"], na_position="last", kind="stable")
    rows["group"] = [
        short(tier) if tier == tier else "apart" if reason == "zone_apart" else "unranked"
        for tier, reason in zip(rows["tier"], rows["reason"], strict=True)
    ]
    last = rows["group"].map({"unranked": 1, "apart": 2}).fillna(0)
    return rows.loc[last.sort_values(kind="stable").index]


def tiers(
    ranking: pd.DataFrame, words: Words, *, rules: Mapping[str, Any], is_whole: bool = True
) -> str:
    """Return the ranking by tier with interval, level and change; units without a rank at the end.

    Parameters
    ----------
    ranking : DataFrame
        Named rows of ``race.standing``.
    words : Words
        The page's language.
    rules : mapping
        The rules of ``race.inputs``, for the caption.
    is_whole : bool
        Whether all units are listed, so that a tier can say how many it has.
    """
    rows = _grouped(ranking)

    def heading(code: str, n: int) -> str:
        if code in ("apart", "unranked"):
            return words(f"town_comparison.{code}", n=n)
        if not is_whole:
            return words("town.tier", tier=code)
        return words("town_comparison.tier_label", tier=code, n=n)

    def why(row: Row) -> str:
        return (
            escape(words(f"town.{row['reason']}")) if row["reason"] else _share("share_top3")(row)
        )

    def score(row: Row) -> str:
        change = points("score_change", signed=True)(row)
        return points("score")(row) + ("" if change == NONE else f"<small>{change}</small>")

    columns = [
        Column(words("head.town"), tables.text("name")),
        Column(
            words("head.rank"),
            tables.number("nominal_rank", decimals=0, claim="race|town_code"),
            is_number=True,
            css="v",
        ),
        Column(words("head.places"), _places, is_number=True),
        Column(words("head.interval"), _interval, is_number=True),
        Column(words("head.score"), score, is_number=True),
        Column(words("head.to_above"), points("distance_to_above"), is_number=True),
        Column(words("head.known"), _share("known_share"), is_number=True),
        Column(words("head.top3"), why, css="w2"),
    ]
    share = percent(rules["high"] - rules["low"])
    floor, cap = (short(100 * end) for end in rules["cap"])
    caption = words("town_comparison.tiers_caption", floor=floor, cap=cap, share=share)
    return tables.table(
        rows, columns, caption=caption, group="group", group_label=heading, css="cards"
    )


def tiles(ranking: pd.DataFrame, register: pd.DataFrame, words: Words) -> str:
    """Return the towns as equal tiles in their places with score and tier."""
    spots = register.dropna(subset=["tile_row", "tile_col"]).set_index("town_code")
    rows = ranking[ranking["town_code"].isin(spots.index)]
    if rows.empty:
        return ""
    first = spots[["tile_col", "tile_row"]].min()
    items = []
    for row in rows.to_dict("records"):
        x, y = (spots.loc[row["town_code"], ["tile_col", "tile_row"]] - first + 1).astype(int)
        depth = 0 if row["score"] != row["score"] else DEEPEST * min(max(row["score"], 0), 1)
        tier = words("town.tier", tier=short(row["tier"])) if row["tier"] == row["tier"] else ""
        under = tier or words("town.unranked")
        items.append(
            f'<li style="--x:{x};--y:{y};--p:{depth:.0f}%">{escape(row["name"])}'
            f"<b>{figure(100 * row['score'], 0)}</b>{escape(under)}</li>"
        )
    columns = int((spots["tile_col"] - first["tile_col"] + 1).max())
    note = sentences.note(words("town_comparison.tiles_note"))
    return f'<ul class="tiles" style="--cols:{columns}">{"".join(items)}</ul>{note}'


def _heat(key: str, *, high: float, decimals: int = 0) -> Cell:
    """Return a cell whose colour deepens with a share up to ``high``, the number on it."""

    def cell(row: Row) -> str:
        value = float(row[key])
        if value != value:
            return NONE
        depth = DEEPEST * min(max(value, 0.0), high) / high
        style = f"--p:{depth:.0f}%;display:block;border-radius:3px;padding:.1rem .2rem"
        return f'<span class="heat" style="{style}">{percent(value, decimals)}</span>'

    return cell


def heat(
    values: pd.DataFrame, names: pd.DataFrame, words: Words, *, high: float, caption: str
) -> str:
    """Return units by indicators as a table of coloured cells with their numbers.

    Parameters
    ----------
    values : DataFrame
        Named rows by town; one column an indicator, as shares.
    names : DataFrame
        Named indicators, ``indicator_id`` and ``name``, in the order of the columns.
    words : Words
        The page's language.
    high : float
        Share from which the colour deepens no more.
    caption : str
        What the shares are of.
    """
    columns = [Column(words("head.town"), tables.text("name"))]
    columns += [
        Column(row["name"], _heat(row["indicator_id"], high=high))
        for row in names.to_dict("records")
        if row["indicator_id"] in values
    ]
    if len(columns) == 1 or values.empty:
        return sentences.note(words("page.no_rows"))
    return tables.table(values, columns, caption=caption)


def stale(rows: pd.DataFrame, words: Words, *, months: float) -> str:
    """Return the note that names the indicators whose town reports are out of date."""
    if rows.empty:
        return ""
    names = words.join(list(rows["name"]))
    return sentences.note(words("town_comparison.stale", months=short(months), names=names))


def zone(ranking: pd.DataFrame, words: Words) -> str:
    """Return the sentence on the zones that stand beside the towns."""
    apart = ranking[(ranking["reason"] == "zone_apart") & ranking["score"].notna()]
    texts = [
        words("town_comparison.zone", name=row["name"], score=points("score")(row))
        for row in apart.to_dict("records")
    ]
    return "".join(sentences.note(text) for text in texts)


def history(rows: pd.DataFrame, register: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the rows of ``race.history`` with the units' names and the periods in words."""
    frame = named(rows.rename(columns={"unit": "town_code"}), register, words)
    labels = [periods.label(period, words.lang) for period in frame["period"]]
    return frame.assign(unit=frame["town_code"], label=labels)


def worst(rows: pd.DataFrame, register: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Add ``worst``: the name of the task furthest behind, or nothing."""
    names = {row["indicator_id"]: words.name(row) for row in register.to_dict("records")}
    return rows.assign(worst=rows["worst_indicator_id"].map(names).fillna(""))


def profile(rows: pd.DataFrame, words: Words, *, audience: str, year: int) -> str:
    """Return per-mu ratios of sums by town; internal pages add those with the dominant plant.

    Parameters
    ----------
    rows : DataFrame
        Named rows of ``town_profile.per_mu``.
    """
    if rows.empty or (rows["reason"] == "no_enterprises").all():
        return sentences.note(words("town.no_enterprises"))

    def withheld(row: Row) -> str:
        n, code = float(row["enterprises"]), str(row["reason"])
        if n == n or not code:
            return short(n)
        return f"<small>{escape(words(f'town.{code}'))}</small>"

    key = f"town_comparison.profile_caption{'_internal' if audience == 'internal' else ''}"
    columns = [Column(words("head.town"), tables.text("name"))]
    high = float(rows["tax_per_mu_wan"].max())
    for name, decimals in (("tax_per_mu_wan", 1), ("value_added_per_mu_wan", 1)):
        cell = tables.number(name, decimals=decimals)
        if name == "tax_per_mu_wan":
            cell = tables.bar(name, high=high, decimals=decimals)
        columns.append(Column(words(f"town.head_{name}"), cell, is_number=True))
        if audience == "internal":
            whole = tables.number(f"whole_{name}", decimals=decimals)
            columns.append(Column(words(f"head.whole_{name}"), whole, is_number=True))
    for name, decimals in (("labour_productivity_wan", 1), ("value_added_per_tce_wan", 2)):
        cell = tables.number(name, decimals=decimals)
        columns.append(Column(words(f"town.head_{name}"), cell, is_number=True))
    columns.append(Column(words("head.rd_intensity"), _share("rd_intensity", 1), is_number=True))
    columns.append(Column(words("head.enterprises"), withheld, is_number=True))
    return tables.table(rows, columns, caption=words(key, year=year))


def published(observed: pd.DataFrame, words: Words) -> str:
    """Return what the district itself has published: whole and 区属."""
    texts = [
        words(
            f"town.published_{row['basis']}",
            name=row["name"],
            value=figure(row["value"], int(row["decimals"])),
            unit=row["unit_name"],
            period=periods.label(row["period"], words.lang),
        )
        for row in observed.to_dict("records")
    ]
    return sentences.points(texts) if texts else ""


def cautions(sources: pd.DataFrame, words: Words) -> str:
    """Return the cautions that stand with the sources of the towns' figures."""
    notes = [
        words("town_comparison.caution", title=row["title"], note=row["note"])
        for row in sources.to_dict("records")
        if row["note"]
    ]
    return sentences.call(*notes) if notes else ""
