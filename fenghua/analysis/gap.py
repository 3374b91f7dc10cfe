"""Where each indicator of the plan stands: one row an indicator, every component beside its reason.

Answers: value, path, gap, effort, status, and how firm each is. Refuses: to fill what is missing.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.analysis import asked, evidence, observed
from fenghua.analysis.effort import METHODS
from fenghua.analysis.measured import figure, none
from fenghua.analysis.observed import NOISE, Rows
from fenghua.analysis.path import Path, with_bases
from fenghua.analysis.shared import once
from fenghua.analysis.standing import MEASURES, OBSERVED, TARGETS, Standing
from fenghua.inputs import periods
from fenghua.inputs.records import rows_of
from fenghua.inputs.vocabulary import PlanData

__all__ = ["COLUMNS", "METHODS", "NUMBERS", "assess", "assessed", "reasons"]

IDENTITY: Final = (
    "indicator_id",
    "scope",
    "block",
    "kind",
    "direction",
    "unit",
    "lead_unit_ids",
    "clause",
)
NUMBERS: Final = ("base_year", "base_value", *TARGETS, *OBSERVED, *MEASURES)
TEXTS: Final = (
    "area_code",
    "as_of",
    "base_printed",
    "period",
    "observation_status",
    "required_rate_unit",
    "status",
    "reason",
    "milestone_verdict",
    "milestone_reason",
    "flags",
    "evidence_grade",
)

COLUMNS: Final = (
    *IDENTITY,
    *TEXTS,
    *NUMBERS,
    *METHODS,
    "n_observations",
    "is_indicative",
    "missing_reasons",
)


@asked.as_declared
def assess(
    ds: PlanData, *, as_of: Any = "auto", area: str | int | None = None, known_on: Any = None
) -> pd.DataFrame:
    """Assess every indicator against the plan (差距评估).

    Parameters
    ----------
    ds : Dataset
        Anything with ``indicators``, ``targets``, ``observations``, ``parameters``, ``plan``.
    as_of : str
        A period, or ``auto``: the newest one observed in the area.
    area : str, optional
        Code of an area with figures; the plan's own area where not given.
    known_on : date or str, optional
        Assess as it could be known on that day; a blank ``published_on`` was always known.

    Returns
    -------
    DataFrame
        One row an indicator, in the register's order, with ``COLUMNS``. Gaps are value minus
        target times direction (negative: short of it), in the printed unit; for growth that unit
        is average percent a year since the base year. ``required_rate`` and ``effort_factor`` run
        to ``effort_target_year``, the next target still ahead; ``required_end`` and ``effort_end``
        to ``end_target_year``. Of a range the weakest end is the target, ``…_other`` the other.
        ``status`` is one of ``vocabulary.STATUSES``, ``is_indicative`` where little hangs on it;
        ``flags`` are ``;``-separated codes. A missing number is NaN, and ``missing_reasons`` says
        why: ``column=code`` for each, by column in ``reasons``.

    Raises
    ------
    ValueError
        When the area is neither the plan's own nor that of any figure.

    Notes
    -----
    The path and the index are read at the end of the observation's own period, milestones at
    ``as_of``. Maintain and limit mode (the base already meets the target): on track while it
    holds, moving away once it does not, never achieved. Evidence grade (证据等级): A, less one
    step for fewer than three yearly points, one for a figure not final, one for one older than
    ``stale_months``; D without an observation.

    Examples
    --------
    >>> import fenghua
    >>> row = assess(fenghua.load(), as_of="2020").iloc[0]
    >>> row["indicator_id"], row["status"], row["reason"]
    ('value_added_rate', 'not_assessable', 'before_start')
    """
    area = asked.area(ds, area)
    if known_on is None:
        seen = observed.known(ds, area)
    else:
        seen = observed.read(ds.observations, area=area, until=np.inf, known_on=known_on)
    if isinstance(as_of, str) and as_of == "auto":
        as_of = seen["period"].iloc[-1] if len(seen) else int(ds.plan["base_year"]) + 1
    as_of = periods.canonical(as_of)
    now = periods.end(as_of)
    seen = seen[seen["t"] <= now + NOISE]
    known = observed.by_indicator(seen)
    own = {name: known.get(name, []) for name in ds.indicators["indicator_id"]}
    paths = with_bases(ds, own)
    rows = []
    for about in rows_of(ds.indicators):
        name = about["indicator_id"]
        standing = Standing(ds, about, paths[name], _until(own[name], paths[name], now), now)
        rows.append(_row(standing) | {"area_code": area, "as_of": as_of})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(it: Standing) -> dict[str, Any]:
    """Return the row of an indicator, with the reason of every number it lacks."""
    path, (milestone, texts), (bands, why) = it.whole_path, it.milestone, it.methods
    texts = dict.fromkeys(TEXTS, "") | {key: it.about.get(key, "") for key in IDENTITY} | texts
    if it.latest:
        texts["period"] = periods.canonical(it.latest["period"])
        texts["observation_status"] = it.latest["status"]
    base_value = figure("base_value", path.base_value, "no_baseline")
    if path.kind == "annual":
        base_value = none(["base_value"], "each_year_alone")
    numbers = figure("base_year", path.base_year) | base_value
    numbers |= it.targets | milestone | it.observation | it.measures
    codes = {name: numbers.reasons[name] for name in NUMBERS if name in numbers.reasons} | why
    return {
        **texts,
        **numbers.values,
        **bands,
        "base_printed": path.base_printed,
        "status": it.ruling.status,
        "reason": it.ruling.reason,
        "flags": ";".join(evidence.flags(it)),
        "evidence_grade": evidence.grade(it),
        "required_rate_unit": it.rate_unit if it.path.years else "",
        "n_observations": len(it.chained),
        "is_indicative": evidence.is_small(it) or it.is_implied,
        "missing_reasons": ";".join(f"{name}={code}" for name, code in codes.items()),
    }


@once
def assessed(ds: PlanData, as_of: str) -> pd.DataFrame:
    """Return `assess` of every indicator at a period: one page's verdicts are another's history."""
    return assess(ds, as_of=as_of)


def reasons(assessed: pd.DataFrame) -> pd.DataFrame:
    """Return why figures are missing: indicators by column, empty where one is there.

    Examples
    --------
    >>> rows = pd.DataFrame({"indicator_id": ["a"], "missing_reasons": ["value=no_observation"]})
    >>> reasons(rows).loc["a", "value"]
    'no_observation'
    """
    texts = assessed.set_index("indicator_id")["missing_reasons"]
    pairs = [dict(pair.split("=") for pair in filter(None, text.split(";"))) for text in texts]
    columns = [*NUMBERS, *METHODS]
    return pd.DataFrame(pairs, index=texts.index, columns=columns, dtype=object).fillna("")


def _until(seen: Rows, path: Path, now: float) -> Rows:
    """Return the figures up to a moment; after the plan's last target only its own date counts."""
    end = min([now, *path.years[-1:]])
    return [row for row in seen if row["t"] <= end + NOISE]
