"""What stands above a table: its titles, the sheet's name and the file's.

Answers: which columns they fix for every row. Refuses: two answers.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any, Final

from tidysheets import cells
from tidysheets.cells import Odd
from tidysheets.files import Sheet
from tidysheets.header import times
from tidysheets.header.headings import Fixed, Grid, Noter
from tidysheets.problems import Term
from tidysheets.schema import Column, Schema
from tidysheets.units import key

_LEFT_OUT: Final = re.compile("(?:不含|不包括|剔除|除|非).{2,4}")  # 不含区属企业
# 规上及用地3亩以上企业: not all are what the word says.
_AND_OTHERS: Final = "(?:工业)?(?:企业)?(?:以?及|[和与]).*(?:企业|单位|法人)"
_SHORTEST_NAME: Final = 4  # shorter names stand in titles by chance, unless at their beginning
_ABOVE: Final = 6  # signs of the areas above the whole that may stand before its name
_LEADING_TIME: Final = re.compile(r"^[\d年月季一二三四第上下半至度]+")
_WORDS: Final = {"True": Term("是", "yes"), "False": Term("否", "no")}


def above(sheet: Sheet, grid: Grid, row: int) -> list[str]:
    """Return the sheet's name and the texts above a row."""
    return [sheet.name, *sorted(texts(grid[:row]))]


def alone(sheet: Sheet, grid: Grid, row: int) -> tuple[str, ...]:
    """Return the sheet's name and the titles above a row, without headings of groups of columns."""
    found = [sheet.name]
    for line in grid[:row]:
        own = texts([line])
        found += sorted(own if len(own) == 1 else texts([line[:1]]))
    return tuple(found)


def texts(lines: Grid) -> set[str]:
    """Return the texts of some rows."""
    return {cell for line in lines for cell in line if isinstance(cell, str) and cell.strip()}


def report_struck(noter: Noter) -> None:
    """Refuse headings and titles that are crossed out: they would count all the same."""
    for line, row in enumerate(noter.sheet.rows[: noter.row + 1]):
        for place, cell in enumerate(row):
            if isinstance(cell, Odd):
                noter.found.append(noter.sheet.problem(cell.code, line, place, column=cell))


def constants(given_above: list[str], stem: str, known: Collection[str], noter: Noter) -> Fixed:
    """Return the needed columns that only the sheet's name, its title or the file's name give.

    ``known`` are the columns that the sheet has or whose values its headings fix.
    """
    schema, own, fixed = noter.schema, noter.own, dict[str, Any]()
    missing = [c.name for c in own.values() if _is_sought(c) and c.name not in known]
    for given_texts in (given_above, [stem]):
        given = named(given_texts, noter.table, schema)
        for column in missing:
            values = given.get(column) or stated(given_texts, own[column], schema)
            if column in schema.times:
                values = times.with_parts(values, [*given_above, stem], own[column], schema)
                values = values | _other_years(values, stem, own[column])
            if column not in fixed and len(values) == 1:
                fixed[column] = values.pop()
                label = own[column].label()
                shown = _WORDS.get(str(fixed[column]), fixed[column])
                noter.note("taken_from_title", None, label, value=shown)
            elif column not in fixed and values:
                label = own[column].label()
                shown = Term.joined(_WORDS.get(text, text) for text in sorted(map(str, values)))
                code = "second_half" if times.is_second_half(shown) else "title_unclear"
                noter.note(code, None, label, values=shown)
                fixed[column] = None
    return {column: value for column, value in fixed.items() if value is not None}


def _is_sought(column: Column) -> bool:
    """Tell a column whose value a title may give: a needed key, or one that is missed if absent."""
    return (column.key != "" and column.required == "yes") or column.required == "note"


def stated(texts: Iterable[str], column: Column, schema: Schema) -> set[Any]:
    """Return what titles say of a column that is no key: 规上企业, or the town of all firms."""
    words = schema.meanings[column.table].get(column.name, {}) if not column.key else {}
    if column.type != "bool":
        named = (parts_in(text, words, schema) for text in texts)
        return {words[name] for names in named for name in names}
    plain = [_LEFT_OUT.sub("", key(text)) for text in texts]
    said = {cells.boolean(words[word]) for word in words if any(word in text for text in plain)}
    both = re.compile(rf"(?:{'|'.join(map(re.escape, words)) or '$^'}){_AND_OTHERS}")
    return {True, False} if any(map(both.search, plain)) else said


def _other_years(values: set[Any], stem: str, column: Column) -> set[Any]:
    """Return the years that a file's name says where a title says another.

    The year of a list, such as one of enterprises, is often that before the file's.
    """
    years = times.years_in([stem]) if values and column.type != "int" else set()
    return years if not years & {str(value)[:4] for value in values} else set()


def named(texts: Iterable[str], table: str, schema: Schema) -> dict[str, set[Any]]:
    """Return, for the key columns of a table, the values that titles and sheet names name."""
    found: dict[str, set[Any]] = {}
    column = times.time_of(table, schema)
    named = schema.named[table]
    for text in texts:
        for written in times.named_in(text) if column else ():
            value = times.read_time(written, column, schema) if column else None
            if column and value is not None:
                found.setdefault(column.name, set()).add(value)
        parts = {name for name in named if named[name][0] in schema.parts}
        within = names_in(text, set(named) - parts)
        for name in (*within, *parts_in(text, parts, schema)):
            found.setdefault(named[name][0], set()).add(named[name][1])
    return found


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Return the longest comparable names in a title; short ones begin it, behind its time."""
    written = key(text)
    first = without_time(written)
    within = [
        name
        for name in names
        if name in written
        and len(name) > 1
        and (len(name) >= _SHORTEST_NAME or first.startswith(name))
    ]
    return [name for name in within if not any(name != n and name in n for n in within)]


def parts_in(text: str, names: Iterable[str], schema: Schema) -> list[str]:
    """Return the names of parts in a title that begins with one (2023年奉化区溪口镇企业).

    Elsewhere in it a part says nothing of all figures: 主要指标（不含溪口镇）. A short name may
    begin another one: 方桥工业园区 is not 方桥.
    """
    first = without_time(key(text))
    for whole in schema.wholes:
        before, own, behind = first.partition(whole)
        first = without_time(behind) if own and len(before) <= _ABOVE else first
    known = sorted(names, key=len, reverse=True)
    begun = next((name for name in known if len(name) > 1 and first.startswith(name)), "")
    if first != begun and any(name.startswith(begun) and name != begun for name in known):
        return []
    return [begun, *names_in(first.removeprefix(begun), known)] if begun else []


def without_time(title: str) -> str:
    """Return a comparable title without the time that it begins with."""
    return _LEADING_TIME.sub("", title)
