"""The whole attack on public editions, by `make attack`; prints the narrowest interval found."""

from pathlib import Path
from typing import Any

import attacker
import interference
import pytest
from districts import district, late_report, next_year
from test_attack import LEAST, RULES, attack

import fenghua
from fenghua import editions
from fenghua.analysis import edition
from fenghua.analysis.edition_issue import Earlier, issued
from fenghua.inputs import places
from fenghua.inputs.editions import read_figures

ALL = ("land_mu", "tax_wan", "value_added_wan", "employees", "energy_tce", "revenue_wan", "rd_wan")


@pytest.fixture(scope="module")
def demo() -> dict[int, Earlier]:
    """The demonstration's stored editions with the enterprises behind them."""
    ds = fenghua.load()
    out: dict[int, Earlier] = {}
    for year in edition.years(ds):
        before = out[year - 1].rows if year - 1 in out else None
        rows = editions.scoped(ds, year, before)
        printed = read_figures(places.editions(ds.data_dir, ds.actuals_dir) / str(year))
        out[year] = Earlier(year, rows, printed)
    assert len(out) == 6
    return out


@pytest.mark.parametrize("year", range(2020, 2026))
def test_demo_gives_no_enterprise_away(demo: dict[int, Earlier], year: int) -> None:
    own = demo[year]
    print(year, "narrowest", attack(own.figures, own.rows, ALL, most=40))


@pytest.mark.parametrize("year", range(2021, 2026))
def test_demo_gives_no_land_away_over_two_years(demo: dict[int, Earlier], year: int) -> None:
    old, new = demo[year - 1], demo[year]
    left = (new.figures, old.rows, new.rows)
    assert attacker.recount(left) == []
    parts = [(old.figures, old.rows, None), left, (new.figures, new.rows, None)]
    facts = attacker.known(parts, "land_mu")
    worst = attacker.narrowest_withheld(facts)
    single = attacker.narrowest_single(facts, most=15)
    print(year, "withheld", worst, "single", single)
    assert min(worst[0], single[0]) >= LEAST
    for amount in ("tax_wan", "value_added_wan"):
        facts = attacker.known(parts[:2], amount)
        assert attacker.narrowest_withheld(facts)[0] >= LEAST


@pytest.mark.parametrize("year", range(2020, 2026))
def test_demo_counts_are_not_fixed_by_whole_numbers(demo: dict[int, Earlier], year: int) -> None:
    before = demo[year - 1].figures if year > 2020 else None
    assert attacker.fixed_counts(demo[year].figures, before) == []


@pytest.mark.parametrize("seed", range(60))
def test_small_districts_give_no_enterprise_away(seed: int) -> None:
    n = 26 + (seed * 37) % 95
    rows = district(seed, n=n, towns=4 + seed % 4, giant=0.5 * (seed % 6) if seed % 3 == 0 else 0)
    figures = issued(rows, RULES, year=2023)
    worst = attack(figures, rows, ALL, most=10)
    print(seed, n, f"{worst:.3f}", f"printed {figures['printed'].notna().mean():.2f}")
    assert attacker.fixed_counts(figures, None) == []


@pytest.mark.parametrize("seed", range(20))
def test_small_districts_over_two_years_and_a_revision(seed: int) -> None:
    first = district(seed, n=40 + 3 * seed)
    second = next_year(first, seed)
    one = issued(first, RULES, year=2022)
    two = issued(second, RULES, year=2023, earlier=[Earlier(2022, first, one)])
    parts = [(one, first, None), (two, first, second), (two, second, None)]
    facts = attacker.known(parts, "land_mu")
    assert attacker.narrowest_withheld(facts)[0] >= LEAST
    assert attacker.narrowest_single(facts, most=8)[0] >= LEAST
    late = late_report(first)
    revised = issued(late, RULES, year=2022, earlier=[Earlier(2022, first, one)])
    for amount in ALL[:3]:
        facts = attacker.known([(one, first, None), (revised, late, None)], amount)
        assert attacker.narrowest_withheld(facts)[0] >= LEAST


@pytest.mark.parametrize("options", [{"langs": ["zh-Hans"]}, {"langs": ["en"], "as_of": "2023-Q2"}])
def test_other_enterprises_give_the_same_public_pages(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    files = interference.same_files(tmp_path, briefs=[], **options)
    assert len([name for name in files if "/public/" in name]) > 30
