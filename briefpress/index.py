"""The list of all pages as a page: a frame that the house fills.

Answers: which pages there are. Refuses: to look inside a page.
"""

from collections.abc import Mapping
from typing import Any

from briefpress.press import Press, called

Pages = Mapping[str, Mapping[str, Any]]


def render(pages: Pages, *, lang: str, press: Press) -> str:
    """Return ``index.html`` of the manifest's pages.

    What the house's ``press.index`` returns: ``lang``, ``title``, ``heads`` (of three columns) and
    ``groups``; a group has ``id``, ``title``, ``lang`` and ``pages``; a page ``href``, ``label``,
    ``mark``, ``finding`` and ``counts``, triples of a code, its word and a number.
    """
    return filled(called(press.index, pages, lang) or by_folder(pages, lang), press)


def filled(frame: Mapping[str, Any], press: Press) -> str:
    """Return an index page that says what a frame holds; see `render`."""
    from briefpress import rendering  # a run with nothing to do needs no templates

    return rendering.render("index.html.j2", press=press, **frame)


def by_folder(pages: Pages, lang: str) -> dict[str, Any]:
    """Return what the index of a house without words of its own says."""
    groups: dict[str, dict[str, Any]] = {}
    for name in sorted(pages):
        folder, _, file = name.rpartition("/")
        about = {"id": folder.replace("/", "-"), "title": folder, "lang": lang, "pages": []}
        label = pages[name].get("name") or file.removesuffix(".html")
        row = {"href": name, "label": label, "finding": pages[name].get("finding", "")}
        groups.setdefault(folder, about)["pages"].append(row)
    heads = ("Page", "Finding", "")
    return {"lang": lang, "title": "Index", "heads": heads, "groups": list(groups.values())}
