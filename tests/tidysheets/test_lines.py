from hypothesis import given, settings
from hypothesis import strategies as st

from tidysheets.cells import Odd
from tidysheets.tables import Packed


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=4), max_size=4), max_size=40), st.integers(1, 200))
def test_packed_lines_are_the_lines_that_were_packed(lines, times):
    many = lines * times
    packed = Packed(many)
    assert len(packed) == len(many)
    assert [packed[i] for i in range(0, len(many), 97)] == many[::97]
    assert not many or packed[-1] == many[-1]


def test_a_cell_that_is_seen_as_something_else_stays_one():
    (cell,) = Packed([[Odd("1,234", "decimal_comma")]])[0]
    assert (cell, cell.code) == ("1,234", "decimal_comma")
