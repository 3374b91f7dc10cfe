"""What the page of the gaps says in sentences: its finding, its key points, last year.

Answers: which sentence follows from the rows that the page shows. Refuses: to count them, which
its notebook does, and to rank a share or an index where a gap in natural units can be said.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final

import pandas as pd

from fenghua.analysis import course
from fenghua.display import amounts, sentences
from fenghua.display.columns import Row
from fenghua.display.kit import Kit
from fenghua.display.numbers import short
from fenghua.display.wording import Words
from fenghua.inputs.records import rows_of
from fenghua.inputs.vocabulary import BEHIND
from fenghua.pages import foremost

URGENT: Final = tuple(status for status in BEHIND if status != "needs_acceleration")
CARDS: Final = 5  # small charts of those furthest behind
ISSUES: Final = 5  # issues of the strip of statuses, this one included
ABOUT: Final = ("period", "observation_status", "evidence_grade", "flags")  # of each figure
_NAMED: Final = 3  # indicators furthest behind that have a key point of their own


def finding(
    counts: Mapping[str, int], worst: pd.DataFrame, kit: Kit, *, thinnest: pd.DataFrame
) -> str:
    """Return the page's one sentence.

    Parameters
    ----------
    counts : mapping
        ``total`` indicators, ``judged`` of them, ``good`` of those; ``begun`` where no time has
        passed since the base year.
    worst, thinnest : DataFrame
        Named rows furthest behind, worst first; the good one with the least to spare.
    kit : Kit
        The words of the moment.
    """
    facts = {**counts, "open": counts["total"] - counts["judged"], "moment": kit.say("gaps.moment")}
    if 2 * counts["judged"] < counts["total"]:
        has_begun = counts.get("begun") == facts["open"]
        if has_begun or counts["judged"]:
            return kit.say(f"gaps.finding_{'begun' if has_begun else 'missing'}", **facts)
        return kit.say("gaps.finding_nothing", **facts)
    own = _met_early(thinnest, kit)
    if worst.empty:
        least = foremost.least_to_spare(thinnest, kit)
        least = kit.say("gaps.finding_least", least=least) if least else ""
        return kit.say(f"gaps.finding_good{own}", least=least, **facts)
    furthest = foremost.furthest(foremost.behind(worst, kit), kit)
    kept = own or foremost.kept(counts)
    return kit.say(f"gaps.finding{kept}", worst=furthest, **facts)


def _met_early(good: pd.DataFrame, kit: Kit) -> str:
    """Return how a key ends where no target is due, and yet some of the good ones are met."""
    is_met = (good["status"] != "on_track").any() if len(good) else False
    return ".own" if is_met and kit.moment not in ("milestone", "end") else ""


def points(
    counts: Mapping[str, int],
    behind: pd.DataFrame,
    good: pd.DataFrame,
    tasks: pd.Series,
    unknown: pd.DataFrame,
    kit: Kit,
) -> list[str]:
    """Return the key points, ranked: those behind, those good, the text's tasks, the unknown.

    Parameters
    ----------
    counts : mapping
        As for `finding`, with ``reached``: how many have their next target already.
    behind, good, unknown : DataFrame
        Named rows: furthest behind first; least to spare first; those without a verdict.
    tasks : mapping
        The number of the text's tasks by status.
    """
    told = [behind_point(row, kit) for row in rows_of(behind.head(_NAMED))]
    told += _good(counts, good, kit) if counts["judged"] else []
    told += [tasks_point(tasks, kit)] if tasks.sum() else []
    told += [_unknown(unknown, kit)] if len(unknown) else []
    return told


def paths(known: Mapping[str, course.Course], rows: pd.DataFrame) -> pd.DataFrame:
    """Return what a chart draws of some indicators: `course.series` of each, with the rows' words.

    ``known`` are the courses of at least these.

    Columns: ``indicator_id``, ``series``, ``t``, ``value``, ``label``, ``name``, ``status`` and
    ``value_decimals``. Growth is left out: it has no level.
    """
    own = {key: known[key] for key in rows["indicator_id"]}
    parts = [course.series(each).assign(indicator_id=key) for key, each in own.items()]
    columns = ["indicator_id", *course.COLUMNS]
    lines = pd.concat([pd.DataFrame(columns=columns, dtype=object), *parts]).infer_objects()
    about = ["indicator_id", "name", "status", "value_decimals"]
    drawn = rows.loc[rows["kind"] != "growth", about]
    return lines.merge(drawn, on="indicator_id").astype({"t": float, "value": float})


def observed(lines: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return what `paths` draws as observed: a row an indicator, a column a year.

    A figure from within a year stands in a last column of its own, where it is the newest.
    """
    seen = lines[lines["series"] == "observation"]
    is_newest = seen["t"] == seen.groupby("indicator_id")["t"].transform("max")
    is_whole = seen["t"] % 1 == 0
    seen = seen[is_whole | is_newest]
    year = seen["t"].map("{:.0f}".format).where(is_whole, words("chart.newest"))
    keys = ["name", "value_decimals"]
    wide = seen.assign(year=year).pivot(index=keys, columns="year", values="value")
    return wide.reindex(pd.MultiIndex.from_frame(seen[keys].drop_duplicates()))  # as they are drawn


def beneath(drawn: pd.DataFrame, left: pd.DataFrame, kit: Kit) -> str:
    """Return what must be known of small charts: who has none and why, and who starts from 0.

    ``drawn`` and ``left`` are named rows with a chart, and without one.
    """
    items = left_out(left, kit, why=no_level)
    told = [kit.say("chart.undrawn", n=len(left), items=items)] if items else []
    is_bare = drawn["base_printed"].str.strip().isin(["", "-"]) & (drawn["base_value"] == 0)
    told += [kit.say("chart.from_zero")] * bool((is_bare & (drawn["kind"] == "cumulative")).any())
    told += [kit.say("chart.from_base")] * bool((drawn["kind"] == "reduction").any())
    return ("" if kit.words.is_chinese else " ").join(told)


def left_out(rows: pd.DataFrame, kit: Kit, *, why: Callable[[Row], str]) -> str:
    """Return the names of rows that are left out, by ``why`` each of them is: a catalogue's key."""
    by_reason: dict[str, list[str]] = {}
    for row in rows_of(rows):
        by_reason.setdefault(kit.words(why(row)), []).append(row["name"])
    return listed(by_reason, kit)


def no_level(row: Row) -> str:
    """Return why an indicator has no path with a level: growth, no target, or no baseline."""
    if row["kind"] == "growth":
        return "chart.growth"
    if str(row["reason"]).startswith("target_"):
        return f"reason.{row['reason']}"
    has_target = row["end_target_value"] == row["end_target_value"]
    return "reason.no_baseline" if has_target else "chart.no_path"


def no_verdict(row: Row) -> str:
    """Return why an indicator cannot be judged."""
    return f"reason.{row['reason']}" if row["reason"] else "chart.no_path"


def listed(by_reason: Mapping[str, Sequence[str]], kit: Kit) -> str:
    """Return names, each group of them with its reason."""
    items = [
        kit.words("chart.left_out", names=kit.words.few(map(kit.words.within, names)), why=why)
        for why, names in by_reason.items()
    ]
    return kit.words.start(kit.words("page.item_separator").join(items))


def behind_point(row: Row, kit: Kit) -> str:
    """Return the key point of one indicator that is behind: value, target, gap, and the pace."""
    facts = {
        "name": row["name"],
        "value": amounts.value_of(row, kit.words),
        "target": amounts.target_of(row, kit.words),
        "gap": amounts.gap_of(row, kit.words),
        "year": f"{row['next_target_year']:.0f}",
    }
    key = "gaps.point_past" if foremost.is_past(row, kit) else "gaps.point"
    return sentences.point(kit.say(key, **facts), _detail(row, kit), who=row["leads"])


def _good(counts: Mapping[str, int], thinnest: pd.DataFrame, kit: Kit) -> list[str]:
    """Return the key point of what is on schedule or met, with the one that has least to spare.

    ``counts`` has ``good`` and ``reached``: how many have the next target already. The number
    alone is no point: it stands in the headline and in the tally.
    """
    if thinnest.empty:
        return [sentences.point(kit.say("gaps.none_good"))]
    least = kit.words.start(foremost.least_to_spare(thinnest, kit))
    codes = foremost.thinnest(thinnest, kit)["observation_status"].replace("", "unstated")
    status = ""
    if codes.nunique() == 1:  # of several figures only what holds for each
        said = kit.words(f"observation_status.{codes.iloc[0]}")
        status = kit.words("gaps.thinnest_status", status=said)
    told = kit.said("gaps.thinnest", thinnest=least, status=status) if least else ""
    is_ahead = bool(counts["reached"]) and kit.moment not in ("milestone", "end")
    reached = "_reached_all" if counts["reached"] == counts["good"] else "_reached"
    key = f"gaps.good{reached * is_ahead}{_met_early(thinnest, kit)}"
    return [sentences.point(kit.say(key, **counts), told)] if told or is_ahead else []


def tasks_point(counts: pd.Series, kit: Kit) -> str:
    """Return the key point of the tasks in the plan's text: their number by status."""
    told = tallied(counts, kit)
    return sentences.point(kit.say("gaps.tasks", n=counts.sum(), tally=told))


def _unknown(rows: pd.DataFrame, kit: Kit) -> str:
    """Return which indicators cannot be judged, each with its reason."""
    items = left_out(rows, kit, why=no_verdict)
    return sentences.point(kit.say("gaps.unknown", n=len(rows), items=items))


def against(moved: pd.DataFrame, kit: Kit, *, before: str) -> str:
    """Return the line against last year; ``moved`` counts sides before (rows) and now (columns).

    Sides are ``up``, ``behind`` and ``none`` (no verdict). Without an earlier verdict, nothing; nor
    where all was due by then, and nothing could catch up or fall behind since.
    """
    known = moved.drop(index="none", errors="ignore")
    parts = []
    for side, counts in known.iterrows():
        ends = {end: int(n) for end, n in counts.items() if n}
        told = [
            kit.words(f"gaps.{'kept' if end == side else 'now'}_{end}", n=n)
            for end, n in ends.items()
        ]
        if list(ends) == [side]:
            told = [kit.words(f"gaps.still_{side}", n=ends[side])]
        listed = kit.words("page.comma").join(told)
        parts.append(kit.words(f"gaps.was_{side}", n=sum(ends.values()), now=listed))
    if not parts or kit.facts.get("was_over"):
        return ""
    said = kit.words("page.item_separator").join(parts)
    head = escape(kit.words("gaps.against", before=before))
    return f"<b>{head}</b>{escape(said)}{kit.words('page.stop')}"


def _detail(row: Row, kit: Kit) -> str:
    """Return what explains a gap: before a target the pace, once it is due the way walked."""
    unit = row["required_rate_unit"]
    if row["status"] == "missed":
        base = row["base_value"]
        is_asked = row["direction"] * (row["next_target_value"] - base) > 0  # no floor that it met
        if not is_asked or row["kind"] not in ("level", "cumulative"):
            return ""
        ends = (row["value"] - base, row["next_target_value"] - base)
        told = (short(end, decimals=int(row["value_decimals"]), signed=True) for end in ends)
        moved, planned = (amounts.apart(end, row["unit"], kit.words) for end in told)
        return kit.say(
            "gaps.walked", moved=moved, planned=planned, base_year=f"{row['base_year']:.0f}"
        )
    if row["required_rate"] != row["required_rate"] or not unit:
        return ""
    needed, so_far = (
        amounts.rate(unit, row, key, amounts.pace_of(row, key), kit.words)
        for key in ("required_rate", "achieved_rate")
    )
    so_far = so_far if row["achieved_rate"] == row["achieved_rate"] else ""
    if row["effort_target_year"] != row["next_target_year"]:
        needed = kit.words("rate.by_year", rate=needed, year=f"{row['effort_target_year']:.0f}")
    told = kit.say("gaps.needed" if so_far else "gaps.needed_only", needed=needed, so_far=so_far)
    return told + kit.words("gaps.pace_enough") * amounts.would_do(row)


def tallied(counts: pd.Series, kit: Kit) -> str:
    """Return the number of rows by status, statuses of none left out; of one alone: all."""
    known = {str(code): int(n) for code, n in counts.items() if n}
    key = "gaps.tally_all" if len(known) == 1 else "gaps.tally"
    key = "gaps.tally_none" if [*known] == ["not_assessable"] else key
    told = [kit.words(key, status=kit.words(f"status.{code}"), n=n) for code, n in known.items()]
    return kit.words.join(told)
