"""What the panels of the notebook ``explore`` show: as it is beside as it would be.

Answers: which columns and lines a what-if shows. Refuses: to calculate what they hold, and to
number, cite or mark its figures as those of a result: a what-if has none.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from fenghua.display import columns, draw, figures, markup, sentences
from fenghua.display.columns import Column
from fenghua.display.wording import Words
from fenghua.inputs.records import rows_of

Facts = Mapping[str, object]  # what fills the headings of columns, such as the plan's years

_STATES: Final = ("value", "target", "index", "status")
_BOTH: Final = tuple(f"{time}_{what}" for what in _STATES for time in ("before", "after"))
COLUMNS: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "plan": ("indicator_unit", *_BOTH),
        "grades": ("grade", "before_enterprises", "after_enterprises", "moved_here"),
        "sums": ("amount", "closures", "of_target"),
        "closed": ("enterprise", "town_of", "listed_land", "listed_tax", "grade"),
        "ranks": ("town", "before_score", "after_score", "before_rank", "after_rank", "places"),
        "points": ("t", "series", "point"),
    }
)
_LOOKS: Final = MappingProxyType({"plan": "cards", "closed": "plain"})  # others: fit
_DIGITS: Final = 2  # a target that is moved has more of them than the plan prints
_CARD: Final = ("indicator", "against", "shortfall")


def table(name: str, rows: pd.DataFrame, words: Words, facts: Facts) -> str:
    """Return rows as the table of that name, one of `COLUMNS`, under its caption."""
    caption = words(f"explore.{name}_caption", n=len(rows))
    shown, look = _unmarked(COLUMNS[name], rows, words, facts), _LOOKS.get(name, "fit")
    return markup.table([("", rows)], shown, caption=escape(caption), name=caption, look=look)


def chart(lines: pd.DataFrame, rows: pd.DataFrame, words: Words, facts: Facts) -> str:
    """Return the small chart of one indicator, drawn as the page of trajectories draws its own.

    Without a level or a path to draw, a sentence says so.

    Parameters
    ----------
    lines : DataFrame
        What is drawn: `gaps.paths`.
    rows : DataFrame
        The indicator's named row of ``gap.assess``, which the chart says in words.
    """
    if lines.empty:
        (about,) = rows_of(rows)
        key = "explore.no_level" if about["kind"] == "growth" else "explore.no_path"
        return sentences.note(words(key, name=about["name"]))
    cards = _drawn(lines)
    rows = rows.assign(decimals=_DIGITS)
    shown = _unmarked(_CARD, rows, words, {**facts, "next_year": None})  # so that its year is said
    legend = [code for code in markup.LEGEND if (lines["series"] == code).any()]
    drawing = figures.cards(cards, rows, shown, key="what-if", legend=legend)
    points = lines[lines["series"].isin(["observation", "milestone"])]
    twin = table("points", points, words, facts)
    head = f"<figcaption>{escape(words('explore.chart'))}</figcaption>"
    folded = f"<details><summary>{escape(words('page.show_table'))}</summary>{twin}</details>"
    return f'<figure class="block">{head}{drawing}{folded}</figure>'


def _unmarked(keys: Iterable[str], rows: pd.DataFrame, words: Words, facts: Facts) -> list[Column]:
    """Return columns of the register without the mark of a result."""
    register = columns.register()
    specs = [(key, {**register[key], "claim": ""}) for key in keys]
    return columns.of(specs, rows, words, facts=facts)


def _drawn(lines: pd.DataFrame) -> draw.Cards:
    """Draw one card, as the page of trajectories does."""
    cards = draw.Cards(lines, by="indicator_id").fan("series == 'interval'", low="low", high="high")
    cards.line("series == 'reading'", each="label", **draw.READING)
    cards.line("series == 'required'", **draw.NEEDED).line("series == 'path'", **draw.PLAN)
    cards.line("series == 'observation'", **draw.SEEN).rings("series == 'milestone'")
    goals = lines.loc[lines["series"] == "milestone", "t"]
    ends = np.floor(lines["t"].min()), np.ceil(lines["t"].max())
    return cards.years(sorted({int(year) for year in (*ends, *np.floor(goals))})).label()
