"""No single enterprise can be worked out from public figures: a fast slice of `make attack`."""

import attacker
import numpy as np
import pandas as pd
import pytest
from districts import crafted, district, late_report, next_year, one_survivor
from scipy import sparse

from fenghua.analysis.edition_audit import Problem, protected
from fenghua.analysis.edition_counts import COUNT
from fenghua.analysis.edition_issue import Earlier, issued
from fenghua.analysis.edition_tables import Rules

RULES = Rules(minimum=3, p=0.10, q=0.10, error_max=0.10, count_base=5, median_minimum=10)
LEAST = 0.10 * (1 - 1e-5)
AMOUNTS = ("land_mu", "value_added_wan", "rd_wan")


def attack(
    figures: pd.DataFrame, rows: pd.DataFrame, amounts: tuple[str, ...], most: int = 6
) -> float:
    """Attack the figures of one year; return the narrowest half width found."""
    assert attacker.recount((figures, rows, None)) == []
    worst = np.inf
    for amount in amounts:
        facts = attacker.known([(figures, rows, None)], amount)
        for found in (
            attacker.narrowest_withheld(facts),
            attacker.narrowest_single(facts, most=most),
        ):
            assert found[0] >= LEAST, (amount, found)
            worst = min(worst, found[0])
    return worst


@pytest.mark.parametrize("name", sorted(crafted()))
def test_awkward_districts_give_no_enterprise_away(name: str) -> None:
    rows = crafted()[name]
    figures = issued(rows, RULES, year=2023)
    attack(figures, rows, AMOUNTS)
    assert attacker.fixed_counts(figures, None) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_two_years_together_give_no_land_away(seed: int) -> None:
    first = district(seed)
    second = next_year(first, seed)
    one = issued(first, RULES, year=2022)
    two = issued(second, RULES, year=2023, earlier=[Earlier(2022, first, one)])
    assert attacker.recount((two, first, second)) == []
    parts = [(one, first, None), (two, first, second), (two, second, None)]
    facts = attacker.known(parts, "land_mu")
    assert attacker.narrowest_withheld(facts)[0] >= LEAST
    assert attacker.narrowest_single(facts, most=8)[0] >= LEAST
    tax = attacker.known(parts[:2], "tax_wan")
    assert attacker.narrowest_withheld(tax)[0] >= LEAST
    assert attacker.fixed_counts(two, one) == []


def test_one_survivor_is_not_given_away() -> None:
    first = district(3)
    second = one_survivor(first)
    one = issued(first, RULES, year=2022)
    two = issued(second, RULES, year=2023, earlier=[Earlier(2022, first, one)])
    parts = [(one, first, None), (two, first, second), (two, second, None)]
    facts = attacker.known(parts, "land_mu")
    assert attacker.narrowest_withheld(facts)[0] >= LEAST
    stayed = two[(two["key"] == "stayed") & (two["measure"] == "land_mu")]
    assert stayed["printed"].isna().all()


def test_a_revision_does_not_give_the_late_report_away() -> None:
    rows = district(4)
    late = late_report(rows)
    first = issued(rows, RULES, year=2023)
    second = issued(late, RULES, year=2023, earlier=[Earlier(2023, rows, first)])
    for amount in AMOUNTS[:2]:
        facts = attacker.known([(first, rows, None), (second, late, None)], amount)
        assert attacker.narrowest_withheld(facts)[0] >= LEAST
        own, new = set(rows["enterprise_id"]), set(late["enterprise_id"])
        assert new - own == {"LATE"}
        target = np.isclose(facts.truth, late.loc[late["enterprise_id"] == "LATE", amount].iloc[0])
        assert facts.half_width(target) >= LEAST


def test_no_more_is_published_of_a_withheld_figure_than_that_it_is_few_or_coarse():
    """That one dominates would bound it from below for its rivals; ``n`` tells hidden counts."""
    rows = crafted()["a tiny partner"]
    found = issued(rows, RULES, year=2023)
    land = found[(found["measure"] == "land_mu") & (found["table"] == "town")].set_index("key")
    assert land.loc["T9", "reason"] == "coarse"
    assert set(found["reason"]) == {"", "few", "coarse"}
    counts = found[found["measure"] == COUNT]
    assert counts["n"].equals(counts["printed"])
    keys = ["table", "key"]
    told = found[found["n"].notna()].merge(counts, on=keys, how="left", suffixes=("", "_of_set"))
    assert told["printed"].notna().all() and told["printed_of_set"].notna().all()
    later = issued(rows, RULES, year=2024, earlier=[Earlier(2023, rows, found)])
    assert set(later["reason"]) <= {"", "few", "coarse", "carried"}


def told_before(place: int) -> Problem:
    """Return 39 of 40 equal plots, withheld, beside the printed sum of the 40 a year earlier."""
    facts = {"table": "town", "key": "T", "measure": "land_mu", "amount": "land_mu", "step": 2.0}
    facts["largest"] = 9.5
    rows = [{"n": 40, "value": 380.0, "reason": "", "issue": 0, "place": 0, "is_open": False}]
    rows += [{"n": 39, "value": 370.5, "reason": "complementary", "issue": 1, "is_open": True}]
    rows[1]["place"] = place
    members = np.ones((2, 40))
    members[1, 0] = 0.0
    figures = pd.DataFrame([facts | row for row in rows])
    return Problem(figures, sparse.csr_array(members), np.full(40, 9.5))


def test_what_earlier_figures_alone_tell_stops_no_later_edition() -> None:
    kept = protected(told_before(0), RULES)
    assert kept["reason"].tolist() == ["", "complementary"]
    with pytest.raises(ValueError, match="no figure is left"):
        protected(told_before(-1), RULES)


def test_the_attacker_finds_what_a_careless_edition_gives_away() -> None:
    """The check can fail: with the withheld figure's complement printed exactly, it does."""
    rows = crafted()["one trade has one enterprise"]
    figures = issued(rows, RULES, year=2023)
    is_land = figures["measure"] == "land_mu"
    is_shown = is_land & figures["table"].isin(["total", "industry"]) & (figures["key"] != "41")
    for i in figures.index[is_shown]:
        own = attacker.group(figures.at[i, "table"], figures.at[i, "key"], rows, None)
        figures.loc[i, ["printed", "half"]] = [rows.loc[own, "land_mu"].sum(), 0.05]
    facts = attacker.known([(figures, rows, None)], "land_mu")
    facts.q = 1e-9  # such an edition has no rule of the step to build on
    assert attacker.narrowest_withheld(facts)[0] < LEAST
    assert any(
        "finer than its largest" in fault for fault in attacker.recount((figures, rows, None))
    )
