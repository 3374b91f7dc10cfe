"""Tables of a page: caption, scope, status words with shapes, bars and sparklines in cells.

Answers: how rows become an accessible table. Refuses: to calculate what it prints.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from fenghua.display import theme
from fenghua.display.numbers import NONE, figure, short
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


def text(key: str, *, under: str = "") -> Cell:
    """Return a cell of plain text, with a smaller line beneath where ``under`` is named."""

    def cell(row: Row) -> str:
        value = str(row[key])
        small = f"<small>{escape(str(row[under]))}</small>" if under and row[under] else ""
        return f"<bdi>{escape(value)}</bdi>{small}" if value else NONE + small

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
        if not claim or printed == NONE:
            return printed
        name, _, by = claim.partition("|")
        return f'<span data-claim="{escape(f"{name}|{row[by]}|{key}")}">{printed}</span>'

    return cell


def status(words: Words, *, key: str = "status", under: str = "") -> Cell:
    """Return a cell with the status word and its shape."""

    def cell(row: Row) -> str:
        small = f"<small>{escape(str(row[under]))}</small>" if under and row[under] else ""
        return status_word(str(row[key]), words) + small

    return cell


def status_word(code: str, words: Words, *, bare: bool = False) -> str:
    """Return a status as a shape and a word in its colour; ``bare`` leaves the word to readers."""
    sign = f'<i aria-hidden="true">{theme.STATUS[code].sign}</i>'
    word = escape(words(f"status.{code}"))
    inner = f'{sign}<span class="vh">{word}</span>' if bare else sign + word
    return f'<span class="s s-{code}">{inner}</span>'


def grade_word(code: str) -> str:
    """Return a grade as a letter in its colour, a dash for none."""
    return f'<b class="grade g-{escape(code)}">{escape(code)}</b>' if code else NONE


def bar(key: str, *, high: float, decimals: int = 1, low: float = 0.0, colour: str = "") -> Cell:
    """Return a cell with the figure and a bar from ``low`` to ``high`` behind it."""

    def cell(row: Row) -> str:
        value = float(row[key])
        printed = figure(value, decimals)
        if printed == NONE or high <= low:
            return printed
        width = 100 * min(max((value - low) / (high - low), 0.0), 1.0)
        style = f"--w:{width:.1f}%" + (f";--c:{colour}" if colour else "")
        return f'<span class="bar" style="{style}">{printed}</span>'

    return cell


_BULLET = '<svg viewBox="0 0 190 26" aria-hidden="true" class="bullet'


def bullet(
    row: Row, words: Words, *, start: str, value: str, path: str, marks: Sequence[str]
) -> str:
    """Return a bullet bar: start to value as a line, milestones as ticks, the path as a ring.

    ``start``, ``value``, ``path`` and ``marks`` name columns on one scale.
    """
    numbers = [float(row[key]) for key in (start, value, path, *marks)]
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


def sparkline(values: Sequence[float], label: str) -> str:
    """Return a small line of the values with a dot on the last; gaps stay gaps."""
    points = [(i, v) for i, v in enumerate(values) if v == v]
    if len(points) < 2:
        return NONE
    low, high = min(v for _, v in points), max(v for _, v in points)
    span = (high - low) or 1.0
    xy = [(4 + 82 * i / (len(values) - 1), 20 - 16 * (v - low) / span) for i, v in points]
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in xy)
    last = f'<circle cx="{xy[-1][0]:.1f}" cy="{xy[-1][1]:.1f}" r="2.6"/>'
    return (
        f'<svg viewBox="0 0 90 24" class="spark" role="img" aria-label="{escape(label)}">'
        f'<path d="{path}"/>{last}</svg>'
    )


def table(
    rows: pd.DataFrame,
    columns: Sequence[Column],
    *,
    caption: str,
    group: str = "",
    group_label: Callable[[str, int], str] | None = None,
    css: str = "",
) -> str:
    """Return an HTML table; the first column heads its row.

    Parameters
    ----------
    rows : DataFrame
        One row a table row, in the order to print.
    columns : sequence of Column
        The first is the row's heading.
    caption : str
        Plain text that says what the table shows, with unit and source.
    group : str
        A column whose runs become row groups.
    group_label : callable
        Maps a group's code and size to its heading.
    css : str
        A class for the table.
    """
    heads = "".join(
        f'<th scope="col"{" class=n" if column.is_number else ""}>{escape(column.head)}</th>'
        for column in columns
    )
    parts = [
        # Focusable, so that a keyboard can scroll it.
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(caption)}">'
        f'<table class="{css or "plain"}"><caption>{escape(caption)}</caption>'
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
        label = f' data-label="{escape(column.head)}"' if column.head else ""
        yield f"<td{attribute}{label}>{inner}</td>"


def _room(cell: str) -> str:
    """Return the class that keeps a text from being squeezed to a column of letters."""
    width = sum(1.0 if ord(char) >= 0x2E80 else 0.5 for char in _TAG.sub("", cell))
    return "tt" if width > 24 else "t" if width > 6 else "nw"


def details(summary: str, inner: str) -> str:
    """Return a folded part of the page with its heading."""
    return f"<details><summary>{escape(summary)}</summary>{inner}</details>"
