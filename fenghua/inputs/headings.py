"""Which table a sheet holds, where its header stands and what each heading means.

Answers: the typed rows of a recognised sheet. Refuses: a heading that only nearly fits.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from fenghua.inputs import cells, columns, problems
from fenghua.inputs.problems import Problem
from fenghua.inputs.sheets import Sheet


def letter(index: int) -> str:
    """Return the letters of a spreadsheet column, from 0.

    Examples
    --------
    >>> letter(0), letter(26)
    ('A', 'AA')
    """
    head, tail = divmod(index, 26)
    return (letter(head - 1) if head else "") + chr(65 + tail)


@dataclass(frozen=True)
class Table:
    """Rows of one table from one sheet, and where each came from."""

    name: str
    file: str
    sheet: str
    frame: pd.DataFrame
    rows: np.ndarray
    headings: dict[str, tuple[int, str]]
    raw: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(
        self, code: str, i: int, column: str, found: Any = None, **facts: object
    ) -> Problem:
        """Return a problem of row ``i`` in the words and addresses of the user's file."""
        place, heading = self.headings.get(column, (None, column))
        if found is None:
            found = self.raw[column][i] if column in self.raw else ""
        row = int(self.rows[i])
        address = f"{letter(place)}{row}" if place is not None else ""
        return problems.make(
            code, self.file, sheet=self.sheet, row=row, column=heading, found=found,
            address=address, **facts,
        )  # fmt: skip


def typed(
    name: str,
    sheet: Sheet,
    places: dict[str, tuple[int, str]],
    lines: list[int],
    units: dict[str, str] | None = None,
) -> Table:
    """Return the rows ``lines`` of a sheet as a typed table.

    ``places`` gives the position and heading of each column, ``units`` those in the headings.
    """
    known = columns.tables().get(name, {})
    picked = [sheet.rows[line] for line in lines]
    width = max((place for place, _ in places.values()), default=-1) + 1
    picked = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for row in picked]
    across = list(zip(*picked, strict=False)) or [()] * width
    table = Table(name, sheet.file, sheet.name, pd.DataFrame(), np.array(lines, int) + 1, places)
    data: dict[str, Any] = {}
    for column, (place, _) in places.items():
        kind = known.get(column) or columns.free(name, column)
        table.raw[column] = values = list(across[place])
        data[column], faults, own = cells.read_column(
            values, kind, unit=(units or {}).get(column, "")
        )
        for i, fault in faults.items():
            table.problems.append(table.problem(fault.code, i, column, **fault.facts))
        if own:
            data["_unit"] = [own.get(i, "") for i in range(len(lines))]
    for column, kind in known.items():
        if column not in data:
            data[column] = [False] * len(lines) if kind.type == "bool" else _blank(kind, len(lines))
    frame = pd.DataFrame(data, index=range(len(lines)))
    order = [*known, *[column for column in frame if column not in known]]
    return Table(
        name, sheet.file, sheet.name, _settled(frame[order], known), table.rows, places,
        table.raw, table.problems,
    )  # fmt: skip


def _blank(kind: columns.Column, count: int) -> list[Any]:
    return [np.nan if kind.type in ("int", "float") else ""] * count


def _settled(frame: pd.DataFrame, known: dict[str, columns.Column]) -> pd.DataFrame:
    """Give whole-number columns without gaps the type of whole numbers, and text that of text."""
    for name in frame:
        kind = (known.get(name) or columns.free("", str(name))).type
        if kind == "int" and frame[name].notna().all() and len(frame):
            frame[name] = frame[name].astype("int64")
        elif kind in ("int", "float"):
            frame[name] = frame[name].astype("float64")
        elif kind == "bool":
            frame[name] = frame[name].astype(bool)
    return frame
