"""The package's page templates, filled and styled.

Answers: what every page has in common. Refuses: markup in text, which is escaped.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from fenghua.display import palette


def render(template: str, **context: Any) -> str:
    """Return a template of the package filled with ``context`` and the style sheet."""
    return _environment().get_template(template).render(css=css(), **context)


@cache
def css() -> Markup:
    """Return the style sheet that every page carries."""
    return Markup(palette.css() + rules())


@cache
def rules() -> str:
    """Return the rules of the style sheet without its colours."""
    return files("fenghua.display").joinpath("page.css").read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("fenghua.briefs", "template"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.ChainableUndefined,
    )
    environment.filters["cssstring"] = _css_string
    return environment


def _css_string(text: Any) -> Markup:
    """Return a text as a CSS string that cannot end its rule or its element."""
    safe = re.sub(r"[^\w ·（）()，。.-]", "", str(text or ""))
    return Markup(f'"{safe}"')
