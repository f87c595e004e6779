"""More examples of the rules in printlint/rules/exceptions/."""

from __future__ import annotations

from printlint.rule import flagged, ignored, logged, refused

CASES = {
    "PRT606": (
        flagged(
            logged('try:\n    work()\nexcept ValueError:\n    logger.error("x", exc_info=True, extra={"a": 1})'),
            logged('try:\n    work()\nexcept ValueError:\n    logger.exception("x", extra={"a": 1})'),
        ),
        flagged(
            "import structlog\nlog = structlog.get_logger()\nasync def f():\n    try:\n        work()\n"
            "    except ValueError:\n        await log.aerror('x', exc_info=True)",
            "import structlog\nlog = structlog.get_logger()\nasync def f():\n    try:\n        work()\n"
            "    except ValueError:\n        await log.aexception('x')",
            unsafe=True,
        ),
        refused(
            "from logging import error\ntry:\n    work()\nexcept ValueError:\n    error('x', exc_info=1)",
            "imported",
        ),
        ignored(logged('try:\n    work()\nexcept ValueError:\n    logger.error("failed", exc_info=debug)')),
        ignored(
            'from loguru import logger\ntry:\n    work()\nexcept ValueError:\n    logger.error("x", exc_info=True)'
        ),
    ),
    "PRT602": (
        flagged('import logging\nlogger = logging.getLogger("a")\nlogger.exception("no answer")'),
        flagged(
            logged("""
            def fetch(url):
                response = get(url)
                if response.status != 200:
                    logger.exception("no answer")
                    logger.error("no answer", exc_info=True)
            """)
        ),
        flagged(
            logged("""
            def fetch(url):
                try:
                    get(url)
                except ValueError:
                    pass
                else:
                    logger.exception("no answer")
            """)
        ),
        ignored('import logging\nlogger = logging.getLogger("a")\ndef tell(exc):\n    logger.exception("failed")'),
        # `__exit__` runs without an exception, too
        *(
            flagged(logged(f"class C:\n    def __exit__({parameters}):\n        {code}"))
            for parameters, code in (
                ("self, *args", 'logger.exception("failed")'),
                ("self, kind, value, tb", "logger.exception(value)"),
                ("self, kind, value, tb", 'if self.loud:\n            logger.exception("failed")'),
                ("self, kind, value, tb", 'if kind:\n            pass\n        logger.error("x", exc_info=True)'),
                ("self, kind, value, tb", 'self.close(kind)\n        logger.exception("failed")'),
            )
        ),
        flagged(logged('class C:\n    async def __aexit__(self, *args):\n        logger.exception("failed")')),
        *(
            ignored(logged(f"class C:\n    def __exit__({parameters}):\n        {code}"))
            for parameters, code in (
                ("self, *args", 'if any(args):\n            logger.exception("failed")'),
                ("self, kind, value, tb", 'if kind is None:\n            return\n        logger.exception("failed")'),
                ("self, kind, value, tb", 'kind and logger.exception("failed")'),
                (
                    "self, kind, value, tb",
                    'bad = bool(value)\n        if bad:\n            logger.exception("x")',
                ),
                ("self, kind, value, tb", 'logger.error("failed", exc_info=value)'),
                (
                    "self, *_",
                    'try:\n            close()\n        except OSError:\n            logger.exception("x")',
                ),
                ("self, *exc", 'kind, error, tb = exc\n        if error:\n            logger.exception("x")'),
                ("self, kind, e, tb", 'self.error = e\n        if self.error:\n            logger.exception("x")'),
                ("self, kind, e, tb", 'while e:\n            logger.exception("x")\n            e = e.__cause__'),
                ("self, kind, e, tb", 'logger.exception("x") if self.failed(e) else logger.info("y")'),
                ("self, kind, e, tb", 'match e:\n            case OSError():\n                logger.exception("x")'),
                ("self, *_", 'if sys.exc_info()[0]:\n            logger.exception("x")'),
            )
        ),
        # hooks run without one
        *(
            flagged(logged(f"{code}\n{use}"))
            for code, use in (
                ('def uncaught(kind, error, tb):\n    logger.exception("x")', "import sys\nsys.excepthook = uncaught"),
                ('def on_exit():\n    logger.exception("x")', "import atexit\natexit.register(on_exit)"),
                (
                    'def handle():\n    logger.exception("x")',
                    "import threading\nthreading.Thread(target=handle)",
                ),
                (
                    'def on_error(log, *error):\n    logger.exception("x")',
                    "import functools, sys\nsys.excepthook = functools.partial(on_error, 1)",
                ),
                (
                    'def failed(task):\n    logger.exception("x")',
                    "import asyncio\ntask = asyncio.create_task(work())\ntask.add_done_callback(failed)",
                ),
                (
                    'def failed(task):\n    logger.exception("x")',
                    "import asyncio\ntasks = [asyncio.create_task(work(x)) for x in names]\n"
                    "for task in tasks:\n    task.add_done_callback(failed)",
                ),
                ('def handle(loop, context):\n    logger.exception("x")', "loop.set_exception_handler(handle)"),
                ("import sys", 'sys.excepthook = lambda *error: logger.exception("x")'),
            )
        ),
        flagged(
            logged("""
            import asyncio

            class Server:
                def start(self):
                    self.task = asyncio.ensure_future(self.serve())
                    self.task.add_done_callback(self.on_error)

                def on_error(self, task):
                    if task.exception():
                        logger.exception("failed")
            """)
        ),
        *(
            ignored(logged(f"{code}\n{use}"))
            for code, use in (
                (
                    'def hook(kind, e, tb):\n    logger.error("x", exc_info=e)',
                    "import sys\nsys.excepthook = hook",
                ),
                # it runs in the `except` clause that has caught the exception
                ('def hook(args):\n    logger.exception("x")', "import threading\nthreading.excepthook = hook"),
                ('def failed(future):\n    logger.exception("x")', "pool.submit(work).add_done_callback(failed)"),
                (
                    'def on_error(*error):\n    logger.exception("x")',
                    "import sys\nsys.excepthook = on_error\ntry:\n    work()\nexcept OSError:\n    on_error()",
                ),
                ('def hook(*e):\n    if sys.exc_info()[0]:\n        logger.exception("x")', "sys.excepthook = hook"),
                ('def on_error(*error):\n    logger.exception("x")', "bus.subscribe(on_error)"),
            )
        ),
        ignored(
            'import logging\nlogger = logging.getLogger("a")\n'
            'try:\n    work()\nfinally:\n    logger.error("done", exc_info=True)'
        ),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.error("failed", exc_info=error)'),
        ignored(
            'import logging\nlogger = logging.getLogger("a")\n'
            'def again(state):\n    logger.warning("again", exc_info=True)\nretry(after=again)'
        ),
        ignored('import logging\nlogger = logging.getLogger("a")\ndef tell(text):\n    logger.exception(text)'),
        flagged('from loguru import logger\nlogger.exception("no answer")\nlogger.opt(exception=True).info("x")'),
        ignored('from loguru import logger\nlogger.opt(exception=error).info("x")\nlogger.opt(depth=1).info("x")'),
        ignored('import logging\nlogger = logging.getLogger("a")\nlogger.exception("x", exc_info=False)'),
    ),
    "PRT605": (
        refused(logged('try:\n    work()\nexcept ValueError:\n    logger.exception("failed")\n    raise'), "depends"),
        flagged(
            logged('try:\n    work()\nexcept ValueError as e:\n    logger.error("x: %s", e)\n    tidy()\n    raise e')
        ),
        ignored(
            logged('try:\n    work()\nexcept ValueError:\n    if last:\n        raise\n    logger.error("once more")')
        ),
    ),
    "PRT601": (
        flagged(
            logged("""
            try:
                work()
            except ValueError as e:
                if e.code:
                    logger.critical(
                        "failed: %s",
                        name,
                    )
            """),
            logged("""
            try:
                work()
            except ValueError as e:
                if e.code:
                    logger.critical(
                        "failed: %s",
                        name,
                        exc_info=True,
                    )
            """),
            unsafe=True,
        ),
        flagged(
            """
            from loguru import logger

            try:
                work()
            except ValueError:
                logger.critical("failed", exc_info=True)
            """,
            """
            from loguru import logger

            try:
                work()
            except ValueError:
                logger.opt(exception=True).critical("failed", exc_info=True)
            """,
            unsafe=True,
        ),
        flagged(
            """
            import structlog

            logger = structlog.get_logger()

            async def f():
                try:
                    work()
                except ValueError:
                    await logger.aerror("failed")
            """,
            """
            import structlog

            logger = structlog.get_logger()

            async def f():
                try:
                    work()
                except ValueError:
                    await logger.aexception("failed")
            """,
            unsafe=True,
        ),
        flagged('from absl import logging\ntry:\n    work()\nexcept ValueError:\n    logging.error("a")'),
        ignored('from absl import logging\ntry:\n    work()\nexcept ValueError:\n    logging.fatal("a")'),
        # path by path
        *(
            flagged(logged(f"def f():\n    try:\n        work()\n    except OSError as e:\n        {code}"))
            for code in (
                'if e.errno:\n            logger.error("a")\n        else:\n            logger.exception("b")',
                'if e.errno:\n            logger.exception("a")\n            return\n        logger.error("b")',
                'if e.errno:\n            logger.error("a")\n            return\n        logger.exception("b")',
                'if e.errno:\n            logger.exception("a")\n        elif e.args:\n            logger.error("b")',
                'match e:\n            case 1:\n                logger.error("a")\n'
                '            case _:\n                logger.exception("b")',
                'logger.error("a") if e.errno else logger.exception("b")',
            )
        ),
        *(
            ignored(logged(f"def f():\n    try:\n        work()\n    except OSError as e:\n        {code}"))
            for code in (
                'logger.error("a")\n        if debug:\n            logger.exception("b")',
                'if e.errno:\n            logger.error("a")\n        logger.exception("b")',
                'if e.errno:\n            logger.error("a")\n            logger.exception("b")\n            return',
                'if e.errno:\n            return\n        logger.error("a")\n        logger.debug("b", exc_info=True)',
                'if e.errno:\n            logger.exception("a")\n        if e.args:\n            logger.error("b")',
            )
        ),
        flagged(logged("try:\n    work()\nexcept ValueError as e:\n    logger.error(e)\n    raise Other from None")),
        refused(
            "import logging\nfrom logging import error\ntry:\n    work()\nexcept ValueError:\n    error('failed')",
            "imported",
        ),
        ignored(logged("try:\n    work()\nexcept ValueError as e:\n    logger.error('x')\n    raise Other from e")),
        ignored(logged("try:\n    work()\nexcept ValueError as e:\n    logger.error('x')\n    errors.append(e)")),
        ignored(
            logged("import sys\ntry:\n    work()\nexcept ValueError as e:\n    logger.error('x')\n    sys.exit(1)")
        ),
        ignored(logged("try:\n    work()\nexcept ValueError:\n    logger.exception('x')\n    logger.error('y')")),
        ignored(
            logged(
                "import sys\ntry:\n    work()\nexcept ValueError:\n"
                "    exc = sys.exc_info()\n    logger.error('x', exc_info=exc)\n    logger.error('y')"
            )
        ),
        ignored(
            logged("import traceback\ntry:\n    work()\nexcept ValueError:\n    logger.error(traceback.format_exc())")
        ),
        ignored(
            logged("try:\n    work()\nexcept ValueError:\n    def later():\n        logger.error('x')\n    call(later)")
        ),
        ignored(logged("try:\n    work()\nexcept KeyboardInterrupt:\n    logger.error('stopped')")),
        ignored(logged("logger.error('x')")),
        ignored('from loguru import logger\ntry:\n    work()\nexcept ValueError:\n    logger.exception("failed")'),
        ignored("try:\n    work()\nexcept ValueError:\n    parser.error('x')"),
    ),
    "PRT603": (
        *(
            flagged(
                logged(f"try:\n    work()\nexcept ValueError:\n    logger.exception('failed', exc_info={value})"),
                logged("try:\n    work()\nexcept ValueError:\n    logger.error('failed')"),
            )
            for value in ("[]", "()", "{}", "''", "None")
        ),
        flagged(
            logged("""
            try:
                work()
            except ValueError:
                logger.exception(
                    "failed",
                    exc_info=False,
                )
            """),
            logged("""
            try:
                work()
            except ValueError:
                logger.error(
                    "failed",
                )
            """),
        ),
        refused(
            logged("""
            try:
                work()
            except ValueError:
                logger.exception(
                    "failed",
                    exc_info=True,  # we want it
                    extra={"job": job},
                )
            """),
            "would be lost",
        ),
        ignored("try:\n    work()\nexcept ValueError:\n    task.exception('x', exc_info=True)"),
    ),
    "PRT604": (
        refused(
            logged('try:\n    work()\nexcept ValueError as e:\n    logger.exception("failed: %s", e)'),
            "no automatic fix",
        ),
        flagged(logged('try:\n    work()\nexcept ValueError as e:\n    logger.exception(f"failed: {e!r}")')),
        flagged(logged("try:\n    work()\nexcept ValueError as e:\n    logger.exception(e)")),
        flagged(logged('try:\n    work()\nexcept ValueError as e:\n    logger.error("x" + str(e), exc_info=True)')),
        flagged(logged('try:\n    work()\nexcept ValueError as e:\n    logger.exception("x {}".format(e))')),
        flagged(
            'from loguru import logger\ntry:\n    work()\nexcept ValueError as e:\n    logger.exception("x {}", e)'
        ),
        ignored(
            logged('try:\n    work()\nexcept ValueError as e:\n    logger.exception("x", extra={"error": str(e)})')
        ),
        ignored(
            logged(
                "try:\n    work()\nexcept ValueError as e:\n    try:\n        again()\n"
                '    except KeyError:\n        logger.exception("failed again after %s", e)'
            )
        ),
        ignored(logged('e = 3\nlogger.exception("failed: %s", e)')),
    ),
}
