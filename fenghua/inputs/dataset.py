"""Everything the methods need, read and checked in one go.

Answers: the registers and the actual figures as typed tables. Refuses: to return faulty ones.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from fenghua.inputs import checks, columns, headings, problems, sheets
from fenghua.inputs.headings import Table
from fenghua.inputs.problems import InputError, Problem

REGISTERS: Final = {
    "sources": "plan/sources.csv",
    "plan": "plan/plan.csv",
    "lead_units": "plan/lead_units.csv",
    "indicators": "plan/indicators.csv",
    "targets": "plan/targets.csv",
    "policy_rules": "plan/policy_rules.csv",
    "parameters": "reference/parameters.csv",
    "status_cutoffs": "reference/status_cutoffs.csv",
    "towns": "reference/towns.csv",
    "town_code_crosswalk": "reference/town_code_crosswalk.csv",
    "benchmarks": "reference/benchmarks.csv",
    "column_names": "reference/column_names.csv",
}
SCHEMES: Final = "reference/schemes"
FILES: Final = {"grade_adjustments": "adjustments"}
IGNORED: Final = (".md", ".geojson", ".yaml", ".yml")


@dataclass(frozen=True)
class Dataset:
    """The plan's register, the reference tables and the actual figures."""

    indicators: pd.DataFrame
    targets: pd.DataFrame
    observations: pd.DataFrame
    enterprises: pd.DataFrame
    parks: pd.DataFrame
    town_reports: pd.DataFrame
    town_tasks: pd.DataFrame
    towns: pd.DataFrame
    lead_units: pd.DataFrame
    sources: pd.DataFrame
    policy_rules: pd.DataFrame
    benchmarks: pd.DataFrame
    adjustments: pd.DataFrame
    schemes: dict[str, dict[str, Any]]
    parameters: dict[str, float]
    plan: dict[str, Any]
    is_synthetic: bool
    data_dir: Path
    actuals_dir: Path
    warnings: tuple[Problem, ...] = ()


def load(data: str | Path = "data/raw", actuals: str | Path | None = None) -> Dataset:
    """Return all inputs, or refuse them with every problem at once.

    Parameters
    ----------
    data : path
        The folder with ``plan`` and ``reference``; a relative one is also looked for above the
        working folder, so that notebooks find it.
    actuals : path, optional
        A folder (or one file) of actual figures; by default ``data/actuals`` if it holds any
        table, else the synthetic ``data/demo``.

    Raises
    ------
    InputError
        When anything is wrong; its ``problems`` say where, what and what to do.
    """
    dataset, found = _read(data, actuals)
    errors = [problem for problem in found if problem.severity == "error"]
    if errors or dataset is None:
        raise InputError(errors)
    return dataset


def check(data: str | Path = "data/raw", actuals: str | Path | None = None) -> list[Problem]:
    """Return every problem of the inputs, errors and warnings, and change nothing."""
    return _read(data, actuals)[1]


def _read(data: str | Path, actuals: str | Path | None) -> tuple[Dataset | None, list[Problem]]:
    folder = _located(Path(data))
    found: list[Problem] = []
    registers = {name: _register(folder, name, path, found) for name, path in REGISTERS.items()}
    frames = {name: table.frame for name, table in registers.items()}
    for table in registers.values():
        found += checks.table(table, frames) + checks.order(table) + checks.duplicates([table])
    schemes = _schemes(folder / SCHEMES, found)
    place = _actuals_place(folder, actuals)
    tables = _actual_tables(place, folder, frames, found)
    for name, reads in tables.items():
        for table in reads:
            found += table.problems + checks.table(table, frames)
        found += checks.duplicates(reads)
        frames[name] = _joined(name, reads)
    if any(problem.severity == "error" for problem in found):
        return None, found
    return _assembled(frames, schemes, folder, place, tuple(found)), found


def _located(folder: Path) -> Path:
    if folder.is_absolute() or folder.is_dir():
        return folder
    here = Path.cwd()
    above = (parent / folder for parent in here.parents)
    return next((place for place in above if place.is_dir()), folder)


def _register(folder: Path, name: str, path: str, found: list[Problem]) -> Table:
    shown = f"{folder.name}/{path}"
    blank = Table(name, shown, "", checks.empty(name), pd.Index([]).to_numpy(), {})
    if not (folder / path).exists() and name in ("column_names", "town_code_crosswalk"):
        return blank
    try:
        sheet = sheets.read(folder / path, shown=shown)[0]
    except InputError as error:
        found += error.problems
        return blank
    header = [str(cell).strip() for cell in sheet.rows[0]]
    lines = [i for i, row in enumerate(sheet.rows) if i and any(cell != "" for cell in row)]
    for i in lines:
        if len(sheet.rows[i]) != len(header):
            found.append(
                problems.make(
                    "row_width", shown, row=i + 1, found=len(sheet.rows[i]), expected=len(header)
                )
            )
    places = {column: (i, column) for i, column in enumerate(header) if column}
    table = headings.typed(name, sheet, places, lines)
    found += checks.missing_columns(table) + table.problems
    return table


def _schemes(folder: Path, found: list[Problem]) -> dict[str, dict[str, Any]]:
    import yaml

    schemes = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            schemes[path.stem] = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            row = mark.line + 1 if mark else None
            reason = getattr(error, "problem", "") or "encoding"
            found.append(problems.make("yaml_syntax", path.name, row=row, found=reason))
    return schemes


def _data_files(place: Path) -> list[Path]:
    if not place.is_dir():
        return [place]
    return sorted(
        path
        for path in place.iterdir()
        if not path.name.startswith((".", "~$")) and path.suffix.lower() not in IGNORED
    )


def _actuals_place(folder: Path, actuals: str | Path | None) -> Path:
    if actuals is not None:
        return _located(Path(actuals))
    own = folder / "actuals"
    return own if own.is_dir() and _data_files(own) else folder / "demo"


def _actual_tables(
    place: Path, folder: Path, frames: dict[str, pd.DataFrame], found: list[Problem]
) -> dict[str, list[Table]]:
    tables: dict[str, list[Table]] = {name: [] for name in columns.USER_TABLES}
    for path in _data_files(place):
        try:
            for sheet in sheets.read(path):
                name = FILES.get(path.stem, path.stem)
                if name in tables and sheet.rows:
                    places = {
                        str(c).strip(): (i, str(c)) for i, c in enumerate(sheet.rows[0]) if c != ""
                    }
                    lines = [
                        i for i, row in enumerate(sheet.rows) if i and any(c != "" for c in row)
                    ]
                    table = headings.typed(name, sheet, places, lines)
                    found += checks.missing_columns(table)
                    tables[name].append(table)
        except InputError as error:
            found += error.problems
    return tables


def _joined(name: str, reads: list[Table]) -> pd.DataFrame:
    full = [read.frame for read in reads if len(read.frame)]
    joined = pd.concat(full, ignore_index=True) if full else checks.empty(name)
    return joined.drop(columns="_unit", errors="ignore")


def _assembled(
    frames: dict[str, pd.DataFrame],
    schemes: dict[str, dict[str, Any]],
    folder: Path,
    place: Path,
    warnings: tuple[Problem, ...],
) -> Dataset:
    about = frames["indicators"][["indicator_id", "kind", "start", "direction", "is_count"]]
    cutoffs = frames["status_cutoffs"].filter(regex="_min$").iloc[0].astype(float)
    parameters = frames["parameters"].set_index("parameter_id")["value"].to_dict()
    parameters |= {f"status_{name}": float(value) for name, value in cutoffs.items()}
    synthetic = frames["sources"].query("kind == 'synthetic'")["source_id"]
    actual = {name: frames[name] for name in columns.USER_TABLES}
    marked = any(
        frame.get("source_id", pd.Series()).isin(synthetic).any() for frame in actual.values()
    )
    return Dataset(
        **{name: frames[name] for name in ("indicators", "observations", "enterprises", "parks")},
        **{name: frames[name] for name in ("town_reports", "town_tasks", "towns", "lead_units")},
        **{name: frames[name] for name in ("sources", "policy_rules", "benchmarks", "adjustments")},
        targets=frames["targets"].merge(
            about, on="indicator_id", how="left", validate="many_to_one"
        ),
        schemes=schemes,
        parameters=parameters,
        plan=frames["plan"].iloc[0].to_dict(),
        is_synthetic=marked or place == folder / "demo",
        data_dir=folder,
        actuals_dir=place,
        warnings=warnings,
    )
