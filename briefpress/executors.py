"""What runs the jobs of a build: threads that ask warm processes, a cluster, or this thread.

Answers: each job with its result, as they end. Refuses: to lose the others when one fails.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from briefpress import cluster, fingerprint, notebooks, worker
from briefpress.notebooks import Job


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


@contextmanager
def begun(
    todo: Sequence[Job], press: str, *, engine: str, jobs: int, dask: str | None, limit: float
) -> Iterator[Iterator[tuple[Job, dict[str, Any]]]]:
    """Begin all jobs; give each with its result, as they end.

    A broken executor fails its jobs only.

    Parameters
    ----------
    jobs : int
        Threads; 0 for this one. Not looked at where there is a cluster.
    dask : str or None
        Address of the scheduler of a cluster.
    limit : float
        Seconds after which a brief is given up.
    """
    local = worker.run_each if jobs else worker.execute_each
    task = cluster.run_each if dask else local
    own = cache(notebooks.keeps_to_itself)  # of the others while the first page is made
    together = in_turns(todo, 0 if dask else jobs, own)
    how, run = {"press": press, "engine": engine}, uuid4().hex
    with _executor(min(jobs, len(together)), dask, press) as executor:
        futures = {}
        for alike in together:
            notebook = alike[0].notebook
            told = how | {"notebook": str(notebook)}
            told |= {"kin": f"{run} {notebook}"} if own(notebook) else {}
            sent = [told | {"parameters": job.parameters} for job in alike]
            futures[executor.submit(task, sent, limit)] = alike
        yield (
            pair
            for future in as_completed(futures)
            for pair in zip(futures[future], _results(future, futures[future]), strict=True)
        )


def in_turns(todo: Sequence[Job], jobs: int, own: Callable[[Path], bool]) -> list[list[Job]]:
    """Return the jobs by turns of one process: in one turn those that differ in language only.

    Their figures are the same, and computed once. Where that would leave one of so many threads
    with nothing to do, each job has its own turn; so has each job of a notebook that may change
    what the next one stands on, which is no ``own`` notebook.
    """
    figures = [_figures(job) for job in todo]
    several = {one for one, times in Counter(figures).items() if times > 1}
    alike: dict[tuple[str, str], list[Job]] = {}
    for job, one in zip(todo, figures, strict=True):
        apart = job.name if one in several and not own(job.notebook) else ""
        alike.setdefault((one, apart), []).append(job)
    return [*alike.values()] if len(alike) >= jobs else [[job] for job in todo]


def _figures(job: Job) -> str:
    """Return what the figures of a page hang on: its notebook and parameters, but the language."""
    asked = {name: value for name, value in job.parameters.items() if name != "lang"}
    return fingerprint.of_text(str(job.notebook), asked)


def _results(future: Future[list[dict[str, Any]]], jobs: list[Job]) -> list[dict[str, Any]]:
    try:
        return future.result()
    except Exception as error:
        return [worker.failed(repr(error))] * len(jobs)


@contextmanager
def _executor(count: int, dask: str | None, press: str) -> Iterator[Executor]:
    """Give the executor: threads that each speak to a warm process, a cluster, or this thread."""
    if dask is not None:
        try:
            yield cluster.client(dask).get_executor()
        finally:
            cluster.close()
    elif count == 0:
        yield Inline()
    else:
        worker.prestart(press, count)
        executor = ThreadPoolExecutor(count)
        try:
            yield executor
        except BaseException:  # on an interrupt, too: waiting threads wake when theirs end
            executor.shutdown(wait=False, cancel_futures=True)
            worker.close()
            raise
        executor.shutdown()
