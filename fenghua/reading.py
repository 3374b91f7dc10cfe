"""What stands in a page: its data, its marked figures, the figures of its sentences and cells.

Answers: what a reader may quote, and whether the page is as it was written. Refuses: to judge a
figure, which `verify` does.
"""

import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder

from briefpress import frame

NUMBER: Final = re.compile(r"[-\u2212+]?\d+(?:,\d{3})*(?:\.\d+)?%?")
_VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_SHOWN: Final = 12  # figures that a line lists
_DEPTH: Final = 3  # folders between a page and its manifest: period, language, audience


Figures = list[tuple[str, str]]  # the marks with what is printed there: a status by its code
Numbers = dict[str, list[str]]  # in ``cells`` and in ``sentences``: headline, key points, last year


class _Builder(HTMLParser):
    """Makes the tree of a page; whatever is left open ends with what stands around it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_whole = False
        self._made, self._open = TreeBuilder(), ["page"]
        self._made.start("page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element in the one that is open."""
        self._made.start(tag, {name: value or "" for name, value in attrs})
        self._open.append(tag)
        if tag in _VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        """Take what is printed."""
        self._made.data(data)

    def handle_endtag(self, tag: str) -> None:
        """Step back to what stands around; a whole page ends with its root."""
        self.is_whole |= tag == "html"
        while tag in self._open:
            last = self._open.pop()
            self._made.end(last)
            if last == tag:
                break

    def page(self) -> Element:
        """Return what was read so far."""
        self.handle_endtag("page")
        return self._made.close()


def tree(text: str) -> tuple[Element, bool]:
    """Return the elements of a page, and whether it is whole."""
    builder = _Builder()
    builder.feed(text)
    return builder.page(), builder.is_whole


def empty(page: Element, is_unread: Callable[[Element], bool]) -> None:
    """Take out what is in the elements that nobody reads; what follows them stays."""
    for element in filter(is_unread, [*page.iter()]):
        del element[:]
        element.text = ""


def embedded(page: Element) -> str | None:
    """Return the JSON that a page of ours carries; None where it is another."""
    data = page.find(".//*[@id='fenghua-data']")
    return None if data is None else "".join(data.itertext())


def read(text: str) -> tuple[Figures, Numbers, dict]:
    """Return the marked figures of a page, its printed numbers and its embedded data.

    Raises
    ------
    ValueError, KeyError, TypeError
        When it is no whole page of ours.
    """
    page, is_whole = tree(text)
    carried = embedded(page)
    if not carried:
        raise ValueError("it holds no data of a brief")
    data = json.loads(carried)
    if data["version"] != 1 or not is_whole:
        raise ValueError("the page is not whole")
    if not data["claims"] and frame.is_intact(text) is None:
        raise ValueError("it holds no figure that can be recomputed")
    figures = []
    for one in page.iterfind(".//*[@data-claim]"):
        own = [one.text, *(child.tail for child in one)]
        figures.append(
            (one.attrib["data-claim"], one.get("data-value", "".join(filter(None, own))))
        )
    numbers: Numbers = {"cells": [], "sentences": []}
    empty(page, lambda element: element.tag in ("style", "svg", "script"))
    inside: set[Element] = set()
    for element in page.iter():
        is_sentence = element.tag == "h1" or element.get("class") in ("key", "vs")
        place = "cells" if element.tag in ("td", "dd") else "sentences" if is_sentence else ""
        if place and element not in inside:
            inside |= {*element.iter()}
            numbers[place] += [n for text in element.itertext() for n in NUMBER.findall(text)]
    return figures, numbers, data


def changes(path: Path, text: str) -> Iterator[str]:
    """Yield what says that the page is not as it was written: its seal, the manifest beside it."""
    if frame.is_intact(text) is False:
        yield (
            f"{path}: changed since it was written: its seal, a checksum in it, differs"
            " (a browser's “save as” changes a page, too: keep the file itself)"
        )
    known = listed(path)
    if known is not None and known != sha256(path.read_bytes()).hexdigest():
        yield f"{path}: not the page that the manifest beside it lists"


def listed(path: Path) -> str | None:
    """Return the SHA-256 that the manifest beside a page gives for it; None where there is none."""
    parts = path.resolve().parts
    if len(parts) <= _DEPTH + 1:
        return None
    root, name = Path(*parts[: -_DEPTH - 1]), "/".join(parts[-_DEPTH - 1 :])
    try:
        manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest["pages"][name]["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def coverage(figures: Figures, numbers: Numbers, text: str) -> Iterator[str]:
    """Yield how much of what is printed was recomputed, and what the seal alone covers.

    The seal is a checksum: it tells that nothing was changed since, not that it was right.
    """
    recomputed = {found for _, shown in figures for found in NUMBER.findall(shown)}
    sign = str.maketrans({"\u2212": "", "-": "", "+": "", "%": ""})
    plain = {found.translate(sign) for found in recomputed}
    is_sealed = bool(frame.is_intact(text))
    seal = "by its seal alone" if is_sealed else "by nothing: it has no seal"
    covered = False
    for place, printed in numbers.items():
        known = [n for n in printed if n.translate(sign) in plain]
        other = dict.fromkeys(n for n in printed if n.translate(sign) not in plain)
        if printed:
            rest = f"; covered {seal}: {', '.join(list(other)[:_SHOWN])}" if other else ""
            covered |= bool(other)
            more = ", ..." if len(other) > _SHOWN else ""
            yield f"{place}: {len(known)} of {len(printed)} figures recomputed{rest}{more}"
    if covered and is_sealed:
        yield (
            "the seal is a checksum of the whole page, kept in it: it shows that nothing was"
            " changed since the page was written, not that those figures are right"
        )
