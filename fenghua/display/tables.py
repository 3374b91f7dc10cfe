"""Tables of a page: caption, scope, and what a cell holds: figures, status words, grades, bars.

Answers: how rows become an accessible table. Refuses: to calculate what it prints.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from fenghua.display import theme
from fenghua.display.numbers import NONE, figure, percent, short
from fenghua.display.type import width_of
from fenghua.display.wording import Words

_TAG = re.compile("<[^>]*>")
Row = Any
Cell = Callable[[Row], str]


@dataclass(frozen=True)
class Column:
    """One column: its heading, how a row's cell is drawn, and whether it holds numbers."""

    head: str
    cell: Cell
    is_number: bool = False
    css: str = ""


def figures(head: str, key: str, decimals: int | str = 1, *, css: str = "", **how: Any) -> Column:
    """Return a column of figures; ``how`` is passed on to ``number``."""
    return Column(head, number(key, decimals=decimals, **how), is_number=True, css=css)


def small(text: object) -> str:
    """Return a smaller line beneath a cell's own text, or nothing."""
    return f"<small>{escape(str(text))}</small>" if text else ""


def text(key: str, *, under: str = "") -> Cell:
    """Return a cell of plain text, with a smaller line beneath where ``under`` is named."""

    def cell(row: Row) -> str:
        value = str(row[key])
        printed = f"<bdi>{escape(value)}</bdi>" if value else NONE
        return printed + (small(row[under]) if under else "")

    return cell


def number(
    key: str, *, decimals: int | str = 1, signed: bool = False, claim: str = "", trim: bool = False
) -> Cell:
    """Return a cell with a figure; ``decimals`` may name the column that holds the precision.

    ``claim`` names the figure and its key column (``gap|indicator_id``) for ``fenghua verify``.
    """

    def cell(row: Row) -> str:
        digits = int(row[decimals]) if isinstance(decimals, str) else decimals
        value = float(row[key])
        printed = short(value, decimals=digits) if trim else figure(value, digits, signed=signed)
        return claimed(printed, row, key, claim) if claim else printed

    return cell


def claimed(printed: str, row: Row, key: str, claim: str) -> str:
    """Return a printed figure marked as a result's, for ``fenghua verify`` to compare."""
    if printed == NONE:
        return printed
    name, _, by = claim.partition("|")
    return f'<span data-claim="{escape(f"{name}|{row[by]}|{key}")}">{printed}</span>'


def share(key: str, decimals: int = 0, *, claim: str = "") -> Cell:
    """Return a cell with a share (0-1) as a percentage."""

    def cell(row: Row) -> str:
        printed = percent(float(row[key]), decimals)
        return claimed(printed, row, key, claim) if claim else printed

    return cell


def places(moved: float) -> str:
    """Return how many places a rank went up or down, as an arrow and a number."""
    if moved != moved or moved == 0:
        return NONE if moved != moved else "0"
    return f"{'▲' if moved > 0 else '▼'} {short(abs(moved))}"


def coded(key: str, group: str, words: Words) -> Cell:
    """Return a cell with ``;``-joined codes in words."""
    between = "、" if words.is_chinese else ", "

    def cell(row: Row) -> str:
        codes = [code for code in str(row[key]).split(";") if code]
        return escape(between.join(words(f"{group}.{code}") for code in codes)) or NONE

    return cell


def status(words: Words, *, key: str = "status", under: str = "") -> Cell:
    """Return a cell with the status word and its shape."""
    return lambda row: status_word(str(row[key]), words) + (small(row[under]) if under else "")


def status_word(code: str, words: Words, *, bare: bool = False) -> str:
    """Return a status as a shape and a word in its colour; ``bare`` leaves the word to readers."""
    sign = f'<i aria-hidden="true">{theme.STATUS[code].sign}</i>'
    word = escape(words.start(words(f"status.{code}")))
    inner = f'{sign}<span class="vh">{word}</span>' if bare else sign + word
    return f'<span class="s s-{code}">{inner}</span>'


def grade(key: str) -> Cell:
    """Return a cell with a grade."""
    return lambda row: grade_word(str(row[key]))


def grade_word(code: str) -> str:
    """Return a grade as a letter in its colour, a dash for none."""
    return f'<b class="grade g-{escape(code)}">{escape(code)}</b>' if code else NONE


def sparkline(key: str, words: Words) -> Cell:
    """Return a cell that draws a row's list of values as a small line; gaps stay gaps."""

    def cell(row: Row) -> str:
        values = row[key]
        known = [(i, value) for i, value in enumerate(values) if value == value]
        if len(known) < 2:
            return NONE
        low, high = min(v for _, v in known), max(v for _, v in known)
        across, up = 82 / (len(values) - 1), 16 / ((high - low) or 1.0)
        points = {i: f"{4 + across * i:.1f} {20 - up * (v - low):.1f}" for i, v in known}
        line = "".join(f"{'L' if i - 1 in points else 'M'}{xy}" for i, xy in points.items())
        x, y = points[known[-1][0]].split()
        said = words("page.sparkline", first=short(known[0][1]), last=short(known[-1][1]))
        return (
            f'<svg viewBox="0 0 90 24" class="spark" role="img" aria-label="{escape(said)}">'
            f'<path d="{line}"/><circle cx="{x}" cy="{y}" r="2.6"/></svg>'
        )

    return cell


_BULLET = '<svg viewBox="0 0 190 26" aria-hidden="true" class="bullet'


def bullet(*, path: str, marks: Sequence[str]) -> Cell:
    """Return a cell that draws a line from the base to the value on one scale.

    ``marks`` name the columns of milestones, drawn as ticks, ``path`` that of a ring.
    """
    return lambda row: _bullet(row, ("base_value", "value", path, *marks))


def _bullet(row: Row, keys: Sequence[str]) -> str:
    numbers = [float(row[key]) for key in keys]
    finite = [item for item in numbers if item == item]
    if len(finite) < 2 or numbers[1] != numbers[1] or max(finite) == min(finite):
        return f'{_BULLET}"><path d="M4 13H186" class="dash"/></svg>'
    low, high = min(finite), max(finite)
    x = [8 + 172 * (item - low) / (high - low) if item == item else None for item in numbers]
    parts = ['<path d="M4 13H186" class="trk"/>']
    if x[0] is not None:
        parts.append(f'<path d="M{x[0]:.1f} 13H{x[1]:.1f}" class="run"/>')
    parts += [f'<path d="M{tick:.1f} 5V21" class="tick"/>' for tick in x[3:] if tick is not None]
    if x[2] is not None:
        parts.append(f'<circle cx="{x[2]:.1f}" cy="13" r="5" class="ring"/>')
    parts.append(f'<circle cx="{x[1]:.1f}" cy="13" r="4.5" class="dot"/>')
    return f'{_BULLET} s-{row["status"]}">{"".join(parts)}</svg>'


def table(
    rows: pd.DataFrame,
    columns: Sequence[Column],
    *,
    caption: str,
    group: str = "",
    group_label: Callable[[str, int], str] | None = None,
    css: str = "",
) -> str:
    """Return an HTML table of the rows in their order; the first column heads its row.

    Runs of the column ``group`` become row groups; ``group_label`` maps a group's code and size
    to its heading. The caption says what the table shows, with unit and source.
    """
    heads = "".join(
        f'<th scope="col"{" class=n" if column.is_number else ""}>{escape(column.head)}</th>'
        for column in columns
    )
    parts = [
        # Focusable, so that a keyboard can scroll it.
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(caption)}">'
        f'<table class="{css or "plain"}"{_labels(columns) if css == "cards" else ""}>'
        f"<caption>{escape(caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead>"
    ]
    groups: Iterable[tuple[Any, pd.DataFrame]]
    groups = rows.groupby(group, sort=False) if group else [("", rows)]
    for code, part in groups:
        parts.append("<tbody>")
        if group and group_label:
            parts.append(
                f'<tr class="blk"><th scope="rowgroup" colspan="{len(columns)}">'
                f"{escape(group_label(str(code), len(part)))}</th></tr>"
            )
        for row in part.to_dict("records"):
            parts.append("<tr>" + "".join(_cells(row, columns)) + "</tr>")
        parts.append("</tbody>")
    return "".join([*parts, "</table></div>"])


def _cells(row: Row, columns: Sequence[Column]) -> Iterable[str]:
    first, *rest = columns
    heading = first.cell(row)
    yield f'<th scope="row" class="{_room(heading)}">{heading}</th>'
    for column in rest:
        inner = column.cell(row)
        css = " ".join(filter(None, ["n" if column.is_number else _room(inner), column.css]))
        attribute = f' class="{css}"' if css else ""
        yield f"<td{attribute}>{inner}</td>"


def _labels(columns: Sequence[Column]) -> str:
    """Return the heads as variables, said once a table; a phone shows them in each cell."""
    heads = enumerate((column.head for column in columns[1:]), start=2)
    said = ";".join(f"--c{i}:{json.dumps(head, ensure_ascii=False)}" for i, head in heads if head)
    return f' style="{escape(said)}"'


def _room(cell: str) -> str:
    """Return the class that keeps a text from being squeezed to a column of letters."""
    width = width_of(_TAG.sub("", cell))
    return "tt" if width > 24 else "t" if width > 6 else "nw"


def details(summary: str, inner: str) -> str:
    """Return a folded part of the page with its heading."""
    return f"<details><summary>{escape(summary)}</summary>{inner}</details>"
