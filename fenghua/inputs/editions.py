"""Where public editions are kept, read and written (公布版存放).

Answers: what was published of a year, and whether the enterprises have changed since.
Refuses: to write over an edition, or to read one that is damaged.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from fenghua.inputs import places
from fenghua.inputs.places import RECORD

FIGURES: Final = "figures.csv"
ROWS: Final = "rows.csv"
COLUMNS: Final = ("table", "key", "measure", "n", "printed", "half", "reason")
TEXTS: Final = ("table", "key", "measure", "reason")
NUMBERS: Final = ("_mu", "_wan", "_tce", "employees")  # endings of the columns that are amounts
RECORDS: Final = (
    "year",
    "revision",
    "area_code",
    "plan_id",
    "is_synthetic",
    "figures_of",
    "scheme",
    "basis",
    "rules",
    "scope",
    "rows",
    "is_current",
)
_HASHED_CODES: Final = ("enterprise_id", "town_code", "zone_code", "industry_code")
_HASHED_AMOUNTS: Final = (
    "is_district_owned",
    "land_mu",
    "tax_wan",
    "value_added_wan",
    "revenue_wan",
    "rd_wan",
    "employees",
    "energy_tce",
)


def read(data: Path, actuals: Path, enterprises: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the records (one row an edition) and the figures of the editions that stand.

    Raises
    ------
    ValueError
        A file is missing or cannot be read.
    """
    home, inside = (places.editions(data, actuals, internal=kept) for kept in (False, True))
    records, figures = [], []
    for year in places.edition_years(home):
        record = read_record(home / str(year))
        if not record["rows"] and (inside / str(year) / RECORD).is_file():
            record["rows"] = read_record(inside / str(year))["rows"]
        # Where the enterprises behind it are not kept, nothing is known of a change.
        is_current = record["rows"] in ("", of_rows(enterprises, year))
        records.append({**record, "is_current": is_current})
        figures.append(read_figures(home / str(year)).assign(year=year))
    if not records:
        return empty()
    return (
        pd.DataFrame(records, columns=list(RECORDS)),
        pd.concat(figures, ignore_index=True)[["year", *COLUMNS]],
    )


def empty() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the records and figures of no edition."""
    return pd.DataFrame(columns=list(RECORDS)), pd.DataFrame(columns=["year", *COLUMNS])


def of_rows(enterprises: pd.DataFrame, year: int) -> str:
    """Return the fingerprint of what an edition takes of a year's enterprises."""
    own = enterprises.loc[enterprises["year"] == year, [*_HASHED_CODES, *_HASHED_AMOUNTS]]
    own = own.sort_values("enterprise_id", kind="stable")
    whole = hashlib.sha256()
    for name in _HASHED_CODES:
        whole.update("\x1f".join(own[name].fillna("").astype(str).tolist()).encode())
    for name in _HASHED_AMOUNTS:
        whole.update(own[name].to_numpy(dtype=float, na_value=np.nan).astype("<f8").tobytes())
    return whole.hexdigest()


def read_record(place: Path) -> dict[str, Any]:
    """Return what is recorded of one edition."""
    try:
        record = json.loads((place / RECORD).read_text(encoding="utf-8"))
        return {name: record[name] for name in RECORDS if name != "is_current"}
    except (OSError, ValueError, KeyError) as error:
        raise _damaged(place / RECORD, error) from None


def read_figures(place: Path) -> pd.DataFrame:
    """Return the printed figures of one edition."""
    try:
        figures = pd.read_csv(
            place / FIGURES,
            dtype=dict.fromkeys(TEXTS, str),
            keep_default_na=False,
            na_values={name: [""] for name in ("n", "printed", "half")},
        )
        return figures[list(COLUMNS)]
    except (OSError, ValueError, KeyError) as error:
        raise _damaged(place / FIGURES, error) from None


def read_rows(place: Path) -> pd.DataFrame | None:
    """Return the enterprises kept with an edition, or None where they were not kept here."""
    path = place / ROWS
    if not path.is_file():
        return None
    names = pd.read_csv(path, nrows=0).columns
    numbers = [name for name in names if name.endswith(NUMBERS)]
    kinds = {name: "bool" if name.startswith("is_") else "str" for name in names}
    return pd.read_csv(
        path,
        dtype=kinds | dict.fromkeys(numbers, "float64"),
        keep_default_na=False,
        na_values={name: [""] for name in numbers},
    )


def write(
    place: Path, inside: Path, figures: pd.DataFrame, record: Mapping[str, Any], rows: pd.DataFrame
) -> None:
    """Write an edition and, apart, the enterprises behind it; a revised one moves aside.

    All is on the disk before the old one moves: a full disk leaves that as it was. The record
    comes last: a folder without it is no edition. The fingerprint of the rows stays with the rows,
    unless they are made up: it would tell whoever knows all but one.

    Raises
    ------
    ValueError
        There is an edition, or what a revision that was cut short has left of one.
    """
    revision = int(record["revision"])
    if not revision and (place / RECORD).exists():
        raise ValueError(f"{place}: there is an edition already; it is written once")
    if not revision and (old := superseded(place)):  # readers know it: a new one is held against it
        raise ValueError(
            f"{place}: a revision of this edition was cut short; put what {old[-1].name} holds,"
            f" here and in {inside}, back in its place, remove that folder, then use --revise"
        )
    table = figures.sort_values(["table", "key", "measure"], kind="stable")[list(COLUMNS)]
    whole = {"index": False, "lineterminator": "\n", "float_format": "%.12g"}  # 5.0 is 5
    texts = {
        inside / ROWS: rows.to_csv(index=False, lineterminator="\n"),
        place / FIGURES: table.to_csv(**whole),
        inside / RECORD: _told(record),
        place / RECORD: _told(record if record["is_synthetic"] else {**record, "rows": ""}),
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _part(path).write_text(text, encoding="utf-8", newline="\n")
    if revision:
        for kept in (place, inside):
            _moved_aside(kept, revision)
    for path in texts:
        _part(path).replace(path)


def superseded(place: Path) -> list[Path]:
    """Return the folders of the versions of an edition that a revision replaced, oldest first."""
    found = place.glob("superseded-*") if place.is_dir() else ()
    return sorted(found, key=lambda path: int(path.name.rpartition("-")[2]))


def _moved_aside(place: Path, revision: int) -> None:
    aside = place / f"superseded-{revision}"
    aside.mkdir(parents=True)
    for name in (RECORD, FIGURES, ROWS):
        if (place / name).exists():
            (place / name).replace(aside / name)


def _told(record: Mapping[str, Any]) -> str:
    return json.dumps(dict(record), indent=1, sort_keys=True) + "\n"


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _damaged(path: Path, error: Exception) -> ValueError:
    return ValueError(
        f"{path}: the public edition cannot be read ({type(error).__name__}); restore the file as"
        " it was published: an edition is kept, not made again"
    )
