"""What stands in a page: its data, its marked figures, the figures of its sentences and cells.

Answers: what a reader may quote, and whether the page is as it was written. Refuses: to judge a
figure, which `verify` does.
"""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from briefpress import frame

NUMBER: Final = re.compile(r"[-\u2212+]?\d+(?:,\d{3})*(?:\.\d+)?%?")
VOID: Final = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_SHOWN: Final = 12  # figures that a line lists
_DEPTH: Final = 3  # folders between a page and its manifest: period, language, audience


class Page(HTMLParser):
    """Picks the embedded data, the marked figures and the printed numbers out of a page.

    Attributes
    ----------
    data : str
        The embedded JSON.
    figures : list of (str, str)
        The marks with what is printed there: a status by its code.
    numbers : dict
        Numbers in ``cells`` and in ``sentences``: headline, key points, the line against last year.
    """

    def __init__(self) -> None:
        super().__init__()
        self.data, self.is_whole = "", False
        self.figures: list[tuple[str, str]] = []
        self.numbers: dict[str, list[str]] = {"cells": [], "sentences": []}
        self._open: list[tuple[str, str, bool]] = []  # tag, place, is it marked

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where the parser stands, and what is marked there."""
        if tag in VOID:
            return
        about = dict(attrs)
        mark, told = about.get("data-claim") or "", about.get("data-value")
        if mark:
            self.figures.append((mark, told or ""))
        place = self._open[-1][1] if self._open else ""
        if about.get("id") == "fenghua-data":
            place = "data"
        elif tag in ("style", "svg", "script"):
            place = "unread"
        elif place == "" and tag in ("td", "dd"):
            place = "cells"
        elif place == "" and (tag == "h1" or about.get("class") in ("key", "vs")):
            place = "sentences"
        self._open.append((tag, place, bool(mark) and told is None))

    def handle_data(self, data: str) -> None:
        """Take what is printed."""
        if not self._open:
            return
        _, place, is_marked = self._open[-1]
        if place == "data":
            self.data += data
        elif place in self.numbers:
            self.numbers[place] += NUMBER.findall(data)
        if is_marked:
            mark, text = self.figures[-1]
            self.figures[-1] = (mark, text + data)

    def handle_endtag(self, tag: str) -> None:
        """Step back to what stands around; a whole page ends with its root."""
        while self._open and self._open.pop()[0] != tag:
            pass
        self.is_whole = self.is_whole or tag == "html"


def read(text: str) -> tuple[Page, dict]:
    """Return what stands in a page, and its embedded data.

    Raises
    ------
    ValueError, KeyError, TypeError
        When it is no whole page of ours.
    """
    page = Page()
    page.feed(text)
    if not page.data:
        raise ValueError("it holds no data of a brief")
    data = json.loads(page.data)
    if data["version"] != 1 or not page.is_whole:
        raise ValueError("the page is not whole")
    if not data["claims"] and frame.is_intact(text) is None:
        raise ValueError("it holds no figure that can be recomputed")
    return page, data


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


def coverage(page: Page, text: str) -> Iterator[str]:
    """Yield how much of what is printed was recomputed, and what the seal alone covers.

    The seal is a checksum: it tells that nothing was changed since, not that it was right.
    """
    recomputed = {found for _, shown in page.figures for found in NUMBER.findall(shown)}
    sign = str.maketrans({"\u2212": "", "-": "", "+": "", "%": ""})
    plain = {found.translate(sign) for found in recomputed}
    is_sealed = bool(frame.is_intact(text))
    seal = "by its seal alone" if is_sealed else "by nothing: it has no seal"
    covered = False
    for place, numbers in page.numbers.items():
        known = [n for n in numbers if n.translate(sign) in plain]
        other = dict.fromkeys(n for n in numbers if n.translate(sign) not in plain)
        if numbers:
            rest = f"; covered {seal}: {', '.join(list(other)[:_SHOWN])}" if other else ""
            covered |= bool(other)
            more = ", ..." if len(other) > _SHOWN else ""
            yield f"{place}: {len(known)} of {len(numbers)} figures recomputed{rest}{more}"
    if covered and is_sealed:
        yield (
            "the seal is a checksum of the whole page, kept in it: it shows that nothing was"
            " changed since the page was written, not that those figures are right"
        )
