"""Sense in the plan's registers and in actual figures: observations, enterprises, towns.

Answers: what contradicts itself, what hardly can be right. Refuses: to convert or drop a figure.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from stdnum.cn import uscc

from fenghua.inputs import periods, vocabulary
from tidysheets import problems
from tidysheets.checks import by_value, rows
from tidysheets.problems import Problem
from tidysheets.schema import Schema
from tidysheets.tables import Table

DIVISIONS: Final = range(6, 47)  # GB/T 4754: mining 06-12, manufacturing 13-43, utilities 44-46
_INDUSTRY = re.compile(r"[A-Z]?(\d{2})\d{0,2}", re.IGNORECASE)
_CODE_LENGTH: Final = 18
_NEARLY: Final = range(16, 21)  # a sign or two too few or many
# Registered as a firm or alike, with the area of the registration.
_BEGUN = re.compile(r"[159][1-9]\d{5}[0-9A-Z]+")
_CODE = re.compile(r"[159][1-9]\d{6}[0-9A-Z]{10}", re.IGNORECASE)  # where a name should stand
_NUMBERED = re.compile(r"[0-9A-Za-z]$")
_TWO_CODES = re.compile(rf"{_CODE.pattern}.*{_CODE.pattern}", re.IGNORECASE)
_WHOLE_PCT: Final = 100  # nothing is left to fall
_SCALED_FROM_ZERO: Final = ("growth", "reduction")
_STARTED: Final = ("level", "cumulative")  # kinds that start from a printed figure, unless said


def check(read: Table, frames: dict[str, pd.DataFrame], today: date) -> list[Problem]:
    """Return what is wrong or odd in a table of actual figures."""
    found: list[Problem] = []
    if read.frame.empty:
        return found
    if "period" in read.frame or read.name == "enterprises":  # tasks and decisions may lie ahead
        found += _future(read, today)
    if read.name == "enterprises":
        found += _enterprises(read)
    if read.name in ("enterprises", "adjustments"):
        found += _credit_codes(read)
    if read.name in ("observations", "town_reports"):
        found += _observations(read, frames)
    return found


def limits(name: str, schema: Schema) -> tuple[float, float]:
    """Return the least and the most that makes sense, by the register of columns."""
    column = schema.tables["sense"][name]
    low = column.low if isinstance(column.low, float) else -np.inf
    return low, column.high if column.high is not None else np.inf


def _future(read: Table, today: date) -> Iterator[Problem]:
    now, facts = periods.end(today), {"today": f"{today}"}
    if "period" not in read.frame:
        yield from _told(read, "period_future", read.frame["year"] > now, "year", **facts)
        return
    for period in read.frame["period"].unique():
        if period and periods.end(period) > now:
            late = read.frame["period"] == period
            yield from _told(read, "period_future", late, "period", **facts)


def _told(read: Table, code: str, mask: pd.Series, column: str, **facts: object) -> list[Problem]:
    """Return the problems of the rows that a mask picks, but for cells with an error already."""
    return read.told(code, rows(mask & read.sound(column)), column, **facts)


def counted(firms: pd.DataFrame) -> pd.Series:
    """Mark the enterprises with land, tax and value added: sums per mu rest on the same ones."""
    return (firms["land_mu"] > 0) & firms["tax_wan"].notna() & firms["value_added_wan"].notna()


def _enterprises(read: Table) -> Iterator[Problem]:
    frame = read.frame
    land, tax, added = frame["land_mu"], frame["tax_wan"], frame["value_added_wan"]
    yield from _told(read, "land_not_positive", land <= 0, "land_mu")
    landless = land.isna() & (tax > 0) & ~frame["is_tenant"]
    place = "land_mu" if "land_mu" in read.headings else "tax_wan"
    yield from _told(read, "tax_without_land", landless, place)
    yield from _told(read, "value_added_negative", added < 0, "value_added_wan")
    unknown = [code for code in frame["industry_code"].unique() if _is_no_industry(code)]
    for _, at in by_value(frame["industry_code"], frame["industry_code"].isin(unknown)):
        yield from read.told("industry_unknown", at, "industry_code")
    usable = land.where(land > 0)
    for amount, limit in ((tax, "tax_per_mu_wan"), (added, "value_added_per_mu_wan")):
        low, high = limits(limit, read.schema)
        far = (amount / usable).abs() > high
        yield from _told(read, "out_of_sense", far, str(amount.name), **_band(low, high, "万元/亩"))
    low, high = limits("pooled_tax_per_mu_wan", read.schema)
    area = usable[tax.notna()].sum()
    with np.errstate(over="ignore"):  # an absurd figure makes an infinite ratio, which is named
        pooled = tax[usable.notna()].sum() / area if area else np.nan
    if pooled != 0 and not np.isnan(pooled) and not low <= pooled <= high:
        shown = f"{pooled:,.4g} 万元/亩"
        facts: dict[str, Any] = {"found": shown, **_band(low, high, "万元/亩")}
        yield problems.make(
            "out_of_sense",
            read.file,
            sheet=read.sheet,
            column=read.heading("tax_wan"),
            said=read.schema.sentences,
            **facts,
        )


def _is_no_industry(code: str) -> bool:
    match = _INDUSTRY.fullmatch(code)
    return bool(code) and not (match and int(match[1]) in DIVISIONS)


def _band(low: float, high: float, unit: str) -> dict[str, str]:
    shown = f"{low:g}" if np.isfinite(low) else f"{-high:g}"
    return {"low": f"{shown} {unit}", "high": f"{high:g} {unit}"}


def _credit_codes(read: Table) -> Iterator[Problem]:
    """Compare the last sign of credit codes (统一社会信用代码) with the rule of GB 32100-2015."""
    codes = read.frame["enterprise_id"].tolist()
    called = read.frame["name"].tolist() if "name" in read.headings else []
    swapped = [
        i
        for i, name in enumerate(called)
        if len(name) == _CODE_LENGTH and _CODE.fullmatch(name) and codes[i] != name
    ]
    yield from read.told("not_code", swapped, "enterprise_id")
    others = [i for i, c in enumerate(codes) if _is_of_no_firm(c) and i not in swapped]
    yield from read.told("not_one_firm", others, "enterprise_id")
    full = {code for code in codes if len(code) == _CODE_LENGTH}
    expected = {code: _check_digit(code) for code in full}
    sound = read.sound("enterprise_id").tolist()
    wrong, nearly = dict[int, dict[str, Any]](), dict[int, dict[str, Any]]()
    for i in (i for i, code in enumerate(codes) if len(code) in _NEARLY and sound[i]):
        code = codes[i]
        if code in full and expected[code] != code[-1].upper():
            wrong[i] = {"expected": expected[code]}
        elif code not in full and _BEGUN.fullmatch(code.replace("-", "")):
            nearly[i] = {"length": len(code)}
    yield from read.told("credit_code_check", [*wrong], "enterprise_id", [*wrong.values()])
    yield from read.told("credit_code_length", [*nearly], "enterprise_id", [*nearly.values()])


def _is_of_no_firm(code: str) -> bool:
    """Tell what is no code of one enterprise: words (其他, A类企业), or two codes in one cell.

    A code of one's own may begin with words: 甲-01.
    """
    is_words = not code.isascii() and not _NUMBERED.search(code)
    return is_words or (len(code) > _CODE_LENGTH and _TWO_CODES.search(code) is not None)


def _check_digit(code: str) -> str:
    """Return the sign a code should end with; the library's own check refuses villages' codes."""
    try:
        return uscc.calc_check_digit(code)
    except ValueError:
        return "?"


def _observations(read: Table, frames: dict[str, pd.DataFrame]) -> Iterator[Problem]:
    """Figures far from what the plan aims at; a town may have none, or few of what is counted."""
    about = frames["indicators"].set_index("indicator_id")[["kind", "unit", "is_count"]]
    aims = frames["targets"][frames["targets"]["value"].gt(0)].groupby("indicator_id")["value"]
    fewest, most = limits("times_target", read.schema)
    percent, unbounded = limits("percent", read.schema), (-np.inf, np.inf)
    is_percent = about["unit"] == "%"
    low, high = (np.where(is_percent, *pair) for pair in zip(percent, unbounded, strict=True))
    is_aimed = about["kind"].isin(["level", "cumulative", "annual"])
    aimed = (aims.max() * most).reindex(about.index).where(is_aimed)
    least = (aims.min() * fewest).reindex(about.index).where(about["kind"] == "level")
    about = about.assign(low=low, high=np.fmin(high, aimed), least=least)
    its = about.reindex(read.frame["indicator_id"]).reset_index()
    value = read.frame["value"]
    for i in rows((its["kind"] == "reduction") & (value < 0)):
        yield read.problem(
            "reduction_negative", i, "value", amount=f"{-value[i]:g} {its['unit'][i]}"
        )
    is_small = (read.name == "town_reports") & (value.eq(0) | its["is_count"].eq(True))
    low = its["least"].where(~is_small).fillna(its["low"])
    for i in rows((value < low) | (value > its["high"])):
        band = _band(low[i], its["high"][i], its["unit"][i])
        yield read.problem("out_of_sense", i, "value", **band)


def plan(registers: dict[str, Table]) -> list[Problem]:
    """Return where indicators and targets contradict each other, and registers of several rows."""
    found = []
    towns = registers["towns"]
    codes = towns.frame.get("code_12", pd.Series("", index=towns.frame.index))
    for at in rows(codes.duplicated() & (codes != "")):
        first = rows(codes == codes[at])[0]
        facts = {"key": "code_12", **towns.beside(at, towns, first, "code_12")}
        found.append(towns.problem("duplicate_row", at, "code_12", **facts))
    for name in ("plan", "status_cutoffs"):
        read = registers[name]
        if len(read.frame) > 1:
            said = read.schema.sentences
            found.append(problems.make("one_row", read.file, found=len(read.frame), said=said))
    indicators, targets = registers["indicators"], registers["targets"]
    by_indicator: dict[str, list[Any]] = {}
    for row in targets.frame.itertuples():
        by_indicator.setdefault(row.indicator_id, []).append(row)
    for i, row in enumerate(indicators.frame.itertuples()):
        own = by_indicator.get(row.indicator_id, [])
        for role in _roles_needed(row):
            serve = vocabulary.GOALS if role == "target" else (role,)
            if all(goal.role not in serve for goal in own):
                place = {"column": "indicator_id", "found": row.indicator_id}
                said = targets.schema.sentences
                found.append(problems.make(f"{role}_missing", targets.file, said=said, **place))
        found += _contradictions(indicators, i, row.kind, row.direction, own, targets)
        found += _out_of_order(row.kind, own, targets)
    return found


def _roles_needed(row: Any) -> tuple[str, ...]:
    """Return the rows an indicator must have: a baseline only where the path starts from one."""
    if row.scope != "headline":
        return ()
    starts = {"": row.kind in _STARTED, "printed": True}
    return ("baseline", "target") if starts.get(row.start, False) else ("target",)


def _out_of_order(kind: str, own: list[Any], targets: Table) -> Iterator[Problem]:
    """A target is due after the year that its path begins in, and no two in one year."""
    aims = [row for row in own if row.role == "target" and pd.notna(row.value)]
    stated = [row.base_year for row in aims if pd.notna(row.base_year)]
    printed = [row.year for row in own if row.role == "baseline"]
    starts = [*stated, *printed] if kind in _SCALED_FROM_ZERO else [*printed, *stated]
    before = starts[0] if starts and kind != "annual" else -np.inf
    for row in sorted(aims, key=lambda aim: aim.year):
        if row.year <= before:
            yield targets.problem("target_year_order", row.Index, "year", before=f"{before:g}")
        before = row.year


def _contradictions(
    indicators: Table, i: int, kind: str, direction: float, own: list[Any], targets: Table
) -> Iterator[Problem]:
    """A row moves from its baseline as its direction says; reductions and growth are positive.

    A floor or cap names its own safe side, so one that the base already meets is no contradiction.
    """
    aims = {row.Index: row for row in own if row.role == "target" and pd.notna(row.value)}
    bases = [row.value for row in own if row.role == "baseline" and pd.notna(row.value)]
    if kind in _SCALED_FROM_ZERO:
        for at, row in aims.items():
            if row.value <= 0 or (kind == "reduction" and row.value >= _WHOLE_PCT):
                yield targets.problem("target_sign", at, "value")
    elif kind not in ("annual", "assigned") and bases and direction in (1, -1):
        for row in aims.values():
            end = vocabulary.weakest_end(direction, row.value, row.value_high)
            about = {"base": bases[0], "target": end, "comparator": row.comparator}
            if vocabulary.moves_back(direction, **about):
                facts = {"base": f"{bases[0]:g}", "target": f"{end:g}"}
                yield indicators.problem(
                    "direction_contradicts", i, "direction", expected=f"{-direction:g}", **facts
                )
                break
