"""The enterprises of a public edition (公布范围): one scope for all pages of a year.

Answers: which enterprises stand behind the public figures, and where each belongs. Refuses: to
let a page choose its own scope.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fenghua.analysis import evaluation, register
from fenghua.analysis.edition_tables import AMOUNTS, CORE, NONE
from fenghua.analysis.efficiency import (
    DIVISION_DIGITS,
    amount,
    carbon_levels,
    flag,
    industry_codes,
)
from fenghua.analysis.scheme import Scheme


def rows(
    enterprises: pd.DataFrame,
    scheme: Scheme,
    *,
    year: int,
    exclusions: pd.DataFrame,
    parameters: Mapping[str, float],
    adjustments: pd.DataFrame | None = None,
    before: pd.DataFrame | None = None,
    is_whole: bool = False,
) -> pd.DataFrame:
    """Return the enterprises in scope of a year, graded, with what the tables of an edition need.

    Parameters
    ----------
    enterprises : DataFrame
        All years; the class of an enterprise is its class among all of them, in scope or not.
    exclusions : DataFrame
        The declared exclusions (单列企业): `enterprise_id`, `from_year`.
    before : DataFrame, optional
        What this function returned for the year before.
    is_whole : bool
        Take all enterprises with land, tax and value added, district-owned or not: never for an
        edition.

    Returns
    -------
    DataFrame
        One row an enterprise: `enterprise_id`, `town`, `zone`, `industry`, `class`, `is_protected`,
        the amounts, `tax_per_mu_wan`, `carbon`, `ungraded` (reason codes), `listed` and `route`
        (of the register), `protection`, `flow` (stayed, entered; empty without a year before).
    """
    own = enterprises[enterprises["year"] == year].reset_index(drop=True)
    graded = evaluation.graded(own, scheme, parameters, adjustments=adjustments)
    screened = register.screen(graded, scheme)
    out = pd.DataFrame({"enterprise_id": own["enterprise_id"].astype(str)})
    out["town"] = _text(own["town_code"])
    out["zone"] = own["zone_code"].fillna("").astype(str)
    out["industry"] = _text(industry_codes(own, DIVISION_DIGITS))
    out["class"] = _text(graded["adjusted_grade"])
    for name in AMOUNTS:
        out[name] = amount(own, name)
    out["is_protected"] = screened["is_protected"].to_numpy(dtype=bool)
    out["carbon"] = _carbon(graded, parameters)
    out["ungraded"] = graded["reasons"].where(out["class"] == NONE, "").astype(str)
    for name, column in (("listed", "reasons"), ("route", "route"), ("protection", "protection")):
        out[name] = screened[column].astype(str)
    out["tax_per_mu_wan"] = out["tax_wan"] / out["land_mu"]
    declared = exclusions[exclusions["from_year"] <= year]
    kept = is_complete(own) if is_whole else in_scope(own, declared)
    out = out[kept].reset_index(drop=True)
    return out.assign(flow=_flow(out, before))


def in_scope(enterprises: pd.DataFrame, exclusions: pd.DataFrame) -> np.ndarray:
    """Mark the enterprises of a year that an edition covers.

    District-owned ones (区属) where any is so marked, with land, tax and value added known, less
    the declared exclusions.
    """
    owned = flag(enterprises, "is_district_owned")
    excluded = enterprises["enterprise_id"].isin(exclusions["enterprise_id"]).to_numpy()
    return is_complete(enterprises) & (owned | (not owned.any())) & ~excluded


def is_complete(enterprises: pd.DataFrame) -> np.ndarray:
    """Mark the enterprises with land, tax and value added, so that all sums rest on the same."""
    values = np.column_stack([amount(enterprises, name) for name in CORE])
    return (values[:, 0] > 0) & ~np.isnan(values).any(axis=1)


def basis(enterprises: pd.DataFrame) -> str:
    """Return whether an edition of these enterprises has the ``district_owned`` ones or ``all``."""
    return "district_owned" if flag(enterprises, "is_district_owned").any() else "all"


def _text(codes: pd.Series) -> pd.Series:
    return codes.fillna("").astype(str).replace("", NONE)


def _carbon(graded: pd.DataFrame, parameters: Mapping[str, float]) -> pd.Series:
    found = carbon_levels(
        graded,
        low_max=parameters["carbon_low_max"],
        medium_max=parameters["carbon_medium_max"],
        level_max=tuple(parameters[f"carbon_level_{k}_max"] for k in range(1, 5)),
    )
    level = found["carbon_level"].map(lambda k: NONE if np.isnan(k) else f"{k:.0f}")
    return _text(found["carbon_class"]) + "/" + level


def _flow(own: pd.DataFrame, before: pd.DataFrame | None) -> np.ndarray | str:
    if before is None:
        return ""
    return np.where(own["enterprise_id"].isin(before["enterprise_id"]), "stayed", "entered")
