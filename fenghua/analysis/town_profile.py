"""The enterprises of each town in sums (镇街画像): per-mu profile, classes by land, entries, exits.

Answers: what a town's land yields and who uses it. Refuses: to show what gives a firm away.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import aggregates, contributions, disclosure, efficiency, evaluation
from fenghua.analysis import scheme as scheme_rules
from fenghua.analysis.observed import NOISE
from fenghua.analysis.shared import once
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import GRADES

AMOUNTS: Final = (
    *("tax_wan", "value_added_wan", "land_mu", "employees", "energy_tce"),
    *("revenue_wan", "rd_wan"),
)
PROFILE: Final = (
    *("tax_per_mu_wan", "value_added_per_mu_wan", "labour_productivity_wan"),
    *("value_added_per_tce_wan", "rd_intensity"),
)
TOTAL: Final = "total"
UNGRADED: Final = "ungraded"


def enterprise_year(enterprises: pd.DataFrame, as_of: str) -> int:
    """Return the newest year of enterprise figures that has ended by the period; 0 for none."""
    years = enterprises.loc[enterprises["year"] <= periods.end(as_of) + NOISE, "year"]
    return int(years.max()) if len(years) else 0


@once
def profile(ds: Any, year: int, *, audience: str) -> pd.DataFrame:
    """Return the per-mu profile of each town: ratios of sums without the dominant plant (亩均画像).

    Those above scale count, as in Table 1 of the plan. A public page has only 区属 enterprises (or
    all but the largest where none is marked), withheld where they would give one away; the plant's
    own town is so never shown with and without it.

    By ``town_code`` and ``total``: ``enterprises``, the ratios, ``whole_<ratio>`` with every
    enterprise (internal only), ``basis`` (district_owned, without_largest), ``reason``
    (no_enterprises or a code of `disclosure.marks`).
    """
    firms = ds.enterprises[ds.enterprises["year"] == year]
    chosen = firms[efficiency.flag(firms, "is_above_scale")]
    owned, basis = efficiency.second_way(chosen)
    marks = _withheld(chosen[owned], aggregates.rules(ds.parameters, audience))
    result = _ratios(chosen[owned])
    result = result.reindex([*ds.towns.loc[ds.towns["kind"] != "zone", "town_code"], TOTAL])
    result["reason"] = marks.reindex(result.index)
    result.loc[~(result["enterprises"] > 0), "reason"] = "no_enterprises"
    result.loc[result.index.isin(marks.index[marks != ""]), ["enterprises", *PROFILE]] = np.nan
    whole = _ratios(chosen)
    for name in PROFILE[:2]:
        result[f"whole_{name}"] = whole[name] if audience == "internal" else np.nan
    return result.assign(basis=basis).rename_axis("town_code")


def _ratios(enterprises: pd.DataFrame) -> pd.DataFrame:
    towns_ = efficiency.pooled(enterprises, by="town_code").set_index("town_code")
    whole = efficiency.pooled(enterprises).set_axis([TOTAL])
    return pd.concat([towns_, whole])[["enterprises", *PROFILE]]


def _withheld(part: pd.DataFrame, limits: Mapping[str, Any]) -> pd.Series:
    """Why the sums of each town may not be shown; empty where they may."""
    if part.empty:
        return pd.Series(dtype=object)
    figures = [name for name in AMOUNTS if name in part]
    sums, behind = aggregates.sums_by(part, part["town_code"], figures)
    return disclosure.marks(disclosure.suppress(sums, behind, **limits)).max(axis=1)


def best_tier(profile: pd.DataFrame, ranking: pd.DataFrame, enterprises: pd.DataFrame) -> pd.Series:
    """Return the pooled profile of the first tier, missing if one of its towns is withheld."""
    first = ranking.index[ranking["tier"] == 1]
    if not len(first) or (profile["reason"].reindex(first).fillna("no_enterprises") != "").any():
        return pd.Series(np.nan, index=list(PROFILE))
    chosen = enterprises[efficiency.flag(enterprises, "is_above_scale")]
    chosen = chosen[efficiency.second_way(chosen)[0]]
    return efficiency.pooled(chosen[chosen["town_code"].isin(first)]).iloc[0][list(PROFILE)]


def beside(
    profile: pd.DataFrame, ranking: pd.DataFrame, enterprises: pd.DataFrame, town: str
) -> pd.DataFrame:
    """Return one town's profile beside the first tier pooled (``best``) and the district."""
    best = best_tier(profile, ranking, enterprises).to_frame("best").T
    rows = pd.concat([profile.reindex([town]), best, profile.reindex([TOTAL])])
    rows.loc[[town], "reason"] = rows.loc[[town], "reason"].fillna("not_profiled")
    rows["reason"] = rows["reason"].fillna(
        "best_tier_withheld" if best.isna().all(axis=None) else ""
    )
    return rows.rename_axis("town_code")


def grade_land(
    graded: pd.DataFrame, units: pd.Index, *, audience: str, rules: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the share of each town's industrial land by class (用地等级结构), withheld as due.

    By ``town_code`` and ``total``: shares (0-1) of A to D and ``ungraded``; ``withheld`` is what is
    left of the land, 1 where the town's land itself is withheld, missing in a town without land.
    """
    classes = [*GRADES, UNGRADED]
    if graded.empty:
        nothing = [*GRADES, UNGRADED, "withheld"]
        return pd.DataFrame(np.nan, [*units, TOTAL], nothing).rename_axis("town_code")
    land = graded.assign(grade=graded["adjusted_grade"].replace({"": UNGRADED}))
    cells = land.pivot_table(
        index="town_code", columns="grade", values="land_mu", aggfunc=["sum", "count", "max"]
    )
    sums, counts, largest = (
        cells.get(name, pd.DataFrame()).reindex(columns=classes).fillna(0.0)
        for name in ("sum", "count", "max")
    )
    table = sums.assign(**{TOTAL: sums.sum(axis=1)})
    table.loc[TOTAL] = table.sum()
    share = largest / sums.where(sums > 0)
    found = {"n": counts, "max_share": share.fillna(0.0)}
    shown = disclosure.suppress(table, found, audience=audience, **rules)
    shares = shown[classes].div(shown[TOTAL].where(shown[TOTAL] > 0), axis=0)
    shares["withheld"] = 1.0 - shares.sum(axis=1)
    shares.loc[shown[TOTAL] == 0, "withheld"] = np.nan
    return shares.clip(lower=0.0).reindex([*units, TOTAL]).rename_axis("town_code")


@once
def movements(ds: Any, year: int, *, audience: str) -> pd.DataFrame:
    """Return how many enterprises entered, left and stayed in each town against the year before.

    By ``town_code`` and ``total``: ``entered``, ``left``, ``stayed``; withheld (missing) alike on
    every page, for the pages of all towns lie side by side. Empty without a year before.
    """
    names, words = ["town_code", "enterprise_id"], ["entered", "left", "stayed"]
    firms = ds.enterprises
    this, before = (
        firms.loc[firms["year"] == y, names].drop_duplicates() for y in (year, year - 1)
    )
    if this.empty or before.empty:
        return pd.DataFrame(columns=words, dtype=float)
    both = this.merge(before, on=names, how="outer", indicator=True)
    said = {"left_only": "entered", "right_only": "left", "both": "stayed"}
    counts = pd.crosstab(both["town_code"], both["_merge"].astype(str).map(said))
    counts = counts.reindex(columns=words, fill_value=0).astype(float)
    counts.loc[TOTAL] = counts.sum()
    # each count is a table of its own: a town's other counts need not go with a small one
    apart = {name: counts[[name]] for name in counts}
    limits = aggregates.rules(ds.parameters, audience)
    return pd.concat(disclosure.suppress_all(apart, apart, **limits).values(), axis=1)


def low_efficiency(
    ds: Any, graded: pd.DataFrame, scheme: str, town: str, *, audience: str
) -> pd.DataFrame:
    """Return the town's enterprises of the register with reasons and routes; none on a public page.

    The class is relative to the whole district, so all of it is graded and the town then chosen.
    """
    if audience != "internal" or graded.empty:
        return graded.iloc[:0]
    listed = evaluation.low_efficiency_register(graded, _rules(ds, scheme))
    is_own = (listed[["town_code", "zone_code"]] == town).any(axis=1)
    return listed[is_own].sort_values("tax_per_mu_wan", kind="stable")


def disclosure_rules(parameters: Mapping[str, float]) -> dict[str, float]:
    """Return the two rules of disclosure from the register of parameters."""
    return {
        "minimum": int(parameters["disclosure_min_contributors"]),
        "max_share": parameters["disclosure_max_share"],
    }


def scheme_sources(ds: Any, year: int, scheme: str) -> list[str]:
    """Return the sources of the scheme where enterprises were graded by it, else none."""
    has_firms = (ds.enterprises["year"] == year).any()
    return list(_rules(ds, scheme)["source_ids"]) if has_firms else []


def _rules(ds: Any, scheme: str) -> Mapping[str, Any]:
    return ds.schemes[scheme_rules.chosen(ds.schemes, scheme)]


@once
def graded(ds: Any, year: int, scheme: str) -> pd.DataFrame:
    """Return one year's enterprises scored and graded by a scheme of the register."""
    rows = ds.enterprises[ds.enterprises["year"] == year]
    if rows.empty:
        return rows.assign(adjusted_grade="")
    rule = _rules(ds, scheme)
    moves = ds.adjustments if len(ds.adjustments) else None
    return evaluation.graded(rows, rule, ds.parameters, adjustments=moves)


def published(ds: Any, as_of: str) -> pd.DataFrame:
    """Return the per-mu figures that the district itself has published: whole and 区属 (公布数).

    ``indicator_id``, ``basis`` (whole, owned), ``period``, ``value``: the newest of each.
    """
    bases = {ds.plan["area_code"]: "whole", f"{ds.plan['area_code']}-qs": "owned"}
    rows = ds.observations[ds.observations["area_code"].isin(bases)]
    per_mu_ids = ds.indicators.loc[ds.indicators["unit"].str.endswith("/亩"), "indicator_id"]
    rows = contributions.newest(rows[rows["indicator_id"].isin(per_mu_ids)], at=as_of)
    rows = rows.assign(basis=rows["area_code"].map(bases))
    return rows.sort_values(["indicator_id", "basis"])[["indicator_id", "basis", "period", "value"]]
