"""A chart as part of a page: SVG with real text and an alternative text, alone or as cards.

Answers: how a drawn figure enters the page. Refuses: to choose what is drawn.
"""

import io
import re
from collections.abc import Sequence
from html import escape

import pandas as pd
from matplotlib.figure import Figure

from fenghua.display import kinds, markup, palette, theme
from fenghua.display.columns import Column
from fenghua.display.draw import Cards
from fenghua.inputs.records import rows_of

_LARGEST = 1.45  # a chart grows with its column up to this, so that its type stays in proportion
_FONT = re.compile(r"font-family: [^;\"]*;? ?")
_FONT_SHORT = re.compile(r"font: (?:[\w.]+ )*?(\d+(?:\.\d+)?px) [^;\"]*")
_TAG = re.compile(r"<[^>]+>")
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_ALIKE = re.compile(r'<use [^>]*?( style="[^"]*")/>(?:<use [^>]*?\1/>)+')


def svg(fig: Figure, *, key: str, alt: str) -> str:
    """Return the figure as an inline SVG element whose ids begin with ``key``.

    Parameters
    ----------
    fig : Figure
        A drawn figure.
    key : str
        A word unique on the page.
    alt : str
        The finding in words, read aloud in place of the drawing.
    """
    buffer = io.StringIO()
    with theme.style():
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r"<style.*?</style>", "", text, flags=re.S)
    text = _FONT_SHORT.sub(r"font-size: \1", _FONT.sub("", text))
    text = re.sub(r' id="(?!p[0-9a-f]{10}"|m[0-9a-f]{10}"|[mh][0-9a-f]+")[^"]*"', "", text)
    text = re.sub(r'( id="|url\(#|href="#)', rf"\g<1>{key}-", text)
    text = _TAG.sub(lambda tag: _NUMBER.sub(_shorter, tag[0]), text)  # a label keeps its digits
    text = re.sub(r"transform=\"rotate\(-?0 [^\"]*\)\" ?", "", text)
    text = palette.named(text)
    text = re.sub(r"\s*\n\s*", " ", text).replace("<g/>", "").replace("> <", "><")
    text = _ALIKE.sub(lambda run: f"<g{run[1]}>{run[0].replace(run[1], '')}</g>", text)
    width, height = fig.get_size_inches() * fig.dpi
    head = f'<svg class="chart" viewBox="0 0 {width:.2f} {height:.2f}"'
    head += f' style="max-width:{_LARGEST * width:.0f}px" role="img" aria-label="{escape(alt)}"'
    head += ' stroke-linejoin="round" xmlns="http://www.w3.org/2000/svg"'
    head += ' xmlns:xlink="http://www.w3.org/1999/xlink">'
    return head + text[text.index(">") + 1 :].strip()


def _shorter(number: re.Match[str]) -> str:
    """Return a coordinate to the hundredth of a point."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def cards(
    drawn: Cards, rows: pd.DataFrame, columns: Sequence[Column], *, key: str, legend: Sequence[str]
) -> str:
    """Return small charts side by side, each headed by its row in words.

    Parameters
    ----------
    drawn : Cards
        The charts, by the value of the rows' column ``drawn.by``.
    rows : DataFrame
        What the charts are of, in their order.
    columns : sequence of Column
        The first names the row and the card, the others are said beneath the name; together
        they are the alternative text.
    key : str
        A word unique on the page.
    legend : sequence of str
        Series of the catalogue that are drawn.
    """
    words, parts = columns[0].words, []
    for i, row in enumerate(rows_of(rows), start=1):
        name, *rest = (kinds.cell(column, row) for column in columns)
        comma = words("page.comma")
        alt = comma.join(markup.bare(cell) for cell in (name, *rest))
        drawing = svg(drawn.axes[row[drawn.by]].figure, key=f"{key}-{i}", alt=alt)
        css = f' class="s-{row["status"]}"' if "status" in row else ""
        parts.append(f"<div{css}><h3>{name}</h3><p>{comma.join(rest)}</p>{drawing}</div>")
    parts.append(markup.legend(legend, words) if legend else "")
    return f'<div class="ps">{"".join(parts)}</div>'
