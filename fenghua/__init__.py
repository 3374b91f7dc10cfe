"""Is the plan being met, where, and why not?

Load the plan's register and the actual figures, then ask the analysis floor::

    import fenghua
    from fenghua.analysis import gap

    ds = fenghua.load()                      # data/raw, with actuals or the synthetic demo
    gap.assess(ds, as_of="2023-Q2")          # one row an indicator

The methods live in ``fenghua.analysis``: ``gap``, ``trajectory``, ``evaluation``,
``decomposition``, ``towns``, ``disclosure`` and ``audit``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fenghua.basis import load
    from fenghua.inputs.dataset import Dataset

    __version__: str

__all__ = ["Dataset", "__version__", "load"]


def __getattr__(name: str) -> Any:
    """Import the loader on first use, so that ``fenghua --help`` stays light."""
    if name == "__version__":
        return import_module("importlib.metadata").version("fenghua")
    homes = {"Dataset": "fenghua.inputs.dataset", "load": "fenghua.basis"}
    if name in homes:
        return getattr(import_module(homes[name]), name)
    raise AttributeError(f"module 'fenghua' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Show the public names in ``help`` and tab completion."""
    return sorted(__all__)
