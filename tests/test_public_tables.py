"""Every table of the public pages is attacked: no withheld cell follows from its margins."""

from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from fenghua import report

ROOT = Path(__file__).parents[1]
TOTALS = {"Total", "合计"}
WITHHELD = "·"


class Tables(HTMLParser):
    """The cells of a page's tables as text, without the small print in them."""

    def __init__(self, html):
        super().__init__()
        self.found, self.cell, self.small = [], None, 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.found.append([])
        elif tag == "tr":
            self.found[-1].append([])
        elif tag in ("td", "th"):
            self.cell = ""
        self.small += tag == "small"

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.found[-1][-1].append(self.cell.strip())
            self.cell = None
        self.small -= tag == "small"

    def handle_data(self, data):
        if self.cell is not None and not self.small:
            self.cell += data


def number(text):
    try:
        return float(text.replace(",", "").replace("\u2212", "-"))
    except ValueError:
        return None


def recovered(table):
    """Return the withheld cells that the sums over rows and columns determine."""
    head = table[0]
    body = [row for row in table[1:] if len(row) == len(head)]
    cells = [(i, j) for i, row in enumerate(body) for j, text in enumerate(row) if text == WITHHELD]
    rows = [i for i, row in enumerate(body) if row[0] in TOTALS]
    columns = [j for j, text in enumerate(head) if text in TOTALS]
    lines = [
        ([(i, j) for i in range(len(body))], (t, j)) for t in rows for j in range(1, len(head))
    ]
    lines += [
        ([(i, j) for j in range(1, len(head))], (i, t)) for t in columns for i in range(len(body))
    ]
    equations = []
    for parts, total in lines:
        if all(part in cells or number(body[part[0]][part[1]]) is not None for part in parts):
            sign = dict.fromkeys(parts, 1.0) | {total: -1.0}
            equations.append([sign.get(cell, 0.0) for cell in cells])
    if not cells or not equations:
        return []
    _, sizes, directions = np.linalg.svd(np.array(equations))
    free = directions[(sizes > 1e-9).sum() :]
    return [cell for k, cell in enumerate(cells) if np.abs(free[:, k]).max(initial=0) < 1e-9]


def test_the_attack_finds_a_cell_that_stands_alone():
    table = [["Town", "Tax"], ["a", WITHHELD], ["b", "2"], ["Total", "5"]]
    assert recovered(table) == [(0, 1)]
    assert recovered([*table[:2], ["b", WITHHELD], *table[3:]]) == []


@pytest.mark.parametrize("as_of", ["2023-06", "2025"])
def test_no_withheld_cell_of_a_public_page_can_be_solved_for(as_of, tmp_path):
    briefs = ["per_mu_efficiency", "town_comparison", "town_brief"]
    given = {"data": ROOT / "data/raw", "actuals": ROOT / "data/raw/demo", "langs": ["en"]}
    assert report.report(as_of=as_of, briefs=briefs, out=tmp_path, progress=False, **given) == 0
    withheld = 0
    for path in sorted(tmp_path.rglob("public/*.html")):
        for table in Tables(path.read_text(encoding="utf-8")).found:
            withheld += sum(row.count(WITHHELD) for row in table)
            assert recovered(table) == [], (path.name, table[0])
    assert withheld > 0
