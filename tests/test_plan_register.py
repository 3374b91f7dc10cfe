"""The plan's register says what the plan prints, and nothing else."""

import re
from functools import cache
from pathlib import Path

import opencc
import pandas as pd
import pytest

from fenghua.inputs import vocabulary

RAW = Path(__file__).parents[1] / "data" / "raw"
KEYS = {
    "plan/clause_units": ["clause", "unit_id"],
    "plan/lead_units": ["unit_id"],
    "plan/plan": ["plan_id"],
    "plan/policy_rules": ["rule_id"],
    "plan/sources": ["source_id"],
    "reference/benchmarks": ["region", "year", "group", "item"],
    "reference/class_distributions": ["region", "year", "group"],
    "reference/county_permu_lishui_2019": ["region"],
    "reference/factors": ["factor_id"],
    "reference/parameters": ["parameter_id"],
    "reference/published_observations": ["region", "indicator", "period_printed", "source_id"],
    "reference/status_cutoffs": ["source_id"],
    "reference/town_code_crosswalk": ["old_code"],
    "reference/town_permu_lucheng": ["region"],
    "reference/towns": ["town_code"],
}
FILES = sorted([*KEYS, "plan/indicators", "plan/targets"])
# Figures that the plan prints in Chinese numerals or in words, as registered.
IN_WORDS = {
    "brand_label_share": ("100", "四个百分百"),
    "commissioned_project_amount_min": ("1", "亿元以上"),
    "digital_upgrade_coverage": ("100", "全覆盖"),
    "park_stars_min": ("4", "四星级以上"),
    "project_tracking_coverage": ("100", "全区覆盖"),
}


@cache
def table(name):
    path = RAW / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


@cache
def simplified(text):
    return opencc.OpenCC("t2s").convert(text)


@cache
def clauses():
    """Split the plan into its clauses, numbered as the plan numbers them."""
    text = (RAW / "plan" / "fenghua-2022-14.txt").read_text(encoding="utf-8")
    found, section, part, clause = {}, "", "", ""
    for line in text.splitlines():
        if heading := re.match(r"([一二三四五])、", line):
            section, clause = heading[1], ""
        elif line.startswith("表1"):
            clause = "表1"
        elif heading := re.match(r"\(([一二三四五六])\)", line):
            part = heading[1]
            clause = f"{section}({part})"
        elif section == "三" and (heading := re.match(r"(\d+)\.", line)):
            clause = f"三({part}){heading[1]}"
        elif line.startswith("本實施方案自印發"):
            clause = ""
        if clause:
            found[clause] = found.get(clause, "") + line
    return found


def figures():
    """Every registered figure: owner, figure, printed form, clause."""
    targets, rules = table("plan/targets"), table("plan/policy_rules")
    for row in targets.to_dict("records"):
        yield row["indicator_id"], row["value"], row["printed"], row["clause"]
        if row["value_high"]:
            yield row["indicator_id"], row["value_high"], row["printed"], row["clause"]
    for row in rules.to_dict("records"):
        yield row["rule_id"], row["threshold"], row["printed"], row["clause"]


def test_row_counts_are_the_plans():
    indicators, targets = table("plan/indicators"), table("plan/targets")
    assert indicators["scope"].value_counts().to_dict() == {"text": 39, "headline": 17}
    assert targets["role"].value_counts().to_dict() == {"target": 73, "baseline": 17}
    assert len(table("plan/policy_rules")) == 23
    assert len(table("plan/lead_units")) == 22
    assert len(table("plan/clause_units")) == 93
    assert indicators["row_number"][:17].tolist() == [str(n) for n in range(1, 18)]


def test_items_run_from_1_to_18_through_section_three():
    items = [clause for clause in clauses() if re.fullmatch(r"三\(.\)\d+", clause)]
    assert [int(clause[4:]) for clause in items] == list(range(1, 19))


def test_headline_table_is_the_plans_table():
    cells = [
        tuple(cell.strip() for cell in row.split("|"))
        for row in simplified(clauses()["表1"]).replace(" | |", " |").split("区经信局")
    ]
    flat = [cell for row in cells for cell in row]
    targets = table("plan/targets").query("clause == '表1'")
    for row in table("plan/indicators").query("scope == 'headline'").to_dict("records"):
        printed = targets.loc[targets["indicator_id"] == row["indicator_id"], "printed"].tolist()
        # The printed name carries its unit in brackets; row 14 prints none.
        unit = f"({row['unit']})" if row["is_unit_printed"] == "true" else ""
        at = flat.index(row["name_zh_hans"] + unit)
        assert flat[at + 1 : at + 4] == printed


def test_every_clause_is_one_of_the_plan():
    for name in ("plan/indicators", "plan/targets", "plan/policy_rules", "plan/clause_units"):
        assert set(table(name)["clause"]) <= set(clauses()), name


@pytest.mark.parametrize(("owner", "figure", "printed", "clause"), list(figures()))
def test_printed_form_stands_in_its_clause_and_holds_the_figure(owner, figure, printed, clause):
    assert printed in simplified(clauses()[clause])
    if owner in IN_WORDS:
        assert (figure, printed) == IN_WORDS[owner]
    elif figure:
        assert float(figure) in [float(n) for n in re.findall(r"\d+(?:\.\d+)?", printed)]
    else:
        assert not re.search(r"\d", printed)


def test_every_figure_of_the_text_is_registered_or_named_as_left_out():
    left_out = (
        r"浙政发〔2021〕31号|\(2021-2023年\)|20(20|23|25)年|世界500强|3号青创|3\.0版本|5G|^\d+\."
    )
    for clause, text in clauses().items():
        if clause[0] in "三四":
            rest = re.sub(left_out, "", simplified(text))
            registered = {figure for _, figure, _, own in figures() if own == clause}
            assert set(re.findall(r"\d+(?:\.\d+)?", rest)) <= registered, clause


def test_direction_agrees_with_target_minus_start():
    rows = table("plan/targets").merge(table("plan/indicators"), on="indicator_id")
    for _, own in rows.groupby("indicator_id"):
        first = own.iloc[0]  # the baseline, where there is one
        values = pd.to_numeric(own.loc[own["role"] == "target", "value"]).dropna()
        start = float(first["value"]) if first["start"] == "printed" else 0.0
        assert ((values - start) * int(first["direction"]) > 0).all()


def test_a_printed_start_has_a_printed_figure():
    bases = table("plan/targets").query("role == 'baseline'").set_index("indicator_id")["value"]
    rows = table("plan/indicators").query("start == 'printed'")
    assert all(bases[indicator] for indicator in rows["indicator_id"])


def test_energy_row_holds_two_series():
    rows = table("plan/targets").query("indicator_id == 'energy_intensity_reduction'")
    found = rows[["role", "year", "value", "base_year"]].values.tolist()
    assert found == [
        ["baseline", "2020", "7.3", "2016"],
        ["target", "2023", "10.4", "2020"],
        ["target", "2025", "15", "2020"],
    ]


def test_codes_come_from_the_vocabulary():
    indicators, targets = table("plan/indicators"), table("plan/targets")
    assert set(indicators["kind"]) <= set(vocabulary.KINDS)
    blocks = pd.read_csv(RAW.parents[1] / "fenghua/inputs/blocks.csv")["block"]
    assert set(indicators["block"]) == set(blocks)
    assert set(indicators["scope"]) == set(vocabulary.SCOPES)
    assert set(indicators["start"]) == {"printed", "zero", "observed"}
    assert set(targets["comparator"]) <= set(vocabulary.COMPARATORS)
    assert set(table("plan/policy_rules")["comparator"]) <= set(vocabulary.COMPARATORS)
    assert set(table("reference/towns")["kind"]) <= set(vocabulary.TOWN_KINDS)


def test_decimals_are_the_finest_printed():
    targets = table("plan/targets").merge(table("plan/indicators"), on="indicator_id")
    places = targets["value"].str.partition(".")[2].str.len()
    finest = places.groupby(targets["indicator_id"]).max()
    stated = table("plan/indicators").set_index("indicator_id")["decimals"].astype(int)
    pd.testing.assert_series_equal(
        finest.sort_index(), stated.sort_index(), check_names=False, check_dtype=False
    )


def test_links_point_at_headline_rows_with_the_same_unit():
    rows = table("plan/indicators").set_index("indicator_id")
    for link in ("same_as", "see_also"):
        for indicator, other in rows.loc[rows[link] != "", link].items():
            assert rows.loc[other, "scope"] == "headline"
            assert rows.loc[indicator, "unit"] == rows.loc[other, "unit"]
    assert (rows["same_as"] != "").sum() == 6


def test_units_named_by_each_clause_are_the_plans():
    units = table("plan/lead_units").set_index("unit_id")["name_zh_hant"]
    rows = table("plan/clause_units")
    for clause, own in rows.groupby("clause"):
        text = clauses()[clause]
        if clause != "表1":
            text = re.search(r"責任單位:([^)]*)\)", text)[1].replace(",", "、")
        names = own["unit_id"].map(units)
        assert all(name in text for name in names)
        if clause != "表1":
            # 各鎮、街道 is one unit with a comma of its own.
            assert len(text.replace("各鎮、街道", "各鎮街道").split("、")) == len(names)
    answered = {clause for clause, text in clauses().items() if "責任單位" in text}
    assert set(rows["clause"]) == answered | {"表1"}


def test_lead_units_of_an_indicator_answer_for_its_clause():
    named = set(zip(*table("plan/clause_units")[["clause", "unit_id"]].values.T, strict=True))
    for row in table("plan/indicators").to_dict("records"):
        units = row["lead_unit_ids"].split(";")
        assert all((row["clause"], unit) in named for unit in units)


def test_names_agree_in_both_scripts_and_stand_in_the_plan():
    # The site's Traditional text is a machine's (制造業, 落后): compared in one script.
    joined = simplified("".join(clauses().values()))
    for row in table("plan/indicators").to_dict("records"):
        assert simplified(row["name_zh_hant"]) == row["name_zh_hans"]
        assert row["name_zh_hans"] in joined or "name put together" in row["note"]
    for name in ("plan/lead_units", "reference/towns"):
        for row in table(name).to_dict("records"):
            assert simplified(row["name_zh_hant"]) == row["name_zh_hans"]


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_a_known_source(name):
    known = set(table("plan/sources")["source_id"])
    assert set(table(name)["source_id"]) <= known


@pytest.mark.parametrize("name", sorted(KEYS))
def test_rows_are_unique_and_sorted_by_key(name):
    keys = list(table(name)[KEYS[name]].itertuples(index=False, name=None))
    assert keys == sorted(set(keys))


def test_indicators_and_targets_follow_the_order_column():
    order = table("plan/indicators")["order"].astype(int).tolist()
    assert order == list(range(1, 57))
    assert table("plan/indicators")["indicator_id"].is_unique
    targets = table("plan/targets").astype({"order": int})
    keys = list(targets[["order", "role", "year"]].itertuples(index=False, name=None))
    assert keys == sorted(set(keys))
    ids = table("plan/indicators").astype({"order": int}).set_index("order")["indicator_id"]
    assert (targets["order"].map(ids) == targets["indicator_id"]).all()


@pytest.mark.parametrize("name", FILES)
def test_files_are_utf8_with_plain_line_ends_and_no_stray_blanks(name):
    raw = (RAW / f"{name}.csv").read_bytes()
    assert b"\r" not in raw and not raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\n")
    cells = table(name)
    assert cells.map(lambda cell: cell == cell.strip()).all(axis=None)
    assert not (cells == "胶州市").any(axis=None)


def test_towns_have_one_tile_each_and_the_zone_none():
    towns = table("reference/towns")
    real = towns[towns["kind"] != "zone"]
    assert real["kind"].value_counts().to_dict() == {"street": 8, "town": 4}
    assert real["town_code"].str.fullmatch(r"330213\d{3}").all()
    assert not real.duplicated(["tile_row", "tile_col"]).any()
    assert towns.loc[towns["kind"] == "zone", ["tile_row", "tile_col"]].eq("").all(axis=None)
    west_to_east = real.astype({"centroid_lon": float, "tile_col": int})
    assert west_to_east[["centroid_lon", "tile_col"]].corr("spearman").iloc[0, 1] > 0.9


def test_older_town_codes_lead_to_todays():
    old = table("reference/town_code_crosswalk").set_index("old_code")["new_code"]
    assert set(old) <= set(table("reference/towns")["town_code"])
    assert (old["330213103"], old["330283104"]) == ("330213007", "330213008")


def test_lishui_city_is_the_ratio_of_sums_and_tables_agree():
    seen = table("reference/published_observations").query("period_printed == '2019'")
    seen = seen.set_index(["region", "indicator"]).sort_index()
    city = table("reference/county_permu_lishui_2019").set_index("region").loc["丽水市"]
    tax, land = (
        float(seen.loc[("丽水市", name), "value"])
        for name in ("税收实际贡献", "用地面积(参评规上)")
    )
    assert round(tax / land, 2) == 18.90
    assert float(city["tax_per_mu_wan"]) == 18.9
    for row in table("reference/county_permu_lishui_2019").to_dict("records"):
        value = seen.loc[(row["region"], "规上工业亩均增加值"), "value"]
        assert value == row["value_added_per_mu_wan"]


def test_status_cut_offs_live_in_one_row():
    assert len(table("reference/status_cutoffs")) == 1
    assert not table("reference/parameters")["parameter_id"].str.startswith("status_").any()
