"""Of which area a table of the district's figures is, and how final it is, by its titles.

Answers: the area and the status that a title or the file's name gives for all rows. Refuses:
figures of another area, and targets.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from fenghua.inputs import records
from fenghua.inputs.actuals import notes
from fenghua.inputs.actuals.notes import Said
from tidysheets import problems
from tidysheets.header.titles import names_in, without_time
from tidysheets.problems import Problem, simplified
from tidysheets.tables import Table
from tidysheets.units import key

# The whole of some area (全市企业), or by what such a one counts (按全市口径).
_ALL_OF = re.compile(r"^全([省市县区国州旗])|[全各]([省市县区国州旗])(?:口径|平均|范围)")


@cache
def _words(kind: str) -> tuple[str, ...]:
    """Return the words of one kind that titles use of areas.

    ``county`` and ``zone`` end a name, ``no_county`` what only looks like one; ``general`` begins
    what names none (全区, 各县市), ``behind`` goes on behind a name, ``aside`` begins a line that
    says nothing of the figures; ``goal`` is of what is to be reached, ``result`` of what was.
    """
    lines = records.beside("fenghua.inputs", "area_words.csv")
    return tuple(line["word"] for line in lines if line["kind"] == kind)


@cache
def _named() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the name of a county, and of a zone, at the beginning of a title."""
    county, zone, behind = ("|".join(_words(kind)) for kind in ("county", "zone", "behind"))
    han = "[\u4e00-\u9fff]"
    ends = rf"(?=\d{{4}}年|{behind}|$)"
    above = rf"(?:{han}{{2,3}}[省市])*"
    return (
        re.compile(rf"{above}({han}{{2,3}}(?:{county})){ends}"),
        re.compile(rf"{above}({han}{{0,8}}?(?:{zone})){ends}"),
    )


def settle(table: Table, frames: Mapping[str, pd.DataFrame], area: str) -> None:
    """Fill in the area and the status that only titles name, and refuse other areas and estimates.

    Parameters
    ----------
    table : Table
        Observations, with their titles in ``above``; the file's name counts as one.
    frames : mapping
        The registers, by name.
    area : str
        The code of the whole district.
    """
    named = [*table.above, Path(table.file).stem]
    titles = [text for text in named if not key(text).startswith(_words("aside"))]
    said = [*notes.read(table)]
    _take_remarks(table)
    whats = {clause.what for _, clause in notes.remarks(table)}
    table.problems.extend(notes.check_remarks(table, _elsewhere(whats, table, frames, area)))
    if "status" not in table.headings and "status" not in table.fixed:
        _status(table, titles, said)
        _refuse_goals(table, titles, said)
    of_all = [c for c in said if not c.years or notes.years(table) <= c.years]
    titles += [clause.what for clause in of_all if clause.is_plain]
    words = table.schema.meanings[table.name].get("area_code", {})
    for clause in (c for c in said if c not in of_all and words.get(key(c.what), area) != area):
        table.problems.append(notes.made(table, "note_unheeded", clause.written))
    if "area_code" in table.headings or "area_code" in table.fixed or table.frame.empty:
        return
    own = {name for name, code in words.items() if code == area}
    named = (name for text in titles for name in names_in(text, words))
    parts = {words[name] for name in named} - {area}
    other = next(_others(titles, own, frames), "") or _reporting_town(table, frames)
    if other and not parts:
        table.problems.append(_problem(table, "area_other", other, area=area))
    elif len(parts) > 1:
        shown = ", ".join(sorted(parts))
        table.problems.append(_problem(table, "title_unclear", "", "area_code", values=shown))
    elif parts:
        (part,) = parts
        stated = table.frame["area_code"]
        table.frame["area_code"] = stated.where(stated != "", part)
        table.problems.append(_problem(table, "taken_from_title", "", "area_code", value=part))


def _problem(table: Table, code: str, found: str, column: str = "", **facts: Any) -> Problem:
    label = table.schema.tables[table.name][column].label() if column else ""
    said: dict[str, Any] = {"said": table.schema.sentences, **facts}
    return problems.make(code, table.file, sheet=table.sheet, column=label, found=found, **said)


def _status(table: Table, titles: list[str], said: list[Said]) -> None:
    """Take a status that a title or a note names, as 快报; what is expected is no actual figure."""
    words = table.schema.meanings[table.name].get("status", {})
    named = {words[word]: text for text in titles for word in words if word in key(text)}
    kinds = {_kind(clause, words) for clause in said if not clause.years}
    expected = [named[kind] for kind in named if kind == "estimate"] + [*_expecting(table, words)]
    if expected:
        table.problems.append(_problem(table, "title_estimate", sorted(expected)[0]))
    elif {*named, *kinds} - {""} == {"preliminary"}:
        _take_status(table, table.frame.index == table.frame.index)
    elif "preliminary" in {*named, *kinds}:
        shown = ", ".join(sorted({*named, *kinds} - {""}))
        table.problems.append(_problem(table, "title_unclear", "", "status", values=shown))
    for clause in (clause for clause in said if clause.years):
        if _kind(clause, words) == "preliminary":
            _take_status(table, table.frame["period"].str[:4].isin(clause.years))


def _take_remarks(table: Table) -> None:
    """Take a status or an area that is all that a row's remark says (快报数, 区属)."""
    for column in {"status", "area_code"} - {*table.headings, *table.fixed}:
        words, stated = table.schema.meanings[table.name].get(column, {}), table.frame[column]
        noted = [""] * len(stated)
        for i, clause in notes.remarks(table):
            noted[i] = noted[i] or _kind(clause, words)
        table.frame[column] = stated.where(stated != "", pd.Series(noted, dtype="object"))


def _kind(clause: Said, words: Mapping[str, str]) -> str:
    return words.get(key(clause.what), words.get(f"{key(clause.what)}数", ""))


def _take_status(table: Table, rows: Any) -> None:
    table.frame.loc[rows, "status"] = "preliminary"
    table.problems.append(_problem(table, "taken_from_title", "", "status", value="preliminary"))


def _refuse_goals(table: Table, titles: list[str], said: list[Said]) -> None:
    """Refuse figures whose titles speak of targets, unless a title or the heading says results."""
    told = simplified("".join([*titles, table.heading("value")]))
    goals = _words("goal")
    goal = next((text for text in titles if any(word in simplified(text) for word in goals)), "")
    noted = next((clause.written for clause in said if clause.what in _words("goal")), "")
    if noted or (goal and not any(word in told for word in _words("result"))):
        table.problems.append(_problem(table, "title_goal", noted or goal))


def _reporting_town(table: Table, frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the line above or below the rows that says which town filled them in, if one did."""
    towns = "|".join(map(key, frames["towns"]["name_zh_hans"])) if "towns" in frames else ""
    lines = [text for _, text in notes.lines(table)] if towns else []
    found = (t for t in lines if re.search(rf"单位(?:名称)?(?:{towns})", key(t)))
    return next(found, "")


def _expecting(table: Table, words: Mapping[str, str]) -> Iterator[str]:
    """Yield the notes that say that figures of these periods, or all, are expected ones."""
    expected = "|".join(word for word, status in words.items() if status == "estimate")
    periods = set(table.frame["period"].astype(str).str[:4]) if "period" in table.frame else set()
    for _, text in notes.lines(table) if expected else ():
        years = set(re.findall(r"(?:19|20)\d\d(?=年)", text))
        is_note = key(text).startswith(_words("aside")) and (not years or years & periods)
        if is_note and re.search(rf"[为系是](?:{expected})(?:数|值|$)", key(text)):
            yield text


def _others(titles: list[str], own: set[str], frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield the titles that name a town, a county, the city or the province, and not the area."""
    towns, parents = frames.get("towns"), frames.get("parent_targets")
    below = tuple(map(key, towns["name_zh_hans"])) if towns is not None else ()
    above = {key(name) for name in parents["area_name_zh_hans"]} if parents is not None else set()
    is_own = any(name in key(text) for text in titles for name in own)
    for text in titles:
        written = without_time(key(text))
        if _is_zone(written, own) or _behind(written, own).startswith(below or ("\0",)):
            yield text
        elif not any(name in written for name in own):
            if (found := _ALL_OF.search(written)) and not _is_of(found[1] or found[2], own):
                yield text
                continue
            is_county = _is_county(written, own, above)
            is_above = not is_own and any(name and written.startswith(name) for name in above)
            if is_county or is_above or written.startswith(below):
                yield text


def _elsewhere(
    whats: set[str], table: Table, frames: Mapping[str, pd.DataFrame], area: str
) -> set[str]:
    """Return the words that are nothing but another area than the plan's: 全市, 宁波市."""
    words = table.schema.meanings[table.name].get("area_code", {})
    own = {name for name, code in words.items() if code == area}
    parents = frames.get("parent_targets")
    above = {key(name) for name in parents["area_name_zh_hans"]} if parents is not None else set()
    found = {what: _ALL_OF.fullmatch(what) for what in whats}
    of_all = {what for what, all_of in found.items() if all_of and not _is_of(all_of[1], own)}
    return of_all | {what for what in whats if key(what) in above - own}


def _is_of(kind: str, own: set[str]) -> bool:
    """Tell whether an area is of a kind (区): 全区 is the district itself, and 全市 is not."""
    return any(name.endswith(kind) for name in own)


def _is_county(title: str, own: set[str], above: set[str]) -> bool:
    """Tell whether a title begins with a county that is neither the area nor above it."""
    found = _named()[0].match(title)
    if found is None or found[1].startswith(_words("general")):
        return False
    is_own = found[1] in above or any(found[1][:2] in name for name in own)
    return not is_own and not found[1].endswith(_words("no_county"))


def _is_zone(title: str, own: set[str]) -> bool:
    """Tell whether a title begins with a zone, or goes on with one behind the area's own name."""
    found = _named()[1].match(_behind(title, own))
    return found is not None and not found[1].startswith(_words("general"))


def _behind(title: str, own: set[str]) -> str:
    """Return what a title says behind the area's own name, or all of it where it has none."""
    names = "|".join(map(re.escape, sorted(own, key=len, reverse=True)))
    return without_time(re.split(names or "$^", title)[-1])
