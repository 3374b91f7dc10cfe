"""What the town pages say follows from the rows that they show."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import fenghua
from fenghua.analysis import ranks
from fenghua.analysis import towns as analysed
from fenghua.brief import begin
from fenghua.display.columns import register
from fenghua.display.kit import Kit
from fenghua.display.wording import Words
from fenghua.pages import tasks, town, towns

NONE = float("nan")
COUNTS = {"towns": 3, "total": 6, "judged": 5, "good": 2, "year": 2025, "is_due": True}


@pytest.fixture
def kit() -> Kit:
    return Kit(Words("zh-Hans"), {"period": "2025年"}, "end")


def standing(*rows: tuple) -> pd.DataFrame:
    columns = ["town_code", "tier", "median_rank", "nominal_rank", "rank_low", "rank_high"]
    columns += ["score", "better_than", "worse_than", "reason"]
    return pd.DataFrame(rows, columns=columns).set_index("town_code")


THREE = standing(
    ("c", 2.0, 3.0, 3.0, 2.0, 3.0, 0.4, "", "a", ""),
    ("a", 1.0, 1.0, 1.0, 1.0, 1.0, 0.9, "b;c", "", ""),
    ("b", 2.0, 2.0, 2.0, 2.0, 3.0, 0.6, "", "a", ""),
)
CALLED = {"a": "甲镇", "b": "乙镇", "c": "丙镇", "z": "开发区"}


def missed(behind: int) -> pd.DataFrame:
    rows = {"behind": [behind], "judged": [3], "worst": [["丙镇（差 2 家）"]]}
    return pd.DataFrame(rows, index=pd.Index(["整治企业"], name="name"))


def test_the_headline_counts_what_can_be_judged_and_names_a_town_apart_from_all(kit) -> None:
    ranked = towns.ranked(THREE, CALLED, kit.words)
    assert ranked["name"].tolist() == ["甲镇", "乙镇", "丙镇"]
    said = towns.finding(COUNTS, missed(2), ranked, kit)
    assert said == (
        "规划期满：3 个镇街可判断的 5 项任务 2 项达标；整治企业有 2 个镇街未达标；"
        "甲镇可断定优于其余 2 个参排镇街"
    )
    assert "未达标" not in towns.finding(COUNTS, missed(0), ranked, kit)


def test_no_town_is_named_first_unless_it_is_apart_from_every_other(kit) -> None:
    close = THREE.assign(better_than=["", "c", ""], worse_than=["a", "", ""])
    ranked = towns.ranked(close, CALLED, kit.words)
    assert "可断定优于" not in towns.finding(COUNTS, missed(2), ranked, kit)
    claim, detail = towns.order(ranked, kit)
    assert claim.startswith("3 对镇街中 1 对可断定先后：甲镇优于 1 个")
    assert detail == "分为 2 档。"


def test_missing_data_is_the_headline_where_half_cannot_be_judged(kit) -> None:
    few = COUNTS | {"judged": 2}
    said = towns.finding(few, missed(1), towns.ranked(THREE, CALLED, kit.words), kit)
    assert said == "2025年：3 个镇街的 6 项任务中可判断的有 2 项"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (THREE.head(0), "没有镇街有足够的数据排名"),
        (THREE.head(1), "只有丙镇有足够的数据，不作排名"),
        (THREE.assign(reason="all_equal"), "3 个镇街得分相同，分不出先后"),
        (THREE.assign(better_than="", worse_than=""), "3 个镇街没有一对可断定先后"),
    ],
)
def test_without_a_stated_pair_no_order_is_told(kit, rows, said) -> None:
    assert said in towns.order(towns.ranked(rows, CALLED, kit.words), kit)[0]


def test_of_too_many_towns_for_pairs_none_is_told(kit) -> None:
    """Above 200 units pairs are not looked at; to say that none is stated would be untrue."""
    n = ranks.FEW + 1
    draw = np.random.default_rng(0)
    values = pd.DataFrame(draw.random((n, 3)), [f"t{i:03d}" for i in range(n)], list("xyz"))
    posts = pd.DataFrame({"low": 0.0, "high": 1.0, "direction": 1}, index=list("xyz"))
    held = analysed.rank_intervals(values, posts, draws=50).rename_axis("town_code")
    called = {code: f"{code}镇" for code in held.index}
    ranked = towns.ranked(held, called, kit.words)
    tiers = int(held["tier"].max())
    claim, detail = towns.order(ranked, kit)
    assert claim == f"201 个镇街按名次区间分为 {tiers} 档；超过 200 个时不逐对比较先后。"
    assert "共同的名次" in detail
    assert "可断定优于" not in towns.finding(COUNTS, missed(2), ranked, kit)
    one = ranked.iloc[7]
    place = town.place(held.loc[one["town_code"]], ranked, kit, code=one["town_code"], coverage="")
    assert f"在第 {one['tier']:.0f} 档" in place
    assert f"第 {one['rank_low']:.0f} 至第 {one['rank_high']:.0f} 名" in place


def test_of_very_many_towns_a_chart_draws_the_two_ends_and_says_so(kit) -> None:
    """A chart of 5,000 rows was 119,000 points high: nobody can look at it."""
    named = {"name": [f"{i}镇" for i in range(towns.CHARTED + 1)]}
    rows = pd.DataFrame(named | {"rank_low": 1.0, "rank_high": 2.0})
    drawn, key = towns.charted(rows)
    assert [*drawn["name"].iloc[[0, 19, 20, 39]]] == ["0镇", "19镇", "41镇", "60镇"]
    facts = {"n": len(rows), "shown": towns.ENDS, "share": "90%"}
    assert kit.say(f"{key}_note", **facts).startswith("共 61 个镇街，图中只画前 20 个与后 20 个")
    every, key = towns.charted(rows.head(towns.CHARTED))
    assert len(every) == towns.CHARTED
    assert key == "town_comparison.ranks"


def test_of_very_many_names_a_sentence_lists_the_first(kit) -> None:
    names = [f"{i}镇" for i in range(30)]
    assert tasks.listed(names, kit) == "0镇、1镇、2镇等 30 个"
    assert tasks.listed(names[:6], kit) == "0镇、1镇、2镇、3镇、4镇、5镇"


def test_the_place_of_a_town_before_many_others_is_said_without_their_names(kit) -> None:
    codes = list("abcdefghi")
    pairs = pd.DataFrame({"better_than": "", "worse_than": "a"}, index=codes)
    pairs.loc["a"] = ["b;c;d;e;f;g;h;i", ""]
    pairs.loc["b"] = ["c;d;e;f;g;h;i", "a"]
    facts = {"tier": 1, "median_rank": 1.0, "nominal_rank": 1.0, "score": 1.0, "reason": ""}
    rows = pairs.assign(**facts).rename_axis("town_code")
    ranked = towns.ranked(rows, {code: f"{code}镇" for code in codes}, kit.words)
    said = [town.place({}, ranked, kit, code=code, coverage="70%") for code in "abi"]
    assert said[0] == "可断定优于其余 8 个参排镇街"
    assert said[1] == "可断定次于a镇，可断定优于c镇、d镇、e镇等 7 个"
    assert said[2] == "可断定次于a镇，与其余 7 个分不出先后"


def test_zones_and_towns_with_few_figures_stand_apart_and_say_why(kit) -> None:
    rows = pd.DataFrame(
        {"score": [NONE, 1.038], "reason": ["below_coverage", "zone_apart"]}, index=["b", "z"]
    )
    few, zone = towns.apart(rows, CALLED, kit, coverage="70%")
    assert few == "乙镇有任务又有数的指标不到 70%，不排名。"
    assert zone.startswith("开发区得分 103.8：与镇街重叠，单列，不排名")


def test_the_place_of_a_town_names_those_above_and_below_and_counts_the_rest(kit) -> None:
    ranked = towns.ranked(THREE, CALLED, kit.words)
    row = {"reason": ""}
    said = town.place(row, ranked, kit, code="b", coverage="70%")
    assert said == "可断定次于甲镇，与其余 1 个分不出先后"
    assert town.place(row, ranked, kit, code="a", coverage="70%") == "可断定优于乙镇、丙镇"
    apart = town.place({"reason": "zone_apart"}, ranked, kit, code="z", coverage="70%")
    assert apart == "不参加镇街排名：与镇街重叠，单列，不参加排名"
    alone = towns.ranked(THREE.head(1), CALLED, kit.words)
    code = alone["town_code"].iloc[0]
    said = town.place({"reason": "single_unit"}, alone, kit, code=code, coverage="70%")
    assert said == "不参加镇街排名：只有一个单位，不作比较"


def task(**changes) -> dict:
    row = {"name": "整治企业", "value": 81.0, "task": 106.0, "value_decimals": 0, "unit": "家"}
    row |= {
        "status": "missed",
        "reason": "",
        "gap": -25.0,
        "task_year": 2025,
        "path_value": NONE,
        "age_months": 0.0,
        "period": "2025",
        "direction": 1,
        "is_count": True,
    }
    return row | changes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "差 25 家"),
        ({"status": "insufficient"}, "还差 25 家"),
        ({"status": "met", "gap": 4.0}, "超 4 家"),
        ({"status": "on_track", "gap": 0.0}, "恰好达到"),
        ({"status": "not_assessable", "reason": "no_report"}, "镇街未报"),
        ({"unit": "平方公里", "value_decimals": 2, "gap": -0.0004}, "差 0.0004 平方公里"),
        ({"direction": -1}, "高出 25 家"),
        ({"direction": -1, "status": "met", "gap": 4.0}, "低 4 家"),
    ],
)
def test_a_gap_is_said_in_natural_units_and_never_rounded_to_nothing(kit, changes, said) -> None:
    assert tasks.gap(task(**changes), kit.words) == said


def test_the_headline_of_a_town_says_two_gaps_and_no_rank(kit) -> None:
    rows = pd.DataFrame([task(told="差 25 家"), task(name="腾地", told="差 0.059 平方公里")])
    rows["schedule_index"] = [0.4, 0.6]
    counts = {"total": 9, "judged": 8, "good": 5, "is_due": True}
    said = town.finding(counts, rows, kit, name="锦屏街道")
    assert said == ("锦屏街道：可判断的 8 项任务 5 项达标；整治企业差 25 家，腾地差 0.059 平方公里")
    none = town.finding(counts | {"judged": 0}, rows.head(0), kit, name="锦屏街道")
    assert none.startswith("锦屏街道：没有可判断的任务")


def test_a_task_that_all_towns_miss_is_missed_by_all_of_them(kit) -> None:
    missed = pd.DataFrame({"name": ["腾地", "整治"], "behind": [3, 2], "judged": 3})
    counts = {"towns": 3, "total": 6, "judged": 6, "good": 1, "year": 2025, "is_due": True}
    alone = towns.ranked(THREE.head(0), CALLED, kit.words)
    said = towns.finding(counts, missed.set_index("name"), alone, kit)
    assert said.endswith("；腾地可判断的 3 个镇街都未达标")
    bare = towns.finding(counts | {"total": 0}, missed, towns.ranked(THREE, CALLED, kit.words), kit)
    assert not bare.endswith("。")
    said = towns.finding(counts, missed.set_index("name").tail(1), alone, kit)
    assert said.endswith("；整治有 2 个镇街未达标")


def test_the_task_of_a_later_year_is_none_of_a_year_without_one() -> None:
    lanxi = Path(__file__).parent / "plans/lanxi"
    brief = begin("town_brief", as_of="2020", lang="zh-Hans", data=lanxi, town="999903001")
    past = town.years(brief, "999903001").query("indicator_id == 'firms'")
    told = past.set_index("year")["told_year"]
    assert told.to_dict() == {
        **{"2018": "9 / 10", "2020": "19 / 20"},
        **dict.fromkeys(("2016", "2017", "2019"), ""),
    }
    assert past.loc[past["told_year"] == "", "status"].eq("").all()
    lines = town.lines(past, past.head(1)).set_index("series")
    assert lines.loc["path", "t"].tolist() == [2015, 2018, 2020]
    assert lines.loc["observation", "t"].tolist() == [2015, 2016, 2017, 2018, 2019, 2020]


def test_what_lacks_to_the_next_quarter_may_have_to_fall() -> None:
    heads = {register()[key]["zh"] for key in ("more_by_then", "task_against")}
    assert heads == {"还差", "实际 / 任务"}  # neither rises nor adds up where less is better


def test_a_figure_has_the_digits_that_other_pages_give_it() -> None:
    keys = ("published_value", "reported_value", "point", "base_value")
    assert {register()[key]["decimals"] for key in keys} == {"value_decimals"}


def test_exact_counts_are_not_said_to_be_those_of_the_public_edition(kit) -> None:
    counts = {"entered": 8, "left": 7, "stayed": 195}
    said = town.moves(counts, kit.words, year=2024)
    assert said == "2024 年比 2023 年：新进企业 8 家，退出 7 家，留存 195 家。"


def test_of_two_towns_one_is_better_and_none_the_most(kit) -> None:
    sides = {"better_than": ["b", ""], "worse_than": ["", "a"]}
    two = THREE.loc[["a", "b"]].assign(**sides, rank_high=[1.0, 2.0])
    ranked = towns.ranked(two, CALLED, kit.words)
    assert towns.order(ranked, kit) == ("甲镇可断定优于乙镇。", "")
    assert towns.charted(ranked)[1] == "town_comparison.ranks_sure"


def test_zones_are_spoken_of_where_there_are_any(kit) -> None:
    towns_alone = pd.DataFrame({"kind": ["town", "street"]})
    assert towns.zones(towns_alone, kit) == ""
    assert "开发区" in towns.zones(towns_alone.replace("street", "zone"), kit)


def test_one_reason_of_all_that_are_unknown_has_no_number_of_its_own(kit) -> None:
    rows = pd.DataFrame({"name": ["腾地", "整治"], "reason": "no_report"})
    said = towns._unknown(rows, kit, stale="")
    assert said == "<b>2 项暂无法判断：</b>镇街未报（腾地、整治）。"
    mixed = towns._unknown(rows.assign(reason=["no_report", "no_town_base"]), kit, stale="")
    assert "镇街未报 1 项（腾地）；" in mixed


def test_what_is_due_of_whole_things_is_whole(kit) -> None:
    late = {"status": "insufficient", "told": "还差 25 家", "path_value": 89.5}
    assert "到本期应达 90 家。" in town._behind(task(**late), kit)
    assert "到本期应达 89 家。" in town._behind(task(**late, direction=-1), kit)
    assert "到本期应达 89.5 家。" in town._behind(task(**late, is_count=False), kit)


def test_an_older_figure_says_its_date_and_what_was_due_by_then(kit) -> None:
    changes = {"status": "insufficient", "told": "还差 25 家", "path_value": 90.0}
    (now,) = town._behind(task(**changes), kit).split("</b>")[1:]
    assert now == "按进度到本期应达 90 家。"
    (then,) = town._behind(task(**changes, age_months=6.0), kit).split("</b>")[1:]
    assert then == "用2025年的数，按进度到该期应达 90 家。"
    counts = {"total": 1, "judged": 1, "good": 1, "is_due": False}
    rows = pd.DataFrame([task(status="on_track", age_months=6.0)])
    (said,) = town.points(counts, rows.head(0), rows, rows.head(0), "", kit)
    assert "整治企业（2025年的数）" in said
    rows = rows.assign(is_judged=True)
    assert towns.by_earlier(rows, kit) == ["<b>1 项用较早的数（2025年）判断，应达数取该期的。</b>"]
    assert towns.by_earlier(rows.assign(age_months=0.0), kit) == []


def test_one_task_and_one_other_town_are_said_as_one() -> None:
    kit = Kit(Words("en"), {"period": "2025"}, "mid")
    counts = {"total": 1, "judged": 1, "good": 0, "is_due": True}
    none = pd.DataFrame(columns=["name", "told"])
    said = town.finding(counts, none, kit, name="Nanmen")
    assert said == "Nanmen: the 1 task that can be judged was not met"
    for judged, good, told in (
        (3, 0, "none of the 3 tasks that can be judged was met"),
        (3, 3, "all 3 tasks that can be judged were met"),
        (1, 1, "the 1 task that can be judged was met"),
    ):
        said = town.finding(counts | {"judged": judged, "good": good}, none, kit, name="Nanmen")
        assert said == f"Nanmen: {told}"
    several = town.finding({**counts, "judged": 4, "good": 1}, pd.DataFrame(), kit, name="Nanmen")
    assert several == "Nanmen: 1 of 4 tasks that can be judged was met"
    pair = THREE.loc[["b", "c"]].assign(better_than="", worse_than="")
    ranked = towns.ranked(pair, CALLED, kit.words)
    place = town.place({"reason": ""}, ranked, kit, code="b", coverage="70%")
    assert place == "not to be told apart from the remaining one"


def test_reported_figures_without_tasks_are_counted(kit) -> None:
    counts = {"total": 0, "judged": 0, "good": 0, "is_due": False, "reported": 6}
    said = town.finding(counts, pd.DataFrame(), kit, name="莲都区")
    assert said == "莲都区：没有任务数，已报 6 项"
    none = town.finding(counts | {"reported": 0}, pd.DataFrame(), kit, name="莲都区")
    assert none == "莲都区：没有任务数和完成数"


@pytest.mark.parametrize("n", range(2, 400))
def test_an_axis_of_ranks_names_whole_ranks_from_the_first_to_the_last(n) -> None:
    ticks = towns.ranks(n)
    assert (ticks[0], ticks[-1]) == (1, n)
    assert len(ticks) <= 11 and ticks == sorted(set(ticks))
    assert n > 10 or ticks == list(range(1, n + 1))


def test_the_choices_of_method_say_that_none_moves_a_rank() -> None:
    moved = pd.DataFrame({"max_rank_shift": [2.0, 0.0]})
    assert towns.effects_key(moved) == "town_comparison.effects"
    assert towns.effects_key(moved * 0) == "town_comparison.effects_none"


def test_the_title_of_the_choices_has_the_digits_of_its_table() -> None:
    shifts = {"choice": ["weights", "chance_in_counts"], "mean_rank_shift": [0.0, 0.05]}
    effects = pd.DataFrame(shifts | {"max_rank_shift": [0.0, 2.0]})
    assert towns.first(effects.set_index("choice"), Words("en"))["mean"] == "0.05"


def test_what_a_year_asked_keeps_its_verdict_in_print() -> None:
    rows = pd.DataFrame(
        [
            {"indicator_id": "land", "done": 0.0391, "asked": 0.0394, "value_decimals": 3},
            {"indicator_id": "firms", "done": 1.0, "asked": 0.0, "value_decimals": 0},
            {"indicator_id": "gone", "done": NONE, "asked": 1.0, "value_decimals": 0},
        ]
    ).assign(is_annual_met=pd.Series([False, None, None], dtype=object))
    told = town.this_year(rows, Words("zh-Hans"))
    assert told == {"land": "0.0391 / 0.0394 未达标", "firms": "本年无任务，完成 1"}


@pytest.mark.parametrize(("as_of", "has_rows"), [("2025", True), ("2026", False)])
def test_a_year_after_the_plan_has_no_table_of_noughts(as_of, has_rows) -> None:
    assert (len(tasks.appraised(fenghua.load(), as_of)) > 0) == has_rows


def test_a_month_is_not_judged_as_a_year() -> None:
    columns = ["indicator_id", "town_code", "year", "value"]
    ds = SimpleNamespace(
        town_tasks=pd.DataFrame(columns=columns),
        town_reports=pd.DataFrame(columns=["indicator_id", "town_code", "period", "value"]),
        targets=pd.DataFrame(columns=["indicator_id", "role", "year"]),
        indicators=pd.DataFrame(columns=["indicator_id", "kind", "direction"]),
        plan={"base_year": 2020},
        parameters={},
    )
    assert tasks.appraised(ds, "2023-06").empty


def test_tasks_of_which_some_are_due_are_called_neither_met_nor_on_schedule_alone() -> None:
    kit = Kit(Words("zh-Hans"), {"period": "2019年"}, "mid")
    counts = {"total": 4, "judged": 4, "good": 1, "is_due": True, "is_own": True, "towns": 2}
    counts |= {"year": "2017–2020"}
    said = town.finding(counts, pd.DataFrame(), kit, name="东镇")
    assert said == "东镇：可判断的 4 项任务 1 项达标或符合序时进度"
    ranked = towns.ranked(THREE, CALLED, kit.words)
    told = towns.finding(counts, missed(2), ranked, kit)
    assert told.startswith("2017–2020年任务，截至2019年：") and "2 个镇街落后或未达标" in told
    due = towns.finding(counts | {"is_own": False}, missed(2), ranked, kit)
    assert due.startswith("2019年末：")  # not the end of the last year with a task
