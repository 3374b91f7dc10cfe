"""What each brief's sentences must agree with: the rows of the tables of the same page.

Answers: which fact of a headline, key point or title a table contradicts. Refuses: to look at
another page, or at the code that wrote this one.
"""

import re
from collections.abc import Callable, Iterator, Mapping

import pandas as pd
from told import Told, agrees, facts, keys, names_in, number, pattern, wrong

from fenghua.inputs.vocabulary import BEHIND, KEEPING_UP

COUNTED = (
    *("judged_all", "judged_all_due", "judged_all_open"),
    *("judged_no", "judged_no_due", "judged_no_open"),
    *("none_judged", "judged", "judged_due", "judged_open"),
)
# A sentence may have a variant for its case: after the due date, without the register, ...
VARIANTS = (
    "none",
    "all",
    "due",
    "since",
    "ended",
    "missing",
    "light",
    "late",
    "even",
    "curve_only",
    "exact",
    "nothing",
    "all_due",
    "no",
    "no_due",
    "own",
    "all_own",
    "no_own",
    "ended_all",
    "ended_no",
    "since_no",
    "since_every",
    "since_no_every",
    "late_all",
    "held_all",
    "right_all",
)


def of_gaps(told: Told) -> Iterator[str]:
    """Check the page of gaps."""
    table = told.tables["t1"]
    behind, good = table[table["status"].isin(BEHIND)], table[table["status"].isin(KEEPING_UP)]
    counts = {"total": len(table), "judged": len(behind) + len(good), "good": len(good)}
    counts["open"] = counts["total"] - counts["judged"]
    gap = told.head("shortfall", table)
    counts["reached"] = int((good[gap] >= 0).sum())
    heads = keys(*(f"gaps.finding{end}" for end in ("", "_good", "_no", "_missing", "_nothing")))
    key, said = facts(told.headline, heads, told.words)
    yield from wrong("headline", said, counts) if key else ["headline: no template fits"]
    for part in ("worst", "least"):
        for after, row in names_in(said.get(part, ""), table, told, "indicator"):
            if not agrees(after, row[gap]):
                yield f"headline: {part} {row['indicator_id']}: {after[:20]!r}, table {row[gap]}"
            if (part == "worst") != (row["status"] in BEHIND):
                yield f"headline: {part} {row['indicator_id']} is {row['status']}"
    for point in told.points:
        yield from _point(point, told, table, counts, gap)
    yield from _against(told, table)
    tasks = [t for t in told.tables.values() if _is_tasks(told, t)]
    for name, rows in (("table", [table]), ("tasks", tasks)):
        found = pd.concat(rows)["status"].value_counts().to_dict() if rows else {}
        if rows and found not in told.tallies:
            yield f"tally of the {name}: {told.tallies}, tables {found}"
    if "f1" in told.titles:
        _, said = facts(told.titles["f1"], keys("gaps.paths", "gaps.index"), told.words)
        yield from wrong("title of figure 1", said, {"n": len(told.tables["f1"])})


def _point(
    point: str, told: Told, table: pd.DataFrame, counts: Mapping[str, int], gap: str
) -> Iterator[str]:
    # Of tasks first: "2 met and 1 not met." is a tally, not the sentence on what was met.
    of_rows = keys("gaps.point", "gaps.good", "gaps.unknown")
    key, said = facts(point, [*keys("gaps.tasks"), *of_rows], told.words)
    if key.startswith("gaps.point"):
        yield from _row_said(point, told, table, gap)
        return
    if key.startswith("gaps.tasks"):
        tasks = [t for t in told.tables.values() if _is_tasks(told, t)]
        yield from _tallied(said, pd.concat(tasks)["status"], told)
        return
    expected = dict(counts)
    if key.startswith("gaps.unknown"):
        expected["n"] = counts["open"]
    yield from wrong(f"key point {point[:30]!r}", said, expected)


def _row_said(point: str, told: Told, table: pd.DataFrame, gap: str) -> Iterator[str]:
    """Check value, target and gap of the row that a key point is about."""
    _, said = facts(point, keys("gaps.point"), told.words)
    rows = table[told.column("indicator", table) == said["name"]]
    if len(rows) != 1:
        yield f"key point: no row {said['name']!r}"
        return
    row = rows.iloc[0]
    heads = {"value": told.head("against", table), "target": "next_target_value", "gap": gap}
    for part, head in heads.items():
        if not agrees(said[part], row[head]):
            yield f"key point {row['indicator_id']}: {part} {said[part]!r}, table {row[head]}"


def _is_tasks(told: Told, table: pd.DataFrame) -> bool:
    return "status" in table and told.found("task", table) != ""


def _tallied(said: Mapping[str, str], statuses: pd.Series, told: Told) -> Iterator[str]:
    """Check a sentence that counts the statuses of tasks."""
    numbers = sorted(int(n) for n in re.findall(r"\d+", said["tally"]))
    counts = sorted(statuses.value_counts())
    if numbers != counts * (len(counts) > 1) or number(said["n"]) != sum(counts):
        yield f"{told.brief}: {said}, tables {counts}"


def _against(told: Told, table: pd.DataFrame) -> Iterator[str]:
    """Check the line against last year by the column of the status then."""
    if not told.against:
        return
    side = dict.fromkeys(KEEPING_UP, "up") | dict.fromkeys(BEHIND, "behind")
    before, now = (table[c].map(side).fillna("none") for c in ("status_before", "status"))
    expected = []
    for was in ("behind", "up"):
        counts = now[before == was].value_counts()
        if len(counts):
            expected.append(int(counts.sum()))
            alone = list(counts.index) == [was]
            expected += [] if alone else [int(counts[x]) for x in sorted(counts.index)]
    year = re.search(r"[:：]", told.against)
    said = [int(n) for n in re.findall(r"\d+", told.against[year.end() :])]
    if sorted(said) != sorted(expected):
        yield f"against last year: {told.against!r}, tables {expected}"


def of_trajectories(told: Told) -> Iterator[str]:
    """Check the page of courses: paces, readings, who was met, the record."""
    table = told.tables["t1"]
    if "status" not in table:  # of a plan that has only begun: its own two legs
        faster = told.column("times_faster", table).round(9) > 1
        counts = {"n": len(table), "late": int(faster.sum()), "early": int((~faster).sum())}
        for stem in ("trajectories.finding", "trajectories.late"):
            yield from _all_said(told, stem, counts)
        return
    if table["status"].value_counts().to_dict() not in told.tallies:
        yield f"tally: {told.tallies}, table {table['status'].value_counts().to_dict()}"
    behind, good = table["status"].isin(BEHIND), table["status"].isin(KEEPING_UP)
    counts = {"total": len(table)}
    if "course" in table:
        yield from _paces(told, table, counts)
        return
    counts |= {"judged": int((behind | good).sum()), "good": int(good.sum())}
    counts["short"] = counts["judged"] - counts["good"]
    since = keys("trajectories.since")
    late = [facts(point, since, told.words)[1] for point in told.points]
    by_year = {said["year"]: number(said["n"]) for said in late if said}
    ends = ("since", "since_no", "since_every", "since_no_every")
    since = keys(*(f"trajectories.finding_{end}" for end in ends))
    _, said = facts(told.headline, since, told.words)
    if said:
        counts["late"] = by_year[said["year"]]
        if sum(by_year.values()) != counts["short"]:
            yield f"key points: {by_year} of {counts['short']} not met"
    yield from _all_said(told, "trajectories.finding", counts)
    yield from _all_said(told, "trajectories.caught_up", {"n": counts["good"]})
    if "t2" in told.tables:
        scores = told.tables["t2"]
        names = {"n": "n_readings", "between": "between"}
        sums = {k: told.column(v, scores).sum() for k, v in names.items()}
        yield from _all_said(told, "trajectories.record", sums)


def _paces(told: Told, table: pd.DataFrame, counts: dict[str, int]) -> Iterator[str]:
    """Check what is said of paces and readings before the end."""
    needed, so_far = (told.column(key, table) for key in ("required_rate", "achieved_rate"))
    known = needed.notna() & so_far.notna()
    faster = (_ahead(needed, told, table) * (needed - so_far)).round(9).gt(0)
    counts |= {"judged": int(known.sum()), "faster": int(faster.sum())}
    yield from _all_said(told, "trajectories.finding", counts)
    pace = keys("trajectories.finding", "trajectories.finding_all")
    _, said = facts(told.headline, pace, told.words)
    if "name" in said:
        for _, row in names_in(said["name"], table, told, "indicator"):
            for part, key in (("needed", "required_rate"), ("so_far", "achieved_rate")):
                if not agrees(said[part], row[told.head(key, table)]):
                    yield f"headline: {part} {said[part]!r}, table {row[told.head(key, table)]}"
    courses = table["course"].fillna("").value_counts()
    known = [int(courses.get(code, 0)) for code in ("reaches", "falls_short", "open")]
    for point in told.points:
        _, said = facts(point, keys("trajectories.course"), told.words)
        counted = [n for n in known if n]
        counted = counted if len(counted) > 1 else []  # of all the same no number is said
        counted += [len(table) - sum(known)] if len(table) > sum(known) else []
        if said and [int(n) for n in re.findall(r"\d+", said["parts"])] != counted:
            yield f"key point {point!r}: table {known} of {len(table)}"
    yield from _all_said(told, "trajectories.course", {"n": sum(known)})
    pace, best = (told.column(key, table) for key in ("required_pace", "best_pace"))
    way = _ahead(pace, told, table)
    ahead = way.ne(0) & best.notna()
    over = ahead & ((way * (pace - best)).gt(0) | (way * best).le(0))
    both = {"known": int(ahead.sum()), "n": int(over.sum())}
    yield from _all_said(told, "trajectories.over_best", both)
    for point in told.points:
        key, said = facts(point, keys("trajectories.needed"), told.words)
        for _, row in names_in(said.get("name", ""), table, told, "indicator"):
            for part, column in (("needed", pace), ("best", best)):
                if not agrees(said[part], column[row.name]):
                    yield f"{key}: {part} {said[part]!r}, table {column[row.name]}"


def _ahead(pace: pd.Series, told: Told, table: pd.DataFrame) -> pd.Series:
    """Return the sign of the way to go by a pace needed: -1 down to a lower target, 0 for none."""
    targets = table.filter(["next_target_value", "end_target_value"]).min(axis=1)
    falls = pace.lt(0) & targets.lt(told.column("against", table))
    return pace.gt(0).astype(int) - falls.astype(int)


def of_towns(told: Told) -> Iterator[str]:
    """Check the page of towns: tasks counted, the order, tasks most missed."""
    (tally,) = told.tallies or [{}]
    good = sum(n for code, n in tally.items() if code in KEEPING_UP)
    judged = good + sum(n for code, n in tally.items() if code in BEHIND)
    unknown = sum(tally.values()) - judged
    counts = {"judged": judged, "good": good, "total": sum(tally.values())}
    yield from _all_said(told, "town_comparison.finding", counts)
    yield from _all_said(told, "town_comparison.unknown", {"n": unknown})
    table = told.tables["t1"]
    if tally and _sum_of_towns(told, table) != [good, judged, sum(tally.values())]:
        yield f"towns of table 1 add up to {_sum_of_towns(told, table)}, tally {tally}"
    yield from _missed(told)
    ranks = [t for t in told.tables.values() if _has(told, t, "better") and _has(told, t, "tier")]
    for pairs in ranks[:1]:
        better, worse = (told.column(key, pairs) for key in ("better", "worse"))
        n = len(pairs)
        order = {"pairs": better.sum(), "every": n * (n - 1) // 2, "n": n}
        order |= {"below": better.max(), "above": worse.max()}
        yield from _all_said(told, "town_comparison.order", order)
        of_order = keys("town_comparison.order", "town_comparison.order_all")
        _, said = facts(told.points[0], of_order, told.words)
        for part, column in (("best", better), ("last", worse)):
            listed = {row.name for _, row in names_in(said.get(part, ""), pairs, told, "town")}
            if said and listed != set(column.index[column == column.max()]):
                yield f"key point: {part} is {said[part]!r}"
        first = keys("town_comparison.finding_first")
        sure = re.search(pattern(first[0], told.words), told.headline)
        if sure and (number(sure["n"]) != n - 1 or better.max() != n - 1):
            yield f"headline: {sure[0]!r}, table {better.max()} of {n - 1}"


def _missed(told: Told) -> Iterator[str]:
    """Check in how many towns a task is said to be behind, by the table of the tasks."""
    tables = [t for t in told.tables.values() if _has(told, t, "behind_of")]
    ends = ("", "_due", "_own", "_all", "_all_due", "_all_own")
    done = keys(*(f"town_comparison.missed{end}" for end in ends))
    for table in tables[:1]:
        n = _parted(told.column("behind_of", table))
        for point in told.points:
            _, said = facts(point, done, told.words)
            if said:
                for _, row in names_in(said["name"], table, told, "task"):
                    known = {"behind": n[0][row.name], "judged": n[1][row.name]}
                    yield from wrong(f"key point {point[:30]!r}", said, known)
        for after, row in names_in(told.headline, table, told, "task"):
            said_n = re.sub(r"\bboth\b", "2", after)  # the word stands for the number
            if not agrees(said_n, n[0][row.name]):
                yield f"headline: {after[:20]!r}, table {n[0][row.name]}"


def _sum_of_towns(told: Told, table: pd.DataFrame) -> list[int]:
    """Return good, judged and all tasks of the towns, the zones apart that overlap them."""
    towns = table[~table["town_code"].astype(str).str.contains("-")]
    done = _parted(told.column("done_of", towns))
    return [int(done[0].sum()), int(done[1].sum()), int(told.column("n", towns).sum())]


def _parted(pairs: pd.Series) -> pd.DataFrame:
    """Return both numbers of cells such as "2 / 5"; a dash stands for none of none."""
    return pairs.replace("—", "0 / 0").str.split(" / ", expand=True).astype(int)


def of_town(told: Told) -> Iterator[str]:
    """Check a town's brief: its tasks counted, those furthest behind with their gaps."""
    tables = [t for t in told.tables.values() if {"status", "task_year"} <= set(t)]
    if not tables:
        return
    table = tables[0]
    gap = told.head("task_gap", table)
    good, behind = table["status"].isin(KEEPING_UP), table["status"].isin(BEHIND)
    counts = {"judged": int((good | behind).sum()), "good": int(good.sum())}
    yield from _all_said(told, "town_brief.finding", counts | {"n": len(table)})
    yield from _all_said(told, "town_brief.good", {"n": counts["good"]})
    unknown = len(table) - counts["judged"]
    yield from _all_said(told, "town_brief.unknown", {"n": unknown})
    if table["status"].value_counts().to_dict() not in told.tallies:
        yield f"tally: {told.tallies}, table {table['status'].value_counts().to_dict()}"
    for after, row in names_in(told.headline, table, told, "task"):
        if row["status"] not in BEHIND or not agrees(after, row[gap]):
            yield f"headline: {row['indicator_id']} is {row['status']}, {row[gap]}: {after[:20]!r}"
    for point in told.points:
        key, said = facts(point, keys("town_brief.point"), told.words)
        for _, row in names_in(said.get("name", ""), table, told, "task"):
            for part, value in (
                ("value", row[told.head("task_against", table)]),
                ("gap", row[gap]),
            ):
                if not agrees(said[part], value):
                    yield f"{key}: {part} {said[part]!r}, table {value}"


def of_unit(told: Told) -> Iterator[str]:
    """Check a unit's brief: what it leads and shares counted, what it owes."""
    rows = [t for t in told.tables.values() if {"status", "indicator_id"} <= set(t)]
    tasks = [t for t in rows if _is_tasks(told, t)]
    led = [t for t in rows if not _is_tasks(told, t) and told.found("shortfall", t)]
    for said_of, part in (("lead", led), ("sole shared", tasks)):
        statuses = pd.concat([t["status"] for t in part]) if part else pd.Series(dtype=object)
        good, behind = (int(statuses.isin(side).sum()) for side in (KEEPING_UP, BEHIND))
        found = {"n": 0.0, "judged": 0.0, "good": 0.0}
        for role in said_of.split():
            for key, n in _counted(told, role).items():
                found[key] += n
        expected = {"n": len(statuses), "judged": good + behind, "good": good}
        if found != expected:
            yield f"headline: {said_of}: {found}, tables {expected}"
        if part and statuses.value_counts().to_dict() not in told.tallies:
            yield f"tally of {said_of}: {told.tallies}, {statuses.value_counts().to_dict()}"
    for point in told.points:
        key, said = facts(point, keys("lead_unit_brief.tasks", "gaps.point"), told.words)
        if key.startswith("lead_unit_brief.tasks"):
            yield from _tallied(said, pd.concat(tasks)["status"], told)
        elif key:
            yield from _row_said(point, told, led[0], told.head("shortfall", led[0]))
    for table, name in [*((t, "indicator") for t in led), *((t, "task") for t in tasks)]:
        for after, row in names_in(told.headline, table, told, name):
            gap = row[told.head("shortfall", table)]
            if row["status"] not in BEHIND or not agrees(after, gap):
                yield f"headline: {row['indicator_id']}: {after[:20]!r}, {gap}"
    owed = [t for t in told.tables.values() if "owed" in t]
    missing = sum(int((t["owed"] == "missing").sum()) for t in owed)
    expected = {"n": sum(map(len, owed)), "missing": missing}
    yield from _all_said(told, "lead_unit_brief.owed", expected)


def _counted(told: Told, role: str) -> dict[str, float]:
    """Return what the headline says of one role: rows, judged of them, good of those."""
    counted = pattern(f"lead_unit_brief.count_{role}", told.words)
    # said where not all of them can be judged
    of = pattern("lead_unit_brief.of_judged", told.words).replace(".+?", r"\d+")
    for key in [k for stem in COUNTED for k in keys(f"lead_unit_brief.{stem}")]:
        found = re.search(rf"{counted} ?(?:{of} ?)?{pattern(key, told.words)}", told.headline)
        named = {name: text for name, text in found.groupdict().items() if text} if found else {}
        if named and all(text.isdigit() for text in named.values()):
            said = {name: number(text) for name, text in named.items()}
            said.setdefault("judged", 0.0 if "none_judged" in key else said["n"])
            return {"good": said["judged"] * ("judged_all" in key)} | said
    return {}


def of_per_mu(told: Told) -> Iterator[str]:
    """Check the per-mu page: a point of the curve, classes, the register, the change."""
    key, said = facts(told.headline, keys("per_mu.finding_curve"), told.words)
    if key:
        curve = told.tables["f1"]
        names = ("enterprises_share", "land_share", "tax_share")
        at = curve[(told.column(names[0], curve) * 100 - number(said[names[0]])).abs() < 0.5]
        for name in names:
            if len(at) != 1 or not agrees(said[name], 100 * told.column(name, at).iloc[0]):
                yield f"headline: {name} {said[name]!r}, curve {at.to_dict('records')}"
    register = [t for t in told.tables.values() if _has(told, t, "listed") and "code" in t]
    for table in register[:1]:
        total = table[table["code"] == "listed_all"].iloc[0]
        names = {"n": "listed", "entered": "entered", "protected": "protected"}
        counts = {k: total[told.head(v, table)] for k, v in names.items() if _has(told, table, v)}
        counts = {k: float(n) for k, n in counts.items() if str(n).replace(".", "").isdigit()}
        yield from _all_said(told, "per_mu.point_register", counts)
        yield from _all_said(told, "per_mu.finding_curve", counts)
    classes = told.tables["t1"]
    if "code" in classes:
        ratio = pd.to_numeric(told.column("tax_per_mu", classes), errors="coerce")  # some withheld
        ratio = ratio.set_axis(classes["code"])
        yield from _agreeing(told, "per_mu.point_classes", {c: ratio.get(c) for c in "AD"})
    for table in told.tables.values():
        if "part_total" in table.get("code", pd.Series(dtype=object)).tolist():
            row = table[table["code"] == "part_total"].iloc[0]
            value = row[told.head("change_value", table)]
            parts = {"value": value, "error": row["error"]}
            yield from _agreeing(told, "per_mu.point_change", parts)
            yield from _agreeing(told, "per_mu.point_no_change", parts)


def of_audit(told: Told) -> Iterator[str]:
    """Check the audit: matters, points, and how many verdicts hang on each."""
    table = told.tables["t1"]
    n = told.column("n_rows", table)
    decides = told.column("decides", table) if _has(told, table, "decides") else 0 * n
    counts = {"matters": len(table), "rows": n.sum()}
    yield from _all_said(told, "plan_audit.finding", counts)
    _, said = facts(told.titles["t1"], keys("plan_audit.matters"), told.words)
    yield from wrong("title of table 1", said, {"n": len(table), "rows": n.sum()})
    _, said = facts(told.headline, keys("plan_audit.finding"), told.words)
    if said and number(said["decided"].rpartition("(")[2]) != decides.iloc[0]:
        yield f"headline: {said['decided']!r}, table {decides.iloc[0]}"
    names = told.column("matter", table)
    each = next(t for t in told.tables.values() if "role" in t)
    sizes = {"targets": int((each["role"] == "target").sum())}
    yield from _all_said(told, "plan_audit.checked", sizes)
    for point in told.points:
        _, said = facts(point, keys("plan_audit.point"), told.words)
        for i in names.index[names.str.lower() == said.get("matter", "").lower()]:
            if number(said["n"]) != n[i] or (decides[i] and number(said["decided"]) != decides[i]):
                yield f"key point {point!r}: table {n[i]}, {decides[i]}"


def _all_said(told: Told, stem: str, known: Mapping[str, float]) -> Iterator[str]:
    """Check every sentence of these templates, headline and key points alike."""
    for sentence in (told.headline, *told.points):
        key, said = facts(sentence, keys(stem, *(f"{stem}_{v}" for v in VARIANTS)), told.words)
        if key:
            yield from wrong(f"{key}: {sentence[:30]!r}", said, known)
            yield from _kept(key, known)


def _kept(key: str, known: Mapping[str, float]) -> Iterator[str]:
    """Check that a sentence on all or none of those judged is right about it."""
    if ".finding" not in key or not known.get("judged") or "good" not in known:
        return
    said = re.search(r"_(all|no)(_due|_own)?(\.|$)", key)
    real = {known["judged"]: "all", 0: "no"}.get(known["good"], "")
    if (said[1] if said else "") != real:
        yield f"{key}: {known}"


def _agreeing(told: Told, stem: str, known: Mapping[str, float]) -> Iterator[str]:
    """Check figures that a sentence rounds against those of a table."""
    for sentence in told.points:
        key, said = facts(sentence, keys(stem), told.words)
        for name in set(said) & set(known):
            if not agrees(said[name], known[name]):
                yield f"{key}: {name} {said[name]!r}, table {known[name]}"


def _has(told: Told, table: pd.DataFrame, key: str) -> bool:
    return told.found(key, table) != ""


# Add the check of a brief here: a function from what its page says to the faults found.
CHECKS: Mapping[str, Callable[[Told], Iterator[str]]] = {
    "gaps": of_gaps,
    "lead_unit_brief": of_unit,
    "per_mu_efficiency": of_per_mu,
    "plan_audit": of_audit,
    "town_brief": of_town,
    "town_comparison": of_towns,
    "trajectories": of_trajectories,
}
