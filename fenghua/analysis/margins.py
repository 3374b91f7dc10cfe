"""A published table seen as cells, and the sums that tie the cells to one another.

Answers: what a reader can subtract from what, and how many enterprises stand behind each figure.
Refuses: contributors that fit neither the rows nor the columns of the table.
"""

from collections.abc import Mapping
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
    margin = ["total" in label for label in labels]
    counts, largest = _counts(table, figures, labels, contributors, margin)
    free = _exempt(table, figures, exempt)
    has_total = any(_is_total(column, totals) for column in figures)
    apart = has_total or (free.any(axis=1) & ~free.all(axis=1)).any()
    groups = [(column,) for column in figures] if apart else [tuple(figures)]
    if has_total:
        counts, largest = _across(counts, largest, figures, totals)
    cells: list[Cell] = []
    grid = np.empty((len(table), len(groups)), dtype=int)
    values = table[figures].to_numpy(dtype=float, na_value=np.nan)
    for row, label in enumerate(labels):
        for position, group in enumerate(groups):
            at = [figures.index(column) for column in group]
            total = "total" in label or (has_total and _is_total(group[0], totals))
            data = (part[row, at] for part in (values, counts, largest))
            grid[row, position] = len(cells)
            cells.append(Cell(row, group, *data, total, bool(free[row, at].any())))
    return cells, _margins(labels, groups, grid, totals)


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


def _margins(labels: list[tuple], groups: list, grid: np.ndarray, totals: set[str]) -> list:
    found = []
    for level in range(len(labels[0]) if labels else 0):
        sets: dict[tuple, list[int]] = {}
        for row, label in enumerate(labels):
            sets.setdefault(label[:level] + label[level + 1 :], []).append(row)
        for rows in sets.values():
            parts = [row for row in rows if labels[row][level] != "total"]
            sums = [row for row in rows if labels[row][level] == "total"]
            if parts and (sums or len(parts) > 1):
                for column in grid.T:
                    inner, wholes = tuple(column[parts]), column[sums] if sums else [None]
                    found += [Relation(inner, whole) for whole in wholes]
    across = [
        p for p, group in enumerate(groups) if len(groups) > 1 and _is_total(group[0], totals)
    ]
    inside = [p for p in range(len(groups)) if p not in across]
    if inside:
        found += [Relation(tuple(row[inside]), row[p]) for row in grid for p in across]
    return found


def _exempt(
    table: pd.DataFrame, figures: list, given: pd.DataFrame | pd.Series | None
) -> np.ndarray:
    if given is None:
        return np.zeros((len(table), len(figures)), dtype=bool)
    if isinstance(given, pd.Series):
        row = given.reindex(table.index, fill_value=False).to_numpy(dtype=bool)
        return np.repeat(row[:, None], len(figures), axis=1)
    return given.reindex(index=table.index, columns=figures, fill_value=False).to_numpy(dtype=bool)


def _counts(
    table: pd.DataFrame, figures: list, labels: list[tuple], given: Contributors, margin: list[bool]
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
    return _with_totals(counts, size * share, labels, margin)


def _label_frame(table: pd.DataFrame, figures: list) -> pd.DataFrame:
    text = [column for column in table if column not in figures]
    if text and isinstance(table.index, pd.RangeIndex):
        return table[text].astype(object)
    return table.index.to_frame(index=False).astype(object)


def _with_totals(
    counts: np.ndarray, largest: np.ndarray, labels: list[tuple], margin: list[bool]
) -> tuple[np.ndarray, np.ndarray]:
    """Give a total row without contributors those of its parts."""
    for row in np.flatnonzero(margin):
        fits = [
            not other
            and all(one in (part, "total") for one, part in zip(labels[row], label, strict=True))
            for other, label in zip(margin, labels, strict=True)
        ]
        if any(fits):
            unknown = np.isnan(counts[row])
            counts[row] = np.where(unknown, counts[fits].sum(axis=0), counts[row])
            largest[row] = np.where(unknown, np.fmax.reduce(largest[fits]), largest[row])
    return counts, largest


def _across(
    counts: np.ndarray, largest: np.ndarray, figures: list, totals: set[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Give a total column without contributors those of the columns it adds up."""
    whole = np.array([_is_total(column, totals) for column in figures])
    if whole.all():
        return counts, largest
    unknown = np.isnan(counts) & whole
    sums = counts[:, ~whole].sum(axis=1, keepdims=True)
    tops = np.fmax.reduce(largest[:, ~whole], axis=1, keepdims=True)
    return np.where(unknown, sums, counts), np.where(unknown, tops, largest)
