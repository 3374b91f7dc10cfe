import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbformat.v4 import new_code_cell

import fenghua
from briefpress import fingerprint, manifest, worker
from briefpress.build import How
from fenghua import annexes, issue, plans
from fenghua import report as command
from fenghua.house import PRESS
from fenghua.inputs import places

TODAY = date(2026, 3, 1)
NOTEBOOKS = Path(__file__).parent / "notebooks"
FACTS = issue.Facts(
    made_from="",
    key="",
    titles={"title_zh_hans": "某方案", "title_en": "A plan"},
    periods=["2024", "2025"],
    first_year=2020,
    last_year=2025,
    towns={"330213001": "street", "330213100": "town", "330213-kfq": "zone"},
    lead_units=["fagai", "jingxin", "idle"],
    names={"330213001": "锦屏街道", "330213100": "溪口镇", "330213-kfq": "开发区"}
    | {"fagai": "区发改局", "jingxin": "区经信局", "idle": "区某局"},
    busy_units=["fagai", "jingxin"],
    enterprise_years=[],
    edition_refused="",
    is_synthetic=True,
    source="demo",
    has=["observations", "towns"],
)
PAGES = {
    "plain.html",
    "towns-330213001.html",
    "towns-330213100.html",
    "units-fagai.html",
    "units-jingxin.html",
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working folder with three notebooks, a data folder, and facts that need no reading."""
    (tmp_path / "notebooks").mkdir()
    for path in NOTEBOOKS.glob("0*.ipynb"):
        shutil.copy(path, tmp_path / "notebooks")
    for folder in ("plan", "reference", "demo"):
        (tmp_path / "data" / folder).mkdir(parents=True)
        (tmp_path / "data" / folder / "a.csv").write_text("a\n1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def facts(data, actuals, *more):
        named = {str(path): path for path in fingerprint.files(data)}
        return replace(FACTS, made_from=fingerprint.of_files(named))

    monkeypatch.setattr(command, "_facts", facts)
    return tmp_path


def report(**options):
    lines = []
    given = {
        "data": "data",
        "jobs": 1,
        "progress": False,
        "echo": lines.append,
        "today": TODAY,
    } | options
    code = command.report(**given)
    return code, lines


def add(place, name, *, as_name=None):
    shutil.copy(NOTEBOOKS / f"{name}.ipynb", place / "notebooks" / f"{as_name or name}.ipynb")


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_every_brief_is_written_then_manifest_and_index(place):
    code, lines = report()
    assert code == 0
    folder = place / "reports" / "2025" / "zh-Hans" / "public"
    assert {path.name for path in folder.iterdir()} == PAGES
    rows = json.loads((place / "reports" / "manifest.json").read_text(encoding="utf-8"))["pages"]
    assert set(rows) == {f"2025/zh-Hans/public/{name}" for name in PAGES}
    index = (place / "reports" / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}"' in index for name in rows)
    assert "5 written, 0 unchanged, 0 failed" in lines[-1]
    assert "as of 2025; SYNTHETIC DEMO DATA in demo; open reports/index.html" in lines[-1]
    assert [line.split("]")[0] for line in lines[:-1]] == [f"[{n}/5" for n in range(1, 6)]


def test_a_town_that_is_none_is_answered_with_codes_and_names(place):
    code, lines = report(town="溪口镇")
    assert code == 2
    listed = "330213001 锦屏街道, 330213100 溪口镇, 330213-kfq 开发区"
    assert lines == [f"town is '溪口镇'; allowed: {listed}"]


def test_nothing_to_do_starts_no_process(place, monkeypatch):
    report()
    before = tree(place / "reports")
    monkeypatch.setattr(worker, "Helper", None)
    code, lines = report()
    assert code == 0
    assert "0 written, 5 unchanged" in lines[-1]
    assert tree(place / "reports") == before


def changed_notebook(place):
    path = place / "notebooks" / "01_plain.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("Purpose", "Aim"), encoding="utf-8")


def changed_page(place):
    path = place / "reports/2025/zh-Hans/public/plain.html"
    path.write_text(path.read_text(encoding="utf-8")[:-9], encoding="utf-8")


def lost_page(place):
    (place / "reports/2025/zh-Hans/public/plain.html").unlink()


def changed_data(place):
    (place / "data/demo/a.csv").write_text("a\n2\n", encoding="utf-8")


def lost_manifest(place):
    (place / "reports/manifest.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "written"),
    [
        (changed_notebook, 1),
        (changed_page, 1),
        (lost_page, 1),
        (changed_data, 5),
        (lost_manifest, 5),
    ],
)
def test_only_what_a_change_touches_is_rebuilt(place, change, written):
    report()
    change(place)
    assert f"{written} written, {5 - written} unchanged" in report()[1][-1]
    assert "0 written, 5 unchanged" in report()[1][-1]


def test_notes_and_lock_files_beside_the_data_change_nothing(place):
    report()
    for name in ("README.md", "~$a.xlsx", ".DS_Store"):
        (place / "data" / "demo" / name).write_text("x", encoding="utf-8")
    assert "0 written, 5 unchanged" in report()[1][-1]


def test_what_lies_beside_the_briefs_is_made_once_and_made_anew_where_it_is_cut_off(place):
    (place / "data/plan/plan.txt").write_text("方案 <一>", encoding="utf-8")
    report()
    page = place / "reports/plan.html"
    whole, made = page.read_bytes(), page.stat().st_mtime_ns
    assert "方案 &lt;一&gt;" in whole.decode()
    report()
    assert page.stat().st_mtime_ns == made
    page.write_bytes(whole[:-40])
    report()
    assert page.read_bytes() == whole
    (place / "data/plan/plan.txt").write_text("方案二", encoding="utf-8")
    report()
    assert "方案二" in page.read_text(encoding="utf-8")


def test_a_table_of_the_plans_text_is_a_table_whose_rows_stand_under_their_heads():
    text = "表1\n类别 | 指标 | 目标 | 单位 |\n---|---|---|---|\n效益 | 税收 | 168 | 甲局 |\n"
    page = annexes._plan("plan", text + "增加值 | 280 | 乙局 | |\n强工 | 企业 | 350 | |\n完")
    rows = ["类别 指标 目标 单位", "效益 税收 168 甲局", " 增加值 280 乙局", "强工 企业 350 "]
    for row in rows:
        assert f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split(' '))}</tr>" in page
    assert "|" not in page.partition("<body>")[2]
    assert "<pre>表1</pre>" in page and "<pre>完</pre>" in page


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("寧波市奉化區人民政府關于印發方案的通知", "zh-Hant"),
        ("宁波市奉化区人民政府关于印发方案的通知", "zh-Hans"),
        ("Plan of the county", "en"),
    ],
)
def test_the_plans_text_is_marked_with_the_script_it_is_printed_in(text, lang):
    assert f'<html lang="{lang}">' in annexes._plan("plan", text)


def test_force_rebuilds_the_same_bytes(place):
    report()
    before = tree(place / "reports")
    assert "5 written, 0 unchanged" in report(force=True)[1][-1]
    assert tree(place / "reports") == before


@pytest.mark.parametrize(
    ("options", "pages"),
    [
        ({"briefs": ["plain"]}, {"plain.html"}),
        ({"briefs": ["01_plain"]}, {"plain.html"}),
        ({"town": "330213100"}, {"towns-330213100.html"}),
        ({"town": "330213-kfq"}, {"towns-330213-kfq.html"}),
        ({"lead_unit": "jingxin", "briefs": ["units"]}, {"units-jingxin.html"}),
        ({"lead_unit": "idle"}, {"units-idle.html"}),
        ({"as_of": "2024-06", "briefs": ["plain"]}, {"plain.html"}),
    ],
)
def test_briefs_asked_for_are_the_ones_written(place, options, pages):
    assert report(**options)[0] == 0
    folder = place / "reports" / options.get("as_of", "2025") / "zh-Hans" / "public"
    assert {path.name for path in folder.iterdir()} == pages


@pytest.mark.parametrize(
    "options",
    [
        {"as_of": "soon"},
        {"as_of": "../2025"},
        {"briefs": ["explore"]},
        {"town": "330213999"},
        {"town": "../../x"},
        {"lead_unit": "nobody"},
        {"langs": ["fr"]},
        {"langs": []},
        {"audience": "secret"},
        {"engine": "other"},
        {"jobs": -1},
        {"notebooks": "nowhere"},
    ],
)
def test_wrong_usage_is_named_and_touches_nothing(place, options):
    code, lines = report(**options)
    assert code == 2
    assert len(lines) == 1
    assert not (place / "reports").exists()


def test_faulty_input_touches_nothing(place, monkeypatch):
    monkeypatch.undo()
    monkeypatch.chdir(place)
    code, lines = report()
    assert code == 2
    assert lines
    assert not (place / "reports").exists()


def test_actuals_that_do_not_exist_touch_nothing(place, monkeypatch):
    monkeypatch.undo()
    monkeypatch.chdir(place)
    code, lines = report(data=places.shipped("data") / "raw", actuals="nowhere.csv")
    assert code == 2
    assert "nowhere.csv" in lines[0]
    assert not (place / "reports").exists()


def test_the_notebook_that_is_no_brief_says_what_opens_it(place):
    code, lines = report(briefs=["explore"])
    assert code == 2 and "opens in JupyterLab (make lab)" in lines[0]


def test_failed_brief_leaves_its_predecessor_and_its_notebook(place):
    add(place, "01_plain", as_name="09_other")
    report(briefs=["other", "plain"])
    page = place / "reports/2025/zh-Hans/public/other.html"
    before = page.read_bytes()
    add(place, "raises", as_name="09_other")
    code, lines = report()
    assert code == 1
    assert "failed: 2025/zh-Hans/public/other.html: cell 3: ZeroDivisionError" in "\n".join(lines)
    assert "4 written, 1 unchanged, 1 failed" in lines[-1]
    assert lines[-2] == "executed notebooks with the error: reports-internal/.failed"
    assert page.read_bytes() == before
    executed = place / "reports-internal/.failed/2025-zh-Hans-public-other.ipynb"
    assert "ZeroDivisionError" in executed.read_text(encoding="utf-8")
    add(place, "01_plain", as_name="09_other")
    assert report()[0] == 0
    assert not executed.exists()


@pytest.mark.parametrize("name", ["dies", "exits", "endless"])
def test_one_broken_brief_spoils_no_other(place, name):
    add(place, name)
    # Generous, so that a busy machine gives up the endless one alone.
    code, lines = report(jobs=2, time_limit=25.0 if name == "endless" else 300.0)
    assert code == 1
    assert "5 written, 0 unchanged, 1 failed" in lines[-1]


@pytest.mark.parametrize("when", ["first page", "manifest"])
def test_full_disk_is_reported_and_nothing_is_lost(place, monkeypatch, when):
    report(briefs=["plain"])
    before = tree(place / "reports")
    sync, calls = os.fsync, []

    def full(handle):
        calls.append(handle)
        if when == "first page" or len(calls) > 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", full)
    code, lines = report(force=True)
    monkeypatch.undo()
    assert code == (2 if when == "first page" else 1)
    told = "no brief was written" if when == "first page" else "5 briefs were written, manifest"
    assert "No space left on device" in lines[-1] and told in lines[-1]
    after = tree(place / "reports")
    assert {name: after[name] for name in before} == before
    assert not list((place / "reports").glob(".run-*"))


def test_a_disk_that_is_full_before_the_first_brief_leaves_no_page_beside_it(place, monkeypatch):
    (place / "data/plan/方案.txt").write_text("第一条\n", encoding="utf-8")
    sync, calls = os.fsync, []

    def full(handle):
        calls.append(handle)
        if len(calls) == 2:  # the plan's text had room, the methods have none
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", full)
    code, lines = report()
    monkeypatch.undo()
    assert code == 2 and not list((place / "reports").glob("*.html"))
    told = "No space left on device: free some space, or name a folder on another disk; nothing"
    assert told in lines[-1]


def test_a_page_that_the_disk_has_no_room_for_takes_none_of_the_next_ones(place, monkeypatch):
    report(briefs=["plain"])
    sync, calls, left = os.fsync, [], []

    def full(handle):
        calls.append(handle)
        left.append(len([*(place / "reports").glob(".run-*/tmp*")]))
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", full)
    code, lines = report(force=True)
    monkeypatch.undo()
    assert code == 1 and {*left} == {1}
    assert not list((place / "reports-internal").glob(".failed/*"))  # no notebook has failed
    assert not any("executed notebooks" in line for line in lines)


def test_a_folder_that_is_removed_meanwhile_is_told_and_its_pages_are_not_counted(place):
    lines = []

    def removing(line):
        lines.append(line)
        if line.startswith("[1/5]"):
            shutil.rmtree(place / "reports")

    code, _ = report(echo=removing)
    assert code == 2
    assert "0 written, 0 unchanged, 5 failed" in lines[-1]
    assert ".run-" in lines[-1] and "was removed by someone else" in lines[-1]
    assert "no brief was written, manifest and index were not" in lines[-1]
    assert not [
        path for path in (place / "reports").rglob("*") if path.suffix in (".html", ".json")
    ]
    assert report()[0] == 0  # the next run makes all of them


def script(place, *, out="reports", **options):
    """Run the build in a process of its own, which never reads data."""
    code = (
        "from tests.test_build import FACTS; from fenghua import report;"
        "report._facts = lambda *_: FACTS;"
        f"raise SystemExit(report.report(data='data', out={out!r}, **{options!r}))"
    )
    root = str(Path(__file__).parents[1])
    return lambda **environment: subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=place,
        env=os.environ | {"PYTHONPATH": root} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finished(process):
    output = process.communicate()[0].decode("utf-8")
    assert process.returncode == 0, output


def test_same_bytes_for_any_seed_zone_locale_and_number_of_jobs(place):
    settings = [
        ("a", 1, {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C"}),
        ("b", 2, {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C.UTF-8"}),
        ("c", 0, {"PYTHONHASHSEED": "3", "TZ": "UTC", "LANG": "zh_CN.UTF-8"}),
    ]
    for out, jobs, environment in settings:
        finished(
            script(place, out=out, jobs=jobs, langs=["zh-Hans", "zh-Hant", "en"])(**environment)
        )
    assert len(tree(place / "a")) == 17 + 4  # two more indices, the methods
    assert tree(place / "a") == tree(place / "b") == tree(place / "c")


def test_two_runs_at_once_do_not_spoil_each_other(place):
    first = script(place, jobs=1, langs=["zh-Hans", "en"])()
    second = script(place, jobs=1, langs=["en", "zh-Hant"])()
    finished(first), finished(second)
    rows = manifest.read(place / "reports", PRESS)["pages"]
    assert {name.split("/")[1] for name in rows} == {"zh-Hans", "zh-Hant", "en"}
    assert len(rows) == 15
    finished(script(place, out="alone", jobs=1, langs=["en"])())
    assert set(tree(place / "alone")) - set(tree(place / "reports")) == set()


def test_killed_run_leaves_whole_pages_and_the_next_one_finishes(place):
    report(briefs=["plain"])
    before = tree(place / "reports")
    for seconds in (0.6, 1.6, 2.2, 2.8):
        process = script(place, jobs=2, force=True)()
        time.sleep(seconds)
        process.kill()
        process.communicate()
        pages = {
            name: text for name, text in tree(place / "reports").items() if name.endswith(".html")
        }
        assert all(text.rstrip().endswith(b"</html>") for text in pages.values())
        assert pages["2025/zh-Hans/public/plain.html"] == before["2025/zh-Hans/public/plain.html"]
    assert report()[0] == 0
    left = {name for name in tree(place / "reports") if name.startswith(".")}
    assert left == set()
    assert set(tree(place / "reports")) - set(before) >= {
        f"2025/zh-Hans/public/{name}" for name in PAGES - {"plain.html"}
    }


def interrupted(process):
    """Press Ctrl-C, and again as a user would: once, on a loaded machine, it was swallowed."""
    for _ in range(3):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=10)[0]
    process.kill()
    pytest.fail(f"three interrupts did not end it: {process.communicate()[0]!r}")


@pytest.mark.parametrize("seconds", [0.4, 1.2, 3.0])
def test_interrupted_run_ends_at_once_with_all_it_started(tmp_path, seconds):
    code = (  # whoever runs the tests in the background may have told their children to ignore it
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from fenghua.cli import main; print('ready', flush=True); main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "report", "--out", str(tmp_path)],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout.readline() == b"ready\n"
    time.sleep(seconds)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    started = children.read_text().split() if children.exists() else []
    output = interrupted(process).decode("utf-8")
    assert process.returncode != 0
    assert "Traceback" not in output
    assert [child for child in started if Path(f"/proc/{child}").exists()] == []


def on_a_cluster(place, code):
    """Return what code prints that starts a cluster; its processes load it as their main module."""
    (place / "cluster.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "cluster.py"],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_dask_cluster_writes_the_same_pages_also_after_an_internal_run(place):
    report(out="alone")
    code = (
        "from distributed import LocalCluster; from tests.test_build import FACTS\n"
        "from fenghua import report\n"
        "if __name__ == '__main__':\n"
        "    report._facts = lambda *_: FACTS\n"
        "    with LocalCluster(2, threads_per_worker=2, dashboard_address=None) as cluster:\n"
        "        how = {'data': 'data', 'dask': cluster.scheduler_address}\n"
        "        inside = report.report(audience='internal', out='inside', **how)\n"
        "        code = report.report(**how)\n"
        "    raise SystemExit(inside or code)\n"
    )
    on_a_cluster(place, code)
    pages = {k: v for k, v in tree(place / "alone").items() if k.endswith(".html")}
    assert {k: v for k, v in tree(place / "reports").items() if k.endswith(".html")} == pages


def test_workers_of_one_machine_share_a_warm_process_and_survive_its_end(place):
    shutil.copy(NOTEBOOKS / "01_plain.ipynb", place / "slow.ipynb")
    slow = nbformat.read(place / "slow.ipynb", as_version=4)
    slow.cells.append(new_code_cell("import time; time.sleep(4)"))
    nbformat.write(slow, place / "slow.ipynb")
    code = (
        "import os, signal, time; from distributed import Client, LocalCluster\n"
        "from briefpress import cluster, worker; from fenghua.house import NAME\n"
        "warm = lambda: [one.process.pid for one in worker._alive]\n"
        "if __name__ == '__main__':\n"
        "    own = LocalCluster(2, threads_per_worker=1, dashboard_address=None)\n"
        "    with own, Client(own) as client:\n"
        "        cluster.prestart(own.scheduler_address, NAME)\n"
        "        (asks,) = [name for name, found in client.run(warm).items() if not found]\n"
        "        (keeps,) = [name for name, found in client.run(warm).items() if found]\n"
        "        job = {'press': NAME, 'engine': 'fenghua', 'notebook': 'slow.ipynb'}\n"
        "        asked = [job | {'parameters': {}}], 60.0\n"
        "        for ends_early in (False, True):\n"
        "            page = client.submit(cluster.run_each, *asked, workers=[asks], pure=False)\n"
        "            if ends_early:\n"
        "                time.sleep(2)\n"
        "                os.kill(client.run(os.getpid)[keeps], signal.SIGKILL)\n"
        "            print(page.result()[0]['error'], len(client.run(warm)[asks]))\n"
        "        cluster.close()\n"
    )
    assert on_a_cluster(place, code).split() == ["None", "0", "None", "1"]


def test_a_worker_with_other_files_is_refused_by_name(place):
    code = (
        "import os; from pathlib import Path; from distributed import Client, LocalCluster\n"
        "from briefpress import cluster\n"
        "if __name__ == '__main__':\n"
        "    with LocalCluster(1, threads_per_worker=1, dashboard_address=None) as own:\n"
        "        asked = own.scheduler_address, 'fenghua.house:PRESS', [Path('data')]\n"
        "        assert cluster.refuse_others(*asked) > 0\n"
        "        with Client(own) as client:\n"
        "            client.run(os.chdir, '..')\n"
        "        try:\n"
        "            cluster.refuse_others(*asked)\n"
        "        except ValueError as error:\n"
        "            print(error)\n"
    )
    said = on_a_cluster(place, code)
    assert "worker tcp://" in said
    assert "are not those here" in said


def headings(place, root, file="index.html"):
    index = (place / root / file).read_text(encoding="utf-8")
    assert "default-src 'none'" in index
    assert index.count("<h1") == 1
    return [part.split('"')[0] for part in index.split('<h2 id="')[1:]]


def test_internal_pages_have_a_root_and_an_index_of_their_own(place):
    report(briefs=["plain"])
    report(briefs=["plain"], audience="internal", langs=["en", "zh-Hant"])
    assert headings(place, "reports") == ["district"]
    for file in ("index.html", "index.en.html"):
        assert headings(place, "reports-internal", file) == ["district"]
    assert "/internal/" not in (place / "reports/index.html").read_text(encoding="utf-8")
    assert "internal" not in (place / "reports/manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(("first", "second"), [("public", "internal"), ("internal", "public")])
def test_one_root_never_takes_pages_of_both_audiences(place, first, second):
    report(briefs=["plain"], audience=first, out="pages")
    before = tree(place / "pages")
    code, lines = report(briefs=["plain"], audience=second, out="pages")
    assert code == 2
    told = f"pages holds {first} pages; {second} pages need a folder of their own"
    assert told in lines[0]
    code, lines = report(briefs=["plain"], audience=second, out=f"pages/{second}")
    assert code == 2 and told in lines[0]
    assert tree(place / "pages") == before


def test_internal_pages_lie_in_no_public_root_however_deep(place):
    assert report(briefs=["plain"], audience="internal", out="pages/drafts/of/may")[0] == 0
    code, lines = report(briefs=["plain"], out="pages")
    assert code == 2 and "pages holds internal pages" in lines[0]


def test_notebooks_of_failed_pages_lie_under_the_internal_root(place):
    add(place, "raises")
    assert report(briefs=["raises"])[0] == 1
    assert report(briefs=["raises"], audience="internal")[0] == 1
    names = {path.name for path in (place / "reports-internal/.failed").iterdir()}
    assert names == {f"2025-zh-Hans-{a}-raises.ipynb" for a in ("public", "internal")}
    assert not (place / "reports/.failed").exists()


@pytest.mark.parametrize(
    ("today", "as_of", "used", "doubt"),
    [
        (TODAY, "auto", "2025", None),
        (date(2025, 7, 1), "auto", "2024", "periods that have not ended: 2025"),
        (date(2025, 7, 1), "2025", "2025", "2025 has not ended on 2025-07-01"),
        (TODAY, "2032", "2032", "2032 is outside the plan, 2020 to 2025"),
    ],
)
def test_a_period_is_taken_as_given_and_auto_takes_one_that_has_ended(
    place, today, as_of, used, doubt
):
    code, lines = report(briefs=["plain"], as_of=as_of, today=today)
    assert code == 0
    assert f"as of {used};" in lines[-1]
    assert [line for line in lines if "please check" in line or "is it the period" in line] == [
        line
        for line in lines
        if (doubt and doubt in line)
        or "2032 has not" in line
        or "periods that have not ended" in line
    ]
    assert doubt is None or doubt in "\n".join(lines)


PAGE = "2024/zh-Hans/public/plain.html"


@pytest.mark.parametrize(
    "broken",
    [
        "{",
        "null",
        "[" * 200_000,
        '{"name": "a web app", "version": 1}',
        '{"version": 1, "facts": {}, "pages": [["a", "b"]]}',
        '{"version": 1, "facts": {}, "pages": {"../mine/2024/a.html": {}}}',
        f'{{"version": 1, "facts": {{}}, "pages": {{"{PAGE}": {{"name": 3}}}}}}',
        f'{{"version": 1, "facts": {{}}, "pages": {{"{PAGE}": {{"summary": {{"met": "x"}}}}}}}}',
    ],
)
def test_a_broken_manifest_is_told_and_made_again_from_the_pages(place, broken):
    report(briefs=["plain"], as_of="2024")
    report(briefs=["plain"])
    index = (place / "reports/index.html").read_bytes()
    (place / "reports/manifest.json").write_text(broken, encoding="utf-8")
    code, lines = report(briefs=["plain"])
    assert code == 0
    assert "manifest.json cannot be read; 2 pages found are listed again" in "\n".join(lines)
    rows = manifest.read(place / "reports", PRESS)["pages"]
    assert {name.split("/")[0] for name in rows} == {"2024", "2025"}
    assert (place / "reports/index.html").read_bytes() == index


def test_narrowed_pages_are_listed_again_from_what_they_say(place):
    report(briefs=["plain"])
    period = place / "reports/2025/zh-Hans/public"
    page = (period / "plain.html").read_text(encoding="utf-8")
    page = page.replace('"version":1', '"brief":"plain","code":"330213001","version":1')
    names = ["plain-330213001", "plain-330213001-scheme-own", "plain-0123456789ab"]
    for name in (*names, "plain-before"):
        (period / f"{name}.html").write_text(page, encoding="utf-8")
    (place / "reports/manifest.json").write_text("{", encoding="utf-8")
    found = manifest.read(place / "reports", PRESS)["pages"]
    kept = {f"2025/zh-Hans/public/{name}.html" for name in (*names, "plain")}
    assert found.keys() == kept


def test_what_others_keep_in_the_folder_of_pages_stays_as_it_is(place):
    report(briefs=["plain"])
    period = place / "reports/2025/zh-Hans/public"
    page = (period / "plain.html").read_text(encoding="utf-8")
    data = '<script type="application/json" id="fenghua-data">{}</script>'
    kept = {
        place / "reports/2019/notes.txt": "x",
        place / "reports/mine/2024/a/b.html": "<html></html>",
        period / "plain (copy).html": page,
        period / "plain-old.html": page.replace('"version":1', '"brief":"plain","version":1'),
        period / "plain_before.html": page.replace('"version":1', '"brief":"plain","version":1'),
        period / "list.html": data.format("[]"),
        period / "number.html": data.format("3"),
        period / "deep.html": data.format("[" * 200_000),
        period / "comments.docx": "x",
    }
    for path, text in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (place / "reports/manifest.json").write_text("{", encoding="utf-8")
    assert report(briefs=["plain"], force=True)[0] == 0
    assert {path: path.read_text(encoding="utf-8") for path in kept} == kept
    assert list(manifest.read(place / "reports", PRESS)["pages"]) == [
        "2025/zh-Hans/public/plain.html"
    ]


def test_only_folders_of_unfinished_runs_are_cleared_away(place):
    report(briefs=["plain"])
    ours, theirs = place / "reports/.run-abc", place / "reports/.run-mine"
    ours.mkdir(), theirs.mkdir()
    (ours / ".lock").touch(), (theirs / "notes.txt").touch()
    report(briefs=["plain"], force=True)
    assert not ours.exists()
    assert (theirs / "notes.txt").exists()


def test_a_folder_that_cannot_be_made_is_told_and_nothing_is_written(place):
    (place / "file").touch()
    code, lines = report(out="file/pages")
    assert code == 2
    assert "nothing was written" in lines[-1]


@pytest.mark.parametrize("out", [".", "../run/a/..", "a/.."])
def test_pages_go_into_the_folder_one_stands_in(place, monkeypatch, out):
    for name in ("run", "run/a"):
        (place / name).mkdir()
    shutil.copytree(place / "data", place / "run" / "data")
    shutil.copytree(place / "notebooks", place / "run" / "notebooks")
    monkeypatch.chdir(place / "run")
    add(place / "run", "raises")
    code, lines = report(out=out, briefs=["plain", "raises"])
    assert code == 1 and (Path(out) / "2025/zh-Hans/public/plain.html").is_file(), lines
    left = [path.parents[1] for path in place.rglob(".failed/*raises.ipynb")]
    assert left == [Path(out).resolve().with_name(f"{Path(out).resolve().name}-internal")]


def test_a_file_in_the_place_of_the_folder_of_pages_is_named(place):
    (place / "pages.html").touch()
    code, lines = report(out="pages.html")
    assert code == 2
    assert lines == ["pages.html is a file; --out names the folder of the pages"]


def test_many_plans_have_a_folder_each_and_one_index(place):
    for name in ("east", "west"):
        shutil.copytree(place / "data", place / "plans" / name / "data" / "raw")
        (place / "plans" / name / "data/raw/plan/plan.csv").touch()
    code, lines = report(data="plans", briefs=["plain"])
    assert code == 0
    assert "2 of 2 plans; open reports/index.html" in lines[-1]
    index = (place / "reports/index.html").read_text(encoding="utf-8")
    assert 'href="east/index.html"' in index and 'href="west/index.html"' in index
    assert (place / "reports/east/2025/zh-Hans/public/plain.html").is_file()
    shutil.rmtree(place / "reports")
    both = [place / "plans/east", place / "plans/west/data/raw"]
    assert report(data=both, briefs=["plain"])[0] == 0
    assert {path.name for path in (place / "reports").iterdir() if path.is_dir()} == {
        "east",
        "west",
    }


def test_of_each_plan_the_newest_gap_brief_in_the_language_of_the_index_speaks(monkeypatch):
    pages = {
        f"{period}/{lang}/public/{brief}.html": {"brief": brief, "lang": lang, "finding": period}
        for period in ("2022", "2023")
        for lang in ("zh-Hans", "zh-Hant", "en")
        for brief in ("gaps", "trajectories", "per_mu_efficiency")
    }
    monkeypatch.setattr(plans.manifest, "read", lambda *_: {"pages": pages, "facts": {}})
    (row,) = plans._spoken_for(Path(), "gaps", "zh-Hans")
    assert (row["finding"], row["lang"], row["brief"]) == ("2023", "zh-Hans", "gaps")


def test_plans_may_have_names_of_any_kind_but_not_one_for_two(place):
    for name in ("余杭 2025", "50% #1"):
        shutil.copytree(place / "data", place / "plans" / name)
        (place / "plans" / name / "plan/plan.csv").touch()
    assert report(data="plans", briefs=["plain"])[0] == 0
    index = (place / "reports/index.html").read_text(encoding="utf-8")
    ways = [unquote(way) for way in re.findall(r'href="([^"#]+)"', index) if "index" in way]
    assert {place / "reports" / way for way in ways} == {*(place / "reports").glob("*/index.html")}
    code, lines = report(data=["plans/余杭 2025", "plans/50% #1/../余杭 2025"], briefs=["plain"])
    assert code == 2
    assert "余杭 2025 is named twice with --data; leave one out" in lines[-1]
    shutil.copytree(place / "plans/余杭 2025", place / "others/余杭 2025")
    code, lines = report(data=["plans/余杭 2025", "others/余杭 2025"], briefs=["plain"])
    assert code == 2
    assert "rename one of the folders" in lines[-1]


def test_any_notebook_becomes_a_page(place):
    shutil.copy(NOTEBOOKS / "raises.ipynb", place / "notebooks")
    (place / "elsewhere").mkdir()
    shutil.copy(NOTEBOOKS / "01_plain.ipynb", place / "elsewhere" / "my_own.ipynb")
    code, lines = report(briefs=["elsewhere/my_own.ipynb"])
    assert code == 0, lines
    folder = place / "reports/2025/zh-Hans/public"
    assert [path.name for path in folder.iterdir()] == ["my_own.html"]
    assert report(briefs=["elsewhere/none.ipynb"])[0] == 2


@pytest.mark.parametrize("text", ["x", "[]", '{"a": 1}', '{"cells": [1]}'])
def test_a_file_that_is_no_notebook_is_said_to_be_none(place, text):
    (place / "mine.ipynb").write_text(text, encoding="utf-8")
    code, lines = report(briefs=["mine.ipynb"])
    assert (code, lines) == (2, ["mine.ipynb is no notebook; name one that Jupyter opens"])


def test_a_cluster_that_has_no_worker_yet_is_told(place, monkeypatch):
    lines = []
    monkeypatch.setattr("briefpress.cluster.refuse_others", lambda *_: 0)
    monkeypatch.setattr("briefpress.build.run", lambda *_, **__: sys.exit())
    with pytest.raises(SystemExit):
        report(dask="tcp://127.0.0.1:9", jobs=None, echo=lines.append)
    wait = "the cluster has no worker, pages wait for one: dask worker tcp://127.0.0.1:9"
    assert lines == [f"fenghua report: {wait}"]
    with pytest.raises(SystemExit):
        report(dask="tcp://127.0.0.1:9", jobs=4, echo=lines.append)
    assert "--jobs is not looked at" in lines[1]


def test_a_cluster_that_is_not_there_is_told_with_what_to_name(place):
    code, (line,) = report(dask="10.0.0.5", jobs=None)
    assert code == 2
    assert line.startswith("no scheduler answers at 10.0.0.5: missing port number")
    assert "name the address that `dask scheduler` prints, such as tcp://" in line


def test_a_cluster_without_its_library_is_told_what_to_install(place, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, lines = report(dask="tcp://127.0.0.1:8786", jobs=None)
    assert (code, lines) == (2, ["a Dask cluster needs a library: pip install distributed"])


@pytest.mark.parametrize("name", ["my notes (1)", "亩均 分析·二", "a", "v1.2, draft"])
def test_a_page_of_any_name_is_known_again(place, name):
    shutil.copy(NOTEBOOKS / "01_plain.ipynb", place / f"{name}.ipynb")
    assert report(briefs=[f"{name}.ipynb"])[0] == 0
    code, lines = report(briefs=[f"{name}.ipynb"])
    assert code == 0
    assert len(lines) == 1  # nothing is told of a manifest, and nothing is made again
    assert "0 written, 1 unchanged" in lines[0]


def test_a_plan_with_bad_input_spoils_no_other(place, monkeypatch):
    for name in ("east", "west"):
        shutil.copytree(place / "data", place / "plans" / name)
        (place / "plans" / name / "plan/plan.csv").touch()
    known = command._facts

    def facts(data, *more):
        if "east" in str(data):
            raise ValueError("plan.csv, row 2: no year")
        return known(data, *more)

    monkeypatch.setattr(command, "_facts", facts)
    code, lines = report(data="plans", briefs=["plain"])
    assert code == 1
    assert "plan.csv, row 2: no year" in lines
    assert "1 of 2 plans; see above what failed: east; open" in lines[-1]
    assert (place / "reports/west/index.html").is_file()
    assert not (place / "reports/east").exists()


def test_facts_of_the_data_are_read_once(tmp_path, monkeypatch):
    data = Path(__file__).parents[1] / "data" / "raw"
    how = How(1, "fenghua")
    facts = command._facts(data, data / "demo", {}, how, "public")
    monkeypatch.setattr(worker, "Helper", None)
    known = json.loads(json.dumps(facts.__dict__))
    again = command._facts(data, data / "demo", known, how, "public")
    assert again == facts
    assert set(facts.busy_units) <= set(facts.lead_units)
    assert facts.is_synthetic
    worker.close()


def test_figures_that_arrive_while_others_are_read_are_not_taken_for_these(tmp_path, monkeypatch):
    data = Path(__file__).parents[1] / "data" / "raw"
    shutil.copytree(data / "demo", tmp_path / "mine")

    def arriving(*given, load=fenghua.load):
        ds = load(*given)
        (tmp_path / "mine/town_tasks.csv").unlink()
        return ds

    monkeypatch.setattr(fenghua, "load", arriving)
    with pytest.raises(ValueError, match=r"mine or .* changed while they were read; run again"):
        command._facts(data, tmp_path / "mine", {}, How(0, "fenghua"), "public")


def test_a_page_is_made_anew_when_a_library_that_draws_has_another_version():
    for library in PRESS.libraries:
        folder = fingerprint._version(library)
        assert folder.partition("-")[2].startswith(f"{version(library)}.")
    assert fingerprint._version("no such library") == ""
