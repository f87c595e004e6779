"""The folders that metadata and settings name as roots of imports: packaging, pytest, `.env`, and Home Assistant."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from printlint.facts.reach.import_roots import is_within
from printlint.reading import disk
from printlint.reading.documents import dig, read_ini, read_toml


class Declared(NamedTuple):
    """A root that the names of files below `covers` start from, and where that is said.

    `alone`: where its files are loaded, nothing outside of `covers` is there.
    """

    root: str
    covers: str
    reason: str
    alone: bool = False


_NAMES = ("pyproject.toml", "setup.cfg", "setup.py", "pytest.ini", "tox.ini", ".env")


def declared_roots(top: str, folders: set[str]) -> list[Declared]:
    """The roots that files in some folders and in those above them declare. Files that cannot be read declare none."""
    found: list[Declared] = []
    waiting, seen = [*folders, top], set[str]()
    while waiting:
        folder = waiting.pop()
        if folder not in seen and is_within(folder, top):
            seen.add(folder)
            waiting.append(os.path.dirname(folder))
            said = (*_declared_in(folder), *_integration(folder))
            found += [item for item in said if is_within(item.root, top) and is_within(item.covers, top)]
    return sorted(found)


def _declared_in(folder: str) -> Iterator[Declared]:
    for name in _NAMES:
        path = os.path.join(folder, name)
        if not disk.is_file(path):
            continue
        with suppress(OSError, ValueError, RecursionError):
            text = disk.read_text(Path(path))
            for root, covers in _READERS[name](text, folder):
                own = os.path.normpath(os.path.join(folder, root))
                covered = os.path.normpath(os.path.join(folder, covers))
                if own != covered or own != folder:  # that a project's folder is a root says nothing of its parts
                    yield Declared(own, covered, f"{name} names its root")


def _integration(folder: str) -> Iterator[Declared]:
    """What Home Assistant installs: one folder of `custom_components`."""
    above = os.path.dirname(folder)
    if os.path.basename(above) == "custom_components" and disk.is_file(os.path.join(folder, "manifest.json")):
        yield Declared(os.path.dirname(above), folder, "Home Assistant loads it", alone=True)


Roots = Iterator[tuple[str, str]]
"""Roots with what they cover, as paths from the folder of the file that says so."""


# Keys of `pyproject.toml`, each with the tables above it: of roots, and of packages, whose folders are roots.
_ROOTS = (
    "tool setuptools packages find where",
    "tool hatch build sources",
    "tool hatch build dev-mode-dirs",
    "tool hatch build targets wheel sources",
    "tool hatch build targets wheel dev-mode-dirs",
    "tool pdm build package-dir",
    "tool maturin python-source",
    "tool pytest ini_options pythonpath",
)
_PACKAGES = ("tool hatch build packages", "tool hatch build targets wheel packages")


def _pyproject(text: str, folder: str) -> Roots:
    document = read_toml(text)
    for key in _ROOTS:
        yield from _both(dig(document, *key.split()))
    for key in _PACKAGES:
        for path in _paths(dig(document, *key.split())):
            yield os.path.dirname(path.rstrip("/")) or ".", path
    places = dig(document, "tool", "setuptools", "package-dir")
    for package, place in places.items() if isinstance(places, dict) else ():
        if isinstance(place, str):
            yield _package_place(package, place)
    packages = dig(document, "tool", "poetry", "packages")
    for item in packages if isinstance(packages, list) else ():
        if isinstance(include := dig(item, "include"), str):
            root = _text(dig(item, "from")) or "."
            yield root, os.path.join(root, re.split(r"[*?\[]", include)[0].rstrip("/"))
    backend = _text(dig(document, "build-system", "build-backend"))
    if backend.startswith("uv_build"):
        named = dig(document, "tool", "uv", "build-backend", "module-root")
        yield from _both(["src" if named is None else _text(named) or "."])
    if backend.startswith("flit") and disk.exists(os.path.join(folder, "src")):
        yield "src", "src"


def _package_place(package: str, place: str) -> tuple[str, str]:
    """An entry of `package-dir` as a root: the folder itself for all packages, the one above it for a named package."""
    parts = package.split(".") if package else []
    inner = os.path.join(*parts) if parts else ""
    root = place[: len(place) - len(inner)].rstrip("/") if inner and place.endswith(inner) else place
    return root or ".", place


def _setup_cfg(text: str, folder: str) -> Roots:
    parser = read_ini(text, strict=False)
    for line in parser.get("options", "package_dir", fallback="").splitlines():
        package, equals, place = line.partition("=")
        if equals and place.strip():
            yield _package_place(package.strip(), place.strip())
    yield from _both(parser.get("options.packages.find", "where", fallback=""))
    yield from _pytest_ini(text, folder)


def _pytest_ini(text: str, folder: str) -> Roots:
    parser = read_ini(text, strict=False)
    for section in ("pytest", "tool:pytest"):
        yield from _both(parser.get(section, "pythonpath", fallback=""))


def _setup_py(text: str, folder: str) -> Roots:
    """The constants of `package_dir=` and `find_packages()`; nothing is run."""
    if "package" not in text:
        return
    with suppress(SyntaxError):
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.keyword(arg="package_dir", value=ast.Dict(keys=keys, values=values)):
                    for key, value in zip(keys, values, strict=True):
                        match key, value:
                            case ast.Constant(value=str() as package), ast.Constant(value=str() as place):
                                yield _package_place(package, place)
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=keywords):
                    if name in ("find_packages", "find_namespace_packages"):
                        places = [*args[:1], *(word.value for word in keywords if word.arg == "where")]
                        yield from _both([place.value for place in places if isinstance(place, ast.Constant)])


def _environment(text: str, folder: str) -> Roots:
    for value in re.findall(r"(?m)^(?:export )?PYTHONPATH=[\"']?([^\"'\s#]+)", text):
        yield from _both([path for path in value.split(":") if "$" not in path])


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _paths(value: object) -> list[str]:
    """The paths in a text, separated by blanks, or in a list."""
    if isinstance(value, str):
        return value.split()
    return [path for path in value if isinstance(path, str)] if isinstance(value, list) else []


def _both(value: object) -> Roots:
    """Paths of roots, each of which covers itself."""
    yield from ((path, path) for path in _paths(value))


_READERS = {
    "pyproject.toml": _pyproject,
    "setup.cfg": _setup_cfg,
    "setup.py": _setup_py,
    "pytest.ini": _pytest_ini,
    "tox.ini": _pytest_ini,
    ".env": _environment,
}
