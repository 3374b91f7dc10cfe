"""The tables of the per-mu brief: three ways, groups, moves between classes, decompositions.

Answers: how these frames read in a language. Refuses: to calculate, and to leave a withheld cell
blank.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from fenghua.display import sentences, tables
from fenghua.display.numbers import NONE, figure, percent
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words
from fenghua.inputs.vocabulary import GRADES

WITHHELD = "·"
PARTS = ("survivors_within", "survivors_between", "entrants", "exits")


@dataclass(frozen=True)
class Sheet:
    """Writes the tables of one page: its words, whom it is for, its years, what it withholds."""

    words: Words
    limits: Mapping[str, Any]
    year: int
    compare: int

    @property
    def years(self) -> dict[str, int]:
        """Its years as sentences name them."""
        known = {"year": self.year, "compare": self.compare}
        return known | {"first": self.compare, "second": self.year}

    @property
    def is_public(self) -> bool:
        """Whether missing figures are withheld ones."""
        return self.limits["audience"] == "public"

    def number(self, key: str, decimals: int = 0, *, claim: str = "", signed: bool = False) -> Cell:
        """Return a cell with a figure; a withheld one is marked and explained below the table."""
        plain = tables.number(key, decimals=decimals, claim=claim, signed=signed)
        return lambda row: plain(row) if row[key] == row[key] else self.none

    @property
    def none(self) -> str:
        """What stands for a figure that is not there."""
        if not self.is_public:
            return NONE
        title = escape(self.words("page.suppressed"))
        return f'<abbr title="{title}" style="text-decoration:none">{WITHHELD}</abbr>'

    @property
    def nothing(self) -> str:
        """What stands for a table without rows, and for all of them without a year."""
        return sentences.note(self.words("page.no_rows"))

    @property
    def no_curve(self) -> str:
        """What stands for a chart that may not be drawn."""
        if not self.year:
            return self.nothing
        return sentences.note(self.words("per_mu.no_curve", year=self.year))

    def column(self, head: str, key: str, decimals: int = 0, **options: Any) -> Column:
        """Return a column of figures."""
        return Column(self.words(head), self.number(key, decimals, **options), is_number=True)

    def table(self, rows: pd.DataFrame, columns: list[Column], caption: str, css: str = "") -> str:
        """Return a table with the note on withheld figures, or the note that there is nothing."""
        if rows.empty or not self.year:
            return self.nothing
        html = tables.table(rows, columns, caption=caption, css=css)
        if f">{WITHHELD}<" not in html:
            return html
        return html + sentences.note(self.words("per_mu.withheld_note"))


def notice(scheme: Mapping[str, Any], words: Words) -> str:
    """Return the box that names the scheme and says whose rules they are."""

    def local(texts: Mapping[str, str]) -> str:
        if words.lang == "zh-Hant":
            return texts.get("zh_hant") or words.term(texts["zh_hans"])
        return texts["en" if words.lang == "en" else "zh_hans"]

    title = words("per_mu.scheme", title=local(scheme["title"]), year=scheme["year"])
    texts = [local(scheme["notice"])] if "notice" in scheme else []
    return sentences.call(title, *texts)


def ways(table: pd.DataFrame, sheet: Sheet) -> str:
    """Return the per-mu figures three ways, and why one of them may be withheld."""
    words = sheet.words
    wide = table.pivot(index="figure", columns="basis", values="value")
    wide = wide.reindex(index=table["figure"].unique(), columns=table["basis"].unique())
    columns = [Column(words("per_mu.head_figure"), lambda row: words(f"per_mu.{row['figure']}"))]
    columns += [sheet.column(f"per_mu.{basis}", basis, 2) for basis in wide]
    html = sheet.table(wide.reset_index(), columns, words("per_mu.ways_caption"))
    if not (sheet.is_public and sheet.year):
        return html
    share = percent(sheet.limits["max_share"])
    rule = words("per_mu.withheld_rule", minimum=sheet.limits["minimum"], share=share)
    return html + sentences.note(words("per_mu.ways_why")) + sentences.note(rule)


def groups(frame: pd.DataFrame, called: Mapping[str, str], sheet: Sheet, *, by: str) -> str:
    """Return sums and per-mu ratios ``by`` classes, industry or town."""
    words = sheet.words
    heads = {
        "classes": "per_mu.head_class",
        "industry": "per_mu.head_industry",
        "town": "head.town",
    }
    special = {"total": words("per_mu.total"), "none": words("per_mu.none")}

    def name(row: Row) -> str:
        code = str(row["code"])
        if code in GRADES:
            return tables.grade_word(code)
        known = special.get(code) or called.get(code, "")
        return escape(known or code) + tables.small(code if code in called else "")

    claims = {"claim": "groups|key"}
    columns = [
        Column(words(heads[by]), name),
        sheet.column("head.enterprises", "enterprises"),
        sheet.column("per_mu.head_land", "land_mu"),
        sheet.column("per_mu.head_tax_wan", "tax_wan"),
        sheet.column("per_mu.head_value_added_wan", "value_added_wan"),
        sheet.column("per_mu.head_tax_per_mu", "tax_per_mu_wan", 1, **claims),
        sheet.column("per_mu.head_value_added_per_mu", "value_added_per_mu_wan", 1, **claims),
        sheet.column("per_mu.head_median", "median", 1),
    ]
    caption = words(f"per_mu.{by}_caption", units=words("per_mu.units"), **sheet.years)
    return sheet.table(frame, columns, caption, css="cards")


def transitions(matrix: pd.DataFrame, sheet: Sheet) -> str:
    """Return the moves between classes as a table of coloured counts."""
    words = sheet.words
    if not sheet.compare:
        return sentences.note(words("per_mu.no_compare"))
    largest = float(matrix.drop(index="total", columns="total").max().max())

    def label(code: str) -> str:
        return code if code in GRADES else words(f"per_mu.{code}")

    def heat(key: str) -> Cell:
        plain = sheet.number(key)

        def cell(row: Row) -> str:
            if not row[key] > 0 or "total" in (key, row["code"]):
                return plain(row)
            depth = 55 * (row[key] / largest) ** 0.5
            return f'<span class="heat" style="--p:{depth:.0f}%;display:block">{plain(row)}</span>'

        return cell

    head = words("per_mu.head_from", year=sheet.compare)
    columns = [Column(head, lambda row: escape(label(row["code"])))]
    columns += [Column(label(code), heat(code), is_number=True) for code in matrix]
    caption = words("per_mu.transitions_caption", **sheet.years)
    return sheet.table(matrix.rename_axis("code").reset_index(), columns, caption)


def parts(frame: pd.DataFrame, sheet: Sheet, *, called: Mapping[str, str], by: str) -> str:
    """Return the four parts of changes per mu: of the district, or ``by`` industry or town."""
    words = sheet.words

    def name(row: Row) -> str:
        if by:
            return escape(called.get(row["code"], row["code"]))
        basis = tables.small(words(f"per_mu.{row['basis']}"))
        return escape(words(f"per_mu.{row['figure']}")) + basis

    def moved(row: Row) -> str:
        if row["total"] != row["total"]:
            return sheet.none
        return " / ".join(figure(row[f"n_{key}"], 0) for key in ("survivors", "entrants", "exits"))

    heads = {"division": "per_mu.head_industry", "town_code": "head.town", "": "per_mu.head_figure"}
    columns = [
        Column(words(heads[by]), name),
        sheet.column("per_mu.head_first", "first", 2),
        *(sheet.column(f"per_mu.short_{part}", part, 2, signed=True) for part in PARTS),
        sheet.column("per_mu.head_second", "second", 2),
        sheet.column("per_mu.head_change", "total", 2, signed=True),
        Column(words("per_mu.head_survivors"), moved, is_number=True),
    ]
    caption = words("per_mu.parts_caption", **sheet.years)
    if by:
        caption = words("per_mu.parts_by_caption", by=words(f"per_mu.by_{by}"), **sheet.years)
    return sheet.table(frame, columns, caption, css="cards")
