"""The workbook that this plan's users fill in.

Answers: which tables it has, what its drop-downs offer. Refuses: to hold figures.
"""

import tempfile
from pathlib import Path
from typing import Final

from fenghua.inputs import columns
from fenghua.inputs.dataset import Dataset, load
from tidysheets import form

SHEETS: Final = {
    "zh-Hans": {
        "observations": "指标数据",
        "enterprises": "企业",
        "town_reports": "镇街完成情况",
        "town_tasks": "镇街任务",
        "adjustments": "等级调整",
    },
    "en": {
        "observations": "Observations",
        "enterprises": "Enterprises",
        "town_reports": "Town reports",
        "town_tasks": "Town tasks",
        "adjustments": "Adjustments",
    },
}


def write(
    path: str | Path, data: Dataset | str | Path = "data/raw", *, lang: str = "zh-Hans"
) -> Path:
    """Write the input workbook (填报模板) and return its path.

    Parameters
    ----------
    path : path
        The .xlsx file to write.
    data : Dataset or path
        Where the drop-downs take indicators, towns and sources from.
    lang : str
        ``en`` gives English headings, anything else Chinese.
    """
    with tempfile.TemporaryDirectory() as none:  # faulty figures must not keep the form away
        ds = data if isinstance(data, Dataset) else load(data, none)
    choices = {
        "indicators.indicator_id": ds.indicators["indicator_id"].tolist(),
        "towns.town_code": ds.towns["town_code"].tolist(),
        "sources.source_id": ds.sources["source_id"].tolist(),
    }
    names = SHEETS["en" if lang == "en" else "zh-Hans"]
    return form.write(path, columns.schema(), names, choices, lang=lang)
