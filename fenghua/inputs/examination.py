"""Reading and checking of all inputs of a plan: its registers, then its actual figures.

Answers: all tables, and every problem on the way to them. Refuses: any where one has an error.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from fenghua.inputs import columns, editions, places, registers, sense
from fenghua.inputs.actuals import consistency, intake, questions
from tidysheets import checks, problems
from tidysheets.problems import Problem
from tidysheets.schema import Schema
from tidysheets.tables import Table


def examined(data: str | Path, actuals: str | Path | None) -> tuple[dict[str, Any], list[Problem]]:
    """Return all inputs by name, nothing where there are errors, and every problem of them."""
    found: list[Problem] = []
    try:
        return _examined(places.located(Path(data)), actuals, found)
    except OSError as error:  # what this user may not look into
        return {}, [*found, problems.make("file_unreadable", error.filename)]


def _examined(
    folder: Path, actuals: str | Path | None, found: list[Problem]
) -> tuple[dict[str, Any], list[Problem]]:
    schema = columns.schema()
    own = registers.read(folder, schema, found)
    frames = {name: read.frame for name, read in own.items()}
    for read in own.values():
        found += checks.table(read, frames) + checks.duplicates([read])
        if read.name not in registers.AS_IN_PLAN or "order" in read.frame:
            found += checks.order(read)
    for name in registers.CONSTANTS:
        frames[name] = registers.constants(name, frames[name], schema)
    found += sense.plan(own)
    schemes = registers.schemes(folder, schema, found)
    if any(problem.severity == "error" for problem in found):
        return {}, found
    place = places.actuals(folder, actuals)
    area = frames["plan"]["area_code"].iloc[0]
    schema = replace(schema, words=tuple(columns.words(frames["column_names"])))
    if places.is_waiting(place, folder):
        waiting = problems.make("no_actuals", place.name, said=schema.sentences)
        tables, problems_of_files = {}, [waiting]
    else:
        tables, problems_of_files = intake.read(place, frames, area, schema)
    found += problems_of_files
    for name in columns.USER_TABLES:
        reads = tables.get(name, [])
        for read in reads:
            found += checked(read, frames)
        found += checks.duplicates(reads)
        found += questions.check(reads, frames, date.today())
        frames[name] = _joined(name, reads, schema)
    found += consistency.check(tables)
    found = list(dict.fromkeys(found))
    if any(problem.severity == "error" for problem in found):
        return {}, found
    return _assembled(frames, schemes, folder, place, tuple(found)), found


def checked(read: Table, frames: dict[str, pd.DataFrame]) -> list[Problem]:
    """Return every problem of one table of actual figures, its cells' and its figures'."""
    read.problems.extend(checks.table(read, frames))
    return read.problems + sense.check(read, frames, date.today())


def _joined(name: str, reads: list[Table], schema: Schema) -> pd.DataFrame:
    full = [read.frame for read in reads if len(read.frame)]
    return pd.concat(full, ignore_index=True) if full else columns.empty(name, schema)


def _assembled(
    frames: dict[str, pd.DataFrame],
    schemes: dict[str, dict[str, Any]],
    folder: Path,
    place: Path,
    warnings: tuple[Problem, ...],
) -> dict[str, Any]:
    frames = registers.as_meant(frames)
    about = frames["indicators"][["indicator_id", "kind", "start", "direction", "is_count"]]
    cutoffs = frames["status_cutoffs"].filter(regex="_min$").iloc[0]
    values = frames["parameters"].set_index("parameter_id")["value"]
    synthetic = frames["sources"].query("kind == 'synthetic'")["source_id"]
    marked = any(frames[name]["source_id"].isin(synthetic).any() for name in columns.USER_TABLES)
    firms = frames["enterprises"]
    records, printed = editions.read(folder, place, firms)
    plan = frames["plan"].iloc[0].items()
    return frames | {
        "enterprise_years": tuple(
            sorted(int(y) for y in firms["year"][sense.counted(firms)].unique())
        ),
        "editions": records,
        "edition_figures": printed,
        "targets": frames["targets"].merge(about, on="indicator_id", how="left"),
        "schemes": schemes,
        "parameters": values.to_dict() | {f"status_{n}": float(v) for n, v in cutoffs.items()},
        "plan": {key: getattr(value, "item", lambda v=value: v)() for key, value in plan},
        "is_synthetic": marked or place == folder / "demo",
        "data_dir": folder,
        "actuals_dir": place,
        "warnings": warnings,
    }
