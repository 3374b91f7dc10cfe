"""How indicators, towns and the area are called in the files of users.

Answers: the words for each, from the registers; offices that stand for their town. Refuses: names
that mean two things.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd

from tidysheets import tables
from tidysheets.schema import ANY_TABLE, Word
from tidysheets.tables import Table
from tidysheets.units import key

_OFFICES: Final = ("人民政府", "政府", "办事处", "街办", "管委会")
_KINDS: Final = ("", "town", "subdistrict")


def words(frames: dict[str, pd.DataFrame]) -> Iterator[Word]:
    """Yield the ways of writing indicators, towns and the area itself, from their registers."""
    for row in frames["plan"].itertuples():
        for name in (row.area_name_zh_hans, row.area_name_zh_hant, row.area_name_en):
            yield Word("observations", "area_code", row.area_code, name)
    indicator, town = indicators(frames["indicators"]), _towns(frames["towns"])
    for register, column, known in (
        ("indicators", "indicator_id", indicator),
        ("towns", "town_code", town),
    ):
        for written in (*frames[register]["name_zh_hans"], *frames[register]["name_en"], *known):
            if meant := known.get(key(written)):
                yield Word(ANY_TABLE, column, meant, written)


def areas(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield the comparable names of the area of the plan."""
    for row in frames["plan"].itertuples():
        yield from map(key, (row.area_name_zh_hans, row.area_name_en))


def indicators(register: pd.DataFrame) -> dict[str, str]:
    """Return ids by name; a name that several share means the one in Table 1, or else nothing."""
    meant: dict[str, set[str]] = {}
    headline: dict[str, str] = {}
    for row in register.itertuples():
        for name in (row.name_zh_hans, row.name_zh_hant, row.name_en):
            for written in (key(name), key(f"{name}({row.unit})")):
                meant.setdefault(written, set()).add(row.indicator_id)
                if not np.isnan(row.row_number):
                    headline[written] = row.indicator_id
        if not np.isnan(row.row_number):
            headline[f"{row.row_number:g}"] = row.indicator_id
    return {name: next(iter(ids)) for name, ids in meant.items() if len(ids) == 1} | headline


def _towns(towns: pd.DataFrame) -> dict[str, str]:
    """Return codes by name; a name that two towns may be called by means neither."""
    meant: dict[str, set[str]] = {}
    for row in towns.itertuples():
        short = row.name_zh_hans.removesuffix("街道").removesuffix("镇")
        whole = (row.name_zh_hans, row.name_zh_hant, row.name_en, getattr(row, "code_12", ""))
        for name in {*map(key, (*whole, short))} - {""}:
            meant.setdefault(name, set()).add(row.town_code)
    return {name: next(iter(codes)) for name, codes in meant.items() if len(codes) == 1}


def longer(frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return the names of towns by their offices', and by those behind the areas they lie in."""
    own = [key(name) for name in frames["plan"]["area_name_zh_hans"]]
    above = {key(name) for name in frames["parent_targets"]["area_name_zh_hans"]}
    before = ["", *own, *(parent + name for parent in above for name in own)]
    named = [key(name) for name in frames["towns"]["name_zh_hans"]]
    every = itertools.product(before, named, ["", *_OFFICES])
    return {area + name + office: name for area, name, office in every if area or office}


def read_offices(table: Table, frames: Mapping[str, pd.DataFrame]) -> None:
    """Take a town's office, or its name behind that of the area, for the town: 奉化区溪口.

    Of cells in rows, which may shorten the name; `longer` is of headings. In a title such a name
    is of whoever filled in the form.
    """
    known = table.schema.meanings[table.name].get("town_code", {})
    above = [key(name) for name in frames["plan"]["area_name_zh_hans"]]
    meant: dict[str, str] = {}
    for value in set(table.frame["town_code"].unique()) - {*known.values(), ""}:
        bare = key(str(value))
        for name in above:
            bare = bare.rpartition(name)[2]
        for office in _OFFICES:
            bare = bare.removesuffix(office)
        found = {known[bare + kind] for kind in _KINDS if bare + kind in known}
        meant |= {key(str(value)): found.pop()} if len(found) == 1 else {}
    if meant:
        tables.rename(table, "town_code", meant)
