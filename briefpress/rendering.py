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
_KEPT = re.compile(
    r"<(?:(script|style|svg|title|pre)\b.*?</\1|[^>]*)>"  # no text of lines
    r"|(?P<figure>\d(?:</(?:b|span)>)*) (?=[\u4e00-\u9fff])"
    r"|(?P<date>\d{4}年(?:第[一二三四]季度|\d{1,2}月)?末?)",
    re.DOTALL,
)


def render(template: str, *, press: Press, **context: Any) -> str:
    """Return a template filled with ``context`` and the style sheet of a house."""
    style = Markup(called(press.style, default=""))
    return whole(_environment().get_template(template).render(press=press, css=style, **context))


def whole(html: str) -> str:
    r"""Return a page of which no line parts a figure from what it counts, or a year from its 年.

    Examples
    --------
    >>> whole('<p title="3 家">2023年任务 <b>3</b> 家</p>')
    '<p title="3 家"><bdi class="nb">2023年</bdi>任务 <b>3</b>\xa0家</p>'
    """

    def kept(found: re.Match[str]) -> str:
        if found["figure"]:
            return f"{found['figure']}\u00a0"
        return f'<bdi class="nb">{found["date"]}</bdi>' if found["date"] else found[0]

    return _KEPT.sub(kept, html)


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
