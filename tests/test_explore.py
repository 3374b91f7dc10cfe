"""What-ifs: the arithmetic, the controls, and the notebooks in a real JupyterLab and browser."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

import numpy as np
import pandas as pd
import pytest
from browser import chromium

import fenghua
from fenghua import explore
from fenghua import lab as working_copies
from fenghua.analysis import observed, whatif
from fenghua.analysis.path import with_bases
from fenghua.brief import begin
from fenghua.display.wording import Words
from fenghua.explore import saved_views
from fenghua.inputs.vocabulary import Audience

ROOT = Path(__file__).parents[1]
HAN = re.compile("[\u4e00-\u9fff]")
DEFAULTS = {
    "indicator": "", "target_pct": 100.0, "on_track_min": -1.0, "year": -1, "town": "",
    "industry": "", "scheme": "", "weights": "", "d_pct": -1.0, "register_tax": -1.0,
    "closed": 0, "closed_ids": "", "blocks": "", "land_id": "", "energy_id": "",
}  # fmt: skip


def plants() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "enterprise_id": list("abcd"),
            "town_code": ["t1", "t1", "t2", "t2"],
            "land_mu": [30.0, 60.0, 90.0, 120.0],
            "energy_tce": [1000.0, 2000.0, 3000.0, 4000.0],
            "tax_wan": [300.0, 60.0, 45.0, 600.0],
            "employees": [10.0, 20.0, 30.0, 40.0],
            "is_high_tech": [False, False, True, False],
        }
    )


def test_a_control_that_is_set_to_what_there_is_not_says_what_there_is():
    for given, said in (
        ({"indicator": "tax_pr_mu"}, "indicator is 'tax_pr_mu'; did you mean tax_per_mu"),
        ({"year": 1999}, "year is 1999; allowed: 2"),
        ({"weights": "tax_per_mu_wan"}, "'tax_per_mu_wan' is no name=number"),
        ({"blocks": "quality=much"}, "'quality=much' is no name=number"),
    ):
        with pytest.raises(ValueError, match=said):
            explore.view(
                begin("explore", as_of="2024", data=f"{ROOT}/data/raw", **DEFAULTS | given)
            )


@pytest.mark.parametrize("audience", ["public", "internal"])
def test_a_saved_setting_tells_the_public_no_folder_of_the_machine(audience, tmp_path, monkeypatch):
    monkeypatch.setattr(saved_views.worker, "run", lambda *_: {"error": None, "page": "<html>"})
    folders = SimpleNamespace(data_dir=tmp_path / "data/raw", actuals_dir=tmp_path / "mine")
    reader = {"words": Words("en"), "audience": Audience(audience), "ds": folders}
    saved_views.write(
        SimpleNamespace(brief=SimpleNamespace(**reader), state=lambda: {"closed": 0}), "mine"
    )
    (setting,) = tmp_path.rglob("views/mine.json")
    assert (str(tmp_path) in setting.read_text(encoding="utf-8")) == (audience == "internal")
    assert json.loads(setting.read_text(encoding="utf-8"))["closed"] == 0


def test_closures_are_a_number_of_enterprises_and_one_code_is_not_its_letters():
    assert whatif.closures(plants(), ids="c")["enterprise_id"].tolist() == ["c"]
    for lowest in (-1, 2.5):
        with pytest.raises((ValueError, TypeError), match=r"lowest is .*; allowed"):
            whatif.closures(plants(), lowest=lowest)


def test_closures_take_the_lowest_tax_per_mu_and_spare_the_protected():
    assert whatif.closures(plants(), lowest=2)["enterprise_id"].tolist() == ["b", "d"]
    listed = whatif.closures(plants(), lowest=1, ids=("c", "nobody"))
    assert listed["enterprise_id"].tolist() == ["b", "c"]
    assert whatif.closures(plants()).empty


def test_released_land_and_energy_are_added_to_the_newest_figure_only():
    rows = pd.DataFrame(
        {
            "indicator_id": ["land", "land", "land", "other"],
            "area_code": "x",
            "period": ["2022", "2023", "2024", "2023"],
            "value": [1.0, 1.5, np.nan, 7.0],
        }
    )
    more = pd.DataFrame({"indicator_id": ["land", "land"], "area_code": "x", "value": [0.1, 0.2]})
    assert whatif.raised(rows, more, at="2023")["value"].tolist()[:2] == [1.0, 1.8]
    assert whatif.raised(rows, more, at="2022-Q4")["value"].tolist()[:2] == [1.3, 1.5]
    assert whatif.raised(rows, more, at="2025")["value"][3] == 7.0
    assert rows["value"].tolist()[:2] == [1.0, 1.5]


@pytest.mark.parametrize("first_published", ["2024-01-01", "", np.nan])
def test_a_restated_figure_is_the_one_that_rises(first_published):
    rows = pd.DataFrame(
        {
            "indicator_id": "land",
            "area_code": "x",
            "period": "2023",
            "value": [2.0, 1.0],
            "published_on": ["2024-06-01", first_published],
        }
    )
    more = pd.DataFrame({"indicator_id": ["land"], "area_code": ["x"], "value": [1.0]})
    assert whatif.raised(rows, more, at="2023")["value"].tolist() == [3.0, 1.0]


def test_sums_of_a_closure_list_stand_beside_the_last_target():
    amounts = whatif.released(
        plants().head(2), land_id="land", energy_id="energy", mu_per_km2=1500.0
    )
    targets = pd.DataFrame(
        {"indicator_id": "land", "role": "target", "year": [2025, 2023], "value": [2.0, 1.0]}
    )
    sums = whatif.closure_sums(
        plants().head(2), amounts, targets, land_id="land", energy_id="energy"
    ).set_index("key")
    assert sums.loc["land_km2", ["value", "of_target"]].tolist() == [0.06, 2.0]
    assert sums.loc["energy_wan_tce", "value"] == pytest.approx(0.3)
    assert np.isnan(sums.loc["energy_wan_tce", "of_target"])
    assert sums.loc[["enterprises", "tax_wan", "employees"], "value"].tolist() == [2, 360, 30]


@pytest.mark.parametrize(
    ("base", "direction", "comparator", "moved"),
    [
        (40.0, 1, "=", [41.0, 43.0]),  # half as far again from the base
        (60.0, -1, "=", [31.0, 33.0]),
        (80.0, 1, ">=", [61.0, 63.0]),  # a floor that the base already meets
        (np.nan, 1, "=", [61.0, 63.0]),
        (80.0, 1, "=", [40.666, 42.0]),  # asks for no change that way: left alone
    ],
)
def test_a_moved_target_never_turns_its_path_round(base, direction, comparator, moved):
    rows = pd.DataFrame(
        {
            "indicator_id": ["it", "it", "it", "other"],
            "role": ["baseline", "target", "target", "target"],
            "comparator": comparator,
            "value": [base, 40.0 + 2 / 3, 42.0, 7.0],
        }
    )
    how = {"factor": 1.5, "base": base, "direction": direction}
    found = whatif.moved_targets(rows, "it", **how)["value"].tolist()
    assert found[1:3] == pytest.approx(moved, abs=1e-3) and found[3] == 7.0
    one = whatif.moved_targets(rows, "it", **how | {"factor": 1.0})["value"]
    assert one.tolist()[1:] == pytest.approx(rows["value"].tolist()[1:])


def test_weights_that_are_all_zero_are_refused():
    block = {"weights": {"a": 50, "b": 50}, "grades": {"A": 0.2, "B": 0.8, "C": 0.95}}
    with pytest.raises(ValueError, match="raise at least one"):
        whatif.moved_scheme({"above_scale": block}, weights={"a": 0, "b": 0})
    moved = whatif.moved_scheme({"above_scale": block}, d_share=0.5, register_tax=8)
    assert moved["above_scale"]["grades"]["C"] == 0.8
    assert moved["register"]["tax_per_mu_wan"] == 8 and block["grades"]["C"] == 0.95


def test_ranks_follow_the_weight_of_a_block():
    values = pd.DataFrame({"i": [1.0, 0.0], "j": [0.2, 0.8], "k": [0.2, 0.8]}, ["x", "y"])
    posts = pd.DataFrame(
        {"low": 0.0, "high": 1.0, "direction": 1, "block": ["p", "q", "q"]}, values.columns
    )
    rules = {"index_cap_low": 0.0, "index_cap_high": 1.2, "coverage_min": 0.7}
    equal = whatif.town_ranks(values, posts, None, parameters=rules)
    assert equal["score"].tolist() == pytest.approx([60.0, 40.0])
    heavy = whatif.town_ranks(values, posts, {"p": 1, "q": 3}, parameters=rules)
    assert heavy["rank"].tolist() == [2, 1]
    with pytest.raises(ValueError):
        whatif.town_ranks(values, posts, {"p": 0, "q": 0}, parameters=rules)


def begun(**given) -> explore.View:
    common = {"as_of": "2023-06", "audience": "internal", "data": ROOT / "data/raw"}
    common |= {key: given.pop(key) for key in ("as_of", "audience", "lang") if key in given}
    common["actuals"] = ROOT / "data/raw/demo"
    return explore.view(begin("explore", **common, **(DEFAULTS | given)))


@pytest.fixture(scope="module")
def view():
    return begun()


def cells(html: str) -> list[str]:
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", html)]


def test_nothing_moves_until_a_control_moves(view):
    state = view.state()
    rows = cells(explore._plan(view, state).split("<figure")[0])
    assert rows[0::8] == rows[1::8] and rows[2::8] == rows[3::8] and rows[6::8] == rows[7::8]
    counts = cells(explore._enterprises(view, state).split("</table>")[0])
    assert counts[0::3] == counts[1::3] and set(counts[2::3]) == {"0"}


def test_a_closure_list_moves_land_energy_register_and_ranks(view):
    state = view.state() | {"closed": 200, "year": 2023}
    rows = cells(explore._plan(view, state).split("<figure")[0])
    assert float(rows[9]) > float(rows[8]) and float(rows[17]) > float(rows[16])
    assert "200" in cells(explore._enterprises(view, state))
    before = explore._towns(view, view.state())
    assert explore._towns(view, state) != before


@pytest.mark.parametrize(("unit", "size"), [("平方公里", 1.0), ("亩", 1500.0), ("家", 0.0)])
def test_closures_move_land_in_the_unit_of_the_plan(unit, size):
    it = begun()
    known = it.brief.ds.indicators
    units = known["unit"].mask(known["indicator_id"] == "land_released", unit)
    it = explore.view(
        replace(it.brief, ds=replace(it.brief.ds, indicators=known.assign(unit=units)))
    )
    closed = explore._closed(it, 2023, "", "", 200, "")
    change = ("2023-06", "land_released", 100.0, 0.95, 2023, "", "", 200, "")
    after = explore._after(it, *change).loc["land_released", "value"]
    before = explore._before(it, "2023-06", "land_released").loc["land_released", "value"]
    assert after - before == pytest.approx(closed["land_mu"].sum() / 1500 * size)
    said = cells(explore._enterprises(it, it.state() | {"closed": 200, "year": 2023}))
    aims = {"平方公里": "2.000", "亩": "0.001", "家": "—"}
    assert said[said.index(f"{closed['land_mu'].sum() / 1500:.3f}") + 1] == aims[unit]


def test_a_further_target_lowers_the_index(view):
    state = view.state() | {"indicator": "high_tech_firms", "as_of": "2024"}
    low = cells(explore._plan(view, state | {"target_pct": 130.0}))
    assert float(low[5]) < float(low[4])


def test_a_setting_comes_back_as_the_parameters_of_the_notebook(view):
    state = view.state()
    notebook = json.loads((ROOT / "notebooks/explore.ipynb").read_text(encoding="utf-8"))
    from briefpress import parameters

    declared = parameters.declared(notebook)
    assert set(state) <= set(declared)
    assert parameters.bind(declared, state) == state
    assert {name: declared[name].default for name in DEFAULTS} == DEFAULTS
    again = begun(**{key: state[key] for key in DEFAULTS})
    assert again.state() == state


def ends(control) -> list:
    """Return the first, the last and a middle value that a user can give a control."""
    if hasattr(control, "options"):
        values = [value for _, value in control.options]
        return [values[0], values[-1], values[len(values) // 2]]
    if not hasattr(control, "min"):
        return ["", "nobody", "DEMO0001; nobody"]
    middle = control.min + control.step * round((control.max - control.min) / control.step / 2)
    return [control.min, control.max, type(control.value)(middle)]


def test_every_control_works_at_both_ends_for_every_indicator_and_between():
    """Draw each indicator with all controls at one of three settings; move its target to all."""
    it = begun(audience="internal", as_of="2024", lang="en")
    others = {name: control for name, control in it.made.items() if name != "indicator"}
    settings = [
        {name: ends(control)[number] for name, control in others.items()} for number in range(3)
    ]
    names = it.brief.ds.indicators.set_index("indicator_id")["name_en"]
    seen = observed.read(it.brief.ds.observations, area=it.brief.ds.plan["area_code"], until=2025)
    figures = observed.by_indicator(seen)
    for number, (_, chosen) in enumerate(it.made["indicator"].options):
        it.made["indicator"].value = chosen
        for name, value in settings[number % 3].items():
            others[name].value = value
        plan = explore._plan(it, it.state())
        assert explore.escape(names[chosen]) in plan and not HAN.search(plan), chosen
        assert names[chosen] in explore.finding(it)
        for percent in ends(it.made["target_pct"]):
            moved = explore._changed(it, *explore._change(it.state() | {"target_pct": percent}))
            assert with_bases(moved, {chosen: figures.get(chosen, [])})


def test_every_control_of_enterprises_works_at_both_ends_and_between():
    it = begun(audience="internal", as_of="2024")
    for name in [n for n in it.made if n.partition(".")[0] in explore._SEEN_BY["enterprises"]]:
        control = it.made[name]
        start = control.value
        for value in ends(control):
            control.value = value
            assert "<table" in explore._enterprises(it, it.state()), (name, value)
        control.value = start


def test_weights_all_at_nothing_are_answered_in_the_language_of_the_page():
    it = begun(audience="internal", as_of="2024")
    for name, control in it.made.items():
        control.value = 0 if name.startswith(("weights.", "blocks.")) else control.value
    for panel in (explore._enterprises, explore._towns):
        assert "权重全部为 0" in panel(it, it.state())


def test_the_finding_names_what_is_moved_and_nothing_else():
    it = begun(audience="internal", as_of="2024", indicator="high_tech_firms")
    assert "现状：" in explore.finding(it)
    it.made["target_pct"].value = 130.0
    assert "目标增量为方案的 130%" in explore.finding(it) and "腾退" not in explore.finding(it)
    it.made["closed"].value = 20
    assert "腾退 20 家企业" in explore.finding(it)


def test_a_page_gets_every_panel_and_no_id_twice(monkeypatch):
    it, bundles = begun(audience="internal", as_of="2024"), []
    monkeypatch.setattr(explore, "display", lambda bundle, raw: bundles.append(bundle))
    for name in explore._SEEN_BY:
        explore.panel(it, name)
    shown = [bundle[explore.MIME]["html"] for bundle in bundles]
    assert len(shown) == 3 and all("<table" in html and "<caption>" in html for html in shown)
    ids = re.findall(r' id="([^"]+)"', "".join(shown))
    assert ids and len(ids) == len(set(ids)) and "data-claim" not in "".join(shown)


def test_the_heading_follows_the_controls(capsys, monkeypatch):
    it = begun(audience="internal", as_of="2024")
    shown = []
    monkeypatch.setattr(type(it.brief), "headline", lambda _, told, **how: shown.append(told))
    made = []
    html = explore.widgets.HTML
    monkeypatch.setattr(explore.widgets, "HTML", lambda: made.append(html()) or made[-1])
    explore.headline(it)
    assert shown == [explore.finding(it)] and explore.escape(shown[0]) in made[0].value
    it.made["indicator"].value = "high_tech_firms"
    assert explore.escape(explore.finding(it)) in made[0].value and explore.finding(it) != shown[0]


def test_public_views_show_no_enterprise_and_take_no_closures():
    it = begun(audience="public")
    assert it.state()["closed"] == 0 and it.made["closed"].disabled
    assert "DEMO" not in explore._enterprises(it, it.state())
    assert "<table" not in explore._enterprises(it, it.state())


@pytest.mark.parametrize("given", [{"closed": 50}, {"closed_ids": "DEMO000001"}])
def test_closures_on_a_public_page_are_refused_with_what_is_possible(given):
    with pytest.raises(ValueError, match=r"name single enterprises.*audience internal"):
        begun(audience="public", **given)


def test_the_public_panels_are_drawn_without_a_look_at_an_enterprise():
    it = begun(audience="public")
    assert "<table" in explore._plan(it, it.state())
    assert "<table" in explore._towns(it, it.state())
    assert explore.finding(it)


def test_an_unknown_weight_is_refused():
    with pytest.raises(ValueError, match="weights names wealth"):
        begun(weights="wealth=3")


def test_a_plan_without_enterprises_or_towns_says_so(view):
    from dataclasses import replace

    ds = view.brief.ds
    bare = replace(
        ds, enterprises=ds.enterprises[:0], town_reports=ds.town_reports[:0],
        town_tasks=ds.town_tasks[:0], schemes={},
    )  # fmt: skip
    it = explore.view(replace(view.brief, ds=bare))
    state = it.state()
    assert "<table" not in explore._enterprises(it, state)
    assert "<table" not in explore._towns(it, state)
    assert "<table" in explore._plan(it, state)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Give a real JupyterLab on a copy of the notebooks and the data, as in a clean clone."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    assert working_copies.copy(home / "notebooks", home / "lab") == []
    for part in ("plan", "reference", "demo"):
        shutil.copytree(ROOT / "data/raw" / part, home / "data/raw" / part)
    names = ("CONFIG", "DATA", "RUNTIME")
    own = {f"JUPYTER_{name}_DIR": str(home / f".jupyter-{name}") for name in names}
    own |= {"IPYTHONDIR": str(home / ".ipython"), "MPLBACKEND": "agg"}
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        "--no-browser",
        "--port",
        "0",
        "--allow-root",
    ]
    command += [f"--ServerApp.root_dir={home}", "--LabApp.expose_app_in_browser=True"]
    command += ["--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
    command += [
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=home, env=os.environ | own, stdout=log, stderr=log)
        try:
            yield SimpleNamespace(home=home, url=_url(home))
        finally:
            server.terminate()
            server.wait(20)


def _url(home: Path) -> str:
    for _ in range(300):
        found = list((home / ".jupyter-RUNTIME").glob("jpserver-*.json"))
        if found and (text := found[0].read_text(encoding="utf-8")):
            address = json.loads(text)["url"]
            try:
                with urlopen(f"{address}api/status", timeout=5):
                    return address
            except OSError:
                pass
        time.sleep(0.2)
    raise AssertionError((home / "log").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


RUN = """async () => {
  const app = window.jupyterapp;
  await app.restored;
  while (!(app.shell.currentWidget && app.shell.currentWidget.sessionContext)) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  const panel = app.shell.currentWidget;
  await panel.context.ready;
  await panel.sessionContext.ready;
  await app.commands.execute('notebook:run-all-cells');
  const cells = panel.content.model.cells, errors = [];
  let ran = 0;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells.get(i).toJSON();
    if (cell.cell_type !== 'code') continue;
    ran += cell.execution_count !== null;
    errors.push(...cell.outputs.filter(o => o.output_type === 'error').map(o => o.evalue));
  }
  return {ran, errors};
}"""


def opened(browser, lab, notebook: str):
    tab = browser.new_page(viewport={"width": 1400, "height": 2000})
    tab.set_default_timeout(120_000)
    tab.goto(f"{lab.url}lab/tree/lab/{notebook}?reset")
    tab.wait_for_function("() => window.jupyterapp !== undefined")
    return tab, tab.evaluate(RUN)


def code_cells(notebook: Path) -> int:
    stored = json.loads(notebook.read_text(encoding="utf-8"))
    return sum(cell["cell_type"] == "code" for cell in stored["cells"])


def as_internal(lab, notebook: str) -> str:
    """Make a copy of a working copy that is internal, as a user does by changing one word."""
    text = (lab.home / "lab" / notebook).read_text(encoding="utf-8")
    assert text.count('audience: str = \\"public\\"') == 1
    text = text.replace('audience: str = \\"public\\"', 'audience: str = \\"internal\\"')
    (lab.home / "lab" / f"internal-{notebook}").write_text(text, encoding="utf-8")
    return f"internal-{notebook}"


BRIEFS = sorted(path.name for path in (ROOT / "notebooks").glob("0*.ipynb"))


@pytest.mark.parametrize("notebook", BRIEFS)
def test_run_all_works_in_jupyterlab(browser, lab, notebook):
    tab, result = opened(browser, lab, notebook)
    tab.close()
    assert result == {"ran": code_cells(ROOT / "notebooks" / notebook), "errors": []}


def test_no_enterprise_gets_into_a_tracked_file(browser, lab):
    """Run a notebook of single enterprises, save it, and search all that git would track."""
    tab, result = opened(browser, lab, name := as_internal(lab, "04_per_mu_efficiency.ipynb"))
    assert result["errors"] == []
    tab.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    tab.close()
    firms = fenghua.load(ROOT / "data/raw").enterprises
    ids = set(firms["enterprise_id"])
    ran = (lab.home / "lab" / name).read_text(encoding="utf-8")
    assert '"output_type"' in ran and {one for one in ids if one in ran}
    tracked = [*(lab.home / "notebooks").rglob("*"), *(lab.home / "data/raw/plan").rglob("*")]
    told = [path for path in tracked if path.is_file()]
    assert told
    for path in told:
        assert not {one for one in ids if one in path.read_text(encoding="utf-8")}, path
    (lab.home / "taken").mkdir()
    taken = working_copies.take_back(name, lab.home / "taken", lab.home / "lab")
    text = taken.read_text(encoding="utf-8")
    assert working_copies.sources(taken) == working_copies.sources(lab.home / "lab" / name)
    assert '"output_type"' not in text and not {one for one in ids if one in text}


def test_a_changed_working_copy_is_kept_and_a_new_notebook_is_copied(tmp_path):
    tracked, copies = tmp_path / "notebooks", tmp_path / "lab"
    tracked.mkdir()
    shutil.copy(ROOT / "notebooks/02_gaps.ipynb", tracked)
    assert working_copies.copy(tracked, copies) == []
    mine, its = copies / "02_gaps.ipynb", tracked / "02_gaps.ipynb"
    assert mine.read_bytes() == its.read_bytes()
    assert working_copies.take_back("02_gaps", tracked, copies) == its
    assert its.read_bytes() == mine.read_bytes()  # nothing but outputs is ever left out
    its.write_text(its.read_text("utf-8").replace("columns", "shown"), "utf-8", newline="\n")
    assert working_copies.copy(tracked, copies) == []
    assert mine.read_bytes() == its.read_bytes()
    mine.write_text(mine.read_text("utf-8").replace("shown", "mine"), "utf-8", newline="\n")
    (said,) = working_copies.copy(tracked, copies)
    assert "02_gaps.ipynb has changes of yours" in said and "NOTEBOOK=02_gaps" in said
    assert "mine" in mine.read_text("utf-8")
    assert "mine" in working_copies.take_back("02_gaps.ipynb", tracked, copies).read_text("utf-8")
    with pytest.raises(FileNotFoundError):
        working_copies.take_back("03_other", tracked, copies)


def test_a_notebook_that_somebody_else_changed_is_not_replaced(tmp_path):
    tracked, copies = tmp_path / "notebooks", tmp_path / "lab"
    tracked.mkdir()
    its = Path(shutil.copy(ROOT / "notebooks/02_gaps.ipynb", tracked))
    working_copies.copy(tracked, copies)
    its.write_text(its.read_text("utf-8").replace("columns", "theirs"), "utf-8", newline="\n")
    before = its.read_bytes()
    with pytest.raises(ValueError, match="has changed since it was copied"):
        working_copies.take_back("02_gaps", tracked, copies)
    assert its.read_bytes() == before


def test_nothing_is_written_through_a_link(tmp_path):
    tracked, copies = tmp_path / "notebooks", tmp_path / "lab"
    tracked.mkdir()
    copies.mkdir()
    its = Path(shutil.copy(ROOT / "notebooks/02_gaps.ipynb", tracked))
    (copies / its.name).symlink_to(tmp_path / "elsewhere")
    (said,) = working_copies.copy(tracked, copies)
    assert "no ordinary file" in said and not (tmp_path / "elsewhere").exists()
    (copies / its.name).unlink()
    working_copies.copy(tracked, copies)
    its.rename(tmp_path / "kept.ipynb")
    its.symlink_to(tmp_path / "kept.ipynb")
    with pytest.raises(ValueError, match="no ordinary file"):
        working_copies.take_back("02_gaps", tracked, copies)
    assert its.is_symlink()


def test_controls_move_the_results_in_jupyterlab(browser, lab):
    tab, result = opened(browser, lab, as_internal(lab, "explore.ipynb"))
    assert result == {"ran": code_cells(ROOT / "notebooks/explore.ipynb"), "errors": []}
    plan = tab.locator(".explore-plan")
    plan.locator("table").first.wait_for()
    before = plan.inner_html()

    def moved(panel: str, old: str) -> str:
        script = "([css, old]) => document.querySelector(css).innerHTML !== old"
        tab.wait_for_function(script, arg=[f".explore-{panel}", old])
        return tab.locator(f".explore-{panel}").inner_html()

    def slide(label: str, value: str) -> None:
        box = tab.locator(".widget-slider", has=tab.get_by_text(label, exact=True)).first
        readout = box.locator(".widget-readout")
        readout.click()
        readout.fill(value)
        readout.press("Enter")

    slide("目标增量为方案的 %", "120")
    before = moved("plan", before)
    grades = tab.locator(".explore-enterprises").inner_html()
    ranks = tab.locator(".explore-towns").inner_html()
    slide("腾退：亩均税收最低的（家）", "150")
    assert "150" in cells(moved("enterprises", grades))
    moved("plan", before)
    ranks = moved("towns", ranks)
    grades = tab.locator(".explore-enterprises").inner_html()
    slide("D 类占比 %", "12")
    grades = moved("enterprises", grades)
    slide("权重：亩均税收", "90")
    moved("enterprises", grades)
    choice = tab.locator(".widget-dropdown", has=tab.get_by_text("指标", exact=True))
    choice.locator("select").first.select_option(label="累计腾出低效工业用地")
    assert "累计腾出低效工业用地" in moved("plan", tab.locator(".explore-plan").inner_html() + " ")

    tab.get_by_role("button", name="把这一视图存为简报").click()
    tab.locator(".explore-saved", has_text="view.html").wait_for(timeout=90_000)
    tab.close()
    assert not (lab.home / "reports").exists()
    saved = lab.home / "reports-internal/views"
    given = json.loads((saved / "view.json").read_text(encoding="utf-8"))
    assert given["target_pct"] == 120 and given["closed"] == 150
    assert given["indicator"] == "land_released"
    text = (saved / "view.html").read_text(encoding="utf-8")
    assert "<h1>情景（目标增量为方案的 120%、腾退 150 家企业）：累计腾出低效工业用地" in text
    assert "widget" not in text and "演示数据" in text and "内部" in text


def test_without_the_library_of_controls_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    for name in ("fenghua.explore", "fenghua.explore.controls"):
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ImportError, match="need a library: pip install ipywidgets") as told:
        importlib.import_module("fenghua.explore")
    assert not isinstance(told.value, ModuleNotFoundError)


def test_closures_find_the_land_of_a_plan_that_calls_it_otherwise():
    plan = begun().brief.ds.indicators.replace({"indicator_id": {"land_released": "cage_land"}})
    ids = {"land_id": "cage_land", "energy_id": "energy_released"}
    assert whatif.released_ids(plan) == ids
    assert whatif.released_ids(plan[plan["scope"] == "text"])["land_id"] not in {*plan.indicator_id}
    assert whatif.released_ids(pd.concat([plan, plan]))["land_id"] not in {*plan.indicator_id}
