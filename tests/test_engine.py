import gc
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from briefpress import engine, executors, notebooks, worker
from briefpress.notebooks import Job
from fenghua import house

NOTEBOOKS = Path(__file__).parent / "notebooks"
ROOT = Path(__file__).parents[1]
LIMIT = 120.0


@pytest.fixture(autouse=True, scope="module")
def warm_processes_end():
    yield
    worker.close()


def job(name, engine="fenghua", **parameters):
    return {
        "notebook": str(NOTEBOOKS / f"{name}.ipynb"),
        "parameters": {"as_of": "2024", "lang": "en", **parameters},
        "engine": engine,
        "press": house.NAME,
    }


def papermill(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "papermill", "--no-progress-bar", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
    )


def outputs(path):
    """What the cells show, without temporary names; streams by name, as nbclient joins them."""
    cells = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        rich = [o | {"traceback": []} for o in cell.get("outputs", []) if "text" not in o]
        streams = {}
        for output in cell.get("outputs", []):
            if "text" in output:
                streams[output["name"]] = streams.get(output["name"], "") + "".join(output["text"])
        text = json.dumps([cell.get("execution_count"), rich, streams])
        cells.append(re.sub(r"0x[0-9a-f]+|[^ \"]*ipy[^ \"]*:", "", text))
    return cells


def test_cells_show_what_a_kernel_shows(tmp_path):
    source = str(NOTEBOOKS / "awkward.ipynb")
    papermill(source, "kernel.ipynb", cwd=tmp_path)
    papermill("--engine", "fenghua", source, "warm.ipynb", cwd=tmp_path)
    assert outputs(tmp_path / "warm.ipynb") == outputs(tmp_path / "kernel.ipynb")


def test_papermill_alone_refuses_a_parameter_that_the_notebook_lacks(tmp_path):
    source = str(NOTEBOOKS / "01_plain.ipynb")
    wrong = papermill("--engine", "fenghua", "-p", "lnag", "en", source, "x.ipynb", cwd=tmp_path)
    right = papermill("--engine", "fenghua", "-p", "lang", "en", source, "y.ipynb", cwd=tmp_path)
    assert wrong.returncode != 0
    assert "unknown parameter 'lnag'; allowed: actuals, as_of" in wrong.stderr
    assert right.returncode == 0, right.stderr


@pytest.mark.parametrize("name", ["01_plain", "02_towns", "meddles"])
def test_page_of_the_kernel_engine_is_the_page_of_the_warm_one(name):
    warm, kernel = worker.run(job(name), LIMIT), worker.run(job(name, engine="kernel"), LIMIT)
    assert warm["error"] is None
    assert warm["page"] == kernel["page"]


@pytest.mark.parametrize(
    ("name", "limit", "error"),
    [
        ("raises", LIMIT, "cell 3: ZeroDivisionError: division by zero"),
        ("exits", LIMIT, "SystemExit"),
        ("sys_exits", LIMIT, "SystemExit"),
        ("dies", LIMIT, "ended early"),
        ("endless", 4.0, "no end after 4 seconds"),
    ],
)
def test_failing_brief_says_why_and_the_next_one_is_fine(name, limit, error):
    before = worker.run(job("01_plain"), LIMIT)
    failed = worker.run(job(name), limit)
    assert failed["page"] is None
    assert error in failed["error"]
    assert worker.run(job("01_plain"), LIMIT) == before


def test_a_notebook_without_parameters_is_no_cause_for_a_warning(caplog):
    worker._parameterized(nbformat.v4.new_notebook(metadata={"papermill": {}}), {}, "fenghua")
    assert not caplog.records


def test_a_notebook_whose_cells_have_no_ids_is_no_cause_for_a_warning(tmp_path):
    cell = {"cell_type": "markdown", "metadata": {}, "source": "# Plain"}
    old = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(old), encoding="utf-8")
    asked = {"notebook": str(path), "parameters": {}}
    assert worker.execute(job("01_plain") | asked)["error"] is None


@pytest.mark.parametrize("run", [worker.run, worker.execute])
def test_folder_style_locale_and_names_of_one_brief_do_not_reach_the_next(run, recwarn):
    here, path = Path.cwd(), [*sys.path]
    before = run(job("looks"), LIMIT)["page"]
    assert run(job("meddles"), LIMIT)["error"] is None
    assert run(job("looks"), LIMIT)["page"] == before
    assert "['notebooks', None" in before
    assert (Path.cwd(), sys.path) == (here, path)


@pytest.mark.parametrize("forks", [True, False])
def test_data_and_shared_results_of_one_brief_are_not_those_of_another(forks):
    places = {"data": str(ROOT / "data/raw"), "actuals": str(ROOT / "data/raw/demo")}
    names = ["spoils", "asks", "spoils", "asks"]
    jobs = [
        {"notebook": str(NOTEBOOKS / f"{name}.ipynb"), "engine": "fenghua", "press": house.NAME}
        | {"parameters": places | ({"code_too": forks} if name == "spoils" else {})}
        for name in names
    ]
    life = f"from briefpress import warm; warm.CAN_FORK = {forks}; warm.serve()"
    with subprocess.Popen(
        [sys.executable, "-c", life, house.NAME],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | worker.ENVIRONMENT,
        start_new_session=True,
    ) as process:
        replies = []
        for number, asked in enumerate(jobs):
            line = json.dumps({"each": [asked], "number": number, "limit": LIMIT})
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            replies += json.loads(process.stdout.readline())["each"]
    assert [reply["error"] for reply in replies] == [None] * 4
    fresh = worker.execute(jobs[1])["page"]
    assert [reply["page"] for reply in replies[1::2]] == [fresh, fresh]


def test_what_briefs_share_is_computed_for_them_outside_of_any_brief():
    job = {"notebook": str(NOTEBOOKS / "asks.ipynb"), "engine": "fenghua", "press": house.NAME}
    job["parameters"] = {"data": str(ROOT / "data/raw"), "actuals": str(ROOT / "data/raw/demo")}
    code = f"""
import json
import os
from briefpress import warm
from fenghua.analysis import shared

reads, writes = os.pipe()
copies = warm._Copies(warm.named({house.NAME!r}), reads, os.fdopen(os.dup(1), "wb"))
heard = []
compute = shared.compute
shared.compute = lambda ds, call: heard.append(call) or compute(ds, call)
for number in range(2):
    copies._start({{"each": [{job!r}], "number": number, "limit": {LIMIT}}})
    while copies.running:
        copies._hear(*copies.running)
    print(len(shared._memory), len(shared._memory[0].results) > 4, len(heard) > 4, flush=True)
    heard.clear()
"""
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, start_new_session=True
    )
    assert told.returncode == 0, told.stderr
    answers = [json.loads(line)["each"][0] for line in told.stdout.splitlines()[::2]]
    assert [answer["error"] for answer in answers] == [None, None]
    assert told.stdout.splitlines()[1::2] == ["1 True True", "1 True False"]


def test_what_a_warm_process_loads_later_is_there_when_it_is_called(tmp_path):
    source = """
import numpy as np, seaborn as sns, scipy.stats
values = np.random.default_rng(0).normal(size=(6, 4))
sns.clustermap(values)
sns.kdeplot(x=values[:, 0], cumulative=True)
scipy.stats.norm.cdf(0)
"""
    path = tmp_path / "own.ipynb"
    cells = [nbformat.v4.new_code_cell(source)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    asked = job("own") | {"notebook": str(path), "parameters": {}}
    result = worker.run(asked, LIMIT)
    assert result["error"] is None
    assert "0.5" in result["page"]


def test_a_page_loads_nothing_that_speaks_with_kernels_but_shows_what_one_would(tmp_path):
    source = """
import sys
from datetime import date
from IPython.display import display
display({"application/json": {"n": 1}}, raw=True)
print("jupyter_client" in sys.modules)
display({"application/json": {"day": date(2023, 12, 31)}}, raw=True)
"""
    path = tmp_path / "own.ipynb"
    cells = [nbformat.v4.new_code_cell(part) for part in (source, "1 / 0")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    worker.close()
    asked = job("own") | {"notebook": str(path), "parameters": {}}
    shown = nbformat.reads(worker.run(asked, LIMIT)["executed"], 4).cells[-2].outputs
    assert [one.get("text") or one.data["application/json"] for one in shown] == [
        {"n": 1},
        "False\n",
        {"day": "2023-12-31"},
    ]


def _run_without_copies(monkeypatch):
    """Let warm processes run jobs themselves, as on Windows and macOS."""
    worker.close()
    monkeypatch.setattr(worker, "CAN_FORK", False)
    life = worker.LIFE.replace("warm.serve", "warm.CAN_FORK = False; warm.serve")
    monkeypatch.setattr(worker, "LIFE", life)


@pytest.mark.parametrize(
    ("trouble", "error", "is_copied"),
    [
        ("os._exit(1)", "ended early", True),
        ("time.sleep(60)", "no end after 5 seconds", True),
        ("1 / 0", "ZeroDivisionError: division by zero", True),
        ("os._exit(1)", "ended early", False),
        ("1 / 0", "ZeroDivisionError: division by zero", False),
    ],
)
def test_one_language_that_fails_leaves_the_others(
    tmp_path, monkeypatch, trouble, error, is_copied
):
    if not is_copied:
        _run_without_copies(monkeypatch)
    path = tmp_path / "own.ipynb"
    source = [
        'lang: str = "en"',
        f'import os, time\nif lang == "zh-Hant":\n    {trouble}\nos.getpid()',
    ]
    cells = [nbformat.v4.new_code_cell(text) for text in source]
    cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    each = [
        job("own") | {"notebook": str(path), "parameters": {"lang": lang}}
        for lang in ("zh-Hans", "zh-Hant", "en")
    ]
    results = worker.run_each(each, 5.0 if is_copied else LIMIT)  # alone it counts the imports, too
    worker.close()
    assert [result["error"] is None for result in results] == [True, False, True]
    assert error in results[1]["error"]
    assert [re.search('lang="([^"]*)', results[n]["page"])[1] for n in (0, 2)] == ["zh-Hans", "en"]


def test_languages_of_a_page_are_made_together_where_processors_have_enough_to_do():
    jobs = [
        Job(f"{lang}/{town}.html", NOTEBOOKS / "02_towns.ipynb", {"lang": lang, "town": town}, "")
        for lang in ("zh-Hans", "en")
        for town in "ab"
    ]
    own = {jobs[0].notebook: True}
    names = [[job.name for job in alike] for alike in executors.in_turns(jobs, 2, own.get)]
    assert names == [["zh-Hans/a.html", "en/a.html"], ["zh-Hans/b.html", "en/b.html"]]
    assert executors.in_turns(jobs, 3, own.get) == [[job] for job in jobs]
    meddling = {jobs[0].notebook: False}
    assert executors.in_turns(jobs, 2, meddling.get) == [[job] for job in jobs]


@pytest.mark.parametrize(
    ("code", "keeps"),
    [
        ("import pandas as pd\nrows = pd.DataFrame()\nrows['a'] = 1\nrows.columns = ['b']", True),
        ("from fenghua.analysis import gap\ngap.assess = print", False),
        ("import fenghua.analysis.gap\nfenghua.analysis.gap.assess = print", False),
        ("import pandas as pd\npd.DataFrame.merge = None", False),
        ("import matplotlib as mpl\nmpl.rcParams['font.size'] = 9", False),
        ("import pandas as pd\npd.set_option('display.max_rows', 5)", False),
        ("from importlib import reload", False),
        ("from fenghua.analysis.gap import *", False),
        ("import pandas as pd\ndel pd.DataFrame.merge", False),
        ("%matplotlib inline", False),
        ("import matplotlib as mpl\nmpl.rcParams.update({'font.size': 9})", False),
        ("from fenghua.analysis.gap import NUMBERS\nNUMBERS.append('x')", False),
        ("from fenghua.analysis.gap import NUMBERS\nNUMBERS += ('x',)", False),
        ("import fenghua\nfenghua.kept['a'].setdefault('b', 1)", False),
        ("import pandas as pd\nlast = [1]\nlast.append(2)\nlast += [3]", True),
    ],
)
def test_a_notebook_that_reaches_into_what_it_imports_is_told_by_its_code(tmp_path, code, keeps):
    path = tmp_path / "own.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), path)
    assert notebooks.keeps_to_itself(path) == keeps


def test_pages_made_together_are_those_made_apart():
    each = [job("02_towns", lang=lang) for lang in ("zh-Hans", "zh-Hant", "en")]
    assert worker.run_each(each, LIMIT) == [worker.run(one, LIMIT) for one in each]


def kin(tmp_path, *cells):
    """Jobs of a notebook with one parameter, which may follow each other in one process."""
    path = tmp_path / "kin.ipynb"
    cells = [nbformat.v4.new_code_cell(text) for text in ("what = ''", *cells)]
    cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    more = {"notebook": str(path), "kin": str(path)}
    return lambda what: job("kin") | more | {"parameters": {"what": what}}


def test_nothing_that_a_page_held_is_kept_for_the_life_of_its_process():
    for _ in range(3):
        assert worker.execute(job("01_plain"))["error"] is None
    gc.collect()
    shells = [one for one in gc.get_objects() if isinstance(one, engine.Shell)]
    assert len(shells) <= 1  # the last one may still be named in a frame or a library


# Tells the process of a page; one that is "slow" is given up, one that "kills" ends its process
# as soon as its page is out.
TELLS = """
import os, time, threading
if what == "slow": time.sleep(60)
if what == "kills": threading.Timer(1, os.kill, (os.getpid(), 9)).start()
if what == "fails": raise ValueError("so it fails")
if what == "late": time.sleep(2.5)
if what == "big": os.kill(os.getpid(), 9)
print(os.getpid())
"""


def process_of(result):
    return re.search(r"<pre>(\d+)", result["page"])[1]


@pytest.mark.skipif(not worker.CAN_FORK, reason="no copies here")
def test_pages_of_one_notebook_follow_each_other_in_one_copy_which_ends_with_a_failure(tmp_path):
    page = kin(tmp_path, TELLS)
    first, second = (worker.run(page(what), LIMIT) for what in "ab")
    assert process_of(first) == process_of(second)
    assert "so it fails" in worker.run(page("fails"), LIMIT)["error"]
    assert "killed, as where memory is short" in worker.run(page("big"), LIMIT)["error"]
    third = worker.run(page("a"), LIMIT)
    assert process_of(third) != process_of(first)
    alone = worker.run(page("b") | {"kin": ""}, LIMIT)
    assert process_of(alone) not in {process_of(first), process_of(third)}


@pytest.mark.skipif(not worker.CAN_FORK, reason="no copies here")
def test_a_copy_that_goes_on_has_the_time_of_each_page_and_may_be_killed_between_two(tmp_path):
    page = kin(tmp_path, TELLS)
    assert worker.run(page("a"), 4.0)["error"] is None
    assert [worker.run(page("late"), 4.0)["error"] for _ in range(2)] == [None, None]
    assert worker.run(page("slow"), 1.0)["error"] == "no end after 1 seconds"
    killed = worker.run(page("kills"), LIMIT)
    time.sleep(2)
    after = worker.run(page("a"), LIMIT)
    assert after["error"] is None and process_of(after) != process_of(killed)


def test_copies_run_side_by_side_in_one_warm_process():
    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(worker.run, job("endless"), 3.0) for _ in range(3)]
        errors = [one.result()["error"] for one in asked]
    assert errors == ["no end after 3 seconds"] * 3
    assert worker.run(job("01_plain"), LIMIT)["error"] is None
    assert len({helper.process.pid for helper in worker._alive}) == 1 or not worker.CAN_FORK


def test_undeclared_parameter_is_refused_before_any_cell_runs():
    result = worker.run(job("01_plain", **{"x = __import__('os')": 1}), LIMIT)
    assert "unknown parameter" in result["error"]


@pytest.mark.parametrize(
    "value", ['"; import os; os._exit(0) #', "${x}", "{{7*7}}", "\\", "引号\"'\n"]
)
def test_value_of_a_parameter_stays_a_value(value):
    page = worker.run(job("02_towns", town=value), LIMIT)["page"]
    shown = value.replace("\n", " ")
    assert shown.split("\n")[0].strip() in re.search(r"<main.*</main>", page, re.S)[0].replace(
        "\n", " "
    )


def test_any_executor_gives_the_same_page():
    expected = worker.run(job("01_plain"), LIMIT)["page"]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        assert processes.submit(worker.run, job("01_plain"), LIMIT).result()["page"] == expected
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(worker.run, job("01_plain"), LIMIT).result()["page"] == expected
    with executors.Inline() as inline:
        assert inline.submit(worker.execute, job("01_plain"), LIMIT).result()["page"] == expected


def test_inline_executor_keeps_an_error_for_the_caller():
    with pytest.raises(ZeroDivisionError):
        executors.Inline().submit(lambda: 1 / 0).result()


LINES = st.sampled_from(
    [
        "x = 1",
        "if x != 2:",
        "    %time x",
        "    y = %who_ls",
        "files = !ls",
        "files = \\",
        "!ls",
        "!!ls",
        "%matplotlib inline",
        "x?",
        "x??",
        "?x",
        "/print 1",
        ",print a b",
        ";print a b",
        'text = "50 %; what?"',
        "rate = 7 % 3",
        'text = """',
        "  ? no",
        '"""',
        "# x?",
        "",
    ]
)


@settings(deadline=None)
@given(st.lists(LINES, min_size=1, max_size=6).map("\n".join))
def test_cells_are_read_as_ipython_reads_them(source):
    def read(manager):
        try:
            return manager.transform_cell(source)
        except SyntaxError as error:
            return str(error)

    assert read(engine._Transformer()) == read(TransformerManager())


@pytest.mark.parametrize(
    ("source", "is_quiet"),
    [("1;", True), ("1; # why", True), ("1;\n# why", True), ("';'", False), ("a = 1; a", False)],
)
def test_a_last_semicolon_keeps_a_cell_quiet(source, is_quiet):
    with engine.clean_shell() as shell:
        shell.outputs, shell.source = [], source
        assert shell.displayhook.quiet() == is_quiet


@pytest.mark.skipif(not worker.CAN_FORK, reason="here a call is not run in a copy")
def test_a_long_call_ends_with_the_command_that_asked_for_it():
    asking = (
        "from briefpress import worker; from fenghua import house; print('begun', flush=True);"
        f"worker.call(house.NAME, 'time:sleep', [{LIMIT}], {LIMIT})"
    )
    command = subprocess.Popen([sys.executable, "-c", asking], stdout=subprocess.PIPE, cwd=ROOT)
    assert command.stdout.readline() == b"begun\n"
    children = Path(f"/proc/{command.pid}/task/{command.pid}/children")
    until = time.monotonic() + LIMIT
    asked: list[str] = []
    while not asked and time.monotonic() < until:  # a copy of the warm process is at it
        time.sleep(0.1)
        asked = [
            child
            for warm in children.read_text().split()
            for child in Path(f"/proc/{warm}/task/{warm}/children").read_text().split()
        ]
    command.kill()
    command.communicate()
    while any(Path(f"/proc/{child}").exists() for child in asked) and time.monotonic() < until - 60:
        time.sleep(0.1)
    assert asked and not any(Path(f"/proc/{child}").exists() for child in asked)


def test_a_call_returns_what_its_function_does_or_says_its_error():
    assert worker.call(house.NAME, "operator:add", [1, 2], LIMIT) == 3
    with pytest.raises(ValueError, match="invalid literal"):
        worker.call(house.NAME, "builtins:int", ["x"], LIMIT)
