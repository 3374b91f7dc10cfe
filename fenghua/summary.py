"""What the inputs hold and what that is enough for, in a few lines (读到了什么、够用什么).

Answers: how many figures of which years; whether enterprises can be classed, and if not why.
Refuses: to judge a figure.
"""

from typing import Final

import pandas as pd

from fenghua.analysis import evaluation
from fenghua.analysis import scheme as scheme_rules
from fenghua.display.wording import Words
from fenghua.inputs import periods
from fenghua.inputs.dataset import Dataset
from fenghua.pages import edition

_SHOWN: Final = 3  # so many causes are named
_LEFT_OUT: Final = (
    "follows_owner",
    "group_too_small",
    "new_enterprise",
    "owner_not_found",
    "owner_not_graded",
    "unfinished",
    "utility",
)


def lines(ds: Dataset, lang: str) -> list[str]:
    """Return what was read of indicators, enterprises and towns, and what is lacking.

    Parameters
    ----------
    ds : Dataset
        Inputs without errors, enterprises included.
    lang : str
        The language; the words are those of the plan's own area and places.
    """
    words = Words.of_plan(lang, ds)
    return [_indicators(ds, words), _enterprises(ds, words), _towns(ds, words)]


def _indicators(ds: Dataset, words: Words) -> str:
    known = ds.observations[ds.observations["value"].notna()]
    if known.empty:
        return words("check.no_indicators")
    years = sorted({periods.parse(period).year for period in known["period"]})
    read = words("check.indicators", n=known["indicator_id"].nunique())
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    time = words("check.years", n=len(years))
    return words("check.read", indicators=read, years=time, span=span, figures=f"{len(known):,}")


def _enterprises(ds: Dataset, words: Words) -> str:
    if ds.enterprises.empty:
        return words("check.no_enterprises")
    newest = ds.enterprises["year"].max()
    own = ds.enterprises[ds.enterprises["year"] == newest]
    read = words("check.enterprises", n=f"{len(own):,}")
    is_counted = newest in ds.enterprise_years
    verdict = _classes(ds, own, words) if is_counted else words("check.uncounted")
    return words("check.classes", enterprises=read, year=newest, verdict=verdict)


def _classes(ds: Dataset, own: pd.DataFrame, words: Words) -> str:
    """Say how many enterprises have a class, and what keeps the others from one."""
    try:
        scheme = ds.schemes[scheme_rules.chosen(ds.schemes)]
        rows = evaluation.graded(own, scheme, ds.parameters, adjustments=ds.adjustments)
    except ValueError as error:
        return words("check.no_scheme", error=error)
    open_ = rows[rows["initial_grade"] == ""]
    classed = len(rows) - len(open_)
    causes = _causes(open_, len(rows), words)
    if not classed:
        return words("check.unclassed", causes=causes)
    key = "check.all_classed" if open_.empty else "check.some_classed"
    return words(key, classed=f"{classed:,}", open=f"{len(open_):,}", causes=causes)


def _causes(open_: pd.DataFrame, count: int, words: Words) -> str:
    """Name why enterprises are left out, and for the others the amounts that are missing."""
    codes = open_["reasons"].str.split(";").explode()
    codes = codes[codes.isin(_LEFT_OUT)]
    left_out = codes.groupby(level=0).first().value_counts()
    causes = [(words(f"per_mu.{code}"), "check.reason", n) for code, n in left_out.items()]
    missing = evaluation.missing_columns(open_[~open_.index.isin(codes.index)])
    for name, n in missing.items():
        causes.append((edition.column(str(name), words), "check.missing", n))
    causes.sort(key=lambda cause: -cause[2])
    said = [
        words(key, what=what, count=words("check.all") if n == count else f"{n:,}")
        for what, key, n in causes[:_SHOWN]
    ]
    return words("check.and").join(said)


def _towns(ds: Dataset, words: Words) -> str:
    reports = ds.town_reports
    if reports.empty:
        return words("check.no_towns")
    newest = max(reports["period"].unique(), key=periods.end)
    towns = words("check.towns", n=reports["town_code"].nunique())
    indicators = words("check.indicators", n=reports["indicator_id"].nunique())
    return words("check.town_read", towns=towns, indicators=indicators, period=newest)
