"""The list of all pages as a page: a frame that the house fills.

Answers: which pages there are. Refuses: to look inside a page.
"""

from collections.abc import Mapping
from typing import Any

from briefpress.press import Press, called

Pages = Mapping[str, Mapping[str, Any]]


def rendered(pages: Pages, press: Press) -> dict[str, str]:
    """Return the index pages of the manifest's pages, by file name; see `filled`."""
    frames = called(press.index, pages) or {"index.html": by_folder(pages, press.lang)}
    return {name: filled(frame, press) for name, frame in frames.items()}


def filled(frame: Mapping[str, Any], press: Press) -> str:
    """Return an index page that says what a frame holds.

    A frame has ``lang``, ``title`` and ``groups``; perhaps ``banner``, ``kicker``, ``meta``,
    ``strip`` (see ``Press.strip``), ``lead`` (a page), ``folds`` (``title`` and ``groups``) and
    ``footer``. A group has ``id``, ``title``, ``pages``, and is ``compact`` or not, with a
    ``note``; a page has ``href``, ``label``, ``finding``, ``note`` and ``counts``: triples of a
    code, its word and a number.
    """
    from briefpress import rendering  # a run with nothing to do needs no templates

    return rendering.render("index.html.j2", press=press, **frame)


def by_folder(pages: Pages, lang: str) -> dict[str, Any]:
    """Return what the index of a house without words of its own says."""
    groups: dict[str, dict[str, Any]] = {}
    for name in sorted(pages):
        folder, _, file = name.rpartition("/")
        about = {"id": folder.replace("/", "-"), "title": folder, "pages": []}
        label = pages[name].get("name") or file.removesuffix(".html")
        row = {"href": name, "label": label, "finding": pages[name].get("finding", "")}
        groups.setdefault(folder, about)["pages"].append(row)
    return {"lang": lang, "title": "Index", "groups": list(groups.values())}
