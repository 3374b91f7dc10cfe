"""The rows of one table from one sheet, typed, with the place each came from.

Answers: which rows are data, what they say. Refuses: to count totals, notes and examples.
"""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from tidysheets import cells, problems
from tidysheets.files import Sheet
from tidysheets.headings import Header, letter
from tidysheets.problems import Problem
from tidysheets.schema import DTYPES, Column, Schema, free
from tidysheets.units import key, plain

_LEADING: Final = 6
_AT_ONCE: Final = 2**11
_ENDS: Final = frozenset("计計和lLmM \t\n\xa0\u3000")
_TOTAL = re.compile(r".{0,8}(合计|小计|总计|总和)|共计|total|grandtotal|subtotal|sum")
_SUBTOTAL = re.compile(r".{0,8}小计|subtotal")
_NOTE = re.compile(
    r"(注|说明|备注|资料来源|数据来源|来源|填报|填表|制表|审核|负责人|联系|单位负责人|note|source|※|\*)"
    r"(人|人员|单位|时间|日期|电话|.{0,6}:.*)?"
)
_CODE = re.compile("[!-~]+")
_EXAMPLE = re.compile(r"(示例|样例|example)([\s:：/].*)?", re.IGNORECASE)
_TITLED = re.compile(r"[甲乙丙丁戊]|\d{1,2}")


@dataclass(frozen=True)
class Table:
    """Rows of one table from one sheet; row ``i`` of the frame is ``rows[i]`` of the file.

    ``lines`` are all lines of the file as it has them.
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

    def written(self, i: int, column: str) -> Any:
        """Return a cell of row ``i`` as the file has it, a blank where there is none."""
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


def typed(
    name: str,
    sheet: Sheet,
    places: dict[str, tuple[int, str]],
    lines: Sequence[int],
    schema: Schema,
    *,
    units: dict[str, str] | None = None,
) -> Table:
    """Return the rows ``lines`` of a sheet as a typed table.

    ``places`` gives the position and heading of each column, ``units`` those in the headings.
    """
    known = schema.tables.get(name, {})
    kinds = {column: known.get(column) or free(name, column) for column in places}
    rows = np.asarray(lines, dtype=int) + 1
    table = Table(name, sheet.file, sheet.name, pd.DataFrame(), rows, places, schema, sheet.rows)
    parts: dict[str, list[Any]] = {column: [] for column in places}
    stated: dict[int, str] = {}
    for start, across in _pieces(
        sheet, lines, width=1 + max((p for p, _ in places.values()), default=0)
    ):
        for column, (place, _) in places.items():
            unit = (units or {}).get(column, "")
            read, faults, own = cells.read_column(across[place], kinds[column], schema, unit=unit)
            parts[column].append(read)
            for i, fault in faults.items():
                found = table.problem(fault.code, start + i, column, **fault.facts)
                table.problems.append(found)
            if kinds[column].keeps_units:
                stated |= {start + i: unit for i, unit in own.items()}
    data = {column: _joined(read) for column, read in parts.items()}
    unit = next(((units or {}).get(n, "") for n, c in kinds.items() if c.keeps_units), "")
    if stated or unit:
        data["_unit"] = [stated.get(i, unit) for i in range(len(rows))]
    return replace(table, frame=_framed(data, known, len(rows)))


def _pieces(
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
        if kind in DTYPES:
            values = np.asarray(values, dtype=DTYPES[kind])
        if kind == "int" and count and (np.abs(values) < cells.WHOLE).all():
            values = values.astype("int64")
        frame[name] = values
    return pd.DataFrame(frame, index=range(count))


def from_sheet(sheet: Sheet, header: Header, schema: Schema) -> Table:
    """Return the data beneath a header; totals are left out and checked."""
    lines, totals, notes = _sorted_lines(sheet, header)
    units = _unit_row(sheet, header, schema, lines, notes)
    table = typed(header.table, sheet, header.places, lines, schema, units=units)
    table.problems[:0] = [*sheet.problems, *header.problems, *notes]
    if totals:
        table.problems.extend(_check_totals(table, sheet, header, totals, units))
    return table


def _sorted_lines(sheet: Sheet, header: Header) -> tuple[list[int], dict[int, str], list[Problem]]:
    """Return the lines of data, those of totals with their words, and what was left out."""
    places = sorted(header.places.values())
    (first, heading), (second, heading_2) = places[0], places[1]
    few = max(1, len(places) // 3)
    notes: list[Problem] = []
    totals = _total_words(sheet, header.row + 1)
    kept = [
        i
        for i in range(header.row + 1, len(sheet.rows))
        if (len(row := sheet.rows[i]) - row.count("") > few or not _is_aside(row))
        and not (len(row) > second and row[first] == heading and row[second] == heading_2)
        and i not in totals
    ]
    if kept and (label := _example(sheet.rows[kept[0]])):
        where: dict[str, Any] = {"sheet": sheet.name, "row": kept.pop(0) + 1}
        notes.append(problems.make("example_row", sheet.file, found=label, **where))
    return kept, totals, notes


def _total_words(sheet: Sheet, start: int) -> dict[int, str]:
    """Return the lines whose first cells call themselves a total, with the word they use."""
    found: dict[int, str] = {}
    lines = range(start, len(sheet.rows))
    for first, across in _pieces(sheet, lines, width=_LEADING):
        for column in across:
            likely = {c for c in set(column) if type(c) is str and c[-1:] in _ENDS}
            words = {cell for cell in likely if len(cell) < 24 and _TOTAL.fullmatch(key(cell))}
            if words:
                found |= {start + first + i: c for i, c in enumerate(column) if c in words}
    return found


def _is_aside(row: list[Any]) -> bool:
    texts = [cell for cell in row if cell not in ("", None)]
    words = [str(cell).strip() for cell in texts]
    if not any(words):
        return True
    if not all(isinstance(cell, str) for cell in texts):
        return False
    first = plain(words[0])
    if len(words) > 1:  # a firm may be called 联系科技: beside other cells a note shows its colon
        return bool(_NOTE.fullmatch(first))
    return bool(_NOTE.match(first)) or (len(words[0]) > 8 and not _CODE.fullmatch(words[0]))


def _example(row: list[Any]) -> str:
    first = next((str(cell).strip() for cell in row if cell not in ("", None)), "")
    return first if _EXAMPLE.fullmatch(first) else ""


def _unit_row(
    sheet: Sheet, header: Header, schema: Schema, lines: list[int], notes: list[Problem]
) -> dict[str, str]:
    """Return the units of the headings and of a unit row, which leaves the lines of data."""
    units = dict(header.units)
    while lines:
        row = sheet.rows[lines[0]]
        texts = [str(cell).strip() for cell in row if cell not in ("", None)]
        own = [cell for cell in texts if schema.units.name(cell)]
        if own and all(
            schema.units.name(t) or key(t) in ("", "单位", "计量单位", "unit") for t in texts
        ):
            for column, (place, heading) in header.places.items():
                if place < len(row) and (unit := schema.units.name(str(row[place]))):
                    units[column] = unit
                    stated = header.units.get(column, "")
                    wanted = stated or schema.tables[header.table][column].unit
                    fits = schema.units.factor(unit, wanted) if wanted else 1
                    if fits is None or (stated and fits != 1):  # two units: neither is taken
                        notes.append(_unit_unfit(sheet, lines[0], place, heading, unit, wanted))
        elif not _is_count(texts):
            break
        lines.pop(0)
    return units


def _unit_unfit(
    sheet: Sheet, line: int, place: int, heading: str, found: str, wanted: str
) -> Problem:
    where = {"row": line + 1, "column": heading, "address": f"{letter(place)}{line + 1}"}
    return problems.make(
        "column_unit", sheet.file, sheet=sheet.name, found=found, unit=wanted, **where
    )


def _is_count(texts: list[str]) -> bool:
    """Tell a row that only numbers the columns: 甲 乙 1 2 3."""
    plain = [text.removesuffix(".0").strip("()") for text in texts]
    distinct = len(set(plain)) == len(plain) >= 3
    return distinct and "1" in plain and all(map(_TITLED.fullmatch, plain))


def _check_totals(
    table: Table, sheet: Sheet, header: Header, totals: dict[int, str], units: dict[str, str]
) -> list[Problem]:
    """Compare totals with the rows above them; a subtotal counts from the one before it."""
    if table.name not in table.schema.summed:
        return [
            problems.make("total_row", sheet.file, sheet=sheet.name, row=i + 1, found=word)
            for i, word in totals.items()
        ]
    stated = typed(table.name, sheet, header.places, list(totals), table.schema, units=units)
    faulty = {problem.column for problem in table.problems if problem.severity == "error"}
    summed = [
        name
        for name, column in table.schema.tables[table.name].items()
        if name in header.places and column.type == "float" and header.places[name][1] not in faulty
    ]
    found, start = [], 0
    for at, (line, word) in enumerate(totals.items()):
        part = bool(_SUBTOTAL.fullmatch(key(word)))
        above = (table.rows <= line) & (table.rows > start) if part else table.rows > 0
        for name in summed:
            found += _differs(stated, at, name, table.frame[name][above], units.get(name, ""))
        start = line if part else start
    return found


def _differs(stated: Table, at: int, name: str, parts: pd.Series, unit: str) -> list[Problem]:
    """Compare a total with its parts, allowing each part half a unit of the total's last digit."""
    wanted = stated.schema.tables[stated.name][name].unit
    factor = float(stated.schema.units.factor(unit or wanted, wanted) or 1)
    total, expected = stated.frame[name].iloc[at] / factor, parts.sum() / factor
    written = f"{total:.10g}"
    digits = len(written.partition(".")[2])
    slack = 0.5 * 10.0**-digits * (parts.count() + 1)
    if np.isnan(total) or abs(total - expected) <= max(slack, 1e-9 * abs(expected)):
        return []
    return [stated.problem("total_differs", at, name, expected=f"{expected:,.6g}")]
