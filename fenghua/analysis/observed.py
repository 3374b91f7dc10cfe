"""Observations as they were known: one figure a moment, chained where they are yearly changes.

Answers: what was known, and where it lies on the scale. Refuses: to bridge a missing year.
"""

from typing import Any

import numpy as np
import pandas as pd

from fenghua.analysis import scale
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import OBSERVATION_STATUSES

Rows = list[dict[str, Any]]

NOISE = 1e-9  # representational noise of a decimal figure, far below any printed digit


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
    rows["value"] = pd.to_numeric(rows["value"], errors="coerce").astype("float64")
    rows["t"] = periods.ends(rows["period"])
    days = rows["published_on"].where(rows["published_on"] != "")
    rows["published"] = pd.to_datetime(days, format="mixed", errors="coerce")
    rows = rows[rows["value"].notna() & (rows["t"] <= until + NOISE)]
    if known_on is not None:
        rows = rows[~(rows["published"] > pd.Timestamp(known_on))]
    # Of figures published together the more final one counts: preliminary < final.
    ranks = {word: -rank for rank, word in enumerate(OBSERVATION_STATUSES)}
    rows["rank"] = rows["status"].map(ranks).fillna(0)
    rows = rows.sort_values(["t", "published", "rank"], na_position="first", kind="stable")
    key = ["indicator_id", "basis", "t"]
    rows["previous_value"] = rows.groupby(key)["value"].shift()
    rows = rows.drop_duplicates(key, keep="last")
    return rows.drop(columns=["published", "rank"]).reset_index(drop=True)


_CHAINED = ("cumulative", "growth", "reduction")
_DEFAULT_BASIS = {"growth": "annual"}


def _place(value: float, *, kind: str, years: float) -> float:
    is_on_scale = scale.is_on_scale(value, kind=kind)
    return float(scale.forward(value, kind=kind, years=years)) if is_on_scale else float("nan")


def by_indicator(seen: pd.DataFrame) -> dict[str, Rows]:
    """Return the rows of ``read`` as records, by indicator and in their order."""
    found: dict[str, Rows] = {}
    for row in seen.to_dict("records"):
        found.setdefault(row["indicator_id"], []).append(row)
    return found


def chained(rows: Rows, *, kind: str, base_year: float, base: float) -> Rows:
    """Return observations after the base year with their place ``s`` on the scale.

    The rows are one indicator's, as records: many small sets go faster than frames. ``base`` is
    where the path starts on the scale.

    Returns
    -------
    list of dict
        The rows, one a moment, with ``s``, NaN where a yearly change has no complete year before
        it (断链) or the figure no place on the scale; ``s_before``, the place of the publication
        before; ``is_part_year``, a chained part of a year, which enters with that part as exponent.

    Notes
    -----
    Basis ``annual`` is chained, ``cumulative`` counts from the base year; a blank basis is yearly
    for growth and cumulative for every other kind.
    """
    known = {round(base_year): base}
    found = []
    for row in rows:
        t = row["t"]
        if t <= base_year + NOISE:
            continue
        is_yearly = (row["basis"] or _DEFAULT_BASIS.get(kind, "cumulative")) == "annual"
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
        place = {"s": s, "s_before": before, "is_part_year": is_yearly and not is_full}
        found.append(row | place)
    # Where both bases report one moment, the figure counted from the base year needs no chain.
    found.sort(key=lambda row: (row["t"], row["basis"] == "cumulative"))
    return list({row["t"]: row for row in found}.values())
