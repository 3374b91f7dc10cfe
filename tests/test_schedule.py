import ast
import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import papermill
import pytest
import yaml

from fenghua import issue

ROOT = Path(__file__).parents[1]
RECIPES = ROOT / "docs" / "schedule"
HOME = "/srv/fenghua"
SUMMARY = (
    r"fenghua report: \d+ written, \d+ unchanged, 0 failed in [\d.]+ s; as of 20\d\d[-Q\d]*; "
    r"(SYNTHETIC DEMO DATA|real data) in \w+; open \S+"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An installation where a recipe expects it: data, notebooks, an environment."""
    place = tmp_path_factory.mktemp("home")
    for part in ("raw", "editions"):
        shutil.copytree(ROOT / "data" / part, place / "data" / part)
    shutil.copytree(ROOT / "notebooks", place / "notebooks")
    (place / ".venv").mkdir()
    (place / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    return place


def recipe(name):
    return (RECIPES / name).read_text(encoding="utf-8")


def run(command, home):
    """Run a recipe's command with one brief instead of all, and return what it says."""
    short = command.replace(" report ", " report --brief plan_audit --jobs 1 ")
    path = f"{home / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", short.replace(HOME, str(home))],
        cwd=home,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def says_one_line(text):
    return re.fullmatch(SUMMARY, text.strip().splitlines()[-1])


def test_cron_line_parses_and_its_command_writes_pages_and_a_log(home):
    (line,) = [row for row in recipe("fenghua.cron").splitlines() if re.match(r"[\d*]", row)]
    *when, command = line.split(maxsplit=5)
    field = r"(\*|\d+(-\d+)?)(/\d+)?(,\d+(-\d+)?)*"
    assert len(when) == 5 and all(re.fullmatch(field, part) for part in when)
    assert "%" not in command  # cron reads it as the end of the line
    assert run(command, home) == ""
    log = (home / "fenghua.log").read_text(encoding="utf-8")
    assert says_one_line(log)
    assert re.search(r"\d\d:\d\d:\d\d", log.splitlines()[0])  # runs are told apart by their date
    assert list(home.glob("reports/20*/en/public/plan_audit.html"))
    mailed = run(command.replace("--as-of auto", "--as-of never"), home)
    assert mailed.splitlines()[-1].startswith("as_of is 'never'; allowed: ")


def unit(name):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(recipe(name))
    return parser


def test_systemd_units_are_sound_and_the_service_runs(home, tmp_path):
    service, timer = unit("fenghua.service"), unit("fenghua.timer")
    assert service["Service"]["Type"] == "oneshot"
    assert Path(shlex.split(service["Service"]["ExecStart"])[0]).is_absolute()
    assert re.fullmatch(r"Mon\.\.Fri \d\d:\d\d", timer["Timer"]["OnCalendar"])
    assert says_one_line(run(service["Service"]["ExecStart"], home))
    if shutil.which("systemd-analyze"):
        for name in ("fenghua.service", "fenghua.timer"):
            text = recipe(name).replace(HOME, str(home))
            (tmp_path / name).write_text(text, encoding="utf-8")
        checked = subprocess.run(
            ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))],
            capture_output=True,
            encoding="utf-8",
        )
        assert str(tmp_path) not in checked.stderr
        assert "fenghua" not in checked.stderr


def test_windows_task_is_well_formed_and_calls_the_same_command(home):
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    task = ElementTree.fromstring(recipe("fenghua-task.xml"))
    action = task.find(f"{space}Actions/{space}Exec")
    said = {child.tag.removeprefix(space): child.text for child in action}
    assert said["Command"] == "cmd.exe"
    assert said["WorkingDirectory"] == r"C:\fenghua"
    (command,) = re.fullmatch(r'/d /c "(.*) >> fenghua\.log 2>&1"', said["Arguments"]).groups()
    assert command.split()[0] == r".venv\Scripts\fenghua.exe"
    assert says_one_line(run(command.replace(r".venv\Scripts\fenghua.exe", "fenghua"), home))
    days = task.find(f"{space}Triggers/{space}CalendarTrigger/{space}ScheduleByWeek")
    assert len(days.find(f"{space}DaysOfWeek")) == 5
    assert recipe("fenghua-task.xml").isascii()


def test_workflow_parses_and_its_steps_run(home):
    flow = yaml.safe_load(recipe("ci-workflow.yml"))
    assert set(flow[True]) == {"schedule", "push", "workflow_dispatch"}  # YAML reads `on` as true
    install, *steps = [step["run"] for step in flow["jobs"]["report"]["steps"] if "run" in step]
    assert install == "python -m pip install --quiet -e ."
    said = [run(step, home) for step in steps]
    assert len(said) == 2
    assert says_one_line(said[-1])
    assert all("@" in step["uses"] for step in flow["jobs"]["report"]["steps"] if "uses" in step)


class Recorded:
    """Stands for an operator or a DAG: keeps what it was given."""

    made: tuple = ()

    def __init__(self, **given):
        self.given = given
        type(self).made += (self,)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def __rshift__(self, other):
        return other


@pytest.fixture
def dag(monkeypatch, home):
    """The operators that the DAG makes, where Airflow itself is not installed."""
    found = {}
    for module, name in (
        ("airflow", "DAG"),
        ("airflow.providers.papermill.operators.papermill", "PapermillOperator"),
        ("airflow.providers.standard.operators.bash", "BashOperator"),
    ):
        found[name] = type(name, (Recorded,), {"made": ()})
        stub = ModuleType(module)
        setattr(stub, name, found[name])
        parts = module.split(".")
        for end in range(1, len(parts)):
            above = ".".join(parts[:end])
            if above not in sys.modules:
                monkeypatch.setitem(sys.modules, above, ModuleType(above))
        monkeypatch.setitem(sys.modules, module, stub)
    source = recipe("airflow_dag.py").replace(HOME, str(home))
    ast.parse(source, feature_version=(3, 11))
    exec(compile(source, "airflow_dag.py", "exec"), {})
    return {name: [made.given for made in kind.made] for name, kind in found.items()}


@pytest.mark.parametrize("engine", ["fenghua", None])
def test_airflow_operator_runs_the_notebook_and_the_next_task_writes_its_page(dag, home, engine):
    (run_notebook,), (page, every) = dag["PapermillOperator"], dag["BashOperator"]
    ran = Path(run_notebook["output_nb"])
    assert not ran.is_relative_to(home / "reports")  # which is published as it is
    for folder in (home / "reports", ran.parent):
        folder.mkdir(exist_ok=True)
    papermill.execute_notebook(
        run_notebook["input_nb"],
        run_notebook["output_nb"],
        parameters=run_notebook["parameters"],
        engine_name=engine,
        report_mode=True,
        progress_bar=False,
    )
    run(page["bash_command"], home)
    html = (home / "reports" / "gaps.html").read_text(encoding="utf-8")
    assert html.count("<h1>") == 1
    assert 'id="fenghua-data"' in html
    assert says_one_line(run(every["bash_command"], home))


def test_auto_takes_the_newest_complete_period():
    import fenghua

    seen = issue.observed_periods(
        fenghua.load(ROOT / "data" / "raw", ROOT / "data" / "raw" / "demo")
    )
    known = {"today": date(2026, 3, 1), "base_year": 2020}
    assert issue.newest_period(seen, **known) == "2025"
    before = [period for period in seen if not period.startswith(("2025", "2024"))]
    assert issue.newest_period(before, **known) == "2023"
    late = ("2023", "2023-Q4", "2023-12", "2023-11", "2023-Q3")
    assert issue.newest_period(set(before) - set(late), **known) == "2023-10"


def test_every_recipe_is_in_the_guide():
    for guide in ("schedule.md", "schedule.zh.md"):
        text = (ROOT / "docs" / guide).read_text(encoding="utf-8")
        assert all(f"`{path.name}`" in text for path in RECIPES.iterdir() if path.is_file())
