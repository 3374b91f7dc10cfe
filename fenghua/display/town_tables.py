"""The tables of the race of towns: tiers, heat map, tiles, profile, contributions, task sums.

Answers: which columns a reader sees, in which order. Refuses: to calculate what they hold.
"""

from collections.abc import Sequence
from html import escape

import pandas as pd

from fenghua.display import naming, sentences, tables
from fenghua.display.numbers import NONE, figure, percent, short
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words
from fenghua.inputs import periods

TOTAL = "total"
_CLAIM = "race|town_code"
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
    names = naming.names(register, "town_code", words)
    names |= {TOTAL: words(total), "best": words("town_brief.best_tier")}
    names |= {"": words("town.unallocated")}
    frame = rows.reset_index() if "town_code" not in rows else rows.copy()
    frame[column] = [names.get(code, code) for code in frame["town_code"]]
    if "better_than" in frame:
        below = frame["better_than"].fillna("").str.split(";")
        frame["better_names"] = [
            [names.get(code, code) for code in codes if code] for codes in below
        ]
    return frame


def _grouped(ranking: pd.DataFrame) -> pd.DataFrame:
    """Return units in order with ``group``: their tier, else unranked, else apart."""
    rows = ranking.sort_values(["tier", "nominal_rank"], na_position="last", kind="stable")
    rows["group"] = [
        short(tier) if tier == tier else "apart" if reason == "zone_apart" else "unranked"
        for tier, reason in zip(rows["tier"], rows["reason"], strict=True)
    ]
    last = rows["group"].map({"unranked": 1, "apart": 2}).fillna(0)
    return rows.loc[last.sort_values(kind="stable").index]


def _course(ranking: pd.DataFrame, words: Words) -> list[Column]:
    """Return the column of earlier scores, where they are known."""
    course = Column(words("head.course"), tables.sparkline("trace", words))
    return [course] if "trace" in ranking else []


def tiers(
    ranking: pd.DataFrame,
    words: Words,
    *,
    held: float,
    cap: Sequence[float],
    pair_share: float,
    is_whole: bool = True,
) -> str:
    """Return the ranking by tier with interval, level and change; units without a rank at the end.

    ``ranking`` are named rows of ``towns.standing``; an interval holds the share ``held`` of the
    drawn rankings, a stated order in ``pair_share`` of them, a score is cut at the ends ``cap``
    (0-1). Where not all units are listed (``is_whole``), a tier cannot say how many it has.
    """
    rows, top3 = _grouped(ranking), tables.share("share_top3", claim=_CLAIM)

    def heading(code: str, n: int) -> str:
        if code in ("apart", "unranked"):
            return words(f"town_comparison.{code}", n=n)
        if not is_whole:
            return words("town.tier", tier=code)
        return words("town_comparison.tier_label", tier=code, n=n)

    def why(row: Row) -> str:
        reason = row["reason"]
        if not reason and row["is_older_report"]:
            period = periods.label(row["period"], words.lang)
            return top3(row) + tables.small(words("town.older_report", period=period))
        return escape(words(f"town.{reason}")) if reason else top3(row)

    def score(row: Row) -> str:
        change = tables.points("score_change", signed=True)(row)
        return tables.points("score")(row) + ("" if change == NONE else tables.small(change))

    def moved(row: Row) -> str:
        return tables.places(float(row["places_gained"]))

    columns = [
        Column(words("head.town"), tables.text("name")),
        tables.figures(words("head.rank"), "nominal_rank", 0, claim=_CLAIM, css="v"),
        Column(words("head.places"), moved, is_number=True),
        Column(words("head.interval"), _interval, is_number=True),
        Column(words("head.score"), score, is_number=True),
        *_course(ranking, words),
        Column(words("head.better_than"), _names("better_names", words), css="w2"),
        Column(words("head.to_above"), tables.points("distance_to_above"), is_number=True),
        Column(words("head.known"), tables.share("known_share"), is_number=True),
        Column(words("head.top3"), why, css="w2"),
    ]
    ends = {"floor": short(100 * cap[0]), "cap": short(100 * cap[1])}
    shares = {"share": percent(held), "pair_share": percent(pair_share)}
    caption = words("town_comparison.tiers_caption", **shares, **ends)
    look = {"group": "group", "group_label": heading, "css": "cards"}
    return tables.table(rows, columns, caption=caption, **look)


def _names(key: str, words: Words) -> Cell:
    """Return a cell that lists names."""
    return lambda row: escape(words.join(row[key])) if row[key] else NONE


def _interval(row: Row) -> str:
    low, high = (
        tables.claimed(short(float(row[key])), row, key, _CLAIM)
        for key in ("rank_low", "rank_high")
    )
    return f"{low}–{high}" if row["rank_low"] < row["rank_high"] else low


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


def _heat(key: str, *, high: float) -> Cell:
    """Return a cell whose colour deepens with a share up to ``high``, the number on it."""

    def cell(row: Row) -> str:
        value = float(row[key])
        if value != value:
            return NONE
        depth = DEEPEST * min(max(value, 0.0), high) / high
        style = f"--p:{depth:.0f}%;display:block;border-radius:3px;padding:.1rem .2rem"
        return f'<span class="heat" style="{style}">{percent(value)}</span>'

    return cell


def heat(
    values: pd.DataFrame, names: pd.DataFrame, words: Words, *, high: float, caption: str
) -> str:
    """Return units by indicators as a table of coloured cells with their numbers.

    ``values`` are named rows by town with a column of shares an indicator, ``names`` the named
    indicators in the order of the columns; from the share ``high`` on colour deepens no more.
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
        words("town_comparison.zone", name=row["name"], score=tables.points("score")(row))
        for row in apart.to_dict("records")
    ]
    return "".join(sentences.note(text) for text in texts)


def profile(rows: pd.DataFrame, words: Words, *, audience: str, year: int) -> str:
    """Return per-mu ratios of sums by town; internal pages add those with the dominant plant.

    ``rows`` are named rows of ``town_profile.profile``.
    """
    if rows.empty or (rows["reason"] == "no_enterprises").all():
        return sentences.note(words("town.no_enterprises"))

    def enterprises(row: Row) -> str:
        n, code = float(row["enterprises"]), str(row["reason"])
        return short(n) if n == n or not code else tables.small(words(f"town.{code}"))

    def ratio(key: str, decimals: int = 1) -> Column:
        return tables.figures(words(f"town.head_{key}"), key, decimals)

    def whole(key: str) -> list[Column]:
        head = words(f"head.whole_{key}")
        return [tables.figures(head, f"whole_{key}")] if audience == "internal" else []

    tax = tables.bar("tax_per_mu_wan", high=float(rows["tax_per_mu_wan"].max()))
    columns = [
        Column(words("head.town"), tables.text("name")),
        Column(words("town.head_tax_per_mu_wan"), tax, is_number=True),
        *whole("tax_per_mu_wan"),
        ratio("value_added_per_mu_wan"),
        *whole("value_added_per_mu_wan"),
        ratio("labour_productivity_wan"),
        ratio("value_added_per_tce_wan", 2),
        Column(words("head.rd_intensity"), tables.share("rd_intensity", 1), is_number=True),
        Column(words("head.enterprises"), enterprises, is_number=True),
    ]
    suffix = "_internal" if audience == "internal" else ""
    caption = words(f"town_comparison.profile_caption{suffix}", year=year)
    return tables.table(rows, columns, caption=caption)


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
