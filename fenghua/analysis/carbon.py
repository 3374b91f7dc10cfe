"""Carbon efficiency of enterprises (工业碳效): emissions per value added, and against peers.

Answers: which level an enterprise has and why not. Refuses: a level without value added.
"""

import numpy as np
import pandas as pd

from fenghua.analysis.efficiency import amount, industry_ratio, quotient


def levels(
    enterprises: pd.DataFrame,
    *,
    digits: int = 2,
    low_max: float = 0.6,
    medium_max: float = 2.0,
    level_max: tuple[float, float, float, float] = (0.6, 0.8, 1.2, 2.0),
) -> pd.DataFrame:
    """Return each enterprise's carbon class and level (碳效等级).

    An industry is the first `digits` of the GB/T 4754 code. The cut-offs of L and K are the
    parameters `carbon_*` of ``data/raw/reference/parameters.csv``.

    Columns: `carbon_l` (t per 万元), `carbon_class` (low / medium / high), `carbon_k` (L over the
    industry's ratio of sums), `carbon_level` (1 best to 5), `carbon_reason` (why missing).

    Examples
    --------
    >>> plants = pd.DataFrame({"co2_t": [1.0, 3.0], "value_added_wan": [2.0, 2.0]})
    >>> levels(plants.assign(industry_code="34"))[["carbon_class", "carbon_level"]].values.tolist()
    [['low', 1.0], ['medium', 4.0]]
    """
    co2, value = amount(enterprises, "co2_t"), amount(enterprises, "value_added_wan")
    intensity = quotient(co2, value)
    usable = ~np.isnan(intensity)
    peers = industry_ratio(enterprises, "co2_t", "value_added_wan", digits=digits)
    k = quotient(intensity, peers)
    words = np.array(["low", "medium", "high", ""])
    rank = np.searchsorted([low_max, medium_max], intensity)
    gaps = {
        "co2_missing": np.isnan(co2),
        "value_added_missing": np.isnan(value),
        "value_added_not_positive": value <= 0,
        "no_industry_figure": np.isnan(peers),
        "industry_without_emissions": np.isnan(k),
    }
    reason = np.select(list(gaps.values()), list(gaps), default="")
    columns = {
        "carbon_l": intensity,
        "carbon_class": words[np.where(usable, rank, 3)],
        "carbon_k": k,
        "carbon_level": np.where(np.isnan(k), np.nan, np.searchsorted(level_max, k) + 1.0),
        "carbon_reason": reason,
    }
    return pd.DataFrame(columns, index=enterprises.index)
