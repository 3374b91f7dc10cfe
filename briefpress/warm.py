"""The life of a warm process: libraries and data loaded once, where possible a fork per brief.

Answers: jobs, one line of JSON each. Refuses: to let a brief touch what the next one starts from.
"""

import gc
import json
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import Any, BinaryIO

from briefpress.press import Press, called, named
from briefpress.worker import execute, failed

CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"  # macOS frameworks forbid it
MODULES = ("papermill", "briefpress.executed")


def serve() -> None:
    """Answer jobs from standard input until it ends: the life of a warm process."""
    jobs, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)  # what a notebook reads or prints must not mix with our lines
    os.dup2(nowhere, 1)
    sys.modules.setdefault("rfc3987_syntax", None)
    gc.disable()  # nothing is garbage yet; looking for it takes a seventh of the start
    press: Press = named(sys.argv[1])
    for name in (*MODULES, *press.modules):
        with suppress(ImportError):
            import_module(name)
    if CAN_FORK:
        _rehearse(press)
    else:
        gc.enable()
    for line in jobs:
        for result in _answers(json.loads(line), jobs, press):
            replies.write(json.dumps(result).encode() + b"\n")
            replies.flush()


def _answers(job: dict[str, Any], jobs: BinaryIO, press: Press) -> Any:
    """Yield the answer to a line, if it asks for one; what comes after it may take its time."""
    if "call" in job:
        yield _called(job)
        return
    lent = job.get("lend") or job["parameters"]
    with suppress(Exception):  # a brief that needs the data will meet the error itself
        called(press.lend, lent)
    if "lend" in job:
        return
    result = _in_fork(job, jobs, press) if CAN_FORK else execute(job)
    calls = result.pop("shared", [])
    yield result
    if calls:  # by code that no brief has touched, for all briefs to come
        with suppress(Exception):
            called(press.share, job["parameters"], calls)


def _rehearse(press: Press) -> None:
    """Run and render one cell, so that what loads at first use is there before the first fork."""
    from nbformat.v4 import new_code_cell, new_notebook

    from briefpress import engine, executed

    cell = new_code_cell(press.rehearsal)
    with engine.clean_shell() as shell:
        shell.run(cell)
    executed.render(new_notebook(cells=[cell]), press)


def _called(job: dict[str, Any]) -> dict[str, Any]:
    """Return what a function returned, or the message of its error."""
    try:
        return {"error": None, "result": called(job["call"], *job["arguments"])}
    except (ValueError, OSError) as error:
        return {"error": str(error), "result": None}
    except Exception as error:
        return {"error": repr(error), "result": None}


def _in_fork(job: dict[str, Any], jobs: BinaryIO, press: Press) -> dict[str, Any]:
    """Run a job in a copy of this process, which no crash of the job outlives."""
    ours, theirs = Pipe()
    gc.freeze()  # what is warm stays shared between the copies
    child = os.fork()
    if child == 0:
        gc.enable()
        try:
            result = execute(job) | {"shared": called(press.shared, default=[])}
            theirs.send_bytes(json.dumps(result).encode())
        finally:
            os._exit(0)
    theirs.close()
    result = failed("the process of the brief ended early")
    with ours, suppress(EOFError, OSError):
        # The caller sends nothing while it waits: a sign from there means that it is gone.
        if jobs.fileno() in wait([ours, jobs.fileno()]):
            os.killpg(0, signal.SIGKILL)
        result = json.loads(ours.recv_bytes())
    os.waitpid(child, 0)
    return result
