"""What the public edition of a year prints (公布版): figures, ratios, shares, counts, medians.

Answers: the printed figure, how far it may be off, and why one is withheld. Refuses: a year
without an edition, and an edition of another area, scope or set of rules.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, Final, Protocol

import pandas as pd

from fenghua.analysis import asked
from fenghua.analysis.edition_counts import COUNT, MEDIAN
from fenghua.analysis.edition_issue import said
from fenghua.analysis.edition_tables import CORE, Rules, finest, tidy
from fenghua.inputs.vocabulary import bare_industry

RATIOS: Final = MappingProxyType(
    {
        "tax_per_mu_wan": ("tax_wan", "land_mu"),
        "value_added_per_mu_wan": ("value_added_wan", "land_mu"),
        "labour_productivity_wan": ("value_added_of_employers_wan", "employees"),
        "value_added_per_tce_wan": ("value_added_of_energy_users_wan", "energy_tce"),
        "rd_intensity": ("rd_wan", "revenue_wan"),
    }
)


class Dataset(Protocol):
    """What an edition needs to know of the data in use."""

    plan: Mapping[str, Any]
    parameters: Mapping[str, float]
    is_synthetic: bool
    editions: pd.DataFrame
    edition_figures: pd.DataFrame
    edition_exclusions: pd.DataFrame


def identity(ds: Dataset, year: int) -> dict[str, Any]:
    """Return what an edition is an edition of: area, plan, kind of data, rules and scope."""
    rules = {name: f"{value:g}" for name, value in asdict(Rules.of(ds.parameters)).items()}
    declared = ds.edition_exclusions
    declared = declared.loc[declared["from_year"] <= year, "enterprise_id"]
    scope = hashlib.sha256("\n".join(sorted(declared.astype(str))).encode()).hexdigest()
    return {
        "area_code": str(ds.plan["area_code"]),
        "plan_id": str(ds.plan["plan_id"]),
        "is_synthetic": bool(ds.is_synthetic),
        "rules": json.dumps(rules, sort_keys=True),
        "scope": scope,
    }


def refused(ds: Dataset, record: Mapping[str, Any]) -> str:
    """Return why a stored edition is none of the data in use; empty where it is one."""
    year = int(record["year"])
    for name, value in identity(ds, year).items():
        if record[name] != value:
            return (
                f"the public edition of {year}: {name} is {record[name]!r}, in the data in use"
                f" {value!r}; an edition stands as it was published: restore the registers, or"
                " start a series of its own with another folder of data"
            )
    return ""


@asked.as_declared
def read(ds: Dataset, year: int | str, *, scheme: str = "") -> pd.DataFrame:
    """Return the printed figures of a year's edition, one row a figure; none of year 0.

    Parameters
    ----------
    scheme : str
        The scheme that a page asks for; empty for the edition's own.

    Returns
    -------
    DataFrame
        `table`, `key`, `measure`; `n` (enterprises, rounded, where their count is printed),
        `printed`, `half` (the printed figure is off by no more), `reason` where withheld: few,
        coarse or carried.

    Raises
    ------
    ValueError
        There is no edition of the year, or it is one of other data, rules or scope.
    """
    if year == 0:
        return ds.edition_figures.iloc[:0].drop(columns="year")
    records = ds.editions[ds.editions["year"].astype(str) == _year(year)]
    if records.empty:
        known = ", ".join(str(y) for y in ds.editions["year"]) or "none"
        raise ValueError(
            f"there is no public edition of {year}; there are: {known}."
            " `fenghua report` makes the edition of a year when it first reports on it"
        )
    record = records.iloc[-1]
    if fault := refused(ds, record):
        raise ValueError(fault)
    check_scheme(record, scheme)
    figures = ds.edition_figures[ds.edition_figures["year"] == record["year"]].drop(columns="year")
    return figures.assign(reason=said(figures["reason"])).reset_index(drop=True)


def _year(given: int | str) -> str:
    """Return the year as text: of a column with gaps it is 2024.0."""
    return given.strip() if isinstance(given, str) else str(int(given))


def check_scheme(record: Mapping[str, Any], scheme: str) -> None:
    """Refuse any scheme but the one whose classes an edition has."""
    if scheme and scheme != record["scheme"]:
        raise ValueError(
            f"scheme is {scheme!r}; the public edition of {record['year']} has the classes of"
            f" {record['scheme']!r} alone: leave the scheme out, or make an internal page"
        )


def is_current(ds: Dataset, year: int) -> bool:
    """Say whether the enterprises are still those that the year's edition was made of."""
    own = ds.editions[ds.editions["year"] == year]
    return bool(len(own) and own["is_current"].iloc[-1])


def years(ds: Dataset) -> list[int]:
    """Return the years with an edition, oldest first."""
    return sorted(int(year) for year in ds.editions["year"])


def chosen(figures: pd.DataFrame, table: str, measure: str) -> pd.DataFrame:
    """Return the figures of a table and measure by key: `value`, `error`, `reason`."""
    own = figures[(figures["table"] == table) & (figures["measure"] == measure)]
    names = {"printed": "value", "half": "error"}
    return own.set_index("key")[["printed", "half", "reason"]].rename(columns=names)


def count(figures: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return the counts of enterprises of a table by key: `value`, `error`, `reason`."""
    return chosen(figures, table, COUNT)


def median(figures: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return the median tax per mu of a table by key: `value`, `error`, `reason`."""
    return chosen(figures, table, MEDIAN)


def ratio(figures: pd.DataFrame, table: str, name: str) -> pd.DataFrame:
    """Return a ratio of printed sums by key: `value` (three digits), `error`, `reason`.

    Notes
    -----
    ``error = |r| (half_a / |a| + half_b / b)`` and the half digit that is cut. The ratio of the
    enterprises lies within it to first order.

    Examples
    --------
    >>> names = ["table", "key", "measure", "printed", "half", "reason"]
    >>> rows = [("total", "total", "tax_wan", 46000.0, 500.0, "")]
    >>> rows += [("total", "total", "land_mu", 2640.0, 5.0, "")]
    >>> found = ratio(pd.DataFrame(rows, columns=names), "total", "tax_per_mu_wan")
    >>> found.round(2).to_numpy().tolist()
    [[17.4, 0.27, '']]
    """
    above, below = (chosen(figures, table, measure) for measure in RATIOS[name])
    return _divided(above, below.reindex(above.index))


def share(figures: pd.DataFrame, table: str, measure: str, *, of: str) -> pd.DataFrame:
    """Return the share (0-1, whole per cent) of each figure in a figure of another table.

    ``of`` is ``total``, or the table whose keys begin the keys of this one (``town`` for
    ``town_class``).
    """
    parts, wholes = chosen(figures, table, measure), chosen(figures, of, measure)
    keys = parts.index.str.split("/").str[0] if of != "total" else ["total"] * len(parts)
    found = _divided(parts, wholes.reindex(keys).set_axis(parts.index))
    exact = parts["value"] / wholes["value"].reindex(keys).to_numpy()
    is_exact = found["error"] == 0
    error = (found["error"] + 0.005).mask(is_exact, 0.0)
    return found.assign(value=exact.round(2).mask(is_exact, exact), error=error)


def narrowed(figures: pd.DataFrame, *, town: str = "", industry: str = "") -> pd.DataFrame:
    """Return what an edition holds of one town, zone or industry, as tables of a whole.

    Its own row is the ``total``, its classes are the classes, its entries and exits the flow.

    Raises
    ------
    ValueError
        The edition has no such row, or withholds its land or tax.
    """
    industry = bare_industry(industry)
    if not (town or industry):
        return figures
    if town and industry:
        raise ValueError(
            f"town is {town!r} and industry {industry!r}: the public edition has both, but not the"
            " one within the other; leave one out, or make an internal page"
        )
    place, tables = (town, ("town", "zone")) if town else (industry, ("industry",))
    own = figures[figures["table"].isin(tables) & (figures["key"] == place)]
    core = own[own["measure"].isin(CORE[:2])]
    if core.empty or core["printed"].isna().any():
        known = figures[figures["table"].isin(tables) & (figures["measure"] == "land_mu")]
        allowed = ", ".join(sorted(known.loc[known["printed"].notna(), "key"]))
        raise ValueError(
            f"{'town' if town else 'industry'} is {place!r}: the public edition does not print it"
            f" (too few enterprises, one that dominates, or a code it does not have); it prints:"
            f" {allowed}. An internal page shows all"
        )
    parts = [own.assign(table="total", key="total")]
    for table, name in (("town_class", "class"), ("town_flow", "flow")):
        part = figures[(figures["table"] == table) & figures["key"].str.startswith(f"{place}/")]
        parts.append(part.assign(table=name, key=part["key"].str.split("/").str[-1]))
    return pd.concat(parts, ignore_index=True)


def _divided(above: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    value = above["value"] / below["value"].where(below["value"] > 0)
    step = finest(value)
    error = above["error"] / below["value"] + value.abs() * below["error"] / below["value"]
    reason = above["reason"].where(above["reason"] != "", below["reason"])
    rounded = tidy((value / step).round() * step)
    is_exact = error == 0  # of an internal page, which prints as it likes
    rounded, error = rounded.mask(is_exact, value), (error + step / 2).mask(is_exact, 0.0)
    return pd.DataFrame({"value": rounded, "error": error, "reason": reason})
