"""What draws in a cell instead of printing: a status, a bar, a ground.

Answers: how a row looks at a glance. Refuses: to say what the cells beside it do not.
"""

from html import escape

from fenghua.display import theme
from fenghua.display.columns import Column, Row
from fenghua.display.numbers import percent
from fenghua.display.wording import Words


def status_word(code: str, words: Words, *, bare: bool = False, mark: str = "") -> str:
    """Return a status as a shape and a word in its colour; ``bare`` leaves the word to readers.

    ``mark`` is `Column.mark` where the status is that of a result.
    """
    if code not in theme.STATUS:
        raise KeyError(f"status is {code!r}; allowed: {', '.join(theme.STATUS)}")
    sign = f'<i aria-hidden="true">{theme.STATUS[code].sign}</i>'
    said = words.start(words(f"status.{code}"))
    inner = f'{sign}<span class="vh">{escape(said)}</span>' if bare else sign + escape(said)
    value = f'{mark} data-value="{code}"' if mark else ""
    return f'<span class="s s-{code}"{value}>{inner}</span>'


def bar(col: Column, row: Row) -> str:
    """Draw the share of a planned change that is done, only where something is missing."""
    value, gap = row[col.source], row[col.also[0]]
    if value != value or not gap < 0 or row["status"] == "not_assessable":
        return ""
    return (
        f'<span class="b" aria-hidden="true" style="--p:{100 * min(max(value, 0), 1):.0f}%"></span>'
    )


def heat(col: Column, row: Row) -> str:
    """Print a share on a ground the darker the larger it is, full at the fact ``high``."""
    value, high = row[col.source], float(str(col.facts.get("high", 1)))
    if value != value:
        return col.none
    depth = 55 * min(max(value, 0.0), high) / high
    return f'<span class="heat" style="--p:{depth:.0f}%">{col.claimed(percent(value), row)}</span>'
