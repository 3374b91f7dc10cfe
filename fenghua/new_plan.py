"""A folder for another plan (新方案登记表): empty registers, their guide, the methods' constants.

Answers: what to fill in, and how to the first page. Refuses: to touch a folder that holds anything.
"""

from pathlib import Path
from typing import Final

import pandas as pd
import yaml

from fenghua import shipped
from fenghua.inputs import columns, places
from fenghua.inputs import registers as known

# What belongs to the methods is taken over with its sources; the rest belongs to the plan.
# Industries are constants of a national standard.
METHODS: Final = ("parameters", "status_cutoffs", "benchmarks", "column_names", "industries")
TEMPLATE: Final = "data/templates/new_plan"
_RAW: Final = "data/raw"


def write(directory: str | Path, *, registers: Path) -> list[Path]:
    """Write a folder for another plan, whole or not at all, and return its files in order.

    Parameters
    ----------
    directory : path
        A folder that does not exist yet, or is empty.
    registers : Path
        Where the constants of the methods are taken over from.

    Raises
    ------
    FileExistsError
        As `shipped.new_folder`.
    FileNotFoundError
        When ``registers`` has none.
    """
    if not (registers / known.REGISTERS["plan"]).is_file():
        raise FileNotFoundError(
            f"{registers} has no {known.REGISTERS['plan']}; give a folder that has with --data"
        )
    with shipped.new_folder(directory) as place:
        shipped.copy(places.shipped(TEMPLATE), place)
        _take_over(registers, place / _RAW)
    return shipped.listed(directory)


def _take_over(registers: Path, folder: Path) -> None:
    """Copy the constants of the methods and the schemes of others, with the sources they cite."""
    cited: set[str] = set()
    for name in METHODS:
        path = known.REGISTERS[name]
        if not (registers / path).is_file():
            continue
        table = _table(registers / path)
        if name == "column_names":
            table = _anyones(table)
        cited |= set(table.get("source_id", ()))
        _put(table, folder / path)
    for scheme in sorted((registers / known.SCHEMES).glob("*.yaml")):
        if not scheme.stem.endswith("default"):  # a plan's own default stays behind
            text = scheme.read_text(encoding="utf-8")
            cited |= set(yaml.safe_load(text)["source_ids"])
            (folder / known.SCHEMES).mkdir(parents=True, exist_ok=True)
            (folder / known.SCHEMES / scheme.name).write_text(text, "utf-8", newline="\n")
    sources = _table(registers / known.REGISTERS["sources"])
    _put(sources[sources["source_id"].isin(cited)], folder / known.REGISTERS["sources"])


def _anyones(words: pd.DataFrame) -> pd.DataFrame:
    """Return the spellings of headings and of closed lists; those of ids are a plan's own."""
    closed = [(column.table, column.name) for column in columns.schema().columns if column.choices]
    is_closed = pd.MultiIndex.from_frame(words[["table", "column"]]).isin(closed)
    return words[(words["value"] == "") | is_closed]


def _table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


def _put(table: pd.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
