"""How the plan spreads its change over the years (进度安排).

Answers: the share due by the first milestone, and the yearly pace that the targets imply.
Refuses: to look at any observation.
"""

from collections.abc import Mapping
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd

from fenghua.analysis import scale

SHAPE_COLUMNS: Final = (
    "indicator_id",
    "clause",
    "kind",
    "first_year",
    "last_year",
    "start_value",
    "first_value",
    "last_value",
    "share_pct",
    "linear_share_pct",
    "is_back_loaded",
    "reason",
)
RATE_COLUMNS: Final = (
    "indicator_id",
    "clause",
    "kind",
    "unit",
    "pace_unit",
    "first_year",
    "last_year",
    "pace_first",
    "pace_second",
    "times_faster",
    "reason",
)
# Kinds whose targets are points that a path runs through; a growth target is a rate instead.
POINT_KINDS: Final = ("level", "cumulative", "reduction")
PERCENT: Final = 100.0


class Register(Protocol):
    """The tables of the plan that the audit reads; a ``Dataset`` has them."""

    @property
    def indicators(self) -> pd.DataFrame:
        """One row an indicator."""

    @property
    def targets(self) -> pd.DataFrame:
        """One row a printed baseline or target."""

    @property
    def policy_rules(self) -> pd.DataFrame:
        """One row a rule."""

    @property
    def plan(self) -> Mapping[str, Any]:
        """The plan's own row, with ``base_year``."""


def schedule_shape(ds: Register) -> pd.DataFrame:
    """Show how much of the whole change is due by the first milestone (进度形状).

    Parameters
    ----------
    ds : Register
        The plan's register.

    Returns
    -------
    pandas.DataFrame
        One row for each indicator whose targets are two or more points, in the register's order.
        ``share_pct`` is the share of the change due by ``first_year``, ``linear_share_pct`` the
        share of time gone by then, both in percent; ``is_back_loaded`` where less is due than a
        straight line would ask. A row whose last target equals its start has no share and the
        ``reason`` ``no_change``.

    Notes
    -----
    ``(s(m1) - s(x0)) / (s(mT) - s(x0))`` on the scale of the kind: the value itself, or
    ``ln(1 - c)`` for a reduction. A row with 以上 or a range fixes no point and is left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> firms = pd.DataFrame({"indicator_id": ["firms"], "kind": ["cumulative"], "start": ["zero"]})
    >>> due = pd.DataFrame({"indicator_id": "firms", "role": "target", "year": [2023, 2025],
    ...     "value": [300, 600], "comparator": "=", "base_year": None, "printed": ""})
    >>> plan = SimpleNamespace(indicators=firms, targets=due, plan={"base_year": 2020})
    >>> schedule_shape(plan)[["share_pct", "linear_share_pct"]].values.tolist()
    [[50.0, 60.0]]
    """
    rows = [
        _shape(leg) for leg in _legs(ds) if leg["kind"] in POINT_KINDS and leg["is_point_valued"]
    ]
    return pd.DataFrame(rows, columns=list(SHAPE_COLUMNS))


def implied_rates(ds: Register) -> pd.DataFrame:
    """Show the yearly pace that the targets imply, before and after the first milestone (隐含速度).

    Parameters
    ----------
    ds : Register
        The plan's register.

    Returns
    -------
    pandas.DataFrame
        One row for each indicator with two or more figures to reach. ``pace_first`` runs from the
        start to ``first_year``, ``pace_second`` from there to ``last_year``: the indicator's unit
        a year (``pace_unit`` ``per_year``), or percent a year (``pct_per_year``) for growth and
        for a reduction, where positive means falling. ``times_faster`` is second over first,
        missing with ``reason`` ``no_first_pace`` where the first is zero.

    Notes
    -----
    Growth targets are averages since the base year, so the second leg is what is left of the
    chained index: ``((1+g2)^n2 / (1+g1)^n1)^(1/(n2-n1)) - 1``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> firms = pd.DataFrame({"indicator_id": ["firms"], "kind": ["cumulative"], "start": ["zero"]})
    >>> due = pd.DataFrame({"indicator_id": "firms", "role": "target", "year": [2023, 2025],
    ...     "value": [300, 600], "comparator": "=", "base_year": None, "printed": ""})
    >>> plan = SimpleNamespace(indicators=firms, targets=due, plan={"base_year": 2020})
    >>> implied_rates(plan)[["pace_first", "pace_second", "times_faster"]].values.tolist()
    [[100.0, 150.0, 1.5]]
    """
    return pd.DataFrame([_rates(leg) for leg in _legs(ds)], columns=list(RATE_COLUMNS))


def tidy_indicators(ds: Register) -> pd.DataFrame:
    """Return the indicators with every optional link present and no missing text."""
    optional = ["start", "same_as", "see_also", "lead_unit_ids", "clause", "unit", "name_zh_hans"]
    frame = ds.indicators.reset_index(drop=True)
    frame = frame.reindex(columns=[*frame, *(c for c in optional if c not in frame)])
    return frame.assign(**{c: frame[c].astype(object).fillna("") for c in optional})


def tidy_targets(ds: Register) -> pd.DataFrame:
    """Return the targets with numbers as numbers, in order of time."""
    frame = ds.targets.reset_index(drop=True)
    numbers = ["year", "value", "base_year"]
    return frame.assign(
        **{c: pd.to_numeric(frame[c], errors="coerce") for c in numbers},
        printed=frame["printed"].astype(object).fillna(""),
    ).sort_values("year", kind="stable")


def _legs(ds: Register) -> list[dict[str, Any]]:
    """Return start, first milestone and last target of each indicator that has all three."""
    targets, legs = tidy_targets(ds), []
    for row in tidy_indicators(ds).to_dict("records"):
        own = targets[targets["indicator_id"] == row["indicator_id"]]
        due = own[(own["role"] == "target") & own["value"].notna()]
        base = own.loc[own["role"] == "baseline", "value"].dropna()
        start = {"zero": 0.0, "printed": base.iloc[0] if len(base) else np.nan}.get(row["start"])
        if len(due) < 2 or start is None or np.isnan(start):
            continue
        leg = {key: row[key] for key in ("indicator_id", "clause", "kind", "unit")}
        leg |= {"start_value": float(start), "base_year": float(ds.plan["base_year"])}
        leg["is_point_valued"] = bool((due["comparator"] == "=").all())
        for name, point in (("first", due.iloc[0]), ("last", due.iloc[-1])):
            leg |= {f"{name}_year": int(point["year"]), f"{name}_value": float(point["value"])}
        legs.append(leg)
    return legs


def _scales(leg: dict[str, Any]) -> tuple[float, float, float]:
    """Return start, first milestone and last target on the scale on which the path is straight."""
    kind, base = leg["kind"], leg["base_year"]
    first, last = (
        float(scale.forward(leg[f"{name}_value"], kind=kind, years=leg[f"{name}_year"] - base))
        for name in ("first", "last")
    )
    return float(scale.forward(leg["start_value"], kind=kind)), first, last


def _shape(leg: dict[str, Any]) -> dict[str, Any]:
    """Return one row of ``schedule_shape``."""
    start, first, last = _scales(leg)
    share = (first - start) / (last - start) if last != start else np.nan
    linear = (leg["first_year"] - leg["base_year"]) / (leg["last_year"] - leg["base_year"])
    # Sixty hundredths from figures and from years may differ in the last bit: not back-loaded.
    late = share < linear and not np.isclose(share, linear)
    return leg | {
        "share_pct": PERCENT * share,
        "linear_share_pct": PERCENT * linear,
        "is_back_loaded": bool(late),
        "reason": "no_change" if np.isnan(share) else "",
    }


def _rates(leg: dict[str, Any]) -> dict[str, Any]:
    """Return one row of ``implied_rates``."""
    start, first, last = _scales(leg)
    kind, middle = leg["kind"], leg["first_year"]
    before = scale.yearly_rate(first - start, kind=kind, years=middle - leg["base_year"])
    after = scale.yearly_rate(last - first, kind=kind, years=leg["last_year"] - middle)
    return leg | {
        "pace_unit": "pct_per_year" if kind in scale.RATIO_KINDS else "per_year",
        "pace_first": float(before),
        "pace_second": float(after),
        "times_faster": float(after / before) if before else np.nan,
        "reason": "" if before else "no_first_pace",
    }
