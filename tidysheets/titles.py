"""What stands above a table: its titles, the sheet's name and the file's.

Answers: which columns they fix for every row. Refuses: two answers.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any, Final

from tidysheets import across, cells
from tidysheets.across import Fixed
from tidysheets.cells import Odd
from tidysheets.files import Sheet
from tidysheets.headings import Grid, Noter
from tidysheets.problems import Term
from tidysheets.schema import Column, Schema
from tidysheets.units import key

_LEFT_OUT: Final = re.compile("(?:不含|不包括|剔除|除|非).{2,4}")  # 不含区属企业
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


def report_struck(sheet: Sheet, row: int, noter: Noter) -> None:
    """Refuse headings and titles that are crossed out: they would count all the same."""
    for line in range(row + 1):
        for place, cell in enumerate(sheet.rows[line]):
            if isinstance(cell, Odd):
                noter.found.append(sheet.problem(cell.code, line, place, column=cell))


def constants(
    given_above: list[str], stem: str, known: Collection[str], table: str, noter: Noter
) -> Fixed:
    """Return the needed columns that only the sheet's name, its title or the file's name give.

    ``known`` are the columns that the sheet has or whose values its headings fix.
    """
    schema, fixed = noter.schema, dict[str, Any]()
    own = schema.tables[table]
    missing = [c.name for c in own.values() if _is_sought(c) and c.name not in known]
    for given_texts in (given_above, [stem]):
        given = across.constants(given_texts, table, schema)
        for column in missing:
            values = given.get(column) or stated(given_texts, own[column], schema)
            if column in schema.times:
                values = across.with_parts(values, [*given_above, stem], own[column], schema)
                values = values | _other_years(values, stem, own[column])
            if column not in fixed and len(values) == 1:
                fixed[column] = values.pop()
                label = own[column].label()
                shown = _WORDS.get(str(fixed[column]), fixed[column])
                noter.note("taken_from_title", None, label, value=shown)
            elif column not in fixed and values:
                label = own[column].label()
                shown = Term.joined(_WORDS.get(text, text) for text in sorted(map(str, values)))
                code = "second_half" if across.is_second_half(shown) else "title_unclear"
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
        named = (across.parts_in(text, words, schema) for text in texts)
        return {words[name] for names in named for name in names}
    plain = [_LEFT_OUT.sub("", key(text)) for text in texts]
    return {cells.boolean(words[word]) for word in words if any(word in text for text in plain)}


def _other_years(values: set[Any], stem: str, column: Column) -> set[Any]:
    """Return the years that a file's name says where a title says another.

    The year of a list, such as one of enterprises, is often that before the file's.
    """
    years = across.years_in([stem]) if values and column.type != "int" else set()
    return years if not years & {str(value)[:4] for value in values} else set()
