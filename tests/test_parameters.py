from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefpress import parameters
from fenghua import issue


def notebook(source):
    return {"cells": [{"metadata": {"tags": ["parameters"]}, "source": source}]}


def test_types_and_defaults_are_read_without_running_the_cell():
    found = parameters.declared(
        notebook(
            "as_of: str = '2023'  # period\nyears: int = 3\nshare: float = .5\n"
            "on: bool = True\nfree = 1"
        )
    )
    assert {name: (p.type, p.default) for name, p in found.items()} == {
        "as_of": ("str", "2023"),
        "years": ("int", 3),
        "share": ("float", 0.5),
        "on": ("bool", True),
        "free": ("int", 1),
    }


def test_source_may_be_a_list_of_lines():
    assert list(parameters.declared(notebook(["a: int = 1\n", "b: int = 2"]))) == ["a", "b"]


@pytest.mark.parametrize(
    "source",
    ["a = open('x')", "import os", "a.b = 1", "a: int", "a = b = c", "print(1)", "f()[0] = 1"],
)
def test_cell_with_anything_but_literals_is_refused(source):
    with pytest.raises(ValueError, match="may hold only"):
        parameters.declared(notebook(source))


def test_notebook_without_parameters_takes_none():
    assert parameters.declared({"cells": [{"metadata": {}, "source": "x = 1"}]}) == {}
    with pytest.raises(ValueError, match="allowed: none"):
        parameters.bind({}, {"x": 1})


@settings(deadline=None)
@given(st.text())
def test_any_undeclared_name_is_refused_with_the_list_of_names(name):
    known = parameters.declared(notebook("as_of: str = 'a'\nlang: str = 'en'"))
    if name not in known:
        with pytest.raises(ValueError, match="allowed: as_of, lang"):
            parameters.bind(known, {name: "x"})


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a: str = 'x'", ["x"]),
        ("a: int = 1", "1; import os"),
        ("a: int = 1", True),
        ("a: int = 1", 1.5),
        ("a: float = 1.0", "nan"),
        ("a: bool = True", 1),
        ("a: str = 'x'", None),
    ],
)
def test_value_of_another_type_is_refused(source, value):
    with pytest.raises(ValueError, match="parameter a is"):
        parameters.bind(parameters.declared(notebook(source)), {"a": value})


def test_whole_number_is_a_fine_float_and_none_fits_an_optional():
    known = parameters.declared(notebook("a: float = 1.0\nb: str | None = None"))
    assert parameters.bind(known, {"a": 2, "b": None}) == {"a": 2, "b": None}


def observed(*rows):
    """A dataset with these observations: area, period, value."""
    seen = pd.DataFrame(list(rows), columns=["area_code", "period", "value"])
    none = pd.DataFrame({"period": [], "value": []})
    return SimpleNamespace(
        observations=seen,
        plan={"area_code": 330213},
        enterprise_years=(),
        town_reports=none,
    )


def newest(periods, today=date(2026, 3, 1)):
    return issue.newest_period(periods, today=today, base_year=2020)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2025-12", "2025"),
        ("2025", "2025"),
        ("2025-Q4", "2025"),
        ("2024-06", "2024-Q2"),
        ("2024-05", "2024-05"),
    ],
)
def test_newest_period_is_the_coarsest_that_ends_there(period, expected):
    seen = issue.observed_periods(observed(("330213", "2023", 1.0), ("330213", period, 2.0)))
    assert newest(seen) == expected


def test_newest_period_passes_over_other_areas_and_missing_values():
    rows = observed(
        ("330213", "2023", 1.0), ("330213", "2024", float("nan")), ("330213-qs", "2025", 1.0)
    )
    assert newest(issue.observed_periods(rows)) == "2023"


def test_newest_period_has_ended():
    assert newest(["2032", "2023", "2024-06"], today=date(2024, 6, 30)) == "2023"
    assert newest(["2032", "2023", "2024-06"], today=date(2024, 7, 1)) == "2024-Q2"


def test_without_figures_of_the_district_those_of_enterprises_or_towns_say_the_period():
    nothing = observed()
    assert newest(issue.observed_periods(nothing)) == "2020"
    nothing.enterprise_years = (2022, 2023)
    assert newest(issue.observed_periods(nothing)) == "2023"
    nothing.enterprise_years = ()
    nothing.town_reports = pd.DataFrame({"period": ["2021-06", "2021-09"], "value": [1.0, None]})
    assert newest(issue.observed_periods(nothing)) == "2021-Q2"


@pytest.mark.parametrize("typed", ["2024-06-01", "2024-01-06", "20240601", "24-06", "六月", "AUTO"])
def test_a_day_or_an_unclear_word_of_time_is_no_period_to_report_on(typed):
    with pytest.raises(ValueError, match=f"as_of is '{typed}'; allowed: auto, 2023, .*no day"):
        issue.period(typed, [], today=date(2026, 3, 1), base_year=2020)


def test_digits_where_text_is_declared_are_that_text():
    """Papermill's command line turns ``-p as_of 2023`` into a number."""
    declared = {"town": parameters.Parameter("town", "str", "")}
    assert parameters.bind(declared, {"town": 330213100}) == {"town": "330213100"}
    for value in (True, 1.5, None):
        with pytest.raises(ValueError, match="allowed: a text"):
            parameters.bind(declared, {"town": value})
