"""The public edition: its rules, its store, what it refuses, and a dataset without enterprises."""

import copy
import errno
import json
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fenghua
from fenghua import editions, fingerprints
from fenghua.analysis import edition, edition_counts, edition_frames, edition_tables
from fenghua.analysis.edition_issue import Earlier, issued
from fenghua.analysis.edition_tables import Rules
from fenghua.inputs import editions as store
from fenghua.inputs import places, rowless

RULES = Rules(minimum=3, p=0.10, q=0.10, error_max=0.10, count_base=5, median_minimum=10)


@pytest.fixture(scope="module")
def ds():
    return fenghua.load()


@pytest.fixture
def small(ds, tmp_path):
    """Two years of two hundred enterprises, in a folder of their own, without an edition."""
    firms = ds.enterprises[ds.enterprises["year"].isin([2022, 2023])]
    firms = firms[firms["enterprise_id"].isin(firms["enterprise_id"].unique()[1:201])]
    records, figures = store.empty()
    return replace(
        ds,
        enterprises=firms.reset_index(drop=True),
        enterprise_years=(2022, 2023),
        actuals_dir=tmp_path / "figures",
        editions=records,
        edition_figures=figures,
    )


def reloaded(ds):
    records, figures = store.read(ds.data_dir, ds.actuals_dir, ds.enterprises)
    return replace(ds, editions=records, edition_figures=figures)


def figure(amounts, measure="tax_wan"):
    """The figure of one town with these amounts."""
    rows = pd.DataFrame({name: np.asarray(amounts, float) for name in edition_tables.AMOUNTS})
    chosen = iter([("town", "t", np.arange(len(rows)), (measure,))])
    return edition_tables.listed(rows, chosen, RULES)[0].iloc[0]


@pytest.mark.parametrize(
    ("amounts", "step", "reason"),
    [
        ([400.0, 300, 300, 200, 100], 100.0, ""),  # half of 100 is 10 % of 400 and more
        ([1.0] * 2000, 10.0, ""),  # never finer than three digits
        ([50.0, 40], 10.0, "few"),
        ([50.0, 40, 0], 10.0, "few"),  # who has nothing hides nobody
        ([100.0, 50, 9], 20.0, "dominance"),  # 9 is less than 10 % of 100
        ([100.0, 50, 11], 20.0, ""),
        ([100.0, 50, 60, -150], 50.0, "coarse"),  # 25 of 60
        ([30.0, 14, 10], 10.0, "coarse"),  # 5 of 45, which is printed as 50 too
        ([30.0, 14, 11], 10.0, ""),
        ([4.998] * 200, 10.0, ""),  # 999.6, printed as 1000: three digits of that
    ],
)
def test_rules_of_a_sum(amounts, step, reason):
    found = figure(amounts)
    assert (found["step"], found["reason"]) == (step, reason)


@given(st.lists(st.floats(0.01, 1e6), min_size=3, max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_printed_sum_is_coarse_by_its_largest_and_never_off_by_more_than_a_tenth(amounts):
    found = figure(amounts)
    if found["reason"] == "":
        shown = edition_tables.printed(found.to_frame().T).iloc[0]
        half = found["step"] / 2
        assert abs(shown - sum(amounts)) <= half * (1 + 1e-9)
        assert 0.10 * max(amounts) <= half * (1 + 1e-9)
        assert half <= 0.10 * sum(amounts) * (1 + 1e-9)


@given(st.lists(st.integers(1, 60), min_size=3, max_size=40))
@settings(max_examples=60, deadline=None)
def test_heads_that_are_printed_alike_lie_as_far_apart_as_the_rule_asks(heads):
    found = figure(heads, "employees")
    if found["reason"] == "":
        sums = np.arange(max(sum(heads) - 200, 0), sum(heads) + 200)
        alike = found.to_frame().T.loc[np.zeros(len(sums))].assign(value=sums)
        shown = edition_tables.printed(alike.infer_objects()).to_numpy()
        same = sums[shown == edition_tables.printed(found.to_frame().T).iloc[0]]
        assert same.max() - same.min() >= 2 * 0.10 * max(heads) - 1e-9


def test_a_class_that_nobody_is_in_is_withheld_like_one_of_two(small):
    rows = editions.scoped(small, 2023, None)
    own = rows[rows["class"] != "D"]
    town = own["town"].value_counts().index[0]
    few = own[(own["town"] != town) | (own["class"] != "A")]
    found = issued(few, RULES, year=2023)
    for table, key in (("class", "D"), ("town_class", f"{town}/A"), ("town_class", f"{town}/D")):
        at = found[(found["table"] == table) & (found["key"] == key)]
        assert set(at["reason"]) == {"few"} and at["printed"].isna().all()
        assert "land_mu" in set(at["measure"])
    land = found[(found["table"] == "town_class") & (found["measure"] == "land_mu")]
    assert len(land) == 5 * few["town"].nunique()


def test_counts_below_three_are_withheld_none_too():
    shown = edition_counts.rounded(pd.Series([0, 1, 2, 3, 7, 8, 12, 13]), RULES)
    assert shown.tolist()[3:] == [5, 5, 10, 10, 15]
    assert shown[:3].isna().all()


def test_medians_have_two_digits_and_stand_for_ten_or_more():
    rows = pd.DataFrame({"tax_per_mu_wan": [17.36] * 10 + [3.0] * 9})
    rows = rows.assign(town=["a"] * 10 + ["b"] * 9, industry="34", **{"class": "A"})
    found = edition.median(edition_counts.medians(rows, RULES), "town")
    assert found["value"].tolist()[0] == 17.0 and np.isnan(found["value"].iloc[1])


@pytest.mark.parametrize(
    ("name", "value"),
    [("q", 0.05), ("p", 0.01), ("minimum", 2), ("count_base", 1), ("median_minimum", 3)],
)
def test_rules_weaker_than_promised_are_refused(ds, name, value):
    weaker = ds.parameters | {f"edition_{name}": value}
    with pytest.raises(ValueError, match=f"edition_{name}: found {value:g}, allowed"):
        Rules.of(weaker)


def test_ratio_share_and_change_come_from_printed_figures_with_their_bound(ds):
    figures = edition.read(ds, 2025)
    tax, land = (edition.chosen(figures, "town", name) for name in ("tax_wan", "land_mu"))
    found = edition.ratio(figures, "town", "tax_per_mu_wan")
    assert (found["value"] - tax["value"] / land["value"]).abs().max() < 0.05
    rows = editions.scoped(ds, 2025, None)
    true = rows.groupby("town")[["tax_wan", "land_mu"]].sum()
    off = (found["value"] - true["tax_wan"] / true["land_mu"]).abs()
    assert (off <= found["error"] * 1.02).all()
    land = edition.share(figures, "town_class", "land_mu", of="town")["value"].dropna()
    assert (land * 100 - (land * 100).round()).abs().max() < 1e-9
    parts = edition_frames.change(figures, "value_added_wan")
    assert parts["value"].iloc[:3].sum() == pytest.approx(parts["value"].iloc[3])
    assert (parts["error"] > 0).all()


def test_the_year_after_does_not_touch_an_edition_and_a_run_makes_none_twice(small):
    first = editions.write_missing(small, "2022")
    kept = (first[0] / store.FIGURES).read_bytes()
    again = reloaded(small)
    second = editions.write_missing(again, "2023")
    assert [path.name for path in [*first, *second]] == ["2022", "2023"]
    assert (first[0] / store.FIGURES).read_bytes() == kept
    assert editions.write_missing(reloaded(small), "2023") == []
    assert set(edition.read(reloaded(small), 2023)["table"]) >= {"now", "before", "moves"}


def test_a_folder_that_no_edition_can_be_written_to_is_named_with_what_to_do(small, monkeypatch):
    def full(*_):
        raise OSError(errno.EROFS, "Read-only file system", "data/editions")

    monkeypatch.setattr(store, "write", full)
    monkeypatch.setattr(editions.dataset, "read", lambda *_: small)
    with pytest.raises(ValueError, match=r"^data/editions: Read-only .*: name a folder that you"):
        editions.make(str(small.data_dir), str(small.actuals_dir), "2022", False)


def test_of_two_runs_at_once_one_makes_the_edition_and_the_other_finds_it(small, monkeypatch):
    monkeypatch.setattr(editions.dataset, "read", lambda *_: reloaded(small))
    asked = [str(small.data_dir), str(small.actuals_dir), "2022", False]
    with ThreadPoolExecutor() as both:
        made = [each.result() for each in [both.submit(editions.make, *asked) for _ in range(2)]]
    assert sorted(map(len, made)) == [0, 1]


def test_the_same_enterprises_in_another_order_give_the_same_bytes(small, tmp_path):
    shuffled = small.enterprises.sample(frac=1, random_state=1).reset_index(drop=True)
    other = replace(small, enterprises=shuffled, actuals_dir=tmp_path / "other")
    paths = [editions.write_missing(one, "2022")[0] for one in (small, other)]
    assert len({(path / store.FIGURES).read_bytes() for path in paths}) == 1
    assert len({json.loads((p / store.RECORD).read_text())["rows"] for p in paths}) == 1


def test_no_figure_and_no_name_of_an_enterprise_is_published(small):
    path = editions.write_missing(small, "2022")[0]
    text = (path / store.FIGURES).read_text()
    assert not any(code in text for code in small.enterprises["enterprise_id"])
    assert {p.name for p in path.iterdir()} == {store.FIGURES, store.RECORD}
    inside = places.editions(small.data_dir, small.actuals_dir, internal=True)
    assert (inside / "2022" / store.ROWS).is_file()


def test_changed_enterprises_leave_the_edition_as_it_is_until_a_revision(small):
    editions.write_missing(small, "2022")
    firms = small.enterprises.copy()
    firms.loc[firms.index[5], "tax_wan"] *= 1.3
    changed = reloaded(replace(small, enterprises=firms))
    assert not edition.is_current(changed, 2022) and edition.is_current(reloaded(small), 2022)
    before = edition.read(changed, 2022)
    assert editions.write_missing(changed, "2022") == []
    place = editions.revise(changed, 2022)
    assert [path.name for path in store.superseded(place)] == ["superseded-1"]
    pd.testing.assert_series_equal(
        store.read_figures(place / "superseded-1")["printed"].sort_values(ignore_index=True),
        before["printed"].sort_values(ignore_index=True),
        check_names=False,
    )
    with pytest.raises(ValueError, match="nothing to revise"):
        editions.revise(reloaded(changed), 2022)


def test_a_revision_that_the_disk_or_a_kill_cuts_short_forgets_no_edition(small, monkeypatch):
    (place,) = editions.write_missing(small, "2022")
    firms = small.enterprises.assign(tax_wan=small.enterprises["tax_wan"] * 1.1)
    changed = reloaded(replace(small, enterprises=firms))
    kept = (place / store.RECORD).read_bytes(), (place / store.FIGURES).read_bytes()

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk, pytest.raises(OSError, match="No space left"):
        disk.setattr(Path, "write_text", full)
        editions.revise(changed, 2022)
    assert kept == ((place / store.RECORD).read_bytes(), (place / store.FIGURES).read_bytes())
    editions.revise(changed, 2022)
    (place / store.RECORD).unlink()
    with pytest.raises(ValueError, match="cut short; put what superseded-1 holds"):
        editions.write_missing(reloaded(changed), "2022")


def test_the_fingerprint_of_real_rows_stays_with_the_rows(small):
    real = replace(small, is_synthetic=False)
    path = editions.write_missing(real, "2022")[0]
    inside = places.editions(small.data_dir, small.actuals_dir, internal=True) / "2022"
    whole = store.of_rows(small.enterprises, 2022)
    assert json.loads((inside / store.RECORD).read_text())["rows"] == whole
    assert whole not in (path / store.RECORD).read_text()
    changed = small.enterprises.assign(tax_wan=small.enterprises["tax_wan"] * 1.1)
    assert edition.is_current(reloaded(real), 2022)
    assert not edition.is_current(reloaded(replace(real, enterprises=changed)), 2022)
    assert set(rowless.public(reloaded(real)).editions["rows"]) == {""}
    shutil.rmtree(inside)  # elsewhere nothing is known of a change, and nothing is built on it
    assert edition.is_current(reloaded(replace(real, enterprises=changed)), 2022)
    with pytest.raises(ValueError, match="cannot be checked beside it"):
        editions.write_missing(reloaded(real), "2023")
    with pytest.raises(ValueError, match="are not kept here"):
        editions.revise(reloaded(real), 2022)


def test_the_fingerprint_of_a_public_page_is_of_no_enterprise(ds):
    changed = replace(ds, enterprises=ds.enterprises.assign(tax_wan=1.0), parks=ds.parks.iloc[:0])
    public = [fingerprints.of_dataset(rowless.public(one)) for one in (ds, changed)]
    assert public[0] == public[1] != fingerprints.of_dataset(ds)
    raised = replace(ds, observations=ds.observations.assign(value=1.0))
    stale = replace(ds, editions=ds.editions.assign(is_current=False))
    others = [fingerprints.of_dataset(rowless.public(one)) for one in (raised, stale)]
    assert len({public[0], *others}) == 3


def test_a_revision_without_the_enterprises_behind_the_edition_is_refused(small):
    editions.write_missing(small, "2022")
    shutil.rmtree(places.editions(small.data_dir, small.actuals_dir, internal=True))
    firms = small.enterprises.assign(tax_wan=small.enterprises["tax_wan"] * 1.1)
    changed = reloaded(replace(small, enterprises=firms))
    with pytest.raises(ValueError, match="are not kept here"):
        editions.revise(changed, 2022)
    with pytest.raises(ValueError, match="cannot be checked beside it"):
        editions.write_missing(changed, "2023")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"is_synthetic": False}, "is_synthetic"),
        ({"plan": "330999"}, "area_code"),
        ({"parameters": 0.2}, "rules"),
        ({"edition_exclusions": "DEMO000010"}, "scope"),
    ],
)
def test_an_edition_of_other_data_rules_or_scope_is_refused(ds, change, found):
    name, value = next(iter(change.items()))
    if name == "plan":
        value = ds.plan | {"area_code": value}
    if name == "parameters":
        value = ds.parameters | {"edition_q": value}
    if name == "edition_exclusions":
        row = {"enterprise_id": [value], "from_year": [2021], "reason": ["x"]}
        value = pd.concat([ds.edition_exclusions, pd.DataFrame(row)])
    other = replace(ds, **{name: value})
    with pytest.raises(ValueError, match=f"{found} is .* in the data in use"):
        edition.read(other, 2025)
    with pytest.raises(ValueError, match="stands as it was published"):
        editions.write_missing(other, "2025")


def test_a_year_without_an_edition_is_refused_with_those_there_are(ds):
    with pytest.raises(ValueError, match="no public edition of 2019; there are: 2020, 2021"):
        edition.read(ds, 2019)


def test_a_damaged_edition_is_refused(small):
    path = editions.write_missing(small, "2022")[0]
    (path / store.FIGURES).write_text("nonsense\n")
    with pytest.raises(ValueError, match="cannot be read"):
        reloaded(small)


def test_editions_of_other_figures_lie_apart(tmp_path):
    data = tmp_path / "raw"
    folders = [
        places.editions(data, place)
        for place in (data / "actuals", data / "demo", tmp_path / "mine")
    ]
    assert [p.relative_to(tmp_path).as_posix() for p in folders] == [
        "editions",
        "editions/demo",
        "mine-editions",
    ]
    inside = [places.editions(data, data / "demo", internal=True)]
    assert inside[0].relative_to(tmp_path).as_posix() == "editions-internal/demo"


def test_a_public_dataset_has_no_enterprises_however_one_asks(ds):
    shown = rowless.public(ds)
    for name in rowless.WITHHELD:
        table = getattr(shown, name)
        for look in (
            lambda t: t["tax_wan"],
            lambda t: t.tax_wan,
            lambda t: len(t),
            lambda t: list(t),
            lambda t: pd.DataFrame(t),
            lambda t: t.to_csv(),
            lambda t: t.iloc[0],
        ):
            with pytest.raises(rowless.WithheldError, match="not there in a public run"):
                look(table)
    for again in (copy.deepcopy(shown), pickle.loads(pickle.dumps(shown))):
        with pytest.raises(rowless.WithheldError):
            again.enterprises.query("year == 2025")
    assert "DEMO" not in repr(shown.enterprises)
    text = pickle.dumps(shown)
    assert b"DEMO000001" not in text and b"DEMO000951" not in text


def test_a_public_dataset_drops_what_the_product_computed_of_a_part_of_the_district(ds):
    shown = rowless.public(ds)
    assert (ds.observations["area_code"] == "330213-qs").any()
    assert not (shown.observations["area_code"] == "330213-qs").any()
    assert (shown.observations["area_code"] == "330213").any()


def test_loading_in_a_public_run_gives_no_enterprises(monkeypatch):
    monkeypatch.setenv(rowless.VARIABLE, "public")
    with pytest.raises(rowless.WithheldError):
        len(fenghua.load().enterprises)
    monkeypatch.setenv(rowless.VARIABLE, "internal")
    assert len(fenghua.load().enterprises) > 10_000


def test_the_demonstration_ships_its_editions_and_they_are_current(ds):
    assert edition.years(ds) == [2020, 2021, 2022, 2023, 2024, 2025]
    assert ds.editions["is_synthetic"].all() and ds.editions["is_current"].all()
    assert Path(places.editions(ds.data_dir, ds.actuals_dir)).name == "demo"


def test_a_revision_that_moves_an_enterprise_to_those_who_stayed_is_refused():
    """Both versions print what they had the year before: the difference would be its own."""
    before, replaced = (pd.DataFrame({"enterprise_id": list(ids)}) for ids in ("abc", "ab"))
    earlier = [Earlier(2022, before, pd.DataFrame()), Earlier(2023, replaced, pd.DataFrame())]
    with pytest.raises(ValueError, match=r"stayed and those who left \(1\).*leave 2023 as it is"):
        issued(before, RULES, year=2023, earlier=earlier)


def test_what_is_withheld_once_more_is_not_called_too_few(ds):
    figures = ds.edition_figures.copy()
    is_held = (figures["year"] == 2025) & (figures["table"] == "town")
    figures.loc[is_held, "reason"] = "carried_few"
    read = edition.read(replace(ds, edition_figures=figures), 2025)
    assert set(read.loc[read["table"] == "town", "reason"]) == {"carried"}


def flows(**sums):
    """Return printed sums of those who stayed, left and entered: value added, then land."""
    keys = [("before", "stayed"), ("before", "left"), ("now", "stayed"), ("now", "entered")]
    rows = [
        (*key, measure, amount, 0.0)
        for key, pair in zip(keys, sums.values(), strict=True)
        for measure, amount in zip(("value_added_wan", "land_mu"), pair, strict=True)
    ]
    return pd.DataFrame(rows, columns=["table", "key", "measure", "printed", "half"])


def test_where_nobody_entered_or_left_the_change_is_still_whole():
    grown = {"stayed": (100.0, 10.0), "left": (0.0, 0.0), "stays": (150.0, 10.0)}
    parts = edition_frames.change(flows(**grown, entered=(0.0, 0.0)), "value_added_wan")
    assert parts["value"].tolist() == [5.0, 0.0, 0.0, 5.0]
    parts = edition_frames.change(flows(**grown, entered=(np.nan, np.nan)), "value_added_wan")
    assert parts["value"].isna().tolist() == [False, True, False, True]
