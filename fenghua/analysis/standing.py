"""One indicator at one moment: every part of its row in the gap table.

Answers: what is known of it, by which path and rule it is judged. Refuses: a number without what
it stands on, a gap without its reason.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import effort, scale, verdict
from fenghua.analysis.effort import METHODS
from fenghua.analysis.gap_columns import IDENTITY, MEASURES, NUMBERS, OBSERVED, TARGETS, TEXTS
from fenghua.analysis.measured import Measured, figure, none
from fenghua.analysis.observed import NOISE, Rows
from fenghua.analysis.path import Path, is_true
from fenghua.analysis.verdict import Evidence, Ruling
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import PlanData

_LINEAR_KINDS: Final = ("level", "cumulative", "milestone")


@dataclass(frozen=True)
class Standing:
    """One indicator at one moment. ``path`` and ``rows`` are those it is judged by.

    ``whole_path`` is the plan's; of a yearly task ``path`` is that of one year alone. ``seen`` are
    its figures up to the moment ``end``, as reported; ``now`` is the period assessed.
    """

    ds: PlanData
    about: dict[str, Any]
    whole_path: Path
    seen: Rows
    now: float

    @cached_property
    def row(self) -> dict[str, Any]:
        """The row of the indicator, with the reason of every number it lacks."""
        texts = dict.fromkeys(TEXTS, "") | {name: self.about.get(name, "") for name in IDENTITY}
        milestone, milestone_texts = self._milestone
        bands, why = self.methods
        base_value = figure("base_value", self.whole_path.base_value, "no_baseline")
        if self.whole_path.kind == "annual":
            base_value = none(["base_value"], "each_year_alone")
        numbers = figure("base_year", self.whole_path.base_year) | base_value
        numbers |= self._targets | milestone | self.observation | self.measures
        codes = {name: numbers.reasons[name] for name in NUMBERS if name in numbers.reasons} | why
        texts |= milestone_texts | self._told
        return (
            texts
            | numbers.values
            | bands
            | {
                "status": self.ruling.status,
                "reason": self.ruling.reason,
                "flags": ";".join(self.evidence.flags),
                "evidence_grade": self.evidence.grade,
                "required_rate_unit": self.rate_unit if self.path.years else "",
                "n_observations": len(self.chained),
                "is_indicative": bool(self.evidence.is_small or self.is_implied),
                "missing_reasons": ";".join(f"{name}={code}" for name, code in codes.items()),
            }
        )

    @property
    def end(self) -> float:
        """The moment judged at: now, or the last target's date once that is over."""
        return min([self.now, *self.whole_path.years[-1:]])

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
    def methods(self) -> tuple[dict[str, str], dict[str, str]]:
        """The status by other methods, and why one has none."""
        if self.why_gone:
            return dict.fromkeys(METHODS, ""), dict.fromkeys(METHODS, self.why_gone)
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
        return is_true(self.about.get("is_count", ""))

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

    @property
    def _told(self) -> dict[str, str]:
        printed = {"base_printed": self.whole_path.base_printed}
        if not self.latest:
            return printed
        status = self.latest["status"]
        period = periods.canonical(self.latest["period"])
        return printed | {"period": period, "observation_status": status}

    @cached_property
    def _targets(self) -> Measured:
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
    def _milestone(self) -> tuple[Measured, dict[str, str]]:
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
        told = {"milestone_verdict": word, "milestone_reason": rule.reason}
        return figure("milestone_year", path.years[node]), told

    @property
    def _is_part_year(self) -> bool:
        if not self.chained:
            return False
        last = self.chained[-1]
        is_whole = abs(last["t"] - round(last["t"])) < NOISE
        is_part = last["is_part_year"] or last["is_implied"]
        return bool(is_part) or (self.whole_path.kind == "annual" and not is_whole)

    @cached_property
    def evidence(self) -> Evidence:
        """What flags and grade are decided by."""
        whole, path, rows = self.whole_path, self.path, self.rows
        latest, measures = self.latest, self.measures
        coming = path.coming(self.end) if path.years else -1
        has_index = "schedule_index" not in measures.reasons
        is_source_made = str(latest.get("source_id", "")).startswith("synthetic")
        is_growth = whole.kind in scale.RATIO_KINDS
        has_no_base = not whole.base_value or bool(np.isnan(whole.base_value))
        years = {np.ceil(row["t"] - NOISE) for row in self.chained}
        return Evidence(
            status=self.ruling.status,
            mode=self.ruling.mode,
            methods=frozenset(filter(None, self.methods[0].values())),
            observation_status=str(latest.get("status", "")),
            is_seen=bool(latest),
            is_synthetic=is_source_made or bool(getattr(self.ds, "is_synthetic", False)),
            is_broken=measures.reasons.get("value") == "broken_chain",
            is_part_year=self._is_part_year,
            is_basis_taken=is_growth and bool(self.chained) and not self.chained[-1]["basis"],
            is_near=self.flips[1],
            is_base_broken=whole.is_base_broken,
            is_linear_only=bool(whole.years) and whole.kind in _LINEAR_KINDS and has_no_base,
            has_range="range" in path.comparators[coming:][:1],
            has_about="about" in path.comparators[coming:][:1],
            is_beyond_range=coming >= 0 and bool(rows) and path.is_beyond(rows[-1]["s"], coming),
            is_floor_in_sight=coming >= 0 and measures["floor_crossed_at"] < path.years[coming],
            has_plan_ended=bool(whole.years) and self.now > self.end + NOISE,
            planned_change=measures["path_value"] - whole.base_value if has_index else np.nan,
            decimals=self.decimals,
            age_months=self.observation["age_months"],
            stale_months=self.ds.parameters["stale_months"],
            previous_value=self.observation["previous_value"],
            reported_value=self.observation["reported_value"],
            yearly_points=1 + len(years) if self.chained else 0,
        )


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
