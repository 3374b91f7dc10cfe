"""Where a change in output per mu comes from: the cage and the birds (腾笼换鸟分解).

Answers: how much survivors, land moving, entrants and exits added. Refuses: to guess a missing
amount; a unit without land or value in a year is left out of both, and counted.
"""

from collections.abc import Collection, Iterable
from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, entries
from fenghua.analysis.efficiency import amount

PARTS: Final = (
    "survivors_within",
    "survivors_between",
    "entrants",
    "exits",
    "crossed_up",
    "fell_below",
)
# Who is in one year only: new or gone for good, or across the threshold of the table.
_MOVERS: Final = {
    "entrants": ("2", "new", 1.0),
    "exits": ("1", "new", -1.0),
    "crossed_up": ("2", "across", 1.0),
    "fell_below": ("1", "across", -1.0),
}


@asked.as_declared
def melitz_polanec(
    first: pd.DataFrame,
    second: pd.DataFrame,
    *,
    unit: str = "enterprise_id",
    land: str = "land_mu",
    value: str = "value_added_wan",
    by: str | list[str] | None = None,
    crossed_up: Collection[str] = (),
    fell_below: Collection[str] = (),
) -> pd.Series | pd.DataFrame:
    """Split the change of pooled output per mu between two years into its parts.

    Parameters
    ----------
    first, second : DataFrame
        One row a unit in each year.
    unit, land, value : str
        Column names; `value` may be value added, tax or any other amount.
    by : str or list of str, optional
        Decompose each group apart; a unit that changes group exits one and enters the other.
    crossed_up, fell_below : collection of unit codes
        Units of the second year that stood below the table's threshold (规上) the year before, and
        units of the first that stand below it now: no new birds and no emptied cages.

    Returns
    -------
    Series, or DataFrame with a row a group
        `survivors_within` (survivors improving), `survivors_between` (land moving to better
        survivors), `entrants` (new birds), `exits` (emptied cages), `crossed_up`, `fell_below`;
        `total = second - first` is their sum; `n_survivors`, `n_entrants`, `n_exits`,
        `n_crossed_up`, `n_fell_below`, `n_left_out`.

    Raises
    ------
    ValueError
        When a unit stands twice in a year, or has no code, or an amount is infinite.

    Notes
    -----
    With land shares s and output per mu f: ``d(mean f) + d(cov) + s_E2 (F_E2 - F_S2) +
    s_X1 (F_S1 - F_X1)`` (Melitz and Polanec 2015); units across the threshold are parts of the same
    form, so that new and crossed add up to what entrants would be together. Without survivors the
    entrants carry the second year and the exits the first: ``F_2`` and ``-F_1``. An empty year
    leaves all figures missing.

    Examples
    --------
    >>> one = pd.DataFrame({"enterprise_id": ["a"], "land_mu": [10.0], "value_added_wan": [300.0]})
    >>> two = one.assign(value_added_wan=360.0)
    >>> parts = melitz_polanec(one, two)
    >>> float(parts["survivors_within"]), float(parts["total"])
    (6.0, 6.0)
    """
    groups = asked.names([] if by is None else by)
    years = [_year(frame, groups, unit, land, value) for frame in (first, second)]
    entries.check_comparable(first[unit], second[unit])
    pair = years[0].add_suffix("1").join(years[1].add_suffix("2"), how="outer")
    was, stays = ~pair["land1"].isna(), ~pair["land2"].isna()
    usable = [(pair[f"land{t}"] > 0) & ~pair[f"value{t}"].isna() for t in (1, 2)]
    is_out = (was & ~usable[0]) | (stays & ~usable[1])
    was, stays = was & ~is_out, stays & ~is_out
    units = pair.index.get_level_values(unit)
    across = {"1": units.isin(asked.names(fell_below)), "2": units.isin(asked.names(crossed_up))}
    sums = _sums(pair, was.to_numpy(), stays.to_numpy(), across)
    sums["n_left_out"] = is_out.astype(float)
    if groups:
        return _parts(sums.groupby(level=groups, sort=True, dropna=False).sum()).reset_index()
    return _parts(sums.sum().to_frame().T).iloc[0].rename(None)


def _year(
    frame: pd.DataFrame, groups: Iterable[str], unit: str, land: str, value: str
) -> pd.DataFrame:
    keys = [*groups, unit]
    missing = [name for name in (*keys, land, value) if name not in frame]
    if missing:
        raise ValueError(f"the table has no column {', '.join(map(str, missing))}; add it")
    if frame[unit].isna().any() or (frame[unit] == "").any():
        raise ValueError(f"{unit} is missing in a row; without it no unit is known a year later")
    entries.check_single(frame, unit, by=groups)
    columns = {"land": amount(frame, land), "value": amount(frame, value)}
    # A row without land is known by -1, so that it is not taken for an absent unit.
    columns["land"] = np.where(np.isnan(columns["land"]), -1.0, columns["land"])
    index = pd.MultiIndex.from_frame(frame[keys].reset_index(drop=True))
    return pd.DataFrame(columns, index=index)


def _sums(
    pair: pd.DataFrame, was: np.ndarray, stays: np.ndarray, across: dict[str, np.ndarray]
) -> pd.DataFrame:
    survives = was & stays
    out = {}
    for t, is_here in (("1", was), ("2", stays)):
        land, value = pair[f"land{t}"].to_numpy(), pair[f"value{t}"].to_numpy()
        moves = is_here & ~survives
        masks = {"s": survives, "new": moves & ~across[t], "across": moves & across[t]}
        for name, mask in masks.items():
            out[f"land_{name}{t}"] = np.where(mask, land, 0.0)
            out[f"value_{name}{t}"] = np.where(mask, value, 0.0)
            out[f"n_{name}{t}"] = mask.astype(float)
        out[f"mean{t}"] = np.where(survives, value / np.where(survives, land, 1.0), 0.0)
    return pd.DataFrame(out, index=pair.index)


def _parts(sums: pd.DataFrame) -> pd.DataFrame:
    has_survivors = sums["n_s1"] > 0
    land, whole, survivors, mean = {}, {}, {}, {}
    for t in "12":
        parts = [f"{name}{t}" for name in ("s", "new", "across")]
        land[t] = sum(sums[f"land_{part}"] for part in parts).replace(0.0, np.nan)
        whole[t] = sum(sums[f"value_{part}"] for part in parts) / land[t]
        survivors[t] = (sums[f"value_s{t}"] / sums[f"land_s{t}"]).where(has_survivors, 0.0)
        mean[t] = sums[f"mean{t}"] / sums["n_s1"].where(has_survivors, 1.0)
    nothing = (whole["1"] + whole["2"]) * 0.0  # missing where a year is empty
    within = mean["2"] - mean["1"]
    out = {
        "survivors_within": within + nothing,
        "survivors_between": survivors["2"] - survivors["1"] - within + nothing,
    }
    for part, (t, name, sign) in _MOVERS.items():
        # share * (F - F_S), written so that no movers give nothing
        moved = sums[f"value_{name}{t}"] - sums[f"land_{name}{t}"] * survivors[t]
        out[part] = sign * moved / land[t] + nothing
    out |= {"total": whole["2"] - whole["1"], "first": whole["1"], "second": whole["2"]}
    out["n_survivors"] = sums["n_s1"]
    out |= {f"n_{part}": sums[f"n_{name}{t}"] for part, (t, name, _) in _MOVERS.items()}
    return pd.DataFrame({**out, "n_left_out": sums["n_left_out"]})
