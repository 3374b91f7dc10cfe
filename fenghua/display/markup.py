"""The HTML of a table, a tally of statuses and a legend.

Answers: how rows become an accessible table that a phone shows as four facts and a fold.
Refuses: to choose rows or columns.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape, unescape
from typing import Final

import pandas as pd

from fenghua.display import drawn, kinds, theme
from fenghua.display.columns import Column, Row
from fenghua.display.type import width_of
from fenghua.display.wording import Words
from fenghua.inputs.records import rows_of

_TAG: Final = re.compile("<[^>]*>")
_PLACES: Final = {"value": "vt", "gap": "gap", "status": "st"}  # what a phone keeps of a row
_SPEAKING: Final = ("against", "shortfall", "status")  # kinds whose cells need no head beside them
_WIDE, _WORD = 24, 6  # widths of a text, in characters, that want room
LOOKS: Final = ("rows", "cards", "plain", "fit")
LEGEND: Final = {
    "observation": '<path d="M0 5h30" class="obs"/><circle cx="15" cy="5" r="3" class="dot"/>',
    "path": '<path d="M0 5h30" class="pth"/>',
    "milestone": '<circle cx="15" cy="5" r="4" class="nod"/>',
    "required": '<path d="M0 8L30 2" class="req"/>',
    "reading": '<path d="M0 8L30 2" class="rdg"/>',
    "interval": '<path d="M0 8L30 1V9Z" class="fan"/>',
}


def bare(html: str) -> str:
    """Return a cell's text without its markup."""
    return re.sub(r"\s+", " ", unescape(_TAG.sub(" ", html))).strip()


def table(
    runs: Iterable[tuple[str, pd.DataFrame]],
    columns: Sequence[Column],
    *,
    more: Sequence[Column] = (),
    under: Sequence[Column] = (),
    caption: str,
    name: str,
    look: str,
    anchors: Mapping[str, str] | None = None,
    anchor: str = "",
) -> str:
    """Return an HTML table; the first column heads its row.

    Parameters
    ----------
    runs : iterable of (str, DataFrame)
        Headings with their rows; an empty heading is not shown.
    columns, more : sequence of Column
        What stands in cells, and what unfolds under a row's name.
    under : sequence of Column
        What stands beneath a row's name in a smaller line.
    caption, name : str
        The caption as HTML; the table's name as text, for who cannot see it.
    look : str
        The table's class; ``rows`` that a phone has no place for are ``cards``.
    anchors, anchor : mapping and str
        The ids of rows by their value in the column ``anchor``.
    """
    if look not in LOOKS:
        raise ValueError(f"look is {look!r}; allowed: {', '.join(LOOKS)}")
    if not columns:
        raise ValueError("columns names none; name one or more of the frame's columns")
    look = look if _fits_phone(columns) else look.replace("rows", "cards")
    told = [" / ".join(c.head for c in (columns[0], *under)), *(c.head for c in columns[1:])]
    over = ["", *("n" * column.is_number for column in columns[1:])]  # the first column is names
    heads = "".join(
        f'<th scope="col"{_css(css)}>{escape(head)}</th>'
        for css, head in zip(over, told, strict=True)
    )
    parts = [
        # Focusable, so that a keyboard can scroll it.
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(name)}">'
        f'<table class="{look}"{_labels(columns, look)}>'
        f"<caption>{caption}</caption><thead><tr>{heads}</tr></thead>"
    ]
    for heading, rows in runs:
        parts.append("<tbody>")
        if heading:
            parts.append(
                f'<tr class="blk"><th scope="rowgroup" colspan="{len(columns)}">'
                f"{escape(heading)}</th></tr>"
            )
        for row in rows_of(rows):
            own = (anchors or {}).get(row[anchor], "") if anchor else ""
            parts.append(_row(row, columns, more, under, look=look, own=own))
        parts.append("</tbody>")
    return "".join([*parts, "</table></div>"])


def _row(
    row: Row,
    columns: Sequence[Column],
    more: Sequence[Column],
    under: Sequence[Column],
    *,
    look: str,
    own: str,
) -> str:
    first, *rest = columns
    status = f"s-{row['status']}" if "status" in row else ""
    name = heading = first.words.start(kinds.cell(first, row))
    shown = [(column, kinds.cell(column, row)) for column in rest]
    beneath = [(column, kinds.cell(column, row)) for column in under]
    folded = list(_folded(row, [*shown, *beneath] if look == "rows" else [], more, own))
    if folded:
        facts = "".join(folded)
        heading = f"<details><summary>{heading}</summary><dl class='more'>{facts}</dl></details>"
    heading += "".join(f'<small class="ld">{cell}</small>' for _, cell in beneath)
    cells = "".join(_cells(shown))
    head = f'<th scope="row"{_css(_room(name))}>{heading}</th>'
    named = f' id="{escape(own)}"' if own else ""
    return f"<tr{named}{_css(status)}>{head}{cells}</tr>"


def _folded(
    row: Row, hidden: Sequence[tuple[Column, str]], more: Sequence[Column], own: str
) -> Iterator[str]:
    """Yield the facts under a row's name; those that a wide screen shows anyway are a phone's."""
    facts = [(column.head, kinds.cell(column, row)) for column in more]
    facts = [(head, cell) for head, cell in facts if bare(cell) not in ("", "—")]
    for column, cell in hidden:
        if not _is_seen(column) and column.head not in dict(facts):  # there it stands in full
            yield f'<dt class="ph">{escape(column.head)}</dt><dd class="ph">{cell}</dd>'
    for head, cell in facts:
        yield f"<dt>{escape(head)}</dt><dd>{cell}</dd>"
    if own and more:
        said = escape(more[0].words("page.row_link"))
        yield f'<dt>{said}</dt><dd><a class="pl" href="#{escape(own)}">#{escape(own)}</a></dd>'


def _is_seen(column: Column) -> bool:
    """Say whether a phone shows a column of ``rows`` before they are unfolded."""
    return bool(column.place) or column.kind == "bar"


def _fits_phone(columns: Sequence[Column]) -> bool:
    """Say whether a phone shows a cell of ``rows`` beside the name, and no two at one place."""
    seen = [column.place or column.kind for column in columns[1:] if _is_seen(column)]
    return len(seen) == len({*seen}) > 0


def _cells(shown: Iterable[tuple[Column, str]]) -> Iterator[str]:
    for column, inner in shown:
        room = "n" if column.is_number else "" if column.kind == "bar" else _room(inner)
        css = [_PLACES.get(column.place, ""), room if column.is_number or not column.place else ""]
        css += [column.kind if column.kind in ("bar", "strip") else "", column.spec.get("css", "")]
        yield f"<td{_css(*css)}>{inner}</td>"


def _css(*names: str) -> str:
    said = " ".join(filter(None, names))
    return f' class="{said}"' if said else ""


def _room(cell: str) -> str:
    """Return the class that keeps a text from being squeezed to a column of letters."""
    width = width_of(_TAG.sub("", cell))
    return "tt" if width > _WIDE else "t" if width > _WORD else "nw"


def _labels(columns: Sequence[Column], look: str) -> str:
    """Return the heads as variables, said once a table; a phone shows them in its cells."""
    rest = columns[1:]
    heads = {f"c{i}": column.head for i, column in enumerate(rest, start=2)}
    if look == "rows":
        placed = (column for column in rest if column.place and column.kind not in _SPEAKING)
        heads = {_PLACES[column.place]: column.head for column in placed}
    elif "cards" not in look:
        return ""
    said = (
        f"--{key}:{json.dumps(head, ensure_ascii=False)}" for key, head in heads.items() if head
    )
    style = escape(";".join(said))
    return f' style="{style}"' if style else ""


def tally(heading: str, counts: pd.Series, words: Words) -> str:
    """Return the number of things by status as small bars; statuses of none are left out."""
    most = max([*counts, 1])
    items = [
        f'<li class="s-{code}">{drawn.status_word(code, words)}'
        f'<span class="m" style="--n:{100 * counts[code] / most:.0f}"></span>'
        f"<b>{counts[code]}</b></li>"
        for code in theme.STATUS
        if counts.get(code, 0)
    ]
    return f"<div><h3>{escape(heading)}</h3><ul>{''.join(items)}</ul></div>" if items else ""


def legend(series: Iterable[str], words: Words) -> str:
    """Return what the lines and marks of a chart mean."""
    items = "".join(
        f'<p><svg viewBox="0 0 30 10" aria-hidden="true">{LEGEND[code]}</svg>'
        f"{escape(words(f'series.{code}'))}</p>"
        for code in series
    )
    return f'<div class="how">{items}<p>{escape(words("page.own_scale"))}</p></div>'


def caption(label: str, title: str, note: str, hint: str = "") -> str:
    """Return a numbered heading, with its quiet second line if there is one.

    ``hint`` ends that line on a screen; on paper, where nothing opens, it is left out.
    """
    inner = escape(note) + (f'<span class="scr">{escape(hint)}</span>' if hint else "")
    beneath = f"<span>{inner}</span>" if inner else ""
    return f"<b>{escape(label)}　{escape(title)}</b>{beneath}"
