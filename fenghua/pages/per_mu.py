"""What the per-mu page stands on and says: the tables of a year, its finding, its key points.

Answers: which tables a page of an audience has, and which sentences follow from them. Refuses: a
year, place, industry or scheme that they do not hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import edition, edition_scope, evaluation, release, town_profile
from fenghua.analysis.decomposition import PARTS, melitz_polanec
from fenghua.analysis.edition_counts import edges
from fenghua.analysis.edition_issue import exact
from fenghua.analysis.efficiency import DIVISION_DIGITS, MISSING, industry_codes, three_ways
from fenghua.analysis.scheme import Scheme
from fenghua.display import naming, sentences
from fenghua.display.kit import Kit
from fenghua.display.numbers import figure, percent, short
from fenghua.display.shown import Shown
from fenghua.display.wording import Words
from fenghua.inputs import periods
from fenghua.inputs.dataset import Dataset
from fenghua.inputs.records import rows_of
from fenghua.inputs.vocabulary import bare_industry
from fenghua.pages import edition as edition_page

CURVE: Final = MappingProxyType({"height": 3.4, "box": (0.18, 0.2, 0.78, 0.74)})  # of shares
# The bars by tax per mu: their labels stand upright, so as not to touch, and need room beneath.
BINS: Final = MappingProxyType({"height": 3.4, "box": (0.17, 0.36, 0.8, 0.6)})
BIN_LABELS: Final = MappingProxyType({"axis": "x", "labelrotation": 90})


@dataclass(frozen=True)
class Year:
    """The enterprises of a year as a page may have them.

    Attributes
    ----------
    year, before : int
        The year, and the one compared with; 0 where there is none.
    figures : DataFrame
        The tables of a public edition: printed ones, or on an internal page exact ones of all.
    graded, graded_before : DataFrame
        The graded enterprises of both years; without rows on a public page.
    scheme : mapping
        The scheme of the classes.
    """

    year: int
    before: int
    figures: pd.DataFrame
    graded: pd.DataFrame
    graded_before: pd.DataFrame
    scheme: Scheme


def select(
    ds: Dataset,
    *,
    as_of: str,
    audience: str,
    year: int = 0,
    compare_year: int = 0,
    town: str = "",
    industry: str = "",
    scheme: str = "",
) -> Year:
    """Return a year's tables: those of the edition for the public, exact ones of all else.

    Raises
    ------
    ValueError
        The year, the year compared with, the place, the industry or the scheme is none of those
        that the data, or the edition, hold.
    """
    known = edition.years(ds) if audience == "public" else list(ds.enterprise_years)
    known = [y for y in known if y <= periods.end(as_of)]
    year = _allowed("year", year, known) or max(known, default=0)
    earlier = [y for y in known if y < year]
    nothing = pd.DataFrame(columns=["enterprise_id", "adjusted_grade", "reasons"])
    rules = town_profile.rules(ds, scheme)
    code = bare_industry(industry)
    if audience == "public":
        before = year - 1 if year - 1 in earlier else 0
        _allowed("compare_year", compare_year, [before])
        figures = edition.read(ds, year, scheme=scheme)
        figures = edition.narrowed(figures, town=town, industry=industry)
        return Year(year, before, figures, nothing, nothing, rules)
    before = _allowed("compare_year", compare_year, earlier) or max(earlier, default=0)
    if not year:
        return Year(0, 0, edition.read(ds, 0), nothing, nothing, rules)
    return _internal(ds, year, before, town, code, rules)


def _internal(ds: Dataset, year: int, before: int, town: str, code: str, rules: Scheme) -> Year:
    firms = ds.enterprises
    places = firms[["town_code", "zone_code"]].fillna("").astype(str)
    known = sorted({*places.to_numpy().ravel(), *ds.towns["town_code"]} - {""})
    _allowed("town", town, known)
    divisions = sorted({*industry_codes(firms, max(len(code), DIVISION_DIGITS))} - {""})
    _allowed("industry", code, divisions)
    keep = places.eq(town).any(axis=1) | (not town)
    keep &= industry_codes(firms, len(code)).eq(code) | (not code)
    graded, scoped, older = {}, {}, None
    for each in (before, year):
        own = firms[firms["year"] == each].reset_index(drop=True)
        given = {"adjustments": ds.adjustments}
        graded[each] = evaluation.graded(own, rules, ds.parameters, **given)
        ids = firms.loc[keep & firms["year"].eq(each), "enterprise_id"]
        graded[each] = graded[each][graded[each]["enterprise_id"].isin(ids)]
        if each:
            options = {"exclusions": ds.edition_exclusions, "parameters": ds.parameters, **given}
            rows = edition_scope.rows(
                firms, rules, year=each, before=older, is_whole=True, **options
            )
            older = rows[rows["enterprise_id"].isin(ids)].reset_index(drop=True)
            scoped[each] = older
    figures = exact(scoped[year], scoped.get(before))
    return Year(year, before, figures, graded[year], graded[before], rules)


def _allowed(name: str, value: Any, allowed: list[Any]) -> Any:
    if value and value not in allowed:
        listed = ", ".join(str(one) for one in allowed if one) or "none"
        raise ValueError(f"{name} is {value!r}; allowed: {listed} (or leave it out)")
    return value


def bins(figures: pd.DataFrame) -> pd.DataFrame:
    """Return how many enterprises each bin of tax per mu has: `bin` (its edges), `enterprises`."""
    found = edition.count(figures, "tax_per_mu").rename(columns={"value": "enterprises"})
    found.index = found.index.astype(int)
    found = found.sort_index()
    found["bin"] = [_between(*edges(str(key))) for key in found.index]
    return found.reset_index(drop=True)


def _between(low: float, high: float) -> str:
    if np.isinf(low):
        return f"< {high:g}"
    return f"≥ {low:g}" if np.isinf(high) else f"{low:g}–{high:g}"


def half(line: pd.DataFrame) -> dict[str, float]:
    """Return the point of a concentration curve next to half of the land; empty without a curve."""
    inner = line[line["enterprises_share"].between(0, 1, inclusive="neither")]
    inner = inner.dropna(subset=["land_share", "tax_share"])
    if inner.empty:
        return {}
    return inner.loc[(inner["land_share"] - 0.5).abs().idxmin()].to_dict()


def finding(chosen: Year, line: pd.DataFrame, total: pd.DataFrame, kit: Kit) -> str:
    """Return the page's one sentence: what the land at the lower end yields, and the register."""
    if not chosen.year or total.empty:
        return kit.say("per_mu.no_data", period=kit.facts["period"])
    listed = edition.count(chosen.figures, "register")["value"].get("listed")
    point, facts = half(line), {"year": chosen.year}
    if point:
        facts |= {key: percent(value) for key, value in point.items()}
        key = "per_mu.finding_curve" if listed == listed and listed else "per_mu.finding_curve_only"
        return kit.say(key, **facts, n=short(float(listed or 0)))
    first = total.iloc[0]
    facts |= {"tax": short(float(first["tax_per_mu_wan"]))}
    return kit.say("per_mu.finding_ratio", **facts)


def points(
    chosen: Year, classes: pd.DataFrame, register: pd.Series, parts: pd.DataFrame, kit: Kit
) -> list[str]:
    """Return the key points: the best and the last class, the register, what moved the ratio."""
    told = []
    ratios = classes["tax_per_mu_wan"].dropna()
    if {"A", "D"} <= set(ratios.index):
        facts = {name: short(float(ratios[name]), decimals=1) for name in "AD"}
        told.append(sentences.point(kit.say("per_mu.point_classes", **facts)))
    if register.get("listed") == register.get("listed") and "listed" in register:
        moved = {name: _said(register.get(name), kit) for name in ("entered", "left", "protected")}
        facts = {"n": short(float(register["listed"])), **moved}
        key = "per_mu.point_register" if chosen.before else "per_mu.point_register_first"
        told.append(sentences.point(kit.say(key, **facts)))
    known = parts.dropna(subset=["value"])
    if "total" in known.index:
        total = known.loc["total"]
        facts = {
            "error": figure(total["error"], 1),
            "value": figure(total["value"], 1, signed=True),
        }
        is_plain = abs(total["value"]) > total["error"]
        key = "per_mu.point_change" if is_plain else "per_mu.point_no_change"
        key = key if total["error"] else "per_mu.point_change_exact"
        told.append(sentences.point(kit.say(key, before=chosen.before, **facts)))
    return told


def _said(value: float | None, kit: Kit) -> str:
    if value is None or value != value:
        return kit.words("per_mu.few")
    return kit.words("per_mu.firms", n=short(float(value)))


def benchmark_facts(ds: Dataset, chosen: Year, kit: Kit) -> list[str]:
    """Return, for an internal page, what hangs on leaving dominant units out of the benchmarks."""
    rows = ds.enterprises[ds.enterprises["year"] == chosen.year]
    found = evaluation.benchmarked(rows, chosen.scheme, ds.parameters, adjustments=ds.adjustments)
    called = naming.names(ds.industries, "industry_code", kit.words)
    return [
        kit.say(
            "per_mu.benchmarks",
            group=naming.evaluated(row["group"], chosen.scheme, called, kit.words),
            n=row["left_out"],
            share=percent(row["largest_share"], 1),
            differ=row["differ"],
            classes=row["classes"],
            without=short(row["median_item"], decimals=1),
            with_all=short(row["median_item_with"], decimals=1),
        )
        for row in rows_of(found[found["left_out"] > 0])
    ]


def subject(names: Mapping[str, str], *narrowed: str) -> dict[str, str]:
    """Return what a page is narrowed to, as a code and in words; nothing where it is not."""
    values = [value for value in narrowed if value]
    return {"code": "-".join(values), "subject": " · ".join(names.get(v, v) for v in values)}


def notice(scheme: Scheme, words: Words) -> str:
    """Return the box that names the scheme and says whose rules they are."""
    if not scheme:
        return ""
    named, year = scheme_title(scheme, words), str(scheme["year"])
    title = words(f"per_mu.scheme{'' if year in named else '_of_year'}", title=named, year=year)
    texts = [_local(scheme["notice"], words)] if "notice" in scheme else []
    return sentences.call(title, *texts)


def scheme_title(scheme: Scheme, words: Words) -> str:
    """Return what a scheme is called, which says whose rules it holds."""
    return _local(scheme["title"], words) if scheme else ""


def _local(texts: Mapping[str, str], words: Words) -> str:
    if words.lang == "zh-Hant":
        return texts.get("zh_hant") or words.term(texts["zh_hans"])
    return texts["en" if words.lang == "en" else "zh_hans"]


def internal(ds: Dataset, chosen: Year, kit: Kit, words: Words) -> list[Shown]:
    """Return what internal pages alone show: scopes, change above scale, register, parks."""
    if not chosen.year:
        return []
    facts = {"year": chosen.year, "before": chosen.before}
    ways = three_ways(chosen.graded[chosen.graded["is_above_scale"]].drop(columns="year"))
    wide = ways.pivot(index="basis", columns="figure", values="value").reset_index()
    heads = {name: words(f"per_mu.{name}") for name in wide.columns[1:]}
    shown = [kit.table(wide, ["scope_basis", *kit.like("median", heads)], "per_mu.ways")]
    if chosen.before:
        parts, columns = _parts_above_scale(chosen), ["change_part", "change_value", "change_tax"]
        shown.append(kit.table(parts, columns, "per_mu.above_scale", **facts))
    gaps = evaluation.missing_columns(chosen.graded).rename("enterprises").reset_index()
    gaps["name"] = edition_page.why_ungraded(gaps["reasons"] + MISSING, words)
    shown.append(kit.table(gaps, ["why_ungraded", "enterprises"], "per_mu.missing", **facts))
    listed = evaluation.low_efficiency_register(chosen.graded, chosen.scheme)
    listed = listed.assign(land_mu_error=np.nan, tax_per_mu_wan_error=np.nan)
    columns = ["enterprise", "grade", "land", "tax_per_mu", "listed_reason"]
    shown.append(kit.table(listed, [*columns, "register_route"], "per_mu.listed", look="cards"))
    floor = ds.policy_rules.set_index("rule_id")["threshold"].get("renewal_tax_per_mu_max")
    if floor is not None and len(ds.parks):
        below = release.parks_below(ds.parks, threshold=floor)
        below = below.assign(
            land_mu_error=np.nan, tax_per_mu_wan_error=np.nan, town=below["town_code"]
        )
        below["enterprise_id"] = below["park_id"]
        columns = [*kit.like("enterprise", {"name": words("per_mu.park")}), "land", "tax_per_mu"]
        shown.append(kit.table(below, columns, "per_mu.parks", threshold=f"{floor:g}"))
    return [kit.folded(part) for part in shown]


def _parts_above_scale(chosen: Year) -> pd.DataFrame:
    """Decompose the change above scale; who crossed the threshold is no new bird."""
    sides = [
        side[edition_scope.is_complete(side)] for side in (chosen.graded_before, chosen.graded)
    ]
    above = [side[side["is_above_scale"]] for side in sides]
    below = [set(side.loc[~side["is_above_scale"], "enterprise_id"]) for side in sides]
    crossed = {"crossed_up": below[0], "fell_below": below[1]}
    parts = {
        name: melitz_polanec(*above, value=value, **crossed)[[*PARTS, "total"]]
        for name, value in (("value", "value_added_wan"), ("tax", "tax_wan"))
    }
    frame = pd.DataFrame(parts).add_prefix("part_", axis=0).rename_axis("code").reset_index()
    return frame.assign(error=np.nan, tax_error=np.nan)
