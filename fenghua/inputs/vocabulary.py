"""The closed lists of words that tables and functions share.

Answers: which kinds, directions, statuses, flags and grades exist. Refuses: to hold any figure.
"""

from types import MappingProxyType
from typing import Final

KINDS: Final = ("level", "cumulative", "growth", "reduction", "annual", "assigned", "milestone")
SCOPES: Final = ("headline", "text")
BLOCKS: Final = ("efficiency", "phase_out", "innovation", "investment", "quality", "measures")
COMPARATORS: Final = ("=", ">=", "<=", "range")
ROLES: Final = ("baseline", "target")
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
TOWN_KINDS: Final = ("street", "town", "zone")
LANGUAGES: Final = ("zh-Hans", "zh-Hant", "en")
AUDIENCES: Final = ("public", "internal")

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
