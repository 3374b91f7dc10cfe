"""The commands do what the README says, and refuse in words."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from fenghua.cli import main

ROOT = Path(__file__).parents[1]
DATA = str(ROOT / "data" / "raw")


def run(*arguments: str):
    return CliRunner().invoke(main, [str(item) for item in arguments])


def test_check_of_the_repository_finds_no_error() -> None:
    done = run("check", "--data", DATA, "--lang", "en")
    assert done.exit_code == 0
    assert "fenghua check: 0 errors" in done.output and "raw/demo" in done.output
    assert "0 个错误" in run("check", "--data", DATA).output


def test_check_names_row_column_and_remedy_and_exits_2(tmp_path) -> None:
    bad = tmp_path / "observations.csv"
    bad.write_text(
        "indicator_id,area_code,period,value,unit,basis,status,source_id,note,published_on\n"
        "tax_per_mu,330213,2023-13,166,万元/亩,annual,final,synthetic_demo,,\n"
        "no_such,330213,2023,166,万元/亩,annual,final,synthetic_demo,,\n",
        encoding="utf-8",
    )
    done = run("check", "--data", DATA, "--actuals", tmp_path, "--lang", "en")
    assert done.exit_code == 2
    assert "2023-13" in done.output and "no_such" in done.output
    found = json.loads(run("check", "--data", DATA, "--actuals", tmp_path, "--json").output)
    assert {problem["row"] for problem in found if problem["severity"] == "error"} == {2, 3}


def test_fix_report_colours_the_faulty_cells(tmp_path) -> None:
    folder = tmp_path / "actuals"
    folder.mkdir()
    (folder / "observations.csv").write_text(
        "indicator_id,area_code,period,value,unit,basis,status,source_id\n"
        "tax_per_mu,330213,2023,abc,万元/亩,annual,final,synthetic_demo\n",
        encoding="utf-8",
    )
    for lang, title in (("zh-Hans", "问题"), ("zh-Hant", "問題"), ("en", "Problems")):
        out, asked = tmp_path / f"{lang}.xlsx", ["--data", DATA, "--actuals", folder]
        done = run("check", *asked, "--lang", lang, "--fix-report", out)
        assert done.exit_code == 2
        assert openpyxl.load_workbook(out).sheetnames[0] == title


def test_fix_report_keeps_two_long_names_apart(tmp_path) -> None:
    book = openpyxl.Workbook()
    for name in ("一", "二"):
        sheet = book.create_sheet("规上工业企业亩均效益基础数据表" + name)
        sheet.append(["指标", "期间", "数值"])
        sheet.append([2, 2023, "五"])
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / "2023年度奉化区规模以上工业企业基础数据汇总.xlsx")
    out = tmp_path / "fix.xlsx"
    assert run("check", "--data", DATA, "--actuals", tmp_path / "in", "--fix-report", out).exit_code
    read = openpyxl.load_workbook(out)
    assert [max(len(name), 31) for name in read.sheetnames] == [31] * 3
    assert all(read[name]["C2"].comment for name in read.sheetnames[1:])


def test_template_and_demo_write_what_they_promise(tmp_path) -> None:
    assert run("template", tmp_path / "in.xlsx", "--data", DATA).exit_code == 0
    done = run("demo", tmp_path / "demo", "--enterprises", "50", "--data", DATA)
    assert done.exit_code == 0
    assert (tmp_path / "demo" / "observations.csv").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "--brief", "no_such"),
        ("report", "--as-of", "2023-13"),
        ("report", "--lang", "fr"),
        ("report", "--town", "123"),
        ("report", "--lead-unit", "nobody"),
        ("report", "--actuals", "no/such/folder"),
        ("template", "no/such/folder/x.xlsx"),
        ("demo", "x", "--enterprises", "0"),
        ("verify", "no-such-page.html"),
        ("report", "--out", ""),  # a variable of a script that was never set
        ("report", "--actuals", ""),
        ("report", "--dask", ""),
        ("build", "--data", DATA, "--out", ""),
        ("check", "--data", ""),
        ("demo", "x", "--seed", "-1"),
        ("nonsense",),
    ],
)
def test_bad_usage_exits_2_without_a_traceback(arguments, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    extra = ("--data", DATA) if arguments[0] in ("report", "template", "demo") else ()
    done = run(*arguments, *extra)
    assert done.exit_code == 2, done.output
    assert "Traceback" not in done.output
    assert not list(tmp_path.rglob("*"))


def test_a_folder_of_pages_that_leads_to_itself_is_refused(tmp_path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for command in ("report", "build"):
        done = run(command, "--data", DATA, "--out", tmp_path / "loop")
        assert (done.exit_code, "Traceback" in done.output) == (2, False), done.output
        assert "loop" in done.output


@pytest.mark.parametrize("command", ["report", "build"])
@pytest.mark.parametrize("folder", ["raw", "raw/actuals", "raw/reference/a", "ours", "ours/a"])
def test_nothing_is_built_among_the_inputs(command, folder, tmp_path) -> None:
    shutil.copytree(DATA, tmp_path / "raw")
    shutil.copytree(f"{DATA}/demo", tmp_path / "ours")
    before = sorted(tmp_path.rglob("*"))
    inputs = ["--data", tmp_path / "raw", "--actuals", tmp_path / "ours"]
    done = run(command, *inputs, "--out", tmp_path / folder)
    assert (done.exit_code, sorted(tmp_path.rglob("*"))) == (2, before)
    assert "among the inputs" in done.output


def test_faulty_figures_do_not_keep_the_template_away(tmp_path) -> None:
    import shutil

    data = tmp_path / "raw"
    for part in ("plan", "reference"):
        shutil.copytree(Path(DATA) / part, data / part)
    (data / "actuals").mkdir()
    (data / "actuals" / "observations.csv").write_text(
        "indicator_id,area_code,period,value\nno_such,330213,2023,abc\n", encoding="utf-8"
    )
    assert run("check", "--data", data).exit_code == 2
    assert run("template", tmp_path / "in.xlsx", "--data", data).exit_code == 0


def test_an_interrupt_that_meets_a_callback_of_python_is_not_lost() -> None:
    code = (
        "import signal, sys, time, weakref\n"
        "from fenghua import cli\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Module: pass\n"
        "def slow(**_):\n"
        "    module = Module()\n"
        "    kept = weakref.ref(module, lambda _: signal.raise_signal(signal.SIGINT))\n"
        "    del module  # as the lock of a module that has been imported\n"
        "    time.sleep(20)\n"
        "cli.main.commands['demo'].callback = slow\n"
        "cli.main(['demo', 'x'])\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=15)
    assert (ended.returncode, ended.stderr.strip()) == (1, "Aborted!")


def test_a_file_in_a_folders_place_and_a_page_that_is_not_there_are_refused_in_words(tmp_path):
    taken = tmp_path / "notes.md"
    taken.write_text("mine", encoding="utf-8")
    for asked, said in (
        (("build", "--data", DATA, "--out", taken), "is a file; --out names the folder"),
        (("export", tmp_path / "gone.html", tmp_path / "x.xlsx"), "there is no page"),
        (("export", tmp_path, tmp_path / "x.xlsx"), "there is no page"),
        (("verify", tmp_path / "gone.html"), "there is no such file"),
        (("verify", tmp_path), "it is a folder"),
        (("check", "--data", taken), "a file; allowed: a folder with plan and reference"),
        (
            ("check", "--data", tmp_path, "--lang", "en"),
            "allowed: a folder with plan and reference",
        ),
        (("check", "--data", f"{DATA}/plan", "--lang", "en"), f"did you mean {DATA}?"),
        (("demo", tmp_path / "x", "--data", tmp_path), "has no plan/indicators.csv; give a folder"),
    ):
        done = run(*asked)
        assert done.exit_code == 2
        assert said in done.output, asked
        assert "Errno" not in done.output
    assert taken.read_text(encoding="utf-8") == "mine"
