"""Observations as they were known: one figure a moment, chained where they are yearly changes.

Answers: what was known, and where it lies on the scale. Refuses: to bridge a missing year.
"""

import re
from collections.abc import Iterable
from numbers import Real
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, scale
from fenghua.analysis.shared import once
from fenghua.inputs import periods
from fenghua.inputs.records import rows_of
from fenghua.inputs.vocabulary import BASES, OBSERVATION_STATUSES, PlanData

Rows = list[dict[str, Any]]

NOISE: Final = 1e-9  # representational noise of a decimal figure, far below any printed digit
_CHAINED: Final = ("cumulative", "growth", "reduction")  # kinds that may be told year by year
_NO_DAY: Final = re.compile(r"-?\d{1,4}(\D?[QqHh]?\d{1,2})?")


def read(
    observations: pd.DataFrame, *, area: str, until: float, known_on: Any = None
) -> pd.DataFrame:
    """Return the figures of one area known by a date, one a moment and basis, oldest first.

    ``until`` is a decimal year. ``known_on`` leaves out what was published later; a blank
    ``published_on`` counts as the oldest.

    The kept rows with ``t`` (end of the period) and ``previous_value`` (the publication before, NaN
    if there is none). Rows without a value are left out.
    """
    if observations.empty:
        needed = ("indicator_id", "area_code", "period", "value")
        observations = observations.reindex(columns=[*{*observations.columns, *needed}])
    rows = observations[observations["area_code"].astype(str) == str(area)].copy()
    for column in ("published_on", "status", "basis", "source_id"):
        texts = rows.get(column, pd.Series("", rows.index)).astype(object)
        rows[column] = texts.where(texts.notna(), "").astype(str)
    for column, allowed in (("basis", BASES), ("status", OBSERVATION_STATUSES)):
        _refuse_words(rows[column], allowed)
    rows["value"] = asked.numbers(rows["value"], "value").astype("float64")
    rows["t"] = periods.ends(rows["period"])
    days = rows["published_on"].where(rows["published_on"] != "")
    rows["published"] = pd.to_datetime(days, format="mixed", errors="coerce")
    _refuse_words(days[rows["published"].isna()].fillna(""), ("a date such as 2024-03-31",))
    rows = rows[rows["value"].notna() & (rows["t"] <= until + NOISE)]
    if known_on is not None:
        rows = rows[~(rows["published"] > _day(known_on))]
    return _one_a_moment(rows).drop(columns=["published", "rank"]).reset_index(drop=True)


def _refuse_words(column: pd.Series, allowed: Iterable[str]) -> None:
    """Refuse another word: an unknown basis would be a total, an unknown day always known."""
    for odd in column[~column.isin(["", *allowed])]:
        raise ValueError(f"{column.name} is {odd!r}; allowed: {', '.join(allowed)}, or nothing")


def _day(known_on: Any) -> pd.Timestamp:
    """Return the day named; a year or a month names none: its first or its last could be meant."""
    is_number = isinstance(known_on, Real) and not pd.isna(known_on)  # 20240331, as in a cell
    given = f"{known_on:.0f}" if is_number else known_on
    try:
        if isinstance(given, str) and _NO_DAY.fullmatch(given.strip()):
            raise ValueError
        return pd.Timestamp(given)
    except (ValueError, TypeError):
        raise ValueError(f"known_on is {known_on!r}; allowed: a date such as 2024-03-31") from None


def known(ds: PlanData, area: str, known_on: Any = None) -> pd.DataFrame:
    """Return all that is known of an area, or was on a day: every period is judged from it."""
    if known_on is None:
        return _today(ds, area)
    return read(ds.observations, area=area, until=np.inf, known_on=known_on)


@once
def _today(ds: PlanData, area: str) -> pd.DataFrame:
    return read(ds.observations, area=area, until=np.inf)


def _one_a_moment(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the figure that counts of each moment, with the one published before it.

    The most final one counts (final, preliminary, estimate), of these the latest published: a
    preliminary figure never replaces a final one. Where nothing else tells two apart, the longer
    period's does, then the larger figure: the order of the rows must not decide.
    """
    key = ["indicator_id", "basis", "t"]
    ranks = {word: -rank for rank, word in enumerate(OBSERVATION_STATUSES)}
    rows = rows.assign(
        rank=rows["status"].map(ranks).fillna(0),
        length=[-periods.PARTS_OF[periods.parse(text).grain] for text in rows["period"]],
    )
    order = ["t", "rank", "published", "length", "value"]
    rows = rows.sort_values(order, na_position="first", kind="stable")
    kept = rows.drop_duplicates(key, keep="last")
    several = rows[rows.duplicated(key, keep=False)]
    both = kept[[*key, "published", "rank"]].merge(several, on=key, suffixes=("_kept", ""))
    published, counted = both["published"], both["published_kept"]
    is_same = published.eq(counted) | (published.isna() & counted.isna())
    is_before = published.isna() | (published <= counted)
    earlier = both[is_before & ~(is_same & both["rank"].eq(both["rank_kept"]))]
    earlier = earlier.sort_values(["published", "rank"], na_position="first", kind="stable")
    previous = earlier.drop_duplicates(key, keep="last").rename(columns={"value": "previous_value"})
    return kept.drop(columns="length").merge(
        previous[[*key, "previous_value"]], on=key, how="left", sort=False
    )


def _place(value: float, *, kind: str, years: float) -> float:
    is_on_scale = scale.is_on_scale(value, kind=kind)
    return float(scale.forward(value, kind=kind, years=years)) if is_on_scale else float("nan")


def by_indicator(seen: pd.DataFrame) -> dict[str, Rows]:
    """Return the rows of ``read`` as records, by indicator and in their order."""
    found: dict[str, Rows] = {}
    for row in rows_of(seen):
        found.setdefault(row["indicator_id"], []).append(row)
    return found


def chained(
    rows: Rows, *, kind: str, base_year: float, base: float, is_yearly_flow: bool = False
) -> Rows:
    """Return observations after the base year with their place ``s`` on the scale.

    The rows are one indicator's, as records: many small sets go faster than frames. ``base`` is
    where the path starts on the scale.

    Returns
    -------
    list of dict
        The rows, one a moment, with ``s``, NaN where a yearly change has no complete year before
        it (断链) or the figure no place on the scale; ``s_before``, the place of the publication
        before; ``is_part_year``, the rate of a part of a year, which enters with that part as
        exponent; ``path_t``, when it is held against the path: its own end, but the year's end
        where ``is_implied``, an implied year of a yearly flow.

    Notes
    -----
    A part-year sum of a yearly flow (``is_yearly_flow``) is neither divided by the elapsed share
    nor held as it is: ``x * whole(y-1) / same period(y-1)``, NaN without both. Basis ``annual``
    covers the last four quarters and is read as it stands.

    Basis ``annual`` is chained, ``cumulative`` counts from the base year; a blank basis is yearly
    for growth and cumulative for every other kind.
    """
    known = {round(base_year): base}
    found = []
    for row in rows:
        t = row["t"]
        if t <= base_year + NOISE:
            continue
        is_yearly = row["basis"] == "annual" or (kind == "growth" and not row["basis"])
        is_yearly &= kind in _CHAINED
        year_before = int(np.ceil(t - NOISE)) - 1
        start = known.get(year_before, np.nan) if is_yearly else 0.0
        years = t - (year_before if is_yearly else base_year)
        # A yearly change of a part-year against the year before counts for that part only.
        part = years if is_yearly and kind == "reduction" else 1.0
        s, before = (
            start + part * _place(row[name], kind=kind, years=years)
            for name in ("value", "previous_value")
        )
        is_full = abs(t - round(t)) < NOISE
        if is_full and not np.isnan(s):
            known[round(t)] = s
        is_rate = is_yearly and kind in scale.RATIO_KINDS  # a total so far is what it is
        place = {"s": s, "s_before": before, "is_part_year": is_rate and not is_full}
        place |= {"path_t": t, "is_implied": False}
        if is_yearly_flow and kind == "level" and not is_full and row["basis"] != "annual":
            place |= _implied_year(row, rows, base=base if year_before == base_year else np.nan)
        found.append(row | place)
    # Where both bases report one moment, the figure counted from the base year needs no chain.
    found.sort(key=lambda row: (row["t"], row["basis"] == "cumulative" and not row["is_implied"]))
    return list({row["t"]: row for row in found}.values())


def _implied_year(row: dict[str, Any], rows: Rows, *, base: float) -> dict[str, Any]:
    """Return the place of the whole year that a part-year sum implies, NaN where it cannot be told.

    ``base`` is the whole of the year before where that is the plan's base year.
    """
    year = np.ceil(row["t"] - NOISE)
    whole = [each["value"] for each in rows if abs(each["t"] - (year - 1)) < NOISE]
    same = [
        each["value"]
        for each in rows
        if abs(each["t"] - (row["t"] - 1)) < NOISE and each["basis"] != "annual"
    ]
    before = whole[-1] if whole else base
    factor = before / same[-1] if same and same[-1] > 0 else np.nan
    return {
        "s": row["value"] * factor,
        "s_before": row["previous_value"] * factor,
        "path_t": float(year),
        "is_implied": True,
    }
