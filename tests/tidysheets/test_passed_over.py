"""Rows in which nothing can be marked are passed over; what stands among them is found."""

import openpyxl
import pytest

from tidysheets import files

ROWS = 6_000  # several blocks of the sheet's part


@pytest.fixture
def book(tmp_path):
    def write(change):
        work = openpyxl.Workbook()
        page = work.active
        for i in range(ROWS):
            page.append([f"示{i}", i, i / 4, "是", i * 3, None, 7])
        change(page)
        work.save(tmp_path / "a.xlsx")
        return files.read(tmp_path / "a.xlsx")[0]

    return write


@pytest.mark.parametrize("row", [1, 2_500, 4_321, ROWS])
def test_every_mark_is_found_wherever_it_stands(book, row):
    def change(page):
        page.cell(row, 2, "=1+1")
        page.cell(row, 3).number_format = "0%"
        page.cell(row, 4, "#N/A")
        page.row_dimensions[row].hidden = True

    read = book(change)
    share = f"{(row - 1) * 25:.12g}%"
    assert read.rows[row - 1][:4] == [f"示{row - 1}", "=?", share, "#N/A"]
    assert [(p.code, p.row) for p in read.problems] == [("hidden_rows", row)]
    others = [line for i, line in enumerate(read.rows) if i != row - 1]
    assert all(type(line[1]) in (int, float) and line[3] == "是" for line in others)


def test_a_sheet_without_marks_is_read_whole(book):
    read = book(lambda page: None)
    assert len(read.rows) == ROWS
    assert (read.rows[-1][0], read.problems) == (f"示{ROWS - 1}", [])
