"""What every table must obey, row by row and between tables.

Answers: which rows break which rule. Refuses: to change a row.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from fenghua.inputs import columns, problems
from fenghua.inputs.headings import Table
from fenghua.inputs.problems import Problem


def table(read: Table, entries: dict[str, pd.DataFrame]) -> list[Problem]:
    """Return the problems of single cells: gaps, ranges, lists and references."""
    found: list[Problem] = []
    faulty = {(problem.row, problem.column) for problem in read.problems}
    for name, column in columns.tables().get(read.name, {}).items():
        if name not in read.headings or read.frame.empty:
            continue
        checks = (_gaps, _range, _listed, _referenced)
        for problem in (p for check in checks for p in check(read, column, entries)):
            if (problem.row, problem.column) not in faulty:
                found.append(problem)
    return found


def _gaps(read: Table, column: columns.Column, _: Any) -> Iterator[Problem]:
    if column.required == "yes" and column.type != "bool":
        values = read.frame[column.name]
        for i in (values.isna() | (values.astype(object) == "")).to_numpy().nonzero()[0]:
            yield read.problem("value_missing", i, column.name)


def _range(read: Table, column: columns.Column, _: Any) -> Iterator[Problem]:
    values = read.frame[column.name]
    for limit, code, beyond in (
        (column.low, "below_min", lambda low: values.lt(low)),
        (column.high, "above_max", lambda high: values.gt(high)),
    ):
        if limit is not None:
            wrong = beyond(limit) & values.ne("")
            shown = f"{limit:g}" if isinstance(limit, float) else limit
            for i in wrong.to_numpy().nonzero()[0]:
                yield read.problem(code, i, column.name, limit=shown)


def _listed(read: Table, column: columns.Column, _: Any) -> Iterator[Problem]:
    if column.choices:
        values = read.frame[column.name]
        plain = values.map(lambda v: f"{v:g}" if isinstance(v, int | float) else v)
        wrong = ~plain.isin([*column.choices, "", "nan"])
        for i in wrong.to_numpy().nonzero()[0]:
            hint = _hint(str(plain.iloc[i]), column.choices)
            yield read.problem(
                "not_allowed", i, column.name, choices=", ".join(column.choices), hint=hint
            )


def _referenced(
    read: Table, column: columns.Column, entries: dict[str, pd.DataFrame]
) -> Iterator[Problem]:
    if not column.reference:
        return
    name, key = column.reference
    known = set(entries[name][key])
    values = read.frame[column.name]
    for value in dict.fromkeys(values):
        parts = value.split(";") if column.allowed.endswith("*") else [value]
        unknown = [part for part in parts if part and part not in known]
        if unknown:
            hint = _hint(unknown[0], known)
            for i in (values == value).to_numpy().nonzero()[0]:
                yield read.problem("unknown_reference", i, column.name, table=name, hint=hint)


def _hint(found: str, choices: Any) -> str:
    from difflib import get_close_matches

    near = get_close_matches(found, list(choices), n=1)
    return f" ({near[0]}?)" if near else ""


def duplicates(reads: list[Table]) -> list[Problem]:
    """Return the rows that repeat a key, over all sheets of one table."""
    key = [*columns.keys(reads[0].name)] if reads else []
    if not key:
        return []
    key += ["published_on"] if reads[0].name == "observations" else []
    places = [(read, i) for read in reads for i in range(len(read.frame))]
    joined = pd.concat([read.frame[key] for read in reads], ignore_index=True)
    repeated = joined.duplicated(keep="first") & (joined[key[0]].astype(object) != "")
    if not repeated.any():
        return []
    first = joined.reset_index().groupby(key, dropna=False)["index"].transform("min")
    code = "duplicate" if reads[0].name == "observations" else "duplicate_row"
    found = []
    for i in repeated.to_numpy().nonzero()[0]:
        read, row = places[i]
        other, at = places[first[i]]
        where = (
            f"{other.rows[at]}" if other is read else f"{other.file} {other.sheet} {other.rows[at]}"
        )
        shown = " ".join(str(v) for v in joined.loc[i, key] if v != "")
        found.append(read.problem(code, row, key[-1], shown, key="+".join(key), other=where))
    return found


def order(read: Table) -> list[Problem]:
    """Return the rows of a register that stand out of order."""
    if "order" in read.frame:
        key, values = ["order"], pd.to_numeric(read.frame["order"], errors="coerce")
        rows = [(value,) for value in values]
    else:
        key = list(columns.keys(read.name))
        rows = list(zip(*[map(str, read.raw[k]) for k in key if k in read.raw], strict=True))
    return [
        read.problem("not_sorted", i, key[0], key="+".join(key))
        for i in range(1, len(rows))
        if rows[i] < rows[i - 1]
    ]


def empty(name: str) -> pd.DataFrame:
    """Return the table without rows."""
    return columns.empty(name) if name in columns.tables() else pd.DataFrame()


def missing_columns(read: Table) -> list[Problem]:
    """Return the needed columns that a table lacks."""
    return [
        problems.make(
            "column_missing",
            read.file,
            sheet=read.sheet,
            column=column.name,
            label=column.label(),
            hint="",
        )
        for column in columns.tables().get(read.name, {}).values()
        if column.required in ("yes", "column") and column.name not in read.headings
    ]
