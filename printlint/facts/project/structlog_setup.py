"""How a project configures structlog by itself, and not by a set-up module."""

from __future__ import annotations

import re

from printlint.facts.project.project import SETUP_WORDS, Project
from printlint.facts.project.setup_files import SETUP_MARKER

_POSITIONAL = rb"PositionalArgumentsFormatter|render_to_log_args_and_kwargs|make_filtering_bound_logger"
_STDLIB_FACTORY = rb"\bstdlib\b[^\n]*LoggerFactory|logger_factory[ \t]*=[ \t]*logging\.getLogger"


def configures_structlog(project: Project) -> bool:
    """Whether the project configures structlog by itself."""
    return bool(project.derived(_configurations))


def structlog_uses_logging(project: Project) -> bool:
    """Whether structlog's loggers, as the project configures them, log through those of the standard library."""
    own = project.derived(_configurations)
    return bool(own) and all(re.search(_STDLIB_FACTORY, data) is not None for data in own)


def formats_structlog_arguments(project: Project) -> bool:
    """Whether structlog's loggers, as the project configures them, put positional arguments into the text."""
    own = project.derived(_configurations)
    return all(b"wrapper_class" not in data or re.search(_POSITIONAL, data) for data in own)


def _configurations(project: Project) -> tuple[bytes, ...]:
    marker = SETUP_MARKER.encode()
    holders = project.survey.holding(SETUP_WORDS)
    return tuple(data for _, data in holders if b"structlog.configure" in data and marker not in data)
