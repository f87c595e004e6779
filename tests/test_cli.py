"""The commands as their users run them: output, exit statuses, messages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Run, clean_environment

from printlint.rules import all_rules

NOISY = 'def work(n):\n    print("working on", n)\n'
QUIET = "def work(n):\n    return n\n"


pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python


@pytest.fixture
def noisy(tmp_path: Path) -> Path:
    path = tmp_path / "work.py"
    path.write_text(NOISY)
    return path


# check


def test_check_prints_flake8s_shape_and_exits_1(printlint: Run, noisy: Path) -> None:
    done = printlint("check")
    assert done.stdout == "work.py:2:5: PRT101 `print` call; use `logger.info`\n"
    assert done.returncode == 1
    assert "1 finding in 1 file" in done.stderr


def test_check_of_clean_code_says_so_and_exits_0(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(QUIET)
    done = printlint("check")
    assert (done.stdout, done.stderr, done.returncode) == ("", "no findings in 1 file\n", 0)


def test_check_of_a_folder_without_python_says_so(printlint: Run, tmp_path: Path) -> None:
    done = printlint("check")
    assert (done.stdout, done.stderr, done.returncode) == ("", "no Python files to check\n", 0)


def test_the_closing_line_counts_files_that_have_findings(printlint: Run, noisy: Path) -> None:
    noisy.with_name("quiet.py").write_text(QUIET)
    assert "1 finding in 1 file\n" in printlint("check").stderr


def test_exit_zero_and_quiet(printlint: Run, noisy: Path) -> None:
    done = printlint("check", "--exit-zero", "-q")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_a_verbose_diff_says_what_stays_and_why(printlint: Run, noisy: Path) -> None:
    noisy.write_text("print('a', end='')\nprint('b')\n")
    done = printlint("fix", "--diff", "-v", "--select", "PRT101,PRT106")
    assert done.stdout == ""
    assert "    not rewritten: " in done.stderr
    assert "(-v" not in done.stderr
    assert "work.py:1" not in printlint("fix", "--diff", "--select", "PRT101,PRT106").stderr


def test_verbose_gives_the_reasons(printlint: Run, noisy: Path) -> None:
    noisy.write_text(NOISY + '    print("half", end="")\n')
    done = printlint("check", "-v")
    assert "level info: nothing in the message" in done.stdout
    assert "not rewritten: it writes a partial line" in done.stdout


def test_statistics_count_by_code(printlint: Run, noisy: Path) -> None:
    assert "     1  PRT101  `print` where" in printlint("check", "--statistics").stdout


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ([], ["PRT101", "PRT201"]),
        (["--select", "PRT2"], ["PRT201"]),
        (["--select", "PRT1,PRT2", "--ignore", "PRT101"], ["PRT201"]),
        (["--select", "PRT104"], ["PRT104"]),
        (["--select", "PRT5,PRT6"], ["PRT501"]),
        (["--select", "ALL", "--ignore", "PRT1"], ["PRT201", "PRT501", "PRT510"]),
        (["--ignore", "PRT"], []),
        (["--extend-select", "PRT104"], ["PRT101", "PRT104", "PRT201"]),
        (["--select", "ALL"], ["PRT101", "PRT104", "PRT201", "PRT501", "PRT510"]),
    ],
)
def test_selecting_rules(printlint: Run, noisy: Path, arguments: list[str], codes: list[str]) -> None:
    noisy.write_text(NOISY + "import logging, sys\nlogging.info(f'{sorted(x)}')\nsys.stdout.write('y')\n")
    found = json.loads(printlint("check", "--output-format", "json", *arguments).stdout)["findings"]
    assert sorted(item["code"] for item in found) == codes


def test_standard_input_stands_for_a_file(child: Run) -> None:
    done = child("check", "-", "--stdin-filename", "src/x.py", input=NOISY)
    assert done.stdout.startswith("src/x.py:2:5: PRT101")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere"], "nowhere: no such file or folder"),
        (["check", "--select", "PRT999"], "did you mean"),
        (["check", "--output-format", "jsn"], "jsn"),
        (["chek"], "no command 'chek'; did you mean check?"),
        (["nothing-like-it"], "No such command 'nothing-like-it'"),
        (["check", "--config", "nowhere.toml"], "cannot read nowhere.toml"),
        (["check", "-", "x.py"], "cannot be combined"),
        (["fix", "--async-backend", "nonsense"], "nonsense"),
        (["explain", "PRT111"], "did you mean PRT1"),
        (["nonsense"], "No such command"),
    ],
)
def test_bad_usage_exits_2_with_a_message(printlint: Run, noisy: Path, arguments: list[str], message: str) -> None:
    done = printlint(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("selekt = ['PRT1']", "unknown key 'selekt'; did you mean 'select'?"),
        ("select = ['PTR1']", "unknown code 'PTR1' in select"),
        ("async-backend = 'queu'", "did you mean 'queue'?"),
        ("detect-interface = 'no'", "takes true or false"),
        ("logger-name = 'my logger'", "takes a Python identifier"),
        ("levels = { '(' = 'info' }", "not a valid regular expression"),
        ("levels = { 'x' = 'loud' }", "it takes debug, info"),
        ("select = [", "not valid TOML"),
    ],
)
def test_bad_configuration_exits_2_and_names_the_nearest(printlint: Run, noisy: Path, table: str, message: str) -> None:
    (noisy.parent / "pyproject.toml").write_text(f"[tool.printlint]\n{table}\n")
    done = printlint("check")
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize("text", ['tool = "printlint"\n', '# printlint\ntool = 1\n[project]\nscripts = "app:main"\n'])
def test_a_pyproject_of_another_shape_has_no_table(printlint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "app.py").write_text("def work():\n    print('it works')\n")
    done = printlint("check")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "PRT101" in done.stdout


def test_isolated_reads_no_configuration(printlint: Run, noisy: Path) -> None:
    (noisy.parent / "pyproject.toml").write_text("[tool.printlint]\nignore = ['PRT']\n")
    assert printlint("check").returncode == 0
    assert printlint("check", "--isolated").returncode == 1


def test_configuration_by_file(printlint: Run, noisy: Path) -> None:
    table = "[tool.printlint]\nlevels = { 'working' = 'error' }\n"
    (noisy.parent / "pyproject.toml").write_text(table + "per-file-ignores = { 'tests/*' = ['PRT1'] }\n")
    (noisy.parent / "tests").mkdir()
    (noisy.parent / "tests" / "x.py").write_text(NOISY)
    assert printlint("check").stdout.splitlines() == ["work.py:2:5: PRT101 `print` call; use `logger.error`"]


def test_gitignore_and_tool_folders_are_left_out(printlint: Run, noisy: Path) -> None:
    folder = noisy.parent
    for name in ("ignored/a.py", "kept/a.py", "kept/deep/a.py", ".venv/a.py", "node_modules/a.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(NOISY)
    (folder / ".gitignore").write_text("ignored/\n")
    (folder / "kept" / ".gitignore").write_text("/deep/*.py\n")
    files = {line.split(":")[0] for line in printlint("check").stdout.splitlines()}
    assert files == {"work.py", "kept/a.py"}
    assert printlint("check", "ignored/a.py").returncode == 1, "a file that is named itself is looked at"


def test_an_unreadable_file_is_a_finding_and_stops_nobody(printlint: Run, noisy: Path) -> None:
    (noisy.parent / "bad.py").write_text("x = 1\nprint 'x'\n")
    lines = printlint("check").stdout.splitlines()
    assert lines[0].startswith("bad.py:2:1: PRT900 SyntaxError")
    assert lines[1].startswith("work.py:2:5: PRT101")


@pytest.mark.parametrize("command", ["check", "fix"])
def test_an_internal_error_in_one_file_costs_no_other_and_exits_2(printlint: Run, noisy: Path, command: str) -> None:
    (noisy.parent / "bad.py").write_text(NOISY)
    (noisy.parent / "sitecustomize.py").write_text(BREAK_BAD_FILE)
    environment = clean_environment(PYTHONPATH=f"{noisy.parent}:{ROOT}")
    arguments = [sys.executable, "-m", "printlint", command, "bad.py", "work.py"]
    done = subprocess.run(arguments, cwd=noisy.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "PRT900 printlint internal error, please report it: ZeroDivisionError: oops" in done.stdout
    assert ("work.py:2:5: PRT101" in done.stdout) == (command == "check")
    assert ("logger.info" in noisy.read_text()) == (command == "fix")
    assert (noisy.parent / "bad.py").read_text() == NOISY


BREAK_BAD_FILE = """
from printlint.rules.prints.print_call import PrintCall
whole = PrintCall.check
def check(self, context):
    if "bad" in context.module.source.path:
        raise ZeroDivisionError("oops")
    return whole(self, context)
PrintCall.check = check
"""


def test_several_processes_give_the_same_in_the_same_order(printlint: Run, noisy: Path) -> None:
    for number in range(30):
        (noisy.parent / f"m{number:02}.py").write_text(NOISY * (number % 3))
    assert printlint("check", "-j", "2").stdout == printlint("check", "-j", "1").stdout


@pytest.mark.parametrize("command", ["check", "fix"])
@pytest.mark.parametrize(
    "paths",
    [
        ("x.py", "x.py"),
        ("x.py", "./x.py"),
        ("x.py", "."),
        (".", "x.py"),
        (".", "."),
        ("x.py", "{here}/x.py"),
        (".", "{here}"),
        ("sub/../x.py", "x.py"),
    ],
    ids=" ".join,
)
def test_a_file_that_is_given_twice_counts_once(
    printlint: Run, tmp_path: Path, command: str, paths: tuple[str, ...]
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "x.py").write_text("def f():\n    print('it works')\n")
    done = printlint(command, *(path.format(here=tmp_path) for path in paths))
    said = "1 finding in 1 file" if command == "check" else "1 finding fixed in 1 file, 0 left"
    assert said in done.stderr.splitlines()
    assert done.stdout.count("x.py:2") == (command == "check")


def test_files_of_one_name_in_two_folders_are_two(printlint: Run, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.py").write_text("def f():\n    print('it works')\n")
    assert "2 findings in 2 files" in printlint("check", "a", "b/x.py").stderr


def test_output_goes_to_a_file(printlint: Run, noisy: Path) -> None:
    done = printlint("check", "--output-file", "out.txt")
    assert done.stdout == ""
    assert "PRT101" in (noisy.parent / "out.txt").read_text()


@pytest.mark.parametrize(("chosen", "coloured"), [("text", True), ("full", True), ("github", False), ("json", False)])
def test_a_terminal_gets_colour_in_text_alone(
    printlint: Run, noisy: Path, monkeypatch: pytest.MonkeyPatch, chosen: str, coloured: bool
) -> None:
    monkeypatch.setattr("printlint.cli.options.wants_colour", lambda: True)
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
    assert ("\x1b[" in printlint("check", "--output-format", chosen).stdout) is coloured


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_a_pipe_gets_colour_where_it_is_asked_for(
    child: Run, noisy: Path, environment: dict[str, str], coloured: bool
) -> None:
    shown = child("check", "--no-cache", env=clean_environment(**environment)).stdout
    assert ("\x1b[" in shown) is coloured


@pytest.mark.system
def test_a_terminal_gets_excerpts_and_a_pipe_gets_lines(child: Run, noisy: Path) -> None:
    main, terminal = os.openpty()
    command = [sys.executable, "-m", "printlint", "check", "--no-cache", "-q"]
    environment = clean_environment(COLUMNS="60", NO_COLOR="1")
    done = subprocess.run(command, cwd=noisy.parent, env=environment, stdout=terminal, check=False)
    os.close(terminal)
    shown = os.read(main, 10_000).decode().replace("\r\n", "\n")
    os.close(main)
    assert shown.startswith('work.py:2:5: PRT101 `print` call; use `logger.info`\n2 |     print("working on", n)\n')
    assert "  + " not in child("check", "--no-cache").stdout
    assert '    +     logger.info("working on %s", n)\n' in shown
    assert done.returncode == 1


def test_fix_loads_libcst_only_where_something_is_rewritten(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import os\n\n\ndef f():\n    return os.getcwd()\n")
    code = (
        "import sys\nfrom printlint.cli import main\n"
        "try:\n    main(['fix', '--diff', '--isolated', '.'])\n"
        "finally:\n    print({'libcst', 'printlint.rewrite.calls'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stdout == "set()\n", done.stderr


def test_check_loads_neither_libcst_nor_the_network() -> None:
    code = "import sys, printlint.cli.check; print({'libcst', 'socket', 'flake8'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean_environment(), capture_output=True, text=True, check=True
    )
    assert "libcst" not in done.stdout
    assert "flake8" not in done.stdout


# fix


def test_fix_rewrites_in_place_and_is_then_clean(printlint: Run, noisy: Path) -> None:
    done = printlint("fix")
    assert (done.stdout, done.returncode) == ("", 0)
    assert "1 finding fixed in 1 file, 0 left" in done.stderr
    assert 'logger.info("working on %s", n)' in noisy.read_text()
    assert printlint("check").returncode == 0
    once = noisy.read_text()
    printlint("fix")
    assert noisy.read_text() == once


def test_fix_says_where_logging_is_configured_nowhere(printlint: Run, noisy: Path) -> None:
    assert "printlint init" in printlint("fix", "--diff").stderr
    (noisy.parent / "main.py").write_text("import logging\nlogging.basicConfig()\n")
    assert "printlint init" not in printlint("fix").stderr


def test_diff_writes_nothing_and_applies(child: Run, noisy: Path) -> None:
    noisy.write_bytes(NOISY.replace("\n", "\r\n").encode() + b"# no newline at the end")
    before = noisy.read_bytes()
    done = child("fix", "--diff", text=False, encoding=None)
    assert done.returncode == 1
    assert noisy.read_bytes() == before
    subprocess.run(["git", "apply", "-"], cwd=noisy.parent, input=done.stdout, check=True)  # type: ignore[arg-type]
    after = noisy.read_bytes()
    noisy.write_bytes(before)
    child("fix")
    assert noisy.read_bytes() == after


def test_diff_of_clean_code_exits_0(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(QUIET)
    done = printlint("fix", "--diff")
    assert (done.stdout, done.returncode) == ("", 0)


def test_fix_lists_what_it_left_with_the_reason(printlint: Run, noisy: Path) -> None:
    noisy.write_text('def work():\n    print("half", end="")\n')
    done = printlint("fix", "-v")
    assert done.returncode == 1
    assert "not rewritten: it writes a partial line" in done.stdout


def test_fix_states_the_reason_for_each_level_that_it_writes(printlint: Run, noisy: Path) -> None:
    noisy.write_text('def work(debug):\n    print("disk error")\n    if debug:\n        print("it is", 3)\n')
    first, second, *_ = printlint("fix", "-v").stderr.splitlines()
    lines = noisy.read_text().splitlines()
    error, debug = (next(n for n, line in enumerate(lines, 1) if text in line) for text in ("disk error", "it is"))
    assert first == f"work.py:{error}:5: PRT101 rewritten: level error, since the message says 'error'"
    assert second == f"work.py:{debug}:9: PRT101 rewritten: level debug, since it is under `if debug`"
    assert "if debug:\n        logger.debug(" in noisy.read_text()


def test_unsafe_fixes_are_announced_and_wait(printlint: Run, noisy: Path) -> None:
    noisy.write_text("import sys\n\n\ndef work():\n    print('disk is full', file=sys.stderr)\n")
    assert "1 of them fixable with --unsafe-fixes" in printlint("fix").stderr
    assert printlint("fix", "--unsafe-fixes").returncode == 0
    assert "logger.warning('disk is full')" in noisy.read_text()


def test_fix_filters_standard_input(child: Run) -> None:
    done = child("fix", "-", "--stdin-filename", "x.py", input=NOISY)
    assert 'logger.info("working on %s", n)' in done.stdout
    assert done.returncode == 0


def test_standard_input_gets_no_import_of_a_module_that_is_not_there(child: Run, noisy: Path) -> None:
    text = NOISY.replace("def", "async def")
    assert child("fix", "-", "--stdin-filename", "work.py", input=text).stdout == text
    child("init")
    assert "await logger.info" in child("fix", "-", "--stdin-filename", "work.py", input=text).stdout


def test_fix_writes_the_set_up_module_once(printlint: Run, noisy: Path) -> None:
    noisy.write_text(NOISY.replace("def", "async def"))
    (noisy.parent / "other.py").write_text(NOISY.replace("def", "async def"))
    done = printlint("fix")
    assert done.returncode == 0, done.stdout
    assert done.stderr.count("wrote logging_setup.py") == 1
    assert "await logger.info" in noisy.read_text()
    assert printlint("check").returncode == 0
    assert printlint("fix").stderr.count("wrote") == 0


def test_no_setup_leaves_alone_what_needs_it(printlint: Run, noisy: Path) -> None:
    noisy.write_text(NOISY.replace("def", "async def"))
    done = printlint("fix", "--no-setup", "-v")
    assert done.returncode == 1
    assert "--no-setup was given" in done.stdout
    assert sorted(path.name for path in noisy.parent.glob("*.py")) == ["work.py"]


def test_the_back_end_none_awaits_nothing(printlint: Run, noisy: Path) -> None:
    noisy.write_text(NOISY.replace("def", "async def"))
    done = printlint("fix", "--async-backend", "none")
    assert done.returncode == 0, done.stdout
    assert '    logger.info("working on %s", n)' in noisy.read_text()
    assert (noisy.parent / "logging_setup.py").exists()


def test_a_file_that_cannot_be_written_is_an_error_and_costs_no_other(printlint: Run, noisy: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    other = noisy.parent / "other.py"
    other.write_text(NOISY)
    noisy.chmod(0o444)
    done = printlint("fix")
    assert done.returncode == 2
    assert "read-only" in done.stderr
    assert noisy.read_text() == NOISY
    assert other.read_text() != NOISY


# explain, rules, init


def test_explain_shows_a_rules_page(printlint: Run) -> None:
    by_code, by_name = printlint("explain", "PRT101"), printlint("explain", "print-call")
    assert by_code.stdout == by_name.stdout
    assert by_code.stdout.startswith("# PRT101 print-call")
    assert "## Fix safety" in by_code.stdout


@pytest.mark.parametrize(("code", "told"), [("T201", "PRT101 print-call"), ("logging-fstring-interpolation", "")])
def test_explain_knows_the_codes_of_other_tools(printlint: Run, code: str, told: str) -> None:
    done = printlint("explain", code)
    assert done.returncode == (0 if told else 2)
    assert f"{code} is {told}" in done.stdout if told else "no rule" in done.stderr


def test_rules_lists_every_rule(printlint: Run) -> None:
    table = json.loads(printlint("rules", "--output-format", "json").stdout)
    assert [row["code"] for row in table] == [rule.code for rule in all_rules()]
    assert len(printlint("rules").stdout.splitlines()) == len(table)


def test_init_writes_the_module_and_names_the_entry_points(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("")
    (tmp_path / "app" / "run.py").write_text('import app\nif __name__ == "__main__":\n    app.run()\n')
    done = printlint("init")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "app" / "logging_setup.py").exists()
    assert "+from app.logging_setup import setup_logging" in done.stdout
    assert "run.py:3" in done.stderr
    assert "already exists" in printlint("init").stderr


def test_help_has_examples(printlint: Run) -> None:
    for command in ("check", "fix", "init", "explain"):
        assert "Examples:" in printlint(command, "--help").stdout
    assert printlint("--version").stdout.startswith("printlint ")


def test_the_project_passes_its_own_check() -> None:
    command = [sys.executable, "-m", "printlint", "check", "printlint", "tests"]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("name", "waits"), [("latest.py", True), ("capture.py", True), ("test_it.py", False), ("tests/it.py", False)]
)
def test_a_file_that_redirects_output_makes_prints_wait_unless_it_is_a_test(
    printlint: Run, noisy: Path, name: str, waits: bool
) -> None:
    (noisy.parent / "pyproject.toml").write_text("")
    (noisy.parent / name).parent.mkdir(exist_ok=True)
    (noisy.parent / name).write_text("import sys\n\n\ndef capture(to):\n    sys.stdout = to\n")
    done = printlint("fix", "work.py", "-v")
    assert (noisy.read_text() == NOISY) == waits
    assert ("replaces standard output" in done.stdout) == waits


@pytest.mark.parametrize(
    ("stream", "waits"),
    [
        ("io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')", False),
        ("codecs.getwriter('utf-8')(sys.stdout.buffer)", False),
        ("io.TextIOWrapper(sys.stdout.detach(), encoding='utf-8')", True),  # the old stream is of no use then
        ("io.TextIOWrapper(kept, encoding='utf-8')", True),
    ],
)
def test_a_file_that_encodes_output_in_another_way_is_not_in_the_way(
    printlint: Run, noisy: Path, stream: str, waits: bool
) -> None:
    (noisy.parent / "pyproject.toml").write_text("")
    (noisy.parent / "latest.py").write_text(f"import codecs, io, sys\n\nsys.stdout = {stream}\n")
    printlint("fix", "work.py")
    assert (noisy.read_text() == NOISY) == waits


# Nothing goes silent

PROGRAM = "import logging\nlogger = logging.getLogger(__name__)\ndef f():\n    logger.info('x')\n"


def project(folder: Path, **files: str) -> None:
    (folder / "pyproject.toml").write_text("[project]\nname = 'app'\n")
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)


@pytest.mark.parametrize("command", ["check", "fix"])
def test_a_program_that_logs_into_nowhere_is_told(printlint: Run, tmp_path: Path, command: str) -> None:
    project(tmp_path, work=PROGRAM, main="import work\nif __name__ == '__main__':\n    work.f()\n")
    told = printlint(command).stderr
    assert "no file of this project configures logging" in told
    assert "printlint init" in told
    assert "work.py:4 is the first" in told


@pytest.mark.parametrize(
    "files",
    [
        {"work": PROGRAM},  # a library
        {"test_work": PROGRAM, "main": "if __name__ == '__main__':\n    pass\n"},
        {"work": PROGRAM, "main": "import logging\nif __name__ == '__main__':\n    logging.basicConfig(level=10)\n"},
        {"work": PROGRAM, "main": "import x\nif __name__ == '__main__':\n    x.setup_logging()\n"},
        {"work": "import math\nmath.log(2)\ncatalog = None\n", "main": "if __name__ == '__main__':\n    pass\n"},
        {"main": "from loguru import logger\nif __name__ == '__main__':\n    logger.info('started')\n"},
    ],
    ids=str,
)
def test_who_is_heard_is_told_nothing(printlint: Run, tmp_path: Path, files: dict[str, str]) -> None:
    project(tmp_path, **files)
    assert "configures logging" not in printlint("check").stderr


def test_a_set_up_that_nobody_calls_configures_nothing(printlint: Run, tmp_path: Path) -> None:
    project(tmp_path, work=PROGRAM, main="import work\nif __name__ == '__main__':\n    work.f()\n")
    printlint("init", "--no-wire")
    assert "no file of this project configures logging" in printlint("check").stderr
    printlint("init")
    assert "configures logging" not in printlint("check").stderr


@pytest.mark.parametrize(
    ("configuration", "told"),
    [
        ("logging.basicConfig()", "main.py:2: basicConfig without a level drops records below WARNING: 2 messages"),
        ("logging.basicConfig(level=logging.ERROR)", "basicConfig drops records below ERROR: 3 messages"),
        ("logging.basicConfig(level='INFO')", "basicConfig drops records below INFO: 1 message at debug is"),
        ("logging.getLogger().setLevel(logging.DEBUG)", ""),
        ("logging.basicConfig(level=chosen())", ""),
        ("logging.basicConfig()\nlogging.getLogger().setLevel(10)", ""),
        ("logging.basicConfig(level=10)\nlogging.getLogger('urllib3').setLevel('ERROR')", ""),
        ("logging.getLogger('main').setLevel('ERROR')", ""),
        ("logging.config.dictConfig(load())", ""),
        ("logging.basicConfig()\nlogging.config.dictConfig(load())", ""),
        ("LOGGING = {'version': 1, 'loggers': {}}", "without a root level drops records below WARNING"),
        ("LOGGING = {'version': 1, 'root': {'level': 'WARNING'}}", "root logger drops records below WARNING"),
    ],
)
def test_levels_that_drop_what_is_found_are_named(
    printlint: Run, tmp_path: Path, configuration: str, told: str
) -> None:
    prints = "def f(debug):\n    print('working')\n    if debug:\n        print('x')\n    print('WARNING: y')\n"
    project(tmp_path, main=f"import logging\n{configuration}\n", work=prints + "if __name__ == '__main__':\n    f(1)\n")
    stderr = printlint("check", "--no-detect-interface").stderr
    assert (told in stderr) if told else ("drops records" not in stderr)


HELPER = (
    "import logging\nlogger = logging.getLogger(__name__)\ndef _f():\n    logger.info('x')\nasync def g():\n    _f()\n"
)


def test_a_fix_that_is_the_set_up_module_alone_writes_it(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HELPER)
    assert "PRT405" in printlint("check").stdout
    assert printlint("fix", "--diff").returncode == 1
    done = printlint("fix")
    assert "1 finding fixed by the set-up module, 0 left" in done.stderr
    assert "wrote logging_setup.py" in done.stderr
    assert (tmp_path / "app.py").read_text() == HELPER
    assert printlint("check").returncode == 0


def test_a_set_up_module_that_cannot_be_written_is_an_error_of_who_needs_it(printlint: Run, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HELPER)
    (tmp_path / "logging_setup.py").mkdir()
    (tmp_path / "event_logging.py").mkdir()
    (tmp_path / "queue_logging.py").mkdir()
    assert "set `setup-module`" in printlint("fix", "-v").stdout


def test_a_diff_shows_the_users_own_files_first(tmp_path: Path, inside: Run) -> None:
    shutil.copytree(ROOT / "fixtures" / "shop", tmp_path / "shop")
    (tmp_path / "small" / "shop").mkdir(parents=True)
    (tmp_path / "small" / "shop" / "__init__.py").touch()
    (tmp_path / "small" / "shop" / "__main__.py").write_text("from shop import x\n\nx.run()\n")
    for command, folder in (("fix", "shop"), ("init", "small")):
        diff = inside(command, "--diff", ".", cwd=tmp_path / folder).stdout
        names = re.findall(r"(?m)^\+\+\+ b/(.+)$", diff)
        assert (len(names) > 1, names[-1]) == (True, "shop/logging_setup.py"), command
