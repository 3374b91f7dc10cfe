"""The synthetic enterprise panel of the demonstration data (演示企业).

Answers: which made-up enterprises stand in each year. Refuses: to describe any real one.
"""

from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

# Synthetic knobs, like industries.csv and towns.csv: chosen so that the pages have
# something to show, measured nowhere. The printed totals of the district come as an argument.
KNOBS: Final = MappingProxyType[str, Any](
    {
        "minimum_enterprises": 10,
        "above_scale_share": 800 / 2300,
        "entry_rate": 0.035,
        "exit_rate": 0.035,
        "promotion_rate": 0.03,
        "log_land_above": 2.4,
        "log_land_below": 1.4,
        "land_spread": 0.7,
        "spread": 0.7,
        "yearly_growth": 0.03,
        "yearly_shock": 0.15,
        "land_growth_rate": 0.04,
        "dominant_land_share": 0.04,
        "dominant_industry": "4190",
        "giant_multiple": 5.0,
        "giant_value_per_tax": 3.0,
        "zone_share": 0.5,
        "zone_outside_share": 0.02,
        "tenant_rate": 0.07,
        "shared_parcel_rate": 0.03,
        "missing_emission_rate": 0.08,
        "negative_value_added_rate": 0.012,
        "co2_per_mwh": 0.55,
        "co2_per_tce_fuel": 2.5,
        "tce_per_mwh": 0.29,
    }
)
FINDINGS: Final = MappingProxyType(
    {"energy": 0.015, "environment": 0.025, "quality": 0.008, "safety": 0.015}
)
PARKS: Final = (("village_cluster", 0.50), ("micro_park", 0.24), ("park", 0.14))
DOMINANT, GIANT = 0, 1
CAST: Final = [DOMINANT, GIANT]
CAST_SHARES: Final = MappingProxyType(
    {
        "revenue_wan": 1 / 0.7,
        "rd_wan": 0.012,
        "energy_tce": 0.01,
        "electricity_mwh": 0.02,
        "co2_t": 0.02,
        "emission_t": 0.0001,
    }
)


def read_knobs(name: str) -> pd.DataFrame:
    """Return a table of synthetic knobs that lies beside this module."""
    path = Path(__file__).with_name(f"{name}.csv")
    codes = {"town_code": str, "industry_code": str, "role": str}
    return pd.read_csv(path, encoding="utf-8", dtype=codes, keep_default_na=name != "towns")


def town_knobs(towns: list[str]) -> pd.DataFrame:
    """Return the knobs of these towns; an unknown town gets middling ones and no role."""
    known = read_knobs("towns").set_index("town_code")
    for town in sorted(set(towns) - set(known.index)):
        known.loc[town] = {"weight": 0.5, "quality": 0.0, "hosts_zone": False, "role": ""}
    return known.loc[towns].astype({"weight": float, "quality": float, "hosts_zone": bool})


def normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Twelve uniforms less six: near normal, and the same bits wherever uniforms are."""
    return rng.random((*shape, 12)).sum(axis=-1) - 6.0


def _pick(rng: np.random.Generator, weights: pd.Series, size: int) -> np.ndarray:
    edges = np.cumsum(weights.to_numpy())
    return np.searchsorted(edges[:-1], rng.random(size) * edges[-1], side="right")


def _firms(
    rng: np.random.Generator, towns: list[str], zone: str, enterprises: int, years: list[int]
) -> pd.DataFrame:
    """Return what does not change about each enterprise, one row each, entrants last."""
    entrants = max(1, round(KNOBS["entry_rate"] * enterprises))
    size = enterprises + entrants * (len(years) - 1)
    places = town_knobs(towns).iloc[_pick(rng, town_knobs(towns)["weight"], size)].reset_index()
    out = read_knobs("industries")
    out = out.iloc[_pick(rng, out["weight"], size)].drop(columns="weight").reset_index(drop=True)
    out["enterprise_id"] = [f"DEMO{n + 1:06d}" for n in range(size)]
    out["name"] = [f"演示企业-{n + 1:04d}" for n in range(size)]
    out["town_code"] = places["town_code"].astype(object)
    out["entry"] = np.r_[np.zeros(enterprises, int), np.repeat(range(1, len(years)), entrants)]
    above = rng.random(size) < KNOBS["above_scale_share"]
    promoted = np.where(rng.random(size) < KNOBS["promotion_rate"], 0, len(years))
    later = np.maximum(promoted, rng.integers(1, len(years), size))
    out["above_from"] = np.where(above, 0, later)
    out["skill"] = normal(rng, size) + places["quality"] + 0.2 * (out["entry"] > 0)
    log_land = np.where(above, KNOBS["log_land_above"], KNOBS["log_land_below"])
    out["land"] = np.exp(log_land + KNOBS["land_spread"] * normal(rng, size)).clip(0.8)
    age = np.where(out["entry"] > 0, rng.integers(0, 2, size), rng.integers(0, 28, size))
    out["established_year"] = years[0] + out["entry"] - age
    for column in ("tech_draw", "park_draw", "flag_draw"):
        out[column] = rng.random(size)
    inside = places["hosts_zone"] & (rng.random(size) < KNOBS["zone_share"])
    out["zone_code"] = np.where(inside, zone, "")
    out["is_district_owned"] = ~(inside & (rng.random(size) < KNOBS["zone_outside_share"]))
    return _cast(out, town_knobs(towns)["role"], zone, years)


def _cast(out: pd.DataFrame, role: pd.Series, zone: str, years: list[int]) -> pd.DataFrame:
    """Give the roles that pages must cope with: dominant plant, giant of a town, tiny town."""

    def place(name: str) -> str:
        return role.index[role == name][0] if (role == name).any() else role.index[-1]

    out.loc[CAST, "town_code"] = [place("dominant"), place("giant")]
    out.loc[CAST, "zone_code"] = [zone, ""]
    out.loc[CAST, "is_district_owned"] = [False, True]
    out.loc[CAST, ["above_from", "established_year"]] = [0, years[0] - 20]
    out.loc[DOMINANT, "industry_code"] = KNOBS["dominant_industry"]
    tiny = out.index[out["town_code"] == place("tiny")].difference(CAST)
    out.loc[tiny, "above_from"] = len(years)
    out.loc[tiny[:2], "above_from"] = 0
    out["stays"] = out.index.isin([*CAST, *tiny[:2]])
    return out


def _standing(rng: np.random.Generator, firm: pd.DataFrame, years: int) -> np.ndarray:
    """Return which enterprise stands in which year; weak ones leave more often."""
    rate = KNOBS["exit_rate"] * np.where(firm["skill"] < -0.6, 2.2, 0.6) * ~firm["stays"]
    entry, column = firm["entry"].to_numpy()[:, None], np.arange(years)
    leaves = (rng.random((len(firm), years)) < rate.to_numpy()[:, None]) & (column > entry)
    return (column >= entry) & (np.cumsum(leaves, axis=1) == 0)


def _bonds(rng: np.random.Generator, firm: pd.DataFrame) -> pd.DataFrame:
    """Return whose parcel each enterprise shares and whom it rents from (-1 for nobody)."""
    size, above = len(firm), firm["above_from"].to_numpy() == 0
    parcel, landlord = np.arange(size), np.full(size, -1)
    rents = (rng.random(size) < KNOBS["tenant_rate"]) & ~above
    shares = (rng.random(size) < KNOBS["shared_parcel_rate"]) & ~rents
    draw = rng.random(size)
    for rows in firm.groupby("town_code").indices.values():
        rows = rows[rows > GIANT]
        owners, tenants = rows[above[rows]], rows[rents[rows]]
        if len(owners):
            landlord[tenants] = owners[(draw[tenants] * len(owners)).astype(int)]
        for peers in (owners, rows[~above[rows] & ~rents[rows]]):
            second = np.flatnonzero(shares[peers][1:] & ~shares[peers][:-1]) + 1
            parcel[peers[second]] = peers[second - 1]
    return pd.DataFrame({"parcel": parcel, "landlord": landlord}, index=firm.index)


def _parks(firm: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the made-up parks of each town and the park of each enterprise ("" for none)."""
    rows, member = list[tuple[Any, ...]](), pd.Series("", index=firm.index, dtype=object)
    kinds = pd.Series("", index=firm.index, dtype=object)
    for kind, share in PARKS:
        weak = firm["skill"] < -0.5
        fits = weak if kind == "village_cluster" else ~weak
        kinds[(firm["park_draw"] < share) & fits & (firm.index > GIANT)] = kind
    for (town, kind), index in firm.groupby(["town_code", kinds]).groups.items():
        if kind:
            number = len(rows) + 1
            member[index] = f"PARK{number:03d}"
            stars = number % 5 + 1 if kind == "micro_park" else np.nan
            rows.append((f"PARK{number:03d}", f"演示园区-{number:02d}", town, kind, stars))
    return pd.DataFrame(rows, columns=["park_id", "name", "town_code", "kind", "stars"]), member


def _amounts(rng: np.random.Generator, firm: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return one year's raw amounts before the cast is fitted to the printed totals."""
    size, above = len(firm), now["above"]

    def spread(width: float) -> np.ndarray:
        return np.exp(width * normal(rng, size))

    out = pd.DataFrame({"land_mu": now["land"].round(2)}, index=firm.index)
    usual = out["land_mu"] * firm["value_added_per_mu"] * np.where(above, 1.0, 0.45)
    usual *= np.exp(KNOBS["yearly_growth"] * now["step"] + KNOBS["spread"] * now["skill"])
    usual *= np.where(now["is_unfinished"], 0.1, 1.0)
    loses = (rng.random(size) < KNOBS["negative_value_added_rate"]) & (firm.index > GIANT)
    tax = usual * firm["tax_share"] * spread(0.3) * np.where(loses, 0.2, 1.0)
    out["tax_wan"] = tax.clip(0.01).round(2)
    out["value_added_wan"] = (usual * np.where(loses, -0.15, 1.0)).round(2)
    out["revenue_wan"] = (usual / 0.25 * spread(0.15)).round(1)
    effort = np.where(now["is_high_tech"], 0.055, 0.026) * np.where(above, 1.0, 0.2)
    out["rd_wan"] = (out["revenue_wan"] * effort * spread(0.4)).round(2)
    out["employees"] = (usual / (17 * 1.05 ** now["step"]) * spread(0.35)).clip(3).round(0)
    out["energy_tce"] = (usual * firm["tce_per_wan"] * spread(0.4)).clip(0.5).round(1)
    electric = out["energy_tce"] * (0.55 + 0.35 * rng.random(size))
    out["electricity_mwh"] = (electric / KNOBS["tce_per_mwh"]).clip(0.1).round(1)
    fuel = (out["energy_tce"] - electric) * KNOBS["co2_per_tce_fuel"]
    out["co2_t"] = (out["electricity_mwh"] * KNOBS["co2_per_mwh"] + fuel).round(1)
    emission = (usual / 4900 * spread(0.8)).clip(0.001).round(3)
    missing = (rng.random(size) < KNOBS["missing_emission_rate"]) & (firm.index > GIANT)
    out["emission_t"] = emission.mask(missing)
    return out


def _fit(out: pd.DataFrame, firm: pd.DataFrame, now: pd.DataFrame, ratio: pd.Series) -> None:
    """Set the giant, then the dominant plant so that above-scale sums give the ratios."""
    near = (firm["town_code"] == firm["town_code"].iat[GIANT]) & now["standing"]
    near = out.loc[near & (firm.index > GIANT), "tax_wan"].sum()
    tax = round(max(near, 1.0) * KNOBS["giant_multiple"], 2)
    _set(out, GIANT, out.loc[GIANT, "land_mu"], tax, round(tax * KNOBS["giant_value_per_tax"], 2))
    others = now["above"] & now["standing"] & (firm.index != DOMINANT)
    total = out.loc[others, "land_mu"].sum()
    land = round(total * KNOBS["dominant_land_share"], 2)
    tax, value = (
        round(ratio[name] * round(total + land, 2) - out.loc[others, column].sum(), 3)
        for name, column in (("tax_per_mu", "tax_wan"), ("value_added_per_mu", "value_added_wan"))
    )
    _set(out, DOMINANT, land, tax, value)
    out["employees"] = out["employees"].astype(int)


def _set(out: pd.DataFrame, row: int, land: float, tax: float, value: float) -> None:
    """Write one enterprise of the cast; what is not given follows from its value added."""
    fitted = {"land_mu": land, "tax_wan": tax, "value_added_wan": value}
    fitted |= {column: round(value * share, 1) for column, share in CAST_SHARES.items()}
    fitted["employees"] = max(round(value * 0.0005), 1)
    out.loc[row, list(fitted)] = list(fitted.values())


def _described(
    rng: np.random.Generator, out: pd.DataFrame, firm: pd.DataFrame, now: pd.DataFrame, year: int
) -> pd.DataFrame:
    """Return one year's table: codes, the amounts, then flags, findings, tenants and park."""
    codes = firm[["enterprise_id", "name", "town_code", "zone_code", "industry_code"]].copy()
    codes.insert(0, "year", year)
    codes["parcel_id"] = "PARCEL" + firm["enterprise_id"].str[4:].to_numpy()[firm["parcel"]]
    codes["is_above_scale"] = now["above"]
    codes["is_district_owned"] = firm["is_district_owned"]
    out = codes.join(out)
    out["is_high_tech"] = now["is_high_tech"]
    out["is_chain_key"] = firm["flag_draw"] < 0.03
    out["is_key_cultivation"] = firm["flag_draw"].between(0.03, 0.07)
    out["is_grain_processor"] = firm["industry_code"].str.startswith("13")
    for finding, rate in FINDINGS.items():
        out[f"has_{finding}_finding"] = rng.random(len(out)) < rate
    owner = firm["landlord"].to_numpy()
    rents = (owner >= 0) & ~now["above"].to_numpy() & now["standing"].to_numpy()[owner]
    out["is_tenant"] = rents
    out["landlord_id"] = np.where(rents, firm["enterprise_id"].to_numpy(dtype=object)[owner], "")
    out["tenant_count"] = np.bincount(owner[rents & now["standing"]], minlength=len(out))
    out["established_year"] = firm["established_year"]
    out["is_unfinished"] = now["is_unfinished"]
    out["is_utility"] = firm["industry_code"].str.startswith("44")
    out["park_id"] = firm["park_id"]
    return out[now["standing"]].reset_index(drop=True)


def panel(
    district: pd.DataFrame, *, towns: list[str], zone: str, enterprises: int, seed: int
) -> tuple[dict[int, pd.DataFrame], pd.DataFrame]:
    """Return one synthetic enterprise table a year, and the parks (演示企业面板).

    Parameters
    ----------
    district : DataFrame
        Index year; columns ``tax_per_mu`` and ``value_added_per_mu`` (万元/亩), which the
        above-scale ratios of sums of each year meet.
    towns, zone : list of str, str
        Town codes, and the code of the development zone ("" for none).
    enterprises, seed : int
        How many enterprises stand in each year, about; the seed of the generator.
    """
    if enterprises < KNOBS["minimum_enterprises"]:
        least = KNOBS["minimum_enterprises"]
        raise ValueError(f"enterprises is {enterprises}; allowed: {least} or more")
    years = [int(year) for year in district.index]
    rng = np.random.Generator(np.random.PCG64([seed, enterprises]))
    firm = _firms(rng, towns, zone, enterprises, years)
    standing = _standing(rng, firm, len(years))
    firm = firm.join(_bonds(rng, firm))
    parks, firm["park_id"] = _parks(firm)
    now, tables = firm[["land", "skill"]].copy(), {}
    for step, year in enumerate(years):
        if step:
            grows = rng.random(len(firm)) < KNOBS["land_growth_rate"]
            now["land"] *= np.where(grows, 1.2, 1.0)
            now["skill"] += KNOBS["yearly_shock"] * normal(rng, len(firm))
        now["step"], now["standing"] = step, standing[:, step]
        now["above"] = firm["above_from"] <= step
        share = np.where(now["above"], 0.16 + 0.03 * step, 0.03 + 0.01 * step)
        now["is_high_tech"] = firm["tech_draw"] < share
        now["is_unfinished"] = (firm["entry"] == step) & (step > 0) & (firm["flag_draw"] > 0.8)
        out = _amounts(rng, firm, now)
        _fit(out, firm, now, district.loc[year])
        tables[year] = _described(rng, out, firm, now, year)
    sums = tables[years[-1]].groupby("park_id")[["land_mu", "tax_wan"]].sum().round(2)
    return tables, parks.join(sums, on="park_id", how="inner")
