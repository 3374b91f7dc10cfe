"""Pages lead to each other by links that work, say where in the plan they stand, and are sealed."""

import itertools
import re

import pytest

from briefpress import frame
from fenghua import index
from fenghua.display import span
from fenghua.display.type import width_of
from fenghua.display.wording import Words
from fenghua.house import PRESS
from fenghua.inputs.vocabulary import LANGUAGES

ROW = {"name": "Gaps", "brief": "gaps", "finding": "9 met", "summary": {"met": 9}}
TOWN = {"name": "Town · A", "brief": "town_brief", "code": "1", "subject": "A", "summary": {}}
PAGES = {
    "2025/en/public/gaps.html": ROW | {"moment": "end"},
    "2025/en/public/town_brief-1.html": TOWN,
    "2025/zh-Hans/public/gaps.html": ROW,
    "2024-Q2/en/public/gaps.html": ROW,
    "2023/en/public/gaps.html": ROW,
}
BESIDE = ("plan.html", "methods.html")


def hrefs(name):
    return [link.get("href") for link in index.links(name, PAGES, BESIDE)["links"]]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_a_strip_leads_to_a_page_that_is_there(name):
    folder = name.split("/")[:-1]
    for href in filter(None, hrefs(name)):
        up = href.count("../")
        found = "/".join([*folder[: len(folder) - up], href.replace("../", "")])
        assert found in {*PAGES, *BESIDE, "index.html", "index.en.html"}


def test_a_strip_names_the_issue_before_and_the_other_languages():
    assert "../../../2024-Q2/en/public/gaps.html" in hrefs("2025/en/public/gaps.html")
    assert "../../zh-Hans/public/gaps.html" in hrefs("2025/en/public/gaps.html")
    assert "../../zh-Hans/public/town_brief-1.html" not in hrefs("2025/en/public/town_brief-1.html")


def test_the_languages_of_a_strip_are_one_item_that_is_never_parted():
    html = frame.strip("2025/en/public/gaps.html", PAGES, BESIDE, PRESS)
    items = re.findall(r"<li( class=\"sp\")?>(.*?)</li>", html)
    assert len(items) == html.count("<li") and [bool(apart) for apart, _ in items][-2:] == [0, 1]
    assert "&lt;" not in html and {"简体", "English"} <= set(re.split("<[^>]*>", items[-1][1]))


def test_each_language_has_an_index_of_its_own_with_the_newest_issue_open():
    frames = index.frames(PAGES)
    assert set(frames) == {"index.html", "index.en.html"}
    english = frames["index.en.html"]
    assert english["lead"]["href"] == "2025/en/public/gaps.html"
    assert [group["id"] for group in english["groups"]] == ["towns"]
    assert [fold["id"] for fold in english["folds"]] == ["issue-2024-Q2", "issue-2023"]
    assert "zh-Hans" not in str(english["groups"]) + str(english["folds"])


def test_an_index_of_public_pages_lists_no_internal_one():
    internal = {name.replace("public", "internal"): row for name, row in PAGES.items()}
    assert "internal/" not in str(index.frames(PAGES | internal))


def test_a_seal_covers_every_character_but_itself_and_the_strip_can_change():
    page = frame.sealed('<meta name="seal" content=""><!--links--><!--/links--><p>9 met</p>')
    assert frame.is_intact(page)
    assert frame.is_intact(frame.stamped(page, "<nav></nav>"))
    for i, char in enumerate(page.split("<p>")[1]):
        at = page.index("<p>") + 3 + i
        assert not frame.is_intact(page[:at] + chr(ord(char) + 1) + page[at + 1 :])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("now", [2019.5, 2020.0, 2022.5, 2023.0, 2025.0, 2026.5])
def test_the_span_writes_no_text_over_another(lang, now):
    html = span.span(2020, [2023, 2025], now, "2023", Words(lang))
    assert html.count('class="now"') == 1
    assert html.count("<circle") == 3
    assert "2023" in html


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("years", [[2024, 2025, 2026, 2027], [*range(2024, 2034)], [2024], [2033]])
@pytest.mark.parametrize("now", [2023.0, 2023.5, 2024.0, 2025.5, 2027.0, 2030.25, 2034.0])
@pytest.mark.parametrize("size", [12, 17])  # of a desk and of a phone
def test_yearly_milestones_stay_marks_where_their_texts_would_meet(lang, years, now, size):
    html = span.span(2023, years, now, "2025", Words(lang))
    assert html.count("<circle") == len(years) + 1
    written = re.findall(r'<text x="(.*?)" y="48" text-anchor="(.*?)"(.*?)>(.*?)</text>', html)
    ends = []
    for x, anchor, css, said in written:
        if size == 17 and "wide" in css:
            continue
        wide = size * width_of(said)
        left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        ends.append((left, left + wide))
    ends.sort()
    assert html.count('y="13"') == html.count('class="on"') == 1
    assert ends[0][0] >= 0 and ends[-1][1] <= 540
    assert all(one[1] < other[0] for one, other in itertools.pairwise(ends))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("now", [2020.5, 2023.0, 2024.75, 2025.0, 2027.0])
def test_the_moment_of_a_page_hides_neither_base_nor_end_of_the_plan(lang, now):
    words = Words(lang)
    html = span.span(2020, [2023, 2025], now, "2024-Q3", words)
    for key, year in (("base", 2020), ("end", 2025)):
        said = words(f"page.when_{key}", year=year)
        (css,) = re.findall(rf'text-anchor="\w+"(.*?)>{said}</text>', html)
        assert "wide" not in css  # a phone shows it, too
