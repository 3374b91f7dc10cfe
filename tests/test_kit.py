"""A table of a page is a frame and a list of columns; it says what its frame holds."""

import base64
import csv
import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
import seaborn as sns
from hypothesis import given, settings
from hypothesis import strategies as st

from fenghua.display import amounts, columns, draw, figures, kinds, numbers, theme
from fenghua.display.kit import Kit
from fenghua.display.shown import MIME
from fenghua.display.wording import Words, catalogue
from fenghua.house import PRESS
from fenghua.inputs.vocabulary import LANGUAGES
from fenghua.pages import panels

NONE = float("nan")
YEARS = {"base_year": 2020, "next_year": 2025, "end_year": 2025}
FACTS = {**YEARS, "base": "2020年", "next": "2025年", "last": "2025年", "before": "2024", "n": 2}


@pytest.fixture
def rows() -> pd.DataFrame:
    """Two rows as ``Brief.assess`` gives them: one that is short of its target, one unknown."""
    row = {
        "indicator_id": "land",
        "name": "腾出用地",
        "unit": "平方公里",
        "unit_name": "平方公里",
        "value": 1.25,
        "value_decimals": 2,
        "decimals": 0,
        "direction": 1,
        "base_year": 2020.0,
        "end_target_year": 2025.0,
        "base_value": 0.0,
        "base_printed": "-",
        "path_value": 1.8,
        "next_target_year": 2025.0,
        "next_target_value": 2.0,
        "next_target_high": NONE,
        "next_target_comparator": ">=",
        "end_target_value": 2.0,
        "gap_to_next": -0.75,
        "attainment_next": 0.625,
        "status": "missed",
        "reason": "",
        "leads": "甲局",
        "period": "2025",
        "flags": "",
    }
    gone = {
        "indicator_id": "brands",
        "name": "=品牌",
        "value": NONE,
        "gap_to_next": NONE,
        "status": "not_assessable",
        "reason": "no_observation",
    }
    return pd.DataFrame([row, row | gone])


@pytest.fixture
def kit() -> Kit:
    return Kit(Words("zh-Hans"), FACTS, "end", "《简报》2025年，")


SHOWN = ["indicator", "against", "done", "shortfall", "status", "leads"]


def saved(html: str) -> list[list[str]]:
    """Return the rows of the CSV that a page carries."""
    data = base64.b64decode(re.search(r"base64,([^\"]+)", html)[1])
    assert data.startswith(b"\xef\xbb\xbf") and b"\r\n" in data
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("key", sorted(columns.register()))
def test_every_column_of_the_register_has_a_known_kind_and_both_languages(key) -> None:
    spec = columns.register()[key]
    assert spec["kind"] in kinds.KINDS
    assert spec["zh"] and spec["en"]
    assert spec["place"] in ("", "name", "value", "gap", "status")
    assert spec["decimals"] == "" or spec["decimals"].isdigit() or "decimals" in spec["decimals"]
    assert spec["claim"] == "" or re.fullmatch(r"\w+\|\w+(:\w+)?", spec["claim"])


def test_the_register_is_sorted_by_key() -> None:
    assert list(columns.register()) == sorted(columns.register())
    assert list(catalogue()) == sorted(catalogue())


def test_a_table_has_caption_scopes_number_citation_and_anchor(kit, rows) -> None:
    html = kit.table(rows, SHOWN, "gaps.indicators", anchor="indicator_id").html
    assert html.count("<caption>") == html.count("<table") == 1
    assert html.count('scope="row"') == 2 and html.count('scope="col"') == len(SHOWN)
    assert "表1　" in html and 'id="t1"' in html and 'href="#t1"' in html
    assert 'id="land"' in html and "《简报》2025年，表1" in html


def test_what_opens_on_a_screen_is_told_there_alone(kit, rows) -> None:
    html = kit.table(rows, SHOWN, "gaps.indicators").html
    assert '<span class="scr">点指标名看' in html and "点" not in html.partition("scr")[0]
    hidden = (Path(kinds.__file__).parent / "paper.css").read_text().partition(".scr")[2]
    assert hidden.partition("}")[0].endswith("{ display: none !important; ")


def test_a_figure_beyond_its_error_prints_apart_from_it(rows) -> None:
    frame = rows.head(1).assign(error=0.09, value=-0.12)
    column = columns.of(["change_value"], frame, Words("en"), facts={})[0]
    told = kinds.cell(column, frame.iloc[0].to_dict())
    assert "\u22120.12" in told and "± 0.09" in told
    plain = kinds.cell(column, frame.iloc[0].to_dict() | {"value": 5.53, "error": 1.08})
    assert "+5.5<" in plain and "± 1.1" in plain


def test_a_code_at_the_head_of_a_row_begins_with_a_capital(rows) -> None:
    frame = rows.head(1).assign(matter="no_figure")
    english = Kit(Words("en"), FACTS, "end")
    html = english.table(frame, ["matter", "leads"], "plan_audit.matters", n=1, rows=1).html
    assert ">No figure is given<" in html
    grouped = english.table(frame, ["name"], "plan_audit.each", by="matter", n=1).html
    assert "No figure is given · 1" in grouped


def test_names_above_one_another_in_a_chart_do_not_meet() -> None:
    long, short = "Low-efficiency firms rectified or upgraded, as in the text", "Land"
    tall = draw.rows([long] * 4).figure.get_size_inches()[1]
    mixed = draw.rows([long, short, long, short]).figure.get_size_inches()[1]
    assert mixed < tall  # a row is as high as its name and its neighbours' need, not the longest


def test_a_phone_keeps_name_status_value_and_gap_and_folds_the_rest(kit, rows) -> None:
    html = kit.table(rows, SHOWN, "gaps.indicators", more=["period"]).html
    cells = re.findall(r"<td class=\"([^\"]*)\"", html.split("</tr>")[1])
    assert [css.split()[-1] for css in cells] == ["vt", "bar", "gap", "st", "nw"]
    folded = re.search(r"<dl class='more'>(.*?)</dl>", html)[1]
    assert "甲局" in folded and "2025年" in folded


def test_a_phone_says_what_a_bare_cell_of_a_row_is_and_no_fact_twice(kit, rows) -> None:
    shown = ["name", "value", "leads", "status"]
    html = kit.table(rows, shown, "gaps.history", more=["leads"]).html
    assert '<table class="rows" style="--vt:&quot;实际值&quot;">' in html
    assert html.count('<dt class="ph">牵头单位') == 0  # the fact says it in full
    assert html.count("<dt>牵头单位") == len(rows) == 2
    speaking = kit.table(rows, SHOWN, "gaps.indicators").html
    assert '<table class="rows">' in speaking  # "1.25 / 2 平方公里" says what it is


def test_rows_that_a_phone_has_no_place_for_are_cards(kit, rows) -> None:
    html = kit.table(rows, ["name", "period", "leads"], "gaps.history").html
    assert '<table class="cards"' in html
    assert "<details>" not in html
    assert '<table class="rows"' in kit.table(rows, ["name", "period", "status"], "gaps.units").html
    twice = rows.assign(again=rows["status"])
    columns = ["name", "status", "status"]
    assert '<table class="cards"' in kit.table(twice, columns, "gaps.history").html


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_whose_rows_have_no_lead_unit_does_not_speak_of_one(lang, rows) -> None:
    kit = Kit(Words(lang), FACTS, "end")
    named, bare = (
        kit.table(rows.assign(leads_short=units), ["indicator", "lead_short"], "gaps.history")
        for units in (["甲局", ""], ["", ""])
    )
    head = columns.of(["lead_short"], named.frame, kit.words, facts={})[0].head
    assert head in named.html and "leads_short" in named.frame
    assert (
        head not in bare.html and 'class="ld"' not in bare.html and "leads_short" not in bare.frame
    )


def test_tables_and_figures_are_numbered_apart_in_reading_order(kit, rows) -> None:
    first = kit.table(rows, ["name"], "gaps.units")
    chart = kit.chart(draw.axes(), "gaps.index", rows, ["name"], n=1, on_track=1)
    second = kit.table(rows, ["name"], "gaps.history")
    again = kit.table(rows, ["name"], "gaps.units")
    titles = [part.title.partition("　")[0] for part in (first, chart, second, again)]
    assert titles == ["表1", "图1", "表2", "表1"]  # a cell that is run again keeps its number


def test_an_anchor_is_given_once_on_a_page(kit, rows) -> None:
    first = kit.table(rows, ["name"], "gaps.units", anchor="indicator_id").html
    second = kit.table(rows, ["name"], "gaps.history", anchor="indicator_id").html
    assert 'id="land"' in first and 'id="land"' not in second


def test_without_rows_nothing_is_shown_numbered_or_folded(kit, rows) -> None:
    nothing = kit.table(rows.head(0), ["name"], "gaps.units")
    assert nothing.html == kit.folded(nothing).html == ""
    assert MIME not in nothing._repr_mimebundle_()
    assert kit.table(rows, ["name"], "gaps.history").title.startswith("表1")


def test_a_row_anchor_that_is_no_column_is_refused_with_the_nearest(kit, rows) -> None:
    with pytest.raises(KeyError, match=r"no column 'indicator' \(nearest: indicator_id\)"):
        kit.table(rows, ["name"], "gaps.table", anchor="indicator")


def test_a_column_to_print_like_is_refused_with_the_nearest(kit) -> None:
    with pytest.raises(KeyError, match=r"register of columns has no 'valu' \(nearest: .*value"):
        kit.like("valu", {"2024": "2024"})


def test_one_sentence_alone_is_not_read_as_its_letters(kit) -> None:
    counts = {"2024": pd.Series({"missed": 1})}
    assert kit.summary(counts, "one point").html == kit.summary(counts, ["one point"]).html


def test_a_missing_column_is_refused_with_the_nearest_names(kit, rows) -> None:
    with pytest.raises(KeyError, match=r"no column 'lead_s'.*nearest: leads"):
        kit.table(rows, ["name", "lead_s"], "gaps.units")
    with pytest.raises(KeyError, match="'gap_to_next'"):
        kit.table(rows.drop(columns="gap_to_next"), ["name", "shortfall"], "gaps.units")


def test_one_name_alone_is_a_column_and_not_its_letters(kit, rows) -> None:
    shown = kit.table(rows, "name", "The towns", more="unit")
    assert list(shown.frame) == ["name", "unit"]


def test_a_name_of_an_index_that_is_a_column_too_is_the_column(kit) -> None:
    frame = pd.DataFrame({"place": ["甲镇"]}, index=pd.Index(["乙镇"], name="place"))
    assert "甲镇" in kit.table(frame, ["place"], "Places").html
    assert kit.table(frame.head(0), ["place"], "Places").html == ""


def test_columns_named_by_years_and_names_of_an_index_are_columns_too(kit) -> None:
    index = pd.MultiIndex.from_tuples([("甲镇", "用地"), ("乙镇", "用地")], names=["place", "what"])
    shown = kit.table(pd.DataFrame({2023: [1, 2]}, index), ["place", "what", 2023], "By year")
    assert ">2023<" in shown.html and "乙镇" in shown.html


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"key": "{n} towns of {m}"}, KeyError, "wants m: add m=...; given: base_year"),
        ({"key": "100 {"}, ValueError, "cannot be filled .*{name} is a place for a value"),
        ({"frame": [1, 2]}, TypeError, "the rows are a list; allowed: a table"),
        ({"columns": []}, ValueError, "columns names none; name one or more"),
        (
            {"columns": [("name", "value")]},
            KeyError,
            "the frame has no column \\('name', 'value'\\)",
        ),
        ({"look": "row"}, ValueError, "look is 'row'; allowed: rows, cards, plain, fit"),
        ({"more": ["share"], "columns": ["name", "status"]}, KeyError, "status is 'ok'; allowed: "),
        (
            {"columns": ["name", "value"]},
            KeyError,
            "'value_decimals', which 'value' of the register",
        ),
    ],
)
def test_what_is_no_table_is_refused_with_what_is_allowed(kit, given, error, said) -> None:
    frame = pd.DataFrame({"name": ["a"], "value": [1.0], "share": [0.5], "status": ["ok"]})
    asked = {"frame": frame, "columns": ["name"], "key": "A title", **given}
    with pytest.raises(error, match=said):
        kit.table(asked.pop("frame"), asked.pop("columns"), asked.pop("key"), **asked)


def test_a_column_of_a_researcher_prints_plainly_under_its_own_name(kit, rows) -> None:
    own = rows.assign(my_ratio=[0.5, 2.25], my_note=["a<b", ""]).assign(**{"@{x}": 1})
    html = kit.table(own, ["name", "my_ratio", "my_note", "@{x}"], "gaps.units").html
    assert '<th scope="col" class="n">@{x}</th>' in html
    assert '<th scope="col" class="n">my_ratio</th>' in html
    assert ">0.5<" in html and "a&lt;b" in html


def test_runs_of_rows_are_headed_with_their_number(kit, rows) -> None:
    html = kit.table(rows, ["name", "status"], "gaps.units", by="status").html
    heads = re.findall(r'scope="rowgroup"[^>]*>([^<]*)', html)
    assert heads == ["■ 未达标 · 1 项", "○ 暂无法判断 · 1 项"]


def test_the_page_gets_its_html_and_the_notebook_the_same_with_its_frame(kit, rows) -> None:
    shown = kit.table(rows, ["name"], "gaps.units")
    bundle = shown._repr_mimebundle_()
    assert bundle[MIME] == {"html": shown.html}
    assert shown.html in bundle["text/html"] and "DataFrame 2 × 1: name" in bundle["text/html"]
    assert json.dumps(bundle[MIME])


def test_a_saved_table_has_all_rows_codes_and_unformatted_figures(kit, rows) -> None:
    head, land, brands = saved(kit.table(rows, SHOWN, "gaps.indicators", more=["period"]).html)
    row = dict(zip(head, land, strict=True))
    assert row["indicator_id"] == "land" and row["实际 / 2025年目标"] == "1.25"
    assert row["与目标相差"] == "-0.75" and row["状态"] == "未达标" and row["status"] == "missed"
    assert row["数据期间"] == "2025年" and row["period"] == "2025"
    gone = dict(zip(head, brands, strict=True))
    assert gone["指标"] == "'=品牌" and gone["与目标相差"] == ""


def test_withheld_figures_say_so_in_public_and_in_the_saved_table(rows) -> None:
    rows = rows.assign(land_mu=[12.0, NONE])
    public = Kit(Words("zh-Hans"), FACTS, is_public=True)
    html = public.table(rows, ["name", "land_mu"], "gaps.units", withheld=True).html
    assert "不予公布" in html and ">·<" in html
    assert saved(html)[2][-1] == Words("zh-Hans")("page.suppressed")
    internal = Kit(Words("zh-Hans"), FACTS, is_public=False)
    assert "·<" not in internal.table(rows, ["name", "land_mu"], "gaps.units", withheld=True).html


def test_a_figure_that_can_be_recomputed_is_marked_with_its_result(kit, rows) -> None:
    html = kit.table(rows, ["indicator", "against", "shortfall"], "gaps.indicators").html
    assert '<span data-claim="gap|land|value">1.25</span>' in html
    assert '<span data-claim="gap|land|gap_to_next|size">0.75</span>' in html


def test_targets_say_their_comparator_and_range() -> None:
    words = Words("zh-Hans")
    assert amounts.target(3.0, NONE, ">=", words, decimals=1) == "≥\u00a03"
    assert amounts.target(2.0, 3.0, "range", words, decimals=0) == "2–3"
    about = amounts.target(3.0, NONE, "about", words, decimals=1)
    assert about == "约\u00a03"  # for ≈ says that a figure is of a part of a year


def test_what_is_missing_is_not_rounded_away(kit, rows) -> None:
    near = rows.head(1).assign(value=1.996, gap_to_next=-0.004, next_target_comparator="=")
    html = kit.table(near, ["indicator", "against", "shortfall"], "gaps.indicators").html
    assert ">1.996<" in html and ">0.004<" in html


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.integers(0, 3))
def test_a_value_and_a_target_that_differ_print_apart(value, target, decimals) -> None:
    digits = numbers.telling(value, target, decimals)
    if abs(value - target) > 1e-5:
        assert numbers.figure(value, digits) != numbers.figure(target, digits)


def test_what_does_not_differ_differs_by_a_bare_nought() -> None:
    column = columns.Column("sum_difference", columns.register()["sum_difference"], Words("en"))
    printed = [column.number({"value_decimals": 2}, value) for value in (0.0, 20.0, -0.25)]
    assert printed == ["0", "+20", "−0.25"]


def test_pivoted_columns_print_like_one_of_the_register(kit) -> None:
    by_year = pd.DataFrame({"name": ["a"], "value_decimals": [1], "2024": [1.25], "2025": [NONE]})
    heads = {"2024": "2024年", "2025": "2025年"}
    html = kit.table(by_year, ["name", *kit.like("value", heads)], "gaps.units").html
    assert "2024年" in html and ">1.3" in html and "—" in html


def test_a_chart_says_its_rows_and_carries_them_as_a_table(kit, rows) -> None:
    ax = draw.rows(rows["name"])
    sns.scatterplot(rows, x="value", y=rows.index, hue="status", **draw.STATUS, ax=ax)
    shown = kit.chart(ax, "gaps.index", rows, ["name", "value"], n=1, on_track=0.95)
    alt = re.search(r'role="img" aria-label="([^"]*)"', shown.html)[1]
    assert "腾出用地，1.25" in alt and "进度指数" not in alt
    assert shown.html.count("<caption>") == 1 and 'href="#f1"' in shown.html


def test_rows_of_a_chart_stand_from_the_top_and_leave_room_for_their_names() -> None:
    ax = draw.rows(["规上工业增加值率", "Value-added rate of above-scale industry"])
    low, high = ax.get_ylim()
    assert low > high
    assert ax.get_position().x0 > 0.2


def test_marks_of_statuses_differ_in_shape_and_colours_are_of_the_palette(rows) -> None:
    ax = draw.axes()
    by = {"hue": "status", "style": "status"}
    sns.scatterplot(rows, x="attainment_next", y=[0, 1], **by, **draw.STATUS, ax=ax)
    assert len({tuple(map(tuple, path.vertices)) for path in ax.collections[0].get_paths()}) == 2


@pytest.mark.parametrize("years", [[2019, 2020], [2020, 2023, 2025], [2025, 2026, 2027, 2028]])
def test_years_are_printed_whole_however_near_they_are(years) -> None:
    lines = pd.DataFrame({"indicator_id": "land", "t": years, "value": 1.0})
    (ax,) = draw.Cards(lines, by="indicator_id").years(years).axes.values()
    html = figures.svg(ax.figure, key="k", alt="")
    assert re.findall(r"<text[^>]*>([^<]*)</text>", html) == [str(year) for year in years]


def test_a_figure_after_the_last_target_year_is_drawn_where_it_is_labelled() -> None:
    seen = pd.DataFrame({"t": [2013.0, 2023.0, 2025.5], "value": [31.0, 35.7, 36.3], "label": ""})
    seen = seen.assign(indicator_id="forest", series="observation", status="missed")
    cards = draw.Cards(seen.assign(value_decimals=1), by="indicator_id")
    cards.line("series == 'observation'", **draw.SEEN).years([2013, 2023]).label()
    (ax,) = cards.axes.values()
    assert ax.get_xlim()[1] > 2025.5
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["2013", "2023"]


def test_cards_are_one_chart_a_value_and_say_their_row(kit, rows) -> None:
    land = rows.head(1)
    lines = pd.DataFrame({"t": [2020.0, 2025.0], "value": [0.0, 1.25], "label": ["", ""]})
    lines = lines.assign(indicator_id="land", series="observation", status="missed")
    lines = lines.assign(value_decimals=2)
    cards = draw.Cards(lines, by="indicator_id")
    cards.line("series == 'observation'", **draw.SEEN).line("series == 'path'", **draw.PLAN)
    cards.map(sns.scatterplot, "t > 2020", x="t", y="value", **draw.DOT)
    cards.years([2020, 2025]).label()
    (line,), (mark,) = cards.axes["land"].lines, cards.axes["land"].collections
    assert line.get_color() == theme.STATUS["missed"].colour
    assert len(mark.get_offsets()) == 1
    html = kit.cards(cards, "gaps.paths", land, ["indicator", "against"], legend=["path"], n=1).html
    assert '<div class="s-missed"><h3><bdi>腾出用地</bdi></h3>' in html
    assert 'aria-label="腾出用地，1.25 / ≥ 2 平方公里"' in html
    alone = draw.Cards(lines.head(1), by="indicator_id").line("t > 0", **draw.SEEN).axes["land"]
    assert (line.get_marker(), alone.lines[0].get_marker()) == ("", "o")  # a dot can be seen
    none = draw.Cards(lines.head(0), by="indicator_id")
    assert kit.cards(none, "gaps.paths", land.head(0), ["indicator"], n=0).html == ""


def test_the_page_takes_what_the_kit_shows() -> None:
    assert PRESS.mime == MIME


def lines() -> pd.DataFrame:
    """What a what-if draws of one indicator: its path, its targets, what was seen, two readings."""
    rows = [("path", t, v, "") for t, v in ((2020, 17.0), (2023, 100.0), (2025, 200.0))]
    rows += [("milestone", 2023, 100.0, "100"), ("milestone", 2025, 200.0, "200")]
    rows += [("observation", 2020, 17.0, ""), ("observation", 2022, 70.0, "")]
    rows += [("reading", t, 70.0 + 30 * (t - 2022), "pace") for t in (2022, 2025)]
    rows += [("reading", t, 70.0 + 40 * (t - 2022), "shape") for t in (2022, 2025)]
    frame = pd.DataFrame(rows, columns=["series", "t", "value", "label"]).astype({"t": float})
    about = {"indicator_id": "land", "status": "missed", "value_decimals": 0}
    return frame.assign(low=NONE, high=NONE, **about)


def test_a_what_if_draws_what_its_lines_hold() -> None:
    (ax,) = panels._drawn(lines()).axes.values()
    drawn = [line.get_xydata().tolist() for line in ax.get_lines()]
    assert [[2020, 17], [2023, 100], [2025, 200]] in drawn
    assert [[2020, 17], [2022, 70]] in drawn
    assert [[2022, 70], [2025, 160]] in drawn and [[2022, 70], [2025, 190]] in drawn
    assert [[2023, 100], [2025, 200]] in [dots.get_offsets().tolist() for dots in ax.collections]
    assert {"70", "200"} <= {text.get_text() for text in ax.texts}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_what_if_shows_its_moved_target_and_marks_nothing_as_a_result(rows, lang) -> None:
    moved = rows.head(1).assign(next_target_value=2.4, gap_to_next=-1.15, kind="cumulative")
    html = panels.chart(lines(), moved, Words(lang), FACTS)
    alt = re.search(r'role="img" aria-label="([^"]*)"', html)[1]
    assert "1.25 / ≥ 2.4" in alt and "2025" in alt and "1.15" in alt
    assert "data-claim" not in html and "data:text/csv" not in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) and all(each.startswith("what-if-") for each in ids)
    assert Words(lang)("series.interval") not in html and Words(lang)("series.reading") in html


def test_what_cannot_be_drawn_says_why(rows) -> None:
    for kind, key in (("growth", "explore.no_level"), ("cumulative", "explore.no_path")):
        told = panels.chart(lines().head(0), rows.head(1).assign(kind=kind), Words("en"), FACTS)
        assert told == f'<p class="note">{Words("en")(key, name="腾出用地")}</p>'


def test_a_chart_on_a_page_keeps_its_text_and_no_face_of_its_own(rows) -> None:
    html = panels.chart(lines(), rows.head(1).assign(kind="cumulative"), Words("zh-Hans"), FACTS)
    assert ">200</text>" in html
    assert "font-family" not in html and "<style" not in html
    assert "http:" not in html.replace("http://www.w3.org", "")


@pytest.mark.parametrize(("flags", "is_printed"), [("", True), ("maintain_mode", False)])
def test_no_path_is_printed_to_a_limit_that_is_held(kit, rows, flags, is_printed) -> None:
    flagged = rows[:1].assign(flags=flags)
    html = kit.table(flagged, SHOWN, "gaps.indicators", more=["path_value"]).html
    assert ("1.8" in re.sub("<[^>]*>", "", html)) == is_printed
