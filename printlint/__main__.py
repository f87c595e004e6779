"""The `printlint` command, also as `python -m printlint`.

What can be answered without loading anything is answered here: the version, and a `check` whose outcome is known.
Until the working folder is left out, nothing may be imported that an interpreter has not loaded at its start.
"""

import gc
import os
import sys

# What is loaded stays: looking for garbage among it is for nothing.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def main() -> None:
    """The entry point."""
    from printlint.process.safe_path import leave_out_working_folder

    leave_out_working_folder()
    try:
        _run(sys.argv[1:])
    except KeyboardInterrupt:
        from printlint.process.signals import INTERRUPT, end_by

        end_by(INTERRUPT)


def _run(arguments: list[str]) -> None:
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from printlint.process.streams import are_usable

        if not are_usable():
            sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # what the terminal's encoding does not have is no error
    if arguments == ["--version"]:
        from printlint import __version__

        sys.exit(_written(f"printlint {__version__}\n", "", 0))
    try:
        os.getcwd()
    except OSError:
        sys.stderr.write("printlint: the working directory no longer exists\n")
        sys.exit(2)
    if arguments[:1] == ["check"]:
        from printlint.cache.outcomes import known_outcome

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
        sys.stderr.flush()
    except OSError as error:
        from printlint.process.streams import failed

        return failed(error)
    return status


if __name__ == "__main__":
    main()
