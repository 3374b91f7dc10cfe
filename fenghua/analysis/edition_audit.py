"""Whether withheld figures of an edition can be worked out from the printed ones, and the cure.

Answers: how closely linear programs bound each withheld figure, and which printed figure must be
coarser. Refuses: an edition that nothing can make safe.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import scipy  # its parts load when they are first used: few runs solve programs

from fenghua.analysis.edition_inference import Aim, Known, One, Slack, Tops, kinds
from fenghua.analysis.edition_tables import Rules, coarser, is_coarse

LAND: Final = "land_mu"  # the one amount that hardly changes from year to year
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
    members: "scipy.sparse.csr_array"
    is_open: bool = True


@dataclass(frozen=True)
class Problem:
    """Figures of one amount over common unknowns: an amount that did not change is one of them."""

    figures: pd.DataFrame
    members: "scipy.sparse.csr_array"
    values: np.ndarray


def audited(issues: Sequence[Issue], rules: Rules) -> list[Issue]:
    """Coarsen or withhold figures of the open issues until no withheld one can be inferred.

    Land is audited over all issues together, since it hardly changes; any other amount over the
    issues of each year.

    Raises
    ------
    ValueError
        Earlier figures give away what a revision changes, and no open figure is left to coarsen.
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
    pairs = zip(issues, tables, strict=True)
    return [replace(issue, figures=table) for issue, table in pairs]


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
        matrices.append(scipy.sparse.csr_array((rows.data, (rows.row, own[rows.col])), shape=shape))
        found = issue.figures.iloc[chosen]
        marks = {"issue": number, "place": found.index, "is_open": issue.is_open}
        parts.append(found.assign(**marks))
    changed = _changed(issues, codes, [len(key) for key in keys], values)
    parts.append(_singles(values[changed]))
    ones = np.ones(len(changed))
    shape = (len(changed), len(units))
    matrices.append(scipy.sparse.csr_array((ones, (np.arange(len(changed)), changed)), shape=shape))
    figures = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return Problem(figures, scipy.sparse.vstack(matrices, format="csr"), values)


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
    and audited in turn. The same for every enterprise, as a rival sees it. Steps only grow; once
    one has, all is looked at again, since a coarser rounding may cut off what a finer one left.
    """
    figures = problem.figures.copy()
    units = problem.members.astype(bool).toarray()
    atoms, kind = _atoms(units)
    sizes = np.bincount(kind[kind >= 0], minlength=atoms.shape[1]).astype(float)
    negative = kind[(kind >= 0) & (problem.values < 0)]
    losses = np.bincount(negative, minlength=atoms.shape[1]).astype(float)
    tops = Tops.of(units, problem.values, kind)
    while True:
        before = figures
        known = Known(figures, atoms, sizes, np.where(losses > 0, sizes, 0.0), rules, tops)
        for i in _targets(figures, atoms):
            aim = Aim(atoms[i], figures.at[i, "value"])
            stays = figures.at[i, "place"] >= 0  # not what a revision changes
            figures, known = _cured(figures, known, aim, rules, may_stay=stays)
        known = Known(figures, atoms, sizes, losses, rules, tops)
        for aim in _single_aims(figures, units, tops, rules):
            figures, known = _cured(figures, known, aim, rules)
        if figures is before:
            return figures


def _cured(
    figures: pd.DataFrame, known: Known, aim: Aim, rules: Rules, *, may_stay: bool = True
) -> tuple[pd.DataFrame, Known]:
    """Coarsen until a sum is not told; what earlier figures alone tell stays, if it may."""
    need = 2 * rules.q * abs(aim.value) * (1 - _ROUNDING)
    while True:
        width, binding = known.width(aim, need)
        if width >= need:
            return figures, known
        choices = figures.loc[binding].query("is_open == True and reason == ''")
        if choices.empty and may_stay:
            return figures, known
        figures = _coarsened(figures, choices, rules)
        known = known.again(figures)


def _single_aims(
    figures: pd.DataFrame, units: np.ndarray, tops: Tops, rules: Rules
) -> Iterator[Aim]:
    """Yield the single enterprises that a rival could perhaps tell too closely.

    Rivals, who know their own amount, are the largest and the smallest other ones of the smallest
    sets: who has little sees what partners near the bound of a step add up to. Left out are those
    that can plainly be something else: all others as they are, or one moving the other way.
    """
    shown = figures[(figures["reason"] == "") & (figures["n"] > 0)]
    values, kind, size = tops.values, tops.kind, np.abs(tops.values)
    slack = Slack.of(shown, units[shown.index], tops, rules)
    need = 2 * rules.q * size
    every = units & (figures["n"] > 1).to_numpy()[:, None]
    weights = np.append(np.zeros(kind.max(initial=-1) + 1), [1.0, 0.0])
    for i in np.flatnonzero(every.any(axis=0) & (slack.alone() < need)):
        sets = every[every[:, i]]
        smallest = sets[sets.sum(axis=1) == sets.sum(axis=1).min()]
        others = smallest & (np.arange(len(values)) != i)
        largest = np.where(others, size, -1.0).argmax(axis=1)
        least = np.where(others, size, np.inf).argmin(axis=1)
        rivals = sorted({int(k) for k in (*largest, *least)})
        if values[i] > 0 and slack.beside(i, [*rivals, *np.flatnonzero(values < 0)]) >= need[i]:
            continue
        one = One(int(kind[i]), values[i], least=slack.least[i])
        for rival in rivals:
            told = slack.least[rival]
            other = One(int(kind[rival]), values[rival], least=told, is_known=True)
            yield Aim(weights, values[i], (one, other))


def _coarsened(figures: pd.DataFrame, choices: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Give the finest of some figures, no total if avoidable, the next step."""
    if choices.empty:
        raise ValueError(
            "earlier figures and these give an enterprise away, and no figure is left to print more"
            " coarsely; leave the earlier edition as it is, and let the next year's take the change"
        )
    relative = choices["step"] / choices["value"].abs()
    order = choices.assign(is_total=choices["table"] == "total", relative=relative)
    best = order.sort_values(["is_total", "relative"], kind="stable").index[0]
    figures = figures.copy()
    step = coarser(figures.at[best, "step"])
    figures.loc[best, "step"] = step
    if is_coarse(figures.at[best, "value"], step, rules):
        figures.loc[best, "reason"] = "complementary"
    return figures


def _atoms(units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Join the unknowns that are in the same figures: nothing printed tells them apart.

    Return them, and which each unknown belongs to: none (-1) where it is in no figure.
    """
    used = units.any(axis=0)
    atoms, of = kinds(units[:, used])
    kind = np.full(len(used), -1)
    kind[used] = of
    return atoms.astype(float), kind


def _targets(figures: pd.DataFrame, atoms: np.ndarray) -> list[int]:
    """Return the withheld figures that are not printed elsewhere for the very same enterprises."""
    is_printed = (figures["reason"] == "").to_numpy()
    said = {row.tobytes() for row in atoms[is_printed]}
    withheld = np.flatnonzero(~is_printed & (figures["value"] != 0).to_numpy())
    return [int(i) for i in withheld if atoms[i].tobytes() not in said]
