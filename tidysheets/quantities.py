"""Words for another quantity than the figure itself: its growth, its target, its rank.

Answers: whether a heading or the name of a row is such a word. Refuses: names that only hold one.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from tidysheets.units import key

# What may stand beside such a word: 比上年增长率, “十四五”年均增长.
_BESIDE: Final = re.compile(
    r"\d{2,4}年?|十[三四五]五|期间|全区|各镇街?|[与比较]|[上去]年|上[月期]|同期|名义|实际|完成"
    r"|[年月]均|平均|[率值数额]|百分点|average|mean|annual|yearonyear|rate|value"
)
_MEAN: Final = re.compile("平均|average|mean")


@cache
def words() -> Mapping[str, bool]:
    """Return the words for what is no figure of a time itself, and whether each is of a trend.

    Those of a trend are a remark on a figure as well, where they stand beside it: 下降.
    """
    text = (files("tidysheets") / "quantities.csv").read_text(encoding="utf-8")
    lines = csv.DictReader(text.splitlines())
    return {key(line["word"]): line["is_trend"] == "true" for line in lines}


def is_other(text: str) -> bool:
    """Tell whether a heading says itself that it is another quantity, such as a growth."""
    return any(word in key(text) for word in words())


@lru_cache(maxsize=2**12)
def compares(text: str) -> bool:
    """Tell whether the name of a row is nothing but a growth, a target, a mean or a rank.

    Examples
    --------
    >>> [compares(text) for text in ("同比增长（%）", "2025年目标", "年均增速", "工业投资增速")]
    [True, True, True, False]
    """
    name = rest = key(text)
    for word in sorted(words(), key=len, reverse=True):
        rest = rest.replace(word, "")
    is_other = rest != name or bool(_MEAN.search(rest))
    return is_other and not _BESIDE.sub("", rest)
