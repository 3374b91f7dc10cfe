"""What can be inferred of a sum from printed figures: its interval, by linear programs.

Answers: how closely someone can tell a sum, and by which printed figures. Refuses: to decide
whether that is too close.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import scipy  # its parts load when they are first used: few runs solve programs

from fenghua.analysis.edition_tables import Rules, finer, finest, printed

_ROOM: Final = 1e9  # bound of a loss that nothing printed limits


@dataclass(frozen=True)
class One:
    """An enterprise that is looked at apart from the others of its kind.

    ``least`` is the lowest that a step leaves; ``is_known`` is the rival, who knows his own.
    """

    kind: int
    value: float
    least: float = -np.inf
    is_known: bool = False


@dataclass(frozen=True)
class Aim:
    """A sum that someone would like to know, by the weight of each kind and of each one apart."""

    weights: np.ndarray
    value: float
    apart: tuple[One, ...] = ()


class Known:
    """What anyone can know: the printed figures with their rounding, and the rules they passed.

    Enterprises in the same figures are of one kind. Only their sum stands in a figure, so that it
    alone is an unknown, between the sums of their bounds; who is asked for stands apart.
    """

    def __init__(
        self,
        figures: pd.DataFrame,
        atoms: np.ndarray,
        sizes: np.ndarray,
        losses: np.ndarray,
        rules: Rules,
        tops: "Tops | None" = None,
    ) -> None:
        self._rest = atoms, sizes, losses, rules, tops
        self.sizes, self.losses = sizes, losses
        shown = figures[(figures["reason"] == "") & (figures["n"] > 0)]
        value, half = printed(shown).to_numpy(), shown["step"].to_numpy() / 2
        self.matrix = atoms[shown.index]
        # The half step is at least q of the largest amount: no enterprise exceeds half / q.
        limits = np.where(self.matrix > 0, (half / rules.q)[:, None], np.inf)
        self.top = limits.min(axis=0, initial=np.inf)
        owner = limits.argmin(axis=0) if len(shown) else np.zeros(atoms.shape[1], dtype=int)
        self.owner = np.where(np.isfinite(self.top), owner, -1)
        self.places = shown.index.to_numpy()
        self.has_loss = self.matrix @ losses > 0
        self.p = rules.p
        self.floors, self.told_by = np.zeros(atoms.shape[1]), np.full(atoms.shape[1], -1)
        if tops is not None:
            self.floors, self.told_by = tops.by_kind(shown, rules, atoms.shape[1])
        self.scale = max(float(np.median(np.abs(value))), 1.0) if len(value) else 1.0
        self.has_any = bool(len(value))
        self.ends = np.concatenate([value + half, half - value]) / self.scale

    def again(self, figures: pd.DataFrame) -> "Known":
        """Return what is known once figures have been coarsened."""
        return Known(figures, *self._rest)

    def width(self, aim: Aim, need: float) -> tuple[float, list[int]]:
        """Return the width of the interval of a sum, and the printed figures that bind it.

        Where one side alone is wide enough, the other is not asked for.
        """
        if not self.has_any:
            return np.inf, []
        least, binding = self._end(aim, 1)
        if aim.value - least >= need:
            return np.inf, binding
        most, others = self._end(aim, -1)
        return most - least, sorted({*binding, *others})

    def _end(self, aim: Aim, sign: int) -> tuple[float, list[int]]:
        kinds = [*range(len(self.sizes)), *(one.kind for one in aim.apart)]
        sparse = scipy.sparse.csr_array(self.matrix[:, kinds])
        low, high, may_lose = self._bounds(aim, kinds)
        undominated, of_figure = self._undominated(aim, kinds)
        found = scipy.optimize.linprog(
            sign * aim.weights,
            A_ub=scipy.sparse.vstack([sparse, -sparse, undominated]),
            b_ub=np.append(self.ends, np.zeros(len(of_figure))),
            bounds=np.column_stack([low, high]) / self.scale,
            method="highs",
        )
        if found.status == 3:  # unbounded
            return -sign * np.inf, []
        if found.status != 0:
            raise ValueError(f"the audit of the edition did not finish: {found.message}")
        places = np.concatenate([self.places, self.places, of_figure])
        rows = places[np.abs(found.ineqlin.marginals) > 1e-9]
        at_bound = np.abs(found.upper.marginals) > 1e-9
        at_bound |= may_lose & (np.abs(found.lower.marginals) > 1e-9)
        owners = self.owner[kinds][at_bound]
        told_by = self.told_by[kinds][np.abs(found.lower.marginals) > 1e-9]
        binding = {*rows, *self.places[owners[owners >= 0]], *told_by[told_by >= 0]}
        return sign * found.fun * self.scale, sorted(int(i) for i in binding)

    def _undominated(self, aim: Aim, kinds: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Return what the p % rule tells a rival of printed figures that both are in, and which.

        All but the two largest are at least p of the largest, so that for any two of a figure
        ``(1 + p) one + other <= sum``, whichever they are.
        """
        if len(aim.apart) < 2:
            return np.zeros((0, len(kinds))), self.places[:0]
        both = self.matrix[:, [one.kind for one in aim.apart]].all(axis=1) & ~self.has_loss
        rows = -self.matrix[both][:, kinds]
        rows[:, -2:] += [1 + self.p, 1.0]
        return rows, self.places[both]

    def _bounds(self, aim: Aim, kinds: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the lowest and highest sum of each kind and of those apart, and who may lose."""
        own = np.zeros(len(aim.apart))
        sizes, losses = np.append(self.sizes, own + 1), np.append(self.losses, own)
        floors = np.append(self.floors, own)
        for place, one in enumerate(aim.apart, start=len(self.sizes)):
            losses[place] = one.value < 0
            sizes[one.kind] -= 1
            losses[one.kind] -= losses[place]
            if one.value > 0:
                floors[one.kind] = max(floors[one.kind] - max(one.least, 0.0), 0.0)
        top = self.top[kinds]
        low = floors - losses * np.minimum(top, _ROOM)
        high = sizes * np.where(sizes > 0, top, 0.0)
        for place, one in enumerate(aim.apart, start=len(self.sizes)):
            if one.is_known:
                low[place] = high[place] = one.value
            elif one.value > 0:
                low[place] = max(low[place], one.least)
        return low, high, losses > 0


@dataclass(frozen=True)
class Tops:
    """The largest enterprise of each figure, and what the step of the figure tells of it.

    ``at`` has its number by figure; ``values`` and ``kind`` (-1 for none) are by enterprise.
    """

    at: np.ndarray
    values: np.ndarray
    kind: np.ndarray

    @classmethod
    def of(cls, inside: np.ndarray, values: np.ndarray, kind: np.ndarray) -> "Tops":
        """Return the largest of each figure; ``inside`` has a row for each."""
        size = np.abs(values)
        at = [int(np.where(row, size, -1.0).argmax()) for row in inside]  # one row at a time
        return cls(np.array(at, dtype=int), values, kind)

    def told(self, shown: pd.DataFrame, rules: Rules) -> np.ndarray:
        """Return the least size of each enterprise: it exceeds what the last step would do for."""
        least = np.zeros(len(self.values))
        np.maximum.at(least, self.at[shown.index], self._below(shown, rules))
        return least

    def by_kind(
        self, shown: pd.DataFrame, rules: Rules, count: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the least sum of each kind's gains, and the figure that tells most of it."""
        below, top = self._below(shown, rules), self.at[shown.index]
        gains = (self.values > 0) & (self.kind >= 0)
        told_by = np.full(count, -1)
        for place in np.argsort(below, kind="stable"):
            if below[place] and gains[top[place]]:
                told_by[self.kind[top[place]]] = shown.index[place]
        least = self.told(shown, rules)[gains]
        return np.bincount(self.kind[gains], least, minlength=count), told_by

    def _below(self, shown: pd.DataFrame, rules: Rules) -> np.ndarray:
        step, value = (shown[name].to_numpy(dtype=float) for name in ("step", "value"))
        below = finer(step) / 2 / rules.q
        is_told = step > finest(value) * (1 + 1e-9)
        is_told &= below <= np.abs(self.values)[self.at[shown.index]]
        return np.where(is_told, below, 0.0)


@dataclass(frozen=True)
class Slack:
    """By how much printed figures, as they are rounded, let amounts be larger or smaller.

    Enterprises in the same figures are of one kind (`kind`), and each kind is looked at once: they
    are many, and the figures few.
    """

    inside: np.ndarray
    kind: np.ndarray
    up: np.ndarray
    down: np.ndarray
    size: np.ndarray
    least: np.ndarray
    top: np.ndarray

    @classmethod
    def of(cls, shown: pd.DataFrame, inside: np.ndarray, tops: Tops, rules: Rules) -> "Slack":
        """Return the room that some printed figures leave; ``inside`` has a row for each."""
        half, size = shown["step"].to_numpy() / 2, np.abs(tops.values)
        off = (printed(shown) - shown["value"]).to_numpy()
        different, kind = kinds(inside)
        top = _lowest(different, half / rules.q)[kind]
        top = np.minimum(top, _undominated(shown, inside, tops.values, rules))
        least = tops.told(shown, rules)
        return cls(different, kind, half + off, half - off, size, least, top)

    def alone(self) -> np.ndarray:
        """Return the width that each enterprise has with all others as they are."""
        up, down = (_lowest(self.inside, room)[self.kind] for room in (self.up, self.down))
        return np.minimum(up, self.top - self.size) + np.minimum(down, self.size - self.least)

    def beside(self, i: int, but: Sequence[int]) -> float:
        """Return the width of one enterprise with the best partner that moves the other way."""
        own = self.inside[:, self.kind[i]]
        apart, with_other = ~self.inside[own], self.inside[~own]

        def room(first: np.ndarray, second: np.ndarray, partner: np.ndarray) -> float:
            of_kind = np.minimum(_lowest(apart, first[own]), _lowest(with_other, second[~own]))
            free = np.minimum(of_kind[self.kind], partner)
            free[[i, *but]] = 0.0
            return float(free.max())

        more = min(room(self.up, self.down, self.size - self.least), self.top[i] - self.size[i])
        less = min(room(self.down, self.up, self.top - self.size), self.size[i] - self.least[i])
        return more + less


def kinds(units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns that differ, in order, and which of them each column is."""
    bits = np.packbits(units, axis=0)  # eight figures in a byte: comparing takes as much less
    _, first, of = np.unique(bits, axis=1, return_index=True, return_inverse=True)
    return units[:, first], of.ravel()


def _lowest(inside: np.ndarray, of_figure: np.ndarray) -> np.ndarray:
    """Return the lowest value among the figures that each column is in."""
    return np.where(inside, of_figure[:, None], np.inf).min(axis=0, initial=np.inf)


def _undominated(
    shown: pd.DataFrame, inside: np.ndarray, values: np.ndarray, rules: Rules
) -> np.ndarray:
    """Return how large each enterprise can be beside its largest rival under the p % rule."""
    most = np.full(len(values), np.inf)
    for row, total in zip(inside, shown["value"], strict=True):
        if not (row & (values < 0)).any():
            own = np.where(row, values, 0.0)
            first = int(own.argmax())
            rival = np.full(len(values), own[first])
            rival[first] = np.delete(own, first).max(initial=0.0)
            most = np.where(row, np.minimum(most, (total - rival) / (1 + rules.p)), most)
    return np.maximum(most, np.abs(values))
