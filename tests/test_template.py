import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

import fenghua
from fenghua.inputs import columns, dataset, template
from tidysheets import coloured as fix_report
from tidysheets import form, problems

RAW = Path(__file__).parents[1] / "data" / "raw"
FILLED = {
    "observations": {
        "indicator_id": "tax_per_mu", "area_code": "330213", "period": "2023-06", "value": 163.5,
        "published_on": "2023-07-20", "source_id": "plan_2022_14",
    },
    "enterprises": {
        "year": 2023, "enterprise_id": "91110000600037341L", "name": "甲厂", "town_code": "330213001",  # noqa: E501
        "industry_code": "0610", "is_above_scale": "是", "is_district_owned": "no", "land_mu": 25.5,
        "tax_wan": 520.25, "electricity_mwh": 0.1, "established_year": 1998,
    },
    "town_reports": {"indicator_id": "tax_per_mu", "town_code": "330213100", "period": "2023-Q2", "value": 21.5},  # noqa: E501
    "town_tasks": {"indicator_id": "tax_per_mu", "town_code": "330213100", "year": 2025, "value": 30},  # noqa: E501
    "adjustments": {"year": 2023, "enterprise_id": "91110000600037341L", "grade": "D", "action": "veto", "reason": "事故"},  # noqa: E501
}  # fmt: skip


def filled(path, lang, tables=tuple(FILLED)):
    template.write(path, RAW, lang=lang)
    book = openpyxl.load_workbook(path)
    for name, table in zip(book.sheetnames[1:], template.SHEETS[lang], strict=False):
        if table not in tables:
            continue
        sheet = book[name]
        places = {cell.value: cell.column for cell in sheet[1]}
        line = next(i for i in range(3, 999) if not sheet.cell(i, 2).value)  # beneath those begun
        for column, value in FILLED[table].items():
            sheet.cell(line, places[columns.schema().tables[table][column].label(lang)], value)
    book.save(path)


@pytest.mark.parametrize("table", FILLED)
def test_sheets_of_the_form_that_stay_empty_hinder_none(tmp_path, table):
    filled(tmp_path / "a.xlsx", "zh-Hans", tables=(table,))
    assert all(problem.severity == "warning" for problem in dataset.check(RAW, tmp_path))


def assert_reads_back(folder):
    ds = fenghua.load(RAW, folder)
    for table, wanted in FILLED.items():
        frame = getattr(ds, table)
        assert len(frame) == 1
        for column, value in wanted.items():
            expected = {"是": True, "no": False}.get(value, value)
            assert frame[column].iloc[0] == expected, (table, column)
    assert {problem.code for problem in ds.warnings} == {"example_row"}


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_a_filled_template_reads_back(tmp_path, lang):
    filled(tmp_path / "in.xlsx", lang)
    assert_reads_back(tmp_path)


def test_an_untouched_template_is_no_data_but_no_error(tmp_path):
    template.write(tmp_path / "in.xlsx", RAW)
    ds = fenghua.load(RAW, tmp_path)
    assert all(getattr(ds, table).empty for table in template.SHEETS["en"])


def test_the_template_offers_lists_notes_and_one_example(tmp_path):
    book = openpyxl.load_workbook(template.write(tmp_path / "in.xlsx", RAW))
    sheet = book["企业"]
    assert sheet["A2"].value == "示例"
    assert len(sheet.data_validations.dataValidation) >= 5
    assert sheet["C1"].comment
    assert book["_lists"].sheet_state == "hidden"


@pytest.mark.parametrize(
    ("lang", "words"), [("zh-Hans", "溪口镇 累计 一票否决 是"), ("en", "veto yes")]
)
def test_the_drop_downs_speak_the_users_language(tmp_path, lang, words):
    book = openpyxl.load_workbook(template.write(tmp_path / "in.xlsx", RAW, lang=lang))
    offered = {cell.value for column in book["_lists"].columns for cell in column} - {None}
    assert set(words.split()) <= offered
    assert not offered & ({"veto", "yes"} if lang == "zh-Hans" else {"是"})


def test_the_plans_indicators_stand_in_the_form_with_their_units(tmp_path):
    book = openpyxl.load_workbook(template.write(tmp_path / "in.xlsx", RAW))
    lines = [[cell.value for cell in line] for line in book["指标数据"].iter_rows(min_row=3)]
    begun = [(line[1], line[5]) for line in lines if line[1]]
    assert len(begun) == len(set(begun)) == len(fenghua.load(RAW).indicators)
    assert ("规上工业亩均税收", "万元/亩") in begun


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("zh-Hans", ("累计淘汰落后产能企业", "家", "锦屏街道")),
        ("en", ("Firms with outdated capacity closed, cumulative", "家", "Jinping Subdistrict")),
    ],
)
def test_the_example_is_what_one_would_fill_in(tmp_path, lang, wanted):
    book = openpyxl.load_workbook(template.write(tmp_path / "in.xlsx", RAW, lang=lang))
    observed, reported = book.worksheets[1], book.worksheets[3]
    assert (observed["B2"].value, observed["F2"].value, reported["C2"].value) == wanted


def test_a_row_with_a_period_and_no_value_is_corrected_as_told(tmp_path):
    path = template.write(tmp_path / "in.xlsx", RAW)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    sheet["D3"], sheet["D4"], sheet["E4"] = "2023", "2023", "约165"
    book.save(path)
    with pytest.raises(problems.InputError) as refused:
        fenghua.load(RAW, tmp_path)
    assert all(
        "填“—”" in problem.text()
        for problem in refused.value.problems
        if problem.severity == "error"
    )
    sheet["E3"], sheet["E4"] = "—", "—"
    book.save(path)
    assert fenghua.load(RAW, tmp_path).observations.empty


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_every_word_of_the_drop_downs_reads_back(tmp_path, lang):
    path = template.write(tmp_path / "in.xlsx", RAW, lang=lang)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    places = {cell.value: cell.column for cell in sheet[1]}
    own = columns.schema().tables["observations"]
    codes = fenghua.load(RAW).indicators["indicator_id"].tolist()
    for line in range(3, 3 + len(codes)):
        for name, value in [("period", "2023"), ("value", 1)]:
            sheet.cell(line, places[own[name].label(lang)], value)
        for name, words in [("status", ["初步", "preliminary"]), ("basis", ["累计", "cumulative"])]:
            sheet.cell(line, places[own[name].label(lang)], words[lang == "en"])
    book.save(path)
    read = fenghua.load(RAW, tmp_path).observations
    assert read["indicator_id"].tolist() == codes
    assert set(read["status"]) == {"preliminary"}
    assert set(read["basis"]) == {"cumulative"}


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_saved_by_libreoffice_it_reads_back_exactly(tmp_path, suffix):
    office = shutil.which("soffice")
    filled(tmp_path / "in.xlsx", "zh-Hans")
    if not office:  # then the file as written stands in, so that the reading is still tested
        (tmp_path / "out").mkdir()
        shutil.copy(tmp_path / "in.xlsx", tmp_path / "out")
    else:
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", suffix, "--outdir"]
        command += [str(tmp_path / "out"), str(tmp_path / "in.xlsx")]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    assert_reads_back(tmp_path / "out")


def test_the_fix_report_marks_each_cell_and_runs_nothing(tmp_path):
    (tmp_path / "a.csv").write_text(
        '年份,统一社会信用代码,企业名称,用地面积(亩),实缴税金(万元)\n2023,A1,"=HYPERLINK(1)",-5,=1+1\n',
        encoding="utf-8",
    )
    found = dataset.check(RAW, tmp_path / "a.csv")
    book = openpyxl.load_workbook(
        fix_report.write(tmp_path / "fix.xlsx", found, [tmp_path / "a.csv"])
    )
    sheet = book["a"]
    assert "大于 0" in sheet["D2"].comment.text
    assert sheet["D2"].fill.fgColor.rgb.endswith("F4B6B6")
    assert not [c for page in book for row in page for c in row if c.data_type == "f"]
    assert len(book.worksheets[0]["A"]) == len(found)


def test_at_most_twenty_of_a_kind_are_listed_and_the_rest_counted():
    same = [problems.make("not_number", "a.csv", row=i, column="x", found="?") for i in range(30)]
    lines = problems.report(same, "en").splitlines()
    assert (len(lines), lines[-1]) == (21, "... and 10 more of this kind")
    assert "另有 10 处" in problems.report(same)
    notes = [problems.make("magnitude", f"{i}.csv", unit="亩", read="1") for i in range(30)]
    assert len(problems.report(notes, "en").splitlines()) == 4


def test_names_in_a_form_are_no_formulas(tmp_path):
    begun = {"observations": [{"indicator_id": "=cmd()"}]}
    sheets, names = {"observations": "甲"}, {"indicators.indicator_id": ["=cmd()"]}
    form.write(tmp_path / "a.xlsx", columns.schema(), sheets, names, begun=begun)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
