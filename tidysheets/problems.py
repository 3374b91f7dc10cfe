"""What is wrong with an input, in words that a clerk can act on.

Answers: where, what was found, what is allowed, what to do. Refuses: to repair anything.
"""

import csv
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


def sentences(text: str = "") -> dict[str, Sentence]:
    """Return the sentences of every kind of problem by code: this package's and those given.

    Parameters
    ----------
    text : str
        Further ones as CSV: code, severity, allowed_zh_hans, allowed_en, remedy_zh_hans, remedy_en.
    """
    own = (files("tidysheets") / "problems.csv").read_text(encoding="utf-8")
    found = {}
    for part in (own, text):
        for line in csv.DictReader(part.splitlines()):
            code = line.pop("code")
            found[code] = Sentence(**line)
    return found


@cache
def _own() -> Mapping[str, Sentence]:
    return sentences()


@cache
def _words(lang: str) -> dict[str, str]:
    text = (files("tidysheets") / "words.csv").read_text(encoding="utf-8")
    ending = "en" if lang == "en" else "zh_hans"
    return {line["word"]: line[ending] for line in csv.DictReader(text.splitlines())}


@dataclass(frozen=True)
class Problem:
    """One thing to correct (``severity`` error) or to look at (warning).

    ``row`` counts as the user's program does, from 1; ``address`` is the cell (``D7``) where
    the file has cells; ``column`` is the heading as the user wrote it. Where many cells of the
    column have the problem, it tells of the first, and ``runs`` are the first and last rows of all.
    """

    file: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    found: str = ""
    allowed: str = ""
    remedy: str = ""
    severity: str = "error"
    code: str = "other"
    address: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    runs: tuple[tuple[int, int], ...] = ()
    allowed_zh: str = ""
    remedy_zh: str = ""

    def text(self, lang: str = "zh-Hans") -> str:
        """Return the problem as one line in Chinese or English.

        Examples
        --------
        >>> print(make("not_whole", "a.csv", row=3, column="year", found="2.5").text("en"))
        error: a.csv, row 3, column year, found "2.5"; allowed: a whole number. \
change it to a whole number
        """
        words = _words(lang)
        allowed, remedy = self.allowed, self.remedy
        if lang != "en":
            allowed, remedy = self.allowed_zh or allowed, self.remedy_zh or remedy
        where = [
            self.file,
            self.sheet,
            self.address or (self.row and words["row"].format(self.row)),
        ]
        where.append(self.column and words["column"].format(self.column))
        where.append(self.runs and words["cells"].format(f"{self.count:,}", self.cells))
        blank = words["blank"] if self.code in ("value_missing", "other") else ""
        where.append(words["found"].format(self.found) if self.found else blank)
        line = f"{words[self.severity]}: " + words["sep"].join(str(w) for w in where if w)
        line += f"{words['then']}{words['allowed'].format(allowed)}{words['stop']}{remedy}"
        return signs.harmless(_traditional(line) if lang == "zh-Hant" else line)

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
        fields = asdict(self) | {"facts": dict(self.facts)}
        del fields["allowed_zh"], fields["remedy_zh"], fields["runs"]
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
    known = {name: str(value) for name, value in facts.items()}
    shown = f"{found:.15g}" if isinstance(found, float) else " ".join(str(found).split())
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    entry = (said or _own())[code]
    return Problem(
        file=str(file),
        sheet=sheet,
        row=row,
        column=column,
        found=shown,
        allowed=entry.allowed_en.format_map(known),
        remedy=entry.remedy_en.format_map(known),
        severity=entry.severity,
        code=code,
        address=address,
        facts=tuple(known.items()),
        allowed_zh=entry.allowed_zh_hans.format_map(known),
        remedy_zh=entry.remedy_zh_hans.format_map(known),
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
                more = _words(lang)["more"].format(len(same) - shown)
                lines.append(_traditional(more) if lang == "zh-Hant" else more)
    return "\n".join(lines)


def counts(problems: Iterable[Problem], place: object, lang: str = "zh-Hans") -> str:
    """Return how many cells have errors and warnings, and where the figures came from."""
    numbers = {"error": 0, "warning": 0}
    for problem in problems:
        numbers[problem.severity] += problem.count
    line = _words(lang)["counts"].format(place=place, **numbers)
    return signs.harmless(_traditional(line) if lang == "zh-Hant" else line)


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


def _traditional(text: str) -> str:
    return _converter("s2t").convert(text)


@lru_cache(maxsize=2**12)  # a unit stands in many cells
def simplified(text: str) -> str:
    """Return the text in Simplified script (简体)."""
    return text if text.isascii() else _converter("t2s").convert(text)
