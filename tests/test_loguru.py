"""loguru as the library that new calls log through: where it is chosen, what is written, and whether that is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Run, isolated, write_files

from printlint.rewrite.apply import write_changes
from printlint.rewrite.changes import FixRun
from printlint.rewrite.files import fix_files

PRINTS = "def work(n):\n    for _ in n:\n        print('working on', n)\n"
IMPORT = "from loguru import logger\n"
USED = f"{IMPORT}\n\ndef begin(n):\n    logger.info('begun {{}}', n)\n"
NAMED = USED.replace("logger", "log").replace("import log\n", "import logger as log\n")
BY_LEVEL = (
    "logger.configure(handlers=[{{'sink': sys.stdout, 'filter': lambda record: {}}},"
    " {{'sink': sys.stderr, 'filter': lambda record: {}}}])"
)
STANDARD = "import logging\n\nlog = logging.getLogger(__name__)\n\n\n"


def fixed(folder: Path, files: dict[str, str], **table: object) -> tuple[FixRun, str]:
    """A run of `fix` on all files of a project, and what `main.py` holds then."""
    write_files(folder, {"setup.py": "", **files})
    configs = isolated(detect_interface=False, **table)
    run = write_changes(fix_files(sorted(folder.rglob("*.py")), configs, unsafe=False, allow_setup=True, quiet=True))
    assert not run.errors
    return run, (folder / "main.py").read_text()


def reasons(run: FixRun) -> str:
    """Why findings are left: they are refused, or only fixed with `--unsafe-fixes`."""
    return "\n".join(item.refused or (item.fix.title if item.fix is not None else "") for item in run.left)


@pytest.mark.parametrize(
    ("main", "others", "table", "wanted"),
    [
        (USED + PRINTS, {}, {}, "logger.info('working on {}', n)"),
        (NAMED + PRINTS, {}, {}, "log.info('working on {}', n)"),
        (PRINTS, {"other.py": USED}, {}, "from loguru import logger\n"),
        (PRINTS, {"other.py": USED, "one.py": STANDARD, "two.py": STANDARD}, {}, "logging.getLogger(__name__)"),
        (PRINTS, {"test_it.py": USED}, {}, "logging.getLogger(__name__)"),
        (PRINTS, {"other.py": "# not loguru\n"}, {}, "logging.getLogger(__name__)"),
        (STANDARD + PRINTS, {"other.py": USED}, {}, "log.info('working on %s', n)"),
        (STANDARD + PRINTS, {}, {"logger": "loguru"}, "log.info('working on %s', n)"),
        (PRINTS, {}, {"logger": "loguru"}, "logger.info('working on {}', n)"),
        (PRINTS, {"other.py": USED}, {"logger": "logging"}, "logging.getLogger(__name__)"),
        (PRINTS, {"other.py": USED}, {"async_backend": "queue"}, "logging.getLogger(__name__)"),
        (PRINTS, {"other.py": USED}, {"async_backend": "none"}, "from loguru import logger"),
        (USED + PRINTS, {}, {"logger": "logging"}, "print("),
    ],
)  # fmt: skip
def test_new_calls_go_to_the_library_that_the_module_or_its_project_uses(
    tmp_path: Path, main: str, others: dict[str, str], table: dict[str, str], wanted: str
) -> None:
    assert wanted in fixed(tmp_path, {"main.py": main, **others}, **table)[1]


def test_a_logger_that_another_file_hands_on_is_used_as_it_is(tmp_path: Path) -> None:
    files = {
        "log.py": f"{IMPORT}\nlogger.configure(extra={{'a': 1}})\n",
        "main.py": "from log import logger\n" + PRINTS,
    }
    _, text = fixed(tmp_path, files)
    assert "logger.info('working on {}', n)" in text
    assert "loguru" not in text


def test_the_configuration_names_the_library_and_back_ends_that_await_say_that_they_do_not_fit(
    printlint: Run, tmp_path: Path
) -> None:
    config = '[tool.printlint]\nlogger = "loguru"\nlogger-name = "log"\n'
    write_files(tmp_path, {"main.py": PRINTS, "pyproject.toml": config})
    done = printlint("fix", "--async-backend", "queue", "main.py")
    assert done.returncode == 2
    assert "async-backend queue awaits loggers" in done.stderr
    printlint("fix", "main.py")
    assert (tmp_path / "main.py").read_text().startswith("from loguru import logger as log\n")


def test_calls_in_asynchronous_code_are_not_awaited(tmp_path: Path) -> None:
    source = USED + "\n\nasync def later(n):\n    print('later', n)\n"
    _, text = fixed(tmp_path, {"main.py": source})
    assert text.endswith("async def later(n):\n    logger.info('later {}', n)\n")


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (f"    {IMPORT}    print('got', n)\n", "logger.info('got {}', n)"),
        (f"    print('got', n)\n    {IMPORT}    logger.info('x')\n", "print('got', n)"),
        (f"    if n:\n        {IMPORT}    print('got', n)\n", "print('got', n)"),
        (f"    {IMPORT}    logger = n\n    print('got', n)\n", "print('got', n)"),
        ("    from other import logger\n    print('got', n)\n", "print('got', n)"),
    ],
)  # fmt: skip
def test_a_function_that_imports_the_logger_for_itself_logs_with_it(tmp_path: Path, body: str, wanted: str) -> None:
    source = f"{USED}\n\nasync def handle(n):\n{body}"
    assert wanted in fixed(tmp_path, {"main.py": source})[1]


def test_a_function_that_imports_logurus_logger_under_the_name_of_another_is_left_alone(tmp_path: Path) -> None:
    standard = STANDARD.replace("log =", "logger =")
    source = f"{standard}async def handle(n):\n    {IMPORT}    print('got', n)\n"
    assert "    print('got', n)" in fixed(tmp_path, {"main.py": source})[1]


def test_trio_is_no_reason_against_calls_that_are_not_awaited(tmp_path: Path) -> None:
    source = f"import trio\n{USED}\n\nasync def later(n):\n    await trio.sleep(1)\n    print('later', n)\n"
    assert "    logger.info('later {}', n)\n" in fixed(tmp_path, {"main.py": source})[1]


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("logging.info('%s of %r', n, n)", "logger.info('{} of {!r}', n, n)"),
        ("logging.info('{} %d%% %04d', 3, 4)", "logger.info('{{}} {}% {:04}', 3, 4)"),
        ("logging.info('{} 100%')", "logger.info('{} 100%')"),
        ("logging.warn('%.2f', 0.5)", "logger.warning('{:.2f}', 0.5)"),
        ("logging.warning('x', extra={'user': n})", "logger.bind(user=n).warning('x')"),
        ("logging.warning('x', exc_info=n)", "logger.opt(exception=n).warning('x')"),
        ("logging.exception('x %s', n)", "logger.exception('x {}', n)"),
        ("logging.error('x %s', n, exc_info=True)", "logger.exception('x {}', n)"),
    ],
)  # fmt: skip
def test_a_call_of_the_root_logger_becomes_one_of_logurus(tmp_path: Path, call: str, wanted: str) -> None:
    source = f"import logging\n{USED}    try:\n        n()\n    except OSError:\n        {call}\n"
    assert wanted in fixed(tmp_path, {"main.py": source})[1]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("logging.log(20, 'x')", "`log` takes the number of a level"),
        ("logging.info('%d', n)", "`%d` may mean something else"),
        ("logging.info('%-5s', n)", "`%-5s` may mean something else"),
        ("logging.info('%(a)s', n)", "`%(a)s` may mean something else"),
        ("logging.info(n, 1)", "the message is no literal"),
        ("logging.info('%s', *n)", "the message and its values are unknown"),
        ("logging.info('%s %s', n)", "do not match its placeholders"),
        ("logging.info('x', stack_info=True)", "`stack_info=True` has no equal"),
        ("logging.info('x', extra={'a b': n})", "the keys of `extra` are no names"),
        ("logging.info('x', extra={'a': n()})", "would be evaluated earlier"),
        ("logging.info('x', extra=n)", "would be evaluated earlier"),
        ("logging.info('x', exc_info=n())", "would be evaluated earlier"),
    ],
)  # fmt: skip
def test_what_loguru_has_no_equal_of_is_left_alone(tmp_path: Path, call: str, reason: str) -> None:
    run, text = fixed(tmp_path, {"main.py": f"import logging\n{USED}    {call}\n"})
    assert reason in reasons(run)
    assert call in text


def test_a_handler_beside_loguru_keeps_the_root_loggers_records(tmp_path: Path) -> None:
    start = "import logging\n\nlogging.basicConfig(filename='app.log')\n"
    main = f"import logging\n{USED}    logging.warning('slow')\n"
    assert "logging.warning('slow')" in fixed(tmp_path, {"main.py": main, "start.py": start})[1]
    intercepting = f"{start}{IMPORT}\n\nclass InterceptHandler(logging.Handler):\n    pass\n"
    assert "logger.warning('slow')" in fixed(tmp_path, {"main.py": main, "start.py": intercepting})[1]


@pytest.mark.parametrize(
    ("sinks", "why"),
    [
        ("", ""),
        ("logger.remove()\nlogger.add(sys.stdout)", ""),
        ("logger.remove()\nlogger.add(sys.stdout, level='INFO')\nlogger.add('app.log')", ""),
        ("logger.add('app.log', rotation='1 day')", ""),
        ("logger.remove(0)\nlogger.add(lambda line: print(line, end=''))", ""),
        ("logger.configure(handlers=[{'sink': sys.stderr, 'level': os.environ.get('LEVEL', 'INFO')}])", ""),
        ("logger.configure(patcher=lambda record: record['extra'].update(a=1))", ""),
        ("logger.disable('library')", ""),
        (BY_LEVEL.format("record['level'].no < 30", "record['level'].name in os.environ"), ""),
        (BY_LEVEL.format("record['level'].no < 30", "record['name'] != 'main'"), "a filter of loguru's sink"),
        ("logger.remove()", "loguru's sinks are removed"),
        ("logger.remove()\nlogger.add('app.log')", "loguru's records go to a file"),
        ("logger.remove()\nlogger.add(f'{os.getcwd()}/app.log')", "loguru's records go to a file"),
        ("logger.remove()\nlogger.add(sys.stdout, level='WARNING')", "the level of loguru's sink is WARNING"),
        ("logger.remove()\nlogger.add(sys.stdout, level=os.getenv('LEVEL', 'ERROR'))", "sink is ERROR"),
        ("logger.configure(handlers=[dict(a=1), {'sink': sys.stderr, 'level': 40}][1:])", ""),
        ("logger.configure(handlers=[{'sink': sys.stderr, 'level': 40}])", "sink is ERROR"),
        ("logger.remove()\nlogger.add(sys.stdout, filter='other')", "a filter of loguru's sink"),
        ("logger.add(sys.stdout)", "both write to the terminal, so it would come twice"),
        ("logger.disable('main')", "loguru's `disable` drops the record"),
        ("def p(record): record['message'] = '?'\nlogger.configure(patcher=p)", "a patcher of loguru's"),
    ],
)  # fmt: skip
def test_a_message_that_no_sink_would_show_once_is_withheld(tmp_path: Path, sinks: str, why: str) -> None:
    conf = f"import os\nimport sys\n{IMPORT}\n{sinks}\n"
    run, text = fixed(tmp_path, {"main.py": f"import conf\n{USED}{PRINTS}", "conf.py": conf})
    assert why in reasons(run)
    assert ("print('working on'" in text) is bool(why)


def test_init_has_loguru_write_to_the_one_stream(printlint: Run, tmp_path: Path) -> None:
    main = f"{USED}\n\nif __name__ == '__main__':\n    begin(1)\n"
    write_files(tmp_path, {"main.py": main, "setup.py": ""})
    assert "wired main.py" in printlint("init").stderr
    setup = (tmp_path / "logging_setup.py").read_text()
    assert "def _log_loguru(" in setup
    assert "def get_logger(" not in setup
    assert "    setup_logging()\n    begin(1)" in (tmp_path / "main.py").read_text()


def test_init_keeps_the_sinks_that_a_program_has(printlint: Run, tmp_path: Path) -> None:
    conf = f"import sys\n{IMPORT}\nlogger.remove()\nlogger.add(sys.stdout)\n"
    main = f"import conf\n{USED}\n\nif __name__ == '__main__':\n    begin(1)\n"
    write_files(tmp_path, {"main.py": main, "conf.py": conf, "setup.py": ""})
    assert "by loguru's sinks (conf.py:4)" in printlint("init").stderr
    assert (tmp_path / "main.py").read_text() == main


def test_init_is_told_of_loguru_where_nothing_imports_it_yet(printlint: Run, tmp_path: Path) -> None:
    write_files(tmp_path, {"main.py": "if __name__ == '__main__':\n    print('x')\n", "setup.py": ""})
    printlint("init", "--logger", "loguru")
    assert "def _log_loguru(" in (tmp_path / "logging_setup.py").read_text()


def test_no_set_up_is_put_beside_logurus_own_sink(tmp_path: Path) -> None:
    run, text = fixed(tmp_path, {"main.py": f"{USED}{PRINTS}\n\nif __name__ == '__main__':\n    work([1])\n"})
    assert not run.setups
    assert not run.programs
    assert "basicConfig" not in text
