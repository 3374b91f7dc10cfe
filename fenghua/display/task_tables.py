"""The tables of towns' tasks: path, remaining effort, the year's two yardsticks, what comes next.

Answers: what a town has done and still owes. Refuses: to calculate what they hold.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from fenghua.display import naming, sentences, tables
from fenghua.display.numbers import NONE, figure, pace, percent, short
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words
from fenghua.inputs import periods

_CLAIM = "tasks|indicator_id"


def _amount(key: str, *, claim: str = "") -> Cell:
    return tables.number(key, decimals="value_decimals", trim=True, claim=claim)


def _path(row: Row) -> str:
    """Return where the path stands: between two counts, so with a digit more."""
    return short(float(row["planned_value"]), decimals=max(1, int(row["value_decimals"])))


def _left(row: Row, words: Words) -> str:
    """Return what is left of a task a month, and in all."""
    if row["reason"] == "base_meets_task" or row["remaining"] != row["remaining"]:
        return NONE
    if row["remaining"] == 0:
        return words("town.done")
    unit, rate = row["unit_name"], row["remaining_per_month"]
    amount = words("town.remaining", value=pace(row["remaining"]), unit=unit)
    if rate != rate:
        return amount
    return f"{words('rate.per_month', value=pace(rate), unit=unit)}<small>{amount}</small>"


def tasks(rows: pd.DataFrame, words: Words) -> str:
    """Return one town's tasks (``town_tasks.judged``) with path, status and what is left."""
    if rows.empty:
        return sentences.note(words("town.no_tasks"))

    def task(row: Row) -> str:
        return f"{_amount('task', claim=_CLAIM)(row)}<small>{row['task_year']:.0f}</small>"

    def state(row: Row) -> str:
        why = words("town.stale_since", period=row["period"]) if row["is_stale"] else ""
        why = words(f"town.{row['reason']}") if row["reason"] else why
        return tables.status_word(str(row["status"]), words) + tables.small(why)

    progress = tables.bullet(path="planned_value", marks=("task",))
    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.value"), _amount("value", claim=_CLAIM), is_number=True, css="v"),
        Column(words("head.progress"), progress, css="w4"),
        Column(words("head.path"), _path, is_number=True),
        Column(words("head.task"), task, is_number=True),
        Column(words("head.attained"), tables.share("attainment", claim=_CLAIM), is_number=True),
        Column(words("head.status"), state, css="w2"),
        Column(words("head.remaining"), lambda row: _left(row, words), css="w2"),
    ]
    return tables.table(rows, columns, caption=words("town_brief.tasks_caption"), css="cards")


def task_sums(rows: pd.DataFrame, words: Words) -> str:
    """Return the towns' tasks added up beside the plan's targets: differences are shown.

    ``rows`` are named rows of ``tally.differences``; years without a target are left out.
    """
    shown = rows.dropna(subset="target")
    if shown.empty:
        return sentences.note(words("town.no_tasks"))
    sums = {(row["indicator_id"], row["year"]): row for row in shown.to_dict("records")}

    def sum_in(year: Any) -> Cell:
        def cell(row: Row) -> str:
            own = sums.get((row["indicator_id"], year))
            return NONE if own is None else _sum(own, words)

        return cell

    columns = [Column(words("head.indicator"), tables.text("name", under="unit_name"))]
    for year in sorted(shown["year"].unique()):
        head = words("head.sum_and_target", year=f"{year:.0f}")
        columns.append(Column(head, sum_in(year), is_number=True))
    rows = shown.drop_duplicates("indicator_id")
    return tables.table(rows, columns, caption=words("town_comparison.sums_caption"), css="fit")


def _sum(row: Row, words: Words) -> str:
    digits = int(row["value_decimals"])
    text = " / ".join(short(float(row[key]), decimals=digits) for key in ("sum_of_tasks", "target"))
    if row["adds_up"]:
        return text + tables.small(words("town_comparison.adds_up"))
    gap = figure(float(row["difference"]), digits, signed=True)
    return f"{text}<small><b>{gap}</b> ({percent(row['difference_share'], 1)})</small>"


def next_quarter(
    rows: pd.DataFrame, words: Words, *, owed: pd.DataFrame, cases: Mapping[str, int]
) -> str:
    """Return what to do next quarter, computed from the figures.

    ``rows`` are named rows of ``town_tasks.judged`` of one town, ``owed`` those of them that lack
    a report, ``cases`` its part of the register (``tally.cases``), none on a public page.
    """
    if rows.empty:
        return sentences.note(words("town.no_tasks"))
    items = []
    quarter = periods.label(rows["next_quarter"].iloc[0], words.lang)
    for row in rows.sort_values("schedule_index", kind="stable").to_dict("records"):
        facts = {"name": row["name"], "unit": row["unit_name"], "quarter": quarter}
        if row["to_catch_up"] > 0:
            facts |= {"value": _amount("value")(row), "goal": _amount("next_planned")(row)}
            items.append(words("town_brief.catch_up", more=_amount("to_catch_up")(row), **facts))
        elif row["status"] == "missed":
            facts |= {"year": f"{row['task_year']:.0f}", "more": _amount("remaining")(row)}
            items.append(words("town_brief.make_good", **facts))
    if len(owed):
        items.append(words("town_brief.report", names=words.join(list(owed["name"]))))
    if cases["n"]:
        items.append(words("town_brief.treat", **cases))
    return sentences.points(items or [words("town_brief.keep_pace")])


def rhythm(
    rows: pd.DataFrame, alerts: pd.DataFrame, register: pd.DataFrame, words: Words, *, at: str
) -> str:
    """Return the month's movement and alerts, the quarter's bulletin, or the year's appraisal.

    ``rows`` are named rows of ``race.standing`` joined with ``town_tasks.overview`` (for a year
    also ``town_tasks.appraisal``), ``alerts`` tasks newly behind, ``register`` the indicators.
    """
    if rows["n"].isna().all():
        return sentences.note(words("town.no_tasks"))

    def of(head: str, part: str, whole: str) -> Column:
        def cell(row: Row) -> str:
            none = row[whole] != row[whole]
            return NONE if none else f"{row[part]:.0f} / {row[whole]:.0f}"

        return Column(words(f"head.{head}"), cell, is_number=True)

    names = naming.names(register, "indicator_id", words)

    def worst(row: Row) -> str:
        name = names.get(row["worst_indicator_id"], "")
        return f"<bdi>{escape(name)}</bdi>" if name else NONE

    grain = periods.parse(at).grain
    change = tables.points("score_change", signed=True)
    moved = [Column(words("head.score_change"), change, is_number=True)]
    if grain == "year" and "annual_met" in rows:
        moved = [of(f"{key}_met", f"{key}_met", f"{key}_asked") for key in ("annual", "path")]
    columns = [
        Column(words("head.town"), tables.text("name")),
        *moved,
        of("kept", "good", "n"),
        tables.figures(words("head.behind"), "behind", 0),
        tables.figures(words("head.owed"), "owed", 0),
        Column(words("head.worst"), worst, css="w2"),
    ]
    told = "" if grain == "year" else _alerts(alerts, words)
    table = tables.table(rows, columns, caption=words(f"rhythm.{grain}_caption"), css="cards")
    return sentences.lead(words(f"rhythm.{grain}")) + told + table


def _alerts(alerts: pd.DataFrame, words: Words) -> str:
    if alerts.empty:
        return sentences.note(words("rhythm.no_alert"))
    return sentences.points(
        [
            words("rhythm.alert", town=town, names=words.join(list(part["name"])))
            for town, part in alerts.groupby("town", sort=False)
        ]
    )


def yardsticks(rows: pd.DataFrame, words: Words) -> str:
    """Return one town's year by the two yardsticks (``town_tasks.yardsticks``), task by task."""
    if rows.empty:
        return sentences.note(words("rhythm.not_year"))

    def met(key: str) -> Cell:
        def cell(row: Row) -> str:
            share = float(row[f"{key}_share"])
            if share != share:
                return NONE
            state = tables.status_word("met" if row[f"is_{key}_met"] else "missed", words)
            return f"{percent(share)}<small>{state}</small>"

        return cell

    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.asked"), _amount("asked"), is_number=True),
        Column(words("head.done"), _amount("done"), is_number=True),
        Column(words("head.annual_yardstick"), met("annual"), is_number=True),
        Column(words("head.path"), _path, is_number=True),
        Column(words("head.value"), _amount("value"), is_number=True),
        Column(words("head.path_yardstick"), met("path"), is_number=True),
    ]
    return tables.table(rows, columns, caption=words("rhythm.yardsticks_caption"), css="cards")


def movement(row: Mapping[str, Any], words: Words, *, year: int, is_known: bool) -> str:
    """Return a town's entries and exits in a sentence; withheld counts say so."""
    if not is_known:
        return sentences.note(words("town.no_movement"))
    counts = {
        name: words("town.withheld") if row[name] != row[name] else short(float(row[name]))
        for name in ("entered", "left", "stayed")
    }
    return sentences.note(words("town_brief.movement", year=year, before=year - 1, **counts))


def register(rows: pd.DataFrame, words: Words, *, audience: str) -> str:
    """Return the town's enterprises of the register with reasons and routes; internal only."""
    if rows.empty:
        return sentences.note(words("town_brief.no_register")) if audience == "internal" else ""
    columns = [
        Column(words("head.enterprise"), tables.text("name", under="enterprise_id")),
        Column(words("head.grade"), tables.grade("adjusted_grade")),
        tables.figures(words("head.land_mu"), "land_mu"),
        tables.figures(words("head.tax_per_mu_wan"), "tax_per_mu_wan"),
        Column(words("head.reason"), tables.coded("reasons", "town", words), css="w2"),
        Column(words("head.protection"), tables.coded("protection", "town", words), css="w2"),
        Column(words("head.route"), tables.coded("route", "town", words), css="w2"),
    ]
    return tables.table(rows, columns, caption=words("town_brief.register_caption"), css="cards")
