"""A papermill engine that runs cells in this process, in a clean IPython shell per notebook.

Answers: what a notebook shows, as a kernel would. Refuses: parameters it does not declare.
"""

import atexit
import json
import locale
import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import TextIOBase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from traitlets import Instance, Type
from traitlets.config import Config

from briefpress import drawings, parameters

# Where IPython's own words can stand: at the start of a line, after an equals sign, a last "?".
_ESCAPE = re.compile(r"^\s*[%!?,;/]|=\s*[%!]|\?\s*$")
_QUIET = re.compile(r";\s*(#.*)?$", re.M)


class WarmEngine:
    """The engine that a house registers with papermill under its own name.

    Papermill imports this module while it is itself being imported, so that its ``Engine``
    cannot be a base class here: its methods are borrowed when they are called.
    """

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run a notebook under papermill's own record keeping."""
        from papermill.engines import Engine

        return Engine.execute_notebook.__func__(cls, nb, kernel_name, **kwargs)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Return the kernel that the notebook names, as papermill reads it."""
        from papermill.engines import Engine

        return Engine.nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Return the language of the notebook, as papermill reads it."""
        from papermill.engines import Engine

        return Engine.nb_language(nb, language)

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, *, page: str = "", **_: Any
    ) -> None:
        """Run the cells in order in one clean shell; stop at the first that fails.

        ``page`` is the type of what a page takes, where nothing else is wanted of the notebook.
        """
        settle_parameters(nb_man.nb)
        with clean_shell() as shell:
            shell.page = page
            for index, cell in enumerate(nb_man.nb.cells):
                if not page:  # which has no use for the times of cells
                    nb_man.cell_start(cell, index)
                done = cell.cell_type != "code" or shell.run(cell)
                if not done:
                    nb_man.cell_exception(cell, cell_index=index)
                if not page:
                    nb_man.cell_complete(cell, cell_index=index)
                if not done:
                    break


def settle_parameters(nb: Any) -> None:
    """Hold the parameters that papermill was given to what the notebook declares.

    Digits for a text reach the notebook as that text: papermill has written them as a number.

    Raises
    ------
    ValueError
        For a parameter that the notebook lacks, or a value of another type.
    """
    given = nb.metadata.get("papermill", {}).get("parameters") or {}
    if not given:
        return
    bound = parameters.bind(parameters.declared(nb), given)
    nb.metadata["papermill"]["parameters"] = bound
    for cell in nb.cells:
        if bound != given and "injected-parameters" in cell.metadata.get("tags", ()):
            cell.source = "".join(f"{name} = {value!r}\n" for name, value in bound.items())


class _Publisher(DisplayPublisher):
    def publish(self, data: Any, metadata: Any = None, **_: Any) -> None:
        self.shell.show("display_data", data, metadata)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear()


class _Hook(DisplayHook):
    def quiet(self) -> bool:
        source = self.shell.source
        return bool(_QUIET.search(source)) and self.semicolon_at_end_of_expression(source)

    def write_output_prompt(self) -> None:
        self.finish_displayhook()

    def finish_displayhook(self) -> None:
        self._is_active = False

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.show("execute_result", format_dict, md_dict)


class _Formatter(DisplayFormatter):
    """What an object shows; once a notebook speaks to its page, no more than the page takes."""

    def format(self, obj: Any, include: Any = None, exclude: Any = None) -> Any:
        if not self.parent.is_speaking:
            return super().format(obj, include, exclude)
        shown, about = super().format(obj, {self.parent.page})
        return shown or {"text/plain": ""}, about


class _Stream(TextIOBase):
    """A text stream that becomes an output of the cell, merged with the one before it."""

    encoding = "utf-8"

    def __init__(self, shell: "Shell", name: str) -> None:
        self.shell, self.name = shell, name

    def write(self, text: str) -> int:
        last = self.shell.outputs[-1] if self.shell.outputs else None
        if last is not None and last.get("name") == self.name:
            last["text"] += text
        elif text:
            self.shell.outputs.append(_output("stream", name=self.name, text=text))
        return len(text)


class _Transformer(TransformerManager):
    def do_token_transforms(self, lines: list[str]) -> list[str]:
        """Look for IPython's own words only where there is a sign of one: it reads every token."""
        has_sign = any(map(_ESCAPE.search, lines))
        return super().do_token_transforms(lines) if has_sign else lines


class Shell(InteractiveShell):
    """IPython without terminal or history; it keeps what cells show."""

    displayhook_class = Type(_Hook)
    input_transformer_manager = Instance(_Transformer, ())
    display_pub_class = Type(_Publisher)
    outputs: list[Any]
    source: str = ""
    page: str = ""
    is_speaking: bool = False

    def init_display_formatter(self) -> None:
        """Set the formatter that knows of the page."""
        self.display_formatter = _Formatter(parent=self)
        self.configurables.append(self.display_formatter)

    def should_run_async(self, raw_cell: str, **how: Any) -> bool:
        """Look for waiting only where a cell has a word of it: IPython compiles it to find out."""
        has_word = "await" in raw_cell or "async" in raw_cell
        return has_word and super().should_run_async(raw_cell, **how)

    def ask_exit(self) -> None:
        """Make ``exit`` end the brief as a failure, not the process."""
        raise SystemExit("the cell asked to exit")

    def show(self, kind: str, data: Any, metadata: Any) -> None:
        """Append one rich output, with JSON parts as they would arrive from a kernel."""
        data = {m: _as_json(v) if m.endswith("json") else v for m, v in data.items()}
        self.outputs.append(_output(kind, data=data, metadata=metadata or {}))
        said = data.get(self.page)
        self.is_speaking = self.is_speaking or (said is not None and not said.get("is_aside"))

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        error = _output("error", ename=etype.__name__, evalue=str(evalue), traceback=stb)
        self.outputs.append(error)

    def run(self, cell: Any) -> bool:
        """Run one code cell, fill its outputs and say whether it went well."""
        tags = cell.metadata.get("tags", ())
        if not cell.source.strip() or "skip-execution" in tags:
            return True
        self.outputs, self.source = cell.outputs, cell.source
        with redirect_stdout(_Stream(self, "stdout")), redirect_stderr(_Stream(self, "stderr")):
            result = self.run_cell(cell.source, store_history=True)
        for drawing in drawings.left_open():
            self.show("display_data", {drawings.MIME: drawing}, {})
        cell.execution_count = result.execution_count
        for output in cell.outputs:
            if output.output_type == "execute_result":  # IPython has counted on by then
                output.execution_count = result.execution_count
        return result.success or "raises-exception" in tags


def _output(kind: str, **parts: Any) -> NotebookNode:
    """Return an output; nbformat's own function also checks it, which takes as long as a chart.

    What stands in a bundle of data stays as it is: it may be a thousand rows of a table.
    """
    nodes = {name: NotebookNode(part) for name, part in parts.items() if isinstance(part, dict)}
    return NotebookNode(output_type=kind, **parts | nodes)


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=_as_sent))


def _as_sent(part: Any) -> Any:
    """Return what a kernel sends for a part that JSON does not know, such as a date."""
    from jupyter_client.jsonutil import json_default  # it loads all that speaks with kernels

    return json_default(part)


@contextmanager
def clean_shell() -> Iterator[Shell]:
    """Give a fresh shell, and this process back as it was."""
    with _restored(), _shell() as shell:
        yield shell


@contextmanager
def _shell() -> Iterator[Shell]:
    """Give a fresh shell, and IPython's global shell back afterwards."""
    config = Config({"HistoryManager": {"enabled": False}})
    previous = InteractiveShell._instance
    Shell._instance = InteractiveShell._instance = None
    main = sys.modules["__main__"]
    inline = sys.modules.get("matplotlib_inline.backend_inline")
    if inline is not None:  # so that the backend registers with this shell, too
        inline.configure_inline_support.current_backend = "unset"
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # not the reader's profile
        shell = Shell.instance(config=config, ipython_dir=folder)
        try:
            yield shell
        finally:
            atexit.unregister(shell.atexit_operations)  # or all a page holds is kept to the end
            Shell._instance, InteractiveShell._instance = None, previous
            sys.modules["__main__"] = main


@contextmanager
def _restored() -> Iterator[None]:
    """Give back what a notebook may change in this process."""
    folder, environment, path, arguments = Path.cwd(), dict(os.environ), [*sys.path], [*sys.argv]
    language = locale.setlocale(locale.LC_ALL)
    matplotlib = sys.modules.get("matplotlib")
    style = dict(matplotlib.rcParams) if matplotlib else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:], sys.argv[:] = path, arguments
        locale.setlocale(locale.LC_ALL, language)
        if matplotlib:
            dict.update(matplotlib.rcParams, style)  # its own update checks each of 300 values
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")
