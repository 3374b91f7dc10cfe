"""The workbook that this plan's users fill in.

Answers: which tables it has, what its drop-downs offer. Refuses: to hold figures.
"""

import csv
import tempfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Final

from fenghua.inputs import columns, names
from fenghua.inputs.dataset import Dataset, load
from tidysheets import form
from tidysheets.schema import Column, Schema
from tidysheets.units import key

SHEETS: Final = {
    "zh-Hans": {
        "observations": "指标数据",
        "enterprises": "企业",
        "town_reports": "镇街完成情况",
        "town_tasks": "镇街任务",
        "adjustments": "等级调整",
    },
    "en": {
        "observations": "Observations",
        "enterprises": "Enterprises",
        "town_reports": "Town reports",
        "town_tasks": "Town tasks",
        "adjustments": "Adjustments",
    },
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
    lang = "en" if lang == "en" else "zh-Hans"
    named = _indicator_words(ds, lang)
    towns = ds.towns["name_en" if lang == "en" else "name_zh_hans"]
    choices = {
        "indicators.indicator_id": list(named.values()),
        "towns.town_code": towns.tolist(),
        "sources.source_id": ds.sources["source_id"].tolist(),
    } | {name: [*words.values()] for name, words in _closed_lists(lang).items()}
    units = ds.indicators.set_index("indicator_id")["unit"]
    begun = [{"indicator_id": word, "unit": units[code]} for code, word in named.items()]
    return form.write(
        path,
        _exemplified(columns.schema(), ds, lang),
        SHEETS[lang],
        choices,
        begun={"observations": begun},
        lang=lang,
    )


def _indicator_words(ds: Dataset, lang: str) -> dict[str, str]:
    """Return what each indicator is called; by its code where its name means another one."""
    meant = names.indicators(ds.indicators)
    called = ds.indicators["name_en" if lang == "en" else "name_zh_hans"]
    return {
        code: name if meant.get(key(name)) == code else code
        for code, name in zip(ds.indicators["indicator_id"], called, strict=True)
    }


def _exemplified(schema: Schema, ds: Dataset, lang: str) -> Schema:
    """Return a schema whose examples are of this plan, in the words that the drop-downs offer."""
    towns = ds.towns.set_index("town_code")["name_en" if lang == "en" else "name_zh_hans"]
    known = {"indicator_id": _indicator_words(ds, lang), "town_code": towns.to_dict()}
    shown = schema.tables["observations"]["indicator_id"].example
    units = ds.indicators.set_index("indicator_id")["unit"]
    unit = units.get(shown, next(iter(units), ""))
    own = {"area_code": ds.plan["area_code"], "unit": unit}
    words = _closed_lists(lang)

    def example(column: Column) -> str:
        if column.name in known:  # another plan has other ones: its first
            named = known[column.name]
            return named.get(column.example, next(iter(named.values()), ""))
        told = words.get(column.name, {}).get(column.example, column.example)
        return own.get(column.name, told)

    own_columns = [
        replace(column, example=example(column)) if column.example else column
        for column in schema.columns
    ]
    return replace(schema, columns=tuple(own_columns))


def _closed_lists(lang: str) -> dict[str, dict[str, str]]:
    """Return what the values of each closed list are called."""
    text = (files("fenghua.inputs") / "choices.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for line in csv.DictReader(text.splitlines()):
        word = line["en" if lang == "en" else "zh_hans"]
        found.setdefault(line["column"], {})[line["value"]] = word
    return found
