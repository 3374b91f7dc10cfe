"""What a page says of the data it stands on: synthetic or not, their periods, their sources.

Answers: the same for any notebook that loads data, whether it opens a brief or not. Refuses: to
let synthetic data stand unmarked on a page.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from fenghua import fingerprints, house, issue
from fenghua.analysis import asked
from fenghua.display.wording import Words
from fenghua.inputs import columns, dataset, periods, rowless
from fenghua.inputs.dataset import Dataset

_SYNTHETIC: Final = "演示数据（合成） · SYNTHETIC DEMO DATA"
_ACTUAL: Final = "实际数据 · actual figures"
_INTERNAL: Final = "内部资料，不得公开 · Internal: not for publication"


@asked.as_declared
def load(data: str | Path = "data/raw", actuals: str | Path | None = None) -> Dataset:
    """Return all inputs as `fenghua.inputs.dataset.load` does, and let a notebook's page say so.

    The page of a notebook that got enterprises is marked internal; a public run gives none.

    Parameters
    ----------
    data : path
        The folder with ``plan`` and ``reference``; a relative one is also looked for above the
        working folder, so that notebooks find it.
    actuals : path, optional
        A folder (or one file) of actual figures; by default ``data/actuals`` if it holds any
        table, else the synthetic ``data/demo``.

    Raises
    ------
    InputError
        When anything is wrong; its ``problems`` say where, what and what to do.
    ValueError
        When the folder is not there.
    """
    ds = dataset.load(data, actuals or None)
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        footer = lines(ds)
        marked = {"is_synthetic": ds.is_synthetic, "banner": _SYNTHETIC if ds.is_synthetic else ""}
        if not rowless.is_public(ds) and len(ds.enterprises):
            marked |= {"audience": "internal", "internal": _INTERNAL}
        emit({**marked, "footer": footer, "is_aside": True}, footer[0])
    return ds


def lines(ds: Dataset) -> list[str]:
    """Return what a plain notebook's page says of its data, in Chinese and English."""
    seen = issue.observed_periods(ds)
    ends = sorted(seen, key=periods.end)
    span = f"；{ends[0]} – {ends[-1]}" if ends else ""
    sources = ds.sources.set_index("source_id")["title"].reindex(_cited(ds)).dropna()
    return [
        f"{_SYNTHETIC if ds.is_synthetic else _ACTUAL}：{ds.actuals_dir.name}{span}",
        f"资料来源 · Sources：{'；'.join(sources)}",
        f"数据指纹 · Data fingerprint：{fingerprints.of_dataset(ds)}",
    ]


def _cited(ds: Dataset) -> list[str]:
    """Return the sources of the plan and of the actual figures, each once."""
    tables = [getattr(ds, name) for name in columns.USER_TABLES]
    cited = [ds.plan["source_id"]]
    for table in tables:  # a public run reaches no table of enterprises
        if isinstance(table, pd.DataFrame) and "source_id" in table:
            cited += table["source_id"].unique().tolist()
    return list(dict.fromkeys(cited))


def emit(data: Mapping[str, Any], text: str, shown: Mapping[str, Any] | None = None) -> None:
    """Say something to the page; a notebook opened by hand shows the plain text, or ``shown``."""
    from IPython.display import display

    display({"text/plain": text, **(shown or {}), house.PRESS.mime: dict(data)}, raw=True)


def rebuild(name: str, chosen: Mapping[str, Any], ds: Dataset, words: Words) -> str:
    """Return the command that makes a page again."""
    more = [(key, _typed(value)) for key, value in chosen.items() if key not in issue.FLAGS]
    if name in issue.NOT_BRIEFS:
        more = [*((key, chosen[key]) for key in issue.FLAGS if key in chosen), *more]
        given = [f"-p {key} {value}" for key, value in more]
        given += [flag.replace("--", "-p ") for flag in issue.folder_flags(ds)]
        command = f"papermill --engine fenghua notebooks/{name}.ipynb {name}.out.ipynb"
        return " ".join([command, *given])
    if not words.get(f"brief.{name}"):  # a notebook of one's own is named by its file
        name = f"{name}.ipynb"
    given = [f"--{key.replace('_', '-')} {chosen[key]}" for key in issue.FLAGS if key in chosen]
    given += [f"-p {key} {value}" for key, value in more]
    return " ".join([f"fenghua report --brief {name}", *given, *issue.folder_flags(ds)])


def _typed(value: object) -> str:
    """Return a value as one types it: in quotation marks where the shell would read signs in it."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if re.fullmatch(r"[\w./:+-]+", text) else f'"{text}"'
