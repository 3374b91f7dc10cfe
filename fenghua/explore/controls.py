"""The controls of the notebook ``explore``: one widget a parameter, one a weight.

Answers: what may be moved, from where to where. Refuses: to calculate what follows.
"""

from collections.abc import Mapping
from typing import Any, Final

try:
    import ipywidgets as widgets
except ModuleNotFoundError:  # it comes with the extra `lab`
    raise ImportError("the controls need a library: pip install ipywidgets") from None

from fenghua.analysis import asked, edition, town_profile, whatif
from fenghua.analysis import scheme as scheme_rules
from fenghua.analysis.efficiency import DIVISION_DIGITS, industry_codes
from fenghua.brief import Brief
from fenghua.inputs import periods
from fenghua.inputs.records import rows_of

Controls = dict[str, Any]
SIZE: Final = "above_scale"
D_STEP: Final = 0.5  # what is left of class C at least, in per cent
_LISTED: Final = ("weights", "blocks")


def allowed(brief: Brief) -> Controls:
    """Return the controls that the readers of a brief may have.

    Raises
    ------
    ValueError
        A public page is asked for closures.
    """
    if brief.audience == "public" and (brief.options["closed"] or brief.options["closed_ids"]):
        raise ValueError(
            "closed and closed_ids name single enterprises, which a public page never shows:"
            " leave them out, or choose audience internal"
        )
    return controls(brief)


def controls(brief: Brief) -> Controls:
    """Return the controls by name, set to the notebook's parameters.

    A parameter that is -1 or blank starts from what is registered; ``weights`` and ``blocks`` are
    written ``name=number;name=number``, and each name is a control of its own.
    """
    ds, words, given = brief.ds, brief.words, brief.options
    rules = scheme(brief)
    is_public = brief.audience == "public"
    years = sorted(edition.years(ds) if is_public else ds.enterprise_years, reverse=True)
    ended = [y for y in years if y <= periods.parse(brief.as_of).year] or years
    year = int(given["year"]) if given["year"] > 0 else next(iter(ended), 0)
    seen = ds.observations.loc[ds.observations["area_code"] == ds.plan["area_code"], "period"]
    issues = sorted({brief.as_of, *seen}, key=periods.end)
    names = [(words.name(row), row["indicator_id"]) for row in rows_of(ds.indicators)]
    places = {words.name(row): row["town_code"] for row in rows_of(ds.towns)}
    figures = ds.edition_figures.query("table == 'industry'")
    codes = figures["key"] if is_public else industry_codes(ds.enterprises, DIVISION_DIGITS)
    divisions = [(code, code) for code in sorted({*codes} - {"", "none"})]
    block = rules.get(SIZE, {})
    d_pct, d_most = _class_d(block)
    tax = rules.get("register", {}).get("tax_per_mu_wan", 0)
    every = [(words("explore.all"), "")]
    made: Controls = {
        "as_of": _choice("as_of", [(periods.label(p, words.lang), p) for p in issues], brief.as_of),
        "indicator": _choice("indicator", names, given["indicator"] or names[0][1]),
        "target_pct": _slider(given["target_pct"], 50, 150, 1),
        "on_track_min": _slider(_or(given, "on_track_min", ds.parameters["status_on_track_min"]),
                                0.5, 1.2, 0.01),
        "year": _choice("year", [(str(y), y) for y in years] or [("—", 0)], year),
        "town": _choice("town", [*every, *places.items()], given["town"]),
        "industry": _choice("industry", [*every, *divisions], given["industry"]),
        "closed": _slider(given["closed"], 0, 500, 1, whole=True),
        "closed_ids": widgets.Text(value=given["closed_ids"], continuous_update=False),
        "d_pct": _slider(_or(given, "d_pct", d_pct), 0, max(d_most - D_STEP, 0), D_STEP),
        "register_tax": _slider(_or(given, "register_tax", tax), 0, 30, 0.5),
    }  # fmt: skip
    blocks = dict.fromkeys(ds.indicators["block"], 1.0)
    for group, known in (("weights", block.get("weights", {})), ("blocks", blocks)):
        chosen = known | numbers(given[group])
        if unknown := set(chosen) - set(known):
            allowed = ", ".join(known) or "none"
            raise ValueError(f"{group} names {', '.join(sorted(unknown))}; allowed: {allowed}")
        top = 100 if group == "weights" else 5
        made |= {f"{group}.{k}": _slider(chosen[k], 0, top, top / 100) for k in known}
    return _labelled(made, brief)


def _class_d(block: Mapping[str, Any]) -> tuple[float, float]:
    """Return the share of class D in per cent, and the most that class B leaves for C and D."""
    cuts = {"B": 1.0, "C": 1.0} | block.get("grades", {})
    return round(100 - 100 * cuts["C"], 9), round(100 - 100 * cuts["B"], 9)


def _labelled(made: Controls, brief: Brief) -> Controls:
    for name, control in made.items():
        group, _, part = name.partition(".")
        key = f"block.{part}" if group == "blocks" else f"explore.{part or group}"
        control.description = brief.words(key)
        control.style, control.layout.width = {"description_width": "14em"}, "32em"
        control.disabled = brief.audience == "public" and name in ("closed", "closed_ids")
    return made


def _or(given: Any, name: str, registered: float) -> float:
    return float(registered if given[name] == -1 else given[name])


def _choice(name: str, options: list[tuple[str, Any]], value: Any) -> Any:
    known = [each for _, each in options]
    if value not in known:
        raise asked.unknown(name, value, filter(None, known))
    return widgets.Dropdown(options=options, value=value)


def _slider(value: float, low: float, high: float, step: float, *, whole: bool = False) -> Any:
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    low, high = min(low, value), max(high, value)
    return kind(value=value, min=low, max=high, step=step, continuous_update=False)


def numbers(text: str) -> dict[str, float]:
    """Return ``name=number;name=number`` as numbers by name.

    Examples
    --------
    >>> numbers("quality=2; green=1.5")
    {'quality': 2.0, 'green': 1.5}
    >>> numbers("quality")
    Traceback (most recent call last):
    ValueError: 'quality' is no name=number; write such as quality=2;green=1.5
    """
    found = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, _, value = part.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            said = f"{part!r} is no name=number; write such as quality=2;green=1.5"
            raise ValueError(said) from None
    return found


def scheme(brief: Brief) -> scheme_rules.Scheme:
    """Return the evaluation scheme that the notebook names, or the default one."""
    return town_profile.rules(brief.ds, brief.options["scheme"])


def ids(brief: Brief) -> dict[str, str]:
    """Return ``land_id`` and ``energy_id``: those that the notebook names, or the plan's own."""
    own = whatif.released_ids(brief.ds.indicators)
    return {key: brief.options[key] or name for key, name in own.items()}


def state(brief: Brief, made: Controls) -> dict[str, Any]:
    """Return the present setting as the notebook's own parameters."""
    now = {name: control.value for name, control in made.items() if "." not in name}
    for group in _LISTED:
        parts = {n.partition(".")[2]: c.value for n, c in made.items() if n.startswith(group)}
        now[group] = ";".join(f"{name}={value:g}" for name, value in parts.items())
    if brief.audience == "public":  # a list of one closure would show one enterprise
        now |= {"closed": 0, "closed_ids": ""}
    return {**brief.options, **now}
