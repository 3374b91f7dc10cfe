"""The cells of a notebook as plain code, once per parameters, in a few processes: the yardstick.

    python benchmarks/yardsticks/plain_script.py NOTEBOOK OUT PROCESSES < LIST_OF_PARAMETERS.json

Each process reads the data once and keeps what briefs share. Nothing keeps one brief from another:
no shell, no fork, no time limit, no fingerprint. The pages are those of ``fenghua report``.
"""

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path


def main():
    notebook, out, processes = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    out.mkdir(parents=True)
    os.environ["MPLBACKEND"] = "agg"
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as executor:
        list(executor.map(partial(write_page, notebook, out), json.load(sys.stdin)))


def write_page(notebook, out, given):
    from briefpress import executed
    from fenghua import brief as page
    from fenghua import house

    house.lend(given)  # from here on the data are read once
    nb = json.loads(notebook.read_bytes())
    names = {}
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            page.display = partial(keep, cell["outputs"])
            exec(cell["source"], names)
        if "parameters" in cell["metadata"].get("tags", []):
            names.update(given)
    name = "-".join(given.get(key, "") for key in ("town", "lead_unit", "lang"))
    (out / f"{name}.html").write_text(
        executed.render(nb, house.PRESS), encoding="utf-8", newline="\n"
    )


def keep(outputs, shown, raw=False, metadata=None):
    data = shown if raw else {"text/html": shown.data}
    outputs.append({"output_type": "display_data", "data": data, "metadata": metadata or {}})


if __name__ == "__main__":
    main()
