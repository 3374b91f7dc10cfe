"""The scale on which a kind of target is a straight line.

Answers: where a printed figure lies on its scale, and back. Refuses: a share of 100 % or more.
"""

from typing import Any

import numpy as np

RATIO_KINDS = ("growth", "reduction")
_ENDS = {"growth": (-100.0, np.inf), "reduction": (-np.inf, 100.0)}
_NO_ENDS = (-np.inf, np.inf)


def forward(values: Any, *, kind: str, years: Any = 1.0) -> Any:
    """Return the scale value ``s`` of figures in the printed unit.

    Level, cumulative: the figure itself. Reduction: percent below the base year, positive. Growth:
    average percent a year since the base year, over ``years``.

    Raises
    ------
    ValueError
        A figure is infinite, or has no place on the scale (a reduction of 100 %).

    Notes
    -----
    ``s(x) = x``; for a reduction ``ln(1 - c)``; for growth the log of the chained index.

    Examples
    --------
    >>> float(forward(163.0, kind="level")), round(float(forward(10.4, kind="reduction")), 6)
    (163.0, -0.109815)
    """
    figures = np.asarray(values, dtype="float64")
    _refuse_off(figures, kind)
    if kind == "reduction":
        return np.log1p(-figures / 100)
    if kind == "growth":
        return years * np.log1p(figures / 100)
    return figures


def inverse(scaled: Any, *, kind: str, years: Any = 1.0) -> Any:
    """Return the figure in the printed unit at a scale value; ``forward`` backwards.

    Examples
    --------
    >>> round(float(inverse(2 * forward(6.0, kind="growth"), kind="growth", years=2)), 9)
    6.0
    """
    if kind == "reduction":
        return -100 * np.expm1(scaled)
    if kind == "growth":
        return 100 * np.expm1(np.divide(scaled, years))
    return np.asarray(scaled, dtype="float64")


def of_points(values: Any, *, kind: str) -> Any:
    """Return the scale value of figures as points hold them: growth as index, base year = 100."""
    if kind != "growth":
        return forward(values, kind=kind)
    _refuse_off(np.subtract(values, 100, dtype="float64"), kind)  # an index of 0: a fall of 100 %
    return np.log(np.divide(values, 100))


def as_points(scaled: Any, *, kind: str) -> Any:
    """Return scale values as points hold them; ``of_points`` backwards.

    Examples
    --------
    >>> round(float(as_points(2 * forward(6.0, kind="growth"), kind="growth")), 2)
    112.36
    """
    return 100 * np.exp(scaled) if kind == "growth" else inverse(scaled, kind=kind)


def yearly_rate(change: Any, *, kind: str, years: float) -> Any:
    """Return the pace of a change of scale: units, or percent for growth and reduction, a year.

    Examples
    --------
    >>> change = forward(10.4, kind="reduction") - forward(6.0, kind="reduction")
    >>> round(float(yearly_rate(change, kind="reduction", years=1.0)), 4)
    4.6809
    """
    return inverse(change / years, kind=kind)


def is_on_scale(value: float, *, kind: str) -> bool:
    """Tell whether a figure has a place on its scale (a reduction stays below 100 %)."""
    low, high = _ENDS.get(kind, _NO_ENDS)
    return low < value < high


def _refuse_off(figures: Any, kind: str) -> None:
    low, high = _ENDS.get(kind, _NO_ENDS)
    odd = np.asarray(figures)[(figures <= low) | (figures >= high)]
    if odd.size:
        allowed = f"above {low:g}, below {high:g}"
        raise ValueError(f"a figure of kind {kind} is {odd.flat[0]:g}; allowed: {allowed}")
