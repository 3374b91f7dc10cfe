"""The counts that a brief's one sentence states."""

import pandas as pd

from fenghua.analysis import tally


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
