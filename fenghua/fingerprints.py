"""What a page is made from, in a few letters (数据指纹).

Answers: whether two pages stood on the same data and code. Refuses: a fingerprint of enterprises
on a public page, which shows none.
"""

from pathlib import Path

import pandas as pd

from briefpress import fingerprint
from fenghua import house
from fenghua.analysis.shared import once
from fenghua.inputs import columns, places, rowless
from fenghua.inputs.dataset import Dataset


def made_from(ds: Dataset) -> str:
    """Return the fingerprint of all that pages are made from, but for their notebooks."""
    methods = fingerprint.files(places.shipped("data/raw/reference"))  # what a plan leaves out
    shared = fingerprint.of_files({path.name: path for path in methods})
    return fingerprint.of_text(of_data(ds), shared, fingerprint.of_code(house.PRESS))


def of_dataset(ds: Dataset) -> str:
    """Return the short fingerprint of loaded data that a page prints (数据指纹)."""
    return of_data(ds)[: house.FINGERPRINT_DIGITS]


@once
def of_data(ds: Dataset) -> str:
    """Return the fingerprint of what a page of these data reads, computed once for all pages.

    Registers and editions by their files. The actual figures by their files too, or, where no
    enterprise can be reached, by the tables that can be: a fingerprint of rows that a page does
    not show would tell whoever knows all of them but one.
    """
    data, actuals = Path(ds.data_dir), Path(ds.actuals_dir)
    named = {
        f"data/{path.relative_to(data).as_posix()}": path
        for folder in ("plan", "reference")
        for path in fingerprint.files(data / folder)
    }
    for path in fingerprint.files(places.editions(data, actuals)):
        named[f"editions/{path.parent.name}/{path.name}"] = path
    if rowless.is_public(ds):
        return fingerprint.of_text(fingerprint.of_files(named), _of_public_tables(ds))
    for path in fingerprint.files(actuals) if actuals.is_dir() else [actuals] * actuals.exists():
        inside = path.relative_to(actuals).as_posix() if actuals.is_dir() else path.name
        named[f"actuals/{inside}"] = path
    return fingerprint.of_files(named)


def _of_public_tables(ds: Dataset) -> str:
    """Return the fingerprint of the tables of actual figures, but for those of enterprises."""
    names = [name for name in columns.USER_TABLES if name not in rowless.WITHHELD]
    years = ds.editions[["year", "is_current"]].to_csv(index=False)
    tables = [getattr(ds, name) for name in names]
    # A third of the time of the tables as text, which each page of the plan alone would need.
    rows = [pd.util.hash_pandas_object(table, index=False).to_numpy() for table in tables]
    said = [(list(table), own.tobytes().hex()) for table, own in zip(tables, rows, strict=True)]
    return fingerprint.of_text(ds.enterprise_years, years, said)
