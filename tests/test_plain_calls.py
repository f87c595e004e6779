"""Log calls that need no parser are held to what the parser finds of them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printlint.config import Config
from printlint.lint.linter import lint
from printlint.partial import partial_tree as trees
from printlint.partial import triggers as words
from printlint.source import Source

HEAD = "import logging\n\nlog = logging.getLogger(__name__)\n"
PLAIN = [
    'log.info("ready")',
    'log.debug("%s of %d", done, total)',
    'log.warning(f"100% of {x!r:>{y}}")',
    "log.error(\n        \"a %s \"\n        'b %.2f',\n        x,\n        y[1, 2],\n    )",
    "log.critical(message, x)",
    'log.info("%s", {"a": 1, "b": (2, 3)}, stacklevel=2)',
    'log.info("a" + x, y)',
    'log.info(_("%s"), x)',
    'warnings.warn("old")',
    "self.error(1)",
    'log.info("it\'s %s", "(")',
    "log.trace('x')",
]
TELLING = [
    'log.info("%s")',
    'log.info("%s %s", x)',
    'log.info("{} of {}", x, y)',
    'log.info("\\x25s")',
    'log.info("ready", x)',
    'log.info("%s %s", lambda x, y: 1)',
    'log.info("a %s"  # %s\n        "b", x, y)',
    'log.info("x", extra={"name": 1})',
    'log.info("x", exc_info=True)',
    'log.exception("x")',
    'log.warn("x")',
    'logging.getLogger().info("x")',
    'logging.info("x")',
]


def parsed_of(text: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is parsed of a text when it is checked with the rules that are on by default."""
    parsed: list[str] = []
    parse = trees.parse
    monkeypatch.setattr(words, "_SMALL", 0)
    monkeypatch.setattr(trees, "parse", lambda source: (parsed.append(source.text), parse(source))[1])
    lint(Source("x.py", text))
    return parsed


@pytest.mark.parametrize("call", PLAIN)
def test_a_function_with_plain_calls_alone_is_not_parsed(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{HEAD}import warnings\n\n\ndef work(self, x, y):\n    {call}\n"
    assert not any("def work" in part for part in parsed_of(text, monkeypatch))
    assert lint(Source("x.py", text)).findings == ()


@pytest.mark.parametrize("call", TELLING)
def test_other_calls_are_found(call: str) -> None:
    text = f"{HEAD}\n\ndef work(self, x, y):\n    {call}\n"
    assert [finding.start.line for finding in lint(Source("x.py", text)).findings] == [7]


HEADS = (
    HEAD,
    "import logging\n\nlog = logging.getLogger()\n",
    "from logging import getLogger, info\n\nlog = getLogger('a.b')\nlog.setLevel('ERROR')\n",
    "import logging as log\n",
    "from loguru import logger as log\n",
    "import aiologger\n\nlog = aiologger.Logger()\n",
    "import structlog\n\nlog = structlog.get_logger()\n",
    "from elsewhere import log\n",
    "import logging\n\n\nclass Log(logging.Logger):\n    pass\n\n\nlog = Log('a')\n",
    "import logging\n\nlog = None\n\n\ndef start():\n    global log\n    log = logging.getLogger()\n",
    "import warnings as log\n",
)
FRAMES = (
    "def f(self, x, y):\n    {}\n",
    "def f(x, y, log: logging.RootLogger):\n    {}\n",
    "def f(x, y):\n    log = logging.getLogger()\n    {}\n",
    "def f(x, y):\n    from elsewhere import log\n    import logging as log\n    {}\n",
    "def f(x, y):\n    log, z = logging.getLogger(), 1\n    {}\n",
    "def f(x, y):\n    (log) = logging.getLogger()\n    {}\n",
    "class A:\n    log = logging.getLogger()\n\n    @g({})\n    def f(self, x, y): pass\n",
    "class A:\n    from elsewhere import log\n\n    def f(self, x=({})): pass\n",
    "def f(x, y):\n    import logging as log\n    {}\n",
    "def f(x, y):\n    f'{{(log := logging.getLogger())}}'\n    {}\n",
    "def f(x, y):\n    def g():\n        {}\n\n\nasync def h():\n    g()\n",
    "def f(x, y):\n    g(log, y)\n    for x in y:\n        {}\n",
    "async def f(x, y):\n    {}\n",
    "async def f(x, y):\n    def g():\n        {}\n    g()\n",
    "def _f(x, y):\n    {}\n\n\nasync def g():\n    _f(1, 2)\n",
    "def f(x, y):\n    {}\n\n\nasync def g():\n    f(1, 2)\n\n\nif __name__ == '__main__':\n    g()\n",
    "class A:\n    log = logging.getLogger()\n    {}\n\n    def f(self, x, y):\n        {}\n",
    "if True:\n    {}\nelse:\n    def f(log: logging.Logger = logging.getLogger()):\n        {}\n",
    "class A:\n    global log\n    log = logging.getLogger()\n\n    def f(self, x, y):\n        {}\n",
    "x = f'{{(log := logging.getLogger())}}'\n\n\ndef f(y):\n    {}\n",
    "{}\n",
)
RECEIVERS = ("log", "log ", "self.log", "self", "self\\\n.log")
METHODS = ("debug", "info", "warning", "error", "critical", "warn", "fatal", "exception", "log", "trace", "ainfo")
MESSAGES = (
    *(
        '"x"',
        "'%s'",
        '"%s %d"',
        '"100%"',
        '"%%"',
        '"{}"',
        "f'{x} %s'",
        "f'%s' '%s'",
        "x",
        '"a" "%s"',
        "b'%s'",
        'r"\\x25s"',
    ),
    *('"""%s\n%s"""', '("%s")', '"%s" % x', '"%(a)s"', '"\\x25s"', "_('%s')", '"#%s"', "x['%s']", "*x", "", "(yield)"),
)
VALUES = ("", "x", "x, y", "(x, y)", "x[1, 2], y", "lambda a, b: a", "*x", "x, extra={'name': 1}", "exc_info=True")
VALUES += ("f(a=1, b=2)", "x == y", "stacklevel=2", "**x", "f'{x, y}'", "x if y else (1, 2)", "{'a': 1}", "'%s', ")


def differing(text: str) -> bool:
    """Whether the parser finds something else in a text, if it can read it, than what it is spared gives."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "_SMALL", 0)
        found = lint(Source("x.py", text)).findings
    with trees.whole_trees():
        whole = lint(Source("x.py", text)).findings
    return found != whole and whole[0].code != "PRT900"


def call_of(receiver: str, method: str, *arguments: str) -> str:
    return f"{receiver}.{method}({', '.join(filter(None, arguments))})"


def module_of(head: str, *calls: tuple[str, str]) -> str:
    """A module with calls in frames."""
    filled = (frame.replace("{}", call).replace("{{", "{").replace("}}", "}") for frame, call in calls)
    return "\n\n".join((head, *filled))


@pytest.mark.parametrize("head", HEADS)
def test_what_is_not_parsed_has_no_finding_whoever_logs(head: str) -> None:
    texts = [
        module_of(head, (frame, call_of(receiver, method, '"x"', value)))
        for frame, receiver, method, value in itertools.product(FRAMES, RECEIVERS, ("info", "exception"), ("", "x"))
    ]
    assert not list(filter(differing, texts))


@pytest.mark.parametrize("message", MESSAGES)
def test_what_is_not_parsed_has_no_finding_whatever_is_logged(message: str) -> None:
    texts = [
        module_of(head, (FRAMES[0], call_of("log", "info", message, value)))
        for head, value in itertools.product((HEADS[0], HEADS[4]), VALUES)
    ]
    assert not list(filter(differing, texts))


def test_what_is_asked_before_anything_is_parsed_is_known_in_full() -> None:
    """Judging a receiver asks for the levels of the module's own loggers, and with them for all that it sets up."""
    text = module_of(
        HEAD,
        ("def start():\n    logging.getLogger().addHandler(logging.StreamHandler())\n", ""),
        ("log.addHandler(logging.StreamHandler())\n", ""),
        (FRAMES[0], 'log.info("x")'),
    )
    assert not differing(text)


@given(st.data())
def test_what_is_not_parsed_has_no_finding(data: st.DataObject) -> None:
    head = data.draw(st.sampled_from(HEADS))
    parts = (st.sampled_from(items) for items in (RECEIVERS, METHODS, MESSAGES, VALUES))
    calls = st.lists(st.tuples(st.sampled_from(FRAMES), st.builds(call_of, *parts)), max_size=3)
    assert not differing(module_of(head, *data.draw(calls)))


def test_the_project_says_whether_calls_pass(tmp_path: object) -> None:
    """A level that is set elsewhere makes plain calls telling."""
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    (tmp_path / "pyproject.toml").touch()
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("import logging\n\nlogging.getLogger('shop').setLevel(logging.ERROR)\n")
    worker = package / "worker.py"
    worker.write_text(f'{HEAD}\n\ndef work():\n    log.info("ready")\n' + "\nx = 1" * 100)
    found = lint(Source.decode(str(worker), worker.read_bytes()), Config(), worker).findings
    assert [finding.code for finding in found] == ["PRT307"]
