"""Seconds of processor time from moving a control to the last result, on the demonstration data.

Answers: whether every control of the notebook ``explore`` stays under half a second.
"""

import io
import json
import os
import time
from contextlib import redirect_stdout
from pathlib import Path

from fenghua import explore

ROOT = Path(__file__).parents[1]
MOVES = {
    "as_of": "2023-06", "indicator": "land_released", "target_pct": 110.0, "on_track_min": 0.9,
    "year": 2023, "town": "330213001", "industry": "36", "closed": 120, "d_pct": 10.0,
    "register_tax": 8.0, "weights.tax_per_mu_wan": 60.0, "blocks.quality": 3.0,
}  # fmt: skip


def opened() -> explore.View:
    """Run the notebook's own cells as a reader would; what they show is no result of this."""
    os.chdir(ROOT)
    notebook = json.loads((ROOT / "notebooks/explore.ipynb").read_text(encoding="utf-8"))
    names: dict = {"display": print}
    with redirect_stdout(io.StringIO()):
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
    return names["view"]


def main() -> None:
    view = opened()
    slowest = 0.0
    for name, value in MOVES.items():
        started = time.process_time()
        view.made[name].value = value
        seconds = time.process_time() - started
        slowest = max(slowest, seconds)
        print(f"explore {name:26} {seconds:6.3f} s")
    print(f"explore slowest control {slowest:.3f} s (half a second is the aim)")


if __name__ == "__main__":
    main()
