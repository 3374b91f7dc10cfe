"""The plan's own path from its base year through its milestones, and what was observed beside it.

Answers: where an indicator should stand on a day. Refuses: one straight line, a guessed kind.
"""

from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, course
from fenghua.analysis.observed import NOISE
from fenghua.analysis.parity import Progress, cagr_progress
from fenghua.analysis.path import read as read_path
from fenghua.analysis.projection import project
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import PlanData

__all__ = [
    "Progress",
    "cagr_progress",
    "planned_path",
    "points",
    "project",
]

_TIMES: Final = (
    "decimal years from the base year on (2023.0 is the end of 2023), or a period such as 2023-06"
)


@asked.as_declared
def planned_path(
    targets: pd.DataFrame,
    indicator_id: str,
    *,
    at: Any,
    kind: str | None = None,
    start: str | None = None,
    base_value: float | None = None,
    base_year: float | None = None,
) -> Any:
    """Return the value on the plan's own path (计划路径), in the printed unit.

    Parameters
    ----------
    targets : DataFrame
        ``Dataset.targets``; ``kind``, ``start`` and ``direction`` columns are used where present.
    indicator_id : str
        A key of the register.
    at : float, str or array
        Decimal years at the end of a period (2022.5 is 2023-06) or a period's text.
    kind, start, base_value, base_year
        Stand in for what the register lacks; an ``observed`` start needs ``base_value``.

    Returns
    -------
    float or array
        Level, cumulative: natural units. Reduction: positive percent below the base year.
        Growth: planned average percent a year. Annual: the floor of that year. After the last
        target the path holds it.

    Raises
    ------
    ValueError
        Unknown indicator or kind, no figure, no start, or a time before the base year.

    Notes
    -----
    Piecewise straight on the scale of the kind: ``x``, the log index, or ``ln(1-c)``.

    Examples
    --------
    >>> rows = [("baseline", 2020, 17.0), ("target", 2023, 100.0), ("target", 2025, 200.0)]
    >>> targets = pd.DataFrame(rows, columns=["role", "year", "value"]).assign(
    ...     indicator_id="closed", kind="cumulative")
    >>> planned_path(targets, "closed", at="2024-06")
    125.0
    """
    asked.check_columns(targets, "indicator_id", "role", "year", "value")
    path = read_path(
        targets, indicator_id, kind=kind, start=start, base_value=base_value, base_year=base_year
    )
    try:
        is_named = isinstance(at, str | date)
        times = np.asarray(periods.end(periods.asked(at)) if is_named else at, dtype="float64")
    except (TypeError, ValueError):
        raise ValueError(f"at is {at!r}; allowed: {_TIMES}") from None
    if np.isnan(times).any():
        raise ValueError(f"at is {at!r}; allowed: {_TIMES}")
    if not path.years:
        raise ValueError(f"{indicator_id}: the plan assigns no figure, so there is no path")
    if np.any(times < path.base_year - NOISE):
        raise ValueError(f"{indicator_id}: at={at!r} lies before the base year {path.base_year:g}")
    if np.isnan(path.base_scaled) and path.kind != "annual":
        raise ValueError(f"{indicator_id}: no start of the path; give base_value")
    # An average has no value at the base year itself: take the first moment after it.
    first = path.base_year + (NOISE if path.kind == "growth" else 0)
    times = np.clip(times, first, path.years[-1])
    values = path.printed(path.at(times), times)
    return float(values) if values.ndim == 0 else values


@asked.as_declared
def points(
    ds: PlanData,
    indicator_id: str,
    *,
    as_of: Any = None,
    area: str | int | None = None,
    known_on: Any = None,
) -> pd.DataFrame:
    """Return one point a calendar year, base included, for ``project`` (观测点).

    Monthly figures are cumulative and closely related: counting each would feign precision, so
    the last of each year stands for it.

    ``as_of``, ``area`` and ``known_on`` are those of ``gap.assess``; without ``as_of`` all
    observations count.

    Columns: ``t`` (decimal year), ``value`` (printed unit; growth: chained index, base year = 100),
    ``period`` (blank for the base).
    """
    known = course.courses(ds, indicator_id, as_of=as_of, area=area, known_on=known_on)
    return known[str(indicator_id)].points
