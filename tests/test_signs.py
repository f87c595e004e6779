"""The signs of output and of diagnostics: each has a print that shows it, and one that nearly does."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from fit_verdicts import EXPECTED

from printlint.config import DEFAULT
from printlint.facts.prints import evidence
from printlint.facts.prints.evidence import WEIGHTS, Verdict, weigh
from printlint.facts.prints.outputs import outputs
from printlint.lint.linter import context_of
from printlint.names.layout import layout_of
from printlint.partial.kept_trees import tree_of
from printlint.run import Run
from printlint.source import Source

GUARD = '\nif __name__ == "__main__":\n    '
PARSER = "import argparse\nparser = argparse.ArgumentParser()\n"


class Shown(NamedTuple):
    """The last print of `text` shows a sign; that of `near` in a file of the same name does not, or where `elsewhere`
    is given, that of the same text in a file of that name."""

    text: str
    near: str = ""
    name: str = "app/work.py"
    elsewhere: str = ""


SIGNS = {
    "command module": Shown("print(1)", name="app/cli.py", elsewhere="app/click.py"),
    "command folder": Shown("print(1)", name="commands/run.py", elsewhere="commanders/run.py"),
    "script folder": Shown("print(1)", name="dev-scripts/run.py", elsewhere="scripting/run.py"),
    "example folder": Shown("print(1)", name="spot_examples/run.py", elsewhere="exampled/run.py"),
    "script name": Shown("print(1)", name="set-up.py", elsewhere="set_up.py"),
    "task name": Shown("print(1)", name="check_stored_data.py", elsewhere="checked.py"),
    "migration": Shown("print(1)", name="shop/migrations/0001_first.py", elsewhere="shop/migrations/first.py"),
    "notebook": Shown("# %%\nprint(1)", '"# %%"\nprint(1)'),
    "main guard": Shown(f"{GUARD}print(1)", 'if __name__ == "app":\n    print(1)'),
    "acts": Shown("def main():\n    print(1)\nmain()", "def main():\n    print(1)"),
    "module level": Shown("print(1)", "def f():\n    print(1)"),
    "called by the guard": Shown(f"def f():\n    print(1){GUARD}f()", f"def f():\n    print(1){GUARD}g()"),
    "part of main": Shown(
        f"def f():\n    g()\ndef g():\n    print(1){GUARD}f()",
        f"def f():\n    g()\ndef h():\n    g()\ndef g():\n    print(1){GUARD}f()",
    ),
    "main function": Shown("def main():\n    print(1)", "def remain():\n    print(1)"),
    "parses arguments": Shown(f"{PARSER}print(1)", "argparse = 1\nprint(1)"),
    "command library": Shown(
        f"{PARSER}parser.set_defaults(f=f)\ndef f():\n    g()\ndef g():\n    print(1)",
        f"{PARSER}def f():\n    print(1)",
    ),
    "command method": Shown(
        "from cmd import Cmd\nclass Shop(Cmd):\n    def do_buy(self):\n        print(1)",
        "class Shop(Commander):\n    def do_buy(self):\n        print(1)",
    ),
    "dialogue": Shown("def f():\n    print(1)\n    return input()", "def f(input):\n    print(1)\n    return input()"),
    "invites": Shown('def f():\n    print("Press Enter")', 'def f():\n    print("Enter pressed")'),
    "on request": Shown("def f(quiet):\n    if not quiet:\n        print(1)", "def f(n):\n    if n:\n        print(1)"),
    "printing function": Shown("def show_table():\n    print(1)", "def show(x):\n    print(x)"),
    "printing class": Shown(
        "class ProgressBar:\n    def f(self):\n        print(1)", "class Bar:\n    def f(self):\n        print(1)"
    ),
    "printing docstring": Shown('def f():\n    """Print it."""\n    print(1)', 'def f():\n    """It."""\n    print(1)'),
    "mostly prints": Shown(
        "def f(n):\n    if n:\n        print(1)\n    print(2)\n    print(3)\n    print(4)",
        "def f(n):\n    if n:\n        n = 1\n    print(2)\n    print(3)\n    print(4)",
    ),
    "returns": Shown("def f(n):\n    print(1)\n    return n", "def f(n):\n    print(1)\n    return None"),
    "method": Shown("class C:\n    def f(self):\n        print(1)", "def f(self):\n    print(1)"),
    "in a row": Shown(
        "def f():\n    print(1)\n    print(2)\n    print(3)",
        "def f():\n    print(1)\n    g()\n    print(2)\n    print(3)",
    ),
    "page": Shown(
        "def f():\n    print(1)\n    print()\n    g()\n    print(2)", "def f():\n    print(1)\n    g()\n    print(2)"
    ),
    "redraws": Shown('print(1, end="\\r")', 'print(1, end="\\r\\n")'),
    "document": Shown("import json\nprint(json.dumps(a))", "import json\nprint(1, json.dumps(a))"),
    "columns": Shown('print(f"{a:<20}{b}")', 'print(f"{a:.2f}{b}")'),
    "help": Shown('print("usage: shop buy")', 'print("disk usage is high")'),
    "version": Shown("print(__version__)", "print(version_of(shop))"),
    "laid out": Shown('print("\\n  The shop")', 'print("The shop")'),
    "ruled": Shown('print("=" * 3 + "====")', 'print("==")'),
    "values": Shown("print(a, b)", 'print("a", b)'),
    "logs": Shown("logger.info(1)\nprint(1)", "login(1)\nprint(1)"),
    "endless loop": Shown("def f():\n    while True:\n        print(1)", "def f(n):\n    while n:\n        print(1)"),
    "service": Shown("server.serve_forever()\nprint(1)", "server.close()\nprint(1)"),
    "framework": Shown("import fastapi\nprint(1)", "import fastapi_like\nprint(1)"),
    "called back": Shown("def on_message(m):\n    print(1)", "def only_message(m):\n    print(1)"),
    "handed over": Shown("@app.route('/')\ndef f():\n    print(1)", "@cached\ndef f():\n    print(1)"),
    "asynchronous": Shown("async def f():\n    print(1)", "def f():\n    print(1)"),
    "handler": Shown("try:\n    f()\nexcept E:\n    print(1)", "try:\n    f()\nfinally:\n    print(1)"),
    "training": Shown("import torch\nloss.backward()\nprint(1)", "import torch\nprint(1)"),
    "debugging": Shown("def f(debug):\n    if debug:\n        print(1)", "def f(bug):\n    if bug:\n        print(1)"),
    "tagged": Shown('print("[INFO] it works")', 'print("[INFORMAL] it works")'),
    "tagged in a command": Shown(f'{GUARD}print("[INFO] it works")', 'print("[INFO] it works")'),
    "prefixed": Shown('print("[worker] it works")', 'print("it works [well]")'),
    "trouble": Shown('print("it failed")', 'print("no failed jobs")'),
    "narrates": Shown('print("Loading data")', 'print("The data")'),
    "trouble in a command": Shown(f'{GUARD}print("it failed")', 'print("it failed")'),
    "on request of a library": Shown(
        "class C:\n    def f(self):\n        if self.verbose:\n            print(1)",
        "def f(verbose):\n    if verbose:\n        print(1)",
    ),
    "shebang": Shown("#!/usr/bin/env python\nprint(1)", "# !/usr/bin/env python\nprint(1)"),
    "names its stream": Shown(f"import sys{GUARD}print(1, file=sys.stderr)", "import sys\nprint(1, file=sys.stderr)"),
    "open line": Shown(f'{GUARD}print(1, end="")', f'{GUARD}print(1, end="\\n")'),
    "raises": Shown("def f():\n    print(1)\n    raise E", "def f():\n    print(1)\n    g()\n    raise E"),
    "trace": Shown('print("here")', 'print("the log files are here")'),
    "narrates in a command": Shown(f'{GUARD}print("Loading data")', 'print("Loading data")'),
    "only print": Shown("def f(n):\n    print(1)", "def f(n):\n    print(1)\n    print(n)"),
    "last": Shown("def f(n):\n    n = 1\n    print(1)", "def f(n):\n    print(1)\n    n = 1"),
    "result": Shown("print(shop.orders())", "print(len(shop.orders))"),
    "dumps": Shown("def f(n):\n    print(n)\n    raise E", 'def f(n):\n    print("bad", n)\n    raise E'),
    "logged too": Shown('log.info("a %s", n)\nprint(f"a {n}")', 'log.info("a %s", n)\nprint(f"b {n}")'),
    "script docstring": Shown('"""Usage: sell.py SHOP"""\nprint(1)', '"""How the shop is described."""\nprint(1)'),
}


def signs_of(text: str, name: str = "app/work.py") -> dict[str, evidence.Shown]:
    with Run():
        context = context_of(tree_of(name, Source(name, text + "\n"), "", whole=True), DEFAULT, None)
        return context.interface.signs(outputs(context.module)[-1].call)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_print_shows_a_sign(sign: str) -> None:
    case = SIGNS[sign]
    assert signs_of(case.text, case.name).get(sign)


@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_nearly_a_sign_is_none(sign: str) -> None:
    case = SIGNS[sign]
    assert sign not in signs_of(case.near or case.text, case.elsewhere or case.name)


def test_each_sign_has_a_case() -> None:
    """The others ask the project: below, and in test_interface_and_levels.py."""
    assert WEIGHTS.keys() - SIGNS.keys() == {"console script", "command line calls", "script"}


@pytest.mark.parametrize(
    ("files", "is_script"),
    [
        ({"run.py": "print(1)\n"}, True),
        ({"run.py": "print(1)\n", "shop.py": "import run\n"}, False),
        ({"run.py": "print(1)\n", "test_run.py": "import run\n"}, True),
        ({"settings.py": "print(1)\n"}, False),
        ({"shop/orders.py": "print(1)\n", "shop/__init__.py": ""}, False),
        ({"run.py": "def f():\n    print(1)\n"}, False),
    ],
)
def test_a_file_that_no_other_imports_is_a_script(files: dict[str, str], is_script: bool, tmp_path: Path) -> None:
    """What a server loads by name is not, and a test that imports a script leaves it one."""
    (tmp_path / "pyproject.toml").write_text("")
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    path = tmp_path / next(iter(files))
    with Run():
        layout = layout_of(path)
        tree = tree_of(str(path), Source(str(path), path.read_text()), layout.package, whole=True)
        context = context_of(tree, DEFAULT, layout)
        assert ("script" in context.interface.signs(outputs(context.module)[-1].call)) == is_script


@pytest.mark.parametrize(
    "message", ["[worker/2] started", "=> [worker] started", "work: started", "Shop.sell) started"]
)
def test_a_message_begins_with_where_it_comes_from(message: str) -> None:
    assert "prefixed" in signs_of(f"class Shop:\n    def sell(self):\n        print({message!r})")


@pytest.mark.parametrize("message", ["[-] started", "sales: 3", "note: started", "It started [worker]"])
def test_a_message_begins_with_another_word(message: str) -> None:
    assert "prefixed" not in signs_of(f"class Shop:\n    def sell(self):\n        print({message!r})")


def test_epochs_are_trained() -> None:
    assert "training" in signs_of("import torch\nfor epoch in range(3):\n    print(1)")
    assert "training" not in signs_of("for epoch in range(3):\n    print(1)")


def test_the_table_has_the_signs_that_the_script_fits() -> None:
    """`python tests/fit_verdicts.py --again --write` renews it."""
    assert {name: weight.weight > 0 for name, weight in WEIGHTS.items()} == {
        name: expected > 0 for name, expected in EXPECTED.items()
    }


def test_no_sign_makes_a_diagnostic() -> None:
    assert weigh({}) == Verdict(False)
    assert not weigh({}).told


def test_the_strongest_two_signs_are_told_for_a_verdict_and_against_it() -> None:
    signs = ("parses arguments", "main guard", "main function", "trouble", "handler", "values")
    told = weigh({sign: evidence.Shown(1, f"<{sign}>") for sign in signs}).told
    assert told == "program output: <main guard> and <parses arguments>, although <handler> and <trouble>"


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict(True, ("a",)), "program output: a"),
        (Verdict(False, ("a", "b")), "a diagnostic: a and b"),
        (Verdict(False, (), ("a",)), "a diagnostic, although a"),
        (Verdict(False, ("a",), ("b",)), "a diagnostic: a, although b"),
    ],
)
def test_a_verdict_is_told_in_a_sentence(verdict: Verdict, told: str) -> None:
    assert verdict.told == told


def test_lines_with_levels_are_no_page() -> None:
    """Several prints in a row lay something out, unless each says its level."""
    tagged = "def f(n):\n" + "".join(
        f"    print('[{level}] step', n)\n" for level in ("DEBUG", "INFO", "ERROR", "INFO")
    )
    page = {"in a row", "mostly prints"}
    assert signs_of(tagged, "app/work.py").keys().isdisjoint(page)
    assert signs_of(tagged.replace("[", "").replace("]", " of"), "app/work.py").keys() >= page


@pytest.mark.parametrize(
    "text",
    [
        "def print_it(message, *values):\n    print(message % values)\n    file.write(message)",
        "def print_it(message):\n    print(message)\n    print(message, flush=True)",
        "def show(*lines):\n    file.flush()\n    print(*lines)",
    ],
)
def test_a_function_that_prints_what_it_is_given_is_a_wrapper(text: str) -> None:
    assert "printing function" not in signs_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "def print_it(shop):\n    print(shop.name)\n    file.write(shop.name)",
        "def print_it(rows):\n    for row in rows:\n        print(row)",
        'def show(shop):\n    print("shop")\n    print(shop)',
    ],
)
def test_a_function_that_prints_what_it_makes_is_none(text: str) -> None:
    assert "printing function" in signs_of(text)


ROW = ('print("\\nUsage:")', 'print("1. Invite the bot")', 'print("2. Begin")')


@pytest.mark.parametrize("indented", ["", "def f():\n    "])
def test_prints_side_by_side_are_judged_by_what_all_of_them_show(indented: str) -> None:
    alone = [signs_of(indented + text) for text in ROW]
    assert {weigh(signs).is_output for signs in alone} == {True, False}
    turned = [(*ROW[n:], *ROW[:n]) for n in range(len(ROW))]
    row = [signs_of(indented + indented[-4:].join(f"{text}\n" for text in texts)) for texts in turned]
    assert len({weigh(signs).is_output for signs in row}) == 1
    assert row[0]["laid out"].share == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    "text",
    [
        'print("\\nNext steps:")\nprint("[INFO] begin")',
        'print("[INFO] begin")\nprint("1. Begin")',
        'print("\\nNext steps:")\nbegin()\nprint("1. Begin")',
        'try:\n    f()\nexcept E:\n    print("\\nNext steps:")\n    print("1. Begin")',
    ],
)
def test_tags_handlers_and_other_code_part_prints(text: str) -> None:
    assert {signs.share for signs in signs_of(text).values()} == {1}
