"""Periods: what is understood, what is refused, when a period ends."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.inputs import periods

SAME = {
    "2023": ["2023", "2023年", " 2023 ", "2023年全年", "2023年度", "2023全年", "2023", 2023, 2023.0,
             np.int64(2023), "2023年底", "2023年末"],
    "2023-Q2": ["2023-Q2", "2023Q2", "2023q2", "2023 Q2", "2023年二季度", "2023年第二季度",
                "2023年2季度", "2023年第2季度", "2023年上半年", "2023上半年", "2023H1",
                pd.Period("2023-06", "Q")],
    "2023-Q3": ["2023年前三季度", "2023年1-3季度", "2023年三季度"],
    "2023-06": ["2023-06", "2023-6", "2023/06", "2023.06", "2023.6", "202306", 202306, "2023年6月",
                "2023年06月", "2023年1-6月", "2023年1—6月", "2023年1至6月", "2023年1~6月",
                "2023年6月份", datetime(2023, 6, 30), date(2023, 6, 1), "2023-06-30",
                pd.Timestamp("2023-06-15"), np.datetime64("2023-06-30"), "2023/06/30",
                "2023/6/30", "2023-6-3", "2023年6月30日", "2023/6/30 0:00"],
    "2023-10": ["2023.10", "2023年10月", "202310"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("canonical", "text"), [(key, text) for key, texts in SAME.items() for text in texts]
)
def test_the_usual_ways_to_write_a_period_are_understood(canonical, text):
    assert periods.canonical(text) == canonical


@pytest.mark.parametrize(
    "text",
    ["", "abc", "2023-13", "2023-00", "202313", "2023年13月", "2023Q5", "2023-Q0", "2023.1", 2023.5,
     "23", None, float("nan"), pd.NaT, True, "2023年下半年", "2023-02-30", "2023年0月",
     "20230", 20230101.5, "2023年五季度", "2023年4-6月", "2023/6/31"],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_what_is_allowed(text):
    with pytest.raises(ValueError, match="allowed: 2023, 2023-Q2, 2023-06"):
        periods.parse(text)


def test_a_period_counts_at_its_end():
    assert [periods.end(p) for p in ("2023", "2023-Q4", "2023-12")] == [2023.0] * 3
    assert [periods.end(p) for p in ("2023-Q2", "2023-06", "2023年上半年")] == [2022.5] * 3
    assert periods.end("2023-01") == pytest.approx(2022 + 1 / 12, abs=1e-12)


def test_ends_keeps_the_index_and_accepts_an_empty_column():
    got = periods.ends(pd.Series(["2020", "2021-Q1"], index=["b", "a"]))
    assert got.to_dict() == {"b": 2020.0, "a": 2020.25}
    assert periods.ends(pd.Series([], dtype=object)).dtype == "float64"


period_texts = st.one_of(
    st.integers(1950, 2150).map(str),
    st.tuples(st.integers(1950, 2150), st.integers(1, 4)).map(lambda p: f"{p[0]}-Q{p[1]}"),
    st.tuples(st.integers(1950, 2150), st.integers(1, 12)).map(lambda p: f"{p[0]}-{p[1]:02d}"),
)


@settings(max_examples=100, deadline=None)
@given(period_texts)
def test_canonical_text_stays_and_the_previous_period_ends_one_step_earlier(text):
    grain = periods.parse(text).grain
    assert periods.canonical(text) == text
    step = 1 / periods.PARTS_OF[grain]
    assert periods.end(text) - periods.end(periods.previous(text)) == pytest.approx(step)
    assert periods.canonical(periods.label(text)) == text


def test_labels_in_three_languages():
    assert [periods.label(p, "zh-Hant") for p in ("2023", "2023-Q4", "2023-11")] == [
        "2023年",
        "2023年第四季度",
        "2023年11月",
    ]
    assert [periods.label(p, "en") for p in ("2023", "2023-Q4", "2023-11")] == [
        "2023",
        "Q4 2023",
        "November 2023",
    ]


def test_full_width_digits_and_signs_are_read():
    wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
    for text, canonical in {
        "2023年": "2023",
        "2023-Q2": "2023-Q2",
        "2023年1-6月": "2023-06",
    }.items():
        assert periods.canonical(text.translate(wide)) == canonical
