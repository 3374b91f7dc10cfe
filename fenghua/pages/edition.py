"""What every page with enterprise figures says of the public edition (公布版说明).

Answers: the scope, the rule and the state of an edition in a sentence. Refuses: to soften them.
"""

from collections.abc import Mapping

import pandas as pd

from fenghua.analysis import edition, whatif
from fenghua.analysis.edition_tables import NONE
from fenghua.analysis.efficiency import MISSING
from fenghua.display import amounts, sentences
from fenghua.display.numbers import short
from fenghua.display.wording import Words
from fenghua.inputs.columns import schema
from fenghua.inputs.vocabulary import PlanData, size_in


def scope(ds: edition.Dataset, year: int, words: Words) -> str:
    """Return the note of scope and rule for a page of a year; of none where there is no edition."""
    if year == 0:
        return sentences.note(words("edition.none"))
    record = ds.editions[ds.editions["year"] == year].iloc[-1]
    n = edition.count(edition.read(ds, year), "total")["value"].iloc[0]
    said = words(f"edition.scope_{record['basis']}", n=short(float(n)))
    apart = int((ds.edition_exclusions["from_year"] <= year).sum())
    if apart:
        said += words("edition.excluded", n=apart)
    said += words("edition.rule", year=year)
    if not edition.is_current(ds, year):
        said += words("edition.changed")
    return sentences.note(said)


def named(
    groups: pd.DataFrame, table: str, called: Mapping[str, str], words: Words
) -> pd.DataFrame:
    """Return the rows of one table of groups, named; none where the data tell no group apart."""
    rows = groups[groups["table"] == table]
    known = {**called, NONE: words("per_mu.unsaid")}
    names = [known.get(code, code) for code in rows["code"]]
    return rows.assign(name=names).head(0 if rows["code"].eq(NONE).all() else len(rows))


def why_ungraded(codes: pd.Series, words: Words) -> pd.Series:
    """Return codes of why there is no class in words, a missing amount by its column's name."""

    def said(code: str) -> str:
        name = code.removesuffix(MISSING)
        if name == code:
            return words(f"per_mu.{code}")
        return words("per_mu.lacks", what=column(name, words))

    return codes.map(said)


def column(name: str, words: Words) -> str:
    """Return what a column of the enterprises is called, or what is worked out from some."""
    known = schema().tables["enterprises"]
    if name not in known:
        return words(f"column.{name}")
    own = known[name]
    return own.name_en if words.lang == "en" else words.term(own.name_zh_hans)


def land_goal(ds: PlanData, words: Words) -> str:
    """Return the plan's last target of land to be released, in mu too; nothing without one."""
    of = whatif.released_ids(ds.indicators)["land_id"]
    own = ds.targets[(ds.targets["indicator_id"] == of) & (ds.targets["role"] == "target")]
    if own["value"].isna().all():
        return ""
    goal, unit = own["value"].max(), ds.indicators.set_index("indicator_id").at[of, "unit"]
    size, target = size_in(unit, "亩"), amounts.with_unit(short(goal, decimals=6), unit, words)
    key = "per_mu.release_goal" + "_in_mu" * (size > 1)
    return words(key, target=target, mu=short(goal * size))
