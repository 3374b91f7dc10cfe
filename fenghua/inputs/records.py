"""A table row by row, for rules that look at one row at a time.

Answers: the rows of a frame, or of a table beside the code, by column name. Refuses: to change a
value or its type.
"""

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd  # the words of links and indexes stand on this module and need no tables


def rows_of(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return a frame's rows by column name, as ``to_dict("records")`` does, but sooner.

    Examples
    --------
    >>> import pandas as pd
    >>> rows_of(pd.DataFrame({"unit": ["%"], "value": [4.5]}))
    [{'unit': '%', 'value': 4.5}]
    """
    names = [*frame]
    rows = frame.to_numpy(dtype=object).tolist()
    return [dict(zip(names, cells, strict=True)) for cells in rows]


def beside(package: str, name: str) -> list[dict[str, str]]:
    """Return the rows of a table of words that lies beside the modules of a package, as text.

    Examples
    --------
    >>> beside("fenghua.inputs", "choices.csv")[0]["column"]
    'action'
    """
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def rows_by(frame: "pd.DataFrame", key: str) -> Mapping[Any, dict[str, Any]]:
    """Return a frame's rows by the value of one column; the last one counts of several.

    Examples
    --------
    >>> import pandas as pd
    >>> rows_by(pd.DataFrame({"unit": ["%"], "value": [4.5]}), "unit")["%"]["value"]
    4.5
    """
    return {row[key]: row for row in rows_of(frame)}
