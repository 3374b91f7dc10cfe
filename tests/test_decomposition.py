"""The decomposition: the worked case, exact sums, and years without one of its parts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.analysis import decomposition

CASE = yaml.safe_load(
    (Path(__file__).parent / "cases/per_mu_decomposition.yaml").read_text(encoding="utf-8")
)
FIRST, SECOND = pd.DataFrame(CASE["first"]), pd.DataFrame(CASE["second"])
PARTS = list(decomposition.PARTS)


def test_the_worked_case():
    parts = decomposition.melitz_polanec(FIRST, SECOND)
    for name, value in CASE["expected"].items():
        assert parts[name] == pytest.approx(value, abs=5e-7)
    assert parts[["n_survivors", "n_entrants", "n_exits", "n_left_out"]].tolist() == [3, 1, 1, 0]


def test_who_crossed_the_threshold_is_no_new_bird():
    case = CASE["crossed"]
    second = pd.DataFrame(case["second"])
    parts = decomposition.melitz_polanec(FIRST, second, crossed_up=case["crossed_up"])
    for name, value in case["expected"].items():
        assert parts[name] == pytest.approx(value, abs=5e-7), name
    assert parts[["n_entrants", "n_crossed_up", "n_fell_below"]].tolist() == [1, 1, 0]
    back = decomposition.melitz_polanec(second, FIRST, fell_below=case["crossed_up"])
    assert back["fell_below"] == pytest.approx(0.205882, abs=5e-7)
    assert back[PARTS].sum() == pytest.approx(-parts["total"])


def test_codes_that_are_numbers_in_one_year_only_are_refused():
    second = SECOND.assign(enterprise_id=range(len(SECOND)))
    with pytest.raises(ValueError, match="enterprise_id is 'A' here and 0 there; allowed"):
        decomposition.melitz_polanec(FIRST, second)


def test_units_whose_group_is_not_known_are_a_group():
    years = [frame.assign(town=["t", None, "t", "t"]) for frame in (FIRST, SECOND)]
    found = decomposition.melitz_polanec(*years, by="town")
    assert found["town"].isna().tolist() == [False, True]
    assert found["n_survivors"].tolist() == [2, 1]


def test_any_amount_and_unit_may_be_decomposed():
    names = {"enterprise_id": "town", "land_mu": "mu", "value_added_wan": "tax_wan"}
    first, second = FIRST.rename(columns=names), SECOND.rename(columns=names)
    parts = decomposition.melitz_polanec(first, second, unit="town", land="mu", value="tax_wan")
    assert parts["total"] == pytest.approx(CASE["expected"]["total"], abs=5e-7)


def test_without_entrants_or_exits_their_parts_are_exactly_zero():
    parts = decomposition.melitz_polanec(FIRST, FIRST)
    assert parts[[*PARTS, "total"]].tolist() == [0.0] * 7


def test_without_survivors_the_two_years_are_carried_by_entrants_and_exits():
    parts = decomposition.melitz_polanec(FIRST.iloc[:2], SECOND.iloc[3:])
    assert parts["n_survivors"] == 0
    assert parts[PARTS].tolist() == pytest.approx([0, 0, 36, -700 / 30, 0, 0])
    assert parts[PARTS].sum() == pytest.approx(parts["total"])


def test_an_empty_year_leaves_every_part_missing():
    parts = decomposition.melitz_polanec(FIRST, SECOND.iloc[:0])
    assert parts[[*PARTS, "total", "second"]].isna().all() and parts["n_exits"] == 4


def test_a_unit_without_land_or_value_is_left_out_of_both_years_and_counted():
    second = SECOND.assign(value_added_wan=[np.nan, 690, 220, 900])
    parts = decomposition.melitz_polanec(FIRST, second)
    expected = decomposition.melitz_polanec(FIRST.iloc[1:], SECOND.iloc[1:])
    assert parts["n_left_out"] == 1
    assert parts[PARTS].tolist() == pytest.approx(expected[PARTS].tolist())
    no_land = decomposition.melitz_polanec(FIRST.assign(land_mu=[0, 20, 20, None]), SECOND)
    assert no_land["n_left_out"] == 2 and no_land["n_exits"] == 0


def test_a_mover_exits_one_group_and_enters_the_other():
    first = FIRST.assign(town=["x", "x", "y", "y"])
    second = SECOND.assign(town=["x", "y", "y", "x"])
    parts = decomposition.melitz_polanec(first, second, by="town").set_index("town")
    assert parts["n_exits"].tolist() == [1, 1] and parts["n_entrants"].tolist() == [1, 1]
    assert parts[PARTS].sum(axis=1).tolist() == pytest.approx(parts["total"].tolist())


def test_a_unit_that_stands_twice_is_refused_by_name():
    with pytest.raises(ValueError, match="stands twice in one year: B"):
        decomposition.melitz_polanec(pd.concat([FIRST, FIRST.iloc[[1]]]), SECOND)
    with pytest.raises(ValueError, match="no column land_mu"):
        decomposition.melitz_polanec(FIRST.drop(columns="land_mu"), SECOND)


panel = st.lists(
    st.tuples(st.integers(0, 12), st.floats(0.5, 1e3), st.floats(-1e4, 1e5)),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[0],
)


@settings(max_examples=100, deadline=None)
@given(first=panel, second=panel)
def test_the_parts_add_up_to_the_total_on_any_panel(first, second):
    names = ["enterprise_id", "land_mu", "value_added_wan"]
    years = [pd.DataFrame(rows, columns=names) for rows in (first, second)]
    parts = decomposition.melitz_polanec(*years)
    pooled = [frame["value_added_wan"].sum() / frame["land_mu"].sum() for frame in years]
    assert parts["first"] == pytest.approx(pooled[0]) and parts["second"] == pytest.approx(
        pooled[1]
    )
    size = parts[PARTS].abs().sum()
    assert parts[PARTS].sum() == pytest.approx(parts["total"], rel=1e-9, abs=1e-9 * max(size, 1))


def test_units_without_a_name_are_not_the_same_unit():
    first = pd.DataFrame({"enterprise_id": ["A", None], "land_mu": 10.0, "value_added_wan": 5.0})
    with pytest.raises(ValueError, match="enterprise_id"):
        decomposition.melitz_polanec(first, first.assign(value_added_wan=6.0))


@pytest.mark.parametrize("column", ["land_mu", "value_added_wan"])
def test_an_endless_amount_is_refused(column):
    first = pd.DataFrame({"enterprise_id": ["A", "B"], "land_mu": 10.0, "value_added_wan": 5.0})
    with pytest.raises(ValueError, match=column):
        decomposition.melitz_polanec(first, first.assign(**{column: [np.inf, 1.0]}))
