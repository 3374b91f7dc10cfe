"""What notes beside a table say of its figures: how final they are, of which area, of which year.

Answers: what a note says of all figures, or those of a year. Refuses: to share out what it says of
some of them.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fenghua.inputs import periods
from tidysheets import problems, signs
from tidysheets.header import spans, times
from tidysheets.problems import Problem, simplified
from tidysheets.tables import Table
from tidysheets.units import key

_YEAR: Final = r"(?:19|20)\d\d年?度?"
_NOTE: Final = re.compile(
    r"(?:附?注|说明|备注|note)\d*[:.、]?|[(]?\d{1,2}[).、](?!\d)|(?=[(]?(?:本表|以上|上述|表[中内]))",
    re.IGNORECASE,
)
_MARKED: Final = re.compile(r"[*※†]")
_CLAUSE: Final = re.compile(r"[。；;，,!()]|\.(?!\d)")
_ALL: Final = rf"(?:本表|以上|上述|表[中内]|所列|各项|所有|全部|数据|数[字值]?|指标|的|{_YEAR})*"
_SAYS: Final = r"[均都皆]?(?:[为系是]|采用|按照?)"
_PLAIN: Final = re.compile(rf"(?P<subject>{_ALL}){_SAYS}(?P<what>.+)|(?P<alone>.+)")
# What counts or does not: 不含大榭开发区, 剔除龙头企业.
_SCOPE: Final = re.compile(r"[含除].{1,10}(?:[区县市镇]|街道|区属|企业|公司)")
_LEFT_OUT: Final = re.compile(r"(?:不含|不包括|剔除|扣除).{1,10}(?:企业|公司)")
# What a figure counts, in a remark on it alone: 仅规上, 按全口径.
_LIMITED: Final = "不包括|不计|剔除|扣除|除.{1,10}外|仅|只[含有限计统]|含|口径"
_TIMED: Final = re.compile("[年月季底]")
# To when figures count: 数据截至2023年9月底.
_UNTIL: Final = re.compile(
    rf"(?:{_ALL}|统计|时间|口径|均)*截[至止](?:时间)?[到为至:]?(?P<when>\d[^至到]*?)[底末止]*(?:的?(?:累计)?数据?)?"
)
_TAIL: Final = re.compile(r"(?:企业|的|口径|范围|统计|计算|数据|数[字值]?|值)+$")


@dataclass(frozen=True)
class Said:
    """What a note says (快报) of all figures, or of those of some years, as it is written.

    It ``is_plain`` unless it speaks of some figures alone, or of what is left out.
    """

    what: str
    years: frozenset[str]
    written: str
    is_plain: bool


def lines(table: Table) -> Iterator[tuple[int, str]]:
    """Yield the lines above and below the rows that were read, with their numbers."""
    for number in sorted({*range(1, len(table.lines) + 1)} - {*table.rows.tolist()}):
        words = [cell for cell in table.lines[number - 1] if isinstance(cell, str)]
        text = " ".join(" ".join(words).split())
        mark = "*" if signs.has_note(text[:1]) else ""
        yield number, simplified(mark + signs.half_width(text))


def read(table: Table) -> Iterator[Said]:
    """Yield what notes say, clause by clause; what speaks of no figure here is left out."""
    own = years(table)
    for _, text in lines(table):
        if note := _NOTE.match(text):
            said = _clauses(text[note.end() :], text)
            yield from (clause for clause in said if not clause.years or clause.years & own)
        elif _MARKED.match(text):  # it is of what bears the same mark
            yield Said(text, frozenset(), text, is_plain=False)


def remarks(table: Table) -> Iterator[tuple[int, Said]]:
    """Yield what the remarks of single rows say of their figures, each with its row's place."""
    stated = table.frame["note"].tolist() if "note" in table.headings else []
    for i, (remark, period) in enumerate(zip(stated, table.frame["period"], strict=False)):
        for said in _clauses(simplified(signs.half_width(remark)), remark):
            if not said.years or period[:4] in said.years:
                yield i, said


def _clauses(text: str, written: str) -> Iterator[Said]:
    for clause in filter(None, map(str.strip, _CLAUSE.split(text))):
        if found := _PLAIN.fullmatch(clause.replace(" ", "")):
            named = frozenset(times.years_in([found["subject"] or ""]))
            whole = found["what"] or found["alone"]
            what = whole if _SCOPE.search(whole) else _TAIL.sub("", whole)
            is_plain = not re.search("[含除]", clause) and (whole, what) != (clause, clause)
            yield Said(what, named, written, is_plain)


def years(table: Table) -> set[str]:
    """Return the years of the figures of a table."""
    time = next((name for name in ("period", "year") if name in table.frame), "")
    return {str(value)[:4] for value in table.frame[time].unique()} - {""} if time else set()


def check(table: Table) -> Iterator[Problem]:
    """Yield where a note says that the figures are of another time than was read."""
    own = years(table)
    for text in _ended_before(table) if "period" in table.frame else ():
        yield made(table, "note_differs", text, value=", ".join(_periods(table)))
    status = table.schema.meanings[table.name].get("status", {})
    words = "|".join(word for word, kind in status.items() if kind == "preliminary")
    for _, text in lines(table):
        if not _NOTE.match(text) and _LEFT_OUT.search(text):  # a title: （剔除龙头企业）
            yield made(table, "note_unheeded", text)
    for said in read(table) if own else ():
        found = times.years_in([f"{said.what}年"])
        is_time = re.fullmatch(_YEAR, said.what) and not said.years
        if (is_time and not found & own) or times.without_untold(said.what) == "":
            yield made(table, "note_differs", said.written, value=", ".join(sorted(own)))
        elif _is_partly(said, words) or (found - own and re.search(_SAYS + _YEAR, said.what)):
            yield made(table, "note_unheeded", said.written)


def check_remarks(table: Table, others: Collection[str]) -> Iterator[Problem]:
    """Yield where the remark of a row says that its figure is of another time or area, or expected.

    What it counts (不含龙头企业, 仅规上) may be what the indicator means: that is asked about.
    ``others`` are what remarks call other areas.
    """
    meanings = table.schema.meanings[table.name]
    status = meanings.get("status", {})
    words = meanings.get("area_code", {})
    expected = "|".join(word for word, kind in status.items() if kind == "estimate") or "$^"
    is_expected = re.compile(
        rf"(?:{_ALL}|全年|年底|[为系是])*(?:{expected})(?:完成|达到?)?(?:数|值)?"
    )
    may_be = re.compile(rf"{_LIMITED}|{expected}")
    for i, said in remarks(table):
        period = table.frame["period"].iat[i]
        is_other = said.what in others or is_expected.fullmatch(said.what)
        if not period or key(said.written) in status:  # that is read as such, or refused
            continue
        if is_other or _is_of_other_time(said.what, period):
            yield table.problem("remark_differs", i, "note", value=period)
        elif _is_heeded(said, words, status, table.frame["area_code"].iat[i]):
            continue
        elif may_be.search(said.written):
            yield table.problem("remark_unheeded", i, "note")


def _is_heeded(said: Said, words: Mapping[str, str], status: Mapping[str, str], area: str) -> bool:
    """Tell whether a remark says what was read of its row: 快报数, 区属口径."""
    what = key(said.what)
    named = next((words[word] for word in words if said.is_plain and what.endswith(word)), "\0")
    return what in words or what in status or named == area


def _is_of_other_time(text: str, period: str) -> bool:
    """Tell whether a remark is nothing but another time than a figure's: 为2022年数, 截至10月底."""
    until = _UNTIL.fullmatch(text)
    when = _moment(until["when"] if until else text, {period[:4]}) if _TIMED.search(text) else None
    if when is None or (when.part is None and str(when.year) == period[:4]):
        return False
    return periods.end(when) != periods.end(period)


def _periods(table: Table) -> list[str]:
    return sorted({*table.frame["period"]} - {""})


def _ended_before(table: Table) -> Iterator[str]:
    """Yield the lines by which figures count to an earlier day than that of their period."""
    for _, text in lines(table):
        note = _NOTE.match(text)
        for clause in _CLAUSE.split(text[note.end() :] if note else text):
            found = _UNTIL.fullmatch(clause.replace(" ", ""))
            named = times.years_in([clause[: found.start("when")]]) if found else set()
            when = _moment(found["when"], named or years(table)) if found else None
            read = [periods.end(p) for p in _periods(table) if when and p[:4] == str(when.year)]
            if when and read and periods.end(when) not in read and periods.end(when) < max(read):
                yield text
                break


def _moment(text: str, own: set[str]) -> periods.Period | None:
    """Return the time of a note; a month without a year is of the one year of the figures."""
    for written in (text, f"{next(iter(own))}年{text}" if len(own) == 1 else ""):
        try:
            return periods.parse(written)
        except ValueError:
            continue
    return None


def _is_partly(said: Said, words: str) -> bool:
    """Tell whether a note says of some figures how final they are, or what a figure leaves out."""
    is_status = bool(words) and bool(re.search(f"{_SAYS}(?:{words})", said.what))
    return is_status or bool(_SCOPE.search(said.what))


def alone(table: Table) -> str:
    """Return the word by which a note says that figures are of a month or quarter alone."""
    return next((said.what for said in read(table) if spans.is_alone(said.what)), "")


def made(table: Table, code: str, found: str, **facts: Any) -> Problem:
    """Return a problem of a note, with its place."""
    row = next((row for row, text in lines(table) if text == found), None)
    said: dict[str, Any] = {"said": table.schema.sentences, "row": row, **facts}
    return problems.make(code, table.file, sheet=table.sheet, found=found, **said)
