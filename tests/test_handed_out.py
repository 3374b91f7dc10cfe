"""What a researcher may do with a dataset: look at it, misspell it, change it."""

import shutil
from pathlib import Path

import pytest

import fenghua
from fenghua.analysis.shared import once
from fenghua.inputs import dataset
from fenghua.inputs.vocabulary import Audience

RAW = Path(__file__).parents[1] / "data" / "raw"


@pytest.fixture
def ds():
    return fenghua.load(RAW, RAW / "demo")


@once
def reported(ds, year):
    rows = ds.town_reports
    return rows[rows["period"].str.startswith(year)].groupby("town_code")["value"].sum().to_frame()


def test_a_dataset_says_in_short_what_it_is(ds):
    said = repr(ds)
    assert len(said.splitlines()) < 25
    assert "synthetic demo data in" in said
    assert f"enterprises: {len(ds.enterprises):,} rows, 2020 to 2025" in said


def test_a_misspelt_table_is_answered_with_the_nearest_names(ds):
    with pytest.raises(AttributeError, match="no 'enterprizes'; did you mean enterprises"):
        _ = ds.enterprizes
    with pytest.raises(AttributeError, match="did you mean one of indicators, targets"):
        _ = ds.xyz


def test_kept_inputs_are_not_read_again_until_a_file_changes(tmp_path, monkeypatch):
    data = tmp_path / "raw"
    for folder in ("plan", "reference", "demo"):
        shutil.copytree(RAW / folder, data / folder)
    monkeypatch.setattr(dataset, "_kept", {})
    dataset.keep(data, data / "demo")
    with monkeypatch.context() as nothing:
        nothing.setattr(dataset, "read", None)
        first, second = (fenghua.load(data, data / "demo") for _ in range(2))
    first.observations.loc[:, "value"] = 0.0
    first.plan["title_en"] = "changed"
    assert second.observations["value"].sum() > 0
    assert second.plan["title_en"] != "changed"
    path = data / "demo" / "parks.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(rows[:-1]) + "\n", encoding="utf-8", newline="\n")
    assert len(fenghua.load(data, data / "demo").parks) == len(second.parks) - 1


def test_a_frame_changed_in_place_gives_figures_of_the_changed_frame(ds):
    before = reported(ds, "2024")
    assert reported(ds, "2024").equals(before)
    town = before.index[-1]
    ds.town_reports.loc[ds.town_reports["town_code"] == town, "value"] *= 3
    assert reported(ds, "2024").loc[town, "value"] == pytest.approx(3 * before.loc[town, "value"])
    again = fenghua.load(RAW, RAW / "demo")
    assert reported(again, "2024").equals(before)


def test_a_changed_parameter_is_other_data(ds):
    @once
    def cap(ds):
        return ds.parameters["town_cap"] if "town_cap" in ds.parameters else len(ds.parameters)

    before = cap(ds)
    ds.parameters.clear()
    assert cap(ds) == 0 != before


def test_readers_are_one_of_two_and_equal_to_their_words():
    assert [*Audience] == ["public", "internal"]
    assert Audience("public").is_public and not Audience("internal").is_public
    with pytest.raises(ValueError, match="audience is 'secret'; allowed: public, internal"):
        Audience("secret")
