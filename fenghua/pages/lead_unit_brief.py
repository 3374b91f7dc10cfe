"""What the brief of a responsible unit says in sentences: its finding and its key points.

Answers: how what it leads and what it shares stand, each apart, and which figures are to be
reported. Refuses: to count a shared task as the unit's own.
"""

from typing import Final

import pandas as pd

from fenghua.display import naming, sentences
from fenghua.display.kit import Kit
from fenghua.display.wording import Words
from fenghua.inputs.records import rows_of
from fenghua.inputs.vocabulary import BEHIND, KEEPING_UP
from fenghua.pages import foremost, gaps

ISSUES: Final = 4  # issues of the strip of statuses, this one included
LATE: Final = 5  # tasks behind that stand on the two sheets; the others are folded
OWED: Final = 6  # figures to be reported that stand on the two sheets
_NAMED: Final = 2  # rows furthest behind that have a key point of their own
_DUE: Final = ("met", "achieved", "missed")  # held against a target, and not against its path
_LISTED: Final = 5  # figures to be reported that are named in a sentence


def finding(unit: str, rows: pd.DataFrame, kit: Kit, *, clauses: int) -> str:
    """Return the page's one sentence.

    Parameters
    ----------
    unit : str
        The unit's name.
    rows : DataFrame
        Its named rows, furthest behind first in each ``role``: lead, sole or shared.
    kit : Kit
        The words of the moment.
    clauses : int
        The number of clauses it answers for.
    """
    if rows.empty:
        return kit.say("lead_unit_brief.finding_none", unit=unit, n=clauses)
    told = [_counted(part, str(role), kit) for role, part in _by_role(rows)]
    is_all_shared = rows["role"].eq("shared").all()  # said once, of all of them
    furthest = _furthest(rows.assign(role="") if is_all_shared else rows, kit)
    worst = [kit.words("page.furthest", names=furthest)] if furthest else []
    said = kit.words("page.item_separator").join([*told, *worst])
    return kit.say("lead_unit_brief.finding", unit=unit, said=said)


def points(rows: pd.DataFrame, owed: pd.DataFrame, kit: Kit) -> list[str]:
    """Return the key points: those furthest behind, what is shared, what is to be reported.

    ``rows`` as for `finding`; ``owed`` are named rows of ``lead_unit.debts``.
    """
    led = rows[rows["role"] == "lead"]
    tasks = rows[rows["role"] != "lead"]
    behind = led[led["status"].isin(BEHIND)]
    told = [gaps.behind_point(row, kit) for row in rows_of(behind.head(_NAMED))]
    if len(tasks):
        counts = tasks["status"].value_counts()
        worst = _furthest(tasks, kit)
        detail = kit.say("lead_unit_brief.worst_task", worst=worst) if worst else ""
        tally = gaps.tallied(counts, kit)
        said = kit.say("lead_unit_brief.tasks", n=len(tasks), tally=tally)
        told.append(sentences.point(said, detail))
    return told + _owed(owed, kit)


def _owed(owed: pd.DataFrame, kit: Kit) -> list[str]:
    if owed.empty:
        return [sentences.point(kit.say("lead_unit_brief.no_debts"))]
    names = kit.words.start(kit.words.named(owed["name"].head(_LISTED)))
    n = {"n": len(owed), "missing": int((owed["owed"] == "missing").sum())}
    key = "owed" if len(owed) <= _LISTED else "owed_first"
    detail = kit.say(f"lead_unit_brief.{key}_names", names=names)
    ending = foremost.of_all(n["missing"], n["n"], none="_none")
    said = kit.say(f"lead_unit_brief.owed{ending}", **n)
    return [sentences.point(said, detail)]


def _counted(rows: pd.DataFrame, role: str, kit: Kit) -> str:
    """Return how many rows of one role there are, can be judged, and keep up."""
    keeping, late = (rows.loc[rows["status"].isin(of), "status"] for of in (KEEPING_UP, BEHIND))
    good, judged = len(keeping), len(keeping) + len(late)
    key = f"lead_unit_brief.count_{role}"
    told = kit.say(key, n=len(rows))
    if not judged:
        return told + kit.say("lead_unit_brief.none_judged", n=len(rows))
    counts = {"judged": judged, "good": good}
    told += kit.say("lead_unit_brief.of_judged", **counts) * (judged < len(rows))
    ending = foremost.kept(counts) + _due(keeping if good else late)
    return told + kit.say(f"lead_unit_brief.judged{ending}", **counts)


def _due(statuses: pd.Series) -> str:
    """Return how the key of a sentence on alike ones ends: all due, none yet, or some of each."""
    is_due = statuses.isin(_DUE)
    return "_due" if is_due.all() else "" if is_due.any() else "_open"


def _by_role(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    roles = ("lead", "sole", "shared")
    parts = [(role, rows[rows["role"] == role]) for role in roles]
    return [(role, part) for role, part in parts if len(part)]


def _furthest(rows: pd.DataFrame, kit: Kit) -> str:
    """Return what is furthest behind, whatever the role, with its gap; a shared task says so.

    Nothing where nothing is behind.
    """
    late = foremost.behind(rows, kit)
    shared = [kit.words("lead_unit_brief.shared_name", name=name) for name in late["name"]]
    late["name"] = late["name"].where(late["role"] != "shared", shared)
    return foremost.furthest(late, kit, most=1)


def names(ids: pd.Series, register: pd.DataFrame, key: str, words: Words) -> list[str]:
    """Return ``;``-joined codes as names joined in the page's language."""
    called = naming.names(register, key, words)
    every = [[called[code] for code in str(codes).split(";") if code] for codes in ids]
    return [words.join(each) if each else "" for each in every]


def others(ids: pd.Series, unit_id: str, units: pd.DataFrame, words: Words) -> list[str]:
    """Return the names of the other units that answer for each row."""
    rest = [";".join(code for code in str(codes).split(";") if code != unit_id) for codes in ids]
    return names(pd.Series(rest, dtype=object), units, "unit_id", words)
