"""The package as pip installs it: a wheel, and a folder to work in."""

import errno
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from fenghua import issue, shipped
from fenghua.cli import main
from fenghua.inputs import places

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    place = tmp_path_factory.mktemp("wheel")
    command = ["-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(place)]
    subprocess.run([sys.executable, *command, str(ROOT)], check=True, capture_output=True)
    return next(place.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Run a command of the unpacked wheel in a folder that is not the checkout."""
    place = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place)
    code = (
        f"import sys; sys.path.insert(0, {str(place)!r}); import fenghua;"
        f"assert fenghua.__file__.startswith({str(place)!r});"
        "from fenghua.cli import main; main()"
    )

    def run(*arguments, cwd):
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=cwd,
            env=os.environ | {"PYTHONPATH": str(place)},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    return run


def test_wheel_carries_what_a_folder_needs_and_no_figures_of_a_user(wheel):
    names = {name.removeprefix("fenghua/files/") for name in zipfile.ZipFile(wheel).namelist()}
    notebooks = {f"notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    registers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("plan", "reference", "demo")
        for path in (ROOT / "data/raw" / folder).rglob("*")
        if path.is_file()
    }
    handbooks = {"docs/methods.md", "docs/methods.zh.md"}
    assert notebooks | registers | handbooks <= names
    own = [name for name in names if "raw/actuals/" in name or name.startswith("reports")]
    assert own and all(name.endswith("actuals/README.md") for name in own)


def test_an_installed_package_makes_a_folder_that_runs(installed, tmp_path):
    made = installed("init", "work", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    work = tmp_path / "work"
    made = {".gitignore", "README.md", "data", "notebooks"}
    assert {path.name for path in work.iterdir()} == made
    done = installed("report", "--brief", "gaps", "--as-of", "2023", "--jobs", "0", cwd=work)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith(f"open {Path('reports/index.html')}")
    page = work / "reports/2023/zh-Hans/public/gaps.html"
    assert 'href="../../../methods.zh.html"' in page.read_text(encoding="utf-8")
    assert (work / "reports/methods.zh.html").is_file()
    assert installed("verify", str(page), cwd=tmp_path).returncode == 0
    assert installed("check", cwd=work).returncode == 0


def test_commands_that_need_no_folder_run_anywhere_and_the_others_say_where(installed, tmp_path):
    for command in (["template", "in.xlsx"], ["demo", "figures", "--enterprises", "30"]):
        assert installed(*command, cwd=tmp_path).returncode == 0
    assert installed("new-plan", "own", cwd=tmp_path).returncode == 0
    for command in ("report", "check", "build"):
        done = installed(command, cwd=tmp_path)
        assert done.returncode == 2
        assert "`fenghua init DIR` makes one" in done.stdout + done.stderr
        assert len((done.stdout + done.stderr).strip().splitlines()) == 1


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.mark.parametrize("command", [("template",), ("init",), ("new-plan",), ("demo",)])
@pytest.mark.parametrize("kind", ["file", "folder", "dangling"])
def test_nothing_is_written_over_what_is_there(tmp_path, command, kind):
    target = tmp_path / "mine"
    if kind == "folder":
        target.mkdir()
        (target / "notes.csv").write_text("a\n1\n", encoding="utf-8")
    elif kind == "file":
        target.write_text("mine", encoding="utf-8")
    else:
        target.symlink_to(tmp_path / "nowhere")
    before = sorted((p.name, p.is_file() and p.read_bytes()) for p in tmp_path.rglob("*"))
    done = run(*command, target)
    assert done.exit_code == 2, done.output
    assert sorted((p.name, p.is_file() and p.read_bytes()) for p in tmp_path.rglob("*")) == before


def test_export_refuses_a_file_that_is_there(tmp_path):
    target = tmp_path / "mine.xlsx"
    target.write_text("mine", encoding="utf-8")
    done = run("export", tmp_path / "page.html", target)
    assert done.exit_code == 2
    assert "is there already" in done.output
    assert target.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [("tables.csv", "let its name end in .xlsx"), ("none/a.xlsx", "there is no folder none")],
)
@pytest.mark.parametrize("command", [("export", "page.html"), ("template",)])
def test_a_workbook_has_a_name_that_a_spreadsheet_opens(tmp_path, monkeypatch, command, name, said):
    monkeypatch.chdir(tmp_path)
    done = run(*command, name)
    assert done.exit_code == 2
    assert f"{name}: " in done.output and said in done.output
    assert not list(tmp_path.iterdir())


def test_a_coloured_copy_is_not_put_over_the_file_that_it_copies(tmp_path):
    mine = tmp_path / "in" / "enterprises_2023.csv"
    mine.parent.mkdir()
    mine.write_text("年份,企业名称\n2023,甲\n", encoding="utf-8")
    given = ("--data", ROOT / "data/raw", "--actuals", mine.parent)
    assert run("check", *given, "--fix-report", mine).exit_code == 2
    assert mine.read_text(encoding="utf-8") == "年份,企业名称\n2023,甲\n"


@pytest.mark.parametrize(
    "command", [("template", "in.xlsx"), ("init", "work"), ("new-plan", "own")]
)
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, monkeypatch, command):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for module, name in ((shutil, "copyfile"), (shutil, "copy2"), (os, "fdopen")):
        monkeypatch.setattr(module, name, full)
    monkeypatch.chdir(tmp_path)
    done = run(*command, *([] if command[0] == "init" else ["--data", ROOT / "data/raw"]))
    assert done.exit_code == 2
    assert "No space left on device" in done.output
    assert done.output.strip().endswith("nothing was written")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_room_or_right_is_named_as_the_user_knows_it(tmp_path, monkeypatch):
    def full(source, target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(source), None, str(target))

    def closed(*_, dir, prefix):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), f"{dir}/{prefix}abc")

    monkeypatch.chdir(tmp_path)
    for at, broken in (("shutil.copyfile", full), ("tempfile.mkdtemp", closed)):
        with monkeypatch.context() as patched:
            patched.setattr(at, broken)
            for command in ("init", "new-plan"):
                said = run(command, "own").output
                assert said.startswith(f"{tmp_path}: ") and "Errno" not in said, said
    monkeypatch.setattr("tempfile.mkstemp", closed)
    for out in ("in.xlsx", tmp_path / "in.xlsx"):
        assert run("template", out).output.startswith(f"{tmp_path}: Permission denied: ")


def test_a_demonstration_replaces_an_earlier_one_and_nothing_else(tmp_path):
    assert run("demo", tmp_path / "d", "--enterprises", "30").exit_code == 0
    (tmp_path / "d" / "README.md").write_text("notes", encoding="utf-8")
    extra = tmp_path / "d" / "enterprises_2019.csv"
    extra.write_bytes((tmp_path / "d" / "enterprises_2020.csv").read_bytes())
    assert run("demo", tmp_path / "d", "--enterprises", "30").exit_code == 0
    assert not extra.exists()
    assert (tmp_path / "d" / "README.md").read_text(encoding="utf-8") == "notes"
    own = tmp_path / "d" / "enterprises_2020.csv"
    own.write_text("enterprise_id,source_id\nX,tax_bureau\n", encoding="utf-8")
    done = run("demo", tmp_path / "d", "--enterprises", "30")
    assert done.exit_code == 2
    assert "enterprises_2020.csv is not of a demonstration" in done.output
    assert "tax_bureau" in own.read_text(encoding="utf-8")


def test_build_replaces_its_own_tables_and_no_others(tmp_path):
    out = tmp_path / "processed"
    out.mkdir()
    (out / "targets.csv").write_text("mine", encoding="utf-8")
    data = ("--data", ROOT / "data/raw", "--actuals", ROOT / "data/raw/demo")
    done = run("build", *data, "--out", out)
    assert done.exit_code == 2
    assert "targets.csv was not made by fenghua build" in done.output
    assert (out / "targets.csv").read_text(encoding="utf-8") == "mine"
    (out / "targets.csv").rename(out / "mine.csv")
    assert run("build", *data, "--out", out).exit_code == 0
    assert run("build", *data, "--out", out).exit_code == 0
    assert (out / "mine.csv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("named", "lang"),
    [
        ("zh_CN.UTF-8", "zh-Hans"),
        ("zh_TW.UTF-8", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("en_GB.UTF-8", "en"),
        ("de_DE.UTF-8", "en"),
        ("C.UTF-8", "zh-Hans"),
    ],
)
def test_messages_speak_the_language_of_the_system(monkeypatch, tmp_path, named, lang):
    from fenghua import cli

    monkeypatch.setenv("LC_ALL", named)
    assert cli._language() == lang


def test_what_is_shipped_is_found_in_a_checkout_too():
    assert {path.name for path in places.shipped("notebooks").glob("*.ipynb")} >= {"02_gaps.ipynb"}
    assert issue.folder_of_notebooks(None).is_dir()


def test_every_part_of_a_working_folder_is_there():
    parts = [*shipped.PARTS, *shipped.BESIDE.values()]
    assert [part for part in parts if not places.shipped(part).exists()] == []
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]
    packed = wheel["build"]["targets"]["wheel"]["include"]
    assert [part for part in packed if not any(ROOT.glob(part))] == []
