"""The truth test: what pages say in sentences, recomputed from the tables of the same pages.

Answers: which headline, key point or title does not follow from cells that its page shows, and
what two pages of one run say differently about one thing. Refuses: to ask the code that wrote
them: sentences are read back through their templates in the catalogue, rows from the CSVs.

``make truth`` renders all converted briefs at eight moments and checks them; ``ARGS`` narrows it.
"""

import argparse
import base64
import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pandas as pd

from fenghua import report
from fenghua.display import columns
from fenghua.display.wording import Words, catalogue
from fenghua.inputs.vocabulary import BEHIND, KEEPING_UP, LANGUAGES

MOMENTS = ("2021-06", "2022-05", "2022", "2023-06", "2023", "2024-Q2", "2025", "2026-06")
TAG = re.compile("<[^>]*>")
SAVED = re.compile(r'href="#([tf]\d+)"[^>]*>[^<]*</a> <a class="dl"[^>]*base64,([^"]+)')
FIELD = re.compile(r"\{(\w+)(?:\|([^|{}]*)\|([^{}]*))?\}")
NUMBER = re.compile("[-\u2212+]?\\d+(?:,\\d{3})*(?:\\.\\d+)?%?")


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

    def head(self, key: str, table: pd.DataFrame) -> str:
        """Return the heading of a column of the register in a table; facts may stand in it."""
        spec = columns.register()[key]
        text = spec["en"] if self.words.lang == "en" else spec["zh"]
        if text.startswith("@"):
            text = catalogue()[text[1:]]["en" if self.words.lang == "en" else "zh"]
        if self.words.lang == "zh-Hant":
            text = Words("zh-Hant").term(text)
        pattern = re.escape(text)
        wanted = re.compile(re.sub(r"\\\{\w+\\\}", ".*?", pattern) + r"( ?[(（].*)?")
        return next(head for head in table.columns if wanted.fullmatch(head))

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
        found[1]: bare(found[2]).partition("\u3000")[2]
        for found in re.finditer(r'id="([tf]\d+)">.*?<b>(.*?)</b>', html, re.S)
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
    """Return which template of the catalogue a sentence begins with, and what filled it."""
    for whole in (True, False):
        for key in keys:
            found = re.match(pattern(key, words) + "$" * whole, sentence.strip())
            if found:
                return key, found.groupdict()
    return "", {}


def pattern(key: str, words: Words) -> str:
    """Return a template of the catalogue as a regular expression with its facts as groups."""
    template = catalogue()[key]["en" if words.lang == "en" else "zh"].strip()
    template = Words("zh-Hant").term(template) if words.lang == "zh-Hant" else template
    parts, seen, last = [], set(), 0
    for field in FIELD.finditer(template):
        parts.append(re.escape(template[last : field.start()]))
        name, one, many = field.groups()
        if many is not None:
            parts.append(f"(?:{re.escape(one)}|{re.escape(many)})")
        else:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
            seen.add(name)
        last = field.end()
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
                yield text.partition(name)[2], rows.loc[i]
                text = text.replace(name, "\x00" * len(name))
                break


def of_gaps(told: Told) -> Iterator[str]:
    """Check the page of gaps."""
    table = told.tables["t1"]
    behind, good = table[table["status"].isin(BEHIND)], table[table["status"].isin(KEEPING_UP)]
    counts = {"total": len(table), "judged": len(behind) + len(good), "good": len(good)}
    counts["open"] = counts["total"] - counts["judged"]
    gap = told.head("shortfall", table)
    counts["reached"] = int((good[gap] >= 0).sum())
    heads = keys("gaps.finding", "gaps.finding_good", "gaps.finding_missing")
    key, said = facts(told.headline, heads, told.words)
    yield from wrong("headline", said, counts) if key else ["headline: no template fits"]
    for part in ("worst", "least"):
        for after, row in names_in(said.get(part, ""), table, told, "indicator"):
            if not agrees(after, row[gap]):
                yield f"headline: {part} {row['indicator_id']}: {after[:20]!r}, table {row[gap]}"
            if (part == "worst") != (row["status"] in BEHIND):
                yield f"headline: {part} {row['indicator_id']} is {row['status']}"
    for point in told.points:
        yield from _point(point, told, table, counts, gap)
    yield from _against(told, table)
    tasks = [
        other
        for anchor, other in told.tables.items()
        if anchor > "t1" and {"status", "indicator_id"} <= set(other)
    ]
    for name, rows in (("table", [table]), ("tasks", tasks)):
        found = pd.concat(rows)["status"].value_counts().to_dict() if rows else {}
        if rows and found not in told.tallies:
            yield f"tally of the {name}: {told.tallies}, tables {found}"
    if "f1" in told.titles:
        _, said = facts(told.titles["f1"], keys("gaps.paths", "gaps.index"), told.words)
        yield from wrong("title of figure 1", said, {"n": len(told.tables["f1"])})


def _point(
    point: str, told: Told, table: pd.DataFrame, counts: Mapping[str, int], gap: str
) -> Iterator[str]:
    key, said = facts(
        point, keys("gaps.point", "gaps.good", "gaps.unknown", "gaps.tasks"), told.words
    )
    if not key.startswith("gaps.point"):
        expected = dict(counts)
        if key.startswith("gaps.unknown"):
            expected["n"] = counts["open"]
        said = {name: fact for name, fact in said.items() if name in expected}
        yield from wrong(f"key point {point[:30]!r}", said, expected)
        return
    rows = table[told.column("indicator", table) == said["name"]]
    if len(rows) != 1:
        yield f"key point: no row {said['name']!r}"
        return
    row = rows.iloc[0]
    for part, head in (("value", told.head("against", table)), ("gap", gap)):
        if not agrees(said[part], row[head]):
            yield f"key point {row['indicator_id']}: {part} {said[part]!r}, table {row[head]}"


def _against(told: Told, table: pd.DataFrame) -> Iterator[str]:
    """Check the line against last year by the column of the status then."""
    if not told.against:
        return
    side = dict.fromkeys(KEEPING_UP, "up") | dict.fromkeys(BEHIND, "behind")
    before, now = (table[c].map(side).fillna("none") for c in ("status_before", "status"))
    expected = []
    for was in ("behind", "up"):
        counts = now[before == was].value_counts()
        if len(counts):
            expected.append(int(counts.sum()))
            alone = list(counts.index) == [was]
            expected += [] if alone else [int(counts[x]) for x in sorted(counts.index)]
    year = re.search(r"[:：]", told.against)
    said = [int(n) for n in re.findall(r"\d+", told.against[year.end() :])]
    if sorted(said) != sorted(expected):
        yield f"against last year: {told.against!r}, tables {expected}"


def wrong(what: str, said: Mapping[str, str], known: Mapping[str, float]) -> Iterator[str]:
    """Yield the facts of a sentence that differ from what the tables say."""
    for name in sorted(set(said) & set(known)):
        if number(said[name]) != known[name]:
            yield f"{what}: {name} is {said[name]!r}, tables {known[name]}"


# Add the check of a brief here: a function from what its page says to the faults found.
CHECKS: Mapping[str, Callable[[Told], Iterator[str]]] = {"gaps": of_gaps}


def between(pages: Iterable[Told]) -> Iterator[str]:
    """Yield what pages of one run say differently of one indicator: its status, its value.

    Tables of towns are apart: they are about other areas.
    """
    known: dict[tuple[str, str, str], tuple[object, str]] = {}
    for told in pages:
        for anchor, table in told.tables.items():
            if "indicator_id" not in table or "town_code" in table or told.brief == "town_brief":
                continue
            if "status" not in table or table["indicator_id"].duplicated().any():
                continue
            run = told.name.rpartition("/")[0]
            for row in table.to_dict("records"):
                key = (run, row["indicator_id"], "status")
                value, where = known.setdefault(key, (row["status"], f"{told.name}#{anchor}"))
                if value != row["status"]:
                    said = f"{row['status']} in {told.name}#{anchor}"
                    yield f"{row['indicator_id']}: {value} in {where}, {said}"


def faults(root: Path) -> list[str]:
    """Return all that is untrue in the pages of a folder."""
    pages = [read(path, root) for path in sorted(root.glob("*/*/*/*.html"))]
    found = [
        f"{told.name}: {fault}"
        for told in pages
        if told.brief in CHECKS
        for fault in CHECKS[told.brief](told)
    ]
    return found + list(between(pages))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--as-of", action="append", help="a moment; repeatable, by default all")
    parser.add_argument("--pages", help="a folder of pages that are there already")
    given = parser.parse_args()
    if given.pages:
        found = faults(Path(given.pages))
    else:
        with tempfile.TemporaryDirectory() as folder:
            for audience in ("public", "internal"):
                for moment in given.as_of or MOMENTS:
                    out = f"{folder}/{audience}"
                    report.report(as_of=moment, langs=LANGUAGES, audience=audience, out=out)
            found = [f for a in ("public", "internal") for f in faults(Path(folder, a))]
    print("\n".join(found) or "every sentence checked follows from the tables of its page")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
