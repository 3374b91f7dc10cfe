"""The validated tables for other programs (``fenghua build``): CSV, Parquet, package, codebook.

Answers: what R, Stata or a spreadsheet reads. Refuses: faulty inputs, before it touches anything.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

import pandas as pd

import fenghua
from briefpress import manifest
from fenghua import ending, house
from fenghua.analysis import evaluation
from fenghua.analysis import scheme as scheme_rules
from fenghua.display import columns as display
from fenghua.display import markup
from fenghua.display.wording import Words, catalogue
from fenghua.inputs import columns, places, records, registers, vocabulary
from fenghua.inputs.dataset import Dataset
from tidysheets import signs
from tidysheets.problems import InputError
from tidysheets.schema import Column

PANEL: Final = "enterprise_panel"
LABELS: Final = "value_labels"
PACKAGE: Final = "datapackage.json"
CODEBOOK: Final = "codebook.html"
_TYPES: Final = {"int": "integer", "float": "number", "bool": "boolean"}
_STORED: Final = {"int": "Int64", "float": "float64", "bool": "bool"}


def build(
    data: str | Path = "data/raw",
    actuals: str | Path | None = None,
    *,
    out: str | Path = "data/processed",
    echo: Callable[[str], Any] = print,
) -> int:
    """Write every table as CSV and Parquet, with ``datapackage.json`` and ``codebook.html``.

    Parameters
    ----------
    data, actuals : path
        As for ``fenghua.load``.
    out : path
        The folder. Tables of an earlier build are replaced or removed, other files left alone.
        The panel is of the scheme whose name ends in ``default``, or the only one; without any
        scheme there is no panel.

    Returns
    -------
    int
        0 written; 2 bad input, nothing touched.
    """
    if Path(out).is_file():
        echo(f"{out} is a file; --out names the folder of the tables")
        return 2
    try:
        ds = fenghua.load(data, actuals)
        places.refuse_among_inputs(Path(out), ds.data_dir, ds.actuals_dir)
        written = _contents(ds, scheme_rules.chosen(ds.schemes))
        with manifest.workplace(Path(out)) as place:
            _replace(Path(out), place, written)
    except InputError as error:
        echo(str(error))
        return 2
    except (ValueError, OSError, RuntimeError) as error:  # a link that leads to itself is the last
        said = ending.refusal(error)
        echo(f"fenghua build: {said}")
        return 2
    basis = "SYNTHETIC DEMO DATA" if ds.is_synthetic else "real data"
    echo(f"fenghua build: {len(written)} files in {out}; {basis} in {ds.actuals_dir.name}")
    return 0


def panel(ds: Dataset, scheme: str) -> pd.DataFrame:
    """Return every enterprise and year with ratios, scores and grades under a scheme."""
    rules = ds.schemes[scheme]
    graded = evaluation.graded(ds.enterprises, rules, ds.parameters, adjustments=ds.adjustments)
    return graded.assign(scheme_id=scheme)


@cache
def _tables() -> Mapping[str, Mapping[str, Column]]:
    return columns.schema().tables


def described(name: str, frame: pd.DataFrame) -> list[Column]:
    """Return what is on record for each column of a table; unknown ones by their dtype."""
    known = dict(_tables().get("enterprises" if name == PANEL else name, {}))
    known |= {column.name: column for column in _panel_columns()} if name == PANEL else {}
    return [known.get(str(c)) or _unknown(name, str(c), frame[c].dtype.kind) for c in frame]


def _unknown(table: str, name: str, kind: str) -> Column:
    typed = {"i": "int", "f": "float", "b": "bool"}.get(kind, "str")
    return Column(table, name, typed, "", "", "", None, None, "", name, name, "", "", "")


def _panel_columns() -> Iterator[Column]:
    for row in records.beside("fenghua", "panel_columns.csv"):
        allowed = ";".join(vocabulary.GRADES) if row["column"].endswith("_grade") else ""
        known: dict[str, Any] = {**row, "table": PANEL, "allowed": allowed}
        known |= {"required": "", "key": "", "low": None, "high": None, "example": ""}
        yield Column(name=known.pop("column"), **known)


def _frames(ds: Dataset, scheme: str) -> dict[str, pd.DataFrame]:
    names = [*registers.REGISTERS, *columns.USER_TABLES]
    found = {name: getattr(ds, name) for name in names if hasattr(ds, name)}
    found["plan"] = pd.DataFrame([ds.plan])
    values = {"parameter_id": list(ds.parameters), "value": list(ds.parameters.values())}
    found["parameters"] = pd.DataFrame(values)
    if scheme:
        found[PANEL] = panel(ds, scheme)
    found = {name: _typed(name, frame) for name, frame in found.items()}
    return found | {LABELS: pd.DataFrame(_labels(found))}


def _typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    kinds = {column.name: _STORED.get(column.type, "object") for column in described(name, frame)}
    return frame.reset_index(drop=True).astype(kinds)


def _labels(frames: Mapping[str, pd.DataFrame]) -> Iterator[dict[str, str]]:
    """Give the words of every coded column in three languages (取值标签)."""
    spoken = {lang: Words(lang) for lang in vocabulary.LANGUAGES}
    for table, frame in frames.items():
        for column in described(table, frame):
            for code in column.choices:
                own = f"{table.removesuffix('s')}_{column.name}.{code}"
                key = own if own in catalogue() else f"{column.name}.{code}"
                if key in catalogue():
                    words = {lang: say(key) for lang, say in spoken.items()}
                    yield {"table": table, "column": column.name, "value": code, **words}


def _contents(ds: Dataset, scheme: str) -> dict[str, bytes]:
    """Return every file of the package by name, the data package last."""
    frames, written = _frames(ds, scheme), {}
    for name, frame in frames.items():
        text = _as_text(name, frame).to_csv(index=False, lineterminator="\n")
        written[f"{name}.csv"] = text.encode()
        written[f"{name}.parquet"] = frame.to_parquet(index=False)
    written[CODEBOOK] = codebook(ds, frames).encode()
    package = {
        "name": str(ds.plan["plan_id"]).lower().replace("_", "-"),
        "title": str(ds.plan["title_en"]),
        "synthetic": ds.is_synthetic,
        "evaluation_scheme": scheme,
        "resources": [_resource(name, f, frames, written) for name, f in frames.items()],
    }
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    return written | {PACKAGE: text.encode()}


def _as_text(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Write yes and no as every reader of data packages knows them, and no text as a formula.

    A code of a closed list, such as the comparator ``=``, is none and stays as it is.
    """
    closed = {column.name for column in described(name, frame) if column.choices}
    words = {True: "true", False: "false"}
    own = {c: frame[c].map(words) for c in frame.select_dtypes("bool")}
    texts = [c for c in frame.columns if pd.api.types.is_string_dtype(frame[c])]
    texts = [c for c in texts if c not in closed]
    own |= {c: frame[c].map(signs.inert, na_action="ignore") for c in texts}
    return frame.assign(**own)


def _resource(
    name: str, frame: pd.DataFrame, frames: Mapping[str, pd.DataFrame], written: Mapping[str, bytes]
) -> dict[str, Any]:
    about = described(name, frame)
    schema: dict[str, Any] = {"fields": [_field(column) for column in about]}
    key = [column.name for column in sorted(about, key=lambda c: c.key) if column.key]
    # A restated observation repeats its key, and so does a blank in it: then it is no key.
    if key and not frame[key].isin(["", None]).any(axis=None) and not frame.duplicated(key).any():
        schema["primaryKey"] = key
    links = [
        {"fields": [column.name], "reference": {"resource": to * (to != name), "fields": [field]}}
        for column in about
        for to, field in [column.reference or ("", "")]
        if to in frames and not column.allowed.endswith("*")
    ]
    raw = written[f"{name}.csv"]
    return {
        "name": name,
        "path": f"{name}.csv",
        "parquet": f"{name}.parquet",
        "format": "csv",
        "encoding": "utf-8",
        "bytes": len(raw),
        "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
        "schema": schema | ({"foreignKeys": links} if links else {}),
    }


def _field(column: Column) -> dict[str, Any]:
    limits = {"minimum": column.low, "maximum": column.high} if column.type in _TYPES else {}
    rules: dict[str, Any] = {key: value for key, value in limits.items() if value is not None}
    if column.required == "yes" and column.type != "bool":
        rules["required"] = True
    if column.choices and column.type not in _TYPES:
        rules["enum"] = list(column.choices)
    notes = [column.name_zh_hans, column.note_zh_hans, column.note_en]
    field = {
        "name": column.name,
        "type": _TYPES.get(column.type, "string"),
        "title": column.name_en,
        "description": "; ".join(filter(None, notes)),
    }
    unit = {"unit": column.unit} if column.unit else {}
    return field | unit | ({"constraints": rules} if rules else {})


def codebook(ds: Dataset, frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the page that explains every column of every table, and every code (编码手册)."""
    title = f"编码手册 · Codebook: {ds.plan['title_zh_hans']} · {ds.plan['title_en']}"
    mark = [words("page.demo") for words in (Words("zh-Hans"), Words("en")) if ds.is_synthetic]
    banner = f'<p class="demo" role="note">{escape(" · ".join(mark))}</p>' if mark else ""
    parts = [
        '<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{house.style()}</style></head><body>{banner}"
        f"<header><h1>{escape(title)}</h1></header><main>"
    ]
    for name, frame in frames.items():
        caption = f"{name}.csv, {name}.parquet: {len(frame)} 行 rows"
        rows = pd.DataFrame([_explained(column) for column in described(name, frame)])
        parts.append(f'<section id="{name}"><h2>{name}</h2>{_table(rows, caption)}</section>')
    labels = _table(frames[LABELS], f"{LABELS}.csv")
    parts.append(f"<section><h2>取值标签 · value labels</h2>{labels}</section>")
    return "".join([*parts, "</main></body></html>\n"])


def _table(rows: pd.DataFrame, caption: str) -> str:
    """Return texts as the pages' tables have them, each column under its own name."""
    specs = [(name, {"kind": "text", "head": name}) for name in rows]
    told = display.of(specs, rows, Words("en"), facts={})
    return markup.table([("", rows)], told, caption=escape(caption), name=caption, look="plain")


def _explained(column: Column) -> dict[str, str]:
    limits = [f"≥ {column.low:g}" if isinstance(column.low, float) else column.low or ""]
    limits += [f"≤ {column.high:g}" if column.high is not None else "", ", ".join(column.choices)]
    limits += ["→ {}.{}".format(*column.reference) if column.reference else ""]
    return {
        "列 column": column.name,
        "名称": "；".join(filter(None, [column.name_zh_hans, column.note_zh_hans])),
        "Name": "; ".join(filter(None, [column.name_en, column.note_en])),
        "类型 type": _TYPES.get(column.type, "string"),
        "单位 unit": column.unit,
        "键 key": str(column.key),
        "必填 required": "✓" if column.required == "yes" else "",
        "取值 values": "; ".join(filter(None, limits)),
    }


def _replace(out: Path, place: Path, written: Mapping[str, bytes]) -> None:
    """Put whole new files in the place of the old: all are on the disk before the first moves."""
    ours = _of_earlier_build(out)
    for name in written:
        if (out / name).exists() and name not in ours:
            raise FileExistsError(
                f"{out / name} was not made by fenghua build; give --out another folder"
            )
    for name, content in written.items():
        (place / name).write_bytes(content)
    for name in written:
        (place / name).replace(out / name)
    for name in ours - set(written):
        (out / name).unlink(missing_ok=True)


def _of_earlier_build(out: Path) -> set[str]:
    """Return the files that an earlier build lists in its data package, and the package."""
    try:
        package = json.loads((out / PACKAGE).read_text(encoding="utf-8"))
        parts = package["resources"] if "evaluation_scheme" in package else []
        names = {Path(part[key]).name for part in parts for key in ("path", "parquet")}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return names | {PACKAGE, CODEBOOK} if names else set()
