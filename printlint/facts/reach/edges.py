"""Which files of a tree load which others, and the folders that have to be on `sys.path` for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from printlint.facts.reach.import_roots import Found, ImportRoots, is_within
from printlint.facts.reach.reading import Import, Reading, When


class Edge(NamedTuple):
    """One file that another loads.

    `root` is the folder that its name starts from, empty for a relative import. `line` is where, from 1; 0 for a name
    in a string. `certain`: no other folder could be meant.
    """

    importer: str
    file: str
    root: str
    when: When
    line: int
    certain: bool

    @property
    def proves_root(self) -> bool:
        """Whether the importer loads only if the root is on `sys.path`."""
        return self.certain and bool(self.root) and self.when is When.LOADED


def find_edges(readings: Mapping[str, Reading], roots: ImportRoots) -> list[Edge]:
    """The edges between the files that were read. If an import could mean two files, the importer's others decide."""
    edges: list[Edge] = []
    doubtful: list[tuple[str, Import, tuple[Found, ...]]] = []
    added = {change.folder for reading in readings.values() for change in reading.path_changes}
    for file, reading in readings.items():
        for item in reading.imports:
            if item.level:
                edges += (Edge(file, to, "", item.when, item.line, True) for to in roots.find_relative(file, item))
                continue
            found = tuple(
                one
                for one in roots.find(file, item.module, item.names)
                if _fits(one, file, item, readings)
                and not _lacks_others(one, file, item, reading, roots)
                and (one.root in added or not _has_longer_name(one, file, reading, roots))
            )
            if len(found) > 1:
                doubtful.append((file, item, found))
            else:
                edges += _edges(file, item, found, certain=True)
        edges += _mentioned(file, readings, roots)
    proven: dict[str, set[str]] = {}
    for edge in edges:
        if edge.proves_root:
            proven.setdefault(edge.importer, set()).add(edge.root)
    for file, item, found in doubtful:
        meant = tuple(one for one in found if one.root in proven.get(file, ()))
        meant = meant or _through_own_package(file, found, readings, roots)
        edges += _edges(file, item, meant or found, certain=len(meant) == 1)
    return edges


def _fits(found: Found, file: str, item: Import, readings: Mapping[str, Reading]) -> bool:
    """Whether the file that an import may mean has the names it takes; else a library of the file's name is meant.

    For a file in another part of the tree, a bare `import utils` proves too little: it has to use names of the file.
    """
    wanted = set(item.names) if item.names else set(readings[file].uses.get(item.module, ()))
    elsewhere = not is_within(file, found.root) and "." not in item.module
    if not found.files:
        return False
    if found.package:
        return not found.whole or _has_names(item.module, found, wanted, readings, file)
    if found.files[-1] == file:  # no module imports itself
        return False
    binds = readings[found.files[-1]].binds if found.files[-1] in readings else None
    if elsewhere and (binds is None or not wanted):
        return False
    return binds is None or "*" in wanted or binds.issuperset(wanted)


def _lacks_others(found: Found, file: str, item: Import, reading: Reading, roots: ImportRoots) -> bool:
    """Whether what a file imports of one package is not all in another part of the tree: it means a third package."""
    if is_within(file, found.root):
        return False
    top = item.module.partition(".")[0]
    others = (other for other in reading.imports if not other.level and other.module.partition(".")[0] == top)
    return any(not roots.has(found.root, other.module, other.names) for other in others)


def _has_longer_name(found: Found, file: str, reading: Reading, roots: ImportRoots) -> bool:
    """Whether the root is in a package that the importer, which is outside of the root, imports by its own name or
    from inside: what is in that package has a longer name for it, and the shorter one is a library's."""
    package = roots.package_around(found.root)
    if not package or is_within(file, found.root):
        return False
    name, inside = os.path.basename(package), is_within(file, package)
    if inside and os.path.dirname(file) != package and roots.chain_root(file) == os.path.dirname(package):
        return True  # a module of a package below the outermost is loaded as one of it
    return any(inside if other.level else other.module.partition(".")[0] == name for other in reading.imports)


def _has_names(package: str, found: Found, wanted: set[str], readings: Mapping[str, Reading], file: str) -> bool:
    """Whether a package has some names, as far as its `__init__.py` tells, or modules of these names.

    A file in an outermost package means that one, whatever it takes.
    """
    folder = os.path.join(found.root, *package.split("."))
    init = readings.get(os.path.join(folder, "__init__.py"))
    is_own = is_within(file, folder) and os.path.join(found.root, "__init__.py") not in readings
    if is_own or init is None or init.binds is None:
        return True
    taken = {os.path.relpath(name, folder).split(os.sep)[0].removesuffix(".py") for name in found.files}
    missing = wanted - init.binds - taken - {"*"}
    return all(
        os.path.join(folder, f"{name}.py") in readings or os.path.join(folder, name, "__init__.py") in readings
        for name in missing
    )


def _edges(file: str, item: Import, found: tuple[Found, ...], *, certain: bool) -> Iterator[Edge]:
    for one in found:
        for target in one.files:
            yield Edge(file, target, one.root, item.when, item.line, certain)


def _through_own_package(
    file: str, found: tuple[Found, ...], readings: Mapping[str, Reading], roots: ImportRoots
) -> tuple[Found, ...]:
    """What an import means in a file with relative imports: it loads only in its package, whose root counts."""
    if not any(item.level and item.when is When.LOADED for item in readings[file].imports):
        return ()
    chain = roots.chain_root(file)
    return tuple(one for one in found if one.root == chain and chain != os.path.dirname(file))


def _mentioned(file: str, readings: Mapping[str, Reading], roots: ImportRoots) -> Iterator[Edge]:
    """What the names in a file's strings lead to."""
    for mention in readings[file].mentions:
        for one in _find_mention(file, mention, readings, roots):
            yield from (Edge(file, to, one.root, When.PERHAPS, 0, False) for to in one.files if to != file)
    for package in readings[file].mentioned_folders:
        for root, target in roots.modules_of(file, package):
            yield Edge(file, target, root, When.PERHAPS, 0, False)


def _find_mention(file: str, mention: str, readings: Mapping[str, Reading], roots: ImportRoots) -> tuple[Found, ...]:
    """The module that a string names; an attribute behind a colon, or up to two behind dots, has to be there."""
    module, colon, attribute = mention.partition(":")
    parts = module.split(".")
    for length in range(len(parts), max(0, len(parts) - 3), -1):
        first = attribute.partition(".")[0] if colon else "".join(parts[length : length + 1])
        found = tuple(
            one
            for one in roots.find(file, ".".join(parts[:length]))
            if one.files and one.whole and _has(one, first, readings) and _may_start_at(one.root, file, roots)
        )
        if found and (length > 1 or length == len(parts)):  # `config.yaml` is no module `config`
            return found
        if colon:
            break
    return ()


def _may_start_at(root: str, file: str, roots: ImportRoots) -> bool:
    """Whether a name in a string may start from a folder: from one in a package only if the file is right in it."""
    return os.path.dirname(file) == root or not (roots.is_package(root) or roots.package_around(root))


def _has(found: Found, attribute: str, readings: Mapping[str, Reading]) -> bool:
    """Whether a module has an attribute, as far as that is known."""
    binds = readings[found.files[-1]].binds if found.files[-1] in readings else None
    return not attribute or binds is None or attribute in binds
