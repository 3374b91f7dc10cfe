"""Several plans in one run: which there are, and the index that leads to each.

Answers: a folder of pages for each plan, the finding of each. Refuses: two plans of one name.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from briefpress import manifest, rendering
from fenghua import house
from fenghua.inputs import places


def folders(data: str | Path | Sequence[str | Path]) -> dict[str, Path]:
    """Return the folders of registers by the names that their pages' folders take.

    Parameters
    ----------
    data : path or sequence of paths
        Folders of registers, or folders of such folders, each plan's registers in it or in its
        ``data/raw``.

    Raises
    ------
    ValueError
        When two plans have the same name, or one is named twice.
    """
    given = [data] if isinstance(data, str | Path) else list(data)
    if len(given) == 1 and not _inside(places.located(Path(given[0]))):
        return {"": Path(given[0])}  # one plan, or nothing that is there: the loader says so
    found: dict[str, Path] = {}
    for folder in map(places.located, map(Path, given)):
        for plan in _inside(folder) or [folder]:
            whole = plan.resolve()
            name = (whole.parents[1] if whole.parts[-2:] == ("data", "raw") else whole).name
            if name in found and found[name].resolve() == whole:
                raise ValueError(f"{plan} is named twice with --data; leave one out")
            if name in found:
                raise ValueError(
                    f"{plan}: its pages would go to {name!r}, as those of {found[name]} do; rename"
                    " one of the folders: each plan needs a name of its own"
                )
            found[name] = plan
    return found


def _inside(folder: Path) -> list[Path]:
    """Return the plans in a folder of plans; none where the folder is a plan itself."""
    mark = Path("plan") / "plan.csv"
    if (folder / mark).is_file() or not folder.is_dir():
        return []
    if (folder / "data/raw" / mark).is_file():
        return [folder / "data/raw"]
    inside = [place for part in sorted(folder.iterdir()) for place in (part, part / "data/raw")]
    return [place for place in inside if (place / mark).is_file()]


def write_index(root: Path, names: Iterable[str], lang: str) -> int:
    """Write the index of plans that have pages, and return how many those are.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    from fenghua.index import LEADING, of_plans  # a run of one plan needs no words for it

    rows = {name: row for name in names for row in _spoken_for(root / name, LEADING, lang)}
    with manifest.workplace(root) as place:
        text = rendering.index(of_plans(rows, lang), house.PRESS)
        manifest.write_whole(root / "index.html", text, place)
    return len(rows)


def _spoken_for(out: Path, brief: str, lang: str) -> list[Mapping[str, Any]]:
    """Return the row of the page that speaks for a plan, if it has pages.

    The newest of a ``brief`` in a language; without one, what comes nearest to it.
    """
    known = manifest.read(out, house.PRESS)
    titles = known["facts"].get("titles", {})
    rows = [known["pages"][name] for name in sorted(known["pages"], reverse=True)]
    rows.sort(
        key=lambda row: (row.get("lang") == lang, row.get("brief") == brief, not row.get("code")),
        reverse=True,
    )
    return [{**row, "titles": titles} for row in rows[:1]]
