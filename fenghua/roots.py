"""The folders of pages: one for the public, one for the office, never in one.

Answers: where pages of an audience go. Refuses: pages of both in one folder.
"""

from pathlib import Path
from typing import Final

from fenghua.inputs.vocabulary import Audience

ROOTS: Final = {Audience.PUBLIC: "reports", Audience.INTERNAL: "reports-internal"}


def pages(out: str | Path | None, audience: Audience) -> Path:
    """Return the folder of pages, by default that of the audience.

    Raises
    ------
    ValueError
        When it is a file, or holds pages of the other audience.
    """
    root = Path(ROOTS[audience] if out is None else out)
    (other,) = set(Audience) - {audience}
    if root.exists() and not root.is_dir():
        raise ValueError(f"{root} is a file; --out names the folder of the pages")
    if any(root.glob(f"*/*/{other}")) or any(root.glob(f"*/*/*/{other}")):
        needs_own = f"{audience} pages need a folder of their own: leave out --out, or name another"
        raise ValueError(f"{root} holds {other} pages; {needs_own}")
    return root


def internal(root: Path, audience: Audience) -> Path:
    """Return the folder of what belongs to the pages of a root and is not for the public.

    Examples
    --------
    >>> str(internal(Path("out"), Audience.PUBLIC)), str(internal(Path("/"), Audience.PUBLIC))
    ('out-internal', '/internal')
    """
    if not audience.is_public:
        return root
    named = root.resolve() if root.name in ("", "..") else root
    return named.with_name(f"{named.name}-internal") if named.name else named / "internal"
