"""Two readings of the years ahead, and how far each may be out (两种推算).

Answers: the change if last year's pace is kept, and if the plan's own shape is. Refuses: to mix
the two into one figure.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis.observed import NOISE

# What the number of whole years allows (the base counts as one): the method's own table, whose
# coverage `benchmarks/outlook.py` measures. Fewer points, or more years ahead, did not hold.
POINTS_FOR_READINGS: Final = 2
POINTS_FOR_INTERVAL: Final = 4
YEARS_FOR_INTERVAL: Final = 2
YEARS_FOR_WORD: Final = 1
_HALVINGS: Final = 60  # of the bracket around a quantile: far below the noise of a double
_LEAST_SPREAD: Final = 1e-12
_ALLOWED: Final = "a table with t and value, a Series indexed by t, or pairs (t, value)"


def yearly(points: Any) -> pd.Series:
    """Return yearly points by their decimal year, oldest first, without those that have no value.

    Raises
    ------
    ValueError
        When they are neither a table with ``t`` and ``value``, nor a Series, nor pairs of numbers,
        or two stand at one time.
    """
    try:
        if isinstance(points, pd.Series):
            t, value = points.index, points
        elif isinstance(points, pd.DataFrame):
            t, value = points["t"], points["value"]
        else:
            t, value = zip(*points, strict=True) if len(points := [*points]) else ((), ())
        series = pd.Series(np.asarray(value, float), pd.Index(np.asarray(t, float), name="t"))
        series = series.rename("value").dropna().sort_index()
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"points are {type(points).__name__}; allowed: {_ALLOWED}") from error
    if series.index.has_duplicates:
        raise ValueError("points: two values at one time; allowed: one a year")
    return series


@dataclass(frozen=True)
class Change:
    """The change of scale over the years ahead, by two readings, and how far each may be out.

    Arrays of one shape; ``shape`` and ``shape_sd`` are NaN where the plan moves nothing.
    """

    pace: np.ndarray
    shape: np.ndarray
    pace_sd: np.ndarray
    shape_sd: np.ndarray
    degrees: int

    @property
    def parts(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """The centres and spreads of the mixture: two, or the last year's pace alone."""
        has_shape = not np.isnan(self.shape).all()
        whole = [(self.pace, self.pace_sd), (self.shape, self.shape_sd)]
        return whole if has_shape else whole[:1]

    def quantile(self, share: float) -> np.ndarray:
        """Return the point below which the half-and-half mixture holds a share (0 to 1)."""
        from scipy.special import stdtr, stdtrit  # slow to import, and few pages look ahead

        reach = stdtrit(self.degrees, share)
        ends = [centre + reach * sd for centre, sd in self.parts]
        low, high = np.minimum.reduce(ends), np.maximum.reduce(ends)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            held = [stdtr(self.degrees, (middle - centre) / sd) for centre, sd in self.parts]
            is_low = sum(held) / len(held) < share
            low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
        return (low + high) / 2

    def chances(self, needed: Any, *, ahead: int, half: float) -> list[np.ndarray]:
        """Return the chance of a needed change by each reading; ``half`` a thing for counts."""
        from scipy.special import stdtr

        return [
            stdtr(self.degrees, (ahead * (centre - needed) + half) / sd)
            for centre, sd in self.parts
        ]


def changes(
    d: np.ndarray,
    planned: np.ndarray,
    coming: np.ndarray,
    *,
    years: float,
    rounding: float,
    is_count: bool,
) -> Change:
    """Return the two readings of the change ahead, and their spreads (两种推算).

    Parameters
    ----------
    d : array, (..., k)
        Yearly increments on the scale, oldest first, two or more.
    planned : array, (k,)
        The plan's increments of the same years.
    coming : array, (h,)
        The plan's increments of the years ahead.
    years : float
        How many years are ahead: ``h``.
    rounding : float
        Variance of an increment by rounding alone, 0 where the digits are not known.
    is_count : bool
        Whole things: no spread is less than chance (Poisson).

    Notes
    -----
    Last year's pace kept: ``h d_k``, variance ``v (h + h^2)``. The plan's own shape kept: ``r Q``,
    ``r = sum d / sum q``, variance ``w (sum q'^2 + Q^2 / k)``.

    ``h + h^2``: the years ahead, and the chance of the one year that is carried on, h times.
    """
    k, h = d.shape[-1], years
    total, due = planned.sum(), coming.sum()
    pace_var = d.var(axis=-1, ddof=1) * (h + h * h) if k > 1 else np.full(d.shape[:-1], np.nan)
    pace_var = np.maximum(pace_var, rounding * (h + h * h))
    moves = abs(total) > _LEAST_SPREAD and bool(np.all(planned * np.sign(total) > _LEAST_SPREAD))
    ratio = d.sum(axis=-1) / total if moves else np.full(d.shape[:-1], np.nan)
    shape_var = np.full(d.shape[:-1], np.nan)
    if moves and k > 1:
        around = ((d / planned - ratio[..., None]) ** 2).sum(axis=-1) / (k - 1)
        shape_var = np.maximum(
            around * ((coming**2).sum() + due**2 / k), rounding * (h + h * h / k)
        )
    if is_count:
        things = np.maximum(d.sum(axis=-1), 0.0) + 0.5
        pace_var = np.maximum(pace_var, things / k * (h + h * h))
        chance = things / total * due * (1 + due / total) if moves else np.nan
        shape_var = np.maximum(shape_var, chance)
    return Change(
        pace=d[..., -1] * h,
        shape=ratio * due,
        pace_sd=np.maximum(np.sqrt(pace_var), _LEAST_SPREAD),
        shape_sd=np.maximum(np.sqrt(shape_var), _LEAST_SPREAD),
        degrees=k - 1,
    )


@dataclass(frozen=True)
class Known:
    """What is known on the scale: whole years in one unbroken run, bounds, the plan, the target."""

    t: np.ndarray
    s: np.ndarray
    n_all: int
    nodes: tuple[np.ndarray, np.ndarray] | None
    ahead: int
    floor: float
    cap: float
    is_count: bool
    rounding: float

    def planned(self, times: Any) -> np.ndarray:
        """Return the plan on the scale; before its start and after its end it stands still."""
        return np.interp(times, *self.nodes) if self.nodes else np.zeros(np.shape(times))

    def bounded(self, s: Any) -> Any:
        """Return scale values inside what the kind allows."""
        return np.clip(s, self.floor, self.cap)

    def has_plan(self, t: float) -> bool:
        """Tell whether a time lies inside the plan."""
        return self.nodes is not None and t <= self.nodes[0][-1] + NOISE

    def why_no_interval(self, t: float) -> str:
        """Return why there is no interval at a time, or an empty code."""
        n = len(self.t)
        rules = {
            "missing_year": n < min(POINTS_FOR_INTERVAL, self.n_all),
            "too_few_points": n < POINTS_FOR_INTERVAL,
            "too_far_ahead": t - self.t[-1] > YEARS_FOR_INTERVAL + NOISE,
            "no_plan": self.nodes is None,
            "beyond_plan": not self.has_plan(t),
            "not_a_whole_year": abs(t - round(t)) > NOISE,
        }
        return next((code for code, is_so in rules.items() if is_so), "")
