"""Three plans of others, entered only through what `fenghua new-plan` writes, on pages in three
languages: the province's and the city's as reported, and a county that is invented.
"""

import html
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import fenghua
from briefpress import frame
from fenghua import annexes, new_plan, report
from fenghua.analysis import gap
from fenghua.display import columns as columns_of_pages
from fenghua.display import wording
from fenghua.display.wording import Words
from fenghua.inputs import columns, dataset

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data/raw"
PLANS = {
    "zhejiang": ROOT / "data/examples/zhejiang",
    "ningbo": ROOT / "data/examples/ningbo",
    "qinghe": ROOT / "tests/plans/qinghe",
}
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
AS_OF = {"zhejiang": "2020", "ningbo": "2022-Q3", "qinghe": "2025"}


def entered(name: str, folder: Path) -> Path:
    """Return the registers of a plan, its rows put under the headings that new-plan writes."""
    new_plan.write(folder / name, registers=RAW)
    raw = folder / name / "data/raw"
    for source in sorted(PLANS[name].rglob("*.csv")):
        if source.stem in new_plan.METHODS:
            continue
        target, rows = raw / source.relative_to(PLANS[name]), pd.read_csv(source, dtype=str)
        rows = rows.drop(columns=["order"], errors="ignore")
        if target.is_file():
            have = pd.read_csv(target, dtype=str)
            unknown = set(rows) - set(have) - {"is_unit_printed"}
            assert not unknown, f"{target.name}: new-plan has no column {unknown}"
            rows = pd.concat([have, rows]).drop_duplicates(columns.schema().keys(target.stem))
        if source.stem == "sources":
            rows = rows.sort_values("source_id")
        rows.to_csv(target, index=False, lineterminator="\n", encoding="utf-8")
    return raw


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("plans")
    return {name: entered(name, place) for name in PLANS}


@pytest.fixture(scope="module")
def pages(folders, tmp_path_factory):
    """Return every page as a reader sees it: (plan, language, brief) to text."""
    found = {}
    for name, raw in folders.items():
        out, said = tmp_path_factory.mktemp(name), []
        code = report.report(
            data=raw, out=out, jobs=0, langs=LANGUAGES, notebooks=ROOT / "notebooks",
            echo=said.append, progress=False,
        )  # fmt: skip
        assert code == 0, said
        for path in (out / AS_OF[name]).rglob("*.html"):
            lang, brief = path.parts[-3], path.stem
            found[name, lang, brief] = path.read_text(encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the pages of a county with towns and enterprises: (language, page) to text."""
    place = tmp_path_factory.mktemp("whole")
    raw, out, said = entered("qinghe", place), place / "qinghe/reports", []
    shutil.copytree(ROOT / "tests/plans/qinghe_towns", raw, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as typed:
        typed.chdir(raw.parents[1])  # as a user does, in the folder that new-plan made
        code = report.report(
            out=out, jobs=0, langs=("zh-Hans", "en"), notebooks=ROOT / "notebooks",
            echo=said.append, progress=False,
        )  # fmt: skip
    assert code == 0, said
    pages = [path for path in out.rglob("*.html") if not path.stem.startswith("methods")]
    return {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in pages}


def test_pages_of_towns_and_enterprises_say_nothing_of_the_worked_example(whole):
    briefs = {name.rpartition("/")[2].partition("-")[0].partition(".")[0] for name in whole}
    assert briefs == {
        "index", "plan_audit", "gaps", "trajectories", "per_mu_efficiency", "town_comparison",
        "town_brief",
    }  # fmt: skip
    zone = {"开发区"}  # anyone's word: of a zone it is said that it overlaps the towns
    words = set(of_the_example()) - zone | {"方案表1", "四(四)", "全区", "本区", "区属"}
    for name, page in whole.items():
        text = seen(page)
        assert [word for word in words if word in text] == [], name
        assert not re.search(r"\bdistricts?\b", text, re.IGNORECASE), name


def with_only(folder: Path, *figures: str) -> tuple[set[str], list[str], str]:
    """Report on the county with some of its figures: which pages, what was said, what they say."""
    raw, out, said = entered("qinghe", folder), folder / "out", []
    shutil.copytree(ROOT / "tests/plans/qinghe_towns", raw, dirs_exist_ok=True)
    for path in (raw / "actuals").glob("*.csv"):
        if path.stem not in figures:
            path.unlink()
    assert [p.code for p in dataset.check(raw) if p.severity == "error"] == []
    code = report.report(
        data=raw, out=out, jobs=0, notebooks=ROOT / "notebooks", echo=said.append, progress=False
    )
    assert code == 0, said
    pages = list(out.glob("20*/**/*.html"))
    names = {path.stem.partition("-")[0] for path in pages}
    return names, said, " ".join(seen(path.read_text(encoding="utf-8")) for path in pages)


def test_a_plan_without_any_figure_has_the_page_that_needs_none(tmp_path):
    names, said, _ = with_only(tmp_path)
    assert names == {"plan_audit"}
    assert "as of 2023; no figures in actuals" in said[-1]
    assert "town_comparison left out: the data have no figures of towns" in "\n".join(said)


def test_enterprises_alone_have_the_pages_that_they_allow(tmp_path):
    names, said, text = with_only(tmp_path, "enterprises_2025")
    assert names == {"plan_audit", "per_mu_efficiency", "town_comparison", "town_brief"}
    assert "as of 2025; real data" in said[-1]
    assert not re.search(r"\bnan|None", text) and "北关街道：没有任务数和完成数" in text


def test_a_scheme_of_the_plans_own_is_not_called_borrowed(whole):
    for name, page in whole.items():
        assert not re.search("借用|非官方|borrowed", seen(page)), name
    assert "评价方案：青河县办法（虚构）" in whole["2025/zh-Hans/public/town_comparison.html"]
    assert "Rules of Qinghe (invented)" in whole["2025/en/public/per_mu_efficiency.html"]


def test_in_the_folder_that_new_plan_made_the_rebuild_line_needs_no_folder(whole):
    lines = [re.search(r"fenghua report --brief [^<]*", page) for page in whole.values()]
    commands = [line[0] for line in lines if line]
    assert len(commands) == len(whole) - 2  # two indices
    assert not any("--data" in command or "--actuals" in command for command in commands)


def seen(page: str) -> str:
    """Return what a reader sees: the footer, which names the program and a folder, is left out."""
    page = re.sub(r"<footer>.*|<style>.*?</style>|<script.*?</script>", "", page, flags=re.S)
    return re.sub(r"<[^>]+>", " ", page)


@pytest.mark.parametrize("name", PLANS)
def test_what_new_plan_writes_and_a_user_adds_is_accepted(folders, name):
    found = [problem.text("en") for problem in dataset.check(folders[name])]
    assert found == []


@pytest.mark.parametrize("name", PLANS)
def test_every_page_that_the_data_allow_is_made_in_three_languages(pages, name):
    briefs = {brief for plan, _, brief in pages if plan == name}
    assert briefs == {"plan_audit", "gaps", "trajectories"}
    for lang in LANGUAGES:
        assert all((name, lang, brief) in pages for brief in briefs)


def of_the_example() -> list[str]:
    """Return what only the worked example's plan says: names, codes, units, towns, figures."""
    ds = fenghua.load(RAW, RAW / "demo")
    plan = ds.plan
    words = [plan["document_number"], plan["area_code"], plan["area_name_en"], "奉化", "奉政发"]
    for table in (ds.towns, ds.lead_units):
        for script in ("name_zh_hans", "name_zh_hant", "name_en"):
            words += table[script].tolist()
    goals = ds.targets.dropna(subset="value")
    words += [printed for printed in goals["printed"] if re.fullmatch(r"\d{3}\.\d", printed)]
    return [*words, "十七项", "17 项主要指标"]


def test_nothing_of_the_worked_example_stands_on_another_plans_page(pages):
    words = of_the_example()
    assert len(words) > 100
    for key, page in pages.items():
        text = seen(page)
        assert [word for word in words if word in text] == [], key


@pytest.mark.parametrize(("file", "lang"), [("methods.zh.html", "zh_hans"), ("methods.html", "en")])
def test_the_handbook_beside_another_plan_says_whose_its_examples_are(folders, file, lang):
    worked = pd.read_csv(RAW / "plan/plan.csv").iloc[0]
    title = html.escape(worked[f"title_{lang}"])
    for name, raw in folders.items():
        page = annexes.texts(raw)[file].make()
        (note,) = re.findall(r"</h1>\s*<p><strong>([^<]*)</strong></p>", page)
        assert title in note and worked["document_number"] in note, name
    assert title not in annexes.texts(RAW)[file].make()


def test_the_handbook_links_only_what_lies_beside_it(folders):
    made = annexes.texts(folders["ningbo"])
    for text in made.values():
        links = re.findall(r'href="([^"]*)"', text.make())
        assert [link for link in links if not link.startswith("https:")] == [
            name for name in made if name in links
        ]


LEVELS = {
    "zhejiang": (("全省", "本省"), ("全区", "本区", "区属", "全市", "镇街"), "district"),
    "ningbo": (("全市", "本市"), ("全区", "本区", "区属", "全省", "镇街"), "district"),
    "qinghe": (("全县", "本县"), ("全区", "本区", "区属"), "district"),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_page_speaks_of_its_own_level_of_area(pages, name):
    _, foreign, english = LEVELS[name]
    known = " ".join(
        text
        for table in ("plan/indicators.csv", "plan/targets.csv")
        for text in pd.read_csv(PLANS[name] / table, dtype=str).fillna("").agg(" ".join, axis=1)
    )
    for (plan, lang, brief), page in pages.items():
        if plan != name:
            continue
        words = [english] if lang == "en" else [w for w in foreign if w not in known]
        text = seen(page).casefold()
        assert [word for word in words if re.search(rf"\b{word}\b", text)] == [], (lang, brief)


def test_the_rebuild_line_names_the_data_and_rebuilds_that_page(
    pages, folders, tmp_path, monkeypatch
):
    beside = tmp_path / "beside"  # typed beside the data; a page tells no path
    beside.mkdir()
    (beside / folders["ningbo"].name).symlink_to(folders["ningbo"])
    monkeypatch.chdir(beside)
    page = pages["ningbo", "en", "plan_audit"]
    command = re.search(r"fenghua report --brief plan_audit[^<]*", page)[0]
    assert f"--data {folders['ningbo'].name}" in command
    given = dict(re.findall(r"--([a-z-]+) (\S+)", command))
    code = report.report(
        briefs=[given["brief"]], as_of=given["as-of"], langs=[given["lang"]], data=given["data"],
        audience=given["audience"], out=tmp_path, jobs=0, notebooks=ROOT / "notebooks",
        echo=lambda line: None, progress=False,
    )  # fmt: skip
    assert code == 0
    again = (tmp_path / "2022-Q3/en/public/plan_audit.html").read_text(encoding="utf-8")
    assert frame.stamped(again, "") == frame.stamped(page, "")  # its sisters were not made again


@pytest.fixture(scope="module")
def county(folders):
    return gap.assess(fenghua.load(folders["qinghe"]), as_of="2025").set_index("indicator_id")


@pytest.mark.parametrize(
    ("indicator", "status", "flag"),
    [
        ("output_multiple", "needs_acceleration", ""),
        ("forest_cover", "on_track", "maintain_mode"),
        ("energy_use", "on_track", "floor_in_sight"),
        ("green_factories", "missed", ""),
        ("rd_intensity", "on_track", "about_target"),
        ("tax_rank", "needs_acceleration", ""),
        ("growth_over_city", "missed", ""),
        ("investment_growth", "on_track", ""),
        ("port_containers", "met", ""),
        ("fine_particles", "on_track", "range_target"),
    ],
)
def test_each_kind_of_target_is_judged_as_the_guide_says(county, indicator, status, flag):
    row = county.loc[indicator]
    assert row["status"] == status
    assert flag in row["flags"]


def test_words_without_a_figure_are_shown_and_not_judged(county):
    assert county.loc["gdp_growth", "reason"] == "target_not_quantified"
    assert county.loc["cloud_coverage", "reason"] == "not_due_yet"


def test_paths_start_in_the_base_year_of_their_own_row(county):
    # 1.5 times the output of 2022 in 2025, three of five years on: 1.6 is due.
    assert county.loc["output_multiple", "base_year"] == 2022
    assert county.loc["output_multiple", "path_value"] == pytest.approx(1.6)
    assert county.loc["investment_growth", "base_year"] == 2022


def test_a_plan_with_target_years_of_its_own_names_no_common_year(pages):
    text = seen(pages["qinghe", "en", "gaps"])
    assert "Target years differ between the indicators" in text
    assert "next target" in text and "The 2025 targets" not in text
    assert "At last year’s pace, its target year" in text and "pace, 0" not in text


def test_no_page_names_the_year_nought(pages):
    """Where target years differ a heading that wants one printed 0: reach the 0 target."""
    for place, page in pages.items():
        assert not re.search(r"(?<![\d.,])0年|\bthe 0 |\bto 0[;.]", seen(page)), place


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_sentences_of_a_city_and_its_districts_take_the_same_values(lang):
    """The words for towns are exchanged, the names of what a sentence prints are not."""
    words = Words(lang, "city", "county")
    named = re.compile(r"\{(\w+)")
    for key, row in wording.catalogue().items():
        written = row["en" if lang == "en" else "zh"]
        assert named.findall(words.local(written)) == named.findall(written), key
    towns = {"zh-Hans": "镇街", "en": r"\b[Tt]owns?\b"}[lang]
    for key, spec in columns_of_pages.register().items():
        head = words.local(spec["en" if lang == "en" else "zh"])
        assert not re.search(rf"(?<!\{{){towns}", head), key


def test_english_pages_print_what_a_plan_says_in_the_english_of_its_register(pages):
    english, chinese = (seen(pages["qinghe", lang, "plan_audit"]) for lang in ("en", "zh-Hans"))
    assert "above the city’s average" in english and "高于全市平均水平" not in english
    assert "高于全市平均水平" in chinese and "above the city" not in chinese


def test_binding_and_expected_stand_in_the_list_of_targets(pages):
    text = seen(pages["qinghe", "zh-Hans", "plan_audit"])
    assert "约束性" in text and "预期性" in text


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("gdp_growth,target,2027,,", "gdp_growth,target,2027,高于全市,", "value"),
        ("cloud_coverage,target,2026,", "cloud_coverage,target,2026-06,", "year"),
        ("rd_intensity,target,2027,3,,about", "rd_intensity,target,2027,3,,差不多", "comparator"),
        ("green_factories,target,2024,5,", "green_factories,target,2024,倍增,", "value"),
    ],
)
def test_what_is_entered_in_words_is_refused_with_its_place(tmp_path, old, new, column):
    raw = entered("qinghe", tmp_path)
    path = raw / "plan/targets.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    (found,) = [p for p in dataset.check(raw) if p.severity == "error"]
    assert found.file.endswith("plan/targets.csv") and found.column == column and found.row
    if column != "comparator":
        assert "printed" in found.remedy and "printed" in found.text("zh-Hans")
