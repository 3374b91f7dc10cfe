"""Output per mu, worker, tonne and yuan: one definition of every ratio (亩均效益, 工业碳效).

Answers: what a group's ratio is, and which carbon level an enterprise has.
Refuses: to average ratios, and a level without value added.
"""

from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, entries
from fenghua.inputs.vocabulary import SECTION

RATIOS: Final = MappingProxyType(
    {
        "tax_per_mu_wan": ("tax_wan", "land_mu"),
        "value_added_per_mu_wan": ("value_added_wan", "land_mu"),
        "labour_productivity_wan": ("value_added_wan", "employees"),
        "value_added_per_tce_wan": ("value_added_wan", "energy_tce"),
        "value_added_per_emission_wan": ("value_added_wan", "emission_t"),
        "rd_intensity": ("rd_wan", "revenue_wan"),
        "tax_per_mwh_wan": ("tax_wan", "electricity_mwh"),
    }
)
MISSING: Final = "_missing"  # ends a reason code: what stands before it has no figure
DIVISION_DIGITS: Final = 2  # of a GB/T 4754 code: the division, which is what an industry is here
PER_MU: Final = ("tax_per_mu_wan", "value_added_per_mu_wan")
WAYS: Final = ["year", "figure", "basis", "value", "enterprises"]


def check_amounts(enterprises: pd.DataFrame) -> None:
    """Refuse a table that is none of enterprises: it has none of their amounts, or one twice.

    Raises
    ------
    ValueError
        With the columns that it has.
    """
    amounts = sorted({column for pair in RATIOS.values() for column in pair})
    if not set(amounts) & set(enterprises):
        has = ", ".join(map(str, enterprises)) or "none"
        raise ValueError(f"columns are {has}; allowed: a table with some of {', '.join(amounts)}")
    if not enterprises.columns.is_unique:
        twice = ", ".join(map(str, enterprises.columns[enterprises.columns.duplicated()].unique()))
        raise ValueError(f"columns stand twice: {twice}; keep one of each")


def amount(enterprises: pd.DataFrame, column: str) -> np.ndarray:
    """Return a raw amount as floats; all missing when the table has no such column.

    Examples
    --------
    >>> amount(pd.DataFrame({"land_mu": ["10", None]}), "land_mu")
    array([10., nan])
    """
    if column not in enterprises:
        return np.full(len(enterprises), np.nan)
    return asked.numbers(enterprises[column], column).to_numpy(dtype=float, na_value=np.nan)


def flag(enterprises: pd.DataFrame, column: str) -> np.ndarray:
    """Return a yes/no column as booleans; no where it is blank or absent.

    Examples
    --------
    >>> flag(pd.DataFrame({"is_tenant": ["True", None, 0]}), "is_tenant")
    array([ True, False, False])
    """
    if column not in enterprises:
        return np.zeros(len(enterprises), dtype=bool)
    values = enterprises[column]
    if values.dtype == bool:
        return values.to_numpy()
    return np.asarray(entries.marks(values, column).to_numpy(dtype=bool, na_value=False))


def quotient(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide; not a number, never infinite, where the denominator is not positive.

    Examples
    --------
    >>> quotient(np.array([6.0, 6.0]), np.array([2.0, 0.0]))
    array([ 3., nan])
    """
    out = np.where(below > 0, below, np.nan)
    return np.divide(above, out, out=out)


def ratio(enterprises: pd.DataFrame, name: str) -> np.ndarray:
    """Return a ratio of each row: as the table has it, else computed from raw amounts.

    Examples
    --------
    >>> ratio(pd.DataFrame({"tax_wan": [6.0], "land_mu": [2.0]}), "tax_per_mu_wan")
    array([3.])
    """
    if name in enterprises:
        return amount(enterprises, name)
    return quotient(*(amount(enterprises, column) for column in RATIOS[name]))


@asked.as_declared
def pooled(enterprises: pd.DataFrame, *, by: str | list[str] | None = None) -> pd.DataFrame:
    """Return each group's ratios: the sum over the sum, never the mean of ratios (合计之比).

    Absent amounts give missing ratios; without ``by``, one row for all.

    One row a group: `enterprises` (count) and the ratios. A ratio rests on the rows that have both
    of its amounts.

    Examples
    --------
    >>> areas = pd.DataFrame({"land_mu": [10.0, 90.0], "tax_wan": [300.0, 900.0]})
    >>> float(pooled(areas)["tax_per_mu_wan"].iloc[0])
    12.0
    """
    keys = asked.names([] if by is None else by)
    asked.check_columns(enterprises, *keys)
    check_amounts(enterprises)
    parts: dict[str, np.ndarray] = {}
    for name, (above, below) in RATIOS.items():
        pair = amount(enterprises, above), amount(enterprises, below)
        has_both = ~(np.isnan(pair[0]) | np.isnan(pair[1]))
        parts[f"{name}/"], parts[f"/{name}"] = (np.where(has_both, p, 0.0) for p in pair)
    sums = pd.DataFrame({**parts, "enterprises": 1}, index=enterprises.index)
    if keys:
        labels = [enterprises[key].rename(key) for key in keys]
        sums = sums.groupby(labels, sort=True, dropna=False, observed=True).sum()
    else:
        sums = sums.sum().to_frame().T
    out = pd.DataFrame({"enterprises": sums["enterprises"].astype(int)}, index=sums.index)
    for name in RATIOS:
        out[name] = quotient(sums[f"{name}/"].to_numpy(float), sums[f"/{name}"].to_numpy(float))
    return out.reset_index() if keys else out


def industry_codes(enterprises: pd.DataFrame, digits: int | None = None) -> pd.Series:
    """Return the GB/T 4754 codes without section letter, or their first digits; blank: empty."""
    column = enterprises.get("industry_code", pd.Series("", index=enterprises.index))
    text = column.fillna("").astype(str).str.strip()
    return text.str.replace(SECTION, "", regex=True).str[:digits]


def second_way(
    enterprises: pd.DataFrame, *, by: str = "tax_wan", among: np.ndarray | bool = True
) -> tuple[np.ndarray, str]:
    """Mark the district-owned enterprises (区属); where none is marked, all but the largest.

    The mask comes with its `basis`: `district_owned` or `without_largest`, by an amount of those
    ``among`` which it is looked for.
    """
    owned = flag(enterprises, "is_district_owned")
    if owned.any():
        return owned, "district_owned"
    size = np.where(among, amount(enterprises, by), np.nan)
    largest = np.nanargmax(size) if np.isfinite(size).any() else -1
    return np.arange(len(size)) != largest, "without_largest"


def industry_ratio(enterprises: pd.DataFrame, above: str, below: str) -> np.ndarray:
    """Return, on each row, the ratio of sums of its industry and year; missing without industry.

    Examples
    --------
    >>> plants = pd.DataFrame({"industry_code": ["C3411", "34"], "co2_t": 1.0})
    >>> industry_ratio(plants.assign(value_added_wan=[1.0, 3.0]), "co2_t", "value_added_wan")
    array([0.5, 0.5])
    """
    industry = industry_codes(enterprises, DIVISION_DIGITS)
    keys = [industry, enterprises["year"]] if "year" in enterprises else [industry]
    pair = amount(enterprises, above), amount(enterprises, below)
    usable = ~np.isnan(pair[0]) & (pair[1] > 0)
    parts = pd.DataFrame({i: np.where(usable, p, 0.0) for i, p in enumerate(pair)})
    sums = parts.set_index(enterprises.index).groupby(keys, dropna=False).transform("sum")
    ratio = quotient(sums[0].to_numpy(dtype=float), sums[1].to_numpy(dtype=float))
    ratio[(industry == "").to_numpy(dtype=bool)] = np.nan
    return ratio


def carbon_levels(
    enterprises: pd.DataFrame,
    *,
    low_max: float = 0.6,
    medium_max: float = 2.0,
    level_max: tuple[float, float, float, float] = (0.6, 0.8, 1.2, 2.0),
) -> pd.DataFrame:
    """Return each enterprise's carbon class and level (碳效等级).

    Against its industry, the first two digits of the GB/T 4754 code. The cut-offs of L and K are
    the parameters `carbon_*` of ``data/raw/reference/parameters.csv``.

    Columns: `carbon_l` (t per 万元), `carbon_class` (low / medium / high), `carbon_k` (L over the
    industry's ratio of sums), `carbon_level` (1 best to 5), `carbon_reason` (why missing).

    Examples
    --------
    >>> plants = pd.DataFrame({"co2_t": [1.0, 3.0], "value_added_wan": [2.0, 2.0]})
    >>> found = carbon_levels(plants.assign(industry_code="34"))
    >>> found[["carbon_class", "carbon_level"]].values.tolist()
    [['low', 1.0], ['medium', 4.0]]
    """
    co2, value = amount(enterprises, "co2_t"), amount(enterprises, "value_added_wan")
    intensity = quotient(co2, value)
    usable = ~np.isnan(intensity)
    peers = industry_ratio(enterprises, "co2_t", "value_added_wan")
    k = quotient(intensity, peers)
    words = np.array(["low", "medium", "high", ""])
    rank = np.searchsorted([low_max, medium_max], intensity)
    gaps = {
        "co2_missing": np.isnan(co2),
        "value_added_missing": np.isnan(value),
        "value_added_not_positive": value <= 0,
        "no_industry_figure": np.isnan(peers),
        "industry_without_emissions": np.isnan(k),
    }
    reason = np.select(list(gaps.values()), list(gaps), default="")
    columns = {
        "carbon_l": intensity,
        "carbon_class": words[np.where(usable, rank, 3)],
        "carbon_k": k,
        "carbon_level": np.where(np.isnan(k), np.nan, np.searchsorted(level_max, k) + 1.0),
        "carbon_reason": reason,
    }
    return pd.DataFrame(columns, index=enterprises.index)


def three_ways(enterprises: pd.DataFrame) -> pd.DataFrame:
    """Return every per-mu figure three ways: whole district, 区属, median enterprise.

    One plant dominates the district, so a single figure misleads. Where no enterprise is marked
    district-owned the second way is the district without its largest unit, and `basis` says so.

    year (where given), figure, basis (`whole`, `district_owned` or `without_largest`, `median`),
    value in 万元 a mu, enterprises (how many it rests on).

    Examples
    --------
    >>> plants = pd.DataFrame({"land_mu": [10.0, 10.0, 10.0], "tax_wan": [10.0, 20.0, 900.0]})
    >>> ways = three_ways(plants).query("figure == 'tax_per_mu_wan'")
    >>> dict(zip(ways["basis"], ways["value"].tolist()))
    {'whole': 31.0, 'without_largest': 1.5, 'median': 2.0}
    """
    if "year" in enterprises and enterprises["year"].nunique() != 1:
        years = [three_ways(rows) for _, rows in enterprises.groupby("year")]
        return pd.concat(years, ignore_index=True) if years else pd.DataFrame(columns=WAYS)
    year = {"year": enterprises["year"].iloc[0]} if "year" in enterprises else {}
    rows = []
    for figure in PER_MU:
        each = quotient(*(amount(enterprises, column) for column in RATIOS[figure]))
        usable = ~np.isnan(each)
        second, basis = second_way(enterprises, by=RATIOS[figure][0], among=usable)
        masks = [("whole", usable), (basis, usable & second)]
        ways = [(name, pooled(enterprises[mask])[figure].iloc[0], mask) for name, mask in masks]
        ways.append(("median", pd.Series(each[usable]).median(), usable))
        for name, value, mask in ways:
            row = {"figure": figure, "basis": name, "value": value, "enterprises": int(mask.sum())}
            rows.append(year | row)
    return pd.DataFrame(rows)
