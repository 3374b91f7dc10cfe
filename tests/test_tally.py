"""The counts that a brief's one sentence states."""

import numpy as np
import pandas as pd

from fenghua.analysis import tally


def test_a_verdict_year_is_named_only_when_verdicts_prevail() -> None:
    rows = pd.DataFrame({"status": ["met", "missed", "not_assessable"], "milestone_year": 2023})
    found = tally.verdicts(rows)
    assert (found["met"], found["missed"], found["open"], found["judged"]) == (1, 1, 1, 2)
    assert found["year"] == 2023
    rows["status"] = ["met", "on_track", "not_assessable"]
    assert tally.verdicts(rows)["year"] == 0 and tally.verdicts(rows)["good"] == 2


def test_no_indicators_are_counted_as_none() -> None:
    rows = pd.DataFrame({"status": [], "milestone_year": []})
    assert set(tally.verdicts(rows).values()) == {0}


def test_news_counts_a_verdict_that_only_time_moved() -> None:
    rows = pd.DataFrame(
        {
            "data": ["", "restated"],
            "status_before": ["on_track", ""],
            "status_after": ["missed", ""],
            "cause": ["time", ""],
        }
    )
    assert tally.news(rows) == {"data": 1, "verdicts": 1, "by_time": 1}
    assert tally.news(rows.iloc[:0]) == {"data": 0, "verdicts": 0, "by_time": 0}


def test_the_least_sure_rank_has_the_widest_interval() -> None:
    standing = pd.DataFrame(
        {
            "tier": [1.0, 1.0, 2.0, np.nan],
            "nominal_rank": [1.0, 2.0, 3.0, np.nan],
            "rank_low": [1.0, 1.0, 3.0, np.nan],
            "rank_high": [1.0, 2.0, 3.0, np.nan],
            "reason": ["", "", "", "no_values"],
        },
        index=list("abcd"),
    )
    found = tally.tiers(standing)
    assert (found["n"], found["tiers"], found["wide"], found["widest"]) == (3, 2, 2, "b")
    assert tally.tiers(standing.loc[["a", "c"]])["widest"] == ""
    assert tally.tiers(standing.loc[["d"]])["n"] == 0


def test_the_lowest_classes_are_those_of_a_town_and_not_of_the_whole() -> None:
    land = pd.DataFrame(
        {"C": [0.1, np.nan, 0.9], "D": [0.1, 0.3, 0.1], "withheld": [0.0, 0.2, 0.0]},
        index=["a", "b", "total"],
    )
    assert tally.lowest_classes(land) == ("b", 0.3)
    assert tally.lowest_classes(land.assign(D=np.nan))[0] == ""


def test_a_sum_that_differs_by_the_last_bit_adds_up() -> None:
    sums = pd.DataFrame({"difference": [1e-12, 5.0, 1.0], "target": [3.0, 50.0, 0.0]})
    found = tally.differences(sums)
    assert found["adds_up"].tolist() == [True, False, False]
    assert found["difference_share"].iloc[1] == 0.1 and np.isnan(found["difference_share"].iloc[2])


def test_open_cases_are_those_not_protected() -> None:
    assert tally.cases(pd.DataFrame({"is_protected": [True, False, False]})) == {"n": 3, "open": 2}
    assert tally.cases(pd.DataFrame()) == {"n": 0, "open": 0}


def test_a_task_without_a_fresh_report_is_owed() -> None:
    judged = pd.DataFrame(
        {
            "reason": ["no_report", "", "base_meets_task", ""],
            "is_stale": [False, True, False, False],
        }
    )
    assert tally.owed(judged).index.tolist() == [0, 1]
