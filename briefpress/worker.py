"""Runs one brief apart from all others, in a warm process or in this one.

Answers: the page of one job, or why there is none. Refuses: to write any file.
"""

import json
import logging
import os
import signal
import sys
import threading
from contextlib import chdir, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefpress.press import called, named

if TYPE_CHECKING:
    from concurrent.futures import Future

# The same bytes whatever the caller's settings; one thread each, since briefs run side by side.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"  # macOS frameworks forbid it
LIFE = "from briefpress import warm; warm.serve()"
GRACE_SECONDS = 60.0  # for the start of a process whose copies mind their time limit themselves
_idle: list["Helper"] = []
_alive: set["Helper"] = set()
_taking = threading.Lock()


class Helper:
    """A warm process of one house, spoken to by lines of JSON.

    Where processes can be copied, one serves all threads at once and runs each job in a copy of
    itself, so that libraries, data and shared results are paid for once; elsewhere each thread
    has its own, which runs one job after another.
    """

    def __init__(self, press: str) -> None:
        import subprocess  # not before: a run with nothing to do needs no process

        self.press = press
        self.process = subprocess.Popen(
            [sys.executable, "-c", LIFE, press],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | ENVIRONMENT,
            start_new_session=True,
        )
        self.asked: dict[int, Future[dict[str, Any]]] = {}
        self.numbers = count()
        self.sending = threading.Lock()
        self.has_ended = False
        _alive.add(self)
        self.listening = threading.Thread(target=self._listen, daemon=True)
        self.listening.start()

    def ask(self, asked: dict[str, Any], limit: float, times: int) -> dict[str, Any]:
        """Return the answer within so many times the limit; a process that overruns is ended."""
        from concurrent.futures import Future

        number, answer = next(self.numbers), Future[dict[str, Any]]()
        self.asked[number] = answer
        self.send(asked | {"number": number, "limit": limit})
        if self.has_ended:  # perhaps before it was asked
            self._give_up()
        try:
            return answer.result(limit * times + (GRACE_SECONDS if CAN_FORK else 0))
        except TimeoutError:
            self.stop()
            return failed(f"no end after {limit:g} seconds")

    def send(self, job: dict[str, Any]) -> None:
        """Write one line to the process, if it is still there."""
        line = json.dumps(job).encode() + b"\n"
        with suppress(OSError, ValueError), self.sending:
            self.process.stdin.write(line)
            self.process.stdin.flush()

    def _listen(self) -> None:
        """Hand each answer to whoever asked; at the end of the process tell all who wait."""
        with suppress(OSError, ValueError), self.process.stdout as answers:
            for line in answers:
                result = json.loads(line)
                self.asked.pop(result.pop("number")).set_result(result)
        self.has_ended = True
        self._give_up()

    def _give_up(self) -> None:
        while self.asked:
            with suppress(KeyError):
                self.asked.popitem()[1].set_result(failed("the process ended early"))

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
        self.listening.join()
        _alive.discard(self)
        with suppress(OSError):
            self.process.stdin.close()


def run(job: dict[str, Any], limit: float) -> dict[str, Any]:
    """Return the result of a job, run in a warm process of this machine; safe in any executor."""
    return run_each([job], limit)[0]


def run_each(jobs: list[dict[str, Any]], limit: float) -> list[dict[str, Any]]:
    """Return the results of one notebook's jobs that differ in words only, such as its languages.

    They run one after another in the same process, which need not compute their figures anew. Where
    that process ends before it has told them, each is run for itself: one of them is at fault.
    """
    asked = {"each": jobs, "kin": jobs[0].get("kin", "")}
    answer = _answered(jobs[0]["press"], asked, limit, len(jobs))
    if "each" in answer:
        return answer["each"]
    return [run(job, limit) for job in jobs] if len(jobs) > 1 else [answer]


def _answered(press: str, asked: dict[str, Any], limit: float, times: int = 1) -> dict[str, Any]:
    """Return what a warm process answers within so many times the limit."""
    with _taking:
        helper = _taken(press)
    answer = helper.ask(asked, limit, times)
    if helper.has_ended or helper.process.poll() is not None:  # lines close before a process ends
        helper.end()
    elif not CAN_FORK:
        _idle.append(helper)
    return answer


def _taken(press: str) -> Helper:
    """Return a process of a house: one for all where it can be copied, else one that is idle."""
    for helper in [*(_alive if CAN_FORK else _idle)]:
        if helper.press == press and not helper.has_ended and helper.process.poll() is None:
            if not CAN_FORK:
                _idle.remove(helper)
            return helper
    return Helper(press)


def processors() -> list[int]:
    """Return the numbers of the processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return sorted(affinity(0)) if affinity else [*range(os.cpu_count() or 1)]


def at_once() -> int:
    """Return how many pages to make at once: with one for the time when another one waits.

    Copies wait for what their warm process computes for all; where nothing is copied none waits.
    """
    return len(processors()) + CAN_FORK


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
    answer = _answered(press, {"call": function, "arguments": arguments}, limit)
    if answer["error"] is not None:
        raise ValueError(answer["error"])
    return answer["result"]


def prestart(press: str, jobs: int) -> None:
    """Start warm processes for so many jobs at once; one is enough where it can be copied."""
    for _ in range((1 if CAN_FORK else jobs) - len(_alive)):
        _idle.append(Helper(press))


def lend(press: str, parameters: dict[str, Any]) -> None:
    """Let all warm processes of a house load what the parameters name, for the jobs to come.

    It does not wait: a process that still loads its libraries does not read yet.
    """
    for helper in [*_alive]:
        if helper.press == press:
            threading.Thread(target=helper.send, args=[{"lend": parameters}], daemon=True).start()


def close() -> None:
    """End the warm processes of this process, also those at work."""
    _idle.clear()
    for helper in [*_alive]:
        helper.end()


def failed(error: str, **more: Any) -> dict[str, Any]:
    """Return the result of a job without a page."""
    return {"page": None, "error": error[:500], "executed": None, **more}


def execute_each(jobs: list[dict[str, Any]], limit: float = 0) -> list[dict[str, Any]]:
    """Run jobs in this very process, as ``run_each`` does in a copy of a warm one."""
    ran: dict[str, Any] = {}
    return [execute(job, ran=ran) for job in jobs]


def execute(
    job: dict[str, Any], limit: float = 0, *, ran: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Run a job in this very process: a notebook with parameters becomes a page.

    Parameters
    ----------
    job : dict
        ``press`` (the importable name of a `Press`), ``notebook`` (path), ``parameters`` and
        ``engine``: ``kernel`` for a Jupyter kernel, else a name that papermill knows. Jobs of the
        same ``kin``, if they have one, may run one after another in one copy of a process.
    limit : float
        Ignored here; so that the function can stand in for ``run``.
    ran : dict, optional
        The notebooks that were run before, by what was asked; a page that is told from another
        one needs no second run.

    Returns
    -------
    dict
        ``page`` (text or None), ``about`` (the page's metadata), ``error``, ``executed`` (the
        notebook as text, only when it failed).
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # its parsers cost seconds at import
    import nbformat

    from briefpress import executed, notebooks

    press, notebook = named(job["press"]), Path(job["notebook"]).resolve()
    lang = called(press.told_from, notebook, job["parameters"])
    asked = job["parameters"] | ({"lang": lang} if lang else {})
    key, ran = json.dumps([str(notebook), asked], sort_keys=True), {} if ran is None else ran
    nb = ran.get(key) or notebooks.loaded(notebook)
    try:
        if key not in ran:
            nb = _parameterized(nb, asked, job["engine"])
            _run(nb, notebook.parent, job["engine"], press.mime)
            ran[key] = nb
        said = executed.told(nb, press, job["parameters"]) if lang else nb
        page = executed.render(said, press)
    except Exception as error:
        text = str(error) if isinstance(error, executed.CellError) else repr(error)
        return failed(text, executed=nbformat.writes(nb))
    return {"page": page, "error": None, "executed": None, "about": executed.metadata(said, press)}


def _parameterized(nb: Any, given: dict[str, Any], engine: str) -> Any:
    from papermill.parameterize import parameterize_notebook

    from briefpress import parameters

    logging.getLogger("papermill").setLevel(logging.ERROR)  # a notebook may declare no parameters
    bound = parameters.bind(parameters.declared(nb), given)
    how = {"kernel_name": "python3", "language": "python", "engine_name": _papermill(engine)}
    return parameterize_notebook(nb, bound, **how)


def _run(nb: Any, folder: Path, engine: str, page: str) -> None:
    """Fill the outputs of a notebook, in its own folder; ``page`` is all that is wanted of it."""
    from papermill.engines import papermill_engines

    name = _papermill(engine)
    how = {"progress_bar": False, "autosave_cell_every": 0} | ({"page": page} if name else {})
    with chdir(folder):
        papermill_engines.execute_notebook_with_engine(name, nb, "python3", **how)


def _papermill(engine: str) -> str | None:
    """Return the name by which papermill knows an engine: none for a Jupyter kernel."""
    return None if engine == "kernel" else engine
