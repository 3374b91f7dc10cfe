"""Scores: the published formula, its gaps, its properties."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.analysis import efficiency, evaluation

ROOT = Path(__file__).parents[1]
SCHEMES = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in (ROOT / "data/raw/reference/schemes").glob("*.yaml")
}
CASES = yaml.safe_load((ROOT / "tests/cases/per_mu_scores.yaml").read_text(encoding="utf-8"))
SIMPLE = {
    "above_scale": {
        "weights": {"tax_per_mu_wan": 60, "value_added_per_mu_wan": 40},
        "benchmarks": {"tax_per_mu_wan": 10, "value_added_per_mu_wan": 50},
    }
}


def plants(n=3, **columns):
    base = {"year": 2022, "enterprise_id": [f"e{i}" for i in range(n)], "is_above_scale": True}
    base |= {"land_mu": 10.0, "tax_wan": 100.0, "value_added_wan": 500.0, "employees": 50}
    base |= {"energy_tce": 200.0, "emission_t": 0.5, "revenue_wan": 2000.0, "rd_wan": 60.0}
    return pd.DataFrame({**base, "electricity_mwh": 400.0, **columns}, index=range(n))


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['scheme']}-{c['is_above_scale']}")
def test_an_enterprise_on_the_published_benchmarks_scores_100(case):
    frame = pd.DataFrame([{**case["amounts"], "is_above_scale": case["is_above_scale"]}])
    scored = evaluation.score(frame, SCHEMES[case["scheme"]])
    assert scored["total"].iloc[0] == pytest.approx(100, abs=1e-9)


def test_the_input_is_kept_and_never_changed():
    frame = plants().assign(tax_per_mu_wan=-1.0, extra="kept")
    before = frame.copy()
    scored = evaluation.score(frame, SIMPLE)
    evaluation.grade(scored, SCHEMES["huangyan_2022"])
    pd.testing.assert_frame_equal(frame, before)
    assert scored["tax_per_mu_wan"].eq(10).all() and scored["extra"].eq("kept").all()


def test_an_enterprise_that_stands_twice_in_a_year_is_refused():
    frame = plants()
    twice = pd.concat([frame, frame.iloc[:1]])
    for question in (
        lambda: evaluation.score(twice, SIMPLE),
        lambda: evaluation.release_curve(twice),
    ):
        with pytest.raises(ValueError, match="enterprise_id stands twice in one year: e0"):
            question()
    both = pd.concat([frame, frame.assign(year=2023)])
    nameless = twice.assign(enterprise_id=None)
    assert len(evaluation.score(both, SIMPLE)) == 6 and len(evaluation.score(nameless, SIMPLE)) == 4
    with pytest.raises(ValueError, match="columns stand twice: tax_wan"):
        evaluation.score(pd.concat([frame, frame[["tax_wan"]]], axis=1), SIMPLE)


@pytest.mark.parametrize("words", [("True", "False", ""), (1.0, 0, None), ("是", "否", " ")])
def test_a_yes_or_no_is_read_as_tables_hold_it_and_a_blank_is_no_size(words):
    frame = plants(is_above_scale=pd.Series(words, dtype=object))
    reasons = evaluation.score(frame, SIMPLE)["reasons"].tolist()
    assert reasons == ["", "size_class_not_in_scheme", "size_class_missing"]
    with pytest.raises(ValueError, match="is_above_scale is 'maybe'; allowed: True or False"):
        evaluation.score(plants(is_above_scale="maybe"), SIMPLE)


@pytest.mark.parametrize(
    ("columns", "ratio", "code"),
    [
        ({"land_mu": 0.0}, "tax_per_mu_wan", "land_mu_not_positive"),
        ({"land_mu": -3.0}, "value_added_per_mu_wan", "land_mu_not_positive"),
        ({"tax_wan": np.nan}, "tax_per_mu_wan", "tax_wan_missing"),
        ({"land_mu": None}, "tax_per_mu_wan", "land_mu_missing"),
    ],
)
def test_a_ratio_that_cannot_be_formed_is_missing_with_its_reason(columns, ratio, code):
    scored = evaluation.score(plants(1, **columns), SIMPLE)
    assert np.isnan(scored[ratio].iloc[0]) and np.isnan(scored["total"].iloc[0])
    assert code in scored["reasons"].iloc[0].split(";")


def test_no_ratio_is_ever_infinite():
    scored = evaluation.score(plants(2, **dict.fromkeys(
        ("land_mu", "employees", "energy_tce", "emission_t", "revenue_wan", "electricity_mwh"), 0
    )), SCHEMES["huangyan_2022"])  # fmt: skip
    assert scored[list(efficiency.RATIOS)].isna().all().all()


def test_negative_value_added_is_scored_and_flagged():
    scored = evaluation.score(plants(1, value_added_wan=-500.0), SIMPLE)
    assert scored["total"].iloc[0] == pytest.approx(60 - 40)
    assert scored["reasons"].iloc[0] == "value_added_negative"


def test_a_missing_emission_gets_the_group_mean_item_score_where_the_scheme_says_so():
    frame = plants(3, emission_t=[0.5, 0.25, np.nan])
    scored = evaluation.score(frame, SCHEMES["huangyan_2022"])
    item = scored["score_value_added_per_emission_wan"]
    assert item[2] == pytest.approx((item[0] + item[1]) / 2)
    codes = "emission_t_missing;value_added_per_emission_wan_group_mean"
    assert scored["reasons"].tolist() == ["", "", codes]


def test_a_missing_emission_is_not_scored_where_the_scheme_has_no_rule():
    scored = evaluation.score(plants(3, emission_t=[0.5, 0.25, np.nan]), SCHEMES["huangyan_2021"])
    assert scored["total"].isna().tolist() == [False, False, True]
    assert scored["reasons"][2] == "emission_t_missing"


def test_without_any_emission_there_is_no_mean_to_give():
    scored = evaluation.score(plants(2).drop(columns="emission_t"), SCHEMES["huangyan_2022"])
    assert scored["total"].isna().all()
    assert "value_added_per_emission_wan_no_group_mean" in scored["reasons"][0]


def test_group_benchmarks_are_ratios_of_sums_and_apart_by_year_and_size():
    frame = plants(4, land_mu=[10, 90, 10, 10], tax_wan=[300, 900, 50, 70], year=[1, 1, 2, 2])
    block = {"weights": {"tax_per_mu_wan": 100}, "benchmarks": "group_ratio_of_sums"}
    scored = evaluation.score(frame, {"above_scale": block})
    assert scored["total"].tolist() == pytest.approx([250, 100 / 1.2, 500 / 6, 700 / 6])


def test_a_group_without_output_has_no_benchmark():
    block = {"weights": {"tax_per_mu_wan": 100}, "benchmarks": "group_ratio_of_sums"}
    scored = evaluation.score(plants(2, tax_wan=0.0), {"above_scale": block})
    assert scored["reasons"].tolist() == ["tax_per_mu_wan_no_benchmark"] * 2


def test_floors_and_caps_bound_the_share_of_the_benchmark():
    block = SIMPLE["above_scale"] | {
        "floors": {"value_added_per_mu_wan": 0},
        "caps": {"tax_per_mu_wan": 1.5},
    }
    scored = evaluation.score(plants(1, tax_wan=900, value_added_wan=-1), {"above_scale": block})
    assert scored["total"].tolist() == [90.0]


def test_size_classes_are_scored_by_their_own_rules_or_say_why_not():
    frame = plants(3, is_above_scale=[True, False, None])
    scored = evaluation.score(frame, SIMPLE)
    codes = ["", "size_class_not_in_scheme", "size_class_missing"]
    assert scored["reasons"].tolist() == codes
    assert scored["total"].isna().tolist() == [False, True, True]
    assumed = evaluation.score(frame.drop(columns="is_above_scale"), SIMPLE)
    assert assumed["reasons"].unique().tolist() == ["size_class_assumed_above"]
    assert assumed["total"].notna().all()


def test_enterprises_on_one_parcel_are_merged_and_share_the_result():
    scheme = SIMPLE | {"shared_parcels": "merge"}
    frame = plants(4, parcel_id=["p", "p", "q", ""], tax_wan=[100.0, 300, 50, 50])
    scored = evaluation.score(frame, scheme)
    assert scored["tax_per_mu_wan"].tolist() == [20, 20, 5, 5]
    assert scored["total"][0] == scored["total"][1]
    assert scored["reasons"].tolist() == ["shared_parcel", "shared_parcel", "", ""]
    assert scored["tax_wan"].tolist() == [100, 300, 50, 50]
    apart = evaluation.score(frame.assign(year=[1, 2, 1, 1]), scheme)
    assert not apart["is_shared_parcel"].any()


def test_extra_tenants_cost_points_by_size_class():
    frame = plants(8, is_above_scale=[True] * 4 + [False] * 4)
    frame["tenant_count"] = [0, 1, 2, 4, 0, 1, 2, np.nan]
    scored = evaluation.score(frame, SCHEMES["wenling_2022"] | {"groups": "all"})
    assert scored["deduction"].tolist() == [0, 0, 5, 15, 0, 10, 15, 0]
    assert scored["reasons"][2] == "tenant_deduction"
    assert scored["reasons"][7] == "tenant_count_missing"


def test_industry_groups_take_codes_with_or_without_a_section_letter():
    frame = plants(6, industry_code=["C1711", "17", 3411, "1311", "", "c1711"])
    graded = evaluation.grade(
        evaluation.score(frame, SCHEMES["wenling_2022"]), SCHEMES["wenling_2022"]
    )
    groups = graded["group"].str.split("/").str[1].tolist()
    textile = "textile_footwear_rubber"
    assert groups[:4] == [textile, textile, "general_machinery", "other"]
    assert "industry_group_missing" in graded["reasons"][4]
    assert groups[5] == textile
    assert efficiency.industry_codes(frame, 2).tolist() == ["17", "17", "34", "13", "", "17"]


def test_empty_tables_stay_empty_and_keep_their_columns():
    for frame in (plants(1).iloc[:0], pd.DataFrame(columns=list(plants(1)))):
        for scheme in SCHEMES.values():
            graded = evaluation.grade(evaluation.score(frame, scheme), scheme)
            assert graded.empty and {"total", "initial_grade", "reasons"} <= set(graded)


amounts = st.floats(0.01, 1e5, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(amounts, amounts, amounts), min_size=2, max_size=12), up=amounts)
def test_a_better_figure_never_lowers_a_score(rows, up):
    columns = np.array(rows).T
    frame = plants(len(rows), land_mu=columns[0], tax_wan=columns[1], value_added_wan=columns[2])
    better = frame.assign(tax_wan=frame["tax_wan"] + up)
    gain = evaluation.score(better, SIMPLE)["total"] - evaluation.score(frame, SIMPLE)["total"]
    assert (gain >= -1e-9).all()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 999), name=st.sampled_from(sorted(SCHEMES)), factor=st.floats(0.01, 99))
def test_scale_of_land_and_money_and_order_of_rows_leave_grades_alone(seed, name, factor):
    rng = np.random.default_rng(seed)
    scheme, n = SCHEMES[name], 40
    frame = plants(n, is_above_scale=rng.random(n) < 0.6, parcel_id=rng.integers(0, 30, n))
    for column in ("land_mu", "tax_wan", "value_added_wan", "emission_t", "electricity_mwh"):
        frame[column] = rng.lognormal(3, 1, n)
    frame["industry_code"] = rng.choice(["17", "34", "99"], n)

    def grades(table):
        graded = evaluation.grade(evaluation.score(table, scheme), scheme)
        return graded.set_index("enterprise_id")["adjusted_grade"].sort_index()

    expected = grades(frame)
    shuffled = frame.sample(frac=1, random_state=seed)
    pd.testing.assert_series_equal(grades(shuffled), expected)
    money = ["land_mu", "tax_wan", "value_added_wan", "revenue_wan", "rd_wan"]
    scaled = frame.assign(**{c: frame[c] * factor for c in [*money, "energy_tce", "emission_t"]})
    scaled = scaled.assign(employees=frame["employees"] * factor)
    scaled = scaled.assign(electricity_mwh=frame["electricity_mwh"] * factor)
    pd.testing.assert_series_equal(grades(scaled), expected)
