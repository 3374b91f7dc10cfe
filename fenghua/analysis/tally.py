"""The counts that one sentence of a brief states (计数): so many met, so many owed, so many tiers.

Answers: how many. Refuses: to say it in words, and to count what it was not given.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fenghua.analysis import town_tasks


def news(since_last: pd.DataFrame) -> dict[str, int]:
    """Return how many rows of ``rhythm.since_last`` changed in data, in verdict, only by time."""
    return {
        "data": int((since_last["data"] != "").sum()),
        "verdicts": int((since_last["status_before"] != since_last["status_after"]).sum()),
        "by_time": int((since_last["cause"] == "time").sum()),
    }


def held(rules: Mapping[str, Any]) -> float:
    """Return the share (0-1) of drawn rankings that a rank interval holds by ``race.inputs``."""
    return float(rules["high"] - rules["low"])


def owed(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``town_tasks.judged`` for which a report is missing or stale."""
    return judged[judged["reason"].isin(town_tasks.DEBTS) | judged["is_stale"]]


def cases(register: pd.DataFrame) -> dict[str, int]:
    """Return how many enterprises a register lists, and how many are ``open``: not protected."""
    kept = int(register["is_protected"].sum()) if len(register) else 0
    return {"n": len(register), "open": len(register) - kept}
