"""The workers of a Dask cluster, with one warm process for all that share processors.

Answers: that they load libraries while the caller still reads, and get the data from it. Refuses:
a worker whose code or files are not the caller's.
"""

import os
import platform
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefpress import fingerprint, worker
from briefpress.press import named

if TYPE_CHECKING:
    from distributed import Client, Worker

_open: dict[str, "Client"] = {}
_hosts: dict[str, str] = {}  # in a worker: the address of the one whose warm process it asks


def client(address: str) -> "Client":
    """Return the client of a scheduler: one for all a run asks of it, until `close`.

    Raises
    ------
    ValueError
        When the library of clusters is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client  # takes half a second
    except ModuleNotFoundError:
        raise ValueError("a Dask cluster needs a library: pip install distributed") from None
    if address not in _open or _open[address].status != "running":
        try:
            _open[address] = Client(address)
        except (OSError, ValueError) as error:
            usual = "name the address that `dask scheduler` prints, such as tcp://10.0.0.5:8786"
            raise ValueError(f"no scheduler answers at {address}: {error}; {usual}") from error
    return _open[address]


def close() -> None:
    """Close all clients; what they have asked for and not got is given up."""
    while _open:
        _open.popitem()[1].close()


def prestart(address: str, press: str) -> None:
    """Start the warm processes of a cluster, so that they load libraries while the caller reads.

    ``address`` is that of the scheduler. Of the workers that share processors one keeps the warm
    process of all: each for itself would load the same libraries and compute what all pages
    share, which took a fifth of a run. A worker that joins later starts one at its first page.
    """
    first: dict[str, str] = {}
    machines = _everywhere(address, _machine)
    hosts = {name: first.setdefault(machines[name], name) for name in sorted(machines)}
    _everywhere(address, partial(_join, press, hosts))


def run_each(jobs: list[dict[str, Any]], limit: float) -> list[dict[str, Any]]:
    """Return the results of jobs as ``worker.run_each`` does: the task of a cluster's worker.

    It asks the warm process of the worker that keeps one for its machine; where that worker is
    gone, or ends meanwhile, it starts its own.
    """
    from distributed import get_client, get_worker

    host = _hosts.get(jobs[0]["press"])
    if host not in (None, get_worker().address):
        others = get_client()
        with suppress(OSError):
            if host in others.nthreads():
                return others.run(_run_here, jobs, limit, workers=[host])[host]
    return worker.run_each(jobs, limit)


def lend(address: str, press: str, parameters: dict[str, Any]) -> None:
    """Hand the data that the caller has read to the warm processes, as ``worker.lend`` does."""
    _everywhere(address, partial(worker.lend, press, parameters))


def refuse_others(address: str, press: str, places: Iterable[Path]) -> int:
    """Refuse a cluster with a worker whose code or files differ from those here.

    Parameters
    ----------
    places : iterable of Path
        The files and folders that pages are made from.

    Returns
    -------
    int
        How many workers there are: none yet on a cluster that grows on demand.

    Raises
    ------
    ValueError
        With the address of the worker: a page of other figures would pass for one of these.
    """
    look = partial(_seen, press, [str(place) for place in places])
    found = _everywhere(address, look)
    for name, seen in found.items():
        if seen != look():
            why = f" ({seen!r})" if isinstance(seen, Exception) else ""
            raise ValueError(
                f"worker {name}: its package, libraries, data or notebooks are not those here{why};"
                " install the same versions and copy the files to the same folders"
            )
    return len(found)


def _everywhere(address: str, call: Callable[[], Any]) -> dict[str, Any]:
    found: dict[str, Any] = client(address).run(call, on_error="return")
    return found


def _machine(dask_worker: "Worker") -> str:
    """Return what is the same for workers that share processors, and their limits."""
    if not worker.CAN_FORK:  # there a warm process runs one page at a time
        return str(dask_worker.address)
    limits = Path("/proc/self/cgroup")
    shared = limits.read_text() if limits.exists() else ""
    return fingerprint.of_text(platform.node(), os.getuid(), worker.processors(), shared)


def _join(press: str, hosts: dict[str, str], dask_worker: "Worker") -> None:
    """Let a worker know whose warm process it asks; start that if it is its own."""
    own = dask_worker.address
    _hosts[press] = hosts.get(own, own)
    if _hosts[press] == own:
        worker.prestart(press, 1)


async def _run_here(jobs: list[dict[str, Any]], limit: float) -> list[dict[str, Any]]:
    import asyncio  # a fiftieth of a second of every run without a cluster

    return await asyncio.to_thread(worker.run_each, jobs, limit)


def _seen(press: str, places: list[str]) -> str:
    files = {
        f"{place}/{path.name if path == root else path.relative_to(root).as_posix()}": path
        for place in places
        for root in [Path(place)]
        for path in ([root] if root.is_file() else fingerprint.files(root))
    }
    return fingerprint.of_text(fingerprint.of_code(named(press)), fingerprint.of_files(files))
