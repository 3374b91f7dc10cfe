"""The plan's own path from its base year through its milestones, and what was observed beside it.

Answers: where an indicator should stand on a day. Refuses: one straight line, a guessed kind.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fenghua.analysis import observed, scale
from fenghua.analysis.parity import Progress, cagr_progress
from fenghua.analysis.projection import project
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import KINDS, direction_sign

__all__ = [
    "Line",
    "Progress",
    "cagr_progress",
    "line",
    "planned_index",
    "planned_path",
    "points",
    "project",
    "required_rate",
]

NOISE = observed.NOISE


@dataclass(frozen=True)
class Line:
    """The planned path (计划路径) of one indicator: nodes in time and on the scale.

    ``values`` are printed units, ``scaled`` the same on the scale of the kind; both without the
    base. ``base_value`` is NaN where the plan gives no start.
    """

    indicator_id: str
    kind: str
    direction: int
    base_year: float
    base_value: float
    base_printed: str
    is_base_broken: bool
    years: tuple[float, ...]
    values: tuple[float, ...]
    comparators: tuple[str, ...]

    @property
    def base_scaled(self) -> float:
        """The start on the scale: 0 for growth and reduction."""
        return 0.0 if self.kind in scale.RATIO_KINDS else self.base_value

    @property
    def scaled(self) -> tuple[float, ...]:
        """The targets on the scale."""
        spans = np.array(self.years) - self.base_year
        return tuple(scale.forward(np.array(self.values), kind=self.kind, years=spans).tolist())

    def at(self, time: Any) -> Any:
        """Return the path on the scale; after the last target it holds that target."""
        nodes = (self.base_year, *self.years), (self.base_scaled, *self.scaled)
        return np.interp(time, *nodes)

    def printed(self, scaled: Any, time: Any) -> Any:
        """Return scale values in the printed unit at a time."""
        return scale.inverse(scaled, kind=self.kind, years=np.subtract(time, self.base_year))

    def is_met(self, scaled: float, node: int) -> bool:
        """Tell whether a scale value meets target number ``node``; a range by its weakest end."""
        word = self.comparators[node]
        sign = {">=": 1, "<=": -1}.get(word, self.direction) * self.orientation
        size = NOISE / 100 if self.kind in scale.RATIO_KINDS else NOISE
        slack = max(size, 1e-14 * abs(self.scaled[node]))
        return bool(sign * (scaled - self.scaled[node]) >= -slack)

    @property
    def orientation(self) -> int:
        """-1 where the scale runs against the printed unit (reductions), else 1."""
        return -1 if self.kind == "reduction" else 1

    @property
    def ahead(self) -> int:
        """The sign of progress on the scale."""
        return self.direction * self.orientation


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
        Growth: planned average percent a year (``planned_index`` gives the index). Annual: the
        floor of that year. After the last target the path holds it.

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
    path = line(
        targets, indicator_id, kind=kind, start=start, base_value=base_value, base_year=base_year
    )
    times = np.asarray(periods.end(at) if isinstance(at, str) else at, dtype="float64")
    if not path.years:
        raise ValueError(f"{indicator_id}: the plan assigns no figure, so there is no path")
    if np.any(times < path.base_year - NOISE) or np.isnan(times).any():
        raise ValueError(f"{indicator_id}: at={at!r} lies before the base year {path.base_year:g}")
    if path.kind == "annual":
        nodes = np.searchsorted(path.years, times - NOISE).clip(max=len(path.years) - 1)
        values = np.asarray(path.values)[nodes]
    elif np.isnan(path.base_scaled):
        raise ValueError(f"{indicator_id}: no start of the path; give base_value")
    else:
        # An average has no value at the base year itself: take the first moment after it.
        first = path.base_year + (NOISE if path.kind == "growth" else 0)
        times = np.clip(times, first, path.years[-1])
        values = path.printed(path.at(times), times)
    return float(values) if values.ndim == 0 else values


def planned_index(targets: pd.DataFrame, indicator_id: str, *, at: Any, **known: Any) -> Any:
    """Return the planned chained index of a growth target, base year = 100 (计划指数).

    Parameters
    ----------
    targets, indicator_id, at, **known
        As in ``planned_path``.

    Examples
    --------
    >>> targets = pd.DataFrame({"indicator_id": "g", "role": "target", "year": [2023, 2025],
    ...     "value": 6.0, "base_year": 2020, "kind": "growth"})
    >>> round(planned_index(targets, "g", at=2022.0), 2)
    112.36
    """
    path = line(targets, indicator_id, **known)
    if path.kind != "growth":
        raise ValueError(f"{indicator_id} is {path.kind}; an index belongs to growth targets")
    index = 100 * np.exp(path.at(np.asarray(at, dtype="float64")))
    return float(index) if index.ndim == 0 else index


def line(
    targets: pd.DataFrame,
    indicator_id: str,
    *,
    kind: str | None = None,
    start: str | None = None,
    direction: int | str | None = None,
    base_value: float | None = None,
    base_year: float | None = None,
) -> Line:
    """Return the nodes of an indicator's planned path, read from the register.

    Parameters
    ----------
    targets, indicator_id, kind, start, base_value, base_year
        As in ``planned_path``. ``base_year`` is used where neither a baseline row nor the
        targets name one; else the one year in which all other baselines stand.
    direction : int or str, optional
        Overrides the register's column; 1 where neither is given.

    Raises
    ------
    ValueError
        Unknown indicator or kind, no base year, or a direction against its target.
    """
    rows = targets[targets["indicator_id"] == indicator_id]
    if rows.empty:
        raise ValueError(f"indicator_id is {indicator_id!r}; it has no row in targets")
    kind = kind or _word(rows, "kind")
    if kind not in KINDS:
        raise ValueError(f"{indicator_id}: kind is {kind!r}; allowed: {', '.join(KINDS)}")
    stated = rows[rows["role"] == "target"].sort_values("year")
    goals = stated[stated["value"].notna()]
    printed = rows[rows["role"] == "baseline"]
    sign = direction_sign(_first(direction, _word(rows, "direction"), 1))
    kind = "cumulative" if kind == "assigned" else kind
    # A reduction is counted upwards in percent whichever way its intensity is meant to move.
    year = _base_year(stated, printed, targets, base_year, kind=kind)
    start = start or _word(rows, "start")
    read = Line(
        indicator_id=indicator_id,
        kind=kind,
        direction=1 if kind == "reduction" else sign,
        base_year=year,
        base_value=_base_value(printed, kind, start, base_value),
        base_printed=_word(printed, "printed"),
        is_base_broken=kind == "reduction" and _has_other_base(printed, year),
        years=tuple(goals["year"].astype("float64")),
        values=tuple(goals["value"].astype("float64")),
        comparators=tuple(goals["comparator"]) if "comparator" in goals else ("=",) * len(goals),
    )
    _refuse_contradiction(read)
    return read


def _first(*values: Any) -> Any:
    return next(value for value in values if value is not None and value != "")


def _word(rows: pd.DataFrame, column: str) -> str:
    """Return the one non-empty word of a column, or an empty one."""
    words = [word for word in rows.get(column, pd.Series(dtype=object)) if not pd.isna(word)]
    return str(words[0]) if words else ""


def _numbers(rows: pd.DataFrame, column: str) -> list[float]:
    values = pd.to_numeric(rows.get(column, pd.Series(dtype="float64")), errors="coerce")
    return values.dropna().astype("float64").tolist()


def _base_year(
    goals: pd.DataFrame,
    printed: pd.DataFrame,
    targets: pd.DataFrame,
    given: float | None,
    *,
    kind: str,
) -> float:
    own = [] if kind in scale.RATIO_KINDS else _numbers(printed, "year")
    years = own + _numbers(goals, "base_year") + _numbers(printed, "year")
    if not years and given is not None:
        years = [float(given)]
    if not years:
        shared = set(_numbers(targets[targets["role"] == "baseline"], "year"))
        years = list(shared) if len(shared) == 1 else []
    if not years:
        raise ValueError("no base year: neither a baseline row, nor base_year, nor one shared year")
    return years[0]


def _base_value(printed: pd.DataFrame, kind: str, start: str, given: float | None) -> float:
    if kind in scale.RATIO_KINDS:
        return 0.0
    if given is not None:
        return float(given)
    values = _numbers(printed, "value")
    if start == "zero" or (kind == "cumulative" and start != "observed" and not values):
        return 0.0
    return values[0] if values and start != "observed" else float("nan")


def _has_other_base(printed: pd.DataFrame, year: float) -> bool:
    return any(base != year for base in _numbers(printed, "base_year"))


def _refuse_contradiction(path: Line) -> None:
    """Refuse a target that a direction cannot mean; a floor or cap already met is no error."""
    for year, value, word in zip(path.years, path.values, path.comparators, strict=True):
        moves_back = path.direction * (value - path.base_value) < -NOISE
        is_tolerated = path.kind == "annual" or word in (">=", "<=")
        if {">=": 1, "<=": -1}.get(word, path.direction) != path.direction or (
            moves_back and not is_tolerated
        ):
            raise ValueError(
                f"targets: {path.indicator_id}, year {year:g}: direction {path.direction} "
                f"contradicts target {word} {value:g} (base {path.base_value:g})"
            )


def required_rate(value: float, target: float, *, kind: str, years: float) -> float:
    """Return the pace needed from a value to a target (所需年均速度).

    Parameters
    ----------
    value, target : float
        Printed units; for growth the chained index (base year = 100).
    kind : str
        One of ``vocabulary.KINDS``.
    years : float
        Years left, above 0.

    Returns
    -------
    float
        Units a year, or percent a year for growth and reduction; positive moves upwards.

    Examples
    --------
    >>> round(required_rate(6.0, 10.4, kind="reduction", years=1), 4)
    4.6809
    """
    if not years > 0:
        raise ValueError(f"years is {years!r}; allowed: above 0")
    if kind == "growth":
        return float(100 * np.expm1(np.log(target / value) / years))
    change = scale.forward(target, kind=kind) - scale.forward(value, kind=kind)
    return float(scale.yearly_rate(change, kind=kind, years=years))


def points(
    ds: Any, indicator_id: str, *, as_of: Any = None, area: str | None = None, known_on: Any = None
) -> pd.DataFrame:
    """Return one point a calendar year, base included, for ``project`` (观测点).

    Monthly figures are cumulative and closely related: counting each would feign precision, so
    the last of each year stands for it.

    Parameters
    ----------
    ds : Dataset
        Anything with ``indicators``, ``targets``, ``observations`` and ``plan``.
    as_of, area, known_on
        As in ``gap.assess``; without ``as_of`` all observations count.

    Returns
    -------
    DataFrame
        ``t`` (decimal year), ``value`` (printed unit; growth: chained index, base year = 100),
        ``period`` (blank for the base).
    """
    until = np.inf if as_of is None else periods.end(as_of)
    rows = observed.read(
        ds.observations, area=area or ds.plan["area_code"], until=until, known_on=known_on
    )
    rows = rows[rows["indicator_id"] == indicator_id]
    path = with_base(ds, indicator_id, rows)
    chained = observed.chain(
        rows, kind=path.kind, base_year=path.base_year, base=path.base_scaled
    ).dropna(subset="s")
    last = chained.groupby(np.ceil(chained["t"] - NOISE)).tail(1)
    s = [path.base_scaled, *last["s"]]
    values = 100 * np.exp(s) if path.kind == "growth" else scale.inverse(s, kind=path.kind)
    frame = pd.DataFrame(
        {"t": [path.base_year, *last["t"]], "value": values, "period": ["", *last["period"]]}
    )
    return frame.dropna(subset="value").reset_index(drop=True)


def with_base(ds: Any, indicator_id: str, rows: pd.DataFrame) -> Line:
    """Return an indicator's path, started from its base-year observation where the plan says so."""
    about = ds.indicators[ds.indicators["indicator_id"] == indicator_id].iloc[0]
    known = {
        "kind": about["kind"],
        "start": about.get("start", ""),
        "direction": about.get("direction"),
        "base_year": ds.plan["base_year"],
    }
    path = line(ds.targets, indicator_id, **known)
    at_base = rows.loc[(rows["t"] - path.base_year).abs() < NOISE, "value"]
    if np.isnan(path.base_value) and len(at_base):
        path = line(ds.targets, indicator_id, **known, base_value=at_base.iloc[-1])
    return path
