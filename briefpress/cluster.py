"""The workers of a Dask cluster, each with a warm process of its own.

Answers: that they load libraries while the caller still reads, and get the data from it. Refuses:
a worker whose code or files are not the caller's.
"""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefpress import fingerprint, worker
from briefpress.press import named

if TYPE_CHECKING:
    from distributed import Client

_open: dict[str, "Client"] = {}


def client(address: str) -> "Client":
    """Return the client of a scheduler: one for all a run asks of it, until `close`.

    Raises
    ------
    ValueError
        When the library of clusters is not installed.
    """
    try:
        from distributed import Client  # takes half a second
    except ModuleNotFoundError:
        raise ValueError("a Dask cluster needs a library: pip install distributed") from None
    if address not in _open or _open[address].status != "running":
        _open[address] = Client(address)
    return _open[address]


def close() -> None:
    """Close all clients; what they have asked for and not got is given up."""
    while _open:
        _open.popitem()[1].close()


def prestart(address: str, press: str) -> None:
    """Start the warm process of each worker, so that it loads libraries while the caller reads.

    ``address`` is that of the scheduler. A worker that joins later starts at its first page.
    """
    _everywhere(address, partial(worker.prestart, press, 1))


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


def _seen(press: str, places: list[str]) -> str:
    files = {
        f"{place}/{path.name if path == root else path.relative_to(root).as_posix()}": path
        for place in places
        for root in [Path(place)]
        for path in ([root] if root.is_file() else fingerprint.files(root))
    }
    return fingerprint.of_text(fingerprint.of_code(named(press)), fingerprint.of_files(files))
