"""What is noted of a sheet beyond its values, whatever program wrote it.

Answers: what is hidden, merged, failed, crossed out or shown otherwise than stored. Refuses: a
document type.
"""

from dataclasses import dataclass, field
from typing import Final

from tidysheets.addresses import Place

BLOCK: Final = 2**17  # small enough to stay in a processor's cache
AUTHOR: Final = "tidysheets"  # of the comments in a form of ours, or a coloured copy
_DIGITS: Final = "0123456789"
RAISED: Final = {
    "superscript": str.maketrans(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "subscript": str.maketrans(_DIGITS, "₀₁₂₃₄₅₆₇₈₉"),
}
Attributes = dict[str, str]


@dataclass
class Marks:
    """What the raw file says about a sheet beyond its values.

    ``cells`` are texts to put where the reader library leaves a blank, ``texts`` those to put in
    place of its own; ``hidden`` counts rows from 1, ``hidden_columns`` columns from 0; ``formats``
    tells of cells whose format shows something else than is stored
    (`formats.shown`); ``comments`` are what is pinned to cells, without its words where these
    are not known.
    """

    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    cells: dict[Place, str] = field(default_factory=dict)
    texts: dict[Place, str] = field(default_factory=dict)
    formats: dict[Place, str] = field(default_factory=dict)
    comments: dict[Place, str] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    height: int = 0
    width: int = 0


def refuse_doctype(*_: object) -> None:
    """Refuse a part that declares a document type."""
    raise ValueError("document type")
