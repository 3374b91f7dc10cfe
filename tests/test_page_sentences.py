"""Pages say what their rows hold: courses, a unit, the plan's text, on tiny frames."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import fenghua
from fenghua.analysis import audit, bearing, course, gap, lead_unit, outlook
from fenghua.analysis import path as path_of
from fenghua.display import amounts, kinds, naming
from fenghua.display.columns import Column, register
from fenghua.display.kit import Kit
from fenghua.display.wording import Words
from fenghua.pages import (
    edition,
    foremost,
    gaps,
    lead_unit_brief,
    moment,
    per_mu,
    plan_audit,
    tasks,
    town,
    towns,
    trajectories,
)

NONE = float("nan")
FACTS = {
    **{"base_year": 2020, "next_year": 2023, "end_year": 2025, "months": 6, "period": "2023"},
    **{"next": "2023年", "last": "2025年", "by_end": "2025年"},
}


def kit(moment: str) -> Kit:
    return Kit(Words("zh-Hans"), FACTS, moment)


MID = kit("mid")
GOAL = {"next_target_high": NONE, "next_target_comparator": "=", "decimals": 1}


def row(**changed) -> dict:
    about = {
        "indicator_id": "land",
        "name": "腾出用地",
        "leads": "甲局",
        "unit": "家",
        "required_rate_unit": "per_month",
        "required_rate": 2.0,
        "achieved_rate": 1.0,
        "effort_target_year": 2023.0,
        "next_target_year": 2023.0,
        "end_target_year": 2025.0,
        "required_pace": 24.0,
        "best_pace": 12.0,
        "required_of_best": 2.0,
        "course": "falls_short",
        "word": "",
        "status": "insufficient",
        "since": NONE,
        "value_decimals": 0,
        "gap_to_next": -5.0,
        "direction": 1,
        "is_stopped": False,
        "schedule_index": NONE,
        "attainment_next": NONE,
    }
    return about | changed


NO_SCORES = pd.DataFrame(columns=["is_held", "is_between", "is_word_right"])
NO_MATTERS = pd.DataFrame(columns=["matter", "n", "decides", "bearing", "names"])


def test_the_finding_names_the_pace_needed_and_the_year_if_it_is_another() -> None:
    counts = {"judged": 3, "faster": 1, "total": 4}
    first = pd.DataFrame([row()])
    said = trajectories.finding(counts, first, kit("mid"))
    assert "3 项指标 1 项须比迄今更快" in said and "每月 2\u00a0家，迄今每月 1\u00a0家" in said
    later = trajectories.finding(counts, first.assign(effort_target_year=2025.0), kit("mid"))
    assert "按 2025 年目标" in later
    none = trajectories.finding({**counts, "judged": 0}, first, kit("mid"))
    assert "4 项指标都没有迄今与今后的速度可比" in none


def test_readings_are_counted_apart_and_words_only_where_given() -> None:
    rows = pd.DataFrame([row(), row(course="open", word="very_unlikely"), row(course="")])
    told = trajectories.points(rows, NO_SCORES, kit("mid"))
    assert (
        "2 项，看能否达到2025年目标：1 项两种都不能，1 项一种能" in told[0]
        and "0 项" not in told[0]
    )
    assert "另有 1 项没有两种推算" in told[0]
    assert "几乎不能达到或守住2025年目标的 1 项" in told[1]
    assert not any("几乎可以" in point or "回看" in point for point in told)
    assert (
        "每年 24\u00a0家" in told[-1]
        and "最好的一年为 12\u00a0家" in told[-1]
        and "small&gt;" not in told[-1]
    )


def test_the_record_counts_only_what_was_said() -> None:
    scores = pd.DataFrame(
        {
            "is_held": [True, False, None],
            "is_between": [True, False, False],
            "is_word_right": [None] * 3,
        }
    )
    (said,) = trajectories.record(scores, kit("end"))
    assert "3 次推算，结果落在两种推算之间的 1 次" in said and "2 次，结果在区间内的 1 次" in said
    assert "断语" not in said
    assert trajectories.record(NO_SCORES, kit("mid")) == []


def test_after_the_end_the_missed_are_told_by_the_year_since_which_they_lag() -> None:
    rows = pd.DataFrame(
        [
            row(status="missed", since=2021.0),
            row(status="missed", since=2023.0, name="关停"),
            row(status="met"),
        ]
    )
    counts = {"judged": 3, "good": 1, "total": 3}
    said = trajectories.finding_at_end(counts, pd.Series([2021, 2023, 2023]), kit("end"))
    assert "未达标的 2 项都自2023年末起" in said
    told = trajectories.points_at_end(rows, rows.head(0), NO_SCORES, kit("end"))
    assert (
        "自2021年末起" in told[0]
        and "关停" in told[1]
        and "1 项，有数的各年年末都没有落后" in told[2]
    )
    (*_, once) = trajectories.points_at_end(rows, rows.tail(1), NO_SCORES, kit("end"))
    assert "达标的 1 项在有的年末曾落后：" in once
    assert trajectories.fates(rows, kit("end"))[0] == "未达标，2021年起落后于路径"


def test_of_what_must_fall_the_pace_needed_counts_downwards() -> None:
    falling = {"direction": -1, "required_pace": -0.023, "best_pace": -0.02, "unit": "%"}
    rows = pd.DataFrame([row(**falling, required_of_best=1.15), row(required_of_best=0.9)])
    told = trajectories.points(rows, NO_SCORES, kit("mid"))
    assert "2 项中，1 项今后每年须做的多于迄今最好的一年" in told[1]


def test_whose_pace_is_told_needs_more_than_its_best_year() -> None:
    same = row(required_pace=12.0, best_pace=12.0, required_of_best=1.0)
    told = trajectories.points(pd.DataFrame([same, row(name="乙")]), NO_SCORES, kit("mid"))
    assert "2 项中，1 项今后每年须做的多于迄今最好的一年" in told[1]
    assert ["乙从最近一个整年" in point for point in told[2:]] == [True]


def test_what_has_no_two_targets_has_no_legs_to_compare() -> None:
    legs = pd.DataFrame(columns=["indicator_id", "name", "leads"])
    bare = pd.DataFrame([row()])
    (told,) = trajectories.points_at_start(legs, legs, bare, kit("start"))
    assert "没有起点或中间目标、或起点已达到各个目标" in told


def test_legs_end_in_a_year_or_in_words_where_rows_differ() -> None:
    words = Words("en")
    alike = pd.DataFrame({"first_year": [2023.0, 2023.0], "last_year": [2025.0, 2026.0]})
    assert moment.leg_years(alike, words) == {
        "first": "2023",
        "last": "the last target year of each",
    }


@pytest.mark.parametrize("code", ["own", "end"])
def test_where_target_years_differ_headings_name_none(code) -> None:
    at = {"own": "2023", "end": "2029"}[code]
    now = moment.of({"base_year": 2020, "end_year": 2029}, [(2025,), (2029,)], as_of=at)
    told = moment.headings(now, [2020.0], Words("en"))
    assert (now.code, told["last"], told["by_end"]) == (code, "final", "its target year")
    assert told["next"] == {"own": "next", "end": "final"}[code]


def test_a_yearly_task_has_no_target_year_of_its_own() -> None:
    kinds = {"indicator_id": ["a", "b"], "scope": "headline", "kind": ["level", "annual"]}
    due = {"indicator_id": ["a", "a", "b"], "role": "target", "year": [2024, 2030, 2030]}
    plan = {"base_year": 2020, "end_year": 2030}
    ds = SimpleNamespace(plan=plan, indicators=pd.DataFrame(kinds), targets=pd.DataFrame(due))
    now = moment.of_plan(ds, as_of="2024")
    assert (now.code, now.is_mixed) == ("milestone", False)
    ds.targets = ds.targets.tail(1)
    assert moment.of_plan(ds, as_of="2030").code == "end"


def test_a_yearly_task_has_no_outlook_however_many_its_points() -> None:
    path = SimpleNamespace(kind="annual", years=(2030.0,))
    facts = {"ahead": pd.DataFrame(), "points": pd.DataFrame({"t": range(5)}), "has_path": True}
    (told,) = outlook.table({"it": SimpleNamespace(path=path, **facts)})["reason"]
    assert Words("en")(f"why.{told}") == "each year stands alone: no outlook"


def test_a_ceiling_that_was_passed_is_above_not_short() -> None:
    held = {"unit_name": "", "status": "missed", "direction": -1, "gap_to_next": -1.0}
    assert amounts.gap_of(row(**held), Words("en")) == "1 firm above"
    assert amounts.gap_of(row(**held | {"direction": 1}), Words("en")) == "1 firm short"


def test_before_any_time_has_passed_nothing_is_called_missing() -> None:
    counts = {"total": 2, "judged": 0, "good": 0, "begun": 2}
    none = pd.DataFrame(columns=["name"])
    said = gaps.finding(counts, none, kit("start"), thinnest=none)
    assert said.endswith("2 项指标都还不能判断")
    assert "缺数据" in gaps.finding(counts | {"begun": 1}, none, kit("start"), thinnest=none)


def test_what_stands_on_a_report_is_not_called_the_plans_text() -> None:
    none = NO_MATTERS
    assert "没有见到方案原文" in plan_audit.finding(none, kit("mid"), is_reported=True)
    sizes = pd.Series({"headline": 1, "text": 0, "targets": 1, "rules": 0})
    (told,) = plan_audit.points(none, sizes, [], kit("mid"), is_reported=True)
    assert "没有见到全文" in told


def test_a_figure_of_part_of_a_year_is_marked() -> None:
    told = row(value=77.0, next_target_value=80.0, flags="synthetic;partial_year")
    assert amounts.value_of(told, Words("zh-Hans")) == "≈\u00a077 家"


def test_what_a_yearly_task_has_so_far_is_exact() -> None:
    about = row(value=2.0, next_target_value=3.0, flags="partial_year", kind="annual")
    assert amounts.value_of(about, Words("zh-Hans")) == "2 家"


def test_a_pace_that_rests_on_a_part_of_a_year_is_marked_like_its_value() -> None:
    about = row(kind="growth", flags="partial_year", required_rate=9.8, achieved_rate=4.43)
    about |= {"required_rate_unit": "pct_per_year", "unit": "%", "value": 4.43, "decimals": 0}
    about |= {"next_target_comparator": "=", "next_target_high": NONE, "next_target_value": 6.0}
    column = Column("pace", register()["pace"], Words("zh-Hans"))
    told = kinds.cell(column, about)
    assert "每年 ≈\u00a0" in told and told.count("≈") == 2
    assert "尚须每年 ≈\u00a09.8%，迄今每年 ≈\u00a04%" in gaps.behind_point(about, kit("mid"))


@pytest.mark.parametrize(
    ("comparator", "high", "said"),
    [("range", 30.0, "30–35"), (">=", NONE, "≥\u00a035"), ("=", NONE, "35")],
)
def test_a_final_target_prints_as_the_plan_means_it(comparator, high, said) -> None:
    about = row(end_target_value=35.0, end_target_high=high, end_target_comparator=comparator)
    about |= {"end_target_year": 2025.0, "decimals": 0}
    column = Column("end_target", register()["end_target"], Words("en"))
    assert re.sub("<[^>]*>", "", kinds.cell(column, about)).startswith(said)


def test_what_was_held_at_its_date_is_held_and_not_reached() -> None:
    about = row(required_rate=0.0, achieved_rate=-1.5, flags="", status="met", room=1.1)
    column = Column("pace", register()["pace"], Words("en"))
    assert kinds.cell(column, about).startswith("held so far")
    assert kinds.cell(column, about | {"room": NONE}).startswith("already reached")


def test_of_all_that_are_good_no_number_is_said_twice() -> None:
    good = pd.DataFrame([row(status="met", schedule_index=1.2), row(status="on_track")])
    good = good.assign(observation_status="final")
    counts = {"total": 2, "judged": 2, "good": 2, "reached": 2}
    (said,) = gaps.points(
        counts, good.head(0), good, pd.Series(dtype=int), good.head(0), kit("mid")
    )
    assert "2 项符合序时进度或达标，也已达到或不超过2023年目标" in said


def test_a_target_printed_in_another_language_is_said_by_its_figure() -> None:
    keys = {"indicator_id": "land", "parent_id": "city", "year": 2025}
    goal = {"value": 30.0, "value_high": NONE, "comparator": ">=", "unit": "平方公里"}
    said = {}
    for printed in ("30 square kilometers", "30平方公里以上", "30"):
        register = pd.DataFrame([{**keys, **goal, "printed": printed}])
        said[printed] = [
            plan_audit.asked(register, register, Words(lang))[0] for lang in ("zh-Hans", "en")
        ]
    assert said["30 square kilometers"] == ["≥\xa030 平方公里", "30 square kilometers"]
    assert said["30平方公里以上"] == ["30平方公里以上", "≥\xa030 sq km"]
    assert said["30"] == ["30", "30"]
    none = pd.DataFrame(columns=[*keys], dtype=object)
    assert plan_audit.asked(none, none.astype({"year": float}), Words("en")) == []


def test_the_number_alone_of_those_on_schedule_is_no_point() -> None:
    good = pd.DataFrame([row(status="on_track", observation_status="final")])
    counts = {"total": 2, "judged": 2, "good": 1, "reached": 0}
    none = pd.Series(dtype=int)
    assert gaps.points(counts, good.head(0), good, none, good.head(0), kit("mid")) == []


def test_names_that_hold_the_mark_of_a_list_are_parted_by_a_stronger_one() -> None:
    names = ["减少碳排放量", "企业研发机构、研发活动基本覆盖"]
    assert Words("zh-Hans").join(names) == "减少碳排放量，企业研发机构、研发活动基本覆盖"


def test_a_missing_year_ends_a_run_of_years_behind() -> None:
    years = pd.DataFrame(
        {
            "indicator_id": ["a", "a", "a", "b"],
            "year": [2021, 2023, 2024, 2021],
            "is_behind": [True, True, True, False],
        }
    )
    assert course.behind_since(years).to_dict() == {"a": 2023}


@pytest.mark.parametrize("as_of", ["2023", "2025"])
def test_years_behind_agree_with_the_verdict_of_a_targets_year(as_of) -> None:
    ds = fenghua.load()
    rows = gap.assess(ds, as_of=as_of).query("scope == 'headline'").set_index("indicator_id")
    known = course.courses(ds, rows.index, as_of=as_of)
    years = course.year_by_year(known).query(f"year == {as_of}").set_index("indicator_id")
    judged = rows.loc[years.index]
    judged = judged[judged["status"].isin(["met", "missed"])]
    assert len(judged) > 10
    assert (years.loc[judged.index, "is_behind"] == (judged["status"] == "missed")).all()
    assert np.allclose(years.loc[judged.index, "value"], judged["value"])


def test_each_year_of_a_yearly_task_is_held_against_the_whole_task() -> None:
    ds = fenghua.load()
    ids = ds.indicators.loc[ds.indicators["kind"] == "annual", "indicator_id"]
    years = course.year_by_year(course.courses(ds, ids, as_of="2025"))
    asked = ds.targets[ds.targets["role"] == "target"].groupby("indicator_id")["value"].first()
    assert len(years) > 1 and (years["path_value"] == years["indicator_id"].map(asked)).all()
    assert (years["is_behind"] == (years["value"] < years["path_value"])).all()


def test_a_unit_counts_what_it_leads_and_what_it_shares_apart() -> None:
    rows = pd.DataFrame(
        [
            row(role="lead"),
            row(role="lead", status="met", gap_to_next=1.0),
            row(role="shared", status="not_assessable", name="园区"),
        ]
    )
    said = lead_unit_brief.finding("甲局", rows, kit("end"), clauses=3)
    assert "牵头指标 2 项，有 1 项达标" in said
    assert "共同负责的正文任务 1 项，还不能判断" in said and said.endswith("还差 5 家")
    bare = lead_unit_brief.finding("甲局", rows.head(0), kit("end"), clauses=3)
    assert bare == "甲局没有定量指标，负责 3 条条款"


def test_all_and_none_are_said_as_all_and_none() -> None:
    kits = [Kit(Words(lang), {"period": "2025"}, "end") for lang in ("zh-Hans", "en")]
    late = pd.DataFrame([row(), row(name="关停")])
    none, missed = late.head(0), late.assign(role="lead", status="missed")
    all_met = {"judged": 2, "good": 2, "total": 3}
    not_met, unknown = {**all_met, "good": 0}, {**all_met, "judged": 0, "good": 0}
    for told, zh, en in (
        (
            lambda kit: gaps.finding(all_met, none, kit, thinnest=none),
            "2 项指标全部达标",
            "both indicators",
        ),
        (
            lambda kit: gaps.finding(not_met, late, kit, thinnest=none),
            "2 项指标都未达标",
            "neither of the 2",
        ),
        (
            lambda kit: gaps.finding(unknown, none, kit, thinnest=none),
            "3 项指标都不能判断",
            "none of the 3",
        ),
        (
            lambda kit: trajectories.finding_at_end(all_met, pd.Series(), kit),
            "全部达标",
            "both indicators",
        ),
        (
            lambda kit: trajectories.finding_at_end(not_met, pd.Series(), kit),
            "都未达标",
            "neither of the 2",
        ),
        (
            lambda kit: trajectories.finding_at_end(not_met, pd.Series([2021]), kit),
            "都未达标；其中 1 项自2021年末起",
            "1 of them lay behind",
        ),
        (
            lambda kit: lead_unit_brief.finding("甲局", missed, kit, clauses=3),
            "牵头指标 2 项，都未达标",
            "leads 2 indicators, neither met",
        ),
    ):
        said = [told(kit) for kit in kits]
        assert zh in said[0] and en in said[1]
        assert not any(word in text for text in said for word in ("0 项", "0 of"))


def test_a_task_that_repeats_what_the_unit_leads_is_left_out_for_it_alone() -> None:
    register = pd.DataFrame(
        {
            "indicator_id": ["i", "j"],
            "scope": ["headline", "text"],
            "lead_unit_ids": ["a", "a;b"],
            "same_as": ["", "i"],
        }
    )
    assert lead_unit.roles(register, "a")["role"].tolist() == ["lead"]
    assert lead_unit.roles(register, "b")["role"].tolist() == ["shared"]


def test_the_weightiest_matter_leads_and_no_row_counts_twice() -> None:
    ds = fenghua.load()
    found = audit.findings(ds)
    points = bearing.weighed(found, ds.targets, as_of="2023-06")
    assert not points.duplicated(["matter", "judged_id"]).any()
    later = points[points["matter"] == "later_is_steeper"]
    assert len(later) == found["message_key"].eq("second_leg_faster").sum()
    # At the end of the plan no verdict hangs on a path any more.
    ended = bearing.weighed(found, ds.targets, as_of="2025")
    assert "progress" not in set(ended["bearing"]) and "no_verdict" in set(ended["bearing"])


def test_the_finding_of_the_plans_text_says_what_is_decided() -> None:
    matters = pd.DataFrame(
        {"matter": ["no_figure"], "n": [3], "decides": [2], "bearing": ["no_verdict"]}
    )
    assert "2 项因此不能判断" in plan_audit.finding(matters, kit("mid"))
    light = plan_audit.finding(matters.assign(decides=0), kit("mid"))
    assert "3 处待核实，都不影响" in light
    assert "没有待核实" in plan_audit.finding(matters.head(0), kit("mid"))


def test_two_places_with_one_figure_decide_nothing() -> None:
    found = pd.DataFrame(
        {
            "status": "to_confirm",
            "message_key": "scope_differs",
            "indicator_id": ["i", "j"],
            "other_id": ["it", "jt"],
            "value_a": [9.0, 20.0],
            "value_b": [9.0, 25.0],
            "clause_a": "",
            "clause_b": "",
        }
    )
    due = pd.DataFrame({"indicator_id": ["it", "jt"], "role": "target", "year": 2025})
    assert bearing.weighed(found, due, as_of="2023")["bearing"].tolist() == ["", "target"]


def test_a_target_of_every_year_compares_as_the_one_that_is_printed_next() -> None:
    due = {"indicator_id": ["a", "a"], "role": "target", "year": [2025.0, 2027.0]}
    register = pd.DataFrame(due | {"comparator": ["=", ">="], "base_year": NONE})
    ends = {f"{end}_{part}": [NONE] for end in ("next_target", "end_target") for part in ("other",)}
    rows = pd.DataFrame({"indicator_id": ["a"], **ends, "next_target_year": 2026.0})
    told = naming.targets(rows.assign(end_target_year=2028.0), register)
    assert told["next_target_comparator"].tolist() == [">="]
    assert told["end_target_comparator"].tolist() == [""]


CHARTED = {"kind": "cumulative", "base_printed": "-", "base_value": 0.0, "reason": ""}
CHARTED |= {"end_target_value": 9.0}


def test_a_note_beneath_charts_speaks_of_what_is_there_alone() -> None:
    drawn, none = pd.DataFrame([row(**CHARTED)]), pd.DataFrame([row(**CHARTED)]).head(0)
    assert gaps.beneath(drawn, none, kit("mid")) == Words("zh-Hans")("chart.from_zero")
    printed = drawn.assign(base_printed="17", base_value=17.0)
    assert gaps.beneath(printed, none, kit("mid")) == ""
    falling = gaps.beneath(printed.assign(kind="reduction"), none, kit("mid"))
    assert "降低率" in falling and "累计" not in falling and "增速" not in falling


def test_what_has_no_chart_is_named_with_the_reason() -> None:
    rows = [row(**CHARTED | {"kind": "growth"}, name=name) for name in ("甲", "乙")]
    rows.append(row(**CHARTED | {"kind": "assigned", "reason": "target_not_assigned"}, name="丙"))
    rows.append(row(**CHARTED | {"reason": "before_start"}, name="丁"))
    said = gaps.beneath(pd.DataFrame(rows).head(0), pd.DataFrame(rows), kit("mid"))
    known = "增速，没有水平值可画：甲、乙；上级未下达目标数：丙；没有基数：丁"
    assert said == f"有 4 项无法画出。{known}。"


def test_the_table_of_the_years_names_what_has_no_path() -> None:
    rows = pd.DataFrame([row(**CHARTED), row(**CHARTED) | {"indicator_id": "bare", "name": "乙"}])
    rows.loc[1, ["reason", "base_value"]] = "no_baseline", NONE
    years = pd.DataFrame({"indicator_id": ["land"]})
    said = trajectories.beside_years(rows, years, kit("end"))
    assert said == "有 1 项没有列出历年数。没有基数：乙。"
    assert trajectories.beside_years(rows.head(1), years, kit("end")) == ""
    growing = trajectories.beside_years(rows.head(1).assign(kind="growth"), years, kit("end"))
    assert growing == "增速是基期以来的年均增速。"


def test_what_has_no_whole_year_is_not_said_to_lack_its_last_one() -> None:
    late = pd.DataFrame([row(**CHARTED | {"reason": "no_value_at_milestone"})])
    said = trajectories.beside_years(late, pd.DataFrame({"indicator_id": []}), kit("end"))
    assert said == "有 1 项没有列出历年数。没有整年的数：腾出用地。"


def test_a_yearly_task_is_short_of_the_task_of_its_year() -> None:
    yearly = pd.DataFrame([row(kind="annual", status="missed", next_target_year=2024.0)])
    late = foremost.behind(yearly, kit("mid"))
    assert foremost.furthest(late, kit("mid")) == "腾出用地2024年差 5 家"
    said = foremost.furthest(late, Kit(Words("en"), FACTS, "mid"))
    assert said.endswith("(5 firms short in 2024)")


def test_a_verdict_of_an_earlier_year_names_its_year_and_claims_no_present() -> None:
    facts = FACTS | {"now_year": 2026, "was_over": True}
    later, then = Kit(Words("zh-Hans"), facts, "end"), kit("end")
    due = row(status="missed", next_target_year=2025.0, kind="share", base_value=0.0, value=45.0)
    due |= {"next_target_value": 50.0, **GOAL, "decimals": 0}
    assert foremost.short_by(due, later) == "腾出用地2025年差 5 家"
    assert foremost.short_by(due, then) == "腾出用地差 5 家"
    assert "腾出用地 2025年 45 家，目标 50 家，差 5 家。" in gaps.behind_point(due, later)
    assert "腾出用地 45 家，2025年目标 50 家，差 5 家。" in gaps.behind_point(due, then)
    moved = pd.DataFrame({"behind": [2]}, index=["behind"])
    assert gaps.against(moved, later, before="2025年") == ""
    assert "都仍落后" in gaps.against(moved, then, before="2024年")


def test_once_the_plan_is_past_rows_name_the_year_of_their_target() -> None:
    plan, due = {"base_year": 2013, "end_year": 2023}, [(2023,), (2023,)]
    for as_of, year, was_over in (("2023", 2023, False), ("2024-06", 0, False), ("2025", 0, True)):
        now = moment.of(plan, due, as_of=as_of)
        told = moment.headings(now, [2013.0], Words("en"))
        assert (now.code, told["next_year"], told["end_year"]) == ("end", year, year)
        assert told["was_over"] == was_over


def test_of_one_alone_nothing_has_the_least_to_spare() -> None:
    alone = pd.DataFrame([row(status="on_track", schedule_index=0.97, gap_to_next=-4.0)])
    counts = {"total": 1, "judged": 1, "good": 1}
    said = gaps.finding(counts, alone.head(0), kit("mid"), thinnest=alone)
    assert said.endswith("1 项指标符合序时进度，腾出用地还差 4 家")


def test_once_the_plan_is_over_nothing_is_yet_to_be_judged() -> None:
    counts, none = {"total": 4, "judged": 0, "good": 0}, pd.DataFrame(columns=["name"])
    for part in (counts, counts | {"judged": 1}):
        late, early = (gaps.finding(part, none, kit(at), thinnest=none) for at in ("end", "mid"))
        assert "还没有到" in early and "还没有到" not in late and late.endswith("缺数据或目标数")


def test_a_rise_of_what_is_to_fall_has_its_sign() -> None:
    rises = {"required_rate": -0.085, "achieved_rate": 0.02, "required_rate_unit": "per_year"}
    falling = row(**rises, direction=-1, unit="吨/万元", next_target_value=0.35, value=0.52)
    falling |= {"decimals": 2, "next_target_comparator": "<=", "next_target_high": NONE}
    said = gaps.behind_point(falling, kit("mid"))
    assert "尚须每年 −0.085\u00a0吨/万元，迄今每年 +0.02\u00a0吨/万元" in said
    first = pd.DataFrame([falling | {"required_pace": -0.085, "best_pace": 0.02}])
    told = trajectories.points(first, NO_SCORES, kit("mid"))
    assert "迄今最好的一年为 +0.02\u00a0吨/万元" in told[-1]


def test_one_indicator_has_a_target_year_of_its_own() -> None:
    first, own = pd.DataFrame([row()]), Kit(Words("zh-Hans"), FACTS | {"by_end": "各自"}, "own")
    assert "到2025年须每年 24\u00a0家" in trajectories.points(first, NO_SCORES, own)[-1]


@pytest.mark.parametrize(
    ("statuses", "said"),
    [
        (["on_track"], "牵头指标 1 项，符合序时进度"),
        (["met", "achieved"], "牵头指标 2 项，都达标"),
        (["met", "on_track", "missed"], "有 2 项达标或符合序时进度"),
        (["on_track", "missed"], "有 1 项符合序时进度"),
        (["moving_away", "needs_acceleration"], "都落后"),
        (["missed", "needs_acceleration"], "都落后或未达标"),
    ],
)
def test_a_units_headline_says_which_of_the_two_holds(statuses, said) -> None:
    rows = pd.DataFrame([row(status=code, role="lead") for code in statuses])
    assert said in lead_unit_brief.finding("甲局", rows, kit("mid"), clauses=3)


def test_a_change_in_the_figure_is_not_rounded_onto_the_target() -> None:
    about = row(value_before=7.2, value_after=6.998, value_decimals=1, next_target_value=7.0)
    column = Column("data_change", register()["data_change"], Words("zh-Hans"))
    assert kinds.cell(column, about | {"data": "new_observation"}).startswith("7.2 → 6.998")


def test_an_index_is_not_rounded_onto_the_edge_of_its_band() -> None:
    about, facts = row(schedule_index=0.9458, indicator_id="land"), {"cuts": (0.95, 0.6, 0.0)}
    spec = {**register()["schedule_index"], "claim": ""}
    told = [Column("schedule_index", spec, Words("en"), f) for f in (facts, {})]
    assert [kinds.cell(column, about) for column in told] == ["0.946", "0.95"]


def test_the_figure_of_the_schedule_names_what_it_leaves_out() -> None:
    ds = fenghua.load()
    headline = ds.indicators[ds.indicators["scope"] == "headline"]
    headline = headline.assign(name=headline["indicator_id"])
    shape, legs = audit.schedule_shape(ds).dropna(subset="share_pct"), audit.implied_rates(ds)
    said = plan_audit.undrawn(headline, shape, legs, kit("mid"))
    assert "有 4 项没有画出" in said and "定不出点：rd_intensity" in said
    assert "没有起点或中间目标，或起点已达到各个目标：carbon_reduction" in said
    drawn = headline[headline["indicator_id"].isin(shape["indicator_id"])]
    assert plan_audit.undrawn(drawn, shape, legs, kit("mid")) == ""


def test_what_is_beyond_its_target_today_is_not_said_to_lack_it() -> None:
    rows = pd.DataFrame([row(required_pace=7.1, best_pace=9.0, required_of_best=0.8, reason="")])
    said = " ".join(trajectories.points(rows, NO_SCORES, kit("mid")))
    assert "还没有达到" not in said and "1 项，今后每年须做的不多于" in said


def test_no_clause_is_said_of_none_and_a_reading_at_its_end_is_named() -> None:
    every = pd.DataFrame([row(), row(name="全省排名", is_stopped=True)])
    told = trajectories.points(every, NO_SCORES, kit("mid"))[0]
    assert "达到2025年目标：都是两种都不能。" in told and "另有" not in told
    assert "名次不小于 1" in told and "到此为止的：全省排名。" in told
    plain = trajectories.points(every.head(1), NO_SCORES, kit("mid"))[0]
    assert "可能的范围" not in plain
    english = Kit(Words("en"), FACTS, "mid")
    mixed = pd.DataFrame([row(), row(course="open"), row(course="")])
    said, over, *_ = trajectories.points(mixed, NO_SCORES, english)
    assert "1 reaches it on neither, 1 reaches it on one only; 1 has no pair" in said
    assert over.startswith("<b>All 3 that still have a way")


def test_outlooks_without_readings_leave_no_record() -> None:
    scores = pd.DataFrame({"is_held": [None], "is_between": [None], "is_word_right": [None]})
    assert trajectories.record(scores, kit("mid")) == []


LAGS = {"schedule_index": 1.0, "attainment_next": 1.0, "gap_to_next": 0.0, "status": "met"}
LAGS |= {"observation_status": "final"}


def test_all_that_tie_are_named_with_the_least_to_spare() -> None:
    rows = pd.DataFrame([row(**LAGS, name=name) for name in ("甲", "乙", "丙")])
    counts = {"total": 3, "judged": 3, "good": 3, "reached": 3}
    at_end = kit("end")
    two = rows.assign(attainment_next=[1.0, 1.0, 1.2])
    said = gaps.finding(counts, rows.head(0), at_end, thinnest=two)
    assert said.endswith("余量最小的：甲恰好达到，乙恰好达到")
    assert gaps.finding(counts, rows.head(0), at_end, thinnest=rows).endswith(
        "乙恰好达到（另有并列的）"
    )
    (told,) = gaps.points(counts, rows.head(0), two, pd.Series(dtype=int), rows.head(0), at_end)
    assert "乙恰好达到，数据为最终数。" in told
    other = two.assign(observation_status=["final", "estimate", "final"])
    (told,) = gaps.points(counts, rows.head(0), other, pd.Series(dtype=int), rows.head(0), at_end)
    assert told.endswith("余量最小的：甲恰好达到，乙恰好达到。")


def test_what_has_no_planned_change_is_not_compared_by_what_it_has_to_spare() -> None:
    rows = pd.DataFrame(
        [row(**LAGS, name="甲"), row(**LAGS | {"attainment_next": NONE}, name="乙")]
    )
    assert "方案要求变动的指标中余量最小的：甲" in foremost.least_to_spare(rows, kit("end"))
    assert foremost.least_to_spare(rows.tail(1), kit("end")) == ""


def test_what_ties_with_the_furthest_behind_is_not_passed_over() -> None:
    late = LAGS | {"status": "insufficient", "schedule_index": 0.0, "gap_to_next": -5.0}
    rows = pd.DataFrame([row(**late, name=name) for name in ("甲", "乙", "丙")])
    counts = {"total": 3, "judged": 3, "good": 0}
    said = gaps.finding(counts, rows, kit("mid"), thinnest=rows.head(0))
    assert said.endswith("甲还差 5 家，乙还差 5 家（另有并列的）")
    apart = rows.assign(schedule_index=[0.0, 0.1, 0.2])
    said = gaps.finding(counts, apart, kit("mid"), thinnest=rows.head(0))
    assert said.endswith("乙还差 5 家")


def test_a_unit_is_furthest_behind_where_it_is_whatever_its_role() -> None:
    late = LAGS | {"status": "needs_acceleration", "schedule_index": 0.8, "gap_to_next": -5.0}
    worse = late | {"status": "moving_away", "schedule_index": -0.5, "gap_to_next": -7.0}
    rows = pd.DataFrame(
        [row(**late, name="甲", role="lead"), row(**worse, name="乙", role="shared")]
    )
    said = lead_unit_brief.finding("工信局", rows, kit("mid"), clauses=3)
    assert said.endswith("；共同负责的乙还差 7 家")  # no one reads it as the unit's own
    only = lead_unit_brief.finding("教育局", rows.tail(1), kit("mid"), clauses=1)
    assert only.endswith("；乙还差 7 家") and only.count("共同负责") == 1
    owed = rows.head(0).assign(owed="")
    (tasks, _) = lead_unit_brief.points(rows.tail(1), owed, kit("mid"))
    assert "差得最多的：共同负责的乙还差 7 家。" in tasks


def test_of_none_no_number_is_said() -> None:
    rows = pd.DataFrame([row(required_pace=6.0, required_of_best=0.5, course="reaches")])
    told = trajectories.points(rows, NO_SCORES, kit("mid"))
    assert "1 项，看能否达到2025年目标：两种都能。" in told[0]
    assert "1 项，今后每年须做的不多于迄今最好的一年" in told[1]
    scores = pd.DataFrame({"is_held": [None], "is_between": [False], "is_word_right": [None]})
    assert "结果不在两种推算之间" in trajectories.record(scores, kit("end"))[0]
    old = pd.DataFrame([row(owed="stale")])
    (*_, owed) = lead_unit_brief.points(rows.assign(role="lead", status="met"), old, kit("mid"))
    assert "1 项，有旧数，没有缺报。" in owed
    legs = pd.DataFrame([row(pace_first=1.0, pace_second=1.0, first_year=2023.0)])
    (said,) = trajectories.points_at_start(legs, legs.head(0), legs.head(0), kit("start"))
    assert "后段不必比前段更快" in said and "0 项" not in said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            {"n": 3, "comparable": 1, "same": 1},
            "3 项上级目标中，1 项可比：与上级相同；其余 2 项",
        ),
        ({"n": 2, "comparable": 2, "looser": 2}, "2 项上级目标都可比：都比上级宽。"),
        ({"n": 1, "comparable": 1, "same": 1}, "1 项上级目标可比：与上级相同。"),
        (
            {"n": 3, "comparable": 3, "same": 1, "looser": 2},
            "3 项上级目标都可比：1 项相同，2 项更宽。",
        ),
        ({"n": 2, "comparable": 0}, "2 项上级目标都不可比"),
    ],
)
def test_targets_of_the_plans_above_are_counted_without_noughts(counts, said) -> None:
    counts = dict.fromkeys(("same", "stricter", "looser"), 0) | counts
    told = plan_audit.beside(counts, kit("mid"))
    assert told.startswith(said) and "0 项" not in told


def test_what_is_met_before_its_time_is_not_called_on_schedule() -> None:
    good = pd.DataFrame([row(status="met", schedule_index=1.2), row(status="on_track")])
    counts = {"total": 3, "judged": 3, "good": 2, "reached": 1}
    late = pd.DataFrame([row(**LAGS | {"schedule_index": 0.2, "gap_to_next": -5.0})])
    said = gaps.finding(counts, late, kit("start"), thinnest=good)
    assert "2 项符合序时进度或达标" in said
    only = gaps.finding(counts, late, kit("start"), thinnest=good.tail(1))
    assert "2 项符合序时进度；" in only


def test_a_pace_that_would_do_is_said_beside_a_row_behind_its_path() -> None:
    about = row(kind="level", status="needs_acceleration", required_rate=3.17, achieved_rate=3.21)
    about |= {"next_target_comparator": "=", "next_target_high": NONE, "next_target_value": 9.0}
    about |= {"required_rate_unit": "per_year", "value": 4.0, "decimals": 0}
    assert "到目标年仍够；落后是因为" in gaps.behind_point(about, kit("mid"))
    slow = about | {"required_rate": 3.5}
    assert "仍够" not in gaps.behind_point(slow, kit("mid"))
    falling = about | {"direction": -1, "required_rate": -3.0, "achieved_rate": -3.0}
    assert "仍够" in gaps.behind_point(falling, kit("mid"))
    later = about | {"effort_target_year": 2025.0}  # both are paces to another target
    assert "仍够" not in gaps.behind_point(later, kit("mid"))


def test_growth_so_far_has_the_digits_of_its_value() -> None:
    about = row(kind="growth", achieved_rate=7.96, required_rate=8.06, value_decimals=2)
    assert amounts.pace_of(about, "achieved_rate") == "7.96"
    assert amounts.pace_of(about | {"kind": "level"}, "achieved_rate") == "8"


def test_the_gap_of_a_range_names_the_end_it_is_counted_from() -> None:
    about = row(unit="分", status="on_track", gap_to_next=-4.2, value_decimals=2, direction=-1)
    about |= {"next_target_comparator": "range", "next_target_value": 55.0}
    about |= {"next_target_high": 50.0, "decimals": 0, "reason": ""}
    assert amounts.gap_of(about, Words("zh-Hans")) == "还差 4.2 分（从 55 算起）"
    column = Column("shortfall", register()["shortfall"], Words("en"))
    assert kinds.cell(column, about).endswith("to go, counted from 55")
    point = about | {"next_target_comparator": "<="}
    assert "算起" not in amounts.gap_of(point, Words("zh-Hans"))


def test_what_is_to_be_held_is_not_said_to_be_reached() -> None:
    about = row(required_rate=0.0, achieved_rate=2.3, flags="limit_mode", required_pace=0.0)
    for key in ("pace", "required_pace"):
        column = Column(key, register()[key], Words("en"))
        told = kinds.cell(column, about)
        assert told.startswith("held so far") and "reached" not in told
        assert "reached" in kinds.cell(column, about | {"flags": ""})


def test_a_reading_prints_apart_from_the_target_that_it_misses() -> None:
    about = row(pace=3.38, end_target_value=3.0, unit="位", value_decimals=0)
    column = Column("reading_pace", register()["reading_pace"], Words("en"))
    assert ">3.4<" in kinds.cell(column, about)
    assert ">5<" in kinds.cell(column, about | {"pace": 5.2})


def test_tasks_of_a_town_that_tie_are_not_passed_over() -> None:
    rows = pd.DataFrame({"name": list("甲乙丙"), "told": "还差 2 家", "schedule_index": 0.0})
    counts = {"total": 3, "judged": 3, "good": 0, "is_due": False}
    said = town.finding(counts, rows, kit("mid"), name="东镇")
    assert said.endswith("甲还差 2 家，乙还差 2 家（另有并列的）")


def test_a_ceiling_that_was_broken_had_no_planned_rise() -> None:
    ceiling = {"direction": -1, "kind": "level", "value": 121.0, "base_value": 110.0}
    ceiling |= {"next_target_value": 120.0, "gap_to_next": -1.0, "base_year": 2022.0}
    ceiling |= {"next_target_comparator": "<=", "next_target_high": NONE, "decimals": 0}
    about = row(**LAGS | ceiling | {"status": "missed"}, flags="")
    assert "计划" not in gaps.behind_point(about, kit("end"))
    falling = about | {"base_value": 130.0}
    assert "变动 −9 家，计划 −10 家" in gaps.behind_point(falling, kit("end"))


def test_a_better_rank_is_not_said_to_be_lower() -> None:
    about = row(unit="位", direction=-1, gap_to_next=3.0, status="met")
    assert amounts.gap_of(about, Words("en")) == "3 places better"
    assert amounts.gap_of(about | {"gap_to_next": -1.0, "status": "missed"}, Words("zh-Hans")) == (
        "靠后 1 位"
    )
    assert amounts.gap_of(about | {"gap_to_next": -2.0, "status": "on_track"}, Words("en")) == (
        "2 places to go"
    )


def test_a_best_year_of_nothing_has_not_reached_anything() -> None:
    first = pd.DataFrame([row(best_pace=0.0)])
    told = trajectories.points(first, NO_SCORES, kit("mid"))
    assert "迄今最好的一年为 0\u00a0家" in told[-1] and "已达到" not in told[-1]


@pytest.mark.parametrize(
    ("about", "seen", "least", "most"),
    [
        ({"unit": "位", "direction": -1}, [20, 12, 5], 1, np.inf),
        ({"unit": "家", "is_count": "true"}, [20, 12, 5], 0, np.inf),
        ({"unit": "%"}, [20, 12, 5], -np.inf, 100),
        ({"unit": "%"}, [20, 12, 105], -np.inf, np.inf),
        ({"unit": "万元/亩", "direction": -1}, [20, 12, 5], -np.inf, np.inf),
        ({"unit": "吨/万元", "direction": -1}, [20, 12, 5], 0, np.inf),
    ],
)
def test_a_reading_ends_where_the_possible_does(about, seen, least, most) -> None:
    about = {"direction": 1, "decimals": 0, **about}
    goals = {"indicator_id": "a", "role": ["baseline", "target"], "year": [2020, 2026]}
    goals |= {"value": [20.0, 4.0 if about["direction"] < 0 else 40.0], "comparator": "="}
    path = path_of.read(
        pd.DataFrame(goals | {"printed": ""}), "a", kind="level", direction=about["direction"]
    )
    points = pd.DataFrame({"t": [2020.0, 2021.0, 2022.0], "value": np.array(seen, dtype=float)})
    rules = {"interval_level_pct": 80.0, "word_level_pct": 90.0}
    own = course.Course(path, about, [], points, rules)
    assert own.bounds == (least, most)

    last = own.ahead.iloc[-1]
    assert least <= last["pace"] <= most and least <= last["shape"] <= most
    assert course.stopped({"a": own}) == (["a"] if last["pace"] in (least, most) else [])


def test_an_interval_of_ranks_ends_at_whole_places() -> None:
    goals = {"indicator_id": "a", "role": ["baseline", "target"], "year": [2020, 2025]}
    goals |= {"value": [45.0, 30.0], "comparator": "=", "printed": ""}
    path = path_of.read(pd.DataFrame(goals), "a", kind="level", direction=-1)
    seen = {"t": [2020.0, 2021.0, 2022.0, 2023.0], "value": [45.0, 43.0, 38.0, 36.0]}
    rules = {"interval_level_pct": 80.0, "word_level_pct": 90.0}
    ends = {}
    for unit in ("位", "分"):
        about = {"unit": unit, "direction": -1, "decimals": 0}
        own = course.Course(path, about, [], pd.DataFrame(seen), rules)
        ends[unit] = own.projected(2025).iloc[-1][["low", "high"]].tolist()
    assert ends["位"] == [np.floor(ends["分"][0]), np.ceil(ends["分"][1])] != ends["分"]
    register = pd.DataFrame({"indicator_id": ["a"], "unit": "位", "is_count": False})
    register = register.assign(decimals=0, lead_unit_ids="", name_zh_hans="名次")
    called = naming.register(
        register, pd.DataFrame(columns=["unit_id", "name_zh_hans"]), Words("zh-Hans")
    )
    assert called["value_decimals"].tolist() == [0]


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
def test_no_sentence_says_a_number_of_itself(lang) -> None:
    mid = Kit(Words(lang), FACTS, "mid")
    all_same = re.compile(
        r"\b(\d+)( 项)?(中| of|，其中)[^，:：]{0,12}\b\1\b|(?<!\d)0 (项|家|条)|\b0 of"
    )
    about = {"required_rate": 2.0, "achieved_rate": 1.0, "required_rate_unit": "per_year"}
    about |= {"next_target_year": 2025.0, "effort_target_year": 2025.0}
    first = pd.DataFrame([row(**about)] * 3)
    about |= {"pace_unit": "per_year", "first_year": 2023.0}
    legs = pd.DataFrame([row(**about, pace_first=1.0, pace_second=2.0)] * 3)
    faster = pd.DataFrame([row(required_pace=9.0, required_of_best=1.5)] * 3)
    marks = {"is_held": [True] * 3, "is_between": [True] * 3, "is_word_right": [True] * 3}
    sizes = pd.Series({"headline": 3, "text": 0, "targets": 3, "rules": 0})
    counts = {"judged": 3, "good": 0, "total": 3, "faster": 3}
    owed = pd.DataFrame([row(owed="missing")] * 3)
    met = first.assign(role="lead", status="met")
    late = pd.DataFrame({"name": ["关停"], "behind": [3], "judged": [3], "worst": [["甲"]]})
    said = [
        trajectories.finding(counts, first, mid),
        trajectories.finding_at_start(legs, legs, mid),
        trajectories.finding_at_end(counts, pd.Series([2022] * 3), mid),
        *trajectories.points(faster, pd.DataFrame(marks), mid),
        *trajectories.points_at_end(met, met, pd.DataFrame(marks), mid),
        *plan_audit.points(NO_MATTERS, sizes, [], mid),
        *lead_unit_brief.points(met, owed, mid),
        *towns.points({"is_due": False}, late, pd.DataFrame(), pd.DataFrame(), [], mid),
    ]
    assert len(said) > 10
    assert [text for text in said if all_same.search(re.sub("<[^>]*>", "", text))] == []


def test_indicators_without_tasks_in_a_race_of_tasks_are_named() -> None:
    values = pd.DataFrame({"land": [0.5], "air": [0.2]})
    named = {"land": "腾出用地", "air": "细颗粒物"}
    asked = pd.DataFrame({"indicator_id": ["land"]})
    said = tasks.by_plan(values, asked, kit("mid"), named=named)
    assert said.endswith("：细颗粒物。") and "腾出用地" not in said
    assert tasks.by_plan(values[["land"]], asked, kit("mid"), named=named) == ""
    assert tasks.by_plan(values, asked.head(0), kit("mid"), named=named) == ""


def test_one_status_of_all_tasks_has_no_number_of_its_own() -> None:
    counts = pd.Series({"met": 2, "missed": 0})
    assert gaps.tasks_point(counts, kit("end")) == "<b>方案正文 2 项任务：都达标。</b>"
    assert "none can be assessed" in gaps.tallied(
        pd.Series({"not_assessable": 3}), Kit(Words("en"), FACTS, "mid")
    )


def test_what_has_no_place_is_none_and_no_code_is_printed() -> None:
    groups = pd.DataFrame({"table": "town", "code": ["none", "a"]})
    told = edition.named(groups, "town", {"a": "甲镇"}, Words("zh-Hans"))
    assert told["name"].tolist() == ["未注明", "甲镇"]
    assert edition.named(groups.head(1), "town", {}, Words("zh-Hans")).empty


def test_a_group_that_is_ranked_apart_is_told_by_its_industries() -> None:
    scheme = {"groups": {"metal": ["33"], "other": "rest"}}
    names, words = {"33": "金属制品业"}, Words("zh-Hans")
    told = [naming.evaluated(f"above_scale{x}", scheme, names, words) for x in ("/metal", "/other")]
    assert told == ["规上企业（金属制品业）", "规上企业（其余行业）"]
    assert naming.evaluated("below_scale", {"groups": "all"}, names, words) == "规下企业"


def test_a_scheme_that_names_its_year_has_it_once() -> None:
    for title, said in (("某市办法（2022年）", "某市办法（2022年）"), ("某市办法", "（2022 年）")):
        scheme = {"title": {"zh_hans": title}, "year": 2022}
        assert per_mu.notice(scheme, Words("zh-Hans")).count("2022") == 1
        assert said in per_mu.notice(scheme, Words("zh-Hans"))


def test_the_pace_of_a_rank_says_which_way_it_moves() -> None:
    paces = {"required_rate": -5.5, "achieved_rate": 1.0, "required_rate_unit": "per_year"}
    rank = row(**paces, unit="位", direction=-1, required_pace=-5.5, best_pace=1.0)
    at = {**GOAL, "value": 31, "next_target_value": 20, "gap_to_next": -11}
    told = gaps.behind_point(rank | at, MID)
    assert "尚须每年前移 5.5\u00a0位，迄今每年后移 1\u00a0位" in told
    first = pd.DataFrame([rank | {"required_of_best": 2.0}])
    told = trajectories.points(first, NO_SCORES, MID)[-1]
    assert "须每年前移 5.5\u00a0位，迄今最好的一年为后移 1\u00a0位" in told


def test_what_is_left_for_one_year_and_its_pace_have_one_rounding() -> None:
    paces = {"required_rate": 1.22, "achieved_rate": 0.4, "required_rate_unit": "per_year"}
    about = {"value": 12.78, "next_target_value": 14.0, "gap_to_next": -1.22, "value_decimals": 2}
    told = gaps.behind_point(row(**paces, **about, **GOAL, unit="万元/亩"), MID)
    assert "还差 1.22 万元/亩" in told and "尚须每年 1.22\u00a0万元/亩" in told
