"""The kept golden set is what this house says: a slice of it, at every test run."""

import re
from pathlib import Path

import golden


def test_the_gap_and_audit_pages_read_as_kept(tmp_path: Path) -> None:
    for part in golden.SLICE:
        golden.render(tmp_path, part=part)
    found = {name: text for name, text in golden.said(tmp_path).items() if name.count("/") > 1}
    assert len(found) == 4  # two pages, each with its results
    assert golden.differences(golden.kept(), found, both=True) == []


def test_a_sentence_in_english_stands_apart_from_the_one_before() -> None:
    pages = {name: text for name, text in golden.kept().items() if "/en/" in name}
    assert len(pages) > 200
    joined = {
        name: found[0]
        for name, text in pages.items()
        if (found := re.search(r".{30}[a-z0-9%)\]][.;][A-Z][a-z].{10}", text))
    }
    assert joined == {}


def test_a_changed_word_is_named_with_its_page() -> None:
    old = {"a.html": "one\ntwo words\nthree", "b.html": "same", "c.html": "gone"}
    new = {"a.html": "one\ntwo wards\nthree", "b.html": "same", "d.html": "come"}
    lines = golden.differences(old, new)
    assert [line.split(":")[0] for line in lines] == ["a.html", "c.html", "d.html"]
    assert "line 2" in lines[0] and "two words" in lines[0] and "two wards" in lines[0]


def test_visible_text_leaves_out_style_and_data_but_keeps_what_is_heard() -> None:
    page = (
        "<style>p{}</style><h1>Two of three</h1><p>met <b>now</b></p><img alt='a falling line'>"
        '<script>{"claims": [{"figure": "gap", "function": "gap.assess", "result":'
        ' {"columns": ["x"], "index": null, "data": [[0.10000000000000001], [null]]}}]}</script>'
    )
    text, results = golden.visible(page)
    assert text == "Two of three\nmet now\n[a falling line]"
    assert results == "gap by gap.assess: x\n0: 0.1\n1: null"
