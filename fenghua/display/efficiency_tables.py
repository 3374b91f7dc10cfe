"""The tables of the per-mu brief: three ways, groups, moves, register, marks, consequences.

Answers: how these frames read in a language. Refuses: to calculate, and to leave a withheld cell
blank.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from fenghua.display import sentences, tables
from fenghua.display.numbers import NONE, figure, percent, short
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words
from fenghua.inputs.vocabulary import GRADES

WITHHELD = "·"
PARTS = ("survivors_within", "survivors_between", "entrants", "exits")


class Sheet:
    """Writes the tables of one page: its words, whom it is for, and what it withholds."""

    def __init__(self, words: Words, limits: Mapping[str, Any]) -> None:
        self.words, self.limits = words, limits

    @property
    def is_public(self) -> bool:
        """Whether missing figures are withheld ones."""
        return self.limits["audience"] == "public"

    def number(self, key: str, decimals: int = 0, *, claim: str = "", signed: bool = False) -> Cell:
        """Return a cell with a figure; a withheld one is marked and explained below the table."""
        plain = tables.number(key, decimals=decimals, claim=claim, signed=signed)

        def cell(row: Row) -> str:
            if row[key] == row[key]:
                return plain(row)
            return self.none

        return cell

    @property
    def none(self) -> str:
        """What stands for a figure that is not there."""
        if not self.is_public:
            return NONE
        title = escape(self.words("page.suppressed"))
        return f'<abbr title="{title}" style="text-decoration:none">{WITHHELD}</abbr>'

    def column(self, head: str, key: str, decimals: int = 0, **options: Any) -> Column:
        """Return a column of figures."""
        return Column(self.words(head), self.number(key, decimals, **options), is_number=True)

    def table(self, rows: pd.DataFrame, columns: list[Column], caption: str, css: str = "") -> str:
        """Return a table with the note on withheld figures, or the note that there is nothing."""
        if rows.empty:
            return sentences.note(self.words("page.no_rows"))
        html = tables.table(rows, columns, caption=caption, css=css)
        if f">{WITHHELD}<" not in html:
            return html
        return html + sentences.note(self.words("per_mu.withheld_note"))


def names(register: pd.DataFrame, key: str, words: Words) -> dict[str, str]:
    """Return the names of codes in the page's language, as far as the register has them."""
    found = {}
    for row in register.to_dict("records"):
        hant = row.get("name_zh_hant") or words.term(row["name_zh_hans"])
        by_lang = {"en": row["name_en"], "zh-Hant": hant, "zh-Hans": row["name_zh_hans"]}
        found[row[key]] = by_lang[words.lang]
    return found


def notice(scheme: Mapping[str, Any], words: Words) -> str:
    """Return the box that names the scheme and says whose rules they are."""

    def local(texts: Mapping[str, str]) -> str:
        if words.lang == "zh-Hant":
            return texts.get("zh_hant") or words.term(texts["zh_hans"])
        return texts["en" if words.lang == "en" else "zh_hans"]

    title = words("per_mu.scheme", title=local(scheme["title"]), year=scheme["year"])
    return sentences.call(*[title, local(scheme["notice"])] if "notice" in scheme else [title])


def ways(table: pd.DataFrame, sheet: Sheet) -> str:
    """Return the per-mu figures three ways, and why one of them may be withheld."""
    words = sheet.words
    wide = table.pivot(index="figure", columns="basis", values="value")
    wide = wide.reindex(index=table["figure"].unique(), columns=table["basis"].unique())
    columns = [Column(words("per_mu.head_figure"), lambda row: words(f"per_mu.{row['figure']}"))]
    columns += [sheet.column(f"per_mu.{basis}", basis, 2) for basis in wide]
    html = sheet.table(wide.reset_index(), columns, words("per_mu.ways_caption"))
    share = percent(sheet.limits["max_share"])
    rule = words("per_mu.withheld_rule", minimum=sheet.limits["minimum"], share=share)
    why = sentences.note(words("per_mu.ways_why")) + sentences.note(rule)
    return html + (why if sheet.is_public else "")


def groups(
    frame: pd.DataFrame, called: Mapping[str, str], sheet: Sheet, *, head: str, caption: str
) -> str:
    """Return sums and per-mu ratios of industries, towns or classes; ``head`` names the figure."""
    words = sheet.words
    special = {"total": words("per_mu.total"), "none": words("per_mu.none")}

    def name(row: Row) -> str:
        code = str(row["code"])
        if code in GRADES:
            return tables.grade_word(code)
        known = special.get(code) or called.get(code, "")
        return escape(known or code) + (f"<small>{escape(code)}</small>" if code in called else "")

    claims = {"claim": "groups|key"}
    columns = [
        Column(words(f"per_mu.head_{head}") if head != "town" else words("head.town"), name),
        sheet.column("head.enterprises", "enterprises"),
        sheet.column("per_mu.head_land", "land_mu"),
        sheet.column("per_mu.head_tax_wan", "tax_wan"),
        sheet.column("per_mu.head_value_added_wan", "value_added_wan"),
        sheet.column("per_mu.head_tax_per_mu", "tax_per_mu_wan", 1, **claims),
        sheet.column("per_mu.head_value_added_per_mu", "value_added_per_mu_wan", 1, **claims),
        sheet.column("per_mu.head_median", "median", 1),
    ]
    return sheet.table(frame, columns, caption, css="cards")


def transitions(matrix: pd.DataFrame, sheet: Sheet, *, first: int, second: int) -> str:
    """Return the moves between classes as a table of coloured counts."""
    words = sheet.words
    largest = float(matrix.drop(index="total", columns="total").max().max())

    def label(code: str) -> str:
        return code if code in GRADES else words(f"per_mu.{code}")

    def heat(key: str) -> Cell:
        plain = sheet.number(key)

        def cell(row: Row) -> str:
            if not row[key] > 0 or "total" in (key, row["code"]):
                return plain(row)
            depth = f"--p:{55 * (row[key] / largest) ** 0.5:.0f}%"
            return f'<span class="heat" style="{depth};display:block">{plain(row)}</span>'

        return cell

    columns = [
        Column(words("per_mu.head_from", year=first), lambda row: escape(label(row["code"])))
    ]
    columns += [Column(label(code), heat(code), is_number=True) for code in matrix]
    caption = words("per_mu.transitions_caption", first=first, second=second)
    rows = matrix.rename_axis("code").reset_index()
    return sheet.table(rows, columns, caption) if first else no_compare(words)


def no_compare(words: Words) -> str:
    """Return the note that there is no earlier year."""
    return sentences.note(words("per_mu.no_compare"))


def parts(
    frame: pd.DataFrame,
    sheet: Sheet,
    *,
    called: Mapping[str, str],
    by: str,
    first: int,
    second: int,
) -> str:
    """Return the four parts of changes per mu: of the district, or ``by`` industry or town."""
    words = sheet.words

    def name(row: Row) -> str:
        if by:
            return escape(called.get(row["code"], row["code"]))
        basis = escape(words(f"per_mu.{row['basis']}"))
        return f"{escape(words('per_mu.' + row['figure']))}<small>{basis}</small>"

    def moved(row: Row) -> str:
        counts = [row[f"n_{key}"] for key in ("survivors", "entrants", "exits")]
        printed = " / ".join(figure(n, 0) for n in counts)
        return printed if row["total"] == row["total"] else sheet.none

    heads = {"division": "per_mu.head_industry", "town_code": "head.town", "": "per_mu.head_figure"}
    columns = [Column(words(heads[by]), name), sheet.column("per_mu.head_first", "first", 2)]
    for part in PARTS:
        columns.append(sheet.column(f"per_mu.short_{part}", part, 2, signed=True))
    columns += [
        sheet.column("per_mu.head_second", "second", 2),
        sheet.column("per_mu.head_change", "total", 2, signed=True),
        Column(words("per_mu.head_survivors"), moved, is_number=True),
    ]
    years = {"first": first, "second": second}
    caption = words("per_mu.parts_caption", **years)
    if by:
        caption = words("per_mu.parts_by_caption", by=words(f"per_mu.by_{by}"), **years)
    return sheet.table(frame, columns, caption, css="cards")


def register(counts: Mapping[str, pd.DataFrame], sheet: Sheet, *, year: int, compare: int) -> str:
    """Return the register by reason, and by change, protection and route."""
    words = sheet.words
    columns = [
        Column(words("head.reason"), lambda row: words(f"lowreg.{row['code']}")),
        sheet.column("lowreg.listed", "total"),
        sheet.column("lowreg.entered", "entered"),
        sheet.column("lowreg.stayed", "stayed"),
        sheet.column("per_mu.head_protected", "protected"),
    ]
    if not compare:
        columns = [columns[0], columns[1], columns[4]]
    caption = words("lowreg.caption", year=year, compare=compare)
    html = sheet.table(counts["reasons"], columns, caption)
    prefix = {"change": "lowreg", "protection": "protect", "route": "route"}
    rows = pd.concat([counts[name].assign(group=name) for name in prefix], ignore_index=True)
    columns = [
        Column(
            words("per_mu.head_list"), lambda row: words(f"{prefix[row['group']]}.{row['code']}")
        ),
        sheet.column("head.enterprises", "enterprises"),
    ]
    return html + tables.table(
        rows,
        columns,
        caption=words("lowreg.others_caption"),
        group="group",
        group_label=lambda code, _: words(f"lowreg.{code}"),
        css="fit",
    )


def register_rows(listed: pd.DataFrame, towns: Mapping[str, str], sheet: Sheet) -> str:
    """Return every row of the register with all its reasons: on internal pages only."""
    if sheet.is_public or listed.empty:
        return ""
    words = sheet.words

    def coded(key: str, prefix: str) -> Cell:
        return lambda row: escape(sentences.codes(str(row[key]), prefix, words)) or NONE

    columns = [
        Column(words("head.enterprise"), tables.text("name", under="enterprise_id")),
        Column(
            words("head.town"), lambda row: escape(towns.get(row["town_code"], row["town_code"]))
        ),
        Column(words("head.grade"), lambda row: tables.grade_word(str(row["adjusted_grade"]))),
        Column(words("head.land_mu"), tables.number("land_mu"), is_number=True),
        Column(words("head.tax_per_mu_wan"), tables.number("tax_per_mu_wan"), is_number=True),
        Column(words("head.reason"), coded("reasons", "lowreg")),
        Column(words("head.protection"), coded("protection", "protect")),
        Column(words("head.route"), coded("route", "route")),
        Column(words("per_mu.head_state"), coded("change", "lowreg")),
    ]
    html = tables.table(listed, columns, caption=words("lowreg.rows_caption"), css="cards")
    return tables.details(words("lowreg.rows", n=len(listed)), html)


def marks(frame: pd.DataFrame, curve: pd.DataFrame, sheet: Sheet) -> str:
    """Return what is released, and lost, where the plan's targets are reached."""
    words = sheet.words

    def target(row: Row) -> str:
        value, unit = short(row["amount"]), words(f"per_mu.unit_{row['target']}")
        text = words("per_mu.mark_target", value=value, unit=unit)
        small = "" if row["is_reached"] else f"<small>{words('per_mu.not_reachable')}</small>"
        return f"{words('per_mu.target_' + row['target'])}<small>{escape(text)}</small>{small}"

    basis = words(f"per_mu.in_{curve['what_if_basis'].iloc[0]}") if len(curve) else ""
    columns = [
        Column(words("per_mu.head_target"), target),
        sheet.column("head.enterprises", "n"),
        sheet.column("per_mu.head_land_km2", "cum_land_km2", 2),
        sheet.column("per_mu.head_energy", "cum_energy_tce"),
        sheet.column("per_mu.head_tax_lost", "cum_tax_wan"),
        sheet.column("per_mu.head_jobs", "cum_employees"),
        Column(
            words("per_mu.head_what_if"),
            sheet.number("what_if_tax_wan"),
            is_number=True,
        ),
    ]
    return sheet.table(frame, columns, words("per_mu.release_caption", basis=basis), css="cards")


def carbon(
    counts: pd.DataFrame, sheet: Sheet, *, year: int, parameters: Mapping[str, float]
) -> str:
    """Return the enterprises by carbon class and level."""
    words = sheet.words

    def level(code: str) -> str:
        if code in ("none", "total"):
            return words("carbon.none" if code == "none" else "per_mu.total")
        return words("per_mu.head_level", level=code)

    def name(row: Row) -> str:
        return words("per_mu.total" if row["code"] == "total" else f"carbon.{row['code']}")

    order = [code for code in ("low", "medium", "high", "none", "total") if code in counts.index]
    rows = counts.loc[order].rename_axis("code").reset_index()
    columns = [Column(words("per_mu.head_carbon"), name)]
    columns += [Column(level(str(code)), sheet.number(code), is_number=True) for code in counts]
    low, medium = (short(parameters[f"carbon_{edge}_max"]) for edge in ("low", "medium"))
    caption = words("carbon.caption", year=year, low=low, medium=medium)
    return sheet.table(rows if len(counts) > 1 else rows.iloc[:0], columns, caption)


def parks(
    counts: pd.DataFrame, below: pd.DataFrame, towns: Mapping[str, str], sheet: Sheet, *, rule: Row
) -> str:
    """Return how many parks and clusters lie below the plan's line; internal pages name them."""
    words = sheet.words
    if counts.empty:
        return sentences.note(words("per_mu.parks_none"))
    threshold = short(rule["threshold"])
    columns = [
        Column(words("per_mu.head_kind"), lambda row: words(f"per_mu.{row['code']}")),
        Column(words("per_mu.head_parks"), tables.number("parks", decimals=0), is_number=True),
        Column(
            words("per_mu.head_below", threshold=threshold),
            tables.number("below", decimals=0),
            is_number=True,
        ),
        Column(words("per_mu.head_unknown"), tables.number("unknown", decimals=0), is_number=True),
    ]
    caption = words("per_mu.parks_caption", threshold=threshold, clause=rule["clause"])
    html = sheet.table(counts, columns, caption, css="fit")
    if sheet.is_public or below.empty:
        return html
    columns = [
        Column(words("per_mu.park"), tables.text("name", under="park_id")),
        Column(
            words("head.town"), lambda row: escape(towns.get(row["town_code"], row["town_code"]))
        ),
        Column(words("per_mu.head_kind"), lambda row: words(f"per_mu.{row['kind']}")),
        Column(words("head.land_mu"), tables.number("land_mu"), is_number=True),
        Column(
            words("head.tax_per_mu_wan"),
            tables.number("tax_per_mu_wan", decimals=2),
            is_number=True,
        ),
    ]
    return html + tables.table(below, columns, caption=words("per_mu.parks_list"), css="cards")


def consequences(frame: pd.DataFrame, sheet: Sheet, *, year: int) -> str:
    """Return what the plan attaches to classes, with its clauses; prices without amounts."""
    words = sheet.words
    keys = ("plot", "before", "after", "floor", "years")

    def text(row: Row) -> str:
        values = {key: short(float(row[key])) for key in keys}
        return escape(words(f"per_mu.rule_{row['rule']}", **values))

    columns = [
        Column(words("per_mu.head_class"), lambda row: words(f"per_mu.class_{row['rule']}")),
        Column(words("per_mu.head_consequence"), text),
        Column(words("head.clause"), tables.text("clause")),
        sheet.column("head.enterprises", "enterprises"),
    ]
    html = sheet.table(frame, columns, words("per_mu.consequences_caption", year=year))
    return html + (sentences.note(words("per_mu.prices_note")) if len(frame) else "")


def ungraded(frame: pd.DataFrame, sheet: Sheet, *, year: int) -> str:
    """Return why enterprises have no class."""
    words = sheet.words
    columns = [
        Column(words("head.reason"), lambda row: words(f"evalreason.{row['code']}")),
        sheet.column("head.enterprises", "enterprises"),
    ]
    return sheet.table(frame, columns, words("evalreason.caption", year=year), css="fit")
