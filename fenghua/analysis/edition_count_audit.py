"""Whether hidden counts of an edition follow from the printed ones in whole numbers, and the cure.

Answers: which hidden count could only be one number. Refuses: to leave it so.
"""

from typing import Final

import numpy as np
import pandas as pd
import scipy  # its parts load when they are first used: few runs solve programs

from fenghua.analysis.edition_tables import Rules

# Tables of single cells, and the printed margin that the cells of a place in their key add up to.
CELLS: Final = ("town_class", "moves", "carbon", "town_flow", "tax_per_mu")
MARGINS: Final = (
    ("town_class", 0, "town"),
    ("town_class", 1, "class"),
    ("moves", 1, "class"),
    ("town_flow", 1, "flow"),
)
WHOLE: Final = ("town_class", "carbon", "tax_per_mu")  # whose cells add up to all enterprises


def guarded(counts: pd.DataFrame, before: pd.DataFrame | None, rules: Rules) -> pd.DataFrame:
    """Withhold counts until no hidden one can be told from the printed ones.

    Parameters
    ----------
    counts : DataFrame
        Of `edition_counts.counts`.
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
    cells = counts[counts["table"].isin(CELLS)]
    sums = _sums(counts, cells, before)
    printed = cells["printed"].to_numpy()
    hidden = np.isnan(printed)
    reach = rules.count_base // 2
    low = np.where(hidden, 0, np.maximum(printed - reach, rules.minimum))
    high = np.where(hidden, _most(cells, rules), printed + reach)
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


def _most(cells: pd.DataFrame, rules: Rules) -> np.ndarray:
    """Return the most that a hidden count can be: below the minimum, or anything if withheld so."""
    return np.where(cells["reason"] == "few", rules.minimum - 1, np.inf)


def _sums(
    counts: pd.DataFrame, cells: pd.DataFrame, before: pd.DataFrame | None
) -> list[tuple[np.ndarray, float]]:
    """Return which cells add up to which printed count."""
    keys = cells["key"].str.split("/", expand=True).reindex(columns=[0, 1])
    printed = counts.set_index(["table", "key"])["printed"].dropna()
    found = []
    for table, place, margin in MARGINS:
        for key, value in printed[printed.index.get_level_values(0) == margin].items():
            found.append(((cells["table"] == table) & (keys[place] == key[1]), value))
    if before is not None:
        classes = before[before["table"] == "class"].set_index("key")["printed"].dropna()
        for key, value in classes.items():
            found.append(((cells["table"] == "moves") & (keys[0] == key), value))
    total = printed.get(("total", "total"), np.nan)
    found += [(cells["table"] == table, total) for table in WHOLE if total == total]
    return [(parts.to_numpy(dtype=float), float(value)) for parts, value in found if parts.any()]
