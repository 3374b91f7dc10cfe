"""What is remembered of a dataset is forgotten as soon as anything in it has changed."""

from dataclasses import dataclass, field, replace

import pandas as pd
import pytest

from fenghua.analysis import shared


@dataclass(frozen=True)
class Data:
    rows: pd.DataFrame
    rules: dict = field(default_factory=dict)


@shared.once
def told(ds, n):
    return ds.rows.to_dict("list"), dict(ds.rules), n


def data() -> Data:
    frame = pd.DataFrame(
        {"name": ["a", "b"], "value": [1.0, 2.0], "n": [1, 2], "good": [True, False]}
    )
    return Data(frame, {"least": 0.5})


CHANGES = {
    "loc": lambda rows: rows.loc.__setitem__((0, "value"), 9.0),
    "iloc": lambda rows: rows.iloc.__setitem__((1, 1), 9.0),
    "at": lambda rows: rows.at.__setitem__((0, "name"), "x"),
    "iat": lambda rows: rows.iat.__setitem__((0, 2), 9),
    "mask": lambda rows: rows.loc.__setitem__((rows["n"] > 1, "good"), True),
    "column": lambda rows: rows.__setitem__("value", [3.0, 4.0]),
    "new column": lambda rows: rows.insert(0, "more", [0, 0]),
    "deleted column": lambda rows: rows.pop("good"),
    "updated": lambda rows: rows.update(pd.DataFrame({"value": [5.0, 6.0]})),
    "names": lambda rows: setattr(rows, "columns", ["name", "value", "number", "good"]),
    "index": lambda rows: setattr(rows, "index", [5, 6]),
    "twice": lambda rows: [rows.loc.__setitem__((0, "value"), v) for v in (9.0, 1.0, 8.0)],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_table_changed_in_place_is_asked_anew(change):
    ds = data()
    before = told(ds, 1)
    assert told(ds, 1) == before
    change(ds.rows)
    after = told(ds, 1)
    assert after == told.__wrapped__(ds, 1)
    assert after != before or list(ds.rows.index) != [0, 1]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_copy_is_the_same_data_without_a_look_at_its_cells_until_it_is_changed(
    change, monkeypatch
):
    ds = data()
    before = told(ds, 1)
    copy = replace(ds, rows=ds.rows.copy(deep=False))
    with monkeypatch.context() as no_look:
        no_look.setattr(pd.DataFrame, "equals", None)
        assert told(copy, 1) == before
    change(copy.rows)
    assert told(copy, 1) == told.__wrapped__(copy, 1)
    assert told(ds, 1) == before


def test_a_table_changed_and_changed_back_is_still_watched():
    ds = data()
    before = told(ds, 1)
    for _ in range(3):
        ds.rows.loc[0, "value"] = 9.0
        ds.rows.loc[0, "name"] = "x"
        assert told(ds, 1) != before
        ds.rows.loc[0, "value"] = 1.0
        ds.rows.loc[0, "name"] = "a"
        assert told(ds, 1) == before


def test_a_rule_changed_in_place_is_asked_anew():
    ds = data()
    before = told(ds, 1)
    ds.rules["least"] = 0.7
    assert told(ds, 1) != before


def test_another_process_is_asked_about_the_data_that_it_has_and_no_others():
    ds, asked = data(), []
    shared.know(ds)
    shared.ask(lambda call: asked.append(call) or (True, "its answer"))
    try:
        assert told(ds, 2) == "its answer"
        assert told(replace(ds, rules={}), 2) == told.__wrapped__(replace(ds, rules={}), 2)
        ds.rows.loc[0, "value"] = 9.0
        assert told(ds, 2) == told.__wrapped__(ds, 2)
    finally:
        shared._elsewhere.clear()
    assert [name for _, name, _ in asked] == ["told"]


def test_what_was_computed_elsewhere_of_the_same_data_is_not_computed_again():
    first, second = data(), data()
    told(first, 3)
    known = shared.know(first)
    own = {call: (*result[:2], "elsewhere") for call, result in known.items()}
    second.rules["least"] = 0.6
    shared.know(second, own)
    assert told(second, 3)[2] == "elsewhere"
    second.rows.loc[0, "value"] = 9.0
    assert told(second, 3) == told.__wrapped__(second, 3)
