"""Where a file is: its package, its project, and the files that its imports name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from printlint.reading import disk
from printlint.run import once_a_run

_PROJECT_MARKERS = frozenset({"pyproject.toml", "setup.cfg", "setup.py", ".git", ".hg"})


class Layout(NamedTuple):
    """A file's place. `import_root` is the folder that its package's dotted names start from."""

    path: Path
    import_root: Path
    module: str
    package: str

    @property
    def top_package(self) -> str:
        """The first part of the package; empty for a module outside of any."""
        return self.package.partition(".")[0]

    def find(self, dotted: str, project: Path | None = None) -> Path | None:
        """The source file of a module of this project, or None for anything else.

        `project` is the project's root, for files that import from a package which is elsewhere in it.
        """
        if not dotted or dotted.startswith("."):
            return None
        return _find(dotted, self.import_root, None if self.package else self.path.parent, project)

    def shadows(self, module: str) -> bool:
        """Whether a file beside a script takes the place of a standard library module (`logging.py`).

        Python puts a script's own folder first on `sys.path`; a module of a package is not affected.
        """
        return holds_module(self.import_root, module)


@once_a_run(most=1024)
def layout_of(path: Path) -> Layout:
    """The layout of a file, by the `__init__.py` files above it."""
    path = path.absolute()
    import_root, package = _package_of(path.parent)
    if path.stem == "__init__":
        module = package or path.parent.name
    else:
        module = f"{package}.{path.stem}" if package else path.stem
    return Layout(path, import_root, module, package)


@once_a_run(most=1024)
def _package_of(folder: Path) -> tuple[Path, str]:
    """The folder that the dotted names of a folder's package start from, and that package; empty where it is none."""
    names: list[str] = []
    while is_package(folder) and folder.parent != folder:
        names.append(folder.name)
        folder = folder.parent
    return folder, ".".join(reversed(names))


@once_a_run(most=2048, of_decisions=True)
def _find(dotted: str, import_root: Path, own_folder: Path | None, project: Path | None) -> Path | None:
    folders = [str(folder) for folder in (import_root, own_folder, project) if folder is not None]
    folders += [f"{project}/src"] if project is not None else []
    relative, top = dotted.replace(".", "/"), dotted.partition(".")[0]
    for folder in dict.fromkeys(folders):
        if top != dotted and not _is_there(f"{folder}/{top}"):
            continue  # as for most names of other packages, of which many are imported
        for candidate in (f"{folder}/{relative}.py", f"{folder}/{relative}/__init__.py"):
            if disk.is_file(candidate):
                return Path(candidate)
    return None


@once_a_run(most=2048, of_decisions=True)
def _is_there(folder: str) -> bool:
    return disk.exists(folder)


@once_a_run(most=1024)
def holds_module(folder: Path, module: str) -> bool:
    """Whether a folder has a module or a package of that name."""
    return disk.is_file(folder / f"{module}.py") or disk.is_file(folder / module / "__init__.py")


@once_a_run(most=1024)
def is_package(folder: Path) -> bool:
    """Whether a folder is a regular package."""
    return disk.is_file(folder / "__init__.py")


@once_a_run(most=1024)
def project_root(folder: Path) -> Path | None:
    """The nearest folder at or above `folder` that holds a project's files, or None."""
    return next((above for above in (folder, *folder.parents) if _is_marked(above)), None)


@once_a_run(most=4096)
def _is_marked(folder: Path) -> bool:
    # a package's own module may be called setup.py
    markers = _PROJECT_MARKERS if not is_package(folder) else _PROJECT_MARKERS - {"setup.py"}
    return any(disk.exists(folder / marker) for marker in markers)


def is_stdlib(module: str) -> bool:
    """Whether a dotted module belongs to the standard library of the running Python."""
    return module.partition(".")[0] in sys.stdlib_module_names
