"""The rows of towns and their tasks that two pages show, named and in words.

Answers: what a town has done of its tasks, what it lacks, what its land yields. Refuses: to count.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Protocol

import pandas as pd

from fenghua.analysis import town_tasks
from fenghua.analysis.town_profile import PROFILE, UNGRADED
from fenghua.display import amounts, naming
from fenghua.display.columns import Row
from fenghua.display.kit import Kit
from fenghua.display.numbers import NONE, short, telling
from fenghua.display.wording import Words
from fenghua.inputs import periods
from fenghua.inputs.records import rows_of
from fenghua.inputs.vocabulary import BEHIND, GRADES, KEEPING_UP, PlanData
from fenghua.pages import foremost

DUE: Final = ("met", "missed")
KINDS: Final = ("street", "town", "unknown", "zone", "unallocated")  # the order of a table
SIDES: Final = MappingProxyType(
    dict.fromkeys(KEEPING_UP, "up") | dict.fromkeys(BEHIND, "behind") | {"not_assessable": "none"}
)


class NamedPlan(Protocol):
    """What the rows are asked of: a brief, with its data, period and language."""

    ds: PlanData
    as_of: str
    words: Words

    def named(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Add names, units and reasons in the page's language to indicator rows."""


def listed(names: Iterable[str], kit: Kit) -> str:
    """Return towns in a list; of many the first ones, and how many there are."""
    return kit.words.few(names, key="town_comparison.listed")


def remarks(used: pd.DataFrame, words: Words) -> list[str]:
    """Return what the register remarks on sources, in so far as it is in the page's language."""
    is_own = used["note"].str.contains("[\u4e00-\u9fff]") == words.is_chinese
    rows = used[is_own & (used["note"] != "")]
    if words.is_chinese:
        return (rows["title"] + words("page.colon") + rows["note"]).map(words.term).tolist()
    titles = rows["title_en"].where(rows["title_en"] != "", rows["title"])
    return (titles + words("page.colon") + rows["note"]).tolist()


def names(ds: PlanData, words: Words) -> dict[str, str]:
    """Return code to name of each town, of the district (``total``) and of what no town has."""
    called = naming.names(ds.towns, "town_code", words)
    called |= {"best": words("town_brief.best_tier"), "total": words("town.district")}
    return called | {"": words("town.unallocated")}


def tasks(brief: NamedPlan, *, as_of: str = "", code: str = "") -> pd.DataFrame:
    """Return the towns' tasks, named: what each has done, what it lacks, and what that means.

    Those of the town ``code`` alone, if one is given. Columns of `told`.
    """
    rows = town_tasks.judged(brief.ds, as_of or brief.as_of)
    return told(brief, rows[rows["town_code"] == code] if code else rows)


def told(brief: NamedPlan, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `town_tasks.judged`, of one period or of several, named and in words.

    Columns of `marked` and of ``Brief.named``; ``town`` (its name), ``gap`` (negative: short of
    the task), ``told`` (in words; ``town_told`` with the town), and what
    ``kinds.KINDS["against"]`` reads of a task; ``is_count``.
    """
    ds, words = brief.ds, brief.words
    rows = marked(brief.named(rows), ds.towns)
    about = ds.indicators.set_index("indicator_id")
    rows["town"] = rows["town_code"].map(names(ds, words))
    rows["direction"] = rows["indicator_id"].map(about["direction"]).astype(int)
    rows["gap"] = rows["direction"] * (rows["value"] - rows["task"])
    rows["unit"] = rows["indicator_id"].map(about["unit"])
    # A town's share of a measured task is smaller than the district's: one digit more.
    is_count = rows["indicator_id"].map(about["is_count"]).astype(bool)
    rows = rows.assign(is_count=is_count, value_decimals=rows["value_decimals"] + ~is_count)
    rows = rows.assign(decimals=rows["value_decimals"], task_high=float("nan"), task_comparator="")
    rows["told"] = [gap(row, words) for row in rows_of(rows)]
    pairs = zip(rows["town"], rows["told"], strict=True)
    rows["town_told"] = [words("gaps.unknown_item", name=name, reason=said) for name, said in pairs]
    return rows


def marked(rows: pd.DataFrame, towns: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `town_tasks.judged` with what a page counts and sorts by.

    ``is_zone``, ``is_asked`` (its base did not meet the task already), ``is_behind``, ``is_good``
    and ``is_judged``.
    """
    kinds = towns.drop_duplicates("town_code").set_index("town_code")["kind"]
    is_behind, is_good = rows["status"].isin(BEHIND), rows["status"].isin(KEEPING_UP)
    return rows.assign(
        is_zone=rows["town_code"].map(kinds).eq("zone"),
        is_asked=rows["reason"] != "base_meets_task",
        is_behind=is_behind,
        is_good=is_good,
        is_judged=is_behind | is_good,
    )


def of_judged(counts: Mapping[str, int]) -> str:
    """Return how the key of a sentence on good ones of those judged ends: how many, due or not."""
    return foremost.kept(counts) + due(counts)


def due(counts: Mapping[str, int]) -> str:
    """Return how the key of a sentence ends: of tasks that are due, not yet, or some of each.

    ``is_due`` where any task is, ``is_own`` where others of those judged are not.
    """
    return "_own" if counts.get("is_own") else "_due" if counts["is_due"] else ""


def pair(part: int, whole: int) -> str:
    """Return a part of a number as a table prints it: a dash where there is nothing to count.

    Examples
    --------
    >>> pair(2, 5), pair(0, 0)
    ('2 / 5', '—')
    """
    return f"{part} / {whole}" if whole else NONE


def pairs(parts: pd.Series, wholes: pd.Series) -> pd.Series:
    """Return each `pair` of two columns of counts."""
    told = [pair(*ends) for ends in zip(parts, wholes, strict=True)]
    return pd.Series(told, index=parts.index, dtype=object)


def by_plan(values: pd.DataFrame, asked: pd.DataFrame, kit: Kit, *, named: Mapping) -> str:
    """Return which indicators of a race are held against the plan's own figures, for want of tasks.

    Nothing where each has tasks, or none has: then the page says so of all.
    """
    bare = [named[code] for code in values if code not in set(asked["indicator_id"])]
    is_mixed = 0 < len(bare) < values.shape[1]
    return kit.words("town_comparison.by_plan", names=kit.words.named(bare)) if is_mixed else ""


def gap(row: Row, words: Words) -> str:
    """Return what a task lacks in natural units, or why nobody can say."""
    if row["status"] == "not_assessable" or row["gap"] != row["gap"]:
        return words(f"town.{row['reason']}") if row["reason"] else ""
    if row["gap"] == 0:
        return words("gap.exact")
    digits = telling(row["gap"], 0.0, int(row["value_decimals"]))
    printed = amounts.apart(short(abs(row["gap"]), decimals=digits), row["unit"], words)
    key = amounts.gap_key(row["status"], row["gap"], row["direction"], unit=row["unit"])
    return words(key, amount=printed)


def summed(rows: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return published rows with ``published_period``: a sum of a part of a year says so."""
    said = [periods.label(period, words.lang) for period in rows["period"]]
    parts = zip(said, rows["is_since_january"], strict=True)
    named = [words("town.since_january", period=at) if is_sum else at for at, is_sum in parts]
    return rows.assign(published_period=named)


def appraised(ds: PlanData, as_of: str) -> pd.DataFrame:
    """Return `town_tasks.yardsticks` of a whole year; no rows for a month or a quarter, nor where
    nothing can be judged, as in the years after the plan.
    """
    period = periods.parse(as_of)
    rows = town_tasks.yardsticks(ds, period.year)
    is_judged = rows[["is_annual_met", "is_path_met"]].notna().any(axis=None)
    return rows if period.grain == "year" and is_judged else rows.head(0)


def profile(rows: pd.DataFrame, called: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of ``town_profile.profile`` named; what is exact has no error."""
    named = rows.assign(name=rows.index.map(called))
    errors = [f"{name}_error" for name in PROFILE if f"{name}_error" not in rows]
    return named.assign(**dict.fromkeys(errors, float("nan")))


def classes(words: Words) -> dict[str, str]:
    """Return the columns of ``town_profile.class_land`` with their headings."""
    return {code: code for code in GRADES} | {UNGRADED: words("per_mu.none")}
