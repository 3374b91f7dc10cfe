"""The words of the briefs in three languages, from one catalogue (``wording.csv``).

Answers: how a code or a sentence reads in a language. Refuses: to compute a figure it prints.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from fenghua.inputs.vocabulary import LANGUAGES


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return the catalogue as written: key to its row with ``zh`` and ``en``."""
    text = files("fenghua.display").joinpath("wording.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(io.StringIO(text))}


@cache
def _converter() -> Any:
    from opencc import OpenCC  # loaded late: only Traditional pages need its dictionaries

    return OpenCC("s2tw")  # the characters of the standard forms, the words as written


@cache
def traditional(text: str) -> str:
    """Return Simplified Chinese text in Traditional script (繁体).

    Examples
    --------
    >>> traditional("亩均税收")
    '畝均稅收'
    """
    return _converter().convert(text)


# {n|firm|firms}: the word for one and for any other number, of the value named.
_BY_NUMBER = re.compile(r"\{(\w+)\|([^|{}]*)\|([^{}]*)\}")
_ONE = "1"
_HALF = str.maketrans({"(": "（", ")": "）", ",": "，", ";": "；", ":": "："})
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BESIDE_HAN = re.compile(r"(?<=[\u4e00-\u9fff])[(),;:]|[(),;:](?=[\u4e00-\u9fff])")


def typeset(text: str) -> str:
    """Return Chinese text with full-width marks beside its characters.

    Examples
    --------
    >>> typeset("工业投资(含技改)增长率(2021-2025)")
    '工业投资（含技改）增长率（2021-2025)'
    """
    return _BESIDE_HAN.sub(lambda mark: mark[0].translate(_HALF), text)


@dataclass(frozen=True)
class Words:
    """The catalogue in one of ``vocabulary.LANGUAGES``; call it with a key and what it prints.

    Examples
    --------
    >>> Words("en")("status.on_track"), Words("zh-Hant")("status.on_track")
    ('on schedule', '符合序時進度')
    >>> Words("en")("index.pages", n=1), Words("en")("index.pages", n=2)
    ('1 page', '2 pages')
    """

    lang: str

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise ValueError(f"lang is {self.lang!r}; allowed: {', '.join(LANGUAGES)}")

    @property
    def is_chinese(self) -> bool:
        """Whether the page is written in Chinese."""
        return self.lang != "en"

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence for ``key``; the template is converted, the values are kept."""
        try:
            pair = catalogue()[key]
        except KeyError:
            raise KeyError(f"{key!r} is not in the wording catalogue") from None
        if self.lang == "en":
            template = _BY_NUMBER.sub(lambda word: _worded(word, values), pair["en"])
        else:
            template = pair["zh"] if self.lang == "zh-Hans" else traditional(pair["zh"])
        return template.format(**values)

    def name(self, row: Any, *, prefix: str = "name") -> str:
        """Return a register row's name in this language, as the register prints it."""
        name = str(row[f"{prefix}_{self.lang.lower().replace('-', '_')}"])
        if _TURNING.search(name):  # marks that turn text around end with the name
            name = f"\u2068{name}\u2069"
        return typeset(name) if self.is_chinese else name

    def term(self, text: str, *, count: str = "") -> str:
        """Return a register's Simplified word (a unit, a printed figure) in this language.

        ``count`` is the printed number that it stands with: English tells one from many.

        Examples
        --------
        >>> Words("en").term("家"), Words("en").term("家", count="1")
        ('firms', 'firm')
        """
        key = f"unit.{text}"
        if self.lang == "en":
            one, _, many = (catalogue()[key]["en"] if key in catalogue() else text).partition("|")
            return one if count == _ONE or not many else many
        return text if self.lang == "zh-Hans" else traditional(text)

    def printed(self, text: str) -> str:
        """Return a figure as the plan prints it, in the page's script; English keeps a gloss."""
        key = f"printed.{text}"
        if self.lang == "en" and key in catalogue():
            return catalogue()[key]["en"]
        return typeset(traditional(text) if self.lang == "zh-Hant" else text)

    def start(self, text: str) -> str:
        """Return a text as it begins a cell or a sentence: with a capital, where there are any."""
        return text[:1].upper() + text[1:]

    def within(self, name: str) -> str:
        """Return a name as it stands inside a sentence: English keeps capitals of acronyms.

        Examples
        --------
        >>> Words("en").within("Tax per mu"), Words("en").within("R&D intensity")
        ('tax per mu', 'R&D intensity')
        """
        if self.is_chinese or not name[1:2].islower():
            return name
        return name[:1].lower() + name[1:]

    def join(self, items: list[str]) -> str:
        """Join names into a list as the language does: ``甲、乙`` or ``a, b and c``."""
        if self.is_chinese or not items:
            return "、".join(items)
        return "".join(items) if len(items) < 2 else ", ".join(items[:-1]) + " and " + items[-1]


def _worded(word: re.Match[str], values: Mapping[str, object]) -> str:
    """Return the word for one or for many, by the value that it names."""
    return word[2] if str(values[word[1]]) == _ONE else word[3]
