"""What would change if a target, a weight, a cut-off or a list of closures were another (假设).

Answers: the same tables with one thing moved, for the same methods. Refuses: to call it a forecast.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, composites, contributions, race
from fenghua.analysis.release import release_curve
from fenghua.analysis.scheme import Scheme
from fenghua.inputs.vocabulary import SAFE_SIDES, direction_sign, size_in

_RELEASED: Final = {"land_id": "平方公里", "energy_id": "万吨标准煤"}


@asked.as_declared
def moved_targets(
    targets: pd.DataFrame, indicator_id: str, *, factor: float, base: float, direction: int
) -> pd.DataFrame:
    """Return the targets with what one indicator is to change by multiplied (移动目标).

    Every target of the indicator moves, so that the path keeps its shape, and no factor above 0
    turns it round. Without a base, and where a floor or cap is already met, the target itself is
    multiplied; one that asks for no change stays.

    Parameters
    ----------
    factor : float
        1 leaves the plan as it is.
    base : float
        The value where the path begins, in the printed unit; NaN where there is none.
    direction : int
        1 higher is better, -1 lower is better.

    Examples
    --------
    >>> rows = pd.DataFrame({"indicator_id": "it", "role": "target", "comparator": "="}, [0, 1])
    >>> rows = rows.assign(value=[15.0, 20.0])
    >>> moved_targets(rows, "it", factor=1.2, base=10.0, direction=1)["value"].tolist()
    [16.0, 22.0]
    """
    direction = direction_sign(direction)
    if not np.isfinite(factor):
        raise ValueError(f"factor is {factor!r}; allowed: a number, 1 for the plan as it is")
    asked.check_columns(targets, "indicator_id", "role", "comparator")
    is_its = targets["indicator_id"] == str(indicator_id)
    if not is_its.any():
        raise asked.unknown("indicator_id", indicator_id, targets["indicator_id"])
    own = is_its & (targets["role"] == "target")
    ahead = (targets["value"] - base) * direction > 0
    is_bound = targets["comparator"].isin(SAFE_SIDES) | np.isnan(base)
    start = np.where(ahead, base, np.where(is_bound, 0.0, np.nan))
    moved = {}
    for name in {"value", "value_high"} & set(targets):
        further = start + factor * (targets[name] - start)
        moved[name] = targets[name].where(~own | np.isnan(start), further)
    return targets.assign(**moved)


@asked.as_declared
def moved_scheme(
    scheme: Scheme,
    *,
    weights: Mapping[str, float] | None = None,
    d_share: float | None = None,
    register_tax: float | None = None,
    size: str = "above_scale",
) -> dict[str, Any]:
    """Return an evaluation scheme with other weights, share of class D or register threshold.

    Weights may be in any unit: they are brought to 100 together. ``d_share`` is the share of the
    group in class D (0-1), never above what class B leaves; ``register_tax`` the tax per mu below
    which the energy criterion of the register applies, 万元/亩.

    Examples
    --------
    >>> block = {"weights": {"a": 50, "b": 50}, "grades": {"A": 0.2, "B": 0.8, "C": 0.95}}
    >>> moved = moved_scheme({"above_scale": block}, weights={"a": 3, "b": 1}, d_share=0.1)
    >>> moved["above_scale"]["weights"], moved["above_scale"]["grades"]["C"]
    ({'a': 75.0, 'b': 25.0}, 0.9)
    """
    if size not in scheme:
        raise asked.unknown("size", size, scheme)
    block = dict(scheme[size])
    if weights is not None:
        total = sum(weights.values())
        if not total > 0:
            raise ValueError("every weight is 0; raise at least one")
        block["weights"] = {ratio: 100 * value / total for ratio, value in weights.items()}
    if d_share is not None:
        grades = block["grades"]
        block["grades"] = grades | {"C": max(1 - d_share, grades["B"])}
    moved = {**scheme, size: block}
    if register_tax is not None:
        moved["register"] = {**scheme.get("register", {}), "tax_per_mu_wan": register_tax}
    return moved


@asked.as_declared
def closures(graded: pd.DataFrame, *, lowest: int = 0, ids: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the enterprises of a closure list (腾退名单): some by name, some by tax per mu.

    Some by ``enterprise_id``, protected or not; ``lowest`` of them from the low end of tax per mu,
    protected ones left out.
    """
    if lowest < 0:
        raise ValueError(f"lowest is {lowest}; allowed: a number of enterprises, 0 or more")
    low = release_curve(graded).head(int(lowest))["enterprise_id"]
    return graded[graded["enterprise_id"].isin([*low, *asked.names(ids)])]


def released_ids(indicators: pd.DataFrame) -> dict[str, str]:
    """Return ``land_id`` and ``energy_id`` of a plan: its land and its energy freed (腾出).

    That is the one indicator of its main table that is phased out, counted up, and in a unit of
    land or of energy. Where there is none, or several, the key stands for no indicator.

    Examples
    --------
    >>> one = {"scope": "headline", "block": "phase_out", "kind": "cumulative", "direction": 1}
    >>> released_ids(pd.DataFrame([{"indicator_id": "freed", "unit": "亩"} | one]))
    {'land_id': 'freed', 'energy_id': 'energy_id'}
    """
    rows = indicators.query("scope == 'headline' and block == 'phase_out' and kind == 'cumulative'")
    found = {}
    for key, unit in _RELEASED.items():
        is_so = [not np.isnan(size_in(unit, own)) for own in rows["unit"]]
        ids = rows.loc[is_so, "indicator_id"].tolist()
        found[key] = ids[0] if len(ids) == 1 else key
    return found


def released(
    closed: pd.DataFrame, *, land_id: str, energy_id: str, mu_per_km2: float
) -> pd.DataFrame:
    """Return what closures add to the two indicators, by town: km² and 10,000 tce (腾出量).

    Examples
    --------
    >>> one = pd.DataFrame({"town_code": ["t"], "land_mu": [150.0], "energy_tce": [2000.0]})
    >>> released(one, land_id="land", energy_id="energy", mu_per_km2=1500)["value"].tolist()
    [0.1, 0.2]
    """
    sums = closed.groupby("town_code")[["land_mu", "energy_tce"]].sum()
    parts = {land_id: sums["land_mu"] / mu_per_km2, energy_id: sums["energy_tce"] / 1e4}
    return pd.concat(parts, names=["indicator_id"]).rename("value").reset_index()


def in_units(
    rows: pd.DataFrame,
    indicators: pd.DataFrame,
    *,
    land_id: str,
    energy_id: str,
    is_back: bool = False,
) -> pd.DataFrame:
    """Return amounts of `released` in the units that their indicators have in the plan.

    ``is_back`` turns figures of the plan, such as targets, into km² and 10,000 tce instead. Rows
    of other indicators, and those with a unit that is none of land or of energy, are left out.

    Examples
    --------
    >>> more = pd.DataFrame({"indicator_id": ["land", "energy"], "value": [0.1, 0.2]})
    >>> plan = pd.DataFrame({"indicator_id": ["land", "energy"], "unit": ["亩", "家"]})
    >>> in_units(more, plan, land_id="land", energy_id="energy")["value"].tolist()
    [150.0]
    """
    units = indicators.set_index("indicator_id")["unit"]
    own = zip((land_id, energy_id), _RELEASED.values(), strict=True)
    sizes = pd.Series({name: size_in(unit, units.get(name, "")) for name, unit in own})
    size = rows["indicator_id"].map(sizes).astype(float)  # of no rows it is text
    value = rows["value"] / size if is_back else rows["value"] * size
    return rows.assign(value=value)[size.notna()]


def raised(rows: pd.DataFrame, amounts: pd.DataFrame, *, at: str) -> pd.DataFrame:
    """Add amounts to the newest figure of each indicator and place up to a period.

    The amounts have ``indicator_id``, ``value`` and the place column of the rows (``area_code`` or
    ``town_code``). Later figures, and places without a figure, stay as they are.
    """
    if amounts.empty:
        return rows
    place = "area_code" if "area_code" in rows else "town_code"
    known = rows[rows["indicator_id"].isin(amounts["indicator_id"])]
    newest = contributions.newest(known, at=at)
    more = amounts.groupby(["indicator_id", place])["value"].sum()
    keys = pd.MultiIndex.from_frame(newest[["indicator_id", place]])
    add = pd.Series(more.reindex(keys).fillna(0).to_numpy(dtype=float), newest.index)
    return rows.assign(value=rows["value"] + add.reindex(rows.index, fill_value=0.0))


def grade_counts(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Count the enterprises of each class before and after, and those whose class differs."""
    before, after = (rows["adjusted_grade"].to_numpy() for rows in (first, second))
    grades = {"before": before, "after": after, "moved_here": after[before != after]}
    counts = pd.DataFrame({name: pd.Series(each).value_counts() for name, each in grades.items()})
    counts = counts.sort_index(key=lambda codes: codes.where(codes != "", "Z"))
    return counts.fillna(0).astype(int).rename_axis("grade").reset_index()


def closure_sums(
    closed: pd.DataFrame,
    amounts: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    land_id: str,
    energy_id: str,
) -> pd.DataFrame:
    """Add up what a closure list releases and what goes with it (腾出与减少).

    Rows enterprises, land_km2, energy_wan_tce, tax_wan, employees: ``value`` and ``of_target``, the
    plan's last target of the indicator (missing where there is none).
    """
    by_id = amounts.groupby("indicator_id")["value"].sum()
    last = targets[targets["role"] == "target"].sort_values("year").groupby("indicator_id")["value"]
    aims, columns = last.last(), ["tax_wan", "employees"]
    rows = [("enterprises", len(closed), np.nan, 0)]
    for key, name in (("land_km2", land_id), ("energy_wan_tce", energy_id)):
        rows.append((key, by_id.get(name, 0.0), aims.get(name, np.nan), 3))
    rows += [(key, closed[key].sum(), np.nan, 0) for key in columns]
    return pd.DataFrame(rows, columns=["key", "value", "of_target", "decimals"])


def town_ranks(
    values: pd.DataFrame,
    goalposts: pd.DataFrame,
    by_block: Mapping[str, float] | None,
    *,
    parameters: Mapping[str, float],
) -> pd.DataFrame:
    """Return score (0-100 and more) and rank of each town, blocks weighted as given (名次).

    A block's weight is shared equally by its indicators; without ``by_block`` blocks are equal.
    """
    weights = None
    if by_block is not None:
        sizes = goalposts.groupby("block")["block"].transform("size")
        weights = goalposts["block"].map(by_block).fillna(0.0) / sizes
        if not weights.sum() > 0:
            raise ValueError("every weight is 0; raise at least one")
    score = composites.composite(values, goalposts, weights, **race.scoring(parameters))
    return pd.DataFrame({"score": 100 * score, "rank": composites.rank(score)})
