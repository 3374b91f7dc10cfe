"""What the public edition says of the enterprises of each town (镇街画像公布版).

Answers: ratios, shares of land and counts by town from printed figures. Refuses: another scheme
than the edition's, and any sum of its own.
"""

import numpy as np
import pandas as pd

from fenghua.analysis import edition, edition_frames
from fenghua.analysis.edition_counts import FLOWS
from fenghua.analysis.edition_tables import NONE
from fenghua.analysis.shared import once
from fenghua.inputs.vocabulary import GRADES

TOTAL = "total"


def profile(ds: edition.Dataset, year: int) -> pd.DataFrame:
    """Return the ratios of each town and of the ``total`` by printed sums, with their errors.

    By ``town_code``: ``enterprises``, each ratio and ``<ratio>_error``, ``reason`` (why none is
    printed: few, dominance, coarse; no_enterprises).
    """
    figures = edition.read(ds, year)
    towns = ds.towns.loc[ds.towns["kind"] != "zone", "town_code"]
    parts = []
    for table in ("town", TOTAL):
        part = edition.count(figures, table)[["value"]].set_axis(["enterprises"], axis=1)
        for name in edition.RATIOS:
            found = edition.ratio(figures, table, name)
            part[name], part[f"{name}_error"] = found["value"], found["error"]
        part["reason"] = edition.chosen(figures, table, "land_mu")["reason"]
        parts.append(part)
    result = pd.concat(parts).reindex([*towns, TOTAL])
    result["reason"] = result["reason"].fillna("no_enterprises")
    return result.assign(basis="edition").rename_axis("town_code")


@once
def class_land(ds: edition.Dataset, year: int, *, scheme: str = "") -> pd.DataFrame:
    """Return the share of each town's land by class, whole per cent, by printed sums.

    By ``town_code`` and ``total``: A to D and ``ungraded``; ``withheld`` is what is not printed of
    the land (1 where the town's own is withheld), missing in a town without land.
    """
    figures = edition.read(ds, year, scheme=scheme)
    towns = ds.towns.loc[ds.towns["kind"] != "zone", "town_code"]
    if figures.empty:
        columns = [*GRADES, "ungraded", "withheld"]
        return pd.DataFrame(np.nan, [*towns, TOTAL], columns).rename_axis("town_code")
    shares = edition.share(figures, "town_class", "land_mu", of="town")["value"]
    pairs = shares.index.str.split("/", expand=True)
    by_town = shares.set_axis(pairs).unstack()
    whole = edition.share(figures, "class", "land_mu", of="total")["value"]
    by_town.loc[TOTAL] = whole
    by_town = by_town.rename(columns={NONE: "ungraded"}).reindex(columns=[*GRADES, "ungraded"])
    is_hidden = by_town.isna().any(axis=1)
    rest = (1.0 - by_town.sum(axis=1)).clip(lower=0.0)
    by_town["withheld"] = rest.where(is_hidden, 0.0)
    return by_town.reindex([*towns, TOTAL]).rename_axis("town_code")


def movements(ds: edition.Dataset, year: int) -> pd.DataFrame:
    """Return how many enterprises entered, left and stayed in each town, to the nearest five.

    By ``town_code`` and ``total``; missing below three. Empty without a year before.
    """
    figures = edition.read(ds, year)
    table = edition_frames.crossed(figures, "town_flow")
    if table.empty:
        return pd.DataFrame(columns=list(FLOWS), dtype=float)
    table.loc[TOTAL] = edition.count(figures, "flow")["value"]
    return table[list(FLOWS)].rename_axis("town_code")
