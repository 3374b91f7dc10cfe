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
        self.row, self.height = 0, 0
        self.columns: dict[str, int] = {}
        self.joined = self.seen = self.lift = ""
        self.may_be_raised = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.StartElementHandler = self._root
        self.parser.buffer_text = True

    @property
    def width(self) -> int:
        """How many columns the cells span."""
        return 1 + max(self.columns.values(), default=-1)

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

    def _root(self, name: str, attributes: Attributes) -> None:
        space = name.rpartition(" ")[0]
        self.parser.StartElementHandler = self._starts(f"{space} " if space else "")

    def _starts(self, space: str) -> Callable[[str, Attributes], None]:
        """Return the handler of elements: called for every cell, so it does little for most."""
        cell, value, row, formula = (space + name for name in ("c", "v", "row", "f"))
        inline, run, raised = (space + name for name in ("is", "r", "vertAlign"))
        columns, shown, formats = self.columns, self.shown, self.formats
        here = kind = number = ""

        def start(name: str, attributes: Attributes) -> None:
            nonlocal here, kind, number
            if name == value:
                return
            if name == cell:
                here = attributes.get("r") or self._after(here)
                kind = attributes.get("t", "")
                letters = here.rstrip(DIGITS)
                if letters not in columns or here != letters + number:
                    self._met(here, letters)
                if attributes.get("s") in shown:
                    formats[addresses.place(here)] = shown[attributes["s"]]
                if kind == "e":
                    self._listen(here, space, "error")
            elif name == row:
                number, here = self._begun(attributes), ""
            elif name == formula and kind not in ("str", "e"):
                self._listen(here, space, "formula")
            elif name == inline and self.may_be_raised:
                self._listen(here, space, "text")
            elif name == run:
                self.lift = ""
            elif name == raised:
                self.lift = attributes.get("val", "")

        return start

    def _begun(self, attributes: Attributes) -> str:
        stated = attributes.get("r", "")
        self.row = addresses.place(f"A{stated}")[0] + 1 if stated else self.row + 1
        if self.row > addresses.MAX_ROW:
            raise ValueError(f"row {self.row}")
        self.height = max(self.height, self.row)
        if attributes.get("hidden") in ("1", "true"):
            self.hidden.append(self.row)
        return str(self.row)

    def _after(self, before: str) -> str:
        """Return the address of a cell without one: it follows the cell before."""
        column = addresses.place(before)[1] + 1 if before else 0
        return f"{addresses.letter(column)}{max(self.row, 1)}"

    def _met(self, here: str, letters: str) -> None:
        row, self.columns[letters] = addresses.place(here)
        self.height = max(self.height, row + 1)

    def _listen(self, here: str, space: str, kind: str) -> None:
        """Hear the texts of one cell, to its end."""
        cell, formula = space + "c", space + "f"
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
