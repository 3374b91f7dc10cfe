"""What a page on per-mu efficiency may say of a year: figures ready, public ones protected.

Answers: how graded enterprises read as groups, curves, moves and marks. Refuses: to let a public
figure rest on too few enterprises, or on one of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import evaluation
from fenghua.analysis.disclosure import suppress, suppress_all
from fenghua.analysis.efficiency import PER_MU, RATIOS, amount, quotient
from fenghua.inputs import periods

Rules = Mapping[str, Any]
AMOUNTS: Final = ("land_mu", "tax_wan", "value_added_wan")
KEYS: Final = ("division", "town_code", "adjusted_grade")
STEPS_PER_DECADE: Final = 5  # bins of equal width on a log scale, the same whatever the data
_POINTS: Final = {"public": 40, "internal": 200}  # points of a drawn curve, at most


@dataclass(frozen=True)
class Selection:
    """Graded enterprises of a year and of the year compared with (0: there is none)."""

    year: int
    compare_year: int
    now: pd.DataFrame
    before: pd.DataFrame
    is_whole: bool


def rules(parameters: Mapping[str, float], audience: str) -> dict[str, Any]:
    """Return what protects single enterprises on a page for an audience (methods, §12)."""
    return {
        "audience": audience,
        "minimum": int(parameters["disclosure_min_contributors"]),
        "max_share": float(parameters["disclosure_max_share"]),
    }


def scheme_named(schemes: Mapping[str, Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """Return a scheme that grades; an unknown one is refused with the names allowed."""
    grading = [key for key, scheme in schemes.items() if _grades(scheme)]
    if name not in grading:
        raise ValueError(f"scheme is {name!r}; allowed: {', '.join(grading) or 'none'}")
    return schemes[name]


def _grades(scheme: Mapping[str, Any]) -> bool:
    sizes = [scheme[size] for size in ("above_scale", "below_scale") if size in scheme]
    return bool(sizes) and all("grades" in size for size in sizes)


def select(
    enterprises: pd.DataFrame,
    scheme: Mapping[str, Any],
    *,
    as_of: str,
    year: int = 0,
    compare_year: int = 0,
    town: str = "",
    industry: str = "",
    towns: Sequence[str] = (),
    adjustments: pd.DataFrame | None = None,
) -> Selection:
    """Grade a year and an earlier one in the whole district, then keep a town or an industry.

    Parameters
    ----------
    enterprises : DataFrame
        Raw amounts of all years.
    scheme : mapping
        The evaluation scheme.
    as_of : str
        Period; years that end after it are unknown. Year 0 is the newest known one,
        compare_year 0 the one before it in the data.
    town, industry : str
        A code of a town or zone, and the first digits of a GB/T 4754 code; empty keeps all.
    towns : sequence of str
        Codes that are allowed besides those in the data.
    adjustments : DataFrame, optional
        Written decisions on grades.

    Raises
    ------
    ValueError
        For a year, town or industry that is not there; says which are.
    """
    table = enterprises.reset_index(drop=True).assign(division=_codes(enterprises, 2))
    known = sorted(int(y) for y in table["year"].unique() if y <= periods.end(as_of))
    year = _allowed("year", year, known) or max(known, default=0)
    earlier = [y for y in known if y < year]
    compare_year = _allowed("compare_year", compare_year, earlier) or max(earlier, default=0)
    places = table.reindex(columns=["town_code", "zone_code"]).fillna("").astype(str)
    _allowed("town", town, sorted({*towns, *places.to_numpy().ravel()} - {""}))
    code = industry.strip().lstrip("BCD")
    if code and not _codes(table, len(code)).eq(code).any():
        _allowed("industry", industry, sorted(set(table["division"]) - {""}))
    table = table[table["year"].isin([year, compare_year])]
    graded = evaluation.grade(evaluation.score(table, scheme), scheme, adjustments=adjustments)
    kept = places.loc[graded.index].eq(town).any(axis=1) | (not town)
    kept &= _codes(graded, len(code)).eq(code)
    now, before = (graded[kept & graded["year"].eq(y)] for y in (year, compare_year))
    return Selection(year, compare_year, now, before, not (town or code))


def _codes(table: pd.DataFrame, digits: int) -> pd.Series:
    column = table.get("industry_code", pd.Series("", index=table.index))
    text = column.fillna("").astype(str).str.strip().str.replace(r"^[A-T]", "", regex=True)
    return text.str[:digits].reset_index(drop=True).set_axis(table.index)


def _allowed(name: str, value: Any, allowed: Sequence[Any]) -> Any:
    if value and value not in allowed:
        listed = ", ".join(map(str, allowed)) or "none"
        raise ValueError(f"{name} is {value!r}; allowed: {listed} (or leave it out)")
    return value


def _passes(parts: np.ndarray, limits: Rules) -> bool:
    """Whether amounts (rows: enterprises) may be shown as sums."""
    size, top = np.abs(parts).sum(axis=0), np.abs(parts).max(axis=0, initial=0.0)
    is_safe = len(parts) >= limits["minimum"] and (top <= limits["max_share"] * size).all()
    return limits["audience"] == "internal" or bool(is_safe)


def blocks(parts: np.ndarray, limits: Rules) -> list[int]:
    """Return the ends of runs of rows whose sums may be shown; none if there are no such runs.

    Examples
    --------
    >>> blocks(np.ones((7, 1)), {"audience": "public", "minimum": 3, "max_share": 0.75})
    [3, 7]
    """
    n = len(parts)
    size = max(-(-n // _POINTS[limits["audience"]]), 1)
    if limits["audience"] == "public":
        size = max(size, limits["minimum"])
    ends, start = [], 0
    for end in range(size, n + 1, size):
        if _passes(parts[start:end], limits):
            ends.append(end)
            start = end
    while start < n and ends:  # what is left over joins the runs before it
        ends.pop()
        start = ends[-1] if ends else 0
        if _passes(parts[start:], limits):
            ends.append(n)
            start = n
    return ends


def _steps(values: np.ndarray) -> np.ndarray:
    """Number of the log bin of each figure; one bin below all others for what is not positive."""
    positive = np.where(values > 0, values, np.nan)
    step = np.floor(np.log10(positive) * STEPS_PER_DECADE + 1e-9)
    return np.where(np.isnan(step) & ~np.isnan(values), np.nanmin(step, initial=0) - 1, step)


def distribution(now: pd.DataFrame, *, ratio: str = PER_MU[0], **limits: Any) -> pd.DataFrame:
    """Count enterprises by a ratio on a log scale (分布), thin bins merged with their neighbours.

    Returns
    -------
    DataFrame
        `low`, `high` (the outer ones open: 0 and infinite), `enterprises`.
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

    Returns
    -------
    DataFrame
        `x`, `y` (a cell's middle on a public page), `enterprises`, `grade` (the most frequent
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
        cells = _counted(rows["y"], rows["x"], **limits).drop(index="total", columns="total")
        counts = cells.stack().rename("enterprises")
        modes = rows.groupby(["y", "x"])["grade"].agg(lambda grades: grades.mode().iloc[0])
        cells = counts[counts > 0].to_frame().join(modes).reset_index()
        middle = 10 ** ((cells[["x", "y"]].astype(float) + 0.5) / STEPS_PER_DECADE)
        rows = cells.assign(x=middle["x"], y=middle["y"])
    else:
        rows = rows.assign(enterprises=1.0)
    rows.attrs["left_out"] = whole - int(rows["enterprises"].sum())
    return rows


def _counted(rows: pd.Series, columns: pd.Series, **limits: Any) -> pd.DataFrame:
    """Cross-tabulate with totals, withholding small counts and those that give them away."""
    if rows.empty:
        return pd.DataFrame({"total": [0.0]}, index=["total"])
    table = pd.crosstab(rows, columns, margins=True, margins_name="total").astype(float)
    return suppress(table, table, **limits)


def _complete(rows: pd.DataFrame) -> pd.DataFrame:
    values = np.column_stack([amount(rows, name) for name in AMOUNTS])
    return rows[(values[:, 0] > 0) & ~np.isnan(values).any(axis=1)]


def _sums(rows: pd.DataFrame, labels: Any) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Sums by label with their total, and how many enterprises and which share stand behind."""
    table = pd.DataFrame({name: amount(rows, name) for name in AMOUNTS}, index=rows.index)
    by = pd.Series(np.asarray(labels, dtype=object), index=rows.index)
    doubled = pd.concat([table.assign(_by=by), table.assign(_by="total")])
    grouped, sizes = doubled.groupby("_by"), doubled.drop(columns="_by").abs()
    sums = grouped.sum()
    n = pd.DataFrame({name: grouped.size() for name in AMOUNTS})
    share = sizes.groupby(doubled["_by"]).max() / sums.abs()
    return sums, {"n": n, "max_share": share}


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
    rows = _complete(now)
    labels = {key: rows[key].where(rows[key] != "", "none") for key in KEYS}
    made = {key: _sums(rows, labels[key]) for key in KEYS}
    sums = {key: table for key, (table, _) in made.items()}
    shown = suppress_all(sums, {key: behind for key, (_, behind) in made.items()}, **limits)
    counts = {
        key: b["n"][["land_mu"]].set_axis(["enterprises"], axis=1) for key, (_, b) in made.items()
    }
    numbers = suppress_all(
        {key: n.astype(float) for key, n in counts.items()},
        {key: n["enterprises"] for key, n in counts.items()},
        **limits,
    )
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
