"""Figures of one month or quarter alone, and of the year so far, beside each other.

Answers: which of them is the figure at the end of a period. Refuses: to read both as one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from tidysheets.header import headings, implied, times
from tidysheets.header.headings import Fixed, Heading
from tidysheets.header.titles import named
from tidysheets.problems import register
from tidysheets.schema import NUMBERS, Column, Schema
from tidysheets.units import key

SO_FAR: Final = "so_far"
NOW: Final = "now"  # the time that the title names (本年, 本期)
SUM: Final = "sum"  # of the months or quarters beside it; beside towns it says nothing of times
ALONE: Final = "alone"
_YEAR: Final = 4  # signs of a year alone; more name a part of it
_NO_DAY: Final = (
    r"(?!\d|[底末前初中止内起])"  # a form that is due this month says nothing of figures
)
_YEARS: Final = re.compile(r"(?:\d{8}年?|近?[两二三四五]年|十[三四五]五(?:期间)?)(?:以来)?")
_OPEN: Final = re.compile("以来|至今")
_IS: Final = re.compile("^[均都皆]?[为系是]")  # 均为当年新增
_FIRST: Final = ("-01", "-Q1")  # of the first part of a year both are the same

Fixing = tuple[Fixed, str, Heading]


@dataclass(frozen=True)
class Spans:
    """The headings to read, those left out beside totals, and the word for what stands alone.

    ``own`` are headings of the figure without a time of their own.
    """

    series: list[Fixing]
    own: list[Heading] = field(default_factory=list)
    aside: list[Heading] = field(default_factory=list)
    alone: str = ""


@cache
def _words() -> Mapping[str, str]:
    lines = sorted(register("span_words.csv"), key=lambda line: -len(line["word"]))
    return {key(line["word"]): line["span"] for line in lines}


def stated(text: str) -> str:
    """Return the word in a title by which its figures are of a month or quarter alone."""
    words = _words()
    written = key(text)
    if any(span == SO_FAR and word in written for word, span in words.items()):
        return ""
    alone = (word for word, span in words.items() if span == ALONE)
    return next((word for word in alone if re.search(word + _NO_DAY, written)), "")


def figures(found: Iterable[Heading], table: str, schema: Schema, year: str) -> Iterator[Heading]:
    """Yield the headings, with those that only say which part of a figure they are as the figure.

    It is its sum (合计 beneath 实缴税金, beside its kinds), or that of this year (本年实缴税金, or
    本年 beneath it) where a title says which year it is.
    """
    names, own = schema.headings[table], schema.tables[table]
    known = {n for n, c in names.items() if own[c].type in NUMBERS and own[c].unit}
    for heading in found:
        group, unit = headings.split(heading.group, schema.units)
        word = next((word for word in _words() if heading.name.startswith(word)), "")
        span, rest = _words().get(word, ""), heading.name[len(word) :]
        is_told = span == SUM or (span == NOW and year != "")
        if is_told and not rest and group in known:
            shown = f"{heading.group} {heading.written}"
            yield replace(heading, name=group, unit=heading.unit or unit, written=shown)
        elif span == NOW and year and rest in known:
            yield replace(heading, name=rest)
        else:
            yield heading


def is_alone(text: str) -> bool:
    """Tell whether a text is a word for a month or quarter alone, and nothing else."""
    return _words().get(_IS.sub("", key(text))) == ALONE


@dataclass(frozen=True)
class _Row:
    """What is known of one row of headings of one table."""

    table: str
    schema: Schema
    time: Column
    value: str
    year: str
    moment: str
    title: str  # what stands above the first column is no group of headings

    @property
    def name(self) -> str:
        """A heading that means the column of figures."""
        return implied.called(self.table, self.value, self.schema)

    def is_whole(self, titles: Iterable[str]) -> bool:
        """Tell whether titles name one time that begins with its year, not a month alone."""
        is_year = len(self.moment) == _YEAR
        return is_year or (bool(self.moment) and any(map(times.is_so_far, titles)))

    def span(self, heading: Heading) -> tuple[Any, str]:
        """Return the time of a heading, and what its words say the figure is of, if they do."""
        when, rest = times.split_time(heading.written, self.time, self.schema, self.year)
        if when is None and heading.group not in (heading.written, self.title):
            when, beside = times.split_time(heading.group, self.time, self.schema, self.year)
            when = when if not key(beside) else None
        name = headings.split(rest, self.schema.units)[0] if rest else ""
        names = self.schema.headings[self.table]
        for word in filter(name.__contains__, _words()):
            span, left = _words()[word], name.replace(word, "", 1)
            columns = names.get(left), names.get(f"{left}数")  # 累计完成 is as good as 累计完成数
            is_total = not left or (span != ALONE and bool(_YEARS.fullmatch(left)))
            if is_total or self.value in columns:
                return when, span
        above = _words().get(key(heading.group), "")  # 本月 above 绝对值 and 增幅
        return when, above if names.get(name) == self.value else ""

    def is_so_far(self, heading: Heading) -> bool:
        """Tell whether a heading, or the group of one without a time, begins with its year."""
        own, _ = times.split_time(heading.written, self.time, self.schema, self.year)
        return times.is_so_far(heading.written if own is not None else heading.group)


def settle(
    found: list[Heading],
    series: list[Fixing],
    matched: Iterable[str],
    table: str,
    schema: Schema,
    titles: list[str],
    year: str,
) -> Spans:
    """Return which headings are read where those of a month and of the year so far meet.

    Parameters
    ----------
    found : list of Heading
        All headings of the row.
    series : list
        Those that fix something: what, which column they are, the heading.
    matched : iterable of str
        The columns that have a heading which fixes nothing.
    titles, year
        What stands above, and the one year in it.
    """
    time = times.time_of(table, schema)
    value = times.figure_of(table, schema)
    if not time or not value:
        return Spans(series)
    given = named(titles, table, schema).get(time.name, set())
    moment = str(next(iter(given))) if len(given) == 1 else ""
    title = next((heading.group for heading in found if heading.place == 0), "")
    row = _Row(table, schema, time, value, year, moment, title)
    spans = {h: row.span(h) for h in found if h.name}
    now = [h for h, (when, span) in spans.items() if span == NOW and when is None]
    if len(now) == 1 and not series and value not in matched and row.is_whole(titles):
        own = Heading(now[0].place, row.name, now[0].unit, now[0].written)
        return Spans(series, [own], alone=own.written)
    summing = (SO_FAR, SUM) if _has_parts(series, row) else (SO_FAR,)
    totals = {h: when for h, (when, span) in spans.items() if span in summing}
    singles = {h: when for h, (when, span) in spans.items() if span == ALONE}
    names = schema.headings[table]
    is_beside = any(names.get(h.name) == value for h in spans if h not in (*totals, *singles))
    if value in matched and (is_beside or not totals):  # the figures may be of a time alone
        return Spans(series, alone=next((heading.written for heading in totals), ""))
    if not (totals or singles):
        return _without_parts_of(series, row)
    return _with_totals(series, totals, singles, row)


def _has_parts(series: list[Fixing], row: _Row) -> bool:
    """Tell whether several headings are of one time each, which 合计 beside them sums up."""
    moments = [h for fixed, _, h in series if set(fixed) == {row.time.name}]
    return len([heading for heading in moments if not row.is_so_far(heading)]) > 1


def _with_totals(
    series: list[Fixing], totals: dict[Heading, Any], singles: dict[Heading, Any], row: _Row
) -> Spans:
    """Read the totals, each at the end of its time, and leave out what is alone."""
    taken = {heading.place for heading in (*totals, *singles)}
    others = [part for part in series if part[2].place not in taken]
    moments = [str(fixed[row.time.name]) for fixed, _, _ in others if row.time.name in fixed]
    own, read = list[Heading](), list[Fixing]()
    for heading, when in (totals or singles).items():
        end = _end(when, moments, row)
        if _OPEN.search(heading.written) and len(str(end or row.moment)) == _YEAR:
            continue  # 今年以来 of a year that is not over: up to when?
        if end:
            read.append(({row.time.name: end}, row.value, heading))
        elif when is None and not moments:
            own.append(Heading(heading.place, row.name, heading.unit, heading.written))
    if not totals:
        return Spans([*others, *read], own, alone=next(iter(singles)).written)
    if not (read or own):  # a total beside years: what the years are cannot be told
        return Spans(series, alone=next(iter(totals)).written)
    years = {str(fixed[row.time.name])[:_YEAR] for fixed, _, _ in read}
    left = [h for fixed, _, h in others if _is_part(fixed, row) and _year(fixed, row) in years]
    kept = [part for part in others if part[2] not in left]
    return Spans([*kept, *read], own, [*left, *singles])


def _end(when: Any, moments: list[str], row: _Row) -> Any:
    """Return the time to whose end a total counts, if it is plain.

    Beside months of its year it is the last of them; without any it is what the title says.
    """
    if when is not None and len(str(when)) > _YEAR:
        return when
    year = str(when or row.year)[:_YEAR]
    parts = [
        *sorted(t for t in moments if len(t) > _YEAR),
        *[row.moment] * (len(row.moment) > _YEAR),
    ]
    ends = [part for part in parts if part.startswith(year)]
    if not year and len({part[:_YEAR] for part in ends}) > 1:
        return None
    if ends and (moments or when is not None):
        return ends[-1] if len(ends) == 1 or ends[-1] != row.moment else ends[-2]
    return when if not parts and str(when) not in moments else None


def _year(fixed: Fixed, row: _Row) -> str:
    return str(fixed.get(row.time.name, ""))[:_YEAR]


def _is_part(fixed: Fixed, row: _Row) -> bool:
    """Tell a part of a year behind the first."""
    when = str(fixed.get(row.time.name, ""))
    return len(when) > _YEAR and not when.endswith(_FIRST)


def _without_parts_of(series: list[Fixing], row: _Row) -> Spans:
    """Leave out months alone (5月, 6月) beside all months up to one of their year (1-6月)."""
    years = {_year(fixed, row) for fixed, _, heading in series if row.is_so_far(heading)}
    left = [
        heading
        for fixed, _, heading in series
        if _year(fixed, row) in years and _is_part(fixed, row) and not row.is_so_far(heading)
    ]
    kept = [part for part in series if part[2] not in left]
    return Spans(kept, aside=left)
