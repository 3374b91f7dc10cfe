"""Runs one brief apart from all others: a warm process, and where possible a fork per brief.

Answers: the page of one job, or why there is none. Refuses: to write any file.
"""

import gc
import inspect
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future
from contextlib import chdir, suppress
from dataclasses import asdict
from functools import cache, lru_cache, wraps
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"  # macOS frameworks forbid it
WARM_MODULES = (
    "papermill",
    "fenghua.briefs.exporter",
    "fenghua.briefs.page",
    "fenghua.display.charts",
    "matplotlib.pyplot",
    "pandas",
)
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
    """A warm process that runs jobs one after another, spoken to by lines of JSON."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from fenghua.briefs.worker import serve; serve()"],
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
        overran = time.monotonic() - started >= limit
        timer.cancel()
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
    try:
        helper = _idle.pop()
    except IndexError:
        helper = Helper()
    if helper.process.poll() is not None:  # it was ended while it had nothing to do
        helper.end()
        helper = Helper()
    result = helper.ask(job, limit)
    if helper.process.poll() is None:
        _idle.append(helper)
    else:
        helper.end()
    return result


def prestart(count: int, job: dict[str, Any] | None = None) -> None:
    """Start warm processes; those that can fork also read the data that ``job`` names."""
    for _ in range(count - len(_idle)):
        helper = Helper()
        if job is not None:
            helper.send(job | {"only_lend": True})
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
        ``notebook`` (path), ``parameters`` and ``engine`` (``fenghua`` or ``kernel``).
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

    from fenghua.briefs import exporter, parameters

    notebook = Path(job["notebook"]).resolve()
    name = {"fenghua": "fenghua", "kernel": None}[job["engine"]]
    nb = load_notebook_node(str(notebook))
    try:
        parameters.bind(parameters.declared(nb), job["parameters"])
        how = {"kernel_name": "python3", "language": "python", "engine_name": name}
        nb = parameterize_notebook(nb, job["parameters"], **how)
        with chdir(notebook.parent):
            papermill_engines.execute_notebook_with_engine(
                name, nb, "python3", progress_bar=False, autosave_cell_every=0
            )
        page = exporter.render(nb)
    except Exception as error:
        text = str(error) if isinstance(error, exporter.CellError) else repr(error)
        return failed(text, executed=nbformat.writes(nb))
    about = exporter.metadata(nb)
    return {"page": page, "error": None, "executed": None, "about": about}


def serve() -> None:
    """Answer jobs from standard input until it ends: the life of a warm process."""
    jobs, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)  # what a notebook reads or prints must not mix with our lines
    os.dup2(nowhere, 1)
    sys.modules.setdefault("rfc3987_syntax", None)
    for name in WARM_MODULES:
        with suppress(ImportError):
            import_module(name)
    for line in jobs:
        job = json.loads(line)
        if CAN_FORK:
            _lend_data(job)
        if job.get("only_lend"):
            continue
        if "facts" in job:
            result = _facts(job)
        else:
            result = _in_fork(job, jobs) if CAN_FORK else execute(job)
        replies.write(json.dumps(result).encode() + b"\n")
        replies.flush()


def _facts(job: dict[str, Any]) -> dict[str, Any]:
    from fenghua.briefs import listing
    from fenghua.inputs.problems import InputError

    given = job["parameters"]
    try:
        found = listing.facts(given["data"], given["actuals"], job["facts"])
    except (InputError, ValueError, OSError) as error:
        return {"error": str(error)}
    return {"error": None, "facts": asdict(found)}


def _in_fork(job: dict[str, Any], jobs: BinaryIO) -> dict[str, Any]:
    """Run a job in a copy of this process, which no crash of the job outlives."""
    read, write = os.pipe()
    gc.freeze()  # what is warm stays shared between the copies
    child = os.fork()
    if child == 0:
        try:
            os.close(read)
            with os.fdopen(write, "wb") as pipe:
                pipe.write(json.dumps(execute(job)).encode())
        finally:
            os._exit(0)
    os.close(write)
    # The caller sends nothing while it waits: a sign from there means that it is gone.
    if jobs.fileno() in select.select([read, jobs.fileno()], [], [])[0]:
        os.killpg(0, signal.SIGKILL)
    with os.fdopen(read, "rb") as pipe:
        reply = pipe.read()
    os.waitpid(child, 0)
    return json.loads(reply) if reply else failed("the process of the brief ended early")


def _lend_data(job: dict[str, Any]) -> None:
    """Load the data before the fork, so that all briefs of a run share one copy."""
    given = job["parameters"]
    if "data" not in given:
        return
    read = _reader(job.get("inputs", ""))
    with suppress(Exception):  # a brief that needs the data will meet the error itself
        read(given["data"], given.get("actuals") or None)


@lru_cache(maxsize=1)
def _reader(inputs: str) -> Any:
    """Put a reader that remembers in the place of ``fenghua.load``; new inputs, a new one."""
    from fenghua.inputs import dataset

    original = inspect.unwrap(dataset.load)

    @cache
    def remembered(data: str, actuals: str | None) -> Any:
        return original(data, actuals)

    @wraps(original)
    def load(data: str | Path = "data/raw", actuals: str | Path | None = None) -> Any:
        return remembered(str(data), None if actuals is None else str(actuals))

    dataset.load = load
    return load
