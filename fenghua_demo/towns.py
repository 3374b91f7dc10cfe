"""What the towns of the demonstration data report, and the tasks they were given (演示镇街).

Answers: how a made-up district total is split by town. Refuses: to exceed that total.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from zlib import crc32

import numpy as np
import pandas as pd

from fenghua_demo.enterprises import normal, town_knobs

KNOBS: Final = MappingProxyType[str, Any](
    {
        "town_decimals": 3,
        "unallocated_share": 0.03,
        "town_spread": 0.30,
        "town_drift": 0.08,
        "zone_share": 0.5,
        "tasks_fall_short": {"scattered_polluting_firms_rectified": 0.95},
        "missed_months": ("2023-04", "2023-05", "2023-06", "2025-11", "2025-12"),
    }
)
BY_TOWN: Final = (
    *("energy_released", "high_tech_firms", "inefficient_firms_upgraded", "land_released"),
    *("major_projects_500m", "outdated_capacity_closed", "pinzi_brand_firms"),
    *("scattered_polluting_firms_rectified", "zhejiang_made_standards"),
)


def stream(seed: int, name: str) -> np.random.Generator:
    """One stream a name, so that a new indicator leaves the others as they were."""
    return np.random.Generator(np.random.PCG64([seed, crc32(name.encode("utf-8"))]))


def _allocated(totals: np.ndarray, shares: np.ndarray, *, is_count: bool) -> np.ndarray:
    """Split cumulative totals (times) by shares (times, units), grain by grain: never falling."""
    grains = 1 if is_count else 10 ** KNOBS["town_decimals"]
    totals = np.round(totals * grains)
    quota = np.cumsum(np.diff(totals, prepend=0.0)[:, None] * shares, axis=0)
    parts, held = np.zeros_like(quota), np.zeros(quota.shape[1])
    for time, total in enumerate(totals):
        while held.sum() < total:
            held[np.argmax(quota[time] - held)] += 1
        parts[time] = held
    return parts / grains


def _long(
    parts: np.ndarray, towns: pd.DataFrame, zone: str, row: pd.Series, times: pd.Series
) -> pd.DataFrame:
    """Return one row a town and time; the zone's part lies inside what its host towns report."""
    wide = pd.DataFrame(parts, index=pd.Index(times), columns=towns.index)
    if zone:
        inside = wide.loc[:, towns["hosts_zone"]].sum(axis=1) * KNOBS["zone_share"]
        wide[zone] = np.floor(inside) if row["is_count"] else inside.round(KNOBS["town_decimals"])
    long = wide.reset_index().melt(id_vars=times.name, var_name="town_code")
    return long.assign(indicator_id=row["indicator_id"])


def by_town(
    goals: Mapping[str, tuple[pd.Series, pd.Series]],
    seen: pd.DataFrame,
    codes: list[str],
    zone: str,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the towns' reports (base year, then months) and their yearly tasks."""
    reports, tasks, towns = [], [], town_knobs(codes)
    years = pd.Series(sorted(seen["end"].astype(int).unique()), name="year")
    effort = np.exp(2 * towns["quality"].to_numpy())
    for name, (row, marks) in goals.items():
        if name not in BY_TOWN:
            continue
        rng, is_count = stream(seed, f"towns {name}"), row["is_count"]
        given = towns["weight"].to_numpy() * np.exp(KNOBS["town_spread"] * normal(rng, len(towns)))
        path = np.interp(years, marks.index.to_numpy(dtype=float), marks.to_numpy())
        path *= KNOBS["tasks_fall_short"].get(name, 1.0)
        path = np.ceil(path - 1e-9) if is_count else path
        even = np.tile(given / given.sum(), (len(years), 1))
        tasks.append(_long(_allocated(path, even, is_count=is_count), towns, zone, row, years))
        mine = seen[seen["indicator_id"] == name].drop_duplicates("period", keep="last")
        drift = KNOBS["town_drift"] * normal(rng, len(towns))
        real = given * effort * np.exp((mine["end"].to_numpy() - years.iloc[0])[:, None] * drift)
        real[:, (towns["role"] == "tiny") & (row["block"] == "phase_out")] = 0.0
        told = np.maximum.accumulate(mine["value"].to_numpy()) * (1 - KNOBS["unallocated_share"])
        told = np.floor(told) if is_count else told
        parts = _allocated(told, real / real.sum(axis=1)[:, None], is_count=is_count)
        reports.append(_long(parts, towns, zone, row, mine["period"]))
    report, task = pd.concat(reports, ignore_index=True), pd.concat(tasks, ignore_index=True)
    late = report["town_code"].isin(towns.index[towns["role"] == "late"])
    late &= report["period"].isin(KNOBS["missed_months"])
    return report[~late], task[task["year"] > years.iloc[0]]
