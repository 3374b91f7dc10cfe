"""What the page that checks the plan's text says in sentences: its finding and its key points.

Answers: which doubtful point decides most verdicts, and how many matters there are. Refuses: to
call anything an error.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from fenghua.display import amounts, sentences
from fenghua.display.columns import Row
from fenghua.display.kit import Kit
from fenghua.display.wording import Words
from fenghua.inputs.records import rows_of
from fenghua.pages import foremost, gaps

EDGES: Final = (-18, 118)  # per cent, with room for the figures
_POINTS: Final = 4  # matters that have a key point of their own
_DECIMALS: Final = 4  # of a target of a plan above, whose register knows no precision
_REPORTED: Final = "_reported"


def finding(matters: pd.DataFrame, kit: Kit, *, is_reported: bool = False) -> str:
    """Return the page's one sentence.

    ``matters`` has one row a matter, the weightiest first: ``matter``, ``n`` rows, ``decides`` of
    them, and ``bearing``; ``is_reported`` where the text of the plan itself was not seen.
    """
    facts = {"matters": len(matters), "rows": int(matters["n"].sum())}
    if matters.empty:
        return kit.say(f"plan_audit.finding_clear{_REPORTED * is_reported}")
    (first,) = rows_of(matters.head(1))
    if not first["decides"]:
        return kit.say("plan_audit.finding_light", **facts)
    matter, n = kit.words(f"audit.{first['matter']}"), first["decides"]
    decided = kit.words(f"plan_audit.decides_{first['bearing']}", n=n)
    return kit.say("plan_audit.finding", matter=matter, decided=decided, **facts)


def points(
    matters: pd.DataFrame,
    sizes: pd.Series,
    agreeing: Sequence[str],
    kit: Kit,
    *,
    is_reported: bool = False,
) -> list[str]:
    """Return the key points: the matters that decide verdicts, what was checked, what agrees.

    ``sizes`` counts the register: ``headline``, ``text``, ``targets``, ``rules``; what the plan
    has none of is not listed.
    """
    told = [
        sentences.point(_matter(row, kit), _names(row["names"], kit))
        for row in rows_of(matters[matters["decides"] > 0].head(_POINTS))
    ]
    key = f"plan_audit.checked{_REPORTED * is_reported}"
    items = [kit.say(f"plan_audit.size_{code}", n=int(n)) for code, n in sizes.items() if n]
    told.append(sentences.point(kit.say(key, items=kit.words.join(items))))
    if agreeing:
        said = kit.say("plan_audit.agrees", n=len(agreeing), names=_named(agreeing, kit))
        told.append(sentences.point(said))
    return told


def undrawn(headline: pd.DataFrame, drawn: pd.DataFrame, legs: pd.DataFrame, kit: Kit) -> str:
    """Return which indicators of the plan's table the figure of its schedule leaves out, and why.

    ``headline`` are named rows of the register, ``drawn`` those of ``audit.schedule_shape`` that
    have a share, ``legs`` those of ``audit.implied_rates``.
    """
    left = headline[~headline["indicator_id"].isin(drawn["indicator_id"])]
    has_legs = left["indicator_id"].isin(legs["indicator_id"])
    steady = legs.loc[(legs["pace_first"] + legs["pace_second"]) == 0, "indicator_id"]
    why = has_legs.map({True: "no_point", False: "no_legs"})
    why = why.mask(left["indicator_id"].isin(steady), "no_change")
    why = why.mask(has_legs & (left["kind"] == "growth"), "growth")
    parts = {
        kit.words(f"plan_audit.why_{code}"): part["name"].tolist()
        for code, part in left.groupby(why, sort=False)
    }
    items = gaps.listed(parts, kit)
    return kit.say("plan_audit.undrawn", n=len(left), items=items) if parts else ""


def beside(counts: Mapping[str, int], kit: Kit) -> str:
    """Return how many targets of the plans above compare, and how; ``counts`` of `parents`."""
    if not counts["comparable"]:
        return kit.say("parents.finding_none", **counts)
    codes = [code for code in ("same", "stricter", "looser") if counts[code]]
    one = "tally" if len(codes) > 1 else "only"
    parts = [kit.say(f"parents.{one}_{code}", n=counts[code]) for code in codes]
    n = counts["n"] - counts["comparable"]
    rest = kit.say("parents.finding_rest", n=n) if n else ""
    key = f"parents.finding{foremost.of_all(counts['comparable'], counts['n'])}"
    return kit.say(key, parts=kit.words("page.comma").join(parts), rest=rest, **counts)


def asked(above: pd.DataFrame, register: pd.DataFrame, words: Words) -> list[str]:
    """Return what each plan above asks: as printed, its figure where that is in another language.

    Parameters
    ----------
    above, register : DataFrame
        Rows of ``parents.compare``, and the targets of the plans above that they compare.
    """
    keys = ["indicator_id", "parent_id", "year"]
    goals = {tuple(row[key] for key in keys): row for row in rows_of(register)}
    told = []
    for row in (goals[tuple(row[key] for key in keys)] for row in rows_of(above)):
        printed = words.printed(row["printed"])
        lang = sentences.language_of(printed)
        if lang and (lang != "en") != words.is_chinese and row["value"] == row["value"]:
            ends = (row["value"], row["value_high"], row["comparator"])
            goal = amounts.target(*ends, words, decimals=_DECIMALS)
            printed = amounts.with_unit(goal, row["unit"], words)
        told.append(printed)
    return told


def labels(counts: pd.DataFrame, words: Words) -> list[str]:
    """Return the codes of ``audit.counts`` in words."""
    return [words(f"{row['dimension']}.{row['code']}") for row in rows_of(counts)]


def _matter(row: Row, kit: Kit) -> str:
    matter = kit.words(f"audit.{row['matter']}")
    matter = matter[:1].upper() + matter[1:]
    decided = kit.words(f"plan_audit.decides_{row['bearing']}", n=row["decides"])
    return kit.say("plan_audit.point", matter=matter, n=row["n"], decided=decided)


def _names(names: Sequence[str], kit: Kit) -> str:
    return kit.say("plan_audit.names", names=kit.words.start(_named(names, kit)))


def _named(names: Sequence[str], kit: Kit) -> str:
    return kit.words.few(map(kit.words.within, names))
