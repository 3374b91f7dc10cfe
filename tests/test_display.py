"""Words, tables and charts say what their data says."""

import math
import re
from collections.abc import Mapping
from html import escape

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.display import amounts, draw, figures, kinds, markup, naming, numbers, theme
from fenghua.display.columns import Column, register
from fenghua.display.wording import Words, catalogue, traditional
from fenghua.inputs.vocabulary import LANGUAGES, STATUSES

FIELD = re.compile(r"\{(\w*)")


def test_every_key_has_both_languages_with_the_same_values() -> None:
    for key, row in catalogue().items():
        assert [*row] == ["key", "zh", "en"], key  # a comma without quotation marks cuts a text
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


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_a_printed_figure_is_the_value_within_rounding(value) -> None:
    printed = numbers.figure(value, 2).replace(",", "").replace("\u2212", "-")
    assert abs(float(printed) - value) <= 0.005 + 1e-6


def table(rows: pd.DataFrame, specs: Mapping[str, Mapping[str, str]], caption: str = "c") -> str:
    told = [Column(name, spec, Words("en")) for name, spec in specs.items()]
    how = {"caption": escape(caption), "name": caption, "look": "plain"}
    return markup.table([("", rows)], told, **how)


NAME_AND_VALUE = {"name": {"kind": "text"}, "value": {"kind": "figure", "decimals": "digits"}}


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_of_a_table_becomes_markup(text) -> None:
    rows = pd.DataFrame({"name": [text], "value": [1.0], "digits": [1]})
    html = table(rows, NAME_AND_VALUE, text)
    inner = re.sub(
        r"</?(?:div|table|caption|thead|tbody|tr|th|td|bdi|small|span)(?: [^<>]*)?>", "", html
    )
    assert "<" not in inner and ">" not in inner


def test_a_table_has_caption_and_scopes() -> None:
    rows = pd.DataFrame({"name": ["a"], "value": [float("nan")], "digits": [1]})
    html = table(rows, NAME_AND_VALUE, "what it shows")
    assert "<caption>what it shows</caption>" in html
    assert html.count('scope="col"') == 2 and html.count('scope="row"') == 1
    assert "—" in html


def test_a_column_of_figures_has_the_digits_that_its_row_names() -> None:
    rows = pd.DataFrame({"name": ["a"], "value": [2.5], "digits": [2]})
    assert '<td class="n">2.50</td>' in table(rows, NAME_AND_VALUE)


@pytest.mark.parametrize(
    ("lang", "text"), [("en", "met, on schedule"), ("zh-Hans", "达标、符合序时进度")]
)
def test_codes_are_joined_as_the_language_does(lang, text) -> None:
    column = Column("codes", {"kind": "code", "words": "status"}, Words(lang))
    cell = [kinds.cell(column, {"codes": codes}) for codes in ("met;on_track", "")]
    assert cell == [text, numbers.NONE]


def test_a_rank_that_moved_shows_its_places_and_one_that_did_not_a_nought() -> None:
    column = Column("moved", {"kind": "places"}, Words("en"))
    moves = (2.0, -1.0, 0.0, float("nan"))
    assert [kinds.cell(column, {"moved": moved}) for moved in moves] == ["▲ 2", "▼ 1", "0", "—"]


def test_units_of_the_register_have_words_in_every_language() -> None:
    units = {spec["unit"] for spec in register().values()} - {""}
    assert units and all(f"unit.{unit}" in catalogue() for unit in units)


def test_names_without_traditional_script_are_converted() -> None:
    register = pd.DataFrame({"code": ["x"], "name_zh_hans": ["亩均"], "name_en": ["per mu"]})
    assert naming.names(register, "code", Words("zh-Hant")) == {"x": "畝均"}
    assert naming.names(register, "code", Words("en")) == {"x": "per mu"}


def test_a_label_of_a_chart_keeps_all_of_its_digits() -> None:
    """0.039 of 0.044 must not be drawn as 0.04 of 0.04, though coordinates are shortened."""
    ax = draw.axes(3.0, 2.0, box=(0.1, 0.1, 0.8, 0.8))
    ax.plot([0, 1 / 3], [0, 1 / 7])
    ax.text(0.1, 0.1, "0.039 / 0.044")
    drawing = figures.svg(ax.figure, key="f1", alt="finding")
    assert "0.039 / 0.044" in drawing
    assert not re.search(r'\bd="[^"]*\d\.\d{3}', drawing)


def test_names_that_hold_a_comma_are_parted_by_semicolons_in_english() -> None:
    words = Words("en")
    assert words.join(["a", "b", "c"]) == "a, b and c"
    assert words.join(["a, total", "b", "c, total"]) == "a, total; b; and c, total"


def test_an_error_never_prints_as_none() -> None:
    column = Column("land", register()["land"] | {"decimals": "1", "also": "off"}, Words("en"))
    row = {"land_mu": 5.2, "off": 0.03}
    assert "± 0.03" in kinds.cell(column, row)
    assert "± 0.4" in kinds.cell(column, row | {"off": 0.4})


def test_one_of_anything_stands_in_the_singular() -> None:
    words = Words("en", own={"unit.盏": "lamp|lamps"})
    said = [amounts.apart(n, "位", words) for n in ("1", "\u22121", "2", "1.5", "0")]
    assert said == ["1 place", "\u22121 place", "2 places", "1.5 places", "0 places"]
    assert amounts.with_unit("1", "盏", words) == "1 lamp"
    assert (
        amounts.apart("1", "%", words) == "1 point" and amounts.apart("1.2", "%", words)[-1] == "s"
    )
    assert words("rate.points_per_year", value="1") == "1 point a year"
    # Only words that are the same for one and many, or no words for a thing, have one form.
    single = {key for key, row in catalogue().items() if key.startswith("unit.")}
    single = {catalogue()[key]["en"] for key in single if "|" not in catalogue()[key]["en"]}
    assert not {unit for unit in single if unit.isalpha() and unit.endswith("s")} - {"times"}


def test_a_yearly_target_is_not_called_the_one_of_this_year() -> None:
    row = {"end": 5.0, "year": 2022.0, "kind": "annual", "high": math.nan, "comparator": ">="}
    row |= {"value": 4.0, "value_decimals": 0, "decimals": 0, "unit": "%"}
    spec = {"source": "end", "kind": "figure", "also": "year", "decimals": "0"}
    spec["also"] = "end_target_year"
    row["end_target_year"] = row["year"]
    column = Column("end_target", spec, Words("en"), {"end_year": 0})
    assert "2022" not in kinds.cell(column, row) and "yearly" in kinds.cell(column, row)
    also = "end;high;comparator;unit;end_target_year"
    against = {"source": "value", "kind": "against", "also": also}
    told = kinds.cell(Column("against_end", against, Words("en"), {"end_year": 0}), row)
    assert told.endswith("(yearly; 2022)</span>")


def test_a_heading_begins_with_a_capital() -> None:
    for key in ("end_target", "next_target", "base"):
        facts = {"last": "final", "next": "next", "base": "printed"}
        head = Column(key, register()[key], Words("en"), facts).head
        assert head[0].isupper(), head


def test_a_rank_is_a_place_and_a_difference_of_ranks_counts_places() -> None:
    english, chinese = Words("en"), Words("zh-Hans")
    assert amounts.with_unit("11", "位", english) == "place 11"
    assert amounts.with_unit("11", "名次", chinese) == "11 位"
    assert amounts.apart("1", "位", english) == "1 place"
