"""What draws in a cell instead of printing: a status, a bar, a small line.

Answers: how a row looks at a glance. Refuses: to say what the cells beside it do not.
"""

from html import escape

from fenghua.display import theme
from fenghua.display.columns import Column, Row
from fenghua.display.numbers import NONE, percent, short
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


def sparkline(col: Column, row: Row) -> str:
    """Draw a list of values as a small line; gaps stay gaps."""
    values = row[col.source]
    known = [(i, x) for i, x in enumerate(values) if x == x]
    if len(known) < 2:
        return NONE
    low, high = min(x for _, x in known), max(x for _, x in known)
    across, up = 82 / (len(values) - 1), 16 / ((high - low) or 1.0)
    at = {i: f"{4 + across * i:.1f} {20 - up * (x - low):.1f}" for i, x in known}
    line = "".join(f"{'L' if i - 1 in at else 'M'}{xy}" for i, xy in at.items())
    x, y = at[known[-1][0]].split()
    said = col.words("page.sparkline", first=short(known[0][1]), last=short(known[-1][1]))
    head = f'<svg viewBox="0 0 90 24" class="spark" role="img" aria-label="{escape(said)}">'
    return f'{head}<path d="{line}"/><circle cx="{x}" cy="{y}" r="2.6"/></svg>'
