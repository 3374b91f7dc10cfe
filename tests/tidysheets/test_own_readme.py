import re
import subprocess
import sys
from pathlib import Path

import tidysheets

README = Path(tidysheets.__file__).parent / "README.md"


def test_the_example_of_the_readme_runs_and_prints_what_it_says(tmp_path):
    text = README.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.S))
    (said,) = re.findall(r"```text\n(.*?)```", text, re.S)
    (tmp_path / "example.py").write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "example.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (done.stdout, done.stderr) == (said, "")


def test_every_module_is_in_the_readme():
    text = README.read_text(encoding="utf-8")
    for path in README.parent.glob("[!_]*.py"):
        assert f"`{path.stem}`" in text, path.stem
