"""Which places a run may write to: those that the user named, and none that a repository alone leads to.

Whoever can commit to a repository can put a link, a dangling link or a configuration there. So a place is judged by
where it leads, and `..` and absolute paths count for nothing in themselves.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from printlint.config import Config
from printlint.names.layout import layout_of, project_root
from printlint.reading.discovery import VERSION_CONTROL


def refusal(path: Path, folders: Iterable[Path], *, named: bool = False) -> str | None:
    """Why `path` may not be written by a run that is for these folders; None where it may.

    The innermost folder that holds the path by its spelling decides: following links has to lead to a place in it, to
    a regular file or to nothing yet. With `named` the user has spelled the path on the command line: then it may be
    outside of all the folders, but from within one it may still not be led elsewhere.
    """
    spelled, folders = Path(os.path.abspath(path)), tuple(folders)
    around = [folder for folder in folders if spelled.is_relative_to(os.path.abspath(folder))]
    if not around:
        return None if named else f"{path} is outside of {_listed(folders)}"
    tree = max(around, key=lambda folder: len(os.path.abspath(folder)))
    real = Path(os.path.realpath(path))
    top = _same_folder_above(real, tree)
    if top is None:
        hint = "; pass that path itself to include it" if named else ""
        return f"{path} leads to {real}, outside of {_shown(tree)}{hint}"
    if real != spelled and os.path.islink(path) and not os.path.lexists(real):
        return f"{path} is a link to a file that does not exist"
    if not (named and real == spelled) and _is_version_control(real.relative_to(top)):
        return f"{path} leads into the data of the version control system ({real})"
    if os.path.lexists(real) and not stat.S_ISREG(os.lstat(real).st_mode):
        return f"{path} is not a regular file"
    return None


def named_refusal(path: Path, folders: Iterable[Path]) -> str | None:
    """Why a path from the command line may not be written by a run that is for these folders; None where it may.

    It may be anywhere. But where the user has named a place in a repository, a link in it must not make another of it.
    """
    here = Path.cwd()
    projects = (project_root(Path(os.path.abspath(path)).parent), project_root(here) or here)
    return refusal(path, (*folders, *filter(None, projects)), named=True)


def setup_folders(path: Path, config: Config, named: Sequence[Path]) -> tuple[Path, ...]:
    """The folders that the set-up module of a file may be in, where the user named those folders for the run."""
    layout = layout_of(path)
    top = layout.import_root / layout.top_package if layout.top_package else layout.path.parent
    project = project_root(layout.path.parent) or top
    if config.setup_module is None:
        return (*named, project)
    # The repository chose this name, so it may not lead to a parent folder, even if the command was started there.
    within = [folder for folder in named if Path(os.path.abspath(folder)).is_relative_to(project)]
    own = [config.root] if config.root is not None and layout.path.is_relative_to(config.root) else []
    return (project, *own, *within)


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a path, with all links followed, is in a folder or is that folder."""
    return _same_folder_above(Path(os.path.realpath(path)), folder) is not None


def _same_folder_above(real: Path, folder: Path) -> Path | None:
    """The part of a real path that is the folder, by identity: systems that ignore case spell a folder in many ways."""
    try:
        wanted = os.stat(folder)
    except OSError:
        return None
    for above in (real, *real.parents):
        try:
            if os.path.samestat(os.stat(above), wanted):
                return above
        except OSError:  # not there yet
            continue
    return None


def _is_version_control(below: Path) -> bool:
    return not VERSION_CONTROL.isdisjoint(part.casefold() for part in below.parts)


def _listed(folders: tuple[Path, ...]) -> str:
    return " and ".join(sorted({_shown(folder) for folder in folders})) or "every folder of this run"


def _shown(folder: Path) -> str:
    return str(Path(os.path.abspath(folder)))
