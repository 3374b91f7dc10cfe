"""The notebook ``explore`` (探索): move something and see what changes at once.

Answers: the tables and charts of the briefs for a what-if. Refuses: to pass one for a fact.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any, Final

import pandas as pd
from IPython.display import display

from fenghua.analysis import course, evaluation, gap, register, towns, whatif
from fenghua.brief import Brief
from fenghua.display import naming, numbers, sentences
from fenghua.display.shown import MIME
from fenghua.explore import controls
from fenghua.explore.controls import widgets
from fenghua.inputs import columns
from fenghua.inputs.dataset import TEXT, Dataset
from fenghua.inputs.vocabulary import direction_sign
from fenghua.pages import edition, gaps, panels

SHOWN_CLOSURES: Final = 20
_KEPT: Final = 64  # results kept for each step, so that a control recomputes only what it moves
_AS_PLANNED: Final = 100.0  # per cent
_SOONER: Final = pd.option_context("mode.string_storage", TEXT)  # by a fifth: decision 13
_CHOICE: Final = ("year", "town", "industry")
_OF_CLOSURES: Final = (*_CHOICE, "closed", "closed_ids")
_NO_CLOSURES: Final = {"year": 0, "town": "", "industry": "", "closed": 0, "closed_ids": ""}
_OF_CHANGE: Final = ("as_of", "indicator", "target_pct", "on_track_min", *_OF_CLOSURES)
_SEEN_BY: Final = {
    "plan": _OF_CHANGE,
    "enterprises": (*_OF_CLOSURES, "weights", "d_pct", "register_tax"),
    "towns": ("as_of", "indicator", "target_pct", *_OF_CLOSURES, "blocks"),
}


@dataclass(frozen=True, eq=False)
class View:
    """A brief with its controls; views are told apart by identity, so that results are kept."""

    brief: Brief
    made: controls.Controls
    facts: panels.Facts
    ids: dict[str, str]  # of the land and the energy that closures add to

    def state(self) -> dict[str, Any]:
        """Return the present setting as the notebook's own parameters."""
        return controls.state(self.brief, self.made)


def view(brief: Brief) -> View:
    """Return the controls of a brief, set to the notebook's parameters."""
    return View(brief, controls.allowed(brief), brief.kit().facts, controls.ids(brief))


def panel(it: View, name: str) -> None:
    """Show a panel (``plan``, ``enterprises`` or ``towns``) and keep it in step with its controls.

    On a page the same output is the plain result, without the controls.
    """
    render = {"plan": _plan, "enterprises": _enterprises, "towns": _towns}[name]
    mine = [n for n in it.made if n.partition(".")[0] in _SEEN_BY[name]]

    def inner() -> str:
        try:
            return render(it, it.state())
        except ValueError as error:
            return sentences.call(it.brief.words("explore.refused", error=error))

    shown = _in_step(it, mine, inner).add_class(f"explore-{name}")
    own = [it.made[n] for n in mine if n not in _OF_CLOSURES or name == "enterprises"]
    box = widgets.VBox([widgets.Box(own, layout={"flex_flow": "row wrap"}), shown])
    # JupyterLab takes the widget, a page what carries its mark.
    plain = {"text/html": shown.value, MIME: {"html": shown.value}}
    display({**box._repr_mimebundle_(), **plain}, raw=True)


def _in_step(it: View, names: Iterable[str], inner: Callable[[], str]) -> widgets.HTML:
    """Return what shows some HTML, made anew whenever one of the named controls is moved."""
    shown = widgets.HTML()

    @_SOONER
    def update(_: Any = None) -> None:
        shown.value = f'<div class="fb">{inner()}</div>'

    update()
    for name in names:
        it.made[name].observe(update, "value")
    return shown


def _part(now: dict[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(now[name] for name in names)


def _change(now: dict[str, Any], *, is_closing: bool = True) -> tuple[Any, ...]:
    """Return what a view changes; without closures the choice of enterprises changes nothing."""
    is_closing = is_closing and bool(now["closed"] or now["closed_ids"])
    return _part(now | ({} if is_closing else _NO_CLOSURES), _OF_CHANGE)


@lru_cache(_KEPT)
def _chosen(it: View, year: int, town: str, industry: str) -> pd.DataFrame:
    if it.brief.audience == "public":  # closures are no business of a public view
        return columns.empty("enterprises", columns.schema())
    rows = it.brief.ds.enterprises
    rows = rows[rows["year"] == year]
    rows = rows[rows["town_code"] == town] if town else rows
    return rows[rows["industry_code"].str.startswith(industry)] if industry else rows


@lru_cache(_KEPT)
def _closed(
    it: View, year: int, town: str, industry: str, lowest: int, listed: str
) -> pd.DataFrame:
    """Return the enterprises of the closure list, from the chosen year, town and industry."""
    ids = tuple(part.strip() for part in listed.replace(",", ";").split(";") if part.strip())
    rows = _chosen(it, year, town, industry)
    return whatif.closures(rows, lowest=lowest, ids=ids) if lowest or ids else rows[:0]


def _released(it: View, rows: pd.DataFrame) -> pd.DataFrame:
    return whatif.released(rows, mu_per_km2=it.brief.ds.parameters["mu_per_km2"], **it.ids)


@lru_cache(_KEPT)
def _changed(
    it: View, at: str, indicator: str, target_pct: float, on_track_min: float, *closures: Any
) -> Dataset:
    """Return the data as they would be: target moved, closures added to land and energy."""
    ds = it.brief.ds
    more = whatif.in_units(_released(it, _closed(it, *closures)), ds.indicators, **it.ids)
    whole = more.assign(area_code=ds.plan["area_code"])
    begun = _before(it, at, indicator).loc[indicator]
    sign = 1 if begun["kind"] == "reduction" else direction_sign(begun["direction"])
    by = {"factor": target_pct / 100, "base": begun["base_value"], "direction": sign}
    return replace(
        ds,
        targets=whatif.moved_targets(ds.targets, indicator, **by),
        parameters=ds.parameters | {"status_on_track_min": on_track_min},
        observations=whatif.raised(ds.observations, whole, at=at),
        town_reports=whatif.raised(ds.town_reports, more, at=at),
    )


def _only(ds: Dataset, ids: list[str]) -> Dataset:
    names = ("indicators", "targets", "observations")
    parts = {name: getattr(ds, name) for name in names}
    return replace(ds, **{n: part[part["indicator_id"].isin(ids)] for n, part in parts.items()})


def _shown(it: View, indicator: str) -> list[str]:
    """Return the indicators of a view: the chosen one, and those that closures move."""
    known = set(it.brief.ds.indicators["indicator_id"])
    return [name for name in dict.fromkeys([indicator, *it.ids.values()]) if name in known]


@lru_cache(_KEPT)
def _before(it: View, at: str, indicator: str) -> pd.DataFrame:
    """Return the assessment of what a view shows, as it is, by indicator."""
    rows = gap.assess(_only(it.brief.ds, _shown(it, indicator)), as_of=at)
    return rows.set_index("indicator_id", drop=False)


@lru_cache(_KEPT)
def _after(it: View, at: str, indicator: str, *change: Any) -> pd.DataFrame:
    """Return the same as it would be, named for the page; the chosen indicator first."""
    ids = _shown(it, indicator)
    new = gap.assess(_only(_changed(it, at, indicator, *change), ids), as_of=at)
    return it.brief.named(new).set_index("indicator_id", drop=False).loc[ids]


def _plan(it: View, now: dict[str, Any]) -> str:
    at, chosen = now["as_of"], now["indicator"]
    after = _after(it, *_change(now))
    rows = after.join(_before(it, at, chosen).add_suffix("_before"))
    shown = panels.table("plan", rows, it.brief.words, it.facts)
    return shown + _chart(it, *_change(now, is_closing=chosen in it.ids.values()))


@lru_cache(_KEPT)
def _chart(it: View, at: str, chosen: str, *change: Any) -> str:
    """Draw the chosen indicator; closures leave most indicators, and so their charts, alone."""
    new = _only(_changed(it, at, chosen, *change), [chosen])
    rows = _after(it, at, chosen, *change).loc[[chosen]]
    lines = gaps.paths(course.courses(new, [chosen], as_of=at), rows.reset_index(drop=True))
    return panels.chart(lines, rows, it.brief.words, it.facts)


@lru_cache(_KEPT)
def _graded(
    it: View, year: int, weights: str = "", d_pct: float = -1, register_tax: float = -1
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return a year's enterprises graded, and the scheme: as it is, or as moved."""
    ds, rules = it.brief.ds, controls.scheme(it.brief)
    if weights:
        rules = whatif.moved_scheme(
            rules,
            weights=controls.numbers(weights),
            d_share=d_pct / 100,
            register_tax=register_tax,
            size=controls.SIZE,
        )
    rows = ds.enterprises[ds.enterprises["year"] == year]
    return evaluation.graded(rows, rules, ds.parameters, adjustments=ds.adjustments), rules


def _enterprises(it: View, now: dict[str, Any]) -> str:
    brief, words = it.brief, it.brief.words
    if brief.audience == "public":
        note = sentences.note(words("explore.internal_only"))
        return note + edition.scope(brief.ds, now["year"], words)
    if controls.SIZE not in controls.scheme(brief) or not len(brief.ds.enterprises):
        return sentences.note(words("explore.no_enterprises"))
    moved = _part(now, ("weights", "d_pct", "register_tax"))
    if not any(controls.numbers(now["weights"]).values()):
        return sentences.note(words("explore.no_weight"))
    wanted = _chosen(it, *_part(now, _CHOICE))["enterprise_id"]
    shown, sizes = [], []
    for graded, rules in (_graded(it, now["year"]), _graded(it, now["year"], *moved)):
        shown.append(graded[graded["enterprise_id"].isin(wanted)])
        sizes.append(len(register.low_efficiency_register(shown[-1], rules)))
    closed = _closed(it, *_part(now, _OF_CLOSURES))["enterprise_id"]
    gone = shown[1][shown[1]["enterprise_id"].isin(closed)]
    aims = whatif.in_units(brief.ds.targets, brief.ds.indicators, **it.ids, is_back=True)
    sums = whatif.closure_sums(gone, _released(it, gone), aims, **it.ids)
    counts = whatif.grade_counts(*shown)
    counts["adjusted_grade"] = counts["grade"].replace("", "none")
    parts = [
        panels.table("grades", counts, words, it.facts),
        sentences.note(words("explore.register", before=sizes[0], after=sizes[1])),
        panels.table("sums", sums, words, it.facts),
    ]
    if len(gone):
        lowest = gone.sort_values("tax_per_mu_wan").head(SHOWN_CLOSURES)
        names = naming.names(brief.ds.towns, "town_code", words)
        named = lowest.assign(town=lowest["town_code"].replace(names))
        parts.append(panels.table("closed", named, words, it.facts))
    return "".join(parts)


@lru_cache(_KEPT)
def _race(it: View, at: str, *change: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    ds = _changed(it, at, *change) if change else it.brief.ds
    return towns.race(ds, at)[:2]


def _towns(it: View, now: dict[str, Any]) -> str:
    words, parameters = it.brief.words, it.brief.ds.parameters
    found = []
    weights = controls.numbers(now["blocks"])
    for change, by_block in (((), None), (_change(now)[1:], weights)):
        values, posts = _race(it, now["as_of"], *change)
        if by_block is not None and not any(by_block.values()):
            return sentences.note(words("explore.no_weight"))
        if not values.notna().any(axis=None):
            return sentences.note(words("explore.no_towns"))
        found.append(whatif.town_ranks(values, posts, by_block, parameters=parameters))
    rows = found[1].join(found[0].add_suffix("_before")).sort_values(["rank", "rank_before"])
    names = naming.names(it.brief.ds.towns, "town_code", words)
    rows = rows.assign(name=rows.index.map(names), places=rows["rank_before"] - rows["rank"])
    return panels.table("ranks", rows, words, it.facts)


def headline(it: View) -> None:
    """State the finding of a view as its heading; in JupyterLab it follows the controls."""
    shown = _in_step(it, _OF_CHANGE, lambda: f"<h1>{escape(finding(it))}</h1>")
    shown.add_class("explore-finding")
    it.brief.headline(finding(it), shown=shown._repr_mimebundle_())


def finding(it: View) -> str:
    """Return the one sentence of a view: what is moved, and the indicator before and after."""
    now, words = it.state(), it.brief.words
    chosen = now["indicator"]
    new = _after(it, *_change(now)).loc[chosen]
    old = _before(it, now["as_of"], chosen).loc[chosen]
    before, after = (words(f"status.{row['status']}") for row in (old, new))
    moved = _moved(it, now)
    key = "explore.finding" if before != after else "explore.finding_same"
    key = key if moved else "explore.finding_none"
    return words(key, name=new["name"], before=before, after=after, moved=words.join(moved))


def _moved(it: View, now: dict[str, Any]) -> list[str]:
    """Return what is moved of that which a finding can follow from, in words."""
    words, registered = it.brief.words, it.brief.ds.parameters["status_on_track_min"]
    moved = []
    if now["target_pct"] != _AS_PLANNED:
        moved.append(words("explore.if_target", value=numbers.short(now["target_pct"])))
    if now["on_track_min"] != registered:
        value = numbers.short(now["on_track_min"], decimals=2)
        moved.append(words("explore.if_on_track", value=value))
    if closures := len(_closed(it, *_part(now, _OF_CLOSURES))):
        moved.append(words("explore.if_closed", n=closures))
    return moved
