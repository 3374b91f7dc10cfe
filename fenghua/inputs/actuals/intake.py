"""From the files a user drops in to tables in the register's own codes.

Answers: what each file holds. Refuses: names that mean nothing, or two things.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from fenghua.inputs import places
from fenghua.inputs.actuals import areas, consistency, names, notes
from tidysheets import cells, checks, numbers, problems, quantities, reading, tables
from tidysheets.body import groups, summed
from tidysheets.header import headings
from tidysheets.problems import InputError, Problem
from tidysheets.schema import Schema
from tidysheets.tables import Table
from tidysheets.units import Units, key, stated_units, unit_said

OF_TOWNS: Final = ("town_reports", "town_tasks")
ALIASES: Final = {"grade_adjustments": "adjustments"}
_AREA_CODE: Final = r"\d{6,12}(?:-[a-z]+)?"


def read(
    place: Path, frames: dict[str, pd.DataFrame], area: str, schema: Schema
) -> tuple[dict[str, list[Table]], list[Problem]]:
    """Return the recognised tables of all files and the problems of whole files and sheets.

    Parameters
    ----------
    place : Path
        A folder or one file.
    frames : dict
        The registers, by name.
    area : str
        The code of the whole district, taken where no area is given (and said so).
    schema : Schema
        The tables to look for, from `columns.schema`.
    """
    found: list[Problem] = []
    words = (*schema.words, *names.words(frames))
    wholes, longer = tuple(names.areas(frames)), names.longer(frames)
    schema = replace(schema, words=words, wholes=wholes, longer=longer)
    kept: dict[str, list[Table]] = {name: [] for name in schema.filled}
    paths = places.files(place)
    if not paths:
        found.append(problems.make("no_rows", place.name))
    for path in paths:
        try:
            own, ignored = reading.read(path, schema, hint=ALIASES.get(path.stem, ""))
        except InputError as error:
            found += error.problems
            continue
        found += ignored
        for table in own:
            found += checks.missing_columns(table)
            for stated in table.totals:
                _resolve(stated, frames, area)
            _resolve(table, frames, area)
            kept[table.name].append(table)
        _compare_totals(own, frames)
        consistency.refuse_falling(own, frames["indicators"])
    return kept, found


def _compare_totals(own: list[Table], frames: dict[str, pd.DataFrame]) -> None:
    """Compare what a file states for all its towns with their sum; shares and rates have none.

    Of several totals of one figure the largest is that of all. A zone lies within its towns, or
    beside them: either sum will do.
    """
    about, towns = frames["indicators"], frames["towns"]
    counts = {*about.loc[about["is_count"], "indicator_id"]}
    is_measured = (about["kind"] == "cumulative") & (about["unit"] != "%")
    added = counts | {*about.loc[is_measured, "indicator_id"]}
    zones = towns.loc[towns["kind"] == "zone", "town_code"]
    for name, sheet in dict.fromkeys((t.name, t.sheet) for t in own if t.name in OF_TOWNS):
        reads = [table for table in own if (table.name, table.sheet) == (name, sheet)]
        totals = [stated for read in reads for stated in read.totals]
        faulty = any(problem.severity == "error" for read in reads for problem in read.problems)
        if faulty or not totals:
            continue
        rows = pd.concat([read.frame for read in reads])
        keys = ["indicator_id", "year" if "year" in rows else "period"]
        wholes = {}
        for stated in totals:
            for i, *figure, value in stated.frame[[*keys, "value"]].dropna().itertuples(name=None):
                before = wholes.setdefault(tuple(figure), (value, i, stated))
                wholes[tuple(figure)] = max(before, (value, i, stated), key=lambda whole: whole[0])
        for figure, parts in rows[rows["indicator_id"].isin(added)].groupby(keys):
            if figure in wholes and parts["town_code"].isin(towns["town_code"]).all():
                _, i, stated = wholes[figure]
                exact = figure[0] in counts
                sums = parts["value"], parts.loc[~parts["town_code"].isin(zones), "value"]
                told = [summed.differs(stated, i, "value", part, is_exact=exact) for part in sums]
                reads[0].problems.extend(told[0] if all(told) else [])


def _resolve(table: Table, frames: dict[str, pd.DataFrame], area: str) -> None:
    is_open = table.name == "observations" and "indicator_id" in table.headings
    if is_open and "area_code" not in {*table.headings, *table.fixed}:
        _read_parts(table)
    for name, meant in table.schema.meanings[table.name].items():
        if meant and name in table.headings:
            tables.rename(table, name, meant)
    if "indicator_id" in table.headings:
        _read_labels(table)
    if "town_code" in table.headings:
        names.read_offices(table, frames)
        _map_old_towns(table, frames["town_code_crosswalk"])
    if table.name == "observations":
        areas.settle(table, frames, area)
        _fill_area(table, area)
        _check_areas(table, area)
    table.problems.extend(notes.check(table))
    has_periods = "period" in table.frame and not table.frame.empty
    if has_periods and (alone := table.alone or notes.alone(table)):
        _refuse_alone(table, frames["indicators"], alone)
    if has_periods and "value" in table.headings:
        consistency.doubt_this_year(table, frames["indicators"])
    if table.name == "enterprises":
        table.problems.extend(consistency.doubt_evaluated_year(table))
    if "value" in table.headings:
        wanted = frames["indicators"].set_index("indicator_id")["unit"].to_dict()
        _settle_units(table, wanted)


def _read_labels(table: Table) -> None:
    """Take names of rows as reports write them: numbered, with a unit: 2. 亩均税收(万元/亩)."""
    known = table.schema.meanings[table.name].get("indicator_id", {})
    units: dict[str, str] = {}
    meant: dict[str, str] = {}
    for value in set(table.frame["indicator_id"]) - set(known.values()) - {""}:
        name, unit = headings.split(groups.unnumbered(value), table.schema.units)
        if name in known:
            meant[key(value)], units[value] = known[name], unit
    if not meant:
        return
    stated = table.frame["indicator_id"].map(lambda value: units.get(value, ""))
    own = table.frame.get("_unit", pd.Series("", index=table.frame.index))
    if stated.any():
        table.frame["_unit"] = own.where(own != "", stated)
    tables.rename(table, "indicator_id", meant)


def _read_parts(table: Table) -> None:
    """Take a row that names an area (其中：区属) for the indicator of the row above it."""
    words = table.schema.meanings[table.name].get("area_code", {})
    place, named = table.headings["indicator_id"][0], table.frame["indicator_id"].tolist()
    for i, name in enumerate(named):
        if part := words.get(_bare(name), ""):
            above = (str(line[place]) for line in reversed(table.lines[: table.rows[i] - 1]))
            whole = next((t for t in above if not _is_beneath(t, words)), "")
            named[i], table.frame.loc[i, "area_code"] = whole, part
    table.frame["indicator_id"] = named


def _is_beneath(name: str, words: Mapping[str, str]) -> bool:
    """Tell the name of a row that is of the indicator above it: of a part, or its growth."""
    return _bare(name) in words or quantities.compares(name)


def _bare(name: str) -> str:
    """Return the comparable name of a row that may be of a part: 其中：区属企业."""
    return key(groups.unnumbered(name)).removesuffix("企业")


def _map_old_towns(table: Table, crosswalk: pd.DataFrame) -> None:
    present = dict(zip(crosswalk["old_code"], crosswalk["new_code"], strict=True))
    values = table.frame["town_code"]
    old = values.isin([code for code, new in present.items() if new])
    if old.any():
        for code, at in checks.by_value(values, old):
            table.problems.extend(table.told("town_mapped", at, "town_code", town=present[code]))
        table.frame["town_code"] = values.map(lambda code: present.get(code) or code)


def _fill_area(table: Table, area: str) -> None:
    """Take the whole district where no area is given; beside rows with one, name each."""
    stated = table.frame["area_code"]
    blank = checks.rows(stated == "")
    few = blank if len(blank) < len(stated) else blank[:1]
    table.problems.extend(table.told("area_default", few, "area_code", area=area))
    table.frame["area_code"] = stated.where(stated != "", area)


def _check_areas(table: Table, area: str) -> None:
    known = {area, *table.schema.meanings[table.name].get("area_code", {}).values()}
    shown = ", ".join(sorted(known))
    stated = table.frame["area_code"]
    odd = [code for code in stated.unique() if code not in known]
    unread = [code for code in odd if not re.fullmatch(_AREA_CODE, code)]
    near = [c for c in odd if c not in unread and any(consistency.is_slip(c, k) for k in known)]
    facts = {"table": "column_names.csv", "hint": f" ({shown})"}
    for _, at in checks.by_value(stated, stated.isin(unread)):
        table.problems.extend(table.told("unknown_reference", at, "area_code", **facts))
    for _, at in checks.by_value(stated, stated.isin(near)):
        table.problems.extend(table.told("area_near", at, "area_code", known=shown))


def _refuse_alone(table: Table, indicators: pd.DataFrame, word: str) -> None:
    """Refuse figures of a month or year alone where the indicator counts to a period's end.

    What is counted year by year may stand beside a column of totals.
    """
    steady = indicators["kind"].isin(["level", "milestone"]) & ~indicators["is_yearly_flow"]
    ids, frame = indicators["indicator_id"], table.frame
    within = frame["period"].str.len() > len("2023")
    counted = frame["indicator_id"].isin(ids[indicators["kind"] == "cumulative"])
    odd = counted | (within & frame["indicator_id"].isin(ids[~steady]))
    rows = checks.rows(odd & frame["value"].notna())
    table.problems.extend(table.told("figure_alone", rows, "value", word=word))


def _settle_units(table: Table, wanted: dict[str, str]) -> None:
    """Bring figures to the unit of the indicator, from that of the cell, the heading or the row."""
    frame, known = table.frame, table.schema.units
    blank = [""] * len(frame)
    own = frame.pop("_unit").tolist() if "_unit" in frame else blank
    units = frame["unit"].tolist() if "unit" in frame else blank
    remarks = frame["note"].tolist() if "note" in table.headings else blank
    values, settled, listed = frame["value"].tolist(), list(units), _listed(table)
    noted = {remark: unit_said(remark, known) for remark in set(remarks)}
    for i, indicator in enumerate(frame["indicator_id"].tolist()):
        unit = wanted.get(indicator)
        if unit is None:
            continue
        settled[i] = unit
        stated = units[i] if units[i] != unit else ""
        said = noted[remarks[i]]
        if said and known.factor(said, own[i] or stated or unit) != 1:
            table.problems.append(table.problem("row_qualified", i, "note"))
        if not own[i] and not units[i]:
            fitting = [other for other in listed if known.factor(other, unit)]
            if len(fitting) > 1:
                table.problems.append(table.problem("cell_unit", i, "value", unit=unit))
            own[i] = fitting[0] if len(fitting) == 1 else ""
        if not own[i] and not stated:
            continue
        if change := next((u for u in (stated, own[i]) if known.is_change(u, unit)), ""):
            problem = table.problem("change_for_level", i, "value", change=change, unit=unit)
            table.problems.append(problem)
        elif stated and unit and not _fits(stated, own[i], unit, known):
            table.problems.append(table.problem("unit_differs", i, "unit", unit=unit))
        elif own[i] or unit:
            note: cells.CellError | None
            try:
                given = own[i] or stated
                values[i], _, note = numbers.convert(values[i], given, known, wanted=unit)
            except cells.CellError as error:
                note = error
            if note:
                table.problems.append(table.problem(note.code, i, "value", **note.facts))
    frame["value"] = np.asarray(values, dtype="float64")
    if "unit" in frame:
        frame["unit"] = settled


def _listed(table: Table) -> set[str]:
    """Return the units stated above the rows: of several, each figure takes the one that fits."""
    first = int(table.rows.min()) if len(table.rows) else 0
    above = (table.lines[line] for line in range(first - 1))
    return stated_units(above, table.schema.units)


def _fits(stated: str, own: str, unit: str, known: Units) -> bool:
    """Tell whether the unit of a row converts, and is that of its cell or heading if they give one.

    A bare 万 in a cell counts the unit that is wanted, not another that its row gives.
    """
    factor = known.factor(stated, unit)
    return bool(factor) and (not own or factor == 1 or known.factor(stated, own) == 1)
