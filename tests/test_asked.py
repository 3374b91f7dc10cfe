"""What a researcher asks for by name: found, or refused with what is allowed."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import fenghua
from fenghua import basis
from fenghua.analysis import (
    audit,
    bearing,
    course,
    edition,
    efficiency,
    evaluation,
    gap,
    outlook,
    rhythm,
    town_profile,
    town_tasks,
    towns,
    trajectory,
    whatif,
)
from fenghua.brief import begin
from tidysheets.problems import InputError


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


@pytest.mark.parametrize("given", [2024, np.int64(2024), "2024", "2024-03", "202403", "2024Q2"])
def test_a_year_or_a_month_is_not_read_as_a_day(ds, given):
    """A number would be nanoseconds of 1970, before which nothing was known."""
    with pytest.raises(ValueError, match=r"known_on is .*; allowed: a date such"):
        gap.assess(ds, as_of="2024", known_on=given)


def test_a_day_is_read_however_it_is_written(ds):
    text = gap.assess(ds, as_of="2024", known_on="2024-03-31")
    for given in (date(2024, 3, 31), pd.Timestamp("2024-03-31"), 20240331, "20240331"):
        pd.testing.assert_frame_equal(gap.assess(ds, as_of="2024", known_on=given), text)
    unbound = gap.assess(ds, as_of="2024")["value"]
    for given in (None, "", float("nan")):
        assert gap.assess(ds, as_of="2024", known_on=given)["value"].equals(unbound)


@pytest.mark.parametrize("given", ["2024", np.float64(2024), 2024.0])
def test_the_year_of_an_edition_may_be_a_text_or_come_from_a_column_with_gaps(ds, given):
    assert edition.read(ds, given).equals(edition.read(ds, 2024))


@pytest.mark.parametrize(
    "question",
    [
        lambda ds, at: gap.assess(ds, as_of=at),
        lambda ds, at: outlook.at_end(ds, "tax_per_mu", as_of=at),
        lambda ds, at: towns.standing(ds, at),
        lambda ds, at: towns.scores(ds, at, issues=2),
    ],
)
def test_a_period_may_be_a_date_or_a_number_everywhere(ds, question):
    for given, text in ((pd.Timestamp("2024-06-30"), "2024-06"), (np.int64(2024), "2024")):
        pd.testing.assert_frame_equal(question(ds, given), question(ds, text))


@pytest.mark.parametrize(
    "question",
    [
        lambda ds, at: gap.assess(ds, as_of=at),
        lambda ds, at: outlook.at_end(ds, "tax_per_mu", as_of=at),
        lambda ds, at: outlook.scorecard(ds, as_of=at),
        lambda ds, at: trajectory.points(ds, "tax_per_mu", as_of=at),
        lambda ds, at: towns.standing(ds, at),
        lambda ds, at: towns.scores(ds, at, issues=2),
        lambda ds, at: town_tasks.judged(ds, at),
        lambda ds, at: town_profile.published(ds, at),
        lambda ds, at: town_profile.enterprise_year(ds, at, audience="public"),
        lambda ds, at: rhythm.restated(ds, at),
        lambda ds, at: bearing.weighed(audit.findings(ds), ds.targets, as_of=at),
    ],
)
@pytest.mark.parametrize("day", ["2024-06-01", "2024-01-06", "20240601"])
def test_a_day_is_no_period_to_ask_about_as_in_the_commands(ds, question, day):
    with pytest.raises(ValueError, match=f"as_of is '{day}'; allowed: 2023, .*no day"):
        question(ds, day)


def test_a_moment_of_a_path_may_be_a_date(ds):
    half = trajectory.planned_path(ds.targets, "tax_per_mu", at=2022.5)
    for given in (date(2023, 6, 30), "2023-06"):
        assert trajectory.planned_path(ds.targets, "tax_per_mu", at=given) == half
    for given in (None, [None], float("nan"), ["2023-06"], {}, "2023-06-15"):
        with pytest.raises(ValueError, match=r"at is .*; allowed: decimal years"):
            trajectory.planned_path(ds.targets, "tax_per_mu", at=given)


def test_a_column_that_is_not_there_is_refused_with_the_nearest(ds):
    rows = ds.enterprises[ds.enterprises["year"] == 2024]
    with pytest.raises(ValueError, match="column is 'town_cod'; did you mean town_code"):
        efficiency.pooled(rows, by="town_cod")


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
        ({"level": 120}, "level is 120; allowed: per cent, above 0 and below 100"),
        ({"level": 0}, "level is 0; allowed: per cent"),
        ({"word_level": float("nan")}, "word_level is nan; allowed: per cent"),
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
        (lambda: edition.read(ds, [2024]), r"year is \[2024\]; allowed: a whole number or a text"),
    ):
        with pytest.raises(TypeError, match=said):
            question()


def test_a_table_of_something_else_is_no_empty_result(ds):
    for question in (
        lambda: evaluation.score(ds.targets, ds.schemes["fenghua_default"]),
        lambda: evaluation.release_curve(ds.targets),
        lambda: efficiency.pooled(pd.DataFrame()),
    ):
        with pytest.raises(
            ValueError, match=r"columns are .*; allowed: a table with some of .*land"
        ):
            question()


RACE = {
    "values": pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 1.0]}, ["x", "y"]),
    "goalposts": pd.DataFrame({"low": 0.0, "high": 3.0, "direction": 1}, ["a", "b"]),
    "draws": 9,
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cap": "text"}, "cap is 'text'; allowed: two numbers, the lower one first"),
        ({"cap": (1.2, 0)}, "cap is .*; allowed: two numbers, the lower one first"),
        ({"low": 5}, "low, high is .*; allowed: two numbers from 0 to 1"),
        ({"draws": 2.5}, "draws is 2.5; allowed: a whole number"),
        ({"seed": -3}, "seed is -3; allowed: 0 or more"),
        ({"coverage": 70}, "coverage is 70; allowed: a share from 0 to 1"),
        ({"pair_share": 90}, "share is 90; allowed: a share from 0 to 1"),
        ({"floor": np.nan}, "floor is nan; allowed: a share from 0 to 1"),
        ({"counts": RACE["values"].assign(a=np.inf)}, "counts of a is infinite; allowed: a number"),
        ({"weights": {"a": 1}}, "no such number: b; allowed: one number of 0 or more"),
        ({"weights": {"a": 1, "b": "much"}}, "no such number: b; allowed: one number"),
        ({"weights": {"a": 0, "b": 0}}, "no such number: all 0; allowed: one number"),
    ],
)
def test_the_rules_of_a_race_are_refused_with_what_is_allowed(given, said):
    with pytest.raises((ValueError, TypeError), match=said):
        towns.rank_intervals(**RACE | given)


def test_a_whole_number_may_be_written_with_a_decimal_point():
    drawn = towns.rank_intervals(**RACE | {"draws": np.float64(9), "seed": 1.0})
    assert drawn.equals(towns.rank_intervals(**RACE | {"seed": 1}))


def test_a_yes_or_no_in_words_is_not_read_as_yes(ds):
    with pytest.raises(TypeError, match="include_zones is 'no'; allowed: True or False"):
        towns.standing(ds, "2024", include_zones="no")
    assert len(towns.standing(ds, "2024", include_zones=np.bool_(False)))


def test_what_a_register_lacks_is_named_and_no_bare_key(ds):
    rows, scheme = ds.enterprises.head(), ds.schemes["fenghua_default"]
    known = course.courses(ds, "tax_per_mu", as_of="2024")
    for question, said in (
        (lambda: evaluation.graded(rows, scheme, {}), "parameters lack .*; allowed: ds.parameters"),
        (lambda: whatif.moved_scheme({}), "size is 'above_scale'; allowed: none"),
        (lambda: whatif.moved_scheme(scheme, size="above"), "did you mean above_scale"),
        (lambda: evaluation.low_efficiency_register(ds.targets, scheme), "adjusted_grade; call "),
        (lambda: course.series(known), "course is a dict; allowed: a Course"),
        (lambda: course.year_by_year(ds.targets), "known is a DataFrame; allowed: a mapping"),
        (lambda: town_profile.profile(ds, "2024年", audience="internal"), "year is '2024年'"),
        (lambda: trajectory.project(SEEN, kind="level", until=2025, plan={"a": 1}), "plan is .*"),
    ):
        with pytest.raises((ValueError, TypeError), match=said):
            question()


def test_what_is_missing_in_a_column_counts_as_none():
    found = trajectory.cagr_progress(pd.NA, 2020, 2.0, 2024, direction=1)
    assert found.status == "not_available"


def test_a_folder_that_holds_no_plan_is_named_with_the_one_meant():
    for given, said in (
        ("", "allowed: a folder with plan and reference.* did you mean data/raw"),
        ("data", "error: data; allowed: a folder with plan.* did you mean data/raw"),
        ("README.md", "data is 'README.md', a file; allowed: a folder with plan"),
        ("nope", "there is no nope here or above"),
    ):
        with pytest.raises((InputError, ValueError), match=said):
            fenghua.load(given)
        with pytest.raises((InputError, ValueError), match=said):
            begin("my_brief", as_of="2024", data=given)
    with pytest.raises(TypeError, match="data is None; allowed: a text or a Path"):
        begin("my_brief", as_of="2024", data=None)


def test_the_line_that_makes_a_page_again_holds_a_name_with_blanks_in_quotation_marks():
    brief = begin("my book", as_of="2024")
    lines = basis.footer(brief)
    line = lines[-1]
    assert "\n".join(lines).count(brief.fingerprint) == 1  # nothing is told twice
    assert 'fenghua report --brief "my book.ipynb" --as-of 2024' in line


def test_the_line_that_makes_a_page_again_names_one_of_many_plans_from_where_it_was_typed(
    tmp_path, monkeypatch
):
    plan = tmp_path / "plans/a&b/data/raw"
    shutil.copytree("data/raw", plan)
    monkeypatch.setenv("FENGHUA_STARTED_IN", str(tmp_path))  # notebooks run in their own folder
    monkeypatch.chdir(tmp_path / "plans")
    line = basis.footer(begin("my_brief", as_of="2024", data=plan))[-1]
    assert '--data "plans/a&b/data/raw"' in line
    with pytest.raises(InputError, match=r"plans; allowed: .* did you mean .*a&b/data/raw"):
        fenghua.load(tmp_path / "plans")


@pytest.mark.parametrize("wrong", [{"name": 3}, {"lang": None}, {"as_of": ["2024"]}])
def test_a_page_is_begun_by_texts(wrong):
    (name,) = wrong
    with pytest.raises(TypeError, match=rf"begin: {name} is .*; allowed: a text"):
        begin(**{"name": "my_brief", "as_of": "2024"} | wrong)
    assert begin("my_brief", as_of=2024, data=Path("data/raw"), actuals=None).as_of == "2024"


def test_a_folder_without_a_plan_lists_the_files_it_lacks(tmp_path):
    with pytest.raises(InputError) as found:
        fenghua.load(tmp_path)
    named = {problem.file for problem in found.value.problems}
    assert {f"{tmp_path.name}/plan/{name}.csv" for name in ("plan", "indicators")} <= named


def test_a_name_that_a_dataset_lacks_is_answered_with_those_it_has(ds):
    for part, name, said in (
        (ds.schemes, "nope", "fenghua_default, huangyan_2021"),
        (ds.schemes, "wenling", "did you mean wenling_2022"),
        (ds.parameters, "rank_draw", "did you mean rank_draws"),
        (ds.plan, "title", "did you mean title_en"),
    ):
        with pytest.raises(KeyError, match=said):
            part[name]
        assert part.get(name) is None and name not in part


def test_text_for_a_figure_of_compound_growth_is_refused_and_a_blank_is_missing():
    figures = {"base_value": 10, "base_year": 2020, "current_value": 12, "current_year": 2022}
    figures |= {"target": 20, "target_year": 2025, "limit": 100}
    for name in figures:
        for given in ("many", [1]):
            with pytest.raises(ValueError, match=f"{name} is .*; allowed: a number"):
                trajectory.cagr_progress(**(figures | {name: given}), direction=1)
    for missing in ("", None, np.nan, pd.NA, pd.NaT):
        given = figures | {"current_value": missing}
        assert trajectory.cagr_progress(**given, direction=1).status == "not_available"


def test_text_where_figures_stand_is_named_and_a_blank_is_missing(ds):
    rows, scheme = ds.enterprises.head(40), ds.schemes["fenghua_default"]
    observed = ds.observations.astype({"value": object})
    observed.loc[observed.index[3], "value"] = "约100"
    for question, said in (
        (lambda: evaluation.score(rows.assign(land_mu="many"), scheme), "land_mu is 'many'"),
        (lambda: evaluation.release_curve(rows, order_by="name"), "name is '演示企业"),
        (lambda: gap.assess(replace(ds, observations=observed), as_of="2023"), "value is '约100'"),
    ):
        with pytest.raises(ValueError, match=f"{said}.*; allowed: a number"):
            question()
    blank = evaluation.score(rows.assign(land_mu=""), scheme)
    assert blank["tax_per_mu_wan"].isna().all()


def test_enterprises_by_their_index_are_not_graded_as_if_they_had_no_owners(ds):
    rows = ds.enterprises[ds.enterprises["year"] == 2024].set_index("enterprise_id")
    scheme = ds.schemes["fenghua_default"]
    with pytest.raises(ValueError, match=r"no column enterprise_id.*reset_index"):
        evaluation.grade(evaluation.score(rows, scheme), scheme)


def test_codes_of_a_brief_are_texts_of_the_registers():
    for asked, said in (
        ({"town": 330213001}, "town is 330213001, no text; .*'330213001'"),
        ({"town": ["330213001"]}, "town is .*; allowed: .*锦屏街道"),
        ({"industry": 34}, "industry is 34, no text; .*'34'"),
        ({"industry": "zz"}, "industry is 'zz'; allowed: .*34 通用设备制造业"),
        ({"scheme": "nope"}, "scheme is 'nope'; allowed: fenghua_default"),
    ):
        with pytest.raises(ValueError, match=said):
            begin("my_brief", as_of="2024", **asked)
    for asked in ({"industry": "C34"}, {"industry": "3411"}, {"town": None}, {"scheme": ""}):
        begin("my_brief", as_of="2024", **asked)


def test_actual_figures_of_an_empty_name_are_those_there_are(ds):
    assert fenghua.load("data/raw", "").actuals_dir == ds.actuals_dir
