"""A problem that repeats down a column is told once, and every cell of it is coloured."""

import openpyxl
import pytest

from tidysheets import Column, Schema, coloured, problems, reading

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
        coloured_rows = [row for row in range(1, 60) if marked.cell(row, 2).fill.patternType]
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
    (found,), coloured_rows = told(*(i / 30 for i in range(30)))
    assert (found.code, found.address) == ("cell_unit", "B2")
    assert (found.count, found.cells) == (30, "B2:B31")
    assert "同列共 30 格（B2:B31）" in found.text("zh-Hans")
    assert "30 cells of the column (B2:B31)" in found.text("en")
    assert coloured_rows == [*range(2, 32)]
    assert "30" in problems.counts([found], "x")


def test_faulty_cells_apart_are_told_by_the_first_places(told):
    (found,), coloured_rows = told(*[0.1, 5] * 2, 0.2, *[0.1, 5] * 21)
    assert found.count == 24
    assert found.cells.startswith("B2, B4, B6:B7, B9") and found.cells.endswith(" …")
    assert found.as_dict()["cells"].endswith(", B47")  # whole, for machines
    assert len(coloured_rows) == 24
