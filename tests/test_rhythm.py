import numpy as np
import pandas as pd
import pytest

from fenghua.analysis import rhythm


def issue(*rows):
    return pd.DataFrame(rows, columns=["indicator_id", "period", "value", "status"])


FIRST = issue(("a", "2023-05", 5.0, "on_track"), ("b", "", np.nan, "not_assessable"))


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (("a", "2023-06", 5.0, "on_track"), "new_observation"),
        (("a", "2023-05", 4.0, "on_track"), "restated"),
        (("a", "", np.nan, "on_track"), "withdrawn"),
    ],
)
def test_changes_of_data_are_told_apart(row, change):
    found = rhythm.changes(FIRST, issue(row, tuple(FIRST.iloc[1])))
    assert found[["aspect", "change"]].to_numpy().tolist() == [["data", change]]


def test_nothing_new_gives_an_empty_frame():
    found = rhythm.changes(FIRST, FIRST, previous_method={"cut": 1}, current_method={"cut": 1})
    assert found.empty
    assert found.columns.tolist() == list(rhythm.CHANGE_COLUMNS)


@pytest.mark.parametrize(
    ("value", "cut", "cause"),
    [(5.0, 0.95, "time"), (4.0, 0.95, "data"), (5.0, 0.9, "method"), (4.0, 0.9, "data_and_method")],
)
def test_a_verdict_turns_for_a_cause(value, cut, cause):
    later = issue(("a", "2023-05", value, "insufficient"), tuple(FIRST.iloc[1]))
    found = rhythm.changes(
        FIRST, later, previous_method={"cut": 0.95}, current_method={"cut": cut}
    ).set_index("aspect")
    assert found.loc["verdict", ["before", "after", "cause"]].tolist() == [
        "on_track",
        "insufficient",
        cause,
    ]


def test_indicators_that_come_and_go_are_data_changes():
    found = rhythm.changes(FIRST.iloc[:1], FIRST.iloc[1:])
    data = found[found["aspect"] == "data"].set_index("indicator_id")["change"]
    assert data.to_dict() == {"a": "dropped_indicator", "b": "new_indicator"}


def test_methods_that_appear_or_vanish_are_told():
    found = rhythm.changes(FIRST, FIRST, previous_method={"x": 1}, current_method={"y": 2})
    assert found["change"].tolist() == ["x", "y"]


def test_the_strip_runs_from_old_to_new_in_the_order_of_the_newest_issue():
    newest = issue(("b", "", np.nan, "missed"), ("c", "", np.nan, "met"))
    strip = rhythm.status_strip({"2023": newest, "2023-05": FIRST})
    assert strip.columns.tolist() == ["2023-05", "2023"]
    assert strip.index.tolist() == ["b", "c", "a"]
    assert strip.loc["a"].tolist() == ["on_track", ""]
    assert rhythm.status_strip({}).empty
