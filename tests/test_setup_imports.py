"""The set-up module is known by whatever name a file imports it: else its awaits would look like mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run

from printlint.plan.setup_import import SetupImport
from printlint.setup.template import setup_source

JOBS = "{statement}\n\nlogger = get_logger(__name__)\n\n\nasync def work():\n    await logger.info('working')\n"


@pytest.mark.parametrize(
    ("module", "statement", "known"),
    [
        ("shop/logging_setup.py", "from shop.logging_setup import get_logger", True),
        ("shop/logging_setup.py", "from ..logging_setup import get_logger", True),
        ("shop/api/logging_setup.py", "from ..api.logging_setup import get_logger", True),
        ("shop/jobs/logging_setup.py", "from .logging_setup import get_logger", True),
        ("logging_setup.py", "from logging_setup import get_logger", True),
        ("shop/api/logging_setup.py", "from ..web.logging_setup import get_logger", False),
        ("shop/logging_setup.py", "from ....logging_setup import get_logger", False),
    ],
)
def test_awaits_on_the_set_up_modules_loggers_are_right(
    inside: Run, tmp_path: Path, module: str, statement: str, known: bool
) -> None:
    files = {f"shop/{name}/__init__.py": "" for name in ("api", "jobs")} | {
        "shop/__init__.py": "",
        "pyproject.toml": "",
    }
    files |= {module: setup_source("queue"), "shop/jobs/nightly.py": JOBS.format(statement=statement)}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    path = tmp_path / "shop" / "jobs" / "nightly.py"
    assert findings(inside) == []
    path.write_text(path.read_text().replace("await ", ""))
    assert findings(inside) == (["PRT402"] if known else [])


def findings(inside: Run) -> list[str]:
    done = inside("check", "--output-format", "json", "--no-cache", "--select", "PRT4", "shop/jobs")
    return [item["code"] for item in json.loads(done.stdout)["findings"]]


@pytest.mark.parametrize(
    ("relative", "package", "name"),
    [
        ("..api.logging_setup", "shop.jobs", "shop.api.logging_setup"),
        (".logging_setup", "shop", "shop.logging_setup"),
        (None, "shop.jobs", "logging_setup"),
        ("...logging_setup", "shop.jobs", "logging_setup"),  # above what is known to be a package
        (".logging_setup", "", "logging_setup"),
    ],
)
def test_the_set_up_module_has_the_name_that_an_import_gives_it(relative: str | None, package: str, name: str) -> None:
    """A file may have several names, and the set-up module's own start from a folder that is none of theirs."""
    place = SetupImport("logging_setup", None, exists=True, relative=relative)
    assert place.name_in(package) == name
