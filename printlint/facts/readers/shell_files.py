"""The files of a project, no Python, that may run its programs and read what they write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from printlint.facts.project.project import Project
from printlint.facts.project.word_index import walk
from printlint.reading import disk

_LARGEST = 300_000  # bytes; what is larger was written by no hand
_SUFFIXES = (
    *(
        *(".sh", ".bash", ".zsh", ".fish", ".ksh", ".mk", ".mak", ".bat", ".cmd", ".ps1", ".yml", ".yaml"),
        *(".cmake", ".nix"),
    ),
    *(
        *(".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".php", ".lua", ".go", ".rs", ".groovy", ".just"),
        *(".service", ".env", ".tf"),
    ),
)
_NAMES = re.compile(
    r"(?i)^(?:(?:gnu)?makefile|dockerfile|containerfile|justfile|jenkinsfile|vagrantfile|rakefile|procfile|build|configure"
    r"|tox\.ini|package\.json|meson\.build|cmakelists\.txt|pyproject\.toml|setup\.cfg|taskfile\.\w+|dockerfile\..*"
    r"|.*\.dockerfile|\.envrc|\.gitlab-ci\.yml|[^.]+)$"
)
_HIDDEN = (".github/workflows", ".github/actions", ".circleci", ".gitlab", ".githooks", ".husky", ".buildkite")


def shell_files(project: Project) -> Iterator[tuple[Path, str]]:
    """Shell scripts, build files and workflows, with their texts."""
    if project.root is None:
        return
    for path in _candidates(project.root, project.marked):
        with suppress(OSError):
            if path.stat().st_size <= _LARGEST:
                text = disk.read(path).decode("utf-8", "replace")
                if ".py" in text or "python" in text or "-m" in text or path.suffix:
                    yield path, text


def _candidates(root: Path, marked: bool) -> Iterator[Path]:
    for name in walk(root, ("",), packages_only=not marked):
        path = Path(name)
        if path.suffix in _SUFFIXES or _NAMES.match(path.name):
            yield path
    for folder in _HIDDEN:
        yield from map(Path, walk(root / folder, (".yml", ".yaml", ".sh"), packages_only=False))
