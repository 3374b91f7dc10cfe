"""Names in the page's language beside the codes of a table.

Answers: how the rows of a register are called. Refuses: to put a label in place of a code.
"""

import pandas as pd

from fenghua.display.wording import Words


def lead_names(unit_ids: pd.Series, lead_units: pd.DataFrame, words: Words) -> pd.Series:
    """Return ``;``-joined unit ids as names joined in the page's language."""
    names = {row["unit_id"]: words.name(row) for row in lead_units.to_dict("records")}
    return unit_ids.map(
        lambda ids: words.join([names[code] for code in str(ids).split(";")]) if ids else ""
    )


def indicators(
    rows: pd.DataFrame, register: pd.DataFrame, lead_units: pd.DataFrame, words: Words
) -> pd.DataFrame:
    """Add ``name``, ``unit_name``, both precisions, ``leads`` and, for verdicts, ``why`` in words.

    Parameters
    ----------
    rows : DataFrame
        Anything with ``indicator_id``.
    register, lead_units : DataFrame
        ``Dataset.indicators`` and ``Dataset.lead_units``.
    words : Words
        The page's language.
    """
    about = register.set_index("indicator_id")
    named = rows.copy()
    ids = named["indicator_id"]
    name = {code: words.name(row) for code, row in about.iterrows()}
    named["name"] = ids.map(name)
    named["unit_name"] = ids.map(about["unit"]).map(words.term)
    named["decimals"] = ids.map(about["decimals"]).fillna(0).astype(int)
    # An observation may carry one digit more than the plan prints, a count none.
    finer = (about["decimals"] + 1).clip(lower=2).where(~about["is_count"].astype(bool), 0)
    named["value_decimals"] = ids.map(finer).fillna(0).astype(int)
    named["leads"] = lead_names(ids.map(about["lead_unit_ids"]), lead_units, words)
    if "reason" in named and "flags" in named:
        named["why"] = [
            _why(reason, flags, words)
            for reason, flags in zip(named["reason"], named["flags"], strict=True)
        ]
    return named


# Flags that change how a status reads; the others stand in the table of data quality.
_TOLD = ("maintain_mode", "limit_mode", "small_movement", "near_threshold", "base_year_break")


def _why(reason: str, flags: str, words: Words) -> str:
    if reason:
        return words(f"reason.{reason}")
    told = [words(f"flag.{code}") for code in flags.split(";") if code in _TOLD]
    return words("page.list_separator").join(told)


def register(rows: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Add ``name`` in the page's language to rows of a register."""
    return rows.assign(name=[words.name(row) for row in rows.to_dict("records")])
