"""Charts of output per mu: distribution, concentration, scatter, decomposition, release.

Answers: how land is used and what moved. Refuses: to place a single enterprise unless given one.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from fenghua.display import theme
from fenghua.display.charts.axes import DASHED, above, axes
from fenghua.display.charts.labels import Label, place, wrap
from fenghua.display.numbers import figure, percent, short
from fenghua.display.wording import Words

_SIZE = (6.25, 3.5)
_MOST_MARKS = 3000  # more marks than this are drawn as an image inside the chart
_PARTS = ("survivors_within", "survivors_between", "entrants", "exits")


def _decades(low: float, high: float) -> tuple[list[float], list[str]]:
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    ticks = [float(p) for p in powers if low <= p <= high]
    return ticks, [short(10.0**tick, decimals=3) for tick in ticks]


@theme.styled
def distribution(
    frame: pd.DataFrame, *, words: Words, median: float, ax: Axes | None = None
) -> Axes:
    """Draw how many enterprises lie in each bin of a log scale; open bins are hatched.

    ``frame`` has ``low``, ``high``, ``enterprises``; the outer bins may be open (0, infinite).
    """
    ax = axes(ax, _SIZE, (0.105, 0.15, 0.865, 0.79))
    low, high = frame["low"].to_numpy(float), frame["high"].to_numpy(float)
    with np.errstate(divide="ignore"):
        left, right = np.log10(low), np.log10(high)
    step = np.nanmin(np.where(np.isfinite(right - left), right - left, np.nan), initial=1.0)
    is_open = ~np.isfinite(right - left)
    left = np.where(np.isfinite(left), left, right - step)
    right = np.where(np.isfinite(right), right, left + step)
    bars = ax.bar(
        left, frame["enterprises"], right - left, align="edge", color=theme.BAR, ec="white"
    )
    for bar, hatch in zip(bars, is_open, strict=True):
        bar.set_hatch("///" if hatch else "")
    ax.set_xticks(*_decades(left.min(), right.max()))
    ax.grid(axis="x", visible=False)
    ax.set_ylim(0, 1.16 * frame["enterprises"].max())
    ax.set_xlabel(words("per_mu.axis_tax"))
    if median > 0:
        top = ax.get_ylim()[1]
        ax.axvline(np.log10(median), color=theme.SEAL, linewidth=1.6)
        text = words("per_mu.mark_median", value=figure(median))
        place(ax, [Label(np.log10(median), 0.94 * top, text, theme.SEAL, "bold")])
    return ax


@theme.styled
def concentration(
    frame: pd.DataFrame, half: Mapping[str, float], *, words: Words, ax: Axes | None = None
) -> Axes:
    """Draw the share of tax against the share of land, poorest land first, one line a basis.

    ``frame`` has ``basis``, ``land_share``, ``amount_share``; ``half`` is the share of tax from
    the poorest half of the land, by basis.
    """
    ax = axes(ax, _SIZE, (0.12, 0.15, 0.84, 0.8))
    ax.plot([0, 1], [0, 1], color=theme.PLAN, linewidth=1.2, dashes=DASHED)
    labels, avoid = [], [(x, x) for x in np.linspace(0, 1, 21)]
    styles = ((theme.SEAL, "-"), (theme.OWN, "--"))
    lines = reversed(list(frame.groupby("basis", sort=False)))
    for (colour, dash), (basis, line) in zip(styles, lines, strict=False):
        ax.plot(line["land_share"], line["amount_share"], color=colour, linestyle=dash)
        ax.plot(0.5, half[basis], "o", color=colour, ms=6)
        share = percent(half[basis])
        text = words("per_mu.mark_half", basis=words(f"per_mu.{basis}"), share=share)
        labels.append(Label(0.5, half[basis], text, colour, "bold", 6 if half[basis] > 0.1 else 4))
        avoid += list(zip(line["land_share"], line["amount_share"], strict=True))
    labels.append(Label(0.3, 0.3, words("per_mu.mark_equal"), theme.MUTE, prefer=6))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_ticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
    ax.set_xlim(0, 1.01)
    ax.set_ylim(-0.1, 1.02)
    ax.set_xlabel(words("per_mu.axis_land_share"))
    place(ax, labels, avoid=avoid)
    return ax


@theme.styled
def scatter(frame: pd.DataFrame, *, words: Words, ax: Axes | None = None) -> Axes:
    """Draw tax (x) against value added (y) per mu by grade: enterprises, or cells of several.

    ``frame`` has ``x``, ``y``, ``grade``, ``enterprises``; a cell's mark grows with its number.
    """
    ax = axes(ax, _SIZE, (0.105, 0.14, 0.865, 0.75))
    largest = frame["enterprises"].max() if len(frame) else 1.0
    cells = largest > 1
    for code, mark in theme.GRADE.items():
        own = frame[frame["grade"] == code]
        if own.empty:
            continue
        ax.scatter(
            own["x"],
            own["y"],
            s=20 + 380 * own["enterprises"] / largest if cells else 13,
            marker=mark.marker if code else "x",
            c=mark.colour,
            alpha=0.8 if cells else 0.55,
            linewidths=0 if code else 1,
            rasterized=len(frame) > _MOST_MARKS,
            label=code or words("per_mu.not_graded"),
        )
    ax.set_xscale("log")
    ax.set_yscale("log")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: short(value, decimals=3))
        axis.set_minor_locator(NullLocator())
    ax.set_xlabel(words("per_mu.axis_tax"))
    ax.set_title(words("per_mu.axis_value_added"), fontsize=10.5, color=theme.MUTE, loc="left")
    keys = ax.legend(loc="lower right", handletextpad=0.2, borderpad=0.2, markerscale=1)
    for handle in keys.legend_handles:
        handle.set_sizes([38])
    return ax


@theme.styled
def waterfall(row: pd.Series, *, words: Words, ax: Axes | None = None) -> Axes:
    """Draw a change of output per mu as its four parts between the two years' figures.

    ``row`` is one of the decomposition, with ``first_year`` and ``second_year``.
    """
    ax = axes(ax, _SIZE, (0.09, 0.2, 0.885, 0.76))
    steps = np.cumsum([row["first"], *(row[part] for part in _PARTS)])
    for at, part in enumerate(_PARTS, start=1):
        before, after = steps[at - 1], steps[at]
        colour = theme.GRADE["A"].colour if after >= before else theme.GRADE["D"].colour
        ax.bar(at, after - before, bottom=before, width=0.56, color=colour)
        ax.plot([at - 1 + 0.28, at + 0.28], [before, before], color=theme.PLAN, linewidth=0.9)
        text = figure(float(row[part]), 2, signed=True)
        above(ax, text, at, max(before, after), colour=colour)
    for at, value in ((0, row["first"]), (5, row["second"])):
        ax.plot([at - 0.28, at + 0.28], [value, value], color=theme.INK, linewidth=3)
        above(ax, figure(float(value), 2), at, value, colour=theme.INK)
    names = [wrap(words(f"per_mu.part_{part}"), 6) for part in _PARTS]
    ax.set_xticks(range(6), [str(row["first_year"]), *names, str(row["second_year"])])
    ax.tick_params(axis="x", labelcolor=theme.INK, labelsize=10)
    ax.grid(axis="x", visible=False)
    room = 0.14 * (steps.max() - steps.min() or 1.0)
    ax.set_ylim(min(steps.min(), row["second"]) - room / 2, steps.max() + 1.4 * room)
    ax.locator_params(axis="y", nbins=5)
    ax.spines["left"].set_visible(False)
    return ax


@theme.styled
def release(curve: pd.DataFrame, mark: pd.Series, *, words: Words, ax: Axes | None = None) -> Axes:
    """Draw what the first n enterprises would release, with the plan's target.

    ``curve`` has ``n`` and ``value``, from the lowest tax per mu up; ``mark`` has ``amount`` (the
    plan's figure), ``n``, ``is_reached``, ``label``.
    """
    ax = axes(ax, _SIZE, (0.135, 0.15, 0.835, 0.8))
    n, value = (np.concatenate([[0.0], curve[name]]) for name in ("n", "value"))
    ax.plot(n, value, color=theme.SEAL)
    ax.axhline(mark["amount"], color=theme.PLAN, linewidth=1.5, dashes=DASHED)
    ax.set_xlim(0, n.max() * 1.02)
    ax.set_ylim(0, max(value.max(), mark["amount"]) * 1.08)
    ax.set_xlabel(words("per_mu.axis_enterprises"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda tick, _: short(tick))
    labels = [Label(n.max() * 0.62, mark["amount"], mark["label"], theme.MUTE, prefer=2)]
    if mark["is_reached"]:
        ax.plot([mark["n"]] * 2, [0, mark["amount"]], color=theme.INK, linewidth=1)
        ax.plot(mark["n"], mark["amount"], "o", color=theme.INK, ms=6)
        text = words("per_mu.mark_release", n=figure(mark["n"], 0))
        labels.insert(0, Label(mark["n"], mark["amount"], text, theme.INK, "bold", 6))
    place(ax, labels, avoid=list(zip(n, value, strict=True)))
    return ax
