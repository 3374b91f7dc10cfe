"""The lists of a per-mu page: register, release, carbon, parks, what a class brings.

Answers: how many enterprises each of them concerns. Refuses: to name one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import aggregates, carbon, release
from fenghua.analysis.aggregates import blocks, complete, counted, shown_ways
from fenghua.analysis.disclosure import suppress_all
from fenghua.analysis.efficiency import amount
from fenghua.analysis.register import FINDINGS, PROTECTIONS, VIOLATION_ROUTE
from fenghua.inputs.vocabulary import GRADES

REASONS: Final = ("class_d", "energy_and_tax", *(f"finding_{name}" for name in FINDINGS))
ROUTES: Final = ("merger", "exit", "relocate_to_park", "upgrade", VIOLATION_ROUTE)
UNGRADED: Final = (
    *("new_enterprise", "unfinished", "utility", "follows_owner", "owner_not_found"),
    *("owner_not_graded", "group_too_small", "not_scored"),
)
_WAN: Final = 10_000


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
    whole = shown["reasons"].assign(protected=shown["protected"]["protected"])
    counts = {
        "reasons": whole.rename_axis("code").reset_index(),
        "protection": aggregates.listed(_sizes(here["protection"], PROTECTIONS), **limits),
        "route": aggregates.listed(_sizes(here["route"], ROUTES), **limits),
        "change": aggregates.listed(
            listed["change"].replace("", "listed").value_counts().to_dict(), **limits
        ),
    }
    counts["protection"].attrs["open"] = aggregates.alone((~here["is_protected"]).sum(), limits)
    return counts


def _has(texts: pd.Series, code: str) -> pd.Series:
    return (";" + texts.astype(str) + ";").str.contains(f";{code};", regex=False)


def _sizes(texts: pd.Series, codes: Sequence[str]) -> dict[str, int]:
    return {code: int(_has(texts, code).sum()) for code in codes}


def release_curve(
    now: pd.DataFrame, targets: pd.DataFrame, *, mu_per_km2: float, **limits: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the thinned curve of what could be released, and its marks (腾出空间).

    The marks are the last targets of `land_released` (km²) and `energy_released` (10,000 tce). On a
    public page a mark stands at the end of its run of enterprises.

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
    if not shown_ways(complete(now), limits).get("second", False):
        curve["what_if_tax_wan"] = np.nan  # the average behind it may not be shown
    thin = curve.iloc[at]
    exact = thin if limits["audience"] == "public" else curve
    for name, column in (("land", "cum_land_km2"), ("energy", "cum_energy_tce")):
        marked = {f"is_{name}_target": release.reached(exact[column], wanted[name])}
        exact = exact.assign(**marked)
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
    return counted(found["carbon_class"].replace("", "none"), level, **limits)


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

    ``classes`` are the enterprises by class as the page shows them: the total row of `transitions`.

    Columns: `rule` (housing, upgrade, register), `clause`, `enterprises` and the printed thresholds
    of the rules concerned; rules that a plan does not have are left out.
    """
    known = policy_rules.set_index("rule_id")
    plot = known["threshold"].get("housing_plot_min_mu", np.nan)
    is_upper = now["adjusted_grade"].isin(GRADES[:2]).to_numpy()
    large = aggregates.alone((is_upper & (amount(now, "land_mu") >= plot)).sum(), limits)
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
    known = np.logical_or.reduce([_has(rows["reasons"], code) for code in UNGRADED])
    found = _sizes(rows["reasons"], UNGRADED) | {"other": int((~known.astype(bool)).sum())}
    return aggregates.listed({code: n for code, n in found.items() if n}, **limits)


def rule(policy_rules: pd.DataFrame, rule_id: str) -> dict[str, Any]:
    """Return a rule of the plan, without a threshold where the plan has no such rule."""
    own = policy_rules[policy_rules["rule_id"] == rule_id].to_dict("records")
    return own[0] if own else {"rule_id": rule_id, "threshold": np.nan, "clause": ""}
