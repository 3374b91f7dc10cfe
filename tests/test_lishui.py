"""Real data: the published figures of 丽水 for 2019 come out of the documented call."""

from pathlib import Path

import pandas as pd
import pytest

from fenghua.analysis import efficiency

REFERENCE = Path(__file__).parents[1] / "data/raw/reference"
NAMES = {
    "税收实际贡献": "tax_wan",
    "工业增加值(参评规上)": "value_added_wan",
    "用地面积(参评规上)": "land_mu",
}


def published_sums():
    table = pd.read_csv(REFERENCE / "published_observations.csv", dtype={"value": str})
    table = table[(table["region"] == "丽水市") & table["indicator"].isin(NAMES)]
    return pd.DataFrame([dict(zip(table["indicator"].map(NAMES), table["value"], strict=True))])


def test_the_published_sums_give_the_published_pooled_figures():
    pooled = efficiency.pooled(published_sums()).iloc[0]
    printed = pd.read_csv(REFERENCE / "county_permu_lishui_2019.csv").set_index("region")
    assert printed.loc["丽水市", ["tax_per_mu_wan", "value_added_per_mu_wan"]].tolist() == [
        18.9,
        73.71,
    ]
    assert pooled["tax_per_mu_wan"] == pytest.approx(18.90, abs=0.005)
    # 2,236,605 / 30,341 = 73.7156: the source cuts the third decimal instead of rounding it
    assert pooled["value_added_per_mu_wan"] == pytest.approx(73.71, abs=0.01)


def test_the_mean_of_the_ten_areas_is_another_and_wrong_figure():
    areas = pd.read_csv(REFERENCE / "county_permu_lishui_2019.csv")
    areas = areas[areas["region"] != "丽水市"]
    assert len(areas) == 10 and areas["enterprises"].sum() == 942
    mean = areas["tax_per_mu_wan"].mean()
    assert mean == pytest.approx(20.96, abs=0.005)
    assert efficiency.pooled(published_sums())["tax_per_mu_wan"].iloc[0] < mean - 2
