"""Where handlers write, what they do with a record, and what filters let pass."""

from __future__ import annotations

import pytest
from test_origins import printed

from printlint.facts.log_setup.record_filters import lets_all_pass, may_drop
from printlint.facts.log_setup.written_to import HandlerKind, Written, handler_kind, handler_writes
from printlint.facts.project.project import Project

HEAD = "import io\nimport logging\nimport logging.handlers\nimport sys\n"


@pytest.mark.parametrize(
    ("handler", "written"),
    [
        ("logging.StreamHandler()", Written.CONSOLE),
        ("logging.StreamHandler(None)", Written.CONSOLE),
        ("logging.StreamHandler(sys.stdout)", Written.CONSOLE),
        ("logging.StreamHandler(stream=sys.__stderr__)", Written.CONSOLE),
        ("logging.StreamHandler(strm=sys.stderr)", Written.CONSOLE),
        ("logging.StreamHandler(open('x'))", Written.ELSEWHERE),
        ("logging.StreamHandler(path.open('w'))", Written.ELSEWHERE),
        ("logging.StreamHandler(io.StringIO())", Written.ELSEWHERE),
        ("logging.StreamHandler(io.BytesIO())", Written.ELSEWHERE),
        ("logging.StreamHandler(stream)", Written.UNKNOWN),
        ("logging.StreamHandler(sys.stdout if x else open('x'))", Written.CONSOLE),
        ("logging.StreamHandler(stream if x else open('x'))", Written.UNKNOWN),
        ("logging.FileHandler('x')", Written.ELSEWHERE),
        ("logging.handlers.SysLogHandler()", Written.ELSEWHERE),
        ("logging.NullHandler()", Written.ELSEWHERE),
        ("rich.logging.RichHandler()", Written.CONSOLE),
        ("colorlog.StreamHandler()", Written.CONSOLE),
        ("watchtower.CloudWatchLogHandler()", Written.ELSEWHERE),
        ("Some()", Written.UNKNOWN),
        ("handler", Written.UNKNOWN),
        ("Own()", Written.CONSOLE),
        ("OwnFile()", Written.ELSEWHERE),
        ("OwnBoth()", Written.CONSOLE),
        ("OwnBare()", Written.UNKNOWN),
    ],
)
def test_a_handler_writes_somewhere(handler: str, written: Written) -> None:
    classes = (
        "class Own(logging.StreamHandler): ...\nclass OwnFile(logging.FileHandler): ...\n"
        "class OwnBoth(logging.FileHandler, logging.StreamHandler): ...\nclass OwnBare(logging.Handler): ...\n"
        "import rich.logging\nimport colorlog\nimport watchtower\n"
    )
    module, node = printed(f"{HEAD}{classes}print({handler})\n")
    assert handler_writes(module, Project(), node) is written


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        ("logging.StreamHandler()", HandlerKind.WRITES),
        ("logging.FileHandler('x')", HandlerKind.WRITES),
        ("logging.handlers.SMTPHandler('x', 'y', 'z', 's')", HandlerKind.WRITES),
        ("logging.handlers.QueueHandler(q)", HandlerKind.QUEUE),
        ("logging.NullHandler()", HandlerKind.NULL),
        ("logging.Handler()", HandlerKind.UNKNOWN),
        ("Some()", HandlerKind.UNKNOWN),
        ("handler", HandlerKind.UNKNOWN),
        ("Own()", HandlerKind.QUEUE),
        ("OwnNull()", HandlerKind.NULL),
        ("OwnBare()", HandlerKind.UNKNOWN),
    ],
)
def test_a_handler_does_something_with_a_record(handler: str, kind: HandlerKind) -> None:
    classes = (
        "class Own(logging.handlers.QueueHandler): ...\nclass OwnNull(logging.NullHandler): ...\n"
        "class OwnBare(logging.Handler): ...\n"
    )
    module, node = printed(f"{HEAD}{classes}print({handler})\n")
    assert handler_kind(module, Project(), node) is kind


ALL = "def f(record):\n    record.user = 'x'\n    return True\n"
FILTERS = [
    # a filter, whether it is known to let the logger `lib.a`'s records pass, and whether it is known to look at them
    (ALL, "f", True, False),
    ("def f(record):\n    return record\n", "f", True, False),
    ("def f(record):\n    return record.levelno > 20\n", "f", False, True),
    ("def f(record):\n    if x:\n        return False\n    return True\n", "f", False, True),
    ("def f(record):\n    record.msg = 'x'\n    return True\n", "f", False, True),
    ("def f(record):\n    del record.args\n    return True\n", "f", False, True),
    ("def f(record):\n    return mask(record) or True\n", "f", True, False),
    ("def f(record):\n    pass\n", "f", False, True),
    ("", "lambda record: True", True, False),
    ("", "lambda record: 0", False, True),
    ("", "unknown", False, False),
    ("", "logging.Filter()", True, False),
    ("", "logging.Filter('lib')", True, False),
    ("", "logging.Filter('lib.a')", True, False),
    ("", "logging.Filter('lib.a.b')", False, False),
    ("", "logging.Filter('li')", False, False),
    ("", "logging.Filter(name)", False, False),
    ("class F(logging.Filter):\n    def filter(self, record):\n        return True\n", "F()", True, False),
    ("class F:\n    def __call__(self, record):\n        return x\n", "F()", False, True),
    ("class F(logging.Filter): ...\n", "F()", False, False),
    (ALL + "f = f if x else (lambda record: x)\n", "f", False, True),
]


@pytest.mark.parametrize(("before", "node", "passes", "drops"), FILTERS)
def test_a_filter_lets_records_pass(before: str, node: str, passes: bool, drops: bool) -> None:
    module, found = printed(f"{HEAD}{before}print({node})\n")
    assert lets_all_pass(module, Project(), found, frozenset({"lib.a"})) is passes
    assert may_drop(module, found) is drops
