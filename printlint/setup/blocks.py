"""The blocks of the set-up module that few programs need, and what shows that a program does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple


class Block(NamedTuple):
    """A block: what it does, and what it is written for, both for people.

    `names` are the modules that a program imports, the packages that it depends on, the commands that start it or the
    hosts that load it where it needs the block; `words` is a regular expression that its code matches then. `sign` is
    in no set-up module but those with the block.
    """

    name: str
    sign: str
    what: str
    when: str
    names: frozenset[str]
    words: str = r"(?!)"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SERVERS = "uvicorn gunicorn hypercorn granian sanic litestar django arq rq discord"

BLOCKS = (
    Block(
        "unblock",
        "def unblock(",
        "`unblock()`: handlers of the program's own write in a thread",
        "the program configures logging itself, and logs in asynchronous code",
        frozenset(),
        r"\bunblock\(",
    ),
    Block(
        "dictconfig",
        "def logging_config(",
        "`logging_config()`: the set-up as a dictConfig",
        "Django's settings, gunicorn, hypercorn",
        _names("gunicorn hypercorn"),
        r"\blogging_config\(|^INSTALLED_APPS\b",
    ),
    Block(
        "servers",
        "SERVERS = ",
        "handlers that servers give their own loggers make way",
        "uvicorn, gunicorn, hypercorn, granian, Sanic, Litestar, Django, arq, rq, discord.py",
        _names(f"{_SERVERS} fastapi starlette quart"),
        r"^INSTALLED_APPS\b",
    ),
    Block(
        "hosts",
        "def _leaves_to_host(",
        "handlers of the root logger that write to the terminal stay, whatever their class",
        "functions of AWS Lambda and other platforms, Airflow, notebooks",
        _names("awslambdaric airflow IPython ipykernel functions_framework azure absl absl-py"),
        r"^def \w*handler\(event\b",
    ),
    Block(
        "processes",
        "def _finish_with_process(",
        "processes share a pipe line by line, flush at their end, and log where they are spawned",
        "multiprocessing, process pools, forks, servers and task queues with worker processes",
        _names(f"multiprocessing billiard joblib torch dask ray celery rq {_SERVERS}"),
        r"\bProcessPoolExecutor\b|\bos\.(?:fork|forkpty)\(",
    ),
    Block(
        "streams",
        "    def is_queued(",
        "a replaced standard output is written to by a thread, and may log in another one",
        "`sys.stdout = ...`, redirect_stdout, colorama, Celery",
        _names("colorama celery wandb"),
        r"\bsys\.stdout = |\bredirect_stdout\(",
    ),
    Block(
        "trio",
        "def _in_trio(",
        "trio's loop never waits for room, either",
        "trio, anyio, curio",
        _names("trio anyio curio"),
    ),
    Block(
        "loguru",
        "def _log_loguru(",
        "what loguru's loggers log comes out in the same stream, unless the program gives them sinks of its own",
        "loguru",
        _names("loguru"),
    ),
    Block("gevent", "def _native_start(", "the thread is a native one", "gevent, eventlet", _names("gevent eventlet")),
)

PACKAGES = frozenset().union(*(block.names for block in BLOCKS))
"""Whatever a program may depend on that needs a block."""


def needed_blocks(names: Collection[str], texts: Iterable[str]) -> frozenset[str]:
    """The blocks that a program needs, by the modules, packages, commands and hosts that it has, and by its code."""
    words = {block.name: re.compile(block.words, re.MULTILINE) for block in BLOCKS}
    found = {block.name for block in BLOCKS if not block.names.isdisjoint(names)}
    for text in texts:
        found |= {name for name, pattern in words.items() if name not in found and pattern.search(text)}
    return frozenset(found)


def provided_blocks(text: str) -> frozenset[str]:
    """The blocks that a set-up module's text has beside what every one has."""
    return frozenset(block.name for block in BLOCKS if f"\n{block.sign}" in text)
