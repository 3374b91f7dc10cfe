"""Results that several briefs need, computed once for the same data and the same question.

Answers: the same figures to all who ask. Refuses: an older answer about data that have changed.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from functools import wraps
from importlib import import_module
from threading import Lock
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
import pandas as pd

Function = TypeVar("Function", bound=Callable[..., Any])
Call = tuple[str, str, tuple[tuple[str, Any], ...]]  # module, name, arguments but the dataset
DATASETS = 2  # remembered at a time: a what-if beside what is


class _Known(NamedTuple):
    """What has been computed of a dataset: its parts as they were, and the arrays they were in."""

    copies: dict[str, Any]
    arrays: dict[str, list[Any]]
    results: dict[Call, Any]


Answer = tuple[bool, Any]  # whether there is one, and the result
_memory: list[_Known] = []
_elsewhere: list[tuple[Callable[[Call], Answer], list[dict[Call, Any]]]] = []
_lock = Lock()


def once(function: Function) -> Function:
    """Remember what a function of a dataset returns for as long as its tables are the same.

    The function takes a dataset, then only plain values and lists of them, and always returns the
    same for the same. A frame that was changed in place makes other data of it, and so other
    answers. What is no dataset, such as a test's stand-in, computes afresh.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Data:
    ...     value: pd.Series
    >>> @once
    ... def doubled(ds, n):
    ...     print("computing")
    ...     return [int(x) * n for x in ds.value]
    >>> ds = Data(pd.Series([21]))
    >>> doubled(ds, 2).append("changed"), doubled(ds, 2)
    computing
    (None, [42])
    >>> ds.value[0] = 4
    >>> doubled(ds, 2)
    computing
    [8]
    """
    signature = inspect.signature(function)

    @wraps(function)
    def remembered(ds: object, *args: Any, **options: Any) -> Any:
        if not hasattr(ds, "__dataclass_fields__"):
            return function(ds, *args, **options)
        with _lock:
            known = _known(ds)
        asked = signature.bind(ds, *args, **options)
        asked.apply_defaults()  # the same question, however it is put
        given = tuple((name, _plain(one)) for name, one in [*asked.arguments.items()][1:])
        call = (function.__module__, function.__qualname__, given)
        if call not in known:
            is_answered, result = _ask(call, known)
            known[call] = result if is_answered else function(ds, **dict(given))
        return _copy(known[call])

    return cast(Function, remembered)


def _plain(given: Any) -> Any:
    """Return a list of any kind as a tuple, by which a question is known."""
    is_list = isinstance(given, Iterable) and not isinstance(given, str | Mapping)
    return tuple(given) if is_list else given


def ask(answer: Callable[[Call], Answer]) -> None:
    """Let someone answer each call from now on about data that are known at this moment."""
    _elsewhere[:] = [(answer, [known.results for known in _memory])]


def know(ds: object, computed: Mapping[Call, Any] | None = None) -> dict[Call, Any]:
    """Know a dataset, so that a copy of this process can ask about it; return all that is known.

    ``computed`` is what another process that had the same data knew of them.
    """
    known = _known(ds)
    known |= computed or {}
    return known


def compute(ds: object, call: Call) -> Any:
    """Return what a call gives that another process has named; it is known here from then on.

    Raises
    ------
    ValueError
        When it is a call to anything but a function that is remembered.
    """
    module, name, given = call
    function = getattr(import_module(module), name)
    if not hasattr(function, "__wrapped__"):
        raise ValueError(f"{module}.{name} is not remembered")
    return function(ds, **dict(given))


def _ask(call: Call, known: dict[Call, Any]) -> Answer:
    """Return what another process says; nothing about data that it does not have."""
    for answer, theirs in _elsewhere:
        if any(known is results for results in theirs):
            return answer(call)
    return False, None


def _known(ds: object) -> dict[Call, Any]:
    """Return what is known about data that are the same in every part."""
    parts = vars(ds)
    arrays = {name: _arrays(part) for name, part in parts.items()}
    for place, known in enumerate(_memory):
        copies, before, _ = known
        if copies.keys() == parts.keys() and all(
            _same(copies[name], part, before[name], arrays[name]) for name, part in parts.items()
        ):
            new = [name for name in parts if not _has_arrays(before[name], arrays[name])]
            copies |= {name: _copy(parts[name]) for name in new}
            before |= arrays
            _memory.insert(0, _memory.pop(place))
            return known.results
    copies = {name: _copy(part) for name, part in parts.items()}
    _memory.insert(0, _Known(copies, arrays, {}))
    del _memory[DATASETS:]
    return _memory[0].results


def _same(copy: Any, part: Any, before: list[Any], arrays: list[Any]) -> bool:
    """Say whether a part is as its copy, by its arrays when last asked about, and now."""
    if not isinstance(copy, pd.DataFrame | pd.Series):
        return bool(copy == part)
    return _has_arrays(before, arrays) or (type(copy) is type(part) and copy.equals(part))


def _has_arrays(before: list[Any], arrays: list[Any]) -> bool:
    """Say whether a table holds the very cells that it held when it was last asked about.

    Comparing every cell again at each question took a tenth of a brief. A copy shares these
    cells, so whoever changes the table in place makes pandas give it others.
    """
    return len(arrays) == len(before) and all(map(_is_one, arrays, before))


def _is_one(one: Any, other: Any) -> bool:
    """Say whether two are the same in memory: a copy that shares it looks at it by other names."""
    if one is other:
        return True
    if isinstance(one, pd.Index):
        return one.is_(other)
    one, other = (_inside(cells) for cells in (one, other))
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return bool(one.__array_interface__ == other.__array_interface__)
    return one is other


def _inside(cells: Any) -> Any:
    """Return the memory that an array of text looks at, numpy's or Arrow's; else what is given."""
    return getattr(cells, "_ndarray", getattr(cells, "_pa_array", cells))


def _arrays(part: Any) -> list[Any]:
    """Return the labels and the arrays of cells that a table consists of; none of what is none."""
    if not isinstance(part, pd.DataFrame | pd.Series):
        return []
    return [*part._mgr.axes, *(block.values for block in part._mgr.blocks)]


def _copy(part: Any) -> Any:
    """Return a part that a later change to the dataset leaves alone; frames copy on write."""
    is_table = isinstance(part, pd.DataFrame | pd.Series)
    return part.copy(deep=False) if is_table else deepcopy(part)
