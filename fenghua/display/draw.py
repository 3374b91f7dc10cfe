"""The house style for seaborn: axes with fixed margins, colours and shapes by meaning.

Answers: how a chart of a notebook looks. Refuses: pyplot, which would show a figure twice.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fenghua.display import theme
from fenghua.display import type as chart_type
from fenghua.display.columns import Row
from fenghua.display.labels import Label, place, wrap
from fenghua.display.numbers import figure, percent, short, telling
from fenghua.display.type import width_of
from fenghua.inputs.records import rows_of

Look = Mapping[str, Any]  # keywords of a drawing function

SIZE: Final = 12.0  # points: at least eleven pixels on a phone
WIDTH: Final = 4.6  # inches: as wide as a phone shows it
_INDEX_DECIMALS: Final = 2
INDEX: Final = (-0.5, 2.0)  # the range in which a schedule index is drawn
INDEX_EDGES: Final = (-2.1, 3.2)  # with room for the figures
_STEP: Final = 0.36  # inches from row to row
_LINE: Final = 0.2  # inches a line of a name
_APART: Final = 0.4  # lines left between two names
_NAME: Final = 11.0  # character widths at which a name is broken
_WIDEST: Final = 24  # character widths of a line beneath an axis
_AXIS: Final = 0.6  # inches beneath the rows
_OVER: Final = 0.1  # and above them, where nothing is written
_CARD: Final = (4.45, 2.05)  # inches: width and height of a small chart
_EDGE: Final = 0.03  # share of a small chart before its first year and after its last
_RC: Final = {"font.size": SIZE, "axes.labelsize": SIZE, "xtick.labelsize": SIZE}
_SIZES: Final = MappingProxyType(_RC | {"ytick.labelsize": SIZE, "legend.fontsize": SIZE})

PLAN: Final[Look] = MappingProxyType(
    {"color": theme.PLAN, "linewidth": 1.6, "linestyle": (0, (4, 2.5)), "zorder": 1}
)
STEM: Final[Look] = MappingProxyType({"color": theme.REST, "linewidth": 1.6, "zorder": 2})
STATUS: Final[Look] = MappingProxyType(
    {
        "palette": {code: mark.colour for code, mark in theme.STATUS.items()},
        "markers": {code: mark.marker for code, mark in theme.STATUS.items()},
        "s": 60,
        "linewidth": 0,
        "zorder": 3,
        "legend": False,
    }
)
DOT: Final[Look] = MappingProxyType(
    {"color": theme.OWN, "s": 60, "linewidth": 0, "zorder": 3, "legend": False}
)
SPAN: Final[Look] = MappingProxyType({"color": theme.OWN, "linewidth": 2.2, "alpha": 0.55})
TICK: Final[Look] = MappingProxyType({"color": theme.SEAL, "marker": "|", "s": 160, "zorder": 2})
BAR: Final[Look] = MappingProxyType(
    {"color": theme.BAR, "edgecolor": "white", "alpha": 1, "linewidth": 1}
)
SEEN: Final[Look] = MappingProxyType({"linewidth": 2.4, "zorder": 4})
NEEDED: Final[Look] = MappingProxyType({"color": theme.SEAL, "linewidth": 1.6, "zorder": 2})
READING: Final[Look] = MappingProxyType(
    {"color": theme.MUTE, "linewidth": 1.8, "zorder": 3, "linestyle": (0, (1, 1.2))}
)
RING: Final[Look] = MappingProxyType(
    {"color": "white", "edgecolor": theme.MUTE, "linewidth": 1.5, "s": 36, "zorder": 3}
)


def use() -> None:
    """Set the house style, once; ``rc`` comes last, for ``set_theme`` names a font of its own."""
    wanted = {**theme.RC, **_SIZES}
    if mpl.rcParams["svg.hashsalt"] == wanted["svg.hashsalt"]:
        return
    chart_type.use_widths()
    sns.set_theme(style="white", rc=wanted)


def axes(
    width: float = WIDTH,
    height: float = 3.0,
    *,
    box: tuple[float, float, float, float] = (0.12, 0.17, 0.84, 0.76),
    grid: str = "both",
) -> Axes:
    """Return the Axes of a new figure; ``box`` is their place in it, as shares.

    Sizes are in inches. Margins are fixed: a layout that follows its labels draws all twice.
    ``grid`` names the axis whose lines are drawn: ``x``, ``y``, ``both`` or, empty, none.
    """
    use()
    ax = Figure(figsize=(width, height)).add_axes(box)
    if grid:
        ax.grid(visible=True, axis=grid)
    return ax


def rows(names: Iterable[str]) -> Axes:
    """Return Axes with one row a name, from the top, on a figure as high as the rows need."""
    broken = [wrap(name, _NAME) for name in names]
    lines = [name.count("\n") + 1 for name in broken]
    beside = [(one + other) / 2 for one, other in pairwise(lines)] or lines
    step, count = max(_STEP, _LINE * (max(beside, default=1) + _APART)), max(len(broken), 2)
    height = _AXIS + _OVER + step * count
    widest = max((width_of(line) for name in broken for line in name.split("\n")), default=0.0)
    left = (SIZE * widest + 26) / (72 * WIDTH)  # Chinese quotes print wider than they measure
    box = (left, _AXIS / height, 0.97 - left, 1 - (_AXIS + _OVER) / height)
    ax = axes(WIDTH, height, box=box, grid="x")
    ax.set_yticks(range(len(broken)), broken)
    ax.set_ylim(count - 0.4, -0.6)
    ax.tick_params(axis="y", labelcolor=theme.INK)
    ax.spines["left"].set_visible(False)
    return ax


def below(ax: Axes, text: str) -> None:
    """Write what the axis measures beneath it, from the right edge, as far as the names go."""
    ax.set_ylabel("")
    ax.set_xlabel(wrap(text, _WIDEST), loc="right")


def values(ax: Axes, at: Iterable[float], told: Iterable[str], *, away_from: float = 0.0) -> None:
    """Write each row's figure beside its mark, on the side away from a reference."""
    style = {"va": "center", "fontsize": SIZE, "color": theme.MUTE}
    for y, (x, text) in enumerate(zip(at, told, strict=True)):
        if x == x:
            shift, side = (8, "left") if x >= away_from else (-8, "right")
            ax.annotate(text, (x, y), (shift, 0), textcoords="offset points", ha=side, **style)


def index_told(value: float, cuts: Iterable[float] = ()) -> str:
    """Return a schedule index as charts write it beside its mark, apart from the bands' edges.

    Examples
    --------
    >>> index_told(0.9458), index_told(0.9458, cuts=(0.95, 0.6, 0.0))
    ('0.95', '0.946')
    """
    digits = [telling(abs(value), cut, _INDEX_DECIMALS) for cut in cuts]
    return figure(value, max(digits, default=_INDEX_DECIMALS))


def bands(ax: Axes, groups: Iterable[float]) -> None:
    """Shade every other run of rows that belong together."""
    for y, code in enumerate(groups):
        if code % 2:
            ax.axhspan(y - 0.5, y + 0.5, color=theme.LINE, alpha=0.45, linewidth=0)


def ticks_as(ax: Axes, axis: str, *, share: bool = False) -> None:
    """Print an axis's figures as the house prints them, shares as percentages."""

    def printed(value: float, _: int) -> str:
        return percent(value) if share else short(value, decimals=3)

    getattr(ax, f"{axis}axis").set_major_formatter(printed)


class Cards:
    """One small chart a value of a column, each a figure of its own.

    One figure with all facets cannot be re-flowed by a page; cards can. ``map`` takes what
    ``seaborn.FacetGrid.map_dataframe`` takes: an axes-level function, and its keywords.
    """

    def __init__(self, frame: pd.DataFrame, by: str) -> None:
        box = (0.03, 0.15, 0.77, 0.76)
        self.by = by
        self.frame = frame
        self.parts = self._parts(frame)
        self.axes = {key: axes(*_CARD, box=box, grid="") for key in self.parts}

    def _parts(self, rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """Return the rows of each card."""
        by = rows.groupby(self.by, sort=False, observed=True)
        return {str(key): part for key, part in by}

    def map(self, plot: Callable[..., object], where: str = "", **how: Any) -> "Cards":
        """Draw the rows that satisfy a query (all by default) on every card."""
        chosen = self.frame.query(where) if where else self.frame
        for key, part in self._parts(chosen).items():
            # Seaborn names an axis that has no name, and lays out all ticks for it.
            self.axes[key].set(xlabel=" ", ylabel=" ")
            plot(part, ax=self.axes[key], **how)
        return self

    def line(self, where: str, *, each: str = "series", **how: Any) -> "Cards":
        """Draw the rows that satisfy a query as one line for each value of ``each``.

        They have the colour of the card's status where none is given; a row alone is a dot. Seaborn
        would look for colours and sizes to tell lines apart by, which takes thirty times as long.
        """
        drawn = self.frame.query(where).dropna(subset="value").sort_values("t", kind="stable")
        for (key, _), line in drawn.groupby([self.by, each], observed=True):
            look = {"color": _colour(line), "marker": "o" if len(line) == 1 else "", **how}
            self.axes[key].plot(line["t"], line["value"], **look)
        return self

    def rings(self, where: str) -> "Cards":
        """Draw a ring at each row that satisfies a query: all of one look, as by `line`."""
        for key, part in self._parts(self.frame.query(where)).items():
            self.axes[key].scatter(part["t"], part["value"], **RING)
        return self

    def fan(self, where: str, *, low: str, high: str) -> "Cards":
        """Shade an interval that was computed upstream: seaborn would compute one of its own."""
        chosen = self._parts(self.frame.query(where).astype({low: float, high: float}))
        for key, part in self.parts.items():
            rows = chosen.get(key, part.head(0))
            edges = (rows["t"], rows[low], rows[high])
            self.axes[key].fill_between(*edges, color=_colour(part), alpha=0.13, linewidth=0)
        return self

    def years(self, years: Iterable[int]) -> "Cards":
        """Name these years beneath every card, and leave the values to the labels.

        Figures of later years are drawn, too: what is labelled as the last is where a line ends.
        """
        ticks = [*years]
        start, end = min(ticks), max([*ticks, *self.frame["t"].dropna()])
        room = _EDGE * max(1, end - start)  # for half of the first year's figures
        for ax in self.axes.values():
            ax.set(xlabel="", xticks=ticks)
            ax.set_xticklabels([f"{year:.0f}" for year in ticks])  # whole, however near
            ax.set_xlim(start - room, end + room)
            ax.margins(y=0.14)
            ax.yaxis.set_visible(False)
            ax.spines["left"].set_visible(False)
        return self

    def label(self) -> "Cards":
        """Write the last figure and the targets, each where it meets nothing.

        Rows have ``series``, ``t``, ``value``, ``label``, ``status`` and ``value_decimals``.
        """

        def told(row: Row) -> str:
            return short(row["value"], decimals=row["value_decimals"])

        rows = rows_of(self.frame.query("series in ['observation', 'milestone']"))
        for key, ax in self.axes.items():
            own = [row for row in rows if str(row[self.by]) == key]
            seen = [row for row in own if row["series"] == "observation"]
            goals = [row for row in own if row["series"] == "milestone"]
            labels = [
                Label(
                    r["t"], r["value"], told(r), theme.STATUS[r["status"]].colour, "bold", 0, SIZE
                )
                for r in seen[-1:]
            ]
            sides = (0, *[6] * len(goals))  # the final target to the right, others aside
            labels += [
                Label(r["t"], r["value"], str(r["label"]), theme.MUTE, prefer=side, size=SIZE)
                for side, r in zip(sides, goals[::-1], strict=False)
            ]
            place(ax, labels)
        return self


def _colour(card: pd.DataFrame) -> str:
    """Return the colour of the status that all rows of a card have."""
    return theme.STATUS[card["status"].iloc[0]].colour
