"""The processed tables are what their data package says, and bad input leaves them alone."""

import json
import shutil
from pathlib import Path

import frictionless
import pandas as pd
import pytest

import fenghua
from fenghua import processed
from fenghua.inputs import columns, vocabulary
from fenghua_demo import indicators as demo

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data" / "raw"


@pytest.fixture(scope="module")
def actuals(tmp_path_factory):
    place = tmp_path_factory.mktemp("actuals")
    demo.write(place, enterprises=150, seed=7, data=DATA)
    return place


@pytest.fixture(scope="module")
def built(tmp_path_factory, actuals):
    out = tmp_path_factory.mktemp("processed")
    (out / "README.md").write_text("kept", encoding="utf-8")
    earlier = {"resources": [{"path": "gone.csv", "parquet": "gone.parquet"}]}
    text = json.dumps(earlier | {"evaluation_scheme": ""})
    (out / "datapackage.json").write_text(text, encoding="utf-8")
    (out / "gone.csv").write_text("of an earlier build", encoding="utf-8")
    (out / "mine.csv").write_text("of somebody else", encoding="utf-8")
    said: list[str] = []
    assert processed.build(DATA, actuals, out=out, echo=said.append) == 0
    assert "SYNTHETIC DEMO DATA" in said[0]
    return out


@pytest.fixture(scope="module")
def package(built):
    return json.loads((built / "datapackage.json").read_text(encoding="utf-8"))


@pytest.mark.filterwarnings("ignore")  # of the validator's own making
def test_frictionless_accepts_the_data_package(built):
    report = frictionless.validate(str(built / "datapackage.json"))
    assert report.flatten(["type", "rowNumber", "fieldName", "note"]) == []
    assert report.valid


def test_every_table_has_both_forms_and_they_agree(built, package):
    names = {resource["name"] for resource in package["resources"]}
    assert {"indicators", "targets", "observations", "enterprises", "enterprise_panel"} <= names
    for resource in package["resources"]:
        text = pd.read_csv(built / resource["path"], dtype=str, keep_default_na=False)
        typed = pd.read_parquet(built / resource["parquet"])
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert list(text) == list(typed) == fields
        assert len(text) == len(typed)
        numbers = [f["name"] for f in resource["schema"]["fields"] if f["type"] == "number"]
        for name in numbers:
            assert pd.to_numeric(text[name]).astype(float).equals(typed[name].astype(float)), name


def test_files_of_an_earlier_build_go_and_notes_stay(built):
    assert not (built / "gone.csv").exists()
    assert (built / "mine.csv").exists()
    assert (built / "README.md").read_text(encoding="utf-8") == "kept"
    assert not list(built.glob(".run-*"))


def test_the_panel_is_scored_and_graded_every_year(built, actuals):
    panel = pd.read_parquet(built / "enterprise_panel.parquet")
    ds = fenghua.load(DATA, actuals)
    assert len(panel) == len(ds.enterprises)
    assert set(panel["year"]) == set(ds.enterprises["year"])
    expected = ds.enterprises["tax_wan"] / ds.enterprises["land_mu"]
    alone = ~panel["is_shared_parcel"]
    assert (panel["tax_per_mu_wan"] - expected)[alone].abs().max() < 1e-9
    for _, year in panel.groupby("year"):
        assert set(year["initial_grade"]) >= {"A", "B", "C", "D"}
    scheme = panel["scheme_id"].unique().tolist()
    assert len(scheme) == 1 and scheme[0] in ds.schemes


def test_every_column_of_the_panel_is_described(package):
    panel = next(r for r in package["resources"] if r["name"] == "enterprise_panel")
    for field in panel["schema"]["fields"]:
        assert field["title"] != field["name"], field
        assert field["description"]


def test_value_labels_speak_three_languages(built):
    labels = pd.read_csv(built / "value_labels.csv", dtype=str).set_index(
        ["table", "column", "value"]
    )
    assert list(labels) == list(vocabulary.LANGUAGES)
    assert labels.loc[("indicators", "kind", "cumulative")].tolist() == [
        "累计值",
        "累計值",
        "Cumulative",
    ]
    assert not labels.isna().any(axis=None)
    coded = {(c.table, c.name) for c in columns.schema().columns if c.choices}
    named = {(table, column) for table, column, _ in labels.index}
    unnamed = {name for name in coded - named if name[1] != "grade"}
    assert unnamed == set(), "codes without words"


def test_codebook_explains_every_column(built, package):
    page = (built / "codebook.html").read_text(encoding="utf-8")
    for resource in package["resources"]:
        assert f'<section id="{resource["name"]}">' in page
        for field in resource["schema"]["fields"]:
            assert f"<bdi>{field['name']}</bdi>" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "SYNTHETIC DEMO DATA" in page


def test_same_inputs_same_bytes(built, actuals, tmp_path):
    assert processed.build(DATA, actuals, out=tmp_path / "again", echo=str) == 0
    for path in built.glob("*.*"):
        if path.name not in ("README.md", "mine.csv"):
            assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_bad_input_is_named_and_touches_nothing(built, actuals, tmp_path):
    bad, out = tmp_path / "actuals", tmp_path / "out"
    shutil.copytree(actuals, bad)
    path = bad / "observations.csv"
    text = path.read_text(encoding="utf-8").splitlines()
    cells = text[1].split(",")
    cells[3] = "many"
    path.write_text("\n".join([text[0], ",".join(cells), *text[2:]]) + "\n", encoding="utf-8")
    shutil.copytree(built, out)
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    said: list[str] = []
    assert processed.build(DATA, bad, out=out, echo=said.append) == 2
    assert "many" in said[0] and "observations.csv" in said[0]
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    assert processed.build(DATA, bad, out=tmp_path / "new", echo=said.append) == 2
    assert not (tmp_path / "new").exists()


def test_a_full_disk_leaves_the_earlier_build(built, actuals, tmp_path, monkeypatch):
    out = tmp_path / "out"
    shutil.copytree(built, out)
    before = {p.name: p.read_bytes() for p in out.iterdir()}

    def full(self, content):
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert processed.build(DATA, actuals, out=out, echo=str) == 2
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


def test_without_schemes_there_is_no_panel(actuals, tmp_path):
    data = tmp_path / "raw"
    shutil.copytree(DATA / "plan", data / "plan")
    shutil.copytree(DATA / "reference", data / "reference", ignore=shutil.ignore_patterns("*.yaml"))
    assert processed.build(data, actuals, out=tmp_path / "out", echo=str) == 0
    assert (tmp_path / "out/enterprises.csv").exists()
    assert not (tmp_path / "out/enterprise_panel.csv").exists()
