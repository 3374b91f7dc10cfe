import random
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.inputs import columns, examination, registers
from fenghua.inputs.actuals import intake

RAW = Path(__file__).parents[1] / "data" / "raw"
SCHEMA = columns.schema()
FRAMES = {name: registers.register(RAW, name, SCHEMA, []).frame for name in registers.REGISTERS}
HEAD = ["年份", "统一社会信用代码", "企业名称", "所属镇街", "用地面积(亩)", "实缴税金(元)"]
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.dates(), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=9),
    st.sampled_from(["合计", "注", "1.2万", "#REF!", "12%", "示例", "亩", "－"]),
)  # fmt: skip


def read(path):
    tables, found = intake.read(path, FRAMES, "330213", SCHEMA)
    for table in (table for tables in tables.values() for table in tables):
        found += examination.checked(table, FRAMES)
    for problem in found:
        assert problem.text("en")
        assert problem.text("zh-Hans")
    return tables


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = tmp_path_factory.mktemp("good")
    work = openpyxl.Workbook()
    work.active.append(HEAD)
    for i in range(40):
        work.active.append([2023, f"A{i}", f"企业{i}", "锦屏街道", 10 + i, 5e4 * i])
    work.save(folder / "a.xlsx")
    text = "\n".join(",".join(str(c.value) for c in row) for row in work.active)
    (folder / "a.csv").write_text(text, encoding="utf-8")
    (folder / "b.csv").write_text(text, encoding="gb18030")
    return folder


def mutated(data, draw):
    data = bytearray(data)
    for _ in range(draw.choice([1, 3, 20])):
        at = draw.randrange(len(data) + 1)
        change = draw.randrange(3)
        if change == 0:
            data[at : at + 1] = bytes([draw.randrange(256)])
        elif change == 1:
            data[at:at] = draw.randbytes(4)
        else:
            del data[at : at + draw.choice([1, 30, len(data)])]
    return bytes(data)


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "b.csv"])
def test_a_damaged_file_is_read_or_refused(good, tmp_path, name):
    draw = random.Random(name)
    data = (good / name).read_bytes()
    for _ in range(100):
        (tmp_path / name).write_bytes(mutated(data, draw))
        read(tmp_path / name)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(SCALARS, max_size=8), max_size=8), headed=st.booleans())
def test_any_cells_are_read_or_refused(tmp_path_factory, rows, headed):
    path = tmp_path_factory.mktemp("any") / "a.xlsx"
    work = openpyxl.Workbook()
    for row in [HEAD] * headed + rows:
        work.active.append(row)
    work.save(path)
    read(path)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("bytes")
    for name in ("a.csv", "a.xlsx", "a.xls", "a.ods"):
        (folder / name).write_bytes(data)
        read(folder / name)
