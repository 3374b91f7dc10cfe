"""The public edition of one year (公布版): its figures, protected together and beside earlier ones.

Answers: what may be printed of the enterprises of a year. Refuses: figures that give an enterprise
away together with what was printed before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from fenghua.analysis import edition_counts, edition_tables
from fenghua.analysis.edition_audit import Issue, audited
from fenghua.analysis.edition_tables import KEY, Rules, printed

COLUMNS: Final = ["table", "key", "measure", "n", "printed", "half", "reason"]
FEW: Final = "few"
_CARRIES: Final = (FEW, "dominance")
_CARRIED: Final = "carried_"
# Published as coarse: that one dominates, or that only the audit asked for it, would tell of it.
_UNSAID: Final = ("dominance", "complementary", f"{_CARRIED}dominance")


@dataclass(frozen=True)
class Earlier:
    """What was published of a year: the enterprises then in scope and the printed figures."""

    year: int
    rows: pd.DataFrame
    figures: pd.DataFrame


def issued(
    rows: pd.DataFrame,
    rules: Rules,
    *,
    year: int,
    earlier: Sequence[Earlier] = (),
) -> pd.DataFrame:
    """Return the figures of an edition (COLUMNS), `n` rounded as a count.

    Parameters
    ----------
    rows : DataFrame
        The enterprises in scope, from `edition_scope.rows`.
    earlier : sequence of Earlier
        The editions of the year before and, for a revision, those of this year: their figures
        stay, and only new ones are made coarser.

    Raises
    ------
    ValueError
        No figure is left to make coarser, or a revision changes who stayed since the year before.
    """
    last = [old for old in earlier if old.year == year - 1]
    before = last[-1].rows if last else None
    _refuse_late(rows, before, [old.rows for old in earlier if old.year == year], year)
    own = _new(rows, edition_tables.sets(rows), rules, year)
    issues = [*(_old(old, rules) for old in earlier), _carried(own, last, rules)]
    if before is not None:
        issues.append(_new(before, edition_tables.left_sets(before, rows), rules, year - 1))
    safe = [issue.figures for issue in audited(issues, rules) if issue.is_open]
    sums = pd.concat(safe, ignore_index=True)
    is_shown = sums["reason"] == ""
    sums["printed"], sums["half"] = printed(sums), (sums["step"] / 2).where(is_shown)
    old = last[-1].figures if last else None
    known = None if old is None else old[old["measure"] == edition_counts.COUNT]
    numbers = edition_counts.counts(rows, before, rules)
    numbers = edition_counts.guarded(numbers, known, rules)
    parts = [sums[COLUMNS], numbers[COLUMNS], edition_counts.medians(rows, rules)[COLUMNS]]
    out = pd.concat(parts, ignore_index=True)
    return out.assign(n=_behind(out, rules), reason=said(out["reason"]))


def _behind(figures: pd.DataFrame, rules: Rules) -> pd.Series:
    """Return how many enterprises stand behind printed figures, rounded as a count.

    Only where the count of the same set is printed: it would tell one that is withheld.
    """
    is_shown = figures["printed"].notna()
    counts = figures[is_shown & (figures["measure"] == edition_counts.COUNT)]
    sets = [pd.MultiIndex.from_frame(part[["table", "key"]]) for part in (figures, counts)]
    return edition_counts.rounded(figures["n"], rules).where(is_shown & sets[0].isin(sets[1]))


def said(reason: pd.Series) -> pd.Series:
    """Return why figures are withheld as it is published: few, carried or coarse.

    Examples
    --------
    >>> said(pd.Series(["few", "dominance", "complementary", "carried_few", ""])).tolist()
    ['few', 'coarse', 'coarse', 'carried', '']
    """
    return reason.replace({**dict.fromkeys(_UNSAID, "coarse"), _CARRIED + FEW: "carried"})


def exact(rows: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """Return the tables of an edition with nothing rounded or withheld: for internal pages."""
    every = [edition_tables.members(rows, edition_tables.sets(rows))[0]]
    if before is not None:
        left = edition_tables.left_sets(before, rows)
        every.append(edition_tables.members(before, left)[0])
    sums = pd.concat(every, ignore_index=True)
    parts = [
        sums.rename(columns={"value": "printed"}),
        edition_counts.exact(rows, before),
        edition_counts.exact_medians(rows),
    ]
    out = pd.concat(parts, ignore_index=True)
    return out.assign(half=0.0, reason="")[COLUMNS]


def _refuse_late(
    rows: pd.DataFrame,
    before: pd.DataFrame | None,
    replaced: Sequence[pd.DataFrame],
    year: int,
) -> None:
    """Refuse a revision that moves an enterprise between those who stayed and those who left.

    Both versions print what they had the year before, so that the difference is its own amounts.

    Raises
    ------
    ValueError
        With how many have moved.
    """
    if before is None:
        return
    names = [set(version["enterprise_id"]) for version in (rows, *replaced)]
    stayed = [set(before["enterprise_id"]) & own for own in names]
    moved = {name for own in stayed[1:] for name in own ^ stayed[0]}
    if moved:
        raise ValueError(
            f"the revision of {year} moves enterprises between those who stayed and those who"
            f" left ({len(moved)}): beside the edition that it replaces, their figures of the year"
            f" before could be worked out; leave {year} as it is, and let the edition of"
            f" {year + 1} have them"
        )


def _new(rows: pd.DataFrame, sets: edition_tables.Sets, rules: Rules, year: int) -> Issue:
    return Issue(year, rows, *edition_tables.listed(rows, sets, rules))


def _old(earlier: Earlier, rules: Rules) -> Issue:
    """Return an earlier edition as it was printed, with the enterprises behind each figure."""
    sets = edition_tables.sets(earlier.rows)
    figures, members = edition_tables.listed(earlier.rows, sets, rules)
    said = earlier.figures.set_index(KEY).reindex(pd.MultiIndex.from_frame(figures[KEY]))
    # What an earlier edition did not print at all, is not known of it.
    figures["reason"] = said["reason"].fillna("few").to_numpy()
    figures["step"] = (2 * said["half"]).fillna(figures["step"].set_axis(said.index)).to_numpy()
    differs = (printed(figures) - said["printed"].to_numpy()).abs() > 1e-6 * figures["step"]
    if differs.any():
        raise ValueError(
            f"the enterprises of {earlier.year} kept for its edition do not give its printed"
            f" figures ({', '.join(figures.loc[differs, KEY].iloc[0])}); restore both as they were"
        )
    return Issue(earlier.year, earlier.rows, figures, members, is_open=False)


def _carried(issue: Issue, last: Sequence[Earlier], rules: Rules) -> Issue:
    """Withhold once more what the rules withheld the year before as few or dominated (稳定口径)."""
    if not last:
        return issue
    rows = last[-1].rows
    before = edition_tables.listed(rows, edition_tables.sets(rows), rules)[0]
    held = before[before["reason"].isin(_CARRIES)].set_index(KEY)["reason"]
    figures = issue.figures.copy()
    again = held.reindex(pd.MultiIndex.from_frame(figures[KEY])).to_numpy()
    is_new = (figures["reason"] == "") & (figures["n"] > 0) & pd.notna(again)
    figures["reason"] = np.where(is_new, _CARRIED + pd.Series(again).fillna(""), figures["reason"])
    return replace(issue, figures=figures)
