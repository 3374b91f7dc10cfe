"""The tables of the gap, trajectory and audit briefs.

Answers: which columns a reader sees, in which order. Refuses: to calculate what they hold.
"""

from collections.abc import Callable
from html import escape

import pandas as pd

from fenghua.display import sentences, tables
from fenghua.display.numbers import NONE, figure, percent, short
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words

_CLAIM = "gap|indicator_id"


def _when(key: str) -> Callable[[Row], str]:
    return lambda row: NONE if row[key] != row[key] else f"{row[key]:.0f}"


def _printed(key: str) -> Cell:
    digits = "value_decimals" if key == "value" else "decimals"
    return tables.number(key, decimals=digits, trim=True, claim=_CLAIM)


def _baseline(words: Words) -> Cell:
    """Return the baseline as the plan prints it: a dash stays a dash, words stay words."""

    def cell(row: Row) -> str:
        text = str(row["base_printed"]).strip()
        if text in ("", "-"):
            return NONE
        is_figure = text.replace(".", "", 1).isdigit()
        return escape(text) if is_figure else f"<small>{escape(words.printed(text))}</small>"

    return cell


def _target(prefix: str) -> Cell:
    number = _printed(f"{prefix}_value")

    def cell(row: Row) -> str:
        year = _when(f"{prefix}_year")(row)
        return number(row) if year == NONE else f"{number(row)}<small>{year}</small>"

    return cell


def _share(key: str) -> Cell:
    return lambda row: percent(float(row[key]))


def _bullet(words: Words) -> Cell:
    return lambda row: tables.bullet(
        row,
        words,
        start="base_value",
        value="value",
        path="path_value",
        marks=("next_target_value", "end_target_value"),
    )


def gap(rows: pd.DataFrame, words: Words) -> str:
    """Return the gap table: value, path, milestones, status, effort and lead unit side by side.

    Parameters
    ----------
    rows : DataFrame
        ``gap.assess`` with ``name``, ``unit_name``, ``leads``, ``decimals`` and ``why`` in words.
    words : Words
        The page's language.
    """
    year = int(rows["base_year"].min())

    def effort(row: Row) -> str:
        return f"{sentences.still_needed(row, words)}<small>{escape(row['leads'])}</small>"

    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.base", year=year), _baseline(words), is_number=True),
        Column(words("head.value"), _printed("value"), is_number=True, css="v"),
        Column(words("head.progress"), _bullet(words), css="w4"),
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


def components(rows: pd.DataFrame, words: Words) -> str:
    """Return every component of each indicator's gap."""
    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.period"), tables.text("period"), css="nw"),
        Column(words("head.value"), _printed("value"), is_number=True),
        Column(words("head.path"), _number("path_value", 2), is_number=True),
        Column(words("head.gap_to_path"), _number("gap_to_path", 2, signed=True), is_number=True),
        Column(words("head.attained_next"), _share("attainment_next"), is_number=True),
        Column(words("head.attained_end"), _share("attainment_end"), is_number=True),
        Column(words("head.schedule_index"), _number("schedule_index", 3), is_number=True),
        Column(words("head.effort_factor"), _number("effort_factor", 2), is_number=True),
        Column(words("head.flip"), _number("flip_margin", 2, signed=True), is_number=True),
        Column(words("head.status"), tables.status(words)),
    ]
    return tables.table(rows, columns, caption=words("gaps.components_caption"))


def _number(key: str, decimals: int, *, signed: bool = False) -> Cell:
    return tables.number(key, decimals=decimals, signed=signed, claim=_CLAIM)


def matrix(counts: pd.DataFrame, words: Words) -> str:
    """Return the number of indicators by block and status; blocks as rows, statuses as columns."""
    shown = counts.reset_index().assign(
        label=lambda frame: [words(f"block.{code}") for code in frame["block"]]
    )

    def count(code: str) -> Cell:
        return lambda row: str(int(row[code])) if row[code] else NONE

    columns = [Column(words("head.block"), tables.text("label"))]
    columns += [
        Column(words(f"status.{code}"), count(code), is_number=True) for code in counts.columns
    ]
    return tables.table(shown, columns, caption=words("gaps.matrix_caption"), css="fit")


def lead_units(rows: pd.DataFrame, words: Words) -> str:
    """Return who leads what: indicators and statuses by lead unit."""

    def list_of(row: Row) -> str:
        return " ".join(
            f"{tables.status_word(code, words, bare=True)}<bdi>{escape(name)}</bdi>"
            for code, name in zip(row["statuses"], row["names"], strict=True)
        )

    columns = [
        Column(words("head.lead"), tables.text("unit")),
        Column(words("head.count"), tables.number("n", decimals=0), is_number=True),
        Column(words("head.behind"), tables.number("behind", decimals=0), is_number=True),
        Column(words("head.indicator"), list_of, css="w4"),
    ]
    return tables.table(rows, columns, caption=words("gaps.lead_caption"))


def quality(rows: pd.DataFrame, words: Words) -> str:
    """Return what each verdict stands on: period, status, age, number of points, flags."""

    def flags(row: Row) -> str:
        return sentences.codes(str(row["flags"]), "flag", words) or NONE

    def data_status(row: Row) -> str:
        code = row["observation_status"]
        return words(f"observation_status.{code}") if code else NONE

    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(words("head.period"), tables.text("period"), css="nw"),
        Column(words("head.data_status"), data_status),
        Column(
            words("head.observations"), tables.number("n_observations", decimals=0), is_number=True
        ),
        Column(words("head.age"), tables.number("age_months", decimals=0), is_number=True),
        Column(words("head.evidence"), tables.text("evidence_grade")),
        Column(words("head.flags"), flags, css="w4"),
    ]
    return tables.table(rows, columns, caption=words("gaps.quality_caption"))


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
    """Return pace so far, pace needed, and how many times faster, in natural units."""
    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(
            words("head.achieved_rate"), lambda row: sentences.rate(row, words, key="achieved_rate")
        ),
        Column(words("head.required_rate"), lambda row: sentences.rate(row, words)),
        Column(words("head.effort_factor"), _number("effort_factor", 2), is_number=True),
        Column(words("head.status"), tables.status(words, under="why")),
        Column(words("head.lead"), tables.text("leads")),
    ]
    return tables.table(rows, columns, caption=words("trajectories.effort_caption"))


def outlook(rows: pd.DataFrame, words: Words, *, year: int) -> str:
    """Return what the points allow to be said about the end of the plan."""

    def spread(row: Row) -> str:
        low, high = (figure(float(row[key]), int(row["decimals"])) for key in ("low", "high"))
        return NONE if NONE in (low, high) else f"{low} – {high}"

    def likelihood(row: Row) -> str:
        return words(f"likelihood.{row['likelihood']}") if row["likelihood"] >= 0 else NONE

    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.points"), tables.number("n_points", decimals=0), is_number=True),
        Column(words("head.outlook"), lambda row: words(f"basis.{row['basis'] or 'none'}")),
        Column(words("head.spread", year=year), spread, is_number=True),
        Column(
            words("head.end_target"),
            tables.number("target", decimals="decimals", trim=True),
            is_number=True,
        ),
        Column(words("head.probability"), likelihood),
    ]
    return tables.table(rows, columns, caption=words("trajectories.outlook_caption", year=year))


def series(rows: pd.DataFrame, words: Words, *, decimals: int, caption: str) -> str:
    """Return the figures behind a trajectory chart."""

    def when(row: Row) -> str:
        return f"{row['t']:.2f}".rstrip("0").rstrip(".")

    columns = [
        Column(words("head.time"), when),
        Column(words("head.series"), lambda row: words(f"series.{row['series']}")),
        Column(
            words("head.value"),
            lambda row: short(float(row["value"]), decimals=decimals + 2),
            is_number=True,
        ),
    ]
    shown = rows[rows["series"].isin(["observation", "milestone"])]
    return tables.table(shown, columns, caption=caption)
