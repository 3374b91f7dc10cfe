"""What lies beside the pages of a run: the plan's own text and the methods, once for all of them.

Answers: what pages link instead of repeating it. Refuses: to explain a method anew.
"""

from html import escape
from pathlib import Path
from typing import Final

from fenghua import house, shipped

PLAN: Final = "plan.html"
METHODS: Final = {"zh-Hans": "methods.zh.html", "en": "methods.html"}
_SOURCES: Final = {"methods.zh.html": "methods.zh.md", "methods.html": "methods.md"}
_PAGE: Final = (
    '<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\';'
    ' style-src \'unsafe-inline\'"><meta name="viewport" content="width=device-width,'
    ' initial-scale=1"><title>{title}</title><style>{css}</style></head>'
    '<body><main class="plain">{body}</main></body></html>\n'
)


def texts(data: Path) -> dict[str, str]:
    """Return the pages that lie beside the briefs, by file name: only what there is.

    Parameters
    ----------
    data : Path
        The registers; the plan's text is the ``.txt`` file beside them.
    """
    found = {}
    for path in sorted((data / "plan").glob("*.txt"))[:1]:
        body = f"<pre>{escape(path.read_text(encoding='utf-8'))}</pre>"
        found[PLAN] = _page("zh-Hans", path.stem, body)
    for name, source in _SOURCES.items():
        path = shipped.place(f"docs/{source}")
        if path.is_file():
            found[name] = _page("en" if name == METHODS["en"] else "zh-Hans", "", _read(path))
    return found


def _read(path: Path) -> str:
    import mistune  # a run with nothing to do needs no markdown

    text = path.read_text(encoding="utf-8")
    for name, source in _SOURCES.items():
        text = text.replace(f"({source})", f"({name})")
    return str(mistune.create_markdown(escape=True, plugins=["table"])(text))


def _page(lang: str, title: str, body: str) -> str:
    title = title or escape(body.partition("<h1>")[2].partition("</h1>")[0])
    return _PAGE.format(lang=lang, title=title, css=house.style(), body=body)
