"""Standard streams that are closed, full or read by nobody: no traceback, one line, and exit status 2."""

from __future__ import annotations

import os
import sys
from contextlib import suppress


def are_usable() -> bool:
    """Whether there is a standard output. That there is none is said on standard error, if there is one."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:  # or the next file that is opened becomes the stream
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", closefd=False)
    if sys.stdout is None:
        sys.stderr.write("printlint: standard output is closed\n")
    return sys.stdout is not None


def failed(error: OSError) -> int:
    """The exit status for input or output that failed, after a line that says so (but to who has stopped reading)."""
    if not isinstance(error, BrokenPipeError):
        where = f": {os.fsdecode(error.filename)}" if isinstance(error.filename, (str, bytes)) else ""
        with suppress(OSError, ValueError):
            sys.stderr.write(f"printlint: input or output failed: {error.strerror or error}{where}\n")
            sys.stderr.flush()
    return 2


def flush() -> int | None:
    """Write out what waits for it. The exit status where that cannot be done; then nothing waits any more."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return failed(error) if isinstance(error, OSError) else 2
    with suppress(OSError, ValueError):
        sys.stderr.flush()
    return None
