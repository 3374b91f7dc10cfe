"""What a notebook says to its page: language, period, headline, figures to verify, footer.

Answers: how a notebook becomes a brief in one language. Refuses: to compute a figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import HTML, display

from fenghua import basis, fingerprints, issue, needs, verify
from fenghua.analysis import asked, gap, verdict
from fenghua.analysis.shared import once
from fenghua.display import naming, sentences
from fenghua.display.kit import Kit
from fenghua.display.shown import Shown, notebook_style
from fenghua.display.wording import Words
from fenghua.inputs import dataset, periods, rowless
from fenghua.inputs.dataset import Dataset
from fenghua.inputs.vocabulary import SCOPES, Audience
from fenghua.pages import moment


@once
def _called(ds: Dataset, lang: str) -> pd.DataFrame:
    """Return what a language calls each indicator: the same for all its pages."""
    return naming.register(ds.indicators, ds.lead_units, Words.of_plan(lang, ds))


# Columns that no verdict depends on; a page need not carry them twice.
_NOT_ASSESSED = ["note", "name_zh_hans", "name_zh_hant", "name_en", "see_also", "same_as"]


@dataclass(frozen=True)
class Brief:
    """One brief being written: its data, its period, its language.

    Attributes
    ----------
    name : str
        The brief's name, as ``fenghua report --brief`` takes it.
    ds : Dataset
        The register and the actual figures.
    as_of : str
        The period reported on.
    words : Words
        The catalogue in the page's language.
    audience : Audience
        Who reads the page.
    fingerprint : str
        The short fingerprint of the data; it stays as it is where the brief is narrowed.
    options : mapping
        The brief's own parameters, such as ``town``.
    """

    name: str
    ds: Dataset
    as_of: str
    words: Words
    audience: Audience
    fingerprint: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def period(self) -> str:
        """The period in words."""
        return periods.label(self.as_of, self.words.lang)

    @property
    def title(self) -> str:
        """What the catalogue calls it; empty where the notebook's own title has to do."""
        return self.words.get(f"brief.{self.name}")

    @cached_property
    def moment(self) -> moment.Moment:
        """The moment of the plan: by the targets of its table, or of its text if it has none."""
        return moment.of_plan(self.ds, as_of=self.as_of)

    def kit(self) -> Kit:
        """Return what the notebook shows its page with: numbered tables, figures, sentences."""
        words, now = self.words, self.moment
        printed = self.ds.targets.loc[self.ds.targets["role"] == "baseline", "year"]
        facts = {"period": self.period, "cuts": verdict.cuts(self.ds.parameters)}
        facts |= moment.headings(now, printed, words)
        citation = basis.citation(self) + words("page.list_separator")
        stem = f"{self.title or self.name}_{self.as_of}"
        return Kit(words, facts, now.code, citation, stem, self.audience.is_public)

    def of_plan_only(self) -> "Brief":
        """Return the brief without actual figures: what it shows is the real plan alone."""
        ds = replace(self.ds, observations=self.ds.observations.iloc[:0], is_synthetic=False)
        return replace(self, ds=ds, fingerprint=fingerprints.of_dataset(ds))

    def only(self, indicators: pd.DataFrame) -> "Brief":
        """Return the brief narrowed to some indicators: those of one unit."""
        return replace(self, ds=replace(self.ds, indicators=indicators))

    def named(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Add names, units, lead units and reasons in the page's language to indicator rows."""
        return naming.targets(naming.indicators(rows, self.called, self.words), self.ds.targets)

    @cached_property
    def called(self) -> pd.DataFrame:
        """What the register says of each indicator, in the page's language."""
        return _called(self.ds, self.words.lang)

    @property
    def units(self) -> pd.DataFrame:
        """The plan's units by name: ``unit_id`` and ``lead``."""
        names = pd.Series(naming.names(self.ds.lead_units, "unit_id", self.words), name="lead")
        return names.rename_axis("unit_id").reset_index()

    def show(self, *parts: str) -> None:
        """Put HTML made by the display floor on the page."""
        display(Shown("".join(parts)))

    def headline(
        self,
        finding: str,
        *,
        summary: Mapping[str, int] | pd.Series | None = None,
        meta: tuple[str, ...] = (),
        code: str = "",
        subject: str = "",
        has_period: bool = True,
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        """State the finding: the page's one heading, and its line in the index.

        Parameters
        ----------
        finding : str
            One plain sentence, written from the figures.
        summary : mapping or Series
            Number of indicators by status, for the index.
        meta : tuple of str
            What else stands in the line under the heading.
        code, subject : str
            The code and the name of the town or unit that the page is about.
        has_period : bool
            Whether the page is about a period: the check of the plan's text is not.
        shown : mapping, optional
            What JupyterLab shows in place of the plain sentence, by its kinds of content.
        """
        words, plan = self.words, self.ds.plan
        title, area = (words.name(plan, prefix=prefix) for prefix in ("title", "area_name"))
        name = " · ".join(filter(None, [self.title, subject]))
        dated = " · ".join(filter(None, [name, self.period if has_period else "", area]))
        moment = [words("period.as_of", period=self.period), words(f"page.{self.moment.code}")]
        basis.emit(
            {
                "brief": self.name,
                "code": code,
                "name": name,
                "title": dated if name else "",
                "runhead": dated,
                "kicker": words("page.kicker", document=plan["document_number"], title=title),
                "finding": finding,
                "lang": words.lang,
                "audience": str(self.audience),
                "period": self.as_of,
                "is_synthetic": self.ds.is_synthetic,
                "banner": words("page.demo") if self.ds.is_synthetic else "",
                "internal": words("page.internal") if not self.audience.is_public else "",
                "meta": [
                    *([name] if name else []),
                    *(moment if has_period else []),
                    words(f"audience.{self.audience}"),
                    *meta,
                ],
                "summary": {}
                if summary is None
                else {code: int(n) for code, n in summary.items() if n},
                "subject": subject,
                "moment": self.moment.code,
                "under": basis.years(self),
                "runfoot": words("page.runfoot"),
                "skip": words("page.skip"),
                "contents": words("page.contents"),
            },
            finding,
            shown,
        )

    def assess(self, about: pd.DataFrame | None = None, *, scope: str = "") -> pd.DataFrame:
        """Assess indicators, named for the page, and embed what it takes to verify that.

        Parameters
        ----------
        about : DataFrame, optional
            Their rows of the register; all by default.
        scope : str
            ``headline`` for those of the plan's table alone, ``text``; all by default.
        """
        ds, about = self.ds, self.ds.indicators if about is None else about
        if scope not in ("", *SCOPES):
            raise ValueError(f"scope is {scope!r}; allowed: {', '.join(SCOPES)}")
        about = about[about["scope"].eq(scope) | (scope == "")]
        seen = ds.observations[ds.observations["indicator_id"].isin(about["indicator_id"])]
        seen = seen[seen["area_code"] == ds.plan["area_code"]]
        every = gap.assessed(ds, self.as_of)
        assessed = every[every["indicator_id"].isin(about["indicator_id"])].reset_index(drop=True)
        self.claim(
            "gap",
            "gap.assess@2",
            {
                "is_synthetic": bool(ds.is_synthetic),
                "indicators": about.drop(columns=_NOT_ASSESSED, errors="ignore"),
                "targets": ds.targets.drop(columns=_NOT_ASSESSED, errors="ignore"),
                "observations": seen[periods.ends(seen["period"]) <= periods.end(self.as_of)].drop(
                    columns=_NOT_ASSESSED, errors="ignore"
                ),
                "parameters": ds.parameters,
                "plan": ds.plan,
            },
            assessed,
            as_of=self.as_of,
        )
        return self.named(assessed)

    def claim(
        self,
        figure: str,
        function: str,
        inputs: Mapping[str, Any] | str,
        result: pd.DataFrame,
        **options: Any,
    ) -> None:
        """Embed a figure's inputs and result, so that ``fenghua verify`` can recompute it.

        ``inputs`` may name an earlier figure that has the same.
        """
        if not isinstance(inputs, str):
            inputs = {
                key: verify.encode(value) if isinstance(value, pd.DataFrame) else value
                for key, value in inputs.items()
            }
        claim = {
            "figure": figure,
            "function": function,
            "inputs": inputs,
            "options": options,
            "result": verify.encode(result),
        }
        basis.emit({"claims": [claim]}, "")

    def close(self, *source_ids: str) -> None:
        """Write the sources and the run record: the last cell of every brief."""
        known, used = self.ds.sources, [self.ds.plan["source_id"], *source_ids]
        marked = known["kind"].eq("synthetic") & self.ds.is_synthetic
        sources = known[known["source_id"].isin(used) | marked]
        self.show(sentences.source_list(sources, self.words))
        basis.emit({"footer": basis.footer(self), "alone": self.words("page.alone")}, "")


@asked.as_declared
def begin(
    name: str,
    *,
    as_of: str | float | date = "auto",
    lang: str = "zh-Hans",
    audience: str = "public",
    data: str | Path = "data/raw",
    actuals: str | Path | None = "",
    **options: Any,
) -> Brief:
    """Load the data and open a brief; every notebook's setup cell ends with this call.

    Parameters
    ----------
    name : str
        The brief's name; one that the catalogue does not know is titled as its notebook is.
    as_of : str
        A period, or ``auto`` for the newest complete one in the data.
    lang, audience : str
        One of ``vocabulary.LANGUAGES`` and ``vocabulary.AUDIENCES``.
    data, actuals : str
        Folders, as for ``fenghua.load``; an empty ``actuals`` chooses by itself.
    **options
        The brief's own parameters, printed in its run record.
    """
    reader = Audience(audience)
    if not reader.is_public and rowless.is_public_run():
        raise ValueError("audience is 'internal' in a public run; allowed: public")
    ds = dataset.load(data, actuals or None)
    needs.check_codes(ds, options)
    if reader.is_public and not rowless.is_public(ds):
        ds = rowless.public(ds)
    seen = issue.observed_periods(ds) if as_of == "auto" else []
    period = issue.period(as_of, seen, today=date.today(), base_year=int(ds.plan["base_year"]))
    words = Words.of_plan(lang, ds)
    said = words("page.demo" if ds.is_synthetic else "page.real", folder=ds.actuals_dir.name)
    display(HTML(f'{notebook_style()}<div class="fb"><p class="demo">{said}</p></div>'))
    return Brief(name, ds, period, words, reader, fingerprints.of_dataset(ds), options)
