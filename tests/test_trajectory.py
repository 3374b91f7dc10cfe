"""Trajectories: the planned path, the points, and what few points allow to be said."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import fenghua
from fenghua.analysis import course, outlook, path, readings, trajectory


def targets(*rows, **columns):
    names = ["role", "year", "value"]
    return pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows]).assign(
        indicator_id="it", **columns
    )


CLOSED = targets(
    ("baseline", 2020, 17.0), ("target", 2023, 100.0), ("target", 2025, 200.0), kind="cumulative"
)
ENERGY = targets(("target", 2023, 10.4), ("target", 2025, 15.0), base_year=2020, kind="reduction")


def test_the_path_runs_through_the_plans_own_milestones():
    assert trajectory.planned_path(CLOSED, "it", at=2022.0) == pytest.approx(72.3333333333)
    assert trajectory.planned_path(CLOSED, "it", at="2024-06") == 125
    assert trajectory.planned_path(ENERGY, "it", at=2022.0) == pytest.approx(7.0594, abs=5e-5)
    values = trajectory.planned_path(CLOSED, "it", at=np.array([2020.0, 2023.0, 2025.0, 2030.0]))
    assert values.tolist() == [17, 100, 200, 200]


def test_each_year_of_a_yearly_task_is_held_against_its_own_floor():
    due = targets(("baseline", 2020, 3.0), ("target", 2023, 5.0), ("target", 2025, 6.0))
    points = pd.DataFrame({"t": [2021.0, 2022.0, 2024.0], "value": [4.0, 5.0, 5.0], "period": ""})
    floors = path.read(due.assign(kind="annual"), "it")
    years = course.year_by_year({"it": course.Course(floors, {}, [], points, {})})
    assert years["path_value"].tolist() == [5, 5, 6]
    assert years["is_behind"].tolist() == [True, False, True]


def test_a_path_without_a_printed_start_begins_at_zero_where_it_counts():
    counted = targets(("baseline", 2020, np.nan), ("target", 2025, 10.0), kind="cumulative")
    assert trajectory.planned_path(counted, "it", at=2022.5) == 5
    level = counted.assign(kind="level", start="observed")
    with pytest.raises(ValueError, match="no start"):
        trajectory.planned_path(level, "it", at=2022.5)
    assert trajectory.planned_path(level, "it", at=2022.5, base_value=8) == 9


@pytest.mark.parametrize("at", [2019.9, [2021.0, 2019.0], np.nan])
def test_before_the_base_year_there_is_no_path(at):
    with pytest.raises(ValueError, match="base year"):
        trajectory.planned_path(CLOSED, "it", at=at)


def test_kind_and_indicator_are_never_guessed():
    with pytest.raises(ValueError, match="kind is ''; allowed"):
        trajectory.planned_path(CLOSED.drop(columns="kind"), "it", at=2022.0)
    with pytest.raises(ValueError, match="indicator_id is 'other'; allowed: it"):
        trajectory.planned_path(CLOSED, "other", at=2022.0)
    with pytest.raises(ValueError, match="assigns no figure"):
        trajectory.planned_path(
            targets(("target", 2025, np.nan), base_year=2020, kind="assigned"), "it", at=2022.0
        )
    assert trajectory.planned_path(
        CLOSED.drop(columns="kind"), "it", at=2023.0, kind="cumulative"
    ) == pytest.approx(100)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"year": [2024, 2023, 2025]}, "year is 2023; allowed: one after the base year, 2024"),
        ({"year": [2020, 2025, 2025]}, "year is 2025; allowed: one after the target before, 2025"),
        ({"year": [2020, np.nan, 2025]}, "year is missing; allowed: the year of the target"),
        ({"year": ["2020", "soon", "2025"]}, "year is 'soon'; allowed: a number"),
        ({"value": ["17", "many", "200"]}, "value is 'many'; allowed: a number"),
        ({"role": ["baseline", "Target", "target"]}, "role is 'Target'; allowed: baseline, target"),
        ({"comparator": "以下"}, "comparator is '以下'; allowed: =, >=, <=, range, about"),
    ],
)
def test_targets_out_of_order_or_in_other_words_are_refused_and_not_left_out(change, said):
    with pytest.raises(ValueError, match=f"targets: it: {said}"):
        trajectory.planned_path(CLOSED.assign(**change), "it", at=2024.5)
    as_text = CLOSED.astype({"year": str, "value": str})
    assert trajectory.planned_path(as_text, "it", at=2024.5) == 175.0


def test_a_growth_path_is_the_planned_average():
    growth = targets(
        ("baseline", 2020, 8.4),
        ("target", 2023, 6.0),
        ("target", 2025, 8.0),
        base_year=[np.nan, 2020, 2020],
        kind="growth",
    )
    path = trajectory.planned_path(growth, "it", at=[2020.0, 2021.0, 2023.0, 2025.0, 2026.0])
    assert path == pytest.approx([6, 6, 6, 8, 8], abs=1e-6)


CASES = yaml.safe_load((Path(__file__).parent / "cases/outlook.yaml").read_text(encoding="utf-8"))


def as_drawn(figures, kind, *, yearly):
    """Printed growth rates as a chained index: of single years, or an average since 2020."""
    if kind != "growth":
        return dict(figures)
    if yearly:
        rates = np.array(list(figures.values()))
        index = 100 * np.cumprod(1 + rates / 100)
        return {2020: 100.0} | dict(zip(figures, index, strict=True))
    return {year: 100 * (1 + rate / 100) ** (year - 2020) for year, rate in figures.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_an_outlook_says_what_its_points_carry(case):
    kind, until = case["kind"], case["until"]
    frame = trajectory.project(
        as_drawn(case["points"], kind, yearly=True).items(),
        kind=kind,
        until=until,
        plan=as_drawn(case["plan"], kind, yearly=False),
        decimals=case.get("decimals"),
        is_count=case.get("is_count", False),
    )
    row = frame.iloc[-1]
    assert row["t"] == until
    for name, expected in case["expect"].items():
        got = row[name]
        if kind == "growth" and name in ("pace", "shape", "lo80", "hi80"):
            got = 100 * ((got / 100) ** (1 / (until - 2020)) - 1)
        if expected is None:
            assert np.isnan(got), name
        elif isinstance(expected, str):
            assert got == expected, name
        else:
            digits = len(str(expected).partition(".")[2])
            assert got == pytest.approx(expected, abs=0.51 * 10**-digits), name


def test_the_contract_of_the_frame_and_a_level_in_its_names():
    seen, plan = [(2020, 10.0), (2021, 12.0), (2022, 13.0), (2023, 15.5)], {2025: 20}
    frame = trajectory.project(seen, kind="level", until=2025.0, plan=plan, direction=1)
    assert {"t", "pace", "shape", "lo80", "hi80", "word", "basis", "mean", "p_meet"} <= set(frame)
    assert frame["t"].tolist() == [2024, 2025]
    assert frame["word"].tolist() == ["", "open"]  # a word is for the target's date alone
    assert frame["mean"].iloc[-1] == frame[["pace", "shape"]].iloc[-1].mean()
    narrow = trajectory.project(seen, kind="level", until=2025, plan=plan, level=50).iloc[-1]
    wide = frame.iloc[-1]
    assert wide["lo80"] < narrow["lo50"] < narrow["hi50"] < wide["hi80"]


def test_the_interval_holds_the_mixture_of_two_t_distributions():
    d, q = np.array([1.9, 2.2, 3.1, 3.6]), np.array([2.7, 2.7, 2.7, 3.0])
    got = readings.changes(d, q, np.array([3.0]), years=1, rounding=0.0, is_count=False)
    ratio = d.sum() / q.sum()
    spread = np.sqrt(((d / q - ratio) ** 2).sum() / 3 * (9 + 9 / 4))
    assert float(got.pace) == 3.6 and float(got.shape) == pytest.approx(3 * ratio)
    assert float(got.pace_sd) == pytest.approx(np.sqrt(2 * d.var(ddof=1)))
    assert float(got.shape_sd) == pytest.approx(spread)
    for share in (0.1, 0.5, 0.9):
        x = float(got.quantile(share))
        held = [stats.t.cdf((x - c) / sd, 3) for c, sd in got.parts]
        assert np.mean(held) == pytest.approx(share, abs=1e-9)


def test_a_row_that_falls_by_plan_is_the_mirror_of_one_that_rises():
    seen = [(2020, 10.0), (2021, 12.5), (2022, 13.5), (2023, 16.4), (2024, 17.6)]
    up = trajectory.project(seen, kind="level", until=2025, plan={2020: 10, 2025: 20}).iloc[-1]
    down = trajectory.project(
        [(t, -x) for t, x in seen], kind="level", until=2025, plan={2020: -10, 2025: -20},
        direction=-1,
    ).iloc[-1]  # fmt: skip
    assert down["p_meet"] == pytest.approx(up["p_meet"])
    assert (down["pace"], down["lo80"]) == pytest.approx((-up["pace"], -up["hi80"]))


def test_nothing_ahead_is_an_empty_frame_and_two_values_at_once_are_refused():
    assert trajectory.project([(2020, 1.0)], kind="level", until=2020).empty
    assert trajectory.project([], kind="level", until=2025).empty
    with pytest.raises(ValueError, match="two values at one time"):
        trajectory.project(pd.Series([1, 2], index=[2020, 2020]), kind="level", until=2025)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.floats(0, 12), min_size=1, max_size=7),
    st.sampled_from(["level", "reduction", "cumulative", "milestone", "growth"]),
    st.booleans(),
    st.sampled_from([2024.0, 2025.0, 2027.0, 2028.5]),
)
def test_no_total_falls_no_share_passes_its_cap_and_every_gap_has_a_reason(
    steps, kind, is_count, until
):
    values = np.cumsum(steps) + (100 if kind == "growth" else 0)
    values = np.round(values) if is_count else values
    points = list(enumerate(values.tolist(), start=2020))
    plan = {2020: values[0], 2023: values[0] + 20, 2027: values[0] + 45}
    frame = trajectory.project(points, kind=kind, until=until, plan=plan, is_count=is_count)
    if points[-1][0] >= until:
        assert frame.empty
        return
    assert frame["t"].iloc[-1] == until
    held = frame.dropna(subset="lo80")
    assert (held["lo80"] <= held["hi80"]).all()
    assert (held["basis"] == "interval").all()
    assert (frame.loc[frame["lo80"].isna(), "reason"] != "").all()
    assert frame["p_meet"].dropna().between(0, 1).all()
    figures = frame[["pace", "shape", "lo80", "hi80"]]
    if kind == "cumulative":
        assert not (figures < values[-1] - 1e-9).any(axis=None)
    if kind == "milestone":
        assert not (figures > 100 + 1e-9).any(axis=None)
    assert set(frame["word"].iloc[:-1]) <= {""}
    given_word = frame["word"].isin(["very_likely", "very_unlikely"])
    assert (frame.loc[given_word, "years_ahead"] <= 1).all()
    assert (frame.loc[given_word, "n_points"] >= 4).all()


def backtest(right, wrong):
    return pd.DataFrame({"is_word_right": [True] * right + [False] * wrong + [None] * 3})


def test_words_are_withheld_once_more_than_one_in_ten_came_out_wrong():
    rules = {"words_backtest_min": 10, "words_backtest_wrong_max": 0.1}
    assert outlook.is_trusted(backtest(0, 9), rules)  # too few words to tell
    assert outlook.is_trusted(backtest(9, 1), rules)
    assert not outlook.is_trusted(backtest(8, 2), rules)
    assert outlook.is_trusted(backtest(0, 0), rules)


def a_plan_of_many_years(ends, last):
    """Twelve rows with a target every year from 2024 on; those at ``ends`` turn back in 2024."""
    rows, seen = [], []
    for i in range(12):
        name = f"row{i}"
        rows += [("baseline", 2020, 0.0, name)]
        rows += [("target", year, 10.0 * (year - 2020), name) for year in (2024, 2026)]
        values = {2021: 13.0, 2022: 26.5, 2023: 39.0, 2024: 36.0 if i in ends else 52.0}
        values |= {2025: 65.0}
        seen += [(name, str(year), value) for year, value in values.items() if year <= last]
    targets = pd.DataFrame(rows, columns=["role", "year", "value", "indicator_id"])
    ids = [f"row{i}" for i in range(12)]
    return SimpleNamespace(
        indicators=pd.DataFrame({"indicator_id": ids, "kind": "level", "direction": 1}).assign(
            decimals=1, is_count=False, unit="分"
        ),
        targets=targets,
        observations=pd.DataFrame(seen, columns=["indicator_id", "period", "value"]).assign(
            area_code="330213"
        ),
        plan={"area_code": "330213", "base_year": 2020},
        parameters={"interval_level_pct": 80, "word_level_pct": 90, "words_backtest_min": 10,
                    "words_backtest_wrong_max": 0.1},
    )  # fmt: skip


def test_earlier_outlooks_are_held_against_what_came():
    ds = a_plan_of_many_years(ends=(0, 1), last=2024)
    assert outlook.scorecard(ds, as_of="2023").empty
    scores = outlook.scorecard(ds, as_of="2024", indicator_ids=["row0", "row2"])
    assert scores["made_at"].tolist() == [2021, 2022, 2023] * 2
    assert set(scores["t"]) == {2024.0}
    last = scores[scores["made_at"] == 2023].set_index("indicator_id")
    assert last["word"].tolist() == ["very_likely"] * 2
    assert last["is_word_right"].tolist() == [False, True]
    assert last["is_met"].tolist() == [False, True]
    assert last["is_held"].tolist() == [False, True]
    assert last["outcome"].tolist() == [36.0, 52.0]
    assert scores.loc[scores["made_at"] == 2021, "is_held"].isna().all()


def test_a_failed_record_withholds_the_words_of_the_next_issue():
    ids = [f"row{i}" for i in range(12)]
    good, bad = (a_plan_of_many_years(ends=ends, last=2025) for ends in ((), (0, 1, 2)))
    told, withheld = (outlook.at_end(ds, ids, as_of="2025").set_index("indicator_id")
                      for ds in (good, bad))  # fmt: skip
    assert told.loc["row5", "word"] == "very_likely"
    assert withheld.loc["row5", ["word", "reason"]].tolist() == ["open", "words_failed_backtest"]


def test_points_are_one_a_year_and_include_the_base():
    rows = [("2021-06", 20), ("2021", 30), ("2022-03", 40), ("2022-09", 60)]
    ds = SimpleNamespace(
        indicators=pd.DataFrame([{"indicator_id": "it", "kind": "cumulative", "direction": 1}]),
        targets=CLOSED,
        observations=pd.DataFrame(rows, columns=["period", "value"]).assign(
            indicator_id="it", area_code="330213"
        ),
        plan={"area_code": "330213", "base_year": 2020},
        parameters={},
    )
    got = trajectory.points(ds, "it")
    assert got["t"].tolist() == [2020, 2021, 2021.75]
    assert got["value"].tolist() == [17, 30, 60]
    assert trajectory.points(ds, "it", as_of="2021-Q3")["value"].tolist() == [17, 20]


def test_points_of_a_yearly_floor_have_no_base_and_an_unknown_indicator_is_named():
    ds = SimpleNamespace(
        indicators=pd.DataFrame([{"indicator_id": "it", "kind": "annual", "direction": 1}]),
        targets=targets(("target", 2025, 5.0), kind="annual"),
        observations=pd.DataFrame({"period": ["2021", "2022"], "value": [4.0, 6.0]}).assign(
            indicator_id="it", area_code="330213"
        ),
        plan={"area_code": "330213", "base_year": 2020},
        parameters={},
    )
    assert trajectory.points(ds, "it")["value"].tolist() == [4, 6]
    with pytest.raises(ValueError, match="'other'; allowed: it"):
        trajectory.points(ds, "other")


def test_what_has_no_base_has_no_path_however_many_points_it_has():
    ds = fenghua.load()
    targets, seen = ds.targets, ds.observations
    named = targets["indicator_id"] == "tax_per_mu"
    first = (seen["indicator_id"] == "tax_per_mu") & seen["period"].str.startswith("2020")
    own = {
        "targets": targets[~(named & (targets["role"] == "baseline"))],
        "observations": seen[~first],
    }
    end = outlook.at_end(replace(ds, **own), "tax_per_mu", as_of="2024").iloc[0]
    assert (end["n_points"], end["reason"]) == (4, "no_plan")


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("cumulative", [(2020, 17), (2021, float("inf"))]),
        ("reduction", [(2021, 20), (2022, 100), (2023, 140)]),
        ("growth", [(2021, 5), (2022, -100), (2023, -120)]),
    ],
)
def test_a_figure_that_its_kind_cannot_have_is_refused(kind, points):
    plan = {2020: 0, 2025: 15} if kind == "reduction" else {2020: 17, 2025: 200}
    with pytest.raises(ValueError, match="allowed: above"):
        trajectory.project(points, kind=kind, until=2025.0, plan=plan)
