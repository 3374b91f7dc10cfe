"""One item of a score: a ratio held against its benchmark, inside the group of a ranking.

Answers: how many points a ratio earns and why it earns none. Refuses: to fill a gap unasked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fenghua.analysis.efficiency import RATIOS, amount, quotient
from fenghua.analysis.scheme import GROUP_MEAN, GROUP_RATIO, Scheme, blocks


@dataclass(frozen=True)
class Pool:
    """Enterprises in their groups by a scheme: partners on one parcel are summed, counted once.

    `code` is each row's group, `counts` marks the one row of each ranked unit, `lead` is the
    position of the row's first partner, `sizes` the size class of every group. `dominance` is the
    share of an item that a unit held when it left the benchmarks, missing for all that are in.
    """

    enterprises: pd.DataFrame
    scheme: Scheme
    code: np.ndarray
    counts: np.ndarray
    lead: np.ndarray
    is_shared: np.ndarray
    sizes: tuple[str, ...]
    dominance: np.ndarray | float = np.nan

    def amounts(self, column: str) -> np.ndarray:
        """Return a raw amount of every row's unit."""
        values, at = amount(self.enterprises, column), np.flatnonzero(self.is_shared)
        if not len(at):
            return values
        unit = pd.factorize(self.lead[at])[0]
        values = values.copy()
        values[at] = np.bincount(unit, weights=values[at])[unit]
        return values

    def sums(self, values: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Return the sum of each group over the rows of a mask."""
        weights = np.where(mask, values, 0.0)
        return np.bincount(self.code, weights=weights, minlength=len(self.sizes))

    def rules(self, name: str) -> list[Any]:
        """Return a rule of the scheme for every group, None where its size class has none."""
        return [self.scheme.get(size, {}).get(name) for size in self.sizes]

    def figure(self, name: str, ratio: str, default: float) -> np.ndarray:
        """Return one figure of a rule for every group."""
        return np.array([(rule or {}).get(ratio, default) for rule in self.rules(name)], float)

    def is_weighted(self, ratio: str) -> bool:
        """Say whether any size class of the scheme weighs a ratio."""
        return any(ratio in block.get("weights", {}) for block in blocks(self.scheme).values())


def points(
    pool: Pool, ratio: str, values: np.ndarray, reasons: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the item score and where the item applies; gaps are named in `reasons`."""
    weight = pool.figure("weights", ratio, np.nan)
    applies = ~np.isnan(weight)[pool.code]
    bench = _benchmark(pool, ratio)
    item = bench[pool.code]
    np.divide(values, item, out=item)
    if any([*pool.rules("floors"), *pool.rules("caps")]):
        low = pool.figure("floors", ratio, -np.inf)
        high = pool.figure("caps", ratio, np.inf)
        np.clip(item, low[pool.code], high[pool.code], out=item)
    item *= weight[pool.code]
    gap = np.isnan(item) & applies
    if gap.any():
        _note(reasons, f"{ratio}_no_benchmark", gap & np.isnan(bench)[pool.code])
        item = _filled(pool, ratio, item, gap, reasons)
    return item, applies


def _benchmark(pool: Pool, ratio: str) -> np.ndarray:
    """Return each group's benchmark: printed, or the ratio of sums of its ranked units."""
    rules = [rule or {} for rule in pool.rules("benchmarks")]
    given = [rule if rule == GROUP_RATIO else rule.get(ratio, np.nan) for rule in rules]
    bench = np.array([np.nan if g == GROUP_RATIO else g for g in given], dtype=float)
    if GROUP_RATIO in given:
        above, below = (pool.amounts(column) for column in RATIOS[ratio])
        mask = pool.counts & np.isnan(pool.dominance) & ~np.isnan(above) & (below > 0)
        pooled = quotient(pool.sums(above, mask), pool.sums(below, mask))
        bench = np.where([g == GROUP_RATIO for g in given], pooled, bench)
    return np.where(bench > 0, bench, np.nan)


def dominance(pool: Pool, *, max_share: float, max_multiple: float) -> np.ndarray:
    """Return the share of an item with which a unit leaves its group's benchmarks (一家独大).

    A unit leaves that holds more than ``max_share`` of the numerator or denominator of a weighted
    ratio of its group and more than ``max_multiple`` times its equal share among those with the
    amounts: the largest of each group first, until none is left. The share is missing for all that
    stay.
    """
    for name, limit in (
        ("benchmark_max_share", max_share),
        ("benchmark_max_multiple", max_multiple),
    ):
        if not limit > 0:
            raise ValueError(f"{name} is {limit}; allowed: a number above 0")
    left = np.full(len(pool.code), np.nan)
    computes = np.array([_is_computed(rule or {}) for rule in pool.rules("benchmarks")], dtype=bool)
    if not computes.any():
        return left
    sides = []
    for ratio, columns in RATIOS.items():
        weighs = ~np.isnan(pool.figure("weights", ratio, np.nan)) & computes
        if weighs.any():
            above, below = (pool.amounts(column) for column in columns)
            mask = pool.counts & weighs[pool.code] & ~np.isnan(above) & (below > 0)
            sides += [(np.abs(above), mask), (below, mask)]
    while True:
        stays = np.isnan(left)
        found = [
            _above(values, mask & stays, pool, max_share, max_multiple) for values, mask in sides
        ]
        rows = pd.concat(found)
        if rows.empty:
            return left
        largest = rows.sort_values("share", ascending=False, kind="stable")
        largest = largest.drop_duplicates("group")
        left[largest["at"].to_numpy()] = largest["share"].to_numpy()


def _is_computed(given: str | Mapping[str, Any]) -> bool:
    """Say whether benchmarks are computed, all or some of them."""
    return given == GROUP_RATIO or GROUP_RATIO in given.values()


def _above(
    values: np.ndarray, mask: np.ndarray, pool: Pool, max_share: float, max_multiple: float
) -> pd.DataFrame:
    """Return the rows that hold too much of their group's sum, with their share of it."""
    sums, n = pool.sums(values, mask), pool.sums(np.ones(len(mask)), mask)
    limit = np.full(len(n), np.inf)  # a group without a sum has no dominant unit
    np.multiply(sums, np.fmax(max_share, quotient(max_multiple, n)), out=limit, where=sums > 0)
    at = np.flatnonzero(mask & (values > limit[pool.code]))
    group = pool.code[at]
    return pd.DataFrame({"at": at, "group": group, "share": values[at] / sums[group]})


def _filled(
    pool: Pool, ratio: str, item: np.ndarray, gap: np.ndarray, reasons: dict[str, np.ndarray]
) -> np.ndarray:
    """Name why an item is missing; give it the group's mean item score where the rule says so."""
    above, below = RATIOS[ratio]
    for column in (above, below):
        _note(reasons, f"{column}_missing", gap & np.isnan(pool.amounts(column)))
    has_base = pool.amounts(below)
    _note(reasons, f"{below}_not_positive", gap & (has_base <= 0))
    if pool.scheme.get("missing", {}).get(ratio) != GROUP_MEAN:
        return item
    known = pool.counts & ~np.isnan(item)
    mean = quotient(pool.sums(item, known), pool.sums(np.ones(len(item)), known))[pool.code]
    gap = gap & ~(has_base > 0)
    _note(reasons, f"{ratio}_group_mean", gap & ~np.isnan(mean))
    _note(reasons, f"{ratio}_no_group_mean", gap & np.isnan(mean))
    return np.where(gap, mean, item)


def _note(reasons: dict[str, np.ndarray], code: str, mask: np.ndarray) -> None:
    reasons[code] = reasons[code] | mask if code in reasons else mask


def deduction(pool: Pool, reasons: dict[str, np.ndarray]) -> np.ndarray:
    """Return points off for plant let to tenants: some free, a first and each further one."""
    rules = pool.rules("tenant_deduction")
    if not any(rules):
        return np.zeros(len(pool.code))
    free, first, further = (
        np.array([rule[key] if rule else 0.0 for rule in rules])[pool.code]
        for key in ("free", "first", "further")
    )
    count = pool.amounts("tenant_count")
    reasons["tenant_count_missing"] = np.isnan(count)
    paid = np.clip(np.nan_to_num(count) - free, 0, None)
    points_off = np.where(paid > 0, first + further * np.clip(paid - 1, 0, None), 0.0)
    reasons["tenant_deduction"] = points_off > 0
    return points_off
