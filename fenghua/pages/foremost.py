"""Which rows a sentence names first: the furthest behind, and what has the least to spare.

Answers: who stands at an end of an order, all that tie with it. Refuses: one name where several
are equal, and an order of what cannot be compared.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from fenghua.display import amounts
from fenghua.display.columns import Row
from fenghua.display.kit import Kit
from fenghua.inputs.records import rows_of
from fenghua.inputs.vocabulary import BEHIND

_FIRST: Final = 2  # rows that a sentence names
DIGITS: Final = 9  # lags that differ in the last bit are the same


def kept(counts: Mapping[str, int]) -> str:
    """Return how the key of a sentence on good ones of those judged ends: all, none, or some."""
    return of_all(counts["good"], counts["judged"])


def of_all(part: int, whole: int, *, none: str = "_no") -> str:
    """Return how the key of a sentence on a part of a number ends: no page says "5 of 5".

    Examples
    --------
    >>> of_all(5, 5), of_all(2, 5), of_all(0, 5), of_all(0, 5, none="_none")
    ('_all', '', '_no', '_none')
    """
    if part == whole:
        return "_all"
    return "" if part else none


def lag(rows: pd.DataFrame, kit: Kit) -> pd.Series:
    """Return by what rows are ranked: once a target is due the share done, before it the index."""
    is_verdict = kit.moment in ("milestone", "end")
    return rows["attainment_next" if is_verdict else "schedule_index"].round(DIGITS)


def behind(rows: pd.DataFrame, kit: Kit) -> pd.DataFrame:
    """Return the rows that are behind, the worst status first, then by `lag`; with ``place``.

    Rows of one ``place`` are equals.
    """
    late = rows[rows["status"].isin(BEHIND)]
    worst = late["status"].astype(str).map({code: -n for n, code in enumerate(BEHIND)})
    keys = pd.DataFrame({"worst": worst, "lag": lag(late, kit)})
    late = late.assign(place=worst.astype(str) + " " + keys["lag"].astype(str))
    return late.loc[keys.sort_values(["worst", "lag"], kind="stable").index]


def furthest(rows: pd.DataFrame, kit: Kit, *, most: int = _FIRST) -> str:
    """Return the first rows of `behind` with their gaps."""
    told = [short_by(row, kit) for row in rows_of(rows.head(most))]
    return first(told, rows["place"].tolist(), kit)


def least_to_spare(good: pd.DataFrame, kit: Kit) -> str:
    """Return which of those that keep up has least to spare, with its gap; all that tie are.

    Nothing where the plan asks no change of any, so that they cannot be compared.
    """
    known = thinnest(good, kit)
    if known.empty:
        return ""
    told = [short_by(row, kit) for row in rows_of(known.head(_FIRST))]
    if len(good) == 1:  # of one alone there is no least
        return told[0]
    key = "gaps.least" if lag(good, kit).notna().all() else "gaps.least_moved"
    return kit.say(key, least=first(told, [""] * len(known), kit))


def thinnest(good: pd.DataFrame, kit: Kit) -> pd.DataFrame:
    """Return the rows with the least `lag`, all that tie; rows without one are left out."""
    known = lag(good, kit)
    return good[known == known.min()]


def first(told: Sequence[str], places: Sequence[object], kit: Kit) -> str:
    """Return the first items of an order joined; says so where a further one is their equal.

    ``places`` are those of the whole order; what shares one is equal.
    """
    n = len(told)
    joined = kit.words("gaps.and").join(told)
    is_cut = 0 < n < len(places) and places[n] == places[n - 1]
    return kit.words("gaps.among_others", names=joined) if is_cut else joined


def short_by(row: Row, kit: Kit) -> str:
    """Return an indicator with its gap in natural units, and the year of a gap of its own year."""
    words = kit.words
    facts = {"name": words.within(row["name"]), "gap": amounts.gap_of(row, words)}
    if row.get("kind") == "annual" or is_past(row, kit):
        return words("gaps.named_in_year", year=f"{row['next_target_year']:.0f}", **facts)
    return words("gaps.named", **facts)


def is_past(row: Row, kit: Kit) -> bool:
    """Return whether a verdict is of an earlier year than the page: figures may have gone on."""
    is_verdict = row["status"] in ("met", "missed")
    return is_verdict and row["next_target_year"] < kit.facts.get("now_year", 0)
