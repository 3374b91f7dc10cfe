"""The counts that one sentence of a brief states (计数): so many met, so many owed, so many tiers.

Answers: how many. Refuses: to say it in words, and to count what it was not given.
"""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from fenghua.analysis import town_tasks

_SAME: Final = 1e-9  # sums of printed figures differ from a target by the last bit


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


def listed(counts: Mapping[str, pd.DataFrame], parks: pd.DataFrame) -> dict[str, float]:
    """Return where to look first: ``listed``, ``entered``, ``open`` enterprises, parks ``below``.

    ``counts`` are those of ``efficiency_lists.register_counts``, ``parks`` those of
    ``park_counts``; a withheld count stays missing.
    """
    moved = counts["change"].set_index("code")["enterprises"]
    return {
        "entered": float(moved.get("entered", 0.0)),
        "listed": float(moved.drop("left", errors="ignore").sum(skipna=False)),
        "below": float(parks["below"].sum()),
        "open": float(counts["protection"].attrs["open"]),
    }
