"""The truth test: what pages say in sentences, recomputed from the tables of the same pages.

Answers: which headline, key point or title does not follow from cells that its page shows, and
what two pages of one run say differently about one thing. Refuses: to ask the code that wrote
them: sentences are read back through their templates in the catalogue, rows from the CSVs.

``make truth`` renders all converted briefs at eight moments and checks them; ``ARGS`` narrows it.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
from told import Told, facts, keys, read
from truths import CHECKS

from fenghua import report
from fenghua.inputs.vocabulary import LANGUAGES

RACE = ("town_comparison",)
PLACE = (
    "town_brief.place_worse_all",
    "town_brief.place_worse",
    "town_brief.place_better_all",
    "town_brief.place_better",
    "town_brief.place_rest",
)
MANY = 6  # of more names a sentence lists only the first
MOMENTS = ("2021-06", "2022-05", "2022", "2023-06", "2023", "2024-Q2", "2025", "2026-06")


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
            run, here = told.name.rpartition("/")[0], f"{told.name}#{anchor}"
            value = told.found("against", table) or told.found("against_end", table)
            for row in table.to_dict("records"):
                for what in filter(None, ("status", value)):
                    key = (run, row["indicator_id"], "status" if what == "status" else "value")
                    first, where = known.setdefault(key, (row[what], here))
                    if first != row[what] and not (pd.isna(first) and pd.isna(row[what])):
                        yield f"{row['indicator_id']}: {first} in {where}, {row[what]} in {here}"


def places(pages: Iterable[Told]) -> Iterator[str]:
    """Yield the town briefs that name other towns than the comparison of the same run does."""
    known = {told.name.rpartition("/")[0]: told for told in pages if told.brief in RACE}
    for told in pages:
        race = known.get(told.name.rpartition("/")[0])
        if told.brief != "town_brief" or race is None:
            continue
        tables = [t for t in race.tables.values() if race.found("better", t)]
        points = [point[:1].lower() + point[1:] for point in told.points]
        said = [p for p in points if facts(p, keys(*PLACE), told.words)[0]]
        for table in tables[:1]:
            names = race.column("town", table)
            own = table[[told.headline.startswith(name) for name in names]]
            for _, row in own.iterrows():
                text = said[0] if said else ""
                expected, unsaid = set(), set()
                for side in ("better", "worse"):
                    cell, n = (
                        str(row[race.head(f"{side}_names", table)]),
                        row[race.head(side, table)],
                    )
                    others = {name for name in names if name in cell}
                    expected |= others
                    # of many a sentence gives the number, and the first ones or none
                    is_counted = n > MANY and re.search(rf"\b{n}\b", text)
                    unsaid |= others if is_counted else set()
                    if len(others) != n:
                        yield f"{told.name}: {side} {n}, comparison {sorted(others)}"
                listed = {n for n in names if n in text}
                if not expected - unsaid <= listed <= expected:
                    yield f"{told.name}: place {text!r}, comparison {sorted(expected)}"


def faults(root: Path) -> list[str]:
    """Return all that is untrue in the pages of a folder."""
    pages = [read(path, root) for path in sorted(root.glob("*/*/*/*.html"))]
    found = [
        f"{told.name}: {fault}"
        for told in pages
        if told.brief in CHECKS
        for fault in CHECKS[told.brief](told)
    ]
    return found + list(between(pages)) + list(places(pages))


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
