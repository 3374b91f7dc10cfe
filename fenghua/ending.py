"""How a command ends: in a sentence, also where the output, the memory or the user says stop.

Answers: exit code 2 and why. Refuses: a traceback, and to lose an interrupt.
"""

import _thread
import errno
import os
import re
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from tidysheets import signs

_NO_RIGHT: Final = "name one that you have the right to use"
_REMEDIES: Final = {
    errno.ENOSPC: "free some space, or name a folder on another disk",
    errno.EROFS: "name a folder that you may write to",
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
}
# What is not finished has a hidden name until it is; the user named the folder that it lies in.
_UNFINISHED: Final = re.compile(r"(^|[/\\])\.(lock$|(demo|fenghua|part|run|taken)-.*)")
_AGAIN_SECONDS: Final = 0.05  # the callback that met an interrupt has ended by then


class Ending(click.Group):
    """Commands that end in a sentence too when the output is full or closed, or memory runs out."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and write out all it printed before it may say that it is done."""
        try:
            if sys.stdout is None:
                raise OSError("standard output is closed")
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except OSError as error:
            if error.filename is not None:  # a file's, and not that of the output
                _end(refusal(error))
            _end(f"the output cannot be written: {error.strerror or error}")
        except MemoryError:
            _end("there is too little memory; close other programs or split the files")
        except RecursionError:
            _end("an input is nested too deeply")


def refusal(error: Exception) -> str:
    """Return why something could not be read or written, and what to do about it, as a line.

    Examples
    --------
    >>> refusal(OSError(errno.ENOSPC, "No space left on device"))
    'No space left on device: free some space, or name a folder on another disk'
    >>> refusal(OSError(errno.EROFS, "Read-only file system", "out/.lock"))
    'out: Read-only file system: name a folder that you may write to'
    """
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    named = str(error.filename2 or error.filename or "")
    place = _UNFINISHED.sub("", named)
    told = [
        str(Path.cwd()) if named and place in ("", ".") else place,
        error.strerror,
        _REMEDIES.get(error.errno),
    ]
    return ": ".join(filter(None, told))


def _end(reason: str) -> NoReturn:
    """End with exit code 2, leaving nothing that the closing of the output could stumble over."""
    with suppress(OSError):
        click.echo(f"fenghua: {signs.harmless(reason)}", err=True)
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(2)


def keep_interrupts() -> None:
    """Let no interrupt be lost that meets a callback of Python's own, as each import has one."""
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _unraised


def _unraised(unraisable: "sys.UnraisableHookArgs") -> None:
    """Raise an interrupt again that met a callback of Python's own, as each import has one."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        threading.Timer(_AGAIN_SECONDS, _interrupt).start()
    else:
        sys.__unraisablehook__(unraisable)


def _interrupt() -> None:
    """Send an interrupt to this process, as the terminal does: one that wakes who waits."""
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:
        os.kill(os.getpid(), signal.SIGINT)
