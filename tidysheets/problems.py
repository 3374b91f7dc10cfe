"""What is wrong with an input, in words that a clerk can act on.

Answers: where, what was found, what is allowed, what to do. Refuses: to repair anything.
"""

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

SHOWN_PER_KIND = 20
_WORDS = {
    "zh-Hans": {
        "error": "错误",
        "warning": "提示",
        "row": "第{}行",
        "column": "列“{}”",
        "found": "填的是“{}”",
        "blank": "没有填写",
        "allowed": "应为：{}",
        "stop": "。",
        "sep": "，",
        "then": "；",
        "more": "……另有 {} 处同类问题",
        "counts": "{error} 个错误，{warning} 个提示；数据：{place}",
    },
    "en": {
        "error": "error",
        "warning": "note",
        "row": "row {}",
        "column": "column {}",
        "found": 'found "{}"',
        "blank": "found nothing",
        "allowed": "allowed: {}",
        "stop": ". ",
        "sep": ", ",
        "then": "; ",
        "more": "... and {} more of this kind",
        "counts": "{error} errors, {warning} warnings; figures from {place}",
    },
}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return the sentences of every kind of problem, by code."""
    text = (files("tidysheets") / "problems.csv").read_text(encoding="utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines())}


@dataclass(frozen=True)
class Problem:
    """One thing to correct (``severity`` error) or to look at (warning).

    ``row`` counts as the user's program does, from 1; ``address`` is the cell (``D7``) where
    the file has cells; ``column`` is the heading as the user wrote it.
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

    def text(self, lang: str = "zh-Hans") -> str:
        """Return the problem as one line in Chinese or English.

        Examples
        --------
        >>> print(make("not_whole", "a.csv", row=3, column="year", found="2.5").text("en"))
        error: a.csv, row 3, column year, found "2.5"; allowed: a whole number. \
change it to a whole number
        """
        words = _WORDS["en" if lang == "en" else "zh-Hans"]
        allowed, remedy = self._sentences(lang)
        where = [
            self.file,
            self.sheet,
            self.address or (self.row and words["row"].format(self.row)),
        ]
        where.append(self.column and words["column"].format(self.column))
        blank = words["blank"] if self.code in ("value_missing", "other") else ""
        where.append(words["found"].format(self.found) if self.found else blank)
        line = f"{words[self.severity]}: " + words["sep"].join(str(w) for w in where if w)
        line += f"{words['then']}{words['allowed'].format(allowed)}{words['stop']}{remedy}"
        return _traditional(line) if lang == "zh-Hant" else line

    def _sentences(self, lang: str) -> tuple[str, str]:
        if self.code not in catalogue():
            return self.allowed, self.remedy
        ending = "en" if lang == "en" else "zh_hans"
        row, facts = catalogue()[self.code], dict(self.facts)
        return (
            row[f"allowed_{ending}"].format_map(facts),
            row[f"remedy_{ending}"].format_map(facts),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the fields for ``--json``, with both languages' sentences."""
        fields = asdict(self) | {"facts": dict(self.facts)}
        return fields | {
            f"text_{n}": self.text(lang) for n, lang in (("zh", "zh-Hans"), ("en", "en"))
        }


def make(
    code: str,
    file: object,
    *,
    sheet: str = "",
    row: int | None = None,
    column: str = "",
    found: object = "",
    address: str = "",
    **facts: object,
) -> Problem:
    """Return a problem of a catalogued kind; ``facts`` fill its sentences."""
    said = tuple((key, str(value)) for key, value in facts.items())
    shown = f"{found:.15g}" if isinstance(found, float) else " ".join(str(found).split())
    shown = shown if len(shown) <= 60 else shown[:59] + "…"
    entry = catalogue()[code]
    known = dict(said)
    return Problem(
        file=str(file),
        sheet=sheet,
        row=row,
        column=column,
        found=shown,
        allowed=entry["allowed_en"].format_map(known),
        remedy=entry["remedy_en"].format_map(known),
        severity=entry["severity"],
        code=code,
        address=address,
        facts=said,
    )


def report(
    problems: Iterable[Problem], lang: str = "zh-Hans", *, shown: int = SHOWN_PER_KIND
) -> str:
    """Return the problems by file and sheet, at most ``shown`` of a kind and then a count."""
    groups: dict[tuple[str, str], dict[str, list[Problem]]] = {}
    for problem in problems:
        groups.setdefault((problem.file, problem.sheet), {}).setdefault(problem.code, []).append(
            problem
        )
    words = _WORDS["en" if lang == "en" else "zh-Hans"]
    lines: list[str] = []
    for kinds in groups.values():
        for same in kinds.values():
            lines += [problem.text(lang) for problem in same[:shown]]
            if len(same) > shown:
                lines.append(words["more"].format(len(same) - shown))
    return "\n".join(lines)


def counts(problems: Iterable[Problem], place: object, lang: str = "zh-Hans") -> str:
    """Return how many errors and warnings there are, and where the figures came from."""
    levels = [problem.severity for problem in problems]
    numbers = {level: levels.count(level) for level in ("error", "warning")}
    line = _WORDS["en" if lang == "en" else "zh-Hans"]["counts"].format(place=place, **numbers)
    return _traditional(line) if lang == "zh-Hant" else line


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


def simplified(text: str) -> str:
    """Return the text in Simplified script (简体)."""
    return text if text.isascii() else _converter("t2s").convert(text)
