"""How a number is printed: rounding, sign, unit, and the dash for none.

Answers: the text of a figure. Refuses: to round before display.
"""

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

NONE: Final = "—"
_NOISE_BEHIND: Final = 6  # digits behind the last printed one, where sums leave binary noise
_MOST_OF_SHARE: Final = 3  # digits of a share that is near all
_MOST_DECIMALS: Final = 6


def figure(value: float, decimals: int = 1, *, signed: bool = False) -> str:
    """Return the printed figure with a true minus sign and thousands separators.

    NaN prints as a dash; ``decimals`` are the digits after the point. Halves are those of the
    decimal figure and go up, as spreadsheets and statistical offices print them (四舍五入).

    Examples
    --------
    >>> figure(-1234.56), figure(0.04), figure(2.5, 1, signed=True), figure(float("nan"))
    ('\u22121,234.6', '0.0', '+2.5', '—')
    >>> figure(2.675, 2), figure(2.675 - 2.8, 2)
    ('2.68', '\u22120.13')
    """
    if value is None or not math.isfinite(value):
        return NONE
    exact = Decimal(f"{abs(value):.{decimals + _NOISE_BEHIND}f}")
    text = f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"
    if not any(digit in text for digit in "123456789"):
        return text
    return ("\u2212" if value < 0 else "+" if signed else "") + text


def short(value: float, *, decimals: int = 1, signed: bool = False) -> str:
    """Return the figure without trailing zeros: ``42``, ``0.75``, ``159.9``.

    Examples
    --------
    >>> short(42.0), short(0.92, decimals=2), short(1500.0)
    ('42', '0.92', '1,500')
    """
    text = figure(value, decimals, signed=signed)
    return text.rstrip("0").rstrip(".") if "." in text else text


def telling(value: float, target: float, decimals: int) -> int:
    """Return the digits after the point that keep a value and a target apart in print.

    Examples
    --------
    >>> telling(0.039, 0.044, 2), telling(3.01, 3.0, 2), telling(5.0, 5.0, 1)
    (3, 2, 1)
    """
    tried = range(decimals, max(decimals, _MOST_DECIMALS) + 1)
    return next((n for n in tried if figure(value, n) != figure(target, n)), decimals)


def pace(value: float, beside: float = math.nan, *, signed: bool = False) -> str:
    """Return a pace with three significant digits, two below ten.

    It takes as many more as keep it apart in print from another one that stands ``beside`` it.

    Examples
    --------
    >>> pace(16.848), pace(0.1856), pace(250.4), pace(-0.04), pace(0.0)
    ('16.8', '0.19', '250', '\u22120.04', '0')
    >>> pace(3.2359, beside=3.1729), pace(3.1729, beside=3.2359), pace(0.333, beside=0.333)
    ('3.24', '3.17', '0.33')
    """
    if value != value:
        return NONE
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    digits = max(0, (2 if size > 0 else 1) - size)
    return short(value, decimals=telling(value, beside, digits), signed=signed)


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as a percentage: 0.125 prints as ``13%``.

    What is not all never prints as 100 %: it takes as many more decimals as that needs.

    Examples
    --------
    >>> percent(0.125), percent(1.2, 1), percent(0.9985), percent(0.9999999)
    ('13%', '120.0%', '99.9%', '>99.9%')
    """
    text = figure(100 * share, decimals)
    if text == NONE or share >= 1 or share < 0:
        return text if text == NONE else text + "%"
    tried = (figure(100 * share, n) for n in range(decimals, max(decimals, _MOST_OF_SHARE) + 1))
    return next((t for t in tried if not t.startswith("100")), ">99.9") + "%"
