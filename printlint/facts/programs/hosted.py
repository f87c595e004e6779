"""Files that are loaded by a host which configures logging itself, so that they need no set-up."""

from __future__ import annotations

from printlint.facts.programs.hosts import AIRFLOW, DJANGO, HOME_ASSISTANT
from printlint.facts.programs.model import Model
from printlint.facts.project.project import Project
from printlint.names.layout import Layout

# Words without which no file of a project is loaded by such a host.
_WORDS = (b"homeassistant", b"airflow", b"scrapy", b"AppConfig", b"pytest", b"flake8")
CONFIGURING = frozenset({AIRFLOW, HOME_ASSISTANT, DJANGO, "Scrapy", "pytest", "flake8"})


def configuring_host(layout: Layout, project: Project, *, alone: bool = False) -> str:
    """The host that runs a file and configures logging, or ""; with `alone`, only where no other program runs it."""
    if not project.derived(_may_have_host):
        return ""
    hosts = {program.host for program in Model.of(layout).containing(str(layout.path))}
    return min(hosts & CONFIGURING, default="") if not alone or hosts <= CONFIGURING else ""


def _may_have_host(project: Project) -> bool:
    return next(project.survey.holders(_WORDS), None) is not None
