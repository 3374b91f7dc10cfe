"""The per-mu brief: what it says to whom, what it refuses, and that no enterprise is on it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import IPython.display
import pytest

import fenghua
from fenghua import brief as page
from fenghua.analysis import edition

ROOT = Path(__file__).parents[1]
NOTEBOOK = ROOT / "notebooks/04_per_mu_efficiency.ipynb"


@pytest.fixture(scope="module")
def ds():
    return fenghua.load(ROOT / "data/raw", ROOT / "data/raw/demo")


@pytest.fixture
def run(monkeypatch, ds):
    """Run the notebook's cells and return all it put on the page, as one text."""

    def made(dataset=ds, **parameters):
        shown, space = [], {}
        for place in (page, IPython.display):
            monkeypatch.setattr(place, "display", lambda thing, **_: shown.append(thing))
        monkeypatch.setattr(page.dataset, "load", lambda *_: dataset)
        space["display"] = shown.append
        for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            *lines, last = "".join(cell["source"]).splitlines()
            exec("\n".join(lines), space)
            if last.startswith(("kit.", "display(", "brief.")):
                shown.append(eval(last, space))
            else:
                exec(last, space)
            if "parameters" in cell["metadata"].get("tags", []):
                space |= {"as_of": "2023", "lang": "en"} | parameters
        parts = [getattr(thing, "html", None) or str(thing) for thing in shown if thing is not None]
        return "\n".join(parts)

    return made


def finding(text):
    return re.search(r"'finding': ['\"](.*?)['\"],", text)[1]


def test_no_enterprise_and_no_amount_of_one_is_on_a_public_page(run, ds):
    text = run()
    rows = ds.enterprises[ds.enterprises["year"].isin([2022, 2023])]
    assert not [name for name in {*rows["enterprise_id"], *rows["name"]} if name in text]
    large = rows.nlargest(20, "tax_wan")
    printed = text.replace(",", "")
    for amount in (*large["tax_wan"], *large["value_added_wan"]):
        assert f"{amount:.1f}" not in printed and f"{amount:.0f}." not in printed


def test_the_public_page_states_scope_and_rule_and_the_internal_one_the_benchmarks(run):
    text = run()
    assert "district-owned enterprises of all sizes, about 2,285" in text
    assert "rounded by its largest one" in text
    internal = run(audience="internal")
    assert "benchmarks leave out 1 enterprise with" in internal
    assert "benchmarks leave out" not in text


def test_the_internal_page_lists_the_register_and_the_public_one_does_not(run):
    internal, text = run(audience="internal"), run()
    assert "DEMO00" in internal and "The register (internal)" in internal
    assert "The register (internal)" not in text and "Parks and clusters" not in text


def test_withheld_cells_are_marked_and_figures_carry_their_error(run):
    text = run()
    assert "not published, to protect single enterprises" in text
    assert re.search(r"<small>± [\d.,]+</small>", text)
    assert "<small>±" not in run(audience="internal")


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_the_scheme_says_whose_rules_it_borrows(run, lang):
    said = {"zh-Hans": "借用", "zh-Hant": "借用", "en": "borrow"}[lang]
    assert said in run(lang=lang)


def test_the_finding_states_what_the_lower_half_of_the_land_yields(run, ds):
    said = finding(run())
    assert re.search(r"the \d+ ?% of enterprises with the lowest tax per mu hold \d+ ?%", said)
    listed = edition.count(edition.read(ds, 2023), "register")["value"]["listed"]
    assert f"{listed:.0f} are in the register" in said


def test_a_period_within_a_year_takes_the_last_whole_year(run):
    assert finding(run(as_of="2024-Q2")).startswith("2023")


def test_a_period_before_the_first_year_and_a_plan_without_enterprises_say_so(run, ds):
    assert "There are no enterprise figures" in finding(run(as_of="2019"))
    none = replace(
        ds,
        enterprises=ds.enterprises.iloc[:0],
        enterprise_years=(),
        editions=ds.editions.iloc[:0],
        edition_figures=ds.edition_figures.iloc[:0],
    )
    for audience in ("public", "internal"):
        assert "There are no enterprise figures" in finding(run(none, audience=audience))


def test_the_first_year_has_nothing_to_compare_with(run):
    for audience in ("public", "internal"):
        text = run(as_of="2020", audience=audience)
        assert "Where the change per mu comes from" not in text
        assert "entries and exits are not known" in text
        assert "Entered" not in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"year": 2026}, "year is 2026; allowed: 2020, 2021, 2022, 2023"),
        ({"compare_year": 2020}, "compare_year is 2020; allowed: 2022"),
        ({"town": "330213999"}, "town is '330213999'; allowed: 330213-kfq"),
        ({"industry": "41"}, "industry is '41': the public edition does not print it"),
        ({"industry": "345"}, "industry is '345': the public edition does not print it"),
        ({"scheme": "huangyan_2022"}, "has the classes of 'fenghua_default' alone"),
        ({"scheme": "nowhere"}, "scheme is 'nowhere'; allowed"),
        ({"audience": "internal", "town": "x"}, "town is 'x'; allowed"),
        ({"audience": "internal", "industry": "99"}, "industry is '99'; allowed"),
        ({"audience": "internal", "year": 2019}, "year is 2019; allowed: 2020"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(run, given, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        run(**given)


@pytest.mark.parametrize(
    "given",
    [
        {"town": "330213001"},
        {"town": "330213-kfq"},
        {"industry": "34"},
        {"town": "330213001", "audience": "internal"},
        {"industry": "345", "audience": "internal"},
    ],
)
def test_parts_of_the_district_are_written(run, given):
    text = run(**given)
    assert finding(text).startswith("2023")
    if given.get("audience") != "internal":
        assert "DEMO0" not in text


def test_every_figure_of_the_public_tables_is_one_of_the_edition(run, ds):
    """Sums, counts and medians stand as printed; nothing finer reaches the page's tables."""
    figures = edition.read(ds, 2023)
    printed = {f"{value:,.0f}" for value in figures["printed"].dropna()}
    printed |= {f"{value:,.1f}" for value in figures["printed"].dropna()}
    text = run()
    cells = re.findall(r"<td[^>]*>(?:<[^>]*>)*([\d,]+(?:\.\d+)?)(?:<|$)", text)
    ratios = {
        f"{value:,.1f}"
        for table in ("total", "town", "industry", "class")
        for name in edition.RATIOS
        for value in edition.ratio(figures, table, name)["value"].dropna()
    }
    large = {cell for cell in cells if float(cell.replace(",", "")) >= 100}
    assert large and large <= printed | ratios


def test_industries_have_names_by_two_digits():
    names = fenghua.load(ROOT / "data/raw").industries.set_index("industry_code")
    assert names.loc["34", "name_zh_hans"] == "通用设备制造业"


def test_the_page_names_the_column_that_is_missing_for_how_many(run, ds):
    rows = ds.enterprises.copy()
    lacks = rows["year"].eq(2023) & rows["town_code"].eq("330213001")
    rows.loc[lacks, "land_mu"] = float("nan")
    text = run(replace(ds, enterprises=rows), audience="internal")
    head, _, table = text.partition("by column")
    assert head and re.search(rf"Land missing\D*{lacks.sum()}\b", table)
    assert "Land missing" not in run(audience="internal")


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("平方公里", "the plan’s target is 2 sq km (3,000 mu)."),
        ("亩", "the plan’s target is 2 mu."),
    ],
)
def test_the_target_of_land_has_the_unit_of_the_plan(run, ds, unit, said):
    units = ds.indicators["unit"].mask(ds.indicators["indicator_id"] == "land_released", unit)
    assert said in run(replace(ds, indicators=ds.indicators.assign(unit=units)))


def test_a_plan_without_a_target_of_land_has_the_scenario_all_the_same(run, ds):
    goals = ds.targets[ds.targets["indicator_id"] != "land_released"]
    text = run(replace(ds, targets=goals))
    assert "A what-if, no list." in text and "target is" not in text


def test_the_register_lists_who_is_in_it_and_nobody_who_left(run):
    text = run(audience="internal")
    said = int(re.search(r"Register: ([\d,]+) enterprises", text)[1].replace(",", ""))
    tables = [part.split("</table>")[0] for part in text.split("<table")[1:]]
    (listed,) = (table for table in tables if "The register (internal)" in table)
    assert len(re.findall("<small>DEMO", listed)) == said


def test_where_no_carbon_is_known_there_is_no_table_of_it(run, ds):
    assert "Carbon efficiency" in run(audience="internal")
    bare = replace(ds, enterprises=ds.enterprises.drop(columns="co2_t", errors="ignore"))
    assert "Carbon efficiency" not in run(bare, audience="internal")


def test_parts_of_a_change_are_said_to_add_up_where_the_total_stands(run, ds):
    years = ds.enterprises[ds.enterprises["year"].isin([2022, 2023])]
    first = set(years.loc[years["year"] == 2022, "enterprise_id"])
    rows = years[years["enterprise_id"].isin(first)]
    text = run(replace(ds, enterprises=rows), audience="internal")
    assert "add up to the total" in text and "Total change" in text


def test_the_target_of_land_is_found_whatever_the_plan_calls_it(run, ds):
    frames = {
        name: getattr(ds, name).replace({"indicator_id": {"land_released": "cage_land"}})
        for name in ("indicators", "targets", "observations", "town_reports")
    }
    assert "the plan’s target is 2 sq km (3,000 mu)." in run(replace(ds, **frames))
