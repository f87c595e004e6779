"""A function that only prints what it is given is one finding, with its callers."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run

LOG = "def log(msg):\n    print(msg)\n"


pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python


def check(printlint: Run, folder: Path, files: dict[str, str]) -> list[str]:
    (folder / "pyproject.toml").touch()
    for name, text in {"app/__init__.py": "", **files}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return printlint("check", ".").stdout.splitlines()


def test_the_callers_are_named_once(printlint: Run, tmp_path: Path) -> None:
    db = "from app.util import log\n\n\ndef f():\n    log('a')\n    log('b')\n"
    api = "from app import util\n\n\ndef g():\n    util.log('c')\n    util.other('d')\n"
    assert check(printlint, tmp_path, {"app/util.py": LOG, "app/db.py": db, "app/api.py": api}) == [
        "app/util.py:2:5: PRT101 `print` in wrapper `log`, which has 3 calls in 2 files (app/api.py:5, app/db.py:5, "
        "app/db.py:6); use `logger.info`"
    ]


@pytest.mark.parametrize(
    "text",
    [
        LOG + "\n\nlog('a')\n",
        'def log(*args):\n    """Say it."""\n    print(*args)\n\n\nlog("a")\n',
        "def log(msg):\n    stamp = time()\n    print(f'{stamp} {msg}')\n\n\nlog('a')\n",
        "def log(msg):\n    if QUIETLY:\n        return\n    print('app:', msg)\n\n\nlog('a')\n",
        "class A:\n    def log(self, msg):\n        print(msg)\n\n    def f(self):\n        self.log('a')\n",
    ],
)
def test_a_wrapper_in_its_own_file(printlint: Run, tmp_path: Path, text: str) -> None:
    (line,) = check(printlint, tmp_path, {"app/util.py": text})
    assert "in wrapper `log`, which has 1 call in 1 file (app/util.py:" in line


@pytest.mark.parametrize(
    "text",
    [
        LOG,
        "def log(msg):\n    print('fixed')\n\n\nlog('a')\n",
        "def log(msg):\n    print(msg)\n    return msg\n\n\nlog('a')\n",
        "def log(msg):\n    a = b\n    c = d\n    e = f\n    print(msg)\n\n\nlog('a')\n",
        LOG + "\n\ndef f(log):\n    log('a')\n",
    ],
)
def test_what_does_more_or_is_not_called_is_no_wrapper(printlint: Run, tmp_path: Path, text: str) -> None:
    (line,) = check(printlint, tmp_path, {"app/util.py": text})
    assert "`print` call" in line


def test_a_re_exported_wrapper_is_followed(printlint: Run, tmp_path: Path) -> None:
    files = {
        "app/util.py": LOG,
        "app/__init__.py": "from app.util import log\n",
        "app/db.py": "import app\napp.log('a')\n",
    }
    (line,) = check(printlint, tmp_path, files)
    assert "1 call in 1 file (app/db.py:2)" in line
