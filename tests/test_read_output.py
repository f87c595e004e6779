"""What a program prints for another program, a shell, a build file or a test to read stays a print."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run
from test_lost_records import written

from printlint.facts.readers.command_texts import runs_in_text

CHILD = "import sys\ndef answer(n):\n    return n * 2\ndef tell():\n    print(answer(20) + 2)\ntell()\n"
RUNS = "import subprocess\nimport sys\n{}\n"

pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python


def run_by(line: str, name: str = "main.py") -> dict[str, str]:
    return {"child.py": CHILD, name: RUNS.format(line) if name.endswith(".py") else f"{line}\n"}


READ = {
    "run": run_by("done = subprocess.run([sys.executable, 'child.py'], capture_output=True)"),
    "run into a pipe": run_by("subprocess.run(['python3', './child.py'], stdout=subprocess.PIPE)"),
    "check_output": run_by("from subprocess import check_output as out\nout('python child.py', shell=True)"),
    "Popen": run_by("CMD = [sys.executable, 'child.py']\np = subprocess.Popen(CMD, stdout=subprocess.PIPE)"),
    "popen": run_by("import os\nos.popen('python child.py | sort').read()"),
    "path": run_by(
        "from pathlib import Path\nHERE = Path(__file__).parent\n"
        "subprocess.check_output([sys.executable, str(HERE / 'child.py')])"
    ),
    "join": run_by("import os.path\nsubprocess.check_output(['python', os.path.join('.', 'child.py')])"),
    "format": run_by("import os\nsubprocess.getoutput(f'{sys.executable} {os.getcwd()}/child.py 21')"),
    "split": run_by("import shlex\nsubprocess.check_output(shlex.split('python child.py'))"),
    "function": run_by("def sh(command):\n    return subprocess.check_output(command)\nsh('python child.py')"),
    "function of words": run_by(
        "def sh(*words):\n    return subprocess.check_output(words)\nsh(sys.executable, 'child.py')"
    ),
    "function of another file": {
        **run_by(
            "def sh(command, **more):\n    return subprocess.run([*command], capture_output=True, **more)", "shell.py"
        ),
        "main.py": "import sys\nimport shell\nshell.sh([sys.executable, 'child.py'], check=True)\n",
    },
    "module": {
        "pkg/__init__.py": "",
        "pkg/version.py": CHILD,
        "main.py": RUNS.format("subprocess.check_output([sys.executable, '-m', 'pkg.version'])"),
    },
    "asyncio": run_by(
        "import asyncio\nasync def go():\n    await asyncio.create_subprocess_exec(sys.executable, 'child.py', "
        "stdout=asyncio.subprocess.PIPE)"
    ),
    "asyncio with a shell": run_by(
        "import asyncio\nasync def go():\n    await asyncio.create_subprocess_shell('python child.py', "
        "stdout=asyncio.subprocess.PIPE)"
    ),
    "trio": run_by("import trio\nasync def go():\n    await trio.run_process('python child.py', capture_stdout=True)"),
    "pexpect": run_by("import pexpect\npexpect.run('python child.py')"),
    "code": run_by("subprocess.check_output([sys.executable, '-c', 'import child; child.tell()'])"),
    "getstatusoutput": run_by("subprocess.getstatusoutput('python child.py')"),
    "stdout of a file": run_by("subprocess.run(['python', 'child.py'], stdout=open('x', 'w'))"),
    "action": run_by("    - run: python child.py >> $GITHUB_OUTPUT", ".github/actions/release/action.yml"),
    "what it imports": {
        "parts.py": "def tell():\n    print(42)\n",
        "child.py": "import parts\nparts.tell()\n",
        "main.py": RUNS.format("subprocess.check_output([sys.executable, 'child.py'])"),
    },
    "substitution": run_by('echo "$(python child.py)"', "release.sh"),
    "backticks": run_by("v=`python3 child.py`", "release"),
    "pipe": run_by("cd x && python child.py | jq .", "release.sh"),
    "file": run_by("python child.py > version.txt", "release.sh"),
    "continued": run_by("python \\\n  child.py \\\n  > version.txt", "release.sh"),
    "process": run_by("diff <(python child.py) expected.txt", "check.bash"),
    "batch file": run_by("for /f %%i in ('python child.py') do set V=%%i", "release.bat"),
    "PowerShell": run_by("$v = python child.py", "release.ps1"),
    "crontab": run_by("0 5 * * * cd /srv && python child.py >> /var/report.csv", "crontab"),
    "in a task": run_by('[tool.poe.tasks]\nversion = "python child.py > version.txt"', "pyproject.toml"),
    "Terraform": run_by('program = ["python", "child.py"]', "main.tf"),
    "thread": run_by("subprocess.check_output([sys.executable, 'child.py'])")
    | {"child.py": "import threading\nimport parts\nt = threading.Thread(target=parts.tell)\nt.start()\n"}
    | {"parts.py": "def tell():\n    print(42)\n"},
    "executable": run_by("VERSION=$(./child.py)", "release.sh"),
    "Makefile": run_by("VERSION := $(shell $(PYTHON) child.py)\nall:\n\techo $(VERSION)", "Makefile"),
    "Dockerfile": run_by("RUN python child.py >> /etc/version", "Dockerfile"),
    "workflow": run_by("  - run: python child.py >> $GITHUB_OUTPUT", ".github/workflows/ci.yml"),
    "package.json": run_by('{"scripts": {"build": "node x $(python child.py)"}}', "package.json"),
    "JavaScript": run_by("const v = execSync('python child.py').toString()", "build.js"),
    "CMake": run_by("execute_process(COMMAND python child.py\n  OUTPUT_VARIABLE V)", "CMakeLists.txt"),
    "justfile": run_by("version := `uv run child.py`", "justfile"),
    "environment": run_by('eval "$(python child.py)"', ".envrc"),
    "workflow command": {"child.py": "def f(x):\n    print(f'::set-output name=x::{x}')\nf(1)\n"},
}


@pytest.mark.parametrize("case", READ, ids=str)
def test_what_another_program_reads_is_refused(printlint: Run, tmp_path: Path, case: str) -> None:
    folder = written(tmp_path, READ[case])
    printlint("fix", "--isolated", "--unsafe-fixes")
    assert {name: (folder / name).read_text() for name in READ[case]} == READ[case]
    assert "reads" in printlint("check", "--isolated", "-v").stdout


@pytest.mark.parametrize("text", ["a" * 290_000, "run_command(" * 24_000, "$(" * 140_000, "`python " * 36_000])
def test_a_hostile_build_file_takes_no_time(text: str) -> None:
    for name in ("release.sh", "meson.build", "build.js"):
        assert list(runs_in_text(Path(name), text, (("tool", "app.main"),))) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        *(
            (f"tool.{suffix}", "v = exec('python child.py')")
            for suffix in ("js", "mjs", "cjs", "ts", "rb", "pl", "php")
        ),
        *((f"tool.{suffix}", "v = popen('python child.py')") for suffix in ("lua", "go", "rs", "groovy")),
        ("main.tf", 'program = ["python", "child.py"]'),
        ("tool.rb", "v = `python child.py`"),
        ("tool.js", "execa('python3 child.py')"),
        ("tool.sh", "v=$(python child.py)"),
        ("meson.build", "run_command('python', 'child.py')"),
        ("x.cmake", "execute_process(COMMAND python child.py OUTPUT_VARIABLE v)"),
    ],
)
def test_a_command_of_another_language_is_read(name: str, line: str) -> None:
    found = list(runs_in_text(Path(name), f"x = 1\n{line}\n", ()))
    assert [(run.name, number) for run, number in found] == [("child.py", 2)]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("tool.js", "// exec('python child.py')"),
        ("tool.rb", "# exec('python child.py')"),
        ("tool.js", "say('python child.py')"),
        ("tool.c", "v = exec('python child.py')"),
        ("x.cmake", "execute_process(COMMAND python child.py)"),
        ("tool.sh", "python child.py"),
    ],
)
def test_a_command_whose_output_nobody_takes_is_not_read(name: str, line: str) -> None:
    assert list(runs_in_text(Path(name), f"{line}\n", ())) == []


NOT_READ = {
    "run": run_by("subprocess.run([sys.executable, 'child.py'])"),
    "to the same terminal": run_by("subprocess.Popen([sys.executable, 'child.py'], stdout=sys.stdout)"),
    "errors alone": run_by("subprocess.run([sys.executable, 'child.py'], stderr=subprocess.PIPE)"),
    "asyncio": run_by("import asyncio\nasyncio.create_subprocess_exec(sys.executable, 'child.py')"),
    "run to nowhere": run_by("subprocess.run([sys.executable, 'child.py'], stdout=subprocess.DEVNULL)"),
    "another": run_by("subprocess.check_output([sys.executable, 'other.py'])"),
    "a tool": run_by("subprocess.check_output(['git', 'show', 'HEAD'])"),
    "shell": run_by("python child.py", "release.sh"),
    "a log": run_by("nohup python child.py >> app.log 2>&1 &\npython child.py | tee run.log", "start.sh"),
    "errors": run_by("python child.py 2> errors.txt", "release.sh"),
    "Makefile": run_by("run:\n\t$(PYTHON) child.py", "Makefile"),
    "a reader of the file": run_by("cat child.py | wc -l > lines.txt\nblack child.py > x", "release.sh"),
    "a comment": run_by("# x=$(python child.py)", "release.sh"),
    "what follows": run_by("python child.py; date > x", "release.sh"),
}


@pytest.mark.parametrize("case", NOT_READ, ids=str)
def test_what_no_program_reads_is_rewritten(printlint: Run, tmp_path: Path, case: str) -> None:
    folder = written(tmp_path, NOT_READ[case])
    printlint("fix", "--isolated")
    assert "print(" not in (folder / "child.py").read_text()


LIB = "def helper():\n    print('loaded', 1)\ndef f():\n    helper()\ndef other():\n    print('saved', 2)\n"
TESTS = {
    "capsys": "from lib import f\ndef test_f(capsys):\n    f()\n    assert 'loaded' in capsys.readouterr().out\n",
    "capfd": "import lib\ndef test_f(capfd):\n    lib.f()\n    out, _ = capfd.readouterr()\n    assert out\n",
    "stdout": "import io, sys, lib\ndef test_f():\n    sys.stdout = io.StringIO()\n    lib.f()\n"
    "    text = sys.stdout.getvalue()\n    sys.stdout = sys.__stdout__\n    assert 'loaded' in text\n",
    "redirect": "import contextlib, io\nfrom lib import helper\ndef test_f():\n    out = io.StringIO()\n"
    "    with contextlib.redirect_stdout(out):\n        helper()\n    assert 'loaded' in out.getvalue()\n",
    "patch of stdout": "import io, lib\nfrom unittest.mock import patch\ndef test_f():\n"
    "    with patch('sys.stdout', new=io.StringIO()) as out:\n        lib.f()\n    assert 'loaded' in out.getvalue()\n",
    "patch of print": "import lib\nfrom unittest import mock\n@mock.patch('builtins.print')\ndef test_f(told):\n"
    "    lib.f()\n    told.assert_called_with('loaded', 1)\n",
    "monkeypatch": "import io, sys, lib\ndef test_f(monkeypatch):\n    out = io.StringIO()\n"
    "    monkeypatch.setattr(sys, 'stdout', out)\n    lib.f()\n    assert 'loaded' in out.getvalue()\n",
    "setUp": "import io, sys, unittest, lib\nclass Test(unittest.TestCase):\n    def setUp(self):\n"
    "        self.out = sys.stdout = io.StringIO()\n    def tearDown(self):\n        sys.stdout = sys.__stdout__\n"
    "    def test_f(self):\n        lib.f()\n        self.assertIn('loaded', self.out.getvalue())\n",
    "helper": "import contextlib, io, lib\ndef output_of(function):\n    out = io.StringIO()\n"
    "    with contextlib.redirect_stdout(out):\n        function()\n    return out.getvalue()\n"
    "def test_f():\n    assert 'loaded' in output_of(lib.f)\n",
    "decorator": "import sys\nfrom library import trap\nfrom lib import f\n@trap\ndef test_f():\n    f()\n"
    "    assert 'loaded' in sys.stdout.getvalue()\n",
    "process": "import subprocess, sys\ndef test_f():\n"
    "    assert b'loaded' in subprocess.run([sys.executable, 'lib.py'], capture_output=True).stdout\n",
}


@pytest.mark.parametrize("case", TESTS, ids=str)
def test_what_a_test_reads_waits_for_the_user(printlint: Run, tmp_path: Path, case: str) -> None:
    lib = LIB + "f()\n" if case == "process" else LIB
    folder = written(tmp_path, {"lib.py": lib, "tests/test_lib.py": TESTS[case]})
    printlint("fix", "--isolated")
    text = (folder / "lib.py").read_text()
    assert "print('loaded', 1)" in text
    assert ("print('saved', 2)" in text) is (case == "process")
    assert "a test (tests/test_lib.py:" in printlint("check", "--isolated", "-v").stdout
    printlint("fix", "--isolated", "--unsafe-fixes")
    assert "print(" not in (folder / "lib.py").read_text()


def test_a_test_reads_what_methods_of_a_class_in_another_file_print(printlint: Run, tmp_path: Path) -> None:
    long = "".join(f"def function{number}(x):\n    return x + {number}\n\n\n" for number in range(2_000))
    program = (
        f"from .answer import complete\n\n\n{long}class Program:\n    def run(self):\n        self.prepare()\n\n"
        "    def prepare(self):\n        self.end()\n\n    def end(self):\n        complete('x')\n"
    )
    work = "def complete(name):\n    note(name)\n\n\ndef note(name):\n    print('loaded', name)\n"
    test = "from lib import Program\n\n\ndef test_f(capsys):\n    Program().run()\n    assert capsys.readouterr().out\n"
    files = {"lib/__init__.py": "from .program import Program\n", "lib/program.py": program, "lib/answer.py": work}
    folder = written(tmp_path, {**files, "tests/test_lib.py": test})
    printlint("fix", "--isolated")
    assert "print('loaded', name)" in (folder / "lib" / "answer.py").read_text()


@pytest.mark.parametrize(
    "test",
    [
        "import lib\ndef test_f():\n    lib.f()\n",
        "import lib\ndef test_f(capsys):\n    lib.f()\n",
        "import lib\ndef test_f():\n    lib.f()\ndef test_g(capsys):\n    print(1)\n"
        "    assert capsys.readouterr().out\n",
        "import io, lib\ndef test_f():\n    out = io.StringIO()\n    lib.f()\n    assert out.getvalue() == ''\n",
    ],
    ids=["no capture", "not read", "another test", "another stream"],
)
def test_a_test_that_reads_no_print_has_no_say(printlint: Run, tmp_path: Path, test: str) -> None:
    folder = written(tmp_path, {"lib.py": LIB, "tests/test_lib.py": test})
    printlint("fix", "--isolated")
    assert "print(" not in (folder / "lib.py").read_text()
