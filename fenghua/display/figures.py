"""A chart as part of a page: SVG with real text, caption, alternative text, twin table.

Answers: how a drawn figure enters the page. Refuses: to choose what is drawn.
"""

import io
import re
from html import escape

from matplotlib.figure import Figure

from fenghua.display import palette, theme
from fenghua.display.tables import details
from fenghua.display.wording import Words

_LARGEST = 1.45  # a chart grows with its column up to this, so that its type stays in proportion
_FONT = re.compile(r"font-family: [^;\"]*;? ?")
_FONT_SHORT = re.compile(r"font: (?:[\w.]+ )*?(\d+(?:\.\d+)?px) [^;\"]*")
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
    text = _NUMBER.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), text)
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


def figure(
    fig: Figure,
    words: Words,
    *,
    key: str,
    title: str,
    alt: str,
    note: str = "",
    sign: str = "",
    twin: str = "",
) -> str:
    """Return the figure element: title that says the finding, chart, note, table twin.

    Parameters
    ----------
    fig : Figure
        The drawn chart.
    words : Words
        The page's language.
    key : str
        A word unique on the page.
    title, note : str
        Plain text above and below the chart; the note names unit, years and source.
    alt : str
        Alternative text that states the finding.
    sign : str
        A status sign as HTML, put before the title.
    twin : str
        The chart's data as an HTML table, folded away beneath it.
    """
    parts = [f'<figure id="fig-{key}"><figcaption>{sign}{escape(title)}</figcaption>']
    parts.append(svg(fig, key=key, alt=alt))
    if note:
        parts.append(f'<p class="fignote">{escape(note)}</p>')
    if twin:
        parts.append(details(words("page.show_table"), twin))
    return "".join([*parts, "</figure>"])


def grid(figures: list[str], *, columns: int = 3) -> str:
    """Return figures side by side; on a phone they stand one under another."""
    return f'<div class="grid g{columns}">{"".join(figures)}</div>'
