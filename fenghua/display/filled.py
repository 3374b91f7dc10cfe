"""The places of a sentence, filled with what it prints.

Answers: the sentence, with the word for one or for many. Refuses: a place that nothing fills.
"""

import re
from collections.abc import Mapping

# {n|firm|firms}: the word for one and for any other number, of the value named.
_BY_NUMBER = re.compile(r"\{(\w+)\|([^|{}]*)\|([^{}]*)\}")
_MARK = re.compile("<[^>]*>")


def filled(template: str, values: Mapping[str, object]) -> str:
    """Return a sentence with its places filled.

    Raises
    ------
    KeyError
        When a place names no value: it says which are given.
    ValueError
        When its braces are no places.

    Examples
    --------
    >>> filled("{n} {n|firm|firms}", {"n": 2})
    '2 firms'
    """
    try:
        return _BY_NUMBER.sub(lambda word: _worded(word, values), template).format(**values)
    except KeyError as error:
        given = ", ".join(values) or "nothing"
        name = error.args[0]
        raise KeyError(f"{template!r} wants {name}: add {name}=...; given: {given}") from None
    except (IndexError, ValueError, AttributeError) as error:
        told = "{name} is a place for a value, {{ and }} are braces of the text itself"
        raise ValueError(f"{template!r} cannot be filled ({error}); {told}") from None


def _worded(word: re.Match[str], values: Mapping[str, object]) -> str:
    """Return the word for one or for many, by the value that it names."""
    return word[2] if is_one(values[word[1]]) else word[3]


def is_one(printed: object) -> bool:
    """Tell whether a printed number, marked as a result or not, is one."""
    return _MARK.sub("", str(printed)).lstrip("−+-") == "1"
