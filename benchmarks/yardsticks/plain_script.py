"""The cells of a notebook as plain code, once per parameters, in a few processes: the yardstick.

    python benchmarks/yardsticks/plain_script.py NOTEBOOK OUT PROCESSES < LIST_OF_PARAMETERS.json

Each process reads the data once and keeps what briefs share. Nothing keeps one brief from another:
no shell, no fork, no time limit, no fingerprint. The pages are those of ``fenghua report``.
"""

import ast
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
    from IPython import display

    from briefpress import executed
    from fenghua import brief as page
    from fenghua import house

    house.lend(given)  # from here on the data are read once
    nb = json.loads(notebook.read_bytes())
    names = {}
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["cell_type"] == "code":
            show = partial(keep, cell["outputs"])
            display.display = page.display = names["display"] = show
            run(cell["source"], names)
        if "parameters" in cell["metadata"].get("tags", []):
            names.update(given)
    name = "-".join(given.get(key, "") for key in ("town", "lead_unit", "lang"))
    (out / f"{name}.html").write_text(
        executed.render(nb, house.PRESS), encoding="utf-8", newline="\n"
    )


def run(source, names):
    """Run a cell, and show the value of the expression that it ends with."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
        if hasattr(value, "_repr_mimebundle_"):
            names["display"](value)


def keep(outputs, shown, raw=False, metadata=None):
    from fenghua import house

    if not raw and not hasattr(shown, "_repr_mimebundle_"):
        return  # such as the loader's line for whoever opens the notebook
    data = shown if raw else shown._repr_mimebundle_({house.PRESS.mime})
    outputs.append({"output_type": "display_data", "data": data, "metadata": metadata or {}})


if __name__ == "__main__":
    main()
