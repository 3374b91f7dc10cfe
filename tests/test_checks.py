import csv
import shutil
from pathlib import Path

import pytest

from fenghua.inputs import dataset
from tidysheets.problems import InputError

ROOT = Path(__file__).parents[1]
BAD = Path(__file__).parent / "bad_inputs"
EXPECTED = list(csv.DictReader((BAD / "expected.csv").read_text(encoding="utf-8").splitlines()))
RAW = ROOT / "data" / "raw"


@pytest.mark.parametrize("file", sorted({row["file"] for row in EXPECTED}))
def test_each_defect_is_named_and_nothing_else(file):
    found = dataset.check(RAW, BAD / file)
    shown = {(p.code, p.severity, str(p.row or ""), p.column) for p in found}
    wanted = {
        (r["code"], r["severity"], r["row"], r["column"]) for r in EXPECTED if r["file"] == file
    }
    assert wanted == {entry for entry in shown if entry[0] not in ("column_absent", "area_default")}
    for problem in found:
        assert problem.file == file
        for lang in ("zh-Hans", "zh-Hant", "en"):
            assert file in problem.text(lang)
            assert "{" not in problem.text(lang)


def test_every_bad_file_has_its_expectation():
    assert {p.name for p in BAD.iterdir()} - {"expected.csv"} == {row["file"] for row in EXPECTED}


@pytest.fixture
def raw(tmp_path):
    shutil.copytree(
        RAW, tmp_path / "raw", ignore=shutil.ignore_patterns("demo", "actuals", "*.txt")
    )
    (tmp_path / "raw" / "demo").mkdir()
    return tmp_path / "raw"


def edit(path, old, new, count=1):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8", newline="\n")


REGISTER_EDITS = [
    ("plan/indicators.csv", "tax_per_mu,headline,2,efficiency,level,1", "tax_per_mu,headline,2,efficiency,level,-1", "direction_contradicts"),  # noqa: E501
    ("plan/indicators.csv", ",jingxin,", ",jingxing,", "unknown_reference"),
    ("plan/indicators.csv", "efficiency,level,1", "efficiency,levels,1", "not_allowed"),
    ("plan/indicators.csv", "efficiency,level,1", "efficiency,level,0", "not_allowed"),
    ("plan/targets.csv", "tax_per_mu,target,2023,168", "tax_per_mu,target,2023,一百", "target_figure_alone"),  # noqa: E501
    ("plan/targets.csv", "tax_per_mu,target,2023,168", "tax_per_mu,target,,168", "value_missing"),
    ("plan/targets.csv", "tax_per_mu,target,2023,168", "tax_per_moo,target,2023,168", "unknown_reference"),  # noqa: E501
    ("plan/targets.csv", "value_added_rate,baseline,2020", "value_added_rate,target,2020", "baseline_missing"),  # noqa: E501
    ("plan/targets.csv", "energy_intensity_reduction,target,2025,15", "energy_intensity_reduction,target,2025,-15", "target_sign"),  # noqa: E501
    ("plan/targets.csv", "energy_intensity_reduction,target,2025,15", "energy_intensity_reduction,target,2025,100", "target_sign"),  # noqa: E501
    ("plan/targets.csv", "tax_per_mu,target,2023,168", "tax_per_mu,target,2020,168", "target_year_order"),  # noqa: E501
    ("plan/targets.csv", "energy_intensity_reduction,target,2025,15", "energy_intensity_reduction,target,2019,15", "target_year_order"),  # noqa: E501
    ("plan/targets.csv", "indicator_id,role,", "indicator,role,", "column_missing"),
    ("plan/lead_units.csv", "\nfagai,", "\ncaizheng,", "duplicate_row"),
    ("plan/lead_units.csv", "\nfagai,", "\nfagai,one more,", "row_width"),
    ("reference/towns.csv", ",street,", ",avenue,", "not_allowed"),
    ("reference/parameters.csv", ",project_methods,", ",nobody,", "unknown_reference"),
    ("reference/parameters.csv", "\nword_level_pct,", "\nword_levels,", "parameter_unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code"), REGISTER_EDITS)
def test_a_wrong_register_names_file_row_and_remedy(raw, file, old, new, code):
    edit(raw / file, old, new)
    with pytest.raises(InputError) as error:
        dataset.load(raw)
    found = [problem for problem in error.value.problems if problem.code == code]
    assert found
    assert all(problem.file.endswith(file) and problem.remedy for problem in found)
    assert file in str(error.value)


def test_constants_that_a_folder_leaves_out_are_those_shipped(raw):
    before = dataset.load(raw).parameters
    edit(raw / "reference/parameters.csv", "\nword_level_pct,90,", "\nword_level_pct,85,")
    assert dataset.load(raw).parameters == before | {"word_level_pct": 85}
    lines = (raw / "reference/parameters.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("word_level_pct")]
    (raw / "reference/parameters.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert dataset.load(raw).parameters == before
    (raw / "reference/parameters.csv").unlink()
    (raw / "reference/status_cutoffs.csv").unlink()
    assert dataset.load(raw).parameters == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("plan/lead_units.csv", "\nfagai,", "\nzz_fagai,"),
        ("plan/targets.csv", "value_added_rate,target,2023,", "value_added_rate,target,2029,"),
    ],
)
def test_rows_out_of_order_are_said_but_hinder_nothing(raw, file, old, new):
    edit(raw / file, old, new)
    found = [problem for problem in dataset.check(raw) if problem.code == "not_sorted"]
    assert found and {problem.severity for problem in found} == {"warning"}


def test_all_problems_are_named_at_once(raw):
    for file, old, new, _ in REGISTER_EDITS[4:6]:
        (raw / file).write_text((RAW / file).read_text(encoding="utf-8"), encoding="utf-8")
        edit(raw / file, old, new)
    edit(raw / "reference/towns.csv", ",street,", ",avenue,")
    codes = {problem.code for problem in dataset.check(raw)}
    assert {"value_missing", "not_allowed"} <= codes


def test_a_scheme_in_broken_yaml_is_named_with_its_line(raw):
    (raw / "reference/schemes").mkdir(exist_ok=True)
    (raw / "reference/schemes/new.yaml").write_text("a: 1\nb: [1\n", encoding="utf-8")
    found = [p for p in dataset.check(raw) if p.code == "yaml_syntax"]
    assert found[0].file.endswith("new.yaml")
    assert found[0].row


def test_a_missing_register_is_named(raw):
    (raw / "plan/targets.csv").unlink()
    assert "file_missing" in {problem.code for problem in dataset.check(raw)}
