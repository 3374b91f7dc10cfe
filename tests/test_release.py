"""The release curve: order, sums, targets; per-mu figures three ways; concentration."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.analysis import efficiency, evaluation, release


def plants(**columns):
    base = {"enterprise_id": list("dcba"), "land_mu": [600.0, 900, 1500, 3000], "employees": 10}
    base |= {"tax_wan": [600.0, 1800, 1500, 30000], "energy_tce": [10.0, 20, 30, 40]}
    return pd.DataFrame({**base, "value_added_wan": 100.0, **columns})


def test_the_lowest_tax_per_mu_goes_first_and_ties_go_by_id():
    curve = evaluation.release_curve(plants())
    assert curve["enterprise_id"].tolist() == ["b", "d", "c", "a"]
    assert curve["n"].tolist() == [1, 2, 3, 4]
    assert curve["cum_land_mu"].tolist() == [1500, 2100, 3000, 6000]
    assert curve["cum_land_km2"].tolist() == [1.0, 1.4, 2.0, 4.0]
    assert curve["cum_employees"].tolist() == [10, 20, 30, 40]


def test_targets_are_marked_where_they_are_first_reached():
    curve = evaluation.release_curve(plants(), target_land_km2=2.0, target_energy_tce=75_000)
    assert curve["is_land_target"].tolist() == [False, False, True, False]
    assert not curve["is_energy_target"].any()


@pytest.mark.parametrize("size", [0, -1500.0, np.nan])
def test_a_mu_of_no_size_is_refused(size):
    with pytest.raises(ValueError, match=r"mu_per_km2 is .*; allowed: a number above 0"):
        evaluation.release_curve(plants(), mu_per_km2=size)


def test_the_protected_and_those_without_figures_are_left_out():
    frame = plants(is_chain_key=[True, False, False, False], land_mu=[1.0, 0.0, 1500, 3000])
    assert evaluation.release_curve(frame)["enterprise_id"].tolist() == ["b", "a"]


def test_any_ratio_may_order_the_curve_and_an_unknown_one_is_refused():
    curve = evaluation.release_curve(plants(), order_by="value_added_per_mu_wan")
    assert curve["enterprise_id"].tolist() == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match="order_by is 'beauty'"):
        evaluation.release_curve(plants(), order_by="beauty")


def test_unknown_amounts_add_nothing_and_say_so():
    curve = evaluation.release_curve(plants(energy_tce=[10.0, 20, np.nan, 40]))
    assert curve["missing_amounts"].tolist() == ["energy_tce", "", "", ""]
    assert curve["cum_energy_tce"].tolist() == [0, 10, 30, 70]


def test_the_what_if_uses_the_district_owned_average_or_says_otherwise():
    curve = evaluation.release_curve(plants())
    assert curve["what_if_basis"].unique().tolist() == ["without_largest"]
    assert curve["what_if_tax_wan"].iloc[0] == pytest.approx(1500 * 3900 / 3000)
    owned = evaluation.release_curve(plants(is_district_owned=[True, True, False, False]))
    assert owned["what_if_basis"].unique().tolist() == ["district_owned"]
    assert owned["what_if_tax_wan"].iloc[0] == pytest.approx(1500 * 2400 / 1500)


def test_years_are_accumulated_apart_and_nothing_gives_nothing():
    curve = evaluation.release_curve(plants(year=[2021, 2021, 2022, 2022]))
    assert curve["n"].tolist() == [1, 2, 1, 2]
    empty = evaluation.release_curve(plants().iloc[:0], target_land_km2=2)
    assert empty.empty


def test_parks_below_the_threshold_and_parks_without_figures_are_listed():
    parks = pd.DataFrame(
        {"park_id": list("pqrs"), "land_mu": [10.0, 10, 10, 0], "tax_wan": [49.0, 50, 10, 5]}
    )
    out = release.parks_below(parks, threshold=5)
    assert out["park_id"].tolist() == ["r", "p", "s"]
    assert out["reason"].tolist() == ["", "", "tax_per_mu_missing"]


def test_every_per_mu_figure_comes_three_ways():
    frame = plants(is_district_owned=[True, True, True, False], year=2022)
    ways = efficiency.three_ways(frame).set_index(["figure", "basis"])["value"]
    assert ways["tax_per_mu_wan", "whole"] == pytest.approx(33900 / 6000)
    assert ways["tax_per_mu_wan", "district_owned"] == pytest.approx(3900 / 3000)
    assert ways["tax_per_mu_wan", "median"] == pytest.approx(1.5)
    assert len(ways) == 6
    both = pd.concat([frame, frame.assign(year=2023)])
    assert efficiency.three_ways(both)["year"].tolist() == [2022] * 6 + [2023] * 6


def test_pooled_by_group_leaves_half_known_rows_out():
    frame = pd.DataFrame(
        {"town_code": ["a", "a", "b"], "land_mu": [10.0, 90, 10], "tax_wan": [300, np.nan, 10]}
    )
    out = efficiency.pooled(frame, by="town_code")
    assert out["tax_per_mu_wan"].tolist() == [30, 1] and out["enterprises"].tolist() == [2, 1]
    assert out["rd_intensity"].isna().all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.1, 1e4), st.floats(0, 1e5)), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
def test_a_pooled_ratio_lies_between_its_parts_and_order_does_not_matter(rows, random):
    land, tax = np.array(rows).T
    frame = pd.DataFrame({"land_mu": land, "tax_wan": tax})
    value = efficiency.pooled(frame)["tax_per_mu_wan"].iloc[0]
    assert (tax / land).min() * (1 - 1e-9) <= value <= (tax / land).max() * (1 + 1e-9)
    curve = evaluation.release_curve(frame.assign(enterprise_id=range(len(frame))))
    assert (np.diff(curve["tax_per_mu_wan"]) >= 0).all()
    assert curve["cum_land_mu"].iloc[-1] == pytest.approx(land.sum())
