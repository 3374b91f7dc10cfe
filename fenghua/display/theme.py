"""Colours, shapes and line styles by meaning: status, plan, observation.

Answers: how a code looks. Refuses: to say by colour what shape or word does not say too.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final, NamedTuple

from fenghua.display import palette
from fenghua.display import type as chart_type


class Mark(NamedTuple):
    """The colour, the printed sign and the chart marker of one code."""

    colour: str
    sign: str
    marker: str


INK: Final = palette.light("ink")
MUTE: Final = palette.light("mute")
LINE: Final = palette.light("line")
SEAL: Final = palette.light("seal")
PLAN: Final = palette.light("plan")
OWN: Final = palette.light("own")
REST: Final = palette.light("rest")
BAR: Final = palette.light("bar")

STATUS: Final = MappingProxyType(
    {
        "achieved": Mark(palette.light("done"), "●", "o"),
        "met": Mark(palette.light("done"), "✓", "o"),
        "on_track": Mark(palette.light("pace"), "▲", "^"),
        "needs_acceleration": Mark(palette.light("slow"), "◆", "D"),
        "insufficient": Mark(palette.light("late"), "▼", "v"),
        "moving_away": Mark(palette.light("lost"), "✕", "X"),
        "missed": Mark(palette.light("lost"), "■", "s"),
        "not_assessable": Mark(palette.light("none"), "○", "o"),
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
        "axes.grid": False,
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
    import matplotlib as mpl  # words and signs of a status need none of it

    chart_type.use_widths()
    with mpl.rc_context(dict(RC)):
        yield


_ON_SCREEN: Final = MappingProxyType(
    {
        "axes.grid": True,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "savefig.facecolor": "white",
        "savefig.bbox": "tight",
        "figure.dpi": 110,
    }
)
_NO_FONT: Final = (
    "this system has no Chinese font that matplotlib finds, so Chinese text stays blank in PNG"
    " images; install one, such as Noto Sans CJK (Debian, Ubuntu: apt-get install fonts-noto-cjk),"
    " and start Python again"
)


def use() -> None:
    """Draw every chart of this session in the house style, Chinese in a font of the system.

    For charts of one's own: seaborn and matplotlib then label in Chinese, in ``savefig`` too.
    Where no Chinese font is installed, a warning says what to install.
    """
    import matplotlib as mpl

    chart_type.use_widths()
    font = chart_type.of_system()
    if not font:
        warnings.warn(_NO_FONT, stacklevel=2)
    family = ["DejaVu Sans", font or chart_type.FAMILY]
    mpl.rcParams.update({**RC, **_ON_SCREEN, "font.family": family})
