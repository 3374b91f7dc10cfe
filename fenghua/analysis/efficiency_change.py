"""What a page on per-mu efficiency may say of the district: three ways, concentration, change.

Answers: how the per-mu figures read and where they moved. Refuses: to show a figure next to
another that gives a single enterprise away.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import efficiency, evaluation, observed
from fenghua.analysis.aggregates import Rules, blocks, complete, passes, shown_ways
from fenghua.analysis.decomposition import melitz_polanec
from fenghua.analysis.disclosure import suppress
from fenghua.analysis.efficiency import PER_MU, RATIOS, amount, flag, second_way
from fenghua.analysis.efficiency_view import Selection

PUBLISHED: Final = ("tax_per_mu", "value_added_per_mu")  # the headline indicators of PER_MU


def published(observations: pd.DataFrame, chosen: Selection, *, area: str) -> pd.DataFrame:
    """Return the figures per mu that the district itself gave for both years: year by figure.

    Nothing is known so for a part of the district.
    """
    years = sorted({chosen.compare_year, chosen.year})
    seen = observed.read(observations, area=area, until=float(chosen.year))
    seen = seen[seen["t"].isin(years) & seen["indicator_id"].isin(PUBLISHED) & chosen.is_whole]
    names = seen["indicator_id"].map(dict(zip(PUBLISHED, PER_MU, strict=True)))
    table = seen.assign(figure=names).pivot_table(index="t", columns="figure", values="value")
    return table.reindex(index=years, columns=list(PER_MU))


def ways(rows: pd.DataFrame, given: pd.Series | None = None, **limits: Any) -> pd.DataFrame:
    """Return per-mu figures of above-scale industry three ways, those of a public page protected.

    Whole less district-owned is what the few others make, and one of them makes nearly all of it:
    a public page shows the whole, where the district itself gave it, or the district-owned part,
    never both.

    ``given`` is what the district itself published, by figure; exempt (methods, §12).

    As `efficiency.three_ways`; `value` is missing where withheld.
    """
    rows = complete(rows[flag(rows, "is_above_scale")] if "is_above_scale" in rows else rows)
    table = efficiency.three_ways(rows.drop(columns="year", errors="ignore"))
    if limits["audience"] == "internal":
        return table
    is_exempt = given is not None and bool(given.notna().all())
    shown = shown_ways(rows, limits, is_exempt=is_exempt)
    seen = {"whole": shown["total"], "median": len(rows) >= limits["minimum"]}
    kept = [seen.get(basis, shown.get("second", False)) for basis in table["basis"]]
    table["value"] = table["value"].where(kept)
    if is_exempt:
        is_whole = table["basis"] == "whole"
        table.loc[is_whole, "value"] = table.loc[is_whole, "figure"].map(given)
    return table


def poorest_half(lines: pd.DataFrame) -> pd.Series:
    """Return, by basis of a concentration curve, the share of tax from the poorest half of land."""
    return lines.groupby("basis", sort=False)[["land_share", "amount_share"]].apply(
        lambda line: float(np.interp(0.5, line["land_share"], line["amount_share"]))
    )


def concentration(now: pd.DataFrame, **limits: Any) -> pd.DataFrame:
    """Return the land-tax curve of the district and of its own enterprises (集中度曲线).

    Columns of `efficiency.concentration`, thinned, and `basis` (whole, district_owned or
    without_largest). A public page gets the first of them in which no step gives an enterprise
    away.
    """
    rows = complete(now)
    second, name = second_way(rows)
    lines = []
    for basis, part in (("whole", rows), (name, rows[second])):
        line = efficiency.concentration(part).assign(basis=basis)
        ends = blocks(line[["land_share", "amount_share"]].diff().iloc[1:].to_numpy(), limits)
        if ends and not (lines and limits["audience"] == "public"):
            lines.append(line.iloc[[0, *ends]])
    return pd.concat(lines, ignore_index=True) if lines else line.iloc[:0]


def transitions(chosen: Selection, **limits: Any) -> pd.DataFrame:
    """Return the moves between classes with totals; small counts of a public page withheld."""
    matrix = evaluation.transitions(chosen.before, chosen.now).astype(float)
    matrix["total"] = matrix.sum(axis=1)
    matrix.loc["total"] = matrix.sum()
    return suppress(matrix, matrix, **limits)


def _movers_pass(first: pd.DataFrame, second: pd.DataFrame, value: str, limits: Rules) -> bool:
    """Whether entrants and exits are none, or enough to be shown together."""
    for one, other in ((first, second), (second, first)):
        moved = one[~one["enterprise_id"].isin(other["enterprise_id"])]
        amounts = np.column_stack([amount(moved, name) for name in ("land_mu", value)])
        if len(moved) and not passes(amounts, limits):
            return False
    return True


def parts(chosen: Selection, given: pd.DataFrame, **limits: Any) -> pd.DataFrame:
    """Decompose the change of both per-mu figures of above-scale industry (腾笼换鸟分解).

    Columns: `figure`, `basis` (whole, district_owned) and the columns of `melitz_polanec`; all
    missing where withheld, as in `ways`.
    """
    years = ((chosen.compare_year, chosen.before), (chosen.year, chosen.now))
    seen = [ways(rows, given.loc[year], **limits).dropna(subset="value") for year, rows in years]
    whole = [complete(rows[flag(rows, "is_above_scale")]) for _, rows in years]
    owned = [rows[flag(rows, "is_district_owned")] for rows in whole]
    out = []
    for figure in PER_MU:
        for basis, pair in (("whole", whole), ("district_owned", owned)):
            told = [((t["figure"] == figure) & (t["basis"] == basis)).any() for t in seen]
            if len(pair[0]) and len(pair[1]):
                split = _decomposed(*pair, RATIOS[figure][0], all(told), limits)
                out.append({"figure": figure, "basis": basis} | split)
    return pd.DataFrame(out, columns=None if out else ["figure", "basis"])


def _decomposed(
    first: pd.DataFrame, second: pd.DataFrame, value: str, is_shown: bool, limits: Rules
) -> dict[str, float]:
    split = melitz_polanec(first, second, value=value)
    is_shown = is_shown and _movers_pass(first, second, value, limits)
    return (split if is_shown else split * np.nan).to_dict()


def parts_by(
    chosen: Selection, key: str, shown: tuple[pd.DataFrame, pd.DataFrame], **limits: Any
) -> pd.DataFrame:
    """Decompose value added per mu of each industry or town, where both years show its sums.

    ``key`` is one of `efficiency_view.KEYS`; ``shown`` is what `efficiency_view.groups` shows by it
    of each year.
    """
    before, now = complete(chosen.before), complete(chosen.now)
    codes = [set(table.dropna(subset="land_mu")["code"]) for table in shown]
    out = []
    for code in sorted({*before[key], *now[key]} - {""}):
        pair = [rows[rows[key] == code] for rows in (before, now)]
        is_shown = all(code in known for known in codes)
        if len(pair[0]) and len(pair[1]):
            out.append({"code": code, **_decomposed(*pair, "value_added_wan", is_shown, limits)})
    return pd.DataFrame(out, columns=None if out else ["code"])


def facts(
    chosen: Selection,
    classes: pd.DataFrame,
    lines: pd.DataFrame,
    marks: pd.DataFrame,
) -> dict[str, Any]:
    """Return what the page's first sentence states: medians, the poorest half, the land mark."""
    total = classes.set_index("code").reindex(["total"]).iloc[0]
    half = poorest_half(lines) if len(lines) else pd.Series(dtype=float)
    land = marks[(marks["target"] == "land") & marks["is_reached"]]
    return {
        "year": chosen.year if len(chosen.now) else 0,
        "enterprises": len(chosen.now),
        "median": float(total["median"]),
        "basis": half.index[-1] if len(half) else "",
        "half": float(half.iloc[-1]) if len(half) else np.nan,
        "n": float(land["n"].iloc[0]) if len(land) and chosen.is_whole else np.nan,
        "amount": float(land["amount"].iloc[0]) if len(land) else np.nan,
    }
