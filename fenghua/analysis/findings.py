"""What a set of verdicts amounts to: counts, the furthest behind, who leads what.

Answers: the figures a headline states. Refuses: to weigh indicators against each other.
"""

from collections.abc import Mapping

import pandas as pd

from fenghua.inputs.vocabulary import BLOCKS, STATUSES

KEEPING_UP = ("achieved", "met", "on_track")
BEHIND = ("needs_acceleration", "insufficient", "moving_away", "missed")


def cutoffs(parameters: Mapping[str, float]) -> dict[str, float]:
    """Return the lower ends of the status bands as the register holds them."""
    names = ("on_track", "needs_acceleration", "insufficient")
    return {name: float(parameters[f"status_{name}_min"]) for name in names}


def status_counts(assessed: pd.DataFrame) -> pd.Series:
    """Return the number of indicators by status, in the order of ``vocabulary.STATUSES``.

    Examples
    --------
    >>> int(status_counts(pd.DataFrame({"status": ["met", "met", "missed"]}))["met"])
    2
    """
    return assessed["status"].value_counts().reindex(STATUSES, fill_value=0)


def by_block(assessed: pd.DataFrame) -> pd.DataFrame:
    """Return indicators by block of the plan (rows) and status (columns); empty ones left out."""
    counts = pd.crosstab(assessed["block"], assessed["status"])
    rows = [code for code in BLOCKS if code in counts.index]
    return counts.reindex(index=rows, columns=[code for code in STATUSES if code in counts])


def furthest_behind(assessed: pd.DataFrame, *, n: int) -> pd.DataFrame:
    """Return the ``n`` indicators furthest behind, the worst first.

    Before a deadline the schedule index decides, at a verdict the attainment of the target.
    """
    rows = assessed[assessed["status"].isin(BEHIND)]
    key = rows["schedule_index"].where(rows["status"] != "missed", rows["attainment_next"])
    return rows.loc[key.sort_values(kind="stable").index].head(n)


def by_lead_unit(assessed: pd.DataFrame) -> pd.DataFrame:
    """Return one row a lead unit: its number of indicators, how many are behind, and which.

    Returns
    -------
    DataFrame
        ``unit_id``, ``n``, ``behind``, ``indicator_ids`` and ``statuses`` (lists), the unit with the
        most behind first. An indicator with two lead units counts for each.
    """
    rows = assessed.assign(unit_id=assessed["lead_unit_ids"].str.split(";")).explode("unit_id")
    rows = rows[rows["unit_id"] != ""].assign(is_behind=rows["status"].isin(BEHIND))
    units = rows.groupby("unit_id").agg(
        n=("indicator_id", "size"),
        behind=("is_behind", "sum"),
        indicator_ids=("indicator_id", list),
        statuses=("status", list),
    )
    return units.reset_index().sort_values(["behind", "n", "unit_id"], ascending=[False, False, True])


def likelihood_band(p_meet: pd.Series, *, edges: tuple[float, ...]) -> pd.Series:
    """Return the word band of a probability: 0 for the lowest, -1 where there is none.

    Parameters
    ----------
    p_meet : Series
        Probabilities, NaN where none is allowed.
    edges : tuple of float
        Rising band edges from the register of parameters.

    Examples
    --------
    >>> likelihood_band(pd.Series([0.05, 0.5, float("nan")]), edges=(0.1, 0.33, 0.67, 0.9)).tolist()
    [0, 2, -1]
    """
    bands = sum((p_meet >= edge).astype(int) for edge in edges)
    return bands.where(p_meet.notna(), -1).astype(int)
