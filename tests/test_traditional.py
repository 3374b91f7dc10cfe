"""A page in Traditional Chinese that is told from the Simplified one, beside one made by itself."""

import base64
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import fenghua
from briefpress import worker
from fenghua import house, issue, traditional
from fenghua.display import wording

ROOT = Path(__file__).parents[1]
PLACES = {"data": str(ROOT / "data/raw"), "actuals": str(ROOT / "data/raw/demo")}
CODES = {"town": {"town": "330213003"}, "lead_unit": {"lead_unit": "jingxin"}, "": {}}
BRIEFS = {each.name: each for each in issue.chosen(None, ())}


@pytest.fixture(scope="module")
def ds():
    return fenghua.load(**PLACES)


def asked(name, lang, audience="public", as_of="2024-Q2"):
    brief = BRIEFS[name]
    given = {"as_of": as_of, "lang": lang, "audience": audience, **PLACES}
    given |= CODES[issue.one_page_each(brief) or ""]
    job = {"press": house.NAME, "engine": "fenghua", "notebook": str(brief.path)}
    return job | {"parameters": given}


def as_read(page):
    """A page without its seal and the tables within it."""
    return re.sub(r'name="seal" content="\w*"|base64,[\w+/=]*', "", page)


@pytest.mark.parametrize("name", BRIEFS)
def test_a_page_told_from_the_simplified_one_is_the_page_made_by_itself(name, monkeypatch):
    told = worker.execute_each([asked(name, "zh-Hans"), asked(name, "zh-Hant")])[1]
    monkeypatch.setattr(traditional, "is_told", lambda *_: False)
    own = worker.execute(asked(name, "zh-Hant"))
    assert (told["error"], own["error"]) == (None, None)
    assert told["about"] == own["about"]
    assert as_read(told["page"]) == as_read(own["page"])


def test_both_chinese_pages_take_one_run_whichever_is_asked_first(monkeypatch):
    runs = []
    really = worker._run
    monkeypatch.setattr(worker, "_run", lambda *given: (runs.append(given), really(*given)))
    first, *_, last = worker.execute_each(
        [asked("lead_unit_brief", lang) for lang in ("zh-Hant", "en", "zh-Hans")]
    )
    assert len(runs) == 2
    assert '<html lang="zh-Hant">' in first["page"] and "責任單位" in first["page"]
    assert '<html lang="zh-Hans">' in last["page"] and "責任單位" not in last["page"]
    assert "--lang zh-Hant" in first["page"] and "--lang zh-Hans" in last["page"]


@pytest.mark.parametrize(
    ("name", "code", "change", "is_told"),
    [
        ("gaps", "", {}, True),
        ("gaps", "", {"lang": "en"}, False),
        ("gaps", "", {"lang": "zh-Hans"}, False),
        ("gaps", "", {"audience": "internal"}, False),  # names of enterprises have one script
        ("mine", "", {}, False),  # may say anything
        ("gaps", "heading = 'a' if lang == 'zh-Hant' else 'b'", {}, False),
    ],
)
def test_only_public_pages_in_the_words_of_the_house_are_told(
    tmp_path, name, code, change, is_told
):
    parameters = nbformat.v4.new_code_cell('lang: str = "zh-Hans"')
    parameters.metadata["tags"] = ["parameters"]
    cells = [parameters, nbformat.v4.new_code_cell(code)]
    path = tmp_path / f"02_{name}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    given = {"lang": "zh-Hant", "audience": "public"} | change
    assert traditional.is_told(path, given) == is_told


def test_names_are_those_of_the_registers_and_what_has_one_script_stays(ds):
    towns = ds.towns.assign(name_zh_hans="岳林(A&B)街道", name_zh_hant="岳林(A&B)街道")
    own = replace(ds, towns=towns, plan=ds.plan | {"document_number": "奉政发〔2022〕14号"})
    table = "\ufeff镇街,数\r\n岳林(A&B)街道,1\r\n".encode()
    link = (
        f'<a href="data:text/csv;charset=utf-8;base64,{base64.b64encode(table).decode()}">下载</a>'
    )
    part = {
        "lang": "zh-Hans",
        "title": "岳林（A&amp;B）街道的亩均税收，奉政发〔2022〕14号",
        "html": '<bdi lang="zh-Hans">亩均论英雄</bdi> <small>http://a.cn/亩均</small> 亩均' + link,
        "footer": ["参数：lang=zh-Hans", {"n": 3}],
        "claims": [{"label": "亩均"}],
    }
    (told,) = traditional.told([part], own)
    assert told["lang"] == "zh-Hant" and told["claims"] == part["claims"]
    assert told["title"] == "岳林（A&amp;B）街道的畝均稅收，奉政发〔2022〕14号"
    assert told["footer"] == ["參數：lang=zh-Hant", {"n": 3}]
    assert '<bdi lang="zh-Hans">亩均论英雄</bdi>' in told["html"]
    assert "http://a.cn/亩均</small> 畝均<a" in told["html"] and ">下載</a>" in told["html"]
    inside = base64.b64decode(re.search('base64,([^"]*)', told["html"])[1]).decode()
    assert inside == "\ufeff鎮街,數\r\n岳林(A&B)街道,1\r\n"


def test_registers_write_traditional_names_in_traditional_characters(ds):
    own = str.maketrans("汙嶽", "污岳")  # two forms of one character, and a place's own name
    for frame in (ds.indicators, ds.towns, ds.lead_units, pd.DataFrame([ds.plan])):
        for name in frame.columns[frame.columns.str.endswith("zh_hans")]:
            told = frame[name].map(wording.traditional).str.translate(own)
            assert told.tolist() == frame[name.replace("hans", "hant")].tolist()


def test_a_word_has_one_form_wherever_it_stands():
    told = wording.traditional("只发布一次；发布后修订。占比、占上级任务的份额")
    assert told == "只發佈一次；發佈後修訂。佔比、佔上級任務的份額"


def test_a_name_that_a_drawing_breaks_over_lines_is_still_that_name(ds):
    name = "累计招引落地总额5亿元以上重大制造业项目"
    known = pd.DataFrame(
        {"name_zh_hans": [name], "name_zh_hant": ["累計招引落地總額5億元以上重大制造業項目"]}
    )
    (told,) = traditional.told(
        [{"html": "<text>以上重大制造业项目</text><text x='1'>制造业大县</text>"}],
        replace(ds, indicators=known),
    )
    assert told["html"] == "<text>以上重大制造業項目</text><text x='1'>製造業大縣</text>"


def test_a_line_of_a_drawing_that_stands_in_the_title_of_a_source_is_told(ds):
    sources = ds.sources.head(1).assign(title="关于溪口镇的通知")
    (told,) = traditional.told([{"html": "<text>溪口镇</text>"}], replace(ds, sources=sources))
    assert told["html"] == "<text>溪口鎮</text>"


def test_a_source_keeps_its_title_unless_that_is_a_word_of_sentences(ds):
    titles = ["统计公报", "关于开展亩均论英雄改革的意见"]
    own = replace(ds, sources=ds.sources.head(2).assign(title=titles))
    (told,) = traditional.told([{"html": "统计公报没有列出；关于开展亩均论英雄改革的意见"}], own)
    assert told["html"] == "統計公報沒有列出；关于开展亩均论英雄改革的意见"
