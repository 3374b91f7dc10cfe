"""The lines of a text file as it has them, kept small for the messages that may quote them.

Answers: any line. Refuses: to hold millions of cells open for the few that are ever asked for.
"""

import pickle
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

FEW: Final = 2**12  # as many lines as are kept open: packing them costs more than it saves
_AT_ONCE: Final = 2**11
_FAST: Final = 1  # of zlib's nine levels; the others are slower and hardly smaller


class Packed(Sequence[list[Any]]):
    """Lines of cells, packed by the thousand.

    Examples
    --------
    >>> packed = Packed([["year", "name"], ["2023", "甲"]])
    >>> packed[1], len(packed)
    (['2023', '甲'], 2)
    """

    def __init__(self, lines: Sequence[list[Any]]) -> None:
        self._count = len(lines)
        self._parts = tuple(
            zlib.compress(pickle.dumps(lines[start : start + _AT_ONCE]), _FAST)
            for start in range(0, self._count, _AT_ONCE)
        )

    def __len__(self) -> int:
        """Return how many lines there are."""
        return self._count

    def __getitem__(self, place: Any) -> Any:
        """Return one line; a run of lines is not asked for."""
        part, line = divmod(range(self._count)[place], _AT_ONCE)
        return _opened(self._parts[part])[line]


@lru_cache(maxsize=1)  # messages are made line after line
def _opened(part: bytes) -> list[list[Any]]:
    lines: list[list[Any]] = pickle.loads(zlib.decompress(part))
    return lines
