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
    found: list[Problem] = []
    known = _pairs(tables.get("enterprises", []), "year", "enterprise_id")
    if known:
        found += _unmet(tables["adjustments"], ("year", "enterprise_id"), known, "decision_unmet")
    reported = _pairs(tables.get("town_reports", []), "indicator_id", "town_code")
    if reported:
        found += _unmet(tables["town_tasks"], ("indicator_id", "town_code"), reported, "task_unmet")
    return found


def _pairs(reads: list[Table], *columns: str) -> set[tuple[object, ...]]:
    return {pair for read in reads for pair in zip(*(read.frame[c] for c in columns), strict=True)}


def _unmet(
    reads: list[Table], columns: tuple[str, str], known: set[tuple[object, ...]], code: str
) -> Iterator[Problem]:
    for read in reads:
        pairs = zip(*(read.frame[name] for name in columns), strict=True)
        missing = pd.Series([pair not in known for pair in pairs], dtype=bool)
        yield from read.told(code, rows(missing), columns[1])


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
