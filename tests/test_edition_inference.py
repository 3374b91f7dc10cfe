"""What can be told of an enterprise: enterprises in the same figures are looked at as one kind."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.analysis import edition_inference
from fenghua.analysis.edition_inference import Aim, Known, One, Slack, Tops
from fenghua.analysis.edition_tables import Rules, coarser, finest

RULES = Rules(minimum=3, p=0.10, q=0.10, error_max=0.10, count_base=5, median_minimum=10)
FIGURES = 5


@st.composite
def printed_sums(draw):
    """Some figures over a few kinds of enterprises, a loss among them, rounded as an edition is."""
    n = draw(st.integers(6, 14))
    kind_of = draw(st.lists(st.integers(1, 2**FIGURES - 1), min_size=4, max_size=4))
    chosen = np.array(draw(st.lists(st.sampled_from(kind_of), min_size=n, max_size=n)))
    units = np.array([chosen >> place & 1 for place in range(FIGURES)], dtype=bool)
    values = np.array(draw(st.lists(st.integers(1, 400), min_size=n, max_size=n)), dtype=float)
    values[0] = draw(st.sampled_from([values[0], -5.0]))
    sums = units @ values
    # As an edition does: a step is at least 2 q of the largest amount of its figure.
    largest = np.where(units, np.abs(values), 0.0).max(axis=1)
    steps = []
    for total, most in zip(sums, largest, strict=True):
        step = finest(total) if total else 1.0
        while step / 2 < RULES.q * most:
            step = coarser(step)
        steps.append(step)
    others = [np.sort(np.abs(values[row]))[:-2].sum() for row in units]
    reason = np.where(np.array(others) < RULES.p * largest, "dominance", "")
    rows = {"value": sums, "step": steps, "n": units.sum(axis=1), "reason": reason}
    return pd.DataFrame(rows), units, values


def one_by_one(figures, units, values):
    """Every enterprise as a kind of its own."""
    ones, losses = np.ones(len(values)), (values < 0).astype(float)
    tops = Tops.of(units, values, np.arange(len(values)))
    return Known(figures, units.astype(float), ones, losses, RULES, tops)


def by_kind(figures, units, values):
    """The enterprises by kind, and which kind each is of."""
    atoms, kind = edition_inference.kinds(units)
    sizes = np.bincount(kind, minlength=atoms.shape[1]).astype(float)
    losses = np.bincount(kind, values < 0, minlength=atoms.shape[1])
    tops = Tops.of(units, values, kind)
    return Known(figures, atoms.astype(float), sizes, losses, RULES, tops), kind


def shown(figures):
    return figures[(figures["reason"] == "") & (figures["n"] > 0)]


def aim(problem, kind, i, rival):
    """One enterprise as another sees it, with what the steps of figures tell of both."""
    figures, units, values = problem
    weights = np.append(np.zeros(kind.max() + 1), [1.0, 0.0])
    told = Tops.of(units, values, kind).told(shown(figures), RULES)
    one = One(kind[i], values[i], least=told[i])
    other = One(kind[rival], values[rival], least=told[rival], is_known=True)
    return Aim(weights, values[i], (one, other))


@settings(max_examples=60, deadline=None)
@given(printed_sums(), st.data())
def test_sums_of_kinds_tell_as_much_as_each_enterprise_for_itself(problem, data):
    values = problem[-1]
    i, rival = data.draw(st.permutations(range(len(values))))[:2]
    known, kind = by_kind(*problem)
    plain, each = one_by_one(*problem), np.arange(len(values))
    width, _ = known.width(aim(problem, kind, i, rival), np.inf)
    wanted, _ = plain.width(aim(problem, each, i, rival), np.inf)
    assert width == pytest.approx(wanted, rel=1e-6, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(printed_sums(), st.data())
def test_partners_are_the_same_by_kind_as_one_by_one(problem, data):
    figures, units, values = problem
    each = np.arange(len(values))
    own = shown(figures)
    slack = Slack.of(own, units[own.index], Tops.of(units, values, each), RULES)
    plain = replace(slack, inside=units[own.index], kind=each)
    assert slack.alone() == pytest.approx(plain.alone())
    i, rival = data.draw(st.permutations(range(len(values))))[:2]
    assert slack.beside(i, [rival]) == pytest.approx(plain.beside(i, [rival]))


def test_beside_a_rival_the_largest_is_told_to_the_steps():
    """110 to 130, less 40, and less 10 (by its step) to 12.5."""
    values, units = np.array([60.0, 40.0, 12.0]), np.array([[True] * 3, [False, False, True]])
    figures = {"value": units @ values, "step": [20.0, 5.0], "n": [3, 1], "reason": ""}
    problem = pd.DataFrame(figures), units, values
    known, kind = by_kind(*problem)
    width, binding = known.width(aim(problem, kind, 0, 1), np.inf)
    assert width == pytest.approx(22.5) and binding == [0, 1]


def test_that_no_one_dominates_a_printed_figure_bounds_its_largest_for_the_second():
    """Between 25, by the step, and (55 - 24.9) / 1.1: the others are a tenth of it and more."""
    values, units = np.array([25.1, 24.9, 1.3, 1.4]), np.ones((1, 4), dtype=bool)
    figures = {"value": [52.7], "step": [10.0], "n": [4], "reason": [""]}
    problem = pd.DataFrame(figures), units, values
    known, kind = by_kind(*problem)
    width, _ = known.width(aim(problem, kind, 0, 1), np.inf)
    assert width == pytest.approx((55 - 24.9) / 1.1 - 25)


def test_what_steps_tell_of_the_largest_bounds_their_sum_from_below():
    """Two plots of 26 are the largest of a figure each: their steps of 10 say that each is > 25."""
    values = np.array([26.0, 26.0, 40.0, 40.0])
    units = np.array([[True, False, False, False], [False, True, False, False]])
    sums = {"value": units @ values, "step": 10.0, "n": 1, "reason": ""}
    known, kind = by_kind(pd.DataFrame(sums), units, values)
    both = np.bincount(kind[:2], minlength=kind.max() + 1).astype(float)
    width, _ = known.width(Aim(both, 52.0), np.inf)
    assert width == pytest.approx(2 * 10.0)  # 25 to 35 each
