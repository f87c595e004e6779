"""The packages that a project's files list as its dependencies."""

from __future__ import annotations

import re
from contextlib import suppress

from printlint.facts.project.project import Project
from printlint.reading import disk


def declares(project: Project, package: str) -> bool:
    """Whether a file that lists the project's dependencies has a package among them: quoted, or first on a line."""
    return declared_version(project, package) is not None


def declared_version(project: Project, package: str) -> str | None:
    """Which versions of a package the project's dependencies allow, as it is written; None where it is no one."""
    name = re.escape(package)
    after = r"""(?:\[[^\]\n]*\])?(?:=[ \t]*["']([^"'\n]*)|([<>=!~][^"'#;\n]*))?"""
    pattern = rf"""(?m)(?:^|["'])[ \t]*{name}[ \t]*(?=[\[<>=!~;,"'#]|$){after}"""
    found = re.search(pattern, project.derived(_dependencies))
    return (found[1] or found[2] or "").strip() if found is not None else None


def _dependencies(project: Project) -> str:
    if project.root is None:
        return ""
    names: tuple[str, ...] = ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile")
    with suppress(OSError):
        listed = [entry.name for entry in disk.entries(str(project.root))]
        names += tuple(name for name in listed if "requirements" in name and name.endswith(".txt"))
    texts = []
    for name in names:
        with suppress(OSError):
            texts.append(disk.read_text(project.root / name))
    return "\n".join(texts)
