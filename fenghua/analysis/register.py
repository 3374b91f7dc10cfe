"""High-carbon, low-efficiency register (高碳低效企业信息库): who is in it, why, and what changed.

Answers: the reasons, protection and open routes of each enterprise. Refuses: to choose a route.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, entries
from fenghua.analysis.efficiency import amount, flag, industry_ratio, quotient, ratio
from fenghua.analysis.scheme import INDUSTRY_RATIO, Scheme, check
from fenghua.analysis.units import joined

FINDINGS: Final = ("energy", "environment", "quality", "safety")
PROTECTIONS: Final = ("chain_key", "high_tech", "key_cultivation", "grain_processor")
VIOLATION_ROUTE: Final = "rectify_by_deadline_then_dispose"


def is_protected(enterprises: pd.DataFrame) -> np.ndarray:
    """Mark the enterprises protected for a stage (阶段性保护): clause 三(一)1 of the plan."""
    marks = [flag(enterprises, f"is_{mark}") for mark in PROTECTIONS]
    return np.asarray(np.logical_or.reduce(marks))


def screen(graded: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Hold every enterprise against the criteria of the register, in it or not.

    The scheme's `register` gives `energy_per_value_added_tce_per_wan` (a number, or
    `industry_ratio_of_sums`: the pooled figure of the same GB/T 4754 division) and
    `tax_per_mu_wan`.

    The input (its `reasons` renamed `grade_reasons`) and `reasons`, `not_assessed` (why a criterion
    could not be applied), `is_protected`, `protection`, `route`.
    """
    check(scheme)
    if not {"adjusted_grade", "initial_grade"} & set(graded):
        raise ValueError("the table has no column adjusted_grade; call evaluation.grade first")
    findings = {f"finding_{name}": flag(graded, f"has_{name}_finding") for name in FINDINGS}
    grade = graded["adjusted_grade"] if "adjusted_grade" in graded else graded["initial_grade"]
    energy_and_tax, gaps = _energy_and_tax(graded, scheme.get("register", {}))
    is_d = (grade == "D").to_numpy(dtype=bool)
    gaps["not_graded"] = ~grade.isin(list("ABCD")).to_numpy()
    violates = np.logical_or.reduce(list(findings.values()))
    out = graded.copy(deep=False)
    if "reasons" in graded:
        out["grade_reasons"] = graded["reasons"]
    reasons = {"class_d": is_d, "energy_and_tax": energy_and_tax, **findings}
    marks = {mark: flag(graded, f"is_{mark}") for mark in PROTECTIONS}
    # The plan names the routes and leaves the choice to the towns and zones: all that are open
    # are listed. An enterprise inside a park has nowhere to move to.
    has_park = "park_id" in graded and ~graded["park_id"].isin(["", None, np.nan]).to_numpy()
    is_open = ~violates & (is_d | energy_and_tax)
    routes = {VIOLATION_ROUTE: violates, "merger": is_open, "exit": is_open}
    routes |= {"relocate_to_park": is_open & ~has_park, "upgrade": is_open}
    for name, masks in (("reasons", reasons), ("not_assessed", gaps), ("protection", marks)):
        out[name] = joined(masks, out.index)
    out["is_protected"] = is_protected(graded)
    out["route"] = joined(routes, out.index)
    return out


def _energy_and_tax(
    graded: pd.DataFrame, limits: Mapping[str, Any]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Above the energy threshold and below the tax threshold; name what cannot be told."""
    energy, value = amount(graded, "energy_tce"), amount(graded, "value_added_wan")
    intensity = quotient(energy, value)
    tax = ratio(graded, "tax_per_mu_wan")
    nothing = np.zeros(len(graded), dtype=bool)
    top, floor = (
        limits.get(key) for key in ("energy_per_value_added_tce_per_wan", "tax_per_mu_wan")
    )
    if top is None or floor is None:
        return nothing, {"no_register_threshold": ~nothing}
    gaps = {
        "energy_missing": np.isnan(energy),
        "value_added_missing": np.isnan(value),
        "value_added_not_positive": value <= 0,
        "tax_per_mu_missing": np.isnan(tax),
    }
    if top == INDUSTRY_RATIO:
        top = industry_ratio(graded, "energy_tce", "value_added_wan")
        gaps["no_industry_figure"] = np.isnan(top)
    return (intensity > top) & (tax < floor), gaps


@asked.as_declared
def low_efficiency_register(
    graded: pd.DataFrame, scheme: Scheme, previous: pd.DataFrame | None = None
) -> pd.DataFrame:
    """List the enterprises of the register, with all reasons (信息库名单).

    Parameters
    ----------
    graded : DataFrame
        The graded enterprises of one year.
    scheme : mapping
        The scheme they were graded by.
    previous : DataFrame, optional
        The register, or the graded enterprises, of the year before.

    Returns
    -------
    DataFrame
        The rows of `screen` that meet a criterion; `change` is `entered`, `stayed`, `left` (such
        rows are listed with their figures of the year before) or, without `previous`, empty.
    """
    listed = screen(graded, scheme)
    listed = listed[(listed["reasons"] != "").to_numpy()].assign(change="")
    if previous is None:
        return listed
    if "enterprise_id" not in graded or "enterprise_id" not in previous:
        raise ValueError("both years need enterprise_id to be compared; add the column")
    entries.check_comparable(graded["enterprise_id"], previous["enterprise_id"])
    before = previous if "change" in previous else low_efficiency_register(previous, scheme)
    before = before[(before["change"] != "left").to_numpy()]
    stayed = listed["enterprise_id"].isin(before["enterprise_id"]).to_numpy()
    listed["change"] = np.where(stayed, "stayed", "entered")
    left = before[~before["enterprise_id"].isin(listed["enterprise_id"]).to_numpy()]
    return pd.concat([listed, left.assign(change="left")]) if len(left) else listed
