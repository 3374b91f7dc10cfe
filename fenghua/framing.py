"""What stands round the text of a page: the plan's years, the citation, the footer.

Answers: how a page is quoted, checked, made again, and whom to ask. Refuses: to name a person
whom the plan's register does not name.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from fenghua import __version__, basis
from fenghua.display import span
from fenghua.display.wording import Words
from fenghua.inputs import periods
from fenghua.inputs.dataset import Dataset
from fenghua.inputs.vocabulary import Audience
from fenghua.pages.moment import Moment


class Framed(Protocol):
    """What is framed: a brief."""

    name: str
    title: str
    ds: Dataset
    as_of: str
    words: Words
    audience: Audience
    fingerprint: str
    options: Mapping[str, Any]

    @property
    def period(self) -> str:
        """The period in words."""

    @property
    def moment(self) -> Moment:
        """The moment of the plan."""


def citation(brief: Framed) -> str:
    """Return how the page is cited."""
    return brief.words(
        "page.citation",
        brief=brief.title or brief.name,
        period=brief.period,
        area=brief.words.name(brief.ds.plan, prefix="area_name"),
        document=brief.ds.plan["document_number"],
        fingerprint=brief.fingerprint,
    )


def years(brief: Framed) -> str:
    """Return the line of the plan's years with the moment of the page."""
    now = brief.moment
    ends = periods.end(brief.as_of)
    return span.span(now.base_year, now.target_years, ends, brief.period, brief.words)


def footer(brief: Framed) -> list[str]:
    """Return the lines of the footer: citation, whom to ask, what it was made from and how."""
    words, chosen = brief.words, {"as_of": brief.as_of, "lang": brief.words.lang}
    chosen |= {"audience": str(brief.audience), **{k: v for k, v in brief.options.items() if v}}
    command = basis.rebuild(brief.name, chosen, brief.ds, words)
    told = ", ".join(f"{key}={value}" for key, value in chosen.items())
    plan = brief.ds.plan
    asked = {"page.released": plan.get("released_on"), "page.contact": plan.get("contact")}
    return [
        words("page.cite", citation=citation(brief)),
        *(words(key, date=said, contact=said) for key, said in asked.items() if said),
        words("page.parameters", parameters=told),
        words("page.fingerprint", fingerprint=brief.fingerprint),
        words("page.version", version=__version__),
        words("page.rebuild", command=command),
    ]
