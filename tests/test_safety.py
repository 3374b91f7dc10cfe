import csv
import json
import re
import shutil
from pathlib import Path

import browser
import pytest

from fenghua import report

ROOT = Path(__file__).parents[1]
TOWN, UNIT, PERIOD = "330213001", "jingxin", "2023-06"
TURNING = "\u202e"  # reading takes it out of every cell
INSIDE = "inside"  # the root of internal pages
NAMES = ("name_zh_hans", "name_zh_hant", "name_en")
ATTACKS = [
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    "{{7*7}}",
    "=cmd()",
    "{name}",
    "$x^2$",
    "$",
    "../../x",
    "\u202egnp.exe",
    "名" * 200,
    "A" * 200,
    '"onmouseover="alert(4)',
    "[a](javascript:alert(5))",
    "'; alert(6); '",
    "<!--",
    "]]></svg>",
    "%s %(x)s \\n",
]
# Where a name stands alone: an isolate, or an element that holds nothing else.
APART = re.compile(r"(\u2068|<bdi>|<li>|<t[dh][^>]*>|<text[^>]*>|<small>)$")
SPOILED = {
    "plan/plan.csv": ("title_zh_hans", "title_en", "area_name_zh_hans", "document_number"),
    "plan/indicators.csv": NAMES,
    "plan/lead_units.csv": NAMES,
    "plan/policy_rules.csv": NAMES,
    "plan/sources.csv": ("title", "publisher", "note"),
    "plan/targets.csv": ("note", "printed"),
    "reference/towns.csv": NAMES,
    "demo/observations.csv": ("note",),
    "demo/parks.csv": ("name",),
    "demo/grade_adjustments.csv": ("reason",),
    **{f"demo/enterprises_{year}.csv": ("name",) for year in range(2020, 2024)},
}


def spoil(path, columns):
    """Put an attack, with a number to find it by, into each cell of the columns."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        for offset, column in enumerate(columns):
            if column in row:
                row[column] = f"{ATTACKS[(number + offset) % len(ATTACKS)]} {number}"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """All briefs, for both audiences, from data in which every name is an attack."""
    root = tmp_path_factory.mktemp("safety")
    data, out = root / "data", root / "reports"
    shutil.copytree(ROOT / "data" / "raw", data)
    shutil.copytree(ROOT / "data/editions/demo", data / "editions/demo")
    for name, columns in SPOILED.items():
        spoil(data / name, columns)
    common = {"as_of": PERIOD, "data": data, "jobs": 2, "progress": False}
    districtwide = ["plan_audit", "gaps", "trajectories", "per_mu_efficiency", "town_comparison"]
    for audience, langs in (("public", ("zh-Hans", "en")), ("internal", ("en",))):
        place = out if audience == "public" else out.with_name(INSIDE)
        common |= {"audience": audience, "langs": langs, "out": place}
        assert report.report(briefs=districtwide, **common) == 0
        assert report.report(town=TOWN, **common) == 0
        assert report.report(lead_unit=UNIT, **common) == 0
    return out


@pytest.fixture(scope="module")
def pages(reports):
    return sorted([*reports.rglob("*.html"), *reports.with_name(INSIDE).rglob("*.html")])


def test_files_are_named_by_codes_only(reports, pages):
    assert len(pages) == 30
    for path in pages:
        named = path.relative_to(reports.parent).as_posix()
        assert re.fullmatch(r"[\w/.-]+\.html", named, re.ASCII)
    assert {path.name for path in reports.parent.iterdir()} == {"data", "reports", INSIDE}


def test_names_run_nothing_and_ask_for_nothing(pages):
    with browser.chromium() as chromium:
        for path in pages:
            with browser.opened(chromium, path) as (page, heard):
                assert heard == [], path
                scripts = page.locator("script").count()
                assert scripts == (path.parent.name in ("public", "internal")), path
                strange = "img, iframe, object, embed, link, form, base, [onerror], [onmouseover]"
                assert page.locator(strange).count() == 0, path
                assert page.locator("a[href^='javascript' i]").count() == 0, path


def test_names_are_on_the_page_letter_by_letter(reports):
    with browser.chromium() as chromium:
        path = reports / PERIOD / "en" / "public" / "gaps.html"
        with browser.opened(chromium, path) as (page, _):
            text = page.evaluate("document.body.textContent")
            drawn = page.evaluate(
                "[...document.querySelectorAll('svg text')].map(t => t.textContent)"
            )
    for attack in ATTACKS[:15]:
        assert f"{attack.removeprefix(TURNING)} " in text, attack
    assert any("$x^2$" in label for label in drawn)
    assert any("{{7*7}}" in label for label in drawn)


def test_endless_names_leave_the_page_readable(reports):
    with browser.chromium() as chromium:
        for path in sorted((reports / PERIOD / "en" / "public").iterdir()):
            with browser.opened(chromium, path) as (page, _):
                for view in browser.WIDTHS:
                    assert browser.seen_at(page, view).evaluate(browser.WIDE) == [], path


def test_marks_that_turn_text_around_turn_only_their_own_name(pages):
    for path in pages:
        html = re.sub(r"(?s)<script.*?</script>", "", path.read_text(encoding="utf-8"))
        spilling = [
            part[-40:] for part in html.split("\u202e")[:-1] if not APART.search(part[-600:])
        ]
        assert spilling == [], path


def test_embedded_data_end_only_their_own_element(pages):
    for path in pages:
        found = re.findall(
            r'(?s)<script type="application/json"[^>]*>(.*?)</script>', path.read_text("utf-8")
        )
        for text in found:
            assert "<" not in text
            assert json.loads(text)["claims"] is not None


@pytest.mark.parametrize(
    "options",
    [
        {"as_of": "2023-06'); import os; ('"},
        {"as_of": "../2023"},
        {"town": "330213001'); print('x"},
        {"town": "../330213001"},
        {"lead_unit": "<script>"},
        {"lead_unit": "x\nimport os"},
        {"briefs": ["../../etc/passwd"]},
        {"audience": "public'"},
        {"langs": ["en; rm"]},
    ],
)
def test_parameters_inject_nothing(tmp_path, options):
    assert report.report(out=tmp_path / "reports", jobs=1, progress=False, **options) == 2
    assert list(tmp_path.iterdir()) == []


def test_folder_with_quotes_in_its_name_is_only_a_folder(tmp_path):
    data = tmp_path / "a'); raise SystemExit('x"
    shutil.copytree(ROOT / "data" / "raw", data)
    out = tmp_path / "<out> $x"
    given = {"data": data, "out": out, "as_of": PERIOD, "briefs": ["plan_audit"], "jobs": 1}
    assert report.report(progress=False, **given) == 0
    assert str(tmp_path) not in (out / PERIOD / "zh-Hans/public/plan_audit.html").read_text("utf-8")
