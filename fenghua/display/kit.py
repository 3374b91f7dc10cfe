"""Frames, charts and sentences on a page: numbered, quotable, the same in a notebook.

Answers: how a frame with a list of columns becomes a table, and a drawn chart a figure.
Refuses: to calculate, and to show a column that the frame lacks.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

import pandas as pd
from matplotlib.axes import Axes

from fenghua.display import columns as register
from fenghua.display import download, figures, kinds, markup
from fenghua.display.columns import Column, Spec
from fenghua.display.draw import Cards
from fenghua.display.filled import filled
from fenghua.display.numbers import NONE
from fenghua.display.shown import Shown
from fenghua.display.wording import Words, catalogue
from fenghua.inputs.records import rows_of

Keys = Sequence[str | tuple[str, Spec]]
WITHHELD: Final = "·"
_KEY: Final = re.compile(r"\w+(\.\w+)+", re.ASCII)  # of the catalogue
_ALT_ROWS: Final = 40  # as many rows of a chart are read aloud


@dataclass
class Kit:
    """What a notebook shows its page with, in one language.

    Attributes
    ----------
    words : Words
        The language.
    facts : mapping
        What fills headings and sentences, such as ``next_year``.
    moment : str
        The moment's code; a key of the catalogue may have a variant for it: ``gaps.title.end``.
    citation : str
        How the page is cited; the number of the table follows.
    stem : str
        How the names of saved files begin.
    is_public : bool
        Whether withheld figures say so.
    """

    words: Words
    facts: Mapping[str, object] = field(default_factory=dict)
    moment: str = ""
    citation: str = ""
    stem: str = "fenghua"
    is_public: bool = True
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _anchored: dict[str, str] = field(default_factory=dict)

    def say(self, key: str, **facts: object) -> str:
        """Return a sentence of the catalogue, in its variant for the moment where it has one.

        What is no key (``gaps.title``) but a sentence of one's own is taken as it stands.
        """
        if not _KEY.fullmatch(key):
            return filled(key, {**self.facts, **facts})
        at_moment = f"{key}.{self.moment}"
        chosen = at_moment if at_moment in catalogue() else key
        return self.words(chosen, **{"beneath": "", **self.facts, **facts})  # of notes: what varies

    def said(self, key: str, **facts: object) -> str:
        """Return `say` of a key, empty where the catalogue lacks it."""
        known = {key, f"{key}.{self.moment}"} & set(catalogue())
        return self.say(key, **facts) if known else ""

    def like(self, key: str, heads: Mapping[str, str]) -> list[tuple[str, Spec]]:
        """Return the columns of a pivoted frame: each prints like ``key``, under its own head."""
        spec = register.spec(key)
        return [(name, {**spec, "source": name, "head": head}) for name, head in heads.items()]

    def table(
        self,
        frame: pd.DataFrame,
        columns: Keys,
        key: str,
        *,
        more: Keys = (),
        by: str = "",
        anchor: str = "",
        look: str = "rows",
        withheld: bool = False,
        **facts: object,
    ) -> Shown:
        """Show the columns of a frame's rows as a numbered table; without rows, nothing.

        Parameters
        ----------
        frame : DataFrame
            The rows, in their order.
        columns, more : sequence of str
            Keys of the register, or names of the frame's own columns. ``more`` unfolds under a
            row's name.
        key : str
            The title in the catalogue; ``{key}_note`` stands beneath it where there is one, and
            ``{key}_open`` on a screen: what a reader can do there.
        by : str
            A column whose runs head their rows.
        anchor : str
            A column whose values become the rows' anchors (``#land_released``).
        look : str
            ``rows`` (a phone shows name, status, value, gap; where there is none of them, or two
            of one, ``cards``), ``cards`` (it shows every cell with its head), ``plain``, ``fit``.
        withheld : bool
            Whether a missing figure is a withheld one.
        """
        rows = register.rows(frame)
        if frame.empty:
            return Shown("", frame)
        register.check(rows, anchor)
        facts, none = {**self.facts, **facts}, self._withheld() if withheld else NONE
        shown, folded = (
            register.of(keys, rows, self.words, facts=facts, none=none) for keys in (columns, more)
        )
        shown = [*shown[:1], *(c for c in shown[1:] if not _is_unheld(c, rows))]
        # Names of units are long in English: there they stand beneath what they answer for.
        under = [c for c in shown[1:] if not self.words.is_chinese and c.spec.get("css") == "lead"]
        number, title = self._number("t", key), self.say(key, **facts)
        label = self.words("page.table", n=number)
        notes = (self.said(f"{key}_{part}", **facts) for part in ("note", "open"))
        inner = markup.table(
            self._runs(rows, by, facts),
            [column for column in shown if column not in under],
            more=folded,
            under=under,
            caption=markup.caption(label, title, *notes),
            name=f"{label} {title}",
            look=look,
            anchor=anchor,
            anchors=self._anchors(rows[anchor], key) if anchor else None,
        )
        if f">{WITHHELD}<" in inner:
            inner += f'<p class="fignote">{escape(self.words("per_mu.withheld_note"))}</p>'
        source = self._source(f"t{number}", label, rows, [*shown, *folded])
        used = dict.fromkeys(name for column in (*shown, *folded) for name in column.reads)
        html = f'<div class="block" id="t{number}">{inner}{source}</div>'
        return Shown(html, rows[list(used)], title=f"{label}　{title}")

    def _withheld(self) -> str:
        said = escape(self.words("page.suppressed"))
        return f'<abbr title="{said}">{WITHHELD}</abbr>' if self.is_public else NONE

    def _runs(
        self, rows: pd.DataFrame, by: str, facts: Mapping[str, object]
    ) -> list[tuple[str, pd.DataFrame]]:
        """Return the rows by runs of a column, each with its heading and its number of rows."""
        if not by:
            return [("", rows)]
        (column,) = register.of([by], rows, self.words, facts=facts)
        runs = [run for _, run in rows.groupby(column.source, sort=False, observed=True)]
        heads = [markup.bare(kinds.cell(column, run.iloc[0].to_dict())) for run in runs]
        return [
            (self.words("page.group", group=self.words.start(head), n=len(run)), run)
            for head, run in zip(heads, runs, strict=True)
        ]

    def chart(
        self, ax: Axes, key: str, frame: pd.DataFrame, columns: Keys, **facts: object
    ) -> Shown:
        """Show a drawn chart as a numbered figure; the columns of its frame say it in words.

        They are its alternative text and its table. ``key`` is its title in the catalogue, which
        states the finding; ``{key}_note`` stands beneath it.
        """
        rows = register.rows(frame)
        if rows.empty:
            return Shown("", frame)
        told = register.of(columns, rows, self.words, facts={**self.facts, **facts})
        number = self._number("f", key)
        comma, between = self.words("page.comma"), self.words("page.item_separator")
        lines = ([markup.bare(kinds.cell(c, row)) for c in told] for row in rows_of(rows))
        said = [comma.join(column.head for column in told), *map(comma.join, lines)]
        alt = self.words("page.colon").join([said[0], between.join(said[1 : _ALT_ROWS + 1])])
        drawing = figures.svg(ax.figure, key=f"f{number}", alt=alt)
        return self._figure(number, key, drawing, rows, told, facts)

    def cards(
        self,
        cards: Cards,
        key: str,
        frame: pd.DataFrame,
        columns: Keys,
        *,
        twin: tuple[pd.DataFrame, Keys] | None = None,
        legend: Sequence[str] = (),
        **facts: object,
    ) -> Shown:
        """Show small charts as one numbered figure; each says its row of the frame in words.

        The first of ``columns`` names the row and the card (``Cards.axes``), the others are said
        beneath the name. ``twin`` is the drawn data as a table, by default those rows;
        ``legend`` names series of the catalogue that are drawn.
        """
        rows = frame[frame[cards.by].isin(list(cards.axes))]
        told = register.of(columns, rows, self.words, facts={**self.facts, **facts})
        if rows.empty:
            return Shown("", frame)
        number = self._number("f", key)
        drawing = figures.cards(cards, rows, told, key=f"f{number}", legend=legend)
        if twin:
            rows = twin[0].reset_index()
            told = register.of(twin[1], rows, self.words, facts={**self.facts, **facts})
        return self._figure(number, key, drawing, rows, told, facts)

    def _figure(
        self, number: int, key: str, drawing: str, rows: pd.DataFrame,
        told: Sequence[Column], facts: Mapping[str, object],
    ) -> Shown:  # fmt: skip
        title = self.say(key, **facts)
        note = self.said(f"{key}_note", **facts) or str(facts.get("beneath", ""))
        label = self.words("page.figure", n=number)
        twin = markup.table(
            [("", rows)], told, caption=escape(f"{label} {title}"), name=title, look="fit"
        )
        source = self._source(f"f{number}", label, rows, told)
        folded = (
            f"<details><summary>{escape(self.words('page.show_table'))}</summary>{twin}</details>"
        )
        head = f"<figcaption>{markup.caption(label, title, note)}</figcaption>"
        html = f'<figure class="block" id="f{number}">{head}{drawing}{folded}</figure>{source}'
        used = [name for column in told for name in column.reads]
        return Shown(html, rows[list(dict.fromkeys(used))], title=f"{label}　{title}")

    def _source(self, anchor: str, label: str, rows: pd.DataFrame, told: Sequence[Column]) -> str:
        """Return the line beneath a table or figure: citation, permalink, download."""
        cited = self.words("page.cite", citation=f"{self.citation}{label}")
        named = escape(self.words("page.permalink", label=label))
        name = f"{self.stem}_{label}.csv".replace(" ", "_")
        save = download.link(rows, told, name, self.words)
        return (
            f'<p class="src"><span class="pick">{escape(cited)}</span> '
            f'<a class="pl" href="#{anchor}" aria-label="{named}">#{anchor}</a> {save}</p>'
        )

    def _number(self, kind: str, key: str) -> int:
        """Return the number of a table or figure on this page; a cell run again keeps its own."""
        taken = [number for (other, _), number in self._numbers.items() if other == kind]
        return self._numbers.setdefault((kind, key), len(taken) + 1)

    def _anchors(self, values: Iterable[str], key: str) -> dict[str, str]:
        """Return the anchors of rows: those that no other table of the page has taken."""
        own = {value: self._anchored.setdefault(value, key) for value in values}
        return {value: value for value, taken_by in own.items() if taken_by == key}

    def folded(
        self, *parts: Shown, key: str = "", is_printed: bool = False, **facts: object
    ) -> Shown:
        """Fold parts away under their own title, or one of the catalogue; print opens some.

        Without anything to show, nothing is folded; without a title, parts stay open.
        """
        html = "".join(part.html for part in parts)
        if not html:
            return Shown("")
        titles = (part.title for part in parts if part.title)
        head = self.say(key, **facts) if key else next(titles, "")
        if not head:
            return Shown(html, parts[0].frame)
        css = "fold" + " pr" * is_printed + " own" * (not key)
        inner = f"<summary>{escape(head)}</summary><div>{html}</div>"
        return Shown(f'<details class="{css}">{inner}</details>', parts[0].frame, title=head)

    def summary(
        self, tallies: Mapping[str, pd.Series], points: Sequence[str], against: str = ""
    ) -> Shown:
        """Show what is read in ninety seconds: statuses counted, ranked sentences, last year.

        ``points`` are HTML of ``sentences.point``; ``tallies`` the number by status, by heading.
        """
        counted = "".join(markup.tally(head, of, self.words) for head, of in tallies.items())
        named = [points] if isinstance(points, str) else points  # one alone, not its letters
        listed = "".join(f"<li>{point}</li>" for point in named)
        html = f'<div class="tally">{counted}</div><ol class="key">{listed}</ol>'
        html += f'<p class="vs">{against}</p>' * bool(against)
        about = {"against": markup.bare(against)} if against else {}
        return Shown(f'<div class="ninety">{html}</div>', about=about)

    def note(self, key: str, **facts: object) -> Shown:
        """Show a quiet sentence of the catalogue."""
        return Shown(f'<p class="note">{escape(self.say(key, **facts))}</p>')

    def show(self, *parts: Shown | str) -> Shown:
        """Show several parts one under another, or HTML that the display floor has made."""
        return Shown("".join(part if isinstance(part, str) else part.html for part in parts))


def _is_unheld(column: Column, rows: pd.DataFrame) -> bool:
    """Return whether a column of lead units names none: a plan need not name any."""
    is_lead = column.spec.get("css") == "lead"
    return is_lead and all(kinds.cell(column, row) in ("", NONE) for row in rows_of(rows))
