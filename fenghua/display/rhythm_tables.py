"""What is new since the last issue, and the strip of earlier verdicts, for any brief.

Answers: what changed in data, in method, in verdict, each apart. Refuses: to mix the three.
"""

from collections.abc import Mapping
from html import escape

import pandas as pd

from fenghua.display import sentences, tables
from fenghua.display.numbers import NONE, short
from fenghua.display.tables import Cell, Column, Row
from fenghua.display.wording import Words
from fenghua.inputs import periods


def since_last(rows: pd.DataFrame, counts: Mapping[str, int], words: Words) -> str:
    """Return the section: one sentence, and a row an indicator with strip, data and verdict.

    ``rows`` are those of ``rhythm.since_last`` with names, ``counts`` those of ``tally.news``.
    """
    issues = [name.partition(":")[2] for name in rows if str(name).startswith("issue:")]
    if rows.empty or len(issues) < 2:
        return sentences.note(words("rhythm.first_issue"))
    labels = {issue: periods.label(issue, words.lang) for issue in issues}
    told = list(labels.values())
    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(words("head.strip", first=told[0], last=told[-1]), _strip(labels, words), css="w2"),
        Column(words("head.data_change"), _data(words), css="w2"),
        Column(words("head.verdict_change"), _verdict(words), css="w2"),
    ]
    parts = [sentences.note(words("rhythm.summary", before=told[-2], **counts))]
    is_changed = (rows["data"] != "") | (rows["status_before"] != rows["status_after"])
    changed, still = rows[is_changed], rows[~is_changed]
    if len(changed):
        parts.append(tables.table(changed, columns, caption=words("rhythm.caption"), css="cards"))
    if len(still):
        strips = tables.table(still, columns[:2], caption=words("rhythm.caption_still"), css="fit")
        parts.append(tables.details(words("rhythm.still", n=len(still)), strips))
    return "".join(parts)


def restated(rows: pd.DataFrame, words: Words) -> str:
    """Return what became of the last issue's figures: named rows of ``rhythm.restated``."""
    if rows.empty:
        return sentences.note(words("rhythm.restated_none"))
    items = []
    for row in rows.to_dict("records"):
        ends = [row[f"status_{end}"] for end in ("before", "after")]
        said = [tables.status_word(end, words) for end in ends]
        verdict = "rhythm.verdict_kept" if ends[0] == ends[1] else "rhythm.verdict_turned"
        figures = [
            short(float(row[f"value_{end}"]), decimals=int(row["value_decimals"]))
            for end in ("before", "after")
        ]
        facts = {"name": escape(row["name"]), "unit": escape(row["unit_name"])}
        facts |= {"period": periods.label(row["period"], words.lang)}
        facts |= dict(zip(("before", "after"), figures, strict=True))
        turned = words(verdict, before=said[0], after=said[1])
        items.append(f"<li>{words('rhythm.restated_row', verdict=turned, **facts)}</li>")
    return sentences.note(words("rhythm.restated_some")) + f'<ul class="todo">{"".join(items)}</ul>'


def _strip(labels: Mapping[str, str], words: Words) -> Cell:
    def mark(code: str, label: str) -> str:
        sign = tables.status_word(code, words, bare=True) if code else NONE
        return f'<span title="{escape(label)}">{sign}</span>'

    def cell(row: Row) -> str:
        marks = [mark(str(row[f"issue:{issue}"]), label) for issue, label in labels.items()]
        return f'<span style="white-space:nowrap">{"".join(marks)}</span>'

    return cell


def _data(words: Words) -> Cell:
    def cell(row: Row) -> str:
        if not row["data"]:
            return NONE
        ends = [float(row[f"value_{end}"]) for end in ("before", "after")]
        printed = " → ".join(short(end, decimals=int(row["value_decimals"])) for end in ends)
        return printed + tables.small(words(f"rhythm.{row['data']}"))

    return cell


def _verdict(words: Words) -> Cell:
    def cell(row: Row) -> str:
        ends = [row[f"status_{end}"] for end in ("before", "after")]
        if ends[0] == ends[1]:
            return NONE
        printed = " → ".join(tables.status_word(end, words) if end else NONE for end in ends)
        return printed + tables.small(words(f"rhythm.cause_{row['cause']}"))

    return cell
