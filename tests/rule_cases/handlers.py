"""More examples of the rules in printlint/rules/handlers/."""

from __future__ import annotations

from printlint.rule import flagged, ignored, refused

CASES = {
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
        refused("import logging\nlogging.getLogger('app').addHandler(logging.StreamHandler())", "not assigned"),
        ignored("bus.addHandler(on_message)"),
    ),
    "PRT303": (
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
        refused("import logging\nf = logging.Formatter('%(asctime)s %(message)s')", "no `setFormatter`"),
        refused("import logging\nf = logging.Formatter(f'{job}: %(message)s')", "`job` is in its format"),
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
