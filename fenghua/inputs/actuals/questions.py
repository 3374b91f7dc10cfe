"""Questions about actual figures that stand together: a moment's, a series', a plan's.

Answers: which figures cannot be right beside each other, or should be looked at. Refuses: to choose
between two, to change or drop one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import pandas as pd

from fenghua.inputs import periods
from fenghua.inputs.records import rows_by, rows_of
from fenghua.inputs.sense import limits
from fenghua.inputs.vocabulary import moves_back, weakest_end
from tidysheets.problems import Problem, Term
from tidysheets.tables import Table

_NOISE: Final = 1e-9
_SHARES: Final = ("level", "milestone", "annual")
_READ_AS: Final = {"growth": "annual", "reduction": "cumulative"}
_BASES: Final = {
    "annual": Term("annual 当年", "annual"),
    "cumulative": Term("cumulative 基期以来累计", "cumulative"),
}


@dataclass(frozen=True)
class _Asked:
    """All rows of one table, wherever they were read, with the end of their period ``t``."""

    reads: list[Table]
    rows: pd.DataFrame

    def problem(self, code: str, at: Any, column: str, **facts: Any) -> Problem:
        """Return a problem of one row, in its own file's words."""
        row = self.rows.loc[at]
        return self.reads[row["read"]].problem(code, int(row["i"]), column, **facts)

    def beside(self, at: Any, other: Any, column: str) -> dict[str, Any]:
        """Return where another row stands, as `Table.beside` names it."""
        own, beside = self.rows.loc[at], self.rows.loc[other]
        read = self.reads[own["read"]]
        return read.beside(int(own["i"]), self.reads[beside["read"]], int(beside["i"]), column)


def check(reads: list[Table], frames: Mapping[str, pd.DataFrame], today: date) -> list[Problem]:
    """Return the questions about one table of figures with periods, over all its files and sheets.

    ``frames`` are the registers ``indicators``, ``targets`` and ``plan``.
    """
    full = [read for read in reads if len(read.frame) and "period" in read.frame]
    if not full:
        return []
    parts = [read.frame.assign(read=n, i=range(len(read.frame))) for n, read in enumerate(full)]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[(rows["period"] != "") & rows["value"].notna()]
    if rows.empty:
        return []
    rows = rows.assign(t=periods.ends(rows["period"]))
    found = [*_moments(_Asked(full, rows), full[0].name)]
    about, goals = rows_by(frames["indicators"], "indicator_id"), _goals(frames["targets"])
    known = rows[rows["indicator_id"].isin(list(about))]
    if full[0].name == "town_reports":
        blank = {"area_code": known["town_code"], "basis": "", "published_on": ""}
        found += _figures(_Asked(full, known.assign(**blank)), about, goals)
    if full[0].name == "observations":
        # A period that has not ended is named already; its dates need no further question.
        ended = rows[rows["t"] <= periods.end(today)]
        found += _publications(_Asked(full, ended), today)
        asked, plan = _Asked(full, known), frames["plan"].iloc[0]
        found += [*_bases(asked, about), *_starts(asked, about, goals, plan)]
        found += _times(_Asked(full, known[known.index.isin(ended.index)]), plan)
        found += _figures(asked, about, goals)
    return found


def _figures(
    asked: _Asked, about: Mapping[str, Any], goals: Mapping[str, list[dict[str, Any]]]
) -> Iterator[Problem]:
    """Each figure by itself and in its series, of the district and of a town alike."""
    yield from _counts(asked, about)
    yield from _shares(asked, about, goals)
    yield from _series(asked, about, goals)


def _goals(targets: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    goals: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(targets[targets["value"].notna()]):
        goals.setdefault(row["indicator_id"], []).append(row)
    return goals


def _moments(asked: _Asked, name: str) -> Iterator[Problem]:
    """Two periods that end on one day are one moment: it cannot have two figures (同一时点)."""
    rows = asked.rows
    who = "area_code" if name == "observations" else "town_code"
    key = ["indicator_id", who, "t", *(c for c in ("basis", "status", "published_on") if c in rows)]
    several = rows[rows.duplicated(key, keep=False)]
    for _, same in several.groupby(key, sort=False, dropna=False):
        first = same.index[0]
        for at in same.index[1:]:
            is_other = same.at[at, "period"] != same.at[first, "period"]
            if is_other and abs(same.at[at, "value"] - same.at[first, "value"]) > _NOISE:
                facts = {"other_value": f"{same.at[first, 'value']:g}"}
                facts |= asked.beside(at, first, "value")
                yield asked.problem("moment_twice", at, "value", **facts)


def _publications(asked: _Asked, today: date) -> Iterator[Problem]:
    """Dates of publication before the period's end or after today; a figure that undoes a final."""
    written = asked.rows["published_on"].where(asked.rows["published_on"] != "")
    days = pd.to_datetime(written, format="mixed", errors="coerce")
    told = days[days.notna()]
    for at, day, t in zip(told.index, told.dt.date, asked.rows.loc[told.index, "t"], strict=True):
        if day > today:
            yield asked.problem("published_after_today", at, "published_on", today=str(today))
        elif day < _last_day(t):
            period = asked.rows.at[at, "period"]
            yield asked.problem("published_before_end", at, "published_on", period=period)
    key = ["indicator_id", "area_code", "basis", "t"]
    rows = asked.rows.assign(day=days, at=asked.rows.index)[[*key, "status", "day", "at"]]
    is_final = rows["status"].isin(["final", ""])
    pairs = rows[~is_final].merge(rows[is_final], on=key, suffixes=("", "_final"))
    undone = pairs[pairs["day"] > pairs["day_final"]].drop_duplicates("at")
    for at, final in zip(undone["at"], undone["at_final"], strict=True):
        where = asked.beside(at, final, "status")
        yield asked.problem("preliminary_after_final", at, "status", **where)


def _last_day(t: float) -> date:
    """Return the last day of the period that ends at a decimal year."""
    year, month = divmod(round((t + 1) * periods.MONTHS_IN_YEAR), periods.MONTHS_IN_YEAR)
    return date(year, month + 1, 1) - timedelta(days=1)


def _bases(asked: _Asked, about: Mapping[str, Any]) -> Iterator[Problem]:
    """A blank basis of a rate is not guessed in silence: what was taken is said (口径)."""
    for at, row in asked.rows[asked.rows["basis"] == ""].iterrows():
        read_as = _READ_AS.get(about[row["indicator_id"]]["kind"])
        if read_as:
            has_column = "basis" in asked.reads[row["read"]].headings
            column = "basis" if has_column else "value"
            yield asked.problem("basis_default", at, column, basis=_BASES[read_as])


def _times(asked: _Asked, plan: pd.Series) -> Iterator[Problem]:
    """Periods far outside the plan's time: hardly this plan's figures."""
    around = limits("years_around_plan", asked.reads[0].schema)[1]
    first, last = plan["base_year"] - around, plan["end_year"] + around
    t = asked.rows["t"]
    for at in asked.rows.index[(t < first) | (t > last)]:
        facts = {"first": f"{first:.0f}", "last": f"{last:.0f}"}
        yield asked.problem("far_from_plan", at, "period", **facts)


def _starts(
    asked: _Asked, about: Mapping[str, Any], goals: Mapping[str, Any], plan: pd.Series
) -> Iterator[Problem]:
    """A path may start at an observed base by the same rule as at a printed one (基数)."""
    rows = asked.rows
    at_base = rows[(rows["t"] == plan["base_year"]) & (rows["area_code"] == plan["area_code"])]
    for at, row in at_base.iterrows():
        its = about[row["indicator_id"]]
        if its["start"] != "observed" or its["kind"] in ("annual", *_READ_AS):
            continue
        for goal in goals.get(row["indicator_id"], []):
            end = weakest_end(its["direction"], goal["value"], goal["value_high"])
            word = {"target": end, "comparator": goal["comparator"]}
            if goal["role"] == "target" and moves_back(its["direction"], base=row["value"], **word):
                yield asked.problem("base_contradicts", at, "value", target=f"{end:g}")
                break


def _its(asked: _Asked, about: Mapping[str, Any], name: str) -> pd.Series:
    """Return what the register says of each row's indicator."""
    return asked.rows["indicator_id"].map({key: its[name] for key, its in about.items()})


def _counts(asked: _Asked, about: Mapping[str, Any]) -> Iterator[Problem]:
    """A count that is negative or broken."""
    value, is_count = asked.rows["value"], _its(asked, about, "is_count").eq(True)
    for at in value.index[is_count & (value < 0)]:
        yield asked.problem("count_negative", at, "value")
    for at in value.index[is_count & (value >= 0) & ((value - value.round()).abs() > _NOISE)]:
        yield asked.problem("count_broken", at, "value")


def _shares(asked: _Asked, about: Mapping[str, Any], goals: Mapping[str, Any]) -> Iterator[Problem]:
    """A share below zero, and a ratio where per cent is meant."""
    value, is_percent = asked.rows["value"], _its(asked, about, "unit") == "%"
    is_share = is_percent & _its(asked, about, "kind").isin(_SHARES)
    for at in value.index[is_share & (value < 0)]:
        yield asked.problem("share_negative", at, "value")
    for at, ratio in value[is_percent & (value > 0) & (value < 1)].items():
        own = goals.get(asked.rows.at[at, "indicator_id"], [])
        stated = [abs(goal["value"]) for goal in own if goal["value"]]
        near = limits("percent_near", asked.reads[0].schema)[1]
        looks = any(goal / near <= 100 * ratio <= goal * near for goal in stated)
        if looks and min(stated) > near * ratio:
            yield asked.problem("ratio_for_percent", at, "value", percent=f"{100 * ratio:g}")


def _series(asked: _Asked, about: Mapping[str, Any], goals: Mapping[str, Any]) -> Iterator[Problem]:
    """A cumulative figure that falls, and a figure ten times the one before, or a tenth of it."""
    if asked.rows.empty:
        return
    times = limits("jump_times", asked.reads[0].schema)[1]
    key = ["indicator_id", "area_code", "basis"]
    rows = asked.rows.sort_values(["t", "published_on"], kind="stable")
    rows = rows.drop_duplicates([*key, "t"], keep="last").assign(at=lambda frame: frame.index)
    rows[["was", "at_before"]] = rows.groupby(key)[["value", "at"]].shift()
    kinds = _its(asked, about, "kind").reindex(rows.index)
    sizes = {name: max(abs(goal["value"]) for goal in own) for name, own in goals.items()}
    was, now = rows["was"], rows["value"]
    is_total = kinds == "cumulative"
    falls = is_total & (rows["basis"] != "annual") & (now < was - _NOISE)
    # A total that is small next to its target may well grow tenfold.
    is_large = is_total & (was * times > rows["indicator_id"].map(sizes).fillna(0.0))
    is_level = is_large | kinds.isin(["level", "milestone"])
    is_apart = (now > was * times - _NOISE) | (now < was / times + _NOISE)
    jumps = is_level & (was > 0) & (now > 0) & is_apart
    for code, hits in (("total_falls", falls), ("tenfold_jump", jumps)):
        for row in rows[hits].itertuples():
            where = asked.beside(row.Index, int(row.at_before), "value")
            yield asked.problem(code, row.Index, "value", before=f"{row.was:g}", **where)
