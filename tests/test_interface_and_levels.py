"""Interface told from diagnostics, and levels with their reasons."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from conftest import Run

from printlint.config import Config
from printlint.finding import Finding
from printlint.lint.linter import lint
from printlint.source import Source


def findings(text: str, name: str = "app/work.py", path: Path | None = None, **options: object) -> list[Finding]:
    clean = inspect.cleandoc(text) if text.startswith("\n") else text
    return list(lint(Source(name, clean), Config(**options), path).findings)  # type: ignore[arg-type]


def code_of(text: str, name: str = "app/work.py", **options: object) -> str:
    found = [finding.code for finding in findings(text, name, **options) if finding.code.startswith("PRT1")]
    assert len(set(found)) == 1, found
    return found[0]


INTERFACE = [
    'if __name__ == "__main__":\n    print("it works")',
    'if "__main__" == __name__ and x:\n    print("it works")',
    'def main():\n    print("it works")\nif __name__ == "__main__":\n    main()',
    'import argparse\ndef run():\n    argparse.ArgumentParser()\n    print("it works")',
    "import argparse\ndef run():\n    argparse.ArgumentParser().set_defaults(f=step)\n"
    'def step():\n    print("it works")',
    'def main(argv):\n    print("it works")',
    'class StdoutLogger:\n    def info(self):\n        print("it works")',
    'def f(print_info):\n    if print_info:\n        print("it works")',
    'def f(n):\n    print("at", n, end="\\r")',
    'def f(n):\n    print(f"\\rat {n}")',
    'def f(n):\n    print("a", n)\n    print("b", n)\n    print("c", n)',
    'def f(n):\n    print("one")\n    for x in n:\n        print("two")\n    print()\n    return 1',
    'def f(n):\n    print("Press Enter to go on")\n    if n:\n        print("it works")',
    'async def f(r):\n    print("Please enter a message")\n    return await r.readline()',
    "def ask():\n    while True:\n        try:\n            return int(input())\n"
    '        except ValueError:\n            print("a number, please")',
    '# %%\ndef f():\n    print("it works")\n# %%\nf()',
    'def main():\n    step()\ndef step():\n    detail()\ndef detail():\n    print("it works")\n'
    'if __name__ == "__main__":\n    main()',
    'from ._util import OptionParser\ndef run():\n    OptionParser()\n    print("it works")',
    'import click\n@click.command()\ndef run():\n    print("it works")',
    'import typer\napp = typer.Typer()\n@app.command()\ndef run():\n    print("it works")',
    'def ask():\n    print("your name?")\n    return input()',
    'print("your name?")\nname = input()',
    'import sys\nprint("your name?")\nname = sys.stdin.readline()',
    "import json\nprint(json.dumps(answer))",
    "class Setup:\n    def _ask(self, q):\n        return input(q)\n    def run(self):\n"
    '        self._ask("name")\n        print("it works")',
    'import argparse\ndef f(debug):\n    argparse.ArgumentParser()\n    if not debug:\n        print("it works")',
    'import argparse\ndef f(traceback):\n    argparse.ArgumentParser()\n    if traceback:\n        print("it works")',
    'def show_table(rows):\n    print("it works")',
    'def usage():\n    print("it works")',
    "class Env:\n    def render(self):\n        print(self.state)",
    'def f(verbose):\n    if verbose:\n        print("it works")',
    'def f(quiet):\n    if not quiet:\n        print("it works")',
    'class ProgressBar:\n    def step(self):\n        print("it works")',
    "from django.core.management.base import BaseCommand\nclass Command(BaseCommand):\n"
    '    def handle(self):\n        print("it works")',
]

DIAGNOSTIC = [
    'print("it works")',
    'async def f(n):\n    print("a", n)\n    print("b", n)\n    print("c", n)',
    'def debug_ticks(n):\n    print("a", n)\n    print("b", n)\n    print("c", n)',
    'def work():\n    print("it works")',
    "import json\nprint('answer', json.dumps(answer))",
    'if __name__ == "app":\n    print("it works")',
    'if __name__ == "__main__":\n    main()\nelse:\n    print("it works")',
    'def work():\n    print("it works")\nif __name__ == "__main__":\n    main()',
    'def main():\n    step()\ndef step():\n    print("it works")\ndef other():\n    step()\n'
    'if __name__ == "__main__":\n    main()',
    'import argparse\ndef f(debug):\n    if debug:\n        print("it works")',
    'def f(show_errors):\n    if show_errors:\n        print("it works")',
    "async def handler(request):\n    print('it works')",
    "import argparse\ndef main():\n    argparse.ArgumentParser()\n"
    "class Store:\n    def put(self):\n        print('put')",
    'def f(verbose):\n    try:\n        g()\n    except E:\n        if verbose:\n            print("it failed")',
    'def f(n):\n    print("a\\r\\n")',
    'def f(n):\n    try:\n        g()\n    except E:\n        print("a")\n        print("b")\n        print("c")',
    'def f(n):\n    print("it works")\n    print()',
    "def ask():\n    name = input()\n    try:\n        save(name)\n    except OSError:\n        print('disk trouble')",
    'def f(n):\n    print("a", n)\n    save(n)\n    send(n)',  # three calls in a row, and one print
    'def f(n):\n    print("a", n)\n    x = n\n    print("b", n)\n    x += 1\n    print("c", n)\n    save(x)',
    'print("the mark # %% begins no cell here")',
    'def f(n):\n    traceback.print_exc()\n    traceback.print_exc()\n    print("a", n)',
]


@pytest.mark.parametrize("text", INTERFACE)
def test_the_programs_own_output_is_prt106(text: str) -> None:
    assert code_of(text) == "PRT106"


@pytest.mark.parametrize("text", DIAGNOSTIC)
def test_diagnostics_are_prt101(text: str) -> None:
    assert code_of(text) == "PRT101"


@pytest.mark.parametrize(
    "name",
    [
        "app/__main__.py",
        "app/cli.py",
        "scripts/run.py",
        "app/management/commands/x.py",
        "app/set-up.py",
        "docs/make.py",
        "demo/extras/styles.py",
        *("setup.py", "manage.py", "console.py", "cmdline.py", "fabfile.py", "tasks.py", "noxfile.py", "docs/conf.py"),
        *("hatch_build.py", "pdm_build.py", "dodo.py"),
        *("example.py", "examples.py", "demo.py", "shop_cli.py", "shop_demo.py", "app/cmdline.py"),
        *("console/run.py", "commands/run.py", "CLI/run.py", "example/run.py", "examples/a/run.py", "bin/run.py"),
        *("demos/run.py", "tutorials/run.py", "benchmarks/run.py", "notebooks/run.py", "cli/run.py"),
    ],
)
def test_files_of_the_command_line_are_interface(name: str) -> None:
    assert code_of('print("it works")', name) == "PRT106"


@pytest.mark.parametrize(
    "name",
    [
        *("setup_app.py", "app/managed.py", "consoles.py", "clip.py", "app/click.py", "demonstrate.py", "cli_like.py"),
        *("confirm.py", "app/task.py", "exampled.py", "scripting/run.py", "clients/run.py", "binary/run.py"),
        *("_private.py", "app/__init__.py", "app/-.py", "subscripts/run.py"),
    ],
)
def test_a_name_like_that_of_a_command_line_file_says_nothing(name: str) -> None:
    assert code_of('print("it works")', name) == "PRT101"


def test_the_configuration_decides_first() -> None:
    assert code_of('print("it works")', "app/report.py", interface=("app/report.py",)) == "PRT106"
    assert code_of(INTERFACE[0], detect_interface=False) == "PRT101"


@pytest.mark.parametrize(
    "text", ['project = 1\ntool = "scripts"\n', '[project]\nscripts = "work:start"\n', "scripts ="]
)
def test_scripts_that_are_no_table_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    path = tmp_path / "work.py"
    path.write_text('def start():\n    print("it works")\n')
    assert [finding.code for finding in findings(path.read_text(), path=path)] == ["PRT101"]


def test_console_scripts_of_the_project_are_interface(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project.scripts]\ntool = "work:start"\n')
    (tmp_path / "work.py").write_text("")
    (found,) = findings('def start():\n    print("it works")', path=tmp_path / "work.py")
    assert found.code == "PRT106"
    assert "console script" in found.message


def project(root: Path, **files: str) -> Path:
    """A project of one package `app`, whose files are given by their stems."""
    (root / "pyproject.toml").write_text("")
    (root / "app").mkdir()
    for name, text in {"__init__": "", **files}.items():
        (root / "app" / f"{name}.py").write_text(text)
    return root / "app"


@pytest.mark.parametrize(
    "more", ["        if debug:\n            print('debug', x)\n", "        print(traceback.format_exc())\n"]
)
def test_what_goes_was_no_reason_for_what_stays(printlint: Run, tmp_path: Path, more: str) -> None:
    """A print that is rewritten is none of those by which its neighbours are a report."""
    (tmp_path / "pyproject.toml").touch()
    path = tmp_path / "work.py"
    path.write_text(
        f"import traceback\n\n\ndef f(debug, n):\n    for x in n:\n{more}    print()\n    print('end', n)\n"
    )
    done = printlint("fix", "--unsafe-fixes")
    assert "thrown away" not in done.stderr
    assert "PRT106" not in done.stdout


HELPER = 'def fetch(x):\n    print("  it works")\n    x()\n'


def verdict(app: Path, name: str = "work") -> tuple[str, str]:
    path = app / f"{name}.py"
    (found,) = findings(path.read_text(), str(path), path)
    return found.code, found.message


def test_what_only_the_command_line_calls_is_interface(tmp_path: Path) -> None:
    app = project(tmp_path, work=HELPER, cli="from app.work import fetch\nfetch(1)\n")
    code, message = verdict(app)
    assert code == "PRT106"
    assert message.startswith("`print` is program output: `fetch` is called only by the command line (cli.py); ")


def test_a_chain_of_such_functions_is_interface(tmp_path: Path) -> None:
    chain = HELPER.replace("fetch", "inner") + "def fetch(x):\n    return inner(x)\n"
    assert verdict(project(tmp_path, work=chain, cli="from app.work import fetch\nfetch(1)\n"))[0] == "PRT106"


def test_a_re_export_is_looked_through(tmp_path: Path) -> None:
    app = project(tmp_path, work=HELPER, cli="from app import fetch\nfetch(1)\n")
    (app / "__init__.py").write_text("from app.work import fetch\n")
    assert verdict(app)[0] == "PRT106"


@pytest.mark.parametrize(
    "files",
    [
        {"cli": "from app.work import fetch\nfetch(1)\n", "web": "from app.work import fetch\nfetch(1)\n"},
        {"cli": "from app.work import other\n"},
        {"web": "from app.work import fetch\nfetch(1)\n"},
    ],
)
def test_what_others_call_too_is_a_diagnostic(tmp_path: Path, files: dict[str, str]) -> None:
    assert verdict(project(tmp_path, work=HELPER, **files))[0] == "PRT101"


@pytest.mark.parametrize(
    "text",
    [
        HELPER + "TABLE = {1: fetch}\n",
        HELPER.replace("def fetch", "async def fetch"),
        'def fetch(x):\n    try:\n        return g(x)\n    except E:\n        print("it failed")\n',
    ],
)
def test_what_the_module_uses_otherwise_is_a_diagnostic(tmp_path: Path, text: str) -> None:
    assert verdict(project(tmp_path, work=text, cli="from app.work import fetch\nfetch(1)\n"))[0] == "PRT101"


def test_a_service_that_a_command_starts_is_a_service(tmp_path: Path) -> None:
    text = 'def run_server():\n    print("it works")\n'
    assert verdict(project(tmp_path, work=text, cli="from app.work import run_server\nrun_server()\n"))[0] == "PRT101"


def level_of(text: str, **options: object) -> str:
    (found,) = [item for item in findings(text, **options) if item.code.startswith("PRT1")]
    assert found.level is not None
    assert found.level.why
    return found.level.method


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ('print("it works")', "info"),
        ('print("Connecting")', "info"),
        ('print("WARNING: low")', "warning"),
        ('print(f"warning, {x} is low")', "warning"),
        ('print("Achtung: Warnung vor", x)', "warning"),
        ('print("Error: no such host")', "error"),
        ('print("ValueError was raised")', "error"),
        ('print("no errors of mirrors")', "info"),
        ('print("two errors of mirrors")', "error"),
        # Tags and signs come before all words.
        ('print("[DEBUG] the login error is back")', "debug"),
        ('print(f"[{now}] [INFO] it failed earlier")', "info"),
        ('print("[worker] WARN: fatal in production")', "warning"),
        ('print(f"{now} - ERROR - done")', "error"),
        ('print("INFO: no error was seen")', "info"),
        ('print("[!] the disk fills up")', "warning"),
        ('print("[+] the error log is open")', "info"),
        ('print("✅ the error is gone")', "info"),
        ('print("❌ it is closed")', "error"),
        ('print("[information] it failed")', "warning"),
        ('print("my DEBUG flag is set")', "info"),
        ('print("debug: the login error is back")', "debug"),
        ('try:\n    f()\nexcept E:\n    print("[INFO] it was stopped")\n    raise', "info"),
        (
            'def f():\n    try:\n        g()\n    except E as e:\n        print("[WARNING] lost", e)\n        raise',
            "warning",
        ),
        # What did not happen is no failure.
        ('print("no failed jobs")', "info"),
        ('print("done after 3 retries")', "info"),
        ('print("finished without errors")', "info"),
        ('print("no luck: retries are over")', "warning"),
        ('print("the loss is not finite")', "warning"),
        ('print("already connected to", x)', "warning"),
        ('print("no camera found")', "warning"),
        ('print("the process did not terminate")', "warning"),
        ('print("the limit was exceeded")', "warning"),
        # Who has gone of their own accord is no failure either.
        ('print("the task was cancelled")', "info"),
        ('print("client 7 disconnected")', "info"),
        ("import asyncio\ntry:\n    f()\nexcept asyncio.CancelledError:\n    print('it is over')\n    x = 1", "info"),
        ("try:\n    f()\nexcept (BrokenPipeError, ConnectionResetError):\n    print('it is over')", "info"),
        ("try:\n    f()\nexcept (BrokenPipeError, ValueError):\n    print('it is over')", "error"),
        ("try:\n    f()\nexcept asyncio.CancelledError:\n    print('it is over')\n    raise", "info"),
        ("def f():\n    try:\n        g()\n    except StopAsyncIteration:\n        print('it stopped')", "info"),
        # An exit after a success is none; its status may still be one.
        ("import sys\n\nprint('Everything was installed. Please start again.')\nsys.exit()", "info"),
        ("import sys\n\n\ndef f():\n    print('the backup succeeded')\n    sys.exit()", "info"),
        ("import sys\n\n\ndef f():\n    print('the backup was not successful')\n    sys.exit()", "error"),
        ("import sys\n\n\ndef f():\n    print('nothing to do')\n    sys.exit()", "error"),
        # Scripts without spaces are words, conversions are none, and colours come last.
        ('print("正在下载文件到本地磁盘")', "info"),
        ('print("%d条数据写入完毕" % n)', "info"),
        ('print("下载失败")', "warning"),
        ('print("%s %s" % (a, b))', "info"),
        ('print("%d files here" % n)', "info"),
        ('print("\\033[31mthe server is ready\\033[0m")', "info"),
        ('print(f"\\033[31m{n}\\033[0m")', "error"),
        ("print(warning)", "warning"),
        ('print("the terrorist mirror")', "info"),
        ('print("fatal: no disk")', "critical"),
        ('print("could not open it")', "warning"),
        ('print("%s failed" % x)', "warning"),
        ('print("connection to {} lost".format(x))', "warning"),
        ('print("DEBUG: x is", x)', "debug"),
        # No shape hides what was seen.
        ("print(x)", "info"),
        ("print(x, y)", "info"),
        # Marks of places and names of values are traces, and say so themselves.
        ('print("x =", x)', "debug"),
        ('print(f"{x.qty=}")', "debug"),
        ('print(f"a: {x.a} last item: {last_item}")', "debug"),
        ('print("iname is " + str(app["iname"]))', "debug"),
        ('print("first", x)', "info"),
        ('print("Total:", total)', "info"),
        ('print(f"share: {share:.2f}")', "info"),
        ('print("here")', "debug"),
        ('print("got here 2")', "debug"),
        ('print("--- 1 ---")', "debug"),
        ('print("xxx")', "debug"),
        ('print("entering if")', "debug"),
        ('print("the log files are here")', "info"),
        ('print("done")', "info"),
        ('def pull():\n    print("in pull")', "debug"),
        ('def pull():\n    print("in push")', "info"),
        ('print("-" * 40)', "info"),
        ("print(error)", "error"),
        ('def f(debug):\n    if debug:\n        print("it works")', "debug"),
        ('def debug_ticks(x):\n    print("ticks are", x)', "debug"),
        ('def undebugged(x):\n    print("ticks are", x)', "info"),
        ('def debug_ticks(x):\n    print("an error:", x)', "error"),
        ('def warning(s, *args):\n    print("###", s % args)', "warning"),
        ("def error(s):\n    print(s)", "error"),
        ("def _log_info(s):\n    print(s)", "info"),
        ("def warn(s):\n    print(s)", "warning"),
        ('def info(s):\n    print("Error:", s)', "error"),
        ("def information(s):\n    print(s)", "info"),
        ("def debug_ticks(x):\n    print(x)", "debug"),
        ("def f(debug):\n    if debug:\n        print(debug, 1)", "debug"),
        ("class C:\n    def print_fatal(self, s):\n        print(s)", "critical"),
        ('import sys\nprint("it works")\nsys.exit(1)', "critical"),
        ('import sys\nif __name__ == "__main__":\n    print("it works")\n    sys.exit(1)', "error"),
        ('import sys\ndef f():\n    print("it works")\n    sys.exit(1)', "error"),
        ('import sys\ndef f():\n    print("it works")\n    sys.exit(0)', "info"),
        ('def f():\n    print("it works")\n    raise ValueError', "error"),
        ('import sys\nprint("it works", file=sys.stderr)', "warning"),
        ('try:\n    f()\nexcept ValueError:\n    print("trying another way")\n    g()\n    x = 1', "warning"),
        ('try:\n    f()\nexcept ValueError:\n    print("no luck here")', "error"),
        ('try:\n    f()\nexcept ValueError:\n    print("falling back to g")', "warning"),
        ("for x in y:\n    try:\n        f()\n    except E as e:\n        print(e)\n        continue", "warning"),
        ('print("using the default host")', "warning"),
        ('print("the default host is", x)', "info"),
        ('print("inside the loop")', "info"),
        ('def f(verbose):\n    if verbose:\n        print("loaded all of it")', "info"),
        (
            'def f(verbose):\n    try:\n        g()\n    except E:\n        if verbose:\n            print("no g")',
            "warning",
        ),
        ('import sys\ntry:\n    import x\nexcept ImportError:\n    print("error: no x")\n    sys.exit(1)', "critical"),
        ('try:\n    f()\nexcept ValueError as e:\n    print("no luck here", e)', "error"),
        ('try:\n    f()\nexcept ValueError:\n    print("no luck here")\n    raise', "critical"),
        ('def g():\n    try:\n        f()\n    except E:\n        print("no luck here")\n        raise', "error"),
        ('try:\n    import x\nexcept ImportError:\n    print("install x please")', "error"),
        ('try:\n    f()\nexcept KeyboardInterrupt:\n    print("it was stopped")', "info"),
        ("import traceback\ntraceback.print_exc()", "error"),
    ],
)
def test_the_level_has_a_reason(text: str, level: str) -> None:
    assert level_of(text) == level


@pytest.mark.parametrize(
    ("prints", "levels"),
    [
        (('"here"', "a", "(a, b)"), ["debug", "debug", "debug"]),
        (('"here"', "a", "msg"), ["debug", "info", "info"]),  # what is called a message is one
        (('"here"', "a", '"it works"'), ["debug", "info", "info"]),
        (("a", "b"), ["info", "info"]),
    ],
)
def test_values_beside_traces_are_traces_where_nothing_else_is_printed(
    prints: tuple[str, ...], levels: list[str]
) -> None:
    body = "".join(f"    print({text})\n    a += 1\n" for text in prints)
    found = findings(f"def f(a, b, msg):\n{body}")
    assert [item.level.method for item in found if item.level is not None] == levels


def test_levels_of_the_configuration_come_first() -> None:
    assert level_of('print("Error: no such host")', levels={"no such host": "info"}) == "info"
