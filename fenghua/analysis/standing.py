"""One indicator at one moment: every part of its row in the gap table.

Answers: what is known of it, by which path and rule it is judged. Refuses: a gap without its
reason.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import effort, entries, scale, verdict
from fenghua.analysis.effort import METHODS
from fenghua.analysis.measured import Measured, figure, none
from fenghua.analysis.observed import NOISE, Rows
from fenghua.analysis.path import Path
from fenghua.analysis.verdict import Ruling
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import PlanData

TARGETS: Final = (
    "next_target_year",
    "next_target_value",
    "end_target_year",
    "end_target_value",
    "time_share",
    "milestone_year",
    "next_target_other",
    "end_target_other",
)
OBSERVED: Final = ("observed_at", "reported_value", "previous_value", "age_months")
MEASURES: Final = (
    "value",
    "path_value",
    "gap_to_path",
    "gap_to_next",
    "gap_to_end",
    "attainment_next",
    "attainment_end",
    "equivalent_years",
    "schedule_index",
    "effort_factor",
    "required_rate",
    "achieved_rate",
    "effort_target_year",
    "remaining_to_next",
    "remaining_to_end",
    *verdict.FLIPS,
    "flip_margin",
    "effort_end",
    "required_end",
    "attainment_next_other",
    "attainment_end_other",
    *effort.ROOM,
)


@dataclass(frozen=True)
class Standing:
    """One indicator at one moment. ``path`` and ``rows`` are those it is judged by.

    ``whole_path`` is the plan's; of a yearly task ``path`` is that of one year alone. ``reported``
    are its figures up to ``now``, the end of the period assessed.
    """

    ds: PlanData
    about: dict[str, Any]
    whole_path: Path
    reported: Rows
    now: float

    @property
    def end(self) -> float:
        """The moment judged at: now, or the last target's date once that is over."""
        return min([self.now, *self.whole_path.years[-1:]])

    @cached_property
    def seen(self) -> Rows:
        """The figures up to the moment; after the last target only its own date counts."""
        return [row for row in self.reported if row["t"] <= self.end + NOISE]

    @cached_property
    def chained(self) -> Rows:
        """The figures after the base year, each with its place on the scale."""
        return self.whole_path.chained(self.seen)

    @cached_property
    def path(self) -> Path:
        """The path judged by: of a yearly task that of one year alone."""
        path, end = self.whole_path, self.end
        if path.kind != "annual" or not path.years or end <= path.base_year + NOISE:
            return path
        is_year_end = abs(end - round(end)) < NOISE
        year = end if is_year_end or not self.chained else self.chained[-1]["t"]
        return _year_path(path, year, unit=self.unit)

    @cached_property
    def rows(self) -> Rows:
        """The figures after the start of the path judged by."""
        return [row for row in self.chained if row["t"] > self.path.base_year + NOISE]

    @cached_property
    def ruling(self) -> Ruling:
        """The status, and how it comes about."""
        if not self.path.years:
            is_assigned = self.about["kind"] == "assigned"
            reason = "target_not_assigned" if is_assigned else "target_not_quantified"
            return Ruling("not_assessable", reason)
        rule = verdict.ruling(
            self.path,
            self.rows,
            now=self.end,
            at_least=verdict.cuts(self.ds.parameters),
            can_achieve=self.about["kind"] != "annual",
        )
        is_vague = rule.reason in ("broken_chain", "no_observation_since_base")
        return replace(rule, reason=self.why_gone) if is_vague and self.why_gone else rule

    @cached_property
    def measures(self) -> Measured:
        """Every figure of the gap, or why there is none."""
        if self.why_gone:
            return none(MEASURES, self.why_gone)
        path = self.path
        found = effort.components(path, self.rows[-1], now=self.end, unit=self.rate_unit)
        found |= self.flips[0]
        if not path.is_kept or self.about["kind"] == "annual":
            return found | none(effort.ROOM, "not_kept")
        return found | effort.room(path, self.rows, path.coming(self.end))

    @cached_property
    def flips(self) -> tuple[Measured, bool]:
        """The values at which the status turns, and whether the figure is near one."""
        if self.why_gone:
            return none(verdict.FLIPS, self.why_gone), False
        how = {"decimals": self.decimals, "is_count": self.is_count}
        return verdict.flips(self.path, self.rows[-1], self.ruling, **how)

    @cached_property
    def methods(self) -> dict[str, Ruling]:
        """The status by other methods, or why one has none."""
        if self.why_gone:
            return dict.fromkeys(METHODS, Ruling("", self.why_gone))
        at_least = verdict.cuts(self.ds.parameters)
        return effort.method_bands(self.path, self.rows[-1], at_least=at_least)

    @property
    def unit(self) -> str:
        """The printed unit."""
        return str(self.about["unit"])

    @property
    def rate_unit(self) -> str:
        """The code of the natural unit of a pace."""
        return effort.rate_unit(self.about["kind"], self.unit, is_count=self.is_count)

    @property
    def is_count(self) -> bool:
        """Whether the figures are whole things."""
        return bool(entries.mark(self.about.get("is_count"), "is_count"))

    @property
    def decimals(self) -> float:
        """The printed digits, NaN where not known."""
        return float(pd.to_numeric(self.about.get("decimals", np.nan), errors="coerce"))

    @property
    def is_implied(self) -> bool:
        """Whether the latest figure is an implied year, from a part of one."""
        return bool(self.rows) and bool(self.rows[-1]["is_implied"])

    @cached_property
    def why_gone(self) -> str:
        """Why there is no target, or no latest value on the scale; an empty code if there is."""
        if not self.path.years:
            return self.ruling.reason
        if not self.seen:
            return "no_observation"
        if not self.rows:
            is_annual = self.seen[-1]["t"] > self.path.base_year - 1 + NOISE
            return "no_observation_since_base" if is_annual else "no_observation_this_year"
        latest = self.rows[-1]
        if not np.isnan(latest["s"]):
            return ""
        if latest["is_implied"]:
            return "partial_year"
        if not scale.is_on_scale(latest["value"], kind=self.path.kind):
            return "value_out_of_range"
        return "no_baseline" if np.isnan(self.path.base_scaled) else "broken_chain"

    @cached_property
    def latest(self) -> dict[str, Any]:
        """The latest figure as reported, from after the base year where there is one."""
        return (self.chained or self.seen or [{}])[-1]

    @cached_property
    def observation(self) -> Measured:
        """When the latest figure was observed, as reported, before its revision, how old."""
        if not self.latest:
            return none(OBSERVED, "no_observation")
        age = round((self.now - self.latest["t"]) * periods.MONTHS_IN_YEAR)
        found = figure("observed_at", self.latest["t"]) | figure("age_months", age)
        found |= figure("reported_value", self.latest["value"])
        return found | figure("previous_value", self.latest["previous_value"], "not_revised")

    @cached_property
    def targets(self) -> Measured:
        """The next target and the last one, and the share of time gone by."""
        path = self.path
        if not path.years:
            return none(TARGETS, self.why_gone)
        t = self.rows[-1]["t"] if self.rows else self.end
        whole = path.years[-1] - path.base_year
        found = figure("time_share", (t - path.base_year) / whole)
        for name, node in (("next", path.coming(self.end)), ("end", len(path.years) - 1)):
            found |= figure(f"{name}_target_year", path.years[node])
            found |= figure(f"{name}_target_value", path.values[node])
            found |= figure(f"{name}_target_other", path.others[node], "no_range")
        return found

    @cached_property
    def milestone(self) -> tuple[Measured, dict[str, str]]:
        """The verdict on the last target date that has passed (annual: the last full year)."""
        path, end, rows = self.whole_path, self.end, self.chained
        if not path.years:
            return none(["milestone_year"], self.why_gone), {}
        node = sum(year <= end + NOISE for year in path.years) - 1
        if path.kind == "annual" and np.floor(end + NOISE) > path.base_year + NOISE:
            path, node = _year_path(path, np.floor(end + NOISE), unit=self.unit), 0
            rows = [row for row in rows if row["t"] > path.base_year + NOISE]
        if node < 0:
            return none(["milestone_year"], "no_milestone_passed"), {}
        rule = verdict.at_milestone(path, rows, node)
        word = "" if rule.reason else rule.status
        texts = {"milestone_verdict": word, "milestone_reason": rule.reason}
        return figure("milestone_year", path.years[node]), texts

    @property
    def is_part_year(self) -> bool:
        """Whether the latest figure is of a part of a year, where years are judged."""
        if not self.chained:
            return False
        last = self.chained[-1]
        is_whole = abs(last["t"] - round(last["t"])) < NOISE
        is_part = last["is_part_year"] or last["is_implied"]
        return bool(is_part) or (self.whole_path.kind == "annual" and not is_whole)


def _year_path(path: Path, year: float, *, unit: str) -> Path:
    """Return the path of one year alone: from 0 to its floor, or level where it is a share."""
    year = float(np.ceil(year - NOISE))
    node = path.coming(year)
    return replace(
        path,
        kind="cumulative",
        base_year=year - 1,
        base_value=path.values[node] if unit.strip() == "%" else 0.0,
        years=(year,),
        values=(path.values[node],),
        others=(path.others[node],),
        comparators=(path.comparators[node],),
    )
