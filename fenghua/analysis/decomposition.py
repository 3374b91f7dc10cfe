"""Where a change in output per mu comes from: the cage and the birds (腾笼换鸟分解).

Answers: how much survivors, land moving, entrants and exits added. Refuses: to guess a missing
amount; a unit without land or value in a year is left out of both, and counted.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from fenghua.analysis.efficiency import amount

PARTS = ("survivors_within", "survivors_between", "entrants", "exits")


def melitz_polanec(
    first: pd.DataFrame,
    second: pd.DataFrame,
    *,
    unit: str = "enterprise_id",
    land: str = "land_mu",
    value: str = "value_added_wan",
    by: str | list[str] | None = None,
) -> pd.Series | pd.DataFrame:
    """Split the change of pooled output per mu between two years into four parts.

    Parameters
    ----------
    first, second : DataFrame
        One row a unit in each year.
    unit, land, value : str
        Column names; `value` may be value added, tax or any other amount.
    by : str or list of str, optional
        Decompose each group apart; a unit that changes group exits one and enters the other.

    Returns
    -------
    Series, or DataFrame with a row a group
        `survivors_within` (survivors improving), `survivors_between` (land moving to better
        survivors), `entrants` (new birds), `exits` (emptied cages); `total = second - first` is
        their sum; `n_survivors`, `n_entrants`, `n_exits`, `n_left_out`.

    Raises
    ------
    ValueError
        When a unit stands twice in a year.

    Notes
    -----
    With land shares s and output per mu f: ``d(mean f) + d(cov) + s_E2 (F_E2 - F_S2) +
    s_X1 (F_S1 - F_X1)`` (Melitz and Polanec 2015). Without survivors the entrants carry the second
    year and the exits the first: ``F_2`` and ``-F_1``. An empty year leaves all figures missing.

    Examples
    --------
    >>> one = pd.DataFrame({"enterprise_id": ["a"], "land_mu": [10.0], "value_added_wan": [300.0]})
    >>> two = one.assign(value_added_wan=360.0)
    >>> parts = melitz_polanec(one, two)
    >>> float(parts["survivors_within"]), float(parts["total"])
    (6.0, 6.0)
    """
    groups = [by] if isinstance(by, str) else list(by or [])
    years = [_year(frame, groups, unit, land, value) for frame in (first, second)]
    pair = years[0].add_suffix("1").join(years[1].add_suffix("2"), how="outer")
    was, stays = ~pair["land1"].isna(), ~pair["land2"].isna()
    usable = [(pair[f"land{t}"] > 0) & ~pair[f"value{t}"].isna() for t in (1, 2)]
    is_out = (was & ~usable[0]) | (stays & ~usable[1])
    was, stays = was & ~is_out, stays & ~is_out
    sums = _sums(pair, was.to_numpy(), stays.to_numpy()).assign(n_left_out=is_out.astype(float))
    if groups:
        return _parts(sums.groupby(level=groups, sort=True).sum()).reset_index()
    return _parts(sums.sum().to_frame().T).iloc[0].rename(None)


def _year(
    frame: pd.DataFrame, groups: Iterable[str], unit: str, land: str, value: str
) -> pd.DataFrame:
    keys = [*groups, unit]
    missing = [name for name in (*keys, land, value) if name not in frame]
    if missing:
        raise ValueError(f"the table has no column {', '.join(missing)}; add it")
    twice = frame.duplicated(keys, keep=False)
    if twice.any():
        found = ", ".join(sorted({str(v) for v in frame.loc[twice, unit]})[:5])
        raise ValueError(f"{unit} stands twice in one year: {found}; keep one row a unit and year")
    columns = {"land": amount(frame, land), "value": amount(frame, value)}
    # A row without land is known by -1, so that it is not taken for an absent unit.
    columns["land"] = np.where(np.isnan(columns["land"]), -1.0, columns["land"])
    index = pd.MultiIndex.from_frame(frame[keys].reset_index(drop=True))
    return pd.DataFrame(columns, index=index)


def _sums(pair: pd.DataFrame, was: np.ndarray, stays: np.ndarray) -> pd.DataFrame:
    survives = was & stays
    out = {}
    for t, is_here in (("1", was), ("2", stays)):
        land, value = pair[f"land{t}"].to_numpy(), pair[f"value{t}"].to_numpy()
        moves = is_here & ~survives
        for name, mask in (("s", survives), ("m", moves)):
            out[f"land_{name}{t}"] = np.where(mask, land, 0.0)
            out[f"value_{name}{t}"] = np.where(mask, value, 0.0)
        out[f"mean{t}"] = np.where(survives, value / np.where(survives, land, 1.0), 0.0)
        out[f"n_m{t}"] = moves.astype(float)
    return pd.DataFrame({**out, "n_survivors": survives.astype(float)}, index=pair.index)


def _parts(sums: pd.DataFrame) -> pd.DataFrame:
    s = {name: sums[name].to_numpy(dtype=float) for name in sums}
    share, survivors, movers, mean, whole = {}, {}, {}, {}, {}
    has_survivors = s["n_survivors"] > 0
    for t in "12":
        land = s[f"land_s{t}"] + s[f"land_m{t}"]
        land = np.where(land > 0, land, np.nan)
        whole[t] = (s[f"value_s{t}"] + s[f"value_m{t}"]) / land
        share[t] = s[f"land_m{t}"] / land
        survivors[t] = np.divide(
            s[f"value_s{t}"], s[f"land_s{t}"], where=has_survivors, out=np.zeros_like(land)
        )
        movers[t] = np.divide(
            s[f"value_m{t}"], s[f"land_m{t}"], where=s[f"land_m{t}"] > 0, out=survivors[t].copy()
        )
        mean[t] = s[f"mean{t}"] / np.where(has_survivors, s["n_survivors"], 1.0)
    nothing = np.where(np.isnan(whole["1"] + whole["2"]), np.nan, 0.0)
    within = mean["2"] - mean["1"]
    columns = {
        "survivors_within": within + nothing,
        "survivors_between": survivors["2"] - survivors["1"] - within + nothing,
        "entrants": share["2"] * (movers["2"] - survivors["2"]) + nothing,
        "exits": share["1"] * (survivors["1"] - movers["1"]) + nothing,
        "total": whole["2"] - whole["1"],
        "first": whole["1"],
        "second": whole["2"],
        "n_survivors": s["n_survivors"],
        "n_entrants": s["n_m2"],
        "n_exits": s["n_m1"],
        "n_left_out": s["n_left_out"],
    }
    return pd.DataFrame(columns, index=sums.index)
