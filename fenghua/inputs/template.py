"""The workbook that this plan's users fill in.

Answers: which tables it has, what its drop-downs offer. Refuses: to hold figures.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from fenghua.inputs import columns, records
from fenghua.inputs.actuals import names
from fenghua.inputs.dataset import Dataset, load
from tidysheets import form
from tidysheets.schema import Column, Schema
from tidysheets.units import key

Words = Mapping[str, Mapping[str, str]]  # by column, what each of its values is called
_ENGLISH: Final = {
    "observations": "Observations",
    "enterprises": "Enterprises",
    "town_reports": "Town reports",
    "town_tasks": "Town tasks",
    "adjustments": "Adjustments",
}
SHEETS: Final = {
    "zh-Hans": {table: str(columns.CALLED[table]) for table in _ENGLISH},
    "en": _ENGLISH,
}


def write(
    path: str | Path, data: Dataset | str | Path = "data/raw", *, lang: str = "zh-Hans"
) -> Path:
    """Write the input workbook (填报模板) and return its path.

    Parameters
    ----------
    path : path
        The .xlsx file to write.
    data : Dataset or path
        Where the drop-downs take indicators, towns and sources from.
    lang : str
        ``en`` gives English headings, anything else Chinese.
    """
    with tempfile.TemporaryDirectory() as none:  # faulty figures must not keep the form away
        ds = data if isinstance(data, Dataset) else load(data, none)
    lang, spoken = ("en", "en") if lang == "en" else ("zh-Hans", "zh_hans")
    named = _indicator_words(ds, f"name_{spoken}")
    towns = ds.towns.set_index("town_code")[f"name_{spoken}"].to_dict()
    closed = _closed_lists(spoken)
    choices = {
        "indicators.indicator_id": list(named.values()),
        "towns.town_code": list(towns.values()),
        "sources.source_id": ds.sources["source_id"].tolist(),
    } | {name: list(words.values()) for name, words in closed.items()}
    units = ds.indicators.set_index("indicator_id")["unit"]
    begun = [{"indicator_id": word, "unit": units[code]} for code, word in named.items()]
    called = {"indicator_id": named, "town_code": towns}
    return form.write(
        path,
        _exemplified(columns.schema(), called, closed, ds.plan["area_code"], units),
        SHEETS[lang],
        choices,
        begun={"observations": begun},
        lang=lang,
    )


def _indicator_words(ds: Dataset, named: str) -> dict[str, str]:
    """Return what each indicator is called; by its code where its name means another one."""
    meant = names.indicators(ds.indicators)
    return {
        code: name if meant.get(key(name)) == code else code
        for code, name in zip(ds.indicators["indicator_id"], ds.indicators[named], strict=True)
    }


def _exemplified(
    schema: Schema, called: Words, closed: Words, area: str, units: pd.Series
) -> Schema:
    """Return a schema whose examples are of this plan, in the words that the drop-downs offer."""
    shown = schema.tables["observations"]["indicator_id"].example
    own = {"area_code": area, "unit": units.get(shown, next(iter(units), ""))}

    def example(column: Column) -> str:
        if column.name in called:  # another plan has other ones: its first
            named = called[column.name]
            return named.get(column.example, next(iter(named.values()), ""))
        told = closed.get(column.name, {}).get(column.example, column.example)
        return own.get(column.name, told)

    own_columns = [
        replace(column, example=example(column)) if column.example else column
        for column in schema.columns
    ]
    return replace(schema, columns=tuple(own_columns))


def _closed_lists(spoken: str) -> dict[str, dict[str, str]]:
    """Return what the values of each closed list are called."""
    found: dict[str, dict[str, str]] = {}
    for line in records.beside("fenghua.inputs", "choices.csv"):
        found.setdefault(line["column"], {})[line["value"]] = line[spoken]
    return found
