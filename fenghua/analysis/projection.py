"""What a handful of yearly points allows to be said about the years ahead.

Answers: pace, scenarios, interval or probability, by the number of points. Refuses: more than that.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import scale
from fenghua.inputs.vocabulary import direction_sign

COLUMNS: Final = (
    *("t", "mean", "lo80", "hi80", "p_meet", "basis", "n_points", "scenario"),
    *("theil_sen", "prior_weight_years", "reason"),
)
# What the number of points allows (the base counts as one): the method's own table.
POINTS_FOR_PACE: Final = 2
POINTS_FOR_INTERVAL: Final = 3
POINTS_FOR_PROBABILITY: Final = 5


def project(
    points: Any,
    *,
    kind: str,
    until: float,
    target: float | None = None,
    direction: int | str = 1,
    planned_pace: float | None = None,
    is_count: bool = False,
    prior_weight_years: float = 1.0,
    level: float = 80,
) -> pd.DataFrame:
    """Project a few yearly points (推算), saying no more than their number allows.

    Parameters
    ----------
    points : DataFrame with ``t`` and ``value``, Series indexed by ``t``, or pairs
        Base included, one a year. Growth: the chained index (as ``trajectory.points`` gives it).
    kind : str
        One of ``vocabulary.KINDS``; lines are drawn on its scale and turned back.
    until : float
        Last decimal year.
    target : float, optional
        Target at ``until``, in the unit of ``points``.
    direction : int or str
        1 where higher is better, -1 where lower is (a reduction in percent counts upwards).
    planned_pace : float, optional
        Planned count a year: the centre of the prior for counts.
    is_count : bool
        Whole things; with ``planned_pace``, three points and no fall: Gamma-Poisson.
        Otherwise the lines, as ``scenario`` says.
    prior_weight_years : float
        Years of observation the prior is worth (parameter ``count_prior_weight_years``, 1).
    level : float
        Interval in percent (parameter ``interval_level_pct``, 80); names the two columns.

    Returns
    -------
    DataFrame
        ``t``, ``mean``, ``lo80``, ``hi80`` (printed unit), ``p_meet`` (0 to 1 at ``until``, five
        points or more), ``basis`` (required_pace, scenarios, indicative, prediction), ``n_points``,
        ``scenario`` (required, hold, repeat_last, mean_pace, least_squares, gamma_poisson),
        ``theil_sen`` (the robust line beside least squares), ``prior_weight_years``, ``reason``
        (why a figure is missing). One row a year, or one a year and scenario.

    Notes
    -----
    Interval of a new value under least squares: ``t(n-2) * sd * sqrt(1 + 1/n + (T-mean)^2/Sxx)``.
    Counts: rate ~ Gamma(pace * w + N, w + years); the count ahead is negative binomial.

    Examples
    --------
    >>> frame = project([(2020, 17), (2022, 70)], kind="cumulative", until=2025, target=200)
    >>> frame.loc[frame["t"] == 2025, ["scenario", "mean"]].values.tolist()
    [['required', 200.0], ['hold', 70.0], ['repeat_last', 149.5], ['mean_pace', 149.5]]
    """
    known, towards = _points(points), direction_sign(direction)
    t, s = (
        known.index.to_numpy(dtype="float64"),
        scale.of_points(known.to_numpy("float64"), kind=kind),
    )
    ahead = _years_ahead(t[-1], until) if len(t) else np.array([])
    goal = None if target is None or pd.isna(target) else float(scale.of_points(target, kind=kind))
    if not len(ahead):
        frames = []
    elif len(t) < POINTS_FOR_INTERVAL:
        frames = _scenarios(t, s, ahead, goal)
    elif is_count and planned_pace is not None and _has_rate(s, planned_pace):
        frames = [_counts(t, s, ahead, goal, towards, planned_pace, prior_weight_years, level)]
    else:
        sign = towards if kind != "reduction" else -1
        frames = [_least_squares(t, s, ahead, goal, sign, level)]
    return _finish(frames, kind=kind, n=len(t), level=level)


def _points(points: Any) -> pd.Series:
    if isinstance(points, pd.DataFrame):
        known = pd.Series(points["value"].to_numpy(), index=points["t"].to_numpy())
    elif isinstance(points, pd.Series):
        known = points
    else:
        known = pd.Series(dict(points), dtype="float64")
    known = known.astype("float64").dropna().sort_index()
    if known.index.has_duplicates:
        raise ValueError("points: two values at one time; allowed: one a year")
    return known


def _years_ahead(last: float, until: float) -> np.ndarray:
    """Return every year's end after the last point, and ``until`` itself."""
    ends = np.arange(np.floor(last) + 1, np.floor(until) + 1)
    return np.unique([*ends[ends <= until], until]) if until > last else np.array([])


def _scenarios(
    t: np.ndarray, s: np.ndarray, ahead: np.ndarray, goal: float | None
) -> list[pd.DataFrame]:
    left = ahead - t[-1]
    paces = {"required": np.nan if goal is None else (goal - s[-1]) / left[-1]}
    if len(t) >= POINTS_FOR_PACE:
        paces["hold"] = 0.0
        paces["repeat_last"] = (s[-1] - s[-2]) / (t[-1] - t[-2])
        paces["mean_pace"] = (s[-1] - s[0]) / (t[-1] - t[0])
    basis = "scenarios" if len(t) >= POINTS_FOR_PACE else "required_pace"
    return [
        pd.DataFrame(
            {"t": ahead, "mean": s[-1] + pace * left, "scenario": name, "basis": basis}
        ).assign(reason="too_few_points" if np.isfinite(pace) else "no_target")
        for name, pace in paces.items()
    ]


def _least_squares(
    t: np.ndarray, s: np.ndarray, ahead: np.ndarray, goal: float | None, sign: int, level: float
) -> pd.DataFrame:
    from scipy import stats  # half a second at import, and few briefs project

    n, centre = len(t), t.mean()
    spread = ((t - centre) ** 2).sum()
    slope = ((t - centre) * s).sum() / spread
    mean = s.mean() + slope * (ahead - centre)
    residual = s - s.mean() - slope * (t - centre)
    reach = np.sqrt(1 + 1 / n + (ahead - centre) ** 2 / spread)
    sd = np.sqrt((residual**2).sum() / (n - 2)) * reach
    half = stats.t.ppf(0.5 + level / 200, n - 2) * sd
    slope, intercept = stats.theilslopes(s, t)[:2]
    frame = pd.DataFrame({"t": ahead, "mean": mean, "lo": mean - half, "hi": mean + half})
    frame["theil_sen"] = intercept + slope * ahead
    if n < POINTS_FOR_PROBABILITY:
        return frame.assign(scenario="least_squares", basis="indicative", reason="too_few_points")
    frame = frame.assign(scenario="least_squares", basis="prediction", reason="no_target")
    if goal is None:
        return frame
    short = sign * (goal - mean[-1])
    if np.ptp(residual) < 1e-12 * max(1.0, np.abs(s).max()):
        # On an exact line the predictive distribution is one point: say so beside the 0 or 1.
        return _with_probability(frame, float(short <= 0), "no_residual_variation")
    return _with_probability(frame, float(stats.t.sf(short / sd[-1], n - 2)), "")


def _with_probability(frame: pd.DataFrame, probability: float, reason: str) -> pd.DataFrame:
    """Set the probability in the last row: the target is due there and nowhere else."""
    last = np.arange(len(frame)) == len(frame) - 1
    return frame.assign(
        p_meet=np.where(last, probability, np.nan), reason=np.where(last, reason, "target_not_due")
    )


def _has_rate(s: np.ndarray, pace: float) -> bool:
    """Tell whether a Gamma prior and the counts so far make a rate: planned, never falling."""
    return pace >= 0 and s[-1] >= s[0] and pace + s[-1] - s[0] > 0


def _counts(
    t: np.ndarray,
    s: np.ndarray,
    ahead: np.ndarray,
    goal: float | None,
    direction: int,
    pace: float,
    weight: float,
    level: float,
) -> pd.DataFrame:
    from scipy import stats

    years = ahead - t[-1]
    shape, rate = pace * weight + s[-1] - s[0], weight + t[-1] - t[0]
    share = rate / (rate + years)
    tail = 0.5 - level / 200
    frame = pd.DataFrame(
        {
            "t": ahead,
            "mean": s[-1] + shape / rate * years,
            "lo": s[-1] + stats.nbinom.ppf(tail, shape, share),
            "hi": s[-1] + stats.nbinom.ppf(1 - tail, shape, share),
        }
    ).assign(scenario="gamma_poisson", prior_weight_years=weight, reason="too_few_points")
    if len(t) < POINTS_FOR_PROBABILITY:
        return frame.assign(basis="indicative")
    frame = frame.assign(basis="prediction", reason="no_target")
    if goal is None:
        return frame
    needed = goal - s[-1]
    if direction > 0:
        probability = stats.nbinom.sf(np.ceil(needed - 1e-9) - 1, shape, share[-1])
    else:
        probability = stats.nbinom.cdf(np.floor(needed + 1e-9), shape, share[-1])
    return _with_probability(frame, float(probability), "")


def _finish(frames: list[pd.DataFrame], *, kind: str, n: int, level: float) -> pd.DataFrame:
    names = {"lo80": f"lo{level:g}", "hi80": f"hi{level:g}"}
    columns = [names.get(name, name) for name in COLUMNS]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in columns})
    found: dict[str, Any] = {
        name: np.concatenate([frame.get(name, np.full(len(frame), np.nan)) for frame in frames])
        for name in (*COLUMNS, "lo", "hi")
    }
    # A reduction runs against its scale, so the ends change places.
    ends = np.sort(scale.as_points(np.column_stack([found["lo"], found["hi"]]), kind=kind), axis=1)
    found |= {"n_points": n, "lo80": ends[:, 0], "hi80": ends[:, 1]}
    found |= {name: scale.as_points(found[name], kind=kind) for name in ("mean", "theil_sen")}
    return pd.DataFrame({names.get(name, name): found[name] for name in COLUMNS})
