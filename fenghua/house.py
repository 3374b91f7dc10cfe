"""What this house hands to the press: how its pages look and speak, what its briefs share.

Answers: the one `Press` of all commands. Refuses: to import anything before it is asked.
"""

import pickle
import zlib
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any, Final

from briefpress import Press
from fenghua.inputs.vocabulary import PlanData

_PAGES: Final = (
    *("gaps", "lead_unit_brief", "per_mu", "plan_audit", "tasks", "town", "towns", "trajectories"),
)
_ANALYSIS: Final = (
    *("audit", "bearing", "lead_unit", "outlook", "parents", "plan_shape", "race", "rhythm"),
    *("tiers", "towns"),
)
PRESS: Final = Press(
    name="fenghua",
    lang="zh-Hans",
    style="fenghua.house:style",
    prose="fenghua.house:prose",
    told_from="fenghua.house:told_from",
    told="fenghua.house:told",
    index="fenghua.index:frames",
    strip="fenghua.index:links",
    lend="fenghua.house:lend",
    shared="fenghua.analysis.shared:ask",
    share="fenghua.house:share",
    modules=(
        "pandas",
        "fenghua.brief",
        "fenghua.display.draw",
        "matplotlib.pyplot",
        "seaborn",
        "fenghua.traditional",
        *(f"fenghua.analysis.{name}" for name in _ANALYSIS),
        *(f"fenghua.pages.{name}" for name in _PAGES),
    ),
    later=("scipy.stats", "scipy.cluster", "ipywidgets"),  # most of the start of seaborn
    rehearsal="""
import pandas as pd
import seaborn as sns
from fenghua.display import columns, draw, figures, shown
columns.register()
shown.notebook_style()
seen = {"series": "observation", "status": "on_track", "label": "亩", "value_decimals": 1}
lines = pd.DataFrame({"id": "a", "t": [0.0, 1.0], "value": [0.0, 1.0], **seen})
cards = draw.Cards(lines, by="id")
cards.line("t >= 0", **draw.SEEN).rings("t >= 0").years([0, 1]).label()
ax = cards.axes["a"]
sns.scatterplot(lines, x="t", y="value", hue="status", style="status", **draw.STATUS, ax=ax)
draw.below(ax, "亩")
figures.svg(ax.figure, key="a", alt="a")
lines.pivot(index="id", columns="t", values="value").to_csv()
lines
""",
    packages=("fenghua", "briefpress"),
    libraries=(
        "matplotlib",
        "mistune",
        "nbconvert",
        "numpy",
        "opencc",
        "pandas",
        "scipy",
        "seaborn",
    ),
)
NAME: Final = "fenghua.house:PRESS"
FINGERPRINT_DIGITS: Final = 12  # that a page prints
_FAST: Final = 1  # of zlib's levels: a million enterprises shrink to a fifth on their way


def style() -> str:
    """Return the style sheet that every page carries."""
    from fenghua.display import palette

    return palette.css()


def prose(source: str, lang: str) -> str:
    """Return a markdown cell as a page says it: simplified Chinese becomes traditional."""
    if lang != "zh-Hant":
        return source
    from fenghua.display import wording

    return wording.traditional(source)


def told_from(notebook: Path, parameters: dict[str, Any]) -> str:
    """Return the language whose page is told again in another: Traditional from Simplified."""
    from fenghua import traditional

    return traditional.FROM if traditional.is_told(notebook, parameters) else ""


def told(parts: list[dict[str, Any]], parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what outputs say to their page, told in the language of the parameters."""
    from fenghua import traditional
    from fenghua.inputs import dataset

    ds = dataset.load(parameters["data"], parameters.get("actuals") or None)
    return traditional.told(parts, ds)


def lend(parameters: dict[str, Any]) -> None:
    """Load the data that a notebook will ask for, so that all briefs of a process share them.

    From here on the process knows its audience: for public pages it never keeps an enterprise.
    ``packed`` are the data themselves, where another process of this run has read them.
    """
    import pandas as pd

    from fenghua.analysis import shared
    from fenghua.display import wording
    from fenghua.inputs import dataset, rowless

    rowless.set_audience(parameters.get("audience"))  # first: whatever else fails, it is known
    wording.prepare(parameters.get("lang", PRESS.lang))
    pd.set_option("mode.string_storage", dataset.TEXT)
    places = parameters.get("data"), parameters.get("actuals") or None
    computed = None
    if "packed" in parameters:
        ds, computed = pickle.loads(zlib.decompress(b64decode(parameters["packed"])))
        dataset.put(ds, *places)
    elif "data" in parameters:
        ds = dataset.keep(*places)
    else:
        return
    shared.know(ds, computed)


def packed(ds: PlanData) -> str:
    """Return data and what is computed of them, for processes that this one has started alone."""
    from fenghua.analysis import shared

    whole = pickle.dumps((ds, shared.know(ds)))
    return b64encode(zlib.compress(whole, _FAST)).decode("ascii")


def share(parameters: dict[str, Any], call: Any) -> Any:
    """Return what a brief asks for and others will, too, from data that it did not touch."""
    from fenghua.analysis import shared
    from fenghua.inputs import dataset

    ds = dataset.load(parameters["data"], parameters.get("actuals") or None)
    return shared.compute(ds, call)
