"""Sums of enterprises that a page may show, and the rules that keep single ones out of them.

Answers: which sums, runs and counts stand for enough enterprises. Refuses: to show the whole and
the part that give the rest.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis.disclosure import suppress
from fenghua.analysis.efficiency import amount, second_way

Rules = Mapping[str, Any]
AMOUNTS: Final = ("land_mu", "tax_wan", "value_added_wan")
_POINTS: Final = {"public": 40, "internal": 200}  # points of a drawn curve, at most


def rules(parameters: Mapping[str, float], audience: str) -> dict[str, Any]:
    """Return what protects single enterprises on a page for an audience (methods, §12)."""
    return {
        "audience": audience,
        "minimum": int(parameters["disclosure_min_contributors"]),
        "max_share": float(parameters["disclosure_max_share"]),
    }


def passes(parts: np.ndarray, limits: Rules) -> bool:
    """Whether amounts (rows: enterprises) may be shown as sums."""
    size, top = np.abs(parts).sum(axis=0), np.abs(parts).max(axis=0, initial=0.0)
    is_safe = len(parts) >= limits["minimum"] and (top <= limits["max_share"] * size).all()
    return limits["audience"] == "internal" or bool(is_safe)


def blocks(parts: np.ndarray, limits: Rules) -> list[int]:
    """Return the ends of runs of rows whose sums may be shown; none if there are no such runs.

    Examples
    --------
    >>> blocks(np.ones((7, 1)), {"audience": "public", "minimum": 3, "max_share": 0.75})
    [3, 7]
    """
    n = len(parts)
    size = max(-(-n // _POINTS[limits["audience"]]), 1)
    if limits["audience"] == "public":
        size = max(size, limits["minimum"])
    ends, start = [], 0
    for end in range(size, n + 1, size):
        if passes(parts[start:end], limits):
            ends.append(end)
            start = end
    while start < n and ends:  # what is left over joins the runs before it
        ends.pop()
        start = ends[-1] if ends else 0
        if passes(parts[start:], limits):
            ends.append(n)
            start = n
    return ends


def counted(rows: pd.Series, columns: pd.Series, **limits: Any) -> pd.DataFrame:
    """Cross-tabulate with totals, withholding small counts and those that give them away."""
    if rows.empty:
        return pd.DataFrame({"total": [0.0]}, index=["total"])
    table = pd.crosstab(rows, columns, margins=True, margins_name="total").astype(float)
    return suppress(table, table, **limits)


def listed(counts: Mapping[str, float], **limits: Any) -> pd.DataFrame:
    """Return counts of enterprises by `code` as a table, small ones withheld together."""
    n = pd.DataFrame({"enterprises": pd.Series(counts, dtype=float)})
    shown = suppress(n, n["enterprises"], **limits) if len(n) else n
    return shown.rename_axis("code").reset_index()


def alone(count: float, limits: Rules) -> float:
    """Return a count that stands alone, missing where it is too small for its page."""
    is_small = limits["audience"] == "public" and 0 < count < limits["minimum"]
    return np.nan if is_small else float(count)


def complete(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the enterprises with land, tax and value added, so that all sums rest on the same."""
    values = np.column_stack([amount(rows, name) for name in AMOUNTS])
    return rows[(values[:, 0] > 0) & ~np.isnan(values).any(axis=1)]


def sums_by(
    rows: pd.DataFrame, labels: Any, figures: Sequence[str] = AMOUNTS
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Sums by label with their total, and how many enterprises and which share stand behind."""
    table = pd.DataFrame({name: amount(rows, name) for name in figures}, index=rows.index)
    by = pd.Series(np.asarray(labels, dtype=object), index=rows.index)
    doubled = pd.concat([table.assign(_by=by), table.assign(_by="total")])
    grouped, sizes = doubled.groupby("_by"), doubled.drop(columns="_by").abs()
    sums = grouped.sum()
    share = sizes.groupby(doubled["_by"]).max() / sums.abs()
    return sums, {"n": grouped.count(), "max_share": share}


def shown_ways(rows: pd.DataFrame, limits: Rules, *, is_exempt: bool = False) -> dict[str, bool]:
    """Whether the sums of the second way, the others and the whole may be shown together."""
    sums, behind = sums_by(rows, np.where(second_way(rows)[0], "second", "other"))
    exempt = pd.Series(sums.index == "total", index=sums.index) if is_exempt else None
    shown = suppress(sums, behind, exempt=exempt, **limits)["land_mu"].notna()
    return {str(label): bool(is_shown) for label, is_shown in shown.items()} | (
        {} if len(rows) else {"total": False}
    )
