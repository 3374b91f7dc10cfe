"""The actual figures that a public page can read: all but those of single enterprises.

Answers: whether they are still the same. Refuses: to look at a table of enterprises.
"""

from briefpress import fingerprint
from fenghua.analysis.shared import once
from fenghua.inputs import columns, rowless
from fenghua.inputs.dataset import Dataset


@once
def state(ds: Dataset) -> str:
    """Return the fingerprint of these tables, computed once for all pages of a run."""
    names = [name for name in columns.USER_TABLES if name not in rowless.WITHHELD]
    years = ds.editions[["year", "is_current"]].to_csv(index=False)
    tables = [getattr(ds, name).to_csv(index=False) for name in names]
    return fingerprint.of_text(ds.enterprise_years, years, *tables)
