"""Where a module gets the set-up module's functions from: its name, its file, and how the import is spelled."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.util import resolve_name
from pathlib import Path
from typing import TYPE_CHECKING

from printlint.facts.module import Module, once_a_module
from printlint.facts.project.setup_files import SETUP_NAMES, is_setup_file, provided_backends
from printlint.facts.reach.import_roots import is_within
from printlint.facts.reach.listed_files import listed_by_name
from printlint.facts.reach.programs import Place, Programs
from printlint.facts.reach.reading import When
from printlint.facts.reach.tree import Tree
from printlint.names.import_block import first_import_line, imported_modules
from printlint.names.layout import Layout, project_root
from printlint.plan.message import Refused
from printlint.plan.refusals import check_head
from printlint.reading import disk
from printlint.run import current

if TYPE_CHECKING:
    from printlint.facts.context import Context


@dataclass(frozen=True)
class SetupImport:
    """Where a module imports the set-up module's functions from.

    `module` is the set-up module's dotted name, `spelling` what is in the import (perhaps relative), `path`
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

    def name_in(self, package: str) -> str:
        """The dotted name that the import has in a module of a package, which may be imported by several names."""
        with suppress(ImportError):  # the package is not known to be as deep as the relative import needs
            return resolve_name(self.spelling, package)
        return self.module


class WithoutSetUp(dict[Path, str]):
    """The files, by absolute paths, in which nothing may rest on a set-up module in this run, each with the reason."""


def setup_import(context: Context, backend: str, *, imports: bool) -> SetupImport:
    """Where the module would import from. Raises `Refused` where the import would not resolve in every way in which
    the file is reached, or where the set-up module that is there lacks the back end's part."""
    check_head(context.module)
    layout = context.module.layout
    if layout is not None and (reason := current().part(WithoutSetUp).get(layout.path)):
        raise Refused(reason)
    found = _setup_import(context.module, context.config.setup_module, imports)
    if found.exists and found.path is not None and backend not in _provided(found.path):
        missing = f"{found.path.name} has nothing for the back end {backend}"
        raise Refused(f"{missing}; `printlint init --async-backend {backend}` adds it")
    return replace(found, backend=backend)


def setup_place(context: Context, backend: str) -> SetupImport:
    """The set-up module of the program that a module starts, whatever back end one that is there serves; `backend` is
    that of a new one. Raises `Refused`."""
    return replace(_setup_import(context.module, context.config.setup_module, True), backend=backend)


def _provided(path: Path) -> frozenset[str]:
    try:
        return provided_backends(disk.read(path).decode("utf-8", "replace"))
    except OSError:
        return frozenset()


@once_a_module
def _setup_import(module: Module, configured: str | None, imports: bool) -> SetupImport:
    layout = module.layout
    if layout is None:
        return SetupImport(configured or SETUP_NAMES[0], None, False)
    programs = Programs.of(layout, module.source.text)
    file = str(layout.path)
    if configured is not None:
        return _configured(module, layout, configured, programs)
    found = programs.existing(file)
    if found is None:
        place = programs.place(file)
        if place is None and imports:
            raise Refused(_reason(programs.tree, file))
        place = place or Place(str(layout.import_root), str(layout.import_root / layout.top_package))
        if imports and (taker := listed_by_name(place.folder, str(programs.tree.root))):
            raise Refused(
                f"{taker} takes files by their names and would leave out a new one; set `setup-module` if not"
            )
        found = _free_name(place)
    name, path = found
    spelling = spelled_import(module, name, path) if imports else name
    return SetupImport(name, path, is_setup_file(path), spelling if spelling != name else None)


def _configured(module: Module, layout: Layout, dotted: str, programs: Programs) -> SetupImport:
    """The set-up module that the user has named, whose word it is that files can import it: no program may differ."""
    file = str(layout.path)
    path = layout.find(dotted, project_root(layout.path.parent)) or _configured_path(layout, dotted, programs)
    exists = module.setup_module == dotted or is_setup_file(path)
    if programs.tree.reach.ways(file).script:
        spelled_import(module, dotted, path)
    name = _relative(module, layout, path) if layout.top_package == dotted.partition(".")[0] else None
    return SetupImport(dotted, path, exists, name)


def _configured_path(layout: Layout, dotted: str, programs: Programs) -> Path:
    """The file of the set-up module that the user has named, where its package is, from the program's root first."""
    place, project = programs.place(str(layout.path)), project_root(layout.path.parent) or programs.tree.root
    roots = [Path(place.root)] if place is not None else []
    roots += [layout.import_root] if layout.package else []
    paths = [root.joinpath(*dotted.split(".")).with_suffix(".py") for root in (*roots, project, project / "src")]
    return next((path for path in paths if disk.exists(path.parent)), paths[0])


def _free_name(place: Place) -> tuple[str, Path]:
    """The first of the set-up module's names that no other file has."""
    for name in SETUP_NAMES:
        path = Path(place.folder, f"{name}.py")
        if not disk.exists(path) and not disk.exists(path.with_suffix("")):
            return place.name(name), path
    raise Refused(f"{place.folder} has other modules named {' and '.join(SETUP_NAMES)}; set `setup-module`")


def spelled_import(module: Module, dotted: str, path: Path) -> str:
    """How a module imports the set-up module of some name and file, in every way in which it is reached itself.

    Raises `Refused` where that does not resolve in all of them.
    """
    layout = module.layout
    assert layout is not None
    tree = Programs.of(layout, module.source.text).tree
    reach, file = tree.reach, str(layout.path)
    root = str(path.absolute().parents[dotted.count(".")])
    known = reach.paths.at_line(file, first_import_line(module.tree))
    if root not in known or reach.alone(file) is not None:
        if spelling := _relative_in_every_way(tree, file, path):
            return spelling
        raise Refused(_reason(tree, file, root, dotted))
    first = dotted.partition(".")[0]
    for folder in sorted({*known, *reach.ways(file).roots} - {root}):
        if reach.roots.holds(folder, first):
            if spelling := _relative_in_every_way(tree, file, path):
                return spelling
            raise Refused(
                f"`{first}` may be the one in `{tree.shown(folder)}`, which is on `sys.path` too; rename one of them"
            )
    return (_relative(module, layout, path) if root == str(layout.import_root) else None) or dotted


def _relative(module: Module, layout: Layout, path: Path) -> str | None:
    """The relative spelling of a module of the top package, where the file imports its own package only so."""
    if not layout.package or path.absolute().parent != layout.import_root / layout.top_package:
        return None
    imported = imported_modules(module.tree)
    absolute = any(name.partition(".")[0] == layout.top_package for name in imported)
    if absolute or not any(name.startswith(".") for name in imported):
        return None
    return "." * len(layout.package.split(".")) + path.stem


def _relative_in_every_way(tree: Tree, file: str, path: Path) -> str | None:
    """The relative spelling of a module, where all names of a file start above the folder that both are in.

    What a file imports relatively whenever it is loaded shows how deep in packages it is, by whatever name.
    """
    ways, own, target = tree.reach.ways(file), os.path.dirname(file), str(path.absolute().parent)
    shared = os.path.commonpath([own, target])
    levels = [item.level for item in tree.reach.readings[file].imports if item.level and item.when is When.LOADED]
    up = len(Path(own).relative_to(shared).parts) + 1
    above = [root for root in ways.roots if shared != root and is_within(shared, root)]
    if max(levels, default=0) < up and (ways.script or ways.unclear or not ways.roots or len(above) < len(ways.roots)):
        return None
    return "." * up + ".".join([*Path(target).relative_to(shared).parts, path.stem])


def _reason(tree: Tree, file: str, root: str = "", dotted: str = "") -> str:
    """Why a file cannot import the set-up module from a root, or from any."""
    reach, shown = tree.reach, f"`{tree.shown(file)}`"
    ways = reach.ways(file)
    if root in reach.paths.after_imports(file):
        return f"{shown} changes `sys.path` before `{dotted}` can be imported"
    names = sorted(f"`{reach.roots.names_below(file, name)}` ({why})" for name, why in ways.roots.items())
    if ways.script and names:
        verb = "imported" if file in reach.edges_into else "perhaps imported"
        return f"{shown} is run as a script ({ways.script}) and {verb} as {names[0]}; {_NO_SINGLE_IMPORT}"
    if len(names) > 1:
        return f"{shown} is imported as {' and as '.join(names)}; {_NO_SINGLE_IMPORT}"
    if dotted and ways.script:
        return f"{shown} is run as a script ({ways.script}), where `{dotted}` cannot be imported"
    if dotted and names:
        return f"{shown} is imported as {names[0]}, where `{dotted}` cannot be imported"
    known = "no import, command or package metadata names it"
    if evidence := ways.script or next(iter(ways.roots.values()), ""):
        known = f"only {evidence} says how"
    return f"unknown how {shown} is imported or run: {known}; set `setup-module`"


_NO_SINGLE_IMPORT = "no single import of the set-up module works for both"
