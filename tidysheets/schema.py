"""What the tables of a reader hold: their columns, units and words, in one frozen object.

Answers: which columns a table has, what may stand in them. Refuses: a description with faults.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from tidysheets.problems import Sentence, Term, sentences
from tidysheets.units import Units, comparable, key, plain

DTYPES: Final = {"int": "float64", "float": "float64", "bool": "bool"}
TYPES: Final = ("str", "code", "identifier", "bool", "date", "int", "float")
NUMBERS: Final = ("int", "float")
REQUIRED: Final = ("", "yes", "column", "note")
ANY_TABLE: Final = "*"

Reader = Callable[[Any], str]


class SchemaError(ValueError):
    """A schema that contradicts itself; ``faults`` lists every contradiction."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Column:
    """One column of one table (列): type, unit, range, allowed values and names.

    ``type`` is one of ``TYPES`` or of the schema's own readers; an ``identifier`` is a code that is
    compared without case. ``required`` is ``yes`` (every cell filled), ``column`` (it is there,
    cells may be blank), ``note`` (a title may say it, else it is told to be missing) or blank;
    ``key`` is its place in the key. ``allowed`` is a closed list (``a;b;c``) or the column whose
    entries are allowed (``@table.column``, with ``*`` where a cell may name several). A number
    without ``unit`` keeps the unit that each cell or heading gives it.
    """

    table: str
    name: str
    type: str = "str"
    unit: str = ""
    required: str = ""
    key: str = ""
    low: float | str | None = None
    high: float | None = None
    allowed: str = ""
    name_zh_hans: str = ""
    name_en: str = ""
    note_zh_hans: str = ""
    note_en: str = ""
    example: str = ""

    def label(self, lang: str = "zh-Hans") -> Term:
        """Return the heading, with its unit in brackets; a message tells it in its own language.

        Examples
        --------
        >>> Column("firms", "land", "float", "亩", name_en="Land").label("en")
        'Land(亩)'
        """
        unit = f"({self.unit})" if self.unit and self.type == "float" else ""
        zh, en = ((own or self.name) + unit for own in (self.name_zh_hans, self.name_en))
        return Term(en if lang == "en" else zh, en)

    @property
    def choices(self) -> tuple[str, ...]:
        """The closed list of allowed values, if there is one."""
        return tuple(self.allowed.split(";")) if ";" in self.allowed else ()

    @property
    def reference(self) -> tuple[str, str] | None:
        """The table and column whose entries are allowed, if there is one."""
        match = re.fullmatch(r"@(\w+)\.(\w+)\*?", self.allowed)
        return (match[1], match[2]) if match else None

    @property
    def keeps_units(self) -> bool:
        """Whether each figure of the column may stand in a unit of its own."""
        return self.type == "float" and not self.unit

    @property
    def is_figure(self) -> bool:
        """Whether the column holds figures, and no year or number that tells rows apart."""
        return self.type in NUMBERS and not self.key


@dataclass(frozen=True)
class Word:
    """One way of writing a column's heading or, where ``value`` is given, one of its values.

    ``table`` may be ``*``: every table that has the column.
    """

    table: str
    column: str
    value: str
    written: str


@dataclass(frozen=True, eq=False)
class Schema:
    """The tables to look for, and all that is needed to read them (表结构).

    Parameters
    ----------
    columns : tuple of Column
        Every column of every table, in order.
    filled : tuple of str
        The tables that people fill in: those that sheets are recognised as.
    called : mapping
        What messages call these tables, where it is another word than their own name.
    words : tuple of Word
        Other headings and values in use; the columns' own names are known anyway.
    units : Units
        What converts into what.
    readers : mapping
        Further types of cells: a function from the cell to its text, which raises
        `cells.CellError`, and the code of its sentence.
    summed : tuple of str
        Tables whose total rows are compared with the sum of the rows.
    restated : mapping
        The column by which rows of a table may repeat a key (a later publication).
    times : tuple of str
        Names of the key columns that say when: they may stand across the top or in a title.
    parts, wholes : tuple of str
        Names of the key columns that list the parts of a whole: one across the top that is not on
        record is refused, as in the rows. The comparable names of the whole: its row is a total.
    longer : mapping
        The comparable name that a longer one stands for in a heading, though not in a title.
    titles : mapping
        Words by which a title or a sheet's name tells which table it is; of several the longest.
    beside : mapping
        For a table, the column whose values may stand beside a time (2023年快报), and these values.
    begun : mapping
        The columns that a form fills in beforehand: a row with no others filled is not data.
    sentences : mapping
        The sentences of every kind of problem, by code.

    Raises
    ------
    SchemaError
        When the description has faults; it lists all of them.
    """

    columns: tuple[Column, ...]
    filled: tuple[str, ...]
    called: Mapping[str, Term] = field(default_factory=dict)
    words: tuple[Word, ...] = ()
    units: Units = field(default_factory=Units.common)
    readers: Mapping[str, Reader] = field(default_factory=dict)
    summed: tuple[str, ...] = ()
    restated: Mapping[str, str] = field(default_factory=dict)
    times: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    longer: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    begun: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sentences: Mapping[str, Sentence] = field(default_factory=sentences)

    def __post_init__(self) -> None:
        faults = [*_faults(self)]
        if faults:
            raise SchemaError(faults)

    @cached_property
    def tables(self) -> Mapping[str, Mapping[str, Column]]:
        """The columns of every table, by name and in order."""
        found: dict[str, dict[str, Column]] = {}
        for column in self.columns:
            found.setdefault(column.table, {})[column.name] = column
        return MappingProxyType(found)

    @cached_property
    def headings(self) -> Mapping[str, Mapping[str, str]]:
        """For each table that people fill in, the column that each comparable heading means."""
        known: dict[str, dict[str, str]] = {}
        for table in self.filled:
            own = self.tables[table]
            known[table] = {
                key(word.written): word.column
                for word in self.words
                if word.value == "" and word.table in (table, ANY_TABLE) and word.column in own
            }
            for column in own.values():
                for name in (column.name_zh_hans, column.name_en, column.name):
                    known[table][key(name)] = column.name
            known[table].pop("", None)
        return MappingProxyType(known)

    @cached_property
    def meanings(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        """For each table and column, the value that each comparable way of writing means."""
        known: dict[str, dict[str, dict[str, str]]] = {table: {} for table in self.tables}
        for one in self.columns:  # a grade may be a small letter, but -1 is not written as 1
            own = one.choices if one.type == "code" else ()
            known[one.table][one.name] = {comparable(choice): choice for choice in own}
        for word in self.words:
            for table in self.tables if word.table == ANY_TABLE else [word.table]:
                if word.value and word.column in self.tables.get(table, {}):
                    known[table][word.column][comparable(word.written)] = word.value
        return MappingProxyType(known)

    @cached_property
    def named(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        """For each table, the one key column and value that a comparable word means: no number."""
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for table in self.filled:
            meant = dict[str, set[tuple[str, str]]]()
            for column in self.keys(table):
                for word, value in self.meanings[table][column].items():
                    meant.setdefault(word, set()).add((column, value))
            only = (word for word, both in meant.items() if len(both) == 1 and not word.isdigit())
            found[table] = {word: next(iter(meant[word])) for word in only}
        return MappingProxyType(found)

    def beside_times(self, table: str) -> Mapping[str, tuple[str, str]]:
        """Return the column and value of each word that may stand beside a time in a heading."""
        column, values = self.beside.get(table, ("", ()))
        words = self.meanings[table].get(column, {})
        return {word: (column, value) for word, value in words.items() if value in values}

    def terms(self, column: Column) -> Mapping[str, str]:
        """Return the first word for each allowed value of a column, where there is one.

        A value with more behind it (A档) is no word for it.
        """
        found: dict[str, str] = {}
        for word in self.words:
            is_own = (word.table, word.column) == (column.table, column.name)
            if word.value and is_own and not word.written.startswith(word.value):
                found.setdefault(word.value, word.written)
        return found

    def keys(self, table: str) -> tuple[str, ...]:
        """Return the names of the key columns of a table, in order."""
        keyed = [column for column in self.tables[table].values() if column.key]
        return tuple(column.name for column in sorted(keyed, key=lambda column: column.key))


def _faults(schema: Schema) -> Iterator[str]:
    own = schema.tables
    kinds = (*TYPES, *schema.readers)
    counted = Counter((column.table, column.name) for column in schema.columns)
    for (table, name), count in counted.items():
        if count > 1:
            yield f"{table}.{name}: described {count} times; describe a column once"
    for column in schema.columns:
        yield from _column_faults(column, schema, kinds)
    for kind, tables in (("filled", schema.filled), ("summed", schema.summed)):
        for table in tables:
            if table not in own:
                yield f"{kind}: there is no table {table}; the tables are {', '.join(own)}"
    for table, name in schema.restated.items():
        if name not in own.get(table, {}):
            yield f"restated: {table} has no column {name}"
    for table in set(schema.filled) & set(own):
        open_units = [column.name for column in own[table].values() if column.keeps_units]
        if len(open_units) > 1:
            yield f"{table}: {', '.join(open_units)} have no unit; only one column may be without"
    yield from _word_faults(schema)


def _column_faults(column: Column, schema: Schema, kinds: tuple[str, ...]) -> Iterator[str]:
    place = f"{column.table}.{column.name}"
    if column.type not in kinds:
        yield f"{place}: type {column.type!r}; the types are {', '.join(kinds)}"
    if column.required not in REQUIRED:
        yield f"{place}: required {column.required!r}; it is yes, column, note or blank"
    low, high = column.low, column.high
    if isinstance(low, int | float) and high is not None and low > high:
        yield f"{place}: its least value {low:g} is above its greatest, {high:g}"
    if column.allowed and not column.choices and not column.reference:
        yield f"{place}: allowed {column.allowed!r}; give a;b;c or @table.column"
    table, name = column.reference or ("", "")
    if table and name not in schema.tables.get(table, {}):
        yield f"{place}: it refers to {table}.{name}, which is not described"


def _word_faults(schema: Schema) -> Iterator[str]:
    for word in schema.words:
        tables = schema.tables if word.table == ANY_TABLE else [word.table]
        if not any(word.column in schema.tables.get(table, {}) for table in tables):
            yield f"word {word.written!r}: {word.table} has no column {word.column}"
    seen: dict[tuple[str, str], Word] = {}
    for word in schema.words:
        if word.value == "":
            first = seen.setdefault((word.table, plain(word.written)), word)
            if first.column != word.column:
                both = f"{first.column} and {word.column}"
                yield f"word {word.written!r}: it means {both} of {word.table}"
