"""From an empty folder to the briefs of another plan, without touching code."""

import ast
import csv
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

import fenghua
from fenghua import new_plan, report
from fenghua.analysis import audit, parents
from fenghua.inputs import columns, dataset, registers, template, vocabulary
from tidysheets.units import comparable

ROOT = Path(__file__).parents[1]
PACKAGE = Path(fenghua.__file__).parent

# An invented district with a plan of two indicators; nothing here is real.
PLAN = {
    "plan/sources.csv": [
        {
            "source_id": "qingshi_plan",
            "title": "青石区绿色工厂行动方案（虚构）",
            "publisher": "青石区政府（虚构）",
            "kind": "plan",
        },
        {
            "source_id": "qingshi_bulletin",
            "title": "青石区统计公报（虚构）",
            "publisher": "青石区统计局（虚构）",
            "kind": "published",
        },
    ],
    "plan/plan.csv": [
        {
            "plan_id": "qingshi_2026",
            "title_zh_hans": "青石区绿色工厂行动方案（虚构）",
            "title_zh_hant": "青石區綠色工廠行動方案（虛構）",
            "title_en": "Green factory plan of Qingshi (invented)",
            "document_number": "青政发〔2026〕1号",
            "base_year": 2024,
            "end_year": 2029,
            "area_code": "999901",
            "area_name_zh_hans": "青石区",
            "area_name_zh_hant": "青石區",
            "area_name_en": "Qingshi",
            "source_id": "qingshi_plan",
        }
    ],
    "plan/lead_units.csv": [
        {
            "unit_id": "gongxin",
            "name_zh_hans": "区工信局",
            "name_zh_hant": "區工信局",
            "name_en": "Industry Bureau",
            "source_id": "qingshi_plan",
        }
    ],
    "plan/indicators.csv": [
        {
            "indicator_id": "green_factories",
            "scope": "headline",
            "row_number": 1,
            "block": "quality",
            "kind": "cumulative",
            "direction": 1,
            "unit": "家",
            "is_count": "true",
            "start": "printed",
            "decimals": 0,
            "name_zh_hans": "累计绿色工厂",
            "name_zh_hant": "累計綠色工廠",
            "name_en": "Green factories, cumulative",
            "lead_unit_ids": "gongxin",
            "clause": "表1",
            "source_id": "qingshi_plan",
        },
        {
            "indicator_id": "waste_per_output",
            "scope": "headline",
            "row_number": 2,
            "block": "efficiency",
            "kind": "level",
            "direction": -1,
            "unit": "吨/万元",
            "is_count": "false",
            "start": "printed",
            "decimals": 2,
            "name_zh_hans": "单位产出固废",
            "name_zh_hant": "單位產出固廢",
            "name_en": "Waste per output",
            "lead_unit_ids": "gongxin",
            "clause": "表1",
            "source_id": "qingshi_plan",
        },
    ],
    "plan/targets.csv": [
        {
            "indicator_id": indicator,
            "role": role,
            "year": year,
            "value": value,
            "comparator": "=",
            "printed": value,
            "clause": "表1",
            "source_id": "qingshi_plan",
        }
        for indicator, role, year, value in [
            ("green_factories", "baseline", 2024, 10),
            ("green_factories", "target", 2027, 40),
            ("green_factories", "target", 2029, 60),
            ("waste_per_output", "baseline", 2024, 0.50),
            ("waste_per_output", "target", 2029, 0.40),
        ]
    ],
    "plan/policy_rules.csv": [
        {
            "rule_id": "land_share_min",
            "subject": "land",
            "name_zh_hans": "工业用地占比",
            "name_en": "Share of industrial land",
            "threshold": 30,
            "unit": "%",
            "comparator": ">=",
            "printed": "不低于30%",
            "clause": "四(一)",
            "source_id": "qingshi_plan",
        }
    ],
    "reference/towns.csv": [
        {
            "town_code": f"99990100{number}",
            "name_zh_hans": f"{name}镇",
            "name_zh_hant": f"{name}鎮",
            "name_en": english,
            "kind": "town",
            "tile_row": 0,
            "tile_col": number,
        }
        for number, name, english in [(1, "东石", "Dongshi"), (2, "西石", "Xishi")]
    ],
    "actuals/observations.csv": [
        {
            "indicator_id": indicator,
            "area_code": "999901",
            "period": period,
            "value": value,
            "basis": "cumulative",
            "status": "final",
            "source_id": "qingshi_bulletin",
        }
        for indicator, period, value in [
            ("green_factories", "2025", 22),
            ("waste_per_output", "2025", 0.49),
        ]
    ],
}


# Words of the worked example that no other plan's folder or page may hold.
OF_EXAMPLE = ("奉化", "奉政发", "奉政發", "330213", "Fenghua District", "159.9", "269.8", "表1")


def fill(folder: Path) -> None:
    """Add the rows of the invented plan under the headings that are already there."""
    for name, rows in PLAN.items():
        path = folder / name
        new = pd.DataFrame(rows).astype(str)
        have = new.iloc[:0]  # actual figures come in files of the user's own
        if path.is_file():
            have = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert set(new) <= set(have), name
        joined = pd.concat([have, new]).fillna("")
        if path.stem == "sources":
            joined = joined.sort_values("source_id")
        joined.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


TEMPLATE = ROOT / "data/templates/new_plan"
RAW = ROOT / "data/raw"


@pytest.fixture
def own(tmp_path):
    new_plan.write(tmp_path / "qingshi", registers=RAW)
    return tmp_path / "qingshi" / "data" / "raw"


def test_registers_are_empty_but_for_the_constants_of_the_methods(own):
    filled = {path.stem for path in own.rglob("*.csv") if len(pd.read_csv(path, dtype=str))}
    assert filled == {*new_plan.METHODS, "sources"}


def test_every_heading_is_on_record_and_no_needed_one_is_missing(own):
    tables = columns.schema().tables
    free = {"indicators": {"see_also", "note"}, "policy_rules": {"note"}}
    for name, path in registers.REGISTERS.items():
        if not (own / path).is_file() or name in new_plan.METHODS:
            continue
        with (own / path).open(encoding="utf-8") as file:
            heads = set(next(csv.reader(file)))
        assert heads - free.get(name, set()) <= set(tables[name]), name
        assert {c.name for c in tables[name].values() if c.required} <= heads, name


@pytest.mark.parametrize("guide", ["README.md", "README.zh.md"])
def test_the_guide_defines_every_word_that_a_register_asks_for(guide):
    text = (TEMPLATE / guide).read_text(encoding="utf-8")
    tables = columns.schema().tables
    for name in ("indicators", "targets"):
        for column in tables[name].values():
            assert f"`{column.name}`" in text, column.name
    words = [*vocabulary.KINDS, *vocabulary.COMPARATORS, *vocabulary.NATURES]
    words += [*tables["indicators"]["start"].choices, *vocabulary.TOWN_KINDS, *parents.OBSTACLES]
    assert [word for word in words if f"`{word}`" not in text] == []


WRITTEN = [
    ("plan/indicators.csv", "headline", "主要指标", "scope"),
    ("plan/indicators.csv", "cumulative", "累计", "kind"),
    ("plan/indicators.csv", "level", "水平值", "kind"),
    ("plan/indicators.csv", "printed", "印出的基數", "start"),
    ("plan/targets.csv", "baseline", "基数", "role"),
    ("plan/targets.csv", "=", "≥", "comparator"),
    ("plan/targets.csv", "=", "不少于", "comparator"),
    ("plan/targets.csv", "=", "左右", "comparator"),
    ("plan/sources.csv", "plan", "方案", "kind"),
    ("reference/towns.csv", "town", "镇", "kind"),
]


@pytest.mark.parametrize(("path", "word", "written", "column"), WRITTEN)
def test_words_of_closed_lists_may_be_written_in_chinese(own, path, word, written, column):
    fill(own)
    table = pd.read_csv(own / path, dtype=str, keep_default_na=False)
    assert (table[column] == word).any()
    table[column] = table[column].replace(word, written)
    table.to_csv(own / path, index=False, encoding="utf-8")
    assert [p.text() for p in dataset.check(own) if p.severity == "error"] == []
    name = Path(path).stem
    read = registers.register(own, name, columns.schema(), []).frame
    assert written not in set(read[column]) and set(read[column]) <= set(
        columns.schema().tables[name][column].choices
    )


def test_a_blank_start_or_comparator_means_what_the_guide_says(own):
    """The audit named every baseline of such a plan as no start of its path."""
    fill(own)
    said = []
    for is_blank in (False, True):
        for path, column in (("indicators", "start"), ("targets", "comparator")):
            table = pd.read_csv(own / f"plan/{path}.csv", dtype=str, keep_default_na=False)
            table[column] = (
                table[column].replace(["printed", "="], "") if is_blank else table[column]
            )
            table.to_csv(own / f"plan/{path}.csv", index=False, encoding="utf-8")
        ds = fenghua.load(own)
        assert {*ds.indicators["start"], *ds.targets["comparator"]} == {"printed", "="}
        said.append(audit.findings(ds)["message_key"].tolist())
    assert said[0] == said[1] and "baseline_not_start" not in said[1]


def test_a_word_that_is_not_understood_is_refused_with_the_words_that_are(own):
    fill(own)
    for path, old, new in [
        ("plan/targets.csv", ",=,", ",差不多,"),
        ("plan/indicators.csv", ",efficiency,level,-1,", ",效益,增长,越低越好,"),
    ]:
        text = (own / path).read_text(encoding="utf-8")
        assert old in text
        (own / path).write_text(text.replace(old, new), encoding="utf-8")
    said = {p.column: p for p in dataset.check(own) if p.severity == "error"}
    assert set(said) == {"comparator", "block", "kind", "direction"}
    assert ">= 不低于" in said["comparator"].text("zh-Hans")
    assert "growth 年均增速" in said["kind"].text("zh-Hans")
    assert "phase_out" in said["block"].text("en")
    assert "-1（越低越好）" in said["direction"].text("zh-Hans")


def test_each_chinese_word_means_one_value_of_its_list():
    schema = columns.schema()
    for word in schema.words:
        assert word.value in schema.tables[word.table][word.column].choices, word
        assert schema.meanings[word.table][word.column][comparable(word.written)] == word.value


@pytest.mark.parametrize(("decimals", "printed"), [("", 2.0), ("3", 3.0)])
def test_decimals_left_blank_are_those_of_the_figures(own, decimals, printed):
    fill(own)
    path = own / "plan/indicators.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table["decimals"] = decimals
    table.to_csv(path, index=False, encoding="utf-8")
    targets = own / "plan/targets.csv"
    text = targets.read_text(encoding="utf-8")
    targets.write_text(text.replace(",0.4,", ",0.45,"), encoding="utf-8")
    read = fenghua.load(own).indicators.set_index("indicator_id")["decimals"]
    assert read["waste_per_output"] == printed
    assert read["green_factories"] == (0.0 if decimals == "" else 3.0)


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_a_form_filled_in_with_its_own_drop_downs_reads_back(own, tmp_path, lang):
    fill(own)
    (own / "actuals/observations.csv").unlink()
    form = template.write(own / "actuals/form.xlsx", own, lang=lang)
    book = load_workbook(form)
    sheet = book[template.SHEETS[lang]["observations"]]
    words = (
        ["2025", 22, "家", "累计", "最终"]
        if lang == "zh-Hans"
        else ["2025", 22, "家", "cumulative", "final"]
    )
    area = "青石区" if lang == "zh-Hans" else "Qingshi"
    for place, cell in enumerate([area, *words, "qingshi_bulletin"], start=3):
        sheet.cell(3, place, cell)
    book.save(form)
    (row,) = fenghua.load(own).observations.to_dict("records")
    assert (row["area_code"], row["basis"], row["status"]) == ("999901", "cumulative", "final")


def test_districts_of_a_city_may_be_headed_as_such(own):
    fill(own)
    (own / "actuals/tasks.csv").write_text(
        "指标,区县,任务年份,任务数\n累计绿色工厂,东石镇,2027,20\n", encoding="gb18030"
    )
    tasks = fenghua.load(own).town_tasks
    assert tasks["town_code"].tolist() == ["999901001"]


def test_the_form_has_examples_of_the_plan_itself(own, tmp_path):
    fill(own)
    book = load_workbook(template.write(tmp_path / "form.xlsx", own))
    rows = {sheet.title: [cell.value for cell in sheet[2]] for sheet in book.worksheets[1:-1]}
    assert rows["指标数据"][1:3] == ["累计绿色工厂", "999901"]
    assert "家" in rows["指标数据"] and "累计" in rows["指标数据"]
    assert rows["镇街任务"][1:3] == ["累计绿色工厂", "东石镇"]
    with zipfile.ZipFile(tmp_path / "form.xlsx") as packed:  # notes of cells, too
        texts = [packed.read(name).decode() for name in packed.namelist()]
    assert not [word for word in (*OF_EXAMPLE[:-1], "330283") for text in texts if word in text]


def test_nothing_of_the_worked_example_stands_in_the_folder(own):
    """Constants and other people's schemes are taken over; the example's plan is not."""
    for path in own.parents[1].rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            found = [word for word in OF_EXAMPLE if word in text]
            assert found == [], path.name


def test_after_the_four_tables_nothing_more_is_asked_for(own):
    """What is empty may stay or go: the check is as content either way."""
    fill(own)
    left = [p.text("en") for p in dataset.check(own)]
    for path in sorted(own.rglob("*.csv")):
        if not len(pd.read_csv(path, dtype=str)):
            path.unlink()
    assert [p.text("en") for p in dataset.check(own)] == left == []


def test_constants_keep_their_sources(own):
    known = set(pd.read_csv(own / "plan/sources.csv")["source_id"])
    for name in new_plan.METHODS:
        table = pd.read_csv(own / registers.REGISTERS[name], dtype=str)
        assert set(table.get("source_id", [])) <= known, name


def test_empty_registers_are_refused_in_words(own):
    problems = [p for p in dataset.check(own) if p.severity == "error"]
    assert any("plan.csv" in p.file for p in problems)
    assert all(p.text("en") and p.text("zh-Hans") for p in problems)


# The seventh, per-mu efficiency, needs enterprises and a scheme of the plan's own.
BRIEFS = ["plan_audit", "gaps", "trajectories", "lead_unit_brief"]  # its towns have no figures


def test_from_an_empty_folder_to_briefs(own, tmp_path):
    fill(own)
    assert [p.text("en") for p in dataset.check(own) if p.severity == "error"] == []
    said: list[str] = []
    code = report.report(
        briefs=BRIEFS, data=own, out=tmp_path, jobs=0, notebooks=ROOT / "notebooks",
        echo=said.append, progress=False,
    )  # fmt: skip
    assert code == 0, said
    made = [*(tmp_path / "2025/zh-Hans/public").glob("*.html")]
    assert all(
        re.search('@top-left { content: "[^"]*青石区"', each.read_text("utf-8")) for each in made
    )
    pages = {path.stem: text_of(path) for path in made}
    for name, text in pages.items():  # the figures' own source, where there are figures
        assert ("青石区统计公报（虚构）" in text) == (name != "plan_audit"), name
    assert len(pages) == len(BRIEFS), "one responsible unit"
    assert "累计绿色工厂" in pages["gaps"] and "单位产出固废" in pages["gaps"]
    for page in pages.values():
        assert "青政发〔2026〕1号" in page and "SYNTHETIC" not in page
        assert "奉化" not in page and "330213" not in page
        # In a mail, on paper and among open windows a page says whose it is.
        assert re.search("<title>[^<]*青石区</title>", page)
    index = text_of(tmp_path / "index.html")
    assert "青石区绿色工厂行动方案（虚构） · 青政发〔2026〕1号" in index and "制造业" not in index


def text_of(path: Path) -> str:
    """Return what a reader sees of a page; its footer names the program."""
    page = path.read_text(encoding="utf-8")
    return re.sub(r"<footer>.*|<style>.*?</style>|<script.*?</script>", "", page, flags=re.S)


def test_what_the_two_indicators_say(own):
    from fenghua.analysis import gap

    fill(own)
    assessed = gap.assess(fenghua.load(own), as_of="2025").set_index("indicator_id")
    # 12 of the 30 factories due by 2027 in one of three years; 0.01 of 0.10 in one of five.
    assert assessed.loc["green_factories", "attainment_next"] == pytest.approx(0.4)
    assert assessed.loc["green_factories", "status"] == "on_track"
    assert assessed.loc["waste_per_output", "schedule_index"] == pytest.approx(0.5)
    assert assessed.loc["waste_per_output", "status"] == "insufficient"


def test_a_folder_that_holds_anything_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(FileExistsError, match="not an empty folder"):
        new_plan.write(tmp_path, registers=RAW)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_without_a_worked_example_nothing_is_written(tmp_path):
    with pytest.raises(FileNotFoundError, match="--data"):
        new_plan.write(tmp_path / "new", registers=tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def literals(tree: ast.Module) -> list[str]:
    """Return the texts that a module works with; docstrings are for readers."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


def test_no_module_names_the_district_or_its_towns():
    """The package's own name is all that a module may say of the worked example."""
    registers = ROOT / "data" / "raw"
    towns = pd.read_csv(registers / "reference/towns.csv", dtype=str)
    plan = pd.read_csv(registers / "plan/plan.csv", dtype=str).iloc[0]
    places = {name[:2] for name in towns["name_zh_hans"]} - {"开发"}  # 开发区: anyone's zone
    places |= {plan["area_code"], "奉化", "宁波", "寧波", "浙江", "Ningbo", "Zhejiang"}
    places |= {path.stem for path in (registers / "reference/schemes").glob("*.yaml")}
    wrong = [
        (path.relative_to(PACKAGE).as_posix(), text[:60])
        for path in PACKAGE.rglob("*.py")
        for text in literals(ast.parse(path.read_text(encoding="utf-8")))
        if any(place in text for place in places)
    ]
    assert wrong == []
