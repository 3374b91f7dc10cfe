"""The colours of pages and charts by meaning, on light paper and on a dark screen.

Answers: which colour a meaning has where. Refuses: to print a dark page; paper is always light.
"""

import re
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

# meaning: (on light paper, on a dark screen)
COLOURS: Final = MappingProxyType(
    {
        "ink": ("#1c2733", "#e9e5dc"),
        "mute": ("#566270", "#a9b3bd"),
        "line": ("#e2ddd3", "#39424c"),
        "paper": ("#fffdf8", "#14191f"),
        "card": ("#ffffff", "#1b2128"),
        "wash": ("#f5f1e8", "#232b33"),
        "shade": ("#e6dfcf", "#3a4550"),
        "seal": ("#a8322a", "#f09085"),
        "plan": ("#7d8791", "#98a3ae"),
        "rest": ("#b9c0c7", "#5b6671"),
        "bar": ("#9fb6c3", "#5e7989"),
        "heat": ("#2f6a8f", "#2f6a8e"),
        "done": ("#136f4f", "#5cc49a"),
        "pace": ("#1a7a57", "#6fcfa8"),
        "slow": ("#96590a", "#e3a858"),
        "late": ("#b8430f", "#f29a6c"),
        "lost": ("#9b1c31", "#f58fa0"),
        "none": ("#5f6b78", "#a3aeb9"),
        "good": ("#3b7ea8", "#84bce2"),
        "own": ("#2f6b8f", "#7fb8df"),
        "mark-ink": ("#6b4500", "#f3d692"),
        "mark-line": ("#ecd59a", "#6d5a2a"),
        "mark": ("#fff1cf", "#382e16"),
    }
)
_HEX = re.compile("#[0-9a-f]{6}")
_NAMES: Final = {light: f"var(--{name})" for name, (light, _) in COLOURS.items()}


def light(name: str) -> str:
    """Return a colour as it stands on paper."""
    return COLOURS[name][0]


def named(svg: str) -> str:
    """Return a drawing whose colours are names of this palette, so that a page can change them.

    Examples
    --------
    >>> named('<path style="fill: #a8322a; stroke: #000001"/>')
    '<path style="fill: var(--seal); stroke: #000001"/>'
    """
    svg = re.sub(r'(fill|stroke)="(#[0-9a-f]{6})"', r'style="\1: \2"', svg)
    return _HEX.sub(lambda found: _NAMES.get(found[0], found[0]), svg)


@cache
def css(*, has_dark: bool = True) -> str:
    """Return the rules of a page, and before them what gives its colours their names.

    ``has_dark`` tells whether a reader whose screen is dark gets dark colours.
    """
    light, dark = (
        "".join(f"--{name}:{pair[i]};" for name, pair in COLOURS.items()) for i in range(2)
    )
    rules = f":root,.fb{{{light}color-scheme:light}}"
    if has_dark:
        on_screen = "@media screen and (prefers-color-scheme:dark)"
        rules += f"{on_screen}{{:root,.fb{{{dark}color-scheme:dark}}}}"
    return rules + "".join(_sheet(name) for name in ("page", "widths", "paper"))


def _sheet(name: str) -> str:
    """Return a style sheet without comments and the spaces that only its editors need."""
    text = files("fenghua.display").joinpath(f"{name}.css").read_text(encoding="utf-8")
    text = " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.S).split())
    return re.sub(r"\s*([{};])\s*", r"\1", text)
