"""The span of the plan as one line: base year, target years, and the moment of this page.

Answers: where in the plan a reader stands. Refuses: a period before the base year a place.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

from fenghua.display.type import width_of
from fenghua.display.wording import Words

_LEFT, _RIGHT, _WIDTH = 20.0, 520.0, 540.0
_SIZE: Final = 12.0  # of the text, in units of the drawing
_APART: Final = 6.0
_ROOM: Final = 1.25  # other Latin letters are wider


def span(base_year: int, target_years: Sequence[int], now: float, period: str, words: Words) -> str:
    """Return the line as SVG.

    Parameters
    ----------
    base_year, target_years : int, sequence of int
        Years that the plan counts from and to, rising; at each year's end.
    now : float
        The end of the page's period, as a year.
    period : str
        The period in words; written where it covers no year of the plan.
    """
    end = target_years[-1]
    scale = (_RIGHT - _LEFT) / max(end - base_year, 1)
    at = {year: _LEFT + scale * (year - base_year) for year in (base_year, *target_years)}
    here = min(max(_LEFT + scale * (now - base_year), _LEFT), _RIGHT)
    roles = dict.fromkeys(target_years, "next") | {base_year: "base", end: "end"}
    told = {year: words(f"page.when_{role}", year=year) for year, role in roles.items()}
    boxes = {year: _box(at[year], text) for year, text in told.items()}
    own = _box(here, period)
    parts = [f'<path d="M{_LEFT} 14H{_RIGHT}" class="whole"/>']
    parts.append(f'<path d="M{_LEFT} 14H{here:.1f}" class="gone"/>')
    for year, x in at.items():
        css = "past" if x <= here else "ahead"
        parts.append(f'<circle cx="{x:.1f}" cy="14" r="5" class="{css}"/>')
        if own[1] + _APART < boxes[year][0] or own[0] - _APART > boxes[year][1]:
            parts.append(_text(boxes[year], told[year]))
    parts.append(f'<path d="M{here:.1f} 6v16" class="now"/>' + _text(own, period, css="on"))
    said = escape(words("page.when", base_year=base_year, end_year=end, period=period))
    head = f'<svg class="when" viewBox="0 0 {_WIDTH:.0f} 40" role="img" aria-label="{said}">'
    return head + "".join(parts) + "</svg>"


def _box(x: float, text: str) -> tuple[float, float]:
    """Return where a text beneath a place begins and ends; at the ends it leans inwards."""
    width = _SIZE * _ROOM * width_of(text)
    left = min(max(x - width / 2, 0.0), _WIDTH - width)
    return left, left + width


def _text(box: tuple[float, float], text: str, *, css: str = "") -> str:
    left, right = box
    anchor, x = "middle", (left + right) / 2
    if left <= _APART:  # a phone writes larger
        anchor, x = "start", _LEFT / 2
    elif right >= _WIDTH - _APART:
        anchor, x = "end", _WIDTH - _LEFT / 2
    named = f' class="{css}"' if css else ""
    return f'<text x="{x:.1f}" y="34" text-anchor="{anchor}"{named}>{escape(text)}</text>'
