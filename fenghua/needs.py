"""What a notebook cannot do without, and whether the data have it (所需数据).

Answers: which pages half the inputs allow. Refuses: to make a page of nothing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from briefpress.notebooks import Notebook
from fenghua.house import PRESS
from fenghua.inputs import periods, places, vocabulary

if TYPE_CHECKING:
    from fenghua.inputs.dataset import Dataset

OF_TOWNS: Final = "figures of towns"  # their tasks or reports, or enterprises that lie in them
TABLES: Final = ("observations", "targets", "enterprises", "schemes", "towns", OF_TOWNS)
_CALLED: Final = {"enterprises": "enterprises with land, tax and value added"}
NARROWING: Final = ("town", "industry", "scheme")  # parameters of pages on enterprises
CODES: Final = {  # the parameters that are codes of a register
    "town": ("towns", "town_code"),
    "lead_unit": ("lead_units", "unit_id"),
    "industry": ("industries", "industry_code"),
}


def held(ds: "Dataset") -> list[str]:
    """Return which of ``TABLES`` the data hold."""
    # A public run reaches no enterprise, but knows the years it has some of.
    of_towns = [*ds.enterprise_years, *ds.town_reports.index, *ds.town_tasks.index]
    due = ds.targets[ds.targets["role"] == "target"]  # a yardstick is none
    told = {"targets": due, "enterprises": ds.enterprise_years, OF_TOWNS: of_towns}
    return [name for name in TABLES if len(told[name] if name in told else getattr(ds, name))]


def allowed(
    chosen: Iterable[Notebook],
    has: Collection[str],
    *,
    is_asked: bool,
    echo: Callable[[str], Any],
) -> list[Notebook]:
    """Return the notebooks that the data allow, and say of each other what it lacks.

    Raises
    ------
    ValueError
        When one that was asked for by name is not allowed.
    """
    kept, said = [], []
    for notebook in chosen:
        lacking = [need for need in of(notebook) if need not in has]
        if lacking:
            what = " and no ".join(_CALLED.get(need, need) for need in lacking)
            said.append(f"{notebook.name} left out: the data have no {what}")
        else:
            kept.append(notebook)
    if said and is_asked:
        raise ValueError("; ".join(said))
    for line in said:
        echo(f"fenghua report: {line}")
    return kept


def refuse_unprinted(
    data: Path,
    actuals: Path,
    chosen: Collection[Notebook],
    asked: Mapping[str, str | None],
    as_of: str,
) -> None:
    """Refuse what the public edition does not print, before any page is made."""
    known = {name for notebook in chosen for name in notebook.declared}
    known -= set() if any("enterprises" in of(n) for n in chosen) else {"town", "industry"}
    given = {k: v for k, v in asked.items() if v and k in known & {*NARROWING}}
    if given:
        check_printed(data, actuals, as_of, **given)


def check_printed(
    data: Path, actuals: Path, as_of: str, *, town: str = "", industry: str = "", scheme: str = ""
) -> None:
    """Check that the newest edition of a period prints a place, an industry, a scheme's classes.

    Raises
    ------
    ValueError
        As `edition.narrowed` and `edition.check_scheme`.
    """
    from fenghua.analysis import edition
    from fenghua.inputs import editions

    home = places.editions(data, actuals)
    years = [year for year in places.edition_years(home) if year <= periods.end(as_of)]
    if years:
        place = home / str(max(years))
        edition.check_scheme(editions.read_record(place), scheme)
        edition.narrowed(editions.read_figures(place), town=town, industry=industry)


def check_codes(ds: "Dataset", asked: Mapping[str, Any]) -> None:
    """Refuse a code of ``CODES`` or a scheme that the registers do not have; empty is none.

    Raises
    ------
    ValueError
        With all that there are, and what they stand for.
    """
    known = {
        name: getattr(ds, table).set_index(key)["name_zh_hans"].to_dict()
        for name, (table, key) in CODES.items()
    }
    known["scheme"] = dict.fromkeys(ds.schemes, "")
    for name, called in known.items():
        given = asked.get(name)
        if name == "industry" and isinstance(given, str):  # C3411 lies in the division 34
            given = vocabulary.bare_industry(given)[:2]
        if given and (called or name != "industry"):  # a plan may do without a list of industries
            check_code(name, given, called)


def check_code(name: str, found: object, known: Mapping[str, str]) -> None:
    """Refuse a code that is not among the known ones, and a number where its text is meant.

    Examples
    --------
    >>> check_code("town", "Jinping", {"330213001": "锦屏街道"})
    Traceback (most recent call last):
    ValueError: town is 'Jinping'; allowed: 330213001 锦屏街道
    >>> check_code("town", 330213001, {"330213001": "锦屏街道"})
    Traceback (most recent call last):
    ValueError: town is 330213001, no text; write it in quotation marks: '330213001'
    """
    if isinstance(found, str) and found in known:
        return
    if str(found) in known:
        raise ValueError(f"{name} is {found!r}, no text; write it in quotation marks: '{found}'")
    listed = ", ".join(f"{code} {text}".strip() for code, text in known.items()) or "none"
    raise ValueError(f"{name} is {found!r}; allowed: {listed}")


def of(notebook: Notebook) -> list[str]:
    """Return the tables that a notebook cannot do without, by the names of `Dataset`.

    It says so in its metadata: ``"fenghua": {"needs": [...]}``.

    Raises
    ------
    ValueError
        When it asks for a table that is none of ``TABLES``.
    """
    named = list(notebook.metadata.get(PRESS.name, {}).get("needs", ()))
    unknown = [need for need in named if need not in TABLES]
    if unknown:
        allowed = ", ".join(TABLES)
        raise ValueError(f"{notebook.path.name}: needs {unknown[0]!r}; allowed: {allowed}")
    return named
