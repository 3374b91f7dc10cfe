"""The public editions of the data in use, made when a year is first reported on (公布版编制).

Answers: which editions are missing, and makes them, oldest first. Refuses: to change a published
one but by a declared revision, and to make one beside figures it does not know.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from briefpress import manifest
from fenghua import ending, issue
from fenghua.analysis import edition, edition_issue, edition_scope
from fenghua.analysis import scheme as scheme_rules
from fenghua.analysis.edition_issue import Earlier
from fenghua.analysis.edition_tables import Rules
from fenghua.inputs import dataset, places
from fenghua.inputs import editions as store
from fenghua.inputs.dataset import Dataset


def write_missing(ds: Dataset, as_of: str) -> list[Path]:
    """Make and store the editions that are missing up to a period, oldest first.

    Years before the newest edition are not made any more: what was printed since did not reckon
    with them.

    Raises
    ------
    ValueError
        A stored edition is one of other data, rules or scope; figures printed before leave none to
        coarsen; the enterprises behind the year before are not known any more.
    """
    for _, record in ds.editions.iterrows():
        if fault := edition.refused(ds, record):
            raise ValueError(fault)
    memory: dict[int, Earlier] = {}
    missing = issue.years_without_edition(ds.enterprise_years, edition.years(ds), as_of)
    return [_write(ds, year, memory, revision=0) for year in missing]


def revise(ds: Dataset, year: int) -> Path:
    """Replace the edition of a year because of an error in its enterprises (更正).

    Every figure of the old edition stays known to its readers: the new one is made safe beside it.

    Raises
    ------
    ValueError
        There is no edition of the year, its enterprises are not kept, a later year's edition is
        out already, nothing has changed, or nothing is left to coarsen.
    """
    if year not in edition.years(ds):
        raise ValueError(f"there is no public edition of {year} to revise")
    if year != max(edition.years(ds)):
        raise ValueError(f"{year} is not the newest edition: what followed reckons with it")
    record = ds.editions[ds.editions["year"] == year].iloc[-1]
    if fault := edition.refused(ds, record):
        raise ValueError(fault)
    if record["rows"] and record["is_current"]:
        raise ValueError(f"the enterprises of {year} are those of its edition: nothing to revise")
    return _write(ds, year, {}, revision=int(record["revision"]) + 1)


def make(data: str, actuals: str, as_of: str, is_revision: bool) -> list[str]:
    """Make what is missing, or revise the newest edition, and return the folders written.

    For a process of its own, whatever its audience: it reads the enterprises. Of two at once the
    second waits, and finds what the first has made.

    Raises
    ------
    ValueError
        As `write_missing` and `revise`, and where an edition cannot be written.
    """
    try:
        inside = places.editions(Path(data), Path(actuals), internal=True)
        inside.mkdir(parents=True, exist_ok=True)
        with manifest.locked(inside / ".lock"):
            ds = dataset.read(data, actuals)
            if is_revision:
                return [str(revise(ds, max(edition.years(ds), default=0)))]
            return [str(path) for path in write_missing(ds, as_of)]
    except OSError as error:
        raise ValueError(ending.refusal(error)) from error


def _write(ds: Dataset, year: int, memory: dict[int, Earlier], *, revision: int) -> Path:
    place, inside = _places(ds, year)
    before = _before(ds, year - 1, memory)
    rows = scoped(ds, year, before[-1].rows if before else None)
    same = _published(ds, year) if revision else []
    if revision and not same:
        raise ValueError(
            f"{inside}: the enterprises behind the edition of {year} are not kept here; without"
            " them a revision cannot be checked against it"
        )
    figures = edition_issue.issued(
        rows, Rules.of(ds.parameters), year=year, earlier=[*before, *same]
    )
    memory[year] = Earlier(year, rows, figures)
    record: dict[str, Any] = edition.identity(ds, year) | {
        "year": year,
        "revision": revision,
        "figures_of": ds.actuals_dir.name,
        "scheme": scheme_rules.chosen(ds.schemes),
        "basis": edition_scope.basis(ds.enterprises[ds.enterprises["year"] == year]),
        "rows": store.of_rows(ds.enterprises, year),
    }
    store.write(place, inside, figures, record, rows)
    return place


def _places(ds: Dataset, year: int) -> tuple[Path, Path]:
    homes = (places.editions(ds.data_dir, ds.actuals_dir, internal=kept) for kept in (False, True))
    place, inside = (home / str(year) for home in homes)
    return place, inside


def scoped(ds: Dataset, year: int, before: pd.DataFrame | None) -> pd.DataFrame:
    """Return the enterprises that an edition of a year of the data in use is made of."""
    return edition_scope.rows(
        ds.enterprises,
        ds.schemes[scheme_rules.chosen(ds.schemes)],
        year=year,
        exclusions=ds.edition_exclusions,
        parameters=ds.parameters,
        adjustments=ds.adjustments,
        before=before,
    )


def _before(ds: Dataset, year: int, memory: dict[int, Earlier]) -> list[Earlier]:
    """Return the editions published of the year before, with the enterprises behind each."""
    if year in memory:
        return [memory[year]]
    if year not in edition.years(ds):
        return []
    if kept := _published(ds, year):
        return kept
    place, inside = _places(ds, year)
    record = ds.editions[ds.editions["year"] == year].iloc[-1]
    if not record["rows"] or not record["is_current"] or record["revision"]:
        raise ValueError(
            f"{inside}: the enterprises behind the edition of {year} are not kept here, and those"
            f" in the data are not known to be the same; the edition of {year + 1} cannot be"
            " checked beside it. Restore the folder, or the data of that year"
        )
    older = scoped(ds, year - 1, None) if year - 1 in edition.years(ds) else None
    return [Earlier(year, scoped(ds, year, older), store.read_figures(place))]


def _published(ds: Dataset, year: int) -> list[Earlier]:
    """Return every version published of a year, the standing one last; none if not all are kept."""
    place, inside = _places(ds, year)
    names = [*(path.name for path in store.superseded(place)), "."]
    found = []
    for name in names:
        rows = store.read_rows(inside / name)
        if rows is None:
            return []
        found.append(Earlier(year, rows, store.read_figures(place / name)))
    return found
