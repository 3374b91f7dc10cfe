"""Sentences and lists written from figures by the wording catalogue.

Answers: how a finding reads in a language. Refuses: to compute what it states.
"""

import re
from collections.abc import Iterable
from html import escape

import pandas as pd

from fenghua.display import numbers
from fenghua.display.wording import Words
from fenghua.inputs.records import rows_of

_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]{3}")
_NAMED = ("title", "publisher")  # the register may have both in English, too


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


def source_list(sources: pd.DataFrame, words: Words) -> str:
    """Return the sources with publisher, number, date and address.

    A title stays in the language it is printed in, unless the register has it in English too.
    """
    items = []
    for row in rows_of(sources):
        named = [(words.lang == "en" and row.get(f"{key}_en")) or row[key] for key in _NAMED]
        parts = [*named, row["document_number"], row["date"]]
        known = dict.fromkeys(str(part) for part in parts if part)
        told = [f"<bdi{_lang_of(part)}>{escape(part)}</bdi>" for part in known]
        text = words("page.list_separator").join(told)
        url = f" <small>{escape(row['url'])}</small>" if row["url"] else ""
        items.append(f"<li>{text}{url}</li>")
    return f'<ul class="todo sources">{"".join(items)}</ul>'


def language_of(text: str) -> str:
    """Return the language in which a register prints a text; of a mere figure none."""
    return "zh-Hans" if _HAN.search(text) else "en" if _LATIN.search(text) else ""


def _lang_of(text: str) -> str:
    """Return the attribute that says in which language a source is called what it is called."""
    lang = language_of(text)
    return f' lang="{lang}"' if lang else ""


def method(cuts: Iterable[float], words: Words) -> str:
    """Return the rule of the status bands with the register's own cut-offs, highest first."""
    names = ("on_track", "needs_acceleration", "insufficient")
    printed = [numbers.short(value, decimals=2) for value in cuts]
    return note(words("gaps.method", **dict(zip(names, printed, strict=True))))


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
        for row in rows_of(broken)
    ]
    return "".join(map(note, told))
