"""The tables of a public edition (公布表): who is in each figure, and how coarsely it is printed.

Answers: which sums of a year exist, and which are too few, dominated or too coarse to print.
Refuses: any sum outside the fixed tables.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
import scipy  # its parts load when they are first used: few runs solve programs

from fenghua.inputs.vocabulary import GRADES

# Table, key, positions of the enterprises, and the measures summed over them.
Sets: TypeAlias = Iterator[tuple[str, str, np.ndarray, tuple[str, ...]]]
KEY: Final = ["table", "key", "measure"]
CORE: Final = ("land_mu", "tax_wan", "value_added_wan")
NONE: Final = "none"  # in no class, or of no carbon level
CLASSES: Final = (*GRADES, NONE)
# Measure: the amount that is summed, and the amount that must be known beside it, so that both
# sums of a ratio rest on the same enterprises. Every enterprise in scope has the core amounts.
MEASURES: Final = MappingProxyType(
    {
        "land_mu": ("land_mu", "land_mu"),
        "tax_wan": ("tax_wan", "tax_wan"),
        "value_added_wan": ("value_added_wan", "value_added_wan"),
        "employees": ("employees", "employees"),
        "value_added_of_employers_wan": ("value_added_wan", "employees"),
        "energy_tce": ("energy_tce", "energy_tce"),
        "value_added_of_energy_users_wan": ("value_added_wan", "energy_tce"),
        "revenue_wan": ("revenue_wan", "rd_wan"),
        "rd_wan": ("rd_wan", "revenue_wan"),
    }
)
AMOUNTS: Final = tuple(dict.fromkeys(amount for amount, _ in MEASURES.values()))
# Fixed places on two curves, so that no place tells of a single enterprise.
RELEASE_RANKS: Final = (20, 50, 100, 200, 500, 1000, 2000)
CURVE_TENTHS: Final = range(1, 10)
STEPS: Final = (1.0, 2.0, 5.0)
HEADS: Final = "employees"  # the one amount that is counted, not measured
DIGITS: Final = 3
_LAST_BITS: Final = 1e-9  # of a number that is computed


@dataclass(frozen=True)
class Rules:
    """What protects a single enterprise in a printed figure (公布规则).

    Attributes
    ----------
    minimum : int
        Fewest enterprises with a non-zero amount.
    p : float
        Share of the largest amount that the others but the second must reach together.
    q : float
        Least half step as a share of the largest amount; also the least half width of what can be
        inferred of a withheld figure.
    error_max : float
        Largest half step as a share of the figure.
    count_base : int
        Counts are printed as multiples of it.
    median_minimum : int
        Fewest enterprises behind a median.
    """

    minimum: int
    p: float
    q: float
    error_max: float
    count_base: int
    median_minimum: int

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> "Rules":
        """Take the rules from the register of parameters; weaker ones than promised are refused.

        Raises
        ------
        ValueError
            A parameter is missing, or weaker than the bounds below.
        """
        kinds = {"minimum": int, "count_base": int, "median_minimum": int}
        values, faults = {}, []
        for name, (low, high) in BOUNDS.items():
            value = parameters.get(f"edition_{name}", np.nan)
            if not low <= value <= high:
                faults.append(
                    f"parameters.csv, edition_{name}: found {value:g}, allowed {low:g} to {high:g};"
                    " the public edition promises no less"
                )
            values[name] = value if np.isnan(value) else kinds.get(name, float)(value)
        if faults:
            raise ValueError("\n".join(faults))
        return cls(**values)


# What docs/confidentiality.md promises: a register may ask for more, never for less.
BOUNDS: Final = MappingProxyType(
    {
        "minimum": (3, 100),
        "p": (0.10, 1.0),
        "q": (0.10, 0.5),
        "error_max": (0.01, 0.10),
        "count_base": (5, 100),
        "median_minimum": (10, 1000),
    }
)


def ladder(size: np.ndarray) -> np.ndarray:
    """Return the smallest 1, 2 or 5 times a power of ten that is not below each size.

    Examples
    --------
    >>> ladder(np.array([0.3, 1.0, 21.0, 700.0])).tolist()
    [0.5, 1.0, 50.0, 1000.0]
    """
    size = np.maximum(np.asarray(size, dtype=float), 1e-9)
    power = 10.0 ** np.floor(np.log10(size) + 1e-12)
    lead = size / power
    fits = [lead <= step * (1 + 1e-9) for step in STEPS]
    return power * np.select(fits, list(STEPS), 10.0)


def coarser(step: float) -> float:
    """Return the next step of the ladder."""
    return float(ladder(np.array([step * 1.5]))[0])


def finer(step: np.ndarray) -> np.ndarray:
    """Return the step of the ladder below each."""
    return ladder(step * 0.35)


def finest(value: float | np.ndarray, *, digits: int = DIGITS) -> np.ndarray:
    """Return the finest step of a figure: its last digit, the third."""
    size = np.maximum(np.abs(value), 1e-9)
    return 10.0 ** (np.floor(np.log10(size)) - digits + 1)


def sets(rows: pd.DataFrame) -> Sets:
    """Yield table, key, positions of the enterprises and measures of every sum of a year.

    ``rows`` are those of `edition_scope.rows`. What left is known a year later: `left_sets`.
    """
    at, every = np.arange(len(rows)), tuple(MEASURES)
    yield "total", "total", at, every
    # Who is in which town, industry and zone, the registers tell; a class that nobody is in is
    # listed beside those of one or two, since an absent figure would tell them apart.
    for table in ("town", "industry"):
        for key, part in sorted(rows.groupby(table).indices.items()):
            yield table, str(key), part, every
    graded = rows.groupby("class").indices
    for grade in sorted(CLASSES):
        yield "class", grade, graded.get(grade, at[:0]), every
    for key, part in sorted(rows.groupby("zone").indices.items()):
        if key:
            yield "zone", str(key), part, every
    graded = rows.groupby(["town", "class"]).indices
    for town, grade in product(sorted(rows["town"].unique()), sorted(CLASSES)):
        yield "town_class", f"{town}/{grade}", graded.get((town, grade), at[:0]), CORE[:1]
    tax_per_mu = rows["tax_wan"] / rows["land_mu"]
    order = np.lexsort((rows["enterprise_id"].astype(str), tax_per_mu))
    free = order[~rows["is_protected"].to_numpy(dtype=bool)[order]]
    for rank in RELEASE_RANKS:
        if rank < len(free):
            yield "release", str(rank), free[:rank], (*CORE[:2], "energy_tce")
    yield "release", "all", free, (*CORE[:2], "energy_tce")
    for tenth in CURVE_TENTHS:
        yield "curve", f"{tenth}0", order[: len(order) * tenth // 10], CORE[:2]
    if (rows["flow"] != "").any():
        for key in ("entered", "stayed"):
            yield "now", key, np.flatnonzero(rows["flow"] == key), CORE


def left_sets(before: pd.DataFrame, rows: pd.DataFrame) -> Sets:
    """Yield the sums of the year before that are printed with this one: who stayed, who left."""
    stays = before["enterprise_id"].isin(rows["enterprise_id"]).to_numpy()
    yield "before", "stayed", np.flatnonzero(stays), CORE
    yield "before", "left", np.flatnonzero(~stays), CORE


def listed(
    rows: pd.DataFrame, chosen: Sets, rules: Rules
) -> tuple[pd.DataFrame, "scipy.sparse.csr_array"]:
    """Return one row a figure, with its printing step and why it is withheld, and its members.

    Returns
    -------
    tuple
        As `members`, with `step` and `reason` (empty: printed).
    """
    figures, who = members(rows, chosen)
    return _stepped(figures, rules).drop(columns="others"), who


def members(rows: pd.DataFrame, chosen: Sets) -> tuple[pd.DataFrame, "scipy.sparse.csr_array"]:
    """Return one row a figure, exact, and which enterprises are in it.

    Returns
    -------
    tuple
        A frame with `table`, `key`, `measure`, `amount` (the column summed), `n` (enterprises with
        a non-zero amount), `value`, `largest`, `others` (all but the two largest); and a matrix of
        figures by rows, 1 where the row's amount enters.
    """
    values = {name: _amount(rows, *columns) for name, columns in MEASURES.items()}
    found, places = [], []
    for table, key, part, measures in chosen:
        for measure in measures:
            own = values[measure][part]
            enters = own != 0  # missing ones are zero here: they do not enter
            size = np.sort(np.abs(own[enters]))[::-1]
            found.append(
                {
                    "table": table,
                    "key": key,
                    "measure": measure,
                    "amount": MEASURES[measure][0],
                    "n": len(size),
                    "value": own.sum(),
                    "largest": size[:1].sum(),
                    "others": size[2:].sum(),
                }
            )
            places.append(part[enters])
    starts = np.cumsum([0, *map(len, places)])
    at = np.concatenate(places) if places else np.array([], dtype=int)
    shape = (len(places), len(rows))
    return pd.DataFrame(found), scipy.sparse.csr_array((np.ones(len(at)), at, starts), shape=shape)


def _amount(rows: pd.DataFrame, amount: str, beside: str) -> np.ndarray:
    known = rows[amount].notna() & rows[beside].notna()
    return rows[amount].where(known, 0.0).to_numpy(dtype=float)


def _stepped(figures: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Give each figure its step and, where it is withheld, the reason.

    Of heads, a step leaves one fewer open than it is wide: a step of 1 would print them exactly.
    """
    room = 2 * rules.q * figures["largest"] + (figures["amount"] == HEADS)
    step = np.maximum(ladder(room), finest(figures["value"]))
    # 999.6 is printed as 1000: with its step of 1 that would have a digit more, and be below 1000.
    step = np.maximum(step, finest(_rounded(figures["value"], step)))
    reasons = {
        "few": figures["n"] < rules.minimum,
        "dominance": figures["others"] < rules.p * figures["largest"],
        "coarse": is_coarse(figures["value"], step, rules),
    }
    reason = np.select(list(reasons.values()), list(reasons), "")
    return figures.assign(step=step, reason=reason)


def is_coarse(
    value: float | np.ndarray | pd.Series, step: float | np.ndarray, rules: Rules
) -> np.ndarray:
    """Mark the figures whose half step is too much of the least that the printed one allows.

    Of the figure itself, that it is printed would tell that it is no less: half of what its
    rounding hides.

    Examples
    --------
    >>> is_coarse(np.array([54.9, 55.0]), np.array([10.0, 10.0]), Rules(3, 0.1, 0.1, 0.1, 5, 10))
    array([ True, False])
    """
    least = np.abs(_rounded(value, step)) - step / 2
    return step / 2 > rules.error_max * least * (1 + _LAST_BITS)


def _rounded(value: float | np.ndarray | pd.Series, step: float | np.ndarray) -> np.ndarray:
    """Return the nearest multiple of a step.

    Halves go up: to the even multiple, a step of 2 would print every odd multiple of it exactly.
    """
    return np.floor(np.asarray(value) / np.asarray(step) + 0.5) * np.asarray(step)


def printed(figures: pd.DataFrame) -> pd.Series:
    """Return the printed figures: the nearest multiple of the step, missing where withheld."""
    rounded = _rounded(figures["value"], figures["step"])
    return tidy(pd.Series(rounded, figures.index)).where(figures["reason"] == "")


def tidy(values: pd.Series) -> pd.Series:
    """Drop the last binary digits, which no printed figure has."""
    return values.map(lambda value: float(f"{value:.12g}") + 0.0)
