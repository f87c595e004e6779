"""Code that logging calls is not rewritten, since a record made there would come back to it; other code is.

Each program is run first: it has to print what the callback prints, so that logging does call it.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from conftest import Run
from test_lost_records import output, written

SHOUT = "import logging\nimport sys\n{}\nlogging.getLogger('z').warning('hello')\n"
FRAMEWORK = (
    "class Red:\n    handlers = []\n    def __getattr__(self, name):\n        return self.handlers.append\n"
    "class RedHandler:\n    def __init__(self, call):\n        self.call = call\n"
)
OTHER = "def show(text):\n    print('inside', text)\n    return text\n"

pytestmark = [pytest.mark.inside, pytest.mark.system]  # nothing here depends on the Python


def shout(text: str, **more: str) -> dict[str, str]:
    return {"main.py": SHOUT.format(text), **{f"{name}.py": other for name, other in more.items()}}


def loguru(text: str) -> dict[str, str]:
    main = f"from loguru import logger\nimport other\nlogger.remove()\n{text}\nlogger.info('hello')\n"
    return {"main.py": main, "other.py": OTHER}


CALLED = {
    "filter function": shout(
        "def check(r):\n    print('inside', r.msg)\n    return True\nlogging.root.handlers[0].addFilter(check)"
    ),
    "filter lambda": shout("logging.root.handlers[0].addFilter(lambda r: print('inside', r.msg) or True)"),
    "filter in the list": shout(
        "def check(r):\n    print('inside', r.msg)\n    return True\nlogging.root.handlers[0].filters.append(check)"
    ),
    "filters that the list gets": shout(
        "def check(r):\n    print('inside', r.msg)\n    return True\nlogging.root.handlers[0].filters.extend([check])"
    ),
    "filters in the place of others": shout(
        "def check(r):\n    print('inside', r.msg)\n    return True\nout = logging.StreamHandler(sys.stdout)\n"
        "out.filters = [check]\nlogging.root.addHandler(out)"
    ),
    "method by setattr": shout(
        "def shape(self, r):\n    print('inside', r.msg)\n    return r.msg\n"
        "setattr(logging.StreamHandler, 'format', shape)"
    ),
    "filter of a factory": shout(
        "def make(word):\n    def check(r):\n        print('inside', word)\n        return True\n    return check\n"
        "logging.root.handlers[0].addFilter(make('x'))"
    ),
    "filter with an argument": shout(
        "import functools\ndef check(word, r):\n    print('inside', word)\n    return True\n"
        "logging.root.handlers[0].addFilter(functools.partial(check, 'x'))"
    ),
    "filter object": shout(
        "class Check:\n    def filter(self, r):\n        print('inside', r.msg)\n        return True\n"
        "check = Check()\nlogging.root.handlers[0].addFilter(check)"
    ),
    "method of a base of a base": shout(
        "class Deep:\n    def emit(self, r):\n        print('inside', r.msg)\nclass Mixin(Deep): ...\n"
        "class Handler(Mixin, logging.Handler): ...\nlogging.root.addHandler(Handler())"
    ),
    "callable object": shout(
        "class Check:\n    def __call__(self, r):\n        print('inside', r.msg)\n        return True\n"
        "logging.root.handlers[0].addFilter(Check())"
    ),
    "bound method": shout(
        "class App:\n    def start(self):\n        logging.root.handlers[0].addFilter(self._check)\n"
        "    def _check(self, r):\n        print('inside', r.msg)\n        return True\nApp().start()"
    ),
    "property that a filter reads": shout(
        "class State:\n    @property\n    def user(self):\n        print('inside', 1)\n        return 'u'\n"
        "state = State()\ndef check(r):\n    return bool(state.user)\nlogging.root.handlers[0].addFilter(check)"
    ),
    "method that a base class calls": shout(
        "class Base(logging.Handler):\n    def emit(self, r):\n        self.deliver(r.msg)\n"
        "    def deliver(self, text): ...\nclass Mine(Base):\n    def deliver(self, text):\n        send(text)\n"
        "def send(text):\n    print('inside', text)\nlogging.root.addHandler(Mine())"
    ),
    "attribute of an own class of handlers": shout(
        "import logging.handlers\ndef namer(name):\n    print('inside', 1)\n    return name + '.old'\n"
        "class Rotating(logging.handlers.RotatingFileHandler):\n"
        "    def shouldRollover(self, record):\n        return True\n"
        "handler = Rotating('x.log', backupCount=1)\nhandler.namer = namer\nlogging.root.addHandler(handler)"
    ),
    "what a filter calls": shout(
        "def note(text):\n    print('inside', text)\ndef check(r):\n    note(r.msg)\n    return True\n"
        "logging.root.handlers[0].addFilter(check)"
    ),
    "record factory": shout(
        "old = logging.getLogRecordFactory()\ndef make(*args, **more):\n    print('inside', len(args))\n"
        "    return old(*args, **more)\nlogging.setLogRecordFactory(make)"
    ),
    "record class": shout(
        "class Record(logging.LogRecord):\n    def getMessage(self):\n        print('inside', self.name)\n"
        "        return 'x'\nlogging.setLogRecordFactory(Record)"
    ),
    "formatter": shout(
        "class Base(logging.Formatter):\n    pass\nclass Mine(Base):\n    def formatTime(self, r, datefmt=None):\n"
        "        print('inside', r.name)\n        return 'x'\n"
        "logging.root.handlers[0].setFormatter(Mine('%(asctime)s'))"
    ),
    "formatter of no class of logging's": shout(
        "class Mine:\n    def format(self, r):\n        print('inside', r.name)\n        return r.msg\n"
        "logging.root.handlers[0].setFormatter(Mine())"
    ),
    "formatter as an attribute": shout(
        "class Mine:\n    def format(self, r):\n        print('inside', r.name)\n        return r.msg\n"
        "handler = logging.StreamHandler(sys.stdout)\nhandler.formatter = Mine()\nlogging.root.addHandler(handler)"
    ),
    "converter": shout(
        "import time\ndef local(seconds):\n    print('inside', seconds)\n    return time.gmtime(seconds)\n"
        "logging.Formatter.converter = staticmethod(local)\n"
        "logging.root.handlers[0].setFormatter(logging.Formatter('%(asctime)s'))"
    ),
    "converter of one formatter": shout(
        "import time\ndef local(seconds):\n    print('inside', seconds)\n    return time.gmtime(seconds)\n"
        "line = logging.Formatter('%(asctime)s')\nline.converter = local\nlogging.root.handlers[0].setFormatter(line)"
    ),
    "handler": shout(
        "class Base(logging.StreamHandler):\n    pass\nclass Mine(Base):\n    def emit(self, r):\n"
        "        print('inside', r.msg)\nlogging.root.addHandler(Mine())"
    ),
    "handler of no class of logging's": shout(
        "class Mine:\n    level = 0\n    def handle(self, r):\n        print('inside', r.msg)\n"
        "logging.root.addHandler(Mine())"
    ),
    "base in another file": shout(
        "import base\nclass Mine(base.Base):\n    def emit(self, r):\n        print('inside', r.msg)\n"
        "logging.root.addHandler(Mine())",
        base="import logging\nclass Base(logging.Handler):\n    pass\n",
    ),
    "stream": shout(
        "class Tee:\n    def write(self, text):\n        print('inside', len(text))\n"
        "    def flush(self):\n        pass\n"
        "logging.root.addHandler(logging.StreamHandler(Tee()))"
    ),
    "stream by name": shout(
        "class Tee:\n    def write(self, text):\n        print('inside', len(text))\n"
        "    def flush(self):\n        pass\n"
        "tee = Tee()\nlogging.basicConfig(stream=tee, force=True)"
    ),
    "stream of an own handler": shout(
        "class Tee:\n    def write(self, text):\n        self.count(text)\n    def flush(self):\n        pass\n"
        "    def count(self, text):\n        print('inside', len(text))\n"
        "class MineHandler(logging.StreamHandler):\n    pass\nlogging.root.addHandler(MineHandler(Tee()))"
    ),
    "listener": shout(
        "import logging.handlers, queue\nclass Sink:\n    level = 0\n    def handle(self, r):\n"
        "        print('inside', r.msg)\nq = queue.Queue()\nlogging.root.addHandler(logging.handlers.QueueHandler(q))\n"
        "listener = logging.handlers.QueueListener(q, Sink())\nlistener.start()\n"
        "import atexit\natexit.register(listener.stop)"
    ),
    "logger class": shout(
        "class Mine(logging.getLoggerClass()):\n    pass\nclass Own(logging.Logger):\n    def handle(self, r):\n"
        "        print('inside', r.msg)\n        super().handle(r)\nlogging.setLoggerClass(Own)"
    ),
    "adapter": {
        "main.py": "import logging\nclass Ours(logging.LoggerAdapter):\n    def process(self, msg, kwargs):\n"
        "        print('inside', msg)\n        return msg, kwargs\nOurs(logging.getLogger('z'), {}).warning('hello')\n"
    },
    "patched method": shout("def check(self, r):\n    print('inside', r.msg)\nlogging.Logger.callHandlers = check"),
    "errors of handlers": shout(
        "def failed(self, r):\n    print('inside', r.msg)\nlogging.Handler.handleError = failed\n"
        "class Bad(logging.StreamHandler):\n    terminator = 3\nlogging.root.addHandler(Bad())"
    ),
    "configured by a factory": shout(
        "import logging.config\nclass Mine(logging.Formatter):\n    def format(self, r):\n"
        "        print('inside', r.name)\n        return 'x'\n"
        "logging.config.dictConfig({'version': 1, 'formatters': {'f': {'()': Mine}}, 'handlers': "
        "{'h': {'class': 'logging.StreamHandler', 'formatter': 'f'}}, 'root': {'handlers': ['h']}})"
    ),
    "configured by a name": shout(
        "import logging.config\nlogging.config.dictConfig({'version': 1, 'filters': {'f': {'()': 'parts.Check'}}, "
        "'handlers': {'h': {'class': 'logging.StreamHandler', 'filters': ['f']}}, 'root': {'handlers': ['h']}})",
        parts="class Check:\n    def filter(self, r):\n        print('inside', r.msg)\n        return True\n",
    ),
    "configured in a file": {
        **shout("import json\nimport logging.config\nlogging.config.dictConfig(json.load(open('log.json')))"),
        "parts.py": "class Check:\n    def filter(self, r):\n        print('inside', r.msg)\n        return True\n",
        "log.json": '{"version": 1, "filters": {"f": {"()": "parts.Check"}}, "root": {"handlers": ["h"]}, '
        '"handlers": {"h": {"class": "logging.StreamHandler", "filters": ["f"]}}}',
    },
    "decorator": shout(
        "@logging.root.handlers[0].addFilter\ndef check(r):\n    print('inside', r.msg)\n    return True"
    ),
    "callback of an own handler": shout(
        "class Told(logging.Handler):\n    def __init__(self, tell):\n        super().__init__()\n"
        "        self.tell = tell\n"
        "    def emit(self, r):\n        self.tell(r.msg)\ndef tell(text):\n    print('inside', text)\n"
        "logging.root.addHandler(Told(tell))"
    ),
    "helper object": shout(
        "class Paint:\n    def red(self, text):\n        print('inside', text)\n        return text\n"
        "class Mine(logging.Formatter):\n    def __init__(self):\n        super().__init__()\n"
        "        self.paint = Paint()\n"
        "    def format(self, r):\n        return self.paint.red(r.msg)\nlogging.root.handlers[0].setFormatter(Mine())"
    ),
    "defined elsewhere": shout(
        "from other import Check\nlogging.root.handlers[0].addFilter(Check())",
        other="class Check:\n    def filter(self, r):\n        print('inside', r.msg)\n        return True\n",
    ),
    "what is called elsewhere": shout(
        "import other\nclass Mine(logging.Formatter):\n    def format(self, r):\n        return other.show(r.msg)\n"
        "logging.root.handlers[0].setFormatter(Mine())",
        other=OTHER,
    ),
}
IN_A_LIBRARY = {
    "loguru": {
        "main.py": "from loguru import logger\ndef sink(text):\n    print('inside', text)\nlogger.add(sink)\n"
        "logger.info('hello')\n"
    },
    "loguru with a sink of another file": loguru("logger.add(other.show)"),
    "loguru with a patcher": loguru("logger.configure(patcher=other.show, handlers=[{'sink': print}])"),
    "loguru with a table of handlers": loguru("logger.configure(handlers=[{'sink': other.show}])"),
    "structlog": {
        "main.py": "import structlog\ndef note(logger, name, event):\n    print('inside', name)\n    return event\n"
        "structlog.configure(processors=[note, structlog.dev.ConsoleRenderer()])\nstructlog.get_logger().info('x')\n"
    },
}


@pytest.mark.parametrize("case", CALLED | IN_A_LIBRARY, ids=str)
def test_what_logging_calls_is_refused(printlint: Run, tmp_path: Path, case: str) -> None:
    library = case.partition(" ")[0]
    if case in IN_A_LIBRARY and importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not there")
    files = (CALLED | IN_A_LIBRARY)[case]
    folder = written(tmp_path, files)
    assert "inside" in output(folder)
    printlint("fix", "--isolated", "--unsafe-fixes")
    assert {name: (folder / name).read_text() for name in files} == files


NOT_CALLED = {
    "methods of other classes": shout(
        "class Parser:\n    def format(self, text):\n        print('outside', text)\n    def write(self, text):\n"
        "        print('outside', text)\n    def filter(self, rows):\n        print('outside', rows)\n"
        "p = Parser()\np.format('a')\np.write('b')\np.filter([])"
    ),
    "another method of a stream": shout(
        "class Tee:\n    def write(self, text):\n        pass\n    def flush(self):\n        pass\n"
        "    def count(self):\n        print('outside', 1)\ntee = Tee()\n"
        "logging.root.addHandler(logging.StreamHandler(tee))\ntee.count()"
    ),
    "what registers": shout(
        "def check(r):\n    return True\ndef setup():\n    print('outside', 1)\n"
        "    logging.root.handlers[0].addFilter(check)\nsetup()"
    ),
    "handlers of something else": shout(
        "class Events:\n    handlers = []\n    def addHandler(self, handler, name):\n"
        "        self.handlers.append(handler)\n"
        "def on(event):\n    print('outside', event)\nevents = Events()\nevents.addHandler(on, 'x')\non(1)"
    ),
    "handlers of a framework": shout(
        "from colours import Red, RedHandler\ndef on(event):\n    print('outside', event)\ndef other(event):\n"
        "    print('outside', event)\nred = Red()\nred.add_handler(RedHandler(on))\nkept = [RedHandler(other)]\n"
        "for item in (*red.handlers, *kept):\n    item.call(1)",
        colours=FRAMEWORK,
    ),
    "a factory beside": shout(
        "def make():\n    print('outside', 1)\n    def check(r):\n        return True\n    return check\n"
        "logging.root.handlers[0].addFilter(make())"
    ),
}


@pytest.mark.parametrize("case", NOT_CALLED, ids=str)
def test_what_logging_does_not_call_is_rewritten(printlint: Run, tmp_path: Path, case: str) -> None:
    folder = written(tmp_path, NOT_CALLED[case])
    before = output(folder)
    assert "outside" in before
    printlint("fix", "--isolated", "--unsafe-fixes")  # a filter may drop what is logged
    assert "print(" not in (folder / "main.py").read_text()
    assert output(folder) == before


@pytest.mark.parametrize("method", ["emit", "formatException"])
def test_a_base_out_of_sight_may_be_of_logging(printlint: Run, tmp_path: Path, method: str) -> None:
    body = f"    def {method}(self, r):\n        print('inside', r)\n"
    text = f"from vendor import TqdmHandler\nclass Mine(TqdmHandler):\n{body}"
    written(tmp_path, {"main.py": text})
    printlint("fix", "--isolated", "--unsafe-fixes")
    assert (tmp_path / "main.py").read_text() == text


def test_the_reason_names_the_function(printlint: Run, tmp_path: Path) -> None:
    written(tmp_path, CALLED["filter function"])
    assert "logging itself calls `check`" in printlint("check", "--isolated", "-v").stdout
