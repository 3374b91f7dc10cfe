"""The small multiples of the trajectory brief.

Answers: one chart an indicator, each with its finding, note and data. Refuses: to calculate.
"""

from collections.abc import Mapping

import pandas as pd

from fenghua.display import charts, figures, sentences, tables, theme
from fenghua.display.tables import Column, Row
from fenghua.display.wording import Words


def grid(rows: pd.DataFrame, drawn: Mapping[str, pd.DataFrame], words: Words) -> str:
    """Return one figure an indicator that has a path; the others are named beneath.

    ``rows`` are named rows of ``gap.assess``, ``drawn`` frames of ``outlook.series`` by indicator.
    """
    has_path = rows["indicator_id"].map(lambda code: len(drawn[code]) > 0).astype(bool)
    shown = [
        _figure(row, drawn[row["indicator_id"]], words) for row in rows[has_path].to_dict("records")
    ]
    left = rows.loc[~has_path, "name"].tolist()
    if not left:
        return figures.grid(shown)
    said = words("trajectories.no_path", n=len(left))
    return figures.grid(shown) + sentences.note(said + words.join(left))


def _figure(row: Row, frame: pd.DataFrame, words: Words) -> str:
    status, digits = str(row["status"]), int(row["value_decimals"])
    chart = charts.trajectory(frame, words=words, status=status, decimals=digits)
    unit = words("trajectories.index_unit") if row["kind"] == "growth" else row["unit_name"]
    first, last = int(frame["t"].min()), int(frame["t"].max())
    note = words("trajectories.note", unit=unit, first=first, last=last)
    sign = f'<i aria-hidden="true">{theme.STATUS[status].sign}</i>'
    return figures.figure(
        chart.figure,
        words,
        key=f"t-{row['indicator_id'].replace('_', '-')}",
        title=words("trajectories.title", name=row["name"], status=words(f"status.{status}")),
        alt=sentences.trajectory_alt(row, words),
        note=note,
        sign=f'<span class="s s-{status}">{sign}</span>',
        twin=_series(frame, words, decimals=digits, caption=f"{row['name']} · {note}"),
    )


def _series(rows: pd.DataFrame, words: Words, *, decimals: int, caption: str) -> str:
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
