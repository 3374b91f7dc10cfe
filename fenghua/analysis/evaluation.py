"""Per-mu evaluation (亩均效益综合评价): scores, classes, and what becomes of each class.

Answers: how an enterprise scores, its class before and after adjustment, and why.
Refuses: to grade what cannot be scored or a group too small to rank.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import adjustment, asked, items, units
from fenghua.analysis.efficiency import MISSING, RATIOS, amount, check_amounts, flag, quotient
from fenghua.analysis.register import low_efficiency_register
from fenghua.analysis.release import release_curve
from fenghua.analysis.scheme import Scheme, check
from fenghua.inputs.vocabulary import GRADES

__all__ = [
    "grade",
    "low_efficiency_register",
    "release_curve",
    "score",
]

# Sums in another order differ in their last binary digits; scores that agree to this many
# decimals are the same score, so the order of rows never breaks a tie.
_TIE_DECIMALS: Final = 9
_LIMITS: Final = ("benchmark_max_share", "benchmark_max_multiple")


@asked.as_declared
def score(
    enterprises: pd.DataFrame,
    scheme: Scheme,
    *,
    benchmark_max_share: float = 0.25,
    benchmark_max_multiple: float = 2.0,
) -> pd.DataFrame:
    """Score every enterprise from its raw amounts (综合得分).

    Parameters
    ----------
    enterprises : DataFrame
        One row an enterprise and year. Amounts in 万元, mu, tce, MWh, t; absent ones are missing.
    scheme : mapping
        One of the evaluation schemes as read from YAML.
    benchmark_max_share, benchmark_max_multiple : float
        A unit leaves the computed benchmarks of its group where it holds more than this share of
        one side of a weighted ratio, and more than so many times its equal share: the parameters of
        these names. It stays scored and ranked. A share of 1 or more keeps all in.

    Returns
    -------
    DataFrame
        The input and the seven ratios, one `score_<ratio>` for each weighted ratio (missing where
        the size class has no such item), `deduction`, `total` (points; missing with a reason),
        `is_shared_parcel` (such rows carry the ratios and score of all on the parcel),
        `benchmark_share` (the share of an item with which a unit left the benchmarks, missing for
        all that are in them), `reasons`.

    Raises
    ------
    ValueError
        When the scheme has faults; all of them are listed.

    Notes
    -----
    ``total = sum(weight * clip(ratio / benchmark, floor, cap)) - deduction``. A benchmark
    `group_ratio_of_sums` is the sum over the sum of the ranked units of the same year, size class
    and group, without those that dominate an item. Rule: 黄岩 2022; scope of units: 遂昌 2022.

    Examples
    --------
    >>> block = {"weights": {"tax_per_mu_wan": 100}, "benchmarks": {"tax_per_mu_wan": 24.0}}
    >>> plants = pd.DataFrame({"is_above_scale": [True], "land_mu": [10.0], "tax_wan": [120.0]})
    >>> score(plants, {"above_scale": block})["total"].tolist()
    [50.0]
    """
    check(scheme)
    check_amounts(enterprises)
    place = units.cells(enterprises, scheme)
    left_out = units.left_out(enterprises, scheme).values()
    is_out = np.logical_or.reduce([*left_out, place.is_unplaced])
    is_shared = units.on_shared_parcels(enterprises, scheme, is_out)
    lead, code = units.merged(enterprises, is_shared, place.code)
    counts = (lead == np.arange(len(lead))) & ~is_out
    pool = items.Pool(enterprises, scheme, code, counts, lead, is_shared, place.size)
    left = items.dominance(pool, max_share=benchmark_max_share, max_multiple=benchmark_max_multiple)
    pool = replace(pool, dominance=left)
    out = enterprises.copy(deep=False)
    reasons, total = {**place.reasons, "shared_parcel": is_shared}, np.zeros(len(out))
    for ratio, columns in RATIOS.items():
        values = quotient(*(pool.amounts(column) for column in columns))
        _put(out, ratio, values)
        if pool.is_weighted(ratio):
            item, applies = items.points(pool, ratio, values, reasons)
            _put(out, f"score_{ratio}", item)
            np.add(total, item, out=total, where=applies)
    deduction = items.deduction(pool, reasons)
    total[place.is_unplaced] = np.nan
    reasons["value_added_negative"] = pool.amounts("value_added_wan") < 0
    _put(out, "deduction", deduction)
    _put(out, "total", np.subtract(total, deduction, out=total))
    _put(out, "is_shared_parcel", is_shared)
    _put(out, "benchmark_share", left[lead])
    out["reasons"] = units.joined(reasons, out.index)
    return out


def _put(frame: pd.DataFrame, name: str, values: np.ndarray) -> None:
    frame[name] = pd.Series(values, index=frame.index, copy=False)


@asked.as_declared
def grade(
    scored: pd.DataFrame,
    scheme: Scheme,
    *,
    adjustments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Grade enterprises A to D by rank in their group (分类), keeping both verdicts.

    Parameters
    ----------
    scored : DataFrame
        What `score` returned, or any table with `total` and `is_above_scale`.
    scheme : mapping
        The same scheme; its size classes need `grades`, the cumulative shares of A, B and C.
    adjustments : DataFrame, optional
        Columns enterprise_id, year, action (veto / cap / upgrade / manual), grade, reason.

    Returns
    -------
    DataFrame
        The input and `initial_grade`, `adjusted_grade` (empty: not graded, see `reasons`),
        `rank` (1 is best, equal scores share the better rank), `group`, `group_size` (units
        ranked), `adjustment_reason`.

    Raises
    ------
    ValueError
        Faults of the scheme or of the adjustments, all listed.

    Notes
    -----
    ``q = rank / group_size``; A if q <= a, else B if q <= b, else C if q <= c, else D (温岭 2022).
    A cap beats an upgrade, a veto beats both, a manual decision with its reason beats all.

    Examples
    --------
    >>> block = {"weights": {"tax_per_mu_wan": 100}, "benchmarks": {"tax_per_mu_wan": 24}}
    >>> block["grades"] = {"A": 0.20, "B": 0.80, "C": 0.95}
    >>> five = pd.DataFrame({"is_above_scale": True, "total": [50.0, 40, 30, 20, 10]})
    >>> grade(five, {"above_scale": block})["initial_grade"].tolist()
    ['A', 'B', 'B', 'B', 'D']
    """
    check(scheme, needs_grades=True)
    if "total" not in scored:
        raise ValueError("the table has no column total; call evaluation.score first")
    place = units.cells(scored, scheme)
    out, reasons = scored.copy(deep=False), units.left_out(scored, scheme)
    is_out = np.logical_or.reduce([*reasons.values(), place.is_unplaced])
    total = amount(scored, "total")
    lead, code = units.merged(scored, flag(scored, "is_shared_parcel"), place.code)
    is_ranked = (lead == np.arange(len(lead))) & ~is_out & np.isfinite(total)
    rank, size = _ranks(total, code, is_ranked, len(place.label))
    rank = np.where(is_out, np.nan, rank[lead])
    is_small = ~np.isnan(rank) & (size[code] < scheme.get("min_group_size", 1))
    reasons |= {**place.reasons, "group_too_small": is_small}
    initial = _letters(np.where(is_small, np.nan, rank), code, size, scheme, place.size)
    nothing = units.taken([""], np.zeros(len(scored), dtype=np.int64), out.index)
    of_score = scored.get("reasons", nothing)
    reasons["not_scored"] = np.isnan(total) & ~is_out & (of_score == "").to_numpy(dtype=bool)
    initial, adjusted, written = adjustment.apply(out, initial, scheme, adjustments, reasons)
    for name, letters in (("initial", initial), ("adjusted", adjusted)):
        out[f"{name}_grade"] = units.taken([*GRADES, ""], letters, out.index)
    _put(out, "rank", rank)
    out["group"] = units.taken(list(place.label), code, out.index)
    _put(out, "group_size", size[code])
    out["reasons"] = units.appended(of_score, units.joined(reasons, out.index))
    out["adjustment_reason"] = written
    return out


@asked.as_declared
def graded(
    enterprises: pd.DataFrame,
    scheme: Scheme,
    parameters: Mapping[str, float],
    *,
    adjustments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Score and grade by the register of parameters, as every page and the public edition do."""
    missing = [name for name in _LIMITS if name not in parameters]
    if missing:
        raise ValueError(f"parameters lack {', '.join(missing)}; allowed: ds.parameters")
    limits = {name: parameters[name] for name in _LIMITS}
    return grade(score(enterprises, scheme, **limits), scheme, adjustments=adjustments)


def benchmarked(
    enterprises: pd.DataFrame,
    scheme: Scheme,
    parameters: Mapping[str, float],
    *,
    adjustments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what hangs on leaving dominant units out of the benchmarks (基准的选择).

    For internal pages: the figures give the dominant unit away (methods, §7).

    Returns
    -------
    DataFrame
        One row a group: `group`, `left_out` (units that left its benchmarks), `largest_share` (of
        an item, 0-1), `classes` (enterprises with a class), `differ` (of these, the classes that
        would be others with all units in), `median_item` and `median_item_with` (points for tax per
        mu, of the enterprises in scope, without and with the units that left).
    """
    all_in = {**parameters, "benchmark_max_share": np.inf}
    without, with_all = (
        graded(enterprises, scheme, limits, adjustments=adjustments)
        for limits in (parameters, all_in)
    )
    table = pd.DataFrame({"group": without["group"], "share": without["benchmark_share"]})
    table["is_graded"] = without["initial_grade"] != ""
    table["differs"] = without["initial_grade"] != with_all["initial_grade"]
    for column, side in (("median_item", without), ("median_item_with", with_all)):
        table[column] = side.get("score_tax_per_mu_wan", np.nan)
        table[column] = table[column].where(table["is_graded"])
    is_lead = ~without["is_shared_parcel"] | ~without.duplicated("parcel_id")
    each = table.assign(left=table["share"].notna() & is_lead).groupby("group", sort=True)
    return each.agg(
        left_out=("left", "sum"),
        largest_share=("share", "max"),
        classes=("is_graded", "sum"),
        differ=("differs", "sum"),
        median_item=("median_item", "median"),
        median_item_with=("median_item_with", "median"),
    ).reset_index()


def missing_columns(graded: pd.DataFrame) -> pd.Series:
    """Count, by column, the enterprises that have no class because its figure is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"initial_grade": ["A", "", ""]})
    >>> missing_columns(rows.assign(reasons=["", "tax_wan_missing", "utility"])).to_dict()
    {'tax_wan': 1}
    """
    codes = graded.loc[graded["initial_grade"] == "", "reasons"].str.split(";").explode()
    codes = codes[codes.str.endswith(MISSING).fillna(False).astype(bool)]
    return codes.str.removesuffix(MISSING).value_counts()


def _ranks(
    total: np.ndarray, code: np.ndarray, is_ranked: np.ndarray, n_cells: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rank inside each group, 1 the best, equal scores sharing the better rank."""
    points = pd.Series(total).round(_TIE_DECIMALS).where(is_ranked)
    rank = points.groupby(code).rank(method="min", ascending=False)
    return rank.to_numpy(), np.bincount(code[is_ranked], minlength=n_cells)


def _letters(
    rank: np.ndarray,
    code: np.ndarray,
    size: np.ndarray,
    scheme: Scheme,
    sizes: tuple[str, ...],
) -> np.ndarray:
    """Number the classes 0 to 3 (A to D), 4 where there is no rank."""
    letter = np.where(np.isnan(rank), len(GRADES), 0).astype(np.int8)
    for name in GRADES[:-1]:
        shares = [scheme.get(size, {}).get("grades", {}).get(name, np.nan) for size in sizes]
        # rank <= share * n, with room for the share's binary rounding (0.95 of 20 is 19)
        last = np.floor(np.array(shares) * size + 1e-9)
        letter += rank > last[code]
    return letter
