"""The list of all briefs as a page: by audience, period and language, with status counts.

Answers: which pages there are and what each found. Refuses: to look inside a page.
"""

from collections.abc import Mapping
from typing import Any

from fenghua.display.wording import Words
from fenghua.inputs.vocabulary import AUDIENCES, STATUSES


def render(pages: Mapping[str, Mapping[str, Any]], *, lang: str) -> str:
    """Return the page ``index.html`` of the manifest's pages, in one language."""
    from fenghua.briefs import rendering  # a run with nothing to do needs no templates

    return rendering.render("index.html.j2", groups=_grouped(pages), words=Words(lang))


def _grouped(pages: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the pages by audience, then period (newest first), then language."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for name in sorted(pages):
        period, lang, audience, file = name.split("/")
        words, counts = Words(lang), pages[name].get("summary", {})
        row = {
            "href": name,
            "label": pages[name].get("name") or file.removesuffix(".html"),
            "statuses": [(k, words(f"status.{k}"), counts[k]) for k in STATUSES if k in counts],
        }
        groups.setdefault((audience, period, lang), []).append({**pages[name], **row})
    newest_first = sorted(groups, key=lambda key: key[1], reverse=True)
    keys = sorted(newest_first, key=lambda key: AUDIENCES.index(key[0]))
    return [{"audience": a, "period": p, "lang": g, "pages": groups[a, p, g]} for a, p, g in keys]
