"""What the brief of one town says in sentences: its finding, its key points, its place.

Answers: which sentence follows from the rows that the page shows. Refuses: a rank in the
headline, and advice once the plan has ended.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from fenghua.analysis import town_tasks
from fenghua.display import amounts, sentences
from fenghua.display.columns import Row
from fenghua.display.kit import Kit
from fenghua.display.numbers import NONE, short, telling
from fenghua.display.wording import LISTED, Words
from fenghua.inputs import periods
from fenghua.inputs.records import rows_of
from fenghua.pages import foremost
from fenghua.pages import tasks as shared
from fenghua.pages.tasks import NamedPlan

STEPS: Final = 5  # what to do next, at most
LEGEND: Final = ("observation", "path", "milestone")
CARDS: Final = 3  # small charts of the tasks that are not done
_NAMED: Final = 3  # tasks furthest behind that have a key point of their own
_WORST: Final = 2
SCORES: Final = (-4, 124)  # points of 100, with room at both ends
STRIP: Final = {"height": 1.0, "box": (0.03, 0.55, 0.94, 0.4)}  # one line of marks


def finding(counts: Mapping[str, int], behind: pd.DataFrame, kit: Kit, *, name: str) -> str:
    """Return the page's one sentence: done of judged, and the two furthest behind.

    Parameters
    ----------
    counts : mapping
        ``total`` tasks, ``judged`` of them, ``good`` of those, ``is_due``; ``reported`` figures.
    behind : DataFrame
        Named tasks that are behind, furthest first by ``schedule_index``.
    """
    if not counts["judged"]:
        key = "town_brief.finding_none" if counts["total"] else "town_brief.finding_no_tasks"
        if not counts["total"] and counts.get("reported"):
            return kit.words("town_brief.finding_reported", town=name, n=counts["reported"])
        return kit.words(key, town=name, n=counts["total"])
    key = f"town_brief.finding{shared.of_judged(counts)}"
    said = kit.words(key, town=name, judged=counts["judged"], good=counts["good"])
    worst = [
        kit.words("gaps.named", name=kit.words.within(row["name"]), gap=row["told"])
        for row in rows_of(behind[:_WORST])
    ]
    if not worst:
        return said
    places = behind["schedule_index"].round(foremost.DIGITS).tolist()
    furthest = kit.words("page.furthest", names=foremost.first(worst, places, kit))
    return kit.words("page.item_separator").join([said, furthest])


def points(
    counts: Mapping[str, int],
    behind: pd.DataFrame,
    good: pd.DataFrame,
    unknown: pd.DataFrame,
    place: str,
    kit: Kit,
) -> list[str]:
    """Return the key points, ranked: those behind, the unknown, those good, the place.

    Parameters
    ----------
    counts : mapping
        As for `finding`.
    behind, good, unknown : DataFrame
        Named tasks, the furthest behind first.
    place : str
        The sentence on the town among the others.
    """
    told = [_behind(row, kit) for row in rows_of(behind[:_NAMED])]
    if len(unknown):
        told.append(_unknown(unknown, kit))
    if len(good):
        names = kit.words.few(kit.words.within(_dated(row, kit)) for row in rows_of(good))
        claim = kit.words(f"town_brief.good{shared.due(counts)}", n=len(good))
        told.append(sentences.point(claim, names + kit.words("page.stop")))
    if place:
        told.append(sentences.point(kit.words.start(place) + kit.words("page.stop")))
    return told


def place(row: Mapping, rows: pd.DataFrame, kit: Kit, *, code: str, coverage: str) -> str:
    """Return which towns one is stated better and worse than, or why it has no rank.

    Parameters
    ----------
    row : mapping
        The town's row of ``towns.standing``.
    rows : DataFrame
        Of ``pages.towns.ranked``.
    """
    own = rows[rows["town_code"] == code]
    if own.empty or len(rows) < 2:
        reason = row["reason"] if row["reason"] == row["reason"] and row["reason"] else "no_values"
        return kit.words(
            "town_brief.unranked", reason=kit.words(f"town.{reason}"), coverage=coverage
        )
    (town,) = rows_of(own)
    if town["better"] != town["better"]:
        ends = {side: short(town[f"rank_{side}"]) for side in ("low", "high")}
        tiers = {"tier": short(town["tier"]), "tiers": rows["tier"].nunique(), "n": len(rows)}
        return kit.words("town_brief.place_many", **tiers, **ends)
    rest = len(rows) - 1 - town["better"] - town["worse"]
    called = dict(zip(rows["town_code"], rows["name"], strict=True))
    sides = {side: str(town[f"{side}_than"]).split(";") for side in ("worse", "better")}
    parts = [
        kit.words(f"town_brief.place_{side}_all", n=len(rows) - 1)
        if town[side] == len(rows) - 1 > LISTED
        else kit.words(f"town_brief.place_{side}", names=shared.listed(map(called.get, codes), kit))
        for side, codes in sides.items()
        if town[side]
    ]
    key = f"town_brief.place_rest{'_one' if rest == 1 else ''}"
    parts += [kit.words(key, n=rest)] if rest else []
    return kit.words("page.comma").join(parts)


def others(every: pd.DataFrame, code: str) -> dict[str, str]:
    """Return by indicator how many of the other towns that can be judged do well; zones apart."""
    rest = every[(every["town_code"] != code) & ~every["is_zone"] & every["is_judged"]]
    counts = rest.groupby("indicator_id")["is_good"].agg(["sum", "count"])
    return {key: shared.pair(good, n) for key, good, n in counts.itertuples()}


def this_year(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return by indicator what a year asked and what was done in it (``town_tasks.yardsticks``)."""
    told = {}
    for row in rows_of(rows):
        done, asked = row["done"], row["asked"]
        if done != done or asked != asked:
            continue
        digits = telling(done, asked, int(row["value_decimals"]))
        pair = [short(end, decimals=digits) for end in (done, asked)]
        if row["is_annual_met"] not in (True, False):
            told[row["indicator_id"]] = words("town_brief.nothing_asked", done=pair[0])
            continue
        said = words(f"status.{'met' if row['is_annual_met'] else 'missed'}")
        told[row["indicator_id"]] = f"{' / '.join(pair)} {said}"
    return told


def years(brief: NamedPlan, code: str) -> pd.DataFrame:
    """Return one town's tasks at the end of each year up to the page's period, oldest first.

    Columns of ``pages.tasks.told`` and ``year``, ``told_year``: the total and the task. A year
    without a task of its own is asked for nothing: that of a later year is none of it.
    """
    rows = town_tasks.yearly(brief.ds, brief.as_of)
    own = shared.told(brief, rows[rows["town_code"] == code].reset_index(drop=True))
    is_own = own["task_year"] == own["year"].astype(int)
    own["task"], own["is_asked"] = own["task"].where(is_own), own["is_asked"] & is_own
    own["told_year"] = [_pair(row) for row in rows_of(own)]
    own["status"] = own["status"].where(own["is_asked"], "")
    return own


def lines(past: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Return what small charts draw of some tasks: the yearly totals and the yearly tasks.

    Columns: ``indicator_id``, ``series``, ``t``, ``value``, ``label``, ``status`` (of now) and
    ``value_decimals``, for ``draw.Cards``.
    """
    rows = past[past["indicator_id"].isin(chosen["indicator_id"])]
    base = rows.drop_duplicates("indicator_id")
    starts = base.assign(t=base["base_year"], value=base["base_value"], task=base["base_value"])
    both = pd.concat([starts, rows.assign(t=rows["year"].astype(int))], ignore_index=True)
    both = both.sort_values("t", kind="stable")
    pairs = zip(both["value"], both["task"], both["value_decimals"], strict=True)
    both["value_decimals"] = [telling(*pair[:2], int(pair[2])) for pair in pairs]
    goals = both.assign(value=both["task"]).dropna(subset="task")
    last = goals[goals["t"] > goals["base_year"]].drop_duplicates("indicator_id", keep="last")
    labels = [short(row["task"], decimals=int(row["value_decimals"])) for row in rows_of(last)]
    parts = [
        goals.assign(series="path", label=""),
        both.assign(series="observation", label=""),
        last.assign(series="milestone", label=labels),
    ]
    found = pd.concat(parts, ignore_index=True).dropna(subset="value")
    status = chosen.set_index("indicator_id")["status"]
    found["status"] = found["indicator_id"].map(status)
    columns = ["indicator_id", "series", "t", "value", "label", "status", "value_decimals"]
    return found[columns].astype({"t": float, "value": float})


def yearly(kit: Kit, names: Sequence[str]) -> list[tuple[str, Mapping[str, str]]]:
    """Return the columns of the tasks by year: a status, and beneath it the total and the task."""
    same = kit.like("yearly", {name: name for name in names})
    return [(name, {**spec, "also": f"{name}_told"}) for name, spec in same]


def by_year(past: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the tasks with a column a year for `yearly`: the status, the total and the task."""
    wide = past.pivot(index="indicator_id", columns="year", values="status").fillna("")
    told = past.pivot(index="indicator_id", columns="year", values="told_year").fillna("")
    wide = wide.join(told.add_suffix("_told"))
    return tasks[["indicator_id", "name"]].merge(wide, left_on="indicator_id", right_index=True)


def moves(row: Mapping, words: Words, *, year: int) -> str:
    """Return how many enterprises entered, left and stayed; withheld counts say so."""
    counts = {
        name: words("town.withheld")
        if row[name] != row[name]
        else words("town_brief.firms", n=short(float(row[name])))
        for name in ("entered", "left", "stayed")
    }
    return words("town_brief.movement", year=year, before=year - 1, **counts)


def _behind(row: Row, kit: Kit) -> str:
    """Return the key point of one task: total, task, gap; then the year before."""
    digits = telling(row["value"], row["task"], int(row["value_decimals"]))
    value, task = (
        amounts.with_unit(short(row[key], decimals=digits), row["unit"], kit.words)
        for key in ("value", "task")
    )
    facts = {"name": row["name"], "value": value, "task": task, "gap": row["told"]}
    claim = kit.words("town_brief.point", year=f"{row['task_year']:.0f}", **facts)
    if row["status"] in shared.DUE or row["path_value"] != row["path_value"]:
        return sentences.point(claim)
    due = row["path_value"]
    due = town_tasks.whole(due, row["direction"]) if row["is_count"] else due
    due = short(float(due), decimals=digits if row["is_count"] else max(1, digits))
    due = amounts.with_unit(due, row["unit"], kit.words)
    period = periods.label(row["period"], kit.words.lang)
    key = f"town_brief.due_by_{'then' if row['age_months'] > 0 else 'now'}"
    return sentences.point(claim, kit.words(key, due=due, period=period))


def _dated(row: Row, kit: Kit) -> str:
    """Return the name of a task, with the period of its figure where that is an older one."""
    if not row["age_months"] > 0:
        return row["name"]
    period = periods.label(row["period"], kit.words.lang)
    return kit.words("town_brief.figure_of", name=row["name"], period=period)


def _unknown(rows: pd.DataFrame, kit: Kit) -> str:
    items = []
    for row in rows_of(rows):
        why = kit.words(f"town.{row['reason']}")
        if row["period"]:
            last = kit.words(
                "town.stale_since", period=periods.label(row["period"], kit.words.lang)
            )
            why = kit.words("page.comma").join([why, last])
        items.append(kit.words("gaps.unknown_item", name=kit.words.within(row["name"]), reason=why))
    listed = kit.words.few(items) + kit.words("page.stop")
    return sentences.point(kit.words("town_brief.unknown", n=len(rows)), listed)


def _pair(row: Row) -> str:
    if not row["is_asked"]:
        return ""
    digits = telling(row["value"], row["task"], int(row["value_decimals"]))
    ends = (NONE if row[k] != row[k] else short(row[k], decimals=digits) for k in ("value", "task"))
    return " / ".join(ends)
