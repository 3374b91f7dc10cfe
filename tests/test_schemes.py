"""Schemes: the shipped ones are usable and cited, a bad one is refused with all its faults."""

import copy
import csv
from pathlib import Path

import pandas as pd
import pytest
import yaml

from fenghua.analysis import evaluation, scheme

ROOT = Path(__file__).parents[1]
SCHEMES = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in (ROOT / "data/raw/reference/schemes").glob("*.yaml")
}


def changed(path, value):
    out = copy.deepcopy(SCHEMES["huangyan_2022"])
    block = out
    *parents, last = path.split("/")
    for key in parents:
        block = block.setdefault(key, {})
    if value is None:
        del block[last]
    else:
        block[last] = value
    return out


def test_the_promised_schemes_are_there():
    assert {"huangyan_2021", "huangyan_2022", "wenling_2022", "fenghua_default"} <= set(SCHEMES)


@pytest.mark.parametrize("name", sorted(SCHEMES))
def test_shipped_schemes_have_no_fault_and_say_they_are_not_official(name):
    found = SCHEMES[name]
    assert scheme.problems(found) == [] and found["scheme_id"] == name
    assert found["is_official_here"] is False
    assert {"zh_hans", "en"} <= set(found["notice"]) & set(found["title"])


@pytest.mark.parametrize("name", sorted(SCHEMES))
def test_every_source_of_a_scheme_is_registered(name):
    with (ROOT / "data/raw/plan/sources.csv").open(encoding="utf-8", newline="") as file:
        known = {row["source_id"] for row in csv.DictReader(file)}
    assert set(SCHEMES[name]["source_ids"]) <= known


@pytest.mark.parametrize("year", ["2021", "2022"])
def test_huangyan_weights_and_benchmarks_are_the_published_ones(year):
    table = pd.read_csv(ROOT / "data/raw/reference/benchmarks.csv")
    table = table[(table["region"] == "台州市黄岩区") & (table["year"].astype(str) == year)]
    assert len(table) == 8
    names = {"rd_share": "rd_intensity", "tax_per_electricity": "tax_per_mwh_wan"}
    for row in table.to_dict("records"):
        block, ratio = (
            SCHEMES[f"huangyan_{year}"][row["group"]],
            names.get(row["item"], row["item"]),
        )
        assert block["weights"][ratio] == row["weight"]
        assert block["benchmarks"][ratio] == row["value"]


@pytest.mark.parametrize(
    ("path", "value", "start"),
    [
        ("above_scale/weights/rd_intensity", 20, "above_scale.weights: found a sum of 110"),
        ("above_scale/weights/rd_intensity", -10, "above_scale.weights: found a sum of 80"),
        ("above_scale/weights/rd", 0, "above_scale.weights.rd: found this key"),
        (
            "above_scale/weights/rd_intensity",
            "ten",
            "above_scale.weights.rd_intensity: found 'ten'",
        ),
        ("above_scale/weights", 100, "above_scale.weights: found 100"),
        (
            "above_scale/benchmarks/rd_intensity",
            None,
            "above_scale.benchmarks.rd_intensity: found no",
        ),
        ("above_scale/benchmarks/rd_intensity", 0, "above_scale.benchmarks.rd_intensity: found 0"),
        ("above_scale/floors/rd_intensity", "low", "above_scale.floors.rd_intensity: found 'low'"),
        ("above_scale/grades", {"A": 0.8, "B": 0.2, "C": 0.95}, "above_scale.grades: found [0.8"),
        ("above_scale/grades", {"A": 0.2, "B": 0.8, "C": 1.2}, "above_scale.grades: found [0.2"),
        ("above_scale/grades", {"A": 0.2, "B": 0.8}, "above_scale.grades: found {"),
        ("above_scale/tenant_deduction", {"free": 1}, "above_scale.tenant_deduction: found"),
        ("above_scale", [], "above_scale: found []"),
        ("missing/rd_intensity", "zero", "missing.rd_intensity: found zero"),
        ("groups", {"x": [34]}, "groups: found"),
        ("min_group_size", 0, "min_group_size: found 0"),
        ("shared_parcels", "maybe", "shared_parcels: found maybe"),
        ("tenants_follow_owner", ["small"], "tenants_follow_owner: found small"),
        ("grade_caps/has_arrears", "F", "grade_caps.has_arrears: found F"),
        ("vetoes", "has_safety_finding", "vetoes: found 'has_safety_finding', allowed a list"),
        ("upgrades", "is_high_tech", "upgrades: found 'is_high_tech', allowed a list"),
        ("exclusions/new_enterprise_years", "two", "exclusions.new_enterprise_years: found 'two'"),
        ("exclusions/utilities", "no", "exclusions.utilities: found 'no', allowed true or false"),
        ("above_scale/benchmarks/rd_intensity", float("inf"), "above_scale.benchmarks.rd_inten"),
        ("exclusions/young", 2, "exclusions.young: found this key"),
        ("register/tax_per_mu_wan", "low", "register.tax_per_mu_wan: found low"),
        ("weigths", {}, "weigths: found this key"),
    ],
)
def test_each_fault_names_its_place_and_what_is_allowed(path, value, start):
    found = scheme.problems(changed(path, value))
    assert any(line.startswith(start) for line in found), found
    assert all(", allowed " in line and "; " in line for line in found)


def test_a_floor_above_its_cap_is_a_fault():
    bad = changed("above_scale/floors/rd_intensity", 2)
    bad["above_scale"]["caps"] = {"rd_intensity": 1}
    assert [line.split(":")[0] for line in scheme.problems(bad)] == [
        "above_scale.floors.rd_intensity"
    ]


def test_all_faults_come_in_one_error():
    bad = changed("above_scale/weights/rd_intensity", 20)
    bad["below_scale"]["grades"] = {"A": 0.9, "B": 0.5, "C": 0.95}
    bad["min_group_size"] = 0
    with pytest.raises(ValueError) as error:
        evaluation.score(pd.DataFrame(), bad)
    for path in ("above_scale.weights", "below_scale.grades", "min_group_size"):
        assert path in str(error.value)


def test_no_scheme_at_all_is_refused():
    assert scheme.problems({})[0].startswith("scheme: found neither")
    assert scheme.problems(None)[0].startswith("scheme: found NoneType")


def test_grading_without_class_shares_is_refused():
    bare = {
        "above_scale": {
            k: SCHEMES["huangyan_2022"]["above_scale"][k] for k in ("weights", "benchmarks")
        }
    }
    assert scheme.problems(bare) == []
    with pytest.raises(ValueError, match=r"above_scale\.grades"):
        evaluation.grade(pd.DataFrame({"total": [1.0]}), bare)
