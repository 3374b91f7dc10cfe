"""The counts that one sentence of a brief states (计数): so many met, so many owed, so many tiers.

Answers: how many. Refuses: to say it in words, and to count what it was not given.
"""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from fenghua.analysis import town_tasks
from fenghua.analysis.findings import status_counts
from fenghua.inputs.vocabulary import KEEPING_UP

_SAME: Final = 1e-9  # sums of printed figures differ from a target by the last bit
_COURSES: Final = ("reached", "reaches", "falls_short", "open", "unknown")


def verdicts(assessed: pd.DataFrame) -> dict[str, int]:
    """Return how many indicators keep up, are met, are missed, and cannot be assessed.

    Returns
    -------
    dict
        ``total``, ``judged``, ``good``, ``met``, ``missed``, ``open``, and ``year``: the latest
        milestone of the verdicts where these are more than half of the rows, else 0.

    Examples
    --------
    >>> rows = pd.DataFrame({"status": ["met", "missed", "on_track"], "milestone_year": 2023})
    >>> found = verdicts(rows)
    >>> found["good"], found["met"], found["year"]
    (2, 1, 2023)
    """
    n = status_counts(assessed)
    given = assessed.loc[assessed["status"].isin(["met", "missed"]), "milestone_year"]
    return {
        "total": len(assessed),
        "judged": len(assessed) - int(n["not_assessable"]),
        "good": int(n[list(KEEPING_UP)].sum()),
        "met": int(n["met"]),
        "missed": int(n["missed"]),
        "open": int(n["not_assessable"]),
        "year": int(given.max()) if len(given) > len(assessed) / 2 else 0,
    }


def courses(reach: pd.DataFrame) -> dict[str, int]:
    """Return how many indicators take each course of ``findings.reach``, and their ``total``.

    Examples
    --------
    >>> found = courses(pd.DataFrame({"course": ["reached", "reaches", "unknown"]}))
    >>> found["arriving"], found["falls_short"], found["total"]
    (2, 0, 3)
    """
    counts = reach["course"].value_counts()
    n = {code: int(counts.get(code, 0)) for code in _COURSES}
    return n | {"arriving": n["reached"] + n["reaches"], "total": len(reach)}


def registered(counts: pd.DataFrame, found: pd.DataFrame) -> dict[str, int]:
    """Return the size of the plan's register (``audit.counts``), and how much is to be confirmed.

    The latter, of ``audit.findings``, is ``open``.
    """
    rows = counts.set_index(["table", "dimension", "code"])["rows"]
    cells = {
        "headline": ("indicators", "scope", "headline"),
        "text": ("indicators", "scope", "text"),
        "targets": ("targets", "role", "target"),
        "rules": ("policy_rules", "all", ""),
    }
    sizes = {name: int(rows.get(cell, 0)) for name, cell in cells.items()}
    return sizes | {"open": int((found["status"] == "to_confirm").sum())}


def shape(shares: pd.DataFrame) -> dict[str, Any]:
    """Return how many rows of ``audit.schedule_shape`` are ``late``, and the range of their shares.

    Returns
    -------
    dict
        ``n`` rows, ``late`` (back-loaded) ones, ``low`` and ``high`` share of the change due by
        the first milestone; its ``year`` and ``line``, the share of a straight path (%), are 0
        where the rows do not have one in common.
    """
    known = shares.dropna(subset="share_pct")
    is_common = len(known[["base_year", "first_year", "last_year"]].drop_duplicates()) == 1
    return {
        "year": int(known["first_year"].iloc[0]) if is_common else 0,
        "n": len(known),
        "late": int(known["is_back_loaded"].astype(bool).sum()),
        "low": float(known["share_pct"].min()),
        "high": float(known["share_pct"].max()),
        "line": float(known["linear_share_pct"].iloc[0]) if is_common else 0.0,
    }


def news(since_last: pd.DataFrame) -> dict[str, int]:
    """Return how many rows of ``rhythm.since_last`` changed in data, in verdict, only by time."""
    return {
        "data": int((since_last["data"] != "").sum()),
        "verdicts": int((since_last["status_before"] != since_last["status_after"]).sum()),
        "by_time": int((since_last["cause"] == "time").sum()),
    }


def tiers(standing: pd.DataFrame) -> dict[str, Any]:
    """Return how many units of ``race.standing`` have a rank, in how many tiers.

    Returns
    -------
    dict
        ``n`` units with a rank, ``tiers``, ``wide`` (units of the largest tier), ``is_equal``
        (all have one score), ``widest``: the unit whose rank is least sure, empty if all are sure.
    """
    ranked = standing[standing["tier"].notna()].sort_values(["tier", "nominal_rank"], kind="stable")
    sizes, spread = ranked["tier"].value_counts(), ranked["rank_high"] - ranked["rank_low"]
    return {
        "n": len(ranked),
        "tiers": len(sizes),
        "wide": int(sizes.max()) if len(sizes) else 0,
        "is_equal": bool((ranked["reason"] == "all_equal").all()),
        "widest": str(spread.idxmax()) if spread.max() > 0 else "",
    }


def held(rules: Mapping[str, Any]) -> float:
    """Return the share (0-1) of drawn rankings that a rank interval holds by ``race.inputs``."""
    return float(rules["high"] - rules["low"])


def lowest_classes(land: pd.DataFrame) -> tuple[str, float]:
    """Return the town with the largest share of land in C and D by ``town_profile.grade_land``.

    Returns
    -------
    tuple
        ``town_code`` and share (0-1); empty and missing where no town's classes may be shown.
    """
    towns = land.drop(index="total", errors="ignore").dropna(subset=["withheld", "D"])
    share = towns["D"] + towns["C"].fillna(0.0)
    return (str(share.idxmax()), float(share.max())) if len(share) else ("", float("nan"))


def differences(task_sums: pd.DataFrame) -> pd.DataFrame:
    """Add to ``contributions.task_sums`` whether a sum meets its target, and by what share not."""
    gap, target = task_sums["difference"], task_sums["target"]
    share = gap / target.where(target != 0)
    return task_sums.assign(adds_up=gap.abs() < _SAME, difference_share=share)


def owed(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``town_tasks.judged`` for which a report is missing or stale."""
    return judged[judged["reason"].isin(town_tasks.DEBTS) | judged["is_stale"]]


def cases(register: pd.DataFrame) -> dict[str, int]:
    """Return how many enterprises a register lists, and how many are ``open``: not protected."""
    kept = int(register["is_protected"].sum()) if len(register) else 0
    return {"n": len(register), "open": len(register) - kept}
