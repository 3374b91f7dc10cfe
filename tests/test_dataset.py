import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import fenghua
from fenghua import cli
from fenghua.inputs import columns, dataset, vocabulary
from tidysheets.problems import InputError

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"


@pytest.fixture(scope="module")
def ds():
    return fenghua.load(RAW, RAW / "demo")


def test_every_table_is_there_with_its_columns(ds):
    for name in ("indicators", "targets", *columns.USER_TABLES, "towns", "lead_units", "sources"):
        assert set(columns.schema().tables[name]) <= set(getattr(ds, name).columns), name
    for frame in (ds.policy_rules, ds.benchmarks):
        assert len(frame)


def test_types_are_those_of_the_contract(ds):
    assert ds.targets["value"].dtype == "float64"
    assert ds.targets["year"].dtype == "int64"
    assert ds.indicators["is_count"].dtype == bool
    assert ds.enterprises["is_above_scale"].dtype == bool
    assert ds.enterprises["land_mu"].dtype == "float64"
    assert all(isinstance(code, str) for code in ds.enterprises["town_code"])
    assert (ds.targets["note"] == "").any()


def test_targets_carry_what_the_path_needs(ds):
    assert {"kind", "start", "direction", "is_count"} <= set(ds.targets.columns)
    assert set(ds.targets["kind"]) <= set(vocabulary.KINDS)


def test_the_dash_of_the_plan_stays_as_printed(ds):
    row = ds.targets.query("indicator_id == 'labour_productivity_growth' and role == 'baseline'")
    assert row["printed"].tolist() == ["-"]
    assert row["value"].isna().all()


def test_parameters_hold_the_status_cutoffs(ds):
    assert ds.parameters["status_on_track_min"] == 0.95
    assert ds.parameters["mu_per_km2"] == 1500


def test_demo_rows_are_synthetic(ds):
    assert ds.is_synthetic
    assert ds.plan["base_year"] == 2020
    assert ds.plan["area_code"] == "330213"


def test_a_relative_folder_is_found_from_below(monkeypatch):
    monkeypatch.chdir(ROOT / "notebooks")
    assert fenghua.load("data/raw", RAW / "demo").data_dir.samefile(RAW)


def actual(tmp_path, text, name="a.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return fenghua.load(RAW, tmp_path)


def test_published_actuals_are_not_synthetic(tmp_path):
    ds = actual(tmp_path, "指标,期间,数值,来源\n1,2023,42.1,plan_2022_14\n")
    assert not ds.is_synthetic
    row = ds.observations.iloc[0]
    assert (row["indicator_id"], row["area_code"], row["unit"]) == (
        "value_added_rate",
        "330213",
        "%",
    )
    assert "area_default" in {problem.code for problem in ds.warnings}


def test_one_synthetic_row_marks_the_dataset(tmp_path):
    assert actual(tmp_path, "指标,期间,数值,来源\n1,2023,42.1,synthetic_demo\n").is_synthetic


@pytest.mark.parametrize(
    "named",
    ["tax_per_mu", "2", "规上工业亩均税收", "規上工業畝均稅收", "规上工业亩均税收(万元/亩)"],
)
def test_an_indicator_is_named_in_any_way(tmp_path, named):
    ds = actual(tmp_path, f"指标名称,期间,数值\n{named},2023,160\n")
    assert ds.observations["indicator_id"].tolist() == ["tax_per_mu"]


def test_figures_come_to_the_unit_of_the_indicator(tmp_path):
    ds = actual(tmp_path, "指标,期间,数值\n9,2023,1500亩\n10,2023,3.2万吨标准煤\n1,2023,42%\n")
    assert ds.observations["value"].tolist() == [1.0, 3.2, 42.0]


def test_a_restated_figure_stays_beside_the_first(tmp_path):
    text = "指标,期间,数值,发布日期\n1,2023,42.1,2024-01-20\n1,2023,42.3,2024-06-20\n"
    assert len(actual(tmp_path, text).observations) == 2


def test_towns_are_named_by_code_or_name(tmp_path):
    text = "指标,镇街,期间,完成数\n6,锦屏街道,2023,3\n6,330213100000,2023,2\n6,莼湖,2023,1\n6,330213104,2022,1\n"  # noqa: E501
    towns = actual(tmp_path, text).town_reports["town_code"].tolist()
    assert towns == ["330213001", "330213100", "330213008", "330213008"]


def test_a_short_name_of_two_towns_means_none(tmp_path):
    shutil.copytree(RAW, tmp_path / "raw", ignore=shutil.ignore_patterns("demo", "actuals"))
    register = tmp_path / "raw" / "reference" / "towns.csv"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace("大堰镇", "莼湖镇"), encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.csv").write_text(
        "指标,镇街,期间,完成数\n6,莼湖街道,2023,3\n6,莼湖,2023,1\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        fenghua.load(tmp_path / "raw", tmp_path / "own")
    (problem,) = caught.value.problems
    assert (problem.row, problem.found) == (3, "莼湖")


def test_an_indicator_may_be_called_as_what_compares_figures_elsewhere(tmp_path):
    shutil.copytree(RAW, tmp_path / "raw", ignore=shutil.ignore_patterns("demo", "actuals"))
    for register in (tmp_path / "raw").glob("*/*.csv"):
        text = register.read_text(encoding="utf-8-sig")
        register.write_text(text.replace("value_added_rate", "growth"), encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.csv").write_text("指标,期间,数值\ngrowth,2023,42\n", encoding="utf-8")
    read = fenghua.load(tmp_path / "raw", tmp_path / "own").observations
    assert read["value"].tolist() == [42]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gbk", "gb18030"]
)
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path, encoding, mark):
    text = (
        mark.join(["指标名称", "期间", "数值"])
        + "\n"
        + mark.join(["规上工业亩均税收", "2023年", "160"])
    )
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    ds = fenghua.load(RAW, tmp_path)
    assert ds.observations["value"].tolist() == [160]


def test_figures_are_the_same_in_any_order(tmp_path):
    source = pd.read_csv(RAW / "demo" / "town_tasks.csv", dtype=str)
    source.iloc[::-1, ::-1].to_csv(tmp_path / "x.csv", index=False, encoding="utf-8")
    mixed = fenghua.load(RAW, tmp_path).town_tasks
    plain = fenghua.load(RAW, RAW / "demo").town_tasks
    keys = ["indicator_id", "town_code", "year"]
    pd.testing.assert_frame_equal(
        mixed.sort_values(keys, ignore_index=True), plain.sort_values(keys, ignore_index=True)
    )


def codes_of(tmp_path, text):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    found = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    return [(problem.code, problem.address) for problem in found]


def test_an_area_that_nothing_knows_is_refused(tmp_path):
    text = "指标,期间,数值,地区\n2,2023,150,全區\n2,2022,150,区属\n2,2021,150,火星\n"
    assert codes_of(tmp_path, text) == [("unknown_reference", "D4")]


def test_a_header_without_rows_is_said(tmp_path):
    ds = actual(tmp_path, "指标,期间,数值\n")
    assert "no_rows" in {problem.code for problem in ds.warnings}


def test_rows_without_a_key_are_not_called_repeated(tmp_path):
    text = "指标,期间,数值\n2,2023.1,150\n2,2024.1,160\n"
    assert codes_of(tmp_path, text) == [("not_period", "B2"), ("not_period", "B3")]


def test_a_repeated_row_is_named_in_the_words_of_the_file(tmp_path):
    (tmp_path / "a.csv").write_text("指标名称,月份,完成数\n2,2023,150\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("指标,期间,数值\n2,2023年,150\n", encoding="utf-8")
    (found,) = [p for p in dataset.check(RAW, tmp_path) if p.severity == "error"]
    assert (found.code, found.file, found.address, found.column) == (
        "duplicate",
        "b.csv",
        "B2",
        "期间",
    )
    assert "指标+期间" in found.text("zh-Hans")
    assert "it repeats row 2 (a.csv)" in found.text("en")


def test_a_whole_number_beyond_reason_is_named(tmp_path):
    text = "年份,统一社会信用代码,企业名称\n9223372036854776000,A1,甲\n"
    assert ("above_max", "A2") in codes_of(tmp_path, text)


def test_an_absent_folder_is_a_problem_not_a_trace(tmp_path):
    problems = dataset.check(tmp_path / "none")
    assert {problem.code for problem in problems} >= {"file_missing"}
    assert not any("found" in problem.text("en") for problem in problems)
    assert {p.code for p in dataset.check(RAW, tmp_path / "none")} >= {"file_missing"}


def test_a_folder_that_may_not_be_read_is_a_problem_not_a_trace(tmp_path, monkeypatch):
    def refuse(self, *_, **__):
        raise PermissionError(13, "Permission denied", str(self))

    (tmp_path / "a.csv").write_text("指标,期间,数值\n2,2023,150\n", encoding="utf-8")
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert [p.code for p in dataset.check(RAW, tmp_path)] == ["file_unreadable"]
    monkeypatch.undo()
    registers = dataset.check(RAW, RAW / "demo")
    exists = Path.exists
    monkeypatch.setattr(
        Path, "exists", lambda self: refuse(self) if self.name == "a.csv" else exists(self)
    )
    assert [p.code for p in dataset.check(RAW, tmp_path) if p not in registers] == [
        "file_unreadable"
    ]


def test_registers_that_may_not_be_looked_into_are_not_said_to_be_unwritten(monkeypatch):
    def refuse(self, *_, **__):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_dir", refuse)
    said = "secret: Permission denied: name one that you have the right to use"
    for command in ("check", "build", "report"):
        done = CliRunner().invoke(cli.main, [command, "--data", "secret"])
        assert done.exit_code == 2 and done.output.startswith(said)
    monkeypatch.undo()
    exists = Path.exists
    monkeypatch.setattr(
        Path, "exists", lambda self: refuse(self) if self.name == "plan.csv" else exists(self)
    )
    assert [p.code for p in dataset.check(RAW)] == ["file_unreadable"]
    monkeypatch.undo()
    look = Path.iterdir
    monkeypatch.setattr(
        Path, "iterdir", lambda self: refuse(self) if self.name == "schemes" else look(self)
    )
    assert [p.code for p in dataset.check(RAW)] == ["file_unreadable"]


def test_an_empty_folder_is_said(tmp_path):
    assert [problem.code for problem in dataset.check(RAW, tmp_path)] == ["no_rows"]


def test_loading_changes_no_file():
    before = {path: path.stat().st_mtime_ns for path in RAW.rglob("*.csv")}
    dataset.check(RAW)
    assert before == {path: path.stat().st_mtime_ns for path in RAW.rglob("*.csv")}


def test_a_faulty_cell_is_named_once(tmp_path):
    text = "年份,统一社会信用代码,企业名称,用地面积,实缴税金\n2023,A1,甲,#N/A,5\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    found = [problem.code for problem in dataset.check(RAW, tmp_path) if problem.address == "D2"]
    assert found == ["excel_error"]


def test_an_absurd_figure_is_named_without_a_warning_of_the_library(tmp_path):
    head = "年份,统一社会信用代码,企业名称,属地,是否规上,是否区属,用地面积,实缴税金\n"
    text = head + "2023,A1,甲,锦屏,是,是,1e-200,1e200\n"
    assert codes_of(tmp_path, text) == []
    found = [p.address for p in dataset.check(RAW, tmp_path) if p.code == "out_of_sense"]
    assert found == ["H2", ""]
