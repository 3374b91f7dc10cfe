"""The templates of pages and of the index, filled and styled.

Answers: what every page has in common. Refuses: markup in text, which is escaped.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from briefpress.press import Press, called

if TYPE_CHECKING:
    import jinja2


def render(template: str, *, press: Press, **context: Any) -> str:
    """Return a template filled with ``context`` and the style sheet of a house."""
    style = Markup(called(press.style, default=""))
    return _environment().get_template(template).render(press=press, css=style, **context)


@cache
def _environment() -> "jinja2.Environment":
    import jinja2  # a run with nothing to do renders nothing

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("briefpress", "template"),
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
