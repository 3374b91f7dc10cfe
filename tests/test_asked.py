"""What a researcher asks for by name: found, or refused with what is allowed."""

import pandas as pd
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


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("tax_pr_mu", "indicator_id is 'tax_pr_mu'; did you mean tax_per_mu"),
        (["tax_per_mu"], r"indicator_id is \['tax_per_mu'\]; allowed: a text"),
    ],
)
def test_an_indicator_that_is_not_there_is_refused_with_the_nearest(ds, asked, said):
    for question in (
        lambda: trajectory.points(ds, asked),
        lambda: trajectory.planned_path(ds.targets, asked, at=2023),
        lambda: whatif.moved_targets(ds.targets, asked, **HARDER),
    ):
        with pytest.raises((ValueError, TypeError), match=said):
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


def test_an_area_without_figures_is_not_read_as_one_without_observations(ds):
    for question in (
        lambda: trajectory.points(ds, "tax_per_mu", area="330299"),
        lambda: course.courses(ds, "tax_per_mu", as_of="2024", area="330299"),
        lambda: gap.assess(ds, as_of="2024", area="330299"),
    ):
        with pytest.raises(ValueError, match="area is '330299'; did you mean 330213"):
            question()


SEEN = [(2020, 17.0), (2021, 49.0), (2022, 82.0)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "cumulativ"}, "kind is 'cumulativ'; did you mean cumulative"),
        ({"points": [1.0, 2.0]}, "points are list; allowed: a table with t and value, .* pairs"),
        ({"points": pd.DataFrame({"year": [2020]})}, "points are DataFrame; allowed: a table"),
        ({"points": pd.Series([1.0], ["2020年"])}, "points are Series; allowed: .* indexed by t"),
        ({"until": float("nan")}, "until is nan; allowed: a decimal year"),
        ({"until": "2025"}, "until is '2025'; allowed: a number"),
        ({"plan": [2020, 2025]}, r"plan is \[2020, 2025\]; allowed: a mapping"),
    ],
)
def test_points_and_kinds_that_are_none_are_not_projected(given, said):
    asked = {"points": SEEN, "kind": "cumulative", "until": 2025} | given
    with pytest.raises((ValueError, TypeError), match=said):
        trajectory.project(asked.pop("points"), **asked)


@pytest.mark.parametrize("wrong", [{"direction": 5}, {"factor": float("nan")}, {"base": "175"}])
def test_a_target_is_not_moved_by_what_is_no_figure(ds, wrong):
    (name,) = wrong
    with pytest.raises((ValueError, TypeError), match=f"{name} is .*; allowed: "):
        whatif.moved_targets(ds.targets, "tax_per_mu", **HARDER | wrong)


def test_arguments_of_another_kind_are_refused_with_what_is_allowed(ds):
    rows, scheme = ds.enterprises.head(), ds.schemes["fenghua_default"]
    for question, said in (
        (lambda: fenghua.load(None), "load: data is None; allowed: a text or a Path"),
        (lambda: gap.assess("data/raw"), "assess: ds is 'data/raw'; allowed: what fenghua.load"),
        (lambda: course.courses(ds.targets, [], as_of=2024), "ds is a DataFrame; allowed: what"),
        (lambda: outlook.at_end(ds, 5, as_of="2024"), "indicator_ids is 5; allowed: a list"),
        (lambda: outlook.at_end(ds, "tax_per_mu", as_of=["2024"]), "as_of is .*; allowed: a text"),
        (lambda: evaluation.score(scheme, rows), "enterprises is a dict; allowed: a table"),
        (lambda: efficiency.pooled(ds), "enterprises is a Dataset; allowed: a table"),
        (lambda: edition.read(ds, [2024]), r"year is \[2024\]; allowed: a number or a text"),
    ):
        with pytest.raises(TypeError, match=said):
            question()


def test_a_table_of_something_else_is_no_empty_result(ds):
    for question in (
        lambda: evaluation.score(ds.targets, ds.schemes["fenghua_default"]),
        lambda: evaluation.release_curve(ds.targets),
        lambda: efficiency.concentration(ds.targets),
        lambda: efficiency.pooled(pd.DataFrame()),
    ):
        with pytest.raises(
            ValueError, match=r"columns are .*; allowed: a table with some of .*land"
        ):
            question()
