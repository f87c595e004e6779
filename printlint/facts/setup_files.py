"""Set-up modules: where they stand, how they are known, and which back ends they serve."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from printlint import disk
from printlint.facts.layout import Layout

SETUP_MARKER = "class EventHandler(logging.Handler)"
SETUP_NAMES = ("logging_setup", "event_logging", "queue_logging")

_PROVIDES = {
    "queue": re.compile(r"^def get_logger\(", re.MULTILINE),
    "aiologger": re.compile(r"^def get_async_logger\(", re.MULTILINE),
    "structlog": re.compile(r"structlog\.configure\("),
    "none": re.compile(r"^def setup_logging\(", re.MULTILINE),
}


def is_setup_file(path: Path) -> bool:
    """Whether a file is a set-up module that `printlint` wrote (and its user perhaps changed)."""
    try:
        return SETUP_MARKER.encode() in disk.read(path)
    except OSError:
        return False


def find_setup_module(layout: Layout) -> tuple[str, Path] | None:
    """The dotted name and file of a set-up module of printlint's that `layout`'s module can import."""
    top = layout.top_package
    return (_in_folder(layout.import_root / top, f"{top}.") if top else None) or _in_folder(layout.import_root, "")


@lru_cache(maxsize=512)
def _in_folder(folder: Path, prefix: str) -> tuple[str, Path] | None:
    for name in SETUP_NAMES:
        path = folder / f"{name}.py"
        if is_setup_file(path):
            return prefix + name, path
    return None


def forget_setup_files() -> None:
    """Look for set-up modules anew, after `disk.decide`."""
    _in_folder.cache_clear()


def provided_backends(text: str) -> frozenset[str]:
    """The back ends that a set-up module's text serves."""
    return frozenset(name for name, sign in _PROVIDES.items() if sign.search(text))
