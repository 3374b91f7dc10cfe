"""What every table must obey, cell by cell and row by row.

Answers: which rows break which rule. Refuses: to change a row.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Final

import numpy as np
import pandas as pd

from tidysheets import problems
from tidysheets.problems import Problem, Term
from tidysheets.schema import ANY_TABLE, DTYPES, Column, Schema, Word
from tidysheets.tables import Table
from tidysheets.units import key

_LISTED: Final = 8  # entries that a message can name
_NEAR: Final = 3  # names on record that a message offers
_PART: Final = 3  # signs in a row by which a title speaks of a name
_DISTINCT: Final = 20  # wrong values of a column that are told one by one


def table(read: Table, frames: dict[str, pd.DataFrame]) -> list[Problem]:
    """Return the problems of single cells: gaps, ranges, lists and references."""
    found: list[Problem] = []
    for name, column in read.schema.tables[read.name].items():
        if name not in read.headings or read.frame.empty:
            continue
        sound = read.sound(name)
        found += _gaps(read, column, sound)
        found += _range(read, column, sound)
        found += _listed(read, column, sound)
        found += _referenced(read, column, sound, frames)
    return found


def rows(mask: pd.Series | np.ndarray) -> list[int]:
    """Return the positions at which a mask is true."""
    return np.flatnonzero(np.asarray(mask, dtype=bool)).tolist()


def _gaps(read: Table, column: Column, sound: np.ndarray) -> Iterator[Problem]:
    if column.required == "yes" and column.type != "bool":
        values = read.frame[column.name]
        blank = values.isna() if column.type in DTYPES else values == ""
        yield from read.told("value_missing", rows(blank & sound), column.name)


def _range(read: Table, column: Column, sound: np.ndarray) -> Iterator[Problem]:
    values = read.frame[column.name]
    if column.low is not None:
        low = column.low
        shown = f"{low:g}" if isinstance(low, float) else low
        below = values < low if isinstance(low, float) else (values < low) & (values != "")
        yield from read.told("below_min", rows(below & sound), column.name, limit=shown)
    if column.high is not None:
        above = rows((values > column.high) & sound)
        yield from read.told("above_max", above, column.name, limit=f"{column.high:g}")


def by_value(values: pd.Series, mask: np.ndarray) -> Iterator[tuple[Any, list[int]]]:
    """Yield the rows of each value that a mask picks; where these are many, all rows at once."""
    distinct = values[mask].unique()
    for value in distinct[:1] if len(distinct) > _DISTINCT else distinct:
        yield value, rows(mask if len(distinct) > _DISTINCT else mask & (values == value))


def _listed(read: Table, column: Column, sound: np.ndarray) -> Iterator[Problem]:
    if not column.choices:
        return
    values, terms = read.frame[column.name], read.schema.terms(column)
    written = {v: f"{v:g}" if isinstance(v, int | float) else str(v) for v in values.unique()}
    odd = [v for v, text in written.items() if text not in (*column.choices, "", "nan")]
    for value, at in by_value(values, values.isin(odd) & sound) if odd else ():
        facts = {
            "choices": ", ".join(column.choices),
            "choices_zh": Term(
                ", ".join(
                    f"{choice} {terms[choice]}" if choice in terms else choice
                    for choice in column.choices
                )
            ),
            "hint": hint(written[value], column.choices),
        }
        yield from read.told("not_allowed", at, column.name, **facts)


def _referenced(
    read: Table, column: Column, sound: np.ndarray, frames: dict[str, pd.DataFrame]
) -> Iterator[Problem]:
    if not column.reference:
        return
    name, key = column.reference
    known = set(frames[name][key])
    values = read.frame[column.name]
    unknown = {}
    for value in values.unique():
        parts = value.split(";") if column.allowed.endswith("*") else [value]
        first = next((part for part in parts if part and part not in known), "")
        unknown |= {value: first} if first else {}
    listed = f" ({', '.join(frames[name][key])})" if 0 < len(known) <= _LISTED else ""
    for value, at in by_value(values, values.isin(list(unknown)) & sound) if unknown else ():
        likely = hint(unknown[value], known)
        likely = likely or near(str(read.written(int(at[0]), column.name)), column, read.schema)
        facts = {"table": f"{name}.csv", "hint": likely or listed}
        code = "unknown_part" if column.name in read.schema.parts else "unknown_reference"
        yield from read.told(code, at, column.name, **facts)


def hint(found: str, choices: Iterable[str]) -> str:
    """Return the nearest allowed value in brackets, if one is near."""
    near = get_close_matches(found, list(choices), n=1)
    return f" ({near[0]}?)" if near else ""


def near(written: str, column: Column, schema: Schema) -> str:
    """Return in brackets the names on record that hold a name, or nearly are it."""
    name, known = key(written), _known(column, schema)
    few = sorted((k for k in known if len(name) > 1 and name in k), key=len)
    return _offered(few or get_close_matches(name, known, n=2 * _NEAR), known)


def _known(column: Column, schema: Schema) -> dict[str, Word]:
    """Return the usual word for the value of each comparable name of a column: 岳林街道."""
    tables, usual = (column.table, ANY_TABLE), dict[str, Word]()
    own = [w for w in schema.words if w.column == column.name and w.table in tables and w.value]
    for word in own:
        usual.setdefault(word.value, word)
    return {key(word.written): usual[word.value] for word in own}


def _offered(names: Iterable[str], known: Mapping[str, Word]) -> str:
    few = [*dict.fromkeys(known[name].written for name in names)][:_NEAR]
    return f" ({' / '.join(few)}?)" if few else ""


def _titled(read: Table, column: Column) -> str:
    """Return in brackets the names on record of which titles or groups of headings hold a part."""
    first = int(read.rows.min()) - 1 if len(read.rows) else 0
    above = [key(cell) for i in range(first) for cell in read.lines[i] if isinstance(cell, str)]
    known = _known(column, read.schema) if column.key and column.type == "code" else {}
    found: list[str] = []
    for text in dict.fromkeys(above) if known else ():
        alike = {name: _alike(name, text) for name in known}
        found += (name for name in known if alike[name] == max(_PART, *alike.values()))
    return _offered(found, known)


def _alike(name: str, text: str) -> int:
    """Return how many signs in a row two names share."""
    return SequenceMatcher(None, name, text, autojunk=False).find_longest_match().size


def missing_columns(read: Table) -> list[Problem]:
    """Return the columns that a table needs, or should have, and lacks."""
    found = []
    for column in read.schema.tables[read.name].values():
        if column.required and column.name not in {*read.headings, *read.fixed}:
            code = "column_absent" if column.required == "note" else "column_missing"
            default = Term("否", "no") if column.type == "bool" else Term("空", "blank")
            facts: dict[str, Any] = {"label": column.label(), "default": default}
            facts |= {"hint": _titled(read, column)}
            facts |= {"sheet": read.sheet, "column": read.heading(column.name)}
            found.append(problems.make(code, read.file, said=read.schema.sentences, **facts))
    return found


def duplicates(reads: list[Table]) -> list[Problem]:
    """Return the rows that repeat a key, over all sheets of one table."""
    schema, name = (reads[0].schema, reads[0].name) if reads else (None, "")
    key = [*schema.keys(name)] if schema else []
    if not key:
        return []
    own, restated = schema.tables[name], schema.restated.get(name)
    needed = [part for part in key if own[part].required == "yes"]
    key += [restated] if restated else []
    joined = pd.concat([read.frame[key] for read in reads], ignore_index=True)
    repeated = joined.duplicated(keep="first")
    if repeated.any():
        repeated &= ~((joined[needed] == "") | joined[needed].isna()).any(axis=1)
    if not repeated.any():
        return []
    places = [(read, i) for read in reads for i in range(len(read.frame))]
    first = joined.reset_index().groupby(key, dropna=False)["index"].transform("min")
    code = "duplicate" if restated else "duplicate_row"
    starts = itertools.accumulate((len(read.frame) for read in reads), initial=0)
    found: list[Problem] = []
    for read, start in zip(reads, starts, strict=False):
        own = [i for i in rows(repeated) if 0 <= i - start < len(read.frame)]
        # where the titles give the whole key, none of it has a heading
        named = [name for name in key if name in read.headings] or needed
        column = named[min(1, len(named) - 1)]
        each = []
        for i in own[: problems.FEW]:
            other, at = places[first[i]]
            each.append(
                read.beside(i - start, other, at, column)
                | {
                    "found": " ".join(_told(read, i - start, key)),
                    "key": "+".join(read.heading(name) for name in named),
                }
            )
        if own:
            found += read.told(code, [i - start for i in own], column, each)
    return found


def _told(read: Table, i: int, key: list[str]) -> Iterator[str]:
    """Yield what the key of a row says, a code as the column of the file writes it."""
    for name in key:
        value = read.frame[name].iloc[i]
        is_code = read.schema.tables[read.name][name].type == "code" and name in read.headings
        if value == value and value != "":
            yield (str(read.written(i, name)).strip() if is_code else "") or str(value)


def order(read: Table) -> list[Problem]:
    """Return the rows of a register out of order: by ``order``, then by its key as text."""
    key = [name for name in read.schema.keys(read.name) if name in read.headings]
    rows_ = range(len(read.rows))
    parts: list[Any] = [[str(read.written(i, name)) for i in rows_] for name in key]
    if "order" in read.frame:
        key, parts = ["order", *key], [list(read.frame["order"]), *parts]
    ranks = list(zip(*parts, strict=True))
    return [
        read.problem(
            "not_sorted",
            i,
            next(name for name, a, b in zip(key, *ranks[i - 1 : i + 1], strict=True) if a != b),
            key="+".join(key),
        )
        for i in range(1, len(ranks))
        if ranks[i] < ranks[i - 1]
    ]
