import json
import lzma
import math
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output

import fenghua
from briefpress import executed
from briefpress.press import named
from fenghua import brief, issue, verify
from fenghua.analysis import decomposition, gap
from fenghua.display.numbers import figure
from fenghua.house import PRESS

FIRST = pd.DataFrame(
    {
        "enterprise_id": list("ABCD"),
        "land_mu": [10.0, 20, 20, 50],
        "value_added_wan": [300.0, 400, 200, 150],
    }
)
SECOND = pd.DataFrame(
    {
        "enterprise_id": list("ABCE"),
        "land_mu": [10.0, 30, 20, 25],
        "value_added_wan": [360.0, 690, 220, 900],
    }
)


def claim(name, function, inputs, result, **options):
    inputs = {k: verify.encode(v) if hasattr(v, "iloc") else v for k, v in inputs.items()}
    return {
        "figure": name,
        "function": function,
        "inputs": inputs,
        "options": options,
        "result": verify.encode(result),
    }


def page(tmp_path, *claims, html=""):
    data = {PRESS.mime: {"html": html, "lang": "en", "claims": list(claims)}}
    cell = new_code_cell("1", outputs=[new_output("display_data", data=data)])
    path = tmp_path / "page.html"
    path.write_text(
        executed.render(new_notebook(cells=[cell]), PRESS), encoding="utf-8", newline="\n"
    )
    return path


@pytest.fixture
def birds(tmp_path):
    result = decomposition.melitz_polanec(FIRST, SECOND)
    shown = "".join(
        f'<td><span data-claim="birds|{name}|value">{figure(value, 2)}</span></td>'
        for name, value in result.items()
    )
    one = claim("birds", "decomposition.melitz_polanec", {"first": FIRST, "second": SECOND}, result)
    return page(tmp_path, one, html=f"<table><tr>{shown}</tr></table>")


def test_honest_page_agrees(birds):
    lines, code = verify.verify(birds)
    assert code == 0, lines
    assert "birds: recomputed with decomposition.melitz_polanec: agrees" in lines


def test_altered_printed_figure_is_named(birds):
    text = birds.read_text(encoding="utf-8")
    altered = re.sub(r'(data-claim="(birds[^"]+)">)[^<]+<', r"\g<1>99.99<", text, count=1)
    birds.write_text(altered, encoding="utf-8")
    lines, code = verify.verify(birds)
    assert code == 1
    assert "printed '99.99', recomputed" in lines[0]


@pytest.mark.parametrize("part", ["inputs", "result"])
def test_altered_number_in_the_data_is_named(birds, part):
    text = birds.read_text(encoding="utf-8")
    data = re.search(r'id="fenghua-data">(.*?)</script>', text)[1]
    content = json.loads(data)
    table = content["claims"][0][part]
    table = table["first"] if part == "inputs" else table
    row = table["data"][0]
    place = next(i for i, value in enumerate(row) if isinstance(value, float))
    row[place] += 1
    birds.write_text(text.replace(data, json.dumps(content)), encoding="utf-8")
    lines, code = verify.verify(birds)
    assert code == 1
    assert lines[0].startswith("birds, ")


def test_printed_figure_without_a_basis_is_refused(birds):
    text = birds.read_text(encoding="utf-8")
    birds.write_text(text.replace('data-claim="birds|', 'data-claim="bees|'), encoding="utf-8")
    lines, code = verify.verify(birds)
    assert code == 1
    assert "nothing in the page lets it be recomputed" in lines[0]


def test_results_may_stand_on_the_same_inputs(tmp_path):
    inputs, options = {"first": FIRST, "second": SECOND}, {"unit": "enterprise_id"}
    result = decomposition.melitz_polanec(FIRST, SECOND)
    one = claim("birds", "decomposition.melitz_polanec", inputs, result)
    same = claim("same", "decomposition.melitz_polanec", {}, result, **options) | {
        "inputs": "birds"
    }
    lines, code = verify.verify(page(tmp_path, one, same))
    assert (code, lines[1][:5]) == (0, "same:")
    bent = same | {"result": verify.encode(result + 1)}
    assert verify.verify(page(tmp_path, one, bent))[1] == 1
    lost = same | {"inputs": "bees"}
    assert "cannot be recomputed" in verify.verify(page(tmp_path, one, lost))[0][0]


def test_page_without_results_is_not_said_to_agree(tmp_path):
    path = page(tmp_path, html="<table><tr><td>99.99</td></tr></table>")
    lines, code = verify.verify(path)
    assert code == 0  # it is as it was written, and says of what nothing is known
    assert "cells: 0 of 1 figures recomputed; covered by its seal alone: 99.99" in lines
    assert any(line.startswith("the seal is a checksum of the whole page") for line in lines)
    assert lines[-1].endswith("as it was written; it holds no figure that can be recomputed")
    html = path.read_text(encoding="utf-8")
    path.write_text(html.replace("99.99", "99.98"), encoding="utf-8")
    assert verify.verify(path)[1] == 1
    path.write_text(re.sub('<meta name="seal"[^>]*>', "", html), encoding="utf-8")
    lines, code = verify.verify(path)
    assert code == 2
    assert "no figure that can be recomputed" in lines[0]


def test_only_named_methods_run(tmp_path):
    result = pd.DataFrame({"a": [1]})
    path = page(tmp_path, claim("x", "os.system", {"command": "echo"}, result))
    lines, code = verify.verify(path)
    assert code == 1
    assert "method 'os.system' is not one of" in lines[0]


def test_inputs_that_a_method_refuses_are_a_difference(tmp_path):
    one = claim("x", "gap.assess@2", {"indicators": 3}, pd.DataFrame({"a": [1]}))
    lines, code = verify.verify(page(tmp_path, one))
    assert code == 1
    assert "cannot be recomputed" in lines[0]


@pytest.mark.parametrize("keep", [0, 10, 500, -9, -400])
def test_cut_page_is_no_brief(birds, keep):
    birds.write_bytes(birds.read_bytes()[:keep] if keep else b"")
    assert verify.verify(birds)[1] == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html></html>",
        b"\xff\xfe",
        b'<script id="fenghua-data">[]</script></html>',
        b'<script id="fenghua-data">{"version": 2, "claims": []}</script></html>',
    ],
)
def test_other_files_are_no_briefs(tmp_path, content):
    path = tmp_path / "x.html"
    path.write_bytes(content)
    assert verify.verify(path)[1] == 2


def test_missing_file_is_no_brief(tmp_path):
    assert verify.verify(tmp_path / "none.html")[1] == 2
    assert verify.verify(tmp_path)[1] == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such file"),
        (b"<html></html>", "it holds no data of a brief"),
        (b"%PDF\xb5", "it is not text"),
    ],
)
def test_why_a_file_is_no_brief_is_said_in_words(tmp_path, content, said):
    path = tmp_path / "x.html"
    if content is not None:
        path.write_bytes(content)
    assert verify.verify(path)[0] == [f"{path}: not a whole brief of fenghua ({said})"]


def test_gap_of_the_district_is_recomputed_from_the_page(tmp_path):
    ds = fenghua.load()
    result = gap.assess(ds, as_of="2023")
    inputs = {"indicators": ds.indicators, "targets": ds.targets, "observations": ds.observations}
    inputs |= {"parameters": ds.parameters, "plan": {k: str(v) for k, v in ds.plan.items()}}
    one = claim("gap", "gap.assess@2", inputs, result, as_of="2023")
    lines, code = verify.verify(page(tmp_path, one))
    assert code == 0, lines


VALUES = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True, width=64),
    st.just(math.nan),
)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(VALUES, st.text(), st.integers(-(2**53), 2**53), st.booleans()), min_size=1)
)
def test_tables_survive_json_exactly(rows):
    frame = pd.DataFrame(rows, columns=["f", "s", "i", "b"]).astype({"f": "float64", "s": "str"})
    back = verify.decode(json.loads(json.dumps(verify.encode(frame), allow_nan=False)))
    pd.testing.assert_frame_equal(back, frame, check_exact=True)


def test_index_types_and_empty_tables_survive():
    frame = pd.DataFrame({"a": [1.0, 2.0]}, index=pd.Index(["x", "y"], name="town"))
    pd.testing.assert_frame_equal(verify.decode(verify.encode(frame)), frame)
    empty = frame.iloc[:0]
    assert list(verify.decode(verify.encode(empty)).columns) == ["a"]
    assert verify.decode(verify.encode(frame["a"].rename(None)))["value"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("shown", "value", "agrees"),
    [
        ("1,234.6", 1234.56, True),
        ("\u22121.2", -1.24, True),
        ("+2.5", 2.5, True),
        ("13%", 0.125, True),
        ("64%", 0.638554, True),
        ("42", 42.04, True),
        ("0.0", 0.04, True),
        ("—", None, True),
        ("on_track", "on_track", True),
        ("1.3", 1.24, False),
        ("1.2", -1.24, False),
        ("—", 1.0, False),
        ("1.0", None, False),
        ("met", "missed", False),
    ],
)
def test_printed_figures_agree_to_half_their_last_digit(shown, value, agrees):
    assert verify._prints_as(shown, value) is agrees


OLD_PAGES = sorted((Path(__file__).parent / "old_pages").glob("*.html.xz"))


def old_page(tmp_path, packed):
    path = tmp_path / packed.stem
    path.write_bytes(lzma.decompress(packed.read_bytes()))
    return path


def test_there_is_an_old_page_of_each_brief():
    notebooks = {notebook.name for notebook in issue.chosen(None, ())}
    assert {path.name.split(".")[0].split("-")[0] for path in OLD_PAGES} == notebooks


@pytest.mark.parametrize("packed", OLD_PAGES, ids=lambda path: path.name.split(".")[0])
def test_old_pages_are_still_recomputed_or_said_to_be_retired(tmp_path, packed):
    lines, code = verify.verify(old_page(tmp_path, packed))
    assert code == 0, lines
    assert "printed figures agree" in lines[-1]


def test_every_published_method_is_found():
    for name, function in verify.METHODS.items():
        assert callable(named(function)), name
    assert not set(verify.RETIRED) & set(verify.METHODS)


def test_retired_method_is_said_not_to_be_recomputed_and_its_figures_are_compared(
    tmp_path, monkeypatch
):
    result = pd.DataFrame({"value": [1.5]}, index=["all"])
    old = claim("old", "towns.bygone", {"a": FIRST}, result)
    marked = '<span data-claim="old|all|value">{}</span>'
    good = page(tmp_path, old, html=marked.format("1.5"))
    assert verify.verify(good)[1] == 1
    monkeypatch.setattr(verify, "RETIRED", {"towns.bygone": "0.1.0"})
    lines, code = verify.verify(good)
    assert (code, lines[0]) == (
        0,
        "old: no longer recomputed: towns.bygone was last part of version 0.1.0",
    )
    assert verify.verify(page(tmp_path, old, html=marked.format("1.7")))[1] == 1


def test_made_up_figures_of_a_source_of_ones_own_are_recomputed_as_such(monkeypatch):
    whole = brief.begin("gaps", as_of="2023", data="data/raw")
    seen = whole.ds.observations.assign(source_id="ours")
    own = replace(whole, ds=replace(whole.ds, observations=seen))
    told = []
    monkeypatch.setattr("fenghua.basis.emit", lambda said, _: told.append(said))
    assessed = own.assess(scope="headline")
    again = verify._recomputed(told[0]["claims"][0], {})
    assert assessed["flags"].str.contains("synthetic").any()
    assert again["flags"].tolist() == assessed["flags"].tolist()
