"""Words for another quantity than the figure itself: its growth, its target, its rank, its sum.

Answers: whether a heading or the name of a row is such a word. Refuses: names that only hold one.
"""

import re
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from typing import Final

from tidysheets.problems import register
from tidysheets.units import key

# What may stand beside such a word: 比上年增长率, “十四五”年均增长.
_BESIDE: Final = re.compile(
    r"\d{2,4}年?|十[三四五]五|期间|全区|各镇街?|[与比较]|[上去]年|上[月期]|同期|名义|实际|完成"
    r"|[年月]均|平均|[率值数额]|百分点|average|mean|annual|yearonyear|rate|value"
)
_REVISED: Final = re.compile("修[订正]|[订更]正|[调修]整?后|核[实定]|决算|终报|最终|revised|final")
_MEAN: Final = re.compile("平均|average|mean")
TOTAL: Final = re.compile(r".{0,8}(合计|小计|总计|总和|汇总)|共计|total|grandtotal|subtotal|sum")
SUBTOTAL: Final = re.compile(r".{0,8}小计|.{1,8}汇总|subtotal")
# Among the names of its parts the whole is their total, and a group of them is one of some.
_WHOLE: Final = re.compile("全[省市区县州旗]")
GROUP: Final = re.compile("各?(街道|乡镇|镇|乡)")


@cache
def words() -> Mapping[str, bool]:
    """Return the words for what is no figure of a time itself, and whether each is of a trend.

    Those of a trend are a remark on a figure as well, where they stand beside it: 下降.
    """
    lines = register("quantities.csv")
    return {key(line["word"]): line["is_trend"] == "true" for line in lines}


def is_revised(text: str) -> bool:
    """Tell whether a heading says that its figures take the place of others (修订数, 终报数).

    Examples
    --------
    >>> [is_revised(text) for text in ("2023年(修订)", "调整后完成数", "2023年", "调整后目标")]
    [True, True, False, False]
    """
    return bool(_REVISED.search(key(text))) and not is_other(text)


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


def is_whole(name: str, wholes: Collection[str]) -> bool:
    """Tell whether a comparable name is a word for the sum of all, not of a part (小计).

    ``wholes`` are the names of the whole itself.
    """
    is_total = name in wholes or TOTAL.fullmatch(name) or _WHOLE.fullmatch(name)
    return bool(is_total) and not SUBTOTAL.fullmatch(name)


def is_sum(name: str, wholes: Collection[str]) -> bool:
    """Tell whether a comparable name is a word for a sum, of all or of a part (小计)."""
    return name in wholes or any(known.fullmatch(name) for known in (TOTAL, _WHOLE, GROUP))
