"""Set-up modules: where they are, how they are known, and which back ends they serve."""

from __future__ import annotations

import re
from pathlib import Path

from printlint.names.layout import Layout, project_root
from printlint.reading import disk
from printlint.run import once_a_run

EVENT_HANDLER = "EventHandler"
SETUP_MARKER = f"class {EVENT_HANDLER}(logging.Handler)"
SETUP_NAMES = ("logging_setup", "event_logging", "queue_logging")

_PROVIDES = {
    "queue": r"(?m)^def get_logger\(",
    "aiologger": r"(?m)^def get_async_logger\(",
    "structlog": r"structlog\.configure\(",
    "none": r"(?m)^def setup_logging\(",
}


def is_setup_file(path: Path) -> bool:
    """Whether a file is a set-up module that `printlint` wrote (and its user perhaps changed)."""
    try:
        return disk.found_in(str(path), _is_marked, decided=True)
    except OSError:
        return False


def _is_marked(data: bytes) -> bool:
    return SETUP_MARKER.encode() in data


# The module that a file imports which is called as a set-up module is.
_IMPORTED = rf"(?m)^[ \t]*from[ \t]+(\.*)((?:\w+\.)*(?:{'|'.join(SETUP_NAMES)}))[ \t]+import\b"


def find_setup_module(layout: Layout, text: str = "") -> tuple[str, Path] | None:
    """The dotted name and file of a set-up module of printlint's that `layout`'s module can import.

    What its `text` imports by such a name comes first: a folder above is no package, and may be its import root.
    """
    imported = re.search(_IMPORTED, text) if any(name in text for name in SETUP_NAMES) else None
    if imported is not None and (found := _imported(layout, len(imported[1]), imported[2])) is not None:
        return found
    top = layout.top_package
    return (_in_folder(layout.import_root / top, f"{top}.") if top else None) or _in_folder(layout.import_root, "")


def _imported(layout: Layout, level: int, spelled: str) -> tuple[str, Path] | None:
    """The set-up module that a module imports by a name, or from so many packages up, its own the first."""
    if not level:
        path = find_above(layout.path.parent, spelled)
        return (spelled, path) if path is not None else None
    package = layout.package.split(".")
    dotted = ".".join([*package[: len(package) - level + 1], spelled])
    path = layout.import_root.joinpath(*dotted.split(".")).with_suffix(".py")
    return (dotted, path) if layout.package and is_setup_file(path) else None


@once_a_run(most=512, of_decisions=True)
def find_above(folder: Path, dotted: str) -> Path | None:
    """The set-up module of a dotted name that starts from a folder or from one above it, within the project."""
    root = project_root(folder) or folder.parent.parent
    for place in (folder, *folder.parents):
        path = place.joinpath(*dotted.split(".")).with_suffix(".py")
        if is_setup_file(path):
            return path
        if place == root:
            return None
    return None


@once_a_run(most=512, of_decisions=True)
def _in_folder(folder: Path, prefix: str) -> tuple[str, Path] | None:
    for name in SETUP_NAMES:
        path = folder / f"{name}.py"
        if is_setup_file(path):
            return prefix + name, path
    return None


def provided_backends(text: str) -> frozenset[str]:
    """The back ends that a set-up module's text serves."""
    return frozenset(name for name, sign in _PROVIDES.items() if re.search(sign, text))
