"""What the tables of actual figures say about each other.

Answers: figures that contradict each other, decisions and tasks that meet nobody. Refuses: to
choose between two figures.
"""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from fenghua.inputs import periods
from tidysheets.checks import rows
from tidysheets.problems import Problem
from tidysheets.tables import Table

# Two figures of one moment may differ where these differ: a later issue, an estimate, a region.
_TOLD_APART: Final = {
    "observations": ("indicator_id", "area_code", "status", "published_on"),
    "town_reports": ("indicator_id", "town_code"),
}


def check(tables: dict[str, list[Table]]) -> list[Problem]:
    """Return what the tables of actual figures say against each other, or of nobody."""
    found: list[Problem] = []
    for name, key in _TOLD_APART.items():
        found += _clashes(tables[name], list(key))
    known = _pairs(tables["enterprises"], "year", "enterprise_id")
    if known:
        found += _unmet(tables["adjustments"], ("year", "enterprise_id"), known, "decision_unmet")
    reported = _pairs(tables["town_reports"], "indicator_id", "town_code")
    if reported:
        found += _unmet(tables["town_tasks"], ("indicator_id", "town_code"), reported, "task_unmet")
    return found


def _clashes(reads: list[Table], key: list[str]) -> Iterator[Problem]:
    """Find figures of periods that end together (2022 and 2022-12) and differ."""
    parts = [
        read.frame.assign(_read=which, _row=range(len(read.frame)))
        for which, read in enumerate(reads)
        if len(read.frame)
    ]
    if not parts:
        return
    joined = pd.concat(parts, ignore_index=True)
    joined = joined[(joined["period"] != "") & joined["value"].notna()]
    ends = joined["period"].map({text: periods.end(text) for text in joined["period"].unique()})
    groups = joined.assign(_end=ends).groupby([*key, "_end"], sort=False)
    for at in joined.index[groups["period"].transform("nunique") > 1]:
        own = joined.loc[at]
        others = groups.get_group((*(own[name] for name in key), ends[at]))
        for _, other in others[others.index < at].iterrows():
            if _contradicts(own, other):
                read, before = reads[own["_read"]], reads[other["_read"]]
                place = f"{before.file} {before.rows[other['_row']]}"
                facts = {"period": other["period"], "value": f"{other['value']:g}", "other": place}
                yield read.problem("moment_twice", int(own["_row"]), "period", **facts)
                break


def _contradicts(own: pd.Series, other: pd.Series) -> bool:
    bases = {own.get("basis", ""), other.get("basis", "")} - {""}
    return own["period"] != other["period"] and own["value"] != other["value"] and len(bases) < 2


def _pairs(reads: list[Table], *columns: str) -> set[tuple[object, ...]]:
    return {pair for read in reads for pair in zip(*(read.frame[c] for c in columns), strict=True)}


def _unmet(
    reads: list[Table], columns: tuple[str, str], known: set[tuple[object, ...]], code: str
) -> Iterator[Problem]:
    for read in reads:
        pairs = zip(*(read.frame[name] for name in columns), strict=True)
        missing = pd.Series([pair not in known for pair in pairs], dtype=bool)
        for i in rows(missing):
            yield read.problem(code, i, columns[1])


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
