"""Which order of two units can be stated, and the tiers that follow from it (可以断定的先后, 档次).

Answers: who is stated better than whom, and how long the ladder above a unit is.
Refuses: to state an order that fewer fair rankings hold than asked for.
"""

import numpy as np
import pandas as pd

from fenghua.analysis import asked
from fenghua.analysis.composites import TIE


def pair_shares(ranks: pd.DataFrame) -> pd.DataFrame:
    """Return the share of draws in which one unit ranks strictly better than another.

    Parameters
    ----------
    ranks : DataFrame, draws by units
        As `ranks.draw` gives them.

    Returns
    -------
    DataFrame, units by units
        Row better than column (0-1); what is left of the two shares of a pair are ties.
    """
    table = np.ascontiguousarray(ranks.to_numpy().T)
    better = [(own < table).mean(axis=1) for own in table]
    return pd.DataFrame(better, ranks.columns, ranks.columns, dtype=float)


def stated(ranks: pd.DataFrame, *, share: float = 0.90) -> pd.DataFrame:
    """Return which units are stated better than which (可以断定的先后).

    Parameters
    ----------
    ranks : DataFrame, draws by units
    share : float
        Least share of draws in which the one ranks strictly better; 0.90 in the methods (§11), 1
        less the two tails of a 5-95 % interval, so that disjoint intervals are always stated.

    Returns
    -------
    DataFrame of bool, units by units
        Row stated better than column.

    Notes
    -----
    The one must also have the lower (median, mean) rank: every pair descends in one fixed order,
    which makes rings (a before b before c before a) impossible.

    Examples
    --------
    >>> found = stated(pd.DataFrame({"a": [1, 1, 1], "b": [2, 2, 3], "c": [3, 3, 2]}))
    >>> found.loc["a"].tolist(), found.loc["b"].tolist()
    ([False, True, True], [False, False, False])
    """
    asked.check_share("share", share)
    if ranks.empty:
        return pd.DataFrame(index=ranks.columns, columns=ranks.columns, dtype=bool)
    middle = np.quantile(ranks.to_numpy(), 0.5, axis=0, method="inverted_cdf")
    keys = np.column_stack([middle, ranks.mean().to_numpy().round(9)])
    order = np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)
    is_often = pair_shares(ranks).to_numpy() >= share - TIE
    return pd.DataFrame(is_often & (order[:, None] < order), ranks.columns, ranks.columns)


def layers(better: pd.DataFrame) -> pd.Series:
    """Return tiers: 1 and the longest ladder of stated pairs above a unit (档次).

    Inside a tier no order is stated, and each unit of a lower tier has one in the tier above that
    is stated better (Mirsky 1971); between tiers only the pairs in ``better`` are stated.

    Examples
    --------
    >>> ladder = pd.DataFrame([[0, 1, 1], [0, 0, 0], [0, 0, 0]], list("abc"), list("abc"))
    >>> layers(ladder.astype(bool)).tolist()
    [1.0, 2.0, 2.0]
    """
    table = better.to_numpy(dtype=bool)
    tiers = np.ones(len(table))
    for level in range(1, len(table) + 1):
        below = table[tiers == level].any(axis=0)
        if not below.any():
            break
        tiers[below] = level + 1.0
    return pd.Series(tiers, index=better.index, name="tier")


def common_rank(rank_low: pd.Series, rank_high: pd.Series) -> pd.Series:
    """Return tiers of many units: in each there is one rank that all its intervals hold.

    In order of the worse end, a tier opens where a unit's interval no longer reaches the end of
    the first one's; so ``max(low) <= min(high)`` in each. Missing intervals have no tier.

    Examples
    --------
    >>> common_rank(pd.Series([1, 1, 3, 5, 6]), pd.Series([4, 2, 4, 6, 6])).tolist()
    [1.0, 1.0, 2.0, 3.0, 3.0]
    """
    ends = pd.DataFrame({"low": rank_low, "high": rank_high}).dropna()
    level, end, found = 0, -np.inf, {}
    for unit, low, high in ends.sort_values(["high", "low"], kind="stable").itertuples():
        if low > end:
            level, end = level + 1, high
        found[unit] = float(level)
    return pd.Series(found, dtype=float).reindex(rank_low.index).rename("tier")
