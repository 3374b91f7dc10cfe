import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import unicodedata
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import browser
import pytest
import truth
from pypdf import PdfReader

from briefpress import frame, manifest
from fenghua import issue, report, verify
from fenghua.inputs.vocabulary import LANGUAGES

MIDDLE, FINAL = "2023-06", "2025"
CODES = {"town": "330213001", "lead_unit": "jingxin"}
BANNERS = {"zh-Hans": "演示数据", "zh-Hant": "演示數據", "en": "SYNTHETIC DEMO DATA"}
A4 = (595, 842)
CHANGED = 300  # digits of each page
SHADE = """() => Math.max(...getComputedStyle(document.body).backgroundColor
  .match(/\\d+/g).slice(0, 3).map(Number)) / 255"""
# Windows in CSS pixels, and how long a page may be before what is folded: desktop screens, phone
# screens, sheets of A4.
SCREENS = {"desktop": (1280, 900), "phone": (390, 844)}
LENGTHS = {
    "gaps": (5, 9, 4),
    "trajectories": (5, 9, 4),
    "town_comparison": (5, 9, 4),
    "per_mu_efficiency": (6, 11, 5),
    "town_brief": (5, 9, 2),
    "lead_unit_brief": (5, 9, 2),
    "index": (2, 9, 1),
}
INK = "() => getComputedStyle(document.querySelector('h1')).color"


def briefs():
    """The briefs by what they are made for: everyone, one town, one lead unit."""
    found = {"": [], **{key: [] for key in CODES}}
    for notebook in issue.chosen(None, ()):
        found[issue.one_page_each(notebook) or ""].append(notebook.name)
    return found


def page_names():
    for period, audience, langs in (
        (MIDDLE, "public", LANGUAGES),
        (FINAL, "public", LANGUAGES),
        (MIDDLE, "internal", LANGUAGES[-1:]),
    ):
        for key, names in briefs().items():
            for lang in langs:
                for name in names:
                    code = f"-{CODES[key]}" if key else ""
                    yield f"{period}/{lang}/{audience}/{name}{code}.html"


PAGES = list(page_names())
ALL = [*PAGES, "index.html"]


def write(out, *, briefs_of=None, **options):
    for key, names in (briefs_of or briefs()).items():
        if names:
            only = {key: CODES[key]} if key else {}
            given = {"jobs": 2, "progress": False} | only | options
            assert report.report(briefs=names, out=out, **given) == 0


@pytest.fixture(scope="session")
def reports(tmp_path_factory, worker_id):
    """All pages, written once: parallel test processes share them."""
    root = tmp_path_factory.getbasetemp()
    root = root if worker_id == "master" else root.parent
    with manifest.locked(root / "pages.lock"):
        if (root / "inside").exists():
            return root / "pages"
        for period in (MIDDLE, FINAL):
            write(root / "pages", as_of=period, langs=LANGUAGES)
        write(root / "inside", as_of=MIDDLE, langs=LANGUAGES[-1:], audience="internal")
        internal = Path(MIDDLE, LANGUAGES[-1], "internal")  # one root of all, for the tests alone
        shutil.copytree(root / "inside" / internal, root / "pages" / internal, dirs_exist_ok=True)
    return root / "pages"


@pytest.fixture(scope="session")
def chromium():
    with browser.chromium() as found:
        yield found


@pytest.fixture(scope="module", params=ALL)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def page(chromium, reports, name):
    with browser.opened(chromium, reports / name) as (page, heard):
        page.heard = heard
        yield page


class Outline(HTMLParser):
    """What stands in a page, tag by tag."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.words, self.inside = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside.append(tag)

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"script", "style"} & set(self.inside):
            self.words.append(data)

    def all(self, *names):
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture(scope="module")
def outline(reports, name):
    return Outline((reports / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_figures_of_a_brief_are_recomputed_from_it(reports, name):
    lines, code = verify.verify(reports / name)
    assert code == 0, lines
    assert int(re.search(r"(\d+) printed figures agree", lines[-1])[1]) >= 5, lines


@pytest.mark.parametrize("name", PAGES)
def test_any_changed_digit_of_a_page_is_seen(reports, name):
    html = (reports / name).read_text(encoding="utf-8")
    body = html.index("<body")
    places = [body + found.start() for found in re.finditer(r"\d", html[body:])]
    for at in random.Random(name).sample(places, CHANGED):
        other = str((int(html[at]) + 1) % 10)
        assert frame.is_intact(html[:at] + other + html[at + 1 :]) is False


@pytest.mark.parametrize("name", [n for n in PAGES if "/en/public/" in n][:8])
def test_a_figure_changed_on_the_page_and_in_its_data_is_contradicted(reports, tmp_path, name):
    html = (reports / name).read_text(encoding="utf-8")
    found = re.search(r'data-claim="([^"|]+)\|[^"]*"(?: data-value="[^"]*")?>(\d+\.\d)', html)
    if found is None:  # the page prints whole numbers only
        found = re.search(r'data-claim="([^"|]+)\|[^"]*">(\d\d+)<', html)
    html = html.replace(f">{found[2]}", f">{found[2]}9").replace(f":{found[2]},", f":{found[2]}9,")
    html = html.replace(f",{found[2]},", f",{found[2]}9,").replace(
        f"[{found[2]},", f"[{found[2]}9,"
    )
    alone = tmp_path / "page.html"
    alone.write_text(frame.sealed(html), encoding="utf-8", newline="\n")
    assert verify.verify(alone)[1] == 1
    beside = tmp_path / name
    beside.parent.mkdir(parents=True)
    shutil.copy(reports / "manifest.json", tmp_path)
    shutil.copy(alone, beside)
    assert "not the page that the manifest beside it lists" in " ".join(verify.verify(beside)[0])


def test_every_sentence_follows_from_the_tables_of_its_page(reports):
    assert truth.faults(reports) == []


@pytest.mark.parametrize("name", [n for n in PAGES if n.startswith(f"{FINAL}/en/public/")])
def test_an_untrue_headline_is_found(reports, tmp_path, name):
    html = (reports / name).read_text(encoding="utf-8")
    headline = re.search(r"<h1>.*?</h1>", html, re.S)
    figure = re.compile(r"(?<![\w.,])(?!20\d\d\b|\d+ million)\d+(?:\.\d+)?%?")
    places = [headline.start() + found.start() for found in figure.finditer(headline[0])]
    assert places
    for at in places:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{html[:at]}9{html[at:]}", encoding="utf-8")
        assert truth.faults(tmp_path) != [], html[headline.start() : at + 20]


def test_an_untrue_key_point_is_found(reports, tmp_path):
    name = f"{FINAL}/en/public/gaps.html"
    html = (reports / name).read_text(encoding="utf-8")
    end = re.search(r'<ol class="key"><li><b>[^<]*?: (\d[\d.]*)', html).end()
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(html[:end] + "7" + html[end:], encoding="utf-8")
    assert truth.faults(tmp_path) != []


def test_page_asks_for_nothing_and_complains_of_nothing(page):
    assert page.heard == []


@pytest.mark.parametrize("view", ["desktop", "phone"])
def test_axe_finds_no_barrier(page, view):
    assert browser.barriers(browser.seen_at(page, view)) == []


def test_axe_finds_no_barrier_on_a_dark_screen(page):
    page.emulate_media(color_scheme="dark")
    try:
        assert page.evaluate(SHADE) < 0.2
        assert browser.barriers(browser.seen_at(page, "desktop")) == []
    finally:
        page.emulate_media(color_scheme="null")


def test_print_is_light_whatever_the_screen(page):
    page.emulate_media(color_scheme="dark", media="print")
    try:
        assert page.evaluate(SHADE) == 1
        assert page.evaluate(INK) == "rgb(28, 39, 51)"
    finally:
        page.emulate_media(color_scheme="null", media="null")


@pytest.mark.parametrize("view", browser.WIDTHS)
def test_labels_of_charts_neither_overlap_nor_are_cut_off(page, view):
    assert browser.seen_at(page, view).evaluate(browser.LABELS) == []


@pytest.mark.parametrize("view", browser.WIDTHS)
def test_nothing_is_wider_than_the_window(page, view):
    assert browser.seen_at(page, view).evaluate(browser.WIDE) == []


@pytest.mark.parametrize("view", browser.WIDTHS)
def test_no_text_is_squeezed_to_a_column_of_letters(page, view):
    assert browser.seen_at(page, view).evaluate(browser.SQUEEZED) == []


@pytest.mark.parametrize("view", browser.WIDTHS)
def test_whatever_scrolls_can_be_reached_by_keyboard(page, view):
    assert browser.seen_at(page, view).evaluate(browser.UNREACHABLE) == []


@pytest.mark.parametrize("view", browser.WIDTHS)
@pytest.mark.parametrize("fault", ["LABELS", "WIDE", "SQUEEZED", "UNREACHABLE", "OVERLAPPING"])
def test_what_is_folded_away_can_be_read_as_well(page, view, fault):
    with browser.unfolded(browser.seen_at(page, view)):
        assert page.evaluate(getattr(browser, fault)) == []


def test_cells_of_a_phone_say_their_column(page):
    seen = browser.seen_at(page, "phone")
    assert seen.evaluate(browser.UNNAMED) == [] == seen.evaluate(browser.BARE)


def test_page_forbids_everything_from_outside_and_every_script(outline):
    policy = [m["content"] for m in outline.all("meta") if "Policy" in m.get("http-equiv", "")]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert all(attrs.get("type") == "application/json" for attrs in outline.all("script"))
    assert not outline.all("iframe", "object", "embed", "link", "base", "form", "foreignobject")
    for _, attrs in outline.tags:
        assert not [key for key in attrs if key.startswith("on")]
        for key in ("href", "xlink:href", "src"):
            assert not re.match(r"\s*(javascript|data:)", attrs.get(key) or "", re.I) or (
                "download" in attrs and attrs[key].startswith("data:text/csv;charset=utf-8;base64,")
            )


def test_page_has_one_heading_landmarks_and_a_language(outline, name):
    (html,) = outline.all("html")
    assert html["lang"] in (name.split("/")[1:2] or LANGUAGES)
    assert [len(outline.all(tag)) for tag in ("h1", "header", "main", "title")] == [1, 1, 1, 1]
    assert "/" not in name or len(outline.all("footer")) == 1
    said = [attrs["aria-label"] for attrs in outline.all("nav")]
    assert len(set(said)) == len(said) in (1, 2)  # the briefs and languages, the contents
    ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_links_within_a_page_lead_somewhere(outline):
    ids = {attrs["id"] for _, attrs in outline.tags if "id" in attrs}
    links = [a["href"][1:] for a in outline.all("a", "use") if a.get("href", "").startswith("#")]
    links += [a["xlink:href"][1:] for a in outline.all("use") if "xlink:href" in a]
    assert set(links) <= ids


def test_tables_name_themselves_and_their_heads(outline, name):
    if "/" in name:
        assert len(outline.all("caption")) == len(outline.all("table"))
    assert all(attrs.get("scope") for attrs in outline.all("th"))


def test_drawings_say_their_finding_or_are_marked_as_decoration(outline):
    for attrs in outline.all("svg"):
        decorates = attrs.get("aria-hidden") == "true"
        assert decorates or (attrs.get("role") == "img" and attrs.get("aria-label", "").strip())


def test_every_character_has_a_meaning(outline):
    text = "".join(outline.words)
    assert "nan" not in re.findall(r"[A-Za-z]+", text)
    assert not re.search(r"\bNone\b|\{\w*\}", text)
    strange = {c for c in text if c == "\ufffd" or unicodedata.category(c) in ("Cn", "Co", "Cs")}
    assert strange == set()


def test_no_markup_is_read_as_text(outline):
    said = [*outline.words, *(text for _, attrs in outline.tags for text in attrs.values())]
    assert [text for text in said if text and re.search(r"</?[a-z]|&\w+;", text)] == []


def test_synthetic_figures_are_marked_on_the_page(outline, name):
    if "/" in name:
        about = outline.all("body")[0].get("class", "")
        assert ("synthetic" in about) == any(c.get("class") == "demo" for c in outline.all("p"))


@pytest.fixture(scope="module")
def printed(page, name):
    return PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))


def test_print_is_a4_with_running_head_and_page_numbers(printed, outline, name):
    lang = "".join(name.split("/")[1:2])
    marked = "synthetic" in outline.all("body")[0].get("class", "")
    total = len(printed.pages)
    for number, sheet in enumerate(printed.pages, start=1):
        assert [round(float(side)) for side in sheet.mediabox[2:]] == pytest.approx(A4, abs=1)
        # The printer writes some characters as look-alikes: their common form counts.
        text = unicodedata.normalize("NFKC", sheet.extract_text())
        assert f"{number} / {total}" in text
        assert not marked or BANNERS.get(lang, "") in text


def test_no_sheet_begins_with_the_citation_of_what_stands_before_it(printed):
    for sheet in printed.pages:
        text = unicodedata.normalize("NFKC", sheet.extract_text(extraction_mode="layout"))
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        assert not re.match(r"(引用:|Cite as:).*(表|圖|图|Table|Figure) ?\d+$", lines[1])


def test_the_foot_of_a_page_never_has_a_sheet_alone(chromium, reports):
    path = reports / FINAL / "zh-Hans/public/town_comparison.html"
    with browser.opened(chromium, path) as (page, _):
        page.evaluate("document.querySelector('figure').remove()")  # it moves as a whole

        def sheets(room):
            page.evaluate(f"document.querySelector('h2').style.paddingTop = '{room}mm'")
            return PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages

        low, high, most = 0, 300, len(sheets(0))
        assert len(sheets(high)) > most
        while high - low > 1:  # the least room that asks for one sheet more
            middle = (low + high) // 2
            low, high = (low, middle) if len(sheets(middle)) > most else (middle, high)
        text = unicodedata.normalize("NFKC", sheets(high)[-1].extract_text())
        assert "合成演示数据" in text  # the last of the sources


def test_a_page_is_read_in_ninety_seconds(page, printed, name):
    limits = LENGTHS.get(Path(name).stem.partition("-")[0])
    if limits is None or "/internal/" in name:  # the audit goes clause by clause, lists are long
        return
    found = []
    for width, height in SCREENS.values():
        page.set_viewport_size({"width": width, "height": height})
        found.append(page.evaluate("document.documentElement.scrollHeight") / height)
    found.append(len(printed.pages))
    assert all(n <= most for n, most in zip(found, limits, strict=True)), (found, limits)


def test_print_cuts_no_row_and_loses_no_column(page, name):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 994})  # A4 without its margins
    try:
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 703
        hints = "[...document.querySelectorAll('.scr')].filter(e => e.offsetHeight).length"
        assert page.evaluate(hints) == 0  # nothing opens on paper
        alone = "e => e.map(foot => getComputedStyle(foot).breakBefore)"
        assert set(page.eval_on_selector_all("body > footer", alone)) <= {"avoid"}
        # a figure of many charts may part between its rows
        whole = "tr, figure:not(:has(.ps)), .ps > div"
        cut = f"() => [...document.querySelectorAll('{whole}')].filter(e => {{"
        cut += "const high = e.getBoundingClientRect().height;"
        cut += "return getComputedStyle(e).breakInside !== 'avoid' || high > 990; }).length"
        assert page.evaluate(cut) == 0
    finally:
        page.emulate_media(media="null")


def test_pages_are_light(reports):
    sizes = {name: (reports / name).stat().st_size for name in PAGES}
    assert statistics.median(sizes.values()) < 300_000
    assert {name: size for name, size in sizes.items() if size > 1_000_000} == {}


def test_pages_of_real_briefs_are_the_same_in_another_process(reports, tmp_path):
    names = briefs()[""]
    code = f"""
from fenghua import report
raise SystemExit(report.report(as_of={MIDDLE!r}, briefs={names!r}, out={str(tmp_path)!r}, jobs=0))
"""
    settings = {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | settings)
    assert done.returncode == 0
    for name in names:
        path = Path(MIDDLE, "zh-Hans", "public", f"{name}.html")
        one, other = ((place / path).read_text("utf-8") for place in (tmp_path, reports))
        assert frame.stamped(one, "") == frame.stamped(other, "")  # but for the links to sisters


def test_public_pages_embed_no_enterprise(reports):
    for name in PAGES:
        if "/public/" in name:
            html = (reports / name).read_text(encoding="utf-8")
            data = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.S)
            assert "enterprise_id" not in json.dumps(json.loads(data[1]))
