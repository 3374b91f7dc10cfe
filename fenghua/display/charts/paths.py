"""Charts of the plan's path: one indicator's trajectory, and all schedule indices side by side.

Answers: how far an indicator is from its own path. Refuses: to join series with different bases.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from fenghua.display import theme
from fenghua.display.charts.axes import DASHED, axes, head_rows
from fenghua.display.charts.labels import Label, place, wrap
from fenghua.display.numbers import short
from fenghua.display.wording import Words


@theme.styled
def trajectory(
    frame: pd.DataFrame,
    *,
    words: Words,
    status: str,
    decimals: int,
    ax: Axes | None = None,
) -> Axes:
    """Draw one indicator: the plan's path, its milestones, observations, what may follow.

    Parameters
    ----------
    frame : DataFrame
        Columns ``series`` (path, milestone, observation, required, reading, interval),
        ``t`` (decimal years), ``value``, ``low``, ``high``, ``label``.
    status : str
        Status code that colours the observed line.
    decimals : int
        Printed precision of the indicator.
    """
    ax = axes(ax, (4.72, 2.7), (0.115, 0.115, 0.735, 0.83))
    colour = theme.STATUS[status].colour
    parts = {name: part.sort_values("t") for name, part in frame.groupby("series", sort=False)}
    empty = frame.iloc[:0]
    path, marks = parts.get("path", empty), parts.get("milestone", empty)
    seen, required = parts.get("observation", empty), parts.get("required", empty)
    ax.plot(path["t"], path["value"], color=theme.PLAN, linewidth=1.7, dashes=DASHED, zorder=2)
    _outlook(ax, parts, colour)
    if len(required):
        ax.plot(required["t"], required["value"], color=theme.INK, linewidth=1, dashes=(1, 2))
    ax.plot(seen["t"], seen["value"], color=colour, zorder=4, solid_capstyle="round")
    last = seen.tail(1)
    ax.plot(last["t"], last["value"], theme.STATUS[status].marker, color=colour, ms=6, zorder=5)
    ax.plot(marks["t"], marks["value"], "o", mfc="white", mec=theme.MUTE, mew=1.5, ms=6, zorder=3)
    first, end = int(np.floor(frame["t"].min())), int(np.ceil(frame["t"].max()))
    ax.set_xlim(first - 0.15, end + 0.15)
    ax.set_xticks(range(first, end + 1))
    ax.set_xticklabels([str(first), *(f"{year % 100:02d}" for year in range(first + 1, end + 1))])
    ax.grid(axis="x", visible=False)
    ax.margins(y=0.12)
    ax.locator_params(axis="y", nbins=4)
    ax.spines["left"].set_visible(False)
    labels = [
        Label(row.t, row.value, short(row.value, decimals=decimals + 1), colour, "bold", 1)
        for row in last.itertuples()
    ]
    labels += [
        Label(row.t, row.value, words("chart.target", value=row.label), theme.MUTE, prefer=side)
        for side, row in zip((0, *[5] * len(marks)), marks.iloc[::-1].itertuples(), strict=False)
    ]
    drawn = pd.concat([path, seen])
    place(ax, labels, avoid=list(zip(drawn["t"], drawn["value"], strict=True)))
    return ax


def _outlook(ax: Axes, parts: dict[str, pd.DataFrame], colour: str) -> None:
    """Draw the interval faintly, and the two readings as thin lines, as the points allow."""
    fan = parts.get("interval")
    if fan is not None and len(fan):
        ax.fill_between(fan["t"], fan["low"], fan["high"], color=colour, alpha=0.13, linewidth=0)
    readings = parts.get("reading")
    if readings is not None:
        for _, line in readings.groupby("label", sort=False):
            ax.plot(line["t"], line["value"], color=colour, linewidth=1, alpha=0.45)


def _rows(
    names: pd.Series, ys: np.ndarray, words: Words, *, ax: Axes | None, above: float, right: float
) -> Axes:
    """Return Axes with a row a name, on a figure as high as it needs (``above``: inches more)."""
    broken = [wrap(name, 13 if words.is_chinese else 17) for name in names]
    lines = max((name.count("\n") + 1 for name in broken), default=1)
    height = above + max(0.36, 0.165 * lines) * len(broken)
    left = 0.38 if words.is_chinese else 0.45
    ax = axes(ax, (6.3, height), (left, 0.34 / height, right - left, 1 - above / height))
    head_rows(ax, broken, ys, labelsize=10)
    ax.set_ylim(-0.6, len(broken) - 0.4)
    return ax


def _what(ax: Axes, text: str) -> None:
    """Write what the axis measures above it, from the right edge."""
    ax.set_title(text, fontsize=10, color=theme.MUTE, loc="right", pad=4)
