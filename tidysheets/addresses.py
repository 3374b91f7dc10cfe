"""Addresses of cells, as spreadsheet programs write them.

Answers: which row and column an address names. Refuses: one outside the largest sheet.
"""

import re
from functools import cache
from typing import Final

MAX_ROW: Final = 2**20
MAX_COLUMN: Final = 2**14
Place = tuple[int, int]
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)


def place(text: str) -> Place:
    """Return the row and column of an address, counted from 0.

    Raises
    ------
    ValueError
        When it is no address, or none of a sheet.

    Examples
    --------
    >>> place("B3")
    (2, 1)
    """
    match = _ADDRESS.fullmatch(text)
    column = 0
    for sign in match[1] if match else "":
        column = column * 26 + ord(sign) - 64
    row = int(match[2]) if match else 0
    if not 1 <= row <= MAX_ROW or not 1 <= column <= MAX_COLUMN:
        raise ValueError(f"cell address {text[:20]!r}")
    return row - 1, column - 1


@cache
def letters() -> tuple[str, ...]:
    """Return the letters of every column of a sheet, and of the one behind the last."""
    return tuple(letter(i) for i in range(MAX_COLUMN + 1))


@cache
def columns() -> dict[str, int]:
    """Return the column, counted from 0, of all letters of a sheet."""
    return {name: i for i, name in enumerate(letters()[:MAX_COLUMN])}


def letter(index: int) -> str:
    """Return the letters of a spreadsheet column, counted from 0.

    Examples
    --------
    >>> letter(0), letter(26)
    ('A', 'AA')
    """
    head, tail = divmod(index, 26)
    return (letter(head - 1) if head else "") + chr(65 + tail)
