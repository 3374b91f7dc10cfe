"""Trajectories: the planned path, the points, and what few points allow to be said."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from fenghua.analysis import trajectory


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
    with pytest.raises(ValueError, match="no row in targets"):
        trajectory.planned_path(CLOSED, "other", at=2022.0)
    with pytest.raises(ValueError, match="assigns no figure"):
        trajectory.planned_path(
            targets(("target", 2025, np.nan), base_year=2020, kind="assigned"), "it", at=2022.0
        )
    assert trajectory.planned_path(
        CLOSED.drop(columns="kind"), "it", at=2023.0, kind="cumulative"
    ) == pytest.approx(100)


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


@pytest.mark.parametrize(("last", "half_width"), [(2022, 9.4), (2023, 3.6), (2024, 2.4)])
def test_the_interval_for_2025_is_as_wide_as_few_points_demand(last, half_width):
    t = np.arange(2020, last + 1)
    value = 10 + 2 * (t - 2020) + np.where(t % 2, 0.3, -0.2)
    frame = trajectory.project(pd.DataFrame({"t": t, "value": value}), kind="level", until=2025.0)
    fit = np.polyfit(t - 2020, value, 1)
    sd = np.sqrt(((value - np.polyval(fit, t - 2020)) ** 2).sum() / (len(t) - 2))
    row = frame[(frame["t"] == 2025) & (frame["scenario"] == "least_squares")].iloc[0]
    assert (row["hi80"] - row["lo80"]) / 2 / sd == pytest.approx(half_width, abs=0.05)
    assert row["mean"] == pytest.approx(np.polyval(fit, 5))


def test_the_number_of_points_decides_what_is_said():
    line = [(2020, 10.0), (2021, 12.1), (2022, 13.9), (2023, 16.2), (2024, 17.8)]
    seen = {}
    for n in range(1, 6):
        frame = trajectory.project(line[:n], kind="level", until=2025, target=20)
        assert list(frame.columns[:8]) == [
            *("t", "mean", "lo80", "hi80", "p_meet", "basis", "n_points", "scenario"),
        ]
        seen[n] = (
            set(frame["basis"]),
            set(frame["scenario"]),
            bool(frame["lo80"].notna().any()),
            bool(frame["p_meet"].notna().any()),
        )
        missing = frame[["mean", "lo80", "hi80", "p_meet"]].isna().any(axis=1)
        assert (frame.loc[missing, "reason"] != "").all()
    lines = {"least_squares"}
    assert seen == {
        1: ({"required_pace"}, {"required"}, False, False),
        2: ({"scenarios"}, {"required", "hold", "repeat_last", "mean_pace"}, False, False),
        3: ({"indicative"}, lines, True, False),
        4: ({"indicative"}, lines, True, False),
        5: ({"prediction"}, lines, True, True),
    }


def test_the_probability_is_that_of_the_t_predictive_distribution():
    t, value = np.arange(2020, 2025), np.array([10.0, 12.5, 13.5, 16.4, 17.6])
    frame = trajectory.project(
        pd.Series(value, index=t), kind="level", until=2025, target=20.0, direction=1
    )
    got = frame["p_meet"].dropna().item()
    slope, intercept = np.polyfit(t - 2022, value, 1)
    sd = np.sqrt(((value - intercept - slope * (t - 2022)) ** 2).sum() / 3)
    scaled = (20 - intercept - 3 * slope) / (sd * np.sqrt(1 + 1 / 5 + 9 / 10))
    assert got == pytest.approx(stats.t.sf(scaled, 3), abs=1e-9)
    down = trajectory.project(
        pd.Series(-value, index=t), kind="level", until=2025, target=-20.0, direction=-1
    )
    assert down["p_meet"].dropna().item() == pytest.approx(got, abs=1e-9)


def test_a_reduction_is_projected_on_its_own_scale():
    points = [(2020 + k, 100 * (1 - 0.97**k)) for k in range(6)]
    frame = trajectory.project(points, kind="reduction", until=2026, target=15.0)
    row = frame[frame["scenario"] == "least_squares"].iloc[0]
    assert row["mean"] == pytest.approx(100 * (1 - 0.97**6))
    assert row["p_meet"] == 1
    assert row["reason"] == "no_residual_variation"
    noisy = [(t, value + 0.1 * (-1) ** t) for t, value in points]
    row = trajectory.project(noisy, kind="reduction", until=2026, target=15.0).iloc[0]
    assert row["lo80"] < row["mean"] < row["hi80"]
    assert 0.9 < row["p_meet"] < 1


def test_counts_follow_the_closed_negative_binomial():
    points = [(2020, 4), (2021, 6), (2022, 9), (2023, 11), (2024, 15)]
    frame = trajectory.project(
        points, kind="cumulative", until=2025, target=20, planned_pace=3.2, is_count=True
    )
    row = frame.iloc[-1]
    shape, rate = 3.2 + 11, 1 + 4
    assert row["scenario"] == "gamma_poisson"
    assert row["mean"] == pytest.approx(15 + shape / rate)
    assert row["p_meet"] == pytest.approx(stats.nbinom.sf(4, shape, rate / (rate + 1)))
    assert row["prior_weight_years"] == 1
    few = trajectory.project(
        points[:3], kind="cumulative", until=2025, target=20, planned_pace=3.2, is_count=True
    )
    assert few["p_meet"].isna().all()
    assert set(few["basis"]) == {"indicative"}


def test_one_wild_point_moves_least_squares_but_not_the_robust_line():
    points = [(2020, 10), (2021, 12), (2022, 14), (2023, 30), (2024, 18)]
    row = trajectory.project(points, kind="level", until=2025).iloc[0]
    assert row["theil_sen"] == pytest.approx(20)
    assert row["mean"] > 22


def test_nothing_ahead_is_an_empty_frame_and_two_values_at_once_are_refused():
    assert trajectory.project([(2020, 1.0)], kind="level", until=2020).empty
    assert trajectory.project([], kind="level", until=2025).empty
    with pytest.raises(ValueError, match="two values at one time"):
        trajectory.project(pd.Series([1, 2], index=[2020, 2020]), kind="level", until=2025)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 40), min_size=1, max_size=7), st.sampled_from(["level", "reduction"]))
def test_intervals_hold_their_middle_and_probabilities_stay_in_range(values, kind):
    points = list(enumerate([value + k for k, value in enumerate(values)], start=2020))
    frame = trajectory.project(points, kind=kind, until=2028.5, target=45.0)
    held = frame.dropna(subset=["lo80"])
    assert (held["lo80"] <= held["mean"] + 1e-9).all()
    assert (held["mean"] <= held["hi80"] + 1e-9).all()
    assert frame["p_meet"].dropna().between(0, 1).all()
    assert frame["t"].max() == 2028.5


def test_points_are_one_a_year_and_include_the_base():
    rows = [("2021-06", 20), ("2021", 30), ("2022-03", 40), ("2022-09", 60)]
    ds = SimpleNamespace(
        indicators=pd.DataFrame([{"indicator_id": "it", "kind": "cumulative", "direction": 1}]),
        targets=CLOSED,
        observations=pd.DataFrame(rows, columns=["period", "value"]).assign(
            indicator_id="it", area_code="330213"
        ),
        plan={"area_code": "330213", "base_year": 2020},
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
    )
    assert trajectory.points(ds, "it")["value"].tolist() == [4, 6]
    with pytest.raises(ValueError, match="'other'; it has no row"):
        trajectory.points(ds, "other")
