"""Which pages an issue has: notebooks times towns or lead units times languages (一期).

Answers: the list of pages and what each is made from. Refuses: names and codes that do not exist.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from briefpress import fingerprint, notebooks, parameters
from briefpress.notebooks import Job, Notebook
from fenghua import house, needs
from fenghua.inputs import periods, places

if TYPE_CHECKING:
    from fenghua.inputs.dataset import Dataset

NOT_BRIEFS: Final = {"explore": ", which opens in JupyterLab (make lab)"}
FOLDERS: Final = ("data", "actuals")  # parameters that say where the inputs lie
ONE_EACH: Final = ("town", "lead_unit")  # what has pages of its own
FLAGS: Final = ("as_of", "lang", "audience", *ONE_EACH, "industry")  # options of the command
PLAIN: Final = (*ONE_EACH, "industry")  # codes that speak for themselves in the name of a file
NOTHING: Final[Mapping[str, str | None]] = MappingProxyType({})


@dataclass(frozen=True)
class Facts:
    """What the list of briefs depends on, kept so that unchanged data need not be read again.

    The manifest of public pages holds it. So ``key``, which says whether the files are still those
    that were read, knows their sizes and times and not what is in them, and ``made_from`` is the
    fingerprint of what pages read: on public pages of no enterprise.
    """

    key: str
    made_from: str
    titles: dict[str, str]
    periods: list[str]
    first_year: int
    last_year: int
    towns: dict[str, str]
    lead_units: list[str]
    names: dict[str, str]  # of towns and lead units, by code
    busy_units: list[str]
    enterprise_years: list[int]
    edition_refused: str
    is_synthetic: bool
    source: str
    has: list[str]


def folder_of_notebooks(folder: str | Path | None) -> Path:
    """Return the folder given, else ``notebooks`` here, else the one that is shipped."""
    if folder is not None:
        return Path(folder)
    return Path("notebooks") if Path("notebooks").is_dir() else places.shipped("notebooks")


def chosen(
    folder: str | Path | None, briefs: Sequence[str], asked: Mapping[str, str | None] = NOTHING
) -> list[Notebook]:
    """Return the notebooks asked for, read; a town alone asks for the briefs of towns.

    A brief that is the path of a notebook, wherever it lies, is that notebook. ``asked`` are the
    values given for parameters of notebooks: without a brief they ask for those that take them.

    Raises
    ------
    ValueError
        There is no such brief, or none of those asked for takes what was given.
    """
    given = [path for path in map(Path, briefs) if path.suffix == ".ipynb" and path.is_file()]
    mine = {notebooks.bare(path.name): path.resolve() for path in given}
    paths = notebooks.found(folder_of_notebooks(folder), but=NOT_BRIEFS) | mine
    every = [notebooks.read(name, path) for name, path in paths.items()]
    wanted = [notebooks.bare(Path(name).name) for name in briefs]
    for name, brief in zip(wanted, briefs, strict=True):
        if name not in paths and Path(brief).suffix == ".ipynb":
            raise ValueError(f"{brief}: there is no such notebook")
        if name not in paths:
            where = NOT_BRIEFS.get(name, "")
            raise ValueError(f"brief is {name!r}{where}; allowed: {', '.join(paths)}")
    keys = {key for key, value in asked.items() if value is not None}
    found = [notebook for notebook in every if not wanted or notebook.name in wanted]
    for key in (key for key in asked if key in keys):
        if not any(key in one.declared for one in found):
            takers = ", ".join(one.name for one in every if key in one.declared)
            own = sorted({name for one in found for name in one.declared} - {*FLAGS, *FOLDERS})
            told = f"these do: {takers}" if takers else f"allowed: {', '.join(own) or 'none'}"
            raise ValueError(f"no brief asked for takes {key!r}; {told}")
    if keys and not wanted:
        takers = [one for one in found if keys - {*ONE_EACH} <= {*one.declared}]
        own = [one for one in takers if one_page_each(one) in keys]
        return own or [one for one in takers if keys <= {*one.declared}]
    return found


def by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return further parameters by name; those with an option of their own are refused."""
    for name, _ in pairs:
        if name in (*FLAGS, *FOLDERS):
            option = name.replace("_", "-")
            raise ValueError(f"parameter {name} has an option of its own: --{option}")
    return dict(pairs)


def folders(data: str | Path, actuals: str | Path | None, out: Path) -> tuple[Path, Path]:
    """Return the absolute folders that ``fenghua.load`` will read; ``out`` is none of them."""
    data = places.own(data).resolve()
    place = places.actuals(data, actuals).resolve()
    places.refuse_among_inputs(out, data, place)
    return data, place


def facts(ds: "Dataset", key: str) -> Facts:
    """Return what the list of briefs needs of the data."""
    from fenghua import fingerprints
    from fenghua.analysis import edition

    records = ds.editions.to_dict("records")
    owners = set(";".join(ds.indicators["lead_unit_ids"].astype(str)).split(";"))
    units = [str(unit) for unit in ds.lead_units["unit_id"]]
    named = (ds.towns[["town_code", "name_zh_hans"]], ds.lead_units[["unit_id", "name_zh_hans"]])
    return Facts(
        key=key,
        made_from=fingerprints.made_from(ds),
        titles={k: str(v) for k, v in ds.plan.items() if k.startswith("title_")},
        periods=observed_periods(ds),
        first_year=int(ds.plan["base_year"]),
        last_year=int(ds.plan["end_year"]),
        towns={str(row.town_code): str(row.kind) for row in ds.towns.itertuples()},
        lead_units=units,
        names={str(code): str(name) for part in named for code, name in part.to_numpy()},
        busy_units=[unit for unit in units if unit in owners],
        enterprise_years=list(ds.enterprise_years),
        edition_refused=next(filter(None, (edition.refused(ds, r) for r in records)), ""),
        is_synthetic=bool(ds.is_synthetic),
        source=ds.actuals_dir.name,
        has=needs.held(ds),
    )


def pages(
    chosen: Iterable[Notebook],
    common: Mapping[str, Any],
    langs: Iterable[str],
    facts: Facts,
    asked: Mapping[str, str | None],
) -> list[Job]:
    """Return one job a page: a notebook whose town has a default makes one page a town.

    One whose town is empty by default reports on all; a given town narrows it, as do the other
    values asked for, and the page's file is named by them.
    """
    towns = [code for code, kind in facts.towns.items() if kind != "zone"]
    everyone = {"town": towns, "lead_unit": facts.busy_units}
    allowed = {"town": list(facts.towns), "lead_unit": facts.lead_units}
    given = {key: value for key, value in asked.items() if value is not None}
    for key in allowed:
        if key in given:
            needs.check_code(key, given[key], {code: facts.names[code] for code in allowed[key]})
    found, chosen = [], list(chosen)
    for lang in langs:
        folder = "/".join([common["as_of"], lang, common["audience"]])
        kept = {"folder": folder, "made_from": facts.made_from, "apart": FOLDERS}
        for notebook in chosen:
            known = notebook.declared
            own = {k: parameters.typed(known[k], given[k]) for k in given if k in known}
            key = one_page_each(notebook)
            for each in [own] if key is None or key in own else [{key: c} for c in everyone[key]]:
                values = own | each
                stated = {**common, "lang": lang} | values
                found.append(notebooks.job(notebook, stated, code=_code(values), **kept))
    return found


def _code(values: Mapping[str, Any]) -> str:
    """Return what tells a narrowed page from others: its values, as far as a file may say them."""
    parts = [str(v) if k in PLAIN else f"{k}-{v}" for k, v in values.items()]
    code = "-".join(parts)
    plain = all(k in PLAIN for k in values) or notebooks.NAME.fullmatch(code)
    return code if plain else fingerprint.of_text(dict(values))[: house.FINGERPRINT_DIGITS]


def years_without_edition(years: Iterable[int], known: Iterable[int], as_of: str) -> list[int]:
    """Return the years ended by a period that come after all those with a public edition.

    Examples
    --------
    >>> years_without_edition([2021, 2022, 2023, 2024], [2022], "2024-Q2")
    [2023]
    """
    newest = max(known, default=0)
    return [year for year in years if newest < year <= periods.end(as_of)]


def one_page_each(notebook: Notebook) -> str | None:
    """Return the parameter of which each value has a page of its own: a town, a lead unit."""
    declared = notebook.declared
    return next((key for key in ONE_EACH if key in declared and declared[key].default), None)


def observed_periods(ds: "Dataset") -> list[str]:
    """Return the periods that a report may be about: those of the district's own figures.

    Without any, the years of enterprises, else the periods of town reports; none without figures.
    """
    is_district = ds.observations["area_code"].astype(str) == str(ds.plan["area_code"])
    seen = ds.observations.loc[is_district & ds.observations["value"].notna(), "period"]
    reports = ds.town_reports.loc[ds.town_reports["value"].notna(), "period"]
    for times in (seen, ds.enterprise_years, reports):
        if len(times):
            return sorted({str(period) for period in times})
    return []


def period(as_of: str, observed: Iterable[str], *, today: date, base_year: int) -> str:
    """Return a period as given, or for ``auto`` the `newest_period`; a day is refused."""
    if as_of == "auto":
        return newest_period(observed, today=today, base_year=base_year)
    with suppress(ValueError):
        return periods.asked(as_of)
    raise ValueError(f"as_of is '{as_of}'; allowed: auto, {periods.ALLOWED}; no day")


def newest_period(observed: Iterable[str], *, today: date, base_year: int) -> str:
    """Return the newest period that has ended, as the coarsest period that ends there.

    Parameters
    ----------
    observed : iterable of str
        Periods with figures.
    today : date
        A period that ends later is a slip of the pen, or a plan for it.
    base_year : int
        The answer where no period has ended: the plan is known, and nothing yet of its course.

    Examples
    --------
    >>> newest_period(["2023", "2024-06", "2032"], today=date(2024, 8, 1), base_year=2020)
    '2024-Q2'
    >>> newest_period([], today=date(2024, 8, 1), base_year=2020)
    '2020'
    """
    months = [_last_month(period) for period in observed if has_ended(period, today)]
    if not months:
        return str(base_year)
    year, month = max(months)
    if month == periods.MONTHS_IN_YEAR:
        return str(year)
    return f"{year}-Q{month // 3}" if month % 3 == 0 else f"{year}-{month:02d}"


def doubts(period: str, facts: Facts, today: date) -> list[str]:
    """Question a period that may be a slip: it is taken all the same."""
    year, doubts = periods.parse(period).year, []
    if not has_ended(period, today):
        doubts.append(f"{period} has not ended on {today}: is it the period you mean?")
    if not facts.first_year <= year <= facts.last_year:
        span = f"{facts.first_year} to {facts.last_year}"
        doubts.append(f"{period} is outside the plan, {span}: is it the period you mean?")
    if later := [p for p in facts.periods if not has_ended(p, today)]:
        doubts.append(f"figures of periods that have not ended: {', '.join(later)}; please check")
    return doubts


def has_ended(period: str, today: date) -> bool:
    """Say whether a period is over on a day."""
    return _last_month(period) < (today.year, today.month)


def _last_month(period: str) -> tuple[int, int]:
    return periods.parse(period).year, periods.months(period)
