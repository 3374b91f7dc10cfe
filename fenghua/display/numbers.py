"""How a number is printed: rounding, sign, unit, and the dash for none.

Answers: the text of a figure. Refuses: to round before display.
"""

import math

NONE = "—"


def figure(value: float, decimals: int = 1, *, signed: bool = False) -> str:
    """Return the printed figure with a true minus sign and thousands separators.

    NaN prints as a dash; ``decimals`` are the digits after the point.

    Examples
    --------
    >>> figure(-1234.56), figure(0.04), figure(2.5, 1, signed=True), figure(float("nan"))
    ('\u22121,234.6', '0.0', '+2.5', '—')
    """
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{abs(value):,.{decimals}f}"
    if not any(digit in text for digit in "123456789"):
        return text
    return ("\u2212" if value < 0 else "+" if signed else "") + text


def short(value: float, *, decimals: int = 1) -> str:
    """Return the figure without trailing zeros: ``42``, ``0.75``, ``159.9``.

    Examples
    --------
    >>> short(42.0), short(0.92, decimals=2), short(1500.0)
    ('42', '0.92', '1,500')
    """
    text = figure(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def pace(value: float) -> str:
    """Return a pace with three significant digits, two below ten.

    Examples
    --------
    >>> pace(16.848), pace(0.1856), pace(250.4), pace(-0.04), pace(0.0)
    ('16.8', '0.19', '250', '\u22120.04', '0')
    """
    if value != value:
        return NONE
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    return short(value, decimals=max(0, (2 if size > 0 else 1) - size))


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as a percentage: 0.125 prints as ``13%``.

    Examples
    --------
    >>> percent(0.125), percent(1.2, 1)
    ('12%', '120.0%')
    """
    text = figure(100 * share, decimals)
    return text if text == NONE else text + "%"
