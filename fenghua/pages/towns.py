"""What the page of the race of towns says in sentences: its finding, its key points.

Answers: which sentence follows from the rows that the page shows. Refuses: an order of two towns
that is not stated, and a rank in the headline.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from fenghua.analysis.ranks import FEW
from fenghua.display import sentences
from fenghua.display.kit import Kit
from fenghua.display.numbers import figure, percent, short
from fenghua.display.wording import Words
from fenghua.inputs import periods
from fenghua.inputs.records import rows_of
from fenghua.pages import foremost
from fenghua.pages import tasks as shared

RANK_ROOM: Final = 0.15  # of the axis beyond the last rank, for the score beside it
CHARTED: Final = 60  # units that a chart has room for on a printed page
ENDS: Final = 20  # units that a chart draws at each end of very many
MOST_TICKS: Final = 10
TASKS: Final = 2  # tasks that most towns miss, each with a key point of its own
_DONE: Final = ["name", "judged"]


def ranked(standing: pd.DataFrame, called: Mapping[str, str], words: Words) -> pd.DataFrame:
    """Return the units with a tier, by tier and median rank, with whom each is stated apart from.

    Columns of ``towns.standing`` and ``name``, ``better_names``, ``worse_names`` (joined),
    ``better``, ``worse`` (how many; missing where units are too many to be compared by pairs),
    ``points`` (of 100) and ``score_told`` (them as printed).
    """
    order = ["tier", "median_rank", "nominal_rank"]
    rows = standing.dropna(subset="tier").sort_values(order, kind="stable").reset_index()
    rows["name"] = rows["town_code"].map(called)
    for side in ("better", "worse"):
        codes = rows[f"{side}_than"].fillna("").str.split(";")
        others = codes.map(lambda every: [called[code] for code in every if code])
        rows[side] = others.map(len).where(rows[f"{side}_than"].notna())
        rows[f"{side}_names"] = others.map(words.join)
    rows["points"] = 100 * rows["score"].astype(float)
    rows["score_told"] = [figure(score, 0) for score in rows["points"]]
    return rows


def charted(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the rows of `ranked` that a chart draws, and its key: of very many the two ends."""
    if len(rows) <= CHARTED:
        is_sure = rows["rank_low"].equals(rows["rank_high"])  # no unit has a second rank
        return rows, f"town_comparison.ranks{'_sure' * is_sure}"
    ends = pd.concat([rows.head(ENDS), rows.tail(ENDS)], ignore_index=True)
    return ends, "town_comparison.rank_ends"


def standing_notes(rows: pd.DataFrame, words: Words) -> list[str]:
    """Return why a unit has no rank, or on which older report its score rests."""
    told = []
    for row in rows_of(rows):
        code = row["reason"] if row["reason"] == row["reason"] else ""
        said = words(f"town.{code}") if code else ""
        if row["is_older_report"] is True and row["score"] == row["score"]:
            period = periods.label(row["period"], words.lang)
            older = words("town.older_report", period=period)
            said = words("page.item_separator").join(filter(None, [said, older]))
        told.append(said)
    return told


def finding(counts: Mapping[str, int], missed: pd.DataFrame, rows: pd.DataFrame, kit: Kit) -> str:
    """Return the page's one sentence.

    Parameters
    ----------
    counts : mapping
        ``towns``, their ``total`` tasks, ``judged`` of them, ``good`` of those, ``year``.
    missed : DataFrame
        Tasks by ``name`` with how many towns are ``behind``, the most first.
    rows : DataFrame
        Of `ranked`.
    """
    key = "town_comparison.finding"
    if not counts["total"]:
        return order(rows, kit)[0].removesuffix(kit.words("page.stop"))
    if 2 * counts["judged"] < counts["total"]:
        return kit.say(f"{key}_{'missing' if counts['judged'] else 'nothing'}", **counts)
    said = kit.say(f"{key}{shared.of_judged(counts)}", **counts, moment=_moment(counts, kit))
    worst, parts = missed[missed["behind"] > 0].head(1).reset_index(), [said]
    for row in rows_of(worst):
        ending = foremost.of_all(row["behind"], row["judged"]) + shared.due(counts)
        name = kit.words.within(row["name"])
        parts.append(kit.words(f"{key}_task{ending}", name=name, n=row["behind"]))
    others = len(rows) - 1
    first = rows.loc[rows["better"] == others, "name"] if others > 0 else rows["name"].head(0)
    better = f"{key}_first{'_one' if others == 1 else ''}"
    parts += [kit.words(better, name=name, n=others) for name in first]
    return kit.words("page.item_separator").join(parts)


def order(rows: pd.DataFrame, kit: Kit) -> tuple[str, str]:
    """Return which towns can be told apart, and into which tiers, as claim and detail."""
    key, n = "town_comparison.order", len(rows)
    if n < 2:
        names_ = "".join(rows["name"])
        return kit.say(f"{key}_single" if n else f"{key}_nothing", name=names_), ""
    if (rows["reason"] == "all_equal").all():
        return kit.say(f"{key}_equal", n=n), ""
    if rows["better"].isna().all():
        facts = {"n": n, "tiers": rows["tier"].nunique(), "few": FEW}
        return kit.say(f"{key}_many", **facts), kit.say(f"{key}_many_detail")
    pairs, every = int(rows["better"].sum()), n * (n - 1) // 2
    if not pairs:
        return kit.say(f"{key}_none", n=n), ""
    best, last = rows["better"].max(), rows["worse"].max()
    facts = {
        "pairs": pairs,
        "every": every,
        "best": shared.listed(rows.loc[rows["better"] == best, "name"], kit),
        "below": best,
        "last": shared.listed(rows.loc[rows["worse"] == last, "name"], kit),
        "above": last,
        "tiers": rows["tier"].nunique(),
    }
    if every == 1:
        return kit.say(f"{key}_pair", **facts), ""
    ending = foremost.of_all(pairs, every)
    return kit.say(f"{key}{ending}", **facts), kit.say(f"{key}_detail", **facts)


def points(
    counts: Mapping[str, int],
    missed: pd.DataFrame,
    rows: pd.DataFrame,
    unknown: pd.DataFrame,
    apart: Sequence[str],
    kit: Kit,
    *,
    old: str = "",
) -> list[str]:
    """Return the key points, ranked: the order, the tasks most missed, the unknown, the unranked.

    Parameters
    ----------
    counts, missed, rows
        As for `finding`; ``missed`` has also ``judged`` and ``worst`` (towns with their gaps).
    unknown : DataFrame
        Named tasks without a verdict.
    apart : sequence of str
        Sentences on the units that are not ranked.
    old : str
        The sentence on old reports.
    """
    told = []
    if len(rows):
        told.append(sentences.point(*order(rows, kit)))
    for row in rows_of(missed[missed["behind"] > 0].head(TASKS).reset_index()):
        said = {key: row[key] for key in ("name", "behind", "judged")}
        ending = foremost.of_all(row["behind"], row["judged"]) + shared.due(counts)
        claim = kit.words(f"town_comparison.missed{ending}", **said)
        worst = shared.listed(row["worst"], kit)
        said_worst = kit.words("town_comparison.missed_worst", worst=worst)
        told.append(sentences.point(claim, said_worst))
    done = missed.query("behind == 0 and judged > 0").reset_index()
    if len(done):
        items = [kit.words("town_comparison.done_item", **row) for row in rows_of(done[_DONE])]
        key = f"town_comparison.done{shared.due(counts)}"
        told.append(sentences.point(kit.words(key, items=kit.words.few(items))))
    if len(unknown):
        told.append(_unknown(unknown, kit, stale=old))
    elif old:
        told.append(sentences.point(old))
    return told + ([sentences.point(apart[0], "".join(apart[1:]))] if apart else [])


def apart(
    standing: pd.DataFrame, called: Mapping[str, str], kit: Kit, *, coverage: str
) -> list[str]:
    """Return which units stand apart or have too few reports to be ranked, and why."""
    told = []
    reasons = standing["reason"]
    few = standing.index[reasons.isin(["below_coverage", "no_values"])]
    if len(few):
        names = shared.listed([called[code] for code in few], kit)
        told.append(kit.say("town_comparison.few", names=names, n=len(few), coverage=coverage))
    for code, score in standing.loc[reasons == "zone_apart", "score"].items():
        if score == score:
            said = figure(100 * score, 1)
            told.append(kit.say("town_comparison.zone", name=called[code], score=said))
    return told


def pair_facts(rules: Mapping[str, Any]) -> dict[str, str]:
    """Return what captions say of an interval and a pair, from the options of the ranking."""
    low, high = rules["cap"]
    return {
        "share": percent(rules["high"] - rules["low"]),
        "pair_share": percent(rules["pair_share"]),
        "floor": short(100 * low),
        "cap": short(100 * high),
        "coverage": percent(rules["coverage"]),
        "draws": f"{rules['draws']:,}",
    }


def stale(rows: pd.DataFrame, kit: Kit, *, months: float) -> str:
    """Return which tasks rest on reports older than some months, and what follows from it."""
    names = kit.words.few(dict.fromkeys(rows["name"]))
    facts = {"n": len(rows), "names": names, "months": short(months)}
    return kit.words("town_comparison.stale", **facts) if len(rows) else ""


def widest(rows: pd.DataFrame) -> dict[str, object]:
    """Return name, best and worst rank of the unit of `ranked` whose rank is least sure.

    With it, how many units there are, and how many of each end `charted` draws.
    """
    row = rows.loc[(rows["rank_high"] - rows["rank_low"]).idxmax()]
    ends = {"low": short(row["rank_low"]), "high": short(row["rank_high"])}
    return {"name": row["name"], **ends, "n": len(rows), "shown": ENDS}


def first(effects: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return the choice of method that moves ranks most, all that tie, by how many places."""
    if effects.empty:
        return {}
    shift = effects.reset_index()["mean_rank_shift"].round(foremost.DIGITS)
    top = effects.reset_index()[shift == shift.max()]
    name = words.named(words(f"choice.{choice}") for choice in top["choice"])
    mean, most = figure(shift.max(), 2), short(top["max_rank_shift"].max())
    return {"name": name, "mean": mean, "most": most}


def effects_key(effects: pd.DataFrame) -> str:
    """Return the key of the table of choices: which one moves ranks most, or that none does."""
    is_moved = (effects["max_rank_shift"] > 0).any() if len(effects) else False
    return f"town_comparison.effects{'' if is_moved else '_none'}"


def ranks(n: int) -> list[int]:
    """Return the whole ranks named beneath an axis: of few all, of many about ten, and the last.

    Examples
    --------
    >>> ranks(4), ranks(11), ranks(60)
    ([1, 2, 3, 4], [1, 2, 4, 6, 8, 11], [1, 10, 20, 30, 40, 50, 60])
    """
    steps = (k * 10**power for power in range(9) for k in (1, 2, 5))
    step = next(step for step in steps if n <= MOST_TICKS * step)
    return sorted({1, *range(step, n - step + 1, step), n})


def by_earlier(rows: pd.DataFrame, kit: Kit) -> list[str]:
    """Return how many tasks are judged by a figure older than the period, as a key point."""
    older = rows[rows["is_judged"] & ~rows["status"].isin(shared.DUE) & (rows["age_months"] > 0)]
    labels = [periods.label(period, kit.words.lang) for period in sorted(set(older["period"]))]
    facts = {"n": len(older), "periods": shared.listed(labels, kit)}
    return [sentences.point(kit.words("town_comparison.dated", **facts))] if len(older) else []


def other_date(parts: pd.DataFrame, named: Mapping[str, str], kit: Kit) -> str:
    """Return the note on the indicators whose parts have no share: of another date (贡献)."""
    names = [named[code] for code in parts.loc[parts["is_other_date"], "indicator_id"].unique()]
    if not names:
        return ""
    said = kit.words(
        "town_comparison.other_date", names=kit.words.few(map(kit.words.within, names))
    )
    return sentences.note(said)


def zones(towns: pd.DataFrame, kit: Kit) -> str:
    """Return that zones are no part of a sum, where there are any."""
    return kit.words("town_comparison.zones") if (towns["kind"] == "zone").any() else ""


def dated(counts: Mapping[str, int], kit: Kit) -> dict[str, object]:
    """Return what headings say of the tasks of a year: the year, and what a good one is called."""
    return {"year": counts["year"], "kept": kit.words(f"town.kept{shared.due(counts)}")}


def _unknown(rows: pd.DataFrame, kit: Kit, *, stale: str) -> str:
    """Return how many tasks cannot be judged, by reason, and of which towns and indicators."""
    items = []
    key = f"town_comparison.unknown_{'only' if rows['reason'].nunique() == 1 else 'item'}"
    for reason, part in rows.groupby("reason", sort=False):
        names = kit.words.few(dict.fromkeys(part["name"]))
        why = kit.words(f"town.{reason}")
        items.append(kit.words(key, n=len(part), reason=why, names=names))
    joined = kit.words("page.item_separator").join(items)
    joined += kit.words("page.stop")
    return sentences.point(kit.say("town_comparison.unknown", n=len(rows)), joined + stale)


def _moment(counts: Mapping[str, int], kit: Kit) -> str:
    key = f"town_comparison.moment{shared.due(counts)}".removesuffix("_own")
    return kit.say(key, year=counts["year"])
