"""A problem that repeats down a column is told once, and every cell of it is coloured."""

import openpyxl
import pytest

from tidysheets import Column, Schema, coloured, reading

SCHEMA = Schema(
    columns=(
        Column("deliveries", "good_id", "code", required="yes", key="1"),
        Column("deliveries", "weight_t", "float", "吨", low=0.0),
    ),
    filled=("deliveries",),
)


@pytest.fixture
def told(tmp_path):
    def read(*weights):
        book = openpyxl.Workbook()
        book.active.append(["good_id", "weight_t"])
        for i, weight in enumerate(weights):
            book.active.append([f"G{i}", weight])
            if isinstance(weight, float):
                book.active.cell(i + 2, 2).number_format = "0%"
        path = tmp_path / "a.xlsx"
        book.save(path)
        (table,), _ = reading.read(path, SCHEMA)
        written = coloured.write(tmp_path / "marked.xlsx", table.problems, [path])
        marked = openpyxl.load_workbook(written).worksheets[1]
        coloured_rows = [row for row in range(1, 20) if marked.cell(row, 2).fill.patternType]
        return table.problems, coloured_rows

    return read


def test_a_few_faulty_cells_are_told_one_by_one(told):
    found, coloured_rows = told(0.1, 0.2, 0.3)
    assert [(p.address, p.count, p.found) for p in found] == [
        ("B2", 1, "10%"),
        ("B3", 1, "20%"),
        ("B4", 1, "30%"),
    ]
    assert coloured_rows == [2, 3, 4]


def test_a_format_down_a_column_is_told_once_with_its_range(told):
    (found,), coloured_rows = told(*(i / 8 for i in range(8)))
    assert (found.code, found.address, found.count, found.cells) == ("cell_unit", "B2", 8, "B2:B9")
    assert "同列共 8 格（B2:B9）" in found.text("zh-Hans")
    assert "8 cells of the column (B2:B9)" in found.text("en")
    assert coloured_rows == [2, 3, 4, 5, 6, 7, 8, 9]


def test_faulty_cells_apart_are_told_by_the_first_places(told):
    (found,), coloured_rows = told(0.1, 5, 0.2, 0.3, 5, 0.4, 5, 0.5)
    assert (found.count, found.cells) == (5, "B2, B4:B5, B7 …")
    assert coloured_rows == [2, 4, 5, 7, 9]
