"""Names in the page's language beside the codes of a table.

Answers: how the rows of a register are called. Refuses: to put a label in place of a code.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fenghua.display.wording import Words
from fenghua.inputs.vocabulary import RANKS

_NAMED = 2  # units of one indicator that a short cell names


def names(
    register: pd.DataFrame, key: str, words: Words, *, prefix: str = "name"
) -> dict[str, str]:
    """Return code to name; a register without names in Traditional script has them converted."""
    own = f"{prefix}_{words.lang.lower().replace('-', '_')}"
    if own in register:
        printed = register[own].tolist()
    else:
        printed = [words.term(name) for name in register[f"{prefix}_zh_hans"].tolist()]
    pairs = zip(register[key].tolist(), printed, strict=True)
    return {code: words.name({own: name}, prefix=prefix) for code, name in pairs}


def evaluated(
    label: str, scheme: Mapping[str, Any], industries: Mapping[str, str], words: Words
) -> str:
    """Return a group that a scheme ranks apart, in words: its size and, where it has, industries.

    ``label`` is that of ``evaluation.graded``: ``above_scale/metal``.
    """
    size, _, code = label.partition("/")
    told, groups = words(f"per_mu.size_{size}"), scheme.get("groups", "")
    if not isinstance(groups, Mapping) or code not in groups:
        return told
    listed = [] if isinstance(groups[code], str) else [industries.get(x, x) for x in groups[code]]
    rest = words("per_mu.rest")
    return told + words("page.in_unit", unit=words.few(listed) if listed else rest)


def lead_names(unit_ids: pd.Series, lead_units: pd.DataFrame, words: Words) -> pd.Series:
    """Return ``;``-joined unit ids as names joined in the page's language."""
    called = names(lead_units, "unit_id", words)
    return unit_ids.map(
        lambda ids: words.join([called[code] for code in str(ids).split(";")]) if ids else ""
    )


def register(about: pd.DataFrame, lead_units: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return what the register says of each indicator, in the page's language, by its id.

    Columns: ``name``, ``unit_name``, both precisions, ``leads`` (in short: ``leads_short``) and,
    where the register has it, ``nature``.
    """
    called = about.set_index("indicator_id")
    leads = called["lead_unit_ids"].fillna("").astype(object)
    several = leads.str.split(";")
    every, first = (lead_names(ids, lead_units, words) for ids in (leads, several.str[0]))
    most = _NAMED if words.is_chinese else 1  # names of units are long in English
    digits = called["decimals"].fillna(0)
    is_whole = called["is_count"].astype(bool) | called["unit"].isin(RANKS)
    found = pd.DataFrame(
        {
            "name": names(about, "indicator_id", words),
            "unit_name": called["unit"].map(words.term),
            "decimals": digits.astype(int),
            # An observation may carry one digit more than the plan prints, a count or rank none.
            "value_decimals": (digits + 1).clip(lower=2).where(~is_whole, 0),
            "leads": every,
            "leads_short": [
                words("page.and_others", name=one, n=len(codes)) if len(codes) > most else whole
                for one, codes, whole in zip(first, several, every, strict=True)
            ],
        },
        index=called.index,
    )
    return found.assign(nature=called["nature"]) if "nature" in called else found


def indicators(rows: pd.DataFrame, called: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Add what `register` says of each ``indicator_id`` and, for verdicts, ``why``."""
    about = called.reindex(rows["indicator_id"]).set_axis(rows.index)
    for name in ("decimals", "value_decimals"):
        about[name] = about[name].fillna(0).astype(int)
    named = rows.assign(**{name: about[name] for name in about})
    if "reason" in named and "flags" in named:
        pairs = zip(named["reason"], named["flags"], strict=True)
        named["why"] = [_why(reason, flags, words) for reason, flags in pairs]
    return named


def targets(rows: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Add what the register says of the next and the final target: other end and comparator.

    Columns: ``next_target_high``, ``next_target_comparator``, and the same of ``end_target``;
    missing and empty where the plan gives no figure; ``printed_base_year``, which the printed
    baseline is counted from.
    """
    if "next_target_year" not in rows:
        return rows
    goals = register.loc[register["role"] == "target", ["indicator_id", "year", "comparator"]]
    comparators: dict[str, dict[float, str]] = {}
    for code, year, comparator in goals.dropna(subset="year").itertuples(index=False):
        comparators.setdefault(code, {})[year] = comparator if comparator == comparator else ""

    def compared(code: str, year: float) -> str:
        """Return how a target compares: one of every year as the one that the plan prints next."""
        own = comparators.get(code, {})
        return next((own[due] for due in sorted(own) if due >= year), "")

    told = rows.copy()
    for name in ("next_target", "end_target"):
        keys = zip(rows["indicator_id"], rows[f"{name}_year"], strict=True)
        told[f"{name}_high"] = rows[f"{name}_other"]
        told[f"{name}_comparator"] = [compared(*key) for key in keys]
    bases = register.loc[register["role"] == "baseline", ["indicator_id", "base_year"]]
    bases = bases.drop_duplicates("indicator_id").set_index("indicator_id")["base_year"]
    told["printed_base_year"] = rows["indicator_id"].map(bases)
    return told


# Flags that change how a status reads; the others stand in the table of data quality.
_TOLD = (
    "maintain_mode",
    "limit_mode",
    "small_movement",
    "near_threshold",
    "base_year_break",
    "about_target",
)


def _why(reason: str, flags: str, words: Words) -> str:
    if reason:
        return words(f"reason.{reason}")
    told = [words(f"flag.{code}") for code in flags.split(";") if code in _TOLD]
    return words("page.list_separator").join(told)
