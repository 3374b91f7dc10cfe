"""One column of cells, typed.

Answers: its values, its faulty cells, the units that cells give. Refuses: to guess a cell.
"""

import math
import re
from collections.abc import Callable, Collection, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

import numpy as np

from tidysheets import cells, numbers, problems, signs
from tidysheets.cells import CellError
from tidysheets.schema import Column, Schema
from tidysheets.units import Units

WHOLE: Final = 2**53  # whole numbers of a spreadsheet are exact up to here
_PLAIN = re.compile(r"(?:-?[0-9]{1,15}(?:\.[0-9]{1,15})?)?")
_WITH_UNIT = re.compile(r"(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)([^\s\d.,]{1,8})")
# Whole columns, a cell a line, that the readers of cells would leave as they are; nothing that was
# matched is given back (++), which halves the time.
_CLEAN: Final = {
    "number": re.compile(r"(?:(?:-?[0-9]{1,15}+(?:\.[0-9]{1,15}+)?+)?+\n)*+"),
    "code": re.compile(r"(?:(?:(?!\d[eE]\d)[A-Za-z0-9]{5,})?\n)*"),
    "identifier": re.compile(r"(?:(?:(?!\dE\d)[A-Z0-9]{5,})?\n)*"),
    "str": re.compile(r"(?:(?:[^\s#=E](?:[^\n]*\S)?)?\n)*"),
}


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "str": cells.text,
    "code": cells.code,
    "identifier": cells.identifier,
    "bool": cells.boolean,
    "date": cells.day,
}


def _is_plain(value: Any) -> bool:
    if type(value) is str:
        return _PLAIN.fullmatch(value) is not None
    return type(value) is float or type(value) is int


def read(
    values: Sequence[Any], column: Column, schema: Schema, *, unit: str = ""
) -> tuple[Sequence[Any] | np.ndarray, dict[int, CellError], dict[int, str]]:
    """Return a column's values, the faults of its cells and the units found in cells.

    A clean column is taken as it stands; else each distinct cell is read once. Faulty cells
    become missing; a magnitude is a warning beside its value.
    """
    kinds = set(map(type, values))
    if column.type in ("int", "float"):
        return _read_numbers(values, column, kinds, schema.units, unit)
    is_mixed = bool in kinds and len(kinds) > 1  # True and 1 are one key, but not one cell
    keys = list(zip(map(type, values), values, strict=True)) if is_mixed else values
    distinct = set(keys)
    if kinds == {str} and _is_clean(distinct, column.type):
        one = dict(zip(distinct, distinct, strict=True))  # a code that recurs is kept once
        return [one[value] for value in values], {}, {}
    reader = _READERS.get(column.type) or schema.readers[column.type]
    if column.type == "bool":
        words = schema.meanings.get(column.table, {}).get(column.name, {})
        reader = partial(cells.boolean, words=words)
    read: dict[Any, Any] = {}
    odd: dict[Any, CellError] = {}
    for key in distinct:
        try:
            read[key] = reader(key[1] if is_mixed else key)
        except CellError as fault:
            read[key], odd[key] = reader(None), fault
    faults = {i: odd[key] for i, key in enumerate(keys) if key in odd} if odd else {}
    return list(map(read.__getitem__, keys)), faults, {}


def _is_clean(values: Collection[str], kind: str) -> bool:
    """Tell whether texts need no reading, in one look for all of them."""
    if kind not in _CLEAN:
        return False
    joined = "\n".join(values) + "\n"
    if kind == "str" and signs.INVISIBLE.search(joined):
        return False
    return bool(_CLEAN[kind].fullmatch(joined)) and joined.count("\n") == len(values)


def _read_numbers(
    values: Sequence[Any], column: Column, kinds: set[type], units: Units, unit: str
) -> tuple[np.ndarray, dict[int, CellError], dict[int, str]]:
    """Take plain numbers and blanks as they stand, and look at the other cells one by one."""
    wanted = column.unit
    factor = units.factor(unit or wanted, wanted)
    if factor is None:  # the heading's own problem says so
        unit, factor = "", Fraction(1)
    plain, odd = list(values), list[int]()
    if not kinds <= {int, float}:
        if not (kinds == {str} and _is_clean(values, "number")):
            odd = [i for i, value in enumerate(values) if not _is_plain(value)]
        for i in odd:
            plain[i] = ""
        plain = [float(value) if value != "" else math.nan for value in plain]
    array = numbers.scaled(np.asarray(plain, dtype="float64"), factor)
    is_whole = column.type == "int"
    faults: dict[int, CellError] = {}
    if odd and wanted:
        odd = _read_alike(values, odd, array, faults, column, units, unit)
    unfit = np.isinf(array) | (is_whole & (np.floor(array) != array) & ~np.isnan(array))
    stated: dict[int, str] = {}
    for i in sorted({*odd, *np.flatnonzero(unfit).tolist()}):
        try:
            array[i], own, warning = numbers.number(values[i], units, unit=unit, wanted=wanted)
            if is_whole and not array[i].is_integer() and not math.isnan(array[i]):
                raise CellError("not_whole")
        except CellError as fault:
            array[i], own, warning = math.nan, "", fault
        if own:
            stated[i] = own
        if warning:
            faults[i] = warning
    return array, faults, stated


def _read_alike(
    values: Sequence[Any],
    odd: Sequence[int],
    array: np.ndarray,
    faults: dict[int, CellError],
    column: Column,
    units: Units,
    unit: str,
) -> list[int]:
    """Fill in plain numbers with a unit, each unit looked up once; return the cells left over."""
    left, alike = list[int](), dict[str, tuple[list[int], list[float]]]()
    for i in odd:
        match = _WITH_UNIT.fullmatch(values[i]) if type(values[i]) is str else None
        if match is None:
            left.append(i)
            continue
        places, amounts = alike.setdefault(match[2], ([], []))
        places.append(i)
        amounts.append(float(match[1]))
    for suffix, (places, amounts) in alike.items():
        try:
            one, own, warning = numbers.number(f"1{suffix}", units, unit=unit, wanted=column.unit)
        except CellError as fault:
            faults |= dict.fromkeys(places, fault)
            continue
        factor = units.factor(problems.simplified(suffix), column.unit)
        if own or warning or factor is None or one != numbers.scaled(1.0, factor):
            left += places
            continue
        array[places] = numbers.scaled(np.array(amounts), factor)
    return sorted(left)
