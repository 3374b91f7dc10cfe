"""What the page of courses and outlook says in sentences: its finding and its key points.

Answers: who must move faster than ever, where present trends lead, since when the missed lay
behind, how earlier outlooks did. Refuses: to make one figure of two readings, and any probability.
"""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from fenghua.display import kinds, sentences
from fenghua.display.columns import Column, Row, register
from fenghua.display.kit import Kit
from fenghua.inputs.records import rows_of
from fenghua.pages import foremost, gaps

CARDS: Final = 12  # small charts that are not folded
DIGITS: Final = 9  # rates that differ in the last bit are the same
_NAMED: Final = 2  # indicators that have a key point of their own


def finding(counts: Mapping[str, int], first: pd.DataFrame, kit: Kit) -> str:
    """Return the page's one sentence before the end of the plan.

    Parameters
    ----------
    counts : mapping
        ``judged`` indicators with a pace so far and a pace needed, ``faster`` of them that must
        speed up, ``total``.
    first : DataFrame
        The named rows that must speed up, furthest behind first.
    kit : Kit
        The words of the moment.
    """
    facts = {**counts, "moment": kit.say("gaps.moment")}
    if not counts["judged"]:
        return kit.say("trajectories.finding_nothing", **facts)
    if first.empty:
        return kit.say("trajectories.finding_easy", **facts)
    (row,) = rows_of(first.head(1))
    name = kit.words.within(row["name"])
    facts |= {"name": name, "needed": _rate("required_rate", row, kit)}
    key = f"trajectories.finding{foremost.of_all(counts['faster'], counts['judged'])}"
    return kit.say(key, so_far=_rate("achieved_rate", row, kit), **facts)


def finding_at_start(legs: pd.DataFrame, late: pd.DataFrame, kit: Kit) -> str:
    """Return the sentence of a plan that has only begun: what it asks for by itself.

    ``legs`` are named rows of ``audit.implied_rates``, ``late`` those whose second leg is faster,
    the steepest first.
    """
    facts = {"n": len(legs), "late": len(late), "moment": kit.say("gaps.moment")}
    if late.empty:
        return kit.say("trajectories.finding_even", **facts)
    (row,) = rows_of(late.head(1))
    facts |= _legs(row, kit)
    facts["name"] = kit.words.within(row["name"])
    return kit.say(f"trajectories.finding_late{foremost.of_all(len(late), len(legs))}", **facts)


def finding_at_end(counts: Mapping[str, int], since: pd.Series, kit: Kit) -> str:
    """Return the sentence of a plan that is over: how many were met, and since when others lag.

    ``since`` holds the year from which each indicator that was not met lay below the path.
    """
    facts = {**counts, "short": counts["judged"] - counts["good"]}
    if not counts["judged"]:
        return kit.say("trajectories.finding_nothing", **facts, moment=kit.say("gaps.moment"))
    if since.empty:
        return kit.say(f"trajectories.finding_ended{foremost.kept(counts)}", **facts)
    year = int(since.mode().min())
    late = int((since == year).sum())
    every = "_every" if late == facts["short"] else ""
    key = f"trajectories.finding_since{foremost.kept(counts)}{every}"
    return kit.say(key, **facts, year=year, late=late)


def points_at_start(legs: pd.DataFrame, late: pd.DataFrame, bare: pd.DataFrame, kit: Kit) -> list:
    """Return the key points of a plan that has only begun; ``bare`` rows have no path."""
    counts = {"n": len(legs), "late": len(late), "early": len(legs) - len(late)}
    key = foremost.of_all(len(late), len(legs), none="_none")
    told = [sentences.point(kit.say(f"trajectories.late{key}", **counts))] if len(legs) else []
    told += [
        sentences.point(kit.say("trajectories.leg", **_legs(row, kit)), who=row["leads"])
        for row in rows_of(late.head(_NAMED))
    ]
    return told + _without_path(bare, kit)


def points(rows: pd.DataFrame, scores: pd.DataFrame, kit: Kit) -> list[str]:
    """Return the key points before the end: trends, words, the best year, the record.

    Parameters
    ----------
    rows : DataFrame
        Named rows with those of ``outlook.at_end``, furthest behind first; ``is_stopped`` where
        a reading ends at what is possible. Those that need more than their best year are named.
    scores : DataFrame
        Rows of ``outlook.scorecard``.
    """
    known = rows[rows["course"] != ""]
    n = known["course"].value_counts().to_dict()
    told = []
    if len(known):
        told.append(_course(n, rows, kit))
    told += _worded(rows, kit)
    is_short = rows["required_pace"] * rows["direction"] > 0
    least = rows[is_short & rows["best_pace"].notna()]
    over = least[(least["required_of_best"] > 1) | (least["best_pace"] * least["direction"] <= 0)]
    if len(least):
        key = foremost.of_all(len(over), len(least), none="_none")
        said = kit.say(f"trajectories.over_best{key}", n=len(over), known=len(least))
        told.append(sentences.point(said))
    told += [_needed(row, kit) for row in rows_of(over.head(_NAMED))]
    return told + record(scores, kit)


def points_at_end(rows: pd.DataFrame, once: pd.DataFrame, scores: pd.DataFrame, kit: Kit) -> list:
    """Return the key points after the end: who lagged since when, who caught up, the record.

    ``rows`` have ``since`` and ``status``; ``once`` are met ones that lay below the path in some
    year.
    """
    missed = rows[rows["status"] == "missed"].sort_values("since", kind="stable")
    told = [
        sentences.point(
            kit.say("trajectories.since", year=f"{year:.0f}", n=len(part)), _listed(part, kit)
        )
        for year, part in missed.groupby("since")
    ]
    met = rows[rows["status"].isin(["met", "achieved"])]
    if len(met):
        key = foremost.of_all(len(once), len(met), none="_none")
        said = kit.say(f"trajectories.caught_up{key}", n=len(met), once=len(once))
        detail = _listed(once, kit) if len(once) else ""
        told.append(sentences.point(said, detail))
    return told + record(scores, kit)


def record(scores: pd.DataFrame, kit: Kit) -> list[str]:
    """Return how earlier outlooks did, once a target has fallen due."""
    if scores.empty:
        return []
    held, right = scores["is_held"].dropna(), scores["is_word_right"].dropna()
    between = scores["is_between"].dropna()
    if between.empty:  # nothing was read, and so nothing came true or not
        return []
    facts = {"n": len(between), "between": int(between.sum())}
    key = foremost.of_all(facts["between"], facts["n"], none="_none")
    said = kit.say(f"trajectories.record{key}", **facts)
    parts = [("held", held), ("right", right)]
    told = [
        kit.say(
            f"trajectories.record_{key}{foremost.of_all(part.sum(), len(part), none='_none')}",
            n=len(part),
            good=int(part.sum()),
        )
        for key, part in parts
        if len(part)
    ]
    return [sentences.point(said, "".join(told))]


def beside_years(rows: pd.DataFrame, years: pd.DataFrame, kit: Kit) -> str:
    """Return what the table of the years says beside its order: what growth is, who has no years.

    ``years`` are those of ``course.year_by_year``, which has none without a planned path.
    """
    bare = rows[~rows["indicator_id"].isin(years["indicator_id"])]
    has_growth = (rows["kind"] == "growth").any()
    told = [kit.say("trajectories.years_growth")] if has_growth else []
    if len(bare):
        items = gaps.left_out(bare, kit, why=_no_years)
        told.append(kit.say("trajectories.years_bare", n=len(bare), items=items))
    return "".join(told)


def _no_years(row: Row) -> str:
    """Return why an indicator has no values of years: no planned path, or no whole year."""
    if str(row["reason"]).startswith("target_"):
        return f"reason.{row['reason']}"
    is_bare = row["kind"] != "annual" and row["base_value"] != row["base_value"]
    return "reason.no_baseline" if is_bare else "trajectories.no_whole_year"


def fates(rows: pd.DataFrame, kit: Kit) -> list[str]:
    """Return what became of each row: met, behind since a year, or unknown."""
    told = []
    for row in rows_of(rows):
        if row["status"] == "missed" and row["since"] == row["since"]:
            told.append(kit.say("trajectories.fate_since", year=f"{row['since']:.0f}"))
        else:
            told.append(kit.words.start(kit.words(f"status.{row['status']}")))
    return told


def _course(counts: Mapping[str, int], rows: pd.DataFrame, kit: Kit) -> str:
    """Return where the readings lead, how many rows have none, and which end at the possible."""
    codes, known = ("reaches", "falls_short", "open"), sum(counts.values())
    key = f"trajectories.course{'_only' * (len(counts) == 1)}"
    told = [kit.say(f"{key}_{c}", n=counts[c]) for c in codes if c in counts]
    said = kit.say("trajectories.course", n=known, parts=kit.words("page.comma").join(told))
    left = len(rows) - known
    said += kit.say("trajectories.course_left", n=left) if left else ""
    said += kit.words("page.stop")
    stopped = rows.loc[rows["is_stopped"], "name"].tolist()
    ends = (
        kit.say("trajectories.stopped", names=kit.words.few(map(kit.words.within, stopped)))
        if stopped
        else ""
    )
    return sentences.point(said, kit.say("trajectories.readings") + ends)


def _worded(rows: pd.DataFrame, kit: Kit) -> list[str]:
    """Return the indicators of which a word is given, by word."""
    parts = [(code, rows[rows["word"] == code]) for code in ("very_unlikely", "very_likely", "met")]
    return [
        sentences.point(kit.say(f"trajectories.word_{code}", n=len(part)), _listed(part, kit))
        for code, part in parts
        if len(part)
    ]


def _needed(row: Row, kit: Kit) -> str:
    """Return the pace that one indicator needs a year beside its best year so far."""
    needed, best = (_yearly(key, row, kit) for key in ("required_pace", "best_pace"))
    own_end = kit.words("kit.year", year=f"{row['end_target_year']:.0f}")
    facts = {"name": row["name"], "needed": needed, "best": best, "by_end": own_end}
    said = kit.say("trajectories.needed", **facts)
    return sentences.point(said, who=row["leads"])


def _legs(row: Row, kit: Kit) -> dict[str, object]:
    paces = {key: _yearly(key, row, kit) for key in ("pace_first", "pace_second")}
    return {"name": row["name"], "year": int(row["first_year"]), **paces}


def _without_path(rows: pd.DataFrame, kit: Kit) -> list[str]:
    said = kit.say("trajectories.no_path", n=len(rows))
    return [sentences.point(said, _listed(rows, kit))] if len(rows) else []


def _listed(rows: pd.DataFrame, kit: Kit) -> str:
    return kit.words.few(map(kit.words.within, rows["name"])) + kit.words("page.stop")


def _rate(key: str, row: Row, kit: Kit) -> str:
    column = Column(key, {}, kit.words)
    told = kinds.rate(column, row, key)
    if key == "required_rate" and row["effort_target_year"] != row["next_target_year"]:
        return kit.words("rate.by_year", rate=told, year=f"{row['effort_target_year']:.0f}")
    return told


def _yearly(key: str, row: Row, kit: Kit) -> str:
    spec = {
        **register()[key],
        "claim": "",
        "also": ";".join(register()[key]["also"].split(";")[:2]),
    }
    return kinds.cell(Column(key, spec, kit.words), row)
