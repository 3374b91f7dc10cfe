"""The life of a warm process: libraries and data loaded once, where possible a fork per brief.

Answers: jobs, one line of JSON each. Refuses: to let a brief touch what the next one starts from.
"""

import gc
import json
import os
import pickle
import signal
import sys
from contextlib import suppress
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import wait
from threading import Lock
from typing import Any, BinaryIO, NamedTuple, NoReturn

from briefpress.press import Press, called, named
from briefpress.worker import CAN_FORK, execute, execute_each, failed, processors

MODULES = ("papermill", "briefpress.executed")
# A sixth of the start of papermill; the last one starts kernels.
LATER = ("requests", "isoduration", "rfc3986_validator", "papermill.clientwrap")
LINES_BYTES = 1 << 16
GARBAGE = 200_000  # objects more than before, until a copy looks which of them nobody needs
SPARE = 19  # how far a copy stands back that no processor is left for, until another one waits
ENDED = "the process of the brief ended early"


def serve() -> None:
    """Answer jobs from standard input until it ends: the life of a warm process."""
    jobs, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)  # what a notebook reads or prints must not mix with our lines
    os.dup2(nowhere, 1)
    sys.modules.setdefault("rfc3987_syntax", None)
    gc.disable()  # nothing is garbage yet; looking for it takes a seventh of the start
    press: Press = named(sys.argv[1])
    _import(press)
    if CAN_FORK:
        _rehearse(press)
        _Copies(press, jobs.fileno(), replies).serve()
        return
    gc.enable()
    for line in jobs:
        job = json.loads(line)
        if "call" in job:
            _reply(replies, job, _called(job))
            continue
        _lend(job, press)
        if "lend" not in job:
            _reply(replies, job, {"each": execute_each(job["each"])})


class _Later:
    """Stands for a module that is slow to load, or for what is in it, until that is called."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, part: str) -> "_Later":
        if part.startswith("__"):
            raise AttributeError(part)
        return _Later(f"{self._name}.{part}")

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        module, _, name = self._name.rpartition(".")
        return getattr(import_module(module), name)(*arguments, **options)


def _import(press: Press) -> None:
    """Import what briefs need; what is to be loaded later is there for whoever asks for it."""
    later = [name for name in (*LATER, *press.later) if name not in sys.modules]
    sys.modules |= {name: _Later(name) for name in later}
    for name in (*MODULES, *press.modules):
        with suppress(ImportError):
            import_module(name)
    for name in later:
        del sys.modules[name]


def _reply(replies: BinaryIO, job: dict[str, Any], result: dict[str, Any]) -> None:
    """Write the answer to a job, if it asks for one."""
    if "number" in job:
        replies.write(json.dumps(result | {"number": job["number"]}).encode() + b"\n")
        replies.flush()


def _lend(job: dict[str, Any], press: Press) -> None:
    """Load the data that a job asks for; a brief that needs them will meet an error itself."""
    asked = [job["lend"]] if "lend" in job else [one["parameters"] for one in job["each"]]
    for parameters in asked:
        with suppress(Exception):
            called(press.lend, parameters)


class _Copy(NamedTuple):
    """A copy at work: what it was asked for, its process, and what it has told so far."""

    job: dict[str, Any]
    child: int
    results: list[dict[str, Any]]

    @property
    def rest(self) -> list[dict[str, Any]]:
        """Return what it still has to do: its jobs, or the one function that is called."""
        return self.job.get("each", [self.job])[len(self.results) :]

    @property
    def kin(self) -> str:
        """Return what another job must share to be run by this copy, too; empty if none may."""
        is_well = all(result["error"] is None for result in self.results)
        return self.job.get("kin", "") if is_well else ""


class _Copies:
    """The copies of this process that run briefs, side by side."""

    def __init__(self, press: Press, asked: int, replies: BinaryIO) -> None:
        self.press, self.asked, self.replies = press, asked, replies
        self.running: dict[Any, _Copy] = {}  # by their pipes
        self.idle: dict[Any, _Copy] = {}  # ready for one more job of their kin

    def serve(self) -> None:
        """Start each job as it is asked for, and pass each result on as it comes."""
        begun: list[bytes] = []  # joined when a line ends: lent data may fill thousands of reads
        while True:
            for ready in wait([self.asked, *self.running]):
                if ready != self.asked:
                    self._hear(ready)
                    continue
                more = os.read(self.asked, LINES_BYTES)
                if not more:  # the caller is gone
                    self._end()
                    return
                begun.append(more)
                if b"\n" not in more:
                    continue
                *lines, rest = b"".join(begun).split(b"\n")
                begun = [rest]
                for line in lines:
                    self._start(json.loads(line))

    def _start(self, job: dict[str, Any]) -> None:
        """Give a job to a copy that knows its kin already, else to a new one."""
        if job.get("kin") and self._goes_on(job):
            return
        if "call" not in job:
            _lend(job, self.press)
        if "lend" not in job:  # a call too is a copy's: this process hears that its caller is gone
            self._copy(job, [])

    def _goes_on(self, job: dict[str, Any]) -> bool:
        for ours, copy in [*self.idle.items()]:
            if copy.kin == job["kin"]:
                del self.idle[ours]
                with suppress(OSError):  # it was killed meanwhile
                    ours.send_bytes(json.dumps(job).encode())
                    self.running[ours] = copy._replace(job=job, results=[])
                    return True
                self._close(ours, copy)
        return False

    def _copy(self, job: dict[str, Any], results: list[dict[str, Any]]) -> None:
        """Let a copy of this process do what a job still asks for, after some results."""
        for idle in [*self.idle.items()]:  # no more jobs of their kin have come
            self._close(*idle)
        self.idle.clear()
        ours, theirs = Pipe()
        gc.freeze()  # what is warm stays shared between the copies
        is_spare = len(self.running) >= len(processors())
        copy = _Copy(job, os.fork(), results)
        if copy.child == 0:
            self._run(copy, theirs, is_spare=is_spare)
        theirs.close()
        self.running[ours] = copy

    def _run(self, copy: _Copy, theirs: Any, *, is_spare: bool) -> NoReturn:
        """Run what is asked in this copy, which ends with it, or by the alarm of a time limit."""
        gc.enable()
        asking = Lock()
        gc.set_threshold(GARBAGE, 2)  # looking seldom takes a twentieth less

        def tell(message: dict[str, Any]) -> None:
            theirs.send_bytes(json.dumps(message).encode())

        def ask(call: Any) -> Any:
            with asking:
                tell({"shared": call})
                return pickle.loads(theirs.recv_bytes())

        try:
            os.nice(SPARE * is_spare)
            if "each" in copy.job:
                called(self.press.shared, ask)
            job, rest = copy.job, copy.rest
            while job:
                ran: dict[str, Any] = {}
                for one in rest:
                    signal.setitimer(signal.ITIMER_REAL, job["limit"])
                    tell(_called(one) if "call" in one else execute(one, ran=ran))
                signal.setitimer(signal.ITIMER_REAL, 0)
                job = json.loads(theirs.recv_bytes())
                rest = job and job["each"]
        finally:
            os._exit(0)

    def _hear(self, ours: Any) -> None:
        """Take a result, or the question of a brief for what others will need as well.

        That is computed here, by code that no brief has touched, for all to come: a brief that
        meddled with a library would hand on what it got.
        """
        copy = self.running[ours]
        try:
            message = json.loads(ours.recv_bytes())
        except (EOFError, OSError):
            self._finish(ours)
            return
        if "shared" not in message:
            copy.results.append(message)
            if not copy.rest:
                self._finish(ours)
            return
        answer = pickle.dumps((False, None))
        with suppress(Exception):  # the brief will meet the error itself
            result = called(self.press.share, copy.rest[0]["parameters"], message["shared"])
            answer = pickle.dumps((True, result))
        with suppress(OSError):  # a brief that is gone asks no more
            ours.send_bytes(answer)

    def _finish(self, ours: Any) -> None:
        """Pass on what a copy has told; where it ended early, say why, and let another go on."""
        copy = self.running.pop(ours)
        if copy.rest:
            copy.results.append(failed(_why(self._close(ours, copy), copy.job["limit"])))
        elif copy.kin:
            self.idle[ours] = copy
        else:
            self._close(ours, copy)
        if copy.rest:
            self._copy(copy.job, copy.results)
        else:
            each = {"each": copy.results}
            _reply(self.replies, copy.job, each if "each" in copy.job else copy.results[0])

    def _close(self, ours: Any, copy: _Copy) -> int:
        """Tell a copy that there is no more to do; return how it ended."""
        with suppress(OSError):  # it has ended itself
            ours.send_bytes(b"null")
        ours.close()
        return os.waitpid(copy.child, 0)[1]

    def _end(self) -> None:
        """End all copies, and this process with them: nobody waits for their results."""
        if self.running or self.idle:
            os.killpg(0, signal.SIGKILL)


def _why(status: int, limit: float) -> str:
    """Return why a copy ended before it had told its results, from how it ended."""
    by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
    if by == signal.SIGALRM:
        return f"no end after {limit:g} seconds"
    return f"{ENDED}: killed, as where memory is short" if by == signal.SIGKILL else ENDED


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
