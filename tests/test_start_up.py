"""Start-up code among the imports: new imports and the logger come behind it, never before."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from conftest import isolated

from printlint.config import Config
from printlint.names.import_block import leading_block
from printlint.rewrite.files import fix_files
from printlint.rewrite.fixer import Fixed, fix
from printlint.source import Source

PLAIN = Config(detect_interface=False)
FUNCTIONS = ("def tell(n):\n    print('tell', n)\n", "async def tell(n):\n    print('tell', n)\n")

# The last line of each has to run before anything more is imported, whether an import follows it or not.
KNOWN = [
    "from gevent import monkey\nmonkey.patch_all()",
    "from gevent import monkey as m\nm.patch_socket()",
    "from gevent.monkey import patch_all as go\ngo(ssl=False)",
    "import gevent.monkey\ngevent.monkey.patch_all()",
    "__import__('gevent.monkey').monkey.patch_all()",
    "import importlib\nimportlib.import_module('gevent.monkey').patch_all()",
    "from gevent import monkey\npatched = monkey.patch_all()",
    "try:\n    from gevent import monkey\n    monkey.patch_all()\nexcept ImportError: pass",
    "import os\nif os.environ.get('GEVENT'): from gevent import monkey; monkey.patch_all()",
    "def _patch():\n    from gevent import monkey\n    monkey.patch_all()\n_patch()",
    "import eventlet\neventlet.monkey_patch(os=False)",
    "import ddtrace.auto",
    "from ddtrace import patch_all\npatch_all()",
    "from ddtrace import patch\npatch(redis=True)",
    "import coverage\ncoverage.process_startup()",
    "import sentry_sdk\nsentry_sdk.init(dsn='x')",
    "import newrelic.agent\nnewrelic.agent.initialize('newrelic.ini')",
    "from opentelemetry.instrumentation.flask import FlaskInstrumentor\nFlaskInstrumentor().instrument()",
    "import django\ndjango.setup()",
    "import matplotlib\nmatplotlib.use('Agg')",
    "import nest_asyncio\nnest_asyncio.apply()",
    "import uvloop\nuvloop.install()",
    "import multiprocessing\nmultiprocessing.set_start_method('spawn')",
    "from typeguard import install_import_hook\ninstall_import_hook('shop')",
    "from beartype.claw import beartype_this_package\nbeartype_this_package()",
    "import tracer\ntracer.patch_all()",
    "import elasticapm\nelasticapm.instrument()",
]
# So have these, where an import follows.
FOLLOWED = [
    "import sys\nsys.path.insert(0, 'lib')",
    "import sys\nsys.path += ['lib']",
    "import sys, pathlib\nROOT = pathlib.Path(__file__).parent\nsys.path.append(str(ROOT))",
    "import os\nos.environ['OMP_NUM_THREADS'] = '1'",
    "import os\nos.environ.setdefault('A', 'b')",
    "import os\ndel os.environ['A']",
    "import warnings\nwarnings.filterwarnings('ignore')",
    "import importlib, sys\nimportlib.reload(sys)",
    "import sys\nif sys.platform == 'win32':\n    sys.path.append('win')",
    "import sys\nfor name in ('a', 'b'): sys.path.append(name)",
    "import bootstrap\nbootstrap.run()",
    "import bootstrap\nDONE = bootstrap.run()",
    "import bootstrap\nDONE: bool = bootstrap.run()",
    "import bootstrap\nwhile bootstrap.run(): pass",
    "import bootstrap\n\n\ndef go(): bootstrap.run()\n\n\ngo()",
    "import bootstrap\n[run() for run in bootstrap.ALL]",
    "import bootstrap\nwith bootstrap.patched():\n    import requests",
    "import asyncio\ntry:\n    import winloop\nexcept ImportError:\n    pass\nelse:\n    winloop.install()",
]
# What runs there, and is no reason to wait: the logger comes first, as whatever runs at import may need it.
OTHERS = [
    "import flask\n\napp = flask.Flask(__name__)\n",
    "import os\n\nos.makedirs('out', exist_ok=True)\n",
    "import os\n\nif __name__ == '__main__':\n    from gevent import monkey\n    monkey.patch_all()\n",
    "import re\n\n\nclass A: pass\n\n\nA().patch(1)\nimport os\n",
    "import web\n\napp = web.App()\n\n\n@app.get('/')\ndef index(): return 'x'\n\n\nfrom . import views\n",
    "import os\n\ndef go(): print('going')\n\n\ngo()\nimport re\n",
    "from opentelemetry import trace\n\ntracer = trace.get_tracer(__name__)\n",
    "from shop import make\n\napp = make()\nif app.debug:\n    import toolbar\n    print('at', toolbar.init(app))\n",
    "import clock\n\nSTART = clock.now()\nprint\nif START:\n    from json import loads\nelse:\n    import re, json\n",
]


def fixed(text: str) -> Fixed:
    result = fix(Source("x.py", text), PLAIN)
    assert result.failure is None
    return result


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines()) if part in line)


@pytest.mark.parametrize("function", FUNCTIONS, ids=["sync", "async"])
@pytest.mark.parametrize("head", KNOWN)
@pytest.mark.parametrize("more", ["", "\nimport flask"], ids=["last", "followed"])
def test_nothing_is_imported_before_a_known_patch(head: str, function: str, more: str) -> None:
    text = fixed(f"{head}{more}\n\n\n{function}").source.text
    assert text.startswith(head)
    assert "print(" not in text
    assert "logger" not in head


@pytest.mark.parametrize("function", FUNCTIONS, ids=["sync", "async"])
@pytest.mark.parametrize("head", FOLLOWED)
def test_nothing_is_imported_before_code_that_an_import_follows(head: str, function: str) -> None:
    text = fixed(f"{head}\nimport flask\n\n\n{function}").source.text
    assert text.startswith(head)
    assert "print(" not in text
    assert line_of(text, "logger = ") > line_of(text, "import flask")


@pytest.mark.parametrize("function", FUNCTIONS, ids=["sync", "async"])
@pytest.mark.parametrize("head", OTHERS)
def test_the_logger_comes_before_what_may_need_it(head: str, function: str) -> None:
    text = fixed(f"{head}\n\n{function}").source.text
    assert line_of(text, "logger = ") < line_of(text, head.split("\n\n")[1].strip()[:9])
    assert "print(" not in text


def test_the_docstring_and_the_future_stay_first() -> None:
    head = '"""Doc."""\n\nfrom __future__ import annotations\n\nimport tracer\n\ntracer.patch_all()\n\nimport os\n'
    text = fixed(f"{head}\n\n{FUNCTIONS[0]}").source.text
    assert text.startswith(head.replace("import os\n", "import logging\nimport os\n\nlogger = "))


def test_an_import_that_is_there_is_used_wherever_it_is() -> None:
    head = "import logging\nimport tracer\ntracer.patch_all()\nimport os\n"
    text = fixed(f"{head}\n\n{FUNCTIONS[0]}").source.text
    assert text.startswith(f"{head}\nlogger = ")


def test_a_message_among_the_imports_finds_its_logger() -> None:
    text = fixed("import os\nos.environ['A'] = '1'\nprint('set')\nimport numpy\n").source.text
    assert line_of(text, "environ") < line_of(text, "import logging") < line_of(text, "logger.info")
    text = fixed("import os\nprint('starting')\nimport sys\n").source.text
    assert text.startswith("import logging\nimport os\n\nlogger = ")


@pytest.mark.parametrize(
    "said",
    ["print('starting')", "import logging as lg\nlg.info('starting')", "from logging import info as say\nsay('x')"],
)
def test_a_message_before_a_patch_is_left(said: str) -> None:
    head = f"{said}\nfrom gevent import monkey\nmonkey.patch_all()"
    result = fixed(f"{head}\n\n\n{FUNCTIONS[0]}")
    assert result.source.text.startswith(head)
    assert "logger.info('tell %s', n)" in result.source.text
    assert all(item.refused for item in result.left)
    assert result.left


@pytest.mark.parametrize(
    "made",
    ["import logging\nlog = logging.getLogger(__name__)", "from logging import getLogger as g\nlog = g(__name__)"],
)
def test_a_logger_before_a_patch_does_not_become_the_set_up_modules(made: str) -> None:
    text = f"{made}\nfrom gevent import monkey\nmonkey.patch_all()\n\n\n{FUNCTIONS[1]}"
    result = fixed(text)
    assert result.source.text == text
    assert [item.refused for item in result.left] == ["the start-up code below it has to run before further imports"]


def test_the_program_is_wired_behind_its_start_up_code(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(
        "import tracer\ntracer.patch_all()\nimport os\n\n\nprint(os.name)\n", encoding="utf-8"
    )
    run = fix_files([tmp_path / "main.py"], isolated(), unsafe=True, allow_setup=True)
    for change in run.changes:
        if change.path.name == "main.py":
            assert change.new.decode().startswith("import tracer\ntracer.patch_all()\n")


def test_a_long_script_is_gone_through_once() -> None:
    lines = "".join(f"print({number})\n" for number in range(3000))
    tree = ast.parse(f"import os\n{lines}import tracer\ntracer.patch_all()\n")
    assert len(leading_block(tree)) == 3003
