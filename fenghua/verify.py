"""Recomputes the figures of a page from the data inside it.

Answers: which figures agree. Refuses: to run anything but the methods published here.
"""

import math
import re
from collections.abc import Iterator, Mapping
from inspect import signature
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, Final

import pandas as pd

from briefpress.press import named
from fenghua import reading

# What pages call their methods, now and for ever, and where each is found today. A method that
# gives other results on purpose takes a new name (``outlook.at_end@2``), and its old name moves
# to RETIRED: pages that are out in the world are then said to be no longer recomputed, not wrong.
METHODS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "audit.findings": "fenghua.analysis.audit:findings",
        "audit.implied_rates": "fenghua.analysis.audit:implied_rates",
        "decomposition.melitz_polanec": "fenghua.analysis.decomposition:melitz_polanec",
        "edition_frames.compared": "fenghua.analysis.edition_frames:compared",
        "efficiency.pooled": "fenghua.analysis.efficiency:pooled",
        "efficiency.three_ways": "fenghua.analysis.efficiency:three_ways",
        "gap.assess@2": "fenghua.analysis.gap:assess",
        "outlook.at_end@2": "fenghua.analysis.outlook:at_end",
        "parents.compare": "fenghua.analysis.parents:compare",
        "town_tasks.judged@2": "fenghua.analysis.town_tasks:judged",
        "towns.composite": "fenghua.analysis.towns:composite",
        "towns.acceptability": "fenghua.analysis.towns:acceptability",
        "towns.attained@2": "fenghua.analysis.towns:attained",
        "towns.choice_effects": "fenghua.analysis.towns:choice_effects",
        "towns.rank_intervals@2": "fenghua.analysis.towns:rank_intervals",
        "trajectory.project": "fenghua.analysis.trajectory:project",
    }
)
# Old names of methods that were changed on purpose, and the last version that had them.
RETIRED: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(
        (
            "gap.assess",
            "outlook.at_end",
            "town_tasks.judged",
            "towns.attained",
            "towns.rank_intervals",
        ),
        "0.1.0",
    )
)
RELATIVE = 1e-9  # another processor may round the last digits of a sum differently
LINES_SHOWN = 50


def encode(table: pd.DataFrame | pd.Series) -> dict[str, Any]:
    """Return a table as lists that JSON keeps exactly; ``decode`` is its inverse.

    Examples
    --------
    >>> encode(pd.DataFrame({"a": [0.1, float("nan")], "b": ["x", ""]}))["data"]
    [[0.1, 'x'], [None, '']]
    """
    frame = table.rename(table.name or "value").to_frame() if table.ndim == 1 else table
    index = frame.index
    plain = isinstance(index, pd.RangeIndex) and index.equals(pd.RangeIndex(len(frame)))
    rows = frame.to_numpy(dtype=object).tolist()
    return {
        "columns": [str(column) for column in frame.columns],
        "types": [dtype.kind for dtype in frame.dtypes],
        "data": [[_plain(value) for value in row] for row in rows],
        "index": None if plain else [_plain(value) for value in index],
        "index_name": index.name,
    }


def decode(table: dict[str, Any]) -> pd.DataFrame:
    """Return the frame that ``encode`` was given.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [0.1, 0.2]}, index=["x", "y"])
    >>> decode(encode(frame)).equals(frame)
    True
    """
    columns = {
        name: _column([row[i] for row in table["data"]], kind)
        for i, (name, kind) in enumerate(zip(table["columns"], table["types"], strict=True))
    }
    frame = pd.DataFrame(columns)
    if table["index"] is not None:
        frame.index = pd.Index(table["index"], name=table["index_name"])
    return frame


def _plain(value: Any) -> Any:
    if isinstance(value, str):  # as most cells are
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and math.isinf(value):
        return str(value)
    if isinstance(value, bool | int | float):
        return None if value != value else value
    return None if value is None or value is pd.NaT or value is pd.NA else str(value)


def _column(values: list[Any], kind: str) -> pd.Series:
    kinds = {"f": "float64", "i": "int64", "u": "int64", "b": "bool"}
    if kind in kinds:
        return pd.Series([math.nan if v is None else v for v in values]).astype(kinds[kind])
    return pd.Series(values, dtype=None if all(isinstance(v, str) for v in values) else object)


def verify(path: str | Path) -> tuple[list[str], int]:
    """Recompute a page's figures.

    Returns
    -------
    tuple
        Lines to print, and 0 if all agree, 1 if one differs, 2 if the file is no whole brief.

    Notes
    -----
    A result of a retired method is taken as the page holds it: its printed figures must agree
    with it, and the lines say that it was not recomputed. Whatever else the page says is covered by
    its seal, and by the manifest where that lies beside it.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
        figures, numbers, data = reading.read(text)
        claims = {claim["figure"]: claim for claim in data["claims"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{path}: not a whole brief of fenghua ({_why(error)})"], 2
    found = {name: _recomputed(claim, claims) for name, claim in claims.items()}
    wrong = [line for name, claim in claims.items() for line in _results_off(claim, found[name])]
    wrong += [line for figure, shown in figures for line in _shown_off(figure, shown, found)]
    changed = list(reading.changes(Path(path), text))
    if wrong or changed:
        more = [f"... and {len(wrong) - LINES_SHOWN} more"] if len(wrong) > LINES_SHOWN else []
        count = len(wrong) + len(changed)
        return [*wrong[:LINES_SHOWN], *more, *changed, f"{path}: {_count(count, 'difference')}"], 1
    lines = [_said(name, claim["function"]) for name, claim in claims.items()]
    agree = f"{_count(len(claims), 'result')} and {_count(len(figures), 'printed figure')} agree"
    ends = agree if claims else "as it was written; it holds no figure that can be recomputed"
    return [*lines, *reading.coverage(figures, numbers, text), f"{path}: {ends}"], 0


def _why(error: Exception) -> str:
    """Return why a file is no brief, in words for who was sent it."""
    if isinstance(error, FileNotFoundError | IsADirectoryError):
        return "it is a folder" if isinstance(error, IsADirectoryError) else "there is no such file"
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return "it is not text" if isinstance(error, UnicodeDecodeError) else str(error)


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _said(name: str, method: str) -> str:
    if method not in RETIRED:
        return f"{name}: recomputed with {method}: agrees"
    last = RETIRED[method]
    return f"{name}: no longer recomputed: {method} was last part of version {last}"


def _recomputed(claim: dict[str, Any], claims: dict[str, Any]) -> pd.DataFrame | str:
    """Return the result of a claim's method on its inputs, or why there is none."""
    try:
        name = claim["function"]
        if name in RETIRED:
            return decode(claim["result"])
        if name not in METHODS:
            return f"method {name!r} is not one of {', '.join(METHODS)}"
        given = claim["inputs"]
        given = claims[given]["inputs"] if isinstance(given, str) else given
        inputs = {
            key: decode(value) if isinstance(value, dict) and "columns" in value else value
            for key, value in given.items()
        }
        method = named(METHODS[name])
        if "ds" in signature(method).parameters:  # of a whole dataset: the page holds its parts
            inputs = {"ds": SimpleNamespace(**inputs)}
        result = method(**inputs, **claim.get("options", {}))
        return result.to_frame(result.name or "value") if result.ndim == 1 else result
    except Exception as error:  # whatever altered inputs lead to is a finding, not a crash
        return f"cannot be recomputed: {error!r}"


def _results_off(claim: dict[str, Any], found: pd.DataFrame | str) -> Iterator[str]:
    name = claim["figure"]
    if isinstance(found, str):
        yield f"{name}: {found}"
        return
    try:
        said = decode(claim["result"])
        if len(said) != len(found):
            yield f"{name}: the page holds {len(said)} rows, recomputed {len(found)}"
            return
        for column in said.columns:
            pairs = zip(said.index, said[column], found[column], strict=True)
            for row, (_, old, new) in enumerate(pairs):
                if not _agree(old, new):
                    yield f"{name}, {_label(said, row)}, {column}: page {old}, recomputed {new}"
    except (KeyError, ValueError, TypeError, IndexError) as error:
        yield f"{name}: the result in the page cannot be read: {error!r}"


def _label(frame: pd.DataFrame, row: int) -> str:
    plain = isinstance(frame.index, pd.RangeIndex)
    return str(frame.iloc[row, 0] if plain else frame.index[row])


def _agree(old: Any, new: Any) -> bool:
    old, new = _plain(old), _plain(new)
    if isinstance(old, int | float) and isinstance(new, int | float):
        return math.isclose(old, new, rel_tol=RELATIVE, abs_tol=RELATIVE**1.5)
    return old == new


def _shown_off(figure: str, shown: str, found: dict[str, Any]) -> Iterator[str]:
    """Compare one printed figure with the recomputed value, to half its last digit."""
    name, key, column, how = [*figure.split("|"), "", "", ""][:4]
    frame = found.get(name)
    if not isinstance(frame, pd.DataFrame) or column not in frame:
        yield f"{figure}: printed {shown.strip()!r}, but nothing in the page lets it be recomputed"
        return
    keys = [frame.index.astype(str), *(frame[c].astype(str) for c in frame if c != column)]
    rows = next((frame[column][k == key] for k in keys if (k == key).any()), [])
    values = [_plain(value) for value in rows]
    if how == "size":  # the sign is said in words
        values = [abs(value) if isinstance(value, int | float) else value for value in values]
    if how == "points":  # a share printed as points of 100
        values = [100 * value if isinstance(value, int | float) else value for value in values]
    if not any(_prints_as(shown, value) for value in values):
        expected = ", ".join(map(str, values)) or "no such row"
        yield f"{figure}: printed {shown.strip()!r}, recomputed {expected}"


def _prints_as(shown: str, value: Any) -> bool:
    text = re.sub(r"[\s,+\u2009\u202f\u00a0]", "", shown).replace("\u2212", "-")
    number = re.fullmatch(r"(-?\d+(?:\.(\d+))?)(%?)", text)
    if number is None or not isinstance(value, int | float):
        return (text in ("", "—", "–")) if value is None else shown.strip() == str(value)
    scaled = value * 100 if number[3] else value
    return abs(float(number[1]) - scaled) <= 0.5 * 10 ** -len(number[2] or "") + abs(scaled) * 1e-9
