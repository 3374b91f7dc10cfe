"""The charts that a cell leaves open, shown as Jupyter would show them.

Answers: each figure as SVG whose text stays text. Refuses: to import matplotlib where no cell did.
"""

import io
import sys
import warnings
from html import escape
from typing import Any, Final

MIME: Final = "image/svg+xml"


def left_open() -> list[str]:
    """Return the figures that are open in this process as SVG, in order, and close them.

    Text is left to the reader's own fonts, so that Chinese needs none here; the same figure gives
    the same bytes.
    """
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    drawn = [_svg(pyplot.figure(number)) for number in pyplot.get_fignums()]
    pyplot.close("all")
    return drawn


def _svg(figure: Any) -> str:
    from matplotlib import rc_context

    about = {"Date": None, "Creator": None}
    buffer = io.StringIO()
    with warnings.catch_warnings(), rc_context({"svg.fonttype": "none", "svg.hashsalt": "page"}):
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(buffer, format="svg", bbox_inches="tight", metadata=about)
    text = buffer.getvalue()
    said = ". ".join(title for axes in figure.axes if (title := axes.get_title()))
    label = f'<svg role="img" aria-label="{escape(said)}"'
    return text[text.index("<svg") :].replace("<svg", label, 1)
