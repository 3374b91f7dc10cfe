"""What a public table may show without giving an enterprise away (统计保密).

Answers: which cells to withhold so that none can be found by subtraction, and why each one is.
Refuses: to publish a table whose exempt figures would give a withheld one away.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked
from fenghua.analysis.margins import Cell, Contributors, Relation, structure
from fenghua.inputs.vocabulary import AUDIENCES

TOTALS: Final = ("total", "all", "sum", "district", "合计", "合計", "总计", "總計", "全区", "全區")


@asked.as_declared
def suppress(
    table: pd.DataFrame,
    contributors: Contributors,
    *,
    audience: str,
    minimum: int = 3,
    max_share: float = 0.75,
    totals: Iterable[str] = TOTALS,
    exempt: pd.DataFrame | pd.Series | None = None,
) -> pd.DataFrame:
    """Return the table with NaN where a figure would give an enterprise away (抑制).

    For one table by itself. The tables of public pages are protected together, by the edition.

    Parameters
    ----------
    table : DataFrame of aggregates
        Rows are labelled by the index, or by text columns beside a plain index. Numeric columns
        are figures; without a column named as a total they describe the same enterprises, so that
        a row is withheld whole (tax and land would give tax per mu away). Rows (and columns) named
        in ``totals`` are margins; without a total row, the total is taken to be known elsewhere.
    contributors : DataFrame, Series or mapping
        With the index of the table. By row: the number of enterprises (Series), or a frame with
        ``n`` and perhaps ``max_share``, the share (0-1) of the largest. By cell: a frame of counts
        shaped like the table, or ``{"n": frame, "max_share": frame}``. A total row without
        contributors gets those of its parts.
    audience : {"public", "internal"}
        Internal tables come back whole.
    minimum, max_share : int, float
        Fewest enterprises and largest share of one, 3 and 0.75 in the methods (§12).
    totals : names of total rows and columns, in any case.
    exempt : frame or Series of bool, optional
        Figures (or rows) that the district itself has published; never withheld.

    Raises
    ------
    ValueError
        Unknown audience; contributors that do not fit; a cell that exempt figures give away.

    Notes
    -----
    Withheld first: 1 to ``minimum``-1 enterprises, an unknown number, or a share above
    ``max_share``. A zero of no enterprise is shown. Then, smallest figures first and totals last,
    cells are added until the withheld parts of each total pass the same two rules together (for
    their sum is found by subtraction) and no withheld cell is fixed by the linear margins.

    Examples
    --------
    >>> table = pd.DataFrame({"tax": [50, 200, 400, 650]}, ["a", "b", "c", "total"])
    >>> shown = suppress(table, pd.Series([2, 9, 9, 20], table.index), audience="public")
    >>> shown["tax"].tolist()
    [nan, nan, 400.0, 650.0]
    """
    if audience not in AUDIENCES:
        raise ValueError(f"audience is {audience!r}; allowed: {', '.join(AUDIENCES)}")
    shown = table.copy()
    if audience == "internal":
        return shown
    why = reasons(
        table,
        contributors,
        minimum=minimum,
        max_share=max_share,
        totals=totals,
        exempt=exempt,
    )
    for column in why:
        if (why[column] != "").any():
            shown[column] = shown[column].astype(float).mask((why[column] != "").to_numpy())
    return shown


def reasons(
    table: pd.DataFrame,
    contributors: Contributors,
    *,
    minimum: int = 3,
    max_share: float = 0.75,
    totals: Iterable[str] = TOTALS,
    exempt: pd.DataFrame | pd.Series | None = None,
) -> pd.DataFrame:
    """Return why `suppress` withholds each cell from the public, shaped like the table.

    Codes: ``too_few``, ``unknown_contributors``, ``dominance``, ``complementary``; empty if shown.
    """
    names = {str(name).strip().lower() for name in totals}
    cells, links = structure(table, contributors, names, exempt)
    found = pd.DataFrame("", index=table.index, columns=table.columns, dtype=object)
    for number, reason in _protect(cells, links, minimum, max_share).items():
        for column in cells[number].columns:
            found.iloc[cells[number].row, found.columns.get_loc(column)] = reason
    return found


def _protect(
    cells: list[Cell], links: list[Relation], minimum: int, max_share: float
) -> dict[int, str]:
    """Reason by withheld cell: the sensitive ones, then partners until nothing can be found."""
    reasons = {
        number: reason
        for number, cell in enumerate(cells)
        if (reason := _sensitive(cell, minimum, max_share)) and not cell.is_exempt
    }
    while True:
        partners = (_partner(link, cells, reasons, minimum, max_share) for link in links)
        partner = next((number for number in partners if number is not None), None)
        if partner is None and (known := _recoverable(links, reasons)):
            partner = _neighbour(known, cells, links, reasons)
        if partner is None:
            return reasons
        reasons[partner] = "complementary"


def _sensitive(cell: Cell, minimum: int, max_share: float) -> str:
    """Why a cell by itself gives an enterprise away, or an empty code."""
    shown = ~np.isnan(cell.values) & ~((cell.counts == 0) & (cell.values == 0))
    if (shown & np.isnan(cell.counts)).any():
        return "unknown_contributors"
    if (shown & (cell.counts < minimum)).any():
        return "too_few"
    limit = max_share * np.abs(cell.values) * (1 + 1e-12)
    return "dominance" if (shown & (cell.largest > limit)).any() else ""


def _partner(
    link: Relation, cells: list[Cell], reasons: dict[int, str], minimum: int, max_share: float
) -> int | None:
    """The cell to withhold next to the withheld ones of a sum, or None if they are safe."""
    withheld = [n for n in link.parts if n in reasons]
    if (link.total in reasons) == bool(withheld):  # nothing withheld, or parts and total alike
        return None
    if withheld and _is_safe([cells[n] for n in withheld], minimum, max_share):
        return None
    choices = [n for n in link.members if n not in reasons and not cells[n].is_exempt]

    def order(n: int) -> tuple:
        cell = cells[n]
        safe = _is_safe([*(cells[k] for k in withheld), cell], minimum, max_share)
        size = cell.size if safe else -cell.size
        return (n == link.total, cell.is_total, bool((cell.counts == 0).all()), not safe, size, n)

    return min(choices, key=order, default=None)


def _neighbour(
    known: set[int], cells: list[Cell], links: list[Relation], reasons: dict[int, str]
) -> int:
    """The smallest cell that shares a sum with withheld ones which the sums still fix."""
    near = {n for link in links if known & link.members for n in link.members}
    near = near or {n for link in links for n in link.members}
    open_cells = [n for n in near if n not in reasons and not cells[n].is_exempt]
    if not open_cells:
        cell = cells[min(known)]
        raise ValueError(
            f"row {cell.row + 1}, {list(cell.columns)}: exempt figures give "
            "this withheld one away; leave the table out or exempt fewer figures"
        )
    return min(open_cells, key=lambda n: (cells[n].is_total, cells[n].size, n))


def _is_safe(parts: list[Cell], minimum: int, max_share: float) -> bool:
    """Whether parts whose sum can be found by subtraction hide one another."""
    if len(parts) < 2 or len({part.values.shape for part in parts}) > 1:
        return len(parts) > 1
    counts = np.nansum([part.counts for part in parts], axis=0)
    largest = np.fmax.reduce([part.largest for part in parts])
    size = np.nansum([np.abs(part.values) for part in parts], axis=0)
    return bool((counts >= minimum).all() and not (largest > max_share * size * (1 + 1e-12)).any())


def _recoverable(links: list[Relation], reasons: dict[int, str]) -> set[int]:
    """Withheld cells that the sums fix: those the null space of the sums leaves no room."""
    column = {number: at for at, number in enumerate(sorted(reasons))}
    rows = []
    for link in links:
        row = np.zeros(len(column))
        for number, sign in [*((part, 1.0) for part in link.parts), (link.total, -1.0)]:
            if number in column:
                row[column[number]] += sign
        if row.any():
            rows.append(row)
    if not rows:
        return set()
    _, strength, directions = np.linalg.svd(np.array(rows))
    free = directions[int((strength > 1e-9).sum()) :]
    room = np.abs(free).max(axis=0, initial=0.0)
    return {number for number, at in column.items() if room[at] < 1e-9}
