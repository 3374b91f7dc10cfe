"""What the index of all pages says: by audience, period and language, with status counts.

Answers: which briefs there are and what each found. Refuses: to look inside a page.
"""

from collections.abc import Mapping
from typing import Any

from fenghua.display.wording import Words
from fenghua.inputs.vocabulary import AUDIENCES, STATUSES


def frame(pages: Mapping[str, Mapping[str, Any]], lang: str) -> dict[str, Any]:
    """Return what ``index.html`` says in one language; see `briefpress.index.render`."""
    words = Words(lang)
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for name in sorted(pages):
        period, spoken, audience, file = name.split("/")
        groups.setdefault((audience, period, spoken), []).append(
            _row(name, pages[name], file, Words(spoken), words)
        )
    newest_first = sorted(groups, key=lambda key: key[1], reverse=True)
    keys = sorted(newest_first, key=lambda key: AUDIENCES.index(key[0]))
    return {
        "lang": lang,
        "title": words("index.title"),
        "heads": [words(f"index.{head}") for head in ("brief", "finding", "status")],
        "groups": [
            {
                "id": f"{audience}-{period}-{spoken}",
                "title": f"{words(f'audience.{audience}')} · {period}",
                "lang": spoken,
                "pages": groups[audience, period, spoken],
            }
            for audience, period, spoken in keys
        ],
    }


def _row(href: str, page: Mapping[str, Any], file: str, own: Words, words: Words) -> dict[str, Any]:
    counts = page.get("summary", {})
    return {
        "href": href,
        "label": page.get("name") or file.removesuffix(".html"),
        "mark": words("index.demo") if page.get("is_synthetic") else "",
        "finding": page.get("finding", ""),
        "counts": [(k, own(f"status.{k}"), counts[k]) for k in STATUSES if k in counts],
    }


def of_plans(plans: Mapping[str, Mapping[str, Any]], lang: str) -> dict[str, Any]:
    """Return what the index of several plans says: the finding of each, and the way to its own.

    Parameters
    ----------
    plans : mapping
        By folder, the row of the page that speaks for the plan, with the plan's ``titles``.
    """
    words, rows = Words(lang), []
    for folder, page in plans.items():
        about = {**page, "name": words.name(page["titles"], prefix="title")}
        rows.append(_row(f"{folder}/index.html", about, folder, words, words))
    group = {"id": "plans", "title": words("index.plans"), "lang": lang, "pages": rows}
    heads = [words(f"index.{head}") for head in ("plan", "finding", "status")]
    return {"lang": lang, "title": words("index.title"), "heads": heads, "groups": [group]}
