"""Benchmarks leave out the unit that dominates an item; what hangs on that choice."""

import numpy as np
import pandas as pd
import pytest

import fenghua
from fenghua.analysis import evaluation

BLOCK = {"weights": {"tax_per_mu_wan": 30, "value_added_per_mu_wan": 70}}
SCHEME = {"above_scale": BLOCK | {"benchmarks": "group_ratio_of_sums"}}


def three(**columns):
    base = {"enterprise_id": list("abc"), "is_above_scale": True, "land_mu": [100.0, 100, 50]}
    amounts = {"tax_wan": [2000.0, 1000, 97000], "value_added_wan": [300.0, 300, 150]}
    return pd.DataFrame(base | amounts | columns)


def test_the_worked_case_of_the_methods():
    scored = evaluation.score(three(), SCHEME)
    assert scored["score_tax_per_mu_wan"].tolist() == pytest.approx([40, 20, 3880])
    assert scored["benchmark_share"].tolist()[2] == pytest.approx(0.97)
    assert scored["benchmark_share"].isna().tolist() == [True, True, False]
    with_all = evaluation.score(three(), SCHEME, benchmark_max_share=np.inf)
    assert with_all["score_tax_per_mu_wan"].tolist() == pytest.approx([1.5, 0.75, 145.5])


def test_given_benchmarks_are_not_touched():
    given = {"above_scale": BLOCK | {"benchmarks": dict.fromkeys(BLOCK["weights"], 10.0)}}
    scored = evaluation.score(three(), given)
    assert scored["score_tax_per_mu_wan"].tolist() == pytest.approx([60, 30, 5820])
    assert scored["benchmark_share"].isna().all()


def test_an_equal_share_of_a_small_group_does_not_dominate():
    # half of all, yet no more than twice the equal share of three
    scored = evaluation.score(three(tax_wan=[10.0, 10, 20]), SCHEME)
    assert scored["benchmark_share"].isna().all()


def test_the_largest_leaves_first_and_the_rest_are_judged_again():
    n = 10
    tax = [1000.0, 60.0, *[10.0] * (n - 2)]
    frame = pd.DataFrame({"is_above_scale": True, "land_mu": [10.0] * n, "tax_wan": tax})
    scored = evaluation.score(frame.assign(value_added_wan=1.0), SCHEME)
    # the second holds 5 % beside the first, 43 % without it
    assert scored["benchmark_share"].round(3).tolist()[:2] == [0.877, 0.429]
    assert scored["benchmark_share"].isna().sum() == n - 2
    assert scored["score_tax_per_mu_wan"].iloc[2] == pytest.approx(30)


def test_groups_are_judged_apart():
    frame = pd.concat([three(year=1), three(tax_wan=[1.0, 1.0, 1.0], year=2)])
    left = evaluation.score(frame.reset_index(drop=True), SCHEME)["benchmark_share"]
    assert left.notna().tolist() == [False, False, True, False, False, False]


def test_the_demonstration_says_what_hangs_on_the_choice():
    ds = fenghua.load()
    rows = ds.enterprises[ds.enterprises["year"] == 2024]
    rules = ds.schemes["fenghua_default"]
    choice = evaluation.benchmarked(rows, rules, ds.parameters, adjustments=ds.adjustments)
    above = choice.set_index("group").loc["above_scale/all"]
    assert (above["left_out"], above["classes"], above["differ"]) == (1, 773, 152)
    assert above["largest_share"] == pytest.approx(0.874, abs=5e-4)
    assert above["median_item"] == pytest.approx(18.73, abs=5e-3)
    assert above["median_item_with"] == pytest.approx(2.45, abs=5e-3)
    scored = evaluation.score(rows, rules)
    bench = 30 * scored["tax_per_mu_wan"] / scored["score_tax_per_mu_wan"]
    assert bench[scored["is_above_scale"]].median() == pytest.approx(23.6792, abs=5e-5)


def test_without_a_needed_amount_there_is_no_class_and_the_column_is_named():
    frame = pd.DataFrame({"is_above_scale": True, "land_mu": 10.0, "value_added_wan": 5.0},
                         index=range(6)).assign(tax_wan=[1.0, 2, 3, 4, np.nan, np.nan])  # fmt: skip
    cuts = {"grades": {"A": 0.2, "B": 0.8, "C": 0.95}}
    rules = {"above_scale": SCHEME["above_scale"] | cuts}
    graded = evaluation.grade(evaluation.score(frame, rules), rules)
    assert (graded["initial_grade"] == "").sum() == 2
    assert evaluation.missing_columns(graded).to_dict() == {"tax_wan": 2}
