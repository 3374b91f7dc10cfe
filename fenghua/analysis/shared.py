"""Results that several briefs need, computed once for the same data and the same question.

Answers: the same figures to all who ask. Refuses: an older answer about data that have changed.
"""

import inspect
from collections.abc import Callable, Iterable
from copy import deepcopy
from functools import wraps
from importlib import import_module
from threading import Lock
from typing import Any, TypeVar, cast

import pandas as pd

Function = TypeVar("Function", bound=Callable[..., Any])
Call = tuple[str, str, tuple[tuple[str, Any], ...]]  # module, name, arguments but the dataset
DATASETS = 2  # remembered at a time: a what-if beside what is

# Each a copy of a dataset's parts as they were, and what has been computed of them.
_memory: list[tuple[dict[str, Any], dict[Call, Any]]] = []
_listeners: list[Callable[[Call], None]] = []
_lock = Lock()


def once(function: Function) -> Function:
    """Remember what a function of a dataset returns for as long as its tables are the same.

    The function takes a dataset, then only plain values, and always returns the same for the
    same. A frame that was changed in place makes other data of it, and so other answers. What is
    no dataset, such as a test's stand-in, computes afresh.

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
        given = tuple(asked.arguments.items())[1:]
        call = (function.__module__, function.__qualname__, given)
        if call not in known:
            for hear in _listeners:
                hear(call)
            known[call] = function(ds, *args, **options)
        return deepcopy(known[call])

    return cast(Function, remembered)


def listen(hear: Callable[[Call], None]) -> None:
    """Let someone hear of each call from now on that has to be computed, before it is."""
    _listeners.append(hear)


def compute(ds: object, calls: Iterable[Iterable[Any]]) -> None:
    """Compute calls that another process has listed, so that they are known here.

    Raises
    ------
    ValueError
        When a call is to anything but a function that is remembered.
    """
    for module, name, given in calls:
        function = getattr(import_module(module), name)
        if not hasattr(function, "__wrapped__"):
            raise ValueError(f"{module}.{name} is not remembered")
        function(ds, **dict(given))


def _known(ds: object) -> dict[Call, Any]:
    """Return what is known about data that are the same in every part."""
    parts = vars(ds)
    for place, (copies, results) in enumerate(_memory):
        if copies.keys() == parts.keys() and all(_same(copies[k], parts[k]) for k in parts):
            _memory.insert(0, _memory.pop(place))
            return results
    copies = {name: _copy(part) for name, part in parts.items()}
    _memory.insert(0, (copies, {}))
    del _memory[DATASETS:]
    return _memory[0][1]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, pd.DataFrame | pd.Series):
        return one is other or (type(one) is type(other) and one.equals(other))
    return bool(one == other)


def _copy(part: Any) -> Any:
    """Return a part that a later change to the dataset leaves alone; frames copy on write."""
    is_table = isinstance(part, pd.DataFrame | pd.Series)
    return part.copy(deep=False) if is_table else deepcopy(part)
