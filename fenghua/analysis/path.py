"""The planned path (计划路径) of an indicator: its nodes, read from the register.

Answers: from where, through which targets, on which scale a path runs. Refuses: to guess a kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from fenghua.analysis import asked, entries, observed, scale
from fenghua.analysis.observed import NOISE, Rows
from fenghua.inputs.records import rows_by, rows_of
from fenghua.inputs.vocabulary import (
    COMPARATORS,
    KINDS,
    ROLES,
    SAFE_SIDES,
    PlanData,
    direction_sign,
    moves_back,
    weakest_end,
)


@dataclass(frozen=True)
class Path:
    """The planned path (计划路径) of one indicator: nodes in time and on the scale.

    ``values`` are printed units, ``scaled`` the same on the scale of the kind; both without the
    base. Of a range they hold the weakest end, ``others`` the stronger one (NaN without a range).
    ``base_value`` is NaN where the plan gives no start.
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
    others: tuple[float, ...]
    comparators: tuple[str, ...]
    is_yearly_flow: bool = False

    @property
    def base_scaled(self) -> float:
        """The start on the scale: 0 for growth and reduction."""
        return 0.0 if self.kind in scale.RATIO_KINDS else self.base_value

    @cached_property
    def scaled(self) -> tuple[float, ...]:
        """The targets on the scale."""
        return self._on_scale(self.values)

    @cached_property
    def others_scaled(self) -> tuple[float, ...]:
        """The stronger ends of ranges on the scale."""
        return self._on_scale(self.others)

    def _on_scale(self, values: tuple[float, ...]) -> tuple[float, ...]:
        spans = np.array(self.years) - self.base_year
        return tuple(scale.forward(np.array(values), kind=self.kind, years=spans).tolist())

    def at(self, time: Any) -> Any:
        """Return the path on the scale; after the last target it holds that target.

        Of a yearly task (annual) the floor of each year alone.
        """
        if self.kind == "annual":
            node = np.searchsorted(self.years, np.subtract(time, NOISE))
            return np.array(self.scaled)[node.clip(max=len(self.years) - 1)]
        nodes = (self.base_year, *self.years), (self.base_scaled, *self.scaled)
        return np.interp(time, *nodes)

    def printed(self, scaled: Any, time: Any) -> Any:
        """Return scale values in the printed unit at a time."""
        return scale.inverse(scaled, kind=self.kind, years=np.subtract(time, self.base_year))

    def is_met(self, scaled: float, node: int) -> bool:
        """Tell whether a scale value meets target number ``node``; a range by its weakest end."""
        size = NOISE / 100 if self.kind in scale.RATIO_KINDS else NOISE
        slack = max(size, 1e-14 * abs(self.scaled[node]))
        return bool(self.safe_side(node) * (scaled - self.scaled[node]) >= -slack)

    def is_beyond(self, scaled: float, node: int) -> bool:
        """Tell whether a scale value lies beyond the stronger end of a range."""
        beyond = self.ahead * (scaled - self.others_scaled[node])
        return bool(beyond > (NOISE / 100 if self.kind in scale.RATIO_KINDS else NOISE))

    def safe_side(self, node: int) -> int:
        """Return on which side of a target the scale is safe: 1 above it, -1 below."""
        return SAFE_SIDES.get(self.comparators[node], self.direction) * self.orientation

    @property
    def is_kept(self) -> bool:
        """Whether the base already meets the last target, so that it is to be kept (保持)."""
        has_base = bool(self.years) and not np.isnan(self.base_scaled)
        return has_base and self.is_met(self.base_scaled, len(self.years) - 1)

    def chained(self, rows: Rows) -> Rows:
        """Return the observations after the base year, each with its place on the scale."""
        base = {"base_year": self.base_year, "base": self.base_scaled}
        return observed.chained(rows, kind=self.kind, is_yearly_flow=self.is_yearly_flow, **base)

    def coming(self, now: float) -> int:
        """Return the number of the target that comes next, or of the last one after the end."""
        return min(sum(year < now - NOISE for year in self.years), len(self.years) - 1)

    @property
    def orientation(self) -> int:
        """-1 where the scale runs against the printed unit (reductions), else 1."""
        return -1 if self.kind == "reduction" else 1

    @property
    def ahead(self) -> int:
        """The sign of progress on the scale."""
        return self.direction * self.orientation


def read(
    targets: pd.DataFrame,
    indicator_id: str,
    *,
    rows: Rows | None = None,
    kind: str | None = None,
    start: str | None = None,
    direction: int | str | None = None,
    base_value: float | None = None,
    base_year: float | None = None,
    is_yearly_flow: bool = False,
) -> Path:
    """Return the nodes of an indicator's planned path, read from the register.

    As ``trajectory.planned_path``. ``rows`` are the indicator's own rows of ``targets``, where the
    caller has them. ``base_year`` is used where neither a baseline row nor the targets name one;
    else the one year in which all other baselines stand.
    """
    if rows is None:
        rows = rows_of(targets[targets["indicator_id"] == str(indicator_id)])
    if not rows:
        raise asked.unknown("indicator_id", indicator_id, targets["indicator_id"])
    kind = kind or _word(rows, "kind")
    if kind not in KINDS:
        raise ValueError(f"{indicator_id}: kind is {kind!r}; allowed: {', '.join(KINDS)}")
    kind = "cumulative" if kind == "assigned" else kind
    rows = [_told(row) for row in rows]
    stated = [row for row in rows if row["role"] == "target"]
    printed = [row for row in rows if row["role"] == "baseline"]
    sign = direction_sign(direction or _word(rows, "direction") or 1)
    goals = [row | _ends(row, sign) for row in stated if not pd.isna(row["value"])]
    goals.sort(key=lambda row: float(row["year"]))
    year = _base_year(stated, printed, targets, base_year, kind=kind)
    other_bases = [base for base in _numbers(printed, "base_year") if base != year]
    path = Path(
        indicator_id=indicator_id,
        kind=kind,
        # A reduction is counted upwards in percent whichever way its intensity is meant to move.
        direction=1 if kind == "reduction" else sign,
        base_year=year,
        base_value=_base_value(printed, kind, start or _word(rows, "start"), base_value),
        base_printed=_word(printed, "printed"),
        is_base_broken=kind == "reduction" and bool(other_bases),
        years=tuple(float(row["year"]) for row in goals),
        values=tuple(row["weakest"] for row in goals),
        others=tuple(row["strongest"] for row in goals),
        comparators=tuple(_word([row], "comparator") or "=" for row in goals),
        is_yearly_flow=is_yearly_flow,
    )
    _refuse_disorder(path)
    _refuse_contradiction(path)
    return path


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the register with its numbers as numbers; a word it cannot have is refused.

    A role or comparator in other letters would leave the row out, or turn a cap into a goal.
    """
    about = f"targets: {row['indicator_id']}"
    for column, allowed in (("role", ROLES), ("comparator", ("", *COMPARATORS))):
        if (word := _word([row], column)) not in allowed:
            listed = ", ".join(filter(None, allowed))
            raise ValueError(f"{about}: {column} is {word!r}; allowed: {listed}")
    columns = ("year", "value", "value_high", "base_year")
    numbers = {name: entries.number(f"{about}: {name}", row.get(name)) for name in columns}
    if np.isnan(numbers["year"]) and not np.isnan(numbers["value"]):
        raise ValueError(f"{about}: year is missing; allowed: the year of the {row['role']}")
    return {**row, **numbers}


def _refuse_disorder(path: Path) -> None:
    """Refuse two targets of one year, and one that is due before the path begins."""
    for before, after in pairwise((path.base_year, *path.years)):
        is_first = before == path.base_year
        if after <= before and not (is_first and path.kind == "annual"):
            start = "the base year" if is_first else "the target before"
            raise ValueError(
                f"targets: {path.indicator_id}: year is {after:g}; allowed: one after {start}, "
                f"{before:g}"
            )


def _ends(row: Mapping[str, Any], sign: int) -> dict[str, float]:
    """Return the weakest end of a target, and the stronger one where it is a range."""
    value, high = float(row["value"]), row.get("value_high", np.nan)
    if _word([row], "comparator") != "range" or pd.isna(high):
        return {"weakest": value, "strongest": np.nan}
    ends = [weakest_end(each, value, float(high)) for each in (sign, -sign)]
    return dict(zip(("weakest", "strongest"), ends, strict=True))


def _word(rows: Rows, column: str) -> str:
    """Return the first non-empty word of a column, or an empty one."""
    words = (str(row.get(column, "")).strip() for row in rows if not pd.isna(row.get(column, "")))
    return next(filter(None, words), "")


def _numbers(rows: Rows, column: str) -> list[float]:
    """Return the numbers of a column; blanks are left out."""
    return [float(word) for row in rows if (word := _word([row], column))]


def _base_year(
    goals: Rows, printed: Rows, targets: pd.DataFrame, given: float | None, *, kind: str
) -> float:
    own = [] if kind in scale.RATIO_KINDS else _numbers(printed, "year")
    years = own + _numbers(goals, "base_year") + _numbers(printed, "year")
    if not years and given is not None:
        years = [float(given)]
    if not years:
        baselines = rows_of(targets[targets["role"] == "baseline"])
        shared = set(_numbers(baselines, "year"))
        years = list(shared) if len(shared) == 1 else []
    if not years:
        raise ValueError("no base year: neither a baseline row, nor base_year, nor one shared year")
    return years[0]


def _base_value(printed: Rows, kind: str, start: str, given: float | None) -> float:
    if kind in scale.RATIO_KINDS:
        return 0.0
    if given is not None:
        return float(given)
    values = _numbers(printed, "value")
    if start == "zero" or (kind == "cumulative" and start != "observed" and not values):
        return 0.0
    return values[0] if values and start != "observed" else float("nan")


def _refuse_contradiction(path: Path) -> None:
    """Refuse a target that a direction cannot mean; a floor or cap already met is no error."""
    for year, value, word in zip(path.years, path.values, path.comparators, strict=True):
        about = {"base": path.base_value, "target": value, "comparator": word}
        if path.kind != "annual" and moves_back(path.direction, **about):
            raise ValueError(
                f"targets: {path.indicator_id}, year {year:g}: direction {path.direction} "
                f"contradicts target {word} {value:g} (base {path.base_value:g})"
            )


def with_bases(ds: PlanData, rows: Mapping[str, Rows]) -> dict[str, Path]:
    """Return the paths of indicators, started from the base year's figure where the plan says so.

    ``rows`` are each indicator's observations (``t``, ``value``), oldest first.
    """
    listed = rows_by(ds.indicators, "indicator_id")
    stated = observed.by_indicator(ds.targets)
    found = {}
    for name, own in rows.items():
        if name not in listed:
            raise asked.unknown("indicator_id", name, ds.indicators["indicator_id"])
        about = {key: listed[name].get(key) for key in ("kind", "start", "direction")}
        path = read(
            ds.targets,
            name,
            rows=stated.get(name, []),
            base_year=ds.plan["base_year"],
            is_yearly_flow=entries.mark(listed[name].get("is_yearly_flow"), "is_yearly_flow")
            is True,
            **about,
        )
        at_base = [row["value"] for row in own if abs(row["t"] - path.base_year) < NOISE]
        if np.isnan(path.base_value) and at_base:
            path = replace(path, base_value=float(at_base[-1]))
            _refuse_contradiction(path)
        found[name] = path
    return found
