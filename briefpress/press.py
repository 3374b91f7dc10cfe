"""What a house hands to the press: its name, its style, its words, as names of functions.

Answers: how pages of one house look and speak. Refuses: to know any house.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Press:
    """The settings of one house, small enough to be sent to any process by its name.

    Every function is named, ``package.module:function``, and looked up where it is needed: so a
    process that was started anew, here or on a cluster, finds it as well, and a run with nothing
    to do imports nothing.

    Attributes
    ----------
    name : str
        Stands in the MIME type of what a notebook says to its page, in the id of the data that a
        page carries, and in the metadata of outputs that a page leaves out.
    lang : str
        The language of a page that does not say its own.
    style : str
        ``() -> str``: the style sheet of every page.
    prose : str
        ``(source, lang) -> str``: a markdown cell in the language of the page.
    told_from : str
        ``(notebook, parameters) -> str``: the language whose page is told again in that of the
        parameters, for a notebook that needs not run for it; empty for one that is to run.
    told : str
        ``(parts, parameters) -> list``: what outputs say to their page, told in that language.
    index : str
        ``(pages) -> dict``: by file name, what an index says about the manifest's pages.
    strip : str
        ``(name, pages, beside) -> dict``: the links of a page, ``label`` and ``links``; a link has
        ``label``, and ``href`` where it leads elsewhere, ``lang``, ``current``, ``apart``.
    lend : str
        ``(parameters) -> None``: loads what the notebooks of a run will ask for, once a process.
    shared, share : str
        ``(ask) -> None``: from now on ``ask(call)`` for what other briefs will need, too; a call
        is what JSON can hold, the answer whether there is one, and the result.
        ``(parameters, call) -> result``: computes such a call, for all later briefs as well.
    modules, later : tuple of str
        Imported before the first brief of a process; and what those import for the few briefs
        that call it, which is loaded when it is called.
    rehearsal : str
        A cell that is run once a process, so that what loads at first use is there.
    packages, libraries : tuple of str
        Import packages, and distributions they draw with: pages are rebuilt when one changes.
    """

    name: str = "briefpress"
    lang: str = "en"
    style: str = ""
    prose: str = ""
    told_from: str = ""
    told: str = ""
    index: str = ""
    strip: str = ""
    lend: str = ""
    shared: str = ""
    share: str = ""
    modules: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    rehearsal: str = ""
    packages: tuple[str, ...] = ("briefpress",)
    libraries: tuple[str, ...] = ("mistune", "nbconvert")

    @property
    def mime(self) -> str:
        """The MIME type of what a notebook says to its page."""
        return f"application/vnd.{self.name}.page+json"


@dataclass(frozen=True)
class Laid:
    """A page that lies beside the briefs, made only where it is not there yet.

    Attributes
    ----------
    key : str
        What tells it from the page of another text or style.
    make : callable
        ``() -> str``: the page.
    """

    key: str
    make: Callable[[], str]


PLAIN = Press()  # a house without a style of its own


def named(name: str) -> Any:
    """Return the object of a name ``package.module:object``.

    Examples
    --------
    >>> named("math:floor")(2.5)
    2
    """
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def called(name: str, *arguments: Any, default: Any = None) -> Any:
    """Return what the function of a name returns; ``default`` where the name is empty."""
    if not name:
        return default
    function: Callable[..., Any] = named(name)
    return function(*arguments)
