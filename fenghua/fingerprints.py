"""What a page is made from, in a few letters (数据指纹).

Answers: whether two pages stood on the same data and code. Refuses: a fingerprint of enterprises
on a public page, which shows none.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from briefpress import fingerprint
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
    methods = fingerprint.files(places.shipped("data/raw/reference"))  # what a plan leaves out
    code = (fingerprint.of_files({path.name: path for path in methods}), fingerprint.of_code(PRESS))
    return fingerprint.of_text(_of_data(ds), *code)


def of_dataset(ds: "Dataset") -> str:
    """Return the short fingerprint of loaded data that a page prints (数据指纹)."""
    return _of_data(ds)[:SHOWN_DIGITS]


def _of_data(ds: "Dataset") -> str:
    from fenghua import data_state  # it needs pandas; a run with nothing to do does not

    return data_state.of_data(ds)
