"""The templates of pages and of the index, filled and styled.

Answers: what every page has in common, which pages there are. Refuses: markup in text, which is
escaped.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from briefpress.press import Press, called

if TYPE_CHECKING:
    import jinja2

Pages = Mapping[str, Mapping[str, Any]]


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


def indices(pages: Pages, press: Press) -> dict[str, str]:
    """Return the index pages of the manifest's pages, by file name; see `index`."""
    frames = called(press.index, pages) or {"index.html": _by_folder(pages, press.lang)}
    return {name: index(frame, press) for name, frame in frames.items()}


def index(frame: Mapping[str, Any], press: Press) -> str:
    """Return an index page that says what a frame holds.

    A frame has ``lang``, ``title`` and ``groups``; perhaps ``banner``, ``kicker``, ``meta``,
    ``strip`` (see ``Press.strip``), ``lead`` (a page), ``folds`` (``title`` and ``groups``) and
    ``footer``. A group has ``id``, ``title``, ``pages``, and is ``compact`` or not, with a
    ``note``; a page has ``href``, ``label``, ``finding``, ``note`` and ``counts``: triples of a
    code, its word and a number.
    """
    return render("index.html.j2", press=press, **frame)


def _by_folder(pages: Pages, lang: str) -> dict[str, Any]:
    """Return what the index of a house without words of its own says."""
    groups: dict[str, dict[str, Any]] = {}
    for name in sorted(pages):
        folder, _, file = name.rpartition("/")
        about = {"id": folder.replace("/", "-"), "title": folder, "pages": []}
        label = pages[name].get("name") or file.removesuffix(".html")
        row = {"href": name, "label": label, "finding": pages[name].get("finding", "")}
        groups.setdefault(folder, about)["pages"].append(row)
    return {"lang": lang, "title": "Index", "groups": list(groups.values())}
