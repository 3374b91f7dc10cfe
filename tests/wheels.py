"""Try the built wheel, in an empty folder, on every Python that is here: ``make wheels``.

Answers: whether what pip installs makes a folder that runs. Refuses: to pass on no Python at all.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.11", "3.12", "3.13")
LINES = (
    "fenghua init work",
    "fenghua template input.xlsx",
    "fenghua new-plan own",
    "fenghua report --data work/data/raw --brief plan_audit --as-of 2023 --out pages",
    "fenghua verify pages/2023/zh-Hans/public/plan_audit.html",
    "fenghua export pages/2023/zh-Hans/public/plan_audit.html tables.xlsx",
)


def pythons():
    """Return the interpreters that are here, by version: on the path, or beside pyenv's others."""
    beside = Path.home() / ".pyenv/versions"
    found = {}
    for version in VERSIONS:
        known = [*sorted(beside.glob(f"{version}.*/bin/python")), shutil.which(f"python{version}")]
        for python in filter(None, known):
            asked = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
            said = subprocess.run(asked, capture_output=True, text=True)
            if said.stdout.strip() == version:
                found.setdefault(version, str(python))
    return found


def tried(python, wheel, place):
    """Install the wheel with its libraries in a new environment, and type the lines there."""
    subprocess.run([python, "-m", "venv", place / "env"], check=True)
    programs = place / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    pip = [programs / "python", "-m", "pip", "install", "--quiet", wheel]
    subprocess.run(pip, check=True)
    empty = place / "empty"
    empty.mkdir()
    for line in LINES:
        name, *words = line.split()
        subprocess.run([programs / name, *words], cwd=empty, check=True, stdout=subprocess.DEVNULL)


def main():
    found = pythons()
    print("python:", ", ".join(f"{v} {found.get(v, 'is not here')}" for v in VERSIONS), flush=True)
    if not found:
        sys.exit("no Python to try the wheel on")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
        subprocess.run([*build, "-w", place, ROOT], check=True)
        wheel = next(place.glob("*.whl"))
        for version, python in found.items():
            (place / version).mkdir()
            tried(python, wheel, place / version)
            print(f"{version}: {wheel.name} works in an empty folder", flush=True)


if __name__ == "__main__":
    main()
