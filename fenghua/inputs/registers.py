"""The registers of a plan and its reference data: where each lies, and reading one (登记表).

Answers: what stands in a register, strictly typed. Refuses: other headings, rows of other widths.
"""

from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml

from fenghua.inputs import columns, places
from tidysheets import checks, files, problems, tables
from tidysheets.problems import InputError, Problem
from tidysheets.schema import Schema
from tidysheets.tables import Table

REGISTERS: Final = {
    "sources": "plan/sources.csv",
    "plan": "plan/plan.csv",
    "lead_units": "plan/lead_units.csv",
    "blocks": "plan/blocks.csv",
    "indicators": "plan/indicators.csv",
    "targets": "plan/targets.csv",
    "policy_rules": "plan/policy_rules.csv",
    "clause_units": "plan/clause_units.csv",
    "parent_targets": "plan/parent_targets.csv",
    "parameters": "reference/parameters.csv",
    "status_cutoffs": "reference/status_cutoffs.csv",
    "towns": "reference/towns.csv",
    "town_code_crosswalk": "reference/town_code_crosswalk.csv",
    "benchmarks": "reference/benchmarks.csv",
    "column_names": "reference/column_names.csv",
    "edition_exclusions": "reference/edition.csv",
    "industries": "reference/industries.csv",
}
SCHEMES: Final = "reference/schemes"
# Rows stand as the plan has them; a user adds sources to those of the methods.
AS_IN_PLAN: Final = ("blocks", "indicators", "sources", "targets")
REQUIRED: Final = ("sources", "plan", "indicators", "targets")
CONSTANTS: Final = ("parameters", "status_cutoffs")  # of the methods, where a plan sets no other
# What plans print in words, and the problem that says how it is entered.
ENTERED: Final = MappingProxyType(
    {
        ("indicators", "direction"): "direction_alone",
        ("targets", "year"): "target_year_alone",
        ("targets", "base_year"): "target_year_alone",
        ("targets", "value"): "target_figure_alone",
        ("targets", "value_high"): "target_figure_alone",
    }
)
_FROM_NOTHING: Final = ("growth", "reduction")  # kinds whose printed baseline is of another span
_NO_FIGURE: Final = ("cell_unit", "not_number", "not_whole")


def read(folder: Path, schema: Schema, found: list[Problem]) -> dict[str, Table]:
    """Return every register of a folder, and add their problems to ``found``."""
    near = places.near(folder)
    if not (folder / "plan").is_dir():
        code = "registers_elsewhere" if near else "registers_missing"
        found.append(problems.make(code, folder, near=near, said=schema.sentences))
        if near:
            return {name: _blank(name, "", schema) for name in REGISTERS}
    known = {name: register(folder, name, schema, found) for name in REGISTERS}
    found += _unknown_parameters(known["parameters"], schema)
    if known["blocks"].frame.empty:  # a plan without its own has those beside this module
        path = Path(__file__).with_name("blocks.csv")
        known["blocks"] = strict(path, "blocks", schema, found, shown=path.name)
    return known


def register(folder: Path, name: str, schema: Schema, found: list[Problem]) -> Table:
    """Read a register strictly: headings as in the register of columns, rows of equal width."""
    path = folder / REGISTERS[name]
    shown = f"{folder.name}/{REGISTERS[name]}"
    if name not in REQUIRED and not path.exists():
        return _blank(name, shown, schema)
    return strict(path, name, schema, found, shown=shown)


def _blank(name: str, shown: str, schema: Schema) -> Table:
    none = np.array([], dtype=int)
    return Table(name, shown, "", columns.empty(name, schema), none, {}, schema)


def strict(path: Path, name: str, schema: Schema, found: list[Problem], *, shown: str) -> Table:
    """Read one file as a register; what is wrong with it is added to ``found``."""
    try:
        sheet = files.read(path, shown=shown)[0]
    except InputError as error:
        found += error.problems
        return _blank(name, shown, schema)
    header = sheet.rows[0] if sheet.rows else []
    lines = [i for i, row in enumerate(sheet.rows) if i and any(row)]
    for i in lines:
        width = len(sheet.rows[i])
        if width != len(header):
            facts: dict[str, Any] = {"found": width, "expected": len(header)}
            found.append(problems.make("row_width", shown, row=i + 1, **facts))
    spots = {cell.strip(): (i, cell.strip()) for i, cell in enumerate(header) if cell.strip()}
    if len(spots) < len(header):
        found.append(problems.make("column_twice", shown, row=1, found=",".join(header)))
    table = tables.typed(name, sheet, spots, lines, schema)
    for column, meant in schema.meanings[name].items():
        if meant and column in spots:
            tables.rename(table, column, meant)
    found += checks.missing_columns(table)
    found += [_as_entered(problem, name, schema) for problem in table.problems]
    if not lines and name in REQUIRED:
        found.append(problems.make("register_empty", shown, said=schema.sentences))
    return table


def _as_entered(problem: Problem, name: str, schema: Schema) -> Problem:
    """Return a problem of a cell; of a target's words with how such a target is entered."""
    code = ENTERED.get((name, problem.column))
    if code is None or problem.code not in _NO_FIGURE:
        return problem
    where = {key: getattr(problem, key) for key in ("row", "column", "found", "address")}
    return problems.make(code, problem.file, said=schema.sentences, **where)


class _Unfolded(yaml.SafeLoader):
    """Reads YAML without aliases: ten lines of them unfold to more than memory holds."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose a node, or refuse an alias."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.composer.ComposerError(None, None, "an alias (*)", mark)
        return super().compose_node(parent, index)


def schemes(folder: Path, schema: Schema, found: list[Problem]) -> dict[str, dict[str, Any]]:
    """Return the rules of every evaluation scheme, by the name of its file."""
    read, home = {}, folder / SCHEMES
    there = home.iterdir() if home.is_dir() else ()  # glob is silent where it may not look
    for path in sorted(path for path in there if path.suffix == ".yaml"):
        shown = f"{folder.name}/{SCHEMES}/{path.name}"
        row: int | None = 1
        try:
            rules = yaml.load(path.read_text(encoding="utf-8"), Loader=_Unfolded)
            reason = "" if isinstance(rules, dict) else path.name
            read[path.stem] = rules
        except UnicodeDecodeError:
            reason = "encoding"
        except RecursionError:
            reason = "brackets within brackets"
        except ValueError as error:  # a date that is none, a number of endless digits
            reason = str(error)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or "encoding"
            row = mark.line + 1 if mark else None
        if reason:
            said = schema.sentences
            found.append(problems.make("yaml_syntax", shown, row=row, found=reason, said=said))
    return read


def constants(name: str, own: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Return a plan's constants of the methods, completed from the shipped register.

    A folder from before a method had a parameter needs no new row: it is worked out as shipped.
    """
    path = places.shipped(f"data/raw/{REGISTERS[name]}")
    shipped = strict(path, name, schema, [], shown=path.name).frame
    if own.empty or name != "parameters":
        return shipped if own.empty else own
    missing = shipped[~shipped["parameter_id"].isin(own["parameter_id"])]
    return pd.concat([own, missing], ignore_index=True)


def as_meant(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the registers with what a blank cell of indicators and targets means written out."""
    rows = frames["indicators"]
    begun = rows["kind"].isin(_FROM_NOTHING).map({True: "zero", False: "printed"})
    start = rows["start"].where(rows["start"] != "", begun)
    known = rows.assign(start=start, decimals=digits(rows, frames["targets"]))
    plain = {
        name: frames[name].assign(comparator=frames[name]["comparator"].replace("", "="))
        for name in ("targets", "parent_targets")
    }
    return frames | plain | {"indicators": known}


def digits(indicators: pd.DataFrame, targets: pd.DataFrame) -> pd.Series:
    """Return the ``decimals`` of each indicator; left blank, as many as its figures have.

    So that a target of 10.4 is never printed as 10. Missing where the plan gives no figure.
    """
    figures = targets.melt("indicator_id", ["value", "value_high"], value_name="figure")
    figures = figures.dropna(subset="figure")
    shown = figures["figure"].map(lambda v: max(0, -Decimal(str(v)).normalize().as_tuple()[2]))
    most = shown.groupby(figures["indicator_id"]).max()
    return indicators["decimals"].fillna(indicators["indicator_id"].map(most))


def _unknown_parameters(table: Table, schema: Schema) -> list[Problem]:
    """Return the rows of parameters that no method uses: a slip of the pen, most likely."""
    if "parameter_id" not in table.frame:
        return []
    known = set(constants("parameters", table.frame.head(0), schema)["parameter_id"])
    rows = zip(table.frame["parameter_id"], table.rows, strict=True)
    return [
        problems.make(
            "parameter_unknown",
            table.file,
            row=int(row),
            column="parameter_id",
            found=name,
            said=schema.sentences,
            known=", ".join(get_close_matches(name, known) or sorted(known)),
        )
        for name, row in rows
        if name not in known
    ]
