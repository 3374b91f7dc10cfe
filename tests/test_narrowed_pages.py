"""A page narrowed to a place, an industry, a year or a scheme: made, made again, or refused."""

import re
import shlex
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from briefpress import frame
from fenghua import needs
from fenghua.cli import main

ROOT = Path(__file__).parents[1]


def typed(command: str, out: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, list[Path]]:
    """Type a command; return its exit code, what it said and the pages it wrote."""
    monkeypatch.chdir(ROOT)
    words = [*shlex.split(command)[1:], "--out", str(out), "--jobs", "0"]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    return done.exit_code, done.output, sorted(out.glob("*/*/*/*.html"))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("--industry 34", "per_mu_efficiency-34"),
        ("--brief per_mu_efficiency --town 330213-kfq --lang en", "per_mu_efficiency-330213-kfq"),
        (
            "--brief per_mu_efficiency --industry 345 --audience internal -p year 2023 -p"
            " compare_year 2021 -p scheme huangyan_2022",
            "per_mu_efficiency-345-year-2023-compare_year-2021-scheme-huangyan_2022",
        ),
        (
            "--town 330213001 --audience internal -p scheme huangyan_2022",
            "town_brief-330213001-scheme-huangyan_2022",
        ),
    ],
)
def test_a_narrowed_page_is_made_again_by_the_line_it_prints(tmp_path, monkeypatch, asked, name):
    code, said, pages = typed(f"fenghua report {asked}", tmp_path / "first", monkeypatch)
    assert code == 0, said
    assert [page.stem for page in pages] == [name]
    text = pages[0].read_text(encoding="utf-8")
    line = unescape(re.search(r"fenghua report --brief [^<]*", text)[0])
    code, said, again = typed(line, tmp_path / "second", monkeypatch)
    assert code == 0, said
    assert [page.stem for page in again] == [name]
    assert frame.stamped(again[0].read_text(encoding="utf-8"), "") == frame.stamped(text, "")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("--industry 41 --as-of 2023", "industry is '41': the public edition does not print it"),
        ("--industry 345", "'345': the public edition does not print it (too few enterprises"),
        ("--industry 34 --town 330213001", "not the one within the other; leave one out, or make"),
        (
            "--brief per_mu_efficiency -p scheme huangyan_2022",
            "the public edition of 2025 has the classes of 'fenghua_default' alone: leave the",
        ),
        ("--brief gaps --industry 34", "no brief asked for takes 'industry'; these do: per_mu"),
        ("-p yaer 2025", "no brief asked for takes 'yaer'; allowed: compare_year, "),
        ("-p audience internal", "parameter audience has an option of its own: --audience"),
        ("-p year newest", "parameter year is 'newest'; allowed: a whole number"),
        ("-p include_zones perhaps", "is 'perhaps'; allowed: true or false"),
    ],
)
def test_what_cannot_be_shown_is_refused_before_anything_is_written(
    tmp_path, monkeypatch, asked, said
):
    code, output, _ = typed(f"fenghua report {asked}", tmp_path / "out", monkeypatch)
    assert code == 2
    assert said in output
    assert list(tmp_path.iterdir()) == []


def test_a_place_with_too_few_enterprises_is_refused_with_those_that_are_printed(tmp_path):
    home = tmp_path / "editions/demo/2025"
    home.mkdir(parents=True)
    for kept in (ROOT / "data/editions/demo/2025").iterdir():
        (home / kept.name).write_bytes(kept.read_bytes())
    figures = home / "figures.csv"
    text = re.sub(
        r"(?m)^(town,330213107,land_mu),.*$", r"\1,,,,few", figures.read_text(encoding="utf-8")
    )
    figures.write_text(text, encoding="utf-8")
    places = tmp_path / "raw", tmp_path / "raw/demo"
    needs.check_printed(*places, "2025", town="330213001")
    with pytest.raises(ValueError, match=r"330213107.*too few.*it prints: 330213-kfq, 330213001"):
        needs.check_printed(*places, "2025", town="330213107")
    needs.check_printed(*places, "2024", town="330213107")  # no edition yet: nothing to say
