"""The axes of a chart: fixed margins, rows headed by names, a figure beside its mark.

Answers: where a chart stands on its figure. Refuses: a tight layout, which draws everything twice.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fenghua.display import theme

DASHED = (4, 2.5)  # the plan's own line


def axes(ax: Axes | None, size: tuple[float, float], box: tuple[float, ...]) -> Axes:
    """Return the given Axes, or new ones in a ``box`` (shares) of a figure of ``size`` (inches)."""
    return Figure(figsize=size).add_axes(box) if ax is None else ax


def head_rows(ax: Axes, names: Sequence[str], ys: Iterable[float], **labels: float) -> None:
    """Head the rows at ``ys`` with names, without grid and line."""
    ax.set_yticks(np.asarray(ys), names)
    ax.tick_params(axis="y", labelcolor=theme.INK, **labels)
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)


def beside(ax: Axes, text: str, x: float, y: float, *, points: float) -> None:
    """Write a quiet text beside a mark: to its right, or to its left where ``points`` are < 0."""
    side = "left" if points > 0 else "right"
    style = {"va": "center", "ha": side, "fontsize": 10, "color": theme.MUTE}
    ax.annotate(text, (x, y), (points, 0), textcoords="offset points", **style)


def above(
    ax: Axes, text: str, x: float, y: float, *, colour: str, points: float = 5, size: float = 10.5
) -> None:
    """Write a figure over its mark, in the mark's colour."""
    style = {"ha": "center", "color": colour, "fontweight": "bold", "fontsize": size}
    ax.annotate(text, (x, y), (0, points), textcoords="offset points", **style)
