"""What every page with enterprise figures says of the public edition (公布版说明).

Answers: the scope, the rule and the state of an edition in a sentence. Refuses: to soften them.
"""

import pandas as pd

from fenghua.analysis import edition
from fenghua.analysis.efficiency import MISSING
from fenghua.display import naming, sentences
from fenghua.display.numbers import short
from fenghua.display.wording import Words
from fenghua.inputs.columns import schema


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


def why_ungraded(codes: pd.Series, words: Words) -> pd.Series:
    """Return codes of why there is no class in words, a missing amount by its column's name."""
    known = schema().tables["enterprises"]

    def said(code: str) -> str:
        column = code.removesuffix(MISSING)
        if column == code:
            return words(f"per_mu.{code}")
        return words("per_mu.lacks", what=naming.column(known, column, words))

    return codes.map(said)
