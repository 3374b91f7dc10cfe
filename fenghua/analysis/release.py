"""Land and energy that could be released (腾出空间): a what-if, enterprise by enterprise.

Answers: how many enterprises a target needs and what they pay. Refuses: to name who must go.
"""

import numpy as np
import pandas as pd

from fenghua.analysis import asked, entries
from fenghua.analysis.efficiency import RATIOS, amount, check_amounts, quotient, ratio, three_ways
from fenghua.analysis.register import is_protected
from fenghua.analysis.units import joined

_SUMS = ("land_mu", "energy_tce", "tax_wan", "employees", "value_added_wan")


@asked.as_declared
def release_curve(
    graded: pd.DataFrame,
    *,
    order_by: str = "tax_per_mu_wan",
    target_land_km2: float | None = None,
    target_energy_tce: float | None = None,
    mu_per_km2: float = 1500.0,
) -> pd.DataFrame:
    """Accumulate land, energy, tax and jobs from the lowest `order_by` up (腾退曲线).

    Parameters
    ----------
    graded : DataFrame
        Enterprises with raw amounts; protected ones are left out, and so are those without a
        figure to order by.
    order_by : str
        A column; a ratio that is absent is computed from raw amounts.
    target_land_km2, target_energy_tce : float, optional
        The plan's targets (2 km² and 75,000 tce by 2025, table 1).
    mu_per_km2 : float
        1,500 by definition of the mu.

    Returns
    -------
    DataFrame
        One row an enterprise, in order (ties by enterprise_id): the input, `n`, `cum_land_mu`,
        `cum_land_km2`, `cum_energy_tce`, `cum_tax_wan`, `cum_employees`, `cum_value_added_wan`,
        `missing_amounts` (what a row adds nothing to, because it is unknown), `what_if_tax_wan`
        (tax of the same land at the average of `what_if_basis`), and `is_land_target`,
        `is_energy_target` on the row that reaches a target. A target that no row reaches is not
        reachable. Years are accumulated apart.

    Examples
    --------
    >>> plants = pd.DataFrame({"enterprise_id": list("ab"), "land_mu": [900.0, 600.0]})
    >>> curve = release_curve(plants.assign(tax_wan=[900.0, 60.0]), target_land_km2=1.0)
    >>> curve["enterprise_id"].tolist(), curve["is_land_target"].tolist()
    (['b', 'a'], [False, True])
    """
    check_amounts(graded)
    entries.check_single(graded, "enterprise_id")
    if "year" in graded and graded["year"].nunique() > 1:
        options = {"target_land_km2": target_land_km2, "target_energy_tce": target_energy_tce}
        parts = [
            release_curve(rows, order_by=order_by, mu_per_km2=mu_per_km2, **options)
            for _, rows in graded.groupby("year")
        ]
        return pd.concat(parts)
    if not mu_per_km2 > 0:
        raise ValueError(f"mu_per_km2 is {mu_per_km2}; allowed: a number above 0")
    rate, basis = _average(graded)
    out = graded.copy(deep=False)
    if order_by not in {*graded, *RATIOS}:
        raise ValueError(f"order_by is {order_by!r}; allowed: a column, or {', '.join(RATIOS)}")
    if order_by not in graded:
        out[order_by] = ratio(graded, order_by)
    has_land = (amount(out, "land_mu") > 0) & ~np.isnan(amount(out, order_by))
    out = out[has_land & ~is_protected(out)]
    keys = [key for key in (order_by, "enterprise_id") if key in out]
    out = out.sort_values(keys, kind="stable")
    gaps = {name: np.isnan(amount(out, name)) for name in _SUMS}
    out["n"] = np.arange(1, len(out) + 1)
    for name in _SUMS:
        out[f"cum_{name}"] = np.cumsum(np.nan_to_num(amount(out, name)))
    out["cum_land_km2"] = out["cum_land_mu"] / mu_per_km2
    out["missing_amounts"] = joined(gaps, out.index)
    out["what_if_tax_wan"] = out["cum_land_mu"] * rate
    out["what_if_basis"] = basis
    out["is_land_target"] = reached(out["cum_land_km2"], target_land_km2)
    out["is_energy_target"] = reached(out["cum_energy_tce"], target_energy_tce)
    return out


def _average(graded: pd.DataFrame) -> tuple[float, str]:
    """Return the district-owned average tax per mu, or that without the largest unit."""
    ways = three_ways(graded.drop(columns="year", errors="ignore"))
    second = ways[ways["figure"] == "tax_per_mu_wan"].iloc[1]
    return float(second["value"]), str(second["basis"])


def reached(total: pd.Series, target: float | None) -> np.ndarray:
    """Mark the first row whose running total reaches a target; no row where there is none."""
    mark = np.zeros(len(total), dtype=bool)
    if target is not None:
        mark[np.flatnonzero(total.to_numpy() >= target)[:1]] = True
    return mark


def parks_below(parks: pd.DataFrame, *, threshold: float) -> pd.DataFrame:
    """Return the parks and village clusters whose tax per mu lies below a threshold (万元/亩).

    The plan's threshold is 5 (clause 三(一)4; rule `renewal_tax_per_mu_max`).

    Examples
    --------
    >>> parks = pd.DataFrame({"park_id": ["p", "q"], "land_mu": [10.0, 10], "tax_wan": [40.0, 60]})
    >>> parks_below(parks, threshold=5)["park_id"].tolist()
    ['p']
    """
    tax = quotient(amount(parks, "tax_wan"), amount(parks, "land_mu"))
    reason = np.where(np.isnan(tax), "tax_per_mu_missing", "")
    out = parks.assign(tax_per_mu_wan=tax, reason=reason)
    return out[(tax < threshold) | np.isnan(tax)].sort_values("tax_per_mu_wan", kind="stable")
