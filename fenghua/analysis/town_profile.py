"""The enterprises of each town in sums (镇街画像): per-mu profile, classes by land, entries, exits.

Answers: what a town's land yields and who uses it. Refuses: enterprises on a public page,
which has the figures of the edition.
"""

from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import (
    asked,
    contributions,
    edition,
    edition_frames,
    efficiency,
    evaluation,
)
from fenghua.analysis import scheme as scheme_rules
from fenghua.analysis.edition_counts import FLOWS, flows
from fenghua.analysis.edition_tables import NONE
from fenghua.analysis.observed import NOISE
from fenghua.analysis.shared import once
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import GRADES, Audience, PlanData

PROFILE: Final = (
    *("tax_per_mu_wan", "value_added_per_mu_wan", "labour_productivity_wan"),
    *("value_added_per_tce_wan", "rd_intensity"),
)
TOTAL: Final = "total"
UNGRADED: Final = "ungraded"


def enterprise_year(ds: PlanData, as_of: str, *, audience: str) -> int:
    """Return the newest year of enterprise figures that has ended by the period; 0 for none.

    A public page knows only the years that have an edition.
    """
    known = edition.years(ds) if Audience(audience).is_public else ds.enterprise_years
    until = periods.end(periods.asked(as_of))
    return max((year for year in known if year <= until + NOISE), default=0)


@asked.as_declared
@once
def profile(ds: PlanData, year: int, *, audience: str) -> pd.DataFrame:
    """Return the per-mu profile of each town: ratios of sums without the dominant plant (亩均画像).

    An internal page has those above scale, as Table 1 of the plan: the 区属 ones (or all but the
    largest where none is marked), and beside them all. A public page has what the edition prints.

    By ``town_code`` and ``total``: ``enterprises``, the ratios, ``whole_<ratio>`` with every
    enterprise (internal only), ``basis`` (district_owned, without_largest, edition), ``reason``.
    """
    if Audience(audience).is_public:
        return _printed_profile(ds, year)
    chosen = _above_scale(ds, year)
    owned, basis = efficiency.second_way(chosen)
    result = _ratios(chosen[owned])
    result = result.reindex([*ds.towns.loc[ds.towns["kind"] != "zone", "town_code"], TOTAL])
    result["reason"] = np.where(result["enterprises"] > 0, "", "no_enterprises")
    whole = _ratios(chosen)
    for name in PROFILE[:2]:
        result[f"whole_{name}"] = whole[name]
    return result.assign(basis=basis).rename_axis("town_code")


def _printed_profile(ds: PlanData, year: int) -> pd.DataFrame:
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


def _above_scale(ds: PlanData, year: int) -> pd.DataFrame:
    firms = ds.enterprises[ds.enterprises["year"] == year]
    return firms[efficiency.flag(firms, "is_above_scale")]


def _ratios(enterprises: pd.DataFrame) -> pd.DataFrame:
    towns_ = efficiency.pooled(enterprises, by="town_code").set_index("town_code")
    whole = efficiency.pooled(enterprises).set_axis([TOTAL])
    return pd.concat([towns_, whole])[["enterprises", *PROFILE]]


def beside(
    ds: PlanData, ranking: pd.DataFrame, year: int, town: str, *, audience: str
) -> pd.DataFrame:
    """Return one town's profile beside the district and, internally, the first tier pooled.

    The first tier (``best``) is no table of the public edition.
    """
    rows = profile(ds, year, audience=audience)
    parts = [rows.reindex([town]), rows.reindex([TOTAL])]
    parts[0]["reason"] = parts[0]["reason"].fillna("not_profiled")
    if not Audience(audience).is_public:
        chosen = _above_scale(ds, year)
        chosen = chosen[efficiency.second_way(chosen)[0]]
        first = chosen["town_code"].isin(ranking.index[ranking["tier"] == 1])
        best = efficiency.pooled(chosen[first])[["enterprises", *PROFILE]].set_axis(["best"])
        parts.insert(1, best.assign(reason="" if first.any() else "no_enterprises"))
    return pd.concat(parts).rename_axis("town_code")


def class_land(
    ds: PlanData, year: int, scheme: str, units: pd.Index, *, audience: str
) -> pd.DataFrame:
    """Return the share of each town's industrial land by class (用地等级结构).

    By ``town_code`` and ``total``: shares (0-1) of A to D and ``ungraded``; ``withheld`` is what is
    left of the land on a public page, missing in a town without land.
    """
    if Audience(audience).is_public:
        return _printed_land(ds, year, scheme)
    return land_shares(graded(ds, year, scheme), units)


@once
def _printed_land(ds: PlanData, year: int, scheme: str) -> pd.DataFrame:
    """Return the share of each town's land by class, whole per cent, by printed sums.

    By ``town_code`` and ``total``: A to D and ``ungraded``; ``withheld`` is what is not printed of
    the land (1 where the town's own is withheld), missing in a town without land.
    """
    figures = edition.read(ds, year, scheme=scheme)
    towns = ds.towns.loc[ds.towns["kind"] != "zone", "town_code"]
    if figures.empty:
        columns = [*GRADES, UNGRADED, "withheld"]
        return pd.DataFrame(np.nan, [*towns, TOTAL], columns).rename_axis("town_code")
    shares = edition.share(figures, "town_class", "land_mu", of="town")["value"]
    pairs = shares.index.to_series().str.split("/", expand=True).reindex(columns=[0, 1])
    by_town = shares.set_axis(pd.MultiIndex.from_frame(pairs)).unstack()
    by_town = by_town.reindex(columns=[*GRADES, NONE])  # of no figure printed, too
    whole = edition.share(figures, "class", "land_mu", of="total")["value"]
    by_town.loc[TOTAL] = whole
    by_town = by_town.rename(columns={NONE: UNGRADED})
    is_hidden = by_town.isna().any(axis=1)
    rest = (1.0 - by_town.sum(axis=1)).clip(lower=0.0)
    by_town["withheld"] = rest.where(is_hidden, 0.0)
    return by_town.reindex([*towns, TOTAL]).rename_axis("town_code")


def land_shares(graded: pd.DataFrame, units: pd.Index) -> pd.DataFrame:
    """Return the exact shares of land by class of each town and of all, as `class_land`."""
    grade = graded["adjusted_grade"].replace({"": UNGRADED})
    sums = graded.groupby([graded["town_code"], grade])["land_mu"].sum().unstack()
    sums = sums.reindex(columns=[*GRADES, UNGRADED]).fillna(0.0).astype(float)
    sums.loc[TOTAL] = sums.sum()
    whole = sums.sum(axis=1).replace(0.0, np.nan)
    shares = sums.div(whole, axis=0).assign(withheld=whole * 0.0)
    return shares.reindex([*units, TOTAL]).rename_axis("town_code")


@once
def movements(ds: PlanData, year: int, *, audience: str) -> pd.DataFrame:
    """Return how many enterprises entered, left and stayed in each town against the year before.

    By ``town_code`` and ``total``: ``entered``, ``left``, ``stayed``; on a public page as the
    edition prints them. Empty without a year before.
    """
    if Audience(audience).is_public:
        return _printed_movements(ds, year)
    names, words = ["town_code", "enterprise_id"], ["entered", "left", "stayed"]
    firms = ds.enterprises
    this, before = (
        firms.loc[firms["year"] == y, names].drop_duplicates() for y in (year, year - 1)
    )
    if this.empty or before.empty:
        return pd.DataFrame(columns=words, dtype=float)
    both = flows(before, this, names)
    counts = pd.crosstab(both["town_code"], both["flow"])
    counts = counts.reindex(columns=words, fill_value=0).astype(float)
    counts.loc[TOTAL] = counts.sum()
    return counts


def _printed_movements(ds: PlanData, year: int) -> pd.DataFrame:
    """Return how many enterprises entered, left and stayed in each town, to the nearest five.

    By ``town_code`` and ``total``; missing below three. Empty without a year before.
    """
    figures = edition.read(ds, year)
    table = edition_frames.crossed(figures, "town_flow")
    if table.empty:
        return pd.DataFrame(columns=list(FLOWS), dtype=float)
    table.loc[TOTAL] = edition.count(figures, "flow")["value"]
    return table[list(FLOWS)].rename_axis("town_code")


def low_efficiency(
    ds: PlanData, year: int, scheme: str, town: str, *, audience: str
) -> pd.DataFrame:
    """Return the town's enterprises of the register with reasons and routes; none on a public page.

    The class is relative to the whole district, so all of it is graded and the town then chosen.
    """
    if Audience(audience).is_public or year not in ds.enterprise_years:
        return pd.DataFrame(columns=["enterprise_id", "is_protected"])
    listed = evaluation.low_efficiency_register(graded(ds, year, scheme), rules(ds, scheme))
    is_own = (listed[["town_code", "zone_code"]] == town).any(axis=1)
    return listed[is_own].sort_values("tax_per_mu_wan", kind="stable")


def scheme_sources(ds: PlanData, year: int, scheme: str) -> list[str]:
    """Return the sources of the scheme where enterprises were graded by it, else none."""
    return list(rules(ds, scheme)["source_ids"]) if year in ds.enterprise_years else []


def rules(ds: PlanData, scheme: str) -> scheme_rules.Scheme:
    """Return the scheme of that name, or the one chosen without a name; nothing without any."""
    return ds.schemes.get(scheme_rules.chosen(ds.schemes, scheme), {})


@once
def graded(ds: PlanData, year: int, scheme: str) -> pd.DataFrame:
    """Return one year's enterprises scored and graded by a scheme of the register."""
    rows = ds.enterprises[ds.enterprises["year"] == year]
    if rows.empty:
        return rows.assign(adjusted_grade="")
    rule = rules(ds, scheme)
    moves = ds.adjustments if len(ds.adjustments) else None
    return evaluation.graded(rows, rule, ds.parameters, adjustments=moves)


def published(ds: PlanData, as_of: str) -> pd.DataFrame:
    """Return the per-mu figures that the district itself has published: whole and 区属 (公布数).

    ``indicator_id``, ``basis`` (whole, owned), ``period``, ``value``: the newest of each;
    ``is_since_january`` where it is the sum of a part of its year, no year's figure.
    """
    bases = {ds.plan["area_code"]: "whole", f"{ds.plan['area_code']}-qs": "owned"}
    rows = ds.observations[ds.observations["area_code"].isin(bases)]
    per_mu = ds.indicators[ds.indicators["unit"].str.endswith("/亩")].set_index("indicator_id")
    rows = contributions.newest(rows[rows["indicator_id"].isin(per_mu.index)], at=as_of)
    flows = rows["indicator_id"].map(per_mu["is_yearly_flow"]).eq(True)
    is_part = rows["period"].map(lambda text: periods.parse(text).part is not None).astype(bool)
    is_sum = flows & is_part & (rows["basis"] != "annual")
    rows = rows.assign(basis=rows["area_code"].map(bases), is_since_january=is_sum)
    columns = ["indicator_id", "basis", "period", "value", "is_since_january"]
    return rows.sort_values(["indicator_id", "basis"])[columns]
