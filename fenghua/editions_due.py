"""The public editions that are due before public pages are made (公布版到期编制).

Answers: whether the stored editions fit the data, and has the missing ones made. Refuses: pages
beside an edition of other data, rules or scope.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from briefpress import worker
from briefpress.build import How
from fenghua import house, issue
from fenghua.inputs import places
from fenghua.issue import Facts

LIMIT_SECONDS: Final = 3600.0  # years are audited one after another


def made(data: Path, actuals: Path, facts: Facts, as_of: str, how: How, *, revise: bool) -> Facts:
    """Make the public editions that are missing up to the period, or revise the newest one.

    Raises
    ------
    ValueError
        An edition is one of other data, rules or scope, or cannot be made safe.
    """
    if facts.edition_refused:
        raise ValueError(facts.edition_refused)
    home = places.editions(data, actuals)
    known = places.edition_years(home)
    missing = issue.years_without_edition(facts.enterprise_years, known, as_of)
    if not missing and not revise:
        return facts
    years = ", ".join(map(str, missing)) or f"{max(known, default='none')}, revised"
    how.echo(f"fenghua report: making the public edition of {years}, kept in {home}")
    arguments = [str(data), str(actuals), as_of, revise]
    if how.jobs == 0:
        from fenghua import editions

        editions.make(*arguments)
    else:
        worker.call(house.NAME, "fenghua.editions:make", arguments, LIMIT_SECONDS)
    return replace(facts, key=issue.key_of(data, actuals))
