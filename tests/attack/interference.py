"""Public runs on the same registers, figures and editions, with other enterprises behind them."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fenghua import report

ROOT = Path(__file__).parents[2]
AMOUNTS = ("land_mu", "tax_wan", "value_added_wan", "revenue_wan", "employees", "energy_tce")


def scrambled(data: Path, *, seed: int) -> None:
    """Give a copy of the demonstration other enterprises: fewer, elsewhere, larger and smaller."""
    rng = np.random.default_rng(seed)
    for path in sorted((data / "demo").glob("enterprises_*.csv")):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        rows = rows[rng.random(len(rows)) < 0.7].reset_index(drop=True)
        for name in ("town_code", "zone_code", "industry_code", "is_district_owned"):
            rows[name] = rng.permutation(rows[name].to_numpy())
        factor = np.exp(rng.normal(0, 0.3, len(rows)))  # the same one keeps its ratios sensible
        for name in AMOUNTS:
            value = pd.to_numeric(rows[name])
            digits = 0 if name == "employees" else 2
            changed = (value * factor).round(digits).clip(lower=1)
            rows[name] = changed.map(lambda v: f"{v:.12g}").where(value.notna(), "")
        rows.to_csv(path, index=False, lineterminator="\n")
    for name in ("parks", "grade_adjustments"):
        path = data / "demo" / f"{name}.csv"
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        rows.iloc[: len(rows) // (1 + seed)].to_csv(path, index=False, lineterminator="\n")


def public_run(place: Path, *, seed: int, briefs: list[str], **options: Any) -> dict[str, bytes]:
    """Make public pages beside other enterprises; return every file of the run by its name."""
    data, out = place / "data/raw", place / "reports"
    shutil.copytree(ROOT / "data/raw", data)
    shutil.copytree(ROOT / "data/editions/demo", place / "data/editions/demo")
    scrambled(data, seed=seed)
    said: list[str] = []
    given = {"data": data, "out": out, "briefs": briefs, "progress": False, "echo": said.append}
    assert report.report(**given, **options) == 0, said
    assert {path.name for path in place.iterdir()} == {"data", "reports"}
    written = [path for path in sorted(out.rglob("*")) if path.is_file()]
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in written}
    manifest = json.loads(files["manifest.json"])
    manifest["facts"]["key"] = ""  # names, sizes and times of the files, not what they hold
    return files | {"manifest.json": json.dumps(manifest).encode()}


def same_files(place: Path, **options: Any) -> dict[str, bytes]:
    """Make public pages twice beside different enterprises; return the files, which are the same.

    The two runs differ in every enterprise, in their parks and in the decisions on them.
    """
    one, two = (public_run(place / str(seed), seed=seed, jobs=2, **options) for seed in (1, 2))
    assert [name for name in one if one[name] != two.get(name)] == []
    assert set(one) == set(two)
    assert not [name for name, content in one.items() if b"DEMO0" in content]
    return one
