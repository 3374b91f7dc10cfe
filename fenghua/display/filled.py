"""The places of a sentence, filled with what it prints.

Answers: the sentence, with the word for one, two or many. Refuses: a place that nothing fills.
"""

import re
from collections.abc import Mapping

# {n|firm|firms}: the word for one and for any other number, of the value named.
_BY_NUMBER = re.compile(r"\{(\w+)\|([^|{}]*)\|([^{}]*)\}")
_MARK = re.compile("<[^>]*>")
# English has words of its own for all and none of two; "both" stands for the number, too.
_OF_TWO = {"all": "both", "All": "Both", "none": "neither", "None": "Neither"}
_OF_MANY = re.compile(r"\b(?:all|All|none|None)\b")
_BOTH_OF = re.compile(r"(?<=\b[Bb]oth) \{(\w+)\}")


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
    >>> [filled("{n|the|all} {n} {n|firm|firms}", {"n": n}) for n in (1, 2, 3)]
    ['the 1 firm', 'both firms', 'all 3 firms']
    >>> filled("{n||all }{status}", {"n": 2, "status": "met"})
    'both met'
    """
    try:
        worded = _BY_NUMBER.sub(lambda word: _worded(word, values), template)
        told = _BOTH_OF.sub(lambda of: "" if _bare(values[of[1]]) == "2" else of[0], worded)
        return told.format(**values)
    except KeyError as error:
        given = ", ".join(values) or "nothing"
        name = error.args[0]
        raise KeyError(f"{template!r} wants {name}: add {name}=...; given: {given}") from None
    except (IndexError, ValueError, AttributeError) as error:
        told = "{name} is a place for a value, {{ and }} are braces of the text itself"
        raise ValueError(f"{template!r} cannot be filled ({error}); {told}") from None


def _worded(word: re.Match[str], values: Mapping[str, object]) -> str:
    """Return the word for one, two or many, by the value that it names."""
    printed = values[word[1]]
    if is_one(printed):
        return word[2]
    return _OF_MANY.sub(lambda of: _OF_TWO[of[0]], word[3]) if _bare(printed) == "2" else word[3]


def is_one(printed: object) -> bool:
    """Tell whether a printed number, marked as a result or not, is one."""
    return _bare(printed).lstrip("−+-") == "1"


def _bare(printed: object) -> str:
    """Return a printed number without the mark of a result."""
    return _MARK.sub("", str(printed))
