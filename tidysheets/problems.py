"""What is wrong with an input, in words that a clerk can act on.

Answers: where, what was found, what is allowed, what to do. Refuses: to repair anything.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from tidysheets import signs

FEW: Final = 20  # so many cells of a column are told one by one, more of them together
SHOWN_PER_KIND: Final = 20  # errors must all go; of notes, which are a choice, there are fewer
SHOWN_NOTES: Final = 3
_LONGEST: Final = 60


@dataclass(frozen=True)
class Sentence:
    """What a kind of problem says is allowed and what to do, with places for its facts."""

    severity: str
    allowed_zh_hans: str
    allowed_en: str
    remedy_zh_hans: str
    remedy_en: str


def register(name: str) -> list[dict[str, str]]:
    """Return the rows of a register of this package (``units.csv``)."""
    text = (files("tidysheets") / name).read_text(encoding="utf-8")
    return [*csv.DictReader(text.splitlines())]


def sentences(text: str = "") -> dict[str, Sentence]:
    """Return the sentences of every kind of problem by code: this package's and those given.

    Parameters
    ----------
    text : str
        Further ones as CSV: code, severity, allowed_zh_hans, allowed_en, remedy_zh_hans, remedy_en.
    """
    lines = [*register("problems.csv"), *csv.DictReader(text.splitlines())]
    return {line.pop("code"): Sentence(**line) for line in lines}


@cache
def _own() -> Mapping[str, Sentence]:
    return sentences()


@cache
def words(lang: str) -> dict[str, str]:
    """Return what messages have in common, in a language."""
    ending = "en" if lang == "en" else "zh_hans"
    return {line["word"]: _script(line[ending], lang) for line in register("words.csv")}


class Term(str):
    """A word of ours in a message, in Simplified Chinese; ``en`` is what English calls it.

    All other text of a message is the user's own and is never put into other signs.
    """

    en: str

    def __new__(cls, zh: str, en: str = "") -> "Term":
        """Keep the Chinese word as the text; without an English one it is the same in both."""
        term = super().__new__(cls, zh)
        term.en = en or zh
        return term

    def __getnewargs__(self) -> tuple[str, str]:
        """Tell `pickle` what it is made of."""
        return str(self), self.en

    @classmethod
    def joined(cls, words: Iterable[str]) -> "Term":
        """Return words, ours and others, as a list."""
        own = [*words]
        return cls(*(", ".join(_worded(word, lang) for word in own) for lang in ("zh-Hans", "en")))


def _worded(word: str, lang: str) -> str:
    """Return a word of ours in a language, any other text as it is."""
    if not isinstance(word, Term):
        return word
    return word.en if lang == "en" else _script(str(word), lang)


def _script(text: str, lang: str) -> str:
    return _traditional(text) if lang == "zh-Hant" else text


@dataclass(frozen=True)
class Problem:
    """One thing to correct (``severity`` error) or to look at (warning).

    ``row`` counts as the user's program does, from 1; ``address`` is the cell (``D7``) where
    the file has cells; ``column`` is the heading as the user wrote it. Where many cells of the
    column have the problem, it tells of the first, and ``runs`` are the first and last rows of all.
    """

    file: str
    code: str
    sentence: Sentence
    sheet: str = ""
    row: int | None = None
    column: str = ""
    found: str = ""
    address: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    runs: tuple[tuple[int, int], ...] = ()

    @property
    def severity(self) -> str:
        """Whether it must go (error) or is to be looked at (warning)."""
        return self.sentence.severity

    @property
    def allowed(self) -> str:
        """What is allowed, in English."""
        return self._told("allowed", "en")

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        return self._told("remedy", "en")

    def _told(self, part: str, lang: str) -> str:
        sentence = getattr(self.sentence, f"{part}_en" if lang == "en" else f"{part}_zh_hans")
        known = {name: _worded(value, lang) for name, value in self.facts}
        return _script(sentence, lang).format_map(known)

    def text(self, lang: str = "zh-Hans") -> str:
        """Return the problem as one line in Chinese or English.

        Examples
        --------
        >>> print(make("not_whole", "a.csv", row=3, column="year", found="2.5").text("en"))
        error: a.csv, row 3, column year, found "2.5"; allowed: a whole number. \
change it to a whole number
        """
        said = words(lang)
        where = [
            self.file,
            self.sheet,
            self.address or (self.row and said["row"].format(self.row)),
        ]
        where.append(self.column and said["column"].format(_worded(self.column, lang)))
        where.append(self.runs and said["cells"].format(f"{self.count:,}", self.cells))
        blank = said["blank"] if self.code == "value_missing" else ""
        where.append(said["found"].format(self.found) if self.found else blank)
        line = f"{said[self.severity]}: " + said["sep"].join(str(w) for w in where if w)
        line += f"{said['then']}{said['allowed'].format(self._told('allowed', lang))}"
        return signs.harmless(f"{line}{said['stop']}{self._told('remedy', lang)}")

    @property
    def count(self) -> int:
        """How many cells have the problem."""
        return sum(last - first + 1 for first, last in self.runs) or 1

    @property
    def cells(self) -> str:
        """The cells that have the problem: D2:D9, or the first of them: D2, D5:D7, D9 …"""
        return self._cells(self.runs[:FEW]) + (" …" if len(self.runs) > FEW else "")

    def _cells(self, runs: tuple[tuple[int, int], ...]) -> str:
        letter = self.address.rstrip("0123456789")
        return ", ".join(
            f"{letter}{first}" + (f":{letter}{last}" if last > first else "")
            for first, last in runs
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the fields for machines, with both languages' lines."""
        fields = asdict(self)
        del fields["sentence"], fields["runs"]
        english = {f"{n}_en": v.en for n, v in self.facts if isinstance(v, Term) and v.en != v}
        fields |= {"facts": dict(self.facts) | english, "severity": self.severity}
        fields |= {"allowed": self.allowed, "remedy": self.remedy}
        fields |= {"count": self.count, "cells": self._cells(self.runs)}
        return fields | {"text_zh": self.text("zh-Hans"), "text_en": self.text("en")}


def refused(code: str, file: object, **facts: Any) -> "InputError":
    """Return the error of a file that is not read, with its one problem."""
    return InputError([make(code, file, **facts)])


def make(
    code: str,
    file: object,
    *,
    sheet: str = "",
    row: int | None = None,
    column: str = "",
    found: object = "",
    address: str = "",
    said: Mapping[str, Sentence] | None = None,
    **facts: object,
) -> Problem:
    """Return a problem of a kind on record; ``facts`` fill its sentences.

    ``said`` are the sentences of a schema; without them this package's own.
    """
    known = ((n, v if isinstance(v, Term) else str(v)) for n, v in facts.items())
    shown = f"{found:.15g}" if isinstance(found, float) else " ".join(str(found).split())
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    return Problem(
        file=str(file),
        code=code,
        sentence=(said or _own())[code],
        sheet=sheet,
        row=row,
        column=column,
        found=shown,
        address=address,
        facts=tuple(known),
    )


def report(problems: Iterable[Problem], lang: str = "zh-Hans") -> str:
    """Return the errors by file and sheet, then the notes; some of each kind and then a count."""
    groups: dict[tuple[str, str], dict[str, list[Problem]]] = {}
    notes: dict[str, list[Problem]] = {}
    for problem in problems:
        of_sheet = groups.setdefault((problem.file, problem.sheet), {})
        kinds = notes if problem.severity == "warning" else of_sheet
        kinds.setdefault(problem.code, []).append(problem)
    lines: list[str] = []
    for kinds, shown in [*((own, SHOWN_PER_KIND) for own in groups.values()), (notes, SHOWN_NOTES)]:
        for same in kinds.values():
            lines += [problem.text(lang) for problem in same[:shown]]
            if len(same) > shown:
                lines.append(words(lang)["more"].format(len(same) - shown))
    return "\n".join(lines)


def counts(problems: Iterable[Problem], place: object, lang: str = "zh-Hans") -> str:
    """Return how many cells have errors and warnings, and where the figures came from."""
    numbers = {"error": 0, "warning": 0}
    for problem in problems:
        numbers[problem.severity] += problem.count
    said = words(lang)["counts"].format(place="{}", **numbers)
    said = re.sub(r"\b1 (error|warning)s", r"1 \1", said)  # of English alone
    return signs.harmless(said.format(place))


class InputError(Exception):
    """Inputs that cannot be used; ``problems`` holds every one of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """List the problems in Chinese and then in English."""
        return report(self.problems, "zh-Hans") + "\n\n" + report(self.problems, "en")


@cache
def _converter(name: str) -> Any:
    from opencc import OpenCC

    return OpenCC(name)


@lru_cache(maxsize=2**9)  # a sentence is told of many cells
def _traditional(text: str) -> str:
    return _converter("s2tw").convert(text)


@lru_cache(maxsize=2**12)  # a unit stands in many cells
def simplified(text: str) -> str:
    """Return the text in Simplified script (简体)."""
    return text if text.isascii() else _converter("t2s").convert(text)
