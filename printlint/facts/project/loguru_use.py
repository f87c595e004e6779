"""Whether a project logs through loguru or the standard library, and what in it formats otherwise than it prints."""

from __future__ import annotations

import re

from printlint.facts.module import Module, once_a_module
from printlint.facts.project.project import Project

_LOGURU = re.compile(rb"(?m)^[ \t]*(?:from[ \t]+loguru[ \t]+import|import[ \t]+loguru)\b")
# A class with a `__format__` of its own, and libraries whose numbers have one: `format()` of a tensor, or of a number
# of 32 bits, is that of the Python number.
_OWN_FORMATS = (b"__format__", b"numpy", b"torch", b"tensorflow", b"jax", b"cupy", b"pandas", b"astropy", b"pint")
_DEFINED = re.compile(rb"\b__format__\b|(?m:^[ \t]*(?:from|import)[ \t]+(?:%s)\b)" % b"|".join(_OWN_FORMATS[1:]))


def logs_through_loguru(project: Project) -> bool:
    """Whether more of a project's files, tests apart, use loguru than only `logging`."""
    return project.derived(_prefers_loguru)


def _prefers_loguru(project: Project) -> bool:
    files = project.survey.holding((b"loguru", b"getLogger"), tests=False)
    uses = [_LOGURU.search(data) is not None for _, data in files if b"getLogger" in data or _LOGURU.search(data)]
    return sum(uses) > len(uses) / 2


def has_handlers_beside_loguru(project: Project) -> bool:
    """Whether a project gives handlers to `logging`, and has none that hands its records over to loguru."""
    handlers = project.survey.holding((b"logging.Handler",), tests=False) if project.configures_logging else ()
    return project.configures_logging and not any(b"loguru" in data for _, data in handlers)


@once_a_module
def has_own_formats(module: Module, project: Project) -> bool:
    """Whether values in a module may have a `format()` that is not their `str()`: of a class that the project has."""
    text = module.source.text.encode("utf-8", "replace")
    return _DEFINED.search(text) is not None or project.derived(_own_formats)


def _own_formats(project: Project) -> bool:
    return any(_DEFINED.search(data) for _, data in project.survey.holding(_OWN_FORMATS))
