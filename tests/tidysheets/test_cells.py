import math
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.inputs import columns
from tidysheets import cells, numbers
from tidysheets import columns as typed
from tidysheets.schema import Column
from tidysheets.units import Units

NAN = math.nan
UNITS = Units.common()
SCHEMA = columns.schema()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("１，２３４．５", 1234.5),
        ("1,234,567", 1234567),
        (" 12 345 ", 12345),
        ("(3.5)", -3.5),
        ("（１２）", -12),
        ("-0.5", -0.5),
        ("1e3", 1000),
        (".5", 0.5),
        (7, 7),
        ("—", NAN),
        ("-", NAN),
        ("/", NAN),
        ("无", NAN),
        ("空", NAN),
        ("", NAN),
        (None, NAN),
    ],
)
def test_numbers_are_read_as_people_type_them(written, number):
    read = numbers.number(written, UNITS)[0]
    assert read == number or (math.isnan(read) and math.isnan(number))


@pytest.mark.parametrize(
    "written", ["abc", "1,2", "12,3456", "1.2.3", "1 2", "1-2", "(-3)", "nan", "inf", "1_000", True,
                date(2023, 1, 1), "约5", "5左右", "1２，3"]
)  # fmt: skip
def test_what_is_not_one_number_is_refused(written):
    with pytest.raises(cells.CellError):
        numbers.number(written, UNITS)


@pytest.mark.parametrize("written", ["#DIV/0!", "#N/A", "#REF!", "Err:502"])
def test_excel_errors_are_named(written):
    with pytest.raises(cells.CellError) as error:
        numbers.number(written, UNITS)
    assert error.value.code == "excel_error"


def test_formula_without_a_saved_value_is_refused():
    with pytest.raises(cells.CellError) as error:
        numbers.number("=SUM(A1:A3)", UNITS)
    assert error.value.code == "formula_uncached"


@pytest.mark.parametrize(
    ("written", "unit", "wanted", "number"),
    [
        (20000, "平方米", "亩", 30),
        (2, "公顷", "亩", 30),
        (1, "平方公里", "亩", 1500),
        (12345, "元", "万元", 1.2345),
        (5, "千元", "万元", 0.5),
        (1.5, "亿元", "万元", 15000),
        (3, "万千瓦时", "兆瓦时", 30),
        (3, "千瓦时", "兆瓦时", 0.003),
        (3, "万吨标准煤", "吨标准煤", 30000),
        (0.03, "比", "%", 3),
        ("12%", "", "%", 12),
        ("3.5亿元", "", "万元", 35000),
        ("1.2万", "", "人", 12000),
        ("1.2万", "元", "万元", 1.2),
        ("0.5畝", "", "亩", 0.5),
    ],
)
def test_units_convert(written, unit, wanted, number):
    read, _, warning = numbers.number(written, UNITS, unit=unit, wanted=wanted)
    assert read == pytest.approx(number, rel=1e-15)
    assert warning is None


def test_a_magnitude_in_a_column_of_ten_thousands_counts_yuan_and_says_so():
    read, _, warning = numbers.number("3.5亿", UNITS, wanted="万元")
    assert (read, warning.code) == (35000, "magnitude")


def test_a_unit_of_another_quantity_is_refused():
    with pytest.raises(cells.CellError) as error:
        numbers.number("5吨", UNITS, wanted="亩")
    assert error.value.code == "cell_unit"


@pytest.mark.parametrize("written", ["35-40", "35～40亩", "2023/13", "163?"])
def test_what_goes_on_with_a_sign_is_no_number_with_a_unit(written):
    with pytest.raises(cells.CellError) as error:
        numbers.number(written, UNITS, wanted="亩")
    assert error.value.code == "not_number"


@pytest.mark.parametrize(
    ("written", "code"),
    [("0012", "0012"), (330213001.0, "330213001"), (3670, "3670"), ("９１３3", "9133"), ('="007"', "007"),  # noqa: E501
     ("'0571", "0571"), (" 330213 001 ", "330213001"), ("-", "")],
)  # fmt: skip
def test_codes_keep_their_zeros(written, code):
    assert cells.code(written) == code


@pytest.mark.parametrize("written", [9.13302e17, "9.13302E+17", 913302000000000000, "9.13E+17"])
def test_a_credit_code_turned_into_a_number_is_refused(written):
    with pytest.raises(cells.CellError) as error:
        cells.code(written)
    assert error.value.code == "code_scientific"


@pytest.mark.parametrize(
    ("written", "period"),
    [("2023年1-6月", "2023-06"), (202306, "2023-06"), (2023.0, "2023"), (2023.06, "2023-06"),
     (2023.12, "2023-12"), (date(2023, 6, 30), "2023-06"),
     (datetime(2023, 6, 1), "2023-06"), ("２０２３年二季度", "2023-Q2"), ("", "")],
)  # fmt: skip
def test_periods_are_read(written, period):
    assert columns.period(written) == period


def test_a_period_that_lost_a_zero_is_refused():
    with pytest.raises(cells.CellError):
        columns.period(2023.1)


@pytest.mark.parametrize(
    ("written", "day"),
    [("2023-07-20", "2023-07-20"), ("2023年7月20日", "2023-07-20"), ("20230720", "2023-07-20"),
     (datetime(2023, 7, 20), "2023-07-20"), ("", "")],
)  # fmt: skip
def test_dates_are_read(written, day):
    assert cells.day(written) == day


def test_text_is_kept_as_written():
    assert [cells.text(v) for v in ("（甲）－", "-", " 2.5 ", 3.0)] == ["（甲）－", "-", "2.5", "3"]


def test_booleans_in_both_languages():
    assert [cells.boolean(v) for v in ("是", "Yes", 1, True, "否", "no", 0, "")] == [True] * 4 + [
        False
    ] * 4
    with pytest.raises(cells.CellError):
        cells.boolean("也许")


def test_true_and_one_are_not_confused_in_a_column():
    column = SCHEMA.tables["enterprises"]["land_mu"]
    values, faults, _ = typed.read([1, True, "2"], column, SCHEMA)
    assert values[[0, 2]].tolist() == [1, 2]
    assert faults[1].code == "not_number"


@settings(max_examples=100, deadline=None)
@given(st.floats(min_value=-1e12, max_value=1e12).map(lambda x: round(x, 3)))
def test_a_number_survives_thousands_separators_and_full_width(number):
    written = f"{number:,.3f}"
    wide = "".join(chr(ord(c) + 0xFEE0) if c in "0123456789,." else c for c in written)
    assert (
        numbers.number(written, UNITS)[0]
        == numbers.number(wide, UNITS)[0]
        == float(f"{number:.3f}")
    )


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(
        st.text(max_size=12), st.floats(), st.integers(), st.booleans(), st.none(), st.dates()
    )
)
def test_any_cell_is_read_or_refused(value):
    for kind in ("str", "code", "bool", "period", "date", "float", "int"):
        column = Column("t", "x", kind, "万元", "", "", None, None, "", "", "", "", "", "")
        values, _, _ = typed.read([value], column, SCHEMA)
        assert len(values) == 1


WRITTEN = [
    "",
    "12",
    "-3.5",
    "330213001",
    "1e10",
    "12345\nABCDE",
    " 中 ",
    "=1",
    "#N/A",
    "—",
    "1,234",
]
TYPED = [None, 12.0, 0.5, 7, True, 0, NAN, math.inf, 330213001.0, "1.2万", "ABCDE", "a "]
SEEN = st.sampled_from([*WRITTEN, *TYPED])


@pytest.mark.parametrize(
    ("name", "reader"),
    [("land_mu", None), ("enterprise_id", cells.identifier), ("name", cells.text)],
)
@given(values=st.lists(SEEN, min_size=1, max_size=6) | st.lists(st.just("12"), min_size=1))
@settings(max_examples=100, deadline=None)
def test_a_column_says_what_its_cells_say(name, reader, values):
    column = SCHEMA.tables["enterprises"][name]
    read, faults, _ = typed.read(tuple(values), column, SCHEMA)
    for i, value in enumerate(values):
        try:
            if reader:
                expected, fault = reader(value), None
            else:
                expected, _, fault = numbers.number(value, UNITS, wanted=column.unit)
        except cells.CellError as error:
            expected, fault = reader(None) if reader else float("nan"), error
        assert read[i] == expected or (expected != expected and read[i] != read[i])
        assert (faults[i].code if i in faults else "") == (fault.code if fault else "")


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.decimals(-999_999, 999_999, places=2).map(str),
            st.sampled_from(
                ["", "%", "万元", "元", "万", "亿", "亿元", "亩", "个", "①", "年", "e", "㎡"]
            ),
        ),
        max_size=12,
    ),
    st.sampled_from(["tax_wan", "land_mu"]),
)
def test_figures_with_units_are_read_together_as_they_are_alone(parts, name):
    schema, column = columns.schema(), columns.schema().tables["enterprises"][name]
    written = [amount + unit for amount, unit in parts]
    values, faults, _ = typed.read(written, column, schema)
    for i, text in enumerate(written):
        try:
            alone, _, fault = numbers.number(text, schema.units, wanted=column.unit)
        except cells.CellError as error:
            alone, fault = math.nan, error
        assert str(float(values[i])) == str(float(alone))
        told = faults.get(i)
        assert (told and (told.code, told.facts)) == (fault and (fault.code, fault.facts))
