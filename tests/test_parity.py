"""Compound-growth parity: the published formula to 1e-9, and when it is not available."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.analysis.trajectory import cagr_progress
from fenghua.inputs.vocabulary import PARITY_STATUSES


def growth(first, last, years):
    return (last / first) ** (1 / years) - 1


def test_with_a_target_the_value_is_a_ratio_of_growth_rates():
    got = cagr_progress(40, 2015, 44, 2020, target=60, target_year=2030, direction=1)
    ratio = growth(40, 44, 5) / growth(40, 60, 15)
    assert got.value == pytest.approx(ratio, abs=1e-9)
    assert (got.status, got.score) == (
        "moderate_progress",
        pytest.approx(7.1429 * ratio - 4.2857, abs=1e-9),
    )


def test_lower_is_better_turns_the_sign():
    got = cagr_progress(40, 2015, 44, 2020, target=20, target_year=2030, direction="negative")
    ratio = -growth(40, 44, 5) / abs(growth(40, 20, 15))
    assert got.value == pytest.approx(ratio, abs=1e-9)
    assert got.status == "deterioration"
    assert got.score == pytest.approx(4.1667 * ratio - 2.5, abs=1e-9)


def test_a_negative_base_turns_the_sign_again():
    got = cagr_progress(-40, 2015, -30, 2020, target=-10, target_year=2030, direction=1)
    assert got.value == pytest.approx(-growth(-40, -30, 5) / abs(growth(-40, -10, 15)), abs=1e-9)
    assert got.value > 0


@pytest.mark.parametrize(
    ("current", "status", "score"),
    [
        (100 * 1.02**5, "substantial_progress", lambda r: min(500 * r - 5, 5)),
        (100 * 1.01**5, "moderate_progress", lambda r: 250 * r - 1.25),
        (100 * 1.002**5, "limited_progress", lambda r: 500 * r - 2.5),
        (100 * 0.99**5, "deterioration", lambda r: max(125 * r - 2.5, -5)),
    ],
)
def test_without_a_target_the_value_is_the_growth_rate(current, status, score):
    got = cagr_progress(100, 2015, current, 2020, direction=1)
    rate = growth(100, current, 5)
    assert got.value == pytest.approx(rate, abs=1e-9)
    assert (got.status, got.score) == (status, pytest.approx(score(rate), abs=1e-9))


@pytest.mark.parametrize(
    ("base", "limit", "room"),
    [
        (80, 100, 1 - 0.8**4.44),
        (120, 100, 1 - 0.8**4.44),
        (250, 100, 1.0),
        (0, 0, 1.0),
        (80, None, 1.0),
    ],
)
def test_near_a_natural_limit_the_cut_offs_shrink(base, limit, room):
    year, start = 2020, base or 0.001
    current = start * (1 + 0.010 * room) ** 5
    got = cagr_progress(base, 2015, current, year, direction=1, limit=limit)
    assert got.status == "moderate_progress"
    assert got.score == pytest.approx(250 * 0.010 - 1.25, abs=1e-6)


def test_on_the_limit_holding_is_substantial():
    got = cagr_progress(100, 2015, 100, 2020, direction=1, limit=100)
    assert (got.value, got.score, got.status) == (0.0, 5, "substantial_progress")


def test_a_met_target_scores_five_and_a_limit_beside_it_is_ignored():
    got = cagr_progress(40, 2015, 61, 2020, target=60, target_year=2030, direction=1, limit=100)
    assert (got.status, got.score) == ("target_achieved", 5)
    assert got.value == pytest.approx(growth(40, 61, 5) / growth(40, 60, 15), abs=1e-9)


def test_zero_base_and_zero_target_are_read_as_a_thousandth_here_only():
    got = cagr_progress(0, 2015, 5, 2020, target=10, target_year=2030, direction=1)
    assert got.value == pytest.approx(growth(0.001, 5, 5) / growth(0.001, 10, 15), abs=1e-9)
    got = cagr_progress(10, 2015, 5, 2020, target=0, target_year=2030, direction=-1)
    assert got.value == pytest.approx(growth(10, 5, 5) / growth(10, 0.001, 15), abs=1e-9)


@pytest.mark.parametrize("missing", [None, math.nan, np.nan, ""])
@pytest.mark.parametrize("place", range(4))
def test_a_missing_value_or_year_is_not_available(missing, place):
    figures = [40, 2015, 44, 2020]
    figures[place] = missing
    got = cagr_progress(*figures, direction=1)
    assert (got.value, got.score, got.status) == (None, None, "not_available")


@pytest.mark.parametrize(
    ("figures", "target"),
    [
        ((40, 2015, -1, 2020), {}),
        ((-40, 2015, 1, 2020), {}),
        ((40, 2015, 44, 2015.5), {}),
        ((40, 2020, 44, 2015), {}),
        ((40, 2015, 44, 2020), {"target": -5, "target_year": 2030}),
        ((40, 2015, 44, 2020), {"target": 60, "target_year": None}),
        ((40, 2015, 44, 2020), {"target": math.nan, "target_year": 2030}),
    ],
)
def test_opposite_signs_or_less_than_a_year_are_not_available(figures, target):
    got = cagr_progress(*figures, direction=1, **target)
    assert (got.value, got.score, got.status) == (None, None, "not_available")


def test_a_target_equal_to_the_base_has_no_value():
    held = cagr_progress(40, 2015, 40, 2020, target=40, target_year=2030, direction=1)
    assert (held.value, held.score, held.status) == (None, 5, "target_achieved")
    lost = cagr_progress(40, 2015, 39, 2020, target=40, target_year=2030, direction=1)
    assert (lost.value, lost.score, lost.status) == (None, -5, "deterioration")


amounts = st.floats(-1e6, 1e6, allow_nan=False)


@settings(max_examples=100, deadline=None)
@given(amounts, amounts, st.none() | amounts, st.none() | amounts, st.sampled_from([1, -1]))
def test_scores_stay_within_five_and_words_are_known(base, current, target, limit, direction):
    year = None if target is None else 2030
    got = cagr_progress(
        *(base, 2015, current, 2020),
        **{"target": target, "target_year": year, "direction": direction, "limit": limit},
    )
    assert got.status in PARITY_STATUSES
    assert got.score is None or -5 <= got.score <= 5
    assert (got.status == "not_available") == (got.score is None)
