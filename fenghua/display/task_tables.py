"""The tables of towns' tasks: path, remaining effort, the year's two yardsticks, what comes next.

Answers: what a town has done and still owes. Refuses: to calculate what they hold.
"""

from collections.abc import Mapping
from html import escape

import pandas as pd

from fenghua.display import sentences, tables
from fenghua.display.numbers import NONE, figure, pace, percent, short
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words
from fenghua.inputs import periods


def _digits(key: str) -> Cell:
    return tables.number(key, decimals="value_decimals", trim=True)


SAME = 1e-9
OWED = ("no_report", "stale", "no_town_base", "no_value_at_milestone")


def _path(row: Row) -> str:
    """Return where the path stands: between two counts, so with a digit more."""
    return short(float(row["planned_value"]), decimals=max(1, int(row["value_decimals"])))


def _bullet(words: Words) -> Cell:
    return tables.bullet(path="planned_value", marks=("task",))


def _left(words: Words) -> Cell:
    """Return what is left of a task a month, and in all."""

    def cell(row: Row) -> str:
        if row["reason"] == "base_meets_task" or row["remaining"] != row["remaining"]:
            return NONE
        if row["remaining"] == 0:
            return words("town.done")
        amount = words("town.remaining", value=pace(row["remaining"]), unit=row["unit_name"])
        rate = row["remaining_per_month"]
        if rate != rate:
            return amount
        monthly = words("rate.per_month", value=pace(rate), unit=row["unit_name"])
        return f"{monthly}<small>{amount}</small>"

    return cell


def _state(words: Words) -> Cell:
    """Return a task's status with the reason or the age of its report beneath."""

    def cell(row: Row) -> str:
        why = words("town.stale_since", period=row["period"]) if row["is_stale"] else ""
        why = words(f"town.{row['reason']}") if row["reason"] else why
        small = f"<small>{escape(why)}</small>" if why else ""
        return tables.status_word(str(row["status"]), words) + small

    return cell


def tasks(rows: pd.DataFrame, words: Words) -> str:
    """Return one town's tasks with path, status and what is left a month.

    Parameters
    ----------
    rows : DataFrame
        Named rows of ``town_tasks.judged``.
    """
    if rows.empty:
        return sentences.note(words("town.no_tasks"))

    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.value"), _digits("value"), is_number=True, css="v"),
        Column(words("head.progress"), _bullet(words), css="w4"),
        Column(words("head.path"), _path, is_number=True),
        Column(
            words("head.task"),
            lambda row: f"{_digits('task')(row)}<small>{row['task_year']:.0f}</small>",
            is_number=True,
        ),
        Column(
            words("head.attained"), lambda row: percent(float(row["attainment"])), is_number=True
        ),
        Column(words("head.status"), _state(words), css="w2"),
        Column(words("head.remaining"), _left(words), css="w2"),
    ]
    return tables.table(rows, columns, caption=words("town_brief.tasks_caption"), css="cards")


def task_sums(rows: pd.DataFrame, words: Words) -> str:
    """Return the towns' tasks added up beside the plan's targets: differences are shown.

    Parameters
    ----------
    rows : DataFrame
        Named rows of ``contributions.task_sums``; years in which the plan has a target are shown.
    """
    shown = rows.dropna(subset="target")
    if shown.empty:
        return sentences.note(words("town.no_tasks"))
    years = sorted(shown["year"].unique())
    wide = shown.drop_duplicates("indicator_id").assign(
        **{
            str(year): shown.drop_duplicates("indicator_id")["indicator_id"].map(
                {row["indicator_id"]: _sum(row, words) for row in part.to_dict("records")}
            )
            for year, part in shown.groupby("year")
        }
    )
    columns = [Column(words("head.indicator"), tables.text("name", under="unit_name"))]
    columns += [
        Column(
            words("head.sum_and_target", year=f"{year:.0f}"),
            lambda row, key=str(year): row[key] if isinstance(row[key], str) else NONE,
            is_number=True,
        )
        for year in years
    ]
    return tables.table(wide, columns, caption=words("town_comparison.sums_caption"), css="fit")


def _sum(row: Row, words: Words) -> str:
    digits, gap = int(row["value_decimals"]), float(row["difference"])
    ends = (short(float(row[name]), decimals=digits) for name in ("sum_of_tasks", "target"))
    text = " / ".join(ends)
    if abs(gap) < SAME:
        return f"{text}<small>{escape(words('town_comparison.adds_up'))}</small>"
    share = percent(gap / row["target"], 1) if row["target"] else NONE
    return f"{text}<small><b>{figure(gap, digits, signed=True)}</b> ({share})</small>"


def next_quarter(rows: pd.DataFrame, words: Words, *, register: pd.DataFrame) -> str:
    """Return what to do next quarter, computed from the figures.

    Parameters
    ----------
    rows : DataFrame
        Named rows of ``town_tasks.judged`` of one town.
    register : DataFrame
        The town's rows of the register of enterprises; empty on a public page.
    """
    if rows.empty:
        return sentences.note(words("town.no_tasks"))
    items = []
    quarter = periods.label(rows["next_quarter"].iloc[0], words.lang)
    for row in rows.sort_values("schedule_index", kind="stable").to_dict("records"):
        facts = {"name": row["name"], "unit": row["unit_name"], "quarter": quarter}
        if row["to_catch_up"] > 0:
            facts |= {"value": _digits("value")(row), "goal": _digits("next_planned")(row)}
            items.append(words("town_brief.catch_up", more=_digits("to_catch_up")(row), **facts))
        elif row["status"] == "missed":
            facts |= {"year": f"{row['task_year']:.0f}", "more": _digits("remaining")(row)}
            items.append(words("town_brief.make_good", **facts))
    owed = rows[(rows["reason"].isin(OWED)) | rows["is_stale"]]
    if len(owed):
        items.append(words("town_brief.report", names=words.join(list(owed["name"]))))
    if len(register):
        open_cases = int((~register["is_protected"].astype(bool)).sum())
        items.append(words("town_brief.treat", n=len(register), open=open_cases))
    return sentences.points(items or [words("town_brief.keep_pace")])


def rhythm(rows: pd.DataFrame, alerts: pd.DataFrame, words: Words, *, at: str) -> str:
    """Return the month's movement and alerts, the quarter's bulletin, or the year's appraisal.

    Parameters
    ----------
    rows : DataFrame
        Named rows of ``race.standing`` joined with ``town_tasks.overview`` (and, for a year,
        ``town_tasks.appraisal``), ``worst`` in words.
    alerts : DataFrame
        ``town_tasks.alerts`` with ``town`` and ``name``: tasks newly behind.
    at : str
        The period: a month, a quarter or a year.
    """
    if rows["n"].isna().all():
        return sentences.note(words("town.no_tasks"))
    grain = periods.parse(at).grain

    def of(part: str, whole: str) -> Cell:
        return lambda row: (
            NONE if row[whole] != row[whole] else f"{row[part]:.0f} / {row[whole]:.0f}"
        )

    columns = [
        Column(words("head.town"), tables.text("name")),
        Column(words("head.kept"), of("good", "n"), is_number=True),
        Column(words("head.behind"), tables.number("behind", decimals=0), is_number=True),
        Column(words("head.owed"), tables.number("owed", decimals=0), is_number=True),
        Column(words("head.worst"), tables.text("worst"), css="w2"),
    ]
    change = Column(
        words("head.score_change"),
        lambda row: figure(100 * float(row["score_change"]), 1, signed=True),
        is_number=True,
    )
    yearly = [
        Column(words("head.annual_met"), of("annual_met", "annual_asked"), is_number=True),
        Column(words("head.path_met"), of("path_met", "path_asked"), is_number=True),
    ]
    columns[1:1] = yearly if grain == "year" and "annual_met" in rows else [change]
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
    """Return one town's year by the two yardsticks, task by task.

    Parameters
    ----------
    rows : DataFrame
        Named rows of ``town_tasks.yardsticks``.
    """
    if rows.empty:
        return sentences.note(words("rhythm.not_year"))

    def met(key: str) -> Cell:
        def cell(row: Row) -> str:
            share, state = float(row[f"{key}_share"]), row[f"is_{key}_met"]
            if share != share:
                return NONE
            return (
                percent(share)
                + "<small>"
                + tables.status_word("met" if state else "missed", words)
                + "</small>"
            )

        return cell

    columns = [
        Column(words("head.indicator"), tables.text("name", under="unit_name")),
        Column(words("head.asked"), _digits("asked"), is_number=True),
        Column(words("head.done"), _digits("done"), is_number=True),
        Column(words("head.annual_yardstick"), met("annual"), is_number=True),
        Column(words("head.path"), _path, is_number=True),
        Column(words("head.value"), _digits("value"), is_number=True),
        Column(words("head.path_yardstick"), met("path"), is_number=True),
    ]
    return tables.table(rows, columns, caption=words("rhythm.yardsticks_caption"), css="cards")


def movement(row: Mapping, words: Words, *, year: int, is_known: bool) -> str:
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

    def worded(key: str) -> Cell:
        return tables.coded(key, "town", words)

    columns = [
        Column(words("head.enterprise"), tables.text("name", under="enterprise_id")),
        Column(words("head.grade"), lambda row: tables.grade_word(str(row["adjusted_grade"]))),
        Column(words("head.land_mu"), tables.number("land_mu"), is_number=True),
        Column(words("head.tax_per_mu_wan"), tables.number("tax_per_mu_wan"), is_number=True),
        Column(words("head.reason"), worded("reasons"), css="w2"),
        Column(words("head.protection"), worded("protection"), css="w2"),
        Column(words("head.route"), worded("route"), css="w2"),
    ]
    return tables.table(rows, columns, caption=words("town_brief.register_caption"), css="cards")
