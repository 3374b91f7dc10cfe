"""Write docs/methods.md from docs/methods.in.md: every ``{{ expression }}`` is computed.

Answers: what the method handbook prints today. Refuses: a result that is typed by hand.
Run: ``python docs/build_methods.py``. A test compares the page with what this would write.
"""

import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import yaml

import fenghua
from fenghua.analysis import (
    composites,
    decomposition,
    disclosure,
    efficiency,
    evaluation,
    gap,
    parity,
    ranks,
    release,
    tiers,
    trajectory,
)

HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "cases"
_PLACE = re.compile(r"\{\{(.+?)\}\}", re.S)
_TARGET = {
    "value": np.nan,
    "value_high": np.nan,
    "comparator": "=",
    "base_year": np.nan,
    "printed": "",
}
_SEEN = {"unit": "", "basis": "cumulative", "status": "final", "source_id": "", "note": "",
         "published_on": ""}  # fmt: skip


@cache
def case(start: str) -> pd.Series:
    """Return the assessment of the worked example whose title starts so."""
    told = [
        one
        for name in ("gap_worked_examples", "gap_guards")
        for one in yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
        if one["case"].startswith(start)
    ]
    if len(told) != 1:
        raise KeyError(f"{len(told)} worked examples start with {start!r}")
    one = told[0]
    about = {"indicator_id": "it", "scope": "headline", "block": "efficiency", "direction": 1,
             "lead_unit_ids": "", "clause": "", "is_count": False, "start": ""}  # fmt: skip
    key = {"indicator_id": "it", "area_code": "here"}
    ds = SimpleNamespace(
        indicators=pd.DataFrame([about | one["indicator"]]),
        targets=pd.DataFrame([_TARGET | key | row for row in one["targets"]]),
        observations=pd.DataFrame([_SEEN | key | row for row in one["observations"]]),
        parameters=fenghua.load(HERE.parent / "data" / "raw").parameters,
        plan={"area_code": "here", "base_year": 2020} | one.get("plan", {}),
        is_synthetic=False,
    )
    return gap.assess(ds, as_of=one["as_of"]).iloc[0]


@cache
def outlook(start: str) -> pd.Series:
    """Return the last row of the outlook whose title starts so; growth as an average rate."""
    told = yaml.safe_load((CASES / "outlook.yaml").read_text(encoding="utf-8"))
    (one,) = [each for each in told if each["case"].startswith(start)]
    return trajectory.project(
        one["points"].items(),
        kind=one["kind"],
        until=one["until"],
        plan=one["plan"],
        decimals=one.get("decimals"),
        is_count=one.get("is_count", False),
    ).iloc[-1]


def cage_and_birds() -> pd.Series:
    """Return the decomposition of the worked example with four plants."""
    one = yaml.safe_load((CASES / "per_mu_decomposition.yaml").read_text(encoding="utf-8"))
    return decomposition.melitz_polanec(pd.DataFrame(one["first"]), pd.DataFrame(one["second"]))


def classes_of_five() -> str:
    """Return the classes of five enterprises, best first."""
    block = {"weights": {"tax_per_mu_wan": 100}, "benchmarks": {"tax_per_mu_wan": 24}}
    scheme = {"above_scale": block | {"grades": {"A": 0.2, "B": 0.8, "C": 0.95}}}
    rows = pd.DataFrame({"is_above_scale": True, "total": [50.0, 40, 30, 20, 10]})
    return ", ".join(evaluation.grade(rows, scheme)["initial_grade"])


def carbon_levels() -> str:
    """Return the levels of two enterprises of one industry."""
    rows = pd.DataFrame({"co2_t": [1.0, 3.0], "value_added_wan": 2.0, "industry_code": "34"})
    return " and ".join(f"{level:.0f}" for level in efficiency.carbon_levels(rows)["carbon_level"])


def enterprises_needed() -> int:
    """Return how many of two enterprises a target of 1 km² needs."""
    rows = pd.DataFrame({"enterprise_id": ["a", "b"], "land_mu": [900.0, 600.0]})
    curve = release.release_curve(rows.assign(tax_wan=[900.0, 60.0]), target_land_km2=1.0)
    return int(curve.loc[curve["is_land_target"], "n"].iloc[0])


def mean_of_shares(aggregation: str) -> str:
    """Return the composite of the shares 0.4 and 0.9."""
    posts = pd.DataFrame({"low": 0.0, "high": 10.0, "direction": 1}, ["a", "b"])
    values = pd.DataFrame({"a": [4.0], "b": [9.0]})
    return f"{composites.composite(values, posts, aggregation=aggregation).iloc[0]:.2f}"


def four_towns() -> str:
    """Return stated pairs and tiers of the worked example of ten rankings."""
    one = yaml.safe_load((CASES / "towns_tiers.yaml").read_text(encoding="utf-8"))[0]
    drawn = pd.DataFrame([list(map(int, str(row))) for row in one["draws"]], columns=one["units"])
    better = tiers.stated(drawn, share=one["share"])
    pairs = [f"{a} before {b}" for a in better for b in better if better.loc[a, b]]
    levels = [f"{unit} {tier:.0f}" for unit, tier in tiers.layers(better).items()]
    return f"{', '.join(pairs)}; the tiers are {', '.join(levels)}"


def kept_order(few: int, many: int) -> str:
    """Return how often the larger of two counts ranks better."""
    values = pd.DataFrame({"it": [few / many, 1.0]}, ["few", "many"])
    posts = pd.DataFrame({"low": 0.0, "high": 1.0, "direction": 1}, ["it"])
    counts = pd.DataFrame({"it": float(many)}, values.index)
    drawn = ranks.draw(values, posts, counts=counts, draws=400_000, cap=None, floor=1e-9)
    return f"{(drawn['many'] < drawn['few']).mean():.2f}"


def shown_in_public() -> str:
    """Return a row of four cells after suppression."""
    table = pd.DataFrame({"tax": [50.0, 200, 400, 650]}, ["a", "b", "c", "total"])
    counts = pd.Series([2, 9, 9, 20], table.index)
    kept = disclosure.suppress(table, counts, audience="public")["tax"]
    return ", ".join("withheld" if np.isnan(value) else f"{value:.0f}" for value in kept)


def compared() -> parity.Progress:
    """Return compound-growth progress of 100 in 2015, 104 in 2020, 110 due in 2030."""
    return parity.cagr_progress(100, 2015, 104, 2020, target=110, target_year=2030, direction=1)


def built() -> str:
    """Return the handbook with every expression replaced by its value."""
    ds = fenghua.load(HERE.parent / "data" / "raw")
    lishui = pd.read_csv(ds.data_dir / "reference/county_permu_lishui_2019.csv")
    known: dict[str, Any] = {
        "case": case,
        "outlook": outlook,
        "birds": cage_and_birds(),
        "p": ds.parameters,
    }
    known |= {f.__name__: f for f in (classes_of_five, carbon_levels, enterprises_needed,
                                      mean_of_shares, four_towns, kept_order, shown_in_public,
                                      compared)}  # fmt: skip
    known |= {"parity": parity, "lishui": lishui, "few": ranks.FEW}
    source = (HERE / "methods.in.md").read_text(encoding="utf-8")
    return _PLACE.sub(lambda found: str(eval(found[1].strip(), known)), source)  # our own file


if __name__ == "__main__":
    (HERE / "methods.md").write_text(built(), encoding="utf-8", newline="\n")
