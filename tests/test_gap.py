"""Gaps: the worked examples, the guards, and what must hold for any figures."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.analysis import gap, trajectory
from fenghua.inputs.vocabulary import GRADES, STATUSES

CASES = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("gap_*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]
PARAMETERS = {
    "status_on_track_min": 0.95,
    "status_needs_acceleration_min": 0.60,
    "status_insufficient_min": 0.0,
    "stale_months": 12,
}
INDICATOR = {"indicator_id": "it", "scope": "headline", "block": "efficiency", "direction": 1,
             "lead_unit_ids": "jingxin", "clause": "表1", "is_count": False,
             "start": ""}  # fmt: skip
TARGET = {"indicator_id": "it", "value": np.nan, "value_high": np.nan, "comparator": "=",
          "base_year": np.nan, "printed": ""}  # fmt: skip
OBSERVATION = {"indicator_id": "it", "area_code": "330213", "unit": "", "basis": "cumulative",
               "status": "final", "source_id": "s", "note": "", "published_on": ""}  # fmt: skip
BANDS = ("on_track", "needs_acceleration", "insufficient", "moving_away")


def dataset(indicator, targets, observations, plan=None):
    columns = [*OBSERVATION, "period", "value"]
    return SimpleNamespace(
        indicators=pd.DataFrame([INDICATOR | indicator]),
        targets=pd.DataFrame([TARGET | row for row in targets]),
        observations=pd.DataFrame([OBSERVATION | row for row in observations], columns=columns),
        parameters=PARAMETERS,
        plan={"area_code": "330213", "base_year": 2020} | (plan or {}),
        is_synthetic=False,
    )


def assessed(case):
    ds = dataset(case["indicator"], case["targets"], case["observations"], case.get("plan"))
    frame = gap.assess(ds, as_of=case.get("as_of", "auto"), known_on=case.get("known_on"))
    return frame.iloc[0]


def same_digits(got, expected):
    digits = len(str(expected).partition(".")[2])
    return got == pytest.approx(expected, abs=0.5 * 10**-digits if digits else 1e-9)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_worked_example(case):
    row = assessed(case)
    flags = row["flags"].split(";")
    expected = dict(case["expect"])
    assert set(expected.pop("has", [])) <= set(flags)
    assert not set(expected.pop("has_not", [])) & set(flags)
    why = gap.reasons(frame := pd.DataFrame([row])).iloc[0]
    for column, reason in expected.pop("missing", {}).items():
        assert pd.isna(frame[column].item()) and why[column] == reason, column
    for column, value in expected.items():
        if isinstance(value, str | bool):
            assert row[column] == value, column
        else:
            assert same_digits(row[column], value), (column, row[column], value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"basis": "Annual"}, "basis is 'Annual'; allowed: cumulative, annual, or nothing"),
        ({"status": "draft"}, "status is 'draft'; allowed: final, preliminary, estimate"),
        ({"published_on": "soon"}, "published_on is 'soon'; allowed: a date such as"),
    ],
)
def test_a_figure_told_in_words_that_none_knows_is_refused_and_not_taken_as_usual(change, said):
    targets = [{"role": "baseline", "year": 2020, "value": 1.0}]
    targets.append({"role": "target", "year": 2025, "value": 9.0})
    ds = dataset({"kind": "cumulative", "unit": "家"}, targets, [{"period": "2022", "value": 4.0}])
    ds.observations = ds.observations.assign(**change)
    with pytest.raises(ValueError, match=said):
        gap.assess(ds, as_of="2022")


def test_every_indicator_of_the_plan_that_stands_on_its_path_is_on_track():
    plan = Path(__file__).parents[1] / "data" / "raw" / "plan"
    indicators = pd.read_csv(plan / "indicators.csv", keep_default_na=False)
    about = indicators[["indicator_id", "kind", "start", "direction", "is_count"]]
    targets = pd.read_csv(plan / "targets.csv").merge(about, on="indicator_id")
    rows = []
    for name, kind, start in about[["indicator_id", "kind", "start"]].itertuples(index=False):
        if kind in ("assigned", "annual") or start == "observed":
            continue
        value = trajectory.planned_path(targets, name, at=2022.0)
        rows.append(OBSERVATION | {"indicator_id": name, "period": "2022", "value": value})
    ds = dataset({}, [{}], [])
    ds.indicators, ds.targets, ds.observations = indicators, targets, pd.DataFrame(rows)
    got = (
        gap.assess(ds, as_of="2022")
        .set_index("indicator_id")
        .loc[[r["indicator_id"] for r in rows]]
    )
    assert len(got) > 35
    assert got["schedule_index"].to_numpy() == pytest.approx(1.0)
    assert set(got["status"]) == {"on_track"}
    assert got["base_printed"]["energy_intensity_reduction"] == "比2016年下降7.3%"
    assert got["base_value"]["industrial_investment_growth"] == 0


def test_a_direction_against_its_target_is_refused_with_the_row():
    targets = [{"role": "baseline", "year": 2020, "value": 41.7}]
    for target, direction in [(42, -1), (41, 1), (np.float64(40.5), 1)]:
        ds = dataset(
            {"kind": "level", "unit": "%", "direction": direction},
            [*targets, {"role": "target", "year": 2023, "value": target}],
            [],
        )
        with pytest.raises(ValueError, match="it, year 2023: direction"):
            gap.assess(ds, as_of="2022")


def test_a_target_met_to_the_last_bit_is_met_and_a_real_shortfall_is_not():
    targets = [
        {"role": "baseline", "year": 2020, "value": 0.0},
        {"role": "target", "year": 2025, "value": 0.3},
    ]
    for value, status in [(0.1 + 0.2, "met"), (0.3 - 1e-10, "met"), (0.2999999, "missed")]:
        ds = dataset(
            {"kind": "level", "unit": "%", "decimals": 1},
            targets,
            [{"period": "2025", "value": value}],
        )
        assert gap.assess(ds, as_of="2025")["status"].item() == status


def test_a_single_area_and_its_own_period_are_read():
    ds = dataset(
        {"kind": "cumulative", "unit": "家", "is_count": True},
        [{"role": "target", "year": 2025, "value": 10}],
        [
            {"period": "2021", "value": 2},
            {"period": "2022", "value": 9, "area_code": "330213-qs"},
        ],
    )
    assert gap.assess(ds)["as_of"].item() == "2021"
    assert gap.assess(ds, area="330213-qs")["value"].item() == 9
    with pytest.raises(ValueError, match="area is 'nowhere'; allowed: 330213, 330213-qs"):
        gap.assess(ds, area="nowhere")


def test_dates_of_publication_may_be_text_dates_or_missing():
    targets = [{"role": "target", "year": 2025, "value": 100}]
    dates = [None, "2023/2/1", pd.Timestamp("2023-06-01"), ""]
    rows = [
        {"period": "2022", "value": 10.0 + n, "published_on": date} for n, date in enumerate(dates)
    ]
    ds = dataset({"kind": "cumulative", "unit": "家", "is_count": True}, targets, rows)
    assert gap.assess(ds)["value"].item() == 12
    assert gap.assess(ds, known_on="2023-03-01")["value"].item() == 11
    assert gap.assess(ds, known_on="2022-12-31")["value"].item() in (10, 13)
    ds.observations["published_on"] = pd.to_datetime(pd.Series([None, "2023-02-01", None, None]))
    assert gap.assess(ds)["value"].item() == 11


def test_no_observation_at_all_is_said_so():
    ds = dataset({"kind": "level", "unit": "%"}, [{"role": "target", "year": 2025, "value": 9}], [])
    ds.observations = pd.DataFrame()
    row = gap.assess(ds).iloc[0]
    assert (row["status"], row["reason"]) == ("not_assessable", "no_observation")
    assert row["evidence_grade"] == "D"


def test_inputs_are_left_as_they_were_and_no_indicator_is_no_error():
    case = CASES[0]
    ds = dataset(case["indicator"], case["targets"], case["observations"])
    before = ds.observations.copy(), ds.targets.copy(), ds.indicators.copy()
    gap.assess(ds)
    for old, new in zip(before, (ds.observations, ds.targets, ds.indicators), strict=True):
        pd.testing.assert_frame_equal(old, new)
    ds.indicators = ds.indicators.iloc[:0]
    assert list(gap.assess(ds).columns) == list(gap.COLUMNS)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_periods_that_end_together_are_one_moment_whatever_the_order_of_rows(order):
    rows = [
        {"period": "2022", "value": 168.0},
        {"period": "2022-12", "value": 150.0},
        {"period": "2022-Q4", "value": 171.0},
    ]
    targets = [
        {"role": "baseline", "year": 2020, "value": 159.9},
        {"role": "target", "year": 2025, "value": 174.0},
    ]
    about = {"kind": "level", "unit": "万元/亩", "decimals": 1}
    row = assessed(
        {"indicator": about, "targets": targets, "observations": [rows[i] for i in order]}
    )
    assert row["value"] == 168.0  # the longest period's
    assert "revised" not in row["flags"].split(";")
    assert np.isnan(row["previous_value"])


def test_a_floor_met_at_an_observed_base_is_loaded_too():
    targets = [{"role": "target", "year": 2025, "value": 15, "comparator": ">="}]
    seen = [{"period": "2020", "value": 18}, {"period": "2022", "value": 19}]
    about = {"kind": "level", "unit": "家", "decimals": 0, "start": "observed", "is_count": True}
    row = assessed({"indicator": about, "targets": targets, "observations": seen, "as_of": "2022"})
    assert (row["status"], row["room"]) == ("on_track", 4)
    with pytest.raises(ValueError, match="contradicts target"):
        targets[0]["comparator"] = "="
        assessed({"indicator": about, "targets": targets, "observations": seen, "as_of": "2022"})


figures = st.floats(-50, 60, allow_nan=False).map(lambda value: round(value, 2))
moments = st.sampled_from(["2020", "2021", "2021-Q3", "2022", "2022-05", "2023", "2024-Q1", "2024",
                           "2025", "2026"])  # fmt: skip
series = st.dictionaries(moments, st.tuples(figures, st.sampled_from(["annual", "cumulative"])))
kinds = st.sampled_from(["level", "cumulative", "growth", "reduction", "annual", "assigned",
                         "milestone"])  # fmt: skip


def moved(rate, row):
    """The movement on the scale that a printed yearly rate stands for."""
    signs = {"growth": 1, "reduction": -1}
    kind = row["kind"]
    return np.log1p(signs[kind] * rate / 100) if kind in signs else rate


@settings(max_examples=100, deadline=None)
@given(
    kinds,
    series,
    moments,
    st.sampled_from(["printed", "zero", "observed"]),
    st.sampled_from([np.nan, 0.0, 5.0, 12.0]),
    st.sampled_from([np.nan, 12.0, 20.0]),
)
def test_nothing_is_missing_without_a_reason_and_sign_and_status_agree(
    kind, seen, as_of, start, base, target
):
    ds = dataset(
        {"kind": kind, "unit": "%", "decimals": 1, "start": start},
        [
            {"role": "baseline", "year": 2020, "value": base},
            {"role": "target", "year": 2023, "value": target, "comparator": ">="},
            {"role": "target", "year": 2025, "value": 25.0, "comparator": ">="},
        ],
        [{"period": p, "value": v, "basis": b} for p, (v, b) in seen.items()],
    )
    row = gap.assess(ds, as_of=as_of).iloc[0]
    codes = dict(pair.split("=") for pair in row["missing_reasons"].split(";") if pair)
    assert all(codes.values())
    numbers = pd.to_numeric(row[list(gap.NUMBERS)])
    assert set(numbers.index[numbers.isna()]) == set(codes) - set(gap.METHODS)
    assert row["status"] in STATUSES
    assert row["evidence_grade"] in GRADES
    assert (row["status"] == "not_assessable") == (row["reason"] != "")
    for effort, required in (("effort_factor", "required_rate"), ("effort_end", "required_end")):
        if not np.isnan([row[effort], row[required], row["achieved_rate"]]).any():
            paces = [moved(row[name], row) for name in (required, "achieved_rate")]
            assert row[effort] * paces[1] == pytest.approx(paces[0], rel=1e-6, abs=1e-9)
    modes = {"maintain_mode", "limit_mode"} & set(row["flags"].split(";"))
    if row["status"] in BANDS and not modes:
        assert (row["schedule_index"] < 0) == (row["status"] == "moving_away")
        assert (row["schedule_index"] >= 0.95 - 1e-9) == (row["status"] == "on_track")


@settings(max_examples=60, deadline=None)
@given(figures, st.floats(0.001, 1000), st.sampled_from(["2022", "2023", "2024-Q2", "2025"]))
def test_units_and_direction_do_not_change_the_judgement(value, unit, period):
    def row(factor, direction):
        scale = factor * direction
        ds = dataset(
            {"kind": "level", "unit": "分", "direction": direction},
            [
                {"role": "baseline", "year": 2020, "value": 10 * scale},
                {"role": "target", "year": 2023, "value": 16 * scale},
                {"role": "target", "year": 2025, "value": 30 * scale},
            ],
            [{"period": period, "value": value * scale}],
        )
        return gap.assess(ds, as_of=period).iloc[0]

    plain = row(1.0, 1)
    for other, factor in [(row(unit, 1), unit), (row(1.0, -1), 1.0)]:
        assert other["schedule_index"] == pytest.approx(plain["schedule_index"], abs=1e-9)
        assert other["attainment_end"] == pytest.approx(plain["attainment_end"], abs=1e-9)
        assert other["gap_to_path"] == pytest.approx(plain["gap_to_path"] * factor, abs=1e-6)
        if plain["flip_margin"] * factor > 1e-6:
            assert other["status"] == plain["status"]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["level", "cumulative", "reduction", "growth"]),
    st.floats(0.5, 20),
    st.floats(0.5, 40),
)
def test_the_path_passes_through_its_milestones(kind, first, more):
    targets = pd.DataFrame(
        [
            TARGET | {"role": "baseline", "year": 2020, "value": 0.25},
            TARGET | {"role": "target", "year": 2023, "value": first},
            TARGET | {"role": "target", "year": 2025, "value": first + more},
        ]
    ).assign(kind=kind)
    path = trajectory.planned_path(targets, "it", at=[2023.0, 2025.0, 2027.0])
    assert path == pytest.approx([first, first + more, first + more], rel=1e-9)
