"""The dataset that a process keeps, found again by the state of the files it was read from.

Answers: a copy of what was read, as long as no file has changed. Refuses: to read anything.
"""

from copy import deepcopy
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from fenghua.inputs import places, rowless
from fenghua.inputs.vocabulary import PlanData

Data = TypeVar("Data", bound=PlanData)
_kept: dict[tuple[Any, ...], Any] = {}  # one at most


def found(data: str | Path, actuals: str | Path | None) -> Any:
    """Return a copy of the dataset kept of these inputs, or None."""
    known = _kept.get(_state(data, actuals)) if _kept else None
    return None if known is None else _copied(known)


def put(ds: PlanData, data: str | Path, actuals: str | Path | None) -> None:
    """Keep a dataset, and no other."""
    _kept.clear()
    _kept[_state(data, actuals)] = ds


def _state(data: str | Path, actuals: str | Path | None) -> tuple[Any, ...]:
    folder = places.located(Path(data)).resolve()
    place = places.actuals(folder, actuals).resolve()
    return (folder, place, rowless.is_public_run(), *places.state(folder, place))


def _copied(ds: Data) -> Data:
    """Return a dataset with tables of its own; pandas copies a column when it is changed."""
    own = {part.name: getattr(ds, part.name) for part in fields(ds)}
    for name, part in own.items():
        own[name] = part.copy(deep=False) if isinstance(part, pd.DataFrame) else deepcopy(part)
    return replace(ds, **own)
