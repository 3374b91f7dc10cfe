"""The printed figures of an edition as frames for tables and charts (公布版的表).

Answers: classes, places, curves, moves and the change of a year, from printed figures alone.
Refuses: to look at an enterprise.
"""

from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import edition
from fenghua.analysis.edition_tables import CORE, KEY

PARTS: Final = ("survivors", "entrants", "exits", "total")
COMPARED: Final = ("class", "industry", "town")
_FLOWS: Final = (("before", "stayed"), ("before", "left"), ("now", "stayed"), ("now", "entered"))


def crossed(figures: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return the counts of a table of two keys (``A/B``): rows by the first, columns by the last.

    A figure that is withheld is missing, as is one that the table does not have.
    """
    found = edition.count(figures, table)["value"].rename_axis("key").reset_index()
    pair = found["key"].str.split("/", n=1, expand=True).reindex(columns=[0, 1])
    found = found.assign(code=pair[0], other=pair[1])
    return found.pivot(index="code", columns="other", values="value").rename_axis(columns=None)


def groups(figures: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return a table of the edition as a frame: one row a key, with counts, sums and ratios.

    `enterprises`, land, tax and value added with their `<name>_error`, both ratios per mu with
    theirs, `median`, `reason` (why the land is withheld).
    """
    parts = {"enterprises": edition.count(figures, table)["value"]}
    for name in CORE:
        own = edition.chosen(figures, table, name)
        parts[name], parts[f"{name}_error"] = own["value"], own["error"]
    for name in list(edition.RATIOS)[:2]:
        own = edition.ratio(figures, table, name)
        parts[name], parts[f"{name}_error"] = own["value"], own["error"]
    parts["median"] = edition.median(figures, table)["value"]
    parts["reason"] = edition.chosen(figures, table, "land_mu")["reason"]
    return pd.DataFrame(parts).rename_axis("code")


def compared(figures: pd.DataFrame) -> pd.DataFrame:
    """Return `groups` of classes, industries and towns in one frame, as a page embeds them.

    Columns of `groups`, its ``code``, the ``table`` it stands in, ``group_key`` (both).
    """
    parts = [groups(figures, table).reset_index().assign(table=table) for table in COMPARED]
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(group_key=rows["table"] + "/" + rows["code"].astype(str))


def concentration(figures: pd.DataFrame) -> pd.DataFrame:
    """Return shares of land and tax of the enterprises with the lowest tax per mu (集中度曲线).

    One row a tenth of the enterprises, from 0 to 1: `enterprises_share`, `land_share`,
    `tax_share`, whole per cent.
    """
    parts = {name: edition.share(figures, "curve", name, of="total")["value"] for name in CORE[:2]}
    line = pd.DataFrame(parts).rename(columns={"land_mu": "land_share", "tax_wan": "tax_share"})
    line.index = line.index.astype(float) / 100
    if len(line):
        line.loc[0.0], line.loc[1.0] = 0.0, 1.0
    return line.sort_index().rename_axis("enterprises_share").reset_index()


def release(figures: pd.DataFrame) -> pd.DataFrame:
    """Return what the unprotected enterprises with the lowest tax per mu hold together (腾退曲线).

    One row a rank: `rank` (the first so many), land, tax and energy with their `<name>_error`.
    """
    parts = {}
    for name in (*CORE[:2], "energy_tce"):
        own = edition.chosen(figures, "release", name)
        parts[name], parts[f"{name}_error"] = own["value"], own["error"]
    curve = pd.DataFrame(parts)
    order = sorted(curve.index, key=lambda key: (key == "all", key.zfill(9)))
    return curve.loc[order].rename_axis("rank").reset_index()


def change(figures: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Split the change of output per mu since the year before by printed sums (腾笼换鸟分解).

    Returns
    -------
    DataFrame
        By part (PARTS): `value`, `error`. Missing where a sum it needs is withheld. Those who
        stayed are one part here: within and between cannot be told apart by sums.

    Notes
    -----
    As `decomposition.melitz_polanec`. The error adds up what each half step can move a part by.
    """
    names = [(t, k, m) for t, k in _FLOWS for m in (measure, "land_mu")]
    own = figures.set_index(KEY)[["printed", "half"]].reindex(names)
    value, half = own["printed"].to_numpy(float), own["half"].to_numpy(float)
    whole = _parts(value)
    error = np.zeros(len(PARTS))
    for i in range(len(value)):
        moved = value.copy()
        moved[i] += half[i]
        error += np.abs(_parts(moved) - whole)
    return pd.DataFrame({"value": whole, "error": error}, index=list(PARTS))


def _parts(sums: np.ndarray) -> np.ndarray:
    """Return the parts of a change from the value and land of those who stayed, left, entered."""
    amount, land = sums[0::2], sums[1::2]
    nothing = np.full(len(land), np.nan)
    stayed, left, stays, entered = np.divide(amount, land, out=nothing, where=land != 0)
    # Where nobody left or entered, nothing came of it; a withheld sum leaves its part missing.
    exits = land[1] / (land[0] + land[1]) * (stayed - left) if land[1] else 0.0
    entrants = land[3] / (land[2] + land[3]) * (entered - stays) if land[3] else 0.0
    survivors = stays - stayed
    return np.array([survivors, entrants, exits, survivors + entrants + exits])
