"""The `printlint` command, also as `python -m printlint`.

What can be answered without loading anything is answered here: the version, and a `check` whose outcome is known.
"""

from __future__ import annotations

import gc
import sys

# What is loaded stays: looking for garbage among it is for nothing.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def main() -> None:
    """The entry point."""
    arguments = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # what the terminal's encoding does not have is no error
    if arguments == ["--version"]:
        from printlint import __version__

        sys.stdout.write(f"printlint {__version__}\n")
        return
    if arguments[:1] == ["check"]:
        from printlint.replay import known_outcome

        outcome = known_outcome(arguments)
        if outcome is not None:
            sys.exit(_written(*outcome))
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    from printlint.cli import leave
    from printlint.cli import main as command_line

    try:
        command_line(arguments)
    except SystemExit as end:
        leave(end)
        raise


def _written(output: str, diagnostics: str, status: int) -> int:
    try:
        sys.stdout.write(output)
        sys.stdout.flush()
        sys.stderr.write(diagnostics)
    except BrokenPipeError:
        sys.stderr.close()
        return 2
    return status


if __name__ == "__main__":
    main()
