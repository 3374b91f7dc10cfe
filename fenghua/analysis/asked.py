"""What is asked for by name: indicators, areas, columns (所问).

Answers: which names were given. Refuses: one that is not there, with the nearest ones that are.
"""

from collections.abc import Iterable
from difflib import get_close_matches

import pandas as pd


def names(given: Iterable[str]) -> tuple[str, ...]:
    """Return the names given; one name alone is a list of one, not of its letters.

    Examples
    --------
    >>> names("tax_per_mu"), names(["a", "b"])
    (('tax_per_mu',), ('a', 'b'))
    """
    return (given,) if isinstance(given, str) else tuple(given)


def unknown(what: str, found: object, known: Iterable[object]) -> ValueError:
    """Return the error to raise for a name that is not there: the nearest ones, else all.

    Examples
    --------
    >>> print(unknown("indicator_id", "tax_pr_mu", ["tax_per_mu", "land"]))
    indicator_id is 'tax_pr_mu'; did you mean tax_per_mu?
    >>> print(unknown("indicator_id", "xyz", ["tax_per_mu", "land"]))
    indicator_id is 'xyz'; allowed: tax_per_mu, land
    """
    listed = list(dict.fromkeys(map(str, known)))
    near = get_close_matches(str(found), listed)
    nearest = f"did you mean {' or '.join(near)}?"
    said = nearest if near else f"allowed: {', '.join(listed) or 'none'}"
    return ValueError(f"{what} is {found!r}; {said}")


def check_columns(frame: pd.DataFrame, *columns: str) -> None:
    """Refuse a column that a table does not have.

    Raises
    ------
    ValueError
        With the nearest columns, else all.
    """
    for column in columns:
        if column not in frame:
            raise unknown("column", column, frame.columns)
