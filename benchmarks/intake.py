"""How long reading enterprises from .xlsx takes, beside the reader library alone.

Answers: seconds of each and their ratio, in one run. Refuses: to judge them.
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import python_calamine

from fenghua.inputs import columns, registers
from tidysheets import reading
from tidysheets.schema import Schema

RUNS = 5


def write(path: Path, rows: int) -> None:
    """Write a workbook of made-up enterprises with every column of the register."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("enterprises")
    register_ = columns.schema().tables["enterprises"].values()
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


def library(path: Path) -> int:
    """Read the cells with the library alone, and return how many rows there are."""
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        return len(book.get_sheet_by_index(0).to_python(skip_empty_area=False)) - 1


def ours(path: Path, schema: Schema) -> int:
    """Read the typed table, and return how many rows it has."""
    (table,), _ = reading.read(path, schema)
    return len(table.frame)


def main(rows: int) -> None:
    """Print the medians of the times and of their ratios, by the clock and by processor time."""
    plain = columns.schema()
    written = registers.register(Path("data/raw"), "column_names", plain, []).frame
    schema = columns.schema(columns.words(written))
    times: dict[str, list[float]] = {name: [] for name in ("library", "ours", "wall", "cpu")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "enterprises.xlsx"
        write(path, rows)
        for _ in range(RUNS):
            first = time.perf_counter(), time.process_time()
            assert library(path) == rows
            second = time.perf_counter(), time.process_time()
            assert ours(path, schema) == rows
            third = time.perf_counter(), time.process_time()
            times["library"].append(second[0] - first[0])
            times["ours"].append(third[0] - second[0])
            times["wall"].append(times["ours"][-1] / times["library"][-1])
            times["cpu"].append((third[1] - second[1]) / (second[1] - first[1]))
    library_s, ours_s, wall, cpu = (statistics.median(values) for values in times.values())
    seconds = f"library_s={library_s:.2f} fenghua_s={ours_s:.2f}"
    print(f"intake rows={rows} runs={RUNS} {seconds} ratio={wall:.2f} cpu_ratio={cpu:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
