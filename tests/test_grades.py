"""Classes: cut-offs, ties, adjustment in its order, and every reason code."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from fenghua.analysis import evaluation

ROOT = Path(__file__).parents[1]
CASES = yaml.safe_load((ROOT / "tests/cases/per_mu_grades.yaml").read_text(encoding="utf-8"))
WEIGHTS = {"weights": {"tax_per_mu_wan": 100}, "benchmarks": {"tax_per_mu_wan": 10}}
SCHEME = {
    "above_scale": WEIGHTS | {"grades": {"A": 0.20, "B": 0.80, "C": 0.95}},
    "below_scale": WEIGHTS | {"grades": {"A": 0.05, "B": 0.75, "C": 0.95}},
    "min_group_size": 5,
}


def scored(totals, **columns):
    n = len(totals)
    base = {"year": 2022, "enterprise_id": [f"e{i}" for i in range(n)], "is_above_scale": True}
    return pd.DataFrame({**base, "total": np.array(totals, dtype=float), **columns})


def letters(frame, scheme=SCHEME, **options):
    return "".join(v or "-" for v in evaluation.grade(frame, scheme, **options)["adjusted_grade"])


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['size']}-{c['n']}")
def test_class_shares_at_the_cut_offs(case):
    frame = scored(np.arange(case["n"], 0, -1), is_above_scale=case["size"] == "above_scale")
    graded = evaluation.grade(frame, SCHEME)
    assert graded["initial_grade"].value_counts().to_dict() == case["counts"]
    assert "".join(graded["initial_grade"]) == "".join(sorted(graded["initial_grade"]))


def test_equal_scores_share_the_better_rank():
    graded = evaluation.grade(scored([9, 9 + 1e-13, 9, 5, 4]), SCHEME)
    assert graded["rank"].tolist() == [1, 1, 1, 4, 5]
    assert "".join(graded["initial_grade"]) == "AAABD"


def test_years_and_sizes_are_ranked_apart():
    frame = scored(range(20), year=[1] * 10 + [2] * 10, is_above_scale=[True, False] * 10)
    graded = evaluation.grade(frame, SCHEME)
    assert graded["group_size"].eq(5).all()
    assert sorted(graded["rank"].unique()) == [1, 2, 3, 4, 5]
    assert set(graded["group"]) == {"above_scale/all", "below_scale/all"}


def test_a_group_too_small_says_so_instead_of_grading():
    graded = evaluation.grade(scored([4, 3, 2, 1]), SCHEME)
    assert graded["initial_grade"].tolist() == [""] * 4
    assert graded["reasons"].unique().tolist() == ["group_too_small"]


def test_an_enterprise_without_a_score_is_not_graded():
    graded = evaluation.grade(scored([5, 4, 3, 2, 1, np.nan]), SCHEME)
    assert graded["adjusted_grade"].iloc[-1] == "" and graded["reasons"].iloc[-1] == "not_scored"
    assert graded["group_size"].iloc[0] == 5


def test_the_excluded_are_out_with_their_reason():
    scheme = SCHEME | {
        "exclusions": {"new_enterprise_years": 2, "unfinished": True, "utilities": True}
    }
    frame = scored(range(9), established_year=[2021, 2020, *[2000] * 7])
    frame["is_unfinished"] = [False] * 7 + [True, False]
    frame["is_utility"] = [False] * 8 + [True]
    graded = evaluation.grade(frame, scheme)
    assert graded["reasons"].tolist() == ["new_enterprise", *[""] * 6, "unfinished", "utility"]
    assert graded["group_size"].iloc[1] == 6 and graded["rank"].isna().sum() == 3


def test_partners_on_a_parcel_count_once_in_the_ranking():
    frame = scored(
        [9, 9, 5, 4, 3, 2], parcel_id=list("ppqrst"), is_shared_parcel=[1, 1, 0, 0, 0, 0]
    )
    graded = evaluation.grade(frame, SCHEME)
    assert graded["rank"].tolist() == [1, 1, 2, 3, 4, 5]
    assert graded["group_size"].eq(5).all() and "".join(graded["initial_grade"]) == "AABBBD"


def test_a_tenant_follows_the_owner_of_the_land():
    scheme = SCHEME | {"tenants_follow_owner": ["above_scale"]}
    owners = ["", "", "", "", "", "e0", "e9", "e6"]
    frame = scored([9, 8, 7, 6, 5, 1, 1, 1], is_tenant=[False] * 5 + [True] * 3, landlord_id=owners)
    graded = evaluation.grade(frame, scheme)
    assert "".join(v or "-" for v in graded["adjusted_grade"]) == "ABBBDA--"
    assert graded["reasons"].tolist()[5:] == [
        "follows_owner",
        "follows_owner;owner_not_found",
        "follows_owner;owner_not_graded",
    ]
    assert letters(frame.assign(year=[2022] * 5 + [2021] * 3), scheme) == "ABBBD---"
    assert letters(frame) == "ABBBBBBB"


def test_vetoes_beat_caps_and_caps_beat_upgrades_and_the_initial_class_is_kept():
    scheme = SCHEME | {"vetoes": ["v"], "grade_caps": {"c": "C"}, "upgrades": ["u"]}
    frame = scored([5, 4, 3, 2, 1], v=[1, 0, 0, 1, 0], c=[0, 1, 1, 0, 0], u=[1, 0, 1, 1, 1])
    graded = evaluation.grade(frame, scheme)
    assert "".join(graded["initial_grade"]) == "ABBBD"
    assert "".join(graded["adjusted_grade"]) == "DCCDC"
    assert graded["reasons"].tolist() == [
        "upgrade_u;veto_v", "cap_c", "upgrade_u;cap_c", "upgrade_u;veto_v", "upgrade_u",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rule", [{"vetoes": ["w"]}, {"upgrades": ["w"]}, {"grade_caps": {"w": "C"}}]
)
def test_a_rule_about_a_column_that_is_not_there_is_refused_and_not_passed_over(rule):
    with pytest.raises(ValueError, match="column is 'w'; allowed"):
        evaluation.grade(scored([5, 4, 3, 2, 1]), SCHEME | rule)


def test_written_decisions_are_applied_with_their_reason():
    table = pd.DataFrame(
        [
            ("e0", 2022, "veto", "", "safety accident"),
            ("e1", 2022, "cap", "C", "arrears"),
            ("e2", 2022, "upgrade", "", "listed"),
            ("e4", 2022, "", "B", "committee of 3 March"),
            ("e3", 2021, "veto", "", "another year"),
            ("gone", 2022, "veto", "", "not in this table"),
        ],
        columns=["enterprise_id", "year", "action", "grade", "reason"],
    )
    graded = evaluation.grade(scored([5, 4, 3, 2, 1]), SCHEME, adjustments=table)
    assert "".join(graded["initial_grade"]) == "ABBBD"
    assert "".join(graded["adjusted_grade"]) == "DCABB"
    assert graded["reasons"].tolist() == ["veto", "cap", "upgrade", "", "manual"]
    assert graded["adjustment_reason"].tolist()[3:] == ["", "committee of 3 March"]


@pytest.mark.parametrize("other", [{"year": "2022"}, {"enterprise_id": 1}])
def test_decisions_whose_codes_are_of_another_kind_are_refused_and_do_not_wait(other):
    decided = {"enterprise_id": "e0", "year": 2022, "action": "veto", "reason": "accident"} | other
    with pytest.raises(ValueError, match=r"here and .* there; allowed: all text, or all"):
        evaluation.grade(scored([5, 4]), SCHEME, adjustments=pd.DataFrame([decided]))


def test_faulty_decisions_are_refused_all_at_once():
    table = pd.DataFrame(
        {
            "enterprise_id": ["e0", "e1", "e2", "e2"],
            "year": 2022,
            "action": ["manual", "promote", "veto", "veto"],
            "grade": ["E", "", "", ""],
            "reason": ["why", "why", "", "why"],
        }
    )
    with pytest.raises(ValueError) as error:
        evaluation.grade(scored([5, 4, 3, 2, 1]), SCHEME, adjustments=table)
    lines = str(error.value).splitlines()
    assert len(lines) == 4
    assert "row 1, grade: found 'E', allowed A, B, C, D" in str(error.value)


def test_any_index_is_kept():
    frame = scored([5, 4, 3, 2, 1]).set_axis(["x", "x", "y", "y", "z"])
    assert evaluation.grade(frame, SCHEME).index.tolist() == ["x", "x", "y", "y", "z"]
    assert letters(frame) == "ABBBD"
