import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fenghua_demo import indicators as demo

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data" / "raw"
DEMO = DATA / "demo"
CODES = {"town_code": str, "area_code": str, "period": str, "industry_code": str}


def read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", encoding="utf-8", dtype=CODES)


@pytest.fixture(scope="module")
def years():
    plan = read(DATA / "plan", "plan").iloc[0]
    return list(range(plan["base_year"], plan["end_year"] + 1))


@pytest.fixture(scope="module")
def panels(years):
    return {year: read(DEMO, f"enterprises_{year}") for year in years}


@pytest.fixture(scope="module")
def indicators():
    return read(DATA / "plan", "indicators").set_index("indicator_id")


@pytest.fixture(scope="module")
def towns():
    return read(DATA / "reference", "towns").set_index("town_code")


def test_committed_files_are_reproduced_byte_for_byte(tmp_path):
    written = demo.write(tmp_path, data=DATA)
    assert {path.name for path in written} == {path.name for path in DEMO.glob("*.csv")}
    for path in written:
        assert path.read_bytes() == (DEMO / path.name).read_bytes(), path.name
        assert b"\r" not in path.read_bytes()
        assert path.stat().st_size < 1_200_000


def test_every_row_says_that_it_is_synthetic():
    for path in DEMO.glob("*.csv"):
        assert set(read(DEMO, path.stem)["source_id"]) == {"synthetic_demo"}, path.name


def test_base_year_panel_meets_the_printed_baselines(panels, years):
    targets = read(DATA / "plan", "targets")
    printed = targets[targets["role"] == "baseline"].set_index("indicator_id")["value"]
    above = panels[years[0]].query("is_above_scale")
    land = above["land_mu"].sum()
    assert above["tax_wan"].sum() / land == pytest.approx(printed["tax_per_mu"], abs=1e-6)
    value_added = above["value_added_wan"].sum() / land
    assert value_added == pytest.approx(printed["value_added_per_mu"], abs=1e-6)


def test_panel_agrees_with_the_observed_per_mu_figures_of_every_year(panels):
    seen = read(DEMO, "observations").drop_duplicates(
        ["indicator_id", "area_code", "period"], keep="last"
    )
    seen = seen.set_index(["indicator_id", "area_code", "period"])["value"]
    for year, panel in panels.items():
        above = panel.query("is_above_scale")
        for area, part in (("330213", above), ("330213-qs", above.query("is_district_owned"))):
            for name, amount in demo.PER_MU.items():
                ratio = part[amount].sum() / part["land_mu"].sum()
                assert ratio == pytest.approx(seen[name, area, str(year)], abs=0.0051)


def test_dominant_plant_lies_outside_the_district_owned_part(panels):
    for panel in panels.values():
        above = panel.query("is_above_scale")
        largest = above.loc[above["tax_wan"].idxmax()]
        assert not largest["is_district_owned"]
        assert largest["zone_code"]
        own = above.query("is_district_owned")
        whole = above["tax_wan"].sum() / above["land_mu"].sum()
        assert own["tax_wan"].sum() / own["land_mu"].sum() < whole / 4


def test_panel_is_sound(panels, towns):
    for year, panel in panels.items():
        assert panel["enterprise_id"].is_unique
        assert (panel["year"] == year).all()
        assert panel["enterprise_id"].str.fullmatch(r"DEMO\d{6}").all()
        assert panel["name"].str.fullmatch(r"演示企业-\d{4,}").all()
        assert (panel[["land_mu", "tax_wan", "revenue_wan", "energy_tce"]] > 0).all(axis=None)
        assert panel["town_code"].isin(towns.index[towns["kind"] != "zone"]).all()
        assert panel["zone_code"].dropna().isin(towns.index[towns["kind"] == "zone"]).all()
        assert panel["industry_code"].str.fullmatch(r"\d{4}").all()
        assert panel["landlord_id"].dropna().isin(panel["enterprise_id"]).all()
        assert (panel["landlord_id"].notna() == panel["is_tenant"]).all()
        assert panel["tenant_count"].sum() == panel["is_tenant"].sum()
        assert panel["established_year"].max() <= year
        assert panel["park_id"].dropna().isin(read(DEMO, "parks")["park_id"]).all()


def test_panel_holds_the_awkward_cases(panels):
    for panel in panels.values():
        assert 750 < panel["is_above_scale"].sum() < 850
        assert 1400 < (~panel["is_above_scale"]).sum() < 1600
        assert 0.05 < panel["emission_t"].isna().mean() < 0.12
        assert (panel["value_added_wan"] < 0).any()
        assert panel["parcel_id"].duplicated().any()
        assert panel["is_utility"].any()
        assert panel["is_grain_processor"].any()
    assert any(panel["is_unfinished"].any() for panel in panels.values())


def test_enterprises_enter_and_leave_every_year(panels, years):
    for first, second in pairwise(years):
        before, after = (set(panels[year]["enterprise_id"]) for year in (first, second))
        assert before - after
        assert after - before


def test_small_and_dominated_towns_exercise_disclosure(panels):
    for panel in panels.values():
        above = panel.query("is_above_scale").groupby("town_code")["tax_wan"]
        share = above.max() / above.sum()
        assert above.size()["330213107"] == 2
        assert share["330213108"] > 0.75
        assert (share > 0.75).sum() >= 2


def test_observations_follow_the_register(indicators):
    seen = read(DEMO, "observations")
    assert seen["indicator_id"].isin(indicators.index).all()
    assert (seen["unit"] == indicators.loc[seen["indicator_id"], "unit"].to_numpy()).all()
    counts = seen[indicators.loc[seen["indicator_id"], "is_count"].to_numpy()]
    assert (counts["value"] % 1 == 0).all()
    assert not seen.duplicated(["indicator_id", "area_code", "period", "published_on"]).any()
    assert seen.duplicated(["indicator_id", "area_code", "period"]).any()
    assert set(seen["status"]) == {"final", "preliminary", "estimate"}
    silent = set(indicators.index) - set(seen["indicator_id"])
    assert silent == {"technology_listings"}


def test_printed_baselines_are_the_base_year_rows(indicators, years):
    targets = read(DATA / "plan", "targets").query("role == 'baseline'")
    printed = targets.set_index("indicator_id")["value"]
    seen = read(DEMO, "observations").query("area_code == '330213'")
    base = seen[seen["period"] == str(years[0])].set_index("indicator_id")["value"]
    from_print = indicators.index[indicators["start"] == "printed"]
    assert (base[from_print] == printed[from_print]).all()


def test_broken_and_stopped_series_are_there():
    seen = read(DEMO, "observations")
    growth = seen[seen["indicator_id"] == "industrial_investment_growth"]["period"]
    assert not growth.str.startswith("2024").any()
    assert growth.str.startswith("2025").any()
    assert seen[seen["indicator_id"] == "pinzi_brand_firms"]["period"].max() == "2023-03"


def test_town_reports_never_exceed_the_district_and_never_fall(towns):
    reports = read(DEMO, "town_reports")
    inside = reports[reports["town_code"].isin(towns.index[towns["kind"] != "zone"])]
    seen = read(DEMO, "observations").drop_duplicates(["indicator_id", "period"], keep="last")
    district = seen.set_index(["indicator_id", "period"])["value"]
    totals = inside.groupby(["indicator_id", "period"])["value"].sum()
    assert (totals <= district[totals.index] + 1e-9).all()
    assert (totals < district[totals.index]).any()
    change = reports.groupby(["indicator_id", "town_code"])["value"].diff().dropna()
    assert change.min() >= 0
    late = reports[reports["town_code"] == "330213106"]["period"].unique()
    assert "2023-05" not in late
    assert "2023-07" in late
    tiny = reports.query("town_code == '330213107' and indicator_id == 'land_released'")
    assert (tiny["value"] == 0).all()


def test_tasks_add_up_to_the_plan_but_for_one_indicator(towns):
    tasks = read(DEMO, "town_tasks")
    tasks = tasks[tasks["town_code"].isin(towns.index[towns["kind"] != "zone"])]
    total = tasks.groupby(["indicator_id", "year"])["value"].sum()
    targets = read(DATA / "plan", "targets").query("role == 'target'")
    planned = targets.set_index(["indicator_id", "year"])["value"]
    both = total.index.intersection(planned.index)
    differs = ~np.isclose(total[both], planned[both], atol=1e-9)
    assert set(both[differs].get_level_values(0)) == {"scattered_polluting_firms_rectified"}


def test_adjustments_name_standing_enterprises_and_give_a_reason(panels):
    rows = read(DEMO, "grade_adjustments")
    assert rows["reason"].str.len().min() > 5
    for row in rows.itertuples():
        assert row.enterprise_id in set(panels[row.year]["enterprise_id"])


@pytest.mark.parametrize("enterprises", [10, 50, 3000])
def test_any_size_is_deterministic_and_meets_the_baseline(tmp_path, enterprises):
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        demo.write(folder, enterprises=enterprises, seed=7, data=DATA)
    for path in folders[0].iterdir():
        assert path.read_bytes() == (folders[1] / path.name).read_bytes()
    above = read(folders[0], "enterprises_2020").query("is_above_scale")
    assert above["tax_wan"].sum() / above["land_mu"].sum() == pytest.approx(159.9, abs=1e-6)
    assert len(read(folders[0], "enterprises_2025")) == pytest.approx(enterprises, rel=0.25, abs=6)


def test_another_seed_gives_other_figures(tmp_path):
    demo.write(tmp_path, enterprises=50, seed=1, data=DATA)
    assert (tmp_path / "observations.csv").read_bytes() != (DEMO / "observations.csv").read_bytes()


def test_too_few_enterprises_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(ValueError, match=re.escape("enterprises is 3; allowed: 10 or more")):
        demo.write(tmp_path / "new", enterprises=3, data=DATA)
    assert not (tmp_path / "new").exists()


def test_a_plan_of_another_kind_is_refused_with_what_it_lacks(tmp_path):
    for table in ("plan/plan", "plan/indicators", "plan/targets", "reference/towns"):
        rows = pd.read_csv(DATA / f"{table}.csv", dtype=str)
        if table == "plan/indicators":
            rows = rows[rows["indicator_id"] != "tax_per_mu"]
        (tmp_path / table).parent.mkdir(exist_ok=True)
        rows.to_csv(tmp_path / f"{table}.csv", index=False)
    said = "a plan of 5 years that has the indicators tax_per_mu and value_added_per_mu; put"
    with pytest.raises(ValueError, match=said):
        demo.write(tmp_path / "new", data=tmp_path)
    assert not (tmp_path / "new").exists()
