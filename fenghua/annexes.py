"""The annexes of the pages (附件): the plan's own text and the methods, once for all of them.

Answers: what pages link instead of repeating it. Refuses: to explain a method anew.
"""

import hashlib
import re
from collections.abc import Callable
from functools import partial
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Final

from briefpress.press import Laid
from fenghua import house
from fenghua.inputs import places

PLAN: Final = "plan.html"
METHODS: Final = {"zh-Hans": "methods.zh.html", "en": "methods.html"}
_LINK: Final = re.compile(r"\[([^\]]*)\]\((?!https?:)([^)]*)\)")  # to a file of the project
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_RULE: Final = re.compile(r"[-|: ]+")  # under the heads of a table
_PAGE: Final = (
    '<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
    ' style-src \'unsafe-inline\'"><meta name="viewport" content="width=device-width,'
    ' initial-scale=1"><title>{title}</title><style>{css}</style></head>'
    '<body><main class="plain">{body}</main></body></html>\n'
)


def texts(data: Path) -> dict[str, Laid]:
    """Return the pages that lie beside the briefs, by file name: only what there is.

    Parameters
    ----------
    data : Path
        The registers; the plan's text is the ``.txt`` file beside them.
    """
    found, plans = {}, [_register(data), _register(places.shipped("data/raw"))]
    for path in sorted((data / "plan").glob("*.txt"))[:1]:
        found[PLAN] = _laid(path.read_text(encoding="utf-8"), partial(_plan, path.stem))
    for lang, name in METHODS.items():
        path = places.shipped(f"docs/{_source(name)}")
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            is_own = plans[0] == plans[1]
            page = partial(_methods, lang, None if is_own else data)
            found[name] = _laid(text, page, *([] if is_own else plans))
    return found


def _source(page: str) -> str:
    return page.replace(".html", ".md")


def _register(data: Path) -> str:
    path = data / "plan" / "plan.csv"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _worked_plan(data: Path, lang: str) -> str:
    """Return whose the handbook's examples are, where they are not of the plan on the pages."""
    from fenghua.display.wording import Words  # a run with nothing to do needs no tables
    from fenghua.inputs import columns, registers

    schema = columns.schema()
    read = (
        registers.register(folder, "plan", schema, []).frame
        for folder in (data, places.shipped("data/raw"))
    )
    own, worked = (next(iter(frame.to_dict("records")), None) for frame in read)
    if not own or not worked or own["plan_id"] == worked["plan_id"]:
        return ""
    title = worked[f"title_{lang.lower().replace('-', '_')}"]
    return Words(lang)("page.methods_worked", title=title, number=worked["document_number"])


def _laid(text: str, page: Callable[[str], str], *others: str) -> Laid:
    """Return a page to be made of a text, and what tells it from pages of other texts."""
    made_of = "".join([text, *others, _PAGE, house.style()])
    return Laid(hashlib.sha256(made_of.encode()).hexdigest(), partial(page, text))


def _plan(name: str, text: str) -> str:
    parts = []
    for is_table, lines in groupby(text.splitlines(), key=lambda line: "|" in line):
        kept = [line for line in lines if not (is_table and _RULE.fullmatch(line))]
        parts.append(_table(kept) if is_table else "<pre>" + escape("\n".join(kept)) + "</pre>")
    return _page(_language(text), name, "".join(parts))


def _language(text: str) -> str:
    """Return the language a plan is printed in: the script whose own characters hold more of it."""
    if not _HAN.search(text):
        return "en"
    held = {code: len(text.encode(code, "ignore")) for code in ("gb2312", "big5")}
    return "zh-Hant" if held["big5"] > held["gb2312"] else "zh-Hans"


def _table(lines: list[str]) -> str:
    """Return a table of the plan; a row under a cell that spans several begins with an empty one.

    The text keeps of such a row what the cell leaves it, and is one cell short at its end: then
    the words of the last column stand where the rows before it have a figure.
    """
    cells = [[cell.strip() for cell in line.removesuffix("|").split("|")] for line in lines]
    width = max(map(len, cells))
    rows, above = [], [""] * width
    for row in cells:
        own = [*row, *[""] * (width - len(row))]
        is_under = width > 2 and not own[-1] and above[-1] and _has_figure(above[-2])
        if is_under and not _has_figure(own[-2]):
            own = ["", *own[:-1]]
        above = own if own[0] else above
        rows.append("".join(f"<td>{escape(cell)}</td>" for cell in own))
    return f"<table><tbody><tr>{'</tr><tr>'.join(rows)}</tr></tbody></table>"


def _has_figure(cell: str) -> bool:
    return any(char.isdigit() for char in cell)


def _methods(lang: str, other_plan: Path | None, text: str) -> str:
    import mistune  # a run with nothing to do needs no markdown

    if other_plan and (note := _worked_plan(other_plan, lang)):
        title, _, rest = text.partition("\n")
        text = f"{title}\n\n**{note}**\n{rest}"
    there = {_source(name): name for name in METHODS.values()}
    text = _LINK.sub(lambda m: f"[{m[1]}]({there[m[2]]})" if m[2] in there else m[1], text)
    body = str(mistune.create_markdown(escape=True, plugins=["table"])(text))
    return _page(lang, escape(body.partition("<h1>")[2].partition("</h1>")[0]), body)


def _page(lang: str, title: str, body: str) -> str:
    return _PAGE.format(lang=lang, title=title, css=house.style(), body=body)
