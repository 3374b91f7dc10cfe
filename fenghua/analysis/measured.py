"""Figures by name, and beside them why one is missing.

Answers: which figures there are, and the reason for each that there is not. Refuses: a reason in a
number's place, and a gap without its reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isnan, nan


@dataclass(frozen=True)
class Measured:
    """Figures by name, NaN where missing, and the code of the reason for each missing one.

    Examples
    --------
    >>> known = figure("gap", -2.3) | none(["pace"], "plan_ended")
    >>> known.values, known.reasons
    ({'gap': -2.3, 'pace': nan}, {'pace': 'plan_ended'})
    """

    values: dict[str, float] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    def __or__(self, other: "Measured") -> "Measured":
        """Return both; what the other measures replaces what this one does."""
        kept = {name: why for name, why in self.reasons.items() if name not in other.values}
        return Measured(self.values | other.values, kept | other.reasons)

    def __getitem__(self, name: str) -> float:
        return self.values[name]


def figure(name: str, value: float, reason: str = "") -> Measured:
    """Return one figure, or its absence for a reason."""
    if isnan(value):
        return none([name], reason)
    return Measured({name: float(value)})


def none(names: Iterable[str], reason: str) -> Measured:
    """Return figures that are missing, all for one reason."""
    listed = list(names)
    if listed and not reason:
        raise ValueError(f"{', '.join(listed)}: missing without a reason")
    return Measured(dict.fromkeys(listed, nan), dict.fromkeys(listed, reason))
