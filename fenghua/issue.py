"""Which pages an issue has: notebooks times towns or lead units times languages (一期).

Answers: the list of pages and what each is made from. Refuses: names and codes that do not exist.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from briefpress import fingerprint, notebooks
from briefpress.notebooks import Job, Notebook
from fenghua.house import PRESS
from fenghua.inputs import places

if TYPE_CHECKING:
    import pandas as pd

    from fenghua.inputs.dataset import Dataset

NOT_BRIEFS: Final = ("explore",)
NEEDS: Final = ("observations", "enterprises", "schemes", "towns", "town_reports")
FOLDERS: Final = ("data", "actuals")  # parameters that say where the inputs lie
SHOWN_DIGITS: Final = 12


@dataclass(frozen=True)
class Facts:
    """What the list of briefs depends on, kept so that unchanged data need not be read again."""

    key: str
    newest: str
    towns: dict[str, str]
    lead_units: list[str]
    busy_units: list[str]
    is_synthetic: bool
    source: str
    has: list[str]


def folder_of_notebooks(folder: str | Path | None) -> Path:
    """Return the folder given, else ``notebooks`` here, else the one beside the package."""
    if folder is not None:
        return Path(folder)
    beside = Path(__file__).parents[1] / "notebooks"
    return Path("notebooks") if Path("notebooks").is_dir() else beside


def chosen(
    folder: str | Path | None,
    briefs: Sequence[str],
    *,
    town: str | None = None,
    lead_unit: str | None = None,
) -> list[Notebook]:
    """Return the notebooks asked for, read; a town alone asks for the briefs of towns."""
    paths = notebooks.found(folder_of_notebooks(folder), but=NOT_BRIEFS)
    every = [notebooks.read(name, path) for name, path in paths.items()]
    wanted = [notebooks.bare(name) for name in briefs]
    for name in wanted:
        if name not in paths:
            raise ValueError(f"brief is {name!r}; allowed: {', '.join(paths)}")
    asked = {"town": town, "lead_unit": lead_unit}
    special = [key for key, value in asked.items() if value is not None]
    if special and not wanted:
        wanted = [notebook.name for notebook in every if one_page_each(notebook) in special]
    return [notebook for notebook in every if not wanted or notebook.name in wanted]


def folders(data: str | Path, actuals: str | Path | None) -> tuple[Path, Path]:
    """Return the absolute folders that ``fenghua.load`` will read."""
    data = places.located(Path(data)).resolve()
    return data, places.actuals(data, actuals).resolve()


def folder_flags(ds: "Dataset") -> list[str]:
    """Return the options of ``fenghua report`` that lead to these data; none for the usual ones."""
    data, actuals = ds.data_dir.resolve(), ds.actuals_dir.resolve()
    usual, given = places.located(Path("data/raw")).resolve(), []
    root = usual.parents[1] if usual.is_dir() else Path.cwd()  # where the command is typed
    if data != usual:
        given.append(f"--data {_shown(data, root)}")
    if actuals != places.actuals(data, None):
        given.append(f"--actuals {_shown(actuals, root)}")
    return given


def _shown(folder: Path, root: Path) -> str:
    """Return a folder as one types it in ``root``, in quotation marks where it holds a space."""
    inside = folder.relative_to(root) if folder.is_relative_to(root) else folder
    return f'"{inside.as_posix()}"' if " " in str(inside) else inside.as_posix()


def key_of(data: Path, actuals: Path) -> str:
    """Return the fingerprint of all that pages are made from, but for their notebooks."""
    return fingerprint.of_text(of_data(data, actuals), fingerprint.of_code(PRESS))


def of_data(data: Path, actuals: Path) -> str:
    """Return the fingerprint of the registers in ``data`` and the figures in ``actuals``."""
    named = {
        f"data/{path.relative_to(data).as_posix()}": path
        for folder in ("plan", "reference")
        for path in fingerprint.files(data / folder)
    }
    for path in fingerprint.files(actuals) if actuals.is_dir() else [actuals]:
        inside = path.relative_to(actuals).as_posix() if actuals.is_dir() else path.name
        named[f"actuals/{inside}"] = path
    return fingerprint.of_files(named)


def of_dataset(ds: "Dataset") -> str:
    """Return the short fingerprint of loaded data that a page prints (数据指纹)."""
    return of_data(Path(ds.data_dir), Path(ds.actuals_dir))[:SHOWN_DIGITS]


def facts(data: Path, actuals: Path, key: str) -> Facts:
    """Load and check the data, and return what the list of briefs needs of it.

    Raises
    ------
    InputError
        When anything is wrong with the inputs.
    """
    from fenghua import load

    ds = load(data, actuals)
    owners = set(";".join(ds.indicators["lead_unit_ids"].astype(str)).split(";"))
    units = [str(unit) for unit in ds.lead_units["unit_id"]]
    return Facts(
        key=key,
        newest=period_of(ds),
        towns={str(row.town_code): str(row.kind) for row in ds.towns.itertuples()},
        lead_units=units,
        busy_units=[unit for unit in units if unit in owners],
        is_synthetic=bool(ds.is_synthetic),
        source=Path(actuals).name,
        has=[name for name in NEEDS if len(getattr(ds, name))],
    )


def facts_in_warm_process(data: str, actuals: str, key: str) -> dict[str, Any]:
    """Return `facts` as a warm process sends them; the data stay there for the briefs to come.

    Raises
    ------
    ValueError
        Saying all that is wrong with the inputs.
    """
    from fenghua.inputs import dataset
    from tidysheets.problems import InputError

    try:
        dataset.keep(data, actuals)
        return asdict(facts(Path(data), Path(actuals), key))
    except InputError as error:
        raise ValueError(str(error)) from None


def pages(
    chosen: Iterable[Notebook],
    common: Mapping[str, Any],
    langs: Iterable[str],
    facts: Facts,
    only: Mapping[str, str | None],
) -> list[Job]:
    """Return one job a page: a notebook whose town has a default makes one page a town.

    One whose town is empty by default reports on all; a given town narrows it.
    """
    towns = [code for code, kind in facts.towns.items() if kind != "zone"]
    everyone = {"town": towns, "lead_unit": facts.busy_units}
    allowed = {"town": list(facts.towns), "lead_unit": facts.lead_units}
    for key, code in only.items():
        if code is not None and code not in allowed[key]:
            raise ValueError(f"{key} is {code!r}; allowed: {', '.join(allowed[key])}")
    found, chosen = [], list(chosen)
    for lang in langs:
        folder = "/".join([common["as_of"], lang, common["audience"]])
        for notebook in chosen:
            key = one_page_each(notebook)
            narrowed = next((k for k in only if only[k] and k in notebook.declared), key)
            asked = only.get(narrowed) if narrowed else None
            for code in [asked] if asked else everyone[key] if key else [""]:
                given = {**common, "lang": lang} | ({narrowed: code} if narrowed and code else {})
                kept = {"folder": folder, "made_from": facts.key, "apart": FOLDERS}
                found.append(notebooks.job(notebook, given, code=code or "", **kept))
    return found


def one_page_each(notebook: Notebook) -> str | None:
    """Return the parameter of which each value has a page of its own: a town, a lead unit."""
    keys, declared = ("town", "lead_unit"), notebook.declared
    return next((key for key in keys if key in declared and declared[key].default), None)


def left_out(chosen: Iterable[Notebook], facts: Facts) -> dict[str, list[str]]:
    """Return the notebooks that the data do not allow, by name, with the tables each lacks.

    A notebook says in its metadata what it cannot do without: ``"fenghua": {"needs": [...]}``.
    """
    lacking = {
        notebook.name: [need for need in needs_of(notebook) if need not in facts.has]
        for notebook in chosen
    }
    return {name: needs for name, needs in lacking.items() if needs}


def needs_of(notebook: Notebook) -> list[str]:
    """Return the tables that a notebook cannot do without, by the names of `Dataset`.

    Raises
    ------
    ValueError
        When it asks for a table that is none of ``NEEDS``.
    """
    needs = list(notebook.metadata.get(PRESS.name, {}).get("needs", ()))
    unknown = [need for need in needs if need not in NEEDS]
    if unknown:
        allowed = ", ".join(NEEDS)
        raise ValueError(f"{notebook.path.name}: needs {unknown[0]!r}; allowed: {allowed}")
    return needs


def period_of(ds: "Dataset") -> str:
    """Return the newest period observed in the plan's area, else its base year: the plan alone."""
    try:
        return newest_period(ds.observations, area_code=str(ds.plan["area_code"]))
    except ValueError:
        return str(int(ds.plan["base_year"]))


def newest_period(observations: "pd.DataFrame", *, area_code: str | None = None) -> str:
    """Return the newest period with a value, as the coarsest period that ends there.

    Parameters
    ----------
    observations : DataFrame
        Columns ``period``, ``value`` and ``area_code``.
    area_code : str, optional
        Only the observations of this area.

    Raises
    ------
    ValueError
        When no observation has a value.

    Examples
    --------
    >>> import pandas as pd
    >>> newest_period(pd.DataFrame({"period": ["2023", "2024-06"], "value": [1.0, 2.0]}))
    '2024-Q2'
    """
    from fenghua.inputs import periods

    rows = observations[observations["value"].notna()]
    if area_code is not None:
        rows = rows[rows["area_code"].astype(str) == area_code]
    if rows.empty:
        raise ValueError("no observation of the district has a value; give --as-of a period")
    newest = max((periods.parse(text) for text in rows["period"].unique()), key=_last_month)
    month = _last_month(newest)[1]
    if month == 12:
        return str(newest.year)
    return f"{newest.year}-Q{month // 3}" if month % 3 == 0 else f"{newest.year}-{month:02d}"


def _last_month(period: Any) -> tuple[int, int]:
    months = {"year": 12, "quarter": 3 * (period.part or 0), "month": period.part or 0}
    return period.year, months[period.grain]
