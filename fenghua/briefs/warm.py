"""The life of a warm process: libraries and data loaded once, where possible a fork per brief.

Answers: jobs, one line of JSON each. Refuses: to let a brief touch what the next one starts from.
"""

import gc
import inspect
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from functools import cache, lru_cache, wraps
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from fenghua.briefs.worker import execute, failed

CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"  # macOS frameworks forbid it
MODULES = (
    "papermill",
    "fenghua.briefs.executed",
    "fenghua.briefs.page",
    "fenghua.display.charts",
    "matplotlib.pyplot",
    "pandas",
)
REHEARSAL = """
from io import StringIO
import matplotlib.pyplot as plt
from fenghua.display import charts, figures, theme
with theme.style():
    plt.figure().savefig(StringIO(), format="svg")
"""


def serve() -> None:
    """Answer jobs from standard input until it ends: the life of a warm process."""
    jobs, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)  # what a notebook reads or prints must not mix with our lines
    os.dup2(nowhere, 1)
    sys.modules.setdefault("rfc3987_syntax", None)
    gc.disable()  # nothing is garbage yet; looking for it takes a seventh of the start
    for name in MODULES:
        with suppress(ImportError):
            import_module(name)
    if CAN_FORK:
        _rehearse()
    else:
        gc.enable()
    for line in jobs:
        job = json.loads(line)
        data = _lend_data(job)
        if job.get("only_lend"):
            continue
        if "facts" in job:
            result = _facts(job)
        else:
            result = _in_fork(job, jobs, data) if CAN_FORK else execute(job)
        replies.write(json.dumps(result).encode() + b"\n")
        replies.flush()


def _rehearse() -> None:
    """Run and render one cell, so that what loads at first use is there before the first fork."""
    from nbformat.v4 import new_code_cell, new_notebook

    from fenghua.briefs import engine, executed

    cell = new_code_cell(REHEARSAL)
    nb = new_notebook(cells=[cell])
    with engine.clean_shell() as shell:
        shell.run(cell)
    executed.render(nb)


def _facts(job: dict[str, Any]) -> dict[str, Any]:
    from fenghua.briefs import listing
    from tidysheets.problems import InputError

    given = job["parameters"]
    try:
        found = listing.facts(given["data"], given["actuals"], job["facts"])
    except (InputError, ValueError, OSError) as error:
        return {"error": str(error)}
    return {"error": None, "facts": asdict(found)}


def _in_fork(job: dict[str, Any], jobs: BinaryIO, data: Any) -> dict[str, Any]:
    """Run a job in a copy of this process, which no crash of the job outlives."""
    ours, theirs = Pipe()
    gc.freeze()  # what is warm stays shared between the copies
    child = os.fork()
    if child == 0:
        gc.enable()
        try:
            if data is not None:
                object.__setattr__(data, "shared", _Asking(data.shared, theirs))
            theirs.send_bytes(json.dumps(execute(job)).encode())
        finally:
            os._exit(0)
    theirs.close()
    result = failed("the process of the brief ended early")
    with ours, suppress(EOFError, OSError):
        while True:
            # The caller sends nothing while it waits: a sign from there means that it is gone.
            if jobs.fileno() in wait([ours, jobs.fileno()]):
                os.killpg(0, signal.SIGKILL)
            message = json.loads(ours.recv_bytes())
            if "call" not in message:
                result = message
                break
            ours.send(_shared(data, *message["call"]))
    os.waitpid(child, 0)
    return result


class _Asking(dict[Any, Any]):
    """The shared results as a fork has them; the process it came from computes those it lacks.

    There they are computed once, by code that no brief has touched, for all later briefs.
    """

    def __init__(self, known: Any = (), parent: Connection | None = None) -> None:
        super().__init__(known)
        self.parent, self.lock = parent, Lock()

    def __missing__(self, call: Any) -> Any:
        if self.parent is not None:
            with self.lock:
                self.parent.send_bytes(json.dumps({"call": call}).encode())
                answer = self.parent.recv()
            for found in answer:
                return self.setdefault(call, found)
        raise KeyError(call)

    def __reduce__(self) -> tuple[Any, ...]:  # a copy of the data asks nobody
        return dict, (dict(self),)


def _shared(data: Any, module: str, name: str, args: list[Any], options: list[Any]) -> list[Any]:
    """Return the result of a shared function in a list; an empty one where it has none."""
    with suppress(Exception):  # the brief that asked will meet the error itself
        function = getattr(import_module(module), name)
        if hasattr(function, "is_shared"):
            return [function(data, *args, **dict(options))]
    return []


def _lend_data(job: dict[str, Any]) -> Any:
    """Load the data before a fork, so that all briefs of a run share one copy."""
    given = job["parameters"]
    if "data" not in given:
        return None
    read = _reader(job.get("inputs", ""))
    with suppress(Exception):  # a brief that needs the data will meet the error itself
        return read(given["data"], given.get("actuals") or None)


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
        ds = remembered(str(data), None if actuals is None else str(actuals))
        return ds if CAN_FORK else dataset.copied(ds)

    dataset.load = load
    return load
