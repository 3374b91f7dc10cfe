"""Colours, shapes and line styles by meaning: status, grade, plan, observation.

Answers: how a code looks. Refuses: to say by colour what shape or word does not say too.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import MappingProxyType
from typing import Final, NamedTuple, ParamSpec, TypeVar

import matplotlib as mpl

from fenghua.display import type as chart_type

P = ParamSpec("P")
T = TypeVar("T")


class Mark(NamedTuple):
    """The colour, the printed sign and the chart marker of one code."""

    colour: str
    sign: str
    marker: str


INK: Final = "#1c2733"
MUTE: Final = "#5a6775"
LINE: Final = "#e2ddd3"
SEAL: Final = "#a8322a"
PLAN: Final = "#7d8791"

STATUS: Final = MappingProxyType(
    {
        "achieved": Mark("#136f4f", "●", "o"),
        "met": Mark("#136f4f", "✓", "o"),
        "on_track": Mark("#1a7a57", "▲", "^"),
        "needs_acceleration": Mark("#96590a", "◆", "D"),
        "insufficient": Mark("#b8430f", "▼", "v"),
        "moving_away": Mark("#9b1c31", "✕", "X"),
        "missed": Mark("#9b1c31", "■", "s"),
        "not_assessable": Mark("#5f6b78", "○", "o"),
    }
)

GRADE: Final = MappingProxyType(
    {
        "A": Mark("#136f4f", "A", "^"),
        "B": Mark("#3b7ea8", "B", "o"),
        "C": Mark("#96590a", "C", "D"),
        "D": Mark("#9b1c31", "D", "v"),
        "": Mark("#5f6b78", "○", "."),
    }
)

RC: Final = MappingProxyType(
    {
        "font.family": ["DejaVu Sans", chart_type.FAMILY],
        "font.size": 11,
        "text.color": INK,
        "text.parse_math": False,  # a name with dollar signs is a name
        "axes.edgecolor": LINE,
        "axes.labelcolor": MUTE,
        "axes.labelsize": 10.5,
        "axes.titlesize": 11,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "grid.color": LINE,
        "grid.linewidth": 0.7,
        "xtick.color": MUTE,
        "ytick.color": MUTE,
        "xtick.labelsize": 10.5,
        "ytick.labelsize": 10.5,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "legend.frameon": False,
        "legend.fontsize": 10.5,
        "lines.linewidth": 2.2,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "svg.fonttype": "none",
        "svg.hashsalt": "fenghua",
        "figure.dpi": 72,
        "savefig.bbox": None,
    }
)


@contextmanager
def style() -> Iterator[None]:
    """Apply the house style while a chart is drawn, and leave no trace after it."""
    chart_type.use_widths()
    with mpl.rc_context(dict(RC)):
        yield


def styled(chart: Callable[P, T]) -> Callable[P, T]:
    """Draw a chart in the house style, whoever calls it."""

    @wraps(chart)
    def draw(*args: P.args, **kwargs: P.kwargs) -> T:
        with style():
            return chart(*args, **kwargs)

    return draw
