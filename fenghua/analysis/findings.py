"""The rule of the status bands as a page states it.

Answers: the cut-offs that the register holds. Refuses: to weigh indicators against each other.
"""

from collections.abc import Mapping

from fenghua.analysis import verdict


def cutoffs(parameters: Mapping[str, float]) -> dict[str, float]:
    """Return the lower ends of the status bands as the register holds them."""
    names = ("on_track", "needs_acceleration", "insufficient")
    return dict(zip(names, verdict.cuts(parameters), strict=True))
