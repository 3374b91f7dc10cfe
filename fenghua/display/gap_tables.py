"""The tables of the gap and trajectory briefs.

Answers: which columns a reader sees, in which order. Refuses: to calculate what they hold.
"""

from html import escape
from typing import Any

import pandas as pd

from fenghua.display import sentences, tables
from fenghua.display.numbers import NONE, figure
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words

_CLAIM = "gap|indicator_id"
_OUTLOOK = "outlook|indicator_id"


def _printed(key: str) -> Cell:
    """Return a figure with the digits that the plan, or the observation, prints."""
    digits = "value_decimals" if key == "value" else "decimals"
    return tables.number(key, decimals=digits, trim=True, claim=_CLAIM)


def _computed(head: str, key: str, decimals: int = 2, **how: Any) -> Column:
    return tables.figures(head, key, decimals, claim=_CLAIM, **how)


def _target(key: str) -> Cell:
    number = _printed(f"{key}_value")

    def cell(row: Row) -> str:
        year = row[f"{key}_year"]
        return number(row) + (tables.small(f"{year:.0f}") if year == year else "")

    return cell


def gap(rows: pd.DataFrame, words: Words) -> str:
    """Return the gap table: value, path, milestones, status, effort and lead unit side by side.

    ``rows`` are those of ``gap.assess``, named, with ``why`` in words.
    """

    def baseline(row: Row) -> str:
        text = str(row["base_printed"]).strip()
        if text in ("", "-"):
            return NONE
        is_figure = text.replace(".", "", 1).isdigit()
        return escape(text) if is_figure else tables.small(words.printed(text))

    def effort(row: Row) -> str:
        needed = sentences.still_needed(row, words, claim=_CLAIM)
        return f"{needed}<small>{escape(row['leads'])}</small>"

    year = int(rows["base_year"].min())
    progress = tables.bullet(path="path_value", marks=("next_target_value", "end_target_value"))
    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.base", year=year), baseline, is_number=True),
        Column(words("head.value"), _printed("value"), is_number=True, css="v"),
        Column(words("head.progress"), progress, css="w4"),
        Column(words("head.next_target"), _target("next_target"), is_number=True),
        Column(words("head.end_target"), _target("end_target"), is_number=True),
        Column(words("head.status"), tables.status(words, under="why"), css="w2"),
        Column(words("head.remaining"), effort, css="w2"),
    ]
    return tables.table(
        rows,
        columns,
        caption=words("gaps.table_caption"),
        group="block",
        group_label=lambda code, n: words("gaps.block_label", block=words(f"block.{code}"), n=n),
        css="cards",
    )


def text_tasks(rows: pd.DataFrame, words: Words) -> str:
    """Return the dated figures of the plan's text with their clause and status."""
    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.clause"), tables.text("clause"), css="nw"),
        Column(words("head.value"), _printed("value"), is_number=True, css="v"),
        Column(words("head.end_target"), _target("end_target"), is_number=True),
        Column(words("head.status"), tables.status(words, under="why"), css="w2"),
        Column(words("head.responsible"), tables.text("leads"), css="w2"),
    ]
    return tables.table(rows, columns, caption=words("gaps.text_caption"), css="cards")


def effort(rows: pd.DataFrame, words: Words) -> str:
    """Return pace so far, pace needed, and how many times faster, in natural units.

    ``rows`` are named rows of ``gap.assess`` with their ``trace`` by ``outlook.traced``.
    """

    def rate(key: str) -> Cell:
        return lambda row: sentences.rate(row, words, key=key, claim=_CLAIM)

    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(words("head.course"), tables.sparkline("trace", words)),
        Column(words("head.achieved_rate"), rate("achieved_rate")),
        Column(words("head.required_rate"), rate("required_rate")),
        _computed(words("head.effort_factor"), "effort_factor"),
        Column(words("head.status"), tables.status(words, under="why")),
        Column(words("head.lead"), tables.text("leads")),
    ]
    return tables.table(rows, columns, caption=words("trajectories.effort_caption"))


def outlook(rows: pd.DataFrame, words: Words, *, year: int) -> str:
    """Return what the points allow to be said about the end of the plan."""

    def spread(row: Row) -> str:
        low, high = (
            tables.claimed(figure(float(row[key]), int(row["decimals"])), row, key, _OUTLOOK)
            for key in ("low", "high")
        )
        return NONE if NONE in (low, high) else f"{low} – {high}"

    def basis(row: Row) -> str:
        why = words(f"why.{row['reason']}") if row["reason"] else ""
        return escape(words(f"basis.{row['basis']}")) + tables.small(why) if row["basis"] else why

    def reading(head: str, key: str) -> Column:
        return tables.figures(words(head), key, "decimals", trim=True, claim=_OUTLOOK)

    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        tables.figures(words("head.points"), "n_points", 0, claim=_OUTLOOK),
        Column(words("head.outlook"), basis),
        reading("head.reading_pace", "pace"),
        reading("head.reading_shape", "shape"),
        Column(words("head.spread", year=year), spread, is_number=True),
        tables.figures(words("head.end_target"), "target", "decimals", trim=True, claim=_OUTLOOK),
        Column(words("head.word"), tables.coded("word", "word", words)),
    ]
    return tables.table(rows, columns, caption=words("trajectories.outlook_caption", year=year))


def series(rows: pd.DataFrame, words: Words, *, decimals: int, caption: str) -> str:
    """Return the figures behind a trajectory chart."""

    def when(row: Row) -> str:
        return f"{row['t']:.2f}".rstrip("0").rstrip(".")

    columns = [
        Column(words("head.time"), when),
        Column(words("head.series"), lambda row: words(f"series.{row['series']}")),
        tables.figures(words("head.value"), "value", decimals + 2, trim=True),
    ]
    shown = rows[rows["series"].isin(["observation", "milestone"])]
    return tables.table(shown, columns, caption=caption)
