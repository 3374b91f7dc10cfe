"""The strip of links over a page: index, sister briefs, the issue before, the other languages.

Answers: where a reader of one page finds the next. Refuses: a link to a page that is not there.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from fenghua.beside import METHODS, PLAN
from fenghua.display.wording import Words
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import LANGUAGES

Pages = Mapping[str, Mapping[str, Any]]
Link = dict[str, Any]
NAMES: Final = {"zh-Hans": "简体", "zh-Hant": "繁體", "en": "English"}
# The briefs on the whole district, those read in ninety seconds first.
ORDER: Final = ("gaps", "trajectories", "per_mu_efficiency", "town_comparison", "plan_audit")
_UP: Final = "../../../"  # from <period>/<language>/<audience>/ to the folder of pages


def links(name: str, pages: Pages, beside: Collection[str]) -> dict[str, Any]:
    """Return the strip of one page; see ``briefpress.press.Press.strip``."""
    period, lang, audience, file = name.split("/")
    words = Words(lang)
    listed = [{"href": _UP + index_of(lang, pages), "label": words("index.all")}]
    listed += _sisters(name, pages)
    listed += _before(period, lang, audience, file, pages)
    about = {METHODS.get(lang, METHODS["zh-Hans"]): "page.methods", PLAN: "page.plan_text"}
    listed += [
        {"href": _UP + kept, "label": words(key)} for kept, key in about.items() if kept in beside
    ]
    listed += _languages(period, lang, audience, file, pages)
    return {"label": words("page.strip"), "links": listed}


def index_of(lang: str, pages: Pages) -> str:
    """Return the file of the index in a language: the first language has the plain name."""
    spoken = languages(pages)
    return "index.html" if spoken[:1] == [lang] else f"index.{lang}.html"


def languages(pages: Pages) -> list[str]:
    """Return the languages that have pages, in the order of the house."""
    return [lang for lang in LANGUAGES if any(name.split("/")[1] == lang for name in pages)]


def rank(brief: str) -> tuple[int, str]:
    """Return the place of a brief among its sisters."""
    return (ORDER.index(brief) if brief in ORDER else len(ORDER), brief)


def _sisters(name: str, pages: Pages) -> Iterator[Link]:
    """Yield the briefs on the whole district of the same issue, and the page itself."""
    folder = name.rpartition("/")[0] + "/"
    for other in sorted(
        (p for p in pages if p.startswith(folder) and not pages[p].get("code")),
        key=lambda p: rank(pages[p].get("brief", p)),
    ):
        file = other.removeprefix(folder)
        label = pages[other].get("name") or file.removesuffix(".html")
        yield {"label": label} | ({} if other == name else {"href": file})
    if pages[name].get("code"):
        yield {"label": pages[name].get("subject") or pages[name].get("name")}


def _before(period: str, lang: str, audience: str, file: str, pages: Pages) -> Iterator[Link]:
    """Yield the same page of the issue before."""
    same = [name.split("/")[0] for name in pages if name.split("/")[1:] == [lang, audience, file]]
    earlier = [other for other in same if periods.end(other) < periods.end(period)]
    if earlier:
        last = max(earlier, key=lambda other: (periods.end(other), other))
        label = Words(lang)("page.issue_before", period=periods.label(last, lang))
        yield {"href": f"{_UP}{last}/{lang}/{audience}/{file}", "label": label}


def _languages(period: str, lang: str, audience: str, file: str, pages: Pages) -> Iterator[Link]:
    spoken = [other for other in LANGUAGES if f"{period}/{other}/{audience}/{file}" in pages]
    for other in spoken if len(spoken) > 1 else []:
        link = {"label": NAMES[other], "lang": other, "apart": other == spoken[0]}
        href = {"href": f"../../{other}/{audience}/{file}"}
        yield link | ({"current": "true"} if other == lang else href)
