"""What a page says of what it stands on: data and sources, how it is cited and made again.

Answers: the same for any notebook that loads data, whether it opens a brief or not. Refuses: to
let synthetic data stand unmarked on a page, to name a person whom the register does not name.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd

import fenghua
from fenghua import fingerprints, house, issue
from fenghua.analysis import asked
from fenghua.display import span
from fenghua.display.wording import Words
from fenghua.inputs import columns, dataset, periods, places, rowless
from fenghua.inputs.dataset import Dataset
from fenghua.inputs.vocabulary import Audience

if TYPE_CHECKING:
    from fenghua.pages.moment import Moment  # loading data needs no page

_SYNTHETIC: Final = "演示数据（合成） · SYNTHETIC DEMO DATA"
_ACTUAL: Final = "实际数据 · actual figures"
_INTERNAL: Final = "内部资料，不得公开 · Internal: not for publication"


class Citable(Protocol):
    """What is cited and made again: a brief."""

    name: str
    title: str
    ds: Dataset
    as_of: str
    words: Words
    audience: Audience
    fingerprint: str
    options: Mapping[str, Any]
    period: str
    moment: "Moment"


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
            marked["stays"] = {"audience": "internal", "internal": _INTERNAL}
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


def citation(brief: Citable) -> str:
    """Return how the page is cited."""
    return brief.words(
        "page.citation",
        brief=brief.title or brief.name,
        period=brief.period,
        area=brief.words.name(brief.ds.plan, prefix="area_name"),
        document=brief.ds.plan["document_number"],
        fingerprint=brief.fingerprint,
    )


def years(brief: Citable) -> str:
    """Return the line of the plan's years with the moment of the page."""
    now = brief.moment
    ends = periods.end(brief.as_of)
    return span.span(now.base_year, now.target_years, ends, brief.period, brief.words)


def footer(brief: Citable) -> list[str]:
    """Return the lines of the footer: citation, whom to ask, and how to make the page again.

    The citation ends with the fingerprint of the data, the command names every parameter.
    """
    words, chosen = brief.words, {"as_of": brief.as_of, "lang": brief.words.lang}
    chosen |= {"audience": str(brief.audience), **{k: v for k, v in brief.options.items() if v}}
    command = _rebuild(brief.name, chosen, brief.ds, words)
    plan = brief.ds.plan
    asked = {"page.released": plan.get("released_on"), "page.contact": plan.get("contact")}
    return [
        words("page.cite", citation=citation(brief)),
        *(words(key, date=said, contact=said) for key, said in asked.items() if said),
        words("page.version", version=fenghua.__version__),
        words("page.rebuild", command=command),
    ]


def _rebuild(name: str, chosen: Mapping[str, Any], ds: Dataset, words: Words) -> str:
    """Return the command that makes a page again."""
    more = [(key, _typed(value)) for key, value in chosen.items() if key not in issue.FLAGS]
    if name in issue.NOT_BRIEFS:
        more = [*((key, chosen[key]) for key in issue.FLAGS if key in chosen), *more]
        given = [f"-p {key} {value}" for key, value in more]
        given += [flag.replace("--", "-p ") for flag in _folder_flags(ds)]
        command = f"papermill --engine fenghua notebooks/{name}.ipynb {name}.out.ipynb"
        return " ".join([command, *given])
    if not words.get(f"brief.{name}"):  # a notebook of one's own is named by its file
        name = _typed(f"{name}.ipynb")
    given = [f"--{key.replace('_', '-')} {chosen[key]}" for key in issue.FLAGS if key in chosen]
    given += [f"-p {key} {value}" for key, value in more]
    return " ".join([f"fenghua report --brief {name}", *given, *_folder_flags(ds)])


def _folder_flags(ds: Dataset) -> list[str]:
    """Return the options of ``fenghua report`` that lead to these data; none for the usual ones."""
    data, actuals = ds.data_dir.resolve(), ds.actuals_dir.resolve()
    usual, given = places.where_typed(Path("data/raw")).resolve(), []
    root = usual.parents[1] if usual.is_dir() else places.started()  # where the command is typed
    if data != usual:
        given.append(f"--data {_shown(data, root)}")
    if actuals != places.actuals(data, None):
        given.append(f"--actuals {_shown(actuals, root)}")
    return given


def _shown(folder: Path, root: Path) -> str:
    """Return a folder as one types it in ``root``.

    One elsewhere is named alone, as one types it beside it: a page tells no path of its machine.
    """
    inside = folder.relative_to(root) if folder.is_relative_to(root) else Path(folder.name)
    return _typed(inside.as_posix())


def _typed(value: object) -> str:
    """Return a value as one types it: in quotation marks where the shell would read signs in it."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if re.fullmatch(r"[\w./:+-]+", text) else f'"{text}"'
