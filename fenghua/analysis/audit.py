"""What the plan says about itself (方案自查).

Answers: where text and table differ, how the schedule is shaped, what carries no figure.
Refuses: to call anything an error; a finding is "to confirm" or "agrees".
"""

from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked
from fenghua.analysis.plan_shape import (
    implied_rates,
    schedule_shape,
    tidy_indicators,
    tidy_targets,
)
from fenghua.analysis.shared import once
from fenghua.inputs.vocabulary import PlanData

__all__ = ["counts", "findings", "implied_rates", "schedule_shape"]

THEMES: Final = (
    *("text_vs_table", "duplicate", "operator", "wording", "base_year_break", "unit"),
    *("schedule_shape", "implied_rate", "not_quantified", "no_baseline", "no_lead_unit"),
)
FINDING_COLUMNS: Final = (
    *("finding_id", "theme", "message_key", "indicator_id", "other_id", "year"),
    *("clause_a", "clause_b", "value_a", "value_b", "unit", "status"),
    *("value_high_a", "value_high_b", "comparator_a", "comparator_b"),
)
_FIGURE: Final = ("value", "value_high", "comparator")
_DATE: Final = r"\d{4}年(?:\d{1,2}月)?"  # says when, not how much
_LEG: Final = MappingProxyType({"first_year": "year", "clause": "clause_a"})


@asked.as_declared
@once
def findings(ds: PlanData) -> pd.DataFrame:
    """List what should be confirmed with the plan's authors (待核实事项).

    Returns
    -------
    DataFrame
        One row a finding, by theme and then in the register's order: ``finding_id``, ``theme``,
        ``message_key`` (picks the wording), ``indicator_id``, ``other_id`` (the text indicator of
        a pair), ``year``, ``clause_a``, ``clause_b``, ``value_a``, ``value_b``, ``unit``
        (of the two values; blank for years and ratios), ``status`` (``to_confirm`` or
        ``agrees``), and of targets ``value_high_a`` (the other end of a range), ``comparator_a``
        and the same of ``b``. A value is missing where the finding has none to show.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = pd.DataFrame({"indicator_id": ["firms", "firms_text"], "kind": "cumulative",
    ...     "start": "zero", "same_as": ["", "firms"], "lead_unit_ids": "bureau"})
    >>> due = pd.DataFrame({"indicator_id": ["firms", "firms_text"], "role": "target",
    ...     "year": 2025, "value": [600, 600], "comparator": ["=", ">="], "base_year": None,
    ...     "printed": ["600", "600家以上"], "clause": ["表1", "三(一)2"]})
    >>> plan = SimpleNamespace(indicators=rows, targets=due, plan={"base_year": 2020})
    >>> findings(plan)[["finding_id", "status"]].values.tolist()
    [['duplicate_agrees.firms_text', 'agrees'], ['operator_differs.firms_text', 'to_confirm']]
    """
    indicators, targets = tidy_indicators(ds), tidy_targets(ds)
    same, wider = (_pairs(indicators, targets, link) for link in ("same_as", "see_also"))
    parts = [
        wider.assign(theme="text_vs_table", message_key="scope_differs"),
        _duplicates(same),
        _operators(pd.concat([same, wider], ignore_index=True)),
        _changing_operators(indicators, targets),
        _wordings(same),
        _base_years(indicators, targets),
        _properties(indicators),
        _shapes(schedule_shape(ds)),
        _paces(implied_rates(ds)),
        _unquantified(indicators, targets),
    ]
    named = [part.astype(object).reindex(columns=list(FINDING_COLUMNS)) for part in parts]
    found = pd.concat(named, ignore_index=True)
    found["finding_id"] = (
        found["message_key"] + "." + found["other_id"].fillna(found["indicator_id"])
    )
    found["status"] = found["status"].fillna("to_confirm")
    rank = found["theme"].map(THEMES.index)
    place = found["indicator_id"].map({k: n for n, k in enumerate(indicators["indicator_id"])})
    return _typed(found.iloc[np.lexsort([place, rank])].reset_index(drop=True))


@asked.as_declared
def counts(ds: PlanData) -> pd.DataFrame:
    """Count the rows of the register (登记条数).

    Columns ``table``, ``dimension`` (a column of it, or ``all``), ``code`` and ``rows``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = pd.DataFrame({"scope": ["text"], "block": ["quality"], "kind": ["annual"]})
    >>> none = pd.DataFrame(columns=["role", "comparator", "subject"])
    >>> register = SimpleNamespace(indicators=rows, targets=none, policy_rules=none)
    >>> counts(register).loc[:1, ["table", "dimension", "rows"]].values.tolist()
    [['indicators', 'all', 1], ['indicators', 'scope', 1]]
    """
    tables = {
        "indicators": (ds.indicators, ("scope", "block", "kind")),
        "targets": (ds.targets, ("role", "comparator")),
        "policy_rules": (ds.policy_rules, ("subject",)),
    }
    rows: list[tuple[str, str, str, int]] = []
    for name, (table, dimensions) in tables.items():
        rows.append((name, "all", "", len(table)))
        for dimension in dimensions:
            sizes = table.groupby(dimension, sort=False).size()
            rows += [(name, dimension, str(code), int(size)) for code, size in sizes.items()]
    return pd.DataFrame(rows, columns=["table", "dimension", "code", "rows"])


def _pairs(indicators: pd.DataFrame, targets: pd.DataFrame, link: str) -> pd.DataFrame:
    """Set each text figure beside the headline figure that it is linked to."""
    due = targets[targets["role"] == "target"]
    due = due[["indicator_id", "year", *_FIGURE, "clause"]]
    text = indicators.loc[indicators[link] != "", ["indicator_id", link, "name_zh_hans"]]
    text = text.rename(columns={"indicator_id": "other_id", link: "indicator_id"})
    head = indicators[["indicator_id", "name_zh_hans", "unit"]]
    pairs = text.merge(head, on="indicator_id", suffixes=("_b", "_a"))
    pairs = pairs.merge(due.rename(columns={"indicator_id": "other_id"}), on="other_id")
    return pairs.merge(due, on=["indicator_id", "year"], how="left", suffixes=("_b", "_a"))


def _duplicates(pairs: pd.DataFrame) -> pd.DataFrame:
    """Text figures that repeat the table's, and whether they agree."""
    same = pairs["value_a"] == pairs["value_b"]
    return pairs.assign(
        theme="duplicate",
        message_key=np.where(same, "duplicate_agrees", "duplicate_differs"),
        status=np.where(same, "agrees", "to_confirm"),
    )


def _operators(pairs: pd.DataFrame) -> pd.DataFrame:
    """以上 in one place and a plain figure in another."""
    differ = pairs["comparator_a"].notna() & (pairs["comparator_a"] != pairs["comparator_b"])
    return pairs[differ].assign(theme="operator", message_key="operator_differs")


def _changing_operators(indicators: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """以上 in one year and not in the next."""
    due = targets[targets["role"] == "target"]
    changing = due[due.groupby("indicator_id")["comparator"].transform("nunique") > 1]
    ends = _first_and_last(changing, *_FIGURE).pipe(_with_unit, indicators)
    return ends.assign(theme="operator", message_key="operator_changes")


def _wordings(pairs: pd.DataFrame) -> pd.DataFrame:
    """Repeated figures whose names differ by more than a word put before or after."""
    names = zip(pairs["name_zh_hans_a"], pairs["name_zh_hans_b"], strict=True)
    other = np.array([a not in b and b not in a for a, b in names], dtype=bool)
    return pairs[other].assign(theme="wording", message_key="wording_differs")


def _base_years(indicators: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Rows that change their base year, and printed baselines that are no start of a path."""
    relative = targets.dropna(subset=["base_year"])
    broken = relative[relative.groupby("indicator_id")["base_year"].transform("nunique") > 1]
    breaks = _first_and_last(broken, "base_year").assign(message_key="base_year_changes")
    apart = set(indicators.loc[indicators["start"] != "printed", "indicator_id"])
    apart -= set(breaks["indicator_id"])
    bases = targets[(targets["role"] == "baseline") & targets["value"].notna()]
    bases = bases[bases["indicator_id"].isin(apart)].pipe(_with_unit, indicators)
    bases = bases.rename(columns={"value": "value_a", "clause": "clause_a"})
    bases = bases.assign(message_key="baseline_not_start")
    return pd.concat([breaks, bases]).assign(theme="base_year_break")


def _properties(indicators: pd.DataFrame) -> pd.DataFrame:
    """Rows without a printed unit, a printed start or a unit that answers for them.

    Where no row names a unit, the register says nothing of units: that is no finding.
    """
    printed = indicators.get("is_unit_printed", pd.Series(True, index=indicators.index))
    tests = {
        ("unit", "unit_not_printed"): printed.astype(str).str.lower() == "false",
        ("no_baseline", "baseline_not_printed"): indicators["start"] == "observed",
        ("no_lead_unit", "lead_unit_not_named"): (indicators["lead_unit_ids"] == "")
        & (indicators["lead_unit_ids"] != "").any(),
    }
    found = [
        indicators[hit].assign(theme=theme, message_key=key) for (theme, key), hit in tests.items()
    ]
    return pd.concat(found).rename(columns={"clause": "clause_a"})


def _shapes(shapes: pd.DataFrame) -> pd.DataFrame:
    """Rows that leave more than a straight line's share for the second leg."""
    late = shapes[shapes["is_back_loaded"].astype(bool)]
    late = late.rename(columns={"share_pct": "value_a", "linear_share_pct": "value_b", **_LEG})
    return late.assign(theme="schedule_shape", message_key="back_loaded", unit="%")


def _paces(rates: pd.DataFrame) -> pd.DataFrame:
    """Rows whose second leg has to run faster than the first."""
    ratio = rates["times_faster"].astype("float64")
    # Equal growth rates may come back from the chained index with a difference in the last bit.
    late = rates[(ratio > 1) & ~np.isclose(ratio, 1)]
    late = late.rename(columns={"pace_first": "value_a", "pace_second": "value_b", **_LEG})
    return late.assign(theme="implied_rate", message_key="second_leg_faster")


def _unquantified(indicators: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Targets without a figure, and figures read from words (2026年底前全覆盖)."""
    due = targets[targets["role"] == "target"].drop_duplicates("indicator_id")
    printed = due["printed"].str.replace(_DATE, "", regex=True)
    words = due[~printed.str.contains(r"\d", regex=True)]
    keys = np.where(words["value"].isna(), "no_figure", "figure_read_from_words")
    words = words.assign(theme="not_quantified", message_key=keys)
    words = words.rename(columns={"value": "value_a", "clause": "clause_a"})
    return words.pipe(_with_unit, indicators)


def _first_and_last(rows: pd.DataFrame, column: str, *more: str) -> pd.DataFrame:
    """Return ``value_a`` and ``value_b``: a column's first and last figure by indicator.

    Of ``more`` columns and of the clause likewise, under their own names.
    """
    by = rows.groupby("indicator_id", as_index=False, sort=False)
    first, last = by.nth(0).set_index("indicator_id"), by.nth(-1).set_index("indicator_id")
    both = {"value": column, "clause": "clause", **{key: key for key in more}}
    ends = {f"{key}_a": first[source] for key, source in both.items()}
    ends |= {f"{key}_b": last[source] for key, source in both.items()}
    return pd.DataFrame({**ends, "year": last["year"]}).reset_index()


def _with_unit(rows: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with their indicator's unit."""
    return rows.assign(unit=rows["indicator_id"].map(indicators.set_index("indicator_id")["unit"]))


def _typed(found: pd.DataFrame) -> pd.DataFrame:
    """Return numbers as floats and text without gaps."""
    numbers = ["year", "value_a", "value_b", "value_high_a", "value_high_b"]
    text = [column for column in found if column not in numbers]
    return found.assign(
        **{c: found[c].astype("float64") for c in numbers},
        **{c: found[c].astype(object).fillna("").astype(str) for c in text},
    )
