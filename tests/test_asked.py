"""What a researcher asks for by name: found, or refused with what is allowed."""

import pytest

import fenghua
from fenghua.analysis import (
    course,
    edition,
    efficiency,
    evaluation,
    gap,
    outlook,
    town_profile,
    trajectory,
    whatif,
)
from fenghua.brief import begin


@pytest.fixture(scope="module")
def ds():
    return fenghua.load()


HARDER = {"factor": 1.1, "base": 175, "direction": 1}


def test_one_name_alone_is_not_read_as_its_letters(ds):
    one = outlook.at_end(ds, "tax_per_mu", as_of="2024")
    assert one["indicator_id"].tolist() == ["tax_per_mu"]
    assert list(course.courses(ds, "tax_per_mu", as_of="2024")) == ["tax_per_mu"]


@pytest.mark.parametrize("asked", ["tax_pr_mu", ["tax_per_mu"]])
def test_an_indicator_that_is_not_there_is_refused_with_the_nearest(ds, asked):
    for question in (
        lambda: trajectory.points(ds, asked),
        lambda: trajectory.planned_path(ds.targets, asked, at=2023),
        lambda: whatif.moved_targets(ds.targets, asked, **HARDER),
    ):
        with pytest.raises(ValueError, match=r"indicator_id is .*did you mean tax_per_mu"):
            question()
    with pytest.raises(ValueError, match="'tax_pr_mu'; did you mean tax_per_mu"):
        outlook.at_end(ds, ["tax_pr_mu"], as_of="2024")


def test_a_day_that_is_none_is_refused(ds):
    with pytest.raises(ValueError, match="known_on is '2024年'; allowed: a date such as"):
        gap.assess(ds, as_of="2024", known_on="2024年")


def test_the_year_of_an_edition_may_be_a_text(ds):
    assert edition.read(ds, "2024").equals(edition.read(ds, 2024))


def test_a_column_that_is_not_there_is_refused_with_the_nearest(ds):
    rows = ds.enterprises[ds.enterprises["year"] == 2024]
    with pytest.raises(ValueError, match="column is 'town_cod'; did you mean town_code"):
        efficiency.pooled(rows, by="town_cod")
    with pytest.raises(ValueError, match="share_of is 'tax_wn'; did you mean tax_wan"):
        efficiency.concentration(rows, share_of="tax_wn")
    with pytest.raises(ValueError, match="column is 'adjusted_grade'; "):
        evaluation.transitions(rows, rows)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"town": "江口街道"}, "town is '江口街道'; allowed: .*330213003 江口街道"),
        ({"lead_unit": "nope"}, "lead_unit is 'nope'; allowed: .*keji 区科技局"),
    ],
)
def test_a_notebook_run_by_itself_refuses_a_code_with_those_there_are(asked, said):
    with pytest.raises(ValueError, match=said):
        begin("my_brief", as_of="2024", **asked)


def test_a_scope_of_another_spelling_is_no_empty_table():
    with pytest.raises(ValueError, match="scope is 'Headline'; allowed: headline, text"):
        begin("my_brief", as_of="2024").assess(scope="Headline")


def test_no_other_spelling_of_an_audience_opens_internal_figures(ds):
    with pytest.raises(ValueError, match="audience is 'Public'; allowed: public, internal"):
        town_profile.profile(ds, 2024, audience="Public")
