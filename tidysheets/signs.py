"""Signs that are not what they seem: invisible ones, marks of notes, dashes.

Answers: what a text says without them, and how a text is shown without harm. Refuses: to drop a
mark that touches a digit.
"""

import re
import unicodedata
from typing import Final

# Format and direction characters, fillers, variation selectors, tags, byte order marks.
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
TURNED: Final = "\u202e"  # what follows is shown backwards: 12 for 21
_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula
_FIGURE: Final = re.compile(r"[-+]?[\d.,]*%?")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Superscripts, circled and bracketed numbers, fractions: what compatibility would make digits.
_RAISED: Final = (
    "\u00b2\u00b3\u00b9\u00bc-\u00be\u2070\u2074-\u2079\u2150-\u215f\u2189\u2460-\u249b\u24ea-\u24ff"
    "\u2776-\u2793\u3192-\u3195\u3220-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289\u32b1-\u32bf"
    "\U0001f100-\U0001f10c"
)
_LOWERED: Final = "\u2080-\u2089"
_TOUCHING: Final = re.compile(
    rf"[\d.,)％%]\s*\u207d?[{_RAISED}{_LOWERED}]|[{_RAISED}]\s*[\d.]|^[{_RAISED}{_LOWERED}]+$"
)
_ANY: Final = re.compile(f"[{_RAISED}{_LOWERED}]")
_BESIDE_CODE: Final = re.compile(rf"(?<![\u4e00-\u9fff)）])[{_RAISED}{_LOWERED}]")
_NOTE: Final = re.compile(rf"(?<![A-Za-zａ-ｚＡ-Ｚ])[{_RAISED}]")
DASHES: Final = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63", "-")
)


def touches_digits(text: str) -> bool:
    """Tell whether a mark of a note could be read as a digit of the number beside it.

    Examples
    --------
    >>> touches_digits("70①"), touches_digits("5m²"), touches_digits("税收①")
    (True, False, False)
    """
    return bool(_TOUCHING.search(text))


def has_note(text: str) -> bool:
    """Tell whether a text holds a raised or circled number anywhere: in a code none is meant.

    Examples
    --------
    >>> has_note("A7①"), has_note("A7")
    (True, False)
    """
    return bool(_ANY.search(text))


def marks_code(text: str) -> bool:
    """Tell whether a mark of a note could be read as a sign of the code beside it.

    Examples
    --------
    >>> marks_code("A7①"), marks_code("亩均税收①")
    (True, False)
    """
    return bool(_BESIDE_CODE.search(text))


def half_width(text: str) -> str:
    """Return a text in half-width signs, without invisible ones and marks of notes.

    Examples
    --------
    >>> half_width("税收①（万元）"), half_width("12㎡"), half_width("ＣＯ₂")
    ('税收(万元)', '12m2', 'CO2')
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _NOTE.sub("", INVISIBLE.sub("", text)))


def inert(text: str) -> str:
    """Return a text as a CSV file may hold it: nothing that a spreadsheet would run.

    Examples
    --------
    >>> inert("=1+1"), inert("-12%"), inert("+86 574"), inert("税收")
    ("'=1+1", '-12%', "'+86 574", '税收')
    """
    return f"'{text}" if text.startswith(_BEGINS) and not _FIGURE.fullmatch(text) else text


def harmless(text: object) -> str:
    """Return one line as a terminal or a log may show it: control and direction signs spelled out.

    They are spelled as JSON spells them, so that a document of JSON stays one.

    Examples
    --------
    >>> harmless("a" + chr(27) + "[31mb.csv") == "a" + chr(92) + "u001b[31mb.csv"
    True
    """
    return INVISIBLE.sub(_spelled, _CONTROL.sub(_spelled, str(text)))


def _spelled(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
