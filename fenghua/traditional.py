"""A public page in Traditional Chinese, told from the one in Simplified Chinese (繁体页).

Answers: the same page in the other script, names as the registers have them. Refuses: to convert a
title that stands in its own script, or a document number.
"""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

import pandas as pd

from briefpress import notebooks
from fenghua.analysis.shared import once
from fenghua.display.wording import Words, traditional, typeset
from fenghua.inputs.dataset import Dataset

FROM: Final = "zh-Hans"
TO: Final = "zh-Hant"
_TITLE: Final = 8  # characters: what is shorter (统计公报) may be a word of a sentence
# What the dictionaries are not asked about: the page's own language, a title in its own script, an
# address, a table within the page, a line of a drawing, which may be a part of a name.
_APART: Final = (
    FROM,
    rf'<(?P<tag>\w+)[^>]* lang="{FROM}"[^>]*>.*?</(?P=tag)>',
    r"https?://[^\s<>\"]+",
    r'(?P<before>href="data:text/csv;charset=utf-8;base64,)(?P<table>[^"]*)',
    r"(?P<open><text[^>]*>)(?P<line>[^<]+)",
)


def is_told(notebook: Path, parameters: Mapping[str, Any]) -> bool:
    """Say whether a page is told from its Simplified one: where all its words are the house's.

    Internal pages name enterprises, which no register has in both scripts; a notebook that looks
    at its language may say different things in each.
    """
    if parameters.get("lang") != TO or parameters.get("audience") != "public":
        return False
    is_brief = Words(FROM).knows(f"brief.{notebooks.bare(notebook.name)}")
    return is_brief and not notebooks.mentions(notebook, "zh-Han")


def told(parts: Sequence[Mapping[str, Any]], ds: Dataset) -> list[dict[str, Any]]:
    """Return what outputs say to their page, in Traditional script; embedded results stay."""
    script = _Script(registered(ds))
    return [
        {key: value if key == "claims" else script.of(value) for key, value in part.items()}
        for part in parts
    ]


@once
def registered(ds: Dataset) -> dict[str, str]:
    """Return what the registers print otherwise than the dictionaries would: names, sources."""
    sources = [*ds.sources["document_number"], *ds.sources["title"]]
    pairs = {text: text for text in map(str, sources) if len(text) >= _TITLE}  # as it is printed
    pairs |= dict(_pairs({name: getattr(ds, name) for name in ds.__dataclass_fields__}))
    printed = pairs | {typeset(simplified): typeset(own) for simplified, own in pairs.items()}
    printed |= {escape(simplified): escape(own) for simplified, own in printed.items()}
    return {key: own for key, own in printed.items() if key and traditional(key) != own}


def _pairs(value: pd.DataFrame | Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each name in both scripts, and each document number, which has one."""
    for name in value:
        other = str(name).replace("zh_hans", "zh_hant")
        if other in value and (other != name or name == "document_number"):
            both = [pd.Series(value[key]).astype(str) for key in (name, other)]
            yield from zip(*both, strict=True)
    for inner in value.values() if isinstance(value, Mapping) else ():
        if isinstance(inner, pd.DataFrame | Mapping):
            yield from _pairs(inner)


class _Script:
    """Texts and what holds them in Traditional script, some names given."""

    def __init__(self, names: Mapping[str, str]) -> None:
        longest = sorted(map(re.escape, names), key=len, reverse=True)
        self.names, self.apart = names, re.compile("|".join([*_APART, *longest]), re.S)

    def of(self, value: Any) -> Any:
        """Return a text, or what holds texts, in Traditional script."""
        if isinstance(value, Mapping):
            return {key: self.of(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.of(inner) for inner in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        parts, start = [], 0
        for found in self.apart.finditer(text):
            parts += [traditional(text[start : found.start()]), self._kept(found)]
            start = found.end()
        return "".join([*parts, traditional(text[start:])])

    def _kept(self, found: re.Match[str]) -> str:
        if found["table"]:
            table = self._text(base64.b64decode(found["table"]).decode())
            return found["before"] + base64.b64encode(table.encode()).decode()
        if found["line"]:
            return found["open"] + self._line(found["line"])
        return TO if found[0] == FROM else self.names.get(found[0], found[0])

    def _line(self, line: str) -> str:
        """Return a line of a drawing: a whole text, or where one was broken, a part of a name."""
        for name, own in self.names.items():
            if name != own and line != name and line in name and len(name) == len(own):
                start = name.index(line)
                return own[start : start + len(line)]
        return self._text(line)
