"""The span of the plan as one line: base year, target years, and the moment of this page.

Answers: where in the plan a reader stands. Refuses: a period before the base year a place.
"""

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from fenghua.display.type import width_of
from fenghua.display.wording import Words

_LEFT, _RIGHT, _WIDTH = 20.0, 520.0, 540.0
_SIZE, _PHONE = 12.0, 17.0  # of the text, in units of the drawing; page.css says the same
_APART: Final = 6.0
_ROOM: Final = 1.25  # other Latin letters are wider


class _Text(NamedTuple):
    """A text at a place of the line, as SVG anchors it."""

    said: str
    anchor: str
    x: float

    def box(self, size: float) -> tuple[float, float]:
        """Return where it begins and ends when it is written at a size."""
        width = size * _ROOM * width_of(self.said)
        left = self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * width
        return left, left + width


def span(base_year: int, target_years: Sequence[int], now: float, period: str, words: Words) -> str:
    """Return the line as SVG; where texts would meet, the years between are marks alone.

    The period stands above it, so that it hides no year.

    Parameters
    ----------
    base_year, target_years : int, sequence of int
        Years that the plan counts from and to, rising; at each year's end.
    now : float
        The end of the page's period, as a year.
    period : str
        The period in words; always written.
    """
    end = target_years[-1]
    scale = (_RIGHT - _LEFT) / max(end - base_year, 1)
    at = {year: _LEFT + scale * (year - base_year) for year in (base_year, *target_years)}
    here = min(max(_LEFT + scale * (now - base_year), _LEFT), _RIGHT)
    roles = dict.fromkeys(target_years, "next") | {base_year: "base", end: "end"}
    ranked = dict.fromkeys([base_year, end, *target_years])
    told = [_at(at[year], words(f"page.when_{roles[year]}", year=year)) for year in ranked]
    desk, phone = (_clear(told, size) for size in (_SIZE, _PHONE))
    parts = [f'<path d="M{_LEFT} 27H{_RIGHT}" class="whole"/>']
    parts.append(f'<path d="M{_LEFT} 27H{here:.1f}" class="gone"/>')
    for x in at.values():
        css = "past" if x <= here else "ahead"
        parts.append(f'<circle cx="{x:.1f}" cy="27" r="5" class="{css}"/>')
    parts += [
        _written(text, 48, "" if text in phone else "wide")
        for text in sorted(desk, key=lambda text: text.x)
    ]
    own = _written(_at(here, period), 13, "on")
    parts.append(f'<path d="M{here:.1f} 19v16" class="now"/>{own}')
    said = escape(words("page.when", base_year=base_year, end_year=end, period=period))
    head = f'<svg class="when" viewBox="0 0 {_WIDTH:.0f} 53" role="img" aria-label="{said}">'
    return head + "".join(parts) + "</svg>"


def _at(x: float, said: str) -> _Text:
    """Return a text at a place; at the ends, where a phone would cut it, it leans inwards."""
    text = _Text(said, "middle", x)
    left, right = text.box(_PHONE)
    if left <= _APART:
        return _Text(said, "start", _LEFT / 2)
    return _Text(said, "end", _WIDTH - _LEFT / 2) if right >= _WIDTH - _APART else text


def _clear(texts: Sequence[_Text], size: float) -> list[_Text]:
    """Return the texts that meet none before them when they are written at a size."""
    kept: list[_Text] = []
    for text in texts:
        left, right = text.box(size)
        others = [other.box(size) for other in kept]
        if all(right + _APART < start or left - _APART > stop for start, stop in others):
            kept.append(text)
    return kept


def _written(text: _Text, y: int, css: str) -> str:
    named = f' class="{css}"' if css else ""
    at = f'x="{text.x:.1f}" y="{y}" text-anchor="{text.anchor}"'
    return f"<text {at}{named}>{escape(text.said)}</text>"
