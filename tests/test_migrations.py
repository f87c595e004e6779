"""Which loggers a `fileConfig` disables whose file is not known, and one that alembic runs by its path."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, write_files

pytestmark = pytest.mark.system

API = "import logging\nlogger = logging.getLogger(__name__)\n"
ENV = "from logging.config import fileConfig\nfrom alembic import context\nimport shop.api\n"
MAIN = (
    "from alembic import command, config\nimport shop.api\n\n\ndef f():\n    command.upgrade(config.Config(), 'head')\n"
)


def check(inside: Run, folder: Path, files: dict[str, str]) -> str:
    write_files(folder, {"shop/__init__.py": "", "shop/api.py": API, **files})
    return inside("check", "--no-cache", "--select", "PRT306", ".").stdout


@pytest.mark.parametrize(
    "call",
    [
        "fileConfig(context.config.config_file_name)",
        "fileConfig(context.config.config_file_name, None)",
        "name = context.config.config_file_name\nif name:\n    fileConfig(name)",
    ],
)
def test_loggers_are_disabled_whatever_the_file_is_called(inside: Run, tmp_path: Path, call: str) -> None:
    assert "`shop.api`, unless its file names them" in check(inside, tmp_path, {"migrations/env.py": ENV + call})


@pytest.mark.parametrize(
    "call",
    [
        "fileConfig(context.config.config_file_name, disable_existing_loggers=False)",
        "fileConfig(context.config.config_file_name, None, False)",
        "fileConfig(context.config.config_file_name, **options)",
        "fileConfig(context.config.config_file_name, None, keep)",
        "fileConfig(context.config.config_file_name, disable_existing_loggers=True)",
    ],
)
def test_loggers_are_kept_where_the_call_says_so(inside: Run, tmp_path: Path, call: str) -> None:
    assert check(inside, tmp_path, {"migrations/env.py": ENV + call}) == ""


def test_what_calls_alembic_runs_its_file(inside: Run, tmp_path: Path) -> None:
    env = "from logging.config import fileConfig\nfileConfig('alembic.ini')\n"
    ini = "[loggers]\nkeys = root\n[handlers]\nkeys =\n[formatters]\nkeys =\n[logger_root]\nhandlers =\n"
    assert "`shop.api`" in check(inside, tmp_path, {"shop/db/env.py": env, "alembic.ini": ini, "shop/main.py": MAIN})
    assert check(inside, tmp_path, {"shop/main.py": MAIN.replace("command.upgrade", "print")}) == ""


def test_the_call_gets_the_argument(inside: Run, tmp_path: Path) -> None:
    check(inside, tmp_path, {"migrations/env.py": f"{ENV}fileConfig(context.config.config_file_name)\n"})
    inside("fix", "--select", "PRT306", "--unsafe-fixes", "migrations/env.py")
    written = (tmp_path / "migrations/env.py").read_text(encoding="utf-8")
    assert "fileConfig(context.config.config_file_name, disable_existing_loggers=False)" in written
