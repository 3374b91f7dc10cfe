"""The elements of one sheet of an .xlsx workbook, whatever program spelled them.

Answers: what they say beyond the values. Refuses: document types, rows and cells of no sheet.
"""

from collections.abc import Callable, Mapping
from typing import IO, Final
from xml.parsers import expat

from tidysheets import addresses
from tidysheets.addresses import Place
from tidysheets.cells import UNSAVED_FORMULA, Odd
from tidysheets.workbooks.formats import STRUCK
from tidysheets.workbooks.limits import SIGNS_A_TEXT, within
from tidysheets.workbooks.marks import BLOCK, RAISED, Attributes, Marks, refuse_doctype

_ROW: Final = b'<row r="'
_DECLARED: Final = 4  # a declaration of XML begins before this byte, behind three of order at most
PLAIN_COLUMNS: Final = 52  # plain rows reach from A to AZ at most


class Elements:
    """What was found in one sheet.

    ``shown`` are the numbers of the cell styles to look for, with what each shows.
    """

    def __init__(self, shown: Mapping[str, str]) -> None:
        self.shown = shown
        self.marks = Marks()  # but for its width, which is known at the end
        self.row = self.widest = 0
        self.width = lambda: 0  # how many columns the cells span, by the handler that counts
        self.cell: Attributes = {}  # the attributes of the present cell, its address among them
        self.joined = self.seen = self.lift = ""
        self.may_be_raised = self.has_passed = self.is_struck = self.has_struck = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = refuse_doctype
        self.parser.StartElementHandler = self._root
        self.parser.buffer_text = True

    def read(self, stream: IO[bytes], is_plain: Callable[[bytes], bool]) -> "Elements":
        """Parse the part piece by piece, so that memory stays bounded.

        ``is_plain`` tells whole rows in which nothing is to be found: these are passed over.
        """
        block, may_pass = stream.read(BLOCK), True
        while block:
            following = stream.read(BLOCK)
            cut = block.rfind(_ROW) if following else 0
            if cut > 0:
                block, following = block[:cut], block[cut:] + following
            if cut > 0 and may_pass and block.startswith(_ROW) and is_plain(block):
                self._pass()
            else:
                # What is passed over must not begin or end inside of a comment of any kind.
                may_pass = may_pass and b"<!" not in block and block.find(b"<?", _DECLARED) < 0
                both = block + following
                self.may_be_raised = b"vertAlign" in both or b"strike" in both
                self.parser.Parse(block)
            block = following
        self.parser.Parse(b"", True)
        return self

    def _pass(self) -> None:
        """Pass over plain rows; a row behind them must have its number."""
        self.has_passed = True
        self.widest = max(self.widest, PLAIN_COLUMNS)
        self.row = addresses.MAX_ROW

    def _root(self, name: str, _: Attributes) -> None:
        self.parser.StartElementHandler = self._starts(name.removesuffix("worksheet"))

    def _starts(self, prefix: str) -> Callable[[str, Attributes], None]:
        """Return the handler of elements: called for every cell, so it does little for most.

        Most cells stand just behind the one before, or some columns further in the same row.
        """
        cell, row, inline = (prefix + name for name in ("c", "row", "is"))
        leaves = frozenset({prefix + "v", prefix + "t"})
        letters, columns, shown = addresses.letters(), addresses.columns(), self.shown
        number, line, column = "", 0, 0

        def start(name: str, attributes: Attributes) -> None:
            nonlocal number, line, column
            if name in leaves or (name == inline and not self.may_be_raised):
                return
            if name == cell:
                following = letters[column] + number
                here = attributes.setdefault("r", following)
                if here != following:
                    self.widest = max(self.widest, column)
                    if here.endswith(number) and here[: -len(number)] in columns:
                        column = columns[here[: -len(number)]]
                    else:
                        line, column = self._met(here)
                        number = str(line + 1)
                if "s" in attributes and attributes["s"] in shown:
                    self.marks.formats[line, column] = shown[attributes["s"]]
                column += 1
                self.cell = attributes
                if "t" in attributes and attributes["t"] == "e":
                    self._listen(cell, "error")
            elif name == row:
                self.widest = max(self.widest, column)
                number, line, column = self._begun(attributes), self.row - 1, 0
            else:
                self._inside(name.removeprefix(prefix), cell, attributes)

        self.width = lambda: max(self.widest, column)
        return start

    def _inside(self, name: str, cell: str, attributes: Attributes) -> None:
        """Take note of an element inside of a cell; of those outside none is called like these."""
        if name == "f" and self.cell.get("t") not in ("str", "e"):
            self._listen(cell, "formula")
        elif name == "is":
            self._listen(cell, "text")
        elif name == "r":
            self.lift, self.is_struck = "", False
        elif name == "strike":
            self.is_struck = attributes.get("val", "1") not in ("0", "false")
        elif name == "vertAlign":
            self.lift = attributes.get("val", "")
        elif name == "col":
            self._hides(attributes)
        elif name.endswith((":c", ":row")):
            raise ValueError("two spellings of one element")

    def _hides(self, given: Attributes) -> None:
        """Take note of a range of hidden columns; past the last column of a sheet is none."""
        if given.get("hidden") in ("1", "true"):
            first, last = int(given.get("min", "1")), int(given.get("max", "1"))
            self.marks.hidden_columns += range(first - 1, min(last, addresses.MAX_COLUMN))

    def _begun(self, given: Attributes) -> str:
        """Return the number of a row that begins."""
        stated = given.get("r", "")
        self.row = addresses.place(f"A{stated}")[0] + 1 if stated else self.row + 1
        if self.row > addresses.MAX_ROW:
            raise ValueError(f"row {self.row}")
        self.marks.height = max(self.marks.height, self.row)
        if given.get("hidden") in ("1", "true"):
            self.marks.hidden.append(self.row)
        return str(self.row)

    def _met(self, here: str) -> Place:
        """Return the place of a cell that does not stand in the present row."""
        row, column = addresses.place(here)
        self.marks.height = max(self.marks.height, row + 1)
        return row, column

    def _listen(self, cell: str, kind: str) -> None:
        """Hear the texts of the present cell, to its end."""
        here, formula = self.cell["r"], cell.removesuffix("c") + "f"
        self.joined = self.seen = self.lift = ""
        self.is_struck = self.has_struck = False

        def hear(text: str) -> None:
            within(len(self.joined), SIGNS_A_TEXT, "signs")
            self.joined += text
            self.has_struck |= self.is_struck and bool(text.strip())
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
            self.marks.cells[place] = UNSAVED_FORMULA
        elif kind == "error" and text:
            self.marks.cells[place] = text
        elif kind == "text" and self.has_struck:
            self.marks.texts[place] = Odd(text, f"format_{STRUCK}")
        elif kind == "text" and self.joined != self.seen:
            self.marks.texts[place] = self.seen.strip()
