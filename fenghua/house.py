"""What this house hands to the press: how its pages look and speak, what its briefs share.

Answers: the one `Press` of all commands. Refuses: to import anything before it is asked.
"""

from functools import cache
from importlib.resources import files
from typing import Any, Final

from briefpress import Press

PRESS: Final = Press(
    name="fenghua",
    lang="zh-Hans",
    style="fenghua.house:style",
    prose="fenghua.house:prose",
    index="fenghua.index:frames",
    strip="fenghua.strip:links",
    lend="fenghua.house:lend",
    shared="fenghua.analysis.shared:computed",
    share="fenghua.house:share",
    modules=(
        "pandas",
        "fenghua.brief",
        "fenghua.display.charts",
        "matplotlib.pyplot",
        "seaborn",
    ),
    rehearsal="""
from io import StringIO
import matplotlib.pyplot as plt
from fenghua.display import charts, figures, theme
with theme.style():
    plt.figure().savefig(StringIO(), format="svg")
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


@cache
def style() -> str:
    """Return the style sheet that every page carries."""
    from fenghua.display import palette

    return palette.css() + rules()


@cache
def rules() -> str:
    """Return the rules of the style sheet without its colours."""
    return files("fenghua.display").joinpath("page.css").read_text(encoding="utf-8")


def prose(source: str, lang: str) -> str:
    """Return a markdown cell as a page says it: simplified Chinese becomes traditional."""
    if lang != "zh-Hant":
        return source
    from fenghua.display import wording

    return wording.traditional(source)


def lend(parameters: dict[str, Any]) -> None:
    """Load the data that a notebook will ask for, so that all briefs of a process share them.

    From here on the process knows its audience: for public pages it never keeps an enterprise.
    """
    from fenghua.inputs import dataset, rowless

    rowless.set_audience(parameters.get("audience"))
    if "data" in parameters:
        dataset.keep(parameters["data"], parameters.get("actuals") or None)


def share(parameters: dict[str, Any], calls: list[Any]) -> None:
    """Compute what a brief had to compute and others will ask for, from data it did not touch."""
    from fenghua.analysis import shared
    from fenghua.inputs import dataset

    shared.compute(dataset.load(parameters["data"], parameters.get("actuals") or None), calls)
