"""The per-mu brief: what it says, what it withholds, what it refuses, cell by cell."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import fenghua
from fenghua import brief as page
from fenghua.analysis import aggregates
from fenghua.analysis import efficiency_change as change
from fenghua.analysis import efficiency_view as view

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks/04_per_mu_efficiency.ipynb"


@pytest.fixture(scope="module")
def ds():
    return fenghua.load(ROOT / "data/raw", ROOT / "data/raw/demo")


@pytest.fixture
def run(monkeypatch, ds):
    """Run the notebook's cells and return all it put on the page, as one text."""

    def made(dataset=ds, **parameters):
        shown = []
        monkeypatch.setattr(page, "display", lambda thing, **_: shown.append(thing))
        monkeypatch.setattr(page.fenghua, "load", lambda *_: dataset)
        cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
        space = {}
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), space)
                if "parameters" in cell["metadata"].get("tags", []):
                    space |= {"as_of": "2023", "lang": "en"} | parameters
        return "\n".join(
            json.dumps(thing, ensure_ascii=False) if isinstance(thing, dict) else thing.data
            for thing in shown
        )

    return made


def finding(text):
    return re.search(r'"finding": "(.*?)"', text)[1]


def test_no_enterprise_is_named_on_a_public_page(run, ds):
    text = run()
    assert "DEMO0" not in text and "演示企业" not in text
    rows = ds.enterprises
    assert not [name for name in {*rows["enterprise_id"], *rows["name"]} if name in text]


def test_no_amount_of_the_largest_plant_stands_on_a_public_page(run, ds):
    now = ds.enterprises.query("year == 2023")
    plant = now.loc[now["tax_wan"].idxmax()]
    cells = set(re.findall(r">([\d.,]+)<", run()))
    for column in ("tax_wan", "value_added_wan", "land_mu"):
        whole, rest = now[column].sum(), now[column].sum() - plant[column]
        for figure in (plant[column], whole, rest):
            assert not cells & {f"{figure:,.0f}", f"{figure:,.1f}", f"{figure:,.2f}"}


def test_the_internal_page_lists_the_register_with_all_reasons(run):
    text = run(audience="internal")
    assert "DEMO0" in text and "Class D, Environmental enforcement" in text
    assert ">·<" not in text


def test_withheld_cells_are_marked_and_explained(run):
    text = run()
    assert text.count(">·<") > 20 and "not published, to protect single enterprises" in text
    assert not re.search(r"<td[^>]*></td>", text)


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_the_scheme_says_whose_rules_it_borrows(run, lang):
    said = {"zh-Hans": "未公开", "zh-Hant": "未公開", "en": "not public here"}
    assert said[lang] in run(lang=lang)


def test_the_finding_states_the_half_of_the_land_and_the_release(run):
    text = finding(run())
    assert re.search(r"2023: .* yields 1\d% of the tax .* freeing 2 km² .* \d+ enterprises", text)


def test_a_period_within_a_year_takes_the_last_whole_year(run):
    assert finding(run(as_of="2023-Q2")).startswith("2022:")


def test_a_period_before_the_first_year_and_a_plan_without_enterprises_say_so(run, ds):
    assert "no enterprise figures as of 2019" in finding(run(as_of="2019"))
    for audience in ("public", "internal"):
        none = replace(ds, enterprises=ds.enterprises.iloc[:0], parks=ds.parks.iloc[:0])
        assert "no enterprise figures" in finding(run(none, audience=audience))


def test_the_first_year_has_nothing_to_compare_with(run):
    assert "no earlier year" in run(as_of="2020")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"year": 1999}, "year is 1999; allowed: 2020, 2021, 2022, 2023"),
        ({"year": 2025}, "allowed: 2020"),
        ({"year": 2021, "compare_year": 2022}, "compare_year is 2022; allowed: 2020"),
        ({"town": "999"}, "town is '999'; allowed: 330213"),
        ({"industry": "99"}, "industry is '99'; allowed: 13, 17"),
        ({"scheme": "ours"}, "scheme is 'ours'; allowed: fenghua_default"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(run, given, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        run(**given)


@pytest.mark.parametrize(
    "given",
    [
        {"town": "330213006"},
        {"town": "330213-kfq"},
        {"industry": "41"},
        {"industry": "C34"},
        {"scheme": "wenling_2022"},
        {"year": 2025, "as_of": "2025", "compare_year": 2020},
    ],
)
def test_parts_of_the_district_are_written_without_names(run, given):
    text = run(**given)
    assert "DEMO0" not in text and finding(text)


def test_a_public_page_never_shows_the_whole_and_the_part_that_give_the_rest(ds):
    limits = aggregates.rules(ds.parameters, "public")
    now = ds.enterprises.query("year == 2023")
    given = pd.Series({"tax_per_mu_wan": 167.05, "value_added_per_mu_wan": 280.59})
    known = change.ways(now, given, **limits).pivot(index="figure", columns="basis", values="value")
    assert known["district_owned"].isna().all() and known["whole"].tolist() == [167.05, 280.59]
    unknown = change.ways(now, None, **limits).pivot(
        index="figure", columns="basis", values="value"
    )
    assert unknown["whole"].isna().all() and unknown["district_owned"].notna().all()
    assert known["median"].notna().all()


def test_blocks_protect_small_and_dominated_runs():
    limits = {"audience": "public", "minimum": 3, "max_share": 0.75}
    sizes = np.array([[1.0], [1], [1], [1], [1], [100]])
    assert aggregates.blocks(sizes, limits) == []
    assert aggregates.blocks(sizes[:5], limits) == [5]
    assert aggregates.blocks(sizes, limits | {"audience": "internal"}) == [1, 2, 3, 4, 5, 6]


def test_bins_hold_enough_enterprises_and_lose_none():
    rows = pd.DataFrame({"tax_per_mu_wan": [-1.0, 0.1, 3, 3, 3, 3, 4000, np.nan]})
    bins = view.distribution(rows, audience="public", minimum=3, max_share=0.75)
    assert bins["enterprises"].sum() == 7 and bins["enterprises"].min() >= 3
    assert bins["low"].iloc[0] == 0 and np.isinf(bins["high"].iloc[-1])


def test_shown_sums_give_the_ratios_printed(ds):
    limits = aggregates.rules(ds.parameters, "public")
    rules = view.scheme_named(ds.schemes, "fenghua_default")
    chosen = view.select(ds.enterprises, rules, as_of="2023", parameters=ds.parameters)
    tables = view.groups(chosen.now, **limits)
    shown = tables["division"].dropna(subset="tax_wan")
    assert (shown["tax_wan"] / shown["land_mu"] == shown["tax_per_mu_wan"]).all()
    assert "total" not in set(shown["code"]) and "41" not in set(shown["code"])
    assert len(view.shown_sums(tables)) == sum(t["tax_wan"].notna().sum() for t in tables.values())


def test_industries_have_names_by_two_digits(ds):
    register = ds.industries.set_index("industry_code")
    assert register.loc["34", "name_zh_hans"] == "通用设备制造业"
    assert register.index.is_unique and register.index.str.fullmatch(r"\d\d").all()
