"""The small multiples of the trajectory brief.

Answers: one chart an indicator, each with its finding, note and data. Refuses: to calculate.
"""

from collections.abc import Mapping

import pandas as pd

from fenghua.display import charts, figures, gap_tables, sentences, theme
from fenghua.display.tables import Row
from fenghua.display.wording import Words


def grid(rows: pd.DataFrame, drawn: Mapping[str, pd.DataFrame], words: Words) -> str:
    """Return one figure an indicator that has a path; the others are named beneath.

    Parameters
    ----------
    rows : DataFrame
        Named rows of ``gap.assess``.
    drawn : mapping
        Frames of ``outlook.series`` by indicator.
    words : Words
        The page's language.
    """
    records = rows.to_dict("records")
    shown = [
        _figure(row, drawn[row["indicator_id"]], words)
        for row in records
        if len(drawn[row["indicator_id"]])
    ]
    left = [row["name"] for row in records if not len(drawn[row["indicator_id"]])]
    note = sentences.note(words("trajectories.no_path", names=words.join(left))) if left else ""
    return figures.grid(shown) + note


def _figure(row: Row, frame: pd.DataFrame, words: Words) -> str:
    status, key = str(row["status"]), f"t-{row['indicator_id'].replace('_', '-')}"
    digits = int(row["value_decimals"])
    chart = charts.trajectory(frame, words=words, status=status, decimals=digits)
    unit = words("trajectories.index_unit") if row["kind"] == "growth" else row["unit_name"]
    years = {"first": int(frame["t"].min()), "last": int(frame["t"].max())}
    note = words("trajectories.note", unit=unit, **years)
    sign = (
        f'<span class="s s-{status}"><i aria-hidden="true">{theme.STATUS[status].sign}</i></span>'
    )
    twin = gap_tables.series(frame, words, decimals=digits, caption=f"{row['name']} · {note}")
    title = words("trajectories.title", name=row["name"], status=words(f"status.{status}"))
    alt = sentences.trajectory_alt(row, words)
    return figures.figure(
        chart.figure, words, key=key, title=title, alt=alt, note=note, sign=sign, twin=twin
    )
