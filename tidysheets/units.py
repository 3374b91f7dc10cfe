"""Units that convert into each other, and words as they are compared.

Answers: how many of one unit another is. Refuses: to convert between dimensions.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from tidysheets import signs
from tidysheets.problems import register, simplified

BRACKETS: Final = re.compile(r"[(\[【<〔（]([^()\[\]【】<>〔〕（）]*)[)\]】>〕）]")
_STATED: Final = re.compile(r"(?:单位|units?)\s*[:：]", re.IGNORECASE)
_REMARKED: Final = re.compile(r"单位(?:[为是:]|应为|改为|均为)?([^,;。;、为是:]+)")
_LISTED: Final = re.compile(r"[、,，;；和()（）\[\]【】]")
_CHANGE: Final = "_change"  # ends the dimension of percentage points
_COUNTED: Final = ("people", "year")  # nobody counts the workers of a firm in 万人
_THING: Final = "thing"  # 个 counts whatever 家, 项 or 台 count


@lru_cache(maxsize=2**12, typed=True)  # a unit stands in many cells
def plain(text: object) -> str:
    """Return a heading or unit without case, spaces, width or bracket differences."""
    return re.sub(r"\s+", "", signs.half_width(str(text))).casefold()


@lru_cache(maxsize=2**12)  # a unit stands in many cells
def _spelled(unit: str) -> str:
    """Return a unit as units are compared: （萬元） is 万元."""
    return plain(simplified(unit)).strip("()[]")


@lru_cache(maxsize=2**14)
def key(text: str) -> str:
    """Return a heading without script, case, spaces and signs, to compare by."""
    return re.sub(r"[\W_]+", "", plain(simplified(text)).replace("r&d", "rd"))


def comparable(text: str) -> str:
    """Return a value's way of writing as `key` does, or as it stands where it is signs alone.

    Examples
    --------
    >>> comparable("不低於 "), comparable("≥")
    ('不低于', '≥')
    """
    return key(text) or text.strip()


@dataclass(frozen=True, eq=False)
class Units:
    """Units that convert into each other: ``entries`` give name, dimension and size by spelling."""

    entries: Mapping[str, tuple[str, str, Fraction]]

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str]]) -> "Units":
        """Return the units of a register: unit, dimension, numerator, denominator, aliases."""
        entries = {}
        for row in rows:
            size = Fraction(int(row["numerator"]), int(row["denominator"]))
            for name in (row["unit"], *row["aliases"].split(";")):
                entries[_spelled(name)] = (row["unit"], row["dimension"], size)
        entries.pop("", None)
        return cls(MappingProxyType(entries))

    @classmethod
    def common(cls) -> "Units":
        """Return the units of Chinese office files: money, land, energy, mass, counts."""
        return cls.of(register("units.csv"))

    def name(self, text: str) -> str:
        """Return the register's name of a unit, or nothing when it is not one.

        Examples
        --------
        >>> units = Units.common()
        >>> units.name("吨标煤"), units.name("萬元"), units.name("KWh"), units.name("所属镇")
        ('吨标准煤', '万元', '千瓦时', '')
        """
        entry = self.entries.get(_spelled(text))
        return entry[0] if entry else ""

    def factor(self, found: str, wanted: str) -> Fraction | None:
        """Return what a figure in one unit is multiplied by to stand in another.

        Examples
        --------
        >>> units = Units.common()
        >>> units.factor("公顷", "亩"), units.factor("元", "万元"), units.factor("亩", "万元")
        (Fraction(15, 1), Fraction(1, 10000), None)
        >>> units.factor("个", "家"), units.factor("项", "家")
        (Fraction(1, 1), None)
        """
        spelled = _spelled(found), _spelled(wanted)
        if spelled[0] == spelled[1]:
            return Fraction(1)
        first, second = map(self.entries.get, spelled)
        if not first or not second:
            return None
        kinds = {first[1], second[1]}
        is_count = _THING in kinds and all(kind.startswith(_THING) for kind in kinds)
        if not is_count and second[1] not in (first[1], first[1] + _CHANGE):
            return None
        return first[2] / second[2]

    def has_sizes(self, unit: str) -> bool:
        """Tell whether people write amounts in this unit in others as well: 万元 or 亿元, not 人.

        Examples
        --------
        >>> units = Units.common()
        >>> units.has_sizes("万元"), units.has_sizes("人"), units.has_sizes("")
        (True, False, False)
        """
        name, kind, _ = self.entries.get(_spelled(unit), ("", "", None))
        others = {other for other, own, _ in self.entries.values() if own == kind}
        return kind not in ("", *_COUNTED) and others != {name}

    def is_change(self, found: str, wanted: str) -> bool:
        """Tell whether a unit is of the change of what another measures.

        Examples
        --------
        >>> units = Units.common()
        >>> units.is_change("百分点", "%"), units.is_change("%", "百分点")
        (True, False)
        """
        first, second = map(self.entries.get, (_spelled(found), _spelled(wanted)))
        return first is not None and second is not None and first[1] == second[1] + _CHANGE


def unit_said(text: str, units: Units) -> str:
    """Return the unit that a remark says the figure beside it is in; a year says when.

    Examples
    --------
    >>> units = Units.common()
    >>> [unit_said(text, units) for text in ("单位为亿元", "快报，单位：家", "元", "年度")]
    ['亿元', '家', '元', '']
    """
    said = _REMARKED.search(plain(simplified(text)))
    unit = units.name(said[1] if said else text)
    return "" if unit == units.name("year") else unit


def stated_units(rows: Iterable[Sequence[Any]], units: Units) -> set[str]:
    """Return the units that the lines above a header state for the whole table (单位：千元).

    A line of one text is a title and may say so in brackets alone; the unit may also stand in the
    cell behind its word.

    Examples
    --------
    >>> sorted(stated_units([["企业（亿元、公顷）"], ["单位：", "家"]], Units.common()))
    ['亿元', '公顷', '家']
    """
    found: set[str] = set()
    for row in rows:
        texts = [simplified(cell) for cell in row if isinstance(cell, str) and cell.strip()]
        texts = list(dict.fromkeys(texts))
        if len(texts) == 1 and row[0] not in ("", None):
            for listed in map(_parts, BRACKETS.findall(texts[0])):
                named = {units.name(word) for word in listed}
                found |= set() if "" in named else named
        for text, behind in itertools.pairwise([*texts, ""]):
            _, *stated = _STATED.split(text)
            words = [word for part in stated for word in _parts(part.strip() or behind)]
            found |= {units.name(word) or units.name(word.split()[0]) for word in words}
    return found - {""}


def _parts(text: str) -> list[str]:
    return [word.strip() for word in _LISTED.split(text) if word.strip()]
