"""Charts of the race of towns: rank intervals, rank history, what moves ranks, classes by land.

Answers: who is ahead, and how far that can be trusted. Refuses: a rank without its interval.
"""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from fenghua.display import theme
from fenghua.display.charts.axes import DASHED, above, axes, beside, head_rows
from fenghua.display.charts.labels import wrap
from fenghua.display.numbers import figure, percent, short
from fenghua.display.type import width_of
from fenghua.display.wording import Words

WIDTH = 5.0
CLASSES = ("A", "B", "C", "D", "ungraded", "withheld")


def _rows(
    frame: pd.DataFrame, words: Words, *, ax: Axes | None, step: float = 0.0
) -> tuple[Axes, np.ndarray]:
    """Return Axes with one row a name, and the rows from the top, on a figure as high as needed."""
    step = step or (0.34 if words.is_chinese else 0.42)
    names = [wrap(name, 8 if words.is_chinese else 10.5) for name in frame["name"]]
    lines = [line for name in names for line in name.split("\n")]
    step = max([step, *(0.17 * (name.count("\n") + 1) for name in names)])
    height = 0.83 + step * max(len(frame), 2)
    em = 10.5 if words.is_chinese else 12.2  # Latin letters are wider than half an em
    left = (em * max(map(width_of, lines), default=0.0) + 14) / (72 * WIDTH)
    ax = axes(ax, (WIDTH, height), (left, 0.5 / height, 0.96 - left, 1 - 0.83 / height))
    ys = np.arange(len(frame))[::-1]
    head_rows(ax, names, ys)
    ax.set_ylim(-0.6, max(len(frame), 2) - 0.4)
    return ax, ys


def _below(ax: Axes, text: str) -> None:
    """Write what the axis measures beneath it, from the right edge, as far as the names go."""
    ax.set_xlabel(wrap(text, 29), fontsize=10, loc="right")


@theme.styled
def rank_intervals(frame: pd.DataFrame, *, words: Words, ax: Axes | None = None) -> Axes:
    """Draw each unit's rank as a dot and the interval of other fair choices as a whisker.

    ``frame`` has ``name``, ``nominal_rank``, ``rank_low``, ``rank_high``, ``tier``, from the top.
    """
    ax, ys = _rows(frame, words, ax=ax)
    for y, (_, row) in zip(ys, frame.iterrows(), strict=True):
        if row["tier"] % 2:
            ax.axhspan(y - 0.5, y + 0.5, color=theme.LINE, alpha=0.45, linewidth=0)
        ax.plot(
            [row["rank_low"], row["rank_high"]], [y, y], color=theme.OWN, linewidth=2.2, alpha=0.55
        )
        ax.plot(row["nominal_rank"], y, "o", color=theme.OWN, ms=7)
    starts = frame["tier"].ne(frame["tier"].shift()).to_numpy()
    for y, tier in zip(ys[starts], frame["tier"][starts], strict=True):
        text = words("town.tier", tier=short(tier))
        ax.text(1.02, y, text, transform=ax.get_yaxis_transform(), fontsize=10, va="center")
    last = max(2, len(frame))
    box = ax.get_position()
    ax.set_position([box.x0, box.y0, 0.84 - box.x0, box.height])
    ax.set_xlim(0.5, last + 0.5)
    ax.set_xticks(range(1, last + 1, 2 if last > 8 else 1))
    _below(ax, words("chart.rank_axis"))
    return ax


@theme.styled
def rank_history(frame: pd.DataFrame, *, words: Words, ax: Axes | None = None) -> Axes:
    """Draw the ranks of the last issues as lines named at their ends; the first tier stands out.

    ``frame`` has ``period`` (code), ``unit``, ``name``, ``rank``, ``is_first_tier``, oldest first.
    """
    labels = list(dict.fromkeys(frame["period"]))
    units = frame.dropna(subset="rank")["unit"].nunique()
    height = 0.7 + 0.37 * max(units, 3)
    share = 0.6 if words.is_chinese else 0.5
    ax = axes(ax, (WIDTH, height), (0.05, 0.42 / height, share, 1 - 0.6 / height))
    for _, line in frame.groupby("unit", sort=False):
        xs = [labels.index(period) for period in line["period"]]
        colour, width = (theme.OWN, 2.4) if line["is_first_tier"].iloc[0] else (theme.PLAN, 1.3)
        ax.plot(xs, line["rank"], "-o", color=colour, linewidth=width, ms=4.5)
    ends = frame[frame["period"] == labels[-1]].dropna(subset="rank")
    for rank, tied in ends.groupby("rank"):  # equal ranks share a place and a label
        ax.annotate(
            wrap(f"{short(rank)} {words.join(list(tied['name']))}", 11, lines=2),
            (len(labels) - 1, rank), (9, 0),
            textcoords="offset points", va="center", fontsize=10.5, annotation_clip=False,
        )  # fmt: skip
    every = max(1, math.ceil(len(labels) * 48 / (72 * WIDTH * share)))
    ticks = range((len(labels) - 1) % every, len(labels), every)  # the last period is named
    ax.set_xticks(ticks, [labels[tick] for tick in ticks], fontsize=10)
    ax.set_xlim(-0.3, max(len(labels) - 1, 1) + 0.1)
    ax.set_ylim(max(units, 2) + 0.6, 0.4)
    ax.set_yticks([])
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)
    return ax


@theme.styled
def choice_effects(frame: pd.DataFrame, *, words: Words, ax: Axes | None = None) -> Axes:
    """Draw how many places each choice of method moves a unit on average, and at most.

    ``frame`` has ``name``, ``mean_rank_shift``, ``max_rank_shift``, the largest first.
    """
    ax, ys = _rows(frame, words, ax=ax, step=0.42)
    ax.barh(ys, frame["mean_rank_shift"], color=theme.OWN, height=0.52)
    for y, mean, most in zip(ys, frame["mean_rank_shift"], frame["max_rank_shift"], strict=True):
        text = words("chart.shift", mean=figure(mean, 2), most=short(most))
        beside(ax, wrap(text, 13), mean, y, points=6)
    ax.set_xlim(0, 2.4 * max(frame["mean_rank_shift"].max(), 0.1))
    ax.locator_params(axis="x", nbins=4)
    _below(ax, words("chart.shift_axis"))
    return ax


@theme.styled
def grade_land(frame: pd.DataFrame, *, words: Words, ax: Axes | None = None) -> Axes:
    """Draw each unit's land by class as a bar of 100 %; withheld classes are hatched.

    ``frame`` has ``name`` and the shares (0-1) of ``CLASSES``.
    """
    ax, ys = _rows(frame, words, ax=ax)
    start = np.zeros(len(frame))
    for code in CLASSES:
        width = frame[code].fillna(0.0).to_numpy()
        drawn = {"color": theme.GRADE[code].colour if code in theme.GRADE else theme.REST}
        if code == "withheld":
            drawn = {
                "facecolor": "white",
                "edgecolor": theme.REST,
                "hatch": "////",
                "linewidth": 0.6,
            }
        ax.barh(ys, width, left=start, height=0.66, **drawn)
        for y, left, size in zip(ys, start, width, strict=True):
            if size >= 0.085 and code != "withheld":
                name = f"{code} " if size >= 0.13 and len(code) == 1 else ""
                style = {"ha": "center", "va": "center", "fontsize": 10}
                style["color"] = theme.INK if code == "ungraded" else "white"
                ax.text(left + size / 2, y, name + percent(size), **style)
        start = start + width
    ax.set_xlim(0, 1)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    _below(ax, words("chart.grade_axis"))
    return ax


@theme.styled
def attainment(frame: pd.DataFrame, *, words: Words, ax: Axes | None = None) -> Axes:
    """Draw one town's attained share of each task among those of the other towns.

    ``frame`` has ``name`` (of the indicator), ``attainment``, ``is_own``, ``status``; shares are
    cut at 0 and 2.
    """
    names = frame.drop_duplicates("name")
    ax, ys = _rows(names, words, ax=ax, step=0.46)
    ax.axvline(1, color=theme.PLAN, linewidth=1.6, dashes=DASHED, zorder=1)
    row_of = dict(zip(names["name"], ys, strict=True))
    placed = frame.assign(x=frame["attainment"].clip(0, 2), y=frame["name"].map(row_of))
    others = placed[~placed["is_own"]]
    ax.plot(others["x"], others["y"], "|", color=theme.PLAN, ms=11, mew=1.4, alpha=0.8)
    for row in placed[placed["is_own"] & placed["x"].notna()].to_dict("records"):
        mark = theme.STATUS[row["status"]]
        ax.plot(row["x"], row["y"], mark.marker, color=mark.colour, ms=9, zorder=4)
        text = percent(row["attainment"])
        above(ax, text, row["x"], row["y"], colour=mark.colour, points=7, size=10)
    ax.set_xlim(-0.16, 2.1)
    ax.set_ylim(-0.5, len(names) - 0.15)
    ax.set_xticks([0, 0.5, 1, 1.5, 2], [percent(x) for x in (0, 0.5, 1, 1.5, 2)])
    _below(ax, words("chart.attainment_axis"))
    return ax
