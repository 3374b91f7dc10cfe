"""How the plan spreads its change over the years (进度安排).

Answers: the share due by the first milestone, and the yearly pace that the targets imply.
Refuses: to look at any observation.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, observed, path, scale
from fenghua.analysis.shared import once
from fenghua.inputs.records import rows_of
from fenghua.inputs.vocabulary import PlanData

SHAPE_COLUMNS: Final = (
    "indicator_id",
    "clause",
    "kind",
    "base_year",
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
    "base_year",
    "first_year",
    "last_year",
    "pace_first",
    "pace_second",
    "times_faster",
    "reason",
)
# Kinds whose targets are points that a path runs through; a growth target is a rate instead.
POINT_KINDS: Final = ("level", "cumulative", "reduction")


@asked.as_declared
def schedule_shape(ds: PlanData) -> pd.DataFrame:
    """Show how much of the whole change is due by the first milestone (进度形状).

    One row for each indicator whose targets are two or more points, in the register's order.
    ``share_pct`` is the share of the change due by ``first_year``, ``linear_share_pct`` the share
    of time gone by then, both in percent; ``is_back_loaded`` where less is due than a straight line
    would ask. A row whose last target equals its start has no share and the ``reason``
    ``no_change``.

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
    >>> implied_rates(plan)[["pace_first", "pace_second", "times_faster"]].values.tolist()
    [[100.0, 150.0, 1.5]]
    """
    rows = []
    for leg in _legs(ds):
        if leg["kind"] not in POINT_KINDS or not leg["is_point_valued"]:
            continue
        start, first, last = leg["scaled"]
        share = (first - start) / (last - start) if last != start else np.nan
        linear = (leg["first_year"] - leg["base_year"]) / (leg["last_year"] - leg["base_year"])
        # Sixty hundredths from figures and from years may differ in the last bit: not back-loaded.
        late = share < linear and not np.isclose(share, linear)
        shares = {"share_pct": 100 * share, "linear_share_pct": 100 * linear}
        reason = "no_change" if np.isnan(share) else ""
        rows.append(leg | shares | {"is_back_loaded": bool(late), "reason": reason})
    return pd.DataFrame(rows, columns=list(SHAPE_COLUMNS))


@asked.as_declared
def implied_rates(ds: PlanData) -> pd.DataFrame:
    """Show the yearly pace that the targets imply, before and after the first milestone (隐含速度).

    One row for each indicator with two or more figures to reach. ``pace_first`` runs from the start
    to ``first_year``, ``pace_second`` from there to ``last_year``: the indicator's unit a year
    (``pace_unit`` ``per_year``), or percent a year (``pct_per_year``) for growth and for a
    reduction, where positive means falling. ``times_faster`` is second over first, missing with
    ``reason`` ``no_first_pace`` where the first is zero. A start that already
    meets every target, as a floor below it, asks for no pace: left out.

    Notes
    -----
    Growth targets are averages since the base year, so the second leg is what is left of the
    chained index: ``((1+g2)^n2 / (1+g1)^n1)^(1/(n2-n1)) - 1``.
    """
    rows = []
    for leg in _legs(ds):
        start, first, last = leg["scaled"]
        if leg["is_kept"] and last != start:
            continue
        kind, middle = leg["kind"], leg["first_year"]
        before = scale.yearly_rate(first - start, kind=kind, years=middle - leg["base_year"])
        after = scale.yearly_rate(last - first, kind=kind, years=leg["last_year"] - middle)
        unit = "pct_per_year" if kind in scale.RATIO_KINDS else "per_year"
        leg |= {"pace_unit": unit, "pace_first": float(before), "pace_second": float(after)}
        leg["times_faster"] = float(after / before) if before else np.nan
        rows.append(leg | {"reason": "" if before else "no_first_pace"})
    return pd.DataFrame(rows, columns=list(RATE_COLUMNS))


def tidy_indicators(ds: PlanData) -> pd.DataFrame:
    """Return the indicators with every optional link present and no missing text."""
    optional = ["start", "same_as", "see_also", "lead_unit_ids", "clause", "unit", "name_zh_hans"]
    frame = ds.indicators.reset_index(drop=True)
    frame = frame.reindex(columns=[*frame, *(c for c in optional if c not in frame)])
    return frame.assign(**{c: frame[c].astype(object).fillna("") for c in optional})


def tidy_targets(ds: PlanData) -> pd.DataFrame:
    """Return the targets with numbers as numbers, in order of time."""
    frame = ds.targets.reset_index(drop=True)
    frame = frame.reindex(columns=frame.columns.union(["value_high"], sort=False))
    numbers = ["year", "value", "value_high", "base_year"]
    return frame.assign(
        **{c: asked.numbers(frame[c], c) for c in numbers},
        printed=frame["printed"].astype(object).fillna(""),
    ).sort_values("year", kind="stable")


@once
def _legs(ds: PlanData) -> list[dict[str, Any]]:
    """Return start, first milestone and last target of each indicator that has all three.

    Each starts in its own base year. ``scaled`` holds the three on the scale on which the path is
    straight. A yearly task has no path: each year stands alone.
    """
    targets, legs = tidy_targets(ds), []
    by_indicator = observed.by_indicator(targets)
    for row in rows_of(tidy_indicators(ds)):
        own = by_indicator.get(row["indicator_id"], [])
        if row["kind"] == "annual" or not own:
            continue
        about = {key: row.get(key) for key in ("kind", "start", "direction")}
        base_year = float(ds.plan["base_year"])
        planned = path.read(targets, row["indicator_id"], rows=own, base_year=base_year, **about)
        if len(planned.years) < 2 or np.isnan(planned.base_value):
            continue
        leg = {key: row[key] for key in ("indicator_id", "clause", "kind", "unit")}
        leg |= {"start_value": planned.base_value, "base_year": planned.base_year}
        meets = [planned.is_met(planned.base_scaled, node) for node in range(len(planned.years))]
        leg["is_kept"] = all(meets)
        leg["is_point_valued"] = set(planned.comparators) == {"="}
        leg["scaled"] = [planned.base_scaled, planned.scaled[0], planned.scaled[-1]]
        for name, node in (("first", 0), ("last", -1)):
            leg[f"{name}_year"] = int(planned.years[node])
            leg[f"{name}_value"] = planned.values[node]
        legs.append(leg)
    return legs
