"""Whether withheld figures of an edition can be worked out from the printed ones, and the cure.

Answers: how closely linear programs bound each withheld figure, and which printed figure must be
coarser. Refuses: an edition that nothing can make safe.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from fenghua.analysis.edition_tables import KEY, Rules, coarser, printed

LAND: Final = "land_mu"  # the one amount that hardly changes from year to year
_ROOM: Final = 1e9  # bound of a loss that nothing printed limits
_ROUNDING: Final = 1e-6


@dataclass(frozen=True)
class Issue:
    """Enterprises of one year and the figures printed of them, now or earlier.

    `figures` and `members` are as of `edition_tables.listed`; the steps and reasons of an earlier
    issue (``is_open`` false) are fixed.
    """

    year: int
    rows: pd.DataFrame
    figures: pd.DataFrame
    members: csr_array
    is_open: bool = True


@dataclass(frozen=True)
class Problem:
    """Figures of one amount over common unknowns: an amount that did not change is one of them."""

    figures: pd.DataFrame
    members: csr_array
    is_negative: np.ndarray


def audited(issues: Sequence[Issue], rules: Rules) -> list[Issue]:
    """Coarsen or withhold figures of the open issues until no withheld one can be inferred.

    Land is audited over all issues together, since it hardly changes; any other amount over the
    issues of each year.

    Raises
    ------
    ValueError
        Earlier figures give a withheld one away, and no open figure is left to coarsen.
    """
    tables = [issue.figures.copy() for issue in issues]
    for amount in sorted({name for table in tables for name in table["amount"]}):
        years = [issue.year for issue in issues]
        groups = [range(len(issues))]
        if amount != LAND:
            groups = [[i for i, y in enumerate(years) if y == year] for year in sorted({*years})]
        for group in groups:
            if not any(issues[i].is_open for i in group):
                continue
            safe = protected(joint([issues[i] for i in group], amount), rules)
            for place, i in enumerate(group):
                own = safe[safe["issue"] == place].set_index("place")
                tables[i].loc[own.index, ["step", "reason"]] = own[["step", "reason"]]
    return [
        Issue(issue.year, issue.rows, table, issue.members, issue.is_open)
        for issue, table in zip(issues, tables, strict=True)
    ]


def joint(issues: Sequence[Issue], amount: str) -> Problem:
    """Return the figures of one amount of several issues over common unknowns.

    An enterprise is one unknown wherever its amount is the same. In the figures, `issue` and
    `place` say where each comes from; an enterprise that an open issue changes against an earlier
    one of the same year is added as a figure that nobody printed (`place` -1).
    """
    keys = [
        pd.MultiIndex.from_arrays([i.rows["enterprise_id"], i.rows[amount].fillna(0.0).round(6)])
        for i in issues
    ]
    codes, units = pd.factorize(np.concatenate([key.to_numpy() for key in keys]))
    values = np.array([value for _, value in units], dtype=float)
    parts, matrices, start = [], [], 0
    for number, (issue, key) in enumerate(zip(issues, keys, strict=True)):
        own = codes[start : start + len(key)]
        start += len(key)
        chosen = np.flatnonzero(issue.figures["amount"] == amount)
        rows = issue.members[chosen].tocoo()
        shape = (len(chosen), len(units))
        matrices.append(csr_array((rows.data, (rows.row, own[rows.col])), shape=shape))
        found = issue.figures.iloc[chosen]
        marks = {"issue": number, "place": found.index, "is_open": issue.is_open}
        parts.append(found.assign(**marks))
    changed = _changed(issues, codes, [len(key) for key in keys], values)
    parts.append(_singles(values[changed]))
    ones = np.ones(len(changed))
    shape = (len(changed), len(units))
    matrices.append(csr_array((ones, (np.arange(len(changed)), changed)), shape=shape))
    figures = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return Problem(figures, vstack(matrices, format="csr"), values < 0)


def _changed(
    issues: Sequence[Issue], codes: np.ndarray, lengths: list[int], values: np.ndarray
) -> np.ndarray:
    """Return the unknowns that stand in one of two issues of a year's enterprises alone."""
    ends = np.cumsum(lengths)
    own = [set(codes[end - n : end]) for end, n in zip(ends, lengths, strict=True)]
    moved: set[int] = set()
    for i, issue in enumerate(issues):
        for k, other in enumerate(issues):
            is_revision = issue.is_open and not other.is_open and issue.year == other.year
            if is_revision:
                moved |= own[i] ^ own[k]
    return np.array([unit for unit in sorted(moved) if values[unit]], dtype=int)


def _singles(values: np.ndarray) -> pd.DataFrame:
    size = np.abs(values)
    facts: dict[str, Any] = {"n": 1, "value": values, "largest": size, "step": 1.0}
    marks = {"reason": "few", "issue": -1, "place": -1, "is_open": False}
    names = {"table": "enterprise", "key": "", "measure": "", "amount": ""}
    return pd.DataFrame({**facts, **marks, **names}, index=range(len(values)))


def protected(problem: Problem, rules: Rules) -> pd.DataFrame:
    """Return the figures with steps and reasons such that no withheld one can be inferred.

    Notes
    -----
    For each withheld figure: the width of the interval that the printed figures leave. Where it is
    below ``2 q`` of the figure, the printed figure that binds it, the finest in proportion and no
    total if avoidable, takes the next step; one that gets too coarse is withheld (complementary)
    and audited in turn. Steps only grow, so that this ends.
    """
    figures = problem.figures.copy()
    atoms, sizes, negative = _atoms(problem)
    is_done = False
    while not is_done:
        is_done = True
        known = _Known(figures, atoms, sizes, negative, rules)
        for i in _targets(figures, atoms):
            need = 2 * rules.q * abs(figures.at[i, "value"]) * (1 - _ROUNDING)
            while True:
                width, binding = known.width(atoms[i], figures.at[i, "value"], need)
                if width >= need:
                    break
                figures = _coarsened(figures, binding, figures.loc[i], rules)
                known, is_done = _Known(figures, atoms, sizes, negative, rules), False
    return figures


def _atoms(problem: Problem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Join the unknowns that are in the same figures: nothing printed tells them apart."""
    dense = problem.members.toarray().astype(bool)
    used = dense.any(axis=0)
    atoms, of = np.unique(dense[:, used], axis=1, return_inverse=True)
    of = of.ravel()
    sizes = np.bincount(of, minlength=atoms.shape[1])
    losses = np.bincount(of, weights=problem.is_negative[used], minlength=atoms.shape[1]) > 0
    return atoms.astype(float), sizes, losses


def _targets(figures: pd.DataFrame, atoms: np.ndarray) -> list[int]:
    """Return the withheld figures that are not printed elsewhere for the very same enterprises."""
    is_printed = (figures["reason"] == "").to_numpy()
    said = {row.tobytes() for row in atoms[is_printed]}
    withheld = np.flatnonzero(~is_printed & (figures["value"] != 0).to_numpy())
    return [int(i) for i in withheld if atoms[i].tobytes() not in said]


def _coarsened(
    figures: pd.DataFrame, binding: Sequence[int], target: pd.Series, rules: Rules
) -> pd.DataFrame:
    choices = figures.loc[list(binding)]
    choices = choices[choices["is_open"].astype(bool) & (choices["reason"] == "")]
    if choices.empty:
        what = " ".join(str(target[name]) for name in KEY if target[name])
        raise ValueError(
            f"earlier figures and these give away {what}: no figure is left to print more coarsely;"
            " leave the earlier edition as it is, and let the next year's take the change"
        )
    relative = choices["step"] / choices["value"].abs()
    order = choices.assign(is_total=choices["table"] == "total", relative=relative)
    best = order.sort_values(["is_total", "relative"], kind="stable").index[0]
    figures = figures.copy()
    step = coarser(figures.at[best, "step"])
    figures.loc[best, "step"] = step
    if step / 2 > rules.error_max * abs(figures.at[best, "value"]):
        figures.loc[best, "reason"] = "complementary"
    return figures


class _Known:
    """What anyone can know: the printed figures with their rounding, and the rule of the step."""

    def __init__(
        self,
        figures: pd.DataFrame,
        atoms: np.ndarray,
        sizes: np.ndarray,
        negative: np.ndarray,
        rules: Rules,
    ) -> None:
        shown = figures[(figures["reason"] == "") & (figures["n"] > 0)]
        value, half = printed(shown).to_numpy(), shown["step"].to_numpy() / 2
        matrix = atoms[shown.index]
        # The half step is at least q of the largest amount: no enterprise exceeds half / q.
        limits = np.where(matrix > 0, (half / rules.q)[:, None], np.inf)
        top = limits.min(axis=0, initial=np.inf)
        owner = limits.argmin(axis=0) if len(shown) else np.zeros(atoms.shape[1], dtype=int)
        low = np.where(negative, -np.where(np.isfinite(top), top * sizes, _ROOM), 0.0)
        self.places, self.negative = shown.index.to_numpy(), negative
        self.owner = np.where(np.isfinite(top), owner, -1)
        self.scale = max(float(np.median(np.abs(value))), 1.0) if len(value) else 1.0
        self.has_any = bool(len(value))
        sparse = csr_array(matrix)
        self.program = {
            "A_ub": vstack([sparse, -sparse]),
            "b_ub": np.concatenate([value + half, half - value]) / self.scale,
            "bounds": np.column_stack([low, top * sizes]) / self.scale,
            "method": "highs",
        }

    def width(self, weights: np.ndarray, value: float, need: float) -> tuple[float, list[int]]:
        """Return the width of the interval of a sum, and the printed figures that bind it.

        Where one side alone is wide enough, the other is not asked for.
        """
        if not self.has_any:
            return np.inf, []
        least, binding = self._end(weights, 1)
        if value - least >= need:
            return np.inf, binding
        most, others = self._end(weights, -1)
        return most - least, sorted({*binding, *others})

    def _end(self, weights: np.ndarray, sign: int) -> tuple[float, list[int]]:
        found = linprog(sign * weights, **self.program)
        if found.status == 3:  # unbounded
            return -sign * np.inf, []
        if found.status != 0:
            raise ValueError(f"the audit of the edition did not finish: {found.message}")
        rows = np.flatnonzero(np.abs(found.ineqlin.marginals) > 1e-9) % len(self.places)
        at_bound = np.abs(found.upper.marginals) > 1e-9
        at_bound |= self.negative & (np.abs(found.lower.marginals) > 1e-9)
        owners = self.owner[at_bound]
        binding = {*self.places[rows], *self.places[owners[owners >= 0]]}
        return sign * found.fun * self.scale, sorted(int(i) for i in binding)
