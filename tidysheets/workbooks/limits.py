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


def within(found: int, limit: int, what: str) -> int:
    """Return how many cells, sheets or signs there are; refuse more than allowed.

    Raises
    ------
    AreaError
        When there are more.
    """
    if found > limit:
        raise AreaError(found, limit, what)
    return found
