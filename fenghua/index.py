"""The way from page to page: the index of all, and on each page the links to its sisters.

Answers: which briefs there are, what each found, where to read next. Refuses: to look inside a
page, to list an internal page among public ones, a link to a page that is not there.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from fenghua.annexes import METHODS, PLAN
from fenghua.display import theme
from fenghua.display.wording import Words
from fenghua.inputs import periods
from fenghua.inputs.vocabulary import AUDIENCES, LANGUAGES, STATUSES

Pages = Mapping[str, Mapping[str, Any]]
Link = dict[str, Any]
NAMES: Final = {"zh-Hans": "简体", "zh-Hant": "繁體", "en": "English"}
# The briefs on the whole district, those read in ninety seconds first.
ORDER: Final = ("gaps", "trajectories", "per_mu_efficiency", "town_comparison", "plan_audit")
_UP: Final = "../../../"  # from <period>/<language>/<audience>/ to the folder of pages
LEADING: Final = "gaps"  # the brief that speaks for its issue
_GROUPS: Final = {"town_brief": "towns", "lead_unit_brief": "units"}
_SIGNS: Final = {code: theme.STATUS[code].sign for code in STATUSES}


def frames(pages: Pages) -> dict[str, dict[str, Any]]:
    """Return what the indices say, by file name; see `briefpress.rendering.index`."""
    kept = [a for a in AUDIENCES if any(name.split("/")[2] == a for name in pages)][:1]
    own = {name: row for name, row in pages.items() if name.split("/")[2] in kept}
    spoken = languages(own)
    return {index_of(lang, own): _frame(own, lang, spoken, kept[0]) for lang in spoken}


def _frame(pages: Pages, lang: str, spoken: list[str], audience: str) -> dict[str, Any]:
    words = Words(lang)
    own = {name: row for name, row in pages.items() if name.split("/")[1] == lang}
    issues = {name.split("/")[0] for name in own}
    issues = sorted(issues, key=lambda issue: (-periods.end(issue), issue))  # the newest first
    newest = {name: row for name, row in own.items() if name.split("/")[0] == issues[0]}
    lead = next((n for n, r in newest.items() if r.get("brief") == LEADING), None)
    moment = {row.get("moment", "") for row in newest.values()} - {""}
    period, key = periods.label(issues[0], lang), "index.heading" if moment else "index.heading_of"
    other = [
        {"label": NAMES[x], "lang": x, "apart": x == spoken[0]}
        | ({"current": "true"} if x == lang else {"href": index_of(x, pages)})
        for x in spoken
    ]
    plans = [row.get("kicker", "") for row in newest.values()]  # two may share a folder
    folds = [_fold(issue, own, words) for issue in issues[1:]]
    is_synthetic = any(row.get("is_synthetic") for row in own.values())
    return {
        "lang": lang,
        "skip": words("page.skip"),
        "signs": _SIGNS,
        "banner": words("page.demo") if is_synthetic else "",
        "internal": words("page.internal") if audience == "internal" else "",
        "strip": {"label": words("page.strip"), "links": other} if len(spoken) > 1 else None,
        "kicker": " / ".join(dict.fromkeys(filter(None, plans))),
        "title": words(key, period=period, moment=words(f"page.{min(moment, default='end')}")),
        "meta": [words("index.pages", n=len(newest)), words(f"audience.{audience}")],
        "lead": _row(lead, newest[lead], words) if lead else None,
        "groups": list(_groups({n: r for n, r in newest.items() if n != lead}, words, "")),
        "folds": folds,
        "footer": [words("index.relative")],
    }


def _fold(issue: str, pages: Pages, words: Words) -> dict[str, Any]:
    """Return an earlier issue: the same groups, folded away."""
    own = {name: row for name, row in pages.items() if name.split("/")[0] == issue}
    title = words("index.issue", period=periods.label(issue, words.lang), n=len(own))
    return {"id": f"issue-{issue}", "title": title, "groups": list(_groups(own, words, issue))}


def _groups(pages: Pages, words: Words, issue: str) -> Iterator[dict[str, Any]]:
    """Yield the pages by what they are about: the district, its towns, the units."""
    by_group: dict[str, list[str]] = {"district": [], "towns": [], "units": []}
    for name, row in pages.items():
        by_group[_GROUPS.get(row.get("brief", ""), "district")].append(name)
    by_group["district"].sort(key=lambda name: (rank(pages[name].get("brief", name)), name))
    by_group["towns"].sort(key=lambda name: pages[name].get("code", ""))
    by_group["units"].sort(key=lambda name: (-sum(pages[name].get("summary", {}).values()), name))
    for group, names in by_group.items():
        if names:
            is_list = group != "district"
            yield {
                "id": "-".join(filter(None, (group, issue))),
                "title": words(f"index.{group}"),
                "compact": is_list,
                "note": words(f"index.{group}_note") if is_list else "",
                "legend": _legend((pages[name] for name in names), words) if is_list else [],
                "pages": [_row(name, pages[name], words, short=is_list) for name in names],
            }


def _legend(rows: Iterable[Mapping[str, Any]], words: Words) -> list[tuple[str, str]]:
    seen = {code for row in rows for code in row.get("summary", {})}
    return [(code, words(f"status.{code}")) for code in STATUSES if code in seen]


def _row(
    href: str, page: Mapping[str, Any], words: Words, *, short: bool = False
) -> dict[str, Any]:
    counts = page.get("summary", {})
    name = page.get("name") or href.rpartition("/")[2].removesuffix(".html")
    return {
        "href": href,
        "label": (short and page.get("subject")) or name,
        "finding": page.get("finding", ""),
        "note": page.get("against", ""),
        "counts": [(k, words(f"status.{k}"), counts[k]) for k in STATUSES if k in counts],
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
        rows.append(_row(f"{folder}/index.html", about, words))
    group = {"id": "plans", "title": words("index.plans"), "pages": rows}
    is_synthetic = any(page.get("is_synthetic") for page in plans.values())
    return {
        "lang": lang,
        "signs": _SIGNS,
        "banner": words("page.demo") if is_synthetic else "",
        "title": words("index.title"),
        "groups": [group],
    }


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
