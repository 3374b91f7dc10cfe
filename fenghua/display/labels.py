"""Direct labels that never collide: try places around a point, take the first free one.

Answers: where a label may stand. Refuses: to draw over another label.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from fenghua.display.type import width_of

# A Han character with the marks that may not start a line, or a Latin word with its space.
_WORD = re.compile(
    r"“?[\u3000-\u9fff\uff00-\uffef][，。、；：）”]*|[^\s\u3000-\u9fff\uff00-\uffef“”]+\s*|[“”]"
)
# Offsets in points, with the alignment that keeps the text clear of the point.
_PLACES = (
    (6, 0, "left", "center"),
    (0, 7, "center", "bottom"),
    (0, -7, "center", "top"),
    (-6, 0, "right", "center"),
    (5, 7, "left", "bottom"),
    (5, -7, "left", "top"),
    (-5, 7, "right", "bottom"),
    (-5, -7, "right", "top"),
    (0, 18, "center", "bottom"),
    (0, -18, "center", "top"),
)
_SHARES = {"left": 0.0, "bottom": 0.0, "center": 0.5, "right": 1.0, "top": 1.0}
_POINTS = 60  # along a line
_POINTS_OF_INCH = 72


def wrap(text: str, ems: float, *, lines: int = 4) -> str:
    r"""Return a name broken into even lines of about ``ems`` character widths; Latin counts half.

    What does not fit into ``lines`` ends in an ellipsis: the table beside the chart has it whole.

    Examples
    --------
    >>> wrap("累计招引落地总额5亿元以上重大制造业项目", 13)
    '累计招引落地总额5亿\n元以上重大制造业项目'
    >>> wrap("Tax per mu of above-scale industry", 10)
    'Tax per mu of\nabove-scale industry'
    >>> wrap("AAAAAAAAAAAAAAAA", 3, lines=2)
    'AAAAAA\nAAAAA…'
    """
    words = [piece for word in _WORD.findall(text) for piece in _pieces(word, ems)]
    sizes = [(word, width_of(word.rstrip()), width_of(word)) for word in words]
    total = sum(size for _, _, size in sizes)
    even = total / max(1, math.ceil(total / ems))
    broken, line, width = [], "", 0.0
    for word, bare, size in sizes:
        # Closer to the even length with this word than without it: it stays on the line.
        if line and width + bare > even and width + bare - even > even - width:
            broken.append(line.rstrip())
            line, width = "", 0.0
        line += word
        width += size
    broken.append(line.rstrip())
    if len(broken) > lines:
        broken = [*broken[: lines - 1], broken[lines - 1][:-1] + "…"]
    return "\n".join(broken)


def _pieces(word: str, ems: float) -> list[str]:
    """Return a word as it is, or cut where it is wider than a line."""
    if width_of(word.rstrip()) <= ems:
        return [word]
    size = max(1, int(2 * ems))
    return [word[start : start + size] for start in range(0, len(word), size)]


@dataclass(frozen=True)
class Label:
    """A text for a point in data coordinates; ``prefer`` is the index of the first place tried."""

    x: float
    y: float
    text: str
    colour: str
    weight: str = "normal"
    prefer: int = 0
    size: float = 10.5


def place(ax: Axes, labels: Sequence[Label]) -> None:
    """Write labels in order of importance, each where it meets neither text, line nor edge.

    The Axes have their final limits and all their lines, of which a label covers as little as it
    can; one that fits nowhere is left to the table beside the chart.
    """
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    width, height = ax.figure.bbox.width, ax.figure.bbox.height
    floor = ax.bbox.y0  # beneath it stand the names of the axis
    points = _along(ax)
    taken: list[Bbox] = []
    for label in labels:
        note = _written(ax, label)
        at = note.get_window_extent(renderer)
        best: tuple[int, int, Bbox] | None = None
        for place in (label.prefer, *range(len(_PLACES))):
            box = _moved(at, place, scale=ax.figure.dpi / _POINTS_OF_INCH).expanded(1.04, 1.06)
            inside = box.x0 >= 1 and box.y0 >= floor and max(box.x1 - width, box.y1 - height) <= -1
            if not inside or any(box.overlaps(other) for other in taken):
                continue
            within = ((points >= box.min) & (points <= box.max)).all(axis=1)
            covered = int(np.count_nonzero(within))
            if best is None or covered < best[0]:
                best = (covered, place, box)
            if covered == 0:
                break
        if best is None:
            note.remove()
            continue
        dx, dy, ha, va = _PLACES[best[1]]
        note.set(position=(dx, dy), ha=ha, va=va)
        taken.append(best[2])


def _written(ax: Axes, label: Label) -> Annotation:
    """Write a label with its lower left corner at its point."""
    style = {"color": label.colour, "fontsize": label.size, "fontweight": label.weight}
    style |= {"ha": "left", "va": "bottom", "annotation_clip": False}
    return ax.annotate(label.text, (label.x, label.y), (0, 0), textcoords="offset points", **style)


def _moved(box: Bbox, place: int, *, scale: float) -> Bbox:
    """Return where a box with its lower left corner at a point lies in one of the places."""
    dx, dy, ha, va = _PLACES[place]
    x = box.x0 + scale * dx - _SHARES[ha] * box.width
    y = box.y0 + scale * dy - _SHARES[va] * box.height
    return Bbox.from_bounds(x, y, box.width, box.height)


def _along(ax: Axes) -> np.ndarray:
    """Return points along all lines, in pixels, so near that no label fits between two."""
    parts = [np.empty((0, 2))]
    for line in (line for line in ax.get_lines() if len(line.get_xdata())):
        x, y = ax.transData.transform(line.get_xydata()).T
        steps = np.linspace(x[:1], x[-1:], _POINTS)
        parts.append(np.column_stack([steps, np.interp(steps, x, y)]))
    return np.concatenate(parts)
