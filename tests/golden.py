"""The golden set: what every page says, kept compressed, so that a changed word is seen.

Answers: which page, table or message reads otherwise than the kept one, and where first.
Refuses: to compare bytes with anything but an older commit in this very environment.

``make golden`` compares; ``make golden ARGS=--update`` keeps what is rendered now;
``make golden ARGS="--against COMMIT"`` compares the bytes of all files with those of a commit.
"""

import argparse
import json
import lzma
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import openpyxl

ROOT = Path(__file__).parents[1]
KEPT = Path(__file__).with_name("golden")
LANGS = ("zh-Hans", "zh-Hant", "en")
AUDIENCES = ("public", "internal")
PERIODS = ("2022-05", "2023-06", "2024-Q2", "2025")
SLICE = ("gaps", "plan_audit")  # briefs of one period and language that each test run renders
EXAMPLES = ("lishui", "lucheng")
LONG = 100_000  # characters; of a longer table only its fingerprint is kept
DIGITS = 9  # another processor may round the last digits of a sum differently


class _Visible(HTMLParser):
    """Picks the text that a reader sees or hears, a line a block, and the embedded results."""

    BREAKS = (
        "h1",
        "h2",
        "h3",
        "p",
        "li",
        "tr",
        "table",
        "caption",
        "div",
        "section",
        "summary",
        "text",
    )

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.data = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "style":
            self._inside = "style"
        elif tag == "script":
            self._inside = "data"
        elif tag == "nav" and about.get("class") == "set":
            self._inside = "links"  # which other pages there are is a matter of the run
            return
        self.words.append("\n" if tag in self.BREAKS else " ")
        self.words += [f" [{about[key]}] " for key in ("alt", "aria-label") if about.get(key)]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "nav"):
            self._inside = ""
        self.words.append("\n" if tag in self.BREAKS else " ")

    def handle_data(self, data: str) -> None:
        if self._inside == "data":
            self.data += data
        elif not self._inside:
            self.words.append(data)


def visible(page: str) -> tuple[str, str]:
    """Return a page's visible text and its embedded results, both as lines."""
    parser = _Visible()
    parser.feed(page)
    lines = (" ".join(line.split()) for line in "".join(parser.words).split("\n"))
    text = "\n".join(line for line in lines if line)
    # The fingerprint names the bytes of the inputs, not what the page says of them.
    return re.sub(r"\b[0-9a-f]{12}\b", "<fingerprint>", text), _results(parser.data)


def _results(data: str) -> str:
    claims = json.loads(data)["claims"] if data.strip() else []
    rows = []
    for claim in claims:
        result = claim["result"]
        rows.append(f"{claim['figure']} by {claim['function']}: {' '.join(result['columns'])}")
        index = result["index"] or range(len(result["data"]))
        for key, row in zip(index, result["data"], strict=True):
            rows.append(f"{key}: {' '.join(_short(value) for value in row)}")
    return "\n".join(rows)


def _short(value: object) -> str:
    return f"{value:.{DIGITS}g}" if isinstance(value, float) else json.dumps(value)


def _fenghua(*arguments: str, tree: Path = ROOT) -> str:
    """Run a command of the tree's own package and return what it printed."""
    code = "from fenghua.cli import main; main()"
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=tree, env=environment, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    if done.returncode > 2:
        raise SystemExit(f"fenghua {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def render(out: Path, *, tree: Path = ROOT, part: str = "") -> None:
    """Write everything that the golden set looks at into ``out``; ``part`` is one slice of it."""
    periods, langs = (PERIODS, LANGS) if not part else ((PERIODS[1],), ("en",))
    spoken = [word for lang in langs for word in ("--lang", lang)]
    roots = dict(zip(AUDIENCES, ("pages", "inside"), strict=True))  # a root never takes both
    for audience in AUDIENCES if not part else ("public",):
        folder = ["--out", str(out / roots[audience])]
        for period in periods:
            _fenghua(
                "report", "--as-of", period, "--audience", audience, *spoken, *folder,
                *(["--brief", part] if part else []), tree=tree,
            )  # fmt: skip
    if part:
        return
    for name in EXAMPLES:
        data = f"data/examples/{name}"
        log = _fenghua("report", "--data", data, *spoken, "--out", str(out / name), tree=tree)
        failed = sorted(line for line in log.splitlines() if line.startswith("failed: "))
        (out / name / "failed.txt").write_text("\n".join(failed), encoding="utf-8")
    _fenghua("build", "--out", str(out / "processed"), tree=tree)
    checks = out / "checks"
    checks.mkdir()
    for path in sorted((tree / "tests" / "bad_inputs").iterdir()):
        if path.name != "expected.csv":
            said = _fenghua("check", "--json", "--actuals", str(path), tree=tree)
            found = json.loads(said)
            lines = [json.dumps(problem, ensure_ascii=False, sort_keys=True) for problem in found]
            text = "\n".join(lines).replace(str(tree), "")
            (checks / f"{path.name}.txt").write_text(text, encoding="utf-8")
    for lang in ("zh-Hans", "en"):
        _fenghua("template", str(out / f"template.{lang}.xlsx"), "--lang", lang, tree=tree)


def said(out: Path) -> dict[str, str]:
    """Return what the rendered files say, by name: of a page its text and, apart, its results."""
    found = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.suffix == ".html":
            found[name], found[f"{name} (results)"] = visible(path.read_text(encoding="utf-8"))
        elif path.suffix == ".xlsx":
            found[name] = "\n".join(_cells(path))
        elif path.suffix in (".txt", ".csv"):
            text = path.read_text(encoding="utf-8-sig")
            found[name] = text if len(text) < LONG else sha256(text.encode()).hexdigest()
    return found


def _cells(path: Path) -> Iterator[str]:
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield f"{sheet.title}!{cell.coordinate}: {cell.value}"


def kept() -> dict[str, str]:
    """Return the golden set."""
    with lzma.open(KEPT / "said.json.xz", "rt", encoding="utf-8") as file:
        return json.load(file)


def keep(found: dict[str, str]) -> None:
    """Make what was found the golden set; pages of one brief side by side compress best."""
    KEPT.mkdir(exist_ok=True)
    names = sorted(found, key=lambda name: (name.rpartition("/")[2], name))
    text = json.dumps({name: found[name] for name in names}, ensure_ascii=False)
    big = [{"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": 1 << 28}]
    with lzma.open(KEPT / "said.json.xz", "wt", encoding="utf-8", filters=big) as file:
        file.write(text)


def differences(old: dict[str, str], new: dict[str, str], *, both: bool = False) -> list[str]:
    """Return a line for each name that reads otherwise, with the first text that differs."""
    lines = []
    for name in sorted(old.keys() & new.keys() if both else old.keys() | new.keys()):
        if name not in new or name not in old:
            lines.append(f"{name}: {'no longer there' if name in old else 'new'}")
        elif old[name] != new[name]:
            lines.append(f"{name}: {_first(old[name].split(chr(10)), new[name].split(chr(10)))}")
    return lines


def _first(old: list[str], new: list[str]) -> str:
    at = next((i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(old), len(new)) if at is None else at
    was, now = ("".join(lines[at : at + 1]) or "(end)" for lines in (old, new))
    same = next((i for i, pair in enumerate(zip(was, now, strict=False)) if len({*pair}) > 1), 0)
    shown = slice(max(same - 40, 0), same + 160)
    return f"line {at + 1}\n  kept: …{was[shown]}\n  now:  …{now[shown]}"


@contextmanager
def older(commit: str) -> Iterator[Path]:
    """Give a tree of an older commit beside this one."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        subprocess.run(
            ["git", "worktree", "add", "--detach", "--quiet", str(tree), commit],
            cwd=ROOT, check=True,
        )  # fmt: skip
        try:
            yield tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT)


def against(commit: str, new: Path) -> list[str]:
    """Return which files are not the same bytes as those that a commit renders here."""
    with older(commit) as tree, tempfile.TemporaryDirectory() as folder:
        old = Path(folder)
        render(old, tree=tree)
        names = {path.relative_to(base) for base in (old, new) for path in base.rglob("*.html")}
        texts = {base: {str(n): _text(base / n) for n in sorted(names)} for base in (old, new)}
    return differences(texts[old], texts[new])


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def main() -> int:
    """Compare, or keep; 1 when anything reads otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="keep what is rendered now")
    parser.add_argument("--slice", action="store_true", help="only what the tests look at")
    parser.add_argument("--against", metavar="COMMIT", help="compare bytes with this commit")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        for part in SLICE if given.slice else ("",):
            render(out, part=part)
        found = said(out)
        if given.slice:
            found = {name: text for name, text in found.items() if name.count("/") > 1}
        if given.update:
            keep((kept() if given.slice else {}) | found)
            return 0
        if given.against:
            lines = against(given.against, out)
        else:
            lines = differences(kept(), found, both=given.slice)
    print("\n".join(lines[:60]))
    print(f"golden: {len(lines)} differ" if lines else "golden: all the same")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
