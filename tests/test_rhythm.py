from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import fenghua
from fenghua.analysis import rhythm

ROOT = Path(__file__).parents[1]


def issue(*rows):
    return pd.DataFrame(rows, columns=["indicator_id", "period", "value", "status"])


FIRST = issue(("a", "2023-05", 5.0, "on_track"), ("b", "", np.nan, "not_assessable"))


def since(first, second):
    return rhythm.since_last({"2023-05": first, "2023-06": second}).set_index("indicator_id")


@pytest.mark.parametrize(
    ("row", "change"),
    [
        (("a", "2023-06", 5.0, "on_track"), "new_observation"),
        (("a", "2023-05", 4.0, "on_track"), "restated"),
        (("a", "", np.nan, "on_track"), "withdrawn"),
    ],
)
def test_changes_of_data_are_told_apart(row, change):
    found = since(FIRST, issue(row, tuple(FIRST.iloc[1])))
    assert found["data"].to_dict() == {"a": change, "b": ""}
    assert (found["cause"] == "").all()


def test_nothing_new_leaves_every_change_empty():
    found = since(FIRST, FIRST)
    assert (found[["data", "status_before", "status_after", "cause"]] == "").all(axis=None)
    assert found[["value_before", "value_after"]].isna().all(axis=None)


@pytest.mark.parametrize(("value", "cause"), [(5.0, "time"), (4.0, "data")])
def test_a_verdict_turns_for_a_cause(value, cause):
    found = since(FIRST, issue(("a", "2023-05", value, "insufficient"), tuple(FIRST.iloc[1])))
    turned = found.loc["a", ["status_before", "status_after", "cause"]].tolist()
    assert turned == ["on_track", "insufficient", cause]


def test_indicators_that_come_and_go_are_data_changes():
    found = since(FIRST.iloc[:1], FIRST.iloc[1:])
    assert found["data"].to_dict() == {"b": "new_indicator", "a": "dropped_indicator"}
    assert found.loc["a", "value_before"] == 5.0


def test_the_strip_runs_from_old_to_new_in_the_order_of_the_newest_issue():
    newest = issue(("b", "", np.nan, "missed"), ("c", "", np.nan, "met"))
    strip = rhythm.status_strip({"2023": newest, "2023-05": FIRST})
    assert strip.columns.tolist() == ["2023-05", "2023"]
    assert strip.index.tolist() == ["b", "c", "a"]
    assert strip.loc["a"].tolist() == ["on_track", ""]
    assert rhythm.status_strip({}).empty


REVISED = "指标,期间,数值,公布日期\n2,2022,160.2,2023-01-20\n2,2022,{},2024-06-20\n2,2023,169,\n"


@pytest.mark.parametrize(
    ("now", "after"), [("165", "needs_acceleration"), ("160.4", "insufficient"), ("160.2", None)]
)
def test_a_restated_figure_is_told_with_what_it_did_to_the_verdict(tmp_path, now, after):
    (tmp_path / "观测.csv").write_text(REVISED.format(now), encoding="utf-8")
    ds = fenghua.load(ROOT / "data/raw", tmp_path)
    rows = rhythm.restated(ds, "2023")
    told = rows[["indicator_id", "period", "value_before", "value_after"]].values.tolist()
    assert told == ([["tax_per_mu", "2022", 160.2, float(now)]] if after else [])
    assert rows["status_before"].tolist() == (["insufficient"] if after else [])
    assert rows["status_after"].tolist() == ([after] if after else [])
    assert len(ds.observations) == 3  # both publications stay in the data


def test_a_first_issue_has_nothing_to_restate(tmp_path):
    (tmp_path / "观测.csv").write_text(REVISED.format("165"), encoding="utf-8")
    ds = fenghua.load(ROOT / "data/raw", tmp_path)
    assert rhythm.restated(ds, "2021").empty
