"""What ``fenghua check`` says at its end, and how commands end when something runs out."""

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from fenghua import processed
from fenghua.cli import main
from fenghua.inputs import dataset
from tidysheets import problems, signs

RAW = Path(__file__).parents[1] / "data" / "raw"
FIRM = (
    "2023,9133028{i:011d},330213001,是,2710,{land},{tax},{added},9000,300,50,120,800,{emission}\n"
)
HEADINGS = (
    "年份,统一社会信用代码,镇街代码,是否规上,行业代码,用地面积(亩),实缴税金(万元),增加值(万元),"
    "营业收入(万元),研发费用(万元),从业人员(人),综合能耗(吨标准煤),用电量(兆瓦时),污染物排放量(吨)\n"
)


def run(*arguments, **environment):
    runner = CliRunner(env={"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", **environment})
    return runner.invoke(main, [str(part) for part in arguments])


def firms(folder, count, *, emission="1.5"):
    folder.mkdir(exist_ok=True)
    lines = [
        FIRM.format(i=i, land=10 + i, tax=100 + i, added=500 + i, emission=emission)
        for i in range(count)
    ]
    text = HEADINGS + "".join(lines)
    (folder / "enterprises.csv").write_text(text, encoding="utf-8")
    return folder


def last_lines(folder, lang, count=3):
    done = run("check", "--data", RAW, "--actuals", folder, "--lang", lang)
    assert done.exit_code == 0, done.output
    return done.output.splitlines()[-count:]


def test_check_ends_with_what_was_read_and_what_it_is_enough_for(tmp_path):
    said = last_lines(firms(tmp_path / "a", 40), "en")
    assert said == [
        "no figures of indicators: the pages on gaps and paths have nothing to show",
        "40 enterprises (2023): all have a class",
        "no figures of towns: their pages have the enterprises at most",
    ]
    assert said[-1] in (RAW.parents[1] / "docs/howto/own-figures.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("heading", ["从业人数", "从业人员数", "用工人数", "员工人数"])
def test_employees_are_read_under_the_names_that_offices_give_them(tmp_path, heading):
    file = firms(tmp_path / "a", 5) / "enterprises.csv"
    text = file.read_text(encoding="utf-8").replace("从业人员", heading)
    file.write_text(text, encoding="utf-8")
    assert (dataset.load(RAW, tmp_path / "a").enterprises["employees"] == 50).all()


def test_check_names_what_is_missing_for_all(tmp_path):
    folder = firms(tmp_path / "a", 40, emission="")
    assert (
        last_lines(folder, "zh-Hans")[1] == "40 家企业（2023 年）：没有档次，缺污染物排放量（全部）"
    )
    english = last_lines(folder, "en")[1]
    assert english.startswith("40 enterprises (2023): no classes, ")
    assert english.endswith(" is missing for all")
    assert "沒有檔次" in last_lines(folder, "zh-Hant")[1]


def test_check_counts_indicators_years_and_towns(tmp_path):
    (tmp_path / "observations.csv").write_text(
        "指标编号,地区代码,期间,数值,口径\n"
        "tax_per_mu,330213,2022,30,annual\ntax_per_mu,330213,2023,31,annual\n"
        "value_added_rate,330213,2023-06,21,annual\n",
        encoding="utf-8",
    )
    (tmp_path / "town_reports.csv").write_text(
        "指标编号,镇街代码,期间,数值\noutdated_capacity_closed,330213100,2023-06,3\n",
        encoding="utf-8",
    )
    lines = last_lines(tmp_path, "en")
    assert lines[0] == "read 2 indicators x 2 years (2022–2023), 3 figures"
    assert lines[2] == "1 town x 1 indicator (newest 2023-06)"


def test_nothing_is_said_to_be_enough_while_there_are_errors(tmp_path):
    (tmp_path / "observations.csv").write_text("指标编号,期间,数值\nno_such,2023,1\n", "utf-8")
    done = run("check", "--data", RAW, "--actuals", tmp_path, "--lang", "en")
    assert done.exit_code == 2
    assert done.output.splitlines()[-1] == "nothing can be used until the errors are corrected"


def test_a_first_check_of_the_shipped_data_fits_a_screen():
    done = run("check", "--data", RAW)
    assert done.exit_code == 0
    assert len(done.output.splitlines()) <= 10


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "个错误"),
        ({"LANG": "zh_TW.UTF-8"}, "個錯誤"),
        ({"LANG": "en_GB.UTF-8"}, "errors"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "errors"),
        ({"LANG": "C.UTF-8"}, "个错误"),
    ],
)
def test_the_language_follows_the_system(tmp_path, variables, word):
    assert word in run("check", "--data", RAW, "--actuals", tmp_path, **variables).output


def test_a_scheduler_that_says_no_language_gets_chinese():
    code = "from fenghua import cli; print(cli._language())"
    silent = {key: value for key, value in os.environ.items() if key[:3] not in ("LC_", "LAN")}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=silent)
    assert told.stdout.strip() == "zh-Hans"


NASTY = "a\x1b[2Jb\u202ec\u2066d\x9be\u200f\U000e0041"


def test_signs_that_steer_a_terminal_are_shown_spelled_out(tmp_path):
    path = tmp_path / f"{NASTY}.csv"
    path.write_text(f"指标编号,期间,数值\n{NASTY},2023,1\n", encoding="utf-8")
    for options in ([], ["--json"]):
        done = run("check", "--data", RAW, "--actuals", tmp_path, *options)
        assert signs.harmless(done.output.replace("\n", "")) == done.output.replace("\n", "")
        assert "\\u001b[2J" in done.output and "\\u202e" in done.output
    assert any(NASTY in problem["file"] for problem in json.loads(done.output))
    missing = run("check", "--data", RAW, "--actuals", tmp_path / f"{NASTY}.xlsx")
    assert "\x1b" not in missing.output and "\\u001b" in missing.output


def test_lines_of_a_run_reach_its_log_at_once_and_steer_no_terminal(monkeypatch):
    said = {}
    monkeypatch.setattr("fenghua.report.report", lambda **given: said.update(given) or 0)
    run("report")
    log = io.TextIOWrapper(io.BytesIO())  # as a file of the system: what is not flushed waits
    with redirect_stdout(log):
        said["echo"](NASTY)
        assert b"a\\u001b[2Jb" in log.buffer.getvalue()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without /dev/full")
def test_a_run_goes_on_whose_log_is_full_and_ends_by_saying_so(monkeypatch):
    said = {}
    monkeypatch.setattr("fenghua.report.report", lambda **given: said.update(given) or 0)
    run("report")
    with Path("/dev/full").open("w") as full, redirect_stdout(full):
        said["echo"]("a page")
        with pytest.raises(OSError, match="No space left"):  # the end of the command tells it
            full.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


def test_an_error_of_a_library_user_is_harmless_too():
    with pytest.raises(problems.InputError) as error:
        raise problems.InputError([problems.make("file_missing", NASTY)])
    assert "\x1b" not in str(error.value) and "\u202e" not in str(error.value)


FOLDED = "a0: &a0 {k: 1}\n" + "".join(
    f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 10)}]}}\n" for i in range(1, 12)
)


@pytest.mark.parametrize(
    "nest",
    [
        *("[" * 20_000, "{a: " * 20_000, "- " * 20_000, FOLDED, "a: &a {b: *a}"),
        *("a: 2023-13-45", f"a: {'1' * 5000}"),
    ],
)
def test_deep_yaml_is_refused_in_a_sentence(tmp_path, nest):
    for part in ("plan", "reference"):
        shutil.copytree(RAW / part, tmp_path / part)
    (tmp_path / "reference" / "schemes" / "deep.yaml").write_text(nest, encoding="utf-8")
    found = [p for p in dataset.check(tmp_path, RAW / "demo") if p.severity == "error"]
    assert [(p.code, Path(p.file).name) for p in found] == [("yaml_syntax", "deep.yaml")]


def process(*arguments, stdout, before="", **options):
    code = f"import sys\n{before}\nfrom fenghua.cli import main\nmain({list(arguments)!r})"
    return subprocess.run(
        [sys.executable, "-c", code],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **options,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without /dev/full")
def test_a_full_output_ends_in_a_sentence(tmp_path):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = process("check", "--data", str(RAW), "--actuals", str(tmp_path), stdout=full)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "fenghua: the output cannot be written: No space left on device"
    ]


def test_a_closed_output_ends_in_a_sentence(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    done = process("check", "--data", str(RAW), "--actuals", str(tmp_path), stdout=writer)
    os.close(writer)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    closed = process(
        "check", "--data", str(RAW), stdout=subprocess.DEVNULL, before="sys.stdout = None"
    )
    assert closed.returncode == 2
    assert closed.stderr.splitlines() == [
        "fenghua: the output cannot be written: standard output is closed"
    ]


def test_too_little_memory_ends_in_a_sentence(monkeypatch):
    def hungry(*_):
        raise MemoryError

    monkeypatch.setattr(dataset, "examined", hungry)
    done = run("check", "--data", RAW)
    assert done.exit_code == 2
    assert "too little memory" in done.output


def test_no_text_of_a_processed_table_is_a_formula():
    nasty = ["=1+1", "+1-1", "-1+1", "@SUM(A1)", "\t=1", "-5%", "-", "税收"]
    frame = pd.DataFrame({"name": nasty, "value": -1.5, "is_a": True})
    written = processed._as_text("observations", frame)
    assert written["name"].tolist() == [
        "'=1+1", "'+1-1", "'-1+1", "'@SUM(A1)", "'\t=1", "-5%", "-", "税收",
    ]  # fmt: skip
    assert written["value"].tolist() == frame["value"].tolist()
    codes = pd.DataFrame({"comparator": ["=", ">="], "note": ["=1", ">="]})
    assert processed._as_text("targets", codes)["comparator"].tolist() == ["=", ">="]
    assert processed._as_text("targets", codes)["note"].tolist() == ["'=1", ">="]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            ["规上企业名录.csv, column District-owned", "read as no", "as the Town of", "实缴税金"],
        ),
        ("zh-Hans", ["规上企业名录.csv，列“是否区属”", "按“否”处理", "的“所属镇街”", "实缴税金"]),
        ("zh-Hant", ["规上企业名录.csv，列“是否區屬”", "按“否”處理", "的“所屬鎮街”", "实缴税金"]),
    ],
)
def test_a_message_names_what_is_ours_in_its_language_and_the_users_words_as_they_stand(
    tmp_path, lang, said
):
    text = "2023年,,,\n统一社会信用代码,企业名称,用地面积,实缴税金\n一、溪口镇,,,\nA1,甲,3,许多\n"
    (tmp_path / "规上企业名录.csv").write_text(text, encoding="utf-8")
    done = run("check", "--data", RAW, "--actuals", tmp_path, "--lang", lang)
    assert done.exit_code == 2
    assert [part for part in said if part not in done.output] == []
    other = ["column 是否区属", "/ no", "規上企業", "實繳稅金”，填", "應爲"]
    assert [part for part in other if part in done.output] == []


def test_a_file_that_fits_no_table_is_named_with_its_first_row(tmp_path):
    (tmp_path / "a.csv").write_text(",\n单位名称,金额\n甲,3\n", encoding="utf-8")
    done = run("check", "--data", RAW, "--actuals", tmp_path, "--lang", "en")
    assert 'error: a.csv, found "单位名称 金额"; allowed: a header that fits' in done.output
