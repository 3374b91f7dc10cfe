"""The plan's targets beside those of the plans above it (上级规划): province, city.

Answers: same, stricter, looser, or not comparable and why. Refuses: to compare what differs in
scope, kind, unit or year, and to call a total of a larger area strict.
"""

from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import scale
from fenghua.analysis.observed import NOISE
from fenghua.inputs.vocabulary import PlanData, direction_sign

VERDICTS: Final = ("same", "stricter", "looser", "not_comparable")
OBSTACLES: Final = ("other_scope", "other_threshold", "dominant_plant")
COLUMNS: Final = (
    "comparison_id",
    "indicator_id",
    "parent_id",
    "document_number",
    "year",
    "value",
    "parent_value",
    "parent_printed",
    "unit",
    "verdict",
    "reason",
    "share_pct",
    "confidence",
    "clause",
    "source_id",
)
_KEYS: Final = ["indicator_id", "year"]


def compare(ds: PlanData) -> pd.DataFrame:
    """Set each shared indicator against the targets of the plans above (与上级规划对照).

    Returns
    -------
    DataFrame
        One row a target of a parent plan, in the register's order: ``value`` and ``parent_value``
        (of a range the weakest end; ``unit``), ``verdict`` (of ``VERDICTS``, seen from the plan:
        ``stricter`` asks for more than its parent), ``reason`` where it is not comparable:
        ``other_kind``, ``other_unit``, one of ``OBSTACLES`` (the register's word),
        ``another_year``, ``other_base_year``, ``no_figure``, or ``total_of_larger_area``. For
        such totals ``share_pct`` is the part of the parent's target that the plan's own change
        since its base makes.

    Notes
    -----
    A parent's total counts what is new since the plan began, so the plan's printed baseline is
    taken off before its share is formed.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = pd.DataFrame({"indicator_id": ["rate", "firms"], "kind": ["level", "cumulative"],
    ...     "direction": 1, "unit": ["%", "家"], "start": "printed"})
    >>> due = pd.DataFrame({"indicator_id": ["rate", "firms", "firms"],
    ...     "role": ["target", "baseline", "target"], "year": [2023, 2020, 2023],
    ...     "value": [5.0, 10, 60], "value_high": np.nan, "comparator": "=", "base_year": np.nan})
    >>> above = pd.DataFrame({"indicator_id": ["rate", "firms"], "parent_id": "province",
    ...     "document_number": "", "year": 2023, "value": [4.0, 1000], "value_high": np.nan,
    ...     "comparator": "=", "kind": ["level", "cumulative"], "unit": ["%", "家"],
    ...     "base_year": np.nan, "obstacle": "", "printed": "", "clause": "", "source_id": "",
    ...     "confidence": "high"})
    >>> found = compare(SimpleNamespace(indicators=rows, targets=due, parent_targets=above))
    >>> found[["verdict", "reason", "share_pct"]].values.tolist()
    [['stricter', '', nan], ['not_comparable', 'total_of_larger_area', 5.0]]
    """
    if ds.parent_targets.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    about = ds.indicators.set_index("indicator_id")[["kind", "direction", "unit", "start"]]
    above = _decided(ds.parent_targets, about["direction"]).rename(
        columns={"decided": "parent_value", "printed": "parent_printed"}
    )
    due = ds.targets[ds.targets["role"] == "target"]
    own = _decided(due, about["direction"])[[*_KEYS, "decided", "base_year"]]
    own = own.rename(columns={"decided": "value", "base_year": "own_base_year"})
    above = above.drop(columns="value").merge(own, on=_KEYS, how="left", indicator="planned_in")
    about = about.rename(columns={"kind": "own_kind", "unit": "own_unit"})
    pairs = above.join(about, on="indicator_id")
    pairs["reason"] = _reasons(pairs)
    more = (pairs["value"] - pairs["parent_value"]) * pairs["direction"].map(direction_sign)
    words = np.select([more.abs() < NOISE, more > 0, more < 0], VERDICTS[:3], default="")
    pairs["verdict"] = np.where(pairs["reason"] == "", words, "not_comparable")
    is_total = pairs["reason"] == "total_of_larger_area"
    gained = pairs["value"] - pairs["indicator_id"].map(_bases(ds)).fillna(0.0)
    pairs["share_pct"] = (100 * gained / pairs["parent_value"]).where(is_total)
    pairs["comparison_id"] = pairs["parent_id"] + "." + pairs["indicator_id"]
    pairs["comparison_id"] += "." + pairs["year"].astype(int).astype(str)
    place = {name: n for n, name in enumerate(ds.indicators["indicator_id"])}
    pairs = pairs.assign(place=pairs["indicator_id"].map(place))
    return pairs.sort_values(["place", "year"], ignore_index=True)[list(COLUMNS)]


def counts(compared: pd.DataFrame) -> dict[str, int]:
    """Return how many targets of `compare` there are (``n``), ``comparable``, and by verdict.

    Examples
    --------
    >>> counts(pd.DataFrame({"verdict": ["same", "not_comparable", "stricter"]}))
    {'n': 3, 'comparable': 2, 'same': 1, 'stricter': 1, 'looser': 0}
    """
    found = {code: int((compared["verdict"] == code).sum()) for code in VERDICTS[:3]}
    return {"n": len(compared), "comparable": sum(found.values()), **found}


def _decided(rows: pd.DataFrame, directions: pd.Series) -> pd.DataFrame:
    """Return the rows with the figure that decides: of a range the weakest end."""
    signs = rows["indicator_id"].map(directions).map(direction_sign)
    ends = pd.DataFrame({"low": rows["value"], "high": rows["value_high"].fillna(rows["value"])})
    weakest = ends.min(axis=1).where(signs > 0, ends.max(axis=1))
    return rows.assign(decided=weakest.astype("float64"))


def _bases(ds: PlanData) -> pd.Series:
    """Return the printed baselines from which paths start, by indicator."""
    printed = ds.indicators.loc[ds.indicators["start"] == "printed", "indicator_id"]
    rows = ds.targets[ds.targets["role"] == "baseline"]
    return rows[rows["indicator_id"].isin(printed)].groupby("indicator_id")["value"].first()


def _reasons(pairs: pd.DataFrame) -> np.ndarray:
    """Return why two targets cannot be compared, the first reason that holds, or an empty code."""
    bases = pairs[["base_year", "own_base_year"]].astype("float64")
    is_ratio = pairs["own_kind"].isin(scale.RATIO_KINDS)
    rules = {
        "other_kind": (pairs["kind"] != pairs["own_kind"]) & (pairs["own_kind"] != "assigned"),
        "other_unit": pairs["unit"] != pairs["own_unit"],
        "obstacle": pairs["obstacle"] != "",
        "another_year": pairs["planned_in"] == "left_only",
        "other_base_year": is_ratio & bases.notna().all(axis=1) & (bases.nunique(axis=1) > 1),
        "no_figure": pairs["value"].isna() | pairs["parent_value"].isna(),
        "total_of_larger_area": pairs["own_kind"] == "cumulative",
    }
    codes = np.select(list(rules.values()), list(rules), default="")
    return np.where(codes == "obstacle", pairs["obstacle"], codes)
