"""Sentences and lists written from figures by the wording catalogue.

Answers: how a finding reads in a language. Refuses: to compute what it states.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from fenghua.display import numbers, tables, theme
from fenghua.display.tables import Row, status_word
from fenghua.display.wording import Words

_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]{3}")


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


def point(claim: str, detail: str = "", *, who: str = "") -> str:
    """Return a key point: the claim, what explains it, and who answers for it."""
    said = f"<b>{escape(claim)}</b>" + escape(detail)
    return said + (f" <small>{escape(who)}</small>" if who else "")


def call(*texts: str) -> str:
    """Return a box with a caution."""
    return f'<div class="call">{"".join(f"<p>{escape(text)}</p>" for text in texts)}</div>'


def points(texts: Sequence[str]) -> str:
    """Return a list of short statements."""
    return f'<ul class="todo">{"".join(f"<li>{escape(text)}</li>" for text in texts)}</ul>'


def rate(row: Row, words: Words, *, key: str = "required_rate", claim: str = "") -> str:
    """Return a pace in natural units: ``每月 17.9 家``, ``0.55 points a year``.

    With ``claim`` the figure is marked as a result's (`tables.claimed`): markup, for a cell.
    """
    value, unit = float(row[key]), str(row["required_rate_unit"])
    if not unit or value != value:
        return numbers.NONE
    if key == "required_rate" and value == 0:
        return words("rate.done")
    pace = numbers.pace(value)
    pace = tables.claimed(pace, row, key, claim) if claim else pace
    return words(f"rate.{unit}", value=pace, unit=words.term(str(row["unit"])))


def still_needed(row: Row, words: Words, *, claim: str) -> str:
    """Return the pace needed, or after a missed deadline how much is wanting, for a cell."""
    if row["status"] != "missed" or float(row["required_rate"]) == float(row["required_rate"]):
        return rate(row, words, claim=claim)
    gap = numbers.pace(abs(float(row["gap_to_end"])))
    unit = words("unit.points") if row["unit"] == "%" else words.term(str(row["unit"]))
    return words("rate.short", value=gap, unit=unit)


def source_list(sources: pd.DataFrame, words: Words) -> str:
    """Return the sources with publisher, number, date and address."""
    items = []
    for row in sources.to_dict("records"):
        parts = [row["title"], row["publisher"], row["document_number"], row["date"]]
        told = [
            f"<bdi{_lang_of(part)}>{escape(part)}</bdi>"
            for part in dict.fromkeys(str(p) for p in parts if p)
        ]
        text = words("page.list_separator").join(told)
        url = f" <small>{escape(row['url'])}</small>" if row["url"] else ""
        items.append(f"<li>{text}{url}</li>")
    return f'<ul class="todo">{"".join(items)}</ul>'


def _lang_of(text: str) -> str:
    """Return the attribute that says in which language a source is called what it is called."""
    lang = "zh-Hans" if _HAN.search(text) else "en" if _LATIN.search(text) else ""
    return f' lang="{lang}"' if lang else ""


def gap_lead(worst: pd.DataFrame, words: Words) -> str:
    """Return what to do next: the tightest with their pace, or the largest shortfalls."""
    if worst.empty:
        return ""
    is_final = (worst["status"] == "missed").all()
    item, whole = ("missed_item", "missed") if is_final else ("item", "effort")
    items = [
        words(
            f"gaps.lead_{item}",
            name=row["name"],
            share=numbers.percent(row["attainment_next"]),
            needed=rate(row, words),
            achieved=rate(row, words, key="achieved_rate"),
        )
        for row in worst.to_dict("records")
        if is_final or row["status"] != "missed"
    ]
    return lead(words(f"gaps.lead_{whole}", items=words("page.item_separator").join(items)))


def method(cutoffs: Mapping[str, float], words: Words) -> str:
    """Return the rule of the status bands with the register's own cut-offs."""
    printed = {key: numbers.short(value, decimals=2) for key, value in cutoffs.items()}
    return note(words("gaps.method", **printed))


def base_year_note(rows: pd.DataFrame, words: Words) -> str:
    """Return the warning that two series with different base years are never joined, if any are."""
    broken = rows[rows["flags"].str.contains("base_year_break")]
    told = [
        words(
            "gaps.energy_note",
            name=row["name"],
            base1=f"{row['printed_base_year']:.0f}",
            base2=f"{row['base_year']:.0f}",
        )
        for row in broken.to_dict("records")
    ]
    return "".join(map(note, told))


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
        year=f"{row['end_target_year']:.0f}",
        target=numbers.short(row["end_target_value"], decimals=digits),
        status=words(f"status.{row['status']}"),
    )


def pace_finding(counts: Mapping[str, int], faster: pd.DataFrame, words: Words) -> str:
    """Return the trajectory brief's one sentence: how many must move faster, and which most.

    ``counts`` are those of ``tally.courses``, ``faster`` the rows of ``findings.faster``.
    """
    if len(faster):
        top = faster.iloc[0]
        factor = numbers.pace(top["effort_factor"])
        return words("trajectories.finding", n=len(faster), name=top["name"], factor=factor)
    if counts["unknown"] == counts["total"]:
        return words("trajectories.finding_nothing", **counts)
    if counts["reaches"]:
        return words("trajectories.finding_easy", n=counts["arriving"])
    return words(
        "trajectories.finding_final",
        arrived=counts["reached"], short=counts["falls_short"], unknown=counts["unknown"],
    )  # fmt: skip


def reach_lead(reach: pd.DataFrame, rows: pd.DataFrame, words: Words) -> str:
    """Return which indicators fall short on the present course, by name."""
    names = rows.set_index("indicator_id")["name"]
    is_over = not reach["course"].eq("reaches").any() and rows["effort_factor"].isna().all()
    key = {"falls_short": "falls_short_final"} if is_over else {}
    parts = [
        lead(words(f"trajectories.{key.get(code, code)}", names=words.join(names[ids].tolist())))
        for code in ("reached", "reaches", "falls_short", "open", "unknown")
        if len(ids := reach.loc[reach["course"] == code, "indicator_id"])
    ]
    return "".join(parts)
