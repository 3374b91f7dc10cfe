"""The texts that the cells of an .xlsx workbook share.

Answers: which have raised or struck digits. Refuses: a long one that fills memory, as so many
cells show it.
"""

import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from tidysheets import addresses
from tidysheets.addresses import Place
from tidysheets.cells import Odd
from tidysheets.workbooks.formats import STRUCK
from tidysheets.workbooks.limits import SIGNS_A_CELL, within
from tidysheets.workbooks.marks import AUTHOR, BLOCK, RAISED, Attributes


class _Tree(ElementTree.TreeBuilder):
    def doctype(self, *_: object) -> None:
        raise ValueError("document type")


def tree(data: bytes) -> ElementTree.Element:
    """Return a small part of a workbook as a tree.

    Raises
    ------
    ValueError
        When it declares a document type: no office program does, and entities are a trap.
    """
    return ElementTree.fromstring(data, ElementTree.XMLParser(target=_Tree()))


def local(tag: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def comments(book: zipfile.ZipFile, part: str) -> dict[Place, str]:
    """Return the comments on the cells of a sheet; those of a form of ours are known."""
    folder, _, name = part.rpartition("/")
    relations, found = f"{folder}/_rels/{name}.rels", dict[Place, str]()
    for relation in tree(book.read(relations)) if relations in book.NameToInfo else ():
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
        if relation.get("Type", "").endswith("/comments") and target in book.NameToInfo:
            root = tree(book.read(target))
            authors = [own.text for own in root.iter() if local(own.tag) == "author"]
            for own in (own for own in root.iter() if local(own.tag) == "comment"):
                author = int(own.get("authorId", "0"))
                if AUTHOR not in authors[author : author + 1]:
                    texts = (part.text or "" for part in own.iter() if local(part.tag) == "t")
                    found[addresses.place(own.get("ref", ""))] = "".join(texts)
    return found


def raised_texts(book: zipfile.ZipFile) -> tuple[dict[str, str], dict[int, str]]:
    """Return the shared texts with raised, lowered or struck digits, as they are seen.

    Returns
    -------
    by_text, by_number
        By the text without the marks; by its number where a text without marks is joined alike.
    """
    data = _part(book)
    is_marked = b"vertAlign" in data or b"strike" in data
    if not is_marked and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return {}, {}
    pairs = [_runs(item) for item in tree(data) if local(item.tag) == "si"]
    marked = {i for i, (joined, seen) in enumerate(pairs) if joined != seen or type(seen) is Odd}
    unmarked = {joined for i, (joined, _) in enumerate(pairs) if i not in marked}
    alike = {i: pairs[i][1] for i in marked if pairs[i][0] in unmarked}
    return dict(pairs[i] for i in marked - set(alike)), alike


def marked_cells(stream: IO[bytes], texts: Mapping[int, str]) -> dict[Place, str]:
    """Return the cells of a sheet that show some of the shared texts, these by their number."""
    return {place: texts[number] for place, number in _shown(stream) if number in texts}


def is_strike(part: ElementTree.Element) -> bool:
    """Tell whether a property of a font or a run crosses its text out."""
    return local(part.tag) == "strike" and part.get("val", "1") not in ("0", "false")


def _runs(item: ElementTree.Element) -> tuple[str, str]:
    """Return a text as it is joined and as it is seen, with raised digits as signs of their own."""
    joined, seen, is_struck = "", "", False
    for run in item:
        if local(run.tag) not in ("r", "t"):
            continue
        parts = list(run.iter())
        text = "".join(part.text or "" for part in parts if local(part.tag) == "t")
        place = next((p.get("val", "") for p in parts if local(p.tag) == "vertAlign"), "")
        joined, seen = joined + text, seen + text.translate(RAISED.get(place, {}))
        is_struck |= bool(text.strip()) and any(map(is_strike, parts))
    return joined, Odd(joined, f"format_{STRUCK}") if is_struck else seen


def refuse_spread(book: zipfile.ZipFile, sheets: Iterable[str], cells: int, limit: int) -> None:
    """Refuse texts that the cells of all sheets cannot hold together.

    Parameters
    ----------
    sheets : iterable of str
        The parts of the sheets.
    cells : int
        How many they span: only where the longest text in each would be too much are they counted.
    limit : int
        How many they may span.

    Raises
    ------
    AreaError
        When the texts are too long.
    """
    data = _part(book)
    if cells * max(map(len, data.split(b"</si>"))) <= SIGNS_A_CELL * limit:
        return
    items = (item for item in tree(data) if local(item.tag) == "si")
    lengths = [len(_runs(item)[0]) for item in items]
    signs = 0
    for part in sheets:
        with book.open(part) as stream:
            for _, number in _shown(stream):
                signs = within(signs + lengths[number], SIGNS_A_CELL * limit, "signs")


def _shown(stream: IO[bytes]) -> Iterator[tuple[Place, int]]:
    """Yield each cell of a sheet that shows a shared text: its place, the text's number."""
    is_shared, digits, row, column = False, "", -1, -1
    found: list[tuple[Place, int]] = []

    def start(name: str, attributes: Attributes) -> None:
        nonlocal is_shared, digits, row, column
        kind, here = name.rpartition(":")[2], attributes.get("r", "")
        if kind == "row":
            row, column = int(here) - 1 if here else row + 1, -1
        elif kind == "c":
            is_shared, digits = attributes.get("t") == "s", ""
            row, column = addresses.place(here) if here else (row, column + 1)

    def hear(text: str) -> None:
        nonlocal digits
        digits += text if is_shared else ""

    def end(name: str) -> None:
        nonlocal digits
        if digits and name.rpartition(":")[2] == "c":
            found.append(((row, column), int(digits)))
            digits = ""

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = hear
    while block := stream.read(BLOCK):
        parser.Parse(block)
        yield from found
        found.clear()


def _part(book: zipfile.ZipFile) -> bytes:
    name = next((n for n in book.namelist() if n.lower() == "xl/sharedstrings.xml"), "")
    return book.read(name) if name else b""
