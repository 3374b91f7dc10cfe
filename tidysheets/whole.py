"""A workbook written whole or not at all.

Answers: where a form or a coloured copy ends up. Refuses: to leave half a file on a full disk.
"""

import io
import os
import tempfile
from pathlib import Path

from openpyxl import Workbook


def save(book: Workbook, path: str | Path) -> Path:
    """Write a workbook beside its place, then put it there, and return the place.

    Raises
    ------
    OSError
        When it cannot be written; what was there before is as it was.
    """
    packed, target = io.BytesIO(), Path(path)
    book.save(packed)  # in memory: a zip file that cannot be ended complains once more on its own
    handle, name = tempfile.mkstemp(prefix=".part-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(packed.getbuffer())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
    return target
