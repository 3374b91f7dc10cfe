"""How much a workbook may hold once it is unfolded, by the size of its file.

Answers: whether cells and texts fit into memory. Refuses: what costs far more than it weighs.
"""

from typing import Final

MAX_SHEETS: Final = 1000
SIGNS_A_CELL: Final = 16  # of texts, on average over all cells that the sheets may span
SIGNS_A_TEXT: Final = 2**16  # twice what a spreadsheet program takes in one cell
SIGNS_A_MARK: Final = 64  # what is noted of a cell costs as much memory as so long a text


class AreaError(ValueError):
    """A workbook that unfolds to more than its file can fill: what it holds, what it may hold."""

    def __init__(self, found: int, limit: int, what: str) -> None:
        super().__init__(f"{found:,} {what}")
        self.limit = f"{limit:,} {what}"


def refuse_area(height: int, width: int, limit: int, before: int = 0) -> int:
    """Return how many cells a sheet and those before it span; refuse more than allowed."""
    cells = before + height * width
    if cells > limit:
        raise AreaError(cells, limit, "cells")
    return cells


def refuse_sheets(count: int) -> None:
    """Refuse more sheets than anyone fills."""
    if count > MAX_SHEETS:
        raise AreaError(count, MAX_SHEETS, "sheets")


def refuse_text(text: str) -> None:
    """Refuse a text longer than any cell holds: it is put together piece by piece."""
    if len(text) > SIGNS_A_TEXT:
        raise AreaError(len(text), SIGNS_A_TEXT, "signs")


def refuse_signs(signs: int, limit: int, before: int = 0) -> int:
    """Return how many signs the texts of cells have, those before too; refuse more than allowed."""
    held = before + signs
    if held > SIGNS_A_CELL * limit:
        raise AreaError(held, SIGNS_A_CELL * limit, "signs")
    return held
