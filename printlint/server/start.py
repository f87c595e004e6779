"""The start of the server: standard output belongs to the protocol."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from printlint.server.handlers import register
from printlint.server.session import Session


def serve() -> int:
    """Serve one client on standard input and output until it ends. Returns the exit status.

    Whatever else is written to standard output, by whomever, goes to standard error.
    """
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with TemporaryDirectory(prefix="printlint-") as pages:
        session = Session(Path(pages))
        register(session)
        session.start_io(sys.stdin.buffer, channel)
    return 0 if session.was_shut_down else 1
