"""Empty registers for another plan, with their columns explained (新方案登记表).

Answers: what to fill in, column by column. Refuses: to touch a folder that holds anything.
"""

import csv
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from fenghua.inputs import columns, registers
from tidysheets.schema import Column

# What belongs to the methods is taken over with its sources; the rest belongs to the plan.
METHODS: Final[tuple[str, ...]] = (
    "parameters",
    "status_cutoffs",
    "benchmarks",
    "column_names",
    "industries",  # constants of a national standard
)
COMMENT: Final = "comment"
_HEADS: Final = (
    "| 列 column | 意义 meaning | 必填 required | 单位或取值 unit or values | 例 example |\n"
    "|---|---|---|---|---|"
)
_REQUIRED: Final = {"yes": "是 yes", "column": "列 column", "note": "建议 advised", "": ""}


def write(directory: str | Path, *, data: str | Path = "data/raw") -> list[Path]:
    """Write the registers of another plan, all or none, and return the files in order.

    Parameters
    ----------
    directory : path
        A folder that does not exist yet, or is empty.
    data : path
        The registers of the worked example: constants of the methods are taken over from
        there, and its first rows are the examples in the explanations.

    Raises
    ------
    FileExistsError
        When the folder holds anything.
    FileNotFoundError
        When ``data`` has no registers.
    """
    target, example = Path(directory), Path(data)
    if target.is_dir() and any(target.iterdir()):
        raise FileExistsError(f"{target} is not empty; name a folder that does not exist yet")
    if not (example / registers.REGISTERS["plan"]).is_file():
        raise FileNotFoundError(f"{example} has no {registers.REGISTERS['plan']}; give --data")
    target.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".new-plan-", dir=target.parent))
    try:
        _fill(place / "data" / "raw", example)
        place.chmod(0o755)
        if target.is_dir():
            target.rmdir()
        place.rename(target)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return sorted(path for path in target.rglob("*") if path.is_file())


def _fill(folder: Path, example: Path) -> None:
    read = {
        name: pd.read_csv(example / path, dtype=str, keep_default_na=False, encoding="utf-8")
        for name, path in registers.REGISTERS.items()
        if (example / path).is_file()
    }
    kept: dict[str, Any] = {name: read[name] for name in METHODS if name in read}
    if "column_names" in kept:  # spellings of headings are anyone's, those of ids are the plan's
        kept["column_names"] = kept["column_names"].query("value == ''")
    used = set().union(*(set(frame.get("source_id", ())) for frame in kept.values()))
    schemes = _published_schemes(example)
    used |= {source for text in schemes.values() for source in yaml.safe_load(text)["source_ids"]}
    cited = read["sources"]["source_id"].isin(used) | (read["sources"]["kind"] == "synthetic")
    kept["sources"] = read["sources"][cited]
    for name, path in registers.REGISTERS.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        frame = kept.get(name, pd.DataFrame(columns=_headings(name, read.get(name))))
        frame.to_csv(folder / path, index=False, lineterminator="\n", encoding="utf-8")
    (folder / registers.SCHEMES).mkdir()
    for name, text in schemes.items():
        (folder / registers.SCHEMES / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / "actuals").mkdir()
    for name in columns.USER_TABLES:
        with (folder / "actuals" / f"{name}.csv").open("w", encoding="utf-8", newline="\n") as file:
            csv.writer(file, lineterminator="\n").writerow(
                [*columns.schema().tables[name], COMMENT]
            )
    for part in ("plan", "reference", "actuals"):
        text = "\n".join(_readme(part, read)) + "\n"
        (folder / part / "README.md").write_text(text, encoding="utf-8", newline="\n")


def _published_schemes(example: Path) -> dict[str, str]:
    """Return the schemes that others published; the example's own default stays behind."""
    paths = sorted((example / registers.SCHEMES).glob("*.yaml"))
    published = [path for path in paths if not path.stem.endswith("default")]
    return {path.name: path.read_text(encoding="utf-8") for path in published}


def _headings(name: str, example: pd.DataFrame | None) -> list[str]:
    """Return the columns on record, the example's ``order`` before them, a comment at the end."""
    ordered = ["order"] if example is not None and "order" in example else []
    return [*ordered, *columns.schema().tables[name], COMMENT]


def _readme(part: str, read: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Explain the tables of one folder: what stands in each column, and an example."""
    names = [n for n, path in registers.REGISTERS.items() if path.startswith(part)]
    yield f"# {part}: " + _TITLES[part]
    yield f"\n{_NOTES[part]}\n"
    for name in names or columns.USER_TABLES:
        key = ", ".join(columns.schema().keys(name))
        yield f"## {name}.csv\n"
        yield f"键 key: {key or '—'}.\n" + (f"{_FILLED}\n" if name in METHODS else "")
        yield _HEADS
        first = read[name].iloc[0] if name in read and len(read[name]) else {}
        yield from (_line(column, first) for column in columns.schema().tables[name].values())
        yield ""


def _line(column: Column, first: Any) -> str:
    meaning = [f"{column.name_zh_hans} · {column.name_en}", column.note_zh_hans, column.note_en]
    limits = [column.unit, ", ".join(column.choices), _reference(column)]
    cells = [
        f"`{column.name}`",
        "; ".join(filter(None, meaning)),
        _REQUIRED[column.required],
        "; ".join(filter(None, limits)) or column.type,
        column.example or str(first.get(column.name, "")),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _reference(column: Column) -> str:
    return "→ {}.{}".format(*column.reference) if column.reference else ""


_FILLED: Final = "已填好：方法的常数及其来源 · Filled in: constants of the methods, with sources."
_TITLES: Final = {
    "plan": "方案登记表 · the register of the plan",
    "reference": "参考资料 · reference data",
    "actuals": "实际数据 · actual figures",
}
_NOTES: Final = {
    "plan": "一行是一个说法，每行有出处。按键排序；带 `order` 列的按该列排序。"
    "`comment` 列归您使用。 · A row is a claim and has a source."
    " Sort by key, or by `order` where there is one."
    " The `comment` column is yours.\n\n"
    "先填 sources，再填 plan、lead_units、indicators、targets、policy_rules；"
    "随时运行 `fenghua check`。 · Begin with sources, then plan, lead_units,"
    " indicators, targets, policy_rules; run"
    " `fenghua check` at any time.",
    "reference": "填 towns；要做亩均评价，在 schemes/ 放一个 YAML 方案。"
    " · Fill in towns; for per-mu evaluation put one YAML scheme into schemes/.",
    "actuals": "一张表一个文件，表头可用任何登记过的写法；不用的表请删除。"
    " · One file a table, under any heading on record; delete the tables you do not use.",
}
