"""Names of the divisions of industry (国民经济行业大类): GB/T 4754-2017.

Answers: what a two-digit code is called. Refuses: to know codes that the register does not hold.
"""

from pathlib import Path
from typing import Final

import pandas as pd

REGISTER: Final = "reference/industries.csv"
COLUMNS: Final = ("industry_code", "section", "name_zh_hans", "name_en", "source_id")


def read(folder: str | Path) -> pd.DataFrame:
    """Return the register of divisions as text; without rows where a folder has none.

    Parameters
    ----------
    folder : path
        The folder of the registers, ``Dataset.data_dir``.

    Returns
    -------
    DataFrame
        ``industry_code`` (two digits), ``section`` (B, C or D), ``name_zh_hans``, ``name_en``.
    """
    path = Path(folder) / REGISTER
    if not path.is_file():
        return pd.DataFrame(columns=list(COLUMNS), dtype=str)
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
