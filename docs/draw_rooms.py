"""Draw docs/architecture.svg from the imports themselves: floors, rooms, and who calls whom.

Answers: what the house looks like today. Refuses: to draw a wish.
Run: ``python docs/draw_rooms.py``. A test compares the picture with what this would draw.
"""

import ast
from collections import Counter
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PACKAGES = ("fenghua", "briefpress", "tidysheets", "fenghua_demo")
SAYS = {
    "fenghua": "brief and commands: what a notebook says, which pages there are",
    "pages": "one page's own: tables, figures, sentences",
    "display": "words, charts, tables: never calculates",
    "analysis": "the methods: frames in, frames out",
    "inputs": "vocabulary, registers, dataset: never substitutes silently",
    "fenghua_demo": "synthetic figures: beside the helper",
    "briefpress": "notebook to page: knows no plan",
    "tidysheets": "office files to tables: knows no plan",
}
FLOORS = tuple(SAYS)
WIDTH, ROOM, GAP, LINE, LEFT = 990, 122, 8, 24, 196


def name_of(path: Path) -> str:
    """Return floor and room: ``analysis.gap``, ``briefpress.build``, ``fenghua.cli``."""
    parts = [part for part in path.relative_to(ROOT).with_suffix("").parts if part != "__init__"]
    return ".".join(parts[1:] if len(parts) > 1 and parts[1] in FLOORS else parts)


def imports(path: Path, known: dict[str, str]) -> set[str]:
    """Return our own modules that a module imports, also late ones, as floor and room."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES:
            for alias in node.names:
                longer = f"{node.module}.{alias.name}"
                found.add(known.get(longer) or known.get(str(node.module), ""))
    return found - {name_of(path), ""}


def graph() -> dict[str, set[str]]:
    """Return every module with the modules it imports."""
    paths = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
    known = {
        ".".join(p for p in path.relative_to(ROOT).with_suffix("").parts if p != "__init__"): path
        for path in paths
    }
    names = {module: name_of(path) for module, path in known.items()}
    return {name_of(path): imports(path, names) for path in paths}


def svg() -> str:
    """Return the picture: one floor a band, one room a module, counts of imports at the stairs."""
    house = graph()
    stairs = Counter(
        (above.split(".")[0], below.split(".")[0])
        for above, targets in house.items()
        for below in targets
        if above.split(".")[0] != below.split(".")[0]
    )
    parts, top = [], 14
    for floor in FLOORS:
        rooms = [name for name in house if name.startswith(f"{floor}.")]
        if not rooms:
            continue
        per_row = (WIDTH - LEFT - 12) // (ROOM + GAP)
        rows = -(-len(rooms) // per_row)
        height = max(rows * (LINE + GAP) + GAP + 6, 74)
        parts += _band(floor, top, height, stairs)
        for i, room in enumerate(rooms):
            x = LEFT + (i % per_row) * (ROOM + GAP)
            y = top + GAP + 3 + (i // per_row) * (LINE + GAP)
            parts += _room(room.partition(".")[2] or room, len(house[room]), x, y)
        top += height + 10
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 4}" role="img" '
        'font-family="system-ui,sans-serif" aria-label="The rooms of the house, '
        'floor by floor. Imports only go down.">'
    )
    return "\n".join(
        [head, f'<rect width="{WIDTH}" height="{top + 4}" fill="#fffdf8"/>', *parts, "</svg>\n"]
    )


def _band(floor: str, top: int, height: int, stairs: Counter) -> list[str]:
    down = [f"{below} {n}" for (above, below), n in sorted(stairs.items()) if above == floor]
    lines = [(floor, 15, "#a8322a", 700)]
    lines += [(part, 10, "#566270", 400) for part in SAYS[floor].split(": ")]
    lines += [(f"↓ {', '.join(down)}", 10, "#1c2733", 400)] if down else []
    box = (
        f'<rect x="6" y="{top}" width="{WIDTH - 12}" height="{height}" rx="6" fill="#f5f1e8" '
        'stroke="#e2ddd3"/>'
    )
    texts, y = [], top + 22
    for text, size, colour, weight in lines:
        texts.append(
            f'<text x="16" y="{y}" font-size="{size}" fill="{colour}" font-weight="{weight}">'
            f"{escape(text)}</text>"
        )
        y += 15
    return [box, *texts]


def _room(name: str, n: int, x: int, y: int) -> list[str]:
    return [
        f'<rect x="{x}" y="{y}" width="{ROOM}" height="{LINE}" rx="4" fill="#fff" stroke="#d8d2c4">'
        f"<title>{escape(name)} imports {n} of our modules</title></rect>",
        f'<text x="{x + ROOM / 2:g}" y="{y + 16}" font-size="11" text-anchor="middle" '
        f'fill="#1c2733">{escape(name)}</text>',
    ]


if __name__ == "__main__":
    (HERE / "architecture.svg").write_text(svg(), encoding="utf-8", newline="\n")
