"""Where the import and the logger go, which name it gets, and what is refused for its sake."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from printlint.config import Config
from printlint.rewrite.fixer import fix
from printlint.setup.template import setup_source
from printlint.source import Source


def clean(text: str) -> str:
    return (inspect.cleandoc(text) if text.startswith("\n") else text).rstrip("\n") + "\n"


def fixed(text: str, path: Path | None = None, *, unsafe: bool = False, **options: str) -> str:
    source = Source(str(path or "snippet.py"), clean(text))
    result = fix(source, Config(**options), path, unsafe=unsafe)  # type: ignore[arg-type]
    assert result.failure is None
    return result.source.text


def reasons(text: str, path: Path | None = None, *, unsafe: bool = True) -> list[str | None]:
    source = Source(str(path or "snippet.py"), clean(text))
    result = fix(source, Config(), path, unsafe=unsafe)
    assert result.source.text == source.text
    return [item.refused for item in result.left]


def expect(before: str, after: str, **options: str) -> None:
    assert fixed(before, **options) == clean(after)


def test_import_is_sorted_among_the_standard_library() -> None:
    expect(
        """
        import json
        import os

        import requests

        print("it works")
        """,
        """
        import json
        import logging
        import os

        import requests

        logger = logging.getLogger(__name__)

        logger.info("it works")
        """,
    )


def test_import_goes_before_from_imports_of_its_group() -> None:
    expect(
        """
        from pathlib import Path
        print("it works", Path())
        """,
        """
        import logging
        from pathlib import Path

        logger = logging.getLogger(__name__)

        logger.info("it works %s", Path())
        """,
    )


def test_import_opens_a_group_before_third_parties() -> None:
    expect(
        '''
        """Doc."""
        from __future__ import annotations

        import requests

        print("it works")
        ''',
        '''
        """Doc."""
        from __future__ import annotations

        import logging

        import requests

        logger = logging.getLogger(__name__)

        logger.info("it works")
        ''',
    )


def test_comments_stay_with_the_import_below_them() -> None:
    expect(
        """
        # Licence of the file.

        # The network.
        import requests

        print("it works")
        """,
        """
        # Licence of the file.

        import logging

        # The network.
        import requests

        logger = logging.getLogger(__name__)

        logger.info("it works")
        """,
    )


def test_the_logger_comes_after_guarded_imports() -> None:
    expect(
        """
        import os
        from typing import TYPE_CHECKING

        try:
            import ujson as json
        except ImportError:
            import json

        if TYPE_CHECKING:
            from collections.abc import Iterable

        __all__ = ["f"]

        import sys

        def f():
            print("it works")
        """,
        """
        import logging
        import os
        from typing import TYPE_CHECKING

        try:
            import ujson as json
        except ImportError:
            import json

        if TYPE_CHECKING:
            from collections.abc import Iterable

        __all__ = ["f"]

        import sys

        logger = logging.getLogger(__name__)

        def f():
            logger.info("it works")
        """,
    )


def test_a_function_without_imports_above_gets_two_blank_lines() -> None:
    expect(
        """
        def f():
            print("it works")
        """,
        """
        import logging

        logger = logging.getLogger(__name__)


        def f():
            logger.info("it works")
        """,
    )


@pytest.mark.parametrize("name", ["log", "LOG", "_logger", "module_log"])
def test_an_existing_logger_is_reused_whatever_its_name(name: str) -> None:
    expect(
        f"""
        import logging
        {name} = logging.getLogger(__name__)
        print("it works")
        """,
        f"""
        import logging
        {name} = logging.getLogger(__name__)
        {name}.info("it works")
        """,
    )


def test_a_logger_for_something_special_is_not_reused() -> None:
    assert 'logger.info("it works")' in fixed(
        """
        import logging
        access_log = logging.getLogger("http.access")
        print("it works")
        """
    )


def test_a_taken_name_is_avoided() -> None:
    assert '_logger.info("it works")' in fixed(
        """
        def logger():
            return 1

        print("it works")
        """
    )


def test_the_name_of_new_loggers_is_an_option() -> None:
    assert 'LOG.info("it works")' in fixed('print("it works")', logger_name="LOG")


def test_an_alias_of_logging_in_another_branch_does_not_help() -> None:
    text = fixed(
        """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            import logging

        print("it works")
        """
    )
    assert text.startswith("import logging\nfrom typing import TYPE_CHECKING\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import logging\nif x:\n    logger = logging.getLogger('a')\nprint('it works')", "assigned conditionally"),
        (
            "import logging\ntry:\n    run()\nexcept OSError:\n    logger = logging.getLogger('a')\nprint('it works')",
            "assigned conditionally",
        ),
        (
            "import logging\nlogger = None\nif x:\n    logger = logging.getLogger('a')\nprint('it works')",
            "assigned conditionally",
        ),
        (
            "import logging\nif x:\n    logger = logging.getLogger('a')\nelse:\n    logger = Loud()\n"
            "logger.info('x')\nprint('it works')",
            "the type of `logger` is unknown",
        ),
        (
            "import logging\nclass Loud(logging.Logger):\n    def info(self, text): ...\n"
            "logger = Loud('x')\nlogger.info('x')\nprint('it works')",
            "the type of `logger` is unknown",
        ),
        (
            "print('it works')\nimport logging\nif x:\n    logger = logging.getLogger('a')\n"
            "else:\n    logger = logging.getLogger('b')",
            "further down",
        ),
        ("def f(logger=None):\n    print('it works')", "bound to something else in this scope"),
        ("logging = True\nprint('it works')", "`logging` is bound to something else"),
        ("from app import logger\nprint('it works')", "its type is unknown"),
        ("logger = Loud()\nlogger.info('x')\nprint('it works')", "the type of `logger` is unknown"),
        (
            "import logging\nlogger = logging.getLogger()\nlogger.setLevel(10)\nlogger.info('x')\nprint('it works')",
            "`logger` is the root logger here; name it after its module first (PRT202)",
        ),
        ("import aiologger\nlogger = aiologger.Logger()\nprint('it works')", "aiologger"),
        ("print('it works')\nimport logging\nlogger = logging.getLogger(__name__)", "further down"),
        ("def f():\n    print('x y')\nf()\nimport logging\nlogger = logging.getLogger(__name__)", "further down"),
        ("print('it works')\nlogger.info('from where?')", "not bound in it"),
        ('"""Doc."""; print("it works")', "shares its line"),
        ("import os; print('it works')", "shares its line"),
    ],
)
def test_no_logger_is_guessed(text: str, reason: str) -> None:
    assert any(reason in (found or "") for found in reasons(text)), reasons(text)


SEEN = "def tell(n):\n    return print('it works', n)\n"


@pytest.mark.parametrize(
    ("rest", "written"),
    [
        ("", "return logger.info"),  # a plain logger's calls give None, as print does
        ("async def work(n):\n    print('at work', n)\n", "return print"),
    ],
)
def test_a_value_that_is_seen_stays_none(rest: str, written: str) -> None:
    assert written in fixed(SEEN + rest, unsafe=True)


def test_imports_left_without_a_use_go_and_others_stay() -> None:
    expect(
        """
        import os
        import pprint, json
        import sys
        from pprint import pprint as show

        show({})
        """,
        """
        import logging
        import os
        import pprint, json
        import sys
        from pprint import pformat

        logger = logging.getLogger(__name__)

        logger.info("%s", pformat({}))
        """,
    )


def test_a_comment_in_the_call_is_never_lost() -> None:
    assert fixed(
        """
        print("one",  # first
              "two",
              value)  # behind
        """
    ).endswith('logger.info("one two %s",  # first\n            value)  # behind\n')
    assert "would be lost" in str(reasons('print("one two",\n      # why\n      sep="")'))


def test_continuation_lines_move_with_their_parenthesis() -> None:
    assert fixed('print("a long message",\n      call(x,\n           y),\n    hanging)').endswith(
        'logger.info("a long message %s %s",\n            call(x,\n                 y),\n    hanging)\n'
    )


def test_lines_that_a_backslash_continues_move_with_the_parenthesis() -> None:
    assert fixed("def f():\n    print('line %d of %s' \\\n          % (n, x))").endswith(
        "    logger.info('line %d of %s' \\\n                % (n, x))\n"
    )
    assert fixed("def f():\n    print('line %d of %s' \\\n     % (n, x))").endswith("' \\\n     % (n, x))\n")


def test_hanging_indents_do_not_move() -> None:
    arguments = '(\n            "%s of many"\n            % (\n                    x,\n            )\n        )'
    assert fixed(f"def f():\n        print{arguments}").endswith(f".info{arguments}\n")


def test_a_new_first_argument_of_a_hanging_call_stands_on_a_line_of_its_own() -> None:
    text = fixed("def f():\n    print(  # why\n        wrap(x),\n        width(y),\n    )")
    assert text.endswith('    logger.info(  # why\n        "%s %s",\n        wrap(x),\n        width(y),\n    )\n')


def test_a_blank_line_becomes_an_empty_message() -> None:
    assert fixed("print()", unsafe=True).endswith('logger.info("")\n')


def test_the_logger_comes_after_dunder_names() -> None:
    text = 'import os\n\n__all__ = ("f",)\n\n\ndef f():\n    print("it works")'
    assert fixed(text).startswith(
        'import logging\nimport os\n\n__all__ = ("f",)\n\nlogger = logging.getLogger(__name__)\n\n\ndef f():'
    )


def test_the_logger_comes_after_imports_with_a_comment_in_a_string_between() -> None:
    text = 'from __future__ import annotations\n\n"""What this is."""\nimport os\n\n\ndef f():\n    print("it works")'
    assert fixed(text).startswith(
        'from __future__ import annotations\n\n"""What this is."""\nimport logging\nimport os\n\nlogger = logging'
    )


def test_propagate_joins_a_one_line_suite() -> None:
    text = """
        import logging
        log = logging.getLogger("a")
        if x: log.addHandler(handler)
        """
    assert fixed(text, unsafe=True).endswith("if x: log.addHandler(handler); log.propagate = False\n")


def package(tmp_path: Path) -> Path:
    folder = tmp_path / "app" / "core"
    folder.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("")
    (folder.parent / "__init__.py").write_text("")
    (folder / "__init__.py").write_text("")
    return folder


ASYNC = """
    import logging
    {imports}
    logger = logging.getLogger(__name__)

    async def f():
        logger.info("it works")
    """


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ("import os", "from app.logging_setup import get_logger"),
        ("from . import b", "from ..logging_setup import get_logger"),
        ("from app.core import b", "from app.logging_setup import get_logger"),
    ],
)
def test_the_set_up_module_is_imported_as_the_package_is(imports: str, expected: str, tmp_path: Path) -> None:
    text = fixed(ASYNC.format(imports=imports), package(tmp_path) / "a.py")
    assert expected in text.splitlines()
    assert "import logging" not in text.splitlines()
    assert '    await logger.info("it works")' in text.splitlines()


def test_a_module_named_as_the_standard_library_is_no_evidence_for_a_script(tmp_path: Path) -> None:
    folder = package(tmp_path)
    (folder / "json.py").write_text("")
    text = fixed(ASYNC.format(imports="import json"), folder / "a.py")
    assert "from app.logging_setup import get_logger" in text


def test_an_import_of_a_module_beside_a_file_is_evidence_for_its_own_folder(tmp_path: Path) -> None:
    folder = package(tmp_path)
    (folder / "sibling.py").write_text("")
    assert "from logging_setup import get_logger" in fixed(ASYNC.format(imports="import sibling"), folder / "a.py")


def test_mocked_loggers_make_awaiting_unsafe(tmp_path: Path) -> None:
    folder = package(tmp_path)
    (folder / "test_a.py").write_text('patch("app.core.a.logger")')
    text = inspect.cleandoc(ASYNC.format(imports="import os")) + "\n"
    assert fixed(text, folder / "a.py") == text
    assert "await" in fixed(text, folder / "a.py", unsafe=True)


@pytest.mark.parametrize(
    ("level", "message", "safe"),
    [
        ("WARNING", "it works", False),
        ("WARNING", "an error", True),
        ("INFO", "it works", True),
        ("INFO", "debug: here", True),
    ],
)
def test_a_level_that_another_file_sets_above_makes_a_call_unsafe(
    tmp_path: Path, level: str, message: str, safe: bool
) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("")
    (tmp_path / "app" / "quiet.py").write_text(f"import logging\n\nlogging.getLogger('app').setLevel('{level}')\n")
    path, text = tmp_path / "app" / "work.py", f"def f():\n    print('{message}')\n"
    path.write_text(text)
    source = Source(str(path), text)
    result = fix(source, Config(), path)
    assert (result.failure, result.source.text != text) == (None, safe)
    if message.startswith("debug"):
        assert [item.level and item.level.hidden for item in result.fixed] == [
            "the level of `app` is INFO (app/quiet.py:3), which drops the record"
        ]
    if not safe:
        fix_of = result.left[0].fix
        assert fix_of is not None
        assert f"the level of `app` is {level} (app/quiet.py:3), which drops the record" in fix_of.title
        result = fix(source, Config(), path, unsafe=True)
        assert result.failure is None
        assert f"logger.info('{message}')" in result.source.text
        assert [item.finding.code for item in result.left] == (["PRT307"] if level == "WARNING" else [])


def test_a_level_of_the_modules_own_makes_a_call_unsafe() -> None:
    text = "import logging\n\nlogger = logging.getLogger('a')\nlogger.setLevel(logging.ERROR)\nprint('it works')\n"
    assert fixed(text) == text
    assert "logger.info('it works')" in fixed(text, unsafe=True)


def test_no_call_on_an_awaitable_logger_is_left_without_its_await() -> None:
    text = ASYNC.format(imports="import os") + '    logger.info("kept")  # noqa: PRT401\n'
    assert "would not be awaited" in str(reasons(text))


def test_a_used_value_keeps_a_logger_from_becoming_awaitable() -> None:
    text = ASYNC.format(imports="import os") + '\n    def g():\n        return logger.info("x")\n'
    assert "the return value of a call" in str(reasons(text))


def test_await_gets_parentheses_where_it_binds_less_tightly() -> None:
    text = """
        import logging
        logger = logging.getLogger(__name__)

        async def f():
            logger.info("it works").__class__
        """
    assert '    (await logger.info("it works")).__class__' in fixed(text).splitlines()


def test_old_names_of_methods_are_awaited_by_their_present_ones() -> None:
    """`Logger.warn` gives None, which cannot be awaited, where PRT507 is not selected to rename it."""
    text = "import logging\n\nlogger = logging.getLogger(__name__)\n\n\nasync def f():\n    logger.warn('late')\n"
    result = fix(Source("x.py", text), Config(select=("PRT401",)))
    assert "await logger.warning('late')" in result.source.text


@pytest.mark.parametrize(
    ("test", "safe"),
    [
        ('patch("app.core.a.logger")', False),
        ('patch.object(other, "logger")', True),
        ('patch.object(logging, "getLogger")', False),
        ('from app.core import a\n\nmocker.spy(a, "logger")', False),
        ('from app.core import a\n\nmonkeypatch.setattr(a, "_logger", fake)', False),
        ("from app.core import a\n\na.logger = mock.MagicMock()", False),
        ("a.catalogue = mock.MagicMock()", True),
        ("from app.core import a\n\na.log = AsyncMock()", True),
        ('patch("app.core.b.logger")  # as for a', True),
        ('from app.core import a\n\npatch("app.core.b.logger")', True),
        ('patch("app.core.a.Store.log")', True),
        ('from app.core import b\n\npatch.object(b, "logger")\nfor a in (1, 2): pass', True),
        ('patch.object(import_module("app.core.a"), "logger")', False),
    ],
)
def test_a_mock_counts_where_it_may_stand_in_the_modules_own_logger(tmp_path: Path, test: str, safe: bool) -> None:
    folder = package(tmp_path)
    (folder / "test_core.py").write_text(test)
    text = "import logging\n\nlogger = logging.getLogger(__name__)\nlogger.info(f'{name!r}')\n"
    result = fix(Source("a.py", text), Config(select=("PRT501",)), folder / "a.py")
    assert (result.source.text != text) == safe


@pytest.mark.parametrize(
    ("taker", "safe"),
    [
        ("from app.core.a import *\n\nwork()", True),
        ("import logging\n\nfrom app.core.a import *\n\nlogging.info('x')", True),
        ("from own import logging\nfrom app.core.a import *\n\nlogging.info('x')", False),
        ("from app.core.a import *\nfrom own import get_logger", False),
        ("from app.core.a import *\n\nfor name in dir(): register(name)", False),
        ("from app.core.more import *\nfrom own import logging", False),
    ],
    ids=["unconcerned", "same-logging", "other-logging", "get_logger", "introspects", "by-way-of-another"],
)
def test_a_star_import_counts_where_it_brings_a_name_that_means_something_else(
    tmp_path: Path, taker: str, safe: bool
) -> None:
    folder = package(tmp_path)
    (folder / "taker.py").write_text(taker)
    (folder / "more.py").write_text("from app.core.a import *\n")
    text = "def work():\n    try:\n        step()\n    except OSError:\n        print('it failed')\n"
    result = fix(Source("a.py", text), Config(select=("PRT101",)), folder / "a.py")
    assert ("_logger.error('it failed')" in result.source.text) is safe


@pytest.mark.parametrize(("width", "joined"), [(87, True), (88, True), (89, False)])
def test_an_import_is_lengthened_up_to_the_width_of_a_line(width: int, joined: bool, tmp_path: Path) -> None:
    """A formatter would break a longer line; then the new name has a line of its own."""
    line = "from app.logging_setup import aaa, get_logger"
    name = "a" * (len("aaa") + width - len(line))
    old = f"from app.logging_setup import {name}\n"
    package = tmp_path / "app"
    package.mkdir()
    for file, text in {"__init__.py": "", "logging_setup.py": setup_source("queue") + f"{name} = 1\n"}.items():
        (package / file).write_text(text, encoding="utf-8")
    path = package / "work.py"
    path.write_text(f"{old}\n\nasync def work():\n    print('it works', {name})\n", encoding="utf-8")
    source = Source.decode(str(path), path.read_bytes())
    new = fix(source, Config(), path).source.text
    assert ("import " + f"{name}, get_logger\n" in new) == joined
    assert (old in new) == (not joined)
    assert max(map(len, new.splitlines())) <= max(88, len(old) - 1)
    compile(new, "work.py", "exec")
