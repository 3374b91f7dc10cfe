"""Which pages a run makes: notebooks times towns or lead units times languages.

Answers: the list of jobs and their fingerprints. Refuses: names and codes that do not exist.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fenghua.briefs import fingerprint, parameters
from fenghua.inputs import places

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
NOT_BRIEFS = ("explore",)


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


@dataclass(frozen=True)
class Job:
    """One page to make."""

    name: str
    notebook: Path
    parameters: dict[str, Any]
    fingerprint: str


def notebooks(folder: str | Path | None) -> dict[str, Path]:
    """Return the notebooks that are briefs, by name: ``02_gaps.ipynb`` is ``gaps``."""
    if folder is None:
        beside = Path(__file__).parents[2] / "notebooks"
        folder = Path("notebooks") if Path("notebooks").is_dir() else beside
    found = {
        re.sub(r"^\d+_", "", path.stem): path.resolve()
        for path in sorted(Path(folder).glob("*.ipynb"))
        if NAME.fullmatch(path.stem)
    }
    briefs = {name: path for name, path in found.items() if name not in NOT_BRIEFS}
    if not briefs:
        raise ValueError(f"no notebook in {folder}")
    return briefs


def chosen(
    notebooks: dict[str, Path], briefs: Sequence[str], *, town: str | None, lead_unit: str | None
) -> dict[str, dict[str, Any]]:
    """Return the notebooks asked for, read; a town alone asks for the briefs of towns."""
    read = {name: _read(path) for name, path in notebooks.items()}
    wanted = [re.sub(r"^\d+_", "", name.removesuffix(".ipynb")) for name in briefs]
    for name in wanted:
        if name not in read:
            raise ValueError(f"brief is {name!r}; allowed: {', '.join(read)}")
    asked = {"town": town, "lead_unit": lead_unit}
    special = [key for key, value in asked.items() if value is not None]
    if special and not wanted:
        wanted = [name for name, n in read.items() if _one_page_each(n["declared"]) in special]
    return {name: read[name] for name in read if not wanted or name in wanted}


def _read(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    try:
        declared = parameters.declared(json.loads(content))
    except (ValueError, KeyError, SyntaxError) as error:
        raise ValueError(f"{path.name}: {error}") from None
    return {"path": path, "content": fingerprint.of_text(content.decode()), "declared": declared}


def folders(data: str | Path, actuals: str | Path | None) -> tuple[Path, Path]:
    """Return the absolute folders that ``fenghua.load`` will read."""
    data = places.located(Path(data)).resolve()
    return data, places.actuals(data, actuals).resolve()


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
        newest=parameters.newest_period(ds.observations, area_code=str(ds.plan["area_code"])),
        towns={str(row.town_code): str(row.kind) for row in ds.towns.itertuples()},
        lead_units=units,
        busy_units=[unit for unit in units if unit in owners],
        is_synthetic=bool(ds.is_synthetic),
        source=Path(actuals).name,
    )


def listed(
    chosen: dict[str, dict[str, Any]],
    common: dict[str, Any],
    langs: Iterable[str],
    facts: Facts,
    only: dict[str, str | None],
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
    jobs = []
    for lang in langs:
        for name, notebook in chosen.items():
            key = _one_page_each(notebook["declared"])
            narrowed = next((k for k in only if only[k] and k in notebook["declared"]), key)
            asked = only.get(narrowed) if narrowed else None
            codes = [asked] if asked else everyone[key] if key else [""]
            for code in codes:
                given = common | {"lang": lang} | ({narrowed: code} if narrowed and code else {})
                jobs.append(_job(name, code, notebook, given, facts.key))
    return jobs


def _one_page_each(declared: dict[str, parameters.Parameter]) -> str | None:
    """Return the parameter of which each value has a page of its own: a town, a lead unit."""
    keys = ("town", "lead_unit")
    return next((key for key in keys if key in declared and declared[key].default), None)


def _job(brief: str, code: str, notebook: dict[str, Any], given: dict[str, Any], key: str) -> Job:
    if code and not NAME.fullmatch(code):  # a file is named by codes only
        raise ValueError(f"code is {code!r}; allowed: letters, digits, - and _")
    place = "/".join([given["as_of"], given["lang"], given["audience"], brief])
    given = {name: value for name, value in given.items() if name in notebook["declared"]}
    given = parameters.bind(notebook["declared"], given)
    lasting = {name: value for name, value in given.items() if name not in ("data", "actuals")}
    made_from = fingerprint.of_text(key, notebook["content"], lasting, brief, code)
    name = f"{place}-{code}.html" if code else f"{place}.html"
    return Job(name, notebook["path"], given, made_from)
