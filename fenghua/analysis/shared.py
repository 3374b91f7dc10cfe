"""Results that several briefs of one run need, computed once for each dataset.

Answers: the same figures to all who ask. Refuses: to let one caller change another's.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def once(function: Function) -> Function:
    """Remember what a function of a dataset returns, in that dataset's ``shared`` (共用结果).

    The function takes a dataset, then only plain values, and always returns the same for the same.
    What is no dataset, such as a test's stand-in without ``shared``, computes afresh.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> @once
    ... def doubled(ds, n):
    ...     print("computing")
    ...     return [ds.value * n]
    >>> ds = SimpleNamespace(value=21, shared={})
    >>> doubled(ds, 2).append("changed"), doubled(ds, 2)
    computing
    (None, [42])
    """

    @wraps(function)
    def remembered(ds: Any, *args: Any, **options: Any) -> Any:
        shared = getattr(ds, "shared", None)
        if shared is None:
            return function(ds, *args, **options)
        call = (function.__module__, function.__qualname__, args, tuple(sorted(options.items())))
        try:
            result = shared[call]
        except KeyError:
            result = shared[call] = function(ds, *args, **options)
        return deepcopy(result)

    remembered.is_shared = True  # type: ignore[attr-defined]
    return cast(Function, remembered)
