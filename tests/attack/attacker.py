"""What someone can work out from the printed figures of an edition; shares nothing with it.

The attacker knows who is in which figure (registers list name, town, trade, class), what is printed
with its rounding, and the rule of the step: no enterprise in a figure exceeds half / q of it.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

Q = 0.10
LADDER = sorted(m * 10.0**e for e in range(-7, 13) for m in (1, 2, 5))
# measure -> amount, and the amount that must be known beside it
SUMS = {
    "land_mu": ("land_mu", "land_mu"),
    "tax_wan": ("tax_wan", "tax_wan"),
    "value_added_wan": ("value_added_wan", "value_added_wan"),
    "employees": ("employees", "employees"),
    "value_added_of_employers_wan": ("value_added_wan", "employees"),
    "energy_tce": ("energy_tce", "energy_tce"),
    "value_added_of_energy_users_wan": ("value_added_wan", "energy_tce"),
    "revenue_wan": ("revenue_wan", "rd_wan"),
    "rd_wan": ("rd_wan", "revenue_wan"),
}


def group(table: str, key: str, rows: pd.DataFrame, later: pd.DataFrame | None) -> np.ndarray:
    """Say who is in a figure, from its printed name alone."""
    n = len(rows)
    if table == "total":
        return np.ones(n, bool)
    if table in ("town", "industry", "class", "zone"):
        return (rows[table] == key).to_numpy()
    if table == "town_class":
        town, grade = key.split("/")
        return ((rows["town"] == town) & (rows["class"] == grade)).to_numpy()
    if table == "now":
        return (rows["flow"] == key).to_numpy()
    if table == "before":
        stays = rows["enterprise_id"].isin(later["enterprise_id"]).to_numpy()
        return stays if key == "stayed" else ~stays
    ranked = rows.assign(per_mu=rows["tax_wan"] / rows["land_mu"])
    ranked = ranked.sort_values(["per_mu", "enterprise_id"]).index
    if table == "release":
        ranked = [i for i in ranked if not rows["is_protected"].iloc[i]]
        chosen = ranked if key == "all" else ranked[: int(key)]
    else:
        assert table == "curve", table
        chosen = ranked[: n * int(key) // 100]
    mask = np.zeros(n, bool)
    mask[list(chosen)] = True
    return mask


@dataclass
class Known:
    """Printed and withheld figures of one amount, as sets of unknowns with their true amounts."""

    truth: np.ndarray
    printed: list[tuple[np.ndarray, float, float]] = field(default_factory=list)
    withheld: list[tuple[np.ndarray, str]] = field(default_factory=list)
    fixed: dict[int, float] = field(default_factory=dict)
    least: dict[int, float] = field(default_factory=dict)
    q: float = Q

    def bounds(self, weights: np.ndarray) -> tuple[float, float]:
        """Return the interval of a sum that the printed figures leave."""
        low = np.where(self.truth < 0, -np.inf, 0.0)
        high = np.full(len(self.truth), np.inf)
        for mask, _, half in self.printed:
            limit = half / self.q
            high[mask] = np.minimum(high[mask], limit)
            low[mask] = np.maximum(low[mask], -limit)
        low = np.where(self.truth < 0, low, 0.0)
        for unit, value in self.fixed.items():
            low[unit] = high[unit] = value
        for unit, value in self.least.items():
            low[unit] = max(low[unit], min(value, high[unit]))
        matrix = np.array([mask for mask, _, _ in self.printed], float)
        values = np.array([value for _, value, _ in self.printed])
        halves = np.array([half for _, _, half in self.printed])
        # Unknowns in the same figures with the same bounds are one for every sum of whole groups.
        table = np.vstack([matrix, weights, low, high]) if len(matrix) else [weights, low, high]
        kinds, counts = np.unique(np.asarray(table), axis=1, return_counts=True)
        scale = max(float(np.median(np.abs(values))), 1.0) if len(values) else 1.0
        box = Bounds(kinds[-2] * counts / scale, kinds[-1] * counts / scale)
        rule = (
            LinearConstraint(kinds[:-3], (values - halves) / scale, (values + halves) / scale)
            if len(matrix)
            else ()
        )
        ends = []
        for sign in (1, -1):
            found = milp(sign * kinds[-3], constraints=rule, bounds=box)
            if found.status == 3:
                ends.append(-sign * np.inf)
            else:
                assert found.status == 0, found.message
                ends.append(sign * found.fun * scale)
        return ends[0], ends[1]

    def told(self) -> dict[int, float]:
        """Return what steps tell of the largest of each figure: more than a finer one covers."""
        size, out = np.abs(self.truth), {}
        for mask, _, half in self.printed:
            top = int(np.where(mask, size, -1).argmax())
            finer = [step for step in LADDER if step < 2 * half * (1 - 1e-9)]
            value = float(self.truth @ mask)
            by_digits = 10.0 ** (np.floor(np.log10(max(abs(value), 1e-9))) - 2)
            told = finer[-1] / 2 / self.q if 2 * half > by_digits * (1 + 1e-9) else 0.0
            if self.truth[top] > told * (1 + 1e-9):
                out[top] = max(out.get(top, 0.0), told)
        return out

    def half_width(self, weights: np.ndarray) -> float:
        """Return half the interval's width as a share of the true sum."""
        low, high = self.bounds(weights.astype(float))
        return (high - low) / 2 / abs(float(self.truth @ weights))


Part = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame | None]


def members(part: Part) -> list[tuple[str, float, float, str, np.ndarray, str]]:
    """Return name, printed, half, reason, enterprises and amount of every sum of a part.

    A part is (figures, the rows they are of, the rows a year later if they tell who left).
    """
    figures, rows, later = part
    amounts = {name: rows[name].to_numpy(float) for name, _ in SUMS.values()}
    groups: dict[tuple[str, str], np.ndarray] = {}
    out = []
    for f in figures[figures["measure"].isin(SUMS)].itertuples():
        if (f.table == "before") != (later is not None):
            continue
        if (f.table, f.key) not in groups:
            groups[f.table, f.key] = group(f.table, f.key, rows, later)
        amount, beside = SUMS[f.measure]
        enters = ~np.isnan(amounts[amount]) & ~np.isnan(amounts[beside]) & (amounts[amount] != 0)
        own = np.flatnonzero(groups[f.table, f.key] & enters)
        out.append((f"{f.table} {f.key} {f.measure}", f.printed, f.half, f.reason, own, amount))
    return out


def known(parts: list[Part], amount: str) -> Known:
    """Collect what is known of an amount; one that is the same in two parts is one unknown."""
    units: dict[tuple[str, float], int] = {}
    places = []
    for _, rows, _ in parts:
        pairs = zip(rows["enterprise_id"], rows[amount].fillna(0.0).round(6), strict=True)
        places.append(np.array([units.setdefault(pair, len(units)) for pair in pairs]))
    out = Known(np.array([value for _, value in units]))
    for part, at in zip(parts, places, strict=True):
        for name, printed, half, _, own, of in members(part):
            if of != amount:
                continue
            mask = np.zeros(len(units), bool)
            mask[at[own]] = True
            if not np.isnan(printed) and mask.any():
                out.printed.append((mask, printed, half))
            elif np.isnan(printed) and abs(float(out.truth @ mask)) > 0:
                out.withheld.append((mask, name))
    return out


def recount(part: Part) -> list[str]:
    """Return what is wrong with printed sums, counted again (T1)."""
    faults = []
    for name, printed, half, reason, own, amount in members(part):
        x = part[1][amount].to_numpy(float)[own]
        size = np.sort(np.abs(x))[::-1]
        if np.isnan(printed):
            if not np.isnan(half) or reason not in ("few", "coarse", "carried"):
                faults.append(f"{name}: withheld, but not silent")
            continue
        checks = {
            "fewer than three": len(size) < 3,
            "dominated": len(size) and size[2:].sum() < 0.10 * size[0],
            "off by more than said": abs(printed - x.sum()) > half * (1 + 1e-9),
            "finer than its largest": len(size) and half < Q * size[0] * (1 - 1e-9),
            # Else that it is printed would tell on which side of its rounding it lies.
            "perhaps off by more than 10 %": half > 0.10 * (abs(printed) - half) * (1 + 1e-9),
        }
        faults += [f"{name}: {fault}" for fault, is_so in checks.items() if is_so]
    return faults


def narrowest_withheld(facts: Known) -> tuple[float, str]:
    """Return the narrowest half width of the withheld figures (T2), and whose it is."""
    facts.least = facts.told()
    found = [(facts.half_width(mask), name) for mask, name in facts.withheld]
    facts.least = {}
    return min(found, default=(np.inf, ""))


def narrowest_single(facts: Known, *, most: int) -> tuple[float, str]:
    """Return the narrowest half width of single enterprises (T3), of `most` targets at most.

    Targets: the largest of each figure, all in sets of three or fewer, the five largest. Each from
    outside with the step as a lower bound, and by the largest and the smallest other one of its
    smallest set, who know their own amount.
    """
    size = np.abs(facts.truth)
    targets = {int(i) for i in np.argsort(size)[::-1][:5] if size[i]}
    targets |= {int(np.where(mask, size, -1).argmax()) for mask, *_ in facts.printed}
    told = facts.told()
    everyone = [mask for mask, *_ in facts.printed] + [mask for mask, _ in facts.withheld]
    for mask in everyone:
        if mask.sum() <= 3:
            targets |= {int(i) for i in np.flatnonzero(mask)}
    order = sorted(targets, key=lambda i: -size[i])[:most]
    worst = (np.inf, "")
    for i in order:
        weights = np.zeros(len(size))
        weights[i] = 1.0
        facts.least = told
        worst = min(worst, (facts.half_width(weights), f"unit {i} from outside"))
        sets_ = [mask for mask in everyone if mask[i] and mask.sum() > 1]
        if not sets_:
            continue
        small = min(sets_, key=lambda mask: mask.sum()).copy()
        small[i] = False
        insiders = {np.where(small, size, -1).argmax(), np.where(small, size, np.inf).argmin()}
        for insider in map(int, insiders):
            facts.fixed = {insider: float(facts.truth[insider])}
            worst = min(worst, (facts.half_width(weights), f"unit {i} by unit {insider}"))
            facts.fixed = {}
    facts.least = {}
    return worst


def fixed_counts(figures: pd.DataFrame, before: pd.DataFrame | None, base: int = 5) -> list[str]:
    """Return the hidden counts that whole numbers alone give away (T6)."""
    counts = figures[figures["measure"] == "enterprises"]
    cells = {
        (r.table, r.key): r.printed
        for r in counts.itertuples()
        if r.table in ("town_class", "moves", "carbon", "town_flow", "tax_per_mu")
    }
    names = list(cells)
    at = {name: i for i, name in enumerate(names)}
    said = {(r.table, r.key): r.printed for r in counts.itertuples()}
    rows, low, high = [], [], []

    def add(parts: list[tuple[str, str]], value: float) -> None:
        if np.isnan(value) or not parts:
            return
        row = np.zeros(len(names))
        row[[at[part] for part in parts]] = 1
        rows.append(row)
        low.append(max(value - base // 2, 3))
        high.append(value + base // 2)

    for name, value in cells.items():
        add([name], value)
    margins = [("town_class", 0, "town"), ("town_class", 1, "class"), ("moves", 1, "class")]
    margins += [("town_flow", 1, "flow")]
    for table, place, margin in margins:
        for (of, key), value in said.items():
            if of == margin:
                own = [n for n in names if n[0] == table and n[1].split("/")[place] == key]
                add(own, value)
    for table in ("town_class", "carbon", "tax_per_mu"):
        add([n for n in names if n[0] == table], said[("total", "total")])
    if before is not None:
        for r in before[before["measure"] == "enterprises"].itertuples():
            if r.table == "class":
                add(
                    [n for n in names if n[0] == "moves" and n[1].split("/")[0] == r.key], r.printed
                )
    hidden = np.array([np.isnan(cells[name]) for name in names])
    few = {(r.table, r.key) for r in counts[counts["reason"] == "few"].itertuples()}
    top = np.array([2.0 if name in few else np.inf for name in names])
    least = np.where(hidden & np.isinf(top), 3.0, 0.0)
    rule = LinearConstraint(np.array(rows), low, high)
    box = Bounds(least, top)
    fixed = []
    for i in np.flatnonzero(hidden):
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(names))
            aim[i] = sign
            found = milp(aim, constraints=rule, bounds=box, integrality=np.ones(len(names)))
            assert found.status == 0, found.message
            ends.append(sign * found.fun)
        if ends[1] - ends[0] < 0.5:
            fixed.append("/".join(names[i]))
    return fixed
