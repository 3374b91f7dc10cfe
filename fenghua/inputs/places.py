"""Where things lie: registers, actual figures and the files among them, editions, pages.

Answers: which folder and which files are meant. Refuses: to open any, and pages of both audiences
in one folder.
"""

import os
from pathlib import Path
from typing import Final

from fenghua.inputs.vocabulary import Audience

# Where the command was typed, for notebooks that run in folders of their own.
STARTED_IN: Final = "FENGHUA_STARTED_IN"
PAGES: Final = {Audience.PUBLIC: "reports", Audience.INTERNAL: "reports-internal"}
_INDEX: Final = "index.html"  # each folder of pages has one
RECORD: Final = "edition.json"  # without it a folder is no edition
IGNORED: Final = (".md", ".geojson", ".yaml", ".yml", ".ini", ".db")  # desktop.ini, Thumbs.db

INSTALLED: Final = Path(__file__).parents[1] / "files"  # made when the package is built


def shipped(name: str) -> Path:
    """Return where a part of the project lies that comes with the package, installed or not."""
    root = INSTALLED if INSTALLED.is_dir() else Path(__file__).parents[2]
    return root / name


def located(folder: Path) -> Path:
    """Return a folder as given, or the nearest of that name above the working folder.

    A notebook that a command runs finds those of the folder where the command was typed, too.
    """
    if folder.is_absolute() or folder.is_dir():
        return folder
    started = [Path(place) for place in [os.environ.get(STARTED_IN, "")] if place]
    near = (parent / folder for parent in [*Path.cwd().parents, *started])
    return next((place for place in near if place.is_dir()), folder)


def own(given: str | os.PathLike[str]) -> Path:
    """Return a folder of registers, which must be there: what is in it is seen when it is read.

    Raises
    ------
    ValueError
        Saying where to run the command, or which folder is meant.
    """
    if not isinstance(given, str | os.PathLike):
        raise TypeError(f"data is {given!r}; allowed: a text or a Path")
    here = located(Path(given))
    if not here.exists():
        raise ValueError(
            f"there is no {given} here or above {Path.cwd()}; run this in a working folder"
            " (`fenghua init DIR` makes one), or name the registers with --data"
        )
    if here.is_file():
        asked = f"; did you mean {near(here)}?" if near(here) else ""
        raise ValueError(
            f"data is {str(given)!r}, a file; allowed: a folder with plan and reference, such as"
            f" data/raw{asked}"
        )
    return here


def near(given: Path) -> Path | None:
    """Return the folder of registers nearest to one that holds none, if there is any."""
    parts = [*map(given.joinpath, ("raw", "data/raw")), given.parent, given.parent / "raw"]
    parts += [plan for way in ("*", "*/data/raw") for plan in sorted(given.glob(way))]
    return next((place for place in parts if (place / "plan").is_dir()), None)


def started() -> Path:
    """Return the folder where the command was typed."""
    return Path(os.environ.get(STARTED_IN) or Path.cwd())


def where_typed(folder: Path) -> Path:
    """Return a relative folder as one finds it where the command was typed."""
    here = started()
    near = (place / folder for place in [here, *here.parents])
    return next((place for place in near if place.is_dir()), folder)


def actuals(folder: Path, given: str | Path | None) -> Path:
    """Return where the actual figures lie: as given, else ``actuals`` with data, else ``demo``.

    A plan that has neither yet is read without figures, from the ``actuals`` it will have.
    """
    if given is not None:
        return located(Path(given))
    own, demo = folder / "actuals", folder / "demo"
    has_data = own.is_dir() and files(own)
    return own if has_data or not demo.is_dir() else demo


def is_waiting(place: Path, folder: Path) -> bool:
    """Tell whether a plan has no actual figures yet: its own folder for them is empty, or none."""
    return place == folder / "actuals" and not (place.is_dir() and files(place))


def files(place: Path) -> list[Path]:
    """Return the files of a folder that may hold tables, or the one file given."""
    if not place.is_dir():
        return [place]
    return sorted(
        path
        for path in place.iterdir()
        if not path.name.startswith((".", "~$")) and path.suffix.lower() not in IGNORED
    )


def editions(data: Path, actuals: Path, *, internal: bool = False) -> Path:
    """Return the folder of the editions of some actual figures, or of the enterprises behind them.

    The plan's own figures have ``editions`` beside the registers' folder ``raw`` (inside any other
    one), the demonstration a folder ``demo`` in it, and figures from elsewhere a folder beside
    them, so that no edition is ever taken for one of other figures. Enterprises lie in a folder of
    the same name and ``-internal``, never with what is public.
    """
    data, actuals = data.resolve(), actuals.resolve()
    home = data.parent if data.name == "raw" else data
    name = "editions-internal" if internal else "editions"
    known = {data / "actuals": home / name, data / "demo": home / name / "demo"}
    return known.get(actuals, actuals.with_name(f"{actuals.name}-{name}"))


def edition_years(folder: Path) -> list[int]:
    """Return the years whose editions are stored in a folder, oldest first."""
    found = folder.glob(f"[0-9]*/{RECORD}") if folder.is_dir() else ()
    return sorted(int(path.parent.name) for path in found if path.parent.name.isdigit())


def state(data: Path, actuals: Path) -> list[tuple[str, int, int]]:
    """Return what the system knows about the files of the inputs, and nothing of what they hold."""
    known = []
    for part in (data / "plan", data / "reference", actuals, editions(data, actuals)):
        for path in filter(Path.is_file, sorted(part.rglob("*")) if part.is_dir() else [part]):
            about = path.stat()
            known.append((str(path), about.st_size, about.st_mtime_ns))
    return known


def pages(out: str | Path | None, audience: Audience) -> Path:
    """Return the folder of pages, by default that of the audience.

    Raises
    ------
    ValueError
        When it is a file, or holds pages of the other audience, or lies in a folder that does.
    """
    root = Path(PAGES[audience] if out is None else out)
    (other,) = set(Audience) - {audience}
    if root.exists() and not root.is_dir():
        raise ValueError(f"{root} is a file; --out names the folder of the pages")
    above = [place for place in root.resolve().parents if (place / _INDEX).is_file()]
    for place in (root, *above):  # who publishes a folder publishes what lies in it
        if any(place.rglob(f"*/*/{other}/*.html")):
            own = f"{audience} pages need a folder of their own: leave out --out, or name another"
            raise ValueError(f"{place} holds {other} pages; {own}")
    return root


def refuse_among_inputs(out: Path, data: Path, actuals: Path) -> None:
    """Refuse to build into a folder of inputs: the next run would read what is built as one.

    Raises
    ------
    ValueError
        When it is the folder of registers or of figures, or lies in one that these have.
    """
    place, own = out.resolve(), data.resolve()
    parts = [own / name for name in ("plan", "reference", "actuals", "demo")]
    if place == own or any(map(place.is_relative_to, [*parts, actuals.resolve()])):
        raise ValueError(f"{out} lies among the inputs of {data}; --out names a folder of its own")


def failed(root: Path, audience: Audience) -> Path:
    """Return the folder of the executed notebooks of failed pages, which is not for the public.

    Examples
    --------
    >>> failed(Path("out"), Audience.PUBLIC).as_posix(), failed(Path("out"), Audience.INTERNAL).name
    ('out-internal/.failed', '.failed')
    """
    if audience.is_public:
        root = root.resolve() if root.name in ("", "..") else root
        root = root.with_name(f"{root.name}-internal") if root.name else root / "internal"
    return root / ".failed"
