"""Everything the methods need, read and checked in one go.

Answers: the registers and the actual figures as typed tables. Refuses: to return faulty ones.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

import pandas as pd

from fenghua.inputs import periods, places, rowless
from tidysheets.problems import InputError, Problem

Value = TypeVar("Value")
_kept: dict[tuple[Any, ...], "Dataset"] = {}  # one at most, by the state of its files
TEXT: Final = "python"  # how tables keep it: for a brief's small steps sooner than Arrow's


class Named(dict[str, Value]):
    """Values by name; one that is not there is answered with those that are."""

    def __missing__(self, name: object) -> NoReturn:
        raise KeyError(f"there is no {name!r}; {_nearest(name, self)}")


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """The plan's register, the reference tables and the actual figures."""

    indicators: pd.DataFrame
    targets: pd.DataFrame
    observations: pd.DataFrame
    enterprises: pd.DataFrame
    parks: pd.DataFrame
    town_reports: pd.DataFrame
    town_tasks: pd.DataFrame
    towns: pd.DataFrame
    lead_units: pd.DataFrame
    sources: pd.DataFrame
    blocks: pd.DataFrame
    policy_rules: pd.DataFrame
    clause_units: pd.DataFrame
    parent_targets: pd.DataFrame
    benchmarks: pd.DataFrame
    industries: pd.DataFrame
    adjustments: pd.DataFrame
    schemes: dict[str, dict[str, Any]]
    parameters: dict[str, float]
    plan: dict[str, Any]
    is_synthetic: bool
    data_dir: Path
    actuals_dir: Path
    enterprise_years: tuple[int, ...]
    edition_exclusions: pd.DataFrame
    editions: pd.DataFrame
    edition_figures: pd.DataFrame
    warnings: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        """Say in a few lines what is there, for which periods, and where it comes from."""
        tables = {part.name: getattr(self, part.name) for part in fields(self)}
        basis = "synthetic demo data" if self.is_synthetic else "actual figures"
        lines = [f"{self.plan.get('title_en', 'Plan')}", f"  {basis} in {self.actuals_dir}"]
        for name, table in tables.items():
            if isinstance(table, pd.DataFrame) and len(table):
                lines.append(f"  {name}: {len(table):,} rows{_span(table)}")
        schemes = ", ".join(self.schemes) or "none"
        return "\n".join([*lines, f"  registers in {self.data_dir}; schemes: {schemes}"])

    def __getattr__(self, name: str) -> NoReturn:
        """Answer a name that is not there with the nearest ones that are."""
        known = [part.name for part in fields(Dataset)]
        raise AttributeError(f"a dataset has no {name!r}; {_nearest(name, known)}")


def _nearest(name: object, known: Iterable[str]) -> str:
    near = " or ".join(get_close_matches(str(name), known)) or f"one of {', '.join(known)}"
    return f"did you mean {near}?" if [*known] else "there are none"


def _span(table: pd.DataFrame) -> str:
    """Return the first and the last year or period of a table, if it has any."""
    column = next((name for name in ("period", "year") if name in table), None)
    if column is None:
        return ""
    times = sorted(sorted(set(table[column].dropna().astype(str))), key=periods.end)
    return f", {times[0]} to {times[-1]}" if times else ""


def load(data: str | Path = "data/raw", actuals: str | Path | None = None) -> Dataset:
    """Return all inputs, or refuse them with every problem at once.

    Parameters
    ----------
    data : path
        The folder with ``plan`` and ``reference``; a relative one is also looked for above the
        working folder, so that notebooks find it.
    actuals : path, optional
        A folder (or one file) of actual figures; by default ``data/actuals`` if it holds any
        table, else the synthetic ``data/demo``.

    Raises
    ------
    InputError
        When anything is wrong; its ``problems`` say where, what and what to do.
    ValueError
        When the folder is not there.

    Notes
    -----
    In a run that makes public pages the dataset holds no single enterprise: `rowless.public`.
    """
    if (known := _found(data, actuals)) is not None:
        return known
    whole = read(places.own(data), actuals)
    return rowless.public(whole) if rowless.is_public_run() else whole


def read(data: str | Path, actuals: str | Path | None) -> Dataset:
    """Return all inputs as `load` does, enterprises in any run: to make a public edition of them.

    Raises
    ------
    InputError
        As `load`.
    """
    with pd.option_context("mode.string_storage", TEXT):
        dataset, found = examined(data, actuals)
    errors = [problem for problem in found if problem.severity == "error"]
    if errors or dataset is None:
        raise InputError(errors)
    return dataset


def keep(data: str | Path = "data/raw", actuals: str | Path | None = None) -> Dataset:
    """Read inputs and keep them, so that `load` need not read them again in this process.

    A process that runs many briefs calls this, nobody else: until then `load` always reads. Kept
    inputs are found by the names, sizes and times of their files, only the last ones are kept,
    and every caller of `load` gets tables of its own.
    """
    ds = _found(data, actuals)
    if ds is None:
        ds = load(data, actuals)
        put(ds, data, actuals)
    return ds


def put(ds: Dataset, data: str | Path, actuals: str | Path | None) -> None:
    """Keep a dataset as what these inputs hold, and no other."""
    _kept.clear()
    _kept[_state(data, actuals)] = ds


def _found(data: str | Path, actuals: str | Path | None) -> Dataset | None:
    """Return the dataset kept of these inputs, with tables of its own; None where there is none.

    pandas copies a column when it is changed, so that the tables need no copy of theirs.
    """
    known = _kept.get(_state(data, actuals)) if _kept else None
    if known is None:
        return None
    own = {part.name: getattr(known, part.name) for part in fields(known)}
    for name, part in own.items():
        own[name] = part.copy(deep=False) if isinstance(part, pd.DataFrame) else deepcopy(part)
    return replace(known, **own)


def _state(data: str | Path, actuals: str | Path | None) -> tuple[Any, ...]:
    folder = places.located(Path(data)).resolve()
    place = places.actuals(folder, actuals).resolve()
    return (folder, place, rowless.is_public_run(), *places.state(folder, place))


def check(data: str | Path = "data/raw", actuals: str | Path | None = None) -> list[Problem]:
    """Return every problem of the inputs, errors and warnings, and change nothing."""
    return examined(data, actuals)[1]


def examined(data: str | Path, actuals: str | Path | None) -> tuple[Dataset | None, list[Problem]]:
    """Return all inputs, unless there are errors, and every problem of them."""
    from fenghua.inputs import examination  # not before: a brief's process is lent what was read

    parts, found = examination.examined(data, actuals)
    own = {part.name: parts[part.name] for part in fields(Dataset) if part.name in parts}
    own |= {name: Named(part) for name, part in own.items() if isinstance(part, dict)}
    return (Dataset(**own) if parts else None), found
