"""Where the data of a table begin beneath its header.

Answers: whether a row is data. Refuses: to take a second row of headings for data.
"""

from collections.abc import Iterable
from typing import Any

from tidysheets import across, headings
from tidysheets.headings import Heading
from tidysheets.schema import NUMBERS, Schema
from tidysheets.units import key


def is_data(row: list[Any], base: Iterable[Heading], table: str, schema: Schema) -> bool:
    """Tell whether a row beneath a header is data, and no second row of headings.

    A second row of headings is blank under the columns that name the rows, or says there again
    what they are called; data fill them in. A year under a heading that is none of time may still
    be a heading, unless the row begins with a name on record.
    """
    own, names, named = schema.tables[table], schema.headings[table], schema.named[table]
    time = across.time_of(table, schema)
    has_name = has_time = False
    for heading in base:
        column = own[names[heading.name]]
        cell = row[heading.place] if heading.place < len(row) else ""
        text = across.as_text(cell) or ("" if cell is None else str(cell).strip())
        if not column.key or not text or headings.split(text, schema.units)[0] in names:
            continue
        has_time |= column is time
        has_name |= column is not time
        if key(text) in named:
            return True
    if has_time or not has_name:
        return has_time
    return not any(time and across.is_time(across.as_text(cell), time, schema) for cell in row)


def is_read(base: Iterable[Heading], is_across: bool, table: str, schema: Schema) -> bool:
    """Tell whether a header has a column that names its rows and one of figures."""
    own, names = schema.tables[table], schema.headings[table]
    columns = [own[names[heading.name]] for heading in base]
    has_figures = is_across or any(c.type in NUMBERS and not c.key for c in columns)
    return has_figures and any(column.key for column in columns)
