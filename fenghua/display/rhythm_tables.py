"""What is new since the last issue, and the strip of earlier verdicts, for any brief.

Answers: what changed in data, in method, in verdict, each apart. Refuses: to mix the three.
"""

from html import escape

import pandas as pd

from fenghua.display import sentences, tables
from fenghua.display.numbers import NONE, short
from fenghua.display.tables import Column, Row
from fenghua.display.wording import Words
from fenghua.inputs import periods


def since_last(rows: pd.DataFrame, words: Words) -> str:
    """Return the section: one sentence, and a row an indicator with strip, data and verdict.

    Parameters
    ----------
    rows : DataFrame
        ``rhythm.since_last`` with ``name`` and ``value_decimals`` (``Brief.named``).
    words : Words
        The page's language.
    """
    issues = [name.partition(":")[2] for name in rows if str(name).startswith("issue:")]
    if rows.empty or len(issues) < 2:
        return sentences.note(words("rhythm.first_issue"))
    labels = [periods.label(issue, words.lang) for issue in issues]
    is_changed = rows["status_before"] != rows["status_after"]
    facts = {"data": int((rows["data"] != "").sum()), "verdicts": int(is_changed.sum())}
    facts["by_time"] = int((rows["cause"] == "time").sum())
    columns = [
        Column(words("head.indicator"), tables.text("name")),
        Column(
            words("head.strip", first=labels[0], last=labels[-1]),
            _strip(issues, labels, words),
            css="w2",
        ),
        Column(words("head.data_change"), _data(words), css="w2"),
        Column(words("head.verdict_change"), _verdict(words), css="w2"),
    ]
    changed = rows[(rows["data"] != "") | is_changed]
    parts = [sentences.note(words("rhythm.summary", before=labels[-2], **facts))]
    if len(changed):
        parts.append(tables.table(changed, columns, caption=words("rhythm.caption"), css="cards"))
    still = rows.drop(changed.index)
    if len(still):
        strips = tables.table(still, columns[:2], caption=words("rhythm.caption_still"), css="fit")
        parts.append(tables.details(words("rhythm.still", n=len(still)), strips))
    return "".join(parts)


def _strip(issues: list[str], labels: list[str], words: Words) -> tables.Cell:
    def cell(row: Row) -> str:
        marks = []
        for issue, label in zip(issues, labels, strict=True):
            code = str(row[f"issue:{issue}"])
            sign = tables.status_word(code, words, bare=True) if code else NONE
            marks.append(f'<span title="{escape(label)}">{sign}</span>')
        return f'<span style="white-space:nowrap">{"".join(marks)}</span>'

    return cell


def _data(words: Words) -> tables.Cell:
    def cell(row: Row) -> str:
        if not row["data"]:
            return NONE
        digits = int(row["value_decimals"])
        before, after = (
            short(float(row[f"value_{end}"]), decimals=digits) for end in ("before", "after")
        )
        return f"{before} → {after}<small>{escape(words('rhythm.' + row['data']))}</small>"

    return cell


def _verdict(words: Words) -> tables.Cell:
    def cell(row: Row) -> str:
        if row["status_before"] == row["status_after"]:
            return NONE
        before, after = (
            tables.status_word(row[f"status_{end}"], words) if row[f"status_{end}"] else NONE
            for end in ("before", "after")
        )
        return f"{before} → {after}<small>{escape(words('rhythm.cause_' + row['cause']))}</small>"

    return cell
