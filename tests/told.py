"""What a rendered page says, read back from its HTML: sentences, titles, tallies and tables.

Answers: which template of the catalogue a sentence follows, and what filled it. Refuses: to ask
the code that wrote the page; rows come from the CSVs that the page itself holds.
"""

import base64
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pandas as pd

from fenghua.display import columns
from fenghua.display.wording import Words, catalogue

TAG = re.compile("<[^>]*>")
FIELD = re.compile(r"\{(\w+)(?:\|([^|{}]*)\|([^{}]*))?\}")
NUMBER = re.compile("[-\u2212+]?\\d+(?:,\\d{3})*(?:\\.\\d+)?%?")
OF_YEAR = re.compile("^\\d{4}年")  # in Chinese the year of a verdict stands before its gap
OF_TWO = re.compile(r"\b(all|none)\b", re.IGNORECASE)
TWO = {"all": "both", "none": "neither"}  # "both" stands for the number, too


@dataclass(frozen=True)
class Told:
    """What one page says.

    Attributes
    ----------
    name : str
        Its place: ``2025/en/public/gaps.html``.
    words : Words
        Its language.
    headline, against : str
        The finding; the line against last year.
    points, titles : list of str
        The claims of the key points; the titles of tables and figures, without their labels.
    tables : mapping
        The saved tables by anchor (``t1``, ``f1``): heads in words, codes under their own names.
    tallies : list of dict
        Numbers by status code, one dict a block of bars.
    """

    name: str
    words: Words
    headline: str
    against: str
    points: list[str]
    titles: dict[str, str]
    tables: Mapping[str, pd.DataFrame]
    tallies: list[dict[str, int]]

    @property
    def brief(self) -> str:
        return self.name.rpartition("/")[2].removesuffix(".html").partition("-")[0]

    def found(self, key: str, table: pd.DataFrame) -> str:
        """Return the heading of a column of the register in a table, or nothing."""
        spec = columns.register()[key]
        text = spec["en"] if self.words.lang == "en" else spec["zh"]
        if text.startswith("@"):
            text = catalogue()[text[1:]]["en" if self.words.lang == "en" else "zh"]
        if self.words.lang == "zh-Hant":
            text = Words("zh-Hant").term(text)
        pattern = re.escape(text)
        wanted = re.compile(re.sub(r"\\\{\w+\\\}", ".*?", pattern) + r"( ?[(（].*)?")
        heads = [head for head in table.columns if wanted.fullmatch(head)]
        return text if text in heads else "".join(heads[:1])

    def head(self, key: str, table: pd.DataFrame) -> str:
        """Return the heading of a column that a table must have."""
        head = self.found(key, table)
        assert head, f"{self.name}: no column {key!r} in {list(table.columns)}"
        return head

    def column(self, key: str, table: pd.DataFrame) -> pd.Series:
        return table[self.head(key, table)]


def bare(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(TAG.sub("", html))).strip()


def read(path: Path, root: Path) -> Told:
    """Return what a page says."""
    html = path.read_text(encoding="utf-8")
    name = path.relative_to(root).as_posix()
    tables = {}
    for found in re.finditer(
        r'href="#([tf]\d+)"[^>]*>[^<]*</a> <a class="dl"[^>]*base64,([^"]+)', html
    ):
        text = base64.b64decode(found[2]).decode("utf-8-sig")
        tables[found[1]] = pd.read_csv(io.StringIO(text), dtype={"town_code": str, "period": str})
    titles = {
        found[1]: bare(found[2])
        for found in re.finditer(r'id="([tf]\d+)">.*?<b>[^<\u3000]*\u3000(.*?)</b>', html, re.S)
    }
    key = re.search(r'<ol class="key">(.*?)</ol>', html, re.S)
    against = re.search(r'<p class="vs">(.*?)</p>', html, re.S)
    tallies = [
        {c: int(n) for c, n in re.findall(r'<li class="s-(\w+)">.*?<b>(\d+)</b>', block, re.S)}
        for block in re.findall(r"<div><h3>.*?</h3><ul>(.*?)</ul></div>", html, re.S)
    ]
    return Told(
        name,
        Words(name.split("/")[1]),
        bare(re.search(r"<h1>(.*?)</h1>", html, re.S)[1]),
        bare(against[1]) if against else "",
        [bare(claim) for claim in re.findall(r"<li><b>(.*?)</b>", key[1], re.S)] if key else [],
        titles,
        tables,
        tallies,
    )


def facts(sentence: str, keys: Iterable[str], words: Words) -> tuple[str, dict[str, str]]:
    """Return which template of the catalogue a sentence begins with, and what filled it.

    What is said of all or of none comes first: it would fit the sentence about some, too.
    """
    keys = sorted(keys, key=lambda key: not re.search(r"_(all|no)(_|\.|$)", key))
    for whole in (True, False):
        for key in keys:
            found = re.match(pattern(key, words) + "$" * whole, sentence.strip())
            if found:
                return key, {name: text or "2" for name, text in found.groupdict().items()}
    return "", {}


def pattern(key: str, words: Words) -> str:
    """Return a template of the catalogue as a regular expression with its facts as groups."""
    template = catalogue()[key]["en" if words.lang == "en" else "zh"].strip()
    template = Words("zh-Hant").term(template) if words.lang == "zh-Hant" else template
    parts, seen, last, before = [], set(), 0, ""
    for field in FIELD.finditer(template):
        between = re.escape(template[last : field.start()])
        name, one, many = field.groups()
        if many is not None:
            two = OF_TWO.sub(lambda word: TWO[word[0].lower()], many)
            parts += [between, f"(?:{'|'.join(map(re.escape, (one, many, two)))})"]
        else:
            said = f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
            parts.append(f"(?:{between}{said})?" if before == "all" else between + said)
            seen.add(name)
        last, before = field.end(), many
    return "".join([*parts, re.escape(template[last:])])


def keys(*stems: str) -> list[str]:
    """Return the keys of the catalogue that are these, or their variants for a moment."""
    return [k for k in catalogue() if any(k == s or k.startswith(f"{s}.") for s in stems)]


def number(text: str) -> float:
    found = NUMBER.search(text)
    return float(found[0].replace(",", "").replace("\u2212", "-").rstrip("%"))


def agrees(printed: str, value: float) -> bool:
    """Tell whether a printed figure is a value to half its last digit."""
    found = NUMBER.search(printed)
    digits = len(found[0].rstrip("%").partition(".")[2]) if found else 0
    return found is not None and abs(abs(number(printed)) - abs(value)) <= 0.5000001 * 10**-digits


def names_in(
    text: str, rows: pd.DataFrame, told: Told, key: str
) -> Iterator[tuple[str, pd.Series]]:
    """Yield the rows whose names stand in a text, with what follows each name, longest first."""
    heads = told.column(key, rows)
    for i in heads.str.len().sort_values(ascending=False).index:
        for name in dict.fromkeys((heads[i], told.words.within(heads[i]))):
            if name in text:
                yield OF_YEAR.sub("", text.partition(name)[2]), rows.loc[i]
                text = text.replace(name, "\x00" * len(name))
                break


def wrong(what: str, said: Mapping[str, str], known: Mapping[str, float]) -> Iterator[str]:
    """Yield the facts of a sentence that differ from what the tables say."""
    for name in sorted(set(said) & set(known)):
        if not NUMBER.search(said[name]) or number(said[name]) != known[name]:
            yield f"{what}: {name} is {said[name]!r}, tables {known[name]}"
