"""Progress by compound growth, as Open SDG and Eurostat-style sites publish it.

Answers: what those sites would print for the same figures. Refuses: to judge our own plan by it.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from fenghua.analysis import entries
from fenghua.inputs.vocabulary import direction_sign

# The published method itself (Open SDG, "Progress Measurement Methodology", and sdg-build's
# ProgressMeasure.py): to change one of these is to leave the comparison.
WITH_TARGET: Final = (0.95, 0.60, 0.0)
WITHOUT_TARGET: Final = (0.015, 0.005, 0.0)
ZERO_READ_AS: Final = 0.001
LIMIT_EXPONENT: Final = 4.44
LEAST_YEARS: Final = 1.0
SCORE_BOUND: Final = 5.0
_WORDS: Final = ("substantial_progress", "moderate_progress", "limited_progress", "deterioration")


@dataclass(frozen=True)
class Progress:
    """Progress value and score (None where not available) and one of ``PARITY_STATUSES``."""

    value: float | None
    score: float | None
    status: str


_NOT_AVAILABLE: Final = Progress(None, None, "not_available")


def cagr_progress(
    base_value: float | None,
    base_year: float | None,
    current_value: float | None,
    current_year: float | None,
    *,
    target: float | None = None,
    target_year: float | None = None,
    direction: int | str,
    limit: float | None = None,
) -> Progress:
    """Return progress by compound annual growth, with or without a target.

    Parameters
    ----------
    base_value, base_year, current_value, current_year : float or None
        Natural units and years.
    target, target_year : float or None
        The target and its year, both or neither. A limit beside a target is ignored.
    direction : int or str
        +1 or ``positive`` where higher is better, -1 or ``negative`` where lower is.
    limit : float or None
        Natural limit of the indicator, used without a target only.

    Returns
    -------
    Progress
        ``value`` is a ratio of growth rates with a target, a growth rate without; ``score`` lies
        in [-5, 5]. Both are None where a figure is missing, signs differ or less than a year has
        passed. A target equal to the base needs no growth: ``value`` alone is None, and the
        score is 5 where the target is met, -5 where it is not, as published.

    Raises
    ------
    ValueError
        What is given for a figure or a year is no number, or a direction is none of those.

    Examples
    --------
    >>> cagr_progress(100, 2015, 110, 2020, target=110, target_year=2030, direction=1).status
    'target_achieved'
    >>> cagr_progress(100, 2015, 104, 2020, direction="positive").status
    'moderate_progress'
    """
    sign = direction_sign(direction)
    base, start = _number("base_value", base_value), _number("base_year", base_year)
    now, year = _number("current_value", current_value), _number("current_year", current_year)
    goal, goal_year = _number("target", target), _number("target_year", target_year)
    bound = _number("limit", limit)
    if base is None or start is None or now is None or year is None:
        return _NOT_AVAILABLE
    if year - start < LEAST_YEARS:
        return _NOT_AVAILABLE
    half_a_target = target is not None and (goal is None or goal_year is None)
    if half_a_target or _opposed(base, now):
        return _NOT_AVAILABLE
    sign = -sign if base < 0 else sign
    if goal is None or goal_year is None:
        coefficient = _room(base, bound)
        pace = sign * _growth(_not_zero(base), now, year - start)
        if not math.isfinite(pace):  # a base so near zero that the growth has no number
            return _NOT_AVAILABLE
        cuts = [cut * coefficient for cut in WITHOUT_TARGET]
        return Progress(pace, _score_of_pace(pace, coefficient), _word(pace, cuts))
    base, goal = _not_zero(base), _not_zero(goal)
    if goal_year - start < LEAST_YEARS or _opposed(base, goal):
        return _NOT_AVAILABLE
    achieved = direction_sign(direction) * (now - goal) >= 0
    required = abs(_growth(base, goal, goal_year - start))
    if not required:
        # The published ratio is then minus infinity: a value below a target that was the base.
        lost = Progress(None, -SCORE_BOUND, "deterioration")
        return Progress(None, SCORE_BOUND, "target_achieved") if achieved else lost
    ratio = sign * _growth(base, now, year - start) / required
    if not math.isfinite(ratio):
        return _NOT_AVAILABLE
    if achieved:
        return Progress(ratio, SCORE_BOUND, "target_achieved")
    return Progress(ratio, _score_of_ratio(ratio), _word(ratio, WITH_TARGET))


def _number(name: str, value: Any) -> float | None:
    """Read what is endless as missing too, as those sites do."""
    number = entries.number(name, value)
    return number if math.isfinite(number) else None


def _not_zero(value: float) -> float:
    return value if value else ZERO_READ_AS


def _opposed(first: float, second: float) -> bool:
    return second != 0 and (_not_zero(first) < 0) != (second < 0)


def _growth(first: float, last: float, years: float) -> float:
    try:
        return (last / first) ** (1 / years) - 1
    except OverflowError:
        return math.inf


def _room(base: float, limit: float | None) -> float:
    """Return how far the cut-offs shrink near a natural limit: 1 far from it, 0 on it."""
    if limit is None or abs(base) >= 2 * abs(limit):
        return 1.0
    size, bound = abs(base), abs(limit)
    near = size if size <= bound else 2 * bound - size
    return 1 - (near / bound) ** LIMIT_EXPONENT


def _word(value: float, cuts: Iterable[float]) -> str:
    return next((word for word, cut in zip(_WORDS, cuts, strict=False) if value >= cut), _WORDS[-1])


def _score_of_ratio(ratio: float) -> float:
    if ratio >= WITH_TARGET[1]:
        return min(7.1429 * ratio - 4.2857, SCORE_BOUND)
    return max(4.1667 * ratio - 2.5, -SCORE_BOUND)


def _score_of_pace(pace: float, coefficient: float) -> float:
    high, medium, _ = WITHOUT_TARGET
    if pace < 0:
        return max(125 * pace - 2.5, -SCORE_BOUND)
    if coefficient == 0:
        return SCORE_BOUND
    if pace >= high * coefficient:
        return min(500 * pace / coefficient - 5, SCORE_BOUND)
    if pace >= medium * coefficient:
        return 250 * pace / coefficient - 1.25
    return 500 * pace / coefficient - 2.5
