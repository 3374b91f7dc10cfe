"""The rows of one table from one sheet, typed, with the place each came from.

Answers: what each row says and where it stands. Refuses: to change a cell.
"""

import itertools
import pickle
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pandas as pd

from tidysheets import columns, problems
from tidysheets.addresses import letter
from tidysheets.files import Sheet
from tidysheets.problems import Problem
from tidysheets.schema import DTYPES, Column, Schema
from tidysheets.units import comparable

Facts = Mapping[str, Any]
_AT_ONCE: Final = 2**11  # lines that are read, or packed, together
FEW_LINES: Final = 2**12  # as many lines as are kept open: packing them costs more than it saves
_FAST: Final = 1  # of zlib's nine levels; the others are slower and hardly smaller


@dataclass(frozen=True)
class Table:
    """Rows of one table from one sheet; row ``i`` of the frame is ``rows[i]`` of the file.

    ``lines`` are all lines of the file as it has them; ``alone`` and ``above`` are
    as in `headings.Header`; ``totals`` are the rows and columns that state the sum of its rows,
    for whoever knows which of them add up.
    """

    name: str
    file: str
    sheet: str
    frame: pd.DataFrame
    rows: np.ndarray
    headings: dict[str, tuple[int, str]]
    schema: Schema
    lines: Sequence[Sequence[Any]] = ()
    problems: list[Problem] = field(default_factory=list)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    alone: str = ""
    above: Sequence[str] = ()
    totals: tuple["Table", ...] = ()

    def written(self, i: int, column: str) -> Any:
        """Return a cell of row ``i`` as the file has it, a blank where there is none."""
        if column in self.fixed:
            return self.fixed[column]
        place, line = self.headings.get(column, (-1, ""))[0], self.lines[self.rows[i] - 1]
        return line[place] if 0 <= place < len(line) else ""

    def heading(self, column: str) -> str:
        """Return a column's heading as the file has it, or as users know the column."""
        if column in self.headings or self.name not in self.schema.filled:
            return self.headings.get(column, (None, column))[1]
        return self.schema.tables[self.name][column].label()

    def problem(
        self, code: str, i: int, column: str, found: Any = None, **facts: object
    ) -> Problem:
        """Return a problem of row ``i`` in the words and addresses of the user's file."""
        place = self.headings.get(column, (None, ""))[0]
        found = self.written(i, column) if found is None else found
        row = int(self.rows[i])
        return problems.make(
            code, self.file, sheet=self.sheet, row=row, column=self.heading(column), found=found,
            address=f"{letter(place)}{row}" if place is not None else "",
            said=self.schema.sentences, **facts,
        )  # fmt: skip

    def beside(self, i: int, other: "Table", at: int, column: str) -> dict[str, Any]:
        """Return where row ``at`` of another table stands, as beside row ``i`` of this one.

        ``other`` is the row's number, ``of`` its file and sheet, or its cell in the same row.
        """
        row, place = int(other.rows[at]), other.headings.get(column, (None, ""))[0]
        where = [other.file, other.sheet]
        if where == [self.file, self.sheet]:
            is_same = row == self.rows[i] and place is not None
            where = [f"{letter(place)}{row}" if is_same else ""]
        said = " ".join(filter(None, where))
        return {"other": row, "of": f" ({said})" if said else ""}

    def told(
        self,
        code: str,
        rows: Sequence[int],
        column: str,
        each: Sequence[Facts] = (),
        **facts: Any,
    ) -> list[Problem]:
        """Return a problem of each of some rows, or of many rows one that counts them.

        ``each`` are the facts of the first rows, where they differ.
        """
        few = rows if len(rows) <= problems.FEW else rows[:1]
        pairs = itertools.zip_longest(few, each[: len(few)], fillvalue={})
        found = [self.problem(code, i, column, **facts, **own) for i, own in pairs]
        if len(few) == len(rows):
            return found
        lines = self.rows[np.asarray(rows)]
        breaks = np.flatnonzero(np.diff(lines) != 1)
        firsts, lasts = lines[[0, *breaks + 1]].tolist(), lines[[*breaks, -1]].tolist()
        return [replace(found[0], runs=tuple(zip(firsts, lasts, strict=True)))]

    def sound(self, column: str) -> np.ndarray:
        """Tell the rows whose cell in a column has no error yet."""
        sound = np.ones(len(self.rows), dtype=bool)
        place = self.headings.get(column, (None, ""))[0]
        for problem in self.problems if place is not None else ():
            at = problem.row or 0
            if problem.severity == "error" and problem.address == f"{letter(place)}{at}":
                for first, last in problem.runs or ((at, at),):
                    start, end = np.searchsorted(self.rows, (first, last + 1))
                    sound[start:end] = False
        return sound


class Packed(Sequence[list[Any]]):
    """Lines of cells, packed by the thousand.

    Examples
    --------
    >>> packed = Packed([["year", "name"], ["2023", "甲"]])
    >>> packed[1], len(packed)
    (['2023', '甲'], 2)
    """

    def __init__(self, lines: Sequence[list[Any]]) -> None:
        self._count = len(lines)
        self._parts = tuple(
            zlib.compress(pickle.dumps(lines[start : start + _AT_ONCE]), _FAST)
            for start in range(0, self._count, _AT_ONCE)
        )

    def __len__(self) -> int:
        """Return how many lines there are."""
        return self._count

    def __getitem__(self, place: Any) -> Any:
        """Return one line; a run of lines is not asked for."""
        part, line = divmod(range(self._count)[place], _AT_ONCE)
        return _opened(self._parts[part])[line]


@lru_cache(maxsize=1)  # messages are made line after line
def _opened(part: bytes) -> list[list[Any]]:
    lines: list[list[Any]] = pickle.loads(zlib.decompress(part))
    return lines


def typed(
    name: str,
    sheet: Sheet,
    places: dict[str, tuple[int, str]],
    lines: Sequence[int],
    schema: Schema,
    *,
    units: Mapping[str, str] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Table:
    """Return the rows ``lines`` of a sheet as a typed table.

    ``places`` gives the position and heading of each column, ``units`` those in the headings,
    ``fixed`` the columns that have one value for all rows.
    """
    known = schema.tables.get(name, {})
    kinds = {column: known.get(column) or free(name, column) for column in places}
    rows = np.asarray(lines, dtype=int) + 1
    table = Table(name, sheet.file, sheet.name, pd.DataFrame(), rows, places, schema, sheet.rows)
    parts: dict[str, list[Any]] = {column: [] for column in places}
    stated: dict[int, str] = {}
    faulty: dict[tuple[str, str], tuple[list[int], list[Facts]]] = {}
    for start, across in pieces(
        sheet, lines, width=1 + max((p for p, _ in places.values()), default=0)
    ):
        for column, (place, _) in places.items():
            unit = (units or {}).get(column, "")
            read, faults, own = columns.read(across[place], kinds[column], schema, unit=unit)
            parts[column].append(read)
            for i, fault in faults.items():
                at, first = faulty.setdefault((column, fault.code), ([], []))
                at.append(start + i)
                first += [fault.facts] if len(first) < problems.FEW else []
            if kinds[column].keeps_units:
                stated |= {start + i: unit for i, unit in own.items()}
    for (column, code), (at, first) in faulty.items():
        table.problems.extend(table.told(code, at, column, first))
    data = {column: _joined(read) for column, read in parts.items()}
    unit = next(((units or {}).get(n, "") for n, c in kinds.items() if c.keeps_units), "")
    if stated or unit:
        data["_unit"] = [stated.get(i, unit) for i in range(len(rows))]
    fixed = dict(fixed or {})
    data |= {column: [value] * len(rows) for column, value in fixed.items()}
    return replace(table, frame=_framed(data, known, len(rows)), fixed=fixed)


def free(table: str, name: str) -> Column:
    """Return a column that no schema knows: text, unless its name says otherwise."""
    kind = "bool" if name.startswith(("is_", "has_")) else "int" if name == "order" else "str"
    return Column(table, name, kind, name_zh_hans=name, name_en=name)


def rename(table: Table, column: str, meanings: Mapping[str, str]) -> None:
    """Put values in place of their other ways of writing, by `units.comparable`."""
    values = table.frame[column]
    changed = {
        value: meanings[name]
        for value in values.unique().tolist()
        if value != "" and (name := comparable(str(value))) in meanings
    }
    if any(old != new for old, new in changed.items()):
        table.frame[column] = values.map(lambda value: changed.get(value, value))


def pieces(
    sheet: Sheet, lines: Sequence[int], *, width: int
) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """Yield the first ``width`` columns of some lines, as many as a processor's cache holds."""
    for start in range(0, len(lines), _AT_ONCE):
        rows = [sheet.rows[line][:width] for line in lines[start : start + _AT_ONCE]]
        across = list(itertools.zip_longest(*rows, fillvalue=""))
        yield start, across + [("",) * len(rows)] * (width - len(across))


def _joined(parts: list[Any]) -> Any:
    is_array = parts and isinstance(parts[0], np.ndarray)
    return np.concatenate(parts) if is_array else list(itertools.chain.from_iterable(parts))


def _framed(data: dict[str, Any], known: Mapping[str, Column], count: int) -> pd.DataFrame:
    frame = {}
    for name in {**known, **data}:
        kind = (known.get(name) or free("", name)).type
        blank: Any = {"int": np.nan, "float": np.nan, "bool": False}.get(kind, "")
        values = data.get(name, [blank] * count)
        if kind in DTYPES or not count:  # pandas takes a column without rows for numbers
            values = np.asarray(values, dtype=DTYPES.get(kind, "object"))
        if kind == "int" and count and (np.abs(values) < columns.WHOLE).all():
            values = values.astype("int64")
        frame[name] = values
    return pd.DataFrame(frame, index=range(count))
