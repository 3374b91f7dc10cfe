"""What the page of the race of towns says in sentences: its finding, its key points.

Answers: which sentence follows from the rows that the page shows. Refuses: an order of two towns
that is not stated, and a rank in the headline.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from fenghua.analysis import town_tasks
from fenghua.analysis.town_profile import PROFILE, UNGRADED
from fenghua.brief import Brief
from fenghua.display import amounts, naming, sentences
from fenghua.display.amounts import Row
from fenghua.display.kit import Kit
from fenghua.display.numbers import figure, percent, short
from fenghua.display.wording import Words
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import BEHIND, GRADES, KEEPING_UP, PlanData

TASKS: Final = 2  # tasks that most towns miss, each with a key point of its own
DUE: Final = ("met", "missed")
KINDS: Final = ("street", "town", "unknown", "zone", "unallocated")  # the order of a table
SIDES: Final = MappingProxyType(
    dict.fromkeys(KEEPING_UP, "up") | dict.fromkeys(BEHIND, "behind") | {"not_assessable": "none"}
)


def names(ds: PlanData, words: Words, *, whole: str = "town.district") -> dict[str, str]:
    """Return code to name of each town, of the district (``total``) and of what no town has."""
    called = naming.names(ds.towns, "town_code", words)
    called |= {"best": words("town_brief.best_tier"), "total": words(whole)}
    return called | {"": words("town.unallocated")}


def tasks(brief: Brief, *, as_of: str = "") -> pd.DataFrame:
    """Return the towns' tasks, named: what each has done, what it lacks, and what that means.

    Columns of `town_tasks.judged` and of ``Brief.named``; ``town`` (its name), ``is_zone``,
    ``is_asked`` (its base did not meet the task already), ``is_behind``, ``is_judged``,
    ``is_good``, ``gap`` (negative: short of the task), ``told`` (in words), and what
    ``kinds.KINDS["against"]`` reads of a task.
    """
    ds, words = brief.ds, brief.words
    rows = brief.named(town_tasks.judged(ds, as_of or brief.as_of))
    about = ds.indicators.set_index("indicator_id")
    kinds = ds.towns.drop_duplicates("town_code").set_index("town_code")["kind"]
    rows["town"] = rows["town_code"].map(names(ds, words))
    rows["is_zone"] = rows["town_code"].map(kinds).eq("zone")
    rows["is_asked"] = rows["reason"] != "base_meets_task"
    rows["is_behind"] = rows["status"].isin(BEHIND)
    rows["is_good"] = rows["status"].isin(KEEPING_UP)
    rows["is_judged"] = rows["is_behind"] | rows["is_good"]
    rows["direction"] = rows["indicator_id"].map(about["direction"]).astype(int)
    rows["gap"] = rows["direction"] * (rows["value"] - rows["task"])
    rows["unit"] = rows["indicator_id"].map(about["unit"])
    rows = rows.assign(decimals=rows["value_decimals"], task_high=float("nan"), task_comparator="")
    rows["told"] = [gap(row, words) for row in _rows(rows)]
    return rows


def gap(row: Row, words: Words) -> str:
    """Return what a task lacks in natural units, or why nobody can say."""
    if row["status"] == "not_assessable" or row["gap"] != row["gap"]:
        return words(f"town.{row['reason']}") if row["reason"] else ""
    if row["gap"] == 0:
        return words("gap.exact")
    digits = amounts.telling(row["gap"], 0.0, int(row["value_decimals"]))
    printed = amounts.apart(short(abs(row["gap"]), decimals=digits), row["unit"], words)
    is_due = row["status"] in DUE
    key = ("over" if is_due else "ahead") if row["gap"] > 0 else ("missed" if is_due else "short")
    return words(f"gap.{key}", amount=printed)


def ranked(standing: pd.DataFrame, called: Mapping[str, str], words: Words) -> pd.DataFrame:
    """Return the units with a tier, by tier and median rank, with whom each is stated apart from.

    Columns of ``towns.standing`` and ``name``, ``better_names``, ``worse_names`` (joined),
    ``better``, ``worse`` (how many) and ``score_told`` (points of 100).
    """
    order = ["tier", "median_rank", "nominal_rank"]
    rows = standing.dropna(subset="tier").sort_values(order, kind="stable").reset_index()
    rows["name"] = rows["town_code"].map(called)
    for side in ("better", "worse"):
        codes = rows[f"{side}_than"].fillna("").str.split(";")
        listed = codes.map(lambda every: [called[code] for code in every if code])
        rows[side] = listed.map(len)
        rows[f"{side}_names"] = listed.map(words.join)
    rows["score_told"] = [figure(100 * score, 0) for score in rows["score"]]
    return rows


def standing_notes(rows: pd.DataFrame, words: Words) -> list[str]:
    """Return why a unit has no rank, or on which older report its score rests."""
    told = []
    for row in _rows(rows):
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
        return order(rows, kit)[0]
    if 2 * counts["judged"] < counts["total"]:
        return kit.say(f"{key}_missing", **counts)
    said = kit.say(f"{key}{_due(counts)}", **counts, moment=_moment(counts, kit))
    worst = missed[missed["behind"] > 0].head(1).reset_index()
    parts = [
        kit.words(f"{key}_task{_due(counts)}", name=r["name"], n=r["behind"]) for r in _rows(worst)
    ]
    others = len(rows) - 1
    first = rows.loc[rows["better"] == others, "name"] if others > 0 else rows["name"].head(0)
    parts += [kit.words(f"{key}_first", name=name, n=others) for name in first]
    return kit.words("page.item_separator").join([said, *parts])


def order(rows: pd.DataFrame, kit: Kit) -> tuple[str, str]:
    """Return which towns can be told apart, and into which tiers, as claim and detail."""
    key, n = "town_comparison.order", len(rows)
    if n < 2:
        names_ = "".join(rows["name"])
        return kit.say(f"{key}_single" if n else f"{key}_nothing", name=names_), ""
    if (rows["reason"] == "all_equal").all():
        return kit.say(f"{key}_equal", n=n), ""
    pairs, every = int(rows["better"].sum()), n * (n - 1) // 2
    if not pairs:
        return kit.say(f"{key}_none", n=n), ""
    best, last = rows["better"].max(), rows["worse"].max()
    facts = {
        "pairs": pairs,
        "every": every,
        "best": kit.words.join(list(rows.loc[rows["better"] == best, "name"])),
        "below": best,
        "last": kit.words.join(list(rows.loc[rows["worse"] == last, "name"])),
        "above": last,
        "tiers": rows["tier"].nunique(),
    }
    return kit.say(key, **facts), kit.say(f"{key}_detail", **facts)


def points(
    counts: Mapping[str, int],
    missed: pd.DataFrame,
    rows: pd.DataFrame,
    unknown: pd.DataFrame,
    apart: Sequence[str],
    kit: Kit,
) -> list[str]:
    """Return the key points, ranked: the order, the tasks most missed, the unknown, the unranked.

    Parameters
    ----------
    counts, missed, rows
        As for `finding`; ``missed`` has also ``judged``, ``worst`` (town) and ``told`` (its gap).
    unknown : DataFrame
        Named tasks without a verdict.
    apart : sequence of str
        Sentences on the units that are not ranked.
    """
    told = []
    if len(rows):
        told.append(sentences.point(*order(rows, kit)))
    for row in _rows(missed[missed["behind"] > 0].head(TASKS).reset_index()):
        claim = kit.words(f"town_comparison.missed{_due(counts)}", **_said(row))
        told.append(sentences.point(claim, kit.words("town_comparison.missed_worst", **_said(row))))
    done = missed.query("behind == 0 and judged > 0").reset_index()
    if len(done):
        facts = {"names": kit.words.join(list(done["name"])), "n": len(done)}
        told.append(sentences.point(kit.words(f"town_comparison.done{_due(counts)}", **facts)))
    if len(unknown):
        told.append(_unknown(unknown, kit))
    return told + [sentences.point(said) for said in apart]


def apart(
    standing: pd.DataFrame, called: Mapping[str, str], kit: Kit, *, coverage: str
) -> list[str]:
    """Return which units stand apart or have too few reports to be ranked, and why."""
    told = []
    reasons = standing["reason"]
    few = standing.index[reasons.isin(["below_coverage", "no_values"])]
    if len(few):
        listed = kit.words.join([called[code] for code in few])
        told.append(kit.say("town_comparison.few", names=listed, n=len(few), coverage=coverage))
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


def stale(rows: pd.DataFrame, kit: Kit, *, months: float) -> list[str]:
    """Return which tasks rest on reports older than some months, and what follows from it."""
    listed = kit.words.join(list(dict.fromkeys(rows["name"])))
    facts = {"n": len(rows), "names": listed, "months": short(months)}
    return [kit.words("town_comparison.stale", **facts)] if len(rows) else []


def widest(rows: pd.DataFrame) -> dict[str, str]:
    """Return name, best and worst rank of the unit of `ranked` whose rank is least sure."""
    row = rows.loc[(rows["rank_high"] - rows["rank_low"]).idxmax()]
    return {"name": row["name"], "low": short(row["rank_low"]), "high": short(row["rank_high"])}


def first(effects: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return the choice of method that moves ranks most, by how many places."""
    if effects.empty:
        return {}
    top = effects.reset_index().iloc[0]
    name = words(f"choice.{top['choice']}")
    mean, most = figure(top["mean_rank_shift"], 1), short(top["max_rank_shift"])
    return {"name": name, "mean": mean, "most": most}


def appraised(ds: PlanData, as_of: str) -> pd.DataFrame:
    """Return `town_tasks.yardsticks` of a whole year; no rows for a month or a quarter."""
    period = periods.parse(as_of)
    rows = town_tasks.yardsticks(ds, period.year)
    return rows if period.grain == "year" else rows.head(0)


def profile(rows: pd.DataFrame, called: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of ``town_profile.profile`` named; what is exact has no error."""
    named = rows.assign(name=rows.index.map(called))
    errors = [f"{name}_error" for name in PROFILE if f"{name}_error" not in rows]
    return named.assign(**dict.fromkeys(errors, float("nan")))


def classes(words: Words) -> dict[str, str]:
    """Return the columns of ``town_profile.class_land`` with their headings."""
    return {code: code if len(code) == 1 else words(f"town.{code}") for code in (*GRADES, UNGRADED)}


def dated(counts: Mapping[str, int], kit: Kit) -> dict[str, object]:
    """Return what headings say of the tasks of a year: the year, and what a good one is called."""
    return {"year": counts["year"], "kept": kit.words(f"town.kept{_due(counts)}")}


def _unknown(rows: pd.DataFrame, kit: Kit) -> str:
    """Return how many tasks cannot be judged, by reason, and of which towns and indicators."""
    items = []
    for reason, part in rows.groupby("reason", sort=False):
        listed = kit.words.join(list(dict.fromkeys(part["name"])))
        why = kit.words(f"town.{reason}")
        items.append(
            kit.words("town_comparison.unknown_item", n=len(part), reason=why, names=listed)
        )
    joined = kit.words("page.item_separator").join(items)
    return sentences.point(kit.say("town_comparison.unknown", n=len(rows)), joined)


def _due(counts: Mapping[str, int]) -> str:
    return "_due" if counts["is_due"] else ""


def _moment(counts: Mapping[str, int], kit: Kit) -> str:
    return kit.say(f"town_comparison.moment{_due(counts)}", year=counts["year"])


def _said(row: Row) -> dict[str, object]:
    return {key: row[key] for key in ("name", "behind", "judged", "worst", "told")}


def _rows(frame: pd.DataFrame) -> Sequence[Row]:
    return frame.to_dict("records")
