"""The elements of one sheet of an .xlsx workbook, whatever program spelled them.

Answers: what they say beyond the values. Refuses: document types, rows and cells of no sheet.
"""

from collections.abc import Callable, Mapping
from typing import IO, Final
from xml.parsers import expat

from tidysheets import addresses
from tidysheets.addresses import Place
from tidysheets.cells import UNSAVED_FORMULA

BLOCK: Final = 2**17  # small enough to stay in a processor's cache
DIGITS: Final = "0123456789"
RAISED: Final = {
    "superscript": str.maketrans(DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "subscript": str.maketrans(DIGITS, "₀₁₂₃₄₅₆₇₈₉"),
}
Attributes = dict[str, str]


class Elements:
    """What was found in one sheet.

    ``shown`` are the numbers of the cell styles to look for, with what each shows.
    """

    def __init__(self, shown: Mapping[str, str]) -> None:
        self.shown = shown
        self.hidden: list[int] = []
        self.blank: dict[Place, str] = {}  # failed and unsaved formulas
        self.texts: dict[Place, str] = {}  # texts with raised digits
        self.formats: dict[Place, str] = {}
        self.row = self.height = self.widest = 0
        self.width = lambda: 0  # how many columns the cells span, by the handler that counts
        self.here = self.kind = ""
        self.joined = self.seen = self.lift = ""
        self.may_be_raised = False
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.StartElementHandler = self._root
        self.parser.buffer_text = True

    def read(self, stream: IO[bytes]) -> "Elements":
        """Parse the part piece by piece, so that memory stays bounded."""
        piece = stream.read(BLOCK)
        while piece:
            following = stream.read(BLOCK)
            self.may_be_raised = b"vertAlign" in piece + following
            self.parser.Parse(piece)
            piece = following
        self.parser.Parse(b"", True)
        return self

    def _root(self, name: str, attributes: list[str]) -> None:
        self.parser.StartElementHandler = self._starts(name.removesuffix("worksheet"))

    def _starts(self, prefix: str) -> Callable[[str, list[str]], None]:
        """Return the handler of elements: called for every cell, so it does little for most.

        Attributes come as a list of names and values: most cells have their address first, just
        after that of the cell before, and then at most a style.
        """
        cell, value, row = (prefix + name for name in ("c", "v", "row"))
        letters, shown, formats = addresses.letters(), self.shown, self.formats
        number, column = "", 0

        def start(name: str, attributes: list[str]) -> None:
            nonlocal number, column
            if name == value:
                return
            if name == cell:
                if not attributes or attributes[0] != "r":
                    attributes = self._ordered(attributes, number, column)
                here = attributes[1]
                if here != letters[column] + number:
                    column = self._met(here)
                column += 1
                self.here, self.kind = here, ""
                if len(attributes) > 2:
                    of_cell = dict(zip(attributes[::2], attributes[1::2], strict=True))
                    if of_cell.get("s") in shown:
                        formats[addresses.place(here)] = shown[of_cell["s"]]
                    self.kind = of_cell.get("t", "")
                    if self.kind == "e":
                        self._listen(cell, "error")
            elif name == row:
                self.widest = max(self.widest, column)
                number, column = self._begun(attributes), 0
            else:
                self._inside(name.removeprefix(prefix), cell, attributes)

        self.width = lambda: max(self.widest, column)
        return start

    def _inside(self, name: str, cell: str, attributes: list[str]) -> None:
        """Take note of an element inside of a cell; of those outside none is called like these."""
        if name == "f" and self.kind not in ("str", "e"):
            self._listen(cell, "formula")
        elif name == "is" and self.may_be_raised:
            self._listen(cell, "text")
        elif name == "r":
            self.lift = ""
        elif name == "vertAlign":
            self.lift = attributes[1] if attributes else ""
        elif name.endswith((":c", ":row")):
            raise ValueError("two spellings of one element")

    def _ordered(self, attributes: list[str], number: str, column: int) -> list[str]:
        """Put the address first; a cell without one follows the cell before."""
        given = dict(zip(attributes[::2], attributes[1::2], strict=True))
        here = given.pop("r", "") or f"{addresses.letter(column)}{number or 1}"
        return ["r", here, *(part for pair in given.items() for part in pair)]

    def _begun(self, attributes: list[str]) -> str:
        given = dict(zip(attributes[::2], attributes[1::2], strict=True))
        stated = given.get("r", "")
        self.row = addresses.place(f"A{stated}")[0] + 1 if stated else self.row + 1
        if self.row > addresses.MAX_ROW:
            raise ValueError(f"row {self.row}")
        self.height = max(self.height, self.row)
        if given.get("hidden") in ("1", "true"):
            self.hidden.append(self.row)
        return str(self.row)

    def _met(self, here: str) -> int:
        """Return the column of a cell that does not follow the one before."""
        row, column = addresses.place(here)
        self.height = max(self.height, row + 1)
        self.widest = max(self.widest, column + 1)
        return column

    def _listen(self, cell: str, kind: str) -> None:
        """Hear the texts of the present cell, to its end."""
        here, formula = self.here, cell.removesuffix("c") + "f"
        self.joined = self.seen = self.lift = ""

        def hear(text: str) -> None:
            self.joined += text
            self.seen += text.translate(RAISED.get(self.lift, {}))

        def end(name: str) -> None:
            if name == formula:
                self.joined = ""
            elif name == cell:
                self._settle(addresses.place(here), kind)
                self.parser.CharacterDataHandler = self.parser.EndElementHandler = None

        self.parser.CharacterDataHandler = hear
        self.parser.EndElementHandler = end

    def _settle(self, place: Place, kind: str) -> None:
        text = self.joined.strip()
        if kind == "formula" and not text:
            self.blank[place] = UNSAVED_FORMULA
        elif kind == "error" and text:
            self.blank[place] = text
        elif kind == "text" and self.joined != self.seen:
            self.texts[place] = self.seen.strip()


def _refuse(*_: object) -> None:
    raise ValueError("document type")
