"""What a page is made from, in a few letters (数据指纹).

Answers: whether two pages stood on the same data and code. Refuses: a fingerprint of enterprises
on a public page, which shows none.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from briefpress import fingerprint
from fenghua import shipped
from fenghua.house import PRESS
from fenghua.inputs import places, rowless

if TYPE_CHECKING:
    from fenghua.inputs.dataset import Dataset

SHOWN_DIGITS: Final = 12


def key_of(data: Path, actuals: Path) -> str:
    """Return what tells whether the files of the inputs are still those that were read."""
    state = places.state(data, actuals)
    return fingerprint.of_text(rowless.is_public_run(), state, fingerprint.of_code(PRESS))


def made_from(ds: "Dataset") -> str:
    """Return the fingerprint of all that pages are made from, but for their notebooks."""
    methods = fingerprint.files(shipped.place("data/raw/reference"))  # what a plan leaves out
    code = (fingerprint.of_files({path.name: path for path in methods}), fingerprint.of_code(PRESS))
    return fingerprint.of_text(of_data(ds), *code)


def of_data(ds: "Dataset") -> str:
    """Return the fingerprint of what a page of these data reads (数据指纹).

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
        from fenghua import public_tables  # it needs pandas; a run with nothing to do does not

        return fingerprint.of_text(fingerprint.of_files(named), public_tables.state(ds))
    for path in fingerprint.files(actuals) if actuals.is_dir() else [actuals] * actuals.exists():
        inside = path.relative_to(actuals).as_posix() if actuals.is_dir() else path.name
        named[f"actuals/{inside}"] = path
    return fingerprint.of_files(named)


def of_dataset(ds: "Dataset") -> str:
    """Return the short fingerprint of loaded data that a page prints (数据指纹)."""
    return of_data(ds)[:SHOWN_DIGITS]
