"""Deterministic synthetic actuals for the years of the plan (演示数据).

Answers: what the pages look like with figures in them. Refuses: to pass for a real figure.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final
from zlib import crc32

import numpy as np
import pandas as pd

from fenghua_demo import enterprises as demo_enterprises
from fenghua_demo import folder
from fenghua_demo.enterprises import normal, read_knobs
from fenghua_demo.towns import by_town, stream

# Synthetic knobs, like profiles.csv, which gives each indicator its story. A story is the
# share of the planned change that is done at the end of each year after the base year.
STORIES: Final = MappingProxyType(
    {
        "ahead": (1.10, 1.12, 1.10, 1.08, 1.05),
        "early": (1.15, 1.20, 1.25, 1.42, 1.30),
        "steady": (1.03, 1.03, 1.03, 1.03, 1.03),
        "catches_up": (0.70, 0.76, 0.88, 0.97, 1.03),
        "last_minute": (0.75, 0.80, 1.02, 0.80, 1.02),
        "late": (0.70, 0.75, 0.82, 0.86, 0.88),
        "very_late": (0.30, 0.38, 0.45, 0.55, 0.62),
        "fades": (1.06, 1.06, 1.04, 0.90, 0.78),
        "moving_away": (-0.40, -0.50, -0.30, 0.10, 0.40),
    }
)
TEXT_STORIES: Final = ("ahead", "steady", "catches_up", "late", "fades", "steady", "very_late")
KNOBS: Final = MappingProxyType[str, Any](
    {
        "noise": 0.008,
        "growth_noise": 0.15,
        "observed_start_share": 0.45,
        "untargeted_end": {"milestone": 90.0, "assigned": 12.0},
        "decimals": 2,
    }
)
PER_MU: Final = MappingProxyType({"tax_per_mu": "tax_wan", "value_added_per_mu": "value_added_wan"})
ADJUSTMENTS: Final = (  # years after the base, place from the end, grade, action, reason
    (1, 5, "D", "veto", "演示: 当年发生较大安全生产责任事故"),
    (3, 9, "C", "cap", "演示: 列入失信名单，最高为C类"),
    (3, 40, "B", "upgrade", "演示: 当年认定为重点培育企业，上调一档"),
    (4, 60, "A", "upgrade", "演示: 产业链关键环节，上调一档"),
    (5, 25, "D", "veto", "演示: 环保执法责令停产整治"),
    (5, 80, "B", "manual", "演示: 用地面积复核后调整"),
)
OBSERVATION_COLUMNS: Final = (
    *("indicator_id", "area_code", "period", "value", "unit", "basis", "status"),
    *("source_id", "note", "published_on"),
)


def _calendar(years: list[int], row: pd.Series) -> Iterator[tuple[str, float, str]]:
    """Yield period, decimal year at its end, and a publication day some twenty days later."""
    monthly = row["scope"] == "headline" and row["kind"] == "cumulative"
    quarterly = row["scope"] == "headline" and row["kind"] in ("level", "growth", "reduction")
    for year in years:
        ends = {12: str(year)}
        if monthly:
            ends = {month: f"{year}-{month:02d}" for month in range(1, 13)}
        elif quarterly:
            ends = {3 * quarter: f"{year}-Q{quarter}" for quarter in (1, 2, 3)} | ends
        for month, period in ends.items():
            yield period, year - 1 + month / 12, f"{year + month // 12}-{month % 12 + 1:02d}-20"


def _milestones(row: pd.Series, targets: pd.DataFrame, years: list[int]) -> pd.Series:
    """Return what a made-up series steers by: a start, then the plan's targets, by year."""
    mine = targets[targets["indicator_id"] == row["indicator_id"]]
    goals = mine[(mine["role"] == "target") & mine["value"].notna()].set_index("year")["value"]
    if goals.empty:
        goals = pd.Series({years[-1]: KNOBS["untargeted_end"][row["kind"]]})
    start = 0.0
    if row["start"] == "printed":
        start = mine.loc[mine["role"] == "baseline", "value"].iloc[0]
    elif row["start"] == "observed":
        start = round(goals.iloc[-1] * KNOBS["observed_start_share"])
    return pd.concat([pd.Series({years[0]: start}), goals.sort_index()]).astype(float)


def _values(
    row: pd.Series, marks: pd.Series, done: np.ndarray, at: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return the made-up values of one indicator at the times ``at``."""
    kind, noise = row["kind"], normal(rng, len(at))
    if kind in ("growth", "annual"):
        values = marks.iloc[-1] * done + KNOBS["growth_noise"] * noise * (kind == "growth")
    else:
        goals = marks.to_numpy()
        goals = np.log1p(-goals / 100) if kind == "reduction" else goals
        planned = np.interp(at, marks.index.to_numpy(dtype=float), goals) - goals[0]
        values = goals[0] + planned * done * (1 + KNOBS["noise"] * noise)
        values = -np.expm1(values) * 100 if kind == "reduction" else values
    if kind == "cumulative":
        values = np.maximum.accumulate(np.maximum(values, marks.iloc[0]))
    is_share = row["unit"] == "%" and kind in ("milestone", "annual")
    values = np.minimum(values, 100.0) if is_share else values
    if row["is_count"]:
        return np.floor(values + 1e-9)
    return np.round(values, KNOBS["decimals"])


def _revised(frame: pd.DataFrame, revision: float, decimals: int) -> pd.DataFrame:
    """Return the rows with a first and a restated figure for the end of each year."""
    closing = frame["end"] % 1 == 0
    first = frame[closing].assign(status="preliminary", note="演示: 初步数")
    first["value"] = (first["value"] * (1 + revision)).round(decimals)
    restated = frame[closing].assign(status="final", note="演示: 修订数")
    restated["published_on"] = (restated["end"].astype(int) + 1).astype(str) + "-04-20"
    return pd.concat([frame[~closing], first, restated]).sort_values("end", kind="stable")


def _series(
    row: pd.Series, targets: pd.DataFrame, profile: pd.Series, years: list[int], seed: int
) -> pd.DataFrame:
    """Return the observations of one indicator, base year first where it has a figure."""
    marks, kind = _milestones(row, targets, years), row["kind"]
    frame = pd.DataFrame(_calendar(years[1:], row), columns=["period", "end", "published_on"])
    at = frame["end"].to_numpy()
    done = np.interp(at, years[1:], STORIES[profile["story"]])
    frame["value"] = _values(row, marks, done, at, stream(seed, row["indicator_id"]))
    early = (frame["end"] > years[-1] - 0.25) & (profile["status"] == "final")
    frame["status"] = np.where(early, "preliminary", profile["status"])
    frame["note"] = ""
    if pd.notna(profile["revision"]):
        decimals = 0 if row["is_count"] else KNOBS["decimals"]
        frame = _revised(frame, profile["revision"], decimals)
    if kind in ("level", "cumulative", "milestone") and row["start"] != "zero":
        note = "基期数，与表1所印一致" if row["start"] == "printed" else "演示: 合成的基期数"
        base = {"period": str(years[0]), "end": float(years[0]), "value": marks.iloc[0]}
        base |= {"published_on": f"{years[1]}-01-20", "status": "final", "note": note}
        frame = pd.concat([pd.DataFrame([base]), frame])
    frame = frame[~(frame["end"] > profile["silent_after"])]
    frame = frame[np.ceil(frame["end"]) != profile["silent_year"]]
    basis = "cumulative" if kind in ("cumulative", "reduction", "assigned") else "annual"
    return frame.assign(indicator_id=row["indicator_id"], unit=row["unit"], basis=basis)


def _observations(plan: dict[str, pd.DataFrame], years: list[int], seed: int) -> pd.DataFrame:
    """Return the district's observations; a repeated text figure repeats the headline's years."""
    profiles = read_knobs("profiles").set_index("indicator_id")
    parts: dict[str, pd.DataFrame] = {}
    repeats = plan["indicators"]["same_as"].notna()
    for _, row in plan["indicators"][~repeats].iterrows():
        name = row["indicator_id"]
        story = TEXT_STORIES[crc32(name.encode("utf-8")) % len(TEXT_STORIES)]
        plain = pd.Series({"story": story, "status": "final"}).reindex(profiles.columns)
        profile = profiles.loc[name] if name in profiles.index else plain
        parts[name] = _series(row, plan["targets"], profile, years, seed)
    for _, row in plan["indicators"][repeats].iterrows():
        told = parts[row["same_as"]]
        told = told[(told["end"] % 1 == 0) & (told["end"] > years[0])]
        year = told["end"].astype(int).astype(str)
        parts[row["indicator_id"]] = told.assign(indicator_id=row["indicator_id"], period=year)
    area = plan["plan"]["area_code"].iloc[0]
    told = [part for part in parts.values() if len(part)]
    return pd.concat(told, ignore_index=True).assign(area_code=area)


def _refuse_others(data: Path, indicators: pd.DataFrame, years: list[int]) -> None:
    """Refuse a plan of another length than the stories, or without what enterprises add up to."""
    told = len(STORIES["steady"])
    if len(years) != told + 1 or not {*PER_MU} <= {*indicators["indicator_id"]}:
        raise ValueError(
            f"{data}: a demonstration is made for a plan of {told} years that has the indicators"
            f" {' and '.join(PER_MU)}; put figures of your own into actuals"
        )


def _yearly(seen: pd.DataFrame) -> pd.DataFrame:
    """Return the last published year figures of the per-mu indicators, one row a year."""
    rows = seen[(seen["period"].str.len() == 4) & seen["indicator_id"].isin(PER_MU)]
    rows = rows.drop_duplicates(["indicator_id", "period"], keep="last")
    wide = rows.pivot(index="period", columns="indicator_id", values="value")
    return wide.set_index(wide.index.astype(int))


def _district_owned(tables: dict[int, pd.DataFrame], seen: pd.DataFrame) -> pd.DataFrame:
    """Return the 区属 line of the per-mu indicators: the panel's own ratios of sums."""
    rows = []
    for year, table in tables.items():
        own = table[table["is_above_scale"] & table["is_district_owned"]]
        for name, amount in PER_MU.items():
            like = seen[(seen["indicator_id"] == name) & (seen["period"] == str(year))].iloc[-1]
            value = round(own[amount].sum() / own["land_mu"].sum(), KNOBS["decimals"])
            area = f"{like['area_code']}-qs"
            rows.append({**like, "area_code": area, "value": value, "note": "演示: 区属口径"})
    return pd.DataFrame(rows)


def _adjustments(tables: dict[int, pd.DataFrame]) -> pd.DataFrame:
    rows, years = [], list(tables)
    for step, place, grade, action, reason in ADJUSTMENTS:
        year = years[min(step, len(years) - 1)]
        found = tables[year]["enterprise_id"].iloc[-(place % len(tables[year]) + 1)]
        rows.append((year, found, grade, action, reason))
    return pd.DataFrame(rows, columns=["year", "enterprise_id", "grade", "action", "reason"])


def write(
    directory: str | Path,
    *,
    enterprises: int = 2300,
    seed: int = 2022,
    data: str | Path = "data/raw",
) -> list[Path]:
    """Write synthetic actuals and return the files written (演示数据).

    Parameters
    ----------
    directory : path
        Where the tables go; made if it is not there. It may hold an earlier demonstration, which
        is replaced, and a README.md.
    enterprises : int
        Enterprises standing in each year, about; 10 or more.
    seed : int
        The same seed, registers and number of enterprises give the same bytes.
    data : path
        Folder of the registers (``plan`` and ``reference``) that the rows refer to.

    Raises
    ------
    ValueError
        When ``enterprises`` is below 10, or the plan is none that it could be made for.
    FileExistsError
        When the folder holds anything else.
    """
    out, data = Path(directory), Path(data)
    earlier = folder.earlier(out)
    plan = {
        name: folder.register(data, f"plan/{name}.csv")
        for name in ("indicators", "targets", "plan")
    }
    places = folder.register(data, "reference/towns.csv")
    zone = next(iter(places.loc[places["kind"] == "zone", "town_code"]), "")
    towns = sorted(places.loc[places["kind"] != "zone", "town_code"])
    years = list(range(plan["plan"]["base_year"].iloc[0], plan["plan"]["end_year"].iloc[0] + 1))
    _refuse_others(data, plan["indicators"], years)
    seen = _observations(plan, years, seed)
    tables, parks = demo_enterprises.panel(
        _yearly(seen), towns=towns, zone=zone, enterprises=enterprises, seed=seed
    )
    goals = {
        row["indicator_id"]: (row, _milestones(row, plan["targets"], years))
        for _, row in plan["indicators"].iterrows()
    }
    reports, tasks = by_town(goals, seen, towns, zone, seed)
    seen = pd.concat([seen, _district_owned(tables, seen)])
    key, source = ("indicator_id", "town_code"), ("value", "source_id")
    order = ["indicator_id", "area_code", "end", "published_on"]
    files: dict[str, tuple[pd.DataFrame, Any, list[str]]] = {
        "observations": (seen, OBSERVATION_COLUMNS, order),
        "town_reports": (reports, (*key, "period", *source), [*key, "period"]),
        "town_tasks": (tasks, (*key, "year", *source), [*key, "year"]),
        "parks": (parks.astype({"stars": "Int64"}), (), ["park_id"]),
        "grade_adjustments": (_adjustments(tables), (), ["year", "enterprise_id"]),
    }
    files |= {f"enterprises_{year}": (t, (), ["enterprise_id"]) for year, t in tables.items()}
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out, prefix=".demo-") as place:  # whole on the disk, then moved
        made = [
            folder.save(t, Path(place) / f"{name}.csv", *how) for name, (t, *how) in files.items()
        ]
        written = [path.replace(out / path.name) for path in made]
    for path in set(earlier) - set(written):
        path.unlink()
    return written
