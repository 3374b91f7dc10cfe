"""How much a workbook may hold once it is unfolded, by the size of its file.

Answers: whether cells and texts fit into memory. Refuses: what costs far more than it weighs.
"""

from typing import Final

SIGNS_A_CELL: Final = 16  # of texts, on average over all cells that the sheets may span
SIGNS_A_TEXT: Final = 2**16  # twice what a spreadsheet program takes in one cell
SIGNS_A_MARK: Final = 64  # what is noted of a cell costs as much memory as so long a text


class AreaError(ValueError):
    """Sheets that span more cells than their file can fill: all between would cost memory."""


def refuse_area(height: int, width: int, limit: int, before: int = 0) -> int:
    """Return how many cells a sheet and those before it span; refuse more than allowed."""
    cells = before + height * width
    if cells > limit:
        raise AreaError(f"{cells:,} cells")
    return cells


def refuse_text(text: str) -> None:
    """Refuse a text longer than any cell holds: it is put together piece by piece."""
    if len(text) > SIGNS_A_TEXT:
        raise AreaError(f"{len(text):,} signs")


def refuse_signs(signs: int, limit: int, before: int = 0) -> int:
    """Return how many signs the texts of cells have, those before too; refuse more than allowed."""
    held = before + signs
    if held > SIGNS_A_CELL * limit:
        raise AreaError(f"{held:,} signs")
    return held
