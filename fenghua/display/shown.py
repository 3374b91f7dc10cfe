"""What a cell of a notebook shows: on the page its HTML, in JupyterLab the same above its frame.

Answers: how one result serves page and notebook. Refuses: to show a thing twice.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any, Final

import pandas as pd

from fenghua.display import palette

MIME: Final = "application/vnd.fenghua.page+json"  # a page takes what carries this, nothing else
_LAB: Final = "table{table-layout:auto}tbody tr:nth-child(odd),tbody tr:hover{background:none}"
_ROWS_OF_FRAME: Final = 30


@dataclass(frozen=True)
class Shown:
    """A part of the page, the frame that it shows, and what the index says of it, too."""

    html: str
    frame: pd.DataFrame | None = None
    title: str = ""
    about: Mapping[str, str] = field(default_factory=dict)

    def _repr_mimebundle_(self, include: Collection[str] | None = None, **_: Any) -> dict[str, Any]:
        if not self.html:
            return {"text/plain": ""}
        if include and "text/html" not in include:
            return {MIME: {"html": self.html, **self.about}}
        under = "" if self.frame is None else _folded(self.frame)
        html = f'{notebook_style()}<div class="fb">{self.html}</div>{under}'
        return {MIME: {"html": self.html, **self.about}, "text/html": html, "text/plain": ""}


def _folded(frame: pd.DataFrame) -> str:
    """Return the frame itself, folded, for whoever works in the notebook."""
    head = f"DataFrame {len(frame)} × {frame.shape[1]}: {', '.join(map(str, frame.columns))}"
    inner = frame.to_html(max_rows=_ROWS_OF_FRAME, float_format="%.4g", border=0)
    return f"<details><summary><small>{escape(head)}</small></summary>{inner}</details>"


@cache
def notebook_style() -> str:
    """Return the page's rules, kept within our own outputs and stronger than the notebook's."""
    rules = (palette.css(has_dark=False) + _LAB).replace(".fb", "&")
    return f"<style>.fb.fb{{{rules}}}</style>"
