"""What one simple command starts: `python x.py`, `python -m a.b`, `uvicorn a:b`, also behind wrappers like `nice`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from printlint.facts.reach.shell import Around, Step, steps


class Command(NamedTuple):
    """One thing that a command line starts: a file that is run, or a module by its dotted name.

    `source` is the path of the file with the command line, `line` where, from 1, and `program` what starts it there.
    `is_module` is true for `-m a.b`, false for what a server imports. `folder` is where it runs in the tree, empty if
    unknown; `path` are the folders on `PYTHONPATH`. `weak`: only a text for people has the command.
    `entry` is the function that is called, and `host` what calls it, where that is no command.
    """

    source: str
    file: str = ""
    module: str = ""
    is_module: bool = False
    line: int = 0
    program: str = ""
    folder: str = ""
    path: tuple[str, ...] = ()
    weak: bool = False
    entry: str = ""
    host: str = ""


class Words:
    """The words behind a program's name, with what its options are given."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    def value(self, *options: str) -> str:
        """What the first of some options is given, as `--app x`, `--app=x` or `-Ax`."""
        for index, word in enumerate(self._words):
            for option in options:
                if word == option and index + 1 < len(self._words):
                    return self._words[index + 1]
                if option.startswith("--") and word.startswith(option + "="):
                    return word[len(option) + 1 :]
                if len(option) == 2 and word.startswith(option) and len(word) > 2 and word[1] != "-":
                    return word[2:].removeprefix("=")
        return ""

    def plain(self) -> list[str]:
        """The words that are no options; values of options may be among them."""
        return [word for word in self._words if not word.startswith("-")]

    def applications(self) -> list[str]:
        """The words like `module:attribute`; without any, those like a dotted module behind no option."""
        exact = [word for word in self.plain() if _APPLICATION.fullmatch(word)]
        before = dict(zip(self._words[1:], self._words, strict=False))
        return exact or [word for word in self.plain() if _MODULE.fullmatch(word) and before.get(word, "")[:1] != "-"]


_APPLICATION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*(?:\(.*\))?")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_INTERPRETER = re.compile(r"(?:.*[/\\])?(?:python|pypy|py)[\d.]*w?(?:\.exe)?$")
_SHELL = re.compile(r"(?:.*/)?(?:ba|z|da|k)?sh$")
_VALUED = frozenset({"-X", "-W", "-Q", "--check-hash-based-pycs"})
# Commands that only name files and programs: they install, write, look for, check or copy them.
_OTHERS = re.compile(
    r"(?:.*/)?(?:echo|printf|pip[\d.]*|pipx|apt|apt-get|apk|brew|yum|dnf|cp|mv|rm|ln|chmod|chown|cat|ls|grep|sed|git|which|test|\[|mkdir"
    r"|touch|tar|zip|curl|wget|FROM|COPY|ADD|LABEL|EXPOSE|ruff|flake8|mypy|black|isort|pylint|pyright|bandit|pytest|py\.test|tox|nox"
    r"|diff|head|tail|find|type|command|pgrep|pkill|kill|killall|source|\.|pyinstaller|autopep8|yapf|pyupgrade|vulture|2to3|cython|sphinx-build)$"
)
# Modules for `python -m` that run or load what the next words name.
_MODULES_THAT_RUN = frozenset(
    {
        *("pdb", "cProfile", "profile", "trace", "torch.distributed.run", "torch.distributed.launch"),
        *("scalene", "memory_profiler"),
    }
)


def started(step: Step, source: str, *, weak: bool = False) -> Iterator[Command]:
    """What a simple command starts, and what its settings name."""
    line = step.line
    for name, value in step.settings:
        yield from _set(name, value, source, step, weak=weak)
    words = list(step.words)
    if words and words[0] in ("export", "set", "ENV", "setenv"):
        for word in words[1:]:
            name, _, value = word.partition("=")
            yield from _set(name, value, source, step, weak=weak)
        return
    around = step.around
    for index, word in enumerate(words):
        word = word.lstrip("@-") if not index else word
        rest = words[index + 1 :]
        if _OTHERS.match(word) and not (index and word in (".", "test", "type", "find", "head", "source", "command")):
            return
        if _SHELL.match(word) or (word in ("-c", "--exec", "--cmd") and rest and " " in rest[0]):
            inner = _option_text(rest) if _SHELL.match(word) else rest[0]
            if inner:
                for part in steps(inner, around, line):
                    yield from started(part, source, weak=weak)
                return
        elif setting := re.fullmatch(r"(\w+)=(.*)", word):
            if setting[1] == "PYTHONPATH":
                around = around.with_path(setting[2])
            yield from _set(setting[1], setting[2], source, step._replace(around=around), weak=weak)
        elif found := _program(word, rest, around):
            for one in found:
                yield one._replace(source=source, line=line, weak=weak)
            return


def _option_text(rest: list[str]) -> str:
    """The text behind `-c` of a shell, whose other options may come before it or be joined with it (`-ec`)."""
    for index, word in enumerate(rest[:-1]):
        if re.fullmatch(r"-\w*c", word):
            return rest[index + 1]
    return ""


_SETTINGS = frozenset({"FLASK_APP", "QUART_APP", "DJANGO_SETTINGS_MODULE", "CELERY_APP", "SCRAPY_SETTINGS_MODULE"})


def _set(name: str, value: str, source: str, step: Step, *, weak: bool) -> Iterator[Command]:
    """What a variable of the environment names."""
    if name in _SETTINGS:
        for command in _flask_application(value.strip("\"'"), step.around):
            yield command._replace(source=source, line=step.line, program=name, weak=weak)


def _program(word: str, rest: list[str], around: Around) -> list[Command]:
    """What a program starts, by its words; nothing for one that is not known, or names nothing."""
    given = Words(rest)
    name = word.replace("\\", "/").rpartition("/")[2].removesuffix(".exe")
    if _INTERPRETER.match(word):
        return list(_interpreter(rest, around))
    if name in _PROGRAMS:
        found = _PROGRAMS[name](given, around)
        return [command._replace(program=name) for command in found]
    if word == "run":  # `uv run FILE`, `pdm run FILE`
        behind = given.plain()[:1]
        return [_file(name, around) for name in behind if name.endswith(".py")]
    if word.endswith(".py") and word.startswith(("./", "/", "$")):
        return [_file(word, around)]
    return []


def _file(name: str, around: Around) -> Command:
    """A file that is run by its path."""
    if os.path.isabs(name) and (folder := around.find(os.path.dirname(name))):
        name = os.path.join(folder, os.path.basename(name))
    return Command("", file=name, program="a command", folder=around.folder, path=around.path)


def _module(name: str, around: Around, *, is_module: bool = False) -> Command:
    """A module that is loaded by its name."""
    dotted = name.partition(":")[0]
    return Command("", module=dotted, is_module=is_module, folder=around.folder, path=around.path)


def _interpreter(rest: list[str], around: Around) -> Iterator[Command]:
    """`python [options] FILE`, `python -m MODULE`."""
    words = iter(enumerate(rest))
    for index, word in words:
        if word in _VALUED:
            next(words, None)
        elif word == "-m" or (word.startswith("-m") and len(word) > 2 and word[2] != "-"):
            module, behind = (
                (rest[index + 1 : index + 2], rest[index + 2 :]) if word == "-m" else ([word[2:]], rest[index + 1 :])
            )
            if module and _MODULE.fullmatch(module[0]):
                yield from _run_module(module[0], behind, around)
            return
        elif word.startswith("-c") or word == "-":
            return
        elif not word.startswith("-"):
            if word.endswith(".py") or re.fullmatch(r"[\w./-]+", word):
                yield _file(word, around)._replace(program="python")
            return


def _run_module(module: str, rest: list[str], around: Around) -> Iterator[Command]:
    if module in ("coverage", "debugpy") or module in _MODULES_THAT_RUN or module in _PROGRAMS:
        for command in _PROGRAMS.get(module, _runs_python)(Words(rest), around):
            yield command._replace(program=module)
    else:
        yield _module(module, around, is_module=True)._replace(program=f"python -m {module}")


Found = Iterator[Command]


def _runs_python(given: Words, around: Around) -> Found:
    """What a tool runs in the place of Python: `coverage run -m a.b`, `torchrun --nproc-per-node 2 train.py`."""
    module = given.value("-m", "--module")
    if module and _MODULE.fullmatch(module):
        yield from _run_module(module, [], around)
        return
    for word in given.plain():
        if word.endswith(".py"):
            yield _file(word, around)
            return


def _server(given: Words, around: Around) -> Found:
    """A server of ASGI or WSGI applications, which imports from its working folder, or from that of an option."""
    if folder := given.value("--app-dir", "--chdir", "--working-dir"):
        around = around.into(folder)
    if path := given.value("--pythonpath"):
        around = around.with_path(path.replace(",", ":"))
    yield from (_module(name, around) for name in given.applications()[:1])


def _celery(given: Words, around: Around) -> Found:
    if folder := given.value("--workdir"):
        around = around.into(folder)
    name = given.value("-A", "--app")
    if _MODULE.fullmatch(name.partition(":")[0]):  # of a package, celery looks for its module of that name
        yield _module(name if ":" in name else f"{name}.celery", around)


def _workers(given: Words, around: Around) -> Found:
    """Workers, which are given modules or attributes of modules."""
    if path := given.value("--path", "-P"):
        around = around.with_path(path)
    for word in given.plain():
        if _MODULE.fullmatch(word.partition(":")[0]) and not word.isdigit():
            yield _module(word, around)


def _rq(given: Words, around: Around) -> Found:
    if name := given.value("-c", "--config"):
        yield _module(name, around)


def _flask(given: Words, around: Around) -> Found:
    if name := given.value("--app", "-A", "--script"):
        yield from _flask_application(name, around)


def _flask_application(name: str, around: Around) -> Found:
    """`module`, `module:name`, or a file, which flask imports by its name in the packages around it."""
    name = name.partition("(")[0] if name.endswith(")") else name
    path = name.partition(":")[0]
    if path.endswith(".py") or "/" in path:
        yield Command("", file=path, module=path, folder=around.folder, path=around.path)
    elif _MODULE.fullmatch(path):
        yield _module(name, around)


def _fastapi(given: Words, around: Around) -> Found:
    """`fastapi run [FILE]`: the file's name starts above the packages around it."""
    words = given.plain()
    if words and words[0] in ("run", "dev"):
        named = [word for word in words[1:] if word.endswith(".py")]
        for name in named[:1] or (_FASTAPI_FILES if around.folder else ()):
            yield Command("", file=name, module=name, folder=around.folder, path=around.path)


def _runs_file(given: Words, around: Around) -> Found:
    """`streamlit run FILE`, and others that put the file's folder on `sys.path`."""
    yield from (_file(word, around) for word in given.plain() if word.endswith(".py"))


def _uwsgi(given: Words, around: Around) -> Found:
    if folder := given.value("--chdir"):
        around = around.into(folder)
    if path := given.value("--pythonpath", "--python-path"):
        around = around.with_path(path)
    if name := given.value("--module", "-w", "--wsgi"):
        yield _module(name, around)
    if file := given.value("--wsgi-file", "--file"):
        yield _file(file, around)


_FASTAPI_FILES = ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py")
_PROGRAMS: dict[str, Callable[[Words, Around], Found]] = {
    **dict.fromkeys(("uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve", "waitress"), _server),
    **dict.fromkeys(("celery", "faust"), _celery),
    **dict.fromkeys(("dramatiq", "arq", "taskiq", "huey_consumer", "huey_consumer.py"), _workers),
    **dict.fromkeys(("flask", "quart"), _flask),
    **dict.fromkeys(
        ("streamlit", "chainlit", "panel", "bokeh", "gradio", "runspider", "ipython", "locust"), _runs_file
    ),
    **dict.fromkeys(
        ("coverage", "debugpy", "torchrun", "accelerate", "deepspeed", "mprof", "kernprof", "viztracer"), _runs_python
    ),
    **{"rq": _rq, "fastapi": _fastapi, "uwsgi": _uwsgi},
}
