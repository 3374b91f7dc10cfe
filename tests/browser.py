"""Chromium for tests: opens a page, lists what it asked for, and measures what it drew."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = {"desktop": 1200, "tablet": 768, "phone": 390}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
]
# The ink of a line of text: from the top of Han characters to the descenders, turned with it.
TEXTS = """svg => [...svg.querySelectorAll('text')].filter(t => t.textContent.trim()).map(t => {
  const box = t.getBBox(), to = t.getScreenCTM(), line = t.getStartPositionOfChar(0).y;
  const em = parseFloat(getComputedStyle(t).fontSize);
  const at = [[0, -.82], [1, -.82], [0, .18], [1, .18]].map(([x, y]) =>
    new DOMPoint(box.x + x * box.width, line + y * em).matrixTransform(to));
  const xs = at.map(p => p.x), ys = at.map(p => p.y);
  return {text: t.textContent, x0: Math.min(...xs), x1: Math.max(...xs),
          y0: Math.min(...ys), y1: Math.max(...ys)};
})"""
LABELS = f"""() => {{
  const found = [], texts = {TEXTS}, cut = 1;
  for (const svg of document.querySelectorAll('svg')) {{
    const frame = svg.getBoundingClientRect(), all = frame.width ? texts(svg) : [];
    const name = svg.closest('[id]')?.id || '';
    all.forEach((a, i) => {{
      if (a.x0 < frame.left - cut || a.x1 > frame.right + cut ||
          a.y0 < frame.top - cut || a.y1 > frame.bottom + cut)
        found.push(`${{name}}: cut off: ${{a.text}}`);
      for (const b of all.slice(i + 1)) {{
        const wide = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
        const high = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
        const same = a.text === b.text && Math.abs(a.x0 - b.x0) + Math.abs(a.y0 - b.y0) < 1;
        if (wide > cut && high > cut && !same)
          found.push(`${{name}}: overlap: ${{a.text}} | ${{b.text}}`);
      }}
    }});
  }}
  return found;
}}"""
# What is wider than the window although it does not stand in a box that scrolls.
WIDE = """() => {
  const width = document.documentElement.clientWidth, found = [];
  if (document.scrollingElement.scrollWidth > width) found.push('the page scrolls sideways');
  for (const e of document.body.querySelectorAll('*')) {
    const box = e.getBoundingClientRect();
    if (e.ownerSVGElement || e.closest('.wide, nav, .vh, .skip')) continue;
    if (box.width && box.right > width + 1)
      found.push(`${e.tagName} ${e.getAttribute('class')}: ${Math.round(box.right)}`);
  }
  return found;
}"""
# Text that is wider than the box it stands in, and boxes squeezed to a column of letters.
SQUEEZED = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement, text = n.textContent.trim();
    if (text.length < 3 || e.closest('svg, script, style, .vh, thead')) continue;
    const range = document.createRange();
    range.selectNodeContents(n);
    const box = range.getBoundingClientRect(), em = parseFloat(getComputedStyle(e).fontSize);
    const tall = box.height / (box.width || Infinity);
    if ((box.width < 3.2 * em && tall > 5) || (box.width < 1.7 * em && tall > 2.5))
      found.push(`${e.tagName} ${e.className}: ${text.slice(0, 40)}`);
  }
  return found;
}"""
# Cells of tables shown as cards that do not say the head of their column.
UNNAMED = """() => [...document.querySelectorAll('table.cards')].flatMap(table => {
  const heads = [...table.tHead.rows[0].cells].map(th => th.textContent);
  return [...table.querySelectorAll('td')].filter(td => {
    const said = getComputedStyle(td, '::before').content, head = heads[td.cellIndex];
    return said !== (head ? JSON.stringify(head) : 'none') && (head || said !== '""');
  }).map(td => `${table.caption.textContent}: ${heads[td.cellIndex]}`);
})"""
# Bare figures that a phone shows beside a row's name without saying what they are.
BARE = """() => [...document.querySelectorAll('table.rows td')].filter(td =>
  td.getClientRects().length && /^[-−+±\\d.,/–\\s]+$/.test(td.innerText.trim())
  && getComputedStyle(td, '::before').content === 'none')
  .map(td => `${td.closest('table').caption.textContent}: ${td.textContent}`)"""
# Cells of one row that stand on one another.
OVERLAPPING = """() => [...document.querySelectorAll('tbody tr')].flatMap(tr => {
  const cells = [...tr.cells].filter(c => c.textContent.trim())
    .map(c => [c.textContent.trim().slice(0, 40), c.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.height);
  return cells.flatMap(([one, a], i) => cells.slice(i + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
    .map(([other]) => `${one} | ${other}`));
})"""
UNREACHABLE = """() => [...document.body.querySelectorAll('*')].filter(e =>
  /auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1
  && e.tabIndex < 0 && !e.querySelector('a[href], button, summary, [tabindex="0"]'))
  .map(e => `${e.tagName} ${e.className}: ${e.textContent.slice(0, 40)}`)"""


_RUNNING: list[Browser] = []


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a Chromium that talks to nobody; it is needed, so that its lack is a failure."""
    path = shutil.which("chromium") or shutil.which("google-chrome") or "/usr/bin/chromium"
    if not Path(path).exists():
        pytest.fail("these tests need Chromium on the PATH (apt-get install chromium)")
    if _RUNNING:  # one loop a process: who comes second shares the browser of the first
        yield _RUNNING[-1]
        return
    with sync_playwright() as play:
        _RUNNING.append(play.chromium.launch(executable_path=path, args=FLAGS))
        try:
            yield _RUNNING[-1]
        finally:
            _RUNNING.pop().close()


@contextmanager
def opened(browser: Browser, path: Path) -> Iterator[tuple[Page, list[str]]]:
    """Give a page of a file, and the list of all it asked for and complained about."""
    page = browser.new_page(viewport={"width": WIDTHS["desktop"], "height": 900})
    heard: list[str] = []
    page.on("request", lambda request: heard.append(f"request {request.url}"))
    page.on("console", lambda message: heard.append(f"console {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error {error}"))
    page.on("dialog", lambda dialog: (heard.append(f"dialog {dialog.message}"), dialog.dismiss()))
    try:
        page.goto(path.as_uri())
        heard.remove(f"request {path.as_uri()}")
        yield page, heard
    finally:
        page.close()


def seen_at(page: Page, view: str) -> Page:
    """Return the page after giving its window the width of a view."""
    page.set_viewport_size({"width": WIDTHS[view], "height": 900})
    return page


@contextmanager
def unfolded(page: Page) -> Iterator[Page]:
    """Give the page with all its folds open, and shut them again."""
    shut = "document.querySelectorAll('details:not([open])')"
    page.evaluate(f"{shut}.forEach(fold => fold.open = fold.wasShut = true)")
    try:
        yield page
    finally:
        page.evaluate("""document.querySelectorAll('details').forEach(fold => {
          if (fold.wasShut) fold.open = fold.wasShut = false })""")


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds: rule, and the first elements that break it."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3]]
