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


def test_a_withheld_count_of_the_register_stays_missing() -> None:
    change = pd.DataFrame(
        {"code": ["entered", "stayed", "left"], "enterprises": [2.0, np.nan, 9.0]}
    )
    protection = pd.DataFrame()
    protection.attrs["open"] = np.nan
    counts = {"change": change, "protection": protection}
    found = tally.listed(counts, pd.DataFrame({"below": [1, 2]}))
    assert found["entered"] == 2 and found["below"] == 3
    assert np.isnan(found["listed"]) and np.isnan(found["open"])
