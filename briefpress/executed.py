"""An executed notebook, as one page that needs nothing else.

Answers: the page, as the same bytes for the same notebook. Refuses: scripts and requests.
"""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import mistune
from markupsafe import Markup
from nbformat import NotebookNode

from briefpress import frame, rendering
from briefpress.manifest import SHOWN
from briefpress.press import PLAIN, Press, called

# What the cells of a notebook that is no brief may show on its page, the best first.
KINDS = ("text/html", "image/svg+xml", "image/png", "image/jpeg")
# <Axes: >, [<Line2D at 0x7f>], Text(0, 1), Text(0.5, 1.0, 'title'): what drawing leaves behind.
_OBJECT = re.compile(r"""[\[({]*(<|\w+\([\d.,; x]+('.*'|".*")?\)$)""")
HEADING = re.compile(r"^(#{1,2})\s+(.+?)\s*$", re.MULTILINE)


class CellError(Exception):
    """A cell of the notebook raised an error."""


def metadata(nb: Any, press: Press = PLAIN) -> dict[str, Any]:
    """Return what the notebook says about its page, merged in order; claims are joined.

    What is marked ``is_aside`` (what a loader says of its data, say) stands only where nothing
    else does; what is in ``stays`` stands whatever else is said. A page without a name has the
    notebook's title for one.
    """
    page: dict[str, Any] = {"claims": []}
    stays: dict[str, Any] = {}
    for said in _said(nb, press):
        part = {key: value for key, value in said.items() if key != "html"}
        page["claims"] += part.pop("claims", [])
        stays |= part.pop("stays", {})
        is_aside = part.pop("is_aside", False)
        page |= {k: v for k, v in part.items() if not (is_aside and page.get(k))}
    page |= stays
    given = nb["metadata"].get("papermill", {}).get("parameters") or {}
    page.setdefault("lang", given.get("lang", press.lang))
    page["name"] = page.get("name") or _title(nb, page["lang"])
    return page


def _said(nb: Any, press: Press) -> list[dict[str, Any]]:
    """Return what each output that speaks to the page says and shows there, in order."""
    shown = (output.get("data", {}) for cell in nb["cells"] for output in cell.get("outputs", ()))
    return [data[press.mime] for data in shown if press.mime in data]


def told(nb: Any, press: Press, parameters: dict[str, Any]) -> Any:
    """Return a notebook as if it had spoken to its page in the language of the parameters."""
    again = iter(called(press.told, _said(nb, press), parameters))
    cells = []
    for cell in nb["cells"]:
        outputs = [
            NotebookNode(output, data=output["data"] | {press.mime: next(again)})
            if press.mime in output.get("data", ())
            else output
            for output in cell.get("outputs", ())
        ]
        cells.append(NotebookNode(cell, outputs=outputs) if outputs else cell)
    return NotebookNode(nb, cells=cells)


def _title(nb: Any, lang: str) -> str:
    """Return the notebook's own title in a language: its first heading."""
    for cell in nb["cells"]:
        if cell["cell_type"] == "markdown" and _is_in(cell, lang):
            for heading in HEADING.finditer(cell["source"]):
                if heading[1] == "#":
                    return heading[2]
    return ""


def render(nb: Any, press: Press = PLAIN) -> str:
    """Return the page of an executed notebook.

    Parameters
    ----------
    nb : NotebookNode
        What carries the press's own type and its prose in the page's language are shown; code,
        frames, other results and streams are not. A section whose cells had nothing to show is
        left out with its heading. A notebook that says nothing to its page shows there what its
        cells show: tables, images and printed text; not what Python calls an object.
    press : Press
        The house whose page it is.

    Raises
    ------
    CellError
        When a cell raised an error: a half page is no page.
    """
    page = metadata(nb, press)
    is_brief = any(not part.get("is_aside") for part in _said(nb, press))
    kinds = () if is_brief else KINDS
    sections: list[dict[str, Any]] = [{"id": "", "title": "", "body": []}]
    number = 0  # as its author counts: one cell with the parameters given was put in
    for cell in nb["cells"]:
        number += "injected-parameters" not in cell["metadata"].get("tags", ())
        if cell["cell_type"] == "markdown" and _speaks(cell, page["lang"]):
            source = cell["source"]
            source = called(press.prose, source, page["lang"], default=source)
            title = _add_prose(source, sections, _section(cell))
            page["title"] = page.get("title") or title
        for output in cell.get("outputs", ()):
            if output["output_type"] == "error":
                raise CellError(f"cell {number}: {output['ename']}: {output['evalue']}")
            shown = _shown(output, press, kinds)
            sections[-1]["body"].append(shown)
            sections[-1]["shown"] = sections[-1].get("shown", "") + shown
    if not kinds:
        sections = [s for s in sections if s["id"] == "" or s.get("shown") != ""]
    for section in sections:
        section["body"] = Markup("\n").join(part for part in section["body"] if part)
    page = rendering.render(
        "brief.html.j2",
        press=press,
        page=page,
        opening=sections[0]["body"],
        sections=sections[1:],
        data=_embedded(page),
    )
    return frame.sealed(page)


def _shown(output: Any, press: Press, kinds: Sequence[str]) -> Markup:
    """Return what an output shows on the page: what was put there, else the best of some kinds."""
    data = output.get("data", {})
    kind = next((kind for kind in kinds if kind in data), "")
    if kinds and not kind and press.mime not in data:
        return _printed(output)
    content = "".join(data.get(kind, "")) or data.get(press.mime, {}).get("html", "")
    if not kind.startswith("image/") or kind.endswith("svg+xml"):
        return Markup(content)
    alt = output.get("metadata", {}).get(kind, {}).get("alt", "")
    source = f"data:{kind};base64,{''.join(content.split())}"
    return Markup('<img src="{}" alt="{}">').format(source, alt)


def _printed(output: Any) -> Markup:
    """Return what a cell printed, or its last value where that is a text or a number."""
    text = "".join(output.get("data", {}).get("text/plain", ""))
    text = "" if _OBJECT.match(text) else text  # a name with an address differs from run to run
    if output.get("name") == "stdout":
        text = "".join(output["text"])
    return Markup("<pre>{}</pre>").format(text) if text.strip() else Markup("")


def _speaks(cell: Any, lang: str) -> bool:
    # What is tagged "notebook" is told to whoever opens the notebook, not to the page.
    return "notebook" not in cell["metadata"].get("tags", ()) and _is_in(cell, lang)


def _is_in(cell: Any, lang: str) -> bool:
    tags = [tag for tag in cell["metadata"].get("tags", ()) if tag.startswith("lang-")]
    return not tags or f"lang-{lang.split('-')[0]}" in tags


def _section(cell: Any) -> str:
    """Return the id of the section that a cell tagged ``section-gap`` opens."""
    tags = cell["metadata"].get("tags", ())
    return next((tag.removeprefix("section-") for tag in tags if tag.startswith("section-")), "")


def _add_prose(source: str, sections: list[dict[str, Any]], section: str) -> str:
    """Add one markdown cell; a ``## Heading`` opens a section; return its ``# Title``."""
    title, start = "", 0
    for heading in HEADING.finditer(source):
        sections[-1]["body"].append(_markdown(source[start : heading.start()]))
        start = heading.end()
        if heading[1] == "#":
            title = title or heading[2]
            continue
        wanted = section or f"section-{len(sections)}"
        taken = {section["id"] for section in sections}
        name = wanted if wanted not in taken else f"{wanted}-{len(sections)}"
        sections.append({"id": name, "title": heading[2], "body": []})
    sections[-1]["body"].append(_markdown(source[start:]))
    return title


def _markdown(source: str) -> Markup:
    return Markup(_reader()(source)) if source.strip() else Markup("")


@cache
def _reader() -> mistune.Markdown:
    return mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])


def _embedded(page: dict[str, Any]) -> Markup:
    """Return the claims as JSON that cannot end its own script element."""
    data = {"version": 1} | {key: page[key] for key in (*SHOWN, "claims") if key in page}
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
