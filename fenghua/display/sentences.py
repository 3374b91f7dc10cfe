"""Sentences and lists written from figures by the wording catalogue.

Answers: how a finding reads in a language. Refuses: to compute what it states.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from fenghua.display import numbers, theme
from fenghua.display.tables import Row, status_word
from fenghua.display.wording import Words

_GOOD = ("achieved", "met", "on_track")


def status_strip(counts: Mapping[str, int], words: Words) -> str:
    """Return the number of indicators by status as a strip of cards; empty ones are left out."""
    cards = [
        f'<li class="s-{code}"><b>{counts[code]}</b>{status_word(code, words)}</li>'
        for code in theme.STATUS
        if counts.get(code)
    ]
    return f'<ul class="strip">{"".join(cards)}</ul>'


def lead(text: str) -> str:
    """Return the paragraph that says what to do."""
    return f'<p class="lead">{escape(text)}</p>'


def note(text: str) -> str:
    """Return a quiet paragraph."""
    return f'<p class="note">{escape(text)}</p>'


def call(*texts: str) -> str:
    """Return a box with a caution."""
    return f'<div class="call">{"".join(f"<p>{escape(text)}</p>" for text in texts)}</div>'


def points(texts: Sequence[str]) -> str:
    """Return a list of short statements."""
    return f'<ul class="todo">{"".join(f"<li>{escape(text)}</li>" for text in texts)}</ul>'


def rate(row: Row, words: Words, *, key: str = "required_rate") -> str:
    """Return a pace in natural units: ``每月 17.9 家``, ``0.55 points a year``."""
    value, unit = float(row[key]), str(row["required_rate_unit"])
    if not unit or value != value:
        return numbers.NONE
    decimals = int(row["decimals"]) + 1 if abs(value) < 100 else 0
    return words(
        f"rate.{unit}",
        value=numbers.short(value, decimals=max(decimals, 1)),
        unit=words.term(str(row["unit"])),
    )


def codes(text: str, group: str, words: Words) -> str:
    """Return ``;``-joined codes in words."""
    return "、".join(words(f"{group}.{code}") for code in text.split(";") if code) if (
        words.is_chinese
    ) else ", ".join(words(f"{group}.{code}") for code in text.split(";") if code)


def source_list(sources: pd.DataFrame, words: Words) -> str:
    """Return the sources with publisher, number, date and address."""
    items = []
    for row in sources.to_dict("records"):
        parts = [row["title"], row["publisher"], row["document_number"], row["date"]]
        text = words("page.list_separator").join(dict.fromkeys(str(p) for p in parts if p))
        url = f" <small>{escape(row['url'])}</small>" if row["url"] else ""
        items.append(f"<li>{escape(text)}{url}</li>")
    return f'<ul class="todo">{"".join(items)}</ul>'


def gap_finding(headline: pd.DataFrame, worst: pd.DataFrame, words: Words, *, period: str) -> str:
    """Return the gap brief's one sentence: how many keep up, and who is furthest behind.

    Parameters
    ----------
    headline : DataFrame
        Named rows of ``gap.assess``.
    worst : DataFrame
        The furthest behind of them, the worst first.
    words : Words
        The page's language.
    period : str
        The period in words.
    """
    statuses = headline["status"]
    total, open_ = len(headline), int((statuses == "not_assessable").sum())
    if open_ == total:
        return words("gaps.finding_nothing", period=period)
    met, missed = int((statuses == "met").sum()), int((statuses == "missed").sum())
    if met + missed > total / 2:
        year = int(headline.loc[statuses.isin(["met", "missed"]), "milestone_year"].max())
        return words("gaps.finding_verdict", year=year, met=met, missed=missed, open=open_)
    good = int(statuses.isin(_GOOD).sum())
    if worst.empty:
        return words("gaps.finding_all_good", total=good)
    return words("gaps.finding_band", total=total, good=good, name=worst["name"].iloc[0])


def gap_lead(worst: pd.DataFrame, words: Words) -> str:
    """Return what to do next: the tightest indicators with their pace, or the largest shortfalls."""
    if worst.empty:
        return ""
    if (worst["status"] == "missed").all():
        items = [
            words("gaps.lead_missed_item", name=row["name"], share=numbers.percent(row["attainment_next"]))
            for row in worst.to_dict("records")
        ]
        return lead(words("gaps.lead_missed", items=words("page.item_separator").join(items)))
    items = [
        words(
            "gaps.lead_item",
            name=row["name"],
            needed=rate(row, words),
            achieved=rate(row, words, key="achieved_rate"),
        )
        for row in worst[worst["status"] != "missed"].to_dict("records")
    ]
    return lead(words("gaps.lead_effort", items=words("page.item_separator").join(items)))


def method(cutoffs: Mapping[str, float], words: Words) -> str:
    """Return the rule of the status bands with the register's own cut-offs."""
    return note(
        words("gaps.method", **{key: numbers.short(value, decimals=2) for key, value in cutoffs.items()})
    )


def index_alt(rows: pd.DataFrame, words: Words) -> str:
    """Return the alternative text of the schedule-index chart: every bar in words."""
    items = [
        f"{row['name']} {numbers.figure(row['schedule_index'], 2)} {words('status.' + row['status'])}"
        for row in rows.to_dict("records")
    ]
    return words("gaps.index_alt", items=words("page.item_separator").join(items))


def trajectory_alt(row: Row, words: Words) -> str:
    """Return the alternative text of one trajectory: value, path, target, status."""
    if row["value"] != row["value"]:
        return words("trajectories.alt_none", name=row["name"])
    digits = int(row["decimals"])
    return words(
        "trajectories.alt",
        name=row["name"],
        value=numbers.short(row["value"], decimals=digits + 1),
        path=numbers.short(row["path_value"], decimals=digits + 1),
        year=numbers.short(row["end_target_year"], decimals=0).replace(",", ""),
        target=numbers.short(row["end_target_value"], decimals=digits),
        status=words(f"status.{row['status']}"),
    )
