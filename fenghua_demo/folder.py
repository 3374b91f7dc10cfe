"""The files of a demonstration: the registers it is made for, the tables it leaves.

Answers: what an earlier demonstration has left. Refuses: a folder that holds anything else.
"""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

SOURCE: Final = "synthetic_demo"


def register(data: Path, name: str) -> pd.DataFrame:
    """Return a register of the plan that the figures are made for, which must have rows."""
    if not (data / name).is_file():
        raise FileNotFoundError(f"{data} has no {name}; give a folder that has with --data")
    table = pd.read_csv(data / name, encoding="utf-8", dtype={"town_code": str, "area_code": str})
    if table.empty:
        raise ValueError(f"{data / name} has no rows; fill it in first: fenghua check says how")
    return table


def earlier(out: Path) -> list[Path]:
    """Return the tables of an earlier demonstration; anything else in the folder is refused."""
    if not out.is_dir():
        if out.exists() or out.is_symlink():
            raise FileExistsError(f"{out} is no folder; name one that is not there yet")
        return []
    found = sorted(path for path in out.iterdir() if path.name != "README.md")
    for path in found:
        if path.is_symlink() or not path.is_file() or not _is_ours(path):
            raise FileExistsError(
                f"{path} is not of a demonstration; name a folder that is empty or not there yet"
            )
    return found


def _is_ours(path: Path) -> bool:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return path.suffix == ".csv" and len(lines) > 1 and all(SOURCE in line for line in lines[1:])


def save(frame: pd.DataFrame, path: Path, columns: tuple[str, ...], keys: list[str]) -> Path:
    """Write a table that says of each row that it is synthetic."""
    table = frame.assign(source_id=SOURCE).sort_values(keys, kind="stable")
    table = table[list(columns)] if columns else table
    flags = table.select_dtypes("bool").columns
    table = table.assign(**{name: np.where(table[name], "true", "false") for name in flags})
    with path.open("w", encoding="utf-8", newline="\n") as file:
        table.to_csv(file, index=False, lineterminator="\n")
    return path
