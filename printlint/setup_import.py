"""Where a module gets the set-up module's functions from: its name, its file, and how the import is spelled."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from printlint import disk
from printlint.facts.head import imported_modules
from printlint.facts.layout import is_stdlib, project_root
from printlint.facts.module import Module
from printlint.facts.places import is_main_guard
from printlint.facts.setup_files import SETUP_NAMES, find_setup_module, is_setup_file, provided_backends
from printlint.message import Refused
from printlint.refusals import check_head

if TYPE_CHECKING:
    from pathlib import Path

    from printlint.rule import Context


@dataclass(frozen=True)
class SetupImport:
    """Where a module imports the set-up module's functions from.

    `module` is the set-up module's dotted name, `spelling` what stands in the import (perhaps relative), `path`
    its file, and `exists` whether that is there already; `backend` is the back end that it has to serve.
    """

    module: str
    path: Path | None
    exists: bool
    relative: str | None = None
    backend: str = "queue"

    @property
    def spelling(self) -> str:
        """The module as the import names it."""
        return self.relative or self.module


def setup_import(context: Context, backend: str) -> SetupImport:
    """Where the module would import from. Raises `Refused` where that cannot be told, or lacks the back end's part."""
    check_head(context.module)
    dotted = context.module.layout.module if context.module.layout else ""
    installed = any(script.startswith(f"{dotted}:") for script in context.project.entry_points)
    found = _setup_import(context.module, context.config.setup_module, installed)
    if found.exists and found.path is not None and backend not in _provided(found.path):
        missing = f"{found.path.name} has nothing for the back end {backend}"
        raise Refused(f"{missing}; `printlint init --async-backend {backend}` adds it")
    return replace(found, backend=backend)


def _provided(path: Path) -> frozenset[str]:
    try:
        return provided_backends(disk.read(path).decode("utf-8", "replace"))
    except OSError:
        return frozenset()


@lru_cache(maxsize=4)
def _setup_import(module: Module, configured: str | None, installed: bool) -> SetupImport:
    """`installed`: the module is a console script's, and so imported as a part of its package."""
    layout = module.layout
    if module.setup_module is not None:
        within = layout is not None and module.setup_module.startswith(f"{layout.top_package}.")
        if within and not installed and not _imports_as_package(module):
            raise Refused("the file runs as a script beside its modules, and cannot import from its package")
        name = module.setup_module.partition(".")[2]
        known = find_setup_module(layout) if layout is not None else None
        path = known[1] if known is not None and known[0] == module.setup_module else None
        return SetupImport(module.setup_module, path, True, _relative(module, name) if within else None)
    if configured is not None:
        root = layout.import_root if layout else None
        path = root.joinpath(*configured.split(".")).with_suffix(".py") if root else None
        return SetupImport(configured, path, path is not None and is_setup_file(path))
    if layout is None:
        return SetupImport(SETUP_NAMES[0], None, False)
    package = layout.top_package if installed or _imports_as_package(module) else ""
    folder = layout.import_root / package if package else layout.path.parent
    for name in SETUP_NAMES:
        path = folder / f"{name}.py"
        if not disk.exists(path):
            return SetupImport(f"{package}.{name}" if package else name, path, False, _relative(module, name))
    raise Refused(f"{folder} has other modules named {' and '.join(SETUP_NAMES)}; name one in setup-module")


def _relative(module: Module, name: str) -> str | None:
    """The relative spelling of a module of the top package, where the file imports its own package so."""
    layout = module.layout
    if layout is None or not layout.package or not _imports_relatively(module):
        return None
    return "." * len(layout.package.split(".")) + name


def _imports_as_package(module: Module) -> bool:
    """Whether the file is imported as a part of its package (else it is run as a script beside its modules)."""
    layout = module.layout
    assert layout is not None
    imported = imported_modules(module.tree)
    own = any(name.startswith(".") or name.partition(".")[0] == layout.top_package for name in imported)
    siblings = any(
        disk.is_file(layout.path.parent / f"{name.partition('.')[0]}.py") and not is_stdlib(name) for name in imported
    )
    if layout.package:
        guarded = any(isinstance(node, ast.If) and is_main_guard(node) for node in module.tree.body)
        if own or not (siblings or (guarded and layout.path.stem != "__main__")):
            return True
        raise Refused("it cannot be told whether this file runs as a script or as a part of its package")
    if not siblings and _inside_project(module):
        raise Refused("it cannot be told how this file is imported; say where in setup-module")
    return False


def _imports_relatively(module: Module) -> bool:
    """Whether the module names its own package by relative imports alone."""
    layout = module.layout
    assert layout is not None
    imported = imported_modules(module.tree)
    absolute = any(name.partition(".")[0] == layout.top_package for name in imported)
    return bool(layout.top_package) and not absolute and any(name.startswith(".") for name in imported)


def _inside_project(module: Module) -> bool:
    layout = module.layout
    assert layout is not None
    root = project_root(layout.path.parent)
    return root is not None and root != layout.path.parent
