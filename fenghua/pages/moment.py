"""The moment of the plan at which a page is read: start, mid-plan, a target year's end, the end.

Answers: which sections and words a page has now. Refuses: to name a year that no register holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fenghua.display.wording import Words
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import PlanData

_NEAR = 1e-6  # periods end at fractions of a year


@dataclass(frozen=True)
class Moment:
    """A period seen against the plan (时点).

    Attributes
    ----------
    code : str
        ``start`` (at most one year since the base year), ``mid`` (a target ahead), ``milestone``
        (the end of a target year that is not the last), ``end`` (the last target year is over), or
        ``own`` in place of ``mid`` and ``milestone`` where the indicators' target years differ.
    as_of : str
        The period.
    base_year : int
        The plan's base year.
    target_years : tuple of int
        The years of its targets, rising.
    is_mixed : bool
        Whether its indicators have other target years than one another.
    """

    code: str
    as_of: str
    base_year: int
    target_years: tuple[int, ...]
    is_mixed: bool = False

    @property
    def is_verdict(self) -> bool:
        """Whether a target falls due now: met or not met, no longer fast or slow."""
        return self.code in ("milestone", "end")

    @property
    def next_year(self) -> int:
        """The target year that values are compared with now."""
        ahead = (year for year in self.target_years if year >= periods.end(self.as_of) - _NEAR)
        return next(ahead, self.end_year)

    @property
    def end_year(self) -> int:
        """The last target year."""
        return self.target_years[-1]

    @property
    def year_before(self) -> str:
        """The same month, quarter or year, one year earlier."""
        year, _, part = self.as_of.partition("-")
        return "-".join(filter(None, (str(int(year) - 1), part)))

    @property
    def is_past(self) -> bool:
        """Whether the last target year was over before the year of the period began."""
        return self.now_year > self.end_year

    @property
    def now_year(self) -> int:
        """The year of the period."""
        return periods.parse(self.as_of).year

    @property
    def months_left(self) -> int:
        """Whole months from the end of the period to the end of ``next_year``, at least 0."""
        left = periods.MONTHS_IN_YEAR * (self.next_year - periods.end(self.as_of))
        return max(0, round(left))


def of(plan: Mapping[str, Any], target_years: Iterable[Sequence[float]], *, as_of: str) -> Moment:
    """Return the moment of a period.

    Parameters
    ----------
    plan : mapping
        The plan's register row with ``base_year`` and ``end_year``.
    target_years : iterable of sequences of float
        Target years of each indicator that the page is about; without any the plan's end counts.
    as_of : str
        A canonical period.

    Examples
    --------
    >>> plan = {"base_year": 2020, "end_year": 2025}
    >>> due = [(2023, 2025), (2023, 2025)]
    >>> [of(plan, due, as_of=at).code for at in ("2021-06", "2022", "2023", "2024-Q2")]
    ['start', 'mid', 'milestone', 'mid']
    >>> of(plan, due, as_of="2026-06").code, of(plan, [], as_of="2022").next_year
    ('end', 2025)
    >>> of(plan, [(2023, 2025), (2025,)], as_of="2023").code
    'own'
    """
    base_year, now = int(plan["base_year"]), periods.end(as_of)
    sets = {frozenset(int(year) for year in own) for own in target_years}
    years = tuple(sorted(frozenset().union(*sets))) or (int(plan["end_year"]),)
    if now >= years[-1] - _NEAR:
        code = "end"
    elif now <= base_year + 1 + _NEAR and not any(abs(now - year) < _NEAR for year in years):
        code = "start"
    elif len(sets) > 1:
        code = "own"
    else:
        code = "milestone" if any(abs(now - year) < _NEAR for year in years) else "mid"
    return Moment(code, as_of, base_year, years, len(sets) > 1)


def of_plan(ds: PlanData, *, as_of: str) -> Moment:
    """Return the moment of a plan: by the targets of its table, or of its text if it has none.

    A yearly task holds for every year: it has no target years of its own beside those of others.
    """
    targets, about = ds.targets, ds.indicators
    goals = targets.loc[targets["role"] == "target", ["indicator_id", "year"]]
    headline = about.loc[about["scope"] == "headline", "indicator_id"]
    is_headline = goals["indicator_id"].isin(headline)
    goals = goals[is_headline] if is_headline.any() else goals
    is_yearly = goals["indicator_id"].isin(about.loc[about["kind"] == "annual", "indicator_id"])
    goals = goals if is_yearly.all() else goals[~is_yearly]
    years: dict[str, list[float]] = {}
    for code, year in goals.itertuples(index=False):
        years.setdefault(code, []).append(year)
    return of(ds.plan, years.values(), as_of=as_of)


def headings(now: Moment, printed: Iterable[float], words: Words) -> dict[str, object]:
    """Return the years that headings name; 0, and words in their place, where rows differ.

    Once the plan is past, rows name the year of their target: figures of later years may stand
    beside them. ``printed`` are the years of the printed baselines. Keys: ``base_year``,
    ``next_year``, ``end_year``, ``now_year``, ``was_over`` (already a year before), ``months`` and,
    as words, ``base``, ``next``, ``last`` and ``by_end``.
    """
    has_own = now.is_mixed or now.is_past
    shares_base = {int(year) for year in printed} <= {now.base_year}
    years = {
        "base": now.base_year if shares_base else 0,
        "next": 0 if has_own else now.next_year,
        "last": 0 if has_own else now.end_year,
    }
    told = {
        name: words("kit.year", year=year) if year else words(f"kit.{name}")
        for name, year in years.items()
    }
    if now.code == "end":  # none is ahead
        told["next"] = told["last"]
    named = {"base_year": years["base"], "next_year": years["next"], "end_year": years["last"]}
    last = words("kit.end_of_each") if now.is_mixed else words("kit.year", year=now.end_year)
    was_over = periods.end(now.year_before) >= now.end_year - _NEAR
    named |= {"now_year": now.now_year, "was_over": was_over, "months": now.months_left}
    return {**told, **named, "by_end": last}


def leg_years(rows: pd.DataFrame, words: Words) -> dict[str, str]:
    """Return when the two legs of a plan end, ``first`` and ``last``, in words where rows differ.

    ``rows`` are those of ``plan_shape.implied_rates`` or ``schedule_shape``.
    """
    told = {}
    for name in ("first", "last"):
        years = {int(year) for year in rows[f"{name}_year"]}
        is_one = len(years) == 1
        told[name] = words("kit.year", year=min(years)) if is_one else words(f"kit.{name}_of_each")
    return told
