"""What stands in the folder of reports: pages written whole, a manifest, an index.

Answers: which pages exist, made from what. Refuses: to leave half a file.
"""

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from briefpress import frame, rendering
from briefpress.press import Press

SHOWN = (
    "period",
    "lang",
    "audience",
    "brief",
    "code",
    "name",
    "finding",
    "summary",
    "is_synthetic",
    "moment",
    "subject",
    "against",
    "kicker",
)
_SUM_DIGITS = 16
# Inside of the folder, whatever its notebook is called.
_NAME = re.compile(r"(?:[\w-]+/){3}[^./\\\x00-\x1f][^/\\\x00-\x1f]*\.html")
_NARROWED = re.compile(r"[0-9a-f]{12}|.+-.+")  # names and values of parameters, or their sum
_USUAL = re.compile(r"[\w.-]+")  # "gaps (copy)" is what a file manager calls its own
_KINDS = {"is_synthetic": bool, "summary": dict}  # the others are texts


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a lock that the system takes back when its holder dies.

    Raises
    ------
    OSError
        When another process holds it and ``wait`` is false.
    """
    with path.open("a+b") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """Give a folder for unfinished files, and clear those of runs that were killed."""
    out.mkdir(parents=True, exist_ok=True)
    with locked(out / ".lock"):
        for left in out.glob(".run-*"):
            if not (left / ".lock").is_file():
                continue  # not one of ours
            try:
                with locked(left / ".lock", wait=False):
                    pass
            except OSError:
                continue  # its run is alive
            shutil.rmtree(left, ignore_errors=True)
        place = Path(tempfile.mkdtemp(prefix=".run-", dir=out))
        held = locked(place / ".lock")
        held.__enter__()
    try:
        yield place
    finally:
        held.__exit__(None, None, None)
        shutil.rmtree(place, ignore_errors=True)


def write_whole(path: Path, text: str, place: Path) -> None:
    """Write a file so that a reader finds the old one or the new one, never a part.

    Raises
    ------
    OSError
        When the disk is full or the file cannot be replaced; the old one is then untouched.
    """
    if not place.is_dir():
        raise FileNotFoundError(f"{place} was removed by someone else")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:  # half a page would take the room of the next ones
        temporary.unlink(missing_ok=True)


def read(out: Path, press: Press) -> dict[str, Any]:
    """Return the manifest; where there is none that can be read, one made from the pages.

    Pages that are found without it are listed again and count as changed. ``told`` says so.
    """
    path = out / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        kept = {"facts": dict(manifest["facts"]), "pages": dict(manifest["pages"])}
        if not all(_is_listing(*page) for page in kept["pages"].items()):
            raise ValueError("a page is listed that is none of ours")
        return {"version": 1, "told": "", **kept}
    except FileNotFoundError:
        fault = "is not there"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        fault = "cannot be read"
    pages = dict(_found(out, press))
    told = f"{path} {fault}; {len(pages)} pages found are listed again" if pages else ""
    return {"version": 1, "told": told, "facts": {}, "pages": pages}


def _is_listing(name: object, row: object) -> bool:
    """Tell whether a line of the manifest names a page inside of the folder, in its own words."""
    known = ("fingerprint", "sha256", "links", *SHOWN)
    return (
        isinstance(name, str)
        and bool(_NAME.fullmatch(name))
        and isinstance(row, dict)
        and all(isinstance(row[key], _KINDS.get(key, str)) for key in known if key in row)
        and all(isinstance(count, int) for count in row.get("summary", {}).values())
    )


def _found(out: Path, press: Press) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the pages of the house that lie in a folder, by what each says about itself.

    A copy that someone keeps beside them under a name of its own is none of them.
    """
    data = re.compile(rf'<script type="application/json" id="{press.name}-data">(.*?)</script>')
    for path in sorted(out.glob("*/*/*/*.html")):
        with suppress(OSError, ValueError, AttributeError, TypeError, RecursionError):
            text = path.read_text(encoding="utf-8")
            about = json.loads(data.search(text)[1])
            name, row = path.relative_to(out).as_posix(), entry(text, "", {**about})
            told = [row[key] for key in ("brief", "code") if row.get(key)]
            is_own = path.stem == ("-".join(told) or path.stem)
            rest = path.stem.removeprefix(f"{row.get('brief')}-")
            is_narrowed = rest != path.stem and bool(_NARROWED.fullmatch(rest))
            if (is_own or is_narrowed) and _USUAL.fullmatch(path.stem) and _is_listing(name, row):
                yield name, row


def entry(page: str, fingerprint: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest's row of one page."""
    shown = {key: about[key] for key in SHOWN if key in about}
    return {"fingerprint": fingerprint, "sha256": sha256(page.encode()).hexdigest()} | shown


def framed(page: str, row: Mapping[str, Any], links: str) -> tuple[str, dict[str, Any]]:
    """Return a page with its strip of links, and its row of the manifest."""
    text = frame.stamped(page, links)
    sums = {"sha256": sha256(text.encode()).hexdigest(), "links": _sum(links)}
    return text, {**row, **sums}


def _sum(links: str) -> str:
    return sha256(links.encode()).hexdigest()[:_SUM_DIGITS]


def is_current(out: Path, name: str, fingerprint: str, pages: Mapping[str, Any]) -> bool:
    """Say whether a page stands as the manifest left it, made from the same things."""
    row = pages.get(name, {})
    try:
        return (
            row.get("fingerprint") == fingerprint
            and sha256((out / name).read_bytes()).hexdigest() == row["sha256"]
        )
    except OSError:
        return False


def finish(
    out: Path,
    place: Path,
    *,
    facts: Mapping[str, Any],
    pages: Mapping[str, Any],
    beside: Collection[str],
    press: Press,
) -> None:
    """Join this run's pages with what other runs wrote; manifest and index come last.

    Pages whose sisters came or went have their strip of links written anew.
    """
    with locked(out / ".lock"):
        old = read(out, press)
        joined = {k: v for k, v in (old["pages"] | pages).items() if (out / k).is_file()}
        new = {"version": 1, "facts": dict(facts), "pages": joined}
        if new | {"told": ""} == old and (out / "index.html").is_file():
            return
        for name, row in joined.items():
            links = frame.strip(name, joined, beside, press)
            if row.get("links") != _sum(links):
                page = (out / name).read_text(encoding="utf-8")
                text, joined[name] = framed(page, row, links)
                write_whole(out / name, text, place)
        text = json.dumps(new, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write_whole(out / "manifest.json", text, place)
        for file, text in rendering.indices(joined, press).items():
            write_whole(out / file, text, place)
