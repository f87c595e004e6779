"""More examples of the rules in printlint/rules/handlers/."""

from __future__ import annotations

from printlint.rule import flagged, ignored, refused

CASES = {
    "PRT313": (
        *(
            flagged(
                "import logging\nimport multiprocessing as mp\nfrom concurrent.futures import ProcessPoolExecutor\n\n\n"
                "def work(n):\n    logging.getLogger(__name__).info('x')\n\n\n"
                f"def main():\n    logging.basicConfig(level=20)\n    {code}\n\n\n"
                "if __name__ == '__main__':\n    main()"
            )
            for code in (
                "mp.set_start_method('spawn', force=True)\n    mp.Process(target=work, args=(1,)).start()",
                "mp.get_context('spawn').Process(target=work, args=(1,)).start()",
                "context = mp.get_context('forkserver')\n    context.Pool().map(work, [1])",
                "context = mp.get_context('spawn')\n    ProcessPoolExecutor(mp_context=context).submit(work, 1)",
            )
        ),
        ignored(
            "import logging\nimport multiprocessing as mp\nfrom concurrent.futures import ThreadPoolExecutor\n\n\n"
            "def work(n):\n    logging.getLogger(__name__).info('x')\n\n\n"
            "if __name__ == '__main__':\n    logging.basicConfig()\n    mp.set_start_method('spawn')\n"
            "    ThreadPoolExecutor().submit(work, 1)\n    map(work, [1])"
        ),
        *(
            ignored(
                "import logging\nimport multiprocessing as mp\n\n\n"
                f"def work(n):\n    {body}\n\n\n"
                "def set_up():\n    logging.basicConfig(level=20)\n\n\n"
                f"{before}if __name__ == '__main__':\n    set_up()\n    mp.set_start_method('spawn')\n"
                "    mp.Process(target=work, args=(1,)).start()"
            )
            for body, before in (
                ("set_up()\n    logging.getLogger(__name__).info('x')", ""),
                ("logging.getLogger().addHandler(handler)\n    logging.info('x')", ""),
                ("return n", ""),
                ("init_logs()\n    logging.getLogger(__name__).info('x')", ""),
                ("logging.getLogger(__name__).info('x')", "set_up()\n"),
            )
        ),
    ),
    "PRT308": (
        *(
            flagged(f"import logging\nimport sys\n\n{code}")
            for code in (
                "logging.info('x')\nlogging.basicConfig()",
                "logging.warning('x')\nif x:\n    logging.basicConfig(level=10)",
                "logging.getLogger().addHandler(logging.StreamHandler())\nlogging.basicConfig(level=10)",
                "logging.root.handlers.append(logging.StreamHandler())\nlogging.basicConfig(level=10)",
                "def f():\n    logging.basicConfig()\n    for x in y:\n        logging.basicConfig(level=10)",
                "from logging import basicConfig as set_up\nset_up()\nif __name__ == '__main__':\n    set_up()",
            )
        ),
        *(
            ignored(f"import logging\nimport sys\n\n{code}")
            for code in (
                "logging.basicConfig(handlers=[])\nlogging.basicConfig(level=10)",
                "if x:\n    logging.info('x')\nlogging.basicConfig()",
                "def f():\n    logging.info('x')\n\n\nlogging.basicConfig()",
                "logging.basicConfig()\n\n\ndef f():\n    logging.basicConfig(level=10)",
                "logging.basicConfig(level=10)\nlogging.info('x')",
                "logging.basicConfig()\nfor h in logging.root.handlers[:]:\n    logging.root.removeHandler(h)\n"
                "logging.basicConfig(level=10)",
                "logging.basicConfig()\nlogging.root.handlers = []\nlogging.basicConfig(level=10)",
                "logging.basicConfig()\nif not logging.root.handlers:\n    logging.basicConfig(level=10)",
                "logging.getLogger('a').addHandler(logging.StreamHandler())\nlogging.basicConfig()",
                "try:\n    logging.info('x')\nexcept OSError:\n    pass\nlogging.basicConfig(**options)",
            )
        ),
    ),
    "PRT309": (
        flagged("import logging\nlogging.basicConfig(fmt='%(message)s')"),
        flagged("import logging\nlogging.Formatter(format='%(message)s')"),
        flagged("import logging\nlog = logging.getLogger('a')\nlog.propogate = False"),
        flagged("import logging\n\n\nclass A:\n    log = logging.getLogger('a')\n\n\nA.log.propagates = False"),
        flagged("LOGGING = {'version': 1, 'logers': {'a': {'level': 'INFO'}}}"),
        flagged("LOGGING = {'version': 1, 'root': {'handler': ['a'], 'level': 'INFO'}}"),
        refused("LOGGING = {'version': 1, 'root': {'handler': ['a'], 'handlers': []}}", "there already"),
        flagged("import logging.config\nC = {'version': 1, 'root': {'lvl': 'INFO'}}\nlogging.config.dictConfig(C)"),
        ignored("class Bell:\n    propogate = True\n\n\nBell().propogate = False"),
        ignored("import logging\nlog = logging.getLogger('a')\nlog.own = False\nlog.disabled = True"),
        ignored("LOGGING = {'version': 1, 'handlers': {'a': {'class': 'x.Y', 'propogate': 1}}, 'own': {}}"),
        ignored("import logging\nlogging.basicConfig(**{'fmt': 'x'})"),
        ignored("import colorlog\ncolorlog.basicConfig(log_colors={}, reset=True)"),
    ),
    "PRT310": (
        *(
            flagged(f"import logging\n\n{code}")
            for code in (
                "logging.getLogger('a').setLevel(logging.debug)",
                "logging.getLogger('a').setLevel('info')",
                "logging.getLogger('a').setLevel(level='verbose')",
                "logging.basicConfig(level='Debug')",
                "LOGGING = {'version': 1, 'root': {'level': 'info'}}",
                "LOGGING = {'version': 1, 'loggers': {'a': {'level': 'INFOO'}}}",
                "logging.basicConfig(format='{message}')",
                "logging.Formatter('$message', '%H')",
                "logging.Formatter('%(message)s', style='{')",
                "FORMAT = '%(asctime)s %(levelnme)s'\nlogging.basicConfig(format=FORMAT)",
                "LOGGING = {'version': 1, 'handlers': {'a': {'class': 'logging.RotatingFileHandler'}}}",
                "LOGGING = {'version': 1, 'handlers': {'a': {'class': 'x.Y', 'formatter': 'b'}}, 'formatters': {}}",
                "LOGGING = {'version': 1, 'root': {'handlers': ['b']}, 'handlers': {'a': {'class': 'x.Y'}}}",
            )
        ),
        *(
            ignored(f"import logging\n\n{code}")
            for code in (
                "logging.getLogger('a').setLevel(logging.DEBUG)",
                "logging.getLogger('a').setLevel('WARN')",
                "logging.getLogger('a').setLevel(name)",
                "logging.addLevelName(5, 'trace')\nlogging.getLogger('a').setLevel('trace')",
                "try:\n    logging.Formatter('.')\nexcept ValueError:\n    pass",
                "logging.Formatter('.', validate=False)",
                "logging.Formatter('{message}', style=style)",
                "logging.Formatter('%(levelnme)s')\nlogging.info('x', extra={'levelnme': 1})",
                "logging.Formatter()",
                "logging.basicConfig(format='')",
                "LOGGING = {'version': 1, 'handlers': {'a': {'class': 'logging.handlers.RotatingFileHandler'}}}",
                "LOGGING = {'version': 1, 'root': {'handlers': ['b']}, 'handlers': {}}\nLOGGING['handlers']['b'] = x",
                "LOGGING = {'version': 1, 'root': {'handlers': ['b']}, 'handlers': {**more}}",
                "LOGGING = {'version': 1, 'incremental': True, 'root': {'handlers': ['b']}, 'handlers': {}}",
                "knob.setLevel('high')",
            )
        ),
    ),
    "PRT311": (
        *(
            flagged(f"import logging\n\nlog = logging.getLogger('a')\n{code}\nlogging.getLogger('a.b').info('x')")
            for code in (
                "log.propagate = False",
                "log.propagate = 0",
                "setattr(log, 'propagate', False)",
                "logging.getLogger('a').propagate = False",
                "log.propagate, log.disabled = False, False",
            )
        ),
        *(
            ignored(f"import logging\n\nlog = logging.getLogger('a')\n{code}\nlog.info('x')")
            for code in (
                "log.propagate = True",
                "log.propagate = quiet",
                "log.propagate = False\nlog.handlers = [logging.NullHandler()]",
                "log.propagate = False\nattach(logger=log)",
                "log.propagate = False\nfor one in logs():\n    one.addHandler(handler)",
                "log.propagate = False\nfor one in (log,):\n    one.addHandler(logging.StreamHandler())",
                "log.propagate = False\nwork()\nlog.propagate = True",
                "import logging.config\nlog.propagate = False\nlogging.config.dictConfig(load())",
                "logging.getLogger('urllib3').propagate = False",
            )
        ),
        ignored("import logging\nlog = logging.getLogger('a')\nlog.propagate = False\nlog.error('x')"),
        ignored(
            "import logging\nlogging.getLogger('a').propagate = False\nlog = logging.getLogger('a.b')\n"
            "log.addHandler(logging.StreamHandler())\nlog.propagate = False\nlog.info('x')"
        ),
    ),
    "PRT302": (
        flagged(
            """
            import logging.config

            logging.config.dictConfig({
                "version": 1,
                "loggers": {
                    "app": {
                        "handlers": ["console"],
                        "level": "INFO",
                    },
                },
            })
            """,
            """
            import logging.config

            logging.config.dictConfig({
                "version": 1,
                "loggers": {
                    "app": {
                        "handlers": ["console"],
                        "propagate": False,
                        "level": "INFO",
                    },
                },
            })
            """,
            unsafe=True,
        ),
        flagged(
            """
            LOGGING = {
                "version": 1,
                "loggers": {
                    "app": {"handlers": ["console"], "propagate": "False"},
                    "bot": {"propagate": None, "handlers": ["console"]},
                },
                "root": {"handlers": ["console"]},
            }
            """,
            """
            LOGGING = {
                "version": 1,
                "loggers": {
                    "app": {"handlers": ["console"], "propagate": False},
                    "bot": {"propagate": False, "handlers": ["console"]},
                },
                "root": {"handlers": ["console"]},
            }
            """,
        ),
        ignored('LOGGING = {"version": 1, "loggers": {"app": {"handlers": ["c"], "propagate": True}}}'),
        ignored('LOGGING = {"version": 1, "loggers": {"": {"handlers": ["c"]}}}'),
        ignored('SETTINGS = {"version": 1, "loggers": {"app": {"handlers": ["c"]}}}'),
    ),
    "PRT304": (
        flagged(
            """
            import logging
            from logging.handlers import RotatingFileHandler
            from pathlib import Path

            LOGS = Path(__file__).parent / "logs"


            def configure():
                LOGS.mkdir(exist_ok=True)
                handler = RotatingFileHandler(
                    LOGS / "app.log",
                    maxBytes=10 * 1024,
                    backupCount=3,
                )
                logging.basicConfig(level=logging.INFO, handlers=[handler])
            """,
            """
            import logging
            import sys
            from pathlib import Path

            LOGS = Path(__file__).parent / "logs"


            def configure():
                LOGS.mkdir(exist_ok=True)
                handler = logging.StreamHandler(sys.stdout)
                logging.basicConfig(level=logging.INFO, handlers=[handler])
            """,
            unsafe=True,
        ),
        flagged(
            """
            import logging
            import sys

            logging.basicConfig(
                filename="app.log",
                filemode="w",
                encoding="utf-8",
                level=logging.INFO,
                format="%(message)s",
            )
            """,
            """
            import logging
            import sys

            logging.basicConfig(
                level=logging.INFO,
                format="%(message)s",
                stream=sys.stdout,
            )
            """,
            unsafe=True,
        ),
        flagged(
            """
            LOGGING = {
                "version": 1,
                "handlers": {
                    "file": {
                        "class": "logging.handlers.RotatingFileHandler",
                        "filename": "app.log",
                        "maxBytes": 1024,
                        "backupCount": 3,
                        "level": "INFO",
                    },
                },
                "root": {"handlers": ["file"]},
            }
            """,
            """
            LOGGING = {
                "version": 1,
                "handlers": {
                    "file": {
                        "class": "logging.StreamHandler",
                        "stream": "ext://sys.stdout",
                        "level": "INFO",
                    },
                },
                "root": {"handlers": ["file"]},
            }
            """,
            unsafe=True,
        ),
        refused("import logging\nhandler = logging.FileHandler(options.log_file)", "which the user sets to get a file"),
        refused("import logging\nlogging.basicConfig(filename='a.log', stream=out)", "raises a ValueError"),
        refused(
            """
            import logging

            logging.basicConfig(level=logging.INFO)
            logging.getLogger("audit").addHandler(logging.FileHandler("audit.log"))
            """,
            "printed twice",
        ),
        refused(
            """
            import logging
            from logging.handlers import TimedRotatingFileHandler

            handler = TimedRotatingFileHandler("app.log", when="midnight")
            handler.suffix = "%Y-%m-%d"
            """,
            "`handler.suffix`, which a stream handler lacks",
        ),
        refused(
            """
            import logging

            logging.basicConfig(filename="app.log")
            with open("app.log") as file:
                errors = [line for line in file if "ERROR" in line]
            """,
            "line 4 also uses the file's path",
        ),
        refused(
            """
            import logging


            class DatedHandler(logging.FileHandler):
                def __init__(self):
                    super().__init__("app.log")


            handler = DatedHandler()
            """,
            "a custom class",
        ),
        ignored("import logging\nhandler = logging.FileHandler('/dev/stdout')"),
        ignored("import logging, os\nhandler = logging.FileHandler(os.devnull)"),
        ignored("import logging\nlogging.getLogger(__name__).addHandler(logging.NullHandler())"),
        ignored("from logging import handlers\nhandler = handlers.SysLogHandler('/dev/log')"),
        ignored("import logging\nfrom tornado.web import StaticFileHandler\nhandler = StaticFileHandler('static')"),
        ignored("import logging\nclass FileHandler(logging.Handler):\n    pass\nhandler = FileHandler('app.log')"),
    ),
    "PRT301": (
        ignored(  # a loop assigns it, to whatever
            """
            import logging

            logging.basicConfig()
            log = logging.getLogger(__name__)
            log.addHandler(logging.StreamHandler())
            for log.propagate in (True, False):
                log.info("again")
            """
        ),
        flagged(
            """
            import logging

            def setup(log: logging.Logger) -> None:
                handler = logging.StreamHandler()
                log.addHandler(handler)
                log.info("set up")
            """,
            """
            import logging

            def setup(log: logging.Logger) -> None:
                handler = logging.StreamHandler()
                log.addHandler(handler)
                log.propagate = False
                log.info("set up")
            """,
            unsafe=True,
        ),
        *(
            (flagged if said else ignored)(
                f"import logging\n\n\ndef set_up(name={name}):\n    logger = logging.getLogger(name)\n"
                "    logger.addHandler(logging.StreamHandler())"
            )
            for name, said in (("''", False), ("None", False), ("'root'", False), ("'app'", True))
        ),
        *(
            (flagged if said else ignored)(
                "import io\nimport logging\n\nSEEN = io.StringIO()\n\n\n"
                f"class Kept(logging.Handler):\n    def emit(self, record):\n        {emit}\n\n\n"
                f"logger = logging.getLogger('app')\nlogger.addHandler({handler})"
            )
            for handler, emit, said in (
                ("logging.StreamHandler(SEEN)", "pass", False),
                ("logging.StreamHandler(stream=io.StringIO())", "pass", False),
                ("Kept()", "self.records.append(record)", False),
                ("Kept()", "print(self.format(record))", True),
                ("logging.StreamHandler(open('x'))", "pass", True),
            )
        ),
        *(
            (flagged if said else ignored)(
                "import io\nimport logging\n\n\nclass Tagged(logging.StreamHandler):\n    tag = 'app'\n\n\n"
                f"logger = logging.getLogger('app')\nlogger.addHandler(Tagged({stream}))"
            )
            for stream, said in (("io.StringIO()", False), ("", True), ("open('x')", True))
        ),
        refused("import logging\nlogging.getLogger('app').addHandler(logging.StreamHandler())", "not assigned"),
        ignored("bus.addHandler(on_message)"),
    ),
    "PRT303": (
        *(
            (flagged if said else ignored)(
                f"import logging\n\n\nclass Null(logging.Handler):\n    def emit(self, record):\n        {emit}\n\n\n"
                "def get_logger(name):\n    log = logging.getLogger(name)\n    log.propagate = False\n"
                "    log.addHandler(Null())\n    return log"
            )
            for emit, said in (
                ('"""Write nothing."""', False),
                ("pass", False),
                ("send(record)", True),
                ("pass\n\n    def handle(self, record):\n        send(record)", True),
            )
        ),
        *(
            (flagged if said else ignored)(
                f"import logging\n\n\ndef get_logger(name):\n    log = {made}\n    log.propagate = False\n"
                "    log.addHandler(logging.StreamHandler())\n    return log"
            )
            for made, said in (("logging.Logger(name)", False), ("logging.getLogger(name)", True))
        ),
        refused(
            """
            import logging

            def get_logger(name):
                log = logging.getLogger(name)
                log.propagate = False
                log.addHandler(logging.StreamHandler())
                return log
            """,
            "second call",
        ),
        refused(  # what is remembered is forgotten with each call
            """
            import logging

            def get_logger(name):
                known = {}
                if name in known:
                    return known[name]
                log = known[name] = logging.getLogger(name)
                log.propagate = False
                log.addHandler(logging.StreamHandler())
                return log
            """,
            "second call",
        ),
        ignored(
            """
            import logging

            known = {}

            def get_logger(name):
                if name in known:
                    return known[name]
                log = known[name] = logging.getLogger(name)
                log.propagate = False
                log.addHandler(logging.StreamHandler())
                return log
            """
        ),
        ignored(
            """
            import logging

            def attach(handler):
                root = logging.getLogger()
                root.addHandler(handler)
                try:
                    work()
                finally:
                    root.removeHandler(handler)
            """
        ),
        *(
            flagged(f"import logging\n\n\ndef set_up(level=0):\n    {code}")
            for code in (
                "logging.root.addHandler(logging.StreamHandler())\n\nset_up()\nset_up(1)",
                "logging.root.addHandler(logging.StreamHandler())\n\nfor level in levels:\n    set_up(level)",
                "logging.root.addHandler(logging.StreamHandler())\n\nthread(target=set_up)\nset_up()",
                "logging.root.addHandler(logging.StreamHandler())\n\ndef use():\n    set_up()",
                "handler = level or logging.StreamHandler()\n    logging.root.addHandler(handler)",
            )
        ),
        flagged(
            "import logging\n\nHANDLER = logging.StreamHandler()\n\n\n"
            "def attach():\n    logging.root.handlers.append(HANDLER)"
        ),
        *(
            ignored(f"import logging\n\nHANDLER = logging.StreamHandler()\n\n\n{code}")
            for code in (
                "def attach(handler):\n    logging.root.addHandler(handler)",
                "def attach():\n    logging.root.addHandler(HANDLER)",
                "def attach():\n    logging.root.addHandler(logging.StreamHandler())\n\n\n"
                "def detach():\n    logging.root.removeHandler(logging.root.handlers[-1])",
                "@use_once\ndef set_up():\n    logging.root.addHandler(logging.StreamHandler())",
                "class Tool(App):\n    def initialize(self):\n        self.set_up()\n\n"
                "    def set_up(self):\n        logging.root.addHandler(logging.StreamHandler())",
                "@click.group()\ndef tool():\n    logging.root.addHandler(logging.StreamHandler())",
                "def set_up():\n    logging.root.addHandler(logging.StreamHandler())\n\n\n"
                "class App:\n    def __init__(self):\n        set_up()\n\n\ndef main():\n    App().run()",
            )
        ),
    ),
    "PRT306": (
        *(
            (flagged if said else ignored)(f"import logging.config\n\n{code}")
            for code, said in (
                ("log = logging.getLogger('app')\n\n\ndef set_up(path):\n    logging.config.fileConfig(path)", True),
                ("def set_up(path):\n    logging.config.fileConfig(path)\n    logging.getLogger('app')", False),
                (
                    "log = logging.getLogger('app')\n\n\n"
                    "def set_up(path):\n    logging.config.fileConfig(path, disable_existing_loggers=False)",
                    False,
                ),
            )
        ),
    ),
    "PRT307": (
        flagged(
            """
            import logging

            log = logging.getLogger("app.disk")
            log.setLevel(logging.ERROR)
            log.warning("the disk is nearly full")
            """
        ),
    ),
    "PRT305": (
        flagged(
            """
            import logging
            import sys

            FORMAT = "{asctime} [{name}] {message}"
            formatter = logging.Formatter(
                FORMAT,
                datefmt="%H:%M",
                style="{",
            )
            handler = logging.FileHandler("app.log")
            handler.setFormatter(formatter)
            """,
            """
            import logging
            import sys

            from pythonjsonlogger.json import JsonFormatter

            FORMAT = "{asctime} [{name}] {message}"
            formatter = JsonFormatter(
                FORMAT,
                datefmt="%H:%M",
                style="{",
            )
            handler = logging.FileHandler("app.log")
            handler.setFormatter(formatter)
            """,
            unsafe=True,
        ),
        flagged(
            """
            LOGGING = {
                "version": 1,
                "formatters": {
                    "line": {
                        "format": "%(name)s %(message)s",
                    },
                },
                "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
                "root": {"handlers": ["out"]},
            }
            """,
            """
            LOGGING = {
                "version": 1,
                "formatters": {
                    "line": {
                        "format": "%(name)s %(message)s",
                        "class": "pythonjsonlogger.json.JsonFormatter",
                    },
                },
                "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
                "root": {"handlers": ["out"]},
            }
            """,
            unsafe=True,
        ),
        refused("import logging\nlogging.basicConfig(format='%(levelname)s %(message)s')", "makes its own formatter"),
        refused("import logging\nf = logging.Formatter('{levelname:<8} {message}', style='{')", "`{levelname:<8}`"),
        refused("import logging\nf = logging.Formatter()", "the message alone"),
        refused("import logging\nf = logging.Formatter('%(asctime)s %(message)s')", "no handler is known to use it"),
        refused("import logging\nf = logging.Formatter(f'{job}: %(message)s')", "`job` in its format is not a field"),
        refused(
            """
            import logging
            import time


            class InUtc(logging.Formatter):
                converter = time.gmtime


            logging.StreamHandler().setFormatter(InUtc("%(asctime)s %(message)s"))
            """,
            "derive it from `JsonFormatter`",
        ),
        ignored("import logging, sys\nif sys.stdout.isatty():\n    f = logging.Formatter('%(asctime)s %(message)s')"),
        ignored("import logging\nf = logging.Formatter('\\x1b[1m%(levelname)s\\x1b[0m %(message)s')"),
        ignored("import logging\ntext = logging.Formatter().formatException(error)"),
        ignored(
            """
            LOGGING = {
                "version": 1,
                "formatters": {"mail": {"format": "%(name)s %(message)s"}, "json": {"()": "app.Json"}},
                "handlers": {
                    "mail": {"class": "logging.handlers.SMTPHandler", "formatter": "mail"},
                    "out": {"class": "logging.StreamHandler", "formatter": "json"},
                },
                "root": {"handlers": ["mail", "out"]},
            }
            """
        ),
        ignored("import string\nf = string.Formatter()"),
        ignored(
            """
            import logging
            from rich.logging import RichHandler

            handler = RichHandler()
            handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
            """
        ),
        ignored(
            """
            from logging import Formatter, handlers

            handler = handlers.SysLogHandler("/dev/log")
            handler.setFormatter(Formatter("app: %(message)s"))
            """
        ),
    ),
}
