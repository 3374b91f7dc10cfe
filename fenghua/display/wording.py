"""The words of the briefs in three languages, from one catalogue (``wording.csv``).

Answers: how a code or a sentence reads in a language. Refuses: to compute a figure it prints.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fenghua.display.filled import filled, is_one
from fenghua.inputs.records import rows_of
from fenghua.inputs.vocabulary import LANGUAGES, PlanData

if TYPE_CHECKING:
    import pandas as pd


def read_lines(key: str, file: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table that lies beside this module, by one of its columns."""
    text = files("fenghua.display").joinpath(file).read_text(encoding="utf-8")
    return {row[key]: row for row in csv.DictReader(io.StringIO(text))}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return the catalogue as written: key to its row with ``zh`` and ``en``."""
    return read_lines("key", "wording.csv")


@cache
def _converter() -> Any:
    from opencc import OpenCC  # loaded late: only Traditional pages need its dictionaries

    return OpenCC("s2tw")  # the characters of the standard forms, the words as written


def traditional(text: str) -> str:
    """Return Simplified Chinese text in Traditional script (繁体).

    Examples
    --------
    >>> traditional("亩均税收")
    '畝均稅收'
    """
    return _converter().convert(text)


@cache
def prepare(lang: str) -> None:
    """Load the words of a language, once for all pages of a process."""
    for key in catalogue():
        _template(key, lang, "district", "town")


LISTED, _FIRST = 6, 3  # names that a sentence lists; those it names of more
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


@cache
def _levels() -> dict[str, dict[str, str]]:
    """Return what the words for an area and its places become, by level (``levels.csv``)."""
    return read_lines("level", "levels.csv")


def level_of(area_name: str) -> str:
    """Return the level of an area by the ending of its Chinese name (行政层级).

    Examples
    --------
    >>> level_of("浙江省"), level_of("宁波市"), level_of("宁海县"), level_of("鹿城区")
    ('province', 'city', 'county', 'district')
    """
    endings = {row["ending"]: level for level, row in _levels().items() if row["ending"]}
    return endings.get(area_name[-1:], "area")


@cache
def _template(key: str, lang: str, level: str, places: str) -> str:
    """Return a sentence of the catalogue as an area of that level and its places call for."""
    sentence = _local(catalogue()[key]["en" if lang == "en" else "zh"], lang, level, places)
    return traditional(sentence) if lang == "zh-Hant" else sentence


@cache
def _local(sentence: str, lang: str, level: str, places: str) -> str:
    """Return a sentence on a district and its towns as one on another area; names in braces stay.

    Examples
    --------
    >>> _local("{town}: best of the towns", "en", "city", "county")
    '{town}: best of the counties'
    """
    own = _levels()
    written, meant = (own["district"], own["town"]), (own[level], own[places])
    parts = (
        ("en", "en_many")
        if lang == "en"
        else ("whole", "owned", "this", "here", "places", "places_full")
    )
    exchanged = {
        row[part]: new[part]
        for row, new in zip(written, meant, strict=True)
        for part in parts
        if row[part] and row[part] != new[part]
    }
    if exchanged:
        if lang == "en":
            exchanged |= {old.title(): new.capitalize() for old, new in exchanged.items()}
        inner = "|".join(sorted(map(re.escape, exchanged), key=len, reverse=True))
        pattern = rf"(?<!{{)\b(?:{inner})\b" if lang == "en" else inner
        sentence = re.sub(pattern, lambda found: exchanged[found[0]], sentence)
    return sentence


@dataclass(frozen=True)
class Words:
    """The catalogue in one of ``vocabulary.LANGUAGES``; call it with a key and what it prints.

    The catalogue speaks of a district and its towns; a plan of another ``level``, or with other
    ``places``, says what these are instead. ``own`` are names of the plan's own codes, by key.

    Examples
    --------
    >>> Words("en")("status.on_track"), Words("zh-Hant")("status.on_track")
    ('on schedule', '符合序時進度')
    >>> Words("en")("index.pages", n=1), Words("en")("index.pages", n=2)
    ('1 page', '2 pages')
    >>> [Words("en", level)("town.whole") for level in ("district", "province")]
    ['Whole district', 'Whole province']
    >>> Words("zh-Hans", "city", "county")("brief.town_comparison")
    '区县比较'
    """

    lang: str
    level: str = "district"
    places: str = "town"
    own: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise ValueError(f"lang is {self.lang!r}; allowed: {', '.join(LANGUAGES)}")

    @classmethod
    def of_plan(cls, lang: str, ds: PlanData) -> "Words":
        """Return the words of a plan: of its area's level, its places, its own blocks and texts."""
        level = level_of(str(ds.plan["area_name_zh_hans"]))
        kinds = set(ds.towns["kind"]) - {"zone"}
        places = next(iter(kinds)) if len(kinds) == 1 and kinds <= set(_levels()) else "town"
        plain = cls(lang)
        own = {f"block.{row['block']}": plain.name(row) for row in rows_of(ds.blocks)}
        if lang == "en":
            units = _glosses(ds.indicators, "unit")
            own |= {key: _both(said) for key, said in units.items()}
            for register in (ds.targets, ds.parent_targets, ds.policy_rules):
                own |= _glosses(register, "printed")
        return cls(lang, level, places, own)

    def knows(self, key: str) -> bool:
        """Tell whether there is a sentence for ``key``."""
        return key in self.own or key in catalogue()

    @property
    def is_chinese(self) -> bool:
        """Whether the page is written in Chinese."""
        return self.lang != "en"

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the sentence for ``key``; the template is converted, the values are kept."""
        if key in self.own:
            return self.own[key]
        if key not in catalogue():
            raise KeyError(f"{key!r} is not in the wording catalogue")
        return filled(_template(key, self.lang, self.level, self.places), values)

    def local(self, text: str) -> str:
        """Return a text on a district and its towns as one on this plan's area and places."""
        return _local(text, self.lang, self.level, self.places)

    def get(self, key: str) -> str:
        """Return the words for ``key``, nothing where the catalogue has none."""
        return self(key) if self.knows(key) else ""

    def name(self, row: Mapping[str, Any], *, prefix: str = "name") -> str:
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
        >>> Words("en").term("家", count='<span data-r="0">1</span>')
        'firm'
        """
        key = f"unit.{text}"
        if self.lang == "en":
            known = catalogue()[key]["en"] if key in catalogue() else text
            one, _, many = self.own.get(key, known).partition("|")
            return one if is_one(count) or not many else many
        return text if self.lang == "zh-Hans" else traditional(text)

    def printed(self, text: str) -> str:
        """Return a text as the plan prints it, in the page's script or the register's English."""
        if self.lang == "en" and (gloss := self.own.get(f"printed.{text}")):
            return gloss
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
        is_proper = name.partition(" ")[2][:1].isupper()  # of several words with capitals
        if self.is_chinese or not name[1:2].islower() or is_proper:
            return name
        return name[:1].lower() + name[1:]

    def named(self, names: Iterable[str]) -> str:
        """Return a list of names as it stands inside a sentence."""
        return self.join([self.within(name) for name in names])

    def few(self, names: Iterable[str], *, key: str = "page.few") -> str:
        """Join names into a list; of many equals the first ones, and how many there are.

        Examples
        --------
        >>> Words("zh-Hans").few("甲乙"), Words("zh-Hans").few("甲乙丙丁戊己庚")
        ('甲、乙', '甲、乙、丙等 7 项')
        """
        every = list(names)
        if len(every) <= LISTED:
            return self.join(every)
        return self(key, names=self.join(every[:_FIRST]), n=len(every))

    def join(self, items: list[str]) -> str:
        """Join names into a list as the language does: ``甲、乙`` or ``a, b and c``.

        Names that hold the mark of a list are parted by a stronger one: ``甲、乙，丙`` or
        ``a, total; b; and c``.
        """
        if self.is_chinese:
            return ("，" if any("、" in item for item in items) else "、").join(items)
        if len(items) < 3:
            return " and ".join(items)
        if any(", " in item for item in items):
            return "; ".join(items[:-1]) + f"; and {items[-1]}"
        return ", ".join(items[:-1]) + f" and {items[-1]}"


def _glosses(register: "pd.DataFrame", column: str) -> dict[str, str]:
    """Return a register's own English for the texts of a column, by key."""
    if f"{column}_en" not in register:
        return {}
    rows = rows_of(register[[column, f"{column}_en"]])
    return {f"{column}.{row[column]}": row[f"{column}_en"] for row in rows if row[f"{column}_en"]}


@cache
def _both(unit: str) -> str:
    """Return a plan's own word for a unit with its form for one, where the catalogue knows it.

    Examples
    --------
    >>> _both("places"), _both("lamp|lamps"), _both("TEU")
    ('place|places', 'lamp|lamps', 'TEU')
    """
    known = (row["en"] for key, row in catalogue().items() if key.startswith("unit."))
    return next((pair for pair in known if pair.partition("|")[2] == unit), unit)
