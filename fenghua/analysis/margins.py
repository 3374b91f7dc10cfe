"""A published table seen as cells, and the sums that tie the cells to one another.

Answers: what a reader can subtract from what, and how many enterprises stand behind each figure.
Refuses: contributors that fit neither the rows nor the columns of the table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

# By row of the table: a Series of counts, or a frame with ``n`` and perhaps ``max_share``; by cell:
# a frame of counts, or one for each of ``n`` and ``max_share``.
Contributors = pd.DataFrame | pd.Series | Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Cell:
    """Figures that are shown or withheld together: one row, some columns."""

    row: int
    columns: tuple[Any, ...]
    values: np.ndarray
    counts: np.ndarray
    largest: np.ndarray  # amount of the largest contributor; NaN where unknown
    is_total: bool
    is_exempt: bool

    @property
    def size(self) -> float:
        """The sum of its figures without their signs."""
        return float(np.nansum(np.abs(self.values)))


@dataclass(frozen=True)
class Relation:
    """Parts that add up to a total: a cell of ours, or (None) a figure known elsewhere."""

    parts: tuple[int, ...]
    total: int | None

    @property
    def members(self) -> set[int]:
        """Numbers of all cells that the sum ties together."""
        return {*self.parts, *([] if self.total is None else [self.total])}


def structure(
    table: pd.DataFrame,
    contributors: Contributors,
    totals: set[str],
    exempt: pd.DataFrame | pd.Series | None,
) -> tuple[list[Cell], list[Relation]]:
    """Return the cells of a table, and the sums that hold between them."""
    figures = [column for column in table if _is_figure(table[column])]
    if not figures:
        return [], []
    labels = _labels(table, figures, totals)
    ends = np.array([_is_total(column, totals) for column in figures])
    counts, largest = _counts(table, figures, contributors)
    _fill(counts, largest, _sums(labels))
    _fill(counts.T, largest.T, [(column, ~ends) for column in np.flatnonzero(ends)])
    free = _exempt(table, figures, exempt)
    apart = ends.any() or (free.any(axis=1) & ~free.all(axis=1)).any()
    every = list(range(len(figures)))
    groups = [[at] for at in every] if apart else [every]
    values = table[figures].to_numpy(dtype=float, na_value=np.nan)
    cells = []
    for row, label in enumerate(labels):
        for at in groups:
            columns = tuple(figures[k] for k in at)
            data = (part[row, at] for part in (values, counts, largest))
            is_total = "total" in label or bool(ends[at].any())
            cells.append(Cell(row, columns, *data, is_total, bool(free[row, at].any())))
    return cells, _margins(labels, groups, ends)


def _is_figure(column: pd.Series) -> bool:
    if column.dtype == object:
        known = column.dropna()
        return len(known) > 0 and all(
            isinstance(item, Real) and not isinstance(item, bool) for item in known
        )
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _is_total(name: Any, totals: set[str]) -> bool:
    parts = name if isinstance(name, tuple) else (name,)
    return any(str(part).strip().lower() in totals for part in parts)


def _labels(table: pd.DataFrame, figures: list, totals: set[str]) -> list[tuple]:
    """Label of each row, one part a dimension; parts that only repeat another are dropped."""
    keys = _label_frame(table, figures)
    keys.columns = range(keys.shape[1])
    whole = keys.map(lambda part: "total" if _is_total(part, totals) else part)
    for column in reversed(whole.columns[1:]):
        rest = whole.drop(columns=column)
        if not rest.duplicated().any():
            whole = rest
    if whole.shape[1] == 1:  # the word for the total may stand in a dropped column
        margin = keys.map(lambda part: _is_total(part, totals)).any(axis=1)
        whole.loc[margin.to_numpy(dtype=bool)] = "total"
    return list(whole.itertuples(index=False, name=None))


def _margins(labels: list[tuple], groups: list[list[int]], ends: np.ndarray) -> list[Relation]:
    """Return the sums along each part of a label, and along the columns where some are totals."""
    cells = [(row, label, tuple(at)) for row, label in enumerate(labels) for at in groups]
    found: list[Relation] = []
    for level in range(len(labels[0]) + bool(ends.any()) if labels else 0):
        sets: dict[Any, tuple[list[int], list[int]]] = {}
        for number, (row, label, at) in enumerate(cells):
            if level < len(label):
                key, is_whole = (label[:level], label[level + 1 :], at), label[level] == "total"
            else:
                key, is_whole = row, ends[at[0]]
            sets.setdefault(key, ([], []))[bool(is_whole)].append(number)
        for parts, wholes in sets.values():
            if parts and (wholes or len(parts) > 1):
                found += [Relation(tuple(parts), whole) for whole in wholes or [None]]
    return found


def _exempt(
    table: pd.DataFrame, figures: list, given: pd.DataFrame | pd.Series | None
) -> np.ndarray:
    if given is None:
        return np.zeros((len(table), len(figures)), dtype=bool)
    if isinstance(given, pd.Series):
        given = pd.DataFrame(dict.fromkeys(figures, given))
    return given.reindex(index=table.index, columns=figures, fill_value=False).to_numpy(dtype=bool)


def _counts(
    table: pd.DataFrame, figures: list, given: Contributors
) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of contributors, and the amount of the largest, of each row and figure."""
    given = given.to_frame("n") if isinstance(given, pd.Series) else given
    if isinstance(given, pd.DataFrame) and "n" in given:
        by_row = [given[name] for name in ("n", "max_share") if name in given]
        parts = [pd.DataFrame(dict.fromkeys(figures, column)) for column in by_row]
    elif isinstance(given, pd.DataFrame):
        parts = [given]
    else:
        parts = [given["n"], *([given["max_share"]] if "max_share" in given else [])]
    for part in parts:
        known = set(part.index)
        if list(part.index) != [label for label in table.index if label in known]:
            raise ValueError("contributors do not have the table's row labels, in its order")
        if not {*figures} & {*part.columns}:
            raise ValueError(
                f"contributors have the columns {list(part.columns)}; needed: n and max_share, or"
                " the columns of the table"
            )
    whole = [part.reindex(index=table.index, columns=figures) for part in parts]
    counts, *more = (part.to_numpy(dtype=float, na_value=np.nan, copy=True) for part in whole)
    share = more[0] if more else np.full(counts.shape, np.nan)
    size = np.abs(table[figures].to_numpy(dtype=float, na_value=np.nan))
    return counts, size * share


def _label_frame(table: pd.DataFrame, figures: list) -> pd.DataFrame:
    text = [column for column in table if column not in figures]
    if text and isinstance(table.index, pd.RangeIndex):
        return table[text].astype(object)
    return table.index.to_frame(index=False).astype(object)


def _sums(labels: list[tuple]) -> list[tuple[int, np.ndarray]]:
    """Return the total rows, each with the rows it is of: a total stands for any of its parts."""
    inner = ["total" not in label for label in labels]
    found = []
    for row in np.flatnonzero(~np.array(inner, dtype=bool)):
        fits = [
            is_inner and all(a in (b, "total") for a, b in zip(labels[row], label, strict=True))
            for is_inner, label in zip(inner, labels, strict=True)
        ]
        found.append((int(row), np.array(fits)))
    return found


def _fill(counts: np.ndarray, largest: np.ndarray, sums: Iterable[tuple[int, np.ndarray]]) -> None:
    """Give totals without contributors those of their parts."""
    for whole, parts in sums:
        if parts.any():
            unknown = np.isnan(counts[whole])
            counts[whole] = np.where(unknown, counts[parts].sum(axis=0), counts[whole])
            top = np.fmax.reduce(largest[parts])
            largest[whole] = np.where(unknown, top, largest[whole])
