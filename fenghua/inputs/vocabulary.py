"""The closed lists of words that tables and functions share.

Answers: which kinds, directions, statuses, flags and grades exist. Refuses: to hold any figure.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    import pandas as pd

KINDS: Final = ("level", "cumulative", "growth", "reduction", "annual", "assigned", "milestone")
SCOPES: Final = ("headline", "text")
RANKS: Final = ("位", "位次", "名次")  # units of a place in an order, where 1 is best
COMPARATORS: Final = ("=", ">=", "<=", "range", "about")
NATURES: Final = ("binding", "expected")
# Comparators that name their own safe side, whatever the direction: a floor, a cap.
SAFE_SIDES: Final = MappingProxyType({">=": 1, "<=": -1})
# A yardstick is what full marks stand for where a source sets no target: nothing is met or missed.
ROLES: Final = ("baseline", "target", "yardstick")
GOALS: Final = ("target", "yardstick")
BASES: Final = ("cumulative", "annual")
OBSERVATION_STATUSES: Final = ("final", "preliminary", "estimate")

STATUSES: Final = (
    "achieved",
    "met",
    "on_track",
    "needs_acceleration",
    "insufficient",
    "moving_away",
    "missed",
    "not_assessable",
)
KEEPING_UP: Final = ("achieved", "met", "on_track")
BEHIND: Final = ("needs_acceleration", "insufficient", "moving_away", "missed")
PARITY_STATUSES: Final = (
    "target_achieved",
    "substantial_progress",
    "moderate_progress",
    "limited_progress",
    "deterioration",
    "not_available",
)

GRADES: Final = ("A", "B", "C", "D")
SECTION: Final = r"^[A-Za-z](?=\d|$)"  # of a GB/T 4754 code: a letter before the division, or none
TOWN_KINDS: Final = ("street", "town", "zone", "county", "city")
LANGUAGES: Final = ("zh-Hans", "zh-Hant", "en")


class Audience(StrEnum):
    """Who reads a page (阅读对象); equal to its own word, so that notebooks may say the word.

    Examples
    --------
    >>> Audience("public") == "public", Audience("internal").is_public
    (True, False)
    >>> Audience("secret")
    Traceback (most recent call last):
    ValueError: audience is 'secret'; allowed: public, internal
    """

    PUBLIC = "public"
    INTERNAL = "internal"

    @property
    def is_public(self) -> bool:
        """Whether nothing about a single enterprise may be shown."""
        return self is Audience.PUBLIC

    @classmethod
    def _missing_(cls, value: object) -> None:
        raise ValueError(f"audience is {value!r}; allowed: {', '.join(cls)}")


AUDIENCES: Final = tuple(audience.value for audience in Audience)


class PlanData(Protocol):
    """What methods may ask of a dataset: registers, reference tables and actual figures."""

    indicators: "pd.DataFrame"
    targets: "pd.DataFrame"
    observations: "pd.DataFrame"
    enterprises: "pd.DataFrame"
    parks: "pd.DataFrame"
    town_reports: "pd.DataFrame"
    town_tasks: "pd.DataFrame"
    towns: "pd.DataFrame"
    lead_units: "pd.DataFrame"
    blocks: "pd.DataFrame"
    sources: "pd.DataFrame"
    policy_rules: "pd.DataFrame"
    clause_units: "pd.DataFrame"
    parent_targets: "pd.DataFrame"
    benchmarks: "pd.DataFrame"
    adjustments: "pd.DataFrame"
    schemes: Mapping[str, Mapping[str, Any]]
    parameters: Mapping[str, float]
    plan: Mapping[str, Any]
    is_synthetic: bool
    enterprise_years: tuple[int, ...]
    editions: "pd.DataFrame"
    edition_figures: "pd.DataFrame"
    edition_exclusions: "pd.DataFrame"


DIRECTION_WORDS: Final = MappingProxyType(
    {"higher": 1, "increase": 1, "positive": 1, "lower": -1, "decrease": -1, "negative": -1}
)


def direction_sign(direction: int | float | str) -> int:
    """Return +1 where higher is better, -1 where lower is better (方向).

    Parameters
    ----------
    direction : int, float or str
        A signed number, the same as text (``"-1"``), or one of ``DIRECTION_WORDS``.

    Raises
    ------
    ValueError
        When the word is unknown.

    Examples
    --------
    >>> direction_sign(-1), direction_sign("higher"), direction_sign("-1")
    (-1, 1, -1)
    """
    word = str(direction).strip().lower()
    if word in DIRECTION_WORDS:
        return DIRECTION_WORDS[word]
    try:
        number = float(word)
    except ValueError:
        number = 0.0
    if number in (1.0, -1.0):
        return int(number)
    allowed = ", ".join(["1", "-1", *DIRECTION_WORDS])
    raise ValueError(f"direction is {direction!r}; allowed: {allowed}")


def bare_industry(code: str) -> str:
    """Return a GB/T 4754 code without its section letter: C3411 and 3411 are one industry.

    Examples
    --------
    >>> bare_industry(" C3411"), bare_industry("34")
    ('3411', '34')
    """
    return re.sub(SECTION, "", code.strip())


def weakest_end(direction: int | float | str, value: float, value_high: float) -> float:
    """Return the end of a range that decides (最低要求): the least that still meets it.

    The ends may stand in either order; a missing one leaves the other.

    Examples
    --------
    >>> weakest_end(1, 2.0, 3.0), weakest_end(-1, 25.0, 30.0), weakest_end(-1, 30.0, 25.0)
    (2.0, 30.0, 30.0)
    """
    ends = [float(end) for end in (value, value_high) if end is not None and end == end]
    if not ends:
        return float("nan")
    return min(ends) if direction_sign(direction) > 0 else max(ends)


def moves_back(
    direction: int | float | str, *, base: float, target: float, comparator: str
) -> bool:
    """Tell whether a target contradicts its direction: it lies behind its base (方向矛盾).

    A floor or cap names its own safe side, so one that the base already meets is no contradiction.
    ``target`` is the weakest end of a range. `fenghua check` and the analysis share this rule.

    Examples
    --------
    >>> moves_back(1, base=68.6, target=55.0, comparator="=")
    True
    >>> moves_back(1, base=68.6, target=55.0, comparator=">=")
    False
    """
    slack = 1e-9  # a decimal figure's noise
    is_behind = direction_sign(direction) * (target - base) < -slack
    return comparator not in SAFE_SIDES and bool(is_behind)


def size_in(unit: str, wanted: str) -> float:
    """Return how many of one unit another is; NaN where they do not measure the same.

    Examples
    --------
    >>> size_in("平方公里", "亩"), size_in("平方公里", "家")
    (1500.0, nan)
    """
    from tidysheets.units import Units  # not before: every command starts with this module

    factor = Units.common().factor(unit, wanted)
    return float("nan") if factor is None else float(factor)
