"""What a page on per-mu efficiency may say of the district: three ways, changes, marks, lists.

Answers: how the per-mu figures read, where they moved, who is listed, what could be released.
Refuses: to show a figure next to another that gives a single enterprise away.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import carbon, efficiency, evaluation, observed, release
from fenghua.analysis.decomposition import melitz_polanec
from fenghua.analysis.disclosure import suppress, suppress_all
from fenghua.analysis.efficiency import PER_MU, RATIOS, amount, flag
from fenghua.analysis.efficiency_view import (
    Rules,
    Selection,
    _complete,
    _counted,
    _passes,
    _sums,
    blocks,
)
from fenghua.analysis.register import FINDINGS, PROTECTIONS, VIOLATION_ROUTE
from fenghua.inputs.vocabulary import GRADES

PUBLISHED: Final = ("tax_per_mu", "value_added_per_mu")  # the headline indicators of PER_MU
REASONS: Final = ("class_d", "energy_and_tax", *(f"finding_{name}" for name in FINDINGS))
ROUTES: Final = ("merger", "exit", "relocate_to_park", "upgrade", VIOLATION_ROUTE)
UNGRADED: Final = (
    *("new_enterprise", "unfinished", "utility", "follows_owner", "owner_not_found"),
    *("owner_not_graded", "group_too_small", "not_scored"),
)
_WAN: Final = 10_000


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

    Parameters
    ----------
    rows : DataFrame
        Enterprises of one year.
    given : Series, optional
        What the district itself published, by figure; exempt (methods, §12).

    Returns
    -------
    DataFrame
        As `efficiency.three_ways`; `value` is missing where withheld.
    """
    rows = _complete(rows[flag(rows, "is_above_scale")] if "is_above_scale" in rows else rows)
    table = efficiency.three_ways(rows.drop(columns="year", errors="ignore"))
    if limits["audience"] == "internal":
        return table
    is_exempt = given is not None and bool(given.notna().all())
    shown = _shown(rows, limits, is_exempt=is_exempt)
    seen = {"whole": shown["total"], "median": len(rows) >= limits["minimum"]}
    kept = [seen.get(basis, shown.get("second", False)) for basis in table["basis"]]
    table["value"] = table["value"].where(kept)
    if is_exempt:
        is_whole = table["basis"] == "whole"
        table.loc[is_whole, "value"] = table.loc[is_whole, "figure"].map(given)
    return table


def _second(rows: pd.DataFrame) -> tuple[np.ndarray, str]:
    """Mark the district-owned enterprises; where none is marked, all but the largest."""
    owned = flag(rows, "is_district_owned")
    if owned.any() or rows.empty:
        return owned, "district_owned"
    return np.arange(len(rows)) != amount(rows, "tax_wan").argmax(), "without_largest"


def _shown(rows: pd.DataFrame, limits: Rules, *, is_exempt: bool = False) -> dict[str, bool]:
    """Whether the sums of the second way, the others and the whole may be shown together."""
    sums, behind = _sums(rows, np.where(_second(rows)[0], "second", "other"))
    exempt = pd.Series(sums.index == "total", index=sums.index) if is_exempt else None
    shown = suppress(sums, behind, exempt=exempt, **limits)["land_mu"].notna()
    return {str(label): bool(is_shown) for label, is_shown in shown.items()} | (
        {} if len(rows) else {"total": False}
    )


def poorest_half(lines: pd.DataFrame) -> pd.Series:
    """Return, by basis of a concentration curve, the share of tax from the poorest half of land."""
    return lines.groupby("basis", sort=False)[["land_share", "amount_share"]].apply(
        lambda line: float(np.interp(0.5, line["land_share"], line["amount_share"]))
    )


def concentration(now: pd.DataFrame, **limits: Any) -> pd.DataFrame:
    """Return the land-tax curve of the district and of its own enterprises (集中度曲线).

    Returns
    -------
    DataFrame
        Columns of `efficiency.concentration`, thinned, and `basis` (whole, district_owned or
        without_largest). A public page gets the first of them in which no step gives an
        enterprise away.
    """
    rows = _complete(now)
    second, name = _second(rows)
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
        if len(moved) and not _passes(amounts, limits):
            return False
    return True


def parts(chosen: Selection, given: pd.DataFrame, **limits: Any) -> pd.DataFrame:
    """Decompose the change of both per-mu figures of above-scale industry (腾笼换鸟分解).

    Returns
    -------
    DataFrame
        `figure`, `basis` (whole, district_owned) and the columns of `melitz_polanec`; all missing
        where withheld, as in `ways`.
    """
    years = [
        (rows[flag(rows, "is_above_scale")], ways(rows, given.loc[year], **limits))
        for year, rows in ((chosen.compare_year, chosen.before), (chosen.year, chosen.now))
    ]
    out = []
    for figure in PER_MU:
        for basis in ("whole", "district_owned"):
            pair, is_shown = [], True
            for rows, seen in years:
                rows = _complete(rows)
                pair.append(rows if basis == "whole" else rows[flag(rows, "is_district_owned")])
                own = seen[(seen["figure"] == figure) & (seen["basis"] == basis)]["value"]
                is_shown &= bool(own.notna().any())
            if len(pair[0]) and len(pair[1]):
                out.append({"figure": figure, "basis": basis})
                out[-1] |= _decomposed(*pair, RATIOS[figure][0], is_shown, limits)
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

    Parameters
    ----------
    chosen : Selection
        The two years.
    key : str
        One of `efficiency_view.KEYS`.
    shown : tuple of DataFrame
        What `efficiency_view.groups` shows of each of the two years by that key.
    """
    before, now = _complete(chosen.before), _complete(chosen.now)
    codes = [set(table.dropna(subset="land_mu")["code"]) for table in shown]
    out = []
    for code in sorted({*before[key], *now[key]} - {""}):
        pair = [rows[rows[key] == code] for rows in (before, now)]
        is_shown = all(code in known for known in codes)
        if len(pair[0]) and len(pair[1]):
            out.append({"code": code, **_decomposed(*pair, "value_added_wan", is_shown, limits)})
    return pd.DataFrame(out, columns=None if out else ["code"])


def register_counts(listed: pd.DataFrame, **limits: Any) -> dict[str, pd.DataFrame]:
    """Count the register by reason (with its change), protection, route and change (信息库汇总).

    An enterprise counts under each of its reasons, so that reasons do not add up.
    """
    here = listed[listed["change"] != "left"]
    reasons = {}
    for code in REASONS:
        own = here[_has(here["reasons"], code)]
        moved = [int((own["change"] == word).sum()) for word in ("entered", "stayed")]
        reasons[code] = [*moved, len(own), int(own["is_protected"].sum())]
    columns = ["entered", "stayed", "total", "protected"]
    table = pd.DataFrame.from_dict(reasons, orient="index", columns=columns).astype(float)
    split = table[["total", "protected"]].assign(open=table["total"] - table["protected"])
    tables = {"reasons": table.drop(columns="protected"), "protected": split}
    shown = suppress_all(tables, tables, **limits)
    counts = {"reasons": shown["reasons"].assign(protected=shown["protected"]["protected"])}
    others = {
        "protection": {code: int(_has(here["protection"], code).sum()) for code in PROTECTIONS},
        "route": {code: int(_has(here["route"], code).sum()) for code in ROUTES},
        "change": listed["change"].replace("", "listed").value_counts().to_dict(),
    }
    for name, found in others.items():
        n = pd.DataFrame({"enterprises": pd.Series(found, dtype=float)})
        counts[name] = suppress(n, n["enterprises"], **limits)
    counts = {name: table.rename_axis("code").reset_index() for name, table in counts.items()}
    free = float((~here["is_protected"]).sum())
    is_small = limits["audience"] == "public" and 0 < free < limits["minimum"]
    counts["protection"].attrs["open"] = np.nan if is_small else free
    return counts


def _has(texts: pd.Series, code: str) -> pd.Series:
    return (";" + texts.astype(str) + ";").str.contains(f";{code};", regex=False)


def release_curve(
    now: pd.DataFrame, targets: pd.DataFrame, *, mu_per_km2: float, **limits: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the thinned curve of what could be released, and its marks (腾出空间).

    Parameters
    ----------
    now : DataFrame
        Graded enterprises of one year.
    targets : DataFrame
        The plan's targets; the last of `land_released` (km²) and `energy_released` (10,000 tce)
        are the marks. On a public page a mark stands at the end of its run of enterprises.

    Returns
    -------
    tuple
        Columns of `release.release_curve`, and of `release.release_marks` with `amount`, the
        plan's own figure, for the targets that the plan has.
    """
    ends = targets[targets["role"] == "target"].sort_values("year")
    last = ends.groupby("indicator_id")["value"].last()
    land, energy = (last.get(f"{name}_released", np.nan) for name in ("land", "energy"))
    wanted = {"land": land, "energy": energy * _WAN}
    curve = release.release_curve(now, mu_per_km2=mu_per_km2)
    steps = np.column_stack([amount(curve, c) for c in ("land_mu", "energy_tce", "tax_wan")])
    at = np.array(blocks(np.nan_to_num(steps), limits), dtype=int) - 1
    if not _shown(_complete(now), limits).get("second", False):
        curve["what_if_tax_wan"] = np.nan  # the average behind it may not be shown
    thin = curve.iloc[at]
    exact = thin if limits["audience"] == "public" else curve
    for name, column in (("land", "cum_land_km2"), ("energy", "cum_energy_tce")):
        hit = np.zeros(len(exact), dtype=bool)
        hit[np.flatnonzero(exact[column].to_numpy() >= wanted[name])[:1]] = True
        exact = exact.assign(**{f"is_{name}_target": hit})
    marks = release.release_marks(exact)
    marks["amount"] = marks["target"].map(wanted)
    keep = [name for name in thin if name == "n" or name.startswith(("cum_", "what_if_"))]
    return thin[keep].reset_index(drop=True), marks[marks["amount"].notna()]


def carbon_counts(
    now: pd.DataFrame, parameters: Mapping[str, float], **limits: Any
) -> pd.DataFrame:
    """Count enterprises by carbon class and level, with totals (工业碳效)."""
    found = carbon.levels(
        now,
        low_max=parameters["carbon_low_max"],
        medium_max=parameters["carbon_medium_max"],
        level_max=tuple(parameters[f"carbon_level_{k}_max"] for k in range(1, 5)),
    )
    level = found["carbon_level"].map(lambda k: f"{k:.0f}" if k == k else "none")
    return _counted(found["carbon_class"].replace("", "none"), level, **limits)


def park_counts(parks: pd.DataFrame, *, threshold: float) -> pd.DataFrame:
    """Count parks and village clusters, and those below a tax per mu (万元/亩), by kind."""
    below = release.parks_below(parks, threshold=threshold)
    has_no = below["reason"] != ""
    table = pd.DataFrame({"parks": parks.groupby("kind").size()})
    table["below"] = below[~has_no].groupby("kind").size()
    table["unknown"] = below[has_no].groupby("kind").size()
    return table.fillna(0).astype(int).rename_axis("code").reset_index()


def consequences(
    now: pd.DataFrame, policy_rules: pd.DataFrame, classes: pd.Series, **limits: Any
) -> pd.DataFrame:
    """Count the enterprises of each class to which the plan attaches a consequence.

    Parameters
    ----------
    now : DataFrame
        Graded enterprises.
    policy_rules : DataFrame
        The plan's rules.
    classes : Series
        Number of enterprises by class as the page shows it (the total row of `transitions`).

    Returns
    -------
    DataFrame
        `rule` (housing, upgrade, register), `clause`, `enterprises` and the printed thresholds of
        the rules concerned; rules that a plan does not have are left out.
    """
    known = policy_rules.set_index("rule_id")
    plot = known["threshold"].get("housing_plot_min_mu", np.nan)
    is_upper = now["adjusted_grade"].isin(GRADES[:2]).to_numpy()
    large = float((is_upper & (amount(now, "land_mu") >= plot)).sum())
    if limits["audience"] == "public" and 0 < large < limits["minimum"]:
        large = np.nan
    found = {
        "housing": ("housing_grade_min", large),
        "upgrade": ("rezoned_land_grade_min", classes[list(GRADES[:2])].sum(skipna=False)),
        "register": ("register_entry_grade", classes[GRADES[-1]]),
    }
    names = {"plot": "housing_plot_min_mu", "years": "rezoned_land_years_max"}
    names |= {"before": "support_land_share_max_before", "after": "support_land_share_max"}
    names |= {"floor": "support_floor_share_max"}
    values = {key: known["threshold"].get(rule, np.nan) for key, rule in names.items()}
    rows = [
        {"rule": name, "clause": known.loc[rule, "clause"], "enterprises": n}
        for name, (rule, n) in found.items()
        if rule in known.index
    ]
    return pd.DataFrame(rows, columns=["rule", "clause", "enterprises"]).assign(**values)


def ungraded(now: pd.DataFrame, **limits: Any) -> pd.DataFrame:
    """Count the enterprises without a class by reason; one may have several."""
    rows = now[~now["adjusted_grade"].isin(GRADES)]
    found = {code: int(_has(rows["reasons"], code).sum()) for code in UNGRADED}
    known = np.logical_or.reduce([_has(rows["reasons"], code) for code in UNGRADED])
    found["other"] = int((~np.asarray(known, dtype=bool)).sum())
    n = pd.DataFrame({"enterprises": pd.Series(found, dtype=float)}).query("enterprises > 0")
    shown = suppress(n, n["enterprises"], **limits) if len(n) else n
    return shown.rename_axis("code").reset_index()


def rule(policy_rules: pd.DataFrame, rule_id: str) -> dict[str, Any]:
    """Return a rule of the plan, without a threshold where the plan has no such rule."""
    own = policy_rules[policy_rules["rule_id"] == rule_id].to_dict("records")
    return own[0] if own else {"rule_id": rule_id, "threshold": np.nan, "clause": ""}


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
