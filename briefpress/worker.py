"""Runs one brief apart from all others, in a warm process or in this one.

Answers: the page of one job, or why there is none. Refuses: to write any file.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any

from briefpress.press import named

# The same bytes whatever the caller's settings; one thread each, since briefs run side by side.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
_idle: list["Helper"] = []
_alive: set["Helper"] = set()


class Inline(Executor):
    """Run each job at once, in this process and thread: for a debugger."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future:
        """Return a future that is done."""
        future: Future = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Helper:
    """A warm process of one house that runs jobs in turn, spoken to by lines of JSON."""

    def __init__(self, press: str) -> None:
        self.press = press
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from briefpress.warm import serve; serve()", press],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | ENVIRONMENT,
            start_new_session=True,
        )
        _alive.add(self)

    def ask(self, job: dict[str, Any], limit: float) -> dict[str, Any]:
        """Return the result of one job; an overrun ends the process and says so."""
        timer = threading.Timer(limit, self.stop)
        started = time.monotonic()
        timer.start()
        try:
            self.send(job)
            reply = self.process.stdout.readline()
        except OSError:
            reply = b""
        finally:  # an interrupt must not leave it waiting
            timer.cancel()
        overran = time.monotonic() - started >= limit
        if reply.endswith(b"\n"):
            return json.loads(reply)
        self.stop()
        return failed(f"no end after {limit:g} seconds" if overran else "the process ended early")

    def send(self, job: dict[str, Any]) -> None:
        """Write one line to the process."""
        self.process.stdin.write(json.dumps(job).encode() + b"\n")
        self.process.stdin.flush()

    def stop(self) -> None:
        """End the process and all it started."""
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Stop, and close the lines to the process."""
        self.stop()
        _alive.discard(self)
        for line in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                line.close()


def run(job: dict[str, Any], limit: float) -> dict[str, Any]:
    """Return the result of a job, run in a warm process of this machine; safe in any executor."""
    helper = _taken(job["press"])
    if helper.process.poll() is not None:  # it was ended while it had nothing to do
        helper.end()
        helper = Helper(job["press"])
    result = helper.ask(job, limit)
    if helper.process.poll() is None:
        _idle.append(helper)
    else:
        helper.end()
    return result


def _taken(press: str) -> Helper:
    """Return an idle process of a house, or a new one; several threads may ask at once."""
    passed = []
    try:
        while (helper := _idle.pop()).press != press:
            passed.append(helper)
    except IndexError:
        helper = Helper(press)
    _idle.extend(passed)
    return helper


def call(press: str, function: str, arguments: list[Any], limit: float) -> Any:
    """Return what a function returns in a warm process, whose memory it may fill.

    Parameters
    ----------
    function : str
        As ``package.module:function``; its arguments and its result are what JSON can hold.

    Raises
    ------
    ValueError
        With the message of the function's own error.
    """
    answer = run({"press": press, "call": function, "arguments": arguments}, limit)
    if answer["error"] is not None:
        raise ValueError(answer["error"])
    return answer["result"]


def prestart(press: str, count: int, lend: dict[str, Any] | None = None) -> None:
    """Start warm processes; each loads at once what the parameters ``lend`` name."""
    for _ in range(count - len(_idle)):
        helper = Helper(press)
        if lend is not None:
            helper.send({"lend": lend})
        _idle.insert(0, helper)


def close() -> None:
    """End the warm processes of this process, also those at work."""
    _idle.clear()
    for helper in [*_alive]:
        helper.end()


def failed(error: str, **more: Any) -> dict[str, Any]:
    """Return the result of a job without a page."""
    return {"page": None, "error": error[:500], "executed": None, **more}


def execute(job: dict[str, Any], limit: float = 0) -> dict[str, Any]:
    """Run a job in this very process: a notebook with parameters becomes a page.

    Parameters
    ----------
    job : dict
        ``press`` (the importable name of a `Press`), ``notebook`` (path), ``parameters`` and
        ``engine``: ``kernel`` for a Jupyter kernel, else a name that papermill knows.
    limit : float
        Ignored here; so that the function can stand in for ``run``.

    Returns
    -------
    dict
        ``page`` (text or None), ``about`` (the page's metadata), ``error``, ``executed`` (the
        notebook as text, only when it failed).
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # its parsers cost seconds at import
    import nbformat
    from papermill.engines import papermill_engines
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from briefpress import executed, parameters

    press, notebook = named(job["press"]), Path(job["notebook"]).resolve()
    name = None if job["engine"] == "kernel" else job["engine"]
    nb = load_notebook_node(str(notebook))
    try:
        parameters.bind(parameters.declared(nb), job["parameters"])
        how = {"kernel_name": "python3", "language": "python", "engine_name": name}
        nb = parameterize_notebook(nb, job["parameters"], **how)
        with chdir(notebook.parent):
            papermill_engines.execute_notebook_with_engine(
                name, nb, "python3", progress_bar=False, autosave_cell_every=0
            )
        page = executed.render(nb, press)
    except Exception as error:
        text = str(error) if isinstance(error, executed.CellError) else repr(error)
        return failed(text, executed=nbformat.writes(nb))
    about = executed.metadata(nb, press)
    return {"page": page, "error": None, "executed": None, "about": about}
