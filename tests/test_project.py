"""The project's own files agree with each other."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
OURS = {"fenghua", "briefpress", "tidysheets", "fenghua_demo"}
CONDA_NAMES = {"matplotlib-base": "matplotlib"}
IMPORT_NAMES = {
    "fonttools": "fontTools",
    "ipython": "IPython",
    "pyyaml": "yaml",
    "python-stdnum": "stdnum",
}


def requirement(text: str) -> tuple[str, str]:
    name, bound = re.fullmatch(r"([\w.-]+)(.*)", text.replace(" ", "")).groups()
    return CONDA_NAMES.get(name, name).lower(), bound


def test_conda_environment_is_in_step_with_the_project_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = dict(map(requirement, project["dependencies"]))
    wanted |= dict(map(requirement, project["optional-dependencies"]["lab"]))
    wanted["python"] = project["requires-python"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip = environment["dependencies"]
    have = dict(map(requirement, [item for item in conda if item != "pip"]))
    have |= dict(map(requirement, [item for item in pip["pip"] if item != "-e ."]))
    assert have == wanted


def test_what_the_package_imports_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    known = {requirement(i)[0] for i in [*project["dependencies"], *extras["lab"], *extras["dask"]]}
    modules = {name.replace("-", "_") for name in known} | sys.stdlib_module_names | OURS
    modules |= {IMPORT_NAMES[name] for name in known & set(IMPORT_NAMES)}
    for path in (path for name in OURS for path in (ROOT / name).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert {name.split(".")[0] for name in names} <= modules, path


def test_every_dependency_has_a_lower_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    for item in [*project["dependencies"], *(name for extra in extras for name in extra)]:
        assert ">=" in item or item.startswith("fenghua["), item


HEAVY = "{'pandas','numpy','matplotlib','nbconvert','papermill','IPython','scipy','jinja2'}"


def _heavy(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own; exit code 9 if it loaded a heavy library."""
    code = (
        "import sys; from fenghua.cli import main\n"
        f"try: main({list(words)!r})\n"
        "except SystemExit: pass\n"
        f"sys.exit(9 if {HEAVY} & set(sys.modules) else 0)"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )


def test_help_imports_no_heavy_library() -> None:
    done = _heavy("--help")
    assert done.returncode == 0, done.stderr


def test_nothing_to_do_imports_no_heavy_library(tmp_path: Path) -> None:
    words = ("report", "--brief", "plan_audit", "--as-of", "2025", "--out", str(tmp_path))
    first, second = _heavy(*words), _heavy(*words)
    assert "1 written" in first.stdout
    assert second.returncode == 0
    assert "0 written, 1 unchanged" in second.stdout


def test_names_of_the_package_are_shown_by_help() -> None:
    code = "import fenghua; help(fenghua)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "load(" in done.stdout or "load" in done.stdout
    assert "gap.assess" in done.stdout
