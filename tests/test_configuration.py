"""Configuration files that rest on others, and what they say of fixes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import Run, clean_environment, write_files

pytestmark = pytest.mark.inside

NOISY = "import sys\n\n\ndef f():\n    print('it works')\n    print('it fails', file=sys.stderr)\n"


def table(*lines: str) -> str:
    return "\n".join(["[tool.printlint]", *lines, ""])


def codes(done: str) -> list[str]:
    return [line.split()[1] for line in done.splitlines()]


# Extending


def test_a_table_starts_from_another_one_and_wins_key_by_key(printlint: Run, tmp_path: Path) -> None:
    files = {
        "shared/base.toml": table('ignore = ["PRT101"]', 'logger-name = "log"'),
        "app/pyproject.toml": table('extend = "../shared/base.toml"', "ignore = []"),
        "app/x.py": "def f(a):\n    print('it works:', a)\n",
    }
    write_files(tmp_path, files)
    assert codes(printlint("check", "app").stdout) == ["PRT101"]
    printlint("fix", "app")
    assert "log = logging.getLogger(__name__)" in (tmp_path / "app" / "x.py").read_text()


def test_globs_start_from_the_nearest_table(printlint: Run, tmp_path: Path) -> None:
    base = table('exclude = ["old/*"]')
    own = table('extend = "../base.toml"')
    write_files(tmp_path, {"base.toml": base, "app/pyproject.toml": own, "app/old/x.py": NOISY, "app/new/x.py": NOISY})
    assert {line.split(":")[0] for line in printlint("check", "app").stdout.splitlines()} == {"app/new/x.py"}


def test_tables_of_a_repository_of_many_projects_are_each_their_own(printlint: Run, tmp_path: Path) -> None:
    own = table('extend = "../pyproject.toml"', 'ignore = ["PRT2"]')
    write_files(
        tmp_path,
        {"pyproject.toml": table('ignore = ["PRT1"]'), "a/x.py": NOISY, "b/x.py": NOISY, "b/pyproject.toml": own},
    )
    assert {line.split(":")[0] for line in printlint("check").stdout.splitlines()} == {"b/x.py"}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"pyproject.toml": table('extend = "pyproject.toml"')}, "leads back to"),
        ({"pyproject.toml": table('extend = "a.toml"'), "a.toml": table('extend = "./pyproject.toml"')}, "leads back"),
        ({"pyproject.toml": table('extend = "a.toml"')}, "cannot read"),
        ({"pyproject.toml": table('extend = "a.toml"'), "a.toml": "[tool.black]\n"}, "has no [tool.printlint] table"),
        ({"pyproject.toml": table('extend = "a.toml"'), "a.toml": table("x = 1")}, "unknown key 'x'"),
        ({"pyproject.toml": table("extend = 3")}, "extend takes the path of a file, not 3"),
        (
            {"pyproject.toml": table('extend = "0.toml"')}
            | {f"{number}.toml": table(f'extend = "{number + 1}.toml"') for number in range(30)},
            "on and on",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_cannot_be_extended_is_said(printlint: Run, tmp_path: Path, files: dict[str, str], message: str) -> None:
    write_files(tmp_path, {**files, "x.py": NOISY})
    done = printlint("check")
    assert (message in done.stderr, done.returncode) == (True, 2)


@pytest.mark.system
def test_a_table_cannot_start_from_what_is_no_file(printlint: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    write_files(tmp_path, {"pyproject.toml": table('extend = "pipe"'), "x.py": NOISY})
    done = printlint("check")
    assert ("cannot read" in done.stderr, done.returncode) == (True, 2)


@pytest.mark.system
def test_a_kept_run_sees_a_change_of_what_is_extended(child: Run, tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": table('extend = "a.toml"'), "a.toml": table(), "x.py": NOISY})
    environment = clean_environment(PRINTLINT_CACHE_DIR=str(tmp_path / "kept"))
    assert child("check", env=environment).stdout
    (tmp_path / "a.toml").write_text(table('ignore = ["PRT1"]'))
    assert not child("check", env=environment).stdout


# Fixes


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (['unfixable = ["PRT101"]'], "unfixable"),
        (['unfixable = ["PRT1"]', 'fixable = ["ALL"]'], "unfixable"),
        (['fixable = ["PRT2"]'], "fixable"),
        (["fixable = []"], "fixable"),
        (['fixable = ["PRT10"]', 'unfixable = ["PRT101"]'], "unfixable"),
        (['fixable = ["PRT101"]', 'unfixable = ["PRT101"]'], "unfixable"),
    ],
)
def test_what_is_not_to_be_fixed_is_left_with_the_key(
    printlint: Run, tmp_path: Path, lines: list[str], key: str
) -> None:
    write_files(tmp_path, {"pyproject.toml": table(*lines), "x.py": NOISY})
    done = printlint("fix", "-v", "--no-setup")
    assert (tmp_path / "x.py").read_text() == NOISY
    assert f"not rewritten: `{key}` in the configuration leaves PRT101 alone" in done.stdout


@pytest.mark.parametrize("lines", [['unfixable = ["PRT1"]', 'fixable = ["PRT101"]'], ['unfixable = ["PRT2"]'], []])
def test_what_may_be_fixed_is(printlint: Run, tmp_path: Path, lines: list[str]) -> None:
    write_files(tmp_path, {"pyproject.toml": table(*lines), "x.py": NOISY})
    printlint("fix", "--no-setup")
    assert "print('it works')" not in (tmp_path / "x.py").read_text()


def test_fixes_that_the_configuration_trusts_are_applied(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": table('extend-safe-fixes = ["PRT101"]'), "x.py": NOISY})
    findings = json.loads(printlint("check", "--output-format", "json").stdout)["findings"]
    assert [item["fix"]["safety"] for item in findings] == ["safe", "safe"]
    printlint("fix", "--no-setup")
    assert "print" not in (tmp_path / "x.py").read_text()


def test_fixes_that_nobody_trusts_wait(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": table('extend-safe-fixes = ["PRT2"]'), "x.py": NOISY})
    printlint("fix", "--no-setup")
    assert "print('it fails', file=sys.stderr)" in (tmp_path / "x.py").read_text()
