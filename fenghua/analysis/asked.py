"""What is asked for by name: indicators, areas, columns (所问).

Answers: which names were given. Refuses: one that is not there, with the nearest ones that are,
and what is of another kind than a method takes.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import wraps
from numbers import Real
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin

import numpy as np
import pandas as pd

from fenghua.inputs.vocabulary import PlanData

Method = TypeVar("Method", bound=Callable[..., Any])
_DATASET: Final = "what fenghua.load() returns"
_KINDS: Final[Mapping[Any, tuple[Any, str]]] = {
    pd.DataFrame: (pd.DataFrame, "a table (pandas DataFrame)"),
    pd.Series: (pd.Series, "a column (pandas Series)"),
    Mapping: (Mapping, "a mapping such as a dict"),
    Iterable: (Iterable, "a list"),
    Sequence: (Iterable, "a list"),
    list: (Iterable, "a list"),
    tuple: (Iterable, "a list"),
    str: (str, "a text"),
    float: (Real, "a number"),
    int: (Real, "a whole number"),
    bool: (Real | np.bool_ | NoneType, "True or False"),
    date: (date, "a date"),
    NoneType: (NoneType, "None"),
}
_UNIONS: Final = (UnionType, Union)
_SHOWN: Final = 80  # signs of what was given


def as_declared(method: Method) -> Method:
    """Refuse arguments of another kind than a method declares, such as a table for a dataset.

    Raises
    ------
    TypeError
        With the argument, what was given, and what is allowed.

    Examples
    --------
    >>> @as_declared
    ... def rows(table: pd.DataFrame, *, at: float = 0.0) -> int:
    ...     return len(table)
    >>> rows("targets.csv")
    Traceback (most recent call last):
    TypeError: rows: table is 'targets.csv'; allowed: a table (pandas DataFrame)
    """
    signature = inspect.signature(method)

    @wraps(method)
    def asked(*args: Any, **options: Any) -> Any:
        try:
            bound = signature.bind(*args, **options).arguments
        except TypeError:  # Python says that itself, with the method's name
            return method(*args, **options)
        for name, given in bound.items():
            declared = signature.parameters[name].annotation
            parts = get_args(declared) if get_origin(declared) in _UNIONS else (declared,)
            kinds = [get_origin(part) or part for part in parts]
            if all(map(_is_looked_at, kinds)) and not any(_is_one(given, kind) for kind in kinds):
                allowed = " or ".join(dict.fromkeys(map(_said, kinds)))
                raise TypeError(f"{method.__name__}: {name} is {shown(given)}; allowed: {allowed}")
        return method(*args, **options)

    return cast(Method, asked)


def _is_looked_at(kind: Any) -> bool:
    return isinstance(kind, type) and kind not in (Any, inspect.Parameter.empty)


def _is_one(given: object, kind: Any) -> bool:
    """Tell whether something is of a kind: of datasets, whether it has any part of one."""
    if kind is NoneType:
        return given is None or given is pd.NA or given is pd.NaT
    if kind is int and isinstance(given, Real):
        return float(given).is_integer()
    if not getattr(kind, "_is_protocol", False):
        return isinstance(given, _KINDS.get(kind, (kind,))[0])
    parts = {name for base in kind.__mro__ for name in vars(base).get("__annotations__", ())}
    return any(inspect.getattr_static(given, name, None) is not None for name in parts)


def _said(kind: Any) -> str:
    is_dataset = getattr(kind, "_is_protocol", False)
    return _DATASET if is_dataset else _KINDS.get(kind, (kind, f"a {kind.__name__}"))[1]


def shown(given: object) -> str:
    """Return a plain value as it was given, and the kind of all else."""
    plain = given is None or isinstance(given, str | Real | list | tuple)
    return repr(given)[:_SHOWN] if plain else f"a {type(given).__name__}"


def names(given: Iterable[str]) -> tuple[str, ...]:
    """Return the names given; one name alone is a list of one, not of its letters.

    Examples
    --------
    >>> names("tax_per_mu"), names(["a", "b"])
    (('tax_per_mu',), ('a', 'b'))
    """
    return (given,) if isinstance(given, str) else tuple(given)


def unknown(what: str, found: object, known: Iterable[object]) -> ValueError:
    """Return the error to raise for a name that is not there: the nearest ones, else all.

    Examples
    --------
    >>> print(unknown("indicator_id", "tax_pr_mu", ["tax_per_mu", "land"]))
    indicator_id is 'tax_pr_mu'; did you mean tax_per_mu?
    >>> print(unknown("indicator_id", "xyz", ["tax_per_mu", "land"]))
    indicator_id is 'xyz'; allowed: tax_per_mu, land
    """
    listed = list(dict.fromkeys(map(str, known)))
    near = get_close_matches(str(found), listed)
    nearest = f"did you mean {' or '.join(near)}?"
    said = nearest if near else f"allowed: {', '.join(listed) or 'none'}"
    return ValueError(f"{what} is {found!r}; {said}")


def span(
    what: str, given: Iterable[float], *, within: tuple[float, float] = (-np.inf, np.inf)
) -> tuple[float, float]:
    """Return the two ends of a range, the lower one first, as they were given.

    Raises
    ------
    ValueError
        When it is no two numbers in their order, or they lie outside what is possible.

    Examples
    --------
    >>> span("cap", (0, 1.2))
    (0.0, 1.2)
    >>> span("cap", [1])
    Traceback (most recent call last):
    ValueError: cap is [1]; allowed: two numbers, the lower one first
    """
    try:
        low, high = map(float, given)
    except (TypeError, ValueError):
        low, high = np.nan, np.nan
    if not within[0] <= low <= high <= within[1]:
        between = f" from {within[0]:g} to {within[1]:g}" if np.isfinite(within).all() else ""
        raise ValueError(
            f"{what} is {shown(given)}; allowed: two numbers{between}, the lower one first"
        )
    return low, high


def check_columns(frame: pd.DataFrame, *columns: str) -> None:
    """Refuse a column that a table does not have.

    Raises
    ------
    ValueError
        With the nearest columns, else all.
    """
    for column in columns:
        if column not in frame:
            raise unknown("column", column, frame.columns)


def numbers(column: pd.Series, name: str) -> pd.Series:
    """Return a column as numbers; blanks are missing, and other text is refused.

    Examples
    --------
    >>> numbers(pd.Series(["10", "", None]), "land_mu").tolist()
    [10.0, nan, nan]
    >>> numbers(pd.Series(["10", "many"]), "land_mu")
    Traceback (most recent call last):
    ValueError: land_mu is 'many'; allowed: a number, or nothing where there is none
    """
    found = pd.to_numeric(column, errors="coerce")
    if np.isinf(found.to_numpy(dtype=float, na_value=np.nan)).any():
        raise ValueError(f"{name} is infinite; allowed: a number, or nothing where there is none")
    for given in column[found.isna() & column.notna()]:
        if str(given).strip():
            said = f"{name} is {shown(given)}; allowed: a number, or nothing where there is none"
            raise ValueError(said)
    return found


def check_share(what: str, given: float) -> None:
    """Refuse what is no share, such as a per cent.

    Examples
    --------
    >>> check_share("coverage", 70)
    Traceback (most recent call last):
    ValueError: coverage is 70; allowed: a share from 0 to 1
    """
    if not 0 <= given <= 1:
        raise ValueError(f"{what} is {given}; allowed: a share from 0 to 1")


def area(ds: PlanData, given: str | int | None) -> str:
    """Return the code of an area with figures, the plan's own where none is given.

    Raises
    ------
    ValueError
        When the area is neither the plan's own nor that of any figure.
    """
    own = str(ds.plan["area_code"])
    if given is None or str(given) == own:
        return own
    codes = ds.observations.get("area_code", pd.Series(dtype=object)).dropna().astype(str)
    allowed = sorted({own, *codes})
    if str(given) not in allowed:
        raise unknown("area", str(given), allowed)
    return str(given)
