"""The notebooks of a folder, and the pages that they are asked to become.

Answers: what a notebook declares, what a page is made from. Refuses: names unfit for a file.
"""

import ast
import json
import re
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from briefpress import fingerprint, parameters
from briefpress.parameters import Parameter

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# Names by which code reaches into what it did not make; a star brings names that nobody sees.
_REACHING = {"setattr", "delattr", "reload", "set_option", "patch", "exec", "eval", "vars", "*"}
# Methods by which a list, a set or a mapping changes: those that their frozen kinds lack.
_FROZEN = {list: tuple, set: frozenset, dict: MappingProxyType}
_CHANGING = {name for kind, frozen in _FROZEN.items() for name in {*dir(kind)} - {*dir(frozen)}}


@dataclass(frozen=True)
class Notebook:
    """A notebook that can become pages: where it lies, what it holds, what it may be told."""

    name: str
    path: Path
    content: str
    declared: Mapping[str, Parameter]
    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    """One page to make: its place under the folder of pages, its notebook, its parameters."""

    name: str
    notebook: Path
    parameters: dict[str, Any]
    fingerprint: str


def bare(name: str) -> str:
    """Return the name of a notebook without its number and ending.

    Examples
    --------
    >>> bare("02_gaps.ipynb"), bare("gaps")
    ('gaps', 'gaps')
    """
    return re.sub(r"^\d+_", "", name.removesuffix(".ipynb"))


def found(folder: str | Path, *, but: Collection[str] = ()) -> dict[str, Path]:
    """Return the notebooks of a folder by their bare names, in the order of their files.

    Raises
    ------
    ValueError
        When there is none.
    """
    paths = {
        bare(path.name): path.resolve()
        for path in sorted(Path(folder).glob("*.ipynb"))
        if NAME.fullmatch(path.stem)
    }
    kept = {name: path for name, path in paths.items() if name not in but}
    if not kept:
        raise ValueError(f"no notebook in {folder}")
    return kept


def keeps_to_itself(path: Path) -> bool:
    """Tell whether a notebook only makes things of its own, as far as its code shows.

    One that writes into what it imports (``module.name = …``, ``module.names.append(…)``,
    ``setattr``), or is not plain Python, may leave that behind for the next page of its process.
    What it changes under another name, or by a function of what it imports, its code does not show.
    """
    cells = json.loads(path.read_bytes())["cells"]
    code = "\n".join("".join(c["source"]) + "\n" for c in cells if c["cell_type"] == "code")
    try:
        nodes = [*ast.walk(ast.parse(code))]
    except SyntaxError:
        return False
    foreign, written, said = set[str](), set[str](), set[str]()
    for node in nodes:
        if isinstance(node, ast.alias):
            foreign.add((node.asname or node.name).partition(".")[0])
            said.add(node.name)
        elif isinstance(node, ast.Name | ast.Attribute):
            said.add(node.id if isinstance(node, ast.Name) else node.attr)
        for changed in _changed(node):
            written.add(ast.unparse(changed).partition(".")[0].partition("[")[0])
    return not (written & foreign or said & _REACHING)


def _changed(node: ast.AST) -> Iterator[ast.AST]:
    """Give what a part of a code writes into, or changes by a method."""
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        yield node
    elif isinstance(node, ast.AugAssign):  # which changes a list itself
        yield node.target
    elif isinstance(node, ast.Attribute) and node.attr in _CHANGING:
        yield node


def mentions(path: Path, text: str) -> bool:
    """Tell whether the code of a notebook, its parameters aside, holds a text."""
    cells = json.loads(path.read_bytes())["cells"]
    return any(
        text in "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", ())
    )


def read(name: str, path: Path) -> Notebook:
    """Return a notebook, read but not run.

    Raises
    ------
    ValueError
        When it is no notebook, or its parameters cell holds anything but typed values.
    """
    try:
        content = path.read_bytes().decode("utf-8")
        notebook = json.loads(content)
        declared = parameters.declared(notebook)
        metadata = dict(notebook.get("metadata", {}))
    except (json.JSONDecodeError, UnicodeError, KeyError, TypeError, AttributeError):
        raise ValueError(f"{path.name} is no notebook; name one that Jupyter opens") from None
    except (ValueError, SyntaxError) as error:
        raise ValueError(f"{path.name}: {error}") from None
    return Notebook(name, path, fingerprint.of_text(content), declared, metadata)


def loaded(path: Path) -> Any:
    """Return a notebook as papermill reads it; one of an old program has no ids of its cells."""
    from nbformat.warnings import MissingIDFieldWarning
    from papermill.iorw import load_notebook_node

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingIDFieldWarning)
        return load_notebook_node(str(path))


def job(
    notebook: Notebook,
    given: Mapping[str, Any],
    *,
    folder: str,
    made_from: str,
    code: str = "",
    apart: Collection[str] = (),
) -> Job:
    """Return the job of one page.

    Parameters
    ----------
    given : mapping
        Parameters; those that the notebook does not declare are left out.
    folder : str
        The folder of the page under that of all pages.
    made_from : str
        Fingerprint of what else the page is made from: data and code.
    code : str
        What tells this page from others of the same notebook in the same folder.
    apart : collection of str
        Parameters that say where things lie, not what they are: no part of the fingerprint.

    Raises
    ------
    ValueError
        When the code is unfit for a file, or a value is of another type than declared.
    """
    if code and not NAME.fullmatch(code):  # a file is named by codes only
        raise ValueError(f"code is {code!r}; allowed: letters, digits, - and _")
    known = {name: value for name, value in given.items() if name in notebook.declared}
    bound = parameters.bind(notebook.declared, known)
    lasting = {name: value for name, value in bound.items() if name not in apart}
    made = fingerprint.of_text(made_from, notebook.content, lasting, notebook.name, code)
    name = f"{folder}/{notebook.name}-{code}.html" if code else f"{folder}/{notebook.name}.html"
    return Job(name, notebook.path, bound, made)
