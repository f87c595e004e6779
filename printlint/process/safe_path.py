"""Where modules come from: never from the current folder, whose files are only read.

Nothing is imported here that an interpreter has not loaded at its start, not even `__future__`: this runs first.
"""

import os
import sys

# Where an interpreter or a virtual environment, which may be in the working folder, has its modules.
_LIBRARIES = ("lib", "lib64", "dlls", "local")


def leave_out_working_folder() -> None:
    """Import nothing from the working folder from now on, however it came to `sys.path`.

    `python -m printlint` puts it first, and so does an empty entry of PYTHONPATH. The folder that printlint itself
    comes from stays, behind all others, where it can be nobody else's module.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    own = os.path.dirname(package)
    entries = safe_entries(sys.path)
    sys.path[:] = entries if own in entries else [*entries, own]


def safe_entries(entries: list[str]) -> list[str]:
    """The entries that neither are the working folder nor lie in it, but for those of the interpreter. All absolute."""
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:  # somebody has removed it
        return [entry for entry in entries if os.path.isabs(entry)]
    absolute = [entry for entry in entries if os.path.isabs(entry)]
    return [entry for entry in absolute if not is_inside(entry, here) or _is_interpreters(entry)]


def is_inside(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies below it, whatever links it goes through. `folder` is a real path."""
    real = os.path.realpath(path)
    return real == folder or real.startswith(os.path.join(folder, ""))


def _is_interpreters(entry: str) -> bool:
    real = os.path.realpath(entry)
    for folder in {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}:
        below = os.path.relpath(real, os.path.realpath(folder)).split(os.sep)
        if below[0].lower() in _LIBRARIES:
            return True
    return False
