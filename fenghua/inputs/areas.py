"""Of which area a table of the district's figures is, and how final it is, by its titles.

Answers: the area and the status that a title names for all rows. Refuses: figures of another area.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from tidysheets import problems
from tidysheets.problems import Problem
from tidysheets.tables import Table
from tidysheets.units import key

_ASIDE: Final = re.compile(
    r"填报|填表|制表|打印|报送|审核|联系|注|说明|备注|数据来源|资料来源|来源|单位|责任"
)
_WHEN: Final = re.compile(r"^[\d年月度季一二三四第上下半至]+")
# A name of a county or city at the beginning of a title: 鄞州区2022年, 余姚市规上工业.
_COUNTY: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{2,3}[省市])*([\u4e00-\u9fff]{2,3}[区县市])"
    r"(?=\d{4}年|规上|规模以上|主要|制造业|工业|$)"
)
_ZONE: Final = re.compile(
    "[全本各我区县市]|.*(?:开发|高新|经开|工业|示范|试验|园|新|城|都市|郊|辖|片|集聚|度假|设)[区市]$"
)
_LONG: Final = 4  # shorter names stand in titles by chance, unless at their beginning


def settle(table: Table, frames: Mapping[str, pd.DataFrame], area: str) -> None:
    """Fill in the area and the status that only titles name, and refuse other areas and estimates.

    Parameters
    ----------
    table : Table
        Observations, with their titles in ``above``.
    frames : mapping
        The registers, by name.
    area : str
        The code of the whole district.
    """
    titles = [text for text in table.above if not _ASIDE.match(key(text))]
    if "status" not in table.headings and "status" not in table.fixed:
        _status(table, titles)
    if "area_code" in table.headings or "area_code" in table.fixed or table.frame.empty:
        return
    words = table.schema.meanings[table.name].get("area_code", {})
    own = {name for name, code in words.items() if code == area}
    parts = {code for text in titles for name, code in words.items() if _has(text, name)} - {area}
    other = next(_others(titles, own, frames), "")
    if other and not parts:
        table.problems.append(_problem(table, "area_other", other, area=area))
    elif len(parts) > 1:
        shown = ", ".join(sorted(parts))
        table.problems.append(_problem(table, "title_unclear", "", "area_code", values=shown))
    elif parts:
        (part,) = parts
        table.frame["area_code"] = part
        table.problems.append(_problem(table, "taken_from_title", "", "area_code", value=part))


def _problem(table: Table, code: str, found: str, column: str = "", **facts: Any) -> Problem:
    label = table.schema.tables[table.name][column].label() if column else ""
    said: dict[str, Any] = {"said": table.schema.sentences, **facts}
    return problems.make(code, table.file, sheet=table.sheet, column=label, found=found, **said)


def _status(table: Table, titles: list[str]) -> None:
    """Take a status that a title names, as 快报; what is expected is no actual figure."""
    words = table.schema.meanings[table.name].get("status", {})
    named = {(word, text) for text in titles for word in words if word in key(text)}
    kinds = {words[word] for word, _ in named}
    if "estimate" in kinds:
        text = next(text for word, text in named if words[word] == "estimate")
        table.problems.append(_problem(table, "title_estimate", text))
    elif kinds == {"preliminary"}:
        table.frame["status"] = "preliminary"
        table.problems.append(
            _problem(table, "taken_from_title", "", "status", value="preliminary")
        )
    elif "preliminary" in kinds:
        shown = ", ".join(sorted(kinds))
        table.problems.append(_problem(table, "title_unclear", "", "status", values=shown))


def _has(text: str, name: str) -> bool:
    """Tell whether a title names something: short names only at its beginning."""
    written = key(text)
    is_first = _WHEN.sub("", written).startswith(name)
    return len(name) > 1 and (is_first or (len(name) >= _LONG and name in written))


def _others(titles: list[str], own: set[str], frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield the titles that name a town, a county, the city or the province, and not the area."""
    towns, parents = frames.get("towns"), frames.get("parent_targets")
    below = tuple(map(key, towns["name_zh_hans"])) if towns is not None else ()
    above = {key(name) for name in parents["area_name_zh_hans"]} if parents is not None else set()
    is_own = any(name in key(text) for text in titles for name in own)
    for text in titles:
        written = _WHEN.sub("", key(text))
        if any(name in written for name in own):
            continue
        county = _COUNTY.match(written)
        is_county = (
            county is not None
            and not _ZONE.match(county[1])
            and county[1] not in above
            and not any(county[1][:2] in name for name in own)
        )
        is_above = not is_own and any(name and written.startswith(name) for name in above)
        if is_county or is_above or written.startswith(below):
            yield text
