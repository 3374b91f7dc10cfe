"""From the initial to the adjusted class: vetoes, caps, upgrades, owners and written decisions.

Answers: which class stands after adjustment, and by which rule. Refuses: a change without a reason.
"""

from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, entries, units
from fenghua.analysis.efficiency import flag
from fenghua.analysis.scheme import Scheme
from fenghua.inputs.vocabulary import GRADES

Masks = dict[str, np.ndarray]
ACTIONS: Final = ("veto", "cap", "upgrade", "manual")
_UNGRADED: Final = len(GRADES)


def apply(
    scored: pd.DataFrame,
    initial: np.ndarray,
    scheme: Scheme,
    adjustments: pd.DataFrame | None,
    reasons: Masks,
) -> tuple[np.ndarray, np.ndarray, pd.Series]:
    """Adjust class numbers by the scheme's columns and by the table of decisions.

    The class numbers before and after (4: none), and the written reasons. `reasons` gets the codes
    of what was done; a tenant gets its owner's initial class too.
    """
    rules = [*scheme.get("upgrades", []), *scheme.get("grade_caps", {}), *scheme.get("vetoes", [])]
    asked.check_columns(scored, *rules)
    decisions = _matched(scored, adjustments)
    by = {action: decisions[decisions["action"] == action] for action in ACTIONS}
    decided = {action: _marked(rows, len(scored)) for action, rows in by.items()}
    caps = [(grade, by["cap"][by["cap"]["grade"] == grade]) for grade in GRADES]
    upgrades = [
        *((f"upgrade_{column}", flag(scored, column)) for column in scheme.get("upgrades", [])),
        ("upgrade", decided["upgrade"]),
    ]
    floors = [
        *((f"cap_{c}", flag(scored, c), g) for c, g in scheme.get("grade_caps", {}).items()),
        *(("cap", _marked(rows, len(scored)), grade) for grade, rows in caps),
        *((f"veto_{c}", flag(scored, c), GRADES[-1]) for c in scheme.get("vetoes", [])),
        ("veto", decided["veto"], GRADES[-1]),
    ]
    code, is_graded = initial, initial < _UNGRADED
    for name, mask in upgrades:
        reasons[name] = mask & is_graded
        code = np.where(reasons[name], np.maximum(code - 1, 0), code)
    for name, mask, worst in floors:
        reasons[name] = reasons.get(name, False) | (mask & is_graded)
        code = np.where(mask & is_graded, np.maximum(code, GRADES.index(worst)), code)
    initial, code = _follow(scored, scheme, initial, code, reasons)
    written, reasons["manual"] = by["manual"], decided["manual"]
    code[written["at"]] = written["grade"].map(GRADES.index).to_numpy(dtype=np.int8)
    joined = decisions.groupby("at")["reason"].agg("; ".join)
    place = np.zeros(len(code), dtype=np.int64)
    place[joined.index.to_numpy(dtype=int)] = np.arange(1, len(joined) + 1)
    return initial, code, units.taken(["", *joined], place, scored.index)


def _marked(decisions: pd.DataFrame, n: int) -> np.ndarray:
    mask = np.zeros(n, dtype=bool)
    mask[decisions["at"].to_numpy(dtype=int)] = True
    return mask


def _matched(scored: pd.DataFrame, adjustments: pd.DataFrame | None) -> pd.DataFrame:
    """Check the decisions, then find the row of each; decisions on absent enterprises wait."""
    empty = {"at": np.array([], dtype=int), "action": [], "grade": [], "reason": []}
    if adjustments is None or adjustments.empty:
        return pd.DataFrame(empty)
    table = adjustments.reset_index(drop=True).copy()
    for column, default in (("action", "manual"), ("grade", ""), ("reason", "")):
        text = table[column] if column in table else pd.Series(default, index=table.index)
        text = text.astype(object).where(text.notna(), "").astype(str).str.strip()
        table[column] = text.where(text != "", default)
    keys = [key for key in ("enterprise_id", "year") if key in table and key in scored]
    _refuse_faults(table, keys)
    for key in keys:
        entries.check_comparable(scored[key], table[key])
    at = np.flatnonzero(scored["enterprise_id"].isin(table["enterprise_id"]).to_numpy())
    found = scored[keys].iloc[at].assign(at=at)
    return table[[*keys, "action", "grade", "reason"]].merge(found, on=keys, how="inner")


def _refuse_faults(table: pd.DataFrame, keys: list[str]) -> None:
    if "enterprise_id" not in keys:
        raise ValueError("adjustments need enterprise_id, in both tables; add the column")
    needs_grade = table["action"].isin(["cap", "manual"])
    checks = {
        "action": (~table["action"].isin(ACTIONS), ", ".join(ACTIONS)),
        "grade": (needs_grade & ~table["grade"].isin(GRADES), ", ".join(GRADES)),
        "reason": (table["reason"] == "", "a written reason"),
        "enterprise_id": (table.duplicated([*keys, "action"]), "one row an action and year"),
    }
    faults = [
        f"adjustments row {row + 1}, {column}: found {table.at[row, column]!r}, "
        f"allowed {allowed}; correct the row"
        for column, (mask, allowed) in checks.items()
        for row in np.flatnonzero(mask)
    ]
    if faults:
        raise ValueError("\n".join(faults))


def _follow(
    scored: pd.DataFrame,
    scheme: Scheme,
    initial: np.ndarray,
    code: np.ndarray,
    reasons: Masks,
) -> tuple[np.ndarray, np.ndarray]:
    """Give tenants the class of the owner of their land, where the scheme says so."""
    at = np.flatnonzero(units.followers_of_owner(scored, scheme))
    if not len(at):
        return initial, code
    if "enterprise_id" not in scored:
        raise ValueError(
            "the table has no column enterprise_id, by which landlord_id names the owners that"
            " tenants follow; add it (reset_index() makes it of an index)"
        )
    years = scored["year"].to_numpy() if "year" in scored else np.zeros(len(scored))
    landlord = scored["landlord_id"].iloc[at].to_numpy()
    tenants = pd.DataFrame({"id": landlord, "year": years[at], "tenant": at})
    rows = np.flatnonzero(scored["enterprise_id"].isin(landlord).to_numpy())
    ids = scored["enterprise_id"].iloc[rows].to_numpy()
    owners = pd.DataFrame({"id": ids, "year": years[rows], "owner": rows})
    pairs = tenants.merge(owners.drop_duplicates(["id", "year"]), on=["id", "year"])
    owner, tenant = pairs["owner"].to_numpy(), pairs["tenant"].to_numpy()
    initial, code = initial.copy(), code.copy()
    initial[tenant], code[tenant] = initial[owner], code[owner]
    missing = np.setdiff1d(at, tenant)
    without = tenant[code[tenant] == _UNGRADED]
    for name, rows in (("owner_not_found", missing), ("owner_not_graded", without)):
        reasons[name] = np.isin(np.arange(len(code)), rows)
    return initial, code
