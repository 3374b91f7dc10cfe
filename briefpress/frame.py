"""What is put round a finished page: a strip of links to its sisters, and a seal over the whole.

Answers: where other pages lie, and whether a page is as it was written. Refuses: to change what a
page says, and a link to a page that is not there.
"""

import re
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any, Final

from briefpress import rendering
from briefpress.press import Press, called

Pages = Mapping[str, Mapping[str, Any]]
_STRIP: Final = re.compile(r"<!--links-->.*?<!--/links-->", re.S)
_SEAL: Final = re.compile(r'(<meta name="seal" content=")([0-9a-f]*)(">)')


def strip(name: str, pages: Pages, beside: Collection[str], press: Press) -> str:
    """Return the strip of links of one page, empty where the house has none.

    Parameters
    ----------
    name : str
        The page, by its place in the folder of pages.
    pages : mapping
        The manifest's pages: only what is there is linked.
    beside : collection of str
        Further files of that folder.
    """
    said = called(press.strip, name, pages, beside)
    return rendering.render("links.html.j2", press=press, **said) if said else ""


def stamped(page: str, links: str) -> str:
    """Return a page with another strip of links, sealed anew."""
    return sealed(_STRIP.sub(lambda _: f"<!--links-->{links}<!--/links-->", page, count=1))


def sealed(page: str) -> str:
    """Return a page that carries the SHA-256 of all that it holds but for the seal itself."""
    return _SEAL.sub(lambda found: f"{found[1]}{_sum(page)}{found[3]}", page, count=1)


def is_intact(page: str) -> bool | None:
    """Say whether a page is as it was sealed; None where it has no seal.

    Examples
    --------
    >>> page = sealed('<meta name="seal" content=""><p>42</p>')
    >>> is_intact(page), is_intact(page.replace("42", "43")), is_intact("<p>42</p>")
    (True, False, None)
    """
    found = _SEAL.search(page)
    return None if found is None else found[2] == _sum(page)


def _sum(page: str) -> str:
    return sha256(_SEAL.sub(r"\1\3", page, count=1).encode()).hexdigest()
