"""Counts and medians of a public edition, rounded so that no single enterprise shows (公布计数).

Answers: how many enterprises, to the nearest five, and the middle one of ten or more. Refuses: to
tell none from one or two, and a hidden count that follows from the printed ones in whole numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, product
from typing import Final

import numpy as np
import pandas as pd
import scipy  # its parts load when they are first used: few runs solve programs

from fenghua.analysis.edition_tables import CLASSES, NONE, Rules, finest, tidy
from fenghua.analysis.efficiency import MISSING, RATIOS
from fenghua.analysis.register import FINDINGS, PROTECTIONS, VIOLATION_ROUTE

COUNT: Final = "enterprises"
MEDIAN: Final = "median_tax_per_mu_wan"
REASONS: Final = ("class_d", "energy_and_tax", *(f"finding_{name}" for name in FINDINGS))
ROUTES: Final = ("merger", "exit", "relocate_to_park", "upgrade", VIOLATION_ROUTE)
UNGRADED: Final = (
    "new_enterprise",
    "unfinished",
    "utility",
    "follows_owner",
    "owner_not_found",
    "owner_not_graded",
    "group_too_small",
    "not_scored",
    *(column + MISSING for column in sorted({*chain.from_iterable(RATIOS.values())})),
)
CARBON: Final = ("low", "medium", "high", NONE)
CARBON_LEVELS: Final = ("1", "2", "3", "4", "5", NONE)
FLOWS: Final = ("entered", "stayed", "left")
# Fixed edges of tax per mu on a log scale, five to a tenfold from 1 to 100: edges that followed
# the data would tell of them.
EDGES: Final = tuple(round(10 ** (k / 5), 1) for k in range(11))
_MEDIAN_DIGITS: Final = 2
# Tables of single cells, and the printed margin that the cells of a place in their key add up to.
_CELLS: Final = ("town_class", "moves", "carbon", "town_flow", "tax_per_mu")
_MARGINS: Final = (
    ("town_class", 0, "town"),
    ("town_class", 1, "class"),
    ("moves", 1, "class"),
    ("town_flow", 1, "flow"),
)
_WHOLE: Final = ("town_class", "carbon", "tax_per_mu")  # whose cells add up to all enterprises


def edges(key: str) -> tuple[float, float]:
    """Return the lower and upper edge of a bin of tax per mu (the outer ones are open).

    Examples
    --------
    >>> edges("0"), edges("1"), edges("11")
    ((-inf, 1.0), (1.0, 1.6), (100.0, inf))
    """
    ends = (-np.inf, *EDGES, np.inf)
    return ends[int(key)], ends[int(key) + 1]


def counts(rows: pd.DataFrame, before: pd.DataFrame | None, rules: Rules) -> pd.DataFrame:
    """Return the counts of an edition: a figure below the minimum is withheld, none too.

    Columns `table`, `key`, `measure`, `n`, `printed`, `half`, `reason`; `n` is exact and must not
    be published.
    """
    out = exact(rows, before)
    is_few = out["n"] < rules.minimum
    out["printed"] = rounded(out["n"], rules)
    out["half"] = pd.Series(rules.count_base / 2, index=out.index).mask(is_few)
    return out.assign(reason=np.where(is_few, "few", ""))


def exact(rows: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """Return every count as it is: `table`, `key`, `measure`, `n`, `printed`."""
    found = [(table, key, int(n)) for table, key, n in _counted(rows, before)]
    out = pd.DataFrame(found, columns=["table", "key", "n"])
    return out.assign(measure=COUNT, printed=out["n"].astype(float))


def exact_medians(rows: pd.DataFrame) -> pd.DataFrame:
    """Return every median tax per mu as it is: `table`, `key`, `measure`, `n`, `printed`."""
    found = []
    for table in ("total", "town", "industry", "class"):
        labels = rows[table] if table in rows else pd.Series(table, index=rows.index)
        parts = dict(list(rows.groupby(labels)["tax_per_mu_wan"]))
        for key in sorted(CLASSES) if table == "class" else parts:
            own = parts.get(key, pd.Series(dtype=float))
            found.append((table, str(key), len(own), own.median()))
    names = ["table", "key", "n", "printed"]
    return pd.DataFrame(found, columns=names).assign(measure=MEDIAN)


def rounded(n: pd.Series, rules: Rules) -> pd.Series:
    """Return counts as printed: missing below the minimum, else the nearest multiple of the base.

    Examples
    --------
    >>> rules = Rules(3, 0.1, 0.1, 0.1, 5, 10)
    >>> rounded(pd.Series([0, 2, 3, 7, 8]), rules).tolist()
    [nan, nan, 5.0, 5.0, 10.0]
    """
    base = rules.count_base
    return (np.floor(n / base + 0.5) * base).where(n >= rules.minimum)


def medians(rows: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the median tax per mu of the whole and of each town, industry and class."""
    out = exact_medians(rows).rename(columns={"printed": "median"})
    is_few = (out["n"] < rules.median_minimum) | (out["median"] == 0)
    step = finest(out["median"], digits=_MEDIAN_DIGITS)
    out["printed"] = tidy((out["median"] / step).round() * step).mask(is_few)
    out["half"] = (step / 2).mask(is_few)
    return out.drop(columns="median").assign(reason=np.where(is_few, "few", ""))


def _counted(
    rows: pd.DataFrame, before: pd.DataFrame | None
) -> Iterator[tuple[str, str, int | float]]:
    yield "total", "total", len(rows)
    for table in ("town", "industry", "zone"):
        for key, n in rows[table].value_counts().sort_index().items():
            if key:
                yield table, str(key), n
    yield from _sizes("class", rows["class"], sorted(CLASSES))
    towns = sorted(rows["town"].unique())
    yield from _crossed("town_class", rows["town"], rows["class"], towns, CLASSES)
    pair = rows["carbon"].str.split("/", expand=True).reindex(columns=[0, 1])  # of no firm, too
    yield from _crossed("carbon", pair[0], pair[1], CARBON, CARBON_LEVELS)
    bins = np.searchsorted(EDGES, rows["tax_per_mu_wan"], side="right")
    yield from (("tax_per_mu", str(k), n) for k, n in enumerate(np.bincount(bins, minlength=12)))
    yield from _sizes("ungraded", rows["ungraded"], UNGRADED)
    yield from _register(rows, before)
    if before is not None:
        yield from _moves(rows, before)


def _crossed(
    table: str, first: pd.Series, second: pd.Series, keys: Sequence[str], others: Sequence[str]
) -> Iterator[tuple[str, str, int]]:
    """Yield every cell, empty ones too: an absent cell would tell."""
    sizes: Mapping[tuple[str, str], int] = (
        pd.Series(1, [first, second]).groupby(level=[0, 1]).size().to_dict()
    )
    for pair in product(keys, others):
        yield table, "/".join(pair), sizes.get(pair, 0)


def _sizes(table: str, texts: pd.Series, codes: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    for code in codes:
        yield table, code, int(has(texts, code).sum())


def has(texts: pd.Series, code: str) -> pd.Series:
    """Mark the texts of codes, joined by `;`, that hold a code."""
    return (";" + texts + ";").str.contains(f";{code};", regex=False)


def _register(
    rows: pd.DataFrame, before: pd.DataFrame | None
) -> Iterator[tuple[str, str, int | float]]:
    listed = rows[rows["listed"] != ""]
    yield "register", "listed", len(listed)
    yield "register", "protected", int(listed["is_protected"].sum())
    yield from _sizes("register_reason", listed["listed"], REASONS)
    yield from _sizes("register_protected", listed[listed["is_protected"]]["listed"], REASONS)
    yield from _sizes("register_protection", listed["protection"], PROTECTIONS)
    yield from _sizes("register_route", listed["route"], ROUTES)
    if before is None:
        return
    old = before.loc[before["listed"] != "", "enterprise_id"]
    stayed = listed["enterprise_id"].isin(old)
    yield "register", "stayed", int(stayed.sum())
    yield "register", "entered", int((~stayed).sum())
    yield "register", "left", int((~old.isin(listed["enterprise_id"])).sum())
    yield from _sizes("register_entered", listed[~stayed]["listed"], REASONS)


def _moves(rows: pd.DataFrame, before: pd.DataFrame) -> Iterator[tuple[str, str, int]]:
    pair = before[["enterprise_id", "class", "town"]].merge(
        rows[["enterprise_id", "class", "town"]], on="enterprise_id", how="outer"
    )
    first, second = pair["class_x"].fillna("entrant"), pair["class_y"].fillna("exit")
    cells = _crossed("moves", first, second, (*CLASSES, "entrant"), (*CLASSES, "exit"))
    yield from (cell for cell in cells if cell[1] != "entrant/exit")
    # Who changes town enters one and leaves the other; each of the counts is of one town.
    both = flows(before, rows, ["enterprise_id", "town"])
    towns = sorted(both["town"].unique())
    yield from _crossed("town_flow", both["town"], both["flow"], towns, FLOWS)
    for name in FLOWS:
        yield "flow", name, int((both["flow"] == name).sum())


def flows(before: pd.DataFrame, now: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return who is in either of two years by some keys, with ``flow``: entered, stayed or left."""
    both = before[keys].merge(now[keys], on=keys, how="outer", indicator="flow")
    said = {"left_only": "left", "right_only": "entered", "both": "stayed"}
    return both.assign(flow=both["flow"].astype(str).map(said))


def guarded(counts: pd.DataFrame, before: pd.DataFrame | None, rules: Rules) -> pd.DataFrame:
    """Withhold counts until no hidden one can be told from the printed ones.

    Parameters
    ----------
    counts : DataFrame
        Of `counts`.
    before : DataFrame, optional
        The counts printed for the year before: the classes that moves start from.
    """
    out = counts.copy()
    while fixed := _fixed(out, before, rules):
        near = [i for i in fixed if not np.isnan(out.at[i, "printed"])]
        if not near:
            return out
        least = min(near, key=lambda i: (out.at[i, "printed"], i))
        out.loc[least, ["printed", "half", "reason"]] = [np.nan, np.nan, "complementary"]
    return out


def _fixed(counts: pd.DataFrame, before: pd.DataFrame | None, rules: Rules) -> list[int]:
    """Return the cells that share a sum with a hidden one that is told; none if none is."""
    cells = counts[counts["table"].isin(_CELLS)]
    sums = _sums(counts, cells, before)
    printed = cells["printed"].to_numpy()
    hidden = np.isnan(printed)
    reach = rules.count_base // 2
    is_few = cells["reason"].to_numpy() == "few"  # the others withheld are known not to be few
    low = np.where(is_few, 0, np.fmax(printed - reach, rules.minimum))
    high = np.where(is_few, rules.minimum - 1, np.where(hidden, np.inf, printed + reach))
    matrix = np.array([parts for parts, _ in sums]) if sums else np.zeros((0, len(cells)))
    said = np.array([value for _, value in sums])
    rule = scipy.optimize.LinearConstraint(
        matrix, np.maximum(said - reach, rules.minimum), said + reach
    )
    for i in np.flatnonzero(hidden & matrix.any(axis=0)):
        ends = []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(cells))
            aim[i] = sign
            whole = {"integrality": np.ones(len(cells)), "bounds": scipy.optimize.Bounds(low, high)}
            found = scipy.optimize.milp(aim, constraints=rule, **whole)
            if found.status != 0:
                raise ValueError(f"the audit of counts did not finish: {found.message}")
            ends.append(sign * found.fun)
        if ends[1] - ends[0] < 0.5:
            near = matrix[matrix[:, i] > 0].any(axis=0)
            return [int(k) for k in cells.index[near]]
    return []


def _sums(
    counts: pd.DataFrame, cells: pd.DataFrame, before: pd.DataFrame | None
) -> list[tuple[np.ndarray, float]]:
    """Return which cells add up to which printed count."""
    keys = cells["key"].str.split("/", expand=True).reindex(columns=[0, 1])
    printed = counts.set_index(["table", "key"])["printed"].dropna()
    found = []
    for table, place, margin in _MARGINS:
        for key, value in printed[printed.index.get_level_values(0) == margin].items():
            found.append(((cells["table"] == table) & (keys[place] == key[1]), value))
    if before is not None:
        classes = before[before["table"] == "class"].set_index("key")["printed"].dropna()
        for key, value in classes.items():
            found.append(((cells["table"] == "moves") & (keys[0] == key), value))
    total = printed.get(("total", "total"), np.nan)
    found += [(cells["table"] == table, total) for table in _WHOLE if total == total]
    return [(parts.to_numpy(dtype=float), float(value)) for parts, value in found if parts.any()]
