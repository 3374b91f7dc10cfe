import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.analysis import disclosure


def solved(shown, sums):
    """Attack: (number of withheld cells, those that the sums fix). Cells are names to values."""
    unknown = [name for name, value in shown.items() if np.isnan(value)]
    rows = []
    for parts, total in sums:
        row = [(name in parts) * 1.0 - (name == total) for name in unknown]
        if any(row):
            rows.append(row)
    if not rows:
        return len(unknown), []
    _, strength, directions = np.linalg.svd(np.array(rows))
    free = directions[int((strength > 1e-9).sum()) :]
    fixed = [name for at, name in enumerate(unknown) if not (np.abs(free[:, at]) > 1e-9).any()]
    return len(unknown), fixed


def cross(seed, rows, columns):
    """A table of towns by grades with both margins, and the number of enterprises per cell."""
    rng = np.random.default_rng(seed)
    counts = pd.DataFrame(rng.integers(0, 8, (rows, columns)))
    counts.index, counts.columns = [f"t{k}" for k in range(rows)], list("ABCDEF")[:columns]
    values = counts * rng.integers(5, 90, counts.shape)
    return tuple(with_margins(frame) for frame in (values, counts))


def with_margins(frame):
    out = frame.copy()
    out["total"] = out.sum(axis=1)
    out.loc["total"] = out.sum()
    return out


def margins_of(table, name=""):
    inner, columns = table.index[:-1], table.columns[:-1]
    rows = [({(name, r, c) for c in columns}, (name, r, "total")) for r in table.index]
    return rows + [({(name, r, c) for r in inner}, (name, "total", c)) for c in table.columns]


def named(table, name=""):
    return {(name, r, c): table.at[r, c] for r in table.index for c in table.columns}


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 100_000), rows=st.integers(2, 7), columns=st.integers(2, 5))
def test_no_withheld_cell_of_a_cross_table_can_be_solved_for(seed, rows, columns):
    table, counts = cross(seed, rows, columns)
    shown = disclosure.suppress(table, counts, audience="public")
    too_few = (counts > 0) & (counts < 3)
    assert shown.isna()[too_few].eq(True).where(too_few, True).all(axis=None)
    assert solved(named(shown), margins_of(shown))[1] == []
    assert ((disclosure.reasons(table, counts) != "") == shown.isna()).all(axis=None)
    kept = shown.notna()
    assert (shown.where(kept, 0) == table.where(kept, 0)).all(axis=None)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 100_000), has_total=st.booleans())
def test_rows_of_several_figures_are_withheld_whole_and_hide_each_other(seed, has_total):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.integers(1, 100, (8, 2)), list("abcdefgh"), ["tax", "land"])
    given_ = pd.DataFrame({"n": rng.integers(1, 9, 8), "max_share": rng.random(8)}, table.index)
    if has_total:
        table.loc["合计"] = table.sum()
    shown = disclosure.suppress(table, given_, audience="public")
    gone = shown.isna()
    assert gone["tax"].equals(gone["land"])
    sensitive = (given_["n"] < 3) | (given_["max_share"] > 0.75)
    assert gone.loc[sensitive.index[sensitive], "tax"].all()
    assert gone["tax"].sum() != 1
    if gone["tax"].any() and not gone["tax"].iloc[-1] and (~gone["tax"]).sum() > 1:
        assert given_.loc[gone["tax"].iloc[:8].to_numpy(), "n"].sum() >= 3


@pytest.mark.parametrize(
    ("count", "share", "reason"),
    [
        (3, 0.75, ""),
        (2, 0.5, "too_few"),
        (3, 0.7501, "dominance"),
        (np.nan, np.nan, "unknown_contributors"),
    ],
)
def test_thresholds_are_exact(count, share, reason):
    table = pd.DataFrame({"tax": [100.0, 90.0, 95.0]}, index=["a", "b", "c"])
    given_ = pd.DataFrame({"n": [count, 9, 9], "max_share": [share, 0.2, 0.2]}, table.index)
    shown = disclosure.suppress(table, given_, audience="public")
    assert disclosure.reasons(table, given_)["tax"].tolist()[0] == reason
    assert shown["tax"].isna().sum() == (2 if reason else 0)


def test_a_zero_of_no_enterprise_is_shown_and_hides_nobody():
    table = pd.DataFrame({"tax": [5.0, 0.0, 60.0, 80.0, 145.0]}, index=[*"abcd", "total"])
    shown = disclosure.suppress(table, pd.Series([1, 0, 8, 9, 18], table.index), audience="public")
    assert shown["tax"].isna().tolist() == [True, False, True, False, False]


def test_a_partner_too_small_to_hide_a_dominant_plant_is_not_enough():
    table = pd.DataFrame({"tax": [1000.0, 5.0, 400.0, 900.0, 2305.0]}, index=[*"abcd", "total"])
    given_ = pd.DataFrame({"n": [4, 9, 9, 9, 31], "max_share": [0.95, 0.2, 0.2, 0.2, 0.41]})
    shown = disclosure.suppress(table, given_.set_axis(table.index), audience="public")
    assert shown["tax"].isna().tolist() == [True, False, True, False, False]


def test_internal_tables_are_whole():
    table, counts = cross(1, 4, 3)
    shown = disclosure.suppress(table, counts, audience="internal")
    pd.testing.assert_frame_equal(shown, table)
    assert shown is not table


@pytest.mark.parametrize("shape", ["by row", "by cell"])
def test_contributors_by_row_and_by_cell_give_the_same_answer(shape):
    table = pd.DataFrame({"tax_wan": [42, 99, 11.0]}, pd.Index([*"abc"], name="town_code"))
    rule = pd.DataFrame({"n": [4, 3, 2], "max_share": [12 / 42, 97 / 99, 6 / 11]}, table.index)
    by_cell = {k: rule[[k]].set_axis(["tax_wan"], axis=1) for k in rule}
    contributors = {"by row": rule, "by cell": by_cell}[shape]
    before = table.copy()
    shown = disclosure.suppress(table, contributors, audience="public")
    pd.testing.assert_frame_equal(table, before)
    why = disclosure.reasons(table, contributors)["tax_wan"].tolist()
    assert why == ["complementary", "dominance", "too_few"]
    assert shown["tax_wan"].isna().all()


def test_published_district_figures_are_exempt_and_a_leak_through_them_is_refused():
    table = pd.DataFrame({"tax": [90.0, 10.0, 100.0]}, index=["plant", "others", "total"])
    counts = pd.Series([1, 9, 10], table.index)
    free = pd.Series([False, False, True], table.index)
    shown = disclosure.suppress(table, counts, audience="public", exempt=free)
    assert shown["tax"].isna().tolist() == [True, True, False]
    with pytest.raises(ValueError, match="exempt figures give"):
        disclosure.suppress(table, counts, audience="public", exempt=~counts.eq(1))


def test_town_and_name_columns_are_one_dimension():
    table = pd.DataFrame(
        {"town_code": ["1", "2", "3", "9"], "name": ["a", "b", "c", "合计"], "tax": [1.0, 9, 9, 19]}
    )
    counts = pd.Series([1, 5, 5])
    shown = disclosure.suppress(table, counts, audience="public")
    assert shown["tax"].isna().tolist() == [True, True, False, False]


def test_long_tables_are_protected_along_each_dimension():
    table, counts = cross(5, 4, 3)
    long = table.T.unstack().rename("tax").to_frame().rename_axis(["town", "grade"])
    n = counts.T.unstack().rename("n").to_frame().rename_axis(["town", "grade"])
    shown = disclosure.suppress(long, n, audience="public")["tax"].unstack()
    assert shown.isna().sum().sum() > 0
    assert solved(named(shown[table.columns]), margins_of(shown[table.columns]))[1] == []


def test_bad_input_is_refused_in_words():
    table = pd.DataFrame({"tax": [1.0, 2.0]}, index=["a", "b"])
    with pytest.raises(ValueError, match="allowed: public, internal"):
        disclosure.suppress(table, pd.Series([3, 3], table.index), audience="press")
    with pytest.raises(ValueError, match="do not have the table's row labels"):
        disclosure.suppress(table, pd.Series([3, 3], ["x", "y"]), audience="public")
    with pytest.raises(ValueError, match="needed: n and max_share"):
        disclosure.suppress(table, pd.DataFrame({"q": [1, 2]}, table.index), audience="public")


def test_empty_tables_and_tables_without_figures_pass_through():
    empty = pd.DataFrame({"tax": []}, dtype=float)
    assert disclosure.suppress(empty, pd.Series([], dtype=float), audience="public").empty
    words = pd.DataFrame({"name": ["a", "b"]})
    shown = disclosure.suppress(words, pd.Series([1, 1]), audience="public")
    pd.testing.assert_frame_equal(shown, words)


def test_contributors_in_another_order_are_refused():
    """Class 1 rests on one firm: counted by place it would be taken for class 0 and shown."""
    table = pd.DataFrame({"class": pd.Categorical([1, 2, 0]), "land": [100.0, 50.0, 70.0]})
    counts = pd.Series([1, 9, 9], index=[1, 2, 0])
    with pytest.raises(ValueError, match="row labels, in its order"):
        disclosure.suppress(table, counts, audience="public")
