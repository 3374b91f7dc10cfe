"""A published table seen as cells, and the sums that tie the cells to one another.

Answers: what a reader can subtract from what, and how many enterprises stand behind each figure.
Refuses: contributors that fit neither the rows nor the columns of the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from numbers import Real
from typing import Any, Final

import numpy as np
import pandas as pd

COUNT_NAMES: Final = (
    *("n", "count", "n_enterprises", "enterprises", "n_contributors", "contributors"),
    *("n_firms", "firms"),
)
SHARE_NAMES: Final = ("max_share", "largest_share", "top_share", "dominance", "share")
Contributors = pd.DataFrame | pd.Series | Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Cell:
    """Figures that are shown or withheld together: one table, one row, some columns."""

    table: str
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
    tables: Mapping[str, pd.DataFrame],
    contributors: Mapping[str, Contributors],
    totals: set[str],
    exempt: Mapping[str, pd.DataFrame | pd.Series],
) -> tuple[list[Cell], list[Relation]]:
    """Cells of all the tables, and the sums that hold between them."""
    cells: list[Cell] = []
    links: list[Relation] = []
    told: dict[tuple, list[int]] = {}  # the cells of each row label and column
    for name, table in tables.items():
        figures = [column for column in table if _is_figure(table[column])]
        if not figures:
            continue
        labels = _labels(table, figures, totals)
        margin = ["total" in label for label in labels]
        counts, largest = _counts(table, figures, labels, contributors[name], margin)
        free = _exempt(table, figures, exempt.get(name))
        has_total = any(_is_total(column, totals) for column in figures)
        apart = has_total or (free.any(axis=1) & ~free.all(axis=1)).any()
        groups = [(column,) for column in figures] if apart else [tuple(figures)]
        if has_total:
            counts, largest = _across(counts, largest, figures, totals)
        grid = np.empty((len(table), len(groups)), dtype=int)
        values = table[figures].to_numpy(dtype=float, na_value=np.nan)
        for row, label in enumerate(labels):
            for position, group in enumerate(groups):
                at = [figures.index(column) for column in group]
                total = "total" in label or (has_total and _is_total(group[0], totals))
                data = (part[row, at] for part in (values, counts, largest))
                grid[row, position] = len(cells)
                cells.append(Cell(name, row, group, *data, total, bool(free[row, at].any())))
                for column in group:
                    told.setdefault((label, column), []).append(len(cells) - 1)
        links += _margins(labels, groups, grid, totals)
    return cells, links + _same_figures(cells, told)


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


def _same_figures(cells: list[Cell], told: dict[tuple, list[int]]) -> list[Relation]:
    """Equal figures under one row label and column name are one figure, wherever they stand."""
    found = set()
    for (_, column), numbers in told.items():
        value = [cells[n].values[cells[n].columns.index(column)] for n in numbers]
        for i, j in combinations(range(len(numbers)), 2):
            if np.isclose(value[i], value[j], rtol=1e-9, atol=0):
                found.add((numbers[i], numbers[j]))
    return [Relation((one,), other) for one, other in sorted(found)]


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
    """Number of contributors, and amount of the largest, for each row and figure."""
    size = np.abs(table[figures].to_numpy(dtype=float, na_value=np.nan))
    given = given.to_frame("n") if isinstance(given, pd.Series) else given
    if isinstance(given, Mapping):
        parts = [given["n"], given.get("max_share")]
    else:
        named = [
            next((n for n in names if n in given), None) for names in (COUNT_NAMES, SHARE_NAMES)
        ]
        label = _label_frame(table, figures)
        if label.shape[1] == 1 and label.columns[0] not in given and named[0] is None:
            texts = given.select_dtypes(exclude="number")  # an index without a name
            found = [name for name in texts if texts[name].isin(label.iloc[:, 0]).any()]
            label.columns = found[:1] or label.columns
        keys = [name for name in label if name in given]
        if named[0] is None and keys:
            return _counted(label[keys], figures, given, size, margin)
        if named[0] is None and not set(figures) & set(given.columns):
            raise ValueError(
                f"contributors have the columns {list(given.columns)}; needed: n and max_share, "
                "the columns of the table, or enterprises with the table's label columns"
            )
        if keys and isinstance(given.index, pd.RangeIndex):
            given = given.set_index(keys)
        parts = [given, None]
        if named[0] is not None:
            parts = [
                None if name is None else pd.DataFrame(dict.fromkeys(figures, given[name]))
                for name in named
            ]
    counts, shares = (_aligned(part, table, figures) for part in parts)
    return _with_totals(counts, size * shares, labels, margin)


def _label_frame(table: pd.DataFrame, figures: list) -> pd.DataFrame:
    text = [column for column in table if column not in figures]
    if text and isinstance(table.index, pd.RangeIndex):
        return table[text].astype(object)
    return table.index.to_frame(index=False).astype(object)


def _aligned(part: pd.DataFrame | None, table: pd.DataFrame, figures: list) -> np.ndarray:
    """A frame's figures row by row of the table: found by label, else by position."""
    if part is None:
        return np.full((len(table), len(figures)), np.nan)
    label = _label_frame(table, figures)
    keys = [*(pd.Index(label[name]) for name in label), table.index]
    if isinstance(part.index, pd.RangeIndex):  # it counts rows, it names none
        keys.insert(0, keys.pop())
    if part.index.nlevels > 1:
        keys = [pd.MultiIndex.from_frame(label)]
    wanted = next((key for key in keys if key.isin(part.index).any()), None)
    is_by_position = isinstance(part.index, pd.RangeIndex) and len(part) == len(table)
    if len(table) and wanted is None and not is_by_position:
        raise ValueError("contributors have none of the table's row labels")
    aligned = part.reindex(index=part.index if wanted is None else wanted, columns=figures)
    return aligned.to_numpy(dtype=float, na_value=np.nan, copy=True)


def _counted(
    label: pd.DataFrame, figures: list, firms: pd.DataFrame, size: np.ndarray, margin: list[bool]
) -> tuple[np.ndarray, np.ndarray]:
    """Count enterprises row by row; a label no enterprise carries on a margin stands for all."""
    counts, largest = np.zeros(size.shape), np.full(size.shape, np.nan)
    for row in range(len(label)):
        chosen = np.ones(len(firms), dtype=bool)
        for name in label:
            same = (firms[name] == label[name].iloc[row]).to_numpy(dtype=bool)
            chosen &= same | (margin[row] and not same.any())
        group = firms[chosen]
        for at, figure in enumerate(figures):
            one = group[figure].dropna() if figure in group else pd.Series(np.nan, group.index)
            if "enterprise_id" in group:
                one = one.groupby(group["enterprise_id"]).sum(min_count=1)
            counts[row, at] = len(one)
            if one.abs().sum() > 0:
                largest[row, at] = size[row, at] * one.abs().max() / one.abs().sum()
    return counts, largest


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
