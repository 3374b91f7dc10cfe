import re
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from fenghua.display import figures, theme
from fenghua.display import type as chart_type
from fenghua.display.labels import Label, place, wrap
from fenghua.display.type import width_of

HAN = "规上工业增加值率（％），縣區：《「々〇ー㎡豈"


@pytest.fixture(scope="module")
def font(tmp_path_factory):
    path = tmp_path_factory.mktemp("font") / "widths.ttf"
    chart_type._write_font(path)
    return path


def drawn(text, **options):
    """One text on a figure in the house style, and its box in points."""
    with theme.style():
        fig = Figure(figsize=(6, 3))
        label = fig.text(0.5, 0.5, text, **options)
        box = label.get_window_extent(FigureCanvasAgg(fig).get_renderer())
    return fig, box


def test_font_is_small_and_the_same_bytes_each_time(font, tmp_path):
    assert font.stat().st_size <= 60_000
    chart_type._write_font(tmp_path / "again.ttf")
    assert (tmp_path / "again.ttf").read_bytes() == font.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.ttf"]


def test_font_draws_nothing_and_every_han_character_is_one_em_wide(font):
    loaded = TTFont(BytesIO(font.read_bytes()))
    cmap, em = loaded.getBestCmap(), loaded["head"].unitsPerEm
    assert {loaded["hmtx"][cmap[ord(char)]][0] for char in HAN} == {em}
    assert all(loaded["glyf"][name].numberOfContours == 0 for name in loaded.getGlyphOrder())


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_han_text_is_laid_out_one_em_a_character(weight):
    _, box = drawn(HAN, fontsize=20, fontweight=weight)
    assert box.width == pytest.approx(20 * len(HAN), abs=2)


def test_text_of_a_chart_stays_text_in_the_face_of_the_page():
    fig, _ = drawn("亩均税收 <A & B> $x^2$", fontweight="bold")
    svg = figures.svg(fig, key="k", alt='说"明"')
    assert "亩均税收 &lt;A &amp; B&gt; $x^2$</text>" in svg
    assert "font-family" not in svg and "DejaVu" not in svg and chart_type.FAMILY not in svg
    assert "<style" not in svg and "font-size" in svg
    assert 'aria-label="说&quot;明&quot;"' in svg


def test_dots_alike_say_their_style_once():
    fig, _ = drawn("")
    axes = fig.add_subplot()
    for colour in ("red", "blue"):
        axes.plot([1, 2, 3], [1, 2, 3], "o", color=colour)
    svg = figures.svg(fig, key="k", alt="")
    dots = re.findall(r"<g( style=[^>]*)>((?:<use [^>]*/>){3})</g>", svg)
    assert len(dots) == 2 and dots[0][0] != dots[1][0]
    assert all("style" not in run for _, run in dots)


@pytest.mark.filterwarnings("ignore:Glyph")  # scripts that no font here knows the widths of
@given(st.text(max_size=40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_name_breaks_a_chart_or_leaves_it(text, is_bold):
    shown = "".join(char for char in text if char.isprintable())
    fig, _ = drawn(wrap(shown, 12), fontweight="bold" if is_bold else "normal")
    svg = figures.svg(fig, key="k", alt=text)
    assert "<script" not in svg
    assert svg.count("<svg") == 1


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=300), st.integers(4, 20))
@settings(max_examples=100, deadline=None)
def test_wrapped_names_stay_within_their_room_and_keep_their_letters(text, ems):
    lines = wrap(text, ems, lines=4).split("\n")
    assert len(lines) <= 4
    assert all(width_of(line) <= 1.6 * ems + 2 for line in lines)
    if not lines[-1].endswith("…"):
        assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


POINT = st.floats(0, 1)
LABELS = st.lists(
    st.builds(
        Label,
        x=POINT,
        y=POINT,
        text=st.sampled_from(["26.0", "目标 27.3", "Target 1,234.5", "x"]),
        colour=st.just("black"),
        weight=st.sampled_from(["normal", "bold"]),
        prefer=st.integers(0, 9),
    ),
    max_size=9,
)


@given(LABELS)
@settings(max_examples=60, deadline=None)
def test_placed_labels_never_overlap_nor_leave_the_chart(labels):
    with theme.style():
        fig = Figure(figsize=(3.4, 2.2))
        ax = fig.add_axes((0.1, 0.1, 0.8, 0.8))
        ax.set_xlim(0, 1), ax.set_ylim(0, 1)
        ax.plot([label.x for label in labels], [label.y for label in labels])
        place(ax, labels)
        renderer = FigureCanvasAgg(fig).get_renderer()
        boxes = [text.get_window_extent(renderer) for text in ax.texts]
    assert len(boxes) <= len(labels)
    assert not labels or boxes
    for number, box in enumerate(boxes):
        assert fig.bbox.x0 <= box.x0 and box.x1 <= fig.bbox.x1
        assert fig.bbox.y0 <= box.y0 and box.y1 <= fig.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])


def test_first_label_is_always_written():
    with theme.style():
        ax = Figure(figsize=(3.4, 2.2)).add_axes((0.1, 0.1, 0.8, 0.8))
        same = [Label(0.5, 0.5, "同一点", "black") for _ in range(30)]
        place(ax, same)
    assert 1 <= len(ax.texts) < len(same)


def test_house_style_leaves_no_trace():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    drawn("字")
    assert dict(mpl.rcParams) == before


def test_no_font_is_shipped():
    package = Path(theme.__file__).parents[1]
    assert not [p for p in package.rglob("*") if p.suffix in (".ttf", ".otf", ".woff", ".ttc")]
