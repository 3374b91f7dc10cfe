"""What hangs on the benchmarks of a per-mu evaluation, and on amounts that are missing.

Answers: how many classes would differ with the dominant units in the benchmarks, and which columns
keep enterprises from a class. Refuses: public pages, which the figures would tell too much.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fenghua.analysis import evaluation
from fenghua.analysis.efficiency import MISSING
from fenghua.analysis.scheme import Scheme


def choice(
    enterprises: pd.DataFrame,
    scheme: Scheme,
    parameters: Mapping[str, float],
    *,
    adjustments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what hangs on leaving dominant units out of the benchmarks (基准的选择).

    For internal pages: the figures give the dominant unit away (methods, §7).

    Returns
    -------
    DataFrame
        One row a group: `group`, `left_out` (units that left its benchmarks), `largest_share` (of
        an item, 0-1), `classes` (enterprises with a class), `differ` (of these, the classes that
        would be others with all units in), `median_item` and `median_item_with` (points for tax per
        mu, of the enterprises in scope, without and with the units that left).
    """
    all_in = {**parameters, "benchmark_max_share": np.inf}
    without, with_all = (
        evaluation.graded(enterprises, scheme, limits, adjustments=adjustments)
        for limits in (parameters, all_in)
    )
    table = pd.DataFrame({"group": without["group"], "share": without["benchmark_share"]})
    table["is_graded"] = without["initial_grade"] != ""
    table["differs"] = without["initial_grade"] != with_all["initial_grade"]
    for column, side in (("median_item", without), ("median_item_with", with_all)):
        table[column] = side.get("score_tax_per_mu_wan", np.nan)
        table[column] = table[column].where(table["is_graded"])
    is_lead = ~without["is_shared_parcel"] | ~without.duplicated("parcel_id")
    each = table.assign(left=table["share"].notna() & is_lead).groupby("group", sort=True)
    return each.agg(
        left_out=("left", "sum"),
        largest_share=("share", "max"),
        classes=("is_graded", "sum"),
        differ=("differs", "sum"),
        median_item=("median_item", "median"),
        median_item_with=("median_item_with", "median"),
    ).reset_index()


def missing_columns(graded: pd.DataFrame) -> pd.Series:
    """Count, by column, the enterprises that have no class because its figure is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"initial_grade": ["A", "", ""]})
    >>> missing_columns(rows.assign(reasons=["", "tax_wan_missing", "utility"])).to_dict()
    {'tax_wan': 1}
    """
    codes = graded.loc[graded["initial_grade"] == "", "reasons"].str.split(";").explode()
    codes = codes[codes.str.endswith(MISSING).fillna(False).astype(bool)]
    return codes.str.removesuffix(MISSING).value_counts()
