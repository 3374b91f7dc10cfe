"""What a page on per-mu efficiency may say of a year: figures ready, public ones protected.

Answers: how graded enterprises read as a distribution, as cells and as groups. Refuses: a year,
town, industry or scheme that is not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import evaluation
from fenghua.analysis import scheme as scheme_rules
from fenghua.analysis.aggregates import AMOUNTS, complete, counted, sums_by
from fenghua.analysis.disclosure import suppress_all
from fenghua.analysis.efficiency import PER_MU, RATIOS, amount, industry_codes, quotient
from fenghua.inputs import periods

KEYS: Final = ("division", "town_code", "adjusted_grade")
STEPS_PER_DECADE: Final = 5  # bins of equal width on a log scale, the same whatever the data


@dataclass(frozen=True)
class Selection:
    """Graded enterprises of a year and of the year compared with (0: there is none)."""

    year: int
    compare_year: int
    now: pd.DataFrame
    before: pd.DataFrame
    is_whole: bool


def scheme_named(schemes: Mapping[str, Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """Return a scheme that grades: the one named, or the default; an unknown one is refused."""
    grading = {key: scheme for key, scheme in schemes.items() if _grades(scheme)}
    return grading.get(scheme_rules.chosen(grading, name), {})


def _grades(scheme: Mapping[str, Any]) -> bool:
    blocks = scheme_rules.blocks(scheme).values()
    return bool(blocks) and all("grades" in block for block in blocks)


def select(
    enterprises: pd.DataFrame,
    scheme: Mapping[str, Any],
    *,
    as_of: str,
    parameters: Mapping[str, float],
    year: int = 0,
    compare_year: int = 0,
    town: str = "",
    industry: str = "",
    towns: Sequence[str] = (),
    adjustments: pd.DataFrame | None = None,
) -> Selection:
    """Grade a year and an earlier one in the whole district, then keep a town or an industry.

    Years that end after ``as_of`` are unknown; year 0 is the newest known one, compare_year 0 the
    one before it in the data. ``town`` is a code of a town or zone (one of the data or of
    ``towns``), ``industry`` the first digits of a GB/T 4754 code; empty keeps all.
    """
    table = enterprises.reset_index(drop=True)
    table["division"] = industry_codes(table, 2)
    known = sorted(int(y) for y in table["year"].unique() if y <= periods.end(as_of))
    year = _allowed("year", year, known) or max(known, default=0)
    earlier = [y for y in known if y < year]
    compare_year = _allowed("compare_year", compare_year, earlier) or max(earlier, default=0)
    places = table.reindex(columns=["town_code", "zone_code"]).fillna("").astype(str)
    _allowed("town", town, sorted({*towns, *places.to_numpy().ravel()} - {""}))
    code = industry.strip().lstrip("BCD")
    if code and not industry_codes(table, len(code)).eq(code).any():
        _allowed("industry", industry, sorted(set(table["division"]) - {""}))
    table = table[table["year"].isin([year, compare_year])]
    graded = evaluation.graded(table, scheme, parameters, adjustments=adjustments)
    kept = places.loc[graded.index].eq(town).any(axis=1) | (not town)
    kept &= industry_codes(graded, len(code)).eq(code)
    now, before = (graded[kept & graded["year"].eq(y)] for y in (year, compare_year))
    return Selection(year, compare_year, now, before, not (town or code))


def _allowed(name: str, value: Any, allowed: Sequence[Any]) -> Any:
    if value and value not in allowed:
        listed = ", ".join(map(str, allowed)) or "none"
        raise ValueError(f"{name} is {value!r}; allowed: {listed} (or leave it out)")
    return value


def _steps(values: np.ndarray) -> np.ndarray:
    """Number of the log bin of each figure; one bin below all others for what is not positive."""
    positive = np.where(values > 0, values, np.nan)
    step = np.floor(np.log10(positive) * STEPS_PER_DECADE + 1e-9)
    return np.where(np.isnan(step) & ~np.isnan(values), np.nanmin(step, initial=0) - 1, step)


def distribution(now: pd.DataFrame, *, ratio: str = PER_MU[0], **limits: Any) -> pd.DataFrame:
    """Count enterprises by a ratio on a log scale (分布), thin bins merged with their neighbours.

    Columns `low`, `high` (the outer ones open: 0 and infinite) and `enterprises`.
    """
    step = _steps(amount(now, ratio))
    step = step[~np.isnan(step)].astype(int)
    minimum = limits["minimum"] if limits["audience"] == "public" else 1
    if len(step) < minimum or not len(step):
        return pd.DataFrame({"low": [], "high": [], "enterprises": []})
    counts = np.bincount(step - step.min())
    ends, held = [], 0
    for at, count in enumerate(counts):
        held += count
        if held >= minimum:
            ends.append(at + 1)
            held = 0
    ends[-1] = len(counts)
    starts = [0, *ends[:-1]]
    edges = 10.0 ** ((np.array([*starts, len(counts)]) + step.min()) / STEPS_PER_DECADE)
    n = [int(counts[a:b].sum()) for a, b in zip(starts, ends, strict=True)]
    out = pd.DataFrame({"low": edges[:-1], "high": edges[1:], "enterprises": n})
    out.loc[0, "low"], out.loc[len(out) - 1, "high"] = 0.0, np.inf
    return out


def scatter(now: pd.DataFrame, **limits: Any) -> pd.DataFrame:
    """Place enterprises by tax (x) and value added (y) per mu: single ones only for internal use.

    Columns: `x`, `y` (a cell's middle on a public page), `enterprises`, `grade` (the most frequent
    one). Cells with too few enterprises are left out, and those that would give them away;
    `attrs["left_out"]` counts the enterprises that are not drawn.
    """
    rows = pd.DataFrame(
        {name: amount(now, ratio) for name, ratio in zip("xy", PER_MU, strict=True)}
    )
    rows["grade"] = now["adjusted_grade"].to_numpy() if len(now) else ""
    whole, rows = len(rows), rows[(rows["x"] > 0) & (rows["y"] > 0)]
    if limits["audience"] == "public" and len(rows):
        rows = rows.assign(x=_steps(rows["x"].to_numpy()), y=_steps(rows["y"].to_numpy()))
        cells = counted(rows["y"], rows["x"], **limits).drop(index="total", columns="total")
        counts = cells.stack().rename("enterprises")
        modes = rows.groupby(["y", "x"])["grade"].agg(lambda grades: grades.mode().iloc[0])
        cells = counts[counts > 0].to_frame().join(modes).reset_index()
        middle = 10 ** ((cells[["x", "y"]].astype(float) + 0.5) / STEPS_PER_DECADE)
        rows = cells.assign(x=middle["x"], y=middle["y"])
    else:
        rows = rows.assign(enterprises=1.0)
    rows.attrs["left_out"] = whole - int(rows["enterprises"].sum())
    return rows


def groups(
    now: pd.DataFrame, classes: pd.Series | None = None, **limits: Any
) -> dict[str, pd.DataFrame]:
    """Return industries, towns and classes: sums and their ratios, protected as one set.

    Only enterprises with land, tax and value added count, so that all columns rest on the same.
    `classes`, the counts that the page shows elsewhere, stand for those of the classes.

    Returns
    -------
    dict
        By key of `KEYS`: `code` (the last one `total`), `enterprises`, the sums, both ratios per
        mu, `median`; a withheld figure is missing.
    """
    rows = complete(now)
    labels = {key: rows[key].where(rows[key] != "", "none") for key in KEYS}
    made = {key: sums_by(rows, labels[key]) for key in KEYS}
    sums, behind = ({key: pair[part] for key, pair in made.items()} for part in (0, 1))
    shown = suppress_all(sums, behind, **limits)
    counts = {
        key: parts["n"]["land_mu"].astype(float).to_frame("enterprises")
        for key, parts in behind.items()
    }
    numbers = suppress_all(counts, counts, **limits)
    if classes is not None:
        named = classes.rename(index={"not_graded": "none"}).drop("total")
        numbers[KEYS[2]]["enterprises"] = named.reindex(numbers[KEYS[2]].index)
        numbers[KEYS[2]].loc["total", "enterprises"] = float(len(now))
    tax = pd.Series(amount(rows, PER_MU[0]), index=rows.index)
    return {key: _group_frame(key, shown[key], numbers[key], tax, labels[key]) for key in KEYS}


def _group_frame(
    key: str, sums: pd.DataFrame, numbers: pd.DataFrame, tax: pd.Series, labels: pd.Series
) -> pd.DataFrame:
    medians = tax.groupby(labels).median()
    medians.loc["total"] = tax.median()
    frame = sums.rename_axis("code").assign(enterprises=numbers["enterprises"])
    for ratio in PER_MU:
        frame[ratio] = quotient(*(frame[name].to_numpy(float) for name in RATIOS[ratio]))
    frame["median"] = medians.reindex(frame.index).where(frame["enterprises"].notna())
    order = sorted(frame.index, key=lambda code: (code == "total", code == "none"))
    frame = frame.loc[order].reset_index()
    return frame.assign(key=key + "." + frame["code"].astype(str))


def shown_sums(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the sums that a page shows, by `key`: what it takes to recompute their ratios."""
    rows = pd.concat(tables.values(), ignore_index=True)
    return rows.dropna(subset=list(AMOUNTS))[["key", *AMOUNTS]].reset_index(drop=True)
