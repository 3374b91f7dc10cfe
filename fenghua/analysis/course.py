"""Where each indicator came from and where it may go: path, observations, and what may follow.

Answers: what a trajectory chart draws. Refuses: to store a projection with observations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, entries, observed, projection, scale
from fenghua.analysis.observed import NOISE, Rows
from fenghua.analysis.path import Path, with_bases
from fenghua.inputs import periods
from fenghua.inputs.records import rows_by
from fenghua.inputs.vocabulary import RANKS, PlanData

COLUMNS: Final = ["series", "t", "value", "low", "high", "label"]
_MOST_OF_A_SHARE: Final = 100.0
_FIRST_RANK: Final = 1.0
_MONEY: Final = "元"  # a balance may be below 0


@dataclass(frozen=True)
class Course:
    """One indicator's path, its chained observations, and one point a year.

    ``about`` is its row of the register, ``parameters`` those of the dataset.
    """

    path: Path
    about: Mapping[str, Any]
    chained: Rows
    points: pd.DataFrame
    parameters: Mapping[str, float]

    @cached_property
    def ahead(self) -> pd.DataFrame:
        """The projection up to the last target; no rows without a path and two points."""
        if not self.has_path or self.path.kind == "annual" or len(self.points) < 2:
            return pd.DataFrame()
        return self.projected(self.path.years[-1])

    @property
    def has_path(self) -> bool:
        """Whether the plan gives figures from which a path can be drawn."""
        return bool(self.path.years) and not np.isnan(self.path.base_scaled)

    @property
    def plan(self) -> dict[float, float]:
        """The plan as points hold it; where the base is to be kept, it moves nothing."""
        years, scaled = (self.path.base_year, *self.path.years), self.path.scaled
        start = scaled[0] if self.path.is_kept else self.path.base_scaled
        values = self.drawn(np.array([start, *scaled]))
        return dict(zip(years, values.tolist(), strict=True))

    def drawn(self, scaled: Any) -> Any:
        """Return scale values in the unit drawn: an index for growth, else the printed unit."""
        return scale.as_points(scaled, kind=self.path.kind)

    def printed(self, drawn: Any, t: float) -> Any:
        """Return figures as drawn in the printed unit: growth as average percent a year."""
        if self.path.kind != "growth":
            return drawn
        return self.path.printed(scale.of_points(drawn, kind="growth"), t)

    @property
    def is_count(self) -> bool:
        """Whether the figures are whole things."""
        return bool(entries.mark(self.about.get("is_count"), "is_count"))

    @property
    def goal(self) -> float:
        """The last target in the unit drawn."""
        return float(self.drawn(np.array(self.path.scaled[-1])))

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """The least and the largest figure that is possible, in the unit drawn (取值范围).

        A rank begins at 1, a share ends at 100, a number of things is not below 0, nor is what
        must fall and is no money. An end that a known figure lies beyond is none.
        """
        if self.path.kind in (*scale.RATIO_KINDS, "cumulative"):  # these have their own
            return -np.inf, np.inf
        unit, least = str(self.about.get("unit", "")).strip(), -np.inf
        falls = self.path.direction < 0 and bool(unit) and _MONEY not in unit.partition("/")[0]
        if unit in RANKS:
            least = _FIRST_RANK
        elif falls or self.path.kind == "milestone" or self.is_count:
            least = 0.0
        most = _MOST_OF_A_SHARE if unit == "%" else np.inf
        known = np.array([self.path.base_value, *self.path.values, *self.points["value"]])
        has_less, has_more = (known < least).any(), (known > most).any()
        return -np.inf if has_less else least, np.inf if has_more else most

    def projected(self, until: float, *, every_year: bool = True) -> pd.DataFrame:
        """Return the projection of the points up to a year, with ``low`` and ``high``."""
        least, most = self.bounds
        level = self.parameters["interval_level_pct"]
        frame = projection.project(
            self.points,
            kind=self.path.kind,
            until=until,
            plan=self.plan,
            direction=self.path.direction,
            decimals=pd.to_numeric(self.about.get("decimals"), errors="coerce"),
            is_count=self.is_count,
            cap=most if most < np.inf else None,
            least=least if least > -np.inf else None,
            level=level,
            word_level=self.parameters["word_level_pct"],
            every_year=every_year,
        )
        ends = {f"lo{level:g}": "low", f"hi{level:g}": "high"}
        frame = frame.set_axis([ends.get(name, name) for name in frame], axis=1)
        if str(self.about.get("unit", "")).strip() not in RANKS:
            return frame
        whole = {"low": np.floor(frame["low"] + NOISE), "high": np.ceil(frame["high"] - NOISE)}
        return frame.assign(**whole)  # a place is a whole number: outwards, as for counts


@asked.as_declared
def courses(
    ds: PlanData,
    indicator_ids: Iterable[str],
    *,
    as_of: str | int | date | None = None,
    area: str | int | None = None,
    known_on: Any = None,
) -> dict[str, Course]:
    """Return the course of each indicator up to a period (without one: all), and its projection.

    ``area`` and ``known_on`` are those of ``gap.assess``.
    """
    until = np.inf if as_of is None else periods.end(periods.asked(as_of))
    seen = observed.known(ds, asked.area(ds, area), known_on)
    own = observed.by_indicator(seen[seen["t"] <= until + NOISE])
    rows = {key: own.get(key, []) for key in asked.names(indicator_ids)}
    paths = with_bases(ds, rows)
    listed = rows_by(ds.indicators, "indicator_id")
    found = {}
    for key, part in rows.items():
        every = paths[key].chained(part)
        chained = [row for row in every if not (np.isnan(row["s"]) or row["is_implied"])]
        points = _yearly(paths[key], chained)
        found[key] = Course(paths[key], listed[key], chained, points, ds.parameters)
    return found


def _yearly(path: Path, chained: Rows) -> pd.DataFrame:
    """Return the base and the last chained observation of each calendar year."""
    last = {np.ceil(row["t"] - NOISE): row for row in chained}.values()
    # Yearly floors stand alone: they have no base to start from.
    base = np.nan if path.kind == "annual" else path.base_scaled
    s = np.array([base, *(row["s"] for row in last)])
    frame = pd.DataFrame(
        {
            "t": [path.base_year, *(row["t"] for row in last)],
            "value": scale.as_points(s, kind=path.kind),
            "period": ["", *(row["period"] for row in last)],
        }
    )
    return frame.dropna(subset="value").reset_index(drop=True)


@asked.as_declared
def series(course: Course) -> pd.DataFrame:
    """Return all that a trajectory chart draws of one indicator.

    Columns: ``series`` (path, milestone, observation, required, reading, interval), ``t`` in
    decimal years, ``value`` with ``low`` and ``high`` in the printed unit (growth: chained index,
    base year = 100), ``label`` (the target's figure; pace or shape). Empty without a path.
    """
    path = course.path
    if not course.has_path:
        return pd.DataFrame(columns=COLUMNS)
    times = np.unique(np.append(np.arange(path.base_year, path.years[-1], 0.25), path.years))
    sign = "%" if path.kind in scale.RATIO_KINDS else ""
    scaled = [row["s"] for row in course.chained]
    first = min([row["t"] for row in course.chained], default=np.inf)
    start = course.points[course.points["t"] < first - NOISE].head(1)
    parts = [
        {"series": "path", "t": times, "value": course.drawn(path.at(times))},
        {
            "series": "milestone",
            "t": path.years,
            "value": course.drawn(np.array(path.scaled)),
            "label": [f"{value:g}{sign}" for value in path.values],
        },
        {
            "series": "observation",
            "t": [*start["t"], *(row["t"] for row in course.chained)],
            "value": [*start["value"], *course.drawn(np.array(scaled))],
        },
        *_ahead(course),
    ]
    frame = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
    return frame.reindex(columns=COLUMNS)


def stopped(known: Mapping[str, Course]) -> list[str]:
    """Return the indicators of which a reading ends where the possible does (取值范围的尽头)."""
    found = []
    for key, course in known.items():
        ends = [end for end in course.bounds if np.isfinite(end)]
        last = course.ahead.tail(1)
        if not last.empty and np.isin(last[["pace", "shape"]], ends).any():
            found.append(key)
    return found


@asked.as_declared
def year_by_year(known: Mapping[str, Course]) -> pd.DataFrame:
    """Return each year's end of the plan: what was observed, and what the path asked for (逐年).

    Columns: ``indicator_id``, ``year``, ``value`` and ``path_value`` in the printed unit (growth:
    average percent a year since the base year), ``is_behind``: short of the path, in a target's
    own year of the target. Years without a figure, and indicators without a path, have no row.
    """
    rows = []
    for key, course in known.items():
        own = course.points if course.has_path else course.points.iloc[:0]
        for point in own.itertuples():
            year, path = round(point.t), course.path
            if abs(point.t - year) < NOISE and path.base_year < year <= path.years[-1]:
                s, planned = float(scale.of_points(point.value, kind=path.kind)), path.at(year)
                row = {"indicator_id": key, "year": year, "is_behind": _is_behind(path, s, year)}
                ends = {"value": s, "path_value": planned}
                rows.append(row | {name: float(path.printed(x, year)) for name, x in ends.items()})
    return pd.DataFrame(rows, columns=["indicator_id", "year", "value", "path_value", "is_behind"])


def _is_behind(path: Path, s: float, year: float) -> bool:
    node = path.coming(year)
    is_due = path.kind == "annual" or abs(path.years[node] - year) < NOISE
    if path.is_kept or is_due:
        return not path.is_met(s, node)
    return bool(path.ahead * (s - float(path.at(year))) < -NOISE)


def behind_since(years: pd.DataFrame) -> pd.Series:
    """Return since when each indicator has been behind in every year up to its last (何时落下).

    ``years`` are rows of `year_by_year`. A year that keeps up, or that has no figure, ends a run;
    an indicator that is not behind in its last year is left out.

    Examples
    --------
    >>> rows = [("a", 2021, True), ("a", 2022, False), ("a", 2023, True), ("a", 2024, True)]
    >>> years = pd.DataFrame(rows, columns=["indicator_id", "year", "is_behind"])
    >>> behind_since(years).to_dict()
    {'a': 2023}
    """
    rows = years.sort_values(["indicator_id", "year"], kind="stable").astype({"is_behind": bool})
    by = rows.groupby("indicator_id")
    goes_on = by["is_behind"].shift(fill_value=False) & (by["year"].diff() == 1)
    rows["since"] = rows["year"].where(~goes_on)
    rows["since"] = rows.groupby("indicator_id")["since"].ffill()
    last = rows.groupby("indicator_id").tail(1).query("is_behind")
    return last.set_index("indicator_id")["since"].astype(int)


def _ahead(course: Course) -> list[dict[str, Any]]:
    """Return the required line, the readings and the interval, from the last point on."""
    ahead, points = course.ahead, course.points
    if ahead.empty:
        return []
    latest, end = points.iloc[-1], course.path.years[-1]
    parts = [
        {"series": "required", "t": [latest["t"], end], "value": [latest["value"], course.goal]}
    ]
    start = ahead["t"].iloc[0] - ahead["years_ahead"].iloc[0]
    value = points.loc[(points["t"] - start).abs() < NOISE, "value"].iloc[0]
    times = [start, *ahead["t"]]
    for name in ("pace", "shape"):
        if ahead[name].notna().all():
            values = [value, *ahead[name]]
            parts.append({"series": "reading", "t": times, "value": values, "label": name})
    if ahead["low"].notna().any():
        ends = {"low": [value, *ahead["low"]], "high": [value, *ahead["high"]]}
        parts.append({"series": "interval", "t": times} | ends)
    return parts
