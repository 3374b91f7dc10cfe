"""What the tables of actual figures say about each other, and codes that look like slips.

Answers: which decisions and tasks meet nobody. Refuses: to guess whom they mean.
"""

from collections.abc import Iterator

import pandas as pd

from tidysheets.checks import rows
from tidysheets.problems import Problem
from tidysheets.tables import Table


def check(tables: dict[str, list[Table]]) -> list[Problem]:
    """Return the decisions and tasks that meet no enterprise and no report."""
    firms, reports = tables.get("enterprises", []), tables.get("town_reports", [])
    return [
        *_unmet(tables.get("adjustments", []), firms, "year", "enterprise_id", "decision_unmet"),
        *_unmet(tables.get("town_tasks", []), reports, "indicator_id", "town_code", "task_unmet"),
    ]


def _unmet(
    reads: list[Table], others: list[Table], first: str, second: str, code: str
) -> Iterator[Problem]:
    """Yield the rows whose two codes no row of the other table has, if that has rows at all."""
    if not any(len(other.frame) for other in others):
        return
    for read in reads:
        asked = read.frame[[first, second]]
        met = pd.Series(data=False, index=asked.index)
        for other in others:
            own = other.frame[other.frame[second].isin(asked[second])]  # few of a million
            known = pd.MultiIndex.from_frame(own[[first, second]])
            met |= pd.MultiIndex.from_frame(asked).isin(known)
        yield from read.told(code, rows(~met), second)


def is_slip(text: str, known: str) -> bool:
    """Tell whether a code is one sign, or two signs in the wrong order, away from another.

    Examples
    --------
    >>> is_slip("330231", "330213"), is_slip("330212", "330213"), is_slip("331121", "330213")
    (True, True, False)
    """
    if len(text) == len(known):
        wrong = [i for i, (a, b) in enumerate(zip(text, known, strict=True)) if a != b]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return text[wrong[0]] == known[wrong[1]] and text[wrong[1]] == known[wrong[0]]
        return len(wrong) == 1
    longer, shorter = sorted((text, known), key=len, reverse=True)
    cut = (longer[:i] + longer[i + 1 :] for i in range(len(longer)))
    return len(longer) == len(shorter) + 1 and shorter in cut
