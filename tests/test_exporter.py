import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from briefpress import PLAIN, executed
from fenghua.house import PRESS
from fenghua.inputs import rowless

NASTY = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "{{7*7}}",
    "{% for x in y %}",
    "$x$",
    "=cmd()",
    "../../x",
    "\u202eabc",
    "长" * 200,
    '"><img src=x onerror=alert(1)>',
    "</title><b>",
]


def shown(html="", metadata=None, **page):
    page |= {"html": html} if html else {}
    data = {PRESS.mime: page} if page else {}
    return new_code_cell(
        "1", outputs=[new_output("display_data", data=data, metadata=metadata or {})]
    )


def prose(source, *tags):
    return new_markdown_cell(source, metadata={"tags": list(tags)})


def page(*cells):
    return executed.render(new_notebook(cells=list(cells)), PRESS)


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def test_page_has_landmarks_language_policy_and_one_heading():
    text = page(
        shown(lang="en", finding="All is well", title="T"),
        prose("## A", "section-a"),
        prose("## B"),
    )
    found = Elements(text).found
    tags = [tag for tag, _ in found]
    assert [tags.count(tag) for tag in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    assert ("html", {"lang": "en"}) in found
    policy = [a["content"] for t, a in found if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert [a["href"] for t, a in found if t == "a"] == ["#content", "#a", "#section-2"]
    ids = [a["id"] for _, a in found if "id" in a]
    assert len(ids) == len(set(ids))


def test_page_asks_for_nothing_and_runs_nothing():
    found = Elements(
        page(shown("<p>x</p>", lang="en"), prose("[a](https://example.org) ![b](c.png)"))
    ).found
    scripts = [attrs for tag, attrs in found if tag == "script"]
    assert [s["type"] for s in scripts] == ["application/json"]
    assert not [tag for tag, _ in found if tag in ("link", "iframe", "object", "base")]


@pytest.mark.parametrize("text", NASTY)
def test_text_of_the_page_data_is_text_and_nothing_else(text):
    keys = ("title", "finding", "kicker", "banner", "name", "internal")
    plain = Elements(page(shown(lang="en", **dict.fromkeys(keys, "x"), meta=["x"], claims=["x"])))
    claim = {"figure": text, "inputs": {"a": [text]}}
    nasty = page(shown(lang="en", **dict.fromkeys(keys, text), meta=[text], claims=[claim]))
    seen = Elements(nasty)
    assert [tag for tag, _ in seen.found] == [tag for tag, _ in plain.found]
    assert text in seen.text
    data = re.search(r'id="fenghua-data">(.*?)</script>', nasty, re.S)[1]
    assert json.loads(data)["claims"] == [claim]
    assert "<" not in data


@pytest.mark.parametrize("text", NASTY[:4])
def test_prose_shows_markup_as_text(text):
    assert text in Elements(page(prose(text))).text


@pytest.mark.parametrize(
    ("lang", "expected"), [("zh-Hans", "亩均税收"), ("zh-Hant", "畝均稅收"), ("en", "Tax per mu")]
)
def test_prose_speaks_the_language_of_the_page_only(lang, expected):
    text = page(
        shown(lang=lang),
        prose("亩均税收", "lang-zh"),
        prose("Tax per mu", "lang-en"),
        prose("2025"),
    )
    body = re.search(r"<main.*</main>", text, re.S)[0]
    assert [word for word in ("亩均税收", "畝均稅收", "Tax per mu") if word in body] == [expected]
    assert "2025" in body


def test_only_what_is_meant_for_the_page_is_shown():
    cell = new_code_cell(
        "secret_code",
        outputs=[
            new_output("stream", name="stdout", text="secret"),
            new_output("execute_result", data={"text/plain": "secret"}),
            new_output("execute_result", data={"text/html": "<table>secret</table>"}),
            new_output(
                "execute_result",
                data={PRESS.mime: {"html": "<p>seen</p>"}, "text/html": "<p>secret</p>"},
            ),
        ],
    )
    text = page(cell)
    assert "secret" not in text
    assert "<p>seen</p>" in text


def test_a_section_with_nothing_to_show_is_left_out_with_its_heading():
    nothing = new_code_cell("1", outputs=[new_output("display_data", data={"text/plain": ""})])
    text = page(prose("## A", "section-a"), nothing, prose("## B", "section-b"), shown("<p>x</p>"))
    assert 'id="b"' in text and 'id="a"' not in text and 'href="#a"' not in text


def test_a_section_of_prose_alone_stays():
    assert "Prose." in page(prose("## A\n\nProse.", "section-a"))


def test_later_metadata_wins_and_claims_are_joined():
    nb = new_notebook(cells=[shown(name="a", claims=[1]), shown(name="b", claims=[2])])
    assert executed.metadata(nb, PRESS) == {"name": "b", "claims": [1, 2], "lang": "zh-Hans"}


def test_title_of_the_notebook_serves_where_there_is_no_finding():
    text = page(prose("# Plain notebook\n\nPurpose."))
    assert "<h1>Plain notebook</h1>" in text
    assert text.count("Plain notebook") == 3  # title, heading, and its name in the index


def test_sections_of_the_same_name_keep_their_ids_apart():
    text = page(prose("## A\n\none\n\n## B\n\ntwo", "section-x"))
    assert re.findall(r'<h2 id="([^"]+)">', text) == ["x", "x-2"]


def test_failed_cell_makes_no_page():
    cell = new_code_cell("1", outputs=[new_output("error", ename="E", evalue="why", traceback=[])])
    with pytest.raises(executed.CellError, match="cell 1: E: why"):
        page(cell)


def test_nbconvert_finds_the_exporter(tmp_path):
    nbformat.write(
        new_notebook(cells=[shown("<p>seen</p>", lang="en", finding="F")]), tmp_path / "a.ipynb"
    )
    command = [sys.executable, "-m", "nbconvert", "--to", "fenghua", "a.ipynb"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<h1>F</h1>" in text
    assert "<p>seen</p>" in text


QUIET = {"kernel_name": "python3", "progress_bar": False}


@pytest.mark.parametrize("said", ["ds.towns.head()", "begin('mine', audience='public')"])
@pytest.mark.parametrize(("audience", "is_internal"), [("internal", True), ("public", False)])
def test_a_notebook_that_got_enterprises_makes_an_internal_page(
    tmp_path, monkeypatch, audience, is_internal, said
):
    monkeypatch.setenv(rowless.VARIABLE, audience)
    loaded = "import fenghua\nfrom fenghua.brief import begin\nds = fenghua.load()"
    shows = "brief.headline('found')" if "begin" in said else ""
    cells = [new_code_cell(loaded), new_code_cell(f"brief = {said}\n{shows}")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "a.ipynb")
    files = str(tmp_path / "a.ipynb"), str(tmp_path / "done.ipynb")
    done = papermill.execute_notebook(*files, engine_name="fenghua", **QUIET)
    found = Elements(executed.render(done, PRESS)).found
    assert any(attrs.get("class") == "internal" for _, attrs in found) == is_internal
    body = next(attrs for tag, attrs in found if tag == "body")
    assert ("internal" in body["class"].split()) == is_internal


PIXEL = "iVBORw0KGgo="


def test_a_plain_notebook_shows_its_images_and_tables():
    cell = new_code_cell(
        "1",
        outputs=[
            new_output("display_data", data={"image/png": PIXEL, "text/plain": "<Figure>"}),
            new_output("display_data", data={"image/svg+xml": ["<svg id='s'>", "</svg>"]}),
            new_output("execute_result", data={"text/html": "<table></table>", "image/png": "x"}),
        ],
        metadata={},
    )
    cell.outputs[0].metadata = {"image/png": {"alt": '"A" falls'}}
    for press in (PRESS, PLAIN):
        text = executed.render(new_notebook(cells=[prose("# Mine"), cell]), press)
        images = [a for tag, a in Elements(text).found if tag == "img"]
        assert images == [{"src": f"data:image/png;base64,{PIXEL}", "alt": '"A" falls'}]
        assert "<svg id='s'></svg>" in text and "<table></table>" in text
        assert "<h1>Mine</h1>" in text and "<Figure>" not in text


def test_a_plain_notebook_shows_what_it_prints_and_no_name_of_an_object():
    texts = ["6", "'<b>'", "<Axes: >", "[<matplotlib.lines.Line2D at 0x7f>]", "Text(0.5, 1.0)"]
    texts += ["Text(0.5, 1.0, '标题')", """Text(0, 0, "a 'b'")"""]
    printed = new_output("stream", name="stdout", text="n 3 <i>\n")
    warned = new_output("stream", name="stderr", text="a warning")
    results = [new_output("execute_result", data={"text/plain": text}) for text in texts]
    cell = new_code_cell("1", outputs=[printed, warned, *results])
    text = page(prose("# Mine"), cell)
    found = re.findall("<pre>(.*?)</pre>", text, flags=re.S)
    assert found == ["n 3 &lt;i&gt;\n", "6", "&#39;&lt;b&gt;&#39;"]
    assert "<pre>" not in page(cell, shown("<p>x</p>", lang="en"))


def test_a_brief_shows_no_image_that_it_did_not_put_on_its_page():
    cell = new_code_cell("1", outputs=[new_output("display_data", data={"image/png": PIXEL})])
    assert "<img" not in page(cell, shown("<p>x</p>", lang="en"))


def test_a_house_without_a_style_has_pages_too():
    text = executed.render(new_notebook(cells=[prose("# Mine")]), PLAIN)
    assert '<meta name="generator" content="briefpress">' in text
    assert 'id="briefpress-data"' in text and '<html lang="en">' in text
