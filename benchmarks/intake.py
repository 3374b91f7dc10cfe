"""How long reading enterprises from .xlsx takes, beside the reader library alone.

Answers: seconds of each and their ratio, in one run. Refuses: to judge them.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import python_calamine

from fenghua.inputs import columns, headings, intake
from fenghua.inputs.dataset import REGISTERS, register


def write(path: Path, rows: int) -> None:
    """Write a workbook of made-up enterprises with every column of the register."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("enterprises")
    register_ = columns.tables()["enterprises"].values()
    sheet.append([column.label() for column in register_])
    draw = random.Random(0)
    for i in range(rows):
        made = {"year": 2023, "enterprise_id": f"E{i:08d}", "town_code": "330213001"}
        line = []
        for column in register_:
            if column.type in ("float", "int"):
                value = made.get(column.name, round(draw.random() * 100 + 1, 2))
                line.append(int(value) if column.type == "int" else value)
            elif column.type == "bool":
                line.append("是" if draw.random() < 0.5 else "否")
            else:
                line.append(made.get(column.name, f"示{i}" if column.name == "name" else None))
        sheet.append(line)
    book.save(path)


def main(rows: int) -> None:
    """Print the two times and their ratio."""
    found: list = []
    path = REGISTERS["column_names"]
    written = register(Path("data/raw"), "column_names", path, found).frame
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "enterprises.xlsx"
        write(path, rows)
        start = time.perf_counter()
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            count = len(book.get_sheet_by_index(0).to_python(skip_empty_area=False))
        library = time.perf_counter() - start
        start = time.perf_counter()
        with intake.collection_paused():
            (table,) = intake.one_file(path, headings.synonyms(written), [])
        ours = time.perf_counter() - start
    assert len(table.frame) == count - 1 == rows
    times = f"library_s={library:.2f} fenghua_s={ours:.2f}"
    print(f"intake rows={rows} {times} ratio={ours / library:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
