"""Public pages tell nothing of the enterprises but what the edition prints (T8): a fast slice.

Whatever enterprises lie in the data, a public run on the same editions gives the same bytes: text,
drawings, embedded results, names of files, manifest, index. So each of its numbers comes from the
registers, the indicators or the printed figures of the edition.
"""

from pathlib import Path

import interference
import pytest

BRIEFS = ["per_mu_efficiency", "town_comparison", "notebooks/explore.ipynb"]


def test_other_enterprises_give_the_same_public_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(interference.ROOT)
    files = interference.same_files(tmp_path, briefs=BRIEFS, langs=["en"])
    assert len([name for name in files if "/public/" in name]) == len(BRIEFS)
    assert b"have changed since" in files["2025/en/public/per_mu_efficiency.html"]
