"""Words, tables and charts say what their data says."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghua.display import charts, figures, naming, numbers, tables, theme
from fenghua.display.wording import Words, catalogue, traditional
from fenghua.inputs.vocabulary import LANGUAGES, STATUSES

FIELD = re.compile(r"\{(\w*)")


def test_every_key_has_both_languages_with_the_same_values() -> None:
    for key, row in catalogue().items():
        assert row["zh"] and row["en"], key
        assert set(FIELD.findall(row["zh"])) >= set(FIELD.findall(row["en"])), key


def test_no_key_stands_twice() -> None:
    from importlib.resources import files

    text = files("fenghua.display").joinpath("wording.csv").read_text(encoding="utf-8")
    keys = [line.split(",", 1)[0] for line in text.splitlines() if re.match(r"[a-z_]+\.", line)]
    assert len(keys) == len(set(keys))


def test_chinese_words_use_full_width_marks_beside_chinese_characters() -> None:
    half = re.compile(r"[\u4e00-\u9fff][,;:?]|[,;:?][\u4e00-\u9fff]")
    wrong = [key for key, row in catalogue().items() if half.search(row["zh"])]
    assert wrong == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_status_has_a_word_and_a_shape_of_its_own(lang) -> None:
    words = Words(lang)
    assert len({words(f"status.{code}") for code in STATUSES}) == len(STATUSES)
    assert len({theme.STATUS[code].sign for code in STATUSES}) == len(STATUSES)


def test_printed_names_are_kept_in_traditional_and_templates_are_converted() -> None:
    row = {"name_zh_hant": "台", "name_zh_hans": "台", "name_en": "x"}
    assert Words("zh-Hant").name(row) == "台"
    assert traditional("资料来源") == "資料來源"


def test_an_unknown_language_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match="zh-Hans, zh-Hant, en"):
        Words("fr")


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_a_printed_figure_is_the_value_within_rounding(value) -> None:
    printed = numbers.figure(value, 2).replace(",", "").replace("\u2212", "-")
    assert abs(float(printed) - value) <= 0.005 + 1e-6


@given(st.text(max_size=40))
def test_no_text_of_a_table_becomes_markup(text) -> None:
    rows = pd.DataFrame({"name": [text], "value": [1.0]})
    columns = [tables.Column("h", tables.text("name")), tables.Column("v", tables.number("value"))]
    html = tables.table(rows, columns, caption=text)
    inner = re.sub(
        r"</?(?:div|table|caption|thead|tbody|tr|th|td|bdi|small|span)(?: [^<>]*)?>", "", html
    )
    assert "<" not in inner and ">" not in inner


def test_a_table_has_caption_and_scopes() -> None:
    rows = pd.DataFrame({"name": ["a"], "value": [float("nan")]})
    columns = [tables.Column("h", tables.text("name")), tables.Column("v", tables.number("value"))]
    html = tables.table(rows, columns, caption="what it shows")
    assert "<caption>what it shows</caption>" in html
    assert html.count('scope="col"') == 2 and html.count('scope="row"') == 1
    assert "—" in html


def test_a_column_of_figures_is_told_by_its_heading_and_its_key() -> None:
    rows = pd.DataFrame({"name": ["a"], "value": [2.5], "digits": [2]})
    columns = [tables.Column("h", tables.text("name")), tables.figures("v", "value", "digits")]
    html = tables.table(rows, columns, caption="c")
    assert '<td class="n">2.50</td>' in html


@pytest.mark.parametrize(
    ("lang", "text"), [("en", "met, on schedule"), ("zh-Hans", "达标、符合序时进度")]
)
def test_codes_are_joined_as_the_language_does(lang, text) -> None:
    cell = tables.coded("codes", "status", Words(lang))
    assert cell({"codes": "met;on_track"}) == text and cell({"codes": ""}) == numbers.NONE


def test_a_rank_that_moved_shows_its_places_and_one_that_did_not_a_nought() -> None:
    nan = float("nan")
    assert [tables.places(moved) for moved in (2.0, -1.0, 0.0, nan)] == ["▲ 2", "▼ 1", "0", "—"]


def test_a_sparkline_keeps_gaps_and_says_both_ends() -> None:
    cell = tables.sparkline("trace", Words("en"))
    drawn = cell({"trace": [1.0, 2.0, float("nan"), 4.0]})
    assert 'aria-label="1 to 4"' in drawn
    assert 'd="M4.0 20.0L31.3 14.7M86.0 4.0"' in drawn
    assert cell({"trace": [3.0]}) == numbers.NONE


def test_names_without_traditional_script_are_converted() -> None:
    register = pd.DataFrame({"code": ["x"], "name_zh_hans": ["亩均"], "name_en": ["per mu"]})
    assert naming.names(register, "code", Words("zh-Hant")) == {"x": "畝均"}
    assert naming.names(register, "code", Words("en")) == {"x": "per mu"}


def _frame() -> pd.DataFrame:
    rows = [("path", 2020, 17.0, ""), ("path", 2023, 100.0, ""), ("path", 2025, 200.0, "")]
    rows += [("milestone", 2023, 100.0, "100"), ("milestone", 2025, 200.0, "200")]
    rows += [("observation", 2020, 17.0, ""), ("observation", 2022, 70.0, "")]
    frame = pd.DataFrame(rows, columns=["series", "t", "value", "label"])
    return frame.assign(low=float("nan"), high=float("nan"))


def test_a_trajectory_draws_path_observations_and_milestones() -> None:
    ax = charts.trajectory(_frame(), words=Words("en"), status="on_track", decimals=0)
    lines = [line.get_xydata().tolist() for line in ax.get_lines()]
    assert [[2020, 17], [2023, 100], [2025, 200]] in lines
    assert [[2020, 17], [2022, 70]] in lines
    assert [[2023, 100], [2025, 200]] in lines
    assert {"70", "target 200"} <= {text.get_text() for text in ax.texts}


def test_a_chart_on_a_page_keeps_its_text_and_says_its_finding() -> None:
    words = Words("zh-Hans")
    ax = charts.trajectory(_frame(), words=words, status="missed", decimals=0)
    html = figures.figure(ax.figure, words, key="k", title="标题", alt="结论")
    assert 'role="img" aria-label="结论"' in html
    assert "目标200</text>" in html
    assert (
        "font-family" not in html
        and "<style" not in html
        and "http:" not in html.replace("http://www.w3.org", "")
    )
    assert all(
        identity.startswith(("k", "fig-k")) for identity in re.findall(r' id="([^"]+)"', html)
    )


def test_drawing_leaves_no_trace_in_the_settings() -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    charts.trajectory(_frame(), words=Words("en"), status="met", decimals=0)
    assert dict(mpl.rcParams) == before
