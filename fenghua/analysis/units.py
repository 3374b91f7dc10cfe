"""Who is evaluated with whom: units, groups, and the enterprises left out of a ranking.

Answers: which rows form one unit, share a group or stand aside. Refuses: to score them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import entries
from fenghua.analysis.efficiency import amount, flag, industry_codes
from fenghua.analysis.scheme import SIZE_CLASSES, Scheme

ASSUMED: Final = "size_class_assumed_above"  # a reason beside a place, not against one


@dataclass(frozen=True)
class Cells:
    """The groups of a ranking: year, size class and industry group of every row."""

    code: np.ndarray
    label: tuple[str, ...]
    size: tuple[str, ...]
    reasons: dict[str, np.ndarray]

    @property
    def is_unplaced(self) -> np.ndarray:
        """The rows that fit into no group."""
        masks = [mask for name, mask in self.reasons.items() if name != ASSUMED]
        return np.asarray(np.logical_or.reduce(masks))


def cells(enterprises: pd.DataFrame, scheme: Scheme) -> Cells:
    """Put each row into its group; rows that fit nowhere get a reason and must not be ranked.

    A table without `is_above_scale` is read as above scale, and each row says so. An enterprise
    that stands twice in a year is refused: it would move its group's sums and ranks.
    """
    entries.check_single(enterprises, "enterprise_id")
    n, reasons = len(enterprises), {}
    years = np.zeros(n, dtype=np.int64)
    if "year" in enterprises:
        years = pd.factorize(enterprises["year"], use_na_sentinel=False)[0]
    is_below = np.zeros(n, dtype=bool)
    if "is_above_scale" in enterprises:
        is_above = entries.marks(enterprises["is_above_scale"], "is_above_scale")
        is_below = ~is_above.to_numpy(dtype=bool, na_value=True)
        reasons["size_class_missing"] = is_above.isna()
    else:
        reasons[ASSUMED] = np.ones(n, dtype=bool)
    covered = np.array([size in scheme for size in SIZE_CLASSES])
    reasons["size_class_not_in_scheme"] = ~covered[is_below.astype(np.int8)]
    names, group = _industry_groups(enterprises, scheme.get("groups", "all"))
    if "industry_group_missing" in names:
        reasons["industry_group_missing"] = group == names.index("industry_group_missing")
    code = (years * len(names) + group) * 2 + is_below
    sizes = SIZE_CLASSES * (len(names) * (int(years.max(initial=-1)) + 1))
    labels = tuple(f"{sizes[i]}/{names[i // 2 % len(names)]}" for i in range(len(sizes)))
    return Cells(code, labels, sizes, reasons)


def _industry_groups(enterprises: pd.DataFrame, groups: Any) -> tuple[list[str], np.ndarray]:
    """Match each industry to the group with the longest prefix of its code."""
    if groups == "all":
        return ["all"], np.zeros(len(enterprises), dtype=np.int64)
    names = [*groups, "industry_group_missing"]
    rest = next((names.index(g) for g, v in groups.items() if v == "rest"), len(groups))
    prefixes = {p: names.index(g) for g, v in groups.items() if v != "rest" for p in v}
    codes, uniques = pd.factorize(industry_codes(enterprises))
    table = []
    for text in uniques:
        hits = [p for p in prefixes if text.startswith(p)]
        table.append(prefixes[max(hits, key=len)] if hits else rest if text else len(groups))
    return names, np.array(table, dtype=np.int64)[codes]


def left_out(enterprises: pd.DataFrame, scheme: Scheme) -> dict[str, np.ndarray]:
    """Return, reason by reason, the rows that the scheme keeps out of the ranking."""
    rules, out = scheme.get("exclusions", {}), {}
    if "new_enterprise_years" in rules:
        age = amount(enterprises, "year") - amount(enterprises, "established_year")
        out["new_enterprise"] = age < rules["new_enterprise_years"]
    if rules.get("unfinished"):
        out["unfinished"] = flag(enterprises, "is_unfinished")
    if rules.get("utilities"):
        out["utility"] = flag(enterprises, "is_utility")
    followers = followers_of_owner(enterprises, scheme)
    if followers.any():
        out["follows_owner"] = followers
    return out


def followers_of_owner(enterprises: pd.DataFrame, scheme: Scheme) -> np.ndarray:
    """Mark the tenants that take the class of the owner of the land."""
    sizes, is_tenant = scheme.get("tenants_follow_owner", []), flag(enterprises, "is_tenant")
    if not sizes or not is_tenant.any() or "landlord_id" not in enterprises:
        return np.zeros(len(enterprises), dtype=bool)
    is_above = np.ones(len(enterprises), dtype=bool)
    if "is_above_scale" in enterprises:
        is_above = flag(enterprises, "is_above_scale")
    landlord = enterprises["landlord_id"]
    named = ~(landlord.isna() | (landlord == "")).to_numpy(dtype=bool)
    return is_tenant & named & np.where(is_above, *(size in sizes for size in SIZE_CLASSES))


def on_shared_parcels(enterprises: pd.DataFrame, scheme: Scheme, is_out: np.ndarray) -> np.ndarray:
    """Mark the rows that are merged: two or more enterprises on one parcel in one year."""
    is_shared = np.zeros(len(enterprises), dtype=bool)
    if scheme.get("shared_parcels") != "merge" or "parcel_id" not in enterprises:
        return is_shared
    parcel = enterprises["parcel_id"]
    at = np.flatnonzero(~(parcel.isna() | (parcel == "")).to_numpy(dtype=bool) & ~is_out)
    is_shared[at] = enterprises[_parcel(enterprises)].iloc[at].duplicated(keep=False)
    return is_shared


def _parcel(enterprises: pd.DataFrame) -> list[str]:
    """Return the columns that name a parcel of a year."""
    return ["parcel_id", "year"] if "year" in enterprises else ["parcel_id"]


def merged(
    enterprises: pd.DataFrame, is_shared: np.ndarray, code: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's unit (the position of its first partner) and the group of the unit.

    A unit is above scale if any of its enterprises is; it stands in the industry group of the
    partner with the most land.
    """
    lead, at = np.arange(len(enterprises)), np.flatnonzero(is_shared)
    if not len(at):
        return lead, code
    keys = _parcel(enterprises)
    parcels = enterprises[keys].iloc[at].groupby(keys, sort=False, dropna=False)
    key = parcels.ngroup().to_numpy()
    rows = pd.DataFrame({"key": key, "at": at, "code": code[at], "is_below": code[at] % 2})
    rows["land"] = amount(enterprises, "land_mu")[at]
    each = rows.groupby("key", sort=False)
    lead[at] = each["at"].transform("min").to_numpy()
    largest = rows.sort_values(["land", "code"], ascending=[False, True], kind="stable")
    industry = largest.groupby("key")["code"].first().to_numpy()[key] // 2
    code = code.copy()
    code[at] = industry * 2 + each["is_below"].transform("min").to_numpy()
    return lead, code


def joined(masks: Mapping[str, np.ndarray], index: pd.Index) -> pd.Series:
    """Write reason codes: one text a row, `;` between codes, empty where there is none.

    Examples
    --------
    >>> masks = {"new_enterprise": np.array([True, False]), "utility": np.array([True, False])}
    >>> joined(masks, pd.RangeIndex(2)).tolist()
    ['new_enterprise;utility', '']
    """
    names = [name for name, mask in masks.items() if mask.any()]
    bits = np.zeros(len(index), dtype=np.int64)
    for position, name in enumerate(names):
        bits |= masks[name].astype(np.int64) << position
    codes, uniques = pd.factorize(bits)
    table = [";".join(n for i, n in enumerate(names) if bit >> i & 1) for bit in uniques]
    return taken(table, codes, index)


def taken(table: list[str], codes: np.ndarray, index: pd.Index) -> pd.Series:
    """Return the words a table holds at each code, sharing storage where pandas can."""
    values = pd.Series(table or [""], dtype="str").array.take(codes)
    return pd.Series(values, index=index, copy=False)


def appended(old: pd.Series, new: pd.Series) -> pd.Series:
    """Join two columns of reason codes row by row, without repeating a code."""
    at = np.flatnonzero((new != "").to_numpy(dtype=bool))
    if not len(at):
        return old
    pairs = list(zip(old.iloc[at].fillna(""), new.iloc[at], strict=True))
    texts = {
        (a, b): ";".join(dict.fromkeys(p for p in [*a.split(";"), *b.split(";")] if p))
        for a, b in set(pairs)
    }
    out = old.to_numpy(dtype=object, copy=True)
    out[at] = [texts[pair] for pair in pairs]
    return pd.Series(out, index=old.index, dtype="str")
