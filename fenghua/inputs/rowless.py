"""The dataset of a public run: no enterprise can be reached from it (公开运行的数据).

Answers: what public pages and notebooks may read. Refuses: every look at single enterprises.
"""

import os
from dataclasses import replace
from typing import Any, Final, NoReturn, TypeVar

from fenghua.inputs.vocabulary import PlanData

Data = TypeVar("Data", bound=PlanData)
# Set for the processes that make public pages, so that any notebook run there gets no rows.
VARIABLE: Final = "FENGHUA_AUDIENCE"
WITHHELD: Final = ("enterprises", "parks", "adjustments")


class WithheldError(LookupError):
    """A public page or notebook asked for single enterprises."""


class Rowless:
    """Stands where a table of single enterprises would; it holds none of them."""

    def __init__(self, name: str) -> None:
        self._name = name

    def _refuse(self, *_: object) -> NoReturn:
        raise WithheldError(
            f"ds.{self._name} is not there in a public run: single enterprises are confidential."
            " Use edition.read(ds, year), or choose audience internal"
        )

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # what copying, pickling and showing ask for
            raise AttributeError(attribute)
        self._refuse()

    __getitem__ = __len__ = __iter__ = _refuse

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rowless) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash(self._name)

    def __repr__(self) -> str:
        return f"<{self._name}: not in a public run>"


def public(ds: Data) -> Data:
    """Return the dataset without single enterprises, parks and decisions on enterprises.

    Figures of a part of the district (``<area>-qs``) stay only where a published source gives
    them; notes on cells of enterprises go too, since they name them.
    """
    published = ds.sources.loc[ds.sources["kind"] == "published", "source_id"]
    is_part = ds.observations["area_code"].astype(str).str.startswith(f"{ds.plan['area_code']}-")
    seen = ds.observations[~is_part | ds.observations["source_id"].isin(published)]
    nothing: dict[str, Any] = {name: Rowless(name) for name in WITHHELD}
    nothing |= {"editions": ds.editions.assign(rows=""), "warnings": ()}
    return replace(ds, observations=seen.reset_index(drop=True), **nothing)


def is_public(ds: PlanData) -> bool:
    """Say whether no enterprise can be reached from a dataset."""
    return isinstance(ds.enterprises, Rowless)


def is_public_run() -> bool:
    """Say whether this process makes public pages."""
    return os.environ.get(VARIABLE) == "public"


def set_audience(audience: str | None) -> None:
    """Let this process, and those it starts, make pages for an audience; None changes nothing."""
    if audience is not None:
        os.environ[VARIABLE] = audience
